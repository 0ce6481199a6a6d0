"""What every page does first and last: session, head, sidebar, the answers; foot and address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from costmodel import MODEL_VERSION, link
from costmodel.changes import ScenarioError
from costmodel.crossover import Crossovers
from costmodel.presets import DEFAULT_PRESET
from costmodel.results import Run
from costmodel.selfcheck import Check, checks
from pages.ui import blocks, layout, scenario_form, state
from pages.ui.address import address, copy_link
from pages.ui.warm import freeze
from report import cost_csv, numbers, text
from report.palette import ARCHITECTURES


def begin(title: str) -> Run:
    """Head, page links, sidebar; returns the answers for the scenario on screen."""
    state.start()
    layout.page(title, query=state.query())
    scenario_form.draw()
    _refusals()
    return answers()


def answers() -> Run:
    """The answers for the scenario on screen; a scenario that cannot be run gives way to the default preset."""
    try:
        return state.answers()
    except ScenarioError:
        state.load_preset(DEFAULT_PRESET)
        return state.answers()


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
    worth = "present value" if state.switch("value") == "present" else "nominal"
    parts = [
        layout.escape_markdown(numbers.shortened(run.scenario.name)),
        f"{run.horizon} month{'' if run.horizon == 1 else 's'}",
        f"{worth} {finance.currency}",
        price_dates(run),
    ]
    today = date.today()
    with layout.eyebrow(parts):
        copy_link()
        for label, kind, write in (("CSV", "summary", cost_csv.summary), ("Ledger", "ledger", cost_csv.full_ledger)):
            st.download_button(
                label,
                data=lambda write=write: cost_csv.encoded(write(run, today)),
                file_name=cost_csv.file_name(run, kind),
                mime="text/csv",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                key=f"download {kind}",
                help="Month by month, as CSV" if kind == "summary" else "Every cost line of every month, as CSV",
            )


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
    as_of = run.prices_as_of
    if as_of["newest"] is None:
        return "prices undated" if as_of["undated"] else "no list prices"
    oldest, newest = numbers.day(as_of["oldest"]), numbers.day(as_of["newest"])
    span = f"prices of {newest}" if oldest == newest else f"prices of {oldest} to {newest}"
    return f"{span}, {as_of['undated']} undated" if as_of["undated"] else span


def end(run: Run, shown: Iterable[Crossovers] = ()) -> None:
    """Self-check, foot, and the address that restores what is on screen; `shown`: crossovers on the page."""
    query = state.query()
    if not query:
        blocks.note(f"This scenario is too large for a link ({link.MAX_CHARACTERS:,} characters).", key="link")
    _self_check(checks(run, shown))
    layout.footer(
        f"Not included: {text.not_included(run)}. Model {MODEL_VERSION}. "
        "Every number above adds up to one ledger, which is in the CSV."
    )
    address(query)
    freeze()
