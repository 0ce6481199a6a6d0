"""A CSV report is harmless and readable whatever somebody typed, and so is the name of its file."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report import cost_csv
from tests.report.csv_files import body, comments, facts, full_ledger, run_of, summary, table, typed_in

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
    "\ufeff=1+1",
    "\u200b\u200f\u2066=1+1",
    "\u3000\xa0@SUM(A1)",
    "＝1+1",
    "﹢1+1",
    "＠SUM(A1)",
    '"=1+1',
    '" "\t=1+1"',
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "\x00\x1b[31m",
    "x" * 10_000,
    "# comment: fake",
    "",
    "'",
]
UNSEEN = re.compile("[\ufeff\u200b-\u200f\u2060-\u2064\u2066-\u2069]")
SHORT_NAMES = [name for name in HOSTILE if name]

RUNS = {f"name {number}": run_of({"name": name}) for number, name in enumerate(HOSTILE)}
RUNS |= {f"note {number}": run_of(typed_in(note=name[:9_000])) for number, name in enumerate(SHORT_NAMES)}
RUNS |= {f"component {number}": run_of(typed_in(component=name[:80])) for number, name in enumerate(SHORT_NAMES)}
FILES = {
    f"{case}, {kind}": write(run)
    for case, run in RUNS.items()
    for kind, write in (("summary", summary), ("ledger", full_ledger))
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

    cells = [unicodedata.normalize("NFKC", UNSEEN.sub("", cell)) for row in rows for cell in row]
    assert not [cell for cell in cells if re.match(r'[\s"]*([=+@\t\r]|-(?![\d.]))', cell)]


@pytest.mark.parametrize("case", FILES)
def test_no_text_turns_the_direction_of_the_rest_of_a_line(case):
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ufeff]", FILES[case])


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CON", "con"),
        ("nul.txt", "nul-txt"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Users\\x", "c-users-x"),
        ("...hidden", "hidden"),
        ("Überblick straße", "uberblick-strasse"),
        ("\u202egpj.exe", "gpj-exe"),
        ("🚀", "scenario"),
        ("日本語", "scenario"),
        ("—", "scenario"),
        (f"{'x' * 59} y", "x" * 59),
        ("x" * 10_000, "x" * 60),
    ],
)
def test_a_file_name_keeps_what_every_system_can_write(name, words):
    assert cost_csv.file_name(run_of({"name": name}), "summary") == f"crossover-{words}-summary.csv"


def test_the_name_itself_stays_readable():
    run = run_of({"name": 'Überblick, Q4; "final" 🚀'})

    assert facts(summary(run))["scenario"] == "Überblick - Q4 - 'final' 🚀"


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

    for file in (summary(run), full_ledger(run)):
        assert table(file).query("architecture == 'rag'")["cost_usd"].sum() == pytest.approx(
            run.answers["rag"].tco_usd, abs=0.005
        )
        assert not any(set(line) & set(',;"\r\t') for line in comments(file))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("-", "'-"),
        ("\ufeff+1", "'\ufeff+1"),
        ("\u3000\u200f＝1", "'\u3000\u200f＝1"),
        ("－1", "'－1"),
        ('"=1"', '\'"=1"'),
        ("'=1", "'=1"),
        ("a=1", "a=1"),
        ("", ""),
        ("1-2", "1-2"),
        ("−$5", "−$5"),
        ("“=1”", "“=1”"),
    ],
)
def test_only_what_could_start_a_formula_is_defused(cell, safe):
    assert cost_csv.defused(cell) == safe


@given(st.text(max_size=30))
def test_what_is_defused_once_is_not_defused_again(words):
    assert cost_csv.defused(cost_csv.defused(words)) == cost_csv.defused(words)
