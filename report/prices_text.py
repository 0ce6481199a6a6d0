"""Sentences of the Prices page, and about price edits elsewhere. Architecture names stand as marks (`{rag}`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from costmodel.inputs import DISCOUNT
from costmodel.results import Run
from costmodel.scenario import FIELDS, Architecture
from pricing.health import age_days, is_release_dated
from pricing.price import Price, PriceEdit
from pricing.units import REQUEST_TIER_METERS
from report import text
from report.numbers import count, day, listed

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
    "price_edits": "prices",
    "extra_costs": "extra costs",
    "uncertainty": "ranges",
    "rank_correlations": "rank correlations",
}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NO_EDITS = "Type another price into the table, and what it does to the answer stands here."
HOW_TO = (
    "Type over a price or its unit. It holds for every month; of a price with several dates, from its date on. "
    "A price of the book can be reverted, one that you added can be deleted."
)
LIMITS = "0 to 1,000,000,000 USD"


def small(number: int) -> str:
    """A number in words up to nine."""
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def _starts(words: str) -> str:
    return words[:1].upper() + words[1:]


def amount(usd: float) -> str:
    """A price as a reader types it: 2.50, 0.075, 0.02, 1,200."""
    if usd and (abs(usd) < 0.01 or abs(usd) >= 1e6):
        return f"{usd:,.6g}"
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
    if row.origin == "edit":
        return "yours"
    if age is None:
        return "undated"
    if is_release_dated(row):
        return f"release of {day(row.as_of)}"
    if len(row.as_of or "") < len("2026-11-01"):
        return f"in {day(row.as_of)}"
    return "today" if age <= 0 else "yesterday" if age == 1 else f"{age} days ago"


def was(old: Price | None, row: Price) -> str:
    """The book's price of an edited row."""
    if old is None:
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
        parts.append(f"{_starts(small(len(old)))} {verb} last checked more than {limit} days ago{named}.")
    else:
        parts.append(f"All checked within {limit} days.")
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
    return (
        f"Your {edits:,} {many} not fit into the link. {where}: to pass it on, take the scenario file (Prices, Export)."
    )


def apart_awaited() -> str:
    """The edits are on their way from the browser."""
    return "The typed-in prices of this link are being fetched from this browser."


def apart_lost() -> str:
    """The link names edits that this browser does not have."""
    return (
        "This link alone is incomplete: its typed-in prices were too many for it, and this browser does not have them. "
        "You see the book's prices instead. Ask for the scenario file, and open it on Prices, Import."
    )
