"""Price files: cells, columns, rows, quoting and bytes changed."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from pricing import importing
from pricing.catalog import load_book
from pricing.exporting import edits_csv
from pricing.price import FACTS, PriceError
from pricing.price_files import COLUMNS, parse_price_bytes, price_csv
from pricing.row_reader import parse
from pricing.units import METERS
from tests.fuzz.counted import ACCEPTED, REFUSED, Broken, Target
from tests.fuzz.mutations import ROWS, Draw, broken_bytes, one_of, words
from tests.fuzz.promises import in_plain_words, sound

TODAY = date(2026, 11, 14)

CELLS: dict[str, st.SearchStrategy[str]] = {
    "price_usd": one_of(
        *(
            "0",
            "1",
            "1e-300",
            "1e308",
            "1e309",
            "-1",
            "nan",
            "inf",
            "0.15",
            "0,15",
            "1,200",
            "1.200,00",
            "$3",
            "5e-324",
        ),
        *("1e9", "1000000001", "٣"),
    ),
    "tier_from": one_of("", "0", "128000", "0.5", "1e15", "1e16", "-1", "272000"),
    "minimum_usd": one_of("", "0", "25", "1e9", "-1", "x"),
    "included_quantity": one_of("", "0", "1", "1e15", "-1"),
    "effective_from": one_of("", "2026-11-01", "2027-01-01", "2026-02-30", "1/2/2026", "0001-01-01", "9999-12-31"),
    "effective_to": one_of("", "2026-11-01", "2027-01-01", "9999-12-31", "0001-01-01"),
    "as_of": one_of("", "2026-11", "2026-10-03", "2199-01", "yesterday"),
    "confidence": one_of("", "high", "medium", "low", "sure"),
    "meter": one_of(*METERS, "tokens", ""),
    "unit": one_of(*sorted({unit for each in METERS.values() for unit in each.units}), "USD/token", ""),
    "source": one_of("", "https://example.org", "a letter", "x" * 1_001),
    "note": one_of("", "free", "not free", "=1+1", "x" * 2_001),
    "reason": one_of("", "our contract", "x" * 501, "@cmd"),
    "bills_tokens": one_of("", "yes", "no", "true"),
    "retires_on": one_of("", "2027-03-01", "2026-02-30"),
    "successor": one_of("", "openai/gpt-6.1-sol", "x"),
}
numeric = one_of("", "1", "0", "-1", "0.5", "1e15", "1e16", "nan", "5e-324")


class PriceFile(NamedTuple):
    """A price file, and which of its doubts the user confirms."""

    content: bytes
    exclude: bool = True
    confirm: bool = True


@cache
def _lines() -> tuple[dict[str, str], ...]:
    """Rows of the book as the cells of a file: those that the default preset pays, and of every meter some."""
    used = {ref for plan in ("openai", "anthropic", "pinecone", "cohere") for ref in [plan]}
    chosen = [row for row in ROWS if row.provider in used][:60]
    for meter in METERS:
        chosen += [row for row in ROWS if row.meter == meter][:3]
    text = price_csv(chosen)
    return tuple(csv.DictReader(io.StringIO(text)))


@st.composite
def cases(draw: Draw) -> PriceFile:
    """A price file; some are sound, most are nearly so."""
    rows = [dict(row) for row in draw(st.lists(one_of(*_lines()), min_size=1, max_size=8))]
    for row in rows:
        for column in draw(st.lists(one_of("price_usd", *CELLS, *FACTS, "provider", "item"), max_size=3)):
            row[column] = draw(st.one_of(CELLS.get(column, numeric if column in FACTS else words), words))
        row.pop("price_id", None) if draw(st.booleans()) else None
    columns = list(draw(st.permutations([*COLUMNS, "reason"])))
    columns = columns[: draw(st.integers(4, len(columns)))] if draw(st.booleans()) else columns
    for required in ("provider", "item", "meter", "unit", "price_usd"):
        if required not in columns and draw(st.integers(0, 20)):
            columns.append(required)
    if draw(st.integers(0, 14)) == 0:
        columns.insert(draw(st.integers(0, len(columns))), draw(st.one_of(one_of("Price", "price_usd", "sep="), words)))
    if draw(st.integers(0, 9)) == 0:
        rows += rows
    content = draw(_written(columns, rows))
    return PriceFile(content, draw(st.booleans()), draw(st.booleans()))


@st.composite
def _written(draw: Draw, columns: list[str], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    mark = draw(one_of(",", ",", ",", ",", ",", ",", ";", "\t"))
    quoting: Any = draw(one_of(csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    writer = csv.writer(text, delimiter=mark, quoting=quoting, lineterminator=draw(one_of("\n", "\r\n", "\r")))
    writer.writerow(columns)
    for row in rows:
        cells = [row.get(column, "") for column in columns]
        if draw(st.integers(0, 39)) == 0:
            cells = cells[: draw(st.integers(0, len(cells)))] + [draw(words)] * draw(st.integers(0, 2))
        writer.writerow(cells)
    written = text.getvalue()
    match draw(st.integers(0, 24)):
        case 0:
            at = draw(st.integers(0, len(written)))
            written = (
                written[:at] + draw(one_of('"', "\0", "\ufeff", ",", "\n", "\r", "\x1a", "'", "\u2028")) + written[at:]
            )
        case 1:
            written = written + draw(
                one_of('"' + "x" * 200_000, "," * 200_000, "\n" * 200_000, "x" * 140_000, "a\n" * 9_000)
            )
        case 2:
            body = written.partition("\n")[2]
            written += body * min(draw(one_of(50, 400, 3_000)), 1_000_000 // max(len(body), 1))
        case 3:
            written = "\ufeff" * draw(one_of(1, 2)) + written
        case 4:
            return draw(broken_bytes(written.encode("utf-8", "replace")))
        case 5:
            return written.encode(draw(one_of("utf-16", "cp1252", "utf-8-sig", "utf-7")), "replace")
    return written.encode("utf-8", "replace")


@cache
def _scenario() -> Any:
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    return changed(resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY), {"price_edits": [edit]})


def judge(case: PriceFile) -> str:
    """Preview a file and apply it as the page does; the book of the command line takes it too, or says why not."""
    scenario, book = _scenario(), load_book()
    mine = book.with_edits(scenario.price_edits)
    if len(case.content) < 300_000:
        _on_the_command_line(case.content)
    try:
        found = importing.preview(case.content, "prices.csv", mine, date(2026, 12, 1), TODAY)
    except PriceError as error:
        in_plain_words([str(error)])
        return REFUSED
    in_plain_words([str(each) for each in found.refused] or ["none"])
    lines = {row.line for row in (*found.added, *found.unchanged)} | {each.new.line for each in found.changed}
    refused = {each.line for each in found.refused}
    if lines & refused:
        raise Broken(f"a line that is used and refused: {sorted(map(str, lines & refused))[:3]}")
    confirmed: Any = case.confirm or {each.line for each in found.suspicious[1:]}
    try:
        edits = importing.apply(found, exclude_refused=case.exclude, confirmed=confirmed)
    except importing.ImportNotReady as error:
        in_plain_words([str(error)])
        return REFUSED
    together = importing.combined(scenario.price_edits, edits)
    try:
        after = changed(scenario, {"price_edits": [edit.model_dump(exclude_none=True) for edit in together]})
        now = book.with_edits(after.price_edits)
    except (ScenarioError, PriceError) as error:
        raise Broken(f"a preview whose prices cannot be applied: {error}") from error
    run = sound(after)
    again = importing.preview(edits_csv(after.price_edits, book).encode(), "again.csv", now, None, TODAY)
    if again.refused or again.changed or again.added:
        raise Broken(f"exported edits that read back as others: {[*again.refused, *again.changed, *again.added][:2]!r}")
    return ACCEPTED if run is not None else REFUSED


def _on_the_command_line(content: bytes) -> None:
    try:
        rows = parse(content, "prices.csv", today=TODAY).rows
        load_book().with_rows(rows)
    except PriceError as error:
        in_plain_words([str(error)])
    try:
        parse_price_bytes(content, "prices.csv")
    except PriceError as error:
        in_plain_words([str(error)])


TARGET = Target("price CSV", cases(), judge)
