"""Sentences of the Breakdown page; architecture names stand as marks, as in `report.text`.

Names of cost lines are arguments and stand in the sentence as they are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from costmodel.scenario import FIELDS
from report.line_words import FAMILIES, in_sentence
from report.numbers import Money, count, listed, percent, shortened
from report.palette import ARCHITECTURES
from report.text import Verdict, field_words, name
from report.waterfall import Step

Line = tuple[str, float]
"""Words of a cost line, and an amount [USD]."""


def sides(steps: Sequence[Step]) -> tuple[list[Line], list[Line]]:
    """What b saves and what it pays more, largest first [USD, both positive]."""
    saved = [(step.label, -step.delta_usd) for step in steps if step.delta_usd < 0]
    more = [(step.label, step.delta_usd) for step in steps if step.delta_usd > 0]
    return sorted(saved, key=lambda line: -line[1]), sorted(more, key=lambda line: -line[1])


def verdict(
    a: str,
    b: str,
    totals: tuple[float, float],
    saved: Sequence[Line],
    more: Sequence[Line],
    money: Money,
    *,
    close: bool = False,
    worth: str = "",
) -> Verdict:
    """Why `b`, the cheapest, costs less than the runner-up `a`: all it saves, all it pays more, and what leads each.

    `close`: too close to call; `worth` says so where amounts are present values.
    """
    gap = totals[0] - totals[1]
    if not saved and not more:
        return Verdict(f"{name(a, starts=True)} and {name(b)} cost the same on every line", "")
    if close:
        headline = f"{name(a, starts=True)} and {name(b)} are too close to call: {money(gap)} apart{worth}"
        each = (("saves", saved), ("gives back", more))
        parts = [
            f"{verb} {money(_sum(lines))}, led by {_with_amount(lines[0], money)}" for verb, lines in each if lines
        ]
        return Verdict(headline, f"{name(b, starts=True)} {', and '.join(parts)}.")
    headline = f"{name(b, starts=True)} costs {money(gap)} less than {name(a)}{worth}"
    if saved and more:
        headline += f": {money.difference(-_sum(saved))} {_led_by(saved)}, "
        headline += f"but {money.difference(_sum(more))} {_led_by(more)}"
    elif saved:
        headline += f", above all for {in_sentence(saved[0][0])}"
    parts = [
        f"of the {money(_sum(lines))} {verb}, {_largest(lines, money)}"
        for verb, lines in (("saved", saved), ("given back", more))
        if len(lines) > 1
    ]
    if not more:
        parts.append("no line costs more")
    lead = f"{'; '.join(parts)}." if parts else ""
    return Verdict(headline, lead[:1].upper() + lead[1:])


def _with_amount(line: Line, money: Money) -> str:
    return f"{in_sentence(line[0])} ({money(line[1])})"


def _sum(lines: Sequence[Line]) -> float:
    return math.fsum(usd for _, usd in lines)


def _led_by(lines: Sequence[Line]) -> str:
    return f"{'for' if len(lines) == 1 else 'led by'} {in_sentence(lines[0][0])}"


def _largest(lines: Sequence[Line], money: Money) -> str:
    """The largest lines with their amounts: as many as make four fifths of the sum, at most three."""
    shown: list[Line] = []
    for line in lines[:3]:
        if shown and _sum(shown) >= 0.8 * _sum(lines):
            break
        shown.append(line)
    (words, usd), *others = shown
    return listed([f"{money(usd)} is {in_sentence(words)}", *(f"{money(u)} {in_sentence(w)}" for w, u in others)])


def alone(key: str, total: float, lines: Sequence[Line], months: str, money: Money, worth: str = "") -> Verdict:
    """One architecture without another to set it against: its total and its largest lines."""
    largest = sorted(lines, key=lambda line: -line[1])[:3]
    headline = f"Over {months} {name(key)} costs {money(total)}{worth}"
    if total <= 0 or not largest or largest[0][1] <= 0:
        return Verdict(headline, "")
    first, *others = [f"{in_sentence(words)} ({money(usd)})" for words, usd in largest if usd > 0]
    headline += f", {percent(largest[0][1] / total)} of it for {in_sentence(largest[0][0])}"
    return Verdict(headline, f"The largest lines are {listed([first, *others])}." if others else "")


def waterfall_finding(totals: tuple[float, float], money: Money) -> str:
    """Title of the waterfall."""
    return f"From {money(totals[0])} to {money(totals[1])}, line by line"


def bar_colours(a: str, b: str, pale: Sequence[str] = ()) -> str:
    """What the colours of the waterfall mean; `pale`: architectures that are left out of the running."""
    colours = ["gray" if key in pale else ARCHITECTURES[key].word for key in (a, b)]
    if colours[0] == colours[1]:
        colours[0] = f"pale {colours[0]}"
    first = colours[0][0].upper() + colours[0][1:]
    return f"{first}: {name(a)} spends more; {colours[1]}: {name(b)}."


def no_pair(names: Sequence[str]) -> str:
    """Why there is no waterfall."""
    if len(names) == 1:
        return f"Only {names[0]} is compared, so there is nothing to set it against."
    return "A waterfall needs two totals that are known; a price is missing."


def not_known(key: str, missing: str) -> str:
    """Why an architecture is not among those of the waterfall."""
    return f"{name(key, starts=True)} is not offered: {missing}."


def bill_shares(shares: Sequence[tuple[str, str, float]]) -> str:
    """Title of what the money pays for: architecture, words of its largest line and that line's share, one each."""
    if not shares:
        return "Where the money goes"
    (key, words, share), *others = shares
    if others and all(each[1] == words for each in others):
        parts = [f"{percent(share)} of the {name(key)} bill" for key, _, share in shares]
        return f"{listed(parts)} go to {in_sentence(words)}"
    parts = [f"{percent(share)} of the {name(key)} bill goes to {in_sentence(words)}"]
    parts += [f"{percent(share)} of the {name(key)} bill to {in_sentence(words)}" for key, words, share in others]
    return listed(parts)


def months_title(
    jumps: Mapping[str, Sequence[int]],
    monthly: Mapping[str, Sequence[float]],
    money: Money,
    horizon: int,
    *,
    retraining: bool = True,
) -> str:
    """Title of the monthly charts: whose months jump and when, else whose cost changes most over the months.

    `jumps`: architecture -> months in which events weigh, all of them `retraining` or not; `monthly`: architecture ->
    cost in months 1 to H.
    """
    jumping = {key: tuple(months) for key, months in jumps.items() if months and len(months) < horizon}
    if jumping:
        most = max(jumping.values(), key=lambda months: sum(months == each for each in jumping.values()))
        names = listed([name(key) for key, months in jumping.items() if months == most])
        cause = "Retraining makes" if retraining else "Events make"
        return f"{cause} {names} bills jump {_when(most, horizon)}"
    key = max(monthly, key=lambda key: abs(monthly[key][-1] - monthly[key][0]))
    first, last = monthly[key][0], monthly[key][-1]
    if abs(last - first) <= 0.02 * max(abs(first), abs(last)):
        return "Every month costs about the same"
    way = "rises" if last > first else "falls"
    return f"{name(key, starts=True)} {way} from {money(first)} in month 1 to {money(last)} in month {horizon}"


def _when(months: Sequence[int], horizon: int) -> str:
    gaps = {after - before for before, after in pairwise((0, *months))}
    if len(months) == 1:
        return f"in month {months[0]}"
    if len(gaps) == 1:
        gap = gaps.pop()
        return f"every {gap} months"
    return f"in {len(months)} of {horizon} months"


def family_tints(families: Iterable[Iterable[str]]) -> str:
    """Which families the tints of a stack stand for, dark to light."""
    used = {family for each in families for family in each}
    found = [in_sentence(words) for family, words in FAMILIES.items() if family in used and family != "consequence"]
    outlined = " Outlined: consequences." if "consequence" in used else ""
    return (f"Dark to light: {', '.join(found)}." if len(found) > 1 else "") + outlined


def panel_head(build: float, mean: float, money: Money, later: Mapping[int, float] | None = None) -> str:
    """Head of one architecture's monthly chart: its build, what is built later, and the mean of what the months cost.

    `later`: month -> what of the build falls in it [in the unit of the others]; it is not in the mean.
    """
    return f"{money(build)} to build, {_later(later or {}, money)}then {money(mean)} a month"


def _later(later: Mapping[int, float], money: Money) -> str:
    months = [month for month, usd in later.items() if usd]
    if not months:
        return ""
    when = f"in month {months[0]}" if len(months) == 1 else f"in months {months[0]} to {months[-1]}"
    return f"{money(math.fsum(later.values()))} more {when}, "


NOTHING_CHANGED = (
    "Move a lever, see which lines move",
    "Nothing has changed yet. A change is explained here: how far each total moves, and by which lines",
)


def changes(differing: Mapping[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    """Fields that differ, in words: field, value before and value now."""
    found = []
    for path, (before, after) in differing.items():
        words = _field(path)
        unit = _unit(path, words, before if after is None else after)
        was, now = _value(path, before), _value(path, after)
        found.append((words, f"{was}{unit}", now) if after is None else (words, was, f"{now}{unit}"))
    return found


def _unit(path: str, words: str, value: Any) -> str:
    """The unit of a number, where neither the number nor the field's name says it."""
    unit = FIELDS[path].unit if path in FIELDS else ""
    if not isinstance(value, int | float) or isinstance(value, bool) or unit.startswith("share"):
        return ""
    first = unit.split("/")[0]
    if not unit or unit == "ratio" or first.removesuffix("s").lower() in words.lower():
        return ""
    one = first.removesuffix("s") if value == 1 else first
    return f" {unit.replace(first, one, 1).replace('/', ' per ')}"


def _field(path: str) -> str:
    words = field_words(path).replace("_", " ")
    return words[0].upper() + words[1:]


def _value(path: str, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        unit = FIELDS[path].unit if path in FIELDS else ""
        return percent(value) if unit.startswith("share") else f"{value:,.6g}" if abs(value) < 1e6 else count(value)
    if isinstance(value, str):
        return shortened(ARCHITECTURES[value].name if value in ARCHITECTURES else value, 40)
    return f"{len(value)} item{'' if len(value) == 1 else 's'}"


def ledger_finding(key: str, lines: int) -> str:
    """Title of the ledger."""
    return f"The {name(key)} bill has {f'{lines} lines, each' if lines != 1 else '1 line,'} with its formula"


def moves_finding(moves: Sequence[tuple[str, float | None]], money: Money) -> str:
    """Title of a change: by how much it moved each architecture's total; None where a total is not known."""
    if all(usd is None for _, usd in moves):
        return "No total is known, so none can be compared"
    known = [(key, usd) for key, usd in moves if usd is not None]
    if all(abs(usd) < 0.005 for _, usd in known):
        return "This moved no total"
    parts = [f"{name(key)} {money.difference(usd) if abs(usd) >= 0.005 else 'level'}" for key, usd in known]
    words = listed(parts)
    return words[0] + words[1].upper() + words[2:]


def changes_caption(since: str, changes: Sequence[tuple[str, str, str]], most: int = 3) -> str:
    """What was changed: words of the field, the value before and the value now."""
    shown = changes if len(changes) <= most + 1 else changes[:most]
    parts = [_change(*each) for each in shown]
    if len(shown) < len(changes):
        parts.append(f"{len(changes) - most} more below")
    return f"Since {since}: {', '.join(parts)}"


def rest_of_changes(changes: Sequence[tuple[str, str, str]], most: int = 3) -> str:
    """The changes for which `changes_caption` has no room; empty when it names them all."""
    if len(changes) <= most + 1:
        return ""
    return f"Also changed: {', '.join(_change(*each) for each in changes[most:])}."


def _change(words: str, before: str, after: str) -> str:
    return f"{words} {before} \N{RIGHTWARDS ARROW} {after}"


def alt_waterfall(a: str, b: str, totals: tuple[float, float], steps: Sequence[Step], money: Money) -> str:
    """Text alternative of the waterfall; `a` and `b` are names."""
    lines = "; ".join(f"{step.label} {money.difference(step.delta_usd)}" for step in steps)
    return f"From {a} at {money(totals[0])} to {b} at {money(totals[1])}: {lines or 'no line differs'}."


def alt_months(architecture: str, monthly: Sequence[float], money: Money) -> str:
    """Text alternative of one architecture's months (1 to H)."""
    dearest = max(range(len(monthly)), key=lambda index: monthly[index])
    return (
        f"{architecture}: {money(monthly[0])} in month 1, {money(monthly[-1])} in month {len(monthly)}, "
        f"most in month {dearest + 1} with {money(monthly[dearest])}."
    )
