"""How prices become dollars, and dollars answers: price plans and finance, worked by their own functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from costmodel import finance
from costmodel.results import Answer
from pricing import plans
from pricing.book import MeterPrices
from report.method.blocks import Formula, Points, Section
from report.method.reading import first_line, number, sentence, usd

A_MONTH = np.ones(1)


def sections() -> tuple[Section, ...]:
    """Price plans, worth and crossings, and what an answer says."""
    return (
        Section("plans", "What a plan bills", _plans()),
        Section("worth", "Present value and crossings", _worth()),
        Section("answers", "What is read off the bill", (_answers(),)),
    )


def _prices(
    meter: str, base: str, *tiers: tuple[float, float], included: float = 0.0, minimum: float = 0.0
) -> MeterPrices:
    """Prices of one meter in one month: (from, USD per base quantity) of each tier."""
    return MeterPrices(
        "a/plan",
        meter,
        base,
        "",
        "a",
        tuple(start for start, _ in tiers),
        tuple(A_MONTH * each for _, each in tiers),
        A_MONTH * included,
        A_MONTH * minimum,
        tuple(f"a/plan:{meter}" for _ in tiers),
        (),
    )


def _of_plan(rule: str, *given: Any) -> float:
    """What a rule of `pricing.plans`, as it stands there now, makes of an example [USD]."""
    return float(np.sum(getattr(plans, rule)(*given)))


def _formula(rule: str, label: str, expression: str, worked: str) -> Formula:
    meaning = sentence(first_line(getattr(plans, rule).__doc__).partition(": ")[0])
    return Formula(rule, label, "USD", expression, meaning, worked)


def _plans() -> tuple[Formula, ...]:
    each = _prices("input", "token", (0.0, 2.5e-6))
    call = _prices("input", "token", (0.0, 2.5e-6), (272_000.0, 5e-6))
    tiers = _prices("storage", "GB-month", (0.0, 0.33), (100.0, 0.2), included=10.0)
    steps = _prices("flat", "month", (0.0, 20.0), (100_000.0, 60.0))
    jobs = _prices("training", "token", (0.0, 0.48e-6), minimum=4.0)
    at_threshold, above = (_of_plan("request_price", call, size) * 1e6 for size in (272_000, 272_001))
    below_step, on_step = (_of_plan("step_fee", searches, steps) for searches in (99_999, 100_000))
    small, large = (_of_plan("job", tokens, jobs) for tokens in (5e6, 50e6))
    return (
        _formula(
            "per_unit",
            "one price",
            "quantity * price",
            f"2,000,000 tokens at $2.50 per 1M tokens: {usd(_of_plan('per_unit', 2e6, each))}",
        ),
        _formula(
            "request_price",
            "a price by the size of a call",
            "the whole call pays the price of the highest tier that starts strictly below its prompt",
            f"$2.50 per 1M tokens, $5.00 above 272,000: a call of 272,000 tokens pays {usd(at_threshold)} per 1M, "
            f"one of 272,001 pays {usd(above)}",
        ),
        _formula(
            "graduated",
            "graduated tiers",
            "each part of the quantity pays the price of its own tier; what is included is taken off from below",
            "10 GB included, $0.33 per GB up to 100 GB and $0.20 from there: 150 GB cost "
            f"{usd(_of_plan('graduated', 150.0, tiers))}",
        ),
        _formula(
            "step_fee",
            "a fee in steps",
            "the fee of the highest step that the searches of the month reach",
            f"$20, and $60 from 100,000 searches: {usd(below_step)} at 99,999 searches, {usd(on_step)} at 100,000",
        ),
        _formula(
            "top_up",
            "up to a monthly minimum",
            "max(minimum - bill, 0)",
            f"a minimum of $50 on a bill of $20 adds {usd(_of_plan('top_up', 50.0, 20.0))}; "
            f"on a bill of $100 it adds {usd(_of_plan('top_up', 50.0, 100.0))}",
        ),
        _formula(
            "job",
            "a job with a minimum",
            "max(minimum, quantity * price)",
            f"$0.48 per 1M tokens, at least $4.00: 5,000,000 tokens cost {usd(small)}, 50,000,000 cost {usd(large)}",
        ),
    )


def _worth() -> tuple[Formula, ...]:
    flows = np.zeros(13)
    flows[0], flows[12] = 100.0, 110.0
    year = (-100_000, 30_000, 40_000, 50_000)
    a, b = np.array([0.0, 30.0]), np.array([10.0, 20.0])
    return (
        Formula(
            "present_value",
            "present value",
            "USD",
            "cost / (1 + rate) ** (month / 12)",
            sentence(first_line(finance.present_value.__doc__).partition(": ")[0]),
            "$100 in month 0 and $110 in month 12 at 10% a year are worth "
            f"{usd(float(np.sum(finance.present_value(flows, 0.1))))} together",
        ),
        Formula(
            "net_present_value",
            "net present value",
            "USD",
            "the sum of the flows' present values, the first undiscounted",
            first_line(finance.net_present_value.__doc__),
            f"{_listed(year)} in years 0 to 3 at 10% a year: {usd(float(finance.net_present_value(year, 0.1)))}",
        ),
        Formula(
            "break_even_months",
            "break-even month",
            "months",
            "the month before, and the part of a month after which the two lines meet",
            first_line(finance.break_even_months.__doc__),
            "cumulative costs of $0 and then $30 against $10 and then $20: "
            + "; ".join(_crossing(each) for each in finance.break_even_months(a, b)),
        ),
    )


def _listed(flows: Sequence[float]) -> str:
    return ", ".join(usd(each) for each in flows)


def _crossing(found: finance.BreakEven) -> str:
    cheaper = "first" if found.a_cheaper_after else "second"
    return (
        f"the lines meet at month {number(found.month)}, "
        f"and the {cheaper} is cheaper from month {found.overtakes_in_month}"
    )


ANSWERS = (
    ("Total cost", "tco_usd"),
    ("Present value", "present_value_usd"),
    ("Cost per query", "cost_per_query_usd"),
    ("Cost per correct answer", "cost_per_correct_answer_usd"),
    ("Per month at the end", "run_rate_usd"),
    ("Idle share", "idle_share"),
    ("Consequences", "consequences_usd"),
)
"""What an answer says of one architecture, by the property that computes it."""


def _answers() -> Points:
    return Points(tuple(f"{name}: {_said_of(getattr(Answer, each))}" for name, each in ANSWERS))


def _said_of(attribute: Any) -> str:
    line = first_line(attribute.__doc__)
    return line[0].lower() + line[1:]
