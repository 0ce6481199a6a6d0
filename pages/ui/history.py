"""What can be undone: the scenarios before each step, and those that an undo took back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from costmodel.other import Other
from costmodel.scenario import Scenario

MOST_STEPS = 100
TOGETHER_SECONDS = 3.0
"""Moves of one number that follow each other within this time are one drag, and one step."""


@dataclass(frozen=True)
class Step:
    """The scenario before a step, what it changed (None: another preset was opened), and when it was last moved.

    `other`: the scenario to compare with before the step, where the step changed places with it.
    """

    before: Scenario
    paths: tuple[str, ...] | None
    at: float = 0.0
    other: Other | None = None


@dataclass(frozen=True)
class History:
    """Steps that can be undone, oldest first, and redone, next one last."""

    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    moving: bool = False
    """Whether the last step was a move of one number, which the next one may carry on."""

    def stepped(
        self, now: Scenario, paths: tuple[str, ...] | None, number: bool, at: float, other: Other | None = None
    ) -> History:
        """After a step from `now`; moves of one number, as a lever is dragged, are one step."""
        last = self.past[-1] if self.past else None
        if self.moving and number and last and last.paths == paths and at - last.at <= TOGETHER_SECONDS:
            return History((*self.past[:-1], replace(last, at=at)), (), True)
        return History((*self.past, Step(now, paths, at, other))[-MOST_STEPS:], (), number)

    def settled(self, now: Scenario) -> History:
        """Without its last step if that has come back to where it began."""
        if self.past and self.past[-1].before == now:
            return History(self.past[:-1], self.future)
        return self

    def undone(self, now: Scenario, other: Other | None = None) -> tuple[Step, History]:
        """What the last step began from; `other` is compared with now."""
        last = self.past[-1]
        return last, History(self.past[:-1], (*self.future, _back(last, now, other)))

    def redone(self, now: Scenario, other: Other | None = None) -> tuple[Step, History]:
        """What the step led to that was undone last; `other` is compared with now."""
        next_ = self.future[-1]
        return next_, History((*self.past, _back(next_, now, other)), self.future[:-1])


def _back(step: Step, now: Scenario, other: Other | None) -> Step:
    """The same step seen from its other end."""
    return replace(step, before=now, other=None if step.other is None else other)


def is_number(value: Any) -> bool:
    """Whether a value is a number that a lever or a field may be moved to."""
    return isinstance(value, int | float) and not isinstance(value, bool)
