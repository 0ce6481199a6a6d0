"""What a tuned model pays, as a list of cost lines that reads like a bill."""

from __future__ import annotations

import numpy as np

from costmodel import components, rag, timeline
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, labour_line, metered_line, token_line, typed_line, weeks_line
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
        *tuned_side(x, retrains, (CADENCE_FIELD, *FORCED_FIELDS)),
        *answers(x, traffic.calls, prompt, answer, fields, SIDE),
        rag.observability(x, tuning.observability_usd_per_month, SIDE),
    ]


def retrain_interval(x: Inputs) -> Array:
    """Months between retrainings [months]: the calendar, or content updates that force an earlier one."""
    tuning = x.fine_tuning
    forced = timeline.forced_interval(tuning.updates_per_retrain, x.corpus.updates_per_month)
    return timeline.shortest(tuning.retrain_every_months, forced)


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
    bills_tokens = not dedicated or (plan is not None and bool(plan.fact("bills_tokens")))
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
    rate = x.fine_tuning.usd_per_example * x.drift("labour")
    cost = np.where(examples != 0, examples * rate, 0.0)
    shaping = ("fine_tuning.training_examples", "fine_tuning.usd_per_example", *fields)
    return CostLine("labels", phase, driver, examples, "example", cost, fields=shaping, side=SIDE)


def _training(x: Inputs, phase: str, driver: str, runs: Array, runs_field: str, *fields: str) -> CostLine:
    """Training runs: max(job minimum, tokens x price) each, or the override [million_tokens, GPU-hour or run]."""
    tuning = x.fine_tuning
    shaping = (f"fine_tuning.{runs_field}", *SET_FIELDS, *fields)
    if tuning.training_usd_per_run is not None:
        line = typed_line(
            x, "training", phase, driver, runs, "run", tuning.training_usd_per_run, "fine_tuning.training_usd_per_run"
        )
        return CostLine(
            line.component,
            phase,
            driver,
            runs,
            "run",
            line.cost_usd,
            fields=(f"fine_tuning.{runs_field}", *line.fields, *fields),
            side=SIDE,
        )
    tokens = components.training_tokens(tuning.training_examples, tuning.tokens_per_example, tuning.epochs)
    prices = x.prices(tuning.model, "training")
    if prices is None or prices.base != "token":
        missing = token_line(
            x, "training", phase, driver, runs * tokens, tuning.model, "training", 0.0, *shaping, asked_by="", side=SIDE
        )
        unknown = np.where(runs > 0, np.nan, 0.0)
        name = "fine_tuning.model: none is chosen" if tuning.model is None else f"{tuning.model}:training"
        return CostLine(
            "training", phase, driver, missing.quantity, "million_tokens", unknown, fields=shaping, missing=name
        )
    per_run = job(tokens, prices)
    cost = np.where(runs != 0, runs * np.where(runs != 0, per_run, 0.0), 0.0)
    return metered_line(
        "training", phase, driver, runs * tokens / 1e6, "million_tokens", cost, prices, *shaping, side=SIDE
    )


def _hosting(x: Inputs, tokens_per_month: Array, dedicated: bool) -> list[CostLine]:
    tuning = x.fine_tuning
    if tuning.hosting_usd_per_month is not None:
        field = "fine_tuning.hosting_usd_per_month"
        months = x.monthly(1.0)
        return [
            typed_line(
                x, "tuned_hosting", "recurring", "as billed", months, "month", tuning.hosting_usd_per_month, field
            )
        ]
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
        name = "fine_tuning.model: none is chosen" if tuning.model is None else f"{tuning.model}:hosting"
        unknown = np.where(hours > 0, np.nan, 0.0)
        return [
            CostLine("tuned_hosting", "recurring", driver, hours, "replica_hour", unknown, fields=fields, missing=name)
        ]
    cost = np.where(hours != 0, hours * np.where(hours != 0, prices.usd[0], 0.0), 0.0)
    return [metered_line("tuned_hosting", "recurring", driver, hours, "replica_hour", cost, prices, *fields)]


def _model_storage(x: Inputs) -> list[CostLine]:
    prices = x.prices(x.fine_tuning.model, "model_storage")
    if prices is None:
        return []
    kept = x.monthly(1.0)
    cost = np.where(kept != 0, np.where(kept != 0, prices.usd[0], 0.0), 0.0)
    return [
        metered_line(
            "model_storage", "recurring", "one tuned model kept", kept, "month", cost, prices, "fine_tuning.model"
        )
    ]
