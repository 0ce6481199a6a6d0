"""Whole pages: any link opened on any page, and what a browser may send to their widgets, right or wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st
from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from costmodel import link
from tests.fuzz import files, links, price_cells, price_files
from tests.fuzz.counted import ACCEPTED, REFUSED, ROOT, Broken, Target
from tests.fuzz.mutations import Draw, nasty, one_of, words
from tests.fuzz.promises import in_plain_words, sound

SECONDS = 25
"""After which AppTest gives a page up."""

DETAILS = "client.showErrorDetails"


class Visit(NamedTuple):
    """A link, the page that it is opened on, and what happens there."""

    page: str
    word: str | None
    actions: tuple[tuple[str, Any], ...] = ()


@cache
def pages() -> tuple[str, ...]:
    """Every page of the app."""
    return ("app.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py"))))


values = st.one_of(nasty, st.integers(-3, 10), st.booleans(), words, st.floats(0, 1e6))
actions = st.one_of(
    st.tuples(st.just("lever"), st.tuples(st.integers(0, 9), values)),
    st.tuples(st.just("component"), st.tuples(st.integers(0, 20), nasty)),
    st.tuples(st.just("cells"), price_cells.cells),
    st.tuples(st.just("text"), st.tuples(st.integers(0, 40), words)),
    st.tuples(st.just("number"), st.tuples(st.integers(0, 60), st.floats(allow_nan=False, allow_infinity=False))),
    st.tuples(st.just("choice"), st.tuples(st.integers(0, 30), st.integers(0, 12))),
    st.tuples(st.just("press"), st.integers(0, 60)),
    st.tuples(
        st.just("upload"), st.one_of(files.cases().map(tuple), price_files.cases().map(lambda case: ("p.csv", case[0])))
    ),
)


@st.composite
def cases(draw: Draw) -> Visit:
    """A page with a link, sound more often than not, and perhaps something that is done there."""
    case = draw(links.cases(broken=draw(st.integers(0, 5)) == 3))
    word = None if draw(st.integers(0, 5)) == 0 else case.word
    return Visit(draw(one_of(*pages())), word, tuple(draw(st.lists(actions, max_size=3))))


@contextmanager
def _tracebacks_on_the_page() -> Iterator[None]:
    """Streamlit shows the whole of an error, and writes nothing to its log."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("streamlit")]
    heard = [log for log in map(logging.getLogger, names) if not log.disabled]
    before = config.get_option(DETAILS)
    config.set_option(DETAILS, "full")
    for log in heard:
        log.disabled = True
    try:
        yield
    finally:
        config.set_option(DETAILS, before)
        for log in heard:
            log.disabled = False


@_tracebacks_on_the_page()
def judge(case: Visit) -> str:
    """Open, act, look: no page shows a traceback, and the scenario that it holds is sound."""
    screen = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    if case.word is not None and len(case.word) <= 50_000:
        screen.query_params["s"] = _printable(case.word)
    if case.page != "app.py":
        screen.switch_page(case.page)
    screen.run()
    _looked_at(screen, "opening")
    refused = "refused" in screen.session_state and bool(screen.session_state["refused"])
    for kind, content in case.actions:
        _done(screen, kind, content)
        _looked_at(screen, kind)
    return REFUSED if refused else ACCEPTED


def _printable(word: str) -> str:
    return word.encode("utf-8", "replace").decode()


def _looked_at(screen: AppTest, after: str) -> None:
    for each in screen.exception:
        last = [line.strip() for line in each.stack_trace if str(ROOT) in line]
        place = last[-1].split(",")[0].rpartition("/")[2] if last else ""
        raise Broken(f"a traceback on a page after {after} in {place}: {each.message} {each.stack_trace[-4:]}")
    if "scenario" not in screen.session_state:
        return
    if screen.session_state["refused"]:
        in_plain_words(screen.session_state["refused"])
    sound(screen.session_state["scenario"])


def _done(screen: AppTest, kind: str, content: Any) -> None:
    states = screen._tree.get_widget_states()
    if kind in ("lever", "component"):
        number, value = content
        known = [each.proto for each in screen.get("bidi_component")]
        known = [each for each in known if ("-lever " in each.id) == (kind == "lever")]
        if not known:
            return
        sent = {"value": value} if kind == "lever" else value
        states.widgets.append(WidgetState(id=known[number % len(known)].id, json_value=json.dumps(sent)))
        screen._run(states)
    elif kind == "cells":
        tables = [each.proto.id for each in screen.dataframe if "price table" in each.proto.id]
        if not tables:
            return
        sent = {
            "edited_rows": {
                key: value for key, value in content.items() if key.isascii() and key.isdecimal() and len(key) < 9
            }
        }
        states.widgets.append(
            WidgetState(id=tables[0], string_value=json.dumps(sent | {"added_rows": [], "deleted_rows": []}))
        )
        screen._run(states)
    elif kind == "upload":
        name, data = content
        kind = "csv" if name.endswith(".csv") else "json"
        taking = [each for each in screen.file_uploader if f".{kind}" in each.proto.type]
        if taking:
            stem = _printable(name.replace("/", "")).removesuffix(f".{kind}")
            taking[0].upload(f"{stem or 'x'}.{kind}", data, "application/json").run()
    else:
        _typed(screen, kind, content)


def _typed(screen: AppTest, kind: str, content: Any) -> None:
    known: list[Any]
    if kind == "press":
        known = [each for each in screen.button if not each.disabled]
        if known:
            known[content % len(known)].click().run()
        return
    number, value = content
    if kind == "text":
        known = list(screen.text_input)
        value = _printable(value)
    elif kind == "number":
        known = list(screen.number_input)
    else:
        known = [each for each in screen.selectbox if each.options]
    if not known:
        return
    box = known[number % len(known)]
    if kind == "choice":
        value = box.options[value % len(box.options)]
        box.set_value(value).run() if not box.disabled else None
    else:
        box.set_value(type(box.value)(value) if isinstance(box.value, int | float) else value).run()


assert link.MAX_CHARACTERS < 50_000
TARGET = Target("page of a link", cases(), judge)
