"""Stacked bars: what each architecture's total pays for."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pyarrow as pa

from report.chart_theme import EXCLUDED, Given, layer, mark, records, spec_of, table
from report.line_words import FAMILIES as WORDS
from report.numbers import percent
from report.palette import ARCHITECTURES, FAMILIES

_ROW_PX, _BAR_TOP_PX, _BAR_PX = 69, 22, 42
_CHARACTER_PX = 6.4

_TEXT, _NUMBER, _FLAG = pa.string(), pa.float64(), pa.bool_()
_SEGMENTS: dict[str, pa.DataType] = {
    "row": _NUMBER,
    "start": _NUMBER,
    "end": _NUMBER,
    "ink": _TEXT,
    "opacity": _NUMBER,
    "share": _NUMBER,
    "need": _NUMBER,
    "name": _TEXT,
    "family": _TEXT,
    "money": _TEXT,
    "exact": _TEXT,
    "portion": _TEXT,
}
_TOTALS: dict[str, pa.DataType] = {"row": _NUMBER, "ink": _TEXT, "label": _TEXT}


@cache
def components_spec(bars: int) -> dict[str, Any]:
    """The frozen spec for a number of bars."""
    x = {"field": "start", "type": "quantitative", "scale": {"nice": False, "zero": True, "range": "width"}}
    span = {"x": x, "x2": {"field": "end"}}
    top = f"datum.row * {_ROW_PX} + {_BAR_TOP_PX}"
    tooltip = [
        {"field": "name", "title": "Architecture"},
        {"field": "family", "title": "Pays for"},
        {"field": "exact", "title": "Cost"},
        {"field": "portion", "title": "Share"},
    ]
    bar: dict[str, Any] = {
        "type": "rect",
        "fill": {"expr": "lines[datum.ink]"},
        "fillOpacity": {"expr": "datum.opacity"},
        "stroke": {"expr": "datum.opacity == 0 ? lines[datum.ink] : background"},
        "strokeWidth": {"expr": "datum.opacity == 0 ? 1 : 2"},
    }
    inside = mark(
        "text",
        align="left",
        baseline="top",
        dx=9,
        lineBreak="\n",
        lineHeight=15,
        color="=datum.opacity == 1 ? on_full[datum.ink] : ink",
        # Only where the words fit; the tooltip and the table have the rest.
        opacity="=datum.share * width > datum.need ? 1 : 0",
        y={"expr": top + " + 7"},
        text={"expr": "datum.family + '\\n' + datum.money"},
    )
    above = mark(
        "text",
        align="left",
        baseline="top",
        fontSize=13,
        fontWeight=600,
        color="=words[datum.ink]",
        x=1,
        y={"expr": f"datum.row * {_ROW_PX} + 3"},
    )
    bar |= {"y": {"expr": top}, "y2": {"expr": f"{top} + {_BAR_PX}"}}
    layers = [
        layer("segments", bar, {**span, "tooltip": tooltip}),
        layer("segments", inside, {"x": x}),
        layer("totals", above, {"text": {"field": "label"}}),
    ]
    description = "Stacked bars: total cost of each architecture by what it pays for."
    return spec_of(description, bars * _ROW_PX, [], layers)


def components_tables(
    totals: Given, money: Callable[[float], str], exact: Callable[[float], str] | None = None
) -> dict[str, pa.Table]:
    """Segments and totals, in the order of the palette; `exact` writes the amounts of the tooltip."""
    family_order = {family: position for position, family in enumerate((*FAMILIES, "consequence"))}
    segments: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    sums: dict[str, dict[str, float]] = {}
    running: dict[str, bool] = {}
    for each in records(totals):
        by_family = sums.setdefault(each["architecture"], {})
        by_family[each["family"]] = by_family.get(each["family"], 0.0) + each["usd"]
        running[each["architecture"]] = running.get(each["architecture"], False) or not each["excluded"]
    for row, key in enumerate(key for key in ARCHITECTURES if key in sums):
        ink, name = key if running[key] else EXCLUDED, ARCHITECTURES[key].name
        total = sum(sums[key].values())
        label = f"{name} {money(total)}" + ("" if running[key] else ", left out")
        labels.append({"row": row, "ink": ink, "label": label})
        right = left = 0.0
        for family, usd in sorted(sums[key].items(), key=lambda each: family_order[each[0]]):
            if usd == 0:
                continue
            start = right if usd > 0 else left
            if usd > 0:
                right += usd
            else:
                left += usd
            words, amount = WORDS[family], money(usd)
            segments.append(
                {
                    "row": row,
                    "start": min(start, start + usd),
                    "end": max(start, start + usd),
                    "ink": ink,
                    "opacity": FAMILIES.get(family, 0.0),
                    "need": max(len(words), len(amount)) * _CHARACTER_PX + 16,
                    "name": name,
                    "family": words,
                    "money": amount,
                    "exact": (exact or money)(usd),
                    "portion": percent(usd / total) if total else "",
                }
            )
    extent = max((s["end"] for s in segments), default=1.0) - min((s["start"] for s in segments), default=0.0)
    segments = [{**s, "share": (s["end"] - s["start"]) / extent} for s in segments]
    return {"segments": table(_SEGMENTS, segments), "totals": table(_TOTALS, labels)}
