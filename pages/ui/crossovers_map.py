"""The winner map: who is cheapest over two numbers, and at request how probable that is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.changes import ScenarioError
from costmodel.driver import fields_of, without
from costmodel.flips import now_of
from costmodel.odds_map import CELLS, DRAWS, OddsMap, odds_map
from costmodel.ranges import suggested
from costmodel.results import Run
from costmodel.scenario import Range
from costmodel.winner_map import CELLS as MAP_CELLS
from costmodel.winner_map import ENDS, Axis, WinnerMap, axis, winner_map
from pages.ui import blocks, chart, crossovers, export, heavy, state
from pages.ui.view import start_of
from report import driver_words, embed, map_text, text
from report.driver_words import GROWTH, VOLUME
from report.gallery import drivers
from report.map_chart import with_here
from report.picture import Picture
from report.uncertainty_text import BUSY, WAITING

SHOWN = {"cost": "Cost", "chance": "Chance"}


def section(run: Run) -> DeltaGenerator | None:
    """The map with its switches; returns where to show how far drawing is, when that was asked for."""
    with st.container(key="map"):
        if not run.eligible:
            return None
        x, y = axes(run)
        chance = state.switch("map") == "chance"
        odds = _known(run) if chance else None
        shown = _totals(run, x, y) if odds is None else odds
        picture = _drawn(run, shown)
        with chart.section(picture, key="map"):
            blocks.switch("map", SHOWN, "Map shown")
            _choose_axes(run, x, y)
            export.button(run, "map", lambda: picture, old=embed.OLD_MAP if odds and _is_old(run) else "")
        chart.show(picture.panels[0], "map")
        return _request(run, odds) if chance else None


def _drawn(run: Run, shown: WinnerMap | OddsMap) -> Picture:
    """The map, drawn again only when more than the scenario's place on it has changed."""
    money, present = text.money_of(run), crossovers.present()
    known: tuple[Any, Picture] | None = state.kept("map drawn")
    if known is None or known[0][0] is not shown or known[0][1:] != (money, run.horizon, present):
        known = (shown, money, run.horizon, present), drivers.map_of(run, shown, present=present)
        state.keep("map drawn", known)
    here = [now_of(run.scenario, run.book, each.path) for each in (shown.x, shown.y)]
    return replace(known[1], panels=(with_here(known[1].panels[0], shown, (here[0], here[1])),))


def axes(run: Run) -> tuple[str, str]:
    """The drivers across and up: as chosen, or the first ones there are when those play no part now."""
    there = options(run)
    across = next(path for path in (state.switch("across"), start_of("across"), *there) if path in there)
    up = next(path for path in (state.switch("up"), start_of("up"), *there) if path in there and path != across)
    return across, up


def options(run: Run) -> list[str]:
    """Numbers that can be an axis."""
    replaced = (VOLUME, GROWTH) if run.scenario.workload.queries_by_month is not None else ()
    return [path for path in fields_of(run) if path not in replaced]


def _axis(run: Run, path: str, cells: int) -> Axis:
    """An axis over a driver's range, which a lever that is pulled does not move."""
    now = now_of(run.scenario, run.book, path)
    low, high = ENDS[path] if path in ENDS else crossovers.range_of(run, path)
    low, high = (min(low, now) if now > 0 else low), max(high, now)
    rest = without(run.scenario, [path])
    return crossovers.once("axis", (path, low, high, cells), rest, lambda: axis(run.scenario, path, low, high, cells))


def _totals(run: Run, x: str, y: str) -> WinnerMap:
    rest = without(run.scenario, [x, y]), tuple(run.eligible)
    x_axis, y_axis = _axis(run, x, MAP_CELLS), _axis(run, y, MAP_CELLS)
    asked = (x_axis, y_axis, crossovers.present())
    return crossovers.once(
        "map",
        asked,
        rest,
        lambda: winner_map(run.scenario, run.book, x_axis, y_axis, run.eligible, crossovers.present()),
    )


def _choose_axes(run: Run, x: str, y: str) -> None:
    with st.popover("Axes", icon=":material/swap_horiz:", type="tertiary", key="map axes"):
        for name, label, path in (("across", "Across", x), ("up", "Up", y)):
            # What is not open yet shows its default, so that is what says where it stands.
            key, there = state.widget_key(f"axis {name} {path}"), options(run)
            st.selectbox(
                label,
                there,
                index=there.index(path),
                format_func=lambda each: driver_words.words_of(run, each).option,
                key=key,
                on_change=_turned,
                args=(name, key, x, y),
            )


def _turned(name: str, key: str, x: str, y: str) -> None:
    """Put a driver on an axis; the one of the other axis changes places with it."""
    chosen, other = st.session_state[key], "up" if name == "across" else "across"
    if chosen == (y if name == "across" else x):
        state.turn(other, x if name == "across" else y)
    state.turn(name, chosen)


# With ranges on


def _ranges(run: Run) -> tuple[dict[str, Range], bool]:
    """The ranges to draw, and whether they are the user's own."""
    own = dict(run.scenario.uncertainty)
    return (own, True) if own else ({path: each.spread for path, each in suggested(run).items()}, False)


def _question(run: Run) -> tuple[Any, ...]:
    return (run.scenario, crossovers.present(), *axes(run))


def _known(run: Run) -> OddsMap | None:
    """What was drawn last over these two drivers and architectures, for whichever scenario."""
    kept: tuple[tuple[Any, ...], OddsMap] | None = state.kept("odds")
    fits = kept is not None and kept[0][2:] == axes(run) and set(kept[1].eligible) == set(run.eligible)
    return kept[1] if kept is not None and fits else None


def _is_old(run: Run) -> bool:
    kept: tuple[tuple[Any, ...], OddsMap] | None = state.kept("odds")
    return kept is not None and kept[0][:2] != _question(run)[:2]


def _request(run: Run, odds: OddsMap | None) -> DeltaGenerator | None:
    """Whose ranges are drawn, and the button that draws them; while it does, where to show how far it is."""
    ranges, own = _ranges(run)
    old, drawing = odds is not None and _is_old(run), bool(state.kept("odds asked"))
    # One button and one slot beside it, whatever stands in them: what goes is replaced at once, not after the drawing.
    with st.container(key="odds", horizontal=True, vertical_alignment="center"):
        if drawing:
            st.button("Cancel", key="odds cancel", on_click=lambda: state.keep("odds asked", False))
        elif odds is None or old:
            st.button(map_text.odds_button(DRAWS), key="odds run", on_click=lambda: state.keep("odds asked", True))
        place = st.empty()
        if drawing:
            return place
        said = [map_text.odds_old()] if old else []
        said.append(map_text.ranges_words(own, len(ranges)))
        if odds is None:
            said.append(map_text.odds_invitation(CELLS * CELLS, DRAWS))
        with place.container():
            blocks.note(" ".join(said), key="odds")
    return None


def draw_when_asked(run: Run, place: DeltaGenerator | None) -> None:
    """Draw, if that was asked for: last on the page, so that everything else is there; any other press ends it."""
    if place is None:
        return
    state.keep("odds asked", False)  # whatever interrupts this, it does not begin again
    ranges, _ = _ranges(run)
    x, y = (_axis(run, path, CELLS) for path in axes(run))

    def progress(done: int, of: int) -> None:
        place.progress(done / of, map_text.odds_progress(done, of))

    progress(0, CELLS)
    asked = {"draws": DRAWS, "present": crossovers.present()}
    try:
        with heavy.turn(lambda: place.progress(0.0, WAITING)):
            odds = odds_map(run.scenario, run.book, x, y, run.eligible, ranges, **asked, progress=progress)
    except heavy.Busy:
        state.refuse([BUSY], map_text.odds_refused())
    except ScenarioError as error:
        state.refuse(error.problems, map_text.odds_refused())
    else:
        state.keep("odds", (_question(run), odds))
    st.rerun()
