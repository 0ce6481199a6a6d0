"""Words in lines that fit, without a font at hand; and typed-in text that no format can be broken with."""

from __future__ import annotations

import io
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from report import letters
from report.legible import LEFT_TO_RIGHT, legible, steady
from report.wrapped import width_of, wrapped

SENTENCE = "Fine-tuning costs $24K more to build and earns it back in month 19"


@given(st.text(max_size=300), st.floats(40, 900), st.integers(1, 4), st.booleans())
def test_lines_fit_and_are_no_more_than_asked_for(text, width, most, even):
    lines = wrapped(text, width, 13, most=most, even=even)

    assert len(lines) <= most
    assert all(width_of(line, 13) <= width + 1e-9 or len(line) <= 2 for line in lines)


@given(st.lists(st.sampled_from(SENTENCE.split()), min_size=1, max_size=30), st.integers(200, 900))
def test_no_word_is_lost_where_there_is_room(words, width):
    assert " ".join(wrapped(" ".join(words), width, 13, most=30, even=True)).split() == words


def test_even_lines_leave_no_lonely_last_word():
    lines = wrapped(SENTENCE, 520, 21, most=3, strong=True, even=True)

    assert len(lines) == 2
    assert len(lines[1]) > 0.6 * len(lines[0])


def test_parts_stay_whole_where_they_fit():
    lines = wrapped("Sales chat · 24 months · nominal USD · prices of 9 Nov 2026", 190, 12, most=5, between=" · ")

    assert lines == ["Sales chat · 24 months", "nominal USD", "prices of 9 Nov 2026"]


def test_what_is_too_long_ends_in_an_ellipsis():
    assert wrapped("word " * 2_000, 200, 13, most=2)[-1].endswith("…")
    assert wrapped("x" * 10_000, 200, 13, most=2)[-1].endswith("…")


def test_the_guess_is_on_the_safe_side_of_the_letters_in_use():
    for _, weight, file in letters.IN_PAGES:
        (path,) = [folder / file for folder in letters.folders() if (folder / file).exists()]
        font = ImageFont.truetype(io.BytesIO(path.read_bytes()), 100)
        for text in (SENTENCE, "Likely range: fine-tuning $90K to $112K, RAG $93K to $126K", "Cumulative cost in USD"):
            real, guessed = font.getlength(text), width_of(text, 100, strong=weight > 400)

            assert real <= guessed <= 1.25 * real


@given(st.text())
def test_legible_text_is_xml_on_one_line(text):
    found = legible(text)

    assert "\n" not in found
    found.encode("utf-8")
    escaped = found.replace("&", "&amp;").replace("<", "&lt;")
    assert ElementTree.fromstring(f"<a>{escaped}</a>") is not None


def test_a_name_from_right_to_left_keeps_what_follows_behind_it():
    assert steady("שלום") == f"שלום{LEFT_TO_RIGHT}"
    assert steady("hello") == "hello"
    assert legible("\u202eשלום\u2067") == "שלום"
