"""Quantities that know what they are made of.

A `Term` carries its value by month together with the fields, prices and formula behind it. The model computes with
terms, so that the explanation of a line, the fields behind it and the Method page are made of what was computed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from costmodel.factored import Factored

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Number = float | Array
"""A scalar, or a column of shape (..., 1) that broadcasts over the months."""

Kind = Literal["field", "given", "price", "sum", "product", "formula"]


@dataclass(eq=False, slots=True)  # not frozen: hundreds make a bill, and a frozen one takes twice as long to make
class Term:
    """A quantity [unit]; `value` broadcasts to (..., months).

    A `field` is read from the scenario, a `price` from the book; `given` is anything else that has no parts. A
    `formula` names the function of `FORMULAS` that made it from `parts`.
    """

    label: Final[str]
    unit: Final[str]
    value: Final[Any]
    kind: Final[Kind] = "given"
    parts: Final[tuple[Term, ...]] = ()
    name: Final[str] = ""
    """Path of a field, price ids of a price, name of a formula."""
    _fields: tuple[str, ...] = field(init=False, repr=False)

    @property
    def fields(self) -> tuple[str, ...]:
        """Paths of the scenario's fields behind it, each once."""
        try:
            return self._fields
        except AttributeError:
            behind = (path for part in self.parts for path in part.fields)
            self._fields = (self.name,) if self.kind == "field" else tuple(dict.fromkeys(behind))
            return self._fields

    def at(self, month: int) -> float:
        """The value of one scenario in one month."""
        value = np.asarray(self.value, dtype=float)
        return float(value if value.ndim == 0 else value[..., min(month, value.shape[-1] - 1)])

    def during(self, months: Any, shares: Any = None) -> Term:
        """The same quantity where `months` (a mask) holds, nothing elsewhere; `shares` is the mask as 0 and 1."""
        value = self.value
        if isinstance(value, (float, int)):
            value = float(value) * (months if shares is None else shares)
        elif isinstance(value, Factored):
            value = value * np.asarray(months, dtype=float)
        elif value.shape == months.shape:
            value = value.copy()
            value[~months] = 0.0
        else:
            value = np.where(months, value, 0.0)
        return self.valued(value)

    def valued(self, value: Any) -> Term:
        """The same quantity with another value."""
        return Term(self.label, self.unit, value, self.kind, self.parts, self.name)

    def named(self, label: str, unit: str) -> Term:
        """The same number counted as something else."""
        return Term(label, unit, self.value, self.kind, self.parts, self.name)


def positive(value: Any) -> bool:
    """Whether a number is above 0, in some scenario or month."""
    found = value > 0
    return found if isinstance(found, bool) else anything(found)


def anything(value: Any) -> bool:
    """Whether a number is not 0, in some scenario or month."""
    if isinstance(value, np.ndarray):
        return bool(np.count_nonzero(value))  # in a quarter of the time of any()
    return bool(value.any() if isinstance(value, Factored) else value)


def given(label: str, unit: str, value: Any) -> Term:
    """A quantity without parts."""
    return Term(label, unit, value)


def total(label: str, unit: str, first: Term, *others: Term) -> Term:
    """The sum of its parts."""
    value = first.value
    for part in others:
        value = value + part.value
    return Term(label, unit, value, "sum", (first, *others))


def product(label: str, unit: str, first: Term, second: Term, *others: Term) -> Term:
    """The product of its parts."""
    value = first.value * second.value
    for part in others:
        value = value * part.value
    return Term(label, unit, value, "product", (first, second, *others))


@dataclass(frozen=True)
class Formula:
    """How one quantity is computed: in arithmetic, with a worked example that the function itself computes.

    `expression` is arithmetic in Python's notation over the function's parameters.
    """

    name: str
    label: str
    unit: str
    expression: str
    meaning: str
    example: dict[str, Any] = field(hash=False)
    parameters: tuple[str, ...]
    module: str

    def compute(self, *arguments: Any) -> Any:
        """The value by the function as it stands in its module now."""
        module = inspect.sys.modules[self.module]  # type: ignore[attr-defined]
        return getattr(module, self.name)(*arguments)

    def worked(self) -> Any:
        """The value of the example."""
        return self.compute(*self.example.values())


FORMULAS: dict[str, Formula] = {}
"""Every quantity of the model in the order in which the code declares it."""

Function = TypeVar("Function", bound=Callable[..., Any])


def quantity(label: str, unit: str, expression: str, /, **example: Any) -> Callable[[Function], Function]:
    """Declare what a function computes, for the Method page and for explanations."""

    def declared(function: Function) -> Function:
        parameters = tuple(inspect.signature(function).parameters)
        if tuple(example) != parameters:
            raise TypeError(f"{function.__name__}: the example names {list(example)}, the function {list(parameters)}")
        meaning = inspect.cleandoc(function.__doc__ or "").partition("\n")[0]
        FORMULAS[function.__name__] = Formula(
            function.__name__, label, unit, expression, meaning, example, parameters, function.__module__
        )
        return function

    return declared


_VALUE = attrgetter("value")


def applied(function: Callable[..., Any], *parts: Term, label: str = "") -> Term:
    """The quantity that a declared function makes of its parts."""
    formula = FORMULAS[function.__name__]
    value = function(*map(_VALUE, parts))
    if isinstance(value, np.ndarray) and value.ndim:
        if value.ndim > 1 and any(isinstance(part.value, Factored) for part in parts):
            value = Factored.of(value)
    elif not isinstance(value, Factored):
        value = float(value)  # with which NumPy is faster than with a scalar of its own
    return Term(label or formula.label, formula.unit, value, "formula", parts, formula.name)
