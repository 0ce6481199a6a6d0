"""`cli.py prices`: rows of the book, one price in full, the check of the book, and what moved between two books."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from commands.shared import FileProblem, as_json, day, days, shipped_with, text_of
from costmodel import files
from costmodel.defaults import defaults, references
from costmodel.presets import PRESETS
from costmodel.scenario import FIELDS
from costmodel.vector_store import STORE_METERS
from pricing import compare, health
from pricing.book import Plan, PriceBook, PriceError, parse_price_id
from pricing.catalog import book_id, load_book, tables_with_release
from pricing.exporting import as_dict, rows_csv
from pricing.price import Price
from pricing.price_files import content_of
from pricing.row_reader import read_prices
from pricing.shown import quoted
from pricing.sources import is_sourced
from pricing.units import GROUPS
from report import book_text

FOUND = 1
TRAINED = ("training", "hosting")


def add_to(commands: Any) -> None:
    """Add `prices` and what it can do to the commands of a parser."""
    prices = commands.add_parser("prices", help="the price book: its rows, its health, and what moved")
    found = prices.add_subparsers(title="commands", required=True, metavar="COMMAND")

    every = found.add_parser("list", help="rows of the book")
    every.add_argument("--group", choices=GROUPS, default=None, metavar="GROUP", help=", ".join(GROUPS))
    every.add_argument("--search", default="", metavar="WORDS", help="in the price id, the source or the note")
    _more(every, _list, "prices list", ("table", "csv", "json"))

    show = found.add_parser("show", help="one price or plan with all its dates, sources, and who can use it")
    show.add_argument("price", metavar="PRICE_ID|PROVIDER/ITEM")
    show.add_argument("--date", type=day, default=None, metavar="YYYY-MM-DD", help="stands for today")
    _more(show, _show, "prices show", ("table", "json"))

    check = found.add_parser("check", help="fails (1) on rows that nobody should rely on; counts the old ones")
    check.add_argument(
        "--max-age",
        type=days,
        default=health.MAX_AGE_DAYS,
        metavar="DAYS",
        help=f"older prices are named, default {health.MAX_AGE_DAYS}",
    )
    check.add_argument("--date", type=day, default=None, metavar="YYYY-MM-DD", help="stands for today")
    _more(check, _check, "prices check", ("table", "json"))

    diff = found.add_parser("diff", help="what the second book has, lacks and says differently")
    for name in ("a", "b"):
        help_ = "current, a price file, a folder of tables, or a scenario file that carries prices"
        diff.add_argument(name, metavar=f"BOOK_{name.upper()}", help=help_)
    diff.add_argument("--common", action="store_true", help="compare only plans that both books have")
    _more(diff, _diff, "prices diff", ("table", "json"), with_files=False)


def _more(
    command: argparse.ArgumentParser, run: Any, name: str, formats: Sequence[str], *, with_files: bool = True
) -> None:
    if with_files:
        command.add_argument("--prices", action="append", default=[], metavar="FILE.csv", help="more or other prices")
    command.add_argument("--format", choices=formats, default=formats[0])
    command.set_defaults(command=run, name=name)


def _list(options: argparse.Namespace) -> str:
    words = options.search.lower().split()
    rows = [
        row for row in shipped_with(options.prices).rows if options.group in (None, row.group) and _holds(row, words)
    ]
    rows.sort(key=lambda row: (row.group, row.ref))
    if options.format == "json":
        return as_json([as_dict(row) for row in rows])
    return rows_csv(rows) if options.format == "csv" else book_text.table(rows)


def _holds(row: Price, words: Iterable[str]) -> bool:
    text = f"{row.price_id} {row.source} {row.note}".lower()
    return all(word in text for word in words)


def _show(options: argparse.Namespace) -> str:
    book, today = shipped_with(options.prices), options.date or date.today()
    plan, rows = _named(book, options.price)
    usable = _usable(plan, rows, today)
    if options.format == "json":
        listed = [
            as_dict(row) | {"origin": row.place, "age_days": health.age_days(row, today), "sourced": is_sourced(row)}
            for row in rows
        ]
        return as_json({"ref": plan.ref, "rows": listed, **usable})
    return book_text.shown(rows, today, usable)


def _named(book: PriceBook, named: str) -> tuple[Plan, Sequence[Price]]:
    """The plan of a price id or reference, and the rows that are meant."""
    plan = book.plan(named)
    if plan is not None:
        return plan, plan.rows
    try:
        ref, _, _ = parse_price_id(named)
    except PriceError:
        ref = named
    plan = book.plan(ref)
    rows = () if plan is None else tuple(row for row in plan.rows if row.price_id == named)
    if plan is None or not rows:
        near = book.suggest(ref) if plan is None else tuple(dict.fromkeys(row.price_id for row in plan.rows))
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise PriceError(f"{quoted(named)} is not in the price book{hint}")
    return plan, rows


def _usable(plan: Plan, rows: Sequence[Price], today: date) -> dict[str, Any]:
    """Fields that can name the plan, presets that do, and the next change of the rows that is scheduled."""
    coming = sorted({row.effective_from for row in rows if row.effective_from and row.effective_from > today})
    fields = [path for path, field in FIELDS.items() if field.kind == "reference" and _fits(plan, path, field.meters)]
    naming = [
        f"{preset.id} ({path})"
        for preset in PRESETS.values()
        for path, ref in references(preset.scenario).items()
        if ref == plan.ref
    ]
    return {"fields": fields, "presets": naming, "next_change": str(coming[0]) if coming else None}


def _fits(plan: Plan, path: str, meters: Sequence[str]) -> bool:
    """Whether a field can name a plan; fields without meters of their own ask for one of several."""
    if meters:
        return set(meters) <= set(plan.meters)
    one_of = {
        "rag.vector_store": STORE_METERS,
        "rag.reranker": ("rerank_searches", "rerank_tokens"),
        "fine_tuning.model": TRAINED,
    }
    return bool(set(one_of.get(path, ())) & set(plan.meters))


def _check(options: argparse.Namespace) -> tuple[str, int]:
    today = options.date or date.today()
    files = [(Path(path).name, _bytes(path)) for path in options.prices]
    book, problems = health.read(files=files, today=max(today, date.today()))
    found = health.check(book, defaults(book, today), today, options.max_age, problems)
    status = 0 if found.sound else FOUND
    if options.format == "json":
        return as_json({"price_book": book_id(book), "date": today.isoformat(), **found.as_dict()}), status
    return book_text.health(found, book_id(book), today), status


def _bytes(named: str) -> bytes:
    try:
        return content_of(Path(named))
    except OSError as error:
        raise FileProblem(f"--prices {named}: cannot be read ({error.strerror})") from None


def _diff(options: argparse.Namespace) -> str:
    a, b = _rows(options.a), _rows(options.b)
    parts = [{row.ref for row in rows} for rows, whole in (a, b) if not whole or options.common]
    within = set.intersection(*parts) if parts else None
    found = compare.diff(a[0], b[0], within)
    if options.format == "json":
        return as_json({"a": options.a, "b": options.b, **found.as_dict()})
    return book_text.diff(found, options.a, options.b)


def _rows(named: str) -> tuple[Sequence[Price], bool]:
    """Rows of a book of the command line, and whether they are a whole book; a scenario file has only its own plans."""
    if named == "current":
        return load_book().rows, True
    path = Path(named)
    try:
        if path.is_dir():
            if not any(path.glob("*.csv")):
                raise FileProblem(f"{named}: a folder without tables (*.csv)")
            return tables_with_release(path), True
        if path.suffix.lower() == ".json":
            rows = files.opened(text_of(path), path.name).prices
            if not rows:
                raise FileProblem(f"{named} carries no price rows")
            return rows, False
        return read_prices(path), True
    except OSError as error:
        raise FileProblem(f"{named}: cannot be read ({error.strerror}); name current, a file or a folder") from None
