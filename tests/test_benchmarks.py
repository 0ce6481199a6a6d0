"""The floors that speed is measured against do the model's own arithmetic, and the table says what was measured."""

from __future__ import annotations

import ast
import json
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from benchmarks import __main__ as command
from benchmarks import floor, measuring, recipe, tracks_share
from benchmarks.bare import capture
from benchmarks.measuring import Result, ratio, seconds, table, write
from benchmarks.plain import NUMBERS, default_scenario, plain, points, uncertain_scenario
from costmodel import ledger, simulate
from costmodel.changes import changed
from costmodel.fields import value_at
from costmodel.inputs import Inputs
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS
from costmodel.uncertainty import uncertainty
from costmodel.winner_map import axis, winner_map
from pricing.catalog import load_book

FOLDER = Path(floor.__file__).parent
BOOK = load_book()
FOLLOWED = [path for path in NUMBERS.values() if FIELDS[path].kind == "number"]
"""Numbers that the floor has to follow wherever they go, those that are 0 in the preset too."""
FROM_NOTHING = {
    "corpus.monthly_growth_share": 0.03,
    "rag.evaluation_queries_per_month": 500.0,
    "rag.reindex_every_months": 4.0,
    "rag.hosting_usd_per_month": 70.0,
    "fine_tuning.tokens_per_second_per_replica": 40.0,
    "hybrid.shared_build_share": 0.2,
}


def near(path: str, factor: float) -> float:
    """A number of the preset times a factor, within its limits; one that is 0 there is as large as the factor says."""
    field, now = FIELDS[path], float(value_at(default_scenario(), path)) or FROM_NOTHING.get(path, 0.0)
    return min(max(now * factor, field.low or 0.0), field.high or np.inf)


# The floors


@pytest.mark.parametrize("horizon", [12, 24, 36])
def test_the_floor_of_one_scenario_has_the_totals_of_the_model(horizon):
    scenario = default_scenario(**{"finance.horizon_months": horizon})
    totals = floor.totals(plain(scenario, BOOK))
    answers = run_scenario(scenario, BOOK).answers

    assert list(totals) == list(answers)
    assert totals == pytest.approx({key: answer.tco_usd for key, answer in answers.items()}, rel=1e-9)


@given(st.dictionaries(st.sampled_from(FOLLOWED), st.floats(0.5, 2.0), min_size=1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_floor_follows_its_numbers_anywhere(factors):
    scenario = default_scenario(**{path: near(path, factor) for path, factor in factors.items()})
    answers = run_scenario(scenario, BOOK).answers

    assert floor.totals(plain(scenario, BOOK)) == pytest.approx(
        {key: answer.tco_usd for key, answer in answers.items()}, rel=1e-9
    )


@pytest.mark.parametrize("values", [{}, FROM_NOTHING, {"workload.system_prompt_tokens": 280_000.0}])
def test_the_floor_of_many_draws_has_the_fan_and_the_chances_of_the_model(values):
    scenario = uncertain_scenario(**values)
    numbers = plain(scenario, BOOK)
    fan, cheapest, totals, regret = floor.fan(numbers, points(numbers, 256))
    found = uncertainty(scenario, BOOK, 256)

    assert len(numbers.drawn) == len(scenario.uncertainty) >= 20
    for at, key in enumerate(found.fan_usd):
        np.testing.assert_allclose(fan[at], found.fan_usd[key], rtol=1e-9)
        np.testing.assert_allclose(totals[at], found.totals_usd[key], rtol=1e-9)
        np.testing.assert_allclose(cheapest[at], found.cheapest_by_month[key], atol=1e-12)
        assert regret[at] == pytest.approx(found.expected_regret_usd[key], rel=1e-9)


@pytest.mark.parametrize("name", ["floor", "recipe"])
def test_a_floor_imports_numpy_and_nothing_else(name):
    module = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    found = [node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom)]

    assert [ast.unparse(node) for node in found] == ["import numpy as np"]


def test_the_recipe_gives_rising_bands_and_chances_by_architecture_and_month():
    bands, chances = recipe.fan(512, 37, 4)

    assert bands.shape == (4, 3, 37)
    assert (np.diff(bands, axis=1) > 0).all()
    assert (np.diff(bands, axis=2) > 0).all()
    assert chances.shape == (4, 37)
    np.testing.assert_allclose(chances.sum(axis=0), 1.0)


def test_a_scenario_that_the_floor_cannot_follow_is_refused():
    with pytest.raises(ValueError, match=r"hybrid\.kind: the floor knows only the default preset's"):
        plain(default_scenario(**{"hybrid.kind": "split"}), BOOK)


# What the figures count


def test_totals_build_no_ledger_and_asking_for_it_builds_one(monkeypatch):
    built: list[int] = []
    real = ledger.frame
    monkeypatch.setattr(ledger, "frame", lambda *asked: built.append(1) or real(*asked))
    run = run_scenario(default_scenario(), BOOK)
    assert all(answer.tco_usd > 0 for answer in run.answers.values())
    assert built == []

    run.ledger()
    assert built == [1]


def test_a_map_is_one_evaluation_however_many_cells_it_has(monkeypatch):
    made: list[int] = []
    monkeypatch.setattr(simulate, "Inputs", lambda *asked: made.append(1) or Inputs(*asked))
    scenario = default_scenario()
    x = axis(scenario, "workload.queries_per_month", 1_000, 1_000_000, 20)
    y = axis(scenario, "corpus.updates_per_month", 1, 30, 20)
    winner_map(scenario, BOOK, x, y, ("rag", "fine_tuning"))

    assert made == [1]


def test_the_ranges_measured_are_those_that_the_page_begins_with():
    scenario = uncertain_scenario()

    assert scenario.finance.horizon_months == 36
    assert changed(scenario, {"uncertainty": {}}) == default_scenario(**{"finance.horizon_months": 36})


# The bare page


def shown(app):
    """Every widget, headline and chart of a page by its kind, the bytes of its charts, and the data of its levers."""
    nodes, kinds = [app.main, app.sidebar], Counter()
    while nodes:
        node = nodes.pop()
        kinds[getattr(getattr(node, "proto", None), "component_name", "") or node.type] += 1
        nodes += getattr(node, "children", {}).values()
    charts = [
        (json.loads(each.proto.spec), [(table.name, bytes(table.data.data)) for table in each.proto.datasets])
        for each in app.get("vega_lite_chart")
    ]
    boxes = (*capture.LEFT_OUT, "main", "sidebar", "flex_container")
    return {kind: count for kind, count in kinds.items() if kind not in boxes}, charts, capture.levers(app)


def test_the_bare_page_has_the_widgets_and_the_bytes_of_the_overview(tmp_path, monkeypatch):
    file = capture.capture(tmp_path / "captured.json", positions=3)
    monkeypatch.setenv(capture.VARIABLE, str(file))
    bare = AppTest.from_file(str(FOLDER / "bare" / "page.py"), default_timeout=30).run()
    (widgets, charts, levers), ours = shown(bare), shown(capture.opened())

    assert not bare.exception
    assert widgets == ours[0]
    assert widgets["crossover_lever"] == len(levers) == 5
    assert charts == ours[1]
    assert len(charts) == capture.Capture.read(file).charts == 2
    assert levers == ours[2]


def test_a_capture_whose_charts_stay_the_same_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(capture, "_tables", lambda _: {})

    with pytest.raises(capture.CannotCapture, match="a chart is the same at"):
        capture.capture(tmp_path / "captured.json", positions=2)


def test_the_share_of_the_tracks_is_a_part_of_each_rerun(monkeypatch):
    monkeypatch.setattr(tracks_share, "RERUNS", 2)
    monkeypatch.setattr(tracks_share, "WARM_UP", 1)
    (share,) = tracks_share.results()

    assert 0 < share.value < 1


# The table


def test_a_figure_reaches_a_target_up_to_its_limit():
    most, least = Result("a", 5.0, 5.0), Result("b", 20.0, 20.0, most=False)

    assert (most.ok, most.target) == (True, "<= 5")
    assert (least.ok, least.target) == (True, ">= 20")
    assert not Result("a", 5.01, 5.0).ok
    assert not Result("b", 19.99, 20.0, most=False).ok


def test_the_file_holds_name_value_target_and_verdict_of_each_figure(tmp_path):
    file = tmp_path / "results.json"
    write([Result("one", 1.5, 2.0, note="3 ms"), Result("two", 1.5, 2.0, most=False)], file)

    assert json.loads(file.read_text(encoding="utf-8")) == [
        {"name": "one", "value": 1.5, "target": "<= 2", "ok": True},
        {"name": "two", "value": 1.5, "target": ">= 2", "ok": False},
    ]


def test_the_table_says_what_was_missed():
    lines = table([Result("one", 1.25, 2.0, note="3 ms"), Result("the other", 1_234.6, 2_000.0, most=False)]).split(
        "\n"
    )

    assert [line.split() for line in (lines[0], *lines[2:])] == [
        ["figure", "value", "target", "verdict", "measured"],
        ["one", "1.25", "<=", "2", "ok", "3", "ms"],
        ["the", "other", "1,235", ">=", "2,000", "missed"],
    ]


def test_the_sides_of_a_ratio_take_turns():
    calls: list[str] = []
    found = seconds({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3)

    assert [len(each) for each in found.values()] == [3, 3]
    turns = [name for at, name in enumerate(calls) if at == 0 or calls[at - 1] != name]
    assert turns[-6:] == ["a", "b"] * 3


def test_a_ratio_is_the_middle_one_of_its_rounds():
    assert ratio([2.0, 30.0, 8.0], [1.0, 10.0, 2.0]) == 3.0


def test_every_group_of_figures_can_be_asked_for_by_its_name(monkeypatch, tmp_path, capsys):
    assert all(callable(import_module(f"benchmarks.{name}").results) for name in command.GROUPS)
    file = tmp_path / "results.json"
    monkeypatch.setattr(command, "write", lambda found: write(found, file))
    monkeypatch.setattr("benchmarks.cells.results", lambda: [Result("cells", 1.0, 1.0)])
    command.main(["cells"])

    assert "cells" in capsys.readouterr().out
    assert [each["name"] for each in json.loads(file.read_text(encoding="utf-8"))] == ["cells"]


def test_an_unknown_group_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        command.main(["speed"])

    assert f"speed is no group of figures; use {', '.join(command.GROUPS)}" in capsys.readouterr().err


def test_the_results_stay_out_of_the_repository():
    ignored = (FOLDER.parent / ".gitignore").read_text(encoding="utf-8").split("\n")

    assert measuring.RESULTS.relative_to(FOLDER.parent).as_posix() in ignored
