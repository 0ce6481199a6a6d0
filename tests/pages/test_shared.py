"""What visitors ask alike is worked out once; what differs in anything is not."""

from __future__ import annotations

import pytest

from costmodel.changes import changed
from costmodel.results import run_scenario
from pages.ui import shared, tracks

VOLUME = "workload.queries_per_month"
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.0}


@pytest.fixture
def scenario_with(preset):
    """The default preset with other values."""
    return lambda values: changed(preset, values)


@pytest.fixture
def worked_out(monkeypatch):
    """The scenarios that were worked out, in order."""
    found = []

    def noted(scenario, book):
        found.append(scenario)
        return run_scenario(scenario, book)

    monkeypatch.setattr(shared, "run_scenario", noted)
    return found


def test_a_second_visitor_of_the_same_scenario_sees_the_same_and_nothing_is_worked_out_again(
    opened, worked_out, monkeypatch
):
    first = opened()
    first.pull(VOLUME, 50_000)
    asked = len(worked_out)
    monkeypatch.setattr(tracks, "tracks_of", None)  # would fail
    second = opened()
    second.pull(VOLUME, 50_000)
    second.check()

    assert len(worked_out) == asked == 2
    assert second.words == first.words


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Somebody else's"),
        ("finance.currency", "EUR"),
        ("finance.discount_share", {"openai": 0.1}),
        ("price_edits", [EDIT]),
        ("uncertainty", {VOLUME: {"low": 1.0, "likely": 2.0, "high": 3.0}}),
    ],
)
def test_what_differs_in_one_field_is_another_question(scenario_with, path, value):
    one = shared.run_of(scenario_with({}))
    other = shared.run_of(scenario_with({path: value}))

    assert other is not one
    assert other.scenario != one.scenario
    assert shared.run_of(scenario_with({path: value})) is other


def test_only_so_many_are_remembered_the_last_ones(scenario_with, worked_out):
    many = [scenario_with({VOLUME: 10_000 + number}) for number in range(shared.MOST + 1)]
    for each in many:
        shared.run_of(each)
    shared.run_of(many[-1])
    assert len(worked_out) == shared.MOST + 1

    shared.run_of(many[0])
    assert worked_out[-1] == many[0]


def test_what_cannot_be_worked_out_is_refused_each_time(scenario_with, worked_out):
    wrong = scenario_with({}).model_copy(update={"rag": scenario_with({}).rag.model_copy(update={"model": "no/model"})})
    for _ in range(2):
        with pytest.raises(ValueError, match="no/model"):
            shared.run_of(wrong)

    assert len(worked_out) == 2
