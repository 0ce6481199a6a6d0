"""The groups of the sidebar: what each holds, in which parts and order."""

from __future__ import annotations

from dataclasses import dataclass

from costmodel.fields import FieldFacts
from costmodel.scenario import FIELDS


@dataclass(frozen=True)
class Group:
    """A group of fields under one head: what it is about, and its parts, each with a name and paths in order."""

    title: str
    about: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """All fields of the group, in order."""
        return tuple(path for _, paths in self.parts for path in paths)

    @property
    def fields(self) -> tuple[FieldFacts, ...]:
        """The declarations of its fields, in order."""
        return tuple(FIELDS[path] for path in self.paths)


def _of(owner: str, names: str) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for name in names.split())


VOLUME, LENGTH = "How much it is asked", "How much there is to know"
"""Parts that begin with an input of their own, for people who count otherwise than the model."""
EXCEPTIONS = "Quality, speed, exceptions"
_EXCEPTIONS = "correct_share added_latency_ms switched_off"

GROUPS = (
    Group(
        "Workload",
        "What people ask, and how long questions and answers are.",
        (
            (VOLUME, _of("workload", "queries_by_month seasonality max_queries_per_month peak_to_average")),
            (
                "How long a question and its answer are",
                _of("workload", "query_tokens output_tokens system_prompt_tokens history_tokens"),
            ),
            (
                "How the model is called",
                _of(
                    "workload",
                    "model_calls_per_query retry_share response_cache_hit_share prompt_cache_hit_share batch_share",
                ),
            ),
        ),
    ),
    Group(
        "Corpus",
        "The content that answers rest on.",
        (
            (LENGTH, _of("corpus", "documents tokens_per_document monthly_growth_share changed_share_per_update")),
            ("How it is cut", _of("corpus", "chunk_tokens chunk_overlap_tokens")),
            ("How files are read", _of("corpus", "parser pages_per_document")),
        ),
    ),
    Group(
        "RAG",
        "Search first, then answer with what was found.",
        (
            ("Model and search", _of("rag", "model embedding_model vector_store reranker")),
            ("Each question", _of("rag", "top_k candidates rewrite_calls_per_query output_tokens")),
            (
                "Building it",
                _of("rag", "build_engineer_weeks build_calendar_weeks preparation_hours evaluation_usd_per_release"),
            ),
            (
                "Running it",
                _of(
                    "rag",
                    "maintenance_hours_per_month hours_per_update reindex_every_months migration_hours "
                    "evaluation_queries_per_month observability_usd_per_month hosting_usd_per_month",
                ),
            ),
            ("Size of the index", _of("rag", "embedding_dimensions bytes_per_dimension index_overhead_share replicas")),
            (EXCEPTIONS, _of("rag", _EXCEPTIONS)),
        ),
    ),
    Group(
        "Fine-tuning",
        "A model trained on your examples; it looks nothing up.",
        (
            ("Model", _of("fine_tuning", "model hosting system_prompt_tokens output_tokens")),
            ("Examples", _of("fine_tuning", "training_examples tokens_per_example usd_per_example")),
            ("Training", _of("fine_tuning", "experiment_runs epochs training_usd_per_run")),
            (
                "Building it",
                _of("fine_tuning", "build_engineer_weeks build_calendar_weeks evaluation_usd_per_release"),
            ),
            (
                "Training it again",
                _of("fine_tuning", "updates_per_retrain retrain_examples_share retrain_runs retrain_hours"),
            ),
            (
                "Running it",
                _of(
                    "fine_tuning",
                    "maintenance_hours_per_month revalidate_every_months revalidation_hours migration_hours "
                    "observability_usd_per_month hosting_usd_per_month",
                ),
            ),
            (
                "Rented GPUs",
                _of(
                    "fine_tuning",
                    "gpu gpus_per_replica min_replicas spare_replicas tokens_per_second_per_replica "
                    "target_utilisation_share training_tokens_per_gpu_hour",
                ),
            ),
            (EXCEPTIONS, _of("fine_tuning", _EXCEPTIONS)),
        ),
    ),
    Group(
        "Hybrid",
        "A tuned model and retrieval together; the kind is chosen above.",
        (
            (
                "When and how it is tuned",
                _of("hybrid", "fine_tuning_starts_month shared_build_share retrain_every_months"),
            ),
            ("If grounded", _of("hybrid", "top_k")),
            (
                "If routed",
                _of(
                    "hybrid",
                    "router_answers_share router_model router_hosting router_prompt_tokens router_output_tokens "
                    "router_training_examples",
                ),
            ),
            ("If split", _of("hybrid", "fine_tuned_share")),
            (
                "Building and running it",
                _of("hybrid", "build_calendar_weeks migration_hours observability_usd_per_month output_tokens"),
            ),
            (EXCEPTIONS, _of("hybrid", _EXCEPTIONS)),
        ),
    ),
    Group(
        "Prompting and guardrail",
        "A base model with examples in its prompt, as a yardstick; and a check that every answer passes.",
        (
            ("Prompting", _of("prompting", "model few_shot_tokens output_tokens")),
            (
                "Building and running it",
                _of(
                    "prompting",
                    "build_engineer_weeks build_calendar_weeks evaluation_usd_per_release "
                    "maintenance_hours_per_month migration_hours observability_usd_per_month",
                ),
            ),
            (EXCEPTIONS, _of("prompting", _EXCEPTIONS)),
            ("Guardrail", ("guardrail",)),
        ),
    ),
    Group(
        "Quality",
        "What a wrong answer costs, and how good an answer must be.",
        (
            (
                "Wrong answers",
                _of("quality", "minimum_correct_share usd_per_wrong_answer stale_answer_share_per_change"),
            ),
        ),
    ),
    Group(
        "People and money",
        "What work costs, what is compared, and in which money.",
        (
            ("Budget", _of("finance", "budget_usd")),
            ("What is compared", _of("finance", "compared already_built too_close_share consequences_in_tco")),
            ("People", _of("people", "engineer_usd_per_week hours_per_week contingency_share")),
            ("Time", _of("finance", "start_month fiscal_year_starts_month hours_per_month delay_usd_per_week")),
            ("Money", _of("finance", "currency usd_per_currency_unit discount_rate_annual")),
            (
                "How prices move",
                _of("finance.price_drift_annual", "llm embedding vector_store gpu labour"),
            ),
        ),
    ),
)
