"""The numeric view of a scenario and its prices: scalars, or columns when many scenarios are evaluated at once.

A column has the shape (..., 1), so that it broadcasts over the months; every formula sees only this view.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from costmodel import timeline
from costmodel.factored import Factored
from costmodel.fields import Group
from costmodel.lifetimes import Segment, segments
from costmodel.scenario import FIELDS, Scenario
from costmodel.terms import Array, Number, Term, applied, given
from pricing.book import MeterPrices, Plan, PriceBook, parse_price_id
from pricing.units import meter

SHOWN_MONTHS = 36
"""Totals at 12, 24 and 36 months always exist."""
DISCOUNT = "finance.discount_share."

Made = TypeVar("Made")


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
        self.scenario = scenario
        self.book = book
        self.factored = factored
        self.columns: dict[str, Number] = {
            path: np.asarray(each, dtype=float)[..., None] if np.ndim(each) else float(cast(float, each))
            for path, each in (columns or {}).items()
        }
        self.warnings: list[str] = []
        self.workload = self._view(scenario.workload, "workload")
        self.corpus = self._view(scenario.corpus, "corpus")
        self.rag = self._view(scenario.rag, "rag")
        self.fine_tuning = self._view(scenario.fine_tuning, "fine_tuning")
        self.hybrid = self._view(scenario.hybrid, "hybrid")
        self.prompting = self._view(scenario.prompting, "prompting")
        self.quality = self._view(scenario.quality, "quality")
        self.people = self._view(scenario.people, "people")
        self.finance = self._view(scenario.finance, "finance")
        self.horizon: Number = self.finance.horizon_months
        if last is None:
            last = max(int(np.max(self.horizon)), SHOWN_MONTHS) + 1
        self.months: Array = np.arange(last + 1, dtype=float)
        self.month = given("month", "", self.months)
        self.building, self.operating = self.months == 0, self.months > 0
        self.dates = timeline.month_dates(scenario.finance.start_month, last)
        self._drifted: dict[tuple[str | None, str], MeterPrices | None] = {}
        self._terms: dict[str, Term] = {}
        self._segments: dict[str | None, tuple[Segment, ...]] = {}
        self._minimums: dict[str, Array] = {}
        self._once: dict[Hashable, Any] = {}
        if like is not None and like.scenario is scenario and like.book is book and self._same_prices(like):
            self._drifted, self._segments, self._minimums = like._drifted, like._segments, like._minimums
            self._terms = {name: term for name, term in like._terms.items() if self._stays(term, like)}
            known = {key: term for key, term in like._once.items() if isinstance(term, Term)}
            self._once = {key: term for key, term in known.items() if self._stays(term, like)}

    def _view(self, group: Group, prefix: str) -> Any:
        """The group with its columns in place of its numbers; the group itself where it has none."""
        start = f"{prefix}."
        mine = {path: column for path, column in self.columns.items() if path.startswith(start)}
        if not mine:
            return group
        view = SimpleNamespace(**group.__dict__)
        for name, value in group.__dict__.items():
            if isinstance(value, Group):
                setattr(view, name, self._view(value, f"{prefix}.{name}"))
        for path, column in mine.items():
            owner, _, name = path.rpartition(".")
            if owner == prefix:
                setattr(view, name, column)
        return view

    def _same_prices(self, other: Inputs) -> bool:
        paths = (*self.columns, *other.columns)
        return not any(path.startswith(("price:", "finance.")) for path in paths)

    def _stays(self, term: Term, other: Inputs) -> bool:
        """Whether a quantity is the same in this view and the other one."""
        return not any(path in self.columns or path in other.columns for path in term.fields)

    def warn(self, text: str) -> None:
        """Keep a warning once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def read(self, path: str) -> Term:
        """A numeric field of the scenario as a term; it must not be null."""
        found = self._terms.get(path)
        if found is None:
            label, unit, value_in = _FIELDS[path]
            value = value_in(self)
            if self.factored and isinstance(value, np.ndarray):
                value = Factored(column=value)
            found = self._terms[path] = Term(label, unit, value, "field", name=path)
        return found

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, worked out once for all bills; `key` names it and holds the terms that it depends on."""
        if key not in self._once:
            self._once[key] = make()
        made: Made = self._once[key]
        return made

    def at_build(self, term: Term) -> Term:
        """A quantity in month 0, nothing after."""
        return term.during(self.building)

    def monthly(self, term: Term) -> Term:
        """A quantity in each month of operation, nothing in month 0."""
        return term.during(self.operating)

    def drift(self, group: str) -> Term:
        """Factor of `finance.price_drift_annual.<group>` by month [ratio]."""
        found = self._terms.get(group)
        if found is None:
            annual = self.read(f"finance.price_drift_annual.{group}")
            found = self._terms[group] = applied(timeline.drift, annual, self.month)
        return found

    def discount_factor(self, provider: str) -> Number:
        """What is left of a provider's list prices after the negotiated discount [ratio]."""
        share = self.scenario.finance.discount_share.get(provider, 0.0)
        return 1.0 - self.columns.get(f"finance.discount_share.{provider}", share)

    def segments(self, ref: str | None) -> tuple[Segment, ...]:
        """The plans that a model reference stands for through the months: successors follow models that retire."""
        if ref not in self._segments:
            assert self.scenario.finance.start_month is not None
            start, horizon = self.scenario.finance.start_month, float(np.max(self.horizon))
            self._segments[ref] = segments(self.book, ref, start, self.months, horizon, self.warn)
        return self._segments[ref]

    def plan(self, ref: str | None) -> Plan | None:
        """The plan that `ref` names; None when there is no reference or the book does not have it."""
        return None if ref is None else self.book.plan(ref)

    def prices(self, ref: str | None, meter: str) -> MeterPrices | None:
        """Prices of one meter by month, after discount and drift [USD per base quantity]; None without any row."""
        key = (ref, meter)
        if key not in self._drifted:
            plan = self.plan(ref)
            listed = None if plan is None else plan.prices(meter, self.dates)
            self._drifted[key] = None if plan is None or listed is None else self._paid(plan, listed)
        return self._drifted[key]

    def minimum_usd(self, plan: Plan) -> Array:
        """Monthly minimum of a vector-store plan, after discount and drift [USD/month]; nothing in month 0."""
        if plan.ref not in self._minimums:
            factor = self.discount_factor(plan.provider) * self.drift("vector_store").value
            paid = np.asarray(plan.minimum_usd(self.dates)) * factor
            self._minimums[plan.ref] = np.where(self.operating, paid, 0.0)
        return self._minimums[plan.ref]

    def _paid(self, plan: Plan, listed: MeterPrices) -> MeterPrices:
        factor = self.discount_factor(listed.provider) * self.drift(listed.drift_group).value
        if isinstance(factor, float) and factor == 1 and not any(path.startswith("price:") for path in self.columns):
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
