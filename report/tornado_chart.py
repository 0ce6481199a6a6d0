"""The tornado: what one number at the low and at the high end of its range does, a bar each, the widest on top.

Places are shares of the plot, 0 to 1, so that one spec serves every measure; it depends on the number of bars only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from report.chart_theme import Chart, expr, layer, mark, spec_of, table
from report.labels import nice_ticks
from report.plot import FLAG, NUMBER, TEXT, words

ROW, BAR = 36, 14
FAINT, STRONG = 0.32, 0.8
"""Opacity of the low and of the high end."""

_HEAD, _FOOT = 24, 30
_CHARACTER_PX = 6.2
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "rows": {"row": NUMBER, "label": TEXT},
    "ticks": {"at": NUMBER, "label": TEXT},
    "base": {"at": NUMBER, "label": TEXT},
    "even": {"at": NUMBER, "left": FLAG, "label": TEXT},
    "bars": {"row": NUMBER, "from": NUMBER, "to": NUMBER, "strength": NUMBER},
    "ends": {"row": NUMBER, "at": NUMBER, "left": FLAG, "label": TEXT},
    "rings": {"row": NUMBER, "at": NUMBER},
    "hover": {"row": NUMBER, "name": TEXT, "low": TEXT, "high": TEXT, "turn": TEXT},
}


@dataclass(frozen=True)
class Bar:
    """One number: its name, what both ends of its range mean and what is measured there, in the money on screen."""

    name: str
    low: str
    high: str
    at_low: float
    at_high: float
    turn: str = ""
    """Where within its range the winner changes, in words; nothing where it does not."""
    at_turn: float | None = None


@cache
def tornado_spec(bars: int) -> dict[str, Any]:
    """The frozen spec for a number of bars."""
    narrow = "width < 560"
    left, right = f"({narrow} ? 44 : 300)", f"width - ({narrow} ? 44 : 64)"
    scale = {"domain": [0, 1], "nice": False, "zero": False, "range": [expr(left), expr(right)]}

    def x(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": scale}

    def y(offset: str = "0") -> dict[str, Any]:
        return {"value": expr(f"{_HEAD} + datum.row * {ROW} + ({narrow} ? 23 : {ROW // 2}) + {offset}")}

    foot = {"value": _HEAD + bars * ROW + 2}
    full = {"y": {"value": _HEAD - 4}, "y2": foot}
    end: dict[str, Any] = {"align": "=datum.left ? 'right' : 'left'", "dx": "=datum.left ? -6 : 6"}
    bar = mark("rect", fill="=ink", fillOpacity="=datum.strength")
    ring = mark("point", shape="circle", fill="=background", stroke="=ink", strokeWidth=2, size=80, opacity=1)
    even: dict[str, Any] = {"align": "=datum.left ? 'right' : 'left'", "dx": "=datum.left ? -6 : 6", "baseline": "top"}
    tooltip = (
        "merge({'Assumption': datum.name, 'Low end': datum.low, 'High end': datum.high}, "
        "datum.turn ? {'The winner changes': datum.turn} : {})"
    )
    layers = [
        layer("ticks", mark("rule", stroke="=grid", strokeWidth=1), {"x": x("at"), **full}),
        layer(
            "ticks",
            mark("text", baseline="top", color="=second"),
            {"x": x("at"), "y": {"value": _HEAD + bars * ROW + 8}, "text": {"field": "label"}},
        ),
        layer(
            "rows",
            mark(
                "text",
                align="left",
                baseline="middle",
                color="=ink",
                fontSize=13,
                x=0,
                y=expr(f"{_HEAD} + datum.row * {ROW} + ({narrow} ? 9 : {ROW // 2})"),
            ),
            {"text": {"field": "label"}},
        ),
        layer("bars", bar, {"x": x("from"), "x2": {"field": "to"}, "y": y(f"-{BAR / 2}"), "y2": y(f"{BAR / 2}")}),
        layer("base", mark("rule", stroke="=ink", strokeWidth=1), {"x": x("at"), **full}),
        layer(
            "even",
            mark("rule", stroke="=second", strokeDash=[1, 3], strokeCap="round"),
            {"x": x("at"), "y": {"value": 0}, "y2": foot},
        ),
        *words("even", {"x": x("at"), "y": {"value": 0}, "text": {"field": "label"}}, color="=second", **even),
        *words("ends", {"x": x("at"), "y": y(), "text": {"field": "label"}}, color="=second", baseline="middle", **end),
        layer("rings", ring, {"x": x("at"), "y": y()}),
        layer(
            "hover",
            {"type": "rect", "color": "transparent", "tooltip": expr(tooltip)},
            {
                "x": {"value": 0},
                "x2": {"value": expr("width")},
                "y": {"value": expr(f"{_HEAD} + datum.row * {ROW}")},
                "y2": {"value": expr(f"{_HEAD} + (datum.row + 1) * {ROW}")},
            },
        ),
    ]
    height = _HEAD + bars * ROW + _FOOT
    return spec_of("Bars: what each number does over its range; rings where the winner changes.", height, [], layers)


def tornado(
    swings: Sequence[Bar],
    base: float,
    *,
    even: str | None,
    money: Callable[[float], str],
    exact: Callable[[float], str],
    alt: str,
) -> Chart:
    """Bars about `base`, what is measured with every number as it is; amounts in the money on screen.

    `even`: words at the line where the measure is 0, for a difference of two; None for a total.
    """
    known = [base, *(each for bar in swings for each in (bar.at_low, bar.at_high)), *([0.0] if even else [])]
    low, high = min(known), max(known)
    if high <= low:
        low, high = low - 1.0, high + 1.0
    span = high - low

    def place(amount: float) -> float:
        return (amount - low) / span

    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    rows["ticks"] = [{"at": place(each), "label": money(each)} for each in _ticks(low, high)]
    rows["base"] = [{"at": place(base)}]
    if even:
        rows["even"] = [{"at": place(0.0), "left": place(0.0) > 0.6, "label": even}]
    for number, bar in enumerate(swings):
        rows["rows"].append({"row": number, "label": bar.name})
        ends = ((bar.at_low, bar.low, FAINT), (bar.at_high, bar.high, STRONG))
        for amount, _, strength in ends:
            start, stop = sorted((place(base), place(amount)))
            rows["bars"].append({"row": number, "from": start, "to": stop, "strength": strength})
        rows["ends"] += _end_labels(number, bar, base, place)
        if bar.at_turn is not None:
            rows["rings"].append({"row": number, "at": min(max(place(bar.at_turn), 0.0), 1.0)})
        low_end, high_end = f"{bar.low}: {exact(bar.at_low)}", f"{bar.high}: {exact(bar.at_high)}"
        rows["hover"].append(
            {"row": number, "name": bar.name, "low": low_end, "high": high_end, "turn": bar.turn or None}
        )
    spec = tornado_spec(len(swings))
    tables = {name: table(columns, rows[name]) for name, columns in _TABLES.items()}
    return Chart("tornado", spec, tables, alt, int(spec["height"]))


def _end_labels(row: int, bar: Bar, base: float, place: Callable[[float], float]) -> list[dict[str, Any]]:
    """What both ends mean, outside the bar; where both lie on one side, one beside the farther end names both."""
    lower_is_left = bar.at_low <= bar.at_high
    first, second = ((bar.at_low, bar.low), (bar.at_high, bar.high))
    if not lower_is_left:
        first, second = second, first
    if first[0] >= base:
        return [{"row": row, "at": place(second[0]), "left": False, "label": f"{bar.low} to {bar.high}"}]
    if second[0] <= base:
        return [{"row": row, "at": place(first[0]), "left": True, "label": f"{bar.low} to {bar.high}"}]
    return [
        {"row": row, "at": place(first[0]), "left": True, "label": first[1]},
        {"row": row, "at": place(second[0]), "left": False, "label": second[1]},
    ]


def _ticks(low: float, high: float) -> list[float]:
    return nice_ticks(low, high, 4)
