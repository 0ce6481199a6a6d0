"""Breakdown: where the money goes, and why one architecture costs less than another, line by line."""

from pages.ui import breakdown, frame, heavy, ledger

with heavy.page():
    run = frame.begin("Breakdown")
    frame.eyebrow(run)
    breakdown.style()
    breakdown.verdict(run)
    breakdown.differences(run)
    breakdown.explain_change(run)
    breakdown.where_it_goes(run)
    breakdown.month_by_month(run)
    ledger.grid(run)
    frame.end(run)
