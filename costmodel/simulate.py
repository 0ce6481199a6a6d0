"""From inputs to bills: one code path for one scenario and for a batch of them; only the leading axis differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from costmodel import fine_tuning, hybrid, rag
from costmodel.components import user_queries
from costmodel.inputs import Inputs, check_columns
from costmodel.ledger import CostLine
from costmodel.scenario import ARCHITECTURES, Architecture, ExtraCost, Scenario
from costmodel.timeline import Array
from pricing.book import PriceBook

LINES: dict[Architecture, Callable[[Inputs], list[CostLine]]] = {
    "rag": rag.lines,
    "fine_tuning": fine_tuning.lines,
    "hybrid": hybrid.lines,
}


@dataclass(frozen=True, eq=False)
class Bill:
    """The cost lines of one architecture, and their sums by month [USD], shape (..., months)."""

    architecture: Architecture
    lines: tuple[CostLine, ...]
    months: Array
    horizon: Array

    @cached_property
    def monthly_usd(self) -> Array:
        """Cost by month, nan where a price is missing."""
        return _total(self.lines, self.months)

    def phase_usd(self, phase: str) -> Array:
        """Cost by month of one phase."""
        return _total((line for line in self.lines if line.phase == phase), self.months)

    def within_horizon(self, by_month: Array, horizon: Array | float | None = None) -> Array:
        """Sum over months 0..H [USD], shape (...)."""
        last = self.horizon if horizon is None else np.asarray(horizon)
        return np.asarray(np.where(self.months <= last, by_month, 0.0).sum(axis=-1))

    @property
    def tco_usd(self) -> Array:
        """Total cost over the horizon, nominal [USD], shape (...); nan when a price is missing in it."""
        return self.within_horizon(self.monthly_usd)


def _total(lines: Iterable[CostLine], months: Array) -> Array:
    total = np.zeros_like(months)
    for line in lines:
        total = total + line.cost_usd
    return total


def bill(x: Inputs, architecture: Architecture) -> Bill:
    """The whole bill of one architecture: computed lines, typed-in lines, what is sunk, contingency."""
    scenario = x.scenario
    off = scenario.architecture(architecture).switched_off
    lines = [line for line in LINES[architecture](x) if line.component not in off]
    lines += [_typed_in(x, extra) for extra in scenario.extra_costs if architecture in extra.architecture]
    lines = [_sunk(x, architecture, line) for line in lines]
    if "contingency" not in off:
        lines += _contingency(x, lines)
    return Bill(architecture, tuple(lines), x.months, np.asarray(x.horizon, dtype=float))


def simulate(x: Inputs) -> dict[Architecture, Bill]:
    """Bills of the compared architectures, in their fixed order."""
    return {key: bill(x, key) for key in ARCHITECTURES if key in x.scenario.finance.compared}


def totals_usd(scenario: Scenario, book: PriceBook, columns: Mapping[str, npt.ArrayLike]) -> dict[Architecture, Array]:
    """TCO of a batch of scenarios that differ in `columns` [USD], by architecture, of the columns' common shape.

    The scenario's price edits are put into `book`.
    A path that is no number of the scenario and no price of the book is refused (ValueError).
    """
    book = book.with_edits(scenario.price_edits) if scenario.price_edits else book
    check_columns(scenario, book, columns)
    shape = np.broadcast_shapes(*(np.shape(column) for column in columns.values()))
    bills = simulate(Inputs(scenario, book, columns))
    return {key: np.broadcast_to(each.tco_usd, shape) for key, each in bills.items()}


def queries(x: Inputs) -> Array:
    """User queries by month [queries/month], shape (..., months)."""
    return user_queries(
        x.workload.queries_per_month,
        x.workload.monthly_growth_share,
        x.workload.queries_by_month,
        x.workload.max_queries_per_month,
        x.months,
    )


def _typed_in(x: Inputs, extra: ExtraCost) -> CostLine:
    """A cost typed in: once, every month, or per user query, in its months; no drift, no discount."""
    first, last = extra.months
    active = (x.months >= first) & (x.months <= last)
    driver = extra.note or "typed in"
    if extra.usd_per_query is not None:
        quantity, unit = np.where(active, queries(x), 0.0), "query"
        cost = quantity * extra.usd_per_query
    else:
        once = extra.usd is not None
        quantity, unit = np.where(x.months == first if once else active, 1.0, 0.0), "usd" if once else "month"
        cost = quantity * (extra.usd if once else extra.usd_per_month)
        quantity = cost if once else quantity
    return CostLine(
        extra.component,
        extra.phase,
        driver,
        quantity,
        unit,
        np.asarray(cost),
        fields=("extra_costs",),
        typed_in=True,
    )


def _sunk(x: Inputs, architecture: Architecture, line: CostLine) -> CostLine:
    """What is already built is not charged: month 0 of its own key, or of its side of a hybrid."""
    built = x.scenario.finance.already_built
    if architecture not in built and not (architecture == "hybrid" and line.side in built):
        return line
    return replace(
        line,
        quantity=np.where(x.months == 0, 0.0, line.quantity),
        cost_usd=np.where(x.months == 0, 0.0, line.cost_usd),
    )


def _contingency(x: Inputs, lines: list[CostLine]) -> list[CostLine]:
    """A share of every one-time line, in the month where that falls [USD]."""
    share = x.people.contingency_share
    if not np.any(np.asarray(share) > 0):
        return []
    once = [line for line in lines if line.phase == "one_time"]
    base = _total(once, x.months)
    missing = next((line.missing for line in once if np.isnan(line.cost_usd).any()), "")
    fields = ("people.contingency_share", *dict.fromkeys(field for line in once for field in line.fields))
    return [
        CostLine(
            "contingency",
            "one_time",
            "share of the one-time lines",
            base,
            "usd",
            np.asarray(base * share),
            fields=fields,
            missing=missing,
        )
    ]
