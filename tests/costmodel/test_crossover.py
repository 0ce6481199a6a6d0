"""Crossovers: where algebra says, each of several, jumps as jumps, whole numbers between two of them."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main
from costmodel import crossover
from costmodel.changes import ScenarioError, changed, validated
from costmodel.crossover import crossovers
from costmodel.presets import PRESETS
from costmodel.results import Run
from costmodel.simulate import totals_usd
from pricing.book import PriceBook
from pricing.catalog import load_book, parse_price_csv

HEAD = "provider,item,meter,unit,price_usd,tier_from,minimum_usd,note,source\n"
PRICES = (
    HEAD
    + "acme,base,input,1M tokens,2,,,,s\n"
    + "acme,base,output,1M tokens,0,,,free,s\n"
    + "acme,tuned,input,1M tokens,1,,,,s\n"
    + "acme,tuned,output,1M tokens,0,,,free,s\n"
    + "acme,steps,flat,month,0,,,free,s\n"
    + "acme,steps,flat,month,900,50000,,,s\n"
)
VOLUME = "workload.queries_per_month"


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return load_book().with_rows(parse_price_csv(PRICES, "prices.csv"))


def two_arms(**more: Any) -> Any:
    """1,000 tokens a query: RAG pays 0.002 a query, fine-tuning 0.001 and 1,200 for its release; 12 months."""
    data: dict[str, Any] = {
        "finance": {
            "start_month": "2026-11",
            "horizon_months": 12,
            "compared": ["rag", "fine_tuning"],
            "price_drift_annual": {"labour": 0},
        },
        "workload": {"queries_per_month": 10_000, "query_tokens": 1000},
        "rag": {"model": "acme/base"},
        "fine_tuning": {"model": "acme/tuned", "experiment_runs": 0, "evaluation_usd_per_release": 1200},
    }
    return validated({**data, **{name: {**data.get(name, {}), **value} for name, value in more.items()}})


def roots(scenario: Any, book: PriceBook, driver: str, low: float | None = None, high: float | None = None) -> Any:
    (pair,) = crossovers(scenario, book, driver, low, high).pairs
    return pair.roots


def test_straight_lines_cross_where_algebra_says(book):
    # 12 x 0.002 q = 1,200 + 12 x 0.001 q at q = 1,200 / (12 x 0.001)
    (root,) = roots(two_arms(), book, VOLUME)

    assert root.value == pytest.approx(1200 / (12 * 0.001), rel=1e-6)
    assert (root.kind, root.cheaper_below, root.cheaper_above) == ("crossing", "rag", "fine_tuning")
    assert root.a_below_usd == pytest.approx(12 * 0.002 * 100_000, rel=1e-6)


def test_a_run_at_the_crossing_has_equal_totals(book):
    scenario = two_arms()
    (root,) = roots(scenario, book, VOLUME)
    run = Run(changed(scenario, {VOLUME: root.value}), book)

    assert run.answers["rag"].tco_usd == pytest.approx(run.answers["fine_tuning"].tco_usd, rel=1e-6)


def test_a_price_is_a_driver_in_the_unit_of_its_row(book):
    # 12 x 10,000 x 0.001 x p = 1,200 + 12 x 10,000 x 0.001 at p = 11 USD per 1M tokens
    (root,) = roots(two_arms(), book, "price:acme/base:input", 1, 20)

    assert root.value == pytest.approx(11, rel=1e-6)


def test_a_stepped_fee_crosses_twice_once_in_a_jump(book):
    # Fine-tuning pays 0.015 a query more than RAG, which pays a fee of 900 a month from 50,000 searches on:
    # below 50,000 RAG is cheaper, from there fine-tuning, until 0.015 q > 900 again from q = 60,000.
    edits = [
        {"provider": "acme", "item": "tuned", "meter": "input", "unit": "1M tokens", "price_usd": 17, "reason": "quote"}
    ]
    base = two_arms(rag={"vector_store": "acme/steps"}, fine_tuning={"evaluation_usd_per_release": 0})
    step, line = roots(changed(base, {"price_edits": edits}), book, VOLUME, 1_000, 200_000)

    assert (step.kind, step.cheaper_below, step.cheaper_above) == ("jump", "rag", "fine_tuning")
    assert step.value < 50_000 <= step.next_value
    assert step.next_value == pytest.approx(50_000, rel=1e-12)
    assert (line.kind, line.cheaper_below, line.cheaper_above) == ("crossing", "fine_tuning", "rag")
    assert line.value == pytest.approx(60_000, rel=1e-6)


def test_whole_numbers_cross_between_two_of_them(book):
    # k chunks of 1,000 tokens: RAG pays 0.002 (1 + k) a query, 240 (1 + k) in all; fine-tuning 1,200 + 120 = 1,320.
    corpus = {"documents": 1, "tokens_per_document": 1000, "chunk_tokens": 1000}
    (root,) = roots(two_arms(corpus=corpus), book, "rag.top_k", 0, 20)

    assert (root.value, root.next_value, root.kind) == (4, 5, "jump")
    assert (root.a_below_usd, root.a_above_usd) == pytest.approx((240 * 5, 240 * 6))
    assert root.as_dict(whole=True)["next_value"] == 5


def test_a_horizon_crosses_between_two_months(book):
    # Each month fine-tuning saves 10,000 x 0.001 = 10 x 10 of its 1,200: level after 12, so ahead from month 13.
    scenario = changed(two_arms(), {VOLUME: 95_000})
    (root,) = roots(scenario, book, "finance.horizon_months", 1, 36)

    assert (root.value, root.next_value) == (12, 13)  # 12 x 95 = 1,140 < 1,200 <= 13 x 95 = 1,235


def test_no_crossing_is_an_answer_with_both_ends(book):
    (pair,) = crossovers(two_arms(), book, VOLUME, 1_000, 2_000).pairs

    assert pair.roots == ()
    assert pair.at_low_usd == pytest.approx((12 * 0.002 * 1000, 1200 + 12 * 0.001 * 1000))
    assert pair.at_high_usd == pytest.approx((12 * 0.002 * 2000, 1200 + 12 * 0.001 * 2000))


def test_a_missing_price_leaves_its_pairs_out(book):
    scenario = changed(two_arms(), {"rag.model": None})

    assert crossovers(scenario, book, VOLUME).pairs == ()


@pytest.mark.parametrize(
    ("driver", "low", "high", "said"),
    [
        ("workload.nothing", None, None, "is not a number of the scenario"),
        ("rag.model", None, None, "is not a number of the scenario"),
        ("price:acme/none:input", None, None, "the price book has no such price"),
        (VOLUME, 5, 5, "holds nothing"),
        (VOLUME, -1, 5, "is out of limits"),
        ("workload.retry_share", None, None, "give --low below --high"),
    ],
)
def test_what_cannot_be_a_driver_is_refused(book, driver, low, high, said):
    with pytest.raises(ScenarioError, match=said):
        crossovers(two_arms(), book, driver, low, high)


@given(
    st.floats(0.1, 5),
    st.floats(0, 5_000),
    st.integers(0, 4),
    st.floats(0, 2_000),
    st.sampled_from(["corpus.updates_per_month", VOLUME, "fine_tuning.retrain_every_months"]),
)
@settings(max_examples=40)
def test_every_root_of_a_dense_scan_is_found(volume, labels, forced, release, driver):
    book = load_book().with_rows(parse_price_csv(PRICES, "prices.csv"))
    scenario = two_arms(
        workload={"queries_per_month": 1000 * volume * 20},
        corpus={"updates_per_month": 3},
        rag={"vector_store": "acme/steps", "hosting_usd_per_month": 40},
        fine_tuning={
            "evaluation_usd_per_release": release / 10,
            "training_examples": 100,
            "usd_per_example": labels / 100,
            "retrain_examples_share": 0.1,
            "retrain_every_months": 4,
            "updates_per_retrain": forced,
            "retrain_runs": 0,
        },
    )
    low, high = crossover.RANGES[driver]
    (pair,) = crossovers(scenario, book, driver).pairs
    # Points of our own, between those of the scan and off every round number.
    points = np.linspace(low, high, 701)[1:-1] + math.pi / 1e6
    usd = totals_usd(scenario, book, {driver: points})
    gap = usd["rag"] - usd["fine_tuning"]
    clear = np.abs(gap) > 1e-5 * np.maximum(usd["rag"], usd["fine_tuning"])
    points, gap = points[clear], gap[clear]
    changes = np.flatnonzero(np.sign(gap[:-1]) != np.sign(gap[1:]))

    for at in changes:
        inside = [root for root in pair.roots if points[at] <= root.value <= points[at + 1]]
        assert len(inside) % 2 == 1
        assert (inside[0].cheaper_below == "rag") == bool(gap[at] < 0)
    for below, above in zip(pair.roots, pair.roots[1:], strict=False):
        assert below.cheaper_above == above.cheaper_below
        assert below.value <= above.value


@given(
    st.sampled_from(["support-bot", "pricing-brand-voice", "email-drafts"]), st.sampled_from(sorted(crossover.RANGES))
)
@settings(max_examples=12)
def test_every_root_of_a_preset_is_equal_or_named_a_jump(preset, driver):
    book = load_book()
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    for pair in crossovers(scenario, book, driver).pairs:
        for root in pair.roots:
            if root.kind == "crossing":
                assert root.a_below_usd == pytest.approx(root.b_below_usd, rel=1e-6)
            else:
                assert (root.a_below_usd < root.b_below_usd) != (root.a_above_usd < root.b_above_usd)


def test_the_command_line_gives_the_roots_as_json(capfdbinary):
    status = main(["crossover", "--driver", VOLUME, "--date", "2026-11-21"])
    answer = json.loads(capfdbinary.readouterr().out)

    assert status == 0
    assert (answer["driver"], answer["low"], answer["high"]) == (VOLUME, 1_000, 10_000_000)
    assert [(pair["a"], pair["b"]) for pair in answer["pairs"]] == [
        ("rag", "fine_tuning"),
        ("rag", "hybrid"),
        ("fine_tuning", "hybrid"),
    ]
    assert set(answer["pairs"][0]["roots"][0]) == {
        "value",
        "kind",
        "cheaper_below",
        "cheaper_above",
        "tco_a_usd",
        "tco_b_usd",
    }


def test_the_command_line_says_the_roots_in_words(capfdbinary):
    main(["crossover", "--driver", VOLUME, "--date", "2026-11-21", "--format", "table"])
    said = capfdbinary.readouterr().out.decode()

    assert "RAG and fine-tuning cross at 154,567.669: RAG is cheaper below, fine-tuning above." in said
    assert "Fine-tuning and hybrid: no crossing was found; fine-tuning is cheaper at both ends." in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["crossover"],
        ["crossover", "--driver", "nothing"],
        ["crossover", "--driver", VOLUME, "--low", "x"],
        ["crossover", "--driver", VOLUME, "--low", "nan"],
        ["crossover", "--driver", VOLUME, "--low", "9", "--high", "3"],
        ["crossover", "--driver", VOLUME, "--high", "1e300"],
    ],
)
def test_a_bad_crossover_question_ends_with_one_line_and_status_2(capfd, arguments):
    try:
        status: object = main(arguments)
    except SystemExit as stop:
        status = stop.code
    said = capfd.readouterr().err

    assert status == 2
    assert said.count("\n") == 1
