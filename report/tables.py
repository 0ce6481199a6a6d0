"""Tidy tables: what charts draw, exports write and screens list; every number is a sum over cost lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from costmodel.families import FAMILY_OF
from costmodel.finance import present_value
from costmodel.results import Answer, Run
from costmodel.scenario import Architecture

FAMILY_ORDER = ("people", "tokens", "training", "hosting", "retrieval", "other")
CONSEQUENCE = "consequence"
"""The family that comes last, where consequences count in the total."""


Columns = dict[str, list[Any]]
"""A small tidy table as plain lists, for what is drawn anew with every move of a lever."""


def _columns(names: Iterable[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def curve_columns(run: Run, *, present: bool = False, cumulative: bool = True) -> Columns:
    """Columns architecture, month, usd, excluded, reference: cost by month or up to it, months 0..H.

    Missing totals are left out. Plain prompting that is not compared comes along as a reference.
    """
    rows = []
    shown = dict(run.answers)
    if run.prompting is not None and any(not answer.missing for answer in run.answers.values()):
        shown["prompting"] = run.prompting
    for key, answer in shown.items():
        if answer.missing:
            continue
        monthly = answer.monthly_present_value_usd if present else answer.monthly_usd
        usd = np.cumsum(monthly) if cumulative else monthly
        flags = key in run.excluded, key not in run.answers
        rows += [(key, month, each, *flags) for month, each in enumerate(usd.tolist())]
    return _columns(("architecture", "month", "usd", "excluded", "reference"), rows)


def curves(run: Run, *, present: bool = False, cumulative: bool = True) -> pd.DataFrame:
    """What `curve_columns` says, as a data frame."""
    return pd.DataFrame(curve_columns(run, present=present, cumulative=cumulative))


def crossing_columns(run: Run, *, present: bool = False) -> Columns:
    """Columns a, b, month, usd, overtakes_in_month, cheaper_after, main (where the lead changes)."""
    lines = run.curves(present)
    leads = run.leaders(present)
    months = np.arange(run.horizon + 1)
    rows = []
    for each in run.crossings_of(lines):
        lead = any(
            month == each.overtakes_in_month and key == each.cheaper_after and before[1] == each.dearer_after
            for before, (month, key) in pairwise(leads)
        )
        usd = float(np.interp(each.month, months, lines[each.a]))
        rows.append((each.a, each.b, each.month, usd, each.overtakes_in_month, each.cheaper_after, lead))
    return _columns(("a", "b", "month", "usd", "overtakes_in_month", "cheaper_after", "main"), rows)


def crossings(run: Run, *, present: bool = False) -> pd.DataFrame:
    """What `crossing_columns` says, as a data frame."""
    return pd.DataFrame(crossing_columns(run, present=present))


def family_columns(run: Run, *, present: bool = False) -> Columns:
    """Columns architecture, family, usd, excluded: what each total pays for, families in their fixed order."""
    rows = [
        (key, family, float(by_month.sum()), key in run.excluded)
        for key in run.answers
        if not run.answers[key].missing
        for family, by_month in families_by_month(run, key, present=present).items()
    ]
    return _columns(("architecture", "family", "usd", "excluded"), rows)


def family_totals(run: Run, *, present: bool = False) -> pd.DataFrame:
    """What `family_columns` says, as a data frame."""
    return pd.DataFrame(family_columns(run, present=present))


def families_by_month(run: Run, key: Architecture, *, present: bool = False) -> dict[str, np.ndarray[Any, Any]]:
    """Cost by family in months 0..H [USD]."""
    answer = run.answers[key]
    sums = {family: np.zeros(run.horizon + 1) for family in FAMILY_ORDER}
    if answer.bill.consequences_count:
        sums[CONSEQUENCE] = np.zeros(run.horizon + 1)
    for line, cost in zip(answer.bill.counted, answer.by_line_usd[:, : run.horizon + 1], strict=True):
        family = FAMILY_OF.get(line.component, "other")
        if family == CONSEQUENCE and line.scope == "bill":
            family = "other"  # typed into the bill
        sums[family] += cost
    if present:
        rate = run.scenario.finance.discount_rate_annual
        factor = (1 + rate) ** (-np.arange(run.horizon + 1) / 12)
        sums = {family: cost * factor for family, cost in sums.items()}
    return sums


def later_build(answer: Answer, *, present: bool = False) -> dict[int, float]:
    """What of the build falls after month 0: month -> one-time cost [USD]; empty where all of it is in month 0."""
    once = answer.bill.phase_usd("one_time")[: answer.horizon + 1]
    cost = present_value(once, answer.discount_rate if present else 0.0)
    return {month: float(cost[month]) for month in range(1, answer.horizon + 1) if cost[month] != 0}


def fiscal_year(year: int, month: int, starts_month: int) -> int:
    """Fiscal year of a calendar month, named after the calendar year in which it ends."""
    return year + (1 if starts_month > 1 and month >= starts_month else 0)


def years(run: Run, *, fiscal: bool) -> list[int]:
    """Calendar or fiscal year of each month 0..H; month 0 belongs to the year that its calendar month is in."""
    starts = run.scenario.finance.fiscal_year_starts_month if fiscal else 1
    return [fiscal_year(day.year, day.month, starts) for day in run.inputs.dates[: run.horizon + 1]]


def year_label(year: int, *, fiscal: bool) -> str:
    """How a year is written: 2026, or FY2027 for a fiscal one."""
    return f"{'FY' if fiscal else ''}{year}"


def by_year(run: Run, *, fiscal: bool, present: bool = False) -> pd.DataFrame:
    """Columns year ("2026" or "FY2027"), architecture, usd: cost of each year of months 0..H, years in their order.

    The years of an architecture add up to its total; a year with a month whose cost is missing is nan.
    """
    of_month = np.array(years(run, fiscal=fiscal))
    rows = [
        {"year": year_label(year, fiscal=fiscal), "architecture": key, "usd": float(monthly[of_month == year].sum())}
        for key, answer in run.answers.items()
        for monthly in (answer.monthly_present_value_usd if present else answer.monthly_usd,)
        for year in sorted(set(of_month.tolist()))
    ]
    return pd.DataFrame(rows, columns=["year", "architecture", "usd"])


def monthly(run: Run) -> pd.DataFrame:
    """The monthly summary: one row per architecture x month 0..H, money in USD; missing cost is empty, never 0.

    With a display currency, cost and cumulative cost are repeated in it.
    """
    finance = run.scenario.finance
    dates = run.inputs.dates[: run.horizon + 1]
    parts = []
    for key, answer in run.answers.items():
        horizon = slice(run.horizon + 1)
        table = pd.DataFrame(
            {
                "architecture": key,
                "month": np.arange(run.horizon + 1),
                "date": [day.isoformat() for day in dates],
                "calendar_year": years(run, fiscal=False),
                "fiscal_year": years(run, fiscal=True),
                "queries": run.queries[horizon],
                **{
                    f"{phase}_usd": np.broadcast_to(answer.bill.phase_usd(phase), run.inputs.months.shape)[horizon]
                    for phase in ("one_time", "recurring", "event")
                },
                **{f"{family}_usd": cost for family, cost in families_by_month(run, key).items()},
                "cost_usd": answer.monthly_usd,
                "cumulative_usd": answer.cumulative_usd,
                "present_value_usd": answer.monthly_present_value_usd,
                "cumulative_present_value_usd": np.cumsum(answer.monthly_present_value_usd),
            }
        )
        parts.append(table)
    whole = pd.concat(parts, ignore_index=True)
    if finance.currency != "USD":
        code = finance.currency.lower()
        for column in ("cost", "cumulative", "present_value", "cumulative_present_value"):
            whole[f"{column}_{code}"] = whole[f"{column}_usd"] / finance.usd_per_currency_unit
    return whole
