"""Typed-in prices: every cell that comes from the browser is checked here before it becomes a price edit.

The scenario is the truth. A refused cell changes nothing and says why; what looks like a slip waits for a yes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pages.ui import price_questions, state
from pages.ui.price_edits import EVIDENCE, Refused, edit_of, put, refuse_contradiction, with_new
from pages.ui.price_rows import Shown
from pricing.health import is_release_dated
from pricing.price import PRICE_LIMIT_USD, Price, PriceEdit
from pricing.row_reader import MAX_REASON
from pricing.typed import number
from pricing.units import REQUEST_TIER_METERS, meter
from report import price_numbers
from report import prices_text as words


def take(rows: Sequence[Shown], columns: Collection[str], sent: Mapping[str, Any], today: date) -> None:
    """Cells of the table as the browser sends them (row number -> column -> value): all of them or none."""
    cells = sent.get("edited_rows")
    if not _fits(cells, len(rows), columns) or sent.get("added_rows") or sent.get("deleted_rows"):
        state.refuse([words.NO_SUCH_CELL])  # a table that starts anew does not meet those cells
        return
    entered: list[tuple[dict[str, Any], Price | None, str]] = []
    problems: list[str] = []
    for place, changes in cells.items():
        shown = rows[int(place)]
        try:
            values = _entered(shown, changes, today)
        except Refused as error:
            problems.append(f"{shown.words}: {error}")
        else:
            if values is not None:
                entered.append((values, shown.row, shown.words))
    if problems:
        state.refuse(problems)
    elif entered:
        submit(entered)


def _fits(cells: Any, rows: int, columns: Collection[str]) -> bool:
    """Whether these are cells of the table; Streamlit itself fails on others."""
    return isinstance(cells, Mapping) and all(
        str(place).isdecimal() and int(place) < rows and isinstance(changes, Mapping) and set(changes) <= set(columns)
        for place, changes in cells.items()
    )


def _entered(shown: Shown, cells: Mapping[str, Any], today: date) -> dict[str, Any] | None:
    """The values of the edit that a row's cells amount to; None when they say what stands there already."""
    row = shown.row
    unit, reason = cells.get("per", row.unit), cells.get("Reason")
    usd = row.price_usd if stands(cells, row) else checked_usd(cells["USD"], str(unit))
    had = shown.edit.reason if shown.edit else ""
    reason = had if reason is None and "Reason" not in cells else (reason or "")
    same = (usd, unit) == (row.price_usd, row.unit)
    typed = _evidence(shown, cells, today, same)
    if (usd, unit, reason) == (row.price_usd, row.unit, had) and not typed:
        return None
    if not isinstance(reason, str) or len(reason) > MAX_REASON:
        raise Refused(f"the reason is longer than {MAX_REASON} characters; shorten it")
    if shown.edit is None and same and not typed:
        raise Refused("a reason belongs to a price that you change; type the price first, then the reason")
    values = _values(shown, same)
    if unit != row.unit:
        values |= _in_unit(row, unit, values)
    return values | typed | {"price_usd": usd, "unit": unit, "reason": reason.strip()}


def stands(cells: Mapping[str, Any], row: Price) -> bool:
    """Whether the cell of a price says what stands there; a price may have more digits than the table shows."""
    typed = cells.get("USD", row.price_usd)
    return typed == row.price_usd or (isinstance(typed, str) and typed.strip() == price_numbers.typed(row.price_usd))


def _evidence(shown: Shown, cells: Mapping[str, Any], today: date, same_price: bool) -> dict[str, str]:
    """What the cells say of source, date and confidence that does not stand there already.

    What stands there of a price of the book does not hold for another price.
    """
    row, edit = shown.row, shown.edit
    stands = {
        "Source": ("", shown.source),
        "Checked": (words.checked(row, today), (edit or row).as_of or ""),
        "Confidence": ("", row.confidence),
    }
    found = {}
    for column, name in EVIDENCE.items():
        if column not in cells:
            continue
        typed = "" if cells[column] is None else cells[column]
        if not isinstance(typed, str):
            raise Refused(f"{column}: {str(typed)[:40]} is not a text")
        typed, stood = typed.strip(), stands[column] if edit or same_price else ("", "")
        if typed != stood[1] and not (typed and typed == stood[0]):
            found[name] = typed
    return found


def _values(shown: Shown, same_price: bool) -> dict[str, Any]:
    """What an edit of a row says besides what is typed; the book's source goes with the book's price alone."""
    if shown.edit is not None:
        return shown.edit.model_dump(exclude_none=True)
    row = shown.row
    values: dict[str, Any] = {"provider": row.provider, "item": row.item, "meter": row.meter}
    values["tier_from"] = row.tier_from
    if shown.dated and row.effective_from:
        values["effective_from"] = row.effective_from
    if same_price:
        values |= {"source": row.source, "confidence": row.confidence}
        values["as_of"] = None if is_release_dated(row) else row.as_of
    return values


def _in_unit(row: Price, unit: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Quantities of an edit in another unit of its meter."""
    known = meter(row.meter).units
    if unit not in known:
        raise Refused(f"{str(unit)[:40]!r} is not a unit of {row.meter.replace('_', ' ')}; use {', '.join(known)}")
    if row.tier_from and row.meter not in REQUEST_TIER_METERS:
        raise Refused(f"its tier is counted in {row.unit}; add the tier as a price of its own instead")
    included = values.get("included_quantity")
    if not included:
        return {}
    return {"included_quantity": included * meter(row.meter).per_unit(row.unit) / meter(row.meter).per_unit(unit)}


def checked_usd(usd: Any, unit: str) -> float:
    """A price, typed as text or as a number. Raises Refused for anything that is none."""
    if usd is None or (isinstance(usd, str) and not usd.strip()):
        raise Refused(f"the price is empty; type {words.LIMITS} per {unit}, or choose Revert for the book's price")
    if isinstance(usd, str):
        try:
            usd = number(usd)
        except ValueError as error:
            raise Refused(str(error)) from None
    numeric = isinstance(usd, int | float) and not isinstance(usd, bool)
    if not numeric or not 0 <= usd <= PRICE_LIMIT_USD:  # nor is nan, nor a whole number too large to be made a float
        shown = f"{usd:.12g}" if isinstance(usd, float) else str(usd)[:40]
        raise Refused(f"{shown} is not possible; a price is {words.LIMITS} per {unit}")
    return float(usd)


def submit(entered: Sequence[tuple[Mapping[str, Any], Price | None, str]]) -> bool:
    """Put prices into the scenario; those that look like a slip or need a word wait for an answer."""
    sure: list[PriceEdit] = []
    waiting: list[price_questions.Pending] = []
    try:
        for values, old, name in entered:
            # Whatever else is wrong with it is said now, not after the answer.
            edit = edit_of({**values, "reason": f"free; {values['reason']}"[:MAX_REASON]}, name)
            if edit.key not in {each.key for each in state.scenario().price_edits}:
                refuse_contradiction(edit, name)
            pending = price_questions.doubt(values, edit, old, name)
            if pending is None:
                sure.append(edit_of(values, name))
            else:
                waiting.append(pending)
    except Refused as error:
        state.refuse([str(error)])
        return False
    if sure and not put(with_new(sure)):
        return False
    if waiting:
        price_questions.wait(waiting)
    return True
