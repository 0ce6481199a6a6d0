"""Sentences over swings and goals: which number moves the answer most, what turns it, what a number must be to win.

Architecture names stand as marks (`{rag}`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from costmodel.driver import settable
from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.sensitivity import Sought, Swing, Turned
from report.chart_data import Data
from report.driver_words import DriverWords
from report.numbers import Money, percent
from report.palette import ARCHITECTURES
from report.sentence import Verdict, joined, months_words, name, starting

MOST_BARS = 14
SLIGHT = 0.005
"""A bar narrower than this share of the widest is not drawn."""
EQUAL = "equal cost"
NO_OTHER = "nothing"
NO_RANGE = "No number of this scenario has a range, and none is a guess."
NO_RANGE_LEAD = "Give a number a range on the Uncertainty page, and see here what it moves."
SEEK = "What would it take?"

Noun = Callable[[str], str]


def measured_words(of: Architecture, less: Architecture | None) -> str:
    """What is measured: a total, or a difference."""
    return f"the total of {name(of)}" if less is None else f"{name(of)} against {name(less)}"


def verdict(
    run: Run,
    widest: Swing | None,
    pair: tuple[Architecture, Architecture] | None,
    turning: Sequence[str],
    ranges: int,
    words: DriverWords | None,
    noun: Noun,
    money: Money,
    present: bool = False,
) -> Verdict:
    """Which number moves the difference of the two leading ones most, whether it turns it, and how many others do."""
    if not run.eligible:
        return Verdict("No architecture can be called cheapest", "")
    if widest is None or words is None:
        return Verdict(NO_RANGE.rstrip("."), NO_RANGE_LEAD)
    most = noun(widest.path)
    if pair is None:
        low, high = sorted(widest.ends(run.eligible[0]))
        total = f"total{' in present value' if present else ''}"
        only = f"{name(run.eligible[0], starts=True)} is the only one in the running; its {total} lies between"
        return Verdict(
            f"{starting(most)} moves the total most", f"{only} {money(low)} and {money(high)} over its range."
        )
    turns = "and can turn it" if widest.path in turning else "but cannot turn it alone"
    headline = f"{starting(most)} moves the answer most, {turns}"
    return Verdict(
        headline, joined(ends_words(widest, *pair, words, money, present), turning_words(turning, ranges, noun))
    )


def ends_words(
    swing: Swing, of: Architecture, less: Architecture, words: DriverWords, money: Money, present: bool = False
) -> str:
    """Who is cheaper by how much at both ends of a range: "At 100K queries a month ..., at 300K ..."."""
    at_low, at_high = swing.ends(of, less)
    first = f"{words.amount(swing.low)} {_cheaper(at_low, of, less, money)}"
    worth = ", in present value" if present else ""
    return f"At {first}, at {words.of(swing.high)} {_cheaper(at_high, of, less, money)}{worth}."


def _cheaper(difference: float, of: Architecture, less: Architecture, money: Money) -> str:
    if money(abs(difference)) == money(0.0):
        return "both cost the same"
    who, other = (of, less) if difference < 0 else (less, of)
    return f"{name(who)} costs {money(abs(difference))} less than {name(other)}"


def turning_words(turning: Sequence[str], ranges: int, noun: Noun) -> str:
    """How many of the numbers with a range can each change the winner."""
    if not turning:
        return f"None of {ranges} numbers changes the winner within its range." if ranges > 1 else ""
    if len(turning) == 1:
        return f"Of {ranges} numbers, only {noun(turning[0])} can change the winner within its range."
    return f"{len(turning)} of {ranges} numbers can each change the winner within their range."


# The tornado


def finding(swings: Sequence[Swing], of: Architecture, less: Architecture | None, noun: Noun, money: Money) -> str:
    """Title of the tornado: by how much the widest bar swings what is measured."""
    if not swings or swings[0].width(of, less) <= 0:
        return f"Nothing with a range moves {measured_words(of, less)}"
    return starting(f"{noun(swings[0].path)} swings {measured_words(of, less)} by {money(swings[0].width(of, less))}")


def caption(run: Run, less: Architecture | None, present: bool, own: bool) -> str:
    """What is drawn in the tornado."""
    worth = "present value" if present else "nominal"
    what = f"{months_words(run.horizon)}, {worth} {run.scenario.finance.currency}"
    side = " Left of equal cost the first one is cheaper." if less is not None else ""
    whose = "" if own else " You set no range: these are suggested."
    return (
        f"Low end of each range faint, high end strong, the other numbers as they are; {what}. "
        f"Rings: the winner changes.{side}{whose}"
    )


def drawn_bars(swings: Sequence[Swing], of: Architecture, less: Architecture | None) -> list[Swing]:
    """The swings that are worth a bar."""
    widest = max((swing.width(of, less) for swing in swings), default=0.0)
    return [swing for swing in swings if swing.width(of, less) > SLIGHT * widest][:MOST_BARS]


def rest_words(
    swings: Sequence[Swing], shown: Sequence[Swing], of: Architecture, less: Architecture | None, money: Money
) -> str:
    """What is said of the numbers without a bar."""
    rest = [swing.width(of, less) for swing in swings if swing not in shown]
    if not rest:
        return ""
    many = "One more number moves" if len(rest) == 1 else f"{len(rest)} more numbers move"
    each = "" if len(rest) == 1 else " each"
    return f"{many} it by {money(max(rest))} at most{each}." if max(rest) > 0 else f"{many} nothing."


def turn_words(turned: Turned, words: DriverWords) -> str:
    """Where a number changes the winner: "at 168K, then RAG"."""
    return f"at {words.of(turned.flip.at)}, then {ARCHITECTURES[turned.flip.leader].name}"


def alt(
    shown: Sequence[Swing],
    turning: Sequence[str],
    of: Architecture,
    less: Architecture | None,
    noun: Noun,
    money: Money,
) -> str:
    """Text alternative of the tornado; names stand as marks."""
    parts = []
    for swing in shown:
        low, high = swing.ends(of, less)
        turns = ", the winner changes on the way" if swing.path in turning else ""
        parts.append(f"{noun(swing.path)} {money(low)} to {money(high)}{turns}")
    return f"{starting(measured_words(of, less))} from the low to the high end: {'; '.join(parts) or 'no bar'}."


def data(
    run: Run,
    swings: Sequence[Swing],
    turned: dict[str, Turned],
    of: Architecture,
    less: Architecture | None,
    label: Noun,
    unit: Noun,
    present: bool = False,
) -> Data:
    """The tornado as a table: both ends of each range, and what is measured there."""
    finance = run.scenario.finance
    money = f"{finance.currency}, present value" if present else finance.currency
    per_unit = finance.usd_per_currency_unit
    rows = []
    for swing in swings:
        at_low, at_high = swing.ends(of, less)
        flip = turned.get(swing.path)
        rows.append(
            {
                "Assumption": label(swing.path),
                "Unit": unit(swing.path),
                "Low": f"{swing.low:,.6g}",
                "Now": f"{swing.now:,.6g}",
                "High": f"{swing.high:,.6g}",
                f"At low [{money}]": at_low / per_unit,
                f"At high [{money}]": at_high / per_unit,
                "Winner changes at": "" if flip is None else f"{flip.flip.at:,.6g}",
                "Then cheapest": "" if flip is None else ARCHITECTURES[flip.flip.leader].name,
            }
        )
    against = "" if less is None else f" less {ARCHITECTURES[less].name}"
    return Data(pd.DataFrame(rows), f"Swings of {ARCHITECTURES[of].name}{against}", "swings")


# Goal seek


def seek_caption(present: bool) -> str:
    """What the question is asked of."""
    return f"One number at a time, the others as they are; {'present value' if present else 'nominal cost'}"


@dataclass(frozen=True)
class Goal:
    """What a number must be, in a sentence; `value` and `button` set it, where that is needed and possible."""

    sentence: str
    value: float | None = None
    button: str = ""


def goal(sought: Sought, now: float, words: DriverWords) -> Goal:
    """What a number must be for one architecture to be cheapest by a month."""
    who, when = name(sought.architecture, starts=True), f"by month {sought.month}"
    if not sought.stretches:
        span = words.span(sought.low, sought.high)
        return Goal(f"{who} is not cheapest {when} at any value of {words.noun} from {span}.")
    inside = next((each for each in sought.stretches if each[0] <= now <= each[1]), None)
    if inside is not None:
        stays = _stretch(sought, *inside, words)
        return Goal(f"{who} is cheapest {when} as it is, with {words.noun} at {words.of(now)}; it stays so {stays}.")
    nearest = sought.nearest(now)
    assert nearest is not None
    low, high = next(each for each in sought.stretches if nearest in each)
    value = settable(sought.driver, nearest, nearest > now)
    must = _must(sought, low, high, nearest > now, value, words)
    away = f", {percent(abs(value - now) / abs(now))} {'less' if value < now else 'more'}" if now else ""
    said = f"For {name(sought.architecture)} to be cheapest {when}, {words.noun} must be {must}; "
    return Goal(f"{said}it is {words.of(now)} now{away}.", value, f"Set to {words.of(value)}")


def _must(sought: Sought, low: float, high: float, above: bool, value: float, words: DriverWords) -> str:
    bounded = low > sought.low if not above else high < sought.high
    if bounded:
        return f"from {words.span(low, high)}"
    return f"at {'least' if above else 'most'} {words.amount(value)}"


def _stretch(sought: Sought, low: float, high: float, words: DriverWords) -> str:
    if low == sought.low and high == sought.high:
        return f"all along, {words.span(low, high)}"
    if low == sought.low:
        return f"up to {words.amount(high)}"
    return f"from {words.amount(low)} on" if high == sought.high else f"from {words.span(low, high)}"


def pieces() -> tuple[str, str, str]:
    """The words between the choices of the question."""
    return "What must", "be for", "to win by month"
