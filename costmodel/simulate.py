"""From inputs to bills: one code path for one scenario and for a batch of them; only the leading axis differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from costmodel import consequences, fine_tuning, hybrid, prompting, rag, traffic
from costmodel.changes import changed
from costmodel.factored import added
from costmodel.fields import value_at
from costmodel.inputs import Inputs, check_columns
from costmodel.kept import kept
from costmodel.ledger import CostLine, linear
from costmodel.scan import is_steady
from costmodel.scenario import ARCHITECTURES, Architecture, ExtraCost, Scenario
from costmodel.terms import Array, Term, given, positive
from costmodel.timeline import discount
from pricing.book import PriceBook

LINES: dict[Architecture, Callable[[Inputs], list[CostLine]]] = {
    "rag": rag.lines,
    "fine_tuning": fine_tuning.lines,
    "hybrid": hybrid.lines,
    "prompting": prompting.lines,
}


@dataclass(frozen=True, eq=False)
class Bill:
    """The cost lines of one architecture, and their sums by month [USD], shape (..., months)."""

    architecture: Architecture
    lines: tuple[CostLine, ...]
    inputs: Inputs

    @property
    def months(self) -> Array:
        """The months simulated; 0 is the build."""
        return self.inputs.months

    @property
    def horizon(self) -> Array:
        """The last month that counts, shape (...)."""
        return np.asarray(self.inputs.horizon, dtype=float)

    @cached_property
    def consequences(self) -> tuple[CostLine, ...]:
        """What the architecture causes beside its bill."""
        return tuple(_consequences(self.inputs, self.architecture))

    @cached_property
    def correct(self) -> Term:
        """Share of answers that are right, by month."""
        return consequences.correct(self.inputs, self.architecture)

    @property
    def consequences_count(self) -> bool:
        """Whether totals count them."""
        return self.inputs.scenario.finance.consequences_in_tco

    @property
    def counted(self) -> tuple[CostLine, ...]:
        """The lines that totals add up: the bill, and its consequences when they are asked for."""
        return (*self.lines, *self.consequences) if self.consequences_count else self.lines

    @kept
    def monthly_usd(self) -> Array:
        """Cost by month, nan where a price is missing."""
        return _total(self.counted, self.months)

    def phase_usd(self, phase: str) -> Array:
        """Cost by month of one phase."""
        return _total((line for line in self.counted if line.phase == phase), self.months)

    def within_horizon(self, by_month: Array, horizon: Array | float | None = None) -> Array:
        """Sum over months 0..H [USD], shape (...)."""
        return _through(self.months, self.horizon if horizon is None else horizon, by_month)

    @property
    def tco_usd(self) -> Array:
        """Total cost over the horizon, nominal [USD], shape (...); nan when a price is missing in it."""
        return self.within_horizon(self.monthly_usd)


_COST = attrgetter("cost_usd")


def _total(lines: Iterable[CostLine], months: Array) -> Array:
    return np.asarray(added([np.zeros(months.shape), *map(_COST, lines)]))


def _through(months: Array, horizon: Array | float, by_month: Array) -> Array:
    return np.asarray(np.where(months <= np.asarray(horizon), by_month, 0.0).sum(axis=-1))


def bill(x: Inputs, architecture: Architecture) -> Bill:
    """The whole bill of one architecture: computed lines, typed-in lines, what is sunk, contingency."""
    return Bill(architecture, tuple(_charged(x, architecture)), x)


def _charged(x: Inputs, architecture: Architecture) -> list[CostLine]:
    """The lines of the bill itself."""
    scenario = x.scenario
    lines = _computed(x, architecture)
    if architecture == "hybrid":
        lines = hybrid.staged(x, lines, _computed(x, "rag") if positive(x.hybrid.fine_tuning_starts_month) else ())
    if scenario.extra_costs:
        lines += [_typed_in(x, extra) for extra in scenario.extra_costs if architecture in extra.architecture]
    if scenario.finance.already_built:
        lines = [_sunk(x, architecture, line) for line in lines]
    if "contingency" not in scenario.architecture(architecture).switched_off:
        lines += _contingency(x, lines)
    return lines


def _consequences(x: Inputs, architecture: Architecture) -> list[CostLine]:
    """What the architecture causes beside its bill; before its tuned side runs a hybrid follows RAG's switches."""
    off = x.scenario.architecture(architecture).switched_off
    own = consequences.lines(x, architecture)
    kept = [line for line in own if line.component not in off]
    if architecture == "hybrid":
        kept = hybrid.staged(x, kept, [line for line in own if line.component not in x.scenario.rag.switched_off])
    return [_sunk(x, architecture, line) for line in kept]


def _computed(x: Inputs, architecture: Architecture) -> list[CostLine]:
    off = x.scenario.architecture(architecture).switched_off
    lines = LINES[architecture](x)
    return [line for line in lines if line.component not in off] if off else lines


def simulate(x: Inputs) -> dict[Architecture, Bill]:
    """Bills of the compared architectures, in their fixed order."""
    return {key: bill(x, key) for key in _compared(x.scenario)}


def _compared(scenario: Scenario) -> list[Architecture]:
    return [key for key in ARCHITECTURES if key in scenario.finance.compared]


def totals_usd(
    scenario: Scenario,
    book: PriceBook,
    columns: Mapping[str, npt.ArrayLike],
    present: bool = False,
    like: Inputs | None = None,
) -> dict[Architecture, Array]:
    """TCO of a batch of scenarios that differ in `columns` [USD], by architecture, of the columns' common shape.

    Nominal, or in present value. The scenario's price edits are put into `book`. `like` is a view of the same scenario
    and book, edits included, that has its prices worked out already.
    A path that is no number of the scenario and no price of the book is refused (ValueError).
    """
    # A price as a driver holds for every month: its schedule is dropped, as by an edit.
    now = {path: float(np.max(column)) for path, column in columns.items() if path.startswith("price:")}
    if like is not None and all(is_steady(like.book, path, like.dates[0]) for path in now):
        book = like.book
        check_columns(scenario, book, columns)
    else:
        check_columns(scenario, book.with_edits(scenario.price_edits) if scenario.price_edits else book, columns)
        edits = changed(scenario, now, book).price_edits if now else scenario.price_edits
        book = book.with_edits(edits) if edits else book
    shape = np.broadcast_shapes(*(np.shape(column) for column in columns.values()))
    x = Inputs(scenario, book, columns, like)
    found = {}
    for key in _compared(scenario):
        beside = _consequences(x, key) if scenario.finance.consequences_in_tco else []
        by_month = _total([*_charged(x, key), *beside], x.months)
        if present:
            by_month = by_month * discount(x.finance.discount_rate_annual, x.months)
        found[key] = np.broadcast_to(_through(x.months, x.horizon, by_month), shape)
    return found


def totals_along(
    scenario: Scenario,
    book: PriceBook,
    asked: Sequence[tuple[str, Array]],
    present: bool = False,
    like: Inputs | None = None,
) -> list[dict[Architecture, Array]]:
    """TCO [USD] by architecture at the values of each (driver, values), the others where they stand; in one batch.

    Several drivers must be fields that hold a number; one alone may be any path that `totals_usd` takes.
    """
    ends = np.cumsum([0, *(len(values) for _, values in asked)]).tolist()
    columns: dict[str, Array] = {}
    for (driver, values), (start, end) in zip(asked, pairwise(ends), strict=True):
        if driver not in columns:
            alone = all(other == driver for other, _ in asked)
            columns[driver] = np.full(ends[-1], 0.0 if alone else float(value_at(scenario, driver)))
        columns[driver][start:end] = values
    usd = totals_usd(scenario, book, columns, present, like)
    return [{key: each[start:end] for key, each in usd.items()} for start, end in pairwise(ends)]


def queries(x: Inputs) -> Array:
    """User queries by month [queries/month], shape (..., months)."""
    return np.asarray(traffic.users(x).value)


def _typed_in(x: Inputs, extra: ExtraCost) -> CostLine:
    """A cost typed in: once, every month, or per user query, in its months; no drift, no discount."""
    first, last = extra.months
    active = (x.months >= first) & (x.months <= last)
    if extra.usd_per_query is not None:
        amount, unit, each = traffic.users(x).during(active), "query", extra.usd_per_query
    elif extra.usd is not None:
        amount, unit, each = given("typed in", "USD", np.where(x.months == first, extra.usd, 0.0)), "usd", 1.0
    else:
        amount, unit = given("months", "months", 1.0).during(active), "month"
        each = extra.usd_per_month or 0.0
    price = given("typed in", f"USD/{unit}", each)
    driver = extra.note or "typed in"
    line = linear(extra.component, extra.phase, driver, amount, unit, price)
    line.own_fields, line.cost_usd = ("extra_costs",), line.cost_usd + 0.0  # nothing of a credit is -0.0
    return line


def _sunk(x: Inputs, architecture: Architecture, line: CostLine) -> CostLine:
    """What is already built is not charged: month 0 of its own key, or of its side of a hybrid."""
    built = x.scenario.finance.already_built
    if architecture not in built and not (architecture == "hybrid" and line.side in built):
        return line
    return line.during(x.months > 0)


def _contingency(x: Inputs, lines: list[CostLine]) -> list[CostLine]:
    """A share of every one-time line, in the month where that falls [USD]."""
    share = x.read("people.contingency_share")
    if not positive(share.value):
        return []
    once = [line for line in lines if line.phase == "one_time"]
    base = given("one-time lines", "USD", added([*map(_COST, once)]))
    line = linear("contingency", "one_time", "share of the one-time lines", base, "usd", share)
    line.shaped_by = tuple(once)
    return [line]
