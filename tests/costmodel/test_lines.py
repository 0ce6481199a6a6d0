"""Lines of a bill: what they keep, what they make when somebody asks, and what becomes of them."""

from __future__ import annotations

import gc
import weakref
from datetime import date

import numpy as np
import pytest

from costmodel.changes import changed, resolved
from costmodel.factored import added
from costmodel.inputs import Inputs
from costmodel.kept import kept
from costmodel.ledger import priced
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import ARCHITECTURES
from costmodel.simulate import simulate
from pricing.book import PriceBook
from pricing.catalog import load_book
from tests.costmodel.office import BOOK, OFFICE

LISTED = load_book()


def lines_of(scenario, book):
    return [line for bill in simulate(Inputs(scenario, book)).values() for line in bill.lines]


# Prices


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_the_price_that_is_shown_is_the_one_that_was_billed(preset):
    scenario = resolved(preset.scenario, date(2026, 11, 1))
    billed = [line for line in lines_of(scenario, LISTED) if line.price is not None and not line.rule]

    assert billed
    for line in billed:
        np.testing.assert_allclose(priced(line.amount.value, line.price.value), line.cost_usd, rtol=1e-14)


def test_a_price_is_made_once():
    (line, *_) = [line for line in lines_of(OFFICE, BOOK) if line.prices]

    assert line.price is line.price


# Missing prices


def without(price_id: str) -> PriceBook:
    return PriceBook(row for row in BOOK.rows if row.price_id != price_id)


def test_a_line_without_a_price_and_the_contingency_on_it_say_what_is_missing():
    gone = next(line.price_ids[0] for line in lines_of(OFFICE, BOOK) if line.component == "training")
    said = {
        line.component: line.missing
        for line in lines_of(OFFICE, without(gone))
        if np.isnan(line.cost_usd).any() and line.phase == "one_time"
    }

    assert said == dict.fromkeys(("training", "contingency"), f"the price {gone} is missing")


def test_a_contingency_on_known_prices_misses_nothing():
    assert {line.missing for line in lines_of(OFFICE, BOOK) if line.component == "contingency"} == {""}


# Sums


def test_months_are_summed_line_by_line_in_their_order():
    lines = [np.array([0.1, 1e16, 3.0]), np.array([0.2, 1.0, -3.0]), np.array([0.3, -1e16, 1e-9])]

    assert added(lines).tolist() == [0.1 + 0.2 + 0.3, 1e16 + 1.0 - 1e16, 3.0 - 3.0 + 1e-9]


def test_a_credit_leaves_no_negative_nothing_in_the_months_around_it():
    credit = {"architecture": ["rag"], "component": "licence", "phase": "recurring", "months": [3, 4]}
    scenario = changed(OFFICE, {"extra_costs": [{**credit, "usd_per_month": -5.0}]})
    (line,) = [line for line in lines_of(scenario, BOOK) if line.component == "licence"]

    assert line.cost_usd[2:6].tolist() == [0.0, -5.0, -5.0, 0.0]
    assert not np.signbit(line.cost_usd[[0, 1, 2, 5]]).any()


# What is kept, and for how long


def test_a_run_is_let_go_as_soon_as_nobody_holds_it():
    scenario = changed(OFFICE, {"finance.compared": list(ARCHITECTURES)})
    run = run_scenario(scenario, BOOK)
    seen = [weakref.ref(run.inputs), *(weakref.ref(answer.bill) for answer in run.answers.values())]
    gc.disable()
    try:
        del run

        assert [each() for each in seen] == [None] * len(seen)
    finally:
        gc.enable()


def test_the_calendar_that_scenarios_share_cannot_be_changed():
    x = Inputs(OFFICE, BOOK)

    for shared in (x.months, x.building, x.operating):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 1
    assert x.month is Inputs(changed(OFFICE, {"workload.queries_per_month": 5.0}), BOOK).month


def test_a_kept_property_is_worked_out_once_for_each_owner():
    class Owner:
        made = 0

        @kept
        def value(self) -> int:
            """The value."""
            self.made += 1
            return 7

    one, other = Owner(), Owner()

    assert (one.value, one.value, one.made, other.made) == (7, 7, 1, 0)
    assert Owner.value.__doc__ == "The value."
