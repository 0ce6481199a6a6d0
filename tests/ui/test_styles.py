"""The stylesheet reaches every container of a family, and asks for no class by how it begins."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.ui import styles

PAGES = Path(styles.__file__).parent.parent
CALLS = {
    "section": styles.SECTIONS,
    "note": styles.NOTES,
    "notes": styles.NOTES,
}
"""Functions that make a container of a family, and the keys that the stylesheet knows."""


def keys_given(function: str) -> Iterator[str]:
    """Every key that is written out in a call of this function, on any page."""
    for file in [*PAGES.rglob("*.py"), PAGES.parent / "app.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == function:
                given = [word.value for word in node.keywords if word.arg == "key"] or node.args[:1]
                yield from (each.value for each in given if isinstance(each, ast.Constant))


@pytest.mark.parametrize("function", CALLS)
def test_every_container_of_a_family_is_styled(function):
    given = {key for key in keys_given(function) if " " not in key}

    assert given
    assert given <= {*CALLS[function]}


def test_every_chart_that_can_be_exported_is_styled():
    given = set()
    for file in PAGES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "export.button":
                given.add(ast.literal_eval(node.args[1]))

    assert given == {*styles.EXPORTS}


def test_a_family_is_written_out_in_each_selector(monkeypatch, tmp_path):
    (tmp_path / "a.css").write_text(
        "/* why, and .st-key-note_* */\n.x, .st-key-note_* :is(p, li) { margin: 0 }\n"
        "@media (max-width: 9px) {\n  .st-key-note_* > * { top: 0 }\n}\n.b::after { content: '*' }\n"
    )
    monkeypatch.setattr(styles, "_HERE", tmp_path)
    monkeypatch.setitem(styles.FAMILIES, "note_", ("one", "two"))

    assert styles.sheet("a.css") == (
        ".x, .st-key-note_one :is(p, li), .st-key-note_two :is(p, li) { margin: 0 }\n"
        "@media (max-width: 9px) {.st-key-note_one > *, .st-key-note_two > * { top: 0 }\n}\n"
        ".b::after { content: '*' }\n"
    )


def test_no_rule_asks_for_the_beginning_of_a_class():
    assert "_*" not in styles.sheet()
    assert [file.name for file in PAGES.rglob("*.css") if "class*=" in file.read_text(encoding="utf-8")] == []
    assert [file.name for file in PAGES.rglob("*.css") if "class^=" in file.read_text(encoding="utf-8")] == []


def test_other_stylesheets_know_no_families():
    assert [file.name for file in PAGES.rglob("*.css") if file.name != "style.css" and "_*" in file.read_text()] == []
