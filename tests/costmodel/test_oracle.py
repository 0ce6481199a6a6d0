"""The model against a second reckoning that shares nothing with it but the assumptions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from costmodel.changes import changed
from costmodel.presets import PRESETS
from costmodel.results import Run
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook
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
@settings(max_examples=800, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_model_and_the_oracle_agree_on_every_number(question):
    wrong = compared(*question)

    assert wrong == []


@pytest.mark.parametrize("preset", PRESETS)
def test_the_model_and_the_oracle_agree_on_the_presets(preset):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})

    wrong = compared(scenario, load_book())

    assert wrong == []


@pytest.mark.parametrize(("prompt", "usd_per_million"), [(999.0, 2.0), (1_000.0, 2.0), (1_001.0, 5.0)])
def test_the_model_and_the_oracle_agree_on_either_side_of_a_long_price(prompt, usd_per_million):
    row = {"provider": "acme", "item": "base", "unit": "1M tokens"}
    book = PriceBook(
        [
            Price(**row, meter="input", price_usd=2.0),
            Price(**row, meter="input", price_usd=5.0, tier_from=1_000),
        ]
    )
    scenario = Scenario.model_validate(
        {
            "workload": {"queries_per_month": 100, "query_tokens": prompt},
            "rag": {"model": "acme/base"},
            "finance": {"start_month": "2026-11", "horizon_months": 1, "compared": ["rag"]},
        }
    )

    wrong = compared(scenario, book)

    assert wrong == []
    assert Run(scenario, book).answers["rag"].tco_usd == pytest.approx(100 * prompt * usd_per_million / 1e6)
