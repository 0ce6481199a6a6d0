"""What every sentence is made of: marks for names, the scenario's money, joining, and the small facts many of them say.

Architecture names stand as `{rag}` or, at the start of a sentence, `{Rag}`; `plain` or a page puts the name in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from costmodel.results import Crossing, Run
from costmodel.scenario import FIELDS, Architecture
from report.numbers import MINUS, Money, count, listed, percent
from report.palette import ARCHITECTURES

EXCLUSIONS = "taxes; capitalisation; egress; terminal value (zero); sunk cost"
WORD_JOINER = "\N{WORD JOINER}"
_SIGN = re.compile(rf"(?<!\S)([{MINUS}+])(?=\S)")
_NAME = re.compile(r"\{([Rr]ag|[Ff]ine_tuning|[Hh]ybrid|[Pp]rompting)\}")


def name(key: str, *, starts: bool = False) -> str:
    """The mark of an architecture's name in a sentence."""
    return "{" + (key[0].upper() + key[1:] if starts else key) + "}"


def with_names(sentence: str, name_of: Callable[[str, str], str]) -> str:
    """Put names in: `name_of(key, word)` gives the text for the word as it should read at this place.

    For a screen: no line breaks between a sign and its amount.
    """
    return _SIGN.sub(f"\\1{WORD_JOINER}", _named(sentence, name_of))


def _named(sentence: str, name_of: Callable[[str, str], str]) -> str:
    def word(match: re.Match[str]) -> str:
        mark = match.group(1)
        key = mark[0].lower() + mark[1:]
        ink = ARCHITECTURES[key]
        return name_of(key, ink.name if mark[0].isupper() else ink.in_sentence)

    return _NAME.sub(word, sentence)


def plain(sentence: str) -> str:
    """The sentence as plain text."""
    return _named(sentence, lambda key, word: word)


@dataclass(frozen=True)
class Verdict:
    """The answer in words: a headline, the few sentences under it, and what else one should know."""

    headline: str
    lead: str
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it, as plain text."""
        return plain(joined(f"{self.headline}.", self.lead, *self.notes))


def joined(*sentences: str) -> str:
    """Sentences one after another; empty ones are left out."""
    return " ".join(sentence for sentence in sentences if sentence)


def starting(sentence: str) -> str:
    """The sentence with a capital at its start, also when it starts with the mark of a name."""
    place = 1 if sentence.startswith("{") else 0
    return sentence[:place] + sentence[place : place + 1].upper() + sentence[place + 1 :]


def months_words(months: int) -> str:
    """A number of months: "1 month", "24 months"."""
    return "1 month" if months == 1 else f"{months} months"


def part_of(share: float) -> str:
    """How much of something, at the start of a sentence: "48% of", "Nearly all of", "All of"."""
    if share > 1 - 1e-9:
        return "All of"
    words = percent(share)
    return "Nearly all of" if words == "100%" else f"{words} of"


def money_of(run: Run) -> Money:
    """How amounts read in the scenario's currency."""
    finance = run.scenario.finance
    return Money(finance.currency, finance.usd_per_currency_unit)


def totals(run: Run, present: bool = False) -> dict[Architecture, float]:
    """Total over the horizon of each architecture [USD], nominal or in present value."""
    return {key: answer.present_value_usd if present else answer.tco_usd for key, answer in run.answers.items()}


def too_close(run: Run, sums: dict[Architecture, float], best: Architecture, second: Architecture) -> bool:
    """Whether the lead is within `finance.too_close_share` of the runner-up's total."""
    return sums[second] - sums[best] <= run.scenario.finance.too_close_share * abs(sums[second])


def is_contested(run: Run, sums: dict[Architecture, float]) -> bool:
    """Whether the two cheapest are too close to call."""
    ranked = sorted((key for key in run.eligible), key=lambda key: sums[key])
    return len(ranked) > 1 and too_close(run, sums, ranked[0], ranked[1])


def quality_is_set(run: Run) -> bool:
    """Whether any compared architecture's share of correct answers was set."""
    return any(run.scenario.architecture(key).correct_share != 1.0 for key in run.answers)


def excluded_reason(run: Run, key: Architecture) -> str:
    """Why an architecture cannot be called cheapest, in words."""
    answer = run.answers[key]
    if answer.missing:
        return answer.missing
    share, least = run.scenario.architecture(key).correct_share, run.scenario.quality.minimum_correct_share
    few = f"{share * 100:.4g}% correct answers, {least * 100:.4g}% required" if least and share < least else ""
    rules = list(dict.fromkeys(finding.brief for finding in run.ruled_out.get(key, ())))
    return "; ".join(each for each in (few, f"ruled out by {listed(rules)}" if rules else "") if each)


def not_included(run: Run) -> str:
    """What no total holds, in words."""
    beside = "" if run.scenario.finance.consequences_in_tco else ", wrong answers and delay (beside the bill)"
    return f"taxes, capitalisation, data egress, terminal value, sunk cost{beside}"


def overtaking(crossing: Crossing) -> str:
    """One crossing as a sentence."""
    after = name(crossing.cheaper_after, starts=True)
    return f"{after} overtakes {name(crossing.dearer_after)} in month {crossing.overtakes_in_month}"


def how_often(interval_months: float) -> str:
    """An interval in words: every month, every 2.5 months, 3 times a month."""
    if interval_months == 1:
        return "every month"
    if interval_months < 1:
        return f"{count(1 / interval_months)} times a month"
    return f"every {count(interval_months)} months"


def updates_force(updates: float, guess: bool) -> str:
    """The condition behind every sentence over content updates: "if 24 updates force a retrain, a guess"."""
    many = "1 update forces" if updates == 1 else f"{updates:,.12g} updates force"
    return f"if {many} a retrain{', a guess' if guess else ''}"


def field_words(path: str) -> str:
    """A field in words: whose it is, and what; a price is named by its id."""
    if path not in FIELDS:
        return path
    facts = FIELDS[path]
    label = facts.label[0].lower() + facts.label[1:]
    owner = ARCHITECTURES.get(facts.group)
    return f"{owner.in_sentence} {label}" if owner else label
