"""Every line explained: what is shown can be redone by hand, and leads to prices and fields."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from costmodel.changes import changed, resolved
from costmodel.components import (
    chunk_length,
    chunks_per_document,
    guardrail_units,
    live_queries,
    model_calls,
    new_documents,
    replicas,
    rest,
    user_queries,
)
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS
from costmodel.terms import FORMULAS, Term, applied, product, total
from costmodel.terms import given as given_term
from costmodel.timeline import drift, events, mean_age
from pricing.catalog import load_book
from pricing.price import Price
from report.explained import (
    ExplainedLine,
    NoSuchLine,
    components,
    definitions,
    explained,
    in_words,
    months_with_cost,
    parsed_line,
)
from report.formulas import cost, expression_in_words, money, plain_number, uncapitalised
from report.worked import Worked
from tests.costmodel.strategies import questions

DAY = date(2026, 11, 14)
BASE = resolved(PRESETS[DEFAULT_PRESET].scenario, DAY)


def run_of(values: dict[str, Any] | None = None, rows: list[Price] | None = None) -> Run:
    book = load_book().with_rows(rows) if rows else load_book()
    return run_scenario(changed(BASE, values or {}, book), book)


def line_of(run: Run, address: str, n: int = 0) -> ExplainedLine:
    return explained(run, *parsed_line(run, address))[n]


def word(path: str) -> str:
    """How a field is called inside a formula."""
    return uncapitalised(FIELDS[path].label)


def field(label: str, unit: str, value: float) -> Term:
    return Term(label, unit, value, "field", name=f"workload.{label}")


# A second reader of formulas: it sees the text alone

TOKEN = re.compile(r"1M|1k|\$?\d[\d,]*(?:\.\d+)?(?:e[+−-]?\d+)?%?|[×+−/^()]")
SIGNS = {"1M": "1e6", "1k": "1e3", "×": "*", "−": "-", "^": "**"}
NO_ARITHMETIC = (
    "rounded",
    "smaller",
    "larger",
    "due after",
    "tiers",
    "the step",
    "not known",
    "typed in",
    ", as ",
    ", from ",
    " ≤ ",
    "mean over",
    "included",
    "It is what",
)


def reckoned(text: str) -> float:
    """What a person with a calculator gets from the numbers of a text; words count for nothing."""
    text = re.sub(r"\([^()\d]*\)", "", text.replace("% of ", "% × "))
    keys: list[str] = []
    for token in TOKEN.findall(text):
        if keys and keys[-1] == "/" and not (token == "(" or re.match(r"[\d$]", token)):
            keys.pop()  # "$93.45 / hour ×": an hour is one hour
        keys.append(token)
    if keys and keys[-1] == "/":
        keys.pop()
    return float(eval("".join(map(_typed, keys)), {"__builtins__": {}}))


def _typed(token: str) -> str:
    if token in SIGNS or not re.match(r"[\d$]", token):
        return SIGNS.get(token, token)
    number = token.replace("$", "").replace(",", "").replace("−", "-")
    return f"({number[:-1]}/100)" if number.endswith("%") else number


def is_arithmetic(text: str) -> bool:
    return not any(words in text for words in NO_ARITHMETIC)


def faults(line: ExplainedLine) -> Iterator[str]:
    """Where the explanation of a line does not hold."""
    if math.isnan(line.cost_usd):
        if not line.formula.startswith("not known: "):
            yield f"unknown, but {line.formula}"
        return
    left, right = re.split(r" = |: ", line.formula)[0], re.split(r" = |: ", line.formula)[-1]
    said = reckoned(right)
    if abs(said - line.cost_usd) > 0.005 + 1e-9 * abs(line.cost_usd):
        yield f"{line.cost_usd!r}, but {line.formula}"
    if is_arithmetic(line.formula):
        found = reckoned(left.split(", at least")[0])
        if abs(found - said) > max(0.00501, 1e-3 * abs(said)):
            yield f"{found!r} by hand, but {line.formula}"
    for step in filter(is_arithmetic, line.steps):
        a, b = (reckoned(side) for side in step.split(": ")[-1].split(" = "))
        if not math.isclose(a, b, rel_tol=1e-3, abs_tol=0.02):
            yield f"{a!r} is not {b!r} in {step}"


def every_line(run: Run, months: int | None = None) -> Iterator[tuple[str, str, int, tuple[ExplainedLine, ...]]]:
    """All explained lines; with `months` in so many months of each component, the first and the last among them."""
    for key in run.answers:
        for component in components(run, key):
            paid = months_with_cost(run, key, component)
            step = 1 if months is None else max(1, (len(paid) - 1) // (months - 1))
            for month in dict.fromkeys([*paid[::step], paid[-1]]):
                yield key, component, month, explained(run, key, component, month)


def wrong(run: Run, months: int | None = None) -> list[str]:
    return [
        f"{key}.{component}.{month}: {fault}"
        for key, component, month, lines in every_line(run, months)
        for line in lines
        for fault in faults(line)
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_formula_of_every_preset_comes_to_its_cost_by_hand(preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())

    assert wrong(run) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_what_is_shown_of_a_preset_comes_to_the_shown_cent(preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())

    for _, _, _, lines in every_line(run):
        for line in lines:
            if is_arithmetic(line.formula):
                left, right = line.formula.split(" = ")
                assert reckoned(left.split(", at least")[0]) == pytest.approx(reckoned(right), abs=0.00501), (
                    line.formula
                )


@given(questions())
@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
def test_every_formula_of_a_random_scenario_comes_to_its_cost_by_hand(question):
    run = Run(*question)

    assert wrong(run, months=3) == []


@given(questions())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_explained_rows_are_the_rows_of_the_ledger(question):
    run = Run(*question)
    ledger = run.ledger()

    for key, component, month, lines in every_line(run, months=2):
        rows = ledger[(ledger["architecture"] == key) & (ledger["component"] == component) & (ledger["month"] == month)]
        assert [line.cost_usd for line in lines] == pytest.approx(rows["cost_usd"].tolist(), nan_ok=True)
        assert [line.quantity for line in lines] == pytest.approx(rows["quantity"].tolist(), nan_ok=True)
        assert [(line.unit, line.phase, line.scope) for line in lines] == list(
            zip(rows["unit"], rows["phase"], rows["scope"], strict=True)
        )


def test_the_second_reader_reads_numbers_as_a_person_does():
    assert reckoned("98,000 calls × 3,010 tokens × $2.00 / 1M tokens") == pytest.approx(589.96)
    assert reckoned("1 hour × $93.45 / hour × (1 − 10% negotiated discount)") == pytest.approx(84.105)
    assert reckoned("3,738 per week (an engineer's week) / 40 hours × 2^3 − $1.50") == pytest.approx(746.1)
    assert reckoned("20% of $31,234.00") == pytest.approx(6246.8)


def test_the_second_reader_sees_a_wrong_formula():
    line = line_of(run_of(), "rag.generation.6")

    assert list(faults(line)) == []
    assert list(faults(changed_line(line, cost_usd=line.cost_usd + 0.01)))
    assert list(faults(changed_line(line, formula=line.formula.replace(" calls", "0 calls"))))
    assert list(faults(changed_line(line, steps=("2 queries = 1 query",))))


def changed_line(line: ExplainedLine, **values: Any) -> ExplainedLine:
    return ExplainedLine(**{**vars(line), **values})


# What a formula reads like

PLAIN = {"workload.monthly_growth_share": 0.0, "workload.response_cache_hit_share": 0.0, "workload.retry_share": 0.0}


def test_a_line_of_tokens_is_calls_times_tokens_times_price():
    run = run_of({**PLAIN, "workload.queries_per_month": 98_000, "price:openai/gpt-6.1-sol:input": 2.0})

    line = line_of(run, "rag.generation.1")
    assert line.formula == "98,000 calls × 3,570 tokens × $2.00 / 1M tokens = $699.72"
    assert line.driver == "prompt tokens"
    assert line.unit == "million_tokens"
    assert line.quantity == pytest.approx(98_000 * 3_570 / 1e6)
    assert line.unit_price_usd == pytest.approx(2.0)


def test_steps_go_from_the_factors_of_the_line_down_to_fields():
    run = run_of({**PLAIN, "workload.queries_per_month": 100_000, "workload.retry_share": 0.02})

    steps = line_of(run, "rag.generation.1", 1).steps
    assert steps == (
        "102,000 model calls = 100,000 live queries × (1 + 2% retries) × 1 model call per query",
        "100,000 live queries = 100,000 user queries",
        "100,000 user queries = 100,000 queries per month",
    )


def test_the_same_number_has_the_same_digits_in_every_step():
    steps = line_of(run_of(), "rag.generation.6", 1).steps

    known = [step.split(" = ")[0] for step in steps]
    for n, name in enumerate(known[1:], 1):
        assert any(name in step.split(" = ")[1] for step in steps[:n])


def test_a_sum_of_one_product_is_shown_as_that_product():
    run = run_of({**PLAIN, "workload.queries_per_month": 100_000, "workload.batch_share": 0.25})

    line = next(line for line in explained(run, "rag", "generation", 1) if line.driver == "answer tokens")
    share = f"(1 − 25% {word('workload.batch_share')})"
    assert line.formula == f"100,000 calls × {share} × 215 tokens × $10.00 / 1M tokens = $161.25"


def test_hours_are_paid_at_the_hourly_rate_and_drift():
    line = line_of(run_of(), "rag.rag_maintenance.6")

    assert line.formula == "12 hours × $93.45 / hour × 1.011573 price drift = $1,134.38"
    assert line.steps == (
        f"$93.45 per hour = $3,738.00 per week ({word('people.engineer_usd_per_week')}) / 40 hours per week",
        f"1.011573 price drift = (1 + 2.8% {word('finance.price_drift_annual.labour')})^(5 / 12)",
    )
    assert line.note == "The price drifts by 2.8% a year."


def test_a_factor_that_is_one_is_left_out():
    line = line_of(run_of(), "rag.build_labour.0")

    assert line.formula == "2 weeks × $3,738.00 / week = $7,476.00"
    assert line.steps == ()
    assert line.note == ""


def test_events_are_counted_in_plain_words():
    steps = line_of(run_of(), "fine_tuning.retrain_labour.6").steps

    assert "1 retraining = 2 due after 6 months − 1 due after 5 months, one every 3 months (retrain every)" in steps


def test_a_contingency_is_a_share_of_the_one_time_lines():
    line = line_of(run_of(), "fine_tuning.contingency.0")

    assert re.fullmatch(r"20% of \$[\d,]+\.\d\d = \$[\d,]+\.\d\d", line.formula)
    assert re.match(r"\$[\d,]+\.\d\d = \$26,166\.00 build labour \+ ", line.steps[0])


def test_a_discount_stands_in_the_formula_and_in_the_note():
    line = line_of(run_of({"finance.discount_share.openai": 0.1}), "rag.generation.6")

    assert "× $2.00 / 1M tokens × (1 − 10% negotiated discount) = " in line.formula
    assert line.note == "A negotiated discount of 10% is taken off."
    assert "finance.discount_share.openai" in [each.path for each in line.fields]


def test_a_discount_of_everything_costs_nothing_and_says_so():
    line = line_of(run_of({"finance.discount_share.openai": 1.0}), "rag.generation.6")

    assert line.formula.endswith("× (1 − 100% negotiated discount) = $0.00") or "× 0 = $0.00" in line.formula


def test_another_currency_is_told_beside_the_dollars_of_the_formula():
    line = line_of(run_of({"finance.currency": "EUR", "finance.usd_per_currency_unit": 2.0}), "rag.build_labour.0")

    assert line.formula.endswith("= $7,476.00")
    assert line.note == "That is €3,738.00 at 2 USD per EUR."


def typed(**amount: Any) -> dict[str, Any]:
    extra = {"architecture": "rag", "component": "licence", "phase": "recurring", "months": [1, 24], "note": "a quote"}
    return {"extra_costs": [{**extra, **amount}]}


@pytest.mark.parametrize(
    ("amount", "formula"),
    [
        ({"usd": 500.0}, "typed in: $500.00"),
        ({"usd_per_month": -12.5}, "typed in: −$12.50"),
        ({"usd_per_query": 0.002}, "200,000 queries × $0.002 / query = $400.00"),
    ],
)
def test_a_typed_in_cost_says_that_it_was_typed_in(amount, formula):
    run = run_of({**PLAIN, **typed(**amount)})

    line = line_of(run, "rag.licence.1")
    assert line.formula == formula
    assert line.fields[-1].path == "extra_costs"
    assert (line.fields[-1].source, line.fields[-1].changed) == ("a quote", True)


def test_a_missing_price_is_named_in_the_place_of_the_amount():
    line = line_of(run_of({"rag.model": None}), "rag.generation.1")

    assert line.formula == "not known: no model is chosen (rag.model)"
    assert line.note == "No model is chosen (rag.model)."
    assert math.isnan(line.cost_usd)
    assert line.unit_price_usd is None


def test_a_consequence_says_that_it_is_in_no_total_unless_it_is():
    values = {"finance.delay_usd_per_week": 1000.0}

    beside = line_of(run_of(values), "rag.launch_delay.0")
    within = line_of(run_of({**values, "finance.consequences_in_tco": True}), "rag.launch_delay.0")
    assert beside.formula == within.formula == "3 weeks × $1,000.00 / week = $3,000.00"
    assert (beside.scope, beside.note) == ("consequence", "It stands beside the bill and is in no total.")
    assert within.note == ""


# Vector stores


def store(**rows: dict[str, Any]) -> list[Price]:
    """A made-up vector store `crate/store`, one row for each meter."""
    named = {"provider": "crate", "item": "store", "group": "vector_store", "note": "made up"}
    units = {"storage": "GB-month", "reads": "1M units", "writes": "1M units", "nodes": "hour", "flat": "month"}
    return [
        Price(**named, meter=name.rstrip("0123456789"), **({"unit": units[name.rstrip("0123456789")]} | row))
        for name, row in rows.items()
    ]


def stored(rows: list[Price], **values: Any) -> Run:
    few = {"workload.queries_per_month": 3_000_000, "rag.vector_store": "crate/store", **values}
    return run_of({**PLAIN, **few}, rows)


def test_a_plan_with_tiers_says_its_rule_and_lists_the_tiers():
    rows = store(reads={"price_usd": 10.0, "included_quantity": 1}, reads1={"price_usd": 4.0, "tier_from": 2.0})

    line = line_of(stored(rows), "rag.vector_reads.1")
    assert line.formula == "3,000,000 reads by the plan's tiers, less what it includes = $14.00"
    assert line.steps[:3] == (
        "1,000,000 reads included",
        "From 0 to 2,000,000 reads: 1,000,000 reads × $10.00 / 1M units = $10.00",
        "From 2,000,000 reads on: 1,000,000 reads × $4.00 / 1M units = $4.00",
    )
    assert "average" in line.note
    assert [row.price_id for row in line.prices] == ["crate/store:reads", "crate/store:reads@2"]


def test_only_the_tiers_that_a_month_reaches_are_behind_it():
    rows = store(reads={"price_usd": 10.0}, reads1={"price_usd": 4.0, "tier_from": 5.0})

    line = line_of(stored(rows), "rag.vector_reads.1")
    assert [row.price_id for row in line.prices] == ["crate/store:reads"]


def test_a_fee_by_steps_names_the_step_that_the_searches_reach():
    rows = store(flat={"price_usd": 20.0}, flat1={"price_usd": 60.0, "tier_from": 100_000.0})

    line = line_of(stored(rows), "rag.vector_flat.1")
    assert line.formula == "1 month at the fee of the step that the searches reach = $60.00"
    assert line.steps[0] == "3,000,000 searches reach the step from 100,000"
    assert [row.price_id for row in line.prices] == ["crate/store:flat@100000"]


def test_a_fee_whose_step_is_not_reached_is_nothing():
    rows = store(flat={"price_usd": 20.0, "tier_from": 5e6}, flat1={"price_usd": 60.0, "tier_from": 9e6})

    line = line_of(stored(rows), "rag.vector_flat.1")
    assert line.formula == "1 month at the fee of the step that the searches reach = $0.00"
    assert line.steps[0] == "3,000,000 searches stay below the step from 5,000,000"


def test_a_single_tier_that_begins_above_nothing_is_told_as_a_tier():
    line = line_of(stored(store(reads={"price_usd": 10.0, "tier_from": 2.0})), "rag.vector_reads.1")

    assert line.formula == "3,000,000 reads by the plan's tiers, less what it includes = $10.00"
    assert line.steps[0] == "From 2,000,000 reads on: 1,000,000 reads × $10.00 / 1M units = $10.00"
    assert "average" in line.note


def test_a_top_up_is_the_minimum_less_the_usage():
    rows = store(reads={"price_usd": 2.0}, storage={"price_usd": 0.000001, "minimum_usd": 50.0})

    line = line_of(stored(rows), "rag.vector_minimum.1")
    assert line.formula == "$50.00 minimum − $6.00 usage = $44.00"
    assert line.steps[0].startswith("$6.00 usage = ")
    assert [row.minimum_usd for row in line.prices] == [50.0]


def test_a_minimum_after_drift_shows_what_it_was():
    rows = store(reads={"price_usd": 2.0, "minimum_usd": 50.0})
    run = stored(rows, **{"finance.price_drift_annual.vector_store": 0.1, "finance.discount_share.crate": 0.2})

    line = line_of(run, "rag.vector_minimum.13")
    assert line.formula == "$44.00 minimum − $5.28 usage = $38.72"
    assert line.steps[:2] == (
        "$44.00 minimum = $50.00 × (1 − 20% negotiated discount) × 1.1 price drift",
        f"1.1 price drift = 1 + 10% {word('finance.price_drift_annual.vector_store')}",
    )


def test_a_price_by_the_gib_is_told_in_the_unit_of_the_amount():
    rows = store(storage={"price_usd": 0.5, "unit": "GiB-month"})

    line = line_of(stored(rows, **{"corpus.documents": 1e7}), "rag.vector_storage.1")
    assert " GB × $0.50 / 1.073741824 GB-month = " in line.formula
    assert line.note == "1 GiB-month is 1.073741824 GB-month."
    assert list(faults(line)) == []


# Training


def jobs(minimum: float) -> list[Price]:
    row = {"provider": "bolt", "item": "tuned", "unit": "1M tokens", "group": "llm", "note": "made up"}
    meters = {"input": 1.0, "output": 2.0, "training": 3.0}
    least = {"training": {"minimum_usd": minimum}}
    return [Price(**row, meter=name, price_usd=usd, **least.get(name, {})) for name, usd in meters.items()]


TUNED = {
    "fine_tuning.model": "bolt/tuned",
    "fine_tuning.hosting": "serverless",
    "fine_tuning.training_examples": 1000.0,
    "fine_tuning.tokens_per_example": 500.0,
    "fine_tuning.epochs": 2,
    "fine_tuning.experiment_runs": 5,
}


def test_a_job_above_its_minimum_says_the_minimum():
    line = line_of(run_of(TUNED, jobs(2.0)), "fine_tuning.training.0")

    assert line.formula == "5 runs × 1,000,000 tokens × $3.00 / 1M tokens, at least $2.00 a job = $15.00"


def test_a_job_below_its_minimum_pays_the_minimum():
    line = line_of(run_of(TUNED, jobs(4.0)), "fine_tuning.training.0")

    assert line.formula == "5 runs × $4.00 minimum of a job = $20.00"
    assert line.steps[0] == "$4.00 minimum of a job, as 1,000,000 tokens × $3.00 / 1M tokens = $3.00 is less"


def test_a_long_call_names_the_tier_that_it_pays():
    rows = jobs(2.0)
    long = Price(
        provider="bolt",
        item="tuned",
        meter="input",
        unit="1M tokens",
        price_usd=7.0,
        tier_from=200.0,
        group="llm",
        note="made up",
    )

    line = line_of(run_of(TUNED, [*rows, long]), "fine_tuning.tuned_generation.1")
    assert "$7.00 / 1M tokens" in line.formula
    assert [row.price_id for row in line.prices] == ["bolt/tuned:input@200"]
    assert "A call of more than 200 tokens" in line.note


# Prices and fields


def test_the_price_row_in_force_in_the_month_is_the_one_behind_it():
    named = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens"}
    later = Price(**named, price_usd=1.0, effective_from=date(2027, 5, 1), source="a notice")

    run = run_of({}, [later])
    before, after = line_of(run, "rag.generation.5"), line_of(run, "rag.generation.6")
    assert [row.price_usd for row in before.prices] == [2.0]
    assert [(row.price_usd, row.source) for row in after.prices] == [(1.0, "a notice")]
    assert "$1.00 / 1M tokens" in after.formula


def test_a_typed_in_price_is_behind_the_line():
    line = line_of(run_of({"price:openai/gpt-6.1-sol:input": 3.0}), "rag.generation.1")

    assert [(row.price_usd, row.origin) for row in line.prices] == [(3.0, "edit")]


def test_a_field_tells_its_source_or_that_it_is_the_users_own():
    fields = {each.path: each for each in line_of(run_of({"workload.retry_share": 0.5}), "rag.generation.1").fields}

    history = fields["workload.history_tokens"]
    assert (history.value, history.unit, history.guess, history.changed) == (140, "tokens", False, False)
    assert "LMSYS" in history.source
    retries = fields["workload.retry_share"]
    assert (retries.value, retries.source, retries.changed) == (0.5, "", True)
    assert fields["workload.model_calls_per_query"].source == "default"


def test_a_guess_says_so_until_it_is_replaced():
    path = "rag.preparation_hours"
    guessed = line_of(run_of(), "rag.preparation.0").fields[0]
    own = line_of(run_of({path: 30.0}), "rag.preparation.0").fields[0]

    assert (guessed.path, guessed.guess, guessed.changed) == (path, True, False)
    assert guessed.source
    assert (own.value, own.guess, own.changed, own.source) == (30.0, False, True, "")


def test_the_fields_are_those_of_the_line():
    run = run_of()

    for key, component, _, lines in every_line(run, months=2):
        bill = [line for line in run.answers[key].bill.lines if line.component == component]
        known = {(line.driver, line.phase): line.fields for line in bill}
        for line in lines:
            if line.scope == "bill":
                assert tuple(each.path for each in line.fields) == known[line.driver, line.phase]


# What there is to explain


def test_a_month_without_cost_has_no_lines():
    run = run_of()

    assert explained(run, "rag", "preparation", 1) == ()
    assert explained(run, "fine_tuning", "labels", 1) == ()
    assert explained(run, "rag", "generation", -1) == ()
    assert explained(run, "rag", "generation", 25) == ()
    assert explained(run, "prompting", "nothing", 1) == ()


def test_months_with_cost_are_those_of_the_ledger():
    assert months_with_cost(run_of(), "fine_tuning", "retrain_labour") == [3, 6, 9, 12, 15, 18, 21, 24]


def test_plain_prompting_is_explained_as_a_reference_too():
    run = run_of()

    assert "prompting" not in run.answers
    assert explained(run, "prompting", "generation", 1)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("rag.reranking.1", "rag has no component 'reranking'; it has build_labour, "),
        ("prompting.generation.1", "'prompting' is not compared; use one of rag, fine_tuning, hybrid"),
        ("rag.generation.25", "'25' is not a month of this ledger; use 0 to 24"),
        ("rag.generation.-1", "use 0 to 24"),
        ("rag.generation.1.5", "rag has no component 'generation.1'"),
        ("rag.generation.", "names no line"),
        ("rag.generation", "names no line"),
        ("rag", "names no line"),
        ("", "names no line"),
    ],
)
def test_a_line_that_is_not_there_is_refused_with_what_is(named, words):
    with pytest.raises(NoSuchLine, match=re.escape(words)):
        parsed_line(run_of(), named)


def test_a_typed_in_name_may_hold_dots():
    run = run_of({"extra_costs": [typed(usd=5.0)["extra_costs"][0] | {"component": "plan v1.2"}]})

    assert parsed_line(run, "rag.plan v1.2.1") == ("rag", "plan v1.2", 1)


# Numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(98000, "98,000"), (0.125, "0.125"), (0.1 + 0.2, "0.3"), (1e-5, "0.00001"), (1e20, "1e+20"), (-3.5, "−3.5")],
)
def test_an_input_is_shown_in_full(value, text):
    assert plain_number(value) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [(2, "$2.00"), (0.075, "$0.075"), (1234.5, "$1,234.50"), (0.00000025, "$0.00000025"), (-50, "−$50.00")],
)
def test_a_price_is_shown_in_full_with_two_places_at_least(usd, text):
    assert money(usd) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (589.964, "$589.96"),
        (0, "$0.00"),
        (0.01, "$0.01"),
        (0.00123, "$0.0012"),
        (0.0010372, "$0.0010"),
        (-0.0049, "−$0.0049"),
        (1234567.891, "$1,234,567.89"),
    ],
)
def test_a_cost_is_shown_to_the_cent_or_by_two_digits(usd, text):
    assert cost(usd).text == text


# Terms in numbers

QUERIES = field("Queries per month", "queries/month", 100_000.0)
MONTH = given_term("month", "", np.arange(13.0))
NO_CAP, NO_SEASON = given_term("no cap", "queries", np.inf), given_term("no season", "ratio", 1.0)
GROWTH = field("Growth per month", "share/month", 0.02)
CACHED = field("Answers from cache", "share", 0.02)
RETRIES = field("Retries", "share", 0.03)
CALLS = field("Model calls per query", "calls/query", 1.0)
USERS = applied(user_queries, QUERIES, GROWTH, NO_SEASON, NO_CAP, MONTH)
MODEL_CALLS = applied(model_calls, applied(live_queries, USERS, CACHED), RETRIES, CALLS)
PROMPT = total("prompt tokens", "tokens", field("System prompt", "tokens", 800.0), field("History", "tokens", 0.0))


def steps_of(term: Term, month: int = 1) -> list[str]:
    return Worked(month).steps([term])


def test_a_part_that_is_zero_is_left_out_of_a_sum():
    assert steps_of(PROMPT) == ["800 prompt tokens = 800 system prompt"]


def test_growth_is_a_power_of_the_months_since_it_began():
    assert steps_of(USERS, 6)[0] == "110,408 user queries = 100,000 queries per month × (1 + 2% growth per month)^5"
    assert steps_of(USERS, 1)[0] == "100,000 user queries = 100,000 queries per month"


def test_a_cap_that_binds_is_named():
    most = field("Most queries per month", "queries/month", 105_000.0)
    capped = applied(user_queries, QUERIES, GROWTH, NO_SEASON, most, MONTH)

    assert steps_of(capped, 6) == [
        "105,000 user queries = the smaller of 100,000 queries per month × (1 + 2% growth per month)^5 "
        "and 105,000 most queries per month"
    ]


def test_a_ceiling_that_rounds_says_so_and_one_that_does_not_is_silent():
    prompt, answer = given_term("prompt tokens", "tokens", 2850.0), field("Tokens per answer", "tokens", 500.0)
    unit = given_term("tokens of a unit", "tokens", 1000.0)

    rounded_up = applied(guardrail_units, prompt, answer, unit)
    exact = applied(guardrail_units, prompt, field("Tokens per answer", "tokens", 150.0), unit)
    assert steps_of(rounded_up) == [
        "4 guardrail units per query = "
        "(2,850 prompt tokens + 500 tokens per answer) / 1,000 tokens of a unit, rounded up"
    ]
    assert steps_of(exact) == [
        "3 guardrail units per query = (2,850 prompt tokens + 150 tokens per answer) / 1,000 tokens of a unit"
    ]


def test_a_choice_by_length_shows_the_branch_that_is_taken():
    chunk, overlap = field("Chunk size", "tokens", 500.0), field("Chunk overlap", "tokens", 100.0)
    long, short = (field("Tokens per document", "tokens", size) for size in (1000.0, 300.0))

    assert steps_of(applied(chunks_per_document, long, chunk, overlap)) == [
        "2.5 chunks per document = 1,000 tokens per document / (500 chunk size − 100 chunk overlap)"
    ]
    assert steps_of(applied(chunks_per_document, short, chunk, overlap)) == [
        "1 chunk per document = 1, as 300 tokens per document ≤ 500 chunk size"
    ]


def test_new_documents_are_a_difference():
    documents, growth = field("Documents", "documents", 1000.0), field("Corpus growth", "share/month", 0.1)

    assert steps_of(applied(new_documents, documents, growth, MONTH), 2) == [
        "110 new documents = 1,000 documents × (1 + 10% corpus growth)^2 − 1,000 documents × (1 + 10% corpus growth)"
    ]


def kept(throughput: float) -> Term:
    served = given_term("tokens served", "tokens", 2.628e9)
    return applied(
        replicas,
        served,
        field("Hours per month", "hours", 730.0),
        field("Peak to average", "ratio", 2.0),
        field("Throughput", "tokens/s", throughput),
        field("Target utilisation", "share", 0.8),
        field("Least replicas", "replicas", 1.0),
        field("Spare replicas", "replicas", 1.0),
    )


def test_replicas_are_the_larger_of_what_is_needed_and_the_least():
    assert steps_of(kept(600.0)) == [
        "6 replicas = "
        "(the larger of (2,628,000,000 tokens served / (730 hours per month × 3,600) × 2 peak to average / "
        "(600 tokens per second (throughput) × 80% target utilisation), rounded up) and 1 least replica) "
        "+ 1 spare replica"
    ]


def test_what_cannot_be_computed_takes_no_part_in_a_choice():
    assert steps_of(kept(0.0)) == ["2 replicas = 1 least replica + 1 spare replica"]


def test_a_declaration_in_words_is_told_in_words():
    age = applied(mean_age, field("Retrain every", "months", 3.0), MONTH, given_term("last migration", "months", 0.0))

    assert steps_of(age, 2) == [
        "1.5 months (age of the training): mean over the month of the months since the last training"
    ]


def test_no_equation_is_shown_that_does_not_hold():
    more = Term("more nodes", "nodes", 2.0, "sum", (given_term("nodes", "nodes", 5.0),))

    assert steps_of(more) == ["2 more nodes, from 5 nodes"]


def test_an_event_of_another_rule_is_not_told_as_one_of_the_calendar():
    moved = Term("retrainings", "events", 7.0, "formula", (field("Retrain every", "months", 3.0), MONTH), "events")

    assert " due after " not in steps_of(moved, 6)[0]
    assert " due after " in steps_of(applied(events, field("Retrain every", "months", 3.0), MONTH), 6)[0]


def test_every_declared_formula_can_be_shown_in_numbers_of_its_own_example():
    for formula in FORMULAS.values():
        parts = []
        for name, value in formula.example.items():
            unit = "" if name == "month" else "things"
            parts.append(given_term(name, unit, float(np.ravel(value)[-1])))
        made = formula.compute(*(part.value for part in parts))
        term = Term(formula.label, formula.unit, float(np.ravel(made)[-1]), "formula", tuple(parts), formula.name)
        step = Worked(0).step(term)
        assert " = " in step or formula.name == "mean_age", step
        if is_arithmetic(step):
            left, right = map(reckoned, step.split(" = "))
            assert left == pytest.approx(right, rel=1e-3), step


# Terms in words


def test_a_term_in_words_names_its_parts():
    sent = product("tokens sent", "tokens", MODEL_CALLS, PROMPT)

    assert in_words(sent) == "model calls × prompt tokens"
    assert in_words(PROMPT) == "system prompt + history"
    assert in_words(MODEL_CALLS) == "live queries × (1 + retries) × model calls per query"


def test_definitions_explain_each_label_once_from_the_outside_in():
    sent = product("tokens sent", "tokens", MODEL_CALLS, PROMPT)
    both = total("all tokens", "tokens", sent, product("answer tokens", "tokens", MODEL_CALLS, QUERIES))

    assert definitions(both) == [
        ("tokens sent", "model calls × prompt tokens"),
        ("answer tokens", "model calls × queries per month"),
        ("model calls", "live queries × (1 + retries) × model calls per query"),
        ("prompt tokens", "system prompt + history"),
        ("live queries", "user queries × (1 − answers from cache)"),
        ("user queries", "queries per month × (1 + growth per month)^(month − 1)"),
    ]


def test_what_is_not_there_is_left_out_of_the_words():
    none, half = given_term("none", "calls", 0.0), field("Batched calls", "share", 0.5)
    tested = product("test tokens", "tokens", none, half, PROMPT)
    tokens = product("tokens sent", "tokens", total("calls", "calls", none, MODEL_CALLS), half)

    assert in_words(total("all tokens", "tokens", tokens, tested)) == "tokens sent"
    assert in_words(tokens.parts[0]) == "model calls"
    assert "none" not in str(definitions(total("all tokens", "tokens", tokens, tested)))


def test_a_price_in_words_is_the_list_price_and_what_changes_it():
    off = applied(rest, Term("negotiated discount", "share", 0.1, "field"), label="after the negotiated discount")
    drifting = applied(drift, field("Model prices", "share/year", 0.05), MONTH)
    price = Term("price", "USD/token", 2e-6, "price", (off, drifting), "acme/base:input")

    assert in_words(price) == "list price × (1 − negotiated discount) × price drift"
    assert definitions(product("cost", "USD", QUERIES, price))[-1] == (
        "price drift",
        "(1 + model prices)^((the larger of month − 1 and 0) / 12)",
    )


def test_a_choice_in_words_names_both_sides():
    document, chunk = field("Tokens per document", "tokens", 900.0), field("Chunk size", "tokens", 500.0)

    assert in_words(applied(chunk_length, document, chunk)) == "the smaller of tokens per document and chunk size"


@pytest.mark.parametrize("name", FORMULAS)
def test_every_declared_expression_can_be_put_in_words(name):
    formula = FORMULAS[name]

    words = expression_in_words(formula.expression, {each: each.capitalize() for each in formula.parameters})
    assert not re.search(r"\*|floor|ceil|min\(|max\(|1e-9", words)
