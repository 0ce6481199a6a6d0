"""The price cells of a workbook, and what is paid in a month: the row in force, less the discount, with its drift."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np

from costmodel.components import rest
from costmodel.inputs import DISCOUNT
from costmodel.terms import FORMULAS
from pricing.book import MeterPrices, Price
from pricing.units import meter
from report.workbook.arithmetic import Expr, divided, formula, largest, multiplied, number
from report.workbook.inputs import Cells
from report.workbook.workings import Terms

COLUMNS = {"price_usd": "C", "minimum_usd": "E", "included_quantity": "F"}
"""What of a price row an input cell holds, and the column of that cell on the Prices sheet."""
FIRST_ROW = 5
"""Row of the Prices sheet on which the first price stands."""

Cell = tuple[Price, str]
"""A row of the book and one of `COLUMNS`."""


class PriceCells:
    """The price rows of a workbook and the formulas that refer to them; remembers which cells those are.

    `frozen` rows are never referred to: their numbers stand in the formulas.
    """

    def __init__(self, rows: Sequence[Price], terms: Terms, cells: Cells, frozen: frozenset[Price]) -> None:
        self.rows = list(rows)
        self._at = {row: FIRST_ROW + place for place, row in enumerate(rows)}
        self._terms = terms
        self._cells = cells
        self._frozen = frozen
        self.used: set[Cell] = set()

    def address(self, row: Price, name: str) -> str:
        """Where a number of a row stands."""
        return f"Prices!${COLUMNS[name]}${self._at[row]}"

    def _part(self, row: Price, name: str) -> Expr:
        value = float(getattr(row, name))
        if row in self._frozen:
            return number(value)
        self.used.add((row, name))
        return Expr(self.address(row, name), np.float64(value))

    def _factors(self, provider: str, drift_group: str) -> list[Expr]:
        left = formula(
            rest.__name__, {FORMULAS[rest.__name__].parameters[0]: self._cells.part(f"{DISCOUNT}{provider}")}
        )
        return [left, self._terms.row(self._terms.x.drift(drift_group))]

    def paid(self, prices: MeterPrices, tier: int, size: float, unit: str) -> Expr:
        """What one ledger unit (`size` base quantities) costs at a tier, by month [USD]; nan where it is unknown."""
        price_id = prices.price_ids[tier]

        def of(row: Price) -> Expr:
            each = self._part(row, "price_usd")
            per = size / meter(row.meter).per_unit(row.unit)
            return each if per == 1 else divided(each, number(1 / per)) if per < 1 else multiplied([each, number(per)])

        factors = self._factors(prices.provider, prices.drift_group)
        return self._by_month(f"Price paid: {price_id}", f"USD/{unit}", [self._rows(prices, price_id)], of, factors)

    def job_minimum(self, prices: MeterPrices) -> Expr:
        """The minimum of one training job by month [USD]."""
        factors = self._factors(prices.provider, prices.drift_group)
        rows = [self._rows(prices, price_id) for price_id in prices.price_ids]
        label = f"Least paid for a job: {prices.ref}"
        return self._by_month(
            label, "USD/job", rows, lambda row: self._part(row, "minimum_usd"), factors, "minimum_usd"
        )

    def included(self, prices: MeterPrices, size: float) -> Expr:
        """What a plan includes of a meter each month [ledger unit]."""
        rows = [self._rows(prices, price_id) for price_id in prices.price_ids]

        def of(row: Price) -> Expr:
            per = meter(row.meter).per_unit(row.unit) / size
            return multiplied([self._part(row, "included_quantity"), number(per)])

        return self._by_month(f"Included: {prices.ref}", "", rows, of, [], "included_quantity")

    def plan_minimum(self, ref: str, provider: str, rows: Sequence[tuple[Price, ...]]) -> Expr:
        """The monthly minimum of a vector store by month [USD]; `rows` are those of each price that states one."""
        factors = self._factors(provider, "vector_store")
        label = f"Monthly minimum: {ref}"
        return self._by_month(
            label, "USD/month", rows, lambda row: self._part(row, "minimum_usd"), factors, "minimum_usd"
        )

    def _rows(self, prices: MeterPrices, price_id: str) -> tuple[Price, ...]:
        return tuple(row for row in prices.rows if row.price_id == price_id)

    def _by_month(
        self,
        label: str,
        unit: str,
        prices: Sequence[tuple[Price, ...]],
        of: Callable[[Price], Expr],
        factors: list[Expr],
        name: str = "",
    ) -> Expr:
        """The largest of what is in force, times factors; with a `name` only of rows that state it, else 0."""
        parts: list[Expr | None] = []
        for day in self._terms.x.dates[: self._terms.months]:
            now = [row for rows in prices if (row := in_force(rows, day)) is not None]
            stated = [row for row in now if not name or getattr(row, name)]
            if stated:
                parts.append(multiplied([largest([of(row) for row in stated]), *factors]))
            else:
                parts.append(number(0.0) if name else None)
        shape = np.broadcast_shapes(
            *(np.shape(part.value) for part in parts if part is not None), (1, self._terms.months)
        )
        columns = [
            np.full(shape[0], np.nan) if part is None else np.broadcast_to(part.value, shape)[:, month]
            for month, part in enumerate(parts)
        ]
        return self._terms.workings.each_month(label, unit, parts, np.stack(columns, axis=-1))


def in_force(rows: Iterable[Price], day: date) -> Price | None:
    """The row in force on a day; of several the one that starts last."""
    now = [row for row in rows if row.in_force(day)]
    return max(now, key=lambda row: row.effective_from or date.min) if now else None
