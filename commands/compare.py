"""`compare`: two presets or scenario files side by side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from commands.shared import FileProblem, as_json, day, price_rows, scenario_file
from costmodel import files
from costmodel.changes import ScenarioError, check_references, resolved
from costmodel.comparison import Comparison, comparison
from costmodel.other import Other, beginning_with
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Architecture, Scenario
from pricing.book import PriceBook
from pricing.catalog import load_book
from report import compare_table, text
from report import compare_text as words
from report.cost_csv import defused
from report.line_words import component_words
from report.palette import ARCHITECTURES
from report.waterfall import steps_of


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("compare", help="two presets or files side by side: totals, what differs, each line")
    for name in ("a", "b"):
        command.add_argument(name, metavar=name.upper(), help="preset or file")
    command.add_argument("--prices", action="append", default=[], metavar="FILE.csv", help="more or other prices")
    command.add_argument("--restore-prices", action="store_true", help="take the price rows that the files carry")
    command.add_argument("--present", action="store_true", help="present values")
    command.add_argument("--date", type=day, default=None, metavar="YYYY-MM-DD", help="stands for today")
    command.add_argument("--format", choices=("json", "csv", "table"), default="json")
    command.set_defaults(command=_compare, name="compare")


def _compare(options: argparse.Namespace) -> str:
    book = price_rows(options.prices, load_book())
    a = resolved(named_scenario(options.a, book, options), options.date or date.today())
    b = beginning_with(named_scenario(options.b, book, options), a)
    check_references(b, book.with_edits(b.price_edits))
    found = comparison(run_scenario(a, book), b, book, present=options.present)
    names = words.sides(Other(b, "preset" if options.b in PRESETS else "file"), a)
    if options.format == "table":
        return _table(found, names)
    return _csv(found) if options.format == "csv" else as_json(_as_dict(found, names))


def named_scenario(named: str, book: PriceBook, options: argparse.Namespace) -> Scenario:
    """The scenario of a preset or file; with `options.restore_prices` on the prices that the file carries."""
    file = scenario_file(named)
    own = files.on_own_prices(file, book) if options.restore_prices else None
    if own is not None:
        return own
    try:
        check_references(file.scenario, book.with_edits(file.scenario.price_edits))
    except ScenarioError as error:
        hint = "; the file has prices of its own: --restore-prices" if file.prices else ""
        raise FileProblem(f"{named}: {error}{hint}") from None
    return file.scenario


def _lines(found: Comparison, key: Architecture) -> list[dict[str, Any]]:
    return [
        {
            "component": each.component,
            "phase": each.phase,
            "a_usd": each.a_usd,
            "b_usd": each.b_usd,
            "difference_usd": each.delta_usd,
        }
        for each in found.moved(key)
    ]


def _as_dict(found: Comparison, names: words.Sides) -> dict[str, Any]:
    return {
        "a": {"name": found.a.scenario.name, "horizon_months": found.a.horizon, "cheapest": found.winner(found.a)},
        "b": {"name": found.other.name, "horizon_months": found.b.horizon, "cheapest": found.winner(found.b)},
        "months": found.months,
        "present_value": found.present,
        "totals_usd": {
            key: {
                "a": found.totals_a.get(key),
                "b": found.totals_b.get(key),
                "difference": found.more_in_b_usd(key),
            }
            for key in found.either
        },
        "differing": [{"assumption": row.words, "a": row.a, "b": row.b} for row in compare_table.rows(found)],
        "lines": {key: _lines(found, key) for key in found.comparable},
        "notes": [text.plain(each) for each in words.unlike(found, names)],
    }


def _csv(found: Comparison) -> str:
    """Every line of every bill that both sides have."""
    rows: list[Mapping[str, Any]] = [
        {"architecture": key, **line, "component": defused(str(line["component"]))}
        for key in found.comparable
        for line in _lines(found, key)
    ]
    columns = ["architecture", "component", "phase", "a_usd", "b_usd", "difference_usd"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False, lineterminator="\n")


def _table(found: Comparison, names: words.Sides) -> str:
    key = words.subject(found)
    steps = steps_of(found.moved(key)) if key else []
    said = words.verdict(found, names, steps)
    shown, exact = words.totals_rows(found)
    rows = [("", words.totals_head(found)), *((row[0], cells) for row, cells in zip(shown, exact, strict=True))]
    lines = [said.sentence, *(text.plain(each) for each in words.unlike(found, names)), ""]
    lines += [(f"{title:<26}" + "".join(f"{cell:>18}" for cell in cells)).rstrip() for title, cells in rows]
    lines += ["", *(f"{row.words}: {row.a} | {row.b}" for row in compare_table.rows(found))]
    if key is not None:
        money = text.money_of(found.a)
        lines += ["", f"{ARCHITECTURES[key].name}, A to B"]
        moved = [each for each in found.moved(key) if each.delta_usd]
        amounts = [(component_words(each.component), each.phase, money.exact(each.delta_usd)) for each in moved]
        lines += [f"{component:<34}{phase:<12}{amount:>16}" for component, phase, amount in amounts]
    return "\n".join(lines).rstrip() + "\n"
