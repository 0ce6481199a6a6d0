"""Ranges to begin with: published where published, else half and half again; always about the value now."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.fields import value_at
from costmodel.presets import PRESETS
from costmodel.ranges import PUBLISHED, about, check_filled, empty_fields, suggested
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS
from pricing.catalog import load_book


@pytest.mark.parametrize("preset", PRESETS)
def test_a_suggested_range_holds_the_value_now_and_makes_a_scenario(preset):
    scenario = resolved(PRESETS[preset].scenario, date(2026, 11, 21))
    found = suggested(run_scenario(scenario, load_book()))
    for path, each in found.items():
        assert each.spread.low <= each.spread.likely == value_at(scenario, path) <= each.spread.high
        assert each.why

    assert changed(scenario, {"uncertainty": {path: each.spread.model_dump() for path, each in found.items()}})


def test_published_ranges_are_taken_as_they_stand_and_guesses_by_half():
    scenario = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
    found = suggested(run_scenario(scenario, load_book()))
    labels, upkeep = found["fine_tuning.usd_per_example"], found["rag.maintenance_hours_per_month"]

    assert (labels.spread.low, labels.spread.high, labels.published) == (1, 5, True)
    assert (upkeep.spread.low, upkeep.spread.high, upkeep.published) == (6, 18, False)


def test_choices_and_the_users_own_figures_are_taken_at_their_word():
    scenario = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
    own = changed(scenario, {"rag.maintenance_hours_per_month": 20, "fine_tuning.usd_per_example": 50})
    found = suggested(run_scenario(own, load_book()))

    assert not {"finance.horizon_months", "fine_tuning.retrain_every_months"} & set(found)
    assert "rag.maintenance_hours_per_month" not in found
    assert "fine_tuning.usd_per_example" not in found  # 50 lies outside 1 to 5


def test_a_range_of_an_empty_field_is_refused_with_its_place_and_the_way_out():
    run = "fine_tuning.training_usd_per_run"
    scenario = PRESETS["support-bot"].scenario
    filled = changed(scenario, {run: 800.0})

    assert run in empty_fields(scenario)
    assert run not in empty_fields(filled)
    check_filled(filled, [run, "workload.queries_per_month", "price:openai/gpt-5:input"])
    with pytest.raises(ScenarioError) as refused:
        check_filled(scenario, [run, "workload.queries_per_month", "finance.budget_usd"])
    first, second = refused.value.problems
    assert first.startswith(f"uncertainty.{run}: the field 'Cost of a run' is empty")
    assert first.endswith(f"give {run} a value, or take its range out")
    assert second.startswith("uncertainty.finance.budget_usd: ")


def test_half_and_half_again_stays_within_the_limits_of_the_field():
    scenario = changed(
        PRESETS["pricing-brand-voice"].scenario, {"workload.response_cache_hit_share": 0.8, "rag.top_k": 5}
    )
    share, chunks = about(scenario, "workload.response_cache_hit_share"), about(scenario, "rag.top_k")

    assert (share.low, share.likely, share.high) == (
        pytest.approx(0.4),
        0.8,
        FIELDS["workload.response_cache_hit_share"].high,
    )
    assert (chunks.low, chunks.high) == (2, 8)  # 2.5 to 7.5 in whole numbers


def test_every_published_range_is_one_and_belongs_to_a_number():
    for path, (low, high, source) in PUBLISHED.items():
        assert FIELDS[path].numeric
        assert low < high
        assert source
