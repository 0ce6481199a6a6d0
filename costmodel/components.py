"""One small function per quantity, named after it. Arrays broadcast; months are the last axis."""

from __future__ import annotations

import numpy as np

from costmodel.timeline import Array, Number, ceiling

GB = 1e9
LEAST_CAPACITY = 1e-9
"""No throughput is taken to be smaller [tokens/s]; below it the number of replicas would overflow."""


def user_queries(
    volume: Number, growth_share: Number, forecast: tuple[float, ...] | None, cap: Number | None, months: Array
) -> Array:
    """User queries [queries/month], shape (..., months): volume x (1+g)^(t-1), or the forecast; then capped.

    1,000 a month growing by 10 % are 1,000, 1,100, 1,210 in months 1, 2, 3; month 0 has none.
    """
    if forecast is None:
        running = np.asarray(volume * (1.0 + np.asarray(growth_share)) ** np.maximum(months - 1.0, 0.0))
    else:
        running = np.asarray(forecast)[np.clip(months.astype(int) - 1, 0, len(forecast) - 1)]
    if cap is not None:
        running = np.minimum(running, cap)
    return np.where(months > 0, running, 0.0)


def live_queries(queries: Array, response_cache_hit_share: Number) -> Array:
    """Queries that reach the system [queries/month]; a response-cache hit costs nothing."""
    return np.asarray(queries * (1.0 - np.asarray(response_cache_hit_share)))


def model_calls(live: Array, retry_share: Number, calls_per_query: Number) -> Array:
    """Full prompts sent and answers written [calls/month]: live x (1 + retries) x calls per query."""
    return np.asarray(live * (1.0 + np.asarray(retry_share)) * calls_per_query)


def chunk_length(tokens_per_document: Number, chunk_tokens: Number) -> Array:
    """Tokens of one chunk [tokens]: a document no longer than a chunk is one chunk of its own length."""
    return np.minimum(tokens_per_document, chunk_tokens)


def chunks_per_document(tokens_per_document: Number, chunk_tokens: Number, overlap_tokens: Number) -> Array:
    """Chunks that a document is cut into [chunks/document], not rounded.

    1,000 tokens in chunks of 500 with 100 overlap: 1,000 / (500 - 100) = 2.5. No longer than a chunk: 1.
    """
    step = np.asarray(chunk_tokens, dtype=float) - overlap_tokens
    cut = np.asarray(tokens_per_document) / np.where(step > 0, step, 1.0)
    return np.where(np.asarray(tokens_per_document) <= chunk_tokens, 1.0, cut)


def documents_to_embed(documents: Array, updates_per_month: Number, changed_share: Number) -> Array:
    """Documents (re-)embedded [documents/month]: all in month 0, then the new ones and updates x changed share x all.

    Not capped at one corpus; a shrinking corpus has no new documents.
    """
    new = np.maximum(np.diff(documents, axis=-1), 0.0)
    changed = np.asarray(updates_per_month * np.asarray(changed_share)) * documents[..., 1:]
    later = new + changed
    first = np.broadcast_to(documents[..., :1], (*later.shape[:-1], 1))
    return np.concatenate([first, later], axis=-1)


def index_gigabytes(
    vectors: Array, dimensions: Number, bytes_per_dimension: Number, overhead_share: Number, copies: Number
) -> Array:
    """Size of the index at month end [GB]: vectors x dimensions x bytes x (1 + overhead) x copies / 1e9.

    1,000,000 vectors of 1,536 dimensions at 4 bytes are 6.144 GB.
    """
    size = vectors * dimensions * np.asarray(bytes_per_dimension) * (1.0 + np.asarray(overhead_share)) * copies
    return np.asarray(size / GB)


def index_nodes(gigabytes_per_copy: Array, gb_per_node: float | None, copies: Number) -> Array:
    """Nodes that hold the index [nodes]: ceil(GB of one copy / GB per node) x copies; an empty index needs none."""
    per_copy = np.where(gigabytes_per_copy > 0, 1.0, 0.0)
    if gb_per_node is not None:
        per_copy = ceiling(gigabytes_per_copy / gb_per_node)
    return np.asarray(np.maximum(per_copy, 0.0) * copies)


def training_tokens(examples: Number, tokens_per_example: Number, epochs: Number) -> Array:
    """Tokens that one training run reads [tokens]: 100,000 tokens x 3 epochs = 300,000."""
    return np.asarray(examples * np.asarray(tokens_per_example) * epochs)


def replicas(
    tokens_per_month: Array,
    hours_per_month: Number,
    peak_to_average: Number,
    tokens_per_second: Number,
    target_utilisation_share: Number,
    least: Number,
    spare: Number,
) -> Array:
    """Replicas that run [replicas]: max(least, ceil(peak tokens/s / (throughput x target))) + spare.

    Without a throughput (0) the least and the spare ones. 2.628e9 tokens a month over 730 h are 1,000 tokens/s;
    twice that at the peak, over 600 tokens/s at 80 %: ceil(2000 / 480) = 5.
    """
    demand = tokens_per_month / (np.asarray(hours_per_month) * 3600.0) * peak_to_average
    capacity = np.asarray(tokens_per_second, dtype=float) * target_utilisation_share
    needed = np.where(capacity > 0, ceiling(demand / np.maximum(capacity, LEAST_CAPACITY)), 0.0)
    return np.asarray(np.maximum(needed, least) + spare)
