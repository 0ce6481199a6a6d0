"""What this server offers besides its pages; server.py says so, and without it there is nothing."""

from __future__ import annotations

plain_addresses = False
"""Whether charts and reports answer at plain addresses."""

frame_ancestors: str | None = None
"""Who may frame its pages, as the header says; None without the header."""

FRAME_ANCESTORS_VARIABLE = "CROSSOVER_FRAME_ANCESTORS"
"""Environment variable with the sources that may, blanks between them."""
