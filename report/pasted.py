"""Numbers pasted from a sheet, a column or a row, and what a pasted forecast or season says in words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from report import numbers

_BREAKS = re.compile(r"[\t\n\r;|]+")
_SPACES = "\u00a0\u2007\u2009\u202f '\u2019"
"""Blanks and apostrophes that part thousands in one country or another."""
_GROUPED = re.compile(rf"[+\-\u2212]?\d{{1,3}}([,{_SPACES}])\d{{3}}(\1\d{{3}})*(\.\d+)?")
_NUMBER = re.compile(r"[+\-\u2212]?(\d+(\.\d*)?|\.\d+)([eE][+\-]?\d+)?")

LONGEST_TEXT = 20_000
"""Of what is pasted: a hundred characters and more for each number that a forecast or a season may have."""


class NotNumbers(ValueError):
    """A pasted text with something in it that is no number; the message names it, and the way out."""


def numbers_in(text: str, most: int) -> tuple[float, ...]:
    """The numbers of a pasted column or row, at most `most`; () for nothing.

    Cells end at tabs, line ends, semicolons and bars, in one line of plain numbers at blanks too. Thousands may be
    parted by commas, blanks or apostrophes; decimals have a point. NotNumbers for anything else.
    """
    if len(text) > LONGEST_TEXT:
        raise NotNumbers(f"{len(text):,} characters were pasted; {most} numbers are the limit, so paste them alone")
    cells = [cell.strip() for cell in _BREAKS.split(text) if cell.strip()]
    found: list[float] = []
    for cell in cells:
        words = [cell] if len(cells) > 1 and _GROUPED.fullmatch(cell) else cell.split()
        found += [_number(word, len(found) + at, cell) for at, word in enumerate(words, 1)]
    if len(found) > most:
        raise NotNumbers(f"{len(found)} numbers were pasted, {most} are the limit; leave out the later ones")
    return tuple(found)


def _number(word: str, place: int, cell: str) -> float:
    if _GROUPED.fullmatch(word):
        return float(re.sub(rf"[,{_SPACES}]", "", word).replace("\u2212", "-"))
    if _NUMBER.fullmatch(word):
        return float(word.replace("\u2212", "-"))
    said = numbers.shortened(cell, 40)
    if re.fullmatch(r"[\d.,\s]+", word):
        way_out = "write decimals with a point, and part the numbers by tabs or line ends"
    elif place == 1:
        way_out = "leave the header out and paste the numbers alone"
    else:
        way_out = "paste the numbers alone"
    raise NotNumbers(f"“{said}” in place {place} is not a number; {way_out}")


def column(held: Sequence[float] | None) -> str:
    """Numbers as one column of text, to be edited."""
    return "\n".join(f"{number:.12g}" for number in held or ())


def forecast(held: Sequence[float] | None, horizon: int) -> str:
    """How far a forecast by month reaches, its first and last value, and what follows them."""
    if not held:
        return "None: volume, growth and season count."
    first, last = numbers.count(held[0]), numbers.count(held[min(len(held), horizon) - 1])
    if len(held) == 1:
        return f"1 of {horizon} months: {first}, which goes on to month {horizon}."
    if len(held) < horizon:
        return f"{len(held)} of {horizon} months: {first} first, {last} in month {len(held)} and in all that follow."
    over = f" {len(held) - horizon} more lie beyond the horizon." if len(held) > horizon else ""
    return f"{horizon} of {horizon} months: {first} first, {last} last.{over}"


def season(held: Sequence[float] | None) -> str:
    """The highest and the lowest month of a season, and what the twelve factors average."""
    if not held:
        return "None: every month is an average one."
    high, low = max(held), min(held)
    if high == low:
        return f"12 of 12 factors, all {_factor(high)}."
    named = f"highest {_factor(high)} in {_month(held, high)}, lowest {_factor(low)} in {_month(held, low)}"
    mean = sum(held) / len(held)
    average = "" if abs(mean - 1) < 0.005 else f" They average {_factor(mean)}, so a year holds {_more(mean)}."
    return f"12 of 12 factors: {named}.{average}"


def _month(held: Sequence[float], factor: float) -> str:
    return calendar.month_name[list(held).index(factor) + 1]


def _factor(factor: float) -> str:
    return f"{factor:.3g}"


def _more(mean: float) -> str:
    return f"{numbers.percent(abs(mean - 1))} {'more' if mean > 1 else 'less'} than twelve average months"
