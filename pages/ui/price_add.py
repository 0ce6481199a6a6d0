"""A form for a price that the book does not have, or for another date or tier of one that it has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from costmodel.results import Run
from pages.ui import layout, price_editor, price_edits, state
from pricing.facts import facts_of
from pricing.price import CONFIDENCES, MAX_SOURCE
from pricing.row_reader import MAX_REASON
from pricing.typed import number
from pricing.units import GRADUATED_METERS, METERS, VECTOR_STORE_METERS
from report import numbers, prices_text
from report import price_facts_text as words

_REFUSED = "add refused"


def form(run: Run, added: Callable[[], Any]) -> None:
    """Fields for one price; `added` is called when it is in the scenario."""
    entered: dict[str, Any] = {}
    _name(run, entered)
    facts = facts_of(entered["meter"])
    with st.container(horizontal=True, key="add_more"):
        entered["effective_from"] = st.date_input("From (empty: every month)", None, key="add from", width=200)
        for fact in facts:
            if fact in words.COMMON:
                entered[fact] = _number(words.FACTS[fact], f"add {fact}")
    with st.container(horizontal=True, key="add_evidence"):
        entered["source"] = st.text_input(
            "Source", key="add source", max_chars=MAX_SOURCE, width=420, placeholder="Link", help=words.SOURCE_HELP
        ).strip()
        checked = st.date_input(
            "Checked on", None, max_value=date.today(), key="add checked", width=150, help=words.CHECKED_HELP
        )
        entered["as_of"] = None if checked is None else checked.isoformat()
        entered["confidence"] = st.selectbox(
            "Confidence",
            CONFIDENCES,
            index=CONFIDENCES.index("low"),
            key="add confidence",
            width=130,
            help=words.CONFIDENCE_HELP,
        )
    with st.expander(words.MORE, key="add_terms"):
        _terms(entered, [fact for fact in facts if fact not in words.COMMON])
    with st.container(horizontal=True, vertical_alignment="bottom", key="add_reason"):
        entered["reason"] = st.text_input(
            "Reason", key="add reason", max_chars=MAX_REASON, placeholder="Quote, contract, price page", width=420
        ).strip()
        st.button("Add this price", key="add price", type="primary", on_click=_add, args=(entered, added))
    if st.session_state.get(_REFUSED) and st.session_state[_REFUSED] == state.refused():
        first = layout.plain_dollars(layout.escape_markdown(state.refused()[0]))
        st.markdown(f"**Not applied:** {first}")
    st.caption(words.ADDING)


def _name(run: Run, entered: dict[str, Any]) -> None:
    """Which price, sold how, at how much."""
    book = run.book
    providers = sorted({ref.partition("/")[0] for ref in book.refs()})
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
        entered["price_usd"] = st.text_input(
            "USD", key="add usd", max_chars=40, width=125, help=prices_text.USD_HELP
        ).strip()


def _terms(entered: dict[str, Any], facts: list[str]) -> None:
    """What few price lists state of a meter."""
    meter = entered["meter"]
    with st.container(horizontal=True, key="add_rare", vertical_alignment="bottom"):
        tier = words.tier(meter)
        if tier is not None:
            entered["tier_from"] = _number(tier, "add tier")
        if meter in VECTOR_STORE_METERS | {"training"}:
            entered["minimum_usd"] = _number(words.MINIMUM, "add minimum")
        if meter in GRADUATED_METERS:
            entered["included_quantity"] = _number(words.INCLUDED, "add included")
        for fact in facts:
            label, help_ = words.FACTS[fact]
            key = f"add {fact}"
            if fact == "bills_tokens":
                entered[fact] = st.checkbox(label, key=key, help=help_) or None
            elif fact == "retires_on":
                entered[fact] = st.date_input(label, None, key=key, width=150, help=help_)
            elif fact == "successor":
                typed = st.text_input(label, key=key, placeholder="provider/model", width=200, help=help_)
                entered[fact] = typed.strip() or None
            else:
                entered[fact] = _number((label, help_), key)


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


def _number(said: tuple[str, str], key: str) -> str:
    """What is typed for a number; `_add` reads it, because the browser's number field drops a decimal comma."""
    label, help_ = said
    return st.text_input(label, key=key, max_chars=40, width=180, help=help_).strip()


def _add(entered: dict[str, Any], added: Callable[[], Any]) -> None:
    """Add the price; why it cannot be is said beside the button too, since the page says it far above."""
    if not _added(entered):
        st.session_state[_REFUSED] = state.refused()
        return
    st.session_state[_REFUSED] = ()
    added()


def _added(entered: dict[str, Any]) -> bool:
    values = {name: value for name, value in entered.items() if value not in (None, "") or name == "reason"}
    for name, label in (("provider", "Provider"), ("item", "Model or plan")):
        if name not in values:
            state.refuse([prices_text.empty_price(label)])
            return False
    name = f"{numbers.shortened(values['item'])}, {values['meter'].replace('_', ' ')}"
    try:
        values["price_usd"] = price_editor.checked_usd(values.get("price_usd"), values["unit"])
        typed = {column: values[column] for column in values if column in words.NUMBERS}
        values |= {column: _read(words.label(column, values["meter"]), each) for column, each in typed.items()}
    except price_edits.Refused as error:
        state.refuse([f"{name}: {str(error).partition(', or choose Revert')[0]}"])
        return False
    return price_editor.submit([(values, _old(values), name)])


def _read(label: str, typed: str) -> float:
    """A number of the form. Raises Refused, which names its field."""
    try:
        return number(typed)
    except ValueError as error:
        raise price_edits.Refused(f"{label}: {error}") from None


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
