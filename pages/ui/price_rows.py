"""Which prices the page shows: the filters, the search, and what is said of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from costmodel.results import Run
from costmodel.scenario import Architecture
from pricing.book import PriceBook
from pricing.health import age_days
from pricing.moves import stands_in_for
from pricing.price import Price, PriceEdit, PriceKey
from pricing.units import GROUPS, METERS
from report import price_numbers
from report import prices_text as words
from report.numbers import day
from report.palette import ARCHITECTURES

FILTERS = ("In use", "Edited", "To check", "All")
PAGE_ROWS = 50


@dataclass(frozen=True)
class Shown:
    """One row of the table: a price, and the row of the book that a typed-in one stands in for."""

    row: Price
    was: Price | None
    edit: PriceEdit | None
    dated: bool
    """Whether the price has other dates, so that the date belongs to its name."""
    dropped: int = 0
    """How many dates of the book's price fall away, because the typed-in one holds for every month."""

    @property
    def label(self) -> str:
        """What tells the row from every other one, also after its price was edited."""
        return f"{self.row.price_id} {self.row.effective_from or ''}" if self.dated else self.row.price_id

    @property
    def words(self) -> str:
        """Which price it is, in words."""
        return words.price_words(self.row)

    @property
    def source(self) -> str:
        """The source of the price; empty for a typed-in one that has none."""
        return self.edit.source if self.edit else self.row.source


class Sheet:
    """All prices of a run with its filters; `book` is the one without the scenario's edits."""

    def __init__(self, run: Run, book: PriceBook, limit_days: int, today: date) -> None:
        self.run, self.book, self.limit, self.today = run, book, limit_days, today
        self.edits: dict[PriceKey, PriceEdit] = {edit.key: edit for edit in run.scenario.price_edits}

    @cached_property
    def edited(self) -> tuple[Price, ...]:
        """Typed-in prices, in the order of their names: one that is changed again stays where it is."""
        plans = {ref: self.run.book.plan(ref) for ref in {edit.ref for edit in self.edits.values()}}
        rows = {row.key: row for plan in plans.values() if plan for row in plan.rows}
        found = (rows[key] for key in self.edits if key in rows)
        return tuple(sorted(found, key=lambda row: (row.price_id, str(row.effective_from or ""))))

    @cached_property
    def dropping(self) -> tuple[Price, ...]:
        """Typed-in prices that hold for every month, where the book has other dates."""
        return tuple(row for row in self.edited if self.shown(row).dropped)

    @cached_property
    def old(self) -> tuple[Price, ...]:
        """Prices in use that nobody has checked within the limit; typed-in ones where they say when."""
        ages = ((row, age_days(row, self.today)) for row in self.run.rows_in_use)
        return tuple(row for row, age in ages if age is not None and age > self.limit)

    @cached_property
    def undated(self) -> tuple[Price, ...]:
        """Prices of the book in use of which nobody says when they were checked."""
        book = (row for row in self.run.rows_in_use if row.key not in self.edits)
        return tuple(row for row in book if row.as_of is None)

    @cached_property
    def announced(self) -> tuple[Price, ...]:
        """Prices in use that begin after today, the first one first."""
        later = [row for row in self.run.rows_in_use if row.effective_from and row.effective_from > self.today]
        return tuple(sorted(later, key=lambda row: row.effective_from or self.today))

    @property
    def yours_in_use(self) -> int:
        """How many prices in use were typed in."""
        return sum(row.key in self.edits for row in self.run.rows_in_use)

    def of(self, filter_: str) -> Sequence[Price]:
        """The rows of a filter."""
        if filter_ == "All":
            return self.run.book.rows
        if filter_ == "Edited":
            return self.edited
        if filter_ == "To check":
            keys = {row.key for row in (*self.old, *self.undated)}
            return [row for row in self.run.rows_in_use if row.key in keys]
        return self.run.rows_in_use

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each filter has."""
        return {filter_: len(self.of(filter_)) for filter_ in FILTERS}

    def shown(self, row: Price) -> Shown:
        """A row with what it stands in for."""
        edit = self.edits.get(row.key)
        before = self._schedule(self.book, row) if edit else ()
        was = stands_in_for(row, before, self.run.inputs.dates[1]) if before else None
        now = self._schedule(self.run.book, row)
        still = {each.effective_from for each in now} if edit and edit.effective_from is None else None
        dropped = [each for each in before if still is not None and each.effective_from not in still]
        return Shown(row, was, edit, len(now) > 1, len(dropped))

    @staticmethod
    def _schedule(book: PriceBook, row: Price) -> list[Price]:
        plan = book.plan(row.ref)
        return [each for each in plan.rows if each.price_id == row.price_id] if plan else []

    def used_by(self, row: Price) -> list[str]:
        """Names of the architectures whose bill has this price."""
        return [ARCHITECTURES[key].name for key, ids in self._ids_by_architecture.items() if row.price_id in ids]

    @cached_property
    def _ids_by_architecture(self) -> dict[Architecture, set[str]]:
        return {
            key: {price_id for line in answer.bill.lines for price_id in line.price_ids}
            for key, answer in self.run.answers.items()
        }

    def frame(self, rows: Sequence[Shown]) -> pd.DataFrame:
        """The table of the page: one line per row, indexed by what tells it from the others."""
        amounts = iter(price_numbers.column([each.row.price_usd for each in rows]))
        columns: dict[str, Callable[[Shown], Any]] = {
            "Price": lambda each: each.words,
            "Provider": lambda each: each.row.provider,
            "USD": lambda each: next(amounts),
            "per": lambda each: each.row.unit,
            "Was": lambda each: words.was(each.was, each.row),
            "Status": lambda each: words.status(each.row, self.today, self.limit, each.was, each.dropped),
            "Undo": lambda each: None if each.edit is None else "Revert" if each.was else "Delete",
            "Reason": lambda each: each.edit.reason if each.edit else "",
            "Used by": lambda each: self.used_by(each.row),
            "Checked": lambda each: words.checked(each.row, self.today),
            "Since": lambda each: day(each.row.effective_from) if each.row.effective_from else "",
            "Next change": lambda each: words.next_change(
                each.row, self._schedule(self.run.book, each.row), self.today
            ),
            "Source": lambda each: each.source,
            "Confidence": lambda each: each.row.confidence,
        }
        data = {name: [of(each) for each in rows] for name, of in columns.items()}
        return pd.DataFrame(data, index=[each.label for each in rows])


def units_of(rows: Sequence[Shown]) -> list[str]:
    """Units that the meters of the rows are sold by."""
    return list(dict.fromkeys(unit for each in rows for unit in METERS[each.row.meter].units))


def groups_of(rows: Sequence[Price]) -> dict[str, int]:
    """Groups that the rows belong to, in the order of the book's list, with their counts."""
    counts = Counter(row.group for row in rows)
    return {group: counts[group] for group in GROUPS if counts[group]}


def found_in(rows: Sequence[Price], group: str | None, search: str) -> list[Price]:
    """The rows of a group that have every word of a search in their names, meter, unit or source."""
    wanted = search.lower().split()
    found = [row for row in rows if group is None or row.group == group]
    if not wanted:
        return found
    return [row for row in found if all(word in _searched(row) for word in wanted)]


def _searched(row: Price) -> str:
    return f"{row.provider}/{row.item} {row.meter.replace('_', ' ')} {row.unit} {row.group} {row.source}".lower()
