"""What a chart shows beside its scenario, and why one cannot be drawn."""

from __future__ import annotations

from dataclasses import dataclass

from costmodel.other import Kind
from costmodel.results import Run


class ChartProblem(ValueError):
    """A chart that cannot be drawn; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a chart shows beside its scenario; empty values are chosen by the chart, as the pages do.

    Each field says which charts read it.
    """

    present: bool = False
    """Present value instead of nominal cost."""
    every: bool = False
    """waterfall, difference: every line, not the main ones."""
    first: str = ""
    """waterfall: the architecture it starts from; difference: whose bill."""
    second: str = ""
    """waterfall: the architecture it leads to."""
    driver: str = ""
    """crossover: a number of the scenario, or price:<price_id>."""
    low: float | None = None
    """crossover: where the driver starts."""
    high: float | None = None
    """crossover: where the driver ends."""
    scale: str = ""
    """crossover: "log" or "linear" axes."""
    across: str = ""
    """map, odds_map: the number along x."""
    up: str = ""
    """map, odds_map: the number along y."""
    of: str = ""
    """tornado: whose total."""
    less: str = ""
    """tornado: the architecture whose total is taken off; "none" for the total alone."""
    draws: int = 0
    """fan, probability, break_even: so many draws; odds_map: so many at each cell."""
    seed: int = 1
    """What is drawn: the same seed gives the same numbers."""
    other: Run | None = None
    """compare, difference: the other scenario."""
    other_kind: Kind = "file"
    """compare, difference: where the other scenario came from, for its name."""
