"""What an uncertain number may be: its distribution from low, likely and high, and draws of many numbers together.

Draws are quasi-random (scrambled Sobol points): they fill the space of all numbers evenly, so that a few thousand of
them say what takes several times as many random ones. They come in a fixed order from a seed, in blocks of any size.

Where the draws of a seed lie does not depend on the ranges, and a lever moves few of these: both are remembered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special
from scipy.stats import qmc

from costmodel.changes import ScenarioError
from costmodel.scenario import FIELDS, Range
from costmodel.terms import Array

OUTSIDE = 0.05
"""Share of a lognormal below its low, and above its high; the other distributions end there."""
PERT_WEIGHT = 4.0
PERT_NODES = 8_193
"""Places of a beta distribution worked out in full; straight lines between them are within 1e-6 of its span."""
REMEMBERED = 8_192
"""Samples of at most so many draws are remembered, the last few of them: up to 10 MiB each with 18 numbers."""
_EDGE = 2.0**-33  # Sobol points may lie at 0, where a lognormal is 0 and a normal infinite


def quantiles(spread: Range, share: Array) -> Array:
    """Values below which `share` (0 to 1) of a distribution lies [the number's unit], of the shape of `share`.

    - pert: the beta distribution between low and high whose mean is (low + 4 likely + high) / 6.
    - triangular, uniform: between low and high; a uniform one takes no notice of likely.
    - lognormal: likely is its median, low and high its 5th and 95th percentiles; each half has its own spread where
      they do not lie evenly about it. All three are above 0 (ScenarioError).
    """
    low, likely, high = spread.low, spread.likely, spread.high
    share = np.asarray(share, dtype=float)
    if low == high:
        return np.full(share.shape, low)
    span = high - low
    if spread.distribution == "uniform":
        return np.asarray(low + span * share)
    if spread.distribution == "triangular":
        rising = np.sqrt(share * span * (likely - low))
        falling = np.sqrt((1 - share) * span * (high - likely))
        return np.asarray(np.where(share * span < likely - low, low + rising, high - falling))
    if spread.distribution == "pert":
        a, b = 1 + PERT_WEIGHT * (likely - low) / span, 1 + PERT_WEIGHT * (high - likely) / span
        return np.asarray(low + span * _along(share, *_beta(a, b)))
    if low <= 0:
        raise ScenarioError([f"a lognormal range begins above 0, not at {low:g}; choose pert, or a low above 0"])
    spreads = np.log(likely / low), np.log(high / likely)
    score = special.ndtri(share)
    return np.asarray(likely * np.exp(score * np.where(score < 0, *spreads) / -special.ndtri(OUTSIDE)))


def _along(share: Array, shares: Array, places: Array) -> Array:
    """Straight lines along a table: each lookup begins where the last one ended, so take near ones after each other."""
    flat = share.ravel()
    order = np.argsort((flat * 65_535).astype(np.uint16), kind="stable")
    found = np.empty_like(flat)
    found[order] = np.interp(flat[order], shares, places)
    return found.reshape(share.shape)


@lru_cache(maxsize=64)
def _beta(a: float, b: float) -> tuple[Array, Array]:
    """Shares of a beta distribution below places from 0 to 1, and these places, which lie closest at both ends.

    Its inverse at each draw takes as long as the model itself; along this table it takes a twentieth.
    """
    places = np.sin(np.linspace(0.0, np.pi / 2, PERT_NODES)) ** 2
    return special.betainc(a, b, places), places


@dataclass(frozen=True)
class Sample:
    """Which quasi-random draws: of how many numbers, from which seed, how many, and what correlates them (the bytes of
    what turns independent normals into theirs; none of independent ones)."""

    numbers: int
    seed: int
    draws: int
    factor: bytes = b""

    @property
    def share(self) -> Array:
        """Where each draw lies in the distribution of each number, 0 to 1, shape (draws, numbers); read-only."""
        return _share(self)


@lru_cache(maxsize=4)
def _share(sample: Sample) -> Array:
    factor = np.frombuffer(sample.factor).reshape(sample.numbers, sample.numbers) if sample.factor else None
    share = _correlated(_Points(sample.numbers, sample.seed).next(sample.draws), factor)
    share.setflags(write=False)
    return share


def _correlated(points: Array, factor: Array | None) -> Array:
    return points if factor is None else np.asarray(special.ndtr(special.ndtri(points) @ factor.T))


@lru_cache(maxsize=128)
def _values(path: str, spread: Range, sample: Sample, at: int) -> Array:
    values = _kept(path, quantiles(spread, sample.share[:, at]))
    values.setflags(write=False)
    return values


class _Points:
    """Sobol points of so many numbers in their order, 0 to 1 without the ends."""

    def __init__(self, numbers: int, seed: int, passed: int = 0) -> None:
        self._numbers = numbers
        self._engine = qmc.Sobol(max(1, numbers), scramble=True, rng=np.random.default_rng(seed))
        self._first = self._engine.random(1)  # alone, since a first block that is no power of two would be warned of
        if passed:
            self._first = self._first[:0]
            self._engine.fast_forward(passed - 1)

    def next(self, count: int) -> Array:
        """The next `count` points, shape (count, numbers)."""
        points = np.concatenate([self._first, self._engine.random(count - len(self._first))])
        self._first = self._first[:0]
        return np.asarray(np.clip(points, _EDGE, 1 - _EDGE)[:, : self._numbers])


class Draws:
    """Draws of several uncertain numbers: the same from the same seed, whatever the sizes of the blocks.

    `ranges` by path; `correlations`: (path, path, rank correlation from -1 to 1). ScenarioError for a lognormal that
    reaches 0, for a correlation of a number without a range, and for correlations that contradict each other.
    """

    def __init__(
        self, ranges: Mapping[str, Range], correlations: Sequence[tuple[str, str, float]] = (), seed: int = 1
    ) -> None:
        self.ranges = dict(ranges)
        for path, spread in self.ranges.items():
            try:
                quantiles(spread, np.array([0.5]))
            except ScenarioError as error:
                raise ScenarioError([f"uncertainty.{path}: {problem}" for problem in error.problems]) from None
        self._factor, self._seed = _factor(tuple(ranges), correlations), seed
        self.again()

    def again(self) -> None:
        """Begin with the first draw again."""
        self._passed = 0
        self._points: _Points | None = None

    def first(self, count: int) -> Sample:
        """Which the first `count` draws are."""
        return Sample(len(self.ranges), self._seed, count, b"" if self._factor is None else self._factor.tobytes())

    def next(self, count: int) -> tuple[dict[str, Array], Array]:
        """The next `count` draws: values by path, shape (count,), and where each lies in its distribution, 0 to 1,
        shape (count, paths). The first ones are read-only: whoever asks for them again gets the same."""
        sample = self.first(count) if not self._passed and count <= REMEMBERED else None
        if sample is None:
            self._points = self._points or _Points(len(self.ranges), self._seed, self._passed)
            share = _correlated(self._points.next(count), self._factor)
        else:
            share = sample.share
        self._passed += count
        values = {
            path: _kept(path, quantiles(spread, share[:, at])) if sample is None else _values(path, spread, sample, at)
            for at, (path, spread) in enumerate(self.ranges.items())
        }
        return values, share


def _kept(path: str, values: Array) -> Array:
    """Values within the field's limits, in whole numbers where the field is one."""
    field = FIELDS.get(path)
    if field is None:
        return np.clip(values, 0.0, 1.0) if path.startswith("finance.discount_share") else np.maximum(values, 0.0)
    low, high = field.low or 0.0, math.inf if field.high is None else field.high
    return np.clip(np.round(values) if field.kind == "whole" else values, low, high)


def _factor(paths: Sequence[str], correlations: Sequence[tuple[str, str, float]]) -> Array | None:
    """What turns independent normals into ones with these rank correlations, shape (paths, paths); None without any."""
    if not correlations:
        return None
    matrix = np.eye(len(paths))
    for a, b, rank in correlations:
        for path in (a, b):
            if path not in paths:
                raise ScenarioError([f"rank_correlations: {path} has no range in uncertainty; give it one"])
        if a == b:
            raise ScenarioError([f"rank_correlations: {a} with itself; name two numbers"])
        # A normal pair correlated by 2 sin(pi r / 6) has the rank correlation r.
        matrix[paths.index(a), paths.index(b)] = matrix[paths.index(b), paths.index(a)] = 2 * np.sin(np.pi * rank / 6)
    strengths, directions = np.linalg.eigh(matrix)
    if strengths[0] < -1e-9:
        names = ", ".join(f"{a} with {b} {rank:g}" for a, b, rank in correlations)
        raise ScenarioError([f"rank_correlations: no numbers can have all of these at once: {names}"])
    return np.asarray(directions * np.sqrt(np.maximum(strengths, 0.0)))
