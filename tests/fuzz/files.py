"""Scenario files: their values, their structure, their text and their bytes changed."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from costmodel import files
from costmodel.changes import ScenarioError, changed, resolved
from costmodel.files import ScenarioFile
from costmodel.made_with import restored
from costmodel.presets import DEFAULT_PRESET, PRESETS
from pages.ui import open_file
from pricing.book import PriceBook
from pricing.catalog import load_book
from pricing.price import PriceError
from tests.fuzz.counted import ACCEPTED, REFUSED, ROOT, Broken, Target
from tests.fuzz.mutations import (
    Draw,
    as_text,
    broken_bytes,
    broken_json,
    changes,
    mutated,
    nasty,
    nested,
    one_of,
    words,
)
from tests.fuzz.promises import in_plain_words, same_after_a_link, sound

TODAY = date(2026, 11, 14)
KEPT = ROOT / "tests" / "fixtures" / "files"


class File(NamedTuple):
    """A file as somebody opens it."""

    name: str
    content: bytes


@cache
def documents() -> tuple[str, ...]:
    """The texts of whole files and of short ones, of this version and of earlier ones."""
    first = resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY)
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    whole = [first, changed(first, {"price_edits": [edit]}), resolved(PRESETS["routed-support"].scenario, TODAY)]
    short: list[dict[str, Any]] = [{}, {"preset": "support-bot"}, {"preset": None, "workload": {"query_tokens": 99}}]
    found = [files.written(each, load_book()) for each in whole] + [files.written(whole[0]), *map(json.dumps, short)]
    return (*found, *(path.read_text(encoding="utf-8") for path in sorted(KEPT.glob("*.json"))))


@st.composite
def cases(draw: Draw) -> File:
    """A file; some are sound, most are nearly so."""
    document = json.loads(draw(one_of(*documents())))
    if draw(st.integers(0, 3)):
        for path, value in nested(draw(changes())).items():
            old = document.get(path)
            document[path] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    if draw(st.integers(0, 3)) == 0:
        document["prices"] = draw(st.one_of(mutated(document.get("prices") or [{}]), nasty))
    if draw(st.integers(0, 5)) == 0:
        document["made_with"] = draw(st.one_of(mutated(document.get("made_with") or {"price_book": "x"}), nasty))
    if draw(st.integers(0, 2)) == 0:
        document = draw(mutated(document))
    text = as_text(document)
    if draw(st.integers(0, 9)) == 0:
        text = draw(broken_json(text))
    content = text.encode("utf-8", draw(one_of("surrogatepass", "replace")))
    match draw(st.integers(0, 39)):
        case 0:
            content = draw(broken_bytes(content))
        case 1:
            content = content.decode("utf-8", "replace").encode(draw(one_of("utf-8-sig", "utf-16", "utf-7", "utf-32")))
        case 2:
            content += b" " * draw(one_of(2_000_000, 30_000_000))
    return File(
        draw(st.one_of(one_of("plan.json", "a" * 300 + ".json", "[x](y) *b*.json", "\udce9.json"), words)), content
    )


def judge(case: File) -> str:
    """Open a file as the menu does; what opens must run, hold, and come back the same from a file and from a link."""
    try:
        found = open_file.candidate(case.content, case.name)
    except (ScenarioError, PriceError) as error:
        in_plain_words(getattr(error, "problems", (str(error),)))
        return REFUSED
    if found.today is None and found.then is None:
        raise Broken("a file that opens and cannot be run")
    _ = found.moved, found.needs_a_choice
    for scenario, run in ((found.scenario, found.today), (found.own, found.then)):
        if run is None or scenario is None:
            continue
        sound(scenario, run)
        same_after_a_link(scenario, {})
        again = files.opened(files.written(scenario, load_book()), "again.json")
        if again.scenario != scenario or again.made is None:
            raise Broken("a file that reads back as another scenario")
    _restored(found.file, found.scenario)
    return ACCEPTED


def _restored(file: ScenarioFile, scenario: Any) -> None:
    """The command line's way to the prices of then."""
    if not file.prices:
        return
    try:
        book: PriceBook = restored(load_book(), file.prices)
        book.with_edits(scenario.price_edits)
    except (PriceError, ScenarioError) as error:
        in_plain_words(getattr(error, "problems", (str(error),)))


TARGET = Target("scenario file", cases(), judge)
