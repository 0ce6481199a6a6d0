"""What every page does first and last: session, head, sidebar, the answers; foot and address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from costmodel import MODEL_VERSION
from costmodel.changes import ScenarioError
from costmodel.presets import DEFAULT_PRESET
from costmodel.results import Run
from costmodel.selfcheck import Check, checks
from costmodel.tracks import Track
from pages.ui import blocks, layout, scenario_form, share, state
from pages.ui.address import address, copy_link
from pages.ui.warm import freeze
from report import cost_csv, numbers, prices_text, text
from report.palette import ARCHITECTURES


def begin(title: str) -> Run:
    """Head, page links, sidebar; returns the answers for the scenario on screen."""
    state.start()
    run = answers()
    layout.page(title, query=state.query())
    scenario_form.draw()
    _refusals()
    return run


def answers() -> Run:
    """The answers for the scenario on screen; one that cannot be run gives way to the last good one, and it is said."""
    try:
        return state.answers()
    except ScenarioError as error:
        if state.undoable() is None:
            state.load_preset(DEFAULT_PRESET)
            state.refuse(error.problems, f"You see the preset “{state.scenario().name}” instead.")
        else:
            state.undo()
            state.refuse(error.problems)
        return answers()


def _refusals() -> None:
    if state.refused():
        blocks.notice([layout.escape_markdown(problem) for problem in state.refused()])


def coloured(sentence: str, *, bold: bool = False) -> str:
    """A sentence as Markdown, architecture names in their colours."""
    weight = "**" if bold else ""
    return text.with_names(sentence, lambda key, word: f":{ARCHITECTURES[key].word}[{weight}{word}{weight}]")


def eyebrow(run: Run) -> None:
    """Which scenario, how long, in which money, on prices of when; right: copy link and the two CSV files."""
    finance = run.scenario.finance
    present = state.switch("value") == "present"
    worth = "present value" if present else "nominal"
    parts = [
        layout.escape_markdown(numbers.shortened(run.scenario.name)),
        f"{run.horizon} month{'' if run.horizon == 1 else 's'}",
        f"{worth} {finance.currency}",
        price_dates(run),
    ]
    today = date.today()
    with layout.eyebrow(parts):
        if state.query():
            copy_link()
        share.menu(run)
        for label, kind, write in (("CSV", "summary", cost_csv.summary), ("Ledger", "ledger", cost_csv.full_ledger)):
            st.download_button(
                label,
                data=lambda write=write: cost_csv.encoded(write(run, today, present)),
                file_name=cost_csv.file_name(run, kind),
                mime="text/csv",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                key=f"download {kind}",
                help="Month by month, as CSV" if kind == "summary" else "Every cost line of every month, as CSV",
            )
    if not state.query():
        share.too_large(run)


def _self_check(found: Sequence[Check]) -> None:
    """One quiet line; when something fails it says what, loudly."""
    wrong = [check for check in found if check.holds is False]
    if wrong:
        lines = [f"{check.name}{f' ({check.detail})' if check.detail else ''}." for check in wrong]
        blocks.alarm(["The self-check failed: do not rely on these numbers.", *lines])
        return
    held = "\n".join(f"- {check.name}" for check in found if check.holds)
    if held:
        blocks.note("Self-check: everything that must hold does.", help=held, key="selfcheck")


def price_dates(run: Run) -> str:
    """When the prices in use were checked, in words."""
    return prices_text.dates(run.rows_in_use)


def end(run: Run, shown: Iterable[Track] = ()) -> None:
    """Self-check, foot, and the address that restores what is on screen; `shown`: tracks that it says in words."""
    _self_check(checks(run, shown))
    layout.footer(
        f"Not included: {text.not_included(run)}. Model {MODEL_VERSION}. "
        "Every number above adds up to one ledger, which is in the CSV."
    )
    address(state.query())
    freeze()
