"""Where the answer turns: the month, and along the levers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from costmodel.fields import value_at
from costmodel.results import Run
from costmodel.spans import Span
from costmodel.tracks import Track, horizon_track
from pages.ui import blocks, layout, levers, shared, state
from report import crossover_text, lever_text
from report.sentence import updates_force

NOUNS = {
    levers.VOLUME: "query volume",
    levers.GROWTH: "growth",
    levers.UPDATES: "update frequency",
    levers.CADENCE: "retraining cadence",
}


class Turns(NamedTuple):
    """The section: its finding, what is in it, a row for the months and for each lever; and the tracks behind it."""

    finding: str
    caption: str
    rows: list[tuple[str, str, str]]
    behind: tuple[Track, ...]


def found(run: Run, tracks: Mapping[str, Track]) -> Turns | None:
    """What there is to say; None where only one architecture can be cheapest."""
    if len(run.eligible) < 2:
        return None
    guess = state.is_guess("fine_tuning.updates_per_retrain")
    return _said(run, levers.shown(), tuple(tracks.items()), state.switch("value") == "present", guess)


def section(said: Turns) -> None:
    """Who is cheapest in which months, and at which position of each lever."""
    table = blocks.facts(("Lever", "Now", "Cheapest"), said.rows)
    layout.heading(said.finding, said.caption, key="turns", below=table)


@shared.once
def _said(
    run: Run, shown: tuple[levers.Lever, ...], found: tuple[tuple[str, Track], ...], present: bool, guess: bool
) -> Turns:
    """What is said; `guess`: how many updates make a retrain is one."""
    tracks = {key: track for key, track in found if key != levers.HORIZON}
    rows = [("Month", f"{run.horizon}", crossover_text.along_months(run, _by_month(run, present), present))]
    for each in shown:
        if each.path in tracks:
            now, if_ = each.words(float(value_at(run.scenario, each.path))), _condition(run, each, guess)
            rows.append((each.label, now, lever_text.table_row(tracks[each.path], each.words, if_)))
    turning = ["the months"] if len(run.leaders(present)) > 1 else []
    nouns = NOUNS | {each.path: each.label for each in shown if each.path not in NOUNS}
    turning += lever_text.turning([(nouns[key], track) for key, track in tracks.items()])
    over = "1 month" if run.horizon == 1 else f"{run.horizon} months"
    worth = "in present value" if present else "nominal cost"
    caption = f"Cheapest over {over} along each lever, everything else as it is; {worth}"
    return Turns(crossover_text.turns_finding(turning), caption, rows, tuple(tracks.values()))


def _by_month(run: Run, present: bool) -> Track:
    return horizon_track(run, Span(1, run.horizon, whole=True), present)


def _condition(run: Run, each: levers.Lever, guess: bool) -> str:
    """Every sentence over content updates names the guess on which it hangs."""
    needed = run.scenario.fine_tuning.updates_per_retrain
    if each.path != levers.UPDATES or not needed or "fine_tuning" not in run.eligible:
        return ""
    return updates_force(needed, guess)
