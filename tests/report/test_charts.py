"""Charts: one frozen spec, tables worked out beforehand."""

import json
import re
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from report import charts
from report.labels import crossing_words, nice_ticks, push_apart
from report.lines import LABEL_GAP
from report.palette import FAMILIES


def money(usd: float) -> str:
    return f"${usd:,.0f}"


def curves(per_month: dict[str, tuple[float, float]], months: int, excluded: tuple[str, ...] = ()) -> pd.DataFrame:
    """Straight lines: build cost and cost per month of each architecture."""
    rows = [
        (key, month, build + month * rate, key in excluded)
        for key, (build, rate) in per_month.items()
        for month in range(months + 1)
    ]
    return pd.DataFrame(rows, columns=["architecture", "month", "usd", "excluded"])


def crossings(*rows: tuple[str, str, float, float, int, str, bool]) -> pd.DataFrame:
    columns = ["a", "b", "month", "usd", "overtakes_in_month", "cheaper_after", "main"]
    return pd.DataFrame(rows, columns=columns)


def rows_of(chart: charts.Chart, name: str) -> list[dict[str, Any]]:
    return chart.datasets[name].to_pylist()


def drawn(
    lines: pd.DataFrame, rings: pd.DataFrame | None = None, months: int = 24, budget: float | None = None
) -> charts.Chart:
    return charts.cumulative(
        lines,
        crossings() if rings is None else rings,
        money=money,
        months=months,
        first_month="2027-01",
        alt="words",
        budget=budget,
    )


TWO = {"rag": (10.0, 20.0), "fine_tuning": (100.0, 10.0)}
CROSSED = crossings(("rag", "fine_tuning", 9.0, 190.0, 10, "fine_tuning", True))


def test_two_scenarios_share_one_spec() -> None:
    one = drawn(curves(TWO, 24), CROSSED)
    other = drawn(curves({"hybrid": (-5.0, 1e6), "prompting": (0.0, 3.0)}, 36), months=36, budget=7.0)

    assert json.dumps(one.spec) == json.dumps(other.spec)
    assert one.height == other.height


def test_every_table_has_its_columns_even_without_rows() -> None:
    empty = drawn(curves(TWO, 24))
    full = drawn(curves(TWO, 24), CROSSED, budget=200.0)

    assert {name: table.schema for name, table in empty.datasets.items()} == {
        name: table.schema for name, table in full.datasets.items()
    }


def test_the_spec_reads_only_tables_that_are_sent() -> None:
    chart = drawn(curves(TWO, 24))

    assert {layer["data"]["name"] for layer in chart.spec["layer"]} <= set(chart.datasets)


@pytest.mark.parametrize("values", [[10, 10, 10], [0, 1, 2, 100], [100, 99], [5, 50, 51, 49], [7]])
def test_labels_lie_apart_in_order_and_inside_the_axis(values: list[float]) -> None:
    places = push_apart(values, 0, 100, 0.06)

    assert all(b - a >= 6 - 1e-9 for a, b in pairwise(sorted(places)))
    assert sorted(range(len(values)), key=values.__getitem__) == sorted(range(len(values)), key=places.__getitem__)
    assert min(places) >= 0
    assert max(places) <= 100


def test_labels_with_room_stay_where_they_are() -> None:
    assert push_apart([10, 50, 90], 0, 100, 0.06) == [10, 50, 90]


def test_labels_too_close_part_evenly() -> None:
    assert push_apart([50, 52], 0, 100, 0.06) == [48, 54]


def test_line_end_labels_are_six_percent_of_the_axis_apart() -> None:
    chart = drawn(curves({"rag": (0.0, 10.0), "fine_tuning": (0.0, 10.01), "hybrid": (0.0, 10.02)}, 24))
    frame = rows_of(chart, "frame")[0]
    least = 0.06 * (frame["high"] - frame["low"])
    places = sorted(row["at"] for row in rows_of(chart, "ends"))

    assert all(b - a >= least - 1e-9 for a, b in pairwise(places))


def test_every_crossing_has_a_ring() -> None:
    rings = crossings(
        ("rag", "fine_tuning", 9.0, 190.0, 10, "fine_tuning", True),
        ("rag", "hybrid", 9.2, 195.0, 10, "hybrid", True),
        ("fine_tuning", "hybrid", 9.4, 197.0, 10, "hybrid", True),
        ("rag", "prompting", 2.0, 50.0, 3, "rag", False),
    )
    chart = drawn(curves({**TWO, "hybrid": (101.0, 10.0), "prompting": (0.0, 25.0)}, 24), rings)

    assert len(rows_of(chart, "rings")) == 4


def test_words_of_close_crossings_are_stacked_then_dropped() -> None:
    rings = crossings(*(("rag", "hybrid", 9.0 + i / 10, 190.0, 10, "hybrid", True) for i in range(4)))

    assert [row["row"] for row in crossing_words(rings, 0, 24)] == [0, 1]


def test_words_say_who_overtakes_whom_and_stand_left_of_late_lines() -> None:
    late = crossings(("rag", "fine_tuning", 16.3, 1.0, 17, "fine_tuning", True))

    (words,) = crossing_words(late, 0, 24)

    assert (words["label"], words["short"]) == ("Month 17\nfine-tuning overtakes RAG", "Month 17")
    assert (words["month"], words["row"], words["left"]) == (16.3, 0, True)


def test_the_last_of_three_close_crossings_keeps_its_words() -> None:
    rings = crossings(*(("rag", "hybrid", 15.0 + i, 190.0, 16 + i, "hybrid", True) for i in range(3)))

    assert [row["month"] for row in crossing_words(rings, 0, 24)] == [17.0, 16.0]


def test_words_go_to_the_top_where_lines_run_through_their_place_at_the_foot() -> None:
    early = crossings(("rag", "fine_tuning", 1.4, 30.0, 2, "fine_tuning", True))
    steep = drawn(curves({"rag": (10.0, 25.0), "fine_tuning": (30.0, 3.0)}, 24), early)
    high = drawn(curves({"rag": (400.0, 25.0), "fine_tuning": (420.0, 3.0)}, 24), early)

    assert [row["top"] for row in rows_of(steep, "words")] == [True]
    assert [row["top"] for row in rows_of(steep, "rings")] == [True]
    assert [row["top"] for row in rows_of(high, "words")] == [False]


def test_credits_below_zero_stay_inside_the_axis() -> None:
    chart = drawn(curves({"rag": (-50.0, -10.0), "hybrid": (5.0, 1.0)}, 12), months=12)
    frame = rows_of(chart, "frame")[0]

    assert frame["low"] == -50 - 12 * 10
    assert all(frame["low"] <= row["usd"] <= frame["high"] for row in rows_of(chart, "curves"))
    assert [row["zero"] for row in rows_of(chart, "y_ticks") if row["usd"] == 0] == [True]


def test_a_horizon_of_one_month() -> None:
    chart = drawn(curves(TWO, 1), months=1)

    assert [row["label"] for row in rows_of(chart, "x_ticks")] == ["Build", "Month 1"]
    assert [(row["from"], row["to"]) for row in rows_of(chart, "months")] == [(0, 0.5), (0.5, 1)]


def test_monthly_cost_of_one_month_is_drawn() -> None:
    lines = curves(TWO, 1).query("month == 1")
    chart = charts.monthly(lines, money=money, months=1, first_month="2027-01", alt="words")

    assert [row["label"] for row in rows_of(chart, "ends")] == ["RAG $30", "Fine-tuning $110"]


def test_nothing_at_all_costs_nothing() -> None:
    chart = drawn(curves({"rag": (0.0, 0.0), "hybrid": (0.0, 0.0)}, 12), months=12)
    frame = rows_of(chart, "frame")[0]

    assert frame["low"] < frame["high"]


@pytest.mark.parametrize(
    ("months", "labels"),
    [
        (24, ["Build", "6", "12", "18", "Month 24"]),
        (13, ["Build", "6", "Month 13"]),
        (36, ["Build", "6", "12", "18", "24", "30", "Month 36"]),
    ],
)
def test_every_sixth_month_is_named_unless_it_touches_the_last(months: int, labels: list[str]) -> None:
    chart = drawn(curves(TWO, months), months=months)

    assert [row["label"] for row in rows_of(chart, "x_ticks")] == labels


def test_an_excluded_architecture_is_grey_thin_and_no_cheapest() -> None:
    chart = drawn(curves({**TWO, "hybrid": (0.0, 1.0)}, 24, excluded=("hybrid",)))
    last = rows_of(chart, "months")[-1]

    assert {(row["ink"], row["thin"]) for row in rows_of(chart, "curves") if row["piece"].startswith("hybrid")} == {
        ("excluded", True)
    }
    assert last["gap"] == "Fine-tuning, $150 less than RAG"
    assert last["hybrid"] == "$24"


def test_prompting_leaves_through_the_top_instead_of_stretching_the_axis() -> None:
    chart = drawn(curves({**TWO, "prompting": (0.0, 100.0)}, 24))
    high = rows_of(chart, "frame")[0]["high"]
    prompting = [row for row in rows_of(chart, "curves") if row["ink"] == "prompting"]

    assert high == pytest.approx(1.06 * (10 + 24 * 20))
    assert max(row["usd"] for row in prompting) == high
    assert [row["label"] for row in rows_of(chart, "exits")] == ["Prompting $2,400 by month 24"]


def test_a_line_that_comes_back_below_the_top_has_its_end_label() -> None:
    lines = pd.DataFrame(
        [("rag", m, 10.0, False) for m in range(5)]
        + [("prompting", m, u, False) for m, u in enumerate([1, 99, 99, 1, 1])],
        columns=["architecture", "month", "usd", "excluded"],
    )
    chart = drawn(lines, months=4)

    assert {row["piece"] for row in rows_of(chart, "curves")} == {"rag 0", "prompting 0", "prompting 1"}
    assert len(rows_of(chart, "ends")) == 2
    assert rows_of(chart, "exits") == []


def test_a_budget_far_above_the_lines_does_not_stretch_the_axis() -> None:
    assert rows_of(drawn(curves(TWO, 24), budget=300.0), "budget")[0]["label"] == "Budget $300"
    assert rows_of(drawn(curves(TWO, 24), budget=5_000.0), "budget") == []


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 317_000), (-250, 900), (0, 0.004), (-9, -1), (0, 1e9)])
def test_at_most_four_grid_lines_beside_zero(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)

    assert 1 <= len([tick for tick in ticks if tick]) <= 4
    assert all(low <= tick <= high for tick in ticks)


def totals(*rows: tuple[str, str, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["architecture", "family", "usd", "excluded"])


def test_bars_share_one_spec_and_stack_in_the_palettes_order() -> None:
    one = charts.components(
        totals(("rag", "tokens", 30.0, False), ("rag", "people", 70.0, False)), money=money, alt="words"
    )
    other = charts.components(totals(("hybrid", "other", 5.0, True)), money=money, alt="words")

    assert json.dumps(one.spec) == json.dumps(other.spec)
    assert [(row["family"], row["start"], row["end"]) for row in rows_of(one, "segments")] == [
        ("People", 0, 70),
        ("Tokens", 70, 100),
    ]
    assert [row["portion"] for row in rows_of(one, "segments")] == ["70%", "30%"]


def test_the_bars_give_amounts_to_the_cent_on_hover() -> None:
    chart = charts.components(
        totals(("rag", "consequence", 70.456, False)), money=money, exact="${:,.2f}".format, alt="words"
    )
    (segment,) = rows_of(chart, "segments")

    assert (segment["money"], segment["exact"], segment["family"]) == ("$70", "$70.46", "Consequences")
    assert any(field.get("field") == "exact" for field in chart.spec["layer"][0]["encoding"]["tooltip"])


def test_a_screen_reader_hears_the_description_and_not_every_mark() -> None:
    chart = drawn(curves(TWO, 24))

    assert chart.spec["config"]["mark"] == {"aria": False}
    assert not any(each["mark"].get("aria") for each in chart.spec["layer"])
    assert not re.search(r"\d", chart.spec["description"])


def test_the_budget_has_its_label_among_those_at_the_line_ends() -> None:
    tables = drawn(curves(TWO, 24), budget=300.0)
    places = sorted(row["at"] for row in [*rows_of(tables, "ends"), *rows_of(tables, "budget")])
    (frame,) = rows_of(tables, "frame")

    assert all(b - a >= LABEL_GAP * (frame["high"] - frame["low"]) - 1e-9 for a, b in pairwise(places))


def test_a_credit_stacks_left_of_zero() -> None:
    chart = charts.components(
        totals(("rag", "people", 70.0, False), ("rag", "other", -20.0, False)), money=money, alt="words"
    )

    assert [(row["start"], row["end"]) for row in rows_of(chart, "segments")] == [(0, 70), (-20, 0)]
    assert rows_of(chart, "totals")[0]["label"] == "RAG $50"


def test_an_excluded_bar_says_so() -> None:
    chart = charts.components(totals(("hybrid", "people", 9.0, True)), money=money, alt="words")

    assert rows_of(chart, "totals")[0]["label"] == "Hybrid $9, left out"
    assert rows_of(chart, "segments")[0]["ink"] == "excluded"


def test_every_family_has_its_own_strength() -> None:
    assert sorted(set(FAMILIES.values()), reverse=True) == list(FAMILIES.values())
