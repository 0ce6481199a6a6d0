"""`cli.py export`: the result as a file to take along, of any kind that the report offers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from commands.shared import FileProblem, add_base_url, add_out, refuse_terminal, seed, write_out
from costmodel.changes import changed
from costmodel.ranges import ranges_of
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from costmodel.uncertainty import Uncertainty, rounded_up, uncertainty
from pricing.book import PriceBook
from report.exports import KINDS, ExportProblem, written
from report.imprint import imprint

Asked = Callable[[argparse.Namespace], tuple[Scenario, PriceBook, date]]


def add_to(commands: Any, question: Callable[[argparse.ArgumentParser], None], asked: Asked) -> None:
    """Add `export` to the commands of a parser; `question` adds what names a scenario, `asked` reads it."""
    command = commands.add_parser("export", help="the result as a file: CSV, Excel, memo or JSON")
    question(command)
    kinds = "; ".join(f"{kind.name}: {kind.label}" for kind in KINDS.values())
    command.add_argument("--kind", required=True, choices=tuple(KINDS), help=kinds)
    add_out(command)
    add_base_url(command)
    command.add_argument("--present", action="store_true", help="present values")
    command.add_argument(
        "--draws", type=int, default=None, metavar="N", help="say how sure it is, from so many draws; csv and memos"
    )
    command.add_argument("--seed", type=seed, default=None, metavar="S", help="of the draws; default 1")
    command.add_argument("--contents", default=None, metavar="A,B", help="sections of a memo, in order")
    command.set_defaults(command=lambda options: _export(options, asked), name="export")


def _export(options: argparse.Namespace, asked: Asked) -> bytes:
    kind = KINDS[options.kind]
    _check(options)
    if not kind.is_text:
        refuse_terminal(options.out, f"{kind.label} ({kind.name})")
    scenario, book, today = asked(options)
    run = run_scenario(scenario, book)
    stamp = imprint(run, today, present=options.present or None, base_url=options.base_url)
    contents = None if options.contents is None else [word.strip() for word in options.contents.split(",")]
    try:
        content = written(kind.name, stamp, uncertainty=_drawn(run, book, options), contents=contents)
    except ExportProblem as error:
        raise FileProblem(str(error)) from None
    write_out(options.out, content)
    return b""


def _check(options: argparse.Namespace) -> None:
    """FileProblem for options that the kind of file has no use for."""
    kind = KINDS[options.kind]
    if options.draws is None and options.seed is not None:
        raise FileProblem("--seed is of draws; give their number too: --draws N")
    if options.draws is not None and not kind.takes_draws:
        others = ", ".join(each.name for each in KINDS.values() if each.takes_draws)
        raise FileProblem(f"--draws: {kind.name} holds no draws; use --kind {others}, or cli.py uncertainty")
    if options.contents is not None and not kind.takes_contents:
        others = ", ".join(each.name for each in KINDS.values() if each.takes_contents)
        raise FileProblem(f"--contents: {kind.name} has no sections to choose; use --kind {others}")


def _drawn(run: Run, book: PriceBook, options: argparse.Namespace) -> Uncertainty | None:
    """The draws asked for, of the scenario's ranges or of those suggested for it; None for none."""
    if options.draws is None:
        return None
    ranges = {path: each.model_dump() for path, each in ranges_of(run).items()}
    scenario = changed(run.scenario, {"uncertainty": ranges})
    first = 1 if options.seed is None else options.seed
    return uncertainty(scenario, book, rounded_up(options.draws), first, present=options.present)
