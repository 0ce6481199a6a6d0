"""A run as live formulas: which inputs are live, the rows of the workings, and the lines of each bill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from costmodel import traffic
from costmodel.inputs import DISCOUNT, Inputs
from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.simulate import Bill, bill
from pricing.book import Price
from report.palette import ARCHITECTURES
from report.workbook.arithmetic import Expr
from report.workbook.costs import Costs, Frozen, Line, sections
from report.workbook.inputs import Cells, Input, inputs_of, moved, variants
from report.workbook.paid import Cell, PriceCells
from report.workbook.workings import Row, Terms, Unexplained, Workings

VOLUME = "Volume"
QUALITY = "Answers that are right"
FIRST_ROW = 5
"""Row of the Workings sheet on which the first heading stands."""
_NAME = re.compile(r"[A-Za-z_]\w*")
_PLACE = re.compile(r"\{r\[(\d+)\]\}")


@dataclass(frozen=True, eq=False)
class Live:
    """A run as formulas. Row numbers are those of the Workings sheet; `live` are the inputs that formulas refer to."""

    run: Run
    bills: Mapping[Architecture, Bill]
    inputs: tuple[Input, ...]
    prices: tuple[Price, ...]
    cells: PriceCells
    rows: tuple[Row, ...]
    lines: Mapping[Architecture, tuple[Line, ...]]
    queries: Expr
    correct: Mapping[Architecture, Expr]
    tried: frozenset[str]
    """Inputs that differed while every formula held: those of them that no formula refers to change nothing."""

    @property
    def months(self) -> int:
        """Months 0..H."""
        return self.run.horizon + 1

    @cached_property
    def sections(self) -> dict[str, tuple[int, ...]]:
        """Headings of the workings, with the places of the rows that are needed, in order."""
        needed, waiting = set[int](), [*self._roots()]
        while waiting:
            place = waiting.pop()
            if place not in needed:
                needed.add(place)
                row = self.rows[place]
                waiting += [int(each) for text in (row.text, *row.texts) for each in _PLACE.findall(text)]
        order = [VOLUME]
        for key in self.lines:
            order += sections(key)
        order.append(QUALITY)
        found = {head: tuple(n for n in sorted(needed) if self.rows[n].section == head) for head in order}
        return {head: places for head, places in found.items() if places}

    def _roots(self) -> list[int]:
        places = [place for lines in self.lines.values() for line in lines for place in (line.quantity, line.cost)]
        texts = [self.queries.text, *(part.text for part in self.correct.values())]
        return places + [int(each) for text in texts for each in _PLACE.findall(text)]

    @cached_property
    def numbers(self) -> list[int]:
        """Row number on the sheet by place; 0 for rows that nothing needs."""
        found, now = [0] * len(self.rows), FIRST_ROW
        for places in self.sections.values():
            now += 1  # the heading
            for place in places:
                found[place] = now
                now += 1
            now += 1  # a blank line
        return found

    @cached_property
    def used(self) -> frozenset[str]:
        """Names and addresses that formulas of the workings refer to."""
        texts = {text for n, row in enumerate(self.rows) if self.numbers[n] for text in (row.text, *row.texts)}
        texts |= {self.queries.text, *(part.text for part in self.correct.values())}
        names = {name for text in texts for name in _NAME.findall(text)}
        addresses = {each for text in texts for each in re.findall(r"Prices!\$[A-Z]+\$\d+", text)}
        return frozenset(names | addresses)

    @cached_property
    def live(self) -> frozenset[str]:
        """Paths of the inputs that recompute the workbook."""
        found = {each.path for each in self.inputs if each.name in self.used} | {"finance.discount_rate_annual"}
        if self.run.scenario.finance.currency != "USD":
            found.add("finance.usd_per_currency_unit")
        return frozenset(found)

    def is_live(self, cell: Cell) -> bool:
        """Whether a number of a price row recomputes the workbook."""
        return self.cells.address(*cell) in self.used

    def span(self, head: str) -> tuple[int, int]:
        """First and last row of a section on the sheet."""
        places = self.sections[head]
        return self.numbers[places[0]], self.numbers[places[-1]]


def live(run: Run) -> Live:
    """The run as formulas. A line that no formula explains for all variants becomes values, its inputs too."""
    frozen: dict[Architecture, set[int]] = {key: set() for key in run.answers}
    paths, rows = set[str](), set[Price]()
    while True:
        made = _Attempt(run, frozen, frozenset(paths), frozenset(rows))
        if made.refused is None:
            return made.result()
        key, wrong = made.refused
        frozen[key].add(wrong.place)
        for line in (wrong.line, *wrong.line.shaped_by):
            paths |= {*line.fields, *(f"{DISCOUNT}{prices.provider}" for prices in line.prices)}
            rows |= {row for prices in line.prices for row in prices.rows}


class _Attempt:
    """The run as formulas, with lines, inputs and price rows that are values; `refused` is a line that did not fit."""

    def __init__(
        self,
        run: Run,
        frozen: Mapping[Architecture, set[int]],
        paths: frozenset[str],
        rows: frozenset[Price],
    ) -> None:
        self.run = run
        self.refused: tuple[Architecture, Frozen] | None = None
        plain = [line for answer in run.answers.values() for line in answer.bill.lines]
        providers = [prices.provider for line in plain for prices in line.prices]
        self.inputs = inputs_of(run, list(dict.fromkeys(providers)))
        self.moved = [each for each in moved(run, self.inputs) if each.path not in paths]
        columns = variants(self.moved)
        self.x = Inputs(run.scenario, run.book, columns)
        self.bills = {key: bill(self.x, key) for key in run.answers}
        cells = Cells(self.inputs, columns, paths)
        self.workings = Workings(run.horizon + 1)
        self.terms = Terms(self.x, cells, self.workings)
        self.prices = PriceCells(self._price_rows(), self.terms, cells, rows)
        self.workings.section = VOLUME
        self.queries = self.terms.row(traffic.users(self.x))
        self.lines: dict[Architecture, tuple[Line, ...]] = {}
        for key, each in self.bills.items():
            try:
                made = Costs(each, self.terms, self.prices, frozenset(frozen[key])).lines()
            except Frozen as wrong:
                self.refused = (key, wrong)
                return
            self.lines[key] = tuple(made)
        self.workings.section = QUALITY
        self.correct = {key: self._correct(key, each) for key, each in self.bills.items()}

    def _price_rows(self) -> list[Price]:
        """Rows of the book that a line can pay in some month of the horizon, in the order of the book."""
        dates = self.x.dates[: self.run.horizon + 1]
        every = [line for each in self.bills.values() for line in each.lines]
        found = {
            row
            for line in every
            for prices in line.prices
            for row in prices.rows
            if any(row.in_force(day) for day in dates)
        }
        return sorted(found, key=lambda row: (row.price_id, str(row.effective_from or "")))

    def _correct(self, key: Architecture, each: Bill) -> Expr:
        name = ARCHITECTURES[key].name
        try:
            part, active = self.terms.open(each.correct)
        except Unexplained:
            return self.workings.fixed(f"Right answers, {name}", "share", self.terms.values(each.correct.value)[0])
        return self.workings.row(f"Right answers, {name}", "share", part, active)

    def result(self) -> Live:
        """What was found."""
        found = Live(
            self.run,
            self.bills,
            tuple(self.inputs),
            tuple(self.prices.rows),
            self.prices,
            tuple(self.workings.rows),
            self.lines,
            self.queries,
            self.correct,
            frozenset(each.path for each in self.moved),
        )
        return found
