"""Cumulative cost of two scenarios in one chart: A solid, B dotted, in the same colours, from the build on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from costmodel.comparison import Comparison
from costmodel.results import Run
from costmodel.terms import Array
from report.chart_theme import EXCLUDED, NARROW, Chart, expr, layer, mark, spec_of, table
from report.labels import nice_ticks, push_apart
from report.lines import pieces_below
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
    label,
    month_columns,
    month_ticks,
    words,
    x_of,
    y_of,
)
from report.tables import crossings

COMPARED_HEIGHT = 360
LABEL_GAP = 0.052
HEADROOM = 0.06
STRETCH = 1.15
"""What is left out of the running may stretch the axis by this much; beyond, it leaves through the top."""

_LEFT = 52
_RIGHT = f"({NARROW} ? 102 : 160)"
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "frame": FRAME,
    "y_ticks": Y_TICKS,
    "x_ticks": X_TICKS,
    "curves": {"piece": TEXT, "ink": TEXT, "b": FLAG, "month": NUMBER, "usd": NUMBER},
    "ends": {
        "month": NUMBER,
        "usd": NUMBER,
        "at": NUMBER,
        "ink": TEXT,
        "b": FLAG,
        "shown": FLAG,
        "label": TEXT,
        "short": TEXT,
    },
    "rings": {"month": NUMBER, "usd": NUMBER, "b": FLAG, "left": FLAG, "top": FLAG, "label": TEXT, "short": TEXT},
    "months": {"month": NUMBER, "from": NUMBER, "to": NUMBER, "title": TEXT, **dict.fromkeys(ARCHITECTURES, TEXT)},
}


@dataclass(frozen=True)
class Ring:
    """Where the lead changes on one side: at a point in time, at a cost, and what happens in words."""

    month: float
    amount: float
    label: str
    short: str


@dataclass(frozen=True)
class Lines:
    """The curves of one side: architecture -> cost up to months 0..H in the money on screen, and who is left out."""

    letter: str
    curves: Mapping[str, Array]
    left_out: frozenset[str] = frozenset()
    rings: Sequence[Ring] = ()


@cache
def compared_spec() -> dict[str, Any]:
    """The frozen spec."""
    x, y = x_of(_LEFT, f"width - {_RIGHT}"), y_of()
    place = {"x": x("month"), "y": y("usd")}
    foot = {"value": expr("foot")}
    curve = mark(
        "line",
        stroke="=lines[datum.ink]",
        strokeWidth="=datum.b ? 1.75 : 2.5",
        strokeDash="=datum.b ? [1, 5] : [1, 0]",
    )
    dot = mark(
        "point",
        shape="circle",
        fill="=datum.b ? background : lines[datum.ink]",
        stroke="=lines[datum.ink]",
        strokeWidth=1.5,
        size=36,
        opacity="=datum.shown ? 1 : 0",
    )
    ring = mark(
        "point",
        shape="circle",
        fill="=background",
        stroke="=ink",
        strokeWidth="=datum.b ? 1.5 : 2",
        strokeDash="=datum.b ? [2, 2] : [1, 0]",
        size=90,
        opacity=1,
    )
    drop = mark("rule", stroke="=second", strokeDash=[1, 3], strokeCap="round")
    beside: dict[str, Any] = {
        "align": "=datum.left ? 'right' : 'left'",
        "dx": "=datum.left ? -8 : 8",
        "dy": "=datum.top ? 4 - foot : -40",
        "baseline": "top",
        "lineBreak": "\n",
        "lineHeight": 16,
        "color": "=ink",
    }
    said = (f"datum.{key} ? {{'{one.name}': datum.{key}}} : {{}}" for key, one in ARCHITECTURES.items())
    layers = [
        *axes(x, y, _LEFT),
        layer("curves", curve, {**place, "detail": {"field": "piece"}}),
        layer("ends", dot, place),
        *words(
            "ends",
            {"x": x("month"), "y": y("at"), "text": label()},
            color="=words[datum.ink]",
            fontWeight="=datum.b ? 400 : 600",
            fontSize=13,
            align="left",
            baseline="middle",
            dx=10,
        ),
        layer("rings", drop, {**place, "y2": {"value": expr("datum.top ? 0 : foot")}}),
        *words("rings", {"x": x("month"), "y": foot, "text": label()}, **beside),
        layer("rings", ring, place),
        *hover(x, f"merge({{'Month': datum.title}}, {', '.join(said)})"),
    ]
    description = "Lines: cumulative cost by month of two scenarios, one solid and one dotted per architecture."
    return spec_of(description, COMPARED_HEIGHT, PARAMS, layers)


def compared(
    a: Lines,
    b: Lines,
    *,
    titles: Sequence[str],
    money: Callable[[float], str],
    exact: Callable[[float], str],
    apart: Callable[[float], str],
    alt: str,
) -> Chart:
    """Both sides from month 0 to the end of the longer one; each line ends where its scenario does.

    `titles` names the months for the tooltip, from the build on; `apart` writes a difference with its sign.
    """
    last = len(titles) - 1
    low, high = _axis(a, b)
    rows: dict[str, list[dict[str, Any]]] = {
        "frame": [{"start": 0, "end": last, "low": low, "high": high}],
        "y_ticks": [{"start": 0, "end": last, "at": usd, "label": money(usd)} for usd in nice_ticks(low, high)],
        "x_ticks": month_ticks(last, 6 if last <= 30 else 12 if last <= 72 else 24),
        "curves": [each for side in (b, a) for each in _curves(side, high, side is b)],
        "ends": _ends(a, b, low, high, money),
        "rings": _rings(a, b, last, low, high),
        "months": _hover_rows(a, b, titles, exact, apart),
    }
    tables = {name: table(columns, rows[name]) for name, columns in _TABLES.items()}
    return Chart("compared", compared_spec(), tables, alt, COMPARED_HEIGHT)


def lines_of(found: Comparison, run: Run, letter: str) -> Lines:
    """The curves of one side, and where its lead changes; only the last change has words, since it decides."""
    unit = found.a.scenario.finance.usd_per_currency_unit
    leads = crossings(run, present=found.present).query("main").sort_values("month")
    rings = []
    for number, ring in enumerate(leads.to_dict("records"), 1):
        after = ring["cheaper_after"]
        before = ring["a"] if ring["b"] == after else ring["b"]
        short = f"{letter}, month {ring['overtakes_in_month']}" if number == len(leads) else ""
        overtakes = f"{ARCHITECTURES[after].in_sentence} overtakes {ARCHITECTURES[before].in_sentence}"
        rings.append(Ring(ring["month"], ring["usd"] / unit, f"{short}\n{overtakes}" if short else "", short))
    curves = {str(key): curve / unit for key, curve in found.curves(run).items()}
    return Lines(letter, curves, frozenset(run.excluded), rings)


def month_titles(found: Comparison) -> list[str]:
    """Each month for the tooltip: its number and its calendar month, on both sides where those are not the same."""
    alike = found.a.inputs.dates[0] == found.b.inputs.dates[0]
    titles = ["Build"]
    for month in range(1, found.last_month + 1):
        sides = [(letter, run) for letter, run in (("A", found.a), ("B", found.b)) if month <= run.horizon]
        dates = [f"{'' if alike else f'{letter} '}{run.inputs.dates[month]:%b %Y}" for letter, run in sides]
        titles.append(f"{month}, {', '.join(dict.fromkeys(dates))}")
    return titles


def _axis(a: Lines, b: Lines) -> tuple[float, float]:
    running = [curve for side in (a, b) for key, curve in side.curves.items() if key not in side.left_out]
    every = [curve for side in (a, b) for curve in side.curves.values()]
    core = running or every
    if not core:
        return 0.0, 1.0
    high = max(float(curve.max()) for curve in core)
    whole = max(float(curve.max()) for curve in every)
    high = whole if whole <= high * STRETCH else high
    low = min(0.0, *(float(curve.min()) for curve in core))
    if high <= low:
        high = low + 1.0
    return low, high + (high - low) * HEADROOM


def _ink(side: Lines, key: str) -> str:
    return EXCLUDED if key in side.left_out else key


def _curves(side: Lines, high: float, is_b: bool) -> list[dict[str, Any]]:
    """Every point of the curves, cut where they leave the axis."""
    rows = []
    for key, curve in side.curves.items():
        pieces, _ = pieces_below([float(month) for month in range(len(curve))], curve.tolist(), high)
        for number, piece in enumerate(pieces):
            look = {"piece": f"{key} {side.letter}{number or ''}", "ink": _ink(side, key), "b": is_b}
            rows += [{**look, "month": month, "usd": usd} for month, usd in piece]
    return rows


def _ends(a: Lines, b: Lines, low: float, high: float, money: Callable[[float], str]) -> list[dict[str, Any]]:
    """The label of each line at its end; those of one month are pushed apart."""
    found: list[dict[str, Any]] = []
    for side in (a, b):
        for key, curve in side.curves.items():
            name, usd = ARCHITECTURES[key].name, float(curve[-1])
            row = {"month": len(curve) - 1, "usd": usd, "ink": _ink(side, key), "b": side is b}
            words_ = {"label": f"{name} {side.letter} {money(usd)}", "short": f"{name} {side.letter}"}
            found.append({**row, **words_, "shown": low <= usd <= high})
    for month in {row["month"] for row in found}:
        here = [row for row in found if row["month"] == month]
        # What leaves through the top has its label there.
        at = [min(max(row["usd"], low), high) for row in here]
        for row, place in zip(here, push_apart(at, low, high, LABEL_GAP), strict=True):
            row["at"] = place
    return found


def _rings(a: Lines, b: Lines, last: int, low: float, high: float) -> list[dict[str, Any]]:
    """Where the lead changes on either side; the words of A stand at the foot, those of B at the top."""
    found = []
    for side in (a, b):
        for ring in side.rings:
            if low <= ring.amount <= high:
                row = {"month": ring.month, "usd": ring.amount, "b": side is b, "top": side is b}
                found.append({**row, "left": ring.month > 0.45 * last, "label": ring.label, "short": ring.short})
    return found


def _hover_rows(
    a: Lines, b: Lines, titles: Sequence[str], exact: Callable[[float], str], apart: Callable[[float], str]
) -> list[dict[str, Any]]:
    rows = []
    for month, column in enumerate(month_columns(titles)):
        said = {}
        for key in ARCHITECTURES:
            one, two = (_at(side, key, month) for side in (a, b))
            parts = [f"{side.letter} {exact(usd)}" for side, usd in ((a, one), (b, two)) if usd is not None]
            gap = f" ({apart(two - one)})" if one is not None and two is not None else ""
            said[key] = f"{', '.join(parts)}{gap}" if parts else None
        rows.append({**column, **said})
    return rows


def _at(side: Lines, key: str, month: int) -> float | None:
    curve = side.curves.get(key)
    return None if curve is None or month >= len(curve) or np.isnan(curve[month]) else float(curve[month])
