"""Every chart of the product by name, made from a run: for pages, files, embeds and the command line.

`picture` works out whatever a chart needs; the functions that end in `_of` take what a page has worked out already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from costmodel.results import Run
from report.gallery import costs, drivers, risks, versus
from report.gallery.wanted import ChartProblem, Wanted
from report.picture import Picture

__all__ = ["MAKERS", "NAMES", "ChartProblem", "Picture", "Wanted", "picture"]

MAKERS: Mapping[str, Callable[[Run, Wanted], Picture]] = {
    "cumulative": costs.cumulative,
    "monthly": costs.monthly,
    "components": costs.components,
    "waterfall": costs.waterfall_chart,
    "months": costs.months,
    "crossover": drivers.crossover,
    "map": drivers.winner,
    "odds_map": drivers.odds,
    "tornado": risks.tornado_chart,
    "fan": risks.fan,
    "probability": risks.probability,
    "break_even": risks.break_even,
    "compare": versus.compare,
    "difference": versus.difference,
}
NAMES = tuple(MAKERS)
"""Names of the charts, as links and the command line write them."""


_AS_ON_THE_PAGE = Wanted()


def picture(name: str, run: Run, wanted: Wanted = _AS_ON_THE_PAGE) -> Picture:
    """The chart of that name. ChartProblem when there is none or it cannot be drawn, ScenarioError as its question."""
    if name not in MAKERS:
        raise ChartProblem(f"{name!r} is no chart; use one of {', '.join(NAMES)}")
    return MAKERS[name](run, wanted)
