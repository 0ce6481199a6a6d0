"""Where labels go so that they do not overprint, worked out before anything is drawn."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from report.chart_theme import Given, records
from report.palette import ARCHITECTURES

_ASSUMED_PLOT_PX = 560  # narrower plots show the short words, which take a smaller share of the plot
_CHARACTER_PX = 6.4
_ROW_SHARE = 0.17  # of the plot's height that a row of words takes
_ROWS = 2  # words stacked above each other at the foot


def nice_ticks(low: float, high: float, at_most: int = 4) -> list[float]:
    """Round values inside the axis, evenly apart: zero and at most `at_most` others."""
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / at_most))
    for leading in (1, 2, 2.5, 5, 10):
        step = leading * power
        ticks = [float(f"{index * step:.12g}") for index in range(math.ceil(low / step), math.floor(high / step) + 1)]
        if len([tick for tick in ticks if tick != 0]) <= at_most:
            return ticks
    raise AssertionError("ten times the power of ten always fits")


def push_apart(values: Sequence[float], low: float, high: float, share: float) -> list[float]:
    """Places near `values`, in their order, at least `share` of the axis apart and inside it.

    Neighbours that are too close share their distance evenly: a run of them is centred on its mean.
    """
    gap = share * (high - low)
    order = sorted(range(len(values)), key=lambda index: values[index])
    # With i gaps taken off the i-th value, "at least a gap apart" becomes "not falling".
    blocks: list[tuple[float, int]] = []  # mean, size
    for rank, index in enumerate(order):
        mean, size = values[index] - rank * gap, 1
        while blocks and blocks[-1][0] > mean:
            before, count = blocks.pop()
            mean, size = (mean * size + before * count) / (size + count), size + count
        blocks.append((mean, size))
    level = [mean for mean, size in blocks for _ in range(size)]
    ceiling = high - (len(values) - 1) * gap
    places = [0.0] * len(values)
    for rank, index in enumerate(order):
        places[index] = max(low, min(ceiling, level[rank])) + rank * gap
    return places


def words_at_top(words: dict[str, Any], points: Iterable[tuple[float, float]], low: float, high: float) -> bool:
    """Whether the words of a crossing go to the top: lines run through their place at the foot, and not up there.

    `points`: month and amount of everything that is drawn.
    """
    first, last = words["reach"]
    near = [usd for month, usd in points if math.floor(first) <= month <= math.ceil(last)]
    span = high - low
    room = _ROW_SHARE * (int(words["row"]) + 1) * span
    return bool(near) and min(near) < low + room and max(near) < high - room


def crossing_words(crossings: Given, start: int, end: int) -> list[dict[str, Any]]:
    """Two lines of words at the foot for main crossings; stacked when close, dropped when there is no room."""
    span = max(end - start, 1)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
    rows: list[dict[str, Any]] = []
    # The last one decides, so it has the first choice of room.
    for ring in sorted((each for each in records(crossings) if each["main"]), key=lambda each: -each["month"]):
        cheaper = str(ring["cheaper_after"])
        dearer = str(ring["b"] if ring["a"] == cheaper else ring["a"])
        first = f"Month {ring['overtakes_in_month']}"
        second = f"{ARCHITECTURES[cheaper].in_sentence} overtakes {ARCHITECTURES[dearer].in_sentence}"
        place = (float(ring["month"]) - start) / span
        width = (len(second) * _CHARACTER_PX + 16) / _ASSUMED_PLOT_PX
        left = place > 0.45
        stretch = (place - width, place) if left else (place, place + width)
        for row, others in enumerate(taken):
            if all(stretch[1] <= a or b <= stretch[0] for a, b in others):
                others.append(stretch)
                words = {"label": f"{first}\n{second}", "short": first}
                reach = (start + stretch[0] * span, start + stretch[1] * span)
                rows.append({"month": ring["month"], "row": row, "left": left, "reach": reach, **words})
                break
    return rows
