"""Charts over numbers of the scenario: totals along one of them, and who wins over two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from costmodel.crossover import Crossovers, crossovers
from costmodel.driver import Along, along, check_range, crossings, fields_of, prices_of, reach
from costmodel.flips import now_of
from costmodel.link import base_of
from costmodel.odds_map import CELLS as ODDS_CELLS
from costmodel.odds_map import DRAWS, OddsMap, odds_map
from costmodel.ranges import ranges_of
from costmodel.results import Run
from costmodel.scan import is_whole
from costmodel.winner_map import CELLS as MAP_CELLS
from costmodel.winner_map import ENDS, Axis, WinnerMap, axis, winner_map
from pricing.catalog import load_book
from report import driver_chart, driver_text, driver_words, map_text, text
from report.chart_data import Data
from report.driver_words import GROWTH, UPDATES, VOLUME, DriverWords
from report.gallery.wanted import ChartProblem, Wanted
from report.map_chart import Words, map_data, odds_chart, winner_chart, with_here
from report.picture import Picture, unmarked
from report.sentence import months_words

MOST_DRAWS = 8_192
"""As many draws as the map of odds takes at each of its cells."""

SOME = 6
"""As many numbers as a message names."""

Typed = Callable[[str], str]
"""Makes words that were typed in harmless in a sentence."""


def drivers(run: Run) -> list[str]:
    """Everything that totals can be drawn along: numbers, then prices."""
    return [*axes(run), *prices_of(run)]


def axes(run: Run) -> list[str]:
    """Numbers that can be an axis of a map."""
    replaced = (VOLUME, GROWTH) if run.scenario.workload.queries_by_month is not None else ()
    return [path for path in fields_of(run) if path not in replaced]


def range_of(run: Run, driver: str) -> tuple[float, float]:
    """The range of a driver unless another one is asked for."""
    return reach(run, base_of(run.scenario.preset), load_book(), driver)


def words_of(run: Run, path: str, typed: Typed = unmarked) -> DriverWords:
    """A driver in words for sentences, where what was typed in, as the name of a price, is harmless."""
    words = driver_words.words_of(run, path)
    if not path.startswith("price:"):
        return words
    return replace(words, noun=typed(words.noun), unit=typed(words.unit))


# Along one number


def crossover(run: Run, wanted: Wanted) -> Picture:
    """Totals along a driver, the volume unless another one is wanted. ChartProblem, ScenarioError."""
    there = drivers(run)
    driver = wanted.driver or next(iter((VOLUME, *there) if VOLUME in there else there), "")
    if not driver:
        raise ChartProblem("no number of this scenario moves any total, so there is no driver to draw along")
    if wanted.scale not in ("", "log", "linear"):
        raise ChartProblem(f"scale: {wanted.scale!r} is no kind of axis; use log or linear")
    if driver in there:
        found = crossings(run, driver, *_range(run, driver, wanted.low, wanted.high), wanted.present)
    else:  # a number that moves no total, or none at all: it says so
        found = crossovers(run.scenario, run.book, driver, wanted.low, wanted.high, wanted.present)
    lines = along(run, found, None if not wanted.scale else wanted.scale == "log")
    return crossover_of(run, lines, scale=wanted.scale)


def _range(run: Run, driver: str, low: float | None, high: float | None) -> tuple[float, float]:
    least, most = range_of(run, driver)
    if low is None and high is None:
        return least, most
    low, high = (least if low is None else low), (most if high is None else high)
    if is_whole(driver):
        low, high = round(low), round(high)
    check_range(run.scenario, run.book, driver, low, high)
    return low, high


def crossover_of(run: Run, lines: Along, *, scale: str = "", typed: Typed = unmarked) -> Picture:
    """Totals along the driver of `lines`; `scale`: "log" or "linear" for the costs, else as the driver's axis."""
    found: Crossovers = lines.found
    driver, money = found.driver, text.money_of(run)
    log = driver_chart.takes_log(lines) and (scale == "log" if scale else lines.axis.log)
    spoken, shown = words_of(run, driver, typed), driver_words.words_of(run, driver)
    chart = driver_chart.driver_chart(
        lines,
        shown,
        money,
        eligible=run.eligible,
        now=now_of(run.scenario, run.book, driver),
        alt=text.plain(driver_text.alt(found, run.eligible, shown)),
        log=log,
    )
    return Picture(
        "crossover",
        (chart,),
        driver_text.finding(found, run.eligible, spoken),
        driver_text.caption(run, spoken, lines.axis.log, log, found.present),
        lambda: driver_chart.driver_data(lines, shown, money),
        found.present,
    )


# Over two numbers


def winner(run: Run, wanted: Wanted) -> Picture:
    """Who is cheapest over two numbers: volume and update frequency unless others are wanted."""
    x, y = _axes(run, wanted, MAP_CELLS)
    return map_of(run, winner_map(run.scenario, run.book, x, y, run.eligible, wanted.present), present=wanted.present)


def odds(run: Run, wanted: Wanted) -> Picture:
    """How probable it is that the cheapest is, over two numbers."""
    x, y = _axes(run, wanted, ODDS_CELLS)
    ranges = ranges_of(run)
    draws = wanted.draws or DRAWS
    if draws > MOST_DRAWS:
        raise ChartProblem(f"draws: {draws:,} at each cell of the map; use 1 to {MOST_DRAWS:,}")
    shown = odds_map(
        run.scenario, run.book, x, y, run.eligible, ranges, draws=draws, seed=wanted.seed, present=wanted.present
    )
    return map_of(run, shown, present=wanted.present)


def _axes(run: Run, wanted: Wanted, cells: int) -> tuple[Axis, Axis]:
    there = axes(run)
    if not run.eligible:
        raise ChartProblem("no architecture can be called cheapest, so there is no map of winners")
    for name, path in (("across", wanted.across), ("up", wanted.up)):
        if path and path not in there:
            few = f"{', '.join(there[:SOME])} and {len(there) - SOME} more" if len(there) > SOME else ", ".join(there)
            raise ChartProblem(f"{name}: {path!r} moves no total of this scenario; numbers that do are {few}")
    if wanted.across and wanted.across == wanted.up:
        raise ChartProblem(f"a map has two different numbers; {wanted.across} stands on both axes")
    across = wanted.across or next((path for path in (VOLUME, *there) if path in there and path != wanted.up), "")
    up = wanted.up or next((path for path in (UPDATES, *there) if path in there and path != across), "")
    if not across or not up:
        raise ChartProblem("a map needs two numbers that move a total; this scenario has fewer")
    return axis_of(run, across, cells), axis_of(run, up, cells)


def axis_of(run: Run, path: str, cells: int) -> Axis:
    """An axis over a driver's range, which a lever that is pulled does not move."""
    return axis(run.scenario, path, *ends_of(run, path), cells)


def ends_of(run: Run, path: str) -> tuple[float, float]:
    """From where to where an axis of the map goes."""
    now = now_of(run.scenario, run.book, path)
    low, high = ENDS[path] if path in ENDS else range_of(run, path)
    return (min(low, now) if now > 0 else low), max(high, now)


def map_of(run: Run, shown: WinnerMap | OddsMap, *, present: bool) -> Picture:
    """The map of `shown`, with the scenario's own place on it."""
    x, y, money = shown.x.path, shown.y.path, text.money_of(run)
    words = map_words(run, x), map_words(run, y)
    finding = map_text.finding(shown)
    here = now_of(run.scenario, run.book, x), now_of(run.scenario, run.book, y)
    if isinstance(shown, OddsMap):
        chart = odds_chart(shown, x=words[0], y=words[1], alt=map_text.odds_alt(shown))
        caption, name = map_text.odds_caption(shown), "odds_map"
    else:
        chart = winner_chart(shown, x=words[0], y=words[1], money=money.exact, alt=map_text.alt(shown))
        caption, name = map_text.caption(shown, months_words(run.horizon)), "map"
    note = map_text.ranges_words(bool(run.scenario.uncertainty), len(ranges_of(run))) if name == "odds_map" else ""
    drawing = with_here(chart, shown, here)
    return Picture(name, (drawing,), finding, caption, lambda: map_table(run, shown), present, note=note)


def map_words(run: Run, path: str) -> Words:
    """An axis of the map in words."""
    words = driver_words.words_of(run, path)
    return Words(words.title, words.tick, words.short_tick, words.amount)


def map_table(run: Run, found: WinnerMap | OddsMap) -> Data:
    """The map as a table."""
    x, y = map_words(run, found.x.path), map_words(run, found.y.path)
    if isinstance(found, OddsMap):
        return map_data(found, x, y, cells=found.odds, unit="probability")
    money = text.money_of(run)
    cells = {key: usd / money.usd_per_unit for key, usd in found.usd.items()}
    return map_data(found, x, y, cells=cells, unit=money.currency)
