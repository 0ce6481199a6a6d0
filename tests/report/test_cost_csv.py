"""The cost report as CSV: one tidy table for programs that adds up to the answers, with the draws beside it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed
from costmodel.ledger import COLUMNS
from costmodel.ranges import ranges_of
from costmodel.results import Run
from costmodel.uncertainty import Uncertainty, uncertainty
from pricing.catalog import load_book
from report import cost_csv, tables
from report.imprint import imprint
from tests.report.csv_files import DAY, LEDGER, PLAIN, SUMMARY, facts, full_ledger, run_of, summary, table

# The table


def test_the_summary_has_one_row_for_each_architecture_and_month():
    rows = table(SUMMARY)

    assert len(rows) == 3 * (24 + 1)
    assert rows.groupby("architecture")["month"].apply(list).tolist() == [list(range(25))] * 3


@pytest.mark.parametrize("key", PLAIN.answers)
def test_the_months_of_the_summary_add_up_to_the_total(key):
    rows = table(SUMMARY).query("architecture == @key")
    answer = PLAIN.answers[key]

    assert rows["cost_usd"].sum() == pytest.approx(answer.tco_usd, abs=0.005)
    assert rows["cumulative_usd"].iloc[-1] == pytest.approx(answer.tco_usd, abs=0.005)
    assert rows["present_value_usd"].sum() == pytest.approx(answer.present_value_usd, abs=0.005)
    assert rows["cumulative_present_value_usd"].iloc[-1] == pytest.approx(answer.present_value_usd, abs=0.005)


def test_phases_and_families_of_each_row_add_up_to_its_cost():
    rows = table(SUMMARY)
    phases = rows[["one_time_usd", "recurring_usd", "event_usd"]].sum(axis=1)
    families = rows[[f"{name}_usd" for name in ("people", "tokens", "training", "hosting", "retrieval", "other")]]

    assert phases.tolist() == pytest.approx(rows["cost_usd"].tolist())
    assert families.sum(axis=1).tolist() == pytest.approx(rows["cost_usd"].tolist())


@pytest.mark.parametrize("key", PLAIN.answers)
def test_the_ledger_adds_up_to_the_total(key):
    rows = table(LEDGER).query("architecture == @key")

    assert rows["cost_usd"].sum() == pytest.approx(PLAIN.answers[key].tco_usd, abs=0.005)
    assert rows["present_value_usd"].sum() == pytest.approx(PLAIN.answers[key].present_value_usd, abs=0.005)


WITH_CONSEQUENCES = {
    "quality.usd_per_wrong_answer": 0.5,
    "rag.correct_share": 0.9,
    "finance.delay_usd_per_week": 1000.0,
}


@pytest.mark.parametrize(
    ("counted", "scopes", "words"),
    [
        (False, ["bill"], "the rows of scope bill add up to the totals; those of scope consequence stand beside them"),
        (True, ["bill", "consequence"], "the rows of both scopes add up to the totals"),
    ],
)
def test_the_ledger_says_which_scopes_add_up_to_the_total(counted, scopes, words):
    run = run_of({**WITH_CONSEQUENCES, "finance.consequences_in_tco": counted})
    text = full_ledger(run)

    rows = table(text)
    assert set(rows.loc[rows["cost_usd"] != 0, "scope"]) == {"bill", "consequence"}
    for key, answer in run.answers.items():
        mine = rows[(rows["architecture"] == key) & rows["scope"].isin(scopes)]
        assert mine["cost_usd"].sum() == pytest.approx(answer.tco_usd, abs=0.005)
        assert mine["present_value_usd"].sum() == pytest.approx(answer.present_value_usd, abs=0.005)
    assert facts(text)["convention totals"] == cost_csv.one_cell(words)


def test_the_summary_needs_no_word_on_scopes():
    assert "convention totals" not in facts(SUMMARY)


def test_every_ledger_row_is_its_quantity_times_its_unit_price():
    rows = table(LEDGER).query("quantity != 0")

    assert (rows["quantity"] * rows["unit_price_usd"]).tolist() == pytest.approx(rows["cost_usd"].tolist())


def test_months_carry_their_calendar_date():
    rows = table(SUMMARY).query("architecture == 'rag'")

    assert rows["date"].iloc[[0, 1, 2, 14]].tolist() == ["2026-11-01", "2026-12-01", "2027-01-01", "2028-01-01"]


@pytest.mark.parametrize(
    ("starts", "year_of_november", "year_of_january"), [(1, 2026, 2027), (10, 2027, 2027), (12, 2026, 2027)]
)
def test_a_fiscal_year_is_named_after_the_year_it_ends_in(starts, year_of_november, year_of_january):
    text = summary(run_of({"finance.fiscal_year_starts_month": starts}))

    years = table(text).query("architecture == 'rag'")["fiscal_year"]
    assert years.iloc[[0, 2]].tolist() == [year_of_november, year_of_january]


@pytest.mark.parametrize("starts", [1, 2, 10, 12])
@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("kind", ["calendar", "fiscal"])
def test_the_total_of_each_year_above_the_table_is_what_a_pivot_of_it_gives(starts, present, kind):
    run = run_of({"finance.fiscal_year_starts_month": starts})
    measure, column = ("present_value_usd", "present_value_usd") if present else ("total_usd", "cost_usd")

    text = summary(run, present)
    pivot = table(text).pivot_table(column, "architecture", f"{kind}_year", aggfunc="sum")
    mark = f" {kind} year {'FY' if kind == 'fiscal' else ''}"
    stated = {key: float(said) for key, said in facts(text).items() if key.startswith(measure) and mark in key}
    assert stated == pytest.approx(
        {f"{measure} {key}{mark}{year}": pivot.loc[key, year] for key in run.answers for year in pivot.columns}
    )


@pytest.mark.parametrize(
    ("starts", "years"),
    [
        (1, {"FY2026": 2, "FY2027": 12, "FY2028": 11}),
        (11, {"FY2027": 12, "FY2028": 12, "FY2029": 1}),
        (12, {"FY2026": 1, "FY2027": 12, "FY2028": 12}),
    ],
)
def test_month_0_counts_to_the_year_that_its_calendar_month_is_in(starts, years):
    run = run_of({"finance.fiscal_year_starts_month": starts})
    monthly = run.answers["rag"].monthly_usd

    found = tables.by_year(run, fiscal=True).query("architecture == 'rag'")
    assert dict(zip(found["year"], found["usd"], strict=True)) == pytest.approx(
        dict(zip(years, (part.sum() for part in np.split(monthly, np.cumsum(list(years.values()))[:-1])), strict=True))
    )


@given(st.integers(1, 12), st.integers(1, 60), st.booleans(), st.booleans(), st.sampled_from(["2026-01", "2027-12"]))
@settings(max_examples=40, deadline=None)
def test_years_add_up_to_the_total(starts, horizon, fiscal, present, first):
    run = run_of(
        {
            "finance.fiscal_year_starts_month": starts,
            "finance.horizon_months": horizon,
            "finance.start_month": first,
        }
    )

    years = tables.by_year(run, fiscal=fiscal, present=present).groupby("architecture")["usd"].sum()
    for key, answer in run.answers.items():
        assert years[key] == pytest.approx(answer.present_value_usd if present else answer.tco_usd)


def test_only_a_file_from_a_screen_in_present_value_states_present_values_by_year():
    assert not [key for key in facts(summary(PLAIN)) if re.match(r"present_value_usd .* year ", key)]


def test_a_year_without_a_price_is_missing_and_never_0():
    run = run_of({"rag.model": None})

    stated = facts(summary(run))
    assert {stated[f"total_usd rag calendar year {year}"] for year in (2026, 2027, 2028)} == {"missing"}
    assert float(stated["total_usd fine_tuning calendar year 2027"]) > 0


@pytest.mark.parametrize("kind", ["calendar_year", "fiscal_year"])
def test_a_pivot_of_the_ledger_by_year_gives_what_the_summary_gives(kind):
    run = run_of({"finance.fiscal_year_starts_month": 10})

    ledger, months = (
        table(text).groupby(["architecture", kind])["cost_usd"].sum() for text in (full_ledger(run), summary(run))
    )
    assert ledger.to_dict() == pytest.approx(months.to_dict())


def test_the_ledger_keeps_its_columns_and_only_adds_at_its_end():
    assert list(table(LEDGER)) == [*COLUMNS, "calendar_year", "fiscal_year"]


def test_numbers_are_not_rounded():
    total = table(LEDGER).query("architecture == 'rag'")["cost_usd"].sum()

    assert total == pytest.approx(PLAIN.answers["rag"].tco_usd, rel=1e-13)


def test_another_currency_stands_beside_the_dollars():
    run = run_of({"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25})

    rows = table(summary(run))
    assert (rows["cost_eur"] * 1.25).tolist() == pytest.approx(rows["cost_usd"].tolist())
    ledger = table(full_ledger(run))
    assert ledger["cost_eur"].sum() * 1.25 == pytest.approx(ledger["cost_usd"].sum())


def test_a_missing_cost_is_an_empty_cell_and_never_0():
    run = run_of({"rag.model": None})

    text = summary(run)
    rows = table(text).query("architecture == 'rag' and month > 0")
    assert rows["cost_usd"].isna().all()
    assert facts(text)["total_usd rag month 24"] == "missing"


# How sure it is

RANGES = {
    "workload.queries_per_month": {"low": 50_000.0, "likely": 200_000.0, "high": 400_000.0},
    "rag.build_engineer_weeks": {"low": 1.0, "likely": 2.0, "high": 3.0, "distribution": "uniform"},
}


def draws_of(run: Run, present: bool = False) -> Uncertainty:
    """64 draws of the scenario's ranges, or of those suggested."""
    ranges = {path: each.model_dump() for path, each in ranges_of(run).items()}
    return uncertainty(changed(run.scenario, {"uncertainty": ranges}), load_book(), 64, 7, present=present)


def with_draws(run: Run, present: bool = False) -> str:
    """The summary with draws."""
    return cost_csv.summary(imprint(run, DAY, present=present), draws_of(run, present))


@pytest.mark.parametrize(("present", "column"), [(False, "cumulative_usd"), (True, "cumulative_present_value_usd")])
def test_draws_add_their_quantiles_and_chances_to_each_month(present, column):
    found = draws_of(PLAIN, present)

    rows = table(cost_csv.summary(imprint(PLAIN, DAY), found))
    for key, fan in found.fan_usd.items():
        own = rows[rows["architecture"] == key]
        assert pytest.approx(fan, rel=1e-12) == own[[f"p{level}_{column}" for level in (10, 50, 90)]].to_numpy().T
        assert own["probability_cheapest"].tolist() == pytest.approx(found.cheapest_by_month[key].tolist())


def test_draws_leave_every_other_column_as_it_was():
    rows = table(with_draws(PLAIN))

    assert list(rows)[: len(list(table(SUMMARY)))] == list(table(SUMMARY))
    pd.testing.assert_frame_equal(rows[list(table(SUMMARY))], table(SUMMARY))


def test_what_the_draws_said_stands_above_the_table():
    found, stated = draws_of(PLAIN), facts(with_draws(PLAIN))

    assert (stated["draws"], stated["seed"], stated["ranges"]) == ("64", "7", "suggested")
    assert float(stated["evpi_usd"]) == found.evpi_usd
    for key in PLAIN.answers:
        assert float(stated[f"probability_cheapest {key}"]) == found.probability_cheapest[key]
        assert float(stated[f"expected_regret_usd {key}"]) == found.expected_regret_usd[key]
        assert float(stated[f"p90_usd {key} month 24"]) == found.fan_usd[key][2, -1]
    assert [key for key in stated if key.startswith("range ")] == [f"range {path}" for path in found.paths]


def test_ranges_of_ones_own_are_told_as_such():
    stated = facts(with_draws(run_of({"uncertainty": RANGES})))

    assert stated["ranges"] == "own"
    assert stated["uncertainty"].startswith("64 draws from your ranges of 2 numbers")
    assert stated["range rag.build_engineer_weeks"] == "1.0 to 3.0 / likely 2.0 / uniform"


def test_draws_in_present_value_are_named_so():
    stated = facts(with_draws(PLAIN, True))

    assert "p50_present_value_usd rag month 24" in stated
    assert "p50_usd rag month 24" not in stated


def test_draws_stand_in_another_currency_too():
    rows = table(with_draws(run_of({"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25})))

    assert (rows["p50_cumulative_eur"] * 1.25).tolist() == pytest.approx(rows["p50_cumulative_usd"].tolist())


def test_an_architecture_that_is_left_out_has_costs_but_no_chance():
    run = run_of({"quality.minimum_correct_share": 0.9, "rag.correct_share": 0.8})

    text = with_draws(run)
    rows = table(text).query("architecture == 'rag'")
    assert rows["probability_cheapest"].isna().all()
    assert rows["p50_cumulative_usd"].notna().all()
    assert "probability_cheapest rag" not in facts(text)
    assert "p50_usd rag month 24" in facts(text)


def test_without_draws_none_are_mentioned():
    assert {"draws", "ranges", "evpi_usd"}.isdisjoint(facts(SUMMARY))
