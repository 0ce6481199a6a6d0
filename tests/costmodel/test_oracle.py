"""The model against a second reckoning that shares nothing with it but the assumptions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from costmodel.changes import changed
from costmodel.presets import PRESETS
from costmodel.results import Run
from pricing.catalog import load_book
from tests import oracle
from tests.costmodel.strategies import questions

RELATIVE = 1e-9
MONTHS_APART = 1e-6
"""Where two lines meet is a quotient of small differences: it keeps fewer digits than the lines do."""


def differences(model: Any, second: Any, place: str = "") -> list[str]:
    """Where two answers are not the same, in words."""
    if isinstance(second, dict):
        if set(model) != set(second):
            return [f"{place}: {sorted(model)} is not {sorted(second)}"]
        return [each for key in second for each in differences(model[key], second[key], f"{place}/{key}")]
    if isinstance(second, list):
        if len(model) != len(second):
            return [f"{place}: {model} is not {second}"]
        pairs = enumerate(zip(model, second, strict=True))
        return [each for n, (one, other) in pairs for each in differences(one, other, f"{place}/{n}")]
    if isinstance(second, float) and isinstance(model, float):
        tolerance = {"abs": MONTHS_APART} if place.endswith("/month") else {"rel": RELATIVE, "abs": 1e-9}
        same = model == pytest.approx(second, **tolerance)
    else:
        same = model == second
    return [] if same else [f"{place}: the model says {model}, the oracle {second}"]


def compared(scenario, book) -> list[str]:
    said = Run(scenario, book).as_dict()
    second = oracle.answers(scenario, book.rows)
    return differences({name: said[name] for name in second} | {"excluded": list(said["excluded"])}, second)


@given(questions())
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_model_and_the_oracle_agree_on_every_number(question):
    wrong = compared(*question)

    assert wrong == []


@pytest.mark.parametrize("preset", PRESETS)
def test_the_model_and_the_oracle_agree_on_the_presets(preset):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})

    wrong = compared(scenario, load_book())

    assert wrong == []
