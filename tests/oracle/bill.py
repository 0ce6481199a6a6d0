"""A bill: the cost lines of one architecture, an amount for each month."""

from __future__ import annotations

import math

ONE_TIME, RECURRING, EVENT = "one_time", "recurring", "event"
PHASES = (ONE_TIME, RECURRING, EVENT)


class Line:
    """One cost line, and whose work it is: of the rag side, of the tuned side, its own, or typed in."""

    def __init__(self, component: str, phase: str, part: str, months: int) -> None:
        self.component, self.phase, self.part = component, phase, part
        self.usd = [0.0] * (months + 1)


class Bill:
    """The lines of one architecture."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.lines: dict[tuple[str, str, str], Line] = {}

    def add(self, component: str, phase: str, part: str, month: int, usd: float) -> None:
        if usd == 0:
            return
        key = (component, phase, part)
        if key not in self.lines:
            self.lines[key] = Line(component, phase, part, self.months)
        self.lines[key].usd[month] += usd

    def month(self, month: int, phase: str | None = None) -> float:
        return math.fsum(line.usd[month] for line in self.lines.values() if phase in (None, line.phase))

    def totals(self) -> list[float]:
        """Everything up to the end of each month."""
        monthly = [self.month(month) for month in range(self.months + 1)]
        return [math.fsum(monthly[: month + 1]) for month in range(self.months + 1)]
