"""The health of a price book: rows without a source, broken rows, defaults that rest on weak or ending prices, age."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pricing.book import PriceBook
from pricing.catalog import RETIREMENTS, TABLES, with_retirements
from pricing.contradictions import Contradiction, refuse_two_minimums
from pricing.llm_prices import llm_rows
from pricing.price import Price, PriceError, PriceKey
from pricing.price_files import content_of
from pricing.row_reader import Parsed, Refused, parse
from pricing.sources import is_sourced

MAX_AGE_DAYS: Final = 90
"""A price that was checked longer ago is called old."""

AGES: Final = (30, 90, 180, 365)
"""Upper limits of the age classes [days]."""

_RELEASE: Final = "genai-prices"
_USERS: Final = 3
"""Defaults that one problem names."""


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
    """One thing that makes the check fail.

    `kind`: source, date, unit, meter, id, fact, duplicate, negative, free, retires, row.
    """

    kind: str
    price_id: str
    place: str
    words: str


@dataclass(frozen=True)
class AgeClass:
    """How many rows are how old; `days` is the upper limit, None for the last class, -1 for those checked later."""

    words: str
    days: int | None
    rows: int


@dataclass(frozen=True)
class Health:
    """What a check found. Old, undated and unsourced rows are counted and named; they are no problems by themselves."""

    rows: int
    plans: int
    problems: tuple[Problem, ...]
    undated: tuple[Price, ...]
    unsourced: tuple[Price, ...]
    """Rows whose source is no URL and no named, dated document; all of low confidence, else they are problems."""
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
            "unsourced": [row.price_id for row in self.unsourced],
            "max_age_days": self.max_age_days,
            "old": [{"price_id": row.price_id, "as_of": row.as_of} for row in self.old],
            "ages": [vars(each) for each in self.ages],
            "releases": [{"release": name, "day": day, "rows": rows} for name, day, rows in self.releases],
        }


def is_release_dated(row: Price) -> bool:
    """Whether the date of a row is the day of a release, so that nobody is known to have checked it then."""
    return row.origin.startswith(_RELEASE)


def age_days(row: Price, today: date) -> int | None:
    """Days since a price was checked, a month counted from its first day; None when undated."""
    if row.as_of is None:
        return None
    return (today - date.fromisoformat(row.as_of if len(row.as_of) == 10 else f"{row.as_of}-01")).days


# Reading a book that may be broken


def read(
    folder: Path = TABLES, files: Sequence[tuple[str, bytes]] = (), today: date | None = None
) -> tuple[PriceBook, tuple[Problem, ...]]:
    """The book of a folder of tables, the installed release and price files, with everything that is wrong in them.

    Rows that cannot be used are left out of the book; with `today`, also those that were checked after that day.
    PriceError when a table or file cannot be read at all.
    """
    problems: list[Problem] = []
    tables: list[Price] = []
    for path in sorted(folder.glob("*.csv")):
        tables += _sound(parse(content_of(path), path.name, f"table {path.name}", today), problems)
    rows = [*tables, *llm_rows()]
    retirements = folder / RETIREMENTS.relative_to(TABLES)
    try:
        rows = list(with_retirements(rows, retirements)) if retirements.exists() else rows
    except PriceError as error:
        problems.append(Problem("id", "", RETIREMENTS.name, str(error)))
    book = _book(rows, problems)
    given = [row for name, content in files for row in _sound(parse(content, name, today=today), problems)]
    first: dict[PriceKey, Price] = {}
    for row in given:
        if (earlier := first.setdefault(row.key, row)) is not row:
            words = f"stands in {earlier.place} already with the same effective_from; keep one"
            problems.append(Problem("duplicate", row.price_id, row.place, words))
    return _with(book, list(first.values()), problems), tuple(problems)


_KINDS: Final = {"unit": "unit", "meter": "meter", "price_id": "id", "successor": "id", "as_of": "date"}


def _sound(found: Parsed, problems: list[Problem]) -> tuple[Price, ...]:
    for each in found.refused:
        place = f"{found.name} line {each.line}{f', {each.column}' if each.column else ''}"
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
            kind = "fact" if isinstance(error, Contradiction) else "unit"
            problems.append(Problem(kind, group[-1].price_id, group[-1].place, str(error)))
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
    found = [*problems, *_sources(book), *_contradictions(book), *_successors(book)]
    listed = tuple(defaults)
    for default in listed:
        found += _default(book, default)
    found += _retirements(book, listed)
    checked = [row for row in book.rows if not is_release_dated(row)]
    ages = [(row, age) for row in checked if (age := age_days(row, today)) is not None]
    return Health(
        rows=len(book.rows),
        plans=len(book.refs()),
        problems=tuple(dict.fromkeys(found)),
        undated=tuple(row for row in checked if row.as_of is None),
        unsourced=tuple(row for row in book.rows if not is_sourced(row)),
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
        elif row.confidence == "high" and row.as_of is None and not is_release_dated(row):
            words = "its confidence is high and nobody says when it was checked; give as_of, or confidence medium"
            yield Problem("date", row.price_id, row.place, words)


def _contradictions(book: PriceBook) -> Iterable[Problem]:
    for ref in book.refs():
        plan = book.plan(ref)
        assert plan is not None
        try:
            refuse_two_minimums(ref, plan.rows)
        except Contradiction as error:
            yield Problem("fact", "", plan.rows[0].origin, str(error))


def _successors(book: PriceBook) -> Iterable[Problem]:
    for row in book.rows:
        if row.successor and book.plan(row.successor) is None:
            near = book.suggest(row.successor)
            hint = f"; near it: {', '.join(near)}" if near else ""
            yield Problem("id", row.price_id, row.place, f"its successor {row.successor!r} has no price{hint}")
    seen: set[str] = set()
    for ref in dict.fromkeys(row.ref for row in book.rows if row.successor):
        line = _line_of(book, ref)
        circle = line[line.index(line[-1]) :]
        if len(circle) > 1 and not seen & set(circle):
            row = _stating(book, circle[0], "successor")
            words = f"its successors lead back to it ({' -> '.join(circle)}); name one that goes on, or none"
            yield Problem("id", row.price_id, row.place, words)
        seen |= set(line)


def _line_of(book: PriceBook, ref: str) -> list[str]:
    """A model and its successors, the last one repeated where they go round in a circle."""
    line = [ref]
    while (plan := book.plan(line[-1])) is not None and (after := plan.fact("successor")):
        line.append(after)
        if after in line[:-1]:
            break
    return line


def _stating(book: PriceBook, ref: str, fact: str) -> Price:
    """The row of a plan that states a fact; of several the one that came last, from a file of the user."""
    plan = book.plan(ref)
    assert plan is not None
    return [row for row in plan.rows if getattr(row, fact) is not None][-1]


def _default(book: PriceBook, default: Default) -> Iterable[Problem]:
    plan = book.plan(default.ref)
    if plan is None:
        yield Problem("id", "", default.used_by, f"{default.ref!r} is not in the book")
        return
    for row in plan.rows:
        if row.price_id in default.price_ids and row.confidence == "low":
            words = f"{default.used_by} rests on it, and its confidence is low ({row.source or 'no source'})"
            yield Problem("source", row.price_id, row.place, words)


def _retirements(book: PriceBook, defaults: Iterable[Default]) -> Iterable[Problem]:
    """Models that end within the horizon of defaults without a successor, each with the defaults that need it."""
    ends: dict[str, list[Default]] = {}
    for default in defaults:
        if default.retires and (ref := _end(book, default)):
            ends.setdefault(ref, []).append(default)
    for ref, needing in ends.items():
        row = _stating(book, ref, "retires_on")
        until = max(default.until for default in needing)
        users = ", ".join(default.used_by for default in needing[:_USERS])
        more = f" and {len(needing) - _USERS} more" if len(needing) > _USERS else ""
        words = f"it retires on {row.retires_on}, names no successor and is needed until {until:%Y-%m}: {users}{more}"
        yield Problem("retires", row.price_id, row.place, words)


def _end(book: PriceBook, default: Default) -> str | None:
    """The default's model, or the successor of it, that ends within the horizon without a successor."""
    for ref in _line_of(book, default.ref):
        plan = book.plan(ref)
        day = plan.fact("retires_on") if plan else None
        if plan is None or day is None or (day.year, day.month) > (default.until.year, default.until.month):
            return None
        if not plan.fact("successor"):
            return ref
    return None


def _classes(ages: Sequence[int]) -> tuple[AgeClass, ...]:
    left = sorted(ages)
    later = bisect_left(left, 0)
    classes = [AgeClass("after that day", -1, later)] if later else []
    left = left[later:]
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
