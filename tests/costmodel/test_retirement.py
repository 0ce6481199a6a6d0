"""Models that retire: whose prices hold in which months, and what the move costs; and events that coincide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.results import Run
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook
from tests.costmodel.office import bill_of, by_month, price, question

HOUR = 4_000 / 40
BUILT = (2026, 11)


def day_in(month: int, day: int = 15) -> date:
    """A day in the calendar month of a month of the plan."""
    years, number = divmod(BUILT[1] - 1 + month, 12)
    return date(BUILT[0] + years, number + 1, day)


def model(ref: str, usd: float, leaves: int | None = None, to: str | None = None, **more: Any) -> Price:
    """A model at so many USD for a million tokens, which retires in month `leaves` and names a successor."""
    end = None if leaves is None else day_in(leaves)
    return price(ref, "input", "1M tokens", usd, retires_on=end, successor=to, **more)


def tuned(ref: str, usd: float, leaves: int | None = None, to: str | None = None, **more: Any) -> list[Price]:
    """A model that can be tuned: training at ten times the price of a token, an hour at a tenth, storage the same."""
    return [
        model(ref, usd, leaves, to, **more),
        price(ref, "training", "1M tokens", 10 * usd),
        price(ref, "hosting", "hour", usd / 10),
        price(ref, "model_storage", "month", usd),
    ]


def asked(*compared: str, months: int = 12, **changes: Any) -> Scenario:
    """A thousand queries of a thousand tokens: a million tokens a month, at no cost but the models and their changes.

    A tuned model learns from a million tokens a run.
    """
    scenario = question(
        months,
        workload={"queries_per_month": 1_000, "query_tokens": 1_000},
        rag={"model": "acme/a", "migration_hours": 8, "evaluation_usd_per_release": 500},
        fine_tuning={
            "model": "acme/t",
            "training_examples": 1_000,
            "tokens_per_example": 1_000,
            "experiment_runs": 3,
            "usd_per_example": 2,
            "evaluation_usd_per_release": 300,
            "retrain_hours": 4,
            "migration_hours": 77,
        },
        hybrid={"migration_hours": 9},
        prompting={"model": "acme/a", "migration_hours": 5, "evaluation_usd_per_release": 200},
        people={"engineer_usd_per_week": 4_000},
        finance={"compared": list(compared)},
    )
    return changed(scenario, {name.replace("__", "."): value for name, value in changes.items()})


def run(scenario: Scenario, *rows: Price) -> Run:
    """The scenario on a book of these rows alone."""
    return Run(scenario, PriceBook(rows))


def events(answers: Run, architecture: str) -> dict[tuple[str, int], float]:
    """What each component costs as an event, by month."""
    return {
        (component, month): usd
        for component in dict.fromkeys(each.component for each in answers.answers[architecture].bill.lines)  # type: ignore[index]
        for month, usd in by_month(answers, architecture, component, "event").items()
    }


def monthly(answers: Run, architecture: str, component: str) -> list[float]:
    """What a component costs in months 1, 2, ... as usage."""
    costs = by_month(answers, architecture, component, "recurring")
    return [costs.get(month, 0.0) for month in range(1, answers.horizon + 1)]


# The base model


def test_a_base_model_is_left_for_its_successor_in_the_month_of_its_retirement():
    answers = run(asked("rag"), model("acme/a", 2, 4, "acme/b"), model("acme/b", 3))

    assert monthly(answers, "rag", "generation") == pytest.approx([2] * 3 + [3] * 9)
    assert events(answers, "rag") == {("migration", 4): 8 * HOUR, ("release_evaluation", 4): 500}


@pytest.mark.parametrize("day", [1, 28])
def test_any_day_of_a_month_is_that_month(day):
    leaving = model("acme/a", 2, to="acme/b").model_copy(update={"retires_on": day_in(4, day)})
    answers = run(asked("rag"), leaving, model("acme/b", 3))

    assert monthly(answers, "rag", "generation") == pytest.approx([2] * 3 + [3] * 9)
    assert sorted(by_month(answers, "rag", "migration")) == [4]


@pytest.mark.parametrize(
    ("key", "kind", "hours", "evaluation"),
    [
        ("rag", "split", 8, 500),
        ("prompting", "split", 5, 200),
        ("hybrid", "split", 9, 500),
        ("hybrid", "routed", 9, 500),
    ],
)
def test_each_architecture_pays_hours_of_its_own_to_leave_the_base_model(key, kind, hours, evaluation):
    leaving = [model("acme/a", 2, 4, "acme/b"), model("acme/b", 3), *tuned("acme/t", 1)]
    answers = run(asked(key, hybrid__kind=kind), *leaving)

    assert events(answers, key) == {("migration", 4): hours * HOUR, ("release_evaluation", 4): evaluation}


def test_a_grounded_hybrid_does_not_leave_a_base_model_that_it_does_not_use():
    answers = run(asked("hybrid"), model("acme/a", 2, 4, "acme/b"), model("acme/b", 3), *tuned("acme/t", 1))

    assert events(answers, "hybrid") == {}


def test_hours_and_evaluation_of_a_migration_drift_with_labour():
    drifting = asked("rag", months=13, finance__price_drift_annual__labour=0.12)
    answers = run(drifting, model("acme/a", 2, 13, "acme/b"), model("acme/b", 3))

    assert events(answers, "rag") == pytest.approx(
        {("migration", 13): 8 * HOUR * 1.12, ("release_evaluation", 13): 500 * 1.12}
    )


def test_a_successor_retires_too():
    answers = run(asked("rag"), model("acme/a", 2, 3, "acme/b"), model("acme/b", 3, 6, "acme/c"), model("acme/c", 5))

    assert monthly(answers, "rag", "generation") == pytest.approx([2] * 2 + [3] * 3 + [5] * 7)
    assert by_month(answers, "rag", "migration") == dict.fromkeys((3, 6), 8 * HOUR)


def test_a_successor_that_is_gone_by_then_is_passed_over():
    answers = run(asked("rag"), model("acme/a", 2, 6, "acme/b"), model("acme/b", 3, 4, "acme/c"), model("acme/c", 5))

    assert monthly(answers, "rag", "generation") == pytest.approx([2] * 5 + [5] * 7)
    assert by_month(answers, "rag", "migration") == {6: 8 * HOUR}


@pytest.mark.parametrize("month", [0, -7])
def test_what_retires_before_the_first_month_of_operation_is_its_successor_from_the_start(month):
    answers = run(asked("rag"), model("acme/a", 2, month, "acme/b"), model("acme/b", 3))

    assert monthly(answers, "rag", "generation") == pytest.approx([3] * 12)
    assert events(answers, "rag") == {}
    assert "acme/a retires before the first month of operation; acme/b is taken" in answers.warnings


def test_without_a_successor_prices_go_on_and_the_move_is_paid_all_the_same():
    answers = run(asked("rag"), model("acme/a", 2, 4))

    assert monthly(answers, "rag", "generation") == pytest.approx([2] * 12)
    assert events(answers, "rag") == {("migration", 4): 8 * HOUR, ("release_evaluation", 4): 500}
    assert "acme/a retires in month 4 and names no successor; its prices go on" in answers.warnings


def test_a_chain_that_leads_back_stays_where_it_is():
    answers = run(asked("rag"), model("acme/a", 2, 3, "acme/b"), model("acme/b", 3, 6, "acme/a"))

    assert monthly(answers, "rag", "generation") == pytest.approx([2] * 2 + [3] * 10)
    assert by_month(answers, "rag", "migration") == dict.fromkeys((3, 6), 8 * HOUR)


def test_a_successor_that_the_book_lacks_is_a_missing_price_from_then_on():
    early = run(asked("rag"), model("acme/a", 2, 4, "acme/gone"))
    late = run(asked("rag"), model("acme/a", 2, 13, "acme/gone")).as_dict()["architectures"]["rag"]

    assert early.excluded == {"rag": "the price acme/gone:input is missing"}
    assert early.as_dict()["architectures"]["rag"]["monthly_usd"][3] == pytest.approx(2)
    assert early.as_dict()["architectures"]["rag"]["monthly_usd"][4] is None
    assert (late["tco_usd"], late["totals_usd"]["24"]) == (pytest.approx(500 + 12 * 2), None)


def test_a_move_after_the_horizon_counts_in_the_totals_beyond_alone():
    answer = run(asked("rag"), model("acme/a", 2, 18, "acme/b"), model("acme/b", 3)).as_dict()["architectures"]["rag"]

    assert (answer["tco_usd"], answer["event_usd"]) == (pytest.approx(500 + 12 * 2), 0)
    assert answer["totals_usd"]["24"] == pytest.approx(500 + 17 * 2 + 7 * 3 + 8 * HOUR + 500)


def test_a_retirement_that_is_typed_in_counts_like_one_of_the_book():
    edit = {"provider": "acme", "item": "a", "meter": "input", "unit": "1M tokens", "price_usd": 4.0}
    edit |= {"retires_on": day_in(5), "successor": "acme/b"}
    answers = run(changed(asked("rag"), {"price_edits": [edit]}), model("acme/a", 2, 9), model("acme/b", 3))

    assert monthly(answers, "rag", "generation") == pytest.approx([4] * 4 + [3] * 8)
    assert sorted(by_month(answers, "rag", "migration")) == [5]


def test_a_successor_without_a_cached_price_takes_its_own_standard_one():
    cached = price("acme/a", "cached_input", "1M tokens", 0.5)
    scenario = asked(
        "rag", workload__query_tokens=0.0, workload__system_prompt_tokens=1_000.0, workload__prompt_cache_hit_share=1.0
    )
    answers = run(scenario, model("acme/a", 2, 4, "acme/b"), cached, model("acme/b", 3))

    assert monthly(answers, "rag", "generation") == pytest.approx([0.5] * 3 + [3] * 9)


# The tuned model

LEAVING = [*tuned("acme/t", 1, 4, "acme/u"), *tuned("acme/u", 5)]


def test_a_tuned_model_is_trained_and_judged_again_on_its_successor_its_labels_are_used_again():
    # three runs of a million tokens at the successor's 50; the hours of a retraining, not those of a migration
    answers = run(asked("fine_tuning"), *LEAVING)

    assert monthly(answers, "fine_tuning", "tuned_generation") == pytest.approx([1] * 3 + [5] * 9)
    assert monthly(answers, "fine_tuning", "model_storage") == [1] * 3 + [5] * 9
    assert by_month(answers, "fine_tuning", "training", "one_time") == {0: pytest.approx(3 * 10)}
    assert events(answers, "fine_tuning") == {
        ("training", 4): pytest.approx(3 * 50),
        ("release_evaluation", 4): 300,
        ("migration", 4): 4 * HOUR,
    }


@pytest.mark.parametrize("kind", ["grounded", "split"])
def test_the_tuned_side_of_a_hybrid_moves_as_fine_tuning_does(kind):
    answers = run(asked("fine_tuning", "hybrid", hybrid__kind=kind), model("acme/a", 2), *LEAVING)

    assert events(answers, "hybrid") == events(answers, "fine_tuning")


def test_a_run_as_billed_is_what_each_run_of_a_move_costs():
    answers = run(asked("fine_tuning", fine_tuning__training_usd_per_run=70.0), *LEAVING)

    assert by_month(answers, "fine_tuning", "training", "event") == {4: 3 * 70}


def test_with_somebody_else_s_training_a_move_is_an_evaluation_and_hours():
    answers = run(asked("fine_tuning", fine_tuning__experiment_runs=0), *LEAVING)

    assert events(answers, "fine_tuning") == {("release_evaluation", 4): 300, ("migration", 4): 4 * HOUR}


def test_later_retrainings_are_at_the_successor_s_price():
    answers = run(asked("fine_tuning", fine_tuning__retrain_every_months=3.0), *LEAVING)

    assert by_month(answers, "fine_tuning", "training", "event") == pytest.approx(
        {3: 10, 4: 3 * 50, 6: 50, 9: 50, 12: 50}
    )


def test_a_dedicated_deployment_moves_to_the_hours_of_its_successor():
    answers = run(asked("fine_tuning", fine_tuning__hosting="dedicated"), *LEAVING)

    assert monthly(answers, "fine_tuning", "tuned_hosting") == pytest.approx([73.0] * 3 + [365.0] * 9)
    assert by_month(answers, "fine_tuning", "tuned_generation") == {}


def test_whether_tokens_are_billed_beside_the_hours_is_asked_of_the_model_that_serves():
    plans = [*tuned("acme/t", 1, 4, "acme/u"), *tuned("acme/u", 5, bills_tokens=True)]
    answers = run(asked("fine_tuning", fine_tuning__hosting="dedicated"), *plans)

    assert monthly(answers, "fine_tuning", "tuned_generation") == pytest.approx([0] * 3 + [5] * 9)


@pytest.mark.parametrize("speed", [0.0, 1e6])
def test_self_hosted_weights_do_not_retire(speed):
    gpu = price("acme/gpu", "gpu", "GPU-hour", 2)
    fields = {"fine_tuning__hosting": "self_hosted", "fine_tuning__gpu": "acme/gpu"}
    answers = run(asked("fine_tuning", fine_tuning__training_tokens_per_gpu_hour=speed, **fields), *LEAVING, gpu)

    a_run = 1 * 2 if speed else 10
    assert events(answers, "fine_tuning") == {}
    assert by_month(answers, "fine_tuning", "training") == {0: pytest.approx(3 * a_run)}


def test_a_router_retires_on_its_own():
    # the router learns from 500,000 tokens a run; the tuned model is not used, and its retirement is no event
    fields = {"hybrid__router_model": "acme/r", "hybrid__router_training_examples": 500.0}
    rows = [model("acme/a", 2), *LEAVING, *tuned("acme/r", 1, 7, "acme/q"), *tuned("acme/q", 3)]
    answers = run(asked("hybrid", hybrid__kind="routed", **fields), *rows)

    assert monthly(answers, "hybrid", "router") == pytest.approx([1] * 6 + [3] * 6)
    assert events(answers, "hybrid") == {
        ("training", 7): pytest.approx(3 * 0.5 * 30),
        ("release_evaluation", 7): 300,
        ("migration", 7): 4 * HOUR,
    }


@pytest.mark.parametrize(("starts", "first", "moves"), [(3, {3: 30}, [4]), (4, {4: 150}, []), (6, {6: 150}, [])])
def test_a_tuned_side_that_is_built_after_the_retirement_is_built_on_the_successor(starts, first, moves):
    fields = {"hybrid__kind": "split", "hybrid__fine_tuning_starts_month": starts, "hybrid__fine_tuned_share": 1.0}
    answers = run(asked("hybrid", **fields), model("acme/a", 2), *LEAVING)

    assert by_month(answers, "hybrid", "training", "one_time") == pytest.approx(first)
    assert sorted(by_month(answers, "hybrid", "migration")) == moves


@pytest.mark.parametrize(("starts", "hours"), [(3, 9), (4, 8), (6, 8)])
def test_until_its_tuning_starts_a_hybrid_leaves_a_base_model_as_rag_does(starts, hours):
    fields = {"hybrid__kind": "split", "hybrid__fine_tuning_starts_month": starts}
    rows = [model("acme/a", 2, 4, "acme/b"), model("acme/b", 3), *tuned("acme/t", 1)]
    answers = run(asked("hybrid", **fields), *rows)

    assert by_month(answers, "hybrid", "migration") == {4: hours * HOUR}


# The embedding model, and what does not retire


def embedded(**changes: Any) -> Scenario:
    """A thousand documents of a thousand tokens: a million tokens to embed, a thousand vectors to write."""
    corpus = {"corpus__documents": 1_000.0, "corpus__tokens_per_document": 1_000.0, "corpus__chunk_tokens": 1_000.0}
    return asked("rag", rag__embedding_model="acme/e", rag__vector_store="acme/store", **corpus | changes)


def embedding(ref: str, usd: float, leaves: int | None = None, to: str | None = None) -> Price:
    end = None if leaves is None else day_in(leaves)
    return price(ref, "embedding", "1M tokens", usd, retires_on=end, successor=to)


EMBEDDINGS = [
    model("acme/a", 2),
    embedding("acme/e", 0.2, 4, "acme/f"),
    embedding("acme/f", 0.3),
    price("acme/store", "writes", "1k units", 7),
]


def test_a_retired_embedding_model_is_a_migration_and_an_index_made_anew_at_the_successor_s_price():
    answers = run(embedded(), *EMBEDDINGS)

    assert by_month(answers, "rag", "corpus_embedding", "one_time") == {0: pytest.approx(0.2)}
    assert monthly(answers, "rag", "query_embedding") == pytest.approx([0.2] * 3 + [0.3] * 9)
    assert events(answers, "rag") == {
        ("corpus_embedding", 4): pytest.approx(0.3),
        ("vector_writes", 4): pytest.approx(7),
        ("migration", 4): 8 * HOUR,
        ("release_evaluation", 4): 500,
    }


def test_a_forced_re_index_comes_on_top_of_that_of_the_calendar():
    answers = run(embedded(rag__reindex_every_months=2.0), *EMBEDDINGS)

    assert by_month(answers, "rag", "corpus_embedding", "event") == pytest.approx(
        {2: 0.2, 4: 2 * 0.3, 6: 0.3, 8: 0.3, 10: 0.3, 12: 0.3}
    )


def test_an_embedding_model_without_a_successor_forces_a_re_index_all_the_same():
    answers = run(embedded(), *(row for row in EMBEDDINGS if row.item != "e"), embedding("acme/e", 0.2, 4))

    assert by_month(answers, "rag", "corpus_embedding", "event") == {4: pytest.approx(0.2)}


@pytest.mark.parametrize("kind", ["grounded", "routed", "split"])
def test_every_hybrid_leaves_a_retired_embedding_model_with_hours_of_its_own(kind):
    scenario = changed(embedded(), {"finance.compared": ["hybrid"], "hybrid.kind": kind})
    answers = run(scenario, *EMBEDDINGS, *tuned("acme/t", 1))

    assert by_month(answers, "hybrid", "migration") == {4: 9 * HOUR}
    assert by_month(answers, "hybrid", "corpus_embedding", "event") == {4: pytest.approx(0.3)}


def test_two_models_that_retire_in_one_month_are_two_migrations():
    leaving = [model("acme/a", 2, 4, "acme/b"), model("acme/b", 3)]
    answers = run(embedded(), *leaving, *EMBEDDINGS[1:])

    assert by_month(answers, "rag", "migration") == {4: 2 * 8 * HOUR}
    assert by_month(answers, "rag", "release_evaluation", "event") == {4: 2 * 500}


def test_rerankers_and_guardrails_do_not_retire():
    end = {"retires_on": day_in(4), "successor": "acme/a"}
    rows = [
        model("acme/a", 2),
        price("acme/rerank", "rerank_searches", "1k searches", 2, **end),
        price("acme/guard", "guardrail", "1k units", 3, tokens_per_unit=1_000, **end),
    ]
    scenario = asked("rag", rag__reranker="acme/rerank", rag__candidates=10, guardrail="acme/guard")
    answers = run(scenario, *rows)

    assert events(answers, "rag") == {}
    assert monthly(answers, "rag", "rerank") == pytest.approx([2] * 12)
    assert monthly(answers, "rag", "guardrail") == pytest.approx([3] * 12)


# Events that coincide


def test_a_retrain_a_revalidation_and_a_retirement_in_one_month_are_all_paid():
    fields = {
        "retrain_every_months": 6.0,
        "retrain_runs": 2,
        "retrain_examples_share": 0.25,
        "revalidate_every_months": 3.0,
        "revalidation_hours": 10.0,
    }
    scenario = asked("fine_tuning", **{f"fine_tuning__{name}": value for name, value in fields.items()})
    answers = run(scenario, *tuned("acme/t", 1, 6, "acme/u"), *tuned("acme/u", 5))

    in_6 = {component: usd for (component, month), usd in events(answers, "fine_tuning").items() if month == 6}
    assert in_6 == {
        "labels": 0.25 * 1_000 * 2,
        "training": pytest.approx((2 + 3) * 50),
        "release_evaluation": 2 * 300,
        "retrain_labour": 4 * HOUR,
        "revalidation": 10 * HOUR,
        "migration": 4 * HOUR,
    }


def test_a_move_is_an_event_and_no_part_of_the_build():
    scenario = asked("rag", people__contingency_share=0.5)
    lines = bill_of(run(scenario, model("acme/a", 2, 4, "acme/b"), model("acme/b", 3)), "rag")

    assert lines["contingency", "one_time"] == pytest.approx(0.5 * 500)
    assert lines["migration", "event"] == 8 * HOUR


def test_a_book_knows_each_retirement_once_whichever_row_says_it():
    rows = [price("acme/a", "output", "1M tokens", 1, retires_on=day_in(4), successor="acme/b"), model("acme/b", 3)]
    answers = run(asked("rag"), model("acme/a", 2), *rows)

    assert sorted(by_month(answers, "rag", "migration")) == [4]
