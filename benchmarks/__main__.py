"""`python -m benchmarks [names]`: print one table of figures and write benchmarks/results.json."""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks.measuring import RESULTS, Result, table, write

GROUPS = ("scenario", "draws", "memory", "cells", "latency", "load")
"""Modules of this package with a function `results() -> list[Result]`, in the order of the table."""


def main(arguments: list[str] | None = None) -> None:
    """Measure the groups that are named, or all of them."""
    known = ", ".join(GROUPS)
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure speed in ratios within one run.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"what to measure: {known}; all unless named")
    names = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in GROUPS]:
        parser.error(f"{unknown[0]} is no group of figures; use {known}")
    found: list[Result] = []
    for name in names or GROUPS:
        found += import_module(f"benchmarks.{name}").results()
    print(table(found))
    write(found)
    print(f"\nwritten to {RESULTS.relative_to(RESULTS.parent.parent)}")


if __name__ == "__main__":
    main()
