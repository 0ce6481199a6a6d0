"""The cost report as CSV: one tidy table for programs, a readable page for spreadsheets, harmless in both."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import MILESTONES, Run, run_scenario
from costmodel.scenario import FIELDS
from pricing.catalog import load_book
from report import cost_csv, text

DAY = date(2026, 11, 14)
BASE = resolved(PRESETS[DEFAULT_PRESET].scenario, DAY)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    '=HYPERLINK("http://example.org";"click")',
    "two\nlines\r\nand\u2028more\u2029\x85\x0b\x0cend",
    "commas, semicolons; \"quotes\" 'single' # hash | pipe \t tab",
    "Überblick 🚀 €",
    "\u202e\u200fright to left\u202c",
    "\x00\x1b[31m",
    "x" * 10_000,
    "# comment: fake",
    "",
    "'",
]
SHORT_NAMES = [name for name in HOSTILE if name]


def run_of(values: dict[str, Any] | None = None) -> Run:
    return run_scenario(changed(BASE, values or {}, load_book()), load_book())


def typed_in(component: str = "licence", note: str = "", phase: str = "recurring") -> dict[str, Any]:
    """A typed-in cost of 10 USD in each month of operation."""
    cost = {"architecture": "rag", "component": component, "phase": phase, "months": [1, 24], "usd_per_month": 10.0}
    return {"extra_costs": [{**cost, "note": note}]}


def table(text: str) -> pd.DataFrame:
    """The table as an analyst reads it."""
    return pd.read_csv(io.StringIO(text), comment="#")


def comments(text: str) -> list[str]:
    """The lines above the table."""
    return [line for line in text.split("\n") if line.startswith("#")]


def facts(text: str) -> dict[str, str]:
    """Key -> value of the comment lines."""
    return dict(line.removeprefix("# ").split(": ", 1) for line in comments(text))


def body(text: str) -> str:
    """Everything below the comment lines."""
    return text[sum(len(line) + 1 for line in comments(text)) :]


PLAIN = run_of()
SUMMARY, LEDGER = cost_csv.summary(PLAIN, DAY), cost_csv.full_ledger(PLAIN, DAY)


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
    text = cost_csv.full_ledger(run, DAY)

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
    text = cost_csv.summary(run_of({"finance.fiscal_year_starts_month": starts}), DAY)

    years = table(text).query("architecture == 'rag'")["fiscal_year"]
    assert years.iloc[[0, 2]].tolist() == [year_of_november, year_of_january]


def test_numbers_are_not_rounded():
    total = table(LEDGER).query("architecture == 'rag'")["cost_usd"].sum()

    assert total == pytest.approx(PLAIN.answers["rag"].tco_usd, rel=1e-13)


def test_another_currency_stands_beside_the_dollars():
    run = run_of({"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25})

    rows = table(cost_csv.summary(run, DAY))
    assert (rows["cost_eur"] * 1.25).tolist() == pytest.approx(rows["cost_usd"].tolist())
    ledger = table(cost_csv.full_ledger(run, DAY))
    assert ledger["cost_eur"].sum() * 1.25 == pytest.approx(ledger["cost_usd"].sum())


def test_a_missing_cost_is_an_empty_cell_and_never_0():
    run = run_of({"rag.model": None})

    text = cost_csv.summary(run, DAY)
    rows = table(text).query("architecture == 'rag' and month > 0")
    assert rows["cost_usd"].isna().all()
    assert facts(text)["total_usd rag month 24"] == "missing"


# The lines above it


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

    stated = facts(cost_csv.summary(run, DAY))
    assert [float(stated[f"total_usd rag month {months}"]) for months in (12, 18, 24, 36)] == [
        run.answers["rag"].total_usd(months) for months in (12, 18, 24, 36)
    ]


def test_every_assumption_stands_above_the_table():
    stated = facts(SUMMARY)

    assert [path for path in FIELDS if f"assumption {path}" not in stated] == []


def test_a_changed_assumption_says_what_the_preset_had():
    text = cost_csv.summary(run_of({"workload.query_tokens": 99}), DAY)

    assert facts(text)["assumption workload.query_tokens"] == "99.0 tokens (changed; the preset has 70.0)".replace(
        "; ", " - "
    )


def test_every_price_in_use_stands_above_the_table_with_its_date_and_source():
    stated = facts(SUMMARY)

    for row in PLAIN.rows_in_use:
        assert f"{row.price_usd!r} USD per {row.unit}" in stated[f"price {row.price_id}"]


def test_verdict_date_versions_and_exclusions_stand_above_the_table():
    stated = facts(SUMMARY)

    assert {"model_version", "price_book", "scenario", "verdict", "convention time", "not included"} <= set(stated)
    assert stated["date"] == "2026-11-14"


@pytest.mark.parametrize("write", [cost_csv.summary, cost_csv.full_ledger])
def test_a_file_taken_from_a_screen_says_which_value_that_showed(write):
    nominal, present = facts(write(PLAIN, DAY, False)), facts(write(PLAIN, DAY, True))

    assert nominal["shown on screen"] == "nominal cost - as in the cost columns"
    assert "verdict in present value" not in nominal
    assert present["shown on screen"].startswith("present value - as in the present_value columns")
    assert present["verdict in present value"] == cost_csv.one_cell(text.verdict(PLAIN, True).sentence)
    assert present["verdict"] == nominal["verdict"]


def test_the_table_does_not_depend_on_the_screen_and_without_one_none_is_mentioned():
    assert body(cost_csv.summary(PLAIN, DAY, True)) == body(SUMMARY)
    assert "shown on screen" not in facts(SUMMARY)


def test_the_discount_rate_behind_the_present_values_stands_above_the_table():
    stated = facts(cost_csv.summary(run_of({"finance.discount_rate_annual": 0.12}), DAY))

    assert stated["convention present value"].startswith("discounted at 0.12 a year to month 0")


def test_discounts_edits_and_typed_in_costs_stand_above_the_table():
    run = run_of(
        {"finance.discount_share.openai": 0.25, "price:openai/gpt-6.1-sol:input": 1.5, **typed_in(note="quoted")}
    )

    stated = facts(cost_csv.summary(run, DAY))
    assert stated["discount openai"] == "0.25 of every price of openai"
    assert stated["price edit openai/gpt-6.1-sol:input"].startswith("1.5 USD per 1M tokens")
    assert "months 1 to 24" in stated["extra cost 1"]


def test_no_crossing_is_said_in_words():
    run = run_of({"finance.compared": ["rag"]})

    assert facts(cost_csv.summary(run, DAY))["crossings"] == "none within 24 months"


# Safe to open

RUNS = {f"name {number}": run_of({"name": name}) for number, name in enumerate(HOSTILE)}
RUNS |= {f"note {number}": run_of(typed_in(note=name[:9_000])) for number, name in enumerate(SHORT_NAMES)}
RUNS |= {f"component {number}": run_of(typed_in(component=name[:80])) for number, name in enumerate(SHORT_NAMES)}
FILES = {
    f"{case}, {kind}": write(run, DAY)
    for case, run in RUNS.items()
    for kind, write in (("summary", cost_csv.summary), ("ledger", cost_csv.full_ledger))
}


@pytest.mark.parametrize("case", FILES)
def test_a_hostile_text_leaves_the_table_whole(case):
    run, rows = RUNS[case.split(",")[0]], table(FILES[case])

    for key, answer in run.answers.items():
        own = rows[rows["architecture"] == key]
        assert own["cost_usd"].sum() == pytest.approx(answer.tco_usd, abs=0.005)


@pytest.mark.parametrize("case", FILES)
def test_the_file_begins_with_comments_and_has_none_further_down(case):
    lines = FILES[case].split("\n")
    first = next(number for number, line in enumerate(lines) if not line.startswith("# "))

    assert lines[first].startswith('"architecture"')
    assert not any(line.startswith("#") for line in lines[first:])


@pytest.mark.parametrize("case", FILES)
def test_a_comment_is_one_physical_line_without_anything_that_opens_a_second_cell(case):
    for line in comments(FILES[case]):
        assert not re.search(r'[,;"\t\r\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]', line)
        assert ": " in line


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whatever_separator_a_spreadsheet_guesses_a_comment_is_one_cell(case, separator):
    rows = list(csv.reader(io.StringIO(FILES[case], newline=""), delimiter=separator))

    commented = [row for row in rows if row and row[0].startswith("#")]
    assert len(commented) == len(comments(FILES[case]))
    assert {len(row) for row in commented} == {1}


@pytest.mark.parametrize("case", FILES)
def test_every_row_of_the_table_has_as_many_cells_as_the_header(case):
    rows = list(csv.reader(io.StringIO(body(FILES[case]), newline=""), strict=True))

    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("case", FILES)
def test_no_cell_starts_a_formula(case):
    rows = csv.reader(io.StringIO(FILES[case], newline=""))

    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+@\t\r]|\s*-(?![\d.])", cell)]


@pytest.mark.parametrize("case", FILES)
def test_every_text_cell_is_quoted_and_every_number_is_not(case):
    rows = body(FILES[case]).rstrip("\n")
    cells = re.findall(r'(?:^|,)("(?:[^"]|"")*"|[^",\n]*)', rows, flags=re.MULTILINE)

    assert all(cell.startswith('"') or re.fullmatch(r"(-?\d+(\.\d+)?(e[+-]?\d+)?)?", cell) for cell in cells)


@pytest.mark.parametrize("case", FILES)
def test_a_file_ends_its_lines_alike_and_the_last_one_too(case):
    assert FILES[case].endswith("\n")
    assert "\r" not in FILES[case]


@pytest.mark.parametrize("case", FILES)
def test_the_bytes_of_a_file_read_back_the_same(case):
    rows = pd.read_csv(io.BytesIO(cost_csv.encoded(FILES[case])), comment="#")

    pd.testing.assert_frame_equal(rows, table(FILES[case]))


def test_a_file_of_plain_letters_has_no_byte_order_mark_and_another_has():
    assert cost_csv.encoded("# a: b\n") == b"# a: b\n"
    assert cost_csv.encoded("# a: ü\n").startswith(b"\xef\xbb\xbf# a: ")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_name_is_plain_whatever_the_scenario_is_called(name):
    written = cost_csv.file_name(run_of({"name": name}), "summary")

    assert re.fullmatch(r"crossover-[a-z0-9][a-z0-9-]*-summary\.csv", written)
    assert len(written) <= 60 + len("crossover--summary.csv")


def test_the_name_itself_stays_readable():
    run = run_of({"name": 'Überblick, Q4; "final" 🚀'})

    assert facts(cost_csv.summary(run, DAY))["scenario"] == "Überblick - Q4 - 'final' 🚀"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("costs $100,478, 8% less", "costs $100478 - 8% less"),
        ("1,234,567.5 tokens; 2 runs", "1234567.5 tokens - 2 runs"),
        ("months 1,2,3", "months 1 - 2 - 3"),
        ("1,2345", "1 - 2345"),
        ("a,b", "a - b"),
    ],
)
def test_in_a_comment_a_comma_becomes_a_dash_and_one_within_a_number_goes(said, written):
    assert cost_csv.one_cell(said) == written


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@settings(max_examples=50)
def test_any_name_and_note_leave_both_files_readable(words):
    run = run_of({"name": words, **typed_in(note=words, component=words or "x")})

    for file in (cost_csv.summary(run, DAY), cost_csv.full_ledger(run, DAY)):
        assert table(file).query("architecture == 'rag'")["cost_usd"].sum() == pytest.approx(
            run.answers["rag"].tco_usd, abs=0.005
        )
        assert not any(set(line) & set(',;"\r\t') for line in comments(file))


@pytest.mark.parametrize(
    ("cell", "safe"), [("=1", "'=1"), (" =1", "' =1"), ("-", "'-"), ("a=1", "a=1"), ("", ""), ("1-2", "1-2")]
)
def test_only_what_could_start_a_formula_is_defused(cell, safe):
    assert cost_csv.defused(cell) == safe
