"""Where the answer turns: the month, and along the levers."""

from __future__ import annotations

from collections.abc import Mapping

from costmodel.fields import value_at
from costmodel.results import Run
from costmodel.spans import Span
from costmodel.tracks import Track, horizon_track
from pages.ui import blocks, layout, levers, state
from report import crossover_text, lever_text
from report.sentence import updates_force

NOUNS = {
    levers.VOLUME: "query volume",
    levers.GROWTH: "growth",
    levers.UPDATES: "update frequency",
    levers.CADENCE: "retraining cadence",
}


def section(run: Run, found: Mapping[str, Track]) -> list[Track]:
    """Who is cheapest in which months, and at which position of each lever; returns the tracks of `found` behind it."""
    if len(run.eligible) < 2:
        return []
    present = state.switch("value") == "present"
    tracks = {key: track for key, track in found.items() if key != levers.HORIZON}
    rows = [("Month", f"{run.horizon}", crossover_text.along_months(run, _by_month(run, present), present))]
    for each in levers.shown():
        if each.path in tracks:
            now = each.words(float(value_at(run.scenario, each.path)))
            rows.append((each.label, now, lever_text.table_row(tracks[each.path], each.words, _condition(run, each))))
    turning = ["the months"] if len(run.leaders(present)) > 1 else []
    turning += lever_text.turning([(NOUNS.get(key, _noun(key)), track) for key, track in tracks.items()])
    over = "1 month" if run.horizon == 1 else f"{run.horizon} months"
    worth = "in present value" if present else "nominal cost"
    caption = f"Cheapest over {over} along each lever, everything else as it is; {worth}"
    layout.heading(crossover_text.turns_finding(turning), caption, key="turns")
    blocks.facts(("Lever", "Now", "Cheapest"), rows)
    return list(tracks.values())


def _by_month(run: Run, present: bool) -> Track:
    return horizon_track(run, Span(1, run.horizon, whole=True), present)


def _noun(path: str) -> str:
    return next(each.label for each in levers.shown() if each.path == path)


def _condition(run: Run, each: levers.Lever) -> str:
    """Every sentence over content updates names the guess on which it hangs."""
    needed = run.scenario.fine_tuning.updates_per_retrain
    if each.path != levers.UPDATES or not needed or "fine_tuning" not in run.eligible:
        return ""
    return updates_force(needed, state.is_guess("fine_tuning.updates_per_retrain"))
