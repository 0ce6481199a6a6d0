"""Ranges to begin with: what somebody published where anybody did, else ±50% of the value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from costmodel.changes import ScenarioError
from costmodel.fields import value_at
from costmodel.presets.sources import FEW_SHOT, GABER, VELD
from costmodel.provenance import LEVERS, Provenance
from costmodel.results import Run
from costmodel.scenario import FIELDS, Range, Scenario

PUBLISHED: Mapping[str, tuple[float, float, str]] = {
    "fine_tuning.usd_per_example": (1, 5, f"{GABER}: 1-5 USD per example"),
    "fine_tuning.build_engineer_weeks": (4, 10, f"{GABER}: 4-10 engineer-weeks"),
    "rag.build_engineer_weeks": (1, 3, f"{GABER}: 1-3 engineer-weeks"),
    "fine_tuning.training_examples": (500, 2_000, f"{GABER}: 500-2,000 example exchanges for a brand voice"),
    "fine_tuning.training_usd_per_run": (500, 2_000, f"{VELD}: 500 to 2,000 USD per training run"),
    "fine_tuning.experiment_runs": (3, 10, "How Much Does a Custom LLM Fine-Tuning Project Cost?, May 2026: 3-10 runs"),
    "hybrid.router_training_examples": (500, 1_000, f"{VELD}: minimum 500 to 1,000 examples"),
    "rag.build_calendar_weeks": (2, 4, f"{VELD}: 2 to 4 weeks"),
    "fine_tuning.build_calendar_weeks": (4, 8, f"{VELD}: 4 to 8 weeks"),
    "prompting.few_shot_tokens": (855, 1_425, f"{FEW_SHOT}: 3 to 5 examples of 285 tokens"),
}
"""Published ranges: low, high, and where they stand."""
HALF = 0.5
"""How far a number may be off that nobody knows better [share of its value]."""


@dataclass(frozen=True)
class Suggested:
    """A range to begin with, and why it is that wide."""

    spread: Range
    why: str
    published: bool = False


def about(scenario: Scenario, path: str, share: float = HALF, now: float | None = None) -> Range:
    """The range of a number from (1 - share) to (1 + share) times its value now, within its limits.

    `now` is the value of a price, which the scenario does not hold.
    """
    value = float(value_at(scenario, path) or 0.0) if now is None else now
    low, high = sorted((value * (1 - share), value * (1 + share)))
    return _within(path, low, value, high)


def _within(path: str, low: float, likely: float, high: float, distribution: str = "pert") -> Range:
    """A range cut at the limits of its field, with whole ends where the field is whole."""
    field = FIELDS.get(path)
    least = 0.0 if field is None or field.low is None else field.low
    most = math.inf if field is None or field.high is None else field.high
    if field is not None and field.kind == "whole":
        low, high = float(math.floor(low)), float(math.ceil(high))
    low, high = (float(f"{min(max(each, least), most):.12g}") for each in (low, high))
    low, high = min(low, likely), max(high, likely)
    return Range.model_validate({"low": low, "likely": likely, "high": high, "distribution": distribution})


def moved(path: str, spread: Range, now: float) -> Range:
    """The range about another value: everything in the same proportion, or as far away where it was about nothing."""
    if spread.likely:
        low, high = sorted((spread.low * now / spread.likely, spread.high * now / spread.likely))
    else:
        low, high = spread.low + now, spread.high + now
    return _within(path, low, now, high, spread.distribution)


def check_chunks(scenario: Scenario, columns: Mapping[str, npt.ArrayLike]) -> None:
    """Refuse numbers (path -> values) of which some cut documents into chunks that overlap in full (ScenarioError)."""
    chunk, overlap = (
        columns.get(f"corpus.{name}", getattr(scenario.corpus, name))
        for name in ("chunk_tokens", "chunk_overlap_tokens")
    )
    if np.any(np.asarray(overlap) >= np.asarray(chunk)) and not np.all(np.asarray(chunk) == 0):
        raise ScenarioError(
            [
                "uncertainty.corpus.chunk_overlap_tokens: it reaches "
                f"{float(np.max(overlap)):,.6g} tokens where a chunk has {float(np.min(chunk)):,.6g} at least; "
                "narrow the ranges so that a chunk is always longer than its overlap"
            ]
        )


def empty_fields(scenario: Scenario) -> list[str]:
    """Numeric fields that hold nothing, in declared order: there is no value that a range could be about."""
    return [path for path, field in FIELDS.items() if field.numeric and value_at(scenario, path) is None]


def check_filled(scenario: Scenario, paths: Iterable[str]) -> None:
    """Refuse ranges of fields that are empty (ScenarioError): draws would fill in what the scenario leaves open."""
    empty = set(empty_fields(scenario))
    problems = [
        f"uncertainty.{path}: the field {FIELDS[path].label!r} is empty, so there is nothing for a range to vary; "
        f"give {path} a value, or take its range out"
        for path in paths
        if path in empty
    ]
    if problems:
        raise ScenarioError(problems)


def ranges_of(run: Run) -> Mapping[str, Range]:
    """The scenario's ranges, or those to begin with when it has none."""
    return run.scenario.uncertainty or {path: each.spread for path, each in suggested(run).items()}


def suggested(run: Run) -> dict[str, Suggested]:
    """A range for each number of the bills that is published as a range, is a guess, or is a lever of the market.

    Cadence and horizon are choices, not unknowns, and the user's own figures are taken at their word, levers apart.
    """
    shaping = {path for key in run.answers for line in run.answers[key].bill.counted for path in line.fields}
    known, found = Provenance(run), {}
    for path, field in FIELDS.items():
        if path not in shaping or not field.numeric or not value_at(run.scenario, path):
            continue
        value = float(value_at(run.scenario, path))
        low, high, source = PUBLISHED.get(path, (0.0, 0.0, ""))
        if path in LEVERS:
            if path not in ("fine_tuning.retrain_every_months", "finance.horizon_months"):
                found[path] = Suggested(about(run.scenario, path), "yours to know; ±50% until then")
        elif low <= value <= high and source:
            found[path] = Suggested(Range(low=low, likely=value, high=high), source, published=True)
        elif known.is_guess(path):
            found[path] = Suggested(about(run.scenario, path), "a guess: ±50%")
    return found
