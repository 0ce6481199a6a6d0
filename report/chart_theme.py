"""What every chart shares: colours as expressions over the background, type, and what a page receives.

One frozen spec serves light, dark and exports: its colours are Vega parameters that read the background.
It holds no number of a scenario, so a new scenario sends data only and the drawn view stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from report.palette import ARCHITECTURES, NEUTRALS

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
EXCLUDED = "excluded"  # the ink of an architecture that is shown but out of the running
FONT = '"Source Sans", "Source Sans 3", sans-serif'  # the page's
Given = pd.DataFrame | Mapping[str, Sequence[Any]]
"""A tidy table from which a chart is made: a data frame, or its columns as plain lists."""
WHERE = "In words just before it, in numbers under Export."
NARROW = "width < 430"  # plots inside a column of about 460 px or less


@dataclass(frozen=True)
class Chart:
    """A chart as data: a frozen `spec`, this scenario's tables, `alt` for those who cannot see it, pixels high."""

    name: str
    spec: dict[str, Any]
    datasets: dict[str, pa.Table]
    alt: str
    height: int
    used: int | None = None
    """Pixels from the top that are drawn on, where a page keeps more free so that it does not jump."""


def _map(colours: dict[str, str]) -> str:
    """Colours by architecture as a Vega object."""
    return "{" + ", ".join(f"{name}: '{colour}'" for name, colour in colours.items()) + "}"


def _param(name: str, light: str, dark: str) -> dict[str, str]:
    return {"name": name, "expr": f"dark ? {dark} : {light}"}


def _architecture_maps() -> list[dict[str, str]]:
    """Three maps from an architecture's key to its colour: of lines, of words, of words on a full bar."""
    inks = ARCHITECTURES.items()
    line_light, line_dark = NEUTRALS["line"]
    second_light, second_dark = NEUTRALS["second"]
    ink, paper_light, paper_dark = NEUTRALS["ink"][0], *NEUTRALS["paper"]
    # White reads on blue and violet only; orange and grey need ink.
    on_light = {key: paper_light if key in ("rag", "hybrid") else ink for key, _ in inks}
    maps = {
        "lines": (
            {**{key: one.light for key, one in inks}, EXCLUDED: line_light},
            {**{key: one.dark for key, one in inks}, EXCLUDED: line_dark},
        ),
        "words": (
            {**{key: one.light_text for key, one in inks}, EXCLUDED: second_light},
            {**{key: one.dark_text for key, one in inks}, EXCLUDED: second_dark},
        ),
        "on_full": (
            {**on_light, EXCLUDED: ink},
            {**{key: paper_dark for key, _ in inks}, EXCLUDED: NEUTRALS["ink"][1]},
        ),
    }
    return [_param(name, _map(light), _map(dark)) for name, (light, dark) in maps.items()]


def colour_params() -> list[dict[str, str]]:
    """Vega parameters: `dark`, the neutrals by name, the maps `lines`, `words`, `on_full` by architecture."""
    used = ("ink", "second", "line", "grid")
    neutrals = [_param(name, *(f"'{colour}'" for colour in NEUTRALS[name])) for name in used]
    return [{"name": "dark", "expr": "luminance(background) < 0.3"}, *neutrals, *_architecture_maps()]


def expr(text: str) -> dict[str, str]:
    """A Vega expression where Vega-Lite expects a value."""
    return {"expr": text}


def mark(kind: str, **properties: Any) -> dict[str, Any]:
    """A mark without a tooltip of its own; strings that start with "=" are expressions."""
    values = {
        name: expr(value[1:]) if isinstance(value, str) and value.startswith("=") else value
        for name, value in properties.items()
    }
    return {"type": kind, "tooltip": None, **values}


def layer(data: str, drawn: dict[str, Any], encoding: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One layer over the named table `data`."""
    return {"data": {"name": data}, "mark": drawn, "encoding": encoding, **more}


def spec_of(description: str, height: int, params: list[dict[str, Any]], layers: list[Any]) -> dict[str, Any]:
    """A whole Vega-Lite spec of layers, without axes or legend: those are marks over data here.

    A screen reader hears the description, which is frozen too, instead of every mark; the page has the numbers in words
    and as a table.
    """
    return {
        "$schema": SCHEMA,
        "description": f"{description} {WHERE}",
        "width": "container",
        "height": height,
        "padding": 0,
        "params": [*colour_params(), *params],
        "layer": layers,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"disable": True},
            "mark": {"aria": False},
            "legend": {"disable": True},
            "text": {"fontSize": 12},
            "line": {"strokeCap": "round", "strokeJoin": "round"},
        },
    }


def records(given: Given) -> list[dict[str, Any]]:
    """The rows of a given table."""
    names = [str(name) for name in given]
    return [dict(zip(names, row, strict=True)) for row in zip(*(list(given[name]) for name in names), strict=True)]


def table(columns: dict[str, pa.DataType], rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table with just these columns, typed also when there is no row."""
    return pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items())))
