"""The bare page: `CROSSOVER_BARE=capture.json python -m streamlit run benchmarks/bare/server.py`."""

from __future__ import annotations

import base64
import bisect
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from benchmarks.bare.capture import LEVER, VARIABLE
from pages.ui.address import address, copy_link
from pages.ui.change_numbers import change_the_numbers
from pages.ui.lever import mount
from pages.ui.sidebar_keys import sidebar_keys
from pages.ui.warm import freeze

ELSEWHERE = "https://crossover.invalid"
"""Where its page links lead: it has no other page."""


@st.cache_resource(show_spinner=False)
def captured(file: str) -> dict[str, Any]:
    """The capture, its tables read into Arrow."""
    found: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
    for position in found["positions"]:
        position["charts"] = [
            {name: pa.ipc.open_stream(base64.b64decode(table)).read_all() for name, table in chart.items()}
            for chart in position["charts"]
        ]
    return found


def current(positions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What is shown where the lever stands; beyond the capture its nearest end."""
    values = [each["value"] for each in positions]
    value = st.session_state.get("value", values[len(values) // 2])
    return positions[min(bisect.bisect_left(values, value), len(values) - 1)]


def moved(key: str, value: float) -> None:
    """Only one lever leads anywhere."""
    if key == LEVER:
        st.session_state["value"] = value


def draw(items: Sequence[dict[str, Any]], now: dict[str, Any], place: str) -> None:
    """Draw the widgets of an outline."""
    for number, item in enumerate(items):
        drawn(item, now, f"{place}.{number}")


def drawn(item: dict[str, Any], now: dict[str, Any], key: str) -> None:
    """Draw one widget with what it holds. KeyError for a kind that no bare page has needed so far."""
    label, options = item["label"] or "\N{NO-BREAK SPACE}", item["options"]

    def opened(kind: Callable[..., Any]) -> None:
        with kind(label, key=key, on_change="rerun") if item["tells"] else kind(label):
            draw(item["inside"], now, key)

    def chart() -> None:
        if with_charts:
            number = next(charts)
            spec = {**capture["specs"][number], "datasets": now["charts"][number]}
            st.vega_lite_chart(spec, width="stretch", height=spec["height"], theme=None, key=f"chart {number}")

    kinds: dict[str, Callable[[], Any]] = {
        "title": lambda: st.title(now["headline"], anchor=False),
        "vega_lite_chart": chart,
        "crossover_lever": lambda: mount(item["key"], now["levers"][item["key"]], moved, lambda *_: None),
        "crossover_address": lambda: address(now["query"]),
        "crossover_copy_link": copy_link,
        "crossover_change_numbers": change_the_numbers,
        "crossover_sidebar_keys": lambda: sidebar_keys(0),
        "page_link": lambda: st.page_link(ELSEWHERE, label=label),
        "button": lambda: st.button(label, key=key),
        "download_button": lambda: st.download_button(label, data=bytes, key=key, on_click="ignore"),
        "selectbox": lambda: st.selectbox(label, options, key=key),
        "button_group": lambda: st.segmented_control(label, options, default=options[0], required=True, key=key),
        "toggle": lambda: st.toggle(label, key=key),
        "text_input": lambda: st.text_input(label, key=key),
        "file_uploader": lambda: st.file_uploader(label, key=key),
        "expander": lambda: opened(st.expander),
        "popover": lambda: opened(st.popover),
    }
    kinds[item["kind"]]()


st.set_page_config(page_title="Bare", layout="wide")
capture = captured(os.environ[VARIABLE])
with_charts = st.session_state.setdefault("charts", st.query_params.get("charts") != "no")
charts = iter(range(len(capture["specs"])))
position = current(capture["positions"])
with st.sidebar:
    draw(capture["sidebar"], position, "sidebar")
draw(capture["main"], position, "main")
freeze()
