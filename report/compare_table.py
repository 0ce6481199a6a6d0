"""What differs between two scenarios, as rows: an assumption in words, its value on either side with its unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from costmodel.comparison import Comparison, PriceDiffers
from costmodel.fields import FieldFacts
from costmodel.scenario import FIELDS, ExtraCost, Range
from pricing.book import FACTS, Price
from report import extra_text, field_text
from report.chart_data import Data
from report.field_text import capital
from report.numbers import MINUS, day, shortened
from report.palette import ARCHITECTURES
from report.sentence import field_words

MOST_ROWS = 12
"""Rows that stand on the page at once; the others open on demand."""
_ALL_AT_ONCE = 6
_UNITS = {"share": "", "share/month": " a month", "share/year": " a year"}


@dataclass(frozen=True)
class Row:
    """One assumption that differs: its name, and its value in A and in B, each with its unit."""

    words: str
    a: str
    b: str


def rows(found: Comparison) -> list[Row]:
    """Every assumption that differs, in the order of the form; prices in use before the others."""
    differs = found.differs
    made = [
        *(_field(path, *values) for path, values in differs.fields.items()),
        *(
            Row(f"Discount at {shortened(provider)}", _share(a), _share(b))
            for provider, (a, b) in differs.discounts.items()
        ),
        *(_extra(a, b) for a, b in differs.extras),
        *(_price(each, found) for each in differs.prices),
        *(_range(path, a, b) for path, (a, b) in differs.ranges.items()),
        *(
            Row(f"Correlation of {_of(x)} and {_of(y)}", _number(a), _number(b))
            for (x, y), (a, b) in differs.correlations.items()
        ),
    ]
    return made


def _number(number: float) -> str:
    return f"{float(f'{number:.10g}'):,.10g}".replace("-", MINUS)


def _share(share: float) -> str:
    return f"{_number(share * 100)}%" if share else "none"


def _of(path: str) -> str:
    return field_words(path).replace("_", " ")


# Fields


def _field(path: str, a: object, b: object) -> Row:
    facts = FIELDS[path]
    words = capital(field_words(path))
    if facts.group == "requirements":
        words = f"Required: {field_words(path)}"
    one, two = _value(facts, a), _value(facts, b)
    if isinstance(a, tuple) and isinstance(b, tuple) and _numbers(a) and _numbers(b):
        one, two = _first_difference(facts, a, b)
    elif one == two:  # ten digits are not enough to tell them apart
        one, two = (f"{each!r}{_unit(facts, each)}" for each in (a, b))
    return Row(words, one, two)


def _value(facts: FieldFacts, held: object) -> str:
    if isinstance(held, tuple) and held and _numbers(held):
        return _series(facts, held)
    if facts.kind == "text" and facts.path == "finance.start_month" and held:
        return day(str(held))
    if isinstance(held, str) and held not in field_text.WORDS and facts.kind == "choice":
        return capital(held.replace("_", " "))
    return field_text.value(facts, held) + _unit(facts, held)


def _unit(facts: FieldFacts, held: object) -> str:
    """The unit behind a value, wherever the value does not say it: " tokens", " a month", " USD per hour"."""
    if held is None or not isinstance(held, int | float) or isinstance(held, bool) or not facts.unit:
        return ""
    if facts.unit in _UNITS:
        return _UNITS[facts.unit]
    if facts.unit == "month":
        return ""  # a month of the calendar, by its number
    unit = field_text.UNITS.get(facts.unit, facts.unit.replace("/", " per "))
    if unit.lower() in facts.label.lower():
        return ""
    first, _, rest = unit.partition(" ")
    one = first.removesuffix("s") if held == 1 and first not in ("USD", "ms") else first
    return f" {one}{f' {rest}' if rest else ''}"


def _numbers(held: Sequence[object]) -> bool:
    return all(isinstance(each, int | float) for each in held)


def _series(facts: FieldFacts, held: tuple[object, ...]) -> str:
    """A season or a forecast: all of it while it is short, else its beginning, end and length."""
    values = [_number(float(str(each))) for each in held]
    if facts.path == "workload.seasonality" or len(values) <= _ALL_AT_ONCE:
        return ", ".join(values) + _series_unit(facts)
    return f"{values[0]} in month 1 to {values[-1]} in month {len(values)}{_series_unit(facts)}"


def _series_unit(facts: FieldFacts) -> str:
    return " queries a month" if facts.path == "workload.queries_by_month" else ""


def _first_difference(facts: FieldFacts, a: tuple[object, ...], b: tuple[object, ...]) -> tuple[str, str]:
    """Two series; where they read the same, the first month that is not is named."""
    one, two = _series(facts, a), _series(facts, b)
    if one != two:
        return one, two
    place = next(number for number, pair in enumerate(zip(a, b, strict=True)) if pair[0] != pair[1])
    return tuple(f"{_number(float(str(each[place])))} in month {place + 1}{_series_unit(facts)}" for each in (a, b))  # type: ignore[return-value]


# Prices


def _price(each: PriceDiffers, found: Comparison) -> Row:
    a, b = _schedule(each.a, found.a.inputs.dates[0]), _schedule(each.b, found.b.inputs.dates[0])
    if a == b:
        a, b = (f"{words}; {_terms(rows_)}" for words, rows_ in ((a, each.a), (b, each.b)))
    return Row(f"Price of {shortened(each.price_id.replace('_', ' '), 80)}", a, b)


def _schedule(rows_: Sequence[Price], build: object) -> str:
    """The price in force in the build month, and those that follow."""
    if not rows_:
        return "not in the price book"
    after = [row for row in rows_ if row.effective_from is not None and str(row.effective_from) > str(build)]
    before = [row for row in rows_ if row not in after]
    now = f"{_number(before[-1].price_usd)} USD" if before else "none"
    later = [f"{_number(row.price_usd)} USD from {day(row.effective_from)}" for row in after]
    return ", ".join([f"{now}", *later]) + f" per {rows_[-1].unit}"


def _terms(rows_: Sequence[Price]) -> str:
    """What else than the price is billed by, where only that differs."""
    last = rows_[-1]
    minimum = [f"minimum {_number(last.minimum_usd)} USD"] if last.minimum_usd is not None else []
    names = ("included_quantity", "effective_from", "effective_to", *FACTS)
    others = [(name.replace("_", " "), getattr(last, name)) for name in names]
    said = [f"{name} {_number(held) if isinstance(held, float) else held}" for name, held in others if held is not None]
    return ", ".join([*minimum, *said]) or "no other terms"


# Costs typed in, ranges


def _extra(a: ExtraCost | None, b: ExtraCost | None) -> Row:
    named = next(each for each in (a, b) if each is not None).component
    one, two = _extra_words(a), _extra_words(b)
    if one == two and a is not None and b is not None:
        one, two = (f"{words}, {extra_text.PHASES[each.phase].lower()}" for words, each in ((one, a), (two, b)))
    return Row(f"Extra cost: {shortened(named.replace('_', ' '), 40)}", one, two)


def _extra_words(extra: ExtraCost | None) -> str:
    return "none" if extra is None else extra_text.line(extra).removeprefix(f"{extra.component.replace('_', ' ')}: ")


def _range(path: str, a: Range | None, b: Range | None) -> Row:
    return Row(f"Range of {_of(path)}", _range_words(path, a), _range_words(path, b))


def _range_words(path: str, held: Range | None) -> str:
    if held is None:
        return "none"
    facts = FIELDS.get(path)
    percent = facts is not None and field_text.is_percent(facts)
    low, likely, high = (
        f"{_number(number * 100)}%" if percent else _number(number) for number in (held.low, held.likely, held.high)
    )
    return f"{low} to {high}, likely {likely}, {held.distribution}"


# Files


def as_data(found: Comparison) -> Data:
    """All rows as a table."""
    table = pd.DataFrame([(row.words, row.a, row.b) for row in rows(found)], columns=["Assumption", "A", "B"])
    return Data(table, "Assumptions that differ", "differing-assumptions")


def curves_data(found: Comparison) -> Data:
    """Month (0: the build) and the cumulative cost of each architecture on either side, as far as each goes."""
    finance = found.a.scenario.finance
    unit = f"{finance.currency}, present value" if found.present else finance.currency
    months = list(range(found.last_month + 1))
    columns: dict[str, object] = {"Month": months}
    for side, run in (("A", found.a), ("B", found.b)):
        columns[f"Calendar {side}"] = [
            f"{run.inputs.dates[month]:%Y-%m}" if month <= run.horizon else "" for month in months
        ]
    for key in found.either:
        for side, run in (("A", found.a), ("B", found.b)):
            curve = found.curves(run).get(key)
            if curve is not None:
                usd = [float(each) / finance.usd_per_currency_unit for each in curve]
                columns[f"{ARCHITECTURES[key].name} {side} [{unit}]"] = usd + [None] * (len(months) - len(usd))
    return Data(pd.DataFrame(columns), "Cumulative cost, A and B", "compared")
