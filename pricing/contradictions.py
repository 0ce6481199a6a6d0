"""Rows of one plan that contradict each other: two values of one fact, or two monthly minimums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from pricing.price import FACTS, Price, PriceError
from pricing.replacing import OF_A_ROW

_DAY: Final = timedelta(days=1)


class Contradiction(PriceError):
    """Two rows of a plan that cannot both be right; `column` is what they disagree about."""

    def __init__(self, ref: str, column: str, first: tuple[Any, Price], second: tuple[Any, Price]) -> None:
        said = " and ".join(f"{_words(value)} in {row.place} ({row.meter})" for value, row in (first, second))
        super().__init__(f"{ref}: {column} is {said}; a plan has one, so correct one of them or leave it blank")
        self.column = column


def refuse_two_facts(ref: str, rows: Iterable[Price]) -> None:
    """Raise Contradiction where two rows of a plan state a fact of the plan differently."""
    stated: dict[str, tuple[Any, Price]] = {}
    for row in rows:
        for name in FACTS:
            value = getattr(row, name)
            if value is None or name in OF_A_ROW:
                continue
            first = stated.setdefault(name, (value, row))
            if first[0] != value:
                raise Contradiction(ref, name, first, (value, row))


def refuse_two_minimums(ref: str, rows: Sequence[Price]) -> None:
    """Raise Contradiction where different prices of a plan state different monthly minimums on the same day.

    The minimum of one price may change with its dates; that of a training row is the minimum of a job.
    """
    stating = {row.price_id for row in rows if row.minimum_usd and row.meter != "training"}
    if len(stating) < 2:
        return
    schedules: dict[str, list[Price]] = {}
    for row in sorted(rows, key=lambda each: each.effective_from or date.min, reverse=True):
        if row.price_id in stating:
            schedules.setdefault(row.price_id, []).append(row)
    for day in sorted(_turns(schedules)):
        first: Price | None = None
        for price_id in sorted(stating):
            found = next((each for each in schedules[price_id] if each.in_force(day)), None)
            if found is None or not found.minimum_usd:
                continue
            if first is not None and first.minimum_usd != found.minimum_usd:
                raise Contradiction(ref, "minimum_usd", (first.minimum_usd, first), (found.minimum_usd, found))
            first = first or found


def _turns(schedules: Mapping[str, Sequence[Price]]) -> set[date]:
    """The days on which another row of any of the prices comes into force."""
    rows = [row for schedule in schedules.values() for row in schedule]
    ends = {row.effective_to + _DAY for row in rows if row.effective_to and row.effective_to < date.max}
    return {date.min, *(row.effective_from for row in rows if row.effective_from), *ends}


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
