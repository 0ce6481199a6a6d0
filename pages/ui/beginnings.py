"""Two changes of one click each: RAG stands already, and tuning comes later."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import state
from report import start_text

BUILT, LATER = "finance.already_built", "hybrid.fine_tuning_starts_month"


def draw() -> None:
    """Both switches, each with what it does in words."""
    scenario = state.scenario()
    built = scenario.finance.already_built
    month, compared = scenario.hybrid.fine_tuning_starts_month, "hybrid" in scenario.finance.compared
    with st.container(key="beginnings", gap="xsmall"):
        _switch("have RAG", start_text.HAVE_RAG, "rag" in built, _built, start_text.already(built))
        horizon = scenario.finance.horizon_months
        said = start_text.later(month, horizon, compared)
        _switch("tune later", start_text.LATER, month > 0, _later, said, disabled=not compared)


def _switch(name: str, label: str, on: bool, act: Callable[[str], None], said: str, disabled: bool = False) -> None:
    key = state.mirror(state.widget_key(name), on)
    st.toggle(label, key=key, on_change=act, args=(key,), disabled=disabled)
    st.html(f'<p class="said">{said}</p>')


def _built(key: str) -> None:
    others = [each for each in state.scenario().finance.already_built if each != "rag"]
    state.put({BUILT: ["rag", *others] if st.session_state[key] else others})


def _later(key: str) -> None:
    horizon = state.scenario().finance.horizon_months
    state.put({LATER: min(start_text.LATER_MONTH, horizon) if st.session_state[key] else 0})
