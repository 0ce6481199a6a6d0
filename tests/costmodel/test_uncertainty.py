"""Uncertainty: every draw is a run of the model, and what is said of all draws adds up from them."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from costmodel import tally
from costmodel.changes import ScenarioError, changed, resolved
from costmodel.closed_form import straight_lines
from costmodel.crossover import crossovers
from costmodel.distributions import Draws
from costmodel.fields import value_at
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from costmodel.simulate import totals_usd
from costmodel.tally import LEVELS
from costmodel.uncertainty import rounded_up, uncertainty
from pricing.catalog import load_book

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
VOLUME, UPDATES, TOP_K = "workload.queries_per_month", "corpus.updates_per_month", "rag.top_k"
RANGES = {
    VOLUME: {"low": 50_000, "likely": 200_000, "high": 600_000},
    UPDATES: {"low": 1, "likely": 4, "high": 12, "distribution": "triangular"},
    "workload.output_tokens": {"low": 100, "likely": 250, "high": 600, "distribution": "lognormal"},
    TOP_K: {"low": 2, "likely": 4, "high": 8},
    "finance.discount_rate_annual": {"low": 0.0, "likely": 0.1, "high": 0.2},
}


def uncertain(ranges: dict = RANGES, **values: object) -> Scenario:
    return changed(SCENARIO, {"uncertainty": ranges, **values})


@pytest.mark.parametrize("present", [False, True])
def test_every_draw_is_a_run_of_the_model(present):
    scenario = uncertain()
    found = uncertainty(scenario, load_book(), 64, present=present)
    values, _ = Draws(scenario.uncertainty, seed=1).next(64)
    runs = [
        run_scenario(changed(SCENARIO, {path: float(each[draw]) for path, each in values.items()}), load_book())
        for draw in range(64)
    ]
    curves = {key: np.array([run.curves(present)[key] for run in runs]) for key in runs[0].answers}

    for key, each in curves.items():
        assert found.totals_usd[key] == pytest.approx(each[:, -1], rel=1e-12)
        assert found.fan_usd[key] == pytest.approx(np.quantile(each, LEVELS, axis=0), rel=1e-12)
    for month in range(found.months + 1):
        winners = [min(run.eligible, key=lambda key, at=draw: curves[key][at, month]) for draw, run in enumerate(runs)]
        for key in found.eligible:
            assert found.cheapest_by_month[key][month] == pytest.approx(winners.count(key) / 64)
    for pair in found.break_evens:
        crossings = [
            [
                each.overtakes_in_month
                for each in run.crossings_of(run.curves(present))
                if {each.a, each.b} == {pair.a, pair.b}
            ]
            for run in runs
        ]
        assert pair.never == sum(not months for months in crossings) / 64
        assert pair.several == sum(len(months) > 1 for months in crossings) / 64
        for month in range(1, found.months + 1):
            assert pair.first[month] == sum(months[:1] == [month] for months in crossings) / 64
    costs = np.array([curves[key][:, -1] for key in found.eligible])
    regret = {key: float((costs[at] - costs.min(axis=0)).mean()) for at, key in enumerate(found.eligible)}
    assert found.expected_regret_usd == pytest.approx(regret, rel=1e-9)
    assert found.evpi_usd == pytest.approx(min(regret.values()), rel=1e-9)


def test_no_spread_is_the_run_itself():
    now = {path: float(value_at(SCENARIO, path)) for path in (VOLUME, UPDATES)}
    ranges = {path: {"low": value, "likely": value, "high": value} for path, value in now.items()}
    found, run = uncertainty(uncertain(ranges), load_book(), 64), run_scenario(SCENARIO, load_book())

    for key, answer in run.answers.items():
        assert (found.totals_usd[key] == answer.tco_usd).all()
        assert found.fan_usd[key] == pytest.approx(np.tile(answer.cumulative_usd, (3, 1)), rel=1e-12)
    assert found.probability_cheapest[run.cheapest] == 1
    assert found.expected_regret_usd[run.cheapest] == found.evpi_usd == 0
    assert set(found.evppi_usd.values()) == {0}


def test_the_same_seed_gives_the_same_bytes_in_blocks_of_any_size():
    whole = json.dumps(uncertainty(uncertain(), load_book(), 256, seed=0).as_dict())

    for block in (7, 100, 256):
        assert json.dumps(uncertainty(uncertain(), load_book(), 256, seed=0, block=block).as_dict()) == whole
    assert json.dumps(uncertainty(uncertain(), load_book(), 256, seed=1).as_dict()) != whole


@pytest.mark.parametrize("draws", [256, 16_384])
def test_an_outcome_without_its_draws_says_the_same(draws):
    found = uncertainty(uncertain(), load_book(), draws)
    smaller = found.without_shares()

    assert smaller.shares.size == 0
    assert json.dumps(smaller.as_dict()) == json.dumps(found.as_dict())


def test_answers_that_are_there_already_change_nothing():
    known = uncertainty(uncertain(), load_book(), 64, run=run_scenario(SCENARIO, load_book()))

    assert known.as_dict() == uncertainty(uncertain(), load_book(), 64).as_dict()


def test_the_mean_total_agrees_with_its_closed_form():
    # The total is a straight line in the share of contingency, so its mean is the total at the mean share:
    # (0 + 4 x 0.15 + 0.4) / 6 = 1/6.
    share = "people.contingency_share"
    found = uncertainty(uncertain({share: {"low": 0, "likely": 0.15, "high": 0.4}}), load_book(), 4096)
    at_mean = run_scenario(changed(SCENARIO, {share: 1 / 6}), load_book())

    for key, answer in at_mean.answers.items():
        error = found.totals_usd[key].std() / np.sqrt(found.draws)
        assert found.mean_usd[key] == pytest.approx(answer.tco_usd, abs=error)


CHUNK, LABELS = "corpus.chunk_tokens", "fine_tuning.usd_per_example"
TWO = {"finance.compared": ["rag", "fine_tuning"]}


def test_the_worth_of_knowing_one_straight_cost_is_its_closed_form():
    # Fine-tuning costs s (l - m) more than RAG at labels of l USD, m where both cost the same; l is anywhere from 1
    # to 9. Chosen before knowing: 0 or s (5 - m), the smaller. Chosen after: what lies below 0, -s (m - 1)^2 / (2 x 8).
    scenario = uncertain({LABELS: {"low": 1, "likely": 3, "high": 9, "distribution": "uniform"}}, **TWO)
    lines = straight_lines(scenario, load_book(), crossovers(scenario, load_book(), LABELS, 1, 9))
    slope, level = lines["fine_tuning"].usd_per_unit, lines["fine_tuning"].meets(lines["rag"])
    worth = min(0, slope * (5 - level)) + slope * (level - 1) ** 2 / (2 * 8)
    found = uncertainty(scenario, load_book(), 8192)

    assert 1 < level < 9
    assert found.evpi_usd == pytest.approx(worth, rel=1e-3)
    assert found.evppi_usd[LABELS] == pytest.approx(worth, rel=1e-2)


def test_the_worth_of_a_number_that_both_saves_and_costs_agrees_with_nested_draws_of_the_model():
    # Short chunks fill the store, long ones the prompts: RAG is the cheaper one only in between.
    big = {"corpus.documents": 1e6, "corpus.tokens_per_document": 5_000.0, "rag.top_k": 5, VOLUME: 120_000.0}
    ranges = {
        CHUNK: {"low": 150, "likely": 300, "high": 1_000, "distribution": "uniform"},
        LABELS: {"low": 1, "likely": 3, "high": 5, "distribution": "uniform"},
    }
    scenario = uncertain(ranges, **TWO, **big)
    outer = 150 + 850 * (np.arange(192) + np.random.default_rng(3).random(192)) / 192
    inner = 1 + 4 * (np.arange(64) + 0.5) / 64
    usd = totals_usd(scenario, load_book(), {CHUNK: outer[:, None], LABELS: inner[None, :]})
    gap = (usd["rag"] - usd["fine_tuning"]).mean(axis=1)
    nested = min(0, float(gap.mean())) - np.minimum(0, gap).mean()
    error = np.minimum(0, gap).std() / np.sqrt(len(outer))

    assert len(np.flatnonzero(np.diff(np.sign(gap)))) == 2
    assert nested > 5 * error
    assert uncertainty(scenario, load_book(), 8192).evppi_usd[CHUNK] == pytest.approx(nested, abs=error)


def test_an_uncertain_horizon_counts_each_draws_own_months():
    horizon = "finance.horizon_months"
    found = uncertainty(uncertain({horizon: {"low": 12, "likely": 24, "high": 36}}), load_book(), 64)
    values, _ = Draws(uncertain({horizon: {"low": 12, "likely": 24, "high": 36}}).uncertainty, seed=1).next(64)

    for draw in range(0, 64, 16):
        run = run_scenario(changed(SCENARIO, {horizon: int(values[horizon][draw])}), load_book())
        assert found.totals_usd["rag"][draw] == pytest.approx(run.answers["rag"].tco_usd, rel=1e-12)


def test_an_uncertain_price_moves_the_bill():
    price = next(
        f"price:{row.price_id}"
        for row in run_scenario(SCENARIO, load_book()).rows_in_use
        if row.item in (SCENARIO.rag.model or "") and row.meter == "output"
    )
    found = uncertainty(uncertain({price: {"low": 0, "likely": 5, "high": 50}}), load_book(), 64)

    assert np.ptp(found.totals_usd["rag"]) > 1_000
    assert np.ptp(found.totals_usd["fine_tuning"]) < np.ptp(found.totals_usd["rag"])


def test_quantiles_in_several_rounds_are_those_of_one(monkeypatch):
    whole = uncertainty(uncertain(), load_book(), 256).as_dict()
    monkeypatch.setattr(tally, "KEPT", 256 * 3 * 7)  # seven months of 25 at a time
    heard: list[tuple[int, int]] = []
    parts = uncertainty(uncertain(), load_book(), 256, block=128, progress=lambda done, of: heard.append((done, of)))

    assert parts.as_dict() == whole
    assert heard == [(done, 4 * 256) for done in range(128, 4 * 256 + 1, 128)]


@pytest.mark.parametrize("overlap", [399, 400])
def test_a_chunk_that_may_be_no_longer_than_its_overlap_is_refused(overlap):
    ranges = {"corpus.chunk_tokens": {"low": 400, "likely": 400, "high": 400}}
    scenario = changed(SCENARIO, {"corpus.chunk_tokens": 500.0, "corpus.chunk_overlap_tokens": float(overlap)})
    scenario = changed(scenario, {"uncertainty": ranges})
    if overlap < 400:
        assert uncertainty(scenario, load_book(), 64).draws == 64
    else:
        with pytest.raises(ScenarioError, match="a chunk has 400 at least; narrow the ranges"):
            uncertainty(scenario, load_book(), 64)


def test_chances_add_up_to_one():
    found = uncertainty(uncertain(), load_book(), 512)

    assert sum(found.probability_cheapest.values()) == pytest.approx(1)
    assert sum(found.cheapest_by_month.values()) == pytest.approx(np.ones(found.months + 1))
    for pair in found.break_evens:
        assert pair.first.sum() + pair.never == pytest.approx(1)
    assert all(0 <= worth <= found.evpi_usd for worth in found.evppi_usd.values())


def test_convergence_ends_with_the_answer_itself():
    found = uncertainty(uncertain(), load_book(), 512)
    steps = found.convergence()

    assert [step["draws"] for step in steps] == [64, 128, 256, 512]
    assert steps[-1]["probability_cheapest"] == pytest.approx(found.probability_cheapest)
    assert steps[-1]["p50_usd"]["rag"] == pytest.approx(found.fan_usd["rag"][1, -1])


@pytest.mark.parametrize(("asked", "used"), [(1, 64), (64, 64), (65, 128), (8_192, 8_192), (10_000, 16_384)])
def test_draws_are_rounded_up_to_a_power_of_two(asked, used):
    assert rounded_up(asked) == used


@pytest.mark.parametrize("asked", [0, -1, 1_048_577])
def test_too_few_or_too_many_draws_are_refused_with_the_limit(asked):
    with pytest.raises(ScenarioError, match="give 1 to 1,048,576"):
        uncertainty(uncertain(), load_book(), asked)


def test_an_empty_field_is_not_drawn_and_it_is_said():
    override = {"fine_tuning.training_usd_per_run": {"low": 500.0, "likely": 500.0, "high": 500.0}}
    with pytest.raises(ScenarioError, match=r"uncertainty.fine_tuning.training_usd_per_run: .* is empty"):
        uncertainty(changed(SCENARIO, {"uncertainty": override}), load_book(), 64)

    # With a value there is something to vary, and no spread is the run itself.
    filled = changed(SCENARIO, {"fine_tuning.training_usd_per_run": 500.0, "uncertainty": override})
    usd = run_scenario(filled, load_book()).answers["fine_tuning"].tco_usd
    assert uncertainty(filled, load_book(), 64).fan_usd["fine_tuning"][:, -1] == pytest.approx(usd, rel=1e-12)


def test_without_a_range_nothing_is_drawn():
    with pytest.raises(ScenarioError, match="no number has a range yet"):
        uncertainty(SCENARIO, load_book())


def test_the_caller_hears_of_progress_and_may_give_up():
    heard: list[tuple[int, int]] = []
    uncertainty(uncertain(), load_book(), 256, block=100, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(100, 256), (200, 256), (256, 256)]

    def enough(done: int, of: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        uncertainty(uncertain(), load_book(), 256, block=64, progress=enough)
