"""Any line of the ledger, explained: its formula in the user's own numbers, the price rows and the fields behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from costmodel.changes import differing
from costmodel.fields import value_at
from costmodel.inputs import DISCOUNT
from costmodel.ledger import CostLine
from costmodel.presets import PRESETS
from costmodel.provenance import Provenance
from costmodel.results import Answer, Run
from costmodel.scenario import FIELDS, ExtraCost, Scenario
from costmodel.terms import Mask
from pricing.price import Price
from report.formulas import definitions, in_words, money
from report.line_formula import LineFormula, at_month
from report.numbers import listed

__all__ = [
    "ExplainedLine",
    "FieldBehind",
    "NoSuchLine",
    "components",
    "definitions",
    "explained",
    "in_words",
    "months_with_cost",
    "parsed_line",
]


@dataclass(frozen=True)
class FieldBehind:
    """A field that shapes a line. `source` is that of the preset's value, or of the default; "" for the user's own."""

    path: str
    label: str
    value: Any
    unit: str
    source: str
    guess: bool
    changed: bool


@dataclass(frozen=True)
class ExplainedLine:
    """One row of the ledger with everything behind it; `cost_usd` is nan and the formula says so when it is unknown.

    `steps` say what each factor is made of, outermost first; `prices` are the rows in force in that month.
    """

    architecture: str
    component: str
    phase: str
    scope: str
    driver: str
    month: int
    formula: str
    steps: tuple[str, ...]
    quantity: float
    unit: str
    unit_price_usd: float | None
    cost_usd: float
    prices: tuple[Price, ...]
    fields: tuple[FieldBehind, ...]
    note: str


class NoSuchLine(ValueError):
    """A line that the ledger does not have; the message says what there is."""


def explained(run: Run, architecture: str, component: str, month: int) -> tuple[ExplainedLine, ...]:
    """The rows of the ledger of one component in one month; none where it costs nothing."""
    answer = _answer(run, architecture)
    if answer is None or not 0 <= month <= run.horizon:
        return ()
    return tuple(_explained(run, answer, line, month) for line in _lines(answer, component) if _is_row(line, month))


def months_with_cost(run: Run, architecture: str, component: str) -> list[int]:
    """Months in which the ledger has rows of a component."""
    answer = _answer(run, architecture)
    found = np.zeros(run.horizon + 1, dtype=bool)
    for line in () if answer is None else _lines(answer, component):
        found |= _rows_in(line, run.horizon)
    return [int(month) for month in np.flatnonzero(found)]


def components(run: Run, architecture: str) -> list[str]:
    """Components that the ledger of an architecture has, in the order of its bill."""
    answer = _answer(run, architecture)
    lines = () if answer is None else (*answer.bill.lines, *answer.bill.consequences)
    return list(dict.fromkeys(line.component for line in lines if _rows_in(line, run.horizon).any()))


def parsed_line(run: Run, named: str) -> tuple[str, str, int]:
    """(architecture, component, month) of "rag.generation.6". Raises NoSuchLine with what is possible."""
    architecture, _, rest = named.partition(".")
    component, _, month = rest.rpartition(".")
    if not (architecture and component and month):
        raise NoSuchLine(f"{named!r} names no line; write ARCHITECTURE.COMPONENT.MONTH, for instance rag.generation.6")
    if architecture not in run.answers:
        raise NoSuchLine(f"{architecture!r} is not compared; use one of {', '.join(run.answers)}")
    known = components(run, architecture)
    if component not in known:
        raise NoSuchLine(f"{architecture} has no component {component!r}; it has {', '.join(known) or 'none'}")
    if not (month.isascii() and month.isdigit() and int(month) <= run.horizon):
        raise NoSuchLine(f"{month!r} is not a month of this ledger; use 0 to {run.horizon}")
    return architecture, component, int(month)


def _answer(run: Run, architecture: str) -> Answer | None:
    found = next((answer for key, answer in run.answers.items() if key == architecture), None)
    return run.prompting if found is None and architecture == "prompting" else found


def _lines(answer: Answer, component: str) -> list[CostLine]:
    return [line for line in (*answer.bill.lines, *answer.bill.consequences) if line.component == component]


def _rows_in(line: CostLine, horizon: int) -> Mask:
    """Months 0..H in which the ledger has a row of a line."""
    row = (np.asarray(line.quantity) != 0) | (np.asarray(line.cost_usd) != 0)
    return np.asarray(np.resize(row, horizon + 1) if row.ndim == 0 else row[: horizon + 1])


def _is_row(line: CostLine, month: int) -> bool:
    return at_month(line.quantity, month) != 0 or at_month(line.cost_usd, month) != 0


def _explained(run: Run, answer: Answer, line: CostLine, month: int) -> ExplainedLine:
    quantity, usd = at_month(line.quantity, month), at_month(line.cost_usd, month)
    shown = LineFormula(run, answer, line, month)
    formula, steps = shown.formula()
    return ExplainedLine(
        architecture=answer.bill.architecture,
        component=line.component,
        phase=line.phase,
        scope=line.scope,
        driver=line.driver,
        month=month,
        formula=formula,
        steps=tuple(steps),
        quantity=quantity,
        unit=line.unit,
        unit_price_usd=usd / quantity if quantity and not math.isnan(usd) else None,
        cost_usd=usd,
        prices=shown.rows,
        fields=tuple(_field(run, line, answer.bill.architecture, path) for path in line.fields),
        note=" ".join(shown.notes()),
    )


# Fields


@lru_cache(maxsize=4)
def _known(run: Run) -> tuple[Provenance, frozenset[str]]:
    """What a run rests on, and the paths that the user changed."""
    preset = PRESETS.get(run.scenario.preset or "")
    return Provenance(run), frozenset(differing(run.scenario, preset.scenario if preset else Scenario()))


def _field(run: Run, line: CostLine, architecture: str, path: str) -> FieldBehind:
    scenario = run.scenario
    if path == "extra_costs":
        entries = [each for each in scenario.extra_costs if _is_of(each, line, architecture)]
        note = " / ".join(each.note for each in entries if each.note)
        typed = listed([_typed(each) for each in entries])
        return FieldBehind(path, "Typed-in cost", typed, "", note, guess=False, changed=True)
    provenance, own = _known(run)
    if path.startswith(DISCOUNT):
        provider = path.removeprefix(DISCOUNT)
        share = scenario.finance.discount_share.get(provider, 0.0)
        return FieldBehind(path, f"Negotiated discount, {provider}", share, "share", "", guess=False, changed=True)
    facts, preset, changed = FIELDS[path], PRESETS.get(scenario.preset or ""), path in own
    source = preset.sources.get(path) if preset else None
    text = "" if changed else source.text if source else facts.source or "default"
    guess = provenance.is_guess(path)
    return FieldBehind(path, facts.label, value_at(scenario, path), facts.unit, text, guess, changed)


def _is_of(extra: ExtraCost, line: CostLine, architecture: str) -> bool:
    same = (extra.component, extra.phase, extra.note or "typed in") == (line.component, line.phase, line.driver)
    return same and architecture in extra.architecture


def _typed(extra: ExtraCost) -> str:
    first, last = extra.months
    if extra.usd is not None:
        return f"{money(extra.usd)} in month {first}"
    each, what = (extra.usd_per_month, "month") if extra.usd_per_query is None else (extra.usd_per_query, "query")
    return f"{money(each or 0.0)} a {what} in months {first} to {last}"
