"""The one reader and writer of session state and address: a frozen scenario and the switches of the pages.

The scenario in the session is the truth. Widgets start from it and hand their values to `put`; the address is read
once, when the session begins, and written after every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from costmodel import link
from costmodel.changes import ScenarioError, changed, check_references, differing, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario
from pricing.catalog import load_book

SWITCHES: dict[str, tuple[str, ...]] = {
    "value": ("nominal", "present"),
    "lines": ("cumulative", "monthly"),
    "waterfall": ("main", "every"),
    "from": ("auto", *ARCHITECTURES),
    "to": ("auto", *ARCHITECTURES),
    "money": ("component", "phase"),
    "since": ("change", "preset"),
    "ledger": ("auto", *ARCHITECTURES),
}
"""Switches of the pages that a link restores; the first word of each is where it starts."""

_SCENARIO, _VIEW, _REFUSED, _NONCE, _BEFORE = "scenario", "view", "refused", "nonce", "before"


def start() -> None:
    """Begin the session: the scenario of the link in the address, else the default preset."""
    if _SCENARIO in st.session_state:
        return
    st.session_state[_VIEW] = {}
    st.session_state[_REFUSED] = ()
    st.session_state[_NONCE] = 0
    scenario = _preset(DEFAULT_PRESET)
    word = st.query_params.get("s")
    if word is not None:
        try:
            linked, view = link.decoded(word)
            check_references(linked, load_book().with_edits(linked.price_edits))
            scenario = resolved(linked, date.today())
            st.session_state[_VIEW] = {
                name: value for name, value in view.items() if value in SWITCHES.get(name, ())[1:]
            }
        except ValueError as error:
            st.session_state[_REFUSED] = (
                *getattr(error, "problems", (str(error),)),
                f"You see the preset “{scenario.name}” instead.",
            )
    st.session_state[_SCENARIO] = scenario


def _preset(name: str) -> Scenario:
    return resolved(PRESETS[name].scenario, date.today())


def scenario() -> Scenario:
    """The scenario on screen; its start month is resolved."""
    current: Scenario = st.session_state[_SCENARIO]
    return current


def base() -> Scenario:
    """What changes are counted from: the scenario's preset, or the neutral defaults."""
    return link.base_of(scenario().preset)


def changes() -> dict[str, tuple[Any, Any]]:
    """Path -> (value in the preset, value now) of everything that differs."""
    return differing(scenario(), base())


def is_guess(path: str) -> bool:
    """Whether the value on screen is the preset's guess."""
    preset = PRESETS.get(scenario().preset or "")
    source = preset.sources.get(path) if preset else None
    return source is not None and source.guess and path not in changes()


def put(values: Mapping[str, Any]) -> None:
    """Put values (path -> value) into the scenario; if one is refused nothing changes, and the page says why."""
    try:
        candidate = resolved(changed(scenario(), values), date.today())
        check_references(candidate, load_book().with_edits(candidate.price_edits))
    except ScenarioError as error:
        st.session_state[_REFUSED] = (*(_in_words(each) for each in error.problems), "The last good scenario is kept.")
        remount()
    else:
        st.session_state[_REFUSED] = ()
        _remember(values, candidate)
        st.session_state[_SCENARIO] = candidate


def _remember(values: Mapping[str, Any], candidate: Scenario) -> None:
    """Keep the scenario before this change; the moves of one number, as a lever is dragged, are one change."""
    _, paths = st.session_state.get(_BEFORE, (None, None))
    number = all(isinstance(value, int | float) for value in values.values())
    if candidate != scenario() and not (number and paths == tuple(values)):
        st.session_state[_BEFORE] = (scenario(), tuple(values))


def before() -> Scenario | None:
    """The scenario before the last change; None when nothing has been changed since the preset or link was opened."""
    previous: Scenario | None = st.session_state.get(_BEFORE, (None,))[0]
    return previous


def _in_words(problem: str) -> str:
    """A problem that begins with the words of its field on screen, the path after them."""
    path, colon, rest = problem.partition(":")
    return f"{FIELDS[path].label} ({path}):{rest}" if colon and path in FIELDS else problem


def load_preset(name: str) -> None:
    """Begin again from a preset."""
    st.session_state[_SCENARIO] = _preset(name)
    st.session_state[_REFUSED] = ()
    st.session_state.pop(_BEFORE, None)
    remount()


def reset() -> None:
    """Back to the preset, or to the default one when the scenario comes from none."""
    load_preset(scenario().preset or DEFAULT_PRESET)


def refused() -> tuple[str, ...]:
    """What was not applied and why, and what is shown instead; until the next change that is."""
    problems: tuple[str, ...] = st.session_state[_REFUSED]
    return problems


def remount() -> None:
    """Make every widget start again from the scenario."""
    st.session_state[_NONCE] += 1


def widget_key(name: str) -> str:
    """Key of a widget that starts from the scenario."""
    return f"{name} {st.session_state[_NONCE]}"


def switch(name: str) -> str:
    """Where a switch of the pages stands."""
    position: str = st.session_state[_VIEW].get(name, SWITCHES[name][0])
    return position


def turn(name: str, position: str) -> None:
    """Turn a switch."""
    view = {key: value for key, value in st.session_state[_VIEW].items() if key != name}
    st.session_state[_VIEW] = view if position == SWITCHES[name][0] else {**view, name: position}


def query() -> str:
    """The query string that restores what is on screen; empty when the scenario is too large for a link."""
    word = link.encoded(scenario(), st.session_state[_VIEW])
    return f"s={word}" if len(word) <= link.MAX_CHARACTERS else ""
