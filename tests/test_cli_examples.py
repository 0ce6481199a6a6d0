"""`cli.py examples`: figures that others published, beside ours, and what is said about files that are broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cli
from costmodel.published import EXAMPLES

Cli = Callable[..., tuple[int, str, str]]

ONE: dict[str, Any] = {
    "format_version": 1,
    "id": "X1",
    "title": "Hosting for a year",
    "source": "Jane Doe, What our bot costs",
    "inputs": {"monthly": 30},
    "scenario": {
        "finance": {"horizon_months": 12, "compared": ["rag"]},
        "rag": {"hosting_usd_per_month": "= inputs.monthly", "switched_off": ["generation"]},
    },
    "figures": [{"name": "A year", "expression": "rag.tco_usd", "published": 360}],
}


@pytest.fixture
def examples(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs the command and gives its exit status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main(("examples", *arguments))
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def put(folder: Path, name: str, **changes: Any) -> None:
    (folder / name).write_text(json.dumps({**ONE, **changes}), encoding="utf-8")


def claims(published: Any, **entries: Any) -> list[dict[str, Any]]:
    return [{"name": "A year", "expression": "rag.tco_usd", "published": published, **entries}]


def test_the_gallery_as_json(examples):
    status, out, err = examples()
    rows = json.loads(out)["examples"]

    assert (status, err) == (0, "")
    assert list(rows[0]) == ["id", "figure", "published", "ours", "verdict", "expected", "unit", "reason"]
    assert len({row["id"] for row in rows}) == len(list(EXAMPLES.glob("*.json"))) == 17
    assert {row["verdict"] for row in rows} == {"reproduces", "contradicts_own_inputs"}
    assert [row["figure"] for row in rows if row["verdict"] != "reproduces" and not row["reason"]] == []


def test_one_figure_in_full(examples, tmp_path):
    put(tmp_path, "one.json")
    status, out, _ = examples("--dir", str(tmp_path), "--format", "json")

    assert status == 0
    assert json.loads(out) == {
        "examples": [
            {
                "id": "X1",
                "figure": "A year",
                "published": 360,
                "ours": 30 * 12,
                "verdict": "reproduces",
                "expected": None,
                "unit": "USD",
                "reason": "",
            }
        ]
    }


def test_the_gallery_as_a_table(examples):
    status, out, err = examples("--format", "table")

    assert (status, err) == (0, "")
    assert "E19  Training and hosting a tuned model on Azure (Azure fine-tuning cost management)" in out
    assert "4 hours at 100 USD are 400, as another line of the same page says" in out


def test_a_range_and_a_claim_in_both_formats(examples, tmp_path):
    claim = {"name": "Cheap", "expression": "rag.tco_usd < 400", "published": True, "unit": ""}
    put(tmp_path, "one.json", figures=[*claims([300, 400]), claim])

    rows = json.loads(examples("--dir", str(tmp_path))[1])["examples"]
    assert [(row["published"], row["ours"]) for row in rows] == [([300, 400], 360), (True, True)]
    assert "300 to 400" in examples("--dir", str(tmp_path), "--format", "table")[1]


def test_a_figure_that_differs_ends_with_1_and_its_line(examples, tmp_path):
    put(tmp_path, "one.json", figures=claims(361))
    status, out, err = examples("--dir", str(tmp_path))

    assert status == 1
    assert json.loads(out)["examples"][0]["verdict"] == "differs"
    assert err == "cli.py examples: X1, 'A year': ours, 360, is not the published 361\n"


def test_a_contradiction_is_no_failure(examples, tmp_path):
    claim = {"expected": 360, "verdict": "contradicts_own_inputs", "reason": "a month is left out"}
    put(tmp_path, "one.json", figures=claims(330, **claim))
    status, out, err = examples("--dir", str(tmp_path))

    assert (status, err) == (0, "")
    assert json.loads(out)["examples"][0]["reason"] == "a month is left out"


def test_a_broken_file_has_one_line_and_the_others_are_computed(examples, tmp_path):
    put(tmp_path, "a.json", figures=claims(361))
    put(tmp_path, "b.json", id="X2", figures=[{"name": "it", "expression": "inputs.monthly * 12", "published": 360}])
    (tmp_path / "c.json").write_text("{", encoding="utf-8")
    put(tmp_path, "d.json", id="X4")
    put(tmp_path, "e.json", id="X4")
    status, out, err = examples("--dir", str(tmp_path))

    assert status == 2
    assert [(row["id"], row["verdict"]) for row in json.loads(out)["examples"]] == [
        ("X1", "differs"),
        ("X4", "reproduces"),
    ]
    lines = err.splitlines()
    assert [line.split()[2].strip(",:") for line in lines] == ["b.json", "c.json", "e.json", "X1"]
    assert "reads no result of the model" in lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dir", "{folder}"), "holds no .json file"),
        (("--dir", "{folder}/none"), "cannot be read"),
        (("--format", "csv"), "invalid choice: 'csv'"),
        (("one.json",), "unrecognized arguments"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(examples, tmp_path, arguments, words):
    status, out, err = examples(*(each.format(folder=tmp_path) for each in arguments))

    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


def test_a_folder_with_nothing_but_broken_files_prints_nothing(examples, tmp_path):
    (tmp_path / "one.json").write_text("[]", encoding="utf-8")
    status, out, err = examples("--dir", str(tmp_path))

    assert (status, out) == (2, "")
    assert err.startswith("cli.py examples: one.json")
