"""The sentences under the headline: why, what would change it, how sure; and the budget in words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from costmodel.spans import NEVER, Span
from costmodel.tracks import Track, horizon_track, tracks_of
from pricing.catalog import load_book
from report import text
from report.change_text import Turn, nearest_turn, turn_words, turns_around
from report.reasons import largest_saving, reason_words, reasons
from tests.report.test_text import arms, cost, retraining

VOLUME, CADENCE, HORIZON = "workload.queries_per_month", "fine_tuning.retrain_every_months", "finance.horizon_months"


def preset(name: str = DEFAULT_PRESET, **values: object) -> Run:
    scenario = resolved(PRESETS[name].scenario, date(2026, 11, 1))
    return Run(changed(scenario, {path.replace("__", "."): value for path, value in values.items()}), load_book())


def lead(run: Run, tracks: list[Track] | None = None, present: bool = False) -> str:
    return text.plain(text.verdict(run, present, tracks).lead)


# Why


def test_retraining_says_how_often():
    # 2 x 12 months of 500 against 24 x 1: the retraining is nearly all of the bill
    run = arms(24, rag=(0, 100), fine_tuning=(0, 10), groups=retraining(1, 500))

    assert lead(run).startswith(
        "98% of the fine-tuning bill is retraining every month; RAG saves all of that. It leads from the start."
    )


@pytest.mark.parametrize(
    ("every", "words"), [(3, "retraining every 3 months"), (24, "retraining"), (2.5, "retraining"), (0, "retraining")]
)
def test_only_a_regular_retraining_says_how_often(every, words):
    run = arms(24, fine_tuning=(0, 10), groups=retraining(every, 500))

    assert reason_words(run.answers["fine_tuning"], "retraining") == words


def test_reasons_add_up_to_the_total():
    for name in PRESETS:
        run = preset(name)
        for answer in run.answers.values():
            assert sum(reasons(answer).values()) == pytest.approx(answer.tco_usd)
            assert sum(reasons(answer, present=True).values()) == pytest.approx(answer.present_value_usd)


def test_the_build_is_one_reason_whatever_it_is_made_of():
    assert reasons(preset().answers["hybrid"])["the build"] == pytest.approx(
        preset().answers["hybrid"].phase_usd("one_time")
    )


def test_the_largest_saving_is_not_always_the_largest_line():
    dear, cheap = {"upkeep": 900.0, "the build": 500.0}, {"upkeep": 880.0, "the build": 100.0, "model tokens": 5.0}

    assert largest_saving(dear, cheap) == ("the build", 400.0)


def test_a_bill_with_a_credit_is_explained_in_money_because_shares_of_it_mean_nothing():
    credit = [cost("fine_tuning", [0, 0], usd=-50, phase="recurring")]
    run = arms(12, rag=(100, 0), fine_tuning=(500, 0), more=credit)

    assert lead(run).startswith("RAG saves $400 on the build.")


def test_a_credit_of_the_cheapest_is_more_than_all_that_the_other_pays():
    run = arms(12, rag=(-50, 1), fine_tuning=(500, 1))

    assert lead(run).startswith("RAG saves $550 on the build.")


def test_an_architecture_that_is_left_out_explains_nothing():
    groups = {"hybrid": {"correct_share": 0.5}, "quality": {"minimum_correct_share": 0.9}}
    run = arms(12, rag=(100, 0), fine_tuning=(500, 0), hybrid=(1, 0), groups=groups)

    assert "hybrid bill" not in lead(run)
    assert "of the fine-tuning bill" in lead(run)


# What would change it


def track(driver: str, values: list[float], **usd: list[float]) -> Track:
    return Track(driver, np.array(values), {key: np.array(each) for key, each in usd.items()}, 0.0)


def test_the_nearest_turn_is_told_in_words():
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups={"workload": {"queries_per_month": 10_000}})
    volume = track(VOLUME, [1e3, 1e4, 2e4, 1e5], rag=[100, 200, 300, 900], fine_tuning=[300, 300, 300, 300])

    assert "Fine-tuning would be cheapest from 20K queries per month on." in lead(run, [volume])


def test_the_nearest_is_the_one_with_the_smallest_step_in_its_own_measure():
    run = preset()
    near = track(VOLUME, [1e5, 1.9e5, 2e5], rag=[1, 5, 9], fine_tuning=[4, 5, 6])
    far = track(CADENCE, [1.0, 2.0, 3.0], rag=[1, 5, 9], fine_tuning=[4, 5, 6])

    assert nearest_turn(run, [far, near], "fine_tuning").driver == VOLUME
    assert nearest_turn(run, [far], "fine_tuning").driver == CADENCE


def test_who_led_and_what_would_change_it_are_one_sentence_when_both_are_about_the_same():
    run = preset()
    spans = {VOLUME: Span(1e3, 1e7, log=True)}
    words = lead(run, list(tracks_of(run, spans).values()))

    assert "RAG led until month 19 and would be cheapest below 168K queries per month." in words


def test_in_present_value_the_turn_is_one_of_present_values():
    run = preset()
    spans = {VOLUME: Span(1e3, 1e7, log=True)}
    nominal, present = (lead(run, list(tracks_of(run, spans, each).values()), each) for each in (False, True))

    assert "below 168K queries per month" in nominal
    assert "below 177K queries per month" in present


def test_a_lever_that_is_too_close_to_call_turns_nothing():
    run = preset()
    close = Track(
        VOLUME, np.array([1e5, 2e5]), {"rag": np.array([99.0, 120.0]), "fine_tuning": np.array([98.0, 100.0])}, 0.05
    )

    assert turns_around(run, close, "fine_tuning") == []


def test_steady_levers_are_said_to_change_nothing():
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups={"workload": {"queries_per_month": 10_000}})
    steady = track(VOLUME, [1e3, 1e5], rag=[1, 1], fine_tuning=[2, 2])

    assert "It leads from the start. No lever alone changes that." in lead(run, [steady])


def test_without_levers_nothing_is_said_of_them():
    assert "would be cheapest" not in lead(preset())
    assert "No lever" not in lead(preset())


def test_another_that_leads_because_a_price_is_missing_turns_nothing():
    run = preset()
    missing = track(VOLUME, [1e5, 2e5, 3e5], rag=[5, 9, 9], fine_tuning=[4, 5, np.nan])

    assert turns_around(run, missing, "fine_tuning") == []


def test_the_last_month_comes_before_any_lever():
    run = arms(12, rag=(0, 100), fine_tuning=(0, 80), groups=retraining(6, 200))
    volume = track(VOLUME, [1e3, 1e4, 2e4], rag=[100, 200, 300], fine_tuning=[300, 300, 200])

    assert "Without the retraining in month 12" in lead(run, [volume])
    assert "queries per month" not in lead(run, [volume])


def test_a_shorter_horizon_is_left_to_who_led_until_when():
    run = preset()
    horizon = horizon_track(run, Span(12.0, 36.0, whole=True))

    assert nearest_turn(run, [horizon], "fine_tuning") is None
    assert turns_around(run, horizon, "fine_tuning") != []


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(VOLUME, 2e5, 1.68e5, False, False, "rag"), "below 168K queries per month"),
        (Turn(VOLUME, 2e5, 1.68e5, False, True, "rag"), "up to 168K queries per month"),
        (Turn(VOLUME, 2e5, 2.5e5, True, False, "rag"), "from 250K queries per month on"),
        (Turn(VOLUME, 200_000, 200_412, True, False, "rag"), "from 200,412 queries per month on"),
        (Turn(CADENCE, 3.0, 2.0, False, True, "rag"), "with a retrain every 2 months or more often"),
        (Turn(CADENCE, 3.0, 1.0, False, False, "rag"), "with a retrain more often than every month"),
        (Turn(CADENCE, 3.0, NEVER, True, False, "rag"), "without any retraining"),
        (Turn(HORIZON, 24, 30, True, False, "rag"), "over 30 months or more"),
        (
            Turn("workload.monthly_growth_share", 0.02, 0.005, False, False, "rag"),
            "with less than 0.5% growth per month",
        ),
        (
            Turn("corpus.updates_per_month", 4, 9, True, False, "rag"),
            "with 9 content updates per month or more (if 24 updates force a retrain, a guess)",
        ),
        (Turn("rag.top_k", 5, 8, True, False, "rag"), "with RAG chunks in the prompt of 8 or more"),
    ],
)
def test_where_a_turn_lies(turn, words):
    assert turn_words(preset(), turn) == words


# How sure


def test_equal_quality_and_guesses_are_one_sentence():
    assert "This assumes equal quality; 55% of the cost rests on guesses." in lead(preset())


def test_without_a_guess_only_equal_quality_is_said():
    assert lead(arms(12, rag=(100, 10), fine_tuning=(200, 20))).endswith("This assumes equal quality.")


def test_who_counts_as_always_right_is_said_where_others_do_not():
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups={"rag": {"correct_share": 0.95}})

    assert [text.plain(each) for each in text.verdict(run).notes] == ["Fine-tuning counts as always right."]


def test_prompting_below_the_required_quality_is_not_offered():
    values = {"quality__minimum_correct_share": 0.9}
    below = preset(**values, prompting__correct_share=0.8)

    assert "Plain prompting" not in text.verdict(below).sentence
    assert "Plain prompting would cost" in text.verdict(preset(**values, prompting__correct_share=0.95)).sentence


# The budget


def budget(run: Run, present: bool = False) -> str:
    return text.plain(text.budget(run, present))


def test_each_architecture_passes_the_budget_in_its_month():
    # 60 x 9 = 540 in month 9; 100 + 12 x 20 = 340; 510 with the build
    run = arms(12, rag=(0, 60), fine_tuning=(100, 20), hybrid=(510, 1), finance={"budget_usd": 500.0})

    assert (
        budget(run) == "Hybrid passes the budget of $500 with the build, RAG in month 9; fine-tuning stays within it."
    )


def test_exactly_the_budget_is_within_it():
    # 12 x 50 = 600
    assert budget(arms(12, rag=(0, 50), finance={"budget_usd": 600.0})) == (
        "RAG stays within the budget of $600 over 12 months."
    )
    assert budget(arms(12, rag=(0, 50), finance={"budget_usd": 599.99})) == "RAG passes the budget of $600 in month 12."


def test_two_in_one_month_are_told_together():
    run = arms(12, rag=(0, 60), fine_tuning=(10, 60), hybrid=(0, 1), finance={"budget_usd": 500.0})

    assert budget(run) == "RAG and fine-tuning pass the budget of $500 in month 9; hybrid stays within it."


def test_without_a_budget_nothing_is_said():
    assert budget(arms(12, rag=(0, 50))) == ""


def test_in_present_value_the_budget_is_passed_later():
    finance = {"budget_usd": 500.0, "discount_rate_annual": 1.0}
    run = arms(24, rag=(0, 60), finance=finance)
    worth = np.cumsum([60 / 2 ** (month / 12) for month in range(1, 25)])
    first = int(np.argmax(worth > 500)) + 1

    assert budget(run) == "RAG passes the budget of $500 in month 9."
    assert budget(run, present=True) == f"RAG passes the budget of $500 in present value in month {first}."


def test_the_budget_reads_in_the_scenario_s_currency():
    finance = {"budget_usd": 500.0, "currency": "EUR", "usd_per_currency_unit": 1.25}

    assert budget(arms(12, rag=(0, 60), finance=finance)) == "RAG passes the budget of €400 in month 9."


def test_the_chart_in_words_says_when_the_budget_is_passed():
    run = arms(12, rag=(0, 60), fine_tuning=(100, 20), finance={"budget_usd": 500.0})

    assert text.alt_cumulative(run).endswith("RAG passes the budget of $500 in month 9; fine-tuning stays within it.")


# The chart of single months


def test_the_months_say_who_costs_least_a_month():
    assert text.plain(text.monthly_finding(arms(12, rag=(0, 60), fine_tuning=(900, 20)))) == (
        "Fine-tuning costs $20.00 a month on average, RAG $60.00"
    )
    assert text.plain(text.monthly_finding(arms(12, rag=(0, 60), fine_tuning=(900, 60.001)))) == (
        "RAG and fine-tuning cost the same, $60.00 a month on average"
    )
    assert text.plain(text.monthly_finding(arms(12, rag=(0, 60)))) == "RAG costs $60.00 a month on average"
