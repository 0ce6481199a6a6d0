"""Reading price rows from CSV text; every error names file, line, column, value and the way out."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
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
from pricing.refusals import explain
from pricing.shown import quoted
from pricing.typed import number

MAX_ROWS: Final = 20_000
MAX_LINES: Final = 1_000_000
"""Lines of a price file, blank ones and those within quotes too."""
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


def read_price_file(path: str | Path) -> tuple[Price, ...]:
    """Rows of a price file. Raises PriceError for anything that is not a correct row, OSError as usual."""
    path = Path(path)
    return parse_price_bytes(content_of(path), path.name)


def content_of(path: Path) -> bytes:
    """The bytes of a price file, at most one more than may be: a device has no end. OSError as usual."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


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
    found = records(text.removeprefix("\ufeff"), name)
    _, header = next(found, (1, []))
    if not header:
        raise PriceError(f"{name}: the file is empty; its first line names the columns {', '.join(REQUIRED)}")
    columns = _checked_header(header, name)
    body = _limited(found, name)
    if not body:
        raise PriceError(f"{name}: no price below the line that names the columns")

    rows: list[Price] = []
    errors: list[PriceError] = []
    lines: dict[PriceKey, int] = {}
    for line, cells in body:
        try:
            row = read_row(cells, columns, f"{name} line {line}", origin or f"price file {name}", line)
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
        raise type(errors[0])(f"{errors[0]}{and_more(len(errors) - 1)}")
    return tuple(rows)


def and_more(rows: int) -> str:
    """How many more rows than the one that is named hold a mistake."""
    return f" (and {rows:,} more {'row' if rows == 1 else 'rows'} with a mistake)" if rows else ""


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


def records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each record that is not blank. Raises PriceError for broken quoting or an endless cell."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise PriceError(
                    f"{name} line {line}: a value of more than {csv.field_size_limit():,} characters, or a quote that "
                    "is not closed; shorten the value, or close the quote"
                ) from None
            raise PriceError(
                f"{name} line {line}: not readable as CSV ({error}); put text with commas, quotes or line "
                "breaks in double quotes and write a quote inside it twice"
            ) from None
        if line > MAX_LINES:
            raise PriceError(f"{name}: more than {MAX_LINES:,} lines, the limit of a price file; take blank ones out")
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
    if columns[0].lower().startswith("sep="):
        raise PriceError(
            f"{name} line 1: {quoted(','.join(columns))} is a hint for spreadsheets and no list of columns; delete "
            "that line"
        )
    if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
        raise PriceError(f"{name} line 1: the columns are not separated by commas; save the file as CSV with ,")
    for column in columns:
        if column not in COLUMNS:
            raise PriceError(f"{name} line 1: {quoted(column)} is not a column; {_near(column)}")
        if columns.count(column) > 1:
            raise PriceError(f"{name} line 1: the column {column} stands there twice; keep one")
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise PriceError(
            f"{name} line 1: the column {', '.join(missing)} is missing; {', '.join(REQUIRED)} are required"
        )
    return columns


def _near(column: str) -> str:
    if column.lower() in COLUMNS:
        return f"write it in lower case: {column.lower()}"
    near = difflib.get_close_matches(column.lower().replace(" ", "_"), COLUMNS, n=1, cutoff=0.75)
    listed = f"the columns are {', '.join(COLUMNS)}"
    return f"did you mean {near[0]}? Otherwise leave it out" if near else f"{listed}; leave it out"


def read_row(cells: Sequence[str], columns: Sequence[str], place: str, origin: str, line: int) -> Price:
    """The price that the cells of one record say. PriceError begins with `place`."""
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
    if row.successor == row.ref:
        raise PriceError(f"{place}, successor: {row.ref!r} is the model itself; name another one or leave it blank")
    return row


def _check_price_id(text: str, row: Price, place: str) -> None:
    try:
        parse_price_id(text)
    except PriceError as error:
        raise PriceError(f"{place}, price_id: {error}") from None
    if text != row.price_id:
        raise PriceError(
            f"{place}, price_id: {quoted(text)} does not agree with the row, which is {row.price_id!r}; "
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
            raise PriceError(f"{place}, bills_tokens: {quoted(cell)} is not yes or no")
        return cell == "yes"
    return cell


def _number(column: str, cell: str, place: str) -> float:
    try:
        return number(cell)
    except ValueError as error:
        raise PriceError(f"{place}, {column}: {error}") from None
