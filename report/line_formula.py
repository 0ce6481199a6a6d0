"""The formula of one line of the ledger in one month, its steps, the price rows in force and what to know about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from costmodel.inputs import DISCOUNT
from costmodel.ledger import BUILD_TIERS, JOB, TIERS, CostLine, book_price
from costmodel.results import Answer, Run
from costmodel.terms import Term
from pricing.book import MeterPrices
from pricing.price import Price
from pricing.units import GRADUATED_METERS, INDEX_TIER_METERS, REQUEST_TIER_METERS, meter
from report.formulas import Piece, added, cost, money, multiplied, plain_number, rounded
from report.line_words import component_words, in_sentence
from report.numbers import Money
from report.worked import DIGITS, Worked, counted, is_share

STORE = ("vector_storage", "vector_reads", "vector_writes", "vector_nodes", "vector_flat")
STEP = "the fee of the step that the searches reach"
NEAR = 1e-9
"""Two amounts are the same within this share: they were computed in another order."""

NOTHING = 1e-12
"""Less than this many dollars is a rest of the arithmetic."""


def at_month(values: Any, month: int) -> float:
    """One month of an amount by month, or of one that is the same in every month."""
    values = np.asarray(values, dtype=float)
    return float(values if values.ndim == 0 else values[min(month, len(values) - 1)])


@dataclass
class LineFormula:
    """A cost line in one month, with the price rows behind it."""

    run: Run
    answer: Answer
    line: CostLine
    month: int

    def __post_init__(self) -> None:
        self.day: date = self.run.inputs.dates[self.month]
        self.usd = at_month(self.line.cost_usd, self.month)
        self.worked = Worked(self.month)
        self.linear = self._is_linear()
        self.rows = self._rows()

    @property
    def amount(self) -> Term:
        """What the line counts."""
        return self.line.amount

    @property
    def rule(self) -> str:
        """How the cost came about where it is not the amount at the price."""
        if self.line.rule or self.linear or not self.line.prices:
            return self.line.rule
        return {"flat": STEP}.get(self.line.prices[0].meter, TIERS)

    @property
    def is_minimum(self) -> bool:
        """The top-up to a plan's monthly minimum."""
        return self.line.component == "vector_minimum" and bool(self.line.rule)

    @property
    def is_fee(self) -> bool:
        """A fee that rises by steps."""
        return bool(self.line.prices) and self.line.prices[0].meter == "flat" and not self.is_minimum

    # The price rows

    def _in_force(self, prices: MeterPrices, price_id: str) -> Price | None:
        rows = [row for row in prices.rows if row.price_id == price_id and row.in_force(self.day)]
        return max(rows, key=lambda row: row.effective_from or date.min, default=None)

    def _rows(self) -> tuple[Price, ...]:
        """Rows in force in the month; of several tiers those that the month reaches."""
        if self.is_minimum:
            return self._minimum_rows()
        found = [
            row
            for prices in self.line.prices
            for price_id in self.line.price_ids
            if (row := self._in_force(prices, price_id)) is not None
        ]
        reached = [row for row in found if self._reaches(row)]
        return tuple(reached or found[:1])

    def _minimum_rows(self) -> tuple[Price, ...]:
        plan = self.run.inputs.plan(self.line.prices[0].ref)
        rows = () if plan is None else plan.rows
        found = [row for row in rows if row.minimum_usd and row.meter != "training" and row.in_force(self.day)]
        most = max((row.minimum_usd or 0.0 for row in found), default=0.0)
        return tuple(row for row in found if row.minimum_usd == most)

    def _reaches(self, row: Price) -> bool:
        if row.meter in GRADUATED_METERS:
            start = row.tier_from * meter(row.meter).per_unit(row.unit)
            return start < self.amount.at(self.month) or self.line.phase == "event"
        if row.meter in INDEX_TIER_METERS and self.line.rule:
            return True
        if self.is_fee:
            return math.isclose(self._paid(row.usd_per_base), self.usd, rel_tol=NEAR)
        price = self.line.price
        return price is None or math.isclose(self._paid(row.usd_per_base), price.at(self.month), rel_tol=NEAR)

    def _paid(self, usd: float) -> float:
        """A list price after the negotiated discount and drift."""
        parts = () if self.line.price is None else self.line.price.parts
        return usd * math.prod(part.at(self.month) for part in parts)

    # The formula

    def formula(self) -> tuple[str, list[str]]:
        """The formula of the line and what its factors are made of."""
        line = self.line
        if math.isnan(self.usd):
            return f"not known: {line.missing}", self.worked.steps([self.amount])
        if line.typed_in and line.unit != "query":
            return f"typed in: {cost(self.usd).text}", []
        if self.is_minimum:
            return self._topped_up()
        if self.is_fee and self.rule:
            return self._fee()
        if self.rule and self.rule != JOB:
            return self._by_tiers()
        if line.rule == JOB and not self.linear:
            return self._least_job()
        if self.amount.unit == "USD" and line.price is not None and is_share(line.price):
            return self._share_of()
        text = self._product([*self._factors(self.amount), *self._factors(line.price)])
        job = f", at least {_job(self._job_minimum()).text} a job" if self._job_minimum() else ""
        steps = self.worked.steps([*self._factors(self.amount), *self._factors(line.price)])
        return self._equal(text + job), steps

    def _equal(self, text: str) -> str:
        return f"{text} = {cost(self.usd).text}"

    def _is_linear(self) -> bool:
        """Whether the cost is the amount at the price."""
        if self.line.price is None or math.isnan(self.usd):
            return False
        product = self.amount.at(self.month) * self.line.price.at(self.month)
        return self.usd == 0 == self.amount.at(self.month) or math.isclose(
            product, self.usd, rel_tol=NEAR, abs_tol=NOTHING
        )

    def _factors(self, term: Term | None) -> list[Term]:
        """The terms that the line multiplies."""
        if term is None:
            return []
        term = self.worked.same(term)
        if term.kind == "product":
            return list(term.parts)
        parts = self.worked.parts(term)
        if term.kind == "sum" and len(parts) == 1 and parts[0].kind == "product":
            return list(parts[0].parts)
        return [term]

    def _product(self, factors: list[Term]) -> str:
        """The factors, with as many digits as it takes to come to the cost as it is shown."""
        wanted, first = cost(self.usd), ""
        for digits in DIGITS:
            found = multiplied([piece for term in factors for piece in self._pieces(term, digits)])
            first = first or found.text
            if wanted.agrees(found):
                first = found.text
                break
        else:
            digits = DIGITS[0]
        of_price = [part for term in factors if term.kind == "price" for part in term.parts]
        self.worked.fix([*factors, *of_price], digits)
        return first

    def _pieces(self, term: Term, digits: int) -> list[Piece]:
        if term.kind != "price":
            return [self.worked.piece(term, digits, in_line=True)]
        parts = [self.worked.piece(part, digits) for part in term.parts]
        for row in self.rows:
            if math.isclose(self._paid(row.usd_per_base), term.at(self.month), rel_tol=NEAR):
                return [_price(row.price_usd, row), *parts]
        if not self.rows:  # a search of an empty index reaches no tier of what it scans
            return [self.worked.piece(term, digits, in_line=True)]
        return [_price(*self._as_sold(term.at(self.month), digits))]

    def _as_sold(self, usd_per_base: float, digits: int = DIGITS[0]) -> tuple[float, Price]:
        row = self.rows[0]
        return rounded(usd_per_base * meter(row.meter).per_unit(row.unit), digits)[0], row

    # Lines that are not amount x price

    def _share_of(self) -> tuple[str, list[str]]:
        """A contingency: a share of the one-time lines of the month."""
        assert self.line.price is not None
        share, base = self.line.price.at(self.month), self.amount.at(self.month)
        percentage = Piece(f"{plain_number(share * 100)}%", float(f"{share:.12g}"))
        wanted = cost(self.usd)
        tries = [Piece(money(shown), shown) for shown in (round(base, places) for places in (2, 4, 6, 8))]
        good = next((each for each in tries if wanted.agrees(multiplied([percentage, each]))), tries[0])
        once = [line for line in self.answer.bill.lines if line.phase == "one_time" and line is not self.line]
        return self._equal(f"{percentage.text} of {good.text}"), self._adding_up(good.text, base, once)

    def _adding_up(self, name: str, usd: float, lines: Iterable[CostLine]) -> list[str]:
        """A step that shows an amount as the sum of lines; none when they do not add up to it."""
        sums: dict[str, float] = {}
        for line in lines:
            sums[line.component] = sums.get(line.component, 0.0) + at_month(line.cost_usd, self.month)
        if not usd or not math.isclose(math.fsum(sums.values()), usd, rel_tol=NEAR, abs_tol=NEAR):
            return []
        amounts = ((cost(each), in_sentence(component_words(key))) for key, each in sums.items())
        pieces = [(1, replace(each, text=f"{each.text} {words}")) for each, words in amounts]
        return [f"{name} = {added(pieces).text}"]

    def _topped_up(self) -> tuple[str, list[str]]:
        """What a plan's monthly minimum leaves to pay."""
        x, prices = self.run.inputs, self.line.prices[0]
        plan = x.plan(prices.ref)
        least = 0.0 if plan is None else at_month(x.minimum_usd(plan), self.month)
        for places in (2, 4, 6):
            minimum, used = (_amount(each, places) for each in (least, least - self.usd))
            found = added([(1, replace(minimum, text=f"{minimum.text} minimum")), (-1, _usage(used))])
            if cost(self.usd).agrees(found):
                break
        steps = []
        factors = book_price(x, prices, np.asarray(least)).parts
        if factors and self.rows:
            parts = [self.worked.piece(each, DIGITS[-1]) for each in factors]
            self.worked.fix(factors, DIGITS[-1])
            whole = multiplied([_amount(self.rows[0].minimum_usd or 0.0, 2), *parts])
            steps = [f"{minimum.text} minimum = {whole.text}", *self.worked.steps(factors)]
        bill = [
            line
            for line in self.answer.bill.lines
            if line is not self.line and line.component in STORE and line.phase != "one_time" and line.prices
        ]
        return self._equal(found.text), [*steps, *self._adding_up(_usage(used).text, least - self.usd, bill)]

    def _job_minimum(self) -> float:
        return at_month(self.line.prices[0].minimum_usd, self.month) if self.line.rule == JOB else 0.0

    def _least_job(self) -> tuple[str, list[str]]:
        """Training runs of which each pays the minimum of a job."""
        assert self.line.price is not None
        runs, each = self.amount.parts
        count, wanted, usd = self.worked.piece(runs, in_line=True), cost(self.usd), self._job_minimum()
        tries = [_job(usd, digits) for digits in DIGITS]
        least = next((piece for piece in tries if wanted.agrees(multiplied([count, piece]))), tries[0])
        usage = multiplied([self.worked.piece(each, in_line=True), *self._pieces(self.line.price, DIGITS[0])])
        words = replace(least, text=f"{least.text} minimum of a job")
        steps = [f"{words.text}, as {usage.text} = {cost(usage.value).text} is less"]
        return self._equal(multiplied([count, words]).text), [*steps, *self.worked.steps([runs, each])]

    def _fee(self) -> tuple[str, list[str]]:
        """The fee of a plan, which may rise by steps."""
        steps = []
        if self.amount.kind == "sum" and self.rows:
            searched, start = self.amount.parts[0], self.rows[0].tier_from
            reach = "reach" if searched.at(self.month) >= start else "stay below"
            count = self.worked.piece(searched, in_line=True).text
            steps = [f"{count} {reach} the step from {plain_number(start)}", *self.worked.steps([searched])]
        return self._equal(f"1 month at {STEP}"), steps

    def _by_tiers(self) -> tuple[str, list[str]]:
        """A line whose rule is said in words with its numbers."""
        amount = self.worked.piece(self.amount, in_line=True)
        self.worked.fix([self.amount], DIGITS[0])
        tiers = list(self._tiers()) if self.rule in (TIERS, BUILD_TIERS) else []
        of_price = () if self.rule in (TIERS, BUILD_TIERS) or self.line.price is None else self.line.price.parts
        return self._equal(f"{amount.text} {self.rule}"), [*tiers, *self.worked.steps([self.amount, *of_price])]

    def _tiers(self) -> Iterator[str]:
        """What each tier of the plan bills of the amount; for an event, that it adds to what the month has already."""
        prices, amount, month = self.line.prices[0], self.amount.at(self.month), self.month
        unit = counted("", self.amount.unit, "").strip() or prices.base
        included, upper, parts = at_month(prices.included, month), math.inf, []
        for start, by_month in zip(reversed(prices.tier_from), reversed(prices.usd), strict=True):
            usd = at_month(by_month, month)
            if math.isnan(usd):
                continue
            billed = max(min(amount, upper) - max(start, included), 0.0)
            if billed:
                parts.append((start, upper, billed, usd))
            upper = start
        if not math.isclose(math.fsum(billed * usd for *_, billed, usd in parts), self.usd, rel_tol=1e-6, abs_tol=NEAR):
            yield "It is what this adds to the bill of the month, in which the plan's tiers and quota are used already"
            return
        if included:
            yield f"{_number(included)} {unit} included"
        for start, upper, billed, usd in reversed(parts):
            to = f"to {_number(upper)} {unit}" if math.isfinite(upper) else f"{unit} on"
            where = f"From {_number(start)} {to}: " if start or math.isfinite(upper) else ""
            sold = _price(*self._as_sold(usd)).text
            yield f"{where}{_number(billed)} {unit} × {sold} = {cost(billed * usd).text}"

    # Notes

    def notes(self) -> Iterator[str]:
        """What a reader must know about the number."""
        line = self.line
        if math.isnan(self.usd):
            yield f"{line.missing[:1].upper()}{line.missing[1:]}."
        elif line.average or (self.rule and not self.is_minimum):
            yield "The unit price is an average: the price of the plan depends on how much is used."
        for part in () if line.price is None or math.isnan(self.usd) else (line.price, *line.price.parts):
            if part.name == "rest" and part.parts[0].name.startswith(DISCOUNT):
                yield f"A negotiated discount of {plain_number(part.parts[0].at(self.month) * 100)}% is taken off."
            elif part.name == "drift" and part.at(self.month) != 1:
                yield f"The price drifts by {plain_number(part.parts[0].at(self.month) * 100)}% a year."
        above = max((row.tier_from for row in self.rows if row.meter in REQUEST_TIER_METERS), default=0.0)
        if above and not math.isnan(self.usd):
            yield f"A call of more than {plain_number(above)} tokens pays the price of long calls."
        if any(row.unit == "GiB-month" for row in self.rows):
            yield "1 GiB-month is 1.073741824 GB-month."
        finance = self.run.scenario.finance
        if line.scope == "consequence" and not finance.consequences_in_tco:
            yield "It stands beside the bill and is in no total."
        if finance.currency != "USD" and not math.isnan(self.usd):
            own = Money(finance.currency, finance.usd_per_currency_unit)
            amount = own.exact(self.usd) if abs(self.usd) >= finance.usd_per_currency_unit / 100 else own(self.usd)
            yield f"That is {amount} at {plain_number(finance.usd_per_currency_unit)} USD per {finance.currency}."


def _amount(usd: float, places: int) -> Piece:
    shown = round(usd, places)
    return Piece(money(shown), shown)


def _job(usd: float, digits: int = DIGITS[0]) -> Piece:
    shown = rounded(usd, digits)[0]
    return Piece(money(shown), shown)


def _usage(used: Piece) -> Piece:
    return replace(used, text=f"{used.text} usage")


def _number(value: float) -> str:
    return plain_number(rounded(value, DIGITS[0])[0])


def _price(usd: float, row: Price) -> Piece:
    """A price as it is sold: "$2.00 / 1M tokens"; in the unit of the amount where that is another."""
    size = meter(row.meter).per_unit(row.unit)
    # Terabytes do not say how many GB they are; thousands and millions of anything do.
    as_sold = size == 1 or (size in (1e3, 1e6) and row.base != "GB")
    unit = row.unit if as_sold else f"{plain_number(size)} {row.base}"
    shown = float(f"{usd:.12g}")
    return Piece(f"{money(shown)} / {unit}", shown / size, rank=2)
