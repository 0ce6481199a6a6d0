"""The parts of the Sensitivity page: what moves the answer most, what would flip it, and what it would take to win."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from costmodel.changes import ScenarioError
from costmodel.flips import now_of
from costmodel.results import Run
from costmodel.scenario import ARCHITECTURES as KEYS
from costmodel.scenario import Architecture, Scenario
from costmodel.sensitivity import Swing, Turned, goal_seek, tornado, turned
from pages.ui import blocks, chart, crossovers, layout, state, uncertainty_run
from pages.ui.frame import coloured
from pricing.catalog import load_book
from report import ranges_text, tornado_chart, uncertainty_text
from report import sensitivity_text as words
from report.numbers import Money
from report.palette import ARCHITECTURES
from report.sentence import money_of, plain, totals
from report.tornado_chart import Bar

_STYLE = f"<style>{(Path(__file__).parent / 'sensitivity.css').read_text(encoding='utf-8')}</style>"
NO_OTHER = "none"


def style() -> None:
    """The styles of these blocks; once on a page, before them."""
    crossovers.style()
    st.html(_STYLE)


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
        blocks.notice([layout.escape_markdown(each) for each in (*found.problems, uncertainty_text.REFUSED_RANGES)])
    leading = pair(run)
    of, less = leading or (run.eligible[0] if run.eligible else "rag", None)
    widest = found.widest(of, less)[0] if found.all else None
    spoken = None if widest is None else crossovers.words_of(run, widest.path)
    turning = [swing.path for swing in found.widest(of, less) if swing.path in found.turned]
    said = words.verdict(run, widest, leading, turning, len(found.all), spoken, ranges_text.noun, money_of(run))
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))


# The tornado


def tornado_section(run: Run, found: Swings) -> None:
    """The bars of one total, or of the difference of two."""
    known = [key for key, answer in run.answers.items() if not answer.missing]
    if not found.all or not known:
        return
    of, less = _measured(run, known)
    ordered = found.widest(of, less)
    shown = words.drawn_bars(ordered, of, less)
    money, present = money_of(run), state.switch("value") == "present"
    own = bool(run.scenario.uncertainty)
    finding = words.finding(ordered, of, less, ranges_text.noun, money)
    with layout.section(coloured(finding), words.caption(run, less, present, own), key="tornado"):
        blocks.switch("value", {"nominal": "Nominal", "present": "Present value"}, "value")
        chart.data(
            run,
            "tornado",
            lambda: words.data(
                run,
                ordered,
                found.turned,
                of,
                less,
                lambda path: ranges_text.label(run, path),
                lambda path: ranges_text.unit_of(run, path),
                present,
            ),
        )
    _choose_measure(known, of, less)
    if not shown:
        st.markdown("No bar to draw.")
        return
    chart.show(_drawing(run, found, shown, of, less), f"tornado_{len(shown)}")
    if rest := words.rest_words(ordered, shown, of, less, money):
        blocks.note(rest, key="tornado_rest")


def _drawing(
    run: Run, found: Swings, shown: list[Swing], of: Architecture, less: Architecture | None
) -> tornado_chart.Chart:
    unit = run.scenario.finance.usd_per_currency_unit
    in_money = Money(run.scenario.finance.currency)
    sums = totals(run, state.switch("value") == "present")
    bars = []
    for swing in shown:
        spoken, turn = crossovers.words_of(run, swing.path), found.turned.get(swing.path)
        at_low, at_high = (usd / unit for usd in swing.ends(of, less))
        bars.append(
            Bar(
                ranges_text.label(run, swing.path),
                spoken.of(swing.low),
                spoken.of(swing.high),
                at_low,
                at_high,
                words.turn_words(turn, spoken) if turn else "",
                turn.measured(of, less) / unit if turn else None,
            )
        )
    base = (sums[of] - (0.0 if less is None else sums[less])) / unit
    turning = [swing.path for swing in shown if swing.path in found.turned]
    return tornado_chart.tornado(
        bars,
        base,
        even=words.EQUAL if less is not None else None,
        money=in_money,
        exact=in_money.exact,
        alt=plain(words.alt(shown, turning, of, less, ranges_text.noun, money_of(run))),
    )


def _measured(run: Run, known: list[Architecture]) -> tuple[Architecture, Architecture | None]:
    """What is measured: as chosen, else the difference of the two leading ones."""
    leading = pair(run)
    asked, against = state.switch("swing"), state.switch("against")
    of = next((key for key in known if key == asked), leading[0] if leading else known[0])
    if against == NO_OTHER:
        return of, None
    others = [key for key in known if key != of]
    less = next((key for key in others if key == against), None)
    if less is None and leading is not None:
        less = next(key for key in (leading[1], leading[0]) if key != of)
    return of, less


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
    layout.section(words.SEEK, words.SEEK_CAPTION, key="goal")
    driver, winner, month = _question(run)
    try:
        sought = goal_seek(run.scenario, load_book(), driver, winner, month)
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


def draw(run: Run) -> None:
    """The whole page below the eyebrow."""
    found = swings(run)
    verdict(run, found)
    tornado_section(run, found)
    with st.container(key="flips_and_goal"):
        flips(run)
        with st.container(key="goal"):
            goal(run)
