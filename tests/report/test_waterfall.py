"""The waterfall and the monthly charts: their numbers, one frozen spec, and what stands in the tables of money."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import altair as alt
import pytest

from costmodel.changes import changed, resolved
from costmodel.difference import Moved, costs, difference, families_of
from costmodel.families import FAMILIES, FAMILY_OF
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from pricing.catalog import load_book
from report import months
from report.ledger_grid import grid_rows
from report.line_words import COMPONENTS, PURPOSE_OF, component_words, in_sentence, purpose_words
from report.money_table import adding_up, by_component, groups, largest_line, moved_components
from report.numbers import Money
from report.waterfall import MOST_BARS, Side, Step, height, rows_for, steps_of, waterfall

RAG, TUNED = Side("RAG", "rag"), Side("Fine-tuning", "fine_tuning")
MONEY = Money()


def moved(component: str, a: float | None, b: float | None, phase: str = "recurring") -> Moved:
    return Moved(component, FAMILY_OF.get(component, "other"), phase, a, b)


def rows_of(chart: Any, name: str) -> list[dict[str, Any]]:
    return chart.datasets[name].to_pylist()


def drawn(steps: list[Step], start: float, end: float, a: Side = RAG, b: Side = TUNED) -> Any:
    return waterfall(a, b, steps, (start, end), money=MONEY, alt="words")


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21)), load_book())


# Steps


def test_first_what_is_saved_then_what_is_given_back_each_largest_first():
    lines = [
        moved("contingency", 10, 40),
        moved("rerank", 50, 0),
        moved("generation", 900, 0),
        moved("training", 0, 300),
        moved("observability", 77, 77),
    ]

    assert [(step.label, step.delta_usd) for step in steps_of(lines)] == [
        ("Model tokens", -900),
        ("Reranking", -50),
        ("Labels and training", 300),
        ("Contingency", 30),
    ]


def test_components_of_one_purpose_stand_against_each_other():
    lines = [moved("rag_maintenance", 500, 0), moved("tuned_maintenance", 0, 500), moved("generation", 900, 0)]
    lines += [moved("tuned_generation", 0, 100)]

    assert [(step.label, step.a_usd, step.b_usd) for step in steps_of(lines)] == [("Model tokens", 900, 100)]
    assert [step.label for step in steps_of(lines, every=True)] == [
        "Base-model tokens",
        "RAG upkeep",
        "Model upkeep",
        "Tuned-model tokens",
    ]


def test_small_lines_are_joined_at_the_end_and_nothing_is_lost():
    lines = [moved("generation", 1000, 0), moved("rerank", 10, 0), moved("parsing", 5, 0), moved("router", 0, 4)]
    lines += [moved("guardrail", 0, 8)]
    steps = steps_of(lines)

    assert [step.label for step in steps] == ["Model tokens", "3 smaller lines"]
    assert math.fsum(step.delta_usd for step in steps) == -1003
    assert len(steps_of(lines, every=True)) == 5


def test_one_small_line_keeps_its_name():
    assert [step.label for step in steps_of([moved("generation", 1000, 0), moved("rerank", 10, 0)])] == [
        "Model tokens",
        "Reranking",
    ]


def test_small_is_measured_at_the_totals_unless_nothing_large_moves():
    lines = [moved("generation", 1e6, 1e6), moved("rerank", 90, 0), moved("parsing", 50, 0), moved("guardrail", 3, 0)]
    lines += [moved("labels", 2, 0)]

    assert [step.label for step in steps_of(lines)] == ["Reranking", "Document parsing", "2 smaller lines"]


def test_there_are_never_more_bars_than_can_be_read():
    lines = [moved(f"licence {number}", 100 + number, 0) for number in range(40)]

    assert len(steps_of(lines)) <= MOST_BARS + 1
    assert math.fsum(step.delta_usd for step in steps_of(lines)) == -sum(100 + number for number in range(40))
    assert len(steps_of(lines, every=True)) == 40


def test_a_bill_against_itself_has_no_step(run):
    assert steps_of(difference(run.answers["rag"], run.answers["rag"])) == []


@pytest.mark.parametrize("every", [False, True])
def test_the_steps_lead_from_one_total_to_the_other(run, every):
    for a in run.answers.values():
        for b in run.answers.values():
            steps = steps_of(difference(a, b), every=every)

            assert math.fsum(step.delta_usd for step in steps) == pytest.approx(b.tco_usd - a.tco_usd, abs=1e-6)


# The drawing


STEPS = [Step("Model tokens", 900, 100), Step("Build labour", 100, 350)]


def test_each_bar_begins_where_the_one_before_ended():
    bars = rows_of(drawn(STEPS, 1000, 450), "bars")

    assert [(bar["label"], bar["start"], bar["end"], bar["amount"]) for bar in bars] == [
        ("RAG", 0, 1000, "$1.0K"),
        ("Model tokens", 200, 1000, "−$800"),
        ("Build labour", 200, 450, "+$250"),
        ("Fine-tuning", 0, 450, "$450"),
    ]
    assert [link["usd"] for link in rows_of(drawn(STEPS, 1000, 450), "links")] == [1000, 200, 450]


def test_a_bar_has_the_colour_of_whoever_spends_more():
    assert [(bar["ink"], bar["total"]) for bar in rows_of(drawn(STEPS, 1000, 450), "bars")] == [
        ("rag", True),
        ("rag", False),
        ("fine_tuning", False),
        ("fine_tuning", True),
    ]


def test_one_architecture_before_and_after_paints_what_falls_weaker():
    _, less, more, _ = rows_of(drawn(STEPS, 1000, 450, Side("Before", "rag"), Side("After", "rag")), "bars")

    assert less["ink"] == more["ink"] == "rag"
    assert less["opacity"] < more["opacity"]


def test_hovering_gives_both_sides_to_the_cent():
    bar = rows_of(drawn([Step("Model tokens", 900.126, 100.5)], 1000, 200.374), "bars")[1]

    assert (bar["a"], bar["b"], bar["difference"]) == ("RAG $900.13", "Fine-tuning $100.50", "−$799.63")


def test_a_credit_reaches_below_zero_and_zero_is_drawn():
    chart = drawn([Step("licence", 0, -500)], 100, -400)
    bars = rows_of(chart, "bars")

    assert [(bar["start"], bar["end"]) for bar in bars] == [(0, 100), (-400, 100), (-400, 0)]
    assert [row["shown"] for row in rows_of(chart, "zero")] == [True]
    assert [row["shown"] for row in rows_of(drawn(STEPS, 1000, 450), "zero")] == [False]


def test_the_smallest_amount_is_still_a_line():
    chart = drawn([Step("Parsing", 0.01, 0), Step("Model tokens", 900, 0)], 1000, 99.99)

    assert [bar["thin"] for bar in rows_of(chart, "bars")] == [False, True, False, False]


def test_nothing_at_all_can_be_drawn():
    assert [bar["amount"] for bar in rows_of(drawn([], 0, 0), "bars")] == ["$0", "$0"]


def test_charts_of_about_as_many_bars_share_one_spec_and_one_height():
    some = [Step(f"line {number}", number, 0) for number in range(1, 8)]
    more = [Step(f"line {number}", number * 1e6, 0) for number in range(1, 10)]

    assert json.dumps(drawn(some, 28, 0).spec) == json.dumps(drawn(more, 45e6, 0).spec)
    assert drawn(some, 28, 0).height == drawn(more, 45e6, 0).height == height(12)


def test_joining_small_lines_leaves_the_height_as_it_was():
    lines = [moved(f"licence {number}", 100.0 * number, 0) for number in range(1, 9)]
    fewer = [*lines[3:], *(moved(f"licence {number}", 0.1 * number, 0) for number in range(1, 4))]
    charts = [
        waterfall(RAG, TUNED, steps_of(each), (3600, 0), money=MONEY, alt="words", least_rows=rows_for(each))
        for each in (lines, fewer)
    ]

    assert [len(rows_of(chart, "bars")) for chart in charts] == [10, 8]
    assert charts[0].height == charts[1].height


def test_the_rows_kept_for_a_chart_are_no_more_than_it_can_have():
    lines = [moved(f"licence {number}", 100 + number, 0) for number in range(40)]

    assert rows_for(lines) == MOST_BARS + 2
    assert rows_for(lines, every=True) == 42
    assert len(steps_of(lines)) <= MOST_BARS


def test_two_that_are_left_out_differ_in_strength():
    gone = (Side("RAG, left out", "excluded"), Side("Fine-tuning, left out", "excluded"))
    first, less, more, last = rows_of(drawn(STEPS, 1000, 450, *gone), "bars")

    assert first["opacity"] < last["opacity"]
    assert less["opacity"] < more["opacity"]


@pytest.mark.parametrize("bars", [0, 1, 9, 20, 60, 900])
def test_every_bar_has_its_place_inside_the_chart(bars):
    chart = drawn([Step(f"line {number}", number + 1.0, 0) for number in range(bars)], 5.0, 0.0)
    tops = [bar["top"] for bar in rows_of(chart, "bars")]
    pitch = tops[1] - tops[0]

    assert tops == pytest.approx([number * pitch for number in range(bars + 2)])
    assert 30 <= pitch <= 44
    assert tops[-1] + pitch <= chart.height + 1e-6


# Months


def month_chart(costs_by_family: dict[str, list[float]], axis: tuple[float, float] | None = None) -> Any:
    axis = axis or months.monthly_axis([costs_by_family])
    count = len(next(iter(costs_by_family.values()), [0]))
    titles = [f"{month}, Jan" for month in range(1, count + 1)]
    return months.months(costs_by_family, "rag", axis, titles=titles, money=MONEY, exact=MONEY.exact, alt="words")


def test_families_stack_dark_to_light_and_a_credit_hangs_below_zero():
    chart = month_chart({"tokens": [20, 30], "people": [10, 10], "other": [-5, 0]})

    assert [(row["low"], row["high"]) for row in rows_of(chart, "segments")] == [
        (0, 10),
        (10, 30),
        (-5, 0),
        (0, 10),
        (10, 40),
    ]
    assert [(row["people"], row["total"]) for row in rows_of(chart, "months")] == [
        ("$10.00", "$25.00"),
        ("$10.00", "$40.00"),
    ]


def test_consequences_are_outlined_only():
    (segment,) = rows_of(month_chart({"consequence": [9.0]}), "segments")

    assert (segment["outlined"], segment["opacity"]) == (True, 0)


def test_architectures_share_one_axis_that_holds_every_stack(run):
    by_key = [months.family_months(answer) for answer in run.answers.values()]
    low, high = months.monthly_axis(by_key)
    dearest = max(float(answer.monthly_usd[1:].max()) for answer in run.answers.values())

    assert low == 0
    assert dearest <= high <= 1.1 * dearest


@pytest.mark.parametrize("present", [False, True])
def test_the_months_of_all_families_are_those_of_the_bill(run, present):
    for answer in run.answers.values():
        families = months.family_months(answer, present=present)
        expected = (answer.monthly_present_value_usd if present else answer.monthly_usd)[1:]

        assert [sum(month) for month in zip(*families.values(), strict=True)] == pytest.approx(expected.tolist())


@pytest.mark.parametrize("costs_by_family", [{"people": [0.0, 0.0]}, {"other": [-3.0]}, {"people": [1e9] * 120}])
def test_an_axis_always_has_a_length_and_a_tick(costs_by_family):
    chart = month_chart(costs_by_family)
    (frame,) = rows_of(chart, "frame")

    assert frame["low"] < frame["high"]
    assert rows_of(chart, "y_ticks")


def test_months_share_one_spec():
    one, other = month_chart({"people": [1.0]}), month_chart({"tokens": [5e6] * 36})

    assert json.dumps(one.spec) == json.dumps(other.spec)


@pytest.mark.parametrize(
    ("count", "labels"),
    [(24, ["Month 6", "12", "18", "24"]), (1, ["Month 1"]), (4, ["Month 1", "4"]), (13, ["Month 6", "13"])],
)
def test_every_sixth_month_and_the_last_are_named(count, labels):
    chart = month_chart({"people": [1.0] * count})

    assert [row["label"] for row in rows_of(chart, "x_ticks")] == labels


def test_retraining_months_are_those_of_the_calendar(run):
    tuned = run.answers["fine_tuning"]

    assert months.event_months(tuned) == [3, 6, 9, 12, 15, 18, 21, 24]
    assert months.only_retraining(tuned)
    assert months.event_months(run.answers["rag"]) == []


@pytest.mark.parametrize(
    "chart",
    [drawn(STEPS, 1000, 450), month_chart({"people": [1.0, 2.0], "consequence": [1.0, 0.0]})],
    ids=lambda chart: chart.name,
)
def test_a_chart_is_valid_vega_lite_and_reads_only_tables_that_are_sent(chart):
    rows = {name: [{"column": 1}] for name in chart.datasets}
    alt.Chart.from_dict({**chart.spec, "datasets": rows}, validate=True)

    assert {layer["data"]["name"] for layer in chart.spec["layer"]} == set(chart.datasets)


# Words and tables


def test_every_component_has_a_name_of_its_own():
    assert set(COMPONENTS) == {component for components in FAMILIES.values() for component in components}
    assert len(set(COMPONENTS.values())) == len(COMPONENTS)
    assert set(PURPOSE_OF) <= set(COMPONENTS)


def test_what_was_typed_in_keeps_its_name_on_one_line():
    assert component_words("our\nlicence") == purpose_words("our\nlicence") == "our licence"
    assert len(component_words("x" * 80)) <= 32


@pytest.mark.parametrize(("words", "inside"), [("Model tokens", "model tokens"), ("RAG upkeep", "RAG upkeep")])
def test_a_name_inside_a_sentence(words, inside):
    assert in_sentence(words) == inside


@pytest.mark.parametrize("by", ["component", "phase"])
def test_groups_and_their_rows_add_up_to_every_total(run, by):
    bills = {key: costs(answer) for key, answer in run.answers.items()}
    families = {line: each for answer in run.answers.values() for line, each in families_of(answer).items()}
    found = groups(bills, families, by)

    for key, answer in run.answers.items():
        assert math.fsum(group.amounts[key] for group in found) == pytest.approx(answer.tco_usd)
        for group in found:
            assert math.fsum(amounts[key] for _, amounts in group.rows) == pytest.approx(group.amounts[key])


def test_a_missing_price_is_not_known_in_its_row_its_group_and_nowhere_else(run):
    gap = Run(changed(run.scenario, {"rag.model": None}), run.book).answers["rag"]
    found = {group.key: group for group in groups({"rag": costs(gap)}, families_of(gap), "component")}

    assert found["tokens"].amounts["rag"] is None
    assert found["people"].amounts["rag"] > 0
    assert largest_line(costs(gap)) is None


def test_the_largest_line_and_its_share():
    assert largest_line({("generation", "recurring"): 60.0, ("labels", "one_time"): 40.0}) == ("generation", 0.6)
    assert largest_line({("labels", "one_time"): 30.0, ("labels", "event"): 30.0, ("router", "event"): 40.0}) == (
        "labels",
        0.6,
    )
    assert largest_line({("generation", "recurring"): 60.0, ("licence", "one_time"): -40.0}) is None
    assert largest_line({}) is None


def test_what_moved_by_component():
    lines = [moved("labels", 1, 2, "one_time"), moved("labels", 1, 4, "event"), moved("router", 5, 5)]

    assert moved_components([*lines, moved("generation", None, 4)]) == [("labels", 4), ("generation", None)]
    assert by_component({("labels", "one_time"): 1.0, ("labels", "event"): None}) == {"labels": None}


@pytest.mark.parametrize("places", [0, 2])
@pytest.mark.parametrize("amounts", [[0.4, 0.4, 0.4], [-0.5, 0.5, 10.004], [1 / 3] * 3, [-1.26, -2.26], [], [7.5]])
def test_rounded_amounts_add_up_to_the_rounded_total(amounts, places):
    total = math.fsum(amounts)
    shown = adding_up(amounts, total, places)

    assert sum(shown) == pytest.approx(round(total, places) if amounts else 0)
    assert all(abs(a - b) <= 10**-places for a, b in zip(shown, amounts, strict=True))


def test_the_grid_has_every_component_that_costs_anything_and_adds_up(run):
    for answer in run.answers.values():
        rows = grid_rows(answer)
        every = sum(row.monthly_usd for row in rows)

        assert every.tolist() == pytest.approx(answer.monthly_usd.tolist())
        assert {row.component for row in rows} == set(by_component(costs(answer)))


def test_the_month_to_look_at_first_is_one_with_a_cost(run):
    rows = {row.component: row for row in grid_rows(run.answers["fine_tuning"])}

    assert rows["tuned_maintenance"].dearest_month == 1
    assert rows["build_labour"].dearest_month == 0
    assert rows["retrain_labour"].dearest_month == 24
