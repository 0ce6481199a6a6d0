"""Recompute the workbooks of all presets, every live cell moved in turn, and compare with the model.

In Python (pycel) each preset and each live cell; in LibreOffice, which is installed on Debian when it is missing, each
preset as it stands and each live cell of the default preset. Stored values are dropped first, so that nothing but a
recomputation can give an answer.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl

from costmodel.changes import resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report.imprint import imprint
from report.workbook import written
from scripts.recomputed import (
    HEAD,
    LiveCell,
    Recomputed,
    Totals,
    difference,
    live_cells,
    moved,
    of_run,
    other_value,
)

DAY = date(2026, 11, 14)
CENT = 0.005
PROGRAMS = ("soffice", "libreoffice")
MOST_SECONDS = 1800


def office() -> str | None:
    """LibreOffice's program, installed on Debian when it is missing; None where that cannot be."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    apt = shutil.which("apt-get")
    if found or apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return found
    print("Installing LibreOffice Calc ...")
    subprocess.run([apt, "update", "-q"], check=False)
    subprocess.run([apt, "install", "-y", "-q", "--no-install-recommends", "libreoffice-calc"], check=False)
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def run_of(preset: str) -> Run:
    """The run of a preset on the day of the check."""
    return run_scenario(resolved(PRESETS[preset].scenario, DAY), load_book())


def in_python() -> Iterator[str]:
    """What differs in the Python engine, in words."""
    for preset in PRESETS:
        run = run_of(preset)
        content = written(imprint(run, DAY))
        book, cells = Recomputed(content), live_cells(content)
        found = [("as it stands", difference(book.totals(), of_run(run)))]
        for cell in cells:
            value = other_value(cell)
            with book.holding(cell, value):
                found.append(
                    (f"{_words(cell)} = {value:g}", difference(book.totals(), of_run(moved(run, cell, value))))
                )
        wrong = [f"{preset}, {words}: {gap:,.2f}" for words, gap in found if gap > CENT]
        print(f"pycel        {preset:24} {len(cells):4} live cells, largest difference {max(g for _, g in found):.1e}")
        yield from wrong


def in_office(program: str) -> Iterator[str]:
    """What differs in LibreOffice, in words."""
    expected: dict[str, tuple[str, Totals]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for preset in PRESETS:
            run = run_of(preset)
            content = written(imprint(run, DAY))
            _without_values(content, Path(folder) / f"{preset}.xlsx")
            expected[preset] = (f"{preset}, as it stands", of_run(run))
            for number, cell in enumerate(live_cells(content) if preset == DEFAULT_PRESET else []):
                value, name = other_value(cell), f"{preset}-{number:03}"
                _without_values(content, Path(folder) / f"{name}.xlsx", cell, value)
                expected[name] = (f"{preset}, {_words(cell)} = {value:g}", of_run(moved(run, cell, value)))
        recomputed = Path(folder) / "recomputed"
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        files = [str(Path(folder) / f"{name}.xlsx") for name in expected]
        command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(recomputed), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=MOST_SECONDS)
        gaps = {words: difference(_totals(recomputed / f"{name}.xlsx"), usd) for name, (words, usd) in expected.items()}
    print(f"LibreOffice  {len(expected)} workbooks, largest difference {max(gaps.values()):.1e}")
    yield from (f"LibreOffice, {words}: {gap:,.2f}" for words, gap in gaps.items() if gap > CENT)


def _words(cell: LiveCell) -> str:
    return " ".join([*cell.key, cell.path]) if cell.key else cell.path


def _without_values(content: bytes, path: Path, cell: LiveCell | None = None, value: float = 0.0) -> None:
    """The workbook with its formulas alone, and another value in one cell."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    if cell is not None:
        sheet, _, place = cell.address.partition("!")
        book[sheet][place] = value
    book.save(path)


def _totals(path: Path) -> Totals:
    """Cost by architecture and month, as LibreOffice stored it."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Monthly"]
    rows = list(sheet.iter_rows(min_row=HEAD, values_only=True))
    cost = rows[0].index("Cost")
    return {(row[0], row[1]): row[cost] if isinstance(row[cost], int | float) else float("nan") for row in rows[1:]}


def main() -> int:
    """Check in both; 1 when something differs or LibreOffice cannot be had."""
    wrong = list(in_python())
    program = office()
    if program is None:
        print("LibreOffice is not here and cannot be installed: install libreoffice-calc and run this again.")
    else:
        wrong += in_office(program)
    print("\n".join(wrong) or "Every total agrees to the cent.")
    return 1 if wrong or program is None else 0


if __name__ == "__main__":
    sys.exit(main())
