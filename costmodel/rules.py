"""What a scenario must not say: rules over several fields, each with the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from costmodel.fields import FieldFacts, value_at

if TYPE_CHECKING:
    from costmodel.scenario import Scenario

NOT_YET = (
    ("fine_tuning.hosting", "self_hosted", "use serverless or dedicated"),
    ("hybrid.kind", "routed", "use grounded"),
    ("hybrid.kind", "split", "use grounded"),
)


def problems(scenario: Scenario, fields: Mapping[str, FieldFacts]) -> list[str]:
    """One line per rule that `scenario` breaks: `path: value, what is wrong, the way out`; empty when it is fine."""
    return [*_not_computed_yet(scenario, fields), *_chunks(scenario), *_ranges(scenario, fields)]


def _not_computed_yet(scenario: Scenario, fields: Mapping[str, FieldFacts]) -> list[str]:
    """A field that nothing computes would be an assumption without effect: it may only hold its default."""
    found = []
    for path, field in fields.items():
        value = value_at(scenario, path)
        if field.later and value != field.default and value is not None:
            default = "none" if field.default is None else field.default
            found.append(f"{path}: {value!r}, but {field.later} cannot be computed yet; leave it at {default}")
    for path, value, way_out in NOT_YET:
        if value_at(scenario, path) == value:
            found.append(f"{path}: '{value}' cannot be computed yet; {way_out}")
    if "prompting" in scenario.finance.compared:
        found.append("finance.compared: 'prompting' cannot be computed yet; compare rag, fine_tuning, hybrid")
    return found


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
