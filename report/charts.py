"""Tidy tables to charts: cumulative and monthly cost as lines, totals as stacked bars."""

from collections.abc import Callable

from report.bars import components_spec, components_tables
from report.chart_theme import Chart, Given
from report.lines import LINES_HEIGHT, cumulative_spec, line_tables, monthly_spec

__all__ = ["Chart", "components", "cumulative", "monthly"]

Money = Callable[[float], str]

_NO_CROSSINGS: Given = {}


def cumulative(
    curves: Given,
    crossings: Given,
    *,
    money: Money,
    months: int,
    first_month: str,
    alt: str,
    budget: float | None = None,
    exact: Money | None = None,
) -> Chart:
    """Cumulative cost by month, with a ring where two lines cross and a rule at the budget.

    `curves`: architecture, month (0 is the build), usd, excluded; `crossings`: a, b, month (a point in time),
    usd, overtakes_in_month, cheaper_after, main (worth words); `first_month`: the calendar month of month 1
    as 2027-01; `money`: an amount to its words, `exact`: the same to the cent, for the tooltip.
    """
    tables = line_tables(curves, crossings, money, months, first_month, budget, exact=exact)
    return Chart("cumulative", cumulative_spec(), tables, alt, LINES_HEIGHT)


def monthly(
    curves: Given,
    *,
    money: Money,
    months: int,
    first_month: str,
    alt: str,
    crossings: Given | None = None,
    exact: Money | None = None,
) -> Chart:
    """Cost of each single month; same columns and same look as `cumulative`."""
    rings = _NO_CROSSINGS if crossings is None else crossings
    tables = line_tables(curves, rings, money, months, first_month, None, when="in", exact=exact)
    return Chart("monthly", monthly_spec(), tables, alt, LINES_HEIGHT)


def components(totals: Given, *, money: Money, alt: str, exact: Money | None = None) -> Chart:
    """Total cost by what it pays for, a bar per architecture.

    `totals`: architecture, family, usd, excluded. Credits (negative amounts) stack to the left of zero.
    The spec depends on the number of bars only.
    """
    bars = len(set(totals["architecture"]))
    spec = components_spec(bars)
    return Chart("components", spec, components_tables(totals, money, exact), alt, int(spec["height"]))
