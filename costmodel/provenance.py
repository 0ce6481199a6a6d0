"""What each total rests on: sourced figures, guesses, or the user's own."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from costmodel.changes import differing
from costmodel.fields import value_at
from costmodel.ledger import CostLine
from costmodel.presets import PRESETS
from costmodel.results import Run
from costmodel.scenario import Architecture, Scenario

LEVERS = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "corpus.updates_per_month",
    "fine_tuning.retrain_every_months",
    "finance.horizon_months",
)
"""The five levers: the user's own figures by nature, in a preset too."""


class Provenance:
    """Of one run: which fields and prices are guesses, and how much of each total they shape."""

    def __init__(self, run: Run) -> None:
        self.run = run
        preset = PRESETS.get(run.scenario.preset or "")
        self._base = preset.scenario if preset else Scenario()
        self._sources = preset.sources if preset else {}
        self._own = {*differing(run.scenario, self._base), *LEVERS}

    def is_own(self, path: str) -> bool:
        """A lever, or a field that the user set."""
        return path in self._own

    def is_guess(self, path: str) -> bool:
        """A preset's guess that the user has not replaced and that has an effect."""
        source = self._sources.get(path)
        return source is not None and source.guess and path not in self._own

    @cached_property
    def _weighty(self) -> tuple[frozenset[str], frozenset[str]]:
        """Guesses, and fields of the user's own, that are not 0 or empty."""
        guesses = (path for path in self._sources if self.is_guess(path))
        found = [[path for path in paths if value_at(self.run.scenario, path)] for paths in (guesses, self._own)]
        return frozenset(found[0]), frozenset(found[1])

    def _guessed(self, line: CostLine) -> list[str]:
        paths = [path for path in line.fields if path in self._weighty[0]]
        weak = [
            row.price_id
            for prices in line.prices
            for row in prices.rows
            if row.confidence == "low" and row.origin != "edit"
        ]
        return [*paths, *(price_id for price_id in dict.fromkeys(weak) if price_id in line.price_ids)]

    def _owned(self, line: CostLine) -> bool:
        edited = {edit.price_id for edit in self.run.scenario.price_edits}
        return not self._weighty[1].isdisjoint(line.fields) or not edited.isdisjoint(line.price_ids)

    @cached_property
    def _costs(self) -> dict[Architecture, list[tuple[CostLine, float, list[str]]]]:
        """Of each known bill the lines, what each comes to over the horizon [USD], and the guesses that shape it."""
        found = {}
        for key, answer in self.run.answers.items():
            if not answer.missing:
                usd = np.abs(answer.by_line_usd[:, : answer.horizon + 1]).sum(axis=1).tolist()
                lines = zip(answer.bill.counted, usd, strict=True)
                found[key] = [(line, cost, self._guessed(line)) for line, cost in lines]
        return found

    def _share(self, key: Architecture, counted: list[float]) -> float:
        total = sum(cost for _, cost, _ in self._costs[key])
        return sum(counted) / total if total else 0.0

    def guess_share(self, key: Architecture) -> float:
        """Share of the TCO in lines that a guess shapes [share]."""
        return self._share(key, [cost for _, cost, guessed in self._costs[key] if guessed])

    def own_share(self, key: Architecture) -> float:
        """Share of the TCO in lines that no guess but the user's own figures shape [share]."""
        lines = self._costs[key]
        return self._share(key, [cost for line, cost, guessed in lines if not guessed and self._owned(line)])

    def largest_guesses(self, how_many: int = 3) -> list[str]:
        """The guesses that shape the most money over all architectures, largest first (paths or price ids)."""
        money: dict[str, float] = {}
        for lines in self._costs.values():
            for _, cost, guessed in lines:
                for path in guessed:
                    money[path] = money.get(path, 0.0) + cost
        return sorted((path for path in money if money[path] > 0), key=lambda path: -money[path])[:how_many]
