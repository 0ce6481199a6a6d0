"""Total cost along a driver as a chart: lines, rings, labels and ticks, worked out before anything is drawn.

Places are shares of the plot, 0 to 1 along both axes, so that one spec serves every driver, linear or logarithmic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from costmodel.crossover import Root
from costmodel.driver import Along
from costmodel.scenario import Architecture
from costmodel.terms import Array
from report.chart_data import Data
from report.chart_theme import EXCLUDED, Chart, table
from report.driver_spec import FOOT, HEIGHT, ROW_PX, TOP, driver_spec
from report.driver_text import lead_changes
from report.driver_words import DriverWords, gap_words
from report.labels import nice_ticks, push_apart
from report.numbers import Money
from report.palette import ARCHITECTURES
from report.ticks import axis_ticks, log_ticks

LABEL_GAP = 0.06
STRETCH = 0.2
"""How much of the money axis a line drawn for comparison only may add; beyond, it leaves through the rim."""
HEADROOM = 0.05
CURVE_GAP = 0.02
HOVERED = 64
RULE_HITS = 4
"""As many points of a line the rule of the scenario counts, where words could stand on it."""

_PLOT_PX = {"x": 560.0, "y": float(HEIGHT - TOP - FOOT)}
_CHARACTER_PX = 6.4

_TEXT, _NUMBER, _FLAG = pa.string(), pa.float64(), pa.bool_()
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "x_ticks": {"at": _NUMBER, "label": _TEXT, "wide": _FLAG},
    "y_ticks": {"at": _NUMBER, "label": _TEXT, "zero": _FLAG},
    "curves": {"piece": _TEXT, "order": _NUMBER, "ink": _TEXT, "thin": _FLAG, "x": _NUMBER, "y": _NUMBER},
    "ends": {"x": _NUMBER, "y": _NUMBER, "at": _NUMBER, "ink": _TEXT, "thin": _FLAG, "label": _TEXT, "short": _TEXT},
    "exits": {"x": _NUMBER, "y": _NUMBER, "ink": _TEXT, "right": _FLAG, "label": _TEXT, "short": _TEXT},
    "rings": {"x": _NUMBER, "y": _NUMBER, "main": _FLAG, "top": _FLAG},
    "words": {"x": _NUMBER, "row": _NUMBER, "left": _FLAG, "top": _FLAG, "label": _TEXT, "short": _TEXT},
    "here": {"x": _NUMBER, "left": _FLAG, "label": _TEXT},
    "titles": {"x": _TEXT},
    "hover": {
        "x": _NUMBER,
        "from": _NUMBER,
        "to": _NUMBER,
        "title": _TEXT,
        **dict.fromkeys(ARCHITECTURES, _TEXT),
        "gap": _TEXT,
    },
}


# The money axis


@dataclass(frozen=True)
class _Scale:
    """The money axis: its ends [currency], and whether it is logarithmic."""

    low: float
    high: float
    log: bool

    def place(self, amount: Array | float) -> Array:
        amounts = np.asarray(amount, dtype=float)
        if not self.log:
            return np.asarray((amounts - self.low) / (self.high - self.low))
        return np.asarray(np.log(amounts / self.low) / np.log(self.high / self.low))

    @property
    def ticks(self) -> list[float]:
        return log_ticks(self.low, self.high, 5) if self.log else nice_ticks(self.low, self.high)


def takes_log(found: Along) -> bool:
    """Whether costs can be drawn on a logarithmic axis: no total is nothing or a credit."""
    return all(bool((usd[~np.isnan(usd)] > 0).all()) for usd in found.usd.values())


def _scale(found: Along, amounts: dict[Architecture, Array], log: bool) -> _Scale:
    """The ends of the money axis: the compared lines, and the others as far as they do not stretch it."""
    core = [each for key, each in amounts.items() if key not in found.reference] or list(amounts.values())
    ends = np.concatenate([each[~np.isnan(each)] for each in core])
    others = [each[~np.isnan(each)] for key, each in amounts.items() if key in found.reference]
    if not len(ends):
        return _Scale(0.0, 1.0, False)
    low, high = float(ends.min()), float(ends.max())
    if log:
        room = (high / low) ** STRETCH
        low, high = _stretched(low, high, others, low / room, high * room)
        pad = max((high / low) ** HEADROOM, 1.02)
        return _Scale(low / pad, high * pad, True)
    low = min(0.0, low)
    room = (high - low) * STRETCH
    low, high = _stretched(low, high, others, low - room, high + room)
    return _Scale(low, high + ((high - low) or 1.0) * HEADROOM, False)


def _stretched(low: float, high: float, others: Sequence[Array], least: float, most: float) -> tuple[float, float]:
    for each in others:
        if len(each) and least <= float(each.min()):
            low = min(low, float(each.min()))
        if len(each) and float(each.max()) <= most:
            high = max(high, float(each.max()))
    return low, high


# The lines


def _pieces(xs: Array, ys: Array) -> list[list[tuple[float, float]]]:
    """The stretches of a line inside the plot, cut exactly at its rim."""
    pieces: list[list[tuple[float, float]]] = []
    for (x1, y1), (x2, y2) in pairwise(zip(xs.tolist(), ys.tolist(), strict=True)):
        ends = _clipped(x1, y1, x2, y2)
        if ends is None:
            continue
        if pieces and pieces[-1][-1] == ends[0]:
            pieces[-1].append(ends[1])
        else:
            pieces.append([*ends])
    return pieces


def _clipped(x1: float, y1: float, x2: float, y2: float) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of one segment between 0 and 1; None when it lies outside or is not known."""
    if math.isnan(y1) or math.isnan(y2) or max(y1, y2) < 0 or min(y1, y2) > 1:
        return None

    def at(rim: float) -> float:
        return x1 + (x2 - x1) * (rim - y1) / (y2 - y1)

    def end(x: float, y: float) -> tuple[float, float]:
        return (at(1.0), 1.0) if y > 1 else (at(0.0), 0.0) if y < 0 else (x, y)

    return end(x1, y1), end(x2, y2)


def driver_chart(
    found: Along,
    words: DriverWords,
    money: Money,
    *,
    eligible: Sequence[Architecture],
    now: float,
    alt: str,
    log: bool,
) -> Chart:
    """Totals along a driver as a chart; `now`: where the scenario stands; `log`: costs on a logarithmic axis."""
    per_unit = money.usd_per_unit
    amounts = {key: usd / per_unit for key, usd in found.usd.items()}
    shown = Money(money.currency)
    scale = _scale(found, amounts, log and takes_log(found))
    xs = found.axis.places
    ys = {key: scale.place(each) for key, each in amounts.items()}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    rows["titles"] = [{"x": words.title}]
    ticks = axis_ticks(found.axis)
    rows["x_ticks"] = [
        {"at": found.axis.place(tick), "label": words.tick(tick), "wide": not number % 2}
        for number, tick in enumerate(ticks)
    ]
    rows["y_ticks"] = [
        {"at": float(scale.place(tick)), "label": _round(shown(tick)), "zero": tick == 0 and scale.low < 0}
        for tick in scale.ticks
    ]
    place = found.axis.place(now)
    if 0 <= place <= 1:
        rows["here"] = [{"x": place, "left": place > 0.8, "label": f"You: {words.of(now)}"}]
    _add_lines(rows, found, eligible, xs, ys, amounts, shown)
    _add_rings(rows, found, eligible, words, shown, scale, per_unit, list(ys.values()))
    rows["hover"] = _hovered(found, words, shown, eligible, amounts)
    return Chart(
        "driver", driver_spec(), {name: table(columns, rows[name]) for name, columns in _TABLES.items()}, alt, HEIGHT
    )


def _round(amount: str) -> str:
    """A round amount at a tick: $3M, not $3.00M."""
    return amount.replace(".00", "")


def _add_lines(
    rows: dict[str, list[dict[str, Any]]],
    found: Along,
    eligible: Sequence[Architecture],
    xs: Array,
    ys: dict[Architecture, Array],
    amounts: dict[Architecture, Array],
    money: Money,
) -> None:
    """Lines, thin ones first and so under the others, with their ends or where they leave the plot."""
    looks: dict[Architecture, dict[str, Any]] = {}
    for key in ys:
        out = key not in eligible and key not in found.reference
        looks[key] = {"ink": EXCLUDED if out else key, "thin": out or key == "prompting"}
    for key, look in sorted(looks.items(), key=lambda item: not item[1]["thin"]):
        pieces = _pieces(xs, ys[key])
        for number, piece in enumerate(pieces):
            rows["curves"] += [
                {**look, "piece": f"{key} {number}", "order": order, "x": x, "y": y}
                for order, (x, y) in enumerate(piece)
            ]
        if not pieces:
            continue
        name = ARCHITECTURES[key].name
        text = {"label": f"{name} {money(float(amounts[key][-1]))}", "short": name}
        x, y = pieces[-1][-1]
        if x == 1.0 and 0 <= float(ys[key][-1]) <= 1:
            rows["ends"].append({**look, **text, "x": x, "y": y})
        else:
            rows["exits"].append({"ink": look["ink"], **text, "x": x, "y": y, "right": x > 0.5})
    apart = push_apart([row["y"] for row in rows["ends"]], 0.0, 1.0, LABEL_GAP)
    for row, at in zip(rows["ends"], apart, strict=True):
        row["at"] = at


def _add_rings(
    rows: dict[str, list[dict[str, Any]]],
    found: Along,
    eligible: Sequence[Architecture],
    words: DriverWords,
    money: Money,
    scale: _Scale,
    per_unit: float,
    curves: Sequence[Array],
) -> None:
    """A ring at every crossing, with words where the lead changes."""
    leading = lead_changes(found.found, eligible)
    rings: list[dict[str, Any]] = []
    for pair in found.found.pairs:
        for root in pair.roots:
            main = (pair.a, pair.b, root.value) in leading
            usd = min(root.a_above_usd, root.b_above_usd) if root.kind == "jump" else root.a_below_usd
            value = root.value if root.next_value is None else root.next_value
            ring: dict[str, Any] = {
                "x": found.axis.place(value),
                "y": float(scale.place(usd / per_unit)),
                "main": main,
                "top": False,
            }
            if not 0 <= ring["y"] <= 1:
                continue
            rings.append({**ring, "said": _beside(root, words, money, usd / per_unit) if main else ""})
    rule = [row["x"] for row in rows["here"]]
    placed = _placed([ring for ring in rings if ring["main"]], found.axis.places, curves, rule)
    for ring, at in placed:
        ring["top"] = at["top"]
        rows["words"].append({"x": ring["x"], **at, "label": ring["said"], "short": ring["said"].split("\n")[0]})
    rows["rings"] = [{key: ring[key] for key in ("x", "y", "main", "top")} for ring in rings]


def _beside(root: Root, words: DriverWords, money: Money, amount: float) -> str:
    value = root.value if root.next_value is None else root.next_value
    below = "jump" if root.kind == "jump" else f"both cost {money(amount)}"
    return f"{words.beside(value)}\n{below}"


def _placed(
    rings: list[dict[str, Any]], xs: Array, curves: Sequence[Array], rules: Sequence[float]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Where the words of each ring go: at the foot first, clear of lines and other words; dropped without room."""
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for ring in sorted(rings, key=lambda each: each["x"]):
        width = max(map(len, ring["said"].splitlines())) * _CHARACTER_PX + 16
        best: tuple[int, dict[str, Any], tuple[float, float, float, float]] | None = None
        for top in (False, True):
            for row in (0, 1):
                for left in (ring["x"] > 0.45, ring["x"] <= 0.45):
                    box = _box(ring["x"], width / _PLOT_PX["x"], left, top, row)
                    if box[0] < 0 or box[1] > 1.15 or any(_overlap(box, other) for other in taken):
                        continue
                    hits = sum(_through(box, xs, curve) for curve in curves)
                    hits += sum(RULE_HITS for x in rules if box[0] < x < box[1])
                    if best is None or hits < best[0]:
                        best = hits, {"row": row, "left": left, "top": top}, box
        if best is not None:
            taken.append(best[2])
            found.append((ring, best[1]))
    return found


def _box(x: float, width: float, left: bool, top: bool, row: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of two lines of words beside a ring's dotted line, as shares of the plot."""
    low, high = (ROW_PX * row + 2) / _PLOT_PX["y"], (ROW_PX * (row + 1) + 2) / _PLOT_PX["y"]
    sides = (x - width, x) if left else (x, x + width)
    return (*sides, 1 - high, 1 - low) if top else (*sides, low, high)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _through(box: tuple[float, float, float, float], xs: Array, curve: Array) -> int:
    """How many of a curve's points lie in a box."""
    inside = (xs >= box[0]) & (xs <= box[1]) & (curve >= box[2] - CURVE_GAP) & (curve <= box[3] + CURVE_GAP)
    return int(inside.sum())


def _hovered(
    found: Along,
    words: DriverWords,
    money: Money,
    eligible: Sequence[Architecture],
    amounts: dict[Architecture, Array],
) -> list[dict[str, Any]]:
    """Invisible columns, each with all totals at the sample nearest to its middle."""
    places, values = found.axis.places, found.axis.values
    picked = sorted({int(np.abs(places - share).argmin()) for share in np.linspace(0, 1, HOVERED).tolist()})
    middles = places[picked].tolist()
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), 1.0]
    rows = []
    for at, x, (start, end) in zip(picked, middles, pairwise(edges), strict=True):
        totals = {key: float(each[at]) for key, each in amounts.items()}
        said: dict[str, Any] = {key: money.exact(totals[key]) if key in totals else None for key in ARCHITECTURES}
        gap = gap_words({key: totals[key] for key in eligible if key in totals}, money.exact)
        rows.append({"x": x, "from": start, "to": end, "title": words.amount(values[at]), **said, "gap": gap})
    return rows


def driver_data(found: Along, words: DriverWords, money: Money) -> Data:
    """The totals along a driver as a table, in the currency on screen."""
    unit = f"{money.currency}, present value" if found.found.present else money.currency
    columns: dict[str, Any] = {words.title: list(found.axis.values)}
    for key, usd in found.usd.items():
        columns[f"{ARCHITECTURES[key].name} [{unit}]"] = usd / money.usd_per_unit
    return Data(pd.DataFrame(columns), f"Total cost by {words.title[0].lower()}{words.title[1:]}", "driver")
