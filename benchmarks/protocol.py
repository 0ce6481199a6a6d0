"""A visitor without a browser: one websocket that speaks Streamlit's protocol with Streamlit's own message classes.

It answers as the page's levers do: a value leaves only when the last one has been answered, and it is always the
newest. So it can be counted what a server holds without paying for browsers.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

STREAM = "/_stcore/stream"
NO_TOKEN = "PLACEHOLDER_AUTH_TOKEN"
_LEVER = Path(__file__).resolve().parent.parent / "pages" / "ui" / "lever.js"
_PATIENCE = re.search(r"PATIENCE_MS = ([\d_]+);", _LEVER.read_text(encoding="utf-8"))
assert _PATIENCE is not None, f"{_LEVER} no longer says how long a lever waits"
PATIENCE = int(_PATIENCE[1]) / 1000
"""Seconds after which the page's lever no longer waits for its answer."""
FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY

clock = time.perf_counter
_numbers = itertools.count(1)


class Gone(ConnectionError):
    """The server has closed the connection, or does not answer in time."""


@dataclass
class Run:
    """What one run of the script sent: how much, and when its headline and its end arrived (`clock` seconds)."""

    messages: int = 0
    size: int = 0
    headline: str = ""
    headline_at: float = 0.0
    finished_at: float = 0.0
    complete: bool = False
    kept: list[ForwardMsg] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """A lever was moved: seconds until the headline and until the end of the run that answers, and that run."""

    headline: float
    finished: float
    run: Run


class Session:
    """One visitor of the page at `url` (with its query string); `await open()` first, `await close()` last.

    `cookies` are sent along; `session_id` asks for a session that was there before, as a browser does that lost its
    connection; `keep`: runs keep their messages.
    """

    def __init__(
        self, url: str, *, cookies: Mapping[str, str] | None = None, session_id: str = "", keep: bool = False
    ) -> None:
        parts = urlsplit(url)
        self.url, self._query = url, parts.query
        self._page = parts.path.strip("/")
        self._address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{STREAM}"
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._cookies = dict(cookies or {})
        self.session_id = session_id
        self.page_script_hash = ""
        self.components: dict[str, Any] = {}  # id -> message, of the last run that drew them
        self.buttons: set[str] = set()
        self.files: dict[str, str] = {}  # id of a download button -> what it offers
        self.states: dict[str, dict[str, Any]] = {}  # id -> what the browser side of a component has set
        self.problems: list[str] = []
        self.complete = 0  # runs that ended by themselves
        self.cut_short = 0  # runs that the server gave up for a newer one
        self.last: Run | None = None
        self.served_by = ""
        self._keep = keep
        self._asked: dict[str, asyncio.Future[str]] = {}
        self._hashes: dict[str, int] = {}
        self._run = Run()
        self._over: asyncio.Queue[Run | None] = asyncio.Queue()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    # Connection

    async def open(self, seconds: float = 30.0) -> Run:
        """Connect and wait for the first complete run. Gone."""
        wanted = [Subprotocol("streamlit"), Subprotocol(NO_TOKEN)]
        if self.session_id:
            wanted.append(Subprotocol(self.session_id))
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        try:
            self._socket = await connect(
                self._address,
                subprotocols=wanted,
                additional_headers=headers if self._cookies else None,
                origin=self._origin,  # type: ignore[arg-type]
                compression=None,
                max_size=None,
                open_timeout=seconds,
                ping_interval=None,
            )
        except (OSError, TimeoutError) as error:
            raise Gone(f"{self._address}: {error}") from error
        response = self._socket.response
        self.served_by = "" if response is None else response.headers.get("X-Replica", "")
        self._reader = asyncio.create_task(self._read(self._socket))
        await self.rerun()
        return await self.finished(seconds)

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                self._take(ForwardMsg.FromString(data), len(data), clock())
        except ConnectionClosed:
            pass
        finally:
            self._over.put_nowait(None)

    # What comes

    def _take(self, message: ForwardMsg, size: int, now: float) -> None:
        run = self._run
        run.messages += 1
        run.size += size
        if message.metadata.cacheable and message.hash:
            self._hashes[message.hash] = self.complete
        kind = message.WhichOneof("type")
        if kind == "delta":
            if message.delta.WhichOneof("type") == "new_element":
                self._element(message.delta.new_element, now)
        elif kind == "ref_hash":
            self._hashes[message.ref_hash] = self.complete
        elif kind == "new_session":
            self._run = run = Run(messages=1, size=size)
            self.buttons.clear()
            if message.new_session.HasField("initialize"):
                self.session_id = message.new_session.initialize.session_id
        elif kind == "navigation":
            self.page_script_hash = message.navigation.page_script_hash
        elif kind == "script_finished":
            self._end(message.script_finished, now)
        elif kind == "backend_operation_response":
            self._answered(message.backend_operation_response)
        elif kind == "session_event" and message.session_event.WhichOneof("type") == "script_compilation_exception":
            self.problems.append(message.session_event.script_compilation_exception.message)
        if self._keep:
            run.kept.append(message)

    def _element(self, element: Any, now: float) -> None:
        kind = element.WhichOneof("type")
        if kind == "heading" and element.heading.tag == "h1":
            self._run.headline, self._run.headline_at = element.heading.body, now
        elif kind == "bidi_component":
            self.components[element.bidi_component.id] = element.bidi_component
        elif kind == "button":
            self.buttons.add(element.button.id)
        elif kind == "download_button":
            self.files[element.download_button.id] = element.download_button.deferred_file_id
        elif kind == "exception":
            self.problems.append(element.exception.message)

    def _answered(self, response: Any) -> None:
        answer = self._asked.pop(response.request_id, None)
        if answer is not None and not answer.done():
            if response.error_msg:
                answer.set_exception(Gone(response.error_msg))
            else:
                answer.set_result(response.deferred_file.url)

    def _end(self, status: int, now: float) -> None:
        run, self._run = self._run, Run()
        run.finished_at, run.complete = now, status == FINISHED
        if not run.complete:
            self.cut_short += 1
            return
        self.complete += 1
        # The browser forgets what it has not been shown for two runs.
        self._hashes = {hash_: seen for hash_, seen in self._hashes.items() if seen > self.complete - 3}
        self.last = run
        self._over.put_nowait(run)

    async def finished(self, seconds: float = 30.0) -> Run:
        """The next run that ends by itself. Gone."""
        try:
            run = await asyncio.wait_for(self._over.get(), seconds)
        except TimeoutError:
            raise Gone(f"{self._address}: no complete run within {seconds:g} s") from None
        if run is None:
            raise self._closed()
        return run

    def _closed(self) -> Gone:
        code = None if self._socket is None else self._socket.close_code
        return Gone(f"{self._address}: the connection was closed with code {code}")

    # What goes

    async def rerun(self, pressed: str = "") -> None:
        """Ask for a run with everything that the visitor has set so far, and a button (its id) pressed. Gone."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self.page_script_hash
        state.page_name = "" if self.page_script_hash else self._page
        state.cached_message_hashes.extend(self._hashes)
        state.context_info.timezone, state.context_info.locale = "UTC", "en-US"
        state.context_info.url, state.context_info.color_scheme = self.url, "light"
        for id_, values in self.states.items():
            widget = state.widget_states.widgets.add()
            widget.id, widget.json_value = id_, json.dumps(values)
        if pressed:
            widget = state.widget_states.widgets.add()
            widget.id, widget.trigger_value = pressed, True
        await self._send(message)

    def offers(self, key: str) -> bool:
        """Whether the last run drew a button whose key ends so."""
        return any(id_.endswith(f"-{key}") for id_ in self.buttons)

    async def press(self, key: str) -> None:
        """Press the button whose key ends so. KeyError, Gone."""
        await self.rerun(_ending(self.buttons, key))

    async def download(self, key: str, seconds: float = 60.0) -> str:
        """Ask for the file of the download button whose key ends so; returns its address. KeyError, Gone."""
        message = BackMsg()
        request = message.backend_operation_request
        request.request_id, request.session_id = f"file {next(_numbers)}", self.session_id
        request.deferred_file.file_id = self.files[_ending(self.files, key)]
        answer = self._asked[request.request_id] = asyncio.get_running_loop().create_future()
        await self._send(message)
        try:
            return await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            raise Gone(f"{self._address}: no file within {seconds:g} s") from None

    async def _send(self, message: BackMsg) -> None:
        if self._socket is None:
            raise Gone("not connected")
        try:
            await self._socket.send(message.SerializeToString())
        except ConnectionClosed as error:
            raise Gone(f"{self._address}: {error}") from error

    def lever(self, key: str) -> str:
        """Id of the component whose key ends so. KeyError."""
        return _ending(self.components, key)

    def data(self, id_: str) -> dict[str, Any]:
        """What Python last told a component."""
        found: dict[str, Any] = json.loads(self.components[id_].json)
        return found

    async def move(self, id_: str, value: float, seconds: float = PATIENCE) -> Answer | None:
        """Put a lever on a value and wait for its answer; None when `seconds` have passed without. Gone."""
        while not self._over.empty():
            if self._over.get_nowait() is None:
                raise self._closed()
        self.states.setdefault(id_, {})["value"] = value
        start = clock()
        await self.rerun()
        while (left := start + seconds - clock()) > 0:
            try:
                run = await self.finished(left)
            except Gone:
                if clock() - start >= seconds:
                    return None
                raise
            if self.data(id_)["received"] == value:
                return Answer(run.headline_at - start, run.finished_at - start, run)
        return None


def _ending(ids: Iterable[str], key: str) -> str:
    found = sorted(ids)
    for id_ in found:
        if id_.endswith(f"-{key}"):
            return id_
    raise KeyError(f"nothing here has the key {key!r}; there are: {', '.join(found) or 'none'}")
