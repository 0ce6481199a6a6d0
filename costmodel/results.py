"""The answers that every screen and export reads: totals, crossings, who is cheapest, and what they rest on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from costmodel import MODEL_VERSION, changes, ledger
from costmodel.decision.fit import Finding, ruled_out
from costmodel.finance import BreakEven, break_even_months, present_value
from costmodel.hosting import idle_share
from costmodel.inputs import SHOWN_MONTHS, Inputs
from costmodel.kept import kept
from costmodel.ledger import CostLine
from costmodel.scenario import ARCHITECTURES, Architecture, Scenario
from costmodel.simulate import Bill, bill, queries, simulate
from costmodel.timeline import Array
from pricing.book import Price, PriceBook

MILESTONES = (12, 24, 36)


@dataclass(frozen=True)
class Crossing:
    """Where the cumulative costs of `a` and `b` cross, and who is cheaper after."""

    a: Architecture
    b: Architecture
    month: float
    overtakes_in_month: int
    cheaper_after: Architecture

    @property
    def dearer_after(self) -> Architecture:
        """The one that is overtaken."""
        return self.b if self.cheaper_after == self.a else self.a


@dataclass(frozen=True, eq=False)
class Answer:
    """One architecture's numbers over the horizon [USD]; nan where a price is missing."""

    bill: Bill
    horizon: int
    queries: Array
    discount_rate: float

    @kept
    def monthly_usd(self) -> Array:
        """Cost in months 0..H."""
        return np.asarray(self.bill.monthly_usd[: self.horizon + 1])

    @kept
    def cumulative_usd(self) -> Array:
        """Cost up to the end of months 0..H."""
        return self.monthly_usd.cumsum()

    @kept
    def by_line_usd(self) -> Array:
        """Cost of each line that the total adds up in every month that was simulated, shape (lines, months)."""
        found = np.empty((len(self.bill.counted), len(self.bill.months)))
        for row, line in zip(found, self.bill.counted, strict=True):
            row[:] = line.cost_usd
        return found

    @cached_property
    def monthly_present_value_usd(self) -> Array:
        """Present value of the cost in months 0..H."""
        return present_value(self.monthly_usd, self.discount_rate)

    @property
    def tco_usd(self) -> float:
        """Sum of all costs of months 0 to H, nominal."""
        return float(self.cumulative_usd[-1])

    @property
    def present_value_usd(self) -> float:
        """Sum of all costs of months 0 to H in present value."""
        return float(self.monthly_present_value_usd.sum())

    def phase_usd(self, phase: str) -> float:
        """Total of one phase (one_time, recurring, event)."""
        return float(self.bill.phase_usd(phase)[: self.horizon + 1].sum())

    @property
    def cost_per_query_usd(self) -> float | None:
        """TCO / user queries; None without queries (or with next to none)."""
        asked = float(self.queries[: self.horizon + 1].sum())
        cost = self.tco_usd / asked if asked > 0 else math.nan
        return cost if math.isfinite(cost) else None

    @property
    def cost_per_correct_answer_usd(self) -> float | None:
        """TCO / answers that are right, over user queries of months 1 to H; None without any."""
        correct = np.broadcast_to(self.bill.correct.value, self.queries.shape) * self.queries
        right = float(correct[1 : self.horizon + 1].sum())
        cost = self.tco_usd / right if right > 0 else math.nan
        return cost if math.isfinite(cost) else None

    @cached_property
    def consequences_usd(self) -> dict[str, float]:
        """What wrong answers and the delay until launch cost, counted in the total or not."""
        costs = {"wrong_answers": 0.0, "launch_delay": 0.0}
        for line in self.bill.consequences:
            costs[line.component] += float(np.broadcast_to(line.cost_usd, self.queries.shape)[: self.horizon + 1].sum())
        return costs

    @cached_property
    def idle_share(self) -> float | None:
        """Share of the paid hosting capacity that stands idle over months 1 to H; None when it is not known."""
        return idle_share(self.bill.lines, self.bill.months, self.horizon)

    @property
    def run_rate_usd(self) -> float:
        """Recurring cost of month H + mean event cost of months 1..H [USD/month]."""
        recurring = self.bill.phase_usd("recurring")[self.horizon]
        events = self.bill.phase_usd("event")[1 : self.horizon + 1]
        return float(recurring + events.mean())

    def total_usd(self, months: int) -> float:
        """Total through any month that was simulated; nan when a price is missing in it or within the horizon."""
        return float("nan") if self.missing else float(np.cumsum(self.bill.monthly_usd)[months])

    @property
    def last_events_usd(self) -> float:
        """Event cost of month H, which buys nothing inside the horizon."""
        return float(self.bill.phase_usd("event")[self.horizon])

    @cached_property
    def missing(self) -> str:
        """Which price is needed within the horizon and missing, in words; empty when none is."""
        unknown = np.isnan(self.by_line_usd[:, : self.horizon + 1]).any(axis=1)
        return self.bill.counted[int(unknown.argmax())].missing if unknown.any() else ""


def barred(
    scenario: Scenario, by_rules: Mapping[Architecture, Sequence[Finding]] | None = None
) -> dict[Architecture, str]:
    """Architectures that cannot be called cheapest whatever they cost: too little quality, or ruled out; with why."""
    findings = ruled_out(scenario) if by_rules is None else by_rules
    least = scenario.quality.minimum_correct_share
    found: dict[Architecture, str] = {}
    for key in ARCHITECTURES:
        share = scenario.architecture(key).correct_share
        reasons = [f"{each.rule.path}: {key} {each.reason}" for each in findings.get(key, ())]
        if least is not None and share < least:
            reasons.insert(0, f"{key}.correct_share {share:.4g} is below quality.minimum_correct_share {least:.4g}")
        if reasons:
            found[key] = "; ".join(reasons)
    return found


class Run:
    """A scenario with its answers. `scenario.finance.start_month` must be resolved."""

    def __init__(self, scenario: Scenario, book: PriceBook) -> None:
        self.scenario = scenario
        self.book = book.with_edits(scenario.price_edits) if scenario.price_edits else book
        self.inputs = Inputs(scenario, self.book)
        self.horizon = scenario.finance.horizon_months
        self.queries = queries(self.inputs)
        rate = scenario.finance.discount_rate_annual
        self.answers = {
            key: Answer(each, self.horizon, self.queries, rate) for key, each in simulate(self.inputs).items()
        }
        aside = scenario.prompting.model is not None and "prompting" not in self.answers
        self.prompting = Answer(bill(self.inputs, "prompting"), self.horizon, self.queries, rate) if aside else None
        """Plain prompting as a reference, when it has a model and is not compared."""

    @cached_property
    def ruled_out(self) -> dict[Architecture, tuple[Finding, ...]]:
        """Architectures that the requirements rule out, with why; prompting as a mere reference among them."""
        return ruled_out(self.scenario)

    @cached_property
    def excluded(self) -> dict[Architecture, str]:
        """Architectures that cannot be called cheapest, with the reason: a price, the quality, the requirements."""
        missing = {key: answer.missing for key, answer in self.answers.items() if answer.missing}
        found = barred(self.scenario, self.ruled_out) | missing
        return {key: found[key] for key in self.answers if key in found}

    @property
    def eligible(self) -> list[Architecture]:
        """Architectures that can be cheapest."""
        return [key for key in self.answers if key not in self.excluded]

    def cheapest_of(self, totals: dict[Architecture, float]) -> Architecture | None:
        """The eligible architecture with the smallest total; None when none is left or a total is missing."""
        known = {key: totals[key] for key in self.eligible}
        if not known or any(np.isnan(total) for total in known.values()):
            return None
        return min(known, key=lambda key: known[key])

    @cached_property
    def cheapest(self) -> Architecture | None:
        """Smallest nominal TCO over the horizon; None when none is left."""
        return self.cheapest_of({key: answer.tco_usd for key, answer in self.answers.items()})

    def curves(self, present: bool = False) -> dict[Architecture, Array]:
        """Cumulative cost in months 0..H [USD], nominal or in present value."""
        return {
            key: np.cumsum(answer.monthly_present_value_usd) if present else answer.cumulative_usd
            for key, answer in self.answers.items()
        }

    def total_usd(self, key: Architecture, months: int, present: bool = False) -> float:
        """Total of one architecture over any number of months that was simulated [USD]; nan when it is missing."""
        if self.answers[key].missing:
            return float("nan")
        cost = self.answers[key].bill.monthly_usd[: months + 1]
        return float((present_value(cost, self.scenario.finance.discount_rate_annual) if present else cost).sum())

    def crossings_of(self, curves: dict[Architecture, Array]) -> list[Crossing]:
        """All crossings of each pair of curves, in the order of the pairs and then of the months."""
        found = []
        for a, b in combinations(curves, 2):
            if np.isnan(curves[a]).any() or np.isnan(curves[b]).any():
                continue
            found += [_crossing(a, b, each) for each in break_even_months(curves[a], curves[b])]
        return found

    @cached_property
    def crossings(self) -> list[Crossing]:
        """Break-even months of each pair, nominal."""
        return self.crossings_of(self.curves())

    def leaders(self, present: bool = False) -> list[tuple[int, Architecture]]:
        """Who is cheapest so far, as (first month, architecture) at each change; a tie at the start has no leader."""
        curves = {key: curve.tolist() for key, curve in self.curves(present).items() if key in self.eligible}
        if not curves:
            return []
        found: list[tuple[int, Architecture]] = []
        for month in range(self.horizon + 1):
            least = min(curve[month] for curve in curves.values())
            level = [key for key, curve in curves.items() if curve[month] - least <= 1e-9 * abs(curve[month])]
            nobody_yet = not found and 1 < len(level) == len(curves) and month < self.horizon
            if nobody_yet or (found and found[-1][1] in level):
                continue
            found.append((month, level[0]))
        return found

    @cached_property
    def rows_in_use(self) -> tuple[Price, ...]:
        """Price rows behind the bills within the horizon, in the order of the book."""
        last = self.inputs.dates[self.horizon]
        used = {
            row
            for answer in self.answers.values()
            for line in answer.bill.lines
            if line.prices and _counts(line, self.horizon, self.inputs.months)
            for prices in line.prices
            for row in prices.rows
            if row.price_id in line.price_ids and (row.effective_from is None or row.effective_from <= last)
        }
        return tuple(sorted(used, key=lambda row: (row.price_id, str(row.effective_from or ""))))

    @cached_property
    def prices_as_of(self) -> dict[str, Any]:
        """Oldest and newest date on which a price in use was checked, how many are undated, how many typed in."""
        listed = [row for row in self.rows_in_use if row.origin != "edit"]
        dated = sorted(row.as_of for row in listed if row.as_of)
        return {
            "oldest": dated[0] if dated else None,
            "newest": dated[-1] if dated else None,
            "undated": len(listed) - len(dated),
            "typed_in": len(self.rows_in_use) - len(listed),
        }

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before believing the numbers."""
        return (*self.inputs.warnings, *_scenario_warnings(self))

    def ledger(self) -> pd.DataFrame:
        """The ledger through the horizon; built only when asked for."""
        bills = [(key, (*answer.bill.lines, *answer.bill.consequences)) for key, answer in self.answers.items()]
        rate = self.scenario.finance.discount_rate_annual
        return ledger.frame(bills, self.inputs.dates, self.horizon, rate)

    def as_dict(self) -> dict[str, Any]:
        """The answers as plain values for JSON; a missing number is None, never 0."""
        return {
            "model_version": MODEL_VERSION,
            "scenario": self.scenario.model_dump(mode="json"),
            "prices_as_of": self.prices_as_of,
            "architectures": {key: _answer_dict(answer) for key, answer in self.answers.items()},
            "prompting_reference": None if self.prompting is None else _answer_dict(self.prompting),
            "cheapest": self.cheapest,
            "excluded": dict(self.excluded),
            "break_even_months": [
                {
                    "a": each.a,
                    "b": each.b,
                    "month": each.month,
                    "overtakes_in_month": each.overtakes_in_month,
                    "cheaper_after": each.cheaper_after,
                }
                for each in self.crossings
            ],
            "warnings": list(self.warnings),
        }


def _counts(line: CostLine, horizon: int, months: Array) -> bool:
    return bool(np.any(np.broadcast_to(line.quantity, months.shape)[: horizon + 1] != 0))


def _crossing(a: Architecture, b: Architecture, each: BreakEven) -> Crossing:
    return Crossing(a, b, each.month, each.overtakes_in_month, a if each.a_cheaper_after else b)


def _known(values: Array | Sequence[float]) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _answer_dict(answer: Answer) -> dict[str, Any]:
    names = ("tco_usd", "present_value_usd")
    numbers: dict[str, float] = {name: getattr(answer, name) for name in names}
    numbers |= {f"{phase}_usd": answer.phase_usd(phase) for phase in ("one_time", "recurring", "event")}
    missing = bool(answer.missing)
    cost_per_query = None if missing else answer.cost_per_query_usd
    totals = {str(months): answer.total_usd(months) for months in MILESTONES}
    return {
        **{name: None if missing else value for name, value in numbers.items()},
        "cost_per_query_usd": cost_per_query,
        "cost_per_correct_answer_usd": None if missing else answer.cost_per_correct_answer_usd,
        "run_rate_usd": None if missing else answer.run_rate_usd,
        "consequences_usd": answer.consequences_usd,
        "idle_share": answer.idle_share,
        "totals_usd": {months: None if np.isnan(total) else total for months, total in totals.items()},
        "monthly_usd": _known(answer.monthly_usd),
        "cumulative_usd": _known(answer.cumulative_usd),
    }


def _first(names: Sequence[str]) -> str:
    """The first three of some names, and how many more there are."""
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _scenario_warnings(run: Run) -> list[str]:
    scenario, found = run.scenario, []
    corpus = scenario.corpus
    retrieves = {"rag", "hybrid"} & set(run.answers)
    if retrieves and scenario.rag.top_k and not corpus.tokens_per_document:
        found.append("corpus.tokens_per_document is 0, so the retrieved chunks add no tokens to the prompt")
    tuning = scenario.fine_tuning
    hosted = tuning.hosting == "dedicated" and tuning.hosting_usd_per_month is None
    if hosted and {"fine_tuning", "hybrid"} & set(run.answers) and not tuning.tokens_per_second_per_replica:
        number = tuning.min_replicas + tuning.spare_replicas
        found.append(
            "The tuned model's throughput is not known (Fine-tuning, Throughput), "
            f"so it runs on {number} replica{'' if number == 1 else 's'} at any volume"
        )
    found += [
        f"{row.ref} retires on {row.retires_on:%d %b %Y}, inside the horizon; moving to another model is counted"
        for row in {row.ref: row for row in run.rows_in_use if row.retires_on}.values()
        if row.retires_on and row.retires_on < run.inputs.dates[run.horizon + 1]
    ]
    found += [
        f"{ref}: {note}"
        for ref, note in {row.ref: row.note for row in run.rows_in_use if "time of day" in row.note}.items()
    ]
    if scenario.price_edits:
        edited = sorted({edit.price_id for edit in scenario.price_edits if edit.effective_from is None})
        dated = sorted({edit.price_id for edit in scenario.price_edits if edit.effective_from is not None})
        found += [f"Edited prices replace the book's for every month: {_first(edited)}"] if edited else []
        found += [f"Edited prices replace the book's from their date on: {_first(dated)}"] if dated else []
    if scenario.finance.currency != "USD" and scenario.finance.usd_per_currency_unit == 1:
        found.append(f"One {scenario.finance.currency} is taken for one USD; enter what it costs (USD per unit)")
    providers = {row.provider for row in run.rows_in_use}
    found += [
        f"finance.discount_share.{provider}: no price of this provider is in use"
        for provider in scenario.finance.discount_share
        if provider not in providers
    ]
    found += [
        f"The extra cost {extra.component!r} is not charged: {key} is not compared"
        for extra in scenario.extra_costs
        for key in extra.architecture
        if key not in run.answers
    ]
    return found


def run_scenario(scenario: Scenario, book: PriceBook) -> Run:
    """Check that every plan the scenario names exists (ScenarioError), then run it."""
    run = Run(scenario, book)
    changes.check_references(scenario, run.book)
    return run


__all__ = ["MILESTONES", "SHOWN_MONTHS", "Answer", "Crossing", "Run", "run_scenario"]
