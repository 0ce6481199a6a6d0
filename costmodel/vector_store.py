"""What the index costs: writes at the build, then the monthly bill of the store's plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from costmodel.components import index_gigabytes, index_nodes, written_gigabytes
from costmodel.inputs import Inputs
from costmodel.ledger import TIERS, CostLine, metered_line, unknown_line
from costmodel.terms import Array, Term, applied, given, product, total
from pricing.book import MeterPrices, Plan
from pricing.plans import graduated, step_fee, top_up

STORE_METERS = ("storage", "reads", "writes", "nodes", "flat")
SIDE = "rag"


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
        *_searched(x, plan, searches),
    ]
    return [*(line for line in written if line.phase == "one_time"), *bill, *_minimum(x, plan, bill)]


def is_store(plan: Plan) -> bool:
    """Whether a plan bills anything that a vector store does."""
    return any(meter in STORE_METERS for meter in plan.meters)


def _reached(prices: MeterPrices, amount: Array, flat: bool = False) -> tuple[str, ...]:
    """Price ids of the tiers that `amount` [base quantity/month] reaches in some month; the lowest one always."""
    most = float(np.max(amount))
    return tuple(
        price_id
        for price_id, start in zip(prices.price_ids, prices.tier_from, strict=True)
        if start == prices.tier_from[0] or (start <= most if flat else start < most)
    )


def _unit(prices: MeterPrices, thousandfold: str) -> tuple[str, float]:
    """Ledger unit of a meter and how many base quantities it holds."""
    units = {"GB-month": ("gb_month", 1.0), "GB": ("gb_written", 1.0), "hour": ("node_hour", 1.0)}
    return units.get(prices.base, ("month", 1.0) if prices.base == "month" else (thousandfold, 1e6))


def _per(plan: Plan, fact: str) -> float:
    value = plan.fact(fact)
    return 1.0 if value is None else float(value)


def _writes(x: Inputs, plan: Plan, build: Term, later: Term, again: Term) -> Iterator[CostLine]:
    prices = x.prices(plan.ref, "writes")
    if prices is None:
        return
    unit, size = _unit(prices, "million_writes")

    def amount(vectors: Term) -> Term:
        if prices.base == "GB":
            dimensions, each = x.read("rag.embedding_dimensions"), x.read("rag.bytes_per_dimension")
            return applied(written_gigabytes, vectors, dimensions, each)
        per_vector = given("units per vector", "units", _per(plan, "units_per_vector"))
        return product("writes", "writes", vectors, per_vector)

    no_quota = replace(prices, included=np.zeros_like(prices.included))
    first = amount(build)
    yield _tiered(x, "vector_writes", "one_time", "index written at the build", first, unit, size, no_quota)
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
    """Storage and nodes; the index is kept twice while it is rebuilt."""
    shape = (x.read("rag.embedding_dimensions"), x.read("rag.bytes_per_dimension"), x.read("rag.index_overhead_share"))
    copies = x.read("rag.replicas")
    twice = total("copies while it is rebuilt", "ratio", given("kept", "ratio", 1.0), reindexes)
    one = given("one copy", "copies", 1.0)
    prices = x.prices(plan.ref, "storage")
    if prices is not None:
        size = x.monthly(applied(index_gigabytes, vectors, *shape, copies))
        extra = product("index kept twice", "GB", size, reindexes)
        words = ("index size at month end", "index kept twice while it is rebuilt")
        yield from _with_event(x, "vector_storage", words, size, extra, *_unit(prices, ""), prices)
    prices = x.prices(plan.ref, "nodes")
    if prices is not None:
        holds = plan.fact("gb_per_node")
        per_copy = x.monthly(applied(index_gigabytes, vectors, *shape, one, label="size of one copy"))
        node = given("GB of a node", "GB", np.inf if holds is None else float(holds))
        usual = applied(index_nodes, per_copy, node, copies)
        rebuilding = applied(index_nodes, product("size of one copy", "GB", per_copy, twice), node, copies)
        extra = Term("more nodes", "nodes", rebuilding.value - usual.value, "sum", (rebuilding,))
        if prices.base == "hour":
            hours = x.read("finance.hours_per_month")
            usual, extra = product("node-hours", "hours", usual, hours), product("node-hours", "hours", extra, hours)
        words = ("nodes that hold the index", "more nodes while the index is rebuilt")
        yield from _with_event(x, "vector_nodes", words, usual, extra, *_unit(prices, ""), prices)


def _searched(x: Inputs, plan: Plan, searches: Term) -> Iterator[CostLine]:
    """Reads, and the plan's fee, which may rise with the searches."""
    searched = x.monthly(searches)
    prices = x.prices(plan.ref, "reads")
    if prices is not None:
        per_search = given("units per search", "units", _per(plan, "units_per_search"))
        amount = product("reads", "reads", searched, per_search)
        yield _tiered(x, "vector_reads", "recurring", "searches", amount, *_unit(prices, "million_reads"), prices)
        _warn_cap(x, prices, amount.value)
    flat = x.prices(plan.ref, "flat")
    if flat is not None:
        fee = np.where(x.months > 0, step_fee(searched.value, flat), 0.0)
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
            rule="the fee of the step that the searches reach",
            side=SIDE,
            used=_reached(flat, searched.value, flat=True),
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
        cost_usd=graduated(amount.value, prices),
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
    if np.any(extra.value != 0):
        every = usual.value + extra.value
        event = _tiered(x, component, "event", words[1], extra, unit, size, prices)
        used = _reached(prices, every)
        yield replace(event, cost_usd=graduated(every, prices) - line.cost_usd, price_ids=used)
    _warn_cap(x, prices, every)


def _minimum(x: Inputs, plan: Plan, bill: list[CostLine]) -> Iterator[CostLine]:
    minimum = x.minimum_usd(plan)
    if not np.any(minimum > 0):
        return
    total = sum((line.cost_usd for line in bill), np.zeros_like(x.months))
    short = np.where(x.months > 0, top_up(minimum, total), 0.0)
    holder = next(line for line in bill if line.prices)
    yield CostLine(
        "vector_minimum",
        "recurring",
        "up to the plan's monthly minimum",
        given("month", "months", np.where(short != 0, 1.0, 0.0)),
        "month",
        short,
        rule="what the plan's monthly minimum leaves to pay above its usage",
        prices=holder.prices,
        price_ids=holder.price_ids[:1],
        own_fields=("rag.vector_store",),
        side=SIDE,
        missing=holder.missing,
    )


def _warn_cap(x: Inputs, prices: MeterPrices, amount: Array) -> None:
    for row in prices.rows:
        if row.cap_quantity is None:
            continue
        base_per_unit = row.price_usd / row.usd_per_base if row.usd_per_base else 1.0
        over = np.asarray(amount) > row.cap_quantity * base_per_unit
        if np.any(over):
            month = int(np.argmax(np.any(over.reshape(-1, over.shape[-1]), axis=0)))
            x.warn(f"{row.price_id}: month {month} goes beyond the plan's cap of {row.cap_quantity:g} {row.unit}")
