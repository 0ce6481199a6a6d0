"""What the Overview's charts draw equals sums over the ledger's rows, added up one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed, resolved
from costmodel.families import FAMILY_OF
from costmodel.presets import PRESETS
from costmodel.provenance import Provenance
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report import tables, text
from report.basis_text import provenance_of
from report.chart_theme import records
from report.gallery import Wanted, costs
from report.line_words import FAMILIES
from report.numbers import Money
from report.palette import ARCHITECTURES

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"finance.discount_rate_annual": 0.12, "finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25},
    {"finance.horizon_months": 7, "workload.monthly_growth_share": 0.1},
    {"quality.minimum_correct_share": 0.99, "rag.correct_share": 0.9},
)


@pytest.fixture(scope="module", params=[(name, number) for name in PRESETS for number in range(len(CHANGES))], ids=str)
def run(request) -> Run:
    name, number = request.param
    return run_scenario(resolved(changed(PRESETS[name].scenario, CHANGES[number]), date(2026, 11, 22)), load_book())


@pytest.fixture(params=[False, True], ids=["nominal", "present value"])
def present(request) -> bool:
    return request.param


def paid(run: Run, present: bool) -> list[tuple[str, str, int, float]]:
    """Architecture, family, month and cost of every row that counts, in the money that is shown."""
    rows = run.ledger()
    column = "present_value_usd" if present else "cost_usd"
    found = zip(rows["architecture"], rows["component"], rows["scope"], rows["month"], rows[column], strict=True)
    counts = run.scenario.finance.consequences_in_tco
    return [
        (key, FAMILY_OF.get(component, "other"), month, usd / run.scenario.finance.usd_per_currency_unit)
        for key, component, scope, month, usd in found
        if counts or scope == "bill"
    ]


def by_month(run: Run, present: bool, cumulative: bool) -> dict[str, list[float]]:
    """Cost of each month, or up to it, of each architecture that is compared."""
    found = {key: [0.0] * (run.horizon + 1) for key in run.answers}
    for key, _, month, amount in paid(run, present):
        for at in range(month, run.horizon + 1) if cumulative else [month]:
            found[key][at] += amount
    return found


@pytest.mark.parametrize("cumulative", [True, False])
def test_the_lines_go_through_the_sums_of_the_ledger(run, present, cumulative):
    chart = costs.lines_of(run, present=present, cumulative=cumulative).panels[0]
    expected = by_month(run, present, cumulative)
    drawn: dict[str, dict[float, float]] = defaultdict(dict)
    for point in chart.datasets["curves"].to_pylist():
        if point["month"] == int(point["month"]):
            drawn[point["piece"].split()[0]][int(point["month"])] = point["usd"]
    frame = chart.datasets["frame"].to_pylist()[0]
    first = 0 if cumulative else 1

    for key, usd in expected.items():
        below = {month: usd[month] for month in range(first, run.horizon + 1) if usd[month] < frame["high"] * 0.999}
        assert {month: drawn[key][month] for month in below} == pytest.approx(below, rel=1e-9, abs=0.005)


def test_what_a_pointer_finds_on_a_month_is_that_months_sum_to_the_cent(run, present):
    chart = costs.lines_of(run, present=present).panels[0]
    money, expected = Money(run.scenario.finance.currency), by_month(run, present, cumulative=True)
    running = [key for key in run.answers if key not in run.excluded]

    for row in chart.datasets["months"].to_pylist():
        at = int(row["month"])
        assert [row[key] for key in run.answers] == [money.exact(expected[key][at]) for key in run.answers]
        assert row["gap"].startswith(tuple(ARCHITECTURES[key].name for key in running) if running else "")


def test_the_bars_are_the_families_sums_in_a_row(run, present):
    chart = costs.components(run, Wanted(present)).panels[0]
    per_unit = run.scenario.finance.usd_per_currency_unit
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for key, family, _, amount in paid(run, present):
        expected[ARCHITECTURES[key].name, FAMILIES[family]] += amount
    drawn = {
        (each["name"], each["family"]): (each["end"] - each["start"]) / per_unit
        for each in chart.datasets["segments"].to_pylist()
    }

    assert drawn == pytest.approx({place: abs(amount) for place, amount in expected.items() if amount}, rel=1e-9)


def test_columns_hold_what_the_data_frames_hold(run, present):
    for frame, columns in (
        (tables.curves(run, present=present), tables.curve_columns(run, present=present)),
        (tables.crossings(run, present=present), tables.crossing_columns(run, present=present)),
        (tables.family_totals(run, present=present), tables.family_columns(run, present=present)),
    ):
        assert list(frame) == list(columns)
        assert frame.to_dict("records") == records(columns)


def test_the_headline_alone_is_the_verdicts(run, present):
    assert text.headline(run, present) == text.verdict(run, present).headline


def test_what_totals_rest_on_is_found_once_and_stays_that_of_its_own_run(run):
    fresh = Provenance(run)

    assert provenance_of(run) is provenance_of(run)
    for key in (key for key, answer in run.answers.items() if not answer.missing):
        assert provenance_of(run).guess_share(key) == fresh.guess_share(key)
        assert provenance_of(run).own_share(key) == fresh.own_share(key)
