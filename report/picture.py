"""A chart as it stands in a document: its finding, what is drawn, and its source baked into the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from report.chart_data import Data
from report.chart_theme import Chart
from report.sentence import WORD_JOINER, plain


@dataclass(frozen=True, eq=False)
class Head:
    """What stands over one of several panels: a name in its ink (none in an architecture's colour), then grey words."""

    ink: str
    name: str
    words: str = ""


@dataclass(frozen=True, eq=False)
class Picture:
    """One chart with its words: `said` is its title, `drawn` what is drawn; architecture names stand as marks in both.

    `panels` are drawn side by side where there is room, each below its head; most pictures have one and no head.
    `made` gives its table when it is asked for.
    """

    name: str
    panels: tuple[Chart, ...]
    said: str
    drawn: str
    made: Callable[[], Data]
    present: bool
    """Whether its amounts are present values."""
    heads: tuple[Head, ...] = ()
    note: str = ""
    """What a page says elsewhere and a picture must say itself, such as how many draws it rests on."""

    @property
    def finding(self) -> str:
        """The title as plain text."""
        return _plain(self.said)

    @property
    def caption(self) -> str:
        """What is drawn, as plain text."""
        return _plain(self.drawn)

    @cached_property
    def data(self) -> Data:
        """What it shows as a table."""
        return self.made()

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        return " ".join(panel.alt for panel in self.panels)


def unmarked(name: str) -> str:
    """A typed-in name for a sentence with marks: what looks like the mark of an architecture is none."""
    return name.replace("{", "{" + WORD_JOINER)


def _plain(sentence: str) -> str:
    return plain(sentence).replace("{" + WORD_JOINER, "{")
