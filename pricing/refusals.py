"""Why a price row cannot be used, in plain words: column, value, limit and way out."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from pricing.price import CONFIDENCES, FACTS, PRICE_LIMIT_USD, QUANTITY_LIMIT
from pricing.shown import quoted

_POSITIVE: Final = frozenset(FACTS) - {"bills_tokens", "retires_on", "successor"}
_LIMITS: Final = {
    "price_usd": f"0 to {PRICE_LIMIT_USD:,.0f} USD",
    "minimum_usd": f"0 to {PRICE_LIMIT_USD:,.0f} USD",
    "tier_from": f"0 to {QUANTITY_LIMIT:,.0f}",
    "included_quantity": f"0 to {QUANTITY_LIMIT:,.0f}",
} | dict.fromkeys(_POSITIVE, f"a number above 0, at most {QUANTITY_LIMIT:,.0f}")
_OUTSIDE: Final = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")
_DATES: Final = ("effective_from", "effective_to", "retires_on")


def explain(error: ValidationError) -> str:
    """', column: what is wrong' of the first mistake in a row; without a column where the row as a whole is wrong."""
    first = error.errors()[0]
    if not first["loc"]:
        return f", {_own(first['msg'])}"
    column = str(first["loc"][0])
    return f", {column}: {in_words(column, first['type'], first['input'], first['msg'], first.get('ctx'))}"


def in_words(column: str, kind: str, value: Any, message: str, context: Any = None) -> str:
    """One mistake that pydantic found in a column, as a sentence with the way out."""
    shown = _shown(value)
    if kind == "value_error":
        return _own(message)
    if kind == "missing":
        return "is missing; every price needs one"
    if kind == "extra_forbidden":
        return "is no column of a price; leave it out"
    if kind == "string_too_long":
        return f"longer than {context['max_length']:,} characters; shorten it"
    if column in _LIMITS:
        return f"{shown} is {'out of limits' if kind in _OUTSIDE else 'not a number'}; use {_LIMITS[column]}"
    if column == "confidence":
        return f"{shown} is not a confidence; use {', '.join(CONFIDENCES)}"
    if column in _DATES:
        return f"{shown} is not a day; write it as YYYY-MM-DD"
    if column == "bills_tokens":
        return f"{shown} is not yes or no; write true or false"
    return f"{shown} is not a text; write it in quotes"


def _own(message: str) -> str:
    return message.removeprefix("Value error, ")


def _shown(value: Any) -> str:
    """A value as a reader typed it, cut when it is long."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return f"{value:.12g}"
        except OverflowError:  # a whole number of hundreds of digits
            return "this number"
    return quoted(value)
