"""The cost of a bill's lines as formulas: by price, tiers, steps, minimums and shares, as the model computes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from costmodel import traffic
from costmodel.families import FAMILY_OF
from costmodel.ledger import BUILD_TIERS, JOB, MINIMUM, STEP, TIERS, CostLine
from costmodel.scenario import Architecture, ExtraCost
from costmodel.simulate import Bill
from costmodel.terms import Array, Mask, Term
from costmodel.vector_store import STORE_METERS
from pricing.book import MeterPrices
from pricing.units import REQUEST_TIER_METERS
from report.line_words import COMPONENTS
from report.palette import ARCHITECTURES
from report.workbook import arithmetic
from report.workbook.arithmetic import Expr, added, compared, divided, either, graduated, multiplied, number, total
from report.workbook.paid import PriceCells
from report.workbook.workings import Row, Terms, Unexplained

UNKNOWN = Expr("NA()", np.float64(np.nan))
SEARCH = "price of a search"
"""Label that the model gives to the price of a search that scans the index."""


@dataclass(frozen=True, eq=False)
class Line:
    """A cost line of a bill and the places of its two rows in the workings; not live: both rows are values.

    `missing`: in some month its cost is not known, or would not be if it were needed.
    """

    line: CostLine
    quantity: int
    cost: int
    live: bool
    missing: bool

    def counts(self, bill: Bill) -> bool:
        """Whether the totals of its bill hold it."""
        return self.line.scope == "bill" or bill.consequences_count


class Frozen(ValueError):
    """A line that no formula explains, and its place in the bill."""

    def __init__(self, place: int, line: CostLine) -> None:
        super().__init__(line.component)
        self.place = place
        self.line = line


def family_of(line: CostLine) -> str:
    """The family that a line counts in."""
    family = FAMILY_OF.get(line.component, "other")
    return "other" if family == "consequence" and line.scope == "bill" else family


def sections(architecture: Architecture) -> tuple[str, str, str, str]:
    """Headings of the workings of an architecture: behind its lines, quantities, cost, and cost beside the bill."""
    name = ARCHITECTURES[architecture].name
    return f"Behind {name}", f"{name}: quantities", f"{name}: cost", f"{name}: cost beside the bill"


class Costs:
    """Makes the rows of one bill."""

    def __init__(self, bill: Bill, terms: Terms, prices: PriceCells, frozen: frozenset[int]) -> None:
        self._bill = bill
        self._key = bill.architecture
        self._terms = terms
        self._prices = prices
        self._workings = terms.workings
        self._frozen = frozen
        self._behind, self._quantity_head, self._cost_head, self._beside = sections(bill.architecture)
        self._every = [*bill.lines, *bill.consequences]
        self._typed = self._typed_in()
        self._quantities: dict[int, Expr] = {}
        self._costs: dict[int, Expr] = {}

    def lines(self) -> list[Line]:
        """A quantity and a cost row for each line of the bill and its consequences. Raises Frozen."""
        self._workings.section = self._behind
        found = []
        for place, line in enumerate(self._every):
            live, first = place not in self._frozen, len(self._workings.rows)
            if live:
                try:
                    self._open(line)
                except Unexplained:
                    raise Frozen(place, line) from None
            else:
                self._as_values(line)
            places = [n for n in range(first, len(self._workings.rows)) if self._workings.rows[n].tags]
            found.append(Line(line, places[-2], places[-1], live, self._can_be_unknown(line)))
        return found

    def _can_be_unknown(self, line: CostLine) -> bool:
        listed = [usd for prices in line.prices for usd in prices.usd]
        gaps = any(np.isnan(self._terms.values(usd)).any() for usd in listed)
        return line.price is None or gaps or bool(np.isnan(self._terms.values(line.cost_usd)).any())

    def _typed_in(self) -> dict[int, tuple[int, ExtraCost]]:
        """Which extra cost each line is that the user typed in, by the line's id."""
        extras = [
            (place, extra)
            for place, extra in enumerate(self._terms.x.scenario.extra_costs)
            if self._key in extra.architecture
        ]
        typed = [line for line in self._bill.lines if line.typed_in]
        return {id(line): each for line, each in zip(typed, extras, strict=True)}

    # Rows

    def _open(self, line: CostLine) -> None:
        if line.rule == MINIMUM:  # there is something to pay in the months in which the bill falls short
            cost, active = self._cost(line, number(1.0))
            short = either(compared(cost, ">", number(0.0)), number(1.0), number(0.0))
            self._own(line, True, short, self._held(short, line.amount.value) & active)
            self._own(line, False, cost, active)
            return
        quantity = self._own(line, True, *self._amount(line))
        self._quantities[id(line)] = quantity
        self._costs[id(line)] = self._own(line, False, *self._cost(line, quantity))

    def _held(self, part: Expr, wanted: Array) -> Mask:
        active = self._terms.active(part, self._terms.values(wanted))
        if active is None:
            raise Unexplained(part.text)
        return active

    def _own(self, line: CostLine, of_quantity: bool, part: Expr, active: Mask) -> Expr:
        value = np.where(active, self._workings.first(part, True), 0.0)
        row = self._row(line, of_quantity, value, active, part.text)
        return self._workings.add(row, part.value, shared=False)

    def _as_values(self, line: CostLine) -> None:
        for of_quantity, values in ((True, line.quantity), (False, line.cost_usd)):
            whole = self._terms.values(values)
            own = whole if whole.ndim < 2 else whole[0]
            row = self._row(line, of_quantity, own, own != 0)
            self._workings.add(row, own, shared=False)

    def _row(self, line: CostLine, of_quantity: bool, value: Array, active: Mask, text: str = "") -> Row:
        counted = line.scope == "bill" or self._bill.consequences_count
        head = self._quantity_head if of_quantity else self._cost_head if counted else self._beside
        words = f"{COMPONENTS.get(line.component, line.component)}: {line.driver}"
        unit = line.unit if of_quantity else "USD"
        return Row(words, unit, head, value, active, text, tags={"family": family_of(line), "phase": line.phase})

    # Quantities, in ledger units

    def _amount(self, line: CostLine) -> tuple[Expr, Mask]:
        if id(line) in self._typed:
            place, extra = self._typed[id(line)]
            if extra.usd is not None:
                amount = self._terms.cells.part(f"extra_costs.{place}")
                return amount, self._held(amount, line.amount.value)
        if self._is_contingency(line):
            base = total([self._costs[id(each)] for each in line.shaped_by])
            return base, self._held(base, line.amount.value)
        part, active = self._terms.open(line.amount)
        return divided(part, number(line.size)), active

    def _is_contingency(self, line: CostLine) -> bool:
        return line.component == "contingency" and not line.typed_in

    def _quantity_of(self, line: CostLine) -> Expr:
        """The quantity of any line, in a row of its own where it has none."""
        if id(line) not in self._quantities:
            part, active = self._amount(line)
            self._quantities[id(line)] = self._workings.row(line.driver, line.unit, part, active)
        return self._quantities[id(line)]

    def _cost_of(self, line: CostLine, among: Sequence[CostLine]) -> Expr:
        if id(line) not in self._costs:
            part, active = self._cost(line, self._quantity_of(line), among)
            self._costs[id(line)] = self._workings.row(f"{line.component}: {line.driver}", "USD", part, active)
        return self._costs[id(line)]

    # Costs

    def _cost(self, line: CostLine, quantity: Expr, among: Sequence[CostLine] = ()) -> tuple[Expr, Mask]:
        """The cost of a line, and the months in which it holds. Raises Unexplained."""
        wanted = self._terms.values(line.cost_usd)
        held = np.ones(self._workings.months, dtype=bool) if quantity.active is None else quantity.active
        for part in self._candidates(line, quantity, among or self._every):
            active = self._terms.active(part, wanted)
            if active is not None and bool((wanted[..., ~held] == 0).all()):
                return part, active & held
        raise Unexplained(line.component)

    def _candidates(self, line: CostLine, quantity: Expr, among: Sequence[CostLine]) -> Iterator[Expr]:
        if id(line) in self._typed:
            place, extra = self._typed[id(line)]
            yield (
                quantity
                if extra.usd is not None
                else multiplied([quantity, self._terms.cells.part(f"extra_costs.{place}")])
            )
        elif line.rule == MINIMUM:
            yield self._top_up(line)
        elif line.price is None:
            yield either(compared(quantity, ">", number(0.0)), UNKNOWN, number(0.0))
            yield UNKNOWN  # a model that was never chosen is missing even while nobody asks
        elif line.price.kind != "price":
            yield multiplied([quantity, self._terms.row(line.price)])
        elif line.price.label == SEARCH:
            yield self._scanned(line, quantity)
        elif line.rule == JOB:
            yield self._job(line)
        elif line.rule == STEP:
            yield self._fee(line)
        elif line.rule in (TIERS, BUILD_TIERS):
            yield self._tiered(line, quantity, among)
        else:
            yield self._linear(line, quantity)

    def _tiers(self, prices: MeterPrices, size: float, unit: str, scale: float = 1.0) -> list[tuple[float, Expr]]:
        """(from where, price) of each tier; a tier that is not in force in some month is not a formula's matter."""
        paid = [self._prices.paid(prices, tier, size, unit) for tier in range(len(prices.tier_from))]
        if any(np.isnan(part.value).any() for part in paid):
            raise Unexplained(prices.ref)
        return [(start * scale, part) for start, part in zip(prices.tier_from, paid, strict=True)]

    def _linear(self, line: CostLine, quantity: Expr) -> Expr:
        prices = line.prices[0]
        if len(prices.tier_from) > 1 and prices.meter in REQUEST_TIER_METERS:
            size = self._terms.row(self._request(line.component))
            each = arithmetic.stepped(size, self._tiers(prices, line.size, line.unit), ">")
            each = self._workings.row(f"Price paid by the size of a request: {prices.ref}", f"USD/{line.unit}", each)
            return multiplied([quantity, each])
        each = self._prices.paid(prices, 0, line.size, line.unit)
        cost = multiplied([quantity, each])
        if not np.isnan(each.value).any():
            return cost
        bought = compared(quantity, ">", number(0.0))
        return Expr(either(bought, cost, number(0.0)).text, np.where(bought.value, cost.value, 0.0))

    def _request(self, component: str) -> Term:
        """The whole prompt of one average call."""
        x = self._terms.x
        if component == "rewrite":
            return traffic.rewrite_prompt(x).whole
        if component == "router":
            return traffic.router_prompt(x).whole
        if component == "tuned_generation":
            grounded = self._key == "hybrid" and x.hybrid.kind == "grounded"
            return (traffic.grounded_prompt(x) if grounded else traffic.tuned_prompt(x)).whole
        return (traffic.few_shot_prompt(x) if self._key == "prompting" else traffic.base_prompt(x)).whole

    def _job(self, line: CostLine) -> Expr:
        """Runs of one size, each at least the minimum of a job."""
        runs, each = (self._terms.row(part) for part in line.amount.parts)
        price = self._prices.paid(line.prices[0], 0, line.size, line.unit)
        of_job = multiplied([divided(each, number(line.size)), price])
        least = arithmetic.largest([self._prices.job_minimum(line.prices[0]), of_job])
        return multiplied([runs, either(compared(each, ">", number(0.0)), least, number(0.0))])

    def _fee(self, line: CostLine) -> Expr:
        """The fee of the step that the month's searches reach."""
        if not line.amount.parts:
            raise Unexplained(line.component)
        return arithmetic.stepped(
            self._terms.row(line.amount.parts[0]), self._tiers(line.prices[0], 1.0, "month"), ">="
        )

    def _tiered(self, line: CostLine, quantity: Expr, among: Sequence[CostLine]) -> Expr:
        """By graduated tiers, less what is included; a re-index pays what it adds to the month's usual bill."""
        prices = line.prices[0]
        tiers = self._tiers(prices, line.size, line.unit, 1.0 / line.size)
        included = number(0.0) if line.rule == BUILD_TIERS else self._prices.included(prices, line.size)
        if line.phase != "event":
            return graduated(quantity, included, tiers)
        usual = next((each for each in among if self._is_usual(each, line)), None)
        if usual is None:
            raise Unexplained(line.component)
        both = added([(1, self._quantity_of(usual)), (1, quantity)])
        return added([(1, graduated(both, included, tiers)), (-1, self._cost_of(usual, among))])

    def _is_usual(self, line: CostLine, event: CostLine) -> bool:
        alike = line.component == event.component and line.phase == "recurring"
        return alike and line.prices == event.prices

    def _scanned(self, line: CostLine, quantity: Expr) -> Expr:
        """Searches at the price of what each of them scans of the index, part by part of its tiers."""
        assert line.price is not None
        prices, gb = line.prices[0], line.price.parts[0]
        plan = self._terms.x.plan(prices.ref)
        counted = None if plan is None else plan.fact("vectors_per_tier")
        size = self._terms.row(gb)
        tiers = self._tiers(prices, 1.0, "GB", 1.0 if counted is None else float(counted))
        scanned = graduated(size, number(0.0), tiers)
        if counted is not None:
            copy = gb if gb.name == "index_gigabytes" else gb.parts[0]
            vectors = self._terms.row(copy.parts[0])
            held = compared(vectors, ">", number(0.0))
            with np.errstate(divide="ignore", invalid="ignore"):
                scanned = either(
                    held,
                    divided(multiplied([graduated(vectors, number(0.0), tiers), size]), vectors),
                    number(0.0),
                )
        each = self._workings.row(f"Price of a search: {prices.ref}", "USD/search", scanned)
        return multiplied([quantity, number(line.size), each])

    def _top_up(self, line: CostLine) -> Expr:
        """What the plan's monthly minimum leaves to pay above its usage."""
        prices = line.prices[0]
        plan = self._terms.x.plan(prices.ref)
        assert plan is not None
        floors: dict[str, list[int]] = {}
        for place, row in enumerate(plan.rows):
            if row.meter in STORE_METERS and row.price_id in line.price_ids:
                floors.setdefault(row.price_id, []).append(place)
        rows = [tuple(plan.rows[place] for place in places) for places in floors.values()]
        minimum = self._prices.plan_minimum(prices.ref, prices.provider, rows)
        bill = total([self._cost_of(each, line.shaped_by) for each in line.shaped_by])
        return arithmetic.largest([added([(1, minimum), (-1, bill)]), number(0.0)])
