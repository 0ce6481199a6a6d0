"""Cost lines, and the one tidy ledger that every number on every screen is a sum over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from costmodel.inputs import Inputs
from costmodel.timeline import Array, Number, discount
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


@dataclass(frozen=True, eq=False)
class CostLine:
    """One line of a bill: what is paid for, how much of it by month, and what it costs.

    `quantity` [unit] and `cost_usd` broadcast to (..., months); nan in `cost_usd` is a price that is missing
    where it is needed, and `missing` says which, in words. `side` is the side of a hybrid that causes the line.
    """

    component: str
    phase: str
    driver: str
    quantity: Array
    unit: str
    cost_usd: Array
    price_ids: tuple[str, ...] = ()
    prices: tuple[MeterPrices, ...] = ()
    fields: tuple[str, ...] = ()
    side: str = ""
    missing: str = ""
    typed_in: bool = False
    average: bool = False
    """Whether cost / quantity is an average, because the plan is not linear."""
    scope: str = "bill"

    @property
    def price_id(self) -> str:
        """Price ids behind the line, joined; empty when it leads to a field."""
        return " + ".join(self.price_ids)


def priced(quantity: Array, usd_per_unit: Number) -> Array:
    """Cost [USD]; nothing needs no price: 0 x missing is 0, 5 x missing is missing."""
    return np.where(quantity != 0, quantity * np.where(quantity != 0, usd_per_unit, 0.0), 0.0)


def typed_line(x: Inputs, component: str, driver: str, usd_per_month: Number, field: str) -> CostLine:
    """A monthly amount as billed, from a field in USD: it neither drifts nor is discounted [month]."""
    months = x.monthly(1.0)
    return CostLine(component, "recurring", driver, months, "month", priced(months, usd_per_month), fields=(field,))


def missing_price(price_id: str) -> str:
    """Why a total is not known, when the book has no such price."""
    return f"the price {price_id} is missing"


def missing_plan(ref: str | None, meter: str, field: str) -> str:
    """Why a total is not known, when a plan has no such meter or none is chosen."""
    return f"no model is chosen ({field})" if ref is None else missing_price(f"{ref}:{meter}")


def labour_line(
    x: Inputs, component: str, phase: str, driver: str, hours: Array, *fields: str, side: str = ""
) -> CostLine:
    """Hours at the engineer's rate, which drifts with labour [hour]."""
    rate = x.people.engineer_usd_per_week / x.people.hours_per_week * x.drift("labour")
    paid_by = ("people.engineer_usd_per_week", "people.hours_per_week", "finance.price_drift_annual.labour")
    return CostLine(component, phase, driver, hours, "hour", priced(hours, rate), fields=(*fields, *paid_by), side=side)


def weeks_line(x: Inputs, driver: str, weeks: Array, *fields: str, side: str) -> CostLine:
    """Engineer-weeks of the build at the weekly rate [week]."""
    rate = x.people.engineer_usd_per_week * x.drift("labour")
    paid_by = ("people.engineer_usd_per_week",)
    return CostLine(
        "build_labour", "one_time", driver, weeks, "week", priced(weeks, rate), fields=(*fields, *paid_by), side=side
    )


def token_line(
    x: Inputs,
    component: str,
    phase: str,
    driver: str,
    tokens: Array,
    ref: str | None,
    meter: str,
    request_tokens: Number,
    *fields: str,
    asked_by: str,
    side: str = "",
) -> CostLine:
    """Tokens at the price of one average request [million_tokens]; a null or unpriced model is a missing price."""
    million = tokens / MILLION
    prices = x.prices(ref, meter)
    if prices is None:
        # A model that was never chosen is missing even while nobody asks; a price only where it is needed.
        unknown = np.where(x.months > 0, np.nan, 0.0) if ref is None else priced(million, np.nan)
        name = missing_plan(ref, meter, asked_by)
        return CostLine(component, phase, driver, million, "million_tokens", unknown, side=side, missing=name)
    usd_per_token = request_price(prices, np.asarray(request_tokens, dtype=float))
    tier = sum((np.asarray(request_tokens) > t for t in prices.tier_from[1:]), np.asarray(0))
    used = tuple(prices.price_ids[int(k)] for k in np.unique(tier))
    return CostLine(
        component,
        phase,
        driver,
        million,
        "million_tokens",
        priced(million, usd_per_token * MILLION),
        used,
        (prices,),
        fields,
        side,
        missing=missing_price(used[0]),
    )


def metered_line(
    component: str,
    phase: str,
    driver: str,
    quantity: Array,
    unit: str,
    cost_usd: Array,
    prices: MeterPrices,
    *fields: str,
    side: str = "",
    used: tuple[str, ...] | None = None,
) -> CostLine:
    """A line whose plan made the cost: where that is not linear, the ledger's unit price is the average.

    `used` are the price ids of the tiers that are reached; all of them when it is not given.
    """
    return CostLine(
        component,
        phase,
        driver,
        quantity,
        unit,
        cost_usd,
        prices.price_ids if used is None else used,
        (prices,),
        fields,
        side,
        missing=missing_price(prices.price_ids[0]),
        average=len(prices.tier_from) > 1 or bool(np.any(prices.included > 0) or np.any(prices.minimum_usd > 0)),
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
    parts = []
    for architecture, lines in bills:
        for line in lines:
            quantity = np.broadcast_to(line.quantity, (len(dates),))[: horizon + 1]
            cost = np.broadcast_to(line.cost_usd, (len(dates),))[: horizon + 1]
            kept = np.flatnonzero((quantity != 0) | (cost != 0))
            if not kept.size:
                continue
            divisor = np.where(quantity[kept] != 0, quantity[kept], np.nan)
            parts.append(
                pd.DataFrame(
                    {
                        "architecture": architecture,
                        "component": line.component,
                        "phase": line.phase,
                        "scope": line.scope,
                        "driver": f"{line.driver} (average price)" if line.average else line.driver,
                        "quantity": quantity[kept],
                        "unit": line.unit,
                        "unit_price_usd": cost[kept] / divisor,
                        "cost_usd": cost[kept],
                        "present_value_usd": cost[kept] * factor[kept],
                        "month": months[kept],
                        "date": days[kept],
                        "price_id": line.price_id,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
