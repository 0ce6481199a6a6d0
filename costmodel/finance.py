"""What a stream of costs is worth, and when two of them cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from costmodel.timeline import Array, Number, discount

SAME = 1e-9
"""Two cumulative costs differ when they differ by more than this share of the larger one."""


def present_value(cost_usd: Array, annual_rate: Number) -> Array:
    """Present value of costs by month [USD], shape (..., months): cost / (1 + r)^(t/12), month 0 undiscounted.

    100 in month 0 and 110 in month 12 at 10 % a year are 100 + 110 / 1.10 = 200 together. Signs may be mixed.
    """
    months = np.arange(cost_usd.shape[-1], dtype=float)
    return np.asarray(cost_usd * discount(annual_rate, months))


def net_present_value(flows: Sequence[float], annual_rate: float, months_per_period: int = 12) -> float:
    """Present value of flows in periods 0, 1, 2, ... [the flows' unit]; period 0 is undiscounted.

    (-100000, 30000, 40000, 50000) at 10 % a year is -2103.68.
    """
    by_month = np.zeros((len(flows) - 1) * months_per_period + 1 if flows else 0)
    by_month[::months_per_period] = flows
    return float(present_value(by_month, annual_rate).sum())


def monthly_factor(times_cheaper_per_year: float) -> float:
    """Factor on a price from one month to the next [ratio]: 10 times cheaper a year is 0.8254 a month."""
    return float(times_cheaper_per_year ** (-1.0 / 12.0))


def times_cheaper_per_year(start: float, end: float, years: float) -> float:
    """How many times cheaper a price became each year [ratio]: from 60 to 0.06 in 3 years is 10."""
    return float((start / end) ** (1.0 / years))


@dataclass(frozen=True)
class BreakEven:
    """One crossing of two cumulative costs: where the lines meet, and when the order has changed."""

    month: float
    """Interpolated within the month, not rounded."""
    overtakes_in_month: int
    """First month at whose end the order has changed."""
    a_cheaper_after: bool


def break_even_months(a_cumulative_usd: Array, b_cumulative_usd: Array) -> tuple[BreakEven, ...]:
    """Every month at which the order of two cumulative costs changes, in order; shape (months,) each.

    A difference of at most 1e-9 of the larger total has no sign: touching is no crossing, and a change of sign
    across such months counts once, at the first of them. A(0) = 0, A(1) = 30 against B = 10, 20: the difference
    goes from -10 to +10, so the lines meet at month 0.5 and B is cheaper from month 1.
    """
    gap = a_cumulative_usd - b_cumulative_usd
    zero = np.abs(gap) <= SAME * np.maximum(np.abs(a_cumulative_usd), np.abs(b_cumulative_usd))
    sign = np.where(zero, 0, np.sign(gap)).astype(int)
    signed = np.flatnonzero(sign)
    found = []
    for before, after in pairwise(signed):
        if sign[before] == sign[after]:
            continue
        meets = float(before + 1) if after > before + 1 else before + gap[before] / (gap[before] - gap[after])
        found.append(BreakEven(float(meets), int(after), bool(sign[after] < 0)))
    return tuple(found)
