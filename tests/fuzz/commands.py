"""The command line: any words for every option of every command, files of every kind, in this process and in others.

The options are read off the parser, so that a new one is fuzzed from its first day.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

import cli
from commands import shared
from costmodel.presets import PRESETS
from costmodel.scenario import ARCHITECTURES, FIELDS
from tests.fuzz import files, price_files
from tests.fuzz.counted import ACCEPTED, REFUSED, ROOT, Broken, Target
from tests.fuzz.mutations import (
    NUMERIC,
    PRICE_IDS,
    REFS,
    WHOLE,
    Draw,
    as_text,
    nasty,
    one_of,
    plausible,
    words,
)
from tests.fuzz.promises import in_plain_words

SCENARIO, PRICES, OUT, BEFORE = "s.json", "p.csv", "out.file", b"what was there before"
DEVICES = ("/dev/null", "/dev/full", "/dev/zero")
PLACES = (".", "missing.json", "missing.csv", "empty.json", "no/such/folder.json", *DEVICES)


class Command(NamedTuple):
    """Words of the command line, and the files that stand in its folder."""

    arguments: tuple[str, ...]
    scenario: bytes = b""
    prices: bytes = b""


@cache
def parsers() -> dict[tuple[str, ...], argparse.ArgumentParser]:
    """Every command with its parser."""
    return dict(_commands(cli._parser(), ()))


def _commands(parser: argparse.ArgumentParser, names: tuple[str, ...]) -> Iterator[Any]:
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield names, parser
    for action in below:
        for name, inside in action.choices.items():
            yield from _commands(inside, (*names, name))


@st.composite
def _junk(draw: Draw) -> str:
    """A word as a shell can hand it over; it names no place outside the folder."""
    word = draw(
        st.one_of(words, words.map(lambda each: f"--{each}"), one_of("-", "--", "-h", "--help", "--version", "\udcff"))
    )
    return _harmless(word)


def _harmless(word: str) -> str:
    word = word.replace("\0", "").encode("utf-8", "surrogateescape" if _escaped(word) else "replace")
    text = word.decode("utf-8", "surrogateescape")
    return text if text in DEVICES else text.replace("..", "").replace("=/", "=").lstrip("/")


def _escaped(word: str) -> bool:
    return all(not "\ud800" <= each <= "\udfff" or "\udc80" <= each <= "\udcff" for each in word)


number_words = st.one_of(
    one_of("0", "1", "-1", "1e308", "nan", "inf", "-0.0", "1e-320", "1_000", "٣", "0x1", "1e400", "9" * 5_000, ""),
    st.floats(allow_nan=False).map(repr),
    st.integers(-5, 10**6).map(str),
    st.integers(1, 300).map(str),
)
paths = st.one_of(
    one_of(*NUMERIC), one_of(*FIELDS), one_of(*PRICE_IDS).map("price:{}".format), one_of("", "x", "price:")
)
days = one_of(
    "2026-11-14", "2027-02-28", "1990-01-01", "2190-12-31", "1989-12-31", "2026-02-30", "20261114", "2026-W46-6"
)
ledger_lines = one_of(
    "rag.generation.12", "hybrid.training.0", "rag.generation.999", "x.y.z", "rag..1", "rag.contingency.-1"
)


@st.composite
def settings_(draw: Draw) -> str:
    """`path=value` of one field or list."""
    if draw(st.integers(0, 4)) == 0:
        name = draw(one_of(*WHOLE))
        return f"{name}={as_text(draw(WHOLE[name]))}"
    path = draw(one_of(*FIELDS))
    value = draw(st.one_of(plausible(FIELDS[path]), plausible(FIELDS[path]), nasty))
    if draw(st.integers(0, 9)) == 0:
        path = draw(
            st.one_of(one_of(*PRICE_IDS).map("price:{}".format), one_of("finance.discount_share.openai", "name"), words)
        )
    return f"{path}={value if isinstance(value, str) else as_text(value)}"


def value_of(action: argparse.Action) -> st.SearchStrategy[str]:
    """What may stand behind an option, or for a positional one."""
    name, shown = action.dest, str(action.metavar or "")
    if action.choices:
        return one_of(*map(str, action.choices))
    known: dict[str, st.SearchStrategy[str]] = {
        "scenario": st.one_of(one_of(*PRESETS), one_of(SCENARIO, SCENARIO, *PLACES)),
        "set": settings_(),
        "prices": one_of(PRICES, PRICES, *PLACES),
        "date": days,
        "out": one_of(OUT, OUT, "-", ".", "", "no/such/folder/file", "/dev/null", "/dev/full", "x" * 300),
        "dir": one_of(".", "missing", PRICES),
        "explain": ledger_lines,
        "seed": number_words,
        "draws": one_of("0", "1", "-1", "60", "512", "4096", "1e3", "nan", "1048577", "9" * 5_000, "x", ""),
        "base_url": one_of(
            "https://example.org", "http://10.0.0.5:8501/x", "javascript:1", "https://a b", "https://[", "//x"
        ),
        "contents": one_of("summary", "summary,checks", "", ",", "summary,summary", "x"),
        "price": st.one_of(one_of(*PRICE_IDS), one_of(*REFS), one_of("x", "a/b", "a/b:input", "@")),
        "search": words,
        "less": one_of(*ARCHITECTURES),
    }
    if name in known:
        return known[name]
    if name in ("a", "b") or name == "other":
        return one_of(*PRESETS, SCENARIO, PRICES, "current", *PLACES)
    if shown == "PATH" or name in ("x", "y", "driver", "seek"):
        return paths
    return st.one_of(number_words, words)


@st.composite
def cases(draw: Draw) -> Command:
    """A command with its options; most are ones that somebody could mean."""
    names = draw(one_of(*parsers()))
    arguments: list[str] = []
    for action in parsers()[names]._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        wanted = action.required or draw(st.integers(0, 3)) == 0 or (not action.option_strings and draw(st.booleans()))
        if not wanted:
            continue
        many = draw(st.integers(1, 3)) if isinstance(action, argparse._AppendAction) else 1
        for _ in range(many):
            value = "" if action.nargs == 0 else draw(st.one_of(*[value_of(action)] * 7, _junk()))
            option = list(action.option_strings[-1:])
            joined = bool(option) and action.nargs != 0 and draw(st.integers(0, 5)) == 0
            arguments += [f"{option[0]}={value}"] if joined else [*option, *([] if action.nargs == 0 else [value])]
    if draw(st.integers(0, 9)) == 0:
        arguments.insert(draw(st.integers(0, len(arguments))), draw(_junk()))
    if draw(st.integers(0, 19)) == 0:
        arguments = list(draw(st.permutations(arguments)))
    # Work that is asked for takes its time: what is looked for is work that nobody asked for.
    if "odds_map" in arguments:
        arguments += ["--draws", "64"]
    elif names == ("map",) and "--draws" in " ".join(arguments):
        arguments += ["--cells", "4"]
    content = draw(files.cases()).content if SCENARIO in " ".join(arguments) else b""
    rows = draw(price_files.cases()).content if PRICES in " ".join(arguments) else b""
    return Command((*names, *map(_harmless, arguments)), content, rows)


@contextmanager
def _folder(case: Command) -> Iterator[Path]:
    """The files of a case in a folder of their own, which is the current one meanwhile."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="crossover-fuzz-") as name:
        folder = Path(name)
        (folder / SCENARIO).write_bytes(case.scenario)
        (folder / PRICES).write_bytes(case.prices)
        (folder / "empty.json").write_bytes(b"")
        (folder / OUT).write_bytes(BEFORE)
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(here)


@contextmanager
def _nothing_outside(folder: Path) -> Iterator[None]:
    """Refuse to write anywhere but into the folder and onto devices, whatever a case asks for."""
    real = shared._to_file

    def guarded(path: Path, content: bytes) -> None:
        if not path.is_relative_to(folder.resolve()) and str(path) not in DEVICES:
            raise PermissionError(13, "outside the folder of the case")
        real(path, content)

    shared._to_file = guarded
    try:
        yield
    finally:
        shared._to_file = real


def judge(case: Command) -> str:
    """A command of this process, judged."""
    return _judged(case, _here)


def judge_process(case: Command) -> str:
    """A command as a program, judged; one that names a file to write is left to this process, which guards it."""
    writes = any(each.startswith("--o") for each in case.arguments)
    return _judged(case, _here if writes else _process)


def _judged(case: Command, run: Callable[[Command, Path], tuple[int, bytes, bytes]]) -> str:
    """A command answers with 0 or 1 and something to read, or refuses with 2, one line, and every file as it was."""
    with _folder(case) as folder:
        status, out, err = run(case, folder)
        left = (folder / OUT).read_bytes()
        others = {each.name for each in folder.iterdir()} - {SCENARIO, PRICES, OUT, "empty.json"}
    if any(name.startswith(".crossover-") for name in others):
        raise Broken(f"a temporary file that stays: {others}")
    if status == 2:
        _refused(case, out, err, left)
        return REFUSED
    if status not in (0, 1):
        raise Broken(f"a status that means nothing: {status}, {err[-300:]!r}")
    _answered(case, out, left)
    return ACCEPTED


def _refused(case: Command, out: bytes, err: bytes, left: bytes) -> None:
    # A folder of examples is answered file by file, with a line for each that is broken.
    lines = err.decode("utf-8", "backslashreplace").removesuffix("\n").split("\n")
    in_plain_words(lines)
    if not all(line.startswith("cli.py") for line in lines):
        raise Broken(f"a refusal of several lines: {lines!r:.400}")
    if out and case.arguments[0] != "examples":
        raise Broken(f"a refusal with output: {out[:100]!r}")
    if left != BEFORE:
        raise Broken("a refusal that writes a file")


def _answered(case: Command, out: bytes, left: bytes) -> None:
    if any(each in ("-h", "--help", "--version") or each.startswith(("--h", "--v")) for each in case.arguments):
        return
    content = out or (left if left != BEFORE else b"")
    if not content:
        if any(each in case.arguments for each in ("--dir", "/dev/null", "--out")) or "=/dev/null" in str(
            case.arguments
        ):
            return
        if any(each.startswith(("--ou", "--dir", "--di")) for each in case.arguments):
            return
        if case.arguments[:2] == ("prices", "list"):
            return
        raise Broken(f"an answer without a word: {case.arguments}")
    kind = _kind(case.arguments)
    if kind == "json":
        json.loads(content, parse_constant=_no_constant)
    elif kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
        if not rows:
            raise Broken("a table without rows")


def _kind(arguments: tuple[str, ...]) -> str:
    """The form in which the answer was asked for, where it was asked for plainly; "" elsewhere."""
    for option in ("--format", "--kind"):
        if arguments.count(option) == 1 and not any(each.startswith(f"{option}=") for each in arguments):
            place = arguments.index(option) + 1
            return arguments[place] if place < len(arguments) else ""
    return ""


def _no_constant(name: str) -> None:
    raise Broken(f"JSON that other programs cannot read: {name}")


def _here(case: Command, folder: Path) -> tuple[int, bytes, bytes]:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", write_through=True) for _ in range(2))
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        with _nothing_outside(folder):
            status = cli.main(case.arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    finally:
        sys.stdout, sys.stderr = before
    return status, out.buffer.getvalue(), err.buffer.getvalue()  # type: ignore[attr-defined]


def _process(case: Command, folder: Path) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-W", "error", str(ROOT / "cli.py"), *case.arguments]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    arguments = [os.fsencode(each) for each in command]
    done = subprocess.run(
        arguments, capture_output=True, env=environment, cwd=folder, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode, done.stdout, done.stderr


TARGET = Target("command line", cases(), judge)
PROCESS = Target("command line as a program", cases(), judge_process, limit_seconds=10, share=0.5)
