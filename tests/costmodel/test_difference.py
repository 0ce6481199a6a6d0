"""The difference of two bills: its lines add up to the difference of the totals, whatever the two bills are."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.difference import changed_lines, costs, difference, family_of, summed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from costmodel.scenario import Scenario
from pricing.book import PriceBook
from pricing.catalog import load_book
from tests.costmodel.strategies import questions

PATIENT = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return load_book()


@pytest.fixture(scope="module")
def preset() -> Scenario:
    return resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY)


def pairs(run: Run) -> list[tuple[Any, Any]]:
    """Every pair of architectures of one run."""
    return [(a, b) for a in run.answers.values() for b in run.answers.values()]


def adds_up(a: Any, b: Any, present: bool = False) -> bool:
    """Whether the lines between two answers add up to the difference of their totals."""
    delta = summed(difference(a, b, present=present))
    if a.missing or b.missing:
        return delta is None
    totals = [answer.present_value_usd if present else answer.tco_usd for answer in (a, b)]
    largest = max(*map(abs, totals), *(abs(usd) for each in (a, b) for usd in each.monthly_usd), 1.0)
    return delta is not None and abs(delta - (totals[1] - totals[0])) <= min(0.005, 1e-9 * largest)


@given(questions(), st.booleans())
@PATIENT
def test_the_lines_between_two_architectures_add_up_to_the_difference_of_their_totals(question, present):
    run = Run(*question)

    assert all(adds_up(a, b, present) for a, b in pairs(run))


@given(questions(), questions(), st.booleans())
@PATIENT
def test_the_lines_between_two_scenarios_add_up_whatever_their_horizons_and_prices(one, other, present):
    before, after = Run(*one), Run(*other)
    both = set(before.answers) & set(after.answers)

    assert all(adds_up(before.answers[key], after.answers[key], present) for key in both)


@given(questions())
@PATIENT
def test_the_way_back_is_the_same_with_the_other_sign(question):
    run = Run(*question)
    wrong = []
    for a, b in pairs(run):
        there = {(each.component, each.phase): each.delta_usd for each in difference(a, b)}
        back = {(each.component, each.phase): each.delta_usd for each in difference(b, a)}
        negated = {key: None if usd is None else -usd for key, usd in back.items()}
        wrong += [] if there == negated else [(a.bill.architecture, b.bill.architecture)]

    assert wrong == []


@given(questions())
@PATIENT
def test_nothing_lies_between_a_bill_and_itself(question):
    run = Run(*question)
    deltas = [each.delta_usd for answer in run.answers.values() for each in difference(answer, answer)]

    assert set(deltas) <= {0.0, None}


@given(questions())
@PATIENT
def test_what_a_line_costs_on_either_side_is_what_the_ledger_says(question):
    run = Run(*question)
    ledger = run.ledger()
    if not run.scenario.finance.consequences_in_tco:
        ledger = ledger[ledger.scope == "bill"]
    wrong = []
    for key, answer in run.answers.items():
        own = ledger[ledger.architecture == key]
        for (component, phase), usd in costs(answer).items():
            rows = own[(own.component == component) & (own.phase == phase)].cost_usd
            exact = None if rows.isna().any() else math.fsum(rows)
            wrong += [] if usd == exact else [(key, component, phase, usd, exact)]

    assert wrong == []


def test_components_with_both_sides(preset, book):
    run = Run(preset, book)
    moved = {(each.component, each.phase): each for each in difference(run.answers["rag"], run.answers["fine_tuning"])}
    build = moved["build_labour", "one_time"]
    tokens = moved["generation", "recurring"]

    assert (build.family, build.a_usd, build.b_usd) == ("people", 2 * 3738, 7 * 3738)
    assert build.delta_usd == 5 * 3738
    assert (tokens.family, tokens.b_usd) == ("tokens", 0.0)
    assert tokens.a_usd == pytest.approx(-tokens.delta_usd)


def test_a_longer_horizon_moves_what_its_months_cost(preset, book):
    longer = changed(preset, {"finance.horizon_months": 36})
    moved = changed_lines(Run(preset, book), Run(longer, book))
    before, after = Run(preset, book), Run(longer, book)
    upkeep = next(each for each in moved["rag"] if each.component == "rag_maintenance")

    assert upkeep.b_usd > 1.4 * upkeep.a_usd
    assert next(each for each in moved["rag"] if each.component == "build_labour").delta_usd == 0
    for key, lines in moved.items():
        assert summed(lines) == pytest.approx(after.answers[key].tco_usd - before.answers[key].tco_usd, rel=1e-12)


def test_only_the_months_that_are_asked_for(preset, book):
    run = Run(preset, book)
    a, b = run.answers["rag"], run.answers["fine_tuning"]
    build, rest = (summed(difference(a, b, months=months)) for months in ((0, 0), (1, 24)))

    assert build == pytest.approx(b.monthly_usd[0] - a.monthly_usd[0])
    assert build + rest == pytest.approx(b.tco_usd - a.tco_usd)
    assert summed(difference(a, b, months=(0, 30))) == pytest.approx(b.total_usd(30) - a.total_usd(30))


def test_a_missing_price_is_no_amount(preset, book):
    run = Run(changed(preset, {"rag.model": None}), book)
    moved = difference(run.answers["rag"], run.answers["fine_tuning"])
    tokens = next(each for each in moved if each.component == "generation")

    assert (tokens.a_usd, tokens.b_usd, tokens.delta_usd) == (None, 0.0, None)
    assert summed(moved) is None
    assert summed(each for each in moved if each.delta_usd is not None) is not None


@pytest.mark.parametrize("counted", [True, False])
def test_consequences_are_lines_only_where_totals_count_them(preset, book, counted):
    values = {"quality.usd_per_wrong_answer": 0.1, "rag.correct_share": 0.9, "finance.consequences_in_tco": counted}
    run = Run(changed(preset, values), book)
    moved = difference(run.answers["rag"], run.answers["fine_tuning"])
    families = {each.component: each.family for each in moved}

    assert families.get("wrong_answers") == ("consequence" if counted else None)
    assert adds_up(run.answers["rag"], run.answers["fine_tuning"])


def test_what_is_typed_in_under_a_name_of_its_own_is_other(preset, book):
    typed = [
        {"architecture": "rag", "component": name, "phase": "one_time", "months": [0, 0], "usd": 7.0}
        for name in ("licence", "wrong_answers", "generation")
    ]
    run = Run(changed(preset, {"extra_costs": typed}), book)
    lines = [line for line in run.answers["rag"].bill.lines if line.typed_in]

    assert [family_of(line) for line in lines] == ["other", "other", "tokens"]


def test_an_architecture_that_was_not_compared_before_has_no_difference(preset, book):
    alone = changed(preset, {"finance.compared": ["rag"]})

    assert set(changed_lines(Run(alone, book), Run(preset, book))) == {"rag"}
