"""Choosing the scenario to compare with: a pinned copy, a preset, a file or a pasted link; swapping and removing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from costmodel import files, link
from costmodel.changes import ScenarioError
from costmodel.made_with import compared
from costmodel.other import Other, beginning_with
from costmodel.presets import PRESETS
from costmodel.scenario import Scenario
from pages.ui import blocks, links, open_file, shared, state
from pricing.catalog import load_book
from pricing.price import PriceError
from report import compare_text as words
from report import cost_csv, numbers

MENU, WAITING = "choose_other", "file to compare"


def choose(other: Other) -> None:
    """Make a scenario B once it can be run; if not, the last good one stays, and the page says why."""
    try:
        run = shared.run_of(other.scenario)
    except (ScenarioError, PriceError) as error:
        _refuse(error)
        return
    then = None if other.made is None else compared(other.made, run)
    state.compare_with(other if then is not None and then.moved else replace(other, made=None))


def _refuse(error: ScenarioError | PriceError, place: str = "") -> None:
    problems = error.problems if isinstance(error, ScenarioError) else (f"{place}{error}",)
    state.refuse(problems, words.NONE_KEPT if state.other() is None else words.KEPT)


def ways(place: str, done: Callable[[], Any] = lambda: None) -> None:
    """The four ways to choose B; `place` tells their keys apart, `done` is called when one was taken."""
    with st.container(key=f"ways_{place}"):
        with st.container(key=f"way_pin_{place}"):
            st.markdown(words.PIN_SAID)
            st.button(
                words.PIN,
                help=words.PIN_HELP,
                icon=":material/keep:",
                key=f"pin {place}",
                width="stretch",
                on_click=_pin,
                args=[done],
            )
        _preset(place, done)
        ask = _file(place, done)
        _link(place, done)
    ask()


def _pin(done: Callable[[], Any]) -> None:
    choose(Other(state.scenario()))
    done()


def _preset(place: str, done: Callable[[], Any]) -> None:
    key = state.widget_key(f"other preset {place}")

    def take() -> None:
        name = st.session_state[key]
        if name is not None:
            choose(Other(beginning_with(PRESETS[name].scenario, state.scenario()), "preset"))
            done()

    with st.container(key=f"way_preset_{place}"):
        st.selectbox(
            words.PRESET,
            list(PRESETS),
            index=None,
            format_func=lambda name: PRESETS[name].name,
            placeholder=words.PRESET_HINT,
            key=key,
            on_change=take,
        )


def _file(place: str, done: Callable[[], Any]) -> Callable[[], None]:
    """The box for a file; returns what draws the question that comes with some."""
    key = state.widget_key(f"other file {place}")

    def take() -> None:
        file = st.session_state[key]
        state.keep(WAITING, None)
        if file is None:
            return
        try:
            found = open_file.candidate(file.getvalue(), file.name)
        except (ScenarioError, PriceError) as error:
            _refuse(error, f"{numbers.shortened(file.name)}: ")
            done()
            return
        if found.needs_a_choice:
            state.keep(WAITING, (key, found))
        else:
            with_prices(found.scenario)

    def with_prices(chosen: Scenario) -> None:
        found = state.kept(WAITING)
        made = found[1].file.made if found is not None and chosen == found[1].scenario else None
        choose(Other(chosen, "file", made))
        state.keep(WAITING, None)
        done()

    with st.container(key=f"way_file_{place}"):
        st.file_uploader(words.FILE, type=["json"], key=key, max_upload_size=open_file.MAX_MB, on_change=take)
    return lambda: _waiting(key, place, done, with_prices)


def _waiting(key: str, place: str, done: Callable[[], Any], take: Callable[[Scenario], Any]) -> None:
    """What is asked of a file that was made under other prices, while it is in its box."""
    waiting: tuple[str, open_file.Candidate] | None = state.kept(WAITING)
    if waiting is not None and waiting[0] == key and st.session_state.get(key) is not None:
        with st.container(key=f"way_prices_{place}"):
            open_file.choices(waiting[1], done, f"compare_{place}", take, "Compare")


def _link(place: str, done: Callable[[], Any]) -> None:
    key = state.widget_key(f"other link {place}")

    def take() -> None:
        text = st.session_state[key]
        if not text.strip():
            return
        try:
            choose(links.pasted(text, state.scenario()))
        except ScenarioError as error:
            _refuse(error)
        done()

    with st.container(key=f"way_link_{place}"):
        st.text_input(words.LINK, placeholder=words.LINK_HINT, key=key, help=words.LINK_HELP, on_change=take)


# What is done with B


def _close() -> None:
    st.session_state[MENU] = False


def buttons() -> None:
    """Swap, choose another, remove."""
    with st.container(key="other_buttons", horizontal=True, vertical_alignment="center", width="content"):
        st.button(
            words.SWAP,
            help=words.SWAP_HELP,
            icon=":material/swap_horiz:",
            type="tertiary",
            key="swap",
            on_click=state.swap,
        )
        with st.popover(words.CHOOSE, icon=":material/library_add:", type="tertiary", key=MENU, on_change="rerun"):
            ways("menu", _close)
        st.button(
            words.REMOVE,
            icon=":material/close:",
            type="tertiary",
            key="remove other",
            on_click=state.compare_with,
            args=[None],
        )


def not_in_link() -> None:
    """Where the link has no room for B: that it has not, and B as a file instead."""
    other = state.other()
    if other is None or state.carries_other():
        return
    with st.container(key="too_large_other", horizontal=True, vertical_alignment="center"):
        blocks.note(words.not_in_link(link.MAX_CHARACTERS), key="other_link")
        st.download_button(
            words.SAVE,
            data=lambda: files.written(other.scenario, load_book()).encode(),
            file_name=cost_csv.file_name(shared.run_of(other.scenario), ending="json"),
            mime="application/json",
            icon=":material/save:",
            type="tertiary",
            on_click="ignore",
            key="save other",
            help=words.SAVE_HELP,
        )
