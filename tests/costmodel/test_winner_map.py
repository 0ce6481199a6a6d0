"""The winner map: the real model at every cell, borders where totals are equal, and steps of the lead."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.crossover import crossovers
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.winner_map import Axis, WinnerMap, axis, winner_map
from pricing.catalog import load_book

VOLUME, UPDATES, TOP_K = "workload.queries_per_month", "corpus.updates_per_month", "rag.top_k"
SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))


def mapped(cells: int = 24) -> WinnerMap:
    x = axis(SCENARIO, VOLUME, 10_000, 1_000_000, cells)
    y = axis(SCENARIO, UPDATES, 0.5, 30, cells - 3, log=True)
    return winner_map(SCENARIO, load_book(), x, y, ("rag", "fine_tuning", "hybrid"))


def typed_in(rag: list[list[float]], tuned: list[list[float]], too_close: float = 0.05) -> WinnerMap:
    """A map of totals typed in, over the places 0, 1, 2 ... of both axes."""
    rows, columns = np.shape(rag)
    x = Axis(VOLUME, tuple(float(each) for each in range(columns)), False)
    y = Axis(UPDATES, tuple(float(each) for each in range(rows)), False)
    usd = {"rag": np.array(rag, dtype=float), "fine_tuning": np.array(tuned, dtype=float)}
    return WinnerMap(x, y, ("rag", "fine_tuning"), (0.0, 0.0), usd, too_close)


@given(st.integers(0, 23), st.integers(0, 20))
@settings(max_examples=12)
def test_a_cell_holds_the_totals_of_its_own_scenario(column, row):
    found = mapped()
    values = {VOLUME: found.x.values[column], UPDATES: found.y.values[row]}
    run = run_scenario(changed(SCENARIO, values), load_book())

    for key, answer in run.answers.items():
        assert found.usd[key][row, column] == pytest.approx(answer.tco_usd, rel=1e-12)
    assert found.eligible[found.winner[row, column]] == run.cheapest


def test_the_border_lies_where_the_crossover_is():
    found = mapped(64)
    at_4 = changed(SCENARIO, {UPDATES: 4})
    (pair,) = [
        each for each in crossovers(at_4, load_book(), VOLUME).pairs if (each.a, each.b) == ("rag", "fine_tuning")
    ]
    (border,) = found.borders()
    crossed_at = np.interp(found.y.place(4), border[:, 1], border[:, 0])

    # A cell is 1/63 of the axis wide; between two cells the border is a straight line.
    assert crossed_at == pytest.approx(found.x.place(pair.roots[0].value), abs=1 / 63)


def test_straight_totals_cross_where_algebra_says():
    # RAG costs 100 x, fine-tuning 150: equal at x = 1.5, whatever y.
    found = typed_in([[0, 100, 200, 300]] * 3, [[150] * 4] * 3)
    (border,) = found.borders()

    assert found.winner.tolist() == [[0, 0, 1, 1]] * 3
    assert border[:, 0] == pytest.approx([0.5, 0.5, 0.5])  # 1.5 of 0 to 3
    assert sorted(border[:, 1]) == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize(
    ("dearer", "step"),
    [(1.0, 0), (100 / 95, 0), (100 / 94.9, 1), (100 / 85.1, 1), (100 / 84.9, 2), (100 / 60.1, 2), (100 / 59.9, 3)],
)
def test_a_lead_of_5_15_and_40_percent_makes_the_colour_deeper(dearer, step):
    found = typed_in([[100, 100]] * 2, [[100 * dearer] * 2] * 2)

    assert (found.step == step).all()


def test_a_wide_band_of_too_close_leaves_out_the_steps_inside_it():
    found = typed_in([[75, 70, 50]] * 2, [[100] * 3] * 2, too_close=0.25)

    # Leads of 25, 30 and 50%: within the band, above it, above 40%.
    assert found.step.tolist() == [[0, 2, 3]] * 2


def test_a_missing_total_is_never_the_cheapest():
    found = typed_in([[np.nan, 100]] * 2, [[300, 300]] * 2)

    assert found.winner.tolist() == [[1, 0]] * 2
    assert found.step.tolist() == [[3, 3]] * 2


def test_level_totals_are_too_close_to_call():
    found = typed_in([[0, 0]] * 2, [[0, 0]] * 2)

    assert found.tied_share == 1


def test_the_name_stands_inside_its_area():
    found = mapped(40)
    for number, key in enumerate(found.eligible):
        middle = found.middle_of(key)
        if middle is None:
            assert found.share_of(key) == 0
            continue
        column, row = (
            int(np.argmin(abs(each.places - at))) for each, at in zip((found.x, found.y), middle, strict=True)
        )
        assert found.winner[row, column] == number


def test_one_architecture_alone_is_cheapest_everywhere_without_a_border():
    whole = mapped(12)
    found = WinnerMap(whole.x, whole.y, ("hybrid",), whole.here, whole.usd, 0.05)

    assert (found.winner == 0).all()
    assert (found.step == 3).all()
    assert found.borders() == []


def test_an_axis_takes_both_ends_and_goes_by_the_logarithm_when_it_is_wide():
    found = axis(SCENARIO, VOLUME, 1_000, 100_000, 3)

    assert found.values == pytest.approx((1_000, 10_000, 100_000))
    assert found.place(10_000) == pytest.approx(0.5)
    assert found.place(1e-311) == pytest.approx(-157)
    assert axis(SCENARIO, VOLUME, 1_000, 50_000, 3).log is True
    assert axis(SCENARIO, VOLUME, 1_001, 50_000, 3).log is False


def test_an_axis_in_whole_numbers_has_whole_values_only():
    assert axis(SCENARIO, TOP_K, 1, 6, 64).values == (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("path", "low", "high", "cells", "words"),
    [
        (VOLUME, 5, 5, 9, "the range 5 to 5 holds nothing"),
        (VOLUME, -5, 5, 9, VOLUME),
        (VOLUME, 1, 5, 1, "1 cells along an axis; give 2 to 200"),
        (VOLUME, 1, 5, 201, "201 cells along an axis; give 2 to 200"),
        ("rag.model", 1, 5, 9, "a map takes a number of the scenario"),
        ("rag.nonsense", 1, 5, 9, "a map takes a number of the scenario"),
    ],
)
def test_a_bad_axis_is_refused_with_its_place_and_limit(path, low, high, cells, words):
    with pytest.raises(ScenarioError, match=words):
        axis(SCENARIO, path, low, high, cells)


def test_a_logarithmic_axis_from_zero_is_refused():
    with pytest.raises(ScenarioError, match="a logarithmic range begins above 0"):
        axis(SCENARIO, UPDATES, 0, 30, log=True)


def test_the_same_driver_twice_is_refused():
    one = axis(SCENARIO, VOLUME, 1_000, 5_000)
    with pytest.raises(ScenarioError, match="on both axes; choose two drivers"):
        winner_map(SCENARIO, load_book(), one, one, ("rag",))
