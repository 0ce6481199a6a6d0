"""What a link restores beside the scenario: switches, numbers, drivers and ranges of pages, and fields made levers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from costmodel.provenance import LEVERS
from costmodel.scenario import ARCHITECTURES, FIELDS
from pricing.book import parse_price_id
from report.memo import SECTIONS

SWITCHES: dict[str, tuple[str, ...]] = {
    "value": ("nominal", "present"),
    "lines": ("cumulative", "monthly"),
    "waterfall": ("main", "every"),
    "from": ("auto", *ARCHITECTURES),
    "to": ("auto", *ARCHITECTURES),
    "money": ("component", "phase"),
    "since": ("change", "preset"),
    "ledger": ("auto", *ARCHITECTURES),
    "bill": ("auto", *ARCHITECTURES),
    "scale": ("auto", "log", "linear"),
    "map": ("cost", "chance"),
    "swing": ("auto", *ARCHITECTURES),
    "against": ("auto", "none", *ARCHITECTURES),
    "winner": ("auto", *ARCHITECTURES),
}
"""Switches of the pages: the first word of each is where it starts."""

NUMBERS: dict[str, tuple[int, int, int]] = {
    "age": (90, 1, 3650),
    "draws": (8_192, 64, 65_536),
    "seed": (1, 0, 99_999),
    "by": (0, 0, 120),
}
"""Whole numbers of the pages: where each starts, its smallest and its largest."""

DRIVERS: dict[str, str] = {
    "driver": "workload.queries_per_month",
    "across": "workload.queries_per_month",
    "up": "corpus.updates_per_month",
    "seek": "fine_tuning.usd_per_example",
}
"""Numbers of the scenario that pages draw over or look for: where each choice starts."""
AXES = ("across", "up")
"""Those that cannot be a price."""

SPANS = ("reach",)
"""Ranges of the pages, "low,high"; empty where the page chooses."""

LISTS: dict[str, tuple[str, ...]] = {"without": (*SECTIONS, "draws")}
"""Words of the pages, "one,two", each of these at most once; empty where a page starts. `without`: the memo's parts
that stay out of it."""

PINS = "pins"
MOST_PINS = 3


def start_of(name: str) -> str:
    """Where a switch, a number, a driver, a range or a list stands before anybody moves it."""
    if name in NUMBERS:
        return str(NUMBERS[name][0])
    if name in SPANS or name in LISTS:
        return ""
    return DRIVERS[name] if name in DRIVERS else SWITCHES[name][0]


def restored(view: Mapping[str, str]) -> dict[str, str]:
    """The part of a link's view that means something here; the rest is dropped without a word."""
    view = {name: ",".join(words_in(name, value)) if name in LISTS else value for name, value in view.items()}
    known = {name: value for name, value in view.items() if name != PINS and _is_position(name, value)}
    pinned = pins_in(view.get(PINS, ""))
    return {**known, PINS: ",".join(pinned)} if pinned else known


def _is_position(name: str, value: str) -> bool:
    if name in NUMBERS:
        start, low, high = NUMBERS[name]
        return value.isascii() and value.isdigit() and len(value) < 6 and low <= int(value) <= high != start
    if name in DRIVERS:
        return value != DRIVERS[name] and (_is_number(value) or (name not in AXES and _is_price(value)))
    if name in LISTS:
        return value != ""
    if name in SPANS:
        return span_in(value) is not None
    return value in SWITCHES.get(name, ())[1:]


def _is_number(path: str) -> bool:
    return path in FIELDS and FIELDS[path].numeric


def _is_price(path: str) -> bool:
    try:
        parse_price_id(path.removeprefix("price:"))
    except ValueError:
        return False
    return path.startswith("price:")


def span_in(words: str) -> tuple[float, float] | None:
    """The range that "low,high" says; None for anything else."""
    try:
        low, high = (float(part) for part in words.split(","))
    except ValueError:
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


def words_in(name: str, words: str) -> tuple[str, ...]:
    """What a list of words holds, in the order of LISTS; unknown ones are dropped."""
    asked = words.split(",")
    return tuple(each for each in LISTS[name] if each in asked)


def span_words(low: float, high: float) -> str:
    """A range as a link carries it."""
    return f"{low:.12g},{high:.12g}"


def pinnable(path: str) -> bool:
    """Whether a field can be made a lever: a number that is not one already."""
    return path in FIELDS and FIELDS[path].numeric and path not in LEVERS


def pins_in(words: str) -> tuple[str, ...]:
    """Paths of the fields made levers, in order, each once, at most MOST_PINS; unknown ones are dropped."""
    return tuple(dict.fromkeys(path for path in words.split(",") if pinnable(path)))[:MOST_PINS]


def with_pins(view: Mapping[str, str], paths: Sequence[str]) -> dict[str, str]:
    """The view with these fields made levers, and no others."""
    rest = {name: value for name, value in view.items() if name != PINS}
    return {**rest, PINS: ",".join(paths)} if paths else rest
