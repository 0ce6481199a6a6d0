"""The parts of the Report page: what goes in, the memo as it will print, and the files to take away."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costmodel import files
from costmodel.results import Run
from costmodel.scenario import Scenario
from pages.ui import blocks, heavy, here, layout, report_draws, state
from pages.ui.frame import coloured
from pages.ui.report_paper import is_asked_for, paper
from pages.ui.uncertainty_run import Drawn
from pages.ui.view import LISTS, words_in
from pricing.catalog import load_book
from report import answers_markdown, cost_csv, exports, memo, text, uncertainty_text
from report import report_text as words
from report.converter import PictureProblem
from report.imprint import Imprint
from report.memo.model import Figure

WITHOUT, DRAWS, BEFORE_DRAWS = "without", "draws", "sureness"
KINDS = ("docx", "html", "md", "xlsx", "csv", "ledger", "json")
"""The files that `exports` makes, in the order of the page: the memo first, then the numbers."""
VALUES = {"nominal": "Nominal", "present": "Present value"}
_numbers = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Asked:
    """What the memo is made of: what it says about itself, its sections in order, and the draws it rests on."""

    imprint: Imprint
    sections: tuple[str, ...]
    drawn: Drawn | None


@dataclass(frozen=True, eq=False)
class Preview:
    """The memo as a page, its number, and how long it is."""

    number: int
    html: str
    finding: str


def draw(run: Run) -> None:
    """The whole page below the eyebrow."""
    present = state.switch("value") == "present"
    layout.hero(coloured(text.verdict(run, present).headline), coloured(words.lead(run, present), bold=True))
    with st.container(key="report"):
        with st.container(key="report_contents"):
            drawn = _contents(run)
        asked = Asked(here.imprint_of(run), sections(), drawn)
        with st.container(key="report_files"):
            _files(run, asked)
        with st.container(key="report_preview"):
            _preview(asked)


def chosen() -> tuple[str, ...]:
    """Keys of the memo's parts that go in, in their order."""
    out = words_in(WITHOUT, state.switch(WITHOUT))
    return tuple(key for key in LISTS[WITHOUT] if key not in out)


def sections() -> tuple[str, ...]:
    """Keys of the memo's sections that go in, in their order."""
    return tuple(key for key in chosen() if key in memo.SECTIONS)


def _contents(run: Run) -> Drawn | None:
    """The parts to choose from; returns the draws that the memo rests on."""
    inside, drawn = chosen(), None
    finding = words.contents_finding(len(sections()), len(memo.SECTIONS))
    layout.heading(finding, words.CONTENTS_CAPTION, key="contents")
    with st.container(key="parts"):
        for key, label in memo.SECTIONS.items():
            _part(key, label, key in inside)
            if key == BEFORE_DRAWS:
                with st.container(key="part_of_part"):
                    _part(DRAWS, words.DRAWS, DRAWS in inside, disabled=key not in inside)
                    drawn = report_draws.line(run)
    return drawn if {DRAWS, BEFORE_DRAWS} <= {*inside} else None


def _part(key: str, label: str, inside: bool, *, disabled: bool = False) -> None:
    name = state.widget_key(f"part {key}")
    st.checkbox(label, inside, key=name, disabled=disabled, on_change=lambda: _put(key, bool(st.session_state[name])))


def _put(key: str, inside: bool) -> None:
    parts = {*chosen(), key} if inside else {*chosen()} - {key}
    state.turn(WITHOUT, ",".join(each for each in LISTS[WITHOUT] if each not in parts))


def _number(asked: Asked) -> int:
    """The number of the memo on screen: another one whenever something in it may be another one."""
    imprint = asked.imprint
    rest = (imprint.present, imprint.query, imprint.base_url, imprint.today, asked.sections)
    known: tuple[Run, Drawn | None, tuple[object, ...], int] | None = state.kept("memo number")
    if known is None or not (known[0] is imprint.run and known[1] is asked.drawn and known[2] == rest):
        known = (imprint.run, asked.drawn, rest, next(_numbers))
        state.keep("memo number", known)
    return known[3]


def _preview(asked: Asked) -> None:
    """The memo; the one before stays until the page is at rest, since its charts take longer than a lever."""
    number = _number(asked)
    preview: Preview | None = state.kept("memo")
    if preview is None or (preview.number != number and is_asked_for(number)):
        try:
            preview = _made_in_turn(asked, number)
        except heavy.Busy:
            blocks.note(uncertainty_text.BUSY, key="preview")
        except PictureProblem as problem:
            blocks.note(layout.escape_markdown(str(problem)), key="preview")
        else:
            state.keep("memo", preview)
    if preview is None:
        return
    with layout.section(preview.finding, words.preview_caption(asked.imprint.worth), key="preview"):
        blocks.switch("value", VALUES, "Value")
    paper(preview.html, words.PREVIEW_NAME, number, old=preview.number != number)


def _made_in_turn(asked: Asked, number: int) -> Preview:
    """The memo as a page, once nobody else has long work done. Busy, PictureProblem."""
    place = cache(st.empty)  # not before somebody has to wait
    try:
        with heavy.turn(lambda: place().progress(0.0, uncertainty_text.WAITING)):
            return _made(asked, number)
    finally:
        if place.cache_info().currsize:
            place().empty()


def _made(asked: Asked, number: int) -> Preview:
    made = memo.memo(asked.imprint, None, asked.sections, None if asked.drawn is None else asked.drawn.found)
    pictures = sum(isinstance(block, Figure) for block in made.blocks)
    return Preview(number, memo.html(made), words.preview_finding(memo.markdown(made), pictures))


# The files


def _files(run: Run, asked: Asked) -> None:
    layout.heading(words.files_finding(len(KINDS) + 1), words.FILES_CAPTION, key="files")
    for name in KINDS:
        kind = exports.KINDS[name]
        with _row(name, words.file_line(kind.holds)):
            _download(kind.label, _maker(name, asked), kind.file_name(asked.imprint), kind.media_type, name)
    scenario = run.scenario
    with _row("scenario", words.SCENARIO_FILE_HOLDS):
        made = partial(_scenario_file, scenario)
        _download(words.SCENARIO_FILE, made, cost_csv.file_name(run, ending="json"), "application/json", "scenario")
    with _row("table", words.TABLE_HOLDS):
        if st.button(words.TABLE, type="tertiary", icon=":material/content_copy:", key="table to paste"):
            st.dialog(words.TABLE, width="large")(_table)(asked.imprint)
    blocks.note(layout.escape_markdown(_links(asked.imprint)), key="links")


def _table(imprint: Imprint) -> None:
    st.code(answers_markdown.table(imprint), language=None)


def _row(name: str, holds: str) -> DeltaGenerator:
    """The place of one file: its button, and below it what it holds."""
    with st.container(key=f"kind_{name}", gap=None):
        place = st.container(key=f"taken_{name}", gap=None)
        st.html(f'<p class="holds">{escape(holds)}</p>')
    return place


def _download(label: str, made: Callable[[], bytes], file_name: str, media_type: str, name: str) -> None:
    st.download_button(
        label,
        data=heavy.in_turn(made),
        file_name=file_name,
        mime=media_type,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"take {name}",
    )


def _maker(name: str, asked: Asked) -> Callable[[], bytes]:
    """What makes the file when it is asked for: it knows all it needs, and never looks at the session."""
    found = None if asked.drawn is None else asked.drawn.found
    return partial(exports.written, name, asked.imprint, uncertainty=found, contents=asked.sections)


def _scenario_file(scenario: Scenario) -> bytes:
    return files.written(scenario, load_book()).encode()


def _links(imprint: Imprint) -> str:
    if imprint.query:
        return words.links_to(imprint.base_url)
    return words.APART if state.query() else words.TOO_LARGE
