"""The draws that a file rests on: those of this session about the scenario on screen, or new ones at a press."""

from __future__ import annotations

import streamlit as st

from costmodel.results import Run
from pages.ui import layout, state, uncertainty_run
from pages.ui.uncertainty_run import Drawn
from report import report_text as words
from report import uncertainty_text


def drawn_for(run: Run) -> Drawn | None:
    """The newest draws of this session about these numbers in the money on screen; None when there are none."""
    present = state.switch("value") == "present"
    before: list[Drawn] = state.kept(uncertainty_run.KEPT) or []
    return next((each for each in before if each.asked.present == present and each.run.scenario == run.scenario), None)


def line(run: Run) -> Drawn | None:
    """A line that says what was drawn, or the way to draws; nothing is drawn before it is asked for."""
    drawn, remark = drawn_for(run), words.NO_DRAWS
    place = st.empty()
    with st.container(key="report_draws", horizontal=True, vertical_alignment="center"):
        if drawn is None and state.kept(uncertainty_run.PRESSED):
            outcome = uncertainty_run.outcome(run, lambda: place)
            drawn = None if outcome.old else outcome.drawn
            remark = " ".join(outcome.problems) or outcome.remark or remark
        if drawn is not None:
            st.markdown(words.drawn(drawn.found.draws, drawn.found.seed))
            return drawn
        st.markdown(layout.plain_dollars(layout.escape_markdown(remark)))
        st.button(
            uncertainty_text.run_button(uncertainty_run.asked(run).draws),
            key="run report draws",
            type="tertiary",
            on_click=uncertainty_run.press,
        )
    return None
