"""Products that are not multiplied out: most of what a batch costs is a column of it times something by month.

Sums of such products take one product of draws and months for many lines, and next to no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.mixins import NDArrayOperatorsMixin

Array = npt.NDArray[np.float64]


@dataclass(eq=False)  # not frozen: that takes three times as long to make, and hundreds are made
class Factored(NDArrayOperatorsMixin):
    """Numbers of a batch as a product: `column` (..., 1) x `by_month` (months,) x `both` (..., months), each a 1 where
    it is absent. Multiplied it stays a product; anything else takes it as the array that it stands for.
    """

    column: Array | float = 1.0
    by_month: Array | float = 1.0
    both: Array | float = 1.0

    @staticmethod
    def of(value: Any) -> Factored:
        """A number or an array as a product, by its shape."""
        if isinstance(value, Factored):
            return value
        if isinstance(value, float) or np.ndim(value) == 0:
            return Factored(by_month=float(value))
        if value.ndim == 1:
            return Factored(by_month=value)
        return Factored(column=value) if value.shape[-1] == 1 else Factored(both=value)

    @cached_property
    def whole(self) -> Array:
        """The array that it stands for, of the shape that its factors have together."""
        return np.asarray(_times(_times(self.column, self.by_month), self.both))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `whole`."""
        return np.broadcast_shapes(*map(np.shape, (self.column, self.by_month, self.both)))

    @property
    def ndim(self) -> int:
        """The number of its dimensions."""
        return len(self.shape)

    def __mul__(self, other: Any) -> Factored:
        return _product(self, Factored.of(other))

    __rmul__ = __mul__

    def any(self, axis: None = None, out: None = None) -> bool:
        """Whether any of it is not 0."""
        return all(map(np.any, (self.column, self.by_month, self.both))) and bool(self.whole.any())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return self.whole

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **more: Any) -> Any:
        if method == "__call__" and not more:
            if ufunc is np.multiply:
                return _product(*map(Factored.of, inputs))
            if ufunc is np.add and (found := _sum(*map(Factored.of, inputs))) is not None:
                return found
        return getattr(ufunc, method)(*[each.whole if isinstance(each, Factored) else each for each in inputs], **more)


def _times(a: Any, b: Any) -> Any:
    return b if isinstance(a, float) and a == 1 else a if isinstance(b, float) and b == 1 else a * b


def _product(a: Factored, b: Factored) -> Factored:
    return Factored(_times(a.column, b.column), _times(a.by_month, b.by_month), _times(a.both, b.both))


def _sum(a: Factored, b: Factored) -> Factored | None:
    """A sum that is a product again: one of the two is nothing, or they differ in their columns alone."""
    if not np.any(a.by_month):
        return b
    if not np.any(b.by_month):
        return a
    if a.both is b.both and a.by_month is b.by_month:
        return Factored(a.column + b.column, a.by_month, a.both)
    return None


_DIMENSIONS = attrgetter("ndim")


def added(values: Sequence[Array | Factored]) -> Array | Factored:
    """The sum of arrays and products, of the shape that they have together; of products that fall in a single month, a
    product again."""
    if set(map(type, values)) == {np.ndarray} and set(map(_DIMENSIONS, values)) == {1}:
        return np.asarray(np.add.reduce(values))  # one after the other, as below
    plain: list[Array] = []
    alike: dict[int, list[Factored]] = {}
    for value in values:
        if isinstance(value, Factored):
            alike.setdefault(id(value.both), []).append(value)
        else:
            plain.append(value)
    if len(alike) == 1 and not any(map(np.any, plain)) and (found := _in_one_month(*alike.values())) is not None:
        return found
    total = np.zeros(())
    for more in chain(plain, (np.asarray(_times(_columns_by_months(each), each[0].both)) for each in alike.values())):
        if more.shape == total.shape or more.ndim < total.ndim:
            total += more
        else:
            total = total + more
    return total


def _in_one_month(products: list[Factored]) -> Factored | None:
    months = np.array(np.broadcast_arrays(*(each.by_month for each in products)))
    used = months.any(axis=0)
    if months.ndim < 2 or used.sum() != 1:
        return None
    column = sum(each.column * share for each, share in zip(products, months[:, used][:, 0], strict=True))
    return Factored(column, used.astype(float), products[0].both)


def _columns_by_months(products: list[Factored]) -> Any:
    """The sum of columns times what is by month."""
    flat: Any = 0.0
    columns, months = [], []
    for each in products:
        if isinstance(each.column, float) or isinstance(each.by_month, float):
            flat = flat + each.column * each.by_month
        else:
            columns.append(each.column[..., 0])
            months.append(each.by_month)
    if not columns:
        return flat
    found = np.einsum("k...,km->...m", np.stack(np.broadcast_arrays(*columns)), np.stack(months))
    return found + flat if np.any(flat) else found
