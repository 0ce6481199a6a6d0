"""Cells of a CSV file that mean in a spreadsheet what they mean here, whatever text somebody typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SEPARATORS = re.compile(r"\s*[,;]\s*")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Marks that turn the direction of what follows, and the mark that a reader of files takes for the beginning of one.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")


def flat(text: str) -> str:
    """Text on one physical line, in which nothing turns the direction of what follows."""
    return _BREAKS.sub(" ", _DIRECTIONS.sub("", text))


def one_cell(value: Any) -> str:
    """A value for a comment line: one physical line in which no spreadsheet sees a second cell."""
    return _SEPARATORS.sub(" - ", _THOUSANDS.sub("", flat(str(value)).replace('"', "'"))).strip()


def defused(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula, be its sign a wide one or behind blanks, marks or quotes."""
    for character in cell:
        if character in FORMULA_STARTS or unicodedata.normalize("NFKC", character) in FORMULA_STARTS:
            return f"'{cell}"
        unseen = unicodedata.category(character)[0] in "ZC"
        if not unseen and character != '"':
            return cell
    return cell


class _Empty(float):
    """A missing number: written as an empty cell, unquoted."""

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


def cell(value: Any) -> Any:
    """A value as `csv.writer` takes it with QUOTE_NONNUMERIC: text, a number in full, or an empty cell for none."""
    if isinstance(value, str):
        return defused(flat(value))
    if value is None or value != value:
        return _Empty("nan")
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
