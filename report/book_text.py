"""The price book as plain text for a terminal: rows, one price in full, the check, and the difference of two books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pricing.compare import BookDiff
from pricing.health import Health, age_days, is_release_dated
from pricing.moves import Moved
from pricing.price import Price
from pricing.sources import is_sourced
from report.numbers import count, day
from report.price_numbers import plain

SHOWN = 40
"""Lines of one section before the rest is counted."""


def usd(row: Price) -> str:
    """A price with its unit: "2.5 USD per 1M tokens"."""
    return f"{amount(row.price_usd)} USD per {row.unit}"


def amount(number: float) -> str:
    """A price as typed, without the noise of binary fractions."""
    return plain(number, 10)


def times(ratio: float | None) -> str:
    """A ratio of prices: "x 1.5"; "was free" and "free now" where there is none."""
    if ratio is None:
        return "another kind of unit"
    if ratio == 0:
        return "free now"
    return f"x {ratio:.4g}" if ratio != float("inf") else "was free"


def checked(row: Price, today: date) -> str:
    """When a price was checked: "14 Nov 2026, 7 days ago", "undated", or the release that it came in."""
    age = age_days(row, today)
    if age is None:
        return f"undated ({row.origin})" if is_release_dated(row) else "undated"
    if is_release_dated(row):
        return f"in the {row.origin} release of {day(row.as_of)}, {_ago(age)}"
    return f"{day(row.as_of)}, {_ago(age)}"


def _ago(age: int) -> str:
    return "today" if age <= 0 else "1 day ago" if age == 1 else f"{age:,} days ago"


def _one_line(words: str) -> str:
    """Words of a price row in one line that a terminal shows as it stands."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


# Rows


def table(rows: Sequence[Price]) -> str:
    """One line for each row."""
    if not rows:
        return "No price fits.\n"
    wide = min(max(len(row.price_id) for row in rows), 70)
    lines = [f"{'price':<{wide}}  {'USD':>12}  {'per':<12}{'from':<12}{'checked':<14}confidence"]
    for row in rows:
        since = str(row.effective_from or "")
        when = f"({row.as_of or 'undated'})" if is_release_dated(row) else row.as_of or "undated"
        lines.append(
            f"{row.price_id:<{wide}}  {amount(row.price_usd):>12}  {row.unit:<12}{since:<12}{when:<14}{row.confidence}"
        )
    lines.append("")
    lines.append(f"{_many(len(rows), 'row')}; a date in brackets is that of a release, not of a check")
    return "\n".join(map(_one_line, lines)) + "\n"


def shown(rows: Sequence[Price], today: date, usable: Mapping[str, Any]) -> str:
    """Every date of the prices of one plan, each with its source, and what the plan can be used for."""
    first = rows[0]
    lines = [first.ref, f"group {first.group}"]
    for price_id in dict.fromkeys(row.price_id for row in rows):
        lines += ["", price_id]
        for row in sorted((each for each in rows if each.price_id == price_id), key=_start):
            lines += list(_dated(row, today))
    lines += ["", f"Can be: {', '.join(usable['fields']) or 'nothing that a scenario asks for'}"]
    lines.append(f"Named by: {', '.join(usable['presets']) or 'no preset'}")
    if usable["next_change"]:
        lines.append(f"Next change: {usable['next_change']}")
    return "\n".join(map(_one_line, lines)) + "\n"


def _start(row: Price) -> date:
    return row.effective_from or date.min


def _dated(row: Price, today: date) -> Iterable[str]:
    since = f"from {day(row.effective_from)}" if row.effective_from else "always"
    until = f" to {day(row.effective_to)}" if row.effective_to else ""
    yield f"  {usd(row)}, {since}{until}"
    extras = [f"at least {amount(row.minimum_usd)} USD" if row.minimum_usd else ""]
    extras.append(f"{amount(row.included_quantity)} {row.unit} included" if row.included_quantity else "")
    extras += [f"{name} {_fact(value)}" for name, value in row.facts().items()]
    if any(extras):
        yield f"    {', '.join(filter(None, extras))}"
    yield f"    checked {checked(row, today)}; confidence {row.confidence}"
    yield f"    source: {row.source or 'none'}{'' if is_sourced(row) else ' (no URL and no named, dated document)'}"
    if row.note:
        yield f"    note: {row.note}"


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return amount(value) if isinstance(value, float) else str(value)


# The check


def health(found: Health, book: str, today: date) -> str:
    """What a check found, the ages, and the names of what is undated or old."""
    lines = [f"Price book {book}: {found.rows:,} rows of {found.plans:,} plans", ""]
    if found.sound:
        lines.append("No problem found.")
    else:
        lines.append(f"{_many(len(found.problems), 'problem')}:")
        lines += [
            f"  {each.kind:<10}{': '.join(filter(None, (each.place, each.price_id)))}: {each.words}"
            for each in found.problems
        ]
    lines += ["", f"Checked, by {day(today)}"]
    lines += [f"  {each.words:<22}{each.rows:>7,}" for each in found.ages]
    lines.append(f"  {'undated':<22}{len(found.undated):>7,}")
    lines += [
        f"  {'not one by one':<22}{rows:>7,}  in the {name} release {f'of {day(when)}' if when else '(undated)'}"
        for name, when, rows in found.releases
    ]
    lines += _named(f"Undated: {_many(len(found.undated), 'row')}", found.undated)
    lines += _named(
        f"Source that is no URL and no named, dated document: {_many(len(found.unsourced), 'row')}", found.unsourced
    )
    age = _many(found.max_age_days, "day")
    lines += _named(f"Checked more than {age} ago: {_many(len(found.old), 'row')}", found.old)
    return "\n".join(map(_one_line, lines)) + "\n"


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _named(title: str, rows: Sequence[Price]) -> list[str]:
    if not rows:
        return []
    named = [f"  {row.price_id}{f' ({row.as_of})' if row.as_of else ''}" for row in rows]
    return ["", title, *_first(named)]


def _first(lines: Sequence[str], hint: str = "--format json lists them all") -> list[str]:
    if len(lines) <= SHOWN:
        return list(lines)
    return [*lines[:SHOWN], f"  ... and {len(lines) - SHOWN:,} more; {hint}"]


# Two books


def diff(found: BookDiff, a: str, b: str) -> str:
    """What `b` has, lacks and says differently, section by section."""
    lines = [f"From {a} to {b}"]
    if found.nothing and not found.same:
        return f"{lines[0]}\nThe two have no plan in common: nothing is compared.\n"
    if found.nothing:
        return f"{lines[0]}\nNothing differs in {_many(found.same, 'row')}.\n"
    added = [
        f"  {each.row.price_id}{_since(each.row)}: {usd(each.row)}"
        + (f" ({usd(each.before)} before, {times(each.ratio)})" if each.before else "")
        for each in found.added
    ]
    changed = [
        f"  {each.new.price_id}{_since(each.new)}: {_from_to(each.old, each.new)}, {times(each.ratio)}"
        + (f"; {'; '.join(map(_moved, each.moved))}" if each.moved else "")
        for each in found.changed
    ]
    removed = [f"  {row.price_id}{_since(row)}: {usd(row)}" for row in found.removed]
    moved = [
        f"  {each.column}: {_text(each.old)} -> {_text(each.new)}, "
        + (each.price_ids[0] if len(each.price_ids) == 1 else f"{count(len(each.price_ids))} rows")
        for each in found.moved
    ]
    hint = "--common compares only plans that both have, --format json lists all"
    for title, section in (("Changed", changed), ("Added", added), ("Removed", removed)):
        lines += ["", f"{title}: {_many(len(section), 'row')}", *_first(section, hint)]
    shifted = sum(len(each.price_ids) for each in found.moved)
    lines += ["", f"Date, source or another column, at the same price: {_many(shifted, 'move')}", *_first(moved, hint)]
    lines += ["", f"Alike: {_many(found.same, 'row')}"]
    return "\n".join(map(_one_line, lines)) + "\n"


def _since(row: Price) -> str:
    return f" from {row.effective_from}" if row.effective_from else ""


def _from_to(old: Price, new: Price) -> str:
    if old.unit == new.unit:
        return f"{amount(old.price_usd)} -> {usd(new)}"
    return f"{usd(old)} -> {usd(new)}"


def _moved(move: Moved) -> str:
    return f"{move.column} {_text(move.old)} -> {_text(move.new)}"


def _text(value: Any) -> str:
    words = "none" if value in (None, "") else _fact(value)
    return words if len(words) <= 60 else f"{words[:57]}..."
