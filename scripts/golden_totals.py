"""Print the totals of all presets, the build pinned to November 2026, as the golden file holds them.

python -m scripts.golden_totals > tests/golden/preset_totals.json
"""

from __future__ import annotations

import json

from costmodel import MODEL_VERSION
from costmodel.changes import changed
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book

START_MONTH = "2026-11"


def totals() -> dict[str, dict[str, float | None]]:
    """TCO [USD, to the cent] by preset and architecture, plain prompting as a reference among them."""
    found = {}
    for key, preset in PRESETS.items():
        run = run_scenario(changed(preset.scenario, {"finance.start_month": START_MONTH}), load_book())
        answers = dict(run.answers)
        if run.prompting is not None:
            answers["prompting"] = run.prompting
        found[key] = {name: None if each.missing else round(each.tco_usd, 2) for name, each in answers.items()}
    return found


if __name__ == "__main__":
    golden = {"model_version": MODEL_VERSION, "start_month": START_MONTH, "tco_usd": totals()}
    print(json.dumps(golden, indent=1))
