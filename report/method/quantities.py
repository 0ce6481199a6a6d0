"""Every declared quantity in the code's order, each with an example that its own function works out."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

from costmodel.terms import FORMULAS
from costmodel.terms import Formula as Declared
from report.method.blocks import Formula, Section
from report.method.reading import first_line, worked

TITLES = {"costmodel.timeline": "Months, drift and events"}
"""Title of what a module declares under no heading of its own."""


def sections() -> tuple[Section, ...]:
    """The quantities under the headings of the code."""
    found: dict[tuple[str, str], list[Formula]] = {}
    for declared in FORMULAS.values():
        found.setdefault((declared.module, _heading(declared)), []).append(_formula(declared))
    return tuple(
        Section(f"quantities-{number}", title, tuple(formulas))
        for number, ((_, title), formulas) in enumerate(found.items(), 1)
    )


def _formula(declared: Declared) -> Formula:
    example = worked(declared.example, declared.worked(), declared.unit)
    meaning = first_line(declared.meaning)
    return Formula(declared.name, declared.label, declared.unit, declared.expression, meaning, example)


def _heading(declared: Declared) -> str:
    """The heading in the code (a comment at the left margin) below which a function is declared."""
    module = sys.modules[declared.module]
    title = TITLES.get(declared.module, declared.module.rpartition(".")[2].replace("_", " ").capitalize())
    for kind, text in _outline(inspect.getsource(module)):
        if kind == "heading":
            title = text
        elif text == declared.name:
            break
    return title


def _outline(source: str) -> Iterator[tuple[str, str]]:
    for line in source.splitlines():
        if line.startswith("# "):
            yield "heading", line.removeprefix("# ").strip()
        elif line.startswith("def "):
            yield "function", line.removeprefix("def ").partition("(")[0]
