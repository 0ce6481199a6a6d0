"""Health of every row of the book: what it says, where it comes from, and whether the number can be right."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from typing import Any

import pytest

from costmodel.fields import value_at
from costmodel.presets import PRESETS
from pricing.catalog import TABLES, load_book, table_rows
from pricing.price import FACTS, Price, PriceEdit
from pricing.units import METERS

ROWS = table_rows()
BOOK = load_book().rows

PLAUSIBLE: dict[tuple[str, str], tuple[float, float]] = {
    # (meter, base quantity) -> USD for the quantity that its comment names
    ("input", "token"): (0.001, 1_000),  # 1M tokens
    ("cached_input", "token"): (0.001, 1_000),
    ("cache_write", "token"): (0.001, 1_000),
    ("output", "token"): (0.001, 1_000),
    ("batch_input", "token"): (0.001, 1_000),
    ("batch_output", "token"): (0.001, 1_000),
    ("embedding", "token"): (0.001, 10),
    ("training", "token"): (0.1, 100),
    ("rerank_tokens", "token"): (0.001, 10),
    ("training", "GPU-hour"): (1, 200),  # an hour
    ("gpu", "GPU-hour"): (0.05, 50),
    ("hosting", "hour"): (0.05, 100),
    ("nodes", "hour"): (0.01, 20),
    ("rerank_searches", "search"): (0.1, 20),  # 1,000
    ("guardrail", "unit"): (0.01, 10),
    ("page", "page"): (0.1, 100),
    ("storage", "GB-month"): (0.01, 5),  # one
    ("writes", "GB"): (0.05, 10),
    ("dimensions", "dimension"): (0.0005, 0.05),  # 1M
    ("reads", "unit"): (0.5, 5_000),
    ("writes", "unit"): (0.5, 50),
    ("queried", "GB"): (0.00001, 0.01),  # 1,000 GB
    ("flat", "month"): (1, 10_000),  # one
    ("model_storage", "month"): (0.5, 50),
}
LOTS = {"token": 1e6, "dimension": 1e6, "search": 1e3, "page": 1e3}


def lot(row: Price) -> float:
    """How many base quantities the limits of its meter are for."""
    if row.base == "unit":
        return 1e3 if row.meter == "guardrail" else 1e6
    return 1e3 if row.meter == "queried" else LOTS.get(row.base, 1.0)


def slips(rows: Any) -> list[str]:
    """Prices that are beyond what their meter can cost."""
    found = []
    for row in rows:
        low, high = PLAUSIBLE[row.meter, row.base]
        usd = row.usd_per_base * lot(row)
        if row.price_usd and not low <= usd <= high:
            found.append(f"{row.place}: {row.price_id} is {row.price_usd:g} USD per {row.unit}")
    return found


def price(meter: str, unit: str, usd: float) -> Price:
    return Price(provider="acme", item="plan", meter=meter, unit=unit, price_usd=usd)


# Magnitude


def test_every_meter_has_limits_for_every_way_in_which_it_is_sold():
    sold = {(name, meter.base(unit)) for name, meter in METERS.items() for unit in meter.units}

    assert sold - set(PLAUSIBLE) == {("nodes", "month")}


def test_no_price_of_the_book_is_off_by_a_thousand():
    assert slips(BOOK) == []


@pytest.mark.parametrize(
    ("meter", "right", "wrong"),
    [
        ("input", "1M tokens", "1k tokens"),
        ("embedding", "1M tokens", "1k tokens"),
        ("training", "1M tokens", "token"),
        ("reads", "1M units", "unit"),
        ("writes", "1M units", "unit"),
        ("page", "1k pages", "page"),
        ("rerank_searches", "1k searches", "search"),
        ("queried", "PB", "GB"),
    ],
)
def test_the_right_price_in_the_wrong_unit_is_seen(meter, right, wrong):
    usual = {"input": 2.5, "embedding": 0.1, "training": 3, "reads": 16, "writes": 4, "page": 1.5}
    usd = usual.get(meter, 2.0 if meter == "rerank_searches" else 1.0)

    assert slips([price(meter, right, usd)]) == []
    assert slips([price(meter, wrong, usd)]) != []


# What each row says


def test_every_row_has_a_known_unit_and_a_price_that_is_zero_only_when_it_is_free():
    for row in BOOK:
        assert row.unit in METERS[row.meter].units, row.place
        assert row.price_usd > 0 or "free" in row.note.lower(), row.place


def test_no_row_stands_twice():
    twice = [key for key, count in Counter(row.key for row in BOOK).items() if count > 1]

    assert twice == []


def test_a_row_without_a_source_is_of_low_confidence():
    for row in BOOK:
        assert row.source or row.confidence == "low", row.place
    assert price("input", "1M tokens", 1.0).confidence == "low"


def named_and_dated(row: Price) -> bool:
    """Whether its source is a URL, or a document whose name holds a date or a version."""
    return "http" in row.source or any(character.isdigit() for character in row.source)


def test_a_row_of_more_than_low_confidence_names_a_page_or_a_dated_document():
    assert [row.place for row in ROWS if row.confidence != "low" and not named_and_dated(row)] == []


def test_dates_are_sane():
    today, first = date.today(), date(2023, 1, 1)
    for row in BOOK:
        checked = date.fromisoformat(f"{row.as_of}-01"[:10]) if row.as_of else None
        assert checked is None or first <= checked <= today, row.place
        assert row.effective_from is None or first <= row.effective_from <= date(2030, 1, 1), row.place
        assert row.effective_to is None or row.effective_from is None or row.effective_to >= row.effective_from, (
            row.place
        )
        assert row.retires_on is None or date(2025, 1, 1) <= row.retires_on <= date(2035, 1, 1), row.place


def test_facts_stand_on_plans_that_use_them():
    needs = {
        "documents_per_search": {"rerank_searches"},
        "tokens_per_unit": {"guardrail"},
        "units_per_search": {"reads"},
        "units_per_gb_searched": {"reads"},
        "units_per_vector": {"writes"},
        "units_per_gb_written": {"writes"},
        "min_gb_per_search": {"queried"},
        "vectors_per_tier": {"queried"},
        "gb_per_node": {"nodes"},
        "min_nodes": {"nodes"},
        "bills_tokens": {"hosting", "input"},
    }
    for plan in map(load_book().plan, sorted({row.ref for row in ROWS})):
        for fact, meters in needs.items():
            stated = {getattr(row, fact) for row in plan.rows} - {None}
            assert len(stated) <= 1, (plan.ref, fact)
            assert not stated or meters & set(plan.meters), (plan.ref, fact)


def test_every_plan_by_the_node_says_how_much_a_node_holds():
    book = load_book()

    assert [ref for ref in book.refs("nodes") if book.plan(ref).fact("gb_per_node") is None] == []


# Each row is its line of the table


def table_lines() -> list[tuple[str, int, dict[str, str]]]:
    """(table, line, cells) of every row of every table."""
    found = []
    for path in sorted(TABLES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found += [(path.name, reader.line_num, line) for line in reader]
    return found


LOADED = {row.place: row for row in ROWS}


@pytest.mark.parametrize(
    ("table", "line", "cells"), table_lines(), ids=lambda value: str(value) if isinstance(value, int | str) else ""
)
def test_a_loaded_price_keeps_its_own_number_source_and_date(table, line, cells):
    row = LOADED[f"table {table} line {line}"]

    assert (row.provider, row.item, row.meter, row.unit) == tuple(
        cells[name] for name in ("provider", "item", "meter", "unit")
    )
    assert row.price_usd == float(cells["price_usd"])
    assert (row.source, row.as_of or "", row.confidence) == (cells["source"], cells["as_of"], cells["confidence"])
    assert (row.group, row.note) == (cells["group"], cells["note"])
    for name in ("effective_from", "effective_to"):
        assert str(getattr(row, name) or "") == cells[name]
    for name in ("tier_from", "minimum_usd", "included_quantity"):
        assert (getattr(row, name) or 0.0) == float(cells[name] or 0)
    for name in set(FACTS) & set(cells):
        assert (getattr(row, name) is None) == (cells[name] == "")


# What stands on them


REFERENCES = (
    "rag.model",
    "rag.embedding_model",
    "rag.vector_store",
    "rag.reranker",
    "corpus.parser",
    "guardrail",
    "fine_tuning.model",
    "fine_tuning.gpu",
    "hybrid.router_model",
    "prompting.model",
)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_rests_on_prices_of_medium_or_better_confidence(preset):
    scenario, book = PRESETS[preset].scenario, load_book()
    refs = {value_at(scenario, path) for path in REFERENCES} - {None}
    weak = [row.price_id for ref in refs for row in book.plan(ref).rows if row.confidence == "low"]

    assert weak == []


@pytest.mark.parametrize("fact", ["units_per_gb_searched", "min_gb_per_search", "vectors_per_tier", "min_nodes"])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_a_fact_of_a_plan_is_above_nothing(fact, value):
    row = {"provider": "acme", "item": "plan", "meter": "nodes", "unit": "hour", "price_usd": 1.0}

    with pytest.raises(ValueError, match=fact):
        Price(**row, **{fact: value})
    with pytest.raises(ValueError, match=fact):
        PriceEdit(**row, **{fact: value})


@pytest.mark.parametrize("meter", ["queried", "flat", "input"])
def test_only_what_is_billed_by_the_month_can_have_a_part_included(meter):
    unit = next(iter(METERS[meter].units))

    with pytest.raises(ValueError, match=f"{meter} has no included quantity; put it on a row of dimensions, nodes"):
        Price(provider="acme", item="plan", meter=meter, unit=unit, price_usd=1.0, included_quantity=1.0)


VENDORS = {"turbopuffer": "turbopuffer.com", "openai": "openai.com", "ori": "ori.co", "zilliz": "zilliz.com"}


def test_what_nobody_dated_is_never_of_high_confidence_and_medium_only_from_the_vendor():
    undated = [row for row in table_rows() if row.as_of is None]

    assert [row.price_id for row in undated if row.confidence == "high"] == []
    for row in undated:
        assert row.confidence == "low" or VENDORS[row.provider] in row.source, row.place
