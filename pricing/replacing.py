"""How a given row takes the place of rows of the book, and what it takes over from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pricing.price import FACTS, Price, PriceEdit
from pricing.units import meter

OF_A_ROW = ("cap_quantity",)
"""Facts in the unit of their row: they hold for it alone, not for the plan."""


def merged(old: Sequence[Price], new: Sequence[Price]) -> list[Price]:
    """Rows of a plan after `new` rows replaced theirs among the `old` ones.

    Facts are kept, except that one stated by a new row holds for the whole plan; of two the later row's.
    """
    undated = {row.price_id for row in new if row.effective_from is None}
    keys = {row.key for row in new}
    kept = [row for row in old if row.price_id not in undated and row.key not in keys]
    dropped = [row for row in old if row.price_id in undated or row.key in keys]
    rows = [*kept, *(_completed(row, old) for row in new)]
    stated = {name: value for row in new for name, value in row.facts().items() if name not in OF_A_ROW}
    return [_stating(row, stated) for row in _with_facts_of(dropped, rows)]


def _stating(row: Price, facts: dict[str, Any]) -> Price:
    """A row that says what a new row says of its plan, where it says anything of it."""
    other = {name: value for name, value in facts.items() if getattr(row, name) not in (None, value)}
    return row.model_copy(update=other) if other else row


def edited(old: Sequence[Price], edit: PriceEdit) -> Price:
    """The row that a typed-in price becomes, before it takes over what it leaves unsaid."""
    values = {name: getattr(edit, name) for name in edit.model_fields_set - {"reason"}}
    values = {name: value for name, value in values.items() if value is not None}
    source = edit.source or _unsourced(edit.reason)
    row = {"source": source, "confidence": edit.confidence, "note": edit.reason, "origin": "edit"}
    return Price.model_validate({**values, **row})


def own_source(row: Price, reason: str = "") -> str:
    """The source that a row states; empty when it only says that the price was typed in (for `reason`, or its note)."""
    return "" if row.source in map(_unsourced, ("", row.note, reason)) else row.source


def _unsourced(reason: str) -> str:
    """What stands as the source of a typed-in price that has none."""
    return f"edited: {reason}" if reason else "edited"


def _predecessor(row: Price, old: Sequence[Price]) -> Price | None:
    """The row of the same price that `row` stands in for: same key, else the one in force before it."""
    same = [other for other in old if other.price_id == row.price_id]
    for other in same:
        if other.key == row.key:
            return other
    day = row.effective_from or date.max
    latest_first = sorted(same, key=lambda other: other.effective_from or date.min, reverse=True)
    earlier = [other for other in latest_first if (other.effective_from or date.min) <= day]
    return next(iter(earlier or latest_first), None)


def _completed(row: Price, old: Sequence[Price]) -> Price:
    """`row` with group, minimum, included quantity and facts that it leaves unsaid from its predecessor."""
    before = _predecessor(row, old)
    taken: dict[str, Any] = {}
    if before is None:
        groups = {other.group for other in old}
        if "group" not in row.model_fields_set and len(groups) == 1:
            taken["group"] = groups.pop()
    else:
        taken |= {name: value for name, value in before.facts().items() if getattr(row, name) is None}
        for name in ("group", "minimum_usd"):
            if name not in row.model_fields_set:
                taken[name] = getattr(before, name)
        if "included_quantity" not in row.model_fields_set and before.included_quantity is not None:
            taken["included_quantity"] = _in_unit_of(row, before, before.included_quantity)
    return row.model_copy(update=taken) if taken else row


def _in_unit_of(row: Price, before: Price, quantity: float) -> float | None:
    """`quantity` units of `before` as units of `row`; None when the two measure different things."""
    if row.base != before.base:
        return None
    return quantity * meter(before.meter).per_unit(before.unit) / meter(row.meter).per_unit(row.unit)


def _with_facts_of(dropped: Sequence[Price], rows: list[Price]) -> list[Price]:
    """Rows that together still carry every fact of the dropped rows."""
    missing: dict[str, Any] = {}
    for name in FACTS:
        if name in OF_A_ROW:
            continue
        values = [value for row in dropped if (value := getattr(row, name)) is not None]
        if values and all(getattr(row, name) is None for row in rows):
            missing[name] = values[0]
    if missing:
        rows[-1] = rows[-1].model_copy(update=missing)
    return rows
