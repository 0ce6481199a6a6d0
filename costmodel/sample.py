"""What a sample of documents says about the corpus: lengths, chunks, the price of embedding, and numbers to take over.

All lengths are in tokens of one encoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from costmodel.components import chunk_length, chunks_per_document
from costmodel.results import Run
from costmodel.scenario import Range, Scenario
from costmodel.timeline import Array
from pricing.plans import request_price

TOKENS_PER_DOCUMENT = "corpus.tokens_per_document"
CONTEXT, QUESTION = "{context}", "{question}"
FEWEST_FOR_A_RANGE = 3
"""Documents below which a spread says nothing."""


@dataclass(frozen=True)
class Spread:
    """How long documents are [tokens]; the percentiles lie between neighbours where they fall between two documents."""

    documents: int
    total: float
    mean: float
    p10: float
    median: float
    p90: float


def spread(lengths: Sequence[float]) -> Spread:
    """The spread of at least one length."""
    values = np.asarray(lengths, dtype=float)
    p10, median, p90 = (float(each) for each in np.percentile(values, (10, 50, 90)))
    return Spread(len(values), float(values.sum()), float(values.mean()), p10, median, p90)


@dataclass(frozen=True)
class Cut:
    """How documents are cut: tokens of a chunk, and of those the tokens that it shares with the one before."""

    chunk: float
    overlap: float

    def chunks(self, lengths: float | Sequence[float]) -> Array:
        """Chunks of each document, as the model counts them: not rounded."""
        return chunks_per_document(np.asarray(lengths, dtype=float), self.chunk, self.overlap)

    def embedded(self, lengths: float | Sequence[float]) -> Array:
        """Tokens embedded for each document, those that chunks share counted twice."""
        return self.chunks(lengths) * chunk_length(np.asarray(lengths, dtype=float), self.chunk)


def embedding_price(run: Run) -> float | None:
    """What embedding a token costs at the build [USD/token]; None without a model or a price for it."""
    ref = run.scenario.rag.embedding_model
    if ref is None:
        return None
    segment = next(
        each for each in run.inputs.segments(ref) if np.broadcast_to(each.months, run.inputs.months.shape)[0]
    )
    prices = run.inputs.prices(segment.ref, "embedding")
    usd = float("nan") if prices is None else float(np.ravel(request_price(prices, np.asarray(0.0)))[0])
    return None if np.isnan(usd) else usd


@dataclass(frozen=True)
class Embedding:
    """Embedding everything once: tokens, overlap included, and USD (None without a price)."""

    tokens: float
    usd: float | None


def embedding_of_sample(lengths: Sequence[float], cut: Cut, usd_per_token: float | None) -> Embedding:
    """Embedding the sample, document by document."""
    tokens = float(cut.embedded(lengths).sum())
    return Embedding(tokens, None if usd_per_token is None else tokens * usd_per_token)


def embedding_of_corpus(documents: float, mean: float, cut: Cut, usd_per_token: float | None) -> Embedding:
    """Embedding a corpus of so many documents of the mean length, as the model's ledger has it."""
    tokens = documents * float(cut.embedded(mean))
    return Embedding(tokens, None if usd_per_token is None else tokens * usd_per_token)


# A prompt


@dataclass(frozen=True)
class Prompt:
    """Tokens of one prompt by its parts."""

    instructions: float
    context: float
    question: float
    history: float

    @property
    def total(self) -> float:
        """Tokens of the whole prompt."""
        return self.instructions + self.context + self.question + self.history


def prompt_of(scenario: Scenario) -> Prompt:
    """The prompt that the scenario has RAG send."""
    corpus, workload = scenario.corpus, scenario.workload
    chunk = float(chunk_length(corpus.tokens_per_document, corpus.chunk_tokens))
    return Prompt(
        workload.system_prompt_tokens, scenario.rag.top_k * chunk, workload.query_tokens, workload.history_tokens
    )


def template_parts(template: str) -> tuple[list[str], int, int]:
    """The words of a template between its placeholders, and how often it asks for the context and the question."""
    words = [part for piece in template.split(CONTEXT) for part in piece.split(QUESTION)]
    return words, template.count(CONTEXT), template.count(QUESTION)


# Numbers to take over


def values(
    scenario: Scenario, lengths: Spread, cut: Cut, *, documents: bool = False, ranged: bool = True
) -> dict[str, Any]:
    """Path -> value that puts the sample into a scenario: the mean, since every total grows with it.

    `documents`: their number too. `ranged`: P10, P50 and P90 as the range of the length, where there are enough
    documents. A scenario without chunks gets those of `cut`.
    """
    found: dict[str, Any] = {TOKENS_PER_DOCUMENT: round(lengths.mean, 1)}
    if scenario.corpus.chunk_tokens == 0:
        found |= cut_values(cut)
    if documents:
        found["corpus.documents"] = float(lengths.documents)
    if ranged and lengths.documents >= FEWEST_FOR_A_RANGE:
        others = {path: each.model_dump() for path, each in scenario.uncertainty.items() if path != TOKENS_PER_DOCUMENT}
        found["uncertainty"] = others | {TOKENS_PER_DOCUMENT: range_of(lengths).model_dump()}
    return found


def range_of(lengths: Spread) -> Range:
    """P10, P50 and P90 as a range."""
    return Range(low=round(lengths.p10, 1), likely=round(lengths.median, 1), high=round(lengths.p90, 1))


def cut_values(cut: Cut) -> dict[str, Any]:
    """Path -> value that puts chunk size and overlap into a scenario."""
    return {"corpus.chunk_tokens": float(cut.chunk), "corpus.chunk_overlap_tokens": float(cut.overlap)}
