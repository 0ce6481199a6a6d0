"""Models retire: which plan a reference stands for in which months, and when it has to be left."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from costmodel.terms import Array, Mask
from costmodel.timeline import month_number
from pricing.book import PriceBook


class Segment(NamedTuple):
    """A plan that serves from month `first` (a retirement, when above 0) until the next one takes over."""

    ref: str | None
    first: int
    months: Mask
    """Whether each month belongs to it."""


def segments(
    book: PriceBook,
    ref: str | None,
    start_month: str,
    months: Array,
    horizon: float,
    warn: Callable[[str], None],
) -> tuple[Segment, ...]:
    """The plan of `ref` and those of its successors, each with its months; the last one goes on for ever.

    A model that retires before month 1 is its successor from the start. Without a successor the same plan goes on,
    as a segment of its own: leaving it is an event all the same.
    """
    starts = [(ref, 0)]
    seen = {ref}
    while (found := _retirement(book, starts[-1][0], start_month)) is not None:
        month, successor = found
        if month > months[-1]:
            break
        leaving = starts[-1][0]
        if successor is None and 0 < month <= horizon:
            warn(f"{leaving} retires in month {month} and names no successor; its prices go on")
        elif month <= 0:
            goes_on = "no successor is named, so its prices go on" if successor is None else f"{successor} is taken"
            warn(f"{leaving} retires before the first month of operation; {goes_on}")
        first = max(month, starts[-1][1], 0)
        following = leaving if successor is None or successor in seen else successor
        if first == starts[-1][1]:
            starts[-1] = (following, first)
        else:
            starts.append((following, first))
        if following == leaving:
            break
        seen.add(following)
    if len(starts) == 1:
        return (Segment(starts[0][0], 0, months >= 0),)
    ends = [first for _, first in starts[1:]] + [np.inf]
    return tuple(
        Segment(plan, first, (months >= first) & (months < end))
        for (plan, first), end in zip(starts, ends, strict=True)
    )


def _retirement(book: PriceBook, ref: str | None, start_month: str) -> tuple[int, str | None] | None:
    """Month in which a plan retires, counted from the build, and its successor; None when it does not."""
    plan = None if ref is None else book.plan(ref)
    day = None if plan is None else plan.fact("retires_on")
    if plan is None or day is None:
        return None
    month = day.year * 12 + day.month - 1 - month_number(start_month)
    return month, plan.fact("successor")
