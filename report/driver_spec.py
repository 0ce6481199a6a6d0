"""The frozen spec of the driver chart: lines of total cost in places from 0 to 1, and what stands around them."""

from __future__ import annotations

from functools import cache
from typing import Any

from report.chart_theme import NARROW, expr, layer, mark, spec_of
from report.palette import ARCHITECTURES

HEIGHT = 380
LEFT, TOP, FOOT = 52, 18, 46
"""Pixels around the plot; fixed, so that it never shifts."""
LINE_PX, ROW_PX = 16.0, 38
"""Height of a line of words, and of the two of them at a ring."""

_RIGHT = f"({NARROW} ? 86 : 138)"


def _x(field: str) -> dict[str, Any]:
    scale = {"domain": [0, 1], "nice": False, "zero": False, "range": [LEFT, expr(f"width - {_RIGHT}")]}
    return {"field": field, "type": "quantitative", "scale": scale}


def _y(field: str) -> dict[str, Any]:
    scale = {"domain": [0, 1], "nice": False, "zero": False, "range": [expr("foot"), TOP]}
    return {"field": field, "type": "quantitative", "scale": scale}


_FOOTED = {"value": expr("foot")}
_WIDE = {"value": expr(f"width - {_RIGHT}")}


def _words(data: str, encoding: dict[str, Any], **properties: Any) -> list[dict[str, Any]]:
    """Text twice: first as a halo in the background's colour, then itself."""
    halo = mark("text", **{**properties, "color": "=background"}, stroke="=background", strokeWidth=4)
    return [
        layer(data, {**halo, "strokeJoin": "round"}, encoding),
        layer(data, mark("text", **properties), encoding),
    ]


def _label() -> dict[str, Any]:
    return {"condition": {"test": NARROW, "value": {"expr": "datum.short"}}, "field": "label"}


def _axis_layers() -> list[dict[str, Any]]:
    grid = mark("rule", stroke="=datum.zero ? line : grid", strokeWidth=1)
    shown = f"={NARROW} && !datum.wide ? 0 : 1"
    return [
        layer("y_ticks", grid, {"x": {"value": LEFT}, "x2": _WIDE, "y": _y("at")}),
        layer(
            "y_ticks",
            mark("text", align="right", baseline="middle", color="=second"),
            {"x": {"value": LEFT - 8}, "y": _y("at"), "text": {"field": "label"}},
        ),
        layer("titles", mark("rule", stroke="=line", strokeWidth=1), {"x": {"value": LEFT}, "x2": _WIDE, "y": _FOOTED}),
        layer(
            "x_ticks",
            mark("rule", stroke="=line"),
            {"x": _x("at"), "y": _FOOTED, "y2": {"value": expr("foot + 5")}},
        ),
        layer(
            "x_ticks",
            mark("text", baseline="top", color="=second", opacity=shown),
            {"x": _x("at"), "y": {"value": expr("foot + 9")}, "text": {"field": "label"}},
        ),
        layer(
            "titles",
            mark("text", baseline="bottom", align="center", color="=second"),
            {
                "x": {"value": expr(f"({LEFT} + width - {_RIGHT}) / 2")},
                "y": {"value": expr("height")},
                "text": {"field": "x"},
            },
        ),
    ]


def _here_layers() -> list[dict[str, Any]]:
    rule = mark("rule", stroke="=ink", strokeDash=[1, 3], strokeCap="round")
    away: dict[str, Any] = {"align": "=datum.left ? 'right' : 'left'", "dx": "=datum.left ? -6 : 6", "baseline": "top"}
    at_top = {"x": _x("x"), "y": {"value": 2}, "text": {"field": "label"}}
    return [
        layer("here", rule, {"x": _x("x"), "y": {"value": 0}, "y2": _FOOTED}),
        *_words("here", at_top, color="=ink", **away),
    ]


def _crossing_layers() -> list[dict[str, Any]]:
    place = {"x": _x("x"), "y": _y("y")}
    drop = mark("rule", stroke="=second", strokeDash=[1, 3], strokeCap="round", opacity="=datum.main ? 1 : 0")
    ring = mark(
        "point",
        shape="circle",
        fill="=background",
        stroke="=datum.main ? ink : second",
        strokeWidth="=datum.main ? 2 : 1.25",
        size="=datum.main ? 90 : 36",
        opacity=1,
    )
    at_foot = {"x": _x("x"), "y": _FOOTED, "text": _label()}
    words: dict[str, Any] = {
        "align": "=datum.left ? 'right' : 'left'",
        "dx": "=datum.left ? -8 : 8",
        "dy": f"=datum.top ? {TOP} + 4 + {ROW_PX} * datum.row - foot : -{ROW_PX} - {ROW_PX} * datum.row",
        "baseline": "top",
        "lineBreak": "\n",
        "lineHeight": LINE_PX,
        "color": "=ink",
    }
    return [
        layer("rings", drop, {**place, "y2": {"value": expr(f"datum.top ? {TOP} : foot")}}),
        *_words("words", at_foot, **words),
        layer("rings", ring, place),
    ]


def _end_layers() -> list[dict[str, Any]]:
    dot = mark("point", shape="circle", filled=True, color="=lines[datum.ink]", size="=datum.thin ? 20 : 45", opacity=1)
    away: dict[str, Any] = {"align": "=datum.right ? 'right' : 'left'", "dx": "=datum.right ? -10 : 10"}
    leaving = {"x": _x("x"), "y": _y("y"), "text": _label()}
    return [
        layer("ends", dot, {"x": _x("x"), "y": _y("y")}),
        *_words(
            "ends",
            {"x": _x("x"), "y": _y("at"), "text": _label()},
            color="=words[datum.ink]",
            fontWeight="=datum.thin ? 400 : 600",
            fontSize=13,
            align="left",
            baseline="middle",
            dx=10,
        ),
        *_words("exits", leaving, color="=words[datum.ink]", baseline="top", dy=2, **away),
    ]


def _hover_layers() -> list[dict[str, Any]]:
    # Only the architectures that are drawn have a line in the tooltip.
    totals = (f"datum.{key} ? {{'{one.name}': datum.{key}}} : {{}}" for key, one in ARCHITECTURES.items())
    tooltip = expr(f"merge({{'At': datum.title}}, {', '.join(totals)}, {{'Cheapest': datum.gap}})")
    hover = {
        "name": "hover",
        "select": {"type": "point", "fields": ["x"], "on": "pointerover", "clear": "pointerout"},
    }
    full = {"y": {"value": TOP}, "y2": _FOOTED}
    shown = {"condition": {"param": "hover", "empty": False, "value": 1}, "value": 0}
    column = {"x": _x("from"), "x2": {"field": "to"}, **full}
    columns = layer("hover", {"type": "rect", "color": "transparent", "tooltip": tooltip}, column, params=[hover])
    return [
        layer("hover", mark("rule", stroke="=line", strokeWidth=1), {"x": _x("x"), **full, "opacity": shown}),
        columns,
    ]


@cache
def driver_spec() -> dict[str, Any]:
    """The frozen spec of the driver chart."""
    curves = mark(
        "line",
        stroke="=lines[datum.ink]",
        strokeWidth="=datum.thin ? 1.25 : 2.5",
        strokeDash="=datum.thin ? [4, 4] : [1, 0]",
    )
    hover_rule, hover_columns = _hover_layers()
    along = {"x": _x("x"), "y": _y("y"), "detail": {"field": "piece"}, "order": {"field": "order"}}
    layers = [
        *_axis_layers(),
        hover_rule,
        layer("curves", curves, along),
        *_end_layers(),
        *_here_layers(),
        *_crossing_layers(),
        hover_columns,
    ]
    params = [{"name": "foot", "expr": f"height - {FOOT}"}]
    return spec_of(
        "Lines: total cost over one driver, one per architecture; rings where two cross.", HEIGHT, params, layers
    )
