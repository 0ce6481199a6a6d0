"""Write the Method as Markdown: `python -m report.method > docs/method.md`."""

from __future__ import annotations

import sys
from datetime import date

from costmodel.changes import resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report.method import chapters, headline, lead
from report.method.markdown import document

START = date(2026, 11, 1)
"""Build month of the preset that the text shows, so that it does not depend on the day."""


def text() -> str:
    """The Method with the values of the default preset."""
    run = run_scenario(resolved(PRESETS[DEFAULT_PRESET].scenario, START), load_book())
    return document(headline(), lead(), chapters(run))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(text())
