"""Links: what differs from the preset, in one checked and versioned word of the address."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from costmodel.changes import ScenarioError, changed, differing
from costmodel.made_with import MadeWith, parsed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import Scenario

FORMAT = "1"
MAX_CHARACTERS = 8_000
MAX_UNPACKED_BYTES = 400_000
COMPRESS_FROM_BYTES = 120
CARRIED = ("name",)
"""Besides the fields: what a link restores though nothing is computed from it."""


def encoded(
    scenario: Scenario,
    view: Mapping[str, str] | None = None,
    made: MadeWith | None = None,
    other: Mapping[str, Any] | None = None,
) -> str:
    """One word that restores `scenario` (its start month resolved) and `view`: `format.checksum.mode payload`.

    `made` says under which price book and model it was made, and which totals it had then; `other` is what
    `costmodel.other.packed` gives of a scenario to compare with.
    """
    content: dict[str, Any] = {"p": scenario.preset, "d": values_of(scenario, base_of(scenario.preset))}
    if view:
        content["v"] = dict(view)
    if made is not None:
        content["m"] = [made.price_book, made.model_version, dict(made.totals_usd)]
    if other is not None:
        content["b"] = other
    raw = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    packed = b"z" + zlib.compress(raw, 9) if len(raw) > COMPRESS_FROM_BYTES else b"j" + raw
    text = base64.urlsafe_b64encode(packed[1:]).decode().rstrip("=")
    return f"{FORMAT}.{zlib.crc32(raw):08x}.{packed[:1].decode()}{text}"


def values_of(scenario: Scenario, base: Scenario) -> dict[str, Any]:
    """Path -> value of all that a link carries of a scenario over a `base`; the start month always."""
    dumped = scenario.model_dump(mode="json", exclude_defaults=False)
    values = {path: _at(dumped, path) for path in differing(scenario, base)}
    values["finance.start_month"] = scenario.finance.start_month
    values |= {name: dumped[name] for name in CARRIED if getattr(base, name) != getattr(scenario, name)}
    if "price_edits" in values:
        values["price_edits"] = [edit.model_dump(mode="json", exclude_defaults=True) for edit in scenario.price_edits]
    return values


def decoded(word: str) -> tuple[Scenario, dict[str, str]]:
    """Scenario and view that a link carries. ScenarioError says what is wrong and what to do instead."""
    content = _content(word)
    view = content.get("v") or {}
    return _restored(content), {str(k): str(v) for k, v in view.items()} if isinstance(view, dict) else {}


def made_with(word: str) -> MadeWith | None:
    """The price book, model and totals that a link was made with; None for a link that does not say.

    ScenarioError as for `decoded`. The prices of then are not in a link: only a file can restore them.
    """
    made = _content(word).get("m")
    if made is None:
        return None
    try:
        book, model, totals = made
        return parsed({"price_book": book, "model_version": model, "totals_usd": totals})
    except (TypeError, ValueError):
        raise ScenarioError(["the link does not say properly what it was made with; copy it again, in full"]) from None


def other_of(word: str) -> object:
    """What a link carries of a scenario to compare with, for `costmodel.other.unpacked`; None for nothing.

    ScenarioError as for `decoded`.
    """
    return _content(word).get("b")


def _content(word: str) -> dict[str, Any]:
    if len(word) > MAX_CHARACTERS:
        long = f"the link has {len(word):,} characters, {MAX_CHARACTERS:,} are the limit; share the scenario as a file"
        raise ScenarioError([long])
    version, _, rest = word.partition(".")
    checksum, _, payload = rest.partition(".")
    if version != FORMAT:
        raise ScenarioError([f"the link has the format '{version[:20]}'; this version of Crossover reads {FORMAT}"])
    raw = _unpacked(payload)
    if f"{zlib.crc32(raw):08x}" != checksum:
        raise ScenarioError(["the link is damaged (its checksum does not fit); copy it again, in full"])
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise ScenarioError(["the link is damaged (its content cannot be read); copy it again, in full"]) from None
    if not isinstance(content, dict) or not isinstance(content.get("d"), dict):
        raise ScenarioError(["the link holds no scenario; copy it again, in full"])
    return content


def _restored(content: Mapping[str, Any]) -> Scenario:
    try:
        return changed(base_of(content.get("p")), content["d"])
    except ScenarioError as error:
        raise ScenarioError([f"the link, {problem}" for problem in error.problems]) from None


def base_of(preset: object) -> Scenario:
    """What a scenario's differences are measured from: its preset, or the neutral defaults."""
    if preset is None:
        return Scenario()
    if not isinstance(preset, str) or preset not in PRESETS:
        raise ScenarioError([f"preset {str(preset)[:60]!r} is not known here; the presets are {', '.join(PRESETS)}"])
    return PRESETS[preset].scenario


def _at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for name in path.split("."):
        value = None if value is None else value[name]
    return value


def _unpacked(payload: str) -> bytes:
    mode, text = payload[:1], payload[1:]
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if mode == "j":
            return packed
        if mode == "z":
            unpacker = zlib.decompressobj()
            raw = unpacker.decompress(packed, MAX_UNPACKED_BYTES)
            if not unpacker.unconsumed_tail and unpacker.eof:
                return raw
    except (binascii.Error, zlib.error, ValueError):
        pass
    raise ScenarioError(["the link is damaged or cut off; copy it again, in full"])


__all__ = [
    "DEFAULT_PRESET",
    "FORMAT",
    "MAX_CHARACTERS",
    "base_of",
    "decoded",
    "encoded",
    "made_with",
    "other_of",
    "values_of",
]
