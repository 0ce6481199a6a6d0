"""Prices of language and embedding models, read from the data of the installed genai-prices release.

Only its price objects are read: no call, no update, no network. A price that the release does not give is
no row here (missing), never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from genai_prices.data import providers
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from pricing.price import Price

PINNED_VERSION: Final = "0.2.3"
RELEASE_DAY: Final = "2026-11-09"
"""Day that stands for release 0.2.3 of genai-prices.

The package carries no release date of its own (the timestamps in its wheel are a fixed 2020-02-02), so this
is the newest day on which its data says that a price came into force, changes announced for later aside.
It belongs to PINNED_VERSION only: rows of any other installed version are undated.
"""

_TOKEN_METERS: Final = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cached_input",
    "cache_write_mtok": "cache_write",
}
_BATCH_METERS: Final = {"input_mtok": "batch_input", "output_mtok": "batch_output"}
_PAGE_METERS: Final = {"input_document_kpages": "page"}
_EMBEDDING: Final = re.compile(r"embed|^voyage-|\bbge-|\bgte-", re.IGNORECASE)
_RERANKER: Final = re.compile(r"rerank", re.IGNORECASE)
_TIME_OF_DAY_NOTE: Final = "standard hours; the price depends on the time of day"

Amount = Decimal | TieredPrices
Slot = tuple[str, float]
Period = tuple[date | None, Mapping[Slot, float]]


@cache
def installed_version() -> str:
    """Version of the genai-prices package that is installed."""
    return version("genai-prices")


def llm_rows() -> tuple[Price, ...]:
    """Every row of the release, one per model, meter, tier and date of change."""
    release = installed_version()
    as_of = RELEASE_DAY if release == PINNED_VERSION else None
    return tuple(
        row
        for provider in providers
        for model in _unique(provider)
        for row in model_rows(provider, model, release, as_of)
    )


def _unique(provider: Provider) -> Iterator[ModelInfo]:
    """Models of a provider, the first of those with the same id; case counts."""
    seen: set[str] = set()
    for model in provider.models:
        if model.id not in seen:
            seen.add(model.id)
            yield model


def model_rows(provider: Provider, model: ModelInfo, release: str, as_of: str | None) -> Iterator[Price]:
    """The rows of one model; none when it has no price for what goes in."""
    standard, by_hour = _standard_periods(model)
    keys = {key for _, prices in standard for key in _amounts(prices)}
    meters, group = _meters_of(model, keys)
    batch = _batch_periods(model) if group == "llm" else []
    if not keys & {"input_mtok", *_PAGE_METERS}:
        return

    notes = [
        "deprecated by the provider" if model.deprecated else "",
        _TIME_OF_DAY_NOTE if by_hour else "",
        "a fee per request comes on top and is not in the book" if "requests_kcount" in keys else "",
        "free" if model.id.endswith(":free") else "",
    ]
    url = provider.pricing_urls[0] if provider.pricing_urls else ""
    common: dict[str, Any] = {
        "provider": provider.id,
        "item": model.id,
        "group": group,
        "as_of": as_of,
        "source": f"{url} (genai-prices {release})".strip(),
        "confidence": "high",
        "note": "; ".join(note for note in notes if note),
        "origin": f"genai-prices {release}",
    }
    schedules = [
        *_schedule([(start, _slots(prices, meters)) for start, prices in standard]),
        *_schedule([(start, _slots(prices, _BATCH_METERS)) for start, prices in batch]),
    ]
    for (meter, tier_from), usd, first, last in schedules:
        if usd > 0 or model.id.endswith(":free"):
            yield Price(
                **common,
                meter=meter,
                unit="1k pages" if meter == "page" else "1M tokens",
                price_usd=usd,
                tier_from=tier_from,
                effective_from=first,
                effective_to=last,
            )


def _meters_of(model: ModelInfo, keys: set[str]) -> tuple[Mapping[str, str], str]:
    """Which price key bills which meter, and the group in which the model is browsed."""
    if not keys & set(_TOKEN_METERS):
        return _PAGE_METERS, "parsing"
    name = model.id.rsplit("/", 1)[-1]
    if _RERANKER.search(name) and "output_mtok" not in keys:
        return {"input_mtok": "rerank_tokens"}, "reranker"
    if "embed" in name.lower() or (_EMBEDDING.search(name) and "output_mtok" not in keys):
        return {"input_mtok": "embedding"}, "embedding"
    return _TOKEN_METERS, "llm"


def _amounts(prices: ModelPrice) -> dict[str, Amount]:
    return {key: value for key, value in vars(prices).items() if isinstance(value, Amount)}


def _slots(prices: ModelPrice, meters: Mapping[str, str]) -> dict[Slot, float]:
    """USD per unit of each (meter, tier_from)."""
    slots: dict[Slot, float] = {}
    for key, amount in _amounts(prices).items():
        if key not in meters:
            continue
        if isinstance(amount, TieredPrices):
            slots[meters[key], 0.0] = float(amount.base)
            slots |= {(meters[key], float(tier.start)): float(tier.price) for tier in amount.tiers}
        else:
            slots[meters[key], 0.0] = float(amount)
    return slots


def _standard_periods(model: ModelInfo) -> tuple[list[tuple[date | None, ModelPrice]], bool]:
    """(first day or None, prices) in order of time, and whether prices also depend on the hour.

    Of prices that depend on the hour, the one that holds for most of the day counts as the standard one.
    """
    prices = model.prices
    entries = [ConditionalPrice(prices=prices)] if isinstance(prices, ModelPrice) else prices
    hourly = [entry for entry in entries if isinstance(entry.constraint, TimeOfDateConstraint)]
    if sum(_hours(entry.constraint) for entry in hourly) > 12:
        return [(None, hourly[-1].prices)], True
    periods = [(_start(entry.constraint), entry.prices) for entry in entries if entry not in hourly]
    return sorted(periods, key=lambda period: period[0] or date.min), bool(hourly)


def _batch_periods(model: ModelInfo) -> list[tuple[date | None, ModelPrice]]:
    """(first day or None, prices) of the batch prices, in order of time; the first listed of a day counts."""
    periods: dict[date | None, ModelPrice] = {}
    for variant in model.price_variants or ():
        if variant.when == {"processing": "batch"} and not isinstance(variant.constraint, TimeOfDateConstraint):
            periods.setdefault(_start(variant.constraint), variant.prices)
    return sorted(periods.items(), key=lambda period: period[0] or date.min)


def _start(constraint: StartDateConstraint | TimeOfDateConstraint | None) -> date | None:
    return constraint.start_date if isinstance(constraint, StartDateConstraint) else None


def _hours(constraint: object) -> float:
    if not isinstance(constraint, TimeOfDateConstraint):
        return 0.0
    day = date(2000, 1, 1)
    start, end = (datetime.combine(day, at) for at in (constraint.start_time, constraint.end_time))
    return ((end - start) % timedelta(days=1)) / timedelta(hours=1)


def _schedule(periods: list[Period]) -> Iterator[tuple[Slot, float, date | None, date | None]]:
    """(slot, USD per unit, first day, last day) of each price; an unchanged price stays one row.

    A slot that a later period does not name ends on the day before that period.
    """
    for slot in dict.fromkeys(slot for _, slots in periods for slot in slots):
        current: float | None = None
        first: date | None = None
        for start, slots in periods:
            usd = slots.get(slot)
            if usd == current:
                continue
            if current is not None:
                last = start - timedelta(days=1) if usd is None and start else None
                yield slot, current, first, last
            current, first = usd, start
        if current is not None:
            yield slot, current, first, None
