"""The numeric view of a scenario and its prices: scalars, or columns when many scenarios are evaluated at once.

A column has the shape (..., 1), so that it broadcasts over the months; every formula sees only this view.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from costmodel import timeline
from costmodel.components import rest
from costmodel.factored import Factored
from costmodel.fields import Group
from costmodel.lifetimes import Segment, segments
from costmodel.scenario import FIELDS, Scenario
from costmodel.terms import Array, Mask, Number, Term, anything, applied, given, positive
from pricing.book import MeterPrices, Plan, PriceBook, parse_price_id
from pricing.units import meter

SHOWN_MONTHS = 36
"""Totals at 12, 24 and 36 months always exist."""
DISCOUNT = "finance.discount_share."

Made = TypeVar("Made")

Off = dict[tuple[str, str], tuple[Any, tuple[Term, ...]]]
"""What is left of list prices [ratio], and the terms that make it, by provider and drift group."""


class Inputs:
    """Numbers of one scenario, or of a batch of them that differ in the paths of `columns`.

    `columns` maps numeric paths (`workload.queries_per_month`, `price:openai/gpt-5:input`) to arrays of one common
    shape (...); results get the shape (..., months). Choices (models, kinds, plans) are those of `scenario`.
    `finance.start_month` must be resolved. `like` is another view of the same scenario and book, whose prices by month
    and quantities are taken over where no column moves them. `last` is the last month to simulate; unless given, one
    beyond the horizon and beyond those that are always shown. `factored` keeps columns and months apart as long as they
    are only multiplied: many draws take a third of the time, and their totals differ in the last digit.
    """

    def __init__(
        self,
        scenario: Scenario,
        book: PriceBook,
        columns: Mapping[str, npt.ArrayLike] | None = None,
        like: Inputs | None = None,
        last: int | None = None,
        factored: bool = False,
    ) -> None:
        if scenario.finance.start_month is None:
            raise ValueError("finance.start_month: resolve it first (costmodel.changes.resolved)")
        self.start_month = scenario.finance.start_month
        self.scenario = scenario
        self.book = book
        self.factored = factored
        self.columns: dict[str, Number] = {
            path: np.asarray(each, dtype=float)[..., None] if np.ndim(each) else float(cast(float, each))
            for path, each in (columns or {}).items()
        }
        self.warnings: list[str] = []
        groups: Any = _view(scenario, {path: each for path, each in self.columns.items() if path in FIELDS})
        self.workload, self.corpus = groups.workload, groups.corpus
        self.rag, self.fine_tuning = groups.rag, groups.fine_tuning
        self.hybrid, self.prompting = groups.hybrid, groups.prompting
        self.quality, self.people = groups.quality, groups.people
        self.finance = groups.finance
        self.horizon: Number = self.finance.horizon_months
        self.last_that_counts = float(np.max(self.horizon) if isinstance(self.horizon, np.ndarray) else self.horizon)
        if last is None:
            last = max(int(self.last_that_counts), SHOWN_MONTHS) + 1
        self.month, self.building, self.operating, self._built, self._run = _calendar(last)
        self.months: Array = self.month.value
        self.dates = timeline.month_dates(self.start_month, last)
        self._drifted: dict[tuple[str | None, str], MeterPrices | None] = {}
        self._terms = _Terms(groups, factored)
        self._drifts: dict[str, Term] = {}
        self._prices_vary = any(path.startswith("price:") for path in self.columns)
        self.off: Off = {}
        self._segments: dict[str | None, tuple[Segment, ...]] = {}
        self._minimums: dict[str, Array] = {}
        self._once: dict[Hashable, Any] = {}
        if like is not None and like.scenario is scenario and like.book is book and self._same_prices(like):
            self._drifted, self._segments, self._minimums = like._drifted, like._segments, like._minimums
            self.off = like.off
            moved = self.columns.keys() | like.columns.keys()
            self._terms.update({name: term for name, term in like._terms.items() if moved.isdisjoint(term.fields)})
            self._drifts = {name: term for name, term in like._drifts.items() if moved.isdisjoint(term.fields)}
            known = {key: term for key, term in like._once.items() if isinstance(term, Term)}
            self._once = {key: term for key, term in known.items() if moved.isdisjoint(term.fields)}
        self.read: Callable[[str], Term] = self._terms.__getitem__
        """A numeric field of the scenario as a term, by its path; it must not be null."""

    def _same_prices(self, other: Inputs) -> bool:
        paths = (*self.columns, *other.columns)
        return not any(path.startswith(("price:", "finance.")) for path in paths)

    def warn(self, text: str) -> None:
        """Keep a warning once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, worked out once for all bills; `key` names it and holds the terms that it depends on."""
        made: Made | None = self._once.get(key)
        if made is None:
            made = self._once[key] = make()
        return made

    def at_build(self, term: Term) -> Term:
        """A quantity in month 0, nothing after."""
        if not self._by_month(term.value):
            return term.during(self.building, self._built)
        value = np.zeros(self.months.shape)
        value[0] = term.value[0]
        return term.valued(value)

    def monthly(self, term: Term) -> Term:
        """A quantity in each month of operation, nothing in month 0."""
        if not self._by_month(term.value):
            return term.during(self.operating, self._run)
        value = term.value.copy()
        value[0] = 0.0
        return term.valued(value)

    def _by_month(self, value: Any) -> bool:
        return isinstance(value, np.ndarray) and value.shape == self.months.shape

    def drift(self, group: str) -> Term:
        """Factor of `finance.price_drift_annual.<group>` by month [ratio]."""
        found = self._drifts.get(group)
        if found is None:
            annual = self.read(f"finance.price_drift_annual.{group}")
            found = self._drifts[group] = applied(timeline.drift, annual, self.month)
        return found

    def off_the_list(self, provider: str, drift_group: str) -> tuple[Any, tuple[Term, ...]]:
        """What is left of a provider's list prices by month [ratio], and the negotiated discount and the drift that
        make it, as terms, where there are any."""
        found = self.off.get((provider, drift_group))
        if found is None:
            path, parts = f"{DISCOUNT}{provider}", list[Term]()
            share = self.columns.get(path, self.scenario.finance.discount_share.get(provider, 0.0))
            drift = self.drift(drift_group)
            if positive(share):
                off = Term("negotiated discount", "share", share, "field", (), path)
                parts.append(applied(rest, off, label="after the negotiated discount"))
            if anything(drift.parts[0].value):
                parts.append(drift)
            found = self.off[provider, drift_group] = ((1.0 - share) * drift.value, tuple(parts))
        return found

    def segments(self, ref: str | None) -> tuple[Segment, ...]:
        """The plans that a model reference stands for through the months: successors follow models that retire."""
        found = self._segments.get(ref)
        if found is None:
            start, last = self.start_month, self.last_that_counts
            found = self._segments[ref] = segments(self.book, ref, start, self.months, last, self.warn)
        return found

    def plan(self, ref: str | None) -> Plan | None:
        """The plan that `ref` names; None when there is no reference or the book does not have it."""
        return None if ref is None else self.book.plan(ref)

    def prices(self, ref: str | None, meter: str) -> MeterPrices | None:
        """Prices of one meter by month, after discount and drift [USD per base quantity]; None without any row."""
        key = (ref, meter)
        if key in self._drifted:
            return self._drifted[key]
        plan = None if ref is None else self.book.plan(ref)
        listed = None if plan is None else _listed(plan, meter, self.start_month, len(self.months) - 1)
        found = self._drifted[key] = None if plan is None or listed is None else self._paid(plan, listed)
        return found

    def minimum_usd(self, plan: Plan) -> Array:
        """Monthly minimum of a vector-store plan, after discount and drift [USD/month]; nothing in month 0."""
        if plan.ref not in self._minimums:
            factor, _ = self.off_the_list(plan.provider, "vector_store")
            paid = _listed_minimum(plan, self.start_month, len(self.months) - 1) * factor
            self._minimums[plan.ref] = np.where(self.operating, paid, 0.0)
        return self._minimums[plan.ref]

    def _paid(self, plan: Plan, listed: MeterPrices) -> MeterPrices:
        factor, _ = self.off_the_list(listed.provider, listed.drift_group)
        if isinstance(factor, float) and factor == 1 and not self._prices_vary:
            return listed
        usd = [
            by_month if path not in self.columns else _per_base(plan, path, self.columns[path])
            for path, by_month in zip((f"price:{each}" for each in listed.price_ids), listed.usd, strict=True)
        ]
        return replace(
            listed,
            usd=tuple(np.asarray(by_month * factor) for by_month in usd),
            minimum_usd=np.asarray(listed.minimum_usd * factor),
        )


class _Terms(dict[str, Term]):
    """Numeric fields of a scenario as terms by their paths, each made when it is first read."""

    def __init__(self, groups: Any, factored: bool) -> None:
        super().__init__()
        self.groups, self.factored = groups, factored

    def __missing__(self, path: str) -> Term:
        label, unit, value_in = _FIELDS[path]
        value = value_in(self.groups)
        if self.factored and isinstance(value, np.ndarray):
            value = Factored(column=value)
        found = self[path] = Term(label, unit, value, "field", (), path)
        return found


def _view(group: Group, columns: Mapping[str, Number]) -> Any:
    """A group with its columns, by their paths in it, in place of its numbers; the group itself where it has none."""
    if not columns:
        return group
    view = SimpleNamespace(**group.__dict__)
    inner: dict[str, dict[str, Number]] = {}
    for path, column in columns.items():
        name, _, rest = path.partition(".")
        if rest:
            inner.setdefault(name, {})[rest] = column
        else:
            setattr(view, name, column)
    for name, mine in inner.items():
        if isinstance(value := getattr(group, name), Group):
            setattr(view, name, _view(value, mine))
    return view


@lru_cache(maxsize=64)
def _calendar(last: int) -> tuple[Term, Mask, Mask, Array, Array]:
    """Months 0 to `last`, which of them is the build and which are operation, and both as 0 and 1."""
    months = np.arange(last + 1, dtype=float)
    building, operating = months == 0, months > 0
    built, run = building.astype(float), operating.astype(float)
    for each in (months, building, operating, built, run):
        each.setflags(write=False)
    return given("month", "", months), building, operating, built, run


@lru_cache(maxsize=1024)
def _listed(plan: Plan, meter: str, start_month: str, last: int) -> MeterPrices | None:
    """List prices of a meter by month: looked up by month in a tenth of the time that it takes by all dates."""
    return plan.prices(meter, timeline.month_dates(start_month, last))


@lru_cache(maxsize=64)
def _listed_minimum(plan: Plan, start_month: str, last: int) -> Array:
    """Monthly minimum of a plan as listed [USD/month]."""
    return np.asarray(plan.minimum_usd(timeline.month_dates(start_month, last)))


_FIELDS = {path: (each.label, each.unit, attrgetter(path)) for path, each in FIELDS.items()}


def _per_base(plan: Plan, path: str, usd: Number) -> Number:
    """A price in the unit of its row as USD per base quantity, to the last digit as the book's own is."""
    row = [row for row in plan.rows if f"price:{row.price_id}" == path][-1]
    return usd / meter(row.meter).per_unit(row.unit)


def check_columns(scenario: Scenario, book: PriceBook, columns: Mapping[str, npt.ArrayLike]) -> None:
    """Refuse paths that are no number of the scenario and no price of its book, and values beyond limits."""
    for path, values in columns.items():
        field = FIELDS.get(path)
        low, high = (0.0, 1.0) if path.startswith(DISCOUNT) else (0.0, 1e9)
        if path.startswith("price:"):
            ref, _, _ = parse_price_id(path.removeprefix("price:"))
            plan = book.plan(ref)
            if plan is None or all(path != f"price:{row.price_id}" for row in plan.rows):
                raise ValueError(f"{path}: the price book has no such price")
        elif field is not None and field.numeric:
            low, high = field.low or 0.0, math.inf if field.high is None else field.high
        elif not path.startswith(DISCOUNT):
            raise ValueError(f"{path}: not a number of the scenario that can be computed")
        least, most = float(np.min(values)), float(np.max(values))
        if not (low <= least and most <= high):
            raise ValueError(f"{path}: {least:g} to {most:g} leaves the limits {low:,.12g} to {high:,.12g}")
