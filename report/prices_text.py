"""Sentences of the Prices page, and about price edits elsewhere. Architecture names stand as marks (`{rag}`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from costmodel.inputs import DISCOUNT
from costmodel.results import Run
from costmodel.scenario import FIELDS, Architecture
from pricing.health import age_days, is_release_dated
from pricing.price import Price, PriceEdit
from pricing.units import REQUEST_TIER_METERS
from report import text
from report.numbers import count, day, listed
from report.price_numbers import plain

GROUP_WORDS = {
    "llm": "Language models",
    "embedding": "Embeddings",
    "reranker": "Rerankers",
    "vector_store": "Vector stores",
    "fine_tuning": "Fine-tuning",
    "gpu": "GPUs",
    "parsing": "Parsing",
    "guardrail": "Guardrails",
    "people": "People",
    "other": "Other",
}
_LISTS = {
    "compared": "what this scenario is compared with",
    "price_edits": "prices",
    "extra_costs": "extra costs",
    "uncertainty": "ranges",
    "rank_correlations": "rank correlations",
}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NO_EDITS = "Type another price into the table, and what it does to the answer stands here."
HOW_TO = (
    "Type over a price, its unit, source, date of check (2026-11-14) or confidence. It holds for every month; of a "
    "price with several dates, from its date on. A price of the book can be reverted, one that you added can be "
    "deleted."
)
USD_HELP = "Type another price over it, with a decimal point and without thousands separators: 1200 or 0.15."
UNIT_HELP = "Units that the prices of this table are sold by; one that the price's own meter does not know is refused."
REASON_HELP = "Why you use another price; it stands in every export."
CHECKED_HELP = "When you checked the price: 2026-11-14, or 2026-11."
SOURCE_HELP = "A link, or a named and dated document. Without one confidence is low."
LEAST_AGE, MOST_AGE = 1, 3650
"""Limits of the age [days] from which on a price is to be checked again."""
LIMITS = "0 to 1,000,000,000 USD"
NO_SUCH_CELL = "The price table received a cell that it does not have; nothing of it is applied, type it again"


def small(number: int) -> str:
    """A number in words up to nine."""
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def _starts(words: str) -> str:
    return words[:1].upper() + words[1:]


def amount(usd: float) -> str:
    """A price as a reader types it: 2.50, 0.075, 0.02, 1,200."""
    if usd and (abs(usd) < 0.01 or abs(usd) >= 1e6):
        return plain(usd, 12)
    places = 2 if round(usd, 2) == round(usd, 6) else 6
    words = f"{usd:,.{places}f}"
    return words if places == 2 else words.rstrip("0")


# A row


def price_words(row: Price) -> str:
    """Which price a row is: item, meter, and from where on it holds."""
    words = f"{row.item}, {row.meter.replace('_', ' ')}"
    if row.tier_from:
        kind = f"above {count(row.tier_from)} input tokens" if row.meter in REQUEST_TIER_METERS else ""
        words += f" {kind or f'from {count(row.tier_from)}'}"
    if row.minimum_usd:
        words += f", at least {amount(row.minimum_usd)}"
    if row.included_quantity:
        words += f", {count(row.included_quantity)} included"
    return words


def checked(row: Price, today: date) -> str:
    """When a price was checked."""
    age = age_days(row, today)
    if age is None:
        return "yours" if row.origin == "edit" else "undated"
    if is_release_dated(row):
        return f"release of {day(row.as_of)}"
    if len(row.as_of or "") < len("2026-11-01"):
        return f"in {day(row.as_of)}"
    return "today" if age <= 0 else "yesterday" if age == 1 else f"{age} days ago"


def was(old: Price | None, row: Price) -> str:
    """The book's price of an edited row; nothing where the price is the same, and only its source or date is yours."""
    if old is None or (old.price_usd, old.unit) == (row.price_usd, row.unit):
        return ""
    return amount(old.price_usd) if old.unit == row.unit else f"{amount(old.price_usd)} per {old.unit}"


def next_change(row: Price, schedule: Sequence[Price], today: date) -> str:
    """The next price that is announced, or the end of this one."""
    later = [each for each in schedule if each.effective_from and each.effective_from > today and each.key != row.key]
    nearest = min(later, key=lambda each: each.effective_from or date.max, default=None)
    if nearest is not None and not (row.effective_from and row.effective_from > (nearest.effective_from or date.max)):
        unit = "" if nearest.unit == row.unit else f" per {nearest.unit}"
        return f"{amount(nearest.price_usd)}{unit} from {day(nearest.effective_from)}"
    if row.effective_to and row.effective_to >= today:
        return f"ends {day(row.effective_to)}"
    return ""


def retires(on: date, successor: str | None) -> str:
    """When a model is shut down, and what follows it."""
    return f"Retires {day(on)}, then {successor}" if successor else f"Retires {day(on)}; no successor is known"


def status(row: Price, today: date, limit: int, was: Price | None = None, replaced: int = 0) -> list[str]:
    """What a reader should know of a row: a few words each.

    `limit` is the age [days] from which on it is to be checked again, `was` the price that a typed-in one stands in
    for, `replaced` how many dates of that price it drops.
    """
    found, age = [], age_days(row, today)
    if row.origin == "edit":
        same = was is not None and (was.price_usd, was.unit) == (row.price_usd, row.unit)
        found.append("added" if was is None else "confirmed" if same else "edited")
        if replaced:
            found.append(f"drops {small(replaced)} other date{'' if replaced == 1 else 's'}")
    elif age is None:
        found.append("undated")
    if age is not None and age > limit:
        found.append("check again")
    if row.origin != "edit" and row.confidence == "low":
        found.append("low confidence")
    if row.retires_on:
        found.append(f"retires {day(row.retires_on)}" if row.retires_on > today else "retired")
    return found


def dates(rows: Iterable[Price]) -> str:
    """When prices were checked, in a few words; those without a date and those typed in are counted apart."""
    every = tuple(rows)
    book = [row for row in every if row.origin != "edit"]
    dated = sorted(row.as_of for row in book if row.as_of)
    if not every:
        return "no list prices"
    if not book:
        return "all prices typed in"
    counts = {"undated": len(book) - len(dated) if dated else 0, "typed in": len(every) - len(book)}
    spans = dict.fromkeys(map(day, dated[:1] + dated[-1:]))
    span = f"prices of {' to '.join(spans)}" if dated else "prices undated"
    return ", ".join([span, *(f"{number:,} {what}" for what, number in counts.items() if number)])


def falls_away(others: Sequence[Price], today: date) -> str:
    """What a price without a first day does to the other dates of that price, and how to keep them."""
    later = [row for row in others if row.effective_from and row.effective_from > today]
    first = min(later or others, key=lambda row: row.effective_from or date.min)
    since = f"from {day(first.effective_from)}" if first.effective_from else "without a date"
    more = f" and {small(len(others) - 1)} more date{'' if len(others) == 2 else 's'}" if len(others) > 1 else ""
    return (
        f"This price has other dates: {amount(first.price_usd)} per {first.unit} {since}{more}. Held for every month, "
        "yours drops them; with a first day it keeps them."
    )


def unsourced(claimed: str, source: str) -> str:
    """Why a confidence above low is refused."""
    if not source:
        return f"it is low without a source, so {claimed} is not possible; type the source first"
    return f"{claimed} needs a source that is a link, or a named and dated document, and {source!r} is neither"


def no_age(days: int) -> str:
    """Why an age limit is refused."""
    return f"Check again after: {days:,} is out of limits; use {LEAST_AGE} to {MOST_AGE:,} days"


def age_kept(days: int) -> str:
    """Which age limit holds instead."""
    return f"The limit of {_days(days)} is kept."


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


def empty_price(name: str) -> str:
    """Why a new price without a name cannot be added; `name` is the field that is empty."""
    return f"The new price has no {name[:1].lower()}{name[1:]}; choose one, or type a new one"


def two_facts(label: str, new: object, old: object, other: PriceEdit) -> str:
    """Why a fact of a plan is refused: another typed-in price of the plan states another value."""
    which = f"{other.item}, {other.meter.replace('_', ' ')}"
    return (
        f"{label}: {_fact(new)} here and {_fact(old)} in your price {which}; a plan has one, so leave it empty here or "
        "delete that price"
    )


def _fact(value: object) -> str:
    return amount(value) if isinstance(value, float) else str(value)


# Headline and lead


def headline(in_use: int, yours: int) -> str:
    """How many prices decide, and how many of them were typed in."""
    if not in_use:
        return "No list price is in use"
    words = f"{in_use} price{'' if in_use == 1 else 's'} decide{'s' if in_use == 1 else ''} this answer"
    if not yours:
        return words
    if in_use == yours:
        return f"{words}; {'it is' if in_use == 1 else 'all of them are'} yours"
    return f"{words}; {small(yours)} of them {'is' if yours == 1 else 'are'} yours"


def lead(in_use: Sequence[Price], old: Sequence[Price], undated: Sequence[Price], limit: int, book_rows: int) -> str:
    """How old the prices in use are, and what is behind them."""
    if not in_use:
        return f"Every cost of this scenario was typed in. The book holds {book_rows:,} prices."
    parts = []
    if old:
        named = f": {price_words(old[0])}" if len(old) == 1 else ""
        verb = "was" if len(old) == 1 else "were"
        parts.append(f"{_starts(small(len(old)))} {verb} last checked more than {_days(limit)} ago{named}.")
    else:
        parts.append(f"All checked within {_days(limit)}.")
    if undated:
        parts.append(f"{_starts(small(len(undated)))} {'is' if len(undated) == 1 else 'are'} undated.")
    parts.append(f"The book holds {book_rows:,} prices; every row keeps its date and source.")
    return " ".join(parts)


def announced(rows: Sequence[Price]) -> str:
    """The next price in use that begins later; empty when none does."""
    if not rows:
        return ""
    first = rows[0]
    return f"Next change: {price_words(first)}, {amount(first.price_usd)} from {day(first.effective_from)}."


def unused_edits(edits: int, used: int) -> str:
    """Edits that no bill of this scenario reads."""
    idle = edits - used
    if idle <= 0:
        return ""
    which = "Your edit is" if edits == 1 else "None of your edits is" if not used else f"{_starts(small(idle))} of your"
    if edits == 1 or not used:
        return f"{which} {'not ' if edits == 1 else ''}in use here."
    return f"{which} {edits:,} edits {'is' if idle == 1 else 'are'} not in use here."


def dropping(rows: Sequence[Price]) -> str:
    """Typed-in prices that hold for every month although the book has other dates of them."""
    if not rows:
        return ""
    named = price_words(rows[0]) if len(rows) == 1 else f"{small(len(rows))} of your prices"
    if len(rows) == 1:
        return f"{named} holds for every month: its other dates in the book drop out."
    return f"{_starts(named)} hold for every month: their other dates in the book drop out."


def without_reason(edits: Sequence[PriceEdit]) -> str:
    """Edits that do not say why."""
    silent = [edit for edit in edits if not edit.reason]
    if not silent:
        return ""
    one = len(silent) == 1
    return (
        f"{_starts(small(len(silent)))} {'edit has' if one else 'edits have'} no reason yet: write it into the table."
    )


# What edits do to the answer


def changes_usd(before: Run, after: Run, present: bool = False) -> dict[Architecture, float]:
    """By how much each total moves [USD]; nan where it is not known on one side."""
    then, now = text.totals(before, present), text.totals(after, present)
    return {key: _known(after, key, now[key]) - _known(before, key, then.get(key, math.nan)) for key in now}


def _known(run: Run, key: Architecture, usd: float) -> float:
    return math.nan if key not in run.answers or run.answers[key].missing else usd


def effect(before: Run, after: Run, present: bool = False, subject: str = "Your edits") -> str:
    """What price edits do to the totals and to the order, in one sentence."""
    money, one = text.money_of(after), not subject.endswith("s")
    moved = changes_usd(before, after, present)
    dearer = [f"{money(usd)} dearer" for usd in moved.values() if usd >= 0.005]
    make, take, do = ("makes", "takes", "does") if one else ("make", "take", "do")
    parts = []
    if dearer:
        each = [f"{text.name(key)} {money(usd)} dearer" for key, usd in moved.items() if usd >= 0.005]
        parts.append(f"{make} {listed(each)}")
    if any(usd <= -0.005 for usd in moved.values()):
        each = [f"{money(-usd)} off {text.name(key)}" for key, usd in moved.items() if usd <= -0.005]
        parts.append(f"{take} {listed(each)}")
    unknown = [text.name(key) for key, usd in moved.items() if math.isnan(usd)]
    now_known = [key for key in moved if after.answers[key].missing == "" and math.isnan(moved[key])]
    if unknown:
        parts.append(
            f"{'give' if now_known else 'leave'}{'s' if one else ''} {listed(unknown)} "
            f"{'a total' if now_known else 'without a total'}"
        )
    if not parts:
        return f"{subject} {do} not move any total."
    words = f"{subject} {listed(parts)}"
    order = _order(before, after, present)
    return (
        f"{words}{': ' if _stands(before, present) != _stands(after, present) else '; '}{order}."
        if order
        else f"{words}."
    )


def _stands(run: Run, present: bool) -> tuple[bool, tuple[Architecture, ...]]:
    """Whether the lead is too close to call, and who leads (in alphabetical order when close)."""
    sums = text.totals(run, present)
    best = run.cheapest_of(sums)
    if best is None:
        return False, ()
    ranked = sorted(run.eligible, key=lambda key: sums[key])
    if text.is_contested(run, sums):
        return True, tuple(sorted(ranked[:2]))
    return False, (best,)


def _order(before: Run, after: Run, present: bool) -> str:
    close, leaders = _stands(after, present)
    if not leaders:
        return ""
    same = _stands(before, present) == (close, leaders)
    if close:
        pair = f"{text.name(leaders[0])} and {text.name(leaders[1])}"
        return f"{pair} {'stay' if same else 'are now'} too close to call"
    return f"{text.name(leaders[0])} {'stays' if same else 'is now'} cheapest"


def finding(edits: int) -> str:
    """Title of the table of totals before and after."""
    return "What your edits change" if edits else "What an edit would change"


# Links and steps


def step(paths: tuple[str, ...]) -> str:
    """What a step of the history changed."""
    if not paths:
        return "opening another scenario"
    words = []
    for path in paths:
        if path in FIELDS:
            words.append(FIELDS[path].label)
        elif path.startswith(DISCOUNT):
            words.append(f"discount at {path.removeprefix(DISCOUNT)}")
        else:
            words.append(_LISTS.get(path, path))
    return listed(words)


def apart_kept(edits: int, kept: bool) -> str:
    """The link carries all but the price edits."""
    many = "typed-in price does" if edits == 1 else "typed-in prices do"
    where = (
        "This browser keeps them, so a reload brings them back, but the link alone is incomplete"
        if kept
        else "This browser could not keep them either, so a reload loses them"
    )
    return f"Your {edits:,} {many} not fit into the link. {where}: to pass it on, save it as a file (File, at the top)."


def apart_awaited() -> str:
    """The edits are on their way from the browser."""
    return "The typed-in prices of this link are being fetched from this browser."


def apart_lost() -> str:
    """The link names edits that this browser does not have."""
    return (
        "This link alone is incomplete: its typed-in prices were too many for it, and this browser does not have them. "
        "You see the book's prices instead. Ask for the scenario file, and open it (File, at the top)."
    )
