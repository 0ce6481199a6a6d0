"""Take the scenario along or bring one in: its name, a file to save, a file to open."""

from __future__ import annotations

import streamlit as st

from costmodel import files, link
from costmodel.results import Run
from costmodel.scenario import Scenario
from pages.ui import blocks, open_file, state
from pricing.catalog import load_book
from report import cost_csv, share_text

MENU = "file_menu"


def menu(run: Run) -> None:
    """A quiet button that opens the menu; no work before that."""
    popover = st.popover("File", icon=":material/draft:", type="tertiary", key=MENU, on_change="rerun")
    if popover.open or open_file.waits():
        with popover, st.container(key="file_menu_inside"):
            _name(run.scenario)
            save(run)
            open_file.uploader(_close)


def _close() -> None:
    st.session_state[MENU] = False


def _name(scenario: Scenario) -> None:
    key = state.widget_key("scenario name")
    st.text_input(
        "Name",
        scenario.name,
        key=key,
        max_chars=10_000,
        on_change=lambda: state.put({"name": st.session_state[key].strip() or state.base().name}),
    )


def save(run: Run, key: str = "save file") -> None:
    """The button that saves the scenario with its price edits and the price rows behind it."""
    scenario = run.scenario
    st.download_button(
        "Save as file",
        data=lambda: files.written(scenario, load_book()).encode(),
        file_name=cost_csv.file_name(run, ending="json"),
        mime="application/json",
        icon=":material/save:",
        on_click="ignore",
        key=key,
        help="Everything on the left, your price edits, and the prices used with their sources, as JSON.",
    )


def too_large(run: Run) -> None:
    """Where no link can hold the scenario: that it cannot, and the file instead."""
    with st.container(key="too_large", horizontal=True, vertical_alignment="center"):
        blocks.note(share_text.too_large(link.MAX_CHARACTERS), key="link")
        save(run, key="save large")
