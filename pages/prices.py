"""Prices: every price behind the answer, with its unit, source, date and age."""

from pages.ui import frame, price_table

run = frame.begin("Prices")
frame.eyebrow(run)
price_table.verdict(run)
price_table.table(run)
price_table.origins(run)
frame.end(run)
