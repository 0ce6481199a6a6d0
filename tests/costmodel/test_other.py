"""The scenario to compare with in a link: the shorter of two differences, read back exactly, or refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from costmodel import link
from costmodel.changes import ScenarioError, changed, resolved
from costmodel.made_with import MadeWith
from costmodel.other import Other, beginning_with, packed, rests_on_first, unpacked
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import Scenario
from tests.costmodel.strategies import questions

FIRST = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))
VOLUME = "workload.queries_per_month"


def edit(number: int, usd: float = 1.0) -> dict[str, Any]:
    return {"provider": "acme", "item": f"m{number}", "meter": "input", "unit": "1M tokens", "price_usd": usd}


def travelled(other: Other, first: Scenario) -> Other:
    """The other scenario after a link to the first one has been written and read."""
    word = link.encoded(first, None, None, packed(other, first))
    return unpacked(link.other_of(word), link.decoded(word)[0])


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("kind", ["pin", "preset", "file", "link"])
def test_every_preset_travels_beside_every_other_one(name, kind):
    other = Other(resolved(PRESETS[name].scenario, date(2026, 11, 21)), kind)

    assert travelled(other, FIRST) == other


@given(questions(), questions())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_scenario_travels_beside_any_other_one(one, two):
    other = Other(resolved(two[0], date(2026, 11, 21)))
    content = json.loads(json.dumps(packed(other, one[0])))

    assert unpacked(content, one[0]) == other


def test_a_pinned_copy_is_carried_as_the_few_fields_that_differ():
    other = Other(changed(FIRST, {VOLUME: 90_000.0}))

    assert packed(other, changed(FIRST, {"rag.top_k": 7.0}))["d"] == {VOLUME: 90_000.0, "rag.top_k": FIRST.rag.top_k}


def test_a_preset_is_carried_as_its_name():
    other = Other(resolved(PRESETS["legal-assistant"].scenario, date(2026, 11, 21)), "preset")
    content = packed(other, FIRST)

    assert (content["p"], content["d"]) == ("legal-assistant", {"finance.start_month": "2026-11"})
    assert not rests_on_first(content)


def test_typed_in_prices_of_the_first_are_not_carried_twice():
    first = changed(FIRST, {"price_edits": [edit(number) for number in range(1_000)]})
    edits = [edit(number) for number in range(1_000)]
    edits[500] = edit(500, 2.0)
    other = Other(changed(first, {"price_edits": edits}))

    content = packed(other, first)["d"]["price_edits"]
    assert [content[0], content[2]] == [[0, 500], [501, 1000]]
    assert unpacked(packed(other, first), first) == other


def test_what_it_was_made_with_travels_too():
    made = MadeWith("book+1", "1.0.0", {"rag": 12.5, "hybrid": None})

    assert travelled(Other(FIRST, "link", made), FIRST).made == made


def test_a_scenario_without_a_build_month_is_built_with_the_first_one():
    first = changed(FIRST, {"finance.start_month": "2027-05"})

    assert beginning_with(PRESETS["support-bot"].scenario, first).finance.start_month == "2027-05"
    assert beginning_with(FIRST, first) is FIRST


BROKEN = {
    "a list": ([], "its content cannot be read"),
    "no values": ({"k": "pin"}, "its content cannot be read"),
    "values as a list": ({"d": [1]}, "its content cannot be read"),
    "unknown field": ({"f": "a", "p": DEFAULT_PRESET, "d": {"rag.nothing": 1}}, "rag.nothing: there is no such field"),
    "out of limits": ({"f": "a", "p": None, "d": {"workload.query_tokens": -1}}, "workload.query_tokens: -1"),
    "not a number": ({"f": "a", "p": None, "d": {"workload.query_tokens": float("nan")}}, "workload.query_tokens"),
    "unknown preset": ({"f": "p", "p": "no-such", "d": {}}, "'no-such' is not known here"),
    "preset of the wrong type": ({"f": "a", "p": {"a": 1}, "d": {}}, "preset"),
    "prices of nowhere": ({"f": "a", "p": None, "d": {"price_edits": [[0, 1]]}}, "price_edits: its content"),
    "prices backwards": ({"f": "a", "p": None, "d": {"price_edits": [[1, 0]]}}, "price_edits: its content"),
    "prices as words": ({"f": "a", "p": None, "d": {"price_edits": [["0", "1"]]}}, "price_edits: its content"),
    "prices as a text": ({"f": "a", "p": None, "d": {"price_edits": "all"}}, "price_edits"),
    "made with nothing": ({"f": "a", "p": None, "d": {}, "m": ["<script>"]}, "what it was made with"),
    "made with a number": ({"f": "a", "p": None, "d": {}, "m": 7}, "what it was made with"),
}


@pytest.mark.parametrize(("content", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_one_is_refused_with_its_place(content, words):
    with pytest.raises(ScenarioError) as refused:
        unpacked(content, FIRST)

    assert all(problem.startswith("the scenario to compare with") for problem in refused.value.problems)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", ["<b>", None, 7, ["pin"], {"a": 1}])
def test_an_unknown_way_of_choosing_is_a_link(kind):
    assert unpacked({"k": kind, "f": "a", "p": DEFAULT_PRESET, "d": {}}, FIRST).kind == "link"


def test_a_link_without_one_says_nothing():
    assert link.other_of(link.encoded(FIRST)) is None
