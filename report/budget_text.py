"""The budget in words: in which month each architecture passes it."""

from __future__ import annotations

import numpy as np

from costmodel.results import Run
from costmodel.scenario import Architecture
from report.numbers import listed
from report.sentence import money_of, months_words, name, starting


def passes_in(run: Run, present: bool = False) -> dict[Architecture, int | None]:
    """First month at whose end the cost so far is above `finance.budget_usd` (0: the build), None where none is.

    Empty without a budget; architectures without a total are left out.
    """
    budget = run.scenario.finance.budget_usd
    if budget is None:
        return {}
    found: dict[Architecture, int | None] = {}
    for key, curve in run.curves(present).items():
        if not run.answers[key].missing:
            above = np.flatnonzero(curve > budget)
            found[key] = int(above[0]) if len(above) else None
    return found


def budget(run: Run, present: bool = False) -> str:
    """Which architectures pass the budget and when, which stay below it; empty without a budget."""
    passes = passes_in(run, present)
    if not passes:
        return ""
    amount = money_of(run)(run.scenario.finance.budget_usd)
    the_budget = f"the budget of {amount}{' in present value' if present else ''}"
    over: dict[int, list[str]] = {}
    for key, month in sorted(passes.items(), key=lambda item: -1 if item[1] is None else item[1]):
        if month is not None:
            over.setdefault(month, []).append(name(key))
    below = [name(key) for key, month in passes.items() if month is None]
    if not over:
        verb = "stays" if len(below) == 1 else "stay"
        return starting(f"{listed(below)} {verb} within {the_budget} over {months_words(run.horizon)}.")
    parts: list[str] = []
    for month, names in over.items():
        verb = "" if parts else f" {'passes' if len(names) == 1 else 'pass'} {the_budget}"
        parts.append(f"{listed(names)}{verb} {'with the build' if month == 0 else f'in month {month}'}")
    words = ", ".join(parts)
    if below:
        words += f"; {listed(below)} {'stays' if len(below) == 1 else 'stay'} within it"
    return starting(f"{words}.")
