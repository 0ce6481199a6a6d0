"""The driver chart: places, clipped lines, rings with words, ticks, hover."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import altair as alt
import numpy as np
import pytest

from costmodel.changes import changed, resolved
from costmodel.crossover import Crossovers, Pair, Root
from costmodel.driver import Along, along, crossings
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.winner_map import Axis
from pricing.catalog import load_book
from report.driver_chart import driver_chart, driver_data, takes_log
from report.driver_spec import driver_spec
from report.driver_words import words_of
from report.numbers import Money
from report.palette import ARCHITECTURES

VOLUME, LABELS = "workload.queries_per_month", "fine_tuning.usd_per_example"
SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
RUN = run_scenario(SCENARIO, load_book())
USD = Money("USD")


def typed_in(usd: dict, *roots: Root, low: float = 0.0, high: float = 10.0, log: bool = False, **more) -> Along:
    """Totals typed in at evenly spaced values."""
    values = np.geomspace(low, high, len(usd["rag"])) if log else np.linspace(low, high, len(usd["rag"]))
    pair = Pair("rag", "fine_tuning", roots, (1.0, 2.0), (2.0, 1.0) if roots else (1.0, 2.0))
    found = Crossovers(VOLUME, low, high, 513, (pair,))
    return Along(
        Axis(VOLUME, tuple(values.tolist()), log), {k: np.array(v, float) for k, v in usd.items()}, found, **more
    )


def drawn(found: Along, *, now: float = 5.0, log: bool = False, money: Money = USD, eligible=("rag", "fine_tuning")):
    words = words_of(RUN, found.found.driver)
    chart = driver_chart(found, words, money, eligible=eligible, now=now, alt="", log=log)
    return {name: each.to_pylist() for name, each in chart.datasets.items()}


CROSSED = Root(5.0, "crossing", "rag", "fine_tuning", 500.0, 500.0, 500.0, 500.0)
STRAIGHT = {"rag": [0, 250, 500, 750, 1000], "fine_tuning": [500] * 5}


def test_the_spec_is_valid_vega_lite_and_holds_no_number_of_a_scenario():
    names = drawn(typed_in(STRAIGHT, CROSSED))

    alt.Chart.from_dict({**driver_spec(), "datasets": {name: [{"column": 1}] for name in names}}, validate=True)
    assert driver_spec() is driver_spec()


def test_lines_end_in_a_dot_with_name_and_total():
    tables = drawn(typed_in(STRAIGHT, CROSSED))
    curve = [row["y"] for row in tables["curves"] if row["ink"] == "rag"]

    # The axis goes from 0 to 1,000 and 5% of headroom.
    assert curve == pytest.approx([0, 250 / 1050, 500 / 1050, 750 / 1050, 1000 / 1050])
    assert {row["label"] for row in tables["ends"]} == {"RAG $1.0K", "Fine-tuning $500"}
    assert {row["short"] for row in tables["ends"]} == {"RAG", "Fine-tuning"}


def test_a_crossing_is_a_ring_with_its_value_in_words():
    tables = drawn(typed_in(STRAIGHT, CROSSED), now=2.0)

    assert tables["rings"] == [
        {"x": 0.5, "y": pytest.approx(500 / 1050), "main": True, "top": tables["rings"][0]["top"]}
    ]
    assert [row["label"] for row in tables["words"]] == ["5 queries\nboth cost $500"]
    assert tables["here"] == [{"x": 0.2, "left": False, "label": "You: 2"}]


def test_a_jump_is_called_one():
    root = Root(5.0, "jump", "rag", "fine_tuning", 400.0, 500.0, 700.0, 500.0, 5.1)
    tables = drawn(typed_in(STRAIGHT, root))

    assert [row["label"] for row in tables["words"]] == ["5.1 queries\njump"]


def test_a_crossing_of_two_that_are_not_cheapest_has_a_ring_without_words():
    tables = drawn(along(RUN, crossings(RUN, VOLUME, 1_000, 10_000_000)), eligible=RUN.eligible, log=True)

    assert sorted(ring["main"] for ring in tables["rings"]) == [False, True]
    assert len(tables["words"]) == 1


def test_a_reference_is_thin_and_leaves_the_plot_instead_of_stretching_it():
    found = typed_in({**STRAIGHT, "prompting": [500, 1500, 2500, 3500, 4500]}, CROSSED, reference=("prompting",))
    tables = drawn(found)
    line = [row for row in tables["curves"] if row["ink"] == "prompting"]

    assert all(row["thin"] for row in line)
    assert max(row["y"] for row in line) == 1.0
    # It reaches 1,050, the top, at (1,050 - 500) / 4,000 of the axis.
    assert max(row["x"] for row in line) == pytest.approx(550 / 4000)
    assert [(row["label"], row["y"]) for row in tables["exits"]] == [("Prompting $4.5K", 1.0)]
    assert "Prompting" not in {row["short"] for row in tables["ends"]}


def test_a_line_is_cut_where_no_price_is_known():
    found = typed_in({"rag": [100, 200, np.nan, 400, 500], "fine_tuning": [300] * 5})
    tables = drawn(found)

    assert len({row["piece"] for row in tables["curves"] if row["ink"] == "rag"}) == 2


def test_an_architecture_out_of_the_running_is_grey():
    tables = drawn(typed_in(STRAIGHT), eligible=("rag",))

    assert {row["ink"] for row in tables["ends"]} == {"rag", "excluded"}


def test_logarithmic_places_are_shares_of_the_logarithm():
    found = typed_in({"rag": [100, 1_000, 10_000], "fine_tuning": [1_000] * 3}, low=10, high=1_000, log=True)
    tables = drawn(found, log=True, now=100)
    curve = [(row["x"], row["y"]) for row in tables["curves"] if row["ink"] == "rag"]

    assert [x for x, _ in curve] == pytest.approx([0, 0.5, 1])
    assert curve[1][1] == pytest.approx(0.5)
    assert tables["here"][0]["x"] == pytest.approx(0.5)
    assert {row["label"] for row in tables["y_ticks"]} == {"$100", "$300", "$1.0K", "$3.0K", "$10K"}


def test_credits_take_no_logarithm():
    found = typed_in({"rag": [-100, 1_000], "fine_tuning": [1_000] * 2}, low=10, high=1_000, log=True)
    tables = drawn(found, log=True)

    assert not takes_log(found)
    assert [row["zero"] for row in tables["y_ticks"] if row["label"] == "$0"] == [True]


def test_labels_at_the_line_ends_keep_their_distance():
    found = typed_in({"rag": [100, 500], "fine_tuning": [100, 501], "hybrid": [100, 502]})
    ends = sorted(row["at"] for row in drawn(found)["ends"])

    assert min(np.diff(ends)) >= 0.06 - 1e-9


def test_the_tooltip_has_all_totals_and_the_gap():
    rows = drawn(typed_in(STRAIGHT, CROSSED))["hover"]
    last = rows[-1]

    assert (last["title"], last["rag"], last["fine_tuning"]) == ("10 queries a month", "$1,000.00", "$500.00")
    assert last["gap"] == "Fine-tuning, $500.00 less than RAG"
    assert rows[0]["from"] == 0
    assert last["to"] == 1
    assert all(a["to"] == b["from"] for a, b in pairwise(rows))


def test_amounts_are_in_the_money_on_screen():
    tables = drawn(typed_in(STRAIGHT, CROSSED), money=Money("EUR", 1.25))

    # 500 USD at 1.25 USD for a euro
    assert "Fine-tuning €400" in {row["label"] for row in tables["ends"]}
    assert tables["words"][0]["label"].endswith("both cost €400")
    assert tables["hover"][-1]["rag"] == "€800.00"


def test_words_of_crossings_do_not_overlap():
    roots = [
        Root(at, "crossing", *(("rag", "fine_tuning") if n % 2 == 0 else ("fine_tuning", "rag")), *[500.0] * 4)
        for n, at in enumerate((4.0, 4.5, 5.0))
    ]
    rows = drawn(typed_in(STRAIGHT, *roots))["words"]
    boxes = {(row["top"], row["row"], row["left"], round(row["x"], 3)) for row in rows}

    assert len(rows) == len(boxes) <= 3
    same = [(a, b) for a in rows for b in rows if a is not b and (a["top"], a["row"]) == (b["top"], b["row"])]
    assert all(a["left"] != b["left"] and (a["x"] > b["x"]) == b["left"] for a, b in same)


def test_the_data_are_all_totals_in_full():
    found = along(RUN, crossings(RUN, LABELS, 0.3, 30))
    data = driver_data(found, words_of(RUN, LABELS), Money("EUR", 1.25))

    assert list(data.table.columns) == [
        "Fine-tuning: cost of a label, USD per example",
        *(f"{ARCHITECTURES[key].name} [EUR]" for key in ("rag", "fine_tuning", "hybrid", "prompting")),
    ]
    assert data.table["RAG [EUR]"].iloc[0] == pytest.approx(found.usd["rag"][0] / 1.25)


def test_the_data_in_present_value_are_called_so():
    found = along(RUN, crossings(RUN, LABELS, 0.3, 30, present=True))

    assert "RAG [USD, present value]" in driver_data(found, words_of(RUN, LABELS), USD).table.columns


def test_the_same_spec_serves_every_driver():
    one = changed(SCENARIO, {VOLUME: 1.0})
    run = run_scenario(one, load_book())
    charts = [
        driver_chart(
            along(run, crossings(run, path, low, high)),
            words_of(run, path),
            USD,
            eligible=run.eligible,
            now=1.0,
            alt="",
            log=False,
        )
        for path, low, high in ((VOLUME, 1.0, 100.0), (LABELS, 0.0, 3.0))
    ]

    assert charts[0].spec is charts[1].spec
