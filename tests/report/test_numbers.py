"""How numbers read: short on screen, exact in files; each pair is one step on either side of a rounding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.numbers import MINUS, Money, count, day, listed, percent

MISSING = [None, float("nan")]
USD = Money()


# Money, short


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (1_700_000, "$1.70M"),
        (17_300_000, "$17.3M"),
        (255_000_000, "$255M"),
        (1_700_000_000, "$1.70B"),
        (255_000, "$255K"),
        (8_100, "$8.1K"),
        (1_000, "$1.0K"),
        (412, "$412"),
        (8.4, "$8.40"),
        (1, "$1.00"),
        (0.041, "$0.041"),
        (0.5, "$0.50"),
        (0.00012, "$0.00012"),
    ],
)
def test_money_reads_as_the_look_says(usd, text):
    assert USD(usd) == text


@pytest.mark.parametrize(
    ("below", "text_below", "above", "text_above"),
    [
        (99.49, "$99.49", 99.5, "$100"),
        (999.49, "$999", 999.5, "$1.0K"),
        (1_049, "$1.0K", 1_051, "$1.1K"),
        (9_949, "$9.9K", 9_950, "$10K"),
        (999_499, "$999K", 999_500, "$1.00M"),
        (9_994_000, "$9.99M", 9_996_000, "$10.0M"),
        (99_490_000, "$99.5M", 99_500_000, "$100M"),
        (999_400_000, "$999M", 999_500_000, "$1.00B"),
        (0.994, "$0.99", 0.996, "$1.00"),
    ],
)
def test_money_changes_its_form_where_it_would_round_into_the_next(below, text_below, above, text_above):
    assert (USD(below), USD(above)) == (text_below, text_above)


@pytest.mark.parametrize(
    ("usd", "text"), [(0.0994, "$0.099"), (0.0996, "$0.10"), (0.00994, "$0.0099"), (0.00996, "$0.010"), (0.1, "$0.10")]
)
def test_below_a_dollar_there_are_two_significant_digits(usd, text):
    assert USD(usd) == text


@pytest.mark.parametrize("usd", [0, 0.0, -0.0])
def test_nothing_is_a_plain_zero_without_sign(usd):
    assert USD(usd) == "$0"


@pytest.mark.parametrize(("usd", "text"), [(-412, "−$412"), (-8_100, "−$8.1K"), (-0.041, "−$0.041")])
def test_a_credit_has_a_true_minus_before_the_currency(usd, text):
    assert USD(usd) == text
    assert MINUS == "\u2212"


@pytest.mark.parametrize("usd", MISSING)
def test_a_missing_amount_is_not_known_and_never_0(usd):
    assert (USD(usd), USD.exact(usd)) == ("not known", "not known")


@given(st.floats(0.01, 1e13))
def test_a_short_amount_is_within_half_a_step_of_the_exact_one(usd):
    text = USD(usd).removeprefix("$")
    scale = {"K": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)
    read = float(text.rstrip("KMB")) * scale

    # the coarsest forms have two digits: $1.0K, $10K, 0.10
    assert read == pytest.approx(usd, rel=0.051)


@given(st.floats(0.01, 1e12), st.floats(0.01, 1e12))
def test_a_larger_amount_never_reads_smaller(one, other):
    small, large = sorted((one, other))

    assert value(USD(small)) <= value(USD(large))


def value(text: str) -> float:
    text = text.removeprefix("$")
    return float(text.rstrip("KMB")) * {"K": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)


# Money, exact


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (104_658.95376, "$104,658.95"),
        (0, "$0.00"),
        (-1_234.5, "−$1,234.50"),
        (0.004, "$0.00"),
        (0.006, "$0.01"),
        (1e12, "$1,000,000,000,000.00"),
    ],
)
def test_an_exact_amount_has_cents_and_separators(usd, text):
    assert USD.exact(usd) == text


@pytest.mark.parametrize("usd", [-0.0, -0.004])
def test_what_rounds_to_nothing_has_no_sign(usd):
    assert USD.exact(usd) == "$0.00"


# Money, differences


@pytest.mark.parametrize(
    ("usd", "text"),
    [(412, "+$412"), (8.4, "+$8.40"), (0.041, "+$0.041"), (52_000, "+$52K"), (-412, "−$412"), (0, "$0")],
)
def test_a_difference_has_its_sign(usd, text):
    assert USD.difference(usd) == text


@pytest.mark.parametrize("usd", [10, 20, 50, 90, 100, 1_000])
def test_a_round_difference_has_its_plus_too(usd):
    assert USD.difference(usd) == f"+{USD(usd)}"


# Other currencies


@pytest.mark.parametrize(
    ("currency", "text"),
    [("EUR", "€412"), ("GBP", "£412"), ("JPY", "¥412"), ("INR", "₹412"), ("CHF", "CHF 412"), ("USD", "$412")],
)
def test_a_currency_has_its_symbol_or_its_code(currency, text):
    assert Money(currency)(412) == text


def test_amounts_are_converted_by_what_one_unit_costs_in_usd():
    # 1 EUR costs 1.25 USD: 1,000 USD are 800 EUR
    euro = Money("EUR", 1.25)

    assert (euro(1_000), euro.exact(1_000), euro.difference(-1_000)) == ("€800", "€800.00", "−€800")


# Quantities, shares, days, lists


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (180_000, "180K"),
        (1_200_000, "1.2M"),
        (412, "412"),
        (3.5, "3.5"),
        (0, "0"),
        (1_000, "1K"),
        (5e9, "5B"),
        (-1_200, "−1.2K"),
    ],
)
def test_a_quantity_reads_as_the_look_says(number, text):
    assert count(number) == text


@pytest.mark.parametrize(
    ("below", "text_below", "above", "text_above"),
    [
        (999.4, "999", 999.6, "1K"),
        (9_900, "9.9K", 9_960, "10K"),
        (999_400, "999K", 999_600, "1M"),
        (99.4, "99.4", 99.6, "100"),
    ],
)
def test_a_quantity_changes_its_form_where_it_would_round_into_the_next(below, text_below, above, text_above):
    assert (count(below), count(above)) == (text_below, text_above)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (0.12, "12%"),
        (0.034, "3.4%"),
        (0.03, "3%"),
        (0.005, "0.5%"),
        (1, "100%"),
        (1.5, "150%"),
        (-0.12, "−12%"),
        (-0.034, "−3.4%"),
    ],
)
def test_a_share_reads_as_the_look_says(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("below", "text_below", "above", "text_above"),
    [
        (0.0994, "9.9%", 0.0996, "10%"),
        (0.1049, "10%", 0.1051, "11%"),
        (0.0004, "0%", 0.0006, "0.1%"),
        (-0.0004, "0%", -0.0006, "−0.1%"),
    ],
)
def test_a_share_has_a_decimal_below_ten_and_none_from_there(below, text_below, above, text_above):
    assert (percent(below), percent(above)) == (text_below, text_above)


@pytest.mark.parametrize(
    ("given_day", "text"),
    [
        ("2026-11-14", "14 Nov 2026"),
        ("2026-11-04", "4 Nov 2026"),
        (date(2026, 1, 31), "31 Jan 2026"),
        ("2026-11", "Nov 2026"),
        (None, "undated"),
    ],
)
def test_a_day_reads_as_the_look_says(given_day, text):
    assert day(given_day) == text


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_things_are_listed_with_an_and(words, text):
    assert listed(words) == text
