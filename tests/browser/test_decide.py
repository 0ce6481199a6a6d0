"""The Decide page in a browser: answer, see what is ruled out everywhere, take it back, send the link, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_layout import CONTRASTS, TOO_SMALL, sideways

ANSWERS = {
    "requirements.citations": True,
    "requirements.freshness": "weekly",
    "requirements.gap": "information",
    "requirements.latency_budget_ms": 900.0,
    "requirements.examples_available": 300.0,
}


def follow(page, name):
    page.locator(".st-key-navigation").get_by_role("link", name=name).click()


def answer_with(page, settled, question, words):
    """Choose an answer by its words and wait until the address carries it."""
    before = page.evaluate("location.search")
    page.locator(f".st-key-question_{question}").get_by_role("radio", name=words, exact=True).click()
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)


def below_the_headline(page, *parts):
    """How far the parts stand below the headline, however far the page is scrolled."""
    top = page.locator(".st-key-hero h1").bounding_box()["y"]
    return [round(page.locator(part).first.bounding_box()["y"] - top) for part in parts]


def test_three_answers_rule_fine_tuning_out_until_they_are_taken_back(server, page, stranger, settled):
    page.goto(f"{server}/decide")
    settled(page)
    title = page.locator(".st-key-hero h1")
    expect(title).to_have_text("A few questions decide which architecture fits")

    answer_with(page, settled, "gap", "Information")
    answer_with(page, settled, "freshness", "Weekly")
    answer_with(page, settled, "citations", "Yes")

    expect(title).to_have_text("Cost says fine-tuning, but weekly updates and citations rule it out alone")
    out = page.locator(".fit tr", has_text="Fine-tuning")
    expect(out).to_contain_text("Ruled out")
    expect(out).to_contain_text("left out")
    expect(page.locator(".fit tr", has_text="RAG").first).to_contain_text("cheapest")
    address = page.url

    follow(page, "Overview")
    page.wait_for_url(lambda url: "/decide" not in url)
    settled(page)
    expect(page.locator(".card.excluded h2, .card.excluded h3")).to_have_text("Fine-tuning")
    expect(page.locator(".st-key-hero h1")).not_to_contain_text("fine-tuning costs")

    follow(page, "Decide")
    page.wait_for_url("**/decide?s=*")
    settled(page)
    for _ in range(3):
        before = page.evaluate("location.search")
        page.get_by_role("button", name="Undo").first.click()
        page.wait_for_function("before => location.search !== before", arg=before)
        settled(page)
    expect(title).to_have_text("A few questions decide which architecture fits")

    stranger.goto(address)
    settled(stranger)
    expect(stranger.locator(".st-key-hero h1")).to_contain_text("rule it out alone")
    chosen = stranger.locator(".st-key-question_citations").get_by_role("radio", name="Yes", exact=True)
    expect(chosen).to_be_checked()


def test_a_number_is_typed_and_taken_away(server, page, settled):
    page.goto(f"{server}/decide")
    settled(page)
    box = page.locator(".st-key-question_examples_available input")
    box.fill("499")
    box.press("Enter")
    settled(page)

    expect(page.locator(".fit tr", has_text="Hybrid")).to_contain_text("Ruled out")
    expect(page.locator(".st-key-question_examples_available .follows")).to_contain_text("Rules out fine-tuning")
    box.fill("")
    box.press("Enter")
    settled(page)

    expect(page.locator(".fit tr", has_text="Hybrid")).to_contain_text("Not asked")


def test_nothing_jumps_while_questions_are_answered_and_the_answer_stays_in_view(server, page, settled):
    page.goto(f"{server}/decide")
    settled(page)
    parts = (".st-key-question_gap", ".st-key-question_team_capacity", ".steps")
    places = [below_the_headline(page, *parts)]
    for question, words in (
        ("gap", "Both"),
        ("freshness", "Hourly"),
        ("citations", "Yes"),
        ("team_capacity", "Limited"),
    ):
        answer_with(page, settled, question, words)
        places.append(below_the_headline(page, *parts))
        expect(page.locator(".fit")).to_be_in_viewport(ratio=1)

    assert places == [places[0]] * len(places)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_out_at_the_side_and_every_text_can_be_read(
    server, page, settled, scenario_with, word_of, theme
):
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server}/decide?s={word_of(scenario_with(ANSWERS))}")
    settled(page)
    faint = [f"{words}: {contrast:.1f}" for words, contrast in page.evaluate(CONTRASTS) if contrast < 4.5]
    too_wide = {}
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        too_wide[width] = sideways(page)

    assert faint == []
    assert too_wide == {1440: 0, 1024: 0, 390: 0}


def test_on_a_phone_the_answer_follows_the_questions_and_fingers_hit_everything(
    server, phone, settled, scenario_with, word_of
):
    phone.goto(f"{server}/decide?s={word_of(scenario_with(ANSWERS))}")
    settled(phone)
    questions = phone.locator(".st-key-questions").bounding_box()
    fit = phone.locator(".fit").bounding_box()

    assert questions["y"] + questions["height"] <= fit["y"]
    assert fit["x"] + fit["width"] <= 390
    assert phone.evaluate(TOO_SMALL) == []
    assert sideways(phone) == 0
