"""The winner map: its frozen spec, and its tables of stretches, borders, names and ticks worked out beforehand.

Places are shares of the plot, 0 to 1 along both axes, so that one spec serves every pair of drivers. Neighbouring
cells of a row that look the same are one rectangle: a map has some hundred marks, not thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from costmodel.odds_map import OddsMap
from costmodel.scenario import Architecture
from costmodel.terms import Array
from costmodel.winner_map import Areas, Axis, WinnerMap
from report.chart_data import Data
from report.chart_theme import NARROW, Chart, expr, layer, mark, spec_of, table
from report.driver_words import gap_words
from report.numbers import percent
from report.palette import ARCHITECTURES, NEUTRALS
from report.ticks import axis_ticks

HEIGHT = 440
STRENGTHS = (1.0, 0.16, 0.32, 0.50)
"""Opacity of a cell by how far its winner leads; the first is the grey of too close to call."""
HOVERED = 28
"""Cells of the tooltip's layer along each axis."""

_RIGHT, _TOP, _FOOT = 8, 24, 44  # pixels around the plot; left of it there is less on a phone
_TEXT, _NUMBER, _FLAG = pa.string(), pa.float64(), pa.bool_()
_RECT = {"x": _NUMBER, "x2": _NUMBER, "y": _NUMBER, "y2": _NUMBER}
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "cells": {**_RECT, "ink": _TEXT, "strength": _NUMBER},
    "border": {"line": _NUMBER, "order": _NUMBER, "x": _NUMBER, "y": _NUMBER},
    "names": {"x": _NUMBER, "y": _NUMBER, "ink": _TEXT, "label": _TEXT},
    "here": {"x": _NUMBER, "y": _NUMBER, "left": _FLAG, "label": _TEXT},
    "x_ticks": {"at": _NUMBER, "label": _TEXT, "wide": _FLAG},
    "y_ticks": {"at": _NUMBER, "label": _TEXT, "short": _TEXT},
    "titles": {"x": _TEXT, "y": _TEXT},
    "hover": {**_RECT, "title": _TEXT, **dict.fromkeys(ARCHITECTURES, _TEXT), "gap": _TEXT},
}


Told = tuple[dict[str, str], str]
"""What a tooltip says of each architecture, and of all of them."""


@dataclass(frozen=True)
class Words:
    """What an axis is called, its values in words on it, the same where there is little room, and in a tooltip."""

    title: str
    of: Callable[[float], str]
    short: Callable[[float], str] | None = None
    said: Callable[[float], str] | None = None


# Rounded to whole pixels, so that no seam shows between two cells.
def _x(field: str) -> dict[str, Any]:
    scale = {
        "domain": [0, 1],
        "nice": False,
        "zero": False,
        "round": True,
        "range": [expr("left"), expr(f"width - {_RIGHT}")],
    }
    return {"field": field, "type": "quantitative", "scale": scale}


def _y(field: str) -> dict[str, Any]:
    scale = {"domain": [0, 1], "nice": False, "zero": False, "round": True, "range": [expr("foot"), _TOP]}
    return {"field": field, "type": "quantitative", "scale": scale}


_RECTANGLE = {"x": _x("x"), "x2": {"field": "x2"}, "y": _y("y"), "y2": {"field": "y2"}}
_FOOTED = {"value": expr("foot")}


def _tick_layers() -> list[dict[str, Any]]:
    second: dict[str, Any] = {"color": "=second"}
    left, below = {"value": expr("left")}, {"value": expr("foot + 5")}
    shown = f"={NARROW} && !datum.wide ? 0 : 1"
    short = {"condition": {"test": NARROW, "value": {"expr": "datum.short"}}, "field": "label"}
    return [
        layer("x_ticks", mark("rule", stroke="=line"), {"x": _x("at"), "y": _FOOTED, "y2": below}),
        layer(
            "x_ticks",
            mark("text", baseline="top", opacity=shown, **second),
            {"x": _x("at"), "y": {"value": expr("foot + 9")}, "text": {"field": "label"}},
        ),
        layer("y_ticks", mark("rule", stroke="=line"), {"y": _y("at"), "x": left, "x2": {"value": expr("left - 5")}}),
        layer(
            "y_ticks",
            mark("text", align="right", baseline="middle", **second),
            {"y": _y("at"), "x": {"value": expr("left - 8")}, "text": short},
        ),
        layer(
            "titles",
            mark("text", align="left", baseline="top", **second),
            {"x": {"value": 0}, "y": {"value": 0}, "text": {"field": "y"}},
        ),
        layer(
            "titles",
            mark("text", baseline="bottom", align="center", **second),
            {
                "x": {"value": expr(f"(left + width - {_RIGHT}) / 2")},
                "y": {"value": expr("height")},
                "text": {"field": "x"},
            },
        ),
    ]


def _here_layers() -> list[dict[str, Any]]:
    dotted = mark("rule", stroke="=second", strokeDash=[1, 3], strokeCap="round")
    place = {"x": _x("x"), "y": _y("y")}
    ring = mark("point", shape="circle", fill="=background", stroke="=ink", strokeWidth=2, size=110, opacity=1)
    words: dict[str, Any] = {
        "align": "=datum.left ? 'right' : 'left'",
        "dx": "=datum.left ? -11 : 11",
        "baseline": "middle",
        "fontWeight": 600,
    }
    halo = {**mark("text", **words, color="=background", stroke="=background", strokeWidth=4), "strokeJoin": "round"}
    return [
        layer("here", dotted, {**place, "x2": {"value": expr("left")}}),
        layer("here", dotted, {**place, "y2": _FOOTED}),
        layer("here", ring, place),
        layer("here", halo, {**place, "text": {"field": "label"}}),
        layer("here", mark("text", **words, color="=ink"), {**place, "text": {"field": "label"}}),
    ]


def _hover_layer() -> dict[str, Any]:
    totals = (f"datum.{key} ? {{'{one.name}': datum.{key}}} : {{}}" for key, one in ARCHITECTURES.items())
    tooltip = expr(f"merge({{'At': datum.title}}, {', '.join(totals)}, {{'Cheapest': datum.gap}})")
    return layer("hover", {"type": "rect", "color": "transparent", "tooltip": tooltip}, _RECTANGLE)


@cache
def map_spec() -> dict[str, Any]:
    """The frozen spec of the winner map."""
    tie_light, tie_dark = NEUTRALS["tie"]
    params = [
        {"name": "foot", "expr": f"height - {_FOOT}"},
        {"name": "left", "expr": f"{NARROW} ? 62 : 84"},
        {"name": "tie", "expr": f"dark ? '{tie_dark}' : '{tie_light}'"},
    ]
    cells = mark("rect", color="=datum.ink == 'tie' ? tie : lines[datum.ink]", opacity="=datum.strength")
    border = mark("line", stroke="=ink", strokeWidth=1.5)
    names = mark("text", color="=words[datum.ink]", fontSize=f"={NARROW} ? 14 : 17", fontWeight=600, baseline="middle")
    along = {"x": _x("x"), "y": _y("y")}
    exactly = {  # in whole pixels a slanted line would tremble
        "x": {"value": expr(f"left + datum.x * (width - {_RIGHT} - left)")},
        "y": {"value": expr(f"foot - datum.y * (foot - {_TOP})")},
    }
    layers = [
        layer("cells", cells, _RECTANGLE),
        *_tick_layers(),
        layer("border", border, {**exactly, "detail": {"field": "line"}, "order": {"field": "order"}}),
        layer("names", names, {**along, "text": {"field": "label"}}),
        *_here_layers(),
        _hover_layer(),
    ]
    spec = spec_of(
        "Map: the cheapest architecture over two drivers, and where two cost the same.", HEIGHT, params, layers
    )
    return {**spec, "usermeta": {"embedOptions": {"renderer": "canvas"}}}


def _edges(axis: Axis) -> list[float]:
    """Where the cells of an axis begin and end: halfway between neighbouring values, 0 to 1."""
    places = axis.places.tolist()
    return [0.0, *((a + b) / 2 for a, b in pairwise(places)), 1.0]


def _stretches(found: Areas) -> list[dict[str, Any]]:
    """Rows of the map as stretches of cells that look the same."""
    xs, ys = _edges(found.x), _edges(found.y)
    looks = found.winner * len(STRENGTHS) + found.step
    looks = np.where(found.step == 0, 0, looks)  # a tie is grey, whoever leads by a hair
    rows = []
    for row, look in enumerate(looks):
        cuts = [0, *(np.flatnonzero(np.diff(look)) + 1).tolist(), len(look)]
        for start, end in pairwise(cuts):
            winner, step = divmod(int(look[start]), len(STRENGTHS))
            ink = "tie" if step == 0 else found.eligible[winner]
            place = {"x": xs[start], "x2": xs[end], "y": ys[row], "y2": ys[row + 1]}
            rows.append({**place, "ink": ink, "strength": STRENGTHS[step]})
    return rows


def _hovered(found: Areas, x: Words, y: Words, of_cell: Callable[[int, int], Told]) -> list[dict[str, Any]]:
    def picked(axis: Axis) -> list[int]:
        return sorted({round(each) for each in np.linspace(0, len(axis.values) - 1, HOVERED).tolist()})

    def spans(axis: Axis, at: list[int]) -> list[tuple[float, float]]:
        places = axis.places[at].tolist()
        edges = [0.0, *((a + b) / 2 for a, b in pairwise(places)), 1.0]
        return list(pairwise(edges))

    columns, lines = picked(found.x), picked(found.y)
    titles = [(x.said or x.of)(found.x.values[column]) for column in columns]
    rows = []
    for row, (y1, y2) in zip(lines, spans(found.y, lines), strict=True):
        height = (y.said or y.of)(found.y.values[row])
        for column, title, (x1, x2) in zip(columns, titles, spans(found.x, columns), strict=True):
            said, gap = of_cell(row, column)
            words: dict[str, Any] = {key: said.get(key) for key in ARCHITECTURES}
            rows.append({"x": x1, "x2": x2, "y": y1, "y2": y2, "title": f"{title}, {height}", **words, "gap": gap})
    return rows


def _here(found: Areas, here: tuple[float, float]) -> list[dict[str, Any]]:
    at = (found.x.place(here[0]), found.y.place(here[1]))
    if not all(0 <= place <= 1 for place in at):
        return []
    return [{"x": at[0], "y": at[1], "left": at[0] > 0.7, "label": "Your scenario"}]


def with_here(chart: Chart, found: Areas, here: tuple[float, float]) -> Chart:
    """The same map with the scenario at another place: nothing else depends on it."""
    return replace(chart, datasets={**chart.datasets, "here": table(_TABLES["here"], _here(found, here))})


def map_tables(found: Areas, x: Words, y: Words, of_cell: Callable[[int, int], Told]) -> dict[str, pa.Table]:
    """Every table of a map; `of_cell` says of a row and column what the tooltip has of each architecture and of all."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    rows["cells"] = _stretches(found)
    rows["border"] = [
        {"line": number, "order": order, "x": point[0], "y": point[1]}
        for number, line in enumerate(found.borders())
        for order, point in enumerate(line.tolist())
    ]
    for key in found.eligible:
        middle = found.middle_of(key)
        if middle is not None and found.share_of(key) >= 0.03:
            rows["names"].append({"x": middle[0], "y": middle[1], "ink": key, "label": ARCHITECTURES[key].name})
    rows["here"] = _here(found, found.here)
    rows["x_ticks"] = [
        {"at": found.x.place(value), "label": x.of(value), "wide": not number % 2}
        for number, value in enumerate(axis_ticks(found.x))
    ]
    rows["y_ticks"] = [
        {"at": found.y.place(value), "label": y.of(value), "short": (y.short or y.of)(value)}
        for value in axis_ticks(found.y)
    ]
    rows["titles"] = [{"x": x.title, "y": y.title}]
    rows["hover"] = _hovered(found, x, y, of_cell)
    return {name: table(columns, rows[name]) for name, columns in _TABLES.items()}


def winner_chart(found: WinnerMap, *, x: Words, y: Words, money: Callable[[float], str], alt: str) -> Chart:
    """The map of the cheapest as a chart; `money` writes the exact totals of the tooltip."""

    def of_cell(row: int, column: int) -> Told:
        usd = {key: float(each[row, column]) for key, each in found.usd.items()}
        gap = gap_words({key: usd[key] for key in found.eligible}, money)
        return {key: money(each) for key, each in usd.items()}, gap

    return Chart("map", map_spec(), map_tables(found, x, y, of_cell), alt, HEIGHT)


def odds_chart(found: OddsMap, *, x: Words, y: Words, alt: str) -> Chart:
    """The map of how probable the cheapest is, as a chart."""

    def of_cell(row: int, column: int) -> Told:
        odds = {key: float(each[row, column]) for key, each in found.odds.items()}
        best = max(odds, key=lambda key: odds[key])
        first = f"{ARCHITECTURES[best].name}, in {percent(odds[best])} of the draws"
        return {key: percent(each) for key, each in odds.items()}, first

    return Chart("map", map_spec(), map_tables(found, x, y, of_cell), alt, HEIGHT)


def map_data(found: Areas, x: Words, y: Words, cells: Mapping[Architecture, Array], unit: str) -> Data:
    """A map as a table, a row for each cell; `cells` by architecture, in `unit`."""
    rows, columns = found.winner.shape
    frame: dict[str, Any] = {x.title: np.tile(found.x.values, rows), y.title: np.repeat(found.y.values, columns)}
    frame["Cheapest"] = [ARCHITECTURES[found.eligible[int(each)]].name for each in found.winner.ravel().tolist()]
    for key, each in cells.items():
        frame[f"{ARCHITECTURES[key].name} [{unit}]"] = np.asarray(each).ravel()
    return Data(pd.DataFrame(frame), "Who is cheapest over two drivers", "map")
