"""What a chart shows as a file of numbers: lines of `# key: value` that say what it assumed, then its table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from urllib.parse import quote

from report.chart_data import Data
from report.cost_csv import encoded
from report.csv_cells import cell, one_cell
from report.imprint import Imprint

_KEPT_IN_LINKS = "/:?#[]@!$&()*+=%~"
"""Signs of an address that stay as they are; a comma would end its cell."""


def written(data: Data, imprint: Imprint) -> bytes:
    """The bytes of the file; numbers in full, text that no spreadsheet takes for a formula."""
    out = io.StringIO()
    for key, value in _header(data, imprint):
        out.write(f"# {one_cell(key)}: {one_cell(value)}\n")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(data.table.columns)
    for row in data.table.itertuples(index=False, name=None):
        writer.writerow([cell(value) for value in row])
    return encoded(out.getvalue())


def _header(data: Data, imprint: Imprint) -> Iterator[tuple[str, str]]:
    yield "report", f"Crossover chart - {data.title}"
    yield "model_version", imprint.model_version
    yield "price_book", imprint.price_book
    yield "date", imprint.today.isoformat()
    yield "scenario", imprint.scenario
    yield "link", quote(imprint.link, safe=_KEPT_IN_LINKS) or imprint.link_note
    if imprint.link and imprint.link_note:
        yield "link note", imprint.link_note
    yield "horizon", f"{imprint.run.horizon} months"
    yield "amounts", imprint.worth
    yield "price dates", imprint.price_dates
    yield from ((f"convention {name}", words) for name, words in imprint.conventions)
    yield "not included", imprint.excluded
