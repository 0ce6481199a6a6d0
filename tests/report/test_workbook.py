"""The workbook as it is: read back with an independent reader, right without recomputing, harmless, always the same."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from functools import cache
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from costmodel.changes import changed
from costmodel.ledger import COLUMNS
from costmodel.results import Run, run_scenario
from costmodel.vector_store import is_store
from pricing.catalog import load_book
from report.imprint import imprint
from report.palette import ARCHITECTURES
from report.workbook import written
from report.workbook.inputs import cell_name
from report.workbook.model import live
from report.workbook.sheets import FIXED, IDLE, NAMES
from report.workbook.style import harmless
from tests.report.workbook_cases import BASE, CASES, DAY, LARGE, UNKNOWN, run_of

CENT = 0.005
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "  =1+1",
    '=HYPERLINK("http://example.org";"click")',
    "http://example.org/?a=1",
    "<script>alert(1)</script> & ]]>",
    "[x](javascript:alert(1))",
    "two\nlines\r\nand\u2028more\x85\x0b\x0cend",
    "Überblick 🚀 €",
    "\u202e\u200fright to left\u202c",
    "\x00\x1b[31m half \ud800 none \uffff",
    "_x0041_",
    "x" * 10_000,
]
NAMED = [name for name in HOSTILE if "\ud800" not in name]


@cache
def default_bytes() -> bytes:
    return written(imprint(run_of(), DAY, base_url="https://crossover.example"))


def opened(content: bytes, values: bool = True) -> openpyxl.Workbook:
    """As a viewer sees it that recomputes nothing; or its formulas."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def of(run: Run) -> bytes:
    return written(imprint(run, DAY))


def words_in(book: openpyxl.Workbook) -> list[str]:
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def column(sheet: Any, head: str) -> list[Any]:
    heads = [cell.value for cell in sheet[4]]
    return [row[heads.index(head)] for row in sheet.iter_rows(min_row=5, values_only=True)]


# What is in it


def test_the_sheets_stand_in_the_order_of_reading():
    assert opened(default_bytes()).sheetnames == list(NAMES)
    assert NAMES[:2] == ("Summary", "Assumptions")


@pytest.mark.parametrize("case", [{}, *CASES.values()])
def test_a_viewer_that_recomputes_nothing_sees_the_totals_of_the_screen(case):
    run = run_of(case)
    unit = run.scenario.finance.usd_per_currency_unit
    monthly = opened(of(run))["Monthly"]
    rows = zip(column(monthly, "Architecture"), column(monthly, "Month"), column(monthly, "Cost"), strict=True)
    found = {(name, month): cost for name, month, cost in rows}

    expected = {
        (ARCHITECTURES[key].name, month): usd / unit
        for key, answer in run.answers.items()
        for month, usd in enumerate(answer.monthly_usd)
    }
    assert found == pytest.approx(expected, abs=CENT)


@pytest.mark.parametrize("case", [{}, *CASES.values()])
def test_the_stored_ledger_is_the_ledger_of_the_app(case):
    run = run_of(case)
    stored = pd.read_excel(io.BytesIO(of(run)), sheet_name="Ledger", header=3)
    stored = stored[(stored["quantity"] != 0) | (stored["cost_usd"] != 0)]
    keys = ["architecture", "component", "phase", "scope", "driver", "unit", "month"]
    money = ["quantity", "cost_usd", "present_value_usd"]

    assert list(stored.columns) == COLUMNS
    pd.testing.assert_frame_equal(
        stored.groupby(keys)[money].sum(), run.ledger().groupby(keys)[money].sum(), check_dtype=False, rtol=1e-9
    )


def test_the_summary_states_totals_present_values_and_milestones():
    run = run_of()
    sheet = opened(default_bytes())["Summary"]
    rows = {row[0]: row[1:4] for row in sheet.iter_rows(min_row=8, values_only=True)}
    answers = run.answers.values()

    assert rows["Total over 24 months"] == pytest.approx([each.tco_usd for each in answers])
    worth = [each.present_value_usd for each in answers]
    assert rows["Present value (discount rate on Assumptions)"] == pytest.approx(worth)
    assert rows["Total after 12 months"] == pytest.approx([each.total_usd(12) for each in answers])
    assert rows["Total after 36 months (as exported)"] == pytest.approx([each.total_usd(36) for each in answers])
    assert rows["Per month at the end"] == pytest.approx([each.run_rate_usd for each in answers])
    assert rows["Per query"] == pytest.approx([each.cost_per_query_usd for each in answers])


def test_amounts_are_shown_in_the_currency_of_the_scenario():
    run = run_of({"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25, "finance.horizon_months": 2})
    book = opened(of(run))

    assert book["Summary"]["B8"].value == pytest.approx(run.answers["rag"].tco_usd / 1.25)
    assert "€" in book["Summary"]["B8"].number_format


def test_live_cells_have_names_that_a_spreadsheet_takes():
    names = opened(default_bytes()).defined_names

    assert names["queries_per_month"].attr_text.startswith("Assumptions!$B$")
    assert {"discount_rate_annual", "rag_top_k", "discount_share_openai", "price_drift_annual_labour"} <= set(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names)
    assert not [name for name in names if re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*", name)]


def test_every_number_of_the_scenario_has_a_name_of_its_own():
    names = [cell_name(each.path) for each in live(run_of()).inputs if each.facts]

    assert len({name.lower() for name in names}) == len(names)


def test_every_row_of_the_assumptions_says_whether_it_is_live():
    sheet = opened(default_bytes())["Assumptions"]
    rows = {row[7]: row[3] for row in sheet.iter_rows(min_row=5, values_only=True) if row[7]}

    assert set(rows.values()) == {"live", FIXED, IDLE}
    assert rows["workload.queries_per_month"] == "live"
    assert rows["finance.horizon_months"] == FIXED
    assert rows["fine_tuning.hosting"] == FIXED
    assert rows["corpus.pages_per_document"] == IDLE


def test_an_input_that_would_bring_other_lines_into_the_bill_is_a_value_at_0():
    path = "workload.prompt_cache_hit_share"

    assert path not in live(run_of()).live
    assert path in live(run_of({path: 0.4})).live


def test_a_cell_takes_what_the_app_takes():
    book = opened(default_bytes())
    sheet = book["Assumptions"]
    row = next(row for row in range(5, 200) if sheet.cell(row, 8).value == "rag.top_k")
    [rule] = [each for each in sheet.data_validations.dataValidation if f"B{row}" in str(each.sqref)]

    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("whole", 0, 1000)


def test_the_price_sheet_has_a_row_for_each_date_of_a_price_in_use_with_its_source():
    run = run_of(CASES["routed, with a forecast, dated prices and a model that retires"])
    sheet = opened(of(run))["Prices"]
    found = {(row[0], row[7]): (row[2], row[11]) for row in sheet.iter_rows(min_row=5, values_only=True)}

    for row in run.rows_in_use:
        usd, source = found[(row.price_id, str(row.effective_from or "always"))]
        assert usd == row.price_usd
        assert source.endswith(row.source)


def test_it_says_what_every_export_says():
    words = "\n".join(words_in(opened(default_bytes())))
    made = imprint(run_of(), DAY, base_url="https://crossover.example")

    for fact in (made.model_version, made.price_book, made.price_dates, made.excluded, "2026-11-14", "1e9 bytes"):
        assert fact in words


def test_the_link_back_opens_and_one_too_long_for_a_cell_is_text():
    run = run_of({"finance.horizon_months": 1})
    made = imprint(run, DAY, base_url="https://crossover.example")
    long = imprint(run, DAY, base_url="https://crossover.example/" + "x" * 2100)
    links = [cell.hyperlink.target for row in opened(written(made))["Sources"] for cell in row if cell.hyperlink]
    no_links = [cell for row in opened(written(long))["Sources"] for cell in row if cell.hyperlink]

    assert links == [made.link]
    assert no_links == []
    assert long.link in words_in(opened(written(long)))


def test_it_has_two_native_charts_frozen_heads_and_prints_across_one_page():
    book = opened(default_bytes(), values=False)

    assert len(book["Summary"]._charts) == 2
    for name in ("Assumptions", "Prices", "Monthly", "Ledger", "Workings"):
        assert book[name].freeze_panes is not None
        assert book[name].print_title_rows == "$1:$4"
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book)


def test_a_missing_price_is_said_in_words_and_its_reason_given():
    run = run_of(UNKNOWN)
    sheet = opened(of(run))["Summary"]

    assert [sheet[f"{letter}8"].value for letter in "CD"] == ["not known", "not known"]
    assert sheet["B8"].value == pytest.approx(run.answers["rag"].tco_usd)
    assert any("no model is chosen" in words for words in words_in(opened(of(run))))


def test_one_architecture_alone_gives_a_workbook_too():
    run = run_of({"finance.compared": ("fine_tuning",), "finance.horizon_months": 1})

    assert opened(of(run))["Summary"]["B8"].value == pytest.approx(run.answers["fine_tuning"].tco_usd)


@pytest.mark.parametrize("store", [ref for ref in load_book().refs() if is_store(load_book().plan(ref))])
def test_the_bill_of_every_vector_store_is_live(store):
    lines = [line for each in live(run_of({**LARGE, "rag.vector_store": store})).lines.values() for line in each]

    assert [line.line.component for line in lines if not line.live] == []


# What users type


@pytest.mark.parametrize("name", NAMED)
def test_what_a_user_types_is_text_and_no_formula(name):
    extra = {"architecture": "rag", "component": (name.strip() or "x")[:80], "phase": "one_time", "months": [0, 0]}
    run = run_of({"name": name, "extra_costs": [{**extra, "usd": 10.0, "note": name}], "finance.horizon_months": 1})
    plain, typed = opened(of(run_of({"finance.horizon_months": 1})), False), opened(of(run), False)
    formulas = [cell for sheet in typed for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]

    assert not [cell.value for cell in formulas if "cmd" in cell.value or "HYPERLINK" in cell.value]
    assert not [cell for sheet in typed for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert typed.sheetnames == plain.sheetnames


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<script>alert(1)</script> & ]]>", "<script>alert(1)</script> & ]]>"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("two\nlines\x85and\x0bmore", "two\nlines and more"),
        ("Überblick 🚀 €", "Überblick 🚀 €"),
        ("\u202eright to left\u202c", "right to left"),
        ("_x0041_", "_x0041_"),
        ("x" * 10_000, "x" * 10_000),
    ],
)
def test_what_a_user_types_stays_readable(name, readable):
    run = run_scenario(changed(BASE, {"name": name, "finance.horizon_months": 1}), load_book())

    assert readable in words_in(opened(of(run)))


def test_a_text_longer_than_a_cell_takes_is_cut():
    assert len(harmless("x" * 40_000)) < 32_767


@pytest.mark.parametrize("name", [name for name in NAMED if name.strip().startswith(("=", "+", "-", "@"))])
def test_text_that_looks_like_a_formula_stays_text_when_its_cell_is_edited(name):
    book = opened(of(run_scenario(changed(BASE, {"name": name, "finance.horizon_months": 1}), load_book())))
    cells = [cell for row in book["Sources"].iter_rows() for cell in row if cell.value and row[0].value == "Scenario"]

    assert cells[-1].quotePrefix is True


@pytest.mark.parametrize("name", ["\x00\x1b[31m", "\uffff", "\u202eabc\u202c", "]]><x/>"])
def test_every_part_is_well_formed_xml(name):
    run = run_scenario(changed(BASE, {"name": name, "finance.horizon_months": 1}), load_book())
    with zipfile.ZipFile(io.BytesIO(of(run))) as parts:
        for part in parts.namelist():
            etree.fromstring(parts.read(part))
        words = parts.read("xl/sharedStrings.xml").decode()

    assert "\u202e" not in words


# Always the same


def test_the_same_input_gives_the_same_bytes_in_every_process():
    script = (
        "import hashlib\n"
        "from tests.report.workbook_cases import DAY, run_of\n"
        "from report.imprint import imprint\n"
        "from report.workbook import written\n"
        "content = written(imprint(run_of(), DAY, base_url='https://crossover.example'))\n"
        "print(hashlib.sha256(content).hexdigest())"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]

    assert answers == [hashlib.sha256(default_bytes()).hexdigest()] * 2


def test_the_day_is_the_one_that_was_given():
    book = opened(written(imprint(run_of(), date(2027, 2, 3))))

    assert book.properties.created.date() == date(2027, 2, 3)
