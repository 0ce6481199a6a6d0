"""Whole bills worked by hand. Figures that others published are data: tests/costmodel/test_published.py."""

from __future__ import annotations

from typing import Any

import pytest

from costmodel.changes import validated
from costmodel.files import with_preset
from costmodel.results import Run, run_scenario
from pricing.book import PriceBook
from pricing.catalog import parse_price_csv

HEADER = "provider,item,meter,unit,price_usd,minimum_usd,included_quantity,units_per_search\n"


def book_of(*rows: str) -> PriceBook:
    """A price book of lines `provider,item,meter,unit,price[,minimum[,included[,units per search]]]`."""
    full = [row + "," * (HEADER.count(",") - row.count(",")) for row in rows]
    return PriceBook(parse_price_csv(HEADER + "\n".join(full), "example.csv") if full else ())


def run_of(scenario: dict[str, Any], *prices: str) -> Run:
    """Results of a scenario file, built in November 2026; labour does not drift unless it says so."""
    finance = {"start_month": "2026-11", "price_drift_annual": {"labour": 0}, **scenario.get("finance", {})}
    return run_scenario(with_preset({**scenario, "finance": finance}), book_of(*prices))


def tokens(model: str, usd_in: float, usd_out: float, unit: str) -> tuple[str, str]:
    """The two price rows of a model."""
    return f"acme,{model},input,{unit},{usd_in}", f"acme,{model},output,{unit},{usd_out}"


def typed(architecture: str, phase: str, months: list[int], **amount: float) -> dict[str, Any]:
    """A cost as it was published."""
    return {"architecture": architecture, "component": "as published", "phase": phase, "months": months, **amount}


PLANS = (
    *tokens("base", 2, 8, "1M tokens"),
    *tokens("tuned", 3, 12, "1M tokens"),
    "acme,tuned,training,1M tokens,10,8",
    "acme,tuned,hosting,hour,2",
    "acme,tuned,model_storage,month,5",
    "acme,embed,embedding,1M tokens,0.10",
    "acme,store,storage,GB-month,0.30,25",
    "acme,store,reads,1M units,16,,,5",
    "acme,store,writes,1M units,4",
)
WORKLOAD = {
    "queries_per_month": 10_000,
    "query_tokens": 50,
    "history_tokens": 50,
    "system_prompt_tokens": 100,
    "output_tokens": 200,
    "response_cache_hit_share": 0.2,
    "retry_share": 0.05,
}
CORPUS = {
    "documents": 100,
    "tokens_per_document": 1_000,
    "chunk_tokens": 500,
    "chunk_overlap_tokens": 100,
    "updates_per_month": 2,
    "changed_share_per_update": 0.1,
}
RAG = {
    "model": "acme/base",
    "embedding_model": "acme/embed",
    "embedding_dimensions": 1_000,
    "vector_store": "acme/store",
    "replicas": 2,
    "index_overhead_share": 0.5,
    "top_k": 4,
    "build_engineer_weeks": 2,
    "preparation_hours": 10,
    "evaluation_usd_per_release": 500,
    "evaluation_queries_per_month": 100,
    "hours_per_update": 1,
    "maintenance_hours_per_month": 5,
    "hosting_usd_per_month": 30,
    "observability_usd_per_month": 20,
}
TUNING = {
    "model": "acme/tuned",
    "hosting": "dedicated",
    "system_prompt_tokens": 20,
    "training_examples": 200,
    "tokens_per_example": 1_000,
    "epochs": 3,
    "experiment_runs": 3,
    "usd_per_example": 2,
    "evaluation_usd_per_release": 300,
    "retrain_every_months": 12,
    "updates_per_retrain": 12,
    "retrain_examples_share": 0.5,
    "retrain_runs": 2,
    "retrain_hours": 4,
    "build_engineer_weeks": 3,
    "maintenance_hours_per_month": 2,
    "spare_replicas": 1,
    "observability_usd_per_month": 20,
}
PEOPLE = {"engineer_usd_per_week": 4_000, "contingency_share": 0.1}
HOUR = 4_000 / 40
DRIFT = {"labour": 0.12, "gpu": 0.06, "llm": -0.30}


def year(annual_drift: float, months: int = 12) -> float:
    """One USD a month from month 1 on, at prices that drift: in month 13 they have drifted by a whole year."""
    return sum((1 + annual_drift) ** ((month - 1) / 12) for month in range(1, months + 1))


def at(annual_drift: float, month: int) -> float:
    """Factor of a drift in one month."""
    return (1 + annual_drift) ** ((month - 1) / 12)


def question(**finance: Any) -> dict[str, Any]:
    """The scenario that is worked out below."""
    return {
        "finance": {"horizon_months": 12, "price_drift_annual": DRIFT, **finance},
        "workload": WORKLOAD,
        "corpus": CORPUS,
        "rag": RAG,
        "fine_tuning": TUNING,
        "hybrid": {"retrain_every_months": 6, "top_k": 2, "shared_build_share": 0.5, "observability_usd_per_month": 40},
        "people": PEOPLE,
    }


def bill(run: Run, architecture: str) -> dict[tuple[str, str], float]:
    """Sum of each component and phase of one architecture, lines without cost left out."""
    ledger = run.ledger()
    own = ledger[ledger["architecture"] == architecture]
    sums = own.groupby(["component", "phase"])["cost_usd"].sum()
    return {key: float(usd) for key, usd in sums.items() if usd != 0}


LIVE = 10_000 * (1 - 0.2)
CALLS = LIVE * 1.05
VECTORS = 100 * 1_000 / (500 - 100)
CHANGED = 2 * 0.1 * VECTORS
GIGABYTES = VECTORS * 1_000 * 4 * 1.5 * 2 / 1e9
SEARCHES = LIVE + 100
STORE = GIGABYTES * 0.30 + SEARCHES * 5 * 16 / 1e6 + CHANGED * 4 / 1e6

KNOWLEDGE = {
    ("preparation", "one_time"): 10 * HOUR,
    ("corpus_embedding", "one_time"): VECTORS * 500 * 0.10 / 1e6,
    ("vector_writes", "one_time"): VECTORS * 4 / 1e6,
    ("corpus_embedding", "recurring"): 12 * CHANGED * 500 * 0.10 / 1e6,
    ("query_embedding", "recurring"): 12 * SEARCHES * 50 * 0.10 / 1e6,
    ("vector_storage", "recurring"): 12 * GIGABYTES * 0.30,
    ("vector_reads", "recurring"): 12 * SEARCHES * 5 * 16 / 1e6,
    ("vector_writes", "recurring"): 12 * CHANGED * 4 / 1e6,
    ("vector_minimum", "recurring"): 12 * (25 - STORE),
    ("update_labour", "recurring"): 2 * 1 * HOUR * year(0.12),
    ("rag_maintenance", "recurring"): 5 * HOUR * year(0.12),
    ("rag_hosting", "recurring"): 12 * 30,
}
RAG_BUILD = 2 * 4_000 + 10 * HOUR + 500 + VECTORS * 500 * 0.10 / 1e6 + VECTORS * 4 / 1e6
A_RUN = max(8, 200 * 1_000 * 3 * 10 / 1e6)
"""0.6 million tokens at 10 USD are 6 USD: the job's minimum of 8 holds."""
FIRST_RELEASE = 200 * 2 + 3 * A_RUN + 300


def retrained(price: float, annual_drift: float) -> float:
    """What is paid for a retraining in month 6 and one in month 12."""
    return price * (at(annual_drift, 6) + at(annual_drift, 12))


TUNED = {
    ("labels", "one_time"): 200 * 2,
    ("training", "one_time"): 3 * A_RUN,
    ("labels", "event"): retrained(0.5 * 200 * 2, 0.12),
    ("training", "event"): retrained(2 * A_RUN, -0.30),
    ("retrain_labour", "event"): retrained(4 * HOUR, 0.12),
    ("release_evaluation", "event"): retrained(300, 0.12),
    ("tuned_maintenance", "recurring"): 2 * HOUR * year(0.12),
    ("tuned_hosting", "recurring"): (1 + 1) * 730 * 2 * year(0.06),
    ("model_storage", "recurring"): 5 * year(-0.30),
}


def test_every_line_of_a_rag_bill():
    prompt = 100 + 50 + 50 + 4 * 500

    lines = bill(run_of(question(), *PLANS), "rag")

    assert lines == pytest.approx(
        {
            **KNOWLEDGE,
            ("build_labour", "one_time"): 2 * 4_000,
            ("release_evaluation", "one_time"): 500,
            ("contingency", "one_time"): 0.1 * RAG_BUILD,
            ("generation", "recurring"): (CALLS + 100) * (prompt * 2 + 200 * 8) / 1e6 * year(-0.30),
            ("observability", "recurring"): 12 * 20,
        },
        rel=1e-12,
    )


def test_every_line_of_a_fine_tuning_bill():
    # 12 updates at 2 a month force a retrain every 6 months, earlier than the calendar's 12;
    # evaluation queries are RAG's alone
    lines = bill(run_of(question(), *PLANS), "fine_tuning")

    assert lines == pytest.approx(
        {
            **TUNED,
            ("build_labour", "one_time"): 3 * 4_000,
            ("release_evaluation", "one_time"): 300,
            ("contingency", "one_time"): 0.1 * (3 * 4_000 + FIRST_RELEASE),
            ("observability", "recurring"): 12 * 20,
        },
        rel=1e-12,
    )


def test_every_line_of_a_grounded_hybrid_bill():
    # its own cadence of 6 months, its own two chunks, half of the tuned side's weeks; never the base model
    lines = bill(run_of(question(), *PLANS), "hybrid")
    weeks = 2 + 3 * (1 - 0.5)

    assert lines == pytest.approx(
        {
            **KNOWLEDGE,
            **TUNED,
            ("build_labour", "one_time"): weeks * 4_000,
            ("release_evaluation", "one_time"): 500 + 300,
            ("contingency", "one_time"): 0.1 * (RAG_BUILD + FIRST_RELEASE + 3 * 0.5 * 4_000),
            ("observability", "recurring"): 12 * 40,
        },
        rel=1e-12,
    )


def test_a_serverless_tuned_model_pays_tokens_and_no_hours():
    scenario = question() | {"fine_tuning": {**TUNING, "hosting": "serverless"}}
    run = run_of(scenario, *PLANS)

    prompts = {"fine_tuning": 20 + 50 + 50, "hybrid": 20 + 50 + 50 + 2 * 500}
    calls = {"fine_tuning": CALLS, "hybrid": CALLS + 100}
    for key, prompt in prompts.items():
        lines = bill(run, key)
        expected = calls[key] * (prompt * 3 + 200 * 12) / 1e6 * year(-0.30)
        assert lines["tuned_generation", "recurring"] == pytest.approx(expected)
        assert ("tuned_hosting", "recurring") not in lines


def test_content_updates_do_not_retrain_a_grounded_hybrid():
    scenario = question() | {"hybrid": {"retrain_every_months": 0}}

    lines = bill(run_of(scenario, *PLANS), "hybrid")

    assert not any(phase == "event" for _, phase in lines)


def test_without_a_cadence_of_its_own_a_hybrid_keeps_fine_tuning_s():
    scenario = question() | {"hybrid": {}}

    lines = bill(run_of(scenario, *PLANS), "hybrid")

    assert lines["retrain_labour", "event"] == pytest.approx(4 * HOUR * at(0.12, 12))


def test_prices_have_drifted_by_a_whole_year_in_month_13():
    run = run_of(question(horizon_months=13), *PLANS)
    ledger = run.ledger().set_index(["architecture", "component", "phase", "month"])["cost_usd"].sort_index()

    hosting = ledger["fine_tuning", "tuned_hosting", "recurring"]
    assert hosting[13] == pytest.approx(2 * 730 * 2 * (1 + 0.06) ** (12 / 12))
    assert ledger["rag", "rag_maintenance", "recurring"][13] == pytest.approx(5 * HOUR * 1.12)
    assert ledger["rag", "observability", "recurring"][13] == 20


def test_present_value_discounts_each_month():
    run = run_of(question(discount_rate_annual=0.10), *PLANS)

    monthly = run.answers["rag"].monthly_usd
    by_hand = sum(cost / 1.10 ** (month / 12) for month, cost in enumerate(monthly))
    assert run.answers["rag"].present_value_usd == pytest.approx(by_hand)
    assert run.answers["rag"].tco_usd == pytest.approx(monthly.sum())


def test_a_negotiated_discount_lowers_prices_and_minimums_but_no_amount_typed_in():
    plain, discounted = run_of(question(), *PLANS), run_of(question(discount_share={"acme": 0.25}), *PLANS)

    before, after = bill(plain, "rag"), bill(discounted, "rag")
    for line in (("generation", "recurring"), ("vector_minimum", "recurring"), ("vector_reads", "recurring")):
        assert after[line] == pytest.approx(0.75 * before[line])
    for line in (("rag_hosting", "recurring"), ("rag_maintenance", "recurring"), ("observability", "recurring")):
        assert after[line] == before[line]


def test_what_is_built_already_is_not_charged_and_takes_its_side_of_the_hybrid_along():
    built = run_of(question(already_built=["fine_tuning"]), *PLANS)

    once = {key: built.answers[key].phase_usd("one_time") for key in ("rag", "fine_tuning", "hybrid")}  # type: ignore[index]
    assert once == pytest.approx({"rag": 1.1 * RAG_BUILD, "fine_tuning": 0, "hybrid": 1.1 * RAG_BUILD})


def test_a_built_rag_sinks_its_typed_in_build_costs_and_the_rag_side_of_the_hybrid():
    scenario = question(already_built=["rag"]) | {
        "extra_costs": [{**typed("rag", "one_time", [0, 0], usd=700), "architecture": ["rag", "hybrid"]}]
    }
    run = run_of(scenario, *PLANS)

    once = {key: run.answers[key].phase_usd("one_time") for key in ("rag", "hybrid")}  # type: ignore[index]
    assert once == pytest.approx({"rag": 0, "hybrid": 1.1 * (FIRST_RELEASE + 3 * 0.5 * 4_000 + 700)})


def test_a_built_hybrid_sinks_its_whole_month_0_and_nothing_of_the_others():
    run = run_of(question(already_built=["hybrid"]), *PLANS)

    once = {key: run.answers[key].phase_usd("one_time") for key in ("rag", "hybrid")}  # type: ignore[index]
    assert once == pytest.approx({"rag": 1.1 * RAG_BUILD, "hybrid": 0})


def test_switched_off_lines_are_dropped_typed_in_ones_stay_and_a_minimum_is_computed_as_before():
    scenario = question() | {
        "rag": {**RAG, "switched_off": ["vector_reads", "rag_hosting", "contingency"]},
        "extra_costs": [{**typed("rag", "recurring", [1, 12], usd_per_month=7), "component": "rag_hosting"}],
    }
    whole, dropped = bill(run_of(question(), *PLANS), "rag"), bill(run_of(scenario, *PLANS), "rag")

    assert ("vector_reads", "recurring") not in dropped
    assert ("contingency", "one_time") not in dropped
    assert dropped["rag_hosting", "recurring"] == 12 * 7
    assert dropped["vector_minimum", "recurring"] == whole["vector_minimum", "recurring"]


def test_typed_in_costs_fall_in_their_months_and_neither_drift_nor_take_discounts():
    scenario = question(discount_share={"acme": 0.5}) | {
        "extra_costs": [
            typed("rag", "event", [5, 12], usd=100),
            typed("rag", "recurring", [3, 4], usd_per_month=10),
            typed("rag", "recurring", [12, 36], usd_per_query=0.001),
            typed("rag", "one_time", [2, 2], usd=1_000),
        ]
    }
    ledger = run_of(scenario, *PLANS).ledger()
    own = ledger[(ledger["architecture"] == "rag") & (ledger["component"] == "as published")]
    contingency = ledger[(ledger["architecture"] == "rag") & (ledger["component"] == "contingency")]

    by_month = own.groupby("month")["cost_usd"].sum().to_dict()
    assert by_month == pytest.approx({2: 1_000, 3: 10, 4: 10, 5: 100, 12: 0.001 * 10_000})
    assert dict(zip(contingency["month"], contingency["cost_usd"], strict=True))[2] == pytest.approx(0.1 * 1_000)


@pytest.mark.parametrize(("needed", "months"), [(12, [6, 12]), (24, [12]), (25, [12]), (6, [3, 6, 9, 12]), (0, [12])])
def test_content_updates_force_a_retrain_only_when_they_come_before_the_calendar(needed, months):
    # 2 updates a month; the calendar says every 12 months
    scenario = question() | {"fine_tuning": {**TUNING, "updates_per_retrain": needed}}
    ledger = run_of(scenario, *PLANS).ledger()

    retraining = ledger[(ledger["architecture"] == "fine_tuning") & (ledger["component"] == "retrain_labour")]
    assert retraining["month"].tolist() == months


def test_the_run_rate_is_the_last_month_and_the_mean_month_of_events():
    run = run_of(question(), *PLANS)
    lines = bill(run, "fine_tuning")

    last = 2 * HOUR * at(0.12, 12) + 2 * 730 * 2 * at(0.06, 12) + 5 * at(-0.30, 12) + 20
    events = sum(usd for (_, phase), usd in lines.items() if phase == "event") / 12
    assert run.answers["fine_tuning"].run_rate_usd == pytest.approx(last + events)


def test_a_missing_price_is_missing_and_never_0():
    run = run_of(question(), *(row for row in PLANS if not row.startswith("acme,base,output")))

    assert run.excluded == {"rag": "the price acme/base:output is missing"}
    assert run.as_dict()["architectures"]["rag"]["tco_usd"] is None
    assert run.cheapest == "fine_tuning"


def test_a_model_that_nobody_chose_is_a_missing_price():
    run = run_scenario(validated({"finance": {"start_month": "2026-11"}}), book_of("acme,x,input,token,1"))

    assert set(run.excluded) == {"rag", "fine_tuning", "hybrid"}
    assert run.cheapest is None
