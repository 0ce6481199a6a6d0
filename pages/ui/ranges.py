"""Ranges in use: a table to type into, what can be added, where to start from, and how many draws there are.

The ranges live in the scenario. Every cell that comes from the browser is checked here before it is put there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from costmodel.ranges import HALF, about, empty_fields, moved, ranges_of, suggested
from costmodel.results import Run
from costmodel.scenario import Range
from pages.ui import blocks, layout, shared, state, uncertainty_run
from pages.ui.price_table import NARROW, on_a_phone
from report import ranges_text as words
from report import uncertainty_text
from report.ranges_text import RangeRow

EDITOR, REMOVE = "ranges table", "range remove"
NUMBERS = ("Low", "Likely", "High")
LOCKED = ("Assumption", "Unit", "Source")
MOST_ROWS = 20
"""Rows that the table shows without scrolling."""
SHARES = {"half": HALF, "narrow": words.NARROW}


@dataclass(frozen=True, eq=False)
class Lines:
    """What the section says of a scenario, worked out before any of it is drawn."""

    ranges: Mapping[str, Range]
    rows: list[RangeRow]
    table: pa.Table
    caption: str
    addable: dict[str, str]
    """Numbers that can be added, by path, as they stand in the list."""
    not_addable: str


@shared.once
def lines(run: Run) -> Lines:
    """The ranges in use of a scenario, and the numbers that can be added to them."""
    own, known = run.scenario.uncertainty, suggested(run)
    ranges = own or {path: each.spread for path, each in known.items()}
    rows = words.rows(run, ranges, known)
    caption = words.caption(len(rows), words.of_all(), bool(own), len(run.scenario.rank_correlations))
    addable = {path: words.option(run, path) for path in words.addable(run)}
    return Lines(ranges, rows, pa.table(_columns_of(rows)), caption, addable, words.not_addable(run))


def section(run: Run, found: Lines, fresh: bool) -> None:
    """The table, what is done with it, and the draws; `fresh`: they are there already."""
    own, rows = run.scenario.uncertainty, found.rows
    correlations = run.scenario.rank_correlations
    with layout.section("Ranges in use", found.caption, key="ranges"):
        if own or not rows:
            _start_from(run)
        else:
            st.button(
                words.ADOPT,
                key="adopt ranges",
                icon=":material/edit:",
                type="tertiary",
                help=words.ADOPT_HELP,
                on_click=begin_with,
                args=(found.ranges,),
            )
    with st.container(key="ranges_table"):
        if own:
            _editor(rows)
        elif rows:
            _table(found)
    if own:
        _astray(run, own)
    if correlations:
        listed = "\n".join(f"- {layout.escape_markdown(words.correlation(*each))}" for each in correlations)
        blocks.note(listed, help=words.CORRELATIONS_HELP, key="correlations")
    with st.container(key="ranges_foot", horizontal=True, vertical_alignment="bottom"):
        _add(run, found)
        _draws(fresh)


def put(ranges: Mapping[str, Range]) -> bool:
    """Make these the ranges of the scenario: one step that can be undone, or a refusal; correlations of others go."""
    values: dict[str, Any] = {"uncertainty": {path: each.model_dump() for path, each in ranges.items()}}
    correlations = state.scenario().rank_correlations
    kept = [each for each in correlations if each[0] in ranges and each[1] in ranges]
    if len(kept) < len(correlations):
        values["rank_correlations"] = kept
    return state.accepted(values)


def begin_with(ranges: Mapping[str, Range]) -> None:
    """Make these the ranges, with other lines than before: the table starts anew."""
    if put(ranges):
        state.remount()


# The table


def _columns_of(rows: Sequence[RangeRow]) -> dict[str, list[Any]]:
    def ends(name: str) -> list[float]:
        return [words.shown(row.path, getattr(row.spread, name)) for row in rows]

    return {
        "Assumption": [row.label for row in rows],
        "Low": ends("low"),
        "Likely": ends("likely"),
        "High": ends("high"),
        "Unit": [row.unit for row in rows],
        "Distribution": [words.DISTRIBUTIONS[row.spread.distribution] for row in rows],
        "Source": [row.source for row in rows],
    }


def _frame(rows: Sequence[RangeRow]) -> pd.DataFrame:
    """The table to type into, with its buttons."""
    columns = _columns_of(rows)
    source = columns.pop("Source")
    return pd.DataFrame({**columns, "Remove": ["Remove"] * len(rows), "Source": source}, [row.path for row in rows])


def _columns(remove: Any = None) -> dict[str, Any]:
    column = st.column_config
    found: dict[str, Any] = {
        "Assumption": column.TextColumn(width=NARROW if on_a_phone() else 232, pinned=True),
        **{name: column.NumberColumn(width=82, format="localized") for name in NUMBERS},
        "Unit": column.TextColumn(width=132),
        "Distribution": column.SelectboxColumn(
            options=list(words.DISTRIBUTIONS.values()), width=104, required=True, help=words.DISTRIBUTION_HELP
        ),
        "Source": column.TextColumn(width=300),
    }
    if remove is not None:
        found["Remove"] = column.ButtonColumn("Remove", type="tertiary", width=78, key=REMOVE, on_click=remove)
    return found


def _table(found: Lines) -> None:
    """The suggested ranges, to be read."""
    st.dataframe(
        found.table,
        hide_index=True,
        width="stretch",
        height=_height(found.rows),
        column_config=_columns(),
        alt="Suggested ranges: low, likely, high, unit, distribution and source of each assumption",
    )


def _editor(rows: Sequence[RangeRow]) -> None:
    def remove() -> None:
        click = st.session_state[REMOVE]
        row = None if click is None else click.get("row")
        if isinstance(row, int) and 0 <= row < len(rows):
            gone = rows[row].path
            begin_with({path: each for path, each in state.scenario().uncertainty.items() if path != gone})

    key, table = state.widget_key(EDITOR), _frame(rows)
    st.data_editor(
        table,
        key=key,
        num_rows="fixed",
        disabled=LOCKED,
        hide_index=True,
        column_config=_columns(remove),
        width="stretch",
        height=_height(rows),
        on_change=lambda: take(rows, list(table), st.session_state[key]),
        alt="Ranges: low, likely, high and distribution of each assumption can be typed over",
    )


def _height(rows: Sequence[RangeRow]) -> int:
    return 35 * (min(len(rows), MOST_ROWS) + 1) + 3


def take(rows: Sequence[RangeRow], columns: Collection[str], sent: Mapping[str, Any]) -> None:
    """Cells of the table as the browser sends them (row number -> column -> value): all of them or none."""
    cells = sent.get("edited_rows")
    if not _fits(cells, len(rows), columns) or sent.get("added_rows") or sent.get("deleted_rows"):
        state.refuse([words.NO_SUCH_CELL])  # a table that starts anew does not meet those cells
        return
    ranges, problems = dict(state.scenario().uncertainty), list[str]()
    for number, changes in cells.items():
        row = rows[int(number)]
        try:
            ranges[row.path] = words.entered(row, changes)
        except ValueError as error:
            problems.append(layout.plain_dollars(str(error)))
    if problems:
        state.refuse(problems)
    else:
        put(ranges)


def _fits(cells: Any, rows: int, columns: Collection[str]) -> bool:
    return isinstance(cells, Mapping) and all(
        str(number).isdecimal() and int(number) < rows and isinstance(changes, Mapping) and set(changes) <= set(columns)
        for number, changes in cells.items()
    )


def _astray(run: Run, own: Mapping[str, Range]) -> None:
    """Ranges that lie about another value than the scenario's, and the button that moves them there."""
    paths = words.astray(run, own)
    if not paths:
        return

    def move() -> None:
        begin_with({**own, **{path: moved(path, own[path], words.now(run, path)) for path in paths}})

    with st.container(key="ranges_astray", horizontal=True, vertical_alignment="center"):
        st.caption(layout.plain_dollars(words.astray_words(run, paths)))
        st.button(
            words.move_button(len(paths)), key="move ranges", type="tertiary", on_click=move, help=words.MOVE_HELP
        )


# Where to start from, and what to add


def _start_from(run: Run) -> None:
    key = state.widget_key("ranges from")
    st.menu_button(
        words.START,
        list(words.PRESETS),
        format_func=words.PRESETS.__getitem__,
        key=key,
        type="tertiary",
        icon=":material/tune:",
        on_click=lambda: _begin(run, st.session_state[key]),
    )


def _begin(run: Run, preset: str | None) -> None:
    if preset == "none":
        begin_with({})
    elif preset == "suggested":
        begin_with({path: each.spread for path, each in suggested(run).items()})
    elif preset in SHARES:
        empty = empty_fields(run.scenario)
        begin_with({path: _about(run, path, SHARES[preset]) for path in ranges_of(run) if path not in empty})


def _about(run: Run, path: str, share: float = HALF) -> Range:
    return about(run.scenario, path, share, words.now(run, path))


def _add(run: Run, found: Lines) -> None:
    key = state.widget_key("range add")

    def add() -> None:
        path = st.session_state[key]
        if path is not None:
            known = suggested(run).get(path)
            begin_with({**found.ranges, path: _about(run, path) if known is None else known.spread})

    st.selectbox(
        words.ADD,
        list(found.addable),
        index=None,
        format_func=found.addable.__getitem__,
        key=key,
        width=330,
        help=found.not_addable or None,
        placeholder="Choose one",
        on_change=add,
    )


def _draws(fresh: bool) -> None:
    draws, seed = state.widget_key("draws"), state.widget_key("seed")
    now = int(state.switch("draws"))
    st.selectbox(
        "Draws",
        sorted({*uncertainty_run.DRAWS, now}),
        format_func=lambda number: f"{number:,}",
        key=state.mirror(draws, now),
        width=120,
        on_change=lambda: state.turn("draws", str(st.session_state[draws])),
    )
    st.number_input(
        "Seed",
        0,
        99_999,
        value=None,
        key=state.mirror(seed, int(state.switch("seed"))),
        required=True,
        width=140,
        help="Another seed gives other draws; the same one gives the same numbers.",
        on_change=lambda: state.turn("seed", str(st.session_state[seed] or 0)),
    )
    st.button(
        uncertainty_text.run_button(now),
        key="run draws",
        icon=":material/casino:",
        type="primary",
        disabled=fresh,
        on_click=uncertainty_run.press,
    )
