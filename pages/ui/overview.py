"""The parts of the Overview, in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from costmodel.presets import PRESETS
from costmodel.results import MILESTONES, Run
from costmodel.scenario import Architecture
from costmodel.tracks import Track
from pages.ui import blocks, chart, export, layout, state
from pages.ui.cards import cards as card_row
from pages.ui.frame import coloured
from report import card_text, decision_text, gallery, text
from report.gallery import costs
from report.palette import ARCHITECTURES

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


def verdict(run: Run, tracks: Sequence[Track]) -> text.Verdict:
    """The answer as a headline, why and how sure; `tracks`: the levers, for what would change it."""
    words = text.verdict(run, _present(), tracks)
    layout.hero(coloured(words.headline), coloured(words.lead, bold=True))
    return words


def cards(run: Run, said: text.Verdict) -> None:
    """One card per architecture, and below them, quietly, what else one should know."""
    sums = text.totals(run, _present())
    card_row([card_text.card(run, key, sums) for key in run.answers])
    if shares := text.guesses(run):
        details = layout.plain_dollars(f"{text.plain(text.guess_details(run))} {GUESS_HELP}")
        blocks.note(coloured(shares), help=details, key="guesses")
    fit = "" if run.ruled_out else decision_text.fit_clause(run)  # the verdict says who is ruled out, and why
    beside = [each for each in (fit, text.agreement(run, _present()), *said.notes) if each]
    if beside:
        blocks.note(coloured(" ".join(beside)), help=_advice(run), key="advice")


def _advice(run: Run) -> str | None:
    preset = PRESETS.get(run.scenario.preset or "")
    return None if preset is None else layout.plain_dollars(f"{preset.reason} {preset.advice}")


def lines(run: Run) -> None:
    """Cost by month as lines, every crossing marked on them, and the budget."""
    present, mode = _present(), state.switch("lines")
    cumulative = mode == "cumulative"
    try:
        picture = costs.lines_of(run, present=present, cumulative=cumulative)
    except gallery.ChartProblem as problem:
        st.markdown(str(problem))
        return
    with layout.section(coloured(picture.said), picture.drawn, key="lines"):
        blocks.switch("value", VALUES, "value")
        blocks.switch("lines", LINES, "lines")
        export.button(run, "lines", lambda: picture)
    chart.show(picture.panels[0], f"lines_{mode}")
    if passed := text.budget(run, present):
        blocks.note(coloured(passed), key="budget")


def bars(run: Run) -> None:
    """What each total pays for, as stacked bars."""
    try:
        picture = costs.components(run, gallery.Wanted(_present()))
    except gallery.ChartProblem:
        return
    with layout.section(coloured(picture.said), picture.drawn, key="bars"):
        export.button(run, "bars", lambda: picture)
    chart.show(picture.panels[0], "bars")
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
        exact=[[money.exact(sums[m][key]) for m in months] for key in run.answers],
        left_out=run.excluded,
    )


def warnings(run: Run) -> None:
    """What a reader must know before believing the numbers."""
    if run.warnings:
        blocks.note("\n".join(f"- {layout.escape_markdown(warning)}" for warning in run.warnings), key="warnings")
