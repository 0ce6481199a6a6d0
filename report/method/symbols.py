"""The terms of a bill in symbols: what each is called so that no two share a name, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from costmodel.scenario import FIELDS
from costmodel.terms import FORMULAS, Term
from report.formulas import uncapitalised
from report.method.notation import NOTHING, Set, added, multiplied, name, written
from report.palette import ARCHITECTURES

OWN_NAMES = {
    "documents": "documents at month end",
    "chunks in the prompt": "tokens of the chunks in the prompt",
    "correct answers": "answers that are right",
}
"""Names of quantities that are made of a field of the same name."""

FIELD_NAMES = {
    "people.engineer_usd_per_week": "an engineer's week",
    "finance.price_drift_annual.labour": "drift of labour",
}
"""Names of fields in a formula, where label and unit do not say it."""


class Symbols:
    """The names of the terms of one bill.

    `used` are its terms, each with whom it belongs to ("the router"): where two terms of one label are made of
    different things, that tells them apart.
    """

    def __init__(self, used: Iterable[tuple[str, Term]]) -> None:
        self._made_of: dict[str, list[str]] = {}
        self._owner: dict[tuple[str, str], str] = {}
        self._labels: dict[str, str] = {}
        self._paths: dict[str, set[str]] = {}
        self._givens: dict[int, Term] = {}
        for owner, top in used:
            for term in _below(top):
                if term.kind == "given" and term is not top:
                    self._givens.setdefault(id(term.value), term)
                if term.kind == "field":
                    self._paths.setdefault(_label(term), set()).add(term.name)
                elif term.parts and not _of_its_own_name(term):
                    made_of = _bare(term)
                    several = self._made_of.setdefault(_label(term), [])
                    several += [] if made_of in several else [made_of]
                    self._owner.setdefault((_label(term), made_of), owner)
                    if term is not top:
                        self._labels.setdefault(made_of, _label(term))

    def line(self, term: Term) -> Set:
        """What a line counts, or its price: what the term is made of, or its name when it is simple."""
        while (passed_on := _passed_on(term)) is not None:
            term = passed_on
        if term.kind == "formula" and self._labels.get(_bare(term), _label(term)) != _label(term):
            return name(self._labels[_bare(term)])
        term = self._givens.get(id(term.value), term) if term.kind == "given" and np.ndim(term.value) else term
        if term.kind == "given" and float(np.max(term.value)) == 1 and not term.label.endswith("s"):
            return name(term.label if term.label.startswith("one ") else f"1 {term.label}")
        return self.made_of(term) if term.parts and term.kind != "price" else self.name(term)

    def made_of(self, term: Term) -> Set:
        """The right-hand side of a term."""
        if term.kind == "sum":
            return added(_or_one(self._inline(part)) for part in term.parts if not _void(part))
        if term.kind == "product":
            return multiplied(self._inline(part) for part in self._factors(term))
        formula = FORMULAS[term.name]
        parts = dict(zip(formula.parameters, term.parts, strict=True))
        return written(formula.expression, lambda parameter: self._inline(parts[parameter]))

    def definitions(self, term: Term) -> Iterator[tuple[Set, Set]]:
        """Name and right-hand side of everything that the line of a term speaks of, in turn."""
        while (passed_on := _passed_on(term)) is not None:
            term = passed_on
        for part in self._spoken_of(term):
            if part.parts and part.kind != "price" and not _is_difference(part):
                yield self.name(part), self.made_of(part)
                yield from self.definitions(part)

    def name(self, term: Term) -> Set:
        """What a term is called."""
        if term.kind == "field":
            return name(self._field_name(term))
        label = _label(term)
        several = self._made_of.get(label, [])
        if term.parts and len(several) > 1 and _bare(term) in several:
            return name(f"{label} of {self._owner[label, _bare(term)]}")
        return name(OWN_NAMES.get(label, f"{label} in all") if _of_its_own_name(term) else label)

    def _field_name(self, term: Term) -> str:
        if term.name in FIELD_NAMES:
            return FIELD_NAMES[term.name]
        label, head = _label(term), term.unit.split("/")[0]
        words = f"{label} {head}" if head in ("weeks", "hours") and head not in label else label
        owner = ARCHITECTURES.get(FIELDS[term.name].group)
        shared = len(self._paths.get(label, ())) > 1
        return f"{owner.in_sentence} {words}" if owner and shared else words

    def _inline(self, term: Term) -> Set:
        """A term where it stands in another one: by its name, or by what it is made of when that says it better."""
        term = _same(term)
        if _neutral(term):
            return NOTHING
        return self.made_of(term) if self._open(term) else self.name(term)

    def _open(self, term: Term) -> bool:
        """Whether a term is written out where it stands: 1 - a share, or a sum or product whose name is not its own."""
        if term.kind == "formula":
            return len(FORMULAS[term.name].parameters) == 1 and term.parts[0].kind == "field"
        if term.kind not in ("sum", "product") or _is_difference(term):
            return False
        return _of_its_own_name(term) or (term.kind == "product" and len(self._made_of.get(_label(term), [])) > 1)

    def _factors(self, term: Term) -> Iterator[Term]:
        for part in map(_same, term.parts):
            if part.kind == "product" and self._open(part):
                yield from self._factors(part)
            else:
                yield part

    def _spoken_of(self, term: Term) -> Iterator[Term]:
        for part in map(_same, term.parts):
            if self._open(part):
                yield from self._spoken_of(part)
            elif not _neutral(part) and not (term.kind == "sum" and _void(part)):
                yield part


def _label(term: Term) -> str:
    return uncapitalised(term.label)


def _below(term: Term) -> Iterator[Term]:
    yield term
    for part in term.parts:
        yield from _below(part)


def _bare(term: Term) -> str:
    """What a term is made of, by bare labels: it tells two of one label apart."""
    parts = [_label(part) for part in term.parts if not (term.kind == "sum" and _void(part))]
    return f"{term.kind} {term.name} {parts}"


def _passed_on(term: Term) -> Term | None:
    """The one part that a sum hands on unchanged; None when it does more than that."""
    parts = [part for part in term.parts if not _void(part)] if term.kind == "sum" else []
    if len(parts) != 1:
        return None
    same = np.all(np.asarray(parts[0].value) == np.asarray(term.value))
    return parts[0] if same else None


def _same(term: Term) -> Term:
    """The part that a sum hands on, where it goes by the same name or by none of its own."""
    while (part := _passed_on(term)) is not None and (len(term.parts) > 1 or _label(part) == _label(term)):
        term = part
    if term.kind == "sum" and len(term.parts) == 1 and _label(term.parts[0]) == _label(term):
        return _same(term.parts[0])
    return term


def _is_difference(term: Term) -> bool:
    """A sum of one part that is not that part: what something adds. Its name says it, its part does not."""
    return term.kind == "sum" and len(term.parts) == 1 and _passed_on(term) is None


def _of_its_own_name(term: Term) -> bool:
    return any(_label(part) == _label(term) for part in term.parts)


def _or_one(piece: Set) -> Set:
    return Set("1", "1") if piece == NOTHING else piece


def _neutral(term: Term) -> bool:
    """No cap, one copy: what does not take part in a product or as a limit."""
    if term.kind != "given" or np.ndim(term.value):
        return False
    return bool(np.isinf(term.value)) or (float(term.value) == 1 and term.unit in ("ratio", "copies"))


def _void(term: Term) -> bool:
    """None of it in any month: no part of a sum."""
    nothing = term.kind == "given" and bool(np.all(np.asarray(term.value) == 0))
    return nothing or (term.kind == "product" and any(map(_void, term.parts)))
