"""Every component of the ledger: a worked line in its unit, and more of its drivers costs more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costmodel.changes import changed
from costmodel.families import FAMILY_OF
from costmodel.inputs import Inputs
from costmodel.ledger import LEDGER_UNITS
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS, Scenario
from costmodel.simulate import bill
from tests.costmodel.office import (
    BOOK,
    CALLS,
    CHANGED,
    CHUNK,
    COPY,
    HOUR,
    LIVE,
    MILLION,
    OFFICE,
    PROMPT,
    RAG_BUILD,
    RUN,
    SCANNED,
    SEARCHES,
    SELF_HOSTED,
    SERVERLESS,
    TYPED_HOSTING,
    USAGE,
    VECTORS,
    by_month,
    line,
    rows_of,
)

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
