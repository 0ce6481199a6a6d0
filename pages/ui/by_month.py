"""Numbers by month, pasted from a sheet: a forecast of the volume, and the twelve factors of a season."""

from __future__ import annotations

import streamlit as st

from costmodel.fields import value_at
from costmodel.scenario import FIELDS
from costmodel.sides import MAX_MONTHS
from pages.ui import state
from report import pasted

FORECAST, SEASON = "workload.queries_by_month", "workload.seasonality"
WORDS = {
    FORECAST: ("None. Paste a column or a row of numbers, one per month.", "Back to the lever", MAX_MONTHS),
    SEASON: ("None. Paste twelve factors, January to December: 1 is an average month.", "No season", MAX_MONTHS),
}


def draw(path: str, key: str, label: str, help_: str) -> None:
    """The text to paste into; a header, a word or a decimal comma is refused by name."""
    placeholder, _, most = WORDS[path]

    def put() -> None:
        try:
            numbers = pasted.numbers_in(st.session_state[key], most)
        except pasted.NotNumbers as error:
            state.refuse([f"{FIELDS[path].label} ({path}): {error}"])
            return
        state.put({path: numbers or None})

    state.mirror(key, _shown(path, key))
    st.text_area(label, key=key, help=help_, height=96, placeholder=placeholder, on_change=put)


def _shown(path: str, key: str) -> str:
    """The column of numbers; what was typed stays as it is while it says the same."""
    held = value_at(state.scenario(), path)
    typed = st.session_state.get(key, "")
    try:
        same = pasted.numbers_in(typed, MAX_MONTHS) == tuple(held or ())
    except pasted.NotNumbers:
        same = False
    return typed if same else pasted.column(held)


def below(path: str) -> None:
    """What was pasted, in words, and the way back."""
    held = value_at(state.scenario(), path)
    horizon = state.scenario().finance.horizon_months
    said = pasted.forecast(held, horizon) if path == FORECAST else pasted.season(held)
    with st.container(key=f"below {path}".replace(" ", "_"), gap=None):
        st.html(f'<p class="said">{said}</p>')
        st.button(
            WORDS[path][1],
            key=state.widget_key(f"none {path}"),
            type="tertiary",
            disabled=held is None,
            on_click=state.put,
            args=({path: None},),
        )
