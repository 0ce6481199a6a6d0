"""The closed form of a crossover, where totals are straight lines in the driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from costmodel.crossover import Crossovers
from costmodel.scan import is_whole
from costmodel.scenario import Architecture, Scenario
from costmodel.simulate import totals_usd
from pricing.book import PriceBook

TRIED = 33
STRAIGHT = 1e-9
"""Totals that leave a straight line by more than this share of the largest one are not straight."""


@dataclass(frozen=True)
class Line:
    """A total that is `fixed_usd` + `usd_per_unit` x driver, within the range that was tried."""

    fixed_usd: float
    usd_per_unit: float

    def at(self, value: float) -> float:
        """The total at a value of the driver [USD]."""
        return self.fixed_usd + self.usd_per_unit * value

    def meets(self, other: Line) -> float | None:
        """Where two lines have the same total: (fixed b - fixed a) / (per unit a - per unit b); None when parallel."""
        slope = self.usd_per_unit - other.usd_per_unit
        return None if slope == 0 else (other.fixed_usd - self.fixed_usd) / slope


def straight_lines(scenario: Scenario, book: PriceBook, found: Crossovers) -> Mapping[Architecture, Line]:
    """The totals that are straight lines in the driver all along the range of `found`; the others are not in it.

    Tried at 33 values; whole numbers at whole ones. Nominal, or in present value, as `found`.
    """
    values = np.linspace(found.low, found.high, TRIED)
    if is_whole(found.driver):
        values = np.unique(np.round(values))
    lines: dict[Architecture, Line] = {}
    for key, usd in totals_usd(scenario, book, {found.driver: values}, found.present).items():
        if np.isnan(usd).any():
            continue
        slope = float((usd[-1] - usd[0]) / (values[-1] - values[0]))
        line = Line(float(usd[0] - slope * values[0]), slope)
        if np.abs(line.fixed_usd + slope * values - usd).max() <= STRAIGHT * np.abs(usd).max():
            lines[key] = line
    return lines
