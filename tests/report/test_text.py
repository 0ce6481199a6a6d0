"""Sentences: each answer the model can give, in words, with bills made of typed-in amounts that a reader can add up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed, resolved
from costmodel.files import with_preset
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from pricing.book import PriceBook
from pricing.catalog import load_book
from report import text

TOKENS = {"rag": "generation", "fine_tuning": "tuned_generation", "hybrid": "tuned_generation"}


def arms(
    horizon: int,
    rag: tuple[float, float] | None = None,
    fine_tuning: tuple[float, float] | None = None,
    hybrid: tuple[float, float] | None = None,
    *,
    more: list[dict[str, Any]] | None = None,
    finance: dict[str, Any] | None = None,
    groups: dict[str, dict[str, Any]] | None = None,
) -> Run:
    """Bills of (USD to build, USD a month) and nothing else; only the named architectures are compared."""
    bills = {"rag": rag, "fine_tuning": fine_tuning, "hybrid": hybrid}
    compared = {key: amounts for key, amounts in bills.items() if amounts is not None}
    costs = list(more or [])
    for key, (build, monthly) in compared.items():
        costs.append(cost(key, [0, 0], usd=build, phase="one_time"))
        costs.append(cost(key, [1, 120], usd_per_month=monthly))
    scenario: dict[str, Any] = {
        "finance": {
            "start_month": "2026-11",
            "horizon_months": horizon,
            "compared": list(compared),
            "price_drift_annual": {"labour": 0},
            **(finance or {}),
        },
        "extra_costs": costs,
    }
    for key in bills:
        scenario[key] = {"switched_off": [TOKENS[key]]}
    scenario["fine_tuning"]["experiment_runs"] = 0
    for key, values in (groups or {}).items():
        scenario[key] = {**scenario.get(key, {}), **values}
    return run_scenario(with_preset(scenario), PriceBook())


def cost(key: str, months: list[int], *, phase: str = "recurring", **amount: float) -> dict[str, Any]:
    return {"architecture": key, "component": "typed in", "phase": phase, "months": months, **amount}


def said(run: Run, present: bool = False) -> str:
    return text.verdict(run, present).sentence


# Who is cheapest


def test_the_cheapest_leads_from_the_start():
    # 100 + 12 x 10 = 220 against 200 + 12 x 20 = 440
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20))

    assert said(run) == (
        "Over 12 months RAG costs $220, 50% less than fine-tuning. "
        "55% of the fine-tuning bill is extra costs; RAG saves $120 of that. "
        "It leads from the start. This assumes equal quality."
    )


def test_the_lead_changes_once():
    # 12 x 100 = 1,200 against 500 + 12 x 20 = 740; 500 / (100 - 20) = 6.25: month 7
    run = arms(12, rag=(0, 100), fine_tuning=(500, 20))

    assert said(run) == (
        "Over 12 months fine-tuning costs $740, 38% less than RAG. "
        "All of the RAG bill is extra costs; fine-tuning saves $960 of that. "
        "RAG led until month 7. This assumes equal quality."
    )


def test_the_lead_changes_several_times():
    # hybrid passes RAG at 310 / 60 = 5.2, fine-tuning passes hybrid at (1,000 - 310) / 35 = 19.7
    run = arms(36, rag=(0, 100), hybrid=(310, 40), fine_tuning=(1_000, 5))

    assert said(run) == (
        "Over 36 months fine-tuning costs $1.2K, 33% less than hybrid. "
        "82% of the hybrid bill is extra costs; fine-tuning saves $1.3K of that. "
        "The lead changes in months 6 and 20. This assumes equal quality."
    )


def test_equal_bills_that_part_later_have_no_leader_from_the_start():
    # both cost 100 a month; fine-tuning pays 500 more in month 10
    run = arms(12, rag=(0, 100), fine_tuning=(0, 100), more=[cost("fine_tuning", [10, 10], usd=500)])

    assert said(run).startswith("Over 12 months RAG costs $1.2K, 29% less than fine-tuning.")
    assert "from the start" not in said(run)
    assert "month 10" in said(run)


def test_two_that_are_built_already_part_in_the_first_month_and_one_leads_from_the_start():
    run = arms(12, rag=(900, 10), fine_tuning=(100, 20), finance={"already_built": ["rag", "fine_tuning"]})

    assert said(run).startswith("Over 12 months RAG costs $120, 50% less than fine-tuning. ")
    assert "It leads from the start." in said(run)


def test_one_month_is_written_in_the_singular():
    run = arms(1, rag=(100, 0), fine_tuning=(200, 0))

    assert said(run).startswith("Over 1 month RAG costs $100, 50% less than fine-tuning.")


def test_a_credit_is_told_in_money_because_shares_of_it_mean_nothing():
    run = arms(12, rag=(-300, 0), fine_tuning=(-100, 0))

    assert said(run).startswith("Over 12 months RAG costs −$300, $200 less than fine-tuning.")


# Too close to call


def test_a_lead_of_five_percent_is_too_close_to_call():
    # (100 - 95) / 100
    run = arms(12, rag=(95, 0), fine_tuning=(100, 0))

    assert said(run) == (
        "Over 12 months RAG and fine-tuning are too close to call (5%). "
        "RAG costs $95.00, fine-tuning $100. This assumes equal quality."
    )


def test_a_slightly_larger_lead_is_not():
    # (1,000 - 949) / 1,000
    run = arms(12, rag=(949, 0), fine_tuning=(1_000, 0))

    assert said(run).startswith("Over 12 months RAG costs $949, 5.1% less than fine-tuning.")


@pytest.mark.parametrize(("share", "close"), [(0.19, False), (0.2, True), (0.21, True)])
def test_the_reader_decides_what_is_too_close(share, close):
    # (1,000 - 800) / 1,000 = 20 %
    run = arms(12, rag=(800, 0), fine_tuning=(1_000, 0), finance={"too_close_share": share})

    assert ("too close to call" in said(run)) == close


def test_equal_bills_are_too_close_to_call():
    run = arms(12, rag=(100, 5), fine_tuning=(100, 5))

    assert said(run).startswith("Over 12 months RAG and fine-tuning are too close to call (0%).")


# One or none


def test_a_single_architecture_is_told_without_a_comparison():
    run = arms(12, rag=(100, 10))

    assert said(run) == "Over 12 months RAG costs $220."


def test_with_no_price_none_can_be_called_cheapest():
    run = arms(12, rag=(100, 10), groups={"rag": {"switched_off": []}})

    assert said(run).startswith("Over 12 months no architecture can be called cheapest. RAG is left out: ")


def test_what_is_missing_is_told_in_a_sentence():
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups={"fine_tuning": {"switched_off": []}})

    words = said(run)
    assert words.startswith("Over 12 months RAG costs $220.")
    assert "none is chosen is missing" not in words
    assert "fine_tuning.model" in words


def test_too_little_quality_rules_the_cheaper_one_out():
    run = arms(
        12,
        rag=(100, 10),
        fine_tuning=(200, 20),
        hybrid=(300, 30),
        groups={"rag": {"correct_share": 0.85}, "quality": {"minimum_correct_share": 0.9}},
    )

    assert said(run) == (
        "Over 12 months fine-tuning costs $440, 33% less than hybrid. "
        "55% of the hybrid bill is extra costs; fine-tuning saves $120 of that. It leads from the start. "
        "RAG is left out: 85% correct answers, 90% required. Fine-tuning and hybrid count as always right."
    )


@pytest.mark.parametrize(("share", "out"), [(0.9, False), (0.8999, True)])
def test_the_required_quality_itself_is_enough(share, out):
    groups = {"rag": {"correct_share": share}, "quality": {"minimum_correct_share": 0.9}}
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups=groups)

    assert ("RAG is left out" in said(run)) == out


def test_a_share_just_below_the_required_one_does_not_read_the_same():
    groups = {"rag": {"correct_share": 0.896}, "quality": {"minimum_correct_share": 0.9}}
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups=groups)

    assert "90% correct answers, 90% required" not in said(run)


def test_equal_quality_is_not_assumed_once_it_was_set():
    run = arms(12, rag=(100, 10), fine_tuning=(200, 20), groups={"rag": {"correct_share": 0.95}})

    assert "This assumes equal quality" not in said(run)


# What the order hangs on


def retraining(every: int, usd: float) -> dict[str, dict[str, Any]]:
    return {"fine_tuning": {"training_usd_per_run": usd, "retrain_every_months": every}}


def test_the_verdict_says_that_it_hangs_on_the_last_month_s_retraining():
    # 12 x 100 = 1,200 against 12 x 80 + 2 x 200 = 1,360; without month 12's retraining 1,160
    run = arms(12, rag=(0, 100), fine_tuning=(0, 80), groups=retraining(6, 200))

    assert said(run).startswith("Over 12 months RAG costs $1.2K, 12% less than fine-tuning.")
    assert "Without the retraining in month 12, the last one, fine-tuning would be cheapest." in said(run)


def test_a_retraining_that_does_not_turn_the_order_is_not_mentioned():
    # without it 12 x 80 + 200 + 100 = 1,260, still more than 1,200
    run = arms(12, rag=(0, 100), fine_tuning=(100, 80), groups=retraining(6, 200))

    assert "Without the retraining" not in said(run)


def test_another_event_of_the_last_month_is_not_called_a_retraining():
    audit = [cost("fine_tuning", [12, 12], phase="event", usd=400)]
    run = arms(12, rag=(0, 100), fine_tuning=(0, 80), more=audit)

    assert "fine-tuning would be cheapest" in said(run)
    assert "retraining" not in said(run)


def test_the_verdict_says_that_one_month_less_would_turn_it():
    # month 11: 1,100 against 1,320; month 12: 1,100 + 600 against 1,440
    run = arms(12, rag=(0, 100), fine_tuning=(0, 120), more=[cost("rag", [12, 12], usd=500)])

    assert said(run).startswith("Over 12 months fine-tuning costs $1.4K, 15% less than RAG.")
    assert "Over 11 months RAG would be cheapest." in said(run)


def test_the_verdict_says_that_one_month_more_would_turn_it():
    # month 12: 1,440 against 1,700; month 13: 1,560 + 1,000 against 1,800
    more = [cost("rag", [5, 5], usd=500), cost("fine_tuning", [13, 13], usd=1_000)]
    run = arms(12, rag=(0, 100), fine_tuning=(0, 120), more=more)

    assert "Over 13 months RAG would be cheapest." in said(run)


def test_a_horizon_of_one_month_is_not_compared_with_none():
    run = arms(1, rag=(0, 100), fine_tuning=(50, 0))

    assert "Over 0 months" not in said(run)


# Present value


def test_in_present_value_the_order_may_be_another():
    # nominal 1,000 against 12 x 100; at 100 % a year the months are worth 100 / 2^(t/12) each
    run = arms(12, rag=(0, 100), fine_tuning=(1_000, 0), finance={"discount_rate_annual": 1.0})
    worth = sum(100 / 2 ** (month / 12) for month in range(1, 13))

    assert said(run).startswith("Over 12 months fine-tuning costs $1.0K, 17% less than RAG.")
    assert said(run, present=True) == (
        f"Over 12 months RAG costs ${worth:.0f} in present value, {1 - worth / 1_000:.0%} less than fine-tuning. "
        "All of the fine-tuning bill is the build; RAG saves all of that. "
        "It leads from the start. This assumes equal quality."
    )


# Retraining forced by content


def forced(updates: float, needed: float, *, every: float = 3, horizon: int = 24, preset: bool = False) -> str:
    """What is said about content updates that force a retrain."""
    if not preset:
        groups = {
            "corpus": {"updates_per_month": updates},
            "fine_tuning": {"updates_per_retrain": needed, "retrain_every_months": every, "training_usd_per_run": 1},
        }
        return text.plain(text.forced_retrains(arms(horizon, rag=(0, 1), fine_tuning=(0, 1), groups=groups)))
    base = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 1))
    scenario = changed(base, {"corpus.updates_per_month": updates})
    return text.plain(text.forced_retrains(run_scenario(scenario, load_book())))


def test_a_preset_s_number_of_updates_is_named_a_guess():
    # 24 updates at 12 a month are 2 months, less than the calendar's 3
    assert forced(12, 24, preset=True) == (
        "Content updates make fine-tuning retrain every 2 months, if 24 updates force a retrain, a guess."
    )


def test_the_user_s_own_number_is_not():
    assert forced(12, 24) == "Content updates make fine-tuning retrain every 2 months, if 24 updates force a retrain."


def test_the_verdict_carries_that_sentence():
    base = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 1))
    run = run_scenario(changed(base, {"corpus.updates_per_month": 12}), load_book())

    assert "if 24 updates force a retrain, a guess." in said(run)


@pytest.mark.parametrize(("updates", "speaks"), [(8, False), (8.1, True)])
def test_it_is_said_only_when_content_is_faster_than_the_calendar(updates, speaks):
    # 24 / 8 = 3 months, the calendar's own
    assert bool(forced(updates, 24)) == speaks


@pytest.mark.parametrize(("updates", "needed"), [(0, 24), (12, 0)])
def test_nothing_is_said_where_content_forces_nothing(updates, needed):
    assert forced(updates, needed) == ""


def test_every_month_is_written_without_a_number():
    assert "every month" in forced(24, 24)


def test_one_update_is_written_in_the_singular():
    assert "if 1 update forces a retrain" in forced(1, 1)


def test_large_numbers_are_written_in_digits():
    assert "e+" not in forced(10_000, 1_000_000, every=0, horizon=120)


def test_a_retrain_beyond_the_horizon_is_not_announced():
    # 120 updates at 2 a month: the first one would fall in month 60
    assert forced(2, 120, every=0, horizon=24) == ""


# Other sentences


def test_a_crossing_names_who_overtakes_whom_and_when():
    run = arms(12, rag=(0, 100), fine_tuning=(500, 20))

    assert [text.plain(text.overtaking(each)) for each in run.crossings] == ["Fine-tuning overtakes RAG in month 7"]


def test_the_chart_says_what_the_winner_costs_more_to_build_and_when_it_is_earned_back():
    run = arms(12, rag=(0, 100), fine_tuning=(500, 20))

    assert text.plain(text.chart_finding(run)) == "Fine-tuning costs $500 more to build and earns it back in month 7"


@pytest.mark.parametrize(
    ("bills", "finding"),
    [
        ({"rag": (0, 10), "fine_tuning": (50, 20)}, "RAG stays ahead over 12 months"),
        ({"rag": (100, 10)}, "Cost month by month"),
    ],
)
def test_the_chart_says_who_stays_ahead_or_nothing(bills, finding):
    assert text.plain(text.chart_finding(arms(12, **bills))) == finding


def test_the_chart_in_words_gives_all_totals_and_crossings():
    run = arms(12, rag=(0, 100), fine_tuning=(500, 20))

    assert text.alt_cumulative(run) == (
        "Cumulative cost by month 12: RAG $1.2K and Fine-tuning $740. Fine-tuning overtakes RAG in month 7."
    )


@pytest.mark.parametrize(
    ("families", "finding"),
    [
        ({"people": 60.0, "tokens": 30.0, "hosting": 10.0}, "90% of the RAG bill goes to people and tokens"),
        ({"people": 60.0}, "All of the RAG bill goes to people"),
        ({"people": 0.0}, "What the money pays for"),
        ({}, "What the money pays for"),
    ],
)
def test_the_bars_say_what_most_of_the_bill_pays_for(families, finding):
    assert text.plain(text.components_finding(families, "rag")) == finding


def test_names_read_as_words_inside_a_sentence_and_with_a_capital_at_its_start():
    assert text.plain("{Fine_tuning} and {fine_tuning}, {Rag} and {rag}") == "Fine-tuning and fine-tuning, RAG and RAG"


def test_a_page_may_put_its_own_names_in():
    assert text.with_names("{rag} or {Hybrid}", lambda key, word: f"<{key}:{word}>") == "<rag:RAG> or <hybrid:Hybrid>"


def test_amounts_read_in_the_scenario_s_currency():
    run = arms(12, rag=(125, 0), fine_tuning=(250, 0), finance={"currency": "EUR", "usd_per_currency_unit": 1.25})

    assert said(run).startswith("Over 12 months RAG costs €100, 50% less than fine-tuning.")
