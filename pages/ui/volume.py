"""How much it is asked: typed in per month, per day or by users, kept as queries per month."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from costmodel import conversions
from pages.ui import entry, state
from report import entry_text

PATH = "workload.queries_per_month"
_BASIS, _CONVERSATIONS, _MESSAGES = "volume basis", "volume conversations", "volume messages"


def draw() -> None:
    """The volume of the scenario; while a forecast replaces it, that is said instead."""
    if state.scenario().workload.queries_by_month is not None:
        st.html(f'<p class="said">{entry_text.forecast_instead()}</p>')
        return
    inputs("volume", state.scenario().workload.queries_per_month, lambda queries: state.put({PATH: queries}))


def inputs(name: str, queries: float, write: Callable[[float], None]) -> None:
    """Boxes that show `queries` [query/month] in the basis chosen last in this session, and `write` what is typed."""
    with st.container(key=f"entry_{name}", gap="small"):
        basis = entry.basis(
            f"{name} basis", _BASIS, entry_text.VOLUME_BASES, entry_text.VOLUME_LABEL, entry_text.VOLUME_HELP
        )
        said = {"month": _month, "day": _day, "users": _users}[basis](name, queries, write)
        st.html(f'<p class="said">{said}</p>')


def _month(name: str, queries: float, write: Callable[[float], None]) -> str:
    entry.box(f"{name} month", entry_text.MONTH, queries, write, same=lambda typed: typed == queries)
    return entry_text.from_month(queries)


def _day(name: str, queries: float, write: Callable[[float], None]) -> str:
    per_day = entry.box(
        f"{name} day",
        entry_text.DAY,
        conversions.days_from_queries(queries),
        lambda typed: write(conversions.queries_from_days(typed)),
        same=lambda typed: conversions.queries_from_days(typed) == queries,
        help_=entry_text.DAY_HELP,
    )
    return entry_text.from_day(per_day, queries)


def _users(name: str, queries: float, write: Callable[[float], None]) -> str:
    each = state.kept(_CONVERSATIONS) or conversions.CONVERSATIONS_PER_USER
    messages = state.kept(_MESSAGES) or conversions.TURNS_PER_CONVERSATION

    def volume(users: float) -> float:
        return conversions.queries_from_users(users, each, messages)

    users = entry.box(
        f"{name} users",
        entry_text.USERS,
        conversions.users_from_queries(queries, each, messages) or 0.0,
        lambda typed: write(volume(typed)),
        same=lambda typed: volume(typed) == queries,
        help_=entry_text.USERS_HELP,
    )

    def keep(what: str, held: float) -> None:
        state.keep(what, held)
        now = {_CONVERSATIONS: each, _MESSAGES: messages, what: held}
        write(conversions.queries_from_users(users, now[_CONVERSATIONS], now[_MESSAGES]))

    for what, label, held, help_ in (
        (_CONVERSATIONS, entry_text.CONVERSATIONS, each, entry_text.CONVERSATIONS_HELP),
        (_MESSAGES, entry_text.MESSAGES, messages, entry_text.MESSAGES_HELP),
    ):
        entry.box(
            f"{name} {what}",
            label,
            held,
            lambda typed, what=what: keep(what, typed),
            same=lambda typed, held=held: typed == held,
            low=0.01,
            help_=help_,
        )
    return entry_text.from_users(users, each, messages, queries)
