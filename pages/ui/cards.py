"""The row of cards, one per architecture, as HTML. Every text in it is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from report.card_text import Card, Fact
from report.palette import ARCHITECTURES


def _titled(tag: str, text: str, title: str) -> str:
    shown = f' title="{escape(title)}"' if title else ""
    return f"<{tag}{shown}>{escape(text)}</{tag.split()[0]}>"


def _row(fact: Fact) -> str:
    return f"<div>{_titled('dt', fact.name, fact.meaning)}{_titled('dd', fact.value, fact.exact)}</div>"


def _html(card: Card) -> str:
    ink = ARCHITECTURES[card.architecture]
    if card.reason:
        below = f'<p class="reason">{escape(card.reason)}</p>'
    else:
        winner = " cheapest" if card.badge == "cheapest" else ""
        below = f'<p class="badge{winner}">{escape(card.badge)}</p>' if card.badge else ""
    colours = "" if card.reason else f' style="--line: {ink.css}; --text: {ink.css_text}"'
    total = _titled('p class="total"', card.total.value, card.total.exact)
    return (
        f'<article class="card{" excluded" if card.reason else ""}"{colours}><h2>{escape(ink.name)}</h2>'
        f"{total}{below}<dl>{''.join(_row(fact) for fact in card.facts)}</dl></article>"
    )


def cards(row: Sequence[Card]) -> None:
    """A row of cards; two by two on phones."""
    inside = "".join(_html(card) for card in row)
    st.html(f'<div class="cards" style="--count: {len(row)}">{inside}</div>')
