"""Rows made from the genai-prices release: schedules, tiers, batch prices, embeddings, missing prices."""

from datetime import date, time
from decimal import Decimal

import numpy as np
import pytest
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    PriceVariant,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from pricing.catalog import load_book
from pricing.llm_prices import PINNED_VERSION, RELEASE_DAY, installed_version, llm_rows, model_rows

ACME = Provider(id="acme", name="Acme", api_pattern="acme", pricing_urls=["https://acme.example/prices"])


def rows(prices, model_id="base", **more):
    model = ModelInfo(id=model_id, match=ClauseEquals(equals=model_id), prices=prices, **more)
    return list(model_rows(ACME, model, "9.9", "2026-01-01"))


def listed(found):
    return [(row.meter, row.price_usd, row.tier_from, row.effective_from, row.effective_to) for row in found]


def amounts(**prices):
    return ModelPrice(**{name: Decimal(str(value)) for name, value in prices.items()})


def from_day(day, **prices):
    return ConditionalPrice(StartDateConstraint(day), prices=amounts(**prices))


def at_hours(first, last, **prices):
    return ConditionalPrice(TimeOfDateConstraint(time(first), time(last)), prices=amounts(**prices))


def test_the_release_day_belongs_to_the_installed_version():
    assert installed_version() == PINNED_VERSION, "find the release day of the new version, then pin it"


def test_every_price_key_becomes_its_meter_and_an_absent_one_becomes_no_row():
    found = rows(amounts(input_mtok=2, output_mtok=8, cache_read_mtok=0.2, web_searches_kcount=10))

    assert listed(found) == [
        ("input", 2, 0, None, None),
        ("output", 8, 0, None, None),
        ("cached_input", 0.2, 0, None, None),
    ]
    assert found[0].source == "https://acme.example/prices (genai-prices 9.9)"
    assert (found[0].origin, found[0].as_of, found[0].confidence) == (
        "genai-prices 9.9",
        "2026-01-01",
        "high",
    )


def test_a_dated_price_is_a_row_of_its_own_and_an_unchanged_one_is_not():
    found = rows(
        [
            ConditionalPrice(prices=amounts(input_mtok=1, output_mtok=4)),
            from_day(date(2026, 12, 1), input_mtok=2, output_mtok=4),
        ]
    )

    assert listed(found) == [
        ("input", 1, 0, None, None),
        ("input", 2, 0, date(2026, 12, 1), None),
        ("output", 4, 0, None, None),
    ]


def test_a_price_that_a_later_period_does_not_name_ends_the_day_before():
    found = rows(
        [
            ConditionalPrice(prices=amounts(input_mtok=1, cache_read_mtok=0.1)),
            from_day(date(2026, 12, 1), input_mtok=1),
        ]
    )

    assert ("cached_input", 0.1, 0, None, date(2026, 11, 30)) in listed(found)


def test_tiers_by_request_size_keep_their_threshold():
    tiered = TieredPrices(base=Decimal(2), tiers=[Tier(start=272_000, price=Decimal(4))])

    assert listed(rows(ModelPrice(input_mtok=tiered))) == [
        ("input", 2, 0, None, None),
        ("input", 4, 272_000, None, None),
    ]


def test_batch_prices_are_listed_from_their_day_and_other_variants_are_not():
    variants = [
        PriceVariant({"processing": "batch"}, amounts(input_mtok=2), StartDateConstraint(date(2027, 1, 1))),
        PriceVariant({"processing": "batch"}, amounts(input_mtok=1), StartDateConstraint(date(2026, 10, 14))),
        PriceVariant({"service_tier": "priority"}, amounts(input_mtok=9)),
    ]

    assert listed(rows(amounts(input_mtok=3), price_variants=variants)) == [
        ("input", 3, 0, None, None),
        ("batch_input", 1, 0, date(2026, 10, 14), None),
        ("batch_input", 2, 0, date(2027, 1, 1), None),
    ]


@pytest.mark.parametrize(("last", "usd"), [(4, 1.0), (16, 2.0)])
def test_of_prices_by_the_hour_the_one_that_holds_for_most_of_the_day_is_taken(last, usd):
    (found,) = rows([ConditionalPrice(prices=amounts(input_mtok=1)), at_hours(1, last, input_mtok=2)])

    assert found.price_usd == usd
    assert found.note == "standard hours; the price depends on the time of day"


@pytest.mark.parametrize(
    ("model_id", "meter", "group"),
    [
        ("text-embedding-9", "embedding", "embedding"),
        ("voyage-9", "embedding", "embedding"),
        ("@cf/baai/bge-m9", "embedding", "embedding"),
        ("@cf/baai/bge-reranker-base", "rerank_tokens", "reranker"),
        ("some-chat", "input", "llm"),
    ],
)
def test_a_model_without_output_is_told_by_its_name(model_id, meter, group):
    (found,) = rows(amounts(input_mtok=1), model_id)

    assert (found.meter, found.group) == (meter, group)


def test_a_model_that_reads_pages_is_a_parser():
    (found,) = rows(amounts(input_document_kpages=2))

    assert (found.meter, found.unit, found.group) == ("page", "1k pages", "parsing")


def test_no_price_is_no_row_and_zero_counts_only_for_a_free_variant():
    assert rows(ModelPrice()) == []
    assert rows(amounts(output_mtok=1)) == []
    assert rows(amounts(input_mtok=0)) == []
    assert [row.price_usd for row in rows(amounts(input_mtok=0), "base:free")] == [0]


def test_a_deprecated_model_says_so():
    assert rows(amounts(input_mtok=1), deprecated=True)[0].note == "deprecated by the provider"


def test_a_scheduled_price_of_the_release_changes_on_its_day():
    months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    prices = load_book().plan("google/gemini-3.6-flash").prices("input", months)

    np.testing.assert_allclose(prices.usd[0] * 1e6, [0.75, 0.75, 1.50])
    assert len(prices.rows) == 2


def test_a_long_request_has_a_price_id_of_its_own():
    book = load_book()
    long = [row for ref in book.refs("input") for row in book.plan(ref).rows if row.tier_from == 272_000]

    assert long
    assert all(row.price_id.endswith("@272000") for row in long)


def test_every_row_of_the_release_carries_its_day_source_and_origin():
    found = llm_rows()

    assert len(found) > 6_000
    assert {row.as_of for row in found} == {RELEASE_DAY}
    assert {row.origin for row in found} == {f"genai-prices {PINNED_VERSION}"}
    assert all(row.source.startswith("http") and row.source.endswith("(genai-prices 0.2.3)") for row in found)
    assert all(row.price_usd > 0 or "free" in row.note for row in found)
