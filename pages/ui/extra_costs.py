"""Costs typed in: the list of them, and a small form for one more."""

from __future__ import annotations

from typing import Any

import streamlit as st

from costmodel.families import FAMILY_OF
from pages.ui import state
from report import extra_text
from report.palette import ARCHITECTURES

COMPARED = ("rag", "fine_tuning", "hybrid")


def draw() -> None:
    """List the extra costs of the scenario, each with a way to remove it, and the form."""
    for number, extra in enumerate(state.scenario().extra_costs):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(extra_text.line(extra))
            st.button(
                "Remove", key=state.widget_key(f"remove {number}"), type="tertiary", on_click=_remove, args=(number,)
            )
    with st.form(state.widget_key("extra cost"), border=False):
        key = state.widget_key
        st.multiselect("Paid by", COMPARED, key=key("who"), format_func=lambda k: ARCHITECTURES[k].name)
        st.selectbox(
            "For",
            list(FAMILY_OF),
            key=key("component"),
            format_func=lambda name: name.replace("_", " "),
            accept_new_options=True,
            help=extra_text.COMPONENT_HELP,
        )
        phases, amounts = extra_text.PHASES, extra_text.AMOUNTS
        st.selectbox(
            "Phase",
            list(phases),
            index=1,
            key=key("phase"),
            format_func=phases.__getitem__,
            help=extra_text.PHASE_HELP,
        )
        st.number_input(
            "Amount, USD", value=0.0, step=100.0, key=key("amount"), format="%.10g", help=extra_text.AMOUNT_HELP
        )
        st.selectbox("Paid", list(amounts), index=1, key=key("kind"), format_func=amounts.__getitem__)
        st.number_input("First month (0 is the build)", 0, 120, 1, key=key("first"))
        st.number_input("Last month", 0, 120, state.scenario().finance.horizon_months, key=key("last"))
        st.text_input("Note", key=key("note"), max_chars=200)
        st.form_submit_button("Add this cost", on_click=_add)


def _add() -> None:
    def entered(name: str) -> Any:
        return st.session_state[state.widget_key(name)]

    cost = {
        "architecture": entered("who"),
        "component": entered("component") or "",
        "phase": entered("phase"),
        "months": [entered("first"), max(entered("first"), entered("last"))],
        entered("kind"): float(entered("amount") or 0.0),
        "note": entered("note"),
    }
    before = len(state.scenario().extra_costs)
    state.put({"extra_costs": [*_dumped(), cost]})
    if len(state.scenario().extra_costs) > before:
        state.remount()


def _remove(number: int) -> None:
    state.put({"extra_costs": [extra for index, extra in enumerate(_dumped()) if index != number]})
    state.remount()


def _dumped() -> list[dict[str, Any]]:
    return [extra.model_dump(exclude_none=True) for extra in state.scenario().extra_costs]
