"""The stylesheets, written out so that a browser has little to look at in every run.

Streamlit changes a class of every element in every run, and a browser then asks of each element again which rules are
about it. Two ways of writing are written out for that:

- A selector over `.st-key-section_*` stands once for each section: not as an attribute that begins alike, with which a
  browser would look at the rule again for all that lies below an element that has changed.
- A selector that ends in `:is(th, td)` stands once for each of them: a browser sorts rules by the tag or class that
  their selector ends in, and asks those without one of every element.
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
_INSIDE = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_COMMA = re.compile(rf"({_INSIDE})|,")
_FAMILY = re.compile(r"\.st-key-([a-z_]+_)\*")
_ENDS_IN_ONE_OF = re.compile(rf"(?s)(.*[\s>+~]|):is({_INSIDE})((?:[^\s>+~()]|{_INSIDE})*)")


@cache
def sheet(name: str = "style.css") -> str:
    """A stylesheet of this folder without its comments. KeyError when it names a family that there is none of."""
    rules = _COMMENT.sub("", (_HERE / name).read_text(encoding="utf-8"))
    return _SELECTORS.sub(lambda found: _written_out(found[0]), rules)


def sheet_of(page: str) -> str:
    """The stylesheet of all pages, and after it that of a page if it has one, which is named after it."""
    own = f"{page.lower().replace(' ', '_')}.css"
    return sheet() + (sheet(own) if (_HERE / own).exists() else "")


def _written_out(selectors: str) -> str:
    if selectors.lstrip().startswith("@") or not ("*" in selectors or ":is(" in selectors):
        return selectors
    ends = [end for selector in listed(selectors) for one in _each(selector) for end in _ends(one)]
    return f"{', '.join(ends)} "


def listed(selectors: str) -> list[str]:
    """The selectors of a list, one by one; commas inside of parentheses part none."""
    parted = _COMMA.sub(lambda found: found[1] or "\0", selectors).split("\0")
    return [" ".join(one.split()) for one in parted]


def _each(selector: str) -> list[str]:
    found = _FAMILY.search(selector)
    if found is None:
        return [selector]
    return [_FAMILY.sub(f".st-key-{found[1]}{name}", selector) for name in FAMILIES[found[1]]]


def _ends(selector: str) -> list[str]:
    found = _ENDS_IN_ONE_OF.fullmatch(selector)
    if found is None:
        return [selector]
    return [end for one in listed(found[2][1:-1]) for end in _ends(f"{found[1]}{one}{found[3]}")]
