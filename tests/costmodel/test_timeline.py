"""Months, growth, drift, discounting and events, each against numbers that a reader can redo."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel import timeline

MONTHS = np.arange(37.0)


def happens_in(interval: float, last: int = 12) -> dict[int, float]:
    """Month -> events, for the months in which something happens."""
    counts = timeline.events(interval, np.arange(last + 1.0))
    return {month: count for month, count in enumerate(counts) if count}


# The calendar


def test_month_0_is_the_build_month_and_the_year_turns_after_december():
    days = timeline.month_dates("2026-11", 3)

    assert days == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))


def test_no_month_after_the_build_is_the_build_alone():
    days = timeline.month_dates("2028-02", 0)

    assert days == (date(2028, 2, 1),)


def test_thirty_six_months_after_november_2026_is_november_2029():
    days = timeline.month_dates("2026-11", 36)

    assert (len(days), days[-1]) == (1 + 36, date(2029, 11, 1))


@pytest.mark.parametrize(("month", "number"), [("2026-01", 2026 * 12), ("2026-12", 2026 * 12 + 11)])
def test_months_are_counted_from_year_0(month, number):
    counted = timeline.month_number(month)

    assert counted == number


# Growth, drift, discount


def test_a_price_drifts_from_month_2_on():
    factor = timeline.drift(0.12, MONTHS)

    assert factor[[0, 1, 2]] == pytest.approx([1, 1, 1.12 ** (1 / 12)])


def test_a_price_has_drifted_by_a_whole_year_in_month_13():
    factor = timeline.drift(0.12, MONTHS)

    assert factor[[13, 25]] == pytest.approx([1.12 ** (12 / 12), 1.12**2])


def test_a_falling_price_has_halved_in_month_13():
    factor = timeline.drift(-0.5, MONTHS)

    assert factor[13] == pytest.approx(0.5)


def test_a_cost_is_discounted_by_its_month_and_the_build_is_not():
    factor = timeline.discount(0.10, MONTHS)

    assert factor[[0, 12, 24, 36]] == pytest.approx([1, 1 / 1.1, 1 / 1.1**2, 1 / 1.1**3])


def test_no_discount_rate_discounts_nothing():
    factor = timeline.discount(0.0, MONTHS)

    assert set(factor) == {1.0}


def test_columns_of_rates_give_rows_of_months():
    factors = timeline.discount(np.array([[0.0], [0.10]]), MONTHS)

    assert (factors.shape, factors[1, 12]) == ((2, 37), pytest.approx(1 / 1.1))


# Intervals


def test_the_smallest_active_interval_counts():
    interval = timeline.shortest(6.0, 0.0, 4.0)

    assert interval == 4.0


def test_no_active_interval_is_never():
    interval = timeline.shortest(0.0, 0.0)

    assert interval == np.inf


def test_24_updates_at_4_a_month_have_come_after_6_months():
    interval = timeline.forced_interval(24, 4)

    assert interval == 24 / 4


@pytest.mark.parametrize(("needed", "a_month"), [(0, 4), (24, 0), (0, 0)])
def test_no_updates_or_none_that_force_anything_is_not_active(needed, a_month):
    interval = timeline.forced_interval(needed, a_month)

    assert interval == 0


# Events


def test_quarterly_over_a_year_is_four_events():
    assert happens_in(3) == {3: 1, 6: 1, 9: 1, 12: 1}


def test_twice_a_month_is_two_events_in_each_month():
    assert happens_in(0.5, last=3) == {1: 2, 2: 2, 3: 2}


def test_every_two_and_a_half_months_falls_in_the_month_that_it_ends_in():
    # 2.5, 5, 7.5, 10: the months 3, 5, 8, 10 hold them
    assert happens_in(2.5, last=10) == {3: 1, 5: 1, 8: 1, 10: 1}


def test_never_is_no_event():
    assert happens_in(np.inf) == {}


def test_an_interval_beyond_the_months_is_no_event():
    assert happens_in(13) == {}


def test_the_build_month_has_no_event_however_short_the_interval():
    counts = timeline.events(0.1, np.arange(3.0))

    assert counts[0] == 0


def test_a_third_of_a_month_three_times_is_a_whole_month():
    # 3 x (1/3) is not exactly 1 in binary: the rule forgives 1e-9
    counts = timeline.events(1 / 3, np.arange(13.0))

    assert counts.tolist() == [0] + [3] * 12


def test_an_interval_a_hair_too_long_is_forgiven_and_a_wider_one_is_not():
    forgiven, late = happens_in(3 * (1 + 1e-10), last=3), happens_in(3 * (1 + 1e-8), last=3)

    assert (forgiven, late) == ({3: 1}, {})


@given(st.floats(0.05, 130), st.integers(1, 120))
def test_events_up_to_a_month_are_the_intervals_that_fit_into_it(interval, last):
    counts = timeline.events(interval, np.arange(last + 1.0))

    assert counts.sum() == np.floor(last / interval + 1e-9)


# Ceilings


@pytest.mark.parametrize(("value", "whole"), [(0, 0), (0.1, 1), (3, 3), (3 + 1e-10, 3), (3 + 1e-8, 4), (3.5, 4)])
def test_a_ceiling_forgives_a_billionth(value, whole):
    assert timeline.ceiling(value) == whole


# A published figure


def test_prices_ten_times_lower_a_year_fall_to_a_thousandth_in_three_years():
    # E34: from 60 to 0.06 USD in 3 years is a drift of 1/10 - 1 a year
    factor = timeline.drift(1 / 10 - 1, MONTHS)

    assert 60 * timeline.drift(-0.9, np.array([37.0]))[0] == pytest.approx(0.06)
    assert factor[2] == pytest.approx(0.825404, abs=5e-7)


# Age of a training


@pytest.mark.parametrize(
    ("interval", "ages"),
    [
        (3, [0, 0.5, 1.5, 2.5, 0.5]),  # trained at the ends of months 0 and 3
        (0.5, [0, 0.25, 0.25, 0.25, 0.25]),  # twice a month: half of half a month
        (2.5, [0, 0.5, 1.5, 1.25, 1.0]),  # in month 3: half a month at 2.25, half a month at 0.25
        (np.inf, [0, 0.5, 1.5, 2.5, 3.5]),
    ],
)
def test_the_mean_age_of_a_training_over_each_month(interval, ages):
    assert timeline.mean_age(interval, np.arange(5.0), 0.0) == pytest.approx(ages)


def test_a_migration_makes_the_training_young_again():
    # moved at the end of month 2: months 3 and 4 begin at ages 0 and 1
    ages = timeline.mean_age(np.inf, np.arange(5.0), np.array([0, 0, 0, 2, 2]))

    assert ages == pytest.approx([0, 0.5, 1.5, 0.5, 1.5])
