"""`cli.py chart`: every chart in every format, the same bytes again, and one line for what cannot be drawn."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

import cli
from report.gallery import NAMES

ONE, OTHER = "pricing-brand-voice", "support-bot"


@pytest.fixture
def said(capsysbinary: pytest.CaptureFixture[bytes]):
    """Runs the command and gives its status, output and complaints."""

    def run(*arguments: str) -> tuple[int, bytes, str]:
        try:
            status = cli.main(["chart", *arguments, "--date", "2026-11-21"])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        out, err = capsysbinary.readouterr()
        return status, out, err.decode()

    return run


def what(name: str) -> list[str]:
    """What a chart needs besides its name, and as few draws as it takes."""
    needs = {"compare": ["--with", OTHER], "difference": ["--with", OTHER], "odds_map": ["--draws", "64"]}
    return ["--name", name, *needs.get(name, []), *(["--draws", "64"] if name in ("fan", "probability") else [])]


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_written_as_a_picture(said, tmp_path, name):
    file = tmp_path / "chart.png"
    status, out, err = said(ONE, *what(name), "--out", str(file), "--width", "640", "--scale", "1")

    assert (status, out, err) == (0, b"", "")
    assert Image.open(io.BytesIO(file.read_bytes())).width == 640


@pytest.mark.parametrize("kind", ["png", "svg", "html", "json"])
def test_each_format_is_what_it_says_and_the_same_again(said, kind):
    (status, first, _), (_, again, _) = (said(ONE, "--name", "components", "--format", kind) for _ in range(2))

    assert status == 0
    assert first == again
    if kind == "png":
        assert Image.open(io.BytesIO(first)).size[0] == 1920
    elif kind == "svg":
        assert ElementTree.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"
    elif kind == "json":
        assert json.loads(first)["width"] == 960
    else:
        assert first.startswith(b"<!doctype html>")


def test_settings_address_and_look_are_in_the_picture(said):
    arguments = ("--set", "finance.horizon_months=12", "--base-url", "https://x.example", "--dark", "--present")
    _, out, _ = said(ONE, "--name", "cumulative", "--format", "json", *arguments)
    spec = json.loads(out)

    assert spec["background"] == "#101318"
    assert "12 months · present value USD" in spec["usermeta"]["source"]
    assert spec["usermeta"]["link"].startswith("https://x.example/?s=")
    assert max(row["month"] for row in spec["datasets"]["curves"]) == 12


def test_choices_reach_the_chart(said):
    _, out, _ = said(ONE, "--name", "waterfall", "--from", "hybrid", "--to", "rag", "--format", "json")
    bars = json.loads(out)["datasets"]["bars"]
    _, out, _ = said(ONE, "--name", "tornado", "--of", "hybrid", "--less", "none", "--format", "json")
    tornado = json.loads(out)["usermeta"]["title"]
    _, out, _ = said(
        ONE, "--name", "crossover", "--driver", "corpus.updates_per_month", "--high", "9", "--format", "json"
    )
    along = json.loads(out)

    assert (bars[0]["label"], bars[-1]["label"]) == ("Hybrid", "RAG")
    assert "the total of hybrid" in tornado
    assert along["datasets"]["titles"][0]["x"].startswith("Content updates")


def test_draws_are_rounded_up_aloud_and_the_seed_counts(said):
    picked = ("--name", "probability", "--format", "json")
    status, first, err = said(ONE, *picked, "--draws", "100", "--seed", "3")
    _, second, _ = said(ONE, *picked, "--draws", "128", "--seed", "3")
    _, third, _ = said(ONE, *picked, "--draws", "128", "--seed", "4")

    assert status == 0
    assert "128 draws, the next power of two after 100" in err
    assert first == second != third


def test_the_other_scenario_is_a_preset_or_a_file(said, tmp_path):
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"preset": OTHER, "name": "From a file"}), encoding="utf-8")
    _, out, _ = said(ONE, "--name", "compare", "--with", str(file), "--format", "json")

    assert "“From a file”" in json.loads(out)["usermeta"]["caption"]


def test_a_file_is_overwritten_whole_or_not_at_all(said, tmp_path):
    file = tmp_path / "chart.svg"
    file.write_text("before", encoding="utf-8")
    status, _, _ = said(ONE, "--name", "crossover", "--driver", "no.such", "--format", "svg", "--out", str(file))
    refused = file.read_text(encoding="utf-8")
    said(ONE, "--name", "cumulative", "--format", "svg", "--out", str(file))

    assert (status, refused) == (2, "before")
    assert ElementTree.parse(file).getroot().get("width") == "960"
    assert [each.name for each in tmp_path.iterdir()] == ["chart.svg"]


def test_a_picture_is_not_poured_into_a_terminal(said, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    status, out, err = said(ONE, "--name", "cumulative")

    assert (status, out) == (2, b"")
    assert "--out F" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "pie"], "argument --name: invalid choice: 'pie'"),
        ([], "the following arguments are required: --name"),
        (["--name", "fan", "--driver", "x"], "--driver: fan has no use for it; it is for --name crossover"),
        (["--name", "map", "--seed", "2"], "--seed: map has no use for it; it is for --name fan or"),
        (["--name", "compare"], "--name compare sets the scenario beside another one; name it: --with"),
        (["--name", "compare", "--with", "no-such"], "'no-such' is neither a preset"),
        (["--name", "cumulative", "--width", "479"], "--width: 479 pixels; use 480 to 1,600"),
        (["--name", "cumulative", "--width", "1601"], "--width: 1,601 pixels; use 480 to 1,600"),
        (["--name", "cumulative", "--width", "600", "--format", "html"], "--width: a page is as wide as its window"),
        (["--name", "cumulative", "--scale", "1", "--format", "svg"], "--scale: svg has no pixels"),
        (["--name", "cumulative", "--scale", "3"], "argument --scale: invalid choice"),
        (["--name", "crossover", "--driver", "no.such"], "no.such: is not a number of the scenario"),
        (["--name", "crossover", "--low", "9", "--high", "3"], "from 9 to 3 holds nothing"),
        (["--name", "map", "--x", "no.such"], "--x: 'no.such' moves no total of this scenario"),
        (["--name", "odds_map", "--draws", "9000"], "--draws: 16,384 at each cell of the map; use 1 to 8,192"),
        (["--name", "fan", "--draws", "0"], "draws: 0; give 1 to 1,048,576"),
        (["--name", "waterfall", "--from", "prompting"], "--from: 'prompting' has no known total here"),
        (["--name", "tornado", "--of", "rag", "--less", "rag"], "the total of rag less itself is nothing"),
        (["--name", "cumulative", "--base-url", "javascript:alert(1)"], "--base-url"),
        (["--name", "cumulative", "--out", "/no/such/place/x.png"], "--out /no/such/place/x.png: cannot be written"),
        (["no-such-preset", "--name", "cumulative"], "'no-such-preset' is neither a preset"),
    ],
)
def test_what_cannot_be_drawn_has_one_line_and_status_2(said, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    named = arguments if "no-such-preset" in arguments else [ONE, *arguments]
    status, _, err = said(*named, *([] if "--out" in arguments else ["--out", "x.png"]))

    assert status == 2
    assert words in err
    assert len([line for line in err.splitlines() if not line.startswith("cli.py chart: 16,384 draws")]) == 1
    assert not Path("x.png").exists()
