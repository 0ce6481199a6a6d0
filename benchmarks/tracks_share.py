"""What the coloured tracks of the levers take of a rerun of the Overview on the server: found, and put into colours.

How long they take is measured in this process, with a clock on the way to them; what a rerun takes with everything that
is sent, on a server that a visitor asks for the same values one after the other. Both are processor time.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from benchmarks.bare.capture import LEVER, opened
from benchmarks.measuring import Result
from benchmarks.protocol import Session
from benchmarks.servers import OURS, Server, served
from pages.ui import lever, shared, tracks

RERUNS, WARM_UP = 40, 5
SHARE = 0.15


class Clock:
    """Processor seconds of the script's thread: in each rerun, and in it on the way to the tracks."""

    def __init__(self) -> None:
        self.reruns: list[float] = []
        self.inside: list[float] = []
        self._found = 0.0

    def rerun(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, timed as a rerun."""

        def timed(*arguments: Any) -> Any:
            self._found, start = 0.0, time.thread_time()
            try:
                return call(*arguments)
            finally:
                self.reruns.append(time.thread_time() - start)
                self.inside.append(self._found)

        return timed

    def part(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, timed as a part of a rerun."""

        def timed(*arguments: Any) -> Any:
            start = time.thread_time()
            try:
                return call(*arguments)
            finally:
                self._found += time.thread_time() - start

        return timed


@contextmanager
def clocked() -> Iterator[Clock]:
    """A clock on every rerun in this process while the block runs."""
    clock = Clock()
    with (
        mock.patch.object(ScriptRunner, "_run_script", clock.rerun(ScriptRunner._run_script)),
        mock.patch.object(tracks, "found", clock.part(tracks.found)),
        mock.patch.object(lever, "painted", clock.part(lever.painted)),
    ):
        yield clock


def results() -> list[Result]:
    """The share of a rerun that the tracks take, while the lever goes from stop to stop where nobody was before."""
    app = opened()
    shared.forget()
    stops = _lever(app)["stops"]
    values = stops[len(stops) // 2 :][: WARM_UP + RERUNS]
    with clocked() as clock:
        for value in values:
            _pull(app, value)
    pairs = list(zip(clock.inside, clock.reruns, strict=True))[WARM_UP:]
    inside, script = (statistics.mean(each) for each in zip(*pairs, strict=True))
    with tempfile.TemporaryDirectory() as folder, served(OURS, Path(folder, "log.txt")) as server:
        whole = asyncio.run(_rerun(server, values))
    note = f"{inside * 1e3:.3g} of {whole * 1e3:.3g} ms of the processor; the script alone takes {script * 1e3:.3g}"
    return [Result("The coloured tracks, share of a rerun on the server", inside / whole, SHARE, note=note)]


async def _rerun(server: Server, values: Sequence[float]) -> float:
    """Processor seconds of the server for one of the reruns in which a visitor moves the lever from value to value."""
    visitor = Session(server.url)
    await visitor.open()
    id_ = visitor.lever(LEVER)
    for value in values[:WARM_UP]:
        await visitor.move(id_, value)
    before = server.worked()
    for value in values[WARM_UP:]:
        await visitor.move(id_, value)
    worked = server.worked() - before
    await visitor.close()
    return worked / len(values[WARM_UP:])


def _proto(app: AppTest) -> Any:
    return next(each.proto for each in app.get("bidi_component") if each.proto.id.endswith(LEVER))


def _lever(app: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_proto(app).json)
    return found


def _pull(app: AppTest, value: float) -> None:
    """What a browser sends when the lever has been moved."""
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=_proto(app).id, json_value=json.dumps({"value": value})))
    app._run(states)
