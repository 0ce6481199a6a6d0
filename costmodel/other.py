"""The other scenario that one is compared with, and how a link carries it: as its difference from the first.

A pinned copy differs in a few fields, a preset in most; from its own preset it may differ in none. A link carries the
shorter of the two differences.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from costmodel.changes import ScenarioError, changed
from costmodel.link import base_of, values_of
from costmodel.made_with import MadeWith, parsed
from costmodel.scenario import Scenario
from pricing.book import PriceEdit

Kind = Literal["pin", "preset", "file", "link"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIRST, PRESET = "a", "p"
"""What a difference is measured from."""
EDITS = "price_edits"
_DAMAGED = "its content cannot be read; copy the link again, in full"


@dataclass(frozen=True)
class Other:
    """A scenario to compare with (its start month resolved), where it came from, and what it says it was made with.

    `made` is kept only where its totals of then were others than they are now.
    """

    scenario: Scenario
    kind: Kind = "pin"
    made: MadeWith | None = None


def beginning_with(scenario: Scenario, first: Scenario) -> Scenario:
    """The scenario; one without a build month of its own gets that of the first."""
    if scenario.finance.start_month is not None:
        return scenario
    finance = scenario.finance.model_copy(update={"start_month": first.finance.start_month})
    return scenario.model_copy(update={"finance": finance})


def packed(other: Other, first: Scenario) -> dict[str, Any]:
    """What a link to `first` carries of the other scenario, as plain values; `unpacked` reads it back."""
    content: dict[str, Any] = {"k": other.kind, "p": other.scenario.preset}
    if other.made is not None:
        content["m"] = [other.made.price_book, other.made.model_version, dict(other.made.totals_usd)]
    ways = [{**content, "f": FIRST, "d": _from_first(other.scenario, first)}]
    if other.scenario.preset is not None:
        values = values_of(other.scenario, base_of(other.scenario.preset))
        ways.append({**content, "f": PRESET, "d": values})
    return min(ways, key=lambda way: len(json.dumps(way)))


def _from_first(scenario: Scenario, first: Scenario) -> dict[str, Any]:
    values = values_of(scenario, first)
    if values["finance.start_month"] == first.finance.start_month:
        del values["finance.start_month"]
    if EDITS in values:
        values[EDITS] = _runs(values[EDITS], scenario.price_edits, first.price_edits)
    return values


def _runs(dumped: Sequence[Any], edits: Sequence[PriceEdit], known: Sequence[PriceEdit]) -> list[Any]:
    """Typed-in prices in their order: those of the first scenario as [from, to] of its list, the others in full."""
    place = {edit: number for number, edit in enumerate(known)}
    found: list[Any] = []
    for edit, content in zip(edits, dumped, strict=True):
        number = place.get(edit)
        if number is None:
            found.append(content)
        elif found and isinstance(found[-1], list) and found[-1][1] == number:
            found[-1][1] = number + 1
        else:
            found.append([number, number + 1])
    return found


def rests_on_first(content: object) -> bool:
    """Whether what a link carries can be read only with the first scenario at hand, typed-in prices included."""
    return not (isinstance(content, Mapping) and content.get("f") == PRESET)


def unpacked(content: object, first: Scenario) -> Other:
    """The other scenario of a link to `first`. ScenarioError names the place, the value and the way out."""
    if not isinstance(content, Mapping) or not isinstance(content.get("d"), Mapping):
        raise ScenarioError([f"the scenario to compare with: {_DAMAGED}"])
    kind = content.get("k")
    try:
        own = base_of(content.get("p"))
        values = dict(content["d"])
        if rests_on_first(content):
            values |= {EDITS: _without_runs(values[EDITS], first.price_edits)} if EDITS in values else {}
            scenario = changed(first, values).model_copy(update={"preset": content.get("p")})
        else:
            scenario = changed(own, values)
        made = _made(content.get("m"))
    except ScenarioError as error:
        raise ScenarioError([f"the scenario to compare with, {problem}" for problem in error.problems]) from None
    known = cast(Kind, kind) if kind in KINDS else "link"
    return Other(beginning_with(scenario, first), known, made)


def _without_runs(content: object, known: Sequence[PriceEdit]) -> Any:
    if not isinstance(content, list):
        return content  # refused with its place like every other value
    found: list[Any] = []
    for each in content:
        if not isinstance(each, list):
            found.append(each)
            continue
        whole = len(each) == 2 and all(isinstance(number, int) for number in each)
        if not whole or not 0 <= each[0] < each[1] <= len(known):
            raise ScenarioError([f"price_edits: {_DAMAGED}"])
        found += known[each[0] : each[1]]
    return found


def _made(content: object) -> MadeWith | None:
    if content is None:
        return None
    names = ("price_book", "model_version", "totals_usd")
    known = dict(zip(names, content, strict=False)) if isinstance(content, list) else content
    try:
        return parsed(known)
    except ValueError:
        raise ScenarioError([f"what it was made with: {_DAMAGED}"]) from None
