"""The assumptions that differ as an HTML table. Every text in it is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from report.compare_table import Row
from report.compare_text import ASSUMPTION, A, B


def assumptions(rows: Sequence[Row]) -> None:
    """One line for each assumption: its name, its value in A, its value in B."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in (ASSUMPTION, A, B))
    body = "".join(
        f'<tr><th scope="row">{escape(row.words)}</th><td>{escape(row.a)}</td><td>{escape(row.b)}</td></tr>'
        for row in rows
    )
    st.html(f'<table class="assumptions"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')
