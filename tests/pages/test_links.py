"""Links: what they restore, what is said when they cannot be read, and that no name in them does harm."""

import base64
import json
import random
import string
import zlib

import pytest

from costmodel import link
from costmodel.changes import changed
from costmodel.made_with import made_with
from costmodel.presets import DEFAULT_PRESET

PAGES = ("app.py", "pages/prices.py")
VALUES = {
    "workload.queries_per_month": 123_456.0,
    "finance.horizon_months": 30,
    "hybrid.top_k": 3,
    "finance.compared": ["rag", "fine_tuning"],
    "finance.discount_share.openai": 0.25,
    "extra_costs": [
        {"architecture": ["rag"], "component": "parsing", "phase": "event", "months": [3, 3], "usd": 50.0, "note": "x"}
    ],
    "name": "Ours",
}
HOSTILE = {
    "markdown": "**bold** [link](javascript:alert(1)) `code` # head ~~gone~~ | * _em_ ![x](y)",
    "html": "<img src=x onerror=alert(1)><script>alert(1)</script>&amp;",
    "formula": "$x^2$ and $$y$$ for $5 or $6",
    "colour": ":red[danger] :red-background[x] :material/delete: :smile: :streamlit:",
    "address": "www.example.org https://example.org a@example.org",
    "lines": "one\n\n# two\r\n- three\u2028four\x00five",
}


def made(content: object, version: str = link.FORMAT, mode: str = "z") -> str:
    """A link's word with a fitting checksum, whatever its content."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    packed = zlib.compress(raw) if mode == "z" else raw
    return f"{version}.{zlib.crc32(raw):08x}.{mode}{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


GOOD = made({"p": DEFAULT_PRESET, "d": {}})
BAD = {
    "empty": ("", ""),
    "damaged": (GOOD[:-4] + "AAAA", "damaged"),
    "cut off": (GOOD[: len(GOOD) // 2], "damaged"),
    "wrong checksum": (GOOD.replace(GOOD.split(".")[1], "00000000"), "damaged"),
    "letters only": ("hello", "format"),
    "HTML": ("<script>alert(1)</script>", "format"),
    "too long": ("1." + "a" * 8_001, "8,000"),
    "foreign version": (made({"p": None, "d": {}}, version="99"), "99"),
    "unknown preset": (made({"p": "no-such", "d": {}}), "no-such"),
    "preset of the wrong type": (made({"p": {"a": 1}, "d": {}}), "preset"),
    "unknown model": (made({"p": DEFAULT_PRESET, "d": {"rag.model": "nobody/nothing"}}), "nobody/nothing"),
    "unknown field": (made({"p": DEFAULT_PRESET, "d": {"rag.nothing": 1}}), "rag.nothing"),
    "value out of limits": (made({"p": DEFAULT_PRESET, "d": {"workload.query_tokens": -1}}), "workload.query_tokens"),
    "value of the wrong type": (made({"p": DEFAULT_PRESET, "d": {"workload": [1]}}), "workload"),
    "zlib bomb": (made(b"[" + b" " * 5_000_000 + b"]"), "damaged"),
    "deep nesting": (made(b"[" * 5_000 + b"]" * 5_000), "damaged"),
    "no JSON": (made(b"not json"), "damaged"),
    "not UTF-8": (made(b"\xff\xfe\xfa", mode="j"), "damaged"),
    "a list": (made([1, 2]), "no scenario"),
    "no values": (made({"p": DEFAULT_PRESET}), "no scenario"),
    "infinite number": (made(b'{"p":null,"d":{"workload.query_tokens":1e999}}'), "workload.query_tokens"),
    "not a number": (made(b'{"p":null,"d":{"workload.query_tokens":NaN}}'), "workload.query_tokens"),
    "huge integer": (made(b'{"p":null,"d":{"workload.query_tokens":' + b"9" * 5_000 + b"}}"), ""),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_link_restores_scenario_and_switches(opened, preset, link_to, page):
    word = link_to(VALUES, {"value": "present", "lines": "monthly"})
    screen = opened(page, word)
    screen.check()
    expected, _ = link.decoded(word)

    assert screen.notice == ""
    assert screen.scenario == expected
    assert "present value" in screen.eyebrow
    assert screen.address == f"s={word}"


def test_a_link_without_differences_is_the_preset(opened, link_to):
    screen = opened("app.py", link_to({}))
    words = [each.address.removeprefix("s=") for each in (screen, opened())]

    assert [link.decoded(word) for word in words] == [(screen.scenario, {})] * 2
    assert screen.scenario.preset == DEFAULT_PRESET


def test_the_link_of_a_preset_as_it_stands_says_what_it_was_made_with(opened):
    screen = opened()

    assert link.made_with(screen.address.removeprefix("s=")) == made_with(screen.run)


def test_a_link_restores_source_day_and_confidence_of_a_typed_in_price(opened, preset):
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    evidence = {"source": "https://acme.example/offer", "as_of": "2026-10", "confidence": "medium"}
    scenario = changed(preset, {"price_edits": [{**edit, **evidence}, {**edit, "meter": "output"}]})
    word = link.encoded(scenario)

    assert link.decoded(word)[0] == scenario
    assert opened("app.py", word).scenario == scenario


def test_every_change_changes_the_address_and_the_address_restores_it(opened):
    screen = opened()
    screen.pull("workload.queries_per_month", 50_000)
    screen.turn("value", "present")
    screen.turn("lines", "monthly")
    again = opened("app.py", screen.address.removeprefix("s="))

    assert again.scenario == screen.scenario
    assert again.headline == screen.headline
    assert again.cards == screen.cards
    assert again.address == screen.address


def test_the_address_is_the_same_on_both_pages(opened):
    screen = opened()
    screen.pull("workload.queries_per_month", 50_000)
    before = screen.address
    screen.go_to("pages/prices.py")

    assert screen.address == before


def test_a_link_after_the_session_has_begun_changes_nothing_by_itself(opened, link_to):
    screen = opened()
    before = screen.scenario
    screen.at.query_params["s"] = link_to(VALUES)
    screen.rerun()

    assert screen.scenario == before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_link_gives_a_message_and_the_default_preset(opened, preset, page, kind):
    word, said = BAD[kind]
    screen = opened(page, word)
    screen.check()

    assert screen.notice.startswith("Not applied:")
    assert said in screen.notice
    assert screen.scenario == preset
    assert f"You see the preset “{preset.name}” instead." in screen.words.replace("\N{WORD JOINER}", "")


def test_the_message_about_a_bad_link_goes_away_with_the_first_change(opened):
    screen = opened("app.py", "hello")
    screen.pull("workload.queries_per_month", 50_000)

    assert screen.notice == ""
    assert screen.scenario.workload.queries_per_month == 50_000


def test_two_words_in_the_address_do_no_harm(opened, preset):
    screen = opened("app.py", ["hello", "1.2.3"])
    screen.check()

    assert screen.notice != ""
    assert screen.scenario == preset


VIEWS = [
    {"value": "sideways"},
    {"lines": "<b>"},
    {"nothing": "present"},
    {"value": ["present"]},
    {"value": None},
    "x",
    5,
]


@pytest.mark.parametrize("view", VIEWS)
def test_switches_that_do_not_exist_are_ignored(opened, preset, view):
    screen = opened("app.py", made({"p": DEFAULT_PRESET, "d": {}, "v": view}))
    screen.check()

    assert screen.notice == ""
    assert "nominal" in screen.eyebrow
    assert screen.scenario == preset


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_shown_as_the_characters_it_is_made_of(opened, link_to, kind):
    screen = opened("app.py", link_to({"name": HOSTILE[kind]}))
    screen.check()
    shown = screen.eyebrow.split(" \N{MIDDLE DOT} ")[0]

    assert screen.notice == ""
    assert not any(special in _without_escapes(shown) for special in "*_`[]<>#|~$")
    assert not any(HOSTILE[kind] in body for body in screen.bodies)
    assert len(shown.splitlines()) == 1


NAMES = ["x" * 10_000, "wide " * 2_000, "", " ", "שלום עולם", "\u202egnitrevni", "日本語 🚀 é"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_long_empty_or_foreign_is_shown_without_an_exception(opened, link_to, page, name):
    screen = opened(page, link_to({"name": name}))
    screen.check()

    assert screen.notice == ""
    assert len(screen.eyebrow) < 400


def test_a_name_of_too_many_characters_is_refused(opened, preset):
    screen = opened("app.py", made({"p": DEFAULT_PRESET, "d": {"name": "x" * 10_001}}))
    screen.check()

    assert "name" in screen.notice
    assert len(screen.notice) < 500
    assert screen.scenario == preset


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_refused_value_is_quoted_as_the_characters_it_is_made_of(opened, preset, kind):
    screen = opened("app.py", made({"p": DEFAULT_PRESET, "d": {"rag.model": f"a/{HOSTILE[kind]}"}}))
    screen.check()
    said = next(each.value for each in screen.at.markdown if each.value.startswith("**Not applied:**"))

    assert not any(special in _without_escapes(said.removeprefix("**Not applied:**")) for special in "*`[<>#|~$")
    assert screen.scenario == preset


def _without_escapes(markdown: str) -> str:
    """What is left to be taken for Markdown."""
    left, characters = [], iter(markdown)
    for character in characters:
        if character == "\\":
            next(characters, "")
        else:
            left.append(character)
    return "".join(left)


def test_a_scenario_that_is_too_large_for_a_link_says_so(opened):
    screen = opened()
    letters = random.Random(1).choices(string.ascii_letters, k=10_000)
    screen.at.session_state["scenario"] = changed(screen.scenario, {"name": "".join(letters)})
    screen.rerun()

    assert "too large for a link (8,000 characters)" in screen.words
