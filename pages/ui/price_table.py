"""The Prices page: headline, filters, the table that prices are typed into, and the panels around it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from costmodel.results import Run
from pages.ui import layout, price_add, price_editor, price_effect, price_import, state
from pages.ui.frame import coloured
from pages.ui.price_rows import FILTERS, PAGE_ROWS, UNITS, Sheet, Shown, found_in, groups_of
from pricing.catalog import load_book
from pricing.price import Price
from pricing.row_reader import MAX_REASON
from report import prices_text as words
from report.palette import ARCHITECTURES

FILTER, GROUP, SEARCH, PAGE, PANEL = "prices filter", "prices group", "prices search", "prices page", "prices panel"
EDITOR, REVERT = "price table", "price revert"
FIRST, EDITS = ("Price", "USD", "per", "Provider"), ("Was", "Undo", "Reason")
REST = ("Status", "Used by", "Checked", "Since", "Next change", "Source", "Confidence")
LOCKED = ("Price", "Provider", "Was", "Status", "Used by", "Checked", "Since", "Next change", "Source", "Confidence")
EVERY_GROUP = "Every group"
TO_CHECK_HELP = "Prices in use that are undated, or checked longer ago than the limit below the table."


def draw(run: Run) -> None:
    """The whole page below the eyebrow."""
    sheet = Sheet(run, load_book(), int(state.switch("age")), date.today())
    before = price_effect.without_edits(run)
    _hero(sheet, price_effect.sentence(before, run))
    rows = _choose(sheet)
    _panel(run)
    price_editor.forget_pending()
    price_editor.pending()
    _table(sheet, rows)
    with st.container(key="prices_below"):
        left, right = st.columns(2, gap="large")
        with left:
            price_effect.totals(before, run)
        with right:
            price_effect.origins()


def _hero(sheet: Sheet, effect: str) -> None:
    used = sheet.run.rows_in_use
    lead = words.lead(used, sheet.old, sheet.undated, sheet.limit, len(sheet.run.book.rows))
    plain = layout.escape_markdown(f"{lead} {words.announced(sheet.announced)}")
    parts = [coloured(effect, bold=True), plain]
    layout.hero(words.headline(len(used), sheet.yours_in_use), " ".join(part for part in parts if part))


# Which rows


def _remembered(name: str, start: Any) -> Any:
    return st.session_state.setdefault(f"{name} now", start)


def _remember(name: str) -> None:
    st.session_state[f"{name} now"] = st.session_state[name]


def show_filter(filter_: str) -> None:
    """Turn to a filter, without group and search."""
    st.session_state.update({f"{FILTER} now": filter_, f"{GROUP} now": None, f"{SEARCH} now": ""})


def _choose(sheet: Sheet) -> list[Price]:
    """The filters, and what they let through."""
    counts = sheet.counts
    with st.container(key="prices_bar", horizontal=True, vertical_alignment="center"):
        st.session_state[FILTER] = _remembered(FILTER, FILTERS[0])
        st.pills(
            "Prices",
            FILTERS,
            required=True,
            format_func=lambda name: f"{name} · {counts[name]:,}",
            key=FILTER,
            label_visibility="collapsed",
            on_change=lambda: _remember(FILTER),
        )
        with st.container(key="prices_actions", horizontal=True, vertical_alignment="center", width="content"):
            _open_button("Add a price", ":material/add:", "add")
            _open_button("Import", ":material/upload_file:", "import")
            price_import.export(sheet)
            if sheet.edits:
                st.button(
                    "Revert all",
                    key="revert all",
                    icon=":material/settings_backup_restore:",
                    type="tertiary",
                    on_click=price_editor.revert_all,
                    help="Back to the book's prices; Undo brings your edits again.",
                )
    rows = list(sheet.of(st.session_state[f"{FILTER} now"]))
    groups = groups_of(rows)
    with st.container(key="prices_find", horizontal=True, vertical_alignment="bottom"):
        chosen = _remembered(GROUP, None)
        st.session_state[GROUP] = chosen if chosen in groups else None
        st.selectbox(
            "Group",
            list(groups),
            format_func=lambda group: f"{words.GROUP_WORDS[group]} · {groups.get(group, 0):,}",
            key=GROUP,
            width=250,
            label_visibility="collapsed",
            placeholder=EVERY_GROUP,
            on_change=lambda: _remember(GROUP),
        )
        st.session_state[SEARCH] = _remembered(SEARCH, "")
        st.text_input(
            "Search",
            key=SEARCH,
            width=320,
            label_visibility="collapsed",
            max_chars=100,
            placeholder="Model, provider, meter or source",
            on_change=lambda: _remember(SEARCH),
        )
    return found_in(rows, st.session_state[GROUP], st.session_state[SEARCH])


def _open_button(label: str, icon: str, panel: str) -> None:
    def turn() -> None:
        st.session_state[PANEL] = None if st.session_state.get(PANEL) == panel else panel

    st.button(label, key=f"open {panel}", icon=icon, type="tertiary", on_click=turn)


def _panel(run: Run) -> None:
    panel = st.session_state.get(PANEL)
    if panel is None:
        return

    def done() -> None:
        st.session_state[PANEL] = None
        show_filter("Edited")

    with st.container(key=f"panel_{panel}", border=True):
        if panel == "add":
            price_add.form(run, done)
        else:
            price_import.panel(run, done)


# The table


def _table(sheet: Sheet, rows: Sequence[Price]) -> None:
    if not rows:
        empty = "You have not changed any price." if st.session_state[f"{FILTER} now"] == "Edited" else ""
        st.markdown(empty or "No price fits. Choose another filter or group, or clear the search.")
        _limits(sheet, 0)
        return
    pages = -(-len(rows) // PAGE_ROWS)
    body = st.container(key="prices_table")
    page = min(st.pagination(pages, key=_page_key()), pages) if pages > 1 else 1
    shown = [sheet.shown(row) for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]]
    table = sheet.frame(shown)
    key = state.widget_key(EDITOR)
    body.data_editor(
        table,
        key=key,
        num_rows="fixed",
        disabled=LOCKED,
        hide_index=True,
        column_order=[*FIRST, *(EDITS if sheet.edits else ()), *REST],
        column_config=_columns([each.row.price_usd for each in shown], _revert(shown), wide=not sheet.edits),
        width="stretch",
        height="content",
        on_change=lambda: price_editor.take(shown, st.session_state[key]["edited_rows"]),
        alt="Prices with unit, status, users, date and source; USD, unit and reason can be typed over",
    )
    _limits(sheet, len(rows))


def _page_key() -> str:
    """Key of the page turner: another filter, group or search begins at the first page."""
    chosen = [st.session_state[name] for name in (FILTER, GROUP, SEARCH)]
    return f"{PAGE} {zlib.crc32(repr(chosen).encode('utf-8', 'replace')):08x}"


def _revert(shown: Sequence[Shown]) -> Callable[[], None]:
    def clicked() -> None:
        click = st.session_state[REVERT]
        if click is not None and click["row"] < len(shown) and shown[click["row"]].edit is not None:
            price_editor.revert(shown[click["row"]].row.key)

    return clicked


def _columns(prices: Sequence[float], revert: Callable[[], None], wide: bool) -> dict[str, Any]:
    column = st.column_config
    everyone = [ARCHITECTURES[key].name for key in ("rag", "fine_tuning", "hybrid", "prompting")]
    return {
        "Price": column.TextColumn(width=270, pinned=True),
        "Provider": column.TextColumn(width=80),
        "USD": column.NumberColumn(format=number_format(prices), width=80, help="Type another price over it."),
        "per": column.SelectboxColumn(options=UNITS, width=92, help="Units that the meter is sold by."),
        "Was": column.TextColumn(width=62, alignment="right", help="The book's price."),
        "Status": column.MultiselectColumn(options=[], color="gray", width=130 if wide else 104),
        "Undo": column.ButtonColumn("Undo", type="tertiary", width=68, key=REVERT, on_click=revert),
        "Reason": column.TextColumn(
            width=112, max_chars=MAX_REASON, help="Why you use another price; it stands in every export."
        ),
        "Used by": column.MultiselectColumn(options=everyone, color=["blue", "orange", "violet", "gray"], width=164),
        "Checked": column.TextColumn(width=152 if wide else 132),
        "Since": column.TextColumn(width=95),
        "Next change": column.TextColumn(width=150),
        "Source": column.TextColumn(width=260),
        "Confidence": column.TextColumn(width=85),
    }


def number_format(prices: Sequence[float]) -> str:
    """As many places as the prices need, so that their points stand below each other; never fewer."""
    for places in (2, 3, 4):
        if all(abs(round(usd, places) - usd) <= 1e-12 * max(1.0, usd) for usd in prices):
            return f"%.{places}f"
    return "%.6g"


def _limits(sheet: Sheet, rows: int) -> None:
    """Below the table: how many rows, how to edit, and from which age on a price is to be checked."""
    with st.container(key="prices_limit", horizontal=True, vertical_alignment="center"):
        edits = sheet.run.scenario.price_edits
        said = [
            f"{rows:,} price{'' if rows == 1 else 's'}." if rows else "",
            words.HOW_TO,
            words.unused_edits(len(edits), sheet.yours_in_use),
            words.without_reason(edits),
        ]
        st.caption(" ".join(part for part in said if part))
        key = state.widget_key("age limit")
        st.number_input(
            "Check again after, days",
            1,
            3650,
            sheet.limit,
            key=key,
            width=190,
            help=TO_CHECK_HELP,
            on_change=lambda: state.turn("age", str(st.session_state[key])),
        )
