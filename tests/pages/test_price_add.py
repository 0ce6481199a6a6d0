"""Adding a price that the book does not have."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from pricing.catalog import load_book
from pricing.facts import facts_of
from pricing.price import FACTS
from pricing.units import GRADUATED_METERS, METERS, REQUEST_TIER_METERS, VECTOR_STORE_METERS
from tests.pages.prices_screen import PAGE, click, press_in_table, table


def fill_in(screen, **values):
    """Open the form and enter values, some of which no list has yet; a price is added with them."""
    click(screen, "open add")
    enter(screen, **values)
    click(screen, "add price")


def enter(screen, **values):
    """Enter values into the form, as the browser sends them."""
    for name, value in values.items():
        widget = next(each for kind in KINDS for each in getattr(screen.at, kind) if _is_called(each.key, name))
        if name in ("provider", "item"):
            states = screen.at._tree.get_widget_states()
            others = [each for each in states.widgets if each.id != widget.proto.id]
            del states.widgets[:]
            states.widgets.extend([*others, WidgetState(id=widget.proto.id, string_value=value)])
            screen.at._run(states)
        else:
            typed = isinstance(value, float) and widget.key in {each.key for each in screen.at.text_input}
            widget.set_value(f"{value:.12g}" if typed else value)
            screen.rerun()
        screen.check()


def _is_called(key, name):
    return key == f"add {name}" or (name == "unit" and (key or "").startswith("add unit "))


KINDS = ("text_input", "number_input", "selectbox", "date_input", "checkbox")


def test_an_added_price_is_listed_and_can_be_deleted(opened):
    screen = opened(PAGE)
    fill_in(screen, provider="acme", item="chat-1", meter="input", usd=1.25, reason="quote")
    row = table(screen).iloc[0]

    assert list(table(screen)["Price"]) == ["chat-1, input"]
    assert (row["USD"], row["per"], row["Undo"], list(row["Status"])) == ("1.25", "1M tokens", "Delete", ["added"])
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
        ({"item": "chat-1", "usd": 1.0}, "The new price has no provider; choose one, or type a new one"),
        ({"provider": "acme", "usd": 1.0}, "The new price has no model or plan; choose one, or type a new one"),
    ],
)
def test_an_incomplete_new_price_is_refused(opened, values, said):
    screen = opened(PAGE)
    fill_in(screen, **values)

    assert said in screen.notice
    assert screen.scenario.price_edits == ()


def test_a_price_can_be_added_with_all_that_is_known_of_it(opened):
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, provider="acme", item="store", meter="reads", unit="1M units", usd=4.0, reason="offer")
    enter(screen, source="https://acme.example/prices", checked=date(2026, 11, 3), confidence="medium")
    enter(screen, tier=10.0, minimum=25.0, included=2.0)
    enter(screen, units_per_search=0.5, units_per_gb_searched=3.0, cap_quantity=500.0)
    click(screen, "add price")
    (edit,) = screen.scenario.price_edits

    assert (edit.source, edit.as_of, edit.confidence) == ("https://acme.example/prices", "2026-11-03", "medium")
    assert (edit.tier_from, edit.minimum_usd, edit.included_quantity) == (10.0, 25.0, 2.0)
    assert edit.facts() == {"units_per_search": 0.5, "units_per_gb_searched": 3.0, "cap_quantity": 500.0}


def test_a_deployment_can_say_that_tokens_are_billed_and_when_its_model_retires(opened):
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, provider="acme", item="tuned", meter="hosting", usd=4.0, reason="offer")
    screen.at.checkbox(key="add bills_tokens").check()
    enter(screen, retires_on=date(2027, 6, 30), successor="openai/gpt-6.1-sol")
    click(screen, "add price")

    assert screen.scenario.price_edits[0].facts() == {
        "bills_tokens": True,
        "retires_on": date(2027, 6, 30),
        "successor": "openai/gpt-6.1-sol",
    }


@pytest.mark.parametrize("meter", METERS)
def test_the_form_asks_for_every_fact_that_bills(opened, meter):
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, meter=meter)
    asked = {each.key.removeprefix("add ") for kind in KINDS for each in getattr(screen.at, kind) if each.key}

    assert {fact for fact in FACTS if fact in asked} == set(facts_of(meter))
    assert ("tier" in asked) == (meter in REQUEST_TIER_METERS | VECTOR_STORE_METERS)
    assert ("minimum" in asked) == (meter in VECTOR_STORE_METERS | {"training"})
    assert ("included" in asked) == (meter in GRADUATED_METERS)


def test_a_confidence_without_source_is_refused(opened):
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, provider="acme", item="chat-1", usd=4.0, confidence="high")
    click(screen, "add price")

    assert "chat-1, input, Confidence: it is low without a source" in screen.notice
    assert screen.scenario.price_edits == ()


def test_a_new_price_for_every_month_asks_before_it_drops_the_dates_of_one_in_the_book(opened):
    dated = next(row for row in load_book().rows if row.effective_from and row.meter == "input" and not row.tier_from)
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, provider=dated.provider, item=dated.item, usd=dated.price_usd * 1.01, reason="offer")
    click(screen, "add price")

    assert "This price has other dates" in screen.words
    assert screen.scenario.price_edits == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"usd": "1,5"}, "store, reads: '1,5' has a decimal comma; write 1.5"),
        ({"usd": "1,200"}, "store, reads: '1,200' can be read two ways; write 1.200 or 1200"),
        ({"usd": "4", "minimum": "2,5"}, "store, reads: At least, USD: '2,5' has a decimal comma; write 2.5"),
        ({"usd": "4", "tier": "1 000"}, "From quantity a month: '1 000' has thousands separators; write 1000"),
        ({"usd": "4", "units_per_search": "x"}, "Units per search: 'x' is not a number"),
        ({"usd": "4", "cap_quantity": "-1"}, "-1 is out of limits; use a number above 0"),
    ],
)
def test_a_number_that_can_be_misread_is_refused_with_its_field(opened, values, said):
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, provider="acme", item="store", meter="reads", unit="1M units", **values)
    click(screen, "add price")

    assert said in screen.notice
    assert sum("Not applied" in each.value for each in screen.at.markdown) == 2  # beside the button too
    assert screen.scenario.price_edits == ()


def test_two_prices_of_a_plan_do_not_contradict_each_other(opened):
    screen = opened(PAGE)
    fill_in(screen, provider="acme", item="store", meter="nodes", usd=1.0, gb_per_node=4.0)
    click(screen, "open add")
    enter(screen, provider="acme", item="store", meter="nodes", usd=2.0, tier=10.0, gb_per_node=8.0)
    click(screen, "add price")

    assert "GB per node: 8.00 here and 4.00 in your price store, nodes; a plan has one" in screen.notice
    assert [edit.gb_per_node for edit in screen.scenario.price_edits] == [4.0]


def test_a_second_minimum_of_a_plan_is_refused(opened):
    screen = opened(PAGE)
    fill_in(screen, provider="acme", item="store", meter="flat", usd=1.0, minimum=10.0)
    click(screen, "open add")
    enter(screen, provider="acme", item="store", meter="storage", usd=2.0, minimum=20.0)
    click(screen, "add price")

    assert "minimum_usd is 10 in edit (flat) and 20 in edit (storage); a plan has one" in screen.notice
    assert len(screen.scenario.price_edits) == 1


def test_a_model_cannot_follow_itself(opened):
    screen = opened(PAGE)
    click(screen, "open add")
    enter(screen, provider="acme", item="chat-1", usd=4.0, retires_on=date(2027, 6, 30), successor="acme/chat-1")
    click(screen, "add price")

    assert "Successor: acme/chat-1 is the model itself; name another one or leave it empty" in screen.notice
