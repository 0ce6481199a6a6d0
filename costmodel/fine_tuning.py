"""What a tuned model pays, as a list of cost lines that reads like a bill."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from costmodel import calls, traffic, training
from costmodel.components import rented_gpus, replicas
from costmodel.inputs import Inputs
from costmodel.ledger import (
    CostLine,
    metered_line,
    missing_price,
    not_chosen,
    typed_line,
    unknown_line,
    weeks_line,
)
from costmodel.terms import Term, applied, given, product, total
from costmodel.traffic import Prompt
from costmodel.training import SIDE, Tuned

CAPACITY = (
    "workload.peak_to_average",
    "fine_tuning.tokens_per_second_per_replica",
    "fine_tuning.target_utilisation_share",
    "fine_tuning.min_replicas",
    "fine_tuning.spare_replicas",
)


def lines(x: Inputs) -> list[CostLine]:
    """The bill of fine-tuning: training and upkeep, the tuned model with its short prompt."""
    side, prompt, queries = training.alone(x), traffic.tuned_prompt(x), traffic.live(x)
    asked = traffic.calls(x, queries)
    return [
        weeks_line(x, "weeks to build the tuned model", x.at_build(x.read("fine_tuning.build_engineer_weeks")), SIDE),
        *training.lines(x, side),
        *answers(x, side, asked, None, prompt),
        *calls.guardrail(x, queries, prompt, SIDE),
        typed_line(x, "observability", "months of operation", "fine_tuning.observability_usd_per_month"),
    ]


def answers(
    x: Inputs, side: Tuned, asked: Term, tested: Term | None, prompt: Prompt, searches: Term | None = None
) -> list[CostLine]:
    """Tokens, hosting and storage of a tuned side that serves `asked` and `tested` [calls].

    With `searches` [searches] it rewrites the queries before them too. Token lines are empty where only hours are
    billed.
    """
    component = "router" if side.router else "tuned_generation"
    every = asked if tested is None else total("calls", "calls", asked, tested)
    served = product("tokens served", "tokens", every, total("tokens of a call", "tokens", prompt.whole, prompt.answer))
    billed = _by_tokens(x, side)
    found: list[CostLine] = []
    if searches is not None:
        found, rewritten = calls.rewriting(x, side.model, searches, asked_by=side.model_path, side=SIDE, months=billed)
        served = total("tokens served", "tokens", served, rewritten) if found else served
    if billed is True or np.any(billed):
        found = [
            *found,
            *calls.generation(
                x, component, side.model, asked, tested, prompt, asked_by=side.model_path, side=SIDE, months=billed
            ),
        ]
    else:
        found = []
    return [*found, *_hosting(x, side, served), *_model_storage(x, side)]


def _by_tokens(x: Inputs, side: Tuned) -> Any:
    """Months in which the tuned side's tokens are billed: serverless, or a deployment whose plan bills both."""
    if side.own_weights:
        return False
    if not side.hosted or side.model is None:
        return True
    serving = x.segments(side.model)
    billing = [segment for segment in serving if (plan := x.plan(segment.ref)) and plan.fact("bills_tokens")]
    if len(billing) == len(serving):
        return True
    return np.any([np.zeros(x.months.shape, dtype=bool), *(segment.months for segment in billing)], axis=0)


def _hosting(x: Inputs, side: Tuned, served: Term) -> list[CostLine]:
    """Replicas by the hour, busy or idle; or the amount typed in."""
    component = "router_hosting" if side.router else "tuned_hosting"
    running = side.running(x)
    if not side.router and x.fine_tuning.hosting_usd_per_month is not None:
        line = typed_line(x, component, "as billed", "fine_tuning.hosting_usd_per_month")
        return [line.during(running)]
    if not side.hosted:
        return []
    capacity = [x.read(path) for path in CAPACITY]
    hours = x.read("finance.hours_per_month")
    kept = applied(replicas, served, hours, *capacity).during(running)
    if side.own_weights:
        paid = _gpu_hours(x, kept, hours)
        driver = "hours of rented GPUs, busy or idle"
        return [_hours_line(x, component, driver, paid, "gpu_hour", x.fine_tuning.gpu, "gpu", "fine_tuning.gpu")]
    driver = "hours of dedicated hosting, busy or idle"
    paid = product("replica-hours", "hours", kept, hours)
    serving = x.segments(side.model)
    return [
        _hours_line(
            x,
            component,
            driver,
            paid if len(serving) == 1 else paid.during(segment.months),
            "replica_hour",
            segment.ref,
            "hosting",
            side.model_path,
        )
        for segment in serving
    ]


def _gpu_hours(x: Inputs, kept: Term, hours: Term) -> Term:
    """Hours of the GPUs of the replicas that are kept, and of those that have to be rented with them [GPU-hours]."""
    each, plan = x.read("fine_tuning.gpus_per_replica"), x.plan(x.fine_tuning.gpu)
    least = plan.fact("min_gpus") if plan else None
    if plan is None or least is None:
        return product("GPU-hours", "GPU-hours", kept, each, hours)
    needed = product("GPUs of the replicas", "GPUs", kept, each)
    rented = applied(rented_gpus, needed, given("GPUs that are rented together", "GPUs", float(least)))
    if np.any(rented.value > needed.value):
        x.warn(f"{plan.ref} is rented by {least:g} GPUs at a time; those that the replicas leave over are paid too")
    return product("GPU-hours", "GPU-hours", rented, hours)


def _hours_line(
    x: Inputs, component: str, driver: str, hours: Term, unit: str, ref: str | None, meter: str, asked_by: str
) -> CostLine:
    prices = x.prices(ref, meter)
    if prices is None:
        missing = not_chosen(asked_by) if ref is None else missing_price(f"{ref}:{meter}")
        line = unknown_line(component, "recurring", driver, hours, unit, 1.0, missing)
        return replace(line, cost_usd=np.where(x.months > 0, np.nan, 0.0)) if ref is None else line
    return metered_line(x, component, "recurring", driver, hours, unit, prices)


def _model_storage(x: Inputs, side: Tuned) -> list[CostLine]:
    """Storage of one tuned model, where its plan has a price for it [month]."""
    if side.own_weights:
        return []
    found = []
    for segment in x.segments(side.model):
        prices = x.prices(segment.ref, "model_storage")
        if prices is not None:
            kept = given("one tuned model", "months", 1.0).during(side.running(x) & segment.months)
            found.append(metered_line(x, "model_storage", "recurring", "one tuned model kept", kept, "month", prices))
    return found
