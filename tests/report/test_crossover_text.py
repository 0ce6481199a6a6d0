"""Sentences on where the answer turns, from crossovers and bills that a reader can add up."""

from __future__ import annotations

from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from costmodel.spans import Span
from costmodel.tracks import horizon_track
from pricing.catalog import load_book
from report import crossover_text, text

VOLUME = "workload.queries_per_month"


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


def months(run: Run, present: bool = False) -> str:
    track = horizon_track(run, Span(1, run.horizon, whole=True), present)
    return text.plain(crossover_text.along_months(run, track, present))


def test_the_months_say_until_when_and_from_when_and_in_which_it_is_too_close():
    # equal at the end of month 10, 1,100 each; 1,000 to 1,090 in month 9 and 1,200 to 1,110 in month 11 are 8 % apart
    said = "RAG until month 11, fine-tuning from there; too close to call in month 10"

    assert months(bills()) == said


def test_several_months_that_are_too_close_are_a_span():
    # 8.3 % apart in month 9 (90 of 1,090), 7.5 % in month 11 (90 of 1,200), 13.8 % in month 12 (180 of 1,300)
    assert months(bills(too_close_share=0.085)).endswith("; too close to call in months 9 to 11")


def test_one_leader_is_ahead_all_along():
    assert months(bills(horizon_months=9)) == "RAG ahead all along, month 0 to 9"


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
