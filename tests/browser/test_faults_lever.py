"""A lever whose answer does not come sends its newest value again by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from costmodel import link
from pages.ui.lever import log_stops
from pages.ui.levers import LEVERS
from scripts.serving import settled

VOLUME = "workload.queries_per_month"
STOPS = log_stops(1_000, 10_000_000, 75)
FIRST = STOPS.index(200_000)
LONG_MS = 120_000


class Line:
    """The connection of a page to its server, on which one question of the page, or what answers it, gets lost."""

    def __init__(self, page: Page) -> None:
        self.loses: Literal["nothing", "the next question", "the next answer"] = "nothing"
        self.questions = 0
        page.route_web_socket("**/_stcore/stream", self._through)

    def _through(self, socket: WebSocketRoute) -> None:
        upstream = socket.connect_to_server()
        mute = False

        def up(message: str | bytes) -> None:
            nonlocal mute
            if isinstance(message, bytes) and BackMsg.FromString(message).WhichOneof("type") == "rerun_script":
                lost, self.loses = self.loses, "nothing"
                self.questions += 1
                mute = lost == "the next answer"
                if lost == "the next question":
                    return
            upstream.send(message)

        def down(message: str | bytes) -> None:
            if not mute:
                socket.send(message)

        socket.on_message(up)
        upstream.on_message(down)


@pytest.fixture
def line(page: Page, server: str) -> Line:
    """The line of a page that shows the Overview."""
    page.context.set_default_timeout(LONG_MS)
    made = Line(page)
    page.goto(server)
    settled(page, LONG_MS)
    return made


@pytest.fixture
def shows(page: Page, arriving, expected, scenario_with) -> Callable[[int], None]:
    """The address, the answer and the lever come to be those of a stop of the lever."""

    def look(stop: int) -> None:
        wanted = expected(scenario_with({VOLUME: STOPS[stop]}))

        assert arriving(page, wanted, LONG_MS) == wanted
        expect(lever(page)).to_have_value(str(stop))
        assert link.decoded(page.url.partition("s=")[2])[0].workload.queries_per_month == STOPS[stop]

    return look


def lever(page: Page):
    """The lever of the volume."""
    label = next(each.label for each in LEVERS if each.path == VOLUME)
    return page.get_by_role("slider", name=label, exact=True)


@pytest.mark.parametrize("lost", ["the next question", "the next answer"])
def test_a_lever_whose_answer_does_not_come_asks_again(page, line, shows, lost):
    line.loses = lost
    lever(page).press("ArrowRight")

    shows(FIRST + 1)
    assert line.questions >= 2


@pytest.mark.parametrize("lost", ["the next question", "the next answer"])
def test_what_it_sends_then_is_where_it_stands_by_then(page, line, shows, lost):
    line.loses = lost
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        lever(page).press(key)

    shows(FIRST + 2)


@pytest.mark.parametrize("lost", ["the next question", "the next answer"])
def test_a_lever_that_is_back_where_it_was_by_then_leaves_nothing_changed(page, line, shows, lost):
    line.loses = lost
    lever(page).press("ArrowRight")
    lever(page).press("ArrowLeft")
    expect(lever(page)).to_have_value(str(FIRST))

    shows(FIRST)
    lever(page).press("ArrowRight")
    shows(FIRST + 1)
    lever(page).press("ArrowLeft")
    shows(FIRST)


def test_a_lever_that_was_answered_asks_no_more(page, line, shows):
    asked = line.questions
    lever(page).press("ArrowRight")
    shows(FIRST + 1)
    with page.expect_event("console", lambda message: message.text == "later"):
        page.evaluate("() => setTimeout(() => console.log('later'), 12_000)")

    assert line.questions == asked + 1
