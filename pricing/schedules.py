"""Rows of an import as typed-in prices: those have no end, so that what follows has to be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from pricing.health import is_release_dated
from pricing.moves import Listed
from pricing.price import Price, PriceEdit, PriceKey, says_free
from pricing.replacing import own_source

_DAY = timedelta(days=1)


def in_force(rows: Sequence[Price], day: date) -> Price | None:
    """Of all dates of one price the row in force on a day: the one that started last."""
    found = [row for row in rows if row.in_force(day)]
    return max(found, key=lambda row: row.effective_from or date.min, default=None)


def endless(rows: Sequence[Price]) -> bool:
    """Whether a price, once there, goes on for ever: none of its rows ends without another in force the next day."""
    ends = (row.effective_to for row in rows if row.effective_to is not None and row.effective_to < date.max)
    return all(in_force(rows, end + _DAY) for end in ends)


def typed_in(
    rows: Sequence[Price], before: Listed, after: Listed, reasons: Mapping[PriceKey, str]
) -> tuple[PriceEdit, ...]:
    """Edits that make of a book what it bills once `rows` are in it; `before` and `after` list its prices.

    Where a row ends, the prices that follow are typed in too. Reasons by key say why.
    """
    by_price: dict[str, dict[PriceKey, Price]] = {}
    for row in rows:
        by_price.setdefault(row.price_id, {})[row.key] = row
    edits: list[PriceEdit] = []
    for price_id, given in by_price.items():
        had, schedule = before.rows(price_id), after.rows(price_id)
        if any(row.effective_to for row in given.values()):
            edits += _whole(schedule, had, given, reasons)
        else:
            edits += [
                _edit(row, row.effective_from, given[row.key], had, reasons[row.key])
                for row in schedule
                if row.key in given
            ]
    return tuple(edits)


def _whole(
    schedule: Sequence[Price], had: Sequence[Price], given: Mapping[PriceKey, Price], reasons: Mapping[PriceKey, str]
) -> Iterator[PriceEdit]:
    """Every stretch of a schedule as an edit from its first day, so that no row of the book comes between."""
    starts: set[date] = {row.effective_from for row in schedule if row.effective_from}
    starts |= {row.effective_to + _DAY for row in schedule if row.effective_to and row.effective_to < date.max}
    undated = next((row for row in schedule if row.effective_from is None), None)
    if undated is not None:
        reason = reasons.get(undated.key, "as before")
        yield _edit(undated, None, given.get(undated.key), had, free_said(undated, reason))
    for day in sorted(starts):
        row = in_force(schedule, day)
        if row is not None:
            begins = row.effective_from == day
            reason = reasons[row.key] if begins and row.key in reasons else f"as in the book from {day}"
            yield _edit(row, day, given.get(row.key), had, free_said(row, reason))


def free_said(row: Price, reason: str) -> str:
    """A reason with the word without which a price of 0 is refused."""
    if row.price_usd or says_free(reason):
        return reason
    return f"free; {reason}" if reason else "free"


def _edit(row: Price, day: date | None, given: Price | None, had: Sequence[Price], reason: str) -> PriceEdit:
    """`row` as a price typed in from `day`, where the book `had` other rows; of its facts those that a file states.

    The day of a release is not taken along: nobody is known to have checked the price then.
    """
    values = {name: getattr(row, name) for name in ("provider", "item", "meter", "unit", "price_usd", "tier_from")}
    for name in ("minimum_usd", "included_quantity"):
        value = getattr(row, name)
        none_any_more = value is None and any(getattr(other, name) is not None for other in had)
        values[name] = 0.0 if none_any_more else value
    facts = {} if given is None else given.facts()
    said = {"source": own_source(row, reason), "as_of": None if is_release_dated(row) else row.as_of}
    said["confidence"] = row.confidence
    return PriceEdit.model_validate({**values, **facts, **said, "effective_from": day, "reason": reason})
