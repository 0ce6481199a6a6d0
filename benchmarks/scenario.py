"""One scenario, all totals: the model over the same arithmetic in bare NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from unittest import mock

import numpy as np

from benchmarks import floor
from benchmarks.measuring import Result, milliseconds, ratio, seconds
from benchmarks.plain import NUMBERS, default_scenario, plain
from costmodel import ledger
from costmodel.changes import changed
from costmodel.fields import value_at
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS, Scenario
from pricing.catalog import load_book

MOST = 5.0
SCENARIOS = 1_000
"""So many different scenarios are gone through, so that none is met again while something of it is still known."""


def results() -> list[Result]:
    """The figures of one scenario."""
    book = load_book()
    numbers = plain(default_scenario(), book)

    def model(scenarios: Iterator[Scenario]) -> Callable[[], object]:
        return lambda: totals(next(scenarios))

    def totals(scenario: Scenario) -> dict[str, float]:
        return {key: answer.tco_usd for key, answer in run_scenario(scenario, book).answers.items()}

    measured = seconds(
        {
            "bare": lambda: floor.totals(numbers),
            "lever": model(cycle(with_a_lever_moved(SCENARIOS))),
            "new": model(cycle(with_every_number_new(SCENARIOS))),
        }
    )
    with mock.patch.object(ledger, "frame", wraps=ledger.frame) as built:
        totals(default_scenario())
    return [
        Result(
            f"One scenario, all totals: {name}, over bare NumPy",
            ratio(measured[side], measured["bare"]),
            MOST,
            note=milliseconds({side: measured[side], "bare": measured["bare"]}),
        )
        for side, name in (("lever", "after a lever moved"), ("new", "every number new"))
    ] + [Result("Ledger frames built for totals", float(built.call_count), 0.0)]


def with_a_lever_moved(count: int) -> list[Scenario]:
    """The default preset at so many different volumes."""
    path = "workload.queries_per_month"
    now = value_at(default_scenario(), path)
    return [default_scenario(**{path: now * (1 + number / count)}) for number in range(count)]


def with_every_number_new(count: int, seed: int = 1) -> list[Scenario]:
    """The default preset with every number that is not 0, whole or at a limit up to a tenth smaller."""
    scenario, random = default_scenario(), np.random.default_rng(seed)
    paths = [path for path in NUMBERS.values() if FIELDS[path].kind == "number" and value_at(scenario, path)]

    def smaller(path: str) -> float:
        return max(FIELDS[path].low or 0.0, float(value_at(scenario, path)) * (1.0 - 0.1 * random.random()))

    return [changed(scenario, {path: smaller(path) for path in paths}) for _ in range(count)]
