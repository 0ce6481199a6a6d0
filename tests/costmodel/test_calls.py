"""Prompting, batch and cached prices, rewriting, reranking and guardrails."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook
from tests.costmodel.office import (
    BOOK,
    CALLS,
    HOUR,
    LIVE,
    MILLION,
    OFFICE,
    PRICES,
    SEARCHES,
    bill_of,
    by_month,
    chat,
    price,
    question,
    rows_of,
    run,
)

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
