"""Two price books side by side: what came, what went, what costs more or less, and whose date or source moved."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pricing.exporting import as_dict
from pricing.moves import Moved, price_ratio, stands_in_for
from pricing.price import Price
from pricing.price_files import COLUMNS

_NAMES: Final = ("price_id", "provider", "item", "meter", "tier_from", "effective_from")
_AMOUNTS: Final = ("unit", "price_usd")
_TEXTS: Final = tuple(column for column in COLUMNS if column not in (*_NAMES, *_AMOUNTS))


@dataclass(frozen=True)
class Added:
    """A row that only the second book has; `before` is the row of the same price that it follows, if any."""

    row: Price
    before: Price | None
    ratio: float | None


@dataclass(frozen=True)
class Repriced:
    """A row whose price per base quantity differs; `ratio` = new / old, None where the kind of unit changed."""

    old: Price
    new: Price
    ratio: float | None
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Shift:
    """The same move of one column (a date, a source, a note, a fact) in several rows."""

    column: str
    old: Any
    new: Any
    price_ids: tuple[str, ...]


@dataclass(frozen=True)
class BookDiff:
    """What the second of two books has, lacks and says differently; rows are told apart by price and first day."""

    added: tuple[Added, ...]
    removed: tuple[Price, ...]
    changed: tuple[Repriced, ...]
    moved: tuple[Shift, ...]
    same: int
    """Rows that are alike in every column."""

    @property
    def nothing(self) -> bool:
        """Whether the books are alike."""
        return not (self.added or self.removed or self.changed or self.moved)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite ratio (after a free price) is None."""
        return {
            "added": [
                as_dict(each.row)
                | ({"before_usd": each.before.price_usd, "before_unit": each.before.unit} if each.before else {})
                | {"ratio": _finite(each.ratio)}
                for each in self.added
            ],
            "removed": [as_dict(row) for row in self.removed],
            "changed": [
                {
                    "price_id": each.new.price_id,
                    "effective_from": _plain(each.new.effective_from),
                    "old_usd": each.old.price_usd,
                    "old_unit": each.old.unit,
                    "new_usd": each.new.price_usd,
                    "new_unit": each.new.unit,
                    "ratio": _finite(each.ratio),
                    "moved": {move.column: [_plain(move.old), _plain(move.new)] for move in each.moved},
                }
                for each in self.changed
            ],
            "moved": [
                {
                    "column": each.column,
                    "old": _plain(each.old),
                    "new": _plain(each.new),
                    "rows": len(each.price_ids),
                    "price_ids": list(each.price_ids),
                }
                for each in self.moved
            ],
            "same": self.same,
        }


def diff(a: Iterable[Price], b: Iterable[Price], within: Iterable[str] | None = None) -> BookDiff:
    """What book `b` says that book `a` does not; `within` narrows both to the plans of these references."""
    wanted = None if within is None else frozenset(within)
    before, after = ({row.key: row for row in rows if wanted is None or row.ref in wanted} for rows in (a, b))
    schedules: dict[str, list[Price]] = {}
    for row in before.values():
        schedules.setdefault(row.price_id, []).append(row)
    changed: list[Repriced] = []
    shifts: dict[tuple[str, str, str], tuple[Moved, list[str]]] = {}
    same = 0
    for key, new in after.items():
        old = before.get(key)
        if old is None:
            continue
        texts = _texts(old, new)
        if not (old.base == new.base and math.isclose(old.usd_per_base, new.usd_per_base, rel_tol=1e-12)):
            changed.append(Repriced(old, new, price_ratio(old, new), texts))
            continue
        if old.unit != new.unit:
            texts = (Moved("unit", old.unit, new.unit), *texts)
        for move in texts:
            shifts.setdefault((move.column, str(move.old), str(move.new)), (move, []))[1].append(new.price_id)
        same += not texts
    return BookDiff(
        added=tuple(_added(row, schedules) for key, row in after.items() if key not in before),
        removed=tuple(row for key, row in before.items() if key not in after),
        changed=tuple(changed),
        moved=tuple(
            Shift(move.column, move.old, move.new, tuple(ids))
            for move, ids in sorted(shifts.values(), key=lambda each: -len(each[1]))
        ),
        same=same,
    )


def _added(row: Price, schedules: Mapping[str, Sequence[Price]]) -> Added:
    before = stands_in_for(row, schedules.get(row.price_id, ()))
    return Added(row, before, price_ratio(before, row) if before else None)


def _texts(old: Price, new: Price) -> tuple[Moved, ...]:
    pairs = ((column, getattr(old, column), getattr(new, column)) for column in _TEXTS)
    return tuple(Moved(column, was, now) for column, was, now in pairs if was != now)


def _finite(ratio: float | None) -> float | None:
    return None if ratio is None or not math.isfinite(ratio) else ratio


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
