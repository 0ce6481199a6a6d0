"""Arithmetic as text that a person can follow, made together with the value that its own digits give.

A formula is written in numbers (`report.worked`) or in words (`in_words`) by the same rules.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np

from costmodel.terms import FORMULAS, Term
from report.numbers import MINUS

WORDS, SUM, PRODUCT, POWER, ATOM = range(5)
SAME = 1e-9
TINY = 1e-6
"""A constant below this only forgives rounding, and is not shown."""


@dataclass(frozen=True)
class Piece:
    """A part of a formula: its text, the value that the text has as shown, and how tightly it holds together.

    A `symbol` is in words and has no value. `calendar` is made of months and constants alone; `place` is the unit of
    the last digit that is shown, 0 where nothing was rounded.
    """

    text: str
    value: float = math.nan
    rank: int = ATOM
    calendar: bool = False
    neutral: bool = False
    """A bare 1, which a product does not show."""
    symbol: bool = False
    place: float = 0.0

    def within(self, rank: int) -> str:
        """The text, in parentheses where it holds less tightly than `rank`."""
        return f"({self.text})" if self.rank < rank else self.text

    def agrees(self, other: Piece) -> bool:
        """Whether `other`, as shown, comes to this number, as shown."""
        return abs(self.value - other.value) <= self.place / 2 + SAME * abs(self.value)


# Numbers


def plain_number(value: float, least: int = 0) -> str:
    """A number in full, to 12 significant digits, with separators and at least so many decimals."""
    if value and not 1e-12 <= abs(value) < 1e18:
        return f"{value:.12g}".replace("-", MINUS, 1) if value < 0 else f"{value:.12g}"
    exact = Decimal(f"{value:.12g}")
    places = max(least, -int(exact.normalize().as_tuple().exponent))
    return f"{exact:,.{places}f}".replace("-", MINUS)


def rounded(value: float, digits: int) -> tuple[float, float]:
    """A computed number as it is shown, and the place of its last digit: whole numbers are never cut."""
    nearest = float(round(value)) if abs(value) < 1e15 else value
    if abs(value - nearest) <= SAME * abs(value) or not math.isfinite(value):
        return nearest, 0.0
    size = math.floor(math.log10(abs(value))) + 1
    places = max(digits - size, 0)
    return round(value, places), 10.0**-places


def money(usd: float, least: int = 2) -> str:
    """An amount in full: $2.00, $0.075, −$50.00."""
    sign = MINUS if usd < 0 else ""
    return f"{sign}${plain_number(abs(usd), least)}"


def cost(usd: float) -> Piece:
    """A cost to the cent, or to two significant digits below a cent."""
    places = 2 if abs(usd) >= 0.01 or usd == 0 else 1 - math.floor(math.log10(abs(usd)))
    shown = round(usd, places) if places < 300 else usd
    return Piece(money(shown, places), shown, place=10.0**-places)


# Arithmetic


def _made(text: str, value: float, rank: int, *parts: Piece) -> Piece:
    return Piece(text, value, rank, symbol=any(part.symbol for part in parts))


def added(parts: Iterable[tuple[int, Piece]]) -> Piece:
    """Pieces with their signs, those that are 0 left out."""
    kept = [(sign, each) for sign, each in parts if not (each.calendar and abs(each.value) < TINY)]
    kept = [(sign, each) for sign, each in kept if each.value != 0] or [(1, constant(0.0))]
    value = sum(sign * each.value for sign, each in kept)
    if all(each.calendar for _, each in kept):
        return constant(value)
    if len(kept) == 1 and kept[0][0] > 0:
        return kept[0][1]
    text = ""
    for n, (sign, each) in enumerate(kept):
        negative = each.text.startswith(MINUS) and n > 0
        words = each.text.removeprefix(MINUS) if negative else each.within(SUM if sign > 0 else PRODUCT)
        minus = (sign < 0) != negative
        text += f" {MINUS if minus else '+'} {words}" if n else f"{MINUS if sign < 0 else ''}{words}"
    return _made(text, value, SUM, *(each for _, each in kept))


def multiplied(pieces: Iterable[Piece]) -> Piece:
    """Pieces multiplied, a bare 1 left out."""
    kept = [each for each in pieces if not each.neutral]
    if len(kept) < 2:
        return kept[0] if kept else constant(1.0)
    value = math.prod(each.value for each in kept)
    return _made(" × ".join(each.within(PRODUCT) for each in kept), value, PRODUCT, *kept)


def divided(a: Piece, b: Piece) -> Piece:
    """One piece by another."""
    if b.neutral:
        return a
    value = a.value / b.value if b.value != 0 else math.nan
    return _made(f"{a.within(PRODUCT)} / {b.within(POWER)}", value, PRODUCT, a, b)


def raised(a: Piece, b: Piece) -> Piece:
    """One piece to the power of another."""
    if b.value == 0 or a.neutral:
        return constant(1.0)
    if b.value == 1:
        return a
    try:
        value = float(a.value**b.value)
    except (OverflowError, ZeroDivisionError):
        value = math.nan
    return _made(f"{a.within(ATOM)}^{b.within(ATOM)}", value, POWER, a, b)


def whole(piece: Piece, up: bool) -> Piece:
    """A piece rounded up or down to a whole number; ceilings and counts forgive 1e-9."""
    words = f"{piece.text}, rounded {'up' if up else 'down'}"
    if not math.isfinite(piece.value):
        return _made(words, math.nan, WORDS, piece)
    value = float(math.ceil(piece.value - SAME) if up else math.floor(piece.value + SAME))
    return piece if abs(value - piece.value) <= SAME else Piece(words, value, WORDS)


def chosen(pieces: Sequence[Piece], least: bool) -> Piece:
    """The smaller or the larger of pieces; a limit that is only there to be safe is left out where it does not bind."""
    value = math.nan
    if any(each.symbol for each in pieces):
        pieces = [each for each in pieces if each.text]
    else:  # what cannot be computed takes no part
        pieces = [each for each in pieces if not math.isnan(each.value)]
        values = [each.value for each in pieces]
        value = (min(values) if least else max(values)) if values else math.nan
        if all(each.calendar for each in pieces):
            return constant(value)
        pieces = [each for each in pieces if not math.isinf(each.value) and not (each.calendar and each.value != value)]
    if len(pieces) == 1:
        return pieces[0]
    which = "smaller" if least else "larger"
    return _made(f"the {which} of {' and '.join(each.within(SUM) for each in pieces)}", value, WORDS, *pieces)


def constant(value: float) -> Piece:
    """A number of the formula itself."""
    return Piece(plain_number(value), value, calendar=True, neutral=value == 1)


def symbol(text: str) -> Piece:
    """A label in the place of a number."""
    return Piece(text, symbol=True)


@lru_cache(maxsize=256)
def parsed(expression: str) -> ast.expr | None:
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError:
        return None


def written(expression: str, named: Mapping[str, Piece]) -> Piece | None:
    """Declared arithmetic with a piece for each of its names; None where the declaration is words, not arithmetic."""
    node = parsed(expression)
    return None if node is None else _written(node, named)


def _written(node: ast.expr, named: Mapping[str, Piece]) -> Piece:
    match node:
        case ast.Name(id=name):
            return named[name]
        case ast.Constant(value=float() | int() as value):
            return constant(float(value))
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _written(left, named), _written(right, named)
            match op:
                case ast.Add() | ast.Sub():
                    return added([(1, a), (1 if isinstance(op, ast.Add) else -1, b)])
                case ast.Mult():
                    return multiplied([a, b])
                case ast.Div():
                    return divided(a, b)
                case ast.Pow():
                    return raised(a, b)
        case ast.Call(func=ast.Name(id="ceil" | "floor" as name), args=[inner]):
            return whole(_written(inner, named), up=name == "ceil")
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=several):
            return chosen([_written(each, named) for each in several], least=name == "min")
        case ast.IfExp(test=ast.Compare(left=left, ops=[ast.LtE()], comparators=[right]), body=body, orelse=orelse):
            a, b = _written(left, named), _written(right, named)
            yes, no = _written(body, named), _written(orelse, named)
            condition = f"{a.text} ≤ {b.text}"
            if a.symbol or b.symbol:
                return _made(f"{yes.text} if {condition}, else {no.text}", math.nan, WORDS, a, b)
            return Piece(f"{yes.text}, as {condition}", yes.value, WORDS) if a.value <= b.value else no
    raise ValueError(f"{ast.unparse(node)}: not arithmetic that can be shown")


# Terms in words


def uncapitalised(label: str) -> str:
    """A label inside a sentence: acronyms stay."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def given_as_such(term: Term) -> bool:
    return term.kind in ("field", "given")


def stands_inside(term: Term) -> bool:
    """A formula so short that it stands where its number would: (1 − 10% answers from cache)."""
    if term.kind != "formula" or not all(map(given_as_such, term.parts)):
        return False
    node = parsed(FORMULAS[term.name].expression)
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add | ast.Sub)
        and all(isinstance(side, ast.Name | ast.Constant) for side in (node.left, node.right))
    )


def _neutral(term: Term) -> bool:
    """No season, no cap: nothing to speak of."""
    if term.kind != "given" or np.ndim(term.value):
        return False
    return math.isinf(float(term.value)) or (term.unit == "ratio" and float(term.value) == 1)


def _absent(term: Term) -> bool:
    """Nothing of the kind: no test calls, no static prompt."""
    if term.kind == "product":
        return any(map(_absent, term.parts))
    return term.kind == "given" and not np.ndim(term.value) and float(term.value) == 0


def _word(term: Term) -> Piece:
    if _neutral(term):
        return Piece("", neutral=True, symbol=True)
    if _absent(term):
        return Piece("0", 0.0, symbol=True)
    return _symbolic(term) if stands_inside(term) else symbol(uncapitalised(term.label))


def _symbolic(term: Term) -> Piece:
    if term.kind == "sum":
        return added([(1, _word(part)) for part in term.parts])
    if term.kind == "product":
        return multiplied([_word(part) for part in term.parts])
    if term.kind == "price" and term.parts:
        return multiplied([symbol("list price"), *map(_word, term.parts)])
    if term.kind == "formula":
        formula = FORMULAS[term.name]
        named = dict(zip(formula.parameters, map(_word, term.parts), strict=True))
        return written(formula.expression, named) or symbol(formula.expression)
    return symbol(uncapitalised(term.label))


def in_words(term: Term) -> str:
    """What a term is made of, in labels: "model calls × prompt tokens"."""
    return _symbolic(term).text


def definitions(term: Term) -> list[tuple[str, str]]:
    """(label, what it is made of) of everything that `in_words` speaks of and that has parts: each label once."""
    found: dict[str, str] = {}
    waiting = list(term.parts)
    while waiting:
        part = waiting.pop(0)
        label = uncapitalised(part.label)
        words = in_words(part)
        if _absent(part):
            continue
        if part.parts and not stands_inside(part) and label not in found and words != label:
            found[label] = words
        waiting += part.parts
    return list(found.items())


def expression_in_words(expression: str, labels: Mapping[str, str]) -> str:
    """Declared arithmetic in plain notation, with a label for each of its names."""
    found = written(expression, {name: symbol(uncapitalised(label)) for name, label in labels.items()})
    return expression if found is None else found.text
