"""What must always hold, checked on the answers that are on screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from costmodel.crossover import EQUAL, Crossovers
from costmodel.inputs import Inputs
from costmodel.results import Answer, Run
from costmodel.scenario import Architecture
from costmodel.simulate import Bill, bill, totals_usd
from costmodel.terms import Array
from costmodel.tracks import Track

CENT = 0.01
RELATIVE = 1e-9
ADDED = 1e-12
"""What adding a few thousand amounts may lose of their sum: a cent of ten thousand million USD."""
NOTHING = 1e-100
"""Prices and quantities below it: their product may be less than the smallest number there is."""
MORE = 1.1
"""How much more volume is tried."""
MOST = 1e9
"""Most queries a month that a scenario can have."""
VOLUME = "workload.queries_per_month"
PER_QUERY = ("generation", "tuned_generation", "query_embedding", "rerank", "rewrite", "guardrail")


@dataclass(frozen=True)
class Check:
    """One thing that must hold; `holds` is None where the scenario gives it nothing to check."""

    name: str
    holds: bool | None
    detail: str = ""


def checks(run: Run, shown: Iterable[Crossovers | Track] = ()) -> tuple[Check, ...]:
    """Every check on one run and on the crossovers that are shown with it, in a fixed order."""
    tried = _two_volumes(run)
    return (
        _each(run, "Cost lines add up to every total, to the cent", _adds_up),
        _each(run, "No missing price counts as 0", _nothing_free),
        _each(run, "A longer horizon never costs less", _grows),
        _each(run, "At a discount rate of 0 present value is nominal cost", _undiscounted),
        _each(run, "Many scenarios at once give what one gives", lambda run, key: _same(run, key, tried)),
        _each(run, "More queries never cost less", lambda run, key: _dearer(run, key, tried)),
        _equal(shown),
        _split_ends(run),
    )


def _each(run: Run, name: str, holds: Callable[[Run, Architecture], bool | None]) -> Check:
    found = {key: holds(run, key) for key, answer in run.answers.items() if not answer.missing}
    wrong = [key for key, well in found.items() if well is False]
    asked = [well for well in found.values() if well is not None]
    return Check(name, not wrong if asked else None, ", ".join(wrong))


def _adds_up(run: Run, key: Architecture) -> bool:
    answer = run.answers[key]
    exact = math.fsum(answer.by_line_usd[:, : run.horizon + 1].ravel().tolist())
    phases = sum(answer.phase_usd(phase) for phase in ("one_time", "recurring", "event"))
    totals = (answer.tco_usd, phases, float(answer.cumulative_usd[-1]))
    return all(math.isclose(total, exact, rel_tol=ADDED, abs_tol=CENT) for total in totals)


def _nothing_free(run: Run, key: Architecture) -> bool:
    """What is bought costs something, unless its row is free, the plan includes it or a discount takes it all."""
    for line in run.answers[key].bill.lines:
        if line.price is None or line.price.kind != "price" or line.average:
            continue
        free = any(row.price_usd < NOTHING for prices in line.prices for row in prices.rows)
        given = run.scenario.finance.discount_share.get(line.prices[0].provider) == 1.0
        bought = line.quantity > NOTHING
        for part in line.price.parts:
            if part.unit == "GB":  # a search of an empty index scans nothing
                bought = bought & (np.asarray(part.value) > NOTHING)
        if not (free or given) and bool((bought & (line.cost_usd == 0)).any()):
            return False
    return True


def _credits(run: Run) -> bool:
    amounts = (extra.usd or extra.usd_per_month or extra.usd_per_query or 0.0 for extra in run.scenario.extra_costs)
    return any(amount < 0 for amount in amounts)


def _grows(run: Run, key: Architecture) -> bool | None:
    return None if _credits(run) else bool((run.answers[key].monthly_usd >= -CENT).all())


def _undiscounted(run: Run, key: Architecture) -> bool:
    answer = run.answers[key]
    at_zero = Answer(answer.bill, answer.horizon, answer.queries, 0.0)
    return math.isclose(at_zero.present_value_usd, answer.tco_usd, rel_tol=ADDED, abs_tol=CENT)


Volumes = dict[Architecture, tuple[float, float]]


def _two_volumes(run: Run) -> Volumes:
    """Totals at the scenario's volume and at a higher one, from one batch [USD]."""
    now = run.scenario.workload.queries_per_month
    volumes = {VOLUME: np.array([now, min(now * MORE, MOST)])}
    usd = totals_usd(run.scenario, run.book, volumes, False, run.inputs)
    return {key: (float(each[0]), float(each[1])) for key, each in usd.items()}


def _same(run: Run, key: Architecture, tried: Volumes) -> bool:
    return math.isclose(tried[key][0], run.answers[key].tco_usd, rel_tol=RELATIVE, abs_tol=RELATIVE)


def _dearer(run: Run, key: Architecture, tried: Volumes) -> bool | None:
    """None with credits, with a fee that falls in steps, and where lines are switched off under a minimum."""
    off = run.scenario.architecture(key).switched_off
    lines = run.answers[key].bill.lines
    falls = any(
        bool((np.diff(np.stack(prices.usd), axis=0) < 0).any())
        for line in lines
        if line.component == "vector_flat"
        for prices in line.prices
    )
    capped = any(line.component == "vector_minimum" for line in lines) and any(
        name.startswith("vector_") for name in off
    )
    if _credits(run) or falls or capped:
        return None
    now, more = tried[key]
    return more >= now * (1 - ADDED) - CENT


def _equal(shown: Iterable[Crossovers | Track]) -> Check:
    roots = [root for found in shown for root in found.roots if root.kind == "crossing"]
    wrong = [
        f"{root.value:g}"
        for root in roots
        if not math.isclose(root.a_below_usd, root.b_below_usd, rel_tol=EQUAL, abs_tol=CENT)
    ]
    return Check("At a crossing both totals are equal", not wrong if roots else None, ", ".join(wrong))


def _split_ends(run: Run) -> Check:
    """With no share a split hybrid pays RAG's usage for each query, with the whole share fine-tuning's."""
    name = "A split hybrid ends in RAG and in fine-tuning"
    scenario = run.scenario
    sides: tuple[Architecture, ...] = ("rag", "fine_tuning")
    hybrid = scenario.hybrid
    alike = all(scenario.architecture(key).switched_off == hybrid.switched_off for key in sides)
    asked = hybrid.kind == "split" and {"hybrid", *sides} <= set(run.answers) - set(run.excluded)
    if not asked or not alike or hybrid.output_tokens is not None or hybrid.fine_tuning_starts_month:
        return Check(name, None)
    ends = bill(Inputs(scenario, run.book, {"hybrid.fine_tuned_share": np.array([0.0, 1.0])}), "hybrid")
    tests = scenario.rag.evaluation_queries_per_month
    used = np.broadcast_to(_per_query(ends, run.horizon), (2,))
    alone = [_per_query(run.answers[key].bill, run.horizon) for key in sides]
    same = [math.isclose(a, float(b), rel_tol=RELATIVE, abs_tol=CENT) for a, b in zip(used, alone, strict=True)]
    return Check(name, same[0] and (same[1] or bool(tests)))


def _per_query(each: Bill, horizon: int) -> Array:
    """What each query causes, over the horizon [USD], shape (...)."""
    cost = sum(
        (line.cost_usd for line in each.lines if line.component in PER_QUERY and not line.typed_in),
        np.zeros_like(each.months),
    )
    return np.asarray(each.within_horizon(cost, horizon))
