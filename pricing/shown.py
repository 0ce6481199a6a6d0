"""Values as an error shows them."""

from __future__ import annotations

from typing import Final

MOST: Final = 60
"""Characters of a value that an error repeats."""


def quoted(value: object) -> str:
    """A value as it would stand in a program, cut when it is too long to read."""
    try:
        text = repr(value[: MOST + 1] if isinstance(value, str) else value)
    except ValueError:  # a whole number of thousands of digits
        return "this number"
    return text if len(text) <= MOST else f"{text[: MOST - 3]}..."
