"""Costs typed in: the list of them, and a small form for one more."""

from __future__ import annotations

from typing import Any

import streamlit as st

from costmodel.families import FAMILY_OF
from pages.ui import state
from report.palette import ARCHITECTURES

AMOUNTS = {"usd": "once", "usd_per_month": "a month", "usd_per_query": "a query"}
PHASES = {"one_time": "One-time", "recurring": "Recurring", "event": "Event"}
COMPARED = ("rag", "fine_tuning", "hybrid")


def draw() -> None:
    """List the extra costs of the scenario, each with a way to remove it, and the form."""
    for number, extra in enumerate(state.scenario().extra_costs):
        (name, amount), *_ = [(n, getattr(extra, n)) for n in AMOUNTS if getattr(extra, n) is not None]
        who = ", ".join(ARCHITECTURES[key].name for key in extra.architecture)
        months = f"months {extra.months[0]} to {extra.months[1]}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{extra.component.replace('_', ' ')}: {amount:,.6g} USD {AMOUNTS[name]}, {who}, {months}")
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
        )
        st.selectbox("Phase", list(PHASES), index=1, key=key("phase"), format_func=PHASES.__getitem__)
        st.number_input("Amount, USD", value=0.0, key=key("amount"), format="%.10g")
        st.selectbox("Paid", list(AMOUNTS), index=1, key=key("kind"), format_func=AMOUNTS.__getitem__)
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
