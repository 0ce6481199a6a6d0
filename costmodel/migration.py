"""What moving to a successor costs when a model retires: an event in its month."""

from __future__ import annotations

from typing import Any

import numpy as np

from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, labour_line, release_evaluation
from costmodel.terms import Term, given, product


def months_of(x: Inputs, ref: str | None) -> list[int]:
    """Months in which the model of a reference is left for its successor."""
    if ref is None or len(serving := x.segments(ref)) == 1:
        return []
    return [segment.first for segment in serving[1:]]


def moves(x: Inputs, ref: str | None, after: Any = 0) -> Term | None:
    """Migrations by month [migrations], those in months up to `after` aside; None when there is none."""
    months = months_of(x, ref)
    if not months:
        return None
    return given("migrations", "migrations", (np.isin(x.months, months) & (x.months > after)).astype(float))


def of_retrieval(x: Inputs, architecture: str, ref: str | None, evaluation: str) -> list[CostLine]:
    """A base or embedding model is left: the migration hours of `architecture`, and an evaluation.

    `evaluation` is the path of what an evaluation costs.
    """
    found = moves(x, ref)
    if found is None:
        return []
    hours = product("hours", "hours", found, x.read(f"{architecture}.migration_hours"))
    side = evaluation.split(".")[0]
    return [
        labour_line(x, "migration", "event", f"hours to leave {ref}", hours, side),
        release_evaluation(x, "event", found.named("releases", "releases"), evaluation, side),
    ]
