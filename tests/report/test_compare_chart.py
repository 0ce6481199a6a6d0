"""One chart for two scenarios: a frozen spec, every curve as far as it goes, labels apart, rings where leads change."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pytest

from costmodel.changes import changed, resolved
from costmodel.comparison import Comparison, comparison
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book
from report.compare_chart import HEADROOM, LABEL_GAP, Lines, Ring, compared, compared_spec, lines_of, month_titles
from report.numbers import Money

FIRST = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))
MONEY = Money()


def beside(values: dict[str, Any], first: Scenario = FIRST) -> Comparison:
    return comparison(run_scenario(first, load_book()), changed(first, values), load_book())


def drawn(a: Lines, b: Lines, titles: list[str]) -> Any:
    return compared(a, b, titles=titles, money=MONEY, exact=MONEY.exact, apart=MONEY.difference, alt="words")


def chart_of(found: Comparison) -> Any:
    return drawn(lines_of(found, found.a, "A"), lines_of(found, found.b, "B"), month_titles(found))


def rows_of(chart: Any, name: str) -> list[dict[str, Any]]:
    return chart.datasets[name].to_pylist()


def line(*usd: float) -> np.ndarray:
    return np.array(usd)


def test_the_spec_is_valid_and_the_same_for_every_scenario():
    chart, other = chart_of(beside({})), chart_of(beside({"finance.horizon_months": 6, "finance.compared": ["rag"]}))
    tables = {name: [{"column": 1}] for name in chart.datasets}

    alt.Chart.from_dict({**chart.spec, "datasets": tables}, validate=True)
    assert chart.spec is other.spec is compared_spec()


def test_every_curve_goes_as_far_as_its_own_horizon():
    found = beside({"finance.horizon_months": 36, "finance.compared": ["rag", "prompting"]})
    curves = rows_of(chart_of(found), "curves")
    last = {row["piece"]: row for row in curves}

    assert {piece: row["month"] for piece, row in last.items()} == {
        "rag A": 24,
        "fine_tuning A": 24,
        "hybrid A": 24,
        "rag B": 36,
        "prompting B": 36,
    }
    assert last["rag B"]["usd"] == pytest.approx(found.b.answers["rag"].tco_usd)
    assert (last["rag A"]["b"], last["rag B"]["b"]) == (False, True)
    assert rows_of(chart_of(found), "frame")[0]["end"] == 36


def test_labels_name_architecture_side_and_total_and_stay_apart():
    a, b = Lines("A", {"rag": line(0, 100), "hybrid": line(0, 101)}), Lines("B", {"rag": line(0, 100.5)})
    chart = drawn(a, b, ["Build", "1"])
    ends, (frame,) = rows_of(chart, "ends"), rows_of(chart, "frame")
    places = sorted(row["at"] for row in ends)
    gap = LABEL_GAP * (frame["high"] - frame["low"])

    assert [row["label"] for row in ends] == ["RAG A $100", "Hybrid A $101", "RAG B $100"]
    assert [row["short"] for row in ends] == ["RAG A", "Hybrid A", "RAG B"]
    assert all(after - before >= gap * 0.999 for before, after in pairwise(places))


def test_amounts_are_in_the_money_on_screen():
    euro = changed(FIRST, {"finance.currency": "EUR", "finance.usd_per_currency_unit": 2.0})
    found = beside({}, euro)
    ends = {row["short"]: row["usd"] for row in rows_of(chart_of(found), "ends")}

    assert ends["RAG A"] == ends["RAG B"] == pytest.approx(found.a.answers["rag"].tco_usd / 2)


def test_the_last_change_of_the_lead_has_words_on_either_side():
    found = beside({"workload.queries_per_month": 250_000.0})
    rings = rows_of(chart_of(found), "rings")
    months = {side: run.leaders()[-1][0] for side, run in (("A", found.a), ("B", found.b))}

    assert [row["label"] for row in rings if row["label"]] == [
        f"{side}, month {month}\nfine-tuning overtakes RAG" for side, month in months.items()
    ]
    assert [row["top"] for row in rings if row["label"]] == [False, True]


def test_what_is_left_out_does_not_stretch_the_axis_and_keeps_its_label_at_the_top():
    a = Lines("A", {"rag": line(0, 100), "hybrid": line(0, 900)}, frozenset({"hybrid"}))
    chart = drawn(a, Lines("B", {"rag": line(0, 80)}), ["Build", "1"])
    (frame,) = rows_of(chart, "frame")
    hybrid = next(row for row in rows_of(chart, "ends") if row["short"] == "Hybrid A")

    assert frame["high"] == pytest.approx(100 * (1 + HEADROOM))
    assert (hybrid["ink"], hybrid["shown"], hybrid["at"]) == ("excluded", False, pytest.approx(frame["high"]))


def test_credits_stretch_the_axis_below_zero():
    chart = drawn(Lines("A", {"rag": line(0, -50)}), Lines("B", {"rag": line(0, 10)}), ["Build", "1"])

    assert rows_of(chart, "frame")[0]["low"] == -50


def test_a_ring_outside_the_axis_is_not_drawn():
    ring = Ring(0.5, 1e6, "A, month 1\nx", "A, month 1")
    chart = drawn(Lines("A", {"rag": line(0, 1)}, rings=[ring]), Lines("B", {"rag": line(0, 1)}), ["Build", "1"])

    assert rows_of(chart, "rings") == []


def test_without_any_known_total_the_axis_stands_alone():
    chart = drawn(Lines("A", {}), Lines("B", {}), ["Build", "1"])

    assert rows_of(chart, "ends") == rows_of(chart, "curves") == []
    assert rows_of(chart, "frame")[0]["low"] == 0


def test_the_tooltip_has_both_amounts_to_the_cent_and_the_difference():
    a, b = Lines("A", {"rag": line(0, 100)}), Lines("B", {"rag": line(0, 80, 90), "hybrid": line(0, 1, 2)})
    months = rows_of(drawn(a, b, ["Build", "1", "2"]), "months")

    assert [row["rag"] for row in months] == [
        "A $0.00, B $0.00 ($0)",
        "A $100.00, B $80.00 (−$20.00)",
        "B $90.00",
    ]
    assert (months[1]["hybrid"], months[1]["prompting"]) == ("B $1.00", None)


def test_months_carry_both_calendars_where_those_are_not_the_same():
    alike, apart = month_titles(beside({})), month_titles(beside({"finance.start_month": "2027-03"}))
    longer = month_titles(beside({"finance.start_month": "2027-03", "finance.horizon_months": 120}))

    assert alike[:2] == ["Build", "1, Dec 2026"]
    assert apart[1] == "1, A Dec 2026, B Apr 2027"
    assert longer[120] == "120, B Mar 2037"
