"""Present value and break-even months, against sums on paper and two published figures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.finance import (
    BreakEven,
    break_even_months,
    monthly_factor,
    net_present_value,
    present_value,
    times_cheaper_per_year,
)


def crossings(a: list[float], b: list[float]) -> tuple[BreakEven, ...]:
    return break_even_months(np.array(a, dtype=float), np.array(b, dtype=float))


# Present value


def test_a_cost_a_year_away_is_worth_a_year_of_discount_less():
    costs = np.zeros(13)
    costs[[0, 12]] = 100, 110

    worth = present_value(costs, 0.10)

    assert worth.sum() == pytest.approx(100 + 110 / 1.10)


def test_the_first_month_is_discounted_by_a_twelfth_of_a_year():
    worth = present_value(np.array([0.0, 100.0]), 0.10)

    assert worth[1] == pytest.approx(100 / 1.10 ** (1 / 12))


def test_a_rate_of_0_leaves_costs_as_they_are():
    costs = np.array([5.0, -3.0, 7.0])

    worth = present_value(costs, 0.0)

    assert worth.tolist() == costs.tolist()


def test_the_worked_example_of_mixed_flows_comes_out_to_its_last_digit():
    # E35: -100,000 + 30,000 / 1.1 + 40,000 / 1.1^2 + 50,000 / 1.1^3
    worth = net_present_value((-100_000, 30_000, 40_000, 50_000), 0.10)

    assert worth == pytest.approx(-2103.681443, abs=5e-7)
    assert worth == pytest.approx(-100_000 + 30_000 / 1.1 + 40_000 / 1.21 + 50_000 / 1.331)


def test_one_flow_now_is_worth_itself():
    assert net_present_value((-5.0,), 0.10) == -5.0


def test_no_flows_are_worth_nothing():
    assert net_present_value((), 0.10) == 0.0


def test_flows_of_each_month_are_discounted_month_by_month():
    worth = net_present_value((0, 0, 100), 0.10, months_per_period=1)

    assert worth == pytest.approx(100 / 1.10 ** (2 / 12))


# Falling prices


def test_60_to_6_cents_in_three_years_is_ten_times_a_year():
    # E34
    times = times_cheaper_per_year(60, 0.06, 3)

    assert times == pytest.approx(10.0)


def test_ten_times_a_year_is_a_factor_of_0_825404_a_month():
    # E34: 10^(-1/12)
    factor = monthly_factor(10)

    assert factor == pytest.approx(0.825404, abs=5e-7)


# Break-even


def test_lines_that_cross_halfway_meet_in_the_middle_of_the_month():
    # a - b goes from -10 to +10
    found = crossings([0, 30], [10, 20])

    assert found == (BreakEven(0.5, 1, False),)


def test_the_meeting_point_is_interpolated_and_the_overtaking_month_rounded_up():
    # a - b: -30 at month 2, +10 at month 3; 2 + 30 / 40
    found = crossings([0, 0, 0, 40], [30, 30, 30, 30])

    assert found == (BreakEven(2 + 30 / 40, 3, False),)


def test_the_dearer_build_that_is_earned_back_is_cheaper_after():
    found = crossings([100, 110, 120], [0, 80, 160])

    # a - b: +100, +30, -40
    assert found == (BreakEven(1 + 30 / 70, 2, True),)


def test_two_changes_come_in_order():
    found = crossings([0, 20, 20, 60], [10, 10, 30, 40])

    # a - b: -10, +10, -10, +20
    assert found == (BreakEven(0.5, 1, False), BreakEven(1.5, 2, True), BreakEven(2 + 10 / 30, 3, False))


def test_lines_that_never_meet_have_no_break_even():
    assert crossings([0, 10, 20], [5, 15, 25]) == ()


def test_equal_lines_have_no_break_even():
    assert crossings([0, 10, 20], [0, 10, 20]) == ()


def test_touching_is_no_crossing():
    assert crossings([0, 10, 20], [5, 10, 25]) == ()


def test_a_change_across_equal_months_counts_once_at_the_first_of_them():
    found = crossings([0, 10, 20, 40], [5, 10, 20, 30])

    # a - b: -5, 0, 0, +10; the order has changed at the end of month 3
    assert found == (BreakEven(1.0, 3, False),)


def test_starting_equal_is_no_crossing():
    assert crossings([0, 10, 20], [0, 5, 10]) == ()


@pytest.mark.parametrize(("gap", "changes"), [(0.9e-9, 0), (1.1e-9, 1)])
def test_a_difference_of_a_billionth_of_the_larger_total_has_no_sign(gap, changes):
    found = crossings([1 + gap, 0], [1, 5])

    assert len(found) == changes


def test_credits_are_compared_by_their_size():
    found = crossings([-10, -40], [-20, -30])

    # a - b: +10, -10
    assert found == (BreakEven(0.5, 1, True),)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=40))
def test_changing_the_sides_gives_the_same_months_and_the_other_winner(pairs):
    a, b = (np.cumsum(side).astype(float) for side in zip(*pairs, strict=True))

    there, back = break_even_months(a, b), break_even_months(b, a)

    assert [(e.month, e.overtakes_in_month, e.a_cheaper_after) for e in there] == [
        (pytest.approx(e.month), e.overtakes_in_month, not e.a_cheaper_after) for e in back
    ]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=40))
def test_the_winner_alternates_and_ends_as_the_totals_do(pairs):
    a, b = (np.cumsum(side).astype(float) for side in zip(*pairs, strict=True))

    found = break_even_months(a, b)

    assert all(one.a_cheaper_after != two.a_cheaper_after for one, two in pairwise(found))
    assert not found or a[-1] == b[-1] or found[-1].a_cheaper_after == bool(a[-1] < b[-1])
