"""Broken and extreme values, and documents that are nearly right: what is fed to every reader of the product."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from costmodel.families import FAMILY_OF
from costmodel.fields import FieldFacts
from costmodel.scenario import ARCHITECTURES, FIELDS
from pricing.catalog import load_book
from pricing.price import FACTS
from pricing.units import METERS

Draw = st.DrawFn

NUMBERS = (
    *(0, -0.0, 1, -1, 0.5, -0.5, 1.0, 2, 3, 7, 12, 36, 120, 121, 1000, 1e6, 1e9, 1e12, 1e15),
    *(1e308, -1e308, 1e300, 1e18, 5e-324, 1e-300, 1e-9, 0.1 + 0.2, 1 - 1e-16, 1 + 1e-9),
    *(2**31, 2**53 + 1, 2**63, 2**64, -(2**63), 10**30, 10**400),
)
WORDS = (
    *("", " ", "0", "1e5", "-1", "1,5", "NaN", "inf", "null", "true", "rag", "fine_tuning", "hybrid", "prompting"),
    *("2026-11", "2026-13", "1899-12", "9999-12", "2026-11-31", "2026-11-14", "0000-00-00", "a/b", "/", "a/", "/b"),
    *("\0", "\ud800", "\U0001f680", "\u202e\u05d0", "\ufeff", "\u2028", "a\nb\r\nc", "\t", "e\u0301", "\u00a0"),
    *("=1+1", "@cmd", "<script>alert(1)</script>", "${x}", "{{x}}", "%s%n", "../../etc/passwd", "$a$ :red[b] **c**"),
    *("x" * 61, "x" * 401, "y" * 10_001, "(" * 300, "\\" * 50, "'", '"', "`", "|", "price:", "price:a/b:input"),
    *("1" * 30_000 + "x", "1." * 15_000, " " * 30_000 + "x", "1,111" * 6_000 + ";"),  # where a search may go astray
)
ODD = (None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"b": 1}}, [1, 2], ["rag", "rag"])

REFS = tuple(sorted({row.ref for row in load_book().rows}))
PRICE_IDS = tuple(sorted({row.price_id for row in load_book().rows}))
ROWS = load_book().rows


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """One of several values."""
    return st.sampled_from(values)


numbers = st.one_of(one_of(*NUMBERS), st.floats(), st.integers(-(10**20), 10**20), st.floats(-10, 10))
words = st.one_of(one_of(*WORDS), st.text(max_size=20), st.text(st.characters(exclude_categories=()), max_size=12))
odd = one_of(*ODD).map(copy.deepcopy)
nasty = st.one_of(numbers, words, odd)


def deep(depth: int, kind: str = "[") -> Any:
    """A value nested so deep."""
    value: Any = None
    for _ in range(depth):
        value = [value] if kind == "[" else {"a": value}
    return value


# Values that a field may have


def plausible(field: FieldFacts) -> st.SearchStrategy[Any]:
    """Values that a field takes: its limits, what is next to them, and anything between."""
    empty = [st.none()] if field.nullable else []
    if field.kind == "whole":
        low, high = round(field.low or 0), round(field.high or 0)
        return st.one_of(one_of(low, high, min(low + 1, high)), st.integers(low, high), *empty)
    if field.kind == "number":
        low, high = field.low or 0.0, field.high or 0.0
        near = [value for value in (low, high, 0, 1, 0.5, 1e-9, 5e-324, 100, 12_345.678) if low <= value <= high]
        return st.one_of(one_of(*near), st.floats(low, high), st.floats(low, min(high, low + 1e4)), *empty)
    if field.kind == "flag":
        return st.booleans()
    if field.kind == "choice":
        return st.one_of(one_of(*field.options), *empty)
    if field.kind == "reference":
        fitting = [ref for ref in REFS if _fits(ref, field)] or list(REFS)
        return st.one_of(one_of(*fitting), one_of(*REFS), st.none())
    return LISTS.get(field.path, st.just(field.default))


def _fits(ref: str, field: FieldFacts) -> bool:
    plan = load_book().plan(ref)
    return plan is not None and set(field.meters) <= set(plan.meters)


_some = st.lists(one_of(*ARCHITECTURES), unique=True)
LISTS: dict[str, st.SearchStrategy[Any]] = {
    "workload.seasonality": st.lists(st.floats(0, 100), min_size=12, max_size=12),
    "workload.queries_by_month": st.lists(st.floats(0, 1e12), min_size=1, max_size=130),
    "finance.compared": _some,
    "finance.already_built": _some,
    "finance.discount_share": st.dictionaries(one_of("openai", "anthropic", "pinecone", "x"), st.floats(0, 1)),
    "finance.start_month": one_of("2026-11", "2027-02", "2199-12", "1900-01", "2025-06", None),
    "finance.currency": one_of("USD", "EUR", "JPY", "XXX", "CHF"),
} | {f"{side}.switched_off": st.lists(one_of(*sorted(FAMILY_OF)), max_size=8, unique=True) for side in ARCHITECTURES}

NUMERIC = tuple(path for path, field in FIELDS.items() if field.numeric)


@st.composite
def price_edits(draw: Draw) -> dict[str, Any]:
    """A typed-in price: of the book, or of nobody, nearly always one that can be."""
    row = draw(one_of(*ROWS))
    edit = {name: getattr(row, name) for name in ("provider", "item", "meter", "unit", "tier_from")}
    edit["price_usd"] = draw(st.one_of(st.floats(0, 1e9), st.floats(1e-9, 10), one_of(row.price_usd, 0, 1e9, 5e-324)))
    if draw(st.integers(0, 4)) == 0:
        edit["item"] = draw(one_of("new", "new:input", "a@1", "other/thing", "x y"))
    if draw(st.integers(0, 4)) == 0:
        edit["meter"] = draw(one_of(*METERS))
        edit["unit"] = draw(one_of(*METERS[edit["meter"]].units))
    for name, value in (
        ("effective_from", one_of("2026-11-01", "2027-02-28", "1999-12-31", "2199-01-01")),
        ("minimum_usd", st.floats(0, 1e9)),
        ("included_quantity", st.floats(0, 1e15)),
        ("reason", one_of("free", "our contract", "not free", "", "=1+1")),
        ("source", one_of("https://example.org/prices", "a letter", "")),
        ("as_of", one_of("2026-11", "2026-10-01", "2199-01")),
        ("confidence", one_of("high", "medium", "low")),
        (draw(one_of(*FACTS)), st.one_of(st.floats(5e-324, 1e15), st.booleans(), one_of("2027-01-01", "a/b", *REFS))),
    ):
        if draw(st.integers(0, 5)) == 0:
            edit[name] = draw(value)
    return edit


extra_costs = st.fixed_dictionaries(
    {
        "architecture": st.one_of(one_of(*ARCHITECTURES), st.lists(one_of(*ARCHITECTURES), min_size=1, unique=True)),
        "component": st.one_of(one_of("licence", *sorted(FAMILY_OF)), words.filter(bool)),
        "phase": one_of("one_time", "recurring", "event"),
        "months": st.lists(st.integers(0, 120), min_size=2, max_size=2).map(sorted),
        "usd": st.one_of(st.floats(-1e12, 1e12), one_of(0, -0.0, 1e12, 5e-324)),
    },
    optional={"note": words},
)


@st.composite
def ranges(draw: Draw) -> dict[str, Any]:
    """Ranges of uncertain numbers, by path."""
    found = {}
    for path in draw(st.lists(st.one_of(one_of(*NUMERIC), one_of(*PRICE_IDS).map("price:{}".format)), max_size=4)):
        field = FIELDS.get(path)
        low, high = (0.0, 1e9) if field is None else (field.low or 0.0, field.high or 0.0)
        ends = sorted(draw(st.lists(st.floats(low, high), min_size=3, max_size=3)))
        kind = draw(one_of("pert", "triangular", "uniform", "lognormal"))
        found[path] = dict(zip(("low", "likely", "high"), ends, strict=True)) | {"distribution": kind}
    return found


WHOLE: dict[str, st.SearchStrategy[Any]] = {
    "price_edits": st.lists(price_edits(), max_size=4),
    "extra_costs": st.lists(extra_costs, max_size=3),
    "uncertainty": ranges(),
    "rank_correlations": st.lists(st.tuples(one_of(*NUMERIC), one_of(*NUMERIC), st.floats(-1, 1)).map(list)),
    "name": words,
}
"""What a scenario holds outside its groups."""


@st.composite
def changes(draw: Draw, most: int = 6) -> dict[str, Any]:
    """Path -> value of changes to a scenario that are nearly always allowed, however extreme."""
    found = {}
    for path in draw(st.lists(one_of(*FIELDS), max_size=most, unique=True)):
        found[path] = draw(plausible(FIELDS[path]))
    for name in draw(st.lists(one_of(*WHOLE), max_size=2, unique=True)):
        found[name] = draw(WHOLE[name])
    return found


# Documents that are nearly right

Step = str | int


def places(document: Any, before: tuple[Step, ...] = ()) -> list[tuple[Step, ...]]:
    """Every place in a document of objects and lists."""
    found = [before] if before else []
    if len(before) > 8:
        return found
    inside: Sequence[tuple[Step, Any]] = ()
    if isinstance(document, dict):
        inside = tuple(document.items())
    elif isinstance(document, list):
        inside = tuple(enumerate(document[:40]))
    for step, value in inside:
        found += places(value, (*before, step))
    return found


@st.composite
def mutated(draw: Draw, document: Any, most: int = 3) -> Any:
    """A document with some of its values replaced, taken out, moved, copied or given another name."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, most))):
        known = places(document)
        if not known:
            return draw(nasty)
        place = draw(one_of(*known))
        around = document
        for step in place[:-1]:
            around = around[step]
        last: Any = place[-1]
        match draw(st.integers(0, 7)):
            case 0 | 1 | 2:
                around[last] = draw(nasty)
            case 3:
                del around[last]
            case 4:
                around[last] = copy.deepcopy(_at(document, draw(one_of(*known))))
            case 5 if isinstance(around, dict):
                around[draw(words)] = around.pop(last)
            case 6 if isinstance(around, dict):
                around[draw(words)] = draw(nasty)
            case _:
                kind = draw(one_of("[", "{"))
                around[last] = deep(draw(one_of(1, 2, 40, 90)), kind)
    return document


def _at(document: Any, place: tuple[Step, ...]) -> Any:
    for step in place:
        document = document[step]
    return document


def as_text(document: Any) -> str:
    """A document as JSON, also one that only Python's reader takes (NaN, whole numbers of any length)."""
    return json.dumps(document, ensure_ascii=False)


@st.composite
def broken_json(draw: Draw, text: str) -> str:
    """The text of a document, broken as text: cut, doubled, with keys twice, too deep, with numbers that are none."""
    at = draw(st.integers(0, max(len(text) - 1, 0)))
    long = draw(one_of(10, 4_300, 5_000, 100_000))
    pieces = one_of(
        *("NaN", "Infinity", "-Infinity", "1e999", "-0", "1" * long, '"' + "a" * long + '"', "[" * long, '{"a":' * 900),
        *(",", ":", "{", "}", "[", "]", '"', "\\", "\\u0000", '"\\ud800"', "\ufeff", " ", "/*x*/", "'", "\0"),
        *('"p":null,', '"d":{},', '"workload":{},', '"format_version":2,', '"__proto__":{},'),
    )
    match draw(st.integers(0, 4)):
        case 0:
            return text[:at]
        case 1:
            return text[:at] + draw(pieces) + text[at:]
        case 2:
            return text[:at] + draw(pieces) + text[at + draw(st.integers(1, 9)) :]
        case 3:
            return text + text
        case _:
            return text.replace("{", "{" + draw(pieces), 1)


@st.composite
def broken_bytes(draw: Draw, content: bytes, most: int = 4) -> bytes:
    """Bytes with some of them changed, cut out, doubled or put in."""
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        many = draw(st.one_of(st.integers(1, 8), st.integers(1, max(len(content), 1))))
        match draw(st.integers(0, 5)):
            case 0:
                content = content[:at]
            case 1:
                content = content[:at] + content[at + many :]
            case 2:
                content = content[:at] + content[at : at + many] + content[at:]
            case 3:
                content = content[:at] + draw(st.binary(max_size=8)) + content[at + 1 :]
            case 4:
                content = content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
            case _:
                content = (
                    content[:at] + draw(one_of(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r")) + content[at:]
                )
    return content


def sometimes(one_in: int, strategy: Callable[[Any], st.SearchStrategy[Any]], value: Any) -> st.SearchStrategy[Any]:
    """A value, once in so many times turned into something else."""
    return st.integers(1, one_in).flatmap(lambda drawn: strategy(value) if drawn == one_in else st.just(value))


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Path -> value as the objects of a scenario file."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        *groups, name = path.split(".")
        inside = found
        for group in groups:
            inside = inside.setdefault(group, {})
        inside[name] = value
    return found
