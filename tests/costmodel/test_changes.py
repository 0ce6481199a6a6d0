"""New scenarios out of old ones: what changes, what counts as changed, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import (
    ScenarioError,
    changed,
    check_references,
    differing,
    limits,
    merged,
    parsed_setting,
    resolved,
    validated,
)
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import FIELDS, Scenario
from pricing.book import PriceBook
from pricing.catalog import parse_price_csv

PRESET = PRESETS[DEFAULT_PRESET].scenario
BOOK = PriceBook(
    parse_price_csv(
        "provider,item,meter,unit,price_usd,tier_from\n"
        "acme,base,input,1k tokens,0.002,\n"
        "acme,base,input,1k tokens,0.004,200000\n"
        "acme,base,output,1k tokens,0.008,\n",
        "acme.csv",
    )
)


def refused(values: dict, book: PriceBook | None = None) -> str:
    with pytest.raises(ScenarioError) as error:
        changed(Scenario(), values, book)
    return str(error.value)


# Changing


def test_a_change_makes_a_new_scenario_and_leaves_the_old_one():
    new = changed(PRESET, {"workload.query_tokens": 99})

    assert (new.workload.query_tokens, PRESET.workload.query_tokens) == (99, 70)


def test_no_change_is_the_same_scenario():
    assert changed(PRESET, {}) == PRESET


def test_several_values_are_changed_together_even_if_they_only_fit_together():
    new = changed(Scenario(), {"corpus.tokens_per_document": 650, "corpus.chunk_tokens": 512})

    assert (new.corpus.tokens_per_document, new.corpus.chunk_tokens) == (650, 512)


def test_one_wrong_value_refuses_all_of_them():
    said = refused({"workload.query_tokens": 5, "workload.output_tokens": -5})

    assert said == "workload.output_tokens: -5 is out of limits; use 0 to 1,000,000 tokens"


def test_an_unknown_path_is_refused_with_the_one_that_was_meant():
    said = refused({"fine_tuning.epoch": 3})

    assert said == "fine_tuning.epoch: there is no such field; did you mean fine_tuning.epochs?"


@pytest.mark.parametrize("path", ["", ".", "workload", "workload.", "rag.model.name", "__class__", "model_fields"])
def test_a_path_that_leads_to_no_field_is_refused(path):
    said = refused({path: 1})

    assert said.startswith(f"{path}: there is no such field")


def test_the_preset_a_scenario_came_from_cannot_be_relabelled():
    said = refused({"preset": "nonsense"})

    assert said.startswith("preset: ")


def test_a_question_of_fit_can_be_answered_where_none_was_asked_yet():
    new = changed(Scenario(), {"requirements.gap": "both"})

    assert new.requirements is not None
    assert new.requirements.gap == "both"


def test_withdrawing_the_only_answer_leaves_nothing_asked():
    asked = changed(Scenario(), {"requirements.gap": "both"})

    assert changed(asked, {"requirements.gap": None}) == Scenario()


def test_a_discount_is_set_by_provider():
    new = changed(Scenario(), {"finance.discount_share.acme": 0.25})

    assert new.finance.discount_share == {"acme": 0.25}


@pytest.mark.parametrize(("share", "fits"), [(0.0, True), (1.0, True), (1.01, False), (-0.01, False), ("0.1", False)])
def test_a_discount_is_a_share(share, fits):
    values = {"finance.discount_share.acme": share}

    if fits:
        assert changed(Scenario(), values).finance.discount_share["acme"] == share
    else:
        assert refused(values).startswith("finance.discount_share.acme: ")


@pytest.mark.parametrize(
    "values",
    [
        {"requirements": 5, "requirements.gap": "both"},
        {"finance.discount_share": 5, "finance.discount_share.acme": 0.1},
        {"price_edits": 5, "price:acme/base:input": 1.0},
        {"price_edits": [5], "price:acme/base:input": 1.0},
        {"price_edits": [{}], "price:acme/base:input": 1.0},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_value_put_into_something_that_is_no_group_is_refused(values):
    said = refused(values, BOOK)

    assert said.startswith(next(iter(values)))


# Prices


def test_a_price_is_set_for_every_month_in_the_unit_of_its_row():
    new = changed(Scenario(), {"price:acme/base:output": 0.5}, BOOK)

    (edit,) = new.price_edits
    assert (edit.price_id, edit.unit, edit.price_usd, edit.effective_from) == (
        "acme/base:output",
        "1k tokens",
        0.5,
        None,
    )


def test_the_price_of_a_tier_is_set_on_its_own():
    new = changed(Scenario(), {"price:acme/base:input@200000": 0.5}, BOOK)

    (edit,) = new.price_edits
    assert (edit.price_id, edit.tier_from) == ("acme/base:input@200000", 200_000)


def test_a_price_set_twice_is_edited_once():
    once = changed(Scenario(), {"price:acme/base:output": 0.5}, BOOK)
    again = changed(once, {"price:acme/base:output": 0.7, "price:acme/base:input": 0.1}, BOOK)

    assert {edit.price_id: edit.price_usd for edit in again.price_edits} == {
        "acme/base:output": 0.7,
        "acme/base:input": 0.1,
    }


@pytest.mark.parametrize("path", ["price:acme/base:cached_input", "price:acme/none:input", "price:", "price:acme"])
def test_a_price_that_the_book_does_not_have_is_refused(path):
    said = refused({path: 1.0}, BOOK)

    assert said == f"{path}: the price book has no such price; price ids read provider/item:meter"


@pytest.mark.parametrize("usd", [-0.01, 1e9 + 1, float("nan"), float("inf"), True, "1", None])
def test_a_price_is_a_number_within_reason(usd):
    said = refused({"price:acme/base:output": usd}, BOOK)

    assert said.startswith("price:acme/base:output: ")
    assert said.endswith("is not a price; use 0 to 1,000,000,000 USD per 1k tokens")


@pytest.mark.parametrize("usd", [0, 1e9])
def test_both_limits_of_a_price_are_allowed(usd):
    new = changed(Scenario(), {"price:acme/base:output": usd}, BOOK)

    assert new.price_edits[0].price_usd == usd


# Settings of the command line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=5", 5),
        ("a.b=0.5", 0.5),
        ("a.b=null", None),
        ("a.b=true", True),
        ('a.b=["rag"]', ["rag"]),
        ("a.b=acme/base", "acme/base"),
        ("a.b=2026-11", "2026-11"),
        ("a.b=", ""),
        ("a.b=x=y", "x=y"),
        (" a.b =5", 5),
    ],
)
def test_a_setting_is_read_as_json_or_else_as_text(text, value):
    assert parsed_setting(text) == ("a.b", value)


@pytest.mark.parametrize("text", ["", "a.b", "=5", "  =5"])
def test_a_setting_needs_a_path_and_an_equals_sign(text):
    with pytest.raises(ScenarioError, match=r"write it as path=value, for instance workload\.query_tokens=60"):
        parsed_setting(text)


@pytest.mark.parametrize("value", ["[" * 100_000, "9" * 5_000], ids=["deep", "long"])
def test_a_setting_that_json_cannot_hold_is_text_or_refused(value):
    try:
        found = parsed_setting(f"a.b={value}")
    except ScenarioError:
        found = None

    assert found in (None, ("a.b", value))


# The build month


def test_an_empty_build_month_becomes_the_month_of_the_day():
    scenario = resolved(Scenario(), date(2026, 11, 30))

    assert scenario.finance.start_month == "2026-11"


def test_a_build_month_that_is_set_stays():
    scenario = changed(Scenario(), {"finance.start_month": "2027-01"})

    assert resolved(scenario, date(2026, 11, 30)) == scenario


def test_a_resolved_build_month_is_not_counted_as_changed():
    assert differing(resolved(PRESET, date(2026, 11, 1)), PRESET) == {}


def test_another_build_month_than_the_one_that_was_set_is_a_change():
    base = changed(PRESET, {"finance.start_month": "2026-11"})
    new = changed(PRESET, {"finance.start_month": "2027-01"})

    assert differing(new, base) == {"finance.start_month": ("2026-11", "2027-01")}


# What differs


def test_a_difference_has_the_value_before_and_after():
    new = changed(PRESET, {"workload.query_tokens": 99.0, "rag.model": None})

    assert differing(new, PRESET) == {"workload.query_tokens": (70.0, 99.0), "rag.model": ("openai/gpt-6.1-sol", None)}


def test_the_same_value_typed_again_is_no_difference():
    new = changed(PRESET, {"workload.query_tokens": 70})

    assert differing(new, PRESET) == {}


def test_an_answered_question_differs_from_none():
    new = changed(PRESET, {"requirements.citations": True})

    assert differing(new, PRESET) == {"requirements.citations": (None, True)}


def test_typed_in_costs_and_edited_prices_differ():
    cost = {"architecture": "rag", "component": "licence", "phase": "event", "months": [1, 1], "usd": 5.0}
    new = changed(PRESET, {"extra_costs": [cost], "price:acme/base:output": 0.5}, BOOK)

    assert list(differing(new, PRESET)) == ["extra_costs", "price_edits"]


# Layers


def test_groups_are_merged_field_by_field():
    layered = merged({"a": {"x": 1, "y": {"z": 2}}, "b": 3}, {"a": {"y": {"w": 4}}})

    assert layered == {"a": {"x": 1, "y": {"z": 2, "w": 4}}, "b": 3}


@pytest.mark.parametrize(("old", "new"), [([1, 2], [3]), ({"x": 1}, None), (None, {"x": 1}), (1, 2)])
def test_everything_else_is_replaced(old, new):
    assert merged({"a": old}, {"a": new}) == {"a": new}


def test_ranges_are_replaced_as_a_whole():
    layered = merged({"uncertainty": {"a": {"low": 1}}}, {"uncertainty": {"b": {"low": 2}}})

    assert layered == {"uncertainty": {"b": {"low": 2}}}


def test_merging_leaves_both_layers_alone():
    base, over = {"a": {"x": 1}}, {"a": {"x": 2}}

    merged(base, over)

    assert (base, over) == ({"a": {"x": 1}}, {"a": {"x": 2}})


# References


@pytest.mark.parametrize("path", [path for path, field in FIELDS.items() if field.kind == "reference"])
def test_a_plan_that_the_book_does_not_have_is_refused_by_its_field(path):
    scenario = changed(Scenario(), {path: "acme/bas"})

    with pytest.raises(ScenarioError, match=rf"^{path}: 'acme/bas' is not in the price book; near it: acme/base"):
        check_references(scenario, BOOK)


def test_plans_that_the_book_has_are_fine():
    scenario = changed(Scenario(), {"rag.model": "acme/base"})

    check_references(scenario, BOOK)


def test_a_range_over_a_price_that_the_book_does_not_have_is_refused():
    spread = {"price:acme/none:input": {"low": 1.0, "likely": 1.0, "high": 1.0}}
    scenario = changed(Scenario(), {"uncertainty": spread})

    with pytest.raises(ScenarioError, match="acme/none:input"):
        check_references(scenario, BOOK)


# Words


def test_limits_in_words_have_separators_and_the_unit():
    assert limits(FIELDS["workload.query_tokens"]) == "0 to 1,000,000 tokens"


def test_limits_of_a_field_that_may_be_empty_say_so():
    assert limits(FIELDS["rag.output_tokens"]) == "0 to 1,000,000 tokens, or nothing"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("finance.compared=rag,fine_tuning", ["rag", "fine_tuning"]),
        ("finance.compared=rag", ["rag"]),
        ("workload.queries_by_month=1000,2000", [1000, 2000]),
        ("workload.queries_by_month=1000,many", [1000, "many"]),
        ('finance.compared=["rag"]', ["rag"]),
        ("name=one, two", "one, two"),
    ],
)
def test_a_list_may_be_set_as_words_between_commas(text, value):
    assert parsed_setting(text)[1] == value


def test_a_forecast_that_is_not_finite_names_the_month_and_the_way_out():
    with pytest.raises(ScenarioError) as refused:
        validated({"workload": {"queries_by_month": [1.0, float("inf")]}})

    assert refused.value.problems == ("workload.queries_by_month.1: Infinity is no amount; give a finite number",)
