"""What the commands share: files named on the command line, days and numbers, and JSON."""

from __future__ import annotations

import argparse
import errno
import json
import math
import os
import stat
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from costmodel import files
from costmodel.files import ScenarioFile
from costmodel.presets import PRESETS
from pricing.book import PriceBook
from pricing.catalog import load_book
from pricing.row_reader import read_prices
from pricing.shown import quoted
from report.imprint import AddressProblem, base_address
from report.numbers import shortened

STANDARD_OUTPUT = "-"
LONGEST_NAME = 200
"""Of a file, where a message repeats it."""


class FileProblem(ValueError):
    """A file that cannot be read or written."""


def price_rows(paths: Sequence[str], book: PriceBook) -> PriceBook:
    """`book` with the rows of price files put in. FileProblem or PriceError."""
    try:
        rows = [row for path in paths for row in read_prices(Path(path))]
    except OSError as error:
        raise FileProblem(f"--prices {error.filename}: cannot be read ({error.strerror})") from None
    return book.with_rows(rows) if rows else book


def shipped_with(paths: Sequence[str]) -> PriceBook:
    """The book of the product with the rows of price files put in."""
    return price_rows(paths, load_book())


def scenario_file(named: str) -> ScenarioFile:
    """The preset or scenario file of that name. FileProblem or ScenarioError."""
    if named in PRESETS:
        return ScenarioFile(PRESETS[named].scenario)
    path = Path(named)
    if not named.strip() or (not path.suffix and not _is_there(path)):
        raise FileProblem(f"{quoted(named)} is neither a preset ({', '.join(PRESETS)}) nor a file")
    return files.opened(text_of(path), path.name)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # no name that a file can have
        return False


def text_of(path: Path) -> str:
    """The text of a scenario file. FileProblem or ScenarioError."""
    try:
        with path.open("rb") as file:
            content = file.read(files.MAX_BYTES + 1)  # a device has no end
    except OSError as error:
        raise FileProblem(f"{shortened(str(path), LONGEST_NAME)}: cannot be read ({error.strerror})") from None
    return files.text_of(content, path.name)


def day(written: str) -> date:
    """A day of the command line."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{quoted(written)} is not a day; write it as YYYY-MM-DD") from None
    if not 1990 <= found.year <= 2190:
        raise argparse.ArgumentTypeError(f"{written} is out of limits; use a day from 1990 to 2190")
    return found


def number(written: str) -> float:
    """A number of the command line."""
    try:
        found = float(written)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(f"{quoted(written)} is not a number")
    return found


def days(written: str) -> int:
    """A number of days of the command line."""
    if not (written.isascii() and written.isdigit() and len(written) <= 5):
        raise argparse.ArgumentTypeError(f"{quoted(written)} is not a number of days; use 0 to 99999")
    return int(written)


def seed(written: str) -> int:
    """The seed of draws on the command line, as the page takes it."""
    if not (written.isascii() and written.isdigit() and len(written) <= 5):
        raise argparse.ArgumentTypeError(f"{quoted(written)} is not a seed; use a whole number from 0 to 99999")
    return int(written)


def as_json(content: Any) -> str:
    """Plain values as the text of a JSON document."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def add_out(command: argparse.ArgumentParser) -> None:
    """Add `--out`, as `write_out` takes it."""
    command.add_argument("--out", default=STANDARD_OUTPUT, metavar="F", help="file to write; default - (the screen)")


def add_base_url(command: argparse.ArgumentParser) -> None:
    """Add `--base-url`, which links in files begin with."""
    words = "address of the server that links lead to, such as https://example.org"
    command.add_argument("--base-url", type=server_address, default="", metavar="URL", help=words)


def server_address(written: str) -> str:
    """The address of a server on the command line; "" for none."""
    try:
        return base_address(written) if written else ""
    except AddressProblem as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def refuse_terminal(path: str, what: str) -> None:
    """FileProblem when bytes that are no text (`what`: "an Excel workbook") would go to a terminal."""
    if path == STANDARD_OUTPUT and sys.stdout.isatty():
        raise FileProblem(f"{what} is no text that a terminal can show; give it a file with --out F")


def write_out(path: str, content: bytes) -> None:
    """Write a file, or standard output for "-". FileProblem names the place and what is in the way.

    A file is whole or as it was before: the bytes go into a temporary file beside it, which then takes its place.
    """
    if path == STANDARD_OUTPUT:
        _to_standard_output(content)
        return
    if not path.strip():
        raise FileProblem("--out: the name of the file is empty; give one, or - for standard output")
    try:
        _to_file(Path(os.path.realpath(path)), content)
    except OSError as error:
        raise FileProblem(
            f"--out {shortened(path, LONGEST_NAME)}: cannot be written ({error.strerror}); give another place"
        ) from None
    except ValueError:
        raise FileProblem(f"--out {quoted(path)}: is no name of a file; give another place") from None


def _to_standard_output(content: bytes) -> None:
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_standard_output()
    except OSError as error:
        _drop_standard_output()
        raise FileProblem(f"standard output: cannot be written ({error.strerror})") from None


def _drop_standard_output() -> None:
    """Let go of what Python would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _to_file(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        path.write_bytes(content)  # a device or a pipe stays what it is; a folder is refused
        return
    if mode is not None and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    handle, beside = tempfile.mkstemp(prefix=".crossover-", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(beside, stat.S_IMODE(mode) if mode is not None else _new_file_mode())
        os.replace(beside, path)
    finally:
        Path(beside).unlink(missing_ok=True)


def _new_file_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
