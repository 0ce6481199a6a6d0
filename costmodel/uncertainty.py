"""How sure the answer is: many draws of the uncertain numbers through the same model, and what follows from them.

Draws are evaluated in blocks, so that memory grows with draws x months and not with the lines of a bill; the numbers
do not depend on the size of a block.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from costmodel import MODEL_VERSION
from costmodel.changes import ScenarioError, changed
from costmodel.distributions import REMEMBERED, Draws, Sample
from costmodel.finance import present_value
from costmodel.information import Curves, cheapest_share, evpi_usd, evppi_of_each_usd, expected_regret_usd
from costmodel.inputs import Inputs, check_columns
from costmodel.ranges import check_chunks, check_filled
from costmodel.results import Run, run_scenario
from costmodel.scenario import Architecture, Scenario
from costmodel.simulate import bill
from costmodel.tally import LEVELS, BreakEvens, Tally
from costmodel.terms import Array
from pricing.book import PriceBook

DRAWS, FEWEST, MOST = 8_192, 64, 1_048_576
BLOCK, DRAWN = 2_048, 16_384
"""Draws that are evaluated together, and that are drawn together."""
REGRESSED = 65_536
"""What one number is worth knowing is worked out on the first so many draws at most."""


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """The outcome of all draws; costs in USD, nominal or in present value as asked."""

    draws: int
    seed: int
    present: bool
    months: int
    """The horizon of the fan; where the horizon itself is uncertain, totals are those of each draw's own."""
    paths: tuple[str, ...]
    fan_usd: dict[Architecture, Array]
    """Cumulative cost below which 10, 50 and 90% of the draws lie, by month 0..H, shape (3, months)."""
    cheapest_by_month: dict[Architecture, Array]
    """Share of the draws in which each eligible architecture has cost least up to the end of each month."""
    break_evens: tuple[BreakEvens, ...]
    totals_usd: dict[Architecture, Array]
    """Total over the horizon of each draw, shape (draws,)."""
    shares: Array
    """Where each draw's numbers lie in their distributions, 0 to 1, shape (draws or fewer, paths)."""
    eligible: tuple[Architecture, ...]
    too_close_share: float
    left_out: dict[Architecture, str] = field(default_factory=dict)
    """Compared architectures that cannot be called cheapest, with why."""
    sample: Sample | None = None
    """Which draws these are, where they are remembered."""

    @cached_property
    def _costs(self) -> Array:
        return np.stack([self.totals_usd[key] for key in self.eligible])

    @cached_property
    def probability_cheapest(self) -> dict[Architecture, float]:
        """Share of the draws in which each eligible architecture has the lowest total."""
        return dict(zip(self.eligible, cheapest_share(self._costs).mean(axis=1).tolist(), strict=True))

    @cached_property
    def probability_close(self) -> float:
        """Share of the draws in which the lead is too close to call."""
        if len(self.eligible) < 2:
            return 0.0
        least, second = np.partition(self._costs, 1, axis=0)[:2]
        return float((second - least <= self.too_close_share * np.abs(second)).mean())

    @cached_property
    def mean_usd(self) -> dict[Architecture, float]:
        """Mean total of each architecture."""
        return {key: float(usd.mean()) for key, usd in self.totals_usd.items()}

    @cached_property
    def expected_regret_usd(self) -> dict[Architecture, float]:
        """What each choice costs more than the best one of each draw, on average."""
        return dict(zip(self.eligible, expected_regret_usd(self._costs).tolist(), strict=True))

    @cached_property
    def evpi_usd(self) -> float:
        """What knowing everything before choosing saves on average."""
        return evpi_usd(self._costs)

    @cached_property
    def evppi_usd(self) -> dict[str, float]:
        """What knowing one number before choosing saves on average, by path, the most valuable first."""
        if self.sample is None:
            usd = evppi_of_each_usd(self._costs[:, : len(self.shares)], _curves_over(self.shares))
        else:
            usd = evppi_of_each_usd(self._costs, _curves(self.sample))
        worth = zip(self.paths, usd, strict=True)
        return dict(sorted(worth, key=lambda item: -item[1]))

    def without_shares(self) -> Uncertainty:
        """The same outcome in less memory: its draws are gone; where they are not remembered, what each number is worth
        knowing is worked out before."""
        smaller = replace(self, shares=np.empty((0, len(self.paths))))
        if self.sample is None:
            vars(smaller)["evppi_usd"] = self.evppi_usd
        return smaller

    def convergence(self) -> list[dict[str, Any]]:
        """What the first 64, 128, ... draws alone said: chance of being cheapest and median total, by architecture."""
        rows = []
        for count in (2**power for power in range(6, self.draws.bit_length())):
            costs = self._costs[:, :count]
            odds, middle = cheapest_share(costs).mean(axis=1), np.median(costs, axis=1)
            rows.append(
                {
                    "draws": count,
                    "probability_cheapest": dict(zip(self.eligible, odds.tolist(), strict=True)),
                    "p50_usd": dict(zip(self.eligible, middle.tolist(), strict=True)),
                }
            )
        return rows

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain values for JSON: the same seed gives the same bytes."""
        return {
            "model_version": MODEL_VERSION,
            "draws": self.draws,
            "seed": self.seed,
            "present_value": self.present,
            "uncertain": list(self.paths),
            **{
                f"p{round(level * 100)}": {key: fan[at].tolist() for key, fan in self.fan_usd.items()}
                for at, level in enumerate(LEVELS)
            },
            "mean_usd": self.mean_usd,
            "probability_cheapest": self.probability_cheapest,
            "probability_cheapest_by_month": {key: each.tolist() for key, each in self.cheapest_by_month.items()},
            "probability_too_close": self.probability_close,
            "expected_regret_usd": self.expected_regret_usd,
            "evpi_usd": self.evpi_usd,
            "evppi_usd": self.evppi_usd,
            "break_even_months": [
                {
                    "a": each.a,
                    "b": each.b,
                    "probability_first_in_month": each.first.tolist(),
                    "probability_never": each.never,
                    "probability_several": each.several,
                    "probability_a_cheaper_at_end": each.a_cheaper_at_end,
                }
                for each in self.break_evens
            ],
            "excluded": self.left_out,
        }


def _curves_over(shares: Array) -> Iterator[Curves | None]:
    return map(Curves.over, shares.T)


@lru_cache(maxsize=4)
def _curves(sample: Sample) -> tuple[Curves | None, ...]:
    """What fitting over these draws takes, whatever they cost: most of what the worth of a number takes."""
    return tuple(_curves_over(sample.share))


def rounded_up(draws: int) -> int:
    """The power of two that is used for so many draws: Sobol points are even only in powers of two."""
    if not 1 <= draws <= MOST:
        raise ScenarioError([f"draws: {draws:,}; give 1 to {MOST:,}"])
    return max(FEWEST, 1 << (draws - 1).bit_length())


def uncertainty(
    scenario: Scenario,
    book: PriceBook,
    draws: int = DRAWS,
    seed: int = 1,
    *,
    present: bool = False,
    block: int = BLOCK,
    progress: Callable[[int, int], None] = lambda done, of: None,
    run: Run | None = None,
) -> Uncertainty:
    """Draw the scenario's uncertain numbers and evaluate the model for each.

    `draws` is rounded up to a power of two; `progress(done, of)` is called after each block and may raise to give up.
    `run`: the answers of the scenario, its ranges apart, if they are there already. The start month must be resolved.
    ScenarioError without a range, for one of an empty field, when no architecture can be compared, and when some draws
    are no scenario.
    """
    if not scenario.uncertainty:
        raise ScenarioError(["uncertainty: no number has a range yet; give at least one"])
    check_filled(scenario, scenario.uncertainty)
    draws = rounded_up(draws)
    run = run_scenario(scenario, book) if run is None else run
    if not run.eligible:
        raise ScenarioError(["uncertainty: no architecture can be compared", *run.excluded.values()])
    eligible, compared = tuple(run.eligible), tuple(run.answers)
    tally = Tally(compared, eligible, run.horizon, draws)
    source = Draws(scenario.uncertainty, scenario.rank_correlations, seed)
    sample = source.first(draws) if draws <= REMEMBERED else None
    shares = sample.share if sample else np.empty((min(draws, REGRESSED), len(scenario.uncertainty)))
    rounds = tally.rounds()
    for number, months in enumerate(rounds):
        tally.begin(months)
        source.again()
        for start, (values, share) in _blocks(source, draws, block):
            last = max(run.horizon, int(np.max(values.get("finance.horizon_months", 0))))
            curves = tally.room(start, len(share), last)
            totals = _evaluated(scenario, book, values, present, compared, curves)
            if number == 0:
                if sample is None:
                    kept = shares[start : start + len(share)]
                    kept[:] = share[: len(kept)]
                tally.add(start, curves[:, : run.horizon + 1], totals)
            tally.keep(start, curves)
            progress(number * draws + start + len(share), len(rounds) * draws)
        tally.end()
    if gone := ", ".join(key for key in eligible if np.isnan(tally.totals[key]).any()):
        raise ScenarioError([f"uncertainty: some draws need a price that is missing ({gone}); narrow the ranges"])
    return Uncertainty(
        draws,
        seed,
        present,
        run.horizon,
        tuple(scenario.uncertainty),
        tally.fan,
        tally.odds(),
        tally.break_evens(),
        tally.totals,
        shares,
        eligible,
        scenario.finance.too_close_share,
        dict(run.excluded),
        sample,
    )


def _blocks(source: Draws, draws: int, block: int) -> Iterator[tuple[int, tuple[dict[str, Array], Array]]]:
    for first in range(0, draws, DRAWN):
        values, shares = source.next(min(DRAWN, draws - first))
        for start in range(0, len(shares), block):
            part = slice(start, start + block)
            yield first + start, ({path: each[part] for path, each in values.items()}, shares[part])


def _evaluated(
    scenario: Scenario,
    book: PriceBook,
    values: dict[str, Array],
    present: bool,
    architectures: tuple[Architecture, ...],
    curves: Array,
) -> Array:
    """Put the cumulative cost into `curves`, (architectures, months, draws); the total of each draw [USD].

    Months come first, so that the draws of a month lie side by side.
    """
    prices = {path: float(np.max(each)) for path, each in values.items() if path.startswith("price:")}
    check_chunks(scenario, values)
    check_columns(scenario, book.with_edits(scenario.price_edits) if scenario.price_edits else book, values)
    # An uncertain price holds for every month: its schedule is dropped, as by an edit.
    edits = changed(scenario, prices, book).price_edits if prices else scenario.price_edits
    # A number without spread is no column: then the draws are the run itself to the last digit.
    spread = scenario.uncertainty
    columns = {path: each if spread[path].low < spread[path].high else each[0] for path, each in values.items()}
    _, months, count = curves.shape
    x = Inputs(scenario, book.with_edits(edits) if edits else book, columns, last=months - 1, factored=True)
    totals = np.empty((len(architectures), count))
    ends = np.broadcast_to(np.asarray(x.horizon, dtype=int), (count, 1))[:, 0]
    for key, so_far, total in zip(architectures, curves, totals, strict=True):
        monthly = bill(x, key).monthly_usd
        if present:
            monthly = present_value(monthly, x.finance.discount_rate_annual)
        so_far[:] = monthly.T if monthly.ndim > 1 else monthly[:, None]
        for before, now in pairwise(so_far):
            now += before
        total[:] = so_far[ends, np.arange(count)]
    return totals


def standard_error(probability: float, draws: int) -> float:
    """Standard error of a share of so many random draws; quasi-random ones are closer than that."""
    return math.sqrt(probability * (1 - probability) / draws)
