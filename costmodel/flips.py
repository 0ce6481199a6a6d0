"""What would flip the winner: the nearest value of one number, the others as they are, at which another one leads.

All numbers are looked at in one batch: first where the leader changes between two values next to each other, closer
together near the present value; then where exactly, along a curve through a few totals in between, and by cuts where
the order changes in a jump. Two changes closer together than two values of the first look can be missed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from costmodel.changes import ScenarioError
from costmodel.crossover import EQUAL, Crossovers, crossovers_of
from costmodel.fields import value_at
from costmodel.finance import SAME
from costmodel.results import Run, barred
from costmodel.scan import edited, is_whole, looked_at, rows_of
from costmodel.scenario import FIELDS, Architecture, Scenario
from costmodel.simulate import totals_usd
from costmodel.terms import Array, Mask
from costmodel.tracks import BARRING
from pricing.book import PriceBook

POINTS, JUMP_WIDTH = 65, 1e-4
"""The scan along a price with several dates, and how closely a change is located [share of the value]."""
LOOKS = 4
"""Values of the first look to each side of the present one."""
NODES = 5
"""Totals between both ends of a bracket through which a curve is laid."""
CUTS = 15
MOST_ROUNDS = 12
MOST_TOGETHER = 96
"""Of more values, those of drivers that move different parts of the bills are evaluated in batches of their own: what
does not move in a batch is worked out once in it."""


@dataclass(frozen=True)
class Flip:
    """The nearest value of one number at which another architecture is cheapest."""

    path: str
    now: float
    at: float
    leader: Architecture
    jump: bool
    """Whether the order changes there in a jump, not where the totals are equal."""

    @property
    def distance(self) -> float:
        """How far it is from now [share of the value now]; infinite from 0."""
        return (self.at - self.now) / abs(self.now) if self.now else math.copysign(math.inf, self.at - self.now)


def flips(run: Run, book: PriceBook, drivers: Sequence[str] | None = None, present: bool = False) -> list[Flip]:
    """What would flip the winner, one number at a time, the nearest first; without a flip in range it is left out.

    `drivers`: numbers and prices to try, `movers` unless given. Ranges are those of crossovers; a price with several
    dates holds for every month. Totals are nominal, or in present value.
    """
    best = _leader_now(run, present)
    if best is None or len(run.answers) < 2:
        return []
    tried = [path for path in (movers(run) if drivers is None else drivers) if _has_range(run.scenario, path)]
    alone = [path for path in tried if path.startswith("price:") and not _is_steady(run, path)]
    together = {path: now_of(run.scenario, book, path) for path in tried if path not in alone}
    found = _Search(run, together, best, present).flips()
    each = crossovers_of(run.scenario, book, dict.fromkeys(alone, (None, None)), POINTS, JUMP_WIDTH, present)
    found += [flip for along in each.values() if (flip := nearest(run, along, best, book)) is not None]
    return sorted(found, key=lambda flip: (abs(flip.distance), flip.path))


def _leader_now(run: Run, present: bool) -> Architecture | None:
    return run.cheapest_of({key: one.present_value_usd if present else one.tco_usd for key, one in run.answers.items()})


def nearest(run: Run, found: Crossovers, best: Architecture, book: PriceBook) -> Flip | None:
    """The nearest value along a driver at which `best` no longer leads; None when it leads all along."""
    now = now_of(run.scenario, book, found.driver)
    turns = found.turns(run.eligible)
    flips_: list[Flip] = []
    for (start, leader, last), before in zip(turns[1:], turns, strict=False):
        jump = last is not None
        if before[1] == best and start > now:
            flips_.append(Flip(found.driver, now, start, leader, jump))
        if leader == best and (start if last is None else last) < now:
            flips_.append(Flip(found.driver, now, start if last is None else last, before[1], jump))
    return min(flips_, key=lambda flip: abs(flip.at - now), default=None)


def now_of(scenario: Scenario, book: PriceBook, driver: str) -> float:
    """The value of a driver in the scenario; of a price the one in force in the first month of operation."""
    if not driver.startswith("price:"):
        return float(value_at(scenario, driver) or 0.0)
    start, rows = f"{scenario.finance.start_month}-01", rows_of(edited(scenario, book), driver)
    begun = [row for row in rows if row.effective_from is None or str(row.effective_from) <= start]
    chosen = max(begun, key=lambda row: str(row.effective_from or ""), default=rows[0] if rows else None)
    if chosen is None:
        raise ScenarioError([f"{driver}: the price book has no such price"])
    return chosen.price_usd


def movers(run: Run) -> list[str]:
    """Numbers that can flip the winner: fields that shape some bill and are not nothing, and the prices in use."""
    fields = {path for key in run.eligible for line in run.answers[key].bill.counted for path in line.fields}
    numeric = [path for path in FIELDS if path in fields and FIELDS[path].numeric and value_at(run.scenario, path)]
    return [*numeric, *dict.fromkeys(f"price:{row.price_id}" for row in run.rows_in_use if row.price_usd > 0)]


def _has_range(scenario: Scenario, path: str) -> bool:
    return path.startswith("price:") or (path in FIELDS and value_at(scenario, path) is not None)


def _is_steady(run: Run, path: str) -> bool:
    """Whether a price is the same in every month, so that setting it to its value now changes nothing."""
    rows = rows_of(run.book, path)
    begun = [row for row in rows if row.effective_from is None or row.effective_from <= run.inputs.dates[0]]
    return len(rows) == len(begun) == 1


@dataclass(frozen=True)
class _Bracket:
    """Two values of a driver: at `inner`, the one nearer to now, `best` leads, at `outer` another one does.

    `lead_inner` and `lead_outer` say by how much [USD]: not below 0, and below 0.
    """

    path: str
    inner: float
    outer: float
    lead_inner: float
    lead_outer: float
    leader: Architecture
    guess: float | None = None
    rounds: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the driver comes in whole numbers."""
        return is_whole(self.path)

    @property
    def is_closed(self) -> bool:
        """Whether the change is located closely enough."""
        if self.is_whole:
            return abs(self.outer - self.inner) <= 1
        return abs(self.outer - self.inner) <= JUMP_WIDTH * max(abs(self.outer), abs(self.inner))

    def straight(self) -> float:
        """Where a straight line between both ends has no lead."""
        share = self.lead_inner / (self.lead_inner - self.lead_outer)
        return self.inner + (self.outer - self.inner) * share

    def cuts(self) -> Array:
        """Where to look next, between both ends, from the inner one outwards."""
        if self.guess is not None:
            near = JUMP_WIDTH / 4 * max(abs(self.inner), abs(self.outer))
            found = np.array([self.guess - near, self.guess + near])
        else:
            nodes = NODES if not self.rounds else CUTS
            found = self.inner + (self.outer - self.inner) * np.arange(1, nodes + 1) / (nodes + 1)
        if self.is_whole:
            found = np.round(found)
        low, high = sorted((self.inner, self.outer))
        found = np.unique(found[(found > low) & (found < high)])
        return found if self.inner < self.outer else found[::-1]


class _Search:
    """The search for the flips of many drivers at once."""

    def __init__(self, run: Run, now: Mapping[str, float], best: Architecture, present: bool) -> None:
        self.run, self.now, self.best, self.present = run, now, best, present
        self.keys = [key for key, answer in run.answers.items() if key != best and not answer.missing]

    def flips(self) -> list[Flip]:
        """The flip of each driver that has one."""
        sides = self._sides() if self.keys else []
        if not sides:
            return []
        found = self._nearest([each for each in self._first_changes(sides) if each is not None])
        for _ in range(MOST_ROUNDS):
            open_ = [each for each in found if not each.is_closed]
            if not open_:
                break
            found = self._nearest([*(each for each in found if each.is_closed), *self._closer(open_)])
        return self._found(found)

    def _sides(self) -> list[tuple[str, Array]]:
        """Values to look at above and below the present one of each driver, from there outwards, that one first."""
        asked = []
        for path, now in self.now.items():
            low, high = looked_at(self.run.scenario, path, now)
            # Where the present value lies outside the range, there is nothing to look at on that side.
            asked += [(path, now, end) for end in (low, high) if (end < now) == (end == low) and end != now]
        if not asked:
            return []
        starts, ends = (np.array([each[number] for each in asked]) for number in (1, 2))
        above = np.minimum(starts, ends) > 0
        sides = starts[:, None] + (ends - starts)[:, None] * (np.arange(LOOKS + 1) / LOOKS) ** 2
        sides[above] = np.geomspace(starts[above], ends[above], LOOKS + 1, axis=1)
        sides[:, -1] = ends
        found = []
        for (path, *_), side in zip(asked, sides, strict=True):
            whole = np.array(list(dict.fromkeys(np.round(side).tolist()))) if is_whole(path) else side
            found += [(path, whole)] if len(whole) > 1 else []
        return found

    def _leads(self, asked: Sequence[tuple[str, Array]]) -> list[tuple[Array, Array]]:
        """By how much `best` leads the next one [USD], and which of `keys` that is, at each driver's values."""
        ends = np.cumsum([0, *(len(values) for _, values in asked)]).tolist()
        usd = self._totals(asked, ends)
        own, others = usd[self.best], np.stack([usd[key] for key in self.keys])
        out, gone = self._barred(asked, ends)
        others[gone | np.isnan(others)] = np.inf
        least = others.min(axis=0)
        size = np.maximum(np.abs(own), 1.0)
        lead = np.where(np.isinf(least), size, least - own)  # nobody else is left
        lead[np.abs(lead) <= SAME * np.maximum(np.where(np.isinf(least), 0.0, np.abs(least)), np.abs(own))] = 0.0
        lead = np.where(out, -size, lead)
        who = others.argmin(axis=0)
        return [(lead[start:end], who[start:end]) for start, end in pairwise(ends)]

    def _totals(self, asked: Sequence[tuple[str, Array]], ends: Sequence[int]) -> dict[Architecture, Array]:
        """Totals at each driver's values, one after the other [USD], the other numbers as they are."""
        parts: dict[int, list[int]] = {}
        for number, (path, _) in enumerate(asked):
            parts.setdefault(_part_of(path) if ends[-1] > MOST_TOGETHER else 0, []).append(number)
        found = {key: np.empty(ends[-1]) for key in (self.best, *self.keys)}
        for numbers in parts.values():
            starts = np.cumsum([0, *(len(asked[number][1]) for number in numbers)]).tolist()
            columns = {asked[number][0]: np.full(starts[-1], self.now[asked[number][0]]) for number in numbers}
            for number, start in zip(numbers, starts, strict=False):
                path, values = asked[number]
                columns[path][start : start + len(values)] = values
            usd = totals_usd(self.run.scenario, self.run.book, columns, self.present, self.run.inputs)
            for key, each in found.items():
                for number, (start, end) in zip(numbers, pairwise(starts), strict=True):
                    each[ends[number] : ends[number + 1]] = usd[key][start:end]
        return found

    def _barred(self, asked: Sequence[tuple[str, Array]], starts: Sequence[int]) -> tuple[Mask, Mask]:
        """Whether `best` cannot be called cheapest at each value, and which of `keys` cannot, (keys, values)."""
        who, scenario = (self.best, *self.keys), self.run.scenario
        gone = np.repeat([[key in self.run.excluded] for key in who], starts[-1], axis=1)
        ruled = scenario.requirements is not None or scenario.quality.minimum_correct_share is not None
        for (path, values), start in zip(asked, starts, strict=False):
            if not ruled or not path.endswith(BARRING):
                continue
            group, name = path.split(".")
            held = getattr(scenario, group)
            for number, value in enumerate(values.tolist(), start):
                moved = held.model_copy(update={name: value})
                out = barred(scenario.model_copy(update={group: moved}))
                gone[:, number] = [key in out for key in who]
        return gone[0], gone[1:]

    def _first_changes(self, sides: Sequence[tuple[str, Array]]) -> list[_Bracket | None]:
        found = self._leads([(path, values[1:]) for path, values in sides])
        ahead = self._lead_now()
        return [
            self._first_change(path, values, np.array([ahead, *lead]), np.array([0, *who]))
            for (path, values), (lead, who) in zip(sides, found, strict=True)
        ]

    def _lead_now(self) -> float:
        own = self._total(self.best)
        others = [self._total(key) for key in self.keys if key not in self.run.excluded]
        return min(others) - own if others else max(abs(own), 1.0)

    def _total(self, key: Architecture) -> float:
        answer = self.run.answers[key]
        return answer.present_value_usd if self.present else answer.tco_usd

    def _first_change(self, path: str, values: Array, lead: Array, who: Array) -> _Bracket | None:
        """The bracket nearest to the first of `values`, where `best` leads; None when it leads at all of them."""
        lost = np.flatnonzero(lead < 0)
        if not len(lost) or np.isnan(lead).any() or lost[0] == 0:
            return None
        at = int(lost[0])
        ends = float(values[at - 1]), float(values[at])
        return _Bracket(path, *ends, float(lead[at - 1]), float(lead[at]), self.keys[int(who[at])])

    def _nearest(self, found: Sequence[_Bracket]) -> list[_Bracket]:
        """Those that can still hold the flip nearest to now of their driver."""
        limit: dict[str, float] = {}
        for each in found:
            distance = abs(each.outer - self.now[each.path])
            limit[each.path] = min(distance, limit.get(each.path, math.inf))
        return [each for each in found if abs(each.inner - self.now[each.path]) < limit[each.path]]

    def _closer(self, open_: Sequence[_Bracket]) -> list[_Bracket]:
        cuts = [each.cuts() for each in open_]
        found = []
        leads = self._leads([(each.path, cut) for each, cut in zip(open_, cuts, strict=True)])
        for each, cut, (lead, who) in zip(open_, cuts, leads, strict=True):
            values = np.array([each.inner, *cut, each.outer])
            known = np.array([each.lead_inner, *lead, each.lead_outer])
            whose = np.array([0, *who, self.keys.index(each.leader)])
            closer = self._first_change(each.path, values, known, whose)
            if closer is None:  # a total along the way is not known
                continue
            guess = _root_of(values, known, closer) if not each.rounds and not each.is_whole else None
            found.append(replace(closer, guess=guess, rounds=each.rounds + 1))
        return found

    def _found(self, closed: Sequence[_Bracket]) -> list[Flip]:
        """The flips in closed brackets: a crossing where totals are equal between its ends, else a jump."""
        if not closed:
            return []
        asked = [(each.path, np.array([each.straight()])) for each in closed]
        found: dict[str, Flip] = {}
        for each, (lead, _) in zip(closed, self._leads(asked), strict=True):
            meets = not each.is_whole and abs(float(lead[0])) <= EQUAL * abs(self._total(self.best))
            at = each.straight() if meets else each.outer
            flip = Flip(each.path, self.now[each.path], at, each.leader, not meets)
            known = found.get(each.path)
            if known is None or abs(flip.at - flip.now) < abs(known.at - known.now):
                found[each.path] = flip
        return list(found.values())


def _part_of(path: str) -> int:
    """Which part of the bills a number moves: what is stored and searched, what is asked and paid, or the rest."""
    group = path.partition(".")[0]
    return 0 if group in ("corpus", "rag") else 1 if group == "workload" or path.startswith("price:") else 2


def _root_of(values: Array, leads: Array, inside: _Bracket) -> float | None:
    """Where a curve through all leads has none, inside a bracket; None where it has no such place."""
    place = (values - values[0]) / (values[-1] - values[0])
    curve = np.polynomial.Polynomial.fit(place, leads, len(values) - 1)
    low, high = ((end - values[0]) / (values[-1] - values[0]) for end in (inside.inner, inside.outer))
    fine = np.linspace(low, high, 513)
    lost = np.flatnonzero(curve(fine) < 0)
    if not len(lost) or lost[0] == 0:
        return None
    at = int(lost[0])
    before, after = float(curve(fine[at - 1])), float(curve(fine[at]))
    share = float(fine[at - 1] + (fine[at] - fine[at - 1]) * before / (before - after))
    return float(values[0] + share * (values[-1] - values[0]))
