"""Scenarios that between them use all that a workbook has to compute: kinds, hosting, tiers, dates, typed-in costs."""

from __future__ import annotations

from datetime import date
from typing import Any

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book

DAY = date(2026, 11, 14)
BASE = resolved(PRESETS[DEFAULT_PRESET].scenario, DAY)
LARGE = {
    "corpus.documents": 40_000.0,
    "corpus.tokens_per_document": 2400.0,
    "corpus.monthly_growth_share": 0.03,
    "corpus.parser": "aws/textract forms",
    "corpus.pages_per_document": 3.0,
    "workload.queries_per_month": 3e6,
    "rag.replicas": 2,
    "rag.reindex_every_months": 4.0,
    "rag.hosting_usd_per_month": 33.0,
    "rag.evaluation_queries_per_month": 200.0,
    "rag.migration_hours": 12.0,
    "hybrid.migration_hours": 22.0,
    "hybrid.shared_build_share": 0.2,
    "people.contingency_share": 0.15,
    "quality.usd_per_wrong_answer": 0.02,
    "quality.stale_answer_share_per_change": 0.2,
    "finance.delay_usd_per_week": 500.0,
    "finance.horizon_months": 8,
    "rag.correct_share": 0.9,
    "hybrid.correct_share": 0.93,
    "fine_tuning.correct_share": 0.91,
}
CASES: dict[str, dict[str, Any]] = {
    "split, cached and batched, with consequences": {
        **LARGE,
        "hybrid.kind": "split",
        "hybrid.fine_tuned_share": 0.4,
        "workload.prompt_cache_hit_share": 0.5,
        "workload.batch_share": 0.2,
        "rag.model": "anthropic/claude-haiku-5-5",
        "rag.rewrite_calls_per_query": 0.5,
        "guardrail": "aws/guardrails content filter",
        "fine_tuning.updates_per_retrain": 3.0,
        "finance.consequences_in_tco": True,
    },
    "self-hosted, in stages, with a season, in euros": {
        **LARGE,
        "fine_tuning.hosting": "self_hosted",
        "fine_tuning.gpu": "aws/p5.48xlarge (8x H100 SXM 80GB) us-east-1",
        "fine_tuning.tokens_per_second_per_replica": 900.0,
        "fine_tuning.training_tokens_per_gpu_hour": 5e6,
        "hybrid.fine_tuning_starts_month": 3,
        "workload.seasonality": (1.0, 0.9, 1.0, 1.1, 1.0, 0.8, 0.7, 0.7, 1.0, 1.2, 1.3, 1.4),
        "workload.max_queries_per_month": 4e6,
        "rag.vector_store": "aws/s3 vectors us-east-1",
        "finance.currency": "EUR",
        "finance.usd_per_currency_unit": 1.1,
        "finance.fiscal_year_starts_month": 4,
        "finance.consequences_in_tco": True,
    },
    "routed, with a forecast, dated prices and a model that retires": {
        **LARGE,
        "hybrid.kind": "routed",
        "hybrid.router_answers_share": 0.3,
        "hybrid.router_prompt_tokens": 300.0,
        "hybrid.router_output_tokens": 20.0,
        "hybrid.router_training_examples": 500.0,
        "rag.model": "google/gemini-3.6-flash",
        "rag.embedding_model": "google/text-embedding-005",
        "rag.vector_store": "turbopuffer/launch",
        "workload.queries_by_month": (1e5, 2e5, 3e5),
        "workload.prompt_cache_hit_share": 0.3,
        "fine_tuning.hosting": "serverless",
        "fine_tuning.model": "openai/ft:gpt-4o-mini-2024-07-18",
        "prompting.model": "openai/gpt-4o-mini",
        "finance.compared": ("rag", "fine_tuning", "hybrid", "prompting"),
        "finance.discount_share": {"google": 0.1},
        "finance.price_drift_annual.llm": -0.2,
    },
    "typed-in costs, what is built, lines left out": {
        **LARGE,
        "extra_costs": (
            {
                "architecture": ["rag", "hybrid"],
                "component": "licence",
                "phase": "one_time",
                "months": [0, 0],
                "usd": 1000.0,
            },
            {
                "architecture": ["fine_tuning"],
                "component": "wrong_answers",
                "phase": "recurring",
                "months": [2, 5],
                "usd_per_month": -50.0,
            },
            {
                "architecture": ["rag", "fine_tuning", "hybrid"],
                "component": "generation",
                "phase": "recurring",
                "months": [1, 8],
                "usd_per_query": 0.001,
            },
        ),
        "finance.already_built": ("rag",),
        "rag.switched_off": ("vector_storage", "generation"),
        "hybrid.switched_off": ("release_evaluation",),
    },
}
UNKNOWN = {**LARGE, "fine_tuning.model": None}
"""The price of a model that was never chosen is missing."""


def run_of(values: dict[str, Any] | None = None) -> Run:
    """The default preset with other values."""
    return run_scenario(changed(BASE, values or {}, load_book()), load_book())
