"""Typing prices in, taking them back, and carrying them in files, links and the browser's storage."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from costmodel import files, link
from costmodel.changes import changed
from costmodel.made_with import MadeWith, made_with
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pages.ui import edits_apart, state
from pages.ui.history import MOST_STEPS
from pricing.catalog import load_book
from pricing.exporting import edits_csv, rows_csv
from report import prices_text

PAGE = "pages/prices.py"
INPUT, OUTPUT = "gpt-6.1-sol, input", "gpt-6.1-sol, output"
VOLUME = "workload.queries_per_month"
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}


def row_of(screen, price):
    """Number of the row of a price in the table on screen."""
    return list(table(screen)["Price"]).index(price)


def table(screen):
    return screen.at.dataframe[0].value


def type_in(screen, cells):
    """What the browser sends when cells have been typed over: price -> column -> value."""
    rows = {str(row_of(screen, price)): values for price, values in cells.items()}
    send(screen, rows)


def send(screen, rows):
    states = screen.at._tree.get_widget_states()
    content = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    states.widgets.append(WidgetState(id=screen.at.dataframe[0].proto.id, string_value=json.dumps(content)))
    screen._keep_open()
    screen.at._run(states)
    screen.check()


def click(screen, key):
    """Press a button by its key."""
    next(each for each in screen.at.button if each.key == key).click()
    screen.rerun()
    screen.check()


def choose_filter(screen, name):
    pills = next(each for each in screen.at.get("button_group") if each.key == "prices filter")
    pills.set_value(name)
    screen.rerun()
    screen.check()


def upload(screen, name, content, kind="text/csv"):
    click(screen, "open import")
    screen.at.file_uploader[0].upload(name, content, kind)
    screen.rerun()
    screen.check()


def totals(screen):
    return {key: answer.tco_usd for key, answer in screen.run.answers.items()}


# Filters


def test_the_filters_count_and_show_their_rows(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [EDIT]}))
    run = screen.run
    pills = next(each for each in screen.at.get("button_group") if each.key == "prices filter")
    assert [option.content for option in pills.proto.options][:2] == [f"In use · {len(run.rows_in_use)}", "Edited · 1"]
    assert pills.proto.options[3].content == f"All · {len(run.book.rows):,}"

    choose_filter(screen, "Edited")
    assert list(table(screen)["Price"]) == [INPUT]
    assert list(table(screen)["Was"]) == ["2.00"]

    choose_filter(screen, "All")
    assert len(table(screen)) == 50


def test_the_search_wants_every_word(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    screen.at.text_input(key="prices search").set_value("OPENAI gpt-6.1-sol output")
    screen.rerun()

    assert OUTPUT in set(table(screen)["Price"])
    assert all("gpt-6.1-sol" in price and "output" in price for price in table(screen)["Price"])


def test_a_group_shows_its_rows_only(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    screen.at.selectbox(key="prices group").set_value("parsing")
    screen.rerun()
    screen.check()

    parsed = [row for row in screen.run.book.rows if row.group == "parsing"]
    assert len(table(screen)) == min(50, len(parsed))


def test_the_second_page_shows_the_next_rows(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    first = set(table(screen).index)
    pages = next(each for each in screen.at.get("pagination") if each.proto.id)
    states = screen.at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=pages.proto.id, int_value=2))
    screen.at._run(states)
    screen.check()

    assert len(table(screen)) == 50
    assert not first & set(table(screen).index)


def test_a_filter_without_rows_says_so(opened):
    screen = opened(PAGE)
    choose_filter(screen, "Edited")

    assert "You have not changed any price." in screen.words


def test_what_is_older_than_the_limit_is_to_be_checked(opened):
    screen = opened(PAGE)
    ages = [
        (date.today() - date.fromisoformat(row.as_of if len(row.as_of) == 10 else f"{row.as_of}-01")).days
        for row in screen.run.rows_in_use
    ]
    limit = sorted(ages)[len(ages) // 2]
    screen.put("number_input", "age limit", limit)
    choose_filter(screen, "To check")
    old = [age for age in ages if age > limit]

    assert len(table(screen)) == len(old)
    assert all("check again" in list(status) for status in table(screen)["Status"])
    assert f"checked more than {limit} days ago" in screen.lead
    assert opened(PAGE, screen.address.removeprefix("s=")).lead == screen.lead


# Editing


def test_a_typed_in_price_is_marked_and_moves_the_answer(opened):
    screen = opened(PAGE)
    before = totals(screen)
    type_in(screen, {INPUT: {"USD": 1.5}})
    row = table(screen).iloc[row_of(screen, INPUT)]

    assert (row["USD"], row["Was"], row["Undo"], list(row["Status"])) == (1.5, "2.00", "Revert", ["edited"])
    assert totals(screen)["rag"] < before["rag"]
    assert screen.headline.endswith("; one of them is yours")
    assert screen.lead.startswith("Your edit takes $")
    assert any("One edit has no reason yet" in each.value for each in screen.at.caption)


def test_the_reason_of_an_edit_travels_with_it(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 1.5, "Reason": "our contract"}})
    row = table(screen).iloc[row_of(screen, INPUT)]

    assert row["Reason"] == "our contract"
    assert screen.scenario.price_edits[0].reason == "our contract"
    type_in(screen, {INPUT: {"USD": 1.5, "Reason": "the new contract"}})
    assert screen.scenario.price_edits[0].reason == "the new contract"


def test_edits_stay_on_another_page_and_in_the_address(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 1.5}})
    screen.go_to("app.py")
    screen.go_to(PAGE)
    again = opened(PAGE, screen.address.removeprefix("s="))

    assert table(screen).iloc[row_of(screen, INPUT)]["USD"] == 1.5
    assert again.scenario == screen.scenario
    assert table(again).equals(table(screen))


def test_several_edits_one_after_the_other_are_all_kept(opened):
    screen = opened(PAGE)
    first, second = row_of(screen, INPUT), row_of(screen, OUTPUT)
    send(screen, {str(first): {"USD": 1.5}})
    send(screen, {str(first): {"USD": 1.5}, str(second): {"USD": 9.0}})
    send(screen, {str(first): {"USD": 1.25}, str(second): {"USD": 9.0}})

    assert {edit.meter: edit.price_usd for edit in screen.scenario.price_edits} == {"input": 1.25, "output": 9.0}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"USD": -5}, "-5 is not possible; a price is 0 to 1,000,000,000 USD per 1M tokens"),
        ({"USD": 1e12}, "is not possible"),
        ({"USD": None}, "the price is empty"),
        ({"USD": "abc"}, "abc is not possible"),
        ({"USD": True}, "True is not possible"),
        ({"per": "hour"}, "'hour' is not a unit of input; use token, 1k tokens, 1M tokens"),
        ({"per": None}, "is not a unit of input"),
        ({"Reason": "x" * 501, "USD": 1.0}, "longer than 500 characters"),
        ({"Reason": "why"}, "type the price first"),
    ],
)
def test_a_refused_cell_keeps_the_last_good_state_and_says_why(opened, cells, said):
    screen = opened(PAGE)
    before = screen.scenario
    type_in(screen, {INPUT: cells, OUTPUT: {"USD": 9.0}})

    assert screen.scenario == before
    assert said in screen.notice
    assert INPUT in screen.notice
    assert "last good scenario is kept" in screen.notice


def test_locked_columns_change_nothing(opened):
    screen = opened(PAGE)
    before = screen.scenario
    send(screen, {"0": {"Source": "another", "Price": "another", "Used by": []}})

    assert screen.scenario == before
    assert screen.notice == ""


def test_more_than_tenfold_waits_for_a_yes_and_names_the_slip(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 0.002}})

    assert screen.scenario.price_edits == ()
    assert "That is one part in 1,000 of what it was. Is the price per 1k tokens and not per 1M tokens?" in screen.words
    click(screen, "pending yes 0")
    assert screen.scenario.price_edits[0].price_usd == 0.002
    assert "Check this price" not in screen.words


def test_a_no_leaves_the_price_as_it_is(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 0.002}})
    click(screen, "pending no 0")

    assert screen.scenario.price_edits == ()
    assert "Check this price" not in screen.words


def test_a_price_of_nothing_needs_the_word_free(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 0}})
    click(screen, "pending yes 0")
    assert "needs the word “free” in its reason" in screen.notice
    assert screen.scenario.price_edits == ()

    next(each for each in screen.at.text_input if each.key.startswith("prices answer 0")).set_value("free until May")
    click(screen, "pending yes 0")
    assert (screen.scenario.price_edits[0].price_usd, screen.scenario.price_edits[0].reason) == (0.0, "free until May")


def test_a_question_goes_with_an_undo(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 1.5}})
    type_in(screen, {INPUT: {"USD": 2000.0}})
    click(screen, "undo")

    assert "Check this price" not in screen.words


def test_an_edit_of_a_dated_price_keeps_the_other_dates(opened, link_to):
    book = load_book()
    ref = next(
        ref
        for ref in book.refs("input", "output")
        if len([row for row in book.plan(ref).rows if row.meter == "input" and not row.tier_from]) > 1
    )
    screen = opened(PAGE, link_to({"rag.model": ref}))
    rows = [row for row in screen.run.rows_in_use if row.ref == ref and row.meter == "input" and not row.tier_from]
    last = rows[-1]
    place = list(table(screen).index).index(f"{last.price_id} {last.effective_from}")
    send(screen, {str(place): {"USD": last.price_usd * 1.5}})

    assert screen.scenario.price_edits[0].effective_from == last.effective_from
    left = [row for row in screen.run.book.plan(ref).rows if row.price_id == last.price_id]
    assert len(left) == len([row for row in book.plan(ref).rows if row.price_id == last.price_id])


# Revert, undo, redo


def test_revert_takes_one_edit_back(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [EDIT, {**EDIT, "meter": "output", "price_usd": 9.0}]}))
    place = row_of(screen, INPUT)
    press_in_table(screen, place, "Revert")

    assert [edit.meter for edit in screen.scenario.price_edits] == ["output"]
    assert table(screen).iloc[row_of(screen, INPUT)]["USD"] == 2.0


def press_in_table(screen, row, label):
    """What the browser sends when a button in a row has been pressed."""
    states = screen.at._tree.get_widget_states()
    state_ = WidgetState(id=screen.at.dataframe[0].proto.button_click_widgets["Undo"])
    state_.string_trigger_value.data = json.dumps({"row": row, "label": label})
    states.widgets.append(state_)
    screen._keep_open()
    screen.at._run(states)
    screen.check()


def test_revert_all_brings_the_book_back_and_undo_the_edits(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [EDIT]}))
    edited = totals(screen)
    click(screen, "revert all")
    assert screen.scenario.price_edits == ()
    click(screen, "undo")

    assert totals(screen) == edited


def test_one_history_for_levers_fields_prices_and_presets(opened):
    screen = opened(PAGE)
    seen = [screen.scenario]
    screen.pull(VOLUME, 50_000)
    seen.append(screen.scenario)
    screen.open_groups("RAG")
    screen.put("number_input", "field rag.top_k", 7)
    seen.append(screen.scenario)
    type_in(screen, {INPUT: {"USD": 1.5}})
    seen.append(screen.scenario)
    screen.put("selectbox", "preset", next(name for name in PRESETS if name != DEFAULT_PRESET))
    seen.append(screen.scenario)

    back = []
    for _ in range(4):
        click(screen, "undo")
        back.append(screen.scenario)
    assert back == seen[-2::-1]
    assert screen.at.button(key="undo").disabled
    forth = []
    for _ in range(4):
        click(screen, "redo")
        forth.append(screen.scenario)
    assert forth == seen[1:]
    assert screen.at.button(key="redo").disabled


def test_the_moves_of_a_drag_are_one_step_and_two_drags_are_two(opened, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(state, "clock", lambda: now[0])
    screen = opened()
    start = screen.scenario
    for volume in (50_000, 60_000, 70_000):
        screen.pull(VOLUME, volume)
        now[0] += 0.1
    first = screen.scenario
    now[0] += 60
    for volume in (80_000, 90_000):
        screen.pull(VOLUME, volume)
        now[0] += 0.1
    click(screen, "undo")
    assert screen.scenario == first
    click(screen, "undo")
    assert screen.scenario == start


def test_a_new_change_clears_what_could_be_redone(opened):
    screen = opened()
    screen.pull(VOLUME, 50_000)
    click(screen, "undo")
    screen.pull("workload.monthly_growth_share", 0.05)

    assert screen.at.button(key="redo").disabled
    click(screen, "undo")
    assert screen.at.button(key="undo").disabled


def test_the_history_is_bounded(opened, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(state, "clock", lambda: now[0])
    screen = opened()
    history = screen.at.session_state["history"]
    for number in range(MOST_STEPS + 20):
        history = history.stepped(screen.scenario, (f"path {number}",), True, float(number * 100))

    assert len(history.past) == MOST_STEPS
    assert history.past[-1].paths == (f"path {MOST_STEPS + 19}",)


def test_undo_says_what_it_takes_back(opened):
    screen = opened()
    screen.pull(VOLUME, 50_000)

    assert screen.at.button(key="undo").help == "Undo: Queries per month"


# Adding


def fill_in(screen, **values):
    """Open the form and enter values, some of which no list has yet; a price is added with them."""
    click(screen, "open add")
    for name, value in values.items():
        kind = "text_input" if name == "reason" else "number_input" if name == "usd" else "selectbox"
        widget = next(each for each in getattr(screen.at, kind) if each.key == f"add {name}")
        if kind == "selectbox" and name != "meter":
            states = screen.at._tree.get_widget_states()
            others = [each for each in states.widgets if each.id != widget.proto.id]
            del states.widgets[:]
            states.widgets.extend([*others, WidgetState(id=widget.proto.id, string_value=value)])
            screen.at._run(states)
        else:
            widget.set_value(value)
            screen.rerun()
    click(screen, "add price")


def test_an_added_price_is_listed_and_can_be_deleted(opened):
    screen = opened(PAGE)
    fill_in(screen, provider="acme", item="chat-1", meter="input", usd=1.25, reason="quote")
    row = table(screen).iloc[0]

    assert list(table(screen)["Price"]) == ["chat-1, input"]
    assert (row["USD"], row["per"], row["Undo"], list(row["Status"])) == (1.25, "1M tokens", "Delete", ["added"])
    press_in_table(screen, 0, "Delete")
    assert screen.scenario.price_edits == ()


def test_an_added_plan_can_be_chosen_and_is_not_deleted_while_it_is(opened):
    screen = opened(PAGE)
    for meter, usd in (("input", 1.0), ("output", 4.0)):
        fill_in(screen, provider="acme", item="chat-1", meter=meter, usd=usd)
    screen.open_groups("RAG")
    assert "acme/chat-1" in screen.widget("selectbox", "field rag.model").options
    screen.put("selectbox", "field rag.model", "acme/chat-1")
    screen.check()
    assert screen.scenario.rag.model == "acme/chat-1"
    click(screen, "revert all")

    assert "acme/chat-1" in screen.notice
    assert len(screen.scenario.price_edits) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"provider": "acme", "item": "chat-1"}, "the price is empty"),
        ({"item": "chat-1", "usd": 1.0}, "Provider"),
        ({"provider": "acme", "usd": 1.0}, "Model or plan"),
    ],
)
def test_an_incomplete_new_price_is_refused(opened, values, said):
    screen = opened(PAGE)
    fill_in(screen, **values)

    assert said in screen.notice
    assert screen.scenario.price_edits == ()


# Files


def test_exported_edits_come_back_the_same(opened, link_to):
    edits = [{**EDIT, "reason": "contract"}, {**EDIT, "meter": "output", "price_usd": 9.0, "reason": "=1+1"}]
    screen = opened(PAGE, link_to({"price_edits": edits}))
    content = edits_csv(screen.scenario.price_edits, load_book()).encode()
    other = opened(PAGE)
    upload(other, "edits.csv", content)
    assert "2 changed" in other.words
    click(other, "apply import")

    assert totals(other) == totals(screen)
    assert {edit.key: (edit.price_usd, edit.reason) for edit in other.scenario.price_edits} == {
        edit.key: (edit.price_usd, edit.reason) for edit in screen.scenario.price_edits
    }


def test_an_import_waits_for_every_answer(opened):
    content = (
        b"provider,item,meter,unit,price_usd,reason\n"
        b"openai,gpt-6.1-sol,input,1M tokens,2000,quote\n"
        b"openai,gpt-6.1-sol,output,1M tokens,-1,slip\n"
        b"acme,new,input,1M tokens,3,quote\n"
    )
    screen = opened(PAGE)
    upload(screen, "ours.csv", content)
    words = screen.words
    assert "1 changed, 1 added, 1 refused" in words
    assert screen.at.button(key="apply import").disabled

    for box in screen.at.checkbox:
        if box.key.startswith(("exclude", "confirm")):
            box.check()
    screen.rerun()
    click(screen, "apply import")
    assert {edit.price_id for edit in screen.scenario.price_edits} == {"openai/gpt-6.1-sol:input", "acme/new:input"}
    click(screen, "undo")
    assert screen.scenario.price_edits == ()


def test_a_file_that_cannot_be_read_says_why(opened):
    screen = opened(PAGE)
    upload(screen, "ours.csv", b"a;b\n1;2\n")

    assert "Nothing of this file can be used" in screen.words
    assert "not separated by commas" in screen.words


def test_a_scenario_file_opens_the_same_answer(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [EDIT], VOLUME: 123_456.0}))
    content = files.written(screen.scenario, load_book()).encode()
    other = opened(PAGE)
    upload(other, "ours.json", content, "application/json")
    assert "1 typed-in price" in other.words
    click(other, "open scenario")

    assert other.scenario == screen.scenario
    assert totals(other) == totals(screen)
    click(other, "undo")
    assert other.scenario.price_edits == ()


def test_the_prices_of_then_can_be_restored_from_a_file(opened):
    screen = opened(PAGE)
    content = json.loads(files.written(screen.scenario, load_book()))
    then = {**content, "made_with": {**content["made_with"], "price_book": "genai-prices-0.1+older"}}
    for row in then["prices"]:
        if row["price_id"] == "openai/gpt-6.1-sol:input":
            row["price_usd"] = 3.0
    old_book = load_book().with_rows(files.opened(json.dumps(then), "x").prices)
    then["made_with"]["totals_usd"] = dict(made_with(run_scenario(screen.scenario, old_book)).totals_usd)
    upload(screen, "then.json", json.dumps(then).encode(), "application/json")
    assert "they can be restored" in screen.words
    assert "gives the totals of then, to the cent" in screen.words
    click(screen, "open with prices")

    assert {key: round(usd, 2) for key, usd in totals(screen).items()} == then["made_with"]["totals_usd"]
    assert [edit.price_usd for edit in screen.scenario.price_edits] == [3.0]


def test_prices_in_use_are_exported_and_unchanged_when_they_come_back(opened):
    screen = opened(PAGE)
    upload(screen, "prices.csv", rows_csv(screen.run.rows_in_use).encode())

    assert f"{len(screen.run.rows_in_use)} unchanged" in screen.words
    assert screen.at.button(key="apply import").disabled


# Links


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
