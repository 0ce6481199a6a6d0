"""What was made under another book or model: both totals, and the prices of then put back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel import MODEL_VERSION, files
from costmodel.changes import changed, resolved
from costmodel.made_with import Compared, MadeWith, compared, made_with, restored, rows_behind
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.book import Price, PriceBook, PriceEdit
from pricing.catalog import book_id, load_book
from report.made_with_text import note, totals, what_differs
from report.numbers import Money

BOOK = load_book()
PRESET = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 1))
NOW = run_scenario(PRESET, BOOK)
MODEL = "openai/gpt-6.1-sol"


def price(meter="input", price_usd=4.0, ref=MODEL, unit="1M tokens", **more):
    provider, item = ref.split("/", 1)
    return Price(provider=provider, item=item, meter=meter, unit=unit, price_usd=price_usd, source="x 2026", **more)


def tco(run):
    return {key: answer.tco_usd for key, answer in run.answers.items()}


# Made with


def test_totals_are_rounded_to_cents_and_a_missing_one_is_none():
    made = made_with(run_scenario(changed(PRESET, {"rag.model": None}), BOOK))

    assert made.totals_usd["rag"] is None
    assert made.totals_usd["fine_tuning"] == round(NOW.answers["fine_tuning"].tco_usd, 2)


@pytest.mark.parametrize("compared_ones", [["rag"], ["prompting", "rag"], ["rag", "fine_tuning", "hybrid"]])
def test_totals_are_those_of_the_compared_architectures(compared_ones):
    made = made_with(run_scenario(changed(PRESET, {"finance.compared": compared_ones}), BOOK))

    assert set(made.totals_usd) == set(compared_ones)


def test_the_book_is_the_one_that_the_edits_were_put_on():
    edited = run_scenario(changed(PRESET, {f"price:{MODEL}:input": 1.5}, BOOK), BOOK)

    assert made_with(NOW).price_book == made_with(edited).price_book == book_id()
    assert edited.book != BOOK


def test_a_book_with_price_files_has_another_id_with_edits_and_without():
    ours = BOOK.with_rows([price("writes", ref="acme/store", unit="GB")])
    edit = PriceEdit(provider="acme", item="store", meter="reads", unit="unit", price_usd=3)
    plain = run_scenario(PRESET, ours)
    edited = run_scenario(changed(PRESET, {"price_edits": [edit.model_dump()]}), ours)

    assert len({book_id(), made_with(plain).price_book, made_with(edited).price_book}) == 3


def test_an_edit_that_explains_all_of_a_price_file_is_the_shipped_book_with_an_edit():
    ours = BOOK.with_rows([price("writes", ref="acme/store", unit="GB")])
    edit = PriceEdit(provider="acme", item="store", meter="writes", unit="GB", price_usd=3)

    edited = run_scenario(changed(PRESET, {"price_edits": [edit.model_dump()]}), ours)
    assert made_with(edited).price_book == book_id()


def test_edits_that_only_a_price_file_can_take_are_no_problem():
    ref = "pinecone/serverless standard aws us-east-1"
    rows = [row for row in BOOK.rows if row.ref != ref]
    ours = PriceBook([*rows, price("writes", ref=ref, unit="GB"), price("storage", ref=ref, unit="GB-month")])
    edit = {"provider": ref.split("/")[0], "item": ref.split("/")[1], "meter": "writes", "unit": "GB", "price_usd": 3.0}
    edit["effective_from"] = date(2027, 1, 1)

    made = made_with(run_scenario(changed(PRESET, {"price_edits": [edit]}), ours))
    assert made.price_book not in (book_id(), book_id(ours))


# Compared


def test_under_the_same_book_and_model_there_is_nothing_to_tell():
    assert compared(made_with(NOW), NOW) is None


def test_under_another_book_both_totals_are_told():
    then = made_with(run_scenario(PRESET, BOOK.with_rows([price()])))

    found = compared(then, NOW)
    assert (found.same_book, found.same_model) == (False, True)
    assert found.moved == ("rag",)
    assert found.totals["rag"] == (then.totals_usd["rag"], round(NOW.answers["rag"].tco_usd, 2))


def test_another_book_that_moves_nothing_is_told_too():
    then = made_with(run_scenario(PRESET, BOOK.with_rows([price(ref="acme/other")])))

    found = compared(then, NOW)
    assert found.moved == ()
    assert note(found, Money()).endswith("The totals are the same to the cent.")


def test_another_model_version_is_told():
    then = MadeWith(book_id(), "1.0.0", made_with(NOW).totals_usd)

    found = compared(then, NOW)
    assert what_differs(found) == f"Made with model 1.0.0 (here {MODEL_VERSION})"


def test_totals_that_moved_under_the_same_book_mean_that_something_is_missing():
    then = made_with(run_scenario(changed(PRESET, {f"price:{MODEL}:input": 9.0}, BOOK), BOOK))

    found = compared(then, NOW)
    assert (found.same_book, found.same_model, found.moved) == (True, True, ("rag",))
    assert "something that it was made with did not travel along" in what_differs(found)


@pytest.mark.parametrize(("then", "same"), [(100.0, True), (100.01, True), (100.02, False), (None, False)])
def test_a_cent_of_rounding_is_no_difference(then, same):
    found = Compared(MadeWith("a", "1", {"rag": then}), MadeWith("a", "1", {"rag": 100.0}))

    assert (found.moved == ()) == same


def test_an_architecture_known_on_one_side_only_is_told():
    found = Compared(MadeWith("a", "1", {"rag": 1.0}), MadeWith("b", "1", {"rag": 1.0, "hybrid": 2.0}))

    assert found.totals == {"rag": (1.0, 1.0), "hybrid": (None, 2.0)}
    assert totals(found, Money()) == "Totals: RAG $1.00 then and now; Hybrid then not known, now $2.00"


def test_the_words_name_both_books_and_both_totals():
    found = Compared(MadeWith("old+1", "1.0.0", {"rag": 1.0}), MadeWith("new+2", "1.1.0", {"rag": 2.5}))

    assert note(found, Money("EUR", 0.5)) == (
        "Made with price book old+1 (here new+2) and model 1.0.0 (here 1.1.0). Totals: RAG then €2.00, now €5.00."
    )


# Restored


def moved(draw, row):
    """A row as a later book might have it."""
    return row.model_copy(update={"price_usd": row.price_usd * draw(st.sampled_from([0.5, 1.0, 2.0]))})


@st.composite
def later_books(draw):
    """The shipped book some time on: other prices, new dates, tiers, meters, facts, plans that went away."""
    refs = {row.ref for row in rows_behind(PRESET, BOOK)}
    rows = [moved(draw, row) if row.ref in refs else row for row in BOOK.rows]
    gone = draw(st.none() | st.sampled_from(sorted(refs)))
    rows = [row for row in rows if row.ref != gone]
    if gone != MODEL:
        new = [
            price(price_usd=9.0, effective_from=date(2027, 3, 1)),
            price(price_usd=7.0, tier_from=100.0),
            price("batch_input", 0.1, effective_from=date(2026, 1, 1)),
            price("input", 8.0, effective_from=date(2026, 6, 1), retires_on=date(2027, 6, 1), successor="openai/gpt-5"),
        ]
        rows += draw(st.lists(st.sampled_from(new), unique_by=lambda row: row.key))
    return PriceBook(rows)


@given(later_books())
@settings(max_examples=20)
def test_the_prices_of_a_file_give_its_totals_under_any_later_book(later):
    scenario = changed(PRESET, {"workload.batch_share": 0.2, "workload.prompt_cache_hit_share": 0.3})
    found = files.opened(files.written(scenario, BOOK), "plan.json")

    again = run_scenario(found.scenario, restored(later, found.prices))
    assert tco(again) == tco(run_scenario(scenario, BOOK))
    assert not (compared(found.made, again) or Compared(found.made, found.made)).moved


def test_successors_travel_along():
    scenario = changed(PRESET, {"rag.model": "openai/gpt-4o"})
    found = files.opened(files.written(scenario, BOOK), "plan.json")

    assert "openai/gpt-6-luna" in {row.ref for row in found.prices}
    without = PriceBook(row for row in BOOK.rows if not row.ref.startswith("openai/gpt"))
    assert tco(run_scenario(scenario, restored(without, found.prices))) == tco(run_scenario(scenario, BOOK))


def test_edits_are_put_on_the_restored_prices_and_not_into_the_file_s_rows():
    scenario = changed(PRESET, {f"price:{MODEL}:input": 1.5}, BOOK)
    found = files.opened(files.written(scenario, BOOK), "plan.json")

    (listed,) = (row for row in found.prices if row.price_id == f"{MODEL}:input")
    assert listed.price_usd == 2.0
    later = BOOK.with_rows([price(price_usd=5.0), price("output", 50.0)])
    assert tco(run_scenario(found.scenario, restored(later, found.prices))) == tco(run_scenario(scenario, BOOK))


def test_other_plans_stay_those_of_the_book():
    later = BOOK.with_rows([price(ref="acme/other", price_usd=5.0)])

    book = restored(later, rows_behind(PRESET, BOOK))
    assert book.plan("acme/other").rows == later.plan("acme/other").rows
    assert set(book.refs()) == set(later.refs())


def test_without_rows_the_book_stays():
    assert restored(BOOK, ()) == BOOK
