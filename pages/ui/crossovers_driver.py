"""Total cost along any number: which one, from where to where, every crossing, and a button that goes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from costmodel.changes import ScenarioError
from costmodel.closed_form import straight_lines
from costmodel.crossover import Crossovers
from costmodel.driver import along, check_range, token_price, without
from costmodel.fields import FieldFacts
from costmodel.flips import now_of
from costmodel.results import Run
from costmodel.scan import is_whole
from costmodel.scenario import FIELDS, Scenario
from pages.ui import blocks, chart, crossovers, export, layout, state
from pages.ui.frame import coloured
from pages.ui.view import span_in, span_words, start_of
from report import driver_chart, driver_text, driver_words, lever_text, text
from report.driver_text import Crossed
from report.driver_words import CADENCE, UPDATES, VOLUME, DriverWords
from report.gallery import drivers

MORE = "more"
SCALES = {"log": "Log", "linear": "Linear"}
MOST_SENTENCES = 6


def section(run: Run) -> Crossovers:
    """The driver chart with its switches, the sentence of each crossing, and the closed form; returns the crossings."""
    driver = chosen(run)
    words = crossovers.words_of(run, driver)
    ends = _ends(driver)
    try:
        found = crossovers.found(run, driver, ends)
    except ScenarioError:  # a range that a change of another number has made impossible
        found = crossovers.found(run, driver)
    scale = state.switch("scale")
    rest = without(run.scenario, [driver])
    asked = (driver, found.low, found.high, found.present, scale)
    log = None if scale == "auto" else scale == "log"
    lines = crossovers.once("along", asked, rest, lambda: along(run, found, log))
    y_log = driver_chart.takes_log(lines) and (lines.axis.log if scale == "auto" else scale == "log")
    asked_scale, now = "" if scale == "auto" else scale, now_of(run.scenario, run.book, driver)
    picture = drivers.crossover_of(run, lines, scale=asked_scale, typed=layout.in_sentence)
    with chart.section(picture, key="driver"):
        _scales(found, lines.axis.log or y_log)
        export.button(run, "driver", lambda: drivers.crossover_of(run, lines, scale=asked_scale))
    _choices(run, driver, found)
    chart.show(picture.panels[0], "driver")
    _sentences(run, found, words, now)
    return found


def chosen(run: Run) -> str:
    """The driver of the link or the last choice; the first there is when that one plays no part now."""
    there = crossovers.drivers(run)
    asked = state.switch("driver")
    return asked if asked in there else there[0]


def _choose(path: str) -> None:
    state.turn("driver", path)
    state.turn("reach", start_of("reach"))
    state.turn("scale", start_of("scale"))


def _ends(driver: str) -> tuple[float, float] | None:
    ends = span_in(state.switch("reach"))
    return (round(ends[0]), round(ends[1])) if ends is not None and is_whole(driver) else ends


# Switches


def _scales(found: Crossovers, log: bool) -> None:
    key = state.mirror(state.widget_key("driver scale"), "log" if log else "linear")
    above = found.low > 0
    st.segmented_control(
        "Axes",
        list(SCALES),
        format_func=SCALES.__getitem__,
        label_visibility="collapsed",
        required=True,
        disabled=not above,
        key=key,
        help=None,
        on_change=lambda: state.turn("scale", st.session_state[key]),
    )


def _quick(run: Run) -> Mapping[str, str]:
    """The drivers that most people ask for, and the way to the others."""
    price, there = token_price(run), crossovers.drivers(run)
    quick = {VOLUME: "Queries", UPDATES: "Updates", CADENCE: "Retraining"}
    quick = {path: words for path, words in quick.items() if path in there}
    return {**quick, **({price: "Token price"} if price else {}), MORE: "More\N{HORIZONTAL ELLIPSIS}"}


def _choices(run: Run, driver: str, found: Crossovers) -> None:
    quick = _quick(run)
    more = driver not in quick or bool(state.kept("more drivers"))
    with st.container(key="driver_bar", horizontal=True, vertical_alignment="bottom"):
        key = state.mirror(state.widget_key("driver quick"), MORE if more else driver)
        st.segmented_control(
            "Driver",
            list(quick),
            format_func=quick.__getitem__,
            label_visibility="collapsed",
            required=True,
            key=key,
            on_change=lambda: _quickly(st.session_state[key]),
        )
        if more:
            _any_number(run, driver)
        facts = _facts(run, driver)
        with st.container(key="driver_range", horizontal=True, width="content", wrap=False):
            for number, (name, end) in enumerate((("From", found.low), ("To", found.high))):
                _end(run, facts, name, number, (found.low, found.high), end)
    if refused := _refused(driver):
        blocks.note(layout.escape_markdown(refused), key="driver_refused")


def _quickly(choice: str) -> None:
    state.keep("more drivers", choice == MORE)
    if choice != MORE:
        _choose(choice)


def _any_number(run: Run, driver: str) -> None:
    options = crossovers.drivers(run)
    options = options if driver in options else [driver, *options]
    key = state.mirror(state.widget_key("driver any"), driver)
    st.selectbox(
        "Any number or price",
        options,
        format_func=lambda path: driver_words.words_of(run, path).option,
        key=key,
        width=240,
        on_change=lambda: _choose(st.session_state[key]),
    )


def _facts(run: Run, driver: str) -> FieldFacts:
    """What is declared about a driver; of a price what a field that holds it would say."""
    if driver in FIELDS:
        return FIELDS[driver]
    words = driver_words.words_of(run, driver)
    return replace(
        FIELDS["fine_tuning.usd_per_example"],
        path=driver,
        label=words.title,
        unit=f"USD/{words.unit.removeprefix('per ')}",
        low=0.0,
        high=1e9,
    )


def _end(run: Run, facts: FieldFacts, name: str, number: int, ends: tuple[float, float], value: float) -> None:
    key = state.mirror(state.widget_key(f"driver {name}"), lever_text.exact(facts, value))

    def put() -> None:
        state.keep("driver range", (facts.path, _taken(run, facts, st.session_state[key], number, ends)))

    st.text_input(name, key=key, width=100, on_change=put)


def _taken(run: Run, facts: FieldFacts, typed: str, number: int, ends: tuple[float, float]) -> str:
    """Take one end of the range as it was typed; returns why not, or nothing."""
    try:
        value = lever_text.number_typed(typed, facts)
        low, high = (value, ends[1]) if number == 0 else (ends[0], value)
        check_range(run.scenario, run.book, facts.path, low, high)
    except lever_text.NotTaken as error:
        return driver_text.range_refused(str(error))
    except ScenarioError as error:
        return driver_text.range_refused(error.problems[0])
    state.turn("reach", span_words(low, high))
    return ""


def _refused(driver: str) -> str:
    kept: tuple[str, str] | None = state.kept("driver range")
    return kept[1] if kept is not None and kept[0] == driver else ""


# Words


def _sentences(run: Run, found: Crossovers, words: DriverWords, now: float) -> None:
    """Each crossing as a sentence with its closed form, and a button that goes there; pairs without one by name."""
    money = text.money_of(run)
    rows = driver_text.crossed(run, found, run.eligible, words, money, now)
    if found.drops_schedule:
        blocks.note(driver_text.drops_schedule(), key="driver_schedule")
    forms = _closed_forms(run, found, words) if rows else {}
    with st.container(key="crossings", gap="small"):
        for number, row in enumerate(rows[:MOST_SENTENCES]):
            with st.container(key=f"crossing_{number}", horizontal=True, gap="medium", wrap=False):
                st.markdown(layout.plain_dollars(coloured(_said(row, forms))))
                st.button(
                    layout.plain_dollars(row.button),
                    type="tertiary",
                    key=f"set {number}",
                    on_click=crossovers.put,
                    args=(found.driver, row.value),
                )
    rest = [driver_text.more_crossings(len(rows) - MOST_SENTENCES), *driver_text.without_crossing(found, words)]
    if any(rest):
        blocks.note(coloured(" ".join(each for each in rest if each)), key="driver_rest")


def _said(row: Crossed, forms: Mapping[tuple[str, str], str]) -> str:
    return " ".join(part for part in (row.sentence, forms.get(row.pair, "")) if part)


def _closed_forms(run: Run, found: Crossovers, words: DriverWords) -> dict[tuple[str, str], str]:
    """The closed form of each pair that has one."""
    rest: Scenario = without(run.scenario, [found.driver])
    asked = (found.driver, found.low, found.high, found.present)
    lines = crossovers.once("lines", asked, rest, lambda: straight_lines(run.scenario, run.book, found))
    money = text.money_of(run)
    pairs: Sequence[tuple[str, str]] = [(pair.a, pair.b) for pair in found.pairs if len(pair.roots) == 1]
    return {
        (a, b): said for a, b in pairs if (said := driver_text.closed_form(found.driver, a, b, lines, words, money))
    }
