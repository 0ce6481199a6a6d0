"""Sentences. Each comes from one function with its numbers as arguments, in plain words.

Architecture names stand as `{rag}` or, at the start of a sentence, `{Rag}`; `plain` or a page puts the name in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from costmodel.presets import PRESETS
from costmodel.provenance import Provenance
from costmodel.results import Crossing, Run
from costmodel.scenario import FIELDS, Architecture
from costmodel.timeline import forced_interval
from report.numbers import Money, count, listed, percent
from report.palette import ARCHITECTURES

EXCLUSIONS = "taxes; capitalisation; egress; terminal value (zero); sunk cost"
_NAME = re.compile(r"\{([Rr]ag|[Ff]ine_tuning|[Hh]ybrid|[Pp]rompting)\}")


def name(key: str, *, starts: bool = False) -> str:
    """The mark of an architecture's name in a sentence."""
    return "{" + (key[0].upper() + key[1:] if starts else key) + "}"


def with_names(sentence: str, name_of: Callable[[str, str], str]) -> str:
    """Put names in: `name_of(key, word)` gives the text for the word as it should read at this place."""

    def word(match: re.Match[str]) -> str:
        mark = match.group(1)
        key = mark[0].lower() + mark[1:]
        ink = ARCHITECTURES[key]
        return name_of(key, ink.name if mark[0].isupper() else ink.in_sentence)

    return _NAME.sub(word, sentence)


def plain(sentence: str) -> str:
    """The sentence as plain text."""
    return with_names(sentence, lambda key, word: word)


@dataclass(frozen=True)
class Verdict:
    """The answer in words: a headline, and what one must know beside it."""

    headline: str
    lead: str

    @property
    def sentence(self) -> str:
        """Both, as plain text."""
        return plain(f"{self.headline}. {self.lead}".strip())


def money_of(run: Run) -> Money:
    """How amounts read in the scenario's currency."""
    finance = run.scenario.finance
    return Money(finance.currency, finance.usd_per_currency_unit)


def totals(run: Run, present: bool = False) -> dict[Architecture, float]:
    """Total over the horizon of each architecture [USD], nominal or in present value."""
    return {key: answer.present_value_usd if present else answer.tco_usd for key, answer in run.answers.items()}


def verdict(run: Run, present: bool = False) -> Verdict:
    """Which architecture is cheapest, by how much, since when, and what the order hangs on."""
    sums, money = totals(run, present), money_of(run)
    best = run.cheapest_of(sums)
    value = " in present value" if present else ""
    over = f"Over {_months(run.horizon)}"
    if best is None:
        return Verdict(f"{over} no architecture can be called cheapest", f"{_excluded(run)}")
    others = sorted((key for key in run.eligible if key != best), key=lambda key: sums[key])
    if not others:
        headline = f"{over} {name(best)} costs {money(sums[best])}{value}"
        return Verdict(headline, _joined(_excluded(run), _last_month(run, best, present)))
    second = others[0]
    gap = sums[second] - sums[best]
    share = gap / sums[second] if sums[second] > 0 and sums[best] >= 0 else 0.0
    if too_close(run, sums, best, second):
        pair = f"{name(best)} and {name(second)}"
        headline = f"{over} {pair} are too close to call ({percent(share)})"
        costs = f"{name(best, starts=True)} costs {money(sums[best])}{value}, {name(second)} {money(sums[second])}."
        return Verdict(headline, _joined(costs, _conditions(run, best, present)))
    less = f"{percent(share)} less than" if share else f"{money(gap)} less than"
    headline = f"{over} {name(best)} costs {money(sums[best])}{value}, {less} {name(second)}"
    return Verdict(headline, _joined(order(run, present), _conditions(run, best, present)))


def too_close(run: Run, sums: dict[Architecture, float], best: Architecture, second: Architecture) -> bool:
    """Whether the lead is within `finance.too_close_share` of the runner-up's total."""
    return sums[second] - sums[best] <= run.scenario.finance.too_close_share * abs(sums[second])


def is_contested(run: Run, sums: dict[Architecture, float]) -> bool:
    """Whether the two cheapest are too close to call."""
    ranked = sorted((key for key in run.eligible), key=lambda key: sums[key])
    return len(ranked) > 1 and too_close(run, sums, ranked[0], ranked[1])


def order(run: Run, present: bool = False) -> str:
    """Who led until when: from the start, until one month, or with changes in several."""
    leaders = run.leaders(present)
    if len(leaders) == 1:
        first = leaders[0][0]
        return "It leads from the start." if first <= 1 else f"It leads from month {first}; until then costs are level."
    if len(leaders) == 2 and leaders[1][0] == 1:
        return f"It leads from month 1; {name(leaders[0][1])} is cheaper to build."
    if len(leaders) == 2:
        return f"{name(leaders[0][1], starts=True)} led until month {leaders[1][0]}."
    return f"The lead changes in months {listed([str(month) for month, _ in leaders[1:]])}."


def _conditions(run: Run, best: Architecture, present: bool) -> str:
    quality = "" if quality_is_set(run) else "This assumes equal quality."
    return _joined(
        _last_month(run, best, present), forced_retrains(run), undercut(run, best, present), quality, _excluded(run)
    )


def undercut(run: Run, best: Architecture, present: bool = False) -> str:
    """When plain prompting, a reference, would cost less than the cheapest."""
    aside = run.prompting
    if aside is None or aside.missing:
        return ""
    if run.scenario.finance.consequences_in_tco and run.scenario.prompting.correct_share == 1.0:
        return ""  # its wrong answers are not known
    usd = aside.present_value_usd if present else aside.tco_usd
    if usd >= totals(run, present)[best]:
        return ""
    return f"Plain {name('prompting')} would cost {money_of(run)(usd)}, if it is good enough."


def not_included(run: Run) -> str:
    """What no total holds, in words."""
    beside = "" if run.scenario.finance.consequences_in_tco else ", wrong answers and delay (beside the bill)"
    return f"taxes, capitalisation, data egress, terminal value, sunk cost{beside}"


def quality_is_set(run: Run) -> bool:
    """Whether any compared architecture's share of correct answers was set."""
    return any(run.scenario.architecture(key).correct_share != 1.0 for key in run.answers)


def _last_month(run: Run, best: Architecture, present: bool) -> str:
    """Whether the order at the horizon hangs on an event in its last month or on the month itself."""
    sums = totals(run, present)
    last = run.horizon
    without = {key: sums[key] - _last_events(run, key, present) for key in run.eligible}
    instead = run.cheapest_of(without)
    if instead is not None and instead != best:
        events = "the retraining in" if _only_retraining(run) else "the events of"
        return f"Without {events} month {last}, the last one, {name(instead)} would be cheapest."
    for months in (last - 1, last + 1):
        if months < 1:
            continue
        then = run.cheapest_of({key: run.total_usd(key, months, present) for key in run.eligible})
        if then is not None and then != best:
            return f"Over {_months(months)} {name(then)} would be cheapest."
    return ""


def _only_retraining(run: Run) -> bool:
    """Whether everything that happens in the last month belongs to a retraining."""
    lines = (line for key in run.eligible for line in run.answers[key].bill.lines if line.phase == "event")
    return not any(
        line.typed_in and np.broadcast_to(line.cost_usd, run.inputs.months.shape)[run.horizon] for line in lines
    )


def _last_events(run: Run, key: Architecture, present: bool) -> float:
    events = run.answers[key].last_events_usd
    rate = run.scenario.finance.discount_rate_annual
    return events * (1 + rate) ** (-run.horizon / 12) if present else events


def forced_retrains(run: Run) -> str:
    """When content updates force retraining earlier than the calendar: the guess behind it is named."""
    tuning, updates = run.scenario.fine_tuning, run.scenario.corpus.updates_per_month
    forced = float(forced_interval(tuning.updates_per_retrain, updates))
    if "fine_tuning" not in run.answers or forced == 0:
        return ""
    if forced > run.horizon or (tuning.retrain_every_months and forced >= tuning.retrain_every_months):
        return ""
    condition = updates_force(tuning.updates_per_retrain, Provenance(run).is_guess("fine_tuning.updates_per_retrain"))
    return f"Content updates make {name('fine_tuning')} retrain {how_often(forced)}, {condition}."


def how_often(interval_months: float) -> str:
    """An interval in words: every month, every 2.5 months, 3 times a month."""
    if interval_months == 1:
        return "every month"
    if interval_months < 1:
        return f"{count(1 / interval_months)} times a month"
    return f"every {count(interval_months)} months"


def updates_force(updates: float, guess: bool) -> str:
    """The condition behind every sentence over content updates: "if 24 updates force a retrain, a guess"."""
    many = "1 update forces" if updates == 1 else f"{updates:,.12g} updates force"
    return f"if {many} a retrain{', a guess' if guess else ''}"


def _excluded(run: Run) -> str:
    return " ".join(f"{name(key, starts=True)} is left out: {excluded_reason(run, key)}." for key in run.excluded)


def excluded_reason(run: Run, key: Architecture) -> str:
    """Why an architecture cannot be called cheapest, in words."""
    answer = run.answers[key]
    if answer.missing:
        return answer.missing
    share, least = run.scenario.architecture(key).correct_share, run.scenario.quality.minimum_correct_share or 0
    return f"{share * 100:.4g}% correct answers, {least * 100:.4g}% required"


def idle(run: Run) -> str:
    """How much of the hosting that is paid for stands idle."""
    known = {key: answer.idle_share for key, answer in run.answers.items()}
    parts = [
        f"{name(key, starts=not number)} {percent(share)}"
        for number, (key, share) in enumerate((key, share) for key, share in known.items() if share is not None)
    ]
    return f"Hosting that is paid for and stands idle: {listed(parts)}." if parts else ""


def agreement(run: Run, present: bool = False) -> str:
    """What the preset's source advises, and whether the cost answer says the same."""
    preset, sums = PRESETS.get(run.scenario.preset or ""), totals(run, present)
    best = run.cheapest_of(sums)
    if preset is None or not preset.advises or best is None or len(run.eligible) < 2:
        return ""
    advised = f"The preset's source advises {listed([name(key) for key in preset.advises])}"
    if is_contested(run, sums):
        return f"{advised}; the cost answer is too close to call."
    return (
        f"{advised}; {'the cost answer agrees' if best in preset.advises else f'on cost alone {name(best)} is ahead'}."
    )


def overtaking(crossing: Crossing) -> str:
    """One crossing as a sentence."""
    after = name(crossing.cheaper_after, starts=True)
    return f"{after} overtakes {name(crossing.dearer_after)} in month {crossing.overtakes_in_month}"


def chart_finding(run: Run, present: bool = False) -> str:
    """Title of the cumulative chart: what building the winner costs more or less, and when that is earned back."""
    sums, money = totals(run, present), money_of(run)
    best = run.cheapest_of(sums)
    rivals = [key for key in run.eligible if key != best]
    if best is None or not rivals:
        return "Cost month by month"
    if is_contested(run, sums):
        second = min(rivals, key=lambda key: sums[key])
        return f"{name(best, starts=True)} and {name(second)} stay close over {_months(run.horizon)}"
    curves = run.curves(present)
    leaders = run.leaders(present)
    first = leaders[0][1]
    if first == best or len(leaders) < 2:
        ahead = "stays ahead" if len(leaders) == 1 else "leads at both ends"
        return f"{name(best, starts=True)} {ahead} over {_months(run.horizon)}"
    more = float(curves[best][0] - curves[first][0])
    if more <= 0:
        return f"{name(best, starts=True)} leads from month {leaders[-1][0]}"
    return f"{name(best, starts=True)} costs {money(more)} more to build and earns it back in month {leaders[-1][0]}"


def milestones_finding(run: Run, sums: dict[int, dict[Architecture, float]]) -> str:
    """Title of the totals after so many months: who is cheapest at which of them, and where it is too close to call."""
    if len(run.eligible) < 2:
        return f"Totals at {listed([str(months) for months in sums])} months"
    at: dict[Architecture, list[str]] = {}
    close: list[str] = []
    for months, totals_ in sums.items():
        winner = run.cheapest_of(totals_)
        if winner is not None and is_contested(run, totals_):
            close.append(str(months))
        elif winner is not None:
            at.setdefault(winner, []).append(str(months))
    if close:
        parts = [f"{name(key, starts=not number)} at {listed(when)}" for number, (key, when) in enumerate(at.items())]
        return "; ".join([*parts, f"{'t' if parts else 'T'}oo close to call at {listed(close)} months"])
    if not at:
        return "Totals at 12, 24 and 36 months"
    if len(at) == 1:
        return f"{name(next(iter(at)), starts=True)} is cheapest at {listed(next(iter(at.values())))} months"
    first, *others = (f"{name(key)} at {listed(months)}" for key, months in at.items())
    return f"Cheapest is {first} months, {', '.join(others)}"


def components_finding(families: dict[str, float], best: Architecture | None) -> str:
    """Title of the bars: what most of the cheapest bill pays for."""
    total = sum(families.values())
    if best is None or total <= 0 or min(families.values()) < 0:
        return "What the money pays for"
    largest = sorted(families, key=lambda family: families[family], reverse=True)[:2]
    largest = [family for family in largest if families[family] > 0]
    share = sum(families[family] for family in largest) / total
    words = listed([largest[0].capitalize(), *largest[1:]])
    verb = "makes" if len(largest) == 1 else "make"
    return f"{words} {verb} up {percent(share)} of the {name(best)} bill"


def guesses(run: Run) -> str:
    """How much of each total rests on guesses, and the three largest of them."""
    known = Provenance(run)
    largest = [field_words(path) for path in known.largest_guesses()]
    shares = _shares(run, known.guess_share)
    return _joined(f"Rests on guesses: {shares}." if shares else "", f"Largest: {listed(largest)}." if largest else "")


def own_figures(run: Run) -> str:
    """How much of each total the user's own figures shape, levers included, and no guess."""
    shares = _shares(run, Provenance(run).own_share)
    return f"Rests on the levers and what you changed, without a guess: {shares}." if shares else ""


def _shares(run: Run, share_of: Callable[[Architecture], float]) -> str:
    known = [key for key in run.answers if not run.answers[key].missing]
    return ", ".join(f"{name(key, starts=not number)} {percent(share_of(key))}" for number, key in enumerate(known))


def field_words(path: str) -> str:
    """A field in words: whose it is, and what; a price is named by its id."""
    if path not in FIELDS:
        return path
    facts = FIELDS[path]
    label = facts.label[0].lower() + facts.label[1:]
    owner = ARCHITECTURES.get(facts.group)
    return f"{owner.in_sentence} {label}" if owner else label


def _months(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def alt_cumulative(run: Run, present: bool = False) -> str:
    """Text alternative of the cumulative chart."""
    money = money_of(run)
    ends = listed([f"{ARCHITECTURES[key].name} {money(total)}" for key, total in totals(run, present).items()])
    crossings = [plain(overtaking(each)) for each in run.crossings_of(run.curves(present))]
    return f"Cumulative cost by month {run.horizon}: {ends}. {'. '.join(crossings) or 'No lines cross'}."


def alt_monthly(run: Run, present: bool = False) -> str:
    """Text alternative of the chart of single months."""
    money = money_of(run)
    ends = []
    for key, answer in run.answers.items():
        by_month = answer.monthly_present_value_usd if present else answer.monthly_usd
        first = money(float(by_month[0]))
        ends.append(f"{ARCHITECTURES[key].name} {first} to build, {money(float(by_month[-1]))} in month {run.horizon}")
    return f"Cost of each month: {'; '.join(ends)}."


def alt_components(run: Run, families: dict[Architecture, dict[str, float]]) -> str:
    """Text alternative of the bars."""
    money = money_of(run)
    parts = []
    for key, sums in families.items():
        listed_ = ", ".join(f"{family} {money(usd)}" for family, usd in sums.items() if np.abs(usd) > 0)
        parts.append(f"{ARCHITECTURES[key].name}: {listed_}")
    return f"Cost by what it pays for. {'; '.join(parts)}."
