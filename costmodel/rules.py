"""What a scenario must not say: rules over several fields, each with the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from costmodel.fields import FieldFacts

if TYPE_CHECKING:
    from costmodel.scenario import Scenario


def problems(scenario: Scenario, fields: Mapping[str, FieldFacts]) -> list[str]:
    """One line per rule that `scenario` breaks: `path: value, what is wrong, the way out`; empty when it is fine."""
    return [*_chunks(scenario), *_ranges(scenario, fields)]


def _chunks(scenario: Scenario) -> list[str]:
    corpus = scenario.corpus
    if corpus.chunk_tokens == 0 and corpus.tokens_per_document > 0:
        return [
            f"corpus.chunk_tokens: 0 cannot cut documents of {corpus.tokens_per_document:g} tokens; "
            f"use at least 1, or {corpus.tokens_per_document:g} for whole documents"
        ]
    if corpus.chunk_overlap_tokens >= corpus.chunk_tokens > 0 or corpus.chunk_overlap_tokens > corpus.chunk_tokens:
        return [
            f"corpus.chunk_overlap_tokens: {corpus.chunk_overlap_tokens:g} must be less than "
            f"corpus.chunk_tokens ({corpus.chunk_tokens:g})"
        ]
    return []


def _ranges(scenario: Scenario, fields: Mapping[str, FieldFacts]) -> list[str]:
    found = []
    named = [*scenario.uncertainty, *(path for pair in scenario.rank_correlations for path in pair[:2])]
    for path in named:
        if not path.startswith("price:") and not (path in fields and fields[path].numeric):
            found.append(f"uncertainty: '{path}' is not a number of the scenario; `cli.py schema` lists them")
    for path, spread in scenario.uncertainty.items():
        field = fields.get(path)
        low = 0.0 if field is None or field.low is None else field.low
        high = float("inf") if field is None or field.high is None else field.high
        if not (low <= spread.low and spread.high <= high):
            found.append(f"uncertainty.{path}: {spread.low:g} to {spread.high:g} leaves {low:g} to {high:g}")
    return found
