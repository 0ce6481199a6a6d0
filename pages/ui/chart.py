"""A chart from `report/` on a page, and what it shows as a table."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from costmodel.results import Run
from report import cost_csv
from report.chart_data import Data
from report.charts import Chart


def show(chart: Chart, key: str) -> None:
    """Draw the chart over the full width; its words go into the page for those who cannot see it.

    The alternative text with the scenario's numbers stands beside the chart, not in it: a changed description
    would make Streamlit take down and rebuild the view, where changed data only moves it.
    """
    with st.container(key=f"chart_{key}", gap=None):
        st.html(f'<p class="unseen">{escape(chart.alt)}</p>')
        st.vega_lite_chart(
            {**chart.spec, "datasets": chart.datasets},
            width="stretch",
            height=chart.height,
            theme=None,
            key=key,  # the spec's own description is the accessible name
        )


def data(run: Run, key: str, made: Callable[[], Data]) -> None:
    """A quiet button that opens what a chart shows as a table, with a file of it; no work before that."""
    if st.button(
        "Data", type="tertiary", icon=":material/table_rows:", key=f"data {key}", help="This chart as a table"
    ):
        found = made()
        st.dialog(found.title, width="large")(_table)(run, found)


def _table(run: Run, found: Data) -> None:
    st.dataframe(
        found.styled(),
        hide_index=True,
        width="stretch",
        height=min(35 * (len(found.table) + 1) + 3, 560),
        alt=found.title,
    )
    st.download_button(
        "CSV",
        data=lambda: cost_csv.encoded(found.csv()),
        file_name=cost_csv.file_name(run, found.name),
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"download data {found.name}",
        help="The same table, every digit of it",
    )
