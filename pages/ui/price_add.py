"""A form for a price that the book does not have, or for another date or tier of one that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from costmodel.results import Run
from pages.ui import price_editor, state
from pricing.row_reader import MAX_REASON
from pricing.units import METERS, REQUEST_TIER_METERS, VECTOR_STORE_METERS

_QUANTITIES = {
    "documents_per_search": ("Documents per search", ("rerank_searches",)),
    "tokens_per_unit": ("Tokens per unit", ("guardrail",)),
    "units_per_search": ("Units per search", ("reads",)),
    "units_per_vector": ("Units per vector", ("writes",)),
    "gb_per_node": ("GB per node", ("nodes",)),
    "cap_quantity": ("Hard cap, in the unit a month", ("storage", "reads", "writes")),
}
"""Facts of a plan that are numbers: label, and the meters with which they are asked for."""


def form(run: Run, added: Callable[[], Any]) -> None:
    """Fields for one price; `added` is called when it is in the scenario."""
    book = run.book
    providers = sorted({ref.partition("/")[0] for ref in book.refs()})
    entered: dict[str, Any] = {}
    with st.container(horizontal=True, key="add_name"):
        entered["provider"] = _choice("Provider", providers, "add provider", 175)
        items = sorted(ref.partition("/")[2] for ref in book.refs() if ref.startswith(f"{entered['provider']}/"))
        entered["item"] = _choice("Model or plan", items, "add item", 250)
        entered["meter"] = st.selectbox(
            "What is billed", list(METERS), format_func=lambda name: name.replace("_", " "), key="add meter", width=160
        )
        units = list(METERS[entered["meter"]].units)
        first = units.index("1M tokens") if "1M tokens" in units else 0
        entered["unit"] = st.selectbox("per", units, index=first, key=f"add unit {units[-1]}", width=130)
        entered["price_usd"] = st.number_input("USD", value=None, format="%.10g", key="add usd", width=125)
    with st.container(horizontal=True, key="add_more"):
        entered["effective_from"] = st.date_input("From (empty: every month)", None, key="add from", width=200)
        if entered["meter"] in REQUEST_TIER_METERS:
            entered["tier_from"] = _number("Above input tokens", "add tier")
        elif entered["meter"] in VECTOR_STORE_METERS:
            entered["tier_from"] = _number("From quantity a month", "add tier")
        if entered["meter"] in VECTOR_STORE_METERS | {"training"}:
            entered["minimum_usd"] = _number("At least, USD", "add minimum")
        if entered["meter"] in VECTOR_STORE_METERS - {"flat"}:
            entered["included_quantity"] = _number("Included", "add included")
        for name, (label, meters) in _QUANTITIES.items():
            if entered["meter"] in meters:
                entered[name] = _number(label, f"add {name}")
        if entered["meter"] in ("input", "output", "training"):
            entered["retires_on"] = st.date_input("Retires on", None, key="add retires", width=150)
            successor = st.text_input("Successor", key="add successor", placeholder="provider/model", width=200)
            entered["successor"] = successor.strip() or None
    with st.container(horizontal=True, vertical_alignment="bottom", key="add_reason"):
        entered["reason"] = st.text_input(
            "Reason", key="add reason", max_chars=MAX_REASON, placeholder="Quote, contract, price page", width=420
        ).strip()
        st.button("Add this price", key="add price", type="primary", on_click=_add, args=(entered, added))
    st.caption("A price that the book has already is replaced by yours. A new plan can be chosen in the sidebar then.")


def _choice(label: str, options: list[str], key: str, width: int) -> str:
    typed = st.session_state.get(key)
    chosen = st.selectbox(
        label,
        [typed, *options] if typed and typed not in options else options,
        index=None,
        accept_new_options=True,
        key=key,
        width=width,
        placeholder="Choose or type",
    )
    return (chosen or "").strip()


def _number(label: str, key: str) -> float | None:
    found = st.number_input(label, min_value=0.0, value=None, format="%.10g", key=key, width=180)
    return None if found is None else float(found)


def _add(entered: dict[str, Any], added: Callable[[], Any]) -> None:
    values = {name: value for name, value in entered.items() if value not in (None, "") or name == "reason"}
    for name, label in (("provider", "Provider"), ("item", "Model or plan")):
        if name not in values:
            state.refuse([f"The new price, {label}: is empty; choose one or type a new one"])
            return
    name = f"{values['item']}, {values['meter'].replace('_', ' ')}"
    try:
        values["price_usd"] = price_editor.checked_usd(values.get("price_usd"), values["unit"])
    except price_editor.Refused as error:
        state.refuse([f"{name}: {str(error).partition(', or choose Revert')[0]}"])
        return
    if price_editor.submit([(values, _old(values), name)]):
        added()


def _old(values: dict[str, Any]) -> Any:
    """The price of the book that the new one replaces or follows."""
    plan = state.book().plan(f"{values['provider']}/{values['item']}")
    if plan is None:
        return None
    tier = values.get("tier_from", 0.0)
    rows = [row for row in plan.rows if row.meter == values["meter"] and row.tier_from == tier]
    after = values.get("effective_from")
    exact = next((row for row in rows if row.effective_from == after), None)
    return exact or (rows[-1] if rows else None)
