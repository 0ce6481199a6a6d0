"""No pattern of the product runs away: a text made for the purpose cannot make it try one thing after the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.test_architecture import faults, product_files, tree

CALLS = ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT)
NO_WIDTH = (kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT)
SIGNS = "".join(map(chr, range(128))) + "é٣\u00a0\u2009\u2019—€\u2028中"


def patterns(module: ast.Module, file: Path) -> Iterator[str]:
    """The patterns that a file is written with; where a value is put into one, a letter stands for it."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[first, *_]) if name in CALLS:
                match first:
                    case ast.Constant(value=str(pattern)):
                        yield pattern
                    case ast.JoinedStr(values=parts):
                        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


def runs_away(pattern: str) -> bool:
    """Whether an endless repeat has another one inside, or one behind it that takes the same signs."""
    parsed = parser.parse(pattern)
    return nested(parsed, False) or beside(parsed, [])[1]


def nested(items: Any, within: bool) -> bool:
    """Whether an endless repeat stands inside another one."""
    for kind, facts in items:
        endless = kind in REPEATS and facts[1] is kinds.MAXREPEAT
        if (endless and within) or any(nested(inside, within or endless) for inside in insides(kind, facts)):
            return True
    return False


def insides(kind: Any, facts: Any) -> Sequence[Any]:
    if kind in REPEATS:
        return [facts[2]]
    if kind is kinds.SUBPATTERN:
        return [facts[3]]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [facts[1]]
    return list(facts[1]) if kind is kinds.BRANCH else []


def beside(items: Any, before: list[set[str]]) -> tuple[list[set[str]], bool]:
    """The signs of the endless repeats that a text can still be in behind `items`, and whether two of them meet.

    `before`: those that it can be in when they begin.
    """
    for kind, facts in items:
        if kind in NO_WIDTH:
            continue
        if kind in REPEATS and facts[1] is kinds.MAXREPEAT and (taken := signs(facts[2])):
            if any(taken & each for each in before):
                return before, True
            before = [*(before if facts[0] == 0 else []), taken]
        elif ways := insides(kind, facts):
            found = [beside(way, before) for way in ways]
            if any(meet for _, meet in found):
                return before, True
            skipped = before if kind in REPEATS and facts[0] == 0 else []
            before = [*skipped, *(each for after, _ in found for each in after)]
        else:
            before = []
    return before, False


def signs(inside: Any) -> set[str]:
    """The signs that a pattern of one sign takes; none for a longer one."""
    if inside.getwidth() != (1, 1):
        return set()
    one = compiler.compile(inside, inside.state.flags)
    return {sign for sign in SIGNS if one.fullmatch(sign)}


def test_no_pattern_of_the_product_runs_away():
    def found(file: Path) -> list[str]:
        return [pattern for pattern in patterns(tree(file), file) if runs_away(pattern)]

    assert faults(found, product_files()) == {}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"(a+)+b", True),
        (r"(?:\s*\w+)*x", True),
        (r"(a|b*)*", True),
        (r"[0-9]+\.?[0-9]*", True),
        (r"[0-9]+(\.[0-9]*)?", False),
        (r"\d+(?:\.\d*)?\s*(k|m)?", False),
        (r"\s*(k|m)?\s*%", True),
        (r" ?(k|m)? ?%", False),
        (r"\s*[,;]\s*", False),
        (r"([+-]?[0-9]*),([0-9]+)", False),
        (r"(\d{1,3})(,\d{3})+(\.\d+)?", False),
        (r"(a{1,5}){1,5}", False),
        (r"'(?:[^'\\]|\\.)*'", False),
        (r"\w+(?=\s)\w*", True),
    ],
)
def test_a_pattern_that_runs_away_is_seen(pattern, expected):
    assert runs_away(pattern) is expected


def test_patterns_are_found_where_they_are_written():
    source = "re.compile(r'a+')\nre.sub(rf'[{SIGNS}]+b', '', text)\nshutil.copy('x')\nre.compile(made)"

    assert list(patterns(ast.parse(source), Path("x.py"))) == ["a+", "[x]+b"]
