"""Where a lever can stand, and the words for it."""

from itertools import pairwise

import pytest

from pages.ui.lever import (
    format_count,
    format_months,
    format_percent,
    linear_stops,
    log_stops,
    with_value,
)


def test_log_stops_begin_and_end_at_the_limits() -> None:
    stops = log_stops(1_200, 1_730_000)

    assert (stops[0], stops[-1]) == (1_200, 1_730_000)


def test_log_stops_are_round_values_in_rising_order() -> None:
    stops = log_stops(100, 1_000)

    assert stops[:4] == (100, 105, 110, 115)
    assert stops[-3:] == (960, 980, 1_000)
    assert list(stops) == sorted(set(stops))


def test_log_stops_lie_about_evenly_in_their_logarithm() -> None:
    stops = log_stops(1_000, 1_000_000)
    steps = [b / a for a, b in pairwise(stops)]

    assert min(steps) >= 1.019
    assert max(steps) <= 1.051


@pytest.mark.parametrize(("per_decade", "count"), [(160, 160), (75, 75), (74, 35), (10, 10), (3, 3)])
def test_a_decade_holds_no_more_stops_than_asked_for(per_decade: int, count: int) -> None:
    assert len(log_stops(10, 100, per_decade)) == count + 1


@pytest.mark.parametrize(("low", "high"), [(0, 10), (-1, 10), (10, 10), (10, 5)])
def test_a_log_lever_refuses_limits_without_a_logarithm(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="0 < low < high"):
        log_stops(low, high)


def test_linear_stops_carry_no_dust() -> None:
    assert linear_stops(0, 0.5, 0.1) == (0, 0.1, 0.2, 0.3, 0.4, 0.5)


def test_the_last_linear_gap_may_be_shorter() -> None:
    assert linear_stops(0, 10, 4) == (0, 4, 8, 10)


def test_linear_stops_may_begin_below_zero() -> None:
    assert linear_stops(-0.1, 0.1, 0.1) == (-0.1, 0.0, 0.1)


@pytest.mark.parametrize("step", [0, -1])
def test_a_lever_refuses_a_step_that_leads_nowhere(step: float) -> None:
    with pytest.raises(ValueError, match="step > 0"):
        linear_stops(0, 1, step)


def test_a_value_between_two_stops_gets_its_own() -> None:
    assert with_value((1, 2, 3), 2.5) == (1, 2, 2.5, 3)


def test_a_value_on_a_stop_adds_none() -> None:
    assert with_value((0.1, 0.2, 0.3), 0.1 + 0.2) == (0.1, 0.2, 0.3)


def test_a_value_beyond_the_limits_extends_the_lever() -> None:
    assert with_value((1, 2), 5) == (1, 2, 5)
    assert with_value((1, 2), 0) == (0, 1, 2)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (950, "950"),
        (999.4, "999"),
        (999.6, "1K"),
        (8_100, "8.1K"),
        (178_000, "178K"),
        (999_600, "1M"),
        (1_200_000, "1.2M"),
        (1_250_000, "1.25M"),
        (-8_100, "−8.1K"),
    ],
)
def test_a_volume_takes_three_digits_at_most(value: float, words: str) -> None:
    assert format_count(value) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.03, "3.0%"), (0.0994, "9.9%"), (0.0996, "10%"), (-0.05, "−5.0%")]
)
def test_a_percentage_loses_its_decimals_from_ten(share: float, words: str) -> None:
    assert format_percent(share) == words


def test_one_month_is_not_plural() -> None:
    assert [format_months(1), format_months(3)] == ["1 month", "3 months"]
