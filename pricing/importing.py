"""Prices out of an uploaded CSV file: shown as a preview, and applied only when all of it is sound and confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pricing.book import PriceBook
from pricing.contradictions import Contradiction
from pricing.moves import Change, Listed, Suspicion, compared, suspicions, unmoved
from pricing.price import Price, PriceEdit, PriceError
from pricing.row_reader import MAX_REASON, Parsed, Refused, parse
from pricing.schedules import endless, free_said, typed_in

MAX_DATES: Final = 200
"""Dated rows that one price may have in a file."""

_MAX_TRIALS: Final = 50
"""Rows of one plan that are refused one by one; more of them are refused together."""

_ENDLESS: Final = (
    "no price follows this one, and a price that is typed in cannot end; add the row that follows, or leave "
    "effective_to blank"
)


class ImportNotReady(PriceError):
    """What the user has to decide before an import can be applied."""


@dataclass(frozen=True, eq=False)
class ImportPreview:
    """What a file would do to a book; nothing is done yet. Lines are those of the file.

    `added` are prices that the book does not have, `changed` prices of the book that move, `unchanged` rows that
    say what the book says. `suspicious` holds what moves more than tenfold and waits for a confirmation.
    """

    name: str
    added: tuple[Price, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Price, ...]
    refused: tuple[Refused, ...]
    suspicious: tuple[Suspicion, ...]
    edits: tuple[PriceEdit, ...]
    """The typed-in prices that the sound rows amount to; `apply` hands them out."""


def preview(
    content: bytes, name: str, book: PriceBook, on: date | None = None, today: date | None = None
) -> ImportPreview:
    """What the file `name` would do to `book`. PriceError when the file as a whole cannot be read.

    A row without a date that replaces a schedule is compared with the price in force `on` that day (without a day:
    with the latest one). With `today`, a price that was checked after that day is refused.
    """
    parsed = parse(content, name, today=today)
    rows, misfits, with_rows = _fitting(parsed.rows, book)
    refs = {row.ref for row in rows}
    before, after = Listed(book, refs), Listed(with_rows, refs)
    moved = {row.price_id for row in rows if not unmoved(row, before, after)}
    added: list[Price] = []
    changed: list[Change] = []
    unchanged: list[Price] = []
    for row in rows:
        change = compared(row, before, after, on) if row.price_id in moved else None
        if change is None:
            unchanged.append(row)
        elif change.old is None:
            added.append(change.new)
        elif change.moved or change.replaced:
            changed.append(change)
        else:
            unchanged.append(row)
    reasons = {row.key: _reason(row, parsed) for row in rows}
    return ImportPreview(
        name=name,
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        refused=tuple(sorted((*parsed.refused, *misfits), key=lambda each: each.line)),
        suspicious=tuple(doubt for change in changed for doubt in suspicions(change)),
        edits=typed_in([row for row in rows if row.price_id in moved], before, after, reasons),
    )


def apply(
    found: ImportPreview, *, exclude_refused: bool = False, confirmed: bool | Collection[int] = ()
) -> tuple[PriceEdit, ...]:
    """The edits of a preview. ImportNotReady while rows are refused and not excluded, or moves wait for a yes.

    `confirmed`: True for all suspicious moves, or the lines of those that the user confirmed.
    """
    problems = []
    if found.refused and not exclude_refused:
        count = len(found.refused)
        problems.append(
            f"{_counted(count, 'row is', 'rows are')} refused ({found.refused[0]}); correct the file, or leave "
            f"{'it' if count == 1 else 'them'} out"
        )
    lines = set() if isinstance(confirmed, bool) else set(confirmed)
    waiting = [each for each in found.suspicious if confirmed is not True and each.line not in lines]
    if waiting:
        first = waiting[0]
        problems.append(
            f"{_counted(len(waiting), 'change', 'changes')} of more than 10 times to confirm "
            f"(line {first.line}, {first.price_id}: {first.words})"
        )
    if problems:
        raise ImportNotReady(f"{found.name}: nothing is applied: {'; '.join(problems)}")
    return found.edits


def combined(existing: Sequence[PriceEdit], new: Sequence[PriceEdit]) -> tuple[PriceEdit, ...]:
    """Edits of a scenario after `new` ones came on top: an undated one replaces those of every date of its price."""
    keys = {edit.key: edit for edit in new}
    everywhere = {edit.price_id: edit for edit in new if edit.effective_from is None}
    stated: dict[object, dict[str, object]] = {}
    kept = []
    for edit in existing:
        over = keys.get(edit.key) or everywhere.get(edit.price_id)
        if over is None:
            kept.append(edit)
        else:
            stated[over.key] = edit.facts() | stated.get(over.key, {})
    return (*kept, *(_with_facts(edit, stated.get(edit.key, {})) for edit in new))


def _with_facts(edit: PriceEdit, facts: Mapping[str, object]) -> PriceEdit:
    left = {name: value for name, value in facts.items() if getattr(edit, name) is None}
    return edit.model_copy(update=left) if left else edit


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _reason(row: Price, parsed: Parsed) -> str:
    """Why the price was typed in: the file's own words, else which file it comes from."""
    reason = parsed.reasons.get(row.line or 0, f"imported from {parsed.name}")
    return free_said(row, reason)[:MAX_REASON]


# What fits


def _fitting(rows: Sequence[Price], book: PriceBook) -> tuple[list[Price], list[Refused], PriceBook]:
    """The rows that the book can take together, why the others do not fit, and the book with those that do."""
    misfits: list[Refused] = []
    dates: dict[str, int] = {}
    by_ref: dict[str, list[Price]] = {}
    for row in rows:
        dates[row.price_id] = dates.get(row.price_id, 0) + 1
        if dates[row.price_id] > MAX_DATES:
            words = f"{row.price_id} has more than {MAX_DATES} dates; keep those that matter"
            misfits.append(Refused(row.line or 0, "effective_from", str(row.effective_from), words))
        else:
            by_ref.setdefault(row.ref, []).append(row)
    fitting = [row for group in by_ref.values() for row in group]
    try:
        after = book.with_rows(fitting)
    except PriceError:
        fitting = [row for group in by_ref.values() for row in _taken(group, book, misfits)]
        after = book.with_rows(fitting)
    while ending := _ending(fitting, book, after):
        misfits += [Refused(row.line or 0, "effective_to", str(row.effective_to), _ENDLESS) for row in ending]
        lines = {row.line for row in ending}
        fitting = [row for row in fitting if row.line not in lines]
        after = book.with_rows(fitting)
    return sorted(fitting, key=lambda row: row.line or 0), misfits, after


def _taken(group: Sequence[Price], book: PriceBook, misfits: list[Refused]) -> Sequence[Price]:
    """The rows of one plan that the book takes; why it does not take the others goes to `misfits`."""
    if not _problem(group, book):
        return group
    taken: list[Price] = []
    refused: list[Refused] = []
    for number, row in enumerate(group):
        if problem := _problem([*taken, row], book):
            column = problem.column if isinstance(problem, Contradiction) else "unit"
            refused.append(Refused(row.line or 0, column, str(getattr(row, column)), str(problem)))
        else:
            taken.append(row)
        if number + 1 == _MAX_TRIALS:
            rest = group[number + 1 :]
            words = f"{row.ref} has rows that do not go together; correct those first"
            refused += [Refused(each.line or 0, "", "", words) for each in rest]
            break
    misfits += refused
    return taken


def _ending(rows: Sequence[Price], book: PriceBook, with_rows: PriceBook) -> list[Price]:
    """Rows with a last day, of prices that move and end for good or for a while."""
    dated = {row.price_id: row for row in rows if row.effective_to}
    if not dated:
        return []
    refs = {row.ref for row in dated.values()}
    before, after = Listed(book, refs), Listed(with_rows, refs)
    ends = {
        price_id
        for price_id, row in dated.items()
        if not endless(after.rows(price_id)) and not unmoved(row, before, after)
    }
    return [row for row in rows if row.effective_to and row.price_id in ends]


def _problem(rows: Sequence[Price], book: PriceBook) -> PriceError | None:
    """What the book has against these rows of one plan; None when it takes them."""
    try:
        book.with_rows(rows)
    except PriceError as error:
        return error
    return None


__all__ = [
    "Change",
    "ImportNotReady",
    "ImportPreview",
    "Refused",
    "Suspicion",
    "apply",
    "combined",
    "preview",
]
