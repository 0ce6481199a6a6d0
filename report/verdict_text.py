"""The verdict in words: who is cheapest and by how much, why, what would change it, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.timeline import forced_interval
from costmodel.tracks import Track
from report.basis_text import provenance_of
from report.change_text import nearest_turn, turn_words
from report.numbers import listed, percent
from report.reasons import largest_saving, reason_words, reasons
from report.sentence import (
    Verdict,
    excluded_reason,
    how_often,
    joined,
    money_of,
    months_words,
    name,
    part_of,
    quality_is_set,
    too_close,
    totals,
    updates_force,
)


def verdict(run: Run, present: bool = False, tracks: Sequence[Track] | None = None) -> Verdict:
    """Which architecture is cheapest, by how much, why, what would change that, and how sure it is.

    `tracks`: the levers in the same money, for what would change the answer; without them that is not said.
    """
    sums = totals(run, present)
    best, second = _first_two(run, sums)
    said = headline(run, present)
    if best is None:
        return Verdict(said, left_out(run))
    if second is None:
        return Verdict(said, joined(last_month(run, best, present), left_out(run)), _notes(run, best, present))
    if too_close(run, sums, best, second):
        money, value = money_of(run), _value(present)
        costs = f"{name(best, starts=True)} costs {money(sums[best])}{value}, {name(second)} {money(sums[second])}."
        change = change_words(run, best, present, tracks)
    else:
        costs = why(run, best, second, present)
        change = order_and_change(run, best, present, tracks)
    lead = joined(costs, change, how_sure(run, best), left_out(run))
    return Verdict(said, lead, _notes(run, best, present))


def headline(run: Run, present: bool = False) -> str:
    """The verdict's one sentence: which architecture is cheapest, and by how much."""
    sums, money = totals(run, present), money_of(run)
    best, second = _first_two(run, sums)
    over = f"Over {months_words(run.horizon)}"
    if best is None:
        return f"{over} no architecture can be called cheapest"
    costs = f"{over} {name(best)} costs {money(sums[best])}{_value(present)}"
    if second is None:
        return costs
    gap = sums[second] - sums[best]
    share = gap / sums[second] if sums[second] > 0 and sums[best] >= 0 else 0.0
    if too_close(run, sums, best, second):
        return f"{over} {name(best)} and {name(second)} are too close to call ({percent(share)})"
    return f"{costs}, {percent(share) if share else money(gap)} less than {name(second)}"


def _value(present: bool) -> str:
    return " in present value" if present else ""


def _first_two(run: Run, sums: dict[Architecture, float]) -> tuple[Architecture | None, Architecture | None]:
    """The cheapest and the next one of those that can be called cheapest."""
    best = run.cheapest_of(sums)
    if best is None:
        return None, None
    others = {key: sums[key] for key in run.eligible if key != best}
    return best, min(others, key=lambda key: others[key], default=None)


def _notes(run: Run, best: Architecture, present: bool) -> tuple[str, ...]:
    notes = (undercut(run, best, present), forced_retrains(run), taken_for_right(run))
    return tuple(note for note in notes if note)


def why(run: Run, best: Architecture, second: Architecture, present: bool = False) -> str:
    """What the runner-up's bill is mostly dearer for: its share of that bill, and how much the cheapest saves on it."""
    dear = reasons(run.answers[second], present=present)
    reason, saved = largest_saving(dear, reasons(run.answers[best], present=present))
    if saved <= 0:
        return ""
    words, money = reason_words(run.answers[second], reason), money_of(run)
    total = totals(run, present)[second]
    spent = dear.get(reason, 0.0)
    credited = saved > spent * (1 + 1e-9)  # the cheapest is even paid for it
    if total <= 0 or spent <= 0 or credited or min(dear.values()) < 0:
        return f"{name(best, starts=True)} saves {money(saved)} on {words}."
    saves = f"{name(best)} saves {'all' if saved >= spent * (1 - 1e-9) else money(saved)} of that"
    return f"{part_of(spent / total)} the {name(second)} bill is {words}; {saves}."


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


def change_words(run: Run, best: Architecture, present: bool, tracks: Sequence[Track] | None) -> str:
    """What would change the answer: the last month if it hangs on that, else the nearest turn along the levers."""
    if (last := last_month(run, best, present)) or not tracks:
        return last
    turn = nearest_turn(run, tracks, best)
    if turn is not None:
        return f"{name(turn.cheapest, starts=True)} would be cheapest {turn_words(run, turn)}."
    steady = all({each.leader for each in track.turns} == {best} for track in tracks)
    return "No lever alone changes that." if steady else ""


def order_and_change(run: Run, best: Architecture, present: bool, tracks: Sequence[Track] | None) -> str:
    """Who led until when, and what would change the answer; as one sentence where both are about the same one."""
    led, change = order(run, present), change_words(run, best, present, tracks)
    leaders = run.leaders(present)
    who = name(leaders[0][1], starts=True) if leaders else ""
    rest = change.removeprefix(f"{who} would ")
    if len(leaders) == 2 and led.startswith(f"{who} led ") and rest != change:
        return f"{led[:-1]} and would {rest}"
    return joined(led, change)


def how_sure(run: Run, best: Architecture) -> str:
    """On what the answer rests: equal quality where none is set, and guesses in the bill of the cheapest."""
    share = percent(provenance_of(run).guess_share(best))
    guesses = "" if share == "0%" else f"{share} of the cost rests on guesses"
    if quality_is_set(run):
        return f"{guesses}." if guesses else ""
    return f"This assumes equal quality{f'; {guesses}' if guesses else ''}."


def taken_for_right(run: Run) -> str:
    """Whose answers count as all right because nobody said otherwise, where the quality of others is set."""
    if not quality_is_set(run):
        return ""
    unset = [key for key in run.eligible if run.scenario.architecture(key).correct_share == 1.0]
    if not unset:
        return ""
    names = listed([name(key, starts=not number) for number, key in enumerate(unset)])
    return f"{names} {'counts' if len(unset) == 1 else 'count'} as always right."


def undercut(run: Run, best: Architecture, present: bool = False) -> str:
    """When plain prompting, a reference, would cost less than the cheapest."""
    aside = run.prompting
    if aside is None or aside.missing:
        return ""
    share, least = run.scenario.prompting.correct_share, run.scenario.quality.minimum_correct_share
    if "prompting" in run.ruled_out or (least is not None and share < least):
        return ""  # it is known not to be
    if run.scenario.finance.consequences_in_tco and share == 1.0:
        return ""  # its wrong answers are not known
    usd = aside.present_value_usd if present else aside.tco_usd
    if usd >= totals(run, present)[best]:
        return ""
    return f"Plain {name('prompting')} would cost {money_of(run)(usd)}, if it is good enough."


def last_month(run: Run, best: Architecture, present: bool) -> str:
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
            return f"Over {months_words(months)} {name(then)} would be cheapest."
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
    guessed = provenance_of(run).is_guess("fine_tuning.updates_per_retrain")
    condition = updates_force(tuning.updates_per_retrain, guessed)
    return f"Content updates make {name('fine_tuning')} retrain {how_often(forced)}, {condition}."


def left_out(run: Run) -> str:
    """Who is left out, and why."""
    return " ".join(f"{name(key, starts=True)} is left out: {excluded_reason(run, key)}." for key in run.excluded)
