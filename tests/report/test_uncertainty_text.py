"""Sentences over draws: every number in them is a result."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.presets import PRESETS
from costmodel.ranges import suggested
from costmodel.results import run_scenario
from costmodel.uncertainty import uncertainty
from pricing.catalog import load_book
from report import uncertainty_text as words
from report.numbers import Money
from report.palette import ARCHITECTURES
from report.sentence import plain
from tests.report.made_draws import drawn

MONEY = Money()
RUN = run_scenario(resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21)), load_book())
NAMES = {one.name.lower(): key for key, one in ARCHITECTURES.items()}


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "every future drawn"),
        (0.999, "nearly every future"),
        (0.97, "97 of 100 futures"),
        (0.72, "7 of 10 futures"),
        (0.905, "9 of 10 futures"),
        (0.906, "91 of 100 futures"),
        (0.095, "1 of 10 futures"),
        (0.094, "9 of 100 futures"),
        (0.05, "5 of 100 futures"),
        (0.03, "3 of 100 futures"),
        (0.001, "hardly any future"),
        (0.0, "none of the futures drawn"),
    ],
)
def test_a_share_as_futures(share, said):
    assert words.futures(share) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (0.0005, "under 0.1%"), (0.034, "3.4%"), (0.72, "72%"), (0.997, "over 99%"), (1.0, "100%")],
)
def test_a_chance_is_never_rounded_to_certainty(share, said):
    assert words.chance(share) == said


def test_the_headline_says_who_is_cheapest_in_how_many_futures():
    # Of ten draws RAG is cheaper in three.
    found = drawn({"rag": [1.0] * 3 + [9.0] * 7, "fine_tuning": [5.0] * 10})

    assert words.headline(found) == "{Fine_tuning} is cheapest in 7 of 10 futures"


def test_below_one_half_it_is_most_often_and_level_is_level():
    three = drawn({"rag": [1, 1, 9, 9, 9], "fine_tuning": [5, 5, 1, 1, 5], "hybrid": [7, 7, 7, 7, 1]})
    level = drawn({"rag": [1, 9], "fine_tuning": [5, 5]})

    # RAG and fine-tuning win two draws each; fine-tuning costs less on average.
    assert words.headline(three) == "{Fine_tuning} and {rag} are cheapest equally often"
    assert words.headline(level) == "{Rag} and {fine_tuning} are cheapest equally often"
    four = drawn({"rag": [1] * 4 + [9] * 6, "fine_tuning": [5] * 4 + [1] * 3 + [9.5] * 3, "hybrid": [7] * 7 + [1] * 3})
    assert words.headline(four) == "{Rag} is cheapest most often, in 4 of 10 futures"


def test_alone_there_is_no_rival():
    found = drawn({"rag": [1.0, 2.0]})

    assert words.headline(found) == "{Rag} is the only one in the running"
    assert words.odds_finding(found) == "{Rag} has no rival"
    assert words.leading_pair(found) is None
    assert words.regret(found, MONEY) == ""


ODDS = {"rag": [1.0, 0.6, 0.4, 0.3], "fine_tuning": [0.0, 0.4, 0.6, 0.7]}


def test_the_odds_turn_in_the_first_month_in_which_another_one_is_likelier():
    found = drawn({"rag": [1.0] * 3 + [9.0] * 7, "fine_tuning": [5.0] * 10}, ODDS, first=(0, 0, 0.6, 0), never=0.4)

    assert words.turns(found) == [(0, "rag"), (2, "fine_tuning")]
    assert words.odds_finding(found) == "From month 2 on, {fine_tuning} is the likelier choice"
    assert "Before month 2 the odds favour {rag}." in words.verdict(found, RUN, MONEY).lead


def test_odds_that_never_turn_and_odds_that_turn_twice():
    steady = drawn({"rag": [1, 1], "hybrid": [5, 5]}, {"rag": [1, 1], "hybrid": [0, 0]})
    twice = drawn(
        {"rag": [1, 9], "hybrid": [5, 5]}, {"rag": [0.8, 0.3, 0.6], "hybrid": [0.2, 0.7, 0.4]}, first=(0, 1, 0), never=0
    )

    assert words.odds_finding(steady) == "{Rag} is the likelier choice all along"
    assert words.odds_finding(twice) == "From month 2 on, {rag} is the likelier choice, after 2 turns"
    assert "The odds turn in months 1 and 2; in the end they favour {rag}." in words.verdict(twice, RUN, MONEY).lead


def test_a_tie_is_no_turn():
    found = drawn({"rag": [1, 9], "hybrid": [5, 5]}, {"rag": [0.6, 0.5, 0.5], "hybrid": [0.4, 0.5, 0.5]})

    assert words.turns(found) == [(0, "rag")]


def test_regret_is_what_a_choice_costs_more_than_the_best_on_average():
    # RAG: 0 and 4,000 more; fine-tuning: 1,000 more and 0.
    found = drawn({"rag": [1_000, 9_000], "fine_tuning": [2_000, 5_000]})

    assert words.regret(found, MONEY) == (
        "Against always picking the best, choosing {fine_tuning} costs $500 on average; choosing {rag} costs $2.0K."
    )
    assert words.regret_finding(found, MONEY) == "Choosing {fine_tuning} now costs $500 of regret on average"


def test_a_choice_that_is_never_wrong_says_so():
    found = drawn({"rag": [1_000, 2_000], "fine_tuning": [2_000, 5_000]})

    assert words.regret(found, MONEY).startswith("Choosing {rag} is never wrong; choosing {fine_tuning} costs $2.0K")
    assert words.regret_finding(found, MONEY) == "Choosing {rag} is never wrong in these draws"


def test_certainty_reads_as_certainty():
    found = drawn({"rag": [1_000] * 64, "fine_tuning": [2_000] * 64}, {"rag": [1, 1], "fine_tuning": [0, 0]})

    assert words.headline(found) == "{Rag} is cheapest in every future drawn"
    assert words.fans_finding(found, MONEY) == "Likely range: {rag} $1.0K, {fine_tuning} $2.0K"
    assert words.worth_finding(found, str) == "Nothing is worth finding out first"
    assert words.worth_caption(found, MONEY) == "Whatever the numbers turn out to be, the choice stays the same"


def test_the_break_even_month_says_by_when_half_have_changed_or_how_many_never_do():
    half = drawn({"rag": [1, 9], "hybrid": [5, 5]}, first=(0, 0.3, 0.2), never=0.5)
    few = drawn({"rag": [1, 9], "hybrid": [5, 5]}, first=(0, 0.1, 0.2), never=0.7)
    none = drawn({"rag": [1, 9], "hybrid": [5, 5]}, first=(0, 0, 0), never=1.0)

    assert words.break_even_finding(words.leading_pair(half)) == (
        "By month 2, {rag} and {hybrid} have changed places in half of the draws"
    )
    assert (
        words.break_even_finding(words.leading_pair(few)) == "{Rag} and {hybrid} never change places in 7 of 10 futures"
    )
    assert words.break_even_finding(words.leading_pair(none)) == "{Rag} and {hybrid} never change places"


def test_what_is_worth_finding_out_is_named_and_the_rest_is_counted():
    worth = {"a": 300.0, "b": 20.0, "c": 0.0}
    found = drawn({"rag": [1_000, 9_000], "fine_tuning": [2_000, 5_000]}, evppi=worth)

    assert words.worthy(found) == [("a", 300.0), ("b", 20.0)]
    assert (
        words.worth_finding(found, {"a": "the price of tea"}.__getitem__) == "Worth finding out first: the price of tea"
    )
    assert words.worth_caption(found, MONEY).endswith("knowing all of them would save $500")
    assert words.worth_rest(found, 2) == "The other one would not change the choice alone."
    assert words.worth_rest(found, 1) == "The other 2 are worth less each."


def test_convergence_speaks_of_the_last_doubling():
    # Of the first 64 draws RAG wins 32, of all 128 it wins 32 too: 50%, then 25%.
    found = drawn({"rag": [1] * 32 + [9] * 96, "hybrid": [5] * 128})

    assert (
        words.convergence_finding(found) == "The last doubling moved the chance of {hybrid} by 25.0 percentage points"
    )
    assert [row[:3] for row in words.convergence_rows(found, MONEY)] == [
        ["64", "50.0%", "50.0%"],
        ["128", "25.0%", "75.0%"],
    ]


def test_one_that_is_left_out_has_totals_but_no_chance():
    found = drawn({"rag": [1, 2], "hybrid": [3, 4]}, {"rag": [1, 1]}, left_out={"hybrid": "too little quality"})

    assert words.regret_rows(found, MONEY)["hybrid"][:3] == ["left out", "", "$3.50"]
    assert words.fan_title(found, "hybrid") == "Hybrid, left out"


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(PRESETS)), st.integers(0, 50), st.integers(6, 36), st.booleans())
def test_every_number_in_every_sentence_is_a_result(preset, seed, horizon, present):
    base = resolved(PRESETS[preset].scenario, date(2026, 11, 1))
    base = changed(base, {"finance.horizon_months": horizon, "finance.discount_rate_annual": 0.1})
    run = run_scenario(base, load_book())
    ranges = {path: each.spread.model_dump() for path, each in suggested(run).items()}
    found = uncertainty(changed(base, {"uncertainty": ranges}), load_book(), 256, seed, present=present)
    said = words.verdict(found, run, MONEY)

    read_headline(plain(said.headline), found)
    read_lead(plain(said.lead), found)
    fans = plain(words.fans_finding(found, MONEY))
    for name, low, high in re.findall(r"(RAG|fine-tuning|hybrid|prompting) (\S+?)(?: to (\S+?))?(?:,|$)", fans):
        fan = found.fan_usd[NAMES[name.lower()]][:, -1]
        assert (low, high or low) == (MONEY(fan[0]), MONEY(fan[2]))


def read_headline(words_: str, found) -> None:
    chances = found.probability_cheapest
    match = re.search(r"(\d+) of (\d+) futures", words_)
    if match:
        share, parts = max(chances.values()), int(match[2])
        assert abs(int(match[1]) / parts - share) <= 0.5 / parts + 1e-9
    key = NAMES[re.match(r"(RAG|Fine-tuning|Hybrid|Prompting)", words_)[0].lower()]
    assert chances[key] >= max(chances.values()) - words.LEVEL


def read_lead(words_: str, found) -> None:
    for month in re.findall(r"[Bb]efore month (\d+)", words_):
        shares = {key: each[int(month)] for key, each in found.cheapest_by_month.items()}
        earlier = {key: each[int(month) - 1] for key, each in found.cheapest_by_month.items()}
        leader = max(shares, key=lambda key: shares[key])
        assert earlier[leader] <= max(share for key, share in earlier.items() if key != leader)
    for name, usd in re.findall(
        r"choosing (RAG|fine-tuning|hybrid|prompting) costs (\S+?)(?: on average)?[;.](?: |$)", words_
    ):
        assert usd == MONEY(found.expected_regret_usd[NAMES[name.lower()]])
    for share in re.findall(r"In (\S+|under \S+) of the draws", words_):
        assert share.endswith(words.chance(found.probability_close).split(" ")[-1])
    assert all(usd >= 0 for usd in (*found.expected_regret_usd.values(), *found.evppi_usd.values(), found.evpi_usd))
    for fan in found.fan_usd.values():
        assert (np.diff(fan, axis=0) >= 0).all()
