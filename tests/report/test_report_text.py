"""The sentences of the Report page."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book
from report import report_text as words


def run_of(values):
    scenario = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))
    return run_scenario(changed(scenario, values), load_book())


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({}, "and on the preset as it is."),
        ({"rag.top_k": 4}, "and on 1 assumption that differs from the preset."),
        ({"rag.top_k": 4, "workload.queries_per_month": 5_000.0}, "and on 2 assumptions that differ from the preset."),
    ],
)
def test_the_lead_says_on_what_the_report_rests(values, changes):
    lead = words.lead(run_of(values), False)

    assert lead.startswith("The report rests on prices of 11 Aug 2026 to")
    assert changes in lead


def test_typed_in_prices_are_counted_with_the_prices_and_not_among_the_assumptions():
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    lead = words.lead(run_of({"price_edits": [edit]}), False)

    assert ", 1 typed in, and on the preset as it is." in lead


def test_a_scenario_of_no_preset_differs_from_the_defaults():
    scenario = Scenario(name="Ours", workload={"queries_per_month": 5_000.0})
    lead = words.lead(run_scenario(resolved(scenario, date(2026, 11, 21)), load_book()), False)

    assert lead.startswith("The report rests on no list prices and on 1 assumption that differs from the defaults.")


def test_the_lead_names_who_is_left_out():
    lead = words.lead(run_of({"fine_tuning.correct_share": 0.7, "quality.minimum_correct_share": 0.8}), False)

    assert lead.endswith("{Fine_tuning} is left out: 70% correct answers, 80% required.")


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (9, "All nine parts go in"),
        (8, "Eight of nine parts go in"),
        (1, "One of nine parts goes in"),
        (0, "No part goes in"),
    ],
)
def test_how_many_parts_go_in(chosen, sentence):
    assert words.contents_finding(chosen, 9) == sentence


@pytest.mark.parametrize(
    ("many", "charts", "sentence"),
    [
        (4, 0, "The memo: fewer than ten words"),
        (14, 0, "The memo: about 10 words"),
        (99, 0, "The memo: about 100 words"),
        (649, 1, "The memo: about 600 words and a chart"),
        (651, 2, "The memo: about 700 words and two charts"),
    ],
)
def test_how_long_the_memo_is(many, charts, sentence):
    assert words.preview_finding("word " * many, charts) == sentence


def test_marks_of_markdown_are_no_words():
    assert words.preview_finding("## " + "**ten** | --- | - $1.50 " * 5, 0) == "The memo: about 10 words"


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8501", "http://localhost:8501", "http://127.1.2.3", "http://[::1]:8501"]
)
def test_an_address_of_this_computer_opens_nowhere_else(base):
    assert words.links_to(base) == f"Links lead to {base}: only this computer opens them."


@pytest.mark.parametrize("base", ["https://plan.example", "http://127.example.org", "http://128.0.0.1:8501"])
def test_an_address_of_a_server_opens_for_who_reaches_it(base):
    assert words.links_to(base) == f"Links lead to {base}: who opens them has to reach that server."


def test_without_an_address_the_links_say_what_is_missing():
    assert "is not known" in words.links_to("")


def test_how_many_files_there_are():
    assert words.files_finding(8) == "Eight files, one ledger behind them all"


def test_what_a_file_holds_is_a_sentence():
    assert (words.file_line("All of it"), words.file_line("All of it.")) == ("All of it.", "All of it.")
