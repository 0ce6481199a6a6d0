"""The server itself: what it keeps from visitors, what it starts beside itself, and what it takes at most."""

from __future__ import annotations

import os
import select
import sys
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.servers import OURS, served
from pages.ui import edits_apart
from pages.ui import served as served_words
from report import tokens_text

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]
METRICS, AGENT, HEALTH = "/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/health"


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def children(pid):
    found = [task.read_text("ascii").split() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for each in found for child in each]


def ended(process, seconds=20.0):
    """Whether the process of this descriptor ends in time."""
    return bool(select.select([process], [], [], seconds)[0])


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with served(OURS, tmp_path_factory.mktemp("server") / "log.txt") as found:
        yield found


# What is closed


@pytest.mark.parametrize("path", [METRICS, f"{METRICS}/", f"{METRICS}?families=active_sessions", AGENT])
def test_what_is_for_operators_is_not_there_for_visitors(running, path):
    found, headers = status(f"{running.url}{path}")

    assert found == 404
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [HEALTH, "/", "/uncertainty"])
def test_what_is_for_visitors_is_there(running, path):
    assert status(f"{running.url}{path}")[0] == 200


def test_an_operator_who_says_so_sees_the_metrics(tmp_path):
    with (
        served(OURS, tmp_path / "log.txt", environment={"CROSSOVER_METRICS": "1"}) as open_one,
        urllib.request.urlopen(f"{open_one.url}{METRICS}", timeout=10) as answer,
    ):
        shown = answer.read().decode()

    assert "active_sessions" in shown


@pytest.fixture
def server(monkeypatch):
    """The module, without what it tells the pages when it is first imported."""
    for name in ("plain_addresses", "frame_ancestors"):
        monkeypatch.setattr(served_words, name, getattr(served_words, name))
    import server

    return server


async def passed(_):
    return PlainTextResponse("passed")


async def greeted(websocket):
    await websocket.accept()
    await websocket.send_text("passed")
    await websocket.close()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (METRICS, 404),
        (f"/team/tools{METRICS}", 404),
        ("/_stcore/%6Detrics", 404),
        ("/_stcore/agent", 404),
        ("/_stcore/agent/mcp/", 404),
        ("/_stcore/agents", 200),
        ("/_stcore/metrics-of-mine", 200),
        (HEALTH, 200),
        ("/?to=/_stcore/metrics", 200),
        ("/", 200),
    ],
)
def test_a_closed_path_is_closed_with_all_below_it_and_nothing_beside_it(server, path, found):
    inside = Starlette(routes=[Route("/{path:path}", passed)])

    assert TestClient(server.Closed(inside, server.CLOSED)).get(path).status_code == found
    assert TestClient(server.Closed(inside, ())).get(path).status_code == 200


def test_the_connection_of_a_page_passes(server):
    inside = Starlette(routes=[WebSocketRoute("/_stcore/stream", greeted)])
    with TestClient(server.Closed(inside, server.CLOSED)).websocket_connect("/_stcore/stream") as websocket:
        assert websocket.receive_text() == "passed"


# What is beside it


def test_pictures_have_a_process_that_ends_with_the_server(tmp_path):
    with served(OURS, tmp_path / "log.txt") as found:
        (drawer,) = children(found.pid)
        process = os.pidfd_open(drawer)
        command = Path(f"/proc/{drawer}/cmdline").read_text("utf-8")
    try:
        assert "report.converter" in command
        assert ended(process)
    finally:
        os.close(process)
    assert "Traceback" not in (tmp_path / "log.txt").read_text("utf-8")


def test_pictures_have_a_process_that_ends_with_a_server_that_was_killed(tmp_path):
    with served(OURS, tmp_path / "log.txt") as found:
        process = os.pidfd_open(children(found.pid)[0])
        found.kill()
    try:
        assert ended(process)
    finally:
        os.close(process)
    assert "Traceback" not in (tmp_path / "log.txt").read_text("utf-8")


def test_threads_take_turns_more_quickly_than_python_has_them(server, monkeypatch):
    asked = []
    monkeypatch.setattr(sys, "setswitchinterval", asked.append)
    monkeypatch.setattr(server.ctypes, "CDLL", lambda _: object())  # a system without glibc
    server.share_fairly()

    assert asked == [server.SWITCH_SECONDS]
    assert sys.getswitchinterval() > server.SWITCH_SECONDS


# What it takes


def test_whatever_a_browser_may_send_fits_into_a_message_and_not_much_more_does():
    four_bytes_each = 4 * (tokens_text.MAX_PASTED + tokens_text.MAX_QUESTIONS + tokens_text.MAX_TEMPLATE)
    most = CONFIG["maxWidgetStateSize"] * 1_000_000

    assert four_bytes_each + edits_apart.MAX_PACKED_CHARACTERS < most < 2 * four_bytes_each
    assert most <= CONFIG["maxMessageSize"] * 1_000_000


def told(websocket, message):
    """What the server answers until it has nothing more to say."""
    websocket.send(message)
    return list(iter(lambda: websocket.recv(timeout=20), None))


def test_a_message_beyond_the_limit_ends_the_connection_and_not_the_server(running):
    address = f"ws{running.url.removeprefix('http')}/_stcore/stream"
    with (
        connect(address, subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"], origin=running.url) as websocket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        told(websocket, b"\0" * (CONFIG["maxMessageSize"] * 1_000_000 + 1))

    said = closed.value.rcvd  # nothing, when the connection went while the rest of the message was still being sent
    assert said is None or said.code == 1009  # too big
    assert status(f"{running.url}{HEALTH}")[0] == 200
