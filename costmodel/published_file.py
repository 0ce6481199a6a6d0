"""The file of a published example: its shape, and reading it with the place of every fault."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

MAX_BYTES: Final = 200_000
LONGEST_LINE: Final = 800
BASE: Final = "base"
"""The scenario itself, as the variant of figures that name none."""
SAME: Final = 1e-9


class ExampleError(ValueError):
    """An example that cannot be: one line with file, place, what is wrong and the way out."""

    def __init__(self, told: str) -> None:
        # Half a character (a lone surrogate) cannot be printed: it is shown by its number.
        line = " ".join(told.encode("utf-8", "backslashreplace").decode().split())
        super().__init__(line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}...")


@dataclass(frozen=True)
class Written:
    """A number as it is written: its last digit says how closely another one must agree."""

    value: float
    decimals: int

    @property
    def number(self) -> float:
        """The number; a whole one as a whole number."""
        return int(self.value) if self.decimals <= 0 else self.value

    def agrees(self, number: float, decimals: int | None = None) -> bool:
        """Whether `number` is this one when it is rounded to the last digit written (or to `decimals`)."""
        return self.is_between(number, number, decimals)

    def is_between(self, low: float, high: float, decimals: int | None = None) -> bool:
        """Whether this number lies within `low` and `high`, give or take half of its last digit."""
        half = 0.5 * 10.0 ** -(self.decimals if decimals is None else decimals)
        leeway = half * (1 + SAME) + 1e-12 * abs(self.value)
        return low - leeway <= self.value <= high + leeway


Value = bool | Written | tuple[Written, Written]


def _written(value: object) -> Written | None:
    """The number as it is written; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    exact = Decimal(value)
    number, exponent = float(exact), exact.as_tuple().exponent
    if abs(number) > 1e15 or not isinstance(exponent, int) or abs(exponent) > 30:
        raise ValueError("a number is out of limits; use one up to 1e15 in size with up to 30 decimals")
    return Written(number, -exponent)


def _single(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    number = _written(value)
    if number is None:
        raise ValueError("is a number, true or false, or left out; the words of the source go into published_as")
    return number


def _published(value: object) -> object:
    if isinstance(value, list):
        ends = [_written(end) for end in value]
        if len(ends) == 2 and ends[0] and ends[1] and ends[0].value <= ends[1].value:
            return tuple(ends)
        raise ValueError("a list is a range, written [low, high]: two numbers in order")
    return _single(value)


def _one_line(text: str) -> str:
    if text and not text.isprintable():
        raise ValueError("holds line breaks or characters that cannot be printed; write it as one line")
    return text


Line = Annotated[str, AfterValidator(_one_line)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Figure(_Part):
    """One figure: how it is read off the results, what was published, and what is claimed of the two."""

    name: Line = Field(min_length=1, max_length=120)
    expression: str | None = None
    variant: str = BASE
    published: Annotated[Value | None, BeforeValidator(_published)] = None
    published_as: Line = Field(default="", max_length=160)
    expected: Annotated[bool | Written | None, BeforeValidator(_single)] = None
    decimals: Annotated[int, Field(ge=-15, le=15, strict=True)] | None = None
    unit: Line = Field(default="USD", max_length=40)
    verdict: Literal["reproduces", "contradicts_own_inputs", "not_expressible"] = "reproduces"
    reason: Line = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _whole(self) -> Figure:
        if self.verdict == "not_expressible":
            if self.expression is not None or not self.reason:
                raise ValueError("not_expressible goes without an expression and names the missing quantity as reason")
        elif self.expression is None:
            raise ValueError("has no expression; write one, or the verdict not_expressible with its reason")
        elif self.published is None and self.expected is None:
            raise ValueError("has nothing to compare with; give published, expected, or both")
        elif self.verdict == "contradicts_own_inputs":
            if self.published is None or self.expected is None or not self.reason:
                raise ValueError("contradicts_own_inputs needs published, expected (recomputed) and a reason")
        elif self.reason:
            raise ValueError("has a reason but reproduces; a reason goes with contradicts_own_inputs, a note elsewhere")
        return self


class Variant(_Part):
    """What one variant changes: inputs by name, and fields of the scenario by path."""

    note: Line = Field(default="", max_length=200)
    inputs: dict[str, Any] = {}
    set: dict[str, Any] = {}


class Content(_Part):
    """An example file."""

    format_version: Literal[1]
    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    title: Line = Field(min_length=1, max_length=120)
    source: Line = Field(min_length=1, max_length=300)
    url: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=500)
    note: Line = Field(default="", max_length=1000)
    inputs: dict[str, Any] = {}
    scenario: dict[str, Any] = {}
    prices: tuple[dict[str, Any], ...] = Field(default=(), max_length=300)
    variants: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)], Variant] = Field(
        default={}, max_length=50
    )
    figures: tuple[Figure, ...] = Field(min_length=1, max_length=200)


def read_content(path: Path) -> Content:
    """The content of an example file. ExampleError when it cannot be read, with the place."""
    name = path.name
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ExampleError(f"{name}: cannot be read ({error.strerror})") from None
    if len(raw) > MAX_BYTES:
        raise ExampleError(f"{name}: larger than {MAX_BYTES / 1e3:g} kB, the limit of an example file; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExampleError(f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    data = _parsed(text, name)
    try:
        return Content.model_validate(data)
    except ValidationError as error:
        raise ExampleError(f"{name}, {_first(error)}") from None


class _Refused(ValueError):
    """What JSON in general, or this reader, does not take."""


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_not_a_number, object_pairs_hook=_named_once)
    except json.JSONDecodeError as error:
        raise ExampleError(f"{name} line {error.lineno}, column {error.colno}: {error.msg}") from None
    except _Refused as error:
        raise ExampleError(f"{name}: {error}") from None
    except RecursionError:
        raise ExampleError(f"{name}: nested too deeply to be an example file") from None
    except ValueError:  # a whole number of thousands of digits
        raise ExampleError(f"{name}: holds a number with too many digits") from None


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Refused(f"{key[:60]!r} stands twice in one object; keep one of them")
        found[key] = value
    return found


def _not_a_number(constant: str) -> None:
    raise _Refused(f"{constant} is not a number that JSON knows")


def _first(error: ValidationError) -> str:
    """Place and fault of the first mistake, and how many more there are."""
    problems = error.errors()
    first = problems[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    if first["type"] == "value_error":
        wrong = str(first["ctx"]["error"])
    elif first["type"] == "missing":
        wrong = "is missing"
    elif first["type"] == "extra_forbidden":
        wrong = "is no entry of an example file; costmodel/examples/README.md lists them"
    else:
        shown = json.dumps(first["input"], default=float, ensure_ascii=False)
        wrong = f"{shown if len(shown) <= 60 else shown[:57] + '...'} is refused ({first['msg']})"
    more = f" (and {len(problems) - 1} more mistakes)" if len(problems) > 1 else ""
    return f"{place}: {wrong}{more}" if place else f"{wrong}{more}"
