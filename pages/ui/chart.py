"""A chart from `report/` on a page, and a table opened over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.results import Run
from pages.ui import layout, state
from pages.ui.here import base_url
from report import chart_csv, cost_csv
from report.chart_data import Data
from report.charts import Chart
from report.imprint import Imprint, imprint
from report.picture import Picture


def section(picture: Picture, *, key: str) -> DeltaGenerator:
    """The head of a section of charts: its finding, what is drawn, and its words for those who cannot see it.

    Returns the row that it stands in, for switches at its right. The words stand in the page and not in the charts:
    a changed description would make Streamlit take down and rebuild a view, where changed data only moves it.
    """
    return layout.section(picture.said, picture.drawn, key=key, spoken=picture.alt)


def show(chart: Chart, key: str, above: str = "") -> None:
    """Draw a chart over the full width; `above`: HTML that belongs right over it."""
    with st.container(key=f"chart_{key}", gap=None):
        if above:
            st.html(above)
        st.vega_lite_chart(
            {**chart.spec, "datasets": chart.datasets},
            width="stretch",
            height=chart.height,
            theme=None,
            key=key,  # the spec's own description is the accessible name
        )


def data(run: Run, key: str, made: Callable[[], Data]) -> None:
    """A quiet button that opens a table with a file of it; no work before that."""
    if st.button("Data", type="tertiary", icon=":material/table_rows:", key=f"data {key}", help="This as a table"):
        present = state.switch("value") == "present"
        open_table(made(), imprint(run, date.today(), present=present, base_url=base_url(), query=state.query()))


def open_table(found: Data, stamp: Imprint) -> None:
    """Open a table with a file of it."""
    st.dialog(found.title, width="large")(_table)(found, stamp)


def _table(found: Data, stamp: Imprint) -> None:
    st.dataframe(
        found.styled(),
        hide_index=True,
        width="stretch",
        height=min(35 * (len(found.table) + 1) + 3, 560),
        alt=found.title,
    )
    st.download_button(
        "CSV",
        data=lambda: chart_csv.written(found, stamp),
        file_name=cost_csv.file_name(stamp.run, found.name),
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"download data {found.name}",
        help="The same table, every digit of it",
    )
