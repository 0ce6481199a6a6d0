"""The assumptions month by month: calendar, prices of a month, queries, documents, and what retires when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from costmodel.scenario import Scenario
from pricing.book import Price
from tests.oracle.prices import DRIFT_GROUP, FORGIVEN, UNKNOWN, Tariff, base_price, in_force, price_of_a_call


class World:
    """One scenario on one price book."""

    def __init__(self, scenario: Scenario, rows: Sequence[Price]) -> None:
        self.s = scenario
        self.tariff = Tariff(rows, scenario.price_edits)
        self.horizon = scenario.finance.horizon_months
        self.months = max(self.horizon, 36)
        self.start_year, self.start_month = map(int, str(scenario.finance.start_month).split("-"))
        self._prices: dict[tuple[str | None, str, int, float], float] = {}
        self._lives: dict[str, tuple[list[tuple[int, str]], list[int]]] = {}

    # Calendar and prices

    def day(self, month: int) -> date:
        number = self.start_month + month - 1
        return date(self.start_year + number // 12, number % 12 + 1, 1)

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

    def price(self, ref: str | None, meter: str, month: int, size: float = 0.0) -> float:
        """USD per base quantity of a meter without tiers, or with tiers by the size of a call."""
        key = (ref, meter, month, size)
        if key not in self._prices:
            rows = self.tariff.meter(ref, meter)
            found = UNKNOWN
            if rows:
                found = price_of_a_call(rows, size, self.day(month))
                found *= self.factor(str(ref), meter, rows[0].unit, month)
            self._prices[key] = found
        return self._prices[key]

    def job(self, ref: str | None, quantity: float, month: int) -> float:
        """A training job of so many tokens or GPU hours, at least its minimum; no quantity, no job."""
        if quantity == 0:
            return 0.0
        row = in_force(self.tariff.meter(ref, "training"), 0, self.day(month))
        if row is None:
            return UNKNOWN
        usd = max(row.minimum_usd or 0.0, quantity * base_price(row))
        return usd * self.factor(row.ref, "training", row.unit, month)

    # What users ask

    def queries(self, month: int) -> float:
        """What users ask in a month of operation."""
        work = self.s.workload
        if month == 0:
            return 0.0
        if work.queries_by_month is not None:
            asked = work.queries_by_month[min(month, len(work.queries_by_month)) - 1]
        else:
            asked = work.queries_per_month * (1 + work.monthly_growth_share) ** (month - 1)
            if work.seasonality is not None:
                asked *= work.seasonality[self.day(month).month - 1]
        return asked if work.max_queries_per_month is None else min(asked, work.max_queries_per_month)

    def live(self, month: int) -> float:
        return self.queries(month) * (1 - self.s.workload.response_cache_hit_share)

    def tries(self, month: int) -> float:
        """Live queries and their retries."""
        return self.live(month) * (1 + self.s.workload.retry_share)

    def calls(self, month: int) -> float:
        """Model calls for users."""
        return self.tries(month) * self.s.workload.model_calls_per_query

    def evaluation_queries(self) -> float:
        """The same number in every month of operation."""
        return self.s.rag.evaluation_queries_per_month

    def evaluation_calls(self) -> float:
        return self.evaluation_queries() * self.s.workload.model_calls_per_query

    # Documents

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

    def documents_read(self, month: int) -> float:
        """Documents parsed, embedded and written: the corpus at the build, later what is new and what changed."""
        corpus = self.s.corpus
        if month == 0:
            return corpus.documents
        new = max(0.0, self.documents(month) - self.documents(month - 1))
        return new + corpus.updates_per_month * corpus.changed_share_per_update * self.documents(month)

    # What retires

    def life(self, ref: str) -> tuple[list[tuple[int, str]], list[int]]:
        """(first month, plan) of a model and of those that follow it, and the months of the migrations."""
        if ref not in self._lives:
            self._lives[ref] = self._follow(ref)
        return self._lives[ref]

    def _follow(self, ref: str) -> tuple[list[tuple[int, str]], list[int]]:
        plans, migrations, seen = [(0, ref)], [], {ref}
        now, reached = ref, 0
        while True:
            gone = self.tariff.fact(now, "retires_on")
            if gone is None:
                break
            month = (gone.year - self.start_year) * 12 + gone.month - self.start_month
            if month > reached:
                migrations.append(month)
                reached = month
            successor = self.tariff.fact(now, "successor")
            if successor is None or successor in seen:
                break
            seen.add(successor)
            now = successor
            plans.append((reached, now))
        return plans, migrations

    def plan(self, ref: str | None, month: int) -> str | None:
        """The plan that a model is bought from in a month."""
        if ref is None:
            return None
        plans, _ = self.life(ref)
        return [plan for first, plan in plans if first <= month][-1]

    def migrations(self, ref: str | None, month: int) -> int:
        """How many migrations of this model fall in a month."""
        return 0 if ref is None else self.life(ref)[1].count(month)


def events(interval: float | None, month: int) -> int:
    """How many events fall in a month when one is due every `interval` months."""
    if interval is None or month <= 0:
        return 0
    return math.floor(month / interval + FORGIVEN) - math.floor((month - 1) / interval + FORGIVEN)
