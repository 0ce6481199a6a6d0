"""What would flip the winner: each flip is the model run again, and none is nearer."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.crossover import crossovers_of
from costmodel.flips import flips, movers, nearest, now_of
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scan import looked_at, rows_of
from costmodel.scenario import FIELDS, Scenario
from pricing.catalog import load_book, parse_price_csv
from tests.costmodel.strategies import plain_questions

TODAY = date(2026, 11, 21)
SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, TODAY)
VOLUME, CADENCE, TOP_K = "workload.queries_per_month", "fine_tuning.retrain_every_months", "rag.top_k"
INPUT = "price:openai/gpt-6.1-sol:input"


def cheapest(scenario: Scenario, path: str, value: float, book=None, present: bool = False):
    """Who is cheapest with one number at another value."""
    book = load_book() if book is None else book
    value = round(value) if path in FIELDS and FIELDS[path].kind == "whole" else value
    run = run_scenario(changed(scenario, {path: value}, book), book)
    sums = {key: one.present_value_usd if present else one.tco_usd for key, one in run.answers.items()}
    return run.cheapest_of(sums)


def by_full_scan(run: Run, path: str):
    """The nearest flip along one number from a scan of 513 values."""
    found = crossovers_of(run.scenario, load_book(), {path: (None, None)}, 513, 1e-6)[path]
    return nearest(run, found, run.cheapest, load_book())


@pytest.mark.parametrize("preset", ["pricing-brand-voice", "support-bot", "legal-research", "published-low"])
def test_the_batch_finds_what_a_full_scan_of_each_number_finds(preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, TODAY), load_book())
    found = {flip.path: flip for flip in flips(run, load_book())}
    scanned = {path: flip for path in movers(run) if (flip := by_full_scan(run, path)) is not None}

    assert found.keys() == scanned.keys()
    for path, flip in found.items():
        assert flip.leader == scanned[path].leader
        assert flip.at == pytest.approx(scanned[path].at, rel=2e-4), path


@pytest.mark.parametrize("preset", ["pricing-brand-voice", "legal-research", "routed-support"])
@pytest.mark.parametrize("present", [False, True])
def test_many_numbers_at_once_flip_just_where_each_does_alone(preset, present):
    values = {VOLUME: 53_211.7, "corpus.updates_per_month": 3.3, "finance.discount_rate_annual": 0.1}
    run = run_scenario(changed(resolved(PRESETS[preset].scenario, TODAY), values), load_book())
    together = {flip.path: flip for flip in flips(run, load_book(), present=present)}

    for path in movers(run):
        assert flips(run, load_book(), [path], present) == ([together[path]] if path in together else []), path


@given(plain_questions(), st.booleans())
@settings(max_examples=12)
def test_just_before_a_flip_the_same_one_is_cheapest_as_now_and_just_beyond_another(question, present):
    scenario, book = question
    run = run_scenario(scenario, book)
    best = run.cheapest_of({k: a.present_value_usd if present else a.tco_usd for k, a in run.answers.items()})
    for flip in flips(run, book, present=present)[:4]:
        up = flip.at > flip.now
        away = 1e-3 * max(abs(flip.at), 1e-6) * (1 if up else -1)
        before, beyond = flip.at - away, flip.at + away
        if flip.path in FIELDS and FIELDS[flip.path].kind == "whole":
            before, beyond = flip.at - (1 if up else -1), flip.at
        if (before > flip.now) == up:
            assert cheapest(scenario, flip.path, before, book, present) == best, flip
        end = looked_at(scenario, flip.path, flip.now)[up]
        if (beyond <= end) if up else (beyond >= end):
            assert cheapest(scenario, flip.path, beyond, book, present) != best, flip


def test_a_jump_ends_on_the_side_where_the_other_one_leads():
    (flip,) = flips(run_scenario(SCENARIO, load_book()), load_book(), [CADENCE])

    assert flip.jump
    assert flip.at == pytest.approx(2, rel=2e-4)
    assert cheapest(SCENARIO, CADENCE, flip.at) == flip.leader == "rag"


def test_a_number_in_whole_numbers_flips_at_a_whole_one():
    (flip,) = flips(run_scenario(SCENARIO, load_book()), load_book(), [TOP_K])

    assert (flip.at, flip.jump) == (3.0, True)
    assert [cheapest(SCENARIO, TOP_K, value) for value in (3, 4)] == ["rag", "fine_tuning"]


def test_present_value_flips_elsewhere():
    scenario = changed(SCENARIO, {"finance.discount_rate_annual": 0.3})
    run = run_scenario(scenario, load_book())
    (nominal,), (present,) = (flips(run, load_book(), [VOLUME], present=asked) for asked in (False, True))

    assert nominal.at != pytest.approx(present.at, rel=1e-3)
    # Fine-tuning leads above both: discounted, its build weighs more, so it takes more volume.
    assert cheapest(scenario, VOLUME, present.at * 1.001, present=True) == "fine_tuning"
    assert cheapest(scenario, VOLUME, present.at * 0.999, present=True) == "rag"


def falling_prices():
    """The book with two dated prices of the model's input: 2 USD, then 1 USD from May 2027 on."""
    head = "provider,item,meter,unit,price_usd,effective_from,effective_to,source\n"
    rows = "openai,gpt-6.1-sol,input,1M tokens,2,,2027-04-30,s\nopenai,gpt-6.1-sol,input,1M tokens,1,2027-05-01,,s\n"
    return load_book().with_rows(parse_price_csv(head + rows, "prices.csv"))


def test_a_price_with_several_dates_flips_in_present_value_too():
    scenario = changed(SCENARIO, {"finance.discount_rate_annual": 0.3, VOLUME: 150_000})
    book, price = falling_prices(), INPUT
    run = run_scenario(scenario, book)
    (nominal,), (present,) = (flips(run, book, [price], present=asked) for asked in (False, True))

    assert len(rows_of(book, price)) == 2
    assert run.cheapest_of({key: each.present_value_usd for key, each in run.answers.items()}) == "rag"
    # Discounted, fine-tuning's build weighs more, so that RAG stays cheapest up to a higher price.
    assert present.at > 1.2 * nominal.at
    assert cheapest(scenario, price, present.at * 0.999, book, present=True) == "rag"
    assert cheapest(scenario, price, present.at * 1.001, book, present=True) == present.leader == "fine_tuning"


def test_at_a_discount_rate_of_0_present_value_flips_just_where_nominal_cost_does():
    run = run_scenario(changed(SCENARIO, {"finance.discount_rate_annual": 0.0}), falling_prices())

    assert flips(run, falling_prices(), present=True) == flips(run, falling_prices())


def test_a_number_that_rules_an_architecture_out_flips_there():
    values = {"quality.minimum_correct_share": 0.8, "fine_tuning.correct_share": 0.9, "rag.correct_share": 0.9}
    scenario = changed(SCENARIO, {**values, "hybrid.correct_share": 0.9, "finance.consequences_in_tco": True})
    run = run_scenario(scenario, load_book())
    (flip,) = flips(run, load_book(), ["fine_tuning.correct_share"])

    assert run.cheapest == "fine_tuning"
    assert (flip.at, flip.jump, flip.leader) == (pytest.approx(0.8, abs=1e-4), True, "rag")
    assert cheapest(scenario, "fine_tuning.correct_share", flip.at) == "rag"


def test_a_number_that_lets_an_architecture_in_again_flips_there():
    values = {"quality.minimum_correct_share": 0.8, "fine_tuning.correct_share": 0.7, "hybrid.correct_share": 0.9}
    scenario = changed(SCENARIO, {**values, "rag.correct_share": 0.9, "finance.consequences_in_tco": True})
    run = run_scenario(scenario, load_book())
    (flip,) = flips(run, load_book(), ["fine_tuning.correct_share"])

    assert (run.cheapest, list(run.excluded)) == ("rag", ["fine_tuning"])
    assert (flip.at, flip.jump, flip.leader) == (pytest.approx(0.8, abs=1e-4), True, "fine_tuning")
    # Nothing else lets it in: with fewer queries RAG stays ahead, and above 384K the hybrid overtakes it.
    assert {each.leader for each in flips(run, load_book(), [VOLUME])} == {"hybrid"}


def test_a_value_outside_its_usual_range_is_looked_at_from_there():
    run = run_scenario(changed(SCENARIO, {VOLUME: 500}), load_book())
    (flip,) = flips(run, load_book(), [VOLUME])

    assert (flip.now, flip.leader) == (500.0, "fine_tuning")
    assert flip.at == pytest.approx(168_093, rel=1e-4)


def test_a_price_with_one_date_flips_where_the_model_does():
    price = INPUT
    (flip,) = flips(run_scenario(SCENARIO, load_book()), load_book(), [price])

    assert now_of(SCENARIO, load_book(), price) == flip.now == 2.0
    assert cheapest(SCENARIO, price, flip.at * 0.999) == "rag"
    assert cheapest(SCENARIO, price, flip.at * 1.001) == "fine_tuning"
