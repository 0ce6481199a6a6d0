"""Arithmetic as spreadsheet text that is made together with its values, so that the text can be checked against them.

A text holds `{c}` where the column of the month goes and `{r[7]}` where the number of row 7 of the workings goes;
`written` puts them in. Values have the shape (variants, months), as far as they differ.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from costmodel.terms import FORMULAS, Array, Mask
from costmodel.timeline import FORGIVEN

COMPARISON, SUM, PRODUCT, POWER, ATOM = range(5)
NEVER = 1e99
"""Months between events that never come; a spreadsheet has no infinity."""

# Where the declared arithmetic leaves a limit case to the function, the case is spelled out.
WHOLE_FORMULAS = {
    "forced_interval": "needed / updates if updates > 0 and needed > 0 else 0",
    "training_hours": "tokens / max(speed, 1e-9)",
    "replicas": (
        "max(ceil(tokens / (hours * 3600) * peak / max(speed * target, 1e-9)) if speed * target > 0 else 0, least)"
        " + spare"
    ),
    "mean_age": (
        "((before + 1) * interval - start) * (start - max(before * interval, reset))"
        " + ((before + 1) * interval - start) ** 2 / 2 + (until - before - 1) * interval ** 2 / 2"
        " + (month - until * interval) ** 2 / 2"
        " if until > before else start - max(before * interval, reset) + 0.5"
    ),
}
ENDLESS_NODE = "(1 if copy > 0 else 0) * copies"
"""Nodes of a plan that does not say how much a node holds."""


@dataclass(frozen=True, eq=False)
class Expr:
    """Text of a formula without its equals sign, its values, and how tightly the text holds together."""

    text: str
    value: Any
    rank: int = ATOM
    constant: float | None = None
    active: Mask | None = None
    """Months outside which it is nothing whatever the inputs; None: all may hold something."""

    @property
    def by_month(self) -> bool:
        """Whether it stands in a column for each month."""
        return "{c}" in self.text

    def within(self, rank: int) -> str:
        """The text, in parentheses where it holds less tightly than `rank`."""
        return f"({self.text})" if self.rank < rank else self.text


def _masks(parts: Sequence[Expr]) -> list[Mask]:
    return [part.active for part in parts if part.active is not None]


def number(value: float) -> Expr:
    """A number that stands in the formula itself."""
    text = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value)).upper()
    return Expr(text, np.float64(value), ATOM if value >= 0 else SUM, float(value))


def added(parts: Sequence[tuple[int, Expr]]) -> Expr:
    """Parts with their signs; a bare 0 is left out."""
    kept = [(sign, part) for sign, part in parts if part.constant != 0] or [(1, number(0.0))]
    if len(kept) == 1 and kept[0][0] > 0:
        return kept[0][1]
    first, *rest = kept
    text = f"{'-' if first[0] < 0 else ''}{first[1].within(SUM if first[0] > 0 else PRODUCT)}"
    for sign, part in rest:
        text += f"{'+' if sign > 0 else '-'}{part.within(SUM if sign > 0 else PRODUCT)}"
    active = (
        None
        if any(part.active is None for _, part in kept)
        else reduce(np.logical_or, _masks([part for _, part in kept]))
    )
    return Expr(text, reduce(np.add, [sign * part.value for sign, part in kept]), SUM, active=active)


def total(parts: Sequence[Expr]) -> Expr:
    """The sum of parts."""
    return added([(1, part) for part in parts])


def multiplied(parts: Sequence[Expr]) -> Expr:
    """Parts multiplied; a bare 1 is left out."""
    if any(part.constant == 0 for part in parts):
        return number(0.0)
    kept = [part for part in parts if part.constant != 1]
    if len(kept) < 2:
        return kept[0] if kept else number(1.0)
    masks = _masks(kept)
    active = reduce(np.logical_and, masks) if masks else None
    text = "*".join(part.within(PRODUCT) for part in kept)
    return Expr(text, reduce(np.multiply, [part.value for part in kept]), PRODUCT, active=active)


def divided(a: Expr, b: Expr) -> Expr:
    """One part by another."""
    if b.constant == 1:
        return a
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.asarray(a.value) / b.value
    return Expr(f"{a.within(PRODUCT)}/{b.within(POWER)}", value, PRODUCT, active=a.active)


def raised(a: Expr, b: Expr) -> Expr:
    """One part to the power of another."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return Expr(f"{a.within(ATOM)}^{b.within(ATOM)}", np.asarray(a.value, dtype=float) ** b.value, POWER)


def largest(parts: Sequence[Expr]) -> Expr:
    """The largest of parts."""
    return _chosen("MAX", parts, np.maximum)


def smallest(parts: Sequence[Expr]) -> Expr:
    """The smallest of parts; a limit that is not there is left out."""
    kept = [part for part in parts if part.constant is None or not np.isinf(part.constant)]
    return _chosen("MIN", kept, np.minimum)


def _chosen(name: str, parts: Sequence[Expr], of: Callable[[Any, Any], Any]) -> Expr:
    if len(parts) == 1:
        return parts[0]
    return Expr(f"{name}({','.join(part.text for part in parts)})", reduce(of, [part.value for part in parts]))


def floor(part: Expr) -> Expr:
    """The next whole number below, as a spreadsheet says it."""
    return Expr(f"INT({part.text})", np.floor(part.value))


def ceiling(part: Expr) -> Expr:
    """The next whole number above, forgiving 1e-9 like every ceiling of the model."""
    less = added([(1, part), (-1, number(FORGIVEN))])
    return Expr(f"-INT(-({less.text}))", -np.floor(-np.asarray(less.value)), SUM)


def either(test: Expr, yes: Expr, no: Expr) -> Expr:
    """One of two, by a comparison."""
    return Expr(f"IF({test.text},{yes.text},{no.text})", np.where(test.value, yes.value, no.value))


_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.LtE: ("<=", np.less_equal),
    ast.Lt: ("<", np.less),
    ast.Gt: (">", np.greater),
    ast.GtE: (">=", np.greater_equal),
}


def compared(a: Expr, sign: str, b: Expr) -> Expr:
    """A comparison of two parts."""
    of = dict(_COMPARE.values())[sign]
    return Expr(f"{a.within(SUM)}{sign}{b.within(SUM)}", of(a.value, b.value), COMPARISON)


def formula(name: str, named: Mapping[str, Expr]) -> Expr:
    """The quantity of a declared formula, from a part for each of its parameters."""
    node = named.get("node")
    if name == "index_nodes" and node is not None and node.constant is not None and np.isinf(node.constant):
        return arithmetic(ENDLESS_NODE, named)
    return arithmetic(WHOLE_FORMULAS.get(name, FORMULAS[name].expression), named)


def arithmetic(expression: str, named: Mapping[str, Expr]) -> Expr:
    """Arithmetic in Python's notation, with a part for each of its names. Raises ValueError for anything else."""
    return _node(ast.parse(expression, mode="eval").body, named)


def _node(node: ast.expr, named: Mapping[str, Expr]) -> Expr:
    match node:
        case ast.Name(id=name):
            return named[name]
        case ast.Constant(value=float() | int() as value):
            return number(float(value))
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(op, _node(left, named), _node(right, named))
        case ast.Call(func=ast.Name(id="floor"), args=[inner]):
            return floor(_node(inner, named))
        case ast.Call(func=ast.Name(id="ceil"), args=[inner]):
            return ceiling(_node(inner, named))
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=several):
            parts = [_node(each, named) for each in several]
            return smallest(parts) if name == "min" else largest(parts)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return either(_node(test, named), _node(body, named), _node(orelse, named))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return compared(_node(left, named), _COMPARE[type(op)][0], _node(right, named))
        case ast.BoolOp(op=ast.And(), values=several):
            tests = [_node(each, named) for each in several]
            return Expr(f"AND({','.join(t.text for t in tests)})", reduce(np.logical_and, [t.value for t in tests]))
    raise ValueError(f"{ast.unparse(node)}: not arithmetic that a spreadsheet can do")


def _operation(op: ast.operator, a: Expr, b: Expr) -> Expr:
    match op:
        case ast.Add():
            return added([(1, a), (1, b)])
        case ast.Sub():
            return added([(1, a), (-1, b)])
        case ast.Mult():
            return multiplied([a, b])
        case ast.Div():
            return divided(a, b)
        case ast.Pow():
            return raised(a, b)
    raise ValueError(f"{type(op).__name__}: not an operation that a spreadsheet formula here uses")


def written(text: str, column: str, rows: Sequence[int]) -> str:
    """The formula as it stands in a cell: `column` of its month, and the row numbers of the workings."""
    return "=" + text.format(c=column, r=rows)


def shortest(intervals: Sequence[Expr]) -> Expr:
    """The smallest interval above 0 [months]; `NEVER` when none is active."""
    return smallest([either(compared(each, ">", number(0.0)), each, number(NEVER)) for each in intervals])


def graduated(amount: Expr, included: Expr, tiers: Sequence[tuple[float, Expr]]) -> Expr:
    """Cost of an amount by tiers (from where, price), less what is included; tiers ascend."""
    parts = []
    for position, (start, usd) in enumerate(tiers):
        upper = smallest([amount, number(tiers[position + 1][0])]) if position + 1 < len(tiers) else amount
        begins = number(start) if included.constant == 0 else largest([number(start), included])
        billed = largest([added([(1, upper), (-1, begins)]), number(0.0)])
        parts.append(multiplied([billed, usd]))
    return total(parts)


def stepped(size: Expr, tiers: Sequence[tuple[float, Expr]], sign: str) -> Expr:
    """The price of the highest tier that `size` reaches (`sign` is > or >=); nothing below the lowest one."""
    found = tiers[0][1]
    if tiers[0][0] > 0:
        found = either(compared(size, sign, number(tiers[0][0])), found, number(0.0))
    for start, usd in tiers[1:]:
        found = either(compared(size, sign, number(start)), usd, found)
    return found


def same(a: Array, b: Array) -> Array:
    """Where two values agree, as closely as sums in another order do."""
    a, b = np.minimum(a, NEVER), np.minimum(b, NEVER)
    return np.asarray(np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b)))
