"""`cli.py decide`: what fits, what costs least, whether the two agree, and in which order to build."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from commands.shared import as_json
from costmodel.decision.decide import decide
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.book import PriceBook
from report import decision_table

Asked = Callable[[argparse.Namespace], tuple[Scenario, PriceBook, date]]


def add_to(commands: Any, question: Callable[[argparse.ArgumentParser], None], asked: Asked) -> None:
    """Add `decide` to the commands of a parser; `question` adds what names a scenario, `asked` reads it."""
    command = commands.add_parser("decide", help="what fits beside what costs least, and in which order to build")
    question(command)
    command.add_argument("--format", choices=("json", "csv", "table"), default="json")
    command.set_defaults(command=lambda options: _decide(options, asked), name="decide")


def _decide(options: argparse.Namespace, asked: Asked) -> str:
    scenario, book, _ = asked(options)
    run = run_scenario(scenario, book)
    decision = decide(run)
    if options.format == "csv":
        return decision_table.rows_csv(decision)
    if options.format == "table":
        return decision_table.table(run, decision)
    return as_json(decision_table.as_dict(run, decision))
