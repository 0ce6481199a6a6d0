"""The words around one field: label, unit, what it was, where its default comes from, and the step of its buttons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from costmodel.fields import FieldFacts
from costmodel.presets import PRESETS, Source
from costmodel.scenario import ARCHITECTURES, FIELDS
from report import numbers
from report.palette import ARCHITECTURES as INKS

UNITS = {
    "share": "percent",
    "share/month": "percent a month",
    "share/year": "percent a year",
    "ratio": "times",
    "ms": "milliseconds",
    "tokens/s": "tokens a second",
}
"""Units in words."""
PERCENT = ("share", "share/month", "share/year")
"""Units that are read and written in percent."""
WORDS = {
    "serverless": "Serverless",
    "dedicated": "Dedicated",
    "self_hosted": "Self-hosted GPUs",
    "grounded": "Grounded",
    "routed": "Routed",
    "split": "Split",
}
EMPTY = {
    "finance.start_month": "the current month",
    "finance.budget_usd": "no budget",
    "hybrid.retrain_every_months": "as fine-tuning",
    "hybrid.router_model": "the tuned model",
    "hybrid.top_k": "as RAG",
    "quality.minimum_correct_share": "none required",
    "workload.max_queries_per_month": "no limit",
    "workload.queries_by_month": "no forecast",
    "workload.seasonality": "no season",
}
"""What an empty field means, where "none" says too little."""

MAKE_LEVER, UNMAKE_LEVER = "Make it a lever", "Take it off the levers"
NOTHING = "Nothing to reset"


def too_many_levers(path: str, pinned: Sequence[str]) -> str:
    """Why a field is not made a lever: there are three already."""
    names = numbers.listed([FIELDS[each].label for each in pinned])
    return f"{FIELDS[path].label} is not made a lever: three are the most, and {names} are. Take one off first."


def is_percent(facts: FieldFacts) -> bool:
    """Whether a field is entered and read in percent."""
    return facts.unit in PERCENT


def unit(facts: FieldFacts) -> str:
    """The unit of a field in words; "" when its label says it already."""
    said = UNITS.get(facts.unit, facts.unit.replace("/", " per "))
    return "" if said.split(" per ")[0].rstrip("s").lower() in facts.label.lower() else said


def empty(path: str) -> str:
    """What it means when this field holds nothing."""
    return EMPTY.get(path, "none")


def value(facts: FieldFacts, held: Any) -> str:
    """A value as it stands in its field: 10%, 1,250, none, Dedicated, RAG and Hybrid, 24 months pasted."""
    if held is None:
        return empty(facts.path)
    if facts.numeric:
        shown = _number(held * 100) + "%" if is_percent(facts) else _number(held)
        return shown.replace("-", numbers.MINUS)
    if isinstance(held, bool):
        return "on" if held else "off"
    if isinstance(held, tuple):
        return _several(held)
    return WORDS.get(str(held), str(held))


def _number(number: float) -> str:
    return f"{float(f'{number:.10g}'):,.10g}"


def _several(held: tuple[Any, ...]) -> str:
    if held and all(isinstance(each, int | float) for each in held):
        return f"{len(held)} numbers"
    named = [INKS[each].name if each in ARCHITECTURES else str(each).replace("_", " ") for each in held]
    return numbers.listed(named) or "none"


def mark(facts: FieldFacts, base: Any, now: Any, preset: str | None) -> str:
    """What stands below a field: its unit, and what it was before it was changed, or that the preset guesses it."""
    source = _source(facts, preset)
    guess = "a guess" if source is not None and source.guess else ""
    parts = (unit(facts), f"was {value(facts, base)}" if is_changed(facts, base, now) else guess)
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)


def is_changed(facts: FieldFacts, base: Any, now: Any) -> bool:
    """Whether a field says something else than its preset; a month for an empty build month is none of the user's."""
    return bool(now != base) and not (facts.path == "finance.start_month" and base is None)


def _source(facts: FieldFacts, preset: str | None) -> Source | None:
    known = PRESETS.get(preset or "")
    return known.sources.get(facts.path) if known else None


def reset_to(facts: FieldFacts, base: Any) -> str:
    """The name of the button that puts one field back."""
    return f"Reset to {numbers.shortened(value(facts, base), 40)}"


def reset_group(changed: int) -> str:
    """What the button that puts a group back does."""
    return f"Put {_counted(changed)} back" if changed else "Nothing is changed here"


def _counted(fields: int) -> str:
    return "1 field" if fields == 1 else f"{fields} fields"


def changed_of(changed: int, fields: int) -> str:
    """How many fields differ from the preset."""
    return f"{changed} of {fields} changed"


def help_words(facts: FieldFacts, preset: str | None, base: Any) -> str:
    """What a field means, and where the value that it starts with comes from."""
    said = facts.help if not facts.help or facts.help.endswith(".") else f"{facts.help}."
    return " ".join(part for part in (said, _origin(facts, _source(facts, preset), base)) if part)


def _origin(facts: FieldFacts, source: Source | None, base: Any) -> str:
    start = value(facts, base)
    if source is not None and source.guess:
        return f"{capital(start)} is a guess: {source.text}."
    if source is not None:
        return f"Source of {start}: {source.text}."
    if facts.source:
        return f"Source of {start}: {facts.source}."
    return f"{capital(start)} to begin with: neutral, no source says more."


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def step(facts: FieldFacts, base: float | None) -> float:
    """By how much the buttons of a number move it: a round tenth or so of the value it starts with.

    Whole numbers and small percentages move by 1; a field that starts at nothing by a step of its unit.
    """
    if facts.kind == "whole":
        return 1
    start = abs(base or 0.0) * (100 if is_percent(facts) else 1)
    if is_percent(facts):
        return 0.1 if 0 < start < 1 else 1.0 if start < 50 else 5.0
    if not start:
        return _FIRST_STEPS.get(facts.unit.split("/")[0], 1.0)
    return max(round_step(start), _LEAST_STEPS.get(facts.unit.split("/")[0], 1.0))


def round_step(start: float) -> float:
    """A round number about a tenth of `start`: 100 goes by 10, 300 by 20, 800 by 50; nothing goes by 1."""
    if not start:
        return 1.0
    leading = 10.0 ** math.floor(math.log10(abs(start)))
    share = 0.1 if start < 2 * leading else 0.2 if start < 5 * leading else 0.5
    return float(f"{leading * share:.1g}")


def typed(number: float) -> float:
    """A worked-out number as somebody would type it: six digits."""
    return float(f"{number:.6g}")


_LEAST_STEPS: Mapping[str, float] = {
    **dict.fromkeys(("hours", "weeks", "months"), 0.5),
    **dict.fromkeys(("USD", "ratio", "calls"), 0.0),
}
_FIRST_STEPS: Mapping[str, float] = {"tokens": 10.0, "USD": 100.0, "queries": 1000.0, "ms": 50.0, "examples": 100.0}


def menu(facts: FieldFacts) -> str:
    """The name of a field's menu."""
    return f"{facts.label}: reset, lever"


DISCOUNTS = "Negotiated discounts"
DISCOUNT_HELP = "Negotiated, on all prices of this provider; shown in every export."


def discount_label(provider: str) -> str:
    """The label of a negotiated discount."""
    return f"Discount at {provider}, %"


def discount_menu(provider: str) -> str:
    """The name of a discount's menu."""
    return f"Discount at {provider}: reset"


def was_share(share: float) -> str:
    """What a discount was."""
    return f"was {_number(share * 100)}%"


def reset_share(share: float) -> str:
    """The name of the button that puts a discount back."""
    return f"Reset to {_number(share * 100)}%"
