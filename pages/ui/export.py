"""The Export button of a chart: files of it, its numbers, and a frame for another page. No work before it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from costmodel.results import Run
from pages.ui import chart, heavy, served, state
from pages.ui.here import base_url
from report import chart_csv, cost_csv, embed, render, text
from report.imprint import Imprint, imprint
from report.picture import Picture

_TABLE, _FRAME, _DARK_FRAME = "table", "frame", "dark frame"
THEMES = {False: "Light", True: "Dark"}


@dataclass(frozen=True)
class _Kind:
    """A kind of file: its button, how its name ends, its media type, what it is, and the function that makes it."""

    label: str
    ending: str
    media_type: str
    help: str
    make: Callable[[Picture, Imprint, bool], str | bytes]


_KINDS = (
    _Kind("PNG", "png", "image/png", embed.PNG_HELP, lambda p, i, dark: render.png(p, i, scale=1, dark=dark)),
    _Kind("PNG 2×", "png", "image/png", embed.PNG_2_HELP, lambda p, i, dark: render.png(p, i, scale=2, dark=dark)),
    _Kind("SVG", "svg", "image/svg+xml", embed.SVG_HELP, lambda p, i, dark: render.svg(p, i, dark=dark)),
    _Kind("HTML", "html", "text/html", embed.HTML_HELP, lambda p, i, dark: render.html(p, i, dark=dark)),
    _Kind("Vega-Lite", "json", "application/json", embed.VEGA_HELP, lambda p, i, dark: render.vega(p, i, dark=dark)),
    _Kind("CSV", "csv", "text/csv", embed.CSV_HELP, lambda p, i, dark: chart_csv.written(p.data, i)),
)


def button(run: Run, key: str, made: Callable[[], Picture], *, old: str = "") -> None:
    """The button and, once it is opened, what is behind it; `made` gives the chart as on screen.

    `old`: why what is on screen cannot be taken along now; it then shuts the button.
    """
    place = f"export {key}"
    popover = st.popover(
        "Export",
        icon=":material/download:",
        type="tertiary",
        key=place,
        on_change="rerun",
        help=old or None,
        disabled=bool(old),
    )
    if popover.open and not old:
        picture = made()
        with popover, st.container(key=f"export_inside_{key}"):
            _inside(run, key, picture, _stamp(run, picture))
    asked = state.kept(f"asked {place}")
    if asked:
        state.keep(f"asked {place}", None)
        picture = made()
        if asked == _TABLE:
            chart.open_table(picture.data, _stamp(run, picture))
        else:
            st.dialog(embed.TITLE, width="large")(_frame)(picture, _stamp(run, picture), asked == _DARK_FRAME)


def _stamp(run: Run, picture: Picture) -> Imprint:
    return imprint(run, date.today(), present=picture.present, base_url=base_url(), query=state.query())


def _ask(key: str, what: str) -> None:
    """The popover closes, and the next run opens a dialog over the page."""
    st.session_state[f"export {key}"] = False
    state.keep(f"asked export {key}", what)


def _inside(run: Run, key: str, picture: Picture, stamp: Imprint) -> None:
    dark = _theme(key)
    with st.grid(3, min_column_width=80, gap="xsmall"):
        for kind in _KINDS:
            _file(run, key, kind, picture, stamp, dark)
    with st.container(key=f"export_more_{key}", horizontal=True):
        st.button(
            "Show as table",
            type="tertiary",
            icon=":material/table_rows:",
            key=f"data {key}",
            help=embed.TABLE_HELP,
            on_click=_ask,
            args=(key, _TABLE),
        )
        st.button(
            "Embed",
            type="tertiary",
            icon=":material/code:",
            key=f"embed {key}",
            help=embed.EMBED_HELP,
            on_click=_ask,
            args=(key, _DARK_FRAME if dark else _FRAME),
        )


def _theme(key: str) -> bool:
    """Whether the files are to be dark: as the page is, unless the other one is chosen."""
    on_screen = st.context.theme.type == "dark"
    chosen = st.segmented_control(
        "Colours",
        list(THEMES),
        default=on_screen,
        format_func=THEMES.__getitem__,
        label_visibility="collapsed",
        required=True,
        width="stretch",
        key=f"export theme {key} {on_screen}",
    )
    return bool(chosen)


def _file(run: Run, key: str, kind: _Kind, picture: Picture, stamp: Imprint, dark: bool) -> None:
    def write() -> bytes:
        made = kind.make(picture, stamp, dark)
        return made if isinstance(made, bytes) else made.encode()

    st.download_button(
        kind.label,
        data=heavy.in_turn(write),
        file_name=cost_csv.file_name(run, picture.name, kind.ending),
        mime=kind.media_type,
        on_click="ignore",
        key=f"export {key} {kind.label}",
        help=kind.help,
        width="stretch",
    )


def _frame(picture: Picture, stamp: Imprint, dark: bool) -> None:
    """What frames the chart in another page, who can see it there, and the address of the picture alone."""
    with st.container(key="embed_dialog"):
        if refused := embed.refusal(stamp.query):
            st.markdown(refused)
            return
        st.markdown(embed.FILES_FIRST)
        parts = {picture.name: embed.THIS_CHART, **embed.PARTS}
        part = st.segmented_control(
            "What it shows",
            list(parts),
            default=picture.name,
            format_func=parts.__getitem__,
            label_visibility="collapsed",
            required=True,
            key=f"embed what {picture.name}",
        )
        address = embed.frame_address(stamp.base_url, stamp.query, part, dark=dark)
        if part in embed.PARTS:
            title, height = (
                text.verdict(stamp.run, stamp.present).sentence,
                embed.part_height(part, len(stamp.run.answers)),
            )
        else:
            title = picture.finding
            height = embed.frame_height([panel.height for panel in picture.panels], heads=bool(picture.heads))
        st.code(embed.frame_snippet(address, title, height), language=None, wrap_lines=True, height=176)
        framing = embed.framing(served.frame_ancestors, served.FRAME_ANCESTORS_VARIABLE)
        st.markdown(f"{embed.reach(stamp.base_url)} {framing}")
        if served.plain_addresses:
            st.markdown(embed.PICTURE_WORDS)
            picture_address = embed.chart_address(stamp.base_url, stamp.query, picture.name, "svg", dark=dark)
            st.code(picture_address, language=None, wrap_lines=True, height=112)
        else:
            st.markdown(embed.NOT_SERVED)
