"""Charts of two scenarios side by side: both in one drawing, and one bill from the one to the other."""

from __future__ import annotations

from costmodel.comparison import Comparison, comparison
from costmodel.other import Other
from costmodel.results import Run
from costmodel.scenario import Architecture
from report import breakdown_text, chart_data, compare_table
from report import compare_text as words
from report.chart_theme import EXCLUDED
from report.compare_chart import compared, lines_of, month_titles
from report.compare_text import Sides
from report.gallery.wanted import ChartProblem, Wanted
from report.numbers import Money
from report.picture import Picture, unmarked
from report.sentence import money_of
from report.waterfall import Side, rows_for, steps_of, waterfall

NO_OTHER = "this chart sets the scenario beside another one; name the other one"


def _compared(run: Run, wanted: Wanted) -> tuple[Comparison, Sides]:
    other = wanted.other
    if other is None:
        raise ChartProblem(NO_OTHER)
    found = comparison(run, other.scenario, other.book, present=wanted.present)
    return found, words.sides(Other(other.scenario, wanted.other_kind), run.scenario, unmarked)


def compare(run: Run, wanted: Wanted) -> Picture:
    """Cumulative cost of this scenario and another one."""
    return compare_of(*_compared(run, wanted))


def compare_of(found: Comparison, names: Sides) -> Picture:
    """Cumulative cost of both sides. ChartProblem when no total is known on either."""
    if not (found.curves(found.a) or found.curves(found.b)):
        raise ChartProblem("no line can be drawn: on both sides every architecture needs a price that is missing")
    money = Money(found.a.scenario.finance.currency)
    chart = compared(
        lines_of(found, found.a, words.A),
        lines_of(found, found.b, words.B),
        titles=month_titles(found),
        money=money,
        exact=money.exact,
        apart=money.difference,
        alt=words.alt_curves(found),
    )
    finding, caption = words.chart_finding(found), words.chart_caption(found, names)
    return Picture("compare", (chart,), finding, caption, lambda: compare_table.curves_data(found), found.present)


def difference(run: Run, wanted: Wanted) -> Picture:
    """One architecture's bill from this scenario to another one, line by line."""
    found, names = _compared(run, wanted)
    if wanted.first and wanted.first not in found.comparable:
        known = ", ".join(found.comparable) or "none"
        raise ChartProblem(f"first: {wanted.first!r} has no known total on both sides; those that have one: {known}")
    key = next((each for each in found.comparable if each == wanted.first), words.subject(found))
    if key is None:
        raise ChartProblem(words.no_bill(found))
    return difference_of(found, names, key, every=wanted.every)


def difference_of(found: Comparison, names: Sides, key: Architecture, *, every: bool = False) -> Picture:
    """The bill of `key` from one side to the other."""
    money, ends_named = money_of(found.a), words.bill_names(key)
    ends = (found.totals_a[key] or 0.0, found.totals_b[key] or 0.0)
    lines = found.moved(key)
    steps = steps_of(lines, every=every)
    left, right = (
        Side(name, EXCLUDED if key in side.excluded else key)
        for name, side in zip(ends_named, (found.a, found.b), strict=True)
    )
    alt = breakdown_text.alt_waterfall(*ends_named, ends, steps, money)
    chart = waterfall(left, right, steps, ends, money=money, alt=alt, least_rows=rows_for(lines, every=every))
    return Picture(
        "difference",
        (chart,),
        words.bill_finding(found, key),
        words.bill_caption(found, names),
        lambda: chart_data.steps(found.a, ends_named, steps, ends, present=found.present),
        found.present,
    )
