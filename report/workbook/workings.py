"""The rows of the Workings sheet: every quantity behind a cost line once, as a formula by month or as one number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from costmodel.inputs import Inputs
from costmodel.terms import FORMULAS, Array, Mask, Term
from costmodel.timeline import drift
from report.workbook.arithmetic import (
    NEVER,
    Expr,
    arithmetic,
    formula,
    multiplied,
    number,
    same,
    shortest,
    total,
)
from report.workbook.inputs import Cells

MONTH_ROW = "{c}$4"
"""Where the number of a month stands above its column."""
ONE_VALUE = "$E"
"""Column of the rows that are one number for all months."""
INLINE = ("rest", "with_retries")
"""Formulas so short that they stand where their number would."""
_REFERENCE = re.compile(r"[A-Za-z_]\w*|\{c\}\$4|\{c\}\{r\[\d+\]\}|\$E\$\{r\[\d+\]\}")


class Unexplained(ValueError):
    """A quantity whose arithmetic does not come to what the model computes for all variants of the inputs."""


@dataclass(frozen=True, eq=False)
class Row:
    """One row: a formula that is the same in each active month, one text for each month, one number, or values.

    `value` has the shape (months,), or none; nan is an unknown price. `texts` by month go before `text`.
    """

    label: str
    unit: str
    section: str
    value: Any
    active: Mask
    text: str = ""
    texts: tuple[str, ...] = ()
    by_month: bool = True
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_formula(self) -> bool:
        """Whether it recomputes."""
        return bool(self.text or self.texts)


class Workings:
    """Rows in the order in which they were found; each formula once."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.rows: list[Row] = []
        self.section = ""
        self._known: dict[tuple[str, bytes], Expr] = {}

    def add(self, row: Row, value: Any, shared: bool = True) -> Expr:
        """The row as a part of other formulas; `value` for all variants. An equal row that is known is taken again."""
        key = (row.text or repr(row.texts or row.value.tolist()), row.active.tobytes())
        if shared and key in self._known:
            return self._known[key]
        place = len(self.rows)
        self.rows.append(row)
        text = f"{{c}}{{r[{place}]}}" if row.by_month else f"{ONE_VALUE}${{r[{place}]}}"
        whole = bool(row.active.all())
        held = np.where(row.active, value, 0.0) if row.by_month else value
        part = Expr(text, held, active=None if whole else row.active)
        self._known.setdefault(key, part)
        return part

    def row(self, label: str, unit: str, part: Expr, active: Mask | None = None) -> Expr:
        """A formula as a row of its own; what already is a plain reference stays one."""
        everywhere = active is None or bool(active.all())
        if everywhere and (part.constant is not None or _REFERENCE.fullmatch(part.text)):
            return part
        by_month = part.by_month or not everywhere
        mask = np.ones(self.months, dtype=bool) if active is None else active
        own = self.first(part, by_month)
        value = np.where(mask, own, 0.0) if by_month else own
        row = Row(label, unit, self.section, value, mask, part.text, by_month=by_month)
        return self.add(row, part.value)

    def first(self, part: Expr, by_month: bool) -> Any:
        """The values of the scenario itself, of all months or of none."""
        value = np.asarray(part.value, dtype=float)
        own = value if value.ndim < 2 else value[0]
        return np.broadcast_to(own, (self.months,)) if by_month else np.float64(own if own.ndim == 0 else own[0])

    def fixed(self, label: str, unit: str, values: Array) -> Expr:
        """Values by month that no input moves."""
        row = Row(label, unit, self.section, values, np.ones(self.months, dtype=bool))
        return self.add(row, values)

    def each_month(self, label: str, unit: str, parts: Sequence[Expr | None], value: Array) -> Expr:
        """A row whose formula differs by month; None is an unknown price."""
        texts = tuple("NA()" if part is None else part.text for part in parts)
        if len(set(texts)) == 1 and parts[0] is not None:
            return self.row(label, unit, parts[0])
        mask = np.ones(self.months, dtype=bool)
        row = Row(label, unit, self.section, value if value.ndim < 2 else value[0], mask, texts=texts)
        return self.add(row, value)


class Terms:
    """Turns the model's terms into rows: a formula only where it comes to the model's value for every variant."""

    def __init__(self, x: Inputs, cells: Cells, workings: Workings) -> None:
        self.x = x
        self.cells = cells
        self.workings = workings
        self.months = workings.months
        self._rows: dict[int, tuple[Term, Expr]] = {}

    def values(self, value: Any) -> Array:
        """Values by variant and month, through the horizon."""
        whole = np.asarray(value, dtype=float)
        shape = np.broadcast_shapes(whole.shape, self.x.months.shape)
        return np.broadcast_to(whole, shape)[..., : self.months]

    def row(self, term: Term) -> Expr:
        """A term as a part of formulas, in a row of its own where it is more than a reference."""
        if id(term) not in self._rows:
            part, active = self.open(term)
            inline = term.name in INLINE and bool(active.all())
            made = part if inline else self.workings.row(_label(term), term.unit, part, active)
            self._rows[id(term)] = (term, made)
        return self._rows[id(term)][1]

    def open(self, term: Term) -> tuple[Expr, Mask]:
        """The formula of a term, and the months in which it holds; it is nothing in the others."""
        wanted = self.values(term.value)
        for part in self._candidates(term, wanted):
            active = self.active(part, wanted)
            if active is not None:
                return part, active
        raise Unexplained(term.label)

    def active(self, part: Expr, wanted: Array) -> Mask | None:
        """The months in which a formula gives what is wanted, where it is nothing in the others; None otherwise."""
        found = np.asarray(part.value, dtype=float)
        unknown = np.isnan(found) & np.isnan(wanted)
        with np.errstate(invalid="ignore"):
            close = same(found, wanted) | unknown
        off = (wanted == 0) & ~close
        if not (close | off).all():
            return None
        rows = (1,) * (2 - off.ndim) + off.shape
        out = np.broadcast_to(off.reshape(rows), (max(rows[0], 1), self.months)).any(axis=0)
        held = np.broadcast_to((close & (found != 0)).reshape(rows), (max(rows[0], 1), self.months)).any(axis=0)
        if (out & held).any():
            return None
        return np.asarray(~out if part.active is None else ~out & part.active)

    def _candidates(self, term: Term, wanted: Array) -> Iterator[Expr]:
        match term.kind:
            case "field":
                yield self._field(term)
            case "given":
                yield from self._given(term, wanted)
            case "sum":
                parts = [self.row(part) for part in term.parts]
                yield total(parts)
                yield shortest(parts)
                if wanted.ndim < 2 or bool((wanted == wanted[0]).all()):
                    yield from self._given(term, wanted)
                yield from self._in_turn(term, wanted)
            case "product":
                yield multiplied([self.row(part) for part in term.parts])
            case "formula":
                named = dict(zip(FORMULAS[term.name].parameters, map(self.row, term.parts), strict=True))
                yield self._mean_age(named) if term.name == "mean_age" else formula(term.name, named)

    def _field(self, term: Term) -> Expr:
        if term.name == "workload.seasonality":
            items = self.cells.items(term.name)
            return self._listed(term, [items[day.month - 1] for day in self.x.dates[: self.months]])
        if term.name == "workload.queries_by_month":
            items = self.cells.items(term.name)
            places = np.clip(np.arange(self.months) - 1, 0, len(items) - 1)
            return self._listed(term, [items[place] for place in places])
        return self.cells.part(term.name)

    def _listed(self, term: Term, parts: list[Expr]) -> Expr:
        value = np.array([float(part.value) for part in parts])
        return self.workings.each_month(_label(term), term.unit, parts, value)

    def _given(self, term: Term, wanted: Array) -> Iterator[Expr]:
        if np.ndim(term.value) == 0:
            yield number(float(term.value)) if np.isfinite(term.value) else Expr("", np.inf, constant=np.inf)
            return
        own = wanted if wanted.ndim < 2 else wanted[0]
        if wanted.ndim > 1 and not (wanted == own).all():
            return
        if (own == self.x.months[: self.months]).all():
            yield Expr(MONTH_ROW, self.x.months[: self.months])
        kept = own[own != 0]
        if kept.size and (kept == kept[0]).all():
            yield number(float(kept[0]))
        yield self.workings.fixed(_label(term), term.unit, own)

    def _in_turn(self, term: Term, wanted: Array) -> Iterator[Expr]:
        """One part until some month, the next one after."""
        parts = [self.row(part) for part in term.parts]
        by_month: list[Expr | None] = []
        for month in range(self.months):
            now = wanted[..., month]
            fits = [part for part in parts if same(self._at(part, month), now).all()]
            if not fits:
                return
            by_month.append(fits[-1] if by_month and by_month[-1] in fits[1:] else fits[0])
        yield self.workings.each_month(_label(term), term.unit, by_month, wanted)

    def _at(self, part: Expr, month: int) -> Array:
        value = np.asarray(part.value, dtype=float)
        return np.asarray(value if value.ndim == 0 else value[..., min(month, value.shape[-1] - 1)])

    def _mean_age(self, named: dict[str, Expr]) -> Expr:
        """Mean age of the training, with the trainings before and until a month in rows of their own."""
        start = self.workings.row("start of the month", "months", arithmetic("max(month - 1, 0)", named))
        more = {**named, "start": start, "interval": named["interval"]}
        for name, at in (("before", "start"), ("until", "month")):
            counted = arithmetic(f"floor({at} / interval + 1e-9)", more)
            more[name] = self.workings.row(f"trainings {name} the month", "trainings", counted)
        return formula("mean_age", more)


def _label(term: Term) -> str:
    if term.name == drift.__name__:
        return f"Price drift, {term.parts[0].name.rpartition('.')[2].replace('_', ' ')}"
    return f"{term.label[:1].upper()}{term.label[1:]}"


__all__ = ["NEVER", "Row", "Terms", "Unexplained", "Workings"]
