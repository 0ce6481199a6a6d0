"""The line of a typed-in cost."""

import pytest

from costmodel.scenario import ExtraCost
from report import extra_text


def cost(**values):
    said = {"architecture": ["rag"], "component": "vector_flat", "phase": "recurring", "months": [1, 24], **values}
    return ExtraCost.model_validate(said)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (cost(usd_per_month=26.0), "vector flat: 26 USD a month, RAG, months 1 to 24"),
        (cost(usd_per_month=-1250.0), "vector flat: −1,250 USD a month, RAG, months 1 to 24"),
        (cost(usd=900.0, architecture=["rag", "hybrid"]), "vector flat: 900 USD once, RAG and Hybrid, month 1"),
        (cost(usd_per_query=0.002, months=[3, 3]), "vector flat: 0.002 USD a query, RAG, month 3"),
    ],
)
def test_a_typed_in_cost_says_what_how_much_who_and_when(typed, line):
    assert extra_text.line(typed) == line
