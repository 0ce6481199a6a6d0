"""Price edits beyond the link, kept in the browser's own storage; and what is said about links."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import blocks, layout, state
from report import made_with_text, prices_text
from report.numbers import Money

_KEY = "crossover_stored"
_stored = st.components.v2.component(
    _KEY,
    html="<!-- nothing to see:\n the browser keeps what does not fit into the link -->",
    js=(Path(__file__).parent / "stored.js").read_text(encoding="utf-8"),
)


def exchange() -> None:
    """Hand the browser what it has to keep, and ask it for what the link names; nothing when the link is whole."""
    awaited, kept = state.waiting_apart(), state.to_store()
    if kept is None and (awaited is None or awaited.lost):
        return
    data: dict[str, Any] = {"write": None, "read": None}
    if kept is not None:
        data["write"] = {"key": kept[0], "text": kept[1]}
    elif awaited is not None:
        data["read"] = awaited.key
    _stored(key=_KEY, data=data, on_found_change=_found, on_kept_change=lambda: None)


def _found() -> None:
    answer, awaited = (st.session_state.get(_KEY) or {}).get("found"), state.waiting_apart()
    if awaited is not None and isinstance(answer, Mapping) and answer.get("key") == awaited.key:
        state.take_stored(answer.get("text"))


def notices() -> None:
    """What a reader has to know about the link: that it is incomplete, or was made under other prices."""
    awaited = state.waiting_apart()
    if awaited is not None:
        blocks.note(prices_text.apart_lost() if awaited.lost else prices_text.apart_awaited(), key="apart")
    elif state.is_apart():
        blocks.note(prices_text.apart_kept(len(state.scenario().price_edits), _is_kept()), key="apart")
    found = state.opened_under_another()
    if found is not None:
        finance = state.scenario().finance
        money = Money(finance.currency, finance.usd_per_currency_unit)
        words = f"{made_with_text.note(found, money)} {made_with_text.FROM_A_LINK}"
        blocks.note(layout.escape_markdown(words), key="made")


def _is_kept() -> bool:
    """Whether the browser has not said that it could not keep them."""
    return bool((st.session_state.get(_KEY) or {}).get("kept", True) != "")
