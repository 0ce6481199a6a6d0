"""The scenarios to start from: each figure sourced or named a guess, each one computed without gaps."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import changed, check_references, differing, resolved
from costmodel.fields import value_at
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.provenance import LEVERS, Provenance
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS, Scenario
from pricing.catalog import load_book

DAY = date(2026, 11, 1)


def run_of(preset: str, **values: float) -> Run:
    scenario = resolved(PRESETS[preset].scenario, DAY)
    return run_scenario(changed(scenario, {path.replace("__", "."): v for path, v in values.items()}), load_book())


def test_the_default_is_one_of_them():
    assert DEFAULT_PRESET in PRESETS


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_names_itself_its_reason_and_its_source_s_advice(key):
    preset = PRESETS[key]

    assert (preset.id, preset.scenario.preset) == (key, key)
    assert all((preset.name, preset.reason, preset.advice))


@pytest.mark.parametrize("key", PRESETS)
def test_every_value_of_a_preset_has_a_source_or_is_named_a_guess(key):
    preset = PRESETS[key]

    assert set(differing(preset.scenario, Scenario())) <= set(preset.sources)
    assert all(source.text for source in preset.sources.values())


@pytest.mark.parametrize("key", PRESETS)
def test_every_source_belongs_to_a_field(key):
    assert set(PRESETS[key].sources) <= set(FIELDS)


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_leaves_the_build_month_to_the_day(key):
    assert PRESETS[key].scenario.finance.start_month is None


@pytest.mark.parametrize("key", PRESETS)
def test_the_book_has_every_plan_of_a_preset(key):
    check_references(PRESETS[key].scenario, load_book())


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_is_computed_without_a_missing_price(key):
    run = run_of(key)

    assert run.excluded == {}
    assert run.cheapest is not None


@pytest.mark.parametrize("key", PRESETS)
def test_no_price_of_a_preset_lacks_its_source(key):
    assert [row.price_id for row in run_of(key).rows_in_use if not row.source] == []


@pytest.mark.parametrize("key", PRESETS)
def test_updates_that_force_a_retrain_are_twice_those_between_two_calendar_ones_and_a_guess(key):
    scenario = PRESETS[key].scenario
    updates, cadence = scenario.corpus.updates_per_month, scenario.fine_tuning.retrain_every_months

    assert scenario.fine_tuning.updates_per_retrain == 2 * updates * cadence
    assert PRESETS[key].sources["fine_tuning.updates_per_retrain"].guess


@pytest.mark.parametrize("key", PRESETS)
def test_an_example_holds_what_the_tuned_model_reads_and_writes(key):
    scenario = PRESETS[key].scenario
    work = scenario.workload
    tokens = scenario.fine_tuning.system_prompt_tokens + work.history_tokens + work.query_tokens + work.output_tokens

    assert scenario.fine_tuning.tokens_per_example == tokens


@pytest.mark.parametrize("key", PRESETS)
def test_what_a_planner_sets_is_never_called_a_guess(key):
    known = Provenance(run_of(key))

    assert [path for path in LEVERS if known.is_guess(path)] == []


def test_the_default_preset_is_contested():
    run = run_of(DEFAULT_PRESET)

    assert len(run.leaders()) > 1


def test_a_guess_that_the_user_replaces_is_the_user_s_own():
    path = "fine_tuning.updates_per_retrain"
    before, after = (
        Provenance(run_of(DEFAULT_PRESET)),
        Provenance(run_of(DEFAULT_PRESET, fine_tuning__updates_per_retrain=5)),
    )

    assert (before.is_guess(path), after.is_guess(path), after.is_own(path)) == (True, False, True)


@pytest.mark.parametrize("key", PRESETS)
def test_shares_of_guesses_and_own_figures_are_parts_of_a_whole(key):
    run = run_of(key)
    known = Provenance(run)

    assert all(0 <= known.guess_share(a) + known.own_share(a) <= 1 + 1e-9 for a in run.answers)


@pytest.mark.parametrize("key", PRESETS)
def test_the_largest_guesses_are_guesses_of_the_preset_or_weak_prices(key):
    run = run_of(key)
    known = Provenance(run)
    weak = {row.price_id for row in run.rows_in_use if row.confidence == "low"}

    assert all(known.is_guess(path) or path in weak for path in known.largest_guesses(50))


@pytest.mark.parametrize("key", PRESETS)
def test_a_guess_has_an_effect(key):
    run = run_of(key)
    known = Provenance(run)

    assert all(value_at(run.scenario, path) for path in known.largest_guesses(50) if path in FIELDS)
