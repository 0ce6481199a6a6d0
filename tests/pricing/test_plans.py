"""Billing rules: each boundary as a pair, one unit below and one above."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.book import Price, PriceBook
from pricing.plans import graduated, job, per_unit, request_price, step_fee, top_up

MONTHS = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
QUANTITIES = st.floats(0, 1e9)


def prices(*rows, months=MONTHS):
    full = [{"provider": "acme", "item": "plan", **row} for row in rows]
    plan = PriceBook([Price(**row) for row in full]).plan("acme/plan")
    return plan.prices(full[0]["meter"], months)


TOKENS = {"meter": "input", "unit": "1M tokens"}
STORAGE = {"meter": "storage", "unit": "GB-month"}
FLAT = {"meter": "flat", "unit": "month"}
TRAINING = {"meter": "training", "unit": "1M tokens"}

CLIFF = ({**TOKENS, "price_usd": 2.5}, {**TOKENS, "price_usd": 5.0, "tier_from": 272_000})
STAIRS = (
    {**STORAGE, "price_usd": 0.33, "included_quantity": 10},
    {**STORAGE, "price_usd": 0.20, "tier_from": 100},
)


def test_two_million_tokens_at_two_and_a_half_dollars_per_million_cost_five():
    np.testing.assert_allclose(per_unit(2_000_000, prices(CLIFF[0])), [2 * 2.5] * 3)


def test_a_quantity_of_zero_needs_no_price_and_a_quantity_without_price_is_missing():
    later = prices({**TOKENS, "price_usd": 2.5, "effective_from": date(2026, 12, 1)})

    np.testing.assert_array_equal(per_unit([0, 0, 0], later), [0, 0, 0])
    np.testing.assert_allclose(per_unit([1e6, 1e6, 1e6], later), [np.nan, 2.5, 2.5])


@pytest.mark.parametrize(("size", "usd_per_million"), [(271_999, 2.5), (272_000, 2.5), (272_001, 5.0)])
def test_a_call_pays_the_long_price_only_strictly_above_the_threshold(size, usd_per_million):
    np.testing.assert_allclose(request_price(prices(*CLIFF), size), [usd_per_million / 1e6] * 3)


def test_a_meter_without_long_rows_pays_its_only_row_at_any_size():
    np.testing.assert_allclose(request_price(prices(CLIFF[0]), 1e9), [2.5 / 1e6] * 3)


def test_a_long_price_that_starts_later_does_not_touch_the_months_before():
    long_later = {**CLIFF[1], "effective_from": date(2026, 12, 1)}

    np.testing.assert_allclose(request_price(prices(CLIFF[0], long_later), 300_000) * 1e6, [2.5, 5.0, 5.0])


def test_call_sizes_of_many_runs_broadcast_over_the_months():
    sizes = np.array([[1_000.0], [300_000.0]])

    np.testing.assert_allclose(request_price(prices(*CLIFF), sizes) * 1e6, [[2.5] * 3, [5.0] * 3])


@pytest.mark.parametrize(
    ("gb", "usd"),
    [
        (0, 0),
        (10, 0),
        (11, 1 * 0.33),
        (99, 89 * 0.33),
        (100, 90 * 0.33),
        (101, 90 * 0.33 + 1 * 0.20),
        (150, 90 * 0.33 + 50 * 0.20),
    ],
)
def test_graduated_tiers_count_the_full_quantity_before_the_included_part_is_taken_off(gb, usd):
    np.testing.assert_allclose(graduated(gb, prices(*STAIRS)), [usd] * 3, atol=1e-12)


def test_an_included_part_beyond_the_first_tier_reaches_into_the_second():
    rows = ({**STAIRS[0], "included_quantity": 120}, STAIRS[1])

    np.testing.assert_allclose(graduated(150, prices(*rows)), [(150 - 120) * 0.20] * 3)


def test_a_tier_in_the_unit_of_its_row_is_a_threshold_in_base_quantities():
    rows = (
        {"meter": "reads", "unit": "1M units", "price_usd": 16},
        {"meter": "reads", "unit": "1M units", "price_usd": 8, "tier_from": 5},
    )
    found = prices(*rows)

    assert found.tier_from == (0.0, 5_000_000.0)
    np.testing.assert_allclose(graduated(6_000_000, found), [5 * 16 + 1 * 8] * 3)


def test_a_month_without_the_upper_tier_charges_the_lower_one_throughout():
    rows = (STAIRS[0], {**STAIRS[1], "effective_from": date(2026, 12, 1)})

    np.testing.assert_allclose(
        graduated(150, prices(*rows)),
        [140 * 0.33, 90 * 0.33 + 50 * 0.20, 90 * 0.33 + 50 * 0.20],
    )


def test_a_graduated_quantity_without_a_price_is_missing_and_none_is_free():
    later = prices({**STORAGE, "price_usd": 0.33, "effective_from": date(2026, 12, 1)})

    np.testing.assert_allclose(graduated([5.0, 5.0, 0.0], later), [np.nan, 5 * 0.33, 0])
    np.testing.assert_array_equal(graduated([0.0, 0.0, 0.0], later), [0, 0, 0])


def test_nothing_is_paid_below_the_lowest_tier():
    only_upper = prices({**STORAGE, "price_usd": 0.2, "tier_from": 100})

    np.testing.assert_allclose(graduated(99, only_upper), [0, 0, 0])
    np.testing.assert_allclose(graduated(101, only_upper), [1 * 0.2] * 3)


def test_no_fee_is_due_below_the_lowest_step():
    only_upper = prices({**FLAT, "price_usd": 60, "tier_from": 50_000})

    np.testing.assert_allclose(step_fee(49_999, only_upper), [0, 0, 0])
    np.testing.assert_allclose(step_fee(50_000, only_upper), [60, 60, 60])


@pytest.mark.parametrize(("searches", "fee"), [(0, 20), (99_999, 20), (100_000, 60), (100_001, 60)])
def test_a_step_fee_is_that_of_the_highest_tier_the_searches_reach(searches, fee):
    found = prices({**FLAT, "price_usd": 20}, {**FLAT, "price_usd": 60, "tier_from": 100_000})

    np.testing.assert_array_equal(step_fee(searches, found), [fee] * 3)


@pytest.mark.parametrize(("usage", "bill"), [(20, 50), (49, 50), (50, 50), (51, 51), (100, 100)])
def test_a_minimum_of_fifty_lifts_smaller_bills_to_fifty(usage, bill):
    assert usage + top_up(50.0, usage) == bill


@pytest.mark.parametrize(("tokens", "usd"), [(0, 0), (5e6, 4.0), (8e6, 4.0), (10e6, 10 * 0.5)])
def test_a_training_job_costs_at_least_its_minimum_and_nothing_when_there_is_none(tokens, usd):
    found = prices({**TRAINING, "price_usd": 0.5, "minimum_usd": 4.0})

    np.testing.assert_allclose(job(tokens, found), [usd] * 3)


def test_a_job_without_a_price_is_missing_even_with_nothing_else_to_pay():
    later = prices({**TRAINING, "price_usd": 0.5, "effective_from": date(2026, 12, 1)})

    assert np.isnan(job(1e6, later)[0])
    assert job(0, later)[0] == 0


@given(QUANTITIES, QUANTITIES)
def test_more_quantity_never_costs_less(one, other):
    low, high = sorted((one, other))
    training = prices({**TRAINING, "price_usd": 0.5, "minimum_usd": 4.0})
    fees = prices({**FLAT, "price_usd": 20}, {**FLAT, "price_usd": 60, "tier_from": 1_000})

    for bill, tariff in ((graduated, prices(*STAIRS)), (job, training), (step_fee, fees)):
        assert (bill(low, tariff) <= bill(high, tariff) + 1e-9).all()


@given(QUANTITIES)
def test_a_bill_with_its_top_up_is_the_larger_of_bill_and_minimum(bill):
    assert bill + top_up(50.0, bill) == pytest.approx(max(50.0, bill))
