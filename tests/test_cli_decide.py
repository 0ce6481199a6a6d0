"""The decision on the command line: what fits beside what costs least, as JSON, CSV and words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest

import cli
from costmodel.changes import changed, resolved
from costmodel.decision.decide import decide
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report import decision_table

DAY = date(2026, 11, 14)
CITED = ("--set", "requirements.citations=true")
Told = Callable[..., str]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """What the command prints in November 2026."""

    def run(*arguments: str) -> str:
        assert cli.main(["decide", *arguments, "--date", DAY.isoformat()]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return run


def test_json_is_the_default_and_the_same_as_on_the_page(told):
    scenario = changed(resolved(PRESETS[DEFAULT_PRESET].scenario, DAY), {"requirements.citations": True})
    run = run_scenario(scenario, load_book())

    assert json.loads(told(*CITED)) == json.loads(json.dumps(decision_table.as_dict(run, decide(run))))


def test_nothing_asked_is_answered_with_cost_alone(told):
    found = json.loads(told("support-bot"))

    assert (found["agreement"], found["requirements"], found["excluded"]) == ("not_asked", {}, {})
    assert found["cheapest"] == "rag"


def test_csv_has_a_row_for_each_thing_a_rule_says(told):
    rows = list(csv.DictReader(io.StringIO(told(*CITED, "--format", "csv"))))

    assert {(row["architecture"], row["effect"]) for row in rows} == {
        ("rag", "for"),
        ("fine_tuning", "rules_out"),
        ("hybrid", "for"),
        ("prompting", "rules_out"),
    }
    assert {row["answer"] for row in rows} == {"yes"}


def test_the_table_begins_with_the_answer(told):
    assert told(*CITED, "--format", "table").startswith("Cost says fine-tuning, but citations rule it out alone. ")


def test_a_scenario_file_carries_its_answers(told, tmp_path):
    file = tmp_path / "ours.json"
    content = {"format_version": 1, "preset": DEFAULT_PRESET, "requirements": {"freshness": "daily"}}
    file.write_text(json.dumps(content), encoding="utf-8")

    assert json.loads(told(str(file)))["requirements"] == {"freshness": "daily"}


def test_run_says_that_it_is_left_out_and_never_cheapest(capsys):
    assert cli.main(["run", *CITED, "--date", DAY.isoformat()]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["cheapest"] == "rag"
    assert found["excluded"] == {
        "fine_tuning": "requirements.citations: fine_tuning cannot name the sources of an answer"
    }
    assert found["architectures"]["fine_tuning"]["tco_usd"] < found["architectures"]["rag"]["tco_usd"]


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("requirements.freshness=yearly", "requirements.freshness"),
        ("requirements.latency_budget_ms=-1", "requirements.latency_budget_ms"),
        ("requirements.citation=true", "requirements.citation"),
    ],
)
def test_a_bad_answer_is_refused_in_one_line(capsys, setting, named):
    assert cli.main(["decide", "--set", setting]) == 2
    captured = capsys.readouterr()

    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert named in captured.err
