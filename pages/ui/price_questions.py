"""Typed-in prices that wait for an answer: is it free, is it really ten times as much, from when on does it hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from pydantic import ValidationError

from pages.ui import layout, price_edits, state
from pricing.moves import Change, Moved, price_ratio, suspicions
from pricing.price import Price, PriceEdit, says_free
from pricing.replacing import edited
from pricing.row_reader import MAX_REASON
from pricing.units import UnitError
from report import prices_text as words

PENDING = "prices pending"
_ASKED, _FROM = "prices answer", "prices from"


@dataclass(frozen=True)
class Pending:
    """A price that waits for a yes: what is typed in, what it stands in for, and the question."""

    values: Mapping[str, Any]
    old: Price | None
    name: str
    question: str
    needs_free: bool
    drops: bool = False
    """Whether other dates of the price fall away, unless it gets a first day."""


def doubt(values: Mapping[str, Any], edit: PriceEdit, old: Price | None, name: str) -> Pending | None:
    """The questions about a price, if it raises any."""
    needs_free = edit.price_usd == 0 and not says_free(values["reason"])
    others = _other_dates(edit)
    slip = "" if needs_free else _slip(edit, old)
    asked = ["A price of 0 says why it is free, with that word."] if needs_free else [slip] if slip else []
    asked += [words.falls_away(others, date.today())] if others else []
    return Pending(values, old, name, " ".join(asked), needs_free, bool(others)) if asked else None


def _other_dates(edit: PriceEdit) -> Sequence[Price]:
    """The dates of a price that one without a date drops; none when it holds for every month already."""
    plan = state.book().plan(edit.ref)
    if edit.effective_from or plan is None or any(each.key == edit.key for each in state.scenario().price_edits):
        return ()
    return [row for row in plan.rows if row.price_id == edit.price_id and row.effective_from]


def _slip(edit: PriceEdit, old: Price | None) -> str:
    """What a move of more than tenfold may be; empty for none."""
    if old is None or old.price_usd == edit.price_usd == 0:
        return ""
    try:
        ratio = price_ratio(old, edited([old], edit))
    except (UnitError, ValidationError):
        return ""
    if ratio is None or ratio == 1:
        return ""
    new = edited([old], edit)
    found = suspicions(Change(old, new, ratio, (Moved("price_usd", old.price_usd, new.price_usd, ratio),)))
    return _sentence(found[0].words) if found else ""


def _sentence(question: str) -> str:
    """ "1,000 times: is the price per 1k tokens?" as two sentences."""
    head, colon, tail = question.partition(": ")
    than = "what it was" if head.endswith("times") else "of what it was"
    return f"That is {head} {than}. {tail[:1].upper()}{tail[1:]}" if colon else question


def wait(waiting: Sequence[Pending]) -> None:
    """Let prices wait; one that is typed in again takes the place of its earlier question."""
    asked = {each.name for each in waiting}
    others = [each for each in st.session_state.get(PENDING, ()) if each.name not in asked]
    st.session_state[PENDING] = (*others, *waiting)
    state.remount()


def ask() -> None:
    """The questions that stand, each with a field for the reason, a yes and a no."""
    waiting: tuple[Pending, ...] = st.session_state.get(PENDING, ())
    if not waiting:
        return
    with st.container(key="pending", gap="small"):
        st.html('<p class="unseen" role="alert">A price waits for your answer.</p>')
        for number, each in enumerate(waiting):
            _question(number, each)


def _question(number: int, each: Pending) -> None:
    unit, usd = each.values["unit"], words.amount(each.values["price_usd"])
    before = f"{words.amount(each.old.price_usd)} per {each.old.unit} → " if each.old else ""
    said = layout.escape_markdown(f"{each.name}: {before}{usd} per {unit}.")
    st.markdown(layout.plain_dollars(f"**Check this price.** {said} {layout.escape_markdown(each.question)}"))
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"answers_{number}"):
        key = state.widget_key(f"{_ASKED} {number}")
        st.text_input("Reason", each.values["reason"], key=key, max_chars=MAX_REASON, width=320)
        from_key = state.widget_key(f"{_FROM} {number}")
        if each.drops:
            start = date.fromisoformat(f"{state.scenario().finance.start_month}-01")
            st.date_input("First day", start, key=from_key, width=150)
            label, args = f"Use {usd} from that day", (number, key, from_key)
            st.button(label, key=f"pending from {number}", on_click=_yes, args=args)
        label = f"Use {usd} for every month" if each.drops else f"Use {usd} per {unit}"
        st.button(label, key=f"pending yes {number}", on_click=_yes, args=(number, key))
        keep = f"Keep {words.amount(each.old.price_usd)}" if each.old else "Leave it out"
        st.button(keep, key=f"pending no {number}", type="tertiary", on_click=_no, args=(number,))


def _yes(number: int, key: str, from_key: str | None = None) -> None:
    each = st.session_state[PENDING][number]
    reason = (st.session_state.get(key) or "").strip()
    if each.needs_free and not says_free(reason):
        state.refuse([f"{each.name}: 0 needs the word “free” in its reason, for instance “free until March”"])
        return
    values = {**each.values, "reason": reason}
    if from_key is not None:
        values["effective_from"] = st.session_state.get(from_key)
        if values["effective_from"] is None:
            state.refuse([f"{each.name}: the first day is empty; give one, or use the price for every month"])
            return
    try:
        edit = price_edits.edit_of(values, each.name)
    except price_edits.Refused as error:
        state.refuse([str(error)])
        return
    if price_edits.put(price_edits.with_new([edit])):
        _no(number)


def _no(number: int) -> None:
    waiting = st.session_state[PENDING]
    st.session_state[PENDING] = (*waiting[:number], *waiting[number + 1 :])
    state.remount()


def forget() -> None:
    """Drop the questions whose price has become another one since."""
    book = state.book()
    waiting = st.session_state.get(PENDING, ())
    st.session_state[PENDING] = tuple(each for each in waiting if each.old is None or _stands(book, each.old))


def _stands(book: Any, row: Price) -> bool:
    plan = book.plan(row.ref)
    return plan is not None and any(each.key == row.key and each.price_usd == row.price_usd for each in plan.rows)
