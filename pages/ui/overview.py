"""The parts of the Overview, in the order of the page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from costmodel.presets import PRESETS
from costmodel.results import MILESTONES, Run
from costmodel.scenario import Architecture
from pages.ui import blocks, layout, state
from pages.ui.chart import show
from pages.ui.frame import coloured
from report import charts, tables, text
from report.numbers import Money
from report.palette import ARCHITECTURES

HINTS = {
    "Build": "One-time cost, contingency included.",
    "Per month at the end": "Recurring cost of the last month plus all events (retraining) spread evenly; nominal.",
    "Per query": "Total divided by all user queries within the horizon.",
    "Launch in": "Calendar weeks until launch.",
    "Per correct answer": "Total divided by the answers that are right; nominal.",
    "Beside the bill": "What wrong answers and the wait until launch cost; not in the total.",
    "Wrong and late": "What wrong answers and the wait until launch cost; in the total.",
}
IDLE_HELP = "Replicas and GPUs are paid by the hour; what they could have answered beyond your queries is lost."
LINES = {"cumulative": "Cumulative", "monthly": "Monthly"}
GUESS_HELP = (
    "A cost line rests on a guess when its price, or a field that shapes it, has no published source. "
    "The groups on the left show the source of each field."
)
VALUES = {"nominal": "Nominal", "present": "Present value"}


def _present() -> bool:
    return state.switch("value") == "present"


def _worth() -> str:
    return ", present value" if _present() else ""


def verdict(run: Run) -> None:
    """The answer as a headline, and what one must know beside it."""
    words = text.verdict(run, _present())
    layout.hero(coloured(words.headline), coloured(words.lead, bold=True))


def cards(run: Run) -> None:
    """One card per architecture: total, difference to the cheapest, build, run-rate, per query, launch."""
    sums = text.totals(run, _present())
    best = run.cheapest_of(sums)
    layout.cards([_card(run, key, sums, best) for key in run.answers])
    if agreement := text.agreement(run, _present()):
        blocks.note(coloured(agreement), help=_advice(run), key="advice")
    if shares := f"{text.guesses(run)} {text.own_figures(run)}".strip():
        blocks.note(coloured(shares), help=GUESS_HELP)


def _advice(run: Run) -> str | None:
    preset = PRESETS.get(run.scenario.preset or "")
    return None if preset is None else layout.plain_dollars(f"{preset.reason} {preset.advice}")


def _card(run: Run, key: Architecture, sums: dict[Architecture, float], best: Architecture | None) -> layout.Card:
    answer, money = run.answers[key], text.money_of(run)
    reason = text.excluded_reason(run, key) if key in run.excluded else ""
    if answer.missing:
        return layout.Card(key, "not known", excluded=reason)
    badge = (
        ""
        if best is None or len(run.eligible) < 2
        else "cheapest"
        if key == best
        else money.difference(sums[key] - sums[best])
    )
    if key == best and text.is_contested(run, sums):
        badge = "too close to call"
    asked = float(run.queries[: run.horizon + 1].sum())
    weeks = run.scenario.architecture(key).build_calendar_weeks
    rows = [
        ("Build", money(answer.phase_usd("one_time"))),
        ("Per month at the end", money(answer.run_rate_usd)),
        ("Per query", money(sums[key] / asked) if asked else "no queries"),
        ("Launch in", f"{weeks:g} week{'' if weeks == 1 else 's'}" if weeks else "not set"),
    ]
    if text.quality_is_set(run):
        right = answer.cost_per_correct_answer_usd
        rows.insert(3, ("Per correct answer", "none" if right is None else money(right)))
    if any(any(each.consequences_usd.values()) for each in run.answers.values()):
        aside = "Wrong and late" if answer.bill.consequences_count else "Beside the bill"
        rows.append((aside, money(sum(answer.consequences_usd.values()))))
    return layout.Card(key, money(sums[key]), badge, rows, HINTS, excluded=reason)


def lines(run: Run) -> None:
    """Cost by month as lines, every crossing marked on them."""
    present, mode = _present(), state.switch("lines")
    currency = run.scenario.finance.currency
    drawn = "Cumulative cost" if mode == "cumulative" else "Cost of each month"
    worth = "present value" if present else "nominal"
    caption = f"{drawn} in {currency}, {worth}. " + (
        "Circles mark where two lines cross; steps are events such as retraining."
        if mode == "cumulative"
        else "The build is left out."
    )
    finding = text.chart_finding(run, present) if mode == "cumulative" else "What each month costs"
    with layout.section(coloured(finding), caption, key="lines"):
        blocks.switch("value", VALUES, "value")
        blocks.switch("lines", LINES, "lines")
    # In the money that is shown, so that the axis has round numbers.
    unit = run.scenario.finance.usd_per_currency_unit
    data = tables.curves(run, present=present, cumulative=mode == "cumulative")
    data = data.assign(usd=data["usd"] / unit)
    if mode == "monthly":
        data = data[data["month"] > 0]
    if data.empty:
        st.markdown("No line can be drawn: every architecture needs a price that is missing.")
        return
    money, first = Money(currency), run.inputs.dates[1].strftime("%Y-%m")
    alt = text.alt_cumulative(run, present) if mode == "cumulative" else text.alt_monthly(run, present)
    words = {"money": money, "exact": money.exact, "months": run.horizon, "first_month": first, "alt": alt}
    if mode == "cumulative":
        crossings = tables.crossings(run, present=present)
        crossings = crossings.assign(usd=crossings["usd"] / unit)
        budget = run.scenario.finance.budget_usd
        chart = charts.cumulative(data, crossings, budget=None if budget is None else budget / unit, **words)
    else:
        chart = charts.monthly(data, **words)
    show(chart, f"lines_{mode}")


def bars(run: Run) -> None:
    """What each total pays for, as stacked bars."""
    present = _present()
    totals = tables.family_totals(run, present=present)
    if totals.empty:
        return
    by_family = {
        key: dict(zip(part["family"], part["usd"], strict=True)) for key, part in totals.groupby("architecture")
    }
    best = run.cheapest_of(text.totals(run, present))
    caption = f"{run.horizon}-month cost by what it pays for, {run.scenario.finance.currency}{_worth()}"
    layout.section(coloured(text.components_finding(by_family.get(best, {}), best)), caption, key="bars")
    show(charts.components(totals, money=text.money_of(run), alt=text.alt_components(run, by_family)), "bars")
    if idle := text.idle(run):
        blocks.note(coloured(idle), help=IDLE_HELP, key="idle")


def _row_name(run: Run, key: Architecture) -> str:
    return ARCHITECTURES[key].name + (", left out" if key in run.excluded else "")


def milestones(run: Run) -> None:
    """Totals at 12, 24 and 36 months, and who is cheapest then."""
    present, money = _present(), text.money_of(run)
    months = sorted({*MILESTONES, run.horizon})
    sums = {m: {key: run.total_usd(key, m, present) for key in run.answers} for m in months}
    finding = text.milestones_finding(run, sums)
    caption = f"Total cost after so many months, {run.scenario.finance.currency}{_worth()}"
    layout.section(coloured(finding), caption, key="miles")
    blocks.table(
        [f"{m} months" for m in months],
        [[_row_name(run, key), *(money(sums[m][key]) for m in months)] for key in run.answers],
        keys=list(run.answers),
    )


def warnings(run: Run) -> None:
    """What a reader must know before believing the numbers."""
    if run.warnings:
        blocks.note("\n".join(f"- {layout.escape_markdown(warning)}" for warning in run.warnings), key="warnings")


def months(run: Run) -> None:
    """The month-by-month table, in an expander that does no work while it is closed."""
    expander = st.expander("Month by month, in numbers", key="months", on_change="rerun")
    if not expander.open:
        return
    present, mode = _present(), state.switch("lines")
    data = tables.curves(run, present=present, cumulative=mode == "cumulative")
    unit = run.scenario.finance.usd_per_currency_unit
    wide = data.assign(usd=data["usd"] / unit).pivot(index="month", columns="architecture", values="usd")
    wide = wide[[key for key in run.answers if key in wide.columns]]
    wide.columns = pd.Index([ARCHITECTURES[key].name for key in wide.columns])
    wide.insert(0, "Calendar", [f"{day:%b %Y}" for day in run.inputs.dates[: len(wide)]])
    wide.insert(1, "Queries", run.queries[: len(wide)])
    wide.index.name = "Month"
    shape = {name: st.column_config.NumberColumn(format="localized", step=1) for name in wide.columns[1:]}
    with expander:
        st.dataframe(wide.round(0), column_config=shape, width="stretch", height="content")
