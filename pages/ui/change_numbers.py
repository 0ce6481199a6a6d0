"""The phone's way to the levers: a button that opens the sidebar's drawer."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_ICON = "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5v5M8.5 14.5v5"

_change_numbers = st.components.v2.component(
    "crossover_change_numbers",
    html=f"""
<button type="button" class="framed">
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICON}"/></svg>
  <span class="label"></span>
</button>
""",
    css=(_HERE / "quiet_button.css").read_text(encoding="utf-8"),
    js=(_HERE / "change_numbers.js").read_text(encoding="utf-8"),
)


def change_the_numbers(label: str = "Change the numbers") -> None:
    """Draw the button; the stylesheet shows it on narrow screens only."""
    _change_numbers(key="change_the_numbers", data={"label": label}, width="content")
