"""What each of the four architectures has of its own: its fields, declared like every other assumption."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from costmodel.families import known_component
from costmodel.fields import Group, Whole, choice, number, reference, unique

MAX_MONTHS = 120
HUGE = 1e12

Component = Annotated[str, AfterValidator(known_component)]


class Side(Group):
    """What each of the four architectures has of its own."""

    build_calendar_weeks: float = number(
        0, 0, 520, "weeks", "Weeks to launch", "Calendar weeks until launch; costs nothing by itself."
    )
    observability_usd_per_month: float = number(
        0, 0, HUGE, "USD/month", "Observability", "Tracing and monitoring, as billed."
    )
    output_tokens: float | None = number(
        None, 0, 1e6, "tokens", "Tokens per answer here", "When this architecture answers shorter or longer."
    )
    correct_share: float = number(
        1, 0, 1, "share", "Correct answers", "Share of answers that are right; 100 % means not set."
    )
    added_latency_ms: float = number(0, 0, 1e6, "ms", "Added latency", "Shown and used by rules; costs nothing.")
    migration_hours: float = number(
        0,
        0,
        1e5,
        "hours",
        "Migration",
        "Hours to leave a retired base or embedding model. A tuned one takes its hours per retrain.",
    )
    switched_off: Annotated[tuple[Component, ...], AfterValidator(unique)] = choice(
        (), "Cost lines left out", "Computed lines that are dropped; typed-in ones stay."
    )


class Rag(Side):
    """Retrieve, then generate with a base model."""

    model: str | None = reference("Base model", "Answers with the retrieved chunks.", ("input", "output"))
    embedding_model: str | None = reference("Embedding model", "Turns text into vectors.", ("embedding",))
    embedding_dimensions: float = number(0, 0, 1e5, "dimensions", "Embedding dimensions", "Numbers per vector.")
    bytes_per_dimension: float = number(
        4, 0, 16, "bytes", "Bytes per dimension", "4 for 32-bit floats.", source="IEEE 754 single precision"
    )
    vector_store: str | None = reference("Vector store", "Keeps and searches the vectors.", ())
    replicas: Whole = number(1, 1, 100, "copies", "Index copies", "Copies of the index that are kept.")
    index_overhead_share: float = number(0, 0, 100, "share", "Index overhead", "Metadata and graph beside the vectors.")
    reranker: str | None = reference("Reranker", "Sorts the candidates again before the best go into the prompt.", ())
    top_k: Whole = number(0, 0, 1000, "chunks", "Chunks in the prompt", "Retrieved chunks per query (top-k).")
    candidates: Whole = number(0, 0, 10000, "chunks", "Candidates", "Chunks given to the reranker.")
    rewrite_calls_per_query: float = number(
        0, 0, 100, "calls/query", "Query rewriting", "Calls that rewrite the query before the search."
    )
    reindex_every_months: float = number(
        0, 0, MAX_MONTHS, "months", "Re-index every", "From one rebuild of the whole index to the next; 0 = never."
    )
    build_engineer_weeks: float = number(0, 0, 1e4, "weeks", "Engineer-weeks to build", "Work until the first release.")
    preparation_hours: float = number(0, 0, 1e6, "hours", "Data preparation", "Cleaning documents before the build.")
    evaluation_usd_per_release: float = number(
        0, 0, HUGE, "USD/release", "Release evaluation", "Judging quality before a release."
    )
    evaluation_queries_per_month: float = number(
        0, 0, 1e9, "queries/month", "Evaluation queries", "Test queries a month; they pay retrieval and generation."
    )
    hours_per_update: float = number(0, 0, 1e4, "hours/update", "Hours per update", "Checking one content update.")
    maintenance_hours_per_month: float = number(0, 0, 1e5, "hours/month", "Upkeep", "Hours a month to keep it running.")
    hosting_usd_per_month: float = number(
        0, 0, HUGE, "USD/month", "Own hosting", "Servers of the pipeline itself, as billed."
    )


class FineTuning(Side):
    """A model trained on examples; nothing retrieved."""

    model: str | None = reference("Tuned model", "What is trained and then answers.", ())
    hosting: Literal["serverless", "dedicated", "self_hosted"] = choice(
        "serverless", "Hosting", "Serverless bills tokens; dedicated bills every hour."
    )
    system_prompt_tokens: float = number(
        0, 0, 1e6, "tokens", "Short system prompt", "What is left of the instructions after tuning."
    )
    training_examples: float = number(0, 0, 1e9, "examples", "Training examples", "Labelled examples in the set.")
    tokens_per_example: float = number(0, 0, 1e6, "tokens", "Tokens per example", "Prompt and answer.")
    epochs: Whole = number(1, 0, 100, "epochs", "Epochs", "How often a run reads the whole set.")
    experiment_runs: Whole = number(
        1, 0, 1000, "runs", "Runs until good", "Full runs until one is good enough; 0 = somebody else's training."
    )
    usd_per_example: float = number(0, 0, 1e6, "USD/example", "Cost of a label", "All-in, per example.")
    evaluation_usd_per_release: float = number(
        0, 0, HUGE, "USD/release", "Release evaluation", "Judging quality before a release."
    )
    retrain_every_months: float = number(
        0, 0, MAX_MONTHS, "months", "Retrain every", "From one training on the calendar to the next; 0 = no calendar."
    )
    updates_per_retrain: float = number(
        0, 0, 1e6, "updates", "Updates that force a retrain", "After so many content updates; 0 = none do."
    )
    retrain_examples_share: float = number(
        0, 0, 1, "share", "New labels per retrain", "Share of the set that is labelled anew."
    )
    retrain_runs: Whole = number(1, 0, 1000, "runs", "Runs per retrain", "Full runs of each retraining.")
    retrain_hours: float = number(0, 0, 1e5, "hours", "Hours per retrain", "Engineer hours of each retraining.")
    revalidate_every_months: float = number(
        0,
        0,
        MAX_MONTHS,
        "months",
        "Revalidate every",
        "From one check that the model still works to the next; 0 = never.",
    )
    revalidation_hours: float = number(0, 0, 1e5, "hours", "Hours per revalidation", "Engineer hours of each check.")
    build_engineer_weeks: float = number(0, 0, 1e4, "weeks", "Engineer-weeks to build", "Work until the first release.")
    maintenance_hours_per_month: float = number(0, 0, 1e5, "hours/month", "Upkeep", "Hours a month to keep it running.")
    training_usd_per_run: float | None = number(
        None, 0, HUGE, "USD/run", "Cost of a run", "Replaces the computed price of a training run."
    )
    hosting_usd_per_month: float | None = number(
        None, 0, HUGE, "USD/month", "Hosting as billed", "Replaces the computed hosting, whatever it is."
    )
    gpu: str | None = reference("GPU", "What a self-hosted model runs on, by the hour.", ("gpu",))
    gpus_per_replica: Whole = number(1, 1, 1000, "GPUs", "GPUs per replica", "GPUs that one copy of the model needs.")
    min_replicas: Whole = number(1, 0, 10000, "replicas", "Least replicas", "Always running, busy or idle.")
    spare_replicas: Whole = number(0, 0, 10000, "replicas", "Spare replicas", "Kept on top of demand.")
    tokens_per_second_per_replica: float = number(
        0,
        0,
        1e7,
        "tokens/s",
        "Throughput",
        "Prompt and output tokens a second per replica; 0 = not known. Published figures often count output alone.",
    )
    target_utilisation_share: float = number(1, 0.01, 1, "share", "Target utilisation", "How full a replica may run.")
    training_tokens_per_gpu_hour: float = number(
        0, 0, 1e12, "tokens/GPU-hour", "Training speed", "Tokens trained per GPU-hour, for training paid by the hour."
    )


class Hybrid(Side):
    """Tuned model and retrieval together."""

    kind: Literal["grounded", "routed", "split"] = choice(
        "grounded", "Kind", "Grounded: the tuned model answers every query with retrieved chunks."
    )
    fine_tuned_share: float = number(
        0,
        0,
        1,
        "share",
        "Share for the tuned model",
        "Share of queries that a split hybrid sends to the tuned model; the rest goes to RAG.",
    )
    router_answers_share: float = number(
        0,
        0,
        1,
        "share",
        "Answered by the router",
        "Share of queries that the router answers itself; the rest goes through RAG.",
    )
    router_model: str | None = reference(
        "Router model", "Reads every query in a routed hybrid; empty = the tuned model.", ()
    )
    router_prompt_tokens: float = number(0, 0, 1e6, "tokens", "Router prompt", "Instructions of the router.")
    router_output_tokens: float = number(
        0, 0, 1e6, "tokens", "Router output", "What the router writes: a label, or a short answer."
    )
    router_training_examples: float = number(
        0, 0, 1e9, "examples", "Router examples", "Labelled examples that the router is trained on."
    )
    router_hosting: Literal["serverless", "dedicated"] = choice(
        "serverless", "Router hosting", "Serverless bills tokens; dedicated bills every hour."
    )
    retrain_every_months: float | None = number(
        None, 0, MAX_MONTHS, "months", "Retrain every", "Empty = as fine-tuning; 0 = no calendar."
    )
    top_k: Whole | None = number(None, 0, 1000, "chunks", "Chunks in the prompt", "Empty = as RAG.")
    shared_build_share: float = number(
        0, 0, 1, "share", "Shared build", "Share of the tuned side's weeks that the RAG build makes unnecessary."
    )
    fine_tuning_starts_month: Whole = number(
        0, 0, MAX_MONTHS, "month", "Tuning starts in month", "0 = at the build; until then the hybrid is plain RAG."
    )


class Prompting(Side):
    """Base model with a few examples in the prompt."""

    model: str | None = reference("Base model", "Answers from the prompt alone.", ("input", "output"))
    few_shot_tokens: float = number(0, 0, 1e6, "tokens", "Few-shot examples", "Examples sent with every query.")
    build_engineer_weeks: float = number(0, 0, 1e4, "weeks", "Engineer-weeks to build", "Work until the first release.")
    evaluation_usd_per_release: float = number(
        0, 0, HUGE, "USD/release", "Release evaluation", "Judging quality before a release."
    )
    maintenance_hours_per_month: float = number(0, 0, 1e5, "hours/month", "Upkeep", "Hours a month to keep it running.")
