"""The input cells of a workbook: which assumptions a formula may refer to, and other values of them to check it by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from costmodel.fields import FieldFacts, value_at
from costmodel.inputs import DISCOUNT
from costmodel.results import Run
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario
from costmodel.terms import Array
from report.workbook.arithmetic import Expr, number

VARIANTS = 7
"""The scenario itself and six others, in which every live input differs."""

FIXED = (
    "finance.horizon_months",
    "hybrid.fine_tuning_starts_month",
    "finance.fiscal_year_starts_month",
    "finance.too_close_share",
    "finance.budget_usd",
    "finance.usd_per_currency_unit",
    "finance.discount_rate_annual",
    "quality.minimum_correct_share",
)
"""Numbers that shape the sheets or what is shown of them; the last but one is live where amounts are discounted."""

ONLY_ABOVE_ZERO = (
    "workload.prompt_cache_hit_share",
    "workload.batch_share",
    "rag.rewrite_calls_per_query",
    "quality.stale_answer_share_per_change",
    "fine_tuning.training_tokens_per_gpu_hour",
)
"""At 0 the bill has fewer lines: live above it, a value at it."""

NEVER_TO_ZERO = ("workload.prompt_cache_hit_share", "fine_tuning.training_tokens_per_gpu_hour")
"""Those of them without which other lines stand in: live as long as they stay above 0."""

_TYPICAL = {"share": 0.3, "share/month": 0.02, "share/year": 0.04, "months": 4.0, "USD/week": 900.0}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SEASON, _FORECAST = "workload.seasonality", "workload.queries_by_month"


@dataclass(frozen=True)
class Input:
    """One cell of the Assumptions sheet. `path` is as in a scenario; of a list, with the number of the item."""

    path: str
    name: str
    label: str
    value: Any
    unit: str
    group: str
    facts: FieldFacts | None = None


def cell_name(path: str) -> str:
    """Name of the cell of a numeric field: `queries_per_month`, `rag_top_k`, `price_drift_annual_labour`."""
    group, *rest = path.split(".")
    last = "_".join(rest)
    others = [each for each in FIELDS if each != path and each.split(".", 1)[-1] == path.split(".", 1)[-1]]
    return f"{group}_{last}" if group in ARCHITECTURES or others else last


def discount_name(provider: str) -> str:
    """Name of the cell of a provider's negotiated discount."""
    return f"discount_share_{re.sub(r'[^A-Za-z0-9]+', '_', provider).strip('_').lower()}"


def inputs_of(run: Run, providers: list[str]) -> list[Input]:
    """Every cell of the Assumptions sheet, in order; `providers` are those of the prices in use."""
    return [*_fields(run.scenario), *_discounts(run.scenario, providers), *_extra_costs(run.scenario)]


def _fields(scenario: Scenario) -> Iterator[Input]:
    for path, facts in FIELDS.items():
        value = value_at(scenario, path)
        if path == "finance.discount_share":
            continue
        yield Input(path, cell_name(path), facts.label, value, facts.unit, facts.group, facts)
        if path == _SEASON and value:
            for place, factor in enumerate(value):
                words = f"Season, {_MONTHS[place]}"
                yield Input(f"{path}.{place}", f"season_{place + 1:02}", words, factor, "ratio", "workload")
        if path == _FORECAST and value:
            for place, queries in enumerate(value):
                words = f"Forecast, month {place + 1}"
                yield Input(f"{path}.{place}", f"forecast_{place + 1:03}", words, queries, "queries/month", "workload")


def _discounts(scenario: Scenario, providers: list[str]) -> Iterator[Input]:
    shares, taken = scenario.finance.discount_share, set[str]()
    for provider in dict.fromkeys([*shares, *providers]):
        name = discount_name(provider)
        while name in taken:
            name += "_"
        taken.add(name)
        label = f"Negotiated discount, {provider}"
        yield Input(f"{DISCOUNT}{provider}", name, label, shares.get(provider, 0.0), "share", "discounts")


def _extra_costs(scenario: Scenario) -> Iterator[Input]:
    for place, extra in enumerate(scenario.extra_costs):
        kind = next(name for name in ("usd", "usd_per_month", "usd_per_query") if getattr(extra, name) is not None)
        unit = {"usd": "USD", "usd_per_month": "USD/month", "usd_per_query": "USD/query"}[kind]
        words = f"{extra.component} ({' and '.join(extra.architecture)}, months {extra.months[0]} to {extra.months[1]})"
        label = f"{words}: {extra.note}" if extra.note else words
        name = f"extra_cost_{place + 1}"
        yield Input(f"extra_costs.{place}", name, label, getattr(extra, kind), unit, "extra_costs")


def moved(run: Run, inputs: list[Input]) -> list[Input]:
    """The inputs whose other values the formulas are checked by: every number that may be live."""
    cached = value_at(run.scenario, "workload.prompt_cache_hit_share") > 0
    found = []
    for each in inputs:
        if each.path.startswith(DISCOUNT):
            found.append(each)
        elif each.facts is not None and each.facts.numeric and each.value is not None and each.path not in FIXED:
            also_at_zero = each.path not in ONLY_ABOVE_ZERO or (each.path == "workload.batch_share" and cached)
            if also_at_zero or each.value > 0:
                found.append(each)
    return found


def variants(inputs: list[Input]) -> dict[str, Array]:
    """Values of the inputs in each variant, shape (variants,); the first is the scenario itself.

    Three variants move everything, two set about half of it to 0, one all of it, as far as limits allow.
    """
    dice = np.random.default_rng(0)
    columns = {}
    for each in inputs:
        low, high = _limits(each)
        typical = each.value or _TYPICAL.get(each.unit, 6.0)
        values = np.array([each.value, *(typical * dice.uniform(0.45, 1.9, VARIANTS - 1))], dtype=float)
        zeros = np.array([False, False, False, False, *(dice.random(2) < 0.5), True])
        if each.path not in NEVER_TO_ZERO:
            values = np.where(zeros, 0.0, values)
        if each.facts is not None and each.facts.kind == "whole":
            values = np.ceil(values)
        values[1:] = np.clip(values[1:], low, high)
        columns[each.path] = values
    _keep_rules(columns)
    return columns


def _limits(each: Input) -> tuple[float, float]:
    if each.facts is None:
        return 0.0, 1.0
    return float(each.facts.low or 0.0), min(float(each.facts.high or 0.0), 0.9 if each.unit == "share" else np.inf)


def _keep_rules(columns: Mapping[str, Array]) -> None:
    """Rules over several fields hold in the variants, and both sides of every choice between two of them are met."""
    by_hand: dict[str, dict[int, float]] = {
        # content updates force retrains in variant 1, the calendar comes first in variant 2
        "corpus.updates_per_month": {1: 9.3, 2: 0.6},
        "fine_tuning.updates_per_retrain": {1: 2.5, 2: 50.0},
        # in variant 3 something is due every month, so that the months in which a line stands show
        "fine_tuning.retrain_every_months": {1: 3.3, 2: 2.2, 3: 0.9},
        "hybrid.retrain_every_months": {1: 3.7, 2: 2.6, 3: 0.8},
        "fine_tuning.revalidate_every_months": {3: 0.7},
        "rag.reindex_every_months": {3: 0.6},
        # a request above the thresholds of request tiers
        "workload.history_tokens": {3: 450_000.0},
        # whole documents in variant 1, chunks in variant 2
        "corpus.chunk_tokens": {1: 700.0, 2: 300.0, 6: 1.0},
        "corpus.tokens_per_document": {1: 400.0, 2: 1900.0},
    }
    for path, values in by_hand.items():
        for place, value in values.items():
            if path in columns:
                columns[path][place] = value
    chunk, overlap = columns.get("corpus.chunk_tokens"), columns.get("corpus.chunk_overlap_tokens")
    if chunk is not None and overlap is not None:
        chunk[1:] = np.maximum(chunk[1:], 1.0)
        overlap[1:] = np.minimum(overlap[1:], 0.4 * chunk[1:])


class Cells:
    """The input cells as parts of formulas; remembers which ones a formula refers to.

    `columns` are the values of the inputs that the variants move; `frozen` paths are never referred to.
    """

    def __init__(self, inputs: list[Input], columns: Mapping[str, Array], frozen: frozenset[str] = frozenset()) -> None:
        self._inputs = {each.path: each for each in inputs}
        self._columns = columns
        self._frozen = frozen
        self.used: set[str] = set()

    def part(self, path: str) -> Expr:
        """A formula's reference to an input; where it is not live, its value."""
        each, column = self._inputs[path], self._columns.get(path)
        not_a_field = each.facts is None and not path.startswith(DISCOUNT)
        # Of an amount of 0 that is not among the variants nobody can tell in which months it stands.
        if path in self._frozen or (column is None and not (not_a_field and each.value)):
            return number(float(each.value))
        self.used.add(path)
        return Expr(each.name, np.float64(each.value) if column is None else column[:, None])

    def items(self, path: str) -> list[Expr]:
        """The items of a list."""
        return [self.part(f"{path}.{place}") for place in range(len(self._inputs[path].value))]
