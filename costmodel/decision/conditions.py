"""When a rule of fit holds: conditions on the answer to a question, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Own = Literal["added_latency_ms", "training_examples"]
"""Numbers of an architecture that an answer can be held against."""


@dataclass(frozen=True)
class OneOf:
    """The answer is one of these."""

    values: tuple[str | bool, ...]

    def holds(self, value: Any, own: float) -> bool:
        """Whether it is."""
        return value in self.values


@dataclass(frozen=True)
class Within:
    """The answer is a number from `low` on and below `below`; None is open."""

    low: float | None = None
    below: float | None = None

    def holds(self, value: Any, own: float) -> bool:
        """Whether it is."""
        return (self.low is None or value >= self.low) and (self.below is None or value < self.below)


@dataclass(frozen=True)
class Above:
    """The answer is a number above `limit`."""

    limit: float

    def holds(self, value: Any, own: float) -> bool:
        """Whether it is."""
        return bool(value > self.limit)


@dataclass(frozen=True)
class BelowOwn:
    """The answer is a number below one of the architecture's own."""

    own: Own

    def holds(self, value: Any, own: float) -> bool:
        """Whether it is."""
        return bool(value < own)


Condition = OneOf | Within | Above | BelowOwn
