"""The Compare page in a browser: pin, move, swap, undo, send the link, take a preset, a file or a link, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from costmodel import files, link
from costmodel.other import Other, packed
from pricing.catalog import load_book
from tests.browser.test_layout import CONTRASTS, TOO_SMALL, sideways

VOLUME = "workload.queries_per_month"
NOTHING_YET = "Set this scenario beside another one"
SEEN = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent.trim());
    const labels = all(".st-key-chart_compared svg text").filter((word) => / [AB] [^ ]*\\d/.test(word));
    return {
        headline: all(".st-key-hero h1"),
        verdicts: all(".st-key-both_verdicts h2"),
        totals: all(".st-key-totals_of_both td"),
        differing: all("table.assumptions tr"),
        labels: [...new Set(labels)].sort(),
    };
}"""


def click(page, settled, name):
    """Press a button and wait until the address carries what it did."""
    before = page.evaluate("location.search")
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)


def pull(page, settled, key):
    before = page.evaluate("location.search")
    page.get_by_role("slider", name="Queries per month", exact=True).press(key)
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)


def below_the_headline(page, *parts):
    """How far the parts stand below the headline, however far the page is scrolled."""
    top = page.locator(".st-key-hero h1").bounding_box()["y"]
    return [round(page.locator(part).first.bounding_box()["y"] - top) for part in parts]


@pytest.fixture
def beside(scenario_with):
    """The query string of the default preset beside a copy with other values."""

    def made(values):
        first = scenario_with({})
        return f"s={link.encoded(first, None, None, packed(Other(scenario_with(values)), first))}"

    return made


def test_pin_move_swap_undo_and_send_the_link(server, page, stranger, settled):
    page.goto(f"{server}/compare")
    settled(page)
    title = page.locator(".st-key-hero h1")
    expect(title).to_have_text(NOTHING_YET)
    click(page, settled, "Pin this")
    expect(title).to_have_text("Pinned copy and this scenario are the same")

    pull(page, settled, "Home")
    expect(title).to_contain_text("the winner changes from RAG to fine-tuning")
    moved = page.evaluate(SEEN)
    assert [each for each in moved["differing"] if "Queries per month" in each] == moved["differing"][1:]
    assert len(moved["labels"]) == 6

    click(page, settled, "Swap")
    expect(title).to_contain_text("the winner changes from fine-tuning to RAG")
    swapped = page.evaluate(SEEN)
    assert swapped["verdicts"] == moved["verdicts"][::-1]

    click(page, settled, "Undo")
    assert page.evaluate(SEEN) == moved
    stranger.goto(page.url)
    settled(stranger)
    assert stranger.evaluate(SEEN) == moved

    page.reload()
    settled(page)
    assert page.evaluate(SEEN) == moved
    page.locator(".st-key-navigation").get_by_role("link", name="Overview").click()
    page.wait_for_url(lambda url: "/compare" not in url)
    settled(page)
    page.locator(".st-key-navigation").get_by_role("link", name="Compare").click()
    page.wait_for_url("**/compare?s=*")
    settled(page)
    assert page.evaluate(SEEN) == moved


def test_b_that_was_removed_comes_back_by_undo_and_goes_again_by_redo(server, page, settled, beside):
    page.goto(f"{server}/compare?{beside({VOLUME: 90_000.0})}")
    settled(page)
    before, link_with_b = page.evaluate(SEEN), page.url
    click(page, settled, "Remove B")
    expect(page.locator(".st-key-hero h1")).to_have_text(NOTHING_YET)

    page.keyboard.press("Control+z")
    page.wait_for_function("url => location.href === url", arg=link_with_b)
    settled(page)
    assert page.evaluate(SEEN) == before
    click(page, settled, "Redo")
    expect(page.locator(".st-key-hero h1")).to_have_text(NOTHING_YET)


def test_a_preset_a_file_and_a_link_take_each_other_s_place(server, page, settled, scenario_with, word_of):
    page.goto(f"{server}/compare")
    settled(page)
    title = page.locator(".st-key-hero h1")
    page.locator(".st-key-way_preset_page input").click()
    page.get_by_role("option", name="Support bot over help docs", exact=True).click()
    expect(title).to_contain_text("“Support bot over help docs” costs ")
    settled(page)

    chooser = page.get_by_role("button", name="Choose another B")
    chooser.click()
    content = files.written(scenario_with({VOLUME: 77_000.0, "name": "From a file"}), load_book()).encode()
    page.locator(".st-key-way_file_menu input[type=file]").set_input_files(
        files=[{"name": "plan.json", "mimeType": "application/json", "buffer": content}]
    )
    expect(title).to_contain_text("“From a file” costs ")
    expect(page.locator(".st-key-ways_menu")).to_have_count(0)
    settled(page)

    chooser.click()
    box = page.locator(".st-key-way_link_menu input")
    box.fill(f"{server}/?s={word_of(scenario_with({VOLUME: 66_000.0, 'name': 'From a link'}))}")
    box.press("Enter")
    expect(title).to_contain_text("“From a link” costs ")
    settled(page)

    chooser.click()
    box.fill("not a link")
    box.press("Enter")
    expect(page.locator(".st-key-notice")).to_contain_text("The last good B stays.")
    expect(title).to_contain_text("“From a link” costs ")
    settled(page)
    click(page, settled, "Remove B")
    expect(title).to_have_text(NOTHING_YET)


def test_nothing_jumps_while_the_lever_moves(server, page, settled, beside):
    page.goto(f"{server}/compare?{beside({VOLUME: 90_000.0})}")
    settled(page)
    parts = (".st-key-both_verdicts", ".st-key-section_totals", ".st-key-section_curves", ".st-key-section_assumptions")
    before = below_the_headline(page, *parts)
    for key in ("PageUp", "PageUp", "PageDown", "PageDown", "PageDown", "Home", "End"):
        pull(page, settled, key)
        assert below_the_headline(page, *parts) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(server, page, settled, beside, scheme):
    page.emulate_media(color_scheme=scheme)
    for query in (f"?{beside({VOLUME: 90_000.0, 'finance.horizon_months': 36})}", ""):
        page.goto(f"{server}/compare{query}")
        settled(page)
        faint = [(words, round(ratio, 2)) for words, ratio in page.evaluate(CONTRASTS) if ratio < 4.5]
        assert faint == []


def test_on_a_phone_all_of_it_fits_and_can_be_hit(server, phone, settled, beside):
    for query in (f"?{beside({VOLUME: 90_000.0, 'finance.horizon_months': 36})}", ""):
        phone.goto(f"{server}/compare{query}")
        settled(phone)
        assert sideways(phone) == 0
        assert phone.evaluate(TOO_SMALL) == []
