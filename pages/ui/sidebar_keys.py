"""What the browser does for the sidebar: keys for undo and redo, and on a phone the drawer's way out."""

from pathlib import Path

import streamlit as st

_keys = st.components.v2.component(
    "crossover_sidebar_keys",
    html="""
<span></span>
""",
    js=(Path(__file__).parent / "sidebar_keys.js").read_text(encoding="utf-8"),
)


def sidebar_keys(close: int) -> None:
    """Listen for Ctrl+Z and Ctrl+Shift+Z; each time `close` has grown, close the drawer of a phone."""
    _keys(key="sidebar_keys", data={"close": close})
