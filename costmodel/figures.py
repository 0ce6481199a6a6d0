"""What a figure's expression may read: results of the runs of an example, sums over their ledgers, their crossings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from costmodel import finance
from costmodel.changes import ScenarioError
from costmodel.crossover import Crossovers, crossovers
from costmodel.expressions import ExpressionError, Function, Tree, number_at, numbers
from costmodel.families import FAMILY_OF
from costmodel.results import Run, run_scenario
from costmodel.scenario import ARCHITECTURES, Scenario
from pricing.book import PriceBook
from pricing.units import METERS

PHASES: Final = ("one_time", "recurring", "event")
RESULT_NAMES: Final = (*ARCHITECTURES, "runs")
RESULT_FUNCTIONS: Final = (
    "cost",
    "quantity",
    "unit_price",
    "queries",
    "break_even",
    "break_even_count",
    "crossover",
    "crossover_count",
)
"""Names and functions that read a result of the model."""
OTHER_FUNCTIONS: Final = ("net_present_value",)

Seen = Callable[[str, float], float]
"""How the result that a key names is seen: as it is, unless someone asks what a figure depends on."""


def as_it_is(key: str, value: float) -> float:
    """Results as they are."""
    return value


class _OneRun:
    """A run with the parts that are slow to make, made once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._crossovers: dict[tuple[str, float, float], Crossovers] = {}

    @cached_property
    def architectures(self) -> dict[str, Any]:
        found: dict[str, Any] = self.run.as_dict()["architectures"]
        return found

    @cached_property
    def ledger(self) -> pd.DataFrame:
        return self.run.ledger()

    def crossovers(self, driver: str, low: float, high: float) -> Crossovers:
        key = (driver, low, high)
        if key not in self._crossovers:
            self._crossovers[key] = crossovers(self.run.scenario, self.run.book, driver, low, high)
        return self._crossovers[key]


class _ByVariant(Mapping[str, Any]):
    """Results by variant and architecture, run when they are looked into."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def __getitem__(self, variant: str) -> Any:
        return self._readings.of(variant).architectures

    def __iter__(self) -> Iterator[str]:
        return iter(self._readings.scenarios)

    def __len__(self) -> int:
        return len(self._readings.scenarios)


class Readings:
    """The results of an example's scenarios on their price books (both by variant), as names and functions."""

    def __init__(self, scenarios: Mapping[str, Scenario], books: Mapping[str, PriceBook]) -> None:
        self.scenarios = scenarios
        self._books = books
        self._runs: dict[str, _OneRun] = {}

    def of(self, variant: str) -> _OneRun:
        """The run of a variant. ExpressionError when there is none, or when it cannot be run."""
        if variant not in self.scenarios:
            raise ExpressionError(f"there is no variant {variant!r}; the variants are {', '.join(self.scenarios)}")
        if variant not in self._runs:
            try:
                self._runs[variant] = _OneRun(run_scenario(self.scenarios[variant], self._books[variant]))
            except ScenarioError as error:
                raise ExpressionError(f"variant {variant!r} cannot be run: {error}") from None
        return self._runs[variant]

    def names(self, variant: str, seen: Seen = as_it_is) -> dict[str, Tree]:
        """The compared architectures of one variant, and `runs` with those of all."""

        def read(path: str, value: Any) -> float:
            if value is None:
                raise ExpressionError(f"{path} is not known{self._why(path, variant)}")
            return seen(path if path.startswith("runs.") else f"runs.{variant}.{path}", number_at(path, value))

        found = {key: Tree(results, key, read) for key, results in self.of(variant).architectures.items()}
        return found | {"runs": Tree(_ByVariant(self), "runs", read)}

    def _why(self, path: str, variant: str) -> str:
        parts = path.split(".")
        key = parts[0]
        if key == "runs":
            variant, key = parts[1], parts[2]
        reasons = {str(name): reason for name, reason in self.of(variant).run.excluded.items()}
        return f": {reasons[key]}" if key in reasons else ""

    def functions(self, variant: str, seen: Seen = as_it_is) -> dict[str, Function]:
        """The functions that read results of one variant, or of the one that is named with `variant=`."""
        by_name: dict[str, Function] = {
            "cost": self._cost,
            "quantity": self._quantity,
            "unit_price": self._unit_price,
            "queries": self._queries,
            "break_even": self._break_even,
            "break_even_count": self._break_even_count,
            "crossover": self._crossover,
            "crossover_count": self._crossover_count,
        }

        def reading(name: str, of: Function) -> Function:
            def read(*values: Any, **named: Any) -> float:
                named = {"variant": variant, **named}
                key = f"{name}{values}{sorted(named.items())}"
                return seen(key, float(of(*values, **named)))

            return read

        found = {name: reading(name, of) for name, of in by_name.items()}
        return found | {"net_present_value": _net_present_value}

    def _cost(self, *values: Any, variant: str, **named: Any) -> float:
        """Sum of ledger cost [USD]."""
        rows = self._rows(variant, *values, **named)
        if rows["cost_usd"].isna().any():
            raise ExpressionError(f"a price is missing in variant {variant!r}{self._missing(variant)}")
        return float(rows["cost_usd"].sum())

    def _quantity(self, *values: Any, variant: str, **named: Any) -> float:
        """Sum of ledger quantity [the lines' unit]."""
        rows = self._rows(variant, *values, **named)
        units = sorted(set(rows["unit"]))
        if len(units) > 1:
            raise ExpressionError(
                f"quantity would add up {' and '.join(units)}; narrow it down with component, phase, driver or meter"
            )
        return float(rows["quantity"].sum())

    def _unit_price(self, *values: Any, variant: str, **named: Any) -> float:
        """Cost per quantity of ledger lines [USD per the lines' unit]."""
        amount = self._quantity(*values, variant=variant, **named)
        if amount == 0:
            raise ExpressionError("unit_price finds no quantity to divide by")
        return self._cost(*values, variant=variant, **named) / amount

    def _missing(self, variant: str) -> str:
        reasons = [answer.missing for answer in self.of(variant).run.answers.values() if answer.missing]
        return f": {reasons[0]}" if reasons else ""

    def _rows(
        self,
        variant: str,
        architecture: Any = None,
        component: Any = None,
        phase: Any = None,
        *,
        driver: Any = None,
        meter: Any = None,
        month: Any = None,
        first: Any = 0,
        last: Any = None,
    ) -> pd.DataFrame:
        """Ledger rows of one architecture that have all that is asked for; what is beside the bill only by name."""
        one = self.of(variant)
        _known(architecture, "architecture", one.architectures, f"is not compared in variant {variant!r}")
        frame = one.ledger[one.ledger["architecture"] == architecture]
        if component is not None:
            typed = [extra.component for extra in one.run.scenario.extra_costs]
            _known(component, "component", [*dict.fromkeys([*typed, *FAMILY_OF])], "is no component of the ledger")
            frame = frame[frame["component"] == component]
        elif not one.run.scenario.finance.consequences_in_tco:
            frame = frame[frame["scope"] == "bill"]
        if phase is not None:
            _known(phase, "phase", PHASES, "is no phase")
            frame = frame[frame["phase"] == phase]
        if meter is not None:
            _known(meter, "meter", METERS, "is no meter")
            has_meter = [meter in _meters(each) for each in frame["price_id"]]
            frame = frame[np.array(has_meter, dtype=bool)]
        if driver is not None:
            _known(driver, "driver", [*dict.fromkeys(frame["driver"])], "is no driver of these lines")
            frame = frame[frame["driver"] == driver]
        if month is not None:
            first = last = month
        low, high = _months(first, last, one.run.horizon)
        found: pd.DataFrame = frame[(frame["month"] >= low) & (frame["month"] <= high)]
        return found

    def _queries(self, *, variant: str, month: Any = None, first: Any = 0, last: Any = None) -> float:
        """User queries of a month or of several [queries]."""
        run = self.of(variant).run
        if month is not None:
            first = last = month
        low, high = _months(first, last, run.horizon)
        return float(run.queries[low : high + 1].sum())

    def _crossings(self, a: Any, b: Any, variant: str) -> list[float]:
        one = self.of(variant)
        for each in (a, b):
            _known(each, "architecture", one.architectures, f"is not compared in variant {variant!r}")
        return [each.month for each in one.run.crossings if {each.a, each.b} == {a, b}]

    def _break_even(self, a: Any, b: Any, number: Any = 1, *, variant: str) -> float:
        """The month in which two cumulative costs cross, for the first or a later time [months]."""
        found = self._crossings(a, b, variant)
        return _nth(found, number, f"{a} and {b} cross {len(found)} times within the horizon of variant {variant!r}")

    def _break_even_count(self, a: Any, b: Any, *, variant: str) -> float:
        """How often two cumulative costs cross within the horizon [crossings]."""
        return len(self._crossings(a, b, variant))

    def _roots(self, a: Any, b: Any, driver: Any, low: Any, high: Any, variant: str) -> list[float]:
        one = self.of(variant)
        for each in (a, b):
            _known(each, "architecture", one.architectures, f"is not compared in variant {variant!r}")
        ends = number_at("low", low), number_at("high", high)
        try:
            pairs = one.crossovers(str(driver), *ends).pairs
        except ScenarioError as error:
            raise ExpressionError(f"crossover: {error}") from None
        return [root.value for pair in pairs if {pair.a, pair.b} == {a, b} for root in pair.roots]

    def _crossover(self, a: Any, b: Any, driver: Any, low: Any, high: Any, number: Any = 1, *, variant: str) -> float:
        """The value of a driver at which two totals cross, the lowest or a later one [the driver's unit]."""
        found = self._roots(a, b, driver, low, high, variant)
        where = f"along {driver} from {low:g} to {high:g} in variant {variant!r}"
        return _nth(found, number, f"{a} and {b} cross {len(found)} times {where}")

    def _crossover_count(self, a: Any, b: Any, driver: Any, low: Any, high: Any, *, variant: str) -> float:
        """How often two totals cross along a driver [crossings]."""
        return len(self._roots(a, b, driver, low, high, variant))


def _meters(price_id: str) -> set[str]:
    """Meters of the prices behind a ledger line; a line may join several."""
    return {each.rpartition(":")[2].partition("@")[0] for each in price_id.split(" + ")}


def _known(name: Any, what: str, names: Any, wrong: str) -> None:
    if not isinstance(name, str) or name not in names:
        known = list(names)
        more = ", ..." if len(known) > 12 else ""
        raise ExpressionError(f"{what} {name!r} {wrong}; use one of {', '.join(map(str, known[:12]))}{more}")


def _months(first: Any, last: Any, horizon: int) -> tuple[int, int]:
    low, high = number_at("first", first), number_at("last", horizon if last is None else last)
    if not (0 <= low <= high <= horizon and low == int(low) and high == int(high)):
        raise ExpressionError(f"months {low:g} to {high:g} are not within 0 to {horizon}, the horizon")
    return int(low), int(high)


def _nth(found: list[float], number: Any, told: str) -> float:
    place = number_at("number", number)
    if place != int(place) or not 1 <= place <= len(found):
        raise ExpressionError(f"{told}; there is no crossing number {place:g}")
    return found[int(place) - 1]


def _net_present_value(flows: Any, annual_rate: Any, months_per_period: Any = 12) -> float:
    """Present value of flows in periods 0, 1, 2, ..., the first undiscounted [the flows' unit]."""
    months = number_at("months_per_period", months_per_period)
    if months != int(months) or not 1 <= months <= 1200:
        raise ExpressionError(f"months_per_period {months:g} is not a whole number of months, 1 to 1,200")
    rate = number_at("annual_rate", annual_rate)
    if rate <= -1:
        raise ExpressionError(f"annual_rate {rate:g} is out of limits; use more than -1")
    return finance.net_present_value(numbers([flows]), rate, int(months))
