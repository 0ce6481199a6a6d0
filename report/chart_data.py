"""What a chart shows as a table, exact and in the money on screen; columns say their unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from costmodel.results import Run
from report import tables
from report.line_words import FAMILIES
from report.numbers import MINUS
from report.palette import ARCHITECTURES
from report.waterfall import Step

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler


@dataclass(frozen=True)
class Data:
    """A table of a chart: numbers as they are; what is in it, in words and for a file name."""

    table: pd.DataFrame
    title: str
    name: str

    def styled(self) -> Styler:
        """The table as it reads: amounts to the cent, shares in percent, months and queries whole."""
        forms: dict[Any, str | Callable[[Any], str] | None] = {}
        for column in self.table.select_dtypes("number").columns:
            forms[column] = _cents if column.endswith("]") else _share if column == "Share" else _whole
        return self.table.style.format(forms)


def _cents(amount: float) -> str:
    return f"{amount:,.2f}".replace("-", MINUS)


def _share(share: float) -> str:
    return "" if math.isnan(share) else f"{share * 100:.2f}%".replace("-", MINUS)


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _unit(run: Run, present: bool) -> str:
    return f"{run.scenario.finance.currency}, present value" if present else run.scenario.finance.currency


def _calendar(run: Run, months: Sequence[int]) -> list[str]:
    return [f"{run.inputs.dates[month]:%Y-%m}" for month in months]


def lines(run: Run, *, present: bool = False, cumulative: bool = True) -> Data:
    """Month (0: the build), its calendar month, queries, and the cost of each architecture up to it or in it."""
    per_unit = run.scenario.finance.usd_per_currency_unit
    curves = tables.curves(run, present=present, cumulative=cumulative)
    months = list(range(run.horizon + 1))
    found: dict[str, object] = {"Month": months, "Calendar": _calendar(run, months)}
    found["Queries"] = run.queries[: run.horizon + 1]
    for key in ARCHITECTURES:
        usd = curves[curves["architecture"] == key]["usd"].to_numpy()
        if len(usd):
            found[f"{ARCHITECTURES[key].name} [{_unit(run, present)}]"] = usd / per_unit
    if cumulative:
        return Data(pd.DataFrame(found), "Cumulative cost", "cumulative")
    return Data(pd.DataFrame(found), "Cost of each month", "monthly")


def bars(run: Run, *, present: bool = False) -> Data:
    """What each total pays for: architecture, family, cost, and its share of the total [share]."""
    totals = tables.family_totals(run, present=present).query("usd != 0")
    whole = totals.groupby("architecture")["usd"].transform("sum")
    return Data(
        pd.DataFrame(
            {
                "Architecture": [ARCHITECTURES[key].name for key in totals["architecture"]],
                "Pays for": [FAMILIES[family] for family in totals["family"]],
                f"Cost [{_unit(run, present)}]": totals["usd"] / run.scenario.finance.usd_per_currency_unit,
                "Share": np.divide(totals["usd"], whole, out=np.full(len(totals), np.nan), where=whole.to_numpy() != 0),
            }
        ),
        "What each total pays for",
        "components",
    )


def steps(
    run: Run, names: tuple[str, str], found: Sequence[Step], totals: tuple[float, float], *, present: bool = False
) -> Data:
    """The lines that differ between two totals [USD]: what either side pays, and the difference.

    What costs the same on both sides comes last but one, so that the rows add up to the totals below them.
    """
    per_unit, unit = run.scenario.finance.usd_per_currency_unit, _unit(run, present)
    columns = [f"{each} [{unit}]" for each in (*names, "Difference")]
    rows = [(step.label, step.a_usd / per_unit, step.b_usd / per_unit, step.delta_usd / per_unit) for step in found]
    first, second = (total / per_unit for total in totals)
    same = (first - math.fsum(row[1] for row in rows), second - math.fsum(row[2] for row in rows))
    if any(abs(amount) >= 0.005 for amount in same):
        rows.append(("Lines of the same cost", *same, 0.0))
    rows.append(("Total", first, second, second - first))
    return Data(pd.DataFrame(rows, columns=["Line", *columns]), f"From {names[0]} to {names[1]}", "difference")


def months(run: Run, by_family: Mapping[str, Mapping[str, Sequence[float]]], *, present: bool = False) -> Data:
    """Cost of months 1 to H by family, architectures one below the other; amounts in the money on screen already."""
    used = [family for family in FAMILIES if any(family in families for families in by_family.values())]
    every = list(range(1, run.horizon + 1))
    parts = []
    for key, families in by_family.items():
        part = pd.DataFrame(
            {"Architecture": ARCHITECTURES[key].name, "Month": every, "Calendar": _calendar(run, every)}
        )
        amounts = {family: np.array(families.get(family, [0.0] * run.horizon)) for family in used}
        for family, cost in amounts.items():
            part[f"{FAMILIES[family]} [{_unit(run, present)}]"] = cost
        part[f"Together [{_unit(run, present)}]"] = sum(amounts.values(), np.zeros(run.horizon))
        parts.append(part)
    return Data(pd.concat(parts, ignore_index=True), "Cost of each month by what it pays for", "months-by-family")
