"""Small bills that a person can recompute: one month of one plan of the book, through the whole model."""

from __future__ import annotations

from typing import Any

import numpy as np

from costmodel.changes import changed
from costmodel.results import Run
from costmodel.scenario import Scenario
from pricing.book import PriceBook
from pricing.catalog import load_book

ONE_MONTH = {"finance.start_month": "2026-11", "finance.horizon_months": 1, "finance.price_drift_annual.labour": 0}


def asked(book: PriceBook | None = None, **paths: Any) -> Run:
    """A scenario of one month; `corpus__documents=5` sets corpus.documents."""
    prices = load_book() if book is None else book
    values = {name.replace("__", "."): value for name, value in paths.items()}
    return Run(changed(Scenario(), ONE_MONTH | values, prices), prices)


def indexed(store: str | None, vectors: float, searches: float = 0, book: PriceBook | None = None, **paths: Any) -> Run:
    """So many vectors of 1,536 numbers of 4 bytes, one for each document, and so many searches a month."""
    few = {
        "finance__compared": ("rag",),
        "workload__queries_per_month": float(searches),
        "corpus__documents": float(vectors),
        "corpus__tokens_per_document": 10.0,
        "corpus__chunk_tokens": 10.0,
        "rag__embedding_dimensions": 1536.0,
        "rag__vector_store": store,
    }
    return asked(book, **few | paths)


def paid(run: Run, architecture: str, *components: str, month: int = 1, phase: str | None = None) -> float:
    """What the components (all of the vector store: `vector_`) cost in one month [USD]."""
    lines = next(answer for key, answer in run.answers.items() if key == architecture).bill.lines
    return float(
        sum(
            np.broadcast_to(line.cost_usd, run.inputs.months.shape)[month]
            for line in lines
            if line.component.startswith(components) and phase in (None, line.phase)
        )
    )


def store_bill(run: Run, month: int = 1, phase: str | None = None) -> float:
    """The whole bill of the vector store in a month [USD]."""
    return paid(run, "rag", "vector_", month=month, phase=phase)
