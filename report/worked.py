"""Terms in the user's own numbers, for one line of the ledger in one month.

A number is shown with as many digits as redoing the arithmetic by hand needs, and no equation is shown that does not
hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from costmodel.terms import FORMULAS, Term
from report.formulas import (
    SAME,
    TINY,
    Piece,
    added,
    given_as_such,
    money,
    multiplied,
    parsed,
    plain_number,
    rounded,
    stands_inside,
    uncapitalised,
    written,
)

DIGITS = (6, 7, 8, 9, 10, 12, 15)
"""Significant digits of a computed number: the first that lets the arithmetic be redone."""
CLOSE = 1e-3


# Words after a number


def singular(word: str) -> str:
    """One of several: query, index, search, replica."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def per(unit: str) -> str:
    """A unit in words: "chunks per document"; what is per month is meant in a month."""
    return unit.removesuffix("/month").replace("tokens/s", "tokens per second").replace("/", " per ")


def counted(number: str, words: str, unit: str) -> str:
    """A number and what it counts, one of it where it is one: "1 call per query"."""
    if number == "1" and unit:
        words = " ".join(singular(word) if word.lower() == unit.lower() else word for word in words.split(" "))
    return f"{number} {words}".rstrip()


def _noun(term: Term, number: str, in_line: bool) -> str:
    """A number with its unit, or with its label where that says it better; both where it takes both."""
    label, unit = uncapitalised(term.label), per(term.unit)
    head = unit.split(" ")[0]
    if not unit:
        return number
    if unit == "events":
        return counted(number, label, label.split(" ")[0])
    if unit == "ratio":
        return f"{number} {label}"
    if in_line:
        return counted(number, unit, head)
    words = {head.lower(), singular(head).lower()}
    if words & {word.lower() for each in label.split(" ") for word in (each, each.rpartition("-")[2])}:
        return counted(number, label, head)
    if unit == "tokens" and term.kind == "field" and not label.endswith("s"):
        return f"{number} {label}"
    return f"{counted(number, unit, head)} ({label})"


def is_share(term: Term) -> bool:
    """Whether its number reads as a percentage."""
    return term.unit.split("/")[0] == "share"


# Terms


@dataclass
class Worked:
    """The terms of one line in one month, each with the same digits wherever it is shown."""

    month: int
    digits: dict[tuple[str, str, float], int] = field(default_factory=dict)

    def key(self, term: Term) -> tuple[str, str, float]:
        """Which terms are one and the same to a reader."""
        return term.label, term.unit, term.at(self.month)

    def same(self, term: Term) -> Term:
        """The part that a sum of one part only passes on under its own name."""
        while term.kind == "sum" and (parts := self.parts(term)) and len(parts) == 1 and parts[0].label == term.label:
            if parts[0].at(self.month) != term.at(self.month):
                break
            term = parts[0]
        return term

    def parts(self, term: Term) -> tuple[Term, ...]:
        """Its parts; of a sum those that are not 0, or the one that it is in this month."""
        if term.kind != "sum":
            return term.parts
        values = [part.at(self.month) for part in term.parts]
        value = term.at(self.month)
        if not math.isclose(math.fsum(values), value, rel_tol=SAME) and value in values:
            return (term.parts[values.index(value)],)
        return tuple(part for part, each in zip(term.parts, values, strict=True) if each != 0)

    def piece(self, term: Term, digits: int = DIGITS[0], in_line: bool = False) -> Piece:
        """A term as its number and what it counts; `in_line` is short, for the formula of the line itself."""
        term = self.same(term)
        if stands_inside(term):
            found = self.made_of(term, digits)
            if found is not None:
                return replace(found, neutral=found.value == 1)
        value = term.at(self.month)
        scale = 100.0 if is_share(term) else 1.0
        if given_as_such(term):
            shown, place = float(f"{value * scale:.12g}"), 0.0
        else:
            shown, place = rounded(value * scale, self.digits.get(self.key(term), digits))
        return Piece(
            self._text(term, shown, in_line),
            shown / scale,
            calendar=term.kind == "given" and not term.unit,
            neutral=shown / scale == 1 and (is_share(term) or term.unit == "ratio"),
            place=place / scale,
        )

    def _text(self, term: Term, shown: float, in_line: bool) -> str:
        if is_share(term):
            return f"{plain_number(shown)}% {uncapitalised(term.label)}"
        currency, _, unit = term.unit.partition("/")
        if currency != "USD":
            return _noun(term, plain_number(shown), in_line)
        if in_line or not unit:
            return f"{money(shown)} / {unit}" if unit else money(shown)
        if term.label.startswith(("a ", "an ")):
            return f"{money(shown)} {term.label}"
        return f"{money(shown)} per {unit}" + (f" ({uncapitalised(term.label)})" if term.kind == "field" else "")

    def made_of(self, term: Term, digits: int) -> Piece | None:
        """The right-hand side of a term; None when it has none or it is not arithmetic."""
        if term.kind == "sum":
            return added([(1, self.piece(part, digits)) for part in self.parts(term)])
        if term.kind == "product":
            return multiplied([self.piece(part, digits) for part in term.parts])
        if term.kind == "formula":
            formula = FORMULAS[term.name]
            pieces = [self.piece(part, digits) for part in term.parts]
            return written(formula.expression, dict(zip(formula.parameters, pieces, strict=True)))
        return None

    def fix(self, terms: Iterable[Term], digits: int) -> None:
        """Keep the digits with which terms were shown."""
        for term in map(self.same, terms):
            self.digits.setdefault(self.key(term), digits)

    def step(self, term: Term) -> str:
        """What a term is made of; where that is no arithmetic that a reader can redo, what it comes from."""
        left = self.piece(term)
        if term.name == "events" and (due := self._due(term)):
            return f"{left.text} = {due}"
        first: Piece | None = None
        for digits in DIGITS:
            right = self.made_of(term, digits)
            if right is None:
                break
            first = first or right
            if left.agrees(right):
                self.fix(term.parts, digits)
                return f"{left.text} = {right.text}"
        self.fix(term.parts, DIGITS[0])
        if first is not None and abs(first.value - left.value) <= CLOSE * abs(left.value):
            return f"{left.text} = {first.text}"
        if term.kind == "formula" and parsed(FORMULAS[term.name].expression) is None:
            return f"{left.text}: {FORMULAS[term.name].expression}"
        known = [self.piece(part).text for part in self.parts(term) if math.isfinite(part.at(self.month))]
        return f"{left.text}, from {' and '.join(known)}"

    def _due(self, term: Term) -> str:
        """Events of a month in plain words; empty when they are not counted like that."""
        interval, month = term.parts
        every, now = interval.at(self.month), month.at(self.month)
        due, before = (math.floor(each / every + SAME) if every > TINY else 0 for each in (now, now - 1))
        if due - before != term.at(self.month):
            return ""
        passed = f"{due:,} due after {counted(plain_number(now), 'months', 'months')} − {before:,} due after "
        return f"{passed}{counted(plain_number(now - 1), 'months', 'months')}, one every {self.piece(interval).text}"

    def steps(self, terms: Iterable[Term]) -> list[str]:
        """What each term is made of, and what that is made of in turn: outermost first, each once."""
        waiting, seen, found = [*map(self.same, terms)], set[tuple[str, str, float]](), []
        while waiting:
            term = waiting.pop(0)
            key = self.key(term)
            if key in seen or not self.parts(term):
                continue
            seen.add(key)
            parts = [self.same(part) for part in self.parts(term) if part.at(self.month) != 0]
            if self.piece(term).neutral:
                continue
            if term.kind != "price" and not stands_inside(term):
                step = self.step(term)
                left, _, right = step.partition(" = ")
                found += [step] if left != right else []
                parts = [part for part in parts if self.piece(part).text in step]
            waiting += parts
        return found
