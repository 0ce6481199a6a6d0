"""Where two totals cross along one driver: every root on the real model, by scanning and then closing in.

Between two points of the scan whose order differs lies a root; it is closed in on until the two neighbouring numbers
are found. There the totals are equal (a crossing), or they change places without ever being equal (a jump: a step, a
tier or an event). A pair of roots closer together than the scan's points can be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from costmodel.changes import ScenarioError, changed
from costmodel.fields import value_at
from costmodel.finance import SAME
from costmodel.scenario import FIELDS, Architecture, Scenario
from costmodel.simulate import totals_usd
from costmodel.timeline import Array
from pricing.book import PriceBook

POINTS = 2049
"""Points of the scan, half of them evenly spaced in the driver, half in its logarithm where that exists."""
EQUAL = 1e-6
"""Totals that differ by at most this share of the larger one are equal at a crossing."""
SECTIONS = 32
MOST_WHOLE = 20_000
"""Whole numbers are all tried, up to so many."""
RANGES: dict[str, tuple[float, float]] = {
    "workload.queries_per_month": (1_000, 10_000_000),
    "workload.monthly_growth_share": (-0.05, 0.15),
    "corpus.updates_per_month": (0, 30),
    "fine_tuning.retrain_every_months": (0.5, 24),
    "finance.horizon_months": (12, 36),
}
"""Where drivers are looked at unless a range is given; other drivers from a tenth to ten times their value."""

Totals = Callable[[Array], dict[Architecture, Array]]


@dataclass(frozen=True)
class Root:
    """One root: at `value`, or between it and `next_value` (a jump, or a driver in whole numbers).

    Totals in USD: equal ones at a crossing, those below and above at a jump.
    """

    value: float
    kind: str
    cheaper_below: Architecture
    cheaper_above: Architecture
    a_below_usd: float
    b_below_usd: float
    a_above_usd: float
    b_above_usd: float
    next_value: float | None = None

    def as_dict(self, whole: bool) -> dict[str, Any]:
        """The root as plain values for JSON; `whole` for a driver in whole numbers."""
        number = int if whole else float
        found: dict[str, Any] = {
            "value": number(self.value),
            "kind": self.kind,
            "cheaper_below": self.cheaper_below,
            "cheaper_above": self.cheaper_above,
        }
        if self.kind == "crossing":
            found |= {"tco_a_usd": self.a_below_usd, "tco_b_usd": self.b_below_usd}
        else:
            found |= {"tco_a_below_usd": self.a_below_usd, "tco_b_below_usd": self.b_below_usd}
            found |= {"tco_a_above_usd": self.a_above_usd, "tco_b_above_usd": self.b_above_usd}
        return found | ({} if self.next_value is None else {"next_value": number(self.next_value)})


@dataclass(frozen=True)
class Pair:
    """All roots of one pair within the range, in order, and its totals at both ends [USD]."""

    a: Architecture
    b: Architecture
    roots: tuple[Root, ...]
    at_low_usd: tuple[float, float]
    at_high_usd: tuple[float, float]


@dataclass(frozen=True)
class Crossovers:
    """The crossovers of every pair of compared architectures in one driver."""

    driver: str
    low: float
    high: float
    points: int
    pairs: tuple[Pair, ...]

    def as_dict(self) -> dict[str, Any]:
        """The crossovers as plain values for JSON."""
        whole = _is_whole(self.driver)
        return {
            "driver": self.driver,
            "low": self.low,
            "high": self.high,
            "scan_points": self.points,
            "pairs": [
                {
                    "a": pair.a,
                    "b": pair.b,
                    "roots": [root.as_dict(whole) for root in pair.roots],
                    "tco_at_low_usd": {pair.a: pair.at_low_usd[0], pair.b: pair.at_low_usd[1]},
                    "tco_at_high_usd": {pair.a: pair.at_high_usd[0], pair.b: pair.at_high_usd[1]},
                }
                for pair in self.pairs
            ],
        }


def crossovers(
    scenario: Scenario, book: PriceBook, driver: str, low: float | None = None, high: float | None = None
) -> Crossovers:
    """Every root of every pair of totals along `driver` from `low` to `high`, both included.

    The start month must be resolved. ScenarioError for a path that is no number of the scenario and no price of its
    book, and for a range that leaves its limits. Pairs with a missing price are left out.
    """
    low, high = _range(scenario, book, driver, low, high)
    whole = _is_whole(driver)
    grid = _whole_grid(low, high) if whole else _grid(low, high)

    def totals(values: Array) -> dict[Architecture, Array]:
        return totals_usd(scenario, book, {driver: values})

    at_grid = totals(grid)
    pairs = []
    for a, b in combinations(at_grid, 2):
        if np.isnan(at_grid[a]).any() or np.isnan(at_grid[b]).any():
            continue
        roots = _roots(grid, at_grid, a, b, None if whole else totals)
        ends = [(float(at_grid[a][end]), float(at_grid[b][end])) for end in (0, -1)]
        pairs.append(Pair(a, b, tuple(roots), *ends))
    return Crossovers(driver, low, high, len(grid), tuple(pairs))


def _range(
    scenario: Scenario, book: PriceBook, driver: str, low: float | None, high: float | None
) -> tuple[float, float]:
    """The range to look at, checked: both ends must make a scenario."""
    now = _now(scenario, book, driver)
    default_low, default_high = RANGES.get(driver, (now / 10, now * 10))
    if driver in FIELDS and driver not in RANGES:
        field = FIELDS[driver]
        default_low = max(default_low, field.low or 0.0)
        default_high = min(default_high, np.inf if field.high is None else field.high)
        if field.kind == "whole":
            default_low, default_high = np.floor(default_low), np.ceil(default_high)
    low = default_low if low is None else low
    high = default_high if high is None else high
    if not low < high:
        raise ScenarioError([f"{driver}: the range {low:g} to {high:g} holds nothing; give --low below --high"])
    for end in (low, high):
        changed(scenario, {driver: end}, book)
    return float(low), float(high)


def _is_whole(driver: str) -> bool:
    return driver in FIELDS and FIELDS[driver].kind == "whole"


def _now(scenario: Scenario, book: PriceBook, driver: str) -> float:
    if driver.startswith("price:"):
        edited = book.with_edits(scenario.price_edits) if scenario.price_edits else book
        ref = driver.removeprefix("price:").rpartition(":")[0]
        plan = edited.plan(ref)
        rows = [] if plan is None else [row for row in plan.rows if f"price:{row.price_id}" == driver]
        if not rows:
            raise ScenarioError([f"{driver}: the price book has no such price; price ids read provider/item:meter"])
        return rows[-1].price_usd
    if driver not in FIELDS or not FIELDS[driver].numeric:
        raise ScenarioError([f"{driver}: is not a number of the scenario; `cli.py schema` lists them"])
    return float(value_at(scenario, driver) or 0.0)


def _grid(low: float, high: float) -> Array:
    even = np.linspace(low, high, POINTS // 2 + 1)
    if low <= 0:
        return np.unique(np.concatenate([np.linspace(low, high, POINTS)]))
    return np.unique(np.clip(np.concatenate([even, np.geomspace(low, high, POINTS // 2 + 1)]), low, high))


def _whole_grid(low: float, high: float) -> Array:
    numbers = np.arange(np.ceil(low), np.floor(high) + 1)
    if len(numbers) <= MOST_WHOLE:
        return numbers
    return np.unique(np.round(_grid(low, high)))


def _signs(a_usd: Array, b_usd: Array) -> Array:
    """1 where a costs more, -1 where b does, 0 where they are the same."""
    gap = a_usd - b_usd
    same = np.abs(gap) <= SAME * np.maximum(np.abs(a_usd), np.abs(b_usd))
    return np.where(same, 0.0, np.sign(gap))


def _roots(
    grid: Array, at_grid: Mapping[Architecture, Array], a: Architecture, b: Architecture, totals: Totals | None
) -> list[Root]:
    a_usd, b_usd = at_grid[a], at_grid[b]
    signs = _signs(a_usd, b_usd)
    found: list[Root] = []
    for left, right in pairwise(np.flatnonzero(signs).tolist()):
        if signs[left] == signs[right]:
            continue
        below, above = (b, a) if signs[left] > 0 else (a, b)
        if right > left + 1:  # equal at a point of the scan
            zero = left + 1
            usd = float(a_usd[zero]), float(b_usd[zero])
            found.append(Root(float(grid[zero]), "crossing", below, above, *usd, *usd))
        elif totals is None:
            found.append(_jump(grid, a_usd, b_usd, left, right, below, above))
        else:
            found += _closed_in(float(grid[left]), float(grid[right]), a, b, totals)
    return found


def _closed_in(left: float, right: float, a: Architecture, b: Architecture, totals: Totals) -> list[Root]:
    """The roots between two neighbours of the scan: sections are cut until the ends are neighbouring numbers."""
    brackets, found = [(left, right)], []
    while brackets:
        left, right = brackets.pop()
        points = np.unique(np.linspace(left, right, SECTIONS + 1))
        usd = totals(points)
        a_usd, b_usd = usd[a], usd[b]
        signs = _signs(a_usd, b_usd)
        for at, to in pairwise(np.flatnonzero(signs).tolist()):
            if signs[at] == signs[to]:
                continue
            below, above = (b, a) if signs[at] > 0 else (a, b)
            if to > at + 1 or _equal(a_usd[at], b_usd[at]) or _equal(a_usd[to], b_usd[to]):
                nearest = at + int(np.argmin(np.abs(a_usd - b_usd)[at : to + 1]))
                equal = float(a_usd[nearest]), float(b_usd[nearest])
                found.append(Root(float(points[nearest]), "crossing", below, above, *equal, *equal))
            elif len(points) <= SECTIONS or points[to] - points[at] <= 1e-13 * max(abs(points[at]), abs(points[to])):
                found.append(_jump(points, a_usd, b_usd, at, to, below, above))
            else:
                brackets.append((float(points[at]), float(points[to])))
    return sorted(found, key=lambda root: root.value)


def _jump(
    points: Array, a_usd: Array, b_usd: Array, left: int, right: int, below: Architecture, above: Architecture
) -> Root:
    return Root(
        value=float(points[left]),
        kind="jump",
        cheaper_below=below,
        cheaper_above=above,
        a_below_usd=float(a_usd[left]),
        b_below_usd=float(b_usd[left]),
        a_above_usd=float(a_usd[right]),
        b_above_usd=float(b_usd[right]),
        next_value=float(points[right]),
    )


def _equal(a_usd: float, b_usd: float) -> bool:
    """Equal enough for a crossing, with room to spare: a hundredth of what is promised."""
    return bool(abs(a_usd - b_usd) <= EQUAL / 100 * max(abs(a_usd), abs(b_usd)))
