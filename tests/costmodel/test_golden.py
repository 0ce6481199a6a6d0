"""Totals of all presets as they were last agreed on: they move only together with a line of the changelog."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from costmodel import MODEL_VERSION
from costmodel.presets import PRESETS
from scripts.golden_totals import totals

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests/golden/preset_totals.json").read_text(encoding="utf-8"))
CENT = 0.011


def test_every_preset_has_its_golden_totals():
    assert list(GOLDEN["tco_usd"]) == list(PRESETS)


@pytest.fixture(scope="module")
def now():
    return totals()


@pytest.mark.parametrize("preset", PRESETS)
def test_no_total_has_moved(now, preset):
    assert now[preset] == pytest.approx(GOLDEN["tco_usd"][preset], abs=CENT)


def test_the_changelog_states_the_golden_totals_of_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = changelog.split(f"## {MODEL_VERSION} ")[1].split("\n## ")[0]
    unsaid = [
        f"{preset} {key} {usd:,.2f}"
        for preset, sums in GOLDEN["tco_usd"].items()
        for key, usd in sums.items()
        if f"{usd:,.2f}" not in next(line for line in section.splitlines() if f"| {preset} |" in line)
    ]

    assert GOLDEN["model_version"] == MODEL_VERSION
    assert unsaid == []
