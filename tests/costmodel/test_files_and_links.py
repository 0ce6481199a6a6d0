"""Scenario files and links: what is written reads back the same, and what is broken is refused with its place."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel import MODEL_VERSION, files, link
from costmodel.changes import ScenarioError, changed, resolved
from costmodel.made_with import MadeWith, made_with
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS, FORMAT_VERSION, Scenario
from pricing.book import PriceEdit
from pricing.catalog import book_id, load_book

PRESET = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 1))
EDIT = PriceEdit(provider="acme", item="base", meter="input", unit="1M tokens", price_usd=1.8, reason="our contract")
FULL = changed(
    PRESET,
    {
        "name": "Überblick „Q4“ 🚀\nsecond line",
        "workload.queries_by_month": [10.0, 20.5],
        "rag.switched_off": ["rerank", "contingency"],
        "finance.compared": ["fine_tuning", "rag"],
        "finance.discount_share.openai": 0.125,
        "requirements.citations": False,
        "extra_costs": [
            {
                "architecture": "rag",
                "component": "licence",
                "phase": "one_time",
                "months": [0, 0],
                "usd": -5.5,
                "note": "x",
            }
        ],
        "price_edits": [EDIT.model_dump()],
        "uncertainty": {"workload.query_tokens": {"low": 1.0, "likely": 2.0, "high": 3.0, "distribution": "uniform"}},
        "rank_correlations": [["workload.query_tokens", "workload.output_tokens", 0.5]],
    },
)


def refused(text: str) -> str:
    """What is said about the text of a file."""
    with pytest.raises(ScenarioError) as error:
        files.read(text, "plan.json")
    return str(error.value)


# Files


@pytest.mark.parametrize(
    "scenario",
    [Scenario(), PRESET, FULL, *(preset.scenario for preset in PRESETS.values())],
    ids=["neutral", "resolved", "full", *PRESETS],
)
def test_a_written_scenario_reads_back_the_same(scenario):
    assert files.read(files.written(scenario), "plan.json") == scenario


def test_a_written_file_is_complete_and_readable_by_people():
    text = files.written(FULL)

    data = json.loads(text)
    assert set(data) == set(Scenario.model_fields)
    assert (data["format_version"], data["model_version"]) == (FORMAT_VERSION, MODEL_VERSION)
    assert "Überblick „Q4“ 🚀" in text


def test_fields_that_a_file_does_not_name_keep_the_preset_s_value():
    scenario = files.read(json.dumps({"preset": "support-bot", "workload": {"query_tokens": 99}}), "plan.json")

    base = PRESETS["support-bot"].scenario
    assert scenario == changed(base, {"workload.query_tokens": 99})


def test_without_a_preset_they_keep_the_neutral_value():
    scenario = files.read('{"workload": {"query_tokens": 99}}', "plan.json")

    assert scenario == changed(Scenario(), {"workload.query_tokens": 99})


def test_a_list_in_a_file_replaces_the_preset_s():
    scenario = files.read('{"preset": "support-bot", "finance": {"compared": ["rag"]}}', "plan.json")

    assert scenario.finance.compared == ("rag",)


def test_the_example_of_the_documentation_reads():
    scenario = files.read(
        """{"format_version": 1, "model_version": "1.0.0", "name": "Two arms, tokens only", "preset": null,
        "finance": {"start_month": "2026-11", "horizon_months": 24, "price_drift_annual": {"labour": 0},
                    "already_built": ["rag"]},
        "workload": {"queries_per_month": 1000000, "query_tokens": 800, "output_tokens": 300},
        "corpus": {"documents": 1000, "tokens_per_document": 2200, "chunk_tokens": 2200},
        "rag": {"model": "acme/base-8k", "top_k": 1,
                "switched_off": ["corpus_embedding", "query_embedding", "vector_storage"]},
        "fine_tuning": {"model": "acme/tuned-8k", "hosting": "serverless", "experiment_runs": 0},
        "guardrail": null,
        "extra_costs": [{"architecture": ["rag", "hybrid"], "component": "vector_flat", "phase": "recurring",
                         "months": [1, 24], "usd_per_month": 26, "note": "quoted"}],
        "uncertainty": {"workload.queries_per_month": {"low": 500000, "likely": 1000000, "high": 3000000,
                                                       "distribution": "pert"},
                        "price:acme/base-8k:input": {"low": 1, "likely": 2, "high": 2}},
        "price_edits": [{"provider": "acme", "item": "base-8k", "meter": "input", "unit": "1M tokens",
                         "price_usd": 1.8, "reason": "our contract"}]}""",
        "plan.json",
    )

    assert (scenario.workload.queries_per_month, scenario.price_edits[0].price_usd) == (1_000_000, 1.8)


def test_the_model_version_of_a_file_is_this_one_after_reading():
    scenario = files.read('{"model_version": "0.1.0"}', "plan.json")

    assert scenario.model_version == MODEL_VERSION


@pytest.mark.parametrize("version", [0, 2, "1", None, True, [], {}], ids=repr)
def test_another_format_version_is_refused_with_the_one_that_is_read(version):
    said = refused(json.dumps({"format_version": version}))

    assert said.startswith("plan.json, format_version: ")
    assert f"reads {FORMAT_VERSION}" in said


@pytest.mark.parametrize("version", ["1", "1.0"])
def test_the_format_version_may_be_written_with_a_point(version):
    assert files.read(f'{{"format_version": {version}}}', "plan.json") == Scenario()


@pytest.mark.parametrize("preset", ["nonsense", "", 5, [], {}, ["support-bot"], True], ids=repr)
def test_a_preset_that_does_not_exist_is_refused_with_the_list(preset):
    said = refused(json.dumps({"preset": preset}))

    assert said.startswith("plan.json, preset: ")
    assert all(known in said for known in PRESETS)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"name": }', 1, 10),
        ('{"name": "a",\n  "rag": {]}', 2, 11),
        ("", 1, 1),
        ('{"a": 1} x', 1, 10),
        ("{'a': 1}", 1, 2),
    ],
)
def test_broken_json_is_refused_with_its_line_and_column(text, line, column):
    said = refused(text)

    assert said.startswith(f"plan.json line {line}, column {column}: ")


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_know_is_refused(constant):
    said = refused(f'{{"workload": {{"query_tokens": {constant}}}}}')

    assert said == f"plan.json: {constant} is not a number that JSON knows"


def test_a_number_too_large_for_the_machine_is_refused_at_its_field():
    said = refused('{"workload": {"query_tokens": 1e999}}')

    assert said.startswith("plan.json, workload.query_tokens: ")
    assert "0 to 1,000,000 tokens" in said


def test_a_number_of_thousands_of_digits_is_refused():
    said = refused(f'{{"workload": {{"query_tokens": {"9" * 5_000}}}}}')

    assert said.startswith("plan.json")


@pytest.mark.parametrize("text", ["[]", "null", "1", '"text"', "true"])
def test_something_else_than_an_object_is_refused_without_the_words_of_a_programmer(text):
    said = refused(text)

    assert said.startswith("plan.json: ")
    assert not any(word in said for word in ("NoneType", "int;", "str;", "bool;"))


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening):
    said = refused(opening * 100_000)

    assert said == "plan.json: nested too deeply to be a scenario file"


def test_nesting_that_json_can_read_is_refused_at_the_first_unknown_field():
    said = refused('{"preset": "support-bot", "rag": ' + '{"a": ' * 500 + "1" + "}" * 501)

    assert said.startswith("plan.json, rag.a: there is no such field")


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (1, False)])
def test_a_file_of_two_megabytes_is_the_largest(spare, fits):
    text = '{"preset": null}'
    text += " " * (files.MAX_BYTES - len(text) + spare)

    if fits:
        assert files.read(text, "plan.json") == Scenario()
    else:
        assert refused(text) == "plan.json: larger than 2 MB, the limit of a scenario file"


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"preset": "\\ud800"}',
        '{"format_version": "\\ud800"}',
        '{"rag": {"model": "acme/\\ud800"}}',
        '{"finance": {"discount_share": {"\\ud800": 0.1}}}',
    ],
)
def test_half_a_character_is_refused_in_words_that_can_be_shown(text):
    said = refused(text)

    assert said.startswith("plan.json, ")
    assert said.encode().decode() == said


def test_every_problem_of_a_file_names_the_file():
    said = refused('{"workload": {"query_tokens": -1, "output_tokens": "x"}}')

    assert said.count("plan.json, workload.") == 2


# Files that say what they were made with

MADE = made_with(run_scenario(PRESET, load_book()))


def test_a_file_written_with_the_book_says_book_model_totals_and_rows():
    data = json.loads(files.written(PRESET, load_book()))

    assert set(data) == {*Scenario.model_fields, "made_with", "prices"}
    assert data["made_with"] == {
        "price_book": book_id(),
        "model_version": MODEL_VERSION,
        "totals_usd": {
            key: round(answer.tco_usd, 2) for key, answer in run_scenario(PRESET, load_book()).answers.items()
        },
    }
    used = {row.price_id for row in run_scenario(PRESET, load_book()).rows_in_use}
    assert used <= {row["price_id"] for row in data["prices"]}
    assert all("source" in row for row in data["prices"])


@pytest.mark.parametrize("preset", PRESETS)
def test_such_a_file_reads_back_with_every_row_as_it_was(preset):
    scenario = resolved(PRESETS[preset].scenario, date(2026, 11, 1))

    found = files.opened(files.written(scenario, load_book()), "plan.json")
    assert found.scenario == scenario
    assert found.made == made_with(run_scenario(scenario, load_book()))
    for row in found.prices:
        assert row.origin == "scenario file plan.json"
        (listed,) = (each for each in load_book().plan(row.ref).rows if each.key == row.key)
        assert row.model_dump(exclude={"origin", "line"}) == listed.model_dump(exclude={"origin", "line"})


def test_read_gives_the_scenario_of_such_a_file_alone():
    assert files.read(files.written(PRESET, load_book()), "plan.json") == PRESET


def test_a_file_without_them_says_nothing():
    assert files.opened(files.written(PRESET), "plan.json") == files.ScenarioFile(PRESET, None, ())


ROW = {"provider": "acme", "item": "base", "meter": "input", "unit": "1M tokens", "price_usd": 2}
THEN = {"price_book": "genai-prices-0.2.2+00", "model_version": "1.0.0", "totals_usd": {"rag": 1.5, "hybrid": None}}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"made_with": 5}, "made_with: is not an object {...}"),
        ({"made_with": []}, "made_with: is not an object {...}"),
        ({"made_with": {}}, "made_with: price_book: is not a name"),
        ({"made_with": {**THEN, "price_book": "<script>"}}, "made_with: price_book: is not a name of letters, digits"),
        ({"made_with": {**THEN, "price_book": "x" * 81}}, "made_with: price_book: is not a name"),
        ({"made_with": {**THEN, "model_version": 1.1}}, "made_with: model_version: is not a name"),
        ({"made_with": {**THEN, "totals_usd": []}}, "made_with: totals_usd: is not an object {...}"),
        ({"made_with": {**THEN, "totals_usd": {"other": 1}}}, "made_with: totals_usd: 'other' is not one of rag, "),
        ({"made_with": {**THEN, "totals_usd": {"rag": "1"}}}, "made_with: totals_usd.rag: is not an amount in USD"),
        ({"made_with": {**THEN, "totals_usd": {"rag": True}}}, "made_with: totals_usd.rag: is not an amount in USD"),
        ({"prices": 5}, "prices: is not a list [...]"),
        ({"prices": None}, "prices: is not a list [...]"),
        ({"prices": {}}, "prices: is not a list [...]"),
        ({"prices": [5]}, "prices.0: is not a price row {...}"),
        (
            {"prices": [ROW, {**ROW, "price_usd": -1}]},
            "prices.1: price_usd: -1 is out of limits; use 0 to 1,000,000,000 USD",
        ),
        ({"prices": [{**ROW, "unit": "bushel"}]}, "prices.0: unit: 'bushel' is not a unit of input"),
        ({"prices": [{**ROW, "origin": "genai-prices 0.2.3"}]}, "prices.0: 'origin' is not a column"),
        ({"prices": [{**ROW, "note": ["x" * 1_000_000]}]}, "prices.0: note: ['xxx"),
        ({"prices": [ROW, ROW]}, "prices: acme/base:input without effective_from is given twice"),
        ({"prices": [{}] * 5_001}, "prices: 5,001 rows, 5,000 are the limit of a scenario file"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_such_a_file_says_wrongly_is_refused_at_its_place(extra, words):
    said = refused(json.dumps(extra))

    assert said.startswith(f"plan.json, {words}")
    assert len(said) < 500


def test_totals_too_large_for_the_machine_are_refused():
    said = refused('{"made_with": {"price_book": "a", "model_version": "b", "totals_usd": {"rag": 1e999}}}')

    assert said == "plan.json, made_with: totals_usd.rag: is not an amount in USD, or null"


# Links

FREE = sorted(path for path, field in FIELDS.items() if field.numeric and field.group not in ("corpus", "requirements"))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A preset with random numbers in random fields, and now and then a name, a discount, a typed-in cost."""
    base = resolved(
        draw(st.sampled_from([Scenario(), *(preset.scenario for preset in PRESETS.values())])), date(2026, 11, 1)
    )
    values: dict[str, Any] = {}
    for path in draw(st.lists(st.sampled_from(FREE), max_size=8, unique=True)):
        field = FIELDS[path]
        low, high = field.low, field.high
        number = st.integers(int(low), int(high)) if field.kind == "whole" else st.floats(low, high)
        values[path] = draw(st.none() | number if field.nullable else number)
    if draw(st.booleans()):
        values["name"] = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
    if draw(st.booleans()):
        values["finance.discount_share.openai"] = draw(st.floats(0, 1))
    if draw(st.booleans()):
        usd = draw(st.floats(-1e6, 1e6))
        values["extra_costs"] = [
            {"architecture": "rag", "component": "licence", "phase": "event", "months": [1, 3], "usd": usd}
        ]
    return changed(base, values)


@given(scenarios())
def test_a_link_restores_the_scenario(scenario):
    assert link.decoded(link.encoded(scenario)) == (scenario, {})


@given(scenarios())
def test_a_link_is_one_word_of_an_address(scenario):
    word = link.encoded(scenario)

    assert all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in word)


def test_a_link_carries_everything_a_file_does():
    assert link.decoded(link.encoded(FULL)) == (FULL, {})


def test_a_link_carries_the_view():
    scenario, view = link.decoded(link.encoded(PRESET, {"page": "overview", "present": "1"}))

    assert (scenario, view) == (PRESET, {"page": "overview", "present": "1"})


def test_a_link_says_what_it_was_made_with():
    word = link.encoded(PRESET, {"value": "present"}, MADE)

    assert link.made_with(word) == MADE
    assert link.decoded(word) == (PRESET, {"value": "present"})
    assert len(word) < 300


def test_a_link_of_before_says_nothing_and_opens():
    assert link.made_with(link.encoded(PRESET)) is None
    assert link.encoded(PRESET, {}) == link.encoded(PRESET, {}, None)


@given(
    st.dictionaries(
        st.sampled_from(["rag", "fine_tuning", "hybrid", "prompting"]),
        st.none() | st.floats(-1e15, 1e15).map(lambda usd: round(usd, 2)),
    )
)
def test_any_totals_travel_in_a_link(totals):
    made = MadeWith("genai-prices-0.2.3+0a1b", "1.1.0", totals)

    assert link.made_with(link.encoded(FULL, None, made)) == made


@pytest.mark.parametrize(
    "made",
    [
        5,
        "abc",
        [],
        {},
        ["a", "b"],
        ["a", "b", {}, 1],
        ["<b>", "b", {}],
        ["a", None, {}],
        ["a", "b", []],
        ["a", "b", {"rag": "x"}],
        ["a", "b", {"other": 1}],
        {"a": 1, "b": 2, "c": 3},
    ],
    ids=json.dumps,
)
def test_a_link_that_says_it_wrongly_is_refused(made):
    word = word_of({"p": None, "d": {}, "m": made})

    with pytest.raises(ScenarioError, match="the link does not say properly what it was made with"):
        link.made_with(word)


def test_a_damaged_link_is_refused_alike():
    with pytest.raises(ScenarioError, match="copy it again, in full"):
        link.made_with(link.encoded(PRESET, None, MADE)[:-3])


def test_a_link_keeps_its_build_month():
    scenario, _ = link.decoded(link.encoded(PRESET))

    assert scenario.finance.start_month == "2026-11"


def test_a_link_to_an_unchanged_preset_is_short():
    assert len(link.encoded(PRESET)) < 120


def word_of(content: Any, *, mode: str = "j", checksum: str | None = None, version: str = "1") -> str:
    """A link made by hand."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    packed = zlib.compress(raw) if mode == "z" else raw
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return f"{version}.{checksum or format(zlib.crc32(raw), '08x')}.{mode}{text}"


def link_refused(word: str) -> str:
    with pytest.raises(ScenarioError) as error:
        link.decoded(word)
    return str(error.value)


def test_a_link_made_by_hand_to_this_pattern_is_read():
    scenario, _ = link.decoded(word_of({"p": None, "d": {"workload.query_tokens": 5}}))

    assert scenario.workload.query_tokens == 5


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_link_that_was_cut_off_is_refused(cut):
    said = link_refused(link.encoded(FULL)[:-cut])

    assert "copy it again, in full" in said


@given(st.integers(0, 10_000), st.sampled_from("abAB01-_."))
def test_a_link_with_a_changed_letter_is_refused_or_the_same(place, letter):
    word = link.encoded(FULL)
    place %= len(word)
    damaged = word[:place] + letter + word[place + 1 :]

    try:
        found = link.decoded(damaged)
    except ScenarioError:
        found = None

    assert found in (None, (FULL, {}))


def test_a_link_with_a_wrong_checksum_is_refused():
    said = link_refused(word_of({"p": None, "d": {}}, checksum="00000000"))

    assert said == "the link is damaged (its checksum does not fit); copy it again, in full"


@pytest.mark.parametrize(("characters", "read"), [(8_000, True), (8_001, False)])
def test_a_link_has_at_most_8000_characters(characters, read):
    word = "1.00000000.j".ljust(characters, "A")

    said = link_refused(word)

    assert said.startswith("the link has 8,001 characters") == (not read)


def test_a_link_that_unpacks_to_far_more_than_it_shows_is_refused():
    said = link_refused(word_of(b" " * 5_000_000, mode="z"))

    assert "copy it again, in full" in said


@pytest.mark.parametrize(
    "word", ["", "1", "1.", "1..", "2.00000000.jAAAA", "hello", "https://example.org/?s=1", "🚀", "1.\0.j"]
)
def test_what_is_no_link_is_refused_in_words(word):
    said = link_refused(word)

    assert said.startswith("the link ")


@pytest.mark.parametrize(
    "content", [[], None, 5, {}, {"d": []}, {"d": None}, {"p": None}, b"{", b"\xff", b"[" * 3_000], ids=repr
)
def test_a_sound_link_without_a_scenario_is_refused(content):
    said = link_refused(word_of(content))

    assert said.startswith("the link ")


@pytest.mark.parametrize(
    "content",
    [
        {"p": "nonsense", "d": {}},
        {"p": [], "d": {}},
        {"p": None, "d": {"workload.query_tokens": -1}},
        {"p": None, "d": {"workload.nothing": 1}},
        {"p": None, "d": {"workload.query_tokens": "5"}},
        {"p": None, "d": {"price:acme/base:input": 1}},
        {"p": None, "d": {"name": "\ud800"}},
        {"p": None, "d": {"requirements": 5, "requirements.gap": "both"}},
        {"p": None, "d": {"finance.discount_share": 5, "finance.discount_share.acme": 0.1}},
        {"p": None, "d": {"price_edits": 5, "price:acme/base:input": 1}},
        {"p": None, "d": {"extra_costs": "x"}},
        {"p": None, "d": {"": 1}},
    ],
    ids=lambda content: json.dumps(content)[:60],
)
def test_a_sound_link_with_a_broken_scenario_is_refused(content):
    said = link_refused(word_of(content))

    assert said.encode()


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text):
    with pytest.raises(ScenarioError):
        link.decoded(text)
