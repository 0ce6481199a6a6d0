"""What every export says about itself: scenario, model, price book, prices, day and link, and what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from costmodel import MODEL_VERSION, link
from costmodel.made_with import book_of, made_with
from costmodel.results import Run
from report import prices_text, text
from report.numbers import shortened


@dataclass(frozen=True)
class Imprint:
    """Where an export comes from; `present`: whether the screen showed present value, None without a screen.

    `query` restores the scenario ("s=..."), empty when it is too large for a link; `base_url` is the address of the
    server that opens it, empty when it is not known.
    """

    run: Run
    today: date
    present: bool | None = None
    query: str = ""
    base_url: str = ""

    model_version = MODEL_VERSION

    @property
    def scenario(self) -> str:
        """The scenario's name as it was typed; each format makes it harmless its own way."""
        return self.run.scenario.name

    @cached_property
    def price_book(self) -> str:
        """Id of the price book, edits included."""
        return book_of(self.run)

    @cached_property
    def price_dates(self) -> str:
        """When the prices in use were checked, in words."""
        return prices_text.dates(self.run.rows_in_use)

    @property
    def link(self) -> str:
        """The link that restores the scenario; relative when the address is not known, empty when too large."""
        if not self.query:
            return ""
        return f"{self.base_url.rstrip('/')}/?{self.query}" if self.base_url else f"?{self.query}"

    @property
    def excluded(self) -> str:
        """What is not included, in words."""
        return text.not_included(self.run)

    @property
    def worth(self) -> str:
        """Nominal or present value, and the currency: "nominal USD"."""
        return f"{'present value' if self.present else 'nominal'} {self.run.scenario.finance.currency}"

    @cached_property
    def source_line(self) -> str:
        """One line for the foot of a picture: scenario, horizon, money, day, dates of the prices, model, book."""
        months = f"{self.run.horizon} months"
        made = f"Crossover model {self.model_version}, book {self.price_book}, {_day(self.today)}"
        return " · ".join((shortened(self.scenario), months, self.worth, self.price_dates, made))


def imprint(
    run: Run, today: date, *, present: bool | None = None, base_url: str = "", query: str | None = None
) -> Imprint:
    """The imprint of an export of `run`; the query is made from the scenario when None."""
    return Imprint(run, today, present, query_of(run) if query is None else query, base_url)


def query_of(run: Run) -> str:
    """The query string that restores the scenario of a run; empty when it is too large for a link."""
    for stamp in (made_with(run), None):
        word = link.encoded(run.scenario, None, stamp)
        if len(word) <= link.MAX_CHARACTERS:
            return f"s={word}"
    return ""


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
