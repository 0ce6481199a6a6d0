"""Fit and cost side by side, the order to build in with what each step costs, and what a wrong turn costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from costmodel.changes import changed
from costmodel.decision.fit import Finding, Fit, answers, fits
from costmodel.decision.rules import GAP
from costmodel.inputs import Inputs
from costmodel.results import Answer, Run
from costmodel.scenario import Architecture
from costmodel.simulate import bill

WEEKS_PER_MONTH = 52 / 12

Agreement = Literal["not_asked", "none_left", "overruled", "agrees", "differs", "undecided"]
"""How cost and fit stand to each other:

not_asked (no answer yet), none_left (nothing that fits has a total), overruled (what costs least is ruled out),
agrees (the cheapest of what is left fits best), differs (another fits better), undecided (the answers favour none).
"""


@dataclass(frozen=True)
class Step:
    """One step of the suggested order; amounts are what it adds to the steps before [USD], None when not known."""

    architecture: Architecture
    build_usd: float | None
    per_month_usd: float | None
    """What a month costs at the end of the horizon, with this step in place."""
    weeks: float
    """Calendar weeks until it is launched, after the step before; 0 = not set."""
    on_top_of: Architecture | None
    """What it reuses; None when it is built from nothing."""
    ruled_out: tuple[Finding, ...]


@dataclass(frozen=True)
class WrongTurn:
    """What is lost when `first` is built and has to be given up: its build [USD], and the time until it stood."""

    first: Architecture
    sunk_usd: float
    weeks: float
    delay_usd: float
    """Those weeks at the cost of delay [USD]."""
    on_top_of: Architecture | None
    """What stays when `first` is given up; None for nothing."""

    @property
    def months(self) -> float:
        """The weeks as months."""
        return self.weeks / WEEKS_PER_MONTH


@dataclass(frozen=True)
class Decision:
    """What fit says, what cost says, whether they agree, and in which order to build."""

    answers: dict[str, Any]
    """Path -> answer of the questions that have one."""
    fits: dict[Architecture, Fit]
    """Of each of the four, compared or not."""
    totals_usd: dict[Architecture, float]
    """Of the compared; nan where a price is missing."""
    cheapest: Architecture | None
    """The smallest total of those that nothing excludes."""
    cheapest_by_cost: Architecture | None
    """The smallest total whatever the requirements say."""
    best_fit: tuple[Architecture, ...]
    """The compared for which most speaks, and nothing rules out; empty when all of them are level."""
    agreement: Agreement
    steps: tuple[Step, ...]
    wrong_turn: WrongTurn | None
    present: bool
    """Whether `totals_usd` are present values; steps are always nominal."""

    @property
    def choice(self) -> Architecture | None:
        """What fit and cost come to together: the cheapest of those that fit best, else the cheapest."""
        return _choice(self.best_fit, self.totals_usd, self.cheapest)


def decide(run: Run, present: bool = False) -> Decision:
    """The decision for a run, over nominal totals or totals in present value."""
    asked, fit = answers(run.scenario), fits(run.scenario)
    totals = {key: each.present_value_usd if present else each.tco_usd for key, each in run.answers.items()}
    cheapest, by_cost = run.cheapest_of(totals), _by_cost(run, totals)
    best = best_fit(run, fit)
    found = _agreement(bool(asked), cheapest, by_cost, best)
    choice = _choice(best, totals, cheapest)
    steps = _steps(run, fit, retrieves=not _only_tuning(asked, best, choice))
    wrong = _wrong_turn(run, fit, steps, choice)
    return Decision(asked, fit, totals, cheapest, by_cost, best, found, steps, wrong, present)


def _choice(
    best: Sequence[Architecture], totals: dict[Architecture, float], cheapest: Architecture | None
) -> Architecture | None:
    fitting: list[Architecture] = sorted(best, key=lambda key: totals[key])
    return fitting[0] if fitting else cheapest


def _by_cost(run: Run, totals: dict[Architecture, float]) -> Architecture | None:
    """The cheapest of those that have a total and the quality asked for; None when none has."""
    least = run.scenario.quality.minimum_correct_share or 0.0
    good: list[Architecture] = [
        key
        for key, each in run.answers.items()
        if not each.missing and run.scenario.architecture(key).correct_share >= least
    ]
    ranked: list[Architecture] = sorted(good, key=lambda key: totals[key])
    return ranked[0] if ranked else None


def best_fit(run: Run, known: dict[Architecture, Fit] | None = None) -> tuple[Architecture, ...]:
    """Those for which most speaks; none when more speaks against each, or nothing tells several apart.

    `known`: how the four fit, where that has been worked out already.
    """
    fit, eligible = fits(run.scenario) if known is None else known, run.eligible
    lean = {key: fit[key].lean for key in eligible}
    best = max(lean.values(), default=0)
    nothing = best == 0 and len(lean) > 1 and len(set(lean.values())) == 1
    return () if best < 0 or nothing else tuple(key for key in eligible if lean[key] == best)


def _agreement(
    asked: bool, cheapest: Architecture | None, by_cost: Architecture | None, best: Sequence[Architecture]
) -> Agreement:
    if not asked:
        return "not_asked"
    if cheapest is None:
        return "none_left"
    if by_cost != cheapest:
        return "overruled"
    if not best:
        return "undecided"
    return "agrees" if cheapest in best else "differs"


# The order


def _only_tuning(asked: dict[str, Any], best: Sequence[Architecture], choice: Architecture | None) -> bool:
    """Whether fit and cost lead to fine-tuning alone, and nobody misses information that retrieval would bring."""
    return choice == "fine_tuning" and choice in best and asked.get(GAP) in (None, "behaviour") and bool(asked)


def _steps(run: Run, fit: dict[Architecture, Fit], *, retrieves: bool) -> tuple[Step, ...]:
    """Prompting, then RAG, then tuning, of those that the scenario describes; without RAG when it `retrieves` not."""
    order: list[Architecture] = ["prompting", "rag"] if retrieves else ["prompting"]
    keys = [key for key in order if _is_described(run, key)]
    tuning = _tuning(run, fit, retrieves)
    if tuning is not None:
        keys.append(tuning)
    return tuple(_step(run, fit, key, "rag" if key == "hybrid" and "rag" in keys else None) for key in keys)


def _tuning(run: Run, fit: dict[Architecture, Fit], retrieves: bool) -> Architecture | None:
    """The tuned architecture to end with: the hybrid on top of RAG, else fine-tuning; one that is not ruled out."""
    order: list[Architecture] = ["hybrid", "fine_tuning"] if retrieves else ["fine_tuning"]
    described = [key for key in order if key in run.answers] or [key for key in order if _is_described(run, key)]
    ranked: list[Architecture] = sorted(described, key=lambda key: fit[key].ruled_out)
    return ranked[0] if ranked else None


def _is_described(run: Run, key: Architecture) -> bool:
    """Whether the scenario says enough to build it: it is compared, or has its models."""
    if key in run.answers:
        return True
    if key == "hybrid":
        return False
    return run.scenario.architecture(key).model is not None  # type: ignore[union-attr]


def _answer(run: Run, key: Architecture, built: Architecture | None = None) -> Answer:
    """The answer of one architecture, compared or not, with `built` standing already."""
    if built is None and key in run.answers:
        return run.answers[key]
    finance = run.scenario.finance
    scenario = run.scenario
    if built is not None and built not in finance.already_built:
        scenario = changed(scenario, {"finance.already_built": (*finance.already_built, built)})
    return Answer(bill(Inputs(scenario, run.book), key), run.horizon, run.queries, finance.discount_rate_annual)


def _step(run: Run, fit: dict[Architecture, Fit], key: Architecture, on_top_of: Architecture | None) -> Step:
    answer = _answer(run, key, on_top_of)
    weeks = run.scenario.architecture(key).build_calendar_weeks
    if on_top_of is not None:
        weeks = max(0.0, weeks - run.scenario.architecture(on_top_of).build_calendar_weeks)
    known = not answer.missing
    return Step(
        key,
        answer.phase_usd("one_time") if known else None,
        answer.run_rate_usd if known else None,
        weeks,
        on_top_of,
        fit[key].rules_out,
    )


def _wrong_turn(
    run: Run, fit: dict[Architecture, Fit], steps: Sequence[Step], choice: Architecture | None
) -> WrongTurn | None:
    """The likeliest wrong first step: tuning before RAG has shown what is left to tune, or RAG where tuning alone fits.

    Towards a hybrid the RAG side stays, and only what tuning adds to it can be lost.
    """
    by_key = {step.architecture: step for step in steps}
    retrieves = "rag" in by_key or "fine_tuning" not in by_key
    first: Architecture = "fine_tuning" if retrieves else "rag"
    if first not in run.answers or (choice == "hybrid" and "hybrid" in by_key):
        step = by_key.get("hybrid")
    else:
        step = by_key.get(first) or _step(run, fit, first, None)
    if step is None or step.build_usd is None or not (step.build_usd or step.weeks):
        return None
    delay = step.weeks * run.scenario.finance.delay_usd_per_week
    return WrongTurn(step.architecture, step.build_usd, step.weeks, delay, step.on_top_of)
