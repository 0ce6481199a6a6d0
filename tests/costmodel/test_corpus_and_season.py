"""Parsing, indexing again, season and forecast."""

from __future__ import annotations

from typing import Any

import pytest

from costmodel.changes import changed
from costmodel.results import Run, run_scenario
from pricing.book import Price
from tests.costmodel.office import (
    BOOK,
    CHUNK,
    COPY,
    HOUR,
    LIVE,
    MILLION,
    OFFICE,
    VECTORS,
    by_month,
    chat,
    price,
    question,
    rows_of,
    run,
)

# Parsing and indexing again


def test_parsing_follows_what_is_new_and_what_has_changed():
    # 100 documents, a tenth more each month; two updates change a tenth each
    answers = run_scenario(changed(OFFICE, {"corpus.monthly_growth_share": 0.1, "finance.horizon_months": 2}), BOOK)

    read = {0: 100, 1: (110 - 100) + 0.2 * 110, 2: (121 - 110) + 0.2 * 121}
    assert by_month(answers, "rag", "parsing") == pytest.approx({t: n * 4 * 10 / 1_000 for t, n in read.items()})


def test_what_is_indexed_again_is_embedded_and_written_but_not_parsed_again():
    still = run_scenario(OFFICE, BOOK)
    again = run_scenario(changed(OFFICE, {"rag.reindex_every_months": 6.0}), BOOK)

    event = {
        component: by_month(again, "rag", component, "event")
        for component in ("parsing", "corpus_embedding", "vector_writes", "vector_storage")
    }
    assert event["parsing"] == {}
    assert event["corpus_embedding"] == pytest.approx(dict.fromkeys((6, 12), VECTORS * CHUNK * 0.10 / MILLION))
    assert event["vector_writes"] == pytest.approx(dict.fromkeys((6, 12), VECTORS * 4 / MILLION))
    assert event["vector_storage"] == pytest.approx(dict.fromkeys((6, 12), 2 * COPY * 0.30))
    for component in event:
        for phase in ("one_time", "recurring"):
            assert by_month(again, "rag", component, phase) == by_month(still, "rag", component, phase)


def test_two_events_in_a_month_index_the_corpus_twice_and_keep_it_three_times():
    answers = run_scenario(changed(OFFICE, {"rag.reindex_every_months": 0.5}), BOOK)

    embedded = by_month(answers, "rag", "corpus_embedding", phase="event")
    stored = rows_of(answers, "rag", "vector_storage", month=3).groupby("phase")["quantity"].sum()
    assert embedded == pytest.approx(dict.fromkeys(range(1, 13), 2 * VECTORS * CHUNK * 0.10 / MILLION))
    assert dict(stored) == pytest.approx({"recurring": 2 * COPY, "event": 2 * 2 * COPY})


def test_the_corpus_that_is_indexed_again_is_that_of_the_month_end():
    scenario = changed(OFFICE, {"rag.reindex_every_months": 2.0, "corpus.monthly_growth_share": 0.1})
    embedded = by_month(run_scenario(scenario, BOOK), "rag", "corpus_embedding", phase="event")

    assert embedded[4] == pytest.approx(VECTORS * 1.1**4 * CHUNK * 0.10 / MILLION)


def stored(reindex: float, *rows: Price, replicas: int = 1) -> Run:
    """A million vectors of a kilobyte, 1 GB a copy, of which a twentieth changes each month."""
    return run(
        question(
            corpus={"documents": 1e6, "updates_per_month": 1, "changed_share_per_update": 0.05},
            rag={
                "vector_store": "acme/store",
                "embedding_dimensions": 250,
                "reindex_every_months": reindex,
                "replicas": replicas,
                "switched_off": ["generation"],
            },
            finance={"compared": ["rag"]},
        ),
        *rows,
    )


def test_a_second_copy_pays_the_tiers_that_it_reaches():
    # 0.4 GB are included, 0.30 holds up to 1.5 GB: the first GB pays 0.6 x 0.30, two pay 1.1 x 0.30 + 0.5 x 0.20;
    # 50,000 writes a month are free, a million more pay 950,000 at 4 up to a million and 50,000 at 2 above it
    answers = stored(
        6,
        price("acme/store", "storage", "GB-month", 0.30, included_quantity=0.4),
        price("acme/store", "storage", "GB-month", 0.20, tier_from=1.5),
        price("acme/store", "writes", "1M units", 4, included_quantity=0.05),
        price("acme/store", "writes", "1M units", 2, tier_from=1),
    )

    usual, twice = 0.6 * 0.30, 1.1 * 0.30 + 0.5 * 0.20
    assert by_month(answers, "rag", "vector_storage", phase="recurring") == pytest.approx(
        dict.fromkeys(range(1, 13), usual)
    )
    assert by_month(answers, "rag", "vector_storage", phase="event") == pytest.approx(
        dict.fromkeys((6, 12), twice - usual)
    )
    assert by_month(answers, "rag", "vector_writes", phase="recurring") == {}
    assert by_month(answers, "rag", "vector_writes", phase="event") == pytest.approx(
        dict.fromkeys((6, 12), 0.95 * 4 + 0.05 * 2)
    )
    assert by_month(answers, "rag", "vector_writes", phase="one_time") == pytest.approx({0: 1 * 4})


def test_nodes_are_added_in_whole_ones_while_the_index_is_rebuilt():
    # 1 GB fits into one node of 1.5 GB, the 2 GB of the month of a re-index into two; each of three copies
    answers = stored(6, price("acme/store", "nodes", "month", 100, gb_per_node=1.5), replicas=3)

    assert by_month(answers, "rag", "vector_nodes", phase="recurring")[6] == 3 * 100
    assert by_month(answers, "rag", "vector_nodes", phase="event") == dict.fromkeys((6, 12), 3 * 100)


def test_a_node_with_room_for_both_costs_nothing_more():
    answers = stored(6, price("acme/store", "nodes", "month", 100, gb_per_node=2))

    assert by_month(answers, "rag", "vector_nodes") == dict.fromkeys(range(1, 13), 100)


def test_what_a_re_index_adds_counts_towards_the_minimum():
    # the GB stored costs 10, as does the second one in month 6; the plan's minimum is 15
    answers = stored(6, price("acme/store", "storage", "GB-month", 10, minimum_usd=15))

    assert by_month(answers, "rag", "vector_minimum") == dict.fromkeys([1, 2, 3, 4, 5, 7, 8, 9, 10, 11], 15 - 10)


# Season and forecast


def volumes(**workload: Any) -> list[float]:
    """User queries of months 1, 2, ..."""
    answers = run(question(workload=workload, rag={"model": "acme/base"}), *chat("acme/base", 2, 8))
    return [float(each) for each in answers.queries[1:13]]


SEASON = [1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 3.0]
"""January to December."""


def test_a_season_follows_the_calendar_not_the_months_since_the_build():
    # month 1 is December 2026, month 2 January, month 8 July
    expected = [3_000, 1_000, 500, 1_000, 1_000, 1_000, 1_000, 2_000, 1_000, 1_000, 1_000, 1_000]

    assert volumes(queries_per_month=1_000, seasonality=SEASON) == expected


def test_the_cap_holds_after_growth_and_season():
    # a tenth more each month: December 3,000, January 1,100, February 605, March 1,331
    found = volumes(queries_per_month=1_000, seasonality=SEASON, monthly_growth_share=0.1, max_queries_per_month=1_200)

    assert found[:4] == pytest.approx([1_200, 1_100, 1_000 * 1.1**2 * 0.5, 1_200])


def test_a_pasted_forecast_replaces_volume_growth_and_season_and_its_last_value_goes_on():
    found = volumes(
        queries_per_month=1_000, seasonality=SEASON, monthly_growth_share=0.1, queries_by_month=[10, 30, 20]
    )

    assert found == [10, 30] + [20] * 10


def test_season_moves_what_queries_cost_and_nothing_fixed():
    answers = run_scenario(changed(OFFICE, {"workload.seasonality": SEASON}), BOOK)

    reads = by_month(answers, "rag", "vector_reads")
    assert reads[1] == pytest.approx((3 * LIVE + 100) * 5 * 16 / MILLION)
    assert reads[3] == pytest.approx((0.5 * LIVE + 100) * 5 * 16 / MILLION)
    assert by_month(answers, "rag", "rag_maintenance") == dict.fromkeys(range(1, 13), 5 * HOUR)
