"""The levers in the sidebar: five ranges, the fields that were made levers, and the kind of hybrid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from costmodel import traffic
from costmodel.fields import value_at
from costmodel.scan import RANGES
from costmodel.scenario import FIELDS, Scenario
from costmodel.spans import Span, reach, span
from costmodel.timeline import forced_interval
from costmodel.tracks import Track
from pages.ui import state, tracks
from pages.ui.lever import lever, linear_stops, log_stops, nice_step, with_value
from pricing.catalog import load_book
from report import lever_text
from report.lever_text import Words

VOLUME, GROWTH, UPDATES, CADENCE, HORIZON = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "corpus.updates_per_month",
    "fine_tuning.retrain_every_months",
    "finance.horizon_months",
)
CADENCES = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0, 18.0, 24.0, 0.0)
"""Where a lever of a cadence can stand [months]; 0 is never."""
MOST_STEPS = 200


@dataclass(frozen=True)
class Lever:
    """How one field is pulled: its words, its step, and whether a second line below it says what its value means."""

    path: str
    label: str
    unit: str
    help: str
    step: float | None = None
    noted: bool = False
    pinned: bool = False

    @property
    def words(self) -> Words:
        """How its values read."""
        return lever_text.words_of(FIELDS[self.path])


LEVERS = (
    Lever(VOLUME, "Queries per month", "queries per month", "User queries in the first month of operation."),
    Lever(
        GROWTH,
        "Growth per month",
        "per month",
        "By how much the volume grows from one month to the next.",
        step=0.005,
        noted=True,
    ),
    Lever(
        UPDATES,
        "Content updates per month",
        "updates per month",
        "How often the content changes. RAG re-embeds what changed; a tuned model must be retrained.",
        step=1,
        noted=True,
    ),
    Lever(
        CADENCE,
        "Retrain every",
        "",
        "The calendar of retraining, for fine-tuning and hybrid alike.",
        noted=True,
    ),
    Lever(HORIZON, "Horizon", "", "Months of operation that count.", step=1),
)
KIND = "hybrid.kind"
KINDS = {
    "grounded": ("Grounded", "the tuned model answers every query with retrieved chunks."),
    "routed": (
        "Routed",
        "a small tuned router reads every query and answers a share itself; the rest goes through RAG.",
    ),
    "split": ("Split", "a share of the queries goes to the tuned model alone, the rest to RAG."),
}
PATHS = (*(each.path for each in LEVERS), KIND)


def shown() -> tuple[Lever, ...]:
    """The five levers, and the fields that were made levers."""
    return (*LEVERS, *(_pinned(path) for path in state.pins()))


def _pinned(path: str) -> Lever:
    facts = FIELDS[path]
    return Lever(path, lever_text.label_of(facts), lever_text.unit_of(facts), facts.help, pinned=True)


def _replaced(scenario: Scenario, path: str) -> bool:
    """Whether the forecast by month stands in the place of this lever."""
    return path in (VOLUME, GROWTH) and scenario.workload.queries_by_month is not None


def found() -> Mapping[str, Track]:
    """The tracks of the levers that can be moved."""
    scenario, base = state.scenario(), state.base()
    return tracks.found(
        {each.path: _span(each, scenario, base) for each in shown() if not _replaced(scenario, each.path)}
    )


def _span(each: Lever, scenario: Scenario, base: Scenario) -> Span:
    held = (_value(scenario, each.path), _value(base, each.path))
    stops = CADENCES if each.words is lever_text.cadence else ()
    return span(each.path, _reach(each.path) if each.pinned else RANGES[each.path], held, stops, each.step)


def _reach(path: str) -> tuple[float, float]:
    """The range of a field that was made a lever, as it was then: it must not move with the lever's thumb."""
    kept: dict[str, tuple[float, float]] = state.kept("pinned ranges") or {}
    if path not in kept:
        around = state.base() if _value(state.base(), path) else state.scenario()
        kept = {each: kept[each] for each in state.pins() if each in kept} | {path: reach(around, load_book(), path)}
        state.keep("pinned ranges", kept)
    return kept[path]


def _value(scenario: Scenario, path: str) -> float:
    return float(value_at(scenario, path) or 0.0)


def _stops(along: Span, value: float) -> tuple[float, ...]:
    """Where a lever can stand: round values over its span, and the present one."""
    stops = _round_stops(along)
    return tuple(sorted({*stops, value})) if along.never else with_value(stops, value)


@lru_cache(maxsize=256)
def _round_stops(along: Span) -> tuple[float, ...]:
    if along.never:
        return (*CADENCES, *(0.0 if math.isinf(each) else each for each in along.also))
    if along.log:
        stops = log_stops(along.low, along.high)
        stops = tuple(sorted({float(round(stop)) for stop in stops})) if along.whole else stops
    else:
        least = 1.0 if along.whole else 0.0
        step = max(nice_step(along.low, along.high), least)
        if along.step and (along.high - along.low) / along.step <= MOST_STEPS:
            step = along.step
        stops = linear_stops(along.low, along.high, step)
    for each in along.also:
        stops = with_value(stops, each)
    return stops


def draw() -> None:
    """All levers, one under the other."""
    scenario, base, along = state.scenario(), state.base(), found()
    refused = state.kept("lever refused")
    for each in shown():
        value, preset = _value(scenario, each.path), _value(base, each.path)
        track, words = along.get(each.path), each.words
        positions = _span(each, scenario, base)
        lever(
            f"lever {each.path}",
            label=each.label,
            value=value,
            stops=_stops(positions, value),
            words=words,
            never=positions.never,
            text=words(value),
            exact=lever_text.exact(FIELDS[each.path], value),
            was=words(preset) if value != preset else "",
            mark=preset,
            unit=each.unit,
            help=each.help,
            captions=lever_text.captions(track, words),
            note=_note(scenario, each.path) if each.noted else None,
            track=track,
            disabled=lever_text.FORECAST if _replaced(scenario, each.path) else "",
            error=_refused(refused, each.path, scenario),
            on_change=_moved,
            on_typed=_typed,
            on_remove=_removed if each.pinned else None,
        )
    _kind(scenario)


def _kind(scenario: Scenario) -> None:
    """What the hybrid is: the three kinds that published tools mean by the word."""
    key = state.widget_key(f"lever {KIND}")
    st.segmented_control(
        "Hybrid",
        list(KINDS),
        default=scenario.hybrid.kind,
        format_func=lambda kind: KINDS[kind][0],
        required=True,
        key=key,
        width="stretch",
        help=" ".join(f"**{word}**: {meaning}" for word, meaning in KINDS.values()),
        on_change=lambda: state.put({KIND: st.session_state[key]}),
    )


def _moved(key: str, value: float) -> None:
    path = key.removeprefix("lever ")
    state.put({path: round(value) if FIELDS[path].kind == "whole" else value})


def _typed(key: str, text: str) -> None:
    path = key.removeprefix("lever ")
    try:
        value = lever_text.number_typed(text, FIELDS[path])
    except lever_text.NotTaken as error:
        state.keep("lever refused", (path, state.scenario(), str(error)))
        return
    _moved(key, value)


def _refused(kept: tuple[str, Scenario, str] | None, path: str, scenario: Scenario) -> str:
    """Why the last text that was typed into a lever was not taken; until something else is."""
    return kept[2] if kept is not None and kept[0] == path and kept[1] is scenario else ""


def _removed(key: str) -> None:
    state.unpin(key.removeprefix("lever "))


def _note(scenario: Scenario, path: str) -> str:
    """What a lever's position means, in a few words."""
    workload, tuning = scenario.workload, scenario.fine_tuning
    forced = float(forced_interval(tuning.updates_per_retrain, scenario.corpus.updates_per_month))
    if path == GROWTH and workload.queries_by_month is None:
        last = scenario.finance.horizon_months
        return lever_text.asked_in(traffic.users(state.answers().inputs).at(last), last)
    if path == UPDATES:
        return lever_text.forced_by(tuning.updates_per_retrain, state.is_guess("fine_tuning.updates_per_retrain"))
    if path == CADENCE:
        return lever_text.retrained_how(tuning.retrain_every_months, forced, scenario.hybrid.retrain_every_months)
    return ""
