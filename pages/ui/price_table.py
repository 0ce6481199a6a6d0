"""The Prices page: headline, filters, the table that prices are typed into, and the panels around it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from costmodel.results import Run
from pages.ui import layout, price_add, price_editor, price_edits, price_effect, price_import, price_questions, state
from pages.ui.frame import coloured
from pages.ui.price_rows import FILTERS, PAGE_ROWS, Sheet, Shown, found_in, groups_of, units_of
from pricing.catalog import load_book
from pricing.price import CONFIDENCES, MAX_SOURCE, Price
from pricing.row_reader import MAX_REASON
from report import prices_text as words
from report.palette import ARCHITECTURES

FILTER, GROUP, SEARCH, PAGE, PANEL = "prices filter", "prices group", "prices search", "prices page", "prices panel"
EDITOR, REVERT = "price table", "price revert"
LAST = ("Confidence", "Used by", "Since", "Next change")
LOCKED = ("Price", "Provider", "Was", "Status", "Used by", "Since", "Next change")
EVERY_GROUP = "Every group"
NARROW, TWO_LINES = 178, 66
"""Of a telephone: width of the name of a price and height of a row [px] that lets the name take two lines."""
WIDTHS = {
    "bare": {"Price": 270, "USD": 72, "per": 86, "Provider": 72, "Status": 98, "Checked": 146, "Source": 126}
    | {"Confidence": 108},
    "edited": {"Price": 262, "USD": 72, "per": 84, "Provider": 68, "Was": 56, "Undo": 64, "Status": 96}
    | {"Checked": 146, "Source": 130, "Reason": 112},
    "phone": {"Price": NARROW, "USD": 80, "per": 92, "Status": 118, "Checked": 150, "Source": 260, "Provider": 80},
    "edited phone": {"Price": 148, "USD": 64, "Undo": 62, "per": 82, "Was": 62, "Status": 104, "Checked": 150}
    | {"Source": 260, "Reason": 112, "Provider": 80},
}
"""Columns in their order with their widths [px], for the window in which they fit: what has to be seen comes first.

A price, its date and source are seen in a window of 1,440 px; on a telephone the price, and Revert once it is yours.
"""
TO_CHECK_HELP = "Prices in use that are undated, or checked longer ago than the limit below the table."


def draw(run: Run) -> None:
    """The whole page below the eyebrow."""
    sheet = Sheet(run, load_book(), int(state.switch("age")), date.today())
    before = price_effect.without_edits(run)
    _hero(sheet, price_effect.sentence(before, run))
    rows = _choose(sheet)
    _panel(run)
    price_questions.forget()
    price_questions.ask()
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
                    on_click=price_edits.revert_all,
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
    widths = WIDTHS[" ".join([*(["edited"] if sheet.edits else []), *(["phone"] if on_a_phone() else [])]) or "bare"]
    body.data_editor(
        table,
        key=key,
        num_rows="fixed",
        disabled=LOCKED,
        hide_index=True,
        column_order=list(dict.fromkeys([*widths, *LAST])),
        column_config=_columns(units_of(shown), _revert(shown), widths),
        width="stretch",
        height="content",
        row_height=TWO_LINES if on_a_phone() else None,
        on_change=lambda: price_editor.take(shown, list(table), st.session_state[key], sheet.today),
        alt="Prices with unit, status, users, date and source; USD, unit, reason, source, date and confidence can be "
        "typed over",
    )
    _limits(sheet, len(rows))


def _page_key() -> str:
    """Key of the page turner: another filter, group or search begins at the first page."""
    chosen = [st.session_state[name] for name in (FILTER, GROUP, SEARCH)]
    return f"{PAGE} {zlib.crc32(repr(chosen).encode('utf-8', 'replace')):08x}"


def _revert(shown: Sequence[Shown]) -> Callable[[], None]:
    def clicked() -> None:
        click = st.session_state[REVERT]
        row = None if click is None else click.get("row")
        if isinstance(row, int) and 0 <= row < len(shown) and shown[row].edit is not None:
            price_edits.revert(shown[row].row.key)

    return clicked


def on_a_phone() -> bool:
    """Whether the browser says that it is one of a telephone: price, amount and unit then fit side by side."""
    headers = st.context.headers
    return headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in (headers.get("User-Agent") or "")


def _columns(units: Sequence[str], revert: Callable[[], None], widths: Mapping[str, int]) -> dict[str, Any]:
    column = st.column_config
    everyone = [ARCHITECTURES[key].name for key in ("rag", "fine_tuning", "hybrid", "prompting")]
    width = {**dict.fromkeys(LAST, 108), "Used by": 164, "Next change": 150, **widths}
    return {
        "Price": column.TextColumn(width=width["Price"], pinned=True),
        "Provider": column.TextColumn(width=width["Provider"]),
        "USD": column.TextColumn(width=width["USD"], alignment="right", max_chars=40, help=words.USD_HELP),
        "per": column.SelectboxColumn(options=units, width=width["per"], help=words.UNIT_HELP),
        "Was": column.TextColumn(width=width.get("Was"), alignment="right", help="The book's price."),
        "Status": column.MultiselectColumn(options=[], color="gray", width=width["Status"]),
        "Undo": column.ButtonColumn("Undo", type="tertiary", width=width.get("Undo"), key=REVERT, on_click=revert),
        "Reason": column.TextColumn(width=width.get("Reason"), max_chars=MAX_REASON, help=words.REASON_HELP),
        "Used by": column.MultiselectColumn(
            options=everyone, color=["blue", "orange", "violet", "gray"], width=width["Used by"]
        ),
        "Checked": column.TextColumn(width=width["Checked"], max_chars=30, help=words.CHECKED_HELP),
        "Since": column.TextColumn(width=width["Since"]),
        "Next change": column.TextColumn(width=width["Next change"]),
        "Source": column.TextColumn(width=width["Source"], max_chars=MAX_SOURCE, help=words.SOURCE_HELP),
        "Confidence": column.SelectboxColumn(options=CONFIDENCES, width=width["Confidence"], required=True),
    }


def _limits(sheet: Sheet, rows: int) -> None:
    """Below the table: how many rows, how to edit, and from which age on a price is to be checked."""
    with st.container(key="prices_limit", horizontal=True, vertical_alignment="center"):
        edits = sheet.run.scenario.price_edits
        said = [
            f"{rows:,} price{'' if rows == 1 else 's'}." if rows else "",
            words.HOW_TO,
            words.unused_edits(len(edits), sheet.yours_in_use),
            words.without_reason(edits),
            words.dropping(sheet.dropping),
        ]
        st.caption(" ".join(part for part in said if part))
        key = state.widget_key("age limit")
        st.number_input(
            "Check again after, days",
            value=sheet.limit,
            step=1,
            key=key,
            width=190,
            help=TO_CHECK_HELP,
            on_change=lambda: _turn_age(st.session_state[key]),
        )


def _turn_age(days: int) -> None:
    """Another age limit; one that is none is refused with the limits."""
    if words.LEAST_AGE <= days <= words.MOST_AGE:
        state.turn("age", str(days))
    else:
        state.refuse([words.no_age(days)], words.age_kept(int(state.switch("age"))))
