"""What charts show as tables and files, and what stands on the cards."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import changed, resolved
from costmodel.difference import difference
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from pricing.catalog import load_book
from report import card_text, chart_data, months, text
from report.money_table import rounded
from report.numbers import MINUS
from report.waterfall import steps_of
from tests.report.test_text import arms


def preset(**values: object) -> Run:
    scenario = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 1))
    return Run(changed(scenario, {path.replace("__", "."): value for path, value in values.items()}), load_book())


# Lines


def test_the_lines_as_a_table_hold_every_month_of_every_architecture():
    run = preset()
    found = chart_data.lines(run)

    assert list(found.table) == [
        "Month",
        "Calendar",
        "Queries",
        "RAG [USD]",
        "Fine-tuning [USD]",
        "Hybrid [USD]",
        "Prompting [USD]",
    ]
    assert list(found.table["Month"]) == list(range(25))
    assert list(found.table["Calendar"])[:3] == ["2026-11", "2026-12", "2027-01"]
    assert list(found.table["RAG [USD]"]) == list(run.answers["rag"].cumulative_usd)


def test_single_months_and_present_value_are_named_in_the_columns():
    run = preset()
    found = chart_data.lines(run, present=True, cumulative=False)

    assert list(found.table["RAG [USD, present value]"]) == list(run.answers["rag"].monthly_present_value_usd)
    assert found.title == "Cost of each month"


def test_amounts_are_in_the_money_on_screen():
    run = preset(finance__currency="EUR", finance__usd_per_currency_unit=2.0)

    assert list(chart_data.lines(run).table["RAG [EUR]"])[-1] == run.answers["rag"].tco_usd / 2


def test_an_architecture_without_a_total_has_no_column():
    assert "RAG [USD]" not in chart_data.lines(preset(rag__model=None)).table


# Bars, waterfall, months


def test_the_bars_as_a_table_add_up_to_the_totals():
    run = preset()
    table = chart_data.bars(run).table
    sums = table.groupby("Architecture")["Cost [USD]"].sum()

    assert sums["Fine-tuning"] == pytest.approx(run.answers["fine_tuning"].tco_usd)
    assert table.groupby("Architecture")["Share"].sum().tolist() == pytest.approx([1, 1, 1])
    assert (table["Cost [USD]"] != 0).all()


@pytest.mark.parametrize("every", [False, True])
def test_the_steps_as_a_table_add_up_to_both_totals(every):
    run = preset()
    a, b = run.answers["rag"], run.answers["fine_tuning"]
    steps = steps_of(difference(a, b), every=every)
    table = chart_data.steps(run, ("RAG", "Fine-tuning"), steps, (a.tco_usd, b.tco_usd)).table

    assert list(table.iloc[-1])[1:] == pytest.approx([a.tco_usd, b.tco_usd, b.tco_usd - a.tco_usd])
    assert table.iloc[:-1, 1:].sum().tolist() == pytest.approx(list(table.iloc[-1])[1:])
    assert "Lines of the same cost" in set(table["Line"])


def test_the_months_as_a_table_add_up_to_what_the_months_cost():
    run = preset()
    by_family = {key: months.family_months(answer) for key, answer in run.answers.items()}
    table = chart_data.months(run, by_family).table
    rag = table[table["Architecture"] == "RAG"]

    assert list(rag["Together [USD]"]) == pytest.approx(list(run.answers["rag"].monthly_usd[1:]))
    assert list(rag["Month"]) == list(range(1, 25))


def test_the_table_reads_to_the_cent():
    run = arms(12, rag=(0.1, 1_000), fine_tuning=(0, 20))
    steps = steps_of(difference(run.answers["rag"], run.answers["fine_tuning"]))
    shown = chart_data.steps(run, ("RAG", "Fine-tuning"), steps, (12_000.1, 240.0)).styled().to_html()

    assert f"{MINUS}11,760.10" in shown
    assert "12,000.10" in shown


# Equal lines


def test_lines_of_one_cost_read_the_same_and_each_column_still_adds_up():
    columns = {"rag": [2_143.76, 51_888.87, 9_212.96], "hybrid": [2_143.76, 1_474.57, 9_212.96]}
    sums = {key: sum(column) for key, column in columns.items()}
    found = rounded(columns, sums, 0)

    assert (found["rag"][0], found["rag"][2]) == (found["hybrid"][0], found["hybrid"][2]) == (2_144, 9_213)
    assert {key: sum(column) for key, column in found.items()} == {key: round(total) for key, total in sums.items()}


def test_where_every_line_is_the_same_the_columns_are():
    columns = {"rag": [0.4, 0.4, 0.4], "hybrid": [0.4, 0.4, 0.4]}
    found = rounded(columns, {"rag": 1.2, "hybrid": 1.2}, 0)

    assert found["rag"] == found["hybrid"]
    assert sum(found["rag"]) == 1


# Cards


def test_a_card_gives_each_amount_for_reading_and_to_the_cent():
    run = preset()
    card = card_text.card(run, "fine_tuning", text.totals(run))
    facts = {each.name: (each.value, each.exact) for each in card.facts}

    assert (card.total.value, card.total.exact) == ("$100K", "$100,477.76")
    assert facts["Build"] == ("$37K", text.money_of(run).exact(run.answers["fine_tuning"].phase_usd("one_time")))
    assert facts["Per query"] == ("$0.017", f"${run.answers['fine_tuning'].cost_per_query_usd:.6g}")
    assert facts["Launch in"] == ("6 weeks", "")
    assert card.badge == "cheapest"


def test_a_hybrid_that_is_tuned_later_says_what_of_its_build_comes_when():
    run = preset(hybrid__fine_tuning_starts_month=6)
    facts = {each.name: each for each in card_text.card(run, "hybrid", text.totals(run)).facts}
    later = run.answers["hybrid"].bill.phase_usd("one_time")[6]

    assert facts["Tuned side"].value == "after month 6"
    assert facts["Build"].meaning.endswith(f"; {text.money_of(run)(later)} of it falls in month 6")
    assert "Tuned side" not in {each.name for each in card_text.card(run, "rag", text.totals(run)).facts}


def test_what_is_already_built_has_no_launch_to_wait_for():
    run = preset(finance__already_built=["rag"])

    assert card_text.launch(run, "rag") == "already built"
    assert card_text.launch(run, "fine_tuning") == "6 weeks"


def test_below_the_required_quality_no_card_says_cheapest():
    run = preset(quality__minimum_correct_share=0.9, fine_tuning__correct_share=0.85)
    cards = {key: card_text.card(run, key, text.totals(run)) for key in run.answers}

    assert cards["fine_tuning"].reason == "85% correct answers, 90% required"
    assert [key for key, card in cards.items() if card.badge == "cheapest"] == ["rag"]
