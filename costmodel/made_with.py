"""What a link or file was made with: price book, model version and totals; and the prices of then, put back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from costmodel import MODEL_VERSION
from costmodel.defaults import references
from costmodel.results import Run
from costmodel.scenario import ARCHITECTURES, Architecture, Scenario
from pricing.book import Price, PriceBook, PriceError
from pricing.catalog import book_id, load_book

LARGEST_USD = 1e300
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,79}")

Totals = Mapping[Architecture, float | None]


@dataclass(frozen=True)
class MadeWith:
    """The book, the model and the total of each compared architecture over the horizon.

    Totals are nominal [USD], rounded to cents; None where a price was missing.
    """

    price_book: str
    model_version: str
    totals_usd: Totals = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `parsed` reads them back."""
        return {
            "price_book": self.price_book,
            "model_version": self.model_version,
            "totals_usd": dict(self.totals_usd),
        }


@dataclass(frozen=True)
class Compared:
    """Totals of then and now, of a scenario that was made under another book or model, or that lost something."""

    then: MadeWith
    now: MadeWith

    @property
    def same_book(self) -> bool:
        """Whether the price book is the same one."""
        return self.then.price_book == self.now.price_book

    @property
    def same_model(self) -> bool:
        """Whether the model is the same one."""
        return self.then.model_version == self.now.model_version

    @property
    def totals(self) -> dict[Architecture, tuple[float | None, float | None]]:
        """Total then and now [USD] of each architecture that is known on either side."""
        keys = [key for key in ARCHITECTURES if key in self.then.totals_usd or key in self.now.totals_usd]
        return {key: (self.then.totals_usd.get(key), self.now.totals_usd.get(key)) for key in keys}

    @property
    def moved(self) -> tuple[Architecture, ...]:
        """Architectures whose total is not the same to the cent."""
        return tuple(key for key, (then, now) in self.totals.items() if not _same(then, now))


def _same(then: float | None, now: float | None) -> bool:
    if then is None or now is None:
        return then is now
    return math.isclose(then, now, rel_tol=1e-9, abs_tol=0.0101)


def made_with(run: Run) -> MadeWith:
    """What the answers of a run are made with."""
    known = {key: math.nan if answer.missing else answer.tco_usd for key, answer in run.answers.items()}
    totals = {key: round(usd, 2) if math.isfinite(usd) else None for key, usd in known.items()}
    return MadeWith(book_of(run), MODEL_VERSION, totals)


def book_of(run: Run) -> str:
    """Id of the book that a run's price edits were put on.

    The shipped one where it explains the run's prices; else (after price files) the book in use, edits included.
    """
    edits = run.scenario.price_edits
    if edits:
        try:
            if load_book().with_edits(edits) == run.book:
                return book_id()
        except PriceError:  # the edits belong to plans of a price file
            pass
    return book_id(run.book)


def compared(then: MadeWith, run: Run) -> Compared | None:
    """Both totals, when book, model or a total differ; None when everything is as it was."""
    found = Compared(then, made_with(run))
    return None if found.same_book and found.same_model and not found.moved else found


def parsed(data: object) -> MadeWith:
    """What a link or file says it was made with. ValueError in words; the content is never trusted."""
    if not isinstance(data, Mapping):
        raise ValueError("is not an object {...}")
    book, model, totals = data.get("price_book"), data.get("model_version"), data.get("totals_usd", {})
    for name, value in (("price_book", book), ("model_version", model)):
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise ValueError(f"{name}: is not a name of letters, digits and . + - _")
    if not isinstance(totals, Mapping):
        raise ValueError("totals_usd: is not an object {...}")
    for key, value in totals.items():
        if key not in ARCHITECTURES:
            raise ValueError(f"totals_usd: {str(key)[:60]!r} is not one of {', '.join(ARCHITECTURES)}")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and abs(value) <= LARGEST_USD):
            raise ValueError(f"totals_usd.{key}: is not an amount in USD, or null")
    return MadeWith(str(book), str(model), {key: totals[key] for key in ARCHITECTURES if key in totals})


# Prices of then


def rows_behind(scenario: Scenario, book: PriceBook) -> tuple[Price, ...]:
    """All rows of the plans that a scenario names and of their successors: what `restored` needs.

    Whole plans, because their other tiers, dates, minimums and facts shape the bill too. Price edits are not put in.
    """
    waiting, found = list(references(scenario).values()), dict[str, tuple[Price, ...]]()
    while waiting:
        ref = waiting.pop(0)
        plan = book.plan(ref)
        if plan is not None and ref not in found:
            found[ref] = plan.rows
            waiting += [row.successor for row in plan.rows if row.successor]
    return tuple(row for rows in found.values() for row in rows)


def restored(book: PriceBook, rows: Iterable[Price]) -> PriceBook:
    """A book in which the plans of `rows` are as those say, whole; every other plan is that of `book`."""
    given = tuple(rows)
    refs = {row.ref for row in given}
    return PriceBook([*(row for row in book.rows if row.ref not in refs), *given])
