"""Method: how every dollar is worked out, each formula, assumption and convention with its source."""

from pages.ui import frame, heavy, method

with heavy.page():
    run = frame.begin("Method")
    frame.eyebrow(run)
    method.verdict()
    method.article(run)
    frame.end(run)
