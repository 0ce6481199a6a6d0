"""Months: calendar dates, growth, drift, discounting and the one rule for everything that recurs.

Arrays have the months last: index 0 is the build, index t is t calendar months later.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Number = float | Array
"""A scalar, or a column of shape (..., 1) that broadcasts over the months."""

FORGIVEN = 1e-9
"""Ceilings and event counts forgive this much, so that 3.0000000001 is 3."""


SHORTEST = 1e-9
"""No interval between events is taken to be shorter [months]; below it their number would overflow."""


def month_number(month: str) -> int:
    """Months since year 0 of "YYYY-MM"."""
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def month_dates(start_month: str, months: int) -> tuple[date, ...]:
    """First day of calendar months 0..`months`; month 0 is `start_month` ("YYYY-MM")."""
    first = month_number(start_month)
    return tuple(date(n // 12, n % 12 + 1, 1) for n in range(first, first + months + 1))


def grown(start: Number, growth_share: Number, periods: Array) -> Array:
    """`start` x (1 + growth)^periods, shape (..., months)."""
    return np.asarray(start * (1.0 + np.asarray(growth_share)) ** periods)


def drift(annual_share: Number, months: Array) -> Array:
    """Factor (1 + d)^(max(t - 1, 0) / 12) on a price [ratio]; 1 in the build and in month 1."""
    return np.asarray((1.0 + np.asarray(annual_share)) ** (np.maximum(months - 1.0, 0.0) / 12.0))


def discount(annual_rate: Number, months: Array) -> Array:
    """Factor 1 / (1 + r)^(t / 12) that turns a cost into present value [ratio]; 1 in month 0."""
    return np.asarray((1.0 + np.asarray(annual_rate)) ** (-months / 12.0))


def shortest(*intervals: Number) -> Array:
    """The smallest interval above 0 [months]; infinite when none is active (0 = not active)."""
    active = [np.where(np.asarray(i) > 0, i, np.inf) for i in intervals]
    result = active[0]
    for other in active[1:]:
        result = np.minimum(result, other)
    return np.asarray(result)


def forced_interval(updates_per_event: Number, updates_per_month: Number) -> Array:
    """Months until so many updates have come [months]; 0 (not active) when there are none or none force anything."""
    updates, needed = np.asarray(updates_per_month, dtype=float), np.asarray(updates_per_event, dtype=float)
    active = (updates > 0) & (needed > 0)
    with np.errstate(over="ignore"):  # next to no updates: the interval is infinite
        return np.where(active, needed / np.where(updates > 0, updates, 1.0), 0.0)


def events(interval_months: Number, months: Array) -> Array:
    """Events in month t [events]: floor(t/T + 1e-9) - floor((t-1)/T + 1e-9), none in month 0.

    T = 3 gives one event in months 3, 6, 9, 12; T = 0.5 gives two a month.
    """
    interval = np.maximum(interval_months, SHORTEST)
    until = np.floor(months / interval + FORGIVEN)
    before = np.floor(np.maximum(months - 1.0, 0.0) / interval + FORGIVEN)
    return np.where(months > 0, until - before, 0.0)


def ceiling(value: Number) -> Array:
    """Smallest whole number that is not less, forgiving 1e-9."""
    return np.ceil(np.asarray(value) - FORGIVEN)
