"""How long a document is: typed in as tokens, words or pages, kept as tokens per document."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from costmodel import conversions
from costmodel.scenario import FIELDS
from pages.ui import entry, field_widgets, state
from report import entry_text

PATH, PAGES = "corpus.tokens_per_document", "corpus.pages_per_document"
TOKEN_LAB = "pages/token_lab.py"
_BASIS, _WORDS_PER_PAGE = "length basis", "length words per page"


def draw() -> None:
    """The length of a document, in the basis chosen last in this session."""
    tokens = state.scenario().corpus.tokens_per_document
    with st.container(key="entry_length", gap="small"):
        basis = entry.basis(
            "length basis", _BASIS, entry_text.LENGTH_BASES, entry_text.LENGTH_LABEL, entry_text.LENGTH_HELP
        )
        if basis == "tokens":
            field_widgets.draw(FIELDS[PATH])
        said = {"tokens": entry_text.from_tokens, "words": _words, "pages": _pages}[basis](tokens)
        st.html(f'<p class="said">{said}</p>')
        query = parse_qsl(state.query()) or None
        st.page_link(TOKEN_LAB, label=entry_text.MEASURE, icon=":material/arrow_forward:", query_params=query)


def _words(tokens: float) -> str:
    words = entry.box(
        "length words",
        entry_text.WORDS,
        conversions.words_from_tokens(tokens),
        lambda typed: state.put({PATH: conversions.tokens_from_words(typed)}),
        same=lambda typed: conversions.tokens_from_words(typed) == tokens,
        help_=entry_text.WORDS_HELP,
    )
    return entry_text.from_words(words, tokens)


def _pages(tokens: float) -> str:
    on_each = state.kept(_WORDS_PER_PAGE) or float(conversions.WORDS_PER_PAGE)

    def length(pages: float) -> float:
        return conversions.tokens_from_pages(pages, on_each)

    pages = entry.box(
        "length pages",
        entry_text.PAGES,
        conversions.pages_from_tokens(tokens, on_each) or 0.0,
        lambda typed: state.put(_read(typed, length(typed))),
        same=lambda typed: length(typed) == tokens,
        help_=entry_text.PAGES_HELP if state.scenario().corpus.parser else None,
    )

    def keep(words: float) -> None:
        state.keep(_WORDS_PER_PAGE, words)
        state.put({PATH: conversions.tokens_from_pages(pages, words)})

    entry.box(
        "length words per page",
        entry_text.WORDS_PER_PAGE_LABEL,
        on_each,
        keep,
        same=lambda typed: typed == on_each,
        low=1.0,
        help_=entry_text.PAGE_HELP,
    )
    return entry_text.from_pages(pages, on_each, tokens)


def _read(pages: float, tokens: float) -> dict[str, float]:
    """A parser bills by the page: where there is one, its pages are the same ones."""
    return {PATH: tokens, PAGES: pages} if state.scenario().corpus.parser else {PATH: tokens}
