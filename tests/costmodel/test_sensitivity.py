"""Swings, flips and goal seek: every number is the model run again."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS, Scenario
from costmodel.sensitivity import flips, goal_seek, movers, now_of, tornado, turned
from pricing.catalog import load_book

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
VOLUME, UPDATES, LABELS = "workload.queries_per_month", "corpus.updates_per_month", "fine_tuning.usd_per_example"
OUTPUT = "price:openai/gpt-6.1-sol:output"
RANGES = {
    VOLUME: {"low": 50_000, "likely": 200_000, "high": 600_000},
    LABELS: {"low": 1, "likely": 3, "high": 9},
    OUTPUT: {"low": 2, "likely": 10, "high": 20},
}


def total(values: dict, key: str, scenario: Scenario = SCENARIO) -> float:
    return run_scenario(changed(scenario, values, load_book()), load_book()).answers[key].tco_usd


def test_a_swing_is_the_model_run_at_both_ends():
    for swing in tornado(changed(SCENARIO, {"uncertainty": RANGES}), load_book(), "rag"):
        for end, usd in ((swing.low, swing.at_low_usd), (swing.high, swing.at_high_usd)):
            for key in ("rag", "fine_tuning", "hybrid"):
                assert usd[key] == pytest.approx(total({swing.path: end}, key), rel=1e-12)


def test_swings_follow_present_value():
    scenario = changed(SCENARIO, {"uncertainty": {VOLUME: RANGES[VOLUME]}, "finance.discount_rate_annual": 0.2})
    (swing,) = tornado(scenario, load_book(), "rag", present=True)
    run = run_scenario(changed(scenario, {VOLUME: 50_000}), load_book())

    assert swing.at_low_usd["rag"] == pytest.approx(run.answers["rag"].present_value_usd, rel=1e-12)


@pytest.mark.parametrize("present", [False, True])
def test_a_number_turns_where_the_winner_changes_within_its_range(present):
    scenario = changed(SCENARIO, {"uncertainty": RANGES, "finance.discount_rate_annual": 0.2})
    run = run_scenario(scenario, load_book())
    found = turned(run, load_book(), scenario.uncertainty, present)
    (flip,) = flips(run_scenario(scenario, load_book()), load_book(), [VOLUME], present)

    assert found[VOLUME].flip.at == pytest.approx(flip.at, rel=1e-6)
    assert RANGES[VOLUME]["low"] < flip.at < RANGES[VOLUME]["high"]
    assert found[VOLUME].measured("rag", "fine_tuning") == pytest.approx(0, abs=5)
    narrow = {VOLUME: {"low": 190_000, "likely": 200_000, "high": 210_000}}
    assert turned(run, load_book(), changed(SCENARIO, {"uncertainty": narrow}).uncertainty, present) == {}
    known = flips(run, load_book(), present=present)
    again = turned(run, load_book(), scenario.uncertainty, present, known)
    assert {path: each.flip.leader for path, each in again.items()} == {
        path: each.flip.leader for path, each in found.items()
    }


def test_the_widest_swing_comes_first_for_what_is_measured():
    scenario = changed(SCENARIO, {"uncertainty": RANGES})
    of_rag = tornado(scenario, load_book(), "rag")
    of_the_gap = tornado(scenario, load_book(), "rag", "fine_tuning")

    assert [swing.width("rag") for swing in of_rag] == sorted((s.width("rag") for s in of_rag), reverse=True)
    assert of_rag[0].path == VOLUME
    # Labels do not move RAG's total at all, but they move the difference.
    labels = next(swing for swing in of_the_gap if swing.path == LABELS)
    assert labels.width("rag") == 0
    assert labels.ends("rag", "fine_tuning")[0] - labels.ends("rag", "fine_tuning")[1] == pytest.approx(
        total({LABELS: 9}, "fine_tuning") - total({LABELS: 1}, "fine_tuning"), rel=1e-9
    )


def test_a_number_that_moves_no_bill_has_a_swing_of_nothing():
    budget = {"finance.budget_usd": {"low": 1_000, "likely": 2_000, "high": 3_000}}
    scenario = changed(SCENARIO, {"finance.budget_usd": 2_000.0, "uncertainty": budget})
    (swing,) = tornado(scenario, load_book(), "rag")

    assert (swing.now, swing.width("rag")) == (2_000, 0)


@pytest.mark.parametrize(
    ("scenario", "of", "less", "words"),
    [
        (SCENARIO, "rag", None, "no number has a range yet"),
        (changed(SCENARIO, {"uncertainty": RANGES}), "prompting", None, "prompting: not compared"),
        (changed(SCENARIO, {"uncertainty": RANGES}), "rag", "prompting", "prompting: not compared"),
        (
            changed(SCENARIO, {"uncertainty": {**RANGES, "finance.budget_usd": RANGES[LABELS]}}),
            "rag",
            None,
            "uncertainty.finance.budget_usd: the field 'Budget' is empty, .* give finance.budget_usd a value, or take",
        ),
    ],
)
def test_a_tornado_of_nothing_is_refused(scenario, of, less, words):
    with pytest.raises(ScenarioError, match=words):
        tornado(scenario, load_book(), of, less)


def test_a_flip_is_where_another_one_becomes_cheapest():
    run = run_scenario(SCENARIO, load_book())
    found = flips(run, load_book())

    assert found[0].path == VOLUME
    assert [abs(flip.distance) for flip in found] == sorted(abs(flip.distance) for flip in found)
    for flip in found:
        away = (flip.at - flip.now) * 1e-3
        value = flip.at + away
        if flip.path in FIELDS and FIELDS[flip.path].kind == "whole":
            value = round(flip.at)
        after = run_scenario(changed(SCENARIO, {flip.path: value}, load_book()), load_book())
        assert after.cheapest == flip.leader != run.cheapest, flip
        if not flip.jump:
            before = run_scenario(changed(SCENARIO, {flip.path: flip.at - away}, load_book()), load_book())
            assert before.cheapest == run.cheapest, flip


def test_a_number_that_flips_nothing_is_left_out():
    run = run_scenario(SCENARIO, load_book())

    assert flips(run, load_book(), ["workload.system_tokens"]) == []
    assert [flip.path for flip in flips(run, load_book(), [VOLUME])] == [VOLUME]


def test_alone_nothing_can_flip():
    run = run_scenario(changed(SCENARIO, {"finance.compared": ["rag"]}), load_book())

    assert flips(run, load_book()) == []


def test_the_distance_is_a_share_of_the_value_now():
    (flip,) = flips(run_scenario(SCENARIO, load_book()), load_book(), [VOLUME])

    assert flip.distance == pytest.approx((flip.at - 200_000) / 200_000)


def test_movers_are_numbers_of_the_bills_and_prices_in_use():
    found = movers(run_scenario(SCENARIO, load_book()))

    assert {VOLUME, UPDATES, LABELS, OUTPUT} <= set(found)
    assert "finance.budget_usd" not in found
    assert now_of(SCENARIO, load_book(), OUTPUT) == 10


@pytest.mark.parametrize("month", [12, 18, 24, 36])
def test_goal_seek_finds_where_one_is_cheapest_by_a_month(month):
    found = goal_seek(SCENARIO, load_book(), LABELS, "fine_tuning", month, 0, 30)
    at_horizon = changed(SCENARIO, {"finance.horizon_months": month})

    for value in (0.0, 1.5, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0):
        cheapest = run_scenario(changed(at_horizon, {LABELS: value}), load_book()).cheapest
        inside = any(low <= value <= high for low, high in found.stretches)
        assert inside == (cheapest == "fine_tuning"), (value, found)


def test_goal_seek_in_present_value_asks_for_the_lowest_present_value():
    scenario = changed(SCENARIO, {"finance.discount_rate_annual": 0.3})
    found = goal_seek(scenario, load_book(), LABELS, "fine_tuning", 18, 0, 30, present=True)
    ((_, high),) = found.stretches
    at_horizon = changed(scenario, {"finance.horizon_months": 18})

    assert found.present
    assert high < 0.9 * goal_seek(scenario, load_book(), LABELS, "fine_tuning", 18, 0, 30).high
    for value, winner in ((high * 0.999, "fine_tuning"), (high * 1.001, "rag")):
        run = run_scenario(changed(at_horizon, {LABELS: value}), load_book())
        assert run.cheapest_of({key: each.present_value_usd for key, each in run.answers.items()}) == winner


def test_goal_seek_names_the_nearest_value_or_none():
    found = goal_seek(SCENARIO, load_book(), VOLUME, "rag")
    (flip,) = flips(run_scenario(SCENARIO, load_book()), load_book(), [VOLUME])

    assert found.nearest(200_000) == pytest.approx(flip.at, rel=1e-4)
    assert found.nearest(100_000) == 100_000
    assert goal_seek(SCENARIO, load_book(), LABELS, "hybrid").nearest(3) is None


def test_goal_seek_for_one_alone_finds_the_whole_range():
    found = goal_seek(changed(SCENARIO, {"finance.compared": ["rag"]}), load_book(), VOLUME, "rag", None, 1_000, 10_000)

    assert found.stretches == ((1_000, 10_000),)


def test_goal_seek_for_one_that_takes_no_part_is_refused():
    with pytest.raises(ScenarioError, match="prompting: cannot be called cheapest"):
        goal_seek(SCENARIO, load_book(), VOLUME, "prompting")
