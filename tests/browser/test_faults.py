"""What goes wrong around the page: the server dies, the browser is offline, two tabs are open. Nothing is half applied.

The server of these tests is their own, because it is killed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from costmodel import link
from costmodel.scenario import FIELDS
from pages.ui.lever import log_stops
from pages.ui.levers import LEVERS
from scripts.serving import Server, settled, written

pytestmark = pytest.mark.console_noise("a browser notes that its server has gone")

VOLUME = "workload.queries_per_month"
STOPS = log_stops(1_000, 10_000_000, 75)
CONNECTION = "Connection error"
LOST = re.compile("connecting", re.IGNORECASE)


@pytest.fixture
def own(tmp_path) -> Iterator[Server]:
    """A server that a test may kill and start again; its log must stay free of tracebacks."""
    server = Server(tmp_path / "log.txt")
    server.start()
    yield server
    server.stop()

    assert "Traceback" not in written(server.log)


def lever(page: Page, path: str = VOLUME):
    label = next(each.label for each in LEVERS if each.path == path)
    return page.get_by_role("slider", name=label, exact=True)


def opened(page: Page, server: Server, address: str = "/") -> Page:
    page.goto(f"{server.url}{address}")
    return settled(page)


def scenario_of(page: Page):
    """The scenario that the address bar restores."""
    return link.decoded(page.url.partition("s=")[2].partition("&")[0])[0]


def expect_lost(page: Page) -> None:
    """The page says that it has lost its server and is looking for it."""
    expect(page.get_by_test_id("stStatusWidget").or_(page.get_by_test_id("stConnectionStatus")).first).to_have_text(LOST)


def expect_back(page: Page) -> Page:
    """The page has found its server again, and shows what it showed, without an error."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testConnectionState === 'CONNECTED'"
    )
    settled(page)
    expect(page.get_by_role("dialog").filter(has_text=CONNECTION)).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".st-key-notice")).to_have_count(0)
    return page


def whole(page: Page, answer, expected) -> None:
    """What is on screen is the answer to the scenario of the address, and the lever stands at its volume."""
    scenario = scenario_of(page)

    assert answer(page) == expected(scenario)
    assert STOPS[int(lever(page).input_value())] == scenario.workload.queries_per_month


# The server is killed


def test_a_server_that_dies_while_it_answers_comes_back_with_the_scenario_of_the_link(own, page, answer, expected):
    opened(page, own)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    known = scenario_of(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    own.kill()
    expect_lost(page)
    own.start()

    expect_back(page)
    assert scenario_of(page).workload.queries_per_month >= known.workload.queries_per_month > 200_000
    whole(page, answer, expected)
    lever(page).focus()
    page.keyboard.press("ArrowLeft")
    settled(page)
    whole(page, answer, expected)


def test_a_server_that_dies_before_a_file_is_fetched_leaves_no_file_and_no_harm(own, page, answer, expected):
    opened(page, own)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    before = page.url
    asked: list[str] = []

    def die(route) -> None:
        asked.append(route.request.url)
        own.kill()
        route.continue_()

    page.route("**/media/**", die)
    page.get_by_role("button", name="CSV", exact=True).click()
    expect_lost(page)
    page.unroute("**/media/**")
    own.start()

    expect_back(page)
    assert len(asked) == 1
    assert page.url == before
    whole(page, answer, expected)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert download.value.failure() is None


def test_a_server_that_dies_while_a_file_comes_in_applies_nothing_of_it(own, page, answer, expected):
    opened(page, own)
    before = page.url
    content = json.dumps({"preset": "support-bot", "workload": {"queries_per_month": 1_000.0}}).encode()

    def die(route) -> None:
        own.kill()
        route.continue_()

    def drop() -> None:
        page.locator(".st-key-file_menu").get_by_role("button").click()
        page.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(
            files=[{"name": "plan.json", "mimeType": "application/json", "buffer": content}]
        )

    page.route("**/upload_file/**", die)
    drop()
    expect_lost(page)
    page.unroute("**/upload_file/**")
    own.start()

    expect_back(page)
    assert page.url == before
    whole(page, answer, expected)
    page.reload()
    settled(page)
    drop()
    settled(page)
    assert scenario_of(page).workload.queries_per_month == 1_000
    whole(page, answer, expected)


# The browser is offline


def test_a_browser_that_was_offline_goes_on_where_it_was(own, page, answer, expected):
    opened(page, own)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    known = scenario_of(page)
    page.context.set_offline(True)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.context.set_offline(False)

    expect_back(page)
    assert scenario_of(page).workload.queries_per_month >= known.workload.queries_per_month
    whole(page, answer, expected)


# Two tabs of one user


def test_two_tabs_of_one_user_keep_their_own_scenario(own, page, answer, expected):
    other = page.context.new_page()
    opened(page, own)
    opened(other, own)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    lever(other).focus()
    for _ in range(3):
        other.keyboard.press("ArrowLeft")
    settled(other)

    assert scenario_of(page).workload.queries_per_month > 200_000 > scenario_of(other).workload.queries_per_month
    for tab in (page, other, page):
        tab.reload()
        settled(tab)
        whole(tab, answer, expected)


assert VOLUME in FIELDS
