"""The Method as Markdown, for docs/method.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from report.method.blocks import (
    Assumptions,
    Bill,
    Block,
    Chapter,
    Drivers,
    Examples,
    ExampleShown,
    Formula,
    Paragraph,
    Points,
    Section,
    Table,
)
from report.method.notation import written
from report.method.reading import PHASES, sentence

_SPECIAL = re.compile(r"([\\*_\[\]<>|$~#])")


def document(headline: str, lead: str, chapters: Sequence[Chapter]) -> str:
    """The whole text."""
    contents = [f"- [{chapter.title}](#{anchor(chapter.title)})" for chapter in chapters]
    parts = ["# Method", f"**{escaped(headline)}.** {escaped(lead)}", "\n".join(contents)]
    for chapter in chapters:
        parts += [f"## {chapter.title}", *_blocks(chapter.blocks)]
    return "\n\n".join(parts) + "\n"


def anchor(title: str) -> str:
    """The place of a heading, as GitHub names it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def escaped(text: str) -> str:
    """Text as it reads; pieces between backticks are names and stay as they are."""
    pieces = text.split("`")
    return "`".join(piece if n % 2 else _SPECIAL.sub(r"\\\1", piece) for n, piece in enumerate(pieces))


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(text=text):
                yield escaped(text)
            case Points(items=items):
                yield "\n".join(f"- {escaped(item)}" for item in items)
            case Formula():
                yield _formula(block)
            case Bill():
                yield from _bill(block)
            case Assumptions():
                yield _assumptions(block)
            case Table(head=head, rows=rows):
                yield _table(head, (map(escaped, row) for row in rows))
            case Drivers():
                yield _drivers(block)
            case Examples(shown=shown):
                for example in shown:
                    yield from _example(example)
            case Section():
                yield f"### {block.title}"
                if block.note:
                    yield f"*{escaped(block.note)}*"
                yield from _blocks(block.blocks)


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _formula(block: Formula) -> str:
    arithmetic = written(block.expression).text
    return f"**{escaped(block.label)}** = `{arithmetic}`  \n{escaped(block.meaning)} {escaped(sentence(block.worked))}"


def _bill(block: Bill) -> Iterator[str]:
    rows = (
        (
            line.component.replace("_", " "),
            PHASES[line.phase],
            f"`{line.quantity.within(2).text} × {line.price.within(2).text}`",
            escaped(f"{line.driver}; {line.only}" if line.only else line.driver),
        )
        for line in block.lines
    )
    yield _table(("Line", "When", "Quantity × price", "What it counts"), rows)
    if block.definitions:
        yield "where"
        yield "\n".join(f"- {escaped(left.text)} = `{right.text}`" for left, right in block.definitions)


def _assumptions(block: Assumptions) -> str:
    head = ("Assumption", "Field", "Unit", "Default", "Range", "Source of the default", "In this scenario", "From")
    rows = (
        (
            escaped(f"{row.label}. {row.help}".strip()),
            f"`{row.path}`",
            escaped(row.unit),
            escaped(row.default),
            escaped(row.limits),
            escaped(row.source or "neutral"),
            escaped(row.value),
            escaped(row.because),
        )
        for row in block.rows
    )
    return _table(head, rows)


def _drivers(block: Drivers) -> str:
    rows = (
        (
            escaped(row.name),
            escaped(row.range),
            ", ".join(f"`{path}`" for path in row.paths),
            escaped(row.comes_to),
            escaped(row.source),
        )
        for row in block.rows
    )
    return _table(("Forgotten", "Range", "Field", "What it comes to", "Source"), rows)


def _example(example: ExampleShown) -> Iterator[str]:
    yield f"### {escaped(example.title)}"
    source = f"[{escaped(example.source)}]({example.url})" if example.url else escaped(example.source)
    yield f"{source}. {escaped(example.note)}".strip()
    rows = (
        tuple(map(escaped, (each.figure, each.published, each.ours, each.verdict, each.reason)))
        for each in example.figures
    )
    yield _table(("Figure", "Published", "Ours", "Verdict", "Why"), rows)
