"""A page without a browser. A test asks for `opened` and gets a screen; `link_to` makes the link of a scenario.

def test_a_lever_changes_the_headline(opened):
    screen = opened()
    screen.pull("workload.queries_per_month", 50_000)
    ...
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from costmodel import link
from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pages.ui import share, shared
from pricing.catalog import load_book

ROOT = Path(__file__).resolve().parent.parent.parent
OVERVIEW, PRICES = "app.py", "pages/prices.py"
GROUPS = (
    "Workload",
    "Corpus",
    "RAG",
    "Fine-tuning",
    "Hybrid",
    "Prompting and guardrail",
    "Quality",
    "People and money",
    "Extra costs",
)

# Said by Streamlit for every component that is asked for between two runs.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True

_COLOURED = re.compile(r":\w+\[(?:\*\*)?(.*?)(?:\*\*)?\]")


def plain(markdown: str) -> str:
    """Markdown as it reads: without colours, bold and escapes."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*\*", "", _COLOURED.sub(r"\1", markdown)))


@dataclass(frozen=True)
class CardSeen:
    """What one card says."""

    name: str
    total: str
    below: str
    rows: dict[str, str]
    excluded: bool


class Screen:
    """One session of the app, on one of its pages."""

    def __init__(self, page: str = OVERVIEW, word: str | None = None) -> None:
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self._groups: set[str] = set()
        if word is not None:
            self.at.query_params["s"] = word
        self.at.run()
        if page != OVERVIEW:
            self.go_to(page)

    def go_to(self, page: str) -> None:
        self.at.switch_page(page)
        self.rerun()

    def rerun(self) -> None:
        """Run the page again; without a browser, nothing but this remembers which expanders are open."""
        self._keep_open()
        self.at.run()

    def _keep_open(self) -> None:
        for group in self._groups:
            self.at.session_state[group] = True

    def pull(self, path: str, value: object) -> None:
        """What the browser sends when a lever has been moved: a new value of the lever's component."""
        lever = next(each.proto for each in self.at.get("bidi_component") if each.proto.id.endswith(f"-lever {path}"))
        states = self.at._tree.get_widget_states()
        states.widgets.append(WidgetState(id=lever.id, json_value=json.dumps({"value": value})))
        self._keep_open()
        self.at._run(states)

    def open_groups(self, *groups: str) -> None:
        """Open expanders of the sidebar, all of them when none is named."""
        self._groups |= {f"group {group}" for group in groups or GROUPS}
        self.rerun()

    def open_menu(self) -> None:
        """Open the File menu; the next run closes it."""
        self.at.session_state[share.MENU] = True
        self.rerun()

    def open_data(self, chart: str) -> None:
        """Open what a chart shows as a table; the next run closes it."""
        self.open_export(chart)
        next(each for each in self.at.button if each.key == f"data {chart}").click().run()

    def open_export(self, chart: str) -> None:
        """Open what is behind a chart's Export button."""
        if f"export {chart}" in self.at.session_state:
            self.at.session_state[f"export {chart}"] = True
            self.rerun()

    def widget(self, kind: str, name: str) -> Any:
        """The widget `name`, however often the sidebar was mounted anew."""
        return next(each for each in getattr(self.at, kind) if re.fullmatch(rf"{re.escape(name)} \d+", each.key or ""))

    def put(self, kind: str, name: str, value: Any) -> None:
        """Give a widget a value, as the browser would."""
        self.widget(kind, name).set_value(value)
        self.rerun()

    def turn(self, name: str, position: str) -> None:
        """Turn a switch of the page."""
        switch = next(each for each in self.at.get("button_group") if (each.key or "").startswith(f"switch {name} "))
        switch.set_value(position)
        self.rerun()

    @property
    def scenario(self) -> Scenario:
        return self.at.session_state["scenario"]

    @property
    def run(self) -> Run:
        """The answers that the screen has to show."""
        return run_scenario(self.scenario, load_book())

    @property
    def headline(self) -> str:
        return plain(self.at.title[0].value)

    @property
    def lead(self) -> str:
        """The line under the headline."""
        return plain(next(node.value for node in self._after(self.at.title[0]) if node.type == "markdown"))

    @property
    def eyebrow(self) -> str:
        return self.at.markdown[0].value if not self.notice else self.at.markdown[len(self._notices)].value

    @property
    def words(self) -> str:
        """Everything that is said in Markdown, in a list or in the head of a section, in one text."""
        said = [plain(each.value) for each in [*self.at.title, *self.at.header, *self.at.markdown]]
        return "\n".join([*said, *self.findings, *self.captions, *self.listed])

    @property
    def findings(self) -> list[str]:
        """The titles of the sections."""
        return self._in_heads(r"<h2>(.*?)</h2>")

    @property
    def captions(self) -> list[str]:
        """What the sections say below their titles."""
        return self._in_heads(r"</h2><p>(.*?)</p>")

    @property
    def listed(self) -> list[str]:
        """What stands in quiet lists."""
        lists = [body for body in self.bodies if body.startswith('<ul class="listed ')]
        return [unescape(found) for each in lists for found in re.findall(r"<li>(.*?)</li>", each)]

    def _in_heads(self, part: str) -> list[str]:
        heads = [body for body in self.bodies if body.startswith('<div class="finding ')]
        return [unescape(re.sub(r"<[^>]+>", "", found)) for head in heads for found in re.findall(part, head)]

    @property
    def _notices(self) -> list[str]:
        return [each.value for each in self.at.markdown if each.value.startswith("**Not applied:**")]

    @property
    def notice(self) -> str:
        return "\n".join(plain(each) for each in self._notices)

    @property
    def bodies(self) -> list[str]:
        return [each.proto.body for each in self.at.get("html")]

    @property
    def cards(self) -> dict[str, CardSeen]:
        """The cards by the name on them."""
        body = next((body for body in self.bodies if 'class="cards"' in body), "<div/>")
        seen = {}
        for article in ElementTree.fromstring(body):
            below = article.find("p[2]")
            card = CardSeen(
                next(part.text or "" for part in article if part.tag in ("h2", "h3")),
                article.findtext("p[@class='total']") or "",
                "" if below is None else below.text or "",
                {row.findtext("dt") or "": row.findtext("dd") or "" for row in article.iterfind("dl/div")},
                "excluded" in article.attrib["class"].split(),
            )
            seen[card.name] = card
        return seen

    @property
    def chart_specs(self) -> list[Any]:
        return [json.loads(each.proto.spec) for each in self.at.get("vega_lite_chart")]

    def chart_table(self, chart: int, name: str) -> pd.DataFrame:
        """One of a chart's data tables."""
        data = {each.name: each.data.data for each in self.at.get("vega_lite_chart")[chart].proto.datasets}
        return convert_arrow_bytes_to_pandas_df(data[name])

    @property
    def address(self) -> str:
        """The query string that the page asks the browser to show."""
        parts = [each.proto for each in self.at.get("bidi_component")]
        return json.loads(next(part.json for part in parts if part.component_name == "crossover_address"))["query"]

    def check(self) -> None:
        """Nothing raised."""
        raised = [each.message for each in self.at.exception]

        assert raised == []

    def _after(self, element: Any) -> list[Any]:
        nodes = list(self.at.main)
        return nodes[next(index for index, node in enumerate(nodes) if node is element) + 1 :]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test works everything out itself: what it puts in the place of a part is asked."""
    shared.forget()


@pytest.fixture
def opened() -> Callable[..., Screen]:
    """Opens the app: `opened(page, word)`, with a link's word when one is given."""
    return Screen


@pytest.fixture
def preset() -> Scenario:
    """The default preset, with its start month resolved."""
    return resolved(PRESETS[DEFAULT_PRESET].scenario, date.today())


@pytest.fixture
def link_to(preset: Scenario) -> Callable[..., str]:
    """The word of a link to the default preset with other values and switches."""

    def word(values: Mapping[str, Any], view: Mapping[str, str] | None = None) -> str:
        return link.encoded(changed(preset, values), view)

    return word
