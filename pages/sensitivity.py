"""Sensitivity: which number moves the answer most, what would flip it, and what it would take for another to win."""

from pages.ui import frame, heavy, sensitivity

with heavy.page():
    run = frame.begin("Sensitivity")
    frame.eyebrow(run)
    sensitivity.style()
    sensitivity.draw(run)
    frame.end(run)
