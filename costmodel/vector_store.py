"""What the index costs: writes at the build, then the monthly bill of the store's plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from costmodel.components import (
    index_gigabytes,
    index_nodes,
    more_nodes,
    running_nodes,
    scanned_gigabytes,
    search_units,
    written_gigabytes,
)
from costmodel.factored import added
from costmodel.inputs import Inputs
from costmodel.ledger import (
    BUILD_TIERS,
    MINIMUM,
    STEP,
    TIERS,
    CostLine,
    book_price,
    metered_line,
    priced,
    unknown_line,
)
from costmodel.terms import Array, Term, anything, applied, given, positive, product, total
from pricing.book import MeterPrices, Plan
from pricing.plans import graduated, step_fee, top_up
from pricing.units import meter

STORE_METERS = ("storage", "dimensions", "reads", "queried", "writes", "nodes", "flat")
SIDE = "rag"
INDEX_TIERS = "by the tiers of the index that a search scans"


def lines(
    x: Inputs, vectors: Term, build: Term, later: Term, again: Term, reindexes: Term, searches: Term
) -> list[CostLine]:
    """Cost lines of the vector store; none without a store.

    `vectors` at month end; `build`, `later` and `again` are those written at the build, for new and changed documents
    and by a re-index [vectors]; `reindexes` by month, `searches` [searches].
    Month 0 pays index writes alone (no quota, no minimum); from month 1 the bill is
    max(minimum, flat + usage above quota), its top-up a line of its own. A re-index stores the index twice and pays
    what that adds as an event.
    """
    ref = x.rag.vector_store
    if ref is None:
        return []
    plan = x.plan(ref)
    if plan is None or not is_store(plan):
        once = x.monthly(given("index", "months", 1.0))
        missing = f"{ref} has no price of a vector store"
        return [
            unknown_line("vector_storage", "recurring", "index size at month end", once, "month", 1.0, missing, SIDE)
        ]
    written = list(_writes(x, plan, build, later, again))
    bill = [
        *(line for line in written if line.phase != "one_time"),
        *_kept(x, plan, vectors, reindexes),
        *_searched(x, plan, vectors, searches),
    ]
    return [*(line for line in written if line.phase == "one_time"), *bill, *_minimum(x, plan, bill)]


def is_store(plan: Plan) -> bool:
    """Whether a plan bills anything that a vector store does."""
    return any(meter in STORE_METERS for meter in plan.meters)


def _reached(prices: MeterPrices, amount: Array, flat: bool = False) -> tuple[str, ...]:
    """Price ids of the tiers that `amount` [base quantity/month] reaches in some month; the lowest one always."""
    if len(prices.tier_from) == 1:
        return prices.price_ids
    most = float(np.max(amount))
    return tuple(
        price_id
        for price_id, start in zip(prices.price_ids, prices.tier_from, strict=True)
        if start == prices.tier_from[0] or (start <= most if flat else start < most)
    )


def _unit(prices: MeterPrices, thousandfold: str) -> tuple[str, float]:
    """Ledger unit of a meter and how many base quantities it holds."""
    units = {
        "GB-month": ("gb_month", 1.0),
        "GB": ("gb_written", 1.0),
        "hour": ("node_hour", 1.0),
        "dimension": ("thousand_units", 1e3),
    }
    return units.get(prices.base, ("month", 1.0) if prices.base == "month" else (thousandfold, 1e6))


def _per(plan: Plan, fact: str) -> float:
    value = plan.fact(fact)
    return 1.0 if value is None else float(value)


def _size(x: Inputs, vectors: Term, copies: Term, label: str = "") -> Term:
    """GB of the index in each month of operation."""
    shape = (x.read("rag.embedding_dimensions"), x.read("rag.bytes_per_dimension"), x.read("rag.index_overhead_share"))
    return x.monthly(applied(index_gigabytes, vectors, *shape, copies, label=label))


def _one_copy(x: Inputs, vectors: Term) -> Term:
    return _size(x, vectors, given("copy", "copies", 1.0), "size of one copy")


def _writes(x: Inputs, plan: Plan, build: Term, later: Term, again: Term) -> Iterator[CostLine]:
    prices = x.prices(plan.ref, "writes")
    if prices is None:
        return
    unit, size = _unit(prices, "million_writes")
    per_gb = plan.fact("units_per_gb_written")

    def amount(vectors: Term) -> Term:
        if prices.base == "GB" or per_gb is not None:
            dimensions, each = x.read("rag.embedding_dimensions"), x.read("rag.bytes_per_dimension")
            written = applied(written_gigabytes, vectors, dimensions, each)
            if prices.base == "GB":
                return written
            return product("writes", "writes", written, given("units per GB written", "units/GB", per_gb))
        per_vector = given("units per vector", "units", _per(plan, "units_per_vector"))
        return product("writes", "writes", vectors, per_vector)

    no_quota = prices if prices.linear else replace(prices, included=np.zeros_like(prices.included))
    first = amount(build)
    _warn_cap(x, prices, first.value)
    line = _tiered(x, "vector_writes", "one_time", "index written at the build", first, unit, size, no_quota)
    yield replace(line, rule=BUILD_TIERS) if line.rule else line
    yield from _with_event(
        x,
        "vector_writes",
        ("new and changed chunks written", "index written again"),
        amount(later),
        amount(again),
        unit,
        size,
        prices,
    )


def _kept(x: Inputs, plan: Plan, vectors: Term, reindexes: Term) -> Iterator[CostLine]:
    """Storage, dimensions and nodes; the index is kept twice while it is rebuilt."""
    copies = x.read("rag.replicas")
    twice = total("copies while it is rebuilt", "ratio", given("kept", "ratio", 1.0), reindexes)
    prices = x.prices(plan.ref, "storage")
    if prices is not None:
        size = _size(x, vectors, copies)
        extra = product("index kept twice", "GB", size, reindexes)
        words = ("index size at month end", "index kept twice while it is rebuilt")
        yield from _with_event(x, "vector_storage", words, size, extra, *_unit(prices, ""), prices)
    prices = x.prices(plan.ref, "dimensions")
    if prices is not None:
        each = x.read("rag.embedding_dimensions")
        stored = x.monthly(product("dimensions stored", "dimensions", vectors, each, copies))
        extra = product("dimensions kept twice", "dimensions", stored, reindexes)
        words = ("dimensions stored at month end", "dimensions kept twice while the index is rebuilt")
        yield from _with_event(x, "vector_storage", words, stored, extra, *_unit(prices, ""), prices)
    prices = x.prices(plan.ref, "nodes")
    if prices is not None:
        per_copy = _one_copy(x, vectors)
        usual = _nodes(x, plan, per_copy)
        rebuilding = _nodes(x, plan, product("size of one copy, kept twice", "GB", per_copy, twice))
        extra = applied(more_nodes, rebuilding, usual)
        if prices.base == "hour":
            hours = x.read("finance.hours_per_month")
            usual, extra = product("node-hours", "hours", usual, hours), product("node-hours", "hours", extra, hours)
        words = ("nodes that hold the index", "more nodes while the index is rebuilt")
        yield from _with_event(x, "vector_nodes", words, usual, extra, *_unit(prices, ""), prices)


def _nodes(x: Inputs, plan: Plan, per_copy: Term) -> Term:
    """Nodes that hold copies of so many GB each [nodes], at least those that the plan keeps running."""
    holds, least = plan.fact("gb_per_node"), plan.fact("min_nodes")
    if holds is None:
        x.warn(f"{plan.ref} does not say how much a node holds (gb_per_node): one node for each copy is taken")
    node = given("GB of a node", "GB", np.inf if holds is None else float(holds))
    needed = applied(index_nodes, per_copy, node, x.read("rag.replicas"))
    if least is None:
        return needed
    return x.monthly(applied(running_nodes, needed, given("nodes of the plan at least", "nodes", float(least))))


def _searched(x: Inputs, plan: Plan, vectors: Term, searches: Term) -> Iterator[CostLine]:
    """Reads, what they scan, and the plan's fee, which may rise with the searches."""
    searched = x.monthly(searches)
    prices = x.prices(plan.ref, "reads")
    if prices is not None:
        amount = product("reads", "reads", searched, _units_per_search(x, plan, vectors))
        yield _tiered(x, "vector_reads", "recurring", "searches", amount, *_unit(prices, "million_reads"), prices)
        _warn_cap(x, prices, amount.value)
    prices = x.prices(plan.ref, "queried")
    if prices is not None:
        yield _scanned(x, plan, prices, vectors, searched)
    flat = x.prices(plan.ref, "flat")
    if flat is not None:
        fee = np.where(x.operating, step_fee(searched.value, flat), 0.0)
        once = x.monthly(given("month", "months", 1.0))
        step = Term(once.label, once.unit, once.value, "sum", (searched,)) if len(flat.tier_from) > 1 else once
        yield metered_line(
            x,
            "vector_flat",
            "recurring",
            "plan fee",
            step,
            "month",
            flat,
            cost_usd=fee,
            rule=STEP,
            side=SIDE,
            used=_reached(flat, searched.value, flat=True),
        )


def _units_per_search(x: Inputs, plan: Plan, vectors: Term) -> Term:
    """Read units of one search: the same for all, or by the GB of the index that it searches."""
    per_gb = plan.fact("units_per_gb_searched")
    if per_gb is None:
        return given("units per search", "units", _per(plan, "units_per_search"))
    least = given("units of a search at least", "units", _per(plan, "units_per_search"))
    return applied(search_units, _one_copy(x, vectors), given("units per GB searched", "units/GB", per_gb), least)


def _scanned(x: Inputs, plan: Plan, prices: MeterPrices, vectors: Term, searched: Term) -> CostLine:
    """Searches at the price of the GB that each of them scans: one copy of the index, part by part of its tiers.

    Tiers start at GB of the index, or at numbers of vectors where the plan has `vectors_per_tier`.
    """
    copy, least, counted = _one_copy(x, vectors), plan.fact("min_gb_per_search"), plan.fact("vectors_per_tier")
    gb = copy
    if least is not None:
        gb = x.monthly(applied(scanned_gigabytes, copy, given("GB of a search at least", "GB", float(least))))
    tiers, size, each = prices, np.asarray(gb.value), np.asarray(1.0)
    if counted is not None:
        tiers = replace(prices, tier_from=tuple(start * counted for start in prices.tier_from))
        size = np.asarray(x.monthly(vectors).value)
        each = gb.value / np.where(size > 0, size, 1.0)
    by_tiers = len(prices.tier_from) > 1
    used = _reached(tiers, size)
    listed = book_price(x, replace(prices, price_ids=used), prices.usd[0])
    per_search = priced(each, graduated(size, tiers))
    price = Term("price of a search", "USD/search", per_search, "price", (gb, *listed.parts), listed.name)
    _warn_cap(x, prices, searched.value * gb.value)
    return CostLine(
        "vector_reads",
        "recurring",
        "data that searches scan",
        searched,
        "thousand_searches",
        priced(searched.value, per_search),
        price,
        SIDE,
        1e3,
        (prices,),
        used,
        INDEX_TIERS if by_tiers else "",
        by_tiers,
    )


def _tiered(
    x: Inputs, component: str, phase: str, driver: str, amount: Term, unit: str, size: float, prices: MeterPrices
) -> CostLine:
    return metered_line(
        x,
        component,
        phase,
        driver,
        amount,
        unit,
        prices,
        size=size,
        cost_usd=None if prices.linear else graduated(amount.value, prices),
        rule=TIERS,
        side=SIDE,
        used=_reached(prices, amount.value),
    )


def _with_event(
    x: Inputs,
    component: str,
    words: tuple[str, str],
    usual: Term,
    extra: Term,
    unit: str,
    size: float,
    prices: MeterPrices,
) -> Iterator[CostLine]:
    """The usual quantity as recurring cost, and what a re-index adds to the month's bill as an event."""
    line = _tiered(x, component, "recurring", words[0], usual, unit, size, prices)
    yield line
    every = usual.value
    if anything(extra.value):
        every = usual.value + extra.value
        event = _tiered(x, component, "event", words[1], extra, unit, size, prices)
        used = _reached(prices, every)
        yield replace(event, cost_usd=graduated(every, prices) - line.cost_usd, price_ids=used)
    _warn_cap(x, prices, every)


def _minimum(x: Inputs, plan: Plan, bill: list[CostLine]) -> Iterator[CostLine]:
    minimum = x.minimum_usd(plan)
    if not positive(minimum):
        return
    short = np.where(minimum > 0, top_up(minimum, added([line.cost_usd for line in bill])), 0.0)
    holder = next(line for line in bill if line.prices)
    meters, price_ids = _floors(plan)
    stated = [prices for meter in meters if (prices := x.prices(plan.ref, meter))]
    yield CostLine(
        "vector_minimum",
        "recurring",
        "up to the plan's monthly minimum",
        given("month", "months", (short != 0).astype(float)),
        "month",
        short,
        book_price(x, stated[0], minimum).named("price", "USD/month"),
        SIDE,
        prices=tuple(stated),
        price_ids=price_ids,
        unpriced=holder.missing,
        rule=MINIMUM,
        own_fields=("rag.vector_store",),
        shaped_by=tuple(bill),
    )


@lru_cache(maxsize=64)
def _floors(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Meters and price ids of a store's rows that state a monthly minimum."""
    rows = [row for row in plan.rows if row.minimum_usd and row.meter in STORE_METERS]
    return tuple(dict.fromkeys(row.meter for row in rows)), tuple(dict.fromkeys(row.price_id for row in rows))


def _warn_cap(x: Inputs, prices: MeterPrices, amount: Array) -> None:
    for row in prices.rows:
        if row.cap_quantity is None:
            continue
        over = np.asarray(amount) > row.cap_quantity * meter(row.meter).per_unit(row.unit)
        if np.any(over):
            month = int(np.argmax(np.any(over.reshape(-1, over.shape[-1]), axis=0)))
            times = " x" if row.unit[0].isdigit() else ""
            cap = f"{row.cap_quantity:,.12g}{times} {row.unit}"
            x.warn(f"{row.price_id}: month {month} goes beyond the plan's cap of {cap}; more is billed all the same")
