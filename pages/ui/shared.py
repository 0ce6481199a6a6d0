"""What several visitors ask alike, worked out once in this process: people meet on presets and links, levers on stops.

All of it follows from a scenario and the book; nothing in it belongs to a session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ParamSpec, TypeVar

from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book

Asked = ParamSpec("Asked")
Found = TypeVar("Found")

MOST = 64
"""So many scenarios are remembered, the last ones that anybody asked for: about 20 MiB."""


@dataclass(frozen=True)
class _Question:
    """A scenario that equals another one when every field in it does."""

    words: str
    scenario: Scenario = field(compare=False)


def run_of(scenario: Scenario) -> Run:
    """The answers for a scenario, whoever asked first. ScenarioError when it cannot be run."""
    return _run(_Question(scenario.model_dump_json(), scenario))


@lru_cache(maxsize=MOST)
def _run(asked: _Question) -> Run:
    return run_scenario(asked.scenario, load_book())


def once(make: Callable[Asked, Found], most: int = MOST) -> Callable[Asked, Found]:
    """A function of runs and what was found for them, made to remember: the same run is one and the same object."""
    remembered = lru_cache(maxsize=most)(make)
    _all.append(remembered.cache_clear)
    return remembered


_all: list[Callable[[], None]] = [_run.cache_clear]


def forget() -> None:
    """Begin again with nothing remembered."""
    for clear in _all:
        clear()
