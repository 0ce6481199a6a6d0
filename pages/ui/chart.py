"""A chart from `report/` on a page, and a table opened over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

import streamlit as st

from costmodel.results import Run
from pages.ui import state
from pages.ui.here import base_url
from report import chart_csv, cost_csv
from report.chart_data import Data
from report.charts import Chart
from report.imprint import Imprint, imprint


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
