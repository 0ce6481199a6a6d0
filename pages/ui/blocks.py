"""Small blocks of a page: a notice, a note, a small table of formatted cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import layout, state
from report.palette import ARCHITECTURES


def notice(lines: Sequence[str], key: str = "notice") -> None:
    """What was not applied and why, as Markdown lines; announced to screen readers."""
    with st.container(key=key):
        st.html('<p class="unseen" role="alert">Not applied. See the message below.</p>')
        st.markdown(layout.plain_dollars("\n\n".join([f"**Not applied:** {lines[0]}", *lines[1:]])))


def alarm(lines: Sequence[str]) -> None:
    """What makes the page unreliable, as Markdown lines; announced to screen readers."""
    with st.container(key="notice_alarm"):
        st.html(f'<p class="unseen" role="alert">{escape(lines[0])}</p>')
        st.markdown(layout.plain_dollars("\n\n".join([f"**{lines[0]}**", *lines[1:]])))


def note(markdown: str, help: str | None = None, key: str = "note") -> None:
    """A quiet remark of one or two lines."""
    with notes(key):
        remark(markdown, help)


def listed(lines: Sequence[str], key: str) -> None:
    """Quiet remarks one below the other, as a list; no Markdown."""
    items = "".join(f"<li>{escape(layout.in_sentence(line))}</li>" for line in lines)
    st.html(f'<ul class="listed listed_{key}">{items}</ul>')


def notes(key: str) -> DeltaGenerator:
    """The place for remarks that stand together."""
    return st.container(key=f"note_{key}")


def remark(markdown: str, help: str | None = None) -> None:
    """One of the remarks that stand together."""
    st.markdown(layout.plain_dollars(markdown), help=help)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    keys: Sequence[str],
    exact: Sequence[Sequence[str]] | None = None,
    left_out: Collection[str] = (),
) -> str:
    """A small table: first column the architectures in their colours (`keys`), the others right-aligned numbers.

    `head` names the columns of numbers; `exact` holds each number in full, shown on hover; names of what is
    `left_out` have no colour. Returned as HTML, for `layout.heading` or `st.html`.
    """
    paint = {key: "var(--cx-second)" if key in left_out else ARCHITECTURES[key].css_text for key in keys}
    titles = exact if exact is not None else [[""] * len(head)] * len(rows)
    columns = '<th scope="col"><span class="spoken">Architecture</span></th>'
    columns += "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row" style="color: {paint[key]}">{escape(row[0])}</th>'
        + "".join(_number(cell, title) for cell, title in zip(row[1:], full, strict=True))
        + "</tr>"
        for key, row, full in zip(keys, rows, titles, strict=True)
    )
    return f'<table class="small"><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>'


def _number(cell: str, exact: str) -> str:
    title = f' title="{escape(exact)}"' if exact not in ("", cell) else ""
    return f"<td{title}>{escape(cell)}</td>"


def facts(head: Sequence[str], rows: Sequence[tuple[str, str, str]]) -> str:
    """Lines of a name, a number and a sentence with marks of architectures (`{rag}`), as a table in HTML."""
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td><td>{layout.inked(sentence)}</td></tr>'
        for name, value, sentence in rows
    )
    table = f'<table class="facts" style="--rows: {len(rows)}">'
    return f"{table}<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"


def switch(name: str, options: Mapping[str, str], label: str) -> str:
    """A segmented control that turns a switch of the session; returns where it stands."""
    key = state.widget_key(f"switch {name}")
    st.segmented_control(
        label,
        list(options),
        default=state.switch(name),
        format_func=options.__getitem__,
        label_visibility="collapsed",
        required=True,
        key=key,
        on_change=lambda: state.turn(name, st.session_state[key]),
    )
    return state.switch(name)
