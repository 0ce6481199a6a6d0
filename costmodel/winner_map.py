"""Who is cheapest over two drivers: the real model at every cell of a grid, in one batch.

A cell is evaluated at its own two values, everything else as it is. Values lie evenly along each axis, in the
logarithm where an axis is logarithmic; an axis in whole numbers has whole values only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from contourpy import contour_generator
from scipy import ndimage

from costmodel.changes import ScenarioError, changed
from costmodel.fields import value_at
from costmodel.scan import RANGES, looked_at
from costmodel.scenario import FIELDS, Architecture, Scenario
from costmodel.simulate import totals_usd
from costmodel.terms import Array
from pricing.book import PriceBook

CELLS = 64
"""Cells along each axis unless asked otherwise."""
MOST_CELLS = 200
WIDE = 50
"""An axis is logarithmic when its high end is at least so many times its low end."""
LEADS = (0.15, 0.40)
"""Leads over the runner-up at which a winner's area gets stronger [share of the runner-up's total]."""
ENDS: Mapping[str, tuple[float, float]] = {**RANGES, "corpus.updates_per_month": (0.5, 30)}
"""Ranges of the levers; updates from one in two months to daily, since none at all has no place on a logarithm."""


@dataclass(frozen=True)
class Axis:
    """One driver of a map: its path, its values in order, and whether they lie evenly in their logarithm."""

    path: str
    values: tuple[float, ...]
    log: bool

    def place(self, value: float) -> float:
        """Where a value lies along the axis, 0 at the first value and 1 at the last; outside it lies beyond these."""
        low, high = self.values[0], self.values[-1]
        if not self.log:
            return (value - low) / (high - low)
        return -np.inf if value <= 0 else float((np.log(value) - np.log(low)) / (np.log(high) - np.log(low)))

    @property
    def places(self) -> Array:
        """Places of the values, shape (values,)."""
        return np.array([self.place(value) for value in self.values])


def ends_of(scenario: Scenario, path: str) -> tuple[float, float]:
    """The range of a driver unless another one is asked for: a stated one, else that of crossovers."""
    if path in ENDS:
        return ENDS[path]
    if path not in FIELDS or not FIELDS[path].numeric:
        raise ScenarioError([f"{path}: a map takes a number of the scenario; `cli.py schema` lists them"])
    return looked_at(scenario, path)


def axis(scenario: Scenario, path: str, low: float, high: float, cells: int = CELLS, log: bool | None = None) -> Axis:
    """An axis from `low` to `high`, both included, in at most `cells` values.

    Logarithmic when `log` says so, or by itself from a low end above 0 to at least fifty times that. ScenarioError
    for a path that is no number, or a range that is empty or leaves its limits.
    """
    if path not in FIELDS or not FIELDS[path].numeric:
        raise ScenarioError([f"{path}: a map takes a number of the scenario; `cli.py schema` lists them"])
    if not 2 <= cells <= MOST_CELLS:
        raise ScenarioError([f"{path}: {cells} cells along an axis; give 2 to {MOST_CELLS}"])
    if not low < high:
        raise ScenarioError([f"{path}: the range {low:g} to {high:g} holds nothing; give the lower end first"])
    for end in (low, high):
        changed(scenario, {path: end})
    log = low > 0 and high / low >= WIDE if log is None else log
    if log and low <= 0:
        raise ScenarioError([f"{path}: a logarithmic range begins above 0, not at {low:g}"])
    values = np.geomspace(low, high, cells) if log else np.linspace(low, high, cells)
    values[[0, -1]] = low, high
    if FIELDS[path].kind == "whole":
        values = np.unique(np.round(values))
    return Axis(path, tuple(values.tolist()), log)


@dataclass(frozen=True, eq=False)
class Areas:
    """Who comes first at each cell over two drivers, and how clearly; what comes first has the lowest `ranks`."""

    x: Axis
    y: Axis
    eligible: tuple[Architecture, ...]
    here: tuple[float, float]
    """The scenario's own values of x and y."""

    @property
    def ranks(self) -> Array:
        """What the eligible are compared by, shape (architectures, y, x); infinite where it is not known."""
        raise NotImplementedError

    @property
    def step(self) -> Array:
        """How clearly the winner comes first: 0 is not at all, then 1 to 3, shape (y, x)."""
        raise NotImplementedError

    @cached_property
    def winner(self) -> Array:
        """Index into `eligible` of who comes first at each cell, shape (y, x)."""
        return np.asarray(self.ranks.argmin(axis=0))

    def share_of(self, key: Architecture) -> float:
        """Share of the cells in which `key` comes first."""
        return float((self.winner == self.eligible.index(key)).mean())

    @property
    def tied_share(self) -> float:
        """Share of the cells in which nobody comes first clearly."""
        return float((self.step == 0).mean())

    def borders(self) -> list[Array]:
        """Lines on which the first two are level, each of shape (points, 2): places along x and y, 0 to 1."""
        lines: list[Array] = []
        for a, b in combinations(range(len(self.eligible)), 2):
            pair = self.ranks[[a, b]]
            first = np.isin(self.winner, (a, b))  # where a third comes first, the two may cross unseen
            gap = np.where(np.isfinite(pair).all(axis=0), pair[1] - pair[0], np.nan)
            shown = np.ma.masked_where(~first | np.isnan(gap), gap)
            found = contour_generator(self.x.places, self.y.places, shown).lines(0.0)
            lines += [np.asarray(line) for line in found if len(line) > 1]
        return lines

    def middle_of(self, key: Architecture) -> tuple[float, float] | None:
        """The place farthest inside the area where `key` comes first (for its name), 0 to 1; None without an area."""
        area = self.winner == self.eligible.index(key)
        if not area.any():
            return None
        # The map's own rim does not push the name away as a border does, but keeps it inside.
        depth = ndimage.distance_transform_edt(np.pad(area, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
        return float(self.x.places[column]), float(self.y.places[row])


@dataclass(frozen=True, eq=False)
class WinnerMap(Areas):
    """Totals over two drivers [USD], by architecture, shape (values of y, values of x)."""

    usd: Mapping[Architecture, Array]
    too_close_share: float

    @cached_property
    def ranks(self) -> Array:
        """Totals of the eligible [USD]; a missing one is never the cheapest."""
        stacked = np.stack([self.usd[key] for key in self.eligible])
        return np.where(np.isnan(stacked), np.inf, stacked)

    @cached_property
    def lead(self) -> Array:
        """Lead of the cheapest over the runner-up [share of the runner-up's total], shape (y, x)."""
        if len(self.eligible) < 2:
            return np.full(self.winner.shape, np.inf)
        least, second = np.partition(self.ranks, 1, axis=0)[:2]
        gap = np.where(np.isinf(second), np.inf, second - np.where(np.isinf(second), 0.0, least))
        known = (second != 0) & np.isfinite(second)
        share: Array = np.divide(gap, np.abs(second), out=np.where(gap > 0, np.inf, 0.0), where=known)
        return share

    @cached_property
    def step(self) -> Array:
        """How far the cheapest leads: 0 is too close to call, then 1 to 3."""
        edges = sorted({self.too_close_share, *(lead for lead in LEADS if lead > self.too_close_share)})
        found = np.searchsorted(edges, self.lead, side="left")
        return np.asarray(found + np.where(found > 0, len(LEADS) + 1 - len(edges), 0))


def winner_map(
    scenario: Scenario, book: PriceBook, x: Axis, y: Axis, eligible: Sequence[Architecture], present: bool = False
) -> WinnerMap:
    """Totals of the compared architectures over two drivers, in one batched evaluation; nominal, or in present value.

    The start month must be resolved; `eligible`: who can be called cheapest (`Run.eligible`), at least one.
    """
    usd = totals_usd(scenario, book, columns_of(x, y), present)
    return WinnerMap(x, y, tuple(eligible), here_of(scenario, x, y), usd, scenario.finance.too_close_share)


def columns_of(x: Axis, y: Axis) -> dict[str, Array]:
    """The values of both axes as columns of one batch of shape (y, x); ScenarioError for the same driver twice."""
    if x.path == y.path:
        raise ScenarioError([f"{x.path}: on both axes; choose two drivers"])
    return {x.path: np.array(x.values)[None, :], y.path: np.array(y.values)[:, None]}


def here_of(scenario: Scenario, x: Axis, y: Axis) -> tuple[float, float]:
    """Where the scenario stands on both axes."""
    return float(value_at(scenario, x.path) or 0.0), float(value_at(scenario, y.path) or 0.0)
