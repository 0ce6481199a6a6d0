"""Two scenarios set side by side: totals over the months that both cover, and what differs between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import Any, TypeVar

import numpy as np

from costmodel.changes import differing
from costmodel.difference import Moved, difference
from costmodel.results import Run, run_scenario
from costmodel.scenario import ARCHITECTURES, FIELDS, Architecture, ExtraCost, Range, Scenario
from costmodel.terms import Array
from pricing.book import FACTS, Price, PriceBook

Key = TypeVar("Key")

CENT_USD = 0.005
"""Amounts that differ by less read the same to the cent."""

Known = Mapping[Architecture, float | None]
"""Architecture -> total [USD]; None where a price is missing."""


def in_money_of(scenario: Scenario, first: Scenario) -> Scenario:
    """The scenario shown in the currency of the first, so that amounts stand beside each other; nothing else moves."""
    money = {name: getattr(first.finance, name) for name in ("currency", "usd_per_currency_unit")}
    return scenario.model_copy(update={"finance": scenario.finance.model_copy(update=money)})


@dataclass(frozen=True, eq=False)
class Comparison:
    """The answers of two scenarios; `b` is run in the currency of `a`, `other` is the scenario of `b` as it was chosen.

    Totals and lines count months 0 to `months`, which both cover; `present`: as present values, each side at its rate.
    """

    a: Run
    b: Run
    other: Scenario
    present: bool = False

    @property
    def months(self) -> int:
        """Months of operation that both horizons cover."""
        return min(self.a.horizon, self.b.horizon)

    @property
    def last_month(self) -> int:
        """The end of the longer horizon."""
        return max(self.a.horizon, self.b.horizon)

    @property
    def same_horizon(self) -> bool:
        """Whether the totals are those of the whole horizon on both sides."""
        return self.a.horizon == self.b.horizon

    @cached_property
    def both(self) -> tuple[Architecture, ...]:
        """Architectures that are compared on both sides."""
        return tuple(key for key in ARCHITECTURES if key in self.a.answers and key in self.b.answers)

    @cached_property
    def either(self) -> tuple[Architecture, ...]:
        """Architectures that are compared on one side at least."""
        return tuple(key for key in ARCHITECTURES if key in self.a.answers or key in self.b.answers)

    @cached_property
    def totals_a(self) -> Known:
        """Totals of `a` over the common months [USD]."""
        return self._totals(self.a)

    @cached_property
    def totals_b(self) -> Known:
        """Totals of `b` over the common months [USD]."""
        return self._totals(self.b)

    def _totals(self, run: Run) -> Known:
        sums = {key: run.total_usd(key, self.months, self.present) for key in run.answers}
        return {key: usd if math.isfinite(usd) else None for key, usd in sums.items()}

    def more_in_b_usd(self, key: Architecture) -> float | None:
        """By how much an architecture costs more in `b` [USD]; None where it is not known on both sides."""
        first, second = self.totals_a.get(key), self.totals_b.get(key)
        return None if first is None or second is None else second - first

    @cached_property
    def comparable(self) -> tuple[Architecture, ...]:
        """Architectures whose totals are known on both sides."""
        return tuple(key for key in self.both if self.more_in_b_usd(key) is not None)

    def winner(self, run: Run) -> Architecture | None:
        """Who is cheapest on one side over the common months; None when nobody can be called so."""
        sums = self.totals_a if run is self.a else self.totals_b
        return run.cheapest_of({key: math.nan if usd is None else usd for key, usd in sums.items()})

    def moved(self, key: Architecture) -> tuple[Moved, ...]:
        """The lines of one architecture's bill on either side; the deltas add up to `more_in_b_usd`."""
        return difference(self.a.answers[key], self.b.answers[key], months=(0, self.months), present=self.present)

    def curves(self, run: Run) -> dict[Architecture, Array]:
        """Cumulative cost of one side in months 0 to its own horizon [USD]; what is not known is left out."""
        return {key: curve for key, curve in run.curves(self.present).items() if not np.isnan(curve).any()}

    @cached_property
    def differs(self) -> Differences:
        """Every assumption that is not the same on both sides."""
        return differences(self.a, self.b, self.other)


def comparison(a: Run, b: Scenario, book: PriceBook, *, present: bool = False) -> Comparison:
    """Scenario `b` set beside the answers `a`. ScenarioError when it names a plan that the book does not have."""
    return Comparison(a, run_scenario(in_money_of(b, a.scenario), book), b, present)


# What differs


@dataclass(frozen=True)
class PriceDiffers:
    """A price that is not the same on both sides: its rows in either book, oldest first; none where it has none."""

    price_id: str
    a: tuple[Price, ...]
    b: tuple[Price, ...]
    in_use: bool


@dataclass(frozen=True)
class Differences:
    """Everything that two scenarios do not have in common, apart from their names and presets.

    `fields`: path -> values in a and b; `discounts`: provider -> shares; `extras`: costs typed in on one side only,
    those of one name beside each other; `ranges`: what varies by itself; `correlations`: pairs.
    """

    fields: Mapping[str, tuple[object, object]]
    discounts: Mapping[str, tuple[float, float]]
    prices: tuple[PriceDiffers, ...]
    extras: tuple[tuple[ExtraCost | None, ExtraCost | None], ...]
    ranges: Mapping[str, tuple[Range | None, Range | None]]
    correlations: Mapping[tuple[str, str], tuple[float, float]]

    @property
    def count(self) -> int:
        """How many assumptions differ."""
        parts = (self.fields, self.discounts, self.prices, self.extras, self.ranges, self.correlations)
        return sum(len(part) for part in parts)


_DISCOUNTS = "finance.discount_share"


def differences(a: Run, b: Run, other: Scenario) -> Differences:
    """What differs between the scenario of `a` and the `other`, of which `b` is the run in the money of `a`."""
    first = a.scenario
    found = differing(other, first)
    return Differences(
        fields={path: pair for path, pair in found.items() if path in FIELDS and path != _DISCOUNTS},
        discounts=_unlike(first.finance.discount_share, other.finance.discount_share, 0.0),
        prices=_prices(a, b) if "price_edits" in found else (),
        extras=_extras(first.extra_costs, other.extra_costs),
        ranges=_unlike(first.uncertainty, other.uncertainty, None),
        correlations=_unlike(_correlations(first), _correlations(other), 0.0),
    )


def _correlations(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Pair in alphabetical order -> rank correlation."""
    return {(min(x, y), max(x, y)): value for x, y, value in scenario.rank_correlations}


def _unlike(one: Mapping[Key, Any], two: Mapping[Key, Any], nothing: Any) -> dict[Key, Any]:
    """Key -> values on both sides wherever they are not the same; `nothing` stands for a missing one."""
    pairs = {key: (one.get(key, nothing), two.get(key, nothing)) for key in dict.fromkeys((*one, *two))}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _prices(a: Run, b: Run) -> tuple[PriceDiffers, ...]:
    """Typed-in prices that make a difference, those in use first: an edit to what the book says makes none."""
    edits = (*a.scenario.price_edits, *b.scenario.price_edits)
    used = {row.price_id for run in (a, b) for row in run.rows_in_use}
    found = []
    for price_id, ref in dict.fromkeys((edit.price_id, edit.ref) for edit in edits):
        one, two = _rows(a.book, ref, price_id), _rows(b.book, ref, price_id)
        if [_content(row) for row in one] != [_content(row) for row in two]:
            found.append(PriceDiffers(price_id, one, two, price_id in used))
    return tuple(sorted(found, key=lambda each: not each.in_use))


def _rows(book: PriceBook, ref: str, price_id: str) -> tuple[Price, ...]:
    plan = book.plan(ref)
    rows = () if plan is None else (row for row in plan.rows if row.price_id == price_id)
    return tuple(sorted(rows, key=lambda row: row.effective_from or date.min))


def _content(row: Price) -> tuple[object, ...]:
    """All of a row that is billed; where it comes from is no assumption."""
    names = ("price_usd", "unit", "effective_from", "effective_to", "minimum_usd", "included_quantity", *FACTS)
    return tuple(getattr(row, name) for name in names)


def _extras(
    one: Sequence[ExtraCost], two: Sequence[ExtraCost]
) -> tuple[tuple[ExtraCost | None, ExtraCost | None], ...]:
    """Costs that are typed in on one side only, notes aside; those of one name stand beside each other."""
    left, right = list(map(_without_note, one)), list(map(_without_note, two))
    for each in list(left):
        if each in right:
            left.remove(each)
            right.remove(each)
    names = dict.fromkeys(each.component for each in (*left, *right))
    return tuple(
        pair
        for name in names
        for pair in zip_longest(
            [each for each in left if each.component == name], [each for each in right if each.component == name]
        )
    )


def _without_note(extra: ExtraCost) -> ExtraCost:
    return extra.model_copy(update={"note": ""})
