"""Ranges in words, and cells that are no range: each refusal says place, value, limit and way out."""

from __future__ import annotations

import re
from datetime import date

import pytest

from costmodel.changes import changed, resolved
from costmodel.presets import PRESETS
from costmodel.ranges import about, empty_fields, moved, suggested
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS, Range
from pricing.catalog import load_book
from report import ranges_text as words
from report.ranges_text import RangeRow

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
RUN = run_scenario(SCENARIO, load_book())
VOLUME, GROWTH, TOP_K, LABELS = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "rag.top_k",
    "fine_tuning.usd_per_example",
)
OUTPUT = "price:openai/gpt-6.1-sol:output"


def spread(low: float, likely: float, high: float, distribution: str = "pert") -> Range:
    return Range.model_validate({"low": low, "likely": likely, "high": high, "distribution": distribution})


def row(path: str, each: Range) -> RangeRow:
    return RangeRow(path, words.label(RUN, path), words.unit_of(RUN, path), each, "")


VOLUMES = row(VOLUME, spread(100_000, 200_000, 300_000))
GROWTHS = row(GROWTH, spread(0.01, 0.02, 0.03))


def test_names_and_units_of_fields_and_prices():
    assert [words.label(RUN, path) for path in (VOLUME, LABELS, OUTPUT)] == [
        "Queries per month",
        "Fine-tuning: cost of a label",
        "Price: gpt-6.1-sol, output",
    ]
    assert [words.unit_of(RUN, path) for path in (VOLUME, GROWTH, LABELS, OUTPUT)] == [
        "queries per month",
        "percent",
        "USD per example",
        "USD per 1M tokens",
    ]
    assert words.noun(OUTPUT) == "the output price of gpt-6.1-sol"


def test_percent_exists_on_screen_only():
    assert words.shown(GROWTH, 0.02) == 2
    assert words.held(GROWTH, 2.5) == 0.025
    assert words.entered(GROWTHS, {"High": 4}).high == 0.04


def test_cells_replace_what_they_name_and_leave_the_rest():
    found = words.entered(VOLUMES, {"Low": 120_000, "Distribution": "Triangular"})

    assert found == spread(120_000, 200_000, 300_000, "triangular")


@pytest.mark.parametrize(
    ("line", "cells", "said"),
    [
        (VOLUMES, {"Low": None}, "Queries per month, Low: empty is not a number; type 0 to 1,000,000,000"),
        (VOLUMES, {"Low": "abc"}, "Low: abc is not a number"),
        (VOLUMES, {"High": True}, "High: True is not a number"),
        (VOLUMES, {"High": float("inf")}, "High: inf is not a number"),
        (VOLUMES, {"Low": 250_000}, "low 250,000, likely 200,000, high 300,000 must not fall; raise the later ones"),
        (VOLUMES, {"Low": -1}, "-1 to 300,000 leaves its limits; type 0 to 1,000,000,000"),
        (VOLUMES, {"High": 1e12}, "leaves its limits; type 0 to 1,000,000,000"),
        (GROWTHS, {"High": 101}, "1 to 101 leaves its limits; type -50 to 100 percent"),
        (VOLUMES, {"Low": 0, "Distribution": "Lognormal"}, "a lognormal range begins above 0, not at 0; raise low"),
        (VOLUMES, {"Distribution": "Normal"}, "Normal is not one; choose PERT, Triangular, Uniform and Lognormal"),
    ],
)
def test_what_is_no_range_is_refused_with_the_way_out(line, cells, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        words.entered(line, cells)


@pytest.mark.parametrize(("cells", "fine"), [({"High": 1e9}, True), ({"High": 1e9 + 1}, False)])
def test_the_limit_itself_is_fine(cells, fine):
    if fine:
        assert words.entered(VOLUMES, cells).high == 1e9
    else:
        with pytest.raises(ValueError, match="leaves its limits"):
            words.entered(VOLUMES, cells)


def test_the_source_says_where_a_range_comes_from():
    known = suggested(RUN)

    assert "1-5 USD per example" in words.source(RUN, LABELS, known[LABELS].spread, known)
    assert words.source(RUN, TOP_K, about(SCENARIO, TOP_K, 0.2), known) == "±20% of the likely value"
    assert words.source(RUN, VOLUME, spread(1, 2, 4), known) == "yours; the scenario says 200K"
    assert words.source(RUN, VOLUME, spread(1, 200_000, 300_000), known) == "yours"


def test_ranges_that_do_not_follow_the_scenario_are_named_and_can_be_moved():
    run = run_scenario(changed(SCENARIO, {VOLUME: 400_000.0}), load_book())
    ranges = {VOLUME: VOLUMES.spread, GROWTH: GROWTHS.spread}

    assert words.astray(run, ranges) == [VOLUME]
    assert "queries per month" in words.astray_words(run, [VOLUME])
    assert moved(VOLUME, VOLUMES.spread, 400_000) == spread(200_000, 400_000, 600_000)
    assert moved(GROWTH, GROWTHS.spread, -0.02) == spread(-0.03, -0.02, -0.01)
    assert moved(GROWTH, spread(-0.01, 0, 0.01), 0.05) == spread(0.04, 0.05, 0.06)


def test_every_number_with_a_value_and_every_price_in_use_can_be_added():
    found = words.addable(RUN)

    assert {VOLUME, GROWTH, TOP_K, OUTPUT} <= set(found)
    assert "finance.budget_usd" not in found
    assert len(found) == len(set(found))
    narrower = run_scenario(changed(SCENARIO, {"uncertainty": {VOLUME: VOLUMES.spread.model_dump()}}), load_book())
    assert VOLUME not in words.addable(narrower)


def test_that_empty_fields_cannot_be_added_is_said_with_the_way_there():
    said = words.not_addable(RUN)

    assert said.startswith("Fields that are empty, such as Workload: most queries per month and ")
    assert said.endswith("are not in the list: a range needs a value to be about. Give them one first.")
    full = changed(SCENARIO, {path: 1.0 for path in empty_fields(SCENARIO) if FIELDS[path].kind == "number"})
    two = changed(full, {"hybrid.top_k": 3, "finance.budget_usd": None, "quality.minimum_correct_share": None})
    assert "Fields that are empty (Quality: required quality and Money: budget) are not in the list" in (
        words.not_addable(run_scenario(two, load_book()))
    )
    assert words.not_addable(run_scenario(changed(full, {"hybrid.top_k": 3}), load_book())) == ""


def test_a_range_of_a_field_that_was_emptied_is_said_to_have_nothing_to_vary():
    budget = {"finance.budget_usd": spread(1, 2, 4)}

    assert words.source(RUN, "finance.budget_usd", spread(1, 2, 4), {}) == words.EMPTY
    assert words.astray(RUN, budget) == []


def test_each_that_can_be_added_makes_a_scenario():
    ranges = {
        path: about(SCENARIO, path, 0.5, words.now(RUN, path)).model_dump()
        for path in words.addable(RUN)
        if not path.startswith("corpus.chunk")
    }

    assert len(changed(SCENARIO, {"uncertainty": ranges}).uncertainty) == len(ranges)


def test_the_caption_counts_and_says_whose_ranges_they_are():
    assert words.caption(6, 118, True, 0) == "6 of 118 assumptions vary; the rest are held at their value"
    assert "You set no range: these are suggested" in words.caption(6, 118, False, 0)
    assert words.caption(6, 118, True, 1).endswith("1 rank correlation, below the table")
    assert words.correlation(VOLUME, GROWTH, -0.5) == "queries per month with growth per month: \u22120.5"
