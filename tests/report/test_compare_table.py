"""What differs, in words: fields with their units, forecasts, discounts, prices, typed-in costs and ranges."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed, resolved
from costmodel.comparison import Comparison, comparison
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book
from report.compare_table import Row, as_data, curves_data, rows

FIRST = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
COST = {"architecture": ["rag"], "component": "legal_review", "phase": "one_time", "months": [0, 0], "usd": 4000.0}


def beside(values: dict[str, Any], first: Scenario = FIRST) -> Comparison:
    return comparison(run_scenario(first, load_book()), changed(first, values), load_book())


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ({"workload.queries_per_month": 90_000.0}, ("Queries per month", "200,000", "90,000")),
        ({"workload.system_prompt_tokens": 1.0}, ("System prompt", "800 tokens", "1 token")),
        ({"workload.retry_share": 0.125}, ("Retries", "2%", "12.5%")),
        ({"workload.monthly_growth_share": -0.01}, ("Growth per month", "2% a month", "−1% a month")),
        ({"rag.observability_usd_per_month": 50.0}, ("RAG observability", "133 USD per month", "50 USD per month")),
        ({"fine_tuning.epochs": 1}, ("Fine-tuning epochs", "3", "1")),
        ({"hybrid.kind": "routed"}, ("Hybrid kind", "Grounded", "Routed")),
        ({"rag.reranker": None}, ("RAG reranker", "cohere/rerank-v5.0-pro", "none")),
        ({"finance.start_month": "2027-03"}, ("Build month", "Nov 2026", "Mar 2027")),
        ({"finance.compared": ["rag"]}, ("Compared", "RAG, Fine-tuning and Hybrid", "RAG")),
        ({"finance.consequences_in_tco": True}, ("Consequences in the total", "off", "on")),
        ({"finance.budget_usd": 5e5}, ("Budget", "no budget", "500,000 USD")),
        ({"finance.discount_share.openai": 0.2}, ("Discount at openai", "none", "20%")),
        ({"requirements": {"freshness": "weekly"}}, ("Required: how fresh", "none", "Weekly")),
        ({"requirements": {"citations": True}}, ("Required: citations", "none", "on")),
        (
            {"workload.queries_by_month": [1e5] * 24},
            ("Forecast by month", "no forecast", "100,000 in month 1 to 100,000 in month 24 queries a month"),
        ),
        (
            {"workload.seasonality": [1.0] * 11 + [2.5]},
            ("Season", "no season", "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2.5"),
        ),
        ({"extra_costs": [COST]}, ("Extra cost: legal review", "none", "4,000 USD once, RAG, month 0")),
        (
            {"uncertainty": {"workload.retry_share": {"low": 0.0, "likely": 0.02, "high": 0.1}}},
            ("Range of retries", "none", "0% to 10%, likely 2%, pert"),
        ),
    ],
)
def test_an_assumption_is_named_in_words_with_both_values_and_their_units(values, row):
    assert rows(beside(values)) == [Row(*row)]


def test_nothing_else_is_listed():
    assert rows(beside({"name": "Ours"})) == []


def test_numbers_that_read_the_same_are_told_apart():
    (row,) = rows(beside({"workload.system_prompt_tokens": 800.0000000001}))

    assert (row.a, row.b) == ("800.0 tokens", "800.0000000001 tokens")


def test_forecasts_that_begin_and_end_alike_name_the_first_month_that_differs():
    forecast = [1e5] * 24
    start = changed(FIRST, {"workload.queries_by_month": forecast})
    (row,) = rows(beside({"workload.queries_by_month": [*forecast[:6], 9e4, *forecast[7:]]}, start))

    assert (row.a, row.b) == ("100,000 in month 7 queries a month", "90,000 in month 7 queries a month")


def test_costs_that_differ_in_their_phase_only_say_it():
    start = changed(FIRST, {"extra_costs": [COST]})
    (row,) = rows(beside({"extra_costs": [{**COST, "phase": "event"}]}, start))

    assert (row.a[-8:], row.b[-5:]) == ("one-time", "event")


def test_a_price_stands_beside_the_book_s_with_its_unit():
    (row,) = rows(beside({"price_edits": [EDIT]}))
    book = next(
        each.price_usd
        for each in reversed(load_book().plan("openai/gpt-6.1-sol").rows)
        if each.meter == "input" and not each.tier_from
    )

    assert row == Row("Price of openai/gpt-6.1-sol:input", f"{book:g} USD per 1M tokens", "1.5 USD per 1M tokens")


def test_a_price_that_moves_later_says_when():
    later = {**EDIT, "effective_from": "2027-06-01"}
    (row,) = rows(beside({"price_edits": [later]}))

    assert row.b.endswith(", 1.5 USD from 1 Jun 2027 per 1M tokens")


def test_prices_that_differ_in_their_terms_only_name_the_terms():
    storage = {
        "provider": "acme",
        "item": "store",
        "meter": "storage",
        "unit": "GB-month",
        "price_usd": 0.3,
        "minimum_usd": 25.0,
    }
    start = changed(FIRST, {"price_edits": [storage]})
    (row,) = rows(beside({"price_edits": [{**storage, "minimum_usd": 50.0}]}, start))

    assert (row.a, row.b) == (
        "0.3 USD per GB-month; minimum 25 USD",
        "0.3 USD per GB-month; minimum 50 USD",
    )


@pytest.mark.parametrize("name", PRESETS)
def test_two_presets_differ_in_rows_whose_two_values_never_read_the_same(name):
    other = resolved(PRESETS[name].scenario, date(2026, 11, 21))
    found = comparison(run_scenario(FIRST, load_book()), other, load_book())
    listed = rows(found)

    assert len(listed) == found.differs.count
    assert [row for row in listed if row.a == row.b or not row.a or not row.b] == []


def test_files_hold_every_row_and_every_month():
    found = beside({"workload.queries_per_month": 90_000.0, "finance.horizon_months": 36})
    table = curves_data(found).table

    assert list(as_data(found).table["Assumption"]) == ["Queries per month", "Horizon"]
    assert list(table["Month"]) == list(range(37))
    assert table["RAG A [USD]"][24] == pytest.approx(found.a.answers["rag"].tco_usd)
    assert table["RAG B [USD]"][36] == pytest.approx(found.b.answers["rag"].tco_usd)
    assert table["RAG A [USD]"].isna().sum() == 12
    assert list(table["Calendar A"][24:26]) == ["2028-11", ""]
