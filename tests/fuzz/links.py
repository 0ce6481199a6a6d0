"""Links: their content changed under a checksum that fits, and the word itself damaged."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from costmodel import link
from costmodel.changes import ScenarioError, changed, resolved
from costmodel.comparison import comparison
from costmodel.made_with import compared, made_with
from costmodel.other import KINDS, Other, packed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pages.ui import edits_apart, links
from pages.ui.linked import linked, wanted
from pages.ui.view import DRIVERS, LISTS, NUMBERS, SPANS, SWITCHES
from pricing.catalog import load_book
from pricing.price import PriceError
from report.gallery import NAMES, ChartProblem
from tests.fuzz.counted import ACCEPTED, REFUSED, Broken, Target
from tests.fuzz.mutations import (
    NUMERIC,
    PRICE_IDS,
    Draw,
    as_text,
    broken_bytes,
    broken_json,
    changes,
    mutated,
    nasty,
    one_of,
    price_edits,
    words,
)
from tests.fuzz.promises import in_plain_words, same_after_a_link, sound

TODAY = date(2026, 11, 14)


class Link(NamedTuple):
    """The word of an address, the key beside it, and what the browser kept under that key."""

    word: str
    key: str | None = None
    stored: Any = None
    chart: str = "cumulative"


def word_of(raw: bytes, mode: str = "z", checksum: str | None = None, version: str = link.FORMAT) -> str:
    """The word of a link that carries these bytes."""
    content = zlib.compress(raw, 9) if mode == "z" else raw
    text = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return f"{version}.{checksum or f'{zlib.crc32(raw):08x}'}.{mode}{text}"


@cache
def _first() -> Any:
    return resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY)


@cache
def contents() -> tuple[str, ...]:
    """What links to some scenarios carry, as JSON."""
    first = _first()
    run = run_scenario(first, load_book())
    stamp = made_with(run)
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    edited = changed(first, {"price_edits": [edit], "workload.queries_per_month": 5e4})
    others = [Other(edited, "pin"), Other(resolved(PRESETS["support-bot"].scenario, TODAY), "preset", stamp)]
    words = [link.encoded(resolved(each.scenario, TODAY)) for each in PRESETS.values()]
    words.append(link.encoded(edited, {"value": "present", "lines": "monthly"}, stamp))
    words += [link.encoded(first, {"bill": "rag"}, stamp, packed(each, first)) for each in others]
    words.append(link.encoded(edited, {}, None, packed(Other(edited, "link"), edited)))
    return tuple(json.dumps(link._content(word)) for word in words)


views = st.dictionaries(
    one_of(*SWITCHES, *NUMBERS, *DRIVERS, *SPANS, *LISTS, "pins", "nothing"),
    st.one_of(
        *(one_of(*positions) for positions in SWITCHES.values()),
        *(st.integers(low - 1, high + 1).map(str) for _, low, high in NUMBERS.values()),
        st.one_of(one_of(*NUMERIC), one_of(*PRICE_IDS).map("price:{}".format)),
        st.tuples(st.floats(), st.floats()).map(lambda ends: f"{ends[0]},{ends[1]}"),
        st.tuples(st.floats(0, 1e6), st.floats(0, 1e9)).map(lambda ends: f"{ends[0]},{ends[1]}"),
        st.lists(one_of(*NUMERIC), max_size=5).map(",".join),
        one_of("checks,lines", "summary", "without", "1e999,2", "0,1", "-1,1", "٣", "²"),
        nasty,
    ),
    max_size=5,
)


@st.composite
def _edits_of_other(draw: Draw) -> list[Any]:
    runs = st.lists(st.one_of(st.integers(-2, 3), st.booleans()), min_size=1, max_size=3)
    return draw(st.lists(st.one_of(runs, price_edits(), nasty), max_size=4))


@st.composite
def cases(draw: Draw, broken: bool = True) -> Link:
    """A link; some are sound, most are nearly so; with `broken` off only its values are extreme."""
    content = json.loads(draw(one_of(*contents())))
    if draw(st.integers(0, 3)):
        content["d"] |= draw(changes())
    if draw(st.integers(0, 2)) == 0:
        content["v"] = draw(views)
    other = content.get("b")
    if isinstance(other, dict) and draw(st.booleans()):
        other["d"] |= draw(changes(3))
        other["k"] = draw(one_of(*KINDS, "x", 1))
        if draw(st.booleans()):
            other["d"]["price_edits"] = draw(_edits_of_other())
    if not broken:
        return Link(word_of(as_text(content).encode("utf-8", "replace")))
    if draw(st.integers(0, 2)) == 0:
        content = draw(mutated(content))
    raw = as_text(content)
    if draw(st.integers(0, 9)) == 0:
        raw = draw(broken_json(raw))
    data = raw.encode("utf-8", draw(one_of("surrogatepass", "replace")))
    if draw(st.integers(0, 29)) == 0:
        data = draw(broken_bytes(data))
    word = word_of(data, draw(one_of("z", "z", "z", "j")))
    if draw(st.integers(0, 14)) == 0:
        word = draw(_damaged(word, data))
    if draw(st.integers(0, 5)):
        return Link(word, None, None, draw(one_of(*NAMES)))
    return Link(word, *draw(_apart()))


@st.composite
def _damaged(draw: Draw, word: str, raw: bytes) -> str:
    at = draw(st.integers(0, len(word)))
    bomb = zlib.compress(b'{"d":{}}' + b" " * draw(one_of(399_000, 401_000, 5_000_000)), 9)
    packed_bomb = base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    return draw(
        one_of(
            word[:at],
            word[:at] + draw(words) + word[at:],
            word_of(raw, "z", "00000000"),
            word_of(raw, draw(one_of("", "x", "Z"))),
            word_of(raw, "z", None, draw(one_of("0", "2", "", "9" * 30, "1.1"))),
            f"1.{draw(one_of('', '0' * 8))}.z{packed_bomb}",
            word + "A" * draw(one_of(1, 2, 3, 8_000, 100_000)),
            draw(words),
        )
    )


@st.composite
def _apart(draw: Draw) -> tuple[str, Any]:
    """A key, and a text that the browser may hand back for it."""
    edits: Any = draw(st.lists(price_edits(), max_size=6))
    if draw(st.booleans()):
        edits = draw(mutated(edits)) if edits else draw(nasty)
    raw = as_text(edits).encode("utf-8", "replace")
    key = edits_apart.key_of(raw)
    text: Any = base64.b64encode(zlib.compress(raw, 6)).decode()
    match draw(st.integers(0, 5)):
        case 0:
            key = draw(st.one_of(one_of("", "0" * 20, "g" * 20, "a" * 19), words))
        case 1:
            text = draw(st.one_of(nasty, st.just(text[:-3]), st.just(text + "=")))
        case 2:
            bomb = b"[" + b" " * draw(one_of(2_999_998, 3_100_000, 20_000_000)) + b"]"
            key, text = edits_apart.key_of(bomb), base64.b64encode(zlib.compress(bomb, 6)).decode()
        case 3:
            deep = b"[" * draw(one_of(900, 100_000))
            key, text = edits_apart.key_of(deep), base64.b64encode(zlib.compress(deep, 6)).decode()
    return key, text


def judge(case: Link) -> str:
    """Read a link as a session does, and as an embed does; whatever it restores must run, hold and travel again."""
    try:
        found = links.read(case.word, case.key)
    except (ScenarioError, PriceError) as error:
        in_plain_words(getattr(error, "problems", (str(error),)))
        _embedded(case, refused=True)
        return REFUSED
    if found.problems:
        in_plain_words(found.problems)
    opened = found.opened
    view = dict(opened.view)
    if not found.complete:
        return _with_what_was_kept(case, found)
    run = sound(opened.scenario)
    if opened.made is not None:
        compared(opened.made, run)
    carried = None
    if opened.other is not None:
        comparison(run, opened.other.scenario, load_book())
        carried = packed(opened.other, opened.scenario)
    same_after_a_link(opened.scenario, view, carried, opened.made)
    if opened.other is not None:
        again = links.read(link.encoded(opened.scenario, view, None, carried), None).opened.other
        if again is None or again.scenario != opened.other.scenario:
            raise Broken("a link that restores another scenario to compare with")
    if found.apart is not None:
        return _with_what_was_kept(case, found)
    edits = opened.scenario.price_edits
    query = links.written(
        opened.scenario, view, None, None, lambda: made_with(run), lambda: edits_apart.packed(opened.scenario)
    ).query
    if query and "&k=" not in query and links.read(query[2:], None).opened.scenario != opened.scenario:
        raise Broken(f"an address that restores another scenario: {query}")
    if "&k=" in query and (not edits or edits_apart.unpacked(*edits_apart.packed(opened.scenario)) is None):
        raise Broken(f"an address that names edits that are not kept: {query}")
    _embedded(case, refused=False)
    return ACCEPTED


def _with_what_was_kept(case: Link, found: links.Linked) -> str:
    assert case.key is not None
    try:
        scenario = links.with_stored(found.opened.scenario, case.key, case.stored)
    except (ScenarioError, PriceError) as error:
        in_plain_words(getattr(error, "problems", (str(error),)))
        return REFUSED
    sound(scenario)
    return ACCEPTED


def _embedded(case: Link, refused: bool) -> None:
    """What the page of one chart reads from the link."""
    try:
        shown = linked(case.word, TODAY)
    except (ScenarioError, PriceError) as error:
        in_plain_words(getattr(error, "problems", (str(error),)))
        return
    if refused and case.key is None:
        raise Broken("a link that the app refuses and a chart's page takes")
    try:
        wanted(case.chart, shown)
    except ChartProblem as error:
        in_plain_words([str(error)])


TARGET = Target("scenario link", cases(), judge)
