"""How the documents are cut: size and overlap, and where the first chunks begin and end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from costmodel import sample
from costmodel.chunks import Border, borders, tokens_needed
from costmodel.results import Run
from costmodel.sample import Cut, Spread
from costmodel.tokens import counter
from pages.ui import layout, state
from pages.ui.token_lab_text import Document
from report import tokens_text as words

COMMON = Cut(512.0, 50.0)
"""Where the sizes start in a scenario that cuts nothing yet."""
CHARACTERS_OF_A_TOKEN = 12
"""Characters that are read for each token of a preview: more than nearly all texts have."""
_SHOWN = "token lab shown"


def _start(run: Run) -> Cut:
    corpus = run.scenario.corpus
    return Cut(corpus.chunk_tokens, corpus.chunk_overlap_tokens) if corpus.chunk_tokens >= 1 else COMMON


def _keys(run: Run) -> tuple[str, str]:
    """Keys of the two sizes: they start again when the scenario gets others."""
    start = _start(run)
    return f"token lab chunk {start.chunk}", f"token lab overlap {start.chunk} {start.overlap}"


def cut(run: Run) -> Cut:
    """The sizes that are typed in; those of the scenario while an overlap leaves nothing of a chunk."""
    chosen = _typed(run)
    return chosen if chosen.overlap < chosen.chunk else _start(run)


def _typed(run: Run) -> Cut:
    start, (chunk, overlap) = _start(run), _keys(run)
    typed = st.session_state.get(chunk), st.session_state.get(overlap)
    return Cut(
        *(float(now if now is not None else old) for now, old in zip(typed, (start.chunk, start.overlap), strict=True))
    )


def draw(run: Run, documents: Sequence[Document], encoding: str, chosen: Cut, lengths: Spread) -> None:
    """The section about chunks."""
    chunks = float(chosen.chunks([float(each.counts.tokens[encoding]) for each in documents]).sum())
    layout.heading(words.chunks_finding(chunks, lengths), words.CHUNKS_CAPTION, key="chunks")
    _sizes(run, documents, chosen)
    _borders(documents, encoding, chosen)


def _sizes(run: Run, documents: Sequence[Document], chosen: Cut) -> None:
    start, (chunk, overlap) = _start(run), _keys(run)
    with st.container(key="token_lab_sizes", horizontal=True, vertical_alignment="bottom"):
        st.number_input("Chunk size, tokens", 1, 1_000_000, int(start.chunk), step=64, key=chunk, width=170)
        st.number_input("Overlap, tokens", 0, 1_000_000, int(start.overlap), step=10, key=overlap, width=170)
        if len(documents) > 1:
            keys = [each.source.key for each in documents]
            names = {each.source.key: each.source.name for each in documents}
            known = st.session_state.get(_SHOWN)
            if known not in keys:
                st.session_state[_SHOWN] = keys[0]
            st.selectbox("Borders of", keys, format_func=names.__getitem__, key=_SHOWN, width=280)
        values = sample.cut_values(chosen)
        taken = words.taken(values, run.scenario)
        label = "These sizes are in use" if taken else "Use these sizes"
        st.button(label, key="use sizes", disabled=taken, on_click=_put, args=(values,))
    typed = _typed(run)
    if typed.overlap >= typed.chunk:
        with st.container(key="notice_token_lab_cut"):
            st.markdown(f"**Not applied:** {words.cut_refused(typed.chunk, typed.overlap, chosen)}")


def _put(values: dict[str, float]) -> None:
    if state.accepted(values):
        state.remount()


def _borders(documents: Sequence[Document], encoding: str, chosen: Cut) -> None:
    shown = st.session_state.get(_SHOWN) if len(documents) > 1 else documents[0].source.key
    document = next((each for each in documents if each.source.key == shown), documents[0])
    chunk, overlap = max(int(chosen.chunk), 1), int(chosen.overlap)
    length = document.counts.tokens[encoding]
    if length <= chunk:
        st.caption(words.no_border(length, chosen))
        return
    beginning = document.source.beginning(tokens_needed(chunk, overlap) * CHARACTERS_OF_A_TOKEN)
    found = borders(counter(encoding).parts(beginning), chunk, overlap)
    st.html(f'<ol class="borders">{"".join(map(_border, found))}</ol>')


def _border(border: Border) -> str:
    first, second = f"Chunk {border.number}", f"Chunk {border.number + 1}"
    rows = [("first", first, f"… {_line(border.before)}")]
    if border.shared_tokens:
        rows.append(("both", f"In both: {words.many(border.shared_tokens, 'token')}", _line(border.shared)))
    rows.append(("second", second, f"{_line(border.after)} …"))
    cells = "".join(
        f'<div class="{kind}"><span class="which">{escape(label)}</span><span class="words" dir="auto">{escape(line)}'
        "</span></div>"
        for kind, label, line in rows
    )
    return f'<li aria-label="{escape(words.border_label(border))}">{cells}</li>'


def _line(text: str) -> str:
    """Text on one line, its breaks as signs."""
    return re.sub(r"(?<![^\S\n])[^\S\n]*\n\s*", " ↵ ", text)
