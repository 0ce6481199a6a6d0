"""Sentences over swings and goals: every number in them is the model run again."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel.changes import changed, resolved
from costmodel.flips import now_of
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS
from costmodel.sensitivity import Sought, Swing, Turned, flips, goal_seek, tornado, turned
from pricing.catalog import load_book
from report import sensitivity_text as words
from report.driver_words import words_of
from report.numbers import Money
from report.ranges_text import noun
from report.sentence import plain

MONEY = Money()
SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
RUN = run_scenario(SCENARIO, load_book())
VOLUME, LABELS, UPKEEP = "workload.queries_per_month", "fine_tuning.usd_per_example", "rag.maintenance_hours_per_month"
OUTPUT = "price:openai/gpt-6.1-sol:output"
PAIR = ("fine_tuning", "rag")


def swing(path: str, at_low: tuple[float, float], at_high: tuple[float, float]) -> Swing:
    """Totals of fine-tuning and RAG at both ends."""
    low, high = (dict(zip(PAIR, each, strict=True)) for each in (at_low, at_high))
    return Swing(path, 100_000, 200_000, 300_000, low, high)


WIDE = swing(VOLUME, (70_000, 50_000), (90_000, 120_000))


def verdict(turning, widest=WIDE, pair=PAIR):
    return words.verdict(RUN, widest, pair, turning, 18, words_of(RUN, VOLUME), noun, MONEY)


def test_the_widest_swing_is_the_answer_with_both_ends():
    said = verdict([VOLUME, LABELS])

    assert said.headline == "Queries per month moves the answer most, and can turn it"
    assert plain(said.lead) == (
        "At 100K queries a month RAG costs $20K less than fine-tuning, at 300K fine-tuning costs $30K less than RAG. "
        "2 of 18 numbers can each change the winner within their range."
    )


def test_one_that_turns_and_none_that_turns():
    assert verdict([LABELS]).headline == "Queries per month moves the answer most, but cannot turn it alone"
    assert verdict([VOLUME]).lead.endswith("only queries per month can change the winner within its range.")
    assert verdict([]).lead.endswith("None of 18 numbers changes the winner within its range.")


def test_alone_the_total_is_measured():
    said = words.verdict(RUN, WIDE, None, [], 18, words_of(RUN, VOLUME), noun, MONEY)

    assert said.headline == "Queries per month moves the total most"
    assert "its total lies between $50K and $120K" in said.lead  # RAG is the first that is eligible


def test_without_a_range_the_way_to_one_is_said():
    assert words.verdict(RUN, None, PAIR, [], 0, None, noun, MONEY).lead.startswith("Give a number a range")


def test_the_title_says_by_how_much_the_widest_bar_swings():
    assert words.finding([WIDE], *PAIR, noun, MONEY) == "Queries per month swings {fine_tuning} against {rag} by $50K"
    assert words.finding([WIDE], "rag", None, noun, MONEY) == "Queries per month swings the total of {rag} by $70K"
    assert words.finding([], "rag", None, noun, MONEY) == "Nothing with a range moves the total of {rag}"


def test_bars_too_slight_to_see_are_counted_instead():
    slight = swing(LABELS, (1_000, 900), (1_100, 900))
    shown = words.drawn_bars([WIDE, slight], *PAIR)

    assert shown == [WIDE]
    assert words.rest_words([WIDE, slight], shown, *PAIR, MONEY) == "One more number moves it by $100 at most."
    assert words.rest_words([WIDE], [WIDE], *PAIR, MONEY) == ""


def test_the_table_has_both_ends_and_where_the_winner_changes():
    (flip,) = flips(RUN, load_book(), [VOLUME])
    turning = {VOLUME: Turned(flip, {"rag": 1.0, "fine_tuning": 1.0})}
    found = words.data(RUN, [WIDE], turning, *PAIR, noun, lambda path: "queries").table.iloc[0]

    assert found["At low [USD]"] == 20_000
    assert found["At high [USD]"] == -30_000
    assert found["Then cheapest"] == "RAG"
    assert found["Winner changes at"] == f"{flip.at:,.6g}"


def test_a_swing_in_words_is_the_model_run_at_both_ends():
    ranges = {VOLUME: {"low": 100_000.0, "likely": 200_000.0, "high": 300_000.0}}
    scenario = changed(SCENARIO, {"uncertainty": ranges})
    (found,) = tornado(scenario, load_book(), *PAIR)
    said = plain(words.ends_words(found, *PAIR, words_of(RUN, VOLUME), MONEY))
    at = [run_scenario(changed(SCENARIO, {VOLUME: each}), load_book()).answers for each in (100_000.0, 300_000.0)]
    gaps = [abs(each["rag"].tco_usd - each["fine_tuning"].tco_usd) for each in at]

    assert said == (
        f"At 100K queries a month RAG costs {MONEY(gaps[0])} less than fine-tuning, "
        f"at 300K fine-tuning costs {MONEY(gaps[1])} less than RAG."
    )
    assert list(turned(RUN, load_book(), scenario.uncertainty)) == [VOLUME]


# Goals


def asked(driver: str, winner: str, month: int):
    sought = goal_seek(SCENARIO, load_book(), driver, winner, month)
    return words.goal(sought, now_of(SCENARIO, load_book(), driver), words_of(RUN, driver)), sought


@pytest.mark.parametrize("driver", [VOLUME, LABELS, UPKEEP, OUTPUT, "rag.top_k", "workload.monthly_growth_share"])
@pytest.mark.parametrize("winner", ["rag", "fine_tuning", "hybrid"])
@pytest.mark.parametrize("month", [12, 18, 24])
def test_what_the_button_sets_makes_it_win(driver, winner, month):
    found, _ = asked(driver, winner, month)
    base = changed(SCENARIO, {"finance.horizon_months": month})
    if found.value is None:
        wins_now = run_scenario(base, load_book()).cheapest == winner
        assert wins_now == (" as it is, " in found.sentence)
        assert wins_now or " at any value of " in found.sentence
        return
    value = int(found.value) if driver in FIELDS and FIELDS[driver].kind == "whole" else found.value
    after = run_scenario(changed(base, {driver: value}, load_book()), load_book())
    sums = {key: after.answers[key].tco_usd for key in after.eligible}

    assert sums[winner] <= min(sums.values()) * (1 + 1e-5)
    assert found.button == f"Set to {words_of(RUN, driver).of(found.value)}"


def test_at_most_at_least_from_to_and_nowhere():
    spoken, stretch = words_of(RUN, VOLUME), {"driver": VOLUME, "architecture": "rag", "month": 18}

    def said(now: float, *stretches: tuple[float, float]) -> str:
        return plain(words.goal(Sought(low=1e3, high=1e6, stretches=stretches, **stretch), now, spoken).sentence)

    assert said(2e5, (1e3, 1e5)) == (
        "For RAG to be cheapest by month 18, queries per month must be at most 100K queries a month; "
        "it is 200K now, 50% less."
    )
    assert "must be at least 400K queries a month; it is 200K now, 100% more." in said(2e5, (4e5, 1e6))
    assert "must be from 400K to 500K queries a month" in said(2e5, (4e5, 5e5))
    assert "must be from 50K to 100K queries a month" in said(2e5, (5e4, 1e5))
    assert (
        said(2e5) == "RAG is not cheapest by month 18 at any value of queries per month from 1K to 1M queries a month."
    )
    assert said(2e5, (1e3, 5e5)).endswith(
        "as it is, with queries per month at 200K; it stays so up to 500K queries a month."
    )
    assert said(2e5, (1e5, 1e6)).endswith("it stays so from 100K queries a month on.")
    assert said(2e5, (1e3, 1e6)).endswith("it stays so all along, 1K to 1M queries a month.")
