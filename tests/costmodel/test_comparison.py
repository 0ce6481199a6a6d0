"""Two scenarios side by side: totals over the months of both, lines that add up, and exactly what differs."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.comparison import Comparison, comparison
from costmodel.difference import summed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book
from tests.costmodel.strategies import questions

TODAY = date(2026, 11, 21)
VOLUME = "workload.queries_per_month"
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
COST = {"architecture": ["rag"], "component": "legal review", "phase": "one_time", "months": [0, 0], "usd": 4000.0}


@pytest.fixture(scope="module")
def presets() -> dict[str, Scenario]:
    return {name: resolved(preset.scenario, TODAY) for name, preset in PRESETS.items()}


@pytest.fixture(scope="module")
def first(presets: dict[str, Scenario]) -> Scenario:
    return presets[DEFAULT_PRESET]


def beside(first: Scenario, values: dict[str, Any], present: bool = False) -> Comparison:
    """The scenario beside itself with other values."""
    return comparison(run_scenario(first, load_book()), changed(first, values), load_book(), present=present)


def faults(found: Comparison) -> list[Any]:
    """Architectures whose lines do not add up to the difference of the totals, to a tenth of a cent."""
    wrong = []
    for key in found.comparable:
        lines, totals = summed(found.moved(key)), found.more_in_b_usd(key)
        if lines is None or totals is None or abs(lines - totals) > 0.001:
            wrong.append((key, lines, totals))
    return wrong


# Adding up


@pytest.mark.parametrize("name", PRESETS)
def test_the_lines_of_every_bill_add_up_between_any_two_presets(presets, name):
    a = run_scenario(presets[name], load_book())
    pairs = [
        comparison(a, other, load_book(), present=present) for other in presets.values() for present in (False, True)
    ]

    assert [faults(found) for found in pairs] == [[] for _ in pairs]
    assert any(found.comparable for found in pairs)


@given(questions(), questions())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_they_add_up_between_any_two_scenarios_whatever_their_horizons_and_prices(one, two):
    found = Comparison(Run(*one), Run(*two), two[0])
    wrong = []
    for key in found.comparable:
        lines, totals = summed(found.moved(key)), found.more_in_b_usd(key)
        sums = [abs(usd) for side in (found.totals_a, found.totals_b) if (usd := side[key]) is not None]
        if lines is not None and totals is not None and abs(lines - totals) > max(0.005, 1e-9 * max(sums)):
            wrong.append((key, lines, totals))

    assert wrong == []


@pytest.mark.parametrize("name", PRESETS)
def test_a_scenario_beside_itself_differs_in_nothing(presets, name):
    found = comparison(run_scenario(presets[name], load_book()), presets[name], load_book())

    assert found.differs.count == 0
    assert [found.more_in_b_usd(key) for key in found.comparable] == [0.0] * len(found.comparable)


# Unlike things


def test_with_two_horizons_both_sides_count_the_months_of_the_shorter_one(first):
    found = beside(first, {"finance.horizon_months": 36})
    long = found.b.answers["rag"].cumulative_usd

    assert (found.months, found.last_month) == (24, 36)
    assert found.totals_b["rag"] == pytest.approx(long[24])
    assert long[36] > long[24]
    assert [found.more_in_b_usd(key) for key in found.comparable] == pytest.approx([0.0] * 3)


def test_another_currency_moves_nothing(first):
    found = beside(first, {"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25})

    assert found.b.scenario.finance.currency == "USD"
    assert found.other.finance.currency == "EUR"
    assert [found.more_in_b_usd(key) for key in found.comparable] == [0.0] * 3


def test_present_values_are_discounted_by_each_side_s_own_rate(first):
    rates = (0.0, 0.21)
    start = changed(first, {"finance.discount_rate_annual": rates[0], "finance.horizon_months": 12})
    found = beside(start, {"finance.discount_rate_annual": rates[1]}, present=True)
    monthly = found.b.answers["rag"].monthly_usd
    expected = sum(usd / 1.21 ** (month / 12) for month, usd in enumerate(monthly))

    assert found.totals_a["rag"] == pytest.approx(sum(monthly))
    assert found.totals_b["rag"] == pytest.approx(expected)
    assert faults(found) == []


def test_an_architecture_of_one_side_only_has_no_difference(first):
    found = beside(first, {"finance.compared": ["rag", "prompting"]})

    assert (found.both, found.comparable) == (("rag",), ("rag",))
    assert found.either == ("rag", "fine_tuning", "hybrid", "prompting")
    assert [found.more_in_b_usd(key) for key in ("fine_tuning", "prompting")] == [None, None]


def test_a_total_that_is_not_known_is_no_difference_and_nobody_wins(first):
    found = beside(first, {"finance.compared": ["rag"]})
    missing = Comparison(found.a, found.b, found.other)
    missing.__dict__["totals_b"] = {"rag": None}

    assert missing.more_in_b_usd("rag") is None
    assert missing.comparable == ()
    assert missing.winner(missing.b) is None


def test_a_scenario_that_cannot_be_run_is_refused(first):
    rag = first.rag.model_copy(update={"model": "nobody/nothing"})
    with pytest.raises(ScenarioError, match=r"rag\.model: 'nobody/nothing' is not in the price book"):
        comparison(run_scenario(first, load_book()), first.model_copy(update={"rag": rag}), load_book())


# What differs


def test_only_what_differs_is_listed_with_both_values(first):
    values = {
        VOLUME: 90_000.0,
        "name": "Ours",
        "finance.discount_share": {"openai": 0.2, "pinecone": 0.0},
        "uncertainty": {"workload.query_tokens": {"low": 10.0, "likely": 70.0, "high": 90.0}},
    }
    found = beside(first, values).differs

    assert found.fields == {VOLUME: (200_000.0, 90_000.0)}
    assert found.discounts == {"openai": (0.0, 0.2)}
    assert list(found.ranges) == ["workload.query_tokens"]
    assert (found.prices, found.extras, found.correlations) == ((), (), {})
    assert found.count == 3


def test_a_correlation_is_one_pair_whichever_way_it_is_written(first):
    ranges = {path: {"low": 0.0, "likely": 1.0, "high": 2.0} for path in ("rag.top_k", "workload.query_tokens")}
    start = changed(first, {"uncertainty": ranges, "rank_correlations": [["rag.top_k", "workload.query_tokens", 0.5]]})
    turned = beside(start, {"rank_correlations": [["workload.query_tokens", "rag.top_k", 0.5]]})
    weaker = beside(start, {"rank_correlations": [["workload.query_tokens", "rag.top_k", 0.25]]})

    assert turned.differs.correlations == {}
    assert weaker.differs.correlations == {("rag.top_k", "workload.query_tokens"): (0.5, 0.25)}


def test_a_typed_in_price_stands_beside_the_book_s(first):
    (each,) = beside(first, {"price_edits": [EDIT]}).differs.prices

    assert (each.price_id, each.in_use) == ("openai/gpt-6.1-sol:input", True)
    assert [row.price_usd for row in each.b] == [1.5]
    assert [row.price_usd for row in each.a] != [1.5]


def test_a_typed_in_price_that_says_what_the_book_says_makes_no_difference(first):
    (row,) = (
        each for each in load_book().plan("openai/gpt-6.1-sol").rows if each.meter == "input" and not each.tier_from
    )
    same = {**EDIT, "price_usd": row.price_usd}
    if row.effective_from:
        same["effective_from"] = row.effective_from.isoformat()

    assert beside(first, {"price_edits": [same]}).differs.count == 0


def test_the_reason_of_a_typed_in_price_is_no_assumption(first):
    start = changed(first, {"price_edits": [{**EDIT, "reason": "our contract"}]})

    assert beside(start, {"price_edits": [{**EDIT, "reason": "a letter"}]}).differs.count == 0


def test_costs_of_one_name_stand_beside_each_other_and_equal_ones_stay_away(first):
    start = changed(first, {"extra_costs": [COST, {**COST, "component": "audit"}]})
    dearer = {**COST, "usd": 5000.0}
    found = beside(start, {"extra_costs": [dearer, {**COST, "component": "audit", "note": "yearly"}]}).differs
    added = beside(first, {"extra_costs": [COST]}).differs

    assert [(a.usd, b.usd) for a, b in found.extras] == [(4000.0, 5000.0)]
    assert [(a, b.usd) for a, b in added.extras] == [(None, 4000.0)]


def test_a_cost_that_is_typed_in_twice_differs_from_the_one_typed_in_once(first):
    start = changed(first, {"extra_costs": [COST]})
    found = beside(start, {"extra_costs": [COST, COST]})

    assert [(a, b.usd) for a, b in found.differs.extras] == [(None, 4000.0)]
    assert math.isclose(found.more_in_b_usd("rag"), 4000.0 * (1 + first.people.contingency_share))
