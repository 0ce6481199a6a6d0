"""What the Method consists of, as plain data: chapters of paragraphs, formulas, bills, assumptions and tables.

Texts are plain; a piece between backticks is a name in the code or in a scenario file.
"""

from __future__ import annotations

from dataclasses import dataclass

from report.method.notation import Set


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Points:
    """Short statements, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Formula:
    """One quantity: what it is called, its arithmetic (as declared), what it means, and a worked example."""

    name: str
    label: str
    unit: str
    expression: str
    meaning: str
    worked: str


@dataclass(frozen=True)
class Line:
    """One line of a bill in words: quantity x price, and when it occurs."""

    component: str
    phase: str
    driver: str
    quantity: Set
    price: Set
    only: str = ""
    """When the line is there; empty for always."""


@dataclass(frozen=True)
class Bill:
    """The lines of a bill in the code's order, special cases last, and what their quantities are made of."""

    lines: tuple[Line, ...]
    definitions: tuple[tuple[Set, Set], ...] = ()


@dataclass(frozen=True)
class Assumption:
    """One field of the scenario as it is declared, and its value on screen with where that comes from."""

    path: str
    label: str
    unit: str
    default: str
    limits: str
    help: str
    source: str
    value: str
    because: str
    guess: bool = False


@dataclass(frozen=True)
class Assumptions:
    """Fields of one group, in the order of the code."""

    rows: tuple[Assumption, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Forgotten:
    """One driver that is easy to forget; `paths` are the fields that hold it."""

    name: str
    range: str
    source: str
    paths: tuple[str, ...]
    comes_to: str
    """What the model's own functions make of it."""


@dataclass(frozen=True)
class Drivers:
    """What is easily forgotten."""

    rows: tuple[Forgotten, ...]


@dataclass(frozen=True)
class FigureShown:
    """One figure in words; `word` opens its scenario in the app (empty when it cannot)."""

    figure: str
    published: str
    ours: str
    verdict: str
    reason: str
    word: str


@dataclass(frozen=True)
class ExampleShown:
    """One published example with its figures."""

    title: str
    source: str
    url: str
    note: str
    word: str
    figures: tuple[FigureShown, ...]


@dataclass(frozen=True)
class Examples:
    """The gallery of published examples."""

    shown: tuple[ExampleShown, ...]


@dataclass(frozen=True)
class Section:
    """A part of a chapter; `folded` parts are opened by the reader."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    folded: bool = False
    note: str = ""
    """A few words beside the title: a count, a source."""


Block = Paragraph | Points | Formula | Bill | Assumptions | Table | Drivers | Examples | Section


@dataclass(frozen=True)
class Chapter:
    """A chapter with its place in the contents."""

    id: str
    title: str
    blocks: tuple[Block, ...]
