"""The parts of the Sensitivity page: what moves the answer most, what would flip it, and what it would take to win."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from costmodel.changes import ScenarioError
from costmodel.flips import now_of
from costmodel.results import Run
from costmodel.scenario import ARCHITECTURES as KEYS
from costmodel.scenario import Architecture, Scenario
from costmodel.sensitivity import Swing, Turned, goal_seek, tornado, turned
from pages.ui import blocks, chart, crossovers, export, layout, state, uncertainty_run
from pages.ui.frame import coloured
from pricing.catalog import load_book
from report import ranges_text, uncertainty_text
from report import sensitivity_text as words
from report.gallery import risks
from report.gallery.risks import NO_OTHER
from report.palette import ARCHITECTURES
from report.sentence import money_of, totals


@dataclass(frozen=True, eq=False)
class Swings:
    """The swings over the ranges in use, and where they change the winner."""

    scenario: Scenario
    all: list[Swing]
    turned: dict[str, Turned]
    problems: tuple[str, ...] = ()

    def widest(self, of: Architecture, less: Architecture | None) -> list[Swing]:
        """The swings, the widest first."""
        return sorted(self.all, key=lambda swing: (-swing.width(of, less), swing.path))


def swings(run: Run) -> Swings:
    """The swings of the scenario on screen, over its own ranges or the suggested ones."""
    present = state.switch("value") == "present"
    known: tuple[Scenario, bool, Swings] | None = state.kept("swings")
    if known is None or known[0] is not run.scenario or known[1] != present:
        known = (run.scenario, present, _swings(run, present))
        state.keep("swings", known)
    return known[2]


def _swings(run: Run, present: bool) -> Swings:
    scenario = uncertainty_run.asked(run).scenario
    known = [key for key, answer in run.answers.items() if not answer.missing]
    if not known or not scenario.uncertainty:
        return Swings(scenario, [], {})
    try:
        found = tornado(scenario, load_book(), known[0], present=present)
        turning = turned(run, load_book(), scenario.uncertainty, present, crossovers.flips_of(run))
    except ScenarioError as error:
        return Swings(scenario, [], {}, error.problems)
    return Swings(scenario, found, turning)


def pair(run: Run) -> tuple[Architecture, Architecture] | None:
    """The two leading architectures, the cheapest first; None for one alone."""
    sums = totals(run, state.switch("value") == "present")
    ranked = sorted(run.eligible, key=lambda key: sums[key])
    return (ranked[0], ranked[1]) if len(ranked) > 1 else None


def verdict(run: Run, found: Swings) -> None:
    """Which number moves the answer most, and whether it can turn it."""
    if found.problems:
        blocks.notice(
            [layout.escape_markdown(each) for each in (*found.problems, uncertainty_text.REFUSED_RANGES)], "notice_page"
        )
    leading = pair(run)
    of, less = leading or (run.eligible[0] if run.eligible else "rag", None)
    widest = found.widest(of, less)[0] if found.all else None
    spoken = None if widest is None else crossovers.words_of(run, widest.path)
    turning = [swing.path for swing in found.widest(of, less) if swing.path in found.turned]
    noun, money, present = ranges_text.noun, money_of(run), crossovers.present()
    said = words.verdict(run, widest, leading, turning, len(found.all), spoken, noun, money, present)
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))


# The tornado


def tornado_section(run: Run, found: Swings) -> None:
    """The bars of one total, or of the difference of two."""
    known = [key for key, answer in run.answers.items() if not answer.missing]
    if not found.all or not known:
        return
    present = state.switch("value") == "present"
    of, less = risks.measured(run, state.switch("swing"), state.switch("against"), present=present)
    ordered = found.widest(of, less)
    picture = risks.tornado_of(run, ordered, found.turned, of, less, present=present)
    with chart.section(picture, key="tornado"):
        blocks.switch("value", {"nominal": "Nominal", "present": "Present value"}, "value")
        if picture.panels:
            export.button(run, "tornado", lambda: picture)
    _choose_measure(known, of, less)
    if not picture.panels:
        st.markdown("No bar to draw.")
        return
    shown = words.drawn_bars(ordered, of, less)
    chart.show(picture.panels[0], f"tornado_{len(shown)}")
    if rest := words.rest_words(ordered, shown, of, less, money_of(run)):
        blocks.note(rest, key="tornado_rest")


def _choose_measure(known: list[Architecture], of: Architecture, less: Architecture | None) -> None:
    first, second = (state.widget_key(name) for name in ("swing of", "swing against"))
    others = [NO_OTHER, *(key for key in known if key != of)]
    with st.container(key="measure", horizontal=True, vertical_alignment="center"):
        st.markdown("Total of")
        st.selectbox(
            "Total of",
            known,
            format_func=lambda key: ARCHITECTURES[key].name,
            key=state.mirror(first, of),
            width=150,
            label_visibility="collapsed",
            on_change=lambda: state.turn("swing", st.session_state[first]),
        )
        st.markdown("less that of")
        st.selectbox(
            "Less that of",
            others,
            format_func=lambda key: words.NO_OTHER if key == NO_OTHER else ARCHITECTURES[key].name,
            key=state.mirror(second, less or NO_OTHER),
            width=150,
            label_visibility="collapsed",
            on_change=lambda: state.turn("against", st.session_state[second]),
        )


# What would flip it, and what it would take


def flips(run: Run) -> None:
    """The numbers that are nearest to flipping the answer."""
    crossovers.flips(run)


def goal(run: Run) -> None:
    """A question with choices in it, and its answer as a sentence with a button."""
    if len(run.eligible) < 2:
        return
    present = crossovers.present()
    layout.heading(words.SEEK, words.seek_caption(present), key="goal")
    driver, winner, month = _question(run)
    try:
        sought = crossovers.once(
            "goal",
            (driver, winner, month, present),
            run.scenario,
            lambda: goal_seek(run.scenario, load_book(), driver, winner, month, present=present),
        )
    except ScenarioError as error:
        blocks.note(layout.escape_markdown("; ".join(error.problems)), key="goal_refused")
        return
    spoken, now = crossovers.words_of(run, driver), now_of(run.scenario, run.book, driver)
    said = words.goal(sought, now, spoken)
    with st.container(key="goal_answer", horizontal=True, vertical_alignment="center"):
        st.markdown(layout.plain_dollars(coloured(said.sentence, bold=True)))
        if said.value is not None:
            st.button(
                layout.plain_dollars(said.button),
                key="set goal",
                on_click=crossovers.put,
                args=(driver, said.value),
            )


def _question(run: Run) -> tuple[str, Architecture, int]:
    """The choices in the question, drawn between its words; as chosen, or what there is."""
    drivers, asked = crossovers.drivers(run), state.switch("seek")
    driver = asked if asked in drivers else drivers[0]
    leading = pair(run)
    second = leading[1] if leading else run.eligible[0]
    winner = next((key for key in run.eligible if key == state.switch("winner")), second)
    month = int(state.switch("by")) or run.horizon
    first, then, last = words.pieces()
    path, who, when = (state.widget_key(name) for name in ("goal driver", "goal winner", "goal month"))
    with st.container(key="goal_question", horizontal=True, vertical_alignment="center"):
        st.markdown(first)
        st.selectbox(
            "Number",
            drivers,
            format_func=lambda each: crossovers.words_of(run, each).option,
            key=state.mirror(path, driver),
            width=300,
            label_visibility="collapsed",
            on_change=lambda: state.turn("seek", st.session_state[path]),
        )
        st.markdown(then)
        st.selectbox(
            "Winner",
            [key for key in KEYS if key in run.eligible],
            format_func=lambda key: ARCHITECTURES[key].name,
            key=state.mirror(who, winner),
            width=150,
            label_visibility="collapsed",
            on_change=lambda: state.turn("winner", st.session_state[who]),
        )
        st.markdown(last)
        st.number_input(
            "Month",
            1,
            120,
            value=None,
            key=state.mirror(when, month),
            required=True,
            width=130,
            label_visibility="collapsed",
            on_change=lambda: state.turn("by", str(st.session_state[when] or 0)),
        )
        st.markdown("?")
    return driver, winner, month


def answer(run: Run) -> None:
    """The verdict, and which number moves it most."""
    found = swings(run)
    verdict(run, found)
    tornado_section(run, found)


def questions(run: Run) -> None:
    """What would flip it, which takes longer to find, and what would have to be."""
    with st.container(key="flips_and_goal"):
        flips(run)
        with st.container(key="goal"):
            goal(run)
