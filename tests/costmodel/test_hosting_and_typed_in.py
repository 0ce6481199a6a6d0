"""Hosting and training by the hour, and costs that are typed in."""

from __future__ import annotations

from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.results import Run, run_scenario
from pricing.book import Price, PriceBook
from tests.costmodel.office import (
    BOOK,
    CALLS,
    MILLION,
    OFFICE,
    PRICES,
    RAG_BUILD,
    SELF_HOSTED,
    SERVERLESS,
    TYPED_HOSTING,
    bill_of,
    by_month,
    chat,
    price,
    question,
    rows_of,
)
from tests.costmodel.test_worked_lines import BUSY

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
