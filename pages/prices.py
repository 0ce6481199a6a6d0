"""Prices: every price behind the answer, with its unit, source, date and age; and what other prices would do."""

from pages.ui import frame, heavy, price_table

with heavy.page():
    run = frame.begin("Prices")
    frame.eyebrow(run)
    price_table.draw(run)
    frame.end(run)
