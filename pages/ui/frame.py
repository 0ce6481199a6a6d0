"""What every page does first and last: session, head, sidebar, the answers; foot and address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel import MODEL_VERSION
from costmodel.changes import ScenarioError
from costmodel.presets import DEFAULT_PRESET
from costmodel.results import Run
from costmodel.selfcheck import Check, checks
from costmodel.tracks import Track
from pages.ui import blocks, compare_choice, here, layout, report_draws, scenario_form, share, shared, state, stored
from pages.ui.address import address, copy_link
from pages.ui.warm import freeze
from report import exports, numbers, prices_text, text
from report.palette import ARCHITECTURES


class Later:
    """What waits until the answer has been drawn, in the order in which it was handed over.

    On the first page of a session nothing waits: it would push down what is there already.
    """

    def __init__(self, waits: bool) -> None:
        self.waits = waits
        self._waiting: list[Callable[[], None]] = []

    def add(self, draw: Callable[[], None]) -> None:
        """Let it be drawn later, or now."""
        if self.waits:
            self._waiting.append(draw)
        else:
            draw()

    def draw(self) -> None:
        """Draw all that waits."""
        for each in self._waiting:
            each()


_NOW = Later(waits=False)


def begin(title: str) -> Run:
    """Head, page links, sidebar; returns the answers for the scenario on screen."""
    run, _ = start()
    head(title)
    sidebar()
    return run


def start() -> tuple[Run, Later]:
    """Begin the session, if that is still to do, and draw nothing; returns the answers for the scenario on screen."""
    begins = state.start()
    return answers(), Later(waits=not begins)


def head(title: str, later: Later = _NOW) -> None:
    """Page links, and what was refused."""
    later.add(layout.page(title, query=state.query()))
    stored.notices()
    _refusals()


def sidebar() -> None:
    """Levers and fields: right after the head, so that they move on while a page with long work is still at it.

    Where nothing long stands before it, the answer comes first: it changes sooner.
    """
    scenario_form.draw()


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


def eyebrow(run: Run, later: Later = _NOW, *, on_report: bool = False) -> None:
    """The quiet line above the headline, and what its link does not carry."""
    place = layout.eyebrow()
    if not state.query():
        share.too_large(run)
    compare_choice.not_in_link()
    later.add(lambda: _quiet_line(run, place, on_report))


def _quiet_line(run: Run, place: DeltaGenerator, on_report: bool) -> None:
    """Which scenario, how long, in which money, on prices of when; right: link, file, report and CSV."""
    finance, stamp = run.scenario.finance, here.imprint_of(run)
    worth = "present value" if stamp.present else "nominal"
    parts = [
        layout.escape_markdown(numbers.shortened(run.scenario.name)),
        f"{run.horizon} month{'' if run.horizon == 1 else 's'}",
        f"{worth} {finance.currency}",
        price_dates(run),
    ]
    drawn = report_draws.drawn_for(run)
    found = None if drawn is None else drawn.found
    with place:
        layout.quiet_line(parts)
        if state.query():
            copy_link()
        share.menu(run)
        if not on_report:
            layout.quiet_link("pages/report.py", "Report", ":material/article:", state.query())
        summary = exports.KINDS["csv"]
        st.download_button(
            "CSV",
            data=lambda: exports.written("csv", stamp, uncertainty=found),
            file_name=summary.file_name(stamp),
            mime=summary.media_type,
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key="download summary",
            help="Month by month, as CSV",
        )


@shared.once
def _checked(run: Run, shown: tuple[Track, ...]) -> tuple[Check, ...]:
    return checks(run, shown)


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
    _self_check(_checked(run, tuple(shown)))
    layout.footer(
        f"Not included: {text.not_included(run)}. Model {MODEL_VERSION}. "
        "Every number above adds up to one ledger, which is in the CSV."
    )
    address(state.query())
    freeze()
