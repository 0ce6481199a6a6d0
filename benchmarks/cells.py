"""A map of 100 x 100 cells: one evaluation of the model, however many cells there are."""

from __future__ import annotations

from unittest import mock

from benchmarks.measuring import Result, milliseconds, ratio, seconds
from benchmarks.plain import default_scenario
from costmodel import simulate
from costmodel.inputs import Inputs
from costmodel.results import run_scenario
from costmodel.winner_map import axis, ends_of, winner_map
from pricing.catalog import load_book

ACROSS, UP = "workload.queries_per_month", "corpus.updates_per_month"
SIDE, LOOPED = 100, 50


def results() -> list[Result]:
    """The figures of a map."""
    book, scenario = load_book(), default_scenario()
    eligible = run_scenario(scenario, book).eligible
    x, y = (axis(scenario, path, *ends_of(scenario, path), SIDE) for path in (ACROSS, UP))
    cells = [{ACROSS: across, UP: up} for across in x.values[::2] for up in y.values[:1]][:LOOPED]

    def looped() -> None:
        for cell in cells:
            for bill in simulate.simulate(Inputs(scenario, book, cell)).values():
                _ = bill.tco_usd

    def mapped() -> object:
        return winner_map(scenario, book, x, y, eligible)

    with mock.patch.object(simulate, "Inputs", wraps=Inputs) as evaluated:
        mapped()
    measured = seconds({"map": mapped, f"{len(cells)} cells one by one": looped})
    whole, loop = measured.values()
    return [
        Result(f"Evaluations of the model for {SIDE} x {SIDE} cells", float(evaluated.call_count), 1.0),
        Result(
            f"A loop over {SIDE * SIDE:,} cells over the map",
            ratio(loop, whole) * SIDE * SIDE / len(cells),
            20.0,
            most=False,
            note=milliseconds(measured),
        ),
    ]
