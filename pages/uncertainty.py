"""Uncertainty: how often each architecture is cheapest, what a wrong choice costs, and what to find out first."""

from pages.ui import frame, heavy, uncertainty

with heavy.page():
    run = frame.begin("Uncertainty")
    frame.eyebrow(run)
    uncertainty.style()
    uncertainty.draw(run)
    frame.end(run)
