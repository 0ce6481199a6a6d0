"""What a bill is for, in a manager's words: the build, retraining and how often, model tokens, upkeep."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from costmodel.difference import costs
from costmodel.families import FAMILY_OF
from costmodel.results import Answer
from report.line_words import in_sentence, purpose_words
from report.sentence import how_often

BUILD, RETRAINING, REINDEXING, TYPED_IN = "the build", "retraining", "re-indexing", "extra costs"
RETRAINED = ("labels", "training", "release_evaluation", "retrain_labour", "revalidation")
"""Components of a retraining, where they are events; the last of them also comes without one."""
REINDEXED = ("parsing", "corpus_embedding", "vector_writes")
"""Components of a re-index, where they are events."""


def reason_of(component: str, phase: str) -> str:
    """What a line of a bill is for."""
    if phase == "one_time" and component != "launch_delay":
        return BUILD
    if component not in FAMILY_OF:
        return TYPED_IN
    if phase == "event" and component in RETRAINED:
        return RETRAINING
    if phase == "event" and component in REINDEXED:
        return REINDEXING
    return in_sentence(purpose_words(component))


def reasons(answer: Answer, *, present: bool = False) -> dict[str, float]:
    """What a total is for [USD], nominal or in present value; the amounts add up to it. No price may be missing."""
    found: dict[str, float] = {}
    for (component, phase), usd in costs(answer, present=present).items():
        reason = reason_of(component, phase)
        found[reason] = found.get(reason, 0.0) + (usd or 0.0)
    return found


def largest_saving(dear: Mapping[str, float], cheap: Mapping[str, float]) -> tuple[str, float]:
    """The reason for which the dear bill pays most more than the cheap one, and how much more [USD]."""
    saved = {reason: usd - cheap.get(reason, 0.0) for reason, usd in dear.items()}
    saved |= {reason: -usd for reason, usd in cheap.items() if reason not in dear}
    reason = max(saved, key=lambda each: saved[each], default="")
    return reason, saved.get(reason, 0.0)


def reason_words(answer: Answer, reason: str) -> str:
    """A reason in words; retraining says how often it happens where that is regular."""
    if reason != RETRAINING:
        return reason
    retrained = [line.phase == "event" and line.component in RETRAINED for line in answer.bill.counted]
    happens = np.flatnonzero(answer.by_line_usd[retrained, : answer.horizon + 1].any(axis=0)).tolist()
    gaps = {after - before for before, after in pairwise([0, *happens])}
    return f"{RETRAINING} {how_often(gaps.pop())}" if len(gaps) == 1 and len(happens) > 1 else RETRAINING
