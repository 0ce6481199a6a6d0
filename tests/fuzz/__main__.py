"""Fuzz every reader of the product and count: `python -m tests.fuzz --minutes 10 --seed 1`, or `make fuzz MINUTES=10`.

The time is shared over the targets, each of which runs in a process of its own, so that a crash or a hang of one is
counted and ends no other. Writes tests/fuzz/results.json and prints the table; ends with 1 when anything failed.
`--markdown` prints the table of the last run for the README. The same seed gives the same cases in the same order.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from costmodel import MODEL_VERSION
from tests.fuzz.counted import ROOT, Count, Failure, Target, counted
from tests.fuzz.table import as_markdown, as_table

RESULT = ROOT / "tests" / "fuzz" / "results.json"
MARGIN = 240
"""Seconds that a process may take beyond its time, for starting and for the last case."""


def targets() -> dict[str, Target]:
    """Every target by its name."""
    from tests.fuzz import commands, documents, files, links, pages, price_cells, price_files

    known = (links.TARGET, files.TARGET, price_files.TARGET, price_cells.TARGET, documents.TARGET)
    return {each.name: each for each in (*known, commands.TARGET, commands.PROCESS, pages.TARGET)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the targets and report; 1 when something failed."""
    options = _parser().parse_args(arguments)
    if options.markdown:
        print(as_markdown(json.loads(options.out.read_text(encoding="utf-8"))))
        return 0
    if options.alone:
        return _alone(options)
    known = targets()
    chosen = [known[name] for name in options.target] if options.target else list(known.values())
    whole = sum(each.share for each in chosen)
    with ThreadPoolExecutor(options.workers) as pool:
        seconds = [options.minutes * 60 * options.workers * each.share / whole for each in chosen]
        counts = list(pool.map(lambda pair: _apart(*pair, options), zip(chosen, seconds, strict=True)))
    result = {
        "date": date.today().isoformat(),
        "model_version": MODEL_VERSION,
        "seed": options.seed,
        "minutes": options.minutes,
        "targets": [each.as_dict() for each in counts],
    }
    options.out.write_text(json.dumps(result, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    print(as_table(result))
    return 1 if any(each.failures for each in counts) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz every reader of the product.")
    parser.add_argument("--minutes", type=float, default=10, help="for all targets together; default 10")
    parser.add_argument("--cases", type=int, default=None, help="so many of each target, however long they take")
    parser.add_argument("--seed", type=int, default=1, help="the same one gives the same cases; default 1")
    parser.add_argument("--workers", type=int, default=2, help="targets at a time; default 2")
    parser.add_argument("--target", action="append", choices=list(targets()), help="only this one; may be repeated")
    parser.add_argument("--out", type=Path, default=RESULT, help="where the counts are written")
    parser.add_argument("--markdown", action="store_true", help="print the table of the last run and do nothing else")
    parser.add_argument("--alone", type=float, default=None, help=argparse.SUPPRESS)
    return parser


def _alone(options: argparse.Namespace) -> int:
    """One target in this process; its counts go to `--out`."""
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", ResourceWarning)
    known = targets()[options.target[0]]
    seconds = None if options.cases else options.alone
    found = counted(known, options.seed, seconds=seconds, cases=options.cases)
    options.out.write_text(json.dumps(found.as_dict(), ensure_ascii=True), encoding="utf-8")
    return 0


def _apart(target: Target, seconds: float, options: argparse.Namespace) -> Count:
    """One target in a process of its own; a process that does not come back is a failure too."""
    with tempfile.TemporaryDirectory(prefix="crossover-fuzz-") as folder:
        out = Path(folder) / "count.json"
        command = [sys.executable, "-m", "tests.fuzz", "--alone", str(seconds), "--target", target.name]
        command += ["--seed", str(options.seed), "--out", str(out)]
        command += ["--cases", str(options.cases)] if options.cases else []
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, timeout=None if options.cases else seconds + MARGIN, check=False
            )
        except subprocess.TimeoutExpired:
            return _lost(target, f"has not ended {MARGIN} s after its time")
        if done.returncode or not out.exists():
            last = done.stderr.decode("utf-8", "replace")[-1_500:]
            return _lost(target, f"ended with {done.returncode}: {last}")
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return Count(**{**found, "failures": [Failure(**each) for each in found["failures"]]})


def _lost(target: Target, said: str) -> Count:
    return Count(target.name, target.limit_seconds * 1_000, failures=[Failure("the process of the target", said, "")])


if __name__ == "__main__":
    sys.exit(main())
