"""Map, swings, flips and draws for a terminal, as CSV, and as plain values for JSON. Amounts are USD."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from costmodel import MODEL_VERSION
from costmodel.odds_map import SURE, OddsMap
from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.sensitivity import Flip, Sought, Swing
from costmodel.tally import LEVELS
from costmodel.terms import Array
from costmodel.uncertainty import Uncertainty
from costmodel.winner_map import Areas, WinnerMap
from report.numbers import Money, count, listed, percent
from report.palette import ARCHITECTURES
from report.sentence import field_words, money_of, totals

CLOSE = "."


def _csv(frame: pd.DataFrame) -> str:
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _worth(present: bool) -> dict[str, str]:
    """What is said of amounts in present value; nothing of nominal ones."""
    return {"value": "present"} if present else {}


def _axes(found: Areas) -> dict[str, Any]:
    return {name: {"driver": each.path, "values": list(each.values)} for name, each in (("x", found.x), ("y", found.y))}


def _names(found: Areas) -> Array:
    """Who comes first at each cell."""
    return np.asarray(np.array(found.eligible, dtype=object)[found.winner])


def map_dict(found: WinnerMap, present: bool = False) -> dict[str, Any]:
    """The map as plain values; cells by row (y), then column (x)."""
    return {
        "model_version": MODEL_VERSION,
        **_worth(present),
        **_axes(found),
        "eligible": list(found.eligible),
        "too_close_share": found.too_close_share,
        "cheapest": _names(found).tolist(),
        "lead_share": [[_plain(lead) for lead in row] for row in found.lead.tolist()],
        "tco_usd": {key: [[_plain(usd) for usd in row] for row in each.tolist()] for key, each in found.usd.items()},
    }


def odds_dict(found: OddsMap, present: bool = False) -> dict[str, Any]:
    """The map of odds as plain values; cells by row (y), then column (x)."""
    return {
        "model_version": MODEL_VERSION,
        **_worth(present),
        **_axes(found),
        "eligible": list(found.eligible),
        "draws": found.draws,
        "seed": found.seed,
        "likeliest": _names(found).tolist(),
        "probability_cheapest": {key: each.tolist() for key, each in found.odds.items()},
    }


def _plain(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _cells(found: Areas) -> dict[str, Array]:
    """Both numbers at each cell, row by row."""
    rows, columns = found.winner.shape
    return {found.x.path: np.tile(found.x.values, rows), found.y.path: np.repeat(found.y.values, columns)}


def map_csv(found: WinnerMap) -> str:
    """The map, a row for each cell."""
    frame = {
        **_cells(found),
        "cheapest": _names(found).ravel(),
        "lead_share": found.lead.ravel(),
        **{f"{key}_tco_usd": np.asarray(each).ravel() for key, each in found.usd.items()},
    }
    return _csv(pd.DataFrame(frame).replace([np.inf, -np.inf], np.nan))


def odds_csv(found: OddsMap) -> str:
    """The map of odds, a row for each cell."""
    odds = {f"{key}_probability_cheapest": np.asarray(each).ravel() for key, each in found.odds.items()}
    return _csv(pd.DataFrame({**_cells(found), "likeliest": _names(found).ravel(), **odds}))


def map_table(found: WinnerMap, present: bool = False) -> str:
    """The map in letters, the highest y on top; a dot where it is too close to call."""
    return _letters(found, present, f"too close to call ({percent(found.too_close_share)})")


def odds_table(found: OddsMap, present: bool = False) -> str:
    """The map of odds in letters, the highest y on top; a dot where nobody is cheapest in half of the draws."""
    return _letters(found, present, f"nobody in {percent(SURE[0])} of {count(found.draws)} draws")


def _letters(found: Areas, present: bool, unclear: str) -> str:
    letters = {key: ARCHITECTURES[key].name[0] for key in found.eligible}
    width = max(len(count(value)) for value in found.y.values)
    worth = ", in present value" if present else ""
    lines = [f"{found.y.path} (down to up) by {found.x.path} (left to right){worth}"]
    for row in range(len(found.y.values) - 1, -1, -1):
        cells = (
            CLOSE if step == 0 else letters[found.eligible[winner]]
            for winner, step in zip(found.winner[row].tolist(), found.step[row].tolist(), strict=True)
        )
        lines.append(f"{count(found.y.values[row]):>{width}} {''.join(cells)}")
    low, high = count(found.x.values[0]), count(found.x.values[-1])
    lines.append(" " * (width + 1) + low + high.rjust(len(found.x.values) - len(low)))
    meaning = listed([f"{letter} {ARCHITECTURES[key].in_sentence}" for key, letter in letters.items()])
    return "\n".join([*lines, f"{meaning}; {CLOSE} {unclear}", ""])


def _swing(swing: Swing, of: Architecture, less: Architecture | None) -> dict[str, Any]:
    at_low, at_high = swing.ends(of, less)
    ends = {"low": swing.low, "now": swing.now, "high": swing.high}
    return {"driver": swing.path, **ends, "at_low_usd": _plain(at_low), "at_high_usd": _plain(at_high)}


def _flip(flip: Flip) -> dict[str, Any]:
    kind = "jump" if flip.jump else "crossing"
    distance = _plain(flip.distance)
    return {"driver": flip.path, "now": flip.now, "at": flip.at, "distance_share": distance} | {
        "kind": kind,
        "cheapest_beyond": flip.leader,
    }


def swings_dict(
    run: Run,
    swings: list[Swing],
    flips: list[Flip],
    of: Architecture,
    less: Architecture | None,
    present: bool = False,
) -> dict[str, Any]:
    """Swings and flips as plain values."""
    return {
        "model_version": MODEL_VERSION,
        **_worth(present),
        "of": of,
        "less": less,
        "cheapest": run.cheapest_of(totals(run, present)),
        "tornado": [_swing(swing, of, less) for swing in swings],
        "flips": [_flip(flip) for flip in flips],
    }


def swings_csv(swings: list[Swing], flips: list[Flip], of: Architecture, less: Architecture | None) -> str:
    """Swings and flips, a row for each driver."""
    rows = {swing.path: _swing(swing, of, less) for swing in swings}
    for flip in flips:
        beyond = {"flips_at": flip.at, "distance_share": flip.distance, "cheapest_beyond": flip.leader}
        rows[flip.path] = {**rows.get(flip.path, {"driver": flip.path, "now": flip.now}), **beyond}
    columns = ["driver", "low", "now", "high", "at_low_usd", "at_high_usd"]
    return _csv(
        pd.DataFrame(list(rows.values())).reindex(columns=[*columns, "flips_at", "distance_share", "cheapest_beyond"])
    )


def swings_table(
    run: Run,
    swings: list[Swing],
    flips: list[Flip],
    of: Architecture,
    less: Architecture | None,
    present: bool = False,
) -> str:
    """Swings and flips for a terminal, the widest and the nearest first."""
    money, words = money_of(run), ARCHITECTURES[of].name
    measured = f"{words} total" if less is None else f"{words} less {ARCHITECTURES[less].in_sentence}"
    measured += " in present value" if present else ""
    lines = [f"{measured}, with one number at the low and at the high end of its range:"]
    for swing in swings:
        low, high = swing.ends(of, less)
        ends = f"{count(swing.low)} to {count(swing.high)}"
        lines.append(f"  {field_words(swing.path):<50} {ends:<16} {money(low):>9} to {money(high)}")
    lines.append("What would flip the winner, the nearest first:" if flips else "Nothing within its range flips it.")
    for flip in flips:
        leader = ARCHITECTURES[flip.leader].in_sentence
        moved = f"{count(flip.now)} -> {count(flip.at)}"
        lines.append(f"  {field_words(flip.path):<50} {moved:<16} {percent(flip.distance):>6}, then {leader}")
    return "\n".join([*lines, ""])


def sought_dict(sought: Sought, now: float) -> dict[str, Any]:
    """Where along a number one architecture wins, as plain values."""
    return {
        "model_version": MODEL_VERSION,
        **_worth(sought.present),
        "driver": sought.driver,
        "architecture": sought.architecture,
        "month": sought.month,
        "low": sought.low,
        "high": sought.high,
        "now": now,
        "cheapest_from_to": [list(stretch) for stretch in sought.stretches],
        "nearest": sought.nearest(now),
    }


def sought_table(sought: Sought, now: float, csv: bool = False) -> str:
    """Where along a number one architecture wins: a row for each stretch, or in words."""
    if csv:
        return _csv(pd.DataFrame(sought.stretches, columns=["cheapest_from", "cheapest_to"]))
    who, what = ARCHITECTURES[sought.architecture].name, field_words(sought.driver)
    when = f"by month {sought.month}{' in present value' if sought.present else ''}"
    if not sought.stretches:
        within = f"{count(sought.low)} to {count(sought.high)}"
        return f"{who} is cheapest {when} at no value of {what} from {within}.\n"
    where = listed([_stretch(sought, low, high) for low, high in sought.stretches])
    return f"{who} is cheapest {when} with {what} {where}; it is {count(now)} now.\n"


def _stretch(sought: Sought, low: float, high: float) -> str:
    """A stretch in words; one that begins or ends with the range may go on beyond it."""
    if low == sought.low and high == sought.high:
        return f"all along from {count(low)} to {count(high)}"
    if low == sought.low:
        return f"up to {count(high)}"
    return f"from {count(low)} on" if high == sought.high else f"from {count(low)} to {count(high)}"


def draws_csv(found: Uncertainty) -> str:
    """The fan and the chance of being cheapest, a row for each architecture and month."""
    names = [f"p{round(level * 100)}_usd" for level in LEVELS]
    rows = [
        {
            "architecture": key,
            "month": month,
            **dict(zip(names, fan[:, month].tolist(), strict=True)),
            "probability_cheapest": float(found.cheapest_by_month[key][month]) if key in found.eligible else None,
        }
        for key, fan in found.fan_usd.items()
        for month in range(found.months + 1)
    ]
    return _csv(pd.DataFrame(rows))


def draws_table(run: Run, found: Uncertainty) -> str:
    """What the draws say, for a terminal."""
    money: Money = money_of(run)
    worth = "present value" if found.present else "nominal"
    lines = [f"{found.draws:,} draws of {len(found.paths)} numbers, seed {found.seed}, {worth}, {found.months} months"]
    for key, fan in found.fan_usd.items():
        low, middle, high = (money(usd) for usd in fan[:, -1].tolist())
        odds = f", cheapest in {percent(found.probability_cheapest[key])}" if key in found.eligible else ", left out"
        lines.append(f"  {ARCHITECTURES[key].name:<12} {middle:>8} (8 of 10 draws: {low} to {high}){odds}")
    lines.append(f"Too close to call in {percent(found.probability_close)} of the draws.")
    for key, usd in found.expected_regret_usd.items():
        lines.append(f"  Choosing {ARCHITECTURES[key].in_sentence} costs {money(usd)} more than the best on average.")
    lines.append(f"Knowing everything first is worth {money(found.evpi_usd)}; of single numbers, the most:")
    worthy = [(path, usd) for path, usd in found.evppi_usd.items() if usd > 0]
    lines += [f"  {field_words(path):<50} {money(usd)}" for path, usd in worthy[:8]] or ["  none"]
    return "\n".join([*lines, ""])
