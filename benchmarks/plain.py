"""The default preset as plain numbers: what `benchmarks.floor` starts from, read before any clock runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.stats import qmc

from costmodel.changes import changed, differing, resolved
from costmodel.distributions import PERT_WEIGHT, _beta
from costmodel.fields import value_at
from costmodel.inputs import Inputs
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.ranges import ranges_of
from costmodel.results import run_scenario
from costmodel.scenario import ARCHITECTURES, FIELDS, Range, Scenario
from costmodel.terms import Array
from pricing.book import PriceBook
from pricing.catalog import load_book

TODAY = date(2026, 11, 21)
"""The month of the build would otherwise be that of the run, and with it the prices in force."""

NUMBERS = {
    "queries": "workload.queries_per_month",
    "growth": "workload.monthly_growth_share",
    "peak": "workload.peak_to_average",
    "query": "workload.query_tokens",
    "system": "workload.system_prompt_tokens",
    "history": "workload.history_tokens",
    "answer": "workload.output_tokens",
    "cached": "workload.response_cache_hit_share",
    "calls": "workload.model_calls_per_query",
    "retries": "workload.retry_share",
    "documents": "corpus.documents",
    "document": "corpus.tokens_per_document",
    "corpus_growth": "corpus.monthly_growth_share",
    "updates": "corpus.updates_per_month",
    "changed": "corpus.changed_share_per_update",
    "chunk": "corpus.chunk_tokens",
    "overlap": "corpus.chunk_overlap_tokens",
    "dimensions": "rag.embedding_dimensions",
    "bytes": "rag.bytes_per_dimension",
    "copies": "rag.replicas",
    "overhead": "rag.index_overhead_share",
    "top_k": "rag.top_k",
    "candidates": "rag.candidates",
    "reindex_every": "rag.reindex_every_months",
    "rag_weeks": "rag.build_engineer_weeks",
    "preparation_hours": "rag.preparation_hours",
    "rag_review": "rag.evaluation_usd_per_release",
    "test_queries": "rag.evaluation_queries_per_month",
    "hours_per_update": "rag.hours_per_update",
    "rag_upkeep_hours": "rag.maintenance_hours_per_month",
    "rag_hosting": "rag.hosting_usd_per_month",
    "rag_watch": "rag.observability_usd_per_month",
    "tuned_system": "fine_tuning.system_prompt_tokens",
    "examples": "fine_tuning.training_examples",
    "example_tokens": "fine_tuning.tokens_per_example",
    "epochs": "fine_tuning.epochs",
    "runs": "fine_tuning.experiment_runs",
    "label": "fine_tuning.usd_per_example",
    "tuned_review": "fine_tuning.evaluation_usd_per_release",
    "retrain_every": "fine_tuning.retrain_every_months",
    "updates_per_retrain": "fine_tuning.updates_per_retrain",
    "retrain_share": "fine_tuning.retrain_examples_share",
    "retrain_runs": "fine_tuning.retrain_runs",
    "retrain_hours": "fine_tuning.retrain_hours",
    "revalidate_every": "fine_tuning.revalidate_every_months",
    "check_hours": "fine_tuning.revalidation_hours",
    "tuned_weeks": "fine_tuning.build_engineer_weeks",
    "tuned_upkeep_hours": "fine_tuning.maintenance_hours_per_month",
    "tuned_watch": "fine_tuning.observability_usd_per_month",
    "least_replicas": "fine_tuning.min_replicas",
    "spare_replicas": "fine_tuning.spare_replicas",
    "speed": "fine_tuning.tokens_per_second_per_replica",
    "target": "fine_tuning.target_utilisation_share",
    "shared": "hybrid.shared_build_share",
    "hybrid_watch": "hybrid.observability_usd_per_month",
    "few_shot": "prompting.few_shot_tokens",
    "prompting_weeks": "prompting.build_engineer_weeks",
    "prompting_review": "prompting.evaluation_usd_per_release",
    "prompting_upkeep_hours": "prompting.maintenance_hours_per_month",
    "prompting_watch": "prompting.observability_usd_per_month",
    "week": "people.engineer_usd_per_week",
    "hours_per_week": "people.hours_per_week",
    "contingency": "people.contingency_share",
    "hours_per_month": "finance.hours_per_month",
}
"""Name of a plain number -> field of the scenario."""

FREE = {
    *NUMBERS.values(),
    "workload.max_queries_per_month",
    "finance.horizon_months",
    "finance.discount_rate_annual",
    "finance.discount_share",
    "finance.compared",
    *(f"finance.price_drift_annual.{group}" for group in ("llm", "embedding", "vector_store", "gpu", "labour")),
    "uncertainty",
}
"""Fields that may differ from the default preset."""

PRICES = {
    "input": ("rag", "input", 0),
    "output": ("rag", "output", 0),
    "input above": ("rag", "input", 1),
    "output above": ("rag", "output", 1),
    "embedding": ("embedding", "embedding", 0),
    "rerank": ("reranker", "rerank_tokens", 0),
    "storage": ("store", "storage", 0),
    "writes": ("store", "writes", 0),
    "reads": ("store", "reads", 0),
    "training": ("tuned", "training", 0),
    "tuned input": ("tuned", "input", 0),
    "tuned output": ("tuned", "output", 0),
    "hosting": ("tuned", "hosting", 0),
}
"""Name of a price -> whose it is, its meter and its tier."""


def default_scenario(**values: Any) -> Scenario:
    """The default preset with its month of build set, the four architectures compared, and other values if any."""
    scenario = resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY)
    return changed(scenario, {"finance.compared": list(ARCHITECTURES), **values})


def uncertain_scenario(**values: Any) -> Scenario:
    """The same over 36 months, with the ranges that the Uncertainty page begins with."""
    scenario = default_scenario(**{"finance.horizon_months": 36, **values})
    ranges = ranges_of(run_scenario(scenario, load_book()))
    return changed(scenario, {"uncertainty": {path: spread.model_dump() for path, spread in ranges.items()}})


def plain(scenario: Scenario, book: PriceBook) -> SimpleNamespace:
    """Plain numbers of a scenario that differs from the default preset in these numbers only (ValueError if not).

    `drawn` are the ranges of its uncertain numbers, which the floor takes from tables of the same distributions.
    """
    others = set(differing(scenario, default_scenario())) - FREE
    if others:
        raise ValueError(f"{min(others)}: the floor knows only the default preset's")
    x, months = Inputs(scenario, book), scenario.finance.horizon_months + 1
    store = x.plan(scenario.rag.vector_store)
    assert store is not None
    refs = {
        "rag": scenario.rag.model,
        "embedding": scenario.rag.embedding_model,
        "reranker": scenario.rag.reranker,
        "store": scenario.rag.vector_store,
        "tuned": scenario.fine_tuning.model,
    }
    prices, jobs = {}, np.zeros(months)
    for name, (whose, meter, tier) in PRICES.items():
        plan = x.plan(refs[whose])
        listed = None if plan is None else plan.prices(meter, x.dates)
        assert listed is not None, f"{refs[whose]} has no price {meter}"
        left = 1.0 - scenario.finance.discount_share.get(listed.provider, 0.0)
        prices[name] = (np.array(listed.usd[tier][:months]), left, listed.drift_group)
        if name == "input":
            long_prompt = listed.tier_from[1]
        elif name == "training":
            jobs = np.array(listed.minimum_usd[:months])
    cap = scenario.workload.max_queries_per_month
    return SimpleNamespace(
        **{name: float(value_at(scenario, path)) for name, path in NUMBERS.items()},
        horizon=scenario.finance.horizon_months,
        most_queries=np.inf if cap is None else cap,
        drift=scenario.finance.price_drift_annual.model_dump(),
        prices=prices,
        long_prompt=long_prompt,
        least_job=jobs,
        minimum=np.array(store.minimum_usd(x.dates)[:months]),
        per_gb_written=float(store.fact("units_per_gb_written")),
        per_gb_searched=float(store.fact("units_per_gb_searched")),
        per_search=float(store.fact("units_per_search")),
        drawn={_NAMES[path]: _table(path, spread) for path, spread in scenario.uncertainty.items()},
    )


def points(numbers: SimpleNamespace, draws: int, seed: int = 1) -> Array:
    """Where each draw's numbers lie in their distributions: the points that the model draws, shape (draws, numbers)."""
    return np.asarray(qmc.Sobol(len(numbers.drawn), scramble=True, rng=np.random.default_rng(seed)).random(draws))


def _table(path: str, spread: Range) -> tuple[float, float, Array, Array, bool]:
    """Low end, span, shares and places of a distribution, and whether it has whole numbers only."""
    span = spread.high - spread.low
    a, b = (1 + PERT_WEIGHT * abs(spread.likely - end) / span for end in (spread.low, spread.high))
    shares, places = _beta(a, b)
    return spread.low, span, shares, places, FIELDS[path].kind == "whole"


_NAMES: Mapping[str, str] = {path: name for name, path in NUMBERS.items()}
