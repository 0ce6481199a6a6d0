"""The parts of the Prices page."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from costmodel.results import Run
from costmodel.scenario import ARCHITECTURES as KEYS
from pages.ui import layout
from pricing.book import Price
from report.numbers import day
from report.palette import ARCHITECTURES

OLD_DAYS = 90


def age_days(as_of: str | None, today: date) -> int | None:
    """Days since a price was checked; a month counts from its first day; None when undated."""
    if as_of is None:
        return None
    return (today - date.fromisoformat(as_of if len(as_of) == 10 else f"{as_of}-01")).days


def verdict(run: Run) -> None:
    """How many prices decide the answer, and how old they are."""
    rows, today = run.rows_in_use, date.today()
    ages = [age_days(row.as_of, today) for row in rows]
    old = sum(age is not None and age > OLD_DAYS for age in ages)
    undated = sum(age is None for age in ages)
    if not rows:
        layout.hero("No list price is in use", "Every cost of this scenario was typed in.")
        return
    count = f"{len(rows)} price{'' if len(rows) == 1 else 's'}"
    headline = f"{count} decide{'s' if len(rows) == 1 else ''} this answer"
    parts = [f"{old} checked more than {OLD_DAYS} days ago" if old else f"All checked within {OLD_DAYS} days"]
    if undated:
        parts.append(f"{undated} undated")
    lead = ", ".join(parts) + f". The book holds {len(run.book.rows):,} prices; every row keeps its date and source."
    layout.hero(headline, lead)


def _checked(row: Price, today: date) -> str:
    age = age_days(row.as_of, today)
    if age is None:
        return "undated"
    if row.origin.startswith("genai-prices"):
        return f"release of {day(row.as_of)}"
    if len(row.as_of or "") < len("2026-11-01"):
        return f"in {day(row.as_of)}"
    return "today" if age <= 0 else "yesterday" if age == 1 else f"{age} days ago"


def used_by(run: Run, row: Price) -> list[str]:
    """Names of the architectures whose bill has this price."""
    return [
        ARCHITECTURES[key].name
        for key in KEYS
        if key in run.answers and any(row.price_id in line.price_ids for line in run.answers[key].bill.lines)
    ]


def table(run: Run) -> None:
    """The rows in use."""
    today = date.today()
    rows = [
        {
            "Price": f"{row.item}, {row.meter.replace('_', ' ')}",
            "Provider": row.provider,
            "USD": row.price_usd,
            "per": row.unit if row.minimum_usd is None else f"{row.unit}, at least {row.minimum_usd:,.6g}",
            "Used by": used_by(run, row),
            "Checked": _checked(row, today),
            "Since": day(row.effective_from.isoformat()) if row.effective_from else "",
            "Source": row.source,
            "Confidence": row.confidence,
        }
        for row in run.rows_in_use
    ]
    if not rows:
        return
    columns = {
        "USD": st.column_config.NumberColumn(format="%.6g", width=70),
        "Used by": st.column_config.MultiselectColumn(
            options=[ARCHITECTURES[key].name for key in KEYS[:3]], color=["blue", "orange", "violet"]
        ),
        "Price": st.column_config.TextColumn(width=250),
        "Source": st.column_config.TextColumn(width=260),
    }
    st.dataframe(
        pd.DataFrame(rows), column_config=columns, hide_index=True, width="stretch", height="content", key="prices"
    )


def origins(run: Run) -> None:
    """Where prices come from."""
    layout.section("Where prices come from", "Old rows are never overwritten: a new price is a new row", key="origins")
    releases = sorted({row.origin for row in run.book.rows if row.origin.startswith("genai-prices")})
    st.markdown(
        f"- **Token prices**: the package {layout.escape_markdown(', '.join(releases))}, bundled; its date is that of "
        "the release, since it does not say when each price was checked\n"
        "- **Everything else**: tables of this project, one source and date per row\n"
        "- **Yours**: prices that a link or a scenario file brings, marked in every export"
    )
