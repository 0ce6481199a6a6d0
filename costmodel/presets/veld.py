"""Veld Systems' support system, and the two ends of its published cost ranges."""

from __future__ import annotations

from typing import Any

from costmodel.presets.common import COMMON
from costmodel.presets.preset import Preset, guess, preset, sourced
from costmodel.presets.sources import (
    FEW_SHOT,
    GABER,
    LABEL_PRICES,
    LEVER,
    LMSYS,
    PROMPT_LENGTH,
    SHORT_PROMPT,
    TWICE,
    VELD,
)

ROUTED_SUPPORT = preset(
    "routed-support",
    "Support system with a trained router",
    "A small tuned model reads each request and names its intent, then RAG answers from the right knowledge base. "
    "The tuned model cannot answer by itself, so fine-tuning alone is not compared.",
    f"{VELD}: both; the tuned classifier raised routing accuracy from 78 to 96 percent, RAG keeps answers current.",
    ("hybrid",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(f"{LEVER}; {GABER}: 100K queries a month for a support bot")),
        "workload.query_tokens": (70, sourced(LMSYS)),
        "workload.output_tokens": (215, sourced(LMSYS)),
        "workload.system_prompt_tokens": (500, sourced(f"{PROMPT_LENGTH}; the middle")),
        "workload.response_cache_hit_share": (
            0.2,
            sourced("Preto, LLM Semantic Caching: 20-45 % in production (sells caching; low end taken)"),
        ),
        "corpus.documents": (300, guess("a help centre of 300 articles")),
        "corpus.updates_per_month": (4, sourced(f"{LEVER}; {VELD}: documentation that updates weekly")),
        "corpus.changed_share_per_update": (
            0.03,
            sourced("HappySupport, April 2026: between 1 and 8 % of articles per release; geometric mean"),
        ),
        "rag.preparation_hours": (40, guess("a week to clean 300 articles")),
        "fine_tuning.model": (
            "azure/ministral-3b global",
            sourced(f"{VELD}: a small model; the smallest with a dated price for tuning and hosting"),
        ),
        "fine_tuning.system_prompt_tokens": (
            50,
            sourced(f"{SHORT_PROMPT}; the low end"),
        ),
        "fine_tuning.output_tokens": (5, guess("the name of an intent")),
        "fine_tuning.training_examples": (750, sourced(f"{VELD}: minimum 500 to 1,000 examples")),
        "fine_tuning.usd_per_example": (
            0.1,
            sourced(f"{LABEL_PRICES}: 0.05-0.15 USD for a single-label classification; the middle"),
        ),
        "fine_tuning.tokens_per_example": (265, sourced("sum of router prompt, history, query and label")),
        "fine_tuning.build_engineer_weeks": (
            4,
            sourced(f"{GABER}: 4-10 engineer-weeks; the low end, for a task with one label"),
        ),
        "fine_tuning.build_calendar_weeks": (4, sourced(f"{VELD}: 4 to 8 weeks; the low end, for one label")),
        "fine_tuning.updates_per_retrain": (24, guess(TWICE)),
        "hybrid.kind": ("routed", sourced(f"{VELD}: a tuned classifier identifies the intent, then RAG answers")),
        "hybrid.router_answers_share": (0, sourced(f"{VELD}: the classifier only routes; RAG answers every request")),
        "hybrid.router_model": (
            "azure/ministral-3b global",
            sourced(f"{VELD}: a small model; the smallest with a dated price for tuning and hosting"),
        ),
        "hybrid.router_hosting": ("dedicated", sourced("the plan's own terms: a tuned model is hosted by the hour")),
        "hybrid.router_prompt_tokens": (
            50,
            sourced(f"{SHORT_PROMPT}; the low end"),
        ),
        "hybrid.router_output_tokens": (5, guess("the name of an intent")),
        "hybrid.router_training_examples": (750, sourced(f"{VELD}: minimum 500 to 1,000 examples")),
        "hybrid.build_calendar_weeks": (7, guess("one after the other")),
        "hybrid.added_latency_ms": (450, sourced(f"{VELD}: 200 to 500 milliseconds, and under 100 for the classifier")),
        "prompting.few_shot_tokens": (1140, sourced(f"{FEW_SHOT}; 4 x (70 + 215) tokens")),
        "finance.compared": (("rag", "hybrid"), sourced(f"{VELD}: the classifier alone answers nothing")),
    },
)


def _typed_in(architecture: str, usd: int) -> dict[str, Any]:
    return {
        "architecture": architecture,
        "component": "build_labour",
        "phase": "one_time",
        "months": (0, 0),
        "usd": usd,
        "note": f"{VELD}: initial build",
    }


def _published(
    id_: str, end: str, rag: tuple[int, int], tuned: tuple[int, int, int], weeks: tuple[int, int], saves: str
) -> Preset:
    """One end of the published ranges: builds and months of both sides, one retraining run, weeks to launch."""
    (rag_build, rag_month), (tuned_build, tuned_month, a_run) = rag, tuned
    return preset(
        id_,
        f"Published cost range, {end} end",
        f"The source's own bill at the {end} end of its ranges and nothing else: builds, hosting and four retrainings "
        "in 12 months; no queries, because it prices none.",
        f"{VELD}: RAG, usually 40 to 60 percent cheaper over 12 months; "
        f"its own figures at the {end} end give {saves}, so the claim agrees with them.",
        ("rag",),
        {},
        {
            "workload.queries_per_month": (0, sourced(f"{LEVER}; the source counts no tokens")),
            "rag.hosting_usd_per_month": (
                rag_month,
                sourced(f"{VELD}: vector database hosting at 50 to 500 USD a month"),
            ),
            "rag.build_calendar_weeks": (weeks[0], sourced(f"{VELD}: 2 to 4 weeks")),
            "rag.switched_off": (("generation",), sourced(f"{VELD}: API costs for generation are named, not given")),
            "fine_tuning.experiment_runs": (0, sourced(f"{VELD}: the initial build includes the training runs")),
            "fine_tuning.training_usd_per_run": (a_run, sourced(f"{VELD}: 500 to 2,000 USD per training run")),
            "fine_tuning.retrain_every_months": (
                3,
                sourced(f"{LEVER}; quarterly, the source says only when knowledge changes significantly"),
            ),
            "fine_tuning.hosting_usd_per_month": (
                tuned_month,
                sourced(f"{VELD}: model hosting at 200 to 1,000 USD a month"),
            ),
            "fine_tuning.build_calendar_weeks": (weeks[1], sourced(f"{VELD}: 4 to 8 weeks")),
            "fine_tuning.switched_off": (
                ("tuned_generation",),
                sourced(f"{VELD}: the self-hosted case, which pays no tokens"),
            ),
            "finance.horizon_months": (12, sourced(f"{LEVER}; {VELD}: total cost of ownership over 12 months")),
            "finance.compared": (("rag", "fine_tuning"), sourced(f"{VELD}: prices no hybrid")),
            "extra_costs": (
                [_typed_in("rag", rag_build), _typed_in("fine_tuning", tuned_build)],
                sourced(f"{VELD}: initial build 15,000 to 40,000 USD for RAG, 30,000 to 80,000 for fine-tuning"),
            ),
        },
    )


PUBLISHED_LOW = _published("published-low", "low", (15_000, 50), (30_000, 200, 500), (2, 4), "54.65 %")
PUBLISHED_HIGH = _published("published-high", "high", (40_000, 500), (80_000, 1_000, 2_000), (4, 8), "54 %")
