"""How probable it is that the cheapest really is, over two drivers: the uncertain numbers drawn at every cell.

Each cell sees the same draws of the other numbers (common random numbers), so that neighbouring cells differ by their
two drivers and not by chance. Rows of cells are evaluated one after another, each in blocks of draws, so that memory
grows with the columns alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costmodel.changes import ScenarioError
from costmodel.distributions import Draws
from costmodel.information import cheapest_share
from costmodel.ranges import check_filled
from costmodel.scenario import Architecture, Range, Scenario
from costmodel.simulate import totals_usd
from costmodel.terms import Array
from costmodel.winner_map import Areas, Axis, columns_of, here_of
from pricing.book import PriceBook

CELLS, DRAWS = 30, 512
"""Cells along each axis and draws at each of them, unless asked otherwise."""
SURE = (0.5, 0.7, 0.9)
"""Probabilities of being cheapest from which a winner's area gets stronger."""
BLOCK = 512
"""Draws of a row of cells that are evaluated at once."""


@dataclass(frozen=True, eq=False)
class OddsMap(Areas):
    """Probability of being cheapest over two drivers, by eligible architecture, shape (values of y, values of x)."""

    odds: Mapping[Architecture, Array]
    draws: int
    seed: int

    @cached_property
    def ranks(self) -> Array:
        """Probabilities with their signs changed: who is cheapest most often comes first."""
        return -np.stack([self.odds[key] for key in self.eligible])

    @cached_property
    def chance(self) -> Array:
        """Probability that the likeliest winner is the cheapest, shape (y, x)."""
        return np.asarray(-self.ranks.min(axis=0))

    @cached_property
    def step(self) -> Array:
        """How probable the winner is: 0 is in less than half of the draws, then 1 to 3."""
        steps: Array = np.searchsorted(SURE, self.chance, side="right").astype(float)
        return steps


def odds_map(
    scenario: Scenario,
    book: PriceBook,
    x: Axis,
    y: Axis,
    eligible: Sequence[Architecture],
    ranges: Mapping[str, Range],
    *,
    draws: int = DRAWS,
    seed: int = 1,
    present: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> OddsMap:
    """Probability of being cheapest at every cell, with `ranges` drawn and both drivers at the cell's values.

    The start month must be resolved. `progress(done, of)` is called after each row and may raise to give up.
    ScenarioError without a range beside the two drivers, for one of an empty field, for the same driver twice, and
    where a price is missing.
    """
    drawn = {path: spread for path, spread in ranges.items() if path not in (x.path, y.path)}
    if not drawn:
        raise ScenarioError(["uncertainty: no number beside the two drivers has a range; give at least one"])
    check_filled(scenario, drawn)
    cells = columns_of(x, y)
    known = {*drawn}
    correlations = [pair for pair in scenario.rank_correlations if {pair[0], pair[1]} <= known]
    values, _ = Draws(drawn, correlations, seed).next(draws)
    others = {path: each[:, None] for path, each in values.items()}  # draws down, columns of the map across
    odds = {key: np.zeros((len(y.values), len(x.values))) for key in eligible}
    for row, height in enumerate(y.values):
        for first in range(0, draws, BLOCK):
            block = {path: each[first : first + BLOCK] for path, each in others.items()}
            usd = totals_usd(scenario, book, {**block, x.path: cells[x.path], y.path: np.full((1, 1), height)}, present)
            costs = np.stack([usd[key] for key in eligible])
            if np.isnan(costs).any():
                raise ScenarioError(["uncertainty: some draws need a price that is missing; narrow the ranges"])
            for key, won in zip(eligible, cheapest_share(costs).sum(axis=1), strict=True):
                odds[key][row] += won / draws
        progress(row + 1, len(y.values))
    return OddsMap(x, y, tuple(eligible), here_of(scenario, x, y), odds, draws, seed)
