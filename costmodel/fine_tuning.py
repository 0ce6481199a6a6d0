"""What a tuned model pays, as a list of cost lines that reads like a bill."""

from __future__ import annotations

import numpy as np

from costmodel import components, rag, timeline
from costmodel.inputs import Inputs
from costmodel.ledger import (
    MILLION,
    CostLine,
    labour_line,
    metered_line,
    missing_plan,
    priced,
    typed_line,
    weeks_line,
)
from costmodel.timeline import Array, Number
from pricing.plans import job

SIDE = "fine_tuning"
SET_FIELDS = ("fine_tuning.training_examples", "fine_tuning.tokens_per_example", "fine_tuning.epochs")
FORCED_FIELDS = ("fine_tuning.updates_per_retrain", "corpus.updates_per_month")
CADENCE_FIELD = "fine_tuning.retrain_every_months"


def lines(x: Inputs) -> list[CostLine]:
    """The bill of fine-tuning: training and upkeep, the tuned model with its short prompt, observability."""
    tuning = x.fine_tuning
    traffic = rag.traffic(x)
    prompt = tuning.system_prompt_tokens + x.workload.history_tokens + x.workload.query_tokens
    answer = rag.output_tokens(x, tuning.output_tokens)
    fields = ("fine_tuning.system_prompt_tokens", *rag.PROMPT_FIELDS)
    retrains = timeline.events(retrain_interval(x), x.months)
    return [
        weeks_line(
            x,
            "weeks to build the tuned model",
            x.at_build(tuning.build_engineer_weeks),
            "fine_tuning.build_engineer_weeks",
            side=SIDE,
        ),
        *tuned_side(x, retrains, _cadence_fields(x)),
        *answers(x, traffic.calls, prompt, answer, fields, SIDE),
        rag.observability(x, tuning.observability_usd_per_month, SIDE),
    ]


def retrain_interval(x: Inputs) -> Array:
    """Months between retrainings [months]: the calendar, or content updates that force an earlier one."""
    tuning = x.fine_tuning
    forced = timeline.forced_interval(tuning.updates_per_retrain, x.corpus.updates_per_month)
    return timeline.shortest(tuning.retrain_every_months, forced)


def _cadence_fields(x: Inputs) -> tuple[str, ...]:
    """Fields that set the cadence: updates only where they force a retrain before the calendar does."""
    calendar = timeline.shortest(x.fine_tuning.retrain_every_months)
    return FORCED_FIELDS if np.any(retrain_interval(x) < calendar) else (CADENCE_FIELD,)


def tuned_side(x: Inputs, retrains: Array, cadence_fields: tuple[str, ...]) -> list[CostLine]:
    """First release, retrainings and upkeep of a tuned model; not its engineer-weeks, hosting and answers.

    `retrains` [events/month], shape (..., months).
    """
    tuning = x.fine_tuning
    new_labels = retrains * tuning.retrain_examples_share * tuning.training_examples
    return [
        _labels(x, "one_time", "examples labelled", x.at_build(tuning.training_examples)),
        _training(x, "one_time", "training until good", x.at_build(tuning.experiment_runs), "experiment_runs"),
        rag.release_evaluation(x, "one_time", x.at_build(1.0), tuning.evaluation_usd_per_release, SIDE),
        _labels(
            x,
            "event",
            "examples labelled for retraining",
            new_labels,
            "fine_tuning.retrain_examples_share",
            *cadence_fields,
        ),
        _training(x, "event", "retraining", retrains * tuning.retrain_runs, "retrain_runs", *cadence_fields),
        rag.release_evaluation(x, "event", retrains, tuning.evaluation_usd_per_release, SIDE),
        labour_line(
            x,
            "retrain_labour",
            "event",
            "hours of retraining",
            retrains * tuning.retrain_hours,
            "fine_tuning.retrain_hours",
            *cadence_fields,
            side=SIDE,
        ),
        labour_line(
            x,
            "tuned_maintenance",
            "recurring",
            "hours of upkeep",
            x.monthly(tuning.maintenance_hours_per_month),
            "fine_tuning.maintenance_hours_per_month",
            side=SIDE,
        ),
    ]


def answers(
    x: Inputs,
    calls: Array,
    prompt_tokens: Number,
    answer_tokens: Number,
    prompt_fields: tuple[str, ...],
    architecture: str,
) -> list[CostLine]:
    """Tokens and hosting of `calls` [calls/month] on the tuned model."""
    tuning = x.fine_tuning
    plan = x.plan(tuning.model)
    dedicated = tuning.hosting == "dedicated"
    bills_tokens = not dedicated or plan is None or bool(plan.fact("bills_tokens"))
    tokens = (
        rag.generation(
            x, "tuned_generation", tuning.model, calls, prompt_tokens, answer_tokens, prompt_fields, architecture
        )
        if bills_tokens
        else []
    )
    demand = calls * (np.asarray(prompt_tokens) + answer_tokens)
    return [*tokens, *_hosting(x, demand, dedicated), *_model_storage(x)]


def _labels(x: Inputs, phase: str, driver: str, examples: Array, *fields: str) -> CostLine:
    """Labelled examples; the price of a label drifts with labour [example]."""
    cost = priced(examples, x.fine_tuning.usd_per_example * x.drift("labour"))
    shaping = ("fine_tuning.training_examples", "fine_tuning.usd_per_example", *fields)
    return CostLine("labels", phase, driver, examples, "example", cost, fields=shaping, side=SIDE)


def _training(x: Inputs, phase: str, driver: str, runs: Array, runs_field: str, *fields: str) -> CostLine:
    """Training runs: max(job minimum, tokens x price) each, or the override [million_tokens or run]."""
    tuning = x.fine_tuning
    shaping = (f"fine_tuning.{runs_field}", *fields)
    if tuning.training_usd_per_run is not None:
        cost = priced(runs, tuning.training_usd_per_run)
        shaping = (*shaping, "fine_tuning.training_usd_per_run")
        return CostLine("training", phase, driver, runs, "run", cost, fields=shaping, side=SIDE)
    tokens = components.training_tokens(tuning.training_examples, tuning.tokens_per_example, tuning.epochs)
    million = runs * tokens / MILLION
    prices = x.prices(tuning.model, "training")
    if prices is None or prices.base != "token":
        missing = missing_plan(tuning.model, "training", "fine_tuning.model")
        if prices is not None:
            missing = f"{prices.price_ids[0]} is sold by the {prices.base}, which cannot be computed yet"
        cost = priced(million, np.nan)
        return CostLine("training", phase, driver, million, "million_tokens", cost, side=SIDE, missing=missing)
    cost = priced(runs, job(tokens, prices))
    shaping = (*shaping, *SET_FIELDS)
    return metered_line("training", phase, driver, million, "million_tokens", cost, prices, *shaping, side=SIDE)


def _hosting(x: Inputs, tokens_per_month: Array, dedicated: bool) -> list[CostLine]:
    tuning = x.fine_tuning
    if tuning.hosting_usd_per_month is not None:
        field = "fine_tuning.hosting_usd_per_month"
        return [typed_line(x, "tuned_hosting", "as billed", tuning.hosting_usd_per_month, field)]
    if not dedicated:
        return []
    running = x.monthly(1.0) * components.replicas(
        tokens_per_month,
        x.finance.hours_per_month,
        x.workload.peak_to_average,
        tuning.tokens_per_second_per_replica,
        tuning.target_utilisation_share,
        tuning.min_replicas,
        tuning.spare_replicas,
    )
    hours = running * x.finance.hours_per_month
    fields = (
        "fine_tuning.min_replicas",
        "fine_tuning.spare_replicas",
        "fine_tuning.tokens_per_second_per_replica",
        "fine_tuning.target_utilisation_share",
        "workload.peak_to_average",
        "finance.hours_per_month",
    )
    prices = x.prices(tuning.model, "hosting")
    driver = "hours of dedicated hosting, busy or idle"
    if prices is None:
        missing = missing_plan(tuning.model, "hosting", "fine_tuning.model")
        cost = priced(hours, np.nan)
        return [CostLine("tuned_hosting", "recurring", driver, hours, "replica_hour", cost, missing=missing)]
    cost = priced(hours, prices.usd[0])
    return [metered_line("tuned_hosting", "recurring", driver, hours, "replica_hour", cost, prices, *fields)]


def _model_storage(x: Inputs) -> list[CostLine]:
    """Storage of one tuned model, where its plan has a price for it [month]."""
    prices = x.prices(x.fine_tuning.model, "model_storage")
    if prices is None:
        return []
    kept = x.monthly(1.0)
    cost = priced(kept, prices.usd[0])
    field = "fine_tuning.model"
    return [metered_line("model_storage", "recurring", "one tuned model kept", kept, "month", cost, prices, field)]
