"""The charts of odds and fans as tables, exact and in the money on screen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from costmodel.results import Run
from costmodel.tally import LEVELS, BreakEvens
from costmodel.uncertainty import Uncertainty
from report.chart_data import Data
from report.palette import ARCHITECTURES


def _months(run: Run, months: int) -> dict[str, object]:
    every = list(range(months + 1))
    return {"Month": every, "Calendar": [f"{run.inputs.dates[month]:%Y-%m}" for month in every]}


def fans(run: Run, found: Uncertainty) -> Data:
    """By month: cumulative cost below which 10, 50 and 90% of the draws lie, of each architecture."""
    finance = run.scenario.finance
    unit = f"{finance.currency}, present value" if found.present else finance.currency
    columns = _months(run, found.months)
    for key, fan in found.fan_usd.items():
        for level, usd in zip(LEVELS, fan, strict=True):
            columns[f"{ARCHITECTURES[key].name} P{level * 100:.0f} [{unit}]"] = usd / finance.usd_per_currency_unit
    return Data(pd.DataFrame(columns), "Likely range of cumulative cost", "fans")


def odds(run: Run, found: Uncertainty) -> Data:
    """By month: share of the draws in which each architecture has cost least so far."""
    columns = _months(run, found.months)
    columns |= {f"{ARCHITECTURES[key].name} [%]": each * 100 for key, each in found.cheapest_by_month.items()}
    return Data(pd.DataFrame(columns), "Chance of being cheapest, by month", "odds")


def break_even(run: Run, pair: BreakEvens) -> Data:
    """By month: share of the draws in which two architectures first change places, and up to then."""
    columns = _months(run, len(pair.first) - 1)
    columns |= {"First in this month [%]": pair.first * 100, "By then [%]": np.cumsum(pair.first) * 100}
    both = f"{ARCHITECTURES[pair.a].name} and {ARCHITECTURES[pair.b].name}"
    return Data(pd.DataFrame(columns), f"Break-even month of {both}", "break-even")
