"""What is kept of many draws while blocks of them go by: counts of all months, quantiles, who is ahead when.

Memory grows with draws x months: of each draw its costs are kept, and of these the months that fit at a time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from costmodel.finance import SAME
from costmodel.information import cheapest_share
from costmodel.scenario import Architecture
from costmodel.terms import Array

KEPT = 5 * 2**25
"""Costs kept at a time, 8 bytes each: three years of four architectures at the most draws. Quantiles of more months
than fit are worked out in several rounds of draws."""
LEVELS = (0.10, 0.50, 0.90)
_BESIDE = ThreadPoolExecutor(4, thread_name_prefix="quantiles")


@dataclass(frozen=True, eq=False)
class BreakEvens:
    """When the order of `a` and `b` first changes over the draws."""

    a: Architecture
    b: Architecture
    first: Array
    """Share of the draws by the month in which the order has first changed, shape (months,); month 0 holds none."""
    never: float
    several: float
    """Share of the draws in which it changes more than once."""
    a_cheaper_at_end: float
    """Share of the draws in which `a` is the cheaper one of the two at the end; level ones count half."""


class Tally:
    """What is kept of the draws while blocks go by: counts of all months at once, costs of a round's months."""

    def __init__(
        self, architectures: tuple[Architecture, ...], eligible: tuple[Architecture, ...], horizon: int, draws: int
    ) -> None:
        self.eligible, self.draws, self.horizon = eligible, draws, horizon
        self.fan = {key: np.empty((len(LEVELS), horizon + 1)) for key in architectures}
        self.totals = {key: np.empty(draws) for key in architectures}
        self.cheapest = np.zeros((len(eligible), horizon + 1))
        self.first = {pair: np.zeros(horizon + 1) for pair in combinations(eligible, 2)}
        self.counts = {pair: np.zeros(3) for pair in combinations(eligible, 2)}
        self.months = slice(0)
        self.cumulative = np.empty((0, 0, 0))

    def rounds(self) -> list[slice]:
        """Months whose costs are kept together, so that memory stays within bounds for any number of draws."""
        together = max(1, KEPT // (self.draws * len(self.fan)))
        return [slice(first, min(first + together, self.horizon + 1)) for first in range(0, self.horizon + 1, together)]

    def begin(self, months: slice) -> None:
        """Make room for the costs up to these months."""
        self.months = months
        # Months first: the draws of a month lie side by side, as its quantiles want them.
        self.cumulative = np.empty((len(self.fan), months.stop - months.start, self.draws))

    def room(self, start: int, count: int, last: int) -> Array:
        """Where a block's costs up to months 0 to `last` go, (architectures, months, draws): to their place, if all of
        them are kept."""
        if self.months == slice(0, last + 1):
            return self.cumulative[:, :, start : start + count]
        return np.empty((len(self.fan), last + 1, count))

    def add(self, start: int, curves: Array, totals: Array) -> None:
        """Take in one block: cumulative cost, shape (architectures, months, draws), and total of each draw."""
        for usd, kept in zip(totals, self.totals.values(), strict=True):
            kept[start : start + len(usd)] = usd
        of = dict(zip(self.fan, curves, strict=True))
        able = curves if len(self.eligible) == len(of) else np.stack([of[key] for key in self.eligible])
        least, most = able.min(axis=0), able.max(axis=0)
        hair = 2 * SAME * np.maximum(np.abs(least), np.abs(most))  # no two that are level are farther apart
        alone = np.count_nonzero(able <= least + hair, axis=2)
        level = alone.sum() > least.size
        self.cheapest += cheapest_share(able).sum(axis=2) if level else alone
        for a, b in self.first:
            first, *counts = _order_changes(of[a], of[b], hair)
            self.first[a, b][1:] += first
            self.counts[a, b] += counts

    def keep(self, start: int, curves: Array) -> None:
        """Keep a block's costs up to the months of this round, where they are not in their place."""
        if curves.base is not self.cumulative:
            self.cumulative[:, :, start : start + curves.shape[2]] = curves[:, self.months]

    def end(self) -> None:
        """Quantiles of this round's months, in place, so that no second copy of all draws is needed."""

        def quantiles(fan: Array, by_month: Array) -> None:
            fan[:, self.months] = np.quantile(by_month, LEVELS, axis=1, overwrite_input=True)

        # NumPy lets other threads go on meanwhile, and the architectures do not wait for one another.
        list(_BESIDE.map(quantiles, self.fan.values(), self.cumulative))

    def odds(self) -> dict[Architecture, Array]:
        """Share of the draws in which each is the cheapest, by month."""
        return {key: each / self.draws for key, each in zip(self.eligible, self.cheapest, strict=True)}

    def break_evens(self) -> tuple[BreakEvens, ...]:
        """When the order of each pair first changes."""
        return tuple(
            BreakEvens(*pair, self.first[pair] / self.draws, *(self.counts[pair] / self.draws).tolist())
            for pair in self.first
        )


def _order_changes(a_usd: Array, b_usd: Array, hair: Array) -> tuple[Array, int, int, float]:
    """Of two cumulative costs, (months, draws): in how many draws their order first changes, by month from 1 on;
    in how many never, in how many more than once, and in how many `a` is cheaper at the end (level ones half).

    As for break-even months: level months have no sign, and the order has changed at the next month that has one.
    `hair` is more than two level costs are ever apart.
    """
    gap = a_usd - b_usd
    if (np.abs(gap) > hair).all():
        ahead = gap < 0
        changes = ahead[1:] != ahead[:-1]
        cheaper = float(np.count_nonzero(ahead[-1]))
    else:
        level = np.abs(gap) <= SAME * np.maximum(np.abs(a_usd), np.abs(b_usd))
        sign = np.where(level, 0.0, np.sign(gap))
        # The last month with a sign, up to each month; before any there is none.
        last = np.maximum.accumulate(np.where(sign != 0, np.arange(len(sign))[:, None], -1), axis=0)
        carried = np.where(last >= 0, np.take_along_axis(sign, np.maximum(last, 0), axis=0), 0.0)
        changes = carried[1:] * carried[:-1] < 0
        cheaper = float((carried[-1] < 0).sum() + (carried[-1] == 0).sum() / 2)
    times = changes.sum(axis=0, dtype=np.uint8)
    for before, now in pairwise(changes):
        now |= before
    by_then = np.count_nonzero(changes, axis=1)
    return np.diff(by_then, prepend=0), int((times == 0).sum()), int((times > 1).sum()), cheaper
