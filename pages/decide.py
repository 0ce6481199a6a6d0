"""Decide: what fits, what costs least, whether the two agree, and in which order to build."""

from pages.ui import decide, frame, heavy

with heavy.page():
    run = frame.begin("Decide")
    frame.eyebrow(run)
    decision = decide.decided(run)
    decide.verdict(run, decision)
    decide.questions_and_answer(run, decision)
    decide.order(run, decision)
    decide.reasons(run, decision)
    frame.end(run)
