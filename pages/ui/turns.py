"""Where the answer turns: the month, and the crossovers along three levers."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from costmodel.changes import changed
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


@st.cache_data(max_entries=256, show_spinner=False)
def _found(written: str, driver: str) -> Crossovers:
    """Crossovers in one driver of a scenario written as JSON."""
    scenario = Scenario.model_validate_json(written)
    return crossovers_of(scenario, load_book(), {driver: (None, None)}, POINTS, JUMP_WIDTH)[driver]


def _crossovers(scenario: Scenario, driver: str) -> Crossovers:
    # Where it crosses does not depend on where the lever stands: pulled, it asks nothing anew.
    return _found(changed(scenario, {driver: RANGES[driver][0]}).model_dump_json(), driver)


def section(run: Run) -> list[Crossovers]:
    """Who is cheapest in which months, at which volume, update frequency and cadence; returns what it found."""
    scenario, present = run.scenario, state.switch("value") == "present"
    leads = run.leaders(present)
    turning = ["the months"] if len(leads) > 1 else []
    shown = []
    rows = [("Month", f"{run.horizon}", crossover_text.along_months(run, present))]
    for driver, (label, noun, words) in DRIVERS.items():
        if driver == VOLUME and scenario.workload.queries_by_month is not None:
            continue
        found = _crossovers(scenario, driver)
        shown.append(found)
        if len(found.leaders(run.eligible)) > 1:
            turning.append(noun)
        now = float(value_at(scenario, driver))
        said = _condition(run, crossover_text.along(found, run.eligible, words), driver)
        rows.append((label, levers.cadence_words(now) if driver == CADENCE else words(now), said))
    caption = f"Cheapest over {run.horizon} months along each lever, everything else as it is; nominal cost"
    layout.section(crossover_text.turns_finding(turning), caption, key="turns")
    blocks.facts(("Lever", "Now", "Cheapest"), rows)
    return shown


def _condition(run: Run, said: str, driver: str) -> str:
    """Every sentence over content updates names the guess on which it hangs."""
    needed = run.scenario.fine_tuning.updates_per_retrain
    if driver != UPDATES or not needed or "fine_tuning" not in run.eligible:
        return said
    return f"{said} ({text.updates_force(needed, state.is_guess('fine_tuning.updates_per_retrain'))})"
