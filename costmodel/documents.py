"""The text of files that somebody drops: what can be read, how large it may be, and why one is refused.

PDF, Word and HTML are read by `costmodel.extract` in a process of its own, which is ended when it takes too long.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

from costmodel.extract import PIECE, READERS, Note, Piece, Refused, text_of

MAX_FILE_MB = 20
MAX_TOTAL_MB = 60
MAX_FILES = 200
MAX_CHARACTERS = 25_000_000
MAX_SECONDS = 60
KINDS = {
    "txt": "text",
    "md": "text",
    "csv": "text",
    "json": "text",
    "html": "html",
    "htm": "html",
    "pdf": "pdf",
    "docx": "docx",
}
"""Ending of a file name -> how the file is read."""

_ROOT = Path(__file__).resolve().parent.parent
_MB = 1_000_000
_SIGNATURES = {b"%PDF-": "a PDF", b"PK\x03\x04": "a Word or another packed file", b"\xd0\xcf\x11\xe0": "an Office file"}
_PRINTED = frozenset("\t\n\r\f")


def kind_of(name: str) -> str:
    """How a file is read, by the ending of its name; Refused when it is not."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in KINDS:
        kinds = ", ".join(KINDS)
        raise Refused(f"{f'is a .{ending} file' if ending else 'has no ending'}; what can be read: {kinds}")
    return KINDS[ending]


def admitted(sizes: list[int]) -> list[str]:
    """For each of several files, by its size in bytes: why it is not read, or "" when it is."""
    found, total = [], 0
    for number, size in enumerate(sizes, 1):
        why = ""
        if size > MAX_FILE_MB * _MB:
            why = _too_large(size)
        elif number > MAX_FILES:
            why = f"is file number {number:,}; the limit is {MAX_FILES} files, so take some away"
        elif total + size > MAX_TOTAL_MB * _MB:
            why = (
                f"would make it {(total + size) / _MB:,.1f} MB together; the limit is {MAX_TOTAL_MB} MB for all files, "
                "so take some away"
            )
        else:
            total += size
        found.append(why)
    return found


def _too_large(size: int) -> str:
    return f"holds {size / _MB:,.1f} MB; the limit is {MAX_FILE_MB} MB for one file, so split it"


def read(name: str, content: bytes) -> Iterator[Piece | Note]:
    """The text of a file, piece by piece, with the share of the file that has been read; Refused when it has none."""
    kind = kind_of(name)
    if not content:
        raise Refused("is empty")
    if len(content) > MAX_FILE_MB * _MB:
        raise Refused(_too_large(len(content)))
    found = _plain(content) if kind == "text" else _apart(kind, content)
    characters, blank, began = 0, True, time.monotonic()
    for piece in found:
        if time.monotonic() - began > MAX_SECONDS:  # whoever asks counts each piece before the next
            raise Refused(_late())
        if not isinstance(piece, Note):
            characters += len(piece[0])
            blank = blank and not piece[0].strip()
            if characters > MAX_CHARACTERS:
                limit = f"{MAX_CHARACTERS / 1e6:,.0f} million characters"
                raise Refused(f"holds more text than {limit}, which is the limit for one document; split it")
        yield piece
    if blank:
        raise Refused("holds no text")


def beginning(name: str, content: bytes, characters: int) -> str:
    """The first characters of a file that `read` has read to its end."""
    kind = kind_of(name)
    found = _plain(content) if kind == "text" else text_of(kind, content)
    text = ""
    for piece in found:
        if not isinstance(piece, Note):
            text += piece[0]
        if len(text) >= characters:
            break
    return text[:characters]


def _plain(content: bytes) -> Iterator[Piece]:
    for signature, what in _SIGNATURES.items():
        if content.startswith(signature):
            raise Refused(f"is {what}, whatever its name says; give it its own ending")
    text = decoded(content)
    for at in range(0, len(text), PIECE):
        yield text[at : at + PIECE], min((at + PIECE) / len(text), 1.0)


def decoded(content: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with its mark, else Windows-1252; Refused when they are no text."""
    junk = "is not text, whatever its name says"
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(character < " " and character not in _PRINTED for character in islice(text, 100_000))
        if "\0" in text or strange * 100 > min(len(text), 100_000):
            break
        return text
    raise Refused(junk)


def _apart(kind: str, content: bytes) -> Iterator[Piece | Note]:
    """What the process of its own reads; it is ended when it takes too long or nobody listens any more."""
    process = subprocess.Popen(
        [sys.executable, "-m", "costmodel.extract", kind],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a reader's complaints quote the file
    )
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    watch = threading.Timer(MAX_SECONDS, end)
    watch.daemon = True
    watch.start()
    complete = False
    try:
        for line in _said(process.stdin, process.stdout, content):
            if "refused" in line:
                raise Refused(line["refused"])
            if "note" in line:
                yield Note(line["note"])
            elif "end" in line:
                complete = True
            else:
                yield line["text"], line["done"]
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
    if late.is_set() and not complete:
        raise Refused(_late())
    if not complete:
        raise Refused("is damaged, or too large to be read; open it where it was written and save it again")


def _late() -> str:
    return f"could not be read within {MAX_SECONDS} seconds, which is the limit; split or simplify it"


def _said(told: IO[bytes], heard: IO[bytes], content: bytes) -> Iterator[dict[str, Any]]:
    """The lines of the process, once it has the file; none when it has gone away."""
    with suppress(BrokenPipeError), told:
        told.write(content)
    for line in heard:
        if line.endswith(b"\n"):  # the last line of a process that was ended may be half a line
            yield json.loads(line)


assert set(KINDS.values()) == {"text", *READERS}
