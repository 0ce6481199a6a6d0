"""The fan of one architecture: cumulative cost below which 10, 50 and 90% of the draws lie; the other medians thin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from costmodel.terms import Array
from report.chart_theme import Chart, expr, layer, mark, spec_of, table
from report.labels import nice_ticks, push_apart
from report.palette import ARCHITECTURES
from report.plot import (
    FLAG,
    FRAME,
    NUMBER,
    PARAMS,
    TEXT,
    X_TICKS,
    Y_TICKS,
    axes,
    hover,
    month_columns,
    month_ticks,
    words,
    x_of,
    y_of,
)

HEIGHT = 230
LABEL_GAP = 0.085
"""Least distance of two labels at the right, as a share of the axis."""
HEADROOM = 0.05
BELOW = ("1 of 10 draws below", "Half of the draws below", "9 of 10 draws below")

_LEFT, _RIGHT = 46, 56
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "frame": FRAME,
    "y_ticks": Y_TICKS,
    "x_ticks": X_TICKS,
    "band": {"month": NUMBER, "low": NUMBER, "high": NUMBER, "ink": TEXT},
    "lines": {"line": TEXT, "month": NUMBER, "usd": NUMBER, "ink": TEXT, "main": FLAG},
    "ends": {"month": NUMBER, "usd": NUMBER, "at": NUMBER, "ink": TEXT, "main": FLAG, "label": TEXT},
    "months": {
        "month": NUMBER,
        "from": NUMBER,
        "to": NUMBER,
        "title": TEXT,
        "low": TEXT,
        "middle": TEXT,
        "high": TEXT,
    },
}


@cache
def fan_spec() -> dict[str, Any]:
    """The frozen spec of one fan."""
    x, y = x_of(_LEFT, f"width - {_RIGHT}"), y_of()
    band: dict[str, Any] = {"type": "area", "tooltip": None, "fill": expr("lines[band_ink]"), "fillOpacity": 0.2}
    # An area is one mark: its colour cannot be read from its rows.
    params = [*PARAMS, {"name": "band_ink", "expr": "data('band')[0].ink"}]
    curve = mark(
        "line",
        stroke="=datum.main ? lines[datum.ink] : second",
        strokeWidth="=datum.main ? 2.5 : 1",
        opacity="=datum.main ? 1 : 0.7",
    )
    tooltip = f"{{'Month': datum.title, '{BELOW[2]}': datum.high, '{BELOW[1]}': datum.middle, '{BELOW[0]}': datum.low}}"
    layers = [
        *axes(x, y, _LEFT),
        layer("band", band, {"x": x("month"), "y": y("low"), "y2": {"field": "high"}}),
        layer("lines", curve, {"x": x("month"), "y": y("usd"), "detail": {"field": "line"}}),
        *words(
            "ends",
            {"x": x("month"), "y": y("at"), "text": {"field": "label"}},
            color="=words[datum.ink]",
            fontWeight="=datum.main ? 600 : 400",
            align="left",
            baseline="middle",
            dx=7,
        ),
        *hover(x, tooltip),
    ]
    return spec_of("Fan: cumulative cost by month, the middle 8 of 10 draws as a band.", HEIGHT, params, layers)


def fan_axis(fans: Mapping[str, Array]) -> tuple[float, float]:
    """Lowest and highest amount over all fans, each of shape (3, months): the axis that they share."""
    known = [fan[np.isfinite(fan)] for fan in fans.values()]
    every = np.concatenate([*known, [0.0]])
    low, high = float(every.min()), float(every.max())
    if high <= low:
        high = low + 1.0
    return low, high + (high - low) * HEADROOM


def fan(
    fans: Mapping[str, Array],
    key: str,
    ink: str,
    axis: tuple[float, float],
    *,
    titles: Sequence[str],
    money: Callable[[float], str],
    exact: Callable[[float], str],
    alt: str,
) -> Chart:
    """The fan of `key` among all `fans` (10, 50, 90%; by month 0..H), in the money on screen; `ink` is its colour.

    `titles` names the months from the build on for the tooltip, whose amounts `exact` writes.
    """
    own, (low, high), last = fans[key], axis, len(titles) - 1
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    rows["frame"] = [{"start": 0, "end": last, "low": low, "high": high}]
    rows["y_ticks"] = [{"start": 0, "end": last, "at": usd, "label": money(usd)} for usd in nice_ticks(low, high)]
    rows["x_ticks"] = month_ticks(last, 12 if last > 12 else 6)
    rows["band"] = [
        {"month": month, "low": bottom, "high": top, "ink": ink}
        for month, (bottom, top) in enumerate(zip(own[0].tolist(), own[2].tolist(), strict=True))
    ]
    for other in (*(each for each in fans if each != key), key):  # its own line last, over the others
        rows["lines"] += [
            {"line": other, "month": month, "usd": usd, "ink": ink, "main": other == key}
            for month, usd in enumerate(fans[other][1].tolist())
        ]
    ends = own[:, -1].tolist()
    places = push_apart(ends, low, high, LABEL_GAP)
    rows["ends"] = [
        {"month": last, "usd": usd, "at": at, "ink": ink, "main": number == 1, "label": money(usd)}
        for number, (usd, at) in enumerate(zip(ends, places, strict=True))
        if number == 1 or money(usd) != money(ends[1])
    ]
    rows["months"] = [
        {**column, **dict(zip(("low", "middle", "high"), map(exact, own[:, month].tolist()), strict=True))}
        for month, column in enumerate(month_columns(titles))
    ]
    tables = {name: table(columns, rows[name]) for name, columns in _TABLES.items()}
    return Chart(f"fan of {ARCHITECTURES[key].name}", fan_spec(), tables, alt, HEIGHT)
