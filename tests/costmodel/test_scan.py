"""Where a driver is looked at: ranges, the values of a scan, and prices with one date or several."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scan import RANGES, has_schedule, is_steady, is_whole, looked_at, range_of, rows_of, values_of
from costmodel.simulate import totals_usd
from pricing.book import PriceBook
from pricing.catalog import load_book, parse_price_csv

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
VOLUME, LABELS, TOP_K = "workload.queries_per_month", "fine_tuning.usd_per_example", "rag.top_k"
INPUT = "price:openai/gpt-6.1-sol:input"
FIRST = date(2026, 11, 1)


def dated(*rows: str) -> PriceBook:
    """The book with other rows of one price: price, effective_from, effective_to."""
    head = "provider,item,meter,unit,price_usd,effective_from,effective_to,source\n"
    return load_book().with_rows(
        parse_price_csv(head + "".join(f"acme,base,input,1M tokens,{row},s\n" for row in rows), "prices.csv")
    )


def test_a_lever_has_its_own_range_and_any_other_number_a_tenth_to_ten_times_its_value():
    assert looked_at(SCENARIO, VOLUME) == RANGES[VOLUME] == (1_000, 10_000_000)
    assert looked_at(SCENARIO, LABELS) == pytest.approx((0.3, 30))  # 3 USD
    assert looked_at(SCENARIO, TOP_K) == (0, 50)  # 5 chunks: 0.5 to 50, in whole numbers
    assert looked_at(SCENARIO, INPUT, 2.0) == pytest.approx((0.2, 20))
    assert looked_at(SCENARIO, "finance.discount_share.openai") == (0, 1)


def test_an_end_that_is_not_given_is_that_of_the_range():
    assert range_of(SCENARIO, load_book(), LABELS, 1, None) == pytest.approx((1, 30))
    with pytest.raises(ScenarioError, match="the range 40 to 30 holds nothing"):
        range_of(SCENARIO, load_book(), LABELS, 40, None)


def test_a_scan_has_both_ends_and_lies_evenly_and_evenly_in_the_logarithm():
    values = values_of(VOLUME, 1_000, 1_001_000, 9)

    # 4 even steps of 250,000, and 4 in the logarithm, a factor of 1,001^(1/4) = 5.6248
    assert values == pytest.approx([1_000, 5_624.8, 31_638.6, 177_961, 251_000, 501_000, 751_000, 1_001_000], rel=1e-4)
    assert values_of(VOLUME, 0, 8, 5) == pytest.approx([0, 2, 4, 6, 8])


def test_whole_numbers_are_all_tried_unless_they_are_many():
    assert values_of(TOP_K, 2, 6, 3).tolist() == [2, 3, 4, 5, 6]
    many = values_of("fine_tuning.min_replicas", 1, 100_000, 33)

    assert len(many) < 40
    assert (many == np.round(many)).all()
    assert is_whole(TOP_K)
    assert not is_whole(LABELS)


@pytest.mark.parametrize(
    ("rows", "steady", "schedule"),
    [
        (["2,,"], True, False),
        (["2,2026-11-01,"], True, False),
        (["2,2026-11-02,"], False, False),
        (["2,,2027-05-31"], False, False),
        (["2,,2027-05-31", "3,2027-06-01,"], False, True),
    ],
)
def test_a_price_is_steady_when_it_has_one_row_that_holds_from_the_first_day_on(rows, steady, schedule):
    book = dated(*rows)

    assert len(rows_of(book, "price:acme/base:input")) == len(rows)
    assert is_steady(book, "price:acme/base:input", FIRST) == steady
    assert has_schedule(SCENARIO, book, "price:acme/base:input") == schedule
    assert not has_schedule(SCENARIO, book, LABELS)


@pytest.mark.parametrize("preset", ["pricing-brand-voice", "support-bot", "legal-research"])
def test_a_price_at_its_value_now_gives_just_the_totals_that_any_other_number_at_its_value_now_gives(preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, date(2026, 11, 21)), load_book())
    now = totals_usd(run.scenario, load_book(), {VOLUME: np.full(3, run.scenario.workload.queries_per_month)})
    for row in run.rows_in_use:
        path = f"price:{row.price_id}"
        if not is_steady(run.book, path, run.inputs.dates[0]):
            continue
        for like in (None, run.inputs):
            usd = totals_usd(run.scenario, load_book(), {path: np.full(3, row.price_usd)}, like=like)
            assert {key: each.tolist() for key, each in usd.items()} == {
                key: each.tolist() for key, each in now.items()
            }, path


def test_a_steady_price_moves_the_totals_with_and_without_prices_worked_out_before_just_alike():
    scenario = changed(SCENARIO, {"finance.price_drift_annual.llm": -0.2, "finance.discount_share": {"openai": 0.1}})
    run = run_scenario(scenario, load_book())
    columns = {INPUT: np.array([0.5, 2.0, 7.0]), VOLUME: np.array([1e4, 2e5, 1e6])}
    fresh, known = (totals_usd(scenario, load_book(), columns, like=like) for like in (None, run.inputs))

    assert {key: each.tolist() for key, each in fresh.items()} == {key: each.tolist() for key, each in known.items()}
