"""Typed-in prices: every cell that comes from the browser is checked here before it becomes a price edit.

The scenario is the truth. A refused cell changes nothing and says why; what looks like a slip waits for a yes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import ValidationError

from pages.ui import layout, state
from pages.ui.price_rows import Shown
from pricing.importing import combined
from pricing.moves import Change, Moved, price_ratio, suspicions
from pricing.price import PRICE_LIMIT_USD, Price, PriceEdit, PriceKey
from pricing.price_files import explain
from pricing.replacing import edited
from pricing.row_reader import MAX_REASON
from pricing.schedules import says_free
from pricing.units import REQUEST_TIER_METERS, UnitError, meter
from report import prices_text as words

PENDING = "prices pending"
_ASKED = "prices answer"


class Refused(ValueError):
    """A cell that cannot become a price; says place, value, limit and way out."""


@dataclass(frozen=True)
class Pending:
    """A price that waits for a yes: what is typed in, what it stands in for, and the question."""

    values: Mapping[str, Any]
    old: Price | None
    name: str
    question: str
    needs_free: bool


def take(rows: Sequence[Shown], cells: Mapping[Any, Mapping[str, Any]]) -> None:
    """Cells of the table as the browser sends them (row number -> column -> value): all of them or none."""
    entered: list[tuple[dict[str, Any], Price | None, str]] = []
    problems: list[str] = []
    for number, changes in cells.items():
        if not str(number).isdigit() or int(number) >= len(rows):
            continue
        shown = rows[int(number)]
        try:
            values = _entered(shown, changes)
        except Refused as error:
            problems.append(f"{shown.words}: {error}")
        else:
            if values is not None:
                entered.append((values, shown.row, shown.words))
    if problems:
        state.refuse(problems)
    elif entered:
        submit(entered)


def _entered(shown: Shown, cells: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values of the edit that a row's cells amount to; None when they say what stands there already."""
    row = shown.row
    usd, unit, reason = cells.get("USD", row.price_usd), cells.get("per", row.unit), cells.get("Reason")
    had = shown.edit.reason if shown.edit else ""
    reason = had if reason is None and "Reason" not in cells else (reason or "")
    if (usd, unit, reason) == (row.price_usd, row.unit, had):
        return None
    if not isinstance(reason, str) or len(reason) > MAX_REASON:
        raise Refused(f"the reason is longer than {MAX_REASON} characters; shorten it")
    if shown.edit is None and (usd, unit) == (row.price_usd, row.unit):
        raise Refused("a reason belongs to a price that you change; type the price first, then the reason")
    values = _values(shown)
    if unit != row.unit:
        values |= _in_unit(row, unit, values)
    return values | {"price_usd": checked_usd(usd, str(unit)), "unit": unit, "reason": reason.strip()}


def _values(shown: Shown) -> dict[str, Any]:
    """What an edit of a row says besides price, unit and reason."""
    if shown.edit is not None:
        return shown.edit.model_dump(exclude_none=True)
    row = shown.row
    names = {"provider": row.provider, "item": row.item, "meter": row.meter, "tier_from": row.tier_from}
    return names | ({"effective_from": row.effective_from} if shown.dated and row.effective_from else {})


def _in_unit(row: Price, unit: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Quantities of an edit in another unit of its meter."""
    known = meter(row.meter).units
    if unit not in known:
        raise Refused(f"{str(unit)[:40]!r} is not a unit of {row.meter.replace('_', ' ')}; use {', '.join(known)}")
    if row.tier_from and row.meter not in REQUEST_TIER_METERS:
        raise Refused(f"its tier is counted in {row.unit}; add the tier as a price of its own instead")
    included = values.get("included_quantity")
    if not included:
        return {}
    return {"included_quantity": included * meter(row.meter).per_unit(row.unit) / meter(row.meter).per_unit(unit)}


def checked_usd(usd: Any, unit: str) -> float:
    """A price as a number. Raises Refused for anything that is none."""
    number = isinstance(usd, int | float) and not isinstance(usd, bool)
    if usd is None or usd == "":
        raise Refused(f"the price is empty; type {words.LIMITS} per {unit}, or choose Revert for the book's price")
    if not number or not math.isfinite(usd) or not 0 <= usd <= PRICE_LIMIT_USD:
        raise Refused(f"{str(usd)[:40]} is not possible; a price is {words.LIMITS} per {unit}")
    return float(usd)


def submit(entered: Sequence[tuple[Mapping[str, Any], Price | None, str]]) -> bool:
    """Put prices into the scenario; those that look like a slip or need a word wait for an answer."""
    sure: list[PriceEdit] = []
    waiting: list[Pending] = []
    try:
        for values, old, name in entered:
            pending = _doubt(values, old, name)
            if pending is None:
                sure.append(_edit(values, name))
            else:
                waiting.append(pending)
    except Refused as error:
        state.refuse([str(error)])
        return False
    if sure and not put(combined(state.scenario().price_edits, sure)):
        return False
    if waiting:
        asked = {each.name for each in waiting}
        others = [each for each in st.session_state.get(PENDING, ()) if each.name not in asked]
        st.session_state[PENDING] = (*others, *waiting)
        state.remount()
    return True


def put(edits: Sequence[PriceEdit]) -> bool:
    """Make these the price edits of the scenario."""
    return state.accepted({"price_edits": [edit.model_dump(exclude_none=True) for edit in edits]})


def _edit(values: Mapping[str, Any], name: str) -> PriceEdit:
    try:
        return PriceEdit.model_validate(dict(values))
    except ValidationError as error:
        raise Refused(f"{name}{explain(error)}") from None


def _doubt(values: Mapping[str, Any], old: Price | None, name: str) -> Pending | None:
    """A question about a price, if it raises one: is it free, is it really more than ten times as much?"""
    free = values["price_usd"] == 0 and not says_free(values["reason"])
    if free:
        # Whatever else is wrong with it is said now, not after the answer.
        _edit({**values, "reason": "free"}, name)
        return Pending(values, old, name, "A price of 0 says why it is free, with that word.", needs_free=True)
    edit = _edit(values, name)
    if old is None or old.price_usd == edit.price_usd == 0:
        return None
    try:
        new = edited([old], edit)
        ratio = price_ratio(old, new)
    except (UnitError, ValidationError):
        return None
    if ratio is None or ratio == 1:
        return None
    found = suspicions(Change(old, new, ratio, (Moved("price_usd", old.price_usd, new.price_usd, ratio),)))
    return Pending(values, old, name, _sentence(found[0].words), needs_free=False) if found else None


def _sentence(question: str) -> str:
    """ "1,000 times: is the price per 1k tokens?" as two sentences."""
    head, colon, tail = question.partition(": ")
    than = "what it was" if head.endswith("times") else "of what it was"
    return f"That is {head} {than}. {tail[:1].upper()}{tail[1:]}" if colon else question


# What waits for an answer


def pending() -> None:
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
        st.button(f"Use {usd} per {unit}", key=f"pending yes {number}", on_click=_yes, args=(number, key))
        keep = f"Keep {words.amount(each.old.price_usd)}" if each.old else "Leave it out"
        st.button(keep, key=f"pending no {number}", type="tertiary", on_click=_no, args=(number,))


def _yes(number: int, key: str) -> None:
    each = st.session_state[PENDING][number]
    reason = (st.session_state.get(key) or "").strip()
    if each.needs_free and not says_free(reason):
        state.refuse([f"{each.name}: 0 needs the word “free” in its reason, for instance “free until March”"])
        return
    try:
        edit = _edit({**each.values, "reason": reason}, each.name)
    except Refused as error:
        state.refuse([str(error)])
        return
    if put(combined(state.scenario().price_edits, [edit])):
        _no(number)


def _no(number: int) -> None:
    waiting = st.session_state[PENDING]
    st.session_state[PENDING] = (*waiting[:number], *waiting[number + 1 :])
    state.remount()


def forget_pending() -> None:
    """Drop the questions whose price has become another one since."""
    book = state.book()
    waiting = st.session_state.get(PENDING, ())
    st.session_state[PENDING] = tuple(each for each in waiting if each.old is None or _stands(book, each.old))


def _stands(book: Any, row: Price) -> bool:
    plan = book.plan(row.ref)
    return plan is not None and any(each.key == row.key and each.price_usd == row.price_usd for each in plan.rows)


# Taking back


def revert(key: PriceKey) -> None:
    """Take one edit back: the book's price is in force again, an added price is gone."""
    if put([edit for edit in state.scenario().price_edits if edit.key != key]):
        state.remount()


def revert_all() -> None:
    """Take all edits back."""
    if put([]):
        state.remount()
