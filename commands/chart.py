"""`cli.py chart`: one chart of the product as a picture or a page for a document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from commands.compare import named_scenario
from commands.shared import FileProblem, add_base_url, add_out, number, refuse_terminal, seed, write_out
from costmodel.changes import check_references
from costmodel.other import beginning_with
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import ARCHITECTURES, Scenario
from costmodel.uncertainty import rounded_up
from pricing.book import PriceBook
from report import render
from report.gallery import NAMES, ChartProblem, Picture, Wanted, picture
from report.headed import LEAST_WIDTH, MOST_WIDTH, WIDTH
from report.imprint import Imprint, imprint

Asked = Callable[[argparse.Namespace], tuple[Scenario, PriceBook, date]]

FORMATS: Mapping[str, str] = {"png": "a picture", "svg": "a drawing", "html": "a page", "json": "Vega-Lite"}
DRAWN = ("fan", "probability", "break_even", "odds_map")
OPTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "driver": ("--driver", ("crossover",)),
    "low": ("--low", ("crossover",)),
    "high": ("--high", ("crossover",)),
    "scale_of": ("--axes", ("crossover",)),
    "across": ("--x", ("map", "odds_map")),
    "up": ("--y", ("map", "odds_map")),
    "of": ("--of", ("tornado", "difference")),
    "less": ("--less", ("tornado",)),
    "first": ("--from", ("waterfall",)),
    "second": ("--to", ("waterfall",)),
    "every": ("--every", ("waterfall", "difference")),
    "draws": ("--draws", DRAWN),
    "seed": ("--seed", DRAWN),
    "other": ("--with", ("compare", "difference")),
}
"""What only some charts read: option, and which charts."""


def add_to(commands: Any, question: Callable[[argparse.ArgumentParser], None], asked: Asked) -> None:
    """Add `chart` to the commands of a parser; `question` adds what names a scenario, `asked` reads it."""
    command = commands.add_parser("chart", help="one chart as PNG, SVG, HTML or Vega-Lite JSON")
    question(command)
    command.add_argument("--name", dest="chart", required=True, choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    kinds = "; ".join(f"{kind}: {words}" for kind, words in FORMATS.items())
    command.add_argument("--format", choices=tuple(FORMATS), default="png", help=f"{kinds}; default png")
    add_out(command)
    add_base_url(command)
    command.add_argument("--present", action="store_true", help="costs in present value")
    command.add_argument("--dark", action="store_true", help="on a dark background")
    command.add_argument("--scale", type=int, choices=render.SCALES, default=None, help="pixels of a PNG; default 2")
    limits = f"{LEAST_WIDTH} to {MOST_WIDTH}"
    command.add_argument("--width", type=int, default=None, metavar="PX", help=f"{limits}; default {WIDTH}")
    _add_choices(command)
    command.set_defaults(command=lambda options: _chart(options, asked), name="chart")


def _add_choices(command: argparse.ArgumentParser) -> None:
    """What only some charts read; each says which."""
    keys: dict[str, Any] = {"choices": ARCHITECTURES, "default": None}
    path: dict[str, Any] = {"default": None, "metavar": "PATH"}
    add = command.add_argument
    add("--driver", **path, help="crossover: a number, or price:<price_id>; default the volume")
    add("--low", type=number, default=None, metavar="N", help="crossover: from here")
    add("--high", type=number, default=None, metavar="N", help="crossover: to here")
    add("--axes", dest="scale_of", choices=("log", "linear"), default=None, help="crossover: both axes")
    add("--x", dest="across", **path, help="maps: the number across; default the volume")
    add("--y", dest="up", **path, help="maps: the number up; default content updates")
    add("--of", **keys, help="tornado: whose total; difference: whose bill")
    add("--less", choices=(*ARCHITECTURES, "none"), default=None, help="tornado: whose total is taken off")
    add("--from", dest="first", **keys, help="waterfall: where it starts; default the runner-up")
    add("--to", dest="second", **keys, help="waterfall: where it leads; default the cheapest")
    add("--every", action="store_true", default=None, help="waterfall, difference: every line of the bills")
    add("--draws", type=int, default=None, metavar="N", help=f"{', '.join(DRAWN)}: so many draws, a power of two")
    add("--seed", type=seed, default=None, metavar="S", help="of the draws; default 1")
    add("--with", dest="other", default=None, metavar="B", help="compare, difference: another preset or file")


def _chart(options: argparse.Namespace, asked: Asked) -> bytes:
    name, kind = options.chart, options.format
    _check(options, name)
    if kind == "png":
        refuse_terminal(options.out, "a PNG picture")
    scenario, book, today = asked(options)
    run = run_scenario(scenario, book)
    try:
        drawn = picture(name, run, _wanted(options, name, run, book))
    except ChartProblem as error:
        option, mark, rest = str(error).partition(": ")
        flag = OPTIONS[option][0] if mark and option in OPTIONS else ""
        raise FileProblem(f"{flag}: {rest}" if flag else f"--name {name}: {error}") from None
    stamp = imprint(run, today, present=options.present or None, base_url=options.base_url)
    write_out(options.out, _written(kind, drawn, stamp, options))
    return b""


def _written(kind: str, drawn: Picture, stamp: Imprint, options: argparse.Namespace) -> bytes:
    look = {"dark": options.dark, "width": options.width}
    if kind == "png":
        return render.png(drawn, stamp, scale=options.scale or 2, **look)
    if kind == "html":
        return render.html(drawn, stamp, dark=options.dark).encode()
    return (render.svg if kind == "svg" else render.vega)(drawn, stamp, **look).encode()


def _check(options: argparse.Namespace, name: str) -> None:
    """FileProblem for options that this chart or this kind of file has no use for."""
    for option, (flag, charts) in OPTIONS.items():
        if getattr(options, option) is not None and name not in charts:
            raise FileProblem(f"{flag}: {name} has no use for it; it is for --name {' or '.join(charts)}")
    if options.scale is not None and options.format != "png":
        raise FileProblem(f"--scale: {options.format} has no pixels; it is for --format png")
    if options.width is not None and options.format == "html":
        raise FileProblem("--width: a page is as wide as its window; it is for --format png, svg or json")
    if options.width is not None and not LEAST_WIDTH <= options.width <= MOST_WIDTH:
        raise FileProblem(f"--width: {options.width:,} pixels; use {LEAST_WIDTH} to {MOST_WIDTH:,}")
    if name in OPTIONS["other"][1] and options.other is None:
        raise FileProblem(f"--name {name} sets the scenario beside another one; name it: --with PRESET or FILE.json")


def _wanted(options: argparse.Namespace, name: str, run: Run, book: PriceBook) -> Wanted:
    first = options.of if name == "difference" else options.first
    return Wanted(
        present=options.present,
        every=bool(options.every),
        first=first or "",
        second=options.second or "",
        driver=options.driver or "",
        low=options.low,
        high=options.high,
        scale=options.scale_of or "",
        across=options.across or "",
        up=options.up or "",
        of=options.of or "",
        less=options.less or "",
        draws=0 if options.draws is None else _draws(options),
        seed=1 if options.seed is None else options.seed,
        other=None if options.other is None else _other(options, run, book),
        other_kind="preset" if options.other in PRESETS else "file",
    )


def _draws(options: argparse.Namespace) -> int:
    used = rounded_up(options.draws)
    if used != options.draws:
        print(f"cli.py chart: {used:,} draws, the next power of two after {options.draws:,}", file=sys.stderr)
    return used


def _other(options: argparse.Namespace, run: Run, book: PriceBook) -> Run:
    scenario = beginning_with(named_scenario(options.other, book, options), run.scenario)
    check_references(scenario, book.with_edits(scenario.price_edits))
    return run_scenario(scenario, book)
