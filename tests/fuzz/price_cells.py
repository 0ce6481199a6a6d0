"""Price edits as the server receives them: cells of the table, the form for a new price, and the answers to questions.

The session is a plain dictionary, so that a case takes milliseconds; `tests.fuzz.pages` sends cells through Streamlit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

import streamlit as st_
from hypothesis import strategies as st
from streamlit.elements.widgets.data_editor import DataEditorSerde

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pages.ui import price_add, price_editor, price_edits, price_questions, state
from pages.ui.history import History
from pages.ui.price_rows import Sheet, Shown
from pricing.catalog import load_book
from pricing.price import CONFIDENCES, FACTS
from pricing.units import METERS
from tests.fuzz.counted import ACCEPTED, REFUSED, Broken, Target
from tests.fuzz.mutations import REFS, Draw, nasty, one_of, words
from tests.fuzz.promises import in_plain_words, sound

EDITABLE = ("USD", "per", "Reason", "Source", "Checked", "Confidence")
UNITS = tuple(sorted({unit for each in METERS.values() for unit in each.units}))


class Sent(NamedTuple):
    """What one session gets, one after the other: sets of cells or forms, each with the answer to a question."""

    start: int
    steps: tuple[tuple[str, Any, Any], ...]


@cache
def starts() -> tuple[Scenario, ...]:
    """Scenarios to begin with: without edits, with one, with dated ones."""
    first = resolved(PRESETS[DEFAULT_PRESET].scenario, date.today())
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    later = edit | {"price_usd": 0.0, "reason": "free", "effective_from": "2027-03-01", "source": "https://example.org"}
    full = edit | {"as_of": "2026-10", "source": "https://example.org/x", "confidence": "high"}
    store = {"provider": "pinecone", "item": "serverless standard aws us-east-1", "meter": "storage"}
    odd = store | {"unit": "GB-month", "price_usd": 0.33, "minimum_usd": 25.0}
    edits: list[list[dict[str, Any]]] = [[], [edit], [edit, later], [full, odd]]
    return tuple(changed(first, {"price_edits": each}) for each in edits)


usd = st.one_of(
    one_of(1.5, 0, "0", "1.5", "1,5", "1.200,50", "1 200", "1e-7", "1e308", 1e308, 1e309, "1e9999", "-1", -5, None, ""),
    one_of(float("nan"), float("inf"), 10**400, True, "٣", "²", " 2 ", "0x10", "1_000", "=1+1", "$2", "1e9", 5e-324),
    st.floats(0, 100),
    nasty,
)
columns: dict[str, st.SearchStrategy[Any]] = {
    "USD": usd,
    "per": st.one_of(one_of(*UNITS), nasty),
    "Reason": st.one_of(one_of("free", "ours", None, "x" * 500, "x" * 501), nasty),
    "Source": st.one_of(one_of("https://example.org", "", "y" * 1_000, "y" * 1_001), nasty),
    "Checked": st.one_of(one_of("2026-11", "2026-11-01", "2199-01-01", "", "2026-02-30"), nasty),
    "Confidence": st.one_of(one_of(*CONFIDENCES), nasty),
}
cells = st.dictionaries(
    st.one_of(st.integers(0, 6).map(str), one_of("0", "-1", "99", "1e1", "²", "x", "", "0" * 5_000)),
    st.one_of(
        st.fixed_dictionaries({}, optional=columns),
        st.fixed_dictionaries({"USD": usd}),
        st.dictionaries(st.one_of(one_of("Price", "Used by", "Undo", "_index", "Nothing"), words), nasty, max_size=2),
        nasty,
    ),
    max_size=4,
)


@st.composite
def _table(draw: Draw) -> Any:
    sent: dict[str, Any] = {"edited_rows": draw(cells), "added_rows": [], "deleted_rows": []}
    if draw(st.integers(0, 14)) == 0:
        sent[draw(one_of("edited_rows", "added_rows", "deleted_rows"))] = draw(nasty)
    return sent


@st.composite
def _form(draw: Draw) -> dict[str, Any]:
    meter = draw(one_of(*METERS))
    ref = draw(one_of(*REFS))
    amount = one_of("", "1", "0", "-1", "1e15", "1e16", "1,5", "nan", "5e-324")
    entered: dict[str, Any] = {
        "provider": draw(st.one_of(one_of(ref.partition("/")[0], "acme", "", "a/b"), words)).strip(),
        "item": draw(st.one_of(one_of(ref.partition("/")[2], "new one", ""), words)).strip(),
        "meter": meter,
        "unit": draw(one_of(*METERS[meter].units)),
        "price_usd": draw(st.one_of(one_of("1", "0", "2.5", "1e9", "2e9", ""), words)).strip(),
        "effective_from": draw(one_of(None, None, date(2026, 12, 1), date(1, 1, 1), date(9999, 12, 31))),
        "source": draw(one_of("", "https://example.org", "x")),
        "as_of": draw(one_of(None, "2026-10-01", "2199-01-01")),
        "confidence": draw(one_of(*CONFIDENCES)),
        "reason": draw(one_of("", "free", "ours")),
    }
    for name in ("tier_from", "minimum_usd", "included_quantity", *FACTS):
        if draw(st.integers(0, 9)) == 0:
            entered[name] = draw(_fact(name, amount))
    return entered


def _fact(name: str, amount: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if name == "bills_tokens":
        return one_of(True, None)
    if name == "retires_on":
        return one_of(None, date(2027, 3, 1), date(1, 1, 1))
    return one_of(*REFS[:5], "x", "a/b") if name == "successor" else st.one_of(amount, words)


answer = st.tuples(one_of("yes", "from", "no", "wait"), one_of("free", "", "ours", "x" * 501, "not free", None))
step = st.one_of(
    st.tuples(st.just("cells"), _table(), answer),
    st.tuples(st.just("form"), _form(), answer),
    st.tuples(st.just("revert"), st.integers(0, 3), answer),
    st.tuples(st.just("undo"), st.none(), answer),
)
cases = st.builds(Sent, st.integers(0, 3), st.lists(step, min_size=1, max_size=4).map(tuple))


@contextmanager
def session(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """A session that holds this scenario, without a browser and without a page."""
    kept: dict[str, Any] = {"scenario": scenario, "view": {}, "refused": (), "nonce": 0}
    kept |= {"history": History(), "other": None}
    before = st_.session_state
    st_.session_state = kept  # type: ignore[assignment]
    try:
        yield kept
    finally:
        st_.session_state = before


def judge(case: Sent) -> str:
    """Every step puts in a price, asks about it, or refuses it; what is refused changes nothing."""
    verdicts = set()
    with session(starts()[case.start]) as kept:
        for kind, content, said in case.steps:
            verdicts.add(_checked(kept, kind, partial(_take, kind, content)))
            verdicts.add(_checked(kept, "answer", partial(_answer, kept, said)))
    return REFUSED if REFUSED in verdicts and ACCEPTED not in verdicts else ACCEPTED


def _take(kind: str, content: Any) -> None:
    if kind == "cells":
        sheet = Sheet(run_scenario(state.scenario(), load_book()), load_book(), 90, date.today())
        shown: list[Shown] = [sheet.shown(row) for row in sheet.of("In use")]
        frame = sheet.frame(shown)
        try:
            sent = DataEditorSerde().deserialize(json.dumps(content))
        except (ValueError, AttributeError, TypeError):  # never gets as far as the page
            return
        price_editor.take(shown, list(frame), sent, date.today())
    elif kind == "form":
        typed = {name: _as_sent(value) for name, value in content.items()}
        price_add._added(typed)
    elif kind == "revert":
        keys = [each.key for each in state.scenario().price_edits]
        price_edits.revert_all() if content >= len(keys) else price_edits.revert(keys[content])
    else:
        state.undo()
        state.redo()
        state.undo()


def _as_sent(value: Any) -> Any:
    """A text as a widget's message can carry it: without halves of characters."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _answer(kept: dict[str, Any], said: tuple[str, str | None]) -> None:
    kind, reason = said
    if not kept.get(price_questions.PENDING) or kind == "wait":
        return
    each = kept[price_questions.PENDING][0]
    if kind == "no":
        price_questions._no(0)
        return
    kept["the reason"], kept["the day"] = reason, date(2027, 1, 1)
    price_questions._yes(0, "the reason", "the day" if kind == "from" and each.drops else None)


def _checked(kept: dict[str, Any], kind: str, act: Callable[[], None]) -> str:
    """ACCEPTED when a step changed something and all holds, REFUSED when it was refused, "" when neither."""
    before = state.scenario()
    kept["refused"] = ()
    act()
    after = state.scenario()
    refused = state.refused()
    if refused:
        in_plain_words(refused)
        if after != before:
            raise Broken(f"a refusal that changes something: {refused!r:.300}")
        return REFUSED
    for waiting in kept.get(price_questions.PENDING, ()):
        in_plain_words([f"{waiting.name} {waiting.question}"])
    if after == before:
        return ""
    run = sound(after)
    sheet = Sheet(run, load_book(), 90, date.today())
    sheet.frame([sheet.shown(row) for row in (*sheet.of("In use"), *sheet.of("Edited"))])
    if kind != "undo":
        state.undo()
        if state.scenario() != before:
            raise Broken("an undo that does not bring the scenario back")
        state.redo()
        if state.scenario() != after:
            raise Broken("a redo that does not bring the scenario back")
    return ACCEPTED


TARGET = Target("price edits", cases, judge)
