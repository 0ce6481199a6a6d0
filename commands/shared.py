"""What the commands share: files named on the command line, days and numbers, and JSON."""

from __future__ import annotations

import argparse
import json
import math
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


class FileProblem(ValueError):
    """A file that cannot be read."""


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
    if not named.strip() or (not path.suffix and not path.exists()):
        raise FileProblem(f"{named!r} is neither a preset ({', '.join(PRESETS)}) nor a file")
    return files.opened(text_of(path), path.name)


def text_of(path: Path) -> str:
    """The text of a scenario file. FileProblem."""
    try:
        if path.stat().st_size > files.MAX_BYTES:
            raise FileProblem(f"{path.name}: larger than {files.MAX_BYTES / 1e6:g} MB, the limit of a scenario file")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise FileProblem(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def day(written: str) -> date:
    """A day of the command line."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is not a day; write it as YYYY-MM-DD") from None
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
        raise argparse.ArgumentTypeError(f"{written!r} is not a number")
    return found


def days(written: str) -> int:
    """A number of days of the command line."""
    if not (written.isascii() and written.isdigit() and len(written) <= 5):
        raise argparse.ArgumentTypeError(f"{written!r} is not a number of days; use 0 to 99999")
    return int(written)


def as_json(content: Any) -> str:
    """Plain values as the text of a JSON document."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
