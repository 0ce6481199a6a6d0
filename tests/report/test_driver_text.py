"""Sentences on crossings: from crossings typed in, where each expectation can be read off, and from the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from costmodel.changes import changed, resolved
from costmodel.closed_form import Line, straight_lines
from costmodel.crossover import Crossovers, Pair, Root
from costmodel.driver import crossings, prices_of, reach
from costmodel.flips import Flip, flips, now_of
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.spans import span
from costmodel.tracks import tracks_of
from pricing.catalog import load_book
from report import driver_text
from report.driver_words import OFTEN, often, words_of
from report.numbers import Money
from report.sentence import plain
from tests.costmodel.strategies import plain_questions

SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
RUN = run_scenario(SCENARIO, load_book())
VOLUME, GROWTH, UPDATES = "workload.queries_per_month", "workload.monthly_growth_share", "corpus.updates_per_month"
CADENCE, HORIZON, TOP_K = "fine_tuning.retrain_every_months", "finance.horizon_months", "rag.top_k"
LABELS, UPKEEP, INPUT = (
    "fine_tuning.usd_per_example",
    "rag.maintenance_hours_per_month",
    "price:openai/gpt-6.1-sol:input",
)
WHO = ("rag", "fine_tuning")
USD = Money("USD")


def crossing(value: float, below: str = "rag", above: str = "fine_tuning", usd: float = 246_000) -> Root:
    return Root(value, "crossing", below, above, usd, usd, usd, usd)


def jump(value: float, next_value: float) -> Root:
    """RAG 90 against 100 below, 120 against 110 above [thousand USD]."""
    return Root(value, "jump", "rag", "fine_tuning", 90e3, 100e3, 120e3, 110e3, next_value)


def typed_in(*roots: Root, driver: str = VOLUME, low: float = 1_000, high: float = 10_000_000) -> Crossovers:
    ends = (1.0, 2.0), ((2.0, 1.0) if len(roots) % 2 else (1.0, 2.0))
    return Crossovers(driver, low, high, 513, (Pair("rag", "fine_tuning", roots, *ends),))


def finding(found: Crossovers) -> str:
    return plain(driver_text.finding(found, WHO, words_of(RUN, found.driver)))


def test_the_title_says_how_often_the_lines_cross_and_where():
    there, back = crossing(12_000), crossing(168_000, "fine_tuning", "rag")

    assert finding(typed_in(there)) == "The lines cross once, at 12K queries a month"
    assert finding(typed_in(there, back)) == "The lines cross twice, at 12K and 168K queries a month"
    assert finding(typed_in()) == "The lines never cross within 1K to 10M queries a month"
    assert finding(typed_in(jump(2, 2.000001), driver=CADENCE, low=0.5, high=24)) == (
        "The lines cross once in a jump, with a retrain every 2 months"
    )
    assert finding(typed_in(jump(3, 4), driver=TOP_K, low=1, high=50)) == (
        "The lines cross once, with RAG chunks in the prompt at 4"
    )


def test_of_many_crossings_the_title_gives_the_first_and_the_last():
    roots = [crossing(10_000 * 2**n, *(WHO if n % 2 == 0 else WHO[::-1])) for n in range(5)]

    assert finding(typed_in(*roots)) == "The lines cross 5 times within 10K to 160K queries a month"


def test_a_crossing_of_two_that_are_not_cheapest_is_no_change_of_the_lead():
    pairs = (
        Pair("rag", "fine_tuning", (), (1.0, 2.0), (1.0, 2.0)),
        Pair("rag", "hybrid", (), (1.0, 3.0), (1.0, 3.0)),
        Pair("fine_tuning", "hybrid", (crossing(50_000, "fine_tuning", "hybrid"),), (2.0, 3.0), (3.0, 2.0)),
    )
    found = Crossovers(VOLUME, 1_000, 10_000_000, 513, pairs)

    assert plain(driver_text.finding(found, (*WHO, "hybrid"), words_of(RUN, VOLUME))) == (
        "RAG stays cheapest within 1K to 10M queries a month"
    )
    assert driver_text.lead_changes(found, (*WHO, "hybrid")) == set()


def said(found: Crossovers, now: float) -> list[tuple[str, float, str]]:
    rows = driver_text.crossed(RUN, found, WHO, words_of(RUN, found.driver), USD, now)
    return [(plain(row.sentence), row.value, row.button) for row in rows]


def test_a_crossing_is_said_with_what_both_cost_and_can_be_set():
    assert said(typed_in(crossing(168_092.9594825752)), 200_000) == [
        (
            "At 168K queries a month RAG and fine-tuning both cost $246K: RAG is cheaper below, fine-tuning above.",
            168_093.0,
            "Set to 168K",
        )
    ]


def test_in_present_value_amounts_are_called_so():
    crossed, jumped = typed_in(crossing(168_000)), typed_in(jump(2, 2.000001), driver=CADENCE, low=0.5, high=24)
    (at,), (step,) = (said(replace(found, present=True), 3.0) for found in (crossed, jumped))

    assert "both cost $246K in present value: RAG is cheaper below" in at[0]
    assert "RAG below ($90K against $100K in present value), fine-tuning above ($110K against $120K)." in step[0]
    assert driver_text.caption(RUN, words_of(RUN, VOLUME), True, True, present=True) == (
        "24-month cost by queries per month, present value USD, both axes logarithmic"
    )
    assert "nominal USD" in driver_text.caption(RUN, words_of(RUN, VOLUME), True, True)


def test_a_jump_says_both_sides_and_is_set_to_the_other_one():
    found = typed_in(jump(2, 2.000001), driver=CADENCE, low=0.5, high=24)
    sentence = (
        "With a retrain every 2 months the order changes in a jump: "
        "RAG below ($90K against $100K), fine-tuning above ($110K against $120K)."
    )

    assert said(found, 3.0) == [(sentence, 2.0, "Set to 2 months")]
    assert said(found, 1.0) == [(sentence, 2.01, "Set to 2.01 months")]


@pytest.mark.parametrize(("now", "value"), [(5, 3), (2, 4)])
def test_whole_numbers_are_rounded_to_the_side_away_from_now(now, value):
    (row,) = said(typed_in(jump(3, 4), driver=TOP_K, low=1, high=50), now)

    assert row[0] == "Up to 3 chunks RAG is cheaper ($90K against $100K), from 4 fine-tuning ($110K against $120K)."
    assert row[1:] == (value, f"Set to {value}")


def test_the_closed_form_is_the_algebra_in_the_users_numbers():
    lines = {"rag": Line(41_000, 0.34), "fine_tuning": Line(98_000, 0.02)}

    # 41,000 + 0.34 x = 98,000 + 0.02 x at x = 57,000 / 0.32 = 178,125.
    assert plain(driver_text.closed_form(VOLUME, *WHO, lines, words_of(RUN, VOLUME), USD)) == (
        "RAG $41K + $0.34 × queries a month; fine-tuning $98K + $0.020 × queries a month: equal at 178K."
    )
    assert driver_text.closed_form(VOLUME, *WHO, {"rag": lines["rag"]}, words_of(RUN, VOLUME), USD) == ""
    assert driver_text.closed_form(VOLUME, *WHO, dict.fromkeys(WHO, Line(1, 1)), words_of(RUN, VOLUME), USD) == ""


@pytest.mark.parametrize(
    ("driver", "line", "words"),
    [
        (LABELS, Line(90_000, 0.0), "RAG $90K throughout"),
        (LABELS, Line(90_000, 3_600.0), "RAG $90K + $3.6K × USD per example"),
        (UPKEEP, Line(90_000, -120.0), "RAG $90K − $120 × hours per month"),
        (GROWTH, Line(90_000, 120_000.0), "RAG $90K + $1.2K × percentage points of growth per month"),
        (INPUT, Line(69_000, 20_000.0), "RAG $69K + $20K × USD per 1M tokens"),
    ],
)
def test_a_straight_line_says_what_it_multiplies(driver, line, words):
    lines = {"rag": line, "fine_tuning": Line(0, 0.5)}
    form = plain(driver_text.closed_form(driver, *WHO, lines, words_of(RUN, driver), USD))

    assert form.startswith(f"{words}; fine-tuning ")


def test_the_closed_form_of_a_preset_meets_where_the_crossing_is():
    found = crossings(RUN, LABELS, 0.3, 30)
    lines = straight_lines(SCENARIO, load_book(), found)
    form = plain(driver_text.closed_form(LABELS, *WHO, lines, words_of(RUN, LABELS), USD))

    assert form.endswith(f"equal at {words_of(RUN, LABELS).of(found.pairs[0].roots[0].value)}.")


def test_pairs_without_a_crossing_say_who_is_cheaper():
    assert [plain(each) for each in driver_text.without_crossing(typed_in(), words_of(RUN, VOLUME))] == [
        "RAG costs less than fine-tuning all along, 1K to 10M queries a month."
    ]


# The hero


def hero(values: dict, close: float | None = None, updates: Flip | None = None):
    run = run_scenario(changed(SCENARIO, values), load_book())
    track = tracks_of(run, {VOLUME: span(VOLUME, (1_000, 10_000_000), (200_000.0,))})[VOLUME]
    verdict = driver_text.hero(
        run, track, words_of(run, VOLUME), close=close, updates=updates, updates_words=words_of(run, UPDATES)
    )
    return plain(verdict.headline), plain(verdict.lead)


def test_the_hero_says_who_is_cheaper_on_which_side_and_where_you_are():
    headline, lead = hero({}, updates=Flip(UPDATES, 4.0, 9.2, "rag", False))

    assert headline == "RAG is cheaper below 168K queries a month, fine-tuning above"
    # 200,000 / 168,093 = 1.19
    assert lead == (
        "You are at 200K, 19% past the line. "
        "At that volume fine-tuning leads until you publish 9.2 content updates a month."
    )


def test_below_the_line_it_is_said_how_far_short_of_it():
    _, lead = hero({VOLUME: 100_000})

    # 1 - 100,000 / 168,093 = 0.405
    assert lead == "You are at 100K, 41% short of the line. At that volume RAG leads however often you publish."


def test_downwards_an_update_frequency_is_said_as_an_interval():
    _, lead = hero({}, updates=Flip(UPDATES, 4.0, 0.25, "rag", False))

    assert lead.endswith("fine-tuning leads unless you publish less often than every 4 months.")


def test_too_close_to_call_is_said_instead_of_a_leader():
    assert hero({VOLUME: 169_000}, close=0.004)[1] == "You are at 169K, where it is too close to call (0.4%)."


def test_a_lead_that_never_changes_names_the_range():
    assert hero({"finance.compared": ["fine_tuning", "hybrid"]})[0] == (
        "Fine-tuning is cheapest all along, 1K to 10M queries a month"
    )


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (
            [(1e3, "rag", None), (2e4, "fine_tuning", None), (3e5, "hybrid", None)],
            "RAG is cheapest below 20K queries a month, fine-tuning below 300K, hybrid above",
        ),
        (
            [(1e3, "rag", None), (4.0, "fine_tuning", 3.0)],
            "RAG is cheaper up to 3 queries a month, fine-tuning above",
        ),
        (
            [(1e3, "rag", None), (2e4, "hybrid", None), (3e4, "rag", None), (5e4, "hybrid", None)],
            "The cheapest changes 3 times between 20K and 50K queries a month",
        ),
    ],
)
def test_several_turns_are_all_said_or_counted(turns, words):
    assert plain(driver_text.headline(turns, (1e3, 1e7), words_of(RUN, VOLUME))) == words


def test_without_a_rival_nothing_crosses():
    alone = run_scenario(changed(SCENARIO, {"finance.compared": ["rag"]}), load_book())

    assert plain(driver_text.no_hero(alone).headline) == "Only RAG can be called cheapest, so nothing crosses"


@given(plain_questions())
@settings(max_examples=10)
def test_title_and_hero_name_the_winners_of_the_model(question):
    scenario, book = question
    run = run_scenario(scenario, book)
    if len(run.eligible) < 2 or scenario.workload.queries_by_month is not None:
        return
    words = words_of(run, VOLUME)
    found = crossings(run, VOLUME, 1_000, 10_000_000)
    turns = found.turns(run.eligible)
    title = plain(driver_text.finding(found, run.eligible, words))
    ends = [run_scenario(changed(scenario, {VOLUME: end}), book).cheapest for end in (1_000, 10_000_000)]

    assert ("never" in title or "stays" in title) == (len(turns) == 1)
    assert [turns[0][1], turns[-1][1]] == ends or _level(run, found)
    for row in driver_text.crossed(run, found, run.eligible, words, USD, run.scenario.workload.queries_per_month):
        there = run_scenario(changed(scenario, {VOLUME: row.value}), book)
        a, b = (there.answers[key].tco_usd for key in row.pair)
        if "both cost" in row.sentence:
            assert a == pytest.approx(b, rel=1e-3, abs=0.01)


def _level(run, found) -> bool:
    """Whether two cost the same at an end of the range."""
    ends = [usd for pair in found.pairs for usd in (pair.at_low_usd, pair.at_high_usd)]
    return any(a == pytest.approx(b, rel=1e-9, abs=1e-9) for a, b in ends)


# What would flip it


def test_a_flip_is_said_with_now_then_and_distance():
    flip = Flip(VOLUME, 200_000.0, 168_092.96, "rag", False)
    said_ = driver_text.flip_words(flip, words_of(RUN, VOLUME))

    assert (said_.label, said_.change, said_.distance, said_.value) == (
        "Queries per month",
        "200K → 168K",
        "−16%",
        168_000.0,
    )
    assert plain(said_.hint) == "RAG becomes cheapest at 168K queries a month"


@pytest.mark.parametrize(
    ("now", "at", "value"),
    [
        (200_000.0, 168_092.96, 168_000.0),  # downwards: not above
        (100_000.0, 168_092.96, 169_000.0),  # upwards: not below
        (168_000.0, 168_092.96, 168_093.0),  # as near as it is, in more digits
    ],
)
def test_what_is_tried_is_round_and_beyond_the_line(now, at, value):
    assert driver_text.beyond(Flip(VOLUME, now, at, "rag", False)) == value


@pytest.mark.parametrize("preset", ["pricing-brand-voice", "legal-research"])
def test_trying_a_flip_makes_the_other_one_cheapest(preset):
    scenario = resolved(PRESETS[preset].scenario, date(2026, 11, 21))
    run = run_scenario(scenario, load_book())
    for flip in flips(run, load_book()):
        value = driver_text.beyond(flip)
        value = int(value) if flip.path == TOP_K or flip.path.endswith("replicas") else value
        after = run_scenario(changed(scenario, {flip.path: value}, load_book()), load_book())

        assert after.cheapest == flip.leader, flip


def test_the_list_of_flips_says_when_there_is_none_and_when_anything_does():
    near, far = Flip(VOLUME, 1e5, 1e5 + 10, "rag", False), Flip(VOLUME, 1e5, 2e5, "rag", False)

    assert driver_text.flips_finding([])[0] == "Nothing alone flips it"
    assert driver_text.flips_finding([near])[0] == "Anything flips it"
    assert driver_text.flips_finding([far]) == ("What would flip it", "One change at a time, nearest first")
    for found in ([], [near], [far]):
        assert "in present value" in driver_text.flips_finding(found, present=True)[1]


# Words of drivers


@pytest.mark.parametrize(
    ("updates", "words"),
    [
        (0, "never"),
        (0.5, "every 2 months"),
        (1, "monthly"),
        (52 / 12, "weekly"),
        (4, "4 a month"),
        (30, "daily"),
        (0.25, "every 4 months"),
        (12.5, "12.5 a month"),
    ],
)
def test_update_frequencies_read_as_people_say_them(updates, words):
    assert often(updates) == words
    assert all(often(each) == known for each, known in OFTEN.items())


@pytest.mark.parametrize(
    ("driver", "value", "at", "amount"),
    [
        (VOLUME, 168_093, "at 168K queries a month", "168K queries a month"),
        (GROWTH, 0.02, "at 2.0% growth a month", "2.0% growth a month"),
        (CADENCE, 3, "with a retrain every 3 months", "a retrain every 3 months"),
        (HORIZON, 18, "over 18 months", "18 months"),
        (UPKEEP, 8.2, "with RAG upkeep at 8.2 hours per month", "8.2 hours per month"),
        (LABELS, 5.448, "with fine-tuning cost of a label at $5.45 per example", "$5.45 per example"),
        ("rag.replicas", 1, "with RAG index copies at 1", "1 copy"),
        (INPUT, 1.563, "with the input price of gpt-6.1-sol at $1.56 per 1M tokens", "$1.56 per 1M tokens"),
    ],
)
def test_a_value_of_a_driver_reads_as_a_place_and_as_an_amount(driver, value, at, amount):
    words = words_of(RUN, driver)

    assert (words.at([value]), words.amount(value)) == (at, amount)


def test_every_driver_has_words():
    for path in [*(each for each in SCENARIO_FIELDS), *prices_of(RUN)]:
        words = words_of(RUN, path)
        low, high = reach(RUN, SCENARIO, load_book(), path)

        assert all((words.option, words.noun, words.title, words.span(low, high)))
        assert words.amount(now_of(SCENARIO, load_book(), path))


SCENARIO_FIELDS = tuple(path for path in (VOLUME, GROWTH, UPDATES, CADENCE, HORIZON, TOP_K, LABELS, UPKEEP))
