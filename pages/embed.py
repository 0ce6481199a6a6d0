"""One chart of a link, its verdict or its totals, and nothing else: for a frame in another page."""

from pages.ui import embed, heavy

with heavy.page():
    embed.draw()
