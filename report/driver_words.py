"""How a driver is called, and how its values read: on an axis, in a sentence, in a list of choices."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from costmodel.results import Run
from costmodel.scenario import FIELDS, Architecture
from costmodel.winner_map import Axis
from report import lever_text
from report.field_text import UNITS, is_percent
from report.numbers import Money, listed
from report.palette import ARCHITECTURES
from report.prices_text import price_words
from report.sentence import field_words

VOLUME, GROWTH, UPDATES, CADENCE, HORIZON = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "corpus.updates_per_month",
    "fine_tuning.retrain_every_months",
    "finance.horizon_months",
)
WEEKLY, DAILY = 52 / 12, 30.0
OFTEN: Mapping[float, str] = {
    1 / 12: "yearly",
    1 / 6: "every 6 months",
    1 / 3: "every 3 months",
    0.5: "every 2 months",
    1.0: "monthly",
    2.0: "2 a month",
    WEEKLY: "weekly",
    8.0: "8 a month",
    16.0: "16 a month",
    DAILY: "daily",
    120.0: "4 a day",
}
"""Update frequencies [1/month] that an axis names, and how."""
_GROUPS = {"people": "People", "finance": "Money"}
_FORMS: Mapping[str, tuple[str, str, str]] = {
    VOLUME: ("at {} queries a month", "{} queries a month", "{} queries"),
    GROWTH: ("at {} growth a month", "{} growth a month", "{} a month"),
    UPDATES: ("at {} content updates a month", "{} content updates a month", "{} updates"),
    CADENCE: ("with a retrain every {}", "a retrain every {}", "every {}"),
    HORIZON: ("over {}", "{}", "{}"),
}
"""Lever -> after "the lines cross once, ", as an amount in a sentence, beside a ring; {} is one value or several."""


@dataclass(frozen=True)
class DriverWords:
    """One driver in words: `option` in a list of choices, `noun` in a sentence, `title` at an axis.

    `unit` stands after values, `of` writes one value in at most three digits.
    """

    path: str
    option: str
    noun: str
    title: str
    unit: str
    of: Callable[[float], str]

    def amount(self, value: float) -> str:
        """A value with what it counts: "168K queries a month", "8.2 hours per month"."""
        return self._amount(self.of(value))

    def _amount(self, words: str) -> str:
        if self.path in _FORMS:
            return _FORMS[self.path][1].format(words)
        unit = _one(self.unit) if words == "1" else self.unit
        return f"{words} {unit}" if unit else words

    def at(self, values: Sequence[float]) -> str:
        """Where several values lie: "at 12K and 168K queries a month", "with RAG upkeep at 8.2 hours per month"."""
        words = listed([self.of(value) for value in values])
        if self.path in _FORMS:
            return _FORMS[self.path][0].format(words)
        if self.noun.endswith(" every"):
            return f"with {self.noun} {words}"
        said = self.unit.split(" ")[0].rstrip("s") in self.noun
        return f"with {self.noun} at {words if said else self._amount(words)}"

    def beside(self, value: float) -> str:
        """A value beside its ring: "168K queries"."""
        return _FORMS[self.path][2].format(self.of(value)) if self.path in _FORMS else self.of(value)

    def span(self, low: float, high: float) -> str:
        """A range: "1K to 10M queries a month"."""
        first, last = self.of(low), self.of(high)
        number, _, unit = first.partition(" ")
        if unit and last.partition(" ")[2].rstrip("s") == unit.rstrip("s"):
            first = number  # 12 to 36 months
        return self._amount(f"{first} to {last}")

    def tick(self, value: float) -> str:
        """A value on an axis: "weekly", "10K"."""
        return often(value) if self.path == UPDATES else self.of(value)

    def short_tick(self, value: float) -> str:
        """The same where there is little room: "2-monthly"."""
        return self.tick(value).replace("every 2 months", "2-monthly").replace(" months", " mo")


def words_of(run: Run, path: str) -> DriverWords:
    """The words of a numeric field, or of a price of the run's book."""
    if path.startswith("price:"):
        return _price(run, path)
    facts = FIELDS[path]
    label, unit = lever_text.label_of(facts), ""
    if not is_percent(facts) and not path.endswith("_every_months") and facts.unit != "months":
        unit = "" if facts.unit == "ratio" else UNITS.get(facts.unit, facts.unit.replace("/", " per "))
    group = _GROUPS.get(facts.group, facts.group.capitalize())
    option = label if ":" in label or label.startswith(group) else f"{group}: {lowered(label)}"
    title = f"{label}, {unit}" if unit and unit.split(" ")[0].rstrip("s").lower() not in label.lower() else label
    return DriverWords(
        path, option, field_words(path), title, unit.removeprefix("USD").strip(), lever_text.words_of(facts)
    )


def _price(run: Run, path: str) -> DriverWords:
    plan = run.book.plan(path.removeprefix("price:").rpartition(":")[0])
    row = [row for row in (() if plan is None else plan.rows) if f"price:{row.price_id}" == path][-1]
    meter, unit = row.meter.replace("_", " ").removesuffix("s"), f"per {row.unit}"
    title = f"{meter.capitalize()} price of {row.item}, USD {unit}"
    return DriverWords(
        path, f"Price: {price_words(row)}", f"the {meter} price of {row.item}", title, unit, Money("USD")
    )


def lowered(title: str) -> str:
    """A title inside a sentence: acronyms stay, words go lower case."""
    return title if title.split(" ")[0].rstrip(":,").isupper() else title[0].lower() + title[1:]


def _one(unit: str) -> str:
    """A unit after 1: call per query, copy."""
    first, space, rest = unit.partition(" ")
    single = f"{first[:-3]}y" if first.endswith("ies") else first.removesuffix("s")
    return f"{single}{space}{rest}"


def often(updates: float) -> str:
    """An update frequency [1/month] as people say it: daily, weekly, 8 a month, every 2 months, never."""
    if updates == 0:
        return "never"
    for known, words in OFTEN.items():
        if abs(updates - known) <= 0.02 * known:
            return words
    if updates < 1:
        return f"every {lever_text.count(1 / updates)} months"
    return f"{lever_text.count(updates)} a month"


def often_ticks(axis: Axis) -> list[float]:
    """The frequencies with a name that lie on a logarithmic axis; nothing for another axis."""
    if axis.path != UPDATES or not axis.log:
        return []
    return [each for each in OFTEN if axis.values[0] <= each <= axis.values[-1]]


def gap_words(totals: Mapping[Architecture, float], money: Callable[[float], str]) -> str:
    """Who costs least, and by how much less than the next one."""
    ranked = sorted((total, key) for key, total in totals.items() if not math.isnan(total))
    if not ranked:
        return "not known"
    first = ARCHITECTURES[ranked[0][1]].name
    if len(ranked) == 1:
        return first
    return f"{first}, {money(ranked[1][0] - ranked[0][0])} less than {ARCHITECTURES[ranked[1][1]].in_sentence}"
