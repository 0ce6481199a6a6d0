"""Every assumption as it is declared, beside its value in a scenario and where that value comes from."""

from __future__ import annotations

from typing import Any

from costmodel.changes import differing
from costmodel.fields import FieldFacts, value_at
from costmodel.link import base_of
from costmodel.presets import PRESETS, Source
from costmodel.provenance import LEVERS
from costmodel.scenario import FIELDS, Scenario
from report.method.blocks import Assumption, Assumptions, Paragraph, Section
from report.method.reading import number, share

TITLES = {
    "workload": "Workload",
    "corpus": "Corpus",
    "rag": "RAG",
    "fine_tuning": "Fine-tuning",
    "hybrid": "Hybrid",
    "prompting": "Prompting",
    "guardrail": "Guardrail",
    "people": "People",
    "quality": "Quality",
    "requirements": "Requirements",
    "finance": "Finance",
}
IN_PERCENT = ("share",)


def sections(scenario: Scenario) -> tuple[Section, ...]:
    """The groups of fields in the order of the code."""
    groups: dict[str, list[Assumption]] = {}
    changes = differing(scenario, base_of(scenario.preset))
    preset = PRESETS.get(scenario.preset or "")
    sources = preset.sources if preset else {}
    for path, facts in FIELDS.items():
        source = sources.get(path)
        own = path in changes
        groups.setdefault(facts.group, []).append(_assumption(facts, value_at(scenario, path), source, own))
    return tuple(
        Section(f"assumptions-{group}", TITLES.get(group, group), _blocks(rows), True, _count(len(rows)))
        for group, rows in groups.items()
    )


def _count(fields: int) -> str:
    return f"{fields} field{'' if fields == 1 else 's'}"


def _blocks(rows: list[Assumption]) -> tuple[Paragraph | Assumptions, ...]:
    """The fields, after a word on how many are guesses."""
    guesses, all_rows = sum(row.guess for row in rows), Assumptions(tuple(rows))
    if not guesses:
        return (all_rows,)
    return Paragraph(f"{guesses} of them {'is a guess' if guesses == 1 else 'are guesses'} here."), all_rows


def _assumption(facts: FieldFacts, value: Any, source: Source | None, own: bool) -> Assumption:
    return Assumption(
        facts.path,
        facts.label,
        facts.unit,
        said(facts.default, facts),
        limits(facts),
        facts.help,
        facts.source,
        said(value, facts),
        _because(facts, value, source, own),
        source is not None and source.guess and not own,
    )


def _because(facts: FieldFacts, value: Any, source: Source | None, own: bool) -> str:
    """Where the value comes from: the user, the preset's source or guess, else the declaration."""
    if own:
        return "your own figure"
    if source is not None:
        return f"{'a guess: ' if source.guess else ''}{source.text}"
    if facts.path == "finance.start_month" and value:
        return "the month in which the scenario was begun"
    if facts.path in LEVERS and value:
        return "a lever: the user's own figure"
    return facts.source or "the neutral default"


def said(value: Any, facts: FieldFacts) -> str:
    """A value of a field for reading."""
    if value is None:
        return "none"
    if facts.kind == "flag":
        return "yes" if value else "no"
    if facts.numeric:
        return in_unit(float(value), facts)
    if isinstance(value, tuple | list | dict):
        return f"{len(value)} typed in" if _typed_in(value) else ", ".join(map(str, value)) or "none"
    return str(value)


def _typed_in(value: Any) -> bool:
    return (isinstance(value, dict) and bool(value)) or (bool(value) and not isinstance(next(iter(value)), str))


def in_unit(value: float, facts: FieldFacts) -> str:
    """A number of a field: shares in percent, everything else as it is."""
    return share(value) if facts.unit.split("/")[0] in IN_PERCENT else number(value)


def limits(facts: FieldFacts) -> str:
    """What a field accepts: its limits, its choices, or the meters that a plan must have."""
    if facts.numeric and facts.low is not None and facts.high is not None:
        words = f"{in_unit(facts.low, facts)} to {in_unit(facts.high, facts)}"
        words += ", whole" if facts.kind == "whole" else ""
        return f"{words}, or none" if facts.nullable else words
    if facts.options:
        return ", ".join(facts.options) + (", or none" if facts.nullable else "")
    if facts.kind == "flag":
        return "yes or no"
    if facts.kind == "reference":
        meters = " and ".join(facts.meters)
        return f"a plan with prices of {meters}, or none" if meters else "a plan of the price book, or none"
    return "a list" if facts.kind == "list" else "a text"
