"""Prices of a book after the edits: the row in force, units, tiers, quotas, fees and the facts of a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from pricing.book import Price, PriceEdit

UNKNOWN = math.nan
FORGIVEN = 1e-9

BASE_QUANTITIES = {
    "token": 1,
    "1k tokens": 1_000,
    "1M tokens": 1_000_000,
    "search": 1,
    "1k searches": 1_000,
    "page": 1,
    "1k pages": 1_000,
    "unit": 1,
    "1k units": 1_000,
    "1M units": 1_000_000,
    "GB": 1,
    "GiB": 1024**3 / 1000**3,
    "TB": 1_000,
    "TiB": 1024**4 / 1000**3,
    "PB": 1_000_000,
    "1M dimensions": 1_000_000,
    "GB-month": 1,
    "GiB-month": 1024**3 / 1000**3,
    "hour": 1,
    "month": 1,
    "GPU-hour": 1,
}

STORE_METERS = ("storage", "dimensions", "reads", "queried", "writes", "nodes", "flat")

DRIFT_GROUP = {
    "embedding": "embedding",
    "page": "embedding",
    **dict.fromkeys(STORE_METERS, "vector_store"),
    "hosting": "gpu",
    "gpu": "gpu",
}

FACTS = (
    "documents_per_search",
    "tokens_per_unit",
    "units_per_search",
    "units_per_vector",
    "units_per_gb_searched",
    "units_per_gb_written",
    "min_gb_per_search",
    "vectors_per_tier",
    "gb_per_node",
    "min_nodes",
    "min_gpus",
    "bills_tokens",
    "retires_on",
    "successor",
)


class Tariff:
    """Rows by plan and meter, and the facts of each plan."""

    def __init__(self, rows: Sequence[Price], edits: Sequence[PriceEdit]) -> None:
        self.rows = list(rows)
        self.facts: dict[str, dict[str, Any]] = {}
        for row in rows:
            for name in FACTS:
                if getattr(row, name) is not None:
                    self.facts.setdefault(row.ref, {}).setdefault(name, getattr(row, name))
        for edit in edits:
            self._put(edit)
        self.by_meter: dict[tuple[str, str], list[Price]] = {}
        for row in self.rows:
            self.by_meter.setdefault((row.ref, row.meter), []).append(row)

    def _put(self, edit: PriceEdit) -> None:
        """The edit in place of its key, or of every date of its price when it names none."""
        same = [row for row in self.rows if row.price_id == edit.price_id]
        replaced = [row for row in same if edit.effective_from in (None, row.effective_from)]
        self.rows = [row for row in self.rows if row not in replaced]
        values = {name: getattr(edit, name) for name in edit.model_fields_set - {"reason"}}
        for before in same[-1:]:  # what an edit leaves unsaid stays as it was
            if edit.minimum_usd is None:
                values["minimum_usd"] = before.minimum_usd
            if edit.included_quantity is None and before.included_quantity is not None:
                units = BASE_QUANTITIES[before.unit] / BASE_QUANTITIES[edit.unit]
                values["included_quantity"] = before.included_quantity * units
        self.rows.append(Price(**values, note=edit.reason))
        for name in FACTS:  # typed in, a fact of the plan holds against what the book says
            if getattr(edit, name) is not None:
                self.facts.setdefault(edit.ref, {})[name] = getattr(edit, name)

    def meter(self, ref: str | None, meter: str) -> list[Price]:
        return self.by_meter.get((ref or "", meter), [])

    def fact(self, ref: str | None, name: str, otherwise: Any = None) -> Any:
        return self.facts.get(ref or "", {}).get(name, otherwise)


def in_force(rows: Sequence[Price], tier: float, day: date) -> Price | None:
    """The row of one tier that holds on a day; of several the one that started last."""
    best = None
    for row in rows:
        started = row.effective_from is None or row.effective_from <= day
        ended = row.effective_to is not None and row.effective_to < day
        if row.tier_from == tier and started and not ended:
            later = best is None or best.effective_from is None
            if later or (row.effective_from is not None and row.effective_from > best.effective_from):
                best = row
    return best


def tiers_of(rows: Sequence[Price]) -> list[float]:
    return sorted({row.tier_from for row in rows})


def unit_of(rows: Sequence[Price], tier: float) -> str:
    """The unit in which a tier is sold and in which its threshold is written."""
    return next(row.unit for row in rows if row.tier_from == tier)


def base_price(row: Price) -> float:
    """USD per token, unit, GB-month, hour, ..."""
    return row.price_usd / BASE_QUANTITIES[row.unit]


def times(quantity: float, price: float) -> float:
    """An amount; nothing of an unknown price is nothing."""
    return 0.0 if quantity == 0 else quantity * price


def whole(x: float) -> int:
    """The next whole number, rounding noise forgiven."""
    return math.ceil(x - FORGIVEN)


def price_of_a_call(rows: Sequence[Price], input_tokens: float, day: date) -> float:
    """USD per token for a request of this size: the long price strictly above its threshold (a cliff)."""
    found = UNKNOWN
    for tier in tiers_of(rows):
        if tier == 0 or input_tokens > tier:
            row = in_force(rows, tier, day)
            found = base_price(row) if row else found
    return found


def graduated(rows: Sequence[Price], quantity: float, day: date, *, quota: bool = True) -> float:
    """The part of the quantity in each tier at its own price, the included part taken off at the bottom."""
    if quantity == 0 or not rows:
        return 0.0
    included = 0.0
    for tier in tiers_of(rows):
        row = in_force(rows, tier, day)
        if quota and row and row.included_quantity:
            included = max(included, row.included_quantity * BASE_QUANTITIES[row.unit])
    starts = [tier * BASE_QUANTITIES[unit_of(rows, tier)] for tier in tiers_of(rows)]
    price = UNKNOWN  # the part below the lowest tier is in no part of the sum: it costs nothing
    usd = 0.0
    for n, tier in enumerate(tiers_of(rows)):
        row = in_force(rows, tier, day)
        price = base_price(row) if row else price
        end = starts[n + 1] if n + 1 < len(starts) else math.inf
        usd += times(max(0.0, min(quantity, end) - max(starts[n], included)), price)
    return usd


def fee(rows: Sequence[Price], searches: float, day: date) -> float:
    """A flat fee: that of the highest step the searches have reached."""
    reached = [tier for tier in tiers_of(rows) if searches >= tier]
    if not reached:
        return 0.0
    usd = UNKNOWN
    for tier in reached:
        row = in_force(rows, tier, day)
        usd = row.price_usd if row else usd
    return usd


def least_of_a_month(tariff: Tariff, ref: str, day: date) -> float:
    """The monthly minimum of a vector store: the largest in force on any of its rows."""
    largest = 0.0
    for meter in STORE_METERS:
        rows = tariff.meter(ref, meter)
        for tier in tiers_of(rows):
            row = in_force(rows, tier, day)
            if row and row.minimum_usd:
                largest = max(largest, row.minimum_usd)
    return largest
