"""The memo as a Word document: read back with python-docx; the same bytes from every process."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from report import card_text, text
from report.gallery import Wanted, picture
from report.memo import memo, word
from report.palette import ARCHITECTURES
from tests.report.memo_made import HOSTILE, LONG, SERVER, imprint_of, shown

PLAIN = imprint_of()
FILE = word(memo(PLAIN))
DOCUMENT = Document(io.BytesIO(FILE))
MADE_APART = (
    "import hashlib, sys\n"
    "from report.memo import memo, word\n"
    "from tests.report.memo_made import imprint_of\n"
    "sys.stdout.write(hashlib.sha256(word(memo(imprint_of()))).hexdigest())\n"
)


def opened(name):
    return Document(io.BytesIO(word(memo(imprint_of({"name": name}), contents=["verdict", "totals", "assumptions"]))))


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_headings_are_real_ones():
    headings = [(each.style.name, each.text) for each in DOCUMENT.paragraphs if each.style.name.startswith("Heading")]

    assert headings[0] == ("Heading 1", "Over 24 months fine-tuning costs $100K, 8% less than RAG")
    assert [style for style, _ in headings[1:]] == ["Heading 2"] * 7


def test_the_first_table_holds_the_totals_of_the_screen():
    head, *rows = cells(DOCUMENT.tables[0])
    sums = text.totals(PLAIN.run)
    cards = [card_text.card(PLAIN.run, key, sums) for key in PLAIN.run.answers]
    expected = [
        [ARCHITECTURES[card.architecture].name, card.total.value, card.badge, *(fact.value for fact in card.facts)]
        for card in cards
    ]

    assert head[1:3] == ["Total", "Difference"]
    assert rows == expected


def test_the_head_of_every_table_is_repeated_and_no_row_is_split():
    assert len(DOCUMENT.tables) == 3
    for table in DOCUMENT.tables:
        properties = [row._tr.trPr for row in table.rows]

        assert [each.find(qn("w:tblHeader")) is not None for each in properties] == [True] + [False] * (
            len(table.rows) - 1
        )
        assert all(each.find(qn("w:cantSplit")) is not None for each in properties)


def test_prices_in_use_stand_in_a_table_with_their_dates():
    rows = cells(DOCUMENT.tables[-1])

    assert rows[0] == ["Price", "USD", "Per", "Checked", "Source"]
    assert ["gpt-6.1-sol, input", "2.00", "1M tokens", "release of 9 Nov 2026", "3"] in rows


def test_the_picture_says_in_words_what_it_shows():
    (picture,) = DOCUMENT.inline_shapes

    assert "Fine-tuning overtakes RAG in month 19" in picture._inline.docPr.get("descr")
    assert picture.width.cm == pytest.approx(17.0, abs=0.01)


def test_several_charts_stand_one_below_the_other():
    pictures = [picture(name, PLAIN.run, Wanted()) for name in ("cumulative", "components")]
    document = Document(io.BytesIO(word(memo(PLAIN, pictures, ["chart"]))))

    assert [shape._inline.docPr.get("title") for shape in document.inline_shapes] == [each.finding for each in pictures]


def test_links_lead_to_the_web_only():
    links = [each for each in DOCUMENT.part.rels.values() if each.reltype == RELATIONSHIP_TYPE.HYPERLINK]
    targets = [each.target_ref for each in links]

    assert f"{SERVER}/?{PLAIN.query}" in targets
    assert all(target.startswith(("https://", "http://")) for target in targets)


def test_names_stand_in_the_colour_of_their_architecture():
    (headline,) = [each for each in DOCUMENT.paragraphs if each.style.name == "Heading 1"]
    coloured = {run.text: str(run.font.color.rgb) for run in headline.runs if run.font.color.rgb is not None}

    assert coloured == {
        "fine-tuning": ARCHITECTURES["fine_tuning"].light_text[1:].upper(),
        "RAG": ARCHITECTURES["rag"].light_text[1:].upper(),
    }


def test_the_properties_name_the_memo_and_its_day():
    properties = DOCUMENT.core_properties

    assert properties.title.startswith("Sales chat: prices in brand voice: Over 24 months")
    assert properties.author == "Crossover"
    assert properties.created.replace(tzinfo=UTC) == datetime(2026, 11, 14, tzinfo=UTC)
    assert properties.modified == properties.created


def test_its_fonts_are_those_that_every_office_has():
    fonts = {DOCUMENT.styles[name].font.name for name in ("Normal", "Heading 1", "Heading 2", "List Bullet", "Foot")}

    assert fonts == {"Georgia", "Calibri"}


def test_no_part_of_the_file_carries_a_time():
    with zipfile.ZipFile(io.BytesIO(FILE)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.testzip() is None


def test_another_process_makes_the_same_bytes():
    apart = subprocess.run([sys.executable, "-c", MADE_APART], capture_output=True, text=True, check=True)

    assert apart.stdout == hashlib.sha256(FILE).hexdigest()


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_a_hostile_name_opens_and_stays_readable(name):
    document = opened(name)

    assert document.paragraphs[0].text.startswith(shown(name)[:59])
    assert len(document.core_properties.title) <= 255
    assert len(document.tables) == 1


@pytest.mark.parametrize("name", [HOSTILE["forbidden in XML"], HOSTILE["quotes"], HOSTILE["markup"]])
def test_every_part_is_well_formed_xml(name):
    content = word(memo(imprint_of({"name": name}), contents=["verdict", "assumptions"]))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(part))
