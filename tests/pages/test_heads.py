"""The heads of sections: sentences as HTML, in which nothing of Markdown and no unknown mark is left over."""

import re
from datetime import date

import pytest

from costmodel import link
from costmodel.changes import resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from pages.ui import layout

PAGES = [file for _, pages in layout.NAVIGATION for _, file in pages]
LEFT_OVER = re.compile(r"\*\*|\\\\|\]\(|:\w+\[|`|&amp;(?:amp|lt|gt|quot);|\{\w+\}")


@pytest.mark.parametrize("preset", [DEFAULT_PRESET, next(reversed(PRESETS))])
@pytest.mark.parametrize("page", PAGES)
def test_every_head_reads_as_a_sentence(opened, page, preset):
    screen = opened(page, link.encoded(resolved(PRESETS[preset].scenario, date.today())))
    screen.check()

    assert [each for each in (*screen.findings, *screen.captions) if LEFT_OVER.search(each)] == []


def test_names_of_architectures_have_their_colours_and_everything_else_is_escaped():
    said = layout.inked("{Rag} saves $5 & more <b> than {fine_tuning}")

    assert re.sub(r' style="[^"]+"', "", said) == "<b>RAG</b> saves $5 &amp; more &lt;b&gt; than <b>fine-tuning</b>"
    assert len(set(re.findall(r'style="([^"]+)"', said))) == 2


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a **b** _c_ `d` [e](f) $5 :red[x]", "a **b** _c_ `d` [e](f) $5 :red[x]"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("{rag} and {Hybrid}", "{rag} and {Hybrid}"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}turned", "turned"),
        ("<i>&amp;</i>", "&lt;i&gt;&amp;amp;&lt;/i&gt;"),
    ],
)
def test_a_typed_name_stands_in_a_head_as_it_was_typed(typed, read):
    assert layout.inked(layout.in_sentence(typed)).replace("\N{WORD JOINER}", "") == read


def test_a_name_from_right_to_left_does_not_turn_its_sentence():
    name = "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}"

    assert layout.in_sentence(name) == f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"
