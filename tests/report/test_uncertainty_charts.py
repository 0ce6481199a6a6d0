"""Fans, odds, break-even month and tornado: one frozen spec each, tables worked out beforehand."""

from __future__ import annotations

import json

import altair as alt
import numpy as np
import pytest

from report import fan_chart, odds_chart, tornado_chart
from report.tornado_chart import FAINT, STRONG, Bar

TITLES = ["Build", "1, Dec 2026", "2, Jan 2027", "3, Feb 2027"]
FANS = {
    "rag": np.array([[10.0, 20, 30, 40], [12, 25, 40, 55], [15, 35, 60, 90]]),
    "fine_tuning": np.array([[30.0, 35, 38, 41], [33, 38, 42, 46], [36, 42, 48, 55]]),
}


def money(usd: float) -> str:
    return f"${usd:,.0f}"


def exact(usd: float) -> str:
    return f"${usd:,.2f}"


def fan(key: str = "rag", fans=FANS, ink: str | None = None):
    axis = fan_chart.fan_axis(fans)
    return fan_chart.fan(fans, key, ink or key, axis, titles=TITLES, money=money, exact=exact, alt="words")


def odds(shares=None, turns=((0, "rag"), (2, "fine_tuning"))):
    shares = shares or {"rag": np.array([1.0, 0.8, 0.4, 0.25]), "fine_tuning": np.array([0.0, 0.2, 0.6, 0.75])}
    return odds_chart.odds(
        shares, turns, titles=TITLES, chance=lambda share: f"{share:.0%}", even="even", turn="turn", alt="words"
    )


def break_even(first=(0.0, 0.2, 0.4, 0.1), never=0.3):
    return odds_chart.break_even(
        np.array(first),
        never,
        titles=TITLES,
        chance=lambda share: f"{share:.0%}",
        median="half",
        never_word="never",
        alt="words",
    )


SWINGS = [
    Bar("Queries", "100K", "300K", 20.0, -30.0, "at 168K, then RAG", 0.0),
    Bar("Upkeep", "6", "18", -15.0, -5.0),
    Bar("Both ways", "1", "9", -4.0, -2.0),
]


def tornado(swings=SWINGS, even: str | None = "equal"):
    return tornado_chart.tornado(swings, -10.0, even=even, money=money, exact=exact, alt="words")


def rows(chart, name):
    return chart.datasets[name].to_pylist()


@pytest.mark.parametrize("chart", [fan(), odds(), break_even(), tornado()], ids=lambda chart: chart.name)
def test_a_chart_is_valid_and_reads_only_tables_that_are_sent(chart):
    names = {name: [{"column": 1}] for name in chart.datasets}

    alt.Chart.from_dict({**chart.spec, "datasets": names}, validate=True)
    assert {layer["data"]["name"] for layer in chart.spec["layer"]} <= set(chart.datasets)
    assert chart.spec["height"] == chart.height


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (fan(), fan("fine_tuning", {key: each * 1e6 for key, each in FANS.items()})),
        (
            odds(),
            odds({"hybrid": np.array([0.0, 1.0, 0.0, 1.0]), "rag": np.array([1.0, 0.0, 1.0, 0.0])}, ((0, "rag"),)),
        ),
        (break_even(), break_even((0.0, 0.0, 0.0, 0.0), 1.0)),
        (tornado(), tornado([*SWINGS[:2], Bar("Other", "1", "2", 9e9, -9e9)], None)),
    ],
    ids=["fan", "odds", "break-even", "tornado"],
)
def test_two_scenarios_share_one_spec_and_the_columns_of_their_tables(one, other):
    assert json.dumps(one.spec) == json.dumps(other.spec)
    assert {name: each.schema for name, each in one.datasets.items()} == {
        name: each.schema for name, each in other.datasets.items()
    }


def test_a_fan_draws_its_band_its_median_and_the_others_thin():
    chart = fan()

    assert [(row["low"], row["high"]) for row in rows(chart, "band")] == [(10, 15), (20, 35), (30, 60), (40, 90)]
    assert {row["line"] for row in rows(chart, "lines") if row["main"]} == {"rag"}
    assert rows(chart, "lines")[-1]["line"] == "rag"
    assert [row["label"] for row in rows(chart, "ends")] == ["$40", "$55", "$90"]
    assert all(row["low"] <= row["high"] for row in rows(chart, "band"))


def test_the_tooltip_of_a_fan_is_exact():
    month = rows(fan(), "months")[2]

    assert (month["title"], month["low"], month["middle"], month["high"]) == (
        "2, Jan 2027",
        "$30.00",
        "$40.00",
        "$60.00",
    )


def test_all_fans_share_an_axis_from_nothing_to_above_the_highest():
    low, high = fan_chart.fan_axis(FANS)

    assert (low, high) == (0, pytest.approx(90 * 1.05))
    assert rows(fan(), "frame") == rows(fan("fine_tuning"), "frame")


def test_without_spread_one_label_says_it():
    flat = {"rag": np.full((3, 4), 7.0)}

    assert [row["label"] for row in rows(fan("rag", flat), "ends")] == ["$7"]


def test_one_that_is_left_out_has_no_colour():
    assert {row["ink"] for row in rows(fan("rag", ink="excluded"), "lines")} == {"excluded"}


def test_the_ring_stands_where_the_lines_meet_and_names_the_month_after():
    (ring,) = rows(odds(), "rings")

    # From 0.8 to 0.4 and from 0.2 to 0.6: equal at 0.5, three quarters of the way.
    assert (ring["month"], ring["share"]) == (pytest.approx(1.75), pytest.approx(0.5))
    assert ring["label"] == "Month 2\nturn"


def test_the_ends_of_the_odds_say_the_chance_over_the_horizon():
    assert {row["label"] for row in rows(odds(), "ends")} == {"RAG 25%", "Fine-tuning 75%"}
    assert rows(odds(), "months")[1]["rag"] == "80%"
    assert rows(odds(), "months")[1]["hybrid"] is None


def test_bars_of_the_break_even_month_and_never_are_the_shares():
    chart = break_even()

    assert [(row["month"], row["share"]) for row in rows(chart, "bars")] == [(1, 0.2), (2, 0.4), (3, 0.1)]
    assert [row["half"] for row in rows(chart, "bars")] == [True, True, False]
    assert rows(chart, "never") == [{"zero": 0, "share": 0.3, "label": "30%", "words": "never", "exact": "30%"}]
    assert rows(chart, "median") == [{"month": 2.5, "left": True, "label": "half"}]
    assert [row["by"] for row in rows(chart, "months")] == ["0%", "20%", "60%", "70%"]


def test_without_half_there_is_no_median():
    assert rows(break_even((0, 0.1, 0.1, 0.1), 0.7), "median") == []


def test_bars_go_from_what_is_now_to_both_ends_low_faint_and_high_strong():
    chart = tornado()
    queries = [row for row in rows(chart, "bars") if row["row"] == 0]

    # From -30 to 20: now (-10) lies at 0.4.
    assert [(row["from"], row["to"], row["strength"]) for row in queries] == [
        (pytest.approx(0.4), pytest.approx(1.0), FAINT),
        (pytest.approx(0.0), pytest.approx(0.4), STRONG),
    ]
    assert rows(chart, "base")[0]["at"] == pytest.approx(0.4)
    assert rows(chart, "even")[0]["at"] == pytest.approx(0.6)


def test_what_each_end_means_stands_beside_it():
    ends = [(row["row"], row["left"], row["label"]) for row in rows(tornado(), "ends")]

    assert ends == [
        (0, True, "300K"),
        (0, False, "100K"),
        (1, True, "6"),
        (1, False, "18"),
        (2, False, "1 to 9"),  # both ends lie on one side of now
    ]


def test_a_ring_stands_where_the_winner_changes_and_nowhere_else():
    assert rows(tornado(), "rings") == [{"row": 0, "at": pytest.approx(0.6)}]
    assert rows(tornado(), "hover")[0]["turn"] == "at 168K, then RAG"
    assert rows(tornado(), "hover")[1]["turn"] is None
    assert rows(tornado(), "hover")[0]["low"] == "100K: $20.00"


def test_a_total_has_no_line_of_equal_cost():
    assert rows(tornado(even=None), "even") == []
