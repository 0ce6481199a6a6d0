"""Where this server is for the reader's browser, and what a file that is taken from here says about itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from costmodel.results import Run
from pages.ui import state
from report.imprint import Imprint, imprint

_PAGES = frozenset(file.stem for file in Path(__file__).parent.parent.glob("*.py"))


def base_url() -> str:
    """Address that a scenario's link is added to, without a page's name; empty when the browser has not said it."""
    return without_page(st.context.url or "")


def without_page(url: str) -> str:
    """An address of the app without the name of the page at its end."""
    head, _, last = url.rstrip("/").rpartition("/")
    return head if last in _PAGES else url.rstrip("/")


def imprint_of(run: Run) -> Imprint:
    """What a file of the scenario on screen says about itself.

    Without a link where the scenario is too large for one, and where prices kept in this browser are missing in it.
    """
    present, query = state.switch("value") == "present", state.query()
    return imprint(run, date.today(), present=present, base_url=base_url(), query="" if "&k=" in query else query)
