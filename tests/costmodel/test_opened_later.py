"""What was once saved or sent opens for ever: links, files and stored price edits of every released version."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

from costmodel import MODEL_VERSION, files, link
from costmodel.fields import value_at
from costmodel.made_with import MadeWith, made_with
from costmodel.results import run_scenario
from pages.ui import edits_apart
from pricing.catalog import load_book
from scripts import opened_totals

LINKS, FILES = opened_totals.links(), opened_totals.scenario_files()
AGREED = json.loads((opened_totals.KEPT / "totals.json").read_text(encoding="utf-8"))
NOT_READ_BACK = {"model_version", "made_with", "prices"}


def content(word):
    """What a link says, read without the code that wrote it."""
    mode, text = (payload := word.split(".")[2])[0], payload[1:]
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return json.loads(zlib.decompress(raw) if mode == "z" else raw)


def plain(value):
    """A value as JSON holds it; facts of a price edit that say nothing are left out of links."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if each is not None}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def within(said, held):
    """Whether everything that is said is held: dictionaries may hold more."""
    if isinstance(said, dict):
        return isinstance(held, dict) and all(key in held and within(each, held[key]) for key, each in said.items())
    if isinstance(said, list):
        return len(said) == len(held) and all(map(within, said, held))
    return said == held


@pytest.fixture(scope="module")
def now():
    return opened_totals.totals()


@pytest.mark.parametrize("name", [*LINKS, *FILES])
def test_a_link_or_file_of_every_version_gives_the_agreed_totals(now, name):
    assert now[name] == pytest.approx(AGREED["tco_usd"][name], abs=0.011)


def test_the_agreed_totals_are_those_of_this_model_and_of_every_kept_link_and_file():
    assert AGREED["model_version"] == MODEL_VERSION
    assert list(AGREED["tco_usd"]) == [*LINKS, *FILES]


@pytest.mark.parametrize("name", LINKS)
def test_an_old_link_restores_every_value_that_it_carries(name):
    said = content(LINKS[name])
    scenario, view = link.decoded(LINKS[name])

    assert scenario.preset == said["p"]
    assert view == said.get("v", {})
    for path, value in said["d"].items():
        held = scenario.name if path == "name" else value_at(scenario, path)
        assert within(plain(value), plain(held)), path


@pytest.mark.parametrize("name", FILES)
def test_an_old_file_restores_every_value_that_it_names(name):
    said = {key: value for key, value in json.loads(FILES[name]).items() if key not in NOT_READ_BACK}
    held = json.loads(files.written(files.read(FILES[name], name)))

    assert within(said, held)


@pytest.mark.parametrize("name", FILES)
def test_an_old_file_still_says_what_it_was_made_with_and_carries_its_prices(name):
    said, found = json.loads(FILES[name]), files.opened(FILES[name], name)

    assert len(found.prices) == len(said.get("prices", []))
    assert (found.made.as_dict() if found.made else None) == said.get("made_with")


@pytest.mark.parametrize("name", [name for name in LINKS if "m" in content(LINKS[name])])
def test_an_old_link_still_says_what_it_was_made_with(name):
    book, model, totals = content(LINKS[name])["m"]

    assert link.made_with(LINKS[name]) == MadeWith(book, model, totals)


def test_a_file_made_under_older_prices_gives_its_totals_of_then_on_its_own_prices():
    name = "1.1.0-older-book.json"
    found = files.opened(FILES[name], name)
    on_todays, on_its_own = found.scenario, files.on_own_prices(found, load_book())
    today, then = (run_scenario(each, load_book()) for each in (on_todays, on_its_own))

    assert made_with(today).totals_usd["rag"] != pytest.approx(found.made.totals_usd["rag"])
    assert made_with(then).totals_usd == pytest.approx(found.made.totals_usd)


def test_a_file_without_prices_has_none_to_be_put_back():
    assert files.on_own_prices(files.opened(FILES["1.0.0-neutral.json"], "plan.json"), load_book()) is None


def test_price_edits_that_a_browser_kept_are_read_back():
    kept = json.loads((opened_totals.KEPT / "stored-edits.json").read_text(encoding="utf-8"))

    edits = edits_apart.unpacked(kept["key"], kept["text"])
    assert [(edit["meter"], edit["price_usd"], edit["reason"]) for edit in edits] == [
        ("input", 1.5, "our contract"),
        ("output", 0.008, "from 2027"),
    ]


def test_bytes_that_are_not_utf_8_are_refused_with_their_place():
    assert files.text_of("\ufeff{}".encode(), "plan.json") == "{}"
    with pytest.raises(files.ScenarioError, match=r"plan\.json: byte 2 is not UTF-8; save the file as UTF-8"):
        files.text_of(b'{"\xff', "plan.json")
