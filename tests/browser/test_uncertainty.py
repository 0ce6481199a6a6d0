"""Uncertainty and Sensitivity in a browser: ranges adopted, changed, drawn, taken back; cancel; link; phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_layout import CONTRASTS, TOO_SMALL, sideways

VOLUME = "workload.queries_per_month"
RANGES = {
    VOLUME: {"low": 100_000.0, "likely": 200_000.0, "high": 300_000.0},
    "fine_tuning.usd_per_example": {"low": 1.0, "likely": 3.0, "high": 5.0},
}
HIGH_PX = 232 + 2 * 82 + 40
"""Middle of the column of high ends, from the left edge of the table."""
OLD = "These odds are from before your last change."


def title(page):
    return page.locator(".st-key-hero h1")


def wait_for_another_address(page, before):
    page.wait_for_function("before => location.search !== before", arg=before)


def press_cell(page, row, x):
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + 35 * (row + 1.5))


def type_over(page, row, words):
    """Open the high end of a range in the table and type another one over it."""
    page.locator("[data-testid=stDataFrame] canvas").first.scroll_into_view_if_needed()
    press_cell(page, row, 60)  # a click on the cell that is chosen already would open it, and Enter close it
    press_cell(page, row, HIGH_PX)
    page.keyboard.press("Enter")
    field = page.locator("#portal input")
    expect(field).to_be_visible()
    field.fill(words)
    page.keyboard.press("Enter")


def test_ranges_are_adopted_changed_drawn_and_taken_back_and_the_link_opens_cold(server, page, stranger, settled):
    page.goto(f"{server}/uncertainty")
    settled(page)
    expect(title(page)).to_contain_text("is cheapest in")
    expect(page.locator(".st-key-drawing")).to_contain_text("8,192 draws from suggested ranges of 18 numbers")
    first = title(page).inner_text()

    page.get_by_role("button", name="Edit these ranges").click()
    expect(page.locator(".st-key-drawing")).to_contain_text("8,192 draws from your ranges of 18 numbers")
    settled(page)
    expect(title(page)).to_have_text(first)

    before = page.evaluate("location.search")
    type_over(page, 0, "900000")
    wait_for_another_address(page, before)
    settled(page)
    again = page.get_by_role("button", name="Run 8,192 draws").first
    if page.get_by_text(OLD).is_visible():
        expect(title(page)).to_have_text(first)
        again.click()
    expect(page.get_by_text(OLD)).to_have_count(0)
    expect(title(page)).not_to_have_text(first)
    settled(page)
    changed, address = title(page).inner_text(), page.url

    page.get_by_role("button", name="Undo").first.click()
    expect(title(page)).to_have_text(first)

    stranger.goto(address)
    settled(stranger)
    expect(title(stranger)).to_have_text(changed)
    expect(stranger.locator(".st-key-drawing")).to_contain_text("8,192 draws from your ranges of 18 numbers")


def test_many_draws_show_progress_and_what_is_cancelled_leaves_the_old_ones(
    server, page, settled, scenario_with, word_of
):
    long = scenario_with(
        {"finance.horizon_months": 36}
    )  # and with every range to begin with, so that the draws take seconds
    page.goto(f"{server}/uncertainty?s={word_of(long, {'draws': '512'})}")
    settled(page)
    first = title(page).inner_text()
    draws = page.get_by_role("combobox", name="Draws")
    draws.scroll_into_view_if_needed()
    settled(page)  # a list that opens while the page scrolls would close again
    draws.click()
    page.get_by_role("option", name="65,536").click()
    expect(page.get_by_text(OLD)).to_be_visible()

    page.get_by_role("button", name="Run 65,536 draws").first.click()
    page.get_by_role("button", name="Cancel").dispatch_event("click")  # at once, while it is there
    expect(page.get_by_text("Cancelled; these odds are from before your last change.")).to_be_visible()
    expect(title(page)).to_have_text(first)

    page.get_by_role("button", name="Run 65,536 draws").first.click()
    expect(page.locator(".st-key-drawing_line")).to_contain_text("65,536 draws from suggested ranges", timeout=60_000)


def test_the_line_of_the_draws_keeps_its_place(server, page, settled, scenario_with, word_of):
    page.goto(f"{server}/uncertainty?s={word_of(scenario_with({'uncertainty': RANGES}), {'draws': '65536'})}")
    page.get_by_text("65,536 draws from your ranges").wait_for(timeout=60_000)
    settled(page)

    def below():
        return round(page.locator(".st-key-section_fans").bounding_box()["y"] - title(page).bounding_box()["y"])

    fresh = below()
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("2")
    seed.press("Enter")
    expect(page.get_by_text(OLD)).to_be_visible()
    settled(page)

    assert below() == fresh


def test_the_sentence_of_the_goal_is_set_and_the_winner_changes(server, page, settled, scenario_with, word_of):
    page.goto(f"{server}/sensitivity?s={word_of(scenario_with({'uncertainty': RANGES}))}")
    settled(page)
    expect(title(page)).to_have_text("Queries per month moves the answer most, and can turn it")
    answer = page.locator(".st-key-goal_answer")
    expect(answer).to_contain_text("For RAG to be cheapest by month 24")

    before = page.evaluate("location.search")
    answer.get_by_role("button").click()
    wait_for_another_address(page, before)
    settled(page)

    expect(page.locator(".finding_tornado h2")).to_contain_text("RAG")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["uncertainty", "sensitivity"])
def test_nothing_stands_out_at_the_side_and_every_text_can_be_read(
    server, page, settled, scenario_with, word_of, theme, name
):
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server}/{name}?s={word_of(scenario_with({'uncertainty': RANGES}), {'draws': '512'})}")
    settled(page)
    faint = [f"{words}: {contrast:.1f}" for words, contrast in page.evaluate(CONTRASTS) if contrast < 4.5]
    too_wide = {}
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        too_wide[width] = sideways(page)

    assert faint == []
    assert too_wide == {1440: 0, 1024: 0, 390: 0}


@pytest.mark.parametrize("name", ["uncertainty", "sensitivity"])
def test_on_a_phone_fingers_hit_everything(server, phone, settled, scenario_with, word_of, name):
    phone.goto(f"{server}/{name}?s={word_of(scenario_with({'uncertainty': RANGES}), {'draws': '512'})}")
    settled(phone)

    assert phone.evaluate(TOO_SMALL) == []
    assert sideways(phone) == 0
