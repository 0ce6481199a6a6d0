"""What the bare page shows, read off the real Overview at neighbouring positions of a lever.

A capture is a JSON file: the widgets of the page with their labels and options, in their order; the charts' specs; and
for each position the headline, the query string, the levers' data and the charts' tables as Arrow bytes.
"""

from __future__ import annotations

import base64
import itertools
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent.parent
LEVER = "lever workload.queries_per_month"
POSITIONS = 51
VARIABLE = "CROSSOVER_BARE"
"""Environment variable that tells the bare page where its capture is."""
LIVE = ("run", "received", "again", "typed")
"""What a lever's data says about the session: no part of a capture."""
LEFT_OUT = ("html", "markdown", "header", "subheader", "caption", "event")
"""Elements that only show something: the bare page has but a headline and charts."""


class CannotCapture(ValueError):
    """The Overview does not look as the capture expects."""


@dataclass(frozen=True)
class Capture:
    """Where a capture's lever can stand: its headlines in order, the stop of the first one, and all stops there are."""

    headlines: tuple[str, ...]
    first: int
    middle: int
    stops: int
    charts: int

    @classmethod
    def read(cls, file: Path) -> Capture:
        """What `capture` wrote."""
        found = json.loads(file.read_text(encoding="utf-8"))
        positions = found["positions"]
        lever = positions[0]["levers"][LEVER]
        first = lever["stops"].index(positions[0]["value"])
        headlines = tuple(each["headline"] for each in positions)
        return cls(headlines, first, len(headlines) // 2, len(lever["stops"]), len(found["specs"]))


def opened() -> AppTest:
    """The Overview in a session of its own, without a browser."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    # Outside a script Streamlit warns of each run that is asked for.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    return app


def capture(to: Path, positions: int = POSITIONS) -> Path:
    """Write the capture of so many neighbouring stops of the lever around its preset; returns `to`. CannotCapture."""
    app = opened()
    lever = levers(app)[LEVER]
    stops, middle = lever["stops"], lever["stops"].index(lever["value"])
    low = max(min(middle - positions // 2, len(stops) - positions), 0)
    found, specs = [], _specs(app)
    for value in stops[low : low + positions]:
        app.session_state[LEVER] = {"value": value}
        app.run()
        if app.exception:
            raise CannotCapture(f"at {value}: {app.exception[0].message}")
        if levers(app)[LEVER]["value"] != value:
            raise CannotCapture(f"the lever did not go to {value}")
        if _specs(app) != specs:
            raise CannotCapture(f"a chart's spec changed at {value}; only its data may")
        found.append(_position(app, value))
    for before, after in itertools.pairwise(found):
        if any(old == new for old, new in zip(before["charts"], after["charts"], strict=True)):
            raise CannotCapture(f"a chart is the same at {before['value']} and {after['value']}: nothing to draw anew")
    written = {
        "sidebar": _outline(app.sidebar),
        "main": _outline(app.main),
        "specs": specs,
        "positions": found,
    }
    to.write_text(json.dumps(written), encoding="utf-8")
    return to


def _position(app: AppTest, value: float) -> dict[str, Any]:
    return {
        "value": value,
        "headline": app.title[0].value,
        "query": _data(app, "crossover_address")["query"],
        "levers": levers(app),
        "charts": [_tables(each.proto) for each in app.get("vega_lite_chart")],
    }


def _specs(app: AppTest) -> list[Any]:
    return [json.loads(each.proto.spec) for each in app.get("vega_lite_chart")]


def _tables(chart: Any) -> dict[str, str]:
    return {each.name: base64.b64encode(each.data.data).decode() for each in chart.datasets}


def _data(app: AppTest, component: str) -> dict[str, Any]:
    protos = [each.proto for each in app.get("bidi_component")]
    found: dict[str, Any] = json.loads(next(each.json for each in protos if each.component_name == component))
    return found


def levers(app: AppTest) -> dict[str, dict[str, Any]]:
    """The data of every lever, by its key."""
    protos = [each.proto for each in app.get("bidi_component") if each.proto.component_name == "crossover_lever"]
    data = {each.id[each.id.index("lever ") :]: json.loads(each.json) for each in protos}
    return {key: {name: part for name, part in each.items() if name not in LIVE} for key, each in data.items()}


def _outline(node: Any) -> list[dict[str, Any]]:
    """The widgets, the headline and the charts inside a container, without the boxes around them."""
    found: list[dict[str, Any]] = []
    for child in getattr(node, "children", {}).values():
        kind, proto, inside = child.type, getattr(child, "proto", None), _outline(child)
        if kind == "flex_container":
            found += inside
        elif kind not in LEFT_OUT:
            name = getattr(proto, "component_name", "")
            found.append(
                {
                    "kind": name or kind,
                    "key": proto.id[proto.id.index("lever ") :] if name == "crossover_lever" else "",
                    "label": getattr(child, "label", "") or getattr(proto, "label", ""),
                    "options": _options(proto),
                    "tells": bool(getattr(proto, "id", "")),
                    "inside": inside,
                }
            )
    return found


def _options(proto: Any) -> list[str]:
    return [each if isinstance(each, str) else each.content for each in getattr(proto, "options", ())]
