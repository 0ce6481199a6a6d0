"""The words of costs typed in: how often they are paid, and one line for each."""

from __future__ import annotations

from costmodel.scenario import ExtraCost
from report import numbers
from report.palette import ARCHITECTURES

AMOUNTS = {"usd": "once", "usd_per_month": "a month", "usd_per_query": "a query"}
PHASES = {"one_time": "One-time", "recurring": "Recurring", "event": "Event"}
COMPONENT_HELP = "A line of the bill, or a name of your own."
PHASE_HELP = (
    "One-time costs belong to the build and take contingency; events are retrainings, re-indexing and the like."
)
AMOUNT_HELP = "In USD; below zero it is a credit. It neither drifts nor is discounted."


def line(extra: ExtraCost) -> str:
    """A typed-in cost: what for, how much how often, who pays it, and in which months."""
    name = next(each for each in AMOUNTS if getattr(extra, each) is not None)
    amount = f"{getattr(extra, name):,.6g} USD {AMOUNTS[name]}".replace("-", numbers.MINUS)
    who = numbers.listed([ARCHITECTURES[key].name for key in extra.architecture])
    first, last = extra.months
    months = f"month {first}" if name == "usd" or first == last else f"months {first} to {last}"
    return f"{extra.component.replace('_', ' ')}: {amount}, {who}, {months}"
