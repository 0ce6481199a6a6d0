"""Where the answer turns: the month, and the crossovers along three levers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from costmodel.crossover import RANGES, Crossovers, crossovers_of
from costmodel.fields import value_at
from costmodel.results import Run
from costmodel.scenario import Scenario
from pages.ui import blocks, layout, levers, state
from pages.ui.lever import format_count, format_months
from pricing.catalog import load_book
from report import crossover_text, text

POINTS, JUMP_WIDTH = 129, 1e-4
"""The scan along a lever: its points, and how closely a jump is located [share of the value]."""
VOLUME, UPDATES, CADENCE = (
    "workload.queries_per_month",
    "corpus.updates_per_month",
    "fine_tuning.retrain_every_months",
)
DRIVERS: dict[str, tuple[str, str, Callable[[float], str]]] = {
    VOLUME: ("Queries per month", "query volume", format_count),
    UPDATES: ("Content updates per month", "update frequency", format_count),
    CADENCE: ("Retrain every", "retraining cadence", format_months),
}


def _crossovers(scenario: Scenario, drivers: Sequence[str]) -> dict[str, Crossovers]:
    """Crossovers in each driver; what the last run of the session found is used again where nothing of it has moved."""
    # Where it crosses does not depend on where its own lever stands: pulled, that lever asks nothing anew.
    asked = {driver: _without(scenario, driver) for driver in drivers}
    known: dict[str, tuple[Scenario, Crossovers]] = state.kept("crossovers") or {}
    missing = [driver for driver in drivers if driver not in known or known[driver][0] != asked[driver]]
    ranges = dict.fromkeys(missing, (None, None))
    found = crossovers_of(scenario, load_book(), ranges, POINTS, JUMP_WIDTH) if missing else {}
    known = {driver: (asked[driver], found.get(driver) or known[driver][1]) for driver in drivers}
    state.keep("crossovers", known)
    return {driver: crossovers for driver, (_, crossovers) in known.items()}


def _without(scenario: Scenario, driver: str) -> Scenario:
    """The scenario with one number at the low end of its range."""
    group, name = driver.split(".")
    moved = getattr(scenario, group).model_copy(update={name: RANGES[driver][0]})
    return scenario.model_copy(update={group: moved})


def section(run: Run) -> list[Crossovers]:
    """Who is cheapest in which months, at which volume, update frequency and cadence; returns what it found."""
    if len(run.eligible) < 2:
        return []
    scenario, leads = run.scenario, run.leaders()
    turning = ["the months"] if len(leads) > 1 else []
    shown: list[Crossovers] = []
    rows = [("Month", f"{run.horizon}", crossover_text.along_months(run))]
    forecast = scenario.workload.queries_by_month is not None
    drivers = [driver for driver in DRIVERS if not (forecast and driver == VOLUME)]
    for driver, found in _crossovers(scenario, drivers).items():
        label, noun, words = DRIVERS[driver]
        shown.append(found)
        if len(found.leaders(run.eligible)) > 1:
            turning.append(noun)
        now = float(value_at(scenario, driver))
        said = _condition(run, crossover_text.along(found, run.eligible, words), driver)
        rows.append((label, levers.cadence_words(now) if driver == CADENCE else words(now), said))
    over = "1 month" if run.horizon == 1 else f"{run.horizon} months"
    caption = f"Cheapest over {over} along each lever, everything else as it is; nominal cost"
    layout.section(crossover_text.turns_finding(turning), caption, key="turns")
    blocks.facts(("Lever", "Now", "Cheapest"), rows)
    return shown


def _condition(run: Run, said: str, driver: str) -> str:
    """Every sentence over content updates names the guess on which it hangs."""
    needed = run.scenario.fine_tuning.updates_per_retrain
    if driver != UPDATES or not needed or "fine_tuning" not in run.eligible:
        return said
    return f"{said} ({text.updates_force(needed, state.is_guess('fine_tuning.updates_per_retrain'))})"
