"""The text of a PDF, a Word document or a web page, read in a process of its own.

`python -m costmodel.extract pdf < file` writes one JSON object per line: `{"text": ..., "done": 0.4}` for each piece,
then `{"note": ...}` or `{"refused": ...}`, then `{"end": true}`. A file that makes a reader crash, run on or fill the
memory ends this process and nothing else: `costmodel.documents` starts, watches and ends it.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

MAX_PAGES = 1_000
MAX_UNPACKED_MB = 200
MAX_XML_MB = 40
MEMORY_GB = 2
_PARAGRAPHS = 200
_MB = 1_000_000

Piece = tuple[str, float]
"""A piece of a document's text, and the share of the document that has been read with it."""


class Refused(ValueError):
    """A document that cannot be counted; the message says why and what to do."""


class Note(str):
    """What is to be known about a document that was read."""


def text_of(kind: str, content: bytes) -> Iterator[Piece | Note]:
    """The text of a file of one of READERS, piece by piece; Refused, or whatever the reader of the format raises."""
    return READERS[kind](content)


# PDF


def _pdf(content: bytes) -> Iterator[Piece | Note]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it quotes the file
    if b"%PDF-" not in content[:1024]:
        raise Refused("is not a PDF, whatever its name says; save it as a PDF again")
    reader = PdfReader(io.BytesIO(content))
    locked = "is locked with a password; save a copy without one"
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(locked)
    except DependencyError:
        raise Refused(locked) from None
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise Refused(f"has {pages:,} pages; the limit is {MAX_PAGES:,}, so split it")
    blank = 0
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        blank += not text.strip()
        yield text + "\n", number / pages
    if blank == pages:
        raise Refused("holds no text; if it is a scan, run a text recognition (OCR) over it first")
    if blank:
        yield Note(f"{blank:,} of {pages:,} pages hold no text")


# Word

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _docx(content: bytes) -> Iterator[Piece | Note]:
    import docx
    from docx.oxml.ns import qn

    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("is an old or a locked Word file; save it as .docx without a password")
    if not content.startswith(b"PK\x03\x04"):
        raise Refused("is not a Word document (.docx), whatever its name says; save it as one again")
    _check_unpacked(content)
    body = docx.Document(io.BytesIO(content)).element.body
    paragraph, run = qn("w:p"), qn("w:r")
    written = {qn("w:t"): None, qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    paragraphs = sum(1 for _ in body.iter(paragraph))
    number, words = 0, list[str]()
    for element in body.iter(paragraph, *written):
        if any(True for _ in element.iterancestors(_FALLBACK)):  # a text box twice, for programs that cannot draw it
            continue
        if element.tag == paragraph:
            words.append("\n" * bool(number))
            number += 1
            if number % _PARAGRAPHS == 0:
                yield "".join(words), number / paragraphs
                words = []
        elif element.getparent().tag == run:
            words.append(written[element.tag] or element.text or "")
    yield "".join(words), 1.0


def _check_unpacked(content: bytes) -> None:
    """Refuse a package that grows beyond all bounds when it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
    for limit, sizes in (
        (MAX_UNPACKED_MB, [part.file_size for part in parts]),
        (MAX_XML_MB, [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]),
    ):
        if sum(sizes) > limit * _MB:
            raise Refused(f"unpacks to {sum(sizes) / _MB:,.0f} MB; the limit is {limit} MB, so split it")


# Web pages

_UNSEEN = {"script", "style", "template", "noscript"}
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "mark", "q", "s", "samp")
).union(("small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"))


class _Seen:
    """The text that a browser would show, as the parser comes upon it; blanks as a browser draws them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._unseen = self._kept = 0

    def start(self, tag: str, attributes: Any) -> None:
        self._unseen += tag in _UNSEEN
        self._kept += tag in ("pre", "textarea")
        self._line(tag)

    def end(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in _UNSEEN), 0)
        self._kept = max(self._kept - (tag in ("pre", "textarea")), 0)
        self._line(tag)

    def data(self, text: str) -> None:
        if self._unseen:
            return
        words = text if self._kept else re.sub(r"[ \t\r\n\f]+", " ", text)
        if not self._kept and (not self.found or self.found[-1][-1:].isspace()):
            words = words.lstrip(" ")
        if words:
            self.found.append(words)

    def _line(self, tag: str) -> None:
        if tag not in _INLINE and self.found and not self.found[-1].endswith("\n"):
            self.found.append("\n")

    def close(self) -> None:
        """Asked for by the parser."""

    def taken(self) -> str:
        """What has been found since the last time, up to the last mark, which the next words are joined to."""
        text, self.found = "".join(self.found[:-1]), self.found[-1:]
        return text


def _html(content: bytes) -> Iterator[Piece | Note]:
    from lxml import etree  # type: ignore[import-untyped]

    encoding = "utf-8"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = ""  # left to the page's own declaration
    if b"\0" in content:
        raise Refused("is not text, whatever its name says")
    seen = _Seen()
    parser = etree.HTMLParser(target=seen, encoding=encoding or None, remove_comments=True, remove_pis=True)
    for at in range(0, len(content), PIECE):
        parser.feed(content[at : at + PIECE])
        yield seen.taken(), min((at + PIECE) / len(content), 1.0)
    parser.close()
    yield "".join(seen.found), 1.0


PIECE = 65_536
READERS: dict[str, Callable[[bytes], Iterator[Piece | Note]]] = {"pdf": _pdf, "docx": _docx, "html": _html}


# The process of its own


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY_GB * 1024**3
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most < 0 else min(wanted, most), most))


def _main(kind: str) -> None:
    def say(**line: Any) -> None:
        print(json.dumps(line), flush=True)

    content = sys.stdin.buffer.read()
    _limit_memory()
    try:
        for piece in text_of(kind, content):
            if isinstance(piece, Note):
                say(note=piece)
            else:
                say(text=piece[0], done=piece[1])
    except Refused as error:
        say(refused=str(error))
    say(end=True)


if __name__ == "__main__":
    _main(sys.argv[1])
