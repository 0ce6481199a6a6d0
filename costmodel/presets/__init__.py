"""Named scenarios, each value with its source or marked as a guess; volume and growth are the user's levers."""

from __future__ import annotations

from costmodel.presets.akoode import LEGAL_ASSISTANT
from costmodel.presets.gaber import PRICES_IN_VOICE, SEVEN
from costmodel.presets.preset import Preset, Source
from costmodel.presets.veld import PUBLISHED_HIGH, PUBLISHED_LOW, ROUTED_SUPPORT

DEFAULT_PRESET = PRICES_IN_VOICE.id

PRESETS: dict[str, Preset] = {
    each.id: each for each in (*SEVEN, ROUTED_SUPPORT, PUBLISHED_LOW, PUBLISHED_HIGH, LEGAL_ASSISTANT)
}

__all__ = ["DEFAULT_PRESET", "PRESETS", "Preset", "Source"]
