"""The guided start: three questions, one after the other, that set up a scenario in one step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from costmodel.presets import DEFAULT_PRESET, PRESETS
from pages.ui import state, volume
from report import start_text

OVERVIEW = "app.py"
_KEPT, _DONE = "guide", "guide done"
UPDATES = "corpus.updates_per_month"
OFFERED = tuple(name for name, preset in PRESETS.items() if preset.scenario.workload.queries_per_month)
"""Presets that somebody could be building: those that are asked something."""


@dataclass(frozen=True)
class Answers:
    """How far the questions are, and the answers so far."""

    step: int
    preset: str
    queries_per_month: float
    updates_per_month: float

    @staticmethod
    def of(preset: str, step: int = 0) -> Answers:
        """The answers that a preset itself gives."""
        scenario = PRESETS[preset].scenario
        return Answers(step, preset, scenario.workload.queries_per_month, scenario.corpus.updates_per_month)


def offer() -> None:
    """The quiet button that opens the questions."""
    st.button(start_text.OFFER, key="guide", icon=":material/arrow_forward:", type="tertiary", on_click=_open)


def _open() -> None:
    known = state.scenario().preset
    state.keep(_KEPT, Answers.of(known if known in OFFERED else DEFAULT_PRESET))


def draw() -> None:
    """The questions, while they are open."""
    if state.kept(_KEPT) is not None:
        _dialog()


def done() -> int:
    """How often in this session the questions were answered to the end."""
    return state.kept(_DONE) or 0


def _close() -> None:
    state.keep(_KEPT, None)


def _now() -> Answers:
    answers: Answers = state.kept(_KEPT)
    return answers


def _change(**changes: Any) -> None:
    state.keep(_KEPT, replace(_now(), **changes))


@st.dialog(start_text.OFFER, width="medium", on_dismiss=_close)
def _dialog() -> None:
    answers = state.kept(_KEPT)
    if answers is None:
        st.rerun()
    with st.container(key="guide_question"):
        st.html(f'<p class="said">{start_text.progress(answers.step)}</p>')
        st.subheader(start_text.QUESTIONS[answers.step], anchor=False)
        st.html(f'<p class="said">{start_text.QUESTION_HELP[answers.step]}</p>')
        (_what, _how_much, _how_often)[answers.step](answers)
    with st.container(key="guide_buttons", horizontal=True, horizontal_alignment="distribute"):
        last = answers.step == len(start_text.QUESTIONS) - 1
        back, at = answers.step - 1, answers.step == 0
        st.button(
            start_text.BACK, key="guide back", type="tertiary", disabled=at, on_click=_change, kwargs={"step": back}
        )
        if not last:
            then = {"step": answers.step + 1}
            st.button(start_text.NEXT, key="guide next", type="primary", on_click=_change, kwargs=then)
        elif st.button(start_text.FINISH, key="guide finish", type="primary"):
            _finish(answers)


def _finish(answers: Answers) -> None:
    values = {volume.PATH: answers.queries_per_month, UPDATES: answers.updates_per_month}
    state.begin(answers.preset, values)
    _close()
    state.keep(_DONE, done() + 1)
    st.switch_page(OVERVIEW)


def _what(answers: Answers) -> None:
    key = state.mirror("guide what", answers.preset)
    st.radio(
        start_text.QUESTIONS[0],
        OFFERED,
        format_func=lambda name: PRESETS[name].name,
        captions=[start_text.PRESET_WORDS[name] for name in OFFERED],
        label_visibility="collapsed",
        key=key,
        on_change=lambda: state.keep(_KEPT, Answers.of(st.session_state[key])),
    )


def _how_much(answers: Answers) -> None:
    volume.inputs("guide", answers.queries_per_month, lambda queries: _change(queries_per_month=queries))


def _how_often(answers: Answers) -> None:
    choices = dict(start_text.UPDATES)
    own = PRESETS[answers.preset].scenario.corpus.updates_per_month
    if own not in choices:
        choices = {own: start_text.own(own), **choices}
    key = state.mirror("guide how often", answers.updates_per_month)
    st.radio(
        start_text.QUESTIONS[2],
        list(choices),
        format_func=lambda updates: choices[updates][0],
        captions=[words for _, words in choices.values()],
        label_visibility="collapsed",
        key=key,
        on_change=lambda: _change(updates_per_month=st.session_state[key]),
    )
