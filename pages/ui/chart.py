"""A chart from `report/` on a page."""

from html import escape

import streamlit as st

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
