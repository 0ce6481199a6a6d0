"""Cost lines, and the one tidy ledger that every number on every screen is a sum over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from costmodel.components import hourly_rate
from costmodel.inputs import Inputs, Off
from costmodel.terms import Array, Term, applied, given, product
from costmodel.timeline import discount
from pricing.book import MeterPrices
from pricing.plans import request_price

LEDGER_UNITS = (
    "million_tokens",
    "thousand_searches",
    "thousand_units",
    "thousand_pages",
    "gb_month",
    "million_reads",
    "million_writes",
    "gb_written",
    "node_hour",
    "gpu_hour",
    "replica_hour",
    "hour",
    "week",
    "month",
    "example",
    "run",
    "release",
    "answer",
    "query",
    "usd",
)
COLUMNS = [
    "architecture",
    "component",
    "phase",
    "scope",
    "driver",
    "quantity",
    "unit",
    "unit_price_usd",
    "cost_usd",
    "present_value_usd",
    "month",
    "date",
    "price_id",
]
MILLION = 1e6
JOB = "at least the minimum of one job"
TIERS = "by the plan's tiers, less what it includes"
BUILD_TIERS = "by the plan's tiers, nothing included at the build"
STEP = "the fee of the step that the searches reach"
MINIMUM = "what the plan's monthly minimum leaves to pay above its usage"


@dataclass(eq=False)  # not frozen: a frozen class sets its fields one at a time, and hundreds of lines are made
class CostLine:
    """One line of a bill: what is paid for, how much of it by month, and what it costs.

    `amount` counts base quantities (tokens, hours, GB ...), `size` of which make one ledger `unit`; `paid` is their
    price, or makes it when somebody asks. `rule` says how the cost came about where the plan is not linear. `cost_usd`
    broadcasts to (..., months), for many draws as a `Factored` product; nan is a price that is missing where it is
    needed, and `missing` says which. `side` is the side of a hybrid that causes the line.
    """

    component: str
    phase: str
    driver: str
    amount: Term
    unit: str
    cost_usd: Array
    paid: Term | Callable[[], Term] | None = None
    side: str = ""
    size: float = 1.0
    prices: tuple[MeterPrices, ...] = ()
    price_ids: tuple[str, ...] = ()
    rule: str = ""
    average: bool = False
    """Whether cost / quantity is an average, because the plan is not linear."""
    own_fields: tuple[str, ...] = ()
    """Fields that shape it beside those behind its amount and price."""
    shaped_by: tuple[CostLine, ...] = ()
    """Lines whose fields shape it too."""
    scope: str = "bill"
    unpriced: str = ""
    """Why no price is known, where that is not a missing row of its price."""

    @property
    def price(self) -> Term | None:
        """USD per base quantity where the plan is linear, the list price where it is not."""
        if self.paid is not None and not isinstance(self.paid, Term):
            self.paid = self.paid()
        return self.paid

    @property
    def missing(self) -> str:
        """Which price is missing where the cost is nan, in words; empty when none can be."""
        if self.unpriced or self.prices:
            return self.unpriced or missing_price(self.price_ids[0])
        return next((line.missing for line in self.shaped_by if np.isnan(line.cost_usd).any()), "")

    @property
    def quantity(self) -> Array:
        """How much of it [unit]."""
        return np.asarray(self.amount.value) / self.size

    @property
    def typed_in(self) -> bool:
        """Whether the user typed the cost in."""
        return self.own_fields == ("extra_costs",)

    @property
    def price_id(self) -> str:
        """Price ids behind the line, joined; empty when it leads to a field."""
        return " + ".join(self.price_ids)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Paths of the scenario's fields behind it."""
        of_price = () if self.price is None else self.price.fields
        of_lines = (path for line in self.shaped_by for path in line.fields)
        return tuple(dict.fromkeys((*self.amount.fields, *of_price, *self.own_fields, *of_lines)))

    def during(self, months: Any) -> CostLine:
        """The same line where `months` (a mask) holds, nothing elsewhere."""
        return replace(self, amount=self.amount.during(months), cost_usd=np.where(months, self.cost_usd, 0.0))


def priced(quantity: Any, usd_per_unit: Any, known: bool = False) -> Any:
    """Cost [USD]; nothing needs no price: 0 x missing is 0, 5 x missing is missing. `known`: no price is missing."""
    if known or not np.isnan(usd_per_unit).any():
        cost = quantity * usd_per_unit
        return np.asarray(cost) if isinstance(cost, float) else cost
    return np.where(quantity != 0, quantity * np.where(quantity != 0, usd_per_unit, 0.0), 0.0)


def linear(component: str, phase: str, driver: str, amount: Term, unit: str, price: Term, side: str = "") -> CostLine:
    """A line at a price that comes from fields: cost = amount x price."""
    cost = amount.value * price.value
    if isinstance(cost, float):
        cost = np.asarray(cost)
    return CostLine(component, phase, driver, amount, unit, cost, price, side)


def typed_line(x: Inputs, component: str, driver: str, path: str) -> CostLine:
    """A monthly amount as billed, from a field in USD: it neither drifts nor is discounted [month]."""
    months = x.once("month", lambda: x.monthly(given("month", "months", 1.0)))
    return linear(component, "recurring", driver, months, "month", x.read(path))


def labour_price(x: Inputs) -> Term:
    """What an hour of an engineer costs [USD/hour]; it drifts with labour."""
    return x.once("hour", lambda: product("an hour", "USD/hour", _hourly_rate(x), x.drift("labour")))


def _hourly_rate(x: Inputs) -> Term:
    return applied(hourly_rate, x.read("people.engineer_usd_per_week"), x.read("people.hours_per_week"))


def labour_line(x: Inputs, component: str, phase: str, driver: str, hours: Term, side: str = "") -> CostLine:
    """Hours at the engineer's rate [hour]."""
    return linear(component, phase, driver, hours, "hour", labour_price(x), side)


def weeks_line(x: Inputs, driver: str, weeks: Term, side: str) -> CostLine:
    """Engineer-weeks of a build at the weekly rate [week]."""
    usd = x.read("people.engineer_usd_per_week")
    rate = x.once("a week", lambda: product("a week", "USD/week", usd, x.drift("labour")))
    return linear("build_labour", "one_time", driver, weeks, "week", rate, side)


def release_evaluation(x: Inputs, phase: str, releases: Term, path: str, side: str) -> CostLine:
    """Judging the quality of a release; drifts with labour [release]."""
    price = x.once(path, lambda: product("an evaluation", "USD/release", x.read(path), x.drift("labour")))
    return linear("release_evaluation", phase, _EVALUATED[side], releases, "release", price, side)


_EVALUATED = {
    side: f"releases evaluated ({whose})"
    for side, whose in (("rag", "RAG"), ("fine_tuning", "tuned model"), ("prompting", "prompt"))
}


def release(x: Inputs) -> Term:
    """The first release, in the month of the build [releases]."""
    return x.once("release", lambda: x.at_build(given("release", "releases", 1.0)))


def missing_price(price_id: str) -> str:
    """Why a total is not known, when the book has no such price."""
    return f"the price {price_id} is missing"


def not_chosen(path: str) -> str:
    """Why a total is not known, when no plan is chosen."""
    return f"no {'GPU' if path.endswith('gpu') else 'model'} is chosen ({path})"


def unknown_line(
    component: str, phase: str, driver: str, amount: Term, unit: str, size: float, missing: str, side: str = ""
) -> CostLine:
    """A line without a price: unknown wherever something is bought."""
    cost = priced(amount.value, np.nan)
    return CostLine(component, phase, driver, amount, unit, cost, None, side, size, unpriced=missing)


def book_price(x: Inputs, prices: MeterPrices, usd: Array, used: tuple[str, ...] = ()) -> Term:
    """The price paid, as a term: the list price, and the user's discount and drift where there are any.

    `used` are the price ids of the tiers that are reached; all of them when it is empty.
    """
    x.off_the_list(prices.provider, prices.drift_group)
    return _price(prices, usd, used, x.off)


def _price(prices: MeterPrices, usd: Array, used: tuple[str, ...], off: Off) -> Term:
    _, parts = off[prices.provider, prices.drift_group]
    return Term("price", f"USD/{prices.base}", usd, "price", parts, " + ".join(used or prices.price_ids))


def bought(
    x: Inputs,
    component: str,
    phase: str,
    driver: str,
    tokens: Term,
    ref: str | None,
    meter: str,
    *,
    request_tokens: Term | None = None,
    asked_by: str,
    side: str = "",
    months: Any = True,
) -> list[CostLine]:
    """Tokens at the price of one average request, a line for each model that serves in turn [million_tokens].

    A model that was never chosen is missing even while nobody asks; a price only where it is needed.
    """
    if ref is None:
        unknown = np.where(months & (x.months > 0), np.nan, 0.0)
        line = unknown_line(component, phase, driver, tokens, "million_tokens", MILLION, not_chosen(asked_by), side)
        return [replace(line, cost_usd=unknown)]
    found = []
    serving = x.segments(ref)
    for segment in serving:
        part = tokens if len(serving) == 1 and months is True else tokens.during(segment.months & months)
        prices = x.prices(segment.ref, meter)
        if prices is None:
            missing = missing_price(f"{segment.ref}:{meter}")
            found.append(unknown_line(component, phase, driver, part, "million_tokens", MILLION, missing, side))
            continue
        usd, used = _request_price(prices, request_tokens)
        found.append(
            CostLine(
                component,
                phase,
                driver,
                part,
                "million_tokens",
                priced(part.value, usd, prices.known),
                partial(_price, prices, usd, used, x.off),  # not of `x`, which holds the line: it would not be let go
                side,
                MILLION,
                (prices,),
                used,
            )
        )
    return found


def _request_price(prices: MeterPrices, request_tokens: Term | None) -> tuple[Array, tuple[str, ...]]:
    """The price of one average request by its size [USD/token], and the ids of the tiers that it pays."""
    if prices.tier_from == (0.0,):
        return prices.usd[0], prices.price_ids
    size = 0.0 if request_tokens is None else request_tokens.value
    ends = (size,) if isinstance(size, float) else (np.min(size), np.max(size))
    lowest, *_, highest = 2 * [bisect_left(prices.tier_from, end, 1) - 1 for end in ends]
    if lowest == highest and prices.known and prices.tier_from[0] == 0:
        return prices.usd[lowest], prices.price_ids[lowest : lowest + 1]
    tier = sum((np.asarray(size) > start for start in prices.tier_from[1:]), np.asarray(0))
    return request_price(prices, size), tuple(prices.price_ids[int(k)] for k in np.unique(tier))


def metered_line(
    x: Inputs,
    component: str,
    phase: str,
    driver: str,
    amount: Term,
    unit: str,
    prices: MeterPrices,
    *,
    size: float = 1.0,
    cost_usd: Array | None = None,
    rule: str = "",
    side: str = "",
    used: tuple[str, ...] | None = None,
) -> CostLine:
    """A line at one price of the book, or at what the plan's rule made of it: then its unit price is the average.

    `used` are the price ids of the tiers that are reached; all of them when it is not given.
    """
    ids = prices.price_ids if used is None else used
    return CostLine(
        component,
        phase,
        driver,
        amount,
        unit,
        priced(amount.value, prices.usd[0], prices.known) if cost_usd is None else cost_usd,
        partial(_price, prices, prices.usd[0], (), x.off),
        side,
        size,
        (prices,),
        ids,
        "" if prices.linear else rule,
        not prices.linear,
    )


def frame(
    bills: Iterable[tuple[str, Iterable[CostLine]]], dates: tuple[date, ...], horizon: int, discount_rate: float
) -> pd.DataFrame:
    """The ledger through `horizon`: one row per architecture x cost line x month, zero rows left out.

    Columns are `COLUMNS`; money in USD, `unit_price_usd` is cost / quantity (the average where a plan is not linear).
    """
    months = np.arange(horizon + 1)
    factor = discount(discount_rate, months.astype(float))
    days = np.array([day.isoformat() for day in dates[: horizon + 1]], dtype=object)
    parts: list[dict[str, Any]] = []
    for architecture, lines in bills:
        for line in lines:
            quantity = np.broadcast_to(line.quantity, (len(dates),))[: horizon + 1]
            cost = np.broadcast_to(line.cost_usd, (len(dates),))[: horizon + 1]
            kept = np.flatnonzero((quantity != 0) | (cost != 0))
            if not kept.size:
                continue
            divisor = np.where(quantity[kept] != 0, quantity[kept], np.nan)
            words = {
                "architecture": architecture,
                "component": line.component,
                "phase": line.phase,
                "scope": line.scope,
                "driver": f"{line.driver} (average price)" if line.average else line.driver,
                "unit": line.unit,
                "price_id": line.price_id,
            }
            numbers = {
                "quantity": quantity[kept],
                "unit_price_usd": cost[kept] / divisor,
                "cost_usd": cost[kept],
                "present_value_usd": cost[kept] * factor[kept],
                "month": months[kept],
                "date": days[kept],
            }
            parts.append(numbers | {name: np.full(kept.size, word, dtype=object) for name, word in words.items()})
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in COLUMNS})
