"""Which facts of a plan shape the bill of which meter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pricing.units import GRADUATED_METERS, INDEX_TIER_METERS

_MODELS = ("input", "output", "embedding", "training", "hosting")

METERS_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "documents_per_search": ("rerank_searches",),
        "tokens_per_unit": ("guardrail",),
        "units_per_search": ("reads",),
        "units_per_vector": ("writes",),
        "units_per_gb_searched": ("reads",),
        "units_per_gb_written": ("writes",),
        "min_gb_per_search": ("queried",),
        "vectors_per_tier": ("queried",),
        "gb_per_node": ("nodes",),
        "min_nodes": ("nodes",),
        "min_gpus": ("gpu",),
        "cap_quantity": tuple(sorted(GRADUATED_METERS | INDEX_TIER_METERS)),
        "bills_tokens": ("hosting",),
        "retires_on": _MODELS,
        "successor": _MODELS,
    }
)
"""Fact -> the meters with which it is asked for; any row of the plan may carry it."""


def facts_of(meter: str) -> tuple[str, ...]:
    """The facts that shape what a meter bills, in the order of the list."""
    return tuple(fact for fact, meters in METERS_OF.items() if meter in meters)
