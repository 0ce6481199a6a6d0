"""What it costs to choose before knowing: regret, and what perfect information would be worth.

Costs are those of each choice in each draw [USD], shape (choices, draws); the smallest is the best.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import BSpline

from costmodel.finance import SAME
from costmodel.terms import Array

DEGREE = 3
MOST_PIECES = 16
DRAWS_PER_PIECE = 64
"""A curve is fitted in so many pieces that each has at least so many draws."""


def cheapest_share(costs_usd: Array) -> Array:
    """Which part of each draw a choice is the cheapest in [share], of the shape of `costs_usd`, (choices, ..., draws).

    Choices within 1e-9 of each other share a draw evenly.
    """
    least = costs_usd.min(axis=0)
    best = costs_usd - least <= SAME * np.maximum(np.abs(costs_usd), np.abs(least))
    return np.asarray(best / best.sum(axis=0))


def expected_regret_usd(costs_usd: Array) -> Array:
    """What each choice costs more than the best one of each draw, on average [USD], shape (choices,)."""
    return np.asarray((costs_usd - costs_usd.min(axis=0)).mean(axis=1))


def evpi_usd(costs_usd: Array) -> float:
    """Expected value of perfect information [USD]: what knowing everything before choosing saves on average.

    It is the expected regret of the choice with the least expected cost.
    """
    return float(expected_regret_usd(costs_usd).min())


@dataclass(frozen=True, eq=False)
class Curves:
    """Cubic curves over where one number lies in each draw, and what fitting them by least squares takes of them."""

    splines: Any
    """B-splines over 0 to 1 at each draw, a sparse matrix (draws, splines); they add up to 1."""
    products: Array
    """Sum over the draws of each two of them, shape (splines, splines)."""

    @staticmethod
    def over(share: Array) -> Curves | None:
        """The curves over `share`, shape (draws,); None when it is one and the same in all draws."""
        if np.ptp(share) == 0:
            return None
        splines = _splines(share)
        return Curves(splines, (splines.T @ splines).toarray())

    def fitted(self, values: Array) -> Array:
        """The curves that come nearest to each column of `values`, (draws, n), at each draw, shape (n, draws)."""
        weights, *_ = np.linalg.lstsq(self.products, self.splines.T @ values, rcond=None)
        return np.ascontiguousarray((self.splines @ weights).T)  # a minimum over few long rows takes a tenth


def evppi_usd(costs_usd: Array, share: Array) -> float:
    """Expected value of knowing one number before choosing [USD]; `share`: where it lies in each draw, (draws,)."""
    return evppi_of_each_usd(costs_usd, [Curves.over(share)])[0]


def evppi_of_each_usd(costs_usd: Array, curves: Iterable[Curves | None]) -> list[float]:
    """Expected value of knowing one number before choosing [USD], of each number; `curves` over where it lies.

    The expected cost of each choice given the number is a cubic spline over its rank, fitted by least squares on the
    same draws, as in M. Strong, J. Oakley and A. Brennan, "Estimating multiparameter partial expected value of perfect
    information from a probabilistic sensitivity analysis sample" (2014). Never below 0 nor above the total's.
    """
    # Only differences between choices decide; taken against the first, they are smaller and fitted better.
    gaps = costs_usd - costs_usd[0]
    before, values = gaps.mean(axis=1).min(), np.ascontiguousarray(gaps.T)
    dust, most = SAME * float(np.abs(gaps).mean()), evpi_usd(costs_usd)
    found = []
    for each in curves:
        worth = 0.0 if each is None else float(before - each.fitted(values).min(axis=0).mean())
        found.append(min(worth, most) if worth > dust else 0.0)
    return found


def _splines(share: Array) -> Any:
    pieces = int(np.clip(len(share) // DRAWS_PER_PIECE, 1, MOST_PIECES))
    knots = np.concatenate([np.zeros(DEGREE), np.linspace(0.0, 1.0, pieces + 1), np.ones(DEGREE)])
    return BSpline.design_matrix(np.clip(share, 0.0, 1.0), knots, DEGREE)
