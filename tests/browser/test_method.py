"""The Method page in a browser: it opens, nothing stands out at the side, its links lead on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SIDEWAYS = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
OPEN_ALL = "() => document.querySelectorAll('.article details').forEach((each) => { each.open = true })"


def open_method(server, page, settled):
    """From the Overview by the link in the head."""
    page.goto(server)
    settled(page)
    page.locator(".st-key-navigation").get_by_role("link", name="Method").click()
    expect(page.locator(".article h2").first).to_be_visible()
    settled(page)


def test_the_contents_lead_to_a_chapter_and_keep_the_link_of_the_scenario(server, page, settled):
    open_method(server, page, settled)
    before = page.evaluate("location.search")
    page.locator(".contents").get_by_role("link", name="Conventions").click()
    page.wait_for_function("document.getElementById('conventions').getBoundingClientRect().top < 100")
    settled(page)

    assert page.evaluate("location.hash") == "#conventions"
    assert page.evaluate("location.search") == before
    expect(page.locator(".contents")).to_be_in_viewport()


def test_a_lever_leaves_open_what_was_opened(server, page, settled):
    open_method(server, page, settled)
    page.locator("#bill-rag summary").click()
    page.locator(".st-key-assumptions-workload summary").click()
    before = page.evaluate("location.search")
    page.get_by_role("slider", name="Queries per month", exact=True).press("ArrowRight")
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)

    expect(page.locator("#bill-rag .bill").first).to_be_visible()
    expect(page.locator(".st-key-assumptions-workload .row").first).to_be_visible()


def test_an_example_opens_with_one_click_and_back_returns(server, page, settled):
    open_method(server, page, settled)
    page.locator(".example p .open").first.click()
    page.wait_for_selector("article.card")
    settled(page)

    assert page.evaluate("location.pathname") == "/"
    expect(page.locator(".st-key-notice")).to_have_count(0)


def test_on_a_phone_nothing_stands_out_at_the_side_with_everything_open(server, phone, settled):
    phone.goto(server)
    settled(phone)
    phone.locator(".st-key-menu button").first.click()
    phone.locator("[class*=st-key-menu_group]").get_by_role("link", name="Method").click()
    expect(phone.locator(".article h2").first).to_be_visible()
    settled(phone)
    phone.evaluate(OPEN_ALL)

    assert phone.evaluate(SIDEWAYS) <= 0


@pytest.mark.console_noise("opened cold, Streamlit's client first looks for its server below the page's address")
def test_its_own_address_opens_it(server, page, settled):
    page.goto(f"{server}/method")
    expect(page.locator(".article h2").first).to_be_visible()
    settled(page)

    assert page.title() == "Method · Crossover"
    assert page.evaluate(SIDEWAYS) <= 0
