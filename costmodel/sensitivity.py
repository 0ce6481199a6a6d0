"""What the answer hangs on: swings over each range, what would flip the winner, and what it takes for one to win.

Every number comes from the model re-run, one number changed at a time and the others as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from costmodel.changes import ScenarioError, changed
from costmodel.crossover import crossovers_of
from costmodel.fields import value_at
from costmodel.flips import Flip, flips, movers, nearest, now_of
from costmodel.ranges import check_chunks, check_filled
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS, Architecture, Range, Scenario
from costmodel.simulate import totals_along, totals_usd
from costmodel.terms import Array
from pricing.book import PriceBook

__all__ = [
    "Flip",
    "Sought",
    "Swing",
    "Turned",
    "flips",
    "goal_seek",
    "movers",
    "nearest",
    "now_of",
    "tornado",
    "turned",
]


@dataclass(frozen=True)
class Swing:
    """Totals with one number at the low and at the high end of its range, the others as they are [USD]."""

    path: str
    low: float
    now: float
    high: float
    at_low_usd: dict[Architecture, float]
    at_high_usd: dict[Architecture, float]

    def ends(self, of: Architecture, less: Architecture | None = None) -> tuple[float, float]:
        """What is measured at the low and at the high end [USD]: a total, or its difference from another one."""
        return _measured(self.at_low_usd, of, less), _measured(self.at_high_usd, of, less)

    def width(self, of: Architecture, less: Architecture | None = None) -> float:
        """How far apart both ends are [USD]."""
        low, high = self.ends(of, less)
        return abs(high - low)


def _measured(usd: dict[Architecture, float], of: Architecture, less: Architecture | None) -> float:
    return usd[of] - (0.0 if less is None else usd[less])


def tornado(
    scenario: Scenario, book: PriceBook, of: Architecture, less: Architecture | None = None, present: bool = False
) -> list[Swing]:
    """The swing of each uncertain number, the widest first: of one total, or of the difference of two.

    Nominal, or in present value. The start month must be resolved. ScenarioError without a range, for one of an empty
    field or one that leaves what can be a scenario, and for an architecture that is not compared.
    """
    if not scenario.uncertainty:
        raise ScenarioError(["uncertainty: no number has a range yet; give at least one"])
    check_filled(scenario, scenario.uncertainty)
    for key in (of, less):
        if key is not None and key not in scenario.finance.compared:
            raise ScenarioError([f"{key}: not compared; finance.compared lists {', '.join(scenario.finance.compared)}"])
    swings = [*_swings_of_fields(scenario, book, present), *_swings_alone(scenario, book, present)]
    return sorted(swings, key=lambda swing: (-_finite(swing.width(of, less)), swing.path))


@dataclass(frozen=True)
class Turned:
    """Where within its range a number changes the winner, and the totals there [USD]."""

    flip: Flip
    usd: dict[Architecture, float]

    def measured(self, of: Architecture, less: Architecture | None = None) -> float:
        """What is measured there [USD]: a total, or its difference from another one."""
        return _measured(self.usd, of, less)


def turned(
    run: Run,
    book: PriceBook,
    ranges: Mapping[str, Range],
    present: bool = False,
    known: Sequence[Flip] | None = None,
) -> dict[str, Turned]:
    """The numbers that change the winner within their range, each alone, by path.

    `known`: the flips of all `movers` of the run, where they have been looked for already.
    """
    if known is None:
        found = flips(run, book, list(ranges), present)
    else:
        moving = set(movers(run))
        found = [*known, *flips(run, book, [path for path in ranges if path not in moving], present)]
    inside = [
        flip for flip in found if flip.path in ranges and ranges[flip.path].low <= flip.at <= ranges[flip.path].high
    ]
    # Fields share one batch; a price drops its schedule, so each has its own.
    fields = [(flip.path, np.array([flip.at])) for flip in inside if not flip.path.startswith("price:")]
    usd = dict(zip((path for path, _ in fields), _at_once(run, fields, present), strict=True))
    turning = {}
    for flip in inside:
        at = usd.get(flip.path) or totals_usd(run.scenario, book, {flip.path: np.array([flip.at])}, present)
        turning[flip.path] = Turned(flip, {key: float(each[0]) for key, each in at.items()})
    return turning


def _at_once(run: Run, asked: Sequence[tuple[str, Array]], present: bool) -> list[dict[Architecture, Array]]:
    return totals_along(run.scenario, run.book, asked, present, run.inputs) if asked else []


def _finite(width: float) -> float:
    return width if math.isfinite(width) else 0.0


def _together(scenario: Scenario) -> list[str]:
    """Uncertain numbers that one batch can hold at their value now while another one moves."""
    return [path for path in scenario.uncertainty if path in FIELDS]


def _swings_of_fields(scenario: Scenario, book: PriceBook, present: bool) -> Iterable[Swing]:
    paths = _together(scenario)
    if not paths:
        return
    columns = {path: np.full(2 * len(paths), float(value_at(scenario, path))) for path in paths}
    for number, path in enumerate(paths):
        spread = scenario.uncertainty[path]
        columns[path][2 * number : 2 * number + 2] = spread.low, spread.high
    check_chunks(scenario, columns)
    usd = totals_usd(scenario, book, columns, present)
    for number, path in enumerate(paths):
        low, high = ({key: float(each[2 * number + end]) for key, each in usd.items()} for end in (0, 1))
        spread = scenario.uncertainty[path]
        yield Swing(path, spread.low, float(value_at(scenario, path)), spread.high, low, high)


def _swings_alone(scenario: Scenario, book: PriceBook, present: bool) -> Iterable[Swing]:
    """Prices, each in a batch of its own: one that moves drops its schedule. Negotiated discounts too."""
    for path, spread in scenario.uncertainty.items():
        if path in _together(scenario):
            continue
        usd = totals_usd(scenario, book, {path: np.array([spread.low, spread.high])}, present)
        low, high = ({key: float(each[end]) for key, each in usd.items()} for end in (0, 1))
        yield Swing(path, spread.low, spread.likely, spread.high, low, high)


@dataclass(frozen=True)
class Sought:
    """Where along a driver one architecture is cheapest by a month: stretches, in order, ends included."""

    driver: str
    architecture: Architecture
    month: int
    low: float
    high: float
    stretches: tuple[tuple[float, float], ...]
    present: bool = False
    """Whether costs are in present value; else they are nominal."""

    def nearest(self, now: float) -> float | None:
        """The value nearest to `now` at which it is cheapest; None when it is nowhere in the range."""
        inside = [min(max(now, low), high) for low, high in self.stretches]
        return min(inside, key=lambda value: abs(value - now), default=None)


def goal_seek(
    scenario: Scenario,
    book: PriceBook,
    driver: str,
    architecture: Architecture,
    month: int | None = None,
    low: float | None = None,
    high: float | None = None,
    present: bool = False,
) -> Sought:
    """What a number must be for `architecture` to be cheapest over months 0 to `month` (the horizon unless given).

    Costs are nominal, or in present value. The start month must be resolved. ScenarioError for an architecture that
    cannot be called cheapest, a month outside the limits of the horizon, and what crossovers refuse.
    """
    month = scenario.finance.horizon_months if month is None else month
    scenario = changed(scenario, {"finance.horizon_months": month})
    run = run_scenario(scenario, book)
    if architecture not in run.eligible:
        why = run.excluded.get(architecture, "it is not compared")
        raise ScenarioError([f"{architecture}: cannot be called cheapest ({why}); choose {', '.join(run.eligible)}"])
    found = crossovers_of(scenario, book, {driver: (low, high)}, present=present)[driver]
    turns = found.turns(run.eligible)
    if not turns:  # one alone leads everywhere; where a total is not known nobody does
        alone = ((found.low, found.high),) if run.eligible == [architecture] else ()
        return Sought(driver, architecture, month, found.low, found.high, alone, present)
    ends = [*(start if last is None else last for start, _, last in turns[1:]), found.high]
    led = [(start, end) for (start, key, _), end in zip(turns, ends, strict=True) if key == architecture]
    return Sought(driver, architecture, month, found.low, found.high, tuple(led), present)
