"""The cost report as CSV: lines of `# key: value`, then one tidy numeric table.

It opens alike in spreadsheets and in `pandas.read_csv(..., comment="#")`: no comment line holds a character that would
open a second cell, text cells are quoted, and no text cell can start a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from costmodel import MODEL_VERSION
from costmodel.changes import differing
from costmodel.fields import value_at
from costmodel.ledger import COLUMNS
from costmodel.link import base_of
from costmodel.made_with import book_of
from costmodel.results import MILESTONES, Run
from costmodel.scenario import FIELDS, Scenario
from report import tables, text
from report.text import EXCLUSIONS

LEDGER = "full ledger"
COUNTED = {
    False: "the rows of scope bill add up to the totals; those of scope consequence stand beside them",
    True: "the rows of both scopes add up to the totals",
}
"""Which rows of the ledger a total is made of, by `finance.consequences_in_tco`."""
SHOWN = {
    False: "nominal cost, as in the cost columns",
    True: "present value, as in the present_value columns; the cost columns are nominal",
}
"""What the screen showed that a file is taken from, by whether it showed present value."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SEPARATORS = re.compile(r"\s*[,;]\s*")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def summary(run: Run, today: date, present: bool | None = None) -> str:
    """The monthly summary as the text of a file.

    `present`: whether the screen that it is taken from shows present value; None without a screen.
    """
    return _file(run, today, "monthly summary", tables.monthly(run), present)


def full_ledger(run: Run, today: date, present: bool | None = None) -> str:
    """The full ledger as the text of a file, a row per architecture x cost line x month; `present` as in `summary`."""
    ledger = run.ledger()
    code = run.scenario.finance.currency
    if code != "USD":
        ledger[f"cost_{code.lower()}"] = ledger["cost_usd"] / run.scenario.finance.usd_per_currency_unit
    return _file(run, today, LEDGER, ledger[[*COLUMNS, *ledger.columns[len(COLUMNS) :]]], present)


def encoded(content: str) -> bytes:
    """Bytes of the file: UTF-8, with a byte-order mark when a spreadsheet needs it to see other than ASCII."""
    return content.encode("ascii" if content.isascii() else "utf-8-sig")


def file_name(run: Run, kind: str = "", ending: str = "csv") -> str:
    """A plain file name made of the scenario's name."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", run.scenario.name).strip("-").lower()[:60] or "scenario"
    return f"{'-'.join(part for part in ('crossover', words, kind) if part)}.{ending}"


def _file(run: Run, today: date, kind: str, table: pd.DataFrame, present: bool | None) -> str:
    out = io.StringIO()
    for key, value in _header(run, today, kind, present):
        out.write(f"# {one_cell(key)}: {one_cell(value)}\n")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def one_cell(value: Any) -> str:
    """A value for a comment line: one physical line in which no spreadsheet sees a second cell."""
    flat = _BREAKS.sub(" ", str(value)).replace('"', "'")
    return _SEPARATORS.sub(" - ", _THOUSANDS.sub("", flat)).strip()


def defused(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA_STARTS) else cell


class _Empty(float):
    """A missing number: written as an empty cell, unquoted."""

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return defused(_BREAKS.sub(" ", value))
    if value is None or value != value:
        return _Empty("nan")
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _header(run: Run, today: date, kind: str, present: bool | None) -> Iterator[tuple[str, Any]]:
    scenario, finance = run.scenario, run.scenario.finance
    yield "report", f"Crossover cost report - {kind}"
    yield "model_version", MODEL_VERSION
    yield "price_book", book_of(run)
    yield "date", today.isoformat()
    yield "scenario", scenario.name
    yield "preset", scenario.preset or "none"
    yield "verdict", text.verdict(run).sentence
    if present:
        yield "verdict in present value", text.verdict(run, True).sentence
    if present is not None:
        yield "shown on screen", SHOWN[present]
    yield from _totals(run)
    yield from _crossings(run)
    yield from ((f"warning {number}", warning) for number, warning in enumerate(run.warnings, 1))
    yield from _assumptions(scenario)
    for row in run.rows_in_use:
        since = f" / from {row.effective_from}" if row.effective_from else ""
        until = f" / to {row.effective_to}" if row.effective_to else ""
        checked = f"as of {row.as_of}" if row.as_of else "undated"
        if row.origin.startswith("genai-prices"):
            checked += " (its release day)"
        price = f"{row.price_usd!r} USD per {row.unit}{since}{until}"
        yield (
            f"price {row.price_id}",
            f"{price} / {checked} / confidence {row.confidence} / {row.source or 'no source'}",
        )
    for provider, share in finance.discount_share.items():
        yield f"discount {provider}", f"{share!r} of every price of {provider}"
    yield "convention time", "month 0 is the build; months 1 to H are operation; costs fall at month end"
    yield "convention money", "USD nominal unless a column says otherwise; nothing rounded"
    yield (
        "convention present value",
        f"discounted at {finance.discount_rate_annual!r} a year to month 0; only columns and totals named so",
    )
    yield (
        "convention hours",
        f"{finance.hours_per_month:g} hours a month - {scenario.people.hours_per_week:g} hours a week",
    )
    yield "convention sizes", "GB = 1e9 bytes"
    if kind == LEDGER:
        yield "convention totals", COUNTED[finance.consequences_in_tco]
    if finance.currency != "USD":
        yield (
            "currency",
            f"{finance.currency} at {finance.usd_per_currency_unit!r} USD per unit - for display and export",
        )
    yield "fiscal year", f"starts in month {finance.fiscal_year_starts_month} and is named after the year it ends in"
    yield "not included", EXCLUSIONS


def _totals(run: Run) -> Iterator[tuple[str, Any]]:
    for key, answer in run.answers.items():
        for months in sorted({*MILESTONES, run.horizon}):
            total = answer.total_usd(months)
            yield f"total_usd {key} month {months}", "missing" if total != total else repr(total)
        present = answer.present_value_usd
        yield f"present_value_usd {key} month {run.horizon}", "missing" if present != present else repr(present)
    for key in run.excluded:
        yield f"excluded {key}", text.excluded_reason(run, key)


def _crossings(run: Run) -> Iterator[tuple[str, Any]]:
    if not run.crossings:
        yield "crossings", f"none within {run.horizon} months"
    for number, each in enumerate(run.crossings, 1):
        yield f"crossing {number}", f"{text.plain(text.overtaking(each))} (the lines meet at {each.month!r})"


def _assumptions(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    changed = differing(scenario, base_of(scenario.preset))
    for path, field in FIELDS.items():
        value = value_at(scenario, path)
        mark = f" (changed; the preset has {_plain(changed[path][0])})" if path in changed else ""
        yield f"assumption {path}", f"{_plain(value)} {field.unit}".rstrip() + mark
    for number, extra in enumerate(scenario.extra_costs, 1):
        fields = extra.model_dump(exclude_none=True).items()
        amounts = " ".join(f"{name} {amount!r}" for name, amount in fields if name.startswith("usd"))
        months = f"months {extra.months[0]} to {extra.months[1]}"
        who = " + ".join(extra.architecture)
        yield f"extra cost {number}", f"{who}: {extra.component} {extra.phase} {months} {amounts} {extra.note}"
    for edit in scenario.price_edits:
        yield (
            f"price edit {edit.price_id}",
            f"{edit.price_usd!r} USD per {edit.unit} - {edit.reason or 'no reason given'}"
            f" / {f'as of {edit.as_of}' if edit.as_of else 'undated'} / confidence {edit.confidence}"
            f" / {edit.source or 'no source'}",
        )


def _plain(value: Any) -> str:
    if value is None or value == () or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " + ".join(_plain(item) for item in value)
    return repr(value) if isinstance(value, float) else str(value)
