"""What must hold for whatever was accepted, and what a refusal must be like."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

from costmodel import link
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from costmodel.selfcheck import checks
from pricing.catalog import load_book
from tests.fuzz.counted import Broken

MOST_CHARACTERS = 1_200
"""Of one line of a refusal; the longest ones list the meters."""
_MACHINE_WORDS = re.compile(
    r"Traceback|pydantic|validation error|Input should|NoneType|<class|object at 0x|\bErrno\b|Value error,|unhashable|"
    r"not subscriptable|positional argument|codec can't|KeyError|TypeError|float\('nan'\)"
)


def in_plain_words(problems: Iterable[str]) -> None:
    """Every line of a refusal says something, can be printed, is no novel and has no words of a programmer."""
    lines = list(problems)
    if not lines:
        raise Broken("a refusal without words")
    for line in lines:
        if not line.strip():
            raise Broken(f"a refusal with an empty line: {lines!r:.200}")
        if len(line) > MOST_CHARACTERS:
            raise Broken(f"a refusal that does not end: {len(line)} characters, {line!r:.200}")
        if line != line.encode("utf-8", "replace").decode():
            raise Broken(f"a refusal that cannot be printed: {line!r:.200}")
        if found := _MACHINE_WORDS.search(line):
            raise Broken(f"a refusal in a programmer's words: {found[0]!r} in {line!r:.300}")


def sound(scenario: Scenario, run: Run | None = None) -> Run:
    """The answers of a scenario: totals are finite or missing, JSON takes them, and every check of them holds."""
    run = run or run_scenario(scenario, load_book())
    for key, answer in run.answers.items():
        for name in ("tco_usd", "present_value_usd", "run_rate_usd"):
            value = float(getattr(answer, name))
            if not math.isfinite(value) and not answer.missing:
                raise Broken(f"a total that is no number: {key}.{name} is {value}")
    json.dumps(run.as_dict(), allow_nan=False)
    for check in checks(run):
        if check.holds is False:
            raise Broken(f"a check that does not hold ({check.name}): {check.detail}")
    return run


def same_after_a_link(scenario: Scenario, view: dict[str, str], other: Any = None, made: Any = None) -> None:
    """A link of a scenario and a view restores both."""
    word = link.encoded(scenario, view, made, other)
    if len(word) > link.MAX_CHARACTERS:
        return
    again, seen = link.decoded(word)
    if again != scenario:
        raise Broken(f"a link that restores another scenario: {word}")
    if seen != view:
        raise Broken(f"a link that restores another view: {word}")
    if link.made_with(word) != made:
        raise Broken(f"a link that restores another maker: {word}")
