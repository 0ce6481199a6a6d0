"""Prices as numbers for reading: never in powers of ten, and in a column with their points below each other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

BLANK = "\N{FIGURE SPACE}"
"""As wide as a digit; it sorts before every digit, so that padded numbers sort as numbers do."""


def plain(number: float, digits: int) -> str:
    """A number of so many digits at most, with thousands separators: 1,200, 0.075, 0.0000001."""
    return f"{Decimal(f'{number:.{digits}g}'):,f}"


def column(prices: Sequence[float]) -> list[str]:
    """Prices as a reader types them, at least two places each, padded so that their points stand below each other.

    [10, 2.5, 0.075] is "10.00 ", " 2.50 ", " 0.075" with figure spaces.
    """
    texts = [typed(usd) for usd in prices]
    left = max((text.index(".") for text in texts), default=0)
    right = max((len(text) - text.index(".") for text in texts), default=0)
    return [f"{BLANK * (left - text.index('.'))}{text:{BLANK}<{text.index('.') + right}}" for text in texts]


def typed(usd: float) -> str:
    """A price as a reader types it, without separators and with two places at least: 10.00, 0.075."""
    whole, _, places = f"{Decimal(f'{usd:.12g}'):f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"
