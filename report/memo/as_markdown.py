"""A memo as GitHub-flavoured Markdown: what users typed shows as they typed it and does nothing."""

from __future__ import annotations

import re
from itertools import groupby

from report.memo.model import Block, Bullets, Figure, Heading, Line, Memo, Paragraph, Table

# A dollar before a digit is an amount and begins no formula.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~&#]|\$(?!\d))")
_BEGINS = re.compile(r"^([+=-]|\d+(?=[.)]))")
_IN_ADDRESS = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "|": "%7C", "\\": "%5C", '"': "%22"}


def markdown(memo: Memo) -> str:
    """The memo as the text of a file."""
    parts = [_begun(line(memo.eyebrow)), *map(block, memo.blocks), "---", *(_begun(line(each)) for each in memo.foot)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, inside a line or a cell of a table."""
    return _SIGNS.sub(r"\\\1", text)


def address(url: str) -> str:
    """An address between the brackets of a link."""
    return "".join(_IN_ADDRESS.get(sign, sign) for sign in url)


def line(words: Line) -> str:
    """A line with its emphasis and its links."""
    alike = groupby(words, key=lambda each: (each.strong, each.href))
    return "".join(_words("".join(each.text for each in group), *look) for look, group in alike)


def _words(text: str, strong: bool, href: str) -> str:
    shown = escaped(text)
    if href:
        return f"[{shown}]({address(href)})"
    inner = shown.strip()
    return shown.replace(inner, f"**{inner}**", 1) if strong and inner else shown


def _begun(rendered: str) -> str:
    """A line that no sign at its start turns into a list or a rule."""
    text = rendered.strip()
    found = _BEGINS.match(text)
    if not found:
        return text
    return f"{text[: found.end()]}\\{text[found.end() :]}" if found[1].isdigit() else f"\\{text}"


def block(block: Block) -> str:
    """One block; paragraphs and items stay on one line."""
    if isinstance(block, Heading):
        return f"{'#' * block.level} {line(block.line).strip()}"
    if isinstance(block, Paragraph):
        return _begun(line(block.line))
    if isinstance(block, Bullets):
        items = (_begun(line(item)) for item in block.items)
        return "\n".join(f"{f'{number}.' if block.numbered else '-'} {item}" for number, item in enumerate(items, 1))
    return _figure(block) if isinstance(block, Figure) else table(block)


def _figure(figure: Figure) -> str:
    finding = f"**{escaped(figure.finding)}**"
    return f"{finding}\n\n![{escaped(figure.alt)}]({address(figure.link)})" if figure.link else finding


def table(block: Table) -> str:
    """A table; columns of numbers stand to the right."""
    rules = ["---:" if column.right else "---" for column in block.columns]
    rows = [[line(cell) for cell in row.cells] for row in block.rows]
    lines = [[escaped(column.head) for column in block.columns], rules, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
