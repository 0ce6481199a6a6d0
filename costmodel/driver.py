"""One number of the scenario, or one price, as a driver: which there are, and the totals along it.

Totals along a driver do not depend on where the scenario itself stands on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from costmodel.changes import ScenarioError, changed
from costmodel.crossover import Crossovers, crossovers_of
from costmodel.fields import Group, value_at
from costmodel.flips import now_of
from costmodel.provenance import LEVERS
from costmodel.results import Run
from costmodel.scan import is_whole, looked_at
from costmodel.scenario import ARCHITECTURES, FIELDS, Architecture, Scenario
from costmodel.simulate import totals_usd
from costmodel.terms import Array
from costmodel.winner_map import WIDE, Axis
from pricing.book import PriceBook

SAMPLES = 193
"""Values along the chart of a driver, beside those of its crossings."""
POINTS = 513
"""Points of the scan for crossings."""
NOTHING_YET = {"tokens": 10_000.0, "USD": 100_000.0, "queries": 1e6, "examples": 10_000.0, "hours": 500.0, "share": 1.0}
"""How far a number reaches that is nothing now, by its unit; others to 100."""
DIGITS = 6
"""Significant digits of a value that is put into the scenario."""

Holder = TypeVar("Holder", bound=Group)


def fields_of(run: Run) -> list[str]:
    """Numeric fields that shape some bill, in declared order; the levers among them in any case."""
    shaping = {path for answer in run.answers.values() for line in answer.bill.counted for path in line.fields}
    known = [path for path in FIELDS if path in shaping or path in LEVERS]
    return [path for path in known if FIELDS[path].numeric and value_at(run.scenario, path) is not None]


def prices_of(run: Run) -> list[str]:
    """Every price in use, as a path."""
    return list(dict.fromkeys(f"price:{row.price_id}" for row in run.rows_in_use))


def token_price(run: Run) -> str | None:
    """The price of a model's input tokens in use that costs most over the horizon; None without any."""
    spent: dict[str, float] = {}
    for answer in run.answers.values():
        for line in answer.bill.counted:
            paths = [f"price:{each}" for each in line.price_ids if each.endswith(":input")]
            for path in paths[:1]:
                usd = float(np.broadcast_to(line.cost_usd, answer.bill.months.shape)[: run.horizon + 1].sum())
                spent[path] = spent.get(path, 0.0) + usd
    return max(spent, key=lambda path: spent[path], default=None)


def without(scenario: Scenario, paths: Iterable[str]) -> Scenario:
    """The scenario with these numbers at 0, allowed or not: to be compared, not to be run."""
    for path in paths:
        if path in FIELDS:
            scenario = _put(scenario, path.split("."))
    return scenario


def _put(holder: Holder, names: Sequence[str]) -> Holder:
    first, *rest = names
    return holder.model_copy(update={first: _put(getattr(holder, first), rest) if rest else 0.0})


@dataclass(frozen=True, eq=False)
class Along:
    """Totals along a driver at `axis.values` [USD], nan where a price is missing, and where they cross."""

    axis: Axis
    usd: dict[Architecture, Array]
    found: Crossovers
    reference: tuple[Architecture, ...] = ()
    """Architectures that are drawn for comparison only."""


def along(run: Run, found: Crossovers, log: bool | None = None) -> Along:
    """Totals of the compared architectures, and of plain prompting as a reference, along the range of `found` [USD].

    Logarithmic when `log` says so, or by itself over a wide range above 0. Nominal, or in present value, as `found`.
    """
    log = found.low > 0 and (found.high / found.low >= WIDE if log is None else log)
    scenario, reference = run.scenario, tuple[Architecture, ...]()
    if run.prompting is not None:
        reference = ("prompting",)
        compared = [key for key in ARCHITECTURES if key in (*scenario.finance.compared, *reference)]
        scenario = changed(scenario, {"finance.compared": compared})
    values = samples(found, log)
    usd = totals_usd(scenario, run.book, {found.driver: values}, found.present)
    return Along(Axis(found.driver, tuple(values.tolist()), log), usd, found, reference)


def crossings(run: Run, driver: str, low: float, high: float, present: bool = False) -> Crossovers:
    """Every crossing of two compared architectures along a driver, of nominal totals or of present values.

    ScenarioError as for crossovers.
    """
    return crossovers_of(run.scenario, run.book, {driver: (low, high)}, POINTS, present=present)[driver]


def reach(run: Run, base: Scenario, book: PriceBook, driver: str) -> tuple[float, float]:
    """The range of a driver unless another one is asked for: that of crossovers around its value in `base` and `book`.

    Around that value, so that one that is set does not move the range under it; and wide enough for the scenario.
    """
    now = now_of(run.scenario, run.book, driver)
    try:
        around = now_of(base, book, driver)
    except ScenarioError:  # a price that the user added
        around = now
    around = around or now
    low, high = looked_at(run.scenario, driver, around)
    if not around:  # nothing, and no word of how much there could be
        unit = FIELDS[driver].unit.split("/")[0] if driver in FIELDS else "USD"
        high = min(high, NOTHING_YET.get(unit, 100.0))
    return min(low, now), max(high, now)


def check_range(scenario: Scenario, book: PriceBook, driver: str, low: float, high: float) -> None:
    """ScenarioError when a range is empty or when an end of it makes no scenario."""
    if not low < high:
        raise ScenarioError([f"from {low:,.12g} to {high:,.12g} holds nothing; the first number is the lower one"])
    for end in (low, high):
        changed(scenario, {driver: round(end) if is_whole(driver) else end}, book)


def samples(found: Crossovers, log: bool) -> Array:
    """Values to draw totals at: evenly spaced along the axis, and both sides of every root."""
    even = np.geomspace if log else np.linspace
    values = even(found.low, found.high, SAMPLES)
    if is_whole(found.driver):
        values = np.round(values)
    roots = [end for root in found.roots for end in (root.value, root.next_value) if end is not None]
    return np.unique(np.clip([*values.tolist(), *roots], found.low, found.high))


def settable(driver: str, value: float, upwards: bool | None = None) -> float:
    """A value as it is put into the scenario: in six digits, or whole; not below it (`upwards`), or not above it."""
    if is_whole(driver):
        return float(round(value) if upwards is None else np.ceil(value) if upwards else np.floor(value))
    rounded = float(f"{value:.{DIGITS}g}")
    if upwards is None or rounded == value or (rounded > value) == upwards:
        return rounded
    step = 10.0 ** (np.floor(np.log10(abs(value))) - DIGITS + 1)
    return float(f"{rounded + (step if upwards else -step):.{DIGITS}g}")
