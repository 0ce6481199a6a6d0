"""What wrong answers and a late launch cost, how answers go stale, and when a total counts it."""

from __future__ import annotations

from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.results import Run
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook
from tests.costmodel.office import by_month, chat, price, question
from tests.costmodel.test_retirement import day_in

PLANS = [*chat("acme/base", 2, 8), *chat("acme/tuned", 3, 12), *chat("acme/router", 1, 4)]
ALL = ("rag", "fine_tuning", "hybrid", "prompting")


def asked(*compared: str, months: int = 12, **changes: Any) -> Scenario:
    """A thousand queries a month; a wrong answer costs 2 USD, nine in ten are right, a week of delay costs 700."""
    scenario = question(
        months,
        workload={"queries_per_month": 1_000, "query_tokens": 1_000},
        corpus={"updates_per_month": 4, "changed_share_per_update": 0.05},
        rag={"model": "acme/base", "correct_share": 0.9, "build_calendar_weeks": 3},
        fine_tuning={"model": "acme/tuned", "experiment_runs": 0, "correct_share": 0.9, "build_calendar_weeks": 5},
        hybrid={"kind": "split", "router_model": "acme/router", "correct_share": 0.9, "build_calendar_weeks": 6},
        prompting={"model": "acme/base", "correct_share": 0.9, "build_calendar_weeks": 1},
        quality={"usd_per_wrong_answer": 2},
        finance={"compared": list(compared or ALL), "delay_usd_per_week": 700},
    )
    return changed(scenario, {name.replace("__", "."): value for name, value in changes.items()})


def answered(scenario: Scenario, *more: Price) -> Run:
    return Run(scenario, PriceBook(PLANS).with_rows(more))


def wrong(run: Run, key: str) -> list[float]:
    """Answers that are wrong in months 1, 2, ..., of a thousand."""
    costs = by_month(run, key, "wrong_answers")
    return [costs.get(month, 0.0) / 2 for month in range(1, run.horizon + 1)]


def correct(run: Run, key: str) -> list[float]:
    """Share of the answers that are right in months 1, 2, ..."""
    return [1 - each / 1_000 for each in wrong(run, key)]


# Wrong answers and delay


def test_wrong_answers_are_on_user_queries_and_delay_on_the_weeks_to_launch():
    # answers from the response cache, retries and test queries change neither
    run = answered(
        asked(
            workload__response_cache_hit_share=0.5,
            workload__retry_share=0.5,
            rag__evaluation_queries_per_month=500.0,
        )
    )

    for key, weeks in (("rag", 3), ("fine_tuning", 5), ("hybrid", 6), ("prompting", 1)):
        assert by_month(run, key, "wrong_answers") == pytest.approx(dict.fromkeys(range(1, 13), 1_000 * 0.1 * 2))
        assert by_month(run, key, "launch_delay") == {0: weeks * 700}


def test_wrong_answers_follow_growth_and_season():
    season = [1.0] * 11 + [3.0]
    run = answered(asked(workload__monthly_growth_share=0.1, workload__seasonality=season, finance__horizon_months=2))

    assert wrong(run, "rag") == pytest.approx([1_000 * 3 * 0.1, 1_000 * 1.1 * 0.1])


def test_consequences_neither_drift_nor_take_a_discount_nor_carry_a_contingency():
    moved = {
        "finance__price_drift_annual__labour": 0.5,
        "finance__discount_share": {"acme": 0.5},
        "people__contingency_share": 0.5,
    }
    plain, drifted = answered(asked()), answered(asked(**moved))

    for component in ("wrong_answers", "launch_delay"):
        assert by_month(plain, "fine_tuning", component) == by_month(drifted, "fine_tuning", component)
    assert by_month(drifted, "fine_tuning", "contingency") == {}


def test_consequences_can_be_switched_off_one_by_one():
    run = answered(asked(rag__switched_off=["wrong_answers"], prompting__switched_off=["launch_delay"]))

    assert by_month(run, "rag", "wrong_answers") == {}
    assert by_month(run, "rag", "launch_delay") != {}
    assert by_month(run, "prompting", "wrong_answers") != {}
    assert by_month(run, "prompting", "launch_delay") == {}


@pytest.mark.parametrize(
    ("built", "sunk"), [("rag", {"rag"}), ("fine_tuning", {"fine_tuning"}), ("hybrid", {"hybrid"})]
)
def test_what_is_built_already_is_late_for_nobody_else(built, sunk):
    run = answered(asked(finance__already_built=[built]))

    assert {key for key in ALL if by_month(run, key, "launch_delay") == {}} == sunk


# Beside the bill, or in it


def test_consequences_are_beside_the_bill_until_they_are_asked_for():
    beside, within = answered(asked()), answered(asked(finance__consequences_in_tco=True))

    for key, weeks in (("rag", 3), ("fine_tuning", 5), ("hybrid", 6), ("prompting", 1)):
        alone, both = beside.answers[key], within.answers[key]
        lost = {"wrong_answers": 12 * 1_000 * 0.1 * 2, "launch_delay": weeks * 700}
        assert alone.consequences_usd == both.consequences_usd == pytest.approx(lost)
        assert both.tco_usd == pytest.approx(alone.tco_usd + sum(lost.values()))
        assert both.monthly_usd[0] == pytest.approx(alone.monthly_usd[0] + lost["launch_delay"])
        assert both.monthly_usd[7] == pytest.approx(alone.monthly_usd[7] + 1_000 * 0.1 * 2)
        assert both.phase_usd("one_time") == pytest.approx(alone.phase_usd("one_time") + lost["launch_delay"])
        assert both.phase_usd("recurring") == pytest.approx(alone.phase_usd("recurring") + lost["wrong_answers"])
        assert both.run_rate_usd == pytest.approx(alone.run_rate_usd + 1_000 * 0.1 * 2)
        assert both.cost_per_query_usd == pytest.approx(both.tco_usd / 12_000)


def test_the_ledger_has_them_under_a_scope_of_their_own_either_way():
    for asked_for in (False, True):
        rows = answered(asked(finance__consequences_in_tco=asked_for)).ledger()
        names = set(rows[rows.scope == "consequence"].component)

        assert names == {"wrong_answers", "launch_delay"}
        assert names.isdisjoint(rows[rows.scope == "bill"].component)


def test_present_value_discounts_them_like_any_other_cost():
    scenario = asked("rag", workload__query_tokens=0.0, finance__discount_rate_annual=0.1)
    run = answered(changed(scenario, {"finance.consequences_in_tco": True}))

    worth = 3 * 700 + sum(1_000 * 0.1 * 2 / 1.1 ** (month / 12) for month in range(1, 13))
    assert run.answers["rag"].present_value_usd == pytest.approx(worth)


def test_cumulative_costs_cross_elsewhere_when_they_count():
    # RAG pays 2 a month, fine-tuning 3 and nothing else: no crossing. With consequences RAG starts 2,100 and
    # fine-tuning 3,500 behind, and fine-tuning gets a fifth less wrong: 202 against 163 a month
    better = asked("rag", "fine_tuning", months=60, fine_tuning__correct_share=0.92)
    beside, within = answered(better), answered(changed(better, {"finance.consequences_in_tco": True}))

    (crossing,) = within.crossings
    assert beside.crossings == []
    assert (beside.cheapest, within.cheapest) == ("rag", "fine_tuning")
    assert crossing.month == pytest.approx((3_500 - 2_100) / ((2 + 200) - (3 + 160)))


def test_a_typed_in_line_of_that_name_is_a_line_of_the_bill():
    extra = {"architecture": "rag", "component": "launch_delay", "phase": "one_time", "months": [0, 0], "usd": 90.0}
    run = answered(changed(asked(people__contingency_share=0.1), {"extra_costs": [extra]}))

    answer = run.answers["rag"]
    assert answer.phase_usd("one_time") == pytest.approx(90 * 1.1)
    assert answer.consequences_usd["launch_delay"] == 3 * 700


# Stale answers: 4 updates a month change a twentieth each, so that a fifth of the knowledge is old after a month

STALE = {"quality__stale_answer_share_per_change": 0.5}


def test_answers_from_weights_go_stale_between_trainings():
    # trained every 3 months: 0.5, 1.5, 2.5 months old on average, then 0.5 again
    run = answered(asked("fine_tuning", fine_tuning__retrain_every_months=3.0, **STALE))

    ages = [0.5, 1.5, 2.5] * 4
    assert correct(run, "fine_tuning") == pytest.approx([0.9 * (1 - 0.5 * 4 * 0.05 * age) for age in ages])


def test_never_retrained_all_that_was_learned_is_old_one_day():
    # after five months all has changed: half of the answers that were right are wrong
    run = answered(asked("fine_tuning", **STALE))

    ages = [0.5, 1.5, 2.5, 3.5, 4.5, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    assert correct(run, "fine_tuning") == pytest.approx([0.9 * (1 - 0.5 * 0.2 * age) for age in ages])
    assert correct(run, "fine_tuning")[-1] == pytest.approx(0.9 * 0.5)


@pytest.mark.parametrize(
    ("cadence", "ages"),
    [
        (0.5, [0.25, 0.25, 0.25]),
        (1.0, [0.5, 0.5, 0.5]),
        # trained at 1.5: the second month is 1 to 1.5 old for half of it, then 0 to 0.5
        (1.5, [0.5, (1.25 + 0.25) / 2, 1.0]),
        (12.0, [0.5, 1.5, 2.5]),
    ],
)
def test_the_age_is_the_mean_over_the_month(cadence, ages):
    run = answered(asked("fine_tuning", months=3, fine_tuning__retrain_every_months=cadence, **STALE))

    assert correct(run, "fine_tuning") == pytest.approx([0.9 * (1 - 0.5 * 0.2 * age) for age in ages])


def test_content_updates_that_force_a_retrain_keep_answers_fresh():
    # eight updates at four a month: every two months
    run = answered(asked("fine_tuning", months=4, fine_tuning__updates_per_retrain=8.0, **STALE))

    assert correct(run, "fine_tuning") == pytest.approx([0.9 * (1 - 0.1 * age) for age in (0.5, 1.5, 0.5, 1.5)])


def test_a_retraining_without_runs_is_one_all_the_same():
    fields = {"fine_tuning__retrain_every_months": 3.0, "fine_tuning__retrain_runs": 0}
    run = answered(asked("fine_tuning", months=4, **fields, **STALE))

    assert correct(run, "fine_tuning")[3] == pytest.approx(0.9 * (1 - 0.1 * 0.5))


def test_a_migration_is_a_training_at_the_start_of_its_month():
    # left in month 5: in month 4 all is 3.5 months old, in month 5 half a month
    leaving = price("acme/tuned", "input", "1M tokens", 3, retires_on=day_in(5), successor="acme/router")
    run = answered(asked("fine_tuning", months=7, **STALE), leaving)

    ages = [0.5, 1.5, 2.5, 3.5, 0.5, 1.5, 2.5]
    assert correct(run, "fine_tuning") == pytest.approx([0.9 * (1 - 0.1 * age) for age in ages])


@pytest.mark.parametrize(
    ("kind", "share"), [("grounded", 0.0), ("split", 0.25), ("routed", 0.75)], ids=["grounded", "split", "routed"]
)
def test_only_the_share_that_is_answered_from_weights_goes_stale(kind, share):
    run = answered(
        asked(
            months=2,
            hybrid__kind=kind,
            hybrid__fine_tuned_share=0.25,
            hybrid__router_answers_share=0.75,
            **STALE,
        )
    )

    assert correct(run, "hybrid") == pytest.approx([0.9 * (1 - share * 0.1 * age) for age in (0.5, 1.5)])
    assert correct(run, "rag") == pytest.approx([0.9, 0.9])
    assert correct(run, "prompting") == pytest.approx([0.9, 0.9])


def test_until_its_tuning_starts_a_hybrid_is_as_right_as_rag_and_ages_from_then_on():
    fields = {"hybrid__fine_tuning_starts_month": 2, "hybrid__fine_tuned_share": 1.0, "rag__correct_share": 0.8}
    run = answered(asked(months=5, **fields, **STALE))

    assert correct(run, "hybrid") == pytest.approx([0.8, 0.8, *(0.9 * (1 - 0.1 * age) for age in (0.5, 1.5, 2.5))])


@pytest.mark.parametrize(("month", "ages"), [(2, (0.5, 1.5, 2.5)), (4, (0.5, 0.5, 1.5))])
def test_a_migration_before_its_tuning_starts_makes_no_difference(month, ages):
    leaving = price("acme/tuned", "input", "1M tokens", 3, retires_on=day_in(month), successor="acme/router")
    fields = {"hybrid__fine_tuning_starts_month": 2, "hybrid__fine_tuned_share": 1.0}
    run = answered(asked(months=5, **fields, **STALE), leaving)

    assert correct(run, "hybrid")[2:] == pytest.approx([0.9 * (1 - 0.1 * age) for age in ages])


def test_rag_s_switches_hold_for_consequences_until_the_tuning_starts():
    fields = {"hybrid__fine_tuning_starts_month": 2, "rag__switched_off": ["wrong_answers"]}
    run = answered(asked(months=4, **fields))

    assert sorted(by_month(run, "hybrid", "wrong_answers")) == [3, 4]
    assert by_month(run, "hybrid", "launch_delay") == {0: 6 * 700}


# Cost per correct answer


def test_a_correct_answer_costs_the_total_by_the_answers_that_are_right():
    # 2 USD a month for a million tokens: 24 a year, for 12,000 answers of which nine in ten are right
    answer = answered(asked("rag")).as_dict()["architectures"]["rag"]

    assert answer["cost_per_query_usd"] == pytest.approx(24 / 12_000)
    assert answer["cost_per_correct_answer_usd"] == pytest.approx(24 / (12_000 * 0.9))


def test_stale_answers_make_a_correct_one_dearer():
    # half a month, one and a half: 0.9 x 0.95 and 0.9 x 0.85 of a thousand and of twice as many
    scenario = asked("fine_tuning", months=2, workload__queries_by_month=[1_000, 2_000], **STALE)
    answer = answered(scenario).as_dict()["architectures"]["fine_tuning"]

    right = 1_000 * 0.9 * 0.95 + 2_000 * 0.9 * 0.85
    assert answer["cost_per_correct_answer_usd"] == pytest.approx((3 + 6) / right)


@pytest.mark.parametrize(
    "changes", [{"workload__queries_per_month": 0.0}, {"rag__correct_share": 0.0}], ids=["no queries", "none right"]
)
def test_without_a_correct_answer_none_has_a_cost(changes):
    assert answered(asked("rag", **changes)).as_dict()["architectures"]["rag"]["cost_per_correct_answer_usd"] is None


def test_consequences_that_count_are_in_the_cost_of_a_correct_answer():
    answer = answered(asked("rag", finance__consequences_in_tco=True)).answers["rag"]

    assert answer.cost_per_correct_answer_usd == pytest.approx((24 + 3 * 700 + 12 * 200) / (12_000 * 0.9))
