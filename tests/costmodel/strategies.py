"""Random price books of made-up plans, and random scenarios that are allowed to be asked.

Values are short decimals: they shrink to something a person can recompute, and they often fall exactly on a
threshold. Prices are sometimes scheduled, sometimes missing for a while, mostly just there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from costmodel.families import FAMILY_OF
from costmodel.scenario import ARCHITECTURES, Scenario
from pricing.book import Price, PriceBook

Drawn = dict[str, Any]

BASE, TUNED, EMBEDDING, STORE = "acme/base", "bolt/tuned", "acme/embed", "crate/store"
TOKENS = ("1M tokens", "1k tokens", "token")
OPERATIONS = ("1M units", "1k units", "unit")
TOKENS_IN = {"1M tokens": 1e6, "1k tokens": 1e3, "token": 1.0}
OPERATIONS_IN = {"1M units": 1e6, "1k units": 1e3, "unit": 1.0}
UNITS = {
    **dict.fromkeys(("input", "output", "embedding", "training"), TOKENS),
    **dict.fromkeys(("reads", "writes"), OPERATIONS),
    "storage": ("GB-month", "GiB-month"),
}
"""Units that may stand for each other: those of one base quantity."""

DAYS = [date(2026, 11, 1), date(2026, 12, 15), date(2027, 4, 1), date(2027, 10, 2), date(2028, 11, 1), date(2029, 6, 1)]
STARTS = ["2026-11", "2027-02", "2026-06", "2027-12"]


def decimals(low: float, high: float, digits: int = 2) -> st.SearchStrategy[float]:
    """Numbers from `low` to `high` with so many digits after the point."""
    scale = 10**digits
    return st.integers(round(low * scale), round(high * scale)).map(lambda n: n / scale)


def mostly(value: Any, other: st.SearchStrategy[Any], share: int = 4) -> st.SearchStrategy[Any]:
    """`value`, except once in `share` draws or so."""
    return st.integers(1, share).flatmap(lambda n: other if n == share else st.just(value))


def some(low: float, high: float, digits: int = 2) -> st.SearchStrategy[float]:
    """Nothing in one draw of three, else a number."""
    return st.integers(0, 2).flatmap(lambda n: decimals(low, high, digits) if n else st.just(0.0))


def tokens(high: float) -> st.SearchStrategy[float]:
    """A length: nothing, something, or round, so that prompts end exactly on the threshold of a long price."""
    return st.one_of(some(1, high, 0), st.integers(0, round(high / 100)).map(lambda n: n * 100.0))


# Books. `plain`: each price is known and the same in every month.


@st.composite
def schedules(draw: st.DrawFn, row: Drawn, plain: bool, *, gaps: bool = True) -> list[Price]:
    """One price through time: always the same, changing, or (with `gaps`) missing for a while."""
    kind = 0 if plain else draw(st.integers(0, 24 if gaps else 21))
    if kind < 18:
        return [Price(**row)]
    day, later = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    changed = row | {"price_usd": row["price_usd"] * draw(st.sampled_from([0.5, 0.8, 1.25, 2.0]))}
    if kind < 20:
        return [Price(**row), Price(**changed, effective_from=day)]
    if kind < 22:
        rows = [Price(**row, effective_to=day), Price(**changed, effective_from=date(2026, 1, 1))]
        return [*rows, Price(**row, effective_from=later)] if draw(st.booleans()) else rows
    if kind == 22:
        return [Price(**row, effective_from=day)]
    if kind == 23:
        return [Price(**row, effective_to=later)]
    return [Price(**row, effective_to=day), Price(**changed, effective_from=later)]


@st.composite
def token_rows(draw: st.DrawFn, ref: str, meter: str, plain: bool, **more: Any) -> list[Price]:
    provider, item = ref.split("/")
    unit = draw(st.sampled_from(TOKENS))
    usd = draw(decimals(0.05, 15)) / 1e6 * TOKENS_IN[unit]
    row = {"provider": provider, "item": item, "meter": meter, "unit": unit}
    rows = draw(schedules(row | {"price_usd": usd} | more, plain))
    if meter in ("input", "output") and draw(st.integers(0, 3)) == 0:
        tier = draw(st.sampled_from([500.0, 1_000.0, 2_000.0]))
        rows += draw(schedules(row | {"price_usd": 2 * usd, "tier_from": tier}, plain, gaps=False))
    return rows


@st.composite
def model_rows(draw: st.DrawFn, plain: bool) -> list[Price]:
    rows = [*draw(token_rows(BASE, "input", plain)), *draw(token_rows(BASE, "output", plain))]
    rows += draw(token_rows(EMBEDDING, "embedding", plain))

    bills_tokens = {"bills_tokens": True} if draw(st.booleans()) else {}
    rows += draw(token_rows(TUNED, "input", plain, **bills_tokens))
    rows += draw(token_rows(TUNED, "output", plain))
    least = {"minimum_usd": draw(decimals(1, 500, 0))} if draw(st.booleans()) else {}
    rows += draw(token_rows(TUNED, "training", plain, **least))
    named = {"provider": "bolt", "item": "tuned"}
    hosting = named | {"meter": "hosting", "unit": "hour", "price_usd": draw(decimals(0.5, 20))}
    rows += draw(schedules(hosting, plain))
    if draw(st.booleans()):
        kept = named | {"meter": "model_storage", "unit": "month", "price_usd": draw(decimals(1, 200, 0))}
        rows += draw(schedules(kept, plain))
    return rows


GRADUATED = {
    # meter -> units, usual price, thresholds and included quantities, all in base quantities
    "storage": (("GB-month", "GiB-month"), 0.3, [0.5, 1.0, 10.0], [0.1, 1.0]),
    "reads": (OPERATIONS, 16e-6, [10_000.0, 250_000.0], [1_000.0, 100_000.0]),
    "writes": (OPERATIONS, 4e-6, [1_000.0, 20_000.0], [500.0, 5_000.0]),
    "nodes": (("hour", "month"), 0.4, [730.0, 2_000.0], [730.0, 100.0]),
}
GIB = 2**30 / 1e9


@st.composite
def graduated_rows(draw: st.DrawFn, meter: str, plain: bool, facts: Drawn) -> list[Price]:
    units, usual, thresholds, included = GRADUATED[meter]
    unit = draw(st.sampled_from([*units, "GB"] if meter == "writes" else units))
    in_unit = {**OPERATIONS_IN, "GiB-month": GIB}.get(unit, 1.0)
    if unit == "month":
        usual, thresholds, included = usual * 730, [1.0, 3.0], [1.0, 0.5]
    elif unit == "GB":
        usual, thresholds, included = 2.0, [0.01, 0.2], [0.005, 0.05]
    factor = draw(decimals(0.5, 4))
    row = {"provider": "crate", "item": "store", "meter": meter, "unit": unit} | facts
    if draw(st.integers(0, 2)) == 0:
        row["included_quantity"] = draw(st.sampled_from(included)) / in_unit
    if draw(st.integers(0, 4)) == 0:
        row["minimum_usd"] = draw(st.sampled_from([5.0, 25.0, 50.0, 400.0]))
    tiers = sorted(draw(st.sets(st.sampled_from(thresholds), max_size=2)))
    from_zero = draw(st.integers(0, 9)) > 0 or not tiers
    rows: list[Price] = []
    for tier in [*([0.0] if from_zero else []), *tiers]:
        usd = usual * factor * in_unit * (draw(decimals(0.3, 1.5)) if tier else 1)
        priced = row | {"price_usd": usd, "tier_from": tier / in_unit}
        rows += draw(schedules(priced, plain, gaps=tier == 0))
        row = {name: row[name] for name in ("provider", "item", "meter", "unit")}
    return rows


@st.composite
def store_rows(draw: st.DrawFn, plain: bool) -> list[Price]:
    """A vector store of any form: usage, nodes, a fee by steps, a minimum, or several of them."""
    meters = draw(st.sets(st.sampled_from([*GRADUATED, "flat"]), min_size=1))
    facts: Drawn = {"gb_per_node": draw(st.sampled_from([0.25, 1.0, 8.0]))}
    if draw(st.booleans()):
        facts["units_per_search"] = draw(st.sampled_from([1.0, 5.0, 2.5]))
    if draw(st.booleans()):
        facts["units_per_vector"] = draw(st.sampled_from([6.0, 0.5]))
    rows: list[Price] = []
    for meter in sorted(meters - {"flat"}):
        rows += draw(graduated_rows(meter, plain, {} if rows else facts))
    if "flat" in meters:
        row = {"provider": "crate", "item": "store", "meter": "flat", "unit": "month"} | ({} if rows else facts)
        usd = draw(decimals(5, 100, 0))
        if draw(st.integers(0, 2)) == 0:
            row["minimum_usd"] = draw(st.sampled_from([20.0, 150.0]))
        steps = sorted(draw(st.sets(st.sampled_from([0.0, 9_000.0, 50_000.0]), min_size=1)))
        for n, step in enumerate(steps):
            priced = row | {"price_usd": usd * (n + 1), "tier_from": step}
            rows += draw(schedules(priced, plain, gaps=n == 0))
    return rows


@st.composite
def books(draw: st.DrawFn, *, plain: bool = False) -> PriceBook:
    """A book with one plan of each sort."""
    return PriceBook([*draw(model_rows(plain)), *draw(store_rows(plain))])


# Scenarios


@st.composite
def workloads(draw: st.DrawFn) -> Drawn:
    found: Drawn = {
        "queries_per_month": draw(some(1, 200_000, 0)),
        "monthly_growth_share": draw(mostly(0.0, decimals(-0.3, 0.3), 2)),
        "max_queries_per_month": draw(mostly(None, decimals(0, 100_000, 0))),
        "peak_to_average": draw(mostly(1.0, decimals(1, 6, 1), 2)),
        "query_tokens": draw(tokens(400)),
        "system_prompt_tokens": draw(tokens(1500)),
        "history_tokens": draw(tokens(500)),
        "output_tokens": draw(tokens(600)),
        "response_cache_hit_share": draw(mostly(0.0, decimals(0, 1), 3)),
        "model_calls_per_query": draw(mostly(1.0, decimals(0, 4, 1), 3)),
        "retry_share": draw(mostly(0.0, decimals(0, 1), 3)),
    }
    if draw(st.integers(0, 4)) == 0:
        found["queries_by_month"] = draw(st.lists(some(1, 200_000, 0), min_size=1, max_size=14))
    return found


@st.composite
def corpora(draw: st.DrawFn) -> Drawn:
    chunk = draw(decimals(50, 800, 0))
    return {
        "documents": draw(some(1, 50_000, 0)),
        "tokens_per_document": draw(st.one_of(some(1, 3_000, 0), st.just(chunk))),
        "monthly_growth_share": draw(mostly(0.0, decimals(-0.2, 0.2), 2)),
        "updates_per_month": draw(some(0.1, 8, 1)),
        "changed_share_per_update": draw(some(0, 1)),
        "chunk_tokens": chunk,
        "chunk_overlap_tokens": draw(mostly(0.0, st.sampled_from([10.0, 25.5, 49.0]), 2)),
    }


@st.composite
def sides(draw: st.DrawFn) -> Drawn:
    return {
        "observability_usd_per_month": draw(some(1, 300)),
        "output_tokens": draw(mostly(None, decimals(0, 500, 0))),
        "correct_share": draw(mostly(1.0, decimals(0.5, 1))),
        "switched_off": draw(mostly([], st.lists(st.sampled_from(sorted(FAMILY_OF)), max_size=4, unique=True))),
    }


@st.composite
def rags(draw: st.DrawFn) -> Drawn:
    return draw(sides()) | {
        "model": draw(mostly(BASE, st.none(), 25)),
        "embedding_model": draw(mostly(EMBEDDING, st.none(), 8)),
        "embedding_dimensions": draw(st.sampled_from([0.0, 256.0, 1536.0, 3072.0])),
        "bytes_per_dimension": draw(st.sampled_from([4.0, 4.0, 1.0, 0.125])),
        "vector_store": draw(mostly(STORE, st.none(), 8)),
        "replicas": draw(mostly(1, st.integers(1, 4))),
        "index_overhead_share": draw(some(0, 2)),
        "top_k": draw(st.integers(0, 10)),
        "build_engineer_weeks": draw(some(0, 12, 1)),
        "preparation_hours": draw(some(1, 80, 0)),
        "evaluation_usd_per_release": draw(some(1, 3_000)),
        "evaluation_queries_per_month": draw(mostly(0.0, decimals(1, 5_000, 0), 3)),
        "hours_per_update": draw(some(0, 4)),
        "maintenance_hours_per_month": draw(some(0, 30, 1)),
        "hosting_usd_per_month": draw(some(0, 500)),
    }


CADENCES = st.sampled_from([0.0, 3.0, 12.0, 1.0, 0.5, 2.4, 1.5, 7.0, 0.7])


@st.composite
def fine_tunings(draw: st.DrawFn) -> Drawn:
    return draw(sides()) | {
        "model": draw(mostly(TUNED, st.none(), 25)),
        "hosting": draw(st.sampled_from(["serverless", "dedicated"])),
        "system_prompt_tokens": draw(some(1, 200, 0)),
        "training_examples": draw(some(1, 4_000, 0)),
        "tokens_per_example": draw(some(1, 900, 0)),
        "epochs": draw(st.integers(0, 4)),
        "experiment_runs": draw(st.integers(0, 6)),
        "usd_per_example": draw(some(0, 5)),
        "evaluation_usd_per_release": draw(some(1, 3_000)),
        "retrain_every_months": draw(CADENCES),
        "updates_per_retrain": draw(st.sampled_from([0.0, 1.0, 6.0, 24.0, 10.5])),
        "retrain_examples_share": draw(some(0, 1)),
        "retrain_runs": draw(st.integers(0, 3)),
        "retrain_hours": draw(some(0, 20, 1)),
        "build_engineer_weeks": draw(some(0, 12, 1)),
        "maintenance_hours_per_month": draw(some(0, 30, 1)),
        "training_usd_per_run": draw(mostly(None, some(1, 900), 6)),
        "hosting_usd_per_month": draw(mostly(None, some(1, 4_000), 6)),
        "min_replicas": draw(st.integers(0, 3)),
        "spare_replicas": draw(mostly(0, st.integers(0, 2))),
        "tokens_per_second_per_replica": draw(some(1, 60, 0)),
        "target_utilisation_share": draw(mostly(1.0, decimals(0.1, 1))),
    }


@st.composite
def hybrids(draw: st.DrawFn) -> Drawn:
    return draw(sides()) | {
        "retrain_every_months": draw(mostly(None, CADENCES, 2)),
        "top_k": draw(mostly(None, st.integers(0, 10), 3)),
        "shared_build_share": draw(some(0, 1)),
    }


@st.composite
def finances(draw: st.DrawFn) -> Drawn:
    drift = decimals(-0.4, 0.4)
    compared = st.lists(st.sampled_from(["rag", "fine_tuning", "hybrid"]), min_size=1, unique=True)
    return {
        "start_month": draw(st.sampled_from(STARTS)),
        "horizon_months": draw(st.sampled_from([24, 12, 36, 1, 2, 7, 60])),
        "discount_rate_annual": draw(some(0, 0.3)),
        "discount_share": draw(st.dictionaries(st.sampled_from(["acme", "bolt", "crate", "dune"]), decimals(0, 1))),
        "price_drift_annual": {
            **{group: draw(mostly(0.0, drift)) for group in ("llm", "embedding", "vector_store", "gpu")},
            "labour": draw(mostly(0.028, drift)),
        },
        "hours_per_month": draw(mostly(730.0, decimals(600, 744, 0))),
        "compared": draw(mostly(["rag", "fine_tuning", "hybrid"], compared)),
        "already_built": draw(mostly([], st.lists(st.sampled_from(ARCHITECTURES), max_size=2, unique=True), 3)),
    }


@st.composite
def extra_costs(draw: st.DrawFn) -> Drawn:
    first, last = sorted(draw(st.tuples(st.integers(0, 40), st.integers(0, 40))))
    amount = draw(st.sampled_from(["usd", "usd_per_month", "usd_per_query"]))
    usd = draw(decimals(-0.001, 0.02, 4) if amount == "usd_per_query" else decimals(-50, 900))
    return {
        "architecture": draw(st.lists(st.sampled_from(ARCHITECTURES), min_size=1, max_size=3, unique=True)),
        "component": draw(st.sampled_from(["licence", "vector_flat", "training", "contingency", "generation"])),
        "phase": draw(st.sampled_from(["one_time", "recurring", "event"])),
        "months": [first, last],
        amount: usd,
    }


@st.composite
def price_edits(draw: st.DrawFn, book: PriceBook) -> list[Drawn]:
    """Other prices for some of the book's, for every month or from a day on, perhaps in another unit."""
    rows = {row.price_id: row for row in book.rows}
    found = []
    for price_id in draw(st.lists(st.sampled_from(sorted(rows)), max_size=3, unique=True)):
        row = rows[price_id]
        edit = {name: getattr(row, name) for name in ("provider", "item", "meter", "unit", "tier_from")}
        edit["price_usd"] = row.price_usd * draw(decimals(0.2, 3, 1))
        if draw(st.booleans()):
            edit["effective_from"] = draw(st.sampled_from(DAYS))
        if not row.tier_from and row.unit in UNITS.get(row.meter, ()):
            edit["unit"] = draw(st.sampled_from(UNITS[row.meter]))
        if row.minimum_usd is not None and draw(st.booleans()):
            edit["minimum_usd"] = draw(decimals(1, 300, 0))
        if row.included_quantity is not None and draw(st.booleans()):
            edit["included_quantity"] = draw(decimals(0, 2))
        found.append(edit)
    return found


@st.composite
def scenarios(draw: st.DrawFn) -> Drawn:
    """A scenario file without price edits."""
    return {
        "workload": draw(workloads()),
        "corpus": draw(corpora()),
        "rag": draw(rags()),
        "fine_tuning": draw(fine_tunings()),
        "hybrid": draw(hybrids()),
        "people": {
            "engineer_usd_per_week": draw(some(100, 5_000, 0)),
            "hours_per_week": draw(mostly(40.0, decimals(20, 60, 1))),
            "contingency_share": draw(some(0, 1)),
        },
        "quality": {"minimum_correct_share": draw(mostly(None, decimals(0.5, 1)))},
        "finance": draw(finances()),
        "extra_costs": draw(mostly([], st.lists(extra_costs(), max_size=4), 2)),
    }


@st.composite
def questions(draw: st.DrawFn) -> tuple[Scenario, PriceBook]:
    """A scenario and the book it is asked of."""
    book = draw(books())
    edits = draw(mostly([], price_edits(book), 3))
    return Scenario.model_validate({**draw(scenarios()), "price_edits": edits}), book


@st.composite
def plain_questions(draw: st.DrawFn) -> tuple[Scenario, PriceBook]:
    """A scenario and a book for which more of anything cannot cost less.

    Every price is known and constant, no plan gives a rebate, nothing is typed in below zero or switched off.
    """
    data = draw(scenarios())
    for side in ("rag", "fine_tuning", "hybrid"):
        data[side]["switched_off"] = []
    data["rag"]["model"], data["fine_tuning"]["model"] = BASE, TUNED
    data["finance"]["price_drift_annual"] = {"labour": 0.0}
    for each in data["extra_costs"]:
        each |= {name: abs(each[name]) for name in ("usd", "usd_per_month", "usd_per_query") if name in each}
    return Scenario.model_validate(data), draw(books(plain=True))
