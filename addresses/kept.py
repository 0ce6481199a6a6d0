"""Answers that were made lately, the least lately asked for given up first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sized
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Sized)


class Kept(Generic[Key, Value]):
    """At most so many values, and together at most so long; used from one thread."""

    def __init__(self, most: int, most_length: int) -> None:
        self.most, self.most_length = most, most_length
        self.length = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """The value kept under a key, which is then the last to go."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value, unless it alone is too long; older ones go until there is room."""
        if key in self._values:
            self.length -= len(self._values.pop(key))
        if len(value) > self.most_length:
            return
        self._values[key] = value
        self.length += len(value)
        while len(self._values) > self.most or self.length > self.most_length:
            self.length -= len(self._values.popitem(last=False)[1])
