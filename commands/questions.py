"""`cli.py crossover`, `map`, `sensitivity`, `uncertainty`: who wins where, what would change that, how sure it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from commands.shared import as_json, number, seed
from costmodel.changes import ScenarioError, changed
from costmodel.crossover import crossovers
from costmodel.odds_map import CELLS as ODDS_CELLS
from costmodel.odds_map import DRAWS as ODDS_DRAWS
from costmodel.odds_map import odds_map
from costmodel.ranges import suggested
from costmodel.results import run_scenario
from costmodel.scenario import ARCHITECTURES, Architecture, Scenario
from costmodel.sensitivity import flips, goal_seek, now_of, tornado
from costmodel.uncertainty import DRAWS, rounded_up, uncertainty
from costmodel.winner_map import CELLS, Axis, axis, ends_of, winner_map
from pricing.book import PriceBook
from report import questions_table
from report.crossover_text import crossover_lines
from report.sentence import plain, totals

Asked = Callable[[argparse.Namespace], tuple[Scenario, PriceBook, date]]
Question = Callable[[argparse.ArgumentParser], None]
FORMATS = ("json", "csv", "table")
MOST_ODDS = 2**25
"""Scenarios of a map of odds at most: some minutes of work."""


def add_to(commands: Any, question: Question, asked: Asked) -> None:
    """Add the four commands to a parser; `question` adds what names a scenario, `asked` reads it."""
    _add_crossover(commands, question, asked)
    _add_map(commands, question, asked)
    _add_sensitivity(commands, question, asked)
    _add_uncertainty(commands, question, asked)


def _add_present(command: argparse.ArgumentParser, *also: str) -> None:
    command.add_argument("--present", *also, action="store_true", dest="present", help="costs in present value")


def _add_crossover(commands: Any, question: Question, asked: Asked) -> None:
    command = commands.add_parser("crossover", help="where two totals cross along one driver")
    question(command)
    path_help = "a number of the scenario, or price:<price_id>"
    command.add_argument("--driver", required=True, metavar="PATH", help=path_help)
    command.add_argument("--low", type=number, default=None, help="from here")
    command.add_argument("--high", type=number, default=None, help="to here")
    _add_present(command)
    command.add_argument("--format", choices=("json", "table"), default="json")
    command.set_defaults(command=lambda options: _crossover(options, asked), name="crossover")


def _crossover(options: argparse.Namespace, asked: Asked) -> str:
    scenario, book, _ = asked(options)
    found = crossovers(scenario, book, options.driver, options.low, options.high, options.present)
    if options.format == "json":
        return as_json(found.as_dict())
    return "\n".join(plain(line) for line in crossover_lines(found)) + "\n"


def _add_map(commands: Any, question: Question, asked: Asked) -> None:
    command = commands.add_parser("map", help="who is cheapest over two drivers")
    question(command)
    for name, driver in (("x", "workload.queries_per_month"), ("y", "corpus.updates_per_month")):
        command.add_argument(f"--{name}", default=driver, metavar="PATH", help=f"a number; default {driver}")
        command.add_argument(f"--{name}-low", type=number, default=None, help="from here")
        command.add_argument(f"--{name}-high", type=number, default=None, help="to here")
    cells_help = f"values along each axis; default {CELLS}, with --draws {ODDS_CELLS}"
    command.add_argument("--cells", type=int, default=None, help=cells_help)
    draws_help = f"how often each is cheapest in so many draws at every cell, a power of two such as {ODDS_DRAWS}"
    command.add_argument("--draws", type=int, default=None, help=draws_help)
    command.add_argument("--seed", type=seed, default=1, help="of --draws: the same seed gives the same numbers")
    _add_present(command)
    command.add_argument("--format", choices=FORMATS, default="json")
    command.set_defaults(command=lambda options: _map(options, asked), name="map")


def _map(options: argparse.Namespace, asked: Asked) -> str:
    scenario, book, _ = asked(options)
    run = run_scenario(scenario, book)
    usual = CELLS if options.draws is None else ODDS_CELLS
    cells = usual if options.cells is None else options.cells

    def along(path: str, low: float | None, high: float | None) -> Axis:
        least, most = ends_of(scenario, path)
        return axis(scenario, path, least if low is None else low, most if high is None else high, cells)

    x = along(options.x, options.x_low, options.x_high)
    y = along(options.y, options.y_low, options.y_high)
    if options.draws is not None:
        return _odds(options, scenario, book, x, y, run.eligible)
    found = winner_map(scenario, book, x, y, run.eligible, options.present)
    if options.format == "csv":
        return questions_table.map_csv(found)
    if options.format == "table":
        return questions_table.map_table(found, options.present)
    return as_json(questions_table.map_dict(found, options.present))


def _odds(
    options: argparse.Namespace, scenario: Scenario, book: PriceBook, x: Axis, y: Axis, eligible: Sequence[Architecture]
) -> str:
    draws = _rounded_up(options)
    if (asked := len(x.values) * len(y.values) * draws) > MOST_ODDS:
        cells = f"{len(x.values)} x {len(y.values)} cells x {draws:,} draws"
        raise ScenarioError(
            [f"{cells} are {asked:,} scenarios; ask for {MOST_ODDS:,} at most: lower --cells or --draws"]
        )
    ranges = _with_ranges(scenario, book, options.name).uncertainty
    found = odds_map(scenario, book, x, y, eligible, ranges, draws=draws, seed=options.seed, present=options.present)
    if options.format == "csv":
        return questions_table.odds_csv(found)
    if options.format == "table":
        return questions_table.odds_table(found, options.present)
    return as_json(questions_table.odds_dict(found, options.present))


def _add_sensitivity(commands: Any, question: Question, asked: Asked) -> None:
    command = commands.add_parser("sensitivity", help="what the answer hangs on, and what would flip it")
    question(command)
    command.add_argument("--of", choices=ARCHITECTURES, default=None, help="whose total; default the cheapest's")
    command.add_argument("--less", choices=ARCHITECTURES, default=None, help="measure the difference from this one's")
    command.add_argument("--seek", default=None, metavar="PATH", help="what must this number be for --of to win?")
    command.add_argument("--month", type=int, default=None, help="by which month; default the horizon")
    command.add_argument("--low", type=number, default=None, help="seek from here")
    command.add_argument("--high", type=number, default=None, help="to here")
    _add_present(command)
    command.add_argument("--format", choices=FORMATS, default="json")
    command.set_defaults(command=lambda options: _sensitivity(options, asked), name="sensitivity")


def _sensitivity(options: argparse.Namespace, asked: Asked) -> str:
    scenario, book, _ = asked(options)
    scenario = _with_ranges(scenario, book, options.name)
    run, present = run_scenario(scenario, book), options.present
    best = run.cheapest_of(totals(run, present))
    of: Architecture = options.of or (next(iter(run.answers)) if best is None else best)
    less: Architecture | None = options.less
    if options.seek is not None:
        sought = goal_seek(scenario, book, options.seek, of, options.month, options.low, options.high, present)
        now = now_of(scenario, book, options.seek)
        if options.format == "json":
            return as_json(questions_table.sought_dict(sought, now))
        return questions_table.sought_table(sought, now, csv=options.format == "csv")
    swings, found = tornado(scenario, book, of, less, present), flips(run, book, present=present)
    if options.format == "csv":
        return questions_table.swings_csv(swings, found, of, less)
    if options.format == "table":
        return questions_table.swings_table(run, swings, found, of, less, present)
    return as_json(questions_table.swings_dict(run, swings, found, of, less, present))


def _add_uncertainty(commands: Any, question: Question, asked: Asked) -> None:
    command = commands.add_parser("uncertainty", help="how sure the answer is")
    question(command)
    command.add_argument("--draws", type=int, default=DRAWS, help=f"a power of two; default {DRAWS:,}")
    command.add_argument("--seed", type=seed, default=1, help="the same seed gives the same numbers; default 1")
    _add_present(command, "--present-value")
    command.add_argument("--format", choices=FORMATS, default="json")
    command.set_defaults(command=lambda options: _uncertainty(options, asked), name="uncertainty")


def _uncertainty(options: argparse.Namespace, asked: Asked) -> str:
    scenario, book, _ = asked(options)
    used = _rounded_up(options)
    scenario = _with_ranges(scenario, book, options.name)
    found = uncertainty(scenario, book, used, options.seed, present=options.present)
    if options.format == "csv":
        return questions_table.draws_csv(found)
    if options.format == "table":
        return questions_table.draws_table(run_scenario(scenario, book), found)
    return as_json(found.as_dict())


def _rounded_up(options: argparse.Namespace) -> int:
    """As many draws as are taken for those asked for; said on standard error where they are more."""
    used = rounded_up(options.draws)
    if used != options.draws:
        print(f"cli.py {options.name}: {used:,} draws, the next power of two after {options.draws:,}", file=sys.stderr)
    return used


def _with_ranges(scenario: Scenario, book: PriceBook, command: str) -> Scenario:
    """The scenario, with ranges to begin with when it has none of its own; said on standard error."""
    if scenario.uncertainty:
        return scenario
    ranges = {path: each.spread.model_dump() for path, each in suggested(run_scenario(scenario, book)).items()}
    if not ranges:
        return scenario
    print(
        f"cli.py {command}: the scenario has no ranges; {len(ranges)} to begin with are used, published ones and "
        "±50% of what is a guess",
        file=sys.stderr,
    )
    return changed(scenario, {"uncertainty": ranges})
