"""How a price moves between two books, and which slip of a unit would explain a large move."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pricing.book import PriceBook
from pricing.price import FACTS, Price
from pricing.replacing import own_source
from pricing.units import METERS, meter

SUSPICIOUS: Final = 10.0
"""A number that grows or shrinks by more than this factor is asked about."""

_NEAR: Final = 3.0
"""A slip explains a move when it leaves less than this factor unexplained."""

_QUANTITIES: Final = ("minimum_usd", "included_quantity")
_OTHER_WORDS: Final[dict[str, tuple[tuple[float, str], ...]]] = {
    "hour": ((60, "minute"), (3600, "second"), (1 / 24, "day"), (1 / 730, "month"), (1 / 8760, "year")),
    "GPU-hour": ((60, "minute"), (3600, "second"), (1 / 24, "day"), (1 / 730, "month"), (1 / 8760, "year")),
    "month": ((730, "hour"), (30, "day"), (1 / 12, "year")),
    "GB-month": ((730, "GB-hour"), (30, "GB-day"), (1 / 12, "GB-year"), (1 / 1000, "TB-month")),
    "GB": ((1 / 1000, "TB"), (1000, "MB")),
}
"""Units in which nothing is sold here but which people write by mistake: how many go into one base quantity."""


@dataclass(frozen=True)
class Moved:
    """One column of a price before and after; `ratio` is new / old where both are numbers above 0."""

    column: str
    old: Any
    new: Any
    ratio: float | None = None


@dataclass(frozen=True)
class Change:
    """A row of an import against the row that it stands in for (None when the book has no such price).

    `ratio` = new / old price per base quantity (inf after a free one); `replaced` counts the dated rows of the price
    that fall away besides `old`, because a row without a date holds for every month.
    """

    old: Price | None
    new: Price
    ratio: float | None
    moved: tuple[Moved, ...]
    replaced: int = 0


@dataclass(frozen=True)
class Suspicion:
    """A move of more than tenfold, with the slip that would explain it as a question.

    `old` and `new` are the numbers of the column as they stand in the rows; `ratio` compares what they mean, and is
    nan where the kind of unit changes.
    """

    line: int
    price_id: str
    column: str
    old: float
    new: float
    ratio: float
    words: str


def price_ratio(old: Price, new: Price) -> float | None:
    """New / old price per base quantity; inf after a free one, 1 if both are free, None for different kinds of unit."""
    return _ratio(old.usd_per_base, new.usd_per_base) if old.base == new.base else None


def _ratio(old: float, new: float) -> float:
    if old == 0:
        return 1.0 if new == 0 else math.inf
    return _significant(new / old)


class Listed:
    """The prices of some plans of a book, by price id, and the facts of the plans."""

    def __init__(self, book: PriceBook, refs: Iterable[str]) -> None:
        self._rows: dict[str, list[Price]] = {}
        self._facts: dict[str, tuple[Any, ...]] = {}
        self._billed: dict[str, Any] = {}
        for ref in set(refs):
            plan = book.plan(ref)
            if plan is not None:
                self._facts[ref] = tuple(plan.fact(name) for name in FACTS)
                for row in plan.rows:
                    self._rows.setdefault(row.price_id, []).append(row)

    def rows(self, price_id: str) -> Sequence[Price]:
        """All dates of one price, in the order of the book."""
        return self._rows.get(price_id, ())

    def facts(self, ref: str) -> tuple[Any, ...]:
        """The plan's facts in the order of FACTS; None where it states none."""
        return self._facts.get(ref, (None,) * len(FACTS))

    def billed(self, price_id: str) -> Any:
        """What all dates of one price bill, for comparing."""
        if price_id not in self._billed:
            self._billed[price_id] = {
                each.effective_from: (_significant(each.usd_per_base), each.base, each.effective_to, *_quantities(each))
                for each in self.rows(price_id)
            }
        return self._billed[price_id]


def unmoved(row: Price, before: Listed, after: Listed) -> bool:
    """Whether the price of a row bills the same on both sides: amounts, minimum, dates and facts of its plan.

    A typed-in price for which the row has another source, date or confidence moves too.
    """
    alike = before.billed(row.price_id) == after.billed(row.price_id)
    same = alike and before.facts(row.ref) == after.facts(row.ref)
    return same and not any(_evidence(old, row) for old in before.rows(row.price_id) if old.key == row.key)


def _evidence(old: Price, new: Price) -> tuple[Moved, ...]:
    """What a row that has a source or date says differently of a typed-in price with the same key."""
    if old.origin != "edit" or not (own_source(new) or new.as_of):
        return ()
    pairs = (
        ("source", own_source(old), own_source(new)),
        ("as_of", old.as_of, new.as_of),
        ("confidence", old.confidence, new.confidence),
    )
    return tuple(Moved(column, was, now) for column, was, now in pairs if was != now)


def _significant(number: float) -> float:
    """A number without the last digits that a change of unit leaves behind."""
    return float(f"{number:.12g}")


def _quantities(row: Price) -> tuple[float, float]:
    """Minimum [USD] and included quantity [base quantity]; 0 for none."""
    included = (row.included_quantity or 0.0) * meter(row.meter).per_unit(row.unit)
    return row.minimum_usd or 0.0, _significant(included)


def compared(row: Price, before: Listed, after: Listed, on: date | None = None) -> Change:
    """A given row as it stands in `after`, against what it stands in for in `before`."""
    schedule, earlier = after.rows(row.price_id), before.rows(row.price_id)
    new = next(each for each in schedule if each.effective_from == row.effective_from)
    old = stands_in_for(new, earlier, on)
    if old is None:
        return Change(None, new, None, ())
    still = {each.effective_from for each in schedule}
    gone = [each for each in earlier if each is not old and each.effective_from not in still]
    return Change(old, new, price_ratio(old, new), _moved(old, new, before, after), len(gone))


def stands_in_for(row: Price, rows: Sequence[Price], on: date | None = None) -> Price | None:
    """The row of the same price that `row` replaces or follows; None when there is none.

    For a row without a date, the one in force `on` that day, if it is given. Else the one with the same date; else
    the one in force on its first day; else the last one that started before; else the first one.
    """
    by_start = sorted(rows, key=lambda other: other.effective_from or date.min)
    day = row.effective_from or on or date.max
    started = [other for other in by_start if (other.effective_from or date.min) <= day]
    in_force = [other for other in started if other.in_force(day)]
    same = [other for other in by_start if other.effective_from == row.effective_from]
    by_day = row.effective_from is None and on is not None
    found = ((in_force or same) if by_day else (same or in_force)) or started or by_start[:1]
    return found[-1] if found else None


def _moved(old: Price, new: Price, before: Listed, after: Listed) -> tuple[Moved, ...]:
    found = []
    if _significant(old.usd_per_base) != _significant(new.usd_per_base) or old.base != new.base:
        found.append(Moved("price_usd", old.price_usd, new.price_usd, price_ratio(old, new)))
    for name, was, now in zip(_QUANTITIES, _quantities(old), _quantities(new), strict=True):
        if was != now:
            ratio = _ratio(was, now) if was and now else None
            found.append(Moved(name, getattr(old, name), getattr(new, name), ratio))
    if old.effective_to != new.effective_to:
        found.append(Moved("effective_to", old.effective_to, new.effective_to))
    if old.key == new.key:
        found += _evidence(old, new)
    for name, was, now in zip(FACTS, before.facts(old.ref), after.facts(new.ref), strict=True):
        if was != now and getattr(new, name) == now:
            numbers = isinstance(was, float) and isinstance(now, float)
            found.append(Moved(name, was, now, _ratio(was, now) if numbers else None))
    return tuple(found)


# Slips


def suspicions(change: Change) -> tuple[Suspicion, ...]:
    """What of a change moves more than tenfold, or is sold by another kind of unit."""
    found = []
    old, new = change.old, change.new
    for each in change.moved:
        if old is not None and each.column == "price_usd" and each.ratio is None:
            ratio, words = math.nan, f"sold per {new.unit} and no longer per {old.unit}: is that so?"
        elif each.ratio is None or 1 / SUSPICIOUS <= each.ratio <= SUSPICIOUS:
            continue
        else:
            price = each.column == "price_usd"
            ratio, words = each.ratio, _slip(each.ratio, new) if price else f"{_times(each.ratio)}: is that so?"
        found.append(
            Suspicion(new.line or 0, new.price_id, each.column, float(each.old), float(each.new), ratio, words)
        )
    return tuple(found)


def _times(ratio: float) -> str:
    many = ratio if ratio >= 1 else 1 / ratio
    text = f"{many:,.0f}" if many >= 100 else f"{many:.3g}"
    return f"{text} times" if ratio >= 1 else f"one part in {text}"


def _slip(ratio: float, row: Price) -> str:
    """The likely slip of a price that moved by `ratio`, as a question."""
    if ratio == 0:
        return "free from now on: is that so?"
    if math.isinf(ratio):
        return "it was free before: is that over?"
    known = METERS[row.meter].units
    here = known[row.unit][1]
    slips = [
        (size / here, f"is the price per {unit} and not per {row.unit}?")
        for unit, (base, size) in known.items()
        if base == row.base and unit != row.unit
    ]
    slips += [
        (1 / (many * here), f"is the price per {unit} and not per {row.unit}?")
        for many, unit in _OTHER_WORDS.get(row.base, ())
    ]
    slips.append((100.0, "is the price in cents and not in USD?"))
    distance, words = min((abs(math.log(ratio) - math.log(factor)), words) for factor, words in slips)
    if distance > math.log(_NEAR):
        words = f"is the decimal point in its place, and is it per {row.unit}?"
    return f"{_times(ratio)}: {words}"
