"""Words for files and links: each says what is the matter and what to do."""

from __future__ import annotations

import pytest

from costmodel.made_with import Compared, MadeWith
from costmodel.scenario import Scenario
from pricing.price import PriceEdit
from report import share_text

EDIT = PriceEdit(provider="acme", item="base", meter="input", unit="1M tokens", price_usd=1.8)


def made(book="book-a", model="1.0.0", usd=100.0):
    return MadeWith(book, model, {"rag": usd})


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (made(), made(book="book-b"), "Since it was saved, prices have changed."),
        (made(), made(model="1.1.0"), "Since it was saved, the model has changed."),
        (made(), made(book="book-b", model="1.1.0"), "Since it was saved, prices and the model have changed."),
        (made(), made(usd=90.0), "Its totals were others."),
    ],
)
def test_what_has_changed_since_a_file_was_saved(then, now, words):
    assert share_text.since(Compared(then, now)) == words


def test_whether_a_file_s_own_prices_bring_its_totals_back():
    assert share_text.on_its_own_prices(None).endswith("the totals of then, to the cent.")
    assert share_text.on_its_own_prices(Compared(made(), made(book="book-b"))).endswith("to the cent.")
    assert "the model has changed" in share_text.on_its_own_prices(Compared(made(), made(model="1.1.0", usd=1.0)))


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (Scenario(name="Ours"), "Ours."),
        (Scenario(name="Ours", price_edits=(EDIT,)), "Ours, with 1 typed-in price."),
        (
            Scenario(name="Ours", price_edits=(EDIT, EDIT.model_copy(update={"meter": "output"}))),
            "Ours, with 2 typed-in prices.",
        ),
        (Scenario(name=""), "A scenario without a name."),
        (Scenario(name="x" * 61), "x" * 59 + "…."),
    ],
)
def test_what_a_file_holds(scenario, words):
    assert share_text.contents(scenario) == words


def test_a_link_that_is_too_short_is_said_with_its_limit_and_the_way_out():
    words = share_text.too_large(8_000)

    assert "8,000 characters" in words
    assert "Save it as a file" in words
