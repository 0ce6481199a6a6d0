"""What a preset is: a scenario, the source of each of its values, and what its source advises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from costmodel.changes import changed
from costmodel.scenario import ARCHITECTURES, Architecture, Scenario


@dataclass(frozen=True)
class Source:
    """Where a value comes from; a guess says what it was thought of, not where it was found."""

    text: str
    guess: bool = False


@dataclass(frozen=True, eq=False)
class Preset:
    """A scenario to start from, why its figures are what they are, and what its source advises."""

    id: str
    scenario: Scenario
    reason: str
    advice: str
    advises: tuple[Architecture, ...]
    """The architectures that the source recommends; "both" is the hybrid."""
    sources: Mapping[str, Source]

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name


Value = tuple[Any, Source]


def sourced(text: str) -> Source:
    """A value that somebody published, or that follows from published ones by the arithmetic given."""
    return Source(text)


def guess(text: str) -> Source:
    """A value that nobody published."""
    return Source(text, guess=True)


def on_every_side(field: str, value: Any, source: Source) -> dict[str, Value]:
    """The same value of `field` in each of the four architectures."""
    return {f"{side}.{field}": (value, source) for side in ARCHITECTURES}


def preset(
    id_: str,
    name: str,
    reason: str,
    advice: str,
    advises: tuple[Architecture, ...],
    common: Mapping[str, Value],
    own: Mapping[str, Value],
) -> Preset:
    """The preset of the values in `common`, with `own` laid over them; all other fields keep their neutral default."""
    values = {**common, **own}
    scenario = changed(Scenario(name=name, preset=id_), {path: value for path, (value, _) in values.items()})
    return Preset(id_, scenario, reason, advice, advises, {path: source for path, (_, source) in values.items()})
