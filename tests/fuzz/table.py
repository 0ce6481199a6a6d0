"""The counts of a run as a table, for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEAD = ("target", "cases", "accepted", "refused", "slowest, ms", "limit, ms", "failures")


def rows(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row per target, and their sum."""
    found = []
    for each in result["targets"]:
        numbers = (each["cases"], each["accepted"], each["refused"], each["slowest_ms"], each["limit_ms"])
        found.append((each["target"], *(f"{number:,.0f}" for number in numbers), f"{len(each['failures']):,}"))
    sums = [sum(each[name] for each in result["targets"]) for name in ("cases", "accepted", "refused")]
    slowest = max((each["slowest_ms"] for each in result["targets"]), default=0)
    failed = sum(len(each["failures"]) for each in result["targets"])
    return [*found, ("together", *(f"{number:,.0f}" for number in (*sums, slowest)), "", f"{failed:,}")]


def as_table(result: Mapping[str, Any]) -> str:
    """The table, and below it what failed with its smallest case."""
    table = [HEAD, *rows(result)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in table)
    ]
    for target in result["targets"]:
        for each in target["failures"]:
            lines += ["", f"{target['target']}: {each['kind']} ({each['count']:,} times)", each["said"], each["case"]]
    return "\n".join(line.rstrip() for line in lines)


def as_markdown(result: Mapping[str, Any]) -> str:
    """The table for the README, with the run that it is of."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'|'.join('---' if not place else '--:' for place in range(len(HEAD)))}|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(result)]
    minutes, seed = f"{result['minutes']:g}", result["seed"]
    lines += ["", f"`make fuzz MINUTES={minutes} SEED={seed}` on {result['date']}, model {result['model_version']}."]
    return "\n".join(lines)
