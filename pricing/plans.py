"""Billing rules of price plans, vectorised: quantities and prices in, USD out, months last axis.

A missing price is nan and makes a cost nan; a quantity of 0 never needs a price. A tier that is not in
force in a month is nan there and leaves its range to the tier below it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pricing.book import MeterPrices

Array = NDArray[np.float64]


def _array(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=np.float64)


def per_unit(quantity: ArrayLike, prices: MeterPrices) -> Array:
    """Cost of a meter with one price [USD], shape (..., months).

    2,000,000 tokens at 2.50 USD per 1M tokens cost 2,000,000 x 0.0000025 = 5.00.
    """
    amount = _array(quantity)
    return np.where(amount > 0, amount * prices.usd[0], 0.0)


def request_price(prices: MeterPrices, request_tokens: ArrayLike) -> Array:
    """Price of one call by its input size [USD per base quantity], shape (..., months).

    The whole call pays the highest tier that starts strictly below its input tokens. With 2.50 USD up to
    272,000 tokens and 5.00 above, a call of 272,000 pays 2.50 and one of 272,001 pays 5.00 per 1M tokens.
    """
    size = _array(request_tokens)
    price = np.full(np.broadcast_shapes(size.shape, prices.usd[0].shape), np.nan)
    for start, usd in zip(prices.tier_from, prices.usd, strict=True):
        applies = ((size > start) | (start == 0)) & ~np.isnan(usd)
        price = np.where(applies, usd, price)
    return price


def graduated(quantity: ArrayLike, prices: MeterPrices) -> Array:
    """Monthly cost of a meter with graduated tiers and an included part [USD], shape (..., months).

    Tiers count the full quantity, then the included part is taken off from below. 10 GB included, 0.33 USD
    up to 100 GB and 0.20 from there: 150 GB cost 90 x 0.33 + 50 x 0.20 = 39.70. Below the lowest tier nothing is paid.
    """
    amount = _array(quantity)
    included = prices.included
    cost: Array = np.zeros(np.broadcast_shapes(amount.shape, included.shape))
    upper: Array = np.full(included.shape, np.inf)
    for start, usd in zip(reversed(prices.tier_from), reversed(prices.usd), strict=True):
        known = ~np.isnan(usd)
        billed = np.maximum(np.minimum(amount, upper) - np.maximum(start, included), 0.0)
        cost = cost + np.where(known & (billed > 0), billed * usd, 0.0)
        upper = np.where(known, start, upper)
    unpriced = np.minimum(amount, upper) - np.maximum(prices.tier_from[0], included)
    return np.where(unpriced > 0, np.nan, cost)


def step_fee(searches: ArrayLike, prices: MeterPrices) -> Array:
    """Fee of a plan in a month [USD per month], shape (..., months).

    The fee of the highest tier that the month's searches reach: 20 USD, and 60 from 100,000 searches, is 20
    at 99,999 and 60 at 100,000. A fee from 0 is due without searches too; below the lowest tier none is.
    """
    count = _array(searches)
    shape = np.broadcast_shapes(count.shape, prices.usd[0].shape)
    fee: Array = np.where(np.broadcast_to(count, shape) >= prices.tier_from[0], np.nan, 0.0)
    for start, usd in zip(prices.tier_from, prices.usd, strict=True):
        fee = np.where((count >= start) & ~np.isnan(usd), usd, fee)
    return fee


def top_up(minimum_usd: ArrayLike, bill: ArrayLike) -> Array:
    """What lifts a bill to its minimum [USD]: minimum 50 and bill 20 -> 30; bill 100 -> 0."""
    return np.maximum(_array(minimum_usd) - _array(bill), 0.0)


def job(quantity: ArrayLike, prices: MeterPrices) -> Array:
    """Cost of one training job [USD], from its tokens or GPU hours, at least the job minimum.

    5,000,000 tokens at 0.48 USD per 1M with a minimum of 4.00: max(4.00, 2.40) = 4.00. No quantity, no job.
    """
    amount = _array(quantity)
    return np.where(amount > 0, np.maximum(prices.minimum_usd, amount * prices.usd[0]), 0.0)
