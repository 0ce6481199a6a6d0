"""Sensitivity: which number moves the answer most, what would flip it, and what it would take for another to win."""

from pages.ui import frame, heavy, sensitivity

with heavy.page():
    run, later = frame.start()
    frame.head("Sensitivity", later)
    frame.eyebrow(run, later)
    sensitivity.answer(run)
    frame.sidebar()
    sensitivity.questions(run)
    later.draw()
    frame.end(run)
