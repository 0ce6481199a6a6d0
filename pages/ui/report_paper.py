"""A document as it prints, on a sheet of paper that keeps its place while the document changes.

What the document says takes longer to make than a lever takes to move on. So the sheet keeps the old one, and asks
for the new one when the page has been at rest for a moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_KEY = "crossover_paper"

_paper = st.components.v2.component(
    _KEY,
    html="""
<iframe
  sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
  srcdoc="<!doctype html><html lang='en'><title>Memo</title><body></body></html>"
></iframe>
""",
    css=(_HERE / "report_paper.css").read_text(encoding="utf-8"),
    js=(_HERE / "report_paper.js").read_text(encoding="utf-8"),
)


def is_asked_for(number: int) -> bool:
    """Whether the sheet waits for the document of that number."""
    wanted = (st.session_state.get(_KEY) or {}).get("wanted")
    return isinstance(wanted, Mapping) and wanted.get("number") == number


def paper(html: str, name: str, number: int, *, old: bool) -> None:
    """Show a whole HTML document; nothing in it may run a script. `name` says to a screen reader what it is.

    `number`: of the document that belongs here; `old`: `html` is an earlier one.
    """
    data = {"html": html, "name": name, "number": number, "old": old}
    _paper(key=_KEY, data=data, width="stretch", on_wanted_change=lambda: None)
