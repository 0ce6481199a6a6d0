"""What a memo is made of: blocks of lines, and lines of words. Three renderers read them and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from report.imprint import Imprint
from report.picture import Picture
from report.sentence import WORD_JOINER, with_names

_SPACES = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_BLANKS = re.compile(" {2,}")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&*+,;=%]*[A-Za-z0-9\-_~/#&*+=%]")
_WEB = re.compile(r"https?://[!-~]+")
_MARK = "\x00"


def one_line(text: str) -> str:
    """The text on one line, without the characters that XML forbids or that turn the direction of other text."""
    return _BLANKS.sub(" ", _FORBIDDEN.sub("", _SPACES.sub(" ", text)))


def web_address(url: str) -> str:
    """The address when a link may lead there (http or https, no blanks); else nothing."""
    return url if _WEB.fullmatch(url) else ""


@dataclass(frozen=True)
class Words:
    """A stretch of text in one style, always on one line.

    `key`: the architecture that it names, for its colour; `href`: where it leads, http or https only; `typed`: a
    user's own words, whose direction is their own.
    """

    text: str
    key: str = ""
    strong: bool = False
    href: str = ""
    typed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", one_line(self.text))
        object.__setattr__(self, "href", web_address(self.href))


Line = tuple[Words, ...]


def said(sentence: str, *, strong: bool = False) -> Line:
    """A sentence with marks of architectures as a line, their names in their colours."""
    marked = with_names(one_line(sentence), lambda key, word: f"{_MARK}{key} {word}{_MARK}").replace(WORD_JOINER, "")
    line = []
    for number, part in enumerate(marked.split(_MARK)):
        if number % 2:
            key, _, word = part.partition(" ")
            line.append(Words(word, key=key, strong=strong))
        elif part:
            line.append(Words(part, strong=strong))
    return tuple(line)


def plain(text: str) -> Line:
    """Text as it stands as a line."""
    return (Words(text),)


def linked(text: str) -> Line:
    """Text as a line in which web addresses are links, shown without their scheme."""
    line, end = [], 0
    for found in _ADDRESS.finditer(text):
        if found.start() > end:
            line.append(Words(text[end : found.start()]))
        line.append(Words(found[0].partition("://")[2].rstrip("/"), href=found[0]))
        end = found.end()
    return (*line, Words(text[end:])) if end < len(text) or not line else tuple(line)


def text_of(line: Line) -> str:
    """A line as plain text."""
    return "".join(words.text for words in line)


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is that of the memo, level 2 that of a section."""

    line: Line
    level: Literal[1, 2] = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a lead stands below the headline, a note is small."""

    line: Line
    kind: Literal["lead", "body", "note"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list; `numbered` from 1 where a table refers to its items."""

    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, whether it holds numbers (right aligned), its share of the width."""

    head: str
    right: bool = False
    width: float = 1.0


@dataclass(frozen=True)
class Row:
    """A row of a table; `key`: the architecture that it belongs to, `quiet`: out of the running, `exact`: its numbers
    to the cent, "" where there is none."""

    cells: tuple[Line, ...]
    key: str = ""
    quiet: bool = False
    exact: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows.

    In a table of `totals` each row is an architecture: on a page it stands as a card. A `small` one is for looking up.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    kind: Literal["plain", "totals", "small"] = "plain"


@dataclass(frozen=True)
class Figure:
    """A chart; `link` leads to a picture of it, "" where no server is known."""

    picture: Picture
    imprint: Imprint
    link: str = ""

    @property
    def finding(self) -> str:
        """Its title."""
        return one_line(self.picture.finding).strip()

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        return one_line(f"{self.picture.finding}. {self.picture.alt}")


Block = Heading | Paragraph | Bullets | Table | Figure


@dataclass(frozen=True)
class Section:
    """Blocks that belong together; `key` is that of the contents."""

    key: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Memo:
    """A memo: above its headline the eyebrow, at its end the foot; `title` and `made` are properties of the file."""

    title: str
    made: date
    eyebrow: Line
    sections: tuple[Section, ...]
    foot: tuple[Line, ...]
    language: str = "en"

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))

    @property
    def blocks(self) -> Sequence[Block]:
        """Every block in its order."""
        return [block for section in self.sections for block in section.blocks]
