"""Sentences over a driver: where its lines cross, what is equal there, its closed form, what would flip the winner."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from costmodel.closed_form import Line
from costmodel.crossover import Crossovers, Pair, Root
from costmodel.driver import settable
from costmodel.fields import value_at
from costmodel.flips import Flip
from costmodel.results import Run
from costmodel.scan import is_whole
from costmodel.scenario import FIELDS, Architecture
from costmodel.tracks import Track
from report.driver_words import UPDATES, VOLUME, DriverWords, lowered, often
from report.field_text import is_percent
from report.numbers import MINUS, Money, percent
from report.sentence import Verdict, joined, name, starting
from report.verdict_text import left_out

NEAR = 0.01
"""How far from a jump a rounder value beyond it may lie [share of the value]."""
MOST_NAMED = 3
"""Values that a title names; of more it gives the first and the last."""
TIMES = {1: "once", 2: "twice", 3: "three times"}

Turns = Sequence[tuple[float, Architecture, float | None]]
"""Leaders along a driver: from which value on, who, and in a jump the last value of the one before."""


# Where the lines cross


def finding(found: Crossovers, eligible: Sequence[Architecture], words: DriverWords) -> str:
    """Title of the driver chart: how often the lines cross or the lead changes, and where."""
    turns, low, high = found.turns(eligible), found.low, found.high
    if not turns:
        return "No total is known along this driver"
    places = [start for start, _, _ in turns[1:]]
    if not found.roots:
        if len([key for pair in found.pairs for key in (pair.a, pair.b)]) < 2:
            return "There is only one line to draw"
        return f"The lines never cross within {words.span(low, high)}"
    if not places:
        return starting(f"{name(turns[0][1])} stays cheapest within {words.span(low, high)}")
    what = "The lines cross" if len(found.roots) == len(places) else "The lead changes"
    often = TIMES.get(len(places), f"{len(places)} times")
    if len(places) > MOST_NAMED:
        return f"{what} {often} within {words.span(places[0], places[-1])}"
    jump = " in a jump" if len(places) == 1 and turns[1][2] is not None and not is_whole(found.driver) else ""
    return f"{what} {often}{jump}, {words.at(places)}"


def caption(run: Run, words: DriverWords, x_log: bool, y_log: bool, present: bool = False) -> str:
    """What is drawn: "24-month cost by queries per month, nominal USD, both axes logarithmic"."""
    scales = {(True, True): ", both axes logarithmic", (True, False): ", values evenly in their logarithm"}
    scales[False, True] = ", costs in their logarithm"
    money = f"{'present value' if present else 'nominal'} {run.scenario.finance.currency}"
    return f"{run.horizon}-month cost by {lowered(words.title)}, {money}{scales.get((x_log, y_log), '')}"


@dataclass(frozen=True)
class Crossed:
    """One root in words: a sentence, and the value to which a button sets the scenario, with its label."""

    pair: tuple[Architecture, Architecture]
    sentence: str
    value: float
    button: str
    leads: bool
    """Whether the cheapest of all changes there."""


def crossed(
    run: Run, found: Crossovers, eligible: Sequence[Architecture], words: DriverWords, money: Money, now: float
) -> list[Crossed]:
    """Every root in words, those at which the lead changes first."""
    leading = lead_changes(found, eligible)
    rows = []
    for pair in found.pairs:
        for root in pair.roots:
            value = target(found.driver, root, now)
            sentence = _crossed(found, pair, root, words, money)
            leads = (pair.a, pair.b, root.value) in leading
            rows.append(Crossed((pair.a, pair.b), sentence, value, f"Set to {words.of(value)}", leads))
    return sorted(rows, key=lambda row: (not row.leads, row.value))


def lead_changes(found: Crossovers, eligible: Sequence[Architecture]) -> set[tuple[Architecture, Architecture, float]]:
    """The roots at which the cheapest of all changes: its pair, and its value."""
    turns = found.turns(eligible)
    changes = {(start, before[1], leader) for (start, leader, _), before in zip(turns[1:], turns, strict=False)}
    return {
        (pair.a, pair.b, root.value)
        for pair in found.pairs
        for root in pair.roots
        if (root.value if root.next_value is None else root.next_value, root.cheaper_below, root.cheaper_above)
        in changes
    }


def target(driver: str, root: Root, now: float) -> float:
    """The value that "Set to" puts in: where both are equal, or in a jump a round one beyond it, seen from `now`."""
    if root.next_value is None:
        return settable(driver, root.value)
    up = now <= root.value
    edge = root.next_value if up else root.value
    if is_whole(driver):
        return settable(driver, edge, up)
    rounded = _outwards(edge, 3, up)
    return rounded if abs(rounded - edge) <= NEAR * abs(edge) else settable(driver, edge, up)


def _crossed(found: Crossovers, pair: Pair, root: Root, words: DriverWords, money: Money) -> str:
    below, above = name(root.cheaper_below), name(root.cheaper_above)
    worth = " in present value" if found.present else ""
    if root.kind == "crossing":
        both = f"{name(pair.a)} and {name(pair.b)} both cost {money(root.a_below_usd)}{worth}"
        return starting(f"{_at(words, root.value)} {both}: {below} is cheaper below, {above} above.")
    below_usd, dearer_below = sorted((root.a_below_usd, root.b_below_usd))
    above_usd, dearer_above = sorted((root.a_above_usd, root.b_above_usd))
    first, then = (
        f"{money(below_usd)} against {money(dearer_below)}{worth}",
        f"{money(above_usd)} against {money(dearer_above)}",
    )
    next_value = root.value if root.next_value is None else root.next_value
    if is_whole(found.driver) and next_value - root.value == 1:
        start = words.of(next_value)
        return starting(
            f"up to {words.amount(root.value)} {below} is cheaper ({first}), from {start} {above} ({then})."
        )
    where = words.amount(next_value)
    return starting(
        f"{_prefix(words)} {where} the order changes in a jump: {below} below ({first}), {above} above ({then})."
    )


def _prefix(words: DriverWords) -> str:
    return "with" if words.amount(1).startswith("a retrain") else "at"


def _at(words: DriverWords, value: float) -> str:
    return f"{_prefix(words)} {words.amount(value)}"


def closed_form(
    driver: str, a: Architecture, b: Architecture, lines: Mapping[Architecture, Line], words: DriverWords, money: Money
) -> str:
    """The crossing of two straight totals by algebra: "RAG $41K + $0.34 x queries; ...: equal at 178K"; else ""."""
    if a not in lines or b not in lines:
        return ""
    meets = lines[a].meets(lines[b])
    if meets is None:
        return ""
    sides = "; ".join(f"{name(key)} {_line(driver, lines[key], words, money)}" for key in (a, b))
    return starting(f"{sides}: equal at {words.of(meets)}.")


def _line(driver: str, line: Line, words: DriverWords, money: Money) -> str:
    each, noun = line.usd_per_unit, _counted(driver, words)
    if driver in FIELDS and is_percent(FIELDS[driver]):
        each /= 100
    if each == 0:
        return f"{money(line.fixed_usd)} throughout"
    return f"{money(line.fixed_usd)} {MINUS if each < 0 else '+'} {money(abs(each))} \N{MULTIPLICATION SIGN} {noun}"


def _counted(driver: str, words: DriverWords) -> str:
    """What a straight line multiplies: queries a month, updates a month, percentage points, USD per 1M tokens."""
    if driver in (VOLUME, UPDATES):
        return "queries a month" if driver == VOLUME else "updates a month"
    if driver in FIELDS and is_percent(FIELDS[driver]):
        return f"percentage points of {words.noun}"
    if driver.startswith("price:") or FIELDS[driver].unit.startswith("USD"):
        return f"USD {words.unit}".strip()
    return words.unit or words.noun


def without_crossing(found: Crossovers, words: DriverWords) -> list[str]:
    """Each pair without a root: who is cheaper all along, with the ends of the range."""
    span = words.span(found.low, found.high)
    said = []
    for pair in found.pairs:
        if not pair.roots:
            leader, other = (pair.a, pair.b) if pair.leads_from_low(pair.a) else (pair.b, pair.a)
            said.append(f"{name(leader, starts=True)} costs less than {name(other)} all along, {span}.")
    return said


def more_crossings(rest: int) -> str:
    """That the chart marks more crossings than there are sentences; nothing when it does not."""
    if rest <= 0:
        return ""
    return f"The chart marks {rest} more crossing{'' if rest == 1 else 's'}."


def range_refused(why: str) -> str:
    """Why a range is not taken, and what is shown instead."""
    return f"Not applied: {why.rstrip('.')}. The range stays as it is."


def drops_schedule() -> str:
    """What a price with several dates becomes as a driver."""
    return "This price has several dates; here one price holds for every month."


def alt(found: Crossovers, eligible: Sequence[Architecture], words: DriverWords) -> str:
    """Text alternative of the driver chart."""
    drawn = f"Lines of total cost over {lowered(words.title)}, {words.span(found.low, found.high)}"
    return f"{finding(found, eligible, words)}. {drawn}."


# The hero


def no_hero(run: Run) -> Verdict:
    """The answer where nothing can cross: at most one architecture can be called cheapest."""
    if not run.eligible:
        return Verdict("No architecture can be called cheapest", left_out(run))
    return Verdict(f"Only {name(run.eligible[0])} can be called cheapest, so nothing crosses", left_out(run))


def hero(
    run: Run,
    track: Track,
    words: DriverWords,
    *,
    close: float | None,
    updates: Flip | None,
    updates_words: DriverWords,
) -> Verdict:
    """From which value of a driver on which one is cheaper, and how far from that line the scenario stands.

    `close`: the lead [share] when it is too close to call; `updates`: where the answer flips along update frequency.
    """
    turns, now = turns_of(track), float(value_at(run.scenario, track.driver))
    span = float(track.values[0]), float(track.values[-1])
    if not turns:
        return Verdict(f"It is too close to call all along, {words.span(*span)}", left_out(run))
    then = "" if words.path == UPDATES or close is not None else _until(turns, now, updates, updates_words)
    return Verdict(headline(turns, span, words), joined(_where(turns, words, now, close), then, left_out(run)))


def turns_of(track: Track) -> Turns:
    """The leaders along a lever; where it is too close to call between two stretches of one leader, it leads on."""
    turns: list[tuple[float, Architecture, float | None]] = []
    for each in track.turns:
        if each.leader is not None and (not turns or turns[-1][1] != each.leader):
            turns.append((each.start, each.leader, each.before if turns else None))
    return turns


def headline(turns: Turns, span: tuple[float, float], words: DriverWords) -> str:
    """Who is cheaper on which side: "RAG is cheaper below 130K queries a month, fine-tuning above"."""
    first = name(turns[0][1], starts=True)
    if len(turns) == 1:
        return f"{first} is cheapest all along, {words.span(*span)}"
    if len(turns) > MOST_NAMED:
        places = words.span(turns[1][0], turns[-1][0])
        return f"The cheapest changes {len(turns) - 1} times between {places.replace(' to ', ' and ', 1)}"
    least = "cheaper" if len(turns) == 2 else "cheapest"
    parts = [f"{first} is {least} {_limit(turns[1], words, True)}"]
    parts += [f"{name(turns[at][1])} {_limit(turns[at + 1], words, False)}" for at in range(1, len(turns) - 1)]
    return ", ".join([*parts, f"{name(turns[-1][1])} above"])


def _limit(next_: tuple[float, Architecture, float | None], words: DriverWords, full: bool) -> str:
    start, _, last = next_
    value = start if last is None else last
    said = words.amount(value) if full else words.of(value)
    return f"{'below' if last is None else 'up to'} {said}"


def _where(turns: Turns, words: DriverWords, now: float, close: float | None) -> str:
    """How far the scenario stands from the nearest line: "You are at 178K, 37% past the line."."""
    you = f"You are at {words.of(now)}"
    if close is not None:
        return f"{you}, where it is too close to call ({percent(close)})."
    lines = [start for start, _, _ in turns[1:]]
    if not lines:
        return f"{you}."
    line = min(lines, key=lambda each: abs(each - now))
    if not line:
        return f"{you}; the line is at {words.of(line)}."
    share = percent(abs(now - line) / abs(line))
    if share == "0%":
        return f"{you}, on the line."
    return f"{you}, {share} {'past the line' if now > line else 'short of the line'}."


def _until(turns: Turns, now: float, flip: Flip | None, words: DriverWords) -> str:
    """Up to which update frequency that holds at the present volume."""
    leader = next((key for start, key, _ in reversed(turns) if start <= now), turns[0][1])
    who = f"At that volume {name(leader)} leads"
    if flip is None:
        return f"{who} however often you publish."
    if flip.at > flip.now:
        return f"{who} until you publish {words.amount(flip.at)}."
    if flip.at < 1:
        return f"{who} unless you publish less often than {often(flip.at)}."
    return f"{who} unless you publish fewer than {words.amount(flip.at)}."


# What would flip it


@dataclass(frozen=True)
class FlipWords:
    """One flip in words, and the value that "Try" puts in."""

    label: str
    change: str
    distance: str
    value: float
    hint: str


def flip_words(flip: Flip, words: DriverWords) -> FlipWords:
    """A flip as a line: its driver, now and then, the distance in percent, and what trying it does."""
    value = beyond(flip)
    change = f"{words.of(flip.now)} \N{RIGHTWARDS ARROW} {words.of(value)}"
    away = percent(flip.distance)
    distance = away if away.startswith(MINUS) or away == "0%" else f"+{away}"
    label = words.title.removesuffix(f", USD {words.unit}").removesuffix(f", {words.unit}")
    verb = "jumps ahead" if flip.jump else "becomes cheapest"
    hint = f"{name(flip.leader, starts=True)} {verb} at {words.amount(flip.at)}"
    return FlipWords(label, change, distance, value, hint)


def beyond(flip: Flip) -> float:
    """A round value just beyond a flip, at which the other one leads: in three digits, or in more where that is far."""
    if is_whole(flip.path):
        return settable(flip.path, flip.at, flip.at > flip.now)
    up = flip.at > flip.now
    for digits in (3, 4, 5, 6):
        value = _outwards(flip.at, digits, up)
        if abs(value - flip.at) <= 0.02 * abs(flip.at - flip.now):
            return value
    return settable(flip.path, flip.at, up)


def _outwards(value: float, digits: int, up: bool) -> float:
    """The nearest value of so many significant digits that is not on the near side of `value`."""
    if not value:
        return value
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    count = math.ceil(value / unit) if up else math.floor(value / unit)
    return float(f"{count * unit:.{digits}g}")


def flips_finding(found: Sequence[Flip], present: bool = False) -> tuple[str, str]:
    """Title of the list of flips, and what it lists."""
    worth = ", in present value" if present else ""
    if not found:
        return "Nothing alone flips it", f"No single number makes another one cheapest within its range{worth}"
    if percent(abs(found[0].distance)) == "0%":
        return "Anything flips it", f"Two cost the same here{worth}; the least change decides"
    return "What would flip it", f"One change at a time, nearest first{worth}"


def more_flips(rest: int, shown: bool) -> str:
    """The button below the list."""
    return "Show the nearest only" if shown else f"Show {rest} more"
