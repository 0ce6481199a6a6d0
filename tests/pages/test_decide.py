"""The Decide page: answers live in the scenario, rule out on every page, can be undone, and travel in the link."""

from __future__ import annotations

import re
from html import unescape

import pytest

from costmodel import link
from costmodel.decision.decide import decide
from report.decision_questions import NOT_ASKED, QUESTIONS
from report.decision_text import fit_clause, verdict
from report.sentence import plain

DECIDE, OVERVIEW, BREAKDOWN = "pages/decide.py", "app.py", "pages/breakdown.py"
ANSWERS = {"requirements.citations": True, "requirements.freshness": "weekly", "requirements.gap": "information"}


def choose(screen, name, value):
    """Answer a question of choices."""
    every = screen.at.get("button_group")
    widget = next(each for each in every if (each.key or "").startswith(f"question {name} "))
    widget.set_value(value)
    screen.rerun()


def chosen(screen):
    """What every question of choices stands at, by its name."""
    found = [each for each in screen.at.get("button_group") if (each.key or "").startswith("question ")]
    return {each.key.split()[1]: each.value for each in found}


def read(screen, kind):
    """One of the page's pieces of HTML as it reads."""
    body = next(body for body in screen.bodies if f'class="{kind}"' in body)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def expected(screen):
    return plain(verdict(screen.run, decide(screen.run)).headline)


def test_with_no_answer_the_page_invites_and_judges_nothing(opened):
    screen = opened(DECIDE)
    screen.check()

    assert screen.headline == "A few questions decide which architecture fits" == expected(screen)
    assert set(chosen(screen).values()) == {NOT_ASKED}
    assert screen.scenario.requirements is None
    assert screen.run.excluded == {}
    assert not any('class="reasons"' in body for body in screen.bodies)
    assert "Start with prompting, then add RAG, tune last" in screen.words


def test_every_question_has_a_widget(opened):
    screen = opened(DECIDE)
    numbers = [each.key.split()[1] for each in screen.at.number_input if (each.key or "").startswith("question ")]

    assert sorted([*chosen(screen), *numbers]) == sorted(each.path.split(".")[1] for each in QUESTIONS)


def test_answers_rule_out_and_every_page_says_so(opened):
    screen = opened(DECIDE)
    choose(screen, "freshness", "weekly")
    choose(screen, "citations", True)
    screen.check()

    assert screen.headline == "Cost says fine-tuning, but weekly updates and citations rule it out alone"
    assert "Fine-tuning Ruled out by weekly updates and citations" in read(screen, "fit")
    assert "Rules out" in read(screen, "reasons")

    screen.go_to(OVERVIEW)
    screen.check()
    card = screen.cards["Fine-tuning"]

    assert card.excluded
    assert card.below != "cheapest"
    assert screen.run.cheapest == "rag"
    assert "fine-tuning costs" not in screen.headline.lower()

    screen.go_to(BREAKDOWN)
    screen.check()

    assert "less than fine-tuning" not in screen.headline.lower()


def test_every_answer_of_every_question_is_shown_without_an_error(opened):
    screen = opened(DECIDE)
    for question in QUESTIONS:
        for answer in question.options:
            choose(screen, question.path.split(".")[1], answer)
            screen.check()

            assert screen.headline == expected(screen)


@pytest.mark.parametrize(("answer", "out"), [(499.0, True), (500.0, False)])
def test_a_number_rules_out_from_its_limit_on(opened, answer, out):
    screen = opened(DECIDE)
    screen.put("number_input", "question examples_available", answer)
    screen.check()

    assert ("hybrid" in screen.run.excluded) == out
    assert screen.scenario.requirements.examples_available == answer


def test_a_number_that_is_taken_away_is_not_asked(opened, link_to):
    screen = opened(DECIDE, link_to({"requirements.latency_budget_ms": 300.0}))
    assert "rag" in screen.run.excluded

    screen.put("number_input", "question latency_budget_ms", None)
    screen.check()

    assert screen.scenario.requirements is None
    assert screen.run.excluded == {}


def test_each_answer_is_a_step_that_can_be_undone(opened):
    screen = opened(DECIDE)
    choose(screen, "gap", "both")
    choose(screen, "citations", True)

    screen.at.button(key="undo").click()
    screen.rerun()

    assert screen.scenario.requirements.citations is None
    assert chosen(screen)["citations"] == NOT_ASKED
    assert chosen(screen)["gap"] == "both"

    screen.at.button(key="undo").click()
    screen.rerun()
    screen.check()

    assert screen.scenario.requirements is None


def test_not_asked_takes_an_answer_back(opened, link_to):
    screen = opened(DECIDE, link_to(ANSWERS))
    for name in ("citations", "freshness", "gap"):
        choose(screen, name, NOT_ASKED)
    screen.check()

    assert screen.scenario.requirements is None


def test_the_link_carries_the_answers(opened, link_to):
    screen = opened(DECIDE, link_to(ANSWERS))
    restored, _ = link.decoded(screen.address.removeprefix("s="))

    assert {name: chosen(screen)[name] for name in ("citations", "freshness", "gap")} == {
        "citations": True,
        "freshness": "weekly",
        "gap": "information",
    }
    assert restored.requirements == screen.scenario.requirements
    assert screen.headline == expected(screen)


def test_the_steps_and_the_wrong_turn_show_results(opened, link_to):
    screen = opened(DECIDE, link_to({**ANSWERS, "finance.delay_usd_per_week": 5_000.0}))
    decision, shown = decide(screen.run), read(screen, "steps")

    for number, step in enumerate(decision.steps, 1):
        assert f"{number} " in shown
        assert f"{step.weeks:g} week" in shown
    assert "The wrong turn: fine-tuning first, and back" in re.sub(r" ,", ",", shown)
    assert "$5.0K a week" in shown


def test_present_value_is_followed(opened, link_to):
    screen = opened(DECIDE, link_to({"requirements.gap": "both"}, {"value": "present"}))
    screen.check()

    assert "in present value" in screen.lead


def test_the_clause_for_the_overview_speaks_of_the_scenario_on_screen(opened, link_to):
    screen = opened(DECIDE, link_to(ANSWERS))

    assert plain(fit_clause(screen.run)) == "Weekly updates and citations: fine-tuning alone is unlikely to work."
