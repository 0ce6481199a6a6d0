"""Price edits in links and in the storage of the browser, and what a link was made with."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from costmodel import link
from costmodel.changes import changed
from costmodel.made_with import MadeWith, made_with
from pages.ui import edits_apart
from pricing.catalog import load_book
from report import prices_text
from tests.pages.prices_screen import EDIT, PAGE, VOLUME


def many_edits(preset):
    """A scenario whose price edits do not fit into a link."""
    letters = random.Random(1)
    refs = load_book().refs("input")[:400]
    edits = []
    for ref in refs:
        row = next(row for row in load_book().plan(ref).rows if row.meter == "input" and not row.tier_from)
        reason = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=40))
        edits.append(
            {"provider": row.provider, "item": row.item, "meter": "input", "unit": row.unit, "price_usd": 1.5}
            | {"reason": reason}
        )
    return changed(preset, {"price_edits": edits})


def component(screen, name):
    return [each.proto for each in screen.at.get("bidi_component") if each.proto.component_name == name]


def open_at(opened, query):
    """A session that begins at an address."""
    screen = opened.__new__(opened)
    screen.at, screen._groups = (
        AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"), default_timeout=60),
        set(),
    )
    for name, value in query.items():
        screen.at.query_params[name] = value
    screen.at.run()
    screen.check()
    return screen


def answer(screen, found):
    """What the browser sends back from its storage."""
    states = screen.at._tree.get_widget_states()
    part = component(screen, "crossover_stored")[0]
    states.widgets.append(WidgetState(id=part.id, json_value=json.dumps({"found": found})))
    screen.at._run(states)
    screen.check()


def test_what_does_not_fit_into_the_link_is_kept_in_the_browser(opened, preset):
    large = many_edits(preset)
    screen = opened(PAGE)
    screen.at.session_state["scenario"] = large
    screen.rerun()
    screen.check()
    query = dict(part.split("=", 1) for part in screen.address.split("&"))
    assert len(query["s"]) <= link.MAX_CHARACTERS
    assert "the link alone is incomplete" in screen.words
    written = json.loads(component(screen, "crossover_stored")[0].json)["write"]
    assert written["key"] == query["k"]

    again = open_at(opened, query)
    assert again.scenario.price_edits == ()
    assert "being fetched" in again.words
    answer(again, {"key": query["k"], "text": written["text"]})
    assert again.scenario == large
    assert again.address == screen.address
    assert "the link alone is incomplete" in again.words


@pytest.mark.parametrize("kind", ["none", "damaged", "other edits", "not text", "bomb"])
def test_stored_edits_are_not_trusted(opened, preset, kind):
    large = many_edits(preset)
    key, text = edits_apart.packed(large)
    other = edits_apart.packed(changed(preset, {"price_edits": [EDIT]}))[1]
    texts = {"none": None, "damaged": text[:-40], "other edits": other, "not text": 5, "bomb": "A" * 2_000_000}
    screen = open_at(opened, {"s": link.encoded(preset), "k": key})
    answer(screen, {"key": key, "text": texts[kind]})

    assert screen.scenario.price_edits == ()
    assert "This link alone is incomplete" in screen.words
    assert ("damaged" in screen.notice) == (kind != "none")


def test_without_the_stored_edits_the_link_follows_what_is_on_screen(opened, preset):
    key = edits_apart.packed(many_edits(preset))[0]
    screen = open_at(opened, {"s": link.encoded(preset), "k": key})
    answer(screen, {"key": key, "text": None})
    assert screen.address.endswith(f"&k={key}")
    screen.pull(VOLUME, 50_000)

    assert "&k=" not in screen.address
    assert link.decoded(screen.address.removeprefix("s="))[0] == screen.scenario
    assert "This link alone is incomplete" not in screen.words


def test_a_link_whose_plan_is_among_the_stored_edits_waits_for_them(opened, preset):
    new = [{**EDIT, "provider": "acme", "item": "chat-1", "meter": meter} for meter in ("input", "output")]
    scenario = changed(many_edits(preset), {"rag.model": "acme/chat-1"})
    scenario = changed(scenario, {"price_edits": [*(e.model_dump() for e in scenario.price_edits), *new]})
    key, text = edits_apart.packed(scenario)
    screen = open_at(opened, {"s": link.encoded(scenario.model_copy(update={"price_edits": ()})), "k": key})
    assert screen.scenario == preset
    answer(screen, {"key": key, "text": text})

    assert screen.scenario == scenario


def test_a_link_made_under_another_book_shows_both_totals(opened, preset):
    scenario = changed(preset, {VOLUME: 123_456.0})
    then = MadeWith("genai-prices-0.1+older", "1.0.0", {"rag": 50_000.0, "fine_tuning": 60_000.0, "hybrid": 70_000.0})
    screen = opened("app.py", link.encoded(scenario, None, then))
    screen.check()
    assert "Made with price book genai-prices-0.1+older" in screen.words.replace("\N{WORD JOINER}", "")
    assert "$50,000.00" in screen.words
    assert "A link does not carry the prices" in screen.words
    screen.pull(VOLUME, 50_000)

    assert "$50,000.00" not in screen.words


def test_a_changed_scenario_says_in_its_link_what_it_was_made_with(opened):
    screen = opened()
    screen.pull(VOLUME, 50_000)

    assert link.made_with(screen.address.removeprefix("s=")) == made_with(screen.run)
    again = opened("app.py", screen.address.removeprefix("s="))
    assert "Made with" not in again.words


# Retirement


def test_a_model_says_where_it_is_chosen_when_it_retires(opened, link_to):
    book = load_book()
    ref = next(ref for ref in book.refs("input", "output") if book.plan(ref).fact("retires_on"))
    screen = opened("app.py", link_to({"rag.model": ref}))
    screen.open_groups("RAG")
    said = prices_text.retires(book.plan(ref).fact("retires_on"), book.plan(ref).fact("successor"))

    assert any(said in each.value.replace("\\", "").replace("\N{WORD JOINER}", "") for each in screen.at.caption)
