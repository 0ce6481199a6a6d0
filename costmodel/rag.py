"""What retrieval-augmented generation pays, as a list of cost lines that reads like a bill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from costmodel import components, vector_store
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, labour_line, priced, token_line, typed_line, weeks_line
from costmodel.timeline import Array, Number, grown
from costmodel.vector_store import INDEX_FIELDS, SEARCH_FIELDS, WRITE_FIELDS

PROMPT_FIELDS = ("workload.history_tokens", "workload.query_tokens")
CALL_FIELDS = (
    *SEARCH_FIELDS,
    "workload.retry_share",
    "workload.model_calls_per_query",
    "workload.max_queries_per_month",
    "workload.queries_by_month",
)
CONTEXT_FIELDS = ("corpus.chunk_tokens", "corpus.tokens_per_document", "rag.top_k")


@dataclass(frozen=True, eq=False)
class Traffic:
    """Queries by month [queries/month], shape (..., months): what users ask, and what reaches which stage."""

    user: Array
    searches: Array
    calls: Array
    """Model calls of user queries, retries included."""
    evaluation_calls: Array


def traffic(x: Inputs) -> Traffic:
    """Traffic of a month: evaluation queries search and call the model too, without retries and caches."""
    user = components.user_queries(
        x.workload.queries_per_month,
        x.workload.monthly_growth_share,
        x.workload.queries_by_month,
        x.workload.max_queries_per_month,
        x.months,
    )
    live = components.live_queries(user, x.workload.response_cache_hit_share)
    evaluation = x.monthly(x.rag.evaluation_queries_per_month)
    return Traffic(
        user=user,
        searches=live + evaluation,
        calls=components.model_calls(live, x.workload.retry_share, x.workload.model_calls_per_query),
        evaluation_calls=np.asarray(evaluation * x.workload.model_calls_per_query),
    )


def context_tokens(x: Inputs, top_k: Number) -> Array:
    """Tokens of the retrieved chunks in one prompt [tokens]."""
    return np.asarray(top_k * components.chunk_length(x.corpus.tokens_per_document, x.corpus.chunk_tokens))


def output_tokens(x: Inputs, own: Number | None) -> Number:
    """Tokens of one answer [tokens]: the architecture's own, else the workload's."""
    return x.workload.output_tokens if own is None else own


def lines(x: Inputs) -> list[CostLine]:
    """The bill of RAG: build and knowledge, the base model with the retrieved chunks, observability."""
    prompt = (
        x.workload.system_prompt_tokens
        + x.workload.history_tokens
        + x.workload.query_tokens
        + context_tokens(x, x.rag.top_k)
    )
    calls = traffic(x)
    fields = ("workload.system_prompt_tokens", *PROMPT_FIELDS, *CONTEXT_FIELDS)
    answer = output_tokens(x, x.rag.output_tokens)
    return [
        *knowledge(x),
        *generation(x, "generation", x.rag.model, calls.calls + calls.evaluation_calls, prompt, answer, fields, "rag"),
        observability(x, x.rag.observability_usd_per_month, "rag"),
    ]


def generation(
    x: Inputs,
    component: str,
    model: str | None,
    calls: Array,
    prompt_tokens: Number,
    answer_tokens: Number,
    prompt_fields: tuple[str, ...],
    architecture: str,
) -> list[CostLine]:
    """Prompt and answer tokens of `calls` [calls/month] on `model`, at the price of one average call."""
    asked_by = "rag.model" if component == "generation" else "fine_tuning.model"
    answer_fields = ("workload.output_tokens", f"{architecture}.output_tokens")
    return [
        token_line(
            x,
            component,
            "recurring",
            driver,
            calls * tokens,
            model,
            meter,
            prompt_tokens,
            *CALL_FIELDS,
            *fields,
            asked_by=asked_by,
        )
        for driver, meter, tokens, fields in (
            ("prompt tokens", "input", prompt_tokens, prompt_fields),
            ("answer tokens", "output", answer_tokens, answer_fields),
        )
    ]


def observability(x: Inputs, usd_per_month: Number, architecture: str) -> CostLine:
    """Tracing and monitoring as billed [month]."""
    field = f"{architecture}.observability_usd_per_month"
    return typed_line(x, "observability", "months of operation", usd_per_month, field)


def knowledge(x: Inputs) -> list[CostLine]:
    """What RAG and every hybrid pay for retrieval: its build, corpus, index, upkeep; not the answering model."""
    corpus, rag = x.corpus, x.rag
    documents = grown(corpus.documents, corpus.monthly_growth_share, x.months)
    embedded = components.documents_to_embed(documents, corpus.updates_per_month, corpus.changed_share_per_update)
    per_document = components.chunks_per_document(
        corpus.tokens_per_document, corpus.chunk_tokens, corpus.chunk_overlap_tokens
    )
    chunk = components.chunk_length(corpus.tokens_per_document, corpus.chunk_tokens)
    searches = traffic(x).searches
    return [
        weeks_line(
            x,
            "weeks to build retrieval",
            x.at_build(rag.build_engineer_weeks),
            "rag.build_engineer_weeks",
            side="rag",
        ),
        labour_line(
            x,
            "preparation",
            "one_time",
            "hours of data preparation",
            x.at_build(rag.preparation_hours),
            "rag.preparation_hours",
            side="rag",
        ),
        release_evaluation(x, "one_time", x.at_build(1.0), rag.evaluation_usd_per_release, "rag"),
        *_embedding(x, embedded * per_document * chunk, searches * x.workload.query_tokens),
        *vector_store.lines(x, documents * per_document, embedded * per_document, searches),
        labour_line(
            x,
            "update_labour",
            "recurring",
            "hours checking content updates",
            x.monthly(corpus.updates_per_month * np.asarray(rag.hours_per_update)),
            "corpus.updates_per_month",
            "rag.hours_per_update",
            side="rag",
        ),
        labour_line(
            x,
            "rag_maintenance",
            "recurring",
            "hours of upkeep",
            x.monthly(rag.maintenance_hours_per_month),
            "rag.maintenance_hours_per_month",
            side="rag",
        ),
        typed_line(x, "rag_hosting", "months of operation", rag.hosting_usd_per_month, "rag.hosting_usd_per_month"),
    ]


def release_evaluation(x: Inputs, phase: str, releases: Array, usd_per_release: Number, side: str) -> CostLine:
    """Judging the quality of a release; drifts with labour [release]."""
    cost = priced(releases, usd_per_release * x.drift("labour"))
    field = f"{side}.evaluation_usd_per_release"
    driver = f"releases evaluated ({'RAG' if side == 'rag' else 'tuned model'})"
    return CostLine("release_evaluation", phase, driver, releases, "release", cost, fields=(field,), side=side)


def _embedding(x: Inputs, corpus_tokens: Array, query_tokens: Array) -> list[CostLine]:
    model = x.rag.embedding_model
    if model is None:
        return []
    changing = (*INDEX_FIELDS, *WRITE_FIELDS)
    return [
        token_line(x, component, phase, driver, tokens, model, "embedding", 0.0, *fields, asked_by="", side=side)
        for component, phase, driver, tokens, fields, side in (
            (
                "corpus_embedding",
                "one_time",
                "corpus tokens embedded at the build",
                np.where(x.months == 0, corpus_tokens, 0.0),
                INDEX_FIELDS,
                "rag",
            ),
            (
                "corpus_embedding",
                "recurring",
                "new and changed tokens embedded",
                np.where(x.months > 0, corpus_tokens, 0.0),
                changing,
                "rag",
            ),
            (
                "query_embedding",
                "recurring",
                "query tokens embedded",
                query_tokens,
                (*SEARCH_FIELDS, "workload.query_tokens"),
                "rag",
            ),
        )
    ]
