"""Products that are not multiplied out stand for the same numbers as the arrays that they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from costmodel.factored import Factored, added
from costmodel.inputs import Inputs
from costmodel.presets import PRESETS
from costmodel.simulate import simulate
from pricing.catalog import load_book

DRAWS, MONTHS = 5, 4
NUMBERS = st.integers(-1_000_000, 1_000_000).map(lambda number: number / 1_000)
PARTS = st.one_of(
    NUMBERS,
    arrays(float, MONTHS, elements=NUMBERS),
    arrays(float, (DRAWS, 1), elements=NUMBERS),
    arrays(float, (DRAWS, MONTHS), elements=NUMBERS),
)
COLUMN, BY_MONTH = np.arange(1.0, DRAWS + 1)[:, None], np.arange(10.0, 10.0 + MONTHS)
BUILD = np.array([1.0, 0.0, 0.0, 0.0])


def multiplied_out(parts):
    found = 1.0
    for part in parts:
        found = found * part
    return found


def product_of(parts):
    found = Factored()
    for part in parts:
        found = found * part
    return found


@given(st.lists(PARTS, min_size=1, max_size=5))
def test_a_product_is_what_its_parts_multiply_to(parts):
    expected = multiplied_out(parts)

    np.testing.assert_allclose(np.asarray(product_of(parts)), expected, rtol=1e-12)
    assert product_of(parts).shape == np.shape(expected)
    assert np.ndim(product_of(parts)) == np.ndim(expected)


@given(st.lists(st.lists(PARTS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_sum_of_products_is_the_sum_of_what_they_stand_for(products):
    expected = sum(multiplied_out(parts) for parts in products)
    size = sum(np.abs(multiplied_out(parts)) for parts in products)
    found = np.asarray(added([product_of(parts) for parts in products]))

    np.testing.assert_array_less(np.abs(found - expected), 1e-12 * size + 1e-300)


@given(PARTS, PARTS)
def test_anything_but_a_product_is_the_array_that_numpy_makes(a, b):
    for of in (np.add, np.subtract, np.maximum, np.greater):
        np.testing.assert_array_equal(np.asarray(of(Factored.of(a), b)), of(a, b))
        np.testing.assert_array_equal(np.asarray(of(a, Factored.of(b))), of(a, b))
    np.testing.assert_array_equal(np.where(np.ones(MONTHS, dtype=bool), Factored.of(a), 0.0), a + np.zeros(MONTHS))


def test_an_array_on_the_left_stays_a_factor():
    found = BY_MONTH * Factored(column=COLUMN)

    assert isinstance(found, Factored)
    assert found.column is COLUMN
    assert found.by_month is BY_MONTH


def test_nothing_added_leaves_a_product_and_columns_of_the_same_months_add_to_one():
    product = Factored(column=COLUMN, by_month=BY_MONTH)

    assert np.zeros(MONTHS) + product is product
    both = product + Factored(column=2.0 * COLUMN, by_month=BY_MONTH)
    assert isinstance(both, Factored)
    np.testing.assert_array_equal(both.whole, 3.0 * COLUMN * BY_MONTH)
    assert isinstance(product + Factored(column=COLUMN, by_month=2.0 * BY_MONTH), np.ndarray)


def test_what_falls_in_one_month_adds_to_a_product():
    found = added(
        [np.zeros(MONTHS), Factored(COLUMN, BUILD), Factored(2.0 * COLUMN, 3.0 * BUILD), Factored(1.0, BUILD)]
    )

    assert isinstance(found, Factored)
    np.testing.assert_array_equal(found.whole, (7.0 * COLUMN + 1.0) * BUILD)


@pytest.mark.parametrize(
    "factors", [(0.0, BY_MONTH, 1.0), (COLUMN, 0.0 * BY_MONTH, 1.0), (COLUMN - 1.0, BUILD - 1.0, BUILD)]
)
def test_a_product_is_nothing_when_no_draw_has_any_in_a_month(factors):
    assert not Factored(*factors).any()
    assert not np.any(Factored(*factors))
    assert Factored(COLUMN, BY_MONTH).any()


def test_bills_of_factored_draws_are_those_of_the_draws():
    book, scenario = load_book(), PRESETS["support-bot"].scenario
    scenario = scenario.model_copy(update={"finance": scenario.finance.model_copy(update={"start_month": "2026-11"})})
    columns = {
        "workload.queries_per_month": np.array([1e3, 1e5, 1e7]),
        "workload.query_tokens": np.array([50.0, 70.0, 400_000.0]),
        "corpus.documents": np.array([10.0, 300.0, 1e6]),
        "corpus.monthly_growth_share": np.array([-0.1, 0.0, 0.2]),
        "rag.build_engineer_weeks": np.array([0.0, 2.0, 9.0]),
        "fine_tuning.retrain_every_months": np.array([0.0, 1.0, 7.5]),
        "hybrid.fine_tuning_starts_month": np.array([0.0, 0.0, 4.0]),
    }
    plain, factored = (simulate(Inputs(scenario, book, columns, factored=each)) for each in (False, True))

    for key, bill in plain.items():
        np.testing.assert_allclose(factored[key].monthly_usd, bill.monthly_usd, rtol=1e-12)
        for line, same in zip(bill.lines, factored[key].lines, strict=True):
            np.testing.assert_allclose(
                np.asarray(same.cost_usd) + np.zeros(bill.months.shape),
                line.cost_usd + np.zeros(bill.months.shape),
                rtol=1e-9,
                atol=1e-6,
            )
