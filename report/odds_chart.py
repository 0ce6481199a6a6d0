"""Two charts of odds: who is cheapest up to each month, and in which month two of them first change places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from costmodel.scenario import Architecture
from costmodel.terms import Array
from report.chart_theme import NARROW, Chart, expr, layer, mark, spec_of, table
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
    label,
    month_columns,
    month_ticks,
    words,
    x_of,
    y_of,
)

ODDS_HEIGHT, BREAK_EVEN_HEIGHT = 260, 170
LABEL_GAP = 0.085
NEVER_PX = 26
"""Width of the bar for never."""

_LEFT = 52
_RIGHT = f"({NARROW} ? 86 : 138)"
_ODDS: dict[str, dict[str, pa.DataType]] = {
    "frame": FRAME,
    "y_ticks": Y_TICKS,
    "x_ticks": X_TICKS,
    "curves": {"month": NUMBER, "share": NUMBER, "ink": TEXT},
    "ends": {"month": NUMBER, "share": NUMBER, "at": NUMBER, "ink": TEXT, "label": TEXT, "short": TEXT},
    "even": {"start": NUMBER, "end": NUMBER, "share": NUMBER, "label": TEXT},
    "rings": {"month": NUMBER, "share": NUMBER, "left": FLAG, "top": FLAG, "label": TEXT, "short": TEXT},
    "months": {"month": NUMBER, "from": NUMBER, "to": NUMBER, "title": TEXT, **dict.fromkeys(ARCHITECTURES, TEXT)},
}
_BARS: dict[str, dict[str, pa.DataType]] = {
    "frame": FRAME,
    "y_ticks": Y_TICKS,
    "x_ticks": X_TICKS,
    "bars": {"month": NUMBER, "from": NUMBER, "to": NUMBER, "zero": NUMBER, "share": NUMBER, "half": FLAG},
    "median": {"month": NUMBER, "left": FLAG, "label": TEXT},
    "never": {"zero": NUMBER, "share": NUMBER, "label": TEXT, "words": TEXT, "exact": TEXT},
    "months": {"month": NUMBER, "from": NUMBER, "to": NUMBER, "title": TEXT, "share": TEXT, "by": TEXT},
}


@cache
def odds_spec() -> dict[str, Any]:
    """The frozen spec of the chance of being cheapest by month."""
    x, y = x_of(_LEFT, f"width - {_RIGHT}"), y_of()
    foot = {"value": expr("foot")}
    place = {"x": x("month"), "y": y("share")}
    curve = mark("line", stroke="=lines[datum.ink]", strokeWidth=2.5)
    dot = mark("point", shape="circle", filled=True, color="=lines[datum.ink]", size=45, opacity=1)
    ring = mark("point", shape="circle", fill="=background", stroke="=ink", strokeWidth=2, size=90, opacity=1)
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
    shares = (f"datum.{key} ? {{'{one.name}': datum.{key}}} : {{}}" for key, one in ARCHITECTURES.items())
    layers = [
        *axes(x, y, _LEFT),
        layer(
            "even",
            mark("rule", stroke="=second", strokeWidth=1),
            {"x": x("start"), "x2": {"field": "end"}, "y": y("share")},
        ),
        *words(
            "even",
            {"x": x("start"), "y": y("share"), "text": {"field": "label"}},
            color="=second",
            align="left",
            baseline="bottom",
            dx=4,
            dy=-4,
        ),
        layer("curves", curve, {**place, "detail": {"field": "ink"}}),
        layer("ends", dot, place),
        *words(
            "ends",
            {"x": x("month"), "y": y("at"), "text": label()},
            color="=words[datum.ink]",
            fontWeight=600,
            fontSize=13,
            align="left",
            baseline="middle",
            dx=10,
        ),
        layer("rings", drop, {**place, "y2": {"value": expr("datum.top ? 0 : foot")}}),
        *words("rings", {"x": x("month"), "y": foot, "text": label()}, **beside),
        layer("rings", ring, place),
        *hover(x, f"merge({{'Month': datum.title}}, {', '.join(shares)})"),
    ]
    return spec_of(
        "Lines: chance of having cost least up to each month, one per architecture; rings where the odds turn.",
        ODDS_HEIGHT,
        PARAMS,
        layers,
    )


def odds(
    shares: Mapping[Architecture, Array],
    turns: Sequence[tuple[int, Architecture]],
    *,
    titles: Sequence[str],
    chance: Callable[[float], str],
    even: str,
    turn: str,
    alt: str,
) -> Chart:
    """Chance of being cheapest by month 0..H; `turns`: from which month on which one is the likelier choice.

    `titles` names the months for the tooltip, `chance` writes a share, `even` names the line at one half, `turn` says
    what happens at a ring.
    """
    last = len(titles) - 1
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _ODDS}
    rows["frame"] = [{"start": 0, "end": last, "low": 0.0, "high": 1.0}]
    rows["y_ticks"] = [
        {"start": 0, "end": last, "at": share, "label": f"{share:.0%}"} for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    rows["x_ticks"] = month_ticks(last, 6)
    rows["even"] = [{"start": 0, "end": last, "share": 0.5, "label": even}]
    for key, share in shares.items():
        rows["curves"] += [{"month": month, "share": one, "ink": key} for month, one in enumerate(share.tolist())]
        name = ARCHITECTURES[key].name
        text = {"label": f"{name} {chance(float(share[-1]))}", "short": name}
        rows["ends"].append({"month": last, "share": float(share[-1]), "ink": key, **text})
    places = push_apart([row["share"] for row in rows["ends"]], 0.0, 1.0, LABEL_GAP)
    rows["ends"] = [{**row, "at": place} for row, place in zip(rows["ends"], places, strict=True)]
    for (_, before), (month, after) in pairwise(turns):
        at, height = _meeting(shares[before], shares[after], month)
        text = {"label": f"Month {month}\n{turn}", "short": f"Month {month}"}
        low = min(float(each[month]) for each in shares.values())
        # Where lines run at the foot, the words go to the top.
        rows["rings"].append({"month": at, "share": height, "left": at > 0.6 * last, "top": low < 0.2, **text})
    for month, column in enumerate(month_columns(titles)):
        said: dict[str, Any] = {key: chance(float(share[month])) for key, share in shares.items()}
        rows["months"].append({**dict.fromkeys(ARCHITECTURES), **column, **said})
    tables = {name: table(columns, rows[name]) for name, columns in _ODDS.items()}
    return Chart("odds", odds_spec(), tables, alt, ODDS_HEIGHT)


def _meeting(before: Array, after: Array, month: int) -> tuple[float, float]:
    """Where two lines meet between the month before and `month`: point in time and share."""
    gaps = [float(after[each] - before[each]) for each in (month - 1, month)]
    along = 0.0 if gaps[0] == gaps[1] else -gaps[0] / (gaps[1] - gaps[0])
    along = min(max(along, 0.0), 1.0)
    return month - 1 + along, float(after[month - 1] + along * (after[month] - after[month - 1]))


@cache
def break_even_spec() -> dict[str, Any]:
    """The frozen spec of the month in which two of them first change places."""
    x, y = x_of(_LEFT, f"width - ({NARROW} ? 70 : 110)"), y_of(22)
    bar = mark("rect", fill="=ink", fillOpacity="=datum.half ? 0.75 : 0.3")
    aside = f"width - {NEVER_PX + 12}"
    never: dict[str, Any] = {
        "type": "rect",
        "fill": expr("background"),
        "stroke": expr("ink"),
        "strokeWidth": 1.5,
        "tooltip": expr("{'Never': datum.exact}"),
    }
    middle = {"value": expr(f"{aside} + {NEVER_PX / 2}")}
    rule = mark("rule", stroke="=second", strokeDash=[1, 3], strokeCap="round")
    said: dict[str, Any] = {"align": "=datum.left ? 'right' : 'left'", "dx": "=datum.left ? -6 : 6", "baseline": "top"}
    layers = [
        *axes(x, y, _LEFT),
        layer("bars", bar, {"x": x("from"), "x2": {"field": "to"}, "y": y("zero"), "y2": {"field": "share"}}),
        layer("median", rule, {"x": x("month"), "y": {"value": 2}, "y2": {"value": expr("foot")}}),
        *words("median", {"x": x("month"), "y": {"value": 2}, "text": {"field": "label"}}, color="=ink", **said),
        layer(
            "never",
            never,
            {
                "x": {"value": expr(aside)},
                "x2": {"value": expr(f"{aside} + {NEVER_PX}")},
                "y": y("zero"),
                "y2": {"field": "share"},
            },
        ),
        layer(
            "never",
            mark("text", baseline="bottom", dy=-5, fontWeight=600, color="=ink"),
            {"x": middle, "y": y("share"), "text": {"field": "label"}},
        ),
        layer(
            "never",
            mark("text", baseline="top", color="=second"),
            {"x": middle, "y": {"value": expr("foot + 10")}, "text": {"field": "words"}},
        ),
        *hover(x, "{'Month': datum.title, 'First in this month': datum.share, 'By then': datum.by}"),
    ]
    return spec_of(
        "Bars: share of the draws by the month in which two architectures first change places, and never.",
        BREAK_EVEN_HEIGHT,
        PARAMS,
        layers,
    )


def break_even(
    first: Array,
    never: float,
    *,
    titles: Sequence[str],
    chance: Callable[[float], str],
    median: str,
    never_word: str,
    alt: str,
) -> Chart:
    """Share of the draws by the month (0..H) of the first change, and of those without one.

    `median` stands at the month by which half of all draws have changed, if there is one; `titles` names the months.
    """
    last = len(titles) - 1
    so_far = np.cumsum(first)
    half = int(np.argmax(so_far >= 0.5)) if so_far[-1] >= 0.5 else None
    top = max(float(first.max()), never, 1e-9)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _BARS}
    rows["frame"] = [{"start": 0, "end": last + 0.5, "low": 0.0, "high": top}]
    rows["y_ticks"] = [
        {"start": 0, "end": last + 0.5, "at": share, "label": chance(share)} for share in nice_ticks(0.0, top, 2)
    ]
    rows["x_ticks"] = month_ticks(last, 6)
    rows["bars"] = [
        {
            "month": month,
            "from": month - 0.5 + 0.09,
            "to": month + 0.5 - 0.09,
            "zero": 0.0,
            "share": share,
            "half": half is not None and month <= half,
        }
        for month, share in enumerate(first.tolist())
        if share > 0
    ]
    if half is not None:
        rows["median"] = [{"month": half + 0.5, "left": half > 0.6 * last, "label": median}]
    rows["never"] = [{"zero": 0.0, "share": never, "label": chance(never), "words": never_word, "exact": chance(never)}]
    rows["months"] = [
        {**column, "share": chance(float(first[month])), "by": chance(float(so_far[month]))}
        for month, column in enumerate(month_columns(titles))
    ]
    tables = {name: table(columns, rows[name]) for name, columns in _BARS.items()}
    return Chart("break-even", break_even_spec(), tables, alt, BREAK_EVEN_HEIGHT)
