"""Sentences of the Compare page: two scenarios side by side; architecture names stand as marks, as in `report.text`.

The scenario on screen is "this scenario" or "here"; the other one goes by its name, by where it came from, or "there".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from costmodel.comparison import CENT_USD, Comparison
from costmodel.other import Other
from costmodel.results import Run
from costmodel.scenario import Architecture, Scenario
from report import numbers
from report.field_text import WORDS
from report.line_words import in_sentence
from report.numbers import listed, percent, shortened
from report.palette import ARCHITECTURES
from report.sentence import Verdict, joined, money_of, months_words, name, starting, too_close
from report.waterfall import Step

A, B = "A", "B"
THIS, HERE, THERE = "This scenario", "here", "there"
_BY_KIND = {"pin": "the pinned copy", "preset": "the preset", "file": "the file", "link": "the linked scenario"}

NOTHING_YET = Verdict(
    "Set this scenario beside another one",
    "Choose what to compare with: this scenario as it is now, a preset, a file or a link.",
)
PIN, PIN_HELP = "Pin this", "Keeps a copy of this scenario as B. It stays as it is while you move levers."
PIN_SAID = "This scenario as it is now"
PRESET, FILE, LINK = "A preset", "A scenario file", "A link"
PRESET_HINT, LINK_HINT, SAVE = "Choose a preset", "Paste a link", "Save B as file"
SAVE_HELP = "Choose it again from its file, on the page Compare."
LINK_HELP = "Paste the address that Copy link gives."
ASSUMPTION, ASSUMPTIONS_CAPTION = "Assumption", "Everything that is not the same on both sides, and nothing else"
SWAP, SWAP_HELP = "Swap", "B goes on screen and becomes what levers move; this scenario becomes B. Undo takes it back."
REMOVE, CHOOSE = "Remove B", "Choose another B"
KEPT, NONE_KEPT = "The last good B stays.", "Nothing is compared yet."
LOST = "The scenario to compare with rests on typed-in prices that this browser does not have; choose it again."
TYPED_IN_ELSEWHERE = (
    "the link leaves its typed-in prices in the browser that made it; "
    "open it there, save it as a file, and choose the file"
)


@dataclass(frozen=True)
class Sides:
    """What the other scenario is called: at the start of a sentence, and inside one."""

    starts: str
    inside: str


def sides(other: Other, first: Scenario, plain: Callable[[str], str] = str) -> Sides:
    """The other scenario's name in quotes; where both have one name, where it came from. `plain` escapes a name."""
    said = shortened(other.scenario.name, 40)
    if said and said != shortened(first.name, 40):
        quoted = f"“{plain(said)}”"
        return Sides(quoted, quoted)
    inside = _BY_KIND[other.kind]
    return Sides("Pinned copy" if other.kind == "pin" else starting(inside), inside)


# Who is cheapest on either side


@dataclass(frozen=True)
class Outcome:
    """Who is cheapest on one side (None: nobody can be called so), and whether that is too close to call."""

    best: Architecture | None
    close: bool


def outcome(found: Comparison, run: Run) -> Outcome:
    """The outcome of one side over the common months."""
    best = found.winner(run)
    sums = {key: usd for key, usd in _known(found, run).items() if usd is not None and key in run.eligible}
    rivals = sorted((key for key in sums if key != best), key=lambda key: sums[key])
    return Outcome(best, bool(best and rivals and too_close(run, sums, best, rivals[0])))


def _known(found: Comparison, run: Run) -> dict[Architecture, float | None]:
    return dict(found.totals_a if run is found.a else found.totals_b)


def change_of_winner(a: Outcome, b: Outcome) -> str:
    """Whether the winner is another one there than here."""
    if a.best is None or b.best is None:
        if a.best is None and b.best is None:
            return "no architecture can be called cheapest in either"
        known, where, other = (b, THERE, HERE) if a.best is None else (a, HERE, THERE)
        said = "it is too close to call" if known.close else f"{name(str(known.best))} is cheapest"
        return f"{where} {said}, {other} no architecture can be called cheapest"
    if a.close and b.close:
        return "both are too close to call"
    if a.close:
        return f"{HERE} it is too close to call, {THERE} {name(b.best)} is cheapest"
    if b.close:
        return f"{HERE} {name(a.best)} is cheapest, {THERE} it is too close to call"
    if a.best == b.best:
        return f"{name(a.best)} is cheapest in both"
    return f"the winner changes from {name(a.best)} to {name(b.best)}"


# The headline


def verdict(found: Comparison, names: Sides, steps: Sequence[Step] = ()) -> Verdict:
    """What the other scenario costs more or less, with whom, and whether the winner changes.

    `steps`: the lines that differ in the bill of `subject`.
    """
    if not found.differs.count:
        headline = f"{names.starts} and this scenario are the same"
        return Verdict(headline, "Move a lever, type a price or open another preset: what that changes shows here.")
    a, b = outcome(found, found.a), outcome(found, found.b)
    key, money = subject(found), money_of(found.a)
    over = "" if found.same_horizon else f"Over the first {_months(found.months)} "
    worth = " in present value" if found.present else ""
    who = names.inside if over else names.starts
    change = change_of_winner(a, b)
    cheapest = _cheapest(found, a, b)
    if key is not None and (cheapest is None or b.best in found.comparable):
        more, how = found.more_in_b_usd(key) or 0.0, f"with {name(key)}"
    elif cheapest is not None:
        more, how = cheapest[1] - cheapest[0], "at its cheapest"
    else:
        return Verdict(f"{over}{who} and this scenario have no total in common; {change}", counted(found))
    headline = f"{over}{who} costs {_apart(more, money)}{worth} {how}{_than(more)} this scenario; {change}"
    largest = _largest(key, steps, money) if key is not None else ""
    return Verdict(headline, joined(_at_their_cheapest(found, a, b, names), largest, counted(found)))


def subject(found: Comparison) -> Architecture | None:
    """The architecture whose bills are set against each other first.

    The winner there, else here, else any that both have; one that costs the same gives way to the one that moves most.
    """
    more = {key: abs(found.more_in_b_usd(key) or 0.0) for key in found.comparable}
    wanted = (found.winner(found.b), found.winner(found.a), *found.comparable)
    first = next((key for key in wanted if key in more), None)
    if first is None or more[first] >= CENT_USD:
        return first
    most = max(more, key=lambda key: more[key])
    return most if more[most] >= CENT_USD else first


def _cheapest(found: Comparison, a: Outcome, b: Outcome) -> tuple[float, float] | None:
    """Total of the cheapest of either side [USD]."""
    one = None if a.best is None else found.totals_a[a.best]
    two = None if b.best is None else found.totals_b[b.best]
    return None if one is None or two is None else (one, two)


def _months(months: int) -> str:
    return "month" if months == 1 else f"{months} months"


def _apart(more: float, money: numbers.Money) -> str:
    return "the same" if abs(more) < CENT_USD else f"{money(abs(more))} {'less' if more < 0 else 'more'}"


def _than(more: float) -> str:
    return " as" if abs(more) < CENT_USD else " than"


def _at_their_cheapest(found: Comparison, a: Outcome, b: Outcome, names: Sides) -> str:
    cheapest = _cheapest(found, a, b)
    if cheapest is None or a.best is None or b.best is None:
        return ""
    money, (one, two) = money_of(found.a), cheapest
    if a.best == b.best:
        said = f"{money(one)} {HERE}, {money(two)} {THERE}" if abs(two - one) >= CENT_USD else f"{money(one)} in both"
        return f"{name(a.best, starts=True)} costs {said}."
    return (
        f"At its cheapest this scenario costs {money(one)}, with {name(a.best)}; "
        f"{names.inside} {money(two)}, with {name(b.best)}: {_apart(two - one, money)}."
    )


def _largest(key: Architecture, steps: Sequence[Step], money: numbers.Money) -> str:
    """The line of one bill that moves most."""
    if not steps:
        return ""
    most = max(steps, key=lambda step: abs(step.delta_usd))
    which = "The only line that moves" if len(steps) == 1 else "What moves most"
    return f"{which} in the {name(key)} bill: {in_sentence(most.label)}, {money.difference(most.delta_usd)}."


def counted(found: Comparison) -> str:
    """How many assumptions differ, as a sentence."""
    count = found.differs.count
    return f"{count:,} assumption{' differs' if count == 1 else 's differ'}."


# What is not alike


def unlike(found: Comparison, names: Sides) -> list[str]:
    """What a reader has to know before setting the amounts against each other, one sentence each."""
    return [each for each in (_horizons(found, names), _money(found, names), *_rules(found)) if each]


def _horizons(found: Comparison, names: Sides) -> str:
    if found.same_horizon:
        return ""
    return (
        f"This scenario covers {months_words(found.a.horizon)}, {names.inside} {months_words(found.b.horizon)}: "
        f"totals, differences and lines count the first {_months(found.months)} of both; "
        "the curves and the two verdicts cover all."
    )


def _money(found: Comparison, names: Sides) -> str:
    here, there = found.a.scenario.finance, found.other.finance
    if here.currency != there.currency:
        rate = "" if here.currency == "USD" else f" at {here.usd_per_currency_unit:,.6g} USD"
        return f"All amounts are in {here.currency}{rate}; {names.inside} is set in {there.currency}."
    if here.usd_per_currency_unit != there.usd_per_currency_unit:
        return (
            f"All amounts take one {here.currency} for {here.usd_per_currency_unit:,.6g} USD; "
            f"{names.inside} takes it for {there.usd_per_currency_unit:,.6g} USD."
        )
    return ""


def _rules(found: Comparison) -> list[str]:
    a, b = found.a.scenario, found.b.scenario
    said = []
    if a.finance.start_month != b.finance.start_month:
        one, two = (numbers.day(each.finance.start_month) for each in (a, b))
        said.append(
            f"The build is in {one} {HERE} and in {two} {THERE}: month stands against month, "
            "and each side pays the prices of its own calendar."
        )
    if found.present and a.finance.discount_rate_annual != b.finance.discount_rate_annual:
        one, two = (percent(each.finance.discount_rate_annual) for each in (a, b))
        said.append(f"Present values are discounted by {one} a year {HERE} and by {two} {THERE}.")
    if a.finance.consequences_in_tco != b.finance.consequences_in_tco:
        where = HERE if a.finance.consequences_in_tco else THERE
        said.append(f"Wrong answers and delay count in the totals only {where}.")
    if "hybrid" in found.both and a.hybrid.kind != b.hybrid.kind:
        one, two = (WORDS[each.hybrid.kind].lower() for each in (a, b))
        said.append(f"{name('hybrid', starts=True)} means {one} {HERE} and {two} {THERE}.")
    for words, one_side, other_side in (
        ("compared", found.a.answers, found.b.answers),
        ("built already", a.finance.already_built, b.finance.already_built),
    ):
        for mine, others, where in ((one_side, other_side, HERE), (other_side, one_side, THERE)):
            alone = [key for key in found.either if key in mine and key not in others]
            if alone:
                said.append(starting(f"{listed([name(key) for key in alone])} {_is(alone)} {words} only {where}."))
    return said


def _is(keys: Sequence[str]) -> str:
    return "is" if len(keys) == 1 else "are"


# Titles


def totals_finding(found: Comparison) -> str:
    """Title of the table of totals: by how much they differ at most."""
    money = money_of(found.a)
    more = {key: found.more_in_b_usd(key) or 0.0 for key in found.comparable}
    if not more:
        return "No total is known on both sides"
    key = max(more, key=lambda each: abs(more[each]))
    if abs(more[key]) < CENT_USD:
        return "Every total is the same" if len(more) > 1 else f"{name(key, starts=True)} costs the same"
    if len(more) == 1:
        return f"{name(key, starts=True)} differs by {money.difference(more[key])}"
    return f"{name(key, starts=True)} differs most, by {money.difference(more[key])}"


def totals_head(found: Comparison) -> list[str]:
    """Columns of the table of totals."""
    return [A, B, f"{B} less {A}", "Change"]


def totals_rows(found: Comparison) -> tuple[list[list[str]], list[list[str]]]:
    """Name, total here, total there, difference and change of each architecture; the same to the cent."""
    money = money_of(found.a)
    return (
        [[_row_name(found, key), *_cells(found, key, money, money.difference)] for key in found.either],
        [_cells(found, key, money.exact, lambda usd: _signed(usd, money)) for key in found.either],
    )


def _signed(usd: float, money: numbers.Money) -> str:
    return f"{'+' if usd > 0 else ''}{money.exact(usd)}"


def _cells(
    found: Comparison, key: Architecture, money: Callable[[float | None], str], difference: Callable[[float], str]
) -> list[str]:
    cells = [money(sums[key]) if key in sums else "not compared" for sums in (found.totals_a, found.totals_b)]
    more = found.more_in_b_usd(key)
    if more is None:
        return [*cells, "", ""]
    if abs(more) < CENT_USD:
        return [*cells, "the same", ""]
    first = found.totals_a[key] or 0.0
    share = percent(more / first) if first > 0 else ""
    if share in ("", "0%"):
        return [*cells, difference(more), ""]
    return [*cells, difference(more), f"{'+' if more > 0 else ''}{share}"]


def _row_name(found: Comparison, key: Architecture) -> str:
    out = [where for where, run in ((A, found.a), (B, found.b)) if key in run.excluded]
    return f"{ARCHITECTURES[key].name}{f', left out in {listed(out)}' if out else ''}"


def chart_finding(found: Comparison) -> str:
    """Title of the curves: who leads from when on either side."""
    here, there = (run.leaders(found.present) for run in (found.a, found.b))
    if not here or not there:
        return "Cumulative cost, month by month"
    one, two = _leads(here), _leads(there)
    if one == two:
        return f"{starting(one)} in both"
    return f"{starting(HERE)} {one}, {THERE} {two}"


def _leads(leaders: Sequence[tuple[int, Architecture]]) -> str:
    month, key = leaders[-1]
    return f"{name(key)} leads from {'the start' if month < 1 else f'month {month}'}"


def chart_caption(found: Comparison, names: Sides) -> str:
    """What the curves are, and which are whose."""
    return f"Cumulative cost in {_unit(found)}. {A}, solid: this scenario; {B}, dotted: {names.inside}."


def totals_caption(found: Comparison, names: Sides) -> str:
    """Which months the totals cover, in which money, and what A and B are."""
    span = f"{found.months}-month cost" if found.same_horizon else f"Cost of the first {_months(found.months)}"
    return f"{span}, {_unit(found)}. {A}: this scenario; {B}: {names.inside}."


def _unit(found: Comparison) -> str:
    currency = found.a.scenario.finance.currency
    return f"{currency}, present value" if found.present else f"{currency}, nominal"


def assumptions_finding(found: Comparison) -> str:
    """Title of the assumptions."""
    return counted(found)[:-1] if found.differs.count else "No assumption differs"


def bill_finding(found: Comparison, key: Architecture) -> str:
    """Title of the waterfall: by how much one architecture's bill moves."""
    more, money = found.more_in_b_usd(key) or 0.0, money_of(found.a)
    if abs(more) < CENT_USD:
        return f"{name(key, starts=True)} costs the same on both sides"
    return f"{name(key, starts=True)} costs {_apart(more, money)} in {B}, line by line"


def bill_caption(found: Comparison, names: Sides) -> str:
    """Which months the lines cover, and what pale and full bars mean."""
    span = f"{found.months}-month cost" if found.same_horizon else f"Cost of the first {_months(found.months)}"
    return f"{span}, {_unit(found)}, from {A} to {B}. Pale: {names.inside} pays less; full: more."


def bill_names(key: Architecture) -> tuple[str, str]:
    """The two ends of the waterfall."""
    return f"{ARCHITECTURES[key].name} in {A}", f"{ARCHITECTURES[key].name} in {B}"


def more_rows(count: int) -> str:
    """The head of the assumptions for which there is no room at once."""
    return f"{count:,} more {'assumption differs' if count == 1 else 'assumptions differ'}"


def no_bill(found: Comparison) -> str:
    """Why no bill can be followed from one side to the other."""
    if not found.both:
        return "No architecture is compared on both sides, so no bill can be followed from one to the other."
    return "No architecture has a total that is known on both sides: a price is missing."


def alt_curves(found: Comparison) -> str:
    """Text alternative of the curves."""
    money, parts = money_of(found.a), []
    for side, run in ((A, found.a), (B, found.b)):
        ends = [f"{ARCHITECTURES[key].name} {money(float(curve[-1]))}" for key, curve in found.curves(run).items()]
        parts.append(f"{side} by month {run.horizon}: {listed(ends) or 'no total is known'}.")
    return f"Cumulative cost. {' '.join(parts)}"


def not_in_link(characters: int) -> str:
    """That the link leaves the other scenario out; `characters`: the most that one holds."""
    return (
        "The link leaves out B, the scenario to compare with: no link has room for both "
        f"({characters:,} characters), so a reload loses it."
    )
