"""A workbook recomputed by another program than the one that wrote it, and its input cells moved one by one.

Reads the workbook as a user sees it: a cell is live where its row says so.
"""

from __future__ import annotations

import io
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl

from costmodel.changes import changed
from costmodel.inputs import DISCOUNT
from costmodel.results import Run
from costmodel.scenario import FIELDS, Scenario
from pricing.book import PriceBook

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # an old library warns as it is imported, whatever one asks of it
    from pycel import ExcelCompiler
    from pycel.excelwrapper import ExcelOpxWrapper

HEAD = 4
"""Row of the column heads."""
PRICE_COLUMNS = {"C": "price_usd", "E": "minimum_usd", "F": "included_quantity"}
FILLED = "FFEEF2F8"
"""Colour of a cell to change."""

Totals = dict[tuple[str, int], float]
"""Cost [the shown currency] by name of the architecture and month; nan where it is not known."""


@dataclass(frozen=True)
class LiveCell:
    """A cell to change: where it stands, what it holds, and what it is in the scenario or the price book."""

    address: str
    value: float
    path: str
    key: tuple[Any, ...] = ()
    """Of a price: its id and its first day."""


def live_cells(content: bytes) -> list[LiveCell]:
    """Every cell that the workbook says is live."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = []
    sheet = book["Assumptions"]
    for row in range(HEAD + 1, sheet.max_row + 1):
        if str(sheet.cell(row, 4).value).startswith("live"):
            found.append(LiveCell(f"Assumptions!B{row}", sheet.cell(row, 2).value, sheet.cell(row, 8).value))
    sheet = book["Prices"]
    for row in range(HEAD + 1, sheet.max_row + 1):
        for column, name in PRICE_COLUMNS.items():
            cell = sheet[f"{column}{row}"]
            if cell.value is not None and cell.fill.fgColor.rgb == FILLED:
                key = (sheet.cell(row, 1).value, sheet.cell(row, 8).value)
                found.append(LiveCell(f"Prices!{column}{row}", cell.value, name, key))
    return found


def other_value(cell: LiveCell) -> float:
    """A value that the cell could hold as well, as far from what it holds as makes a difference."""
    facts = FIELDS.get(cell.path)
    if cell.key or facts is None:
        shares = cell.path.startswith(DISCOUNT)
        return 0.15 if shares and cell.value != 0.15 else cell.value * 1.25 + 0.01
    low, high = float(facts.low or 0.0), float(facts.high or 0.0)
    if facts.kind == "whole":
        return float(cell.value + 1 if cell.value < high else cell.value - 1)
    near = {"share": 0.1, "share/month": 0.013, "share/year": 0.07, "months": 5.0}.get(facts.unit, 3.0)
    other = cell.value * 1.3 if cell.value else near
    return max(low, other if other <= high else cell.value * 0.7)


def moved(run: Run, cell: LiveCell, value: float) -> Run:
    """The run in which what the cell stands for has another value."""
    scenario, book = run.scenario, run.book
    if cell.key:
        rows = [
            row.model_copy(update={cell.path: value, "note": row.note or "free"})
            if (row.price_id, str(row.effective_from or "always")) == cell.key
            else row
            for row in book.rows
        ]
        return Run(changed(scenario, {"price_edits": ()}), PriceBook(rows))
    return Run(_changed(scenario, cell.path, value), book)


def _changed(scenario: Scenario, path: str, value: float) -> Scenario:
    start, _, place = path.rpartition(".")
    if path in FIELDS or path.startswith(DISCOUNT):
        whole = FIELDS[path].kind == "whole" if path in FIELDS else False
        return changed(scenario, {path: int(value) if whole else value})
    if start == "extra_costs":
        extras = list(scenario.extra_costs)
        old = extras[int(place)]
        name = next(each for each in ("usd", "usd_per_month", "usd_per_query") if getattr(old, each) is not None)
        extras[int(place)] = old.model_copy(update={name: value})
        return scenario.model_copy(update={"extra_costs": tuple(extras)})
    group, name = start.split(".")
    items = list(getattr(getattr(scenario, group), name))
    items[int(place)] = value
    return changed(scenario, {start: tuple(items)})


def of_run(run: Run) -> Totals:
    """What the model says, in the shown currency."""
    from report.palette import ARCHITECTURES

    unit = run.scenario.finance.usd_per_currency_unit if run.scenario.finance.currency != "USD" else 1.0
    return {
        (ARCHITECTURES[key].name, month): usd / unit
        for key, answer in run.answers.items()
        for month, usd in enumerate(answer.monthly_usd.tolist())
    }


def difference(one: Totals, other: Totals) -> float:
    """The largest difference of two sets of totals; an unknown one agrees with an unknown one alone."""
    assert one.keys() == other.keys()
    gaps = [0.0 if one[key] != one[key] and other[key] != other[key] else abs(one[key] - other[key]) for key in one]
    return float("inf") if any(gap != gap for gap in gaps) else max(gaps, default=0.0)


class _Reader(ExcelOpxWrapper):
    """Reads names as newer releases of openpyxl keep them."""

    @property
    def defined_names(self) -> dict[str, list[tuple[str, str]]]:
        if self._defined_names is None and self.workbook is not None:
            named = self.workbook.defined_names.items()
            self._defined_names = {name: [(cell, on) for on, cell in each.destinations] for name, each in named}
        return dict(self._defined_names or {})


class Recomputed:
    """A workbook without the values that were stored in it, computed from its formulas alone.

    No total reads the ledger; left out it is quicker to load.
    """

    def __init__(self, content: bytes, ledger: bool = False) -> None:
        self._book = openpyxl.load_workbook(io.BytesIO(content))
        if not ledger:
            del self._book["Ledger"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "workbook.xlsx"
            self._book.save(path)  # keeps formulas, drops stored values
            reader = _Reader(str(path))
            reader.load()
        self._compiler = ExcelCompiler(excel=reader)

    def value(self, address: str) -> Any:
        """What a cell comes to."""
        return self._compiler.evaluate(address)

    @cached_property
    def _monthly(self) -> dict[tuple[str, int], str]:
        """Address of each month's cost, by name of the architecture and month."""
        sheet = self._book["Monthly"]
        heads = {sheet.cell(HEAD, column).value: column for column in range(1, sheet.max_column + 1)}
        letter = openpyxl.utils.get_column_letter(heads["Cost"])
        return {
            (sheet.cell(row, 1).value, sheet.cell(row, 2).value): f"Monthly!{letter}{row}"
            for row in range(HEAD + 1, sheet.max_row + 1)
        }

    def totals(self) -> Totals:
        """Cost by architecture and month."""
        found = {key: self.value(address) for key, address in self._monthly.items()}
        return {key: float("nan") if isinstance(each, str) else float(each or 0.0) for key, each in found.items()}

    @contextmanager
    def holding(self, cell: LiveCell, value: float) -> Iterator[None]:
        """The workbook with another value in one cell."""
        self.value(cell.address)  # puts a cell that nothing has asked for yet on the map
        self._compiler.set_value(cell.address, value)
        yield
        self._compiler.set_value(cell.address, cell.value)
