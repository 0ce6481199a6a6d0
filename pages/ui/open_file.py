"""Opening a scenario file: at once, or by choice where prices have moved since it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from costmodel import files
from costmodel.changes import ScenarioError, resolved
from costmodel.files import ScenarioFile
from costmodel.made_with import Compared, compared
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pages.ui import layout, state
from pricing.catalog import load_book
from pricing.price import PriceError
from report import made_with_text, numbers, share_text, text
from report.numbers import Money
from report.palette import ARCHITECTURES

MAX_MB = 2


@dataclass(frozen=True)
class Candidate:
    """What a file would open as: on today's prices, and on its own where it carries other ones.

    `today` and `then` are None where the scenario cannot be run on those prices; one of them can.
    """

    file: ScenarioFile
    scenario: Scenario
    today: Run | None
    own: Scenario | None
    then: Run | None

    @property
    def moved(self) -> Compared | None:
        """Totals of then and now, where the file says what it was made with and anything is different today."""
        if self.file.made is None or self.today is None:
            return None
        return compared(self.file.made, self.today)

    @property
    def needs_a_choice(self) -> bool:
        """Whether today's prices give other totals than those of the file, or may do so."""
        if self.today is None:
            return True
        if self.file.made is None:
            return self.own is not None and self.own.price_edits != self.scenario.price_edits
        return self.moved is not None and bool(self.moved.moved)


def candidate(content: bytes, name: str) -> Candidate:
    """Read a file. ScenarioError or PriceError names the place and the way out."""
    name = numbers.shortened(name)
    file = files.opened(files.text_of(content, name), name)
    scenario = resolved(file.scenario, date.today())
    own = files.on_own_prices(ScenarioFile(scenario, file.made, file.prices), load_book())
    today, then = _run(scenario), None if own is None else _run(own)
    if today is None and then is None:
        run_scenario(scenario, load_book())  # says what is missing
    return Candidate(file, scenario, today, own, then)


def _run(scenario: Scenario) -> Run | None:
    """The answers of a scenario; None when a plan that it names is not in the book."""
    try:
        return run_scenario(scenario, load_book())
    except (ScenarioError, PriceError):
        return None


def uploader(done: Callable[[], Any]) -> None:
    """Choose a file; it opens at once when there is nothing to decide. `done` is called when it has been dealt with."""
    key = state.widget_key("open file")
    st.file_uploader(
        "Open a file",
        type=["json"],
        key=key,
        max_upload_size=MAX_MB,
        help="A scenario file, up to 2 MB. What is on screen gives way to it; undo brings it back.",
        on_change=lambda: _take(key, done),
    )
    if (waiting := _waiting()) is not None and st.session_state.get(key) is not None:
        choices(waiting, done)


def waits() -> bool:
    """Whether a file has been chosen and not yet how to open it."""
    return _waiting() is not None


def _waiting() -> Candidate | None:
    kept: tuple[str, Candidate] | None = state.kept("file to open")
    return kept[1] if kept is not None and kept[0] == state.widget_key("open file") else None


def _take(key: str, done: Callable[[], Any]) -> None:
    file = st.session_state[key]
    state.keep("file to open", None)
    if file is None:
        return
    try:
        found = candidate(file.getvalue(), file.name)
    except ScenarioError as error:
        state.refuse(error.problems)
        done()
    except PriceError as error:
        state.refuse([f"{numbers.shortened(file.name)}: {error}"])
        done()
    else:
        if found.needs_a_choice:
            state.keep("file to open", (key, found))
        else:
            state.open_scenario(found.scenario)
            done()


def choices(
    found: Candidate,
    done: Callable[[], Any],
    place: str = "menu",
    take: Callable[[Scenario], Any] = state.open_scenario,
    verb: str = "Open",
) -> None:
    """Both totals of a file that was made under other prices, and the ways to open it; `place` tells its keys apart.

    `take` is handed the scenario that is chosen; `verb`: what the buttons say that they do.
    """

    def open_(chosen: Scenario) -> None:
        take(chosen)
        state.keep("file to open", None)
        done()

    _say(share_text.contents(found.scenario))
    if found.moved is not None and found.today is not None:
        _say(share_text.since(found.moved), help=made_with_text.what_differs(found.moved))
        _totals(found.moved, text.money_of(found.today))
    if found.today is None:
        _say(share_text.NOT_HERE)
    if found.then is not None and found.own != found.scenario:
        made = found.file.made
        left = None if made is None else compared(made, found.then)
        _say(share_text.OTHER_PRICES if made is None else share_text.on_its_own_prices(left))
    ways = []
    if found.today is not None:
        ways.append(("today", f"{verb} with today's prices", found.scenario))
    if found.then is not None and found.own != found.scenario:
        ways.append(("then", f"{verb} with its own prices", found.own))
    with st.container(horizontal=True, gap="xsmall", key=f"open_ways_{place}"):
        for number, (way, label, scenario) in enumerate(ways):
            kind = "secondary" if number else "primary"
            st.button(label, key=f"open {way} {place}", type=kind, on_click=open_, args=[scenario])


def _say(words: str, help: str | None = None) -> None:
    escaped = None if help is None else layout.plain_dollars(layout.escape_markdown(help))
    st.markdown(layout.plain_dollars(layout.escape_markdown(words)), help=escaped)


def _totals(moved: Compared, money: Money) -> None:
    """Totals then and now, as a table; its colours are the theme's, since a popover lies outside the app's element."""
    rows = [
        f"| :{ARCHITECTURES[key].word}[**{ARCHITECTURES[key].name}**] | {then} | {now} |"
        for key, then, now in made_with_text.each_total(moved, money)
    ]
    st.markdown(layout.plain_dollars("\n".join(["| | Then | Now |", "|:--|--:|--:|", *rows])))
