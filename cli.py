"""Crossover without a browser: the same answers from the command line.

python cli.py run [PRESET | FILE.json] [--set path=value ...] [--prices FILE.csv ...]
                  [--date YYYY-MM-DD] [--format json|csv|table]
python cli.py crossover [PRESET | FILE.json] --driver PATH [--low N] [--high N] [...] [--format json|table]
python cli.py presets [--format json|table]
python cli.py schema
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from costmodel import MODEL_VERSION, files
from costmodel.changes import ScenarioError, changed, check_references, parsed_setting, resolved
from costmodel.crossover import crossovers
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.book import PriceBook, PriceError
from pricing.catalog import load_book, read_price_file
from report import cost_csv, text
from report.palette import ARCHITECTURES

BAD_INPUT = 2


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with one clear line for bad input."""
    options = _parser().parse_args(arguments)
    try:
        content: str = options.command(options)
    except (ScenarioError, PriceError, FileProblem) as error:
        print(f"cli.py {options.name}: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    try:
        sys.stdout.buffer.write(content.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="cli.py", description="RAG, fine-tuning or hybrid: which is cheaper, and from when?")
    parser.add_argument("--version", action="version", version=f"model {MODEL_VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="totals, crossings and the cheapest architecture of one scenario")
    _question(run)
    run.add_argument("--format", choices=("json", "csv", "table"), default="json")
    run.set_defaults(command=_run, name="run")
    cross = commands.add_parser("crossover", help="where two totals cross along one driver")
    _question(cross)
    cross.add_argument("--driver", required=True, metavar="PATH", help="a number of the scenario, or price:<price_id>")
    cross.add_argument("--low", type=_number, default=None, help="from here")
    cross.add_argument("--high", type=_number, default=None, help="to here")
    cross.add_argument("--format", choices=("json", "table"), default="json")
    cross.set_defaults(command=_crossover, name="crossover")
    presets = commands.add_parser("presets", help="the scenarios to start from")
    presets.add_argument("--format", choices=("json", "table"), default="json")
    presets.set_defaults(command=_presets, name="presets")
    schema = commands.add_parser("schema", help="JSON Schema of a scenario file")
    schema.set_defaults(command=_schema, name="schema")
    return parser


def _question(command: argparse.ArgumentParser) -> None:
    """What every command that answers a scenario takes."""
    command.add_argument(
        "scenario", nargs="?", default=DEFAULT_PRESET, help=f"preset or file; default {DEFAULT_PRESET}"
    )
    command.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="change one field")
    command.add_argument("--prices", action="append", default=[], metavar="FILE.csv", help="more or other prices")
    command.add_argument("--date", type=_day, default=None, metavar="YYYY-MM-DD", help="stands for today")


class FileProblem(ValueError):
    """A file that cannot be read."""


def _day(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is not a day; write it as YYYY-MM-DD") from None
    if not 1990 <= day.year <= 2190:
        raise argparse.ArgumentTypeError(f"{written} is out of limits; use a day from 1990 to 2190")
    return day


def _number(written: str) -> float:
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{written!r} is not a number")
    return number


def _asked(options: argparse.Namespace) -> tuple[Scenario, PriceBook, date]:
    """The scenario of the command line with its start month resolved, the book, and the day that stands for today."""
    today = options.date or date.today()
    book = _book(options.prices)
    scenario = _scenario(options.scenario)
    settings = dict(parsed_setting(setting) for setting in options.set)
    scenario = resolved(changed(scenario, settings, book) if settings else scenario, today)
    check_references(scenario, book.with_edits(scenario.price_edits))
    return scenario, book, today


def _run(options: argparse.Namespace) -> str:
    scenario, book, today = _asked(options)
    result = run_scenario(scenario, book)
    if options.format == "csv":
        return cost_csv.summary(result, today)
    if options.format == "table":
        return _table(result)
    return _json(result.as_dict())


def _crossover(options: argparse.Namespace) -> str:
    scenario, book, _ = _asked(options)
    found = crossovers(scenario, book, options.driver, options.low, options.high)
    if options.format == "json":
        return _json(found.as_dict())
    return "\n".join(text.plain(line) for line in text.crossover_lines(found)) + "\n"


def _book(paths: Sequence[str]) -> PriceBook:
    try:
        rows = [row for path in paths for row in read_price_file(Path(path))]
    except OSError as error:
        raise FileProblem(f"--prices {error.filename}: cannot be read ({error.strerror})") from None
    return load_book().with_rows(rows) if rows else load_book()


def _scenario(named: str) -> Scenario:
    if named in PRESETS:
        return PRESETS[named].scenario
    path = Path(named)
    if not named.strip() or (not path.suffix and not path.exists()):
        raise FileProblem(f"{named!r} is neither a preset ({', '.join(PRESETS)}) nor a file")
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileProblem(f"{named}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise FileProblem(f"{named}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    return files.read(content, path.name)


def _presets(options: argparse.Namespace) -> str:
    rows = [
        {"id": preset.id, "name": preset.name, "reason": preset.reason, "advice": preset.advice}
        for preset in PRESETS.values()
    ]
    if options.format == "json":
        return _json(rows)
    return "".join(f"{row['id']:<22}{row['name']}\n{'':<22}{row['advice']}\n" for row in rows)


def _schema(options: argparse.Namespace) -> str:
    return _json(Scenario.model_json_schema())


def _json(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _table(run: Run) -> str:
    money = text.money_of(run)
    lines = [text.verdict(run).sentence, ""]
    lines.append(f"{'':<14}{'total':>16}{'one-time':>16}{'per month at end':>18}{'per query':>12}")
    for key, answer in run.answers.items():
        name = ARCHITECTURES[key].name
        if answer.missing:
            lines.append(f"{name:<14}not known: {run.excluded[key]}")
            continue
        cells = (money.exact(answer.tco_usd), money.exact(answer.phase_usd("one_time")))
        per_query = "-" if answer.cost_per_query_usd is None else money(answer.cost_per_query_usd)
        lines.append(f"{name:<14}{cells[0]:>16}{cells[1]:>16}{money.exact(answer.run_rate_usd):>18}{per_query:>12}")
    lines += ["", *(text.plain(text.overtaking(each)) for each in run.crossings)]
    lines += [f"Note: {warning}" for warning in run.warnings]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
