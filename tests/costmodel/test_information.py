"""Regret and the worth of information, against closed forms and against nested Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from costmodel.information import (
    Curves,
    cheapest_share,
    evpi_usd,
    evppi_of_each_usd,
    evppi_usd,
    expected_regret_usd,
)


def points(numbers: int, count: int = 16_384, seed: int = 1) -> np.ndarray:
    return np.clip(qmc.Sobol(numbers, rng=np.random.default_rng(seed)).random(count), 1e-9, 1 - 1e-9)


def worth_of_knowing(mean: float, deviation: float) -> float:
    """Of a choice between 0 and a normal cost: E[max(0, -X)] less what is saved without knowing."""
    ratio = mean / deviation
    return deviation * stats.norm.pdf(ratio) - abs(mean) * stats.norm.cdf(-abs(ratio))


@pytest.mark.parametrize("mean", [-50.0, 0.0, 10.0, 120.0])
def test_the_worth_of_knowing_a_normal_cost_is_its_closed_form(mean):
    share = points(1)
    costs = np.stack([np.zeros(len(share)), mean + 100 * stats.norm.ppf(share[:, 0])])

    assert evpi_usd(costs) == pytest.approx(worth_of_knowing(mean, 100), rel=2e-3)
    assert evppi_usd(costs, share[:, 0]) == pytest.approx(worth_of_knowing(mean, 100), rel=1e-2)


@pytest.mark.parametrize(("first", "second"), [(80.0, 60.0), (60.0, 80.0), (5.0, 100.0)])
def test_the_worth_of_one_of_two_numbers_is_its_own_closed_form(first, second):
    share = points(2)
    normal = stats.norm.ppf(share)
    costs = np.stack([np.zeros(len(share)), 20 + first * normal[:, 0] + second * normal[:, 1]])

    # 1% of what everything is worth knowing: a number that explains little leaves much noise to fit through.
    near = 0.01 * evpi_usd(costs)
    assert evppi_usd(costs, share[:, 0]) == pytest.approx(worth_of_knowing(20, first), abs=near)
    assert evppi_usd(costs, share[:, 1]) == pytest.approx(worth_of_knowing(20, second), abs=near)


def test_an_effect_that_rises_and_falls_agrees_with_nested_monte_carlo():
    def cost(share: np.ndarray, noise: np.ndarray) -> np.ndarray:
        return 40 * np.cos(4 * np.pi * share) + 5 + 60 * noise

    inner = stats.norm.ppf((np.arange(256) + 0.5) / 256)
    outer = (np.arange(4_096) + np.random.default_rng(7).random(4_096)) / 4_096
    expected = np.minimum(0, cost(outer[:, None], inner).mean(axis=1))
    nested = min(0, float(cost(outer[:, None], inner).mean())) - expected.mean()
    error = expected.std() / np.sqrt(len(outer))
    share = points(2)
    costs = np.stack([np.zeros(len(share)), cost(share[:, 0], stats.norm.ppf(share[:, 1]))])

    assert evppi_usd(costs, share[:, 0]) == pytest.approx(nested, abs=error)


def test_a_number_that_changes_nothing_is_worth_nothing():
    share = points(2)
    costs = np.stack([np.zeros(len(share)), 5 + 100 * stats.norm.ppf(share[:, 0])])

    assert evppi_usd(costs, share[:, 1]) < 0.02 * evpi_usd(costs)
    assert evppi_usd(costs, np.full(len(share), 0.5)) == 0


def test_the_worth_of_each_number_is_its_worth_alone():
    share = np.column_stack([points(2), np.full(16_384, 0.5)])
    normal = stats.norm.ppf(share)
    costs = np.stack([np.zeros(len(share)), 20 + 80 * normal[:, 0] + 60 * normal[:, 1]])
    alone = [evppi_usd(costs, each) for each in share.T]

    assert evppi_of_each_usd(costs, map(Curves.over, share.T)) == alone
    assert alone[0] > alone[1] > alone[2] == 0


def test_regret_and_perfect_information_by_hand():
    # Two draws: the first choice costs 10 and 40, the second 20 and 20.
    costs = np.array([[10.0, 40.0], [20.0, 20.0]])

    # Dearer than the best by 0 and 20, by 10 and 0.
    assert expected_regret_usd(costs).tolist() == [10, 5]
    assert evpi_usd(costs) == 5


def test_level_choices_share_a_draw():
    assert cheapest_share(np.array([[1.0, 5.0], [1.0, 4.0], [2.0, 9.0]])).tolist() == [[0.5, 0], [0.5, 1], [0, 0]]
