"""Hybrids: what each of the three kinds pays, line by line, and those whose tuning starts later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook
from tests.costmodel.office import (
    CALLS,
    CHANGED,
    CHUNK,
    COPY,
    HOUR,
    LIVE,
    MILLION,
    OFFICE,
    PRICES,
    PROMPT,
    RAG_BUILD,
    VECTORS,
    bill_of,
    by_month,
    chat,
    price,
)

KINDS = ("grounded", "routed", "split")


def hybrid(kind: str, **fields: Any) -> Scenario:
    """The office with a serverless hybrid of some kind; `group__field` is a field of another group."""
    paths = {name.replace("__", ".") if "__" in name else f"hybrid.{name}": value for name, value in fields.items()}
    base = {"hybrid.kind": kind, "hybrid.router_hosting": "serverless", "fine_tuning.hosting": "serverless"}
    return changed(OFFICE, base | paths)


def answered(scenario: Scenario, *more: Price) -> Run:
    """The office's prices, with more of them."""
    return run_scenario(scenario, PriceBook(PRICES).with_rows(more))


def knowledge(live: float) -> dict[tuple[str, str], float]:
    """What retrieval costs in a year when so many live queries search each month, and a hundred test queries."""
    searches = live + 100
    usage = 2 * COPY * 0.30 + searches * 5 * 16 / MILLION + CHANGED * 4 / MILLION
    return {
        ("preparation", "one_time"): 10 * HOUR,
        ("parsing", "one_time"): 100 * 4 * 10 / 1_000,
        ("parsing", "recurring"): 12 * 2 * 0.1 * 100 * 4 * 10 / 1_000,
        ("corpus_embedding", "one_time"): VECTORS * CHUNK * 0.10 / MILLION,
        ("corpus_embedding", "recurring"): 12 * CHANGED * CHUNK * 0.10 / MILLION,
        ("query_embedding", "recurring"): 12 * searches * 50 * 0.10 / MILLION,
        ("rerank", "recurring"): 12 * searches * 2 * 2 / 1_000,
        ("vector_writes", "one_time"): VECTORS * 4 / MILLION,
        ("vector_writes", "recurring"): 12 * CHANGED * 4 / MILLION,
        ("vector_storage", "recurring"): 12 * 2 * COPY * 0.30,
        ("vector_reads", "recurring"): 12 * searches * 5 * 16 / MILLION,
        ("vector_minimum", "recurring"): 12 * (25 - usage),
        ("update_labour", "recurring"): 12 * 2 * HOUR,
        ("rag_maintenance", "recurring"): 12 * 5 * HOUR,
        ("rag_hosting", "recurring"): 12 * 30,
    }


def tuning(examples: float, usd_per_million: float) -> dict[tuple[str, str], float]:
    """What a first release, the retrainings in months 6 and 12 and four revalidations cost."""
    a_run = examples * 1_000 * 3 / MILLION * usd_per_million
    return {
        ("labels", "one_time"): examples * 2,
        ("labels", "event"): 2 * 0.5 * examples * 2,
        ("training", "one_time"): 3 * a_run,
        ("training", "event"): 2 * 2 * a_run,
        ("release_evaluation", "one_time"): 500 + 300,
        ("release_evaluation", "event"): 2 * 300,
        ("retrain_labour", "event"): 2 * 4 * HOUR,
        ("revalidation", "event"): 4 * 6 * HOUR,
        ("build_labour", "one_time"): (2 + 3) * 4_000,
        ("tuned_maintenance", "recurring"): 12 * 2 * HOUR,
    }


def with_contingency(lines: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The lines, and a tenth of those that are paid once."""
    once = sum(usd for (_, phase), usd in lines.items() if phase == "one_time")
    return lines | {("contingency", "one_time"): 0.1 * once}


# Line by line


def test_every_line_of_a_routed_bill():
    # a quarter ends with the router, which reads every live query and its retries and writes a label of 2 tokens
    lines = bill_of(answered(hybrid("routed")), "hybrid")

    passed_on = 0.75 * LIVE
    assert lines == pytest.approx(
        with_contingency(
            {
                **knowledge(passed_on),
                **tuning(100, 5),
                ("router", "recurring"): 12 * LIVE * 1.05 * ((30 + 50 + 50) * 1 + 2 * 4) / MILLION,
                ("generation", "recurring"): 12 * (0.75 * CALLS + 100) * (PROMPT * 2 + 200 * 8) / MILLION,
                ("rewrite", "recurring"): 12 * (passed_on + 100) * 1.5 * ((50 + 50) * 2 + 50 * 8) / MILLION,
                ("guardrail", "recurring"): 12 * LIVE * (0.25 * 1 + 0.75 * 10) * 0.75 / 1_000,
            }
        ),
        rel=1e-12,
    )


def test_every_line_of_a_split_bill():
    # two fifths go to the tuned model with its short prompt, the rest through RAG; test queries are all RAG's
    lines = bill_of(answered(hybrid("split", fine_tuned_share=0.4)), "hybrid")

    to_rag = 0.6 * LIVE
    assert lines == pytest.approx(
        with_contingency(
            {
                **knowledge(to_rag),
                **tuning(200, 10),
                ("tuned_generation", "recurring"): 12 * 0.4 * CALLS * ((20 + 50 + 50) * 3 + 200 * 12) / MILLION,
                ("model_storage", "recurring"): 12 * 5,
                ("generation", "recurring"): 12 * (0.6 * CALLS + 100) * (PROMPT * 2 + 200 * 8) / MILLION,
                ("rewrite", "recurring"): 12 * (to_rag + 100) * 1.5 * ((50 + 50) * 2 + 50 * 8) / MILLION,
                ("guardrail", "recurring"): 12 * LIVE * (0.4 * 2 + 0.6 * 10) * 0.75 / 1_000,
            }
        ),
        rel=1e-12,
    )


def test_every_line_of_a_grounded_bill():
    # the tuned model rewrites and answers every query, with its short instructions and two chunks of its own
    lines = bill_of(answered(hybrid("grounded", top_k=2)), "hybrid")

    prompt = 20 + 50 + 50 + 2 * CHUNK
    assert lines == pytest.approx(
        with_contingency(
            {
                **knowledge(LIVE),
                **tuning(200, 10),
                ("tuned_generation", "recurring"): 12 * (CALLS + 100) * (prompt * 3 + 200 * 12) / MILLION,
                ("model_storage", "recurring"): 12 * 5,
                ("rewrite", "recurring"): 12 * (LIVE + 100) * 1.5 * ((50 + 50) * 3 + 50 * 12) / MILLION,
                ("guardrail", "recurring"): 12 * LIVE * 6 * 0.75 / 1_000,  # ceil((1,120 + 200) / 250) = 6
            }
        ),
        rel=1e-12,
    )


# What all kinds have in common


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_fixed_is_paid_in_full_by_every_kind(kind):
    none, all_ = (
        bill_of(answered(hybrid(kind, fine_tuned_share=share, router_answers_share=share)), "hybrid")
        for share in (0.0, 1.0)
    )

    per_query = {"generation", "tuned_generation", "rewrite", "guardrail", "query_embedding", "rerank", "vector_reads"}
    fixed = {key for key in {*none, *all_} if key[0] not in per_query | {"vector_minimum"}}
    assert {key: none[key] for key in fixed} == pytest.approx({key: all_[key] for key in fixed})


@pytest.mark.parametrize(("kind", "events"), [("grounded", [6, 12]), ("routed", [6, 12]), ("split", [4, 8, 12])])
def test_content_updates_force_a_retrain_only_where_answers_come_from_weights(kind, events):
    # two updates a month: eight of them force a retrain after 4 months; the calendar says 6
    answers = answered(hybrid(kind, fine_tuning__updates_per_retrain=8.0))

    assert sorted(by_month(answers, "hybrid", "retrain_labour")) == events


@pytest.mark.parametrize("kind", KINDS)
def test_a_cadence_of_its_own_goes_before_fine_tuning_s(kind):
    own = answered(hybrid(kind, retrain_every_months=4.0))
    none = answered(hybrid(kind, retrain_every_months=0.0))

    assert sorted(by_month(own, "hybrid", "retrain_labour")) == [4, 8, 12]
    assert by_month(none, "hybrid", "retrain_labour") == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_rag_build_makes_a_share_of_the_tuned_side_s_weeks_unnecessary(kind):
    answers = answered(hybrid(kind, shared_build_share=0.2))

    assert by_month(answers, "hybrid", "build_labour") == pytest.approx({0: (2 + 3 * (1 - 0.2)) * 4_000})


@pytest.mark.parametrize(
    ("kind", "own", "expected"),
    [
        ("grounded", None, {"tuned_generation": 90}),
        ("split", None, {"tuned_generation": 90, "generation": 70}),
        ("routed", None, {"router": 2, "generation": 70}),
        ("grounded", 40.0, {"tuned_generation": 40}),
        ("split", 40.0, {"tuned_generation": 40, "generation": 40}),
        ("routed", 40.0, {"router": 2, "generation": 40}),
    ],
)
def test_an_answer_is_as_long_as_the_hybrid_says_or_else_the_side_that_answers(kind, own, expected):
    sides = {"rag__output_tokens": 70.0, "fine_tuning__output_tokens": 90.0}
    run = answered(hybrid(kind, fine_tuned_share=0.5, output_tokens=own, **sides))

    per_month = {
        "tuned_generation": CALLS + 100 if kind == "grounded" else 0.5 * CALLS,
        "generation": (0.5 if kind == "split" else 0.75) * CALLS + 100,
        "router": LIVE * 1.05,
    }
    written = {
        each.component: float(each.quantity[1]) * MILLION / per_month[each.component]
        for each in run.answers["hybrid"].bill.lines
        if each.component in per_month and each.price_id.endswith("output")
    }
    assert written == pytest.approx(expected)


# Routed


def test_a_router_is_called_once_per_query_however_often_the_model_is():
    once, thrice = (answered(hybrid("routed", workload__model_calls_per_query=calls)) for calls in (1.0, 3.0))

    assert by_month(once, "hybrid", "router") == by_month(thrice, "hybrid", "router")
    assert by_month(thrice, "hybrid", "generation")[1] == pytest.approx(3 * by_month(once, "hybrid", "generation")[1])


def test_test_queries_do_not_pass_the_router_and_are_not_scaled_by_its_share():
    # with every query answered by the router only the hundred test queries are left for RAG
    run = answered(hybrid("routed", router_answers_share=1.0))

    assert by_month(run, "hybrid", "router")[1] == pytest.approx(LIVE * 1.05 * (130 * 1 + 2 * 4) / MILLION)
    assert by_month(run, "hybrid", "generation")[1] == pytest.approx(100 * (PROMPT * 2 + 200 * 8) / MILLION)
    assert by_month(run, "hybrid", "rerank")[1] == pytest.approx(100 * 2 * 2 / 1_000)


def test_a_router_s_instructions_are_cached_like_any_other():
    cached = price("acme/router", "cached_input", "1M tokens", 0.1)
    run = answered(hybrid("routed", workload__prompt_cache_hit_share=0.8), cached)

    read = LIVE * 1.05 * (0.8 * 30 * 0.1 + (0.2 * 30 + 100) * 1 + 2 * 4) / MILLION
    assert by_month(run, "hybrid", "router")[1] == pytest.approx(read)


def test_amounts_typed_in_for_the_tuned_model_are_none_of_the_router_s():
    typed = {"fine_tuning__training_usd_per_run": 7_000.0, "fine_tuning__hosting_usd_per_month": 9_000.0}
    for hosting in ("serverless", "dedicated"):
        plain = answered(hybrid("routed", router_hosting=hosting))
        overridden = answered(hybrid("routed", router_hosting=hosting, **typed))

        assert bill_of(plain, "hybrid") == bill_of(overridden, "hybrid")
        assert by_month(overridden, "fine_tuning", "training")[0] == 3 * 7_000


def test_without_a_model_of_its_own_the_router_is_the_tuned_model():
    run = answered(hybrid("routed", router_model=None))

    assert by_month(run, "hybrid", "router")[1] == pytest.approx(LIVE * 1.05 * (130 * 3 + 2 * 12) / MILLION)
    assert by_month(run, "hybrid", "training")[0] == pytest.approx(3 * max(100 * 1_000 * 3 / MILLION * 10, 4))
    assert by_month(run, "hybrid", "model_storage")[1] == 5


def test_a_router_is_kept_where_its_plan_has_a_price_for_it():
    run = answered(hybrid("routed"), price("acme/router", "model_storage", "month", 3))

    assert by_month(run, "hybrid", "model_storage") == dict.fromkeys(range(1, 13), 3)
    assert by_month(answered(hybrid("routed")), "hybrid", "model_storage") == {}


def test_a_hosted_router_runs_as_many_replicas_as_its_own_tokens_need():
    # 8,400 calls of 130 + 2 tokens are 1,108,800 a month; one replica does 0.1 a second, 262,800 a month: 4.2
    fields = {"fine_tuning__tokens_per_second_per_replica": 0.1, "fine_tuning__spare_replicas": 0}
    run = answered(hybrid("routed", router_hosting="dedicated", **fields))

    assert by_month(run, "hybrid", "router_hosting")[1] == pytest.approx(5 * 730 * 1.5)
    assert run.answers["hybrid"].idle_share == pytest.approx(1 - LIVE * 1.05 * 132 / (5 * 0.1 * 730 * 3_600))
    assert by_month(run, "hybrid", "router") == {}


def test_a_hosted_router_pays_tokens_too_where_its_plan_says_so():
    both = chat("acme/router", 1, 4, bills_tokens=True)
    run = answered(hybrid("routed", router_hosting="dedicated"), *both)

    assert by_month(run, "hybrid", "router")[1] == pytest.approx(LIVE * 1.05 * (130 * 1 + 2 * 4) / MILLION)
    assert by_month(run, "hybrid", "router_hosting")[1] == 2 * 730 * 1.5


def test_a_router_trained_on_nothing_has_no_labels_and_no_job():
    run = answered(hybrid("routed", router_training_examples=0.0))

    assert by_month(run, "hybrid", "labels") == {}
    assert by_month(run, "hybrid", "training") == {}


# Split


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_each_side_of_a_split_serves_its_share_of_the_queries(share):
    run = answered(hybrid("split", fine_tuned_share=share, rag__evaluation_queries_per_month=0.0))

    tuned, base = (by_month(run, "hybrid", key).get(1, 0) for key in ("tuned_generation", "generation"))
    assert tuned == pytest.approx(share * by_month(run, "fine_tuning", "tuned_generation")[1])
    assert base == pytest.approx((1 - share) * by_month(run, "rag", "generation")[1])


def test_hosting_of_a_split_carries_the_tokens_of_its_own_side():
    # half of 8,400 calls of 120 + 200 tokens are 1,344,000 a month; one replica does 262,800
    fields = {"fine_tuning__tokens_per_second_per_replica": 0.1, "fine_tuning__spare_replicas": 0}
    run = answered(hybrid("split", fine_tuned_share=0.5, fine_tuning__hosting="dedicated", **fields))

    assert by_month(run, "hybrid", "tuned_hosting")[1] == pytest.approx(6 * 730 * 2)
    assert by_month(run, "fine_tuning", "tuned_hosting")[1] == pytest.approx(11 * 730 * 2)


# Grounded


def test_a_grounded_hybrid_never_pays_the_base_model():
    run = answered(changed(hybrid("grounded"), {"rag.model": None}))

    assert run.excluded == {"rag": "no model is chosen (rag.model)"}
    assert ("generation", "recurring") not in bill_of(run, "hybrid")


def test_without_chunks_of_its_own_a_grounded_hybrid_takes_rag_s():
    run = answered(hybrid("grounded", top_k=None, rag__rewrite_calls_per_query=0.0))

    prompt = 20 + 50 + 50 + 4 * CHUNK
    assert by_month(run, "hybrid", "tuned_generation")[1] == pytest.approx(
        (CALLS + 100) * (prompt * 3 + 200 * 12) / MILLION
    )


def test_a_hosted_grounded_hybrid_rewrites_on_its_replicas_unbilled():
    # (8,400 + 100) calls of 1,120 + 200 tokens and 8,100 x 1.5 rewrites of 100 + 50: 13,042,500 tokens a month
    fields = {"fine_tuning__tokens_per_second_per_replica": 1.0, "fine_tuning__spare_replicas": 0}
    run = answered(hybrid("grounded", top_k=2, fine_tuning__hosting="dedicated", **fields))

    served = (CALLS + 100) * (1_120 + 200) + (LIVE + 100) * 1.5 * (100 + 50)
    assert by_month(run, "hybrid", "rewrite") == {}
    assert by_month(run, "hybrid", "tuned_hosting")[1] == pytest.approx(5 * 730 * 2)
    assert run.answers["hybrid"].idle_share == pytest.approx(1 - served / (5 * 1.0 * 730 * 3_600))


def test_a_hosted_grounded_hybrid_pays_for_rewriting_where_the_plan_bills_tokens():
    both = chat("acme/tuned", 3, 12, bills_tokens=True)
    run = answered(hybrid("grounded", fine_tuning__hosting="dedicated"), *both)

    assert by_month(run, "hybrid", "rewrite")[1] == pytest.approx(
        (LIVE + 100) * 1.5 * ((50 + 50) * 3 + 50 * 12) / MILLION
    )


# Tuning that starts later

DRIFT = {"finance__price_drift_annual__labour": 0.12, "finance__price_drift_annual__llm": -0.30}


def late(start: int = 6, kind: str = "split", **fields: Any) -> Scenario:
    """A hybrid whose tuning starts in a month; labour and model prices drift."""
    return hybrid(kind, fine_tuning_starts_month=start, **({"fine_tuned_share": 0.4} | DRIFT | fields))


def at(annual: float, month: int) -> float:
    """What a drift makes of a price in a month."""
    return (1 + annual) ** ((month - 1) / 12)


FIRST_RELEASE = {
    "build_labour": 3 * 4_000 * at(0.12, 6),
    "labels": 200 * 2 * at(0.12, 6),
    "training": 3 * 200 * 1_000 * 3 / MILLION * 10 * at(-0.30, 6),
    "release_evaluation": 300 * at(0.12, 6),
}


def test_until_its_tuning_starts_a_hybrid_costs_what_rag_does():
    answers = answered(late()).answers
    ours, rag = answers["hybrid"].monthly_usd, answers["rag"].monthly_usd

    assert ours[1:6] == pytest.approx(rag[1:6], rel=1e-12)
    assert ours[6] == pytest.approx(rag[6] + 1.1 * sum(FIRST_RELEASE.values()), rel=1e-12)
    assert ours[0] == pytest.approx(rag[0], rel=1e-12)


def test_the_tuned_side_is_built_at_the_rates_of_its_month_with_contingency():
    run = answered(late())

    built = {component: by_month(run, "hybrid", component, "one_time")[6] for component in FIRST_RELEASE}
    assert built == pytest.approx(FIRST_RELEASE)
    assert by_month(run, "hybrid", "contingency")[6] == pytest.approx(0.1 * sum(FIRST_RELEASE.values()))


@pytest.mark.parametrize("kind", KINDS)
def test_from_the_month_after_on_it_is_the_hybrid_that_it_would_have_been(kind):
    unmoved = {"fine_tuning__retrain_every_months": 0.0, "fine_tuning__revalidate_every_months": 0.0}
    begun, built = answered(late(6, kind, **unmoved)), answered(late(0, kind, **unmoved))

    assert begun.answers["hybrid"].monthly_usd[7:] == pytest.approx(built.answers["hybrid"].monthly_usd[7:], rel=1e-12)


def test_its_events_count_from_its_build():
    # built in month 5: a retrain every 3 months falls in 8 and 11, a revalidation every 4 in 9
    fields = {"fine_tuning__retrain_every_months": 3.0, "fine_tuning__revalidate_every_months": 4.0}
    run = answered(late(5, **fields))

    assert sorted(by_month(run, "hybrid", "retrain_labour")) == [8, 11]
    assert sorted(by_month(run, "hybrid", "revalidation")) == [9]


def test_re_indexing_counts_from_the_build_of_the_index():
    run = answered(late(5, rag__reindex_every_months=4.0))

    assert sorted(by_month(run, "hybrid", "corpus_embedding", "event")) == [4, 8, 12]


def test_its_model_is_hosted_and_kept_from_the_month_after_its_build():
    run = answered(late(6, fine_tuning__hosting="dedicated"))

    assert sorted(by_month(run, "hybrid", "tuned_hosting")) == list(range(7, 13))
    assert sorted(by_month(run, "hybrid", "model_storage")) == list(range(7, 13))
    assert sorted(by_month(run, "hybrid", "tuned_maintenance")) == list(range(7, 13))


def test_a_scheduled_training_price_is_that_of_the_month_of_the_build():
    # 10 until April 2027, 20 from May 2027 on, which is month 6
    dearer = price("acme/tuned", "training", "1M tokens", 20, minimum_usd=4, effective_from=date(2027, 5, 1))
    run = answered(late(), dearer)

    assert by_month(run, "hybrid", "training", "one_time") == pytest.approx({6: 3 * 0.6 * 20 * at(-0.30, 6)})
    assert by_month(run, "fine_tuning", "training", "one_time") == pytest.approx({0: 3 * 0.6 * 10})


@pytest.mark.parametrize(("built", "in_month_0"), [("fine_tuning", RAG_BUILD), ("rag", 0), ("hybrid", 0)])
def test_what_is_built_already_sinks_month_0_and_no_later_build(built, in_month_0):
    run = answered(late(finance__already_built=[built]))

    once = run.answers["hybrid"].bill.phase_usd("one_time")
    assert (once[0], once[6]) == pytest.approx((1.1 * in_month_0, 1.1 * sum(FIRST_RELEASE.values())))


def test_rag_s_switches_hold_until_the_tuning_starts_and_the_hybrid_s_own_for_the_rest():
    fields = {
        "switched_off": ["rerank", "labels", "preparation"],
        "rag__switched_off": ["rewrite", "guardrail", "preparation"],
    }
    run = answered(late(**fields))

    months = {component: sorted(by_month(run, "hybrid", component)) for component in ("rerank", "rewrite", "guardrail")}
    assert months == {
        "rerank": list(range(1, 7)),
        "rewrite": list(range(7, 13)),
        "guardrail": list(range(7, 13)),
    }
    assert by_month(run, "hybrid", "labels", "one_time") == {}
    assert by_month(run, "hybrid", "preparation") == {}
    assert by_month(run, "hybrid", "training", "one_time") != {}


def test_contingency_switched_off_for_the_hybrid_is_off_in_all_of_its_months():
    assert by_month(answered(late(switched_off=["contingency"])), "hybrid", "contingency") == {}
    assert sorted(by_month(answered(late(rag__switched_off=["contingency"])), "hybrid", "contingency")) == [0, 6]


def test_typed_in_lines_are_the_hybrid_s_own_throughout():
    def typed(key: str, component: str) -> dict[str, Any]:
        return {
            "architecture": key,
            "component": component,
            "phase": "recurring",
            "months": [0, 12],
            "usd_per_month": 9.0,
        }

    run = answered(changed(late(), {"extra_costs": [typed("rag", "theirs"), typed("hybrid", "ours")]}))

    assert by_month(run, "hybrid", "theirs") == {}
    assert by_month(run, "hybrid", "ours") == dict.fromkeys(range(13), 9)


def test_observability_is_rag_s_until_then():
    run = answered(late(observability_usd_per_month=45.0))

    assert by_month(run, "hybrid", "observability") == dict.fromkeys(range(1, 7), 20) | dict.fromkeys(range(7, 13), 45)


def test_tuning_that_starts_after_the_horizon_leaves_a_plain_rag():
    run = answered(late(13))

    assert run.answers["hybrid"].tco_usd == pytest.approx(run.answers["rag"].tco_usd, rel=1e-12)


def test_tuning_that_starts_in_the_last_month_pays_its_build_and_never_serves():
    run = answered(late(12))

    assert 12 in by_month(run, "hybrid", "training", "one_time")
    assert by_month(run, "hybrid", "tuned_generation") == {}


def test_of_a_late_hybrid_only_the_months_that_it_serves_are_idle():
    # six months of one replica at one token a second, against 0.4 x 8,400 calls of 320 tokens in each
    fields = {"fine_tuning__tokens_per_second_per_replica": 1.0, "fine_tuning__spare_replicas": 0}
    run = answered(late(6, fine_tuning__hosting="dedicated", **fields))

    assert run.answers["hybrid"].idle_share == pytest.approx(1 - 0.4 * CALLS * 320 / (2 * 730 * 3_600 / 2))
