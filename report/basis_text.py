"""On what the numbers rest, in words: guesses, the user's own figures, idle hosting, and what the source advises."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from costmodel.presets import PRESETS
from costmodel.provenance import Provenance
from costmodel.results import Run
from costmodel.scenario import Architecture
from report.numbers import listed, percent
from report.sentence import field_words, is_contested, joined, name, totals


@lru_cache(maxsize=8)
def provenance_of(run: Run) -> Provenance:
    """What the totals of a run rest on, found once for everything that is said about it."""
    return Provenance(run)


def guesses(run: Run) -> str:
    """How much of each total rests on guesses."""
    shares = _shares(run, provenance_of(run).guess_share)
    return f"Rests on guesses: {shares}." if shares else ""


def guess_details(run: Run) -> str:
    """The three largest guesses, and how much the user's own figures shape, levers included, and no guess."""
    known = provenance_of(run)
    largest = [field_words(path) for path in known.largest_guesses()]
    own = _shares(run, known.own_share)
    return joined(
        f"The largest guesses: {listed(largest)}." if largest else "",
        f"Rests on the levers and what you changed, without a guess: {own}." if own else "",
    )


def _shares(run: Run, share_of: Callable[[Architecture], float]) -> str:
    known = [key for key in run.answers if not run.answers[key].missing]
    return ", ".join(f"{name(key, starts=not number)} {percent(share_of(key))}" for number, key in enumerate(known))


def idle(run: Run) -> str:
    """How much of the hosting that is paid for stands idle."""
    known = {key: answer.idle_share for key, answer in run.answers.items()}
    parts = [
        f"{name(key, starts=not number)} {percent(share)}"
        for number, (key, share) in enumerate((key, share) for key, share in known.items() if share is not None)
    ]
    return f"Hosting that is paid for and stands idle: {listed(parts)}." if parts else ""


def agreement(run: Run, present: bool = False) -> str:
    """What the preset's source advises, and whether the cost answer says the same."""
    preset, sums = PRESETS.get(run.scenario.preset or ""), totals(run, present)
    best = run.cheapest_of(sums)
    if preset is None or not preset.advises or best is None or len(run.eligible) < 2:
        return ""
    advised = f"The preset's source advises {listed([name(key) for key in preset.advises])}"
    if is_contested(run, sums):
        return f"{advised}; the cost answer is too close to call."
    if best in preset.advises:
        return f"{advised}; the cost answer agrees."
    cheaper_one_left_out = any(sums[key] < sums[best] for key in run.excluded)
    among = "among those that are left" if cheaper_one_left_out else "on cost alone"
    return f"{advised}; {among} {name(best)} is ahead."
