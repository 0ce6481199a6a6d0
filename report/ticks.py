"""Round values along an axis, evenly or in the logarithm."""

from __future__ import annotations

import math

from costmodel.winner_map import Axis
from report.driver_words import often_ticks
from report.labels import nice_ticks

LEADING = (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3))
"""Leading digits of ticks in every so many powers of ten, dense to sparse."""


def axis_ticks(axis: Axis, at_most: int = 7) -> list[float]:
    """Round values along an axis: frequencies with a name, 1, 2 and 5 of each power of ten, or evenly spaced ones."""
    low, high = axis.values[0], axis.values[-1]
    named = often_ticks(axis)
    if 2 < len(named) <= at_most:
        return named
    return log_ticks(low, high, at_most) if axis.log else nice_ticks(low, high, at_most - 1)


def log_ticks(low: float, high: float, at_most: int) -> list[float]:
    """Round values on a logarithmic axis, as dense as fits; evenly spaced ones where it spans too little for two."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for leading, every in LEADING:
        ticks = [float(f"{digit}e{power}") for power in range(first, last + 1, every) for digit in leading]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= at_most:
            return ticks if len(ticks) > 1 else [tick for tick in nice_ticks(low, high, at_most - 1) if tick >= low]
    return [low, high]
