"""Whether a source can be looked up: a link, or a document that is named and dated."""

from __future__ import annotations

import re
from typing import Final

from pricing.price import Price

_URL: Final = re.compile(r"https?://[^\s/]+\.[^\s]+")
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")

_NOBODY: Final = (
    "anonymous anybody anyone blog boss colleague colleagues customer expert friend friends forum github google her "
    "him internet people person sales salesman salesperson somebody someone team they user vendor web website"
)
_NOTHING: Final = (
    "another assumption constant copy data docs document email estimate experience file files guess hearsay list "
    "mail memory note number online page phone post price prices pricing research repo rumour search site "
    "something somewhere source talk"
)
_ABOUT_IT: Final = (
    "about agrees and assumed citing estimated found from got guessed heard his home known old other our own "
    "private public quoted runner said second seen some that the their them this told typical unknown unnamed various "
    "verified was were with www you your"
)
NAMELESS: Final = frozenset(f"{_NOBODY} {_NOTHING} {_ABOUT_IT} http https hand via gpu".split())
"""Words that name no document: a source of nothing else cannot be looked up."""


def is_sourced(row: Price) -> bool:
    """Whether a row's source is a URL or a named, dated document; the row's own date counts as the document's."""
    if _URL.search(row.source):
        return True
    named = any(word.lower() not in NAMELESS for word in _WORD.findall(row.source))
    return named and bool(row.as_of or _YEAR.search(row.source))
