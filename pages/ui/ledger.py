"""The ledger of the Breakdown page: a bill month by month, and why an amount in it is what it is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from costmodel.results import Run
from costmodel.scenario import Architecture
from pages.ui import layout, state
from pages.ui.explained_html import fields_behind, panel
from report import breakdown_text as words
from report import text
from report.explained import ExplainedLine, explained
from report.ledger_grid import GridRow, grid_rows
from report.line_words import component_words
from report.palette import ARCHITECTURES

CHOICE = "ledger choice"  # component and month that are explained; outlives a visit to another page
LINE, MONTH = "ledger line", "ledger month"
BUILD, TOTAL = "Build", "Total"


def grid(run: Run) -> None:
    """One architecture's bill by component and month; a chosen amount is explained beside it."""
    key = _architecture(run)
    rows = grid_rows(run.answers[key])
    caption = (
        f"Nominal {run.scenario.finance.currency} by month. "
        "Choose an amount to see its formula, its price and the fields behind it"
    )
    with layout.section(words.ledger_finding(key, len(rows)), caption, key="ledger"):
        _architectures(run, key)
    if not rows:
        st.markdown("Nothing is charged.")
        return
    line, month = _choice(rows, run.horizon)
    _mark(key, rows.index(line), month)
    with st.container(key="ledger", horizontal=True, gap="large"):
        with st.container(key="ledger_table"):
            _table(run, key, rows)
        with st.container(key="ledger_why"):
            lines = _why(run, key, rows, line, month)
        with st.container(key="ledger_fields"):
            st.html(fields_behind(lines) or "<p></p>")


def _architecture(run: Run) -> Architecture:
    chosen = next((key for key in run.answers if key == state.switch("ledger")), None)
    return chosen or run.cheapest or next(iter(run.answers))


def _architectures(run: Run, key: Architecture) -> None:
    name = "ledger architecture"
    st.session_state[name] = key
    st.segmented_control(
        "Architecture",
        list(run.answers),
        format_func=lambda option: ARCHITECTURES[option].name,
        label_visibility="collapsed",
        required=True,
        key=name,
        on_change=lambda: state.turn("ledger", st.session_state[name]),
    )


def _choice(rows: list[GridRow], horizon: int) -> tuple[GridRow, int]:
    """The chosen line and month; where they are not in this bill, its dearest line and where to look first."""
    component, month = st.session_state.get(CHOICE, ("", 0))
    line = next((row for row in rows if row.component == component), None)
    if line is None:
        line = max(rows, key=lambda row: np.nan_to_num(row.total_usd, nan=math.inf))
        month = line.dearest_month
    return line, month if month <= horizon else line.dearest_month


def _choose(key: Architecture, component: str, month: int) -> None:
    """Explain another amount; from now on the bill in the table is the one it belongs to."""
    st.session_state[CHOICE] = (component, month)
    state.turn("ledger", key)


def _mark(key: Architecture, row: int, month: int) -> None:
    """Show in the table which amount is explained, also when its row has moved or a total was chosen for it."""
    marked = st.session_state.get(_grid_key(key), {}).get("selection", {}).get("cells", [])
    if [tuple(cell) for cell in marked] != [(row, _column(month))]:
        selection = {"rows": [], "columns": [], "cells": [(row, _column(month))]}
        st.session_state[_grid_key(key)] = {"selection": selection}


def _column(month: int) -> str:
    return BUILD if month == 0 else str(month)


def _grid_key(key: Architecture) -> str:
    return f"ledger grid {key}"


def _table(run: Run, key: Architecture, rows: list[GridRow]) -> None:
    per_unit = run.scenario.finance.usd_per_currency_unit
    amounts = np.stack([row.monthly_usd for row in rows]) / per_unit
    amounts = np.vstack([amounts, amounts.sum(axis=0)])
    amounts = np.column_stack([amounts.sum(axis=1), amounts])
    shown = amounts.round(0 if np.nanmax(np.abs(amounts), initial=0.0) >= 1000 else 2) + 0.0  # no minus before 0
    columns = [TOTAL, *(_column(month) for month in range(run.horizon + 1))]
    table = pd.DataFrame(np.where(amounts == 0, np.nan, shown), columns=columns)
    table.insert(0, "Line", [*(_name(row) for row in rows), TOTAL])
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="localized", step=1, width=62) for name in columns
    }
    config |= {
        "Line": st.column_config.TextColumn(width=210 if np.isnan(amounts).any() else 168, pinned=True),
        TOTAL: st.column_config.NumberColumn(format="localized", step=1, width=78, pinned=True),
    }
    st.dataframe(
        table,
        key=_grid_key(key),
        column_config=config,
        hide_index=True,
        width="stretch",
        height="content",
        row_height=32,
        placeholder="",
        selection_mode="single-cell",
        on_select=lambda: _pick(key, rows),
        alt=f"Cost of {ARCHITECTURES[key].name} by line and month",
    )


def _name(row: GridRow) -> str:
    return component_words(row.component) + (", not known" if np.isnan(row.monthly_usd).any() else "")


def _pick(key: Architecture, rows: list[GridRow]) -> None:
    """A cell was chosen: its line and month; a total stands for the month to look at first."""
    cells = st.session_state[_grid_key(key)]["selection"]["cells"]
    if not cells or cells[0][0] >= len(rows):
        return
    row, column = rows[cells[0][0]], cells[0][1]
    month = 0 if column == BUILD else int(column) if column.isdigit() else row.dearest_month
    _choose(key, row.component, month)


def _why(run: Run, key: Architecture, rows: list[GridRow], line: GridRow, month: int) -> tuple[ExplainedLine, ...]:
    """Which amount is explained, and how it came about."""
    by_component = {row.component: row for row in rows}
    st.session_state[LINE], st.session_state[MONTH] = line.component, month

    def select() -> None:
        row, wanted = by_component[st.session_state[LINE]], st.session_state[MONTH]
        if row is not line and not row.monthly_usd[wanted]:
            wanted = row.dearest_month
        _choose(key, row.component, wanted)

    dates = run.inputs.dates
    with st.container(horizontal=True, gap="small", key="ledger_choice"):
        st.selectbox("Line", list(by_component), format_func=component_words, key=LINE, on_change=select)
        st.selectbox(
            "Month",
            range(run.horizon + 1),
            format_func=lambda month: BUILD if month == 0 else f"{month}, {dates[month]:%b %Y}",
            key=MONTH,
            on_change=select,
        )
    when = "build" if month == 0 else f"month {month}, {dates[month]:%b %Y}"
    lines = explained(run, key, line.component, month)
    cost = float(line.monthly_usd[month])
    st.html(panel(component_words(line.component), when, cost, lines, text.money_of(run)))
    return lines
