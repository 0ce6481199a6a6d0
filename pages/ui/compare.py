"""The parts of the Compare page: two answers side by side, their curves, what differs, and a bill from A to B."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from costmodel.comparison import Comparison, comparison
from costmodel.made_with import compared as compared_totals
from costmodel.other import Other
from costmodel.results import Run
from costmodel.scenario import Architecture
from pages.ui import blocks, compare_choice, compare_html, export, layout, state
from pages.ui.breakdown import LINES
from pages.ui.chart import data, section, show
from pages.ui.compare_choice import ways
from pages.ui.frame import coloured
from pages.ui.overview import VALUES
from pricing.catalog import load_book
from report import compare_table, made_with_text, text
from report import compare_text as words
from report.compare_text import Sides
from report.gallery import ChartProblem, versus
from report.palette import ARCHITECTURES
from report.picture import unmarked
from report.waterfall import steps_of

__all__ = ["assumptions", "bill", "both_verdicts", "curves", "totals", "verdict", "ways"]


def _compared(run: Run, other: Other) -> Comparison:
    """The answers of both sides; those of B are worked out again only when B or the currency has changed."""
    money = (run.scenario.finance.currency, run.scenario.finance.usd_per_currency_unit)
    present = state.switch("value") == "present"
    known: tuple[Other, tuple[str, float], Run] | None = state.kept("other run")
    if known is None or known[0] is not other or known[1] != money:
        found = comparison(run, other.scenario, load_book(), present=present)
        state.keep("other run", (other, money, found.b))
        return found
    return Comparison(run, known[2], other.scenario, present)


def _sides(found: Comparison, typed: Callable[[str], str] = layout.in_markdown) -> Sides:
    other = state.other()
    return words.sides(other or Other(found.other), found.a.scenario, typed)


def verdict(run: Run) -> Comparison | None:
    """What the other scenario costs more or less and whether the winner changes; None where there is none yet."""
    other = state.other()
    if other is None:
        layout.hero(words.NOTHING_YET.headline, words.NOTHING_YET.lead)
        return None
    found = _compared(run, other)
    key = words.subject(found)
    said = words.verdict(found, _sides(found), steps_of(found.moved(key)) if key else ())
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))
    return found


def both_verdicts(found: Comparison) -> None:
    """Both answers, each with its own horizon, and what is not alike."""
    names = _sides(found)
    compare_choice.buttons()
    with st.container(key="both_verdicts"):
        for letter, name, side in ((words.A, words.THIS, found.a), (words.B, names.starts, found.b)):
            said = text.verdict(side, found.present)
            with st.container(key=f"verdict_{letter.lower()}", gap="xsmall"):
                st.markdown(f"**{letter}** \N{MIDDLE DOT} {layout.plain_dollars(name)}")
                st.header(layout.plain_dollars(coloured(said.headline)), anchor=False)
                st.markdown(layout.plain_dollars(coloured(said.lead, bold=True)))
    notes = [*words.unlike(found, names), *_made(found, names)]
    if notes:
        blocks.note("\n".join(f"- {coloured(each)}" for each in notes), key="unlike")


def _made(found: Comparison, names: Sides) -> list[str]:
    """That B had other totals when it was saved or its link was copied."""
    other = state.other()
    moved = None if other is None or other.made is None else compared_totals(other.made, found.b)
    if moved is None or not moved.moved:
        return []
    return [f"{names.starts}: {layout.in_markdown(made_with_text.note(moved, text.money_of(found.a)))}"]


def totals(found: Comparison) -> None:
    """Totals of each architecture on both sides, and by how much they differ."""
    caption = words.totals_caption(found, _sides(found, layout.in_sentence))
    with layout.section(words.totals_finding(found), caption, key="totals"):
        blocks.switch("value", VALUES, "value")
    rows, exact = words.totals_rows(found)
    out = [key for key in found.either if key in found.a.excluded and key in found.b.excluded]
    with st.container(key="totals_of_both"):
        st.html(blocks.table(words.totals_head(found), rows, keys=list(found.either), exact=exact, left_out=out))


def curves(found: Comparison) -> None:
    """Cumulative cost of both sides in one chart."""
    try:
        picture = versus.compare_of(found, _sides(found, layout.in_sentence))
    except ChartProblem as problem:
        st.markdown(str(problem))
        return
    with section(picture, key="curves"):
        export.button(found.a, "curves", lambda: versus.compare_of(found, _sides(found, unmarked)))
    show(picture.panels[0], "compared")


def assumptions(found: Comparison) -> None:
    """Only what differs: each assumption with its value on either side."""
    rows = compare_table.rows(found)
    with layout.section(words.assumptions_finding(found), words.ASSUMPTIONS_CAPTION, key="assumptions"):
        if rows:
            data(found.a, "assumptions", lambda: compare_table.as_data(found))
    if not rows:
        return
    most = compare_table.MOST_ROWS
    at_once = rows if len(rows) <= most + 1 else rows[:most]
    compare_html.assumptions(at_once)
    if rest := rows[len(at_once) :]:
        with st.expander(words.more_rows(len(rest)), key="more_assumptions"):
            compare_html.assumptions(rest)


def bill(found: Comparison) -> None:
    """One architecture's bill from A to B, line by line."""
    key = _chosen(found)
    if key is None:
        blocks.note(words.no_bill(found), key="no_bill")
        return
    every = state.switch("waterfall") == "every"
    picture = versus.difference_of(found, _sides(found, layout.in_sentence), key, every=every)
    with section(picture, key="bill"):
        blocks.switch("waterfall", LINES, "Lines shown")
        _choose(found.comparable, key)
        export.button(found.a, "bill", lambda: versus.difference_of(found, _sides(found, unmarked), key, every=every))
    show(picture.panels[0], "bill")


def _chosen(found: Comparison) -> Architecture | None:
    wanted = state.switch("bill")
    return next((key for key in found.comparable if key == wanted), words.subject(found))


def _choose(keys: Sequence[Architecture], chosen: Architecture) -> None:
    key = state.mirror("bill of", chosen)
    st.selectbox(
        "Architecture",
        keys,
        format_func=lambda option: ARCHITECTURES[option].name,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: state.turn("bill", st.session_state[key]),
    )
