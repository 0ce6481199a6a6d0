"""The monthly minimum of a vector store in months in which none is in force."""

from __future__ import annotations

import numpy as np

from costmodel.changes import changed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.book import Price
from pricing.catalog import load_book

NODES = {"provider": "acme", "item": "store", "meter": "nodes", "unit": "month", "gb_per_node": 1.0}


def test_where_no_minimum_is_in_force_a_missing_price_leaves_no_top_up_unknown():
    rows = [
        Price(**NODES, price_usd=90.0, minimum_usd=400.0, effective_to="2026-11-01"),
        Price(**NODES, price_usd=90.0, minimum_usd=400.0, effective_from="2027-04-01"),
    ]
    values = {"finance.start_month": "2027-02", "rag.vector_store": "acme/store", "rag.switched_off": ["vector_nodes"]}
    scenario = changed(PRESETS[DEFAULT_PRESET].scenario, values | {"finance.compared": ["rag"]})
    answer = run_scenario(scenario, load_book().with_rows(rows)).answers["rag"]
    (line,) = (line for line in answer.bill.lines if line.component == "vector_minimum")

    assert answer.missing == ""
    np.testing.assert_allclose(line.cost_usd[1:3], [0, 400 - 90])  # March and April
