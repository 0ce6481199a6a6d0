"""Titles of charts, each its finding, and charts in words for those who cannot see them."""

from __future__ import annotations

import math

import numpy as np

from costmodel.results import Run
from costmodel.scenario import Architecture
from report.budget_text import budget
from report.line_words import FAMILIES, in_sentence
from report.numbers import listed
from report.palette import ARCHITECTURES
from report.sentence import is_contested, joined, money_of, months_words, name, overtaking, part_of, plain, totals


def chart_finding(run: Run, present: bool = False) -> str:
    """Title of the cumulative chart: what building the winner costs more or less, and when that is earned back."""
    sums, money = totals(run, present), money_of(run)
    best = run.cheapest_of(sums)
    rivals = [key for key in run.eligible if key != best]
    if best is None or not rivals:
        return "Cost month by month"
    if is_contested(run, sums):
        second = min(rivals, key=lambda key: sums[key])
        return f"{name(best, starts=True)} and {name(second)} stay close over {months_words(run.horizon)}"
    curves = run.curves(present)
    leaders = run.leaders(present)
    first = leaders[0][1]
    if first == best or len(leaders) < 2:
        ahead = "stays ahead" if len(leaders) == 1 else "leads at both ends"
        return f"{name(best, starts=True)} {ahead} over {months_words(run.horizon)}"
    more = float(curves[best][0] - curves[first][0])
    if more <= 0:
        return f"{name(best, starts=True)} leads from month {leaders[-1][0]}"
    return f"{name(best, starts=True)} costs {money(more)} more to build and earns it back in month {leaders[-1][0]}"


def mean_monthly_usd(run: Run, key: Architecture, present: bool = False) -> float:
    """Mean cost of months 1 to H [USD/month]; the build in month 0 is not in it."""
    answer = run.answers[key]
    return float((answer.monthly_present_value_usd if present else answer.monthly_usd)[1:].mean())


def monthly_finding(run: Run, present: bool = False) -> str:
    """Title of the chart of single months: who costs least a month on average, and the next one."""
    mean = {key: mean_monthly_usd(run, key, present) for key in run.eligible}
    ranked = sorted(mean, key=lambda key: mean[key])
    if not ranked:
        return "What each month costs"
    money = money_of(run)
    first, amount = name(ranked[0], starts=True), f"{money(mean[ranked[0]])} a month on average"
    if len(ranked) == 1:
        return f"{first} costs {amount}"
    second = money(mean[ranked[1]])
    if second == money(mean[ranked[0]]):
        return f"{first} and {name(ranked[1])} cost the same, {amount}"
    return f"{first} costs {amount}, {name(ranked[1])} {second}"


def milestones_finding(run: Run, sums: dict[int, dict[Architecture, float]]) -> str:
    """Title of the totals after so many months: who is cheapest at which of them, and where it is too close to call."""
    if len(run.eligible) < 2:
        return f"Totals at {listed([str(months) for months in sums])} months"
    at: dict[Architecture, list[str]] = {}
    close: list[str] = []
    for months, totals_ in sums.items():
        winner = run.cheapest_of(totals_)
        if winner is not None and is_contested(run, totals_):
            close.append(str(months))
        elif winner is not None:
            at.setdefault(winner, []).append(str(months))
    if close:
        parts = [f"{name(key, starts=not number)} at {listed(when)}" for number, (key, when) in enumerate(at.items())]
        return "; ".join([*parts, f"{'t' if parts else 'T'}oo close to call at {listed(close)} months"])
    if not at:
        return f"Totals at {listed([str(months) for months in sums])} months"
    if len(at) == 1:
        return f"{name(next(iter(at)), starts=True)} is cheapest at {listed(next(iter(at.values())))} months"
    first, *others = (f"{name(key)} at {listed(months)}" for key, months in at.items())
    return f"Cheapest is {first} months, {', '.join(others)}"


def components_finding(families: dict[str, float], best: Architecture | None) -> str:
    """Title of the bars: what most of the cheapest bill goes to; `families`: family -> cost [USD]."""
    total = math.fsum(families.values())
    if best is None or total <= 0 or min(families.values()) < 0:
        return "What the money pays for"
    largest = sorted(families, key=lambda family: families[family], reverse=True)[:2]
    largest = [family for family in largest if families[family] > 0]
    share = math.fsum(families[family] for family in largest) / total
    return f"{part_of(share)} the {name(best)} bill goes to {listed([family_words(each) for each in largest])}"


def family_words(family: str) -> str:
    """A cost family inside a sentence."""
    return in_sentence(FAMILIES[family])


def alt_cumulative(run: Run, present: bool = False) -> str:
    """Text alternative of the cumulative chart."""
    money = money_of(run)
    ends = listed([f"{ARCHITECTURES[key].name} {money(total)}" for key, total in totals(run, present).items()])
    crossings = [plain(overtaking(each)) for each in run.crossings_of(run.curves(present))]
    worth = " in present value" if present else ""
    lines = f"Cumulative cost{worth} by month {run.horizon}: {ends}. {'. '.join(crossings) or 'No lines cross'}."
    return joined(lines, plain(budget(run, present)))


def alt_monthly(run: Run, present: bool = False) -> str:
    """Text alternative of the chart of single months."""
    money = money_of(run)
    ends = []
    for key, answer in run.answers.items():
        by_month = answer.monthly_present_value_usd if present else answer.monthly_usd
        first = money(float(by_month[0]))
        ends.append(f"{ARCHITECTURES[key].name} {first} to build, {money(float(by_month[-1]))} in month {run.horizon}")
    return f"Cost of each month{' in present value' if present else ''}: {'; '.join(ends)}."


def alt_components(run: Run, families: dict[Architecture, dict[str, float]]) -> str:
    """Text alternative of the bars."""
    money = money_of(run)
    parts = []
    for key, sums in families.items():
        listed_ = ", ".join(f"{family_words(family)} {money(usd)}" for family, usd in sums.items() if np.abs(usd) > 0)
        parts.append(f"{ARCHITECTURES[key].name}: {listed_}")
    return f"Cost by what it pays for. {'; '.join(parts)}."
