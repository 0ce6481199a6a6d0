"""Closed forms: straight totals say where they meet, bent ones say nothing."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import changed, resolved
from costmodel.closed_form import Line, straight_lines
from costmodel.crossover import crossovers
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
LABELS, UPDATES, TOP_K = "fine_tuning.usd_per_example", "corpus.updates_per_month", "rag.top_k"


def test_two_lines_meet_where_algebra_says():
    # 100 + 3 x = 400 + 1 x at x = 150.
    assert Line(100, 3).meets(Line(400, 1)) == 150
    assert Line(100, 3).at(150) == Line(400, 1).at(150) == 550
    assert Line(100, 3).meets(Line(400, 3)) is None


def test_a_straight_total_is_the_model_itself():
    found = crossovers(SCENARIO, load_book(), LABELS, 0, 30)
    lines = straight_lines(SCENARIO, load_book(), found)

    assert lines["rag"].usd_per_unit == 0
    for value in (0.0, 3.0, 17.3):
        run = run_scenario(changed(SCENARIO, {LABELS: value}), load_book())
        for key, line in lines.items():
            assert line.at(value) == pytest.approx(run.answers[key].tco_usd, rel=1e-9)


def test_the_closed_form_gives_the_crossing():
    found = crossovers(SCENARIO, load_book(), LABELS, 0, 30)
    lines = straight_lines(SCENARIO, load_book(), found)
    (pair,) = [each for each in found.pairs if (each.a, each.b) == ("rag", "fine_tuning")]

    assert lines["rag"].meets(lines["fine_tuning"]) == pytest.approx(pair.roots[0].value, rel=1e-9)


def test_in_present_value_the_closed_form_is_that_of_the_discounted_totals():
    scenario = changed(SCENARIO, {"finance.discount_rate_annual": 0.2})
    found = crossovers(scenario, load_book(), LABELS, 0, 30, present=True)
    lines = straight_lines(scenario, load_book(), found)
    run = run_scenario(changed(scenario, {LABELS: 17.3}), load_book())
    (pair,) = [each for each in found.pairs if (each.a, each.b) == ("rag", "fine_tuning")]

    for key, line in lines.items():
        assert line.at(17.3) == pytest.approx(run.answers[key].present_value_usd, rel=1e-9)
    assert lines["rag"].meets(lines["fine_tuning"]) == pytest.approx(pair.roots[0].value, rel=1e-9)


def test_a_bent_total_has_no_line():
    # Updates force retrainings, which come in whole numbers: fine-tuning's bill has steps, RAG's has none.
    found = crossovers(SCENARIO, load_book(), UPDATES)
    lines = straight_lines(SCENARIO, load_book(), found)

    assert "fine_tuning" not in lines
    assert "rag" in lines


def test_whole_numbers_are_tried_at_whole_values():
    found = crossovers(SCENARIO, load_book(), TOP_K, 1, 10)

    assert straight_lines(SCENARIO, load_book(), found)["fine_tuning"].usd_per_unit == 0
