"""Every kind of file, read back by a reader that knows nothing of us, holds the totals of the screen."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pandas as pd
import pytest
from lxml import html

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.ranges import ranges_of
from costmodel.results import Run, run_scenario
from costmodel.uncertainty import Uncertainty, uncertainty
from pricing.catalog import load_book
from report.exports import KINDS, ExportProblem, written
from report.imprint import imprint
from report.sentence import money_of

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = date(2026, 11, 14)
BASE = resolved(PRESETS[DEFAULT_PRESET].scenario, DAY)
MEMOS = ("md", "html", "docx")


def run_of(values: dict[str, Any] | None = None) -> Run:
    """The preset of the first visit with some values changed."""
    return run_scenario(changed(BASE, values or {}, load_book()), load_book())


def draws_of(run: Run, count: int = 64) -> Uncertainty:
    """Draws of the scenario's ranges, or of those suggested."""
    ranges = {path: each.model_dump() for path, each in ranges_of(run).items()}
    return uncertainty(changed(run.scenario, {"uncertainty": ranges}), load_book(), count, 7)


PLAIN = run_of()
STAMP = imprint(PLAIN, DAY, base_url="https://example.org")


# Readers: what each finds in a file, as numbers and as text


def from_csv(content: bytes) -> list[Any]:
    """Sums of each architecture over months, or over months and lines of each scope and of both."""
    rows = pd.read_csv(io.BytesIO(content), comment="#")
    scopes = [] if "scope" not in rows else [part for _, part in rows.groupby("scope")]
    return [usd for part in (rows, *scopes) for usd in part.groupby("architecture")["cost_usd"].sum().tolist()]


def from_workbook(content: bytes) -> list[Any]:
    """Every value of every sheet, as stored beside the formulas."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def from_word(content: bytes) -> list[Any]:
    """Every paragraph and every cell."""
    document = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


def from_html(content: bytes) -> list[Any]:
    """Every text of the page."""
    return [str(words).strip() for words in html.fromstring(content.decode("utf-8")).itertext()]


def from_markdown(content: bytes) -> list[Any]:
    """Every cell of every table."""
    return [cell.strip(" *") for line in content.decode("utf-8").splitlines() for cell in line.split("|")]


def from_json(content: bytes) -> list[Any]:
    """Every value at any depth."""

    def values(node: Any) -> Iterator[Any]:
        if isinstance(node, dict | list):
            for each in node.values() if isinstance(node, dict) else node:
                yield from values(each)
        else:
            yield node

    return list(values(json.loads(content)))


READERS: dict[str, Callable[[bytes], list[Any]]] = {
    "csv": from_csv,
    "ledger": from_csv,
    "xlsx": from_workbook,
    "md": from_markdown,
    "html": from_html,
    "docx": from_word,
    "json": from_json,
}


def told(found: list[Any], usd: float, run: Run) -> bool:
    """Whether an amount stands somewhere: as a number to the cent, or in the words of the screen."""
    money, rate = money_of(run), run.scenario.finance.usd_per_currency_unit
    words = {money(usd), money.exact(usd)}
    return any(
        min(abs(each - usd), abs(each - usd / rate)) < 0.005
        if isinstance(each, int | float)
        else str(each).strip() in words
        for each in found
    )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {
            "finance.horizon_months": 36,
            "finance.consequences_in_tco": True,
            "quality.usd_per_wrong_answer": 0.5,
            "rag.correct_share": 0.9,
        },
        {"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25},
    ],
    ids=["two years", "three years with consequences", "euros"],
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_independent_reader_finds_the_totals_of_the_screen(kind, values):
    run = run_of(values)

    found = READERS[kind](written(kind, imprint(run, DAY, base_url="https://example.org")))
    assert [key for key, answer in run.answers.items() if not told(found, answer.tco_usd, run)] == []


# What every kind says of itself


def test_there_are_exactly_these_kinds_and_each_has_a_reader_here():
    assert list(KINDS) == ["csv", "ledger", "xlsx", "md", "html", "docx", "json"] == list(READERS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_a_kind_has_a_label_a_sentence_and_a_file_name(kind):
    name = kind.file_name(STAMP)

    assert kind.label
    assert kind.holds
    assert name.startswith("crossover-sales-chat-prices-in-brand-voice-")
    assert name.endswith(f".{kind.ending}")


def test_no_two_kinds_write_a_file_of_the_same_name():
    assert len({kind.file_name(STAMP) for kind in KINDS.values()}) == len(KINDS)


def test_a_terminal_shows_text_only():
    assert [kind.name for kind in KINDS.values() if not kind.is_text] == ["xlsx", "docx"]


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.is_text])
def test_text_is_utf_8_and_ends_its_lines_alike(kind):
    content = written(kind, imprint(run_of({"name": "Überblick 🚀"}), DAY)).decode("utf-8-sig")

    assert "\r" not in content
    assert content.endswith("\n")
    assert "🚀" in content or "Überblick" in content


def links_in(kind: str, content: bytes) -> set[str]:
    """Where the links of a Word document or a workbook lead."""
    if kind == "docx":
        return {part.target_ref for part in docx.Document(io.BytesIO(content)).part.rels.values()}
    cells = (cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row)
    return {cell.hyperlink.target for cell in cells if cell.hyperlink}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_carries_model_version_price_book_day_link_and_price_dates(kind):
    content = written(kind, STAMP)
    office = kind in ("xlsx", "docx")

    text = "\n".join(map(str, READERS[kind](content))) if office else content.decode("utf-8-sig").replace("\\", "")
    assert STAMP.model_version in text
    assert STAMP.price_book in text
    assert STAMP.price_dates in text
    assert "2026-11-14" in text or "14 Nov 2026" in text
    assert any(STAMP.link in each for each in (links_in(kind, content) if office else (text,)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_is_not_included_and_by_which_conventions(kind):
    content = written(kind, STAMP)
    office = kind in ("xlsx", "docx")

    text = "\n".join(map(str, READERS[kind](content))) if office else content.decode("utf-8-sig")
    for words in ("taxes", "sunk cost", "month 0", "hours a month", "1e9 bytes"):
        assert words in text.lower()


# What goes into it beside the scenario


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.takes_draws])
def test_draws_change_the_kinds_that_take_them(kind):
    assert written(kind, STAMP, uncertainty=draws_of(PLAIN)) != written(kind, STAMP)


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.takes_draws])
def test_draws_leave_the_others_as_they_are(kind):
    assert written(kind, STAMP, uncertainty=draws_of(PLAIN)) == written(kind, STAMP)


@pytest.mark.parametrize(
    "values",
    [
        {"finance.horizon_months": 12},
        {"finance.compared": ["rag", "fine_tuning"]},
        {"uncertainty": {"workload.query_tokens": {"low": 1.0, "likely": 70.0, "high": 99.0}}},
    ],
    ids=["other months", "other architectures", "other ranges"],
)
def test_draws_about_another_scenario_are_refused(values):
    with pytest.raises(ExportProblem, match="the draws are about another scenario"):
        written("csv", STAMP, uncertainty=draws_of(run_of(values)))


@pytest.mark.parametrize("kind", MEMOS)
def test_contents_choose_the_sections_of_a_memo(kind):
    short = written(kind, STAMP, contents=["verdict"])

    assert len(short) < len(written(kind, STAMP))


@pytest.mark.parametrize("kind", MEMOS)
def test_a_section_that_no_memo_has_is_refused_by_name(kind):
    with pytest.raises(ExportProblem, match=r"'poem' .*verdict"):
        written(kind, STAMP, contents=["verdict", "poem"])


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(ExportProblem, match="'pdf' is no kind of file; use one of csv, ledger, xlsx"):
        written("pdf", STAMP)


# Light, and the same every time


def test_no_heavy_library_is_loaded_before_a_file_needs_it():
    script = (
        "import sys\nfrom datetime import date\n"
        "from costmodel.changes import resolved\nfrom costmodel.presets import PRESETS\n"
        "from costmodel.results import run_scenario\nfrom pricing.catalog import load_book\n"
        "from report.exports import written\nfrom report.imprint import imprint\n"
        f"run = run_scenario(resolved(PRESETS['{DEFAULT_PRESET}'].scenario, date(2026, 11, 14)), load_book())\n"
        "written('csv', imprint(run, date(2026, 11, 14)))\n"
        "print([name for name in ('altair', 'docx', 'jinja2', 'vl_convert', 'xlsxwriter') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_scenario_on_the_same_day_gives_the_same_bytes(kind):
    assert written(kind, imprint(run_of(), DAY)) == written(kind, imprint(run_of(), DAY))
