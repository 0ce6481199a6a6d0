"""A scenario in which every line of every bill occurs, on a small price book of its own.

Only the words of its lines are shown, never an amount; so the prices are 1 and the plans belong to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from costmodel.changes import changed
from costmodel.results import Run
from costmodel.scenario import ARCHITECTURES, Architecture, Scenario
from pricing.book import Price, PriceBook

START: Final = "2026-11"
LEAVES: Final = date(2027, 11, 1)

_MODEL: Final = ("input", "cached_input", "cache_write", "output", "batch_input", "batch_output")
_UNITS: Final = {
    "embedding": "1M tokens",
    "training": "1M tokens",
    "hosting": "hour",
    "model_storage": "month",
    "gpu": "GPU-hour",
    "page": "page",
    "guardrail": "unit",
    "rerank_searches": "search",
    "rerank_tokens": "1M tokens",
    "storage": "GB-month",
    "reads": "unit",
    "writes": "unit",
    "nodes": "hour",
    "flat": "month",
}
_TUNED_METERS: Final = (*_MODEL, "training", "hosting", "model_storage")

PLANS: Final[dict[str, tuple[tuple[str, ...], dict[str, Any]]]] = {
    "base": (_MODEL, {}),
    "leaving base": (_MODEL, {"retires_on": LEAVES, "successor": "example/base"}),
    "tuned": (_TUNED_METERS, {"bills_tokens": True}),
    "leaving tuned": (_TUNED_METERS, {"bills_tokens": True, "retires_on": LEAVES, "successor": "example/tuned"}),
    "embedding": (("embedding",), {}),
    "leaving embedding": (("embedding",), {"retires_on": LEAVES, "successor": "example/embedding"}),
    "store": (("storage", "reads", "writes", "nodes", "flat"), {"gb_per_node": 0.001, "minimum_usd": 1e6}),
    "reranker": (("rerank_searches",), {"documents_per_search": 100.0}),
    "reranker by tokens": (("rerank_tokens",), {}),
    "parser": (("page",), {}),
    "guardrail": (("guardrail",), {"tokens_per_unit": 250.0}),
    "gpu": (("gpu",), {}),
}
"""Meters of each plan, and what is known of it."""

VALUES: Final[dict[str, Any]] = {
    "workload.queries_per_month": 100_000.0,
    "workload.max_queries_per_month": 1e6,
    "workload.seasonality": (1.0, 1.1) * 6,
    "workload.query_tokens": 50.0,
    "workload.system_prompt_tokens": 500.0,
    "workload.history_tokens": 150.0,
    "workload.output_tokens": 200.0,
    "corpus.documents": 1000.0,
    "corpus.tokens_per_document": 2000.0,
    "corpus.monthly_growth_share": 0.01,
    "corpus.updates_per_month": 4.0,
    "corpus.changed_share_per_update": 0.05,
    "corpus.chunk_tokens": 500.0,
    "corpus.chunk_overlap_tokens": 50.0,
    "corpus.pages_per_document": 5.0,
    "corpus.parser": "example/parser",
    "rag.model": "example/base",
    "rag.embedding_model": "example/embedding",
    "rag.embedding_dimensions": 1536.0,
    "rag.vector_store": "example/store",
    "rag.reranker": "example/reranker",
    "rag.top_k": 5,
    "rag.candidates": 20,
    "rag.rewrite_calls_per_query": 1.0,
    "rag.evaluation_queries_per_month": 400.0,
    "fine_tuning.model": "example/tuned",
    "fine_tuning.hosting": "dedicated",
    "fine_tuning.system_prompt_tokens": 50.0,
    "fine_tuning.training_examples": 1000.0,
    "fine_tuning.tokens_per_example": 400.0,
    "fine_tuning.retrain_every_months": 3.0,
    "fine_tuning.updates_per_retrain": 24.0,
    "fine_tuning.retrain_examples_share": 0.2,
    "fine_tuning.revalidate_every_months": 3.0,
    "fine_tuning.tokens_per_second_per_replica": 600.0,
    "hybrid.router_hosting": "dedicated",
    "hybrid.router_prompt_tokens": 50.0,
    "hybrid.router_output_tokens": 5.0,
    "hybrid.router_training_examples": 1000.0,
    "hybrid.router_answers_share": 0.3,
    "hybrid.fine_tuned_share": 0.3,
    "prompting.model": "example/base",
    "prompting.few_shot_tokens": 1000.0,
    "guardrail": "example/guardrail",
    "people.engineer_usd_per_week": 3738.0,
    "people.contingency_share": 0.2,
    "quality.stale_answer_share_per_change": 0.2,
    "finance.start_month": START,
    "finance.compared": ARCHITECTURES,
}

_CACHED: Final = (
    "with prompt caching or batches",
    {"workload.prompt_cache_hit_share": 0.5, "workload.batch_share": 0.1},
)
_AGAIN: Final = ("with a re-index", {"rag.reindex_every_months": 12.0})
_BY_TOKENS: Final = ("where a reranker bills tokens", {"rag.reranker": "example/reranker by tokens"})
_RENTED: Final = (
    "on rented GPUs",
    {
        "fine_tuning.hosting": "self_hosted",
        "fine_tuning.gpu": "example/gpu",
        "fine_tuning.training_tokens_per_gpu_hour": 1e7,
    },
)
_TYPED_IN: Final = (
    "where the amount is typed in",
    {"fine_tuning.training_usd_per_run": 100.0, "fine_tuning.hosting_usd_per_month": 100.0},
)
_RETIRES: Final = (
    "when a model retires",
    {
        "rag.model": "example/leaving base",
        "prompting.model": "example/leaving base",
        "rag.embedding_model": "example/leaving embedding",
        "fine_tuning.model": "example/leaving tuned",
    },
)


@dataclass(frozen=True)
class Kind:
    """A bill of the Method: an architecture or a kind of hybrid, and the cases in which it has other lines."""

    id: str
    architecture: Architecture
    values: dict[str, Any]
    cases: tuple[tuple[str, dict[str, Any]], ...] = ()


_SEARCHED: Final = (_CACHED, _BY_TOKENS, _AGAIN)
_TRAINED: Final = (_RENTED, _TYPED_IN)

KINDS: Final = (
    Kind("rag", "rag", {}, (*_SEARCHED, _RETIRES)),
    Kind("fine_tuning", "fine_tuning", {}, (_CACHED, *_TRAINED, _RETIRES)),
    Kind("grounded", "hybrid", {"hybrid.kind": "grounded"}, (*_SEARCHED, *_TRAINED, _RETIRES)),
    Kind("routed", "hybrid", {"hybrid.kind": "routed"}, (*_SEARCHED, _RETIRES)),
    Kind("split", "hybrid", {"hybrid.kind": "split"}, (*_SEARCHED, *_TRAINED, _RETIRES)),
    Kind("prompting", "prompting", {}, (_CACHED, _RETIRES)),
)


def book() -> PriceBook:
    """The plans that the scenario names, all at a price of 1."""
    return PriceBook(tuple(_rows()))


def _rows() -> Iterator[Price]:
    for item, (meters, facts) in PLANS.items():
        for place, meter in enumerate(meters):
            unit = _UNITS.get(meter, "1M tokens")
            of_plan = facts if place == 0 else {}
            yield Price(provider="example", item=item, meter=meter, unit=unit, price_usd=1.0, **of_plan)


def runs(kind: Kind) -> Iterator[tuple[str, Run]]:
    """The scenario of a kind as it stands, and in each of its cases; with the words for the case."""
    prices = book()
    for only, values in (("", {}), *kind.cases):
        scenario = changed(Scenario(), {**VALUES, **kind.values, **values}, prices)
        yield only, Run(scenario, prices)
