"""What plain prompting pays: the base model with a few examples in every prompt."""

from __future__ import annotations

from costmodel import calls, migration, traffic
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, labour_line, release, release_evaluation, typed_line, weeks_line

SIDE = "prompting"
EVALUATION = "prompting.evaluation_usd_per_release"


def lines(x: Inputs) -> list[CostLine]:
    """The bill of prompting: no retrieval, no training."""
    queries, prompt = traffic.live(x), traffic.few_shot_prompt(x)
    model, asked_by = x.prompting.model, "prompting.model"
    return [
        weeks_line(x, "weeks to write the prompt", x.at_build(x.read("prompting.build_engineer_weeks")), SIDE),
        release_evaluation(x, "one_time", release(x), EVALUATION, SIDE),
        *calls.generation(x, "generation", model, traffic.calls(x, queries), None, prompt, asked_by=asked_by),
        *calls.guardrail(x, queries, prompt),
        *migration.of_retrieval(x, "prompting", model, EVALUATION),
        labour_line(
            x,
            "prompt_maintenance",
            "recurring",
            "hours of upkeep",
            x.monthly(x.read("prompting.maintenance_hours_per_month")),
        ),
        typed_line(x, "observability", "months of operation", "prompting.observability_usd_per_month"),
    ]
