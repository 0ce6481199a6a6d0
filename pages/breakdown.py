"""Breakdown: where the money goes, and why one architecture costs less than another, line by line."""

from pages.ui import breakdown, frame, heavy, ledger

with heavy.page():
    run, later = frame.start()
    frame.head("Breakdown", later)
    frame.eyebrow(run, later)
    breakdown.verdict(run)
    breakdown.differences(run)
    breakdown.tables(run, later)
    breakdown.month_by_month(run)
    frame.sidebar()
    ledger.grid(run)
    later.draw()
    frame.end(run)
