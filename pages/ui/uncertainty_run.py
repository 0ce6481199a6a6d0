"""Draws for the scenario on screen: run at once when they are quick, else at a press, with progress and a way out.

What was drawn before stays on screen, and says that it is old, until the new draws are there. Draws that are small
enough are remembered for whoever asks for the same ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.changes import ScenarioError
from costmodel.ranges import ranges_of
from costmodel.results import Run
from costmodel.scenario import Scenario
from costmodel.uncertainty import Uncertainty, rounded_up, uncertainty
from pages.ui import heavy, shared, state
from pricing.catalog import load_book
from report import uncertainty_text as words

DRAWS = (1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536)
KEPT, CANCELLED, PRESSED = "uncertainty", "uncertainty cancelled", "uncertainty pressed"
MOST_KEPT = 4
QUICK, LONG = 0.3, 1.0
"""Seconds: up to the one, draws follow every change by themselves; beyond the other, they show progress."""
HEAVY = 16_384
"""From so many draws on, one session at a time draws in this process."""
LIGHT, LAST = 8_192, 24
"""Up to so many draws are remembered in this process, the last outcomes that anybody asked for: about 10 MiB."""

clock = time.perf_counter
worked = time.thread_time
"""Time that the draws themselves take: a server that is busy or has just begun makes them no slower than they are."""

Place = Callable[[], DeltaGenerator]


@dataclass(frozen=True)
class Asked:
    """What is to be drawn: the scenario with the ranges in use, how many draws, from which seed, in which money."""

    scenario: Scenario
    draws: int
    seed: int
    present: bool


@dataclass(frozen=True, eq=False)
class Drawn:
    """The outcome of draws, the run that they were drawn about, and how long a processor worked on that [s]."""

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
    draws, seed = rounded_up(int(state.switch("draws"))), int(state.switch("seed"))
    return Asked(_with_ranges(run), draws, seed, state.switch("value") == "present")


@shared.once
def _with_ranges(run: Run) -> Scenario:
    if run.scenario.uncertainty:
        return run.scenario
    return run.scenario.model_copy(update={"uncertainty": dict(ranges_of(run))})


def _remembered(run: Run, wanted: Asked) -> list[Drawn]:
    """Where the draws of anybody about this very run are; nothing yet, or never, of many of them."""
    return _drawn(run, wanted.draws, wanted.seed, wanted.present) if wanted.draws <= LIGHT else []


def _shelf(run: Run, draws: int, seed: int, present: bool) -> list[Drawn]:
    return []


_drawn = shared.once(_shelf, LAST)


def at_hand(run: Run) -> bool:
    """Whether what the page shows is there already or after a moment: nothing that has to be waited for."""
    wanted, before = asked(run), _before()
    if _found(run, wanted, before) is not None or not wanted.scenario.uncertainty:
        return True
    if not before:
        return False
    return _quick(wanted, before[0]) or not state.kept(PRESSED)


def outcome(run: Run, place: Place) -> Outcome:
    """The draws to show; `place` gives where progress and the way out stand while new ones are drawn, once it is known
    that they take long."""
    wanted, pressed, before = asked(run), _pressed(), _before()
    if (found := _found(run, wanted, before)) is not None:
        if found not in before:
            state.keep(KEPT, [found, *before][:MOST_KEPT])
        return Outcome(found, False, "")
    last = before[0] if before else None
    if not wanted.scenario.uncertainty:
        return Outcome(last, last is not None, words.NOTHING_VARIES)
    cancelled = state.kept(CANCELLED) == wanted
    if not (pressed or (not cancelled and (last is None or _quick(wanted, last)))):
        remark = (words.CANCELLED if last else words.CANCELLED_FIRST) if cancelled else words.OLD
        return Outcome(last, last is not None, remark)
    try:
        drawn = _draw(run, wanted, place)
    except ScenarioError as error:
        return Outcome(last, last is not None, words.OLD if last else "", error.problems)
    except heavy.Busy:
        return Outcome(last, last is not None, words.BUSY)
    state.keep(CANCELLED, None)
    state.keep(KEPT, [drawn, *before][:MOST_KEPT])
    return Outcome(drawn, False, "")


def _before() -> list[Drawn]:
    before: list[Drawn] | None = state.kept(KEPT)
    return before or []


def _found(run: Run, wanted: Asked, before: list[Drawn]) -> Drawn | None:
    """The draws that are wanted, where they are there already."""
    return next((each for each in (*before, *_remembered(run, wanted)) if each.asked == wanted), None)


def press() -> None:
    """Draw in the next run, however long it takes."""
    state.keep(PRESSED, True)


def _pressed() -> bool:
    pressed = bool(state.kept(PRESSED))
    state.keep(PRESSED, None)
    return pressed


def _quick(wanted: Asked, last: Drawn) -> bool:
    """Whether to draw without being asked: the last draws were quick."""
    return last.seconds * wanted.draws / last.asked.draws < QUICK


class _Waiting:
    """What stands at the place of progress, which is asked for when there is something to show."""

    def __init__(self, place: Place) -> None:
        self._place, self._known = place, list[DeltaGenerator]()

    @property
    def place(self) -> DeltaGenerator:
        if not self._known:
            self._known.append(self._place())
        return self._known[0]

    def over(self) -> None:
        for each in self._known:
            each.empty()


@contextmanager
def _in_turn(draws: int, waiting: _Waiting) -> Iterator[None]:
    if draws < HEAVY:
        yield
        return
    with heavy.turn(lambda: waiting.place.progress(0.0, words.WAITING)):
        yield


def _draw(run: Run, wanted: Asked, place: Place) -> Drawn:
    waiting = _Waiting(place)
    try:
        with _in_turn(wanted.draws, waiting):
            start, show = worked(), _progress(wanted, waiting)
            found = uncertainty(
                wanted.scenario, load_book(), wanted.draws, wanted.seed, present=wanted.present, progress=show, run=run
            ).without_shares()
            drawn = Drawn(wanted, found, run, worked() - start)
    finally:
        waiting.over()
    _remembered(run, wanted).append(drawn)
    return drawn


def _progress(wanted: Asked, waiting: _Waiting) -> Callable[[int, int], None]:
    """Shows how far the draws are once they are known to take long. Streamlit may end the run there: that is the way
    out, for the button and for every other widget."""
    bar, start = list[DeltaGenerator](), clock()

    def show(done: int, of: int) -> None:
        if not bar and (clock() - start) * of / done > LONG:
            with waiting.place.container(key="drawing_now", horizontal=True, vertical_alignment="center"):
                bar.append(st.progress(0.0))
                st.button("Cancel", key="cancel draws", on_click=state.keep, args=(CANCELLED, wanted))
        if bar:
            bar[0].progress(done / of, text=words.progress(done, of) if done < of else words.WORKING_OUT)

    return show
