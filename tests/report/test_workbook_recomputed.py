"""The workbook recomputed by an independent engine: it says what the app says, also after a live cell is changed."""

from __future__ import annotations

from functools import cache

import pytest

from costmodel.changes import changed
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report.imprint import imprint
from report.workbook import written
from report.workbook.model import live
from scripts.recomputed import (
    LiveCell,
    Recomputed,
    difference,
    live_cells,
    moved,
    of_run,
    other_value,
)
from tests.report.workbook_cases import CASES, DAY, UNKNOWN, run_of

CENT = 0.005


def after_each_change(run: Run, content: bytes, book: Recomputed) -> dict[str, float]:
    """What differs from the model after each live cell was changed alone, by cell; empty when nothing does."""
    found = {"as it stands": difference(book.totals(), of_run(run))}
    for cell in live_cells(content):
        value = other_value(cell)
        with book.holding(cell, value):
            gap = difference(book.totals(), of_run(moved(run, cell, value)))
        found[f"{cell.address} {cell.path} {cell.key} = {value:g}"] = gap
    return {words: gap for words, gap in found.items() if not gap <= CENT}


@cache
def default_workbook() -> tuple[Run, bytes, Recomputed]:
    """The default preset with its workbook; whoever changes a cell puts it back."""
    run = run_of()
    content = written(imprint(run, DAY))
    return run, content, Recomputed(content)


def cell_of(content: bytes, path: str) -> LiveCell:
    return next(cell for cell in live_cells(content) if cell.path == path)


def test_every_live_cell_of_the_default_preset_recomputes_to_what_the_app_says():
    assert after_each_change(*default_workbook()) == {}


@pytest.mark.parametrize("case", CASES)
def test_every_live_cell_recomputes_to_what_the_app_says(case):
    run = run_of(CASES[case])
    content = written(imprint(run, DAY))

    assert after_each_change(run, content, Recomputed(content)) == {}


@pytest.mark.parametrize("case", [{}, UNKNOWN, *CASES.values()])
def test_no_line_has_to_stand_as_a_value(case):
    lines = [line for each in live(run_of(case)).lines.values() for line in each]

    assert [line.line.component for line in lines if not line.live] == []


def test_what_a_planner_changes_is_live():
    _, content, _ = default_workbook()
    paths = {cell.path for cell in live_cells(content)}

    assert paths >= {
        "workload.queries_per_month",
        "workload.monthly_growth_share",
        "corpus.updates_per_month",
        "fine_tuning.retrain_every_months",
        "fine_tuning.revalidate_every_months",
        "rag.reindex_every_months",
        "people.engineer_usd_per_week",
        "people.contingency_share",
        "rag.build_engineer_weeks",
        "fine_tuning.usd_per_example",
        "workload.query_tokens",
        "workload.output_tokens",
        "rag.top_k",
        "corpus.chunk_tokens",
        "finance.discount_rate_annual",
        "finance.price_drift_annual.labour",
        "finance.price_drift_annual.llm",
        "finance.discount_share.openai",
        "price_usd",
        "minimum_usd",
    }
    assert "finance.horizon_months" not in paths


def test_another_discount_rate_moves_the_present_value_alone():
    run, content, book = default_workbook()
    cell = cell_of(content, "finance.discount_rate_annual")
    with book.holding(cell, 0.25):
        present = [book.value(f"Summary!{letter}10") for letter in "BCD"]
        totals = book.totals()

    discounted = moved(run, cell, 0.25)
    assert present == pytest.approx([each.present_value_usd for each in discounted.answers.values()], abs=CENT)
    assert difference(totals, of_run(run)) <= CENT


def test_the_summary_follows_when_another_architecture_becomes_the_cheapest():
    run, content, book = default_workbook()
    cell = cell_of(content, "workload.queries_per_month")
    with book.holding(cell, 20_000.0):
        now = book.value("Summary!B5")

    assert moved(run, cell, 20_000.0).cheapest == "rag"
    assert run.cheapest == "fine_tuning"
    assert (book.value("Summary!B5"), now) == ("Fine-tuning", "RAG")


def test_the_summary_says_who_overtakes_whom_when_as_the_app_does():
    run, content, book = default_workbook()
    cell = cell_of(content, "workload.queries_per_month")
    rows = {book.value(f"Summary!A{row}"): row for row in range(30, 50)}
    row = rows["RAG and Fine-tuning"]
    with book.holding(cell, 400_000.0):
        now = [book.value(f"Summary!{letter}{row}") for letter in "BCD"]

    [crossing] = [each for each in moved(run, cell, 400_000.0).crossings if {each.a, each.b} == {"rag", "fine_tuning"}]
    assert now == [1, crossing.overtakes_in_month, "Fine-tuning"]


def test_a_change_runs_through_to_the_ledger_which_adds_up_to_the_total():
    run = run_of({"finance.horizon_months": 3})
    content = written(imprint(run, DAY))
    book, cell = Recomputed(content, ledger=True), cell_of(content, "people.engineer_usd_per_week")
    with book.holding(cell, 5000.0):
        amounts = [(book.value(f"Ledger!A{row}"), book.value(f"Ledger!I{row}")) for row in range(5, 400)]
        scopes = [book.value(f"Ledger!D{row}") for row in range(5, 400)]
        checks = [book.value(f"Summary!{letter}19") for letter in "BCD"]

    sums = {
        key: sum(
            usd or 0.0 for (name, usd), scope in zip(amounts, scopes, strict=True) if (name, scope) == (key, "bill")
        )
        for key in run.answers
    }
    expected = {key: each.tco_usd for key, each in moved(run, cell, 5000.0).answers.items()}
    assert sums == pytest.approx(expected, abs=CENT)
    assert checks == [0, 0, 0]


def test_a_missing_price_stays_not_known_and_is_never_0():
    run = run_of(UNKNOWN)
    content = written(imprint(run, DAY))
    book = Recomputed(content)

    assert [book.value(f"Summary!{letter}8") for letter in "CD"] == ["not known", "not known"]
    assert book.value("Summary!B8") == pytest.approx(run.answers["rag"].tco_usd, abs=CENT)
    assert book.value("Summary!B5") == "RAG"
    assert difference(book.totals(), of_run(run)) <= CENT


def test_of_a_price_with_several_dates_each_date_has_a_cell_of_its_own():
    run = run_of(CASES["routed, with a forecast, dated prices and a model that retires"])
    cells = [cell for cell in live_cells(written(imprint(run, DAY))) if cell.key]
    days = [cell.key[1] for cell in cells if cell.key[0] == "google/gemini-3.6-flash:input"]

    assert len(days) == 2
    assert "2027-01-01" in days


def test_an_amount_of_0_that_was_typed_in_is_a_value():
    extra = {
        "architecture": "rag",
        "component": "licence",
        "phase": "recurring",
        "months": [2, 4],
        "usd_per_month": 0.0,
    }
    paths = [cell.path for cell in live_cells(written(imprint(run_of({"extra_costs": [extra]}), DAY)))]

    assert "extra_costs.0" not in paths


def test_a_changed_scenario_gives_a_workbook_of_its_own():
    run = run_of()
    more = run_scenario(changed(run.scenario, {"workload.queries_per_month": 1e6}), load_book())

    assert written(imprint(run, DAY)) != written(imprint(more, DAY))
