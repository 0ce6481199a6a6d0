"""Where the money goes, as rows: what each architecture's total adds up, grouped by family or by phase."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from costmodel.difference import Costs, Moved
from report.line_words import FAMILIES, PHASES, component_words

Amounts = Mapping[str, float | None]
"""Architecture -> cost [USD]; None where a price is missing."""


@dataclass(frozen=True)
class Group:
    """A family or phase with the components in it; `key` names it in code."""

    key: str
    words: str
    amounts: Amounts
    rows: tuple[tuple[str, Amounts], ...]


def groups(
    costs: Mapping[str, Costs], families: Mapping[tuple[str, str], str], by: Literal["component", "phase"]
) -> list[Group]:
    """The groups in their fixed order, in each the components with the dearest first."""
    lines = dict.fromkeys(line for each in costs.values() for line in each)
    order = FAMILIES if by == "component" else PHASES
    found = []
    for key, words in order.items():
        inside = [line for line in lines if (families[line] if by == "component" else line[1]) == key]
        if not inside:
            continue
        components = dict.fromkeys(component for component, _ in inside)
        rows = [
            (component_words(component), _sums(costs, [line for line in inside if line[0] == component]))
            for component in components
        ]
        rows.sort(key=lambda row: -max(abs(usd or 0.0) for usd in row[1].values()))
        found.append(Group(key, words, _sums(costs, inside), tuple(rows)))
    return found


def _sums(costs: Mapping[str, Costs], lines: Sequence[tuple[str, str]]) -> dict[str, float | None]:
    return {key: _sum(each.get(line, 0.0) for line in lines) for key, each in costs.items()}


def _sum(amounts: Iterable[float | None]) -> float | None:
    known = list(amounts)
    return None if None in known else math.fsum(usd for usd in known if usd is not None)


def by_component(costs: Costs) -> dict[str, float | None]:
    """Cost by component [USD], its phases together."""
    sums: dict[str, list[float | None]] = {}
    for (component, _), usd in costs.items():
        sums.setdefault(component, []).append(usd)
    return {component: _sum(amounts) for component, amounts in sums.items()}


def largest_line(costs: Costs) -> tuple[str, float] | None:
    """The dearest component of a bill and its share of it; None where a price is missing or credits blur shares."""
    sums = by_component(costs)
    known = {component: usd for component, usd in sums.items() if usd is not None and usd >= 0}
    total = math.fsum(known.values())
    if len(known) < len(sums) or total <= 0:
        return None
    dearest = max(known, key=lambda component: known[component])
    return dearest, known[dearest] / total


def moved_components(moved: Iterable[Moved]) -> list[tuple[str, float | None]]:
    """By how much each component moved [USD], its phases together; what did not move is left out."""
    sums: dict[str, list[float | None]] = {}
    for each in moved:
        sums.setdefault(each.component, []).append(each.delta_usd)
    found = [(component, _sum(deltas)) for component, deltas in sums.items()]
    return [(component, usd) for component, usd in found if usd is None or abs(usd) >= 0.005]


def adding_up(amounts: Sequence[float], total: float, places: int, firm: Sequence[bool] = ()) -> list[float]:
    """Amounts rounded to so many places so that they add up to the rounded total: the nearest ones give way.

    `firm` ones are rounded as if they stood alone, as long as the others make up the total and stay within two places.
    """
    scale = 10**places
    held = list(firm) or [False] * len(amounts)
    whole = [round(usd * scale) if hold else math.floor(usd * scale) for usd, hold in zip(amounts, held, strict=True)]
    short = round(total * scale) - sum(whole)
    free = [index for index, hold in enumerate(held) if not hold]
    if any(held) and not -len(free) <= short <= 2 * len(free):
        return adding_up(amounts, total, places)
    nearest = sorted(free, key=lambda index: whole[index] - amounts[index] * scale)
    for step in range(abs(short)):
        whole[(nearest if short > 0 else nearest[::-1])[step % len(nearest)]] += 1 if short > 0 else -1
    return [each / scale for each in whole]


def twins(columns: Mapping[str, Sequence[float | None]]) -> dict[str, list[bool]]:
    """Which amounts of each column stand in another column of the same row too, so that they must read the same."""
    return {
        key: [
            usd is not None and any(_same(usd, others[row]) for other, others in columns.items() if other != key)
            for row, usd in enumerate(column)
        ]
        for key, column in columns.items()
    }


def _same(usd: float, other: float | None) -> bool:
    return other is not None and math.isclose(usd, other, rel_tol=1e-9, abs_tol=1e-9)


def rounded(
    columns: Mapping[str, Sequence[float | None]], sums: Mapping[str, float | None], places: int
) -> dict[str, list[float | None]]:
    """Columns of amounts rounded so that each adds up to its sum (None: not known), and equal amounts read the same.

    Only where nothing else can give way, equal amounts of two columns differ in the last place.
    """
    held, found = twins(columns), dict[str, list[float | None]]()
    for key, column in columns.items():
        known = [(usd, hold) for usd, hold in zip(column, held[key], strict=True) if usd is not None]
        amounts, firm = [usd for usd, _ in known], [hold for _, hold in known]
        total = sums[key]
        whole = iter(adding_up(amounts, math.fsum(amounts) if total is None else total, places, firm))
        found[key] = [None if usd is None else next(whole) for usd in column]
    return found
