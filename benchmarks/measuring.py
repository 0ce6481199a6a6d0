"""How speed is measured: ratios within one run, the two sides taking turns, and one table of all figures."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
ROUNDS = 15
LEAST_SECONDS = 0.02
"""A sample is repeated until it takes at least so long."""


@dataclass(frozen=True)
class Result:
    """One figure, what it is to reach, and in `note` what it was made of."""

    name: str
    value: float
    limit: float
    most: bool = True
    """Whether the limit is the most the figure may be; otherwise it is the least."""
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the figure reaches its target."""
        return self.value <= self.limit if self.most else self.value >= self.limit

    @property
    def target(self) -> str:
        """The target in words, such as "<= 5"."""
        return f"{'<=' if self.most else '>='} {self.limit:,.4g}"

    def as_dict(self) -> dict[str, Any]:
        """The figure as it stands in results.json."""
        return {"name": self.name, "value": self.value, "target": self.target, "ok": self.ok}


def seconds(sides: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Processor seconds of one call of each side in each round, by its name; within a round the sides take turns.

    All of it runs on one core, so that a processor second is a second on a machine with nothing else to do. Cyclic
    garbage is collected between samples and not within them, as by `timeit`; the collection walks over all there is,
    and one call that is not timed brings back into the processor's caches what it pushed out.
    """
    for call in sides.values():
        call()
    repeats = {name: _repeats(call) for name, call in sides.items()}
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, call in sides.items():
            found[name].append(_sample(call, repeats[name]) / repeats[name])
    return found


def _repeats(call: Callable[[], object]) -> int:
    return max(1, round(LEAST_SECONDS / max(_sample(call, 1), 1e-6)))


def _sample(call: Callable[[], object], repeats: int) -> float:
    gc.collect()
    gc.disable()
    try:
        call()
        start = time.process_time()
        for _ in range(repeats):
            call()
        return time.process_time() - start
    finally:
        gc.enable()


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the ratios round by round: what disturbs a round disturbs both of its sides."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def milliseconds(found: Mapping[str, Sequence[float]]) -> str:
    """The medians of some sides in words."""
    return ", ".join(f"{name} {statistics.median(each) * 1e3:,.3g} ms" for name, each in found.items())


def figure(value: float) -> str:
    """A value as the table shows it: 0.85, 12.3, 1,234."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def table(results: Iterable[Result]) -> str:
    """All figures as a table: name, value, target, verdict, and what each was made of."""
    rows = [("figure", "value", "target", "verdict", "measured")]
    rows += [(each.name, figure(each.value), each.target, "ok" if each.ok else "missed", each.note) for each in results]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]

    def line(row: tuple[str, ...]) -> str:
        name, *numbers, verdict, note = row
        cells = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(numbers, widths[1:3], strict=True))]
        return "  ".join([*cells, verdict.ljust(widths[3]), note]).rstrip()

    return "\n".join([line(rows[0]), "  ".join("-" * width for width in widths), *map(line, rows[1:])])


def write(results: Iterable[Result], file: Path = RESULTS) -> None:
    """Write the figures as JSON: a list of name, value, target and whether it is reached."""
    file.write_text(json.dumps([each.as_dict() for each in results], indent=2) + "\n", encoding="utf-8")
