"""Scenario and results as one JSON file: a scenario file, which opens in the app, with the answers of then beside it.

What is read back stands at the top, as in every scenario file. The answers stand in `made_with.answers`, which is
never read: whoever opens the file gets them worked out anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from costmodel import files
from costmodel.results import Run
from pricing.book import PriceBook, PriceError
from pricing.catalog import load_book
from pricing.exporting import as_dict
from report import tables, text
from report.imprint import Imprint


def scenario_and_results(imprint: Imprint) -> str:
    """The text of the file; a missing number is null, never 0."""
    run = imprint.run
    content = json.loads(files.written(run.scenario, _book_without_edits(run)))
    content["made_with"]["answers"] = _answers(imprint)
    return json.dumps(_known(content), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _book_without_edits(run: Run) -> PriceBook:
    """The book that a scenario's price edits were put on, as far as it can be told; else the one in use."""
    edits = run.scenario.price_edits
    if edits:
        try:
            if load_book().with_edits(edits) == run.book:
                return load_book()
        except PriceError:  # the edits belong to plans of a price file
            pass
    return run.book


def _answers(imprint: Imprint) -> dict[str, Any]:
    run, present = imprint.run, bool(imprint.present)
    results = run.as_dict()
    del results["scenario"]  # it is the file itself
    return {
        "about": {
            "model_version": imprint.model_version,
            "price_book": imprint.price_book,
            "date": imprint.today.isoformat(),
            "prices": imprint.price_dates,
            "link": imprint.link or None,
            "link_note": imprint.link_note or None,
            "shown": imprint.worth,
            "verdict": text.verdict(run, present).sentence,
            "conventions": dict(imprint.conventions),
            "not_included": imprint.excluded,
        },
        "results": results,
        "months": _months(run),
        "years": {
            "calendar_usd": _years(run, fiscal=False),
            "calendar_present_value_usd": _years(run, fiscal=False, present=True),
            "fiscal_usd": _years(run, fiscal=True),
            "fiscal_present_value_usd": _years(run, fiscal=True, present=True),
        },
        "prices_in_use": [
            {**as_dict(row), "typed_in": row.origin == "edit", "origin": row.origin} for row in run.rows_in_use
        ],
    }


def _months(run: Run) -> dict[str, Any]:
    """Months 0..H as columns: their calendar, the queries in them, and what each architecture costs."""
    table = tables.monthly(run)
    parts = {str(key): part for key, part in table.groupby("architecture", sort=False)}
    first = next(iter(parts.values()))
    shared = ["month", "date", "queries"]
    return {
        **{name: first[name].tolist() for name in shared},
        "architectures": {
            key: {name: part[name].tolist() for name in table.columns if name.endswith("_usd")}
            for key, part in parts.items()
        },
    }


def _years(run: Run, *, fiscal: bool, present: bool = False) -> dict[str, dict[str, float]]:
    """Architecture -> year -> cost [USD]."""
    found: dict[str, dict[str, float]] = {}
    for row in tables.by_year(run, fiscal=fiscal, present=present).to_dict("records"):
        found.setdefault(str(row["architecture"]), {})[str(row["year"])] = float(row["usd"])
    return found


def _known(value: Any) -> Any:
    """The value with null for every number that is not known."""
    if isinstance(value, Mapping):
        return {key: _known(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_known(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
