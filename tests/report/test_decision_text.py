"""Sentences of the decision: the answer first, nothing ruled out ever called cheapest, every number a result."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.crossover import crossovers
from costmodel.decision.decide import Decision, decide
from costmodel.decision.rules import RULES
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import MILESTONES, Run, run_scenario
from costmodel.scenario import FIELDS
from pricing.catalog import load_book
from report import decision_order, decision_table, text
from report.decision_questions import AUTHORS, QUESTIONS, consequence, reasons, reasons_finding, works
from report.decision_text import cost_words, fit_clause, fit_words, launch, panel_finding, verdict
from report.method import fit
from report.method.blocks import Section, Table
from report.sentence import money_of, plain, totals

START = date(2026, 11, 14)
CHEAP_RAG = {"architecture": "rag", "component": "grant", "phase": "one_time", "months": [0, 0], "usd": -40_000}


def run_of(preset: str = DEFAULT_PRESET, more: dict[str, Any] | None = None, **requirements: Any) -> Run:
    """A preset with these answers, and other values by path."""
    values = {f"requirements.{name}": value for name, value in requirements.items()} | (more or {})
    return run_scenario(changed(resolved(PRESETS[preset].scenario, START), values), load_book())


def headline(run: Run) -> str:
    return plain(verdict(run, decide(run)).headline)


def lead(run: Run) -> str:
    return plain(verdict(run, decide(run)).lead)


# The answer


def test_with_no_answer_the_page_invites_and_says_what_cost_says():
    run = run_of()
    usd = money_of(run)(run.answers["fine_tuning"].tco_usd)

    assert headline(run) == "A few questions decide which architecture fits"
    assert lead(run).startswith(f"On cost alone fine-tuning is cheapest, {usd} over 24 months. Answer what you know")
    assert panel_finding(decide(run)) == "Cost is known, fit is not asked yet"


def test_cost_and_hard_rules_that_disagree_are_said_plainly():
    run = run_of(citations=True, freshness="weekly")
    rag, tuned = run.answers["rag"].tco_usd, run.answers["fine_tuning"].tco_usd
    money = money_of(run)

    assert headline(run) == "Cost says fine-tuning, but weekly updates and citations rule it out alone"
    assert lead(run) == (
        f"Of the rest RAG fits as well as hybrid and is cheapest: {money(rag)} over 24 months, "
        f"{money(rag - tuned)} more than fine-tuning would cost."
    )


def test_one_hard_rule_is_one():
    latency = {"fine_tuning.added_latency_ms": 2_000.0}

    assert headline(run_of(more=latency, latency_budget_ms=1_500.0)) == (
        "Cost says fine-tuning, but a budget of 1,500 ms rules it out"
    )


def test_fit_and_cost_that_agree_are_one_sentence():
    run = run_of("support-bot", {"extra_costs": [CHEAP_RAG]}, task_breadth="broad", team_capacity="limited")

    assert headline(run) == "RAG fits best and is cheapest"


def test_a_better_fit_says_what_it_costs_more_and_how_many_answers_speak_for_it():
    run = run_of("support-bot", gap="both")
    more = run.answers["hybrid"].tco_usd - run.answers["rag"].tco_usd

    assert headline(run) == "RAG is cheapest, but hybrid fits better"
    assert f"Hybrid costs {money_of(run)(more)} more." in lead(run)
    assert "Your answers: hybrid 1 for, 0 against; RAG 0 for, 1 against." in lead(run)


def test_what_alone_is_left_is_said_with_what_the_others_are_ruled_out_by():
    run = run_of(examples_available=100.0)

    assert headline(run) == "Cost says fine-tuning, but fewer than 500 examples rule it out"
    assert lead(run).startswith("RAG is all that is left: ")
    assert lead(run).endswith("Hybrid is ruled out by fewer than 500 examples.")


def test_when_nothing_fits_the_way_out_is_named():
    run = run_of(latency_budget_ms=300.0, citations=True)

    assert headline(run) == "Nothing that is compared fits all that you ask for"
    assert lead(run) == (
        "RAG and hybrid are ruled out by a budget of 300 ms. Fine-tuning is ruled out by citations. "
        "Ease one of these answers, or compare another architecture."
    )


def test_answers_that_favour_nobody_say_so():
    assert headline(run_of("support-bot", team_capacity="strong")) == "Your answers favour none; RAG is cheapest"


@pytest.mark.parametrize(
    ("requirements", "words"),
    [
        ({"gap": "both"}, "On cost fine-tuning and RAG are too close to call, but hybrid fits better"),
        ({"gap": "behaviour"}, "Fine-tuning fits best; on cost it is too close to RAG to call"),
        ({"team_capacity": "strong"}, "Your answers favour none; fine-tuning and RAG are too close to call on cost"),
        ({"citations": True}, "Cost says fine-tuning, but citations rule it out alone"),
    ],
)
def test_costs_that_are_too_close_to_call_name_no_cheapest(requirements, words):
    run = run_of(more={"finance.too_close_share": 0.5}, **requirements)

    assert headline(run) == words
    assert "cheapest" not in lead(run)


def test_the_present_value_is_called_so():
    run = run_of("support-bot", gap="both")

    assert "in present value" in plain(verdict(run, decide(run, present=True)).lead)


# The clause on the Overview


@pytest.mark.parametrize(
    ("requirements", "clause"),
    [
        ({}, ""),
        ({"team_capacity": "strong"}, ""),
        (
            {"freshness": "weekly", "citations": True},
            "Weekly updates and citations: fine-tuning alone is unlikely to work.",
        ),
        ({"examples_available": 499.0}, "Fewer than 500 examples: fine-tuning and hybrid are unlikely to work."),
        ({"gap": "both"}, "By what you ask for, hybrid fits better than fine-tuning."),
    ],
)
def test_the_clause_says_what_was_asked_and_nothing_otherwise(requirements, clause):
    assert plain(fit_clause(run_of(**requirements))) == clause


# Nothing that is ruled out is ever called cheapest

requirements = st.fixed_dictionaries(
    {},
    optional={
        "gap": st.sampled_from(["information", "behaviour", "both"]),
        "freshness": st.sampled_from(["static", "quarterly", "monthly", "weekly", "daily", "hourly"]),
        "task_breadth": st.sampled_from(["narrow", "broad"]),
        "consistency": st.sampled_from(["variable", "strict"]),
        "citations": st.booleans(),
        "latency_budget_ms": st.sampled_from([300.0, 349.0, 350.0, 499.0, 500.0, 1_500.0]),
        "examples_available": st.sampled_from([0.0, 499.0, 500.0, 1_000.0]),
        "team_capacity": st.sampled_from(["limited", "strong"]),
    },
)


def sentences(run: Run, decision: Decision, present: bool) -> list[str]:
    """All that is said of who is cheapest, names as marks."""
    said = [verdict(run, decision), text.verdict(run, present)]
    sums = {months: {key: run.total_usd(key, months, present) for key in run.answers} for months in MILESTONES}
    words = [
        *(part for each in said for part in (f"{each.headline}.", each.lead, *each.notes)),
        fit_clause(run),
        text.agreement(run, present),
        text.chart_finding(run, present),
        text.milestones_finding(run, sums),
        decision_order.order_finding(decision),
        decision_order.order_caption(run, decision),
    ]
    return [sentence for word in words for sentence in re.split(r"(?<=[.;])\s", word) if sentence]


@settings(max_examples=80, deadline=None)
@given(
    preset=st.sampled_from(sorted(PRESETS)),
    given_answers=requirements,
    share=st.sampled_from([0.0, 0.05, 0.6]),
    present=st.booleans(),
)
def test_no_sentence_calls_something_cheapest_that_is_ruled_out(preset, given_answers, share, present):
    run = run_of(preset, {"finance.too_close_share": share}, **given_answers)
    decision = decide(run, present)
    everything = sentences(run, decision, present)

    for key in run.ruled_out:
        marks = re.compile(rf"\{{{key}\}}", flags=re.IGNORECASE)
        for sentence in everything:
            for place in re.finditer(r"cheapest|leads|stays ahead", sentence):
                assert not marks.search(sentence[: place.start()]), sentence
        assert cost_words(run, decision, key, money_of(run))[1] in ("left out", "not compared", "a price is missing")
    assert all("None" not in sentence and "nan" not in sentence for sentence in everything)


def test_along_a_driver_nobody_ruled_out_leads():
    run = run_of(citations=True)
    found = crossovers(run.scenario, load_book(), "workload.queries_per_month", 1_000, 1_000_000)

    assert "fine_tuning" not in {key for _, key in found.leaders(run.eligible)}


# The questions, and what follows from each


def test_every_requirement_is_a_question_with_words_for_each_of_its_values():
    for question in QUESTIONS:
        facts = FIELDS[question.path]
        if facts.numeric:
            assert question.said(1500.0) == f"1,500 {question.unit}"
        elif facts.kind == "choice":
            assert set(question.options) == set(facts.options)
        else:
            assert set(question.options) == {True, False}


def test_what_follows_from_an_answer_is_said_below_it():
    run = run_of(citations=True, team_capacity="strong")
    decision, by_path = decide(run), {each.path: each for each in QUESTIONS}
    keys = [*run.answers]

    assert plain(consequence(decision, by_path["requirements.citations"], keys)) == (
        "Rules out fine-tuning; for RAG and hybrid."
    )
    assert consequence(decision, by_path["requirements.team_capacity"], keys) == ("Nothing follows from this answer.")
    assert consequence(decision, by_path["requirements.gap"], keys) == ""


def test_every_reason_says_who_says_so_and_the_works_are_named_in_full():
    run = run_of(citations=True, freshness="weekly")
    decision, keys = decide(run), [*run.answers, "prompting"]
    found = reasons(decision, keys)

    assert [(each.answer, each.effect) for each in found] == [
        ("Weekly", "Rules out"),
        ("Weekly", "For"),
        ("Weekly", "Against"),
        ("Yes", "Rules out"),
        ("Yes", "Rules out"),
        ("Yes", "For"),
    ]
    assert all(each.source for each in found)
    assert found[2].source == "A guess: our reading; nobody published it"
    assert found[0].source.startswith("Veld Systems: ")
    cited = {work for work in AUTHORS for rule in RULES if rule.source.text in str(found) and work in rule.source.text}
    assert all(work in works(decision, keys) for work in cited)
    assert reasons_finding(decision, keys) == "3 reasons rule something out, 3 reasons weigh for or against"


def test_reasons_that_are_shared_are_said_once():
    run = run_of(examples_available=100.0)
    found = [plain(each.sentence) for each in reasons(decide(run), [*run.answers])]

    assert found[0] == "Fine-tuning, hybrid: needs 500 good examples and gets 100."


@pytest.mark.parametrize(
    ("requirements", "key", "words"),
    [
        ({}, "rag", ("", "Not asked")),
        ({"citations": True}, "fine_tuning", ("Ruled out", "by citations")),
        ({"citations": True}, "rag", ("Fits best", "1 for, 0 against")),
        ({"gap": "both"}, "rag", ("Fits badly", "0 for, 1 against")),
        ({"gap": "both", "task_breadth": "broad", "citations": True}, "rag", ("Fits", "2 for, 1 against")),
        ({"team_capacity": "strong"}, "rag", ("Neutral", "0 for, 0 against")),
    ],
)
def test_fit_is_a_word_and_what_it_rests_on(requirements, key, words):
    assert fit_words(decide(run_of(**requirements)), key) == words


@pytest.mark.parametrize(("weeks", "words"), [(0, "not set"), (1, "1 week"), (3, "3 weeks"), (4.5, "4.5 weeks")])
def test_a_launch_is_so_many_weeks_away(weeks, words):
    assert launch(weeks) == words


# The order


def test_the_steps_say_what_each_costs_and_all_together():
    run = run_of(gap="information")
    decision, money = decide(run), money_of(run)
    built = sum(step.build_usd for step in decision.steps)
    rag = decision.steps[1]

    assert plain(decision_order.order_finding(decision)) == "Start with prompting, then add RAG, tune last"
    assert f"All 3 steps together cost {money(built)} to build and take 10 weeks" in plain(
        decision_order.order_caption(run, decision)
    )
    assert decision_order.step_rows(rag, money) == [
        ("Build", money(run.answers["rag"].phase_usd("one_time"))),
        ("Per month at the end", money(run.answers["rag"].run_rate_usd)),
        ("Takes", "3 weeks"),
    ]
    assert plain(decision_order.step_title(decision.steps[2], 3)) == "3 Hybrid, on top of RAG"


def test_a_step_that_is_ruled_out_is_left_out_of_the_order_and_its_sum():
    run = run_of(examples_available=100.0, citations=True)
    decision = decide(run)
    prompting, rag, hybrid = decision.steps
    both = money_of(run)(prompting.build_usd + rag.build_usd)

    assert plain(decision_order.order_finding(decision)) == "Start with prompting, then add RAG; leave out hybrid"
    assert decision_order.order_caption(run, decision).startswith(f"Both steps together cost {both} to build")
    assert decision_order.step_remark(hybrid) == "Ruled out by fewer than 500 examples. Leave it out."
    assert decision_order.step_remark(prompting) == "Ruled out by citations. Good for learning, not for launch."
    assert decision_order.step_remark(rag) == ""


def test_three_answers_for_rag_are_enough_to_start_there():
    two = run_of(citations=True, freshness="weekly")
    three = run_of(citations=True, freshness="weekly", task_breadth="broad")

    assert "answers point to" not in decision_order.order_caption(two, decide(two))
    assert "3 answers point to {rag}; 3 are enough" in decision_order.order_caption(three, decide(three))


@pytest.mark.parametrize(
    ("delay", "end"),
    [(0.0, "What a week of delay costs is not set (People and money)."), (5_000.0, "in all.")],
)
def test_the_wrong_turn_adds_up_its_build_and_its_delay(delay, end):
    run = run_of(more={"finance.delay_usd_per_week": delay}, citations=True)
    turn, money = decide(run).wrong_turn, money_of(run)
    build = run.answers["fine_tuning"].phase_usd("one_time")
    said = decision_order.wrong_turn(turn, money, delay)

    assert plain(decision_order.wrong_turn_title(turn)) == "The wrong turn: fine-tuning first, and back"
    assert said.startswith(f"{money(build)} of build and 6 weeks (1.4 months) are lost.")
    assert said.endswith(end)
    assert (f"that is {money(build + 6 * delay)} in all" in said) == bool(delay)


# The Method


def test_every_rule_is_a_row_of_the_method_with_its_condition_and_its_source():
    sections = [each for each in fit.blocks() if isinstance(each, Section)]
    rows = [row for each in sections for block in each.blocks if isinstance(block, Table) for row in block.rows]
    said = "\n".join(" ".join(row) for row in rows)

    assert len(rows) == len(RULES)
    assert all(rule.source.text[1:] in said for rule in RULES)
    assert ("below its added latency", "rules out") in [row[:2] for row in rows]
    assert ("below 500 examples", "rules out") in [row[:2] for row in rows]
    assert ("Weekly, Daily or Hourly", "rules out") in [row[:2] for row in rows]
    assert "{" not in said


# Files


def test_the_rows_have_one_line_for_each_thing_a_rule_says():
    decision = decide(run_of(citations=True, freshness="weekly"))
    rows = list(csv.DictReader(io.StringIO(decision_table.rows_csv(decision))))
    said = sum(len(fit.speaks_for + fit.against + fit.rules_out) for fit in decision.fits.values())

    assert len(rows) == said
    assert tuple(rows[0]) == decision_table.COLUMNS
    assert {row["effect"] for row in rows if row["architecture"] == "fine_tuning"} == {"rules_out"}


def test_the_plain_values_can_be_written_as_json_and_say_what_is_ruled_out():
    run = run_of(citations=True)
    found = json.loads(json.dumps(decision_table.as_dict(run, decide(run)), allow_nan=False))

    assert found["requirements"] == {"citations": True}
    assert found["architectures"]["fine_tuning"]["ruled_out"] is True
    assert found["architectures"]["prompting"]["tco_usd"] is None
    assert found["architectures"]["rag"]["tco_usd"] == totals(run)["rag"]
    assert [step["architecture"] for step in found["order"]] == ["prompting", "rag", "hybrid"]
    assert found["wrong_turn"]["sunk_usd"] == run.answers["fine_tuning"].phase_usd("one_time")


def test_the_table_tells_answer_fit_cost_order_and_what_was_not_asked():
    run = run_of(citations=True)
    said = decision_table.table(run, decide(run))

    assert said.startswith(headline(run))
    assert "rules out: Fine-tuning: cannot name the sources of an answer." in said
    assert "Not asked: requirements.gap, " in said
