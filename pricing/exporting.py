"""Price rows on their way out and back: CSV that no spreadsheet takes for formulas, plain values for JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic import ValidationError

from pricing.book import PriceBook
from pricing.price import Price, PriceEdit, PriceError, tier_text
from pricing.price_files import COLUMNS
from pricing.refusals import explain

EDIT_COLUMNS: Final = (*COLUMNS, "reason")
"""Columns of exported edits: those of a price table, then why the price was typed in."""

_FORMULA: Final = re.compile(r"'*\s*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+\s*[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula; `unguarded` gives the text back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text that `guarded` made safe; any other text as it stands."""
    return cell[1:] if _GUARDED.match(cell) else cell


def rows_csv(rows: Iterable[Price]) -> str:
    """Rows as the text of a price file with every column."""
    return _csv(COLUMNS, ([_cell(getattr(row, column)) for column in COLUMNS] for row in rows))


def edits_csv(edits: Iterable[PriceEdit], book: PriceBook) -> str:
    """Typed-in prices as the text of a price file with every column and their reasons.

    `book` is the one that they are put into. A row says all that holds once it is: what an edit leaves unsaid
    (group, minimum, included quantity, facts) is that of the price it stands in for. Source, date and confidence are
    its own.
    """
    listed = tuple(edits)
    after = {row.key: row for row in book.with_edits(listed).rows}
    return _csv(
        EDIT_COLUMNS,
        (
            [
                *(_cell(getattr(edit if column == "source" else after[edit.key], column)) for column in COLUMNS),
                _cell(edit.reason),
            ]
            for edit in listed
        ),
    )


def _csv(columns: Iterable[str], lines: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return tier_text(value) if isinstance(value, float) else guarded(str(value))


def as_dict(row: Price) -> dict[str, Any]:
    """A row as plain values by column, blank ones left out; `row_of` reads it back."""
    values = row.model_dump(mode="json", exclude={"origin", "line"}) | {"price_id": row.price_id}
    blank = ("", None)
    return {
        column: values[column]
        for column in COLUMNS
        if values[column] not in blank and not (column == "tier_from" and row.tier_from == 0)
    }


def row_of(data: object, origin: str) -> Price:
    """The row that a JSON object holds by column. Raises PriceError, which says the column and the way out."""
    if not isinstance(data, dict):
        raise PriceError("is not a price row {...}")
    unknown = next((name for name in data if name not in COLUMNS), None)
    if unknown is not None:
        raise PriceError(f"{str(unknown)[:60]!r} is not a column; the columns are {', '.join(COLUMNS)}")
    try:
        row = Price.model_validate({name: value for name, value in data.items() if name != "price_id"})
    except ValidationError as error:
        raise PriceError(explain(error).removeprefix(", ")) from None
    named = data.get("price_id", row.price_id)
    if named != row.price_id:
        raise PriceError(f"price_id: {str(named)[:80]!r} does not agree with the row, which is {row.price_id!r}")
    return row.model_copy(update={"origin": origin})
