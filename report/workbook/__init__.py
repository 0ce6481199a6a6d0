"""The answer as an Excel workbook with live formulas.

The model computes with terms that know what they are made of; here each becomes a formula over the input cells, checked
against the model for other values of all inputs at once. What no formula explains stands as a value and is marked so.
"""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from report.imprint import Imprint
from report.workbook import input_sheets, month_sheets
from report.workbook.model import live
from report.workbook.sheets import NAMES, Sheets
from report.workbook.sources_sheet import sources
from report.workbook.style import harmless
from report.workbook.summary_sheet import Summary

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def written(imprint: Imprint) -> bytes:
    """The bytes of the workbook; the same for the same scenario, prices, day and version."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    day = imprint.today
    book.set_properties(
        {
            "title": harmless(imprint.scenario)[:250],
            "subject": "What RAG, fine-tuning and a hybrid cost",
            "comments": f"Crossover model {imprint.model_version}, price book {imprint.price_book}",
            "created": datetime(day.year, day.month, day.day),
        }
    )
    book.set_calc_mode("auto")
    for name in NAMES:
        book.add_worksheet(name)
    sheets = Sheets(book, imprint, live(imprint.run))
    places = month_sheets.Monthly(sheets)
    input_sheets.assumptions(sheets)
    input_sheets.prices(sheets)
    month_sheets.monthly(sheets, places)
    ledger_rows = month_sheets.the_ledger(sheets)
    free = month_sheets.workings(sheets)
    Summary(sheets, places, ledger_rows, free).write()
    sources(sheets)
    book.close()
    return out.getvalue()
