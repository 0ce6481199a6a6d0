"""Price files row by row: what can be used, and for every other row its line, column, value and the way out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pricing.exporting import unguarded
from pricing.price import Price, PriceError, not_yet
from pricing.price_files import COLUMNS, MAX_BYTES, MAX_ROWS, and_more, content_of, parse_price_csv, read_row, records

MAX_REASON: Final = 500
"""Characters that the reason of an edit may have."""

_SENTINEL: Final = {"provider": "a", "item": "b", "meter": "input", "unit": "token", "price_usd": "1"}
"""A sound row, with which the line that names the columns is checked by itself."""

Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be read or used; `column` and `value` are empty when the row as a whole is wrong."""

    line: int
    column: str
    value: str
    reason: str
    duplicate: bool = False

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.column}' if self.column else ''}: {self.reason}"


@dataclass(frozen=True)
class Parsed:
    """A price file row by row: what can be used, the reasons by line where it has that column, and what is refused."""

    name: str
    rows: tuple[Price, ...]
    reasons: Mapping[int, str]
    refused: tuple[Refused, ...]


def parse(content: bytes, name: str, origin: str | None = None, today: date | None = None) -> Parsed:
    """A price file row by row. PriceError when the file as a whole cannot be read (size, encoding, columns).

    Beside the columns of a price table it may have `reason`. A cell that an export made safe for spreadsheets is
    read as it was before. With `today`, a price that was checked after that day is refused.
    """
    records = _records(_text(content, name), name)
    if not records:
        parse_price_csv("", name)
    (_, header), *body = records
    given = [cell.strip() for cell in header]
    if given.count("reason") > 1:
        raise PriceError(f"{name} line 1: the column reason stands there twice; keep one")
    columns = [column for column in given if column != "reason"]
    parse_price_csv(_csv([columns, [_SENTINEL.get(column, "") for column in columns]]), name)
    if not body:
        parse_price_csv(_csv([columns]), name)

    reasons: dict[int, str] = {}
    refused: list[Refused] = []
    sound: list[Record] = []
    for line, cells in body:
        if len(cells) != len(given):
            refused.append(Refused(line, "", "", _miscounted(cells, given)))
            continue
        texts = dict(zip(given, (unguarded(cell.strip()) for cell in cells), strict=True))
        reason = texts.pop("reason", None)
        if reason is not None and len(reason) > MAX_REASON:
            refused.append(Refused(line, "reason", reason, f"longer than {MAX_REASON} characters; shorten it"))
            continue
        if not any(texts.values()):
            refused.append(Refused(line, "provider", "", "blank; every price needs one"))
            continue
        if reason is not None:
            reasons[line] = reason
        sound.append((line, list(texts.values())))
    rows: list[Price] = []
    first: dict[object, int] = {}
    for each in _rows(name, columns, sound, origin or f"price file {name}"):
        if isinstance(each, Refused):
            refused.append(each)
        elif (line := first.setdefault(each.key, each.line or 0)) != each.line:
            refused.append(Refused(each.line or 0, "", "", _twice(each, line), duplicate=True))
        elif today is not None and (words := not_yet(each.as_of, today)):
            refused.append(Refused(each.line or 0, "as_of", each.as_of or "", words))
        else:
            rows.append(each)
    return Parsed(name, tuple(rows), reasons, tuple(sorted(refused, key=lambda each: each.line)))


def read_prices(path: Path) -> tuple[Price, ...]:
    """Rows of a price file or of exported edits. PriceError with the first mistake and how many more there are."""
    found = parse(content_of(path), path.name, today=date.today())
    if found.refused:
        first, *others = found.refused
        raise PriceError(f"{path.name} {first}{and_more(len(others))}")
    return found.rows


def _too_big(name: str) -> str:
    return f"{name}: larger than {MAX_BYTES // 1_000_000} MB, the limit of a price file; split it"


def _text(content: bytes, name: str) -> str:
    if len(content) > MAX_BYTES:
        raise PriceError(_too_big(name))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PriceError(
            f"{name}: byte {error.start} (0x{content[error.start]:02x}) is not UTF-8; save the file with the "
            "encoding UTF-8 (in Excel: 'CSV UTF-8 (Comma delimited)')"
        ) from None


def _records(text: str, name: str) -> list[Record]:
    """(first line, cells) of the header and of each record that is not blank."""
    found: list[Record] = []
    for record in records(text, name):
        found.append(record)
        if len(found) > MAX_ROWS + 1:
            raise PriceError(f"{name}: more than {MAX_ROWS:,} prices, the limit of a price file; split it")
    return found


def _rows(name: str, columns: list[str], records: Sequence[Record], origin: str) -> Iterator[Price | Refused]:
    """Row or refusal of each record."""
    for line, cells in records:
        place = f"{name} line {line}"
        try:
            yield read_row(cells, columns, place, origin, line)
        except PriceError as error:
            yield _refusal(str(error), place, columns, (line, cells))


def _refusal(message: str, place: str, columns: list[str], record: Record) -> Refused:
    line, cells = record
    reason = message.removeprefix(place).removeprefix(", ").removeprefix(": ")
    column, colon, rest = reason.partition(": ")
    if not colon or column not in COLUMNS:
        return Refused(line, "", "", reason)
    value = cells[columns.index(column)] if column in columns else ""
    return Refused(line, column, value, rest)


def _miscounted(cells: list[str], columns: list[str]) -> str:
    more = "; a decimal comma splits a number too: write 0.15" if len(cells) > len(columns) else ""
    return (
        f"{len(cells)} values for {len(columns)} columns; put a value that holds a comma in double quotes, and keep "
        f"the commas of blank values{more}"
    )


def _twice(row: Price, line: int) -> str:
    return f"{row.price_id} stands on line {line} already with the same effective_from; keep one, or date the later one"


def _csv(lines: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
