"""One bill as a grid: its components down, its months across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from costmodel.difference import family_of
from costmodel.families import FAMILY_OF
from costmodel.results import Answer
from report.line_words import FAMILIES

Months = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GridRow:
    """A component's cost in months 0..H [USD]; nan where its price is missing."""

    component: str
    family: str
    monthly_usd: Months

    @property
    def total_usd(self) -> float:
        """Over the horizon; nan when a price is missing in it."""
        return float(self.monthly_usd.sum())

    @property
    def dearest_month(self) -> int:
        """Where to look first: month 1 where it runs, else the month that costs most."""
        known = np.nan_to_num(np.abs(self.monthly_usd), nan=np.inf)
        first = min(1, len(known) - 1)
        return first if known[first] else int(np.argmax(known))


def grid_rows(answer: Answer) -> list[GridRow]:
    """Every component that costs anything within the horizon, by family and in the ledger's order."""
    every, sums = answer.bill.months.shape, dict[str, Any]()
    families: dict[str, str] = {}
    for line in answer.bill.counted:
        cost = np.broadcast_to(line.cost_usd, every)[: answer.horizon + 1]
        sums[line.component] = sums.get(line.component, 0.0) + cost
        families.setdefault(line.component, family_of(line))
    rows = [GridRow(component, families[component], cost) for component, cost in sums.items() if np.any(cost != 0)]
    ledger, order = list(FAMILY_OF), list(FAMILIES)
    places = {row.component: ledger.index(row.component) if row.component in ledger else len(ledger) for row in rows}
    return sorted(rows, key=lambda row: (order.index(row.family), places[row.component]))
