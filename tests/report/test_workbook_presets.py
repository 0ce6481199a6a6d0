"""Each preset's workbook, recomputed from its formulas alone by an independent engine."""

from __future__ import annotations

import pytest

from costmodel.changes import resolved
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report.imprint import imprint
from report.workbook import written
from report.workbook.model import live
from scripts.recomputed import Recomputed, difference, of_run
from tests.report.workbook_cases import DAY

CENT = 0.005


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_recomputes_to_the_totals_of_the_app(preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())
    book = Recomputed(written(imprint(run, DAY)))

    assert difference(book.totals(), of_run(run)) <= CENT


@pytest.mark.parametrize("preset", PRESETS)
def test_every_line_of_every_preset_is_live(preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())
    lines = [line for each in live(run).lines.values() for line in each]

    assert [line.line.component for line in lines if not line.live] == []
