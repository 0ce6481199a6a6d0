"""A chart as it stands in a document: its finding, what is drawn, and its source baked into the picture."""

from __future__ import annotations

from dataclasses import dataclass

from report.chart_data import Data
from report.chart_theme import Chart


@dataclass(frozen=True)
class Picture:
    """One chart with its words: `finding` is its title and `caption` what is drawn, both plain text; `data` its table.

    `panels` are drawn one below the other, or side by side where there is room; most pictures have one.
    """

    name: str
    panels: tuple[Chart, ...]
    finding: str
    caption: str
    data: Data

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        return " ".join(panel.alt for panel in self.panels)
