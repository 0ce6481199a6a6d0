"""Outcomes of draws to speak about: typed in, so that a reader can redo every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from costmodel.uncertainty import BreakEvens, Uncertainty


def drawn(
    totals: Mapping[str, Sequence[float]],
    by_month: Mapping[str, Sequence[float]] | None = None,
    *,
    left_out: Mapping[str, str] | None = None,
    first: Sequence[float] = (0.0, 0.0, 0.5),
    never: float = 0.5,
    several: float = 0.0,
    evppi: Mapping[str, float] | None = None,
    present: bool = False,
) -> Uncertainty:
    """Totals of each draw by architecture, and the chance of being cheapest by month."""
    eligible = tuple(key for key in totals if key not in (left_out or {}))
    shares = by_month or {key: [1.0 / len(eligible)] * 3 for key in eligible}
    months = len(next(iter(shares.values()))) - 1
    costs = {key: np.array(each, dtype=float) for key, each in totals.items()}
    quantiles = {key: np.quantile(each, (0.1, 0.5, 0.9)) for key, each in costs.items()}
    fans = {key: np.outer(each, np.linspace(0.5, 1.0, months + 1)) for key, each in quantiles.items()}
    pairs = ()
    if len(eligible) > 1:
        pairs = (BreakEvens(eligible[0], eligible[1], np.array(first, dtype=float), never, several, 0.5),)
    paths = tuple(evppi or {"workload.queries_per_month": 0.0})
    found = Uncertainty(
        draws=len(next(iter(costs.values()))),
        seed=1,
        present=present,
        months=months,
        paths=paths,
        fan_usd=fans,
        cheapest_by_month={key: np.array(each, dtype=float) for key, each in shares.items()},
        break_evens=pairs,
        totals_usd=costs,
        shares=np.zeros((0, len(paths))),
        eligible=eligible,
        too_close_share=0.05,
        left_out=dict(left_out or {}),
    )
    vars(found)["evppi_usd"] = dict(evppi or {"workload.queries_per_month": 0.0})
    return found
