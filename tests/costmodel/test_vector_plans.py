"""How vector stores bill beyond a price per unit: what searches scan, dimensions, floors, units by size, caps."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.changes import changed
from costmodel.components import running_nodes, scanned_gigabytes, search_units
from costmodel.inputs import Inputs
from costmodel.ledger import LEDGER_UNITS
from costmodel.results import Run
from costmodel.scenario import Scenario
from costmodel.simulate import bill, totals_usd
from pricing.book import Price, PriceBook
from pricing.catalog import load_book
from report.explained import explained
from tests import oracle

MILLION = 1e6
STORE = {"provider": "crate", "item": "store"}
VALUES: dict[str, Any] = {
    "finance.start_month": "2026-11",
    "finance.horizon_months": 3,
    "finance.compared": ("rag",),
    "corpus.tokens_per_document": 10.0,
    "corpus.chunk_tokens": 10.0,
    "rag.embedding_dimensions": 2_500.0,
    "rag.vector_store": "crate/store",
    "rag.switched_off": ("generation",),
}
"""One vector of 10,000 bytes for each document: 100,000 of them are a GB."""


def row(meter: str, unit: str, usd: float, **more: Any) -> Price:
    return Price(**STORE, meter=meter, unit=unit, price_usd=usd, **more)


def scenario(vectors: float = 100_000, searches: float = MILLION, **paths: Any) -> Scenario:
    asked = {"corpus.documents": float(vectors), "workload.queries_per_month": float(searches)}
    return changed(Scenario(), VALUES | asked | {name.replace("__", "."): value for name, value in paths.items()})


def run(rows: list[Price], vectors: float = 100_000, searches: float = MILLION, **paths: Any) -> Run:
    return Run(scenario(vectors, searches, **paths), PriceBook(rows))


def cost(found: Run, month: int = 1, *, component: str = "vector_", phase: str | None = None) -> float:
    lines = [line for line in found.answers["rag"].bill.lines if line.component.startswith(component)]
    amounts = [
        np.broadcast_to(line.cost_usd, found.inputs.months.shape)[month]
        for line in lines
        if phase in (None, line.phase)
    ]
    return float(sum(amounts))


# What searches scan

SCANNED = [row("queried", "TB", 1.0, min_gb_per_search=1.28)]
TIERED = [
    row("queried", "TB", 1.0),
    row("queried", "TB", 0.2, tier_from=32),
    row("queried", "TB", 0.04, tier_from=128),
]
COUNTED = [row("queried", "TB", 4.0, vectors_per_tier=1), row("queried", "TB", 2.0, tier_from=100_000)]


@pytest.mark.parametrize(("vectors", "gb"), [(0, 1.28), (127_999, 1.28), (128_000, 1.28), (128_001, 1.28001)])
def test_a_search_is_billed_for_the_index_or_for_the_least_that_the_plan_bills(vectors, gb):
    assert cost(run(SCANNED, vectors)) == pytest.approx(MILLION * gb / 1_000, rel=1e-12)


@pytest.mark.parametrize(
    ("gb", "usd_per_thousand_searches"),
    [
        (31.99999, 31.99999),
        (32, 32),
        (32.00001, 32 + 0.00001 * 0.2),
        (128, 32 + 96 * 0.2),
        (128.00001, 32 + 96 * 0.2 + 0.00001 * 0.04),
        (200, 32 + 96 * 0.2 + 72 * 0.04),
    ],
)
def test_each_part_of_a_large_index_is_scanned_at_its_own_price(gb, usd_per_thousand_searches):
    assert cost(run(TIERED, gb * 100_000, 1_000)) == pytest.approx(usd_per_thousand_searches, rel=1e-12)


@pytest.mark.parametrize(
    ("vectors", "usd_per_thousand_searches"),
    [(99_999, 0.99999 * 4), (100_000, 4), (100_001, 4 + 0.00001 * 2), (250_000, 4 + 1.5 * 2)],
)
def test_tiers_may_start_at_a_number_of_vectors(vectors, usd_per_thousand_searches):
    assert cost(run(COUNTED, vectors, 1_000)) == pytest.approx(usd_per_thousand_searches, rel=1e-12)


def test_tiers_by_vectors_do_not_move_with_the_size_of_a_vector():
    small, large = (run(COUNTED, 250_000, 1_000, rag__embedding_dimensions=each) for each in (1_250.0, 2_500.0))

    assert cost(large) == pytest.approx(2 * cost(small))


@pytest.mark.parametrize(("dimensions", "missing"), [(0.0, ""), (1.0, "the price crate/store:queried is missing")])
def test_only_what_is_scanned_needs_a_price(dimensions, missing):
    ended = [row("queried", "TB", 4.0, vectors_per_tier=1, effective_to=date(2026, 11, 1)), row("flat", "month", 5.0)]
    found = run(ended, 250_000, 1_000, rag__embedding_dimensions=dimensions)

    assert found.answers["rag"].missing == missing
    if not missing:  # nothing but the fee: 3 months at 5 USD
        assert cost(found, component="vector_") == 5
        assert found.total_usd("rag", 3) == pytest.approx(3 * 5)


def test_overhead_is_scanned_too_and_copies_are_not():
    plain = cost(run(SCANNED, 200_000))

    assert cost(run(SCANNED, 200_000, rag__index_overhead_share=0.5)) == pytest.approx(1.5 * plain)
    assert cost(run(SCANNED, 200_000, rag__replicas=3)) == pytest.approx(plain)


def test_what_searches_scan_grows_with_the_corpus():
    found = run(SCANNED, 200_000, corpus__monthly_growth_share=0.1)

    assert cost(found, 2) == pytest.approx(1.1 * cost(found, 1))
    assert cost(found, 0) == 0


def test_nothing_is_scanned_without_searches():
    assert cost(run(SCANNED, 200_000, 0)) == 0


def test_a_line_of_scanned_data_counts_searches_at_the_price_of_one():
    ledger = run(TIERED, 5_000_000, 1_000).ledger()
    (line,) = ledger[(ledger.component == "vector_reads") & (ledger.month == 1)].to_dict("records")

    assert (line["quantity"], line["unit"]) == (1.0, "thousand_searches")
    assert line["unit"] in LEDGER_UNITS
    assert line["unit_price_usd"] == line["cost_usd"] == pytest.approx(32 + 18 * 0.2)
    assert line["price_id"] == "crate/store:queried + crate/store:queried@32"


def test_a_discount_and_drift_reach_what_is_scanned():
    paths = {"finance__discount_share": {"crate": 0.25}, "finance__price_drift_annual__vector_store": 0.1}
    found = run(SCANNED, 200_000, **paths)

    assert cost(found, 1) == pytest.approx(0.75 * 2_000)
    assert cost(found, 3) == pytest.approx(0.75 * 2_000 * 1.1 ** (2 / 12))


def test_a_price_of_scanned_data_that_starts_later_is_missing_before():
    later = [row("queried", "TB", 1.0, effective_from=date(2027, 1, 1))]
    found = run(later, 200_000)

    assert np.isnan(cost(found, 1))
    assert cost(found, 2) == pytest.approx(2_000)
    assert found.excluded["rag"].startswith("the price crate/store:queried is missing")


def test_the_formula_of_a_search_shows_the_gigabytes_that_it_scans():
    (line,) = explained(run([row("queried", "PB", 1.0)], 200_000), "rag", "vector_reads", 1)

    assert line.formula == "1,000,000 searches × $1.00 / 1,000,000 GB × 2 GB (size of one copy) = $2.00"
    assert [price.price_id for price in line.prices] == ["crate/store:queried"]
    assert {"rag.embedding_dimensions", "corpus.documents"} <= {each.path for each in line.fields}


def test_the_formula_of_a_tiered_search_says_its_rule():
    (line,) = explained(run(TIERED, 5_000_000, 1_000), "rag", "vector_reads", 1)

    assert line.formula == "1,000 searches by the tiers of the index that a search scans = $35.60"
    assert "average" in line.note


# Read units that grow with the index

GROWING = [row("reads", "1M units", 16.0, units_per_search=0.25, units_per_gb_searched=1.0)]


@pytest.mark.parametrize(
    ("vectors", "units"), [(0, 0.25), (24_999, 0.25), (25_000, 0.25), (25_001, 0.25001), (714_400, 7.144)]
)
def test_a_search_takes_a_unit_per_gigabyte_and_at_least_those_of_the_plan(vectors, units):
    assert cost(run(GROWING, vectors)) == pytest.approx(16 * units, rel=1e-12)


def test_a_plan_that_names_no_units_per_gigabyte_bills_the_same_units_for_every_search():
    assert cost(run([row("reads", "1M units", 16.0, units_per_search=5)], 714_400)) == pytest.approx(80)


def test_write_units_may_follow_the_bytes_of_the_vectors():
    by_bytes = [row("writes", "1M units", 4.0, units_per_gb_written=MILLION)]
    found = run(by_bytes, 100_000, corpus__updates_per_month=2, corpus__changed_share_per_update=0.1)

    assert cost(found, 0) == pytest.approx(1 * 4)
    assert cost(found, 1) == pytest.approx(0.2 * 4)
    assert cost(run([row("writes", "1M units", 4.0, units_per_vector=7)]), 0) == pytest.approx(0.7 * 4)


# Dimensions

DIMENSIONS = [
    row("dimensions", "1M dimensions", 0.004, included_quantity=50),
    row("dimensions", "1M dimensions", 0.002, tier_from=500),
]


@pytest.mark.parametrize(
    ("vectors", "usd"), [(20_000, 0), (20_400, 0.004), (200_000, 450 * 0.004), (200_400, 450 * 0.004 + 0.002)]
)
def test_dimensions_are_billed_by_the_plans_tiers_less_what_it_includes(vectors, usd):
    assert cost(run(DIMENSIONS, vectors)) == pytest.approx(usd, abs=1e-12)  # 2,500 of each vector


def test_dimensions_are_kept_twice_while_the_index_is_rebuilt():
    found = run([row("dimensions", "1M dimensions", 0.004)], 200_000, rag__reindex_every_months=2.0)

    assert cost(found, 1) == pytest.approx(500 * 0.004)
    assert cost(found, 2, phase="recurring") == cost(found, 2, phase="event") == pytest.approx(500 * 0.004)


def test_dimensions_count_copies_and_not_overhead():
    rows = [row("dimensions", "1M dimensions", 0.004)]
    found = run(rows, 200_000, rag__replicas=2, rag__index_overhead_share=0.5, rag__bytes_per_dimension=1.0)

    assert cost(found) == pytest.approx(2 * 500 * 0.004)
    assert set(found.ledger().query("component == 'vector_storage'").unit) == {"thousand_units"}


# Nodes with a floor

FLOOR = [row("nodes", "hour", 0.5, gb_per_node=10, min_nodes=2)]


@pytest.mark.parametrize(("vectors", "nodes"), [(0, 2), (1, 2), (2_000_000, 2), (2_000_001, 3)])
def test_a_plan_runs_its_least_nodes_and_more_when_the_index_needs_them(vectors, nodes):
    assert cost(run(FLOOR, vectors)) == pytest.approx(nodes * 730 * 0.5)


def test_the_floor_is_that_of_the_plan_and_not_of_each_copy():
    assert cost(run(FLOOR, 1_000_000, rag__replicas=2)) == pytest.approx(2 * 730 * 0.5)
    assert cost(run(FLOOR, 1_000_001, rag__replicas=2)) == pytest.approx(4 * 730 * 0.5)


def test_the_floor_runs_from_the_first_month_of_operation_and_holds_a_rebuilding_index():
    small, large = (run(FLOOR, vectors, rag__reindex_every_months=2.0) for vectors in (900_000, 1_000_001))

    assert cost(small, 0) == 0
    assert cost(small, 2, phase="event") == 0
    assert cost(large, 2, phase="event") == pytest.approx(730 * 0.5)  # three nodes instead of two


def test_a_plan_without_a_floor_needs_no_node_for_an_empty_index():
    assert cost(run([row("nodes", "hour", 0.5, gb_per_node=10)], 0)) == 0


# Minimums, caps


def test_the_minimum_counts_what_is_scanned_and_dimensions():
    rows = [*SCANNED, row("dimensions", "1M dimensions", 0.004, minimum_usd=3_000)]
    found = run(rows, 200_000)

    assert cost(found, component="vector_minimum") == pytest.approx(3_000 - 2_000 - 2)
    assert cost(found) == pytest.approx(3_000)


@pytest.mark.parametrize(
    ("meter", "unit", "cap", "vectors", "searches"),
    [
        ("reads", "1M units", 0.5, 1_000, 500_000),
        ("writes", "1M units", 0.1, 100_000, 0),
        ("storage", "GB-month", 2.0, 200_000, 0),
        ("queried", "TB", 4.0, 400_000, 1_000),
        ("dimensions", "1M dimensions", 5.0, 2_000, 0),
    ],
)
def test_a_free_plan_warns_one_above_its_cap_and_not_at_it(meter, unit, cap, vectors, searches):
    rows = [row(meter, unit, 0.0, note="free", cap_quantity=cap)]
    more = {"searches": searches + 1} if meter in ("reads", "queried") else {"searches": searches}
    at_cap, above = run(rows, vectors, searches), run(rows, vectors + (0 if searches else 1), **more)

    assert [text for text in at_cap.warnings if "cap" in text] == []
    (warning,) = [text for text in above.warnings if "cap" in text]
    assert warning.startswith(f"crate/store:{meter}")
    of = f"{cap:g} x {unit}" if unit.startswith("1M") else f"{cap:g} {unit}"
    assert warning.endswith(f"beyond the plan's cap of {of}; more is billed all the same")


# Many scenarios at once, and more that costs more


def test_a_batch_comes_to_the_same_as_its_single_scenarios():
    rows = [*TIERED, *GROWING, *DIMENSIONS, *FLOOR]
    vectors, searches = np.array([0.0, 3e5, 4e6, 2e7]), np.array([0.0, 1e3, 1e5, 1e6])
    columns = {"corpus.documents": vectors, "workload.queries_per_month": searches}
    batch = totals_usd(scenario(), PriceBook(rows), columns)["rag"]

    single = [run(rows, *pair).answers["rag"].tco_usd for pair in zip(vectors, searches, strict=True)]
    assert batch == pytest.approx(single, rel=1e-12)


def test_the_price_of_scanned_data_can_be_varied():
    path = "price:crate/store:queried"
    totals = totals_usd(scenario(200_000), PriceBook(SCANNED), {path: np.array([0.5, 1.0, 2.0])})["rag"]

    assert totals == pytest.approx([3 * 1_000, 3 * 2_000, 3 * 4_000])


STORES = sorted(
    {row.ref for row in load_book().rows if row.meter in ("storage", "dimensions", "reads", "queried", "nodes", "flat")}
)
DRIVERS = {
    "corpus.documents": (1.0, 1e8),
    "workload.queries_per_month": (1.0, 1e9),
    "rag.embedding_dimensions": (1.0, 4096.0),
    "corpus.updates_per_month": (0.1, 100.0),
    "rag.replicas": (1.0, 12.0),
    "finance.hours_per_month": (600.0, 744.0),
}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("driver", DRIVERS)
def test_more_never_costs_less_at_any_store_of_the_book(store, driver):
    busy = {"rag__vector_store": store, "corpus__updates_per_month": 1.0, "corpus__changed_share_per_update": 0.1}
    values = np.geomspace(*DRIVERS[driver], 300)
    values = np.round(values) if driver == "rag.replicas" else values
    found = bill(Inputs(scenario(2e6, 1e6, **busy), load_book(), {driver: values}), "rag")

    totals = np.broadcast_to(found.tco_usd, values.shape)
    assert np.isfinite(totals).all()
    assert (np.diff(totals) >= -1e-9 * totals[1:]).all()


SIZES = st.floats(0, 1e6)


@given(SIZES, SIZES, st.floats(0.001, 1e3), st.floats(0, 1e3))
def test_a_larger_index_never_needs_less(one, other, each, least):
    small, large = sorted((one, other))

    assert search_units(small, each, least) <= search_units(large, each, least)
    assert scanned_gigabytes(small, least) <= scanned_gigabytes(large, least)
    assert running_nodes(small, least) <= running_nodes(large, least)
    assert min(search_units(small, each, least), scanned_gigabytes(small, least), running_nodes(small, least)) >= least


# Against the second reckoning


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(("vectors", "searches"), [(0.0, 0.0), (1_000.0, 1e5), (250_000.0, 1e6), (3e7, 1e7)])
def test_the_second_reckoning_comes_to_the_same_at_every_store_of_the_book(store, vectors, searches):
    busy = {"corpus.updates_per_month": 2.0, "corpus.changed_share_per_update": 0.1, "rag.reindex_every_months": 2.0}
    more = {"corpus.monthly_growth_share": 0.05, "rag.replicas": 2, "rag.index_overhead_share": 0.5}
    asked = changed(scenario(vectors, searches, rag__vector_store=store), busy | more)

    second = oracle.answers(asked, [row for row in load_book().rows if row.ref == store])
    assert Run(asked, load_book()).answers["rag"].tco_usd == pytest.approx(
        second["architectures"]["rag"]["tco_usd"], rel=1e-9
    )


@pytest.mark.parametrize("rows", [SCANNED, TIERED, COUNTED, [*COUNTED, *SCANNED[1:]], GROWING, DIMENSIONS, FLOOR])
@pytest.mark.parametrize("vectors", [0.0, 24_999.0, 100_000.0, 128_001.0, 3_200_001.0, 2e7])
def test_the_second_reckoning_comes_to_the_same_on_either_side_of_a_threshold(rows, vectors):
    asked = scenario(vectors, 1_000.0, corpus__monthly_growth_share=0.02, rag__reindex_every_months=2.0)

    second = oracle.answers(asked, rows)
    assert Run(asked, PriceBook(rows)).answers["rag"].tco_usd == pytest.approx(
        second["architectures"]["rag"]["tco_usd"], rel=1e-9
    )
