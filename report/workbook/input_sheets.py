"""The sheets to change: Assumptions and Prices."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from costmodel.changes import differing, limits
from costmodel.link import base_of
from costmodel.presets import PRESETS
from pricing.health import is_release_dated
from report.palette import ARCHITECTURES
from report.workbook.inputs import NEVER_TO_ZERO, Input
from report.workbook.sheets import FIRST, FIXED, IDLE, LIVE, LIVE_ABOVE_ZERO, Sheets
from report.workbook.style import INTERVAL, PLAIN_NUMBER, PRICE

GROUPS = {
    "workload": "Workload",
    "corpus": "Corpus",
    "guardrail": "Guardrail",
    "people": "People",
    "quality": "Quality",
    "requirements": "Requirements",
    "finance": "Finance",
    "discounts": "Negotiated discounts",
    "extra_costs": "Extra costs",
}
UNITS = {"share": "", "share/month": "a month", "share/year": "a year"}
SHARE = "[=0]0%;0.0##%"
WIDEST = 24
"""Characters of a word that stands right-aligned in the column of the values."""
_CADENCES = ("retrain_every_months", "reindex_every_months", "revalidate_every_months")


def assumptions(sheets: Sheets) -> None:
    """Every assumption with its value; the cells that recompute the workbook are filled and named."""
    style, run = sheets.style, sheets.run
    note = (
        "Change a filled cell and every sheet recomputes. Grey values shape the workbook itself: "
        "change them in the app and export again."
    )
    heads = ("Assumption", "Value", "Unit", "Live", "Name of the cell", "Preset has", "Source", "Field")
    sheet = sheets.sheet("Assumptions", note, (40, 24, 18, 26, 38, 14, 70, 42), heads)
    sheets.words(sheet, FIRST - 1, 1, "Value", style.head("right"))
    sheets.words(sheet, FIRST - 1, 2, "Unit", style.head(indent=1))
    sheet.freeze_panes(FIRST, 1)
    changed = differing(run.scenario, base_of(run.scenario.preset))
    preset = PRESETS.get(run.scenario.preset or "")
    row, group = FIRST, ""
    for each in sheets.live.inputs:
        if each.group != group:
            group = each.group
            row += row > FIRST
            name = ARCHITECTURES[group].name if group in ARCHITECTURES else GROUPS[group]
            for column in range(8):
                sheets.words(sheet, row, column, name if not column else "", style.section)
            row += 1
        sheets.words(sheet, row, 0, each.label)
        status = _status(sheets, each)
        is_live = status in (LIVE, LIVE_ABOVE_ZERO)
        _value(sheets, sheet, row, each, is_live)
        if each.value is not None and not isinstance(each.value, str | tuple | dict):
            sheets.words(sheet, row, 2, UNITS.get(each.unit, each.unit), style.beside)
        sheets.words(sheet, row, 3, status, style() if is_live else style.lead)
        if is_live:
            sheets.words(sheet, row, 4, each.name, style.lead)
            sheets.book.define_name(each.name, f"=Assumptions!$B${row + 1}")
            _limited(sheet, row, each)
        if each.path in changed:
            sheets.words(sheet, row, 5, _plain(changed[each.path][0]), style.lead)
        source = preset.sources.get(each.path) if preset else None
        if source is not None:
            words = f"a guess: {source.text}" if source.guess else source.text
            sheets.words(sheet, row, 6, "set by the user" if each.path in changed else words, style.lead)
        elif each.path in changed:
            sheets.words(sheet, row, 6, "set by the user", style.lead)
        elif each.facts is not None and each.facts.source:
            sheets.words(sheet, row, 6, each.facts.source, style.lead)
        sheets.words(sheet, row, 7, each.path, style.lead)
        row += 1
    sheets.page(sheet, 7, row)


def _status(sheets: Sheets, each: Input) -> str:
    if each.path in sheets.live.live:
        return LIVE_ABOVE_ZERO if each.path in NEVER_TO_ZERO else LIVE
    return IDLE if each.path in sheets.live.tried else FIXED


def _value(sheets: Sheets, sheet: Worksheet, row: int, each: Input, is_live: bool) -> None:
    style, value = sheets.style, each.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        words = _plain(value)
        sheets.words(sheet, row, 1, words, style.value(align="right" if len(words) <= WIDEST else "left"))
        return
    number = SHARE if each.unit.startswith("share") else PLAIN_NUMBER
    if each.path.endswith(_CADENCES) and value == 0:
        number = INTERVAL.replace("[>=1E+15]", "[=0]")
    sheet.write_number(row, 1, value, style.input(number) if is_live else style.value(number))


def _limited(sheet: Worksheet, row: int, each: Input) -> None:
    """The limits that the app has for the same number."""
    low, high, kind = 0.0, 1.0, "decimal"
    words = "Use 0 to 1"
    if each.facts is not None:
        if each.facts.low is None or each.facts.high is None:
            return
        low, high, words = each.facts.low, each.facts.high, f"Use {limits(each.facts)}"
        kind = "integer" if each.facts.kind == "whole" else "decimal"
        if each.path in NEVER_TO_ZERO:
            low, words = 1e-9, "Use more than 0; for 0 change it in the app, as the bill then has other lines"
    elif each.group == "extra_costs":
        low, high, words = -1e12, 1e12, "Use -1,000,000,000,000 to 1,000,000,000,000"
    elif each.group == "workload":
        low, high, words = 0.0, 1e12, "Use 0 or more"
    rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    sheet.data_validation(row, 1, row, 1, rule | {"error_title": "Out of limits", "error_message": words})


def _plain(value: Any) -> str:
    if value is None or value == () or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return f"{value:,.12g}" if isinstance(value, float | int) else str(value)


def prices(sheets: Sheets) -> None:
    """Every price row that a bill can need within the horizon, with its dates and its source."""
    style, live = sheets.style, sheets.live
    note = (
        "One row for each price and each date from which it holds. Change a filled cell and every sheet recomputes; "
        "negotiated discounts and drift stand on Assumptions."
    )
    what = ("Price", "Per", "USD", "Live", "Minimum USD", "Included", "Tier from", "In force from", "until")
    heads = (*what, "Checked", "Confidence", "Source", "Note")
    sheet = sheets.sheet("Prices", note, (52, 13, 13, 26, 14, 12, 12, 15, 13, 21, 12, 66, 66), heads)
    for column in (2, 4, 5, 6):
        sheets.words(sheet, FIRST - 1, column, heads[column], style.head("right"))
    for column in (3, 7):
        sheets.words(sheet, FIRST - 1, column, heads[column], style.head(indent=1))
    sheet.freeze_panes(FIRST, 1)
    columns = {"price_usd": 2, "minimum_usd": 4, "included_quantity": 5}
    for place, row in enumerate(live.prices):
        line = FIRST + place
        sheets.words(sheet, line, 0, row.price_id)
        sheets.words(sheet, line, 1, row.unit, style.lead)
        status = False
        for name, column in columns.items():
            value = getattr(row, name)
            if value is None or (not value and name != "price_usd"):
                continue
            cell_live = live.is_live((row, name))
            status = status or cell_live
            shape = PRICE if name != "included_quantity" else PLAIN_NUMBER
            sheet.write_number(line, column, value, style.input(shape) if cell_live else style.value(shape))
            if cell_live:
                rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1e9}
                more = {"error_title": "Out of limits", "error_message": "Use 0 to 1,000,000,000"}
                sheet.data_validation(line, column, line, column, rule | more)
        sheets.words(sheet, line, 3, LIVE if status else FIXED, style(indent=1) if status else style.beside)
        if row.tier_from:
            sheet.write_number(line, 6, row.tier_from, style.value())
        sheets.words(sheet, line, 7, str(row.effective_from or "always"), style.beside)
        sheets.words(sheet, line, 8, str(row.effective_to or ""), style.lead)
        checked = f"{row.as_of or 'undated'}{' (release)' if is_release_dated(row) else ''}"
        sheets.words(sheet, line, 9, checked, style.lead)
        sheets.words(sheet, line, 10, row.confidence, style.lead)
        typed = "typed in; " if row.origin == "edit" else ""
        sheets.words(sheet, line, 11, f"{typed}{row.source or 'no source'}", style.lead)
        sheets.words(sheet, line, 12, row.note, style.lead)
    if not live.prices:
        sheets.words(sheet, FIRST, 0, "No price of the book is in use.", style.lead)
    sheets.page(sheet, 12, FIRST + max(len(live.prices), 1))
