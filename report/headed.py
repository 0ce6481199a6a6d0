"""A picture as one Vega-Lite spec for a document: title, what is drawn, the panels and the source, with the data in it.

The panels are those of the screen. A spec on a page reads the size of its place; here every size is a number, so that
the picture is the same wherever it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from report.chart_theme import SCHEMA, Chart, colour_params, expr
from report.imprint import Imprint
from report.legible import legible, legible_data, steady
from report.palette import NEUTRALS
from report.picture import Picture
from report.wrapped import wrapped

WIDTH, LEAST_WIDTH, MOST_WIDTH = 960, 480, 1600
"""Pixels wide, unless asked otherwise, and between which limits."""
SANS = '"Source Sans Pro", "Source Sans 3", "Source Sans", "Helvetica Neue", Arial, sans-serif'
SERIF = '"Source Serif Pro", "Source Serif 4", "Source Serif", Georgia, serif'

_MARGIN, _NARROW_MARGIN = 28, 18
_PANEL_PX, _PANEL_GAP = 270, 24
_WORD = re.compile(r"('(?:[^'\\]|\\.)*')|(?<![\w.$])([A-Za-z_]\w*)(?=(\s*\()?)")


@dataclass(frozen=True)
class Type:
    """How a block of words is set: size and line in pixels, and at most so many lines."""

    size: float
    line: int
    font: str
    weight: int
    ink: str
    most: int


TITLE = Type(21, 26, SERIF, 600, "ink", 4)
CAPTION = Type(13.5, 18, SANS, 400, "second", 5)
HEAD, HEAD_WORDS = Type(15, 20, SANS, 600, "", 1), Type(13, 17, SANS, 400, "second", 3)
SOURCE = Type(11.5, 15, SANS, 400, "second", 5)


def headed(
    picture: Picture, imprint: Imprint, *, dark: bool = False, width: int | None = None, still: bool = False
) -> dict[str, Any]:
    """The whole picture as a Vega-Lite spec with its data inline, `width` pixels wide (960; 480 to 1600).

    `still`: without what answers the pointer. One view of layers: each keeps its own scales, and everything outside
    the view is cut off, so that the size is exact whatever the words are. ValueError for a width beyond the limits.
    """
    whole = WIDTH if width is None else width
    if not LEAST_WIDTH <= whole <= MOST_WIDTH:
        raise ValueError(f"width: {whole:,} pixels; use {LEAST_WIDTH} to {MOST_WIDTH:,}")
    margin = _MARGIN if whole >= 640 else _NARROW_MARGIN
    inner = whole - 2 * margin
    facts = about(picture, imprint)
    layers, top = _head(picture, margin, inner)
    drawn, datasets, below = _panels(picture, margin, top, inner, still=still)
    foot, height = _foot(facts["source"], margin, below, inner)
    return {
        "$schema": SCHEMA,
        "description": legible(f"{picture.finding}. {picture.alt}"),
        "background": NEUTRALS["paper"][dark],
        "autosize": "none",
        "padding": 0,
        "width": whole,
        "height": height,
        "params": colour_params(),
        "layer": [*layers, *drawn, *foot],
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "datasets": datasets,
        "config": {**picture.panels[0].spec["config"], "font": SANS},
        "usermeta": facts,
    }


def about(picture: Picture, imprint: Imprint) -> dict[str, str]:
    """What a picture carries about itself beside what it shows: where it comes from and what is left out."""
    imprint = replace(imprint, present=picture.present)
    facts = {
        "title": picture.finding,
        "caption": with_note(picture.caption, picture.note),
        "description": picture.alt,
        "scenario": imprint.scenario,
        "source": imprint.source_line,
        "model version": imprint.model_version,
        "price book": imprint.price_book,
        "prices": imprint.price_dates,
        "shown": imprint.worth,
        **dict(imprint.conventions),
        "not included": imprint.excluded,
        "link": imprint.link or imprint.link_note,
    }
    return {name: legible(words) for name, words in facts.items() if words}


# The words around the panels


def _head(picture: Picture, margin: int, width: int) -> tuple[list[dict[str, Any]], int]:
    """Title and caption, and where the panels begin."""
    title = wrapped(legible(picture.finding), width, TITLE.size, most=TITLE.most, strong=True, even=True)
    caption = wrapped(legible(with_note(picture.caption, picture.note)), width, CAPTION.size, most=CAPTION.most)
    top = margin - 4
    below = top + len(title) * TITLE.line + 5
    layers = [_words(title, margin, top, TITLE), _words(caption, margin, below, CAPTION)]
    return layers, below + len(caption) * CAPTION.line + 16


def with_note(caption: str, note: str) -> str:
    """What is drawn, and what a page would say elsewhere."""
    return f"{caption.rstrip('.')}. {note}" if note else caption


def _foot(source: str, margin: int, top: int, width: int) -> tuple[list[dict[str, Any]], int]:
    """The source below a hairline, and where the picture ends."""
    line = " · ".join(steady(part) for part in source.split(" · "))
    lines = wrapped(line, width, SOURCE.size, most=SOURCE.most, between=" · ")
    rule = {
        "mark": {"type": "rule", "stroke": expr("line"), "strokeWidth": 1, "tooltip": None},
        "data": {"values": [{}]},
        "encoding": {"x": {"value": margin}, "x2": {"value": margin + width}, "y": {"value": top + 14.5}},
    }
    end = top + 24 + len(lines) * SOURCE.line + margin - 8
    return [rule, _words(lines, margin, top + 24, SOURCE)], end


def _words(lines: Sequence[str], left: float, top: float, look: Type, *, colour: str = "") -> dict[str, Any]:
    mark = {
        "type": "text",
        "text": list(lines),
        "align": "left",
        "baseline": "top",
        "font": look.font,
        "fontSize": look.size,
        "fontWeight": look.weight,
        "lineHeight": look.line,
        "color": expr(colour or look.ink),
        "tooltip": None,
    }
    place = {"x": {"value": left}, "y": {"value": top}}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": place}


# The panels


def _panels(
    picture: Picture, left: int, top: int, width: int, *, still: bool
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]], int]:
    """The panels side by side as far as there is room, the tables of all of them, and where they end."""
    count = len(picture.panels)
    columns = _columns(count, width)
    each = (width - (columns - 1) * _PANEL_GAP) // columns
    lines = [wrapped(head.words, each, HEAD_WORDS.size, most=HEAD_WORDS.most) for head in picture.heads]
    head = HEAD.line + max(map(len, lines)) * HEAD_WORDS.line + 6 if lines else 0
    layers, datasets, below = [], dict[str, list[dict[str, Any]]](), top
    for number, panel in enumerate(picture.panels):
        row, column = divmod(number, columns)
        if column == 0 and row:
            top = below + _PANEL_GAP
        x = left + column * (each + _PANEL_GAP)
        before = f"p{number}_" if count > 1 else ""
        if lines:
            ink, name = picture.heads[number].ink, picture.heads[number].name
            layers.append(_words([name], x, top, HEAD, colour=f"words['{ink}']"))
            layers.append(_words(lines[number], x, top + HEAD.line, HEAD_WORDS))
        view = placed(panel, x, top + head, each, before, still=still)
        used = {layer["data"]["name"] for layer in view["layer"]}
        rows = {before + name: table.to_pylist() for name, table in panel.datasets.items()}
        datasets |= {name: legible_data(each) for name, each in rows.items() if not still or name in used}
        layers.append(view)
        below = max(below, top + head + (panel.used or panel.height))
    return layers, datasets, below


def _columns(count: int, width: int) -> int:
    """As many as fit, in rows that are equally long where that is possible."""
    fit = max(1, min(count, (width + _PANEL_GAP) // (_PANEL_PX + _PANEL_GAP)))
    return -(-count // -(-count // fit))


def placed(chart: Chart, left: int, top: int, width: int, before: str = "", *, still: bool = False) -> dict[str, Any]:
    """The layers of a chart at a place of a larger view; names of its tables and selections begin with `before`.

    `still`: without the layers that only answer the pointer.
    Its own parameters and the size of its view, which only a whole spec has, are put into its expressions.
    """
    shared = {param["name"] for param in colour_params()}
    known = {"width": str(width), "height": str(chart.height)}
    for param in chart.spec["params"]:
        if param["name"] not in shared:
            known[param["name"]] = f"({_put(param['expr'], known, before)})"
    layers = [_moved(_fixed(each, known, before), left, top, width) for each in chart.spec["layer"]]
    return {"layer": [each for each in layers if not (still and _only_answers(each))]}


def _only_answers(layer: dict[str, Any]) -> bool:
    """Whether a layer shows nothing unless the pointer is over it."""
    shown = layer["encoding"].get("opacity", {}).get("condition", {})
    return layer["mark"].get("color") == "transparent" or "params" in layer or "param" in shown


def _fixed(value: Any, known: Mapping[str, str], before: str) -> Any:
    if isinstance(value, list):
        return [_fixed(each, known, before) for each in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, each in value.items():
        if key in ("expr", "test") and isinstance(each, str):
            found[key] = _put(each, known, before)
        elif key == "data":
            found[key] = {"name": before + each["name"]}
        elif key == "param" or (key == "name" and "select" in value):
            found[key] = before + each
        else:
            found[key] = _fixed(each, known, before)
    return found


def _put(expression: str, known: Mapping[str, str], before: str) -> str:
    """The expression with `known` names written out and its tables under their names here; strings stay as they are."""
    named = re.sub(r"data\('(\w+)'\)", rf"data('{before}\1')", expression)
    return _WORD.sub(lambda match: match[1] or known.get(match[2], match[2]), named)


def _moved(layer: dict[str, Any], left: int, top: int, width: int) -> dict[str, Any]:
    """A layer so far to the right and down: wherever it says a place in pixels."""
    by = {"x": left, "x2": left, "y": top, "y2": top}
    mark = {name: _more(each, by[name]) if name in by else each for name, each in layer["mark"].items()}
    encoding = dict(layer["encoding"])
    for name, distance in by.items():
        channel = encoding.get(name, {})
        if "value" in channel:
            encoding[name] = {**channel, "value": _more(channel["value"], distance)}
        elif "scale" in channel:
            ends = channel["scale"]["range"]
            ends = [0, width] if ends == "width" else ends
            encoding[name] = {
                **channel,
                "scale": {**channel["scale"], "range": [_more(each, distance) for each in ends]},
            }
    return {**layer, "mark": mark, "encoding": encoding}


def _more(place: Any, by: int) -> Any:
    return expr(f"({place['expr']}) + {by}") if isinstance(place, dict) else place + by
