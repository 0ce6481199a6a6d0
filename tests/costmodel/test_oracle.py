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


# Worked on paper: short enough to be recomputed, and rare among random questions

PAPER = PriceBook(
    [
        Price(provider="acme", item=item, meter=meter, unit=unit, price_usd=usd, **facts)
        for item, meter, unit, usd, facts in [
            ("base", "input", "1M tokens", 2.0, {}),
            ("base", "cached_input", "1M tokens", 0.5, {}),
            ("base", "cache_write", "1M tokens", 2.5, {}),
            ("base", "batch_input", "1M tokens", 1.0, {}),
            ("old", "training", "1M tokens", 10.0, {"retires_on": "2027-02-28", "successor": "acme/new"}),
            ("old", "input", "1M tokens", 4.0, {}),
            ("new", "training", "1M tokens", 20.0, {}),
            ("new", "input", "1M tokens", 4.0, {}),
            ("gpu", "gpu", "GPU-hour", 2.0, {}),
            ("guard", "guardrail", "1k units", 5.0, {"tokens_per_unit": 100.0}),
            ("store", "storage", "GB-month", 1.0, {}),
            ("store", "storage", "GB-month", 0.5, {"tier_from": 10.0}),
        ]
    ]
)
MILLION = {"model": "acme/old", "training_examples": 1_000, "tokens_per_example": 1_000}
AGEING = {"updates_per_month": 1, "changed_share_per_update": 0.1}
STALE = {"usd_per_wrong_answer": 1, "stale_answer_share_per_change": 0.5}
EIGHT_GB = {"documents": 1_000_000, "tokens_per_document": 10, "chunk_tokens": 10}

ON_PAPER = [
    # a fifth in batches; of the rest half find the first 800 of 1,000 tokens cached and half write them
    (
        "rag",
        {"query_tokens": 200, "system_prompt_tokens": 800, "prompt_cache_hit_share": 0.5, "batch_share": 0.2},
        {"rag": {"model": "acme/base"}},
        {"tco_usd": 0.32 + 0.16 + 0.80 + 0.20},
    ),
    # the router reads 200 tokens of every query, RAG 100 of those that it does not answer
    (
        "hybrid",
        {"query_tokens": 100},
        {
            "rag": {"model": "acme/base"},
            "hybrid": {
                "kind": "routed",
                "router_model": "acme/new",
                "router_prompt_tokens": 100,
                "router_answers_share": 0.4,
            },
        },
        {"tco_usd": 1_000 * 200 * 4e-6 + 600 * 100 * 2e-6},
    ),
    # of 101 tokens two units are checked
    (
        "prompting",
        {"query_tokens": 100, "system_prompt_tokens": 1},
        {"prompting": {"model": "acme/base"}, "guardrail": "acme/guard"},
        {"tco_usd": 1_000 * 101 * 2e-6 + 2_000 * 0.005},
    ),
    # 8 GB, and 16 GB while it is built anew: 8.00, and 10.00 + 3.00
    (
        "rag",
        {},
        {
            "corpus": EIGHT_GB,
            "rag": {
                "model": "acme/base",
                "vector_store": "acme/store",
                "embedding_dimensions": 2_000,
                "reindex_every_months": 1,
            },
        },
        {"recurring_usd": 8.0, "event_usd": 5.0},
    ),
    # 2.8 tokens a second need four replicas that may do 0.8 each
    (
        "fine_tuning",
        {"query_tokens": 7_200},
        {
            "fine_tuning": {
                "hosting": "self_hosted",
                "gpu": "acme/gpu",
                "min_replicas": 0,
                "tokens_per_second_per_replica": 1,
                "target_utilisation_share": 0.8,
            },
            "finance": {"hours_per_month": 720.0},
        },
        {"tco_usd": 4 * 720 * 2.0, "idle_share": 1 - 7_200_000 / (4 * 720 * 3_600)},
    ),
    # trained at the build and every three months, it is 0.5, 1.5 and 2.5 months old on average, twice
    (
        "fine_tuning",
        {},
        {
            "corpus": AGEING,
            "quality": STALE,
            "fine_tuning": {"model": "acme/new", "retrain_every_months": 3, "retrain_runs": 0},
            "finance": {"horizon_months": 6},
        },
        {"consequences_usd": {"wrong_answers": 2 * 1_000 * 0.5 * 0.1 * (0.5 + 1.5 + 2.5), "launch_delay": 0.0}},
    ),
    # the migration of month 3 trains it again, at the successor's price
    (
        "fine_tuning",
        {},
        {"corpus": AGEING, "quality": STALE, "fine_tuning": MILLION, "finance": {"horizon_months": 4}},
        {
            "one_time_usd": 10.0,
            "event_usd": 20.0,
            "consequences_usd": {"wrong_answers": 1_000 * 0.5 * 0.1 * (0.5 + 1.5 + 0.5 + 1.5), "launch_delay": 0.0},
        },
    ),
    # tuned for the first time in the month in which its model retires: on the successor, and nothing to migrate
    (
        "hybrid",
        {},
        {
            "rag": {"model": "acme/base"},
            "fine_tuning": MILLION,
            "hybrid": {"fine_tuning_starts_month": 3},
            "finance": {"horizon_months": 4},
        },
        {"one_time_usd": 20.0, "event_usd": 0.0},
    ),
    # until then it errs like RAG, and what RAG does not count is not counted
    (
        "hybrid",
        {},
        {
            "rag": {"model": "acme/base", "correct_share": 0.7, "switched_off": ["wrong_answers"]},
            "fine_tuning": {"model": "acme/new"},
            "hybrid": {"correct_share": 0.9, "fine_tuning_starts_month": 3},
            "quality": {"usd_per_wrong_answer": 1},
            "finance": {"horizon_months": 5},
        },
        {"consequences_usd": {"wrong_answers": 2 * 100.0, "launch_delay": 0.0}, "tco_usd": 0.0},
    ),
]


@pytest.mark.parametrize(("key", "workload", "groups", "expected"), ON_PAPER)
def test_the_model_and_the_oracle_say_what_was_worked_out_on_paper(key, workload, groups, expected):
    finance = {"start_month": "2026-11", "horizon_months": 1, "compared": [key], "price_drift_annual": {"labour": 0.0}}
    asked = {**groups, "workload": {"queries_per_month": 1_000, **workload}}
    scenario = Scenario.model_validate({**asked, "finance": {**finance, **groups.get("finance", {})}})

    wrong = compared(scenario, PAPER)
    said = oracle.answers(scenario, PAPER.rows)["architectures"][key]

    assert wrong == []
    for name, value in expected.items():
        assert said[name] == pytest.approx(value), name
