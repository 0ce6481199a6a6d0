"""Many draws: the whole of the Uncertainty page's work over the same fan and chances by hand."""

from __future__ import annotations

from itertools import count

from benchmarks import floor, recipe
from benchmarks.measuring import Result, milliseconds, ratio, seconds
from benchmarks.plain import plain, points, uncertain_scenario
from costmodel.distributions import Draws
from costmodel.inputs import Inputs
from costmodel.simulate import simulate
from costmodel.uncertainty import uncertainty
from pricing.catalog import load_book

DRAWS = 8_192
LOOPED = 64
"""Draws of which each is worked out alone; the time of all of them is that many times longer."""


def results() -> list[Result]:
    """The figures of 8,192 draws over 36 months with all four architectures."""
    book, scenario = load_book(), uncertain_scenario()
    numbers, months = plain(scenario, book), scenario.finance.horizon_months + 1
    values, _ = Draws(scenario.uncertainty, seed=1).next(DRAWS)
    alone = [{path: float(each[draw]) for path, each in values.items()} for draw in range(LOOPED)]

    def looped() -> None:
        for each in alone:
            for bill in simulate(Inputs(scenario, book, each)).values():
                bill.monthly_usd.cumsum()

    seeds = count(1)  # draws that were made before are remembered; the floor makes them anew each time
    measured = seconds(
        {
            "model": lambda: uncertainty(scenario, book, DRAWS, next(seeds)),
            "floor": lambda: floor.fan(numbers, points(numbers, DRAWS)),
            "recipe": lambda: recipe.fan(DRAWS, months, len(scenario.finance.compared)),
            f"{LOOPED} draws one by one": looped,
        }
    )
    model, by_hand, bare, loop = measured.values()
    return [
        Result(
            f"{DRAWS:,} draws x 36 months, fan and chances, over the floor",
            ratio(model, by_hand),
            2.0,
            note=milliseconds({"model": model, "floor": by_hand}),
        ),
        Result(
            "That floor over the bare recipe",
            ratio(by_hand, bare),
            1.3,
            note=milliseconds({"floor": by_hand, "recipe": bare}),
        ),
        Result(
            f"A loop over {DRAWS:,} draws over one batch of them",
            ratio(loop, model) * DRAWS / LOOPED,
            20.0,
            most=False,
            note=f"{milliseconds({f'{LOOPED} draws one by one': loop})}, times {DRAWS // LOOPED}",
        ),
    ]
