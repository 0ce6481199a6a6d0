"""Every chart of the product by name, made from a run: for pages, files, embeds and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from costmodel.results import Run
from report import chart_data, charts, tables, text
from report.numbers import Money
from report.picture import Picture

NAMES = ("cumulative",)
"""Names of the charts, as links and the command line write them."""


class ChartProblem(ValueError):
    """A chart that cannot be drawn; the message says why and what to do."""


@dataclass(frozen=True)
class Wanted:
    """What a chart shows beside its scenario; empty values are chosen by the chart itself."""

    present: bool = False


def picture(name: str, run: Run, wanted: Wanted = Wanted()) -> Picture:
    """The chart of that name. ChartProblem when there is none, or when nothing can be drawn."""
    if name != "cumulative":
        raise ChartProblem(f"{name!r} is no chart; use one of {', '.join(NAMES)}")
    return cumulative(run, wanted)


def cumulative(run: Run, wanted: Wanted) -> Picture:
    """Cumulative cost by month with every crossing."""
    present, finance = wanted.present, run.scenario.finance
    unit, money = finance.usd_per_currency_unit, Money(finance.currency)
    data = tables.curves(run, present=present)
    crossings = tables.crossings(run, present=present)
    chart = charts.cumulative(
        data.assign(usd=data["usd"] / unit),
        crossings.assign(usd=crossings["usd"] / unit),
        money=money,
        exact=money.exact,
        months=run.horizon,
        first_month=run.inputs.dates[1].strftime("%Y-%m"),
        alt=text.alt_cumulative(run, present),
        budget=None if finance.budget_usd is None else finance.budget_usd / unit,
    )
    worth = "present value" if present else "nominal"
    caption = f"Cumulative cost in {finance.currency}, {worth}."
    finding = text.plain(text.chart_finding(run, present))
    return Picture("cumulative", (chart,), finding, caption, chart_data.lines(run, present=present))
