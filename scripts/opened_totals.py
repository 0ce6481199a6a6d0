"""Print the totals of every link and file that is kept in tests/fixtures/files, on the prices kept beside them.

python -m scripts.opened_totals > tests/fixtures/files/totals.json

Run it when the model moves, with a line in CHANGELOG; a total that moves without one means that an old link or file no
longer opens as what it was.
"""

from __future__ import annotations

import json
from pathlib import Path

from costmodel import MODEL_VERSION, files, link
from costmodel.made_with import restored
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.book import PriceBook
from pricing.catalog import load_book
from pricing.row_reader import read_prices

KEPT = Path(__file__).resolve().parents[1] / "tests/fixtures/files"
ASIDE = {"links.json", "totals.json", "stored-edits.json"}


def links() -> dict[str, str]:
    """The word of each kept link, by the model version that made it and its name."""
    kept = json.loads((KEPT / "links.json").read_text(encoding="utf-8"))
    return {f"{version} {name}": each["word"] for version, named in kept.items() for name, each in named.items()}


def scenario_files() -> dict[str, str]:
    """The text of each kept scenario file, by its name, which begins with the model version that wrote it."""
    kept = sorted(path for path in KEPT.glob("*.json") if path.name not in ASIDE)
    return {path.name: path.read_text(encoding="utf-8") for path in kept}


def book() -> PriceBook:
    """Today's book in which every plan of the kept links and files is as it was then."""
    return restored(load_book(), read_prices(KEPT / "prices.csv"))


def totals() -> dict[str, dict[str, float | None]]:
    """TCO [USD, to the cent] by link or file and architecture; None where a price is missing."""
    opened = {name: link.decoded(word)[0] for name, word in links().items()}
    opened |= {name: files.read(text, name) for name, text in scenario_files().items()}
    prices = book()
    return {name: _totals(scenario, prices) for name, scenario in opened.items()}


def _totals(scenario: Scenario, prices: PriceBook) -> dict[str, float | None]:
    answers = run_scenario(scenario, prices).answers
    return {key: None if answer.missing else round(answer.tco_usd, 2) for key, answer in answers.items()}


if __name__ == "__main__":
    print(json.dumps({"model_version": MODEL_VERSION, "tco_usd": totals()}, indent=1))
