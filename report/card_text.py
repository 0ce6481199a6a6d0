"""What stands on an architecture's card, in words, and what each line of it means."""

from __future__ import annotations

from dataclasses import dataclass

from costmodel.results import Run
from costmodel.scenario import Architecture
from report.numbers import Money
from report.sentence import excluded_reason, is_contested, money_of, quality_is_set
from report.tables import later_build

MEANINGS = {
    "Build": "One-time cost, contingency included",
    "Per month at the end": "Recurring cost of the last month plus all events (retraining) spread evenly; nominal",
    "Per query": "Total divided by all user queries within the horizon",
    "Per correct answer": "Total divided by the answers that are right; nominal",
    "Launch in": "Calendar weeks until launch",
    "Tuned side": "Until then the hybrid is plain RAG; its build falls in that month",
    "Beside the bill": "What wrong answers and the wait until launch cost; not in the total",
    "Wrong and late": "What wrong answers and the wait until launch cost; in the total",
}


@dataclass(frozen=True)
class Fact:
    """One line of a card: its name, its value for reading, the value to the cent (or none), and what it means."""

    name: str
    value: str
    exact: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Card:
    """One architecture in words; `reason`: why it is out of the running."""

    architecture: Architecture
    total: Fact
    badge: str = ""
    facts: tuple[Fact, ...] = ()
    reason: str = ""


def card(run: Run, key: Architecture, sums: dict[Architecture, float]) -> Card:
    """The card of one architecture; `sums`: total of each [USD], nominal or in present value."""
    answer, money = run.answers[key], money_of(run)
    reason = excluded_reason(run, key) if key in run.excluded else ""
    if answer.missing:
        return Card(key, Fact("Total", "not known"), reason=reason)
    total = Fact("Total", money(sums[key]), money.exact(sums[key]))
    return Card(key, total, _badge(run, key, sums, money), tuple(_facts(run, key, sums[key], money)), reason)


def _badge(run: Run, key: Architecture, sums: dict[Architecture, float], money: Money) -> str:
    best = run.cheapest_of(sums)
    if best is None or len(run.eligible) < 2:
        return ""
    if key != best:
        return money.difference(sums[key] - sums[best])
    return "too close to call" if is_contested(run, sums) else "cheapest"


def _facts(run: Run, key: Architecture, total: float, money: Money) -> list[Fact]:
    answer = run.answers[key]
    asked = float(run.queries[: run.horizon + 1].sum())
    facts = [
        _amount("Build", answer.phase_usd("one_time"), money, build_meaning(run, key)),
        _amount("Per month at the end", answer.run_rate_usd, money),
        _amount("Per query", total / asked, money) if asked else _fact("Per query", "no queries"),
    ]
    if quality_is_set(run):
        right = answer.cost_per_correct_answer_usd
        name = "Per correct answer"
        facts.append(_fact(name, "none") if right is None else _amount(name, right, money))
    facts.append(_fact("Launch in", launch(run, key)))
    starts = run.scenario.hybrid.fine_tuning_starts_month if key == "hybrid" else 0
    if starts:
        facts.append(_fact("Tuned side", f"after month {starts}"))
    if any(any(each.consequences_usd.values()) for each in run.answers.values()):
        name = "Wrong and late" if answer.bill.consequences_count else "Beside the bill"
        facts.append(_amount(name, sum(answer.consequences_usd.values()), money))
    return facts


def _fact(name: str, value: str) -> Fact:
    return Fact(name, value, meaning=MEANINGS[name])


def _amount(name: str, usd: float, money: Money, meaning: str = "") -> Fact:
    exact = money.exact(usd) if abs(usd / money.usd_per_unit) >= 1 else money.fine(usd)
    return Fact(name, money(usd), exact, meaning or MEANINGS[name])


def launch(run: Run, key: Architecture) -> str:
    """When an architecture could launch."""
    if key in run.scenario.finance.already_built:
        return "already built"
    weeks = run.scenario.architecture(key).build_calendar_weeks
    return f"{weeks:g} week{'' if weeks == 1 else 's'}" if weeks else "not set"


def build_meaning(run: Run, key: Architecture) -> str:
    """What the build on a card is; where a part of it comes later than month 0, how much and when."""
    later = later_build(run.answers[key])
    if not later:
        return MEANINGS["Build"]
    first, last = min(later), max(later)
    when = f"in month {first}" if first == last else f"in months {first} to {last}"
    return f"{MEANINGS['Build']}; {money_of(run)(sum(later.values()))} of it falls {when}"
