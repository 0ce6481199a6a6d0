"""Lines of words that fit a width, worked out without a font at hand: on the safe side for the usual sans and serif."""

from __future__ import annotations

import unicodedata

NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[]{}/\\-\u2019\u00b7 "), frozenset("mwMW@%&\u2014\u2026")
STRONG = 1.09
"""How much wider than regular letters heavy ones are."""
STRANGE = 1.4
"""How much wider than usual a line may become that holds a script of which the usual letters know nothing."""
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def width_of(text: str, size: float, *, strong: bool = False) -> float:
    """About how wide a line is [px]; `size` of the letters in px."""
    strange = STRANGE if any(0x0530 <= ord(each) <= 0x1DFF or ord(each) > 0x2FFF for each in text) else 1.0
    return sum(map(_em, text)) * size * strange * (STRONG if strong else 1.0)


def _em(character: str) -> float:
    """About how wide a character is [em]."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0.0
    if character in NARROW:
        return 0.31
    if character in WIDE:
        return 0.86
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.02
    return 0.63 if character.isupper() else 0.53


def wrapped(
    text: str,
    width: float,
    size: float,
    *,
    most: int,
    strong: bool = False,
    even: bool = False,
    between: str = "",
) -> list[str]:
    """`text` in lines no wider than `width`; what exceeds `most` lines ends in an ellipsis.

    `even` lines are about equally long, others as long as they get; `between`: only there lines break, where parts
    fit. A word that is wider than a line is cut.
    """

    def filled(width: float) -> list[str]:
        return _filled(parts, width, size, strong, between or " ")

    if between:
        whole = text.split(between)
        parts = [each for part in whole for each in wrapped(part, width, size, most=most, strong=strong)]
        return _at_most(filled(width), most, width, size, strong)
    parts = [part for word in text.split() for part in _pieces(word, width, size, strong)]
    if not parts:
        return []
    lines = filled(width)
    if len(lines) > most or not even:
        return _at_most(lines, most, width, size, strong)
    # The narrowest width with as many lines: no lonely last word.
    low, high = width / 2, width
    while high - low > 4:
        middle = (low + high) / 2
        low, high = (low, middle) if len(filled(middle)) <= len(lines) else (middle, high)
    return filled(high)


def _at_most(lines: list[str], most: int, width: float, size: float, strong: bool) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(f"{lines[most - 1]} {lines[most]}", width, size, strong)]


def _pieces(word: str, width: float, size: float, strong: bool) -> list[str]:
    found = [""]
    for character in word:
        if found[-1] and width_of(found[-1] + character, size, strong=strong) > width:
            found.append("")
        found[-1] += character
    return found


def _filled(parts: list[str], width: float, size: float, strong: bool, between: str) -> list[str]:
    lines = parts[:1]
    for part in parts[1:]:
        longer = f"{lines[-1]}{between}{part}"
        if width_of(longer, size, strong=strong) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _cut(line: str, width: float, size: float, strong: bool) -> str:
    while line and width_of(line + ELLIPSIS, size, strong=strong) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS
