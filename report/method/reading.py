"""How the Method writes numbers, quantities and worked examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from report.numbers import MINUS, listed

IN_WORDS = {"1e-9": "a billionth", "None ": "empty ", "months 1..H": "months 1 to H", "TCO": "total"}
"""What a docstring says in the language of code."""
_UNIT_AT_END = re.compile(r"\s*\[[^\]]*\](, shape \([^)]*\))?")


def number(value: float) -> str:
    """A number in full, to six digits that count: 1,210, 0.909091, 2.628 billion."""
    if np.isposinf(value):
        return "without limit"
    for scale, word in ((1e12, "trillion"), (1e9, "billion")):
        if abs(value) >= scale and float(f"{value / scale:.6g}") * scale == value:
            return f"{number(value / scale)} {word}"
    text = f"{float(f'{value:.6g}'):,.15g}"
    return ("0.000000001" if value == 1e-9 else text).replace("-", MINUS)


def share(value: float) -> str:
    """A share as a percentage: 2.8%."""
    return f"{number(value * 100)}%"


def usd(value: float) -> str:
    """An amount in dollars: $1,241 and $39.70."""
    cents = abs(value - round(value)) > 5e-7
    small = abs(value) < 0.1 and value != 0
    text = number(abs(value)) if small else f"{abs(value):,.2f}" if cents else f"{abs(value):,.0f}"
    return f"{MINUS if value < 0 else ''}${text}"


def amount(value: float, unit: str) -> str:
    """A quantity with its unit: 1,210 documents, 60%, $93.45 per hour."""
    if unit.split("/")[0] == "share":
        return share(value)
    if unit.split("/")[0] == "USD":
        return usd(value) + "".join(f" per {per}" for per in unit.split("/")[1:])
    word = "" if unit == "ratio" else unit.replace("/", " per ")
    word = word.removesuffix("s") if value == 1 and word.endswith("s") and " " not in word else word
    return f"{number(value)} {word}".strip()


def given(name: str, value: float) -> str:
    """One number of an example: a part of one reads as a percentage."""
    return f"{name.replace('_', ' ')} {share(value) if 0 < abs(value) < 1 else number(value)}"


def worked(example: Mapping[str, Any], result: Any, unit: str) -> str:
    """An example with its result: "with documents 1,000, growth 10%, month 2: 1,210 documents"."""
    inputs, results = [], np.atleast_1d(np.asarray(result, dtype=float))
    months = next((np.atleast_1d(value) for name, value in example.items() if name == "month"), np.zeros(1))
    several = len(results) > 1
    for name, value in example.items():
        if not (several and name == "month"):
            inputs.append(given(name, float(np.atleast_1d(value)[0])))
    if not several:
        return f"with {', '.join(inputs)}: {amount(float(results[0]), unit)}"
    first, last = number(float(months[0])), number(float(months[-1]))
    *before, final = (amount(float(each), unit) for each in results)
    *numbers, end = (each.split(" ")[0] for each in (*before, final))
    unit_word = amount(2.0, unit).partition(" ")[2]
    return f"with {', '.join(inputs)}: {listed([*numbers, end])} {unit_word} in months {first} to {last}"


def first_line(documentation: str | None) -> str:
    """The first line of a docstring as a sentence: without the unit in brackets, in words instead of code."""
    line = _UNIT_AT_END.sub("", (documentation or "").strip().partition("\n")[0])
    line = re.sub(r"[;,] shape \([^)]*\)( each)?", "", line)
    for code, words in (
        ("1e-9", "a billionth"),
        ("None ", "empty "),
        ("months 1..H", "months 1 to H"),
        ("TCO", "total"),
    ):
        line = line.replace(code, words)
    return line


PHASES = {"one_time": "once", "recurring": "monthly", "event": "event"}
"""When a line falls, in a word."""


def sentence(words: str) -> str:
    """Words as a sentence: a capital letter first, a full stop last."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}" if words else ""
