"""Scenario files: reading with the place of every fault, writing complete ones. The shape is that of `Scenario`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from costmodel import MODEL_VERSION
from costmodel.changes import ScenarioError, merged, validated
from costmodel.presets import PRESETS
from costmodel.scenario import FORMAT_VERSION, Scenario

MAX_BYTES = 2_000_000
_WORDS = {type(None): "null", bool: "true or false", str: "a text", list: "a list"}


def read(text: str, name: str) -> Scenario:
    """The scenario in the JSON `text` of the file `name`; unnamed fields keep their preset's or default value.

    ScenarioError names file, line and column of broken JSON, and path, value and limits of a broken value.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ScenarioError([f"{name}: larger than {MAX_BYTES / 1e6:g} MB, the limit of a scenario file"])
    data = _parsed(text, name)
    version = data.get("format_version", FORMAT_VERSION)
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise ScenarioError(
            [
                f"{name}, format_version: {version!r} is not known; "
                f"this version of Crossover reads {FORMAT_VERSION}: open the file with the version that wrote it"
            ]
        )
    try:
        return with_preset(data | {"format_version": FORMAT_VERSION})
    except ScenarioError as error:
        raise ScenarioError([f"{name}, {problem}" for problem in error.problems]) from None


def with_preset(data: Mapping[str, Any]) -> Scenario:
    """The scenario of `data` laid over the preset that it names, if any."""
    preset = data.get("preset")
    if preset is not None and (not isinstance(preset, str) or preset not in PRESETS):
        raise ScenarioError([f"preset: {preset!r} is not a preset; use one of {', '.join(PRESETS)}, or null"])
    base = {} if preset is None else PRESETS[preset].scenario.model_dump(mode="json")
    return validated(merged(base, data) | {"model_version": MODEL_VERSION})


def written(scenario: Scenario) -> str:
    """The complete scenario as the text of a file."""
    return json.dumps(scenario.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=_not_a_number, object_pairs_hook=_named_once)
    except _NamedTwice as error:
        raise ScenarioError([f"{name}: '{error}' stands twice in one object; keep one of them"]) from None
    except json.JSONDecodeError as error:
        raise ScenarioError([f"{name} line {error.lineno}, column {error.colno}: {error.msg}"]) from None
    except RecursionError:
        raise ScenarioError([f"{name}: nested too deeply to be a scenario file"]) from None
    except _NotANumber as error:
        raise ScenarioError([f"{name}: {error} is not a number that JSON knows"]) from None
    except ValueError:  # a whole number of thousands of digits
        raise ScenarioError([f"{name}: holds a number with too many digits"]) from None
    if not isinstance(data, dict):
        found = _WORDS.get(type(data), "a number")
        raise ScenarioError([f"{name}: holds {found}; a scenario file is one object {{...}}"])
    return data


class _NamedTwice(ValueError):
    pass


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NamedTwice(key)
        found[key] = value
    return found


class _NotANumber(ValueError):
    pass


def _not_a_number(constant: str) -> None:
    raise _NotANumber(constant)
