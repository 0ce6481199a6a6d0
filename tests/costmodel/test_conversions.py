"""From how people count to how the model counts, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel import conversions as c


def test_a_thousand_queries_a_day_are_30_440_a_month():
    assert c.queries_from_days(1_000) == 30_440


def test_a_mean_month_has_a_twelfth_of_365_days_and_a_quarter():
    assert pytest.approx(365.25 / 12, abs=0.005) == c.DAYS_PER_MONTH


def test_users_times_conversations_times_messages_are_queries():
    assert c.queries_from_users(25_000, 4, 2) == 25_000 * 4 * 2
    assert c.queries_from_users(1_000, 0.1, 3) == 300


def test_a_hundred_words_are_133_tokens():
    assert c.tokens_from_words(100) == 133


def test_three_pages_of_500_words_are_1995_tokens():
    assert c.tokens_from_pages(3, 500) == 1_995  # 3 x 500 x 1.33


def test_nobody_who_asks_nothing_can_be_counted():
    assert c.users_from_queries(1_000, 0, 2) is None
    assert c.users_from_queries(1_000, 4, 0) is None
    assert c.pages_from_tokens(1_000, 0) is None


@given(st.floats(1, 1e9))
def test_every_conversion_leads_back(number):
    assert c.days_from_queries(c.queries_from_days(number)) == pytest.approx(number)
    assert c.users_from_queries(c.queries_from_users(number, 4, 2), 4, 2) == pytest.approx(number)
    assert c.words_from_tokens(c.tokens_from_words(number)) == pytest.approx(number)
    assert c.pages_from_tokens(c.tokens_from_pages(number, 500), 500) == pytest.approx(number)
