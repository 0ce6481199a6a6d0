"""Every chart specification is valid Vega-Lite, checked against the schema that Altair carries."""

import altair as alt
import pandas as pd
import pytest

from report import charts

CURVES = pd.DataFrame(
    [
        {"architecture": key, "month": month, "usd": 100.0 * month + start, "excluded": False}
        for key, start in (("rag", 0), ("fine_tuning", 50))
        for month in range(13)
    ]
)
NONE = pd.DataFrame(columns=["a", "b", "month", "usd", "overtakes_in_month", "cheaper_after", "main"])
TOTALS = pd.DataFrame([{"architecture": "rag", "family": "people", "usd": 5.0, "excluded": False}])
COMMON = {"money": "${:.0f}".format, "months": 12, "first_month": "2026-12", "alt": "words"}


@pytest.mark.parametrize(
    "chart",
    [
        charts.cumulative(CURVES, NONE, **COMMON),
        charts.monthly(CURVES, **COMMON),
        charts.components(TOTALS, money="${:.0f}".format, alt="words"),
    ],
    ids=lambda chart: chart.name,
)
def test_a_chart_is_valid_vega_lite(chart):
    rows = {name: [{"column": 1}] for name in chart.datasets}

    alt.Chart.from_dict({**chart.spec, "datasets": rows}, validate=True)
