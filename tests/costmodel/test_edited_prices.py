"""What a run says of typed-in prices: how many there are, which ones, and what is wrong with one that cannot be."""

from __future__ import annotations

import pytest

from costmodel.changes import ScenarioError, changed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.book import PriceBook
from pricing.catalog import load_book
from tests.costmodel.office import BOOK, OFFICE

EDIT = {"provider": "acme", "item": "base", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}


def with_edits(*edits):
    return changed(OFFICE, {"price_edits": list(edits)})


def test_typed_in_prices_are_counted_apart_from_undated_ones():
    scenario = changed(PRESETS[DEFAULT_PRESET].scenario, {"finance.start_month": "2026-11"})
    before = run_scenario(scenario, load_book())
    row = before.rows_in_use[0]
    edit = {name: getattr(row, name) for name in ("provider", "item", "meter", "unit", "tier_from")}
    edits = {"price_edits": [edit | {"price_usd": row.price_usd * 1.1}]}
    after = run_scenario(changed(scenario, edits), load_book()).prices_as_of

    assert (before.prices_as_of["typed_in"], after["typed_in"]) == (0, 1)
    assert after["undated"] == before.prices_as_of["undated"]


@pytest.mark.parametrize(("many", "said"), [(3, "p/i002:input"), (4, "p/i002:input and 1 more"), (151, "and 148 more")])
def test_of_many_edited_prices_the_first_three_are_named(many, said):
    names = [{**EDIT, "provider": "p", "item": f"i{number:03}"} for number in range(many)]
    words = next(
        text for text in run_scenario(with_edits(*names), PriceBook(BOOK.rows)).warnings if "every month" in text
    )

    assert words.startswith("Edited prices replace the book's for every month: p/i000:input, p/i001:input, p/i")
    assert words.endswith(said)
    assert len(words) < 140


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"price_usd": -1}, "price_edits.0.price_usd: -1 is out of limits; use 0 to 1,000,000,000 USD"),
        ({"price_usd": "2"}, "price_edits.0.price_usd: '2' is not a number; use 0 to 1,000,000,000 USD"),
        ({"effective_from": "May"}, "price_edits.0.effective_from: 'May' is not a day; write it as YYYY-MM-DD"),
        ({"reason": "x" * 501}, "price_edits.0.reason: longer than 500 characters; shorten it"),
        ({"reason": 5}, "price_edits.0.reason: 5 is not a text; write it in quotes"),
        ({"min_gpus": 0}, "price_edits.0.min_gpus: 0 is out of limits; use a number above 0"),
    ],
)
def test_a_value_of_an_edit_is_refused_in_plain_words(wrong, words):
    with pytest.raises(ScenarioError) as refused:
        with_edits(EDIT | wrong)

    assert words in str(refused.value)
