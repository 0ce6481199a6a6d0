"""A driver: which numbers there are, the range it is looked at in, and the totals along it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.driver import (
    along,
    check_range,
    crossings,
    fields_of,
    prices_of,
    reach,
    settable,
    token_price,
    without,
)
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
RUN = run_scenario(SCENARIO, load_book())
VOLUME, LABELS, TOP_K = "workload.queries_per_month", "fine_tuning.usd_per_example", "rag.top_k"
INPUT = "price:openai/gpt-6.1-sol:input"


def test_every_total_along_a_driver_is_the_model_run_there():
    found = along(RUN, crossings(RUN, LABELS, 0.3, 30))
    for at in (0, 40, -1):
        run = run_scenario(changed(SCENARIO, {LABELS: found.axis.values[at]}), load_book())
        for key, answer in run.answers.items():
            assert found.usd[key][at] == pytest.approx(answer.tco_usd, rel=1e-12)
        assert found.usd["prompting"][at] == pytest.approx(run.prompting.tco_usd, rel=1e-12)
    assert found.reference == ("prompting",)


def test_along_a_driver_in_present_value_every_total_is_a_present_value():
    scenario = changed(SCENARIO, {"finance.discount_rate_annual": 0.3})
    run = run_scenario(scenario, load_book())
    found = along(run, crossings(run, LABELS, 0.3, 30, present=True))
    there = run_scenario(changed(scenario, {LABELS: found.axis.values[40]}), load_book())

    for key, answer in there.answers.items():
        assert found.usd[key][40] == pytest.approx(answer.present_value_usd, rel=1e-12)
        assert found.usd[key][40] < 0.95 * answer.tco_usd
    assert found.usd["prompting"][40] == pytest.approx(there.prompting.present_value_usd, rel=1e-12)


def test_a_reference_that_is_compared_is_none():
    run = run_scenario(changed(SCENARIO, {"finance.compared": ["rag", "prompting"]}), load_book())
    found = along(run, crossings(run, VOLUME, 1_000, 1_000_000))

    assert set(found.usd) == {"rag", "prompting"}
    assert found.reference == ()


def test_the_lines_are_drawn_through_every_crossing():
    found = along(RUN, crossings(RUN, VOLUME, 1_000, 10_000_000))
    (root,) = next(pair for pair in found.found.pairs if (pair.a, pair.b) == ("rag", "fine_tuning")).roots
    at = found.axis.values.index(root.value)

    assert found.usd["rag"][at] == pytest.approx(found.usd["fine_tuning"][at], rel=1e-6)


@pytest.mark.parametrize(
    ("low", "high", "asked", "log"),
    [(1.0, 49.0, None, False), (1.0, 50.0, None, True), (0.0, 50.0, None, False), (1.0, 2.0, True, True)],
)
def test_an_axis_is_logarithmic_by_itself_from_fifty_times_on(low, high, asked, log):
    assert along(RUN, crossings(RUN, LABELS, low, high), asked).axis.log == log


def test_whole_numbers_are_drawn_at_whole_numbers():
    assert along(RUN, crossings(RUN, TOP_K, 1, 50)).axis.values == tuple(range(1, 51))


def test_drivers_are_what_shapes_a_bill_and_what_is_paid():
    fields = fields_of(RUN)

    assert {VOLUME, LABELS, TOP_K, "workload.monthly_growth_share", "finance.horizon_months"} <= set(fields)
    assert "finance.budget_usd" not in fields
    assert INPUT in prices_of(RUN)
    assert token_price(RUN) == INPUT


def test_the_range_stays_where_it_is_when_the_driver_is_moved():
    moved = run_scenario(changed(SCENARIO, {LABELS: 5.5}), load_book())

    assert reach(RUN, SCENARIO, load_book(), LABELS) == reach(moved, SCENARIO, load_book(), LABELS)
    assert reach(RUN, SCENARIO, load_book(), LABELS) == pytest.approx((0.3, 30))
    assert reach(RUN, SCENARIO, load_book(), VOLUME) == (1_000, 10_000_000)


def test_the_range_of_a_price_is_that_of_the_book():
    edited = run_scenario(changed(SCENARIO, {INPUT: 3.0}, load_book()), load_book())

    assert reach(edited, SCENARIO, load_book(), INPUT) == pytest.approx((0.2, 20))


def test_the_range_reaches_the_scenario_wherever_it_stands():
    far = run_scenario(changed(SCENARIO, {LABELS: 99.0, VOLUME: 200.0}), load_book())

    assert reach(far, SCENARIO, load_book(), LABELS) == pytest.approx((0.3, 99))
    assert reach(far, SCENARIO, load_book(), VOLUME) == (200, 10_000_000)


def test_a_number_that_is_nothing_has_a_range_too():
    assert reach(RUN, SCENARIO, load_book(), "rag.hosting_usd_per_month") == (0.0, 100_000.0)
    assert reach(RUN, SCENARIO, load_book(), "rag.rewrite_calls_per_query") == (0.0, 100.0)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (5, 5, "from 5 to 5 holds nothing"),
        (6, 5, "the first number is the lower one"),
        (-1, 5, "fine_tuning.usd_per_example: -1 is out of limits; use 0 to 1,000,000 USD/example"),
    ],
)
def test_an_empty_range_and_one_beyond_the_limits_are_refused(low, high, words):
    with pytest.raises(ScenarioError, match=words):
        check_range(SCENARIO, load_book(), LABELS, low, high)


def test_without_a_driver_two_scenarios_that_differ_in_it_are_the_same():
    moved = changed(SCENARIO, {VOLUME: 1.0})

    assert without(moved, [VOLUME]) == without(SCENARIO, [VOLUME]) != SCENARIO
    assert without(moved, [LABELS]) != without(SCENARIO, [LABELS])
    assert without(SCENARIO, [INPUT]) == SCENARIO


@given(st.floats(1e-6, 1e9), st.sampled_from([None, True, False]))
def test_a_value_is_put_in_with_six_digits_and_on_the_asked_side(value, up):
    put = settable(VOLUME, value, up)

    assert put == pytest.approx(value, rel=1.1e-5)
    assert float(f"{put:.6g}") == put
    assert up is None or (put >= value if up else put <= value)


@pytest.mark.parametrize(("up", "put"), [(True, 4.0), (False, 3.0), (None, 4.0)])
def test_a_whole_number_is_rounded_to_the_asked_side(up, put):
    assert settable(TOP_K, 3.6, up) == put


def test_a_scenario_without_any_model_has_no_token_price():
    assert token_price(run_scenario(resolved(Scenario(), date(2026, 11, 21)), load_book())) is None
