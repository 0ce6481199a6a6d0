"""`cli.py export`: any kind of file, whole or not at all, the same bytes every time; one line for what cannot be."""

from __future__ import annotations

import io
import json
import os
import pty
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import cli
from commands import shared
from commands.shared import FileProblem, write_out
from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.ranges import ranges_of
from costmodel.results import Run, run_scenario
from costmodel.uncertainty import uncertainty
from pricing.catalog import load_book
from report.exports import KINDS, written
from report.imprint import imprint

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 14)
ON = ("--date", DAY.isoformat())

Export = Callable[..., bytes]
Refusal = Callable[..., str]


def run_of(preset: str = DEFAULT_PRESET) -> Run:
    """A preset on the day of the tests."""
    return run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())


@pytest.fixture
def export(capfdbinary: pytest.CaptureFixture[bytes]) -> Export:
    """What the command writes to standard output."""

    def run(*arguments: str) -> bytes:
        assert cli.main(["export", *arguments, *ON]) == 0
        captured = capfdbinary.readouterr()
        assert captured.err == b""
        return captured.out

    return run


@pytest.fixture
def refusal(capfd: pytest.CaptureFixture[str]) -> Refusal:
    """The one line that a bad command is answered with."""

    def run(*arguments: str) -> str:
        try:
            status = cli.main(["export", *arguments, *ON])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capfd.readouterr()
        assert (status, captured.out) == (2, "")
        assert captured.err.count("\n") == 1
        assert "Traceback" not in captured.err
        return captured.err.strip()

    return run


# The files


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_what_the_pages_offer(kind, tmp_path, export):
    file = tmp_path / f"out.{kind}"

    assert export("--kind", kind, "--out", str(file)) == b""
    assert file.read_bytes() == written(kind, imprint(run_of(), DAY))


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_file_the_bytes_go_to_standard_output(kind, export):
    assert export("--kind", kind) == written(kind, imprint(run_of(), DAY))


def test_a_preset_a_setting_and_present_value_reach_the_file(export):
    content = export("support-bot", "--kind", "csv", "--set", "finance.horizon_months=12", "--present").decode("utf-8")

    rows = pd.read_csv(io.StringIO(content), comment="#")
    assert rows["month"].max() == 12
    assert "# shown on screen: present value" in content
    assert "# preset: support-bot" in content


def test_a_scenario_file_and_a_price_file_reach_the_file(tmp_path, export):
    prices, scenario = tmp_path / "prices.csv", tmp_path / "own.json"
    prices.write_text("provider,item,meter,unit,price_usd\nacme,base,input,1M tokens,0.5\n", encoding="utf-8")
    own = {"name": "Our own", "workload": {"queries_per_month": 1000, "query_tokens": 9}, "rag": {"model": "acme/base"}}
    scenario.write_text(json.dumps(own), encoding="utf-8")

    content = export(str(scenario), "--kind", "csv", "--prices", str(prices)).decode("utf-8-sig")
    assert "# scenario: Our own" in content
    assert "# price acme/base:input: 0.5 USD per 1M tokens" in content


@pytest.mark.parametrize("kind", ["csv", "md", "html"])
def test_the_address_of_the_server_begins_the_link(kind, export):
    content = export("--kind", kind, "--base-url", "https://example.org/tools/").decode("utf-8")

    assert f"https://example.org/tools/?{imprint(run_of(), DAY).query}" in content.replace("\\", "")


def test_draws_and_their_seed_reach_the_csv(export):
    run = run_of()
    ranges = {path: each.model_dump() for path, each in ranges_of(run).items()}
    found = uncertainty(changed(run.scenario, {"uncertainty": ranges}), load_book(), 128, 5)

    content = export("--kind", "csv", "--draws", "100", "--seed", "5")
    assert content == written("csv", imprint(run, DAY), uncertainty=found)
    assert b"# draws: 128\n# seed: 5\n" in content


@pytest.mark.parametrize("kind", ["md", "html"])
def test_draws_reach_the_memo(kind, export):
    assert b"128 draws" in export("--kind", kind, "--draws", "128")
    assert b"128 draws" not in export("--kind", kind)


def test_contents_choose_the_sections_of_a_memo_in_their_order(export):
    content = export("--kind", "md", "--contents", "excluded, verdict")

    assert content == written("md", imprint(run_of(), DAY), contents=["excluded", "verdict"])


ANOTHER_TIME = "import time; then = time.time; time.time = lambda: then() + 4e7; "
EVERY_KIND = (
    "import cli; [cli.main(['export', '--kind', kind, '--date', '2026-11-14', '--out', kind]) "
    f"for kind in {tuple(KINDS)!r}]"
)


def test_another_process_at_another_time_in_another_zone_writes_the_same_bytes(tmp_path):
    for name, script, zone, seed in (
        ("a", EVERY_KIND, "UTC", "1"),
        ("b", ANOTHER_TIME + EVERY_KIND, "Asia/Tokyo", "2"),
    ):
        (tmp_path / name).mkdir()
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "TZ": zone, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script], cwd=tmp_path / name, env=settings, check=True)

    contents = [{kind: (tmp_path / name / kind).read_bytes() for kind in KINDS} for name in "ab"]
    assert [kind for kind in KINDS if contents[0][kind] != contents[1][kind]] == []


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_no_part_of_a_file_carries_the_time_at_which_it_was_written(kind, export):
    parts = zipfile.ZipFile(io.BytesIO(export("--kind", kind))).infolist()

    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}


# Where it goes


def test_a_file_that_is_there_is_replaced_whole_and_keeps_its_mode(tmp_path):
    file = tmp_path / "out.csv"
    file.write_bytes(b"before" * 100)
    file.chmod(0o640)

    write_out(str(file), b"after")
    assert file.read_bytes() == b"after"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_has_the_mode_of_any_other_new_file(tmp_path):
    (tmp_path / "other").write_bytes(b"")
    write_out(str(tmp_path / "out"), b"")

    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real")

    write_out(str(tmp_path / "link"), b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"after"


def test_what_fails_half_way_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "out.csv"
    file.write_bytes(b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shared.os, "replace", full)
    with pytest.raises(FileProblem, match=r"out\.csv: cannot be written \(No space left on device\)"):
        write_out(str(file), b"after")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_device_is_written_to_and_stays_a_device():
    write_out(os.devnull, b"anything")

    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("missing/out.csv", "cannot be written (No such file or directory); give another place"),
        (".", "cannot be written (Is a directory); give another place"),
        ("file/out.csv", "cannot be written (Not a directory); give another place"),
        ("x" * 300, "cannot be written (File name too long); give another place"),
        ("", "the name of the file is empty; give one, or - for standard output"),
        ("a\0b", "is no name of a file; give another place"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_named(place, words, tmp_path, monkeypatch, refusal):
    monkeypatch.chdir(tmp_path)
    Path("file").write_bytes(b"")

    line = refusal("--kind", "csv", "--out", place)
    assert line.startswith("cli.py export: --out")
    assert line.endswith(words)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_terminal_is_spared_what_is_no_text(kind):
    theirs, ours = pty.openpty()
    done = subprocess.run(
        [sys.executable, "cli.py", "export", "--kind", kind, *ON],
        cwd=ROOT,
        stdout=ours,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)

    assert done.returncode == 2
    assert done.stderr.startswith(f"cli.py export: {KINDS[kind].label}")
    assert done.stderr.endswith("give it a file with --out F\n")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error():
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} cli.py export --kind ledger --date 2026-11-14 | head -1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "# report: Crossover cost report - full ledger\n"


def test_a_full_disk_behind_standard_output_is_one_line():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "cli.py", "export", "--kind", "csv"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr == "cli.py export: standard output: cannot be written (No space left on device)\n"


# What it refuses


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "pdf"), "invalid choice: 'pdf' (choose from"),
        ((), "the following arguments are required: --kind"),
        (("nosuch", "--kind", "csv"), "'nosuch' is neither a preset"),
        (("--kind", "csv", "--set", "finance.horizon_months=0"), "finance.horizon_months"),
        (("--kind", "csv", "--base-url", "ftp://example.org"), "does not begin with http:// or https://"),
        (("--kind", "csv", "--base-url", "https://example.org/?a=1"), "has a '?'"),
        (("--kind", "csv", "--base-url", "https://" + "a" * 2_000), "2,008 characters; 2,000 are the limit"),
        (
            ("--kind", "xlsx", "--draws", "64", "--out", "x"),
            "--draws: xlsx holds no draws; use --kind csv, md, html, docx",
        ),
        (("--kind", "csv", "--draws", "0"), "draws: 0; give 1 to 1,048,576"),
        (("--kind", "csv", "--draws", "1048577"), "draws: 1,048,577; give 1 to 1,048,576"),
        (("--kind", "csv", "--draws", "many"), "argument --draws: invalid int value: 'many'"),
        (("--kind", "csv", "--seed", "2"), "--seed is of draws; give their number too: --draws N"),
        (("--kind", "csv", "--draws", "64", "--seed", "-1"), "'-1' is not a seed; use a whole number from 0 to 99999"),
        (("--kind", "csv", "--draws", "64", "--seed", "100000"), "'100000' is not a seed"),
        (
            ("--kind", "csv", "--contents", "verdict"),
            "--contents: csv has no sections to choose; use --kind md, html, docx",
        ),
        (("--kind", "md", "--contents", "verdict,poem"), "'poem'"),
        (("--kind", "md", "--contents", ""), "''"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else None,
)
def test_what_cannot_be_is_refused_in_one_line(arguments, words, refusal):
    line = refusal(*arguments)

    assert words in line


def test_nothing_is_written_when_something_is_refused(tmp_path, refusal):
    refusal("--kind", "md", "--contents", "poem", "--out", str(tmp_path / "out.md"))

    assert list(tmp_path.iterdir()) == []


def test_the_largest_seed_draws(export):
    assert b"# seed: 99999\n" in export("--kind", "csv", "--draws", "64", "--seed", "99999")
