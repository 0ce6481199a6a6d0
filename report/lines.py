"""The line chart: its frozen spec, and the tables with every tick, label and ring worked out beforehand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from report.chart_theme import EXCLUDED, NARROW, Given, expr, layer, mark, records, spec_of, table
from report.labels import crossing_words, nice_ticks, push_apart, words_at_top
from report.palette import ARCHITECTURES

LINES_HEIGHT = 340
LABEL_GAP = 0.06  # least distance of two labels at the line ends, as a share of the axis
HEADROOM = 0.06
STRETCH = 1.15  # Prompting may stretch the axis by this much; beyond, it leaves through the top

_FOOT = 26  # pixels below the axis line, for the months
_LEFT = 52  # pixels for the money left of the axis; fixed, so that the plot never shifts

_TEXT, _NUMBER, _FLAG = pa.string(), pa.float64(), pa.bool_()
_TABLES: dict[str, dict[str, pa.DataType]] = {
    "frame": {"start": _NUMBER, "end": _NUMBER, "low": _NUMBER, "high": _NUMBER},
    "y_ticks": {"start": _NUMBER, "end": _NUMBER, "usd": _NUMBER, "label": _TEXT, "zero": _FLAG},
    "x_ticks": {"month": _NUMBER, "label": _TEXT},
    "curves": {"piece": _TEXT, "ink": _TEXT, "thin": _FLAG, "month": _NUMBER, "usd": _NUMBER},
    "ends": {
        "month": _NUMBER,
        "usd": _NUMBER,
        "at": _NUMBER,
        "ink": _TEXT,
        "thin": _FLAG,
        "label": _TEXT,
        "short": _TEXT,
    },
    "exits": {"month": _NUMBER, "usd": _NUMBER, "ink": _TEXT, "right": _FLAG, "label": _TEXT, "short": _TEXT},
    "rings": {"month": _NUMBER, "usd": _NUMBER, "main": _FLAG, "top": _FLAG},
    "words": {"month": _NUMBER, "row": _NUMBER, "left": _FLAG, "top": _FLAG, "label": _TEXT, "short": _TEXT},
    "budget": {"start": _NUMBER, "end": _NUMBER, "usd": _NUMBER, "at": _NUMBER, "label": _TEXT, "short": _TEXT},
    "months": {
        "month": _NUMBER,
        "from": _NUMBER,
        "to": _NUMBER,
        "title": _TEXT,
        **dict.fromkeys(ARCHITECTURES, _TEXT),
        "gap": _TEXT,
    },
}


def _x(field: str) -> dict[str, Any]:
    room = f"width - ({NARROW} ? 86 : 138)"
    domain = [expr("data('frame')[0].start"), expr("data('frame')[0].end")]
    scale = {"domain": domain, "nice": False, "zero": False, "range": [_LEFT, expr(room)]}
    return {"field": field, "type": "quantitative", "scale": scale}


def _y(field: str) -> dict[str, Any]:
    domain = [expr("data('frame')[0].low"), expr("data('frame')[0].high")]
    scale = {"domain": domain, "nice": False, "zero": False, "range": [expr("foot"), 10]}
    return {"field": field, "type": "quantitative", "scale": scale}


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
    foot, below, tick = {"value": expr("foot")}, {"value": expr("foot + 10")}, {"value": expr("foot + 5")}
    across = {"x": _x("start"), "x2": {"field": "end"}}
    grid = mark("rule", stroke="=datum.zero ? line : grid", strokeWidth=1)
    return [
        layer("y_ticks", grid, {**across, "y": _y("usd")}),
        layer(
            "y_ticks",
            mark("text", align="right", baseline="middle", color="=second"),
            {"x": {"value": _LEFT - 8}, "y": _y("usd"), "text": {"field": "label"}},
        ),
        layer("frame", mark("rule", stroke="=line", strokeWidth=1), {**across, "y": foot}),
        layer("x_ticks", mark("rule", stroke="=line"), {"x": _x("month"), "y": foot, "y2": tick}),
        layer(
            "x_ticks",
            mark("text", baseline="top", color="=second"),
            {"x": _x("month"), "y": below, "text": {"field": "label"}},
        ),
    ]


def _crossing_layers() -> list[dict[str, Any]]:
    place = {"x": _x("month"), "y": _y("usd")}
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
    at_foot = {"x": _x("month"), "y": {"value": expr("foot")}, "text": _label()}
    foot_words: dict[str, Any] = {
        "align": "=datum.left ? 'right' : 'left'",
        "dx": "=datum.left ? -8 : 8",
        "dy": "=datum.top ? 38 * datum.row - foot : -38 - 38 * datum.row",
        "baseline": "top",
        "lineBreak": "\n",
        "lineHeight": 16,
        "color": "=ink",
    }
    return [
        layer("rings", drop, {**place, "y2": {"value": expr("datum.top ? 0 : foot")}}),
        *_words("words", at_foot, **foot_words),
        layer("rings", ring, place),
    ]


def _end_layers() -> list[dict[str, Any]]:
    end = {"x": _x("month"), "y": _y("usd")}
    away: dict[str, Any] = {"align": "=datum.right ? 'right' : 'left'", "dx": "=datum.right ? -10 : 10"}
    return [
        layer(
            "ends",
            mark(
                "point",
                shape="circle",
                filled=True,
                color="=lines[datum.ink]",
                size="=datum.thin ? 20 : 45",
                opacity=1,
            ),
            end,
        ),
        *_words(
            "ends",
            {"x": _x("month"), "y": _y("at"), "text": _label()},
            color="=words[datum.ink]",
            fontWeight="=datum.thin ? 400 : 600",
            fontSize=13,
            align="left",
            baseline="middle",
            dx=10,
        ),
        *_words(
            "budget",
            {"x": _x("end"), "y": _y("at"), "text": _label()},
            color="=ink",
            fontSize=13,
            align="left",
            baseline="middle",
            dx=10,
        ),
        *_words("exits", {**end, "text": _label()}, color="=words[datum.ink]", baseline="top", dy=-4, **away),
    ]


def _hover_layers() -> list[dict[str, Any]]:
    # Only the architectures that are drawn have a line in the tooltip.
    totals = (f"datum.{key} ? {{'{one.name}': datum.{key}}} : {{}}" for key, one in ARCHITECTURES.items())
    tooltip = expr(f"merge({{'Month': datum.title}}, {', '.join(totals)}, {{'Cheapest': datum.gap}})")
    hover = {
        "name": "hover",
        "select": {"type": "point", "fields": ["month"], "on": "pointerover", "clear": "pointerout"},
    }
    rule = {
        "x": _x("month"),
        "y": {"value": 0},
        "y2": {"value": expr("foot")},
        "opacity": {"condition": {"param": "hover", "empty": False, "value": 1}, "value": 0},
    }
    # One transparent column per month: what lies under the pointer is always the nearest month.
    column = {
        "x": _x("from"),
        "x2": {"field": "to"},
        "y": {"value": 0},
        "y2": {"value": expr("foot")},
    }
    columns = layer("months", {"type": "rect", "color": "transparent", "tooltip": tooltip}, column, params=[hover])
    return [layer("months", mark("rule", stroke="=line", strokeWidth=1), rule), columns]


def _spec(description: str) -> dict[str, Any]:
    curves = mark(
        "line",
        stroke="=lines[datum.ink]",
        strokeWidth="=datum.thin ? 1.25 : 2.5",
        strokeDash="=datum.thin ? [4, 4] : [1, 0]",
    )
    budget = mark("rule", stroke="=ink", strokeWidth=1, strokeDash=[6, 3])
    across = {"x": _x("start"), "x2": {"field": "end"}, "y": _y("usd")}
    hover_rule, hover_columns = _hover_layers()
    layers = [
        *_axis_layers(),
        hover_rule,
        layer("budget", budget, across),
        layer("curves", curves, {"x": _x("month"), "y": _y("usd"), "detail": {"field": "piece"}}),
        *_end_layers(),
        *_crossing_layers(),
        hover_columns,
    ]
    return spec_of(description, LINES_HEIGHT, [{"name": "foot", "expr": f"height - {_FOOT}"}], layers)


@cache
def cumulative_spec() -> dict[str, Any]:
    """The frozen spec of cumulative cost."""
    return _spec("Lines: cumulative cost by month, one per architecture; rings where two cross.")


@cache
def monthly_spec() -> dict[str, Any]:
    """The frozen spec of monthly cost."""
    return _spec("Lines: cost of each single month, one per architecture.")


@dataclass(frozen=True)
class _Line:
    """One line of the chart, by month; `out`: it takes no part, as what is excluded and plain prompting do not."""

    key: str
    months: list[float]
    usd: list[float]
    excluded: bool
    out: bool

    @property
    def look(self) -> dict[str, Any]:
        return {"ink": EXCLUDED if self.excluded else self.key, "thin": self.excluded or self.key == "prompting"}


def _lines(curves: Given) -> list[_Line]:
    """The lines in the order of the palette."""
    rows = sorted(records(curves), key=lambda row: row["month"])
    lines = []
    for key in ARCHITECTURES:
        own = [row for row in rows if row["architecture"] == key]
        if own:
            excluded = all(row["excluded"] for row in own)
            out = all(row["excluded"] or row.get("reference", key == "prompting") for row in own)
            months, usd = [float(row["month"]) for row in own], [float(row["usd"]) for row in own]
            lines.append(_Line(key, months, usd, excluded, out))
    return lines


def _axis(lines: Sequence[_Line], crossings: Sequence[Mapping[str, Any]], budget: float | None) -> tuple[float, float]:
    """Lowest and highest value of the money axis."""
    core = [usd for line in lines if not line.out for usd in line.usd]
    every = [usd for line in lines for usd in line.usd]
    core = core or every
    low, high, rest = min(0.0, *core), max(core), max(every)
    if rest <= high * STRETCH:
        high = max(high, rest)
    if budget is not None and budget <= high * 1.5:
        high = max(high, budget)
    low, high = min([low, *(ring["usd"] for ring in crossings)]), max([high, *(ring["usd"] for ring in crossings)])
    low = min(low, *every)
    if high <= low:
        high = low + 1.0
    return low, high + (high - low) * HEADROOM


def pieces_below(
    months: list[float], usd: list[float], high: float
) -> tuple[list[list[tuple[float, float]]], float | None]:
    """The stretches of a line below `high`, cut exactly there, and where it leaves for good (None: it does not)."""
    pieces: list[list[tuple[float, float]]] = [[]]
    leaves: float | None = None
    for index, (month, value) in enumerate(zip(months, usd, strict=True)):
        if index and (value > high) != (usd[index - 1] > high):
            before_month, before = months[index - 1], usd[index - 1]
            cut = before_month + (month - before_month) * (high - before) / (value - before)
            leaves = cut if value > high else None
            if value <= high:
                pieces.append([])
            pieces[-1].append((cut, high))
        elif index == 0 and value > high:
            leaves = month
        if value <= high:
            pieces[-1].append((month, value))
    return [piece for piece in pieces if len(piece) > 1 or len(months) == 1], leaves


def _month_title(month: int, first_month: str) -> str:
    if month == 0:
        return "Build"
    first = date.fromisoformat(f"{first_month}-01")
    years, index = divmod(first.month - 1 + month - 1, 12)
    return f"{month}, {date(first.year + years, index + 1, 1):%b %Y}"


def _x_ticks(start: int, end: int) -> list[dict[str, Any]]:
    """Build, every sixth month that does not touch the last one, and the last month."""
    every = [month for month in range(6, end, 6) if end - month > end * 0.1 and month > start]
    first = "Build" if start == 0 else str(start)
    labels = {start: first, **{month: str(month) for month in every}, end: f"Month {end}"}
    return [{"month": month, "label": label} for month, label in labels.items()]


def _hover_rows(
    lines: Sequence[_Line], money: Callable[[float], str], start: int, end: int, first_month: str
) -> list[dict[str, Any]]:
    by_month: dict[float, dict[str, float]] = {}
    for line in lines:
        for month, usd in zip(line.months, line.usd, strict=True):
            by_month.setdefault(month, {})[line.key] = usd
    left_out = {line.key for line in lines if line.out}
    rows = []
    for at, totals in sorted((int(month), totals) for month, totals in by_month.items()):
        row: dict[str, Any] = {key: money(totals[key]) if key in totals else None for key in ARCHITECTURES}
        running = sorted((usd, key) for key, usd in totals.items() if key not in left_out)
        gap = ARCHITECTURES[running[0][1]].name if running else ""
        if len(running) > 1:
            (least, _), (second, name) = running[:2]
            gap += f", {money(second - least)} less than {ARCHITECTURES[name].in_sentence}"
        row |= {"month": at, "from": max(start, at - 0.5), "to": min(end, at + 0.5), "gap": gap}
        rows.append({**row, "title": _month_title(at, first_month)})
    return rows


def line_tables(
    curves: Given,
    crossings: Given,
    money: Callable[[float], str],
    months: int,
    first_month: str,
    budget: float | None,
    when: str = "by",
    exact: Callable[[float], str] | None = None,
) -> dict[str, pa.Table]:
    """Every table of a line chart.

    `exact` writes the amounts of the tooltip; `when` leads up to the last month: a total "by" it, a cost "in" it.
    """
    lines, rings = _lines(curves), records(crossings)
    start, end = int(min(line.months[0] for line in lines)), months
    if start == end:
        start -= 1  # one month alone still needs an axis to stand on
    low, high = _axis(lines, rings, budget)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    rows["frame"] = [{"start": start, "end": end, "low": low, "high": high}]
    rows["x_ticks"] = _x_ticks(start, end)
    rows["y_ticks"] = [
        {"start": start, "end": end, "usd": usd, "label": money(usd), "zero": usd == 0 and low < 0}
        for usd in nice_ticks(low, high)
    ]
    # What is thin is drawn first, under the others.
    for line in sorted(lines, key=lambda line: not line.look["thin"]):
        key, look, usd = line.key, line.look, line.usd
        pieces, leaves = pieces_below(line.months, usd, high)
        for number, piece in enumerate(pieces):
            rows["curves"] += [
                {"month": month, "usd": value, **look, "piece": f"{key} {number}"} for month, value in piece
            ]
        name, total = ARCHITECTURES[key].name, money(usd[-1])
        if leaves is None:
            text = {"label": f"{name} {total}", "short": name}
            rows["ends"].append({**look, **text, "month": end, "usd": usd[-1]})
        else:
            text = {"label": f"{name} {total} {when} month {end}", "short": name}
            late = leaves > start + 0.4 * (end - start)
            rows["exits"].append({**look, **text, "month": leaves, "usd": high, "right": late})
    if budget is not None and low <= budget <= high:
        across = {"start": start, "end": end, "usd": budget}
        rows["budget"] = [{**across, "label": f"Budget {money(budget)}", "short": "Budget"}]
    labelled = [*rows["ends"], *rows["budget"]]
    for row, at in zip(labelled, push_apart([row["usd"] for row in labelled], low, high, LABEL_GAP), strict=True):
        row["at"] = at
    words = crossing_words(crossings, start, end)
    points = [point for line in lines for point in zip(line.months, line.usd, strict=True)]
    rows["words"] = [{**each, "top": words_at_top(each, points, low, high)} for each in words]
    top = {each["month"] for each in rows["words"] if each["top"]}
    rows["rings"] = [
        {"month": ring["month"], "usd": ring["usd"], "main": bool(ring["main"]), "top": ring["month"] in top}
        for ring in rings
    ]
    rows["months"] = _hover_rows(lines, exact or money, start, end, first_month)
    return {name: table(columns, rows[name]) for name, columns in _TABLES.items()}
