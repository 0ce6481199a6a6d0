"""The parts of the Decide page: the questions, what follows from them beside what cost says, and the order to build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from costmodel.decision import decide as engine
from costmodel.decision.decide import Decision
from costmodel.fields import value_at
from costmodel.results import Run
from costmodel.scenario import FIELDS, Architecture
from pages.ui import blocks, decide_html, layout, state
from pages.ui.frame import coloured
from report import decision_order, decision_questions, decision_text, text
from report.decision_questions import NOT_ASKED, QUESTIONS, Question


def _present() -> bool:
    return state.switch("value") == "present"


def decided(run: Run) -> Decision:
    """What fit and cost say of the scenario on screen."""
    return engine.decide(run, _present())


def verdict(run: Run, decision: Decision) -> None:
    """What fit and cost come to, as a headline."""
    said = decision_text.verdict(run, decision)
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))


def _shown(run: Run) -> list[Architecture]:
    """The compared architectures, and prompting where it is a reference."""
    return [*run.answers, *(["prompting"] if run.prompting is not None else [])]  # type: ignore[list-item]


# The questions, and what they come to


def questions_and_answer(run: Run, decision: Decision) -> None:
    """Left the questions, right what follows from them and what cost says."""
    keys = _shown(run)
    with st.container(key="decide"):
        with st.container(key="questions"):
            for question in QUESTIONS:
                _question(question, decision, keys)
        with st.container(key="decide_answer"):
            rows = [_row(run, decision, key) for key in keys]
            st.html(decide_html.panel(decision_text.panel_finding(decision), rows))


def _question(question: Question, decision: Decision, keys: Sequence[Architecture]) -> None:
    short = question.path.removeprefix("requirements.")
    with st.container(key=f"question_{short}", gap=None):
        key = state.widget_key(f"question {short}")
        if question.options:
            _choice(question, key)
        else:
            _number(question, key)
        st.html(decide_html.follows(decision_questions.consequence(decision, question, keys)))


def _choice(question: Question, key: str) -> None:
    now = value_at(state.scenario(), question.path)
    st.segmented_control(
        question.title,
        [NOT_ASKED, *question.options],
        default=NOT_ASKED if now is None else now,
        format_func=lambda option: question.options.get(option, NOT_ASKED),
        required=True,
        key=key,
        help=question.help,
        on_change=lambda: state.put({question.path: _answer(st.session_state[key])}),
    )


def _answer(chosen: Any) -> Any:
    return None if chosen == NOT_ASKED else chosen


def _number(question: Question, key: str) -> None:
    facts = FIELDS[question.path]
    if key not in st.session_state:
        # A default would come back when the field is emptied, so the value starts in the session instead.
        st.session_state[key] = value_at(state.scenario(), question.path)
    st.number_input(
        question.title,
        min_value=facts.low,
        max_value=facts.high,
        value=None,
        step=question.step,
        format="%.12g",
        key=key,
        help=question.help,
        placeholder=NOT_ASKED,
        on_change=lambda: state.put({question.path: st.session_state[key]}),
    )


def _row(run: Run, decision: Decision, key: Architecture) -> decide_html.PanelRow:
    fit = decision_text.fit_words(decision, key)
    cost = decision_text.cost_words(run, decision, key, text.money_of(run))
    weeks = run.scenario.architecture(key).build_calendar_weeks
    out = key in run.excluded or key in run.ruled_out
    return decide_html.PanelRow(key, fit, cost, decision_text.launch(weeks), out)


# The order


def order(run: Run, decision: Decision) -> None:
    """The steps with what each costs and when to stop, and what the wrong turn would cost."""
    if not decision.steps:
        return
    caption = decision_order.order_caption(run, decision)
    layout.heading(decision_order.order_finding(decision), caption, key="order")
    money = text.money_of(run)
    steps = [
        decide_html.StepCard(
            step.architecture,
            decision_order.step_title(step, number),
            decision_order.step_rows(step, money),
            decision_order.step_remark(step) or decision_order.stop_rule(step),
            bool(step.ruled_out),
        )
        for number, step in enumerate(decision.steps, 1)
    ]
    turn, delay = decision.wrong_turn, run.scenario.finance.delay_usd_per_week
    aside = None
    if turn is not None:
        aside = (decision_order.wrong_turn_title(turn), decision_order.wrong_turn(turn, money, delay))
    st.html(decide_html.steps(steps, aside))
    blocks.note(decision_order.SOURCES, key="order_sources")


# Why


def reasons(run: Run, decision: Decision) -> None:
    """Every rule that the answers set off, with who says so."""
    keys = _shown(run)
    found = decision_questions.reasons(decision, keys)
    if not found:
        return
    caption = "Each answer, what it says of whom, and who says so"
    layout.heading(decision_questions.reasons_finding(decision, keys), caption, key="reasons")
    st.html(decide_html.reasons(found))
    blocks.note(decision_questions.works(decision, keys), key="order_works")
