"""Reading price rows from CSV text; every error names file, line, column, value and the way out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from pricing.price import (
    FACTS,
    DuplicatePrice,
    Price,
    PriceError,
    PriceKey,
    parse_day,
    parse_price_id,
    tier_text,
)

MAX_ROWS: Final = 20_000
MAX_BYTES: Final = 10_000_000

COLUMNS: Final = (
    "price_id",
    "group",
    "provider",
    "item",
    "meter",
    "unit",
    "price_usd",
    "tier_from",
    "minimum_usd",
    "included_quantity",
    "effective_from",
    "effective_to",
    "as_of",
    "source",
    "confidence",
    "note",
    *FACTS,
)
REQUIRED: Final = ("provider", "item", "meter", "unit", "price_usd")

_NUMBERS: Final = frozenset(
    {"price_usd", "tier_from", "minimum_usd", "included_quantity", *FACTS} - {"bills_tokens", "retires_on", "successor"}
)
_DAYS: Final = frozenset({"effective_from", "effective_to", "retires_on"})
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_price_file(path: str | Path) -> tuple[Price, ...]:
    """Rows of a price file. Raises PriceError for anything that is not a correct row, OSError as usual."""
    path = Path(path)
    if path.stat().st_size > MAX_BYTES:
        raise PriceError(_too_big(path.name))
    return parse_price_bytes(path.read_bytes(), path.name)


def parse_price_bytes(data: bytes, name: str, origin: str | None = None) -> tuple[Price, ...]:
    """Rows of a price file given as bytes, e.g. an upload. Raises PriceError."""
    if len(data) > MAX_BYTES:
        raise PriceError(_too_big(name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PriceError(
            f"{name}: byte {error.start} (0x{data[error.start]:02x}) is not UTF-8; save the file with the "
            "encoding UTF-8 (in Excel: 'CSV UTF-8 (Comma delimited)')"
        ) from None
    return parse_price_csv(text, name, origin)


def parse_price_csv(text: str, name: str, origin: str | None = None) -> tuple[Price, ...]:
    """Rows of a price file given as text; `name` stands in errors and, as 'price file <name>', in the rows.

    Raises PriceError with the first mistake and the number of further rows that hold one.
    """
    if len(text) > MAX_BYTES:
        raise PriceError(_too_big(name))
    records = _records(text.removeprefix("\ufeff"), name)
    _, header = next(records, (1, []))
    if not header:
        raise PriceError(f"{name}: the file is empty; its first line names the columns {', '.join(REQUIRED)}")
    columns = _checked_header(header, name)
    body = _limited(records, name)
    if not body:
        raise PriceError(f"{name}: no price below the line that names the columns")

    rows: list[Price] = []
    errors: list[PriceError] = []
    lines: dict[PriceKey, int] = {}
    for line, cells in body:
        try:
            row = _row(cells, columns, f"{name} line {line}", origin or f"price file {name}", line)
            first = lines.setdefault(row.key, line)
            if first != line:
                raise DuplicatePrice(
                    f"{name} line {line}: {row.price_id} stands on line {first} already with the same "
                    "effective_from; keep one, or date the later one"
                )
            rows.append(row)
        except PriceError as error:
            errors.append(error)
    if errors:
        more = f" (and {len(errors) - 1} more rows with a mistake)" if len(errors) > 1 else ""
        raise type(errors[0])(f"{errors[0]}{more}")
    return tuple(rows)


def price_csv(rows: Iterable[Price]) -> str:
    """Rows as the text of a price file with all columns; `parse_price_csv` reads the same prices back."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(row, column)) for column in COLUMNS] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return tier_text(value) if isinstance(value, float) else str(value)


def _too_big(name: str) -> str:
    return f"{name}: larger than {MAX_BYTES // 1_000_000} MB, the limit of a price file; split it"


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each record that is not blank. Raises PriceError for broken quoting."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise PriceError(
                f"{name} line {line}: not readable as CSV ({error}); put text with commas, quotes or line "
                "breaks in double quotes and write a quote inside it twice"
            ) from None
        if any(cell.strip() for cell in cells):
            yield line, cells


def _limited(records: Iterator[tuple[int, list[str]]], name: str) -> list[tuple[int, list[str]]]:
    body: list[tuple[int, list[str]]] = []
    for record in records:
        if len(body) == MAX_ROWS:
            raise PriceError(f"{name}: more than {MAX_ROWS:,} prices, the limit of a price file; split it")
        body.append(record)
    return body


def _checked_header(header: list[str], name: str) -> list[str]:
    columns = [cell.strip() for cell in header]
    if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
        raise PriceError(f"{name} line 1: the columns are not separated by commas; save the file as CSV with ,")
    for column in columns:
        if column not in COLUMNS:
            raise PriceError(f"{name} line 1: {column!r} is not a column; the columns are {', '.join(COLUMNS)}")
        if columns.count(column) > 1:
            raise PriceError(f"{name} line 1: the column {column} stands there twice; keep one")
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise PriceError(
            f"{name} line 1: the column {', '.join(missing)} is missing; {', '.join(REQUIRED)} are required"
        )
    return columns


def _row(cells: list[str], columns: list[str], place: str, origin: str, line: int) -> Price:
    if len(cells) != len(columns):
        raise PriceError(
            f"{place}: {len(cells)} values for {len(columns)} columns; put a value that holds a comma in "
            "double quotes, and keep the commas of blank values"
        )
    given = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    for column in REQUIRED:
        if not given[column]:
            raise PriceError(f"{place}, {column}: blank; every price needs one")
    values: dict[str, Any] = {"origin": origin, "line": line}
    for column, cell in given.items():
        if cell and column != "price_id":
            values[column] = _value(column, cell, place)
        elif column in ("minimum_usd", "included_quantity"):
            values[column] = None
    try:
        row = Price.model_validate(values)
    except ValidationError as error:
        raise PriceError(f"{place}{explain(error)}") from None
    if given.get("price_id"):
        _check_price_id(given["price_id"], row, place)
    return row


def _check_price_id(text: str, row: Price, place: str) -> None:
    try:
        parse_price_id(text)
    except PriceError as error:
        raise PriceError(f"{place}, price_id: {error}") from None
    if text != row.price_id:
        raise PriceError(
            f"{place}, price_id: {text!r} does not agree with the row, which is {row.price_id!r}; "
            "correct one of them or leave price_id blank"
        )


def _value(column: str, cell: str, place: str) -> str | float | bool | date:
    """A cell as the type of its column. Raises PriceError."""
    if column in _NUMBERS:
        return _number(column, cell, place)
    if column in _DAYS:
        try:
            day = parse_day(cell)
        except ValueError as error:
            raise PriceError(f"{place}, {column}: {error}") from None
        assert isinstance(day, date)
        return day
    if column == "bills_tokens":
        if cell not in ("yes", "no"):
            raise PriceError(f"{place}, bills_tokens: {cell!r} is not yes or no")
        return cell == "yes"
    return cell


def _number(column: str, cell: str, place: str) -> float:
    if _NUMBER.fullmatch(cell):
        return float(cell)
    hint = "write digits and a decimal point only, e.g. 1200 or 0.15"
    if re.search(r"\d,\d|\d[ _']\d", cell):
        hint = "write it without thousands separators and with a decimal point, e.g. 1200 or 0.15"
    raise PriceError(f"{place}, {column}: {cell!r} is not a number; {hint}")


def explain(error: ValidationError) -> str:
    """', column: what is wrong' of the first mistake that pydantic found."""
    first = error.errors()[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f", {message}"
    column = str(first["loc"][0])
    if first["type"] in ("value_error",):
        return f", {column}: {message}"
    return f", {column}: {first['input']!r} is refused ({message})"
