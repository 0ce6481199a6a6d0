"""`cli.py compare`: two scenarios side by side, in three formats; what cannot be compared is refused in one line."""

from __future__ import annotations

import io
import json
from datetime import date

import pandas as pd
import pytest

import cli
from costmodel import files
from costmodel.changes import changed, resolved
from costmodel.presets import PRESETS
from pricing.catalog import load_book

ONE, TWO = "pricing-brand-voice", "support-bot"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """Runs the command and gives its status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main(["compare", *arguments, "--date", "2026-11-21"])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.mark.parametrize("present", [[], ["--present"]])
def test_totals_are_those_of_the_two_runs_and_the_lines_add_up(said, capsys, present):
    _, out, _ = said(ONE, TWO, *present)
    found = json.loads(out)
    sides = {}
    for name in (ONE, TWO):
        cli.main(["run", name, "--date", "2026-11-21"])
        sides[name] = json.loads(capsys.readouterr().out)["architectures"]
    total = "present_value_usd" if present else "tco_usd"

    for key, each in found["totals_usd"].items():
        assert each["a"] == pytest.approx(sides[ONE][key][total])
        assert each["b"] == pytest.approx(sides[TWO][key][total])
        assert sum(line["difference_usd"] for line in found["lines"][key]) == pytest.approx(
            each["difference"], abs=0.01
        )


def test_the_same_lines_as_csv(said):
    _, out, _ = said(ONE, TWO, "--format", "csv")
    _, again, _ = said(ONE, TWO)
    table, found = pd.read_csv(io.StringIO(out)), json.loads(again)

    assert list(table.columns) == ["architecture", "component", "phase", "a_usd", "b_usd", "difference_usd"]
    for key, sums in table.groupby("architecture")["difference_usd"]:
        assert sums.sum() == pytest.approx(found["totals_usd"][key]["difference"], abs=0.01)


def test_the_table_says_it_in_words(said):
    _, out, _ = said(ONE, TWO, "--format", "table")

    assert out.startswith("“Support bot over help docs” costs ")
    assert "Queries per month: 200,000 | 100,000" in out
    assert [line.split()[0] for line in out.splitlines() if line.count("$") == 3] == ["RAG", "Fine-tuning", "Hybrid"]
    assert "{" not in out


def test_a_file_of_older_prices_is_compared_on_today_s_or_on_its_own(said, tmp_path):
    preset = resolved(PRESETS[ONE].scenario, date(2026, 11, 21))
    (row,) = (
        each for each in load_book().plan("openai/gpt-6.1-sol").rows if each.meter == "input" and not each.tier_from
    )
    older = load_book().with_rows([row.model_copy(update={"price_usd": 3.0})])
    file = tmp_path / "older.json"
    file.write_text(files.written(preset, older), encoding="utf-8")
    _, today, _ = said(ONE, str(file))
    _, then, _ = said(ONE, str(file), "--restore-prices")

    assert json.loads(today)["differing"] == []
    assert [each["assumption"] for each in json.loads(then)["differing"]] == ["Price of openai/gpt-6.1-sol:input"]


def test_unlike_horizons_are_said(said, tmp_path):
    scenario = changed(resolved(PRESETS[ONE].scenario, date(2026, 11, 21)), {"finance.horizon_months": 36})
    file = tmp_path / "long.json"
    file.write_text(files.written(scenario), encoding="utf-8")
    _, out, _ = said(ONE, str(file))
    found = json.loads(out)

    assert (found["months"], found["b"]["horizon_months"]) == (24, 36)
    assert found["notes"][0].startswith("This scenario covers 24 months, the file 36 months")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "plan.json line 1"),
        ('{"rag": {"model": "nobody/nothing"}}', "'nobody/nothing' is not in the price book"),
        ('{"workload": {"query_tokens": -1}}', "workload.query_tokens: -1"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(said, tmp_path, content, words):
    file = tmp_path / "plan.json"
    file.write_text(content, encoding="utf-8")
    status, out, err = said(ONE, str(file))

    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_without_two_scenarios_it_says_how(said):
    status, _, err = said(ONE)

    assert status == 2
    assert "B" in err
