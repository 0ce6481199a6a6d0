"""The cost report as CSV: lines of `# key: value`, then one tidy numeric table.

It opens alike in spreadsheets and in `pandas.read_csv(..., comment="#")`: no comment line holds a character that would
open a second cell, text cells are quoted, and no text cell can start a formula.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import numpy as np
import pandas as pd

from costmodel.ledger import COLUMNS
from costmodel.results import Run
from costmodel.tally import LEVELS
from costmodel.uncertainty import Uncertainty
from report import tables
from report.csv_cells import cell, defused, one_cell
from report.csv_header import LEDGER, header
from report.imprint import Imprint

MOST_NAMED = 1_000
"""Signs of a scenario's name that its file's name may be made of."""

__all__ = ["defused", "encoded", "file_name", "full_ledger", "one_cell", "summary"]


def summary(imprint: Imprint, uncertainty: Uncertainty | None = None) -> str:
    """The monthly summary as the text of a file, a row per architecture x month 0..H.

    With `uncertainty`, drawn about the same run: columns p10, p50 and p90 of the cost so far [USD] and the chance of
    being the cheapest up to that month, empty for an architecture that is left out.
    """
    table = tables.monthly(imprint.run)
    if uncertainty is not None:
        _add_draws(table, imprint.run, uncertainty)
    return _file(imprint, "monthly summary", table, uncertainty)


def _add_draws(table: pd.DataFrame, run: Run, found: Uncertainty) -> None:
    name, finance = f"cumulative{'_present_value' if found.present else ''}", run.scenario.finance
    for at, level in enumerate(LEVELS):
        usd = np.concatenate([found.fan_usd[key][at] for key in run.answers])
        table[f"p{level * 100:.0f}_{name}_usd"] = usd
        if finance.currency != "USD":
            table[f"p{level * 100:.0f}_{name}_{finance.currency.lower()}"] = usd / finance.usd_per_currency_unit
    unknown = np.full(found.months + 1, np.nan)
    table["probability_cheapest"] = np.concatenate([found.cheapest_by_month.get(key, unknown) for key in run.answers])


def full_ledger(imprint: Imprint) -> str:
    """The full ledger as the text of a file, a row per architecture x cost line x month."""
    run = imprint.run
    ledger = run.ledger()
    finance, month = run.scenario.finance, ledger["month"].to_numpy(dtype=int)
    if finance.currency != "USD":
        ledger[f"cost_{finance.currency.lower()}"] = ledger["cost_usd"] / finance.usd_per_currency_unit
    for fiscal, kind in ((False, "calendar"), (True, "fiscal")):
        ledger[f"{kind}_year"] = np.array(tables.years(run, fiscal=fiscal))[month]
    return _file(imprint, LEDGER, ledger[[*COLUMNS, *ledger.columns[len(COLUMNS) :]]])


def encoded(content: str) -> bytes:
    """Bytes of the file: UTF-8, with a byte-order mark when a spreadsheet needs it to see other than ASCII."""
    return content.encode("ascii" if content.isascii() else "utf-8-sig")


def file_name(run: Run, kind: str = "", ending: str = "csv") -> str:
    """A plain file name made of the scenario's name, good on every system: letters a to z, digits and hyphens."""
    decomposed = unicodedata.normalize("NFKD", run.scenario.name[:MOST_NAMED].casefold())
    unmarked = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", "-", unmarked).strip("-")[:60].strip("-") or "scenario"
    return f"{'-'.join(part for part in ('crossover', words, kind) if part)}.{ending}"


def _file(imprint: Imprint, kind: str, table: pd.DataFrame, uncertainty: Uncertainty | None = None) -> str:
    out = io.StringIO()
    for key, value in header(imprint, kind, uncertainty):
        out.write(f"# {one_cell(key).replace(': ', ':')}: {one_cell(value)}\n")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False, name=None):
        writer.writerow([cell(value) for value in row])
    return out.getvalue()
