"""What would change the answer: the nearest place along a lever at which another architecture becomes cheapest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from costmodel.fields import value_at
from costmodel.results import Run
from costmodel.scenario import FIELDS, Architecture
from costmodel.spans import CADENCES, NEVER
from costmodel.tracks import HORIZON, Track
from report import lever_text
from report.basis_text import provenance_of
from report.sentence import field_words, how_often, updates_force

UPDATES, CADENCE = "corpus.updates_per_month", "fine_tuning.retrain_every_months"
_WORDS: dict[str, tuple[str, str, str]] = {
    "workload.queries_per_month": (
        "below {} queries per month",
        "up to {} queries per month",
        "from {} queries per month on",
    ),
    "workload.monthly_growth_share": (
        "with less than {} growth per month",
        "with {} growth per month or less",
        "with {} growth per month or more",
    ),
    UPDATES: (
        "with fewer than {} content updates per month",
        "with {} content updates per month or fewer",
        "with {} content updates per month or more",
    ),
    CADENCE: (
        "with a retrain more often than {}",
        "with a retrain {} or more often",
        "with a retrain {} or less often",
    ),
    HORIZON: ("over less than {}", "over {} or less", "over {} or more"),
}
"""Lever -> words for below a value, up to it, and from it on."""


@dataclass(frozen=True)
class Turn:
    """Where another becomes cheapest along one lever.

    Upwards it is cheapest from `value` on. Downwards it is below `value`; in a jump (`sharp`) at `value` itself too.
    A cadence of 0 stands at NEVER, for `now` as for `value`.
    """

    driver: str
    now: float
    value: float
    upwards: bool
    sharp: bool
    cheapest: Architecture

    @property
    def distance(self) -> float:
        """How far away: 0 here, 1 where one of the two is nothing or never [share of the larger of the two values]."""
        if math.isinf(self.now) or math.isinf(self.value):
            return 1.0
        largest = max(abs(self.now), abs(self.value))
        return abs(self.value - self.now) / largest if largest else 0.0


def turns_around(run: Run, track: Track, best: Architecture) -> list[Turn]:
    """The turns next below and next above where a lever stands, as far as there are any.

    None where `best` does not lead at the lever's own place: it stands too close to a turn to say more.
    """
    value = value_at(run.scenario, track.driver)
    if value is None:
        return []
    now = NEVER if track.driver.endswith(CADENCES) and value == 0 else float(value)
    parts = track.turns
    here = max((place for place, each in enumerate(parts) if each.start <= now), default=0)
    if parts[here].leader != best:
        return []
    found = []
    for place in range(here - 1, -1, -1):
        leader = parts[place].leader
        if leader is not None and leader != best:
            if not _in_the_running(track, best, parts[place].end):
                break
            after = parts[place + 1]
            sharp = after.before is not None
            value = after.start if after.before is None else after.before
            found.append(Turn(track.driver, now, value, upwards=False, sharp=sharp, cheapest=leader))
            break
    for each in parts[here + 1 :]:
        if each.leader is not None and each.leader != best:
            if not _in_the_running(track, best, each.start):
                break
            found.append(Turn(track.driver, now, each.start, upwards=True, sharp=False, cheapest=each.leader))
            break
    return found


def _in_the_running(track: Track, key: Architecture, value: float) -> bool:
    """Whether a total can be compared around a value: another that leads because it cannot turns nothing."""
    place = int(np.searchsorted(track.values, value))
    return bool(np.isfinite(track.usd[key][max(place - 1, 0) : place + 1]).all())


def nearest_turn(run: Run, tracks: Sequence[Track], best: Architecture) -> Turn | None:
    """The nearest of all turns along all levers; None when no lever alone turns the answer.

    A shorter horizon is left out: who led until which month is said anyway.
    """
    turns = [turn for track in tracks for turn in turns_around(run, track, best)]
    turns = [turn for turn in turns if turn.upwards or turn.driver != HORIZON]
    return min(turns, key=lambda turn: turn.distance, default=None)


def value_words(driver: str, value: float, now: float | None = None) -> str:
    """A lever's value in a sentence: "168K", "3.0%", "every 2 months"; exact where it would read like `now`."""
    words = _value(driver, value)
    if now is None or value == now or words != _value(driver, now):
        return words
    return lever_text.exact(FIELDS[driver], float(f"{value:.6g}"))


def _value(driver: str, value: float) -> str:
    if driver == CADENCE and math.isfinite(value):
        return how_often(value)
    return lever_text.words_of(FIELDS[driver])(value)


def turn_words(run: Run, turn: Turn) -> str:
    """Where the turn lies, in words: "below 168K queries per month"; over content updates with the guess behind it."""
    if math.isinf(turn.value):
        return "without any retraining" if turn.driver == CADENCE else f"with {field_words(turn.driver)} never"
    below, up_to, above = _WORDS.get(turn.driver) or (
        f"with {field_words(turn.driver)} below {{}}",
        f"with {field_words(turn.driver)} of {{}} or less",
        f"with {field_words(turn.driver)} of {{}} or more",
    )
    form = above if turn.upwards else up_to if turn.sharp else below
    words = form.format(value_words(turn.driver, turn.value, turn.now))
    needed = run.scenario.fine_tuning.updates_per_retrain
    if turn.driver != UPDATES or not needed or "fine_tuning" not in run.eligible:
        return words
    guess = provenance_of(run).is_guess("fine_tuning.updates_per_retrain")
    return f"{words} ({updates_force(needed, guess)})"
