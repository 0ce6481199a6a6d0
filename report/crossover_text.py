"""Sentences over where totals cross: along a driver, and along the months."""

from __future__ import annotations

from collections.abc import Sequence

from costmodel.crossover import Crossovers
from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.tracks import Stretch, Track
from report.numbers import listed
from report.sentence import name


def crossover_lines(found: Crossovers) -> list[str]:
    """The crossovers of one driver, a sentence each; a pair without any says so, with its ends."""
    span = f"{found.low:,.10g} to {found.high:,.10g}"
    worth = ", in present value" if found.present else ""
    lines = [f"{found.driver} from {span}, {found.points:,} points tried{worth}."]
    if found.drops_schedule:
        lines.append("The price holds for every month here: its schedule is dropped.")
    for pair in found.pairs:
        both = f"{name(pair.a, starts=True)} and {name(pair.b)}"
        if not pair.roots:
            cheaper = pair.a if pair.at_low_usd[0] < pair.at_low_usd[1] else pair.b
            lines.append(f"{both}: no crossing was found; {name(cheaper)} is cheaper at both ends.")
        for root in pair.roots:
            where = f"at {root.value:,.10g}"
            if root.next_value is not None and f"{root.next_value:.10g}" != f"{root.value:.10g}":
                where = f"between {root.value:,.10g} and {root.next_value:,.10g}"
            verb = "cross" if root.kind == "crossing" else "change places in a jump"
            order = f"{name(root.cheaper_below)} is cheaper below, {name(root.cheaper_above)} above"
            lines.append(f"{both} {verb} {where}: {order}.")
    return lines


def along_months(run: Run, track: Track, present: bool = False) -> str:
    """Who is cheapest so far in which months, and in which it is too close to call; `track` is that of the horizon."""
    leaders = run.leaders(present)
    if not leaders:
        return ""
    close = [_months(each) for each in track.stretches if each.close]
    said = [_led(leaders, run.horizon), f"too close to call in {listed(close)}" if close else ""]
    return "; ".join(part for part in said if part)


def _led(leaders: Sequence[tuple[int, Architecture]], horizon: int) -> str:
    if len(leaders) == 1:
        return f"{name(leaders[0][1], starts=True)} ahead all along, month {leaders[0][0]} to {horizon}"
    if leaders[1][0] == 0:
        return f"{name(leaders[-1][1], starts=True)} from the build on"
    parts = [
        f"{name(key, starts=not number)} until month {leaders[number + 1][0]}"
        for number, (_, key) in enumerate(leaders[:-1])
    ]
    return ", ".join([*parts, f"{name(leaders[-1][1])} from there"])


def _months(each: Stretch) -> str:
    first, last = round(each.start), round(each.end)
    return f"month {first}" if first == last else f"months {first} to {last}"


def turns_finding(changing: Sequence[str]) -> str:
    """Title of the section on where the answer turns: along which drivers it does."""
    if not changing:
        return "The answer stays the same along every lever"
    return f"The answer turns with {listed(list(changing))}"
