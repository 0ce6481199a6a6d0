"""Every component of the ledger: a worked line in its unit, more of its drivers costs more, and the rules around it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from costmodel.changes import changed
from costmodel.families import FAMILY_OF
from costmodel.inputs import Inputs
from costmodel.ledger import LEDGER_UNITS
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS, Scenario
from costmodel.simulate import bill
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

WORKED = [
    # people
    line("rag", "build_labour", 0, 2, "week", 4_000),
    line("rag", "preparation", 0, 10, "hour", HOUR),
    line("rag", "update_labour", 1, 2 * 1, "hour", HOUR),
    line("rag", "rag_maintenance", 1, 5, "hour", HOUR),
    line("fine_tuning", "tuned_maintenance", 1, 2, "hour", HOUR),
    line("prompting", "prompt_maintenance", 1, 3, "hour", HOUR),
    line("fine_tuning", "retrain_labour", 6, 4, "hour", HOUR, phase="event"),
    line("fine_tuning", "revalidation", 3, 6, "hour", HOUR, phase="event"),
    line("rag", "migration", 4, 8, "hour", HOUR, {"rag.model": "acme/leaving"}, phase="event"),
    line("rag", "contingency", 0, RAG_BUILD, "usd", 0.1),
    # tokens
    line("rag", "generation", 1, (CALLS + 100) * PROMPT / MILLION, "million_tokens", 2, price_id="acme/base:input"),
    line("rag", "generation", 1, (CALLS + 100) * 200 / MILLION, "million_tokens", 8, price_id="acme/base:output"),
    line(
        "fine_tuning",
        "tuned_generation",
        1,
        CALLS * (20 + 50 + 50) / MILLION,
        "million_tokens",
        3,
        SERVERLESS,
        price_id="acme/tuned:input",
    ),
    line(
        "hybrid",
        "router",
        1,
        LIVE * 1.05 * (30 + 50 + 50) / MILLION,
        "million_tokens",
        1,
        {"hybrid.router_hosting": "serverless"},
        price_id="acme/router:input",
    ),
    line("rag", "rewrite", 1, SEARCHES * 1.5 * (50 + 50) / MILLION, "million_tokens", 2, price_id="acme/base:input"),
    line("rag", "rewrite", 1, SEARCHES * 1.5 * 50 / MILLION, "million_tokens", 8, price_id="acme/base:output"),
    line("rag", "guardrail", 1, LIVE * 10 / 1_000, "thousand_units", 0.75),  # ceil((2,200 + 200) / 250) = 10
    # training
    line("fine_tuning", "labels", 0, 200, "example", 2),
    line("fine_tuning", "labels", 6, 0.5 * 200, "example", 2, phase="event"),
    line("fine_tuning", "training", 0, 3 * RUN, "million_tokens", 10),
    line("fine_tuning", "training", 6, 2 * RUN, "million_tokens", 10, phase="event"),
    line("fine_tuning", "training", 0, 3 * RUN * MILLION / 100_000, "gpu_hour", 2.5, SELF_HOSTED),
    line("fine_tuning", "training", 0, 3, "run", 50, {"fine_tuning.training_usd_per_run": 50.0}),
    line("rag", "release_evaluation", 0, 1, "release", 500),
    line("fine_tuning", "release_evaluation", 6, 1, "release", 300, phase="event"),
    # hosting
    line("fine_tuning", "tuned_hosting", 1, (1 + 1) * 730, "replica_hour", 2),
    line("fine_tuning", "tuned_hosting", 1, (1 + 1) * 4 * 730, "gpu_hour", 2.5, SELF_HOSTED),
    line("fine_tuning", "tuned_hosting", 1, 1, "month", 900, TYPED_HOSTING),
    line("hybrid", "router_hosting", 1, (1 + 1) * 730, "replica_hour", 1.5),
    line("rag", "rag_hosting", 1, 1, "month", 30),
    line("fine_tuning", "model_storage", 1, 1, "month", 5),
    line("rag", "observability", 1, 1, "month", 20),
    # retrieval
    line("rag", "parsing", 0, 100 * 4 / 1_000, "thousand_pages", 10),
    line("rag", "parsing", 1, 2 * 0.1 * 100 * 4 / 1_000, "thousand_pages", 10),
    line("rag", "corpus_embedding", 0, VECTORS * CHUNK / MILLION, "million_tokens", 0.10),
    line("rag", "corpus_embedding", 1, CHANGED * CHUNK / MILLION, "million_tokens", 0.10),
    line("rag", "query_embedding", 1, SEARCHES * 50 / MILLION, "million_tokens", 0.10),
    line("rag", "rerank", 1, SEARCHES * 2 / 1_000, "thousand_searches", 2),  # ceil(120 / 100) = 2
    line(
        "rag",
        "rerank",
        1,
        SEARCHES * 120 * (50 + CHUNK) / MILLION,
        "million_tokens",
        0.05,
        {"rag.reranker": "acme/sort"},
    ),
    line("rag", "vector_storage", 1, 2 * COPY, "gb_month", 0.30),
    line("rag", "vector_storage", 1, 2 * VECTORS, "thousand_units", 40 / 1_000, SCANNED),
    line("rag", "vector_reads", 1, SEARCHES * 5 / MILLION, "million_reads", 16),
    line("rag", "vector_reads", 1, SEARCHES / 1_000, "thousand_searches", 1_000 * COPY * 5, SCANNED),
    line("rag", "vector_writes", 0, VECTORS / MILLION, "million_writes", 4),
    line("rag", "vector_writes", 1, CHANGED / MILLION, "million_writes", 4),
    line("rag", "vector_writes", 1, CHANGED * 1_000 * 4 / 1e9, "gb_written", 2, {"rag.vector_store": "acme/rented"}),
    # 0.0015 GB are two nodes of 0.001 GB, in two copies
    line("rag", "vector_nodes", 1, 2 * 2 * 730, "node_hour", 0.4, {"rag.vector_store": "acme/nodes"}),
    line("rag", "vector_nodes", 1, 2 * 2, "month", 100, {"rag.vector_store": "acme/rented"}),
    line("rag", "vector_flat", 1, 1, "month", 20, {"rag.vector_store": "acme/steps"}),
    line("rag", "vector_minimum", 1, 1, "month", 25 - USAGE),
    # consequences
    line("rag", "wrong_answers", 1, 10_000 * (1 - 0.9), "answer", 0.5),
    line("rag", "launch_delay", 0, 3, "week", 700),
]


@pytest.mark.parametrize(
    ("architecture", "component", "month", "quantity", "unit", "usd", "changes", "columns"), WORKED
)
def test_a_line_is_its_quantity_at_its_price(architecture, component, month, quantity, unit, usd, changes, columns):
    answers = run_scenario(changed(OFFICE, changes | {"finance.compared": [architecture]}), BOOK)
    (row,) = rows_of(answers, architecture, component, month=month, **columns).itertuples()

    assert (row.unit, row.quantity, row.unit_price_usd) == (unit, pytest.approx(quantity), pytest.approx(usd))
    assert row.cost_usd == pytest.approx(quantity * usd)


def test_every_component_of_the_ledger_has_a_worked_line():
    assert {case.values[1] for case in WORKED} == set(FAMILY_OF)


# What each is measured in

COUNTED_IN: dict[str, list[str]] = {
    "million_tokens": [
        *("generation", "tuned_generation", "router", "rewrite"),
        *("corpus_embedding", "query_embedding", "rerank", "training"),
    ],
    "thousand_searches": ["rerank", "vector_reads"],
    "thousand_units": ["guardrail", "vector_storage"],
    "thousand_pages": ["parsing"],
    "gb_month": ["vector_storage"],
    "million_reads": ["vector_reads"],
    "million_writes": ["vector_writes"],
    "gb_written": ["vector_writes"],
    "node_hour": ["vector_nodes"],
    "gpu_hour": ["tuned_hosting", "training"],
    "replica_hour": ["tuned_hosting", "router_hosting"],
    "hour": [
        *("preparation", "update_labour", "rag_maintenance", "tuned_maintenance", "prompt_maintenance"),
        *("retrain_labour", "revalidation", "migration"),
    ],
    "week": ["build_labour", "launch_delay"],
    "month": [
        *("tuned_hosting", "rag_hosting", "model_storage", "observability"),
        *("vector_nodes", "vector_flat", "vector_minimum"),
    ],
    "example": ["labels"],
    "run": ["training"],
    "release": ["release_evaluation"],
    "answer": ["wrong_answers"],
    "query": [],
    "usd": ["contingency"],
}
"""Components by the units in which they are counted; queries are the unit of some typed-in costs."""
OFFICES = [
    {},
    SERVERLESS,
    SELF_HOSTED,
    TYPED_HOSTING | {"fine_tuning.training_usd_per_run": 50.0, "rag.model": "acme/leaving"},
    {"hybrid.router_hosting": "serverless", "rag.vector_store": "acme/nodes", "rag.reranker": "acme/sort"},
    {"hybrid.kind": "split", "rag.vector_store": "acme/rented", "rag.reindex_every_months": 4.0} | SERVERLESS,
    {"hybrid.kind": "grounded", "rag.vector_store": "acme/steps"},
    SCANNED,
]


@pytest.fixture(scope="module")
def units_found() -> dict[str, set[str]]:
    """Units that each component has in the ledgers of the office and of others like it."""
    found: dict[str, set[str]] = {}
    for changes in OFFICES:
        rows = run_scenario(changed(OFFICE, changes), BOOK).ledger()
        for component, unit in set(zip(rows.component, rows.unit, strict=True)):
            found.setdefault(component, set()).add(unit)
    return found


@pytest.mark.parametrize("component", FAMILY_OF)
def test_each_component_is_counted_in_its_units_and_in_no_other(component, units_found):
    assert units_found[component] == {unit for unit, names in COUNTED_IN.items() if component in names}


def test_units_are_a_closed_list():
    assert tuple(COUNTED_IN) == LEDGER_UNITS


# More of what drives it costs more

VOLUME = {"workload.queries_per_month": (1_000, 50_000), "rag.evaluation_queries_per_month": (0, 5_000)}
LENGTHS = {"workload.query_tokens": (0, 500), "workload.history_tokens": (0, 500)}
REPEATED = {"workload.retry_share": (0, 1), "workload.model_calls_per_query": (0, 4)}
ASKED = {"workload.queries_per_month": (1_000, 50_000)} | LENGTHS | {"workload.output_tokens": (0, 900)}
CORPUS = {
    "corpus.documents": (100, 9_000),
    "corpus.monthly_growth_share": (0, 0.2),
    "corpus.updates_per_month": (0, 9),
    "corpus.changed_share_per_update": (0, 1),
}
CUT = {"corpus.tokens_per_document": (600, 9_000), "corpus.chunk_overlap_tokens": (0, 400)}
INDEX = {"rag.embedding_dimensions": (100, 4_000), "rag.bytes_per_dimension": (1, 8)}
KEPT = INDEX | {"rag.index_overhead_share": (0, 3), "rag.replicas": (1, 9), "corpus.documents": (100, 9_000)}
RATE = {"people.engineer_usd_per_week": (0, 6_000)}
EXAMPLES = {"fine_tuning.training_examples": (0, 4_000)}
CAPACITY = {
    "fine_tuning.min_replicas": (0, 9),
    "fine_tuning.spare_replicas": (0, 9),
    "finance.hours_per_month": (600, 744),
}
BUSY = {"fine_tuning.tokens_per_second_per_replica": 2.0}

MORE: list[tuple[str, str, dict[str, Any], dict[str, tuple[float, float]]]] = [
    ("build_labour", "rag", {}, {"rag.build_engineer_weeks": (0, 20)} | RATE),
    ("build_labour", "hybrid", {}, {"rag.build_engineer_weeks": (0, 20), "fine_tuning.build_engineer_weeks": (0, 9)}),
    ("build_labour", "prompting", {}, {"prompting.build_engineer_weeks": (0, 20)}),
    ("preparation", "rag", {}, {"rag.preparation_hours": (0, 90)} | RATE),
    ("update_labour", "rag", {}, {"rag.hours_per_update": (0, 9), "corpus.updates_per_month": (0, 9)} | RATE),
    ("rag_maintenance", "rag", {}, {"rag.maintenance_hours_per_month": (0, 90)} | RATE),
    ("tuned_maintenance", "fine_tuning", {}, {"fine_tuning.maintenance_hours_per_month": (0, 90)} | RATE),
    ("prompt_maintenance", "prompting", {}, {"prompting.maintenance_hours_per_month": (0, 90)} | RATE),
    ("retrain_labour", "fine_tuning", {}, {"fine_tuning.retrain_hours": (0, 90)} | RATE),
    (
        "retrain_labour",
        "fine_tuning",
        {"fine_tuning.updates_per_retrain": 6.0},
        {"corpus.updates_per_month": (0, 20)},
    ),
    ("revalidation", "fine_tuning", {}, {"fine_tuning.revalidation_hours": (0, 90)} | RATE),
    ("migration", "rag", {"rag.model": "acme/leaving"}, {"rag.migration_hours": (0, 90)} | RATE),
    ("contingency", "rag", {}, {"people.contingency_share": (0, 1), "rag.build_engineer_weeks": (0, 9)}),
    (
        "generation",
        "rag",
        {},
        VOLUME | ASKED | REPEATED | {"rag.top_k": (0, 20), "price:acme/base:output": (1, 9)},
    ),
    ("generation", "prompting", {}, ASKED | REPEATED | {"prompting.few_shot_tokens": (0, 900)}),
    ("tuned_generation", "fine_tuning", SERVERLESS, ASKED | {"fine_tuning.system_prompt_tokens": (0, 90)}),
    (
        "router",
        "hybrid",
        {"hybrid.router_hosting": "serverless"},
        LENGTHS
        | {
            "workload.queries_per_month": (1_000, 50_000),
            "workload.retry_share": (0, 1),
            "hybrid.router_prompt_tokens": (0, 900),
            "hybrid.router_output_tokens": (0, 900),
        },
    ),
    ("rewrite", "rag", {}, VOLUME | LENGTHS | {"rag.rewrite_calls_per_query": (0, 9)}),
    ("guardrail", "rag", {}, ASKED | {"price:acme/guard:guardrail": (0.1, 9)}),
    (
        "labels",
        "fine_tuning",
        {},
        EXAMPLES | {"fine_tuning.usd_per_example": (0, 9), "fine_tuning.retrain_examples_share": (0, 1)},
    ),
    (
        "training",
        "fine_tuning",
        {},
        EXAMPLES
        | {
            "fine_tuning.tokens_per_example": (0, 4_000),
            "fine_tuning.epochs": (0, 9),
            "fine_tuning.experiment_runs": (0, 9),
            "fine_tuning.retrain_runs": (0, 9),
            "price:acme/tuned:training": (1, 90),
        },
    ),
    (
        "training",
        "fine_tuning",
        {"fine_tuning.training_usd_per_run": 1.0},
        {"fine_tuning.training_usd_per_run": (0, 9)},
    ),
    ("release_evaluation", "rag", {}, {"rag.evaluation_usd_per_release": (0, 900)}),
    ("release_evaluation", "fine_tuning", {}, {"fine_tuning.evaluation_usd_per_release": (0, 900)}),
    ("release_evaluation", "prompting", {}, {"prompting.evaluation_usd_per_release": (0, 900)}),
    ("tuned_hosting", "fine_tuning", {}, CAPACITY | {"price:acme/tuned:hosting": (1, 9)}),
    ("tuned_hosting", "fine_tuning", BUSY, ASKED | {"workload.peak_to_average": (1, 9)}),
    ("tuned_hosting", "fine_tuning", SELF_HOSTED, CAPACITY | {"fine_tuning.gpus_per_replica": (1, 9)}),
    ("tuned_hosting", "fine_tuning", TYPED_HOSTING, {"fine_tuning.hosting_usd_per_month": (0, 900)}),
    ("router_hosting", "hybrid", {}, CAPACITY | {"price:acme/router:hosting": (1, 9)}),
    ("rag_hosting", "rag", {}, {"rag.hosting_usd_per_month": (0, 900)}),
    ("model_storage", "fine_tuning", {}, {"price:acme/tuned:model_storage": (1, 9)}),
    ("observability", "rag", {}, {"rag.observability_usd_per_month": (0, 900)}),
    ("observability", "fine_tuning", {}, {"fine_tuning.observability_usd_per_month": (0, 900)}),
    ("observability", "hybrid", {}, {"hybrid.observability_usd_per_month": (0, 900)}),
    ("observability", "prompting", {}, {"prompting.observability_usd_per_month": (0, 900)}),
    ("parsing", "rag", {}, CORPUS | {"corpus.pages_per_document": (0, 90), "price:acme/parse:page": (1, 9)}),
    ("corpus_embedding", "rag", {}, CORPUS | CUT | {"price:acme/embed:embedding": (1, 9)}),
    ("query_embedding", "rag", {}, VOLUME | {"workload.query_tokens": (0, 500)}),
    ("rerank", "rag", {}, VOLUME | {"rag.candidates": (0, 900), "price:acme/rerank:rerank_searches": (1, 9)}),
    ("rerank", "rag", {"rag.reranker": "acme/sort"}, {"rag.candidates": (0, 900), "workload.query_tokens": (0, 90)}),
    ("vector_storage", "rag", {}, KEPT | CUT | {"price:acme/store:storage": (1, 9)}),
    ("vector_reads", "rag", {}, VOLUME | {"price:acme/store:reads": (1, 99)}),
    ("vector_writes", "rag", {}, CORPUS | CUT | {"price:acme/store:writes": (1, 99)}),
    ("vector_writes", "rag", {"rag.vector_store": "acme/rented"}, CORPUS | INDEX),
    ("vector_nodes", "rag", {"rag.vector_store": "acme/nodes"}, KEPT | {"price:acme/nodes:nodes": (1, 9)}),
    ("vector_flat", "rag", {"rag.vector_store": "acme/steps"}, VOLUME | {"price:acme/steps:flat": (1, 90)}),
    ("vector_minimum", "rag", {}, {"finance.horizon_months": (1, 36)}),
    (
        "wrong_answers",
        "fine_tuning",
        {},
        {
            "workload.queries_per_month": (1_000, 50_000),
            "quality.usd_per_wrong_answer": (0, 9),
            "quality.stale_answer_share_per_change": (0, 1),
            "corpus.updates_per_month": (0, 9),
            "corpus.changed_share_per_update": (0, 0.05),
        },
    ),
    ("launch_delay", "rag", {}, {"rag.build_calendar_weeks": (0, 90), "finance.delay_usd_per_week": (0, 900)}),
]
RISING = [
    pytest.param(component, key, changes, path, *ends, id=f"{key} {component} {path}")
    for component, key, changes, drivers in MORE
    for path, ends in drivers.items()
]


def component_usd(scenario: Scenario, architecture: Any, component: str, path: str, values: Any) -> Any:
    """What a component costs over the horizon at each value of a driver [USD]."""
    found = bill(Inputs(scenario, BOOK, {path: values}), architecture)
    cost = sum(each.cost_usd for each in (*found.lines, *found.consequences) if each.component == component)
    return np.broadcast_to(found.within_horizon(cost), np.shape(values))


@pytest.mark.parametrize(("component", "architecture", "changes", "path", "low", "high"), RISING)
def test_more_of_what_drives_a_component_costs_more(component, architecture, changes, path, low, high):
    values = np.linspace(low, high, 9)
    if path in FIELDS and FIELDS[path].kind == "whole":
        values = np.round(values)

    usd = component_usd(changed(OFFICE, changes), architecture, component, path, values)

    assert (np.diff(usd) >= -1e-12 * usd[-1]).all()
    assert usd[-1] > usd[0]


def test_every_component_of_the_ledger_has_a_driver_that_raises_it():
    assert {case.values[0] for case in RISING} == set(FAMILY_OF)


def test_usage_eats_up_what_a_minimum_leaves_to_pay():
    values = np.array([100.0, 10_000.0, 100_000.0, 1_000_000.0])
    topped_up = component_usd(OFFICE, "rag", "vector_minimum", "workload.queries_per_month", values)

    searches = values * 0.8 + 100
    usage = 2 * COPY * 0.30 + searches * 5 * 16 / MILLION + CHANGED * 4 / MILLION
    assert topped_up == pytest.approx(12 * np.maximum(25 - usage, 0))
    assert topped_up[-1] == 0


@pytest.mark.parametrize(("queries", "fee"), [(11_124, 20), (11_125, 60)])
def test_a_plan_s_fee_rises_with_the_search_that_reaches_the_step(queries, fee):
    # four fifths of the queries and 100 test queries search: 0.8 x 11,125 + 100 = 9,000
    changes = {"rag.vector_store": "acme/steps", "workload.queries_per_month": float(queries)}

    assert by_month(run_scenario(changed(OFFICE, changes), BOOK), "rag", "vector_flat")[1] == fee


# Prompting


def test_every_line_of_a_prompting_bill():
    # instructions of 100, examples of 300, history and query: 500 tokens in; test queries are RAG's alone
    lines = bill_of(run_scenario(OFFICE, BOOK), "prompting")

    assert lines == pytest.approx(
        {
            ("build_labour", "one_time"): 1 * 4_000,
            ("release_evaluation", "one_time"): 200,
            ("contingency", "one_time"): 0.1 * (4_000 + 200),
            ("generation", "recurring"): 12 * CALLS * ((100 + 300 + 50 + 50) * 2 + 200 * 8) / MILLION,
            ("guardrail", "recurring"): 12 * LIVE * 3 * 0.75 / 1_000,  # ceil((500 + 200) / 250) = 3
            ("prompt_maintenance", "recurring"): 12 * 3 * HOUR,
            ("observability", "recurring"): 12 * 10,
        },
        rel=1e-12,
    )


def test_examples_in_the_prompt_are_part_of_what_the_prompt_cache_keeps():
    cached = price("acme/base", "cached_input", "1M tokens", 0.5)
    scenario = changed(OFFICE, {"workload.prompt_cache_hit_share": 1.0})
    answers = run_scenario(scenario, PriceBook([*PRICES, cached]))

    (row,) = rows_of(answers, "prompting", "generation", month=1, price_id="acme/base:cached_input").itertuples()
    assert row.quantity == pytest.approx(CALLS * (100 + 300) / MILLION)


def test_prompting_that_is_not_compared_is_a_reference_and_takes_part_in_nothing():
    compared = run_scenario(OFFICE, BOOK).as_dict()
    beside = run_scenario(changed(OFFICE, {"finance.compared": ["rag", "fine_tuning"]}), BOOK).as_dict()

    assert compared["prompting_reference"] is None
    assert beside["prompting_reference"] == compared["architectures"]["prompting"]
    assert set(beside["architectures"]) == {"rag", "fine_tuning"}
    assert (compared["cheapest"], beside["cheapest"]) == ("prompting", "rag")
    assert all({each["a"], each["b"]} == {"rag", "fine_tuning"} for each in beside["break_even_months"])


def test_prompting_without_a_model_is_no_reference():
    scenario = changed(OFFICE, {"finance.compared": ["rag"], "prompting.model": None})

    assert run_scenario(scenario, BOOK).as_dict()["prompting_reference"] is None


# Batch and cached prices

SPECIAL = {"cached_input": 0.5, "cache_write": 2.5, "batch_input": 1.0, "batch_output": 4.0}


def special(*meters: str, **dates: Any) -> list[Price]:
    """Special prices of the base model."""
    return [price("acme/base", meter, "1M tokens", SPECIAL[meter], **dates) for meter in meters]


def caller(tests: float = 0, **workload: Any) -> Scenario:
    """RAG as nothing but a model: 1,000 calls a month of 600 static and 400 other tokens in, 200 out."""
    work = {"queries_per_month": 1_000, "system_prompt_tokens": 600, "query_tokens": 300, "history_tokens": 100}
    work |= {"output_tokens": 200, "batch_share": 0.25, "prompt_cache_hit_share": 0.6}
    side = {"model": "acme/base", "evaluation_queries_per_month": tests}
    return question(workload=work | workload, rag=side, finance={"compared": ["rag"]})


def metered(answers: Run, month: int = 1, component: str = "generation", key: str = "rag") -> dict[str, float]:
    """Thousand tokens of each meter in one month."""
    rows = rows_of(answers, key, component, month=month)
    meters = [each.rpartition(":")[2] for each in rows.price_id]
    return {meter: round(1_000 * amount, 9) for meter, amount in zip(meters, rows.quantity, strict=True)}


def test_a_quarter_in_batches_and_three_fifths_of_the_rest_from_the_cache():
    answers = run(caller(), *chat("acme/base", 2, 8), *special(*SPECIAL))

    assert metered(answers) == {
        "input": 1_000 * 0.75 * 400 / 1_000,
        "cached_input": 1_000 * 0.75 * 0.6 * 600 / 1_000,
        "cache_write": 1_000 * 0.75 * 0.4 * 600 / 1_000,
        "batch_input": 1_000 * 0.25 * 1_000 / 1_000,
        "output": 1_000 * 0.75 * 200 / 1_000,
        "batch_output": 1_000 * 0.25 * 200 / 1_000,
    }
    usd = (300 * 2 + 270 * 0.5 + 180 * 2.5 + 250 * 1 + 150 * 8 + 50 * 4) / 1_000
    assert answers.answers["rag"].monthly_usd[1] == pytest.approx(usd)
    assert answers.warnings == ()


@pytest.mark.parametrize(
    ("unsold", "taken_by", "thousands"),
    [
        ("cached_input", "input", 300 + 270),
        ("cache_write", "input", 300 + 180),
        ("batch_input", "input", 300 + 250),
        ("batch_output", "output", 150 + 50),
    ],
)
def test_a_price_that_is_not_published_leaves_its_tokens_to_the_standard_one(unsold, taken_by, thousands):
    published = [meter for meter in SPECIAL if meter != unsold]
    answers = run(caller(), *chat("acme/base", 2, 8), *special(*published))

    found = metered(answers)
    assert unsold not in found
    assert found[taken_by] == pytest.approx(thousands)
    assert sum(found.values()) == pytest.approx(1_000 * (1_000 + 200) / 1_000)


@pytest.mark.parametrize(("unsold", "warned"), [("cached_input", 1), ("batch_input", 1), ("cache_write", 0)])
def test_only_a_missing_discount_is_worth_a_warning_not_a_missing_surcharge(unsold, warned):
    published = [meter for meter in SPECIAL if meter != unsold]
    answers = run(caller(), *chat("acme/base", 2, 8), *special(*published))

    assert len([text for text in answers.warnings if f"acme/base has no price {unsold}" in text]) == warned


def test_a_cached_price_counts_from_the_month_in_which_it_is_published():
    # published from June 2027 on, which is month 7
    late = special("cached_input", effective_from=date(2027, 6, 1))
    answers = run(caller(batch_share=0.0), *chat("acme/base", 2, 8), *late)

    before, after = metered(answers, 6), metered(answers, 7)
    assert before == {"input": 400 + 600, "output": 200}
    assert after == {"input": 400 + 0.4 * 600, "cached_input": 0.6 * 600, "output": 200}
    assert any("cached_input in some month" in text for text in answers.warnings)


def test_without_cache_hits_nothing_is_written_to_the_cache():
    answers = run(caller(prompt_cache_hit_share=0.0), *chat("acme/base", 2, 8), *special(*SPECIAL))

    assert metered(answers) == {"input": 750, "batch_input": 250, "output": 150, "batch_output": 50}


def test_test_queries_are_batched_but_never_cached():
    with_tests = metered(run(caller(tests=100), *chat("acme/base", 2, 8), *special(*SPECIAL)))
    without = metered(run(caller(), *chat("acme/base", 2, 8), *special(*SPECIAL)))

    added = {meter: round(with_tests[meter] - without[meter], 9) for meter in with_tests}
    assert added == {
        "input": 0.75 * 100,
        "cached_input": 0,
        "cache_write": 0,
        "batch_input": 0.25 * 100,
        "output": 0.75 * 20,
        "batch_output": 0.25 * 20,
    }


def test_test_queries_are_not_retried_but_call_the_model_as_often():
    scenario = caller(tests=100, batch_share=0.0, prompt_cache_hit_share=0.0, retry_share=0.5, model_calls_per_query=3)

    found = metered(run(scenario, *chat("acme/base", 2, 8)))
    assert found["output"] == pytest.approx((1_000 * 1.5 * 3 + 100 * 3) * 200 / 1_000)


LONG = [
    *chat("acme/base", 2, 8),
    price("acme/base", "input", "1M tokens", 4, tier_from=1_000),
    price("acme/base", "output", "1M tokens", 12, tier_from=1_000),
    price("acme/base", "cached_input", "1M tokens", 0.5),
    price("acme/base", "cached_input", "1M tokens", 1, tier_from=1_000),
    price("acme/base", "batch_input", "1M tokens", 1.5),
]


@pytest.mark.parametrize(
    ("query", "usd"),
    [
        # 1,000 tokens in are not above the threshold
        (300, {"input": 2, "cached_input": 0.5, "batch_input": 1.5, "output": 8}),
        # 1,001 are: every token of the call pays the long price, a meter without one its only price
        (301, {"input": 4, "cached_input": 1, "batch_input": 1.5, "output": 12}),
    ],
)
def test_a_call_strictly_above_the_threshold_pays_long_prices_throughout(query, usd):
    answers = run(caller(query_tokens=query), *LONG)
    rows = rows_of(answers, "rag", "generation", month=1)

    meters = [each.rpartition(":")[2].partition("@")[0] for each in rows.price_id]
    assert dict(zip(meters, rows.unit_price_usd, strict=True)) == pytest.approx(usd)


def test_a_special_price_for_long_calls_alone_is_not_published_for_a_short_one():
    long_only = [*chat("acme/base", 2, 8), price("acme/base", "cached_input", "1M tokens", 1, tier_from=1_000)]

    short = metered(run(caller(batch_share=0.0), *long_only))
    longer = run(caller(batch_share=0.0, query_tokens=301), *long_only)
    assert short == {"input": 1_000, "output": 200}
    assert rows_of(longer, "rag", "generation", price_id="acme/base:cached_input@1000").quantity.tolist() == (
        pytest.approx([1_000 * 0.6 * 600 / MILLION] * 12)
    )


# Rewriting, reranking, guardrails


def test_rewriting_reads_history_and_query_and_is_neither_retried_nor_cached():
    scenario = changed(caller(tests=100, retry_share=0.5), {"rag.rewrite_calls_per_query": 2.0})
    answers = run(scenario, *chat("acme/base", 2, 8), *special(*SPECIAL))

    assert metered(answers, component="rewrite") == {
        "input": (1_000 + 100) * 2 * 0.75 * (100 + 300) / 1_000,
        "batch_input": (1_000 + 100) * 2 * 0.25 * (100 + 300) / 1_000,
        "output": (1_000 + 100) * 2 * 0.75 * 300 / 1_000,
        "batch_output": (1_000 + 100) * 2 * 0.25 * 300 / 1_000,
    }


def test_rewriting_adds_no_search():
    plain = run_scenario(changed(OFFICE, {"rag.rewrite_calls_per_query": 0.0}), BOOK)
    rewritten = run_scenario(changed(OFFICE, {"rag.rewrite_calls_per_query": 5.0}), BOOK)

    for component in ("vector_reads", "query_embedding", "rerank"):
        assert by_month(plain, "rag", component) == by_month(rewritten, "rag", component)


@pytest.mark.parametrize(("candidates", "searches"), [(0, 0), (1, 1), (100, 1), (101, 2), (200, 2), (201, 3)])
def test_a_hundred_candidates_are_one_search_of_the_reranker(candidates, searches):
    answers = run_scenario(changed(OFFICE, {"rag.candidates": candidates}), BOOK)

    assert sum(by_month(answers, "rag", "rerank").values()) == pytest.approx(12 * SEARCHES * searches * 2 / 1_000)


@pytest.mark.parametrize(("candidates", "searches"), [(32, 1), (33, 2)])
def test_a_plan_says_how_many_documents_one_of_its_searches_sorts(candidates, searches):
    small = price("acme/rerank", "rerank_searches", "1k searches", 2, documents_per_search=32)
    scenario = changed(OFFICE, {"rag.candidates": candidates})
    answers = run_scenario(scenario, PriceBook([each for each in PRICES if each.ref != small.ref] + [small]))

    assert by_month(answers, "rag", "rerank")[1] == pytest.approx(SEARCHES * searches * 2 / 1_000)


@pytest.mark.parametrize(("answer", "units"), [(300, 10), (301, 11), (50, 9)])
def test_a_guardrail_bills_whole_units_of_the_whole_prompt_and_its_answer(answer, units):
    # 2,200 tokens with the retrieved chunks in: 2,200 + 300 are ten units of 250 exactly
    answers = run_scenario(changed(OFFICE, {"workload.output_tokens": answer}), BOOK)

    assert by_month(answers, "rag", "guardrail")[1] == pytest.approx(LIVE * units * 0.75 / 1_000)


def test_a_guardrail_checks_what_each_architecture_sends():
    answers = run_scenario(OFFICE, BOOK)

    units = {key: by_month(answers, key, "guardrail")[1] / (LIVE * 0.75 / 1_000) for key in answers.answers}
    assert units == pytest.approx(
        {
            "rag": 10,  # 2,200 + 200
            "fine_tuning": 2,  # 20 + 50 + 50 + 200
            "hybrid": 0.25 * 1 + 0.75 * 10,  # the router reads 130 and writes 2, the rest goes through RAG
            "prompting": 3,  # 500 + 200
        }
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([price("acme/guard", "guardrail", "1k units", 0.75)], "acme/guard says no tokens_per_unit"),
        ([price("acme/guard", "page", "page", 1)], "the price acme/guard:guardrail is missing"),
    ],
)
def test_a_guardrail_whose_unit_or_price_is_unknown_is_a_missing_price_of_every_architecture(rows, said):
    answers = run_scenario(OFFICE, PriceBook([each for each in PRICES if each.ref != "acme/guard"] + rows))

    assert answers.excluded == dict.fromkeys(("rag", "fine_tuning", "hybrid", "prompting"), said)
    assert answers.cheapest is None


# Parsing and indexing again


def test_parsing_follows_what_is_new_and_what_has_changed():
    # 100 documents, a tenth more each month; two updates change a tenth each
    answers = run_scenario(changed(OFFICE, {"corpus.monthly_growth_share": 0.1, "finance.horizon_months": 2}), BOOK)

    read = {0: 100, 1: (110 - 100) + 0.2 * 110, 2: (121 - 110) + 0.2 * 121}
    assert by_month(answers, "rag", "parsing") == pytest.approx({t: n * 4 * 10 / 1_000 for t, n in read.items()})


def test_what_is_indexed_again_is_embedded_and_written_but_not_parsed_again():
    still = run_scenario(OFFICE, BOOK)
    again = run_scenario(changed(OFFICE, {"rag.reindex_every_months": 6.0}), BOOK)

    event = {
        component: by_month(again, "rag", component, "event")
        for component in ("parsing", "corpus_embedding", "vector_writes", "vector_storage")
    }
    assert event["parsing"] == {}
    assert event["corpus_embedding"] == pytest.approx(dict.fromkeys((6, 12), VECTORS * CHUNK * 0.10 / MILLION))
    assert event["vector_writes"] == pytest.approx(dict.fromkeys((6, 12), VECTORS * 4 / MILLION))
    assert event["vector_storage"] == pytest.approx(dict.fromkeys((6, 12), 2 * COPY * 0.30))
    for component in event:
        for phase in ("one_time", "recurring"):
            assert by_month(again, "rag", component, phase) == by_month(still, "rag", component, phase)


def test_two_events_in_a_month_index_the_corpus_twice_and_keep_it_three_times():
    answers = run_scenario(changed(OFFICE, {"rag.reindex_every_months": 0.5}), BOOK)

    embedded = by_month(answers, "rag", "corpus_embedding", phase="event")
    stored = rows_of(answers, "rag", "vector_storage", month=3).groupby("phase")["quantity"].sum()
    assert embedded == pytest.approx(dict.fromkeys(range(1, 13), 2 * VECTORS * CHUNK * 0.10 / MILLION))
    assert dict(stored) == pytest.approx({"recurring": 2 * COPY, "event": 2 * 2 * COPY})


def test_the_corpus_that_is_indexed_again_is_that_of_the_month_end():
    scenario = changed(OFFICE, {"rag.reindex_every_months": 2.0, "corpus.monthly_growth_share": 0.1})
    embedded = by_month(run_scenario(scenario, BOOK), "rag", "corpus_embedding", phase="event")

    assert embedded[4] == pytest.approx(VECTORS * 1.1**4 * CHUNK * 0.10 / MILLION)


def stored(reindex: float, *rows: Price, replicas: int = 1) -> Run:
    """A million vectors of a kilobyte, 1 GB a copy, of which a twentieth changes each month."""
    return run(
        question(
            corpus={"documents": 1e6, "updates_per_month": 1, "changed_share_per_update": 0.05},
            rag={
                "vector_store": "acme/store",
                "embedding_dimensions": 250,
                "reindex_every_months": reindex,
                "replicas": replicas,
                "switched_off": ["generation"],
            },
            finance={"compared": ["rag"]},
        ),
        *rows,
    )


def test_a_second_copy_pays_the_tiers_that_it_reaches():
    # 0.4 GB are included, 0.30 holds up to 1.5 GB: the first GB pays 0.6 x 0.30, two pay 1.1 x 0.30 + 0.5 x 0.20;
    # 50,000 writes a month are free, a million more pay 950,000 at 4 up to a million and 50,000 at 2 above it
    answers = stored(
        6,
        price("acme/store", "storage", "GB-month", 0.30, included_quantity=0.4),
        price("acme/store", "storage", "GB-month", 0.20, tier_from=1.5),
        price("acme/store", "writes", "1M units", 4, included_quantity=0.05),
        price("acme/store", "writes", "1M units", 2, tier_from=1),
    )

    usual, twice = 0.6 * 0.30, 1.1 * 0.30 + 0.5 * 0.20
    assert by_month(answers, "rag", "vector_storage", phase="recurring") == pytest.approx(
        dict.fromkeys(range(1, 13), usual)
    )
    assert by_month(answers, "rag", "vector_storage", phase="event") == pytest.approx(
        dict.fromkeys((6, 12), twice - usual)
    )
    assert by_month(answers, "rag", "vector_writes", phase="recurring") == {}
    assert by_month(answers, "rag", "vector_writes", phase="event") == pytest.approx(
        dict.fromkeys((6, 12), 0.95 * 4 + 0.05 * 2)
    )
    assert by_month(answers, "rag", "vector_writes", phase="one_time") == pytest.approx({0: 1 * 4})


def test_nodes_are_added_in_whole_ones_while_the_index_is_rebuilt():
    # 1 GB fits into one node of 1.5 GB, the 2 GB of the month of a re-index into two; each of three copies
    answers = stored(6, price("acme/store", "nodes", "month", 100, gb_per_node=1.5), replicas=3)

    assert by_month(answers, "rag", "vector_nodes", phase="recurring")[6] == 3 * 100
    assert by_month(answers, "rag", "vector_nodes", phase="event") == dict.fromkeys((6, 12), 3 * 100)


def test_a_node_with_room_for_both_costs_nothing_more():
    answers = stored(6, price("acme/store", "nodes", "month", 100, gb_per_node=2))

    assert by_month(answers, "rag", "vector_nodes") == dict.fromkeys(range(1, 13), 100)


def test_what_a_re_index_adds_counts_towards_the_minimum():
    # the GB stored costs 10, as does the second one in month 6; the plan's minimum is 15
    answers = stored(6, price("acme/store", "storage", "GB-month", 10, minimum_usd=15))

    assert by_month(answers, "rag", "vector_minimum") == dict.fromkeys([1, 2, 3, 4, 5, 7, 8, 9, 10, 11], 15 - 10)


# Season and forecast


def volumes(**workload: Any) -> list[float]:
    """User queries of months 1, 2, ..."""
    answers = run(question(workload=workload, rag={"model": "acme/base"}), *chat("acme/base", 2, 8))
    return [float(each) for each in answers.queries[1:13]]


SEASON = [1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 3.0]
"""January to December."""


def test_a_season_follows_the_calendar_not_the_months_since_the_build():
    # month 1 is December 2026, month 2 January, month 8 July
    expected = [3_000, 1_000, 500, 1_000, 1_000, 1_000, 1_000, 2_000, 1_000, 1_000, 1_000, 1_000]

    assert volumes(queries_per_month=1_000, seasonality=SEASON) == expected


def test_the_cap_holds_after_growth_and_season():
    # a tenth more each month: December 3,000, January 1,100, February 605, March 1,331
    found = volumes(queries_per_month=1_000, seasonality=SEASON, monthly_growth_share=0.1, max_queries_per_month=1_200)

    assert found[:4] == pytest.approx([1_200, 1_100, 1_000 * 1.1**2 * 0.5, 1_200])


def test_a_pasted_forecast_replaces_volume_growth_and_season_and_its_last_value_goes_on():
    found = volumes(
        queries_per_month=1_000, seasonality=SEASON, monthly_growth_share=0.1, queries_by_month=[10, 30, 20]
    )

    assert found == [10, 30] + [20] * 10


def test_season_moves_what_queries_cost_and_nothing_fixed():
    answers = run_scenario(changed(OFFICE, {"workload.seasonality": SEASON}), BOOK)

    reads = by_month(answers, "rag", "vector_reads")
    assert reads[1] == pytest.approx((3 * LIVE + 100) * 5 * 16 / MILLION)
    assert reads[3] == pytest.approx((0.5 * LIVE + 100) * 5 * 16 / MILLION)
    assert by_month(answers, "rag", "rag_maintenance") == dict.fromkeys(range(1, 13), 5 * HOUR)


# Hosting and training by the hour

TOKENS_SERVED = CALLS * (20 + 50 + 50 + 200)
"""Tokens a month, prompt and answer, of the office's tuned model."""


def test_a_self_hosted_model_pays_for_gpus_and_for_no_token_and_no_storage():
    lines = bill_of(run_scenario(changed(OFFICE, SELF_HOSTED), BOOK), "fine_tuning")

    assert lines["tuned_hosting", "recurring"] == pytest.approx(12 * (1 + 1) * 4 * 730 * 2.5)
    assert ("tuned_generation", "recurring") not in lines
    assert ("model_storage", "recurring") not in lines


def test_replicas_carry_the_peak_of_prompt_and_answer_tokens():
    # 2.688 million tokens in 730 hours are 1.02 a second, three times that at the peak; one replica may run
    # at 0.9 a second: ceil(3 x 1.02 / 0.9) = 4, and a spare one
    busy = {
        "workload.peak_to_average": 3.0,
        "fine_tuning.tokens_per_second_per_replica": 1.0,
        "fine_tuning.target_utilisation_share": 0.9,
    }
    answers = run_scenario(changed(OFFICE, SELF_HOSTED | busy), BOOK)

    assert by_month(answers, "fine_tuning", "tuned_hosting")[1] == pytest.approx((4 + 1) * 4 * 730 * 2.5)
    assert answers.answers["fine_tuning"].idle_share == pytest.approx(1 - TOKENS_SERVED / (5 * 1.0 * 730 * 3_600))


def test_batches_and_cached_prompts_need_as_many_replicas():
    busy = {"fine_tuning.tokens_per_second_per_replica": 0.5}
    shares = {"workload.batch_share": 0.9, "workload.prompt_cache_hit_share": 0.9}
    plain, cheaper = (run_scenario(changed(OFFICE, busy | more), BOOK) for more in ({}, shares))

    assert by_month(plain, "fine_tuning", "tuned_hosting") == by_month(cheaper, "fine_tuning", "tuned_hosting")
    assert plain.answers["fine_tuning"].idle_share == cheaper.answers["fine_tuning"].idle_share


def test_the_idle_share_sums_served_and_paid_tokens_over_the_months():
    # month 1 and 2 serve 1 and 2 million tokens; one replica of 1 a second can serve 730 x 3,600 tokens a month
    scenario = question(
        2,
        workload={"queries_by_month": [1_000, 2_000], "query_tokens": 600, "output_tokens": 400},
        fine_tuning={"model": "acme/tuned", "hosting": "dedicated", "tokens_per_second_per_replica": 1},
        finance={"compared": ["fine_tuning"]},
    )

    idle = run_scenario(scenario, BOOK).answers["fine_tuning"].idle_share
    assert idle == pytest.approx(1 - (1e6 + 2e6) / (2 * 730 * 3_600))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        BUSY | SERVERLESS,
        BUSY | TYPED_HOSTING,
        BUSY | {"fine_tuning.switched_off": ["tuned_hosting"]},
    ],
    ids=["no throughput", "serverless", "hosting as billed", "hosting switched off"],
)
def test_an_idle_share_is_not_known_without_a_throughput_and_replicas_that_are_paid(changes):
    assert run_scenario(changed(OFFICE, changes), BOOK).answers["fine_tuning"].idle_share is None


def test_training_on_rented_gpus_pays_their_hours():
    # three runs of 0.6 million tokens, 100,000 an hour: 18 hours at 2.50; each retraining two runs more
    answers = run_scenario(changed(OFFICE, SELF_HOSTED), BOOK)

    assert by_month(answers, "fine_tuning", "training") == pytest.approx(
        {0: 3 * 6 * 2.5, 6: 2 * 6 * 2.5, 12: 2 * 6 * 2.5}
    )


def trained(*rows: Price, **tuning: Any) -> dict[int, float]:
    """What training costs, by month."""
    office = changed(OFFICE, {f"fine_tuning.{name}": value for name, value in tuning.items()})
    kept = [each for each in PRICES if (each.ref, each.meter) != ("acme/tuned", "training")]
    return by_month(run_scenario(office, PriceBook([*kept, *rows])), "fine_tuning", "training")


@pytest.mark.parametrize("hosting", ["serverless", "dedicated"])
def test_a_plan_may_sell_training_by_the_hour(hosting):
    hourly = price("acme/tuned", "training", "GPU-hour", 3)

    found = trained(hourly, hosting=hosting, training_tokens_per_gpu_hour=200_000)
    assert found == pytest.approx({0: 3 * 3 * 3, 6: 2 * 3 * 3, 12: 2 * 3 * 3})


def test_own_gpus_train_what_their_plan_would_sell_by_the_token():
    by_token = price("acme/tuned", "training", "1M tokens", 10)

    with_speed = trained(by_token, hosting="self_hosted", training_tokens_per_gpu_hour=200_000)
    without = trained(by_token, hosting="self_hosted", training_tokens_per_gpu_hour=0)
    assert with_speed[0] == pytest.approx(3 * 3 * 2.5)
    assert without[0] == pytest.approx(3 * 0.6 * 10)


@pytest.mark.parametrize(("least", "a_run"), [(4, 6), (6, 6), (8, 8)])
def test_each_job_costs_at_least_the_minimum(least, a_run):
    # 0.6 million tokens at 10 are 6 a run: three runs for the first release, two for each retraining
    found = trained(price("acme/tuned", "training", "1M tokens", 10, minimum_usd=least))

    assert found == pytest.approx({0: 3 * a_run, 6: 2 * a_run, 12: 2 * a_run})


def test_a_job_by_the_hour_has_a_minimum_too():
    hourly = price("acme/tuned", "training", "GPU-hour", 3, minimum_usd=10)

    assert trained(hourly, training_tokens_per_gpu_hour=200_000)[0] == pytest.approx(3 * max(10, 3 * 3))


def test_no_tokens_are_no_job():
    assert trained(price("acme/tuned", "training", "1M tokens", 10, minimum_usd=8), training_examples=0) == {}


def test_a_run_as_billed_replaces_price_and_minimum():
    dear = price("acme/tuned", "training", "1M tokens", 10, minimum_usd=8_000)

    assert trained(dear, training_usd_per_run=50.0) == {0: 3 * 50, 6: 2 * 50, 12: 2 * 50}


def test_a_dedicated_deployment_pays_tokens_only_where_its_plan_says_so():
    says_so = [each for each in PRICES if each.ref != "acme/tuned"] + [
        *chat("acme/tuned", 3, 12, bills_tokens=True),
        price("acme/tuned", "hosting", "hour", 2),
        price("acme/tuned", "training", "1M tokens", 10),
    ]
    hours, both = run_scenario(OFFICE, BOOK), run_scenario(OFFICE, PriceBook(says_so))

    tokens = CALLS * ((20 + 50 + 50) * 3 + 200 * 12) / MILLION
    assert by_month(hours, "fine_tuning", "tuned_generation") == {}
    assert by_month(both, "fine_tuning", "tuned_generation") == pytest.approx(dict.fromkeys(range(1, 13), tokens))
    assert by_month(hours, "fine_tuning", "tuned_hosting") == by_month(both, "fine_tuning", "tuned_hosting")


def test_a_gpu_that_nobody_chose_is_a_missing_price():
    answers = run_scenario(changed(OFFICE, SELF_HOSTED | {"fine_tuning.gpu": None}), BOOK)

    assert answers.excluded["fine_tuning"] == "no GPU is chosen (fine_tuning.gpu)"


def test_own_weights_need_no_model_of_the_book():
    answers = run_scenario(changed(OFFICE, SELF_HOSTED | {"fine_tuning.model": None}), BOOK)

    assert "fine_tuning" not in answers.excluded


# Costs that are typed in


def typed(**amount: Any) -> dict[str, Any]:
    """A cost of RAG."""
    return {"architecture": "rag", "component": "licence", "phase": "recurring", "months": [1, 12], **amount}


def with_extra(*extras: dict[str, Any]) -> Run:
    return run_scenario(changed(OFFICE, {"extra_costs": list(extras)}), BOOK)


@pytest.mark.parametrize("phase", ["one_time", "recurring", "event"])
def test_a_typed_in_cost_is_of_the_phase_that_it_says(phase):
    plain = run_scenario(OFFICE, BOOK).answers["rag"]
    answer = with_extra(typed(usd=100, months=[5, 5], phase=phase)).answers["rag"]

    added = 100 * 1.1 if phase == "one_time" else 100
    assert answer.phase_usd(phase) - plain.phase_usd(phase) == pytest.approx(added)
    assert answer.monthly_usd[5] - plain.monthly_usd[5] == pytest.approx(added)
    assert answer.tco_usd - plain.tco_usd == pytest.approx(added)


def test_contingency_falls_in_the_month_of_the_one_time_line():
    answers = with_extra(typed(usd=1_000, months=[5, 5], phase="one_time"))

    assert by_month(answers, "rag", "contingency") == pytest.approx({0: 0.1 * RAG_BUILD, 5: 0.1 * 1_000})


def test_a_credit_lowers_the_bill():
    answers = with_extra(typed(usd_per_month=-3, months=[2, 4]))

    assert by_month(answers, "rag", "licence") == dict.fromkeys((2, 3, 4), -3)


def test_an_amount_per_query_is_on_user_queries():
    (row,) = rows_of(with_extra(typed(usd_per_query=0.01, months=[3, 3])), "rag", "licence").itertuples()

    assert (row.unit, row.quantity, row.cost_usd) == ("query", 10_000, pytest.approx(10_000 * 0.01))


def test_a_typed_in_cost_under_the_name_of_a_component_stands_beside_the_computed_one():
    answers = with_extra(typed(component="rag_hosting", usd_per_month=7, note="second server"))

    rows = rows_of(answers, "rag", "rag_hosting", month=1)
    assert sorted(zip(rows.driver, rows.cost_usd, strict=True)) == [("months of operation", 30), ("second server", 7)]


def test_one_typed_in_cost_may_be_of_several_architectures():
    answers = with_extra(typed(architecture=["rag", "prompting"], usd=100, months=[1, 1]))

    paid = {key: by_month(answers, key, "licence") for key in answers.answers}
    assert paid == {"rag": {1: 100}, "prompting": {1: 100}, "fine_tuning": {}, "hybrid": {}}
