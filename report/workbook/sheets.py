"""What the sheets share: the workbook with its styles, the run as formulas, and where things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from costmodel.results import Run
from costmodel.scenario import Architecture
from report.imprint import Imprint
from report.palette import ARCHITECTURES
from report.sentence import money_of
from report.workbook.model import Live
from report.workbook.style import Style, page, words

HEAD = 3
"""Row (from 0) of the column heads on every sheet but the summary; data begin below."""
FIRST = HEAD + 1
FIRST_MONTH = 5
"""Column (from 0) of month 0 on the Workings sheet."""
NOT_KNOWN = "not known"
LIVE, FIXED, IDLE = "live", "value: change it in the app", "no effect here"
LIVE_ABOVE_ZERO = "live, above 0"
NAMES = ("Summary", "Assumptions", "Prices", "Monthly", "Ledger", "Workings", "Sources")


@dataclass(frozen=True, eq=False)
class Sheets:
    """A workbook that is being written."""

    book: xlsxwriter.Workbook
    imprint: Imprint
    live: Live

    @property
    def run(self) -> Run:
        """The run that it tells of."""
        return self.imprint.run

    @property
    def architectures(self) -> tuple[Architecture, ...]:
        """Those that are compared, in their fixed order."""
        return tuple(self.live.lines)

    @cached_property
    def style(self) -> Style:
        """Its formats."""
        return Style(self.book, money_of(self.run))

    @property
    def converts(self) -> bool:
        """Whether amounts are shown in another currency than USD."""
        return self.run.scenario.finance.currency != "USD"

    @property
    def usd_per_unit(self) -> float:
        """What one unit of the shown currency costs [USD]."""
        return self.run.scenario.finance.usd_per_currency_unit if self.converts else 1.0

    @property
    def code(self) -> str:
        """The shown currency."""
        return self.run.scenario.finance.currency

    def shown(self, formula: str) -> str:
        """A formula in USD, in the shown currency."""
        return f"({formula})/usd_per_currency_unit" if self.converts else formula

    def can_be_unknown(self, key: Architecture) -> bool:
        """Whether a price of an architecture is missing where it is needed, or would be needed."""
        return any(line.missing for line in self.live.lines[key])

    def sheet(self, name: str, note: str, widths: Sequence[float], heads: Sequence[str] = ()) -> Worksheet:
        """A sheet with its title, the note under it, column widths and heads."""
        sheet: Worksheet = self.book.get_worksheet_by_name(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.style())
        sheet.set_row(0, 26)
        words(sheet, 0, 0, name, self.style.title, self.style)
        words(sheet, 1, 0, note, self.style.lead, self.style)
        for column, head in enumerate(heads):
            words(sheet, HEAD, column, head, self.style.head(), self.style)
        return sheet

    def words(self, sheet: Worksheet, row: int, column: int, text: str, format_: Format | None = None) -> None:
        """Text that stays text."""
        words(sheet, row, column, text, format_ or self.style.text(), self.style)

    def formula(self, sheet: Worksheet, row: int, column: int, text: str, value: Any, format_: Format) -> None:
        """A formula with the value that it has today; an unknown one is said in words."""
        result = value.item() if isinstance(value, np.generic) else value
        if isinstance(result, float) and not np.isfinite(result):
            result = NOT_KNOWN
        sheet.write_formula(row, column, text if text.startswith("=") else f"={text}", format_, result)

    def page(self, sheet: Worksheet, columns: int, rows: int, head: int | None = HEAD) -> None:
        """Print set-up and the rows that stay in view."""
        page(sheet, None if head is None else (0, head), columns, rows)


def column_of(month: int) -> str:
    """Letter of a month's column on the Workings sheet."""
    return str(xl_col_to_name(FIRST_MONTH + month))


def name_of(key: str) -> str:
    """Name of an architecture."""
    return ARCHITECTURES[key].name
