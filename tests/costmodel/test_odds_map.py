"""The map of probabilities: the same model, the same draws at every cell."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.distributions import Draws
from costmodel.odds_map import OddsMap, odds_map
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Range
from costmodel.simulate import totals_usd
from costmodel.winner_map import Axis, axis, winner_map
from pricing.catalog import load_book

VOLUME, UPDATES, LABELS = "workload.queries_per_month", "corpus.updates_per_month", "fine_tuning.usd_per_example"
PRICE = "price:openai/gpt-6.1-sol:input"
SCENARIO = resolved(PRESETS["pricing-brand-voice"].scenario, date(2026, 11, 21))
WHO = ("rag", "fine_tuning", "hybrid")
WIDE = {
    LABELS: Range(low=1.0, likely=3.0, high=9.0),
    "rag.maintenance_hours_per_month": Range(low=6.0, likely=12.0, high=18.0),
    VOLUME: Range(low=50_000.0, likely=200_000.0, high=800_000.0),
}
X, Y = axis(SCENARIO, VOLUME, 10_000, 1_000_000, 7), axis(SCENARIO, UPDATES, 0.5, 30, 5)


def drawn(ranges=WIDE, **more) -> OddsMap:
    return odds_map(SCENARIO, load_book(), X, Y, WHO, ranges, **{"draws": 64, **more})


def test_a_cell_is_the_share_of_draws_in_which_each_is_cheapest_there():
    found = drawn()
    others = {path: spread for path, spread in WIDE.items() if path != VOLUME}
    values, _ = Draws(others, (), 1).next(64)
    wins = dict.fromkeys(WHO, 0)
    for number in range(64):
        here = {VOLUME: X.values[4], UPDATES: Y.values[2]} | {
            path: float(each[number]) for path, each in values.items()
        }
        wins[run_scenario(changed(SCENARIO, here), load_book()).cheapest] += 1

    assert {key: float(each[2, 4]) for key, each in found.odds.items()} == {
        key: each / 64 for key, each in wins.items()
    }
    assert 0 < wins["rag"] < 64


def test_without_spread_it_is_the_winner_map():
    narrow = {LABELS: Range(low=3.0, likely=3.0, high=3.0)}
    found, sure = drawn(narrow), winner_map(SCENARIO, load_book(), X, Y, WHO)

    assert (found.winner == sure.winner).all()
    assert (found.chance == 1).all()
    assert (found.step == 3).all()


def test_probabilities_of_a_cell_add_up_to_one():
    assert sum(drawn().odds.values()) == pytest.approx(np.ones((5, 7)))


def test_every_cell_sees_the_same_draws():
    whole = drawn()
    column = odds_map(SCENARIO, load_book(), Axis(VOLUME, X.values[3:5], True), Y, WHO, WIDE, draws=64)

    for key in WHO:
        assert (column.odds[key] == whole.odds[key][:, 3:5]).all()


def test_the_same_seed_gives_the_same_map_and_another_one_another():
    once, again, other = drawn(), drawn(), drawn(seed=2)

    assert all((once.odds[key] == again.odds[key]).all() for key in WHO)
    assert any((once.odds[key] != other.odds[key]).any() for key in WHO)


def test_both_drivers_are_where_the_cell_is_and_not_drawn():
    with pytest.raises(ScenarioError, match="no number beside the two drivers has a range"):
        drawn({VOLUME: WIDE[VOLUME]})


def test_a_range_of_an_empty_field_is_refused():
    spread = Range(low=1.0, likely=2.0, high=3.0)
    with pytest.raises(ScenarioError, match=r"uncertainty.finance.budget_usd: the field 'Budget' is empty"):
        drawn({**WIDE, "finance.budget_usd": spread})


def test_an_uncertain_price_is_drawn_through_the_same_model():
    found = drawn({PRICE: Range(low=1.0, likely=2.0, high=4.0)})
    values, _ = Draws({PRICE: Range(low=1.0, likely=2.0, high=4.0)}, (), 1).next(64)
    at = {VOLUME: X.values[4], UPDATES: Y.values[1]}
    usd = totals_usd(changed(SCENARIO, at), load_book(), {PRICE: values[PRICE]})
    wins = np.stack([usd[key] for key in WHO]).argmin(axis=0)

    assert float(found.odds["rag"][1, 4]) == float((wins == 0).mean())


def test_progress_is_told_after_each_row_and_can_end_it():
    told: list[tuple[int, int]] = []
    drawn(progress=lambda done, of: told.append((done, of)))

    assert told == [(row, 5) for row in range(1, 6)]

    class Enough(Exception):
        pass

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        raise Enough

    told.clear()
    with pytest.raises(Enough):
        drawn(progress=stop)
    assert told == [(1, 5)]


@pytest.mark.parametrize(("odds", "step"), [(0.49, 0), (0.5, 1), (0.69, 1), (0.7, 2), (0.89, 2), (0.9, 3), (1.0, 3)])
def test_a_probability_of_50_70_and_90_percent_makes_the_colour_deeper(odds, step):
    rest = (1 - odds) / 2
    cells = {"rag": np.full((5, 7), odds), "fine_tuning": np.full((5, 7), rest), "hybrid": np.full((5, 7), rest)}

    assert (OddsMap(X, Y, WHO, (0.0, 0.0), cells, 64, 1).step == step).all()
