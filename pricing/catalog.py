"""The book that ships with the product: its own tables plus the installed genai-prices release."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from pricing.book import Price, PriceBook, PriceError
from pricing.llm_prices import llm_rows
from pricing.price import parse_day
from pricing.price_files import (
    COLUMNS,
    MAX_BYTES,
    MAX_ROWS,
    REQUIRED,
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
    "load_book",
    "load_evidence",
    "parse_price_bytes",
    "parse_price_csv",
    "price_csv",
    "read_price_file",
    "table_rows",
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


def table_rows() -> tuple[Price, ...]:
    """Rows of the product's own tables. Raises PriceError naming table, line and column."""
    return tuple(
        row
        for path in sorted(TABLES.glob("*.csv"))
        for row in parse_price_bytes(path.read_bytes(), path.name, f"table {path.name}")
    )


def with_retirements(rows: Iterable[Price], table: Path = RETIREMENTS) -> tuple[Price, ...]:
    """Rows with the retirement day and successor of their model put on the first row of its plan.

    The table names models whose prices come from the genai-prices release. Raises PriceError for a model
    that has no row.
    """
    with table.open(encoding="utf-8", newline="") as file:
        waiting = {f"{line['provider']}/{line['item']}": line for line in csv.DictReader(file, strict=True)}
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


@cache
def load_book() -> PriceBook:
    """The book that every scenario starts from; read once."""
    return PriceBook(with_retirements((*table_rows(), *llm_rows())))


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
