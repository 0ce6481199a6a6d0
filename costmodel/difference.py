"""The difference of two bills, line by line: of two architectures, or of one before and after a change."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from costmodel.families import FAMILY_OF
from costmodel.ledger import CostLine
from costmodel.results import Answer, Run
from costmodel.scenario import Architecture
from costmodel.timeline import discount

Costs = dict[tuple[str, str], float | None]
"""(component, phase) -> cost [USD]; None where its price is missing."""


@dataclass(frozen=True)
class Moved:
    """What one component of one phase costs on either side [USD]; None where its price is missing."""

    component: str
    family: str
    phase: str
    a_usd: float | None
    b_usd: float | None

    @property
    def delta_usd(self) -> float | None:
        """By how much b costs more than a; None when one of them is not known."""
        return None if self.a_usd is None or self.b_usd is None else self.b_usd - self.a_usd


def difference(
    a: Answer, b: Answer, *, months: tuple[int, int] | None = None, present: bool = False
) -> tuple[Moved, ...]:
    """What each component costs in `a` and in `b`: the deltas add up to the difference of their totals.

    The sides may be two architectures, or one under two scenarios with horizons of their own. `months` (first, last)
    narrows both to the same months. Consequences are lines where a side's totals count them.
    """
    before, after = costs(a, months=months, present=present), costs(b, months=months, present=present)
    families = {**families_of(b), **families_of(a)}
    return tuple(
        Moved(*_ordered(key, families[key]), before.get(key, 0.0), after.get(key, 0.0))
        for key in dict.fromkeys((*before, *after))
    )


def _ordered(key: tuple[str, str], family: str) -> tuple[str, str, str]:
    component, phase = key
    return component, family, phase


def summed(moved: Iterable[Moved]) -> float | None:
    """By how much b costs more than a [USD]; None when a price is missing on either side."""
    deltas = [each.delta_usd for each in moved]
    return None if None in deltas else math.fsum(delta for delta in deltas if delta is not None)


def changed_lines(before: Run, after: Run, *, present: bool = False) -> dict[Architecture, tuple[Moved, ...]]:
    """What a change of the scenario moves in the bill of each architecture that is compared before and after."""
    return {
        key: difference(before.answers[key], answer, present=present)
        for key, answer in after.answers.items()
        if key in before.answers
    }


def costs(answer: Answer, *, months: tuple[int, int] | None = None, present: bool = False) -> Costs:
    """What the total of one bill adds up, by component and phase; what costs nothing is left out.

    `months` (first, last) may reach over the horizon, as far as was simulated; without it months 0 to H.
    """
    first, last = months or (0, answer.horizon)
    by_line = answer.by_line_usd[:, first : last + 1]
    if present:
        by_line = by_line * discount(answer.discount_rate, answer.bill.months[first : last + 1])
    amounts: dict[tuple[str, str], list[float]] = {}
    for line, cost in zip(answer.bill.counted, by_line.tolist(), strict=True):
        if any(cost):
            amounts.setdefault((line.component, line.phase), []).extend(cost)
    sums = {key: math.fsum(each) for key, each in amounts.items()}
    return {key: None if math.isnan(usd) else usd for key, usd in sums.items()}


def families_of(answer: Answer) -> dict[tuple[str, str], str]:
    """Family of each component and phase that the total of a bill adds up."""
    return {(line.component, line.phase): family_of(line) for line in answer.bill.counted}


def family_of(line: CostLine) -> str:
    """The family of a line; what is typed in under a name of its own, or under that of a consequence, is `other`."""
    family = FAMILY_OF.get(line.component, "other")
    return "other" if family == "consequence" and line.scope == "bill" else family
