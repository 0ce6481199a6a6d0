"""The parts of the Uncertainty page: odds and regret, fans, the month of the turn, what to find out, the ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.uncertainty import Uncertainty
from pages.ui import blocks, chart, export, frame, layout, ranges, shared, uncertainty_run
from pages.ui.frame import Later, coloured
from pages.ui.uncertainty_run import Drawn, Outcome
from report import embed, ranges_text
from report import uncertainty_text as words
from report.chart_theme import EXCLUDED
from report.gallery import ChartProblem, risks
from report.numbers import Money
from report.palette import ARCHITECTURES
from report.picture import Picture
from report.sentence import Verdict

WORTH_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Answer:
    """What has to change at once: hero and charts; None for a chart that cannot be drawn."""

    hero: Verdict
    fans: Picture | None
    odds: Picture | None
    break_even: Picture | None


class Head:
    """Everything above the charts: drawn when it is first asked for, since draws that are there in a moment come with
    the rest; the levers, when something has to be waited for."""

    def __init__(self, run: Run, later: Later) -> None:
        self._run, self._later = run, later
        self._levers = False

    @cached_property
    def _places(self) -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
        frame.head("Uncertainty", self._later)
        frame.eyebrow(self._run, self._later)
        hero = st.container(key="uncertainty_hero")
        with st.container(key="drawing"):
            return hero, st.empty(), st.container(key="drawing_line", horizontal=True, vertical_alignment="center")

    @property
    def hero(self) -> DeltaGenerator:
        """Where the hero goes."""
        return self._places[0]

    @property
    def line(self) -> DeltaGenerator:
        """Where it is said what was drawn."""
        return self._places[2]

    def progress(self) -> DeltaGenerator:
        """Where progress goes; the levers are there to be moved meanwhile."""
        place = self._places[1]
        self.levers()
        return place

    def levers(self) -> None:
        """Draw the levers, unless they have been drawn."""
        if not self._levers:
            self._levers = True
            frame.sidebar()


def draw(run: Run, later: Later) -> None:
    """The whole page but its foot: hero and charts first, when the draws are there in a moment."""
    head = Head(run, later)
    if not uncertainty_run.at_hand(run):
        head.progress()
    outcome = uncertainty_run.outcome(run, head.progress)
    drawn, old = outcome.drawn, embed.OLD_DRAWS if outcome.old else ""
    answer = None if drawn is None else _answer(drawn)  # before anything is drawn: what comes in one go changes at once
    with head.hero:
        _hero(outcome, answer)
    with head.line:
        _line(run, outcome)
    if drawn is None or answer is None:
        head.levers()
        ranges.section(run, ranges.lines(run), fresh=False)
        return
    _fans(drawn, answer.fans, old)
    _odds(drawn, answer.odds, old)
    with st.container(key="worth_and_break_even"):
        worth = st.container(key="worth_half")
        with st.container(key="break_even_half"):
            _break_even(drawn, answer.break_even, old)
    below, lines = _below(drawn), ranges.lines(run)  # meanwhile the browser paints what it has received
    head.levers()
    with worth:
        _worth(below)
    _regret(below)
    ranges.section(run, lines, fresh=not outcome.old)
    _convergence(drawn)


def _answered(drawn: Drawn) -> Answer:
    run, found = drawn.run, drawn.found
    return Answer(
        words.verdict(found, run, _money(run)),
        _picture(risks.fan_of, drawn),
        _picture(risks.probability_of, drawn),
        _picture(risks.break_even_of, drawn),
    )


_answer = shared.once(_answered, uncertainty_run.LAST)


def _picture(make: Callable[[Run, Uncertainty], Picture], drawn: Drawn) -> Picture | None:
    try:
        return make(drawn.run, drawn.found)
    except ChartProblem:
        return None


def _money(run: Run) -> Money:
    finance = run.scenario.finance
    return Money(finance.currency, finance.usd_per_currency_unit)


def _hero(outcome: Outcome, answer: Answer | None) -> None:
    if outcome.problems:
        blocks.notice([layout.escape_markdown(each) for each in (*outcome.problems, words.REFUSED)], "notice_page")
    if answer is None:
        layout.hero(words.EMPTY_HEADLINE, words.EMPTY_LEAD)
    else:
        layout.hero(coloured(answer.hero.headline), coloured(answer.hero.lead, bold=True))


def _line(run: Run, outcome: Outcome) -> None:
    """Below the hero, always in its place: what was drawn, or that it is old, and the way to new draws."""
    own = bool(run.scenario.uncertainty)
    if outcome.drawn is None or outcome.old or outcome.remark:
        st.markdown(layout.plain_dollars(outcome.remark or words.FIRST))
        draws = uncertainty_run.asked(run).draws
        st.button(words.run_button(draws), key="run new draws", type="secondary", on_click=uncertainty_run.press)
    else:
        st.markdown(layout.plain_dollars(words.drawn(outcome.drawn.found, own)))


def _fans(drawn: Drawn, picture: Picture | None, old: str) -> None:
    if picture is None:
        return
    with chart.section(picture, key="fans"):
        blocks.switch("value", state_words(), "value")
        export.button(drawn.run, "fans", lambda: picture, old=old)
    with st.container(key="fans"):
        for number, (head, panel) in enumerate(zip(picture.heads, picture.panels, strict=True)):
            colour = "var(--cx-second)" if head.ink == EXCLUDED else ARCHITECTURES[head.ink].css_text
            chart.show(panel, f"fan_{number}", f'<h3 class="fan" style="--text: {colour}">{escape(head.name)}</h3>')


def state_words() -> dict[str, str]:
    """The switch between nominal and present value."""
    return {"nominal": "Nominal", "present": "Present value"}


def _odds(drawn: Drawn, picture: Picture | None, old: str) -> None:
    if picture is None:
        return
    with chart.section(picture, key="odds"):
        export.button(drawn.run, "odds", lambda: picture, old=old)
    chart.show(picture.panels[0], "odds")


def _break_even(drawn: Drawn, picture: Picture | None, old: str) -> None:
    if picture is None:
        return
    with chart.section(picture, key="break_even"):
        export.button(drawn.run, "break-even", lambda: picture, old=old)
    chart.show(picture.panels[0], "break_even")


@dataclass(frozen=True, eq=False)
class Below:
    """What stands below the charts: finding, caption and table of what to find out and of what a choice may cost."""

    worth: tuple[str, str, str] | None
    rest: str
    regret: tuple[str, str]


def _below_of(drawn: Drawn) -> Below:
    found, run, money = drawn.found, drawn.run, _money(drawn.run)
    rows, exact = words.regret_rows(found, money), words.regret_rows(found, money.exact)
    regret = _scrolling(_regret_table(found, rows, exact), "Regret and totals")
    finding = words.regret_finding(found, money)
    if len(found.eligible) < 2:
        return Below(None, "", (finding, regret))
    best = words.worthy(found)[:WORTH_SHOWN]
    worth = words.worth_finding(found, ranges_text.noun), words.worth_caption(found, money), _bars(run, best, money)
    return Below(worth, words.worth_rest(found, len(best)), (finding, regret))


_below = shared.once(_below_of, uncertainty_run.LAST)


def _bars(run: Run, best: Sequence[tuple[str, float]], money: Money) -> str:
    largest = best[0][1] if best else 1.0
    rows = "".join(
        f'<tr><th scope="row">{escape(ranges_text.label(run, path))}</th><td class="bar">'
        f'<i style="width: {max(100 * usd / largest, 1):.1f}%"></i></td>'
        f'<td title="{escape(money.exact(usd))}">{escape(money(usd))}</td></tr>'
        for path, usd in best
    )
    return f'<table class="worth"><tbody>{rows}</tbody></table>' if rows else ""


def _worth(below: Below) -> None:
    if below.worth is None:
        return
    finding, caption, bars = below.worth
    layout.heading(finding, caption, key="worth")
    if bars:
        st.html(bars)
    if below.rest:
        blocks.note(below.rest, key="worth_rest")


def _regret(below: Below) -> None:
    finding, table = below.regret
    layout.heading(finding, words.REGRET_CAPTION, key="regret")
    st.html(table)


def _convergence(drawn: Drawn) -> None:
    """On request: what fewer draws would have said."""
    found = drawn.found
    if len(found.eligible) < 2:
        return
    expander = st.expander(words.enough(found), key="convergence", on_change="rerun")
    with expander:
        if expander.open:
            st.markdown(coloured(f"{words.convergence_finding(found)}. {words.CONVERGENCE_HELP}"))
            head, rows = words.convergence_head(found), words.convergence_rows(found, _money(drawn.run))
            st.html(_plain_table(head, rows))


def _regret_table(
    found: Uncertainty, rows: Mapping[Architecture, Sequence[str]], exact: Mapping[Architecture, Sequence[str]]
) -> str:
    body = ""
    for key, cells in rows.items():
        colour = "var(--cx-second)" if key in found.left_out else ARCHITECTURES[key].css_text
        body += f'<tr><th scope="row" style="color: {colour}">{escape(ARCHITECTURES[key].name)}</th>'
        body += "".join(
            f'<td title="{escape(full)}">{escape(cell)}</td>' for cell, full in zip(cells, exact[key], strict=True)
        )
        body += "</tr>"
    return _table(("Architecture", *words.REGRET_HEAD), body, "small regret")


def _plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return _scrolling(_table(("Draws", *head), body, "small"), "Convergence")


def _table(head: Sequence[str], body: str, kind: str) -> str:
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    return f'<table class="{kind}"><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>'


def _scrolling(table: str, name: str) -> str:
    """A table that scrolls sideways where it is too wide, by keyboard too."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}">{table}</div>'
