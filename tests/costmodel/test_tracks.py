"""Tracks of levers: who is cheapest at each position, against runs of their own, and where algebra says it turns."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costmodel import tracks
from costmodel.changes import changed, validated
from costmodel.crossover import crossovers_of
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from costmodel.scan import RANGES
from costmodel.scenario import Scenario
from costmodel.simulate import totals_usd
from costmodel.spans import NEVER, Span, reach, span
from costmodel.tracks import HORIZON, Track, horizon_track, tracks_of
from pricing.book import PriceBook
from pricing.catalog import load_book, parse_price_csv
from tests.costmodel import strategies

HEAD = "provider,item,meter,unit,price_usd,tier_from,note,source\n"
PRICES = (
    HEAD
    + "acme,base,input,1M tokens,2,,,s\n"
    + "acme,base,output,1M tokens,0,,free,s\n"
    + "acme,tuned,input,1M tokens,1,,,s\n"
    + "acme,tuned,output,1M tokens,0,,free,s\n"
    + "acme,steps,flat,month,0,,free,s\n"
    + "acme,steps,flat,month,900,50000,,s\n"
)
VOLUME, GROWTH, UPDATES, CADENCE = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "corpus.updates_per_month",
    "fine_tuning.retrain_every_months",
)
FOUR = (VOLUME, GROWTH, UPDATES, CADENCE)


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return load_book().with_rows(parse_price_csv(PRICES, "prices.csv"))


def two_arms(**more: Any) -> Scenario:
    """1,000 tokens a query: RAG pays 0.002 a query, fine-tuning 0.001 and 1,200 for its release; 12 months."""
    data: dict[str, Any] = {
        "finance": {
            "start_month": "2026-11",
            "horizon_months": 12,
            "compared": ["rag", "fine_tuning"],
            "price_drift_annual": {"labour": 0},
            "too_close_share": 0.05,
        },
        "workload": {"queries_per_month": 10_000, "query_tokens": 1000},
        "rag": {"model": "acme/base"},
        "fine_tuning": {"model": "acme/tuned", "experiment_runs": 0, "evaluation_usd_per_release": 1200},
    }
    return validated({**data, **{name: {**data.get(name, {}), **value} for name, value in more.items()}})


def along(scenario: Scenario, book: PriceBook, driver: str, *, low: float, high: float, present: bool = False) -> Track:
    return tracks_of(Run(scenario, book), {driver: span(driver, (low, high))}, present)[driver]


def answer(run: Run, present: bool = False) -> str | None:
    """The leader of a run of its own, "close" within the band, None when nobody can be called cheapest."""
    totals = {key: run.answers[key].present_value_usd if present else run.answers[key].tco_usd for key in run.eligible}
    if not totals:
        return None
    least, *others = sorted(totals.values())
    if others and others[0] - least <= run.scenario.finance.too_close_share * abs(others[0]):
        return "close"
    return min(totals, key=lambda key: totals[key])


def at(track: Track, value: float) -> str | None:
    """What a track says at a value."""
    each = next(each for each in reversed(track.stretches) if each.start <= value or each is track.stretches[0])
    return "close" if each.close else each.leader


def moved(scenario: Scenario, driver: str, value: float) -> Scenario:
    return changed(scenario, {driver: 0.0 if math.isinf(value) else value})


# Where algebra says


def test_the_band_begins_and_ends_where_algebra_says(book):
    # RAG 0.024 q, fine-tuning 1,200 + 0.012 q. RAG leads by more than 5 % of the other while
    # 1,200 - 0.012 q > 0.05 x (1,200 + 0.012 q), up to q = 1,140 / 0.0126; fine-tuning from q = 1,200 / 0.0108.
    below, band, above = along(two_arms(), book, VOLUME, low=1_000, high=10_000_000).stretches

    assert (below.leader, band.close, above.leader) == ("rag", True, "fine_tuning")
    assert (below.end, band.end) == pytest.approx((1140 / 0.0126, 1200 / 0.0108), rel=1e-6)
    assert (band.start, above.start, above.before) == (below.end, band.end, None)


def test_two_leaders_turn_where_they_cross_within_the_band(book):
    track = along(two_arms(), book, VOLUME, low=1_000, high=10_000_000)
    (root,) = track.roots

    assert [each.leader for each in track.turns] == ["rag", "fine_tuning"]
    assert (root.kind, root.value) == ("crossing", pytest.approx(1200 / (12 * 0.001), rel=1e-7))
    assert track.turns[1].start == root.value
    assert root.a_below_usd == pytest.approx(root.b_below_usd, rel=1e-6)
    assert [each.close for each in track.bands] == [True]


def test_without_a_band_the_answer_turns_at_the_crossing_itself(book):
    track = along(two_arms(finance={"too_close_share": 0}), book, VOLUME, low=1_000, high=10_000_000)

    assert [each.leader for each in track.stretches if not each.close] == ["rag", "fine_tuning"]
    assert track.turns[-1].start == pytest.approx(100_000, rel=1e-6)


def test_a_step_turns_the_answer_in_a_jump(book):
    # Fine-tuning pays 0.015 a query more than RAG, which pays a fee of 900 a month from 50,000 searches on.
    # At 50,000: 12 x 50,000 x 0.002 = 1,200, then 1,200 + 10,800, against 12 x 50,000 x 0.017 = 10,200.
    edits = [
        {"provider": "acme", "item": "tuned", "meter": "input", "unit": "1M tokens", "price_usd": 17, "reason": "quote"}
    ]
    base = two_arms(rag={"vector_store": "acme/steps"}, fine_tuning={"evaluation_usd_per_release": 0})
    track = along(changed(base, {"price_edits": edits}), book, VOLUME, low=1_000, high=200_000)
    first, second = track.stretches[:2]

    assert (first.leader, second.leader) == ("rag", "fine_tuning")
    assert first.end == second.before < 50_000 <= second.start
    assert second.start - second.before <= 5
    assert track.roots[0].kind == "jump"


def test_whole_numbers_turn_between_two_of_them(book):
    # k chunks of 1,000 tokens: RAG 240 (1 + k), fine-tuning 1,320; with k = 4, 5 it is 1,200, 1,440.
    corpus = {"documents": 1, "tokens_per_document": 1000, "chunk_tokens": 1000}
    track = along(two_arms(corpus=corpus, finance={"too_close_share": 0.01}), book, "rag.top_k", low=0, high=20)
    below, above = track.stretches

    assert (below.leader, below.end, above.leader, above.start) == ("rag", 4, "fine_tuning", 5)


def test_many_whole_numbers_turn_between_two_neighbours_too(book):
    # k chunks of 10 tokens: RAG 240 (1 + k / 100), fine-tuning 1,201 + 120; level at k = 450.4
    corpus = {"documents": 1, "tokens_per_document": 10, "chunk_tokens": 10}
    scenario = two_arms(corpus=corpus, finance={"too_close_share": 0}, fine_tuning={"evaluation_usd_per_release": 1201})
    below, above = along(scenario, book, "rag.top_k", low=0, high=1_000).stretches

    assert (below.leader, below.end, above.leader, above.start) == ("rag", 450, "fine_tuning", 451)


def test_never_stands_beyond_the_longest_interval(book):
    # 36 months of 2,000 queries: RAG 144; fine-tuning 72, and 100 for each retraining: one every 24 months, or never.
    arms = two_arms(fine_tuning={"evaluation_usd_per_release": 0, "training_usd_per_run": 100, "retrain_runs": 1})
    scenario = changed(arms, {"finance.horizon_months": 36, VOLUME: 2_000})
    stops = (24.0, 0.0)
    track = tracks_of(Run(scenario, book), {CADENCE: span(CADENCE, RANGES[CADENCE], stops=stops)})[CADENCE]
    below, never = track.stretches

    assert (below.leader, below.end) == ("rag", 24)
    assert (never.leader, never.before, never.start, never.end) == ("fine_tuning", 24, NEVER, NEVER)


def test_a_horizon_is_told_from_what_was_simulated(book):
    # Fine-tuning earns its 1,200 back at 95 a month: level after 12.6 months.
    scenario = changed(two_arms(finance={"too_close_share": 0}), {VOLUME: 95_000})
    track = horizon_track(Run(scenario, book), Span(1, 36, whole=True))
    below, above = track.stretches

    assert (below.leader, below.end, above.leader, above.start) == ("rag", 12, "fine_tuning", 13)


# Who takes part


def test_without_its_quality_nobody_is_cheapest_there(book):
    scenario = two_arms(rag={"correct_share": 0.8}, quality={"minimum_correct_share": 0.9})
    track = along(scenario, book, VOLUME, low=1_000, high=10_000_000)

    assert track.contenders == ("fine_tuning",)
    assert [each.leader for each in track.stretches] == ["fine_tuning"]


def test_a_lever_of_quality_turns_where_quality_is_enough(book):
    scenario = two_arms(rag={"correct_share": 0.8}, quality={"minimum_correct_share": 0.9})
    below, above = along(scenario, book, "rag.correct_share", low=0, high=1).stretches

    assert (below.leader, above.leader) == ("fine_tuning", "rag")
    assert below.end < 0.9 <= above.start


def test_a_missing_price_leaves_one_out_where_it_is_needed(book):
    scenario = two_arms(rag={"model": "acme/none"})
    none, some = along(scenario, book, VOLUME, low=0, high=100).stretches

    assert (none.start, none.leader) == (0, "rag")
    assert (some.leader, some.end) == ("fine_tuning", 100)


# Against runs of their own


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("present", [False, True], ids=["nominal", "present"])
def test_a_preset_has_the_answer_of_a_run_at_every_position(preset, present):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    book = load_book()
    run = Run(scenario, book)
    stops = {CADENCE: (1.0, 3.0, 12.0, 24.0, 0.0)}
    spans = {driver: span(driver, RANGES[driver], stops=stops.get(driver, ())) for driver in FOUR}
    found = tracks_of(run, spans, present) | {HORIZON: horizon_track(run, Span(12, 36, whole=True), present)}
    wrong = []
    for driver, track in found.items():
        values = np.unique(np.concatenate([track.values[::5], [each.start for each in track.stretches]]))
        for value in values.tolist():
            alone = answer(Run(moved(scenario, driver, value), book), present)
            edge = min(abs(value - each.start) for each in track.stretches[1:]) if len(track.stretches) > 1 else 1
            if at(track, value) != alone and edge > 1e-6 * abs(value):
                wrong.append((driver, value, at(track, value), alone))

    assert wrong == []


@given(st.sampled_from(sorted(PRESETS)), st.sampled_from(FOUR), st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_between_two_turns_of_a_preset_the_answer_stays(preset, driver, share):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    book = load_book()
    low, high = RANGES[driver]
    value = low * (high / low) ** share if driver == VOLUME else low + (high - low) * share
    track = tracks_of(Run(scenario, book), {driver: span(driver, RANGES[driver])})[driver]
    edges = [edge for each in track.stretches[1:] for edge in (each.start, each.before) if edge is not None]
    if any(abs(value - edge) <= 2e-4 * max(abs(value), 0.01) for edge in edges):
        return

    assert at(track, value) == answer(Run(moved(scenario, driver, value), book))


@given(strategies.questions(), st.sampled_from(FOUR))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_scenarios_have_the_answer_of_a_run_at_both_sides_of_every_turn(question, driver):
    scenario, book = question
    run = Run(scenario, book)
    track = tracks_of(run, {driver: span(driver, RANGES[driver])})[driver]
    beside = [track.values[0], track.values[-1]]
    for each in track.stretches[1:]:
        right = int(np.searchsorted(track.values, each.start))
        beside += track.values[max(right - 2, 0) : right + 2].tolist()
    edges = {edge for each in track.stretches[1:] for edge in (each.start, each.before) if edge is not None}
    wrong = []
    for value in {value for value in beside if value not in edges}:
        there = Run(moved(scenario, driver, value), book)
        totals = sorted(there.answers[key].tco_usd for key in there.eligible)
        hair = len(totals) > 1 and abs(totals[1] - totals[0] - 0.05 * abs(totals[1])) <= 1e-6 * abs(totals[1])
        if not hair and at(track, value) != answer(there):
            wrong.append((value, at(track, value), answer(there)))

    assert wrong == []


@given(strategies.questions(), st.sampled_from(FOUR))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_turn_is_a_hair_wide_and_named_by_different_answers(question, driver):
    scenario, book = question
    track = tracks_of(Run(scenario, book), {driver: span(driver, RANGES[driver])})[driver]

    assert (track.stretches[0].start, track.stretches[-1].end) == (track.values[0], track.values[-1])
    for one, next_ in pairwise(track.stretches):
        width = 0 if next_.before is None else next_.start - next_.before
        assert (one.leader, one.close) != (next_.leader, next_.close)
        assert one.end == (next_.start if next_.before is None else next_.before)
        assert width <= 1.01e-4 * max(abs(next_.start), 0.01 * (RANGES[driver][1] - RANGES[driver][0]))


@given(strategies.questions())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_several_levers_at_once_give_what_each_gives_alone(question):
    run = Run(*question)
    spans = {driver: span(driver, RANGES[driver]) for driver in FOUR}
    together = tracks_of(run, spans)

    for driver, track in together.items():
        alone = tracks_of(run, {driver: spans[driver]})[driver]
        assert [(each.leader, each.close) for each in alone.stretches] == [
            (each.leader, each.close) for each in track.stretches
        ]
        assert [each.start for each in alone.stretches] == pytest.approx([each.start for each in track.stretches])


@given(strategies.questions(), st.sampled_from(FOUR))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_run_has_worked_out_changes_no_total(question, driver):
    run = Run(*question)
    columns = {driver: np.linspace(*RANGES[driver], 5)}
    alone = totals_usd(run.scenario, run.book, columns)
    taken_over = totals_usd(run.scenario, run.book, columns, like=run.inputs)

    assert set(taken_over) == set(alone)
    assert all(np.array_equal(taken_over[key], alone[key], equal_nan=True) for key in alone)


@pytest.mark.parametrize("preset", PRESETS)
def test_leaders_turn_at_the_crossovers_of_the_model(preset):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    run = Run(scenario, load_book())
    drivers = (VOLUME, GROWTH, UPDATES)
    found = tracks_of(run, {driver: span(driver, RANGES[driver]) for driver in drivers})
    known = crossovers_of(scenario, load_book(), dict.fromkeys(drivers, (None, None)), 513)
    wrong = []
    for driver in drivers:
        values = [value for value, _ in known[driver].leaders(run.eligible)]
        for root in found[driver].roots:
            if not any(math.isclose(root.value, value, rel_tol=2e-4, abs_tol=1e-6) for value in values):
                wrong.append((driver, root, values))

    assert wrong == []


# Where a lever reaches


def test_a_value_beyond_the_range_widens_it():
    assert span(VOLUME, RANGES[VOLUME], (25e6,)).high == 25e6
    assert span(VOLUME, RANGES[VOLUME], (0.0,)).values[:2].tolist() == [0, 1_000]
    assert span(HORIZON, RANGES[HORIZON], (6.0, 48.0)).values.tolist() == list(range(6, 49))


@pytest.mark.parametrize(("least", "low"), [(1.0, 1.0), (0.999, 1_000.0), (2e-311, 1_000.0)])
def test_a_value_next_to_nothing_stands_beside_a_range_that_stays_readable(least, low):
    lever = span(VOLUME, RANGES[VOLUME], (least,))

    assert (lever.low, lever.values[0]) == (low, least)
    assert len(lever.values) < 100


def test_an_interval_next_to_nothing_stands_beside_the_range_of_a_cadence():
    lever = span(CADENCE, RANGES[CADENCE], (5e-324,))

    assert (lever.low, lever.values[0]) == (RANGES[CADENCE][0], 5e-324)
    assert len(lever.values) < 100


def test_a_value_within_the_range_changes_nothing():
    assert span(VOLUME, RANGES[VOLUME], (177_000.0,)) == span(VOLUME, RANGES[VOLUME])
    assert span(CADENCE, RANGES[CADENCE], (0.0,)) == span(CADENCE, RANGES[CADENCE], (3.0,))


def test_a_lever_of_few_steps_is_scanned_at_each_of_them():
    assert span(UPDATES, RANGES[UPDATES], step=1).values.tolist() == list(range(31))
    assert 0.035 in span(GROWTH, RANGES[GROWTH], step=0.005).values


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [("people.engineer_usd_per_week", 373.8, 37_380), ("rag.top_k", 0, 50), ("rag.reindex_every_months", 0.5, 24)],
)
def test_another_field_reaches_from_a_tenth_to_ten_times_its_value(path, low, high):
    scenario = PRESETS[DEFAULT_PRESET].scenario

    assert reach(scenario, load_book(), path) == pytest.approx((low, high))


def test_a_range_ends_before_what_another_field_forbids():
    # An overlap must stay below the chunk size, 512; ten times 60 would not.
    scenario = changed(PRESETS[DEFAULT_PRESET].scenario, {"corpus.chunk_overlap_tokens": 60.0})
    low, high = reach(scenario, load_book(), "corpus.chunk_overlap_tokens")

    assert (low, 60 < high < 512) == (6, True)


def test_all_positions_of_all_levers_are_asked_in_one_batch(monkeypatch):
    asked: list[list[str]] = []
    original = tracks.totals_along

    def spied(scenario, book, batch, *more):
        asked.append([driver for driver, _ in batch])
        return original(scenario, book, batch, *more)

    monkeypatch.setattr(tracks, "totals_along", spied)
    run = Run(changed(PRESETS[DEFAULT_PRESET].scenario, {"finance.start_month": "2026-11"}), load_book())
    tracks_of(run, {driver: span(driver, RANGES[driver]) for driver in FOUR})

    assert asked[0] == list(FOUR)
    assert len(asked) <= 3
