"""The words of a lever: its values, what is typed into it, and where the answer turns along it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from costmodel.fields import FieldFacts
from costmodel.tracks import Stretch, Track
from report.field_text import is_percent
from report.numbers import MINUS, listed
from report.palette import ARCHITECTURES
from report.sentence import how_often, name, plain, updates_force

Words = Callable[[float], str]

FORECAST = "replaced by the forecast by month"
"""Why volume and growth cannot be moved."""


def _short(value: float) -> str:
    text = f"{value:.3g}" if abs(value) < 999.5 else f"{value:.0f}"
    return text.replace("-", MINUS)


def count(value: float) -> str:
    """A quantity in at most three digits: 950, 8.1K, 178K, 1.25M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        # 999.5K rounds to 1M, so the limit lies half a last digit lower.
        if abs(value) >= size * 0.9995:
            return f"{_short(value / size)}{letter}"
    return _short(value)


def percent(share: float) -> str:
    """A share as a percentage: 3.0%, 12%; no decimals from 10, none at 0."""
    value = share * 100
    digits = 0 if abs(value) >= 9.95 or value == 0 else 1 if abs(value) >= 0.0995 else 2
    text = f"{value:.{digits}f}%"
    return text.replace("-", MINUS) if float(text[:-1]) else "0%"


def months(number: float) -> str:
    """A number of months: 1 month, 3 months."""
    return f"{_short(number)} month{'' if number == 1 else 's'}"


def cadence(number: float) -> str:
    """Months between two events: 3 months; 0, or no end, is never."""
    return "never" if number == 0 or math.isinf(number) else months(number)


def usd(amount: float) -> str:
    """An amount in USD in at most three digits: $3.74K, $0.041."""
    sign = MINUS if amount < 0 else ""
    return f"{sign}${count(abs(amount))}"


def words_of(facts: FieldFacts) -> Words:
    """How the values of a numeric field read on a lever."""
    if facts.path.endswith("_every_months"):
        return cadence
    if is_percent(facts):
        return percent
    if facts.unit.startswith("USD"):
        return usd
    return months if facts.unit == "months" else count


def label_of(facts: FieldFacts) -> str:
    """The name of a field on its own, whose it is among it: "RAG: upkeep"."""
    owner = ARCHITECTURES.get(facts.group)
    if owner is None:
        return facts.label
    acronym = facts.label[1].isupper()
    return f"{owner.name}: {facts.label if acronym else facts.label[0].lower() + facts.label[1:]}"


def unit_of(facts: FieldFacts) -> str:
    """What is said after a value of a field: "USD per week"; nothing where the value says it."""
    return "" if words_of(facts) is cadence or facts.unit in ("months", "share") else facts.unit.replace("/", " per ")


def exact(facts: FieldFacts, value: float) -> str:
    """A value as it is typed: 168,250, 2.5%, never."""
    if words_of(facts) is cadence and value == 0:
        return "never"
    text = f"{abs(value) * 100:,.10g}%" if is_percent(facts) else f"{abs(value):,.12g}"
    return f"{MINUS if value < 0 else ''}{text}"


class NotTaken(ValueError):
    """Typed text that a field does not take; the message says what it does take."""


_SIZES = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9}
_TYPED = re.compile(
    r"(?P<sign>[+\-\u2212]?)[$ ]*(?P<number>\d{1,3}(?:[,' \u00a0\u202f\u2019]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
    r"(?:e(?P<power>[+\-]?\d{1,3}))? ?(?:(?P<size>k|m|b|thousand|million|billion)\b)? ?(?P<percent>%|percent)?"
    r" ?(?P<unit>[a-z][a-z /\-]*)?",
    re.IGNORECASE,
)


def number_typed(text: str, facts: FieldFacts) -> float:
    """The value of a field that somebody typed: "180k", "1.2M", "3%", "168,250", "6 months", "never".

    A bare number in a field in percent is a percentage. NotTaken for anything else, and beyond the field's limits.
    """
    said = " ".join(text.split())
    if words_of(facts) is cadence and said.lower() == "never":
        return 0.0
    match = _TYPED.fullmatch(said)
    unit = set(re.findall(r"[a-z]+", (match["unit"] or "").lower())) if match else set()
    if match is None or not unit <= _unit_words(facts):
        short = said if len(said) <= 16 else f"{said[:15]}…"
        raise NotTaken(f"“{short}” is no number; {_example(facts)} is")
    in_percent = is_percent(facts)
    if match["percent"] and not in_percent:
        raise NotTaken(f"Takes {facts.unit.split('/')[0]}, not a percentage")
    number = float(re.sub(r"[^\d.]", "", match["number"]) + f"e{match['power'] or 0}")
    number *= _SIZES[(match["size"] or "").lower()] * (-1.0 if match["sign"] in ("-", "\u2212") else 1.0)
    value = float(f"{number / 100:.12g}") if in_percent else number
    return _within_limits(value, facts)


def _within_limits(value: float, facts: FieldFacts) -> float:
    low, high = facts.low or 0.0, math.inf if facts.high is None else facts.high
    words = words_of(facts)
    if not low <= value <= high:
        lowest = "0" if low == 0 else words(low)
        raise NotTaken(f"Takes {lowest} to {words(high)}")
    if facts.kind == "whole" and value != int(value):
        raise NotTaken(f"Takes whole numbers: {int(value):,} or {int(value) + 1:,}")
    return value


def _unit_words(facts: FieldFacts) -> set[str]:
    own = re.findall(r"[a-z]+", f"{facts.unit} {facts.label}".lower())
    return {*own, *(f"{word}s" for word in own), *(word.rstrip("s") for word in own), "a", "per", "every", "in"}


def _example(facts: FieldFacts) -> str:
    if words_of(facts) is cadence:
        return "6 or never"
    if is_percent(facts):
        return "3%"
    return "180K" if (facts.high or 0) >= 1e6 else "12"


# Where the answer turns


def _who(each: Stretch, starts: bool = False) -> str:
    if each.leader:
        return name(each.leader, starts=starts)
    words = "too close to call" if each.close else "nobody"
    return words.capitalize() if starts else words


def along(track: Track, words: Words) -> str:
    """Who is cheapest where: "RAG below 133K, fine-tuning from there", with marks of architectures."""
    turns = track.turns
    if len(turns) == 1:
        return _all_along(track)
    parts = []
    for number, (each, next_) in enumerate(pairwise(turns)):
        limit = f"below {words(next_.start)}" if next_.before is None else f"up to {words(next_.before)}"
        parts.append(f"{_who(each, starts=not number)} {limit}")
    last = turns[-1]
    end = "if never" if math.isinf(last.start) else "from there" if last.before is None else "above"
    return ", ".join([*parts, f"{_who(last)} {end}"])


def _all_along(track: Track) -> str:
    (each,) = track.turns
    if each.close:
        return "Too close to call all along"
    if each.leader is None:
        return "Nobody can be called cheapest"
    who = _who(each, starts=True)
    if len(track.contenders) == 1:
        return f"Only {name(each.leader)} is in the running"
    return f"{who} cheapest all along"


def bands(track: Track, words: Words) -> str:
    """Where it is too close to call around the values at which leaders cross; empty where nowhere."""
    spans = [f"{words(each.start)} to {words(each.end)}" for each in track.bands]
    return f"too close to call from {listed(spans)}" if spans else ""


def fully(track: Track, words: Words) -> str:
    """Who is cheapest where, and where it is too close to call; with both ends where it never turns."""
    ends = (track.stretches[0].start, track.stretches[-1].end)
    reach = f", {words(ends[0])} to {words(ends[1])}" if len(track.turns) == 1 and len(track.contenders) > 1 else ""
    return "; ".join(part for part in (along(track, words) + reach, bands(track, words)) if part)


def captions(track: Track | None, words: Words) -> list[str]:
    """The line below a lever in plain text, from full to short."""
    if track is None:
        return [""]
    turns = track.turns
    said = [plain(along(track, words))]
    if len(turns) > 1:
        first = f"{_limit(turns[0], turns[1], words, starts=True)}"
        middle = [_limit(each, next_, words) for each, next_ in pairwise(turns[1:])]
        said.append(plain(", ".join([first, *middle, f"then {_briefly(turns[-1])}"])))
        if len(turns) > 2:
            said.append(plain(f"{first}, then {len(turns) - 2} more turns".replace(" 1 more turns", " 1 more turn")))
    return said


def _briefly(each: Stretch) -> str:
    return "too close" if each.close else _who(each)


def _limit(each: Stretch, next_: Stretch, words: Words, starts: bool = False) -> str:
    who = ("Too close" if starts else "too close") if each.close else _who(each, starts=starts)
    return f"{who} up to {words(next_.start if next_.before is None else next_.before)}"


# What a position means


def asked_in(queries: float, month: int) -> str:
    """What growth makes of the volume: "2.2M queries in month 24"."""
    return f"{count(queries)} queries in month {month}"


def retrained_how(cadence_months: float, forced_months: float, hybrid_months: float | None = None) -> str:
    """What the cadence does not say: whether content updates come first, or that the hybrid has its own."""
    if hybrid_months is not None:
        return f"the hybrid has its own: {cadence(hybrid_months)}"
    if not forced_months:
        return "content updates force none"
    if cadence_months == 0 or forced_months < cadence_months:
        return f"content updates force one {how_often(forced_months)}"
    return f"updates alone force one {how_often(forced_months)}"


def forced_by(updates: float, guess: bool) -> str:
    """On what the line over content updates hangs: how many of them force a retrain."""
    return updates_force(updates, guess) if updates else "no update forces a retrain"


def table_row(track: Track, words: Words, condition: str = "") -> str:
    """A lever's line in the table of turns, with marks of architectures."""
    said = fully(track, words)
    return f"{said} ({condition})" if condition else said


def turning(tracks: Sequence[tuple[str, Track]]) -> list[str]:
    """The nouns of the levers along which the answer turns."""
    return [noun for noun, track in tracks if len(track.turns) > 1]
