"""Months: calendar dates, growth, drift, discounting and the one rule for everything that recurs.

Arrays have the months last: index 0 is the build, index t is t calendar months later.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from costmodel.terms import Array, Number, quantity

__all__ = ["Array", "Number"]

FORGIVEN = 1e-9
"""Ceilings and event counts forgive this much, so that 3.0000000001 is 3."""


SHORTEST = 1e-9
"""No interval between events is taken to be shorter [months]; below it their number would overflow."""


def month_number(month: str) -> int:
    """Months since year 0 of "YYYY-MM"."""
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


@lru_cache(maxsize=64)
def month_dates(start_month: str, months: int) -> tuple[date, ...]:
    """First day of calendar months 0..`months`; month 0 is `start_month` ("YYYY-MM")."""
    first = month_number(start_month)
    return tuple(date(n // 12, n % 12 + 1, 1) for n in range(first, first + months + 1))


@quantity("price drift", "ratio", "(1 + annual) ** (max(month - 1, 0) / 12)", annual=0.028, month=np.array([13.0]))
def drift(annual: Number, month: Array) -> Array:
    """Factor on a price [ratio]; 1 in the build and in month 1."""
    if isinstance(annual, float) and annual == 0:
        return np.asarray(1.0)
    return np.asarray((1.0 + annual) ** (np.maximum(month - 1.0, 0.0) / 12.0))


@quantity("discount factor", "ratio", "1 / (1 + annual) ** (month / 12)", annual=0.1, month=np.array([12.0]))
def discount(annual: Number, month: Array) -> Array:
    """Factor that turns a cost into present value [ratio]; 1 in month 0."""
    return np.asarray((1.0 + np.asarray(annual)) ** (-month / 12.0))


def shortest(*intervals: Number) -> Number:
    """The smallest interval above 0 [months]; infinite when none is active (0 = not active)."""
    if all(isinstance(each, (float, int)) for each in intervals):
        return float(min((each for each in intervals if each > 0), default=np.inf))
    active = [np.where(np.asarray(i) > 0, i, np.inf) for i in intervals]
    result = active[0]
    for other in active[1:]:
        result = np.minimum(result, other)
    return np.asarray(result)


@quantity("forced interval", "months", "needed / updates", needed=24.0, updates=4.0)
def forced_interval(needed: Number, updates: Number) -> Array:
    """Months until so many updates have come [months]; 0 (not active) when there are none or none force anything."""
    active = (updates > 0) & (needed > 0)
    if isinstance(active, bool):
        return np.asarray(needed / updates if active else 0.0)
    with np.errstate(over="ignore"):  # next to no updates: the interval is infinite
        return np.where(active, needed / np.where(np.asarray(updates) > 0, updates, 1.0), 0.0)


@quantity(
    "events",
    "events",
    "floor(month / interval + 1e-9) - floor((month - 1) / interval + 1e-9)",
    interval=3.0,
    month=np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
)
def events(interval: Number, month: Array) -> Array:
    """Events in a month when one is due every `interval` months [events]; none in month 0.

    T = 3 gives one event in months 3, 6, 9, 12; T = 0.5 gives two a month.
    """
    apart = max(interval, SHORTEST) if isinstance(interval, float) else np.maximum(interval, SHORTEST)
    until = np.floor(month / apart + FORGIVEN)
    before = np.floor(np.maximum(month - 1.0, 0.0) / apart + FORGIVEN)
    return np.asarray(until - before)


@quantity(
    "age of the training",
    "months",
    "mean over the month of the months since the last training",
    interval=3.0,
    month=np.array([1.0, 2.0, 3.0, 4.0]),
    reset=0.0,
)
def mean_age(interval: Number, month: Array, reset: Number) -> Array:
    """Mean over a month of the months since the last training [months], shape (..., months).

    Trainings at 0, T, 2T, ...; `reset` is a later point in time, not inside a month, at which one more took place.
    Every 3 months the ages are 0.5, 1.5, 2.5, 0.5, ...; every half month 0.25.
    """
    apart = np.maximum(interval, SHORTEST)
    start = np.maximum(month - 1.0, 0.0)
    before = np.floor(start / apart + FORGIVEN)
    until = np.floor(month / apart + FORGIVEN)
    finite = np.where(np.isfinite(apart), apart, 0.0)
    at_start = start - np.maximum(before * finite, reset)
    first, last = (before + 1) * finite - start, month - until * finite
    retrained = first * at_start + first**2 / 2 + (until - before - 1) * finite**2 / 2 + last**2 / 2
    return np.where(month > 0, np.where(until > before, retrained, at_start + 0.5), 0.0)


def ceiling(value: Number) -> Array:
    """Smallest whole number that is not less, forgiving 1e-9."""
    return np.ceil(np.asarray(value) - FORGIVEN) + 0.0  # of -0.0, 0.0
