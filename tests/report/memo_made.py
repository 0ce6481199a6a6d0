"""Results to write memos of, and names that try to be more than names."""

from __future__ import annotations

from datetime import date
from typing import Any

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report.imprint import Imprint, imprint
from report.memo.model import Block, Bullets, Figure, Heading, Memo, Paragraph, Table, text_of

DAY = date(2026, 11, 14)
SERVER = "https://crossover.example.org"
LONG = "long " * 2_000
HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "markdown link": "[click](javascript:alert(1)) ![x](javascript:alert(2))",
    "markdown structure": "# heading | cell `code` **bold** _under_ ~~gone~~ <!-- hidden -->",
    "list": "1. first",
    "rule": "---",
    "bidirectional": "abc\u202etxt.exe\u2066\u200f שלום",
    "forbidden in XML": "nul\x00 bell\x07 escape\x1b[31m \ufffe\uffff end",
    "lines": "two\nlines\r\nand\u2028more\x0b\x85end",
    "template": "{{ 7 * 7 }} {% raw %} ${x} {rag} {Rag}",
    "emoji": "🚀 launch 👩‍💻 €",
    "quotes": "\"double\" 'single' & ampersand &lt; ]]> --> $1 $x$",
}
"""What it tries -> a scenario's name."""


def imprint_of(
    values: dict[str, Any] | None = None,
    preset: str = DEFAULT_PRESET,
    *,
    present: bool | None = None,
    base_url: str = SERVER,
) -> Imprint:
    """The imprint of a preset with other values, on one day and from one server."""
    scenario = changed(resolved(PRESETS[preset].scenario, DAY), values or {}, load_book())
    return imprint(run_scenario(scenario, load_book()), DAY, present=present, base_url=base_url)


def shown(name: str) -> str:
    """The characters of a name that can stand in a document: on one line, without those that forbid or hide."""
    line = " ".join(name.replace("\x85", " ").replace("\u2028", " ").split())
    kept = "".join(sign for sign in line if sign.isprintable() or sign == "\N{ZERO WIDTH JOINER}")
    return " ".join(kept.split())


def lines_of(block: Block) -> list[str]:
    """The text of a block, a string for each line, item or row; cells stand between bars."""
    if isinstance(block, Heading | Paragraph):
        return [text_of(block.line)]
    if isinstance(block, Bullets):
        return [text_of(item) for item in block.items]
    if isinstance(block, Table):
        return [" | ".join(text_of(cell) for cell in row.cells) for row in block.rows]
    assert isinstance(block, Figure)
    return [block.alt]


def section(memo: Memo, key: str) -> list[Block]:
    """The blocks of one section; none when the memo has no such section."""
    return [block for each in memo.sections if each.key == key for block in each.blocks]


def said(memo: Memo, key: str) -> list[str]:
    """The lines of one section."""
    return [line for block in section(memo, key) for line in lines_of(block)]


def everything(memo: Memo) -> str:
    """All that a memo says."""
    body = [line for block in memo.blocks for line in lines_of(block)]
    return "\n".join([text_of(memo.eyebrow), *body, *(text_of(line) for line in memo.foot)])
