"""Prices as numbers for reading, alone and in a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.price_numbers import BLANK, column, plain, typed


@pytest.mark.parametrize(
    ("usd", "said"),
    [(10, "10.00"), (2.5, "2.50"), (0.075, "0.075"), (0, "0.00"), (1e-7, "0.0000001"), (40179.2, "40179.20")],
)
def test_a_price_as_it_is_typed(usd, said):
    assert typed(usd) == said


def test_the_points_of_a_column_stand_below_each_other():
    said = column([10, 2.5, 0.075])

    assert said == ["10.00" + BLANK, f"{BLANK}2.50{BLANK}", f"{BLANK}0.075"]
    assert column([]) == []


@given(st.lists(st.decimals(0, 10**9, places=6, allow_nan=False).map(float), min_size=1, max_size=20))
def test_a_column_sorts_as_text_as_its_numbers_do(prices):
    by_text = sorted(zip((text.replace(BLANK, " ") for text in column(prices)), prices, strict=True))

    assert [usd for _, usd in by_text] == sorted(prices)


@given(st.floats(0, 1e9, allow_nan=False).map(lambda usd: float(f"{usd:.12g}")))
def test_a_column_can_be_read_back(usd):
    assert float(column([usd])[0]) == usd


@pytest.mark.parametrize(
    ("number", "said"), [(1200, "1,200"), (1e-7, "0.0000001"), (0.1 + 0.2, "0.3"), (0, "0"), (1234567.5, "1,234,567.5")]
)
def test_no_number_is_shown_in_powers_of_ten(number, said):
    assert plain(number, 10) == said
