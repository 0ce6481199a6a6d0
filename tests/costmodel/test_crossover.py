"""Crossovers: where algebra says, each of several, jumps as jumps, whole numbers between two of them."""

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli import main
from costmodel.changes import ScenarioError, changed, validated
from costmodel.crossover import crossovers, crossovers_of
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from costmodel.scan import RANGES
from costmodel.scenario import FIELDS
from costmodel.simulate import totals_usd
from pricing.book import PriceBook
from pricing.catalog import load_book, parse_price_csv

HEAD = "provider,item,meter,unit,price_usd,tier_from,minimum_usd,note,source\n"
PRICES = (
    HEAD
    + "acme,base,input,1M tokens,2,,,,s\n"
    + "acme,base,output,1M tokens,0,,,free,s\n"
    + "acme,tuned,input,1M tokens,1,,,,s\n"
    + "acme,tuned,output,1M tokens,0,,,free,s\n"
    + "acme,steps,flat,month,0,,,free,s\n"
    + "acme,steps,flat,month,900,50000,,,s\n"
)
VOLUME = "workload.queries_per_month"


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return load_book().with_rows(parse_price_csv(PRICES, "prices.csv"))


def two_arms(**more: Any) -> Any:
    """1,000 tokens a query: RAG pays 0.002 a query, fine-tuning 0.001 and 1,200 for its release; 12 months."""
    data: dict[str, Any] = {
        "finance": {
            "start_month": "2026-11",
            "horizon_months": 12,
            "compared": ["rag", "fine_tuning"],
            "price_drift_annual": {"labour": 0},
        },
        "workload": {"queries_per_month": 10_000, "query_tokens": 1000},
        "rag": {"model": "acme/base"},
        "fine_tuning": {"model": "acme/tuned", "experiment_runs": 0, "evaluation_usd_per_release": 1200},
    }
    return validated({**data, **{name: {**data.get(name, {}), **value} for name, value in more.items()}})


def roots(scenario: Any, book: PriceBook, driver: str, low: float | None = None, high: float | None = None) -> Any:
    (pair,) = crossovers(scenario, book, driver, low, high).pairs
    return pair.roots


def test_straight_lines_cross_where_algebra_says(book):
    # 12 x 0.002 q = 1,200 + 12 x 0.001 q at q = 1,200 / (12 x 0.001)
    (root,) = roots(two_arms(), book, VOLUME)

    assert root.value == pytest.approx(1200 / (12 * 0.001), rel=1e-6)
    assert (root.kind, root.cheaper_below, root.cheaper_above) == ("crossing", "rag", "fine_tuning")
    assert root.a_below_usd == pytest.approx(12 * 0.002 * 100_000, rel=1e-6)


def in_month_12(**more: Any) -> Any:
    """RAG pays 0.01 for each query of month 12 alone, fine-tuning 1,200 at once: two straight lines, a year apart."""
    late = {"component": "late", "phase": "recurring", "months": [12, 12], "usd_per_query": 0.01}
    base = two_arms(
        finance={"horizon_months": 12, **more},
        workload={"query_tokens": 0},
    )
    return changed(base, {"extra_costs": [{"architecture": "rag", **late}]})


def test_in_present_value_lines_cross_where_discounted_algebra_says(book):
    # nominal 0.01 q = 1,200 at q = 120,000; at 10 % a year 0.01 q / 1.10 = 1,200 at q = 1,200 x 1.10 / 0.01 = 132,000
    scenario = in_month_12(discount_rate_annual=0.1)
    found = crossovers(scenario, book, VOLUME, 1_000, 1_000_000, present=True)
    (root,) = found.pairs[0].roots

    assert [each.value for each in roots(scenario, book, VOLUME, 1_000, 1_000_000)] == [
        pytest.approx(120_000, rel=1e-9)
    ]
    assert (root.value, root.kind) == (pytest.approx(132_000, rel=1e-9), "crossing")
    assert (root.a_below_usd, root.b_below_usd) == pytest.approx((1_200, 1_200))
    assert found.pairs[0].at_high_usd == pytest.approx((10_000 / 1.1, 1_200))
    assert found.present


def test_at_the_crossing_in_present_value_a_run_has_equal_present_values(book):
    scenario = two_arms(finance={"discount_rate_annual": 0.25})
    (pair,) = crossovers(scenario, book, VOLUME, present=True).pairs
    run = Run(changed(scenario, {VOLUME: pair.roots[0].value}), book)

    assert run.answers["rag"].present_value_usd == pytest.approx(run.answers["fine_tuning"].present_value_usd, rel=1e-6)
    assert run.answers["rag"].tco_usd != pytest.approx(run.answers["fine_tuning"].tco_usd, rel=1e-3)


@pytest.mark.parametrize("driver", [VOLUME, "rag.top_k", "price:acme/base:input"])
def test_at_a_discount_rate_of_0_present_value_crosses_just_where_nominal_cost_does(book, driver):
    corpus = {"documents": 1, "tokens_per_document": 1000, "chunk_tokens": 1000}
    scenario = two_arms(corpus=corpus, finance={"discount_rate_annual": 0.0})
    nominal, present = (crossovers(scenario, book, driver, 1, 40, present=value) for value in (False, True))

    assert present.pairs == nominal.pairs
    assert nominal.roots or driver == VOLUME


def test_plain_values_say_that_they_are_present_ones_and_nominal_ones_say_nothing(book):
    scenario = two_arms(finance={"discount_rate_annual": 0.1})
    nominal, present = (crossovers(scenario, book, VOLUME, present=value).as_dict() for value in (False, True))

    assert "value" not in nominal
    assert present["value"] == "present"


def test_a_run_at_the_crossing_has_equal_totals(book):
    scenario = two_arms()
    (root,) = roots(scenario, book, VOLUME)
    run = Run(changed(scenario, {VOLUME: root.value}), book)

    assert run.answers["rag"].tco_usd == pytest.approx(run.answers["fine_tuning"].tco_usd, rel=1e-6)


def test_a_price_is_a_driver_in_the_unit_of_its_row(book):
    # 12 x 10,000 x 0.001 x p = 1,200 + 12 x 10,000 x 0.001 at p = 11 USD per 1M tokens
    (root,) = roots(two_arms(), book, "price:acme/base:input", 1, 20)

    assert root.value == pytest.approx(11, rel=1e-6)


def test_a_stepped_fee_crosses_twice_once_in_a_jump(book):
    # Fine-tuning pays 0.015 a query more than RAG, which pays a fee of 900 a month from 50,000 searches on:
    # below 50,000 RAG is cheaper, from there fine-tuning, until 0.015 q > 900 again from q = 60,000.
    edits = [
        {"provider": "acme", "item": "tuned", "meter": "input", "unit": "1M tokens", "price_usd": 17, "reason": "quote"}
    ]
    base = two_arms(rag={"vector_store": "acme/steps"}, fine_tuning={"evaluation_usd_per_release": 0})
    step, line = roots(changed(base, {"price_edits": edits}), book, VOLUME, 1_000, 200_000)

    assert (step.kind, step.cheaper_below, step.cheaper_above) == ("jump", "rag", "fine_tuning")
    assert step.value < 50_000 <= step.next_value
    assert step.next_value == pytest.approx(50_000, rel=1e-12)
    assert (line.kind, line.cheaper_below, line.cheaper_above) == ("crossing", "fine_tuning", "rag")
    assert line.value == pytest.approx(60_000, rel=1e-6)


def test_whole_numbers_cross_between_two_of_them(book):
    # k chunks of 1,000 tokens: RAG pays 0.002 (1 + k) a query, 240 (1 + k) in all; fine-tuning 1,200 + 120 = 1,320.
    corpus = {"documents": 1, "tokens_per_document": 1000, "chunk_tokens": 1000}
    (root,) = roots(two_arms(corpus=corpus), book, "rag.top_k", 0, 20)

    assert (root.value, root.next_value, root.kind) == (4, 5, "jump")
    assert (root.a_below_usd, root.a_above_usd) == pytest.approx((240 * 5, 240 * 6))
    assert root.as_dict(whole=True)["next_value"] == 5


def test_a_horizon_crosses_between_two_months(book):
    # Each month fine-tuning saves 10,000 x 0.001 = 10 x 10 of its 1,200: level after 12, so ahead from month 13.
    scenario = changed(two_arms(), {VOLUME: 95_000})
    (root,) = roots(scenario, book, "finance.horizon_months", 1, 36)

    assert (root.value, root.next_value) == (12, 13)  # 12 x 95 = 1,140 < 1,200 <= 13 x 95 = 1,235


def test_no_crossing_is_an_answer_with_both_ends(book):
    (pair,) = crossovers(two_arms(), book, VOLUME, 1_000, 2_000).pairs

    assert pair.roots == ()
    assert pair.at_low_usd == pytest.approx((12 * 0.002 * 1000, 1200 + 12 * 0.001 * 1000))
    assert pair.at_high_usd == pytest.approx((12 * 0.002 * 2000, 1200 + 12 * 0.001 * 2000))


def test_a_missing_price_leaves_its_pairs_out(book):
    scenario = changed(two_arms(), {"rag.model": None})

    assert crossovers(scenario, book, VOLUME).pairs == ()


@pytest.mark.parametrize(
    ("driver", "low", "high", "said"),
    [
        ("workload.nothing", None, None, "is not a number of the scenario"),
        ("rag.model", None, None, "is not a number of the scenario"),
        ("price:acme/none:input", None, None, "the price book has no such price"),
        (VOLUME, 5, 5, "holds nothing"),
        (VOLUME, -1, 5, "is out of limits"),
    ],
)
def test_what_cannot_be_a_driver_is_refused(book, driver, low, high, said):
    with pytest.raises(ScenarioError, match=said):
        crossovers(two_arms(), book, driver, low, high)


def test_a_driver_that_is_0_now_is_tried_over_all_that_it_may_hold(book):
    found = crossovers(two_arms(), book, "workload.retry_share")

    assert (found.low, found.high) == (0, 10)


def test_a_negotiated_discount_can_be_a_driver(book):
    found = crossovers(two_arms(), book, "finance.discount_share.acme")

    assert (found.low, found.high) == (0, 1)


@given(
    st.floats(0.1, 5),
    st.floats(0, 5_000),
    st.integers(0, 4),
    st.floats(0, 2_000),
    st.sampled_from(["corpus.updates_per_month", VOLUME, "fine_tuning.retrain_every_months"]),
)
@settings(max_examples=40)
def test_every_root_of_a_dense_scan_is_found(volume, labels, forced, release, driver):
    book = load_book().with_rows(parse_price_csv(PRICES, "prices.csv"))
    scenario = two_arms(
        workload={"queries_per_month": 1000 * volume * 20},
        corpus={"updates_per_month": 3},
        rag={"vector_store": "acme/steps", "hosting_usd_per_month": 40},
        fine_tuning={
            "evaluation_usd_per_release": release / 10,
            "training_examples": 100,
            "usd_per_example": labels / 100,
            "retrain_examples_share": 0.1,
            "retrain_every_months": 4,
            "updates_per_retrain": forced,
            "retrain_runs": 0,
        },
    )
    low, high = RANGES[driver]
    (pair,) = crossovers(scenario, book, driver).pairs
    # Points of our own, between those of the scan and off every round number.
    points = np.linspace(low, high, 701)[1:-1] + math.pi / 1e6
    usd = totals_usd(scenario, book, {driver: points})
    gap = usd["rag"] - usd["fine_tuning"]
    clear = np.abs(gap) > 1e-5 * np.maximum(usd["rag"], usd["fine_tuning"])
    points, gap = points[clear], gap[clear]
    changes = np.flatnonzero(np.sign(gap[:-1]) != np.sign(gap[1:]))

    for at in changes:
        inside = [root for root in pair.roots if points[at] <= root.value <= points[at + 1]]
        assert len(inside) % 2 == 1
        assert (inside[0].cheaper_below == "rag") == bool(gap[at] < 0)
    for below, above in zip(pair.roots, pair.roots[1:], strict=False):
        assert below.cheaper_above == above.cheaper_below
        assert below.value <= above.value


def test_a_step_counts_searches_not_queries(book):
    # a fifth is answered from the cache and 1,000 test queries search too: 0.8 q + 1,000 = 50,000 at q = 61,250
    base = two_arms(
        workload={"response_cache_hit_share": 0.2},
        rag={"vector_store": "acme/steps", "evaluation_queries_per_month": 1_000},
        fine_tuning={"evaluation_usd_per_release": 300},
    )
    found = roots(changed(base, {"price:acme/tuned:input": 2.0}, book), book, VOLUME, 1_000, 200_000)

    (step,) = [root for root in found if root.kind == "jump"]
    assert step.next_value == pytest.approx((50_000 - 1_000) / 0.8, rel=1e-12)
    assert (step.cheaper_below, step.cheaper_above) == ("rag", "fine_tuning")


def test_a_share_in_batches_crosses_where_algebra_says(book):
    # 2 USD alone and 1 USD in batches against 1.5: level when half is batched
    prices = book.with_rows(parse_price_csv(HEAD + "acme,base,batch_input,1M tokens,1,,,,s\n", "prices.csv"))
    scenario = changed(two_arms(fine_tuning={"evaluation_usd_per_release": 0}), {"price:acme/tuned:input": 1.5}, prices)
    (root,) = roots(scenario, prices, "workload.batch_share", 0, 1)

    assert root.value == pytest.approx(0.5, rel=1e-6)
    assert (root.cheaper_below, root.cheaper_above) == ("fine_tuning", "rag")


def test_cache_hits_cross_where_algebra_says(book):
    # of RAG's 2,000 tokens 1,000 are static: 2 x (2,000 - h x 1,000) + 0.4 x h x 1,000 = 3 x 1,000 at h = 1,000 / 1,600
    prices = book.with_rows(parse_price_csv(HEAD + "acme,base,cached_input,1M tokens,0.4,,,,s\n", "prices.csv"))
    base = two_arms(workload={"system_prompt_tokens": 1_000}, fine_tuning={"evaluation_usd_per_release": 0})
    scenario = changed(base, {"price:acme/tuned:input": 3.0}, prices)
    (root,) = roots(scenario, prices, "workload.prompt_cache_hit_share", 0, 1)

    assert root.value == pytest.approx(1_000 / 1_600, rel=1e-6)
    assert (root.cheaper_below, root.cheaper_above) == ("fine_tuning", "rag")


def test_the_share_of_a_split_hybrid_crosses_where_algebra_says(book):
    # each query to the tuned model saves 0.001: 12 x 200,000 x 0.001 x s = 1,200 for its release at s = 0.5
    base = two_arms(hybrid={"kind": "split"}, finance={"compared": ["rag", "hybrid"]})
    (root,) = roots(changed(base, {VOLUME: 200_000.0}), book, "hybrid.fine_tuned_share", 0, 1)

    assert root.value == pytest.approx(1_200 / (12 * 200_000 * 0.001), rel=1e-6)
    assert (root.cheaper_below, root.cheaper_above) == ("rag", "hybrid")


MANY = (
    HEAD
    + "bolt,base,input,1M tokens,2,,,,s\n"
    + "bolt,base,input,1M tokens,3,1500,,,s\n"
    + "bolt,base,output,1M tokens,8,,,,s\n"
    + "bolt,base,cached_input,1M tokens,0.3,,,,s\n"
    + "bolt,base,batch_input,1M tokens,1,,,,s\n"
    + "bolt,base,batch_output,1M tokens,4,,,,s\n"
    + "bolt,tuned,input,1M tokens,3,,,,s\n"
    + "bolt,tuned,output,1M tokens,9,,,,s\n"
    + "bolt,tuned,training,1M tokens,10,,8,,s\n"
    + "bolt,router,input,1M tokens,0.5,,,,s\n"
    + "bolt,router,output,1M tokens,2,,,,s\n"
    + "bolt,router,training,1M tokens,5,,8,,s\n"
    + "bolt,embed,embedding,1M tokens,0.1,,,,s\n"
    + "bolt,store,storage,GB-month,0.3,,50,,s\n"
    + "bolt,store,reads,1M units,900,,,,s\n"
)
DRIVERS: dict[str, tuple[float, float]] = {
    VOLUME: (1_000, 300_000),
    "corpus.updates_per_month": (0, 30),
    "fine_tuning.retrain_every_months": (0.5, 24),
    "finance.horizon_months": (1, 36),
    "hybrid.fine_tuned_share": (0, 1),
    "workload.batch_share": (0, 1),
    "workload.prompt_cache_hit_share": (0, 1),
    "workload.output_tokens": (0, 1_000),
    "workload.query_tokens": (0, 2_000),
    "rag.top_k": (0, 12),
    "price:bolt/base:input": (0.1, 9),
    "price:bolt/store:reads": (1, 3_000),
}


@st.composite
def contests(draw: st.DrawFn, arms: int = 2) -> Any:
    """Some of the architectures on everyday prices, with shares, events and a store with a minimum."""
    keys = ["rag", "fine_tuning", "hybrid", "prompting"]
    numbers = st.integers(0, 10).map(lambda n: n / 10)
    return validated(
        {
            "finance": {
                "start_month": "2026-11",
                "horizon_months": 12,
                "compared": draw(st.permutations(keys))[:arms],
                "price_drift_annual": {"llm": draw(st.sampled_from([0.0, -0.3]))},
                "already_built": draw(st.sampled_from([[], ["rag"]])),
            },
            "workload": {
                "queries_per_month": draw(st.sampled_from([5_000, 40_000, 150_000])),
                "query_tokens": 100,
                "system_prompt_tokens": draw(st.sampled_from([0, 900])),
                "output_tokens": 200,
                "batch_share": draw(numbers),
                "prompt_cache_hit_share": draw(numbers),
                "monthly_growth_share": draw(st.sampled_from([0.0, 0.05])),
            },
            "corpus": {
                "documents": 1_000,
                "tokens_per_document": 400,
                "chunk_tokens": 400,
                "updates_per_month": draw(st.integers(0, 8)),
                "changed_share_per_update": 0.1,
            },
            "rag": {
                "model": "bolt/base",
                "embedding_model": "bolt/embed",
                "embedding_dimensions": 500,
                "vector_store": "bolt/store",
                "top_k": draw(st.integers(0, 6)),
                "hours_per_update": draw(st.integers(0, 3)),
                "build_engineer_weeks": draw(st.integers(0, 4)),
            },
            "fine_tuning": {
                "model": "bolt/tuned",
                "training_examples": 500,
                "tokens_per_example": 1_000,
                "usd_per_example": draw(st.sampled_from([0, 1, 4])),
                "retrain_every_months": draw(st.sampled_from([0, 3, 4.5])),
                "updates_per_retrain": draw(st.sampled_from([0, 10, 25])),
                "retrain_examples_share": 0.2,
                "build_engineer_weeks": draw(st.integers(0, 4)),
            },
            "hybrid": {
                "kind": draw(st.sampled_from(["split", "routed", "grounded"])),
                "fine_tuned_share": draw(numbers),
                "router_model": "bolt/router",
                "router_answers_share": draw(numbers),
                "router_prompt_tokens": 50,
                "router_training_examples": 200,
                "fine_tuning_starts_month": draw(st.sampled_from([0, 0, 4])),
            },
            "prompting": {"model": "bolt/base", "few_shot_tokens": draw(st.sampled_from([0, 700]))},
            "people": {"engineer_usd_per_week": 3_000, "contingency_share": 0.1},
        }
    )


BOOK = PriceBook(parse_price_csv(MANY, "prices.csv"))


def dense(scenario: Any, driver: str, low: float, high: float) -> tuple[Any, dict[str, Any]]:
    """Totals at points of our own, between those of the scan and off every round number."""
    whole = driver in FIELDS and FIELDS[driver].kind == "whole"
    points = np.arange(low, high + 1) if whole else np.linspace(low, high, 701)[1:-1] + math.pi / 1e6
    return points, dict(totals_usd(scenario, BOOK, {driver: points}))


@given(contests(), st.sampled_from(sorted(DRIVERS)))
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_the_roots_of_two_architectures_tell_who_is_cheaper_at_every_point(scenario, driver):
    low, high = DRIVERS[driver]
    (pair,) = crossovers(scenario, BOOK, driver, low, high).pairs
    points, usd = dense(scenario, driver, low, high)
    ours, theirs = usd[pair.a], usd[pair.b]
    clear = np.abs(ours - theirs) > 1e-5 * np.maximum(ours, theirs)

    for below, above in pairwise(pair.roots):
        assert (below.cheaper_above, below.value <= above.value) == (above.cheaper_below, True)
    for point, cheaper in zip(points[clear], np.where(ours < theirs, pair.a, pair.b)[clear], strict=True):
        passed = [root for root in pair.roots if root.value < point]
        ahead = [root for root in pair.roots if root.value >= point]
        if passed:
            assert passed[-1].cheaper_above == cheaper
        if ahead:
            assert ahead[0].cheaper_below == cheaper
    if not pair.roots:
        assert len(set((ours < theirs)[clear])) <= 1


@given(contests(), st.sampled_from(sorted(DRIVERS)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_a_run_at_a_root_has_equal_totals_and_one_beside_a_jump_has_those_that_are_named(scenario, driver):
    (pair,) = crossovers(scenario, BOOK, driver, *DRIVERS[driver]).pairs

    for root in pair.roots:
        answers = Run(changed(scenario, {driver: root.value}, BOOK), BOOK).answers
        a_usd, b_usd = answers[pair.a].tco_usd, answers[pair.b].tco_usd
        if root.kind == "crossing":
            assert a_usd == pytest.approx(b_usd, rel=1e-6)
        else:
            beyond = Run(changed(scenario, {driver: root.next_value}, BOOK), BOOK).answers
            assert (a_usd < b_usd) == (root.cheaper_below == pair.a)
            assert (root.a_below_usd, root.b_below_usd) == pytest.approx((a_usd, b_usd), rel=1e-9)
            assert root.a_above_usd == pytest.approx(beyond[pair.a].tco_usd, rel=1e-9)
            assert root.b_above_usd == pytest.approx(beyond[pair.b].tco_usd, rel=1e-9)


@given(contests(arms=4), st.sampled_from(sorted(DRIVERS)))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_leaders_are_the_cheapest_at_every_point(scenario, driver):
    low, high = DRIVERS[driver]
    found = crossovers(scenario, BOOK, driver, low, high)
    points, usd = dense(scenario, driver, low, high)

    for eligible in (list(usd), list(usd)[1:]):
        leaders = found.leaders(eligible)
        totals = np.array([usd[key] for key in eligible])
        second = np.sort(totals, axis=0)[1]
        clear = second - totals.min(axis=0) > 1e-5 * second
        assert leaders[0][0] == low
        for point, cheapest in zip(points[clear], totals.argmin(axis=0)[clear], strict=True):
            leader = [key for start, key in leaders if start <= point][-1]
            assert leader == eligible[cheapest], f"{driver} at {point}"


@given(contests(arms=3), st.lists(st.sampled_from(sorted(DRIVERS)), min_size=2, max_size=4, unique=True))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_several_drivers_at_once_give_what_each_gives_alone(scenario, drivers):
    ranges = {driver: DRIVERS[driver] for driver in drivers}
    together = crossovers_of(scenario, BOOK, ranges)

    assert together == {driver: crossovers(scenario, BOOK, driver, *ends) for driver, ends in ranges.items()}


def steps(scenario: Any, book: PriceBook, width: float) -> Any:
    (pair,) = crossovers_of(scenario, book, {VOLUME: (1_000, 200_000)}, 101, width)[VOLUME].pairs
    return pair.roots


@pytest.mark.parametrize("width", [1e-2, 1e-4, 1e-9])
def test_a_jump_is_closed_in_on_as_far_as_asked(book, width):
    base = two_arms(rag={"vector_store": "acme/steps"}, fine_tuning={"evaluation_usd_per_release": 0})
    step, line = steps(changed(base, {"price:acme/tuned:input": 17.0}, book), book, width)

    assert step.value < 50_000 <= step.next_value
    assert step.next_value - step.value <= width * step.next_value
    assert (step.kind, line.kind) == ("jump", "crossing")
    assert line.value == pytest.approx(60_000, rel=1e-6)


def leaders(scenario: Any, book: PriceBook, driver: str, low: float, high: float) -> list[tuple[float, str]]:
    return crossovers(scenario, book, driver, low, high).leaders(scenario.finance.compared)


def three_arms(**more: Any) -> Any:
    """RAG, fine-tuning and prompting on the same model: RAG with the stepped fee, the others with an evaluation."""
    tuned = {"model": "acme/base", "evaluation_usd_per_release": 2_000}
    data = {
        "finance": {"compared": ["rag", "fine_tuning", "prompting"]},
        "rag": {"vector_store": "acme/steps"},
        "fine_tuning": tuned,
        "prompting": {"model": "acme/base", "evaluation_usd_per_release": 1_000},
    }
    return two_arms(**{name: {**data.get(name, {}), **more.get(name, {})} for name in {**data, **more}})


def test_who_is_overtaken_by_two_at_once_is_followed_by_the_cheaper_one(book):
    # the fee of 10,800 puts RAG behind prompting (1,000) and fine-tuning (2,000) at once
    (_, before), (turn, after) = leaders(three_arms(), book, VOLUME, 1_000, 100_000)

    assert (before, turn, after) == ("rag", pytest.approx(50_000, rel=1e-9), "prompting")


def test_overtaken_by_two_between_two_whole_numbers_is_followed_by_the_cheaper_one(book):
    # RAG reads 1,000 tokens more for each chunk: 240 k against 1,000 and 1,100: behind both with the fifth
    corpus = {"documents": 1, "tokens_per_document": 1_000, "chunk_tokens": 1_000}
    scenario = three_arms(corpus=corpus, rag={"vector_store": None}, fine_tuning={"evaluation_usd_per_release": 1_100})

    assert leaders(scenario, book, "rag.top_k", 0, 20) == [(0, "rag"), (5, "prompting")]


def test_who_is_level_at_the_low_end_leads_if_cheaper_above_it(book):
    # nobody asks: both cost nothing; then RAG is cheaper (0.002 a query against 0.017) until its fee is due,
    # and again above 60,000
    base = two_arms(rag={"vector_store": "acme/steps"}, fine_tuning={"evaluation_usd_per_release": 0})
    scenario = changed(base, {"price:acme/tuned:input": 17.0}, book)
    found = leaders(scenario, book, VOLUME, 0, 59_000)

    assert found == [(0, "rag"), (pytest.approx(50_000, rel=1e-9), "fine_tuning")]


def test_level_at_the_low_end_and_never_crossing_the_cheaper_one_leads_all_along(book):
    scenario = two_arms(fine_tuning={"evaluation_usd_per_release": 0})

    assert leaders(scenario, book, VOLUME, 0, 10_000) == [(0, "fine_tuning")]


def test_three_that_meet_in_one_point_leave_the_one_that_is_cheapest_beyond(book):
    # 0.024 q, 1,200 + 0.012 q and 600 + 0.018 q (half of the queries to each side, 600 of the release paid back)
    # meet at q = 100,000
    credit = {"architecture": "hybrid", "component": "credit", "phase": "one_time", "months": [0, 0], "usd": -600}
    base = two_arms(
        finance={"compared": ["rag", "fine_tuning", "hybrid"]}, hybrid={"kind": "split", "fine_tuned_share": 0.5}
    )
    found = leaders(changed(base, {"extra_costs": [credit]}), book, VOLUME, 1_000, 900_000)

    assert [found[0], found[-1]] == [(1_000, "rag"), (pytest.approx(100_000, rel=1e-6), "fine_tuning")]


def test_nobody_leads_among_those_without_a_total(book):
    found = crossovers(changed(two_arms(), {"rag.model": None}), book, VOLUME)

    assert found.leaders([]) == []
    assert found.leaders(["rag"]) == []


@given(st.sampled_from(["support-bot", "pricing-brand-voice", "email-drafts"]), st.sampled_from(sorted(RANGES)))
@settings(max_examples=12)
def test_every_root_of_a_preset_is_equal_or_named_a_jump(preset, driver):
    book = load_book()
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    for pair in crossovers(scenario, book, driver).pairs:
        for root in pair.roots:
            if root.kind == "crossing":
                assert root.a_below_usd == pytest.approx(root.b_below_usd, rel=1e-6)
            else:
                assert (root.a_below_usd < root.b_below_usd) != (root.a_above_usd < root.b_above_usd)


def test_the_command_line_gives_the_roots_as_json(capfdbinary):
    status = main(["crossover", "--driver", VOLUME, "--date", "2026-11-21"])
    answer = json.loads(capfdbinary.readouterr().out)

    assert status == 0
    assert (answer["driver"], answer["low"], answer["high"]) == (VOLUME, 1_000, 10_000_000)
    assert [(pair["a"], pair["b"]) for pair in answer["pairs"]] == [
        ("rag", "fine_tuning"),
        ("rag", "hybrid"),
        ("fine_tuning", "hybrid"),
    ]
    assert set(answer["pairs"][0]["roots"][0]) == {
        "value",
        "kind",
        "cheaper_below",
        "cheaper_above",
        "tco_a_usd",
        "tco_b_usd",
    }


def test_the_command_line_crosses_present_values_when_it_is_asked_to(capfdbinary):
    rate = ["--set", "finance.discount_rate_annual=0.3"]
    asked = ["crossover", "--driver", VOLUME, "--date", "2026-11-21", *rate]
    nominal, present = (
        (main([*asked, *more]), json.loads(capfdbinary.readouterr().out))[1] for more in ((), ("--present",))
    )
    first = present["pairs"][0]["roots"][0]
    settings = changed(PRESETS[DEFAULT_PRESET].scenario, {"finance.start_month": "2026-11"})
    run = Run(changed(settings, {"finance.discount_rate_annual": 0.3, VOLUME: first["value"]}), load_book())

    assert (present["value"], "value" in nominal) == ("present", False)
    assert first["value"] > 1.1 * nominal["pairs"][0]["roots"][0]["value"]
    assert first["tco_a_usd"] == pytest.approx(run.answers["rag"].present_value_usd, rel=1e-9)
    assert first["tco_b_usd"] == pytest.approx(run.answers["fine_tuning"].present_value_usd, rel=1e-6)


def test_the_command_line_says_the_roots_in_words(capfdbinary):
    scenario = changed(PRESETS[DEFAULT_PRESET].scenario, {"finance.start_month": "2026-11"})
    first, _, last = crossovers(scenario, load_book(), VOLUME).pairs
    main(["crossover", "--driver", VOLUME, "--date", "2026-11-21", "--format", "table"])
    said = capfdbinary.readouterr().out.decode()

    where = f"{first.roots[0].value:,.10g}"
    assert f"RAG and fine-tuning cross at {where}: RAG is cheaper below, fine-tuning above." in said
    assert last.roots == ()
    assert "Fine-tuning and hybrid: no crossing was found; fine-tuning is cheaper at both ends." in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["crossover"],
        ["crossover", "--driver", "nothing"],
        ["crossover", "--driver", VOLUME, "--low", "x"],
        ["crossover", "--driver", VOLUME, "--low", "nan"],
        ["crossover", "--driver", VOLUME, "--low", "9", "--high", "3"],
        ["crossover", "--driver", VOLUME, "--high", "1e300"],
    ],
)
def test_a_bad_crossover_question_ends_with_one_line_and_status_2(capfd, arguments):
    try:
        status: object = main(arguments)
    except SystemExit as stop:
        status = stop.code
    said = capfd.readouterr().err

    assert status == 2
    assert said.count("\n") == 1
