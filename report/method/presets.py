"""What the presets rest on: why each has its figures, what its source advises, how far to trust it."""

from __future__ import annotations

from costmodel.presets import PRESETS, sources
from report.method.blocks import Paragraph, Points, Section, Table

HONESTLY = (
    f"{sources.GABER}: the author calls the numbers illustrative. They are one practitioner's experience, no survey; "
    "the weeks of work in the presets rest on them.",
    "The same source compares a basic retrieval pipeline (1-3 engineer-weeks) with a robust tuning pipeline (4-10): "
    "not quite like with like.",
    f"{sources.VELD}: its weeks are calendar weeks to launch, not weeks of work, and feed the time to launch alone.",
    f"{sources.CHOOSING}: reranking 20 results down to 5 is its advice; its 500-token chunk is a warning, and is not "
    "taken as a chunk size.",
    "Lengths of prompts and answers come from general chat, not from support or sales; a reported error is not always "
    "a retry, so the share of retries is an upper bound.",
    "Vendors who sell the remedy (caching, retraining) are taken at the cautious end of what they say.",
    "No published figure was found for upkeep hours, release evaluations and how many updates force a retraining. "
    "They are guesses; upkeep and evaluations are the same on every side, so that they favour none.",
)


def sections() -> tuple[Paragraph | Section, ...]:
    """What the sources say of themselves, then the presets."""
    rows = tuple((each.name, each.reason, each.advice) for each in PRESETS.values())
    return (
        Paragraph(
            "Every value of a preset names its source or says that it is a guess; the Overview says how much of each "
            "total rests on guesses."
        ),
        Section("honestly", "What to know of the sources", (Points(HONESTLY),)),
        Section(
            "presets-all",
            "The presets",
            (Table(("Preset", "Its figures", "Advice of its source"), rows),),
            True,
            f"{len(rows)} presets",
        ),
    )
