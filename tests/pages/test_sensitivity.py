"""The Sensitivity page: bars are the model run at both ends, rings are flips, the button does what is said."""

from __future__ import annotations

import pytest

from costmodel.changes import changed
from costmodel.fields import value_at
from costmodel.flips import flips, now_of
from costmodel.results import run_scenario
from costmodel.sensitivity import goal_seek
from pricing.catalog import load_book
from report import sensitivity_text as words
from report.driver_words import words_of
from report.sentence import plain
from tests.pages.prices_screen import click

SENSITIVITY = "pages/sensitivity.py"
VOLUME, LABELS, UPKEEP = "workload.queries_per_month", "fine_tuning.usd_per_example", "rag.maintenance_hours_per_month"
OUTPUT = "price:openai/gpt-6.1-sol:output"
RANGES = {
    VOLUME: {"low": 100_000.0, "likely": 200_000.0, "high": 300_000.0},
    LABELS: {"low": 1.0, "likely": 3.0, "high": 5.0},
    UPKEEP: {"low": 6.0, "likely": 12.0, "high": 18.0},
}


@pytest.fixture
def swung(opened, link_to):
    """Opens the page with three ranges of one's own."""
    return lambda values=None, view=None: opened(SENSITIVITY, link_to({"uncertainty": RANGES, **(values or {})}, view))


def gap(screen, values, of="fine_tuning", less="rag"):
    """What is measured with other values: the model run again."""
    answers = run_scenario(changed(screen.scenario, values, load_book()), load_book()).answers
    return answers[of].tco_usd - (answers[less].tco_usd if less else 0.0)


def bars(screen):
    return screen.chart_table(0, "hover")


def buttons(screen):
    return {each.key: each for each in screen.at.button}


def test_the_hero_says_the_widest_swing_of_the_two_leading_ones(swung):
    screen = swung()
    screen.check()

    assert screen.headline == "Queries per month moves the answer most, and can turn it"
    assert "At 100K queries a month RAG costs" in screen.lead
    assert "2 of 3 numbers can each change the winner within their range." in screen.lead


def test_bars_are_the_model_run_at_both_ends_the_widest_first(swung):
    screen = swung()
    rows = bars(screen)

    assert list(rows["name"]) == ["Queries per month", "RAG: upkeep", "Fine-tuning: cost of a label"]
    for path, low, high in zip((VOLUME, UPKEEP, LABELS), rows["low"], rows["high"], strict=True):
        for end, said in (("low", low), ("high", high)):
            usd = gap(screen, {path: RANGES[path][end]})
            sign = "\N{MINUS SIGN}" if usd < 0 else ""
            assert said.endswith(f": {sign}${abs(usd):,.2f}")


def test_a_ring_stands_where_the_winner_changes(swung):
    screen = swung()
    found = {flip.path: flip for flip in flips(screen.run, load_book(), [VOLUME, UPKEEP, LABELS])}
    rings, rows = screen.chart_table(0, "rings"), bars(screen)

    assert list(rings["row"]) == [0, 1]
    assert list(rows["turn"])[:2] == [
        f"at {words_of(screen.run, path).of(found[path].at)}, then RAG" for path in (VOLUME, UPKEEP)
    ]
    even = screen.chart_table(0, "even")["at"].iloc[0]
    assert list(rings["at"]) == pytest.approx([even, even], abs=1e-3)


def test_the_total_of_one_or_another_difference_can_be_chosen_and_travels_in_the_link(swung, opened):
    screen = swung()
    screen.put("selectbox", "swing against", "none")
    screen.put("selectbox", "swing of", "hybrid")
    screen.check()

    lows = dict(zip(bars(screen)["name"], bars(screen)["low"], strict=True))
    assert lows["Queries per month"].endswith(f": ${gap(screen, {VOLUME: 100_000.0}, 'hybrid', None):,.2f}")
    assert "swings the total of hybrid by" in screen.words
    assert screen.chart_table(0, "even").empty
    again = opened(SENSITIVITY, screen.address.removeprefix("s="))
    assert bars(again).equals(bars(screen))


def test_present_value_is_followed(swung):
    screen = swung({"finance.discount_rate_annual": 0.3})
    before = list(bars(screen)["low"])
    screen.turn("value", "present")
    screen.check()

    assert list(bars(screen)["low"]) != before
    assert "present value USD" in screen.words
    assert ", in present value." in screen.lead
    assert "One change at a time, nearest first, in present value" in screen.words
    assert "One number at a time, the others as they are; present value" in screen.words
    assert "nominal" not in screen.words


def test_the_goal_is_sought_in_present_value_too(swung):
    screen = swung({"finance.discount_rate_annual": 0.3}, {"value": "present", "seek": VOLUME})
    click(screen, "set goal")
    usd = sorted(each.present_value_usd for each in screen.run.answers.values())

    assert usd[0] == pytest.approx(usd[1], rel=1e-5)
    screen.turn("value", "nominal")
    assert "the others as they are; nominal cost" in screen.words


def test_without_ranges_the_suggested_ones_are_used_and_it_is_said(opened):
    screen = opened(SENSITIVITY)
    screen.check()

    assert len(bars(screen)) > 5
    assert "You set no range: these are suggested." in screen.words


def test_one_architecture_alone_has_totals_only(swung):
    screen = swung({"finance.compared": ["rag"]})
    screen.check()

    assert screen.headline == "Queries per month moves the total most"
    assert screen.chart_table(0, "even").empty


def test_ranges_that_cannot_be_run_are_refused_with_the_way_out(swung):
    screen = swung({"uncertainty": {"corpus.chunk_overlap_tokens": {"low": 0.0, "likely": 10.0, "high": 5_000.0}}})
    screen.check()

    assert "a chunk is always longer than its overlap" in screen.notice
    assert "Change the ranges on the Uncertainty page." in screen.notice

    screen.at.session_state["refused"] = ("broken.json is not JSON", "The last good scenario is kept.")
    screen.rerun()
    screen.check()
    assert "broken.json is not JSON" in screen.words
    assert "a chunk is always longer than its overlap" in screen.words


def test_the_nearest_flip_is_tried(swung):
    screen = swung()
    best = screen.run.cheapest
    click(screen, "try 0")

    assert screen.run.cheapest != best

    click(screen, "undo")
    assert screen.run.cheapest == best


def test_the_chart_opens_as_a_table(swung):
    screen = swung()
    screen.open_data("tornado")
    screen.check()


# What it would take


def expected(screen, driver, winner, month):
    sought = goal_seek(screen.scenario, load_book(), driver, winner, month)
    return words.goal(sought, now_of(screen.scenario, load_book(), driver), words_of(screen.run, driver))


def test_the_question_begins_with_the_runner_up_at_the_horizon(swung):
    screen = swung()

    assert plain(expected(screen, LABELS, "rag", 24).sentence) in screen.words


@pytest.mark.parametrize("driver", [LABELS, VOLUME, UPKEEP, OUTPUT])
def test_setting_it_makes_it_win(swung, driver):
    screen = swung()
    screen.put("selectbox", "goal driver", driver)
    screen.check()
    goal = expected(screen, driver, "rag", 24)

    assert plain(goal.sentence) in screen.words
    assert buttons(screen)["set goal"].label.replace("\\", "") == goal.button

    click(screen, "set goal")
    sums = {key: answer.tco_usd for key, answer in screen.run.answers.items()}

    assert sums["rag"] <= min(sums.values()) * (1 + 1e-5)
    assert now_of(screen.scenario, load_book(), driver) == pytest.approx(goal.value)
    click(screen, "undo")
    assert screen.run.cheapest == "fine_tuning"


def test_month_and_winner_are_asked_for_and_travel_in_the_link(swung, opened):
    screen = swung()
    screen.put("selectbox", "goal winner", "fine_tuning")
    screen.put("number_input", "goal month", 18)
    screen.check()
    sentence = plain(expected(screen, LABELS, "fine_tuning", 18).sentence)

    assert sentence in screen.words
    assert sentence in opened(SENSITIVITY, screen.address.removeprefix("s=")).words
    assert value_at(screen.scenario, "finance.horizon_months") == 24


def test_what_can_never_win_has_no_button(swung):
    screen = swung()
    screen.put("selectbox", "goal winner", "hybrid")
    screen.check()

    assert "Hybrid is not cheapest by month 24 at any value of" in screen.words
    assert "set goal" not in buttons(screen)


def test_nothing_is_asked_when_no_architecture_can_win(swung):
    screen = swung({"finance.compared": ["rag"], "quality.minimum_correct_share": 0.9, "rag.correct_share": 0.5})
    screen.check()

    assert screen.headline == "No architecture can be called cheapest"
    assert "set goal" not in buttons(screen)
