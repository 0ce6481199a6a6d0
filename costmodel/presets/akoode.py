"""Akoode Technologies' legal assistant for an Indian law firm."""

from __future__ import annotations

from costmodel.presets.common import COMMON
from costmodel.presets.preset import guess, on_every_side, preset, sourced
from costmodel.presets.sources import (
    AKOODE,
    COMPLETIONS,
    EXAMPLE_SUM,
    EXPERT_PROMPT,
    FEW_SHOT,
    JUDGMENTS,
    LABEL_PRICES,
    LEVER,
    LMSYS,
    SHORTER_PROMPT,
    TRACE_PRICES,
    TWICE,
)

LEGAL_ASSISTANT = preset(
    "legal-assistant",
    "Legal assistant for a law firm",
    "A firm's own volume; terms, statute names and citation format are tuned in, cases, regulations and client "
    "matters are retrieved. Wages are the US ones of the other presets.",
    f"{AKOODE}: both, tuning for legal terms and citation form, retrieval for what is current.",
    ("hybrid",),
    COMMON,
    {
        "workload.queries_per_month": (20_000, sourced(f"{LEVER}; 100 lawyers with ten questions a working day")),
        "workload.query_tokens": (70, sourced(LMSYS)),
        "workload.history_tokens": (235, sourced(f"{LMSYS}: (2.0 - 1) / 2 x (70 + 400) tokens")),
        "workload.output_tokens": (400, sourced(COMPLETIONS)),
        "workload.system_prompt_tokens": (1400, sourced(EXPERT_PROMPT)),
        "corpus.documents": (10_000, guess("a firm's case library, regulations and client matters")),
        "corpus.tokens_per_document": (6400, sourced(JUDGMENTS)),
        "corpus.monthly_growth_share": (0.01, guess("100 new documents in the first month")),
        "corpus.updates_per_month": (4, sourced(f"{LEVER}; current regulations and matters, weekly assumed")),
        "corpus.changed_share_per_update": (0.005, guess("50 of 10,000 documents in a week")),
        "rag.preparation_hours": (
            120,
            guess(f"three weeks; {AKOODE} says only that it takes more engineering time than most teams plan for"),
        ),
        "fine_tuning.system_prompt_tokens": (140, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (
            1000,
            sourced(f"{AKOODE}: one thousand well-structured examples outperform ten thousand inconsistent ones"),
        ),
        "fine_tuning.usd_per_example": (
            12.5,
            sourced(f"{LABEL_PRICES}: 5-20 USD for an expert's judgement (medical, legal, code); the middle"),
        ),
        "fine_tuning.tokens_per_example": (845, sourced(EXAMPLE_SUM)),
        "fine_tuning.updates_per_retrain": (24, guess(TWICE)),
        **on_every_side("observability_usd_per_month", 37, sourced(f"{TRACE_PRICES}; 20,000 traces")),
        "hybrid.kind": ("grounded", sourced(f"{AKOODE}: RAG on top of the tuned model")),
        "prompting.few_shot_tokens": (1880, sourced(f"{FEW_SHOT}; 4 x (70 + 400) tokens")),
    },
)
