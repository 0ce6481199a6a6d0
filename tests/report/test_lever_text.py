"""What a lever says: its values, what may be typed into it, and the line below it."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.scenario import FIELDS
from costmodel.tracks import Track
from report import lever_text
from report.lever_text import NotTaken, captions, count, exact, fully, number_typed
from report.sentence import plain

VOLUME, GROWTH, CADENCE, HORIZON = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "fine_tuning.retrain_every_months",
    "finance.horizon_months",
)
NUMERIC = sorted(path for path, facts in FIELDS.items() if facts.numeric)


# Values


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (950, "950"),
        (999.4, "999"),
        (999.6, "1K"),
        (8_100, "8.1K"),
        (178_000, "178K"),
        (999_600, "1M"),
        (1_200_000, "1.2M"),
        (1_250_000, "1.25M"),
        (-8_100, "−8.1K"),
    ],
)
def test_a_volume_takes_three_digits_at_most(value, words):
    assert count(value) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0%"),
        (0.0004, "0.04%"),
        (0.00002, "0%"),
        (0.03, "3.0%"),
        (0.0994, "9.9%"),
        (0.0996, "10%"),
        (-0.05, "−5.0%"),
    ],
)
def test_a_percentage_loses_its_decimals_from_ten(share, words):
    assert lever_text.percent(share) == words


def test_one_month_is_not_plural():
    assert [lever_text.months(1), lever_text.months(3)] == ["1 month", "3 months"]


def test_a_cadence_without_end_is_never():
    assert [lever_text.cadence(each) for each in (0, 0.5, 6, math.inf)] == ["never", "0.5 months", "6 months", "never"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (VOLUME, 178_000, "178K"),
        (GROWTH, 0.02, "2.0%"),
        (CADENCE, 0, "never"),
        (HORIZON, 24, "24 months"),
        ("people.engineer_usd_per_week", 3738, "$3.74K"),
        ("fine_tuning.usd_per_example", 0.25, "$0.25"),
        ("rag.top_k", 5, "5"),
    ],
)
def test_a_field_reads_in_its_own_unit(path, value, words):
    assert lever_text.words_of(FIELDS[path])(value) == words


def test_a_field_of_an_architecture_says_whose_it_is():
    labels = [lever_text.label_of(FIELDS[path]) for path in ("rag.top_k", "fine_tuning.gpus_per_replica", VOLUME)]

    assert labels == ["RAG: chunks in the prompt", "Fine-tuning: GPUs per replica", "Queries per month"]


# What is typed


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (VOLUME, "180k", 180_000),
        (VOLUME, "1.2M", 1_200_000),
        (VOLUME, " 168,250 ", 168_250),
        (VOLUME, "168 250 queries per month", 168_250),
        (VOLUME, "1'000", 1_000),
        (VOLUME, "2 million", 2_000_000),
        (VOLUME, "2e5", 200_000),
        (VOLUME, ".5K", 500),
        (GROWTH, "3", 0.03),
        (GROWTH, "3%", 0.03),
        (GROWTH, "−2.5 %", -0.025),
        (GROWTH, "+7 percent", 0.07),
        (CADENCE, "never", 0),
        (CADENCE, "Never", 0),
        (CADENCE, "6 months", 6),
        (CADENCE, "2.4", 2.4),
        (HORIZON, "36 months", 36),
        ("people.engineer_usd_per_week", "$3,900", 3_900),
        ("people.engineer_usd_per_week", "3.9K USD a week", 3_900),
    ],
)
def test_a_number_may_be_typed_as_people_write_it(path, text, value):
    assert number_typed(text, FIELDS[path]) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (VOLUME, "abc", "“abc” is no number; 180K is"),
        (VOLUME, "", "“” is no number; 180K is"),
        (VOLUME, "a very long story about volume", "“a very long sto…” is no number; 180K is"),
        (VOLUME, "1,5", "“1,5” is no number; 180K is"),
        (VOLUME, "nan", "“nan” is no number; 180K is"),
        (VOLUME, "5 tokens", "“5 tokens” is no number; 180K is"),
        (VOLUME, "3%", "Takes queries, not a percentage"),
        (GROWTH, "fast", "“fast” is no number; 3% is"),
        (CADENCE, "often", "“often” is no number; 6 or never is"),
        (HORIZON, "24.5", "Takes whole numbers: 24 or 25"),
    ],
)
def test_anything_else_is_refused_with_the_way_out(path, text, said):
    with pytest.raises(NotTaken) as refused:
        number_typed(text, FIELDS[path])

    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("path", "taken", "refused", "said"),
    [
        (VOLUME, "1B", "1,000,000,001", "Takes 0 to 1B"),
        (VOLUME, "0", "-1", "Takes 0 to 1B"),
        (GROWTH, "100%", "100.1%", "Takes −50% to 100%"),
        (HORIZON, "120", "121", "Takes 1 month to 120 months"),
        (CADENCE, "120", "1e300", "Takes 0 to 120 months"),
    ],
)
def test_the_limits_of_a_field_are_the_limits_of_its_lever(path, taken, refused, said):
    number_typed(taken, FIELDS[path])
    with pytest.raises(NotTaken) as error:
        number_typed(refused, FIELDS[path])

    assert str(error.value) == said


@given(st.sampled_from(NUMERIC), st.data())
def test_what_a_field_shows_can_be_typed_back(path, data):
    facts = FIELDS[path]
    low, high = facts.low or 0.0, min(facts.high or 1e12, 1e12)
    drawn = data.draw(st.floats(low, high))
    value = float(round(drawn)) if facts.kind == "whole" else float(f"{drawn:.9g}")
    value = min(max(value, low), high)

    assert number_typed(exact(facts, value), facts) == pytest.approx(value, rel=1e-8, abs=1e-12)


@given(st.sampled_from(NUMERIC), st.text(max_size=12))
def test_whatever_is_typed_is_taken_within_the_limits_or_refused(path, text):
    facts = FIELDS[path]
    value = facts.low or 0.0
    with suppress(NotTaken):
        value = number_typed(text, facts)

    assert (facts.low or 0.0) <= value <= (math.inf if facts.high is None else facts.high)


# Where the answer turns


def track(rag: list[float], tuned: list[float], *, driver: str = HORIZON, share: float = 0.0, **more: Any) -> Track:
    values = np.array(more.pop("values", range(1, len(rag) + 1)), dtype=float)
    usd = {"rag": np.array(rag, dtype=float), "fine_tuning": np.array(tuned, dtype=float)}
    return Track(driver, values, usd, share)


def line(each: Track, words: Any = count) -> list[str]:
    return captions(each, words)


def test_a_crossing_is_below_and_from_there():
    # 10 to 20 and 30 to 20: level half way; the line is closed in on before it is said
    crossing = track([10, 20, 30], [20, 20, 20], driver=VOLUME, values=[1e5, 1.33e5, 2e5])

    assert line(crossing)[0] == "RAG below 133K, fine-tuning from there"
    assert line(crossing)[1] == "RAG up to 133K, then fine-tuning"


def test_whole_numbers_are_up_to_and_above():
    assert line(track([1, 1, 3], [2, 2, 2]), lever_text.months)[0] == "RAG up to 2 months, fine-tuning above"


def test_one_leader_all_along_is_said_so():
    assert line(track([3, 3], [2, 2])) == ["Fine-tuning cheapest all along"]


def test_one_that_is_alone_is_said_so():
    assert line(track([3, 3], [math.nan, math.nan])) == ["Only RAG is in the running"]


def test_nobody_left_is_said_so():
    assert line(track([math.nan, math.nan], [math.nan, math.nan])) == ["Nobody can be called cheapest"]


def test_too_close_all_along_is_said_so():
    assert line(track([2, 2], [2.01, 2.01], share=0.05)) == ["Too close to call all along"]


def test_a_band_between_two_leaders_is_said_by_its_crossing_and_beside_it():
    band = track([10, 19.8, 20.4, 30], [20, 20, 20, 20], share=0.05)

    assert line(band)[0] == "RAG up to 2, fine-tuning above"
    assert plain(fully(band, count)) == "RAG up to 2, fine-tuning above; too close to call from 2 to 3"


def test_a_band_at_an_end_is_a_stretch_of_its_own():
    band = track([19.8, 19.9, 30], [20, 20, 20], share=0.05)

    assert line(band)[0] == "Too close to call up to 2, fine-tuning above"
    assert line(band)[1] == "Too close up to 2, then fine-tuning"
    assert plain(fully(band, count)) == "Too close to call up to 2, fine-tuning above"


def test_a_band_that_the_same_leader_leaves_is_a_stretch_of_its_own():
    assert line(track([10, 19.8, 10], [20, 20, 20], share=0.05))[0] == (
        "RAG up to 1, too close to call up to 2, RAG above"
    )


def test_three_stretches_have_shorter_forms():
    full, short, shortest = line(track([1, 3, 1], [2, 2, 2]))

    assert full == "RAG up to 1, fine-tuning up to 2, RAG above"
    assert short == "RAG up to 1, fine-tuning up to 2, then RAG"
    assert shortest == "RAG up to 1, then 1 more turn"


def test_many_stretches_are_counted():
    assert line(track([1, 3, 1, 3, 1], [2] * 5))[-1] == "RAG up to 1, then 3 more turns"


def test_never_is_said_as_never():
    found = track([1, 1, 3], [2, 2, 2], driver=CADENCE, values=[12, 24, math.inf])

    assert line(found, lever_text.cadence)[0] == "RAG up to 24 months, fine-tuning if never"


def test_without_a_turn_the_table_says_how_far_was_looked():
    assert plain(fully(track([1, 1, 1], [2, 2, 2]), lever_text.months)) == "RAG cheapest all along, 1 month to 3 months"


def test_a_lever_without_a_track_says_nothing():
    assert captions(None, count) == [""]


# What a position means


@pytest.mark.parametrize(
    ("cadence", "forced", "own", "said"),
    [
        (3, 2, None, "content updates force one every 2 months"),
        (3, 3, None, "updates alone force one every 3 months"),
        (0, 6, None, "content updates force one every 6 months"),
        (3, 0, None, "content updates force none"),
        (3, 2, 12, "the hybrid has its own: 12 months"),
    ],
)
def test_the_cadence_says_what_comes_first(cadence, forced, own, said):
    assert lever_text.retrained_how(cadence, forced, own) == said


def test_the_line_over_updates_names_its_guess():
    assert lever_text.forced_by(24, True) == "if 24 updates force a retrain, a guess"
    assert lever_text.forced_by(0, True) == "no update forces a retrain"


def test_growth_says_what_becomes_of_the_volume():
    assert lever_text.asked_in(315_379, 24) == "315K queries in month 24"


def test_the_nouns_of_levers_that_turn_are_listed():
    turns, stays = track([1, 3], [2, 2]), track([1, 1], [2, 2])

    assert lever_text.turning([("query volume", turns), ("growth", stays)]) == ["query volume"]
