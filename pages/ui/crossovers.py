"""The Crossovers page: its answer, what would flip it, and what its parts share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from html import escape
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.changes import ScenarioError, changed
from costmodel.crossover import Crossovers
from costmodel.driver import crossings, fields_of, prices_of, reach, without
from costmodel.flips import Flip
from costmodel.flips import flips as search
from costmodel.results import Run
from costmodel.scan import is_whole
from costmodel.tracks import Track
from pages.ui import layout, levers, state
from pages.ui.frame import coloured
from pricing.catalog import load_book
from report import driver_text, driver_words, text
from report.driver_words import GROWTH, UPDATES, VOLUME, DriverWords

MOST_FLIPS = 6
MOST_KEPT = 6
"""Results kept beside each other under one name."""

Made = TypeVar("Made")


def present() -> bool:
    """Whether amounts are present values, as chosen on the Overview."""
    return state.switch("value") == "present"


def side_by_side() -> DeltaGenerator:
    """The map and, beside it where there is room, what would flip it."""
    return st.container(key="map_and_flips")


def once(name: str, question: Hashable, of: Any, make: Callable[[], Made]) -> Made:
    """What `make` gives, worked out again only when `of` has changed since the same question was asked."""
    known: dict[Hashable, tuple[Any, Made]] = state.kept(f"crossovers {name}") or {}
    if question not in known or known[question][0] != of:
        rest = [(key, each) for key, each in known.items() if key != question][1 - MOST_KEPT :]
        known = dict(rest) | {question: (of, make())}
        state.keep(f"crossovers {name}", known)
    return known[question][1]


def words_of(run: Run, path: str) -> DriverWords:
    """A driver in words; what was typed in, as the name of a price, is no Markdown in sentences."""
    words = driver_words.words_of(run, path)
    if not path.startswith("price:"):
        return words
    return replace(words, **{each: layout.in_markdown(getattr(words, each)) for each in ("noun", "unit")})


def drivers(run: Run) -> list[str]:
    """Everything that can be a driver: numbers, then prices."""
    replaced = (VOLUME, GROWTH) if run.scenario.workload.queries_by_month is not None else ()
    return [*(path for path in fields_of(run) if path not in replaced), *prices_of(run)]


def range_of(run: Run, driver: str) -> tuple[float, float]:
    """The range of a driver unless another one is asked for."""
    return reach(run, state.base(), load_book(), driver)


def found(run: Run, driver: str, ends: tuple[float, float] | None = None) -> Crossovers:
    """The crossovers along a driver, in its own range unless `ends` are given; they stay while only it is moved."""
    low, high = range_of(run, driver) if ends is None else ends
    rest = without(run.scenario, [driver])
    asked = (driver, low, high, present())
    return once("found", asked, rest, lambda: crossings(run, *asked))


def put(path: str, value: float) -> None:
    """Set a number of the scenario, or a price, to a value: one step that can be undone."""
    if not path.startswith("price:"):
        state.put({path: int(value) if is_whole(path) else value})
        return
    try:
        edits = changed(state.scenario(), {path: value}, load_book()).price_edits
    except ScenarioError as error:
        state.refuse(error.problems)
        return
    state.put({"price_edits": [edit.model_dump(exclude_none=True) for edit in edits]})


# The answer


def verdict(run: Run) -> list[Track]:
    """From which volume on another one is cheaper, and how far away that is; returns what it rests on."""
    tracks = levers.found()
    driver = VOLUME if VOLUME in tracks else UPDATES
    if driver not in tracks or len(run.eligible) < 2:
        said = driver_text.no_hero(run)
    else:
        said = driver_text.hero(
            run,
            tracks[driver],
            words_of(run, driver),
            close=_close(run),
            updates=next((flip for flip in flips_of(run) if flip.path == UPDATES), None),
            updates_words=words_of(run, UPDATES),
        )
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))
    return list(tracks.values())


def _close(run: Run) -> float | None:
    """By how much the cheapest leads [share], where that is too close to call."""
    sums = text.totals(run, present())
    if not text.is_contested(run, sums):
        return None
    least, second, *_ = sorted(sums[key] for key in run.eligible)
    return (second - least) / abs(second) if second else 0.0


# What would flip it


def flips_of(run: Run) -> list[Flip]:
    """What would flip the answer, the nearest first."""
    return once("flips", present(), run.scenario, lambda: search(run, run.book, present=present()))


def flips(run: Run) -> None:
    """The numbers that are nearest to flipping the answer, each with a button that tries it."""
    every = flips_of(run)
    everything = bool(state.kept("every flip"))
    with st.container(key="flips"):
        layout.heading(*driver_text.flips_finding(every, present()), key="flips")
        with st.container(key="flip_rows", gap=None):
            for number, flip in enumerate(every if everything else every[:MOST_FLIPS]):
                _flip(number, driver_text.flip_words(flip, driver_words.words_of(run, flip.path)), flip.path)
        if len(every) > MOST_FLIPS:
            st.button(
                driver_text.more_flips(len(every) - MOST_FLIPS, everything),
                type="tertiary",
                key="more flips",
                on_click=lambda: state.keep("every flip", not everything),
            )


def _flip(number: int, said: driver_text.FlipWords, path: str) -> None:
    with st.container(key=f"flip_{number}", horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        label = escape(said.label)
        st.html(
            f'<div class="flip"><b title="{label}">{label}</b><span class="away">{escape(said.distance)}</span>'
            f"<small>{escape(said.change)}</small></div>"
        )
        st.button(
            "Try",
            type="tertiary",
            key=f"try {number}",
            help=coloured(layout.plain_dollars(said.hint)),
            on_click=put,
            args=(path, said.value),
        )
