"""Scenario and results as JSON: the app opens the file, and a program finds the totals of the screen in it."""

from __future__ import annotations

import json

import jsonschema
import pytest

from costmodel import files
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report.answers_json import scenario_and_results
from tests.report.memo_made import HOSTILE, LONG, SERVER, imprint_of

PLAIN = imprint_of()
TEXT = scenario_and_results(PLAIN)
FILE = json.loads(TEXT)
ANSWERS = FILE["made_with"]["answers"]
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}


def answers(found):
    return json.loads(scenario_and_results(found))["made_with"]["answers"]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_file_opens_as_a_scenario_file_with_the_same_totals(preset):
    found = imprint_of(preset=preset)
    opened = files.opened(scenario_and_results(found), "answers.json")
    again = run_scenario(opened.scenario, load_book())

    assert opened.scenario == found.run.scenario
    assert {key: each.tco_usd for key, each in again.answers.items()} == {
        key: each.tco_usd for key, each in found.run.answers.items()
    }
    assert opened.made is not None
    assert opened.made.price_book == found.price_book


def test_the_file_follows_the_published_schema_of_scenario_files():
    jsonschema.validate(FILE, files.schema())


def test_typed_in_prices_come_back_as_edits_of_the_book_they_were_made_on():
    found = imprint_of({"price_edits": [EDIT]})
    opened = files.opened(scenario_and_results(found), "answers.json")
    (row,) = [each for each in opened.prices if each.price_id == "openai/gpt-6.1-sol:input"]

    assert opened.scenario.price_edits == found.run.scenario.price_edits
    assert row.price_usd == 2.0
    assert [each["typed_in"] for each in answers(found)["prices_in_use"] if each["price_id"] == row.price_id] == [True]


@pytest.mark.parametrize("key", PLAIN.run.answers)
def test_totals_months_and_years_are_those_of_the_screen(key):
    answer, months = PLAIN.run.answers[key], ANSWERS["months"]["architectures"][key]
    total = ANSWERS["results"]["architectures"][key]["tco_usd"]

    assert total == answer.tco_usd
    assert sum(months["cost_usd"]) == pytest.approx(total)
    assert months["cumulative_usd"][-1] == pytest.approx(total)
    assert sum(ANSWERS["years"]["calendar_usd"][key].values()) == pytest.approx(total)
    assert sum(ANSWERS["years"]["fiscal_usd"][key].values()) == pytest.approx(total)
    assert sum(ANSWERS["years"]["calendar_present_value_usd"][key].values()) == pytest.approx(answer.present_value_usd)


def test_months_have_their_calendar_and_their_queries():
    months = ANSWERS["months"]

    assert months["month"] == list(range(25))
    assert months["date"][0] == "2026-11-01"
    assert months["queries"][0] == 0


def test_what_the_file_says_about_itself():
    about = ANSWERS["about"]

    assert about["model_version"] == PLAIN.model_version
    assert about["price_book"] == PLAIN.price_book
    assert about["date"] == "2026-11-14"
    assert about["link"] == f"{SERVER}/?{PLAIN.query}"
    assert about["conventions"]["time"].startswith("month 0 is the build")
    assert about["not_included"].startswith("taxes")
    assert about["verdict"].startswith("Over 24 months fine-tuning costs $100K")


def test_every_price_in_use_has_its_date_and_source():
    used = ANSWERS["prices_in_use"]

    assert [each["price_id"] for each in used] == [row.price_id for row in PLAIN.run.rows_in_use]
    assert all(each["source"] and each["as_of"] for each in used)


def test_a_missing_number_is_null_and_the_file_still_opens():
    found = imprint_of({"rag.model": None})
    content = scenario_and_results(found)

    assert "NaN" not in content
    assert answers(found)["results"]["architectures"]["rag"]["tco_usd"] is None
    assert None in answers(found)["months"]["architectures"]["rag"]["cost_usd"]
    assert files.opened(content, "answers.json").scenario == found.run.scenario


def test_the_same_result_is_the_same_text_and_ends_with_a_new_line():
    assert scenario_and_results(imprint_of()) == TEXT
    assert TEXT.endswith("}\n")


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_a_hostile_name_comes_back_as_it_was_typed(name):
    content = scenario_and_results(imprint_of({"name": name}))

    assert files.opened(content.encode().decode(), "answers.json").scenario.name == name
