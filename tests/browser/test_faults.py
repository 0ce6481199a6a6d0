"""What goes wrong around the page: the server dies, the browser is offline, two tabs are open. Nothing is half applied.

The server of each test is its own, because it is killed. Whatever is waited for may take long: a page that has lost its
server looks for it less and less often.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Download, Page, Route, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from costmodel import link
from costmodel.changes import changed
from costmodel.scenario import Scenario
from pages.ui import edits_apart
from pages.ui.lever import log_stops
from pages.ui.levers import LEVERS
from scripts.serving import Server, settled, written

pytestmark = pytest.mark.console_noise("a browser notes that its server has gone")

VOLUME = "workload.queries_per_month"
STOPS = log_stops(1_000, 10_000_000, 75)
CONNECTION = "Connection error"
LOST = re.compile("connecting", re.IGNORECASE)
LONG_MS = 120_000


@pytest.fixture(autouse=True)
def patience(own: Server, page: Page) -> None:
    """What is asked of a page may take long; its server outlives it."""
    page.context.set_default_timeout(LONG_MS)


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
    page.bring_to_front()
    page.goto(f"{server.url}{address}")
    return settled(page, LONG_MS)


def scenario_of(page: Page) -> Scenario:
    """The scenario that the address bar restores."""
    return restored(page.url)


def restored(url: str) -> Scenario:
    return link.decoded(url.partition("s=")[2].partition("&")[0])[0]


def volume_of(url: str) -> float | None:
    return restored(url).workload.queries_per_month if "s=" in url else None


def die(page: Page, server: Server) -> None:
    """End the server; the page says so."""
    page.evaluate("() => { window.ofTheOldServer = true }")
    server.kill()
    expect_lost(page)


class Line:
    """The connection of a page to its server, which dies while it works on a message of the kind `fatal`."""

    def __init__(self, page: Page, server: Server) -> None:
        self.fatal = ""
        self._server, self._page = server, page
        page.route_web_socket("**/_stcore/stream", self._through)

    def _through(self, socket: WebSocketRoute) -> None:
        upstream = socket.connect_to_server()
        dying = False

        def up(message: str | bytes) -> None:
            nonlocal dying
            if isinstance(message, bytes) and BackMsg.FromString(message).WhichOneof("type") == self.fatal:
                dying, self.fatal = True, ""
            upstream.send(message)

        def down(message: str | bytes) -> None:
            if dying:
                self._server.kill()
            else:
                socket.send(message)

        socket.on_message(up)
        upstream.on_message(down)

    def dies_of(self, kind: str, act: Callable[[], None]) -> None:
        """Act, whose first answer is the last that the server begins to give; the page says so."""
        self._page.evaluate("() => { window.ofTheOldServer = true }")
        self.fatal = kind
        act()
        expect_lost(self._page)


def expect_lost(page: Page) -> None:
    """The page says that it has lost its server and is looking for it."""
    expect(page.get_by_test_id("stStatusWidget").first).to_have_text(LOST, timeout=LONG_MS)


def back(page: Page, server: Server) -> None:
    """Start the server again; the page finds it by itself, begins anew and shows no error."""
    server.start()
    found(page)


def found(page: Page) -> None:
    """The page has found the new server."""
    page.wait_for_function(
        """() => window.ofTheOldServer === undefined
            && document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED" """
    )
    settled(page, LONG_MS)
    expect(page.get_by_role("dialog").filter(has_text=CONNECTION)).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".st-key-notice")).to_have_count(0)


@pytest.fixture
def whole(arriving, expected) -> Callable[[Page], None]:
    """What is on screen is the answer to the scenario of the address, and the lever stands at its volume."""

    def look(page: Page) -> None:
        scenario = scenario_of(page)
        wanted = expected(scenario)

        assert arriving(page, wanted, LONG_MS) == wanted
        expect(lever(page)).to_have_value(str(STOPS.index(scenario.workload.queries_per_month)), timeout=LONG_MS)

    return look


def pull(page: Page, steps: int) -> None:
    """Move the lever of the volume by so many stops, and wait until the address says so."""
    page.bring_to_front()
    wanted = STOPS[STOPS.index(scenario_of(page).workload.queries_per_month) + steps]
    lever(page).focus()
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
    at_volume(page, wanted)


def at_volume(page: Page, wanted: float) -> None:
    """The address comes to say this volume."""
    page.wait_for_url(lambda url: volume_of(url) == wanted)
    settled(page, LONG_MS)


# The server is killed


def test_a_server_that_dies_while_it_answers_comes_back_with_the_scenario_of_the_link(own, page, whole):
    line = Line(page, own)
    opened(page, own)
    pull(page, 1)
    before = page.url
    line.dies_of("rerun_script", lambda: page.keyboard.press("ArrowRight"))
    back(page, own)

    assert page.url == before
    whole(page)
    pull(page, -2)
    whole(page)


def test_a_server_that_dies_while_it_writes_a_file_leaves_no_file_and_no_harm(own, page, whole):
    line = Line(page, own)
    opened(page, own)
    pull(page, 1)
    before = page.url
    saved: list[Download] = []
    page.on("download", lambda download: saved.append(download))
    button = page.get_by_role("button", name="CSV", exact=True)
    line.dies_of("backend_operation_request", button.click)
    back(page, own)

    assert (saved, page.url) == ([], before)
    whole(page)
    with page.expect_download() as download:
        button.click()
    assert download.value.failure() is None


def test_a_server_that_dies_while_a_file_comes_in_applies_nothing_of_it(own, page, whole):
    opened(page, own)
    before = page.url
    with held(page, "**/upload_file/**", lambda: drop(page)):
        die(page, own)
    back(page, own)

    assert page.url == before
    whole(page)
    drop(page)
    at_volume(page, PLAN["workload"]["queries_per_month"])
    expect(page.locator(".st-key-eyebrow").first).to_contain_text(PLAN["name"])
    whole(page)


PLAN = {"preset": "support-bot", "name": "Dropped", "workload": {"queries_per_month": 1_000.0}}


def drop(page: Page) -> None:
    """Open a scenario file from the menu."""
    page.locator(".st-key-file_menu").get_by_role("button").click()
    page.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(
        files=[{"name": "plan.json", "mimeType": "application/json", "buffer": json.dumps(PLAN).encode()}]
    )


@contextmanager
def held(page: Page, pattern: str, act: Callable[[], None]) -> Iterator[None]:
    """Act, and hold back the request that this causes while the block runs."""
    routes: list[Route] = []
    page.route(pattern, lambda route: routes.append(route))
    with page.expect_request(pattern):
        act()
    yield
    for route in routes:
        route.continue_()
    page.unroute(pattern)


# The browser is offline


def test_a_browser_that_was_offline_goes_on_where_it_was_with_what_was_done_meanwhile(own, page, whole):
    lines: list[WebSocketRoute] = []
    page.route_web_socket("**/_stcore/stream", lambda line: (line.connect_to_server(), lines.append(line)))
    opened(page, own)
    pull(page, 1)
    known = STOPS.index(scenario_of(page).workload.queries_per_month)
    page.evaluate("() => { window.before = true }")
    page.context.set_offline(True)
    lines[-1].close(code=3001)
    expect_lost(page)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    page.context.set_offline(False)
    at_volume(page, STOPS[known + 1])

    assert page.evaluate("window.before")
    whole(page)
    pull(page, -3)
    whole(page)


# Two tabs of one user


def test_two_tabs_of_one_user_keep_their_own_scenario(own, page, whole):
    other = page.context.new_page()
    opened(page, own)
    opened(other, own)
    pull(page, 1)
    pull(other, -2)

    assert scenario_of(page).workload.queries_per_month > 200_000 > scenario_of(other).workload.queries_per_month
    for tab in (page, other, page):
        tab.bring_to_front()
        tab.reload()
        settled(tab, LONG_MS)
        whole(tab)


def beyond_a_link(scenario: Scenario, usd: float) -> Scenario:
    """A scenario with more price edits than a link can hold."""
    edits = [
        {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": usd},
        *(
            {"provider": "acme", "item": f"model {number}", "meter": "input", "unit": "1M tokens", "price_usd": usd}
            | {"reason": hashlib.sha256(f"{number} {usd}".encode()).hexdigest()}
            for number in range(200)
        ),
    ]
    return changed(scenario, {"price_edits": edits})


def test_two_tabs_keep_their_own_price_edits_beyond_the_link_also_over_a_restart(
    own, page, arriving, expected, scenario_with
):
    tabs = {page: beyond_a_link(scenario_with({}), 1.5), page.context.new_page(): beyond_a_link(scenario_with({}), 4.5)}
    for tab, scenario in tabs.items():
        key, text = edits_apart.packed(scenario)
        opened(tab, own)
        tab.evaluate("([key, text]) => localStorage.setItem(`crossover.edits.${key}`, text)", [key, text])
        opened(tab, own, f"/?s={link.encoded(scenario_with({}))}&k={key}")
        tab.evaluate("() => { window.ofTheOldServer = true }")

        assert arriving(tab, expected(scenario), LONG_MS) == expected(scenario)
    addresses = {tab: tab.url for tab in tabs}
    own.kill()
    own.start()
    for tab, scenario in tabs.items():
        tab.bring_to_front()
        found(tab)

        assert arriving(tab, expected(scenario), LONG_MS) == expected(scenario)
        assert tab.url == addresses[tab]
