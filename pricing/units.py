"""Meters, the units they may be sold by, and the only place where money per unit is converted.

A meter says what is billed (`input`, `storage`, `gpu`). A unit says how it is sold (`1M tokens`,
`GiB-month`). Formulas only ever see USD per *base quantity*: one token, one search, one GB-month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pricing.shown import quoted

GB_PER_GIB: Final = 2**30 / 1e9


class UnitError(ValueError):
    """A meter, unit or group that is not in the closed list."""


@dataclass(frozen=True)
class Meter:
    """One billed quantity. `units` maps a unit to (base quantity, base quantities in one unit)."""

    name: str
    units: Mapping[str, tuple[str, float]]
    drift_group: str
    group: str

    def base(self, unit: str) -> str:
        """Base quantity of `unit`. Raises UnitError for a unit the meter is not sold by."""
        return self._unit(unit)[0]

    def per_unit(self, unit: str) -> float:
        """How many base quantities one `unit` holds. Raises UnitError."""
        return self._unit(unit)[1]

    def _unit(self, unit: str) -> tuple[str, float]:
        try:
            return self.units[unit]
        except KeyError:
            known = ", ".join(self.units)
            raise UnitError(f"{quoted(unit)} is not a unit of {self.name}; use one of {known}") from None


_TOKENS = {"token": ("token", 1.0), "1k tokens": ("token", 1e3), "1M tokens": ("token", 1e6)}
_SEARCHES = {"search": ("search", 1.0), "1k searches": ("search", 1e3)}
_GUARDRAIL_UNITS = {"unit": ("unit", 1.0), "1k units": ("unit", 1e3)}
_PAGES = {"page": ("page", 1.0), "1k pages": ("page", 1e3)}
_STORAGE = {"GB-month": ("GB-month", 1.0), "GiB-month": ("GB-month", GB_PER_GIB)}
_OPERATIONS = {"unit": ("unit", 1.0), "1k units": ("unit", 1e3), "1M units": ("unit", 1e6)}
_WRITTEN = {"GB": ("GB", 1.0), "GiB": ("GB", GB_PER_GIB)}
_SCANNED = {"GB": ("GB", 1.0), "TB": ("GB", 1e3), "TiB": ("GB", 1024 * GB_PER_GIB), "PB": ("GB", 1e6)}
_DIMENSIONS = {"1M dimensions": ("dimension", 1e6)}
_HOUR = {"hour": ("hour", 1.0)}
_MONTH = {"month": ("month", 1.0)}
_GPU_HOUR = {"GPU-hour": ("GPU-hour", 1.0)}
_JOB_HOUR = {"hour": ("GPU-hour", 1.0)}
"""An hour of a training job is counted like that of a GPU, from tokens an hour."""


def _meters() -> dict[str, Meter]:
    rows: list[tuple[str, dict[str, tuple[str, float]], str, str]] = [
        ("input", _TOKENS, "llm", "llm"),
        ("cached_input", _TOKENS, "llm", "llm"),
        ("cache_write", _TOKENS, "llm", "llm"),
        ("output", _TOKENS, "llm", "llm"),
        ("batch_input", _TOKENS, "llm", "llm"),
        ("batch_output", _TOKENS, "llm", "llm"),
        ("embedding", _TOKENS, "embedding", "embedding"),
        ("training", _TOKENS | _GPU_HOUR | _JOB_HOUR, "llm", "fine_tuning"),
        ("rerank_searches", _SEARCHES, "llm", "reranker"),
        ("rerank_tokens", _TOKENS, "llm", "reranker"),
        ("guardrail", _GUARDRAIL_UNITS, "llm", "guardrail"),
        ("page", _PAGES, "embedding", "parsing"),
        ("storage", _STORAGE, "vector_store", "vector_store"),
        ("dimensions", _DIMENSIONS, "vector_store", "vector_store"),
        ("reads", _OPERATIONS, "vector_store", "vector_store"),
        ("queried", _SCANNED, "vector_store", "vector_store"),
        ("writes", _OPERATIONS | _WRITTEN, "vector_store", "vector_store"),
        ("nodes", _HOUR | _MONTH, "vector_store", "vector_store"),
        ("flat", _MONTH, "vector_store", "vector_store"),
        ("hosting", _HOUR, "gpu", "fine_tuning"),
        ("model_storage", _MONTH, "llm", "fine_tuning"),
        ("gpu", _GPU_HOUR, "gpu", "gpu"),
    ]
    return {name: Meter(name, MappingProxyType(dict(units)), drift, group) for name, units, drift, group in rows}


METERS: Final[Mapping[str, Meter]] = MappingProxyType(_meters())
"""The closed list. `Meter.group` is where a row of that meter is browsed when its row names no group."""

GROUPS: Final = (
    "llm",
    "embedding",
    "reranker",
    "vector_store",
    "fine_tuning",
    "gpu",
    "parsing",
    "guardrail",
    "people",
    "other",
)

REQUEST_TIER_METERS: Final = frozenset(
    {"input", "cached_input", "cache_write", "output", "batch_input", "batch_output"}
)
"""`tier_from` = input tokens of one request, strictly above which the whole call pays the row."""

GRADUATED_METERS: Final = frozenset({"storage", "dimensions", "reads", "writes", "nodes"})
"""`tier_from` = monthly quantity in the row's unit from which further quantity pays the row."""

INDEX_TIER_METERS: Final = frozenset({"queried"})
"""`tier_from` = GB of the index (vectors, in a plan with `vectors_per_tier`) from which what a search scans pays it."""

STEP_METERS: Final = frozenset({"flat"})
"""`tier_from` = searches a month from which this fee holds."""

VECTOR_STORE_METERS: Final = GRADUATED_METERS | INDEX_TIER_METERS | STEP_METERS


def meter(name: str) -> Meter:
    """The meter called `name`. Raises UnitError with the list of meters."""
    try:
        return METERS[name]
    except KeyError:
        raise UnitError(f"{quoted(name)} is not a meter; use one of {', '.join(METERS)}") from None


def base_of(name: str, unit: str) -> str:
    """Base quantity (token, search, GB-month, ...) of a meter sold by `unit`. Raises UnitError."""
    return meter(name).base(unit)


def usd_per_base(price_usd: float, name: str, unit: str) -> float:
    """USD per base quantity: 2.50 USD per `1M tokens` is 0.0000025 USD per token. Raises UnitError."""
    return price_usd / meter(name).per_unit(unit)


def drift_group(name: str, unit: str) -> str:
    """Price-drift group (llm, embedding, vector_store, gpu) of a meter sold by `unit`. Raises UnitError."""
    found = meter(name)
    return "gpu" if found.base(unit) == "GPU-hour" else found.drift_group
