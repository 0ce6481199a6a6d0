"""The words of the ranges: names, units and values of uncertain numbers, where a range comes from, what is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from costmodel.fields import value_at
from costmodel.ranges import HALF, Suggested, about, empty_fields
from costmodel.results import Run
from costmodel.scenario import FIELDS, Range
from costmodel.sensitivity import now_of
from report.driver_words import words_of
from report.field_text import is_percent, unit
from report.lever_text import label_of
from report.numbers import MINUS, listed, percent, shortened
from report.prices_text import price_words
from report.sentence import field_words

DISTRIBUTIONS = {
    "pert": "PERT",
    "triangular": "Triangular",
    "uniform": "Uniform",
    "lognormal": "Lognormal",
}
DISTRIBUTION_HELP = (
    "PERT leans towards the likely value; triangular reaches its ends more often; uniform knows only the ends; of a "
    "lognormal, 1 of 20 draws lies below low and 1 of 20 above high."
)
NARROW = 0.2
"""How far a number may be off that is known fairly well [share of its value]."""
PRESETS = {
    "suggested": "Published ranges, and guesses \N{PLUS-MINUS SIGN}50%",
    "half": "I don't know: \N{PLUS-MINUS SIGN}50% on each",
    "narrow": "Roughly known: \N{PLUS-MINUS SIGN}20% on each",
    "none": "None of my own",
}
YOURS = "yours"
ADOPT = "Edit these ranges"
ADOPT_HELP = "Puts the suggested ranges into your scenario, where you can change them; Undo takes them out."
MOVE_HELP = "Keeps how far each range reaches and puts its likely value where the scenario stands."
ADD = "Add an assumption or a price"
START = "Start from"
NO_SUCH_CELL = "The table of ranges received a cell that it does not have; nothing of it is applied, type it again"
EMPTY = "empty in the scenario: give it a value there, or remove this line"


def label(run: Run, path: str) -> str:
    """An uncertain number by name, whose it is among it."""
    if path.startswith("price:"):
        row = [row for row in run.book.rows if f"price:{row.price_id}" == path][-1]
        return f"Price: {price_words(row)}"
    return label_of(FIELDS[path])


def noun(path: str) -> str:
    """An uncertain number inside a sentence."""
    if path.startswith("price:"):
        ref, _, meter = path.removeprefix("price:").rpartition(":")
        return f"the {meter.replace('_', ' ')} price of {ref.partition('/')[2]}"
    return field_words(path)


def unit_of(run: Run, path: str) -> str:
    """What the numbers of a range count."""
    if path.startswith("price:"):
        return f"USD {words_of(run, path).unit}"
    facts = FIELDS[path]
    return "percent" if is_percent(facts) else unit(facts) or facts.unit.replace("/", " per ")


def scale(path: str) -> float:
    """What a number is multiplied by where it is read and written: 100 for percent."""
    return 100.0 if path in FIELDS and is_percent(FIELDS[path]) else 1.0


def shown(path: str, value: float) -> float:
    """A value as it is read and written."""
    return float(f"{value * scale(path):.12g}")


def held(path: str, entered: float) -> float:
    """An entered value as the scenario holds it."""
    return float(f"{entered / scale(path):.12g}")


def now(run: Run, path: str) -> float:
    """What an uncertain number is in the scenario."""
    return now_of(run.scenario, run.book, path)


@dataclass(frozen=True)
class RangeRow:
    """A range as a line of the table."""

    path: str
    label: str
    unit: str
    spread: Range
    source: str


def rows(run: Run, ranges: Mapping[str, Range], known: Mapping[str, Suggested]) -> list[RangeRow]:
    """The ranges as lines, in the order of the scenario's fields, prices last."""
    order = {path: number for number, path in enumerate(FIELDS)}
    paths = sorted(ranges, key=lambda path: (order.get(path, len(order)), path))
    return [
        RangeRow(path, label(run, path), unit_of(run, path), ranges[path], source(run, path, ranges[path], known))
        for path in paths
    ]


def source(run: Run, path: str, spread: Range, known: Mapping[str, Suggested]) -> str:
    """Where a range comes from, and that its likely value is not what the scenario says, where it is not."""
    if path in empty_fields(run.scenario):
        return EMPTY
    likely, value = spread.likely, now(run, path)
    away = "" if _same(likely, value) else f"; the scenario says {_value(run, path, value)}"
    suggestion = known.get(path)
    if suggestion is not None and suggestion.spread == spread:
        return suggestion.why
    for share in (HALF, NARROW):
        if _limits(about(run.scenario, path, share, likely)) == _limits(spread):
            return f"\N{PLUS-MINUS SIGN}{percent(share)} of the likely value{away}"
    return f"{YOURS}{away}"


def _limits(spread: Range) -> tuple[float, float]:
    return float(f"{spread.low:.9g}"), float(f"{spread.high:.9g}")


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def _value(run: Run, path: str, value: float) -> str:
    return words_of(run, path).of(value)


def astray(run: Run, ranges: Mapping[str, Range]) -> list[str]:
    """Numbers whose likely value is not what the scenario says; of an empty field it says nothing."""
    empty = set(empty_fields(run.scenario))
    return [path for path, spread in ranges.items() if path not in empty and not _same(spread.likely, now(run, path))]


def astray_words(run: Run, paths: list[str]) -> str:
    """What it means that ranges do not follow the scenario."""
    if not paths:
        return ""
    named = listed([noun(path) for path in paths[:3]] + ([f"{len(paths) - 3} more"] if len(paths) > 3 else []))
    stay, they = ("stays", "its range") if len(paths) == 1 else ("stay", "their ranges")
    return f"Draws of {named} {stay} about the likely value of {they}, not about what the scenario says."


def move_button(many: int) -> str:
    """The button that moves ranges to where the scenario stands."""
    return "Move it to the scenario's value" if many == 1 else f"Move {many} to the scenario's values"


def caption(vary: int, of: int, own: bool, correlated: int) -> str:
    """How many assumptions vary, and whose ranges they are."""
    said = f"{vary} of {of} assumptions vary; the rest are held at their value"
    if not own and vary:
        said += ". You set no range: these are suggested, published ones and ±50% of what is a guess"
    if correlated:
        said += f". {correlated} rank correlation{'' if correlated == 1 else 's'}, below the table"
    return said


def correlation(a: str, b: str, rank: float) -> str:
    """One rank correlation in words."""
    return f"{noun(a)} with {noun(b)}: {f'{rank:+.2g}'.replace('-', MINUS)}"


CORRELATIONS_HELP = "Rank correlations come with a scenario file and are edited there."


# What is refused


def entered(row: RangeRow, cells: Mapping[str, Any]) -> Range:
    """The range that a line's cells amount to; ValueError says what is wrong, with place, value, limit and way out."""
    values = {name: cells.get(head, None) for name, head in (("low", "Low"), ("likely", "Likely"), ("high", "High"))}
    numbers = {}
    for name, head in (("low", "Low"), ("likely", "Likely"), ("high", "High")):
        stands = getattr(row.spread, name)
        if head not in cells:
            numbers[name] = stands
            continue
        value = values[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            given = "empty" if value is None else shortened(str(value), 40)
            raise ValueError(f"{row.label}, {head}: {given} is not a number; type {_allowed(row)}")
        numbers[name] = held(row.path, float(value))
    kind = cells.get("Distribution", DISTRIBUTIONS[row.spread.distribution])
    by_word = {words: key for key, words in DISTRIBUTIONS.items()}
    if kind not in by_word:
        known = listed(list(by_word))
        raise ValueError(f"{row.label}, Distribution: {shortened(str(kind), 40)} is not one; choose {known}")
    return _checked(row, numbers, by_word[kind])


def _checked(row: RangeRow, numbers: Mapping[str, float], kind: str) -> Range:
    low, likely, high = (numbers[name] for name in ("low", "likely", "high"))
    said = [f"{shown(row.path, each):,.12g}" for each in (low, likely, high)]
    if not low <= likely <= high:
        raise ValueError(
            f"{row.label}: low {said[0]}, likely {said[1]}, high {said[2]} must not fall; raise the later ones"
        )
    least, most = _bounds(row.path)
    if low < least or high > most:
        raise ValueError(f"{row.label}: {said[0]} to {said[2]} leaves its limits; type {_allowed(row)}")
    if kind == "lognormal" and low <= 0 and low != high:
        raise ValueError(f"{row.label}: a lognormal range begins above 0, not at {said[0]}; raise low, or choose PERT")
    return Range.model_validate({"low": low, "likely": likely, "high": high, "distribution": kind})


def _bounds(path: str) -> tuple[float, float]:
    if path not in FIELDS:
        return 0.0, 1e9
    field = FIELDS[path]
    return field.low or 0.0, math.inf if field.high is None else field.high


def _allowed(row: RangeRow) -> str:
    least, most = _bounds(row.path)
    return f"{shown(row.path, least):,.12g} to {shown(row.path, most):,.12g} {row.unit}".rstrip()


def addable(run: Run) -> list[str]:
    """Numbers that can be given a range: fields with a value, those that shape a bill first, and prices in use."""
    shaping = {path for answer in run.answers.values() for line in answer.bill.counted for path in line.fields}
    fields = [path for path, facts in FIELDS.items() if facts.numeric and value_at(run.scenario, path) is not None]
    prices = list(dict.fromkeys(f"price:{row.price_id}" for row in run.rows_in_use if row.price_usd > 0))
    first = [path for path in fields if path in shaping]
    every = [*first, *prices, *(path for path in fields if path not in shaping)]
    return [path for path in every if path not in run.scenario.uncertainty]


def not_addable(run: Run) -> str:
    """Why some numbers are not in the list of those that can be added: empty fields; nothing when there is none."""
    empty = [option(run, path) for path in empty_fields(run.scenario)]
    if not empty:
        return ""
    such = f", such as {listed(empty[:2])}," if len(empty) > 2 else f" ({listed(empty)})"
    return f"Fields that are empty{such} are not in the list: a range needs a value to be about. Give them one first."


def option(run: Run, path: str) -> str:
    """A number in the list of those that can be added."""
    return words_of(run, path).option


def of_all() -> int:
    """How many numbers a scenario holds."""
    return sum(facts.numeric for facts in FIELDS.values())
