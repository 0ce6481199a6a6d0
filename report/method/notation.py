"""Arithmetic as it is declared in the code, set for reading: as plain text, and as HTML.

`ceil(a / b) ** 2` reads ⌈a / b⌉², `min(x, y)` stays `min(x, y)`; what is not arithmetic is prose and stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from report.numbers import MINUS

_BRACKETS = {"ceil": ("⌈", "⌉"), "floor": ("⌊", "⌋")}
_COMPARED: dict[type[ast.cmpop], str] = {ast.LtE: "≤", ast.Lt: "<", ast.GtE: "≥", ast.Gt: ">", ast.Eq: "="}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
WORDS, SUM, PRODUCT, POWER, ATOM = range(5)


@dataclass(frozen=True)
class Set:
    """A piece of a formula, set as text and as HTML, and how tightly it holds together."""

    text: str
    html: str
    binds: int = ATOM

    def within(self, binds: int) -> Set:
        """The piece in brackets where it would otherwise fall apart."""
        return self if self.binds >= binds else Set(f"({self.text})", f"({self.html})")


NOTHING = Set("", "")
"""A quantity that does not take part: no cap, no season."""

Leaf = Callable[[str], Set]


def tree(expression: str) -> ast.expr | None:
    """The arithmetic in `expression`; None for prose."""
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError:
        return None


def name(word: str) -> Set:
    """A quantity by its name, in italics."""
    word = word.replace("_", " ")
    return Set(word, f"<i>{escape(word)}</i>")


def written(expression: str, leaf: Leaf = name) -> Set:
    """The formula; `leaf` says what stands for each of its names. Only there a quotient stands over a line."""
    body = tree(expression)
    if body is None:
        return Set(expression, escape(expression), WORDS)
    return _Setter(leaf).set(body, outermost=leaf is name)


def read(expression: str) -> set[str]:
    """Names of the quantities that the arithmetic reads; none for prose."""
    body = tree(expression)
    if body is None:
        return set()
    called = {id(node.func) for node in ast.walk(body) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(body) if isinstance(node, ast.Name) and id(node) not in called}


def added(parts: Iterable[Set], signs: Iterable[str] = ()) -> Set:
    """Pieces put together by + (or by `signs`, one before each piece but the first)."""
    kept = list(parts)
    joined = list(signs) or ["+"] * (len(kept) - 1)
    if len(kept) == 1:
        return kept[0]
    text, html = kept[0].within(SUM).text, kept[0].within(SUM).html
    for sign, part in zip(joined, kept[1:], strict=True):
        piece = part.within(SUM if sign == "+" else PRODUCT)
        text, html = f"{text} {sign} {piece.text}", f"{html} {sign} {piece.html}"
    return Set(text, html, SUM)


def multiplied(parts: Iterable[Set]) -> Set:
    """Pieces multiplied; those that take no part are left out."""
    kept = [part for part in parts if part != NOTHING]
    if len(kept) == 1:
        return kept[0]
    pieces = [part.within(PRODUCT) for part in kept]
    return Set(" × ".join(p.text for p in pieces), " × ".join(p.html for p in pieces), PRODUCT)


class _Setter:
    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf

    def set(self, node: ast.expr, outermost: bool = False) -> Set:
        """A node of the arithmetic, and all below it."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return _number(float(value))
            case ast.Name(id=word):
                return self.leaf(word)
            case ast.Call(func=ast.Name(id=function), args=several):
                return _called(function, [part for part in map(self.set, several) if part != NOTHING])
            case ast.IfExp(test=test, body=body, orelse=other):
                then, condition, otherwise = self.set(body), self.set(test), self.set(other, outermost)
                return Set(
                    f"{then.text} if {condition.text}, otherwise {otherwise.text}",
                    f"{then.html} if {condition.html}, otherwise {otherwise.html}",
                    WORDS,
                )
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                first, second, sign = self.set(left), self.set(right), _COMPARED[type(operator)]
                return Set(f"{first.text} {sign} {second.text}", f"{first.html} {escape(sign)} {second.html}", WORDS)
            case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
                return _power(self.set(base).within(ATOM), self.set(exponent))
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return self._chain(node, outermost)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                sign = "+" if isinstance(operator, ast.Add) else MINUS
                return added([self.set(left, outermost), self.set(right, outermost)], [sign])
        raise ValueError(f"{ast.unparse(node)} cannot be set as a formula")

    def _chain(self, node: ast.expr, outermost: bool) -> Set:
        """Factors over divisors: a / b * c / d reads a × c / (b × d)."""
        above: list[ast.expr] = []
        below: list[ast.expr] = []
        _factors(node, above, below)
        top = multiplied(map(self.set, above))
        if not below:
            return top
        bottom = multiplied(map(self.set, below))
        if outermost:
            html = f'<span class="over"><span>{top.html}</span><span>{bottom.html}</span></span>'
        else:
            html = f"{top.within(PRODUCT).html} / {bottom.within(POWER).html}"
        return Set(f"{top.within(PRODUCT).text} / {bottom.within(POWER).text}", html, PRODUCT)


def _factors(node: ast.expr, above: list[ast.expr], below: list[ast.expr]) -> None:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            _factors(left, above, below)
            _factors(right, above, below)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            _factors(left, above, below)
            _factors(right, below, above)
        case _:
            above.append(node)


def _called(function: str, parts: list[Set]) -> Set:
    if len(parts) == 1 and function in _BRACKETS:
        left, right = _BRACKETS[function]
        return Set(f"{left}{parts[0].text}{right}", f"{left}{parts[0].html}{right}")
    if len(parts) == 1:
        return parts[0]
    text, html = ", ".join(p.text for p in parts), ", ".join(p.html for p in parts)
    return Set(f"{function}({text})", f"{function}({html})")


def _number(value: float) -> Set:
    mantissa, _, exponent = f"{value:.12e}".partition("e")
    power = str(int(exponent))
    if float(mantissa) == 1.0 and abs(int(power)) >= 6:
        return Set(f"10{power.translate(_RAISED)}", f"10<sup>{power.replace('-', MINUS)}</sup>")
    text = f"{value:,.12g}"
    return Set(text, text)


def _power(base: Set, exponent: Set) -> Set:
    html = f"{base.html}<sup>{exponent.html}</sup>"
    if exponent.text.isdigit():
        return Set(f"{base.text}{exponent.text.translate(_RAISED)}", html, POWER)
    return Set(f"{base.text}^{exponent.within(ATOM).text}", html, POWER)
