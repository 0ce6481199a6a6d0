"""Prices and whole scenarios as files: what to take away, and what an upload would do before it is applied."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from costmodel import files
from costmodel.changes import ScenarioError
from costmodel.results import Run
from pages.ui import heavy, layout, open_file, price_edits, state
from pages.ui.price_rows import Sheet
from pricing import importing
from pricing.catalog import load_book
from pricing.exporting import edits_csv, rows_csv
from pricing.importing import ImportPreview
from pricing.price import Price, PriceError
from pricing.price_files import MAX_BYTES
from report import prices_text as words
from report.cost_csv import file_name
from report.uncertainty_text import BUSY

PREVIEW = "prices preview"
MAX_MB = MAX_BYTES // 1_000_000
HEAVY = 200_000
"""Bytes from which a file takes its turn with other long work."""
_LISTED = 20


def export(sheet: Sheet) -> None:
    """The files that can be taken away."""
    run = sheet.run
    stem = file_name(run, "x").removesuffix("-x.csv")
    with st.popover("Export", icon=":material/download:", type="tertiary"):
        st.download_button(
            "Scenario with its prices (JSON)",
            data=lambda: files.written(run.scenario, load_book()).encode(),
            file_name=f"{stem}.json",
            mime="application/json",
            on_click="ignore",
            type="tertiary",
            key="download scenario",
            help="Opens again under Import, with the prices that it was made with.",
        )
        st.download_button(
            "Your price edits (CSV)",
            data=lambda: edits_csv(run.scenario.price_edits, load_book()).encode(),
            file_name=f"{stem}-price-edits.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            disabled=not run.scenario.price_edits,
            key="download edits",
        )
        st.download_button(
            "Prices in use (CSV)",
            data=lambda: rows_csv(run.rows_in_use).encode(),
            file_name=f"{stem}-prices.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            key="download prices",
        )


def panel(run: Run, done: Callable[[], Any]) -> None:
    """Upload, preview, and the button that applies it; `done` is called when it is applied."""
    file = st.file_uploader(
        "A price file (CSV) or a scenario file (JSON)",
        type=["csv", "json"],
        key=state.widget_key("upload"),
        max_upload_size=MAX_MB,
        help="Columns of a price file: provider, item, meter, unit, price_usd; optionally all others of an export.",
    )
    if file is None:
        return
    content, name = file.getvalue(), layout.escape_markdown(file.name)
    try:
        if file.name.lower().endswith(".json"):
            open_file.choices(open_file.candidate(content, file.name), done, place="prices")
        else:
            _prices(run, content, file.name, done)
    except ScenarioError as error:
        _refused_whole(error.problems)
    except PriceError as error:
        _refused_whole([str(error)])
    except heavy.Busy:
        _refused_whole([BUSY])
    except UnicodeDecodeError:
        _refused_whole([f"{name} is not UTF-8 text; save it with that encoding"])


def _refused_whole(problems: Sequence[str]) -> None:
    st.markdown("**Nothing of this file can be used.**")
    for problem in problems[:_LISTED]:
        st.markdown(layout.escape_markdown(problem))


# A price file


def _prices(run: Run, content: bytes, name: str, done: Callable[[], Any]) -> None:
    found = _preview(run, content, name)
    counts = [(len(found.changed), "changed"), (len(found.added), "added"), (len(found.unchanged), "unchanged")]
    counts.append((len(found.refused), "refused"))
    said = ", ".join(f"{number:,} {word}" for number, word in counts if number)
    st.markdown(f"**{layout.escape_markdown(name)}**: {said or 'no price'}.")
    _changed(found)
    _rows("Added", [_added(row) for row in found.added])
    _rows("Refused", [_row_refused(each) for each in found.refused])
    confirmed = _confirmed(found)
    excluded = not found.refused or st.checkbox(
        f"Leave out the {words.small(len(found.refused))} refused row{'' if len(found.refused) == 1 else 's'}",
        key=f"exclude {_digest(content)}",
    )
    ready = excluded and confirmed == {each.line for each in found.suspicious}
    many = len(found.edits)
    label = f"Apply {many:,} price{'' if many == 1 else 's'}"

    def apply() -> None:
        try:
            edits = importing.apply(found, exclude_refused=excluded, confirmed=confirmed)
        except importing.ImportNotReady as error:
            state.refuse([str(error)])
            return
        if price_edits.put(importing.combined(state.scenario().price_edits, edits)):
            state.remount()
            done()

    st.button(label, key="apply import", type="primary", on_click=apply, disabled=not (ready and many))
    if not ready:
        st.caption("Nothing is applied until the refused rows are left out and every large change is confirmed.")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _preview(run: Run, content: bytes, name: str) -> ImportPreview:
    """The preview, worked out once per file and book."""
    key = (_digest(content), name, run.book.id)
    known = st.session_state.get(PREVIEW)
    if known is None or known[0] != key:
        with heavy.turn(patience=heavy.FILE_PATIENCE) if len(content) > HEAVY else nullcontext():
            known = (key, importing.preview(content, name, run.book, run.inputs.dates[1], date.today()))
        st.session_state[PREVIEW] = known
    found: ImportPreview = known[1]
    return found


def _changed(found: ImportPreview) -> None:
    rows = []
    for change in found.changed:
        price = next((move for move in change.moved if move.column == "price_usd"), None)
        others = [f"{move.column} {move.old} → {move.new}" for move in change.moved if move.column != "price_usd"]
        if change.replaced:
            others.append(f"replaces {change.replaced} more dated row{'' if change.replaced == 1 else 's'}")
        assert change.old is not None
        rows.append(
            {
                "Line": change.new.line,
                "Price": words.price_words(change.new),
                "Provider": change.new.provider,
                "Old": words.amount(change.old.price_usd) if price else "",
                "New": words.amount(change.new.price_usd),
                "per": change.new.unit
                if change.old.unit == change.new.unit
                else f"{change.old.unit} → {change.new.unit}",
                "Times": "" if price is None or change.ratio is None else f"{change.ratio:.3g}",
                "Besides": "; ".join(others),
            }
        )
    _rows("Changed", rows)


def _added(row: Price) -> dict[str, Any]:
    return {
        "Line": row.line,
        "Price": words.price_words(row),
        "Provider": row.provider,
        "USD": words.amount(row.price_usd),
        "per": row.unit,
        "Source": row.source,
    }


def _row_refused(each: importing.Refused) -> dict[str, Any]:
    return {"Line": each.line, "Column": each.column, "Value": each.value[:80], "Reason": each.reason}


def _rows(title: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    st.markdown(f"**{title}**")
    numbers = {name: st.column_config.TextColumn(alignment="right") for name in ("Old", "New", "USD", "Times")}
    table = pd.DataFrame(rows)
    height: Any = "content" if len(rows) <= 10 else 380
    st.dataframe(table, hide_index=True, column_config=numbers, width="stretch", height=height, key=f"import {title}")


def _confirmed(found: ImportPreview) -> set[int]:
    """Lines of the large changes that the user has confirmed."""
    if not found.suspicious:
        return set()
    st.markdown("**More than ten times as much or as little: right?**")
    lines: dict[int, list[str]] = {}
    for each in found.suspicious:
        lines.setdefault(each.line, []).append(
            f"{each.price_id}, {words.amount(each.old)} → {words.amount(each.new)}, {each.words}"
        )
    if len(lines) > _LISTED:
        every = st.checkbox(f"All {len(lines):,} of them are right", key=f"confirm all {found.name}")
        return set(lines) if every else set()
    return {
        line
        for line, said in lines.items()
        if st.checkbox(layout.escape_markdown(f"Line {line}: {'; '.join(said)}"), key=f"confirm {found.name} {line}")
    }
