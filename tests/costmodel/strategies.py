"""Random scenarios that are allowed to be asked, each with a random price book to ask it of.

Values are short decimals: they shrink to something a person can recompute, and they often fall exactly on a
threshold.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from costmodel.families import FAMILY_OF
from costmodel.scenario import ARCHITECTURES, Scenario
from pricing.book import PriceBook
from tests.costmodel.random_books import (
    BASE,
    DAY,
    EMBEDDING,
    FLAG,
    GPU,
    GUARDRAIL,
    PARSER,
    RERANKER,
    RETIREMENTS,
    ROUTER,
    SPECIAL_METERS,
    STORE,
    TUNED,
    UNITS,
    Drawn,
    books,
    decimals,
    mostly,
    named,
    one_of,
    some,
    up_to,
)

__all__ = [
    "BASE",
    "EMBEDDING",
    "STORE",
    "TUNED",
    "books",
    "decimals",
    "mostly",
    "plain_questions",
    "questions",
    "scenarios",
    "some",
]

STARTS = ("2026-11", "2027-02", "2026-06", "2027-12")
CADENCES = one_of(0.0, 3.0, 12.0, 1.0, 0.5, 2.4, 1.5, 7.0, 0.7)


def tokens(high: float) -> st.SearchStrategy[float]:
    """A length: nothing, something, or round, so that prompts end exactly on the threshold of a long price."""
    return st.one_of(some(1, high, 0), st.integers(0, round(high / 100)).map(lambda n: n * 100.0))


WORKLOADS = st.fixed_dictionaries(
    {
        "queries_per_month": some(1, 200_000, 0),
        "monthly_growth_share": mostly(0.0, decimals(-0.3, 0.3), 2),
        "max_queries_per_month": mostly(None, decimals(0, 100_000, 0)),
        "seasonality": mostly(None, st.lists(some(0.2, 2.5, 1), min_size=12, max_size=12), 5),
        "queries_by_month": mostly(None, st.lists(some(1, 200_000, 0), min_size=1, max_size=14), 5),
        "peak_to_average": mostly(1.0, decimals(1, 6, 1), 2),
        "query_tokens": tokens(400),
        "system_prompt_tokens": tokens(1500),
        "history_tokens": tokens(500),
        "output_tokens": tokens(600),
        "response_cache_hit_share": mostly(0.0, decimals(0, 1), 3),
        "prompt_cache_hit_share": mostly(0.0, decimals(0, 1), 2),
        "batch_share": mostly(0.0, decimals(0, 1), 3),
        "model_calls_per_query": mostly(1.0, decimals(0, 4, 1), 3),
        "retry_share": mostly(0.0, decimals(0, 1), 3),
    }
)


@st.composite
def corpora(draw: st.DrawFn) -> Drawn:
    chunk = draw(decimals(50, 800, 0))
    same = draw(up_to(4)) == 0
    return {
        "documents": draw(some(1, 50_000, 0)),
        "tokens_per_document": chunk if same else draw(some(1, 3_000, 0)),
        "monthly_growth_share": draw(SHRINKING_OR_GROWING),
        "updates_per_month": draw(some(0.1, 8, 1)),
        "changed_share_per_update": draw(some(0, 1)),
        "chunk_tokens": chunk,
        "chunk_overlap_tokens": draw(OVERLAPS),
        "pages_per_document": draw(some(0.5, 40, 1)),
        "parser": draw(one_of(None, PARSER)),
    }


SHRINKING_OR_GROWING = mostly(0.0, decimals(-0.2, 0.2), 2)
OVERLAPS = mostly(0.0, one_of(10.0, 25.5, 49.0), 2)

SIDE: dict[str, st.SearchStrategy[Any]] = {
    "build_calendar_weeks": some(1, 30, 1),
    "observability_usd_per_month": some(1, 300),
    "output_tokens": mostly(None, decimals(0, 500, 0)),
    "correct_share": mostly(1.0, decimals(0.5, 1), 2),
    "migration_hours": some(0, 60, 1),
    "switched_off": mostly([], st.lists(st.sampled_from(sorted(FAMILY_OF)), max_size=5, unique=True)),
}

RAGS = st.fixed_dictionaries(
    SIDE
    | {
        "model": mostly(BASE, st.none(), 25),
        "embedding_model": mostly(EMBEDDING, st.none(), 8),
        "embedding_dimensions": one_of(0.0, 256.0, 1536.0, 3072.0),
        "bytes_per_dimension": one_of(4.0, 4.0, 1.0, 0.125),
        "vector_store": mostly(STORE, st.none(), 8),
        "replicas": mostly(1, st.integers(1, 4)),
        "index_overhead_share": some(0, 2),
        "reranker": one_of(None, RERANKER),
        "top_k": up_to(10),
        "candidates": one_of(0, 10, 25, 100, 101, 33),
        "rewrite_calls_per_query": mostly(0.0, decimals(0, 3, 1), 2),
        "reindex_every_months": mostly(0.0, CADENCES, 2),
        "build_engineer_weeks": some(0, 12, 1),
        "preparation_hours": some(1, 80, 0),
        "evaluation_usd_per_release": some(1, 3_000),
        "evaluation_queries_per_month": mostly(0.0, decimals(1, 5_000, 0), 3),
        "hours_per_update": some(0, 4),
        "maintenance_hours_per_month": some(0, 30, 1),
        "hosting_usd_per_month": some(0, 500),
    }
)

FINE_TUNINGS = st.fixed_dictionaries(
    SIDE
    | {
        "model": mostly(TUNED, st.none(), 25),
        "hosting": one_of("serverless", "dedicated", "self_hosted"),
        "system_prompt_tokens": some(1, 200, 0),
        "training_examples": some(1, 4_000, 0),
        "tokens_per_example": some(1, 900, 0),
        "epochs": up_to(4),
        "experiment_runs": up_to(6),
        "usd_per_example": some(0, 5),
        "evaluation_usd_per_release": some(1, 3_000),
        "retrain_every_months": CADENCES,
        "updates_per_retrain": one_of(0.0, 1.0, 6.0, 24.0, 10.5),
        "retrain_examples_share": some(0, 1),
        "retrain_runs": up_to(3),
        "retrain_hours": some(0, 20, 1),
        "revalidate_every_months": mostly(0.0, CADENCES, 2),
        "revalidation_hours": some(0, 20, 1),
        "build_engineer_weeks": some(0, 12, 1),
        "maintenance_hours_per_month": some(0, 30, 1),
        "training_usd_per_run": mostly(None, some(1, 900), 6),
        "hosting_usd_per_month": mostly(None, some(1, 4_000), 6),
        "gpu": mostly(GPU, st.none(), 15),
        "gpus_per_replica": mostly(1, st.integers(1, 8), 2),
        "min_replicas": up_to(3),
        "spare_replicas": mostly(0, up_to(2)),
        "tokens_per_second_per_replica": some(1, 60, 0),
        "target_utilisation_share": mostly(1.0, decimals(0.1, 1)),
        "training_tokens_per_gpu_hour": mostly(0.0, one_of(1e6, 5e4, 2.5e7), 2).map(float),
    }
)

HYBRIDS = st.fixed_dictionaries(
    SIDE
    | {
        "kind": one_of("grounded", "routed", "split"),
        "fine_tuned_share": some(0, 1),
        "router_answers_share": some(0, 1),
        "router_model": mostly(ROUTER, st.none(), 3),
        "router_prompt_tokens": tokens(600),
        "router_output_tokens": some(1, 60, 0),
        "router_training_examples": some(1, 3_000, 0),
        "router_hosting": one_of("serverless", "dedicated"),
        "retrain_every_months": mostly(None, CADENCES, 2),
        "top_k": mostly(None, up_to(10), 3),
        "shared_build_share": some(0, 1),
        "fine_tuning_starts_month": mostly(0, one_of(3, 1, 2, 7, 12, 24, 36, 37, 100), 2),
    }
)

PROMPTINGS = st.fixed_dictionaries(
    SIDE
    | {
        "model": mostly(BASE, one_of(None, TUNED, ROUTER), 4),
        "few_shot_tokens": tokens(900),
        "build_engineer_weeks": some(0, 6, 1),
        "evaluation_usd_per_release": some(1, 2_000),
        "maintenance_hours_per_month": some(0, 20, 1),
    }
)

DRIFT = decimals(-0.4, 0.4)
SUBSETS = st.lists(st.sampled_from(ARCHITECTURES), min_size=1, unique=True)
FINANCES = st.fixed_dictionaries(
    {
        "start_month": one_of(*STARTS),
        "horizon_months": one_of(24, 12, 36, 1, 2, 7, 60),
        "discount_rate_annual": some(0, 0.3),
        "discount_share": mostly(
            {}, st.dictionaries(one_of("acme", "bolt", "crate", "dune", "ember"), decimals(0, 1)), 2
        ),
        "price_drift_annual": st.fixed_dictionaries(
            {
                **{group: mostly(0.0, DRIFT) for group in ("llm", "embedding", "vector_store", "gpu")},
                "labour": mostly(0.028, DRIFT),
            }
        ),
        "hours_per_month": mostly(730.0, decimals(600, 744, 0)),
        "delay_usd_per_week": some(0, 2_000, 0),
        "compared": st.one_of(one_of(("rag", "fine_tuning", "hybrid"), ARCHITECTURES), SUBSETS),
        "consequences_in_tco": FLAG,
        "already_built": mostly([], st.lists(st.sampled_from(ARCHITECTURES), max_size=2, unique=True), 3),
    }
)

PEOPLE = st.fixed_dictionaries(
    {
        "engineer_usd_per_week": some(100, 5_000, 0),
        "hours_per_week": mostly(40.0, decimals(20, 60, 1)),
        "contingency_share": some(0, 1),
    }
)

QUALITIES = st.fixed_dictionaries(
    {
        "usd_per_wrong_answer": some(0.01, 5),
        "stale_answer_share_per_change": some(0, 1),
        "minimum_correct_share": mostly(None, decimals(0.5, 1)),
    }
)


@st.composite
def extra_costs(draw: st.DrawFn) -> Drawn:
    first, last = sorted((draw(up_to(40)), draw(up_to(40))))
    amount = draw(one_of("usd", "usd_per_month", "usd_per_query"))
    usd = draw(decimals(-0.001, 0.02, 4) if amount == "usd_per_query" else decimals(-50, 900))
    return {
        "architecture": draw(ARCHITECTURE_KEYS),
        "component": draw(one_of("licence", "vector_flat", "training", "contingency", "generation", "wrong_answers")),
        "phase": draw(one_of("one_time", "recurring", "event")),
        "months": [first, last],
        amount: usd,
    }


ARCHITECTURE_KEYS = st.lists(st.sampled_from(ARCHITECTURES), min_size=1, max_size=3, unique=True)
EXTRA_COSTS = mostly([], st.lists(extra_costs(), max_size=4), 2)


RETIRING = {"retires_on": one_of(*RETIREMENTS), "successor": one_of(None, TUNED, BASE)}
EDITED_FACTS = {
    **dict.fromkeys((BASE, ROUTER, EMBEDDING), st.fixed_dictionaries(RETIRING)),
    TUNED: st.fixed_dictionaries(RETIRING | {"bills_tokens": one_of(None, False, True)}),
    GUARDRAIL: st.fixed_dictionaries({"tokens_per_unit": one_of(200.0, 500.0)}),
    RERANKER: st.fixed_dictionaries({"documents_per_search": one_of(None, 20.0, 50.0)}),
    GPU: st.fixed_dictionaries({"min_gpus": one_of(None, 2.0, 8.0)}),
    STORE: st.fixed_dictionaries({"units_per_search": one_of(None, 2.0), "gb_per_node": one_of(None, 0.5)}),
}


@st.composite
def price_edits(draw: st.DrawFn, book: PriceBook) -> list[Drawn]:
    """Other prices for some of the book's, for every month or from a day on, perhaps in another unit."""
    rows = {row.price_id: row for row in book.rows}
    found = []
    for price_id in draw(st.lists(st.sampled_from(sorted(rows)), max_size=3, unique=True)):
        row = rows[price_id]
        edit = {name: getattr(row, name) for name in ("provider", "item", "meter", "unit", "tier_from")}
        edit["price_usd"] = row.price_usd * draw(decimals(0.2, 3, 1))
        if draw(FLAG):
            edit["effective_from"] = draw(DAY)
        if not row.tier_from and row.unit in UNITS.get(row.meter, ()):
            edit["unit"] = draw(one_of(*UNITS[row.meter]))
        if row.minimum_usd is not None and draw(FLAG):
            edit["minimum_usd"] = draw(decimals(1, 300, 0))
        if row.included_quantity is not None and draw(FLAG):
            edit["included_quantity"] = draw(decimals(0, 2))
        if row.ref in EDITED_FACTS and draw(FLAG):
            edit |= draw(EDITED_FACTS[row.ref])
        found.append(edit)
    meter = draw(one_of(*SPECIAL_METERS))
    if draw(FLAG) and all(row.meter != meter for row in rows.values() if row.ref == BASE):
        found.append(named(BASE, meter, "1M tokens") | {"price_usd": draw(decimals(0.1, 5))})
    return found


SCENARIOS = st.fixed_dictionaries(
    {
        "workload": WORKLOADS,
        "corpus": corpora(),
        "rag": RAGS,
        "fine_tuning": FINE_TUNINGS,
        "hybrid": HYBRIDS,
        "prompting": PROMPTINGS,
        "guardrail": one_of(None, GUARDRAIL),
        "people": PEOPLE,
        "quality": QUALITIES,
        "finance": FINANCES,
        "extra_costs": EXTRA_COSTS,
    }
)


def scenarios() -> st.SearchStrategy[Drawn]:
    """A scenario file without price edits."""
    return SCENARIOS


@st.composite
def questions(draw: st.DrawFn) -> tuple[Scenario, PriceBook]:
    """A scenario and the book it is asked of."""
    book = draw(books())
    edits = draw(price_edits(book)) if draw(up_to(2)) == 2 else []
    return Scenario.model_validate({**draw(SCENARIOS), "price_edits": edits}), book


@st.composite
def plain_questions(draw: st.DrawFn) -> tuple[Scenario, PriceBook]:
    """A scenario and a book for which more of anything cannot cost less.

    Every price is known and constant, no plan gives a rebate, nothing retires, is typed in below zero or is
    switched off, and no answer is better because its model was trained more often.
    """
    data = draw(SCENARIOS)
    for side in ARCHITECTURES:
        data[side] = data[side] | {"switched_off": []}
    data["rag"] |= {"model": BASE}
    data["prompting"] |= {"model": BASE}
    data["fine_tuning"] |= {"model": TUNED, "gpu": GPU}
    data["fine_tuning"]["training_tokens_per_gpu_hour"] = data["fine_tuning"]["training_tokens_per_gpu_hour"] or 1e6
    data["quality"] = data["quality"] | {"stale_answer_share_per_change": 0.0}
    data["finance"] = data["finance"] | {"price_drift_annual": {"labour": 0.0}}
    typed = ("usd", "usd_per_month", "usd_per_query")
    data["extra_costs"] = [
        each | {name: abs(each[name]) for name in typed if name in each} for each in data["extra_costs"]
    ]
    return Scenario.model_validate(data), draw(books(plain=True))
