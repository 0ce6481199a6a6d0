"""What every export says about itself: scenario, model, price book, prices, day and link, and what it leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl

from costmodel import MODEL_VERSION, link
from costmodel.made_with import book_of, made_with
from costmodel.results import Run
from report import prices_text, text
from report.numbers import shortened

NO_LINK = "none; the scenario is too large for a link; take its file along"
TYPED_IN_APART = "the prices typed in do not fit into it: only the browser that made it has them; take the file along"
MOST_ADDRESS_CHARACTERS = 2_000
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?")
_PATH = re.compile(r"(/[A-Za-z0-9._~%/-]*)?")


class AddressProblem(ValueError):
    """An address that no link of an export can begin with."""


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
    def link_note(self) -> str:
        """What to know of the link: why there is none, or what it does not carry; empty when it restores everything."""
        if not self.query:
            return NO_LINK
        return TYPED_IN_APART if "k" in dict(parse_qsl(self.query)) else ""

    @property
    def conventions(self) -> tuple[tuple[str, str], ...]:
        """What every number rests on, as (of what, in words)."""
        finance, people = self.run.scenario.finance, self.run.scenario.people
        rate = f"discounted at {finance.discount_rate_annual!r} a year to month 0"
        return (
            ("time", "month 0 is the build; months 1 to H are operation; costs fall at month end"),
            ("money", "USD nominal unless a column says otherwise; nothing rounded"),
            ("present value", f"{rate}; only columns and totals named so"),
            ("hours", f"{finance.hours_per_month:g} hours a month - {people.hours_per_week:g} hours a week"),
            ("sizes", "GB = 1e9 bytes"),
        )

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


def base_address(written: str) -> str:
    """The address of a server as links begin with it, without a slash at its end. AddressProblem says what is wrong.

    Plain signs only, so that it means the same in every format: no name and password, no query, no fragment.
    """
    scheme, mark, rest = written.partition("://")
    if len(written) > MOST_ADDRESS_CHARACTERS:
        raise AddressProblem(f"it has {len(written):,} characters; {MOST_ADDRESS_CHARACTERS:,} are the limit")
    if "@" in written:
        raise AddressProblem("it holds a name or password before the '@'; leave that out")
    if not mark or scheme.lower() not in ("http", "https"):
        raise AddressProblem(f"{shortened(written)!r} does not begin with http:// or https://")
    if found := next((sign for sign in "?#" if sign in rest), None):
        raise AddressProblem(f"{shortened(written)!r} has a {found!r}; end it before that")
    host, slash, path = rest.partition("/")
    known = _HOST.fullmatch(host)
    if known is None or int(known["port"] or 1) not in range(1, 65_536):
        raise AddressProblem(
            f"{shortened(host)!r} is no server; write it like https://example.org or http://10.0.0.5:8501"
        )
    if not _PATH.fullmatch(slash + path):
        raise AddressProblem(
            f"its path {shortened(slash + path)!r} holds signs other than letters, digits and - . _ ~ % /"
        )
    return f"{scheme.lower()}://{rest.rstrip('/')}"


def query_of(run: Run) -> str:
    """The query string that restores the scenario of a run; empty when it is too large for a link."""
    for stamp in (made_with(run), None):
        word = link.encoded(run.scenario, None, stamp)
        if len(word) <= link.MAX_CHARACTERS:
            return f"s={word}"
    return ""


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
