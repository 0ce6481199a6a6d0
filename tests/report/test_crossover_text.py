"""Sentences on where the answer turns, from crossovers and bills that a reader can add up."""

from __future__ import annotations

from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.crossover import Crossovers, Pair, Root, crossovers_of
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pages.ui.lever import format_count
from pricing.catalog import load_book
from report import crossover_text, text

VOLUME = "workload.queries_per_month"


def root(value: float, below: Any, above: Any, next_value: float | None = None) -> Root:
    kind = "crossing" if next_value is None else "jump"
    return Root(value, kind, below, above, 10, 10, 10, 10, next_value)


def found(*pairs: Pair) -> Crossovers:
    return Crossovers(VOLUME, 1_000, 10_000_000, 129, pairs)


RAG_THEN_TUNED = Pair("rag", "fine_tuning", (root(133_000, "rag", "fine_tuning"),), (10, 20), (90, 40))
DEARER_HYBRID = (Pair("rag", "hybrid", (), (10, 30), (90, 95)), Pair("fine_tuning", "hybrid", (), (20, 30), (40, 95)))
ALL = ("rag", "fine_tuning", "hybrid")


def along(crossovers: Crossovers, eligible: Any = ALL) -> str:
    return text.plain(crossover_text.along(crossovers, eligible, format_count))


def test_one_crossing_is_below_and_from_there():
    assert along(found(RAG_THEN_TUNED, *DEARER_HYBRID)) == "RAG below 133K, fine-tuning from there"


def test_a_jump_is_up_to_and_above_its_last_value():
    pair = Pair("rag", "fine_tuning", (root(20_000, "rag", "fine_tuning", 20_001),), (10, 20), (40, 30))

    assert along(found(pair)) == "RAG up to 20K, fine-tuning above"


def test_two_crossings_name_both_ends_of_the_middle():
    there_and_back = (root(50_000, "rag", "fine_tuning", 50_001), root(2_000_000, "fine_tuning", "rag"))
    pair = Pair("rag", "fine_tuning", there_and_back, (10, 20), (40, 90))

    assert along(found(pair)) == "RAG up to 50K, fine-tuning below 2M, RAG from there"


def test_no_crossing_says_who_leads_all_along():
    assert along(found(*DEARER_HYBRID), ("fine_tuning", "hybrid")) == "Fine-tuning cheapest all along, 1K to 10M"


def test_what_is_left_out_leads_nowhere():
    assert along(found(RAG_THEN_TUNED, *DEARER_HYBRID), ("rag", "hybrid")) == "RAG cheapest all along, 1K to 10M"


def test_nothing_known_is_no_sentence():
    assert along(found(), ALL) == ""


def bills(**finance: Any) -> Run:
    """RAG 100 to build and 100 a month, fine-tuning 1,000 and 10: 100 + 100 m = 1,000 + 10 m at m = 10."""
    costs = [
        {"architecture": key, "component": "audit", "phase": "one_time", "months": [0, 0], "usd": build}
        for key, build in (("rag", 100.0), ("fine_tuning", 1_000.0))
    ] + [
        {"architecture": key, "component": "care", "phase": "recurring", "months": [1, 120], "usd_per_month": monthly}
        for key, monthly in (("rag", 100.0), ("fine_tuning", 10.0))
    ]
    return run_scenario(
        Scenario.model_validate(
            {
                "finance": {"start_month": "2026-11", "compared": ["rag", "fine_tuning"], **finance},
                "rag": {"switched_off": ["generation"]},
                "fine_tuning": {"switched_off": ["tuned_generation"], "experiment_runs": 0},
                "extra_costs": costs,
            }
        ),
        load_book(),
    )


def test_the_months_say_until_when_and_from_when():
    # equal at the end of month 10: fine-tuning is ahead at the end of month 11
    assert text.plain(crossover_text.along_months(bills())) == "RAG until month 11, fine-tuning from there"


def test_one_leader_is_ahead_all_along():
    assert text.plain(crossover_text.along_months(bills(horizon_months=9))) == "RAG ahead all along, month 0 to 9"


@pytest.mark.parametrize(
    ("changing", "title"),
    [
        ([], "The answer stays the same along every lever"),
        (["query volume"], "The answer turns with query volume"),
        (["the months", "query volume"], "The answer turns with the months and query volume"),
    ],
)
def test_the_title_names_what_turns_the_answer(changing, title):
    assert crossover_text.turns_finding(changing) == title


@pytest.mark.parametrize("preset", PRESETS)
def test_the_words_agree_with_the_totals_on_both_sides_of_each_turn(preset):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    run = Run(scenario, load_book())
    crossovers = crossovers_of(scenario, load_book(), {VOLUME: (None, None)})[VOLUME]
    leaders = crossovers.leaders(run.eligible)
    wrong = []
    for (start, leader), end in zip(leaders, [*(value for value, _ in leaders[1:]), crossovers.high], strict=True):
        middle = (start * end) ** 0.5
        there = Run(changed(scenario, {VOLUME: middle}), load_book())
        wrong += [] if there.cheapest == leader else [f"{middle:g}: {there.cheapest}, said {leader}"]

    assert wrong == []


# What stands beside the verdict


def preset(name: str, **values: Any) -> Run:
    settings = {"finance.start_month": "2026-11", **values}
    return run_scenario(changed(PRESETS[name].scenario, settings, load_book()), load_book())


def test_plain_prompting_that_costs_less_is_named_with_its_cost():
    run = preset("support-bot")
    cost = text.money_of(run)(run.prompting.tco_usd)

    assert f"Plain prompting would cost {cost}, if it is good enough." in text.verdict(run).sentence


def test_plain_prompting_that_costs_more_is_not_named():
    run = preset("support-bot", **{"prompting.few_shot_tokens": 500_000})

    assert "prompting" not in text.verdict(run).sentence


def test_the_source_s_advice_and_the_cost_answer_agree_or_not():
    agrees, differs = preset("support-bot"), preset("email-drafts")

    assert text.plain(text.agreement(agrees)) == "The preset's source advises RAG; the cost answer agrees."
    assert text.plain(text.agreement(differs)) == (
        "The preset's source advises fine-tuning; on cost alone RAG is ahead."
    )
    close = preset("email-drafts", **{"finance.too_close_share": 0.5})
    assert text.plain(text.agreement(close)) == (
        "The preset's source advises fine-tuning; the cost answer is too close to call."
    )


def test_idle_hosting_is_said_in_percent():
    # one replica of 100 tokens a second serves 730 x 3,600 x 100 = 262.8M tokens a month
    run = preset(
        "support-bot",
        **{"fine_tuning.tokens_per_second_per_replica": 1e5, "finance.compared": ["rag", "fine_tuning"]},
    )
    share = run.answers["fine_tuning"].idle_share

    assert share is not None
    assert text.plain(text.idle(run)) == f"Hosting that is paid for and stands idle: Fine-tuning {share:.0%}."


def test_without_hosting_by_the_hour_nothing_stands_idle():
    assert text.idle(preset("published-low")) == ""


def test_consequences_are_beside_the_bill_until_they_count():
    aside, counted = bills(), bills(consequences_in_tco=True)

    assert "wrong answers and delay (beside the bill)" in text.not_included(aside)
    assert "wrong answers" not in text.not_included(counted)
