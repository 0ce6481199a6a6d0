"""What the index costs: writes at the build, then the monthly bill of the store's plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from costmodel.components import GB, index_gigabytes, index_nodes
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, metered_line
from costmodel.timeline import Array
from pricing.book import MeterPrices, Plan
from pricing.plans import graduated, step_fee, top_up

STORE_METERS = ("storage", "reads", "writes", "nodes", "flat")
INDEX_FIELDS = ("corpus.documents", "corpus.tokens_per_document", "corpus.chunk_tokens", "corpus.chunk_overlap_tokens")
SIZE_FIELDS = (
    "rag.embedding_dimensions",
    "rag.bytes_per_dimension",
    "rag.index_overhead_share",
    "rag.replicas",
    "corpus.monthly_growth_share",
)
WRITE_FIELDS = ("corpus.monthly_growth_share", "corpus.updates_per_month", "corpus.changed_share_per_update")
SEARCH_FIELDS = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "workload.response_cache_hit_share",
    "rag.evaluation_queries_per_month",
)


def lines(x: Inputs, vectors: Array, vectors_written: Array, searches: Array) -> list[CostLine]:
    """Cost lines of the vector store; none without a store.

    `vectors` at month end and `vectors_written` [vectors], `searches` [searches/month], shape (..., months).
    Month 0 pays index writes alone (no quota, no minimum); from month 1 the bill is
    max(minimum, flat + usage above quota), its top-up a line of its own.
    """
    if x.rag.vector_store is None:
        return []
    plan = x.plan(x.rag.vector_store)
    if plan is None or not is_store(plan):
        unknown = x.monthly(np.nan)
        return [
            CostLine(
                "vector_storage",
                "recurring",
                "index size at month end",
                x.monthly(1.0),
                "month",
                unknown,
                missing=f"{x.rag.vector_store} has no price of a vector store",
                side="rag",
            )
        ]
    written = list(_writes(x, plan, vectors_written))
    bill = [*(line for line in written if line.phase == "recurring"), *_running(x, plan, vectors, searches)]
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


def _writes(x: Inputs, plan: Plan, vectors_written: Array) -> Iterator[CostLine]:
    prices = x.prices(plan.ref, "writes")
    if prices is None:
        return
    unit, size = _unit(prices, "million_writes")
    if prices.base == "GB":
        amount = vectors_written * x.rag.embedding_dimensions * x.rag.bytes_per_dimension / GB
    else:
        amount = vectors_written * _per(plan, "units_per_vector")
    no_quota = replace(prices, included=np.zeros_like(prices.included))
    build, later = np.where(x.months == 0, amount, 0.0), np.where(x.months > 0, amount, 0.0)
    yield metered_line(
        "vector_writes",
        "one_time",
        "index written at the build",
        build / size,
        unit,
        graduated(build, no_quota),
        no_quota,
        *INDEX_FIELDS,
        side="rag",
        used=_reached(prices, build),
    )
    yield metered_line(
        "vector_writes",
        "recurring",
        "new and changed chunks written",
        later / size,
        unit,
        graduated(later, prices),
        prices,
        *INDEX_FIELDS,
        *WRITE_FIELDS,
        side="rag",
        used=_reached(prices, later),
    )
    _warn_cap(x, prices, later)


def _running(x: Inputs, plan: Plan, vectors: Array, searches: Array) -> Iterator[CostLine]:
    per_copy = index_gigabytes(
        vectors, x.rag.embedding_dimensions, x.rag.bytes_per_dimension, x.rag.index_overhead_share, 1.0
    )
    per_copy = np.where(x.months > 0, per_copy, 0.0)
    gb_per_node = plan.fact("gb_per_node")
    nodes = index_nodes(per_copy, None if gb_per_node is None else float(gb_per_node), x.rag.replicas)
    searched = np.where(x.months > 0, searches, 0.0)
    for component, meter, driver, amount, fields in (
        ("vector_storage", "storage", "index size at month end", per_copy * x.rag.replicas, SIZE_FIELDS),
        ("vector_reads", "reads", "searches", searched * _per(plan, "units_per_search"), SEARCH_FIELDS),
        ("vector_nodes", "nodes", "nodes that hold the index", nodes, SIZE_FIELDS),
    ):
        prices = x.prices(plan.ref, meter)
        if prices is None:
            continue
        if meter == "nodes" and prices.base == "hour":
            amount = amount * x.finance.hours_per_month
        unit, size = _unit(prices, "million_reads")
        cost = graduated(amount, prices)
        shaping = (*INDEX_FIELDS, *fields) if meter != "reads" else fields
        used = _reached(prices, amount)
        yield metered_line(
            component, "recurring", driver, amount / size, unit, cost, prices, *shaping, side="rag", used=used
        )
        _warn_cap(x, prices, amount)
    flat = x.prices(plan.ref, "flat")
    if flat is not None:
        fee = x.monthly(1.0) * np.where(x.months > 0, step_fee(searched, flat), 0.0)
        yield metered_line(
            "vector_flat",
            "recurring",
            "plan fee",
            x.monthly(1.0),
            "month",
            fee,
            flat,
            "rag.vector_store",
            side="rag",
            used=_reached(flat, searched, flat=True),
        )


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
        np.where(short != 0, 1.0, 0.0),
        "month",
        short,
        holder.price_ids[:1],
        holder.prices,
        ("rag.vector_store",),
        "rag",
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
