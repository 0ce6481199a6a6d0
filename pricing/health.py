"""The health of a price book: rows without a source, broken rows, defaults that rest on weak or ending prices, age."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pricing.book import PriceBook
from pricing.catalog import RETIREMENTS, TABLES, with_retirements
from pricing.llm_prices import llm_rows
from pricing.price import Price, PriceError, PriceKey
from pricing.row_reader import Refused, parse

MAX_AGE_DAYS: Final = 90
"""A price that was checked longer ago is called old."""

AGES: Final = (30, 90, 180, 365)
"""Upper limits of the age classes [days]."""

_URL: Final = re.compile(r"https?://[^\s/]+\.[^\s]+")
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_RELEASE: Final = "genai-prices"


@dataclass(frozen=True)
class Default:
    """A plan that a default of the product names, and how far it has to last."""

    ref: str
    used_by: str
    retires: bool
    """Whether it is a model of the kind that retires."""
    until: date
    """A day in the last month of the default's horizon."""
    price_ids: frozenset[str] = frozenset()
    """Prices of the plan that the default's bill uses."""


@dataclass(frozen=True)
class Problem:
    """One thing that makes the check fail. `kind`: source, unit, meter, id, duplicate, negative, free, retires, row."""

    kind: str
    price_id: str
    place: str
    words: str


@dataclass(frozen=True)
class AgeClass:
    """How many rows are how old; `days` is the upper limit, None for the last class."""

    words: str
    days: int | None
    rows: int


@dataclass(frozen=True)
class Health:
    """What a check found. Old and undated rows are counted and named; they are no problems."""

    rows: int
    plans: int
    problems: tuple[Problem, ...]
    undated: tuple[Price, ...]
    old: tuple[Price, ...]
    ages: tuple[AgeClass, ...]
    releases: tuple[tuple[str, str | None, int], ...]
    """(release, its day, rows): prices that carry the day of a release and not of a check."""
    max_age_days: int

    @property
    def sound(self) -> bool:
        """Whether there is no problem."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "sound": self.sound,
            "rows": self.rows,
            "plans": self.plans,
            "problems": [vars(problem) for problem in self.problems],
            "undated": [row.price_id for row in self.undated],
            "max_age_days": self.max_age_days,
            "old": [{"price_id": row.price_id, "as_of": row.as_of} for row in self.old],
            "ages": [vars(each) for each in self.ages],
            "releases": [{"release": name, "day": day, "rows": rows} for name, day, rows in self.releases],
        }


def is_sourced(row: Price) -> bool:
    """Whether a row's source is a URL or a named, dated document; the row's own date counts as the document's."""
    if _URL.search(row.source):
        return True
    named = sum(letter.isalpha() for letter in row.source) >= 3
    return named and bool(row.as_of or _YEAR.search(row.source))


def is_release_dated(row: Price) -> bool:
    """Whether the date of a row is the day of a release, so that nobody is known to have checked it then."""
    return row.origin.startswith(_RELEASE)


def age_days(row: Price, today: date) -> int | None:
    """Days since a price was checked, a month counted from its first day; None when undated."""
    if row.as_of is None:
        return None
    return (today - date.fromisoformat(row.as_of if len(row.as_of) == 10 else f"{row.as_of}-01")).days


# Reading a book that may be broken


def read(folder: Path = TABLES, files: Sequence[tuple[str, bytes]] = ()) -> tuple[PriceBook, tuple[Problem, ...]]:
    """The book of a folder of tables, the installed release and price files, with everything that is wrong in them.

    Rows that cannot be used are left out of the book. PriceError when a table or file cannot be read at all.
    """
    problems: list[Problem] = []
    tables: list[Price] = []
    for path in sorted(folder.glob("*.csv")):
        tables += _sound(path.read_bytes(), path.name, f"table {path.name}", problems)
    rows = [*tables, *llm_rows()]
    retirements = folder / RETIREMENTS.relative_to(TABLES)
    try:
        rows = list(with_retirements(rows, retirements)) if retirements.exists() else rows
    except PriceError as error:
        problems.append(Problem("id", "", RETIREMENTS.name, str(error)))
    book = _book(rows, problems)
    given = [row for name, content in files for row in _sound(content, name, None, problems)]
    first: dict[PriceKey, Price] = {}
    for row in given:
        if (earlier := first.setdefault(row.key, row)) is not row:
            words = f"stands in {earlier.place} already with the same effective_from; keep one"
            problems.append(Problem("duplicate", row.price_id, row.place, words))
    return _with(book, list(first.values()), problems), tuple(problems)


_KINDS: Final = {"unit": "unit", "meter": "meter", "price_id": "id", "successor": "id"}


def _sound(content: bytes, name: str, origin: str | None, problems: list[Problem]) -> tuple[Price, ...]:
    found = parse(content, name, origin)
    for each in found.refused:
        place = f"{name} line {each.line}{f', {each.column}' if each.column else ''}"
        problems.append(Problem(_kind(each), "", place, each.reason))
    return found.rows


def _kind(refused: Refused) -> str:
    if refused.duplicate:
        return "duplicate"
    if refused.column == "price_usd":
        return "negative" if refused.value.startswith("-") else "free" if "'free'" in refused.reason else "row"
    return _KINDS.get(refused.column, "row")


def _book(rows: Sequence[Price], problems: list[Problem]) -> PriceBook:
    """A book of the rows that go together."""
    try:
        return PriceBook(rows)
    except PriceError:
        return _with(PriceBook(), _first_of_each(rows, problems), problems)


def _first_of_each(rows: Sequence[Price], problems: list[Problem]) -> list[Price]:
    first: dict[PriceKey, Price] = {}
    for row in rows:
        if (earlier := first.setdefault(row.key, row)) is not row:
            words = f"is given twice, first in {earlier.place}; keep one, or give the later price its effective_from"
            problems.append(Problem("duplicate", row.price_id, row.place, words))
    return list(first.values())


def _with(book: PriceBook, rows: Sequence[Price], problems: list[Problem]) -> PriceBook:
    """The book with the rows of every plan that it takes."""
    by_ref: dict[str, list[Price]] = {}
    for row in rows:
        by_ref.setdefault(row.ref, []).append(row)
    fitting: list[Price] = []
    for group in by_ref.values():
        try:
            book.with_rows(group)
        except PriceError as error:
            problems.append(Problem("unit", group[-1].price_id, group[-1].place, str(error)))
        else:
            fitting += group
    return book.with_rows(fitting) if fitting else book


# Checking


def check(
    book: PriceBook,
    defaults: Iterable[Default],
    today: date,
    max_age_days: int = MAX_AGE_DAYS,
    problems: Iterable[Problem] = (),
) -> Health:
    """The health of a book on a day; `problems` are those found when it was read."""
    found = [*problems, *_sources(book), *_successors(book)]
    for default in defaults:
        found += _default(book, default)
    checked = [row for row in book.rows if not is_release_dated(row)]
    ages = [(row, age) for row in checked if (age := age_days(row, today)) is not None]
    return Health(
        rows=len(book.rows),
        plans=len(book.refs()),
        problems=tuple(dict.fromkeys(found)),
        undated=tuple(row for row in checked if row.as_of is None),
        old=tuple(row for row, age in ages if age > max_age_days),
        ages=_classes([age for _, age in ages]),
        releases=_releases(book),
        max_age_days=max_age_days,
    )


def _sources(book: PriceBook) -> Iterable[Problem]:
    for row in book.rows:
        if not row.source.strip():
            yield Problem("source", row.price_id, row.place, "it has no source; give a URL or a named, dated document")
        elif row.confidence != "low" and not is_sourced(row):
            words = f"its source {row.source!r} is no URL and no named, dated document; give one, or confidence low"
            yield Problem("source", row.price_id, row.place, words)


def _successors(book: PriceBook) -> Iterable[Problem]:
    for row in book.rows:
        if row.successor and book.plan(row.successor) is None:
            near = book.suggest(row.successor)
            hint = f"; near it: {', '.join(near)}" if near else ""
            yield Problem("id", row.price_id, row.place, f"its successor {row.successor!r} has no price{hint}")


def _default(book: PriceBook, default: Default) -> Iterable[Problem]:
    plan = book.plan(default.ref)
    if plan is None:
        yield Problem("id", "", default.used_by, f"{default.ref!r} is not in the book")
        return
    for row in plan.rows:
        if row.price_id in default.price_ids and row.confidence == "low":
            words = f"{default.used_by} rests on it, and its confidence is low ({row.source or 'no source'})"
            yield Problem("source", row.price_id, row.place, words)
    if default.retires:
        yield from _retires(book, default)


def _retires(book: PriceBook, default: Default) -> Iterable[Problem]:
    """The end of a default's model, or of a successor of it, within the horizon and without a successor."""
    seen: set[str] = set()
    ref: str | None = default.ref
    while ref and ref not in seen and (plan := book.plan(ref)) is not None:
        seen.add(ref)
        day = plan.fact("retires_on")
        if day is None or (day.year, day.month) > (default.until.year, default.until.month):
            return
        ref = plan.fact("successor")
        if not ref:
            words = (
                f"{default.used_by} needs it until {default.until:%Y-%m}; it retires on {day} and names no successor"
            )
            yield Problem("retires", plan.rows[0].price_id, plan.rows[0].place, words)


def _classes(ages: Sequence[int]) -> tuple[AgeClass, ...]:
    classes, left = [], sorted(ages)
    for lower, upper in zip((None, *AGES), (*AGES, None), strict=True):
        count = len(left) if upper is None else bisect_right(left, upper)
        left = left[count:]
        words = f"up to {upper} days" if lower is None else f"{lower + 1} to {upper} days"
        classes.append(AgeClass(words if upper else f"more than {lower} days", upper, count))
    return tuple(classes)


def _releases(book: PriceBook) -> tuple[tuple[str, str | None, int], ...]:
    counts: dict[tuple[str, str | None], int] = {}
    for row in book.rows:
        if is_release_dated(row):
            counts[row.origin, row.as_of] = counts.get((row.origin, row.as_of), 0) + 1
    return tuple((origin, as_of, rows) for (origin, as_of), rows in counts.items())
