"""Charts of one answer: cost by month, what it pays for, and the way from one total to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

from costmodel.difference import Moved, costs, difference
from costmodel.results import Run
from costmodel.scenario import Architecture
from report import breakdown_text, chart_data, charts, tables, text
from report import months as monthly_charts
from report.chart_theme import EXCLUDED
from report.gallery.wanted import ChartProblem, Wanted
from report.numbers import Money
from report.palette import ARCHITECTURES
from report.picture import Head, Picture
from report.waterfall import Side, Step, rows_for, steps_of, waterfall

RINGS = "Circles mark where two lines cross; steps are events such as retraining."
NO_LINE = "No line can be drawn: every architecture needs a price that is missing."
NO_BAR = "No bar can be drawn: every architecture needs a price that is missing."


def cumulative(run: Run, wanted: Wanted) -> Picture:
    """Cumulative cost by month with every crossing."""
    return lines_of(run, present=wanted.present)


def monthly(run: Run, wanted: Wanted) -> Picture:
    """Cost of each single month."""
    return lines_of(run, present=wanted.present, cumulative=False)


def lines_of(run: Run, *, present: bool, cumulative: bool = True) -> Picture:
    """Cost up to each month, or of each single one, as lines. ChartProblem when no total is known."""
    finance = run.scenario.finance
    unit, money = finance.usd_per_currency_unit, Money(finance.currency)
    data = tables.curve_columns(run, present=present, cumulative=cumulative)
    if not cumulative:
        later = [month > 0 for month in data["month"]]
        data = {name: list(compress(column, later)) for name, column in data.items()}
    if not data["month"]:
        raise ChartProblem(NO_LINE)
    data["usd"] = [usd / unit for usd in data["usd"]]  # in the money that is shown: the axis has round numbers
    first = run.inputs.dates[1].strftime("%Y-%m")
    if cumulative:
        crossings = tables.crossing_columns(run, present=present)
        chart = charts.cumulative(
            data,
            {**crossings, "usd": [usd / unit for usd in crossings["usd"]]},
            money=money,
            exact=money.exact,
            months=run.horizon,
            first_month=first,
            alt=text.alt_cumulative(run, present),
            budget=None if finance.budget_usd is None else finance.budget_usd / unit,
        )
    else:
        alt = text.alt_monthly(run, present)
        chart = charts.monthly(data, money=money, exact=money.exact, months=run.horizon, first_month=first, alt=alt)
    return Picture(
        "cumulative" if cumulative else "monthly",
        (chart,),
        text.chart_finding(run, present) if cumulative else text.monthly_finding(run, present),
        f"{'Cumulative cost' if cumulative else 'Cost of each month'} in {finance.currency}, {_worth(present)}. "
        f"{RINGS if cumulative else 'The build is left out.'}",
        lambda: chart_data.lines(run, present=present, cumulative=cumulative),
        present,
    )


def _worth(present: bool) -> str:
    return "present value" if present else "nominal"


def components(run: Run, wanted: Wanted) -> Picture:
    """What each total pays for, as stacked bars. ChartProblem when no total is known."""
    present, money = wanted.present, text.money_of(run)
    totals = tables.family_columns(run, present=present)
    if not totals["usd"]:
        raise ChartProblem(NO_BAR)
    by_family: dict[Architecture, dict[str, float]] = {key: {} for key in known(run)}
    for key, family, usd in zip(totals["architecture"], totals["family"], totals["usd"], strict=True):
        by_family[key][family] = usd
    best = run.cheapest_of(text.totals(run, present))
    paid = [[family for family, usd in sums.items() if usd] for sums in by_family.values()]
    worth = ", present value" if present else ""
    caption = f"{run.horizon}-month cost by what it pays for, {run.scenario.finance.currency}{worth}."
    return Picture(
        "components",
        (charts.components(totals, money=money, exact=money.exact, alt=text.alt_components(run, by_family)),),
        text.components_finding({} if best is None else by_family[best], best),
        " ".join(each for each in (caption, breakdown_text.family_tints(paid)) if each),
        lambda: chart_data.bars(run, present=present),
        present,
    )


# From one total to another


def known(run: Run) -> list[Architecture]:
    """Architectures whose total is known."""
    return [key for key, answer in run.answers.items() if not answer.missing]


def pair_of(run: Run, first: str, second: str, *, present: bool) -> tuple[Architecture, Architecture] | None:
    """The ends of the waterfall: as wanted, else the runner-up and the cheapest; None when fewer than two are known."""
    sums = text.totals(run, present)
    ranked = sorted(known(run), key=lambda key: (key in run.excluded, sums[key]))
    if len(ranked) < 2:
        return None
    b = next((key for key in ranked if key == second), next(key for key in ranked if key != first))
    others = [key for key in ranked if key != b]
    return next((key for key in others if key == first), others[0]), b


def waterfall_chart(run: Run, wanted: Wanted) -> Picture:
    """The waterfall from one architecture to another, the runner-up to the cheapest unless others are wanted."""
    for place, key in (("first", wanted.first), ("second", wanted.second)):
        if key and key not in known(run):
            names = ", ".join(known(run)) or "none"
            raise ChartProblem(f"{place}: {key!r} has no known total here; those that have one: {names}")
    if wanted.first and wanted.first == wanted.second:
        raise ChartProblem(f"a waterfall leads from one architecture to another, not from {wanted.first} to itself")
    pair = pair_of(run, wanted.first, wanted.second, present=wanted.present)
    if pair is None:
        raise ChartProblem(breakdown_text.no_pair([ARCHITECTURES[key].name for key in run.answers]))
    lines = difference(run.answers[pair[0]], run.answers[pair[1]], present=wanted.present)
    return waterfall_of(run, pair, lines, present=wanted.present, every=wanted.every)


def waterfall_of(
    run: Run,
    pair: tuple[Architecture, Architecture],
    lines: Sequence[Moved],
    *,
    present: bool,
    every: bool = False,
) -> Picture:
    """The waterfall between two architectures, whose `lines` differ."""
    a, b = pair
    sums, money = text.totals(run, present), text.money_of(run)
    ends, names = (sums[a], sums[b]), (ARCHITECTURES[a].name, ARCHITECTURES[b].name)
    steps: list[Step] = steps_of(lines, every=every)
    alt = breakdown_text.alt_waterfall(*names, ends, steps, money)
    left, right = (
        Side(f"{ARCHITECTURES[key].name}, left out", EXCLUDED) if key in run.excluded else Side(each, key)
        for key, each in zip(pair, names, strict=True)
    )
    room = rows_for(lines, every=every)
    chart = waterfall(left, right, steps, ends, money=money, alt=alt, least_rows=room)
    unit = f"{_worth(present)} {run.scenario.finance.currency}"
    return Picture(
        "waterfall",
        (chart,),
        breakdown_text.waterfall_finding(ends, money),
        f"{run.horizon}-month cost, {unit}. {breakdown_text.bar_colours(a, b, tuple(run.excluded))}",
        lambda: chart_data.steps(run, names, steps, ends, present=present),
        present,
    )


# Month by month


def months(run: Run, wanted: Wanted) -> Picture:
    """Each month by what it pays for, one panel per architecture on a common axis."""
    present, finance = wanted.present, run.scenario.finance
    per_unit, money = finance.usd_per_currency_unit, Money(finance.currency)
    by_family: dict[str, Mapping[str, Sequence[float]]] = {
        key: {
            family: [usd / per_unit for usd in cost]
            for family, cost in monthly_charts.family_months(run.answers[key], present=present).items()
        }
        for key in known(run)
    }
    if not by_family:
        raise ChartProblem(NO_BAR)
    axis = monthly_charts.monthly_axis(list(by_family.values()))
    sums: dict[str, list[float]] = {
        key: [sum(month) for month in zip(*each.values(), strict=True)] or [0.0] * run.horizon
        for key, each in by_family.items()
    }
    jumps: dict[str, list[int]] = {key: monthly_charts.event_months(run.answers[key]) for key in known(run)}
    retraining = all(monthly_charts.only_retraining(run.answers[key]) for key in known(run) if jumps[key])
    titles = [f"{month}, {run.inputs.dates[month]:%b %Y}" for month in range(1, run.horizon + 1)]
    panels, heads = [], []
    for key in known(run):
        ink = EXCLUDED if key in run.excluded else key
        alt = breakdown_text.alt_months(ARCHITECTURES[key].name, sums[key], money)
        panels.append(
            monthly_charts.months(by_family[key], ink, axis, titles=titles, money=money, exact=money.exact, alt=alt)
        )
        build = sum(usd or 0.0 for usd in costs(run.answers[key], months=(0, 0), present=present).values())
        later_usd = tables.later_build(run.answers[key], present=present)
        later = {month: usd / per_unit for month, usd in later_usd.items()}
        mean = (sum(sums[key]) - sum(later.values())) / run.horizon
        words = breakdown_text.panel_head(build / per_unit, mean, money, later)
        heads.append(Head(key, ARCHITECTURES[key].name, words))
    return Picture(
        "months",
        tuple(panels),
        breakdown_text.months_title(jumps, sums, money, run.horizon, retraining=retraining),
        f"Cost of each month in {_worth(present)} {finance.currency}, without the build. "
        f"{breakdown_text.family_tints(by_family.values())}",
        lambda: chart_data.months(run, by_family, present=present),
        present,
        tuple(heads),
    )
