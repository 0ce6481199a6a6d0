"""What must always hold, whatever is asked: the numbered promises of the model."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costmodel.changes import changed
from costmodel.fields import value_at
from costmodel.inputs import Inputs
from costmodel.presets import PRESETS
from costmodel.results import Run
from costmodel.scenario import FIELDS, Scenario
from costmodel.simulate import bill, totals_usd
from pricing.book import Price, PriceBook
from pricing.catalog import load_book, parse_price_csv
from tests.costmodel.office import BOOK, OFFICE
from tests.costmodel.strategies import BASE, TUNED, decimals, plain_questions, questions

CENT = 0.01
ENDS = date(2027, 12, 31)
"""The last day of month 13 of a plan that is built in November 2026."""
PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large]

PRICES = PriceBook(
    Price(provider=ref.split("/")[0], item=ref.split("/")[1], meter=meter, unit="1M tokens", price_usd=usd)
    for ref, meter, usd in [(BASE, "input", 2.0), (BASE, "output", 8.0), (TUNED, "input", 1.0), (TUNED, "output", 3.0)]
)


def asked(months: int = 24, **groups: Any) -> Scenario:
    """A scenario with a fixed calendar in which labour does not drift."""
    finance = {"start_month": "2026-11", "horizon_months": months, "price_drift_annual": {"labour": 0}}
    return Scenario.model_validate({**groups, "finance": {**finance, **groups.pop("finance", {})}})


# 1. Ledger lines add up to every total


@given(questions())
@settings(max_examples=100, suppress_health_check=PATIENT)
def test_ledger_lines_add_up_to_every_total_to_the_cent(question):
    run = Run(*question)
    lines = run.ledger()
    if not run.scenario.finance.consequences_in_tco:
        lines = lines[lines.scope == "bill"]
    wrong = []
    for key, answer in run.as_dict()["architectures"].items():
        own = lines[lines.architecture == key]
        if answer["tco_usd"] is None:
            wrong += [] if own.cost_usd.isna().any() else [f"{key}: no line says what is missing"]
            continue
        sums = {"tco_usd": own.cost_usd.sum(), "present_value_usd": own.present_value_usd.sum()}
        sums |= {f"{phase}_usd": own[own.phase == phase].cost_usd.sum() for phase in ("one_time", "recurring", "event")}
        wrong += [f"{key} {name}: {usd}" for name, usd in sums.items() if abs(usd - answer[name]) >= CENT]
        monthly = own.groupby("month").cost_usd.sum().reindex(range(run.horizon + 1), fill_value=0.0)
        by_month = np.abs(monthly - answer["monthly_usd"])
        wrong += [f"{key} month {month}: off by {usd}" for month, usd in by_month.items() if usd >= CENT]
        for end, usd in answer["totals_usd"].items():
            if int(end) <= run.horizon and abs(monthly[: int(end) + 1].sum() - usd) >= CENT:
                wrong.append(f"{key} total at {end}: {usd}")

    assert wrong == []


@pytest.mark.parametrize("preset", PRESETS)
def test_the_lines_by_month_are_those_that_the_total_adds_up(preset):
    wrong_answers = {"finance.consequences_in_tco": True, "quality.usd_per_wrong_answer": 2.0, "rag.correct_share": 0.9}
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11", **wrong_answers})

    for answer in Run(scenario, load_book()).answers.values():
        assert len(answer.by_line_usd) == len(answer.bill.lines) + len(answer.bill.consequences)
        assert answer.by_line_usd.sum(axis=0) == pytest.approx(answer.bill.monthly_usd, rel=1e-12)


@given(questions())
@settings(max_examples=50, suppress_health_check=PATIENT)
def test_every_line_is_its_quantity_at_its_price_and_leads_to_a_price_or_a_field(question):
    run = Run(*question)
    lines = run.ledger()
    counted = lines[lines.quantity != 0].dropna(subset=["cost_usd"])

    np.testing.assert_allclose(counted.quantity * counted.unit_price_usd, counted.cost_usd, rtol=1e-9, atol=1e-9)
    for answer in run.answers.values():
        assert all(line.price_ids or line.fields or line.missing for line in answer.bill.lines)


# 2. More of a driver never costs less

DRIVERS: dict[str, tuple[float, float]] = {
    "workload.queries_per_month": (0, 200_000),
    "workload.monthly_growth_share": (-0.3, 0.3),
    "workload.query_tokens": (0, 2_000),
    "workload.system_prompt_tokens": (0, 3_000),
    "workload.history_tokens": (0, 2_000),
    "workload.output_tokens": (0, 2_000),
    "workload.model_calls_per_query": (0, 5),
    "workload.retry_share": (0, 2),
    "workload.peak_to_average": (1, 10),
    "corpus.documents": (0, 50_000),
    "corpus.tokens_per_document": (0, 3_000),
    "corpus.updates_per_month": (0, 20),
    "corpus.changed_share_per_update": (0, 1),
    "rag.top_k": (0, 20),
    "rag.embedding_dimensions": (0, 4_000),
    "rag.index_overhead_share": (0, 2),
    "rag.replicas": (1, 8),
    "rag.evaluation_queries_per_month": (0, 10_000),
    "rag.preparation_hours": (0, 200),
    "rag.hours_per_update": (0, 10),
    "rag.maintenance_hours_per_month": (0, 100),
    "rag.build_engineer_weeks": (0, 20),
    "rag.evaluation_usd_per_release": (0, 5_000),
    "rag.hosting_usd_per_month": (0, 500),
    "fine_tuning.system_prompt_tokens": (0, 1_000),
    "fine_tuning.training_examples": (0, 5_000),
    "fine_tuning.tokens_per_example": (0, 2_000),
    "fine_tuning.epochs": (0, 6),
    "fine_tuning.experiment_runs": (0, 10),
    "fine_tuning.usd_per_example": (0, 10),
    "fine_tuning.retrain_examples_share": (0, 1),
    "fine_tuning.retrain_runs": (0, 5),
    "fine_tuning.retrain_hours": (0, 50),
    "fine_tuning.maintenance_hours_per_month": (0, 100),
    "people.engineer_usd_per_week": (0, 6_000),
    "people.contingency_share": (0, 2),
    "finance.horizon_months": (1, 60),
    "workload.max_queries_per_month": (0, 200_000),
    "corpus.monthly_growth_share": (-0.2, 0.3),
    "corpus.chunk_overlap_tokens": (0, 49),
    "corpus.pages_per_document": (0, 40),
    "rag.bytes_per_dimension": (0, 8),
    "rag.candidates": (0, 300),
    "rag.rewrite_calls_per_query": (0, 5),
    "rag.observability_usd_per_month": (0, 500),
    "rag.build_calendar_weeks": (0, 50),
    "fine_tuning.build_engineer_weeks": (0, 20),
    "fine_tuning.evaluation_usd_per_release": (0, 5_000),
    "fine_tuning.revalidation_hours": (0, 50),
    "fine_tuning.gpus_per_replica": (1, 8),
    "fine_tuning.min_replicas": (0, 9),
    "fine_tuning.spare_replicas": (0, 9),
    "fine_tuning.training_usd_per_run": (0, 900),
    "fine_tuning.hosting_usd_per_month": (0, 9_000),
    "fine_tuning.output_tokens": (0, 900),
    "hybrid.router_prompt_tokens": (0, 900),
    "hybrid.router_output_tokens": (0, 90),
    "hybrid.router_training_examples": (0, 4_000),
    "hybrid.top_k": (0, 20),
    "hybrid.output_tokens": (0, 900),
    "prompting.few_shot_tokens": (0, 2_000),
    "prompting.build_engineer_weeks": (0, 20),
    "prompting.evaluation_usd_per_release": (0, 5_000),
    "prompting.maintenance_hours_per_month": (0, 100),
    "quality.usd_per_wrong_answer": (0, 5),
    "quality.stale_answer_share_per_change": (0, 1),
    "finance.delay_usd_per_week": (0, 5_000),
}


def levels(path: str) -> st.SearchStrategy[list[float]]:
    """Some values of a driver, rising."""
    low, high = DRIVERS[path]
    one = st.integers(int(low), int(high)).map(float) if FIELDS[path].kind == "whole" else decimals(low, high)
    return st.lists(one, min_size=2, max_size=5).map(sorted)


def falls(scenario: Scenario, book: PriceBook, path: str, values: list[float]) -> list[str]:
    """Where a total falls although the driver rises."""
    found = []
    for key, usd in totals_usd(scenario, book, {path: values}).items():
        assert not np.isnan(usd).any()
        lost = np.diff(usd) < -1e-9 * np.abs(usd[:-1])
        found += [f"{key}: {path} {values} costs {usd.tolist()}"] if lost.any() else []
    return found


def counting_consequences(scenario: Scenario) -> Scenario:
    """The scenario with all four compared, and with what wrong answers and delay cost in every total."""
    compared = ["rag", "fine_tuning", "hybrid", "prompting"]
    return changed(scenario, {"finance.consequences_in_tco": True, "finance.compared": compared})


@pytest.mark.parametrize("group", dict.fromkeys(path.partition(".")[0] for path in DRIVERS))
@given(question=plain_questions(), data=st.data())
@settings(max_examples=12, suppress_health_check=PATIENT)
def test_more_of_a_driver_never_costs_less(group, question, data):
    scenario, book = counting_consequences(question[0]), question[1]
    paths = [path for path in DRIVERS if path.startswith(f"{group}.")]

    falling = [each for path in paths for each in falls(scenario, book, path, data.draw(levels(path), label=path))]

    assert falling == []


EVERY = ("fine_tuning.retrain_every_months", "fine_tuning.revalidate_every_months", "rag.reindex_every_months")


@given(plain_questions(), st.sampled_from(EVERY), st.lists(decimals(0.5, 24), min_size=2, max_size=4))
@settings(max_examples=30, suppress_health_check=PATIENT)
def test_events_that_come_more_often_never_cost_less(question, path, intervals):
    # in a corpus that neither grows nor shrinks: an earlier re-index of less would be cheaper
    scenario, book = question
    scenario = changed(scenario, {"corpus.monthly_growth_share": 0.0})

    assert falls(scenario, book, path, sorted(intervals, reverse=True)) == []


@given(plain_questions(), st.lists(decimals(0, 1), min_size=2, max_size=4))
@settings(max_examples=20, suppress_health_check=PATIENT)
def test_more_answers_from_the_cache_never_cost_more(question, shares):
    assert falls(*question, "workload.response_cache_hit_share", sorted(shares, reverse=True)) == []


@given(plain_questions(), st.data())
@settings(max_examples=80, suppress_health_check=PATIENT)
def test_a_higher_price_never_costs_less(question, data):
    scenario, book = question
    price_id = data.draw(st.sampled_from(sorted({row.price_id for row in book.rows})))
    usd = data.draw(st.lists(decimals(0.01, 100), min_size=2, max_size=4).map(sorted))

    falling = falls(scenario, book, f"price:{price_id}", usd)

    assert falling == []


# 4. Without a discount rate present value is nominal


@given(questions())
@settings(max_examples=60, suppress_health_check=PATIENT)
def test_at_a_discount_rate_of_zero_present_value_equals_nominal(question):
    scenario, book = question
    undiscounted = changed(scenario, {"finance.discount_rate_annual": 0.0})

    for answer in Run(undiscounted, book).as_dict()["architectures"].values():
        if answer["tco_usd"] is None:
            assert answer["present_value_usd"] is None
        else:
            assert answer["present_value_usd"] == pytest.approx(answer["tco_usd"], rel=1e-12)


def test_a_hundred_now_and_a_hundred_and_ten_in_a_year_are_worth_two_hundred_at_ten_percent():
    typed = [{"months": [0, 0], "usd": 100}, {"months": [12, 12], "usd": 110}]
    scenario = changed(
        lines_of(*[{"architecture": "rag", **each} for each in typed]), {"finance.discount_rate_annual": 0.1}
    )

    worth = Run(scenario, PRICES).as_dict()["architectures"]["rag"]["present_value_usd"]

    assert worth == pytest.approx(100 + 110 / 1.10)


# 5. A split hybrid ends in RAG and in fine-tuning

PER_QUERY = {"generation", "tuned_generation", "query_embedding", "rerank", "rewrite", "guardrail"}
READS = {"vector_reads"}


@st.composite
def splits(draw: st.DrawFn) -> tuple[Scenario, PriceBook]:
    """A serverless split hybrid from the start, whose answers are as long as those of its sides; no test queries."""
    scenario, book = draw(plain_questions())
    own = {"hybrid.kind": "split", "hybrid.fine_tuning_starts_month": 0, "hybrid.output_tokens": None}
    own |= {"fine_tuning.hosting": "serverless", "rag.evaluation_queries_per_month": 0.0}
    return changed(scenario, own), book


def usage(scenario: Scenario, book: PriceBook, key: Any, components: set[str], shares: Any) -> Any:
    """What each query causes, over the horizon, for each share that goes to the tuned model [USD]."""
    found = bill(Inputs(scenario, book, {"hybrid.fine_tuned_share": shares}), key)
    lines = [each for each in found.lines if each.component in components and not each.typed_in]
    cost = sum((each.cost_usd for each in lines), np.zeros_like(found.months))
    return np.broadcast_to(found.within_horizon(cost), np.shape(shares))


@given(splits())
@settings(max_examples=40, suppress_health_check=PATIENT)
def test_at_its_ends_a_split_hybrid_pays_what_rag_and_fine_tuning_pay_for_each_query(question):
    ends = [0.0, 1.0]
    hybrid, rag, tuned = (usage(*question, key, PER_QUERY | READS, ends) for key in ("hybrid", "rag", "fine_tuning"))

    np.testing.assert_allclose(hybrid, [rag[0], tuned[1]], rtol=1e-12, atol=1e-12)


@given(splits(), decimals(0, 1))
@settings(max_examples=30, suppress_health_check=PATIENT)
def test_in_between_a_split_hybrid_pays_for_each_query_what_the_share_says(question, share):
    # all but reads, whose plans need not be linear
    hybrid, rag, tuned = (
        float(usage(*question, key, PER_QUERY, [share])[0]) for key in ("hybrid", "rag", "fine_tuning")
    )

    assert hybrid == pytest.approx((1 - share) * rag + share * tuned, rel=1e-9, abs=1e-9)


# 7. A batch equals its single runs

MIXED = {
    "workload.queries_per_month": decimals(0, 200_000, 0),
    "finance.horizon_months": st.integers(1, 60).map(float),
    "fine_tuning.retrain_every_months": st.sampled_from([0.0, 0.7, 1.0, 3.0, 5.5, 12.0]),
    "corpus.updates_per_month": decimals(0, 10, 1),
    "rag.top_k": st.integers(0, 12).map(float),
    "rag.replicas": st.integers(1, 3).map(float),
    "corpus.tokens_per_document": decimals(0, 2_000, 0),
    "fine_tuning.tokens_per_second_per_replica": decimals(0, 300, 0),
    "finance.price_drift_annual.llm": decimals(-0.3, 0.3),
    "workload.output_tokens": decimals(0, 800, 0),
    "workload.batch_share": decimals(0, 1, 1),
    "workload.prompt_cache_hit_share": decimals(0, 1, 1),
    "workload.response_cache_hit_share": decimals(0, 1, 1),
    "workload.max_queries_per_month": decimals(0, 100_000, 0),
    "rag.candidates": st.sampled_from([0.0, 100.0, 101.0]),
    "rag.rewrite_calls_per_query": decimals(0, 2, 1),
    "rag.reindex_every_months": st.sampled_from([0.0, 0.5, 4.0]),
    "rag.migration_hours": decimals(0, 50, 0),
    "corpus.pages_per_document": decimals(0, 20, 0),
    "fine_tuning.updates_per_retrain": st.sampled_from([0.0, 3.0, 24.0]),
    "fine_tuning.revalidate_every_months": st.sampled_from([0.0, 1.5, 3.0]),
    "fine_tuning.gpus_per_replica": st.integers(1, 4).map(float),
    "fine_tuning.spare_replicas": st.integers(0, 3).map(float),
    "fine_tuning.training_usd_per_run": decimals(0, 500, 0),
    "fine_tuning.training_tokens_per_gpu_hour": st.sampled_from([0.0, 5e4, 1e6]),
    "hybrid.fine_tuned_share": decimals(0, 1, 1),
    "hybrid.router_answers_share": decimals(0, 1, 1),
    "hybrid.router_training_examples": decimals(0, 900, 0),
    "hybrid.retrain_every_months": st.sampled_from([0.0, 2.5, 6.0]),
    "hybrid.top_k": st.integers(0, 9).map(float),
    "hybrid.fine_tuning_starts_month": st.sampled_from([0.0, 1.0, 6.0, 40.0]),
    "quality.stale_answer_share_per_change": decimals(0, 1, 1),
    "quality.usd_per_wrong_answer": decimals(0, 3, 1),
    "people.contingency_share": decimals(0, 1, 1),
    f"price:{BASE}:input": decimals(0.01, 20),
    f"price:{TUNED}:output": decimals(0.01, 20),
}


@st.composite
def batches(draw: st.DrawFn) -> dict[str, list[float]]:
    """Columns of one length for some of the paths."""
    n = draw(st.integers(1, 4))
    paths = draw(st.lists(st.sampled_from(sorted(MIXED)), min_size=1, max_size=6, unique=True))
    return {path: draw(st.lists(MIXED[path], min_size=n, max_size=n)) for path in paths}


def single(scenario: Scenario, book: PriceBook, columns: dict[str, list[float]], n: int) -> dict[str, float]:
    """Totals of the nth scenario of a batch, run alone."""
    run = Run(changed(scenario, {path: column[n] for path, column in columns.items()}, book), book)
    return {key: math.nan if answer.missing else answer.tco_usd for key, answer in run.answers.items()}


@given(questions(), batches())
@settings(max_examples=120, suppress_health_check=PATIENT)
def test_a_batch_equals_its_single_runs(question, columns):
    scenario, book = question
    together = totals_usd(scenario, book, columns)
    rows = len(next(iter(columns.values())))
    alone = [single(scenario, book, columns, n) for n in range(rows)]

    for key, usd in together.items():
        np.testing.assert_allclose(usd, [each[key] for each in alone], rtol=1e-9, atol=1e-9, err_msg=key)


@given(questions(), batches())
@settings(max_examples=40, suppress_health_check=PATIENT)
def test_the_order_of_a_batch_does_not_matter(question, columns):
    scenario, book = question
    forwards = totals_usd(scenario, book, columns)
    backwards = totals_usd(scenario, book, {path: column[::-1] for path, column in columns.items()})

    for key, usd in forwards.items():
        np.testing.assert_array_equal(usd, backwards[key][::-1])


NUMBERS = sorted(path for path, field in FIELDS.items() if field.numeric)


@pytest.mark.parametrize("path", NUMBERS)
def test_a_column_of_any_number_equals_its_single_runs(path):
    scenario = changed(PRESETS["support-bot"].scenario, {"finance.start_month": "2026-11"})
    field, book = FIELDS[path], load_book()
    low = {"corpus.chunk_tokens": 60.0}.get(path, field.low)
    columns = {path: [low, min(field.high, low + 2.0)]}

    together = totals_usd(scenario, book, columns)
    alone = [single(scenario, book, columns, n) for n in range(2)]

    for key, usd in together.items():
        np.testing.assert_allclose(usd, [each[key] for each in alone], rtol=1e-9, atol=1e-9, err_msg=key)


KINDS: dict[str, dict[str, Any]] = {
    "grounded, self-hosted": {"hybrid.kind": "grounded", "fine_tuning.hosting": "self_hosted"},
    "routed, dedicated": {"hybrid.kind": "routed", "rag.vector_store": "acme/nodes", "rag.reranker": "acme/sort"},
    "split from month 5": {
        "hybrid.kind": "split",
        "hybrid.fine_tuned_share": 0.4,
        "hybrid.fine_tuning_starts_month": 5,
        "fine_tuning.hosting": "serverless",
        "rag.model": "acme/leaving",
        "rag.reindex_every_months": 4.0,
        "workload.batch_share": 0.2,
        "workload.prompt_cache_hit_share": 0.5,
        "finance.consequences_in_tco": True,
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_moves_a_row_of_a_batch_as_it_moves_a_run_of_its_own(kind):
    # one row for each number that is set: that number at a little more, the others as they are
    scenario = changed(OFFICE, KINDS[kind])
    now = {path: float(value_at(scenario, path)) for path in NUMBERS if value_at(scenario, path) is not None}
    more = {path: min(FIELDS[path].high or 0.0, value + 1.0) for path, value in now.items()}
    columns = {path: [more[path] if each == path else value for each in now] for path, value in now.items()}

    together = totals_usd(scenario, BOOK, columns)
    alone = [Run(changed(scenario, {path: value}), BOOK) for path, value in more.items()]

    for key, usd in together.items():
        expected = [run.answers[key].tco_usd for run in alone]
        different = [
            path for path, a, b in zip(now, usd, expected, strict=True) if not math.isclose(a, b, rel_tol=1e-9)
        ]
        assert different == [], key


@given(plain_questions(), st.data())
@settings(max_examples=40, suppress_health_check=PATIENT)
def test_a_column_of_any_price_equals_its_single_runs(question, data):
    scenario, book = question
    price_id = data.draw(st.sampled_from(sorted({row.price_id for row in book.rows})))
    columns = {f"price:{price_id}": [0.5, 3.0]}

    together = totals_usd(scenario, book, columns)
    alone = [single(scenario, book, columns, n) for n in range(2)]

    for key, usd in together.items():
        np.testing.assert_allclose(usd, [each[key] for each in alone], rtol=1e-9, atol=1e-9, err_msg=key)


def test_a_price_column_is_in_the_unit_of_its_row():
    scenario = asked(
        1,
        workload={"queries_per_month": 1_000, "system_prompt_tokens": 1_000},
        rag={"model": BASE},
        finance={"compared": ["rag"]},
    )

    usd = totals_usd(scenario, PRICES, {f"price:{BASE}:input": [2.0, 5.0]})["rag"]

    np.testing.assert_allclose(usd, [1_000 * 1_000 / 1e6 * 2.0, 1_000 * 1_000 / 1e6 * 5.0])


def test_a_batch_charges_the_edited_prices_of_its_scenario():
    edit = {"provider": "acme", "item": "base", "meter": "input", "unit": "1M tokens", "price_usd": 3.0}
    scenario = asked(
        1,
        workload={"query_tokens": 1_000},
        rag={"model": BASE},
        finance={"compared": ["rag"]},
        price_edits=[edit],
    )

    usd = totals_usd(scenario, PRICES, {"workload.queries_per_month": [1_000.0, 2_000.0]})["rag"]

    np.testing.assert_allclose(usd, [1 * 3.0, 2 * 3.0])


def test_a_price_column_that_no_row_of_the_book_answers_to_is_refused():
    with pytest.raises(ValueError, match="acme/base:input@9"):
        totals_usd(asked(1), PRICES, {f"price:{BASE}:input@9": [1.0]})


# 8. An unknown price is missing and says so


def chat(**groups: Any) -> Scenario:
    """Both sides answer a thousand queries of ten tokens with a hundred."""
    work = {"queries_per_month": 1_000, "query_tokens": 10, "output_tokens": 100}
    data = {"workload": work, "rag": {"model": BASE}, "fine_tuning": {"model": TUNED}}
    return asked(24, **{name: {**data.get(name, {}), **groups.get(name, {})} for name in {**data, **groups}})


@pytest.mark.parametrize(
    ("gone", "without"),
    [
        (f"{BASE}:input", ["rag"]),
        (f"{BASE}:output", ["rag"]),
        (f"{TUNED}:input", ["fine_tuning", "hybrid"]),
        (f"{TUNED}:output", ["fine_tuning", "hybrid"]),
    ],
)
def test_a_price_that_is_unknown_leaves_no_total_and_is_named(gone, without):
    run = Run(chat(), PriceBook(row for row in PRICES.rows if row.price_id != gone)).as_dict()
    unknown = [key for key, answer in run["architectures"].items() if answer["tco_usd"] is None]

    assert unknown == without
    assert all(gone in run["excluded"][key] for key in without)
    assert run["cheapest"] not in without


def ending(price_id: str) -> PriceBook:
    """The book in which one price ends."""
    last = {"effective_to": ENDS}
    return PriceBook(row.model_copy(update=last) if row.price_id == price_id else row for row in PRICES.rows)


@pytest.mark.parametrize("hosting", ["serverless", "dedicated"])
def test_a_model_that_nobody_chose_is_a_missing_price_even_when_its_hosting_is_typed_in(hosting):
    tuned = {"model": None, "hosting": hosting, "hosting_usd_per_month": 1_000, "experiment_runs": 0}
    run = Run(chat(fine_tuning=tuned), PRICES).as_dict()

    assert set(run["excluded"]) == {"fine_tuning", "hybrid"}
    assert run["cheapest"] == "rag"


def test_a_model_that_nobody_chose_costs_nothing_when_its_tokens_are_switched_off():
    run = Run(chat(rag={"model": None, "switched_off": ["generation"]}), PRICES).as_dict()

    assert run["architectures"]["rag"]["tco_usd"] == 0
    assert "rag" not in run["excluded"]


def test_a_price_that_ends_inside_the_horizon_leaves_no_total_at_all():
    answer = Run(chat(), ending(f"{BASE}:input")).as_dict()["architectures"]["rag"]

    assert answer["tco_usd"] is None
    assert answer["totals_usd"] == {"12": None, "24": None, "36": None}


def test_a_price_that_ends_after_the_horizon_leaves_only_the_totals_beyond_unknown():
    scenario = changed(chat(), {"finance.horizon_months": 12})
    answer = Run(scenario, ending(f"{BASE}:input")).as_dict()["architectures"]["rag"]
    usd = 12 * 1_000 * (10 * 2.0 + 100 * 8.0) / 1e6

    assert answer["tco_usd"] == pytest.approx(usd)
    assert answer["totals_usd"] == {"12": pytest.approx(usd), "24": None, "36": None}


@pytest.mark.parametrize("meter", ["storage", "nodes", "flat"])
def test_what_falls_below_the_upper_tier_is_missing_once_the_price_from_zero_has_ended(meter):
    units = {"storage": "GB-month", "nodes": "month", "flat": "month"}
    row = {"provider": "crate", "item": "store", "meter": meter, "unit": units[meter], "gb_per_node": 1.0}
    book = PriceBook(
        [
            *PRICES.rows,
            Price(**row, price_usd=1.0, effective_to=ENDS),
            Price(**row, price_usd=0.5, tier_from=1e6),
        ]
    )
    stored = {"vector_store": "crate/store", "embedding_dimensions": 1_000, "bytes_per_dimension": 1}
    scenario = chat(rag=stored, corpus={"documents": 1_000_000})
    monthly = Run(scenario, book).as_dict()["architectures"]["rag"]["monthly_usd"]

    assert None not in monthly[:14]
    assert monthly[14:] == [None] * 11


@pytest.mark.parametrize("meter", ["storage", "flat"])
def test_nothing_is_charged_and_no_price_is_needed_below_the_lowest_tier(meter):
    row = {"provider": "crate", "item": "store", "meter": meter, "unit": "month" if meter == "flat" else "GB-month"}
    book = PriceBook([*PRICES.rows, Price(**row, price_usd=9.0, tier_from=1e6, effective_to=ENDS)])
    stored = {"vector_store": "crate/store", "embedding_dimensions": 1_000, "bytes_per_dimension": 1}
    with_store = Run(chat(rag=stored, corpus={"documents": 1_000_000}), book).as_dict()["architectures"]["rag"]
    without = Run(chat(corpus={"documents": 1_000_000}), book).as_dict()["architectures"]["rag"]

    assert with_store["tco_usd"] == without["tco_usd"]


def test_training_sold_by_the_hour_is_missing_while_its_speed_is_not_known():
    hourly = Price(provider="bolt", item="tuned", meter="training", unit="GPU-hour", price_usd=3.0)
    tuned = {"training_examples": 100, "tokens_per_example": 500}

    unknown = Run(chat(fine_tuning=tuned), PriceBook([*PRICES.rows, hourly])).as_dict()
    untrained = Run(chat(fine_tuning=tuned | {"experiment_runs": 0}), PriceBook([*PRICES.rows, hourly])).as_dict()

    assert "bolt/tuned:training" in unknown["excluded"]["fine_tuning"]
    assert untrained["excluded"] == {}


@pytest.mark.parametrize("unit", ["1M words", "1m tokens", "GB-month", ""])
def test_a_unit_that_is_not_in_the_list_is_refused_with_the_list(unit):
    with pytest.raises(ValueError, match="token, 1k tokens, 1M tokens"):
        Price(provider="acme", item="base", meter="input", unit=unit, price_usd=1.0)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [("acme,base,input,1M words,2", "1M words"), ("acme,base,words,1M tokens,2", "words")],
)
def test_a_price_file_with_a_unit_or_meter_that_is_not_in_the_list_is_refused(line, wrong):
    with pytest.raises(ValueError, match=wrong):
        parse_price_csv(f"provider,item,meter,unit,price_usd\n{line}\n", "prices.csv")


# Events


@pytest.mark.parametrize(
    ("tuned", "updates", "expected"),
    [
        ({"retrain_every_months": 3}, 0, [3, 6, 9, 12]),
        ({"retrain_every_months": 12}, 0, [12]),
        ({"retrain_every_months": 13}, 0, []),
        ({"retrain_every_months": 2.4}, 0, [3, 5, 8, 10, 12]),
        ({"retrain_every_months": 0}, 4, []),
        ({"updates_per_retrain": 8}, 2, [4, 8, 12]),
        ({"updates_per_retrain": 8, "retrain_every_months": 3}, 2, [3, 6, 9, 12]),
        ({"updates_per_retrain": 4, "retrain_every_months": 3}, 2, [2, 4, 6, 8, 10, 12]),
        ({"updates_per_retrain": 8}, 0, []),
    ],
)
def test_a_retrain_falls_in_the_months_of_its_shortest_active_interval(tuned, updates, expected):
    scenario = chat(
        fine_tuning={"retrain_hours": 10, "experiment_runs": 0, **tuned},
        corpus={"updates_per_month": updates},
        people={"engineer_usd_per_week": 4_000},
        finance={"horizon_months": 12},
    )
    lines = Run(scenario, PRICES).ledger()
    retrains = lines[(lines.architecture == "fine_tuning") & (lines.component == "retrain_labour")]

    assert retrains.month.tolist() == expected
    assert retrains.cost_usd.tolist() == [10 * 4_000 / 40] * len(expected)


def test_two_retrains_in_a_month_are_both_paid():
    scenario = chat(
        fine_tuning={"retrain_hours": 10, "retrain_every_months": 0.5},
        people={"engineer_usd_per_week": 4_000},
        finance={"horizon_months": 12},
    )

    event_usd = Run(scenario, PRICES).as_dict()["architectures"]["fine_tuning"]["event_usd"]

    assert event_usd == pytest.approx(12 * 2 * 10 * 4_000 / 40)


def test_content_updates_do_not_retrain_a_grounded_hybrid():
    scenario = chat(
        fine_tuning={"retrain_hours": 10, "updates_per_retrain": 1},
        corpus={"updates_per_month": 4},
        people={"engineer_usd_per_week": 4_000},
    )

    answers = Run(scenario, PRICES).as_dict()["architectures"]

    assert answers["hybrid"]["event_usd"] == 0
    assert answers["fine_tuning"]["event_usd"] == pytest.approx(24 * 4 * 10 * 4_000 / 40)


# Crossings


def lines_of(*typed: dict[str, Any]) -> Scenario:
    """A scenario whose bills are nothing but what is typed in."""
    return asked(
        24,
        rag={"switched_off": ["generation"]},
        fine_tuning={"switched_off": ["tuned_generation"]},
        finance={"compared": ["rag", "fine_tuning"]},
        extra_costs=[{"component": "bill", "phase": "recurring", **each} for each in typed],
    )


def crossings(ours: list[float], theirs: list[float]) -> list[tuple[float, int, str]]:
    """Crossings of two cumulative costs, given by month."""
    typed = [
        {"architecture": key, "months": [month, month], "usd": float(usd)}
        for key, total in (("rag", ours), ("fine_tuning", theirs))
        for month, usd in enumerate(np.diff(total, prepend=0.0))
    ]
    scenario = changed(lines_of(*typed), {"finance.horizon_months": len(ours) - 1})
    found = Run(scenario, PRICES).as_dict()["break_even_months"]
    return [(each["month"], each["overtakes_in_month"], each["cheaper_after"]) for each in found]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        # between two months, in proportion to the gaps on either side
        ([0, 30], [10, 20], [(10 / 20, 1, "fine_tuning")]),
        ([0, 10, 70], [30, 20, 40], [(1 + 10 / 40, 2, "fine_tuning")]),
        ([40, 50, 60], [0, 40, 80], [(1 + 10 / 30, 2, "rag")]),
        # each change of the order, in order
        (
            [0, 30, 40, 80],
            [10, 20, 50, 60],
            [(0.5, 1, "fine_tuning"), (1.5, 2, "rag"), (2 + 10 / 30, 3, "fine_tuning")],
        ),
        # touching is none
        ([0, 20, 30], [10, 20, 40], []),
        ([0, 20, 30, 40], [10, 20, 30, 50], []),
        # a tie in passing counts once, at its first month; the order has changed when it is over
        ([0, 20, 40], [10, 20, 30], [(1, 2, "fine_tuning")]),
        ([0, 20, 30, 50], [10, 20, 30, 40], [(1, 3, "fine_tuning")]),
        # a tie at either end has no order to change
        ([0, 10, 20], [0, 20, 30], []),
        ([0, 0, 30], [0, 0, 20], []),
        ([0, 10, 30], [10, 20, 30], []),
        ([10, 20, 30], [10, 20, 30], []),
        # a difference of at most a billionth of the larger total is none
        ([1e9, 2e9], [1e9 - 0.5, 2e9 + 100], []),
        ([1e9, 2e9], [1e9 - 2, 2e9 + 2.5], [(2 / 4.5, 1, "rag")]),
    ],
)
def test_cumulative_costs_cross_where_the_sign_of_their_difference_changes(ours, theirs, expected):
    found = crossings(ours, theirs)

    assert [(month, cheaper) for _, month, cheaper in found] == [(month, cheaper) for _, month, cheaper in expected]
    assert [month for month, _, _ in found] == pytest.approx([month for month, _, _ in expected], rel=1e-6)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=2, max_size=20))
@settings(max_examples=40)
def test_crossings_alternate_and_lead_to_the_final_order(totals):
    ours, theirs = ([float(each) for each in column] for column in zip(*totals, strict=True))
    cheaper = [each for _, _, each in crossings(ours, theirs)]

    assert all(one != other for one, other in pairwise(cheaper))
    if cheaper and ours[-1] != theirs[-1]:
        assert cheaper[-1] == ("rag" if ours[-1] < theirs[-1] else "fine_tuning")
