"""The price book: plans of dated rows, the price in force on a date, and books with other prices put in."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pricing.contradictions import refuse_two_facts, refuse_two_minimums
from pricing.price import (
    FACTS,
    DuplicatePrice,
    Price,
    PriceEdit,
    PriceError,
    PriceKey,
    parse_price_id,
    parse_reference,
)
from pricing.replacing import edited, merged
from pricing.units import GRADUATED_METERS, drift_group, meter

__all__ = [
    "FACTS",
    "DuplicatePrice",
    "MeterPrices",
    "Plan",
    "Price",
    "PriceBook",
    "PriceEdit",
    "PriceError",
    "parse_price_id",
    "parse_reference",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MeterPrices:
    """The prices of one meter of one plan in each month of a list of dates; missing is nan, never 0.

    `tier_from` ascends: base quantities a month for storage, dimensions, reads, writes and nodes; input tokens
    of one request for token meters; GB or vectors of the index for `queried`; searches a month for `flat`. `usd`
    holds one array (months,) per tier, USD per base quantity. `included` (base quantity) and `minimum_usd` (of one
    training job) are 0 when not given.
    """

    ref: str
    meter: str
    base: str
    drift_group: str
    provider: str
    tier_from: tuple[float, ...]
    usd: tuple[Array, ...]
    included: Array
    minimum_usd: Array
    price_ids: tuple[str, ...]
    rows: tuple[Price, ...]

    @cached_property
    def known(self) -> bool:
        """Whether there is a price of every tier in every month."""
        return not any(np.isnan(usd).any() for usd in self.usd)

    @cached_property
    def linear(self) -> bool:
        """Whether it costs quantity x price: one tier from the first, nothing included, no minimum."""
        return self.tier_from == (0.0,) and not self.included.any() and not self.minimum_usd.any()


@dataclass(frozen=True, eq=False)
class Plan:
    """All rows of one provider and item."""

    ref: str
    provider: str
    item: str
    rows: tuple[Price, ...]
    _cache: dict[tuple[str, tuple[date, ...]], MeterPrices | None] = field(default_factory=dict, repr=False)
    _minimums: dict[tuple[date, ...], Array] = field(default_factory=dict, repr=False)
    _facts: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def meters(self) -> tuple[str, ...]:
        """Meters the plan has a row of, in the order of its rows."""
        return tuple(dict.fromkeys(row.meter for row in self.rows))

    @cached_property
    def digest(self) -> str:
        """Hash of all rows, their dates and their sources."""
        text = "\n".join(repr([value for name, value in row if name != "line"]) for row in self.rows)
        return hashlib.sha256(text.encode()).hexdigest()

    def fact(self, name: str) -> Any:
        """First value of a fact over the plan's rows, None when no row has it. Raises KeyError."""
        if name not in FACTS:
            raise KeyError(f"{name!r} is not a fact of a plan; use one of {', '.join(FACTS)}")
        if name not in self._facts:
            self._facts[name] = next((value for row in self.rows if (value := getattr(row, name)) is not None), None)
        return self._facts[name]

    def prices(self, meter: str, dates: Sequence[date]) -> MeterPrices | None:
        """Prices of a meter on each date; None when the plan has no row of it."""
        key = (meter, tuple(dates))
        if key not in self._cache:
            self._cache[key] = self._look_up(meter, key[1])
        return self._cache[key]

    def minimum_usd(self, dates: Sequence[date]) -> Array:
        """Monthly minimum [USD], shape (months,): the largest in force, training rows aside; 0 if none."""
        key = tuple(dates)
        if key not in self._minimums:
            stated = {row.price_id for row in self.rows if row.minimum_usd and row.meter != "training"}
            tiers = _tiers([row for row in self.rows if row.price_id in stated])
            self._minimums[key] = _largest([_in_force(tier, key) for tier in tiers], "minimum_usd", len(key))
        return self._minimums[key]

    def _look_up(self, name: str, dates: tuple[date, ...]) -> MeterPrices | None:
        rows = [row for row in self.rows if row.meter == name]
        if not rows:
            return None
        tiers = _tiers(rows)
        in_force = [_in_force(tier, dates) for tier in tiers]
        unit = rows[0].unit
        return MeterPrices(
            ref=self.ref,
            meter=name,
            base=rows[0].base,
            drift_group=drift_group(name, unit),
            provider=self.provider,
            tier_from=tuple(_threshold(tier[0]) for tier in tiers),
            usd=tuple(_frozen([row.usd_per_base if row else np.nan for row in months]) for months in in_force),
            included=_largest(in_force, "included_quantity", len(dates)),
            minimum_usd=_largest(in_force if name == "training" else [], "minimum_usd", len(dates)),
            price_ids=tuple(tier[0].price_id for tier in tiers),
            rows=tuple(dict.fromkeys(row for months in in_force for row in months if row is not None)),
        )


def _tiers(rows: Sequence[Price]) -> list[list[Price]]:
    by_tier: dict[tuple[str, float], list[Price]] = {}
    for row in rows:
        by_tier.setdefault((row.meter, row.tier_from), []).append(row)
    return sorted(by_tier.values(), key=lambda tier: _threshold(tier[0]))


def _in_force(rows: Sequence[Price], dates: tuple[date, ...]) -> list[Price | None]:
    """The row in force on each date; of several the one with the latest effective_from."""
    latest_first = sorted(rows, key=lambda row: row.effective_from or date.min, reverse=True)
    return [next((row for row in latest_first if row.in_force(day)), None) for day in dates]


def _threshold(row: Price) -> float:
    """tier_from in base quantities for graduated meters, unchanged for the others."""
    if row.meter in GRADUATED_METERS:
        return row.tier_from * meter(row.meter).per_unit(row.unit)
    return row.tier_from


def _largest(tiers: Sequence[Sequence[Price | None]], name: str, months: int) -> Array:
    """Largest value of a column over the tiers in force, by month; included quantities in base quantities."""
    values = [0.0] * months
    for rows in tiers:
        for month, row in enumerate(rows):
            if row is not None and (value := getattr(row, name)):
                scale = meter(row.meter).per_unit(row.unit) if name == "included_quantity" else 1.0
                values[month] = max(values[month], value * scale)
    return _frozen(values)


def _frozen(values: Sequence[float]) -> Array:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


class PriceBook:
    """All plans, frozen. Two books are equal when their ids are.

    Raises DuplicatePrice, Contradiction or PriceError.
    """

    def __init__(self, rows: Iterable[Price] = ()) -> None:
        by_ref: dict[str, list[Price]] = {}
        for row in rows:
            by_ref.setdefault(row.ref, []).append(row)
        self._plans = {ref: _checked_plan(ref, plan_rows) for ref, plan_rows in by_ref.items()}
        for ref, plan_rows in by_ref.items():
            refuse_two_facts(ref, plan_rows)

    @cached_property
    def rows(self) -> tuple[Price, ...]:
        """Every row, plan by plan."""
        return tuple(row for plan in self._plans.values() for row in plan.rows)

    @cached_property
    def id(self) -> str:
        """Short hash of every row, its source and the release it came from."""
        parts = "\n".join(f"{ref} {plan.digest}" for ref, plan in sorted(self._plans.items()))
        return hashlib.sha256(parts.encode()).hexdigest()[:12]

    def __eq__(self, other: object) -> bool:
        return self.id == other.id if isinstance(other, PriceBook) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"PriceBook({len(self._plans)} plans, id {self.id})"

    def plan(self, ref: str) -> Plan | None:
        """The plan of a `provider/item` reference, None when the book has none."""
        return self._plans.get(ref)

    def refs(self, *meters: str) -> tuple[str, ...]:
        """Sorted references of the plans that have a row of all the meters (of all plans without any)."""
        wanted = [self._by_meter.get(name, frozenset()) for name in meters]
        return tuple(sorted(frozenset(self._plans).intersection(*wanted)))

    @cached_property
    def _by_meter(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for ref, plan in self._plans.items():
            for name in plan.meters:
                found.setdefault(name, set()).add(ref)
        return {name: frozenset(refs) for name, refs in found.items()}

    def suggest(self, ref: str, n: int = 3) -> tuple[str, ...]:
        """Up to `n` references that look like `ref`, best first; upper and lower case do not matter."""
        by_lower = {known.lower(): known for known in sorted(self._plans, reverse=True)}
        wanted = ref.lower()
        inside = [known for known in sorted(by_lower, key=len) if wanted and wanted in known]
        close = difflib.get_close_matches(wanted, by_lower, n=n, cutoff=0.6)
        return tuple(by_lower[known] for known in dict.fromkeys([*close, *inside]))[:n]

    def with_rows(self, rows: Iterable[Price]) -> PriceBook:
        """A book in which the given rows replace the rows of the same key, or of every date when undated.

        A row without effective_from sets that price for every month: all the book's rows of its price_id go.
        What a row leaves unsaid (facts always; group, minimum and included quantity when its file has no such
        column) it takes over from the row it stands in for. Raises DuplicatePrice, Contradiction, PriceError.
        """
        given: dict[str, list[Price]] = {}
        for row in rows:
            given.setdefault(row.ref, []).append(row)
        changed = {ref: (new, merged(self._rows_of(ref), new)) for ref, new in given.items()}
        book = self._with(changed)
        for ref, (new, whole) in changed.items():
            refuse_two_facts(ref, new)
            refuse_two_minimums(ref, whole)
        return book

    def with_edits(self, edits: Iterable[PriceEdit]) -> PriceBook:
        """A book with typed-in prices, by the rule of `with_rows`; origin 'edit', with their own source if any.

        What is typed in later holds against what was typed in before, so that nothing of it contradicts.
        """
        given: dict[str, list[Price]] = {}
        for edit in edits:
            row = edited(self._rows_of(edit.ref), edit)
            given.setdefault(row.ref, []).append(row)
        return self._with({ref: (new, merged(self._rows_of(ref), new)) for ref, new in given.items()})

    def _rows_of(self, ref: str) -> tuple[Price, ...]:
        plan = self._plans.get(ref)
        return plan.rows if plan else ()

    def _with(self, changed: dict[str, tuple[list[Price], list[Price]]]) -> PriceBook:
        for new, _ in changed.values():
            _refuse_duplicates(new)
        book = PriceBook()
        book._plans = self._plans | {ref: _checked_plan(ref, rows) for ref, (_, rows) in changed.items()}
        return book


def _checked_plan(ref: str, rows: Sequence[Price]) -> Plan:
    _refuse_duplicates(rows)
    bases: dict[str, Price] = {}
    units: dict[str, Price] = {}
    for row in rows:
        first = bases.setdefault(row.meter, row)
        if first.base != row.base:
            raise PriceError(
                f"{row.price_id}: {first.place} sells it per {first.base} ({first.unit}) and {row.place} "
                f"per {row.base} ({row.unit}); one meter of a plan has one kind of unit"
            )
        earlier = units.setdefault(row.price_id, row)
        if row.tier_from and row.meter in GRADUATED_METERS and row.unit != earlier.unit:
            raise PriceError(
                f"{row.price_id}: its tier starts at {row.tier_from:g} {earlier.unit} in {earlier.place} "
                f"and at {row.tier_from:g} {row.unit} in {row.place}; use one unit"
            )
    return Plan(ref, rows[0].provider, rows[0].item, tuple(rows))


def _refuse_duplicates(rows: Sequence[Price]) -> None:
    seen: dict[PriceKey, Price] = {}
    for row in rows:
        first = seen.setdefault(row.key, row)
        if first is not row:
            when = f"from {row.effective_from}" if row.effective_from else "without effective_from"
            raise DuplicatePrice(
                f"{row.price_id} {when} is given twice: {first.place} and {row.place}; "
                "keep one, or give the later price its effective_from"
            )
