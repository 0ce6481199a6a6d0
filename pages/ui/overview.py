"""The parts of the Overview, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.presets import PRESETS
from costmodel.results import MILESTONES, Run
from costmodel.scenario import Architecture
from costmodel.tracks import Track
from pages.ui import blocks, chart, export, layout, levers, shared, state, turns
from pages.ui.cards import cards as card_row
from pages.ui.frame import coloured
from report import card_text, decision_text, gallery, text
from report.gallery import costs
from report.palette import ARCHITECTURES
from report.picture import Picture

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


@dataclass(frozen=True)
class Answer:
    """What has to change at once: headline, cards, charts; `lines` is a sentence, `bars` None, if none can be drawn."""

    run: Run
    headline: str
    cards: tuple[card_text.Card, ...]
    lines: Picture | str
    bars: Picture | None


class Places(NamedTuple):
    """Where the reasons go that are worked out after the answer has been drawn."""

    hero: DeltaGenerator
    notes: DeltaGenerator
    turns: DeltaGenerator


def work_out(run: Run) -> Answer:
    """The answer, before anything is drawn: what is drawn in one go changes in one go."""
    return _answer(run, _present(), state.switch("lines") == "cumulative")


@shared.once
def _answer(run: Run, present: bool, cumulative: bool) -> Answer:
    sums = text.totals(run, present)
    lines: Picture | str
    try:
        lines = costs.lines_of(run, present=present, cumulative=cumulative)
    except gallery.ChartProblem as problem:
        lines = str(problem)
    bars: Picture | None
    try:
        bars = costs.components(run, gallery.Wanted(present))
    except gallery.ChartProblem:
        bars = None
    cards = tuple(card_text.card(run, key, sums) for key in run.answers)
    return Answer(run, text.headline(run, present), cards, lines, bars)


def draw(found: Answer) -> Places:
    """Headline, one card per architecture, and both charts; the reasons between them come later."""
    hero = layout.answer(coloured(found.headline))
    card_row(found.cards)
    notes = blocks.notes("basis")
    _lines(found)
    turns = st.container()
    _bars(found)
    return Places(hero, notes, turns)


def _lines(found: Answer) -> None:
    """Cost by month as lines, every crossing marked on them, and the budget."""
    picture = found.lines
    if isinstance(picture, str):
        st.markdown(picture)
        return
    with chart.section(picture, key="lines"):
        blocks.switch("value", VALUES, "value")
        blocks.switch("lines", LINES, "lines")
        export.button(found.run, "lines", lambda: picture)
    chart.show(picture.panels[0], f"lines_{state.switch('lines')}")
    if passed := text.budget(found.run, _present()):
        blocks.note(coloured(passed), key="budget")


def _bars(found: Answer) -> None:
    """What each total pays for, as stacked bars."""
    picture = found.bars
    if picture is None:
        return
    with chart.section(picture, key="bars"):
        export.button(found.run, "bars", lambda: picture)
    chart.show(picture.panels[0], "bars")
    if idle := text.idle(found.run):
        blocks.note(coloured(idle), help=IDLE_HELP, key="idle")


class Reasons(NamedTuple):
    """What is said below the headline, and the remarks below the cards, each with its tooltip; as Markdown."""

    lead: str
    notes: tuple[tuple[str, str | None], ...]


def explain(run: Run, places: Places) -> tuple[Track, ...]:
    """Why and how sure, quietly what else one should know, and where the answer turns; returns the tracks behind it."""
    found = levers.found()
    why = _reasons(run, _present(), tuple(found.values()))
    layout.lead_to(places.hero, why.lead)
    with places.notes:
        for words, details in why.notes:
            blocks.remark(words, help=details)
    said = turns.found(run, found)
    if said is None:
        return ()
    with places.turns:
        turns.section(said)
    return said.behind


@shared.once
def _reasons(run: Run, present: bool, found: tuple[Track, ...]) -> Reasons:
    said, notes = text.verdict(run, present, list(found)), []
    if shares := text.guesses(run):
        details = layout.plain_dollars(f"{text.plain(text.guess_details(run))} {GUESS_HELP}")
        notes.append((coloured(shares), details))
    fit = "" if run.ruled_out else decision_text.fit_clause(run)  # the verdict says who is ruled out, and why
    beside = [each for each in (fit, text.agreement(run, present), *said.notes) if each]
    if beside:
        notes.append((coloured(" ".join(beside)), _advice(run)))
    return Reasons(coloured(said.lead, bold=True), tuple(notes))


def _advice(run: Run) -> str | None:
    preset = PRESETS.get(run.scenario.preset or "")
    return None if preset is None else layout.plain_dollars(f"{preset.reason} {preset.advice}")


def _row_name(run: Run, key: Architecture) -> str:
    return ARCHITECTURES[key].name + (", left out" if key in run.excluded else "")


def milestones(run: Run) -> None:
    """Totals at 12, 24 and 36 months, and who is cheapest then."""
    present, money = _present(), text.money_of(run)
    months = sorted({*MILESTONES, run.horizon})
    sums = {m: {key: run.total_usd(key, m, present) for key in run.answers} for m in months}
    finding = text.milestones_finding(run, sums)
    caption = f"Total cost after so many months, {run.scenario.finance.currency}{_worth()}"
    table = blocks.table(
        [f"{m} months" for m in months],
        [[_row_name(run, key), *(money(sums[m][key]) for m in months)] for key in run.answers],
        keys=list(run.answers),
        exact=[[money.exact(sums[m][key]) for m in months] for key in run.answers],
        left_out=run.excluded,
    )
    layout.heading(finding, caption, key="miles", below=table)


def warnings(run: Run) -> None:
    """What a reader must know before believing the numbers."""
    if run.warnings:
        blocks.listed(run.warnings, key="warnings")
