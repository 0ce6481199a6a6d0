"""Uncertainty: how often each architecture is cheapest, what a wrong choice costs, and what to find out first."""

from pages.ui import frame, heavy, uncertainty

with heavy.page():
    run, later = frame.start()
    uncertainty.draw(run, later)
    later.draw()
    frame.end(run)
