"""Reports as CSV to test, and how an analyst takes them apart."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pandas as pd

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report import cost_csv
from report.imprint import imprint

DAY = date(2026, 11, 14)
BASE = resolved(PRESETS[DEFAULT_PRESET].scenario, DAY)


def run_of(values: dict[str, Any] | None = None) -> Run:
    """The preset of the first visit with some values changed."""
    return run_scenario(changed(BASE, values or {}, load_book()), load_book())


def typed_in(component: str = "licence", note: str = "", phase: str = "recurring") -> dict[str, Any]:
    """A typed-in cost of 10 USD in each month of operation."""
    cost = {"architecture": "rag", "component": component, "phase": phase, "months": [1, 24], "usd_per_month": 10.0}
    return {"extra_costs": [{**cost, "note": note}]}


def summary(run: Run, present: bool | None = None) -> str:
    """The monthly summary of a day."""
    return cost_csv.summary(imprint(run, DAY, present=present))


def full_ledger(run: Run, present: bool | None = None) -> str:
    """The full ledger of a day."""
    return cost_csv.full_ledger(imprint(run, DAY, present=present))


def table(text: str) -> pd.DataFrame:
    """The table as an analyst reads it."""
    return pd.read_csv(io.StringIO(text), comment="#")


def comments(text: str) -> list[str]:
    """The lines above the table."""
    return [line for line in text.split("\n") if line.startswith("#")]


def facts(text: str) -> dict[str, str]:
    """Key -> value of the comment lines."""
    return dict(line.removeprefix("# ").split(": ", 1) for line in comments(text))


def body(text: str) -> str:
    """Everything below the comment lines."""
    return text[sum(len(line) + 1 for line in comments(text)) :]


PLAIN = run_of()
SUMMARY, LEDGER = summary(PLAIN), full_ledger(PLAIN)
