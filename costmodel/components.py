"""One small function per quantity, named after it. Arrays broadcast; months are the last axis.

Each is declared with its label, unit, arithmetic and a worked example: the Method page and every explained line are
made of these declarations.
"""

from __future__ import annotations

import numpy as np

from costmodel.terms import anything, quantity
from costmodel.timeline import Array, Number, ceiling

GB = 1e9
LEAST_CAPACITY = 1e-9
"""No throughput is taken to be smaller [tokens/s]; below it the number of replicas would overflow."""


# Queries and calls


@quantity(
    "user queries",
    "queries",
    "min(volume * (1 + growth) ** (month - 1) * season, most)",
    volume=1000.0,
    growth=0.1,
    season=1.2,
    most=1400.0,
    month=np.array([1.0, 2.0, 3.0]),
)
def user_queries(volume: Number, growth: Number, season: Number, most: Number, month: Array) -> Array:
    """Queries that users ask in a month; growth starts in month 2, the build has none."""
    running = volume * (1.0 + growth) ** np.maximum(month - 1.0, 0.0) * season
    return np.where(month > 0, np.minimum(running, most), 0.0)


@quantity("user queries, as forecast", "queries", "min(forecast, most)", forecast=1200.0, most=1000.0, month=1.0)
def forecast_queries(forecast: Array, most: Number, month: Array) -> Array:
    """Queries of a pasted forecast, which replaces volume, growth and season."""
    return np.where(np.asarray(month) > 0, np.minimum(forecast, most), 0.0)


@quantity("live queries", "queries", "queries * (1 - cached)", queries=1000.0, cached=0.2)
def live_queries(queries: Array, cached: Number) -> Number:
    """Queries that reach the system; one answered from the response cache costs nothing."""
    return queries * (1.0 - cached)


@quantity("model calls", "calls", "live * (1 + retries) * calls", live=800.0, retries=0.02, calls=1.0)
def model_calls(live: Array, retries: Number, calls: Number) -> Number:
    """Full prompts sent and answers written."""
    return live * ((1.0 + retries) * calls)


@quantity("calls for one, with retries", "ratio", "1 + retries", retries=0.02)
def with_retries(retries: Number) -> Number:
    """Calls of which some are made again because the first one failed."""
    return 1.0 + retries


@quantity("what is left", "share", "1 - share", share=0.25)
def rest(share: Number) -> Number:
    """What a share leaves over."""
    return 1.0 - share


@quantity(
    "guardrail units per query",
    "units/query",
    "ceil((prompt + answer) / unit)",
    prompt=2850.0,
    answer=500.0,
    unit=100.0,
)
def guardrail_units(prompt: Number, answer: Number, unit: Number) -> Array:
    """Units that one check of a prompt and its answer bills [units/query]; the ceiling forgives 1e-9."""
    return ceiling((np.asarray(prompt) + answer) / unit)


@quantity("rerank searches per query", "searches/query", "ceil(candidates / most)", candidates=120.0, most=100.0)
def rerank_searches(candidates: Number, most: Number) -> Array:
    """Billed searches of one reranked query, at most so many documents each."""
    return ceiling(np.asarray(candidates, dtype=float) / most)


# Corpus and index


@quantity(
    "documents at month end",
    "documents",
    "documents * (1 + growth) ** month",
    documents=1000.0,
    growth=0.1,
    month=2.0,
)
def grown_documents(documents: Number, growth: Number, month: Array) -> Number:
    """Documents at the end of a month."""
    return documents * (1.0 + growth) ** month


@quantity(
    "new documents",
    "documents",
    "max(documents * (1 + growth) ** month - documents * (1 + growth) ** (month - 1), 0)",
    documents=1000.0,
    growth=0.1,
    month=2.0,
)
def new_documents(documents: Number, growth: Number, month: Array) -> Number:
    """Documents that a month adds; a shrinking corpus has none."""
    factor = 1.0 + growth
    return documents * np.maximum(factor**month - factor ** np.maximum(month - 1.0, 0.0), 0.0)


@quantity("tokens per chunk", "tokens", "min(document, chunk)", document=300.0, chunk=512.0)
def chunk_length(document: Number, chunk: Number) -> Array:
    """Tokens of one chunk; a document no longer than a chunk is one chunk of its own length."""
    return np.minimum(document, chunk)


@quantity(
    "chunks per document",
    "chunks/document",
    "1 if document <= chunk else document / (chunk - overlap)",
    document=1000.0,
    chunk=500.0,
    overlap=100.0,
)
def chunks_per_document(document: Number, chunk: Number, overlap: Number) -> Array:
    """Chunks that a document is cut into, not rounded."""
    step = chunk - overlap
    return np.where(document <= chunk, 1.0, document / np.where(step > 0, step, 1.0))


@quantity(
    "index size",
    "GB",
    "vectors * dimensions * bytes * (1 + overhead) * copies / 1e9",
    vectors=1e6,
    dimensions=1536.0,
    bytes=4.0,
    overhead=0.5,
    copies=1.0,
)
def index_gigabytes(vectors: Array, dimensions: Number, bytes: Number, overhead: Number, copies: Number) -> Number:
    """Size of the index at the end of a month."""
    return vectors * (dimensions * bytes * (1.0 + overhead) * copies / GB)


@quantity("nodes", "nodes", "ceil(copy / node) * copies", copy=25.0, node=10.0, copies=2.0)
def index_nodes(copy: Array, node: Number, copies: Number) -> Array:
    """Nodes that hold the index, from the GB of one copy and of a node; an empty index needs none."""
    held = np.where(np.isinf(node), np.asarray(copy) > 0, ceiling(np.asarray(copy) / node))
    return np.asarray(np.maximum(held, 0.0) * copies)


@quantity("more nodes", "nodes", "rebuilding - usual", rebuilding=6.0, usual=4.0)
def more_nodes(rebuilding: Array, usual: Array) -> Array:
    """Nodes that a re-index adds in its month."""
    return np.asarray(rebuilding - usual)


@quantity("nodes that run", "nodes", "max(nodes, least)", nodes=1.0, least=2.0)
def running_nodes(nodes: Array, least: Number) -> Array:
    """Nodes of a plan that keeps some running however small the index is."""
    return np.maximum(nodes, least)


@quantity("units of a search", "units/search", "max(copy * units, least)", copy=9.2, units=2.0, least=5.0)
def search_units(copy: Array, units: Number, least: Number) -> Array:
    """Read units of one search that grow with the GB of the index."""
    return np.maximum(np.asarray(copy) * units, least)


@quantity("GB that a search scans", "GB/search", "max(copy, least)", copy=9.2, least=1.28)
def scanned_gigabytes(copy: Array, least: Number) -> Array:
    """Bytes of the index that one search is billed for."""
    return np.maximum(copy, least)


@quantity("GB written", "GB", "vectors * dimensions * bytes / 1e9", vectors=1e6, dimensions=1536.0, bytes=4.0)
def written_gigabytes(vectors: Array, dimensions: Number, bytes: Number) -> Number:
    """Bytes of the vectors written."""
    return vectors * (dimensions * bytes / GB)


# Training and hosting


@quantity("tokens per run", "tokens", "examples * tokens * epochs", examples=1000.0, tokens=500.0, epochs=3.0)
def training_tokens(examples: Number, tokens: Number, epochs: Number) -> Number:
    """Tokens that one training run reads."""
    return examples * tokens * epochs


@quantity("GPU-hours per run", "GPU-hours", "tokens / speed", tokens=1.5e9, speed=7.5e6)
def training_hours(tokens: Number, speed: Number) -> Array:
    """GPU-hours of one training run."""
    return np.asarray(tokens / np.maximum(np.asarray(speed, dtype=float), LEAST_CAPACITY))


@quantity(
    "replicas",
    "replicas",
    "max(ceil(tokens / (hours * 3600) * peak / (speed * target)), least) + spare",
    tokens=2.628e9,
    hours=730.0,
    peak=2.0,
    speed=600.0,
    target=0.8,
    least=1.0,
    spare=0.0,
)
def replicas(
    tokens: Array, hours: Number, peak: Number, speed: Number, target: Number, least: Number, spare: Number
) -> Array:
    """Replicas that run; without a throughput the least and the spare ones."""
    capacity = speed * target
    if not anything(capacity):
        return np.asarray(np.maximum(least, 0.0) + spare)
    demand = tokens * (peak / (hours * 3600.0))
    needed = np.where(capacity > 0, ceiling(demand / np.maximum(capacity, LEAST_CAPACITY)), 0.0)
    return np.asarray(np.maximum(needed, least) + spare)


@quantity("GPUs rented", "GPUs", "ceil(gpus / least) * least", gpus=10.0, least=8.0)
def rented_gpus(gpus: Array, least: Number) -> Array:
    """GPUs that are paid where they are rented by instances of so many at least; no GPU needs none."""
    return np.asarray(ceiling(np.asarray(gpus) / least) * least)


# People and events


@quantity("hourly rate", "USD/hour", "week / hours", week=3738.0, hours=40.0)
def hourly_rate(week: Number, hours: Number) -> Number:
    """What an hour of an engineer costs, before drift."""
    return week / hours


@quantity("weeks of the tuned side", "weeks", "weeks * (1 - shared)", weeks=7.0, shared=0.2)
def weeks_left(weeks: Number, shared: Number) -> Number:
    """Engineer-weeks of the tuned side that the retrieval build does not make unnecessary."""
    return weeks * (1.0 - shared)


# Consequences


@quantity(
    "stale by age",
    "share",
    "min(updates * changed * age, 1)",
    updates=4.0,
    changed=0.1,
    age=1.5,
)
def outdated_share(updates: Number, changed: Number, age: Array) -> Array:
    """Share of the knowledge in the weights that has changed since the last training."""
    return np.minimum(np.asarray(updates * np.asarray(changed)) * age, 1.0)


@quantity(
    "answers that are right",
    "share",
    "share * (1 - weights * stale * outdated)",
    share=0.9,
    weights=1.0,
    stale=0.2,
    outdated=0.6,
)
def correct_share(share: Number, weights: Number, stale: Number, outdated: Array) -> Array:
    """Share of answers that are right in a month."""
    return np.asarray(share * (1.0 - np.asarray(weights) * stale * outdated))


@quantity("wrong answers", "answers", "queries * (1 - correct)", queries=100_000.0, correct=0.95)
def wrong_answers(queries: Array, correct: Array) -> Array:
    """Answers that are wrong in a month."""
    return np.asarray(queries * (1.0 - np.asarray(correct)))
