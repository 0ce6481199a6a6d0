"""Where a driver is looked at: its range unless one is given, and the values that a scan tries."""

from __future__ import annotations

from datetime import date

import numpy as np

from costmodel.changes import ScenarioError, changed
from costmodel.fields import value_at
from costmodel.inputs import DISCOUNT
from costmodel.scenario import FIELDS, Scenario
from costmodel.terms import Array
from pricing.book import PriceBook
from pricing.price import Price

MOST_WHOLE = 20_000
"""Whole numbers are all tried, up to so many."""
RANGES: dict[str, tuple[float, float]] = {
    "workload.queries_per_month": (1_000, 10_000_000),
    "workload.monthly_growth_share": (-0.05, 0.15),
    "corpus.updates_per_month": (0, 30),
    "fine_tuning.retrain_every_months": (0.5, 24),
    "finance.horizon_months": (12, 36),
}
"""Where drivers are looked at unless a range is given; other drivers from a tenth to ten times their value."""


def is_whole(driver: str) -> bool:
    """Whether a driver comes in whole numbers."""
    return driver in FIELDS and FIELDS[driver].kind == "whole"


def looked_at(scenario: Scenario, driver: str, now: float | None = None) -> tuple[float, float]:
    """The range in which a driver is looked at unless one is given; `now` is its value if it is no field's."""
    if driver in RANGES:
        return RANGES[driver]
    if driver.startswith(DISCOUNT):
        return 0.0, 1.0
    now = float(value_at(scenario, driver) or 0.0) if now is None else now
    low, high = now / 10, now * 10
    if driver in FIELDS:
        field = FIELDS[driver]
        low, high = max(low, field.low or 0.0), min(high, np.inf if field.high is None else field.high)
        if driver == "corpus.chunk_tokens":
            low = max(low, scenario.corpus.chunk_overlap_tokens + 1.0)
        if low >= high:  # nothing now: all that the field may hold
            low, high = field.low or 0.0, high if field.high is None else field.high
        if field.kind == "whole":
            low, high = np.floor(low), np.ceil(high)
    return float(low), float(high)


def range_of(
    scenario: Scenario, book: PriceBook, driver: str, low: float | None, high: float | None
) -> tuple[float, float]:
    """The range to look at, with `looked_at` for an end that is None.

    ScenarioError for a path that is no number of the scenario and no price of its book, and for a range that is empty
    or has an end that makes no scenario.
    """
    default_low, default_high = looked_at(scenario, driver, _now(scenario, book, driver))
    low = default_low if low is None else low
    high = default_high if high is None else high
    if not low < high:
        raise ScenarioError([f"{driver}: the range {low:g} to {high:g} holds nothing; give --low below --high"])
    for end in (low, high):
        changed(scenario, {driver: end}, book)
    return float(low), float(high)


def edited(scenario: Scenario, book: PriceBook) -> PriceBook:
    """The book with the scenario's price edits in it."""
    return book.with_edits(scenario.price_edits) if scenario.price_edits else book


def rows_of(book: PriceBook, driver: str) -> list[Price]:
    """The rows of a price, one for each of its dates; none for a driver that is no price of the book."""
    if not driver.startswith("price:"):
        return []
    plan = book.plan(driver.removeprefix("price:").rpartition(":")[0])
    return [] if plan is None else [row for row in plan.rows if f"price:{row.price_id}" == driver]


def has_schedule(scenario: Scenario, book: PriceBook, driver: str) -> bool:
    """Whether the driver is a price that changes with its dates."""
    return driver.startswith("price:") and len(rows_of(edited(scenario, book), driver)) > 1


def is_steady(book: PriceBook, driver: str, first: date) -> bool:
    """Whether a price is the same on `first` and ever after, so that one for every month needs no edit of it."""
    rows = rows_of(book, driver)
    begun = [row for row in rows if row.effective_from is None or row.effective_from <= first]
    return len(rows) == len(begun) == 1 and rows[0].effective_to is None


def _now(scenario: Scenario, book: PriceBook, driver: str) -> float:
    if driver.startswith("price:"):
        rows = rows_of(edited(scenario, book), driver)
        if not rows:
            raise ScenarioError([f"{driver}: the price book has no such price; price ids read provider/item:meter"])
        return rows[-1].price_usd
    if driver.startswith(DISCOUNT):
        return scenario.finance.discount_share.get(driver.removeprefix(DISCOUNT), 0.0)
    if driver not in FIELDS or not FIELDS[driver].numeric:
        raise ScenarioError([f"{driver}: is not a number of the scenario; `cli.py schema` lists them"])
    return float(value_at(scenario, driver) or 0.0)


def values_of(driver: str, low: float, high: float, points: int) -> Array:
    """The values of a driver to try from `low` to `high`, both included, in order; about `points` of them.

    Half of them evenly spaced and half in the logarithm, where that exists; whole numbers all, if they are not many.
    """
    if not is_whole(driver):
        return _spread(low, high, points)
    numbers = np.arange(np.ceil(low), np.floor(high) + 1)
    return numbers if len(numbers) <= MOST_WHOLE else np.unique(np.round(_spread(low, high, points)))


def _spread(low: float, high: float, points: int) -> Array:
    if low <= 0:
        return np.unique(np.linspace(low, high, points))
    even = np.linspace(low, high, points // 2 + 1)
    return np.unique(np.clip(np.concatenate([even, np.geomspace(low, high, points // 2 + 1)]), low, high))
