"""Where two totals cross along one driver: every root on the real model, by scanning and then closing in.

Between two points of the scan whose order differs lies a root; it is closed in on until the two neighbouring numbers
are found. There the totals are equal (a crossing), or they change places without ever being equal (a jump: a step, a
tier or an event). A pair of roots closer together than the scan's points can be missed. Several drivers, and all the
brackets of all pairs, are evaluated in one batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from costmodel.fields import value_at
from costmodel.finance import SAME
from costmodel.scan import has_schedule, is_whole, range_of, values_of
from costmodel.scenario import FIELDS, Architecture, Scenario
from costmodel.simulate import totals_along
from costmodel.terms import Array
from pricing.book import PriceBook

POINTS = 2049
"""Points of the scan, half of them evenly spaced in the driver, half in its logarithm where that exists."""
EQUAL = 1e-6
"""Totals that differ by at most this share of the larger one are equal at a crossing."""
SECTIONS = 96
NEIGHBOURS = 1e-13
"""Numbers that differ by this share are neighbours: no value between them tells more."""
NEAR = np.concatenate([-(10.0 ** -np.arange(1.0, 13.0, 2.0)), [0.0], 10.0 ** -np.arange(1.0, 13.0, 2.0)[::-1]])
"""Where else a bracket is cut: so far from where a straight line would cross, in widths of the bracket."""


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

    def leads_from_low(self, key: Architecture) -> bool:
        """Whether `key` is the cheaper one of the pair at the low end, or just above it when they are level there."""
        a_usd, b_usd = self.at_low_usd
        if abs(a_usd - b_usd) > SAME * max(abs(a_usd), abs(b_usd)):
            return key == (self.a if a_usd < b_usd else self.b)
        if self.roots:
            return key == self.roots[0].cheaper_below
        return key == (self.a if self.at_high_usd[0] <= self.at_high_usd[1] else self.b)

    def ahead(self) -> list[tuple[float, Architecture, Architecture, float, float]]:
        """Of each root: where it lies, who led below, who leads above, from where on, and the leader's total there."""
        return [
            (
                root.value,
                root.cheaper_below,
                root.cheaper_above,
                root.value if root.next_value is None else root.next_value,
                root.a_above_usd if root.cheaper_above == self.a else root.b_above_usd,
            )
            for root in self.roots
        ]


@dataclass(frozen=True)
class Crossovers:
    """The crossovers of every pair of compared architectures in one driver."""

    driver: str
    low: float
    high: float
    points: int
    pairs: tuple[Pair, ...]
    drops_schedule: bool = False
    """Whether the driver is a price with several dates, which holds for every month here."""
    present: bool = False
    """Whether totals are in present value; else they are nominal."""

    @property
    def roots(self) -> tuple[Root, ...]:
        """The roots of all pairs."""
        return tuple(root for pair in self.pairs for root in pair.roots)

    def leaders(self, eligible: Sequence[Architecture]) -> list[tuple[float, Architecture]]:
        """Who of `eligible` is cheapest from which value on: at the low end, and at each change."""
        return [(start, key) for start, key, _ in self.turns(eligible)]

    def turns(self, eligible: Sequence[Architecture]) -> list[tuple[float, Architecture, float | None]]:
        """The leaders, each with the last value of the one before where it takes over in a jump."""
        pairs = [pair for pair in self.pairs if pair.a in eligible and pair.b in eligible]
        known = [key for key in eligible if any(key in (pair.a, pair.b) for pair in pairs)]
        if not known:
            return []
        first = max(known, key=lambda key: sum(pair.leads_from_low(key) for pair in pairs))
        found: list[tuple[float, Architecture, float | None]] = [(self.low, first, None)]
        roots = sorted((root for pair in pairs for root in pair.ahead()), key=lambda each: each[0])
        while following := [each for each in roots if each[0] >= found[-1][0] and each[1] == found[-1][1]]:
            # Overtaken by two at once, the cheapest of them leads.
            last, _, _, end, _ = following[0]
            together = [each for each in following if each[0] <= end]
            _, _, leader, end, _ = min(together, key=lambda each: each[4])
            found.append((end, leader, None if end == last else last))
        return found

    def as_dict(self) -> dict[str, Any]:
        """The crossovers as plain values for JSON; `value` says so where they are in present value."""
        whole = is_whole(self.driver)
        return {
            "driver": self.driver,
            "low": self.low,
            "high": self.high,
            "scan_points": self.points,
            **({"price_schedule": "dropped"} if self.drops_schedule else {}),
            **({"value": "present"} if self.present else {}),
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
    scenario: Scenario,
    book: PriceBook,
    driver: str,
    low: float | None = None,
    high: float | None = None,
    present: bool = False,
) -> Crossovers:
    """Every root of every pair of totals along `driver` from `low` to `high`, both included.

    Totals are nominal, or in present value. The start month must be resolved. ScenarioError for a path that is no
    number of the scenario and no price of its book, and for a range that leaves its limits. Pairs with a missing price
    are left out.
    """
    return crossovers_of(scenario, book, {driver: (low, high)}, present=present)[driver]


def crossovers_of(
    scenario: Scenario,
    book: PriceBook,
    ranges: Mapping[str, tuple[float | None, float | None]],
    points: int = POINTS,
    jump_width: float = NEIGHBOURS,
    present: bool = False,
) -> dict[str, Crossovers]:
    """The crossovers in each of several drivers, by driver; `points` of the scan for each.

    A jump is closed in on until its ends differ by `jump_width` [share of the value]. Totals are nominal, or in
    present value. Several are evaluated in one batch, the others at their value now; a price and a field that is null
    by themselves.
    """
    alone = [driver for driver in ranges if driver not in FIELDS or value_at(scenario, driver) is None]
    if alone and len(ranges) > 1:
        batch = {driver: ends for driver, ends in ranges.items() if driver not in alone}
        groups = [batch, *({driver: ranges[driver]} for driver in alone)]
        found_in = [crossovers_of(scenario, book, group, points, jump_width, present) for group in groups if group]
        return {driver: found for group in found_in for driver, found in group.items()}
    within = {driver: range_of(scenario, book, driver, *ends) for driver, ends in ranges.items()}
    grids = {driver: values_of(driver, *ends, points) for driver, ends in within.items()}
    at_grid = dict(zip(grids, totals_along(scenario, book, list(grids.items()), present), strict=True))
    found: dict[tuple[str, Architecture, Architecture], list[Root]] = {}
    brackets: list[_Bracket] = []
    for driver, grid in grids.items():
        for a, b in combinations(at_grid[driver], 2):
            usd = at_grid[driver]
            if np.isnan(usd[a]).any() or np.isnan(usd[b]).any():
                continue
            width = np.inf if is_whole(driver) else jump_width
            roots, open_ = _between(driver, a, b, grid, usd, width)
            found[driver, a, b] = roots
            brackets += open_
    while brackets:
        cuts = [each.points() for each in brackets]
        closer: list[_Bracket] = []
        asked = [(each.driver, cut) for each, cut in zip(brackets, cuts, strict=True)]
        for each, cut, usd in zip(brackets, cuts, totals_along(scenario, book, asked, present), strict=True):
            width = np.inf if len(cut) <= 2 else jump_width
            roots, open_ = _between(each.driver, each.a, each.b, cut, usd, width)
            found[each.driver, each.a, each.b] += roots
            closer += open_
        brackets = closer
    return {
        driver: Crossovers(
            driver,
            *within[driver],
            len(grid),
            tuple(
                Pair(
                    a,
                    b,
                    tuple(sorted(roots, key=lambda root: root.value)),
                    *((float(at_grid[driver][a][end]), float(at_grid[driver][b][end])) for end in (0, -1)),
                )
                for (of, a, b), roots in found.items()
                if of == driver
            ),
            has_schedule(scenario, book, driver),
            present,
        )
        for driver, grid in grids.items()
    }


@dataclass(frozen=True)
class _Bracket:
    """Two values of a driver between which the totals of `a` and `b` change places; `share` is where a line would."""

    driver: str
    a: Architecture
    b: Architecture
    left: float
    right: float
    share: float

    def points(self) -> Array:
        """Where to look next: even sections, and closer and closer to where a straight line would cross."""
        even = np.linspace(self.left, self.right, SECTIONS + 1)
        near = self.left + (self.share + NEAR) * (self.right - self.left)
        return np.unique(np.concatenate([even, near[(near > self.left) & (near < self.right)]]))


def _signs(a_usd: Array, b_usd: Array) -> Array:
    """1 where a costs more, -1 where b does, 0 where they are the same."""
    gap = a_usd - b_usd
    same = np.abs(gap) <= SAME * np.maximum(np.abs(a_usd), np.abs(b_usd))
    return np.where(same, 0.0, np.sign(gap))


def _between(
    driver: str,
    a: Architecture,
    b: Architecture,
    points: Array,
    usd: Mapping[Architecture, Array],
    jump_width: float,
) -> tuple[list[Root], list[_Bracket]]:
    """Roots at neighbouring points, and the brackets that hold one; closer than `jump_width` it is a jump."""
    a_usd, b_usd = usd[a], usd[b]
    signs = _signs(a_usd, b_usd)
    found: list[Root] = []
    brackets: list[_Bracket] = []
    for left, right in pairwise(np.flatnonzero(signs).tolist()):
        if signs[left] == signs[right]:
            continue
        below, above = (b, a) if signs[left] > 0 else (a, b)
        whole = is_whole(driver)
        touches = not whole and (_equal(a_usd[left], b_usd[left]) or _equal(a_usd[right], b_usd[right]))
        if right > left + 1 or touches:  # equal at a point, or as good as equal
            nearest = left + int(np.argmin(np.abs(a_usd - b_usd)[left : right + 1]))
            equal = float(a_usd[nearest]), float(b_usd[nearest])
            found.append(Root(float(points[nearest]), "crossing", below, above, *equal, *equal))
        elif points[right] - points[left] <= jump_width * max(abs(points[left]), abs(points[right])):
            found.append(_jump(points, a_usd, b_usd, left, right, below, above))
        else:
            before, after = abs(a_usd[left] - b_usd[left]), abs(a_usd[right] - b_usd[right])
            share = float(before / (before + after))
            brackets.append(_Bracket(driver, a, b, float(points[left]), float(points[right]), share))
    return found, brackets


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
