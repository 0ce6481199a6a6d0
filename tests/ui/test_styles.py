"""The stylesheet reaches every container of a family, and asks for no class by how it begins."""

from __future__ import annotations

import ast
import re
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
        ".x, .st-key-note_one p, .st-key-note_one li, .st-key-note_two p, .st-key-note_two li { margin: 0 }\n"
        "@media (max-width: 9px) {.st-key-note_one > *, .st-key-note_two > * { top: 0 }\n}\n"
        ".b::after { content: '*' }\n"
    )


def test_no_rule_asks_for_the_beginning_of_a_class():
    assert "_*" not in styles.sheet()
    assert [file.name for file in PAGES.rglob("*.css") if "class*=" in file.read_text(encoding="utf-8")] == []
    assert [file.name for file in PAGES.rglob("*.css") if "class^=" in file.read_text(encoding="utf-8")] == []


SHEETS = [
    file for file in PAGES.rglob("*.css") if file.name not in ("lever.css", "quiet_button.css", "report_paper.css")
]
"""The stylesheets of pages; the others are those of components, whose elements are few."""


def ends(sheet):
    """What each selector of a stylesheet ends in: the part about the element itself."""
    rules = re.sub(r"@media[^{]*\{", "", sheet)
    for selectors in re.findall(r"[^{}]+(?=\{)", rules):
        for selector in styles.listed(selectors):
            depth, start = 0, 0
            for at, letter in enumerate(selector):
                depth += (letter in "([") - (letter in ")]")
                if not depth and letter in " >+~":
                    start = at + 1
            yield selector, selector[start:]


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_no_rule_has_to_be_asked_of_every_element(file):
    asked_of_all = [whole for whole, end in ends(styles.sheet(file.name)) if not re.match(r"[a-z.#\[]", end)]

    assert [each for each in asked_of_all if not each.startswith(":root")] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("table :is(th, td)", ["table th", "table td"]),
        ("table :is(th, td):last-child", ["table th:last-child", "table td:last-child"]),
        (".a > :is(.b, .c .d):is(:hover, :focus)", [".a > .b:is(:hover, :focus)", ".a > .c .d:is(:hover, :focus)"]),
        (":is(.a, .b) p", [":is(.a, .b) p"]),
        (":is(.a, .b)", [".a", ".b"]),
        (".a :is(.b:is(.c, .d), .e:not(.f, .g))", [".a .b:is(.c, .d)", ".a .e:not(.f, .g)"]),
        (".a::before, .b:has(> .c, .d) :is(p, li)", [".a::before", ".b:has(> .c, .d) p", ".b:has(> .c, .d) li"]),
    ],
)
def test_a_choice_at_the_end_of_a_selector_is_written_out(written, meant, tmp_path, monkeypatch):
    (tmp_path / "choice.css").write_text(f"{written} {{ margin: 0 }}\n")
    monkeypatch.setattr(styles, "_HERE", tmp_path)
    styles.sheet.cache_clear()

    assert styles.sheet("choice.css") == f"{', '.join(meant)} {{ margin: 0 }}\n"


def test_a_page_has_the_stylesheet_of_all_pages_and_its_own():
    assert styles.sheet_of("Token lab") == styles.sheet() + styles.sheet("token_lab.css")
    assert styles.sheet_of("No such page") == styles.sheet()
