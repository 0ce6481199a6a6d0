"""The text of the token lab: where it comes in, and how it is counted.

Only numbers are kept; files and pasted text stay in their widgets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import streamlit as st

from costmodel import documents as files
from costmodel.extract import Note, Piece, Refused
from costmodel.tokens import Counts, Tally
from pages.ui import blocks, heavy, layout, state
from report import tokens_text as words
from report.uncertainty_text import BUSY, WAITING

HEAVY = 200_000
"""Bytes, or characters of pasted text, from which counting takes its turn with other long work."""
KEPT = "token lab"
FILES, PASTED, SEPARATED = "token lab files", "token lab pasted", "token lab separated"


@dataclass(frozen=True)
class Source:
    """One document that came in; exactly one of `file` and `text` is there. `refused`: why it is not even read."""

    key: str
    name: str
    file: Any = None
    text: str = ""
    refused: str = ""

    @property
    def size(self) -> int:
        """Bytes of the file, or characters of the text."""
        return len(self.text) if self.file is None else int(self.file.size)

    def pieces(self) -> Iterator[Piece | Note]:
        """Its text, piece by piece."""
        if self.file is None:
            return iter(((self.text, 1.0),))
        return files.read(self.name, self.file.getvalue())

    def beginning(self, characters: int) -> str:
        """Its first characters, once it has been counted."""
        if self.file is None:
            return self.text[:characters]
        return files.beginning(self.name, self.file.getvalue(), characters)


@dataclass(frozen=True)
class Counted:
    """What is kept of a document: numbers, or why there are none."""

    counts: Counts | None
    refused: str = ""
    note: str = ""


@dataclass(frozen=True)
class Document:
    """A document with its counts."""

    source: Source
    counts: Counts


def take() -> list[Document]:
    """Draw the inputs and count what came in; what is refused is said by name. Returns the rest."""
    left, right = st.columns(2, gap="large")
    with left:
        dropped = st.file_uploader(
            "Documents",
            type=list(files.KINDS),
            accept_multiple_files=True,
            max_upload_size=files.MAX_FILE_MB,
            key=FILES,
            help=words.kinds(),
        )
    with right:
        pasted = st.text_area("Or paste text", key=PASTED, height=148, max_chars=words.MAX_PASTED, placeholder="Text")
        apart = st.checkbox(
            f"Lines of {words.SEPARATOR} stand between documents",
            key=SEPARATED,
            help="Counts what stands before and after such a line as documents of their own.",
        )
    sources = [*_dropped(dropped), *_pasted(pasted or "", apart)]
    with st.container(key="token_lab_status"):
        counted = _counted(sources, st.empty())
        st.caption(layout.plain_dollars(words.PRIVACY))
    lines = [
        words.refused(source.name, counted[source.key].refused) for source in sources if counted[source.key].refused
    ]
    if lines:
        with st.container(key="notice_token_lab"):
            st.html('<p class="unseen" role="alert">Some documents are not counted. See the message below.</p>')
            st.markdown("**Not counted:** " + "\n\n".join(layout.escape_markdown(line) for line in lines))
    notes = [words.noted(source.name, counted[source.key].note) for source in sources if counted[source.key].note]
    if notes:
        blocks.note("\n\n".join(layout.escape_markdown(note) for note in notes), key="token_lab")
    return [Document(each, counts) for each in sources if (counts := counted[each.key].counts) is not None]


def _dropped(dropped: list[Any]) -> list[Source]:
    why = files.admitted([each.size for each in dropped])
    return [
        Source(f"file {each.file_id}", each.name, file=each, refused=refused)
        for each, refused in zip(dropped, why, strict=True)
    ]


def _pasted(text: str, apart: bool) -> list[Source]:
    parts = words.separated(text) if apart else [text]
    parts = [part for part in parts if part.strip()]
    return [
        Source(_fingerprint(part, number), words.pasted_name(number, len(parts)), text=part)
        for number, part in enumerate(parts, 1)
    ]


def _fingerprint(text: str, number: int) -> str:
    """What tells this text from others; the text cannot be had back from it."""
    return f"pasted {number} {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _counted(sources: list[Source], place: Any) -> dict[str, Counted]:
    """The counts of all sources; what has been counted before is not counted again, and what has gone is forgotten."""
    known: dict[str, Counted] = state.kept(KEPT) or {}
    known = {source.key: known[source.key] for source in sources if source.key in known}
    state.keep(KEPT, known)
    left = [source for source in sources if source.key not in known]
    waits: AbstractContextManager[None] = nullcontext()
    if sum(source.size for source in left if not source.refused) > HEAVY:
        waits = heavy.turn(lambda: place.progress(0.0, WAITING), heavy.FILE_PATIENCE)
    try:
        with waits:
            for number, source in enumerate(left, 1):
                label = layout.escape_markdown(words.counting(source.name, number, len(left)))
                progress = _Progress(place.progress((number - 1) / len(left), label), label, number - 1, len(left))
                known[source.key] = _count(source, progress)
    except heavy.Busy:  # what was not counted is counted in the next run
        return known | {source.key: Counted(None, BUSY) for source in left}
    place.caption(words.counted_line(sum(each.counts is not None for each in known.values())))
    return known


class _Progress:
    """The bar over all documents, while one of them is read."""

    def __init__(self, bar: Any, label: str, before: int, of: int) -> None:
        self._bar, self._label, self._before, self._of, self._shown = bar, label, before, of, 0.0

    def __call__(self, done: float) -> None:
        """Show that this share of the document has been counted; small steps are left out."""
        if done - self._shown >= 0.02:
            self._shown = done
            self._bar.progress(min((self._before + done) / self._of, 1.0), self._label)


def _count(source: Source, progress: _Progress) -> Counted:
    if source.refused:
        return Counted(None, source.refused)
    tally, note = Tally(), ""
    try:
        for piece in source.pieces():
            if isinstance(piece, Note):
                note = str(piece)
            else:
                tally.add(piece[0])
                progress(piece[1])
    except Refused as error:
        return Counted(None, str(error))
    return Counted(tally.counts, note=note)
