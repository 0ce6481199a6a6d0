"""Named scenarios, each value with its source or marked as a guess; volume and growth are the user's levers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from costmodel.changes import changed
from costmodel.scenario import Scenario


@dataclass(frozen=True)
class Source:
    """Where a value comes from; a guess says what it was thought of, not where it was found."""

    text: str
    guess: bool = False


@dataclass(frozen=True, eq=False)
class Preset:
    """A scenario to start from, why its figures are what they are, and what its source advises."""

    id: str
    scenario: Scenario
    reason: str
    advice: str
    sources: Mapping[str, Source]

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name


Value = tuple[Any, Source]

GABER = "Andy Gaber, RAG vs. Fine-Tuning: When Each One Actually Wins"
AKOODE = "Akoode Technologies, RAG vs Fine-Tuning: Which AI Approach Is Right for You?"
VELD = "Veld Systems, blog post on fine-tuning versus RAG"
CHOOSING = "Fine-Tuning vs RAG: Choosing the Right Approach for Your LLM Product"
LMSYS = "Zheng et al., LMSYS-Chat-1M, 2024: 69.5 tokens per prompt, 214.5 per response, 2.0 turns (general chat)"
PROMPT_LENGTH = "Wild & Free Tools, How Long Should a System Prompt Be?, April 2026: 200-800 tokens for most chatbots"
SHORTER_PROMPT = "OpenAI, GPT-3.5 Turbo fine-tuning and API updates, 2023: prompts shrink by up to 90 % (best case)"
CHUNKS = "Zentric Solutions, RAG chatbot for customer support, 2026: 512 tokens with 50 overlap, common to start"
QDRANT = "Qdrant, Capacity Planning: vectors x dimensions x 4 bytes x 1.5"
ARTICLES = "HelpDocs, Writing Clear and Digestible Knowledge Base Articles: under 500 words, 1.33 tokens a word"
ERTAS = "Ertas, Fine-Tuned Model Ops: quarterly retraining for stable models (a vendor's advice)"
OPENAI_END = "OpenAI, Deprecations: self-serve fine-tuning ends; a tuned open model on dedicated hosting instead"
LEVER = "a lever: the user's own figure"


def _sourced(text: str) -> Source:
    return Source(text)


def _guess(text: str) -> Source:
    return Source(text, guess=True)


COMMON: dict[str, Value] = {
    "workload.monthly_growth_share": (0.02, _sourced(LEVER)),
    "workload.retry_share": (
        0.02,
        _sourced("Datadog, State of AI Engineering, 2026: 2 % of LLM calls report an error (taken as retried)"),
    ),
    "workload.history_tokens": (140, _sourced(f"{LMSYS}: (2.0 - 1) / 2 x 284 tokens")),
    "corpus.tokens_per_document": (650, _sourced(ARTICLES)),
    "corpus.chunk_tokens": (512, _sourced(CHUNKS)),
    "corpus.chunk_overlap_tokens": (50, _sourced(CHUNKS)),
    "rag.model": ("openai/gpt-6.1-sol", _sourced(f"{GABER}: a frontier model per query")),
    "rag.embedding_model": (
        "openai/text-embedding-3-small",
        _sourced("LlamaIndex documentation, OpenAI Embeddings: the worked example's model"),
    ),
    "rag.embedding_dimensions": (1536, _sourced("LlamaIndex documentation, OpenAI Embeddings: 1536 dimensions")),
    "rag.bytes_per_dimension": (4, _sourced(QDRANT)),
    "rag.index_overhead_share": (0.5, _sourced(QDRANT)),
    "rag.vector_store": (
        "pinecone/serverless standard aws us-east-1",
        _sourced(f"{GABER}: a managed store at 50-500 USD a month; Pinecone is the first named"),
    ),
    "rag.top_k": (5, _sourced(f"{CHOOSING}: the top 5 of 20 results")),
    "rag.build_engineer_weeks": (2, _sourced(f"{GABER}: 1-3 engineer-weeks for a basic implementation")),
    "rag.evaluation_usd_per_release": (1000, _guess("the same on both sides, so that it favours neither")),
    "rag.hours_per_update": (1, _guess("an hour to check one content update")),
    "rag.maintenance_hours_per_month": (12, _guess("the same on both sides, so that it favours neither")),
    "rag.build_calendar_weeks": (3, _sourced(f"{VELD}: 2 to 4 weeks")),
    "rag.added_latency_ms": (350, _sourced(f"{VELD}: 200 to 500 milliseconds")),
    "rag.observability_usd_per_month": (77, _sourced("Langfuse, published example: 100,000 traces a month, Oct 2026")),
    "fine_tuning.model": ("azure/gpt-oss-20b global", _sourced(OPENAI_END)),
    "fine_tuning.hosting": ("dedicated", _sourced(OPENAI_END)),
    "fine_tuning.epochs": (3, _sourced("OpenAI, fine-tuning guide: the worked example trains 3 epochs")),
    "fine_tuning.experiment_runs": (
        5,
        _sourced("How Much Does a Custom LLM Fine-Tuning Project Cost?, May 2026: typically 3-10 runs"),
    ),
    "fine_tuning.usd_per_example": (3, _sourced(f"{GABER}: 1-5 USD per example to produce and validate")),
    "fine_tuning.evaluation_usd_per_release": (1000, _guess("the same on both sides, so that it favours neither")),
    "fine_tuning.retrain_every_months": (3, _sourced(ERTAS)),
    "fine_tuning.retrain_examples_share": (0.2, _guess("a fifth of the examples is labelled anew")),
    "fine_tuning.retrain_hours": (
        8,
        _sourced("Fine-tuning is maintenance, not a one-time cost, May 2025: a senior engineer can do a run in a day"),
    ),
    "fine_tuning.build_engineer_weeks": (7, _sourced(f"{GABER}: 4-10 engineer-weeks for a robust pipeline")),
    "fine_tuning.maintenance_hours_per_month": (12, _guess("the same on both sides, so that it favours neither")),
    "fine_tuning.build_calendar_weeks": (6, _sourced(f"{VELD}: 4 to 8 weeks")),
    "fine_tuning.observability_usd_per_month": (
        77,
        _sourced("Langfuse, published example: 100,000 traces a month, Oct 2026"),
    ),
    "hybrid.build_calendar_weeks": (9, _guess("one after the other")),
    "hybrid.added_latency_ms": (350, _sourced(f"{VELD}: 200 to 500 milliseconds")),
    "hybrid.observability_usd_per_month": (
        77,
        _sourced("Langfuse, published example: 100,000 traces a month, Oct 2026"),
    ),
    "people.engineer_usd_per_week": (
        3738,
        _sourced("BLS: software developers' median wage 135,980 USD x 46.60 / 32.60 employer cost / 52 weeks"),
    ),
    "people.contingency_share": (0.2, _sourced("Far Reach, budget contingencies: 20 % on top of the estimate")),
    "finance.discount_rate_annual": (
        0.093,
        _sourced("Aswath Damodaran, Cost of Equity and Capital (US), January 2026: software"),
    ),
}

DEFAULT_PRESET = "pricing-brand-voice"


def _preset(id_: str, name: str, reason: str, advice: str, own: Mapping[str, Value]) -> Preset:
    values = {**COMMON, **own}
    scenario = changed(Scenario(name=name, preset=id_), {path: value for path, (value, _) in values.items()})
    return Preset(id_, scenario, reason, advice, {path: source for path, (_, source) in values.items()})


PRESETS: dict[str, Preset] = {
    preset.id: preset
    for preset in (
        _preset(
            DEFAULT_PRESET,
            "Sales chat: prices in brand voice",
            "Volume and growth are set where the answer is contested: RAG and fine-tuning cross within 24 months. "
            "Everything else was sourced first.",
            f"{GABER}, scenario 3: both, RAG for prices that change and fine-tuning for the voice.",
            {
                "workload.queries_per_month": (200_000, _sourced(f"{LEVER}; set where the answer is contested")),
                "workload.query_tokens": (70, _sourced(LMSYS)),
                "workload.output_tokens": (215, _sourced(LMSYS)),
                "workload.system_prompt_tokens": (800, _sourced(f"{PROMPT_LENGTH}; the top, for the voice rules")),
                "workload.response_cache_hit_share": (
                    0.1,
                    _sourced("UnitCostAI, Cache hit rate for RAG: 5-15 % where questions repeat little"),
                ),
                "corpus.documents": (200, _guess("a price list and its product pages")),
                "corpus.updates_per_month": (4, _sourced(f"{LEVER}; prices change, weekly assumed")),
                "corpus.changed_share_per_update": (0.1, _guess("a tenth of the price pages at a time")),
                "rag.preparation_hours": (24, _guess("three days to clean the price pages")),
                "fine_tuning.system_prompt_tokens": (80, _sourced(SHORTER_PROMPT)),
                "fine_tuning.training_examples": (1250, _sourced(f"{GABER}: 500-2,000 exchanges in brand voice")),
                "fine_tuning.tokens_per_example": (505, _sourced("sum of tuned prompt, history, query and answer")),
                "fine_tuning.updates_per_retrain": (24, _guess("twice the updates between two calendar retrains")),
            },
        ),
        _preset(
            "support-bot",
            "Support bot over help docs",
            "The source's volume; documents change weekly.",
            f"{GABER}, scenario 1: RAG; fine-tuning would need constant retraining as the docs change.",
            {
                "workload.queries_per_month": (100_000, _sourced(f"{LEVER}; {GABER}: 100K queries a month")),
                "workload.query_tokens": (70, _sourced(LMSYS)),
                "workload.output_tokens": (215, _sourced(LMSYS)),
                "workload.system_prompt_tokens": (500, _sourced(f"{PROMPT_LENGTH}; the middle")),
                "workload.response_cache_hit_share": (
                    0.2,
                    _sourced("Preto, LLM Semantic Caching: 20-45 % in production (sells caching; low end taken)"),
                ),
                "corpus.documents": (300, _guess("a help centre of 300 articles")),
                "corpus.updates_per_month": (4, _sourced(f"{LEVER}; {VELD}: documentation that updates weekly")),
                "corpus.changed_share_per_update": (
                    0.03,
                    _sourced("HappySupport, April 2026: between 1 and 8 % of articles per release; geometric mean"),
                ),
                "rag.preparation_hours": (40, _guess("a week to clean 300 articles")),
                "fine_tuning.system_prompt_tokens": (50, _sourced(SHORTER_PROMPT)),
                "fine_tuning.training_examples": (
                    1500,
                    _sourced(f"{GABER}: 1,000-2,000 pairs where prompting has not fixed it (by analogy)"),
                ),
                "fine_tuning.tokens_per_example": (475, _sourced("sum of tuned prompt, history, query and answer")),
                "fine_tuning.updates_per_retrain": (24, _guess("twice the updates between two calendar retrains")),
            },
        ),
        _preset(
            "email-drafts",
            "Email drafts by a template",
            "The source's volume; the template is stable and its guides change once a month.",
            f"{GABER}, scenario 5: fine-tuning; high volume justifies its set-up cost.",
            {
                "workload.queries_per_month": (100_000, _sourced(f"{LEVER}; {GABER}: 100K queries a month")),
                "workload.query_tokens": (200, _guess("a short brief and the mail it answers")),
                "workload.history_tokens": (0, _sourced("by design: a draft has no earlier turns")),
                "workload.output_tokens": (
                    170,
                    _sourced("LetterCounter on Boomerang's 40 million emails: 50-125 words; 125 words x 1.33"),
                ),
                "workload.system_prompt_tokens": (500, _sourced(f"{PROMPT_LENGTH}; the middle")),
                "corpus.documents": (50, _guess("style guides and sample mails")),
                "corpus.updates_per_month": (1, _sourced(f"{LEVER}; {GABER}: stable behaviour")),
                "corpus.changed_share_per_update": (0.05, _guess("a twentieth of the guides at a time")),
                "rag.preparation_hours": (16, _guess("two days to clean the guides")),
                "fine_tuning.system_prompt_tokens": (50, _sourced(SHORTER_PROMPT)),
                "fine_tuning.training_examples": (
                    750,
                    _sourced(f"{GABER}: 500-1,000 examples following the template"),
                ),
                "fine_tuning.tokens_per_example": (420, _sourced("sum of tuned prompt, query and answer")),
                "fine_tuning.updates_per_retrain": (6, _guess("twice the updates between two calendar retrains")),
            },
        ),
    )
}
