"""The ledger and its explanations as plain text for a terminal, and as plain values for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from costmodel.ledger import COLUMNS
from costmodel.results import Run
from pricing.price import Price
from report import text
from report.explained import ExplainedLine, FieldBehind, months_with_cost
from report.formulas import money, plain_number
from report.numbers import day, listed, percent
from report.palette import ARCHITECTURES

WIDE = 34


def rows(run: Run) -> list[dict[str, Any]]:
    """The ledger row by row; a number that is not known is None."""
    return [
        {name: _known(value) for name, value in zip(COLUMNS, row, strict=True)}
        for row in run.ledger()[COLUMNS].itertuples(index=False, name=None)
    ]


def _known(value: Any) -> Any:
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def table(run: Run) -> str:
    """Totals of the horizon by architecture and component."""
    ledger, lines = run.ledger(), [f"Cost over {run.horizon} months after the build", ""]
    for key, answer in run.answers.items():
        total = answer.tco_usd
        mine = ledger[ledger["architecture"] == key]
        lines.append(f"{ARCHITECTURES[key].name:<{WIDE}}{text.money_of(run).exact(total):>18}")
        counted = ("bill", "consequence") if answer.bill.consequences_count else ("bill",)
        lines += _components(run, mine[mine["scope"].isin(counted)], total)
        if answer.missing:
            lines.append(f"  {answer.missing}")
        beside = mine[~mine["scope"].isin(counted) & (mine["cost_usd"] != 0)]
        if len(beside):
            lines += ["  beside the bill, in no total:", *_components(run, beside, math.nan)]
        lines.append("")
    lines.append("Explain a line with --explain ARCHITECTURE.COMPONENT.MONTH, for instance --explain rag.generation.6")
    return "\n".join(lines) + "\n"


def _components(run: Run, mine: pd.DataFrame, total: float) -> Iterator[str]:
    sums: dict[str, float] = {}
    for component, usd in zip(mine["component"], mine["cost_usd"], strict=True):
        sums[component] = sums.get(component, 0.0) + usd
    for component, usd in sums.items():
        share = percent(usd / total) if total and math.isfinite(total) and math.isfinite(usd) else ""
        yield f"  {component:<{WIDE - 2}}{text.money_of(run).exact(usd):>18}{share:>8}".rstrip()


# Explanations


def explanation(run: Run, address: tuple[str, str, int], lines: Sequence[ExplainedLine]) -> str:
    """The rows of one component in one month, each with its formula, its prices and its fields."""
    key, component, month = address
    if not lines:
        months = months_with_cost(run, key, component)
        when = f"month{'' if len(months) == 1 else 's'} {listed([str(each) for each in months])}"
        return f"{key} pays nothing for {component} in month {month}; it does in {when}\n"
    date = run.inputs.dates[month]
    found = [
        f"{ARCHITECTURES[line.architecture].name}, {component}, month {month} ({date:%b %Y})" for line in lines[:1]
    ]
    for line in lines:
        found += ["", *_one(line)]
    return "\n".join(found) + "\n"


def _one(line: ExplainedLine) -> Iterator[str]:
    yield f"{line.driver} ({line.phase.replace('_', '-')})"
    yield f"  {line.formula}"
    yield from (f"    {step}" for step in line.steps)
    if line.note:
        yield f"  Note: {line.note}"
    if line.prices:
        yield "  Prices"
        yield from (f"    {_price(row)}" for row in line.prices)
    if line.fields:
        yield "  Fields"
        yield from (f"    {_field(each)}" for each in line.fields)


def _price(row: Price) -> str:
    verb = "release of" if row.origin.startswith("genai-prices") else "checked"
    as_of = f"{verb} {day(row.as_of)}" if row.as_of else "undated"
    parts = [f"{row.price_id}: {money(row.price_usd)} per {row.unit}"]
    parts += [f"at least {money(row.minimum_usd)}"] if row.minimum_usd else []
    parts += [f"from {day(row.effective_from)}"] if row.effective_from else []
    if row.origin == "edit":
        as_of = f"typed in; {as_of}" if row.as_of else "typed in"
    parts += [as_of, f"confidence {row.confidence}", row.source or "no source"]
    return " ".join("; ".join(parts).split())


def _field(each: FieldBehind) -> str:
    origin = "your own" if each.changed else f"guess: {each.source}" if each.guess else each.source
    if each.changed and each.source:
        origin = f"your own: {each.source}"
    return " ".join(f"{each.path} = {_value(each)} ({each.label}); {origin}".split())


def _value(each: FieldBehind) -> str:
    if isinstance(each.value, float | int) and not isinstance(each.value, bool):
        if each.unit.split("/")[0] == "share":
            return f"{plain_number(each.value * 100)}%"
        return f"{plain_number(each.value)} {each.unit}".rstrip()
    if isinstance(each.value, tuple):
        return ", ".join(plain_number(value) for value in each.value)
    return "none" if each.value is None else str(each.value)


def as_dict(line: ExplainedLine) -> dict[str, Any]:
    """One explained row as plain values; what is not known is None."""
    return {
        **{name: _known(value) for name, value in vars(line).items() if name not in ("steps", "prices", "fields")},
        "steps": list(line.steps),
        "prices": [{"price_id": row.price_id, **row.model_dump(mode="json", exclude_none=True)} for row in line.prices],
        "fields": [vars(each) for each in line.fields],
    }
