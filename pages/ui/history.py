"""What can be undone: the scenarios before each step and what they were compared with, and what an undo took back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from costmodel.other import Other
from costmodel.scenario import Scenario

MOST_STEPS = 100
COMPARED = "compared"
"""What a step changed that is no field: the scenario to compare with."""
TOGETHER_SECONDS = 3.0
"""Moves of one number that follow each other within this time are one drag, and one step."""


@dataclass(frozen=True)
class Step:
    """The scenario before a step, what it changed (None: another preset was opened), and when it was last moved.

    `other`: the scenario to compare with before the step, where the step `compares` with another one.
    """

    before: Scenario
    paths: tuple[str, ...] | None
    at: float = 0.0
    other: Other | None = None
    compares: bool = False


@dataclass(frozen=True)
class History:
    """Steps that can be undone, oldest first, and redone, next one last."""

    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    moving: bool = False
    """Whether the last step was a move of one number, which the next one may carry on."""

    @property
    def moves(self) -> tuple[Step, ...]:
        """The steps that can be undone and changed the scenario itself."""
        return tuple(step for step in self.past if step.paths != (COMPARED,))

    def stepped(self, now: Scenario, paths: tuple[str, ...] | None, number: bool, at: float) -> History:
        """After a step from `now`; moves of one number, as a lever is dragged, are one step."""
        last = self.past[-1] if self.past else None
        if self.moving and number and last and last.paths == paths and at - last.at <= TOGETHER_SECONDS:
            return History((*self.past[:-1], replace(last, at=at)), (), True)
        return self._after(Step(now, paths, at), number)

    def swapped(self, now: Scenario, other: Other, at: float) -> History:
        """After `now` and the scenario that it was compared with have changed places."""
        return self._after(Step(now, None, at, other, compares=True))

    def compared(self, now: Scenario, other: Other | None, at: float) -> History:
        """After another scenario to compare `now` with was chosen, or none, instead of `other`."""
        return self._after(Step(now, (COMPARED,), at, other, compares=True))

    def _after(self, step: Step, moving: bool = False) -> History:
        return History((*self.past, step)[-MOST_STEPS:], (), moving)

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
    return replace(step, before=now, other=other if step.compares else None)


def is_number(value: Any) -> bool:
    """Whether a value is a number that a lever or a field may be moved to."""
    return isinstance(value, int | float) and not isinstance(value, bool)
