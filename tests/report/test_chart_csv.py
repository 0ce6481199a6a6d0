"""What a chart shows as a file of numbers."""

import csv
import io
from datetime import date

import pandas as pd
import pytest

from costmodel.changes import changed, resolved
from costmodel.difference import difference
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report import chart_csv, chart_data, gallery
from report.imprint import imprint
from report.waterfall import steps_of
from tests.report.test_text import arms, cost

TODAY = date(2026, 11, 21)
HOSTILE = "=cmd|' /C calc'!A0; \"a\", b\nc \u202e🙂"


@pytest.fixture
def run():
    return run_scenario(resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY), load_book())


def file_of(run, name="cumulative"):
    stamp = imprint(run, TODAY, present=False, base_url="https://c.example")
    return chart_csv.written(gallery.picture(name, run).data, stamp).decode("utf-8-sig"), stamp


@pytest.mark.parametrize("name", ["cumulative", "components", "waterfall", "months", "crossover", "map"])
def test_the_table_is_that_of_the_chart(run, name):
    text, _ = file_of(run, name)
    read = pd.read_csv(io.StringIO(text), comment="#")
    shown = gallery.picture(name, run).data.table

    assert list(read.columns) == list(shown.columns)
    for column in shown.select_dtypes("number"):
        assert list(read[column]) == pytest.approx(list(shown[column]), nan_ok=True)


def test_the_last_row_of_the_lines_is_the_totals(run):
    read = pd.read_csv(io.StringIO(file_of(run)[0]), comment="#")

    assert read["RAG [USD]"].iloc[-1] == pytest.approx(run.answers["rag"].tco_usd)


def test_the_file_holds_every_digit(run):
    lines = [line for line in file_of(run)[0].splitlines() if not line.startswith("# ")]

    assert [float(row["RAG [USD]"]) for row in csv.DictReader(lines)] == list(run.answers["rag"].cumulative_usd)


def test_a_name_that_was_typed_in_cannot_start_a_formula():
    run = arms(12, rag=(0, 10), fine_tuning=(0, 20), more=[{**cost("rag", [1, 12], usd=9), "component": "=1+1"}])
    steps = steps_of(difference(run.answers["rag"], run.answers["fine_tuning"]), every=True)
    data = chart_data.steps(run, ("RAG", "Fine-tuning"), steps, (129.0, 240.0))
    text = chart_csv.written(data, imprint(run, TODAY)).decode("utf-8-sig")

    assert '\n"\'=1+1",' in text


def test_the_file_says_what_it_rests_on(run):
    text, stamp = file_of(run)
    lines = dict(line[2:].split(": ", 1) for line in text.splitlines() if line.startswith("# "))

    assert lines["model_version"] == stamp.model_version
    assert lines["price_book"] == stamp.price_book
    assert lines["link"] == stamp.link
    assert lines["date"] == "2026-11-21"
    assert lines["amounts"] == "nominal USD"
    assert {"scenario", "price dates", "not included", "convention time"} <= set(lines)


def test_a_hostile_name_stays_in_its_one_cell(run):
    named = run_scenario(changed(run.scenario, {"name": HOSTILE}), load_book())
    text, _ = file_of(named)
    lines = text.splitlines()
    head = next(number for number, line in enumerate(lines) if not line.startswith("#"))

    assert all(len(next(csv.reader([line]))) == 1 for line in lines[:head])
    assert "cmd" in next(line for line in lines if line.startswith("# scenario: "))
    assert pd.read_csv(io.StringIO(text), comment="#").columns[0] == "Month"
