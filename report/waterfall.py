"""The waterfall: from one total to another, line by line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from costmodel.difference import Moved
from report.chart_theme import NARROW, Chart, expr, layer, mark, spec_of, table
from report.line_words import component_words, purpose_words
from report.numbers import Money

SMALL = 0.02  # of the larger total: lines that move less are joined
MOST_BARS = 10  # between the totals, where small lines are joined
_STEP_OPACITY, _FAINT, _PALE = 0.62, 0.3, 0.5
_THIN = 0.002  # of the chart's width
_ROW_PX = {5: 40, 8: 38, 12: 34, 16: 32, 24: 30, 32: 30, 48: 30, 96: 30, 1200: 30}
"""Rows that a chart has room for -> the least height of one: a few sizes, so that its height rarely changes."""
_MOST_ROW_PX, _BAR_PX, _NARROW_BAR_PX, _NARROW_SHIFT = 44, 20, 12, 5  # narrow: the label stands above its bar
_LEFT, _RIGHT = 172, 76

_TEXT, _NUMBER, _FLAG = pa.string(), pa.float64(), pa.bool_()
_BARS: dict[str, pa.DataType] = {
    "top": _NUMBER,
    "middle": _NUMBER,
    "start": _NUMBER,
    "end": _NUMBER,
    "ink": _TEXT,
    "opacity": _NUMBER,
    "total": _FLAG,
    "thin": _FLAG,
    "label": _TEXT,
    "amount": _TEXT,
    "name": _TEXT,
    "a": _TEXT,
    "b": _TEXT,
    "difference": _TEXT,
}
_LINKS: dict[str, pa.DataType] = {"usd": _NUMBER, "top": _NUMBER, "bottom": _NUMBER}
_ZERO: dict[str, pa.DataType] = {"usd": _NUMBER, "bottom": _NUMBER, "shown": _FLAG}


@dataclass(frozen=True)
class Side:
    """One end of the waterfall: its name on screen and the ink it is drawn in."""

    name: str
    ink: str


@dataclass(frozen=True)
class Step:
    """One bar between the totals: what is paid for on either side [USD]."""

    label: str
    a_usd: float
    b_usd: float

    @property
    def delta_usd(self) -> float:
        """By how much b costs more than a."""
        return self.b_usd - self.a_usd


def joined(moved: Iterable[Moved], words: Callable[[str], str]) -> list[Step]:
    """Lines of the same words as one step, without those that cost the same on both sides; a missing price is 0."""
    sides: dict[str, tuple[list[float], list[float]]] = {}
    for each in moved:
        a, b = sides.setdefault(words(each.component), ([], []))
        a.append(each.a_usd or 0.0)
        b.append(each.b_usd or 0.0)
    steps = [Step(label, math.fsum(a), math.fsum(b)) for label, (a, b) in sides.items()]
    return [step for step in steps if not _level(step)]


def _level(step: Step) -> bool:
    return abs(step.delta_usd) <= 1e-9 * max(abs(step.a_usd), abs(step.b_usd))


def steps_of(moved: Sequence[Moved], *, every: bool = False) -> list[Step]:
    """The bars between the totals: what b saves, then what it pays more, each largest first.

    Components of one purpose stand together, and what moves less than `SMALL` of the larger total comes last as one
    bar, unless `every` component is asked for.
    """
    if every:
        return _in_order(joined(moved, component_words))
    steps = _in_order(joined(moved, purpose_words))
    if not steps:
        return []
    totals = [abs(math.fsum(side(each) or 0.0 for each in moved)) for side in (_a, _b)]
    largest = sorted((abs(step.delta_usd) for step in steps), reverse=True)
    least = min(SMALL * max(totals), 0.1 * largest[0])
    if len(largest) > MOST_BARS:
        least = max(least, largest[MOST_BARS - 2])
    small = [step for step in steps if abs(step.delta_usd) < least]
    if len(small) < 2:
        return steps
    rest = Step(
        f"{len(small)} smaller lines", math.fsum(step.a_usd for step in small), math.fsum(step.b_usd for step in small)
    )
    return [*(step for step in steps if step not in small), rest]


def rows_for(moved: Sequence[Moved], *, every: bool = False) -> int:
    """Rows to keep room for: the totals and all that differs, so that joining small lines moves nothing below."""
    words = component_words if every else purpose_words
    found = len(joined(moved, words))
    return 2 + (found if every else min(found, MOST_BARS))


def _a(each: Moved) -> float | None:
    return each.a_usd


def _b(each: Moved) -> float | None:
    return each.b_usd


def _in_order(steps: list[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (step.delta_usd > 0, -abs(step.delta_usd)))


def waterfall(
    a: Side,
    b: Side,
    steps: Sequence[Step],
    totals: tuple[float, float],
    *,
    money: Money,
    alt: str,
    least_rows: int = 0,
) -> Chart:
    """From the total of `a` to the total of `b` [USD, both], a bar for each step; room for `least_rows` at least.

    The spec depends on the number of rows only, in a few sizes. Two sides in one ink: the first one is paler.
    """
    room = _room(max(len(steps) + 2, least_rows))
    used = math.ceil(_pitch(room, len(steps) + 2) * (len(steps) + 2))
    return Chart("waterfall", waterfall_spec(room), _tables(a, b, steps, totals, money, room), alt, height(room), used)


def _pitch(room: int, rows: int) -> float:
    """Pixels from one row to the next."""
    return min(_MOST_ROW_PX, height(room) / rows)


def _room(rows: int) -> int:
    return next(most for most in _ROW_PX if rows <= most)


def height(room: int) -> int:
    """Pixels of a chart with room for so many rows."""
    return room * _ROW_PX[room]


@cache
def waterfall_spec(room: int) -> dict[str, Any]:
    """The frozen spec for a chart with room for so many rows."""
    span = [expr(f"{NARROW} ? 1 : {_LEFT}"), expr(f"width - ({NARROW} ? 62 : {_RIGHT})")]
    scale = {"nice": False, "zero": True, "range": span}
    x = {"field": "start", "type": "quantitative", "scale": scale}
    thick = f"({NARROW} ? {_NARROW_BAR_PX} : {_BAR_PX})"
    shift = f"({NARROW} ? {_NARROW_SHIFT} : 0)"
    middle = f"(datum.middle + {shift})"
    bar: dict[str, Any] = {
        "type": "rect",
        "fill": expr("lines[datum.ink]"),
        "fillOpacity": expr("datum.opacity"),
        "stroke": expr("lines[datum.ink]"),
        "strokeWidth": expr("datum.thin ? 1 : 0"),  # the smallest amount is still a line
        "y": expr(f"{middle} - {thick} / 2"),
        "y2": expr(f"{middle} + {thick} / 2"),
    }
    tooltip = expr(
        "datum.total ? {'Total': datum.name, 'Cost': datum.difference} :"
        " {'Line': datum.name, 'From': datum.a, 'To': datum.b, 'Difference': datum.difference}"
    )
    words: dict[str, Any] = {
        "color": "=datum.total ? words[datum.ink] : ink",
        "fontWeight": "=datum.total ? 600 : 400",
        "baseline": "middle",
        "fontSize": 13,
    }
    label = mark("text", align="left", x=0, y=expr(f"{NARROW} ? datum.middle - 9 : datum.middle"), **words)
    amount = mark("text", align="left", dx=8, y=expr(middle), **words)
    link = mark("rule", stroke="=second", strokeWidth=1, opacity=0.55)
    link |= {
        "y": expr(f"datum.top + {shift} + {thick} / 2"),
        "y2": expr(f"datum.bottom + {shift} - {thick} / 2"),
    }
    catch: dict[str, Any] = {
        "type": "rect",
        "color": "transparent",
        "tooltip": tooltip,
        "x": 0,
        "x2": expr("width"),
        "y": expr("datum.top"),
        "y2": expr("2 * datum.middle - datum.top"),
    }
    zero = {
        **mark("rule", stroke="=line", strokeWidth=1, opacity="=datum.shown ? 1 : 0"),
        "y": 0,
        "y2": expr("datum.bottom"),
    }
    layers = [
        layer("zero", zero, {"x": {**x, "field": "usd"}}),
        layer("links", link, {"x": {**x, "field": "usd"}}),
        layer("bars", {**bar, "tooltip": None}, {"x": x, "x2": {"field": "end"}}),
        layer("bars", {**label, "stroke": expr("background"), "strokeWidth": 4}, {"text": {"field": "label"}}),
        layer("bars", label, {"text": {"field": "label"}}),
        layer("bars", amount, {"x": {**x, "field": "end"}, "text": {"field": "amount"}}),
        layer("bars", catch, {}),
    ]
    return spec_of("Waterfall: from one total to another, a bar for each line.", height(room), [], layers)


def _tables(
    a: Side, b: Side, steps: Sequence[Step], totals: tuple[float, float], money: Money, room: int
) -> dict[str, pa.Table]:
    pitch = _pitch(room, len(steps) + 2)
    bars: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []

    def add(start: float, end: float, **more: Any) -> None:
        top = len(bars) * pitch
        place = {"top": top, "middle": top + pitch / 2, "start": min(start, end), "end": max(start, end)}
        bars.append({**place, "a": "", "b": "", **more})

    def whole(side: Side, usd: float, opacity: float = 1.0) -> None:
        words = {"label": side.name, "name": side.name, "amount": money(usd), "difference": money.exact(usd)}
        add(0.0, usd, ink=side.ink, opacity=opacity, total=True, **words)

    whole(a, totals[0], _PALE if a.ink == b.ink else 1.0)
    level = totals[0]
    for step in steps:
        less = step.delta_usd < 0
        faint = less and a.ink == b.ink
        words = {
            "label": step.label,
            "name": step.label,
            "amount": money.difference(step.delta_usd),
            "a": f"{a.name} {money.exact(step.a_usd)}",
            "b": f"{b.name} {money.exact(step.b_usd)}",
            "difference": f"{'' if less else '+'}{money.exact(step.delta_usd)}",
        }
        ink = a.ink if less else b.ink
        links.append({"usd": level})
        add(level, level + step.delta_usd, ink=ink, opacity=_FAINT if faint else _STEP_OPACITY, total=False, **words)
        level += step.delta_usd
    links.append({"usd": level})
    whole(b, totals[1])
    extent = max(bar["end"] for bar in bars) - min(bar["start"] for bar in bars)
    bars = [{**bar, "thin": bar["end"] - bar["start"] < _THIN * extent} for bar in bars]
    links = [
        {**link, "top": before["middle"], "bottom": after["middle"]}
        for link, before, after in zip(links, bars[:-1], bars[1:], strict=True)
    ]
    credit = min(bar["start"] for bar in bars) < 0
    # Always a row: without one, Vega warns of an infinite extent.
    zero = [{"usd": 0.0, "bottom": len(bars) * pitch, "shown": credit}]
    return {"bars": table(_BARS, bars), "links": table(_LINKS, links), "zero": table(_ZERO, zero)}
