"""The ledger on the command line: every row of every bill, and what any of them is made of."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

import cli
from costmodel.changes import resolved
from costmodel.ledger import COLUMNS
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS
from pricing.catalog import load_book
from report import cost_csv
from report.imprint import imprint

DAY = date(2026, 11, 14)
Told = Callable[..., str]


def run_of(preset: str = DEFAULT_PRESET) -> Run:
    return run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """What the ledger command prints in November 2026."""

    def run(*arguments: str) -> str:
        assert cli.main(["ledger", *arguments, "--date", DAY.isoformat()]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Told:
    """The one line that a bad command is answered with."""

    def run(*arguments: str) -> str:
        try:
            status = cli.main(["ledger", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        assert (status, captured.out, captured.err.count("\n")) == (2, "", 1)
        return captured.err.strip()

    return run


# The ledger


def test_the_default_is_the_full_ledger_of_the_download(told):
    assert told() == cost_csv.full_ledger(imprint(run_of(), DAY))


@pytest.mark.parametrize("preset", PRESETS)
def test_the_rows_of_the_bill_add_up_to_the_totals(told, preset):
    rows = pd.read_csv(io.StringIO(told(preset)), comment="#")

    bill = rows[rows["scope"] == "bill"].groupby("architecture")["cost_usd"].sum()
    for key, answer in run_of(preset).answers.items():
        assert bill[key] == pytest.approx(answer.tco_usd, abs=0.005)


def test_json_has_every_column_of_every_row(told):
    rows = json.loads(told("--format", "json"))

    assert {tuple(row) for row in rows} == {tuple(COLUMNS)}
    frame, ledger = pd.DataFrame(rows), run_of().ledger()
    assert len(frame) == len(ledger)
    assert frame["cost_usd"].tolist() == ledger["cost_usd"].tolist()
    assert frame["month"].tolist() == ledger["month"].tolist()


def test_what_is_not_known_is_null_and_never_zero(told):
    rows = json.loads(told("--set", "rag.model=null", "--format", "json"))

    unknown = [row for row in rows if row["component"] == "generation" and row["architecture"] == "rag"]
    assert unknown
    assert {row["cost_usd"] for row in unknown} == {None}
    assert {row["unit_price_usd"] for row in unknown} == {None}


def test_a_scenario_that_costs_nothing_has_an_empty_ledger(told, tmp_path):
    file = tmp_path / "nothing.json"
    file.write_text('{"fine_tuning": {"model": null}, "finance": {"compared": ["prompting"]}}', encoding="utf-8")

    rows = json.loads(told(str(file), "--format", "json", "--set", 'prompting.switched_off=["generation"]'))
    assert [row for row in rows if row["cost_usd"]] == []


def amounts(table: str, name: str) -> dict[str, str]:
    """Component -> amount of one architecture of the table."""
    part = table.split(f"\n{name} ")[1].split("\n\n")[0]
    rows = [line.split() for line in part.splitlines()[1:] if "$" in line]
    return {row[0]: next(cell for cell in row if "$" in cell) for row in rows}


def test_the_table_has_a_total_for_each_component(told):
    table, run = told("--format", "table"), run_of()

    ledger = run.ledger()
    mine = ledger[(ledger["architecture"] == "rag") & (ledger["scope"] == "bill")]
    sums = mine.groupby("component")["cost_usd"].sum()
    assert amounts(table, "RAG") == {component: f"${usd:,.2f}" for component, usd in sums.items()}
    assert re.search(rf"^RAG +\${run.answers['rag'].tco_usd:,.2f}$", table, re.MULTILINE)


def test_the_table_says_what_stands_beside_the_bill(told):
    late = ("--set", "finance.delay_usd_per_week=1000", "--format", "table")

    beside, within = told(*late), told(*late, "--set", "finance.consequences_in_tco=true")
    assert re.search(r"beside the bill, in no total:\n  launch_delay +\$3,000\.00\n", beside)
    assert "beside" not in within
    assert amounts(within, "RAG")["launch_delay"] == "$3,000.00"


def test_the_table_says_which_price_is_missing(told):
    table = told("--set", "rag.model=null", "--format", "table")

    assert re.search(r"^RAG +not known$", table, re.MULTILINE)
    assert "  no model is chosen (rag.model)\n" in table


def test_the_table_is_in_the_currency_of_the_scenario(told):
    table = told("--format", "table", "--set", "finance.currency=EUR", "--set", "finance.usd_per_currency_unit=2")

    assert re.search(r"  build_labour +€3,738\.00 ", table)


# One line explained


def test_a_line_is_explained_in_words(told):
    paths = {
        "rag.preparation_hours": "24 hours",
        "people.engineer_usd_per_week": "3,738 USD/week",
        "people.hours_per_week": "40 hours/week",
        "finance.price_drift_annual.labour": "2.8%",
    }

    head, blank, what, formula, step, title, *fields = told("--explain", "rag.preparation.0").splitlines()
    assert (head, blank, what) == ("RAG, preparation, month 0 (Nov 2026)", "", "hours of preparation (one-time)")
    assert formula == "  24 hours × $93.45 / hour = $2,242.80"
    assert step.startswith("    $93.45 per hour = $3,738.00 per week")
    assert title == "  Fields"
    said = [f"    {path} = {value} ({FIELDS[path].label}); " for path, value in paths.items()]
    assert [line[: len(start)] for line, start in zip(fields, said, strict=True)] == said
    assert fields[0].endswith("; guess: three days to clean the price pages")
    assert fields[2].endswith("; convention: a 40-hour week")


def test_the_price_behind_a_line_has_its_source_date_and_confidence(told):
    text = told("--explain", "rag.rerank.1")

    price = next(line for line in text.splitlines() if line.startswith("    cohere/rerank-v5.0-pro:rerank_tokens: "))
    assert re.search(r": \$0\.05 per 1M tokens; checked (\d+ )?\w+ \d{4}; confidence \w+; \S+", price)


def test_a_price_from_a_price_list_has_the_day_of_its_release(told):
    assert re.search(r"gpt-6\.1-sol:input: .*; release of \d+ \w+ \d{4}; ", told("--explain", "rag.generation.1"))


def test_a_price_of_ones_own_says_so(told):
    text = told("--explain", "rag.generation.1", "--set", "price:openai/gpt-6.1-sol:input=3")

    assert "openai/gpt-6.1-sol:input: $3.00 per 1M tokens; typed in; confidence low; edited" in text


def test_a_field_of_ones_own_says_so(told):
    text = told("--explain", "rag.preparation.0", "--set", "rag.preparation_hours=10")

    assert "    rag.preparation_hours = 10 hours (Data preparation); your own\n" in text


def test_all_rows_of_a_component_are_explained(told):
    text = told("--explain", "rag.generation.6")

    assert [line for line in text.splitlines() if line.endswith("(recurring)")] == [
        "prompt tokens (recurring)",
        "answer tokens (recurring)",
    ]


def test_an_explanation_is_plain_text(told):
    text = told("--explain", "rag.vector_minimum.6")

    assert "  $50.00 minimum − $0.80 usage = $49.20\n" in text
    assert not re.search(r"\\\$|\*\*|`|:blue|<\w", text)


def test_a_month_without_cost_says_when_there_is_one(told):
    assert told("--explain", "rag.preparation.2") == (
        "rag pays nothing for preparation in month 2; it does in month 0\n"
    )
    assert told("--explain", "fine_tuning.retrain_labour.1", "--set", "finance.horizon_months=7") == (
        "fine_tuning pays nothing for retrain_labour in month 1; it does in months 3 and 6\n"
    )
    assert json.loads(told("--explain", "rag.preparation.2", "--format", "json")) == []


def test_an_explanation_as_json_is_complete(told):
    (prompt, _) = json.loads(told("--explain", "rag.generation.6", "--format", "json"))

    assert prompt["formula"].endswith(f"= ${prompt['cost_usd']:,.2f}")
    assert (prompt["architecture"], prompt["component"], prompt["month"]) == ("rag", "generation", 6)
    assert prompt["quantity"] * prompt["unit_price_usd"] == pytest.approx(prompt["cost_usd"])
    assert prompt["steps"][0].startswith("202,709 model calls = ")
    (price,) = prompt["prices"]
    assert {"price_id", "price_usd", "unit", "source", "as_of", "confidence"} <= set(price)
    assert set(prompt["fields"][0]) == {"path", "label", "value", "unit", "source", "guess", "changed"}


def test_an_unknown_amount_is_null_in_json(told):
    first = json.loads(told("--explain", "rag.generation.6", "--format", "json", "--set", "rag.model=null"))[0]

    assert (first["cost_usd"], first["unit_price_usd"]) == (None, None)
    assert first["formula"] == "not known: no model is chosen (rag.model)"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_component_of_the_table_can_be_explained(told, preset):
    rows = json.loads(told(preset, "--format", "json"))

    for key, component in {(row["architecture"], row["component"]) for row in rows}:
        month = next(row["month"] for row in rows if (row["architecture"], row["component"]) == (key, component))
        text = told(preset, "--explain", f"{key}.{component}.{month}")
        assert re.search(r"(= |typed in: )−?\$[\d,.]+$", text, re.MULTILINE), text


# What cannot be


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--explain", "rag.reranking.1"], "rag has no component 'reranking'; it has build_labour, preparation, "),
        (["--explain", "rog.generation.1"], "'rog' is not compared; use one of rag, fine_tuning, hybrid"),
        (["--explain", "rag.generation.25"], "'25' is not a month of this ledger; use 0 to 24"),
        (["--explain", "rag.generation.-1"], "use 0 to 24"),
        (["--explain", "rag.generation.x"], "use 0 to 24"),
        (["--explain", "rag.generation.²"], "use 0 to 24"),
        (["--explain", "rag.generation"], "write ARCHITECTURE.COMPONENT.MONTH"),
        (["--explain", ""], "write ARCHITECTURE.COMPONENT.MONTH"),
        (["--explain"], "--explain"),
        (["--explain", "rag.generation.1", "--format", "csv"], "--format table or json"),
        (["--format", "xml"], "--format"),
        (["nonsense"], "neither a preset"),
        (["--set", "rag.nonsense=1"], "there is no such field"),
    ],
)
def test_a_line_that_cannot_be_explained_is_refused_in_one_line(refused, arguments, words):
    assert words in refused(*arguments)
