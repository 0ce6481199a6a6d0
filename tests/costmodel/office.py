"""An office that pays for everything, and what it takes to ask about its bill."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook

MILLION = 1e6


def price(ref: str, meter: str, unit: str, usd: float, **more: Any) -> Price:
    """One row of a book; facts, tiers and dates by name."""
    provider, item = ref.split("/")
    return Price(provider=provider, item=item, meter=meter, unit=unit, price_usd=usd, **more)


def chat(ref: str, usd_in: float, usd_out: float, **facts: Any) -> list[Price]:
    """A model at so many USD for a million tokens in and out."""
    return [
        price(ref, "input", "1M tokens", usd_in, **facts),
        price(ref, "output", "1M tokens", usd_out),
    ]


def question(months: int = 12, **groups: Any) -> Scenario:
    """A scenario built in November 2026 in which nothing drifts."""
    finance = {"start_month": "2026-11", "horizon_months": months, "price_drift_annual": {"labour": 0}}
    return Scenario.model_validate({**groups, "finance": {**finance, **groups.pop("finance", {})}})


def run(scenario: Scenario, *rows: Price) -> Run:
    """The scenario on a book of these rows."""
    return run_scenario(scenario, PriceBook(rows))


def rows_of(answers: Run, architecture: str, component: str, **columns: Any) -> pd.DataFrame:
    """Rows of the ledger of one component, those with all the values asked for."""
    rows = answers.ledger()
    rows = rows[(rows.architecture == architecture) & (rows.component == component)]
    for name, value in columns.items():
        rows = rows[rows[name] == value]
    return rows


def by_month(answers: Run, architecture: Any, component: str, phase: str | None = None) -> dict[int, float]:
    """What a component costs in each month in which it costs anything [USD]."""
    answer = answers.answers[architecture]
    usd = np.zeros(answers.horizon + 1)
    for each in (*answer.bill.lines, *answer.bill.consequences):
        if each.component == component and phase in (None, each.phase):
            usd += np.broadcast_to(each.cost_usd, answer.bill.months.shape)[: answers.horizon + 1]
    return {month: float(cost) for month, cost in enumerate(usd) if cost != 0}


def bill_of(answers: Run, architecture: Any) -> dict[tuple[str, str], float]:
    """What each component and phase of one bill costs; nothing that costs nothing."""
    keys = dict.fromkeys((each.component, each.phase) for each in answers.answers[architecture].bill.lines)
    sums = {key: sum(by_month(answers, architecture, *key).values()) for key in keys}
    return {key: usd for key, usd in sums.items() if usd != 0}


# One office that pays for everything

PRICES = [
    *chat("acme/base", 2, 8),
    *chat("acme/leaving", 2, 8, retires_on=date(2027, 3, 10), successor="acme/base"),
    *chat("acme/tuned", 3, 12),
    price("acme/tuned", "training", "1M tokens", 10, minimum_usd=4),
    price("acme/tuned", "hosting", "hour", 2),
    price("acme/tuned", "model_storage", "month", 5),
    *chat("acme/router", 1, 4),
    price("acme/router", "training", "1M tokens", 5),
    price("acme/router", "hosting", "hour", 1.5),
    price("acme/embed", "embedding", "1M tokens", 0.10),
    price("acme/store", "storage", "GB-month", 0.30, minimum_usd=25, units_per_search=5),
    price("acme/store", "reads", "1M units", 16),
    price("acme/store", "writes", "1M units", 4),
    price("acme/nodes", "nodes", "hour", 0.4, gb_per_node=0.001),
    price("acme/rented", "nodes", "month", 100, gb_per_node=0.001),
    price("acme/rented", "writes", "GB", 2),
    price("acme/scan", "queried", "GB", 5),
    price("acme/scan", "dimensions", "1M dimensions", 40),
    price("acme/steps", "flat", "month", 20),
    price("acme/steps", "flat", "month", 60, tier_from=9_000),
    price("acme/rerank", "rerank_searches", "1k searches", 2),
    price("acme/sort", "rerank_tokens", "1M tokens", 0.05),
    price("acme/guard", "guardrail", "1k units", 0.75, tokens_per_unit=250),
    price("acme/parse", "page", "1k pages", 10),
    price("acme/gpu", "gpu", "GPU-hour", 2.5),
]
BOOK = PriceBook(PRICES)
OFFICE = question(
    workload={
        "queries_per_month": 10_000,
        "query_tokens": 50,
        "history_tokens": 50,
        "system_prompt_tokens": 100,
        "output_tokens": 200,
        "response_cache_hit_share": 0.2,
        "retry_share": 0.05,
    },
    corpus={
        "documents": 100,
        "tokens_per_document": 1_000,
        "chunk_tokens": 500,
        "chunk_overlap_tokens": 100,
        "updates_per_month": 2,
        "changed_share_per_update": 0.1,
        "pages_per_document": 4,
        "parser": "acme/parse",
    },
    rag={
        "model": "acme/base",
        "embedding_model": "acme/embed",
        "embedding_dimensions": 1_000,
        "vector_store": "acme/store",
        "replicas": 2,
        "index_overhead_share": 0.5,
        "reranker": "acme/rerank",
        "top_k": 4,
        "candidates": 120,
        "rewrite_calls_per_query": 1.5,
        "build_engineer_weeks": 2,
        "preparation_hours": 10,
        "evaluation_usd_per_release": 500,
        "evaluation_queries_per_month": 100,
        "hours_per_update": 1,
        "maintenance_hours_per_month": 5,
        "hosting_usd_per_month": 30,
        "observability_usd_per_month": 20,
        "migration_hours": 8,
        "build_calendar_weeks": 3,
        "correct_share": 0.9,
    },
    fine_tuning={
        "model": "acme/tuned",
        "hosting": "dedicated",
        "system_prompt_tokens": 20,
        "training_examples": 200,
        "tokens_per_example": 1_000,
        "epochs": 3,
        "experiment_runs": 3,
        "usd_per_example": 2,
        "evaluation_usd_per_release": 300,
        "retrain_every_months": 6,
        "retrain_examples_share": 0.5,
        "retrain_runs": 2,
        "retrain_hours": 4,
        "revalidate_every_months": 3,
        "revalidation_hours": 6,
        "build_engineer_weeks": 3,
        "maintenance_hours_per_month": 2,
        "spare_replicas": 1,
        "gpu": "acme/gpu",
        "gpus_per_replica": 4,
    },
    hybrid={"kind": "routed", "router_model": "acme/router", "router_prompt_tokens": 30, "router_output_tokens": 2}
    | {"router_answers_share": 0.25, "router_training_examples": 100, "router_hosting": "dedicated"},
    prompting={
        "model": "acme/base",
        "few_shot_tokens": 300,
        "build_engineer_weeks": 1,
        "evaluation_usd_per_release": 200,
        "maintenance_hours_per_month": 3,
        "observability_usd_per_month": 10,
    },
    guardrail="acme/guard",
    people={"engineer_usd_per_week": 4_000, "hours_per_week": 40, "contingency_share": 0.1},
    quality={"usd_per_wrong_answer": 0.5, "stale_answer_share_per_change": 0.2},
    finance={"compared": ["rag", "fine_tuning", "hybrid", "prompting"], "delay_usd_per_week": 700},
)

HOUR = 4_000 / 40
LIVE = 10_000 * (1 - 0.2)
CALLS = LIVE * (1 + 0.05)
SEARCHES = LIVE + 100
VECTORS = 100 * 1_000 / (500 - 100)
CHANGED = 2 * 0.1 * VECTORS
CHUNK = 500
PROMPT = 100 + 50 + 50 + 4 * CHUNK
COPY = VECTORS * 1_000 * 4 * (1 + 0.5) / 1e9
USAGE = 2 * COPY * 0.30 + SEARCHES * 5 * 16 / MILLION + CHANGED * 4 / MILLION
RUN = 200 * 1_000 * 3 / MILLION
RAG_BUILD = (
    2 * 4_000
    + 10 * HOUR
    + 500
    + 100 * 4 * 10 / 1_000  # parsing
    + VECTORS * CHUNK * 0.10 / MILLION
    + VECTORS * 4 / MILLION  # writes
)


OTHER_UNITS = ("gpu_hour", "run", "gb_written", "month", "thousand_units", "thousand_searches")


def line(
    architecture: str,
    component: str,
    month: int,
    quantity: float,
    unit: str,
    usd: float,
    changes: dict[str, Any] | None = None,
    **columns: Any,
) -> Any:
    """A line of the office's ledger: `quantity` [unit] at `usd` each, where the row has these `columns`."""
    name = f"{component} by the {unit}" if unit in OTHER_UNITS else component
    return pytest.param(architecture, component, month, quantity, unit, usd, changes or {}, columns, id=name)


SELF_HOSTED = {"fine_tuning.hosting": "self_hosted", "fine_tuning.training_tokens_per_gpu_hour": 100_000}
SERVERLESS = {"fine_tuning.hosting": "serverless"}
SCANNED = {"rag.vector_store": "acme/scan"}
TYPED_HOSTING = {"fine_tuning.hosting_usd_per_month": 900.0}
