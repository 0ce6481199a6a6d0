"""What the charts of odds, fans and swings share: places on a plot of fixed margins, its axes, words with a halo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from report.chart_theme import NARROW, expr, layer, mark

FOOT = 26
"""Pixels below the axis line, for the months."""

TEXT, NUMBER, FLAG = pa.string(), pa.float64(), pa.bool_()
FRAME: dict[str, pa.DataType] = {"start": NUMBER, "end": NUMBER, "low": NUMBER, "high": NUMBER}
X_TICKS: dict[str, pa.DataType] = {"at": NUMBER, "label": TEXT}
Y_TICKS: dict[str, pa.DataType] = {"start": NUMBER, "end": NUMBER, "at": NUMBER, "label": TEXT}

Channel = Callable[[str], dict[str, Any]]
PARAMS = [{"name": "foot", "expr": f"height - {FOOT}"}]


def x_of(left: int, right: str) -> Channel:
    """A field along the plot, from `left` pixels to the pixel that the expression `right` gives."""
    domain = [expr("data('frame')[0].start"), expr("data('frame')[0].end")]
    return _channel({"domain": domain, "range": [left, expr(right)]})


def y_of(top: int = 10) -> Channel:
    """A field up the plot, from its foot to `top` pixels below the rim."""
    domain = [expr("data('frame')[0].low"), expr("data('frame')[0].high")]
    return _channel({"domain": domain, "range": [expr("foot"), top]})


def _channel(scale: dict[str, Any]) -> Channel:
    whole = {**scale, "nice": False, "zero": False}
    return lambda field: {"field": field, "type": "quantitative", "scale": whole}


def words(data: str, encoding: dict[str, Any], **properties: Any) -> list[dict[str, Any]]:
    """Text twice: first as a halo in the background's colour, then itself."""
    halo = mark("text", **{**properties, "color": "=background"}, stroke="=background", strokeWidth=4)
    return [
        layer(data, {**halo, "strokeJoin": "round"}, encoding),
        layer(data, mark("text", **properties), encoding),
    ]


def label() -> dict[str, Any]:
    """The text of a row, or its short form on a narrow plot."""
    return {"condition": {"test": NARROW, "value": {"expr": "datum.short"}}, "field": "label"}


def axes(x: Channel, y: Channel, left: int) -> list[dict[str, Any]]:
    """Grid and amounts at `y_ticks`, the line at the foot, and `x_ticks` below it."""
    foot, below, tick = {"value": expr("foot")}, {"value": expr("foot + 10")}, {"value": expr("foot + 5")}
    across = {"x": x("start"), "x2": {"field": "end"}}
    return [
        layer("y_ticks", mark("rule", stroke="=grid", strokeWidth=1), {**across, "y": y("at")}),
        layer(
            "y_ticks",
            mark("text", align="right", baseline="middle", color="=second"),
            {"x": {"value": left - 8}, "y": y("at"), "text": {"field": "label"}},
        ),
        layer("frame", mark("rule", stroke="=line", strokeWidth=1), {**across, "y": foot}),
        layer("x_ticks", mark("rule", stroke="=line"), {"x": x("at"), "y": foot, "y2": tick}),
        layer(
            "x_ticks",
            mark("text", baseline="top", color="=second"),
            {"x": x("at"), "y": below, "text": {"field": "label"}},
        ),
    ]


def hover(x: Channel, tooltip: str) -> list[dict[str, Any]]:
    """A rule at the month under the pointer, and one transparent column per month that carries its tooltip."""
    select = {
        "name": "hover",
        "select": {"type": "point", "fields": ["month"], "on": "pointerover", "clear": "pointerout"},
    }
    full = {"y": {"value": 0}, "y2": {"value": expr("foot")}}
    shown = {"condition": {"param": "hover", "empty": False, "value": 1}, "value": 0}
    return [
        layer("months", mark("rule", stroke="=line", strokeWidth=1), {"x": x("month"), **full, "opacity": shown}),
        layer(
            "months",
            {"type": "rect", "color": "transparent", "tooltip": expr(tooltip)},
            {"x": x("from"), "x2": {"field": "to"}, **full},
            params=[select],
        ),
    ]


def month_ticks(last: int, every: int) -> list[dict[str, Any]]:
    """Build, every so many months that do not touch the last one, and the last month."""
    between = [month for month in range(every, last, every) if last - month > last * 0.1]
    labels = {0: "Build", **{month: str(month) for month in between}, last: f"Month {last}"}
    return [{"at": month, "label": each} for month, each in labels.items()]


def month_columns(titles: Sequence[str]) -> list[dict[str, Any]]:
    """One column of the tooltip per month from the build on, in the order of `titles`."""
    last = len(titles) - 1
    return [
        {"month": month, "from": max(0.0, month - 0.5), "to": min(float(last), month + 0.5), "title": title}
        for month, title in enumerate(titles)
    ]
