"""Who is cheapest along the levers, for the scenario on screen; what was found before is used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from costmodel.changes import ScenarioError
from costmodel.fields import Group
from costmodel.results import Run
from costmodel.scenario import Scenario
from costmodel.spans import Span
from costmodel.tracks import HORIZON, Track, horizon_track, tracks_of
from pages.ui import shared, state

Holder = TypeVar("Holder", bound=Group)
Known = dict[str, tuple[tuple[Scenario, Span, bool], Track]]


def found(spans: Mapping[str, Span]) -> Mapping[str, Track]:
    """Tracks of the levers with these spans, in the money that the page shows; none when nothing can be run."""
    try:
        run = state.answers()
    except ScenarioError:
        return {}
    return _found(run, tuple(spans.items()), state.switch("value") == "present")


@shared.once
def _found(run: Run, along: tuple[tuple[str, Span], ...], present: bool) -> Mapping[str, Track]:
    spans, scenario = dict(along), run.scenario
    # Where the answer turns does not depend on where its own lever stands: pulled, that lever asks nothing anew.
    asked = {driver: (_without(scenario, driver), span, present) for driver, span in spans.items() if driver != HORIZON}
    known: Known = state.kept("tracks") or {}
    missing = {key: spans[key] for key, each in asked.items() if key not in known or known[key][0] != each}
    fresh = tracks_of(run, missing, present) if missing else {}
    known = {key: (each, fresh[key] if key in fresh else known[key][1]) for key, each in asked.items()}
    state.keep("tracks", known)
    shown = {key: track for key, (_, track) in known.items()}
    if HORIZON in spans:
        shown[HORIZON] = horizon_track(run, spans[HORIZON], present)
    return shown


def _without(scenario: Scenario, driver: str) -> Scenario:
    """The scenario with one number at 0, allowed or not: to be compared, not to be run."""
    return _put(scenario, driver.split("."))


def _put(holder: Holder, names: list[str]) -> Holder:
    first, *rest = names
    return holder.model_copy(update={first: _put(getattr(holder, first), rest) if rest else 0.0})
