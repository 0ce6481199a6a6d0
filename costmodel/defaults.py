"""Which plans of the price book the presets lean on, and how long those have to last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from costmodel.changes import resolved
from costmodel.fields import value_at
from costmodel.presets import PRESETS, Preset
from costmodel.results import Run
from costmodel.scenario import FIELDS, Scenario
from pricing.book import PriceBook
from pricing.health import Default

RETIRING = ("model", "embedding_model", "router_model")
"""Fields whose plans retire; rerankers, parsers, guardrails, stores and rented GPUs do not."""


def references(scenario: Scenario) -> dict[str, str]:
    """The plans that a scenario names: path -> reference `provider/item`."""
    found = {path: value_at(scenario, path) for path, field in FIELDS.items() if field.kind == "reference"}
    return {path: ref for path, ref in found.items() if ref is not None}


def defaults(book: PriceBook, today: date, presets: Mapping[str, Preset] = PRESETS) -> tuple[Default, ...]:
    """Every plan that a preset names, with the prices that its bill uses when it starts in the month of `today`."""
    found = []
    for preset in presets.values():
        scenario = resolved(preset.scenario, today)
        run = Run(scenario, book)
        used = frozenset(row.price_id for row in run.rows_in_use)
        for path, ref in references(scenario).items():
            self_hosted = path == "fine_tuning.model" and scenario.fine_tuning.hosting == "self_hosted"
            retires = path.rsplit(".", 1)[-1] in RETIRING and not self_hosted
            last = run.inputs.dates[run.horizon]
            found.append(Default(ref, f"preset {preset.id}, {path}", retires, last, used))
    return tuple(found)
