"""The parts of the Uncertainty page: odds and regret, fans, the month of the turn, what to find out, the ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.uncertainty import Uncertainty
from pages.ui import blocks, chart, export, layout, ranges, uncertainty_run
from pages.ui.frame import coloured
from pages.ui.uncertainty_run import Drawn, Outcome
from report import embed, ranges_text
from report import uncertainty_text as words
from report.chart_theme import EXCLUDED
from report.gallery import ChartProblem, risks
from report.numbers import Money
from report.palette import ARCHITECTURES

_STYLE = f"<style>{(Path(__file__).parent / 'uncertainty.css').read_text(encoding='utf-8')}</style>"
WORTH_SHOWN = 8


def style() -> None:
    """The styles of these blocks; once on a page, before them."""
    st.html(_STYLE)


def draw(run: Run) -> None:
    """The whole page below the eyebrow."""
    hero = st.container(key="uncertainty_hero")
    with st.container(key="drawing"):
        place = st.empty()
        line = st.container(key="drawing_line", horizontal=True, vertical_alignment="center")
    outcome = uncertainty_run.outcome(run, place)
    with hero:
        _hero(outcome)
    with line:
        _line(run, outcome)
    if outcome.drawn is not None:
        _answers(outcome.drawn, embed.OLD_DRAWS if outcome.old else "")
    ranges.section(run, fresh=not outcome.old and outcome.drawn is not None)
    if outcome.drawn is not None:
        _convergence(outcome.drawn)


def _money(run: Run) -> Money:
    finance = run.scenario.finance
    return Money(finance.currency, finance.usd_per_currency_unit)


def _hero(outcome: Outcome) -> None:
    if outcome.problems:
        blocks.notice([layout.escape_markdown(each) for each in (*outcome.problems, words.REFUSED)], "notice_page")
    if outcome.drawn is None:
        layout.hero(words.EMPTY_HEADLINE, words.EMPTY_LEAD)
        return
    drawn = outcome.drawn
    said = words.verdict(drawn.found, drawn.run, _money(drawn.run))
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))


def _line(run: Run, outcome: Outcome) -> None:
    """Below the hero, always in its place: what was drawn, or that it is old, and the way to new draws."""
    own = bool(run.scenario.uncertainty)
    if outcome.drawn is None or outcome.old or outcome.remark:
        st.markdown(layout.plain_dollars(outcome.remark or words.FIRST))
        draws = uncertainty_run.asked(run).draws
        st.button(words.run_button(draws), key="run new draws", type="secondary", on_click=uncertainty_run.press)
    else:
        st.markdown(layout.plain_dollars(words.drawn(outcome.drawn.found, own)))


def _answers(drawn: Drawn, old: str) -> None:
    _fans(drawn, old)
    _odds(drawn, old)
    with st.container(key="worth_and_break_even"):
        with st.container(key="worth_half"):
            _worth(drawn)
        with st.container(key="break_even_half"):
            _break_even(drawn, old)
    _regret(drawn)


def _fans(drawn: Drawn, old: str) -> None:
    try:
        picture = risks.fan_of(drawn.run, drawn.found)
    except ChartProblem:
        return
    with layout.section(coloured(picture.said), picture.drawn, key="fans"):
        blocks.switch("value", state_words(), "value")
        export.button(drawn.run, "fans", lambda: picture, old=old)
    with st.container(key="fans"):
        for number, (head, panel) in enumerate(zip(picture.heads, picture.panels, strict=True)):
            with st.container(key=f"fan_{number}"):
                colour = "var(--cx-second)" if head.ink == EXCLUDED else ARCHITECTURES[head.ink].css_text
                st.html(f'<h3 class="fan" style="--text: {colour}">{escape(head.name)}</h3>')
                chart.show(panel, f"fan_{number}")


def state_words() -> dict[str, str]:
    """The switch between nominal and present value."""
    return {"nominal": "Nominal", "present": "Present value"}


def _odds(drawn: Drawn, old: str) -> None:
    try:
        picture = risks.probability_of(drawn.run, drawn.found)
    except ChartProblem:
        return
    with layout.section(coloured(picture.said), picture.drawn, key="odds"):
        export.button(drawn.run, "odds", lambda: picture, old=old)
    chart.show(picture.panels[0], "odds")


def _break_even(drawn: Drawn, old: str) -> None:
    try:
        picture = risks.break_even_of(drawn.run, drawn.found)
    except ChartProblem:
        return
    with layout.section(coloured(picture.said), coloured(picture.drawn), key="break_even"):
        export.button(drawn.run, "break-even", lambda: picture, old=old)
    chart.show(picture.panels[0], "break_even")


def _worth(drawn: Drawn) -> None:
    found, run, money = drawn.found, drawn.run, _money(drawn.run)
    if len(found.eligible) < 2:
        return
    layout.heading(words.worth_finding(found, ranges_text.noun), words.worth_caption(found, money), key="worth")
    best = words.worthy(found)[:WORTH_SHOWN]
    largest = best[0][1] if best else 1.0
    rows = "".join(
        f'<tr><th scope="row">{escape(ranges_text.label(run, path))}</th><td class="bar">'
        f'<i style="width: {max(100 * usd / largest, 1):.1f}%"></i></td>'
        f'<td title="{escape(money.exact(usd))}">{escape(money(usd))}</td></tr>'
        for path, usd in best
    )
    if rows:
        st.html(f'<table class="worth"><tbody>{rows}</tbody></table>')
    if rest := words.worth_rest(found, len(best)):
        blocks.note(rest, key="worth_rest")


def _regret(drawn: Drawn) -> None:
    found, money = drawn.found, _money(drawn.run)
    rows, exact = words.regret_rows(found, money), words.regret_rows(found, money.exact)
    layout.heading(coloured(words.regret_finding(found, money)), words.REGRET_CAPTION, key="regret")
    st.html(_scrolling(_regret_table(found, rows, exact), "Regret and totals"))


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
