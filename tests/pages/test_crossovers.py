"""The Crossovers page: any number as a driver, the map, what would flip it; view and values travel in the link."""

from __future__ import annotations

import re
from html import unescape

import pytest

from costmodel import odds_map
from costmodel.changes import changed
from costmodel.driver import crossings
from costmodel.flips import flips
from costmodel.results import run_scenario
from pages.ui import crossovers_map
from pricing.catalog import load_book
from report import driver_text, driver_words
from report.driver_words import words_of
from report.sentence import is_contested, plain, totals

CROSSOVERS = "pages/crossovers.py"
VOLUME, UPDATES, CADENCE = "workload.queries_per_month", "corpus.updates_per_month", "fine_tuning.retrain_every_months"
LABELS, INPUT = "fine_tuning.usd_per_example", "price:openai/gpt-6.1-sol:input"
MAP, DRIVER = 0, 1


def pick(screen, name, value):
    """Turn a segmented control or choose in a select box of the page."""
    kinds = [*screen.at.get("button_group"), *screen.at.selectbox]
    next(each for each in kinds if re.fullmatch(rf"{re.escape(name)} \d+", each.key or "")).set_value(value)
    screen.rerun()


def press(screen, key):
    screen.at.button(key=key).click()
    screen.rerun()


def type_in(screen, name, words):
    """Type an end of the range."""
    next(each for each in screen.at.text_input if (each.key or "").startswith(f"driver {name} ")).set_value(words)
    screen.rerun()


def range_shown(screen):
    found = {each.label: each.value for each in screen.at.text_input if (each.key or "").startswith("driver ")}
    return found["From"], found["To"]


def flip_rows(screen):
    """What the list of flips says: label, change, distance."""
    bodies = [body for body in screen.bodies if 'class="flip"' in body]
    parts = [re.findall(r">([^<]+)</(?:b|span|small)>", body) for body in bodies]
    return [(unescape(label), unescape(change), unescape(distance)) for label, distance, change in parts]


def test_the_page_answers_in_its_order(opened):
    screen = opened(CROSSOVERS)
    screen.check()

    assert screen.headline == "RAG is cheaper below 168K queries a month, fine-tuning above"
    assert screen.lead.startswith("You are at 200K, 19% past the line. At that volume fine-tuning leads")
    assert screen.findings == [
        "More traffic favours fine-tuning",
        "What would flip it",
        "The lead changes once, at 168K queries a month",
    ]
    assert "Self-check: everything that must hold does." in screen.words


def test_the_list_says_what_the_model_flips_at_nearest_first(opened):
    screen = opened(CROSSOVERS)
    found = flips(screen.run, load_book())
    expected = [driver_text.flip_words(flip, words_of(screen.run, flip.path)) for flip in found]
    rows = [(each.label, each.change, each.distance) for each in expected]

    assert flip_rows(screen) == rows[:6]
    assert screen.at.button(key="more flips").label == f"Show {len(rows) - 6} more"

    press(screen, "more flips")
    screen.check()

    assert flip_rows(screen) == rows
    press(screen, "more flips")
    assert flip_rows(screen) == rows[:6]


def test_trying_a_flip_makes_the_other_one_cheapest_and_undo_takes_it_back(opened):
    screen = opened(CROSSOVERS)
    before = screen.scenario
    best = screen.run.cheapest
    for number in range(6):
        (nearest) = flips(screen.run, load_book())[number]
        press(screen, f"try {number}")
        screen.check()

        assert screen.run.cheapest == nearest.leader != best
        assert is_contested(screen.run, totals(screen.run))

        press(screen, "undo")
        assert screen.scenario == before


def test_a_price_that_is_tried_is_an_edit_of_that_price(opened):
    screen = opened(CROSSOVERS)
    number = next(at for at, flip in enumerate(flips(screen.run, load_book())) if flip.path == INPUT)
    press(screen, f"try {number}")
    screen.check()
    (edit,) = screen.scenario.price_edits

    assert f"price:{edit.price_id}" == INPUT
    assert edit.price_usd == pytest.approx(1.56, abs=0.01)
    assert screen.run.cheapest == "rag"


@pytest.mark.parametrize("driver", [UPDATES, CADENCE, INPUT])
def test_each_quick_choice_shows_its_own_lines(opened, driver):
    screen = opened(CROSSOVERS)
    pick(screen, "driver quick", driver)
    screen.check()
    words = words_of(screen.run, driver)

    assert screen.chart_table(DRIVER, "titles")["x"].tolist() == [words.title]
    assert screen.findings[2].startswith(("The lines", "The lead"))


def test_more_opens_every_number_and_price(opened):
    screen = opened(CROSSOVERS)
    assert [each for each in screen.at.selectbox if each.label == "Any number or price"] == []

    pick(screen, "driver quick", "more")
    (box,) = [each for each in screen.at.selectbox if each.label == "Any number or price"]

    assert {"Fine-tuning: cost of a label", "Workload: tokens per query", "Price: gpt-6.1-sol, input"} <= set(
        box.options
    )

    pick(screen, "driver any", LABELS)
    screen.check()
    assert screen.findings[2] == "The lines cross once, with fine-tuning cost of a label at $5.45 per example"
    assert "RAG $109K throughout; fine-tuning $90K + $3.6K × USD per example: equal at $5.45." in screen.words

    pick(screen, "driver quick", VOLUME)
    assert [each for each in screen.at.selectbox if each.label == "Any number or price"] == []


def test_set_to_makes_it_a_tie_in_one_step_that_can_be_undone(opened):
    screen = opened(CROSSOVERS)
    before = screen.scenario
    (button,) = [each for each in screen.at.button if each.label == "Set to 168K"]
    button.click()
    screen.rerun()
    screen.check()

    assert screen.scenario.workload.queries_per_month == 168_093
    assert screen.lead == "You are at 168K, where it is too close to call (0%)."
    assert screen.findings[1] == "Anything flips it"

    press(screen, "undo")
    assert screen.scenario == before


def test_a_range_is_typed_and_a_refused_one_changes_nothing(opened):
    screen = opened(CROSSOVERS)
    assert range_shown(screen) == ("1,000", "10,000,000")

    type_in(screen, "To", "150K")
    screen.check()
    assert range_shown(screen) == ("1,000", "150,000")
    assert screen.findings[2] == "The lines never cross within 1K to 150K queries a month"

    type_in(screen, "From", "200K")
    screen.check()
    assert "Not applied: from 200,000 to 150,000 holds nothing; the first number is the lower one." in screen.words
    assert range_shown(screen) == ("1,000", "150,000")

    type_in(screen, "To", "5B")
    screen.check()
    assert "Not applied: Takes 0 to 1B. The range stays as it is." in screen.words

    type_in(screen, "To", "1M")
    assert "Not applied" not in screen.words
    assert range_shown(screen) == ("1,000", "1,000,000")

    pick(screen, "driver quick", UPDATES)
    assert range_shown(screen) == ("0", "30")


def test_axes_are_logarithmic_by_themselves_and_by_the_switch(opened):
    screen = opened(CROSSOVERS)
    assert "both axes logarithmic" in screen.words

    pick(screen, "driver scale", "linear")
    screen.check()
    assert "both axes logarithmic" not in screen.words
    assert screen.chart_table(DRIVER, "here")["x"].iloc[0] == pytest.approx(199 / 9_999)

    pick(screen, "driver quick", UPDATES)
    scale = next(each for each in screen.at.get("button_group") if (each.key or "").startswith("driver scale "))
    assert scale.disabled


def test_the_view_travels_in_the_link(opened, link_to):
    view = {"driver": LABELS, "reach": "1,9", "scale": "linear", "across": LABELS, "up": VOLUME, "map": "chance"}
    screen = opened(CROSSOVERS, link_to({}, view))
    screen.check()

    assert range_shown(screen) == ("1", "9")
    assert screen.chart_table(DRIVER, "titles")["x"].tolist() == ["Fine-tuning: cost of a label, USD per example"]
    assert screen.chart_table(MAP, "titles").iloc[0].tolist() == [
        "Fine-tuning: cost of a label, USD per example",
        "Queries per month",
    ]
    assert [each.key for each in screen.at.button if each.key == "odds run"] == ["odds run"]
    assert "axes logarithmic" not in screen.words

    again = opened(CROSSOVERS, screen.address.removeprefix("s="))
    assert (again.findings, range_shown(again)) == (screen.findings, range_shown(screen))


@pytest.mark.parametrize(
    "view",
    [
        {"driver": "no.such"},
        {"driver": "price:nobody/nothing:input"},
        {"driver": "price:"},
        {"reach": "9,1"},
        {"reach": "1,2,3"},
        {"reach": "nan,1"},
        {"reach": "-5,1e30"},
        {"across": UPDATES, "up": UPDATES},
        {"scale": "cubic"},
    ],
)
def test_a_view_that_means_nothing_shows_the_page_as_it_begins(opened, link_to, view):
    screen = opened(CROSSOVERS, link_to({}, view))
    screen.check()

    assert screen.findings[2] == "The lead changes once, at 168K queries a month"
    assert range_shown(screen) == ("1,000", "10,000,000")


def test_choosing_the_driver_of_the_other_axis_swaps_the_two(opened):
    screen = opened(CROSSOVERS)
    box = next(each for each in screen.at.selectbox if each.label == "Across")
    box.set_value(UPDATES)
    screen.rerun()
    screen.check()

    assert screen.chart_table(MAP, "titles").iloc[0].tolist() == ["Content updates per month", "Queries per month"]


def test_the_map_is_that_of_the_model_and_marks_the_scenario(opened):
    screen = opened(CROSSOVERS)
    hover = screen.chart_table(MAP, "hover")
    words = words_of(screen.run, VOLUME), words_of(screen.run, UPDATES)
    low = {VOLUME: 1_000.0, UPDATES: 0.5}
    run = run_scenario(changed(screen.scenario, low), load_book())
    cell = hover[hover["title"] == f"{words[0].amount(1_000)}, {words[1].amount(0.5)}"].iloc[0]

    assert cell["rag"] == f"${run.answers['rag'].tco_usd:,.2f}"
    assert screen.chart_table(MAP, "y_ticks")["label"].tolist() == [
        "every 2 months",
        "monthly",
        "2 a month",
        "weekly",
        "8 a month",
        "16 a month",
        "daily",
    ]
    before = screen.chart_table(MAP, "cells")
    screen.pull(VOLUME, 50_000)
    assert screen.chart_table(MAP, "cells").equals(before)
    assert screen.chart_table(MAP, "here")["x"].iloc[0] < 0.5


@pytest.fixture
def few(monkeypatch):
    """Maps of probabilities of a few draws."""
    monkeypatch.setattr(crossovers_map, "CELLS", 6)
    monkeypatch.setattr(crossovers_map, "DRAWS", 32)


def test_probabilities_are_drawn_at_request_and_stay_when_they_are_old(opened, few):
    screen = opened(CROSSOVERS)
    assert "draws" not in screen.words

    screen.turn("map", "chance")
    assert "Suggested ranges of 18 numbers, as you set none" in screen.words
    cost = screen.chart_table(MAP, "cells")

    press(screen, "odds run")
    screen.check()
    assert "Most often cheapest in 32 draws a cell." in screen.words
    odds = screen.chart_table(MAP, "cells")
    assert not odds.equals(cost)
    assert screen.chart_table(MAP, "hover")["rag"].str.endswith("%").all()

    screen.pull(CADENCE, 6.0)
    screen.check()
    assert "These probabilities are from before your last change." in screen.words
    assert screen.chart_table(MAP, "cells").equals(odds)

    press(screen, "odds run")
    assert "from before your last change" not in screen.words


def test_the_users_own_ranges_are_drawn_when_there_are_some(opened, link_to, few):
    ranges = {LABELS: {"low": 1.0, "likely": 3.0, "high": 9.0}}
    screen = opened(CROSSOVERS, link_to({"uncertainty": ranges}, {"map": "chance"}))

    assert "Your ranges of 1 number." in screen.words
    press(screen, "odds run")
    screen.check()
    assert "Most often cheapest" in screen.words


def test_ranges_of_nothing_but_the_axes_are_refused_and_the_map_stays(opened, link_to, few):
    ranges = {VOLUME: {"low": 1e5, "likely": 2e5, "high": 3e5}}
    screen = opened(CROSSOVERS, link_to({"uncertainty": ranges}, {"map": "chance"}))
    press(screen, "odds run")
    screen.check()

    assert "no number beside the two drivers has a range" in screen.notice
    assert "The map stays as it is." in screen.words
    assert screen.findings[0] == "More traffic favours fine-tuning"


@pytest.mark.parametrize(
    "values",
    [
        {"finance.compared": ["rag"]},
        {"quality.minimum_correct_share": 1.0, "rag.correct_share": 0.5, "fine_tuning.correct_share": 0.5}
        | {"hybrid.correct_share": 0.5},
        {"rag.model": None, "fine_tuning.model": None},
        {"workload.queries_by_month": [1_000.0] * 24},
        {VOLUME: 0.0, UPDATES: 0.0},
        {VOLUME: 1e9, "finance.horizon_months": 1},
        {"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25},
        {"finance.compared": ["rag", "prompting"]},
        {"corpus.chunk_overlap_tokens": 500.0},
    ],
)
def test_the_page_stands_in_every_corner(opened, link_to, values):
    screen = opened(CROSSOVERS, link_to(values))
    screen.check()

    assert screen.headline
    assert "The self-check failed" not in screen.words


def test_with_a_forecast_the_answer_is_over_updates(opened, link_to):
    screen = opened(CROSSOVERS, link_to({"workload.queries_by_month": [200_000.0] * 24}))

    assert "content updates a month" in screen.headline
    quick = next(each for each in screen.at.get("button_group") if (each.key or "").startswith("driver quick "))
    assert "Queries" not in quick.options


def test_in_present_value_lines_crossings_and_flips_are_present_values_and_say_so(opened, link_to):
    screen = opened(CROSSOVERS, link_to({"finance.discount_rate_annual": 0.3}, {"value": "present"}))
    screen.check()
    found = crossings(screen.run, VOLUME, 1_000, 10_000_000, present=True)
    at = found.turns(screen.run.eligible)[1][0]

    assert driver_words.words_of(screen.run, VOLUME).of(at) in screen.chart_table(DRIVER, "words")["label"].iloc[0]
    assert "24-month cost by queries per month, present value USD, both axes logarithmic" in screen.words
    assert f"At {driver_words.words_of(screen.run, VOLUME).amount(at)} RAG and fine-tuning both cost" in screen.words
    assert "in present value: RAG is cheaper below, fine-tuning above." in screen.words
    assert "One change at a time, nearest first, in present value" in screen.words
    assert "nominal" not in screen.words

    press(screen, "set 0")
    usd = sorted(each.present_value_usd for each in screen.run.answers.values())
    assert usd[0] == pytest.approx(usd[1], rel=1e-5)


def test_turning_present_value_on_and_off_draws_the_lines_anew(opened, link_to):
    screen = opened(CROSSOVERS, link_to({"finance.discount_rate_annual": 0.3}))
    nominal = screen.chart_table(DRIVER, "words")["label"].iloc[0]
    screen.at.session_state["view"] = {"value": "present"}
    screen.rerun()
    discounted = screen.chart_table(DRIVER, "words")["label"].iloc[0]
    screen.at.session_state["view"] = {}
    screen.rerun()

    assert nominal != discounted
    assert screen.chart_table(DRIVER, "words")["label"].iloc[0] == nominal


def test_draws_are_what_the_button_says():
    assert (crossovers_map.CELLS, crossovers_map.DRAWS) == (odds_map.CELLS, odds_map.DRAWS) == (30, 512)
    assert plain(driver_text.more_flips(3, False)) == "Show 3 more"
