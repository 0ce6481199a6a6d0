"""The address bar as the link to what is on the screen, and a button that copies it."""

import itertools
import uuid
from pathlib import Path

import streamlit as st

from report.palette import neutral_css

_HERE = Path(__file__).parent

_address = st.components.v2.component(
    "crossover_address",
    html="<!-- nothing to see:\n the address bar shows it -->",
    js=(_HERE / "address.js").read_text(encoding="utf-8"),
)

_ICON = "M10.6 16.8H7a4.8 4.8 0 0 1 0-9.6h3.6M13.4 7.2H17a4.8 4.8 0 0 1 0 9.6h-3.6M8.2 12h7.6"

_copy_link = st.components.v2.component(
    "crossover_copy_link",
    html=f"""
<button type="button">
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICON}"/></svg>
  <span class="words"><span class="label"></span><span class="done" aria-live="polite"></span></span>
</button>
""",
    css=f":host {{ --second: {neutral_css('second')}; }}\n" + (_HERE / "quiet_button.css").read_text("utf-8"),
    js=(_HERE / "copy_link.js").read_text(encoding="utf-8"),
)

_runs = itertools.count(1)  # a new number makes the browser check the address after every run


def address(query: str) -> None:
    """Put `query` (without "?") into the address bar: no history entry, no rerun.

    A page that finds a new session of its server begins anew, from its address.
    """
    session = st.session_state.setdefault("address session", uuid.uuid4().hex)
    data = {"query": query.removeprefix("?"), "run": next(_runs), "session": session}
    _address(key="crossover_address", data=data, on_found_change=lambda: None)


def copy_link(label: str = "Copy link") -> None:
    """A quiet button that copies the address of the page as it is now."""
    _copy_link(key="crossover_copy_link", data={"label": label, "done": "Copied"}, width="content")
