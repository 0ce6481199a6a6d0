"""What very many draws take: time for each draw, and memory, in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import Result
from benchmarks.plain import uncertain_scenario
from costmodel.uncertainty import uncertainty
from pricing.catalog import load_book

SIZES = (1_024, 8_192, 65_536, 1_048_576)
FURTHER = (65_536, 262_144)
AT_LEAST = 65_536
"""A number of draws is drawn again until there are so many, so that each time is one of as much work."""
LINES = 40
GIB = 2**30


def results() -> list[Result]:
    """The figures of up to 1,048,576 draws."""
    whole = _apart(0, *SIZES)
    each = [taken / draws for taken, draws in zip(whole["seconds"], SIZES, strict=True)]
    few, many = (_bytes_of_a_draw(lines) for lines in (0, LINES))
    times = ", ".join(f"{draws:,}: {1e6 * one:,.3g} us" for draws, one in zip(SIZES, each, strict=True))
    return [
        Result(
            f"{SIZES[-1]:,} draws: most memory [GiB]", whole["peak"] / GIB, 2.0, note=f"{whole['seconds'][-1]:,.3g} s"
        ),
        Result("Time of a draw, longest over shortest", max(each) / min(each), 2.0, note=times),
        Result(
            f"Memory of a draw with {LINES} more lines, over without",
            many / few,
            1.1,
            note=f"{many:,.0f} bytes, {few:,.0f} bytes",
        ),
    ]


def _bytes_of_a_draw(lines: int) -> float:
    """What each further draw takes, from the peaks of two numbers of draws."""
    fewer, more = (_apart(lines, draws)["peak"] for draws in FURTHER)
    return float((more - fewer) / (FURTHER[1] - FURTHER[0]))


def _apart(lines: int, *sizes: int) -> dict[str, Any]:
    """Processor seconds of each number of draws, and the most memory of all [bytes], in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.memory", str(lines), *map(str, sizes)]
    root = Path(__file__).resolve().parent.parent
    told: dict[str, Any] = json.loads(subprocess.run(command, cwd=root, check=True, capture_output=True).stdout)
    return told


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _main(lines: int, *sizes: int) -> None:
    """Print what some numbers of draws take, with so many lines that every draw pays by the query."""
    extra = {"component": "rag_hosting", "phase": "recurring", "architecture": ["rag"], "months": [1, 36]}
    more = [extra | {"usd_per_query": 1e-6 * (number + 1)} for number in range(lines)]
    book, scenario = load_book(), uncertain_scenario(extra_costs=more)
    uncertainty(scenario, book, 1_024)
    found = []
    for draws in sizes:
        repeats = max(1, AT_LEAST // draws)
        start = time.process_time()
        for seed in range(2, repeats + 2):  # another one each time: draws that were made before are remembered
            uncertainty(scenario, book, draws, seed)
        found.append((time.process_time() - start) / repeats)
    print(json.dumps({"seconds": found, "peak": _peak()}))


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
