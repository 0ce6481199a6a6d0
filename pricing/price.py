"""One price: a dated row with a source, and the names by which a price is referred to."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from pricing.shown import quoted
from pricing.units import (
    GRADUATED_METERS,
    GROUPS,
    METERS,
    REQUEST_TIER_METERS,
    VECTOR_STORE_METERS,
    base_of,
    meter,
    usd_per_base,
)

PRICE_LIMIT_USD: Final = 1e9
QUANTITY_LIMIT: Final = 1e15
MAX_SOURCE: Final = 1000
"""Characters that a source may have."""
FACTS: Final = (
    "documents_per_search",
    "tokens_per_unit",
    "units_per_search",
    "units_per_vector",
    "units_per_gb_searched",
    "units_per_gb_written",
    "min_gb_per_search",
    "vectors_per_tier",
    "gb_per_node",
    "min_nodes",
    "min_gpus",
    "cap_quantity",
    "bills_tokens",
    "retires_on",
    "successor",
)
"""Facts of a plan, which any of its rows may carry."""

PriceKey = tuple[str, str, str, float, date | None]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_FREE = re.compile(r"(?<![\w-])free(?![\w-])", re.IGNORECASE)
_NOT = re.compile(r"(\b(not|never|no longer|nor)|n['\u2019]t)( (be|for|a|at all|quite))*\s*$", re.IGNORECASE)


def says_free(words: str) -> bool:
    """Whether a note or reason holds the word without which a price of 0 is refused; "not free" does not."""
    return any(not _NOT.search(words[: found.start()]) for found in _FREE.finditer(words))


class PriceError(ValueError):
    """A price that cannot be used; the message names the place, the value and the way out."""


class DuplicatePrice(PriceError):
    """Two rows with the same provider, item, meter, tier_from and effective_from."""


def parse_day(value: object) -> object:
    """A date from `YYYY-MM-DD` text; other types pass through for pydantic to judge. Raises ValueError."""
    if not isinstance(value, str):
        if isinstance(value, int | float):
            raise ValueError(f"{quoted(value)} is not a day; write it as YYYY-MM-DD")
        return value
    if not _DAY.fullmatch(value):
        raise ValueError(f"{quoted(value)} is not a day; write it as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{quoted(value)} is not a day of the calendar") from None


def parse_reference(ref: str) -> tuple[str, str]:
    """(provider, item) of a `provider/item` reference, split at the first `/`. Raises PriceError."""
    provider, slash, item = ref.partition("/")
    if not (provider and slash and item):
        raise PriceError(f"{quoted(ref)} is not a price reference; write provider/item")
    return provider, item


def tier_text(tier_from: float) -> str:
    """A threshold as it stands in a price id: 272000.0 -> '272000', 0.5 -> '0.5'."""
    return str(int(tier_from)) if tier_from == int(tier_from) else repr(tier_from)


def parse_price_id(text: str) -> tuple[str, str, float]:
    """(reference, meter, tier_from) of a price id, read from the right. Raises PriceError.

    `openai/gpt-5.4:input@272000` is ('openai/gpt-5.4', 'input', 272000.0); items may hold ':', '@', '/'.
    """
    ref, colon, tail = text.rpartition(":")
    name, at, tier = tail.partition("@")
    if not colon or name not in METERS:
        raise PriceError(
            f"{quoted(text)} is not a price id; write provider/item:meter or provider/item:meter@tier_from, "
            f"with one of the meters {', '.join(METERS)}"
        )
    parse_reference(ref)
    if not at:
        return ref, name, 0.0
    if not re.fullmatch(r"\d+(\.\d+)?", tier) or not 0 < float(tier) <= QUANTITY_LIMIT:
        raise PriceError(f"{quoted(text)}: the part after @ is the tier_from of the price, a number above 0")
    return ref, name, float(tier)


def _check_name(value: str) -> str:
    if not value.strip() or value != value.strip():
        raise ValueError(f"{quoted(value)} is empty or has blanks at its ends")
    if not value.isprintable():
        raise ValueError(f"{quoted(value)} holds characters that cannot be printed")
    return value


def _check_checked_on(value: str | None) -> str | None:
    if not value:
        return None
    if _DAY.fullmatch(value):
        parse_day(value)
    elif _MONTH.fullmatch(value):
        parse_day(f"{value}-01")
    else:
        raise ValueError(f"{quoted(value)} is not a day or month; write YYYY-MM-DD or YYYY-MM, or leave it blank")
    return value


def _without_source_low(data: Any) -> Any:
    """Without a source nothing is known well, whatever is claimed; a claim that is none stays, to be refused."""
    if isinstance(data, dict) and not str(data.get("source") or "").strip():
        claimed = {"confidence": "low"} if data.get("confidence") in (None, *CONFIDENCES) else {}
        return {**data, "source": "", **claimed}
    return data


def not_yet(checked: str | None, today: date) -> str:
    """Why nobody can have checked a price on that day or in that month; empty when somebody can."""
    if checked is None or date.fromisoformat(f"{checked}-01"[:10]) <= today:
        return ""
    return f"{checked} is after today, {today}; give the day on which the price was checked, or leave it blank"


Day = Annotated[date, BeforeValidator(parse_day)]
CheckedOn = Annotated[str | None, AfterValidator(_check_checked_on)]
"""Day or month on which someone checked a price, as `YYYY-MM-DD` or `YYYY-MM`."""
Confidence = Literal["high", "medium", "low"]
CONFIDENCES: Final = get_args(Confidence)
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Usd = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=PRICE_LIMIT_USD)]
Quantity = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=QUANTITY_LIMIT)]
PositiveQuantity = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=QUANTITY_LIMIT)]
Flag = Annotated[bool, Field(strict=True)]


class _PriceName(BaseModel):
    """What a price row and a price edit share: which price, sold how, at how much."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    provider: str = Field(max_length=100)
    item: str = Field(max_length=300)
    meter: str
    unit: str
    price_usd: Usd
    tier_from: Quantity = 0.0
    minimum_usd: Usd | None = None
    included_quantity: Quantity | None = None
    effective_from: Day | None = None

    documents_per_search: PositiveQuantity | None = None
    tokens_per_unit: PositiveQuantity | None = None
    units_per_search: PositiveQuantity | None = None
    units_per_vector: PositiveQuantity | None = None
    units_per_gb_searched: PositiveQuantity | None = None
    units_per_gb_written: PositiveQuantity | None = None
    min_gb_per_search: PositiveQuantity | None = None
    vectors_per_tier: PositiveQuantity | None = None
    gb_per_node: PositiveQuantity | None = None
    min_nodes: PositiveQuantity | None = None
    min_gpus: PositiveQuantity | None = None
    cap_quantity: PositiveQuantity | None = None
    bills_tokens: Flag | None = None
    retires_on: Day | None = None
    successor: str | None = Field(default=None, max_length=400)

    @field_validator("provider")
    @classmethod
    def _provider(cls, value: str) -> str:
        if "/" in value:
            raise ValueError(f"{quoted(value)} holds a '/'; only the item may")
        return _check_name(value)

    @field_validator("item")
    @classmethod
    def _item(cls, value: str) -> str:
        return _check_name(value)

    @field_validator("meter")
    @classmethod
    def _meter(cls, value: str) -> str:
        return meter(value).name

    @field_validator("unit")
    @classmethod
    def _unit(cls, value: str, info: ValidationInfo) -> str:
        if "meter" in info.data:
            base_of(info.data["meter"], value)
        return value

    @field_validator("tier_from")
    @classmethod
    def _tier_from(cls, value: float, info: ValidationInfo) -> float:
        name = info.data.get("meter")
        if value and name and name not in REQUEST_TIER_METERS | VECTOR_STORE_METERS:
            allowed = ", ".join(sorted(REQUEST_TIER_METERS | VECTOR_STORE_METERS))
            raise ValueError(f"{name} has no tiers; leave it blank, only {allowed} may have them")
        return value

    @field_validator("minimum_usd")
    @classmethod
    def _minimum_usd(cls, value: float | None, info: ValidationInfo) -> float | None:
        name = info.data.get("meter")
        if value is not None and name and name not in VECTOR_STORE_METERS | {"training"}:
            allowed = ", ".join(sorted(VECTOR_STORE_METERS))
            raise ValueError(f"{name} has no minimum; only training and {allowed} may have one")
        return value

    @field_validator("included_quantity")
    @classmethod
    def _included_quantity(cls, value: float | None, info: ValidationInfo) -> float | None:
        name = info.data.get("meter")
        if value is not None and name and name not in GRADUATED_METERS:
            allowed = ", ".join(sorted(GRADUATED_METERS))
            raise ValueError(f"{name} has no included quantity; put it on a row of {allowed}")
        return value

    @field_validator("successor")
    @classmethod
    def _successor(cls, value: str | None) -> str | None:
        if value:
            parse_reference(value)
        return value or None

    def facts(self) -> dict[str, Any]:
        """The facts this row carries, by name; blank ones are left out."""
        return {name: value for name in FACTS if (value := getattr(self, name)) is not None}

    @property
    def ref(self) -> str:
        """Reference of the plan, `provider/item`."""
        return f"{self.provider}/{self.item}"

    @property
    def price_id(self) -> str:
        """`provider/item:meter`, plus `@tier_from` above 0; the same for all dates of one price."""
        tier = f"@{tier_text(self.tier_from)}" if self.tier_from else ""
        return f"{self.provider}/{self.item}:{self.meter}{tier}"

    @property
    def key(self) -> PriceKey:
        """What makes a row unique: provider, item, meter, tier_from, effective_from."""
        return (self.provider, self.item, self.meter, self.tier_from, self.effective_from)

    @property
    def base(self) -> str:
        """Base quantity the price is per, e.g. token or GB-month."""
        return base_of(self.meter, self.unit)

    @property
    def usd_per_base(self) -> float:
        """Price [USD per base quantity]."""
        return usd_per_base(self.price_usd, self.meter, self.unit)


class Price(_PriceName):
    """One row of the book. Raises pydantic's ValidationError (a ValueError) naming column and way out."""

    group: str = Field(default="", validate_default=True)
    effective_to: Day | None = None
    as_of: CheckedOn = None
    source: str = Field(default="", max_length=MAX_SOURCE)
    confidence: Confidence = "low"
    note: str = Field(default="", max_length=2000)

    origin: str = "edit"
    line: int | None = None

    @field_validator("group")
    @classmethod
    def _group(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            name = info.data.get("meter")
            return METERS[name].group if name else ""
        if value not in GROUPS:
            raise ValueError(f"{quoted(value)} is not a group; use one of {', '.join(GROUPS)}")
        return value

    @model_validator(mode="before")
    @classmethod
    def _sourced(cls, data: Any) -> Any:
        return _without_source_low(data)

    @model_validator(mode="after")
    def _whole_row(self) -> Price:
        if self.price_usd == 0 and not says_free(self.note):
            raise ValueError("price_usd: 0 needs the word 'free' in note; leave the row out if the price is unknown")
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValueError(f"effective_to: {self.effective_to} is before effective_from {self.effective_from}")
        return self

    @property
    def place(self) -> str:
        """Where the row was read: its origin and, for a file, the line."""
        return self.origin if self.line is None else f"{self.origin} line {self.line}"

    def in_force(self, day: date) -> bool:
        """Whether `day` lies in effective_from .. effective_to, both included, blank = open."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


class PriceEdit(_PriceName):
    """A price typed in by the user; without `effective_from` it sets that price for every month.

    `source`, `as_of` and `confidence` are those of the typed-in price: without a source the confidence is low.
    """

    reason: str = Field(default="", max_length=500)
    source: str = Field(default="", max_length=MAX_SOURCE)
    as_of: CheckedOn = None
    confidence: Confidence = "low"

    @model_validator(mode="before")
    @classmethod
    def _sourced(cls, data: Any) -> Any:
        return _without_source_low(data)

    @model_validator(mode="after")
    def _free_says_so(self) -> PriceEdit:
        if self.price_usd == 0 and not says_free(self.reason):
            raise ValueError("price_usd: 0 needs the word 'free' in reason")
        return self
