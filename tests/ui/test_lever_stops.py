"""Where a lever can stand, and how its track is painted."""

import math
from itertools import pairwise

import numpy as np
import pytest

from costmodel.tracks import Track
from pages.ui.lever import linear_stops, log_stops, nice_step, painted, place, with_value
from report.palette import ARCHITECTURES, neutral_css


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


def test_a_step_is_a_round_part_of_the_range() -> None:
    assert [nice_step(0, 1), nice_step(0, 168), nice_step(373.8, 37_380)] == [0.01, 2, 500]


STOPS = (0.0, 10.0, 20.0, 40.0)


@pytest.mark.parametrize(("value", "share"), [(-1, 0), (0, 0), (5, 1 / 6), (20, 2 / 3), (30, 5 / 6), (40, 1), (99, 1)])
def test_a_value_lies_between_the_two_stops_around_it(value: float, share: float) -> None:
    assert place(STOPS, value) == pytest.approx(share)


def test_never_lies_at_the_end_and_nothing_else_between_it_and_the_last_interval() -> None:
    stops = (6.0, 12.0, math.inf)

    assert [place(stops, value) for value in (12, 13, math.inf)] == [0.5, 0.5, 1.0]


def track(rag: list[float], tuned: list[float], share: float = 0.0) -> Track:
    usd = {"rag": np.array(rag, dtype=float), "fine_tuning": np.array(tuned, dtype=float)}
    return Track("finance.horizon_months", np.array(STOPS), usd, share)


def test_a_track_is_painted_in_the_colours_of_who_is_cheapest() -> None:
    painting = painted(STOPS, track([1, 1, 3, 3], [2, 2, 2, 2]))

    assert list(painting) == [
        (0.0, pytest.approx(0.5), ARCHITECTURES["rag"].css),
        (pytest.approx(0.5), 1.0, ARCHITECTURES["fine_tuning"].css),
    ]


def test_what_is_too_close_to_call_is_grey() -> None:
    painting = painted(STOPS, track([1, 1, 1.99, 3], [2, 2, 2, 2], 0.05))

    assert [colour for _, _, colour in painting] == [
        ARCHITECTURES["rag"].css,
        neutral_css("line"),
        ARCHITECTURES["fine_tuning"].css,
    ]


def test_the_stretches_of_a_track_lie_end_to_end() -> None:
    painting = painted(STOPS, track([1, 3, 1, 3], [2, 2, 2, 2]))

    assert [(painting[0][0], painting[-1][1])] == [(0, 1)]
    assert all(one[1] == next_[0] for one, next_ in pairwise(painting))


def test_with_one_that_can_be_cheapest_nothing_is_painted() -> None:
    assert painted(STOPS, track([1, 1, 1, 1], [math.nan] * 4)) == ()
    assert painted(STOPS, None) == ()
