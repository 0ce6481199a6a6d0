"""Typing prices into the table, and taking them back."""

from __future__ import annotations

import pytest

from costmodel.presets import DEFAULT_PRESET, PRESETS
from pages.ui import state
from pages.ui.history import MOST_STEPS
from pricing.catalog import load_book
from tests.pages.prices_screen import (
    EDIT,
    INPUT,
    OUTPUT,
    PAGE,
    VOLUME,
    click,
    press_in_table,
    row_of,
    send,
    table,
    totals,
    type_in,
)


def test_a_typed_in_price_is_marked_and_moves_the_answer(opened):
    screen = opened(PAGE)
    before = totals(screen)
    type_in(screen, {INPUT: {"USD": 1.5}})
    row = table(screen).iloc[row_of(screen, INPUT)]

    assert (row["USD"].strip(), row["Was"], row["Undo"], list(row["Status"])) == ("1.50", "2.00", "Revert", ["edited"])
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

    assert table(screen).iloc[row_of(screen, INPUT)]["USD"].strip() == "1.50"
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
        ({"USD": 10**400}, "is not possible"),
        ({"USD": None}, "the price is empty"),
        ({"USD": "abc"}, "'abc' is not a number; write digits and a decimal point only, e.g. 1200 or 0.15"),
        ({"USD": "1,5"}, "'1,5' has a decimal comma; write 1.5"),
        ({"USD": "0,35"}, "'0,35' has a decimal comma; write 0.35"),
        ({"USD": "1,200"}, "'1,200' can be read two ways; write 1.200 or 1200"),
        ({"USD": "1'200"}, "has thousands separators; write 1200"),
        ({"USD": "=1+1"}, "'=1+1' is not a number"),
        ({"USD": "$2"}, "'$2' is not a number"),
        ({"USD": "-1"}, "-1 is not possible; a price is 0 to 1,000,000,000 USD per 1M tokens"),
        ({"USD": "2e9"}, "is not possible; a price is 0 to 1,000,000,000 USD per 1M tokens"),
        ({"USD": "\u2007 "}, "the price is empty"),
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
    send(screen, {"0": {"Source": "Acme list of 2026", "Price": "another", "Used by": []}})

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


# Cells that the table does not have


@pytest.mark.parametrize(
    "rows",
    [
        {"0": {"Nothing": 1}},
        {"0": {"_index": "x"}},
        {"99": {"USD": 1}},
        {"-1": {"USD": 1}},
        {"0": 5},
        {"0": None},
        {"0": ["USD"]},
    ],
)
def test_cells_that_the_table_does_not_have_change_nothing(opened, rows):
    screen = opened(PAGE)
    before = screen.scenario
    send(screen, rows)

    assert screen.scenario == before
    assert "a cell that it does not have" in screen.notice
    type_in(screen, {INPUT: {"USD": 1.5}})
    assert [edit.price_usd for edit in screen.scenario.price_edits] == [1.5]


def test_rows_that_are_added_or_deleted_change_nothing(opened):
    for more in ({"added_rows": [{"USD": 1}]}, {"deleted_rows": [0]}):
        screen = opened(PAGE)
        before = screen.scenario
        send(screen, {}, **more)

        assert screen.scenario == before
        assert "a cell that it does not have" in screen.notice


# A price with dates


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
    assert table(screen).iloc[row_of(screen, INPUT)]["USD"].strip() == "2.00"


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

    assert screen.at.button(key="undo").help.startswith("Undo: Queries per month")
