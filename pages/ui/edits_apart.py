"""Price edits that do not fit into a link: packed for the browser's own storage, and read back with distrust."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from typing import Any

from costmodel.changes import ScenarioError
from costmodel.scenario import Scenario

MAX_PACKED_CHARACTERS = 1_000_000
MAX_UNPACKED_BYTES = 3_000_000
_KEY = re.compile(r"[0-9a-f]{20}")


def packed(scenario: Scenario) -> tuple[str, str]:
    """(key, text) of the edits of a scenario. The key is a hash of them, so that it names no others."""
    edits = [edit.model_dump(mode="json", exclude_defaults=True) for edit in scenario.price_edits]
    raw = json.dumps(edits, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return key_of(raw), base64.b64encode(zlib.compress(raw, 6)).decode()


def unpacked(key: str, text: object) -> list[Any]:
    """The edits in a stored text, not yet checked one by one. ScenarioError when it is not what the key names."""
    if not isinstance(text, str) or len(text) > MAX_PACKED_CHARACTERS:
        raise ScenarioError([_damaged()])
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.b64decode(text, validate=True), MAX_UNPACKED_BYTES)
        whole = unpacker.eof and not unpacker.unconsumed_tail
        edits = json.loads(raw) if whole and key_of(raw) == key else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        edits = None
    if not isinstance(edits, list):
        raise ScenarioError([_damaged()])
    return edits


def key_of(raw: bytes) -> str:
    """Name of stored edits."""
    return hashlib.sha256(raw).hexdigest()[:20]


def is_key(word: object) -> bool:
    """Whether a word of the address can be the name of stored edits."""
    return isinstance(word, str) and _KEY.fullmatch(word) is not None


def _damaged() -> str:
    return "the typed-in prices that this browser kept are damaged; open the scenario file instead"
