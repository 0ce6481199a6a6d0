"""Random price books of made-up plans: one plan of each sort, and the models that follow those that retire.

Values are short decimals: they shrink to something a person can recompute, and they often fall exactly on a
threshold. Prices are sometimes scheduled, sometimes missing for a while, mostly just there.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from pricing.book import Price, PriceBook

Drawn = dict[str, Any]

BASE, TUNED, ROUTER, EMBEDDING, STORE = "acme/base", "bolt/tuned", "bolt/router", "acme/embed", "crate/store"
RERANKER, GUARDRAIL, PARSER, GPU = "dune/rerank", "dune/guard", "crate/parse", "ember/gpu"
GONE = "acme/gone"
"""A successor that no book has."""
FOLLOWERS = {
    BASE: ("acme/base-2", "dune/base-3"),
    TUNED: ("bolt/tuned-2", "ember/tuned-3"),
    ROUTER: ("bolt/router-2", "acme/router-3"),
    EMBEDDING: ("dune/embed-2", "acme/embed-3"),
}

TOKENS_IN = {"1M tokens": 1e6, "1k tokens": 1e3, "token": 1.0}
OPERATIONS_IN = {"1M units": 1e6, "1k units": 1e3, "unit": 1.0}
TOKENS, OPERATIONS = tuple(TOKENS_IN), tuple(OPERATIONS_IN)
SPECIAL_METERS = ("cached_input", "cache_write", "batch_input", "batch_output")
UNITS = {
    **dict.fromkeys(("input", "output", "embedding", "training", "rerank_tokens", *SPECIAL_METERS), TOKENS),
    **dict.fromkeys(("reads", "writes"), OPERATIONS),
    "storage": ("GB-month", "GiB-month"),
    "queried": ("GB", "TB", "TiB", "PB"),
    "rerank_searches": ("search", "1k searches"),
    "guardrail": ("unit", "1k units"),
    "page": ("page", "1k pages"),
}
"""Units that may stand for each other: those of one base quantity."""

DAYS = [date(2026, 11, 1), date(2026, 12, 15), date(2027, 4, 1), date(2027, 10, 2), date(2028, 11, 1), date(2029, 6, 1)]
RETIREMENTS = [
    date(2027, 5, 31),
    date(2027, 2, 1),
    date(2026, 5, 31),
    date(2026, 12, 31),
    date(2028, 1, 15),
    date(2029, 6, 1),
    date(2031, 3, 1),
]


@cache
def decimals(low: float, high: float, digits: int = 2) -> st.SearchStrategy[float]:
    """Numbers from `low` to `high` with so many digits after the point."""
    scale = 10**digits
    return st.integers(round(low * scale), round(high * scale)).map(lambda n: n / scale)


def mostly(value: Any, other: st.SearchStrategy[Any], share: int = 4) -> st.SearchStrategy[Any]:
    """`value`, except once in `share` draws or so."""
    usual = st.just(value)
    return st.integers(1, share).flatmap(lambda n: other if n == share else usual)


@cache
def some(low: float, high: float, digits: int = 2) -> st.SearchStrategy[float]:
    """Nothing in one draw of three, else a number."""
    nothing, number = st.just(0.0), decimals(low, high, digits)
    return st.integers(0, 2).flatmap(lambda n: number if n else nothing)


@cache
def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@cache
def up_to(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number)


FLAG = st.booleans()
DAY = st.sampled_from(DAYS)


# `plain`: each price is known and the same in every month.


@st.composite
def schedules(draw: st.DrawFn, row: Drawn, plain: bool, *, gaps: bool = True) -> list[Price]:
    """One price through time: always the same, changing, or (with `gaps`) missing for a while."""
    kind = 0 if plain else draw(up_to(43 if gaps else 40))
    if kind < 37:
        return [Price(**row)]
    day, later = sorted((draw(DAY), draw(DAY)))
    changed = row | {"price_usd": row["price_usd"] * draw(one_of(0.5, 0.8, 1.25, 2.0))}
    if kind < 39:
        return [Price(**row), Price(**changed, effective_from=day)]
    if kind < 41:
        rows = [Price(**row, effective_to=day), Price(**changed, effective_from=date(2026, 1, 1))]
        return [*rows, Price(**row, effective_from=later)] if draw(FLAG) else rows
    if kind == 41:
        return [Price(**row, effective_from=day)]
    if kind == 42:
        return [Price(**row, effective_to=later)]
    return [Price(**row, effective_to=day), Price(**changed, effective_from=later)]


def named(ref: str, meter: str, unit: str) -> Drawn:
    provider, item = ref.split("/")
    return {"provider": provider, "item": item, "meter": meter, "unit": unit}


@st.composite
def token_rows(draw: st.DrawFn, ref: str, meter: str, plain: bool, **more: Any) -> list[Price]:
    """A price per token, for the models' own meters sometimes a second one for long calls."""
    unit = draw(one_of(*TOKENS))
    usd = draw(decimals(0.05, 15)) / 1e6 * TOKENS_IN[unit]
    row = named(ref, meter, unit)
    rows = draw(schedules(row | {"price_usd": usd} | more, plain))
    if meter not in ("embedding", "training", "rerank_tokens") and draw(up_to(3)) == 0:
        tier = draw(one_of(500.0, 1_000.0, 2_000.0))
        rows += draw(schedules(row | {"price_usd": 2 * usd, "tier_from": tier}, plain, gaps=False))
    return rows


@st.composite
def lives(draw: st.DrawFn, first: str, plain: bool) -> list[tuple[str, Drawn]]:
    """A model and its successors, each with what its plan says about its end."""
    if plain or draw(up_to(3)):
        return [(first, {})]
    refs = [first, *FOLLOWERS[first][: draw(up_to(2))]]
    found = []
    for ref, successor in zip(refs, [*refs[1:], None], strict=True):
        facts: Drawn = {"successor": successor} if successor else {}
        end = 0 if successor else draw(up_to(9))
        if successor or end > 2:
            facts["retires_on"] = draw(one_of(*RETIREMENTS))
        if end == 9:
            facts["successor"] = draw(one_of(GONE, first))
        found.append((ref, facts))
    return found


@st.composite
def chat_rows(draw: st.DrawFn, ref: str, plain: bool, **facts: Any) -> list[Price]:
    """What a call of a model costs; cached and batched calls often have prices of their own."""
    rows = [*draw(token_rows(ref, "input", plain, **facts)), *draw(token_rows(ref, "output", plain))]
    published = draw(up_to(15))
    for n, meter in enumerate(SPECIAL_METERS):
        if published >> n & 1:
            rows += draw(token_rows(ref, meter, plain))
    return rows


@st.composite
def tuned_rows(draw: st.DrawFn, ref: str, plain: bool, **facts: Any) -> list[Price]:
    """A model that can be tuned: its training, its hosting, and perhaps a fee for keeping it."""
    bills_tokens = {"bills_tokens": True} if draw(FLAG) else {}
    rows = draw(chat_rows(ref, plain, **bills_tokens, **facts))
    least = {"minimum_usd": draw(decimals(1, 500, 0))} if draw(FLAG) else {}
    if draw(up_to(3)):
        rows += draw(token_rows(ref, "training", plain, **least))
    else:
        row = named(ref, "training", "GPU-hour") | {"price_usd": draw(decimals(0.5, 12))} | least
        rows += draw(schedules(row, plain))
    rows += draw(schedules(named(ref, "hosting", "hour") | {"price_usd": draw(decimals(0.5, 20))}, plain))
    if draw(FLAG):
        kept = named(ref, "model_storage", "month") | {"price_usd": draw(decimals(1, 200, 0))}
        rows += draw(schedules(kept, plain))
    return rows


@st.composite
def model_rows(draw: st.DrawFn, plain: bool) -> list[Price]:
    rows: list[Price] = []
    for ref, facts in draw(lives(BASE, plain)):
        rows += draw(chat_rows(ref, plain, **facts))
    for first in (TUNED, ROUTER):
        for ref, facts in draw(lives(first, plain)):
            rows += draw(tuned_rows(ref, plain, **facts))
    for ref, facts in draw(lives(EMBEDDING, plain)):
        rows += draw(token_rows(ref, "embedding", plain, **facts))
    return rows


@st.composite
def helper_rows(draw: st.DrawFn, plain: bool) -> list[Price]:
    """Reranker, guardrail, parser and GPU."""
    per_search = {"documents_per_search": draw(one_of(100.0, 10.0, 32.0))} if draw(FLAG) else {}
    rows: list[Price] = []
    if draw(FLAG):
        unit, scale = draw(one_of(("1k searches", 1e3), ("search", 1.0)))
        row = named(RERANKER, "rerank_searches", unit) | {"price_usd": draw(decimals(0.2, 4)) / 1e3 * scale}
        rows += draw(schedules(row | per_search, plain))
    if not rows or draw(up_to(5)) == 0:
        rows += draw(token_rows(RERANKER, "rerank_tokens", plain, **({} if rows else per_search)))

    unit, scale = draw(one_of(("1k units", 1e3), ("unit", 1.0)))
    row = named(GUARDRAIL, "guardrail", unit) | {"price_usd": draw(decimals(0.05, 2)) / 1e3 * scale}
    if plain or draw(up_to(15)):
        row["tokens_per_unit"] = draw(one_of(250.0, 100.0, 1_000.0, 62.5))
    rows += draw(schedules(row, plain))

    unit, scale = draw(one_of(("1k pages", 1e3), ("page", 1.0)))
    row = named(PARSER, "page", unit) | {"price_usd": draw(decimals(0.5, 30)) / 1e3 * scale}
    rows += draw(schedules(row, plain))
    row = named(GPU, "gpu", "GPU-hour") | {"price_usd": draw(decimals(0.3, 6))}
    return rows + draw(schedules(row, plain))


GRADUATED = {
    # meter -> units, usual price, thresholds and included quantities, all in base quantities
    "storage": (("GB-month", "GiB-month"), 0.3, [0.5, 1.0, 10.0], [0.1, 1.0]),
    "dimensions": (("1M dimensions",), 0.1e-6, [1e6, 20e6], [500_000.0, 4e6]),
    "reads": (OPERATIONS, 16e-6, [10_000.0, 250_000.0], [1_000.0, 100_000.0]),
    "writes": (OPERATIONS, 4e-6, [1_000.0, 20_000.0], [500.0, 5_000.0]),
    "nodes": (("hour", "month"), 0.4, [730.0, 2_000.0], [730.0, 100.0]),
}
GIB = 2**30 / 1e9
IN_UNIT = {**OPERATIONS_IN, "GiB-month": GIB, "GiB": GIB, "1M dimensions": 1e6}
GB_IN = {"GB": 1.0, "TB": 1e3, "TiB": 1024 * GIB, "PB": 1e6}


@st.composite
def graduated_rows(draw: st.DrawFn, meter: str, plain: bool, facts: Drawn) -> list[Price]:
    units, usual, thresholds, included = GRADUATED[meter]
    unit = draw(one_of(*units, "GB", "GiB") if meter == "writes" else one_of(*units))
    in_unit = IN_UNIT.get(unit, 1.0)
    if unit == "month":
        usual, thresholds, included = usual * 730, [1.0, 3.0], [1.0, 0.5]
    elif unit in ("GB", "GiB"):
        usual, thresholds, included = 2.0, [0.01, 0.2], [0.005, 0.05]
    factor = draw(decimals(0.5, 4))
    row = named(STORE, meter, unit) | facts
    if draw(up_to(2)) == 0:
        row["included_quantity"] = draw(one_of(*included)) / in_unit
    if draw(up_to(4)) == 0:
        row["minimum_usd"] = draw(one_of(5.0, 25.0, 50.0, 400.0))
    tiers = sorted(draw(st.sets(one_of(*thresholds), max_size=2)))
    from_zero = draw(up_to(9)) > 0 or not tiers
    rows: list[Price] = []
    for tier in [*([0.0] if from_zero else []), *tiers]:
        usd = usual * factor * in_unit * (draw(decimals(0.3, 1.5)) if tier else 1)
        priced = row | {"price_usd": usd, "tier_from": tier / in_unit}
        rows += draw(schedules(priced, plain, gaps=tier == 0))
        row = named(STORE, meter, unit)
    return rows


@st.composite
def queried_rows(draw: st.DrawFn, plain: bool, facts: Drawn, by_vectors: bool) -> list[Price]:
    """What a search pays for the GB that it scans, by tiers of the index: its GB, or numbers of vectors."""
    unit = draw(one_of(*GB_IN))
    row = named(STORE, "queried", unit) | facts
    usual = draw(decimals(0.5, 8, 1)) * 1e-4 * GB_IN[unit]
    if draw(up_to(4)) == 0:
        row["minimum_usd"] = draw(one_of(5.0, 64.0))
    tiers = sorted(draw(st.sets(one_of(*((1.0, 5.0) if by_vectors else (0.02, 0.5))), max_size=2)))
    rows: list[Price] = []
    for tier in [*([0.0] if draw(up_to(9)) or not tiers else []), *tiers]:
        priced = row | {"price_usd": usual * (draw(decimals(0.3, 1.5)) if tier else 1), "tier_from": tier}
        rows += draw(schedules(priced, plain, gaps=tier == 0))
        row = named(STORE, "queried", unit)
    return rows


STORE_METERS = st.sets(st.sampled_from([*GRADUATED, "queried", "flat"]), min_size=1)
STORE_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "units_per_search": one_of(1.0, 5.0, 2.5),
        "units_per_vector": one_of(6.0, 0.5),
        "units_per_gb_searched": one_of(40.0, 2_000.0, 50_000.0),
        "units_per_gb_written": one_of(250_000.0, 10_000_000.0),
        "min_gb_per_search": one_of(0.01, 1.28),
        "vectors_per_tier": one_of(1_000.0, 250.0),
        "min_nodes": one_of(1.0, 2.0, 2.5),
    },
)
STEPS = st.sets(st.sampled_from([0.0, 9_000.0, 50_000.0]), min_size=1)


@st.composite
def store_rows(draw: st.DrawFn, plain: bool) -> list[Price]:
    """A vector store of any form: usage, nodes, what searches scan, a fee by steps, a minimum, or several of them."""
    meters = draw(STORE_METERS)
    facts: Drawn = {"gb_per_node": draw(one_of(0.25, 1.0, 8.0))} | draw(STORE_FACTS)
    by_vectors = "vectors_per_tier" in facts
    if plain and by_vectors:  # with a rebate for large indexes, more vectors may cost less than the least of a search
        facts.pop("min_gb_per_search", None)
    rows: list[Price] = []
    for meter in sorted(meters - {"flat"}):
        stated = {} if rows else facts
        rows += draw(
            queried_rows(plain, stated, by_vectors) if meter == "queried" else graduated_rows(meter, plain, stated)
        )
    if "flat" in meters:
        row = named(STORE, "flat", "month") | ({} if rows else facts)
        usd = draw(decimals(5, 100, 0))
        if draw(up_to(2)) == 0:
            row["minimum_usd"] = draw(one_of(20.0, 150.0))
        for n, step in enumerate(sorted(draw(STEPS))):
            priced = row | {"price_usd": usd * (n + 1), "tier_from": step}
            rows += draw(schedules(priced, plain, gaps=n == 0))
    return rows


@st.composite
def books(draw: st.DrawFn, *, plain: bool = False) -> PriceBook:
    """A book with one plan of each sort; now and then one of them is not in it."""
    rows = [*draw(model_rows(plain)), *draw(helper_rows(plain)), *draw(store_rows(plain))]
    if not plain and draw(up_to(11)) == 11:
        gone = draw(st.sampled_from(sorted({row.ref for row in rows} - {BASE, TUNED})))
        rows = [row for row in rows if row.ref != gone]
    return PriceBook(rows)
