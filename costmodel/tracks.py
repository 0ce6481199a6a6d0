"""Who is cheapest at each position of a lever, and where that turns: all positions of all levers in one batch.

A lever is scanned, and where two neighbouring positions have different answers the turn between them is closed in on:
by straight lines between them where totals cross, by cuts where they jump. A pair of turns closer together than two
positions of the scan can be missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from costmodel.crossover import EQUAL, Root
from costmodel.finance import SAME, present_value
from costmodel.results import Run, barred
from costmodel.scenario import FIELDS, Architecture, Scenario
from costmodel.simulate import totals_along
from costmodel.spans import CADENCES, NEVER, Span, reach, span
from costmodel.timeline import Array

__all__ = ["CADENCES", "HORIZON", "NEVER", "Span", "Stretch", "Track", "horizon_track", "reach", "span", "tracks_of"]

HORIZON = "finance.horizon_months"
JUMP_WIDTH = 1e-4
"""How closely a jump is located [share of the value]."""
STRADDLE = 2e-7
"""How far to both sides of where straight lines cross is looked [share of the value]."""
FLOOR = 1e-6
"""The same around 0 [share of what the lever reaches]."""
FIRST_CUTS, CUTS = 3, 15
"""Even cuts of a bracket, in the first round and later."""
NODES, FINE = 6, 256
"""Positions through which totals are followed across a bracket, and in how many steps."""
_BETWEEN = np.arange(1, FINE) / FINE
MOST_ROUNDS = 12
CLOSE, NOBODY = -1, -2
REQUIREMENTS = "requirements"
BARRING = ("correct_share", "added_latency_ms", "training_examples", "router_answers_share", "fine_tuned_share")
"""Fields that decide who may be called cheapest, by the ends of their paths; requirements do too."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring positions with one answer, in order: who leads clearly, too close to call, or nobody known.

    It begins at `start`, where the one before ends; in a jump that one's last value is `before`.
    """

    start: float
    end: float
    leader: Architecture | None
    close: bool = False
    before: float | None = None


@dataclass(frozen=True, eq=False)
class Track:
    """Totals along a lever [USD], nan where an architecture cannot be called cheapest, at rising `values`."""

    driver: str
    values: Array
    usd: dict[Architecture, Array]
    too_close_share: float

    @cached_property
    def contenders(self) -> tuple[Architecture, ...]:
        """The architectures that can be cheapest somewhere along the lever."""
        return tuple(key for key, usd in self.usd.items() if not np.isnan(usd).all())

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The lever cut where its answer changes, in order."""
        usd, keys = _stacked(self.usd), list(self.usd)
        answers = _answers(usd, self.too_close_share)
        found: list[Stretch] = []
        start, before = float(self.values[0]), None
        for left in [*np.flatnonzero(np.diff(answers)).tolist(), len(answers) - 1]:
            answer, end, next_start, last = int(answers[left]), float(self.values[left]), 0.0, None
            if left + 1 < len(answers):
                gap = _gap(usd[:, left : left + 2], answer, int(answers[left + 1]), self.too_close_share)
                next_start, last = self._turn(left, gap)
                end = next_start if last is None else last
            leader = keys[answer] if answer >= 0 else None
            found.append(Stretch(start, end, leader, answer == CLOSE, before))
            start, before = next_start, last
        return tuple(found)

    def _turn(self, left: int, gap: Array | None) -> tuple[float, float | None]:
        """Where the answer turns between a position and the next one, and the last value before it in a jump."""
        low, high = float(self.values[left]), float(self.values[left + 1])
        largest = max(float(np.nanmax(np.abs(usd[left : left + 2]), initial=0.0)) for usd in self.usd.values())
        if self._whole or gap is None or not _meets(gap, largest):
            return high, low
        return low + (high - low) * float(gap[0] / (gap[0] - gap[1])), None

    @property
    def _whole(self) -> bool:
        return FIELDS[self.driver].kind == "whole"

    @cached_property
    def turns(self) -> tuple[Stretch, ...]:
        """The stretches as one says them: two leaders that meet within a band turn where they cross.

        A band in which anybody else leads, or in which the two change places more than once, stays.
        """
        return self._said[0]

    @cached_property
    def bands(self) -> tuple[Stretch, ...]:
        """The stretches that are too close to call and that are not among `turns`."""
        return self._said[1]

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """Where one leader crosses another, or changes places with it in a jump."""
        return self._said[2]

    @cached_property
    def _said(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...], tuple[Root, ...]]:
        turns: list[Stretch] = []
        bands: list[Stretch] = []
        roots: list[Root] = []
        stretches = list(self.stretches)
        while stretches:
            each = stretches.pop(0)
            root = self._root(turns[-1], each, stretches) if turns else None
            if root is not None:
                roots.append(root)
                end, start = root.value, root.value if root.next_value is None else root.next_value
                turns[-1] = replace(turns[-1], end=end)
                if each.close:
                    bands.append(each)
                    each = stretches.pop(0)
                each = replace(each, start=start, before=None if root.next_value is None else end)
            turns.append(each)
        return tuple(turns), tuple(bands), tuple(roots)

    def _root(self, before: Stretch, each: Stretch, later: Sequence[Stretch]) -> Root | None:
        """Where the leader of `before` changes places with the next one: with `each`, or within it if it is a band."""
        after = each if not each.close else later[0] if later else None
        if before.leader is None or after is None or after.leader is None or before.leader == after.leader:
            return None
        if not each.close:
            return self._root_at(int(np.searchsorted(self.values, each.start)) - 1, before.leader, after.leader)
        inside = np.flatnonzero((self.values >= each.start) & (self.values <= each.end))
        part = slice(max(int(inside[0]) - 1, 0), int(inside[-1]) + 2)
        usd = {key: totals[part] for key, totals in self.usd.items()}
        changes = _changes(_stacked(usd), list(usd).index(before.leader), list(usd).index(after.leader))
        return self._root_at(part.start + changes[0], before.leader, after.leader) if len(changes) == 1 else None

    def _root_at(self, left: int, a: Architecture, b: Architecture) -> Root:
        """The root of two totals between a position and the next one; `a` is cheaper below."""
        (a_below, a_above), (b_below, b_above) = (self.usd[key][left : left + 2].tolist() for key in (a, b))
        low, high = self.values[left : left + 2].tolist()
        gap = np.array([a_below - b_below, a_above - b_above])
        if not self._whole and _meets(gap, max(map(abs, (a_below, a_above, b_below, b_above)))):
            nearer_low = abs(gap[0]) <= abs(gap[1])
            usd = (a_below, b_below) if nearer_low else (a_above, b_above)
            return Root(low if nearer_low else high, "crossing", a, b, *usd, *usd)
        return Root(low, "jump", a, b, a_below, b_below, a_above, b_above, high)


def tracks_of(run: Run, spans: Mapping[str, Span], present: bool = False) -> dict[str, Track]:
    """The tracks of several levers of a run, by driver, in nominal cost or in present value.

    Each is a number of the scenario that is not null; the others stand where the scenario has them.
    """
    scenario, share = run.scenario, run.scenario.finance.too_close_share
    out = barred(scenario, run.ruled_out)
    known: dict[str, tuple[Array, dict[Architecture, Array]]] = {}
    asked = {driver: each.values for driver, each in spans.items()}
    for number in range(MOST_ROUNDS):
        batch = [(driver, np.where(np.isinf(values), 0.0, values)) for driver, values in asked.items()]
        for (driver, values), usd in zip(
            asked.items(), totals_along(scenario, run.book, batch, present, run.inputs), strict=True
        ):
            more = values, _eligible(scenario, driver, values, usd, out)
            known[driver] = more if driver not in known else _merged(known[driver], more)
        looks = {key: _Look(not number, spans[key].whole, _events(scenario, key)) for key in asked}
        cuts = {driver: _cuts(known[driver], share, look) for driver, look in looks.items()}
        asked = {driver: values for driver, values in cuts.items() if len(values)}
        if not asked:
            break
    return {driver: Track(driver, *each, share) for driver, each in known.items()}


def horizon_track(run: Run, along: Span, present: bool = False) -> Track:
    """The track of the horizon, from what was simulated: no month looks ahead, so sums so far are totals."""
    rate = run.scenario.finance.discount_rate_annual
    months = np.arange(round(along.low), round(along.high) + 1)
    usd = {}
    for key, answer in run.answers.items():
        by_month = answer.bill.monthly_usd
        usd[key] = np.cumsum(present_value(by_month, rate) if present else by_month)[months]
    values = months.astype(float)
    usd = _eligible(run.scenario, HORIZON, values, usd, barred(run.scenario, run.ruled_out))
    return Track(HORIZON, values, usd, run.scenario.finance.too_close_share)


def _eligible(
    scenario: Scenario,
    driver: str,
    values: Array,
    usd: Mapping[Architecture, Array],
    out: Mapping[Architecture, str],
) -> dict[Architecture, Array]:
    """The totals, nan where an architecture has too little quality or is ruled out; `out` are those that are now."""
    if not driver.endswith(BARRING) and not driver.startswith(f"{REQUIREMENTS}."):
        return {key: np.full_like(total, np.nan) if key in out else total for key, total in usd.items()}
    group, name = driver.split(".")
    outs = [
        barred(scenario.model_copy(update={group: getattr(scenario, group).model_copy(update={name: value})}))
        for value in values.tolist()
    ]
    return {key: np.where([key in each for each in outs], np.nan, total) for key, total in usd.items()}


def _merged(
    one: tuple[Array, Mapping[Architecture, Array]], other: tuple[Array, Mapping[Architecture, Array]]
) -> tuple[Array, dict[Architecture, Array]]:
    values, first = np.unique(np.concatenate([one[0], other[0]]), return_index=True)
    return values, {key: np.concatenate([usd, other[1][key]])[first] for key, usd in one[1].items()}


def _stacked(usd: Mapping[Architecture, Array]) -> Array:
    return np.stack(list(usd.values()))


def _margin(usd: Array, share: float) -> Array:
    """By how much the lead goes beyond the band [USD], shape (positions,); nan with fewer than two totals."""
    if len(usd) < 2:
        return np.full(usd.shape[1:], np.nan)
    least, second = np.sort(usd, axis=0)[:2]  # nan last
    return np.asarray(second - least - share * np.abs(second))


def _answers(usd: Array, share: float) -> Array:
    """At each position the number of the leader, CLOSE or NOBODY; `usd` has the shape (architectures, positions)."""
    unknown = np.isnan(usd)
    leader = np.argmin(np.where(unknown, np.inf, usd), axis=0)
    return np.where(unknown.all(axis=0), NOBODY, np.where(_margin(usd, share) <= 0, CLOSE, leader))


def _gap(usd: Array, left: int, right: int, share: float) -> Array | None:
    """What is 0 where the answer turns from `left` to `right`; None where it can but jump."""
    if NOBODY in (left, right):
        return None
    gap = usd[left] - usd[right] if left >= 0 and right >= 0 else _margin(usd, share)
    return None if np.isnan(gap).any() or gap[0] == gap[-1] else gap


def _meets(gap: Array, largest: float) -> bool:
    """Whether a gap is as good as closed at one end of a bracket."""
    return bool(np.abs(gap).min() <= EQUAL / 10 * largest)


def _changes(usd: Array, a: int, b: int) -> list[int]:
    """After which positions `a` and `b` change places; none where anybody else leads."""
    gap, largest = usd[a] - usd[b], np.maximum(np.abs(usd[a]), np.abs(usd[b]))
    others = np.delete(usd, [a, b], axis=0)
    if (others < np.minimum(usd[a], usd[b]) - SAME * largest).any():
        return []
    signs = np.where(np.abs(gap) <= SAME * largest, 0, np.sign(gap))
    return [left for left, right in pairwise(np.flatnonzero(signs).tolist()) if signs[left] != signs[right]]


def _cuts(known: tuple[Array, Mapping[Architecture, Array]], share: float, look: _Look) -> Array:
    """Where to look in the next round: between positions whose answers differ, until each turn is known well enough."""
    values, totals = known[0], _stacked(known[1])
    answers = _answers(totals, share)
    least = FLOOR / JUMP_WIDTH * float(np.ptp(values[np.isfinite(values)]))
    found: list[Array] = []
    for each in (*_brackets(totals, share, answers), *_crossings(totals, answers)):
        low, high = values[each.left : each.left + 2].tolist()
        width, size = high - low, max(abs(low), abs(high), least)
        met = each.gap is not None and _meets(each.gap, float(np.nanmax(np.abs(totals[:, each.left : each.left + 2]))))
        if np.isinf(high) or (width <= 1 if look.whole else met or width <= JUMP_WIDTH * size):
            continue
        meets = np.array([*_straight(each.gap, low, high), *_followed(values, totals, each, share)])
        jumps = look.events[(look.events >= low) & (look.events <= high)]
        even = np.linspace(low, high, (FIRST_CUTS if look.first else CUTS) + 2)
        near, beside = STRADDLE * size, JUMP_WIDTH / 2 * size
        points = np.concatenate([even, meets, meets - near, meets + near, jumps, jumps - beside, jumps + beside])
        found.append(np.clip(np.round(points) if look.whole else points, low, high))
    return np.setdiff1d(np.concatenate(found), values) if found else np.empty(0)


@dataclass(frozen=True)
class _Look:
    """How to look between two positions: whether for the first time, at whole values only, and where events jump."""

    first: bool
    whole: bool
    events: Array


@dataclass(frozen=True)
class _Bracket:
    """Two neighbouring positions with a turn between them.

    `gap` is what is 0 there [USD], at both of them; None if it can but jump. `pair` change places within a band.
    """

    left: int
    gap: Array | None
    pair: tuple[int, int] | None = None


def _brackets(totals: Array, share: float, answers: Array | None = None) -> list[_Bracket]:
    """Between which positions the answer turns, shape of totals (architectures, positions)."""
    answers = _answers(totals, share) if answers is None else answers
    return [
        _Bracket(left, _gap(totals[:, left : left + 2], int(answers[left]), int(answers[left + 1]), share))
        for left in np.flatnonzero(np.diff(answers)).tolist()
    ]


def _crossings(totals: Array, answers: Array) -> Iterator[_Bracket]:
    """Between which positions two leaders cross within the band between them, where they do so once."""
    for first, last, a, b in _bands(answers):
        changes = _changes(totals[:, first - 1 : last + 2], a, b)
        if len(changes) == 1:
            left = first - 1 + changes[0]
            yield _Bracket(left, (totals[a] - totals[b])[left : left + 2], (a, b))


def _bands(answers: Array) -> Iterator[tuple[int, int, int, int]]:
    """First and last position of each band between two different leaders, and these."""
    edges = [0, *(np.flatnonzero(np.diff(answers)) + 1).tolist(), len(answers)]
    for first, end in pairwise(edges):
        if answers[first] == CLOSE and first > 0 and end < len(answers):
            a, b = int(answers[first - 1]), int(answers[end])
            if a >= 0 and b >= 0 and a != b:
                yield first, end - 1, a, b


def _straight(gap: Array | None, low: float, high: float) -> list[float]:
    return [] if gap is None else [low + (high - low) * float(gap[0] / (gap[0] - gap[1]))]


def _followed(values: Array, totals: Array, bracket: _Bracket, share: float) -> Array:
    """Where the turn of a bracket would lie if totals ran on smoothly through the positions around it."""
    nodes = slice(max(0, bracket.left + 1 - NODES // 2), bracket.left + 1 + NODES // 2)
    known = values[nodes]
    low, high = values[bracket.left : bracket.left + 2].tolist()
    if not np.isfinite(known).all():
        return np.empty(0)
    between = totals[:, nodes] @ _weights(known, low + (high - low) * _BETWEEN)
    usd = np.hstack([totals[:, bracket.left, None], between, totals[:, bracket.left + 1, None]])
    if bracket.pair is None:
        found = [(each.left, each.gap) for each in _brackets(usd, share) if each.gap is not None]
    else:
        gap = usd[bracket.pair[0]] - usd[bracket.pair[1]]
        found = [(left, gap[left : left + 2]) for left in np.flatnonzero(np.diff(gap > 0)).tolist()]
    turns = [low + (high - low) / FINE * (left + gap[0] / (gap[0] - gap[1])) for left, gap in found]
    return np.asarray(np.clip(turns, low, high))


def _weights(nodes: Array, points: Array) -> Array:
    """What each of the nodes counts at each of the points, by the polynomial through all of them (Lagrange).

    No point is a node.
    """
    away, apart = points - nodes[:, None], nodes[:, None] - nodes
    np.fill_diagonal(apart, 1.0)
    return np.asarray(away.prod(axis=0) / away / apart.prod(axis=1)[:, None])


def _events(scenario: Scenario, driver: str) -> Array:
    """Values at which one event more or less falls into the horizon: there totals jump."""
    horizon, tuning = scenario.finance.horizon_months, scenario.fine_tuning
    number = np.arange(1.0, 2 * horizon + 1)
    if driver.endswith(CADENCES):
        return horizon / number
    if driver == "corpus.updates_per_month":
        return tuning.updates_per_retrain * number / horizon
    return np.empty(0)
