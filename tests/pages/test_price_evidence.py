"""Where a typed-in price comes from, and what it does to the other dates of a price."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pricing.catalog import load_book
from tests.pages.prices_screen import EDIT, INPUT, PAGE, click, row_of, send, table, totals, type_in


def test_a_typed_in_price_can_say_source_day_and_confidence(opened):
    screen = opened(PAGE)
    offer = {"USD": 1.5, "Source": "https://acme.example/offer", "Checked": "2026-10", "Confidence": "medium"}
    type_in(screen, {INPUT: offer})
    (edit,) = screen.scenario.price_edits
    row = table(screen).iloc[row_of(screen, INPUT)]

    assert (edit.source, edit.as_of, edit.confidence) == ("https://acme.example/offer", "2026-10", "medium")
    assert (row["Source"], row["Checked"], row["Confidence"]) == (edit.source, "in Oct 2026", "medium")
    type_in(screen, {INPUT: {**offer, "Reason": "offer"}})
    assert screen.scenario.price_edits == (edit.model_copy(update={"reason": "offer"}),)


def test_the_source_of_the_book_does_not_go_with_another_price(opened):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 1.5}})
    (edit,) = screen.scenario.price_edits

    assert (edit.source, edit.as_of, edit.confidence) == ("", None, "low")


def test_a_price_of_the_book_can_be_confirmed(opened):
    screen = opened(PAGE)
    before, book = totals(screen), screen.run.rows_in_use[row_of(screen, INPUT)]
    type_in(screen, {INPUT: {"Checked": "2026-11-20"}})
    (edit,) = screen.scenario.price_edits
    row = table(screen).iloc[row_of(screen, INPUT)]

    assert (edit.price_usd, edit.source, edit.as_of) == (book.price_usd, book.source, "2026-11-20")
    assert (list(row["Status"]), row["Was"]) == (["confirmed"], "")
    assert totals(screen) == before


def test_a_source_can_be_taken_back(opened, link_to):
    sourced = {**EDIT, "source": "https://acme.example", "confidence": "high"}
    screen = opened(PAGE, link_to({"price_edits": [sourced]}))
    type_in(screen, {INPUT: {"Source": None, "Confidence": "low"}})

    assert (screen.scenario.price_edits[0].source, screen.scenario.price_edits[0].confidence) == ("", "low")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Confidence": "high"}, "Confidence: it is low without a source, so high is not possible"),
        (
            {"Confidence": "high", "Source": "a friend"},
            "high needs a source that is a link, or a named and dated document",
        ),
        ({"Confidence": "sure", "Source": "https://a.example"}, "'sure' is not a confidence; use high, medium, low"),
        ({"Checked": "last week"}, "Checked: 'last week' is not a day or month; write YYYY-MM-DD or YYYY-MM"),
        ({"Checked": "2026-02-30"}, "Checked: '2026-02-30' is not a day of the calendar"),
        ({"Source": "x" * 1001}, "Source: longer than 1,000 characters; shorten it"),
        ({"Source": ["x"]}, "Source: ['x'] is not a text"),
    ],
)
def test_evidence_that_is_none_is_refused(opened, cells, said):
    screen = opened(PAGE)
    type_in(screen, {INPUT: {"USD": 1.5, **cells}})

    assert screen.scenario.price_edits == ()
    assert said in screen.notice
    assert INPUT in screen.notice


# Prices with dates


@pytest.fixture
def scheduled(opened, link_to):
    """The page on a model whose input has a price without a date and a later one; and that price."""
    book = load_book()
    ref = next(
        ref
        for ref in book.refs("input", "output")
        if [row.effective_from is None for row in _inputs(book, ref)] == [True, False]
    )
    start = min(row.effective_from for row in _inputs(book, ref) if row.effective_from)
    early = f"{start.year - 1}-{start.month:02d}"
    screen = opened(PAGE, link_to({"rag.model": ref, "finance.start_month": early}))
    return screen, _inputs(book, ref)


def _inputs(book, ref):
    return [row for row in book.plan(ref).rows if row.meter == "input" and not row.tier_from]


def inputs_now(screen, rows):
    return [(row.effective_from, row.price_usd) for row in _inputs(screen.run.book, rows[0].ref)]


def type_over_the_first(screen, rows):
    usd = rows[0].price_usd * 1.5
    send(screen, {str(list(table(screen).index).index(f"{rows[0].price_id} ")): {"USD": usd}})
    return usd


def test_over_the_first_of_several_dates_the_page_asks_from_when_on(scheduled):
    screen, rows = scheduled
    usd = type_over_the_first(screen, rows)
    assert screen.scenario.price_edits == ()
    assert "This price has other dates" in screen.words
    assert "Held for every month, yours drops them; with a first day it keeps them." in screen.words
    click(screen, "pending from 0")
    first = date.fromisoformat(f"{screen.scenario.finance.start_month}-01")

    assert inputs_now(screen, rows) == [
        (None, rows[0].price_usd),
        (rows[1].effective_from, rows[1].price_usd),
        (first, usd),
    ]


def test_over_the_first_of_several_dates_a_price_can_hold_for_every_month_and_the_table_says_so(scheduled):
    screen, rows = scheduled
    usd = type_over_the_first(screen, rows)
    click(screen, "pending yes 0")
    assert inputs_now(screen, rows) == [(None, usd)]
    shown = table(screen).loc[rows[0].price_id]
    assert list(shown["Status"])[:2] == ["edited", "drops one other date"]
    assert any(
        "holds for every month: its other dates in the book drop out." in each.value for each in screen.at.caption
    )

    send(screen, {str(list(table(screen).index).index(rows[0].price_id)): {"USD": usd * 1.1}})
    assert "This price has other dates" not in screen.words
    assert inputs_now(screen, rows) == [(None, usd * 1.1)]


def test_without_a_first_day_nothing_is_used_from_that_day_on(scheduled):
    screen, rows = scheduled
    type_over_the_first(screen, rows)
    next(each for each in screen.at.date_input if each.key.startswith("prices from 0")).set_value(None)
    click(screen, "pending from 0")

    assert "the first day is empty" in screen.notice
    assert screen.scenario.price_edits == ()


def test_one_of_several_typed_in_dates_is_changed_alone(opened, link_to):
    dated = {**EDIT, "price_usd": 1.2, "effective_from": "2027-06-01"}
    screen = opened(PAGE, link_to({"price_edits": [EDIT, dated]}))
    place = next(n for n, index in enumerate(table(screen).index) if index == "openai/gpt-6.1-sol:input ")
    send(screen, {str(place): {"USD": 1.6}})

    assert [edit.price_usd for edit in screen.scenario.price_edits] == [1.6, 1.2]


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, True)])
def test_a_price_cannot_have_been_checked_after_today(opened, days, late):
    screen = opened(PAGE)
    checked = (date.today() + timedelta(days=days)).isoformat()
    type_in(screen, {INPUT: {"USD": 1.5, "Source": "https://acme.example/offer", "Checked": checked}})

    assert (f"Checked: {checked} is after today" in screen.notice) == late
    assert len(screen.scenario.price_edits) == (0 if late else 1)
