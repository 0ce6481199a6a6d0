"""Boxes for numbers that people count in another way than the model: the model's number stays the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui import state
from report import field_text


def basis(name: str, kept: str, words: Mapping[str, str], label: str, help_: str) -> str:
    """The choice how something is counted; it is kept for the session under `kept`, the first one at the start."""
    first = next(iter(words))
    key = state.mirror(state.widget_key(name), state.kept(kept) or first)
    st.segmented_control(
        label,
        list(words),
        format_func=words.__getitem__,
        required=True,
        key=key,
        width="stretch",
        help=help_,
        on_change=lambda: state.keep(kept, st.session_state[key]),
    )
    return state.kept(kept) or first


def box(
    name: str,
    label: str,
    value: float,
    write: Callable[[float], None],
    *,
    same: Callable[[float], bool] = lambda typed: False,
    low: float = 0.0,
    help_: str | None = None,
) -> float:
    """A number box that shows `value`, and keeps what was typed while that is the `same`; returns what it shows."""
    key = state.widget_key(name)
    typed = st.session_state.get(key)
    shown = typed if typed is not None and same(typed) else field_text.typed(value)

    def changed() -> None:
        if st.session_state[key] is not None:
            write(st.session_state[key])

    st.number_input(
        label,
        min_value=low,
        max_value=1e12,
        value=None,
        step=field_text.round_step(value),
        format="%.12g",
        key=state.mirror(key, max(shown, low)),
        help=help_,
        required=True,
        on_change=changed,
    )
    return float(shown)
