"""Report: what goes into the memo, the memo as it will print, and every file to take away."""

from pages.ui import frame, heavy, report

with heavy.page():
    run = frame.begin("Report")
    frame.eyebrow(run, on_report=True)
    report.draw(run)
    frame.end(run)
