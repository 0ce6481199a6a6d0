"""Typed-in text for files: whatever signs a name holds, it stays a name, reads as one and breaks no format."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def legible(text: str) -> str:
    """One line of `text`: no signs that XML forbids, none that turn the direction of what follows."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", _DIRECTIONS.sub("", _BREAKS.sub(" ", text)))


def steady(text: str) -> str:
    """Text that may read from right to left, so that what follows it on its line stays behind it."""
    leftward = any(unicodedata.bidirectional(each) in ("R", "AL") for each in text)
    return text + LEFT_TO_RIGHT if leftward else text


def legible_data(value: Any) -> Any:
    """The same for every text in plain values; line breaks, which labels have, stay."""
    if isinstance(value, str):
        return "\n".join(legible(line) for line in value.split("\n"))
    if isinstance(value, dict):
        return {key: legible_data(each) for key, each in value.items()}
    return [legible_data(each) for each in value] if isinstance(value, list) else value
