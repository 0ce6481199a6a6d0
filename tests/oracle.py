"""A second, independent reckoning of the cost model: a pocket calculator with loops.

Written from the meaning of the model, not from its code. It shares the assumptions (a scenario) and the rows
of the price book; the lookup of the row in force, units, tiers, plans and every formula are its own. Months
are loops, amounts are floats, an unknown amount is nan until `answers` turns it into None.

Where the meaning leaves a choice, this is read:
- A price is needed only in months in which something is bought at it; a model that nobody chose is unknown in
  every month of operation, unless the line of its tokens is switched off.
- A meter whose lowest tier starts above 0 charges nothing below; a tier that is not in force leaves its range
  to the tier below it, and a price from 0 that is not in force is unknown.
- The index is written at the build by the plan's tiers, without its included quantity and its minimum.
- A corpus that shrinks has no new documents. What is sunk carries no contingency.
- A hybrid's evaluation queries run on the tuned model with their context, and count in its hosting.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from costmodel.scenario import ARCHITECTURES, Scenario
from pricing.book import Price, PriceEdit

UNKNOWN = math.nan
FORGIVEN = 1e-9

BASE_QUANTITIES = {
    "token": 1,
    "1k tokens": 1_000,
    "1M tokens": 1_000_000,
    "unit": 1,
    "1k units": 1_000,
    "1M units": 1_000_000,
    "GB": 1,
    "GB-month": 1,
    "GiB-month": 1024**3 / 1000**3,
    "hour": 1,
    "month": 1,
    "GPU-hour": 1,
}

DRIFT_GROUP = {
    "embedding": "embedding",
    "storage": "vector_store",
    "reads": "vector_store",
    "writes": "vector_store",
    "nodes": "vector_store",
    "flat": "vector_store",
    "hosting": "gpu",
}

FACTS = ("units_per_search", "units_per_vector", "gb_per_node", "bills_tokens")


def answers(scenario: Scenario, rows: Sequence[Price]) -> dict[str, Any]:
    """The results of `scenario` (its start month resolved) on the price rows `rows`, before its price edits."""
    return Reckoning(scenario, rows).answers()


# Prices


class Tariff:
    """Prices of a book after the edits: rows by plan, and the facts of each plan."""

    def __init__(self, rows: Sequence[Price], edits: Sequence[PriceEdit]) -> None:
        self.rows = list(rows)
        self.facts: dict[str, dict[str, Any]] = {}
        for row in rows:
            for name in FACTS:
                if getattr(row, name) is not None:
                    self.facts.setdefault(row.ref, {}).setdefault(name, getattr(row, name))
        for edit in edits:
            self._put(edit)
        self.by_meter: dict[tuple[str, str], list[Price]] = {}
        for row in self.rows:
            self.by_meter.setdefault((row.ref, row.meter), []).append(row)

    def _put(self, edit: PriceEdit) -> None:
        """The edit in place of its key, or of every date of its price when it names none."""
        same = [row for row in self.rows if row.price_id == edit.price_id]
        replaced = [row for row in same if edit.effective_from in (None, row.effective_from)]
        self.rows = [row for row in self.rows if row not in replaced]
        values = {name: getattr(edit, name) for name in edit.model_fields_set - {"reason"}}
        for before in same[-1:]:  # what an edit leaves unsaid stays as it was
            if edit.minimum_usd is None:
                values["minimum_usd"] = before.minimum_usd
            if edit.included_quantity is None and before.included_quantity is not None:
                units = BASE_QUANTITIES[before.unit] / BASE_QUANTITIES[edit.unit]
                values["included_quantity"] = before.included_quantity * units
        self.rows.append(Price(**values, note=edit.reason))

    def meter(self, ref: str | None, meter: str) -> list[Price]:
        return self.by_meter.get((ref or "", meter), [])

    def fact(self, ref: str | None, name: str, otherwise: Any) -> Any:
        return self.facts.get(ref or "", {}).get(name, otherwise)


def in_force(rows: Sequence[Price], tier: float, day: date) -> Price | None:
    """The row of one tier that holds on a day; of several the one that started last."""
    best = None
    for row in rows:
        started = row.effective_from is None or row.effective_from <= day
        ended = row.effective_to is not None and row.effective_to < day
        if row.tier_from == tier and started and not ended:
            later = best is None or best.effective_from is None
            if later or (row.effective_from is not None and row.effective_from > best.effective_from):
                best = row
    return best


def tiers_of(rows: Sequence[Price]) -> list[float]:
    return sorted({row.tier_from for row in rows})


def unit_of(rows: Sequence[Price], tier: float) -> str:
    """The unit in which a tier is sold and in which its threshold is written."""
    return next(row.unit for row in rows if row.tier_from == tier)


def base_price(row: Price) -> float:
    """USD per token, unit, GB-month, hour, ..."""
    return row.price_usd / BASE_QUANTITIES[row.unit]


def times(quantity: float, price: float) -> float:
    """An amount; nothing of an unknown price is nothing."""
    return 0.0 if quantity == 0 else quantity * price


def whole(x: float) -> int:
    """The next whole number, rounding noise forgiven."""
    return math.ceil(x - FORGIVEN)


def price_of_a_call(rows: Sequence[Price], input_tokens: float, day: date) -> float:
    """USD per token for a request of this size: the long price strictly above its threshold (a cliff)."""
    found = UNKNOWN
    for tier in tiers_of(rows):
        if tier == 0 or input_tokens > tier:
            row = in_force(rows, tier, day)
            found = base_price(row) if row else found
    return found


def graduated(rows: Sequence[Price], quantity: float, day: date, *, quota: bool = True) -> float:
    """The part of the quantity in each tier at its own price, the included part taken off at the bottom."""
    if quantity == 0 or not rows:
        return 0.0
    included = 0.0
    for tier in tiers_of(rows):
        row = in_force(rows, tier, day)
        if quota and row and row.included_quantity:
            included = max(included, row.included_quantity * BASE_QUANTITIES[row.unit])
    starts = [tier * BASE_QUANTITIES[unit_of(rows, tier)] for tier in tiers_of(rows)]
    price = UNKNOWN  # the part below the lowest tier is in no part of the sum: it costs nothing
    usd = 0.0
    for n, tier in enumerate(tiers_of(rows)):
        row = in_force(rows, tier, day)
        price = base_price(row) if row else price
        end = starts[n + 1] if n + 1 < len(starts) else math.inf
        usd += times(max(0.0, min(quantity, end) - max(starts[n], included)), price)
    return usd


def fee(rows: Sequence[Price], searches: float, day: date) -> float:
    """A flat fee: that of the highest step the searches have reached."""
    reached = [tier for tier in tiers_of(rows) if searches >= tier]
    if not reached:
        return 0.0
    usd = UNKNOWN
    for tier in reached:
        row = in_force(rows, tier, day)
        usd = row.price_usd if row else usd
    return usd


# The bill


class Line:
    """One cost line of one architecture: an amount for each month, and whose work it is."""

    def __init__(self, component: str, phase: str, part: str, months: int) -> None:
        self.component, self.phase, self.part = component, phase, part
        self.usd = [0.0] * (months + 1)


class Bill:
    """The lines of one architecture."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.lines: dict[tuple[str, str, str], Line] = {}

    def add(self, component: str, phase: str, part: str, month: int, usd: float) -> None:
        key = (component, phase, part)
        line = self.lines.setdefault(key, Line(component, phase, part, self.months))
        line.usd[month] += usd

    def month(self, month: int, phase: str | None = None) -> float:
        return math.fsum(line.usd[month] for line in self.lines.values() if phase in (None, line.phase))

    def totals(self) -> list[float]:
        """Everything up to the end of each month."""
        monthly = [self.month(month) for month in range(self.months + 1)]
        return [math.fsum(monthly[: month + 1]) for month in range(self.months + 1)]


class Reckoning:
    """One scenario, month by month."""

    def __init__(self, scenario: Scenario, rows: Sequence[Price]) -> None:
        self.s = scenario
        self.tariff = Tariff(rows, scenario.price_edits)
        self.horizon = scenario.finance.horizon_months
        self.months = max(self.horizon, 36)
        self.bills = {key: self.bill(key) for key in ARCHITECTURES if key in scenario.finance.compared}
        self.totals = {key: bill.totals() for key, bill in self.bills.items()}

    # Calendar, prices

    def day(self, month: int) -> date:
        year, number = map(int, self.s.finance.start_month.split("-"))
        number += month - 1
        return date(year + number // 12, number % 12 + 1, 1)

    def drift(self, group: str, month: int) -> float:
        return (1 + getattr(self.s.finance.price_drift_annual, group)) ** (max(month - 1, 0) / 12)

    def factor(self, ref: str, meter: str, unit: str, month: int) -> float:
        """What a list price is multiplied by: negotiated discount and drift."""
        group = "gpu" if unit == "GPU-hour" else DRIFT_GROUP.get(meter, "llm")
        discount = self.s.finance.discount_share.get(ref.split("/")[0], 0.0)
        return (1 - discount) * self.drift(group, month)

    def hour(self, month: int) -> float:
        people = self.s.people
        return people.engineer_usd_per_week / people.hours_per_week * self.drift("labour", month)

    def tokens_usd(self, ref: str | None, meter: str, tokens: float, size: float, month: int) -> float:
        rows = self.tariff.meter(ref, meter)
        if not rows:
            return times(tokens, UNKNOWN)
        price = price_of_a_call(rows, size, self.day(month))
        return times(tokens, price * self.factor(str(ref), meter, rows[0].unit, month))

    def calls_usd(self, ref: str | None, calls: float, prompt: float, output: float, month: int) -> float:
        sent = self.tokens_usd(ref, "input", calls * prompt, prompt, month)
        return sent + self.tokens_usd(ref, "output", calls * output, prompt, month)

    # Quantities

    def queries(self, month: int) -> float:
        """What users ask in a month of operation."""
        work = self.s.workload
        if month == 0:
            return 0.0
        if work.queries_by_month is not None:
            asked = work.queries_by_month[min(month, len(work.queries_by_month)) - 1]
        else:
            asked = work.queries_per_month * (1 + work.monthly_growth_share) ** (month - 1)
        return asked if work.max_queries_per_month is None else min(asked, work.max_queries_per_month)

    def live(self, month: int) -> float:
        return self.queries(month) * (1 - self.s.workload.response_cache_hit_share)

    def calls(self, month: int) -> float:
        """Model calls for users."""
        work = self.s.workload
        return self.live(month) * (1 + work.retry_share) * work.model_calls_per_query

    def test_calls(self) -> float:
        return self.s.rag.evaluation_queries_per_month * self.s.workload.model_calls_per_query

    def searches(self, month: int) -> float:
        return self.live(month) + self.s.rag.evaluation_queries_per_month

    def documents(self, month: int) -> float:
        return self.s.corpus.documents * (1 + self.s.corpus.monthly_growth_share) ** month

    def chunk(self) -> float:
        corpus = self.s.corpus
        return min(corpus.tokens_per_document, corpus.chunk_tokens)

    def chunks_per_document(self) -> float:
        corpus = self.s.corpus
        if corpus.tokens_per_document <= corpus.chunk_tokens:
            return 1.0
        return corpus.tokens_per_document / (corpus.chunk_tokens - corpus.chunk_overlap_tokens)

    def chunks_written(self, month: int) -> float:
        """Chunks embedded and written: the corpus at the build, later what is new and what changed."""
        corpus = self.s.corpus
        if month == 0:
            return corpus.documents * self.chunks_per_document()
        new = max(0.0, self.documents(month) - self.documents(month - 1))
        changed = corpus.updates_per_month * corpus.changed_share_per_update * self.documents(month)
        return (new + changed) * self.chunks_per_document()

    # Lines

    def bill(self, key: str) -> Bill:
        bill = Bill(self.months)
        if key != "fine_tuning":
            self.retrieval(bill)
        if key == "rag":
            self.base_model(bill)
        else:
            self.tuned_model(bill, key)
        self.own_lines(bill, key)
        self.drop(bill, key)
        self.typed_in(bill, key)
        self.contingency(bill, key)
        return bill

    def retrieval(self, bill: Bill) -> None:
        """Corpus, index, searches and the people who look after them: RAG and the RAG side of a hybrid."""
        rag, people = self.s.rag, self.s.people
        weeks = rag.build_engineer_weeks * people.engineer_usd_per_week
        bill.add("build_labour", "one_time", "rag", 0, weeks)
        bill.add("preparation", "one_time", "rag", 0, rag.preparation_hours * self.hour(0))
        bill.add("release_evaluation", "one_time", "rag", 0, rag.evaluation_usd_per_release)
        for month in range(self.months + 1):
            phase = "recurring" if month else "one_time"
            if rag.embedding_model is not None:
                tokens = self.chunks_written(month) * self.chunk()
                usd = self.tokens_usd(rag.embedding_model, "embedding", tokens, 0, month)
                bill.add("corpus_embedding", phase, "rag", month, usd)
            if rag.vector_store is not None:
                self.vector_store(bill, month)
            if month == 0:
                continue
            if rag.embedding_model is not None:
                tokens = self.searches(month) * self.s.workload.query_tokens
                usd = self.tokens_usd(rag.embedding_model, "embedding", tokens, 0, month)
                bill.add("query_embedding", phase, "rag", month, usd)
            hours = self.s.corpus.updates_per_month * rag.hours_per_update
            bill.add("update_labour", phase, "rag", month, hours * self.hour(month))
            bill.add("rag_maintenance", phase, "rag", month, rag.maintenance_hours_per_month * self.hour(month))
            bill.add("rag_hosting", phase, "rag", month, rag.hosting_usd_per_month)

    def vector_store(self, bill: Bill, month: int) -> None:
        rag, ref, day = self.s.rag, str(self.s.rag.vector_store), self.day(month)
        factor = self.factor(ref, "storage", "", month)
        bytes_per_vector = rag.embedding_dimensions * rag.bytes_per_dimension

        written = self.chunks_written(month)
        rows = self.tariff.meter(ref, "writes")
        if rows and rows[0].unit == "GB":
            amount = written * bytes_per_vector / 1e9
        else:
            amount = written * self.tariff.fact(ref, "units_per_vector", 1.0)
        writes = graduated(rows, amount, day, quota=month > 0) * factor
        if month == 0:
            bill.add("vector_writes", "one_time", "rag", 0, writes)
            return

        vectors = self.documents(month) * self.chunks_per_document()
        one_copy = vectors * bytes_per_vector * (1 + rag.index_overhead_share) / 1e9
        storage = graduated(self.tariff.meter(ref, "storage"), one_copy * rag.replicas, day) * factor
        units = self.searches(month) * self.tariff.fact(ref, "units_per_search", 1.0)
        reads = graduated(self.tariff.meter(ref, "reads"), units, day) * factor
        flat = fee(self.tariff.meter(ref, "flat"), self.searches(month), day) * factor
        rows = self.tariff.meter(ref, "nodes")
        nodes = 0.0
        if rows:
            count = whole(one_copy / self.tariff.fact(ref, "gb_per_node", UNKNOWN)) * rag.replicas
            periods = self.s.finance.hours_per_month if rows[0].unit == "hour" else 1
            nodes = graduated(rows, count * periods, day) * factor

        for name, usd in (("storage", storage), ("reads", reads), ("writes", writes), ("nodes", nodes), ("flat", flat)):
            bill.add(f"vector_{name}", "recurring", "rag", month, usd)
        minimum = self.plan_minimum(ref, day) * factor
        if minimum > 0:
            usage = storage + reads + writes + nodes + flat
            top_up = UNKNOWN if math.isnan(usage) else max(0.0, minimum - usage)
            bill.add("vector_minimum", "recurring", "rag", month, top_up)

    def plan_minimum(self, ref: str, day: date) -> float:
        largest = 0.0
        for meter in ("storage", "reads", "writes", "nodes", "flat"):
            rows = self.tariff.meter(ref, meter)
            for tier in tiers_of(rows):
                row = in_force(rows, tier, day)
                if row and row.minimum_usd:
                    largest = max(largest, row.minimum_usd)
        return largest

    def base_model(self, bill: Bill) -> None:
        rag, work = self.s.rag, self.s.workload
        prompt = work.system_prompt_tokens + work.history_tokens + work.query_tokens + rag.top_k * self.chunk()
        output = work.output_tokens if rag.output_tokens is None else rag.output_tokens
        for month in range(1, self.months + 1):
            calls = self.calls(month) + self.test_calls()
            usd = UNKNOWN if rag.model is None else self.calls_usd(rag.model, calls, prompt, output, month)
            bill.add("generation", "recurring", "rag", month, usd)

    def tuned_model(self, bill: Bill, key: str) -> None:
        """Training, tokens, hosting and people of a tuned model, alone or with retrieved context."""
        tuned, people = self.s.fine_tuning, self.s.people
        weeks = tuned.build_engineer_weeks
        if key == "hybrid":
            weeks *= 1 - self.s.hybrid.shared_build_share
        bill.add("build_labour", "one_time", "tuned", 0, weeks * people.engineer_usd_per_week)
        bill.add("labels", "one_time", "tuned", 0, tuned.training_examples * tuned.usd_per_example)
        bill.add("training", "one_time", "tuned", 0, times(tuned.experiment_runs, self.run_usd(0)))
        bill.add("release_evaluation", "one_time", "tuned", 0, tuned.evaluation_usd_per_release)
        for month in range(1, self.months + 1):
            self.tuned_month(bill, key, month)
            self.retrains(bill, key, month)

    def run_usd(self, month: int) -> float:
        """One training run."""
        tuned = self.s.fine_tuning
        if tuned.training_usd_per_run is not None:
            return tuned.training_usd_per_run
        tokens = tuned.training_examples * tuned.tokens_per_example * tuned.epochs
        if tokens == 0:
            return 0.0
        row = in_force(self.tariff.meter(tuned.model, "training"), 0, self.day(month))
        if row is None or row.unit == "GPU-hour":
            return UNKNOWN
        least = row.minimum_usd or 0.0
        return max(least, tokens * base_price(row)) * self.factor(row.ref, "training", row.unit, month)

    def tuned_month(self, bill: Bill, key: str, month: int) -> None:
        tuned, work = self.s.fine_tuning, self.s.workload
        prompt = tuned.system_prompt_tokens + work.history_tokens + work.query_tokens
        calls = self.calls(month)
        outputs = [tuned.output_tokens, work.output_tokens]
        if key == "hybrid":
            own = self.s.hybrid.top_k
            prompt += (self.s.rag.top_k if own is None else own) * self.chunk()
            calls += self.test_calls()
            outputs = [self.s.hybrid.output_tokens, *outputs]
        output = next(each for each in outputs if each is not None)

        if tuned.model is None:
            generation = UNKNOWN
        elif tuned.hosting == "serverless" or self.tariff.fact(tuned.model, "bills_tokens", False):
            generation = self.calls_usd(tuned.model, calls, prompt, output, month)
        else:
            generation = 0.0
        bill.add("tuned_generation", "recurring", "tuned", month, generation)

        tokens = calls * (prompt + output)
        bill.add("tuned_hosting", "recurring", "tuned", month, self.hosting_usd(tokens, month))
        rows = self.tariff.meter(tuned.model, "model_storage")
        if rows:
            row = in_force(rows, 0, self.day(month))
            factor = self.factor(str(tuned.model), "model_storage", "month", month)
            kept = row.price_usd * factor if row else UNKNOWN
            bill.add("model_storage", "recurring", "tuned", month, kept)
        upkeep = tuned.maintenance_hours_per_month * self.hour(month)
        bill.add("tuned_maintenance", "recurring", "tuned", month, upkeep)

    def hosting_usd(self, tokens: float, month: int) -> float:
        tuned = self.s.fine_tuning
        if tuned.hosting_usd_per_month is not None:
            return tuned.hosting_usd_per_month
        if tuned.hosting == "serverless":
            return 0.0
        hours = self.s.finance.hours_per_month
        replicas = tuned.min_replicas
        if tuned.tokens_per_second_per_replica > 0:
            demand = tokens / (hours * 3600) * self.s.workload.peak_to_average
            capacity = tuned.tokens_per_second_per_replica * tuned.target_utilisation_share
            replicas = max(replicas, whole(demand / capacity))
        replicas += tuned.spare_replicas
        row = in_force(self.tariff.meter(tuned.model, "hosting"), 0, self.day(month))
        price = row.price_usd * self.factor(row.ref, "hosting", row.unit, month) if row else UNKNOWN
        return times(replicas * hours, price)

    def retrains(self, bill: Bill, key: str, month: int) -> None:
        tuned = self.s.fine_tuning
        number = events(self.retrain_interval(key), month)
        if number == 0:
            return
        labels = tuned.retrain_examples_share * tuned.training_examples * tuned.usd_per_example
        labour = self.drift("labour", month)
        bill.add("training", "event", "tuned", month, times(number * tuned.retrain_runs, self.run_usd(month)))
        bill.add("labels", "event", "tuned", month, number * labels * labour)
        bill.add("release_evaluation", "event", "tuned", month, number * tuned.evaluation_usd_per_release * labour)
        bill.add("retrain_labour", "event", "tuned", month, number * tuned.retrain_hours * self.hour(month))

    def retrain_interval(self, key: str) -> float | None:
        """Months between two retrains; None when nothing causes one."""
        tuned, updates = self.s.fine_tuning, self.s.corpus.updates_per_month
        cadence = tuned.retrain_every_months
        if key == "hybrid" and self.s.hybrid.retrain_every_months is not None:
            cadence = self.s.hybrid.retrain_every_months
        active = [cadence] if cadence > 0 else []
        if key == "fine_tuning" and tuned.updates_per_retrain > 0 and updates > 0:
            active.append(tuned.updates_per_retrain / updates)
        return min(active, default=None)

    def own_lines(self, bill: Bill, key: str) -> None:
        for month in range(1, self.months + 1):
            usd = self.s.architecture(key).observability_usd_per_month
            bill.add("observability", "recurring", "own", month, usd)

    def drop(self, bill: Bill, key: str) -> None:
        """Takes off the lines switched off, and from month 0 what exists already."""
        off = self.s.architecture(key).switched_off
        bill.lines = {name: line for name, line in bill.lines.items() if line.component not in off}
        built = self.s.finance.already_built
        for line in bill.lines.values():
            side = {"rag": "rag", "tuned": "fine_tuning"}.get(line.part)
            if key in built or side in built:
                line.usd[0] = 0.0

    def typed_in(self, bill: Bill, key: str) -> None:
        for extra in self.s.extra_costs:
            if key not in extra.architecture:
                continue
            first, last = extra.months
            for month in range(first, min(last, self.months) + 1):
                usd = 0.0
                if extra.usd is not None:
                    usd = extra.usd if month == first else 0.0
                if extra.usd_per_month is not None:
                    usd = extra.usd_per_month
                if extra.usd_per_query is not None:
                    usd = times(self.queries(month), extra.usd_per_query)
                if month > 0 or key not in self.s.finance.already_built:
                    bill.add(extra.component, extra.phase, "typed", month, usd)

    def contingency(self, bill: Bill, key: str) -> None:
        if "contingency" in self.s.architecture(key).switched_off:
            return
        for month in range(self.months + 1):
            usd = times(self.s.people.contingency_share, bill.month(month, "one_time"))
            bill.add("contingency", "one_time", "own", month, usd)

    # Results

    def answers(self) -> dict[str, Any]:
        return {
            "architectures": {key: self.answer(key) for key in self.bills},
            "cheapest": self.cheapest(),
            "excluded": [key for key in self.bills if not self.known(key) or not self.good_enough(key)],
            "break_even_months": self.break_even_months(),
        }

    def known(self, key: str) -> bool:
        """Whether every price that the horizon needs is there."""
        return not math.isnan(self.totals[key][self.horizon])

    def good_enough(self, key: str) -> bool:
        least = self.s.quality.minimum_correct_share
        return least is None or self.s.architecture(key).correct_share >= least

    def answer(self, key: str) -> dict[str, Any]:
        bill, totals, horizon = self.bills[key], self.totals[key], self.horizon
        months = range(horizon + 1)
        monthly = [bill.month(month) for month in months]
        phases = {
            f"{phase}_usd": math.fsum(bill.month(month, phase) for month in months)
            for phase in ("one_time", "recurring", "event")
        }
        queries = math.fsum(self.queries(month) for month in months)
        rate = self.s.finance.discount_rate_annual
        events_usd = math.fsum(bill.month(month, "event") for month in months[1:])
        numbers = {
            "tco_usd": totals[horizon],
            "present_value_usd": math.fsum(monthly[month] / (1 + rate) ** (month / 12) for month in months),
            **phases,
            "cost_per_query_usd": totals[horizon] / queries if queries > 0 else UNKNOWN,
            "run_rate_usd": bill.month(horizon, "recurring") + events_usd / horizon,
        }
        milestones = {str(month): totals[month] for month in (12, 24, 36)}
        if not self.known(key):
            numbers = dict.fromkeys(numbers, UNKNOWN)
            milestones = dict.fromkeys(milestones, UNKNOWN)
        return {
            **{name: or_none(usd) for name, usd in numbers.items()},
            "totals_usd": {name: or_none(usd) for name, usd in milestones.items()},
            "monthly_usd": [or_none(usd) for usd in monthly],
            "cumulative_usd": [or_none(totals[month]) for month in months],
        }

    def cheapest(self) -> str | None:
        usable = [key for key in self.bills if self.known(key) and self.good_enough(key)]
        return min(usable, key=lambda key: self.totals[key][self.horizon], default=None)

    def break_even_months(self) -> list[dict[str, Any]]:
        """Of each pair whose totals are known."""
        found = []
        keys = [key for key in self.bills if self.known(key)]
        for n, a in enumerate(keys):
            for b in keys[n + 1 :]:
                ours, theirs = self.totals[a][: self.horizon + 1], self.totals[b][: self.horizon + 1]
                for month, changed, sign in crossings(ours, theirs):
                    found.append(
                        {
                            "a": a,
                            "b": b,
                            "month": month,
                            "overtakes_in_month": changed,
                            "cheaper_after": a if sign < 0 else b,
                        }
                    )
        return found


def events(interval: float | None, month: int) -> int:
    """How many events fall in a month when one is due every `interval` months."""
    if interval is None:
        return 0
    return math.floor(month / interval + FORGIVEN) - math.floor((month - 1) / interval + FORGIVEN)


def crossings(ours: Sequence[float], theirs: Sequence[float]) -> list[tuple[float, int, int]]:
    """(month, month at whose end the order has changed, sign of ours - theirs afterwards) of each crossing."""
    found = []
    last, last_sign = 0, 0
    for month, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if abs(a - b) <= 1e-9 * max(abs(a), abs(b)):
            continue
        sign = 1 if a > b else -1
        if last_sign and sign != last_sign:
            if month == last + 1:
                before = abs(ours[last] - theirs[last])
                found.append((last + before / (before + abs(a - b)), month, sign))
            else:
                found.append((float(last + 1), month, sign))
        last, last_sign = month, sign
    return found


def or_none(usd: float) -> float | None:
    return None if math.isnan(usd) else usd
