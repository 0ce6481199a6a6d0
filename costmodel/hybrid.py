"""What a grounded hybrid pays: the tuned model answers every query with retrieved context."""

from __future__ import annotations

import numpy as np

from costmodel import fine_tuning, rag, timeline
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, weeks_line

CADENCE_FIELDS = ("hybrid.retrain_every_months", "fine_tuning.retrain_every_months")


def lines(x: Inputs) -> list[CostLine]:
    """The bill of a grounded hybrid: retrieval in full, training in full, and never the base model.

    Content updates force no retrain: knowledge sits in retrieval.
    """
    hybrid, tuning = x.hybrid, x.fine_tuning
    traffic = rag.traffic(x)
    top_k = x.rag.top_k if hybrid.top_k is None else hybrid.top_k
    prompt = (
        tuning.system_prompt_tokens + x.workload.history_tokens + x.workload.query_tokens + rag.context_tokens(x, top_k)
    )
    own = tuning.output_tokens if hybrid.output_tokens is None else hybrid.output_tokens
    cadence = tuning.retrain_every_months if hybrid.retrain_every_months is None else hybrid.retrain_every_months
    retrains = timeline.events(timeline.shortest(cadence), x.months)
    tuned_weeks = tuning.build_engineer_weeks * (1.0 - np.asarray(hybrid.shared_build_share))
    fields = ("fine_tuning.system_prompt_tokens", *rag.PROMPT_FIELDS, *rag.CONTEXT_FIELDS, "hybrid.top_k")
    return [
        *rag.knowledge(x),
        weeks_line(
            x,
            "weeks to build the tuned model, less what retrieval shares",
            x.at_build(tuned_weeks),
            "fine_tuning.build_engineer_weeks",
            "hybrid.shared_build_share",
            side=fine_tuning.SIDE,
        ),
        *fine_tuning.tuned_side(x, retrains, CADENCE_FIELDS),
        *fine_tuning.answers(
            x, traffic.calls + traffic.evaluation_calls, prompt, rag.output_tokens(x, own), fields, "hybrid"
        ),
        rag.observability(x, hybrid.observability_usd_per_month, "hybrid"),
    ]
