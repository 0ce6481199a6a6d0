"""The book that ships with the product: its own tables plus the installed genai-prices release."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from pricing.book import Price, PriceBook, PriceError
from pricing.llm_prices import installed_version, llm_rows
from pricing.price import parse_day
from pricing.price_files import (
    COLUMNS,
    MAX_BYTES,
    MAX_ROWS,
    REQUIRED,
    content_of,
    parse_price_bytes,
    parse_price_csv,
    price_csv,
    read_price_file,
)

__all__ = [
    "COLUMNS",
    "EVIDENCE_COLUMNS",
    "MAX_BYTES",
    "MAX_ROWS",
    "REQUIRED",
    "RETIREMENTS",
    "TABLES",
    "book_id",
    "load_book",
    "load_evidence",
    "parse_price_bytes",
    "parse_price_csv",
    "price_csv",
    "read_price_file",
    "table_rows",
    "tables_with_release",
    "with_retirements",
]

TABLES: Final = Path(__file__).parent / "tables"
RETIREMENTS: Final = TABLES / "lifecycle" / "retirements.csv"

EVIDENCE_COLUMNS: Final = (
    "topic",
    "vendor",
    "product",
    "meter",
    "unit",
    "value",
    "conditions",
    "region",
    "as_of",
    "source",
    "confidence",
    "note",
)


def table_rows(folder: Path = TABLES) -> tuple[Price, ...]:
    """Rows of a folder of tables, the product's own by default. Raises PriceError naming table, line and column."""
    return tuple(
        row
        for path in sorted(folder.glob("*.csv"))
        for row in parse_price_bytes(content_of(path), path.name, f"table {path.name}")
    )


def with_retirements(rows: Iterable[Price], table: Path = RETIREMENTS) -> tuple[Price, ...]:
    """Rows with the retirement day and successor of their model put on the first row of its plan.

    The table names models whose prices come from the genai-prices release. Raises PriceError for a model
    that has no row, and for a table that cannot be read.
    """
    waiting = _retirements(table)
    marked: list[Price] = []
    for row in rows:
        line = waiting.pop(row.ref, None)
        if line:
            dated = {"retires_on": parse_day(line["retires_on"]), "successor": line["successor"] or None}
            told = f"retires {line['retires_on']} ({line['source']}, {line['as_of']})"
            dated["note"] = "; ".join(filter(None, (row.note, told)))
            row = row.model_copy(update=dated)
        marked.append(row)
    if waiting:
        raise PriceError(f"{table.name}: no price of {', '.join(waiting)}; correct or remove the line")
    return tuple(marked)


def _retirements(table: Path) -> dict[str, dict[str, str]]:
    """Line of each reference `provider/item`. Raises PriceError."""
    found: dict[str, dict[str, str]] = {}
    try:
        with table.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = {"provider", "item", "retires_on", "successor", "as_of", "source"} - set(reader.fieldnames or ())
            if missing:
                raise PriceError(f"{table.name} line 1: the column {', '.join(sorted(missing))} is missing")
            for line in reader:
                cells = {column: cell if isinstance(cell, str) else "" for column, cell in line.items()}
                parse_day(cells["retires_on"])
                found[f"{cells['provider']}/{cells['item']}"] = cells
    except PriceError:
        raise
    except (ValueError, csv.Error) as error:
        raise PriceError(f"{table.name}: {error}") from None
    return found


@cache
def load_book() -> PriceBook:
    """The book that every scenario starts from; read once."""
    return PriceBook(tables_with_release())


def tables_with_release(folder: Path = TABLES) -> tuple[Price, ...]:
    """Rows of a folder of tables and of the installed genai-prices release, with the folder's retirements.

    Raises PriceError as `table_rows` and `with_retirements` do.
    """
    rows = (*table_rows(folder), *llm_rows())
    retirements = folder / RETIREMENTS.relative_to(TABLES)
    return with_retirements(rows, retirements) if retirements.exists() else rows


def book_id(book: PriceBook | None = None) -> str:
    """Name of a book in exports, links and files: version of genai-prices and hash of all rows; one word."""
    return f"genai-prices-{installed_version()}+{(load_book() if book is None else book).id}"


def load_evidence() -> pd.DataFrame:
    """Published figures behind the defaults of scenario fields, columns EVIDENCE_COLUMNS, `value` a number.

    Labour, labelling, evaluation and observability: evidence that a reader can look up, not prices of the
    book. `topic` is labour, labels, evaluation or observability.
    """
    frames = [
        pd.read_csv(path, dtype=dict.fromkeys(set(EVIDENCE_COLUMNS) - {"value"}, "str"), keep_default_na=False)
        for path in sorted((TABLES / "evidence").glob("*.csv"))
    ]
    return pd.concat(frames, ignore_index=True)[list(EVIDENCE_COLUMNS)]
