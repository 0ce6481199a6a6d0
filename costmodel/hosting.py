"""How much of the hosting that is paid for stands idle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from costmodel.components import LEAST_CAPACITY
from costmodel.ledger import CostLine
from costmodel.terms import Array, Term

HOSTING = ("tuned_hosting", "router_hosting")


def idle_share(lines: Iterable[CostLine], months: Array, horizon: int) -> float | None:
    """1 - tokens served / tokens that the paid replicas could have served in months 1 to `horizon` [share].

    None without hosting by the hour, or without a throughput.
    """
    for line in lines:
        if line.component in HOSTING:
            for kept in _named(line.amount, "replicas"):
                served, hours, _, speed = kept.parts[:4]
                running = np.broadcast_to(_paid(line.amount, kept), months.shape)[1 : horizon + 1]
                each = np.where(speed.value > 0, np.maximum(speed.value, LEAST_CAPACITY), 0.0)
                capacity = float((running * each * hours.value * 3600.0).sum())
                used = np.where(running > 0, np.broadcast_to(served.value, months.shape)[1 : horizon + 1], 0.0)
                return 1.0 - float(used.sum()) / capacity if capacity > 0 else None
    return None


def _paid(amount: Term, kept: Term) -> Any:
    """Replicas that the hours of a line pay for [replicas]: GPUs that are rented without need could serve too."""
    for rented in _named(amount, "rented_gpus"):
        each = rented.parts[0].parts[1]
        return rented.value / each.value
    return kept.value


def _named(term: Term, name: str) -> Iterator[Term]:
    if term.name == name:
        yield term
    for part in term.parts:
        yield from _named(part, name)
