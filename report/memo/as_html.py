"""A memo as one HTML file: no script, nothing fetched, light, made to be printed. Jinja escapes every text."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from report import render
from report.memo.model import Bullets, Column, Figure, Heading, Memo, Paragraph, Row, Table
from report.palette import ARCHITECTURES, NEUTRALS

HERE = Path(__file__).parent
WIDE, NARROW = 880, 480
"""Widths of a chart on paper and on a telephone [px], with the margins that it has of its own."""


def html(memo: Memo) -> str:
    """The memo as the text of a file."""
    return _template().render(memo=memo, style=Markup(_style()))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    kinds = {Heading: "heading", Paragraph: "paragraph", Bullets: "bullets", Table: "table", Figure: "figure"}
    environment.globals |= {
        "kind": lambda block: kinds[type(block)],
        "drawn": _drawn,
        "share": _share,
        "turned": _turned,
        "WIDE": WIDE,
        "NARROW": NARROW,
    }
    return environment.get_template("memo.html.jinja")


@lru_cache(maxsize=1)
def _style() -> str:
    """The stylesheet with the colours of the palette; it holds nothing that a user typed."""
    neutrals = "".join(f"--{name}: {light}; " for name, (light, _) in NEUTRALS.items())
    inks = "".join(
        f".{key} {{ --rule: {ink.light}; --text: {ink.light_text}; }}\n" for key, ink in ARCHITECTURES.items()
    )
    return f":root {{ {neutrals}}}\n{inks}{(HERE / 'memo.css').read_text(encoding='utf-8')}"


def _drawn(figure: Figure, width: int) -> str:
    """A chart as the address of a picture that holds all of it."""
    svg = render.svg(figure.picture, figure.imprint, width=width)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _share(table: Table, column: Column) -> str:
    """The width of a column."""
    return f"{column.width / sum(each.width for each in table.columns):.1%}"


def _turned(table: Table) -> list[tuple[str, list[tuple[Row, int]]]]:
    """A table turned over: the head of each column but the first, and where its cell stands in each row."""
    return [
        (column.head, [(row, number) for row in table.rows])
        for number, column in enumerate(table.columns)
        if number > 0
    ]
