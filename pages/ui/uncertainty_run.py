"""Draws for the scenario on screen: run at once when they are quick, else at a press, with progress and a way out.

What was drawn before stays on screen, and says that it is old, until the new draws are there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.changes import ScenarioError, changed
from costmodel.ranges import ranges_of
from costmodel.results import Run
from costmodel.scenario import Scenario
from costmodel.uncertainty import Uncertainty, rounded_up, uncertainty
from pages.ui import heavy, state
from pricing.catalog import load_book
from report import uncertainty_text as words

DRAWS = (1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536)
KEPT, CANCELLED, PRESSED = "uncertainty", "uncertainty cancelled", "uncertainty pressed"
MOST_KEPT = 4
QUICK, LONG = 0.3, 1.0
"""Seconds: up to the one, draws follow every change by themselves; beyond the other, they show progress."""
HEAVY = 16_384
"""From so many draws on, one session at a time draws in this process."""

clock = time.perf_counter


@dataclass(frozen=True)
class Asked:
    """What is to be drawn: the scenario with the ranges in use, how many draws, from which seed, in which money."""

    scenario: Scenario
    draws: int
    seed: int
    present: bool


@dataclass(frozen=True, eq=False)
class Drawn:
    """The outcome of draws, the run that they were drawn about, and how long that took [s]."""

    asked: Asked
    found: Uncertainty
    run: Run
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What the page shows: draws, whether they are old, and what stands in the way of new ones."""

    drawn: Drawn | None
    old: bool
    remark: str
    problems: tuple[str, ...] = ()


def asked(run: Run) -> Asked:
    """What the page is asked for now."""
    known: tuple[Scenario, Scenario] | None = state.kept("uncertain scenario")
    if known is None or known[0] is not run.scenario:
        known = (run.scenario, _with_ranges(run))
        state.keep("uncertain scenario", known)
    draws, seed = rounded_up(int(state.switch("draws"))), int(state.switch("seed"))
    return Asked(known[1], draws, seed, state.switch("value") == "present")


def _with_ranges(run: Run) -> Scenario:
    if run.scenario.uncertainty:
        return run.scenario
    return changed(run.scenario, {"uncertainty": {path: each.model_dump() for path, each in ranges_of(run).items()}})


def outcome(run: Run, place: DeltaGenerator) -> Outcome:
    """The draws to show; `place` is where progress and the way out stand while new ones are drawn."""
    wanted, pressed = asked(run), _pressed()
    before: list[Drawn] = state.kept(KEPT) or []
    for each in before:
        if each.asked == wanted:
            return Outcome(each, False, "")
    last = before[0] if before else None
    if not wanted.scenario.uncertainty:
        return Outcome(last, last is not None, words.NOTHING_VARIES)
    cancelled = state.kept(CANCELLED) == wanted
    if not (pressed or (not cancelled and _at_once(wanted, last))):
        remark = (words.CANCELLED if last else words.CANCELLED_FIRST) if cancelled else words.OLD
        return Outcome(last, last is not None, remark)
    try:
        drawn = _draw(run, wanted, place)
    except ScenarioError as error:
        return Outcome(last, last is not None, words.OLD if last else "", error.problems)
    except heavy.Busy:
        return Outcome(last, last is not None, words.BUSY)
    finally:
        place.empty()
    state.keep(CANCELLED, None)
    state.keep(KEPT, [drawn, *before][:MOST_KEPT])
    return Outcome(drawn, False, "")


def press() -> None:
    """Draw in the next run, however long it takes."""
    state.keep(PRESSED, True)


def _pressed() -> bool:
    pressed = bool(state.kept(PRESSED))
    state.keep(PRESSED, None)
    return pressed


def _at_once(wanted: Asked, last: Drawn | None) -> bool:
    """Whether to draw without being asked: nothing has been drawn yet, or the last draws were quick."""
    return last is None or last.seconds * wanted.draws / last.asked.draws < QUICK


@contextmanager
def _in_turn(draws: int, place: DeltaGenerator) -> Iterator[None]:
    if draws < HEAVY:
        yield
        return
    with heavy.turn(lambda: place.progress(0.0, words.WAITING)):
        yield


def _draw(run: Run, wanted: Asked, place: DeltaGenerator) -> Drawn:
    with _in_turn(wanted.draws, place):
        start = clock()
        show = _progress(wanted, place, start)
        found = uncertainty(
            wanted.scenario, load_book(), wanted.draws, wanted.seed, present=wanted.present, progress=show
        ).without_shares()
        return Drawn(wanted, found, run, clock() - start)


def _progress(wanted: Asked, place: DeltaGenerator, start: float) -> Callable[[int, int], None]:
    """Shows how far the draws are once they are known to take long. Streamlit may end the run there: that is the way
    out, for the button and for every other widget."""
    bar: list[DeltaGenerator] = []

    def show(done: int, of: int) -> None:
        if not bar and (clock() - start) * of / done > LONG:
            with place.container(key="drawing_now", horizontal=True, vertical_alignment="center"):
                bar.append(st.progress(0.0))
                st.button("Cancel", key="cancel draws", on_click=state.keep, args=(CANCELLED, wanted))
        if bar:
            bar[0].progress(done / of, text=words.progress(done, of) if done < of else words.WORKING_OUT)

    return show
