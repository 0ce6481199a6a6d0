"""One price row: its names, what it refuses, and when it is in force."""

from datetime import date

import pytest
from pydantic import ValidationError

from pricing.book import Price, PriceEdit, PriceError, parse_price_id
from pricing.price import not_yet

ROW = {"provider": "acme", "item": "base-8k", "meter": "input", "unit": "1M tokens", "price_usd": 2.0}


@pytest.mark.parametrize(
    "item", ["base-8k", "ft:gpt-4.1-2025-04-14", "@cf/baai/bge-m3", "model@001", "a:b@c/d:free", "with blank"]
)
@pytest.mark.parametrize(("tier_from", "tail"), [(0.0, ""), (272_000.0, "@272000"), (0.5, "@0.5")])
def test_a_price_id_reads_back_whatever_the_item_holds(item, tier_from, tail):
    row = Price(**{**ROW, "item": item, "tier_from": tier_from})

    assert row.price_id == f"acme/{item}:input{tail}"
    assert parse_price_id(row.price_id) == (f"acme/{item}", "input", tier_from)


@pytest.mark.parametrize(
    "text",
    [
        "acme/base-8k",
        "acme/base-8k:tokens",
        "base-8k:input",
        "acme/:input",
        "acme/base-8k:input@",
        "acme/base-8k:input@0",
        "acme/base-8k:input@nan",
        "",
    ],
)
def test_what_is_not_a_price_id_is_refused(text):
    with pytest.raises(PriceError, match=r"price id|price reference|tier_from"):
        parse_price_id(text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"meter": "tokens"}, "'tokens' is not a meter; use one of"),
        ({"unit": "USD/token"}, "'USD/token' is not a unit of input; use one of token, 1k tokens, 1M tokens"),
        ({"price_usd": -0.01}, "greater than or equal to 0"),
        ({"price_usd": 1e9 + 1}, "less than or equal to 1000000000"),
        ({"price_usd": float("nan")}, "finite number"),
        ({"price_usd": float("inf")}, "finite number"),
        ({"price_usd": "2"}, "valid number"),
        ({"price_usd": 0.0}, "0 needs the word 'free' in note"),
        ({"price_usd": 0.0, "note": "freedom"}, "0 needs the word 'free' in note"),
        ({"provider": "ac/me"}, "holds a '/'"),
        ({"item": " base"}, "blanks at its ends"),
        ({"group": "models"}, "'models' is not a group; use one of llm, embedding"),
        ({"meter": "embedding", "tier_from": 5.0}, "embedding has no tiers"),
        ({"minimum_usd": 5.0}, "input has no minimum"),
        ({"included_quantity": 5.0}, "input has no included quantity"),
        ({"as_of": "2026"}, "'2026' is not a day or month"),
        ({"as_of": "2026-13"}, "not a day of the calendar"),
        ({"effective_from": "1 May 2026"}, "write it as YYYY-MM-DD"),
        (
            {"effective_from": date(2026, 5, 2), "effective_to": date(2026, 5, 1)},
            "2026-05-01 is before effective_from 2026-05-02",
        ),
        ({"confidence": "sure", "source": "https://acme.example"}, "'high', 'medium' or 'low'"),
        ({"confidence": "sure"}, "'high', 'medium' or 'low'"),
        ({"confidence": ["low"]}, "'high', 'medium' or 'low'"),
        ({"successor": "base-9k"}, "write provider/item"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_a_row_is_refused_with_the_reason(change, words):
    with pytest.raises(ValidationError, match=words):
        Price(**{**ROW, **change})


def test_a_fee_has_no_included_quantity_and_storage_has():
    flat = {**ROW, "meter": "flat", "unit": "month"}
    storage = {**ROW, "meter": "storage", "unit": "GB-month", "included_quantity": 10.0}

    with pytest.raises(ValidationError, match="flat has no included quantity"):
        Price(**flat, included_quantity=10.0)
    assert Price(**storage).included_quantity == 10


def test_a_price_of_zero_stands_where_the_note_says_free():
    assert Price(**{**ROW, "price_usd": 0.0, "note": "Free tier"}).usd_per_base == 0


def test_a_row_without_source_has_low_confidence_whatever_it_claims():
    assert Price(**ROW, confidence="high").confidence == "low"
    assert Price(**ROW, confidence="high", source="https://acme.example").confidence == "high"


def test_the_group_follows_the_meter_unless_it_is_given():
    assert Price(**ROW).group == "llm"
    assert Price(**ROW, group="fine_tuning").group == "fine_tuning"


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), True),
        (date(2026, 5, 31), True),
        (date(2026, 6, 1), False),
    ],
)
def test_a_row_holds_from_its_first_to_its_last_day(day, holds):
    row = Price(**ROW, effective_from=date(2026, 5, 1), effective_to=date(2026, 5, 31))

    assert row.in_force(day) is holds


def test_an_edit_reads_days_from_text_and_refuses_zero_without_free_in_the_reason():
    edit = PriceEdit(**ROW, effective_from="2027-01-01", reason="our contract")

    assert edit.effective_from == date(2027, 1, 1)
    with pytest.raises(ValidationError, match="0 needs the word 'free' in reason"):
        PriceEdit(**{**ROW, "price_usd": 0.0})


def test_an_edit_without_source_has_low_confidence_whatever_it_claims():
    assert PriceEdit(**ROW, confidence="high").confidence == "low"
    assert PriceEdit(**ROW, confidence="high", source="https://acme.example").confidence == "high"
    with pytest.raises(ValidationError, match="'high', 'medium' or 'low'"):
        PriceEdit(**ROW, confidence="sure")


@pytest.mark.parametrize(("as_of", "said"), [("2026-11-03", "2026-11-03"), ("2026-11", "2026-11"), ("", None)])
def test_an_edit_says_the_day_or_month_on_which_it_was_checked(as_of, said):
    assert PriceEdit(**ROW, as_of=as_of).as_of == said


def test_an_edit_refuses_a_day_that_is_none():
    with pytest.raises(ValidationError, match="'2026-02-30' is not a day of the calendar"):
        PriceEdit(**ROW, as_of="2026-02-30")


@pytest.mark.parametrize(
    ("words", "free"),
    [
        ("free", True),
        ("Free of charge", True),
        ("free until March, not for teams", True),
        ("not free; free for students", True),
        ("not free", False),
        ("Not for free", False),
        ("isn't free", False),
        ("no longer free", False),
        ("never free", False),
        ("tax-free", False),
        ("freedom", False),
        ("", False),
    ],
)
def test_a_price_of_nothing_says_that_it_is_free_in_a_word_of_its_own(words, free):
    values = {"provider": "acme", "item": "base", "meter": "input", "unit": "token", "price_usd": 0}
    if free:
        assert Price(**values, note=words).price_usd == PriceEdit(**values, reason=words).price_usd == 0
    else:
        with pytest.raises(ValueError, match="0 needs the word 'free' in note"):
            Price(**values, note=words)
        with pytest.raises(ValueError, match="0 needs the word 'free' in reason"):
            PriceEdit(**values, reason=words)


@pytest.mark.parametrize(
    ("checked", "late"),
    [(None, False), ("2026-11-21", False), ("2026-11", False), ("2026-11-22", True), ("2026-12", True)],
)
def test_nobody_has_checked_a_price_after_today(checked, late):
    words = not_yet(checked, date(2026, 11, 21))

    assert words == (f"{checked} is after today, 2026-11-21; {LATE}" if late else "")


LATE = "give the day on which the price was checked, or leave it blank"
