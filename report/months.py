"""Cost of each month by what it pays for, one small chart per architecture on a common axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from costmodel.difference import family_of
from costmodel.finance import present_value
from costmodel.results import Answer
from report.chart_theme import Chart, expr, layer, mark, spec_of, table
from report.labels import nice_ticks
from report.line_words import FAMILIES as WORDS
from report.palette import FAMILIES
from report.reasons import RETRAINED

MONTHS_HEIGHT = 210
_FOOT, _LEFT, _TOP = 24, 44, 8
_GAP = 0.14  # of a month's width, left and right of its bar

_TEXT, _NUMBER, _FLAG = pa.string(), pa.float64(), pa.bool_()
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "frame": {"first": _NUMBER, "last": _NUMBER, "low": _NUMBER, "high": _NUMBER, "zero": _NUMBER},
    "y_ticks": {"usd": _NUMBER, "label": _TEXT},
    "x_ticks": {"month": _NUMBER, "label": _TEXT},
    "segments": {
        "from": _NUMBER,
        "to": _NUMBER,
        "low": _NUMBER,
        "high": _NUMBER,
        "ink": _TEXT,
        "opacity": _NUMBER,
        "outlined": _FLAG,
    },
    "stacks": {"from": _NUMBER, "to": _NUMBER, "low": _NUMBER, "high": _NUMBER},
    "months": {"from": _NUMBER, "to": _NUMBER, "title": _TEXT, "total": _TEXT, **dict.fromkeys(WORDS, _TEXT)},
}


@cache
def months_spec() -> dict[str, Any]:
    """The frozen spec of one architecture's months."""
    frame = "data('frame')[0]"
    x_scale = {
        "domain": [expr(f"{frame}.first"), expr(f"{frame}.last")],
        "nice": False,
        "zero": False,
        "range": [_LEFT, expr("width")],
    }
    y_scale = {
        "domain": [expr(f"{frame}.low"), expr(f"{frame}.high")],
        "nice": False,
        "zero": False,
        "range": [expr(f"height - {_FOOT}"), _TOP],
    }

    def x(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": x_scale}

    def y(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": y_scale}

    across = {"x": {"value": _LEFT}, "x2": {"value": {"expr": "width"}}}
    grid = mark("rule", stroke="=grid", strokeWidth=1)
    money = mark("text", align="right", baseline="middle", color="=second")
    bar: dict[str, Any] = {
        "type": "rect",
        "tooltip": None,
        "fill": expr("lines[datum.ink]"),
        "fillOpacity": expr("datum.opacity"),
        "stroke": expr("lines[datum.ink]"),
        "strokeWidth": expr("datum.outlined ? 1 : 0"),
    }
    # Under the tints, so that the grid does not shine through.
    paper = {"type": "rect", "tooltip": None, "fill": expr("background")}
    stack = {"x": x("from"), "x2": {"field": "to"}, "y": y("low"), "y2": {"field": "high"}}
    foot = expr(f"height - {_FOOT} + 8")
    when = mark("text", baseline="top", color="=second", y=foot)
    families = ", ".join(f"datum.{key} ? {{'{words}': datum.{key}}} : {{}}" for key, words in WORDS.items())
    tooltip = expr(f"merge({{'Month': datum.title}}, {families}, {{'Together': datum.total}})")
    hover = {
        "name": "hover",
        "select": {"type": "point", "fields": ["title"], "on": "pointerover", "clear": "pointerout"},
    }
    column = {
        "x": x("from"),
        "x2": {"field": "to"},
        "y": {"value": 0},
        "y2": {"value": expr(f"height - {_FOOT}")},
        "opacity": {"condition": {"param": "hover", "empty": False, "value": 0.5}, "value": 0},
    }
    layers = [
        layer("y_ticks", grid, {**across, "y": y("usd")}),
        layer("y_ticks", money, {"x": {"value": _LEFT - 8}, "y": y("usd"), "text": {"field": "label"}}),
        layer("stacks", paper, stack),
        layer("segments", bar, stack),
        layer("frame", mark("rule", stroke="=line", strokeWidth=1), {**across, "y": y("zero")}),
        layer("x_ticks", when, {"x": x("month"), "text": {"field": "label"}}),
        layer("months", {"type": "rect", "fill": expr("grid"), "tooltip": tooltip}, column, params=[hover]),
    ]
    spec = spec_of("Stacked bars: cost of each month by what it pays for.", MONTHS_HEIGHT, [], layers)
    # Some hundred bars, all of them others with each move of a lever: as elements of the page they would hold it up.
    return {**spec, "usermeta": {"embedOptions": {"renderer": "canvas"}}}


def family_months(answer: Answer, *, present: bool = False) -> dict[str, list[float]]:
    """Cost by family in months 1 to H [USD], of the families that are in the bill."""
    every, sums = answer.bill.months.shape, dict[str, Any]()
    for line in answer.bill.counted:
        family = family_of(line)
        sums[family] = sums.get(family, 0.0) + np.broadcast_to(line.cost_usd, every)[: answer.horizon + 1]
    rate = answer.discount_rate if present else 0.0
    return {family: present_value(cost, rate)[1:].tolist() for family, cost in sums.items()}


def event_months(answer: Answer, *, least: float = 0.2) -> list[int]:
    """Months of operation in which retraining and other events add `least` or more to what runs anyway."""
    events, recurring = (answer.bill.phase_usd(phase)[1 : answer.horizon + 1] for phase in ("event", "recurring"))
    return [int(month) + 1 for month in np.flatnonzero((events > 0) & (events >= least * recurring))]


def only_retraining(answer: Answer) -> bool:
    """Whether something is retrained, and every event that costs anything belongs to it or to its revalidation."""
    events = [line for line in answer.bill.counted if line.phase == "event" and np.any(line.cost_usd != 0)]
    retrained = any(line.component in RETRAINED[:-1] for line in events)
    return retrained and all(line.component in RETRAINED for line in events)


def monthly_axis(costs: Sequence[Mapping[str, Sequence[float]]]) -> tuple[float, float]:
    """Lowest and highest stack over all architectures: the axis that their charts share.

    `costs`: for each architecture family -> cost in months 1 to H [USD].
    """
    low, high = 0.0, 0.0
    for families in costs:
        for month in zip(*families.values(), strict=True):
            low = min(low, sum(usd for usd in month if usd < 0))
            high = max(high, sum(usd for usd in month if usd > 0))
    return low, high * 1.04 if high > 0 else low + 1.0 if low == 0 else 0.0


def months(
    costs: Mapping[str, Sequence[float]],
    ink: str,
    axis: tuple[float, float],
    *,
    titles: Sequence[str],
    money: Callable[[float], str],
    exact: Callable[[float], str],
    alt: str,
) -> Chart:
    """One architecture: family -> cost in months 1 to H [USD]; `titles` names the months for the tooltip."""
    last = len(titles)
    low, high = axis
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    rows["frame"] = [{"first": 0.5, "last": last + 0.5, "low": low, "high": high, "zero": 0.0}]
    rows["y_ticks"] = [{"usd": usd, "label": money(usd)} for usd in nice_ticks(low, high, 3)]
    rows["x_ticks"] = [{"month": month, "label": label} for month, label in _named(last).items()]
    order = [family for family in (*FAMILIES, "consequence") if family in costs]
    for index, title in enumerate(titles):
        above = below = 0.0
        words: dict[str, str | None] = dict.fromkeys(WORDS)
        place = {"from": index + 0.5 + _GAP, "to": index + 1.5 - _GAP}
        for family in order:
            usd = costs[family][index]
            if usd == 0:
                continue
            start = above if usd > 0 else below
            if usd > 0:
                above += usd
            else:
                below += usd
            words[family] = exact(usd)
            look = {"ink": ink, "opacity": FAMILIES.get(family, 0.0), "outlined": family not in FAMILIES}
            rows["segments"].append({**place, "low": min(start, start + usd), "high": max(start, start + usd), **look})
        rows["stacks"].append({**place, "low": below, "high": above})
        total = exact(above + below)
        rows["months"].append({"from": index + 0.5, "to": index + 1.5, "title": title, "total": total, **words})
    return Chart(
        "months", months_spec(), {name: table(_TABLES[name], rows[name]) for name in _TABLES}, alt, MONTHS_HEIGHT
    )


def _named(last: int) -> dict[int, str]:
    """Every sixth month (fewer of many) and the last one, those that touch it left out; the first says what it is."""
    step = 6 if last <= 36 else 12 if last <= 72 else 24
    shown = [month for month in range(step, last, step) if last - month > last * 0.12]
    shown = [*(shown or ([1] if last > 1 else [])), last]
    return {month: f"Month {month}" if month == shown[0] else str(month) for month in shown}
