"""Distributions and draws: percentiles by hand, the same draws from the same seed, rank correlations as asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from costmodel.changes import ScenarioError
from costmodel.distributions import REMEMBERED, Draws, quantiles
from costmodel.scenario import Range

VOLUME, GROWTH, TOP_K = "workload.queries_per_month", "workload.monthly_growth_share", "rag.top_k"


def spread(low: float, likely: float, high: float, distribution: str = "pert") -> Range:
    return Range.model_validate({"low": low, "likely": likely, "high": high, "distribution": distribution})


def evenly(count: int = 200_000) -> np.ndarray:
    return (np.arange(count) + 0.5) / count


@pytest.mark.parametrize(("low", "likely", "high"), [(0, 5, 10), (0, 0, 10), (2, 10, 10), (1, 2, 9)])
def test_the_mean_of_a_pert_is_the_ends_and_four_times_the_likely_over_six(low, likely, high):
    values = quantiles(spread(low, likely, high), evenly())

    assert values.mean() == pytest.approx((low + 4 * likely + high) / 6, rel=1e-4)


def test_a_symmetric_pert_lies_half_below_its_likely():
    # Beta(3, 3): half lies below the middle.
    assert quantiles(spread(0, 5, 10), np.array([0.0, 0.5, 1.0])) == pytest.approx([0, 5, 10])


@pytest.mark.parametrize("likely", [0, 0.04, 2, 5, 9.9, 10])
def test_a_pert_is_its_beta_distribution_to_a_millionth_of_its_span(likely):
    share, a = evenly(20_001), 1 + 0.4 * likely

    assert quantiles(spread(0, likely, 10), share) == pytest.approx(10 * stats.beta.ppf(share, a, 6 - a), abs=1e-5)


def test_a_triangular_has_its_likely_where_its_sides_meet():
    # Sides 2 and 8 of 10: a fifth lies below the likely; a quarter of that fifth below half of that side.
    values = quantiles(spread(0, 2, 10, "triangular"), np.array([0.0, 0.05, 0.2, 1.0]))

    assert values == pytest.approx([0, 1, 2, 10])


def test_a_uniform_is_a_straight_line():
    assert quantiles(spread(10, 12, 30, "uniform"), np.array([0, 0.25, 1])) == pytest.approx([10, 15, 30])


def test_a_lognormal_has_its_three_numbers_at_5_50_and_95_percent():
    values = quantiles(spread(10, 30, 300, "lognormal"), np.array([0.05, 0.5, 0.95]))

    assert values == pytest.approx([10, 30, 300])


def test_a_lognormal_about_its_geometric_middle_is_the_ordinary_one():
    share = evenly(1000)
    sigma = np.log(10) / stats.norm.ppf(0.95)

    assert quantiles(spread(1, 10, 100, "lognormal"), share) == pytest.approx(
        stats.lognorm.ppf(share, sigma, scale=10), rel=1e-9
    )


@given(
    st.floats(0.1, 100),
    st.floats(0, 100),
    st.floats(0, 100),
    st.sampled_from(["pert", "triangular", "uniform", "lognormal"]),
)
def test_quantiles_never_fall_and_stay_within_the_ends(low, rise, more, distribution):
    each = spread(low, low + rise, low + rise + more, distribution)
    values = quantiles(each, np.linspace(0.001, 0.999, 201))

    assert (np.diff(values) >= -1e-9 * each.high).all()
    if distribution != "lognormal":
        assert (each.low - 1e-9 <= values).all()
        assert (values <= each.high + 1e-9).all()


def test_no_spread_is_one_value():
    assert (quantiles(spread(7, 7, 7), np.array([0.1, 0.9])) == 7).all()


def test_the_same_seed_gives_the_same_draws_in_blocks_of_any_size():
    ranges = {VOLUME: spread(1, 2, 3), GROWTH: spread(0, 0.01, 0.05)}
    whole, _ = Draws(ranges, seed=0).next(256)
    source = Draws(ranges, seed=0)
    parts = [source.next(size)[0] for size in (1, 60, 195)]

    for path in ranges:
        assert (np.concatenate([part[path] for part in parts]) == whole[path]).all()
    other, _ = Draws(ranges, seed=1).next(256)
    assert (other[VOLUME] != whole[VOLUME]).any()


def test_draws_begin_again_with_the_first_one():
    source = Draws({VOLUME: spread(1, 2, 3)}, seed=0)
    first, _ = source.next(64)
    source.next(64)
    source.again()

    assert (source.next(64)[0][VOLUME] == first[VOLUME]).all()


def test_remembered_draws_cannot_be_changed_by_whoever_has_them_too():
    ranges, correlations = {VOLUME: spread(1, 2, 3), GROWTH: spread(0, 0.01, 0.05)}, [(VOLUME, GROWTH, 0.5)]
    values, share = Draws(ranges, correlations).next(64)
    again, same = Draws(ranges, correlations).next(64)

    assert same is share
    assert again[VOLUME] is values[VOLUME]
    with pytest.raises(ValueError, match="read-only"):
        share[0, 0] = 0.5
    with pytest.raises(ValueError, match="read-only"):
        values[VOLUME][0] = 0.5


def test_more_draws_than_are_remembered_begin_with_those_that_are():
    ranges = {VOLUME: spread(1, 2, 3), GROWTH: spread(0, 0.01, 0.05)}
    few, many = (Draws(ranges, seed=0).next(count)[0] for count in (REMEMBERED, 2 * REMEMBERED))

    assert (many[VOLUME][:REMEMBERED] == few[VOLUME]).all()


def test_a_number_in_whole_numbers_is_drawn_in_whole_numbers():
    values, _ = Draws({TOP_K: spread(1, 3, 9)}).next(512)

    assert set(values[TOP_K]) <= set(range(1, 10))


def test_a_lognormal_stays_within_the_limits_of_its_field():
    values, _ = Draws({"quality.minimum_correct_share": spread(0.5, 0.9, 1.0, "lognormal")}).next(1024)

    assert values["quality.minimum_correct_share"].max() == 1.0


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.5, 1.0])
def test_rank_correlations_are_as_asked(rank):
    ranges = {VOLUME: spread(1, 2, 9, "lognormal"), GROWTH: spread(0, 0.01, 0.05)}
    values, _ = Draws(ranges, [(VOLUME, GROWTH, rank)]).next(8192)

    assert stats.spearmanr(values[VOLUME], values[GROWTH]).statistic == pytest.approx(rank, abs=0.01)
    assert quantiles(ranges[VOLUME], np.array([0.1])) == pytest.approx(np.quantile(values[VOLUME], 0.1), rel=0.02)


@pytest.mark.parametrize(
    ("ranges", "correlations", "words"),
    [
        (
            {VOLUME: spread(0, 1, 2, "lognormal")},
            [],
            f"uncertainty.{VOLUME}: a lognormal range begins above 0, not at 0",
        ),
        ({VOLUME: spread(0, 1, 2)}, [(VOLUME, GROWTH, 0.5)], f"{GROWTH} has no range in uncertainty; give it one"),
        ({VOLUME: spread(0, 1, 2)}, [(VOLUME, VOLUME, 0.5)], "with itself; name two numbers"),
        (
            {path: spread(0, 1, 2) for path in (VOLUME, GROWTH, TOP_K)},
            [(VOLUME, GROWTH, 0.9), (GROWTH, TOP_K, 0.9), (VOLUME, TOP_K, -0.9)],
            "no numbers can have all of these at once",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_place(ranges, correlations, words):
    with pytest.raises(ScenarioError, match=words):
        Draws(ranges, correlations)
