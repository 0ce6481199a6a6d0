"""What it costs to choose before knowing: regret, and what perfect information would be worth.

Costs are those of each choice in each draw [USD], shape (choices, draws); the smallest is the best.
"""

from __future__ import annotations

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


def evppi_usd(costs_usd: Array, share: Array) -> float:
    """Expected value of knowing one number before choosing [USD]; `share`: where it lies in each draw, shape (draws,).

    The expected cost of each choice given the number is a cubic spline over its rank, fitted by least squares on the
    same draws, as in M. Strong, J. Oakley and A. Brennan, "Estimating multiparameter partial expected value of perfect
    information from a probabilistic sensitivity analysis sample" (2014). Never below 0 nor above the total's.
    """
    if np.ptp(share) == 0:
        return 0.0
    splines = _splines(share)
    # Only differences between choices decide; taken against the first, they are smaller and fitted better.
    gaps = costs_usd - costs_usd[0]
    weights, *_ = np.linalg.lstsq((splines.T @ splines).toarray(), splines.T @ gaps.T, rcond=None)
    expected = (splines @ weights).T
    worth = float(gaps.mean(axis=1).min() - expected.min(axis=0).mean())
    dust = SAME * float(np.abs(gaps).mean())
    return min(worth, evpi_usd(costs_usd)) if worth > dust else 0.0


def _splines(share: Array) -> Any:
    """B-splines over 0 to 1 at each draw, a sparse matrix (draws, splines); they add up to 1."""
    pieces = int(np.clip(len(share) // DRAWS_PER_PIECE, 1, MOST_PIECES))
    knots = np.concatenate([np.zeros(DEGREE), np.linspace(0.0, 1.0, pieces + 1), np.ones(DEGREE)])
    return BSpline.design_matrix(np.clip(share, 0.0, 1.0), knots, DEGREE)
