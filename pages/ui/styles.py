"""The stylesheet, with the families of containers in it written out.

A selector over `.st-key-section_*` in `style.css` stands once for each section. Written out, and not as an attribute
that begins alike: Streamlit changes a class of every element in every run, and a browser would then look at each such
rule again, over all that lies below the element.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent

SECTIONS = (
    *("assumptions", "bars", "bill", "break_even", "change", "curves", "driver", "fans", "ledger", "lengths"),
    *("lines", "map", "money", "months", "odds", "preview", "ranges", "tornado", "totals", "waterfall"),
)
"""Keys of all sections whose head has switches at its right."""
NOTES = (
    *("advice", "apart", "basis", "budget", "correlations", "driver_refused", "driver_rest", "driver_schedule"),
    *("embed_refused", "goal_refused", "guesses", "idle", "link", "links", "made", "no_bill", "no_pair", "not_known"),
    *("note", "odds", "order_sources", "order_works", "other_link", "preview", "selfcheck", "token_lab"),
    *("tornado_rest", "unlike", "worth_rest"),
)
"""Keys of all notes."""
EXPORTS = (
    *("bars", "bill", "break-even", "curves", "driver", "fans", "lines", "map", "months", "odds", "tornado"),
    "waterfall",
)
"""Keys of all charts that can be exported."""
FAMILIES = {
    "section_": SECTIONS,
    "note_": NOTES,
    "export_inside_": EXPORTS,
    "export_more_": EXPORTS,
}
"""Keys of the containers whose key begins with such a word."""

_COMMENT = re.compile(r"/\*.*?\*/\s*", flags=re.DOTALL)
_SELECTORS = re.compile(r"[^{}]+(?=\{)")
_COMMA = re.compile(r",(?![^(]*\))")
_FAMILY = re.compile(r"\.st-key-([a-z_]+_)\*")


@cache
def sheet(name: str = "style.css") -> str:
    """A stylesheet of this folder without its comments. KeyError when it names a family that there is none of."""
    rules = _COMMENT.sub("", (_HERE / name).read_text(encoding="utf-8"))
    return _SELECTORS.sub(lambda found: _written_out(found[0]), rules)


def _written_out(selectors: str) -> str:
    if "*" not in selectors or selectors.lstrip().startswith("@"):
        return selectors
    return ", ".join(one for selector in _COMMA.split(selectors) for one in _each(selector.strip())) + " "


def _each(selector: str) -> list[str]:
    found = _FAMILY.search(selector)
    if found is None:
        return [selector]
    return [_FAMILY.sub(f".st-key-{found[1]}{name}", selector) for name in FAMILIES[found[1]]]
