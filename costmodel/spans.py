"""Where a lever can stand: from which value to which, and which of them are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from costmodel.changes import ScenarioError, changed
from costmodel.fields import value_at
from costmodel.scan import RANGES, looked_at
from costmodel.scenario import FIELDS, Scenario
from costmodel.timeline import Array
from pricing.book import PriceBook

CADENCE = "fine_tuning.retrain_every_months"
CADENCES = "_every_months"
"""How the paths of fields end whose 0 means never."""
NEVER = float("inf")
"""Where 0 stands on a lever whose 0 means never: beyond its longest interval."""
PER_DECADE, EVENLY, MOST_STEPS = 12, 40, 60
"""Positions of a scan: so many to a decade or so many even steps, or every step of a lever that has no more of them."""
FROM_NOTHING = {
    "USD": 10_000.0,
    "tokens": 1_000.0,
    "queries": 100_000.0,
    "documents": 10_000.0,
    "examples": 10_000.0,
    "ms": 5_000.0,
}
"""How far a field reaches that holds nothing, by its unit; others to 100, none beyond its limits."""
MOST_TRIES = 12
WIDEST = 1_000.0
"""A logarithmic range is widened downwards so many times; what lies lower stands beside it, as zero does."""


@dataclass(frozen=True)
class Span:
    """Where a lever can stand: from `low` to `high`, and at the values of `also`.

    With `never` its 0 means never and stands at NEVER; `also` may hold it. `step` is that of the lever.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False
    never: bool = False
    also: tuple[float, ...] = ()
    step: float | None = None

    @cached_property
    def values(self) -> Array:
        """The positions to scan, in order."""
        low, high, step = self.low, self.high, 1.0 if self.whole else self.step
        if step and high - low <= MOST_STEPS * step:
            # Twelve significant digits, so that the positions are just those of a lever with this step.
            between = [float(f"{low + i * step:.12g}") for i in range(int((high - low) / step) + 1)]
        elif self.log or (self.never and low > 0):
            steps = int(np.ceil(np.log10(high / low) * PER_DECADE))
            between = np.geomspace(low, high, steps + 1)[1:-1].tolist()
        else:
            between = np.linspace(low, high, EVENLY + 1)[1:-1].tolist()
        if self.whole:
            between = [round(each) for each in between]
        return np.unique([*(each for each in between if low < each < high), low, high, *self.also])


def reach(scenario: Scenario, book: PriceBook, driver: str) -> tuple[float, float]:
    """The range in which a numeric field is looked at as a lever: that of crossovers, around the scenario's value.

    A field that holds nothing reaches as far as its unit usually does. An end that another field forbids comes nearer
    to the value.
    """
    if driver in RANGES:
        return RANGES[driver]
    if driver.endswith(CADENCES):
        return RANGES[CADENCE]
    low, high = looked_at(scenario, driver)
    now = float(value_at(scenario, driver) or 0.0)
    if not now:
        high = min(high, FROM_NOTHING.get(FIELDS[driver].unit.split("/")[0], 100.0))

    def allowed(end: float) -> float:
        for _ in range(MOST_TRIES):
            try:
                changed(scenario, {driver: round(end) if FIELDS[driver].kind == "whole" else end}, book)
            except ScenarioError:
                end = float(f"{(end + now) / 2:.3g}")
            else:
                return end
        return now

    low, high = allowed(low), allowed(high)
    return (low, high) if low < high else (now, now + 1.0)


@lru_cache(maxsize=256)
def span(
    driver: str,
    within: tuple[float, float],
    held: tuple[float, ...] = (),
    stops: tuple[float, ...] = (),
    step: float | None = None,
) -> Span:
    """The span of a numeric field as a lever: the range `within`, widened to the values `held`.

    `stops` are values that are scanned for certain, `step` is that of the lever.
    """
    never = driver.endswith(CADENCES)
    low, high = within
    stands = [NEVER if never and value == 0 else float(value) for value in (*held, *stops)]
    log = low > 0 and high / low >= 100
    near = low / WIDEST if log or (never and low > 0) else -np.inf
    between = [value for value in stands if np.isfinite(value) and value >= near]
    low, high = min([low, *between]), max([high, *between])
    # What lies in the range anyway says nothing new: a lever that is pulled keeps its span.
    also = {value for value in (*stands, *([NEVER] if never else ())) if not low <= value <= high}
    also |= set(stands[len(held) :])
    return Span(low, high, log, FIELDS[driver].kind == "whole", never, tuple(sorted(also)), step)
