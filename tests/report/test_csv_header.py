"""The lines above the table of a CSV report: answers, every assumption, prices, link and conventions."""

from __future__ import annotations

import pytest

from costmodel.link import decoded
from costmodel.results import MILESTONES
from costmodel.scenario import FIELDS
from report import cost_csv, text
from report.imprint import imprint
from tests.report.csv_files import DAY, PLAIN, SUMMARY, body, facts, full_ledger, run_of, summary, typed_in


@pytest.mark.parametrize("key", PLAIN.answers)
@pytest.mark.parametrize("months", [*MILESTONES])
def test_totals_above_the_table_equal_the_results(key, months):
    stated = facts(SUMMARY)[f"total_usd {key} month {months}"]

    assert float(stated) == PLAIN.answers[key].total_usd(months)


@pytest.mark.parametrize("key", PLAIN.answers)
def test_present_value_above_the_table_equals_the_result(key):
    assert float(facts(SUMMARY)[f"present_value_usd {key} month 24"]) == PLAIN.answers[key].present_value_usd


def test_a_horizon_of_its_own_has_its_total_too():
    run = run_of({"finance.horizon_months": 18})

    stated = facts(summary(run))
    assert [float(stated[f"total_usd rag month {months}"]) for months in (12, 18, 24, 36)] == [
        run.answers["rag"].total_usd(months) for months in (12, 18, 24, 36)
    ]


def test_every_assumption_stands_above_the_table():
    stated = facts(SUMMARY)

    assert [path for path in FIELDS if f"assumption {path}" not in stated] == []


def test_a_changed_assumption_says_what_the_preset_had():
    text = summary(run_of({"workload.query_tokens": 99}))

    assert facts(text)["assumption workload.query_tokens"] == "99.0 tokens (changed; the preset has 70.0)".replace(
        "; ", " - "
    )


def test_every_price_in_use_stands_above_the_table_with_its_date_and_source():
    stated = facts(SUMMARY)

    for row in PLAIN.rows_in_use:
        assert f"{row.price_usd!r} USD per {row.unit}" in stated[f"price {row.price_id}"]


def test_verdict_date_versions_and_exclusions_stand_above_the_table():
    stated = facts(SUMMARY)

    wanted = {"model_version", "price_book", "scenario", "link", "verdict", "price dates", "not included"}
    assert wanted | {"convention time", "convention money", "convention present value"} <= set(stated)
    assert stated["date"] == "2026-11-14"


@pytest.mark.parametrize("write", [summary, full_ledger])
def test_a_file_taken_from_a_screen_says_which_value_that_showed(write):
    nominal, present = facts(write(PLAIN, False)), facts(write(PLAIN, True))

    assert nominal["shown on screen"] == "nominal cost - as in the cost columns"
    assert "verdict in present value" not in nominal
    assert present["shown on screen"].startswith("present value - as in the present_value columns")
    assert present["verdict in present value"] == cost_csv.one_cell(text.verdict(PLAIN, True).sentence)
    assert present["verdict"] == nominal["verdict"]


def test_the_table_does_not_depend_on_the_screen_and_without_one_none_is_mentioned():
    assert body(summary(PLAIN, True)) == body(SUMMARY)
    assert "shown on screen" not in facts(SUMMARY)


def test_the_discount_rate_behind_the_present_values_stands_above_the_table():
    stated = facts(summary(run_of({"finance.discount_rate_annual": 0.12})))

    assert stated["convention present value"].startswith("discounted at 0.12 a year to month 0")


def test_discounts_edits_and_typed_in_costs_stand_above_the_table():
    run = run_of(
        {"finance.discount_share.openai": 0.25, "price:openai/gpt-6.1-sol:input": 1.5, **typed_in(note="quoted")}
    )

    stated = facts(summary(run))
    assert stated["discount openai"] == "0.25 of every price of openai"
    assert stated["price edit openai/gpt-6.1-sol:input"].startswith("1.5 USD per 1M tokens")
    assert "months 1 to 24" in stated["extra cost 1"]


@pytest.mark.parametrize("base", ["", "https://example.org", "http://10.0.0.5:8501/planning"])
def test_the_link_above_the_table_restores_the_scenario(base):
    run = run_of({"workload.query_tokens": 99, "name": "one, two; 'three' 🚀"})

    link = facts(cost_csv.summary(imprint(run, DAY, base_url=base)))["link"]
    address, _, word = link.partition("?s=")
    assert address == (f"{base}/" if base else "")
    assert decoded(word)[0] == run.scenario


def test_a_link_stays_whole_whatever_the_address_of_the_server_holds():
    link = facts(cost_csv.summary(imprint(PLAIN, DAY, base_url='https://example.org/a,b;c"d e')))["link"]

    assert link.startswith("https://example.org/a%2Cb%3Bc%22d%20e/?s=1.")


def test_a_scenario_too_large_for_a_link_says_so():
    stated = facts(cost_csv.summary(imprint(PLAIN, DAY, query="")))

    assert stated["link"].startswith("none - the scenario is too large for a link")


def test_a_link_that_leaves_typed_in_prices_behind_says_so():
    stated = facts(cost_csv.summary(imprint(PLAIN, DAY, query="s=1.0.j&k=abc")))

    assert stated["link"] == "?s=1.0.j&k=abc"
    assert "only the browser that made it has them" in stated["link note"]
    assert "link note" not in facts(SUMMARY)


def test_no_crossing_is_said_in_words():
    run = run_of({"finance.compared": ["rag"]})

    assert facts(summary(run))["crossings"] == "none within 24 months"
