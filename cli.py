"""Crossover without a browser: the same answers from the command line.

python cli.py run [PRESET | FILE.json] [--set path=value ...] [--prices FILE.csv ...] [--restore-prices]
                  [--date YYYY-MM-DD] [--format json|csv|table]
python cli.py crossover [PRESET | FILE.json] --driver PATH [--low N] [--high N] [--present] [...] [--format json|table]
python cli.py decide [PRESET | FILE.json] [...] [--format json|csv|table]
python cli.py map [PRESET | FILE.json] [--x PATH] [--y PATH] [--cells N] [--present] [...] [--format json|csv|table]
python cli.py sensitivity [PRESET | FILE.json] [--of ARCH] [--less ARCH] [--seek PATH] [--present]
                          [...] [--format json|csv|table]
python cli.py uncertainty [PRESET | FILE.json] [--draws N] [--seed S] [--present] [...] [--format json|csv|table]
python cli.py compare A B [--present] [--prices FILE.csv ...] [--restore-prices] [...] [--format json|csv|table]
python cli.py ledger [PRESET | FILE.json] [...] [--explain ARCH.COMPONENT.MONTH] [--format csv|json|table]
python cli.py export [PRESET | FILE.json] --kind csv|ledger|xlsx|md|html|docx|json [--out F] [--present] [--draws N]
                     [--seed S] [--contents A,B] [--base-url URL] [...]
python cli.py chart [PRESET | FILE.json] --name cumulative|monthly|components|waterfall|months|crossover|map|odds_map|
                    tornado|fan|probability|break_even|compare|difference [--format png|svg|html|json] [--out F]
                    [--dark] [--scale 1|2] [--width PX] [--present] [--base-url URL] [--driver PATH] [--low N]
                    [--high N] [--axes log|linear] [--x PATH] [--y PATH] [--of ARCH] [--less ARCH] [--from ARCH]
                    [--to ARCH] [--every] [--draws N] [--seed S] [--with PRESET | FILE.json] [...]
python cli.py presets [--format json|table]
python cli.py examples [--dir DIR] [--format json|table]
python cli.py prices list [--group GROUP] [--search WORDS] [--prices FILE.csv ...] [--format table|csv|json]
python cli.py prices show PRICE_ID|PROVIDER/ITEM [--prices FILE.csv ...] [--format table|json]
python cli.py prices check [--prices FILE.csv ...] [--max-age DAYS] [--format table|json]
python cli.py prices diff BOOK_A BOOK_B [--common] [--format table|json]
python cli.py schema
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from commands import chart, compare, decide, export, prices, questions
from commands.shared import STANDARD_OUTPUT, FileProblem, as_json, day, price_rows, scenario_file, write_out
from costmodel import MODEL_VERSION, files
from costmodel.changes import ScenarioError, changed, check_references, parsed_setting, resolved
from costmodel.files import ScenarioFile
from costmodel.made_with import book_of, compared, restored
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.published import EXAMPLES, Example, ExampleError, FigureResult, read_each, told
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.book import PriceBook, PriceError
from pricing.catalog import load_book
from report import cost_csv, ledger_text, made_with_text, text
from report.explained import NoSuchLine, explained, parsed_line
from report.imprint import imprint
from report.palette import ARCHITECTURES

DIFFERS = 1
BAD_INPUT = 2
LONGEST_LINE = 1_000
"""Of what argparse says; it repeats what was typed."""


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        line = line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}..."
        self.exit(BAD_INPUT, f"{self.prog}: {line}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with one clear line for bad input.

    1 says that an example differs or that a check of the prices found something.
    """
    parser, given = _parser(), sys.argv[1:] if arguments is None else list(arguments)
    for each in given:
        if each.startswith("--") and each.partition("=")[2] == "--":  # argparse would make an empty list of it
            parser.error(f"{each}: -- is no value of an option")
    options = parser.parse_args(given)
    try:
        outcome: str | bytes | tuple[str, int] = options.command(options)
        content, status = outcome if isinstance(outcome, tuple) else (outcome, 0)
        write_out(STANDARD_OUTPUT, content.encode("utf-8") if isinstance(content, str) else content)
    except (ScenarioError, PriceError, FileProblem, ExampleError, NoSuchLine) as error:
        print(f"cli.py {options.name}: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="cli.py", description="RAG, fine-tuning or hybrid: which is cheaper, and from when?")
    parser.add_argument("--version", action="version", version=f"model {MODEL_VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="totals, crossings and the cheapest architecture of one scenario")
    _question(run)
    run.add_argument("--format", choices=("json", "csv", "table"), default="json")
    run.set_defaults(command=_run, name="run")
    decide.add_to(commands, _question, _asked)
    questions.add_to(commands, _question, _asked)
    compare.add_to(commands)
    export.add_to(commands, _question, _asked)
    chart.add_to(commands, _question, _asked)
    ledger = commands.add_parser("ledger", help="every line of every bill, and what any of them is made of")
    _question(ledger)
    ledger.add_argument("--explain", default=None, metavar="ARCH.COMPONENT.MONTH", help="show how a line came about")
    ledger.add_argument("--format", choices=("csv", "json", "table"), default=None)
    ledger.set_defaults(command=_ledger, name="ledger")
    presets = commands.add_parser("presets", help="the scenarios to start from")
    presets.add_argument("--format", choices=("json", "table"), default="json")
    presets.set_defaults(command=_presets, name="presets")
    examples = commands.add_parser("examples", help="figures that others published, beside ours")
    examples.add_argument("--dir", type=Path, default=EXAMPLES, metavar="DIR", help="example files of your own")
    examples.add_argument("--format", choices=("json", "table"), default="json")
    examples.set_defaults(command=_examples, name="examples")
    prices.add_to(commands)
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
    command.add_argument(
        "--restore-prices", action="store_true", help="take the price rows that the scenario file carries"
    )
    command.add_argument("--date", type=day, default=None, metavar="YYYY-MM-DD", help="stands for today")


def _asked(options: argparse.Namespace) -> tuple[Scenario, PriceBook, date]:
    """The scenario of the command line with its start month resolved, the book, and the day that stands for today."""
    today = options.date or date.today()
    file = scenario_file(options.scenario)
    if options.restore_prices and not file.prices:
        raise FileProblem(f"{options.scenario} carries no price rows, so there are none to restore")
    base = restored(load_book(), file.prices) if options.restore_prices else load_book()
    book = price_rows(options.prices, base)
    settings = dict(parsed_setting(setting) for setting in options.set)
    scenario = file.scenario
    scenario = resolved(changed(scenario, settings, book) if settings else scenario, today)
    try:
        check_references(scenario, book.with_edits(scenario.price_edits))
    except ScenarioError as error:
        if file.prices and not options.restore_prices:
            raise ScenarioError([f"{error}; the file has prices of its own: --restore-prices"]) from None
        raise
    _tell_what_it_was_made_with(file, book, options)
    return scenario, book, today


def _tell_what_it_was_made_with(file: ScenarioFile, book: PriceBook, options: argparse.Namespace) -> None:
    """A line on standard error with the totals of then and now, for a file made under another book or model."""
    if file.made is None:
        return
    run = Run(resolved(file.scenario, options.date or date.today()), book)
    found = compared(file.made, run)
    if found is None or (options.restore_prices and found.same_model and not found.moved):
        return
    hint = " --restore-prices brings the prices of the file back." if found.moved and file.prices else ""
    words = made_with_text.note(found, text.money_of(run))
    print(f"cli.py {options.name}: {words}{'' if options.restore_prices else hint}", file=sys.stderr)


def _run(options: argparse.Namespace) -> str:
    scenario, book, today = _asked(options)
    result = run_scenario(scenario, book)
    if options.format == "csv":
        return cost_csv.summary(imprint(result, today))
    if options.format == "table":
        return _table(result)
    answer = result.as_dict()
    return as_json({"model_version": answer.pop("model_version"), "price_book": book_of(result), **answer})


def _ledger(options: argparse.Namespace) -> str:
    scenario, book, today = _asked(options)
    result = run_scenario(scenario, book)
    if options.explain is None:
        if options.format == "json":
            return as_json(ledger_text.rows(result))
        return ledger_text.table(result) if options.format == "table" else cost_csv.full_ledger(imprint(result, today))
    if options.format == "csv":
        raise NoSuchLine("an explanation is no table; use --format table or json with --explain")
    address = parsed_line(result, options.explain)
    lines = explained(result, *address)
    if options.format == "json":
        return as_json([ledger_text.as_dict(line) for line in lines])
    return ledger_text.explanation(result, address, lines)


def _presets(options: argparse.Namespace) -> str:
    rows = [
        {
            "id": preset.id,
            "name": preset.name,
            "reason": preset.reason,
            "advice": preset.advice,
            "advises": preset.advises,
        }
        for preset in PRESETS.values()
    ]
    if options.format == "json":
        return as_json(rows)
    return "".join(f"{row['id']:<22}{row['name']}\n{'':<22}{row['advice']}\n" for row in rows)


def _examples(options: argparse.Namespace) -> tuple[str, int]:
    """Every figure of every example of a directory; what is broken or differs has a line on standard error."""
    found: dict[Example, tuple[FigureResult, ...]] = {}
    wrong: list[ExampleError] = []
    for each in read_each(options.dir):
        if isinstance(each, ExampleError):
            wrong.append(each)
            continue
        try:
            found[each] = each.figures(load_book())
        except ExampleError as error:
            wrong.append(error)
    rows = [row for figures in found.values() for row in figures]
    differing = [f"{row.id}, '{row.figure}': {row.reason}" for row in rows if row.verdict == "differs"]
    for line in (*wrong, *differing):
        print(f"cli.py examples: {line}", file=sys.stderr)
    status = BAD_INPUT if wrong else DIFFERS if differing else 0
    if options.format == "table":
        return _example_table(found), status
    return as_json({"examples": [row.as_dict() for row in rows]}) if rows else "", status


def _example_table(found: Mapping[Example, Sequence[FigureResult]]) -> str:
    lines = []
    for example, figures in found.items():
        head = f"{'published':>22}{'expected':>18}{'ours':>18}"
        lines += [f"{example.id}  {example.title} ({example.source})", head]
        for each in figures:
            published = each.published_as or told(each.published)
            beside = f"{published:>22}{told(each.expected):>18}{told(each.ours):>18}"
            lines.append(f"{beside}  {each.verdict:<24}{each.figure}{f' [{each.unit}]' if each.unit else ''}")
            if each.reason:
                lines.append(f"{'':<60}{each.reason}")
        lines.append("")
    return "\n".join(lines)


def _schema(options: argparse.Namespace) -> str:
    return as_json(files.schema())


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
    lines += [text.plain(text.agreement(run))] if run.scenario.preset else []
    lines += [f"Note: {warning}" for warning in run.warnings]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
