"""Fit beside cost: what each rule says at its boundary, what is ruled out, in which order to build, what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed
from costmodel.decision.decide import decide
from costmodel.decision.fit import answers, fits, roles, tuned_alone_share
from costmodel.decision.rules import FIVE_QUESTIONS, PATHS, ROLES, RULES
from costmodel.results import Run, run_scenario
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario
from tests.costmodel.office import BOOK, OFFICE, run

NAMES = [path.removeprefix("requirements.") for path in PATHS]
GROUNDED = {"hybrid.kind": "grounded"}
ROUTES_ONLY = {"hybrid.kind": "routed", "hybrid.router_answers_share": 0.0}
SPLIT = {"hybrid.kind": "split", "hybrid.fine_tuned_share": 0.4}


def asked(more: dict[str, Any] | None = None, **requirements: Any) -> Scenario:
    """The office with these answers, and other values by path."""
    return changed(OFFICE, {f"requirements.{name}": value for name, value in requirements.items()} | (more or {}))


def found(scenario: Scenario, rule: str) -> set[str]:
    """The architectures of which a rule says something."""
    return {
        key
        for key, fit in fits(scenario).items()
        for each in (*fit.speaks_for, *fit.against, *fit.rules_out)
        if each.rule.id == rule
    }


def answered(scenario: Scenario) -> Run:
    return run_scenario(scenario, BOOK)


# Each rule: it holds on one side of its boundary and not on the other

LATENCY = {"rag.added_latency_ms": 350.0}
PAIRS: list[tuple[str, str, Any, Any, set[str], dict[str, Any]]] = [
    ("information", "gap", "information", "both", {"rag", "hybrid"}, GROUNDED),
    ("information-tuned", "gap", "information", "behaviour", {"fine_tuning"}, {}),
    ("information-prompting", "gap", "both", "behaviour", {"prompting"}, {}),
    ("behaviour", "gap", "behaviour", "both", {"fine_tuning", "hybrid"}, GROUNDED),
    ("behaviour-retrieving", "gap", "behaviour", "information", {"rag", "hybrid"}, ROUTES_ONLY),
    ("both", "gap", "both", "behaviour", {"hybrid"}, GROUNDED),
    ("both-retrieving", "gap", "both", "information", {"rag"}, {}),
    ("both-tuned", "gap", "both", "behaviour", {"fine_tuning"}, {}),
    ("often-tuned", "freshness", "weekly", "monthly", {"fine_tuning"}, {}),
    ("updates", "freshness", "quarterly", "static", {"rag", "hybrid"}, GROUNDED),
    ("often-mixed", "freshness", "weekly", "monthly", {"hybrid"}, {}),
    ("often-prompting", "freshness", "hourly", "monthly", {"prompting"}, {}),
    ("monthly-tuned", "freshness", "monthly", "weekly", {"fine_tuning"}, {}),
    ("static", "freshness", "static", "quarterly", {"fine_tuning"}, {}),
    ("narrow", "task_breadth", "narrow", "broad", {"fine_tuning"}, {}),
    ("broad", "task_breadth", "broad", "narrow", {"rag", "hybrid"}, GROUNDED),
    ("broad-tuned", "task_breadth", "broad", "narrow", {"fine_tuning"}, {}),
    ("strict", "consistency", "strict", "variable", {"fine_tuning", "hybrid"}, GROUNDED),
    ("strict-retrieving", "consistency", "strict", "variable", {"rag"}, {}),
    ("strict-prompting", "consistency", "strict", "variable", {"prompting"}, {}),
    ("variable", "consistency", "variable", "strict", {"rag"}, {}),
    ("citations-tuned", "citations", True, False, {"fine_tuning"}, {}),
    ("citations-prompting", "citations", True, False, {"prompting"}, {}),
    ("citations", "citations", True, False, {"rag", "hybrid"}, GROUNDED),
    ("citations-mixed", "citations", True, False, {"hybrid"}, SPLIT),
    ("latency-over", "latency_budget_ms", 349.0, 350.0, {"rag"}, LATENCY),
    ("latency-short", "latency_budget_ms", 499.0, 500.0, {"fine_tuning"}, {}),
    ("latency-short-retrieving", "latency_budget_ms", 499.0, 500.0, {"rag", "hybrid"}, {}),
    ("latency-short-prompting", "latency_budget_ms", 499.0, 500.0, {"prompting"}, {}),
    ("latency-long", "latency_budget_ms", 1001.0, 1000.0, {"rag", "hybrid"}, GROUNDED),
    ("examples-few", "examples_available", 499.0, 500.0, {"fine_tuning", "hybrid"}, {}),
    ("examples-planned", "examples_available", 199.0, 200.0, {"fine_tuning"}, {}),
    ("examples-enough", "examples_available", 1000.0, 999.0, {"fine_tuning", "hybrid"}, {}),
    ("team-limited", "team_capacity", "limited", "strong", {"fine_tuning", "hybrid"}, {}),
    ("team-limited-rag", "team_capacity", "limited", "strong", {"rag"}, {}),
]


@pytest.mark.parametrize(("rule", "name", "holds", "does_not", "of", "more"), PAIRS, ids=[each[0] for each in PAIRS])
def test_a_rule_holds_on_one_side_of_its_boundary_only(rule, name, holds, does_not, of, more):
    assert found(asked(more, **{name: holds}), rule) == of
    assert found(asked(more, **{name: does_not}), rule) == set()


def test_every_rule_has_its_pair_and_a_name_of_its_own():
    assert [each[0] for each in PAIRS] == [rule.id for rule in RULES]


def test_every_question_is_a_field_with_rules_that_name_who_says_so():
    assert {path for path in FIELDS if path.startswith("requirements.")} == set(PATHS) == {r.path for r in RULES}
    assert set(FIVE_QUESTIONS) < set(PATHS)
    assert all(rule.source.text and rule.reason and set(rule.roles) <= set(ROLES) for rule in RULES)
    assert all(bool(rule.brief) == rule.hard for rule in RULES)


@pytest.mark.parametrize(
    ("more", "share", "expected"),
    [
        (GROUNDED, 0.0, {"hybrid", "grounded", "trained"}),
        (ROUTES_ONLY, 0.0, {"hybrid", "retrieving", "trained"}),
        ({"hybrid.kind": "routed", "hybrid.router_answers_share": 0.01}, 0.01, {"hybrid", "mixed", "trained"}),
        ({"hybrid.kind": "split", "hybrid.fine_tuned_share": 0.0}, 0.0, {"hybrid", "retrieving", "trained"}),
        ({"hybrid.kind": "split", "hybrid.fine_tuned_share": 0.99}, 0.99, {"hybrid", "mixed", "trained"}),
        ({"hybrid.kind": "split", "hybrid.fine_tuned_share": 1.0}, 1.0, {"hybrid", "tuned", "trained"}),
    ],
)
def test_a_hybrid_counts_as_what_answers_its_queries(more, share, expected):
    scenario = changed(OFFICE, more)

    assert tuned_alone_share(scenario, "hybrid") == share
    assert roles(scenario, "hybrid") == expected


def test_a_share_from_the_tuned_model_alone_is_said_with_its_size():
    (only,) = fits(asked(SPLIT, citations=True))["hybrid"].against

    assert only.reason == "gives 40% of its answers without a source"


def test_a_hybrid_is_held_against_the_examples_of_what_it_trains():
    routed = {"hybrid.kind": "routed", "hybrid.router_training_examples": 900.0}

    assert found(asked(routed, examples_available=800.0), "examples-planned") == {"hybrid"}
    assert found(asked(GROUNDED, examples_available=150.0), "examples-planned") == {"fine_tuning", "hybrid"}


def test_an_added_latency_that_is_not_given_breaks_no_budget():
    assert found(asked(latency_budget_ms=1.0), "latency-over") == set()


# What is ruled out


def test_without_requirements_nothing_is_judged():
    result = answered(OFFICE)

    assert result.ruled_out == {}
    assert result.excluded == {}
    assert decide(result).agreement == "not_asked"


def test_requirements_rule_out_with_their_names_and_the_totals_stay():
    result, before = answered(asked(citations=True, freshness="weekly")), answered(OFFICE)

    assert result.excluded == {
        "fine_tuning": "requirements.freshness: fine_tuning cannot keep up with weekly updates; "
        "requirements.citations: fine_tuning cannot name the sources of an answer",
        "prompting": "requirements.citations: prompting has no sources to name",
    }
    assert result.eligible == ["rag", "hybrid"]
    for key in ARCHITECTURES:
        assert result.answers[key].tco_usd == before.answers[key].tco_usd
    assert result.cheapest in ("rag", "hybrid")
    assert {key for _, key in result.leaders()} <= {"rag", "hybrid"}


def test_a_missing_price_comes_before_a_rule_and_too_little_quality_beside_it():
    missing = answered(asked({"fine_tuning.model": None, "fine_tuning.hosting": "serverless"}, citations=True))
    poor = answered(asked({"quality.minimum_correct_share": 0.95, "fine_tuning.correct_share": 0.9}, citations=True))

    assert missing.excluded["fine_tuning"] == missing.answers["fine_tuning"].missing != ""
    assert poor.excluded["fine_tuning"].startswith("fine_tuning.correct_share 0.9 is below")
    assert poor.excluded["fine_tuning"].endswith("cannot name the sources of an answer")


def test_prompting_as_a_mere_reference_is_ruled_out_too():
    result = answered(asked({"finance.compared": ("rag", "fine_tuning")}, citations=True))

    assert set(result.ruled_out) == {"fine_tuning", "prompting"}
    assert set(result.excluded) == {"fine_tuning"}


requirements = st.fixed_dictionaries(
    {},
    optional={
        "gap": st.sampled_from(["information", "behaviour", "both"]),
        "freshness": st.sampled_from(["static", "quarterly", "monthly", "weekly", "daily", "hourly"]),
        "task_breadth": st.sampled_from(["narrow", "broad"]),
        "consistency": st.sampled_from(["variable", "strict"]),
        "citations": st.booleans(),
        "latency_budget_ms": st.floats(0, 2_000),
        "examples_available": st.floats(0, 2_000),
        "team_capacity": st.sampled_from(["limited", "strong"]),
    },
)
hybrids = st.sampled_from([GROUNDED, ROUTES_ONLY, SPLIT, {}])


@settings(max_examples=60, deadline=None)
@given(given_answers=requirements, hybrid=hybrids)
def test_requirements_move_no_total_and_nothing_ruled_out_is_the_cheapest(given_answers, hybrid):
    plain, result = answered(changed(OFFICE, hybrid)), answered(asked(hybrid, **given_answers))
    decision = decide(result)

    for key in ARCHITECTURES:
        np.testing.assert_array_equal(result.answers[key].monthly_usd, plain.answers[key].monthly_usd)
    out = set(result.ruled_out)
    assert out == {key for key, fit in decision.fits.items() if fit.ruled_out}
    assert {result.cheapest, decision.cheapest, decision.choice, *decision.best_fit}.isdisjoint(out)
    assert (decision.cheapest is None) == (out == set(ARCHITECTURES))
    assert (decision.agreement == "not_asked") == (not given_answers)
    if decision.agreement == "overruled":
        assert decision.cheapest_by_cost in out
    assert [each.split(".")[1] for each in answers(result.scenario)] == [n for n in NAMES if n in given_answers]


# Whether cost and fit agree


@pytest.mark.parametrize(("credit", "agreement"), [(0.0, "differs"), (1e6, "agrees")])
def test_the_better_fit_agrees_only_when_it_is_cheapest(credit, agreement):
    paid_back = {"architecture": "rag", "component": "grant", "phase": "one_time", "months": [0, 0], "usd": -credit}
    decision = decide(answered(asked({"extra_costs": [paid_back]}, gap="information", task_breadth="broad")))

    assert decision.best_fit == ("rag",)
    assert decision.fits["rag"].lean == 2
    assert decision.agreement == agreement
    assert decision.choice == "rag"


def test_what_costs_least_and_is_ruled_out_is_overruled():
    grant = {"architecture": "fine_tuning", "component": "grant", "phase": "one_time", "months": [0, 0], "usd": -1e6}
    decision = decide(answered(asked({"extra_costs": [grant]}, citations=True)))

    assert decision.agreement == "overruled"
    assert decision.cheapest_by_cost == "fine_tuning"
    assert decision.cheapest in ("rag", "hybrid")


def test_answers_that_favour_nobody_leave_it_undecided():
    assert decide(answered(asked(team_capacity="strong"))).agreement == "undecided"


def test_several_answers_of_one_question_count_once():
    fit = fits(asked(examples_available=100.0, latency_budget_ms=100.0))["fine_tuning"]

    assert (fit.answers_for, fit.answers_against, len(fit.rules_out)) == (1, 1, 1)


def test_when_nothing_fits_nothing_is_cheapest():
    decision = decide(
        answered(asked({**LATENCY, "hybrid.added_latency_ms": 400.0}, latency_budget_ms=9, citations=True))
    )

    assert decision.agreement == "none_left"
    assert decision.cheapest is None
    assert decision.cheapest_by_cost is not None


def test_present_values_may_name_another_cheapest():
    scenario = asked({"finance.discount_rate_annual": 0.5})
    nominal, present = decide(answered(scenario)), decide(answered(scenario), present=True)

    for key, answer in answered(scenario).answers.items():
        assert nominal.totals_usd[key] == answer.tco_usd
        assert present.totals_usd[key] == answer.present_value_usd


# The order, and the wrong turn


def test_each_step_costs_what_it_adds_to_the_one_before():
    result = answered(asked({**GROUNDED, "hybrid.build_calendar_weeks": 8.0}, gap="both"))
    prompting, rag, hybrid = decide(result).steps
    built = answered(changed(result.scenario, {"finance.already_built": ("rag",)}))

    assert (prompting.architecture, rag.architecture, hybrid.architecture) == ("prompting", "rag", "hybrid")
    assert prompting.build_usd == result.answers["prompting"].phase_usd("one_time")
    assert rag.build_usd == result.answers["rag"].phase_usd("one_time")
    assert hybrid.build_usd == built.answers["hybrid"].phase_usd("one_time")
    assert hybrid.build_usd < result.answers["hybrid"].phase_usd("one_time")
    assert hybrid.per_month_usd == result.answers["hybrid"].run_rate_usd
    assert (rag.weeks, hybrid.weeks, hybrid.on_top_of) == (3, 8 - 3, "rag")


def test_a_later_step_never_takes_less_than_no_time():
    result = answered(asked({**GROUNDED, "hybrid.build_calendar_weeks": 2.0}))

    assert decide(result).steps[-1].weeks == 0


def test_retrieval_is_no_step_where_tuning_alone_fits_best():
    grant = {"architecture": "fine_tuning", "component": "grant", "phase": "one_time", "months": [0, 0], "usd": -1e6}
    decision = decide(answered(asked({"extra_costs": [grant]}, gap="behaviour", task_breadth="narrow")))

    assert [step.architecture for step in decision.steps] == ["prompting", "fine_tuning"]
    assert decision.wrong_turn is not None
    assert decision.wrong_turn.first == "rag"


def test_a_ruled_out_hybrid_gives_its_place_to_fine_tuning():
    decision = decide(answered(asked({"hybrid.added_latency_ms": 900.0}, latency_budget_ms=600.0)))

    assert decision.steps[-1].architecture == "fine_tuning"


def test_the_wrong_turn_loses_the_build_and_the_weeks_of_tuning():
    result = answered(asked({"fine_tuning.build_calendar_weeks": 6.5}, gap="information", citations=True))
    turn = decide(result).wrong_turn

    assert turn is not None
    assert turn.first == "fine_tuning"
    assert turn.sunk_usd == result.answers["fine_tuning"].phase_usd("one_time")
    assert turn.months == pytest.approx(1.5)
    assert turn.delay_usd == 6.5 * 700


def test_towards_a_hybrid_only_what_tuning_adds_can_be_lost():
    decision = decide(answered(asked(GROUNDED, gap="both")))

    assert decision.choice == "hybrid"
    assert decision.wrong_turn is not None
    assert decision.wrong_turn.on_top_of == "rag"
    assert decision.wrong_turn.sunk_usd == decision.steps[-1].build_usd


def test_what_is_built_already_cannot_be_lost():
    built = {"finance.already_built": ("fine_tuning",), "fine_tuning.build_calendar_weeks": 0.0}

    assert decide(answered(asked(built, gap="information"))).wrong_turn is None


def test_an_architecture_without_its_models_is_no_step():
    bare = Scenario.model_validate(
        {"finance": {"start_month": "2026-11", "compared": ["rag"]}, "requirements": {"citations": True}}
    )
    decision = decide(run(bare))

    assert [step.architecture for step in decision.steps] == ["rag"]
    assert decision.steps[0].build_usd is None
    assert decision.wrong_turn is None
    assert decision.agreement == "none_left"
