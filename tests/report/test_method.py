"""The Method is made from the code: nothing in it can be left out or say something else."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import wraps
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costmodel import components, finance, link, published, timeline
from costmodel.changes import changed, resolved
from costmodel.families import FAMILY_OF
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS, Scenario
from costmodel.terms import FORMULAS
from pricing import plans
from pricing.catalog import load_book
from pricing.units import METERS
from report.method import blocks, chapters, everything, gallery, markdown, money, notation
from report.method.__main__ import START, text
from report.method.bills import PRICES, bill
from report.method.conventions import DRIFTS, EXPLAINED
from report.method.everything import KINDS
from report.method.forgotten import drivers
from report.method.reading import amount, number, usd, worked
from report.text import EXCLUSIONS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "method.md"
PROSE = {"mean_age"}
"""Declared in words, not in arithmetic; each has a test of its own below."""


@pytest.fixture(scope="module")
def examples() -> tuple[blocks.ExampleShown, ...]:
    return gallery.examples()


@pytest.fixture(scope="module")
def run() -> Run:
    return run_scenario(resolved(PRESETS[DEFAULT_PRESET].scenario, START), load_book())


def within(parts: Iterable[object]) -> Iterator[object]:
    """Every block, also those inside others."""
    for part in parts:
        yield part
        if isinstance(part, blocks.Section | blocks.Chapter):
            yield from within(part.blocks)


def of_kind(kind: type, run: Run, examples: tuple[blocks.ExampleShown, ...]) -> list:
    return [block for block in within(chapters(run, examples)) if isinstance(block, kind)]


# Complete


def test_every_field_is_an_assumption_in_the_order_of_the_code(run, examples):
    rows = [row for block in of_kind(blocks.Assumptions, run, examples) for row in block.rows]

    assert [row.path for row in rows] == list(FIELDS)
    for row, facts in zip(rows, FIELDS.values(), strict=True):
        assert (row.label, row.unit, row.help, row.source) == (facts.label, facts.unit, facts.help, facts.source)


def test_every_declared_quantity_is_there_with_its_worked_number(run, examples):
    shown = {block.name: block for block in of_kind(blocks.Formula, run, examples)}

    for name, declared in FORMULAS.items():
        result = np.atleast_1d(declared.worked())[-1]
        assert shown[name].expression == declared.expression
        assert amount(float(result), declared.unit).split(" ")[0] in shown[name].worked, name


def test_the_quantities_come_in_the_order_of_the_code(run, examples):
    names = [block.name for block in of_kind(blocks.Formula, run, examples)]

    assert [name for name in names if name in FORMULAS] == list(FORMULAS)


def test_every_rule_of_a_price_plan_is_there():
    public = {
        name
        for name, each in inspect.getmembers(plans, inspect.isfunction)
        if each.__module__ == plans.__name__ and not name.startswith("_")
    }

    assert public == {block.name for block in money.sections()[0].blocks}


def test_every_component_of_the_ledger_is_on_a_bill():
    on_bills = {line.component for kind in KINDS for line in bill(kind.id).lines}

    assert on_bills == set(FAMILY_OF)


def test_a_bill_has_the_lines_of_the_code_in_their_order():
    for kind in KINDS:
        _, first = next(iter(everything.runs(kind)))
        whole = first.answers[kind.architecture].bill
        computed = [(line.component, line.phase) for line in (*whole.lines, *whole.consequences)]
        shown = [(line.component, line.phase) for line in bill(kind.id).lines if not line.only]

        assert list(dict.fromkeys(shown)) == list(dict.fromkeys(computed))


def test_everything_is_priced_in_the_scenario_behind_the_bills():
    for kind in KINDS:
        for only, found in everything.runs(kind):
            assert found.excluded == {}, (kind.id, only)


def test_what_a_bill_speaks_of_is_a_field_or_defined_once_below_it():
    for kind in KINDS:
        names = [left.text for left, _ in bill(kind.id).definitions]

        assert len(names) == len(set(names)), kind.id


def test_every_meter_has_a_name_and_every_drift_group_and_exclusion_its_words():
    assert set(PRICES) == set(METERS)
    assert {meter.drift_group for meter in METERS.values()} <= set(DRIFTS)
    assert {each.strip() for each in EXCLUSIONS.split(";")} == set(EXPLAINED)


def test_every_figure_of_every_published_example_is_there_with_its_verdict(run, examples):
    (shown,) = of_kind(blocks.Examples, run, examples)
    loaded = published.load_examples()

    assert [each.title for each in shown.shown] == [each.title for each in loaded]
    for each, example in zip(shown.shown, loaded, strict=True):
        assert [row.figure for row in each.figures] == [figure.name for figure in example.content.figures]
        assert all(row.verdict for row in each.figures)


def test_the_link_of_an_example_opens_its_scenario(examples):
    for shown, example in zip(examples, published.load_examples(), strict=True):
        if shown.word:
            opened, _ = link.decoded(shown.word)

            assert opened == example.opened(example.shown_variants[0])
            assert len(shown.word) <= link.MAX_CHARACTERS
    assert all(shown.word for shown in examples)


def test_every_driver_names_fields_that_exist(run):
    for driver in drivers(run):
        assert driver.paths
        assert set(driver.paths) <= set(FIELDS)
        assert driver.source


def test_places_to_jump_to_have_names_of_their_own(run, examples):
    ids = [part.id for kind in (blocks.Chapter, blocks.Section) for part in of_kind(kind, run, examples)]
    ids += [block.name for block in of_kind(blocks.Formula, run, examples)]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("scenario", [Scenario(), *(each.scenario for each in PRESETS.values())], ids=lambda s: s.name)
def test_it_can_be_written_for_any_scenario(scenario, examples):
    found = chapters(run_scenario(resolved(scenario, START), load_book()), examples)
    document = markdown.document("Every dollar", "A lead.", found)

    assert scenario.name in document
    assert re.findall(r"\b(nan|inf|None)\b", document) == []


# Made from the code


@pytest.mark.parametrize(
    ("module", "name", "result", "shown"),
    [
        (components, "live_queries", 4711.0, "4,711 queries"),
        (components, "replicas", 4711.0, "4,711 replicas"),
        (components, "correct_share", 0.471, "47.1%"),
        (components, "hourly_rate", 4711.5, "$4,711.50 per hour"),
        (timeline, "forced_interval", 4711.0, "4,711 months"),
        (plans, "graduated", 4711.0, "$4,711"),
        (plans, "job", 4711.0, "$4,711"),
        (finance, "net_present_value", 4711.0, "$4,711"),
    ],
)
def test_another_function_shows_another_number(monkeypatch, run, examples, module, name, result, shown):
    before = {block.name: block.worked for block in of_kind(blocks.Formula, run, examples)}
    monkeypatch.setattr(module, name, wraps(getattr(module, name))(lambda *given: np.asarray(result)))
    after = {block.name: block.worked for block in of_kind(blocks.Formula, run, examples)}

    assert shown not in before[name]
    assert shown in after[name]


def test_what_is_forgotten_is_worked_out_by_the_components(monkeypatch, run):
    said = {each.name: each for each in drivers(run)}

    assert said["Dedicated hosting that stands idle"].range == "about $1,241 a month at $1.70 an hour"  # 1.70 x 730
    assert "20% of overlap is 25% more" in said["Overlap of chunks"].range  # 1 / (1 - 0.2)
    assert said["GPUs that are not full"].range == "2.5 to 24 times the price per token"

    monkeypatch.setattr(components, "replicas", lambda *given: np.asarray(2.0))

    doubled = next(each for each in drivers(run) if each.name == "Dedicated hosting that stands idle")

    assert doubled.range == "about $2,482 a month at $1.70 an hour"


def test_an_own_figure_says_so_and_is_no_guess(examples):
    scenario = changed(resolved(PRESETS[DEFAULT_PRESET].scenario, START), {"corpus.documents": 123.0})
    own = run_scenario(scenario, load_book())
    rows = {row.path: row for block in of_kind(blocks.Assumptions, own, examples) for row in block.rows}

    assert rows["corpus.documents"].value == "123"
    assert rows["corpus.documents"].because == "your own figure"
    assert not rows["corpus.documents"].guess
    assert rows["corpus.changed_share_per_update"].guess


def test_the_committed_text_is_what_the_code_writes():
    assert DOCS.read_text(encoding="utf-8") == text(), "write it again with `make docs`"


# The arithmetic says what the function does


SHARES = ("cached", "retries", "share", "shared", "changed", "stale", "outdated", "weights", "correct")
RANGES = {
    **dict.fromkeys(SHARES, (0.0, 1.0)),
    "growth": (-0.5, 1.0),
    "annual": (-0.5, 1.0),
    "target": (0.01, 1.0),
    "overlap": (0.0, 99.0),
    "interval": (0.1, 120.0),
    "needed": (0.1, 1e3),
}
MONTHS = st.integers(1, 120).map(float)


def numbers(name: str) -> st.SearchStrategy[float]:
    low, high = RANGES.get(name, (0.1, 1e4))
    return MONTHS if name == "month" else st.floats(low, high).map(lambda value: float(f"{value:.4g}"))


def forgiving_ceil(value: float) -> int:
    return math.ceil(value - timeline.FORGIVEN)


ARITHMETIC = {"__builtins__": {}, "min": min, "max": max, "ceil": forgiving_ceil, "floor": math.floor}


@pytest.mark.parametrize("name", [name for name in FORMULAS if name not in PROSE])
@given(data=st.data())
def test_the_declared_arithmetic_is_what_the_function_computes(name, data):
    declared = FORMULAS[name]
    values = {each: data.draw(numbers(each), label=each) for each in declared.parameters}
    if "overlap" in values:
        assume(values["overlap"] < values["chunk"])
    computed = float(np.asarray(declared.compute(*map(np.asarray, values.values()))))
    by_hand = eval(declared.expression, ARITHMETIC, values)

    assert notation.read(declared.expression) <= set(declared.parameters)
    assert computed == pytest.approx(by_hand, rel=1e-9, abs=1e-9)


def test_what_is_declared_in_words_is_on_the_list_with_a_test_of_its_own():
    assert {name for name, each in FORMULAS.items() if notation.tree(each.expression) is None} == PROSE


def test_the_age_of_a_training_is_the_mean_over_the_month():
    # Trainings at 0, 3, 6 ...: the months since the last one run from 0 to 1, 1 to 2, 2 to 3, and 0 to 1 again.
    ages = timeline.mean_age(3.0, np.array([1.0, 2.0, 3.0, 4.0]), 0.0)

    assert ages.tolist() == pytest.approx([0.5, 1.5, 2.5, 0.5])


@given(interval=st.floats(0.2, 24), month=st.integers(1, 60))
def test_the_age_of_a_training_is_what_many_moments_of_the_month_give(interval, month):
    moments = month - 1 + (np.arange(20_000) + 0.5) / 20_000
    by_hand = float((moments - np.floor(moments / interval) * interval).mean())

    assert float(timeline.mean_age(interval, np.array([float(month)]), 0.0)[0]) == pytest.approx(by_hand, abs=2e-3)


# How it reads


def test_a_worked_example_reads_as_a_sentence():
    documents = FORMULAS["grown_documents"]
    asked = FORMULAS["user_queries"]

    assert worked(documents.example, documents.worked(), documents.unit) == (
        "with documents 1,000, growth 10%, month 2: 1,210 documents"
    )
    assert worked(asked.example, asked.worked(), asked.unit) == (
        "with volume 1,000, growth 10%, season 1.2, most 1,400: 1,200, 1,320 and 1,400 queries in months 1 to 3"
    )


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("a / b * c / d", "a × c / (b × d)"),
        ("a - (b - c)", "a − (b − c)"),
        ("a - b + c", "a − b + c"),
        ("(a + b) / c", "(a + b) / c"),
        ("a * (b + c)", "a × (b + c)"),
        ("(a + b) ** 2", "(a + b)²"),
        ("a ** (b - 1)", "a^(b − 1)"),
        ("a / (b / c)", "a × c / b"),
        ("ceil(a / 1e9)", "⌈a / 10⁹⌉"),
        ("1 if a <= b else a / (b - c)", "1 if a ≤ b, otherwise a / (b − c)"),
        ("mean over the month", "mean over the month"),
    ],
)
def test_arithmetic_is_set_without_changing_what_it_means(expression, shown):
    assert notation.written(expression).text == shown


def test_a_formula_escapes_what_html_would_read():
    assert notation.written("min(a, b) if a <= b else less_than").html.count("<i>") == 5
    assert "&lt;" in notation.written("what <b>is</b> not arithmetic").html


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1210.0000000000002, "1,210"),
        (0.909090909, "0.909091"),
        (2.628e9, "2.628 billion"),
        (1e12, "1 trillion"),
        (-3, "−3"),
    ],
)
def test_numbers_are_written_in_full(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(39.7, "$39.70"), (1241.0, "$1,241"), (-2103.68, "−$2,103.68"), (0, "$0")]
)
def test_amounts_have_cents_where_there_are_any(value, shown):
    assert usd(value) == shown


def test_the_text_names_no_file_of_a_source_and_no_day_of_today():
    written = DOCS.read_text(encoding="utf-8")

    assert ".txt" not in written
    assert "seed" not in written.lower()
    assert date.today().isoformat() not in written or date.today() == START
