"""From sides to bills: what each architecture pays, and the answers that follow from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from costmodel.scenario import ARCHITECTURES, Scenario
from pricing.book import Price
from tests.oracle.bill import EVENT, ONE_TIME, PHASES, RECURRING, Bill
from tests.oracle.calls import Calls, calls_usd, guardrail_usd
from tests.oracle.prices import FORGIVEN, UNKNOWN, times
from tests.oracle.quality import Quality
from tests.oracle.retrieval import Retrieval
from tests.oracle.tuned import tuned_side
from tests.oracle.world import World


class Architecture:
    """One architecture of a scenario: its sides, its bill, its consequences."""

    def __init__(self, world: World, key: str) -> None:
        self.w, self.s, self.key = world, world.s, key
        self.side = self.s.architecture(key)
        self.tuned = tuned_side(world, key)
        self.retrieval = self.rag_side()
        self.quality = Quality(world, key)

    def rag_side(self) -> Retrieval | None:
        hybrid = self.s.hybrid
        if self.key == "rag":
            return Retrieval(self.w, "rag")
        if self.key != "hybrid":
            return None
        if hybrid.kind == "grounded":
            return Retrieval(self.w, "hybrid", answers=False)
        elsewhere = hybrid.fine_tuned_share if hybrid.kind == "split" else hybrid.router_answers_share
        return Retrieval(self.w, "hybrid", share=1 - elsewhere)

    @cached_property
    def bill(self) -> Bill:
        bill = self.computed()
        if self.key == "hybrid" and self.tuned and self.tuned.starts:
            self.rag_first(bill, self.tuned.starts)
        self.typed_in(bill)
        self.contingency(bill)
        if self.s.finance.consequences_in_tco:
            bill.add("launch_delay", ONE_TIME, "own", 0, self.quality.launch_delay_usd())
            for month in range(1, self.w.months + 1):
                bill.add("wrong_answers", RECURRING, "own", month, self.quality.wrong_answers_usd(month))
        return bill

    @cached_property
    def totals(self) -> list[float]:
        return self.bill.totals()

    def computed(self) -> Bill:
        """The computed lines, without those that are switched off and without what exists already."""
        bill = Bill(self.w.months)
        if self.retrieval:
            self.retrieval.fill(bill)
        if self.tuned:
            self.tuned.fill(bill)
        if self.key == "prompting":
            self.prompting(bill)
        for month in range(1, self.w.months + 1):
            bill.add("observability", RECURRING, "own", month, self.side.observability_usd_per_month)
            if self.s.guardrail is not None:
                usd = guardrail_usd(self.w, self.checked(month), month)
                bill.add("guardrail", RECURRING, "own", month, usd)
        off, built = self.side.switched_off, self.s.finance.already_built
        bill.lines = {name: line for name, line in bill.lines.items() if line.component not in off}
        for line in bill.lines.values():
            side = {"rag": "rag", "tuned": "fine_tuning"}.get(line.part)
            if self.key in built or side in built:
                line.usd[0] = 0.0
        return bill

    def checked(self, month: int) -> list[tuple[float, float]]:
        """(answers, tokens of prompt and answer) of each way in which a live query is answered."""
        live = self.w.live(month)
        if self.key == "prompting":
            calls = self.prompting_calls(month)
            return [(live, calls.prompt + calls.output)]
        ways = []
        share = 0.0
        if self.retrieval and self.retrieval.answers:
            share = self.retrieval.share
            ways.append((live * share, self.retrieval.prompt() + self.retrieval.output()))
        if self.tuned:
            _, calls = self.tuned.calls(month)[0]
            ways.append((live * (1 - share), calls.prompt + calls.output))
        return ways

    def prompting_calls(self, month: int) -> Calls:
        work, prompting = self.s.workload, self.s.prompting
        static = work.system_prompt_tokens + prompting.few_shot_tokens
        output = work.output_tokens if prompting.output_tokens is None else prompting.output_tokens
        return Calls(self.w.calls(month), 0.0, static + work.history_tokens + work.query_tokens, static, output)

    def prompting(self, bill: Bill) -> None:
        w, own = self.w, self.s.prompting
        bill.add("build_labour", ONE_TIME, "own", 0, own.build_engineer_weeks * self.s.people.engineer_usd_per_week)
        bill.add("release_evaluation", ONE_TIME, "own", 0, own.evaluation_usd_per_release)
        for month in range(1, w.months + 1):
            model = w.plan(own.model, month)
            usd = UNKNOWN if model is None else calls_usd(w, model, self.prompting_calls(month), month)
            bill.add("generation", RECURRING, "own", month, usd)
            hours = own.maintenance_hours_per_month * w.hour(month)
            bill.add("prompt_maintenance", RECURRING, "own", month, hours)
            number = w.migrations(own.model, month)
            bill.add("migration", EVENT, "own", month, number * own.migration_hours * w.hour(month))
            evaluation = own.evaluation_usd_per_release * w.drift("labour", month)
            bill.add("release_evaluation", EVENT, "own", month, number * evaluation)

    def rag_first(self, bill: Bill, starts: int) -> None:
        """Until tuning starts a staged hybrid costs what RAG costs; the tuned side's build comes on top."""
        rag = Architecture(self.w, "rag").computed()
        for month in range(1, min(starts, self.w.months) + 1):
            for line in bill.lines.values():
                if not (line.part == "tuned" and line.phase == ONE_TIME):
                    line.usd[month] = 0.0
            for line in rag.lines.values():
                bill.add(line.component, line.phase, "rag first", month, line.usd[month])

    def typed_in(self, bill: Bill) -> None:
        for extra in self.s.extra_costs:
            if self.key not in extra.architecture:
                continue
            first, last = extra.months
            for month in range(first, min(last, self.w.months) + 1):
                usd = 0.0
                if extra.usd is not None:
                    usd = extra.usd if month == first else 0.0
                if extra.usd_per_month is not None:
                    usd = extra.usd_per_month
                if extra.usd_per_query is not None:
                    usd = times(self.w.queries(month), extra.usd_per_query)
                if month > 0 or self.key not in self.s.finance.already_built:
                    bill.add(extra.component, extra.phase, "typed", month, usd)

    def contingency(self, bill: Bill) -> None:
        if "contingency" in self.side.switched_off:
            return
        for month in range(self.w.months + 1):
            usd = times(self.s.people.contingency_share, bill.month(month, ONE_TIME))
            bill.add("contingency", ONE_TIME, "own", month, usd)

    # What is said about it

    def known(self) -> bool:
        """Whether every price that the horizon needs is there."""
        return not math.isnan(self.totals[self.w.horizon])

    def good_enough(self) -> bool:
        least = self.s.quality.minimum_correct_share
        return least is None or self.side.correct_share >= least

    def answer(self) -> dict[str, Any]:
        bill, totals, horizon = self.bill, self.totals, self.w.horizon
        months = range(horizon + 1)
        monthly = [bill.month(month) for month in months]
        phases = {f"{phase}_usd": math.fsum(bill.month(month, phase) for month in months) for phase in PHASES}
        queries = math.fsum(self.w.queries(month) for month in months)
        correct = math.fsum(self.quality.correct_answers(month) for month in months[1:])
        rate = self.s.finance.discount_rate_annual
        events_usd = math.fsum(bill.month(month, EVENT) for month in months[1:])
        numbers = {
            "tco_usd": totals[horizon],
            "present_value_usd": math.fsum(monthly[month] / (1 + rate) ** (month / 12) for month in months),
            **phases,
            "cost_per_query_usd": totals[horizon] / queries if queries > 0 else UNKNOWN,
            "cost_per_correct_answer_usd": totals[horizon] / correct if correct > 0 else UNKNOWN,
            "run_rate_usd": bill.month(horizon, RECURRING) + events_usd / horizon,
        }
        milestones = {str(month): totals[month] for month in (12, 24, 36)}
        if not self.known():
            numbers = dict.fromkeys(numbers, UNKNOWN)
            milestones = dict.fromkeys(milestones, UNKNOWN)
        return {
            **{name: or_none(usd) for name, usd in numbers.items()},
            "totals_usd": {name: or_none(usd) for name, usd in milestones.items()},
            "monthly_usd": [or_none(usd) for usd in monthly],
            "cumulative_usd": [or_none(totals[month]) for month in months],
            "consequences_usd": {
                "wrong_answers": math.fsum(self.quality.wrong_answers_usd(month) for month in months),
                "launch_delay": self.quality.launch_delay_usd(),
            },
            "idle_share": or_none(self.tuned.idle_share() if self.tuned else UNKNOWN),
        }


class Reckoning:
    """One scenario: its architectures side by side."""

    def __init__(self, scenario: Scenario, rows: Sequence[Price]) -> None:
        self.w = World(scenario, rows)
        compared = scenario.finance.compared
        self.sides = {key: Architecture(self.w, key) for key in ARCHITECTURES if key in compared}
        self.reference = None
        if "prompting" not in compared and scenario.prompting.model is not None:
            self.reference = Architecture(self.w, "prompting")

    def answers(self) -> dict[str, Any]:
        sides = self.sides
        return {
            "architectures": {key: side.answer() for key, side in sides.items()},
            "cheapest": self.cheapest(),
            "excluded": [key for key, side in sides.items() if not side.known() or not side.good_enough()],
            "break_even_months": self.break_even_months(),
            "prompting_reference": self.reference.answer() if self.reference else None,
        }

    def cheapest(self) -> str | None:
        usable = [key for key, side in self.sides.items() if side.known() and side.good_enough()]
        return min(usable, key=lambda key: self.sides[key].totals[self.w.horizon], default=None)

    def break_even_months(self) -> list[dict[str, Any]]:
        """Of each pair whose totals are known."""
        found = []
        keys = [key for key, side in self.sides.items() if side.known()]
        for n, a in enumerate(keys):
            for b in keys[n + 1 :]:
                ours, theirs = (self.sides[key].totals[: self.w.horizon + 1] for key in (a, b))
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


def crossings(ours: Sequence[float], theirs: Sequence[float]) -> list[tuple[float, int, int]]:
    """(month, month at whose end the order has changed, sign of ours - theirs afterwards) of each crossing."""
    found = []
    last, last_sign = 0, 0
    for month, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if abs(a - b) <= FORGIVEN * max(abs(a), abs(b)):
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
