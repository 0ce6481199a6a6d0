"""What the coloured tracks of the levers take of a rerun of the Overview on the server: found, and put into colours."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from benchmarks.bare.capture import LEVER, opened
from benchmarks.measuring import Result
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
    with clocked() as clock:
        for value in stops[len(stops) // 2 :][: WARM_UP + RERUNS]:
            _pull(app, value)
    pairs = list(zip(clock.inside, clock.reruns, strict=True))[WARM_UP:]
    share = statistics.median(inside / rerun for inside, rerun in pairs)
    inside, rerun = (statistics.median(each) * 1e3 for each in zip(*pairs, strict=True))
    note = f"{inside:.3g} of {rerun:.3g} ms of the script's processor time"
    return [Result("The coloured tracks, share of a rerun on the server", share, SHARE, note=note)]


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
