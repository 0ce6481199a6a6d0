"""A page for a frame: what it shows stands in its address, nothing of it is kept in a session."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from costmodel.changes import ScenarioError
from pages.ui import blocks, chart, layout
from pages.ui.cards import cards
from pages.ui.frame import coloured, price_dates
from pages.ui.here import base_url
from pages.ui.linked import Linked, linked, wanted
from pages.ui.warm import freeze
from pricing.book import PriceError
from report import card_text, gallery, text
from report import embed as words
from report.chart_theme import EXCLUDED
from report.numbers import shortened
from report.palette import ARCHITECTURES
from report.picture import Head, Picture


def draw() -> None:
    """The whole page: what the address names, and one line that says where it comes from."""
    layout.bare("Chart", style="embed")
    with st.container(key="embed"):
        try:
            _draw(st.query_params.get("chart", ""))
        except ScenarioError as error:
            _refuse(words.broken(error.problems))
        except (gallery.ChartProblem, PriceError) as error:
            _refuse(words.broken([str(error)]))
    freeze()


def _draw(name: str) -> None:
    if name not in words.PARTS and name not in gallery.NAMES:
        return _refuse(words.unknown(name, (*gallery.NAMES, *words.PARTS)))
    if "k" in st.query_params:
        return _refuse(words.KEPT_ELSEWHERE)
    shown = linked(st.query_params.get("s"), date.today())
    if name == words.VERDICT:
        _verdict(shown)
    elif name == words.CARDS:
        sums = text.totals(shown.run, shown.present)
        cards([card_text.card(shown.run, key, sums) for key in shown.run.answers])
    else:
        _picture(gallery.picture(name, shown.run, wanted(name, shown)))
    _foot(shown)


def _refuse(sentence: str) -> None:
    blocks.note(layout.escape_markdown(sentence), key="embed_refused")


def _verdict(shown: Linked) -> None:
    said = text.verdict(shown.run, shown.present)
    st.header(layout.plain_dollars(coloured(said.headline)), anchor=False)
    st.markdown(layout.plain_dollars(coloured(said.lead, bold=True)))


def _picture(picture: Picture) -> None:
    with st.container(key="embed_head", gap=None):
        st.header(layout.plain_dollars(coloured(picture.said)), anchor=False)
        st.markdown(layout.plain_dollars(coloured(picture.drawn)))
        st.html(layout.unseen(picture.alt))
    with st.container(key=f"embed_panels_{len(picture.panels)}"):
        for number, panel in enumerate(picture.panels):
            above = _panel_head(picture.heads[number]) if picture.heads else ""
            chart.show(panel, f"{picture.name}_{number}", above)


def _panel_head(head: Head) -> str:
    colour = "var(--cx-second)" if head.ink == EXCLUDED else ARCHITECTURES[head.ink].css_text
    return f'<p class="panel" style="--text: {colour}"><b>{escape(head.name)}</b> {escape(head.words)}</p>'


def _foot(shown: Linked) -> None:
    parts = (
        layout.escape_markdown(shortened(shown.run.scenario.name)),
        price_dates(shown.run),
        f"[{words.OPEN}]({base_url()}/?{shown.query})",
    )
    with st.container(key="embed_foot"):
        st.markdown(layout.plain_dollars(" \N{MIDDLE DOT} ".join(part for part in parts if part)))
