"""A memo as a Word document: real headings, tables and links, in fonts that every office has.

The same memo gives the same bytes: the file carries the memo's day, and its parts no time at all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Para

from report import render
from report.memo.model import Block, Bullets, Figure, Heading, Line, Memo, Paragraph, Row, Table, Words
from report.memo.words import MADE_BY
from report.numbers import shortened
from report.palette import ARCHITECTURES, NEUTRALS

SERIF, SANS = "Georgia", "Calibri"
PAGE = (21.0, 29.7)
MARGINS = (2.0, 2.0)
"""Left and right, and above and below [cm]."""
TEXT_WIDTH = PAGE[0] - 2 * MARGINS[0]
PICTURE_PX, PICTURE_MARGIN_PX = 880, 28
"""How wide a chart is drawn, and the margins that it has of its own: its words stand on the edge of the text."""
NO_TIME = (1980, 1, 1, 0, 0, 0)
MOST_IN_A_PROPERTY = 255
GAP, NARROW_GAP = 200, 100
"""Between two columns of a table, and of one with many [twentieths of a point]."""
MANY = 7
"""Columns from which on a table is set smaller."""
_SIZES = {"plain": 9.5, "totals": 9.5, "small": 8.0}


def word(memo: Memo) -> bytes:
    """The memo as the bytes of a file."""
    document = Document()
    _page(document)
    _styles(document)
    _properties(document, memo)
    _write(document.add_paragraph(style="Eyebrow"), memo.eyebrow)
    for block in memo.blocks:
        _block(document, block)
    for number, each in enumerate(memo.foot):
        paragraph = document.add_paragraph(style="Foot")
        _write(paragraph, each)
        if number == 0:
            _rule(paragraph)
    return _without_times(document)


def _without_times(document: Doc) -> bytes:
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, NO_TIME)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 0
            made.writestr(part, given.read(name))
    return out.getvalue()


# The document


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE[0]), Cm(PAGE[1])
    section.left_margin = section.right_margin = Cm(MARGINS[0])
    section.top_margin = section.bottom_margin = Cm(MARGINS[1])


def _styles(document: Doc) -> None:
    ink, second = NEUTRALS["ink"][0], NEUTRALS["second"][0]
    _style(document, "Normal", SANS, 10.5, ink, after=4)
    _style(document, "Heading 1", SERIF, 20, ink, bold=True, after=4)
    _style(document, "Heading 2", SERIF, 12.5, ink, bold=True, before=11, after=3)
    _style(document, "List Bullet", SANS, 10, ink, after=2)
    _style(document, "List Number", SANS, 9, ink, after=1)
    for name, size in (("Lead", 11.5), ("Note", 9.0), ("Eyebrow", 9.5), ("Foot", 8.5)):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _style(document, name, SANS, size, second, after=3)


def _style(
    document: Doc,
    name: str,
    font: str,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    style.font.color.rgb = _rgb(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]  # the template's theme fonts would win
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), font)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _properties(document: Doc, memo: Memo) -> None:
    properties, made = document.core_properties, datetime.combine(memo.made, time())
    properties.title = shortened(memo.title, MOST_IN_A_PROPERTY)
    properties.author = properties.last_modified_by = MADE_BY
    properties.created = properties.modified = made
    properties.language = memo.language
    properties.comments = ""


# Blocks


def _block(document: Doc, block: Block) -> None:
    if isinstance(block, Heading):
        _write(document.add_paragraph(style=f"Heading {block.level}"), block.line)
    elif isinstance(block, Paragraph):
        style = {"lead": "Lead", "body": "Normal", "note": "Note"}[block.kind]
        _write(document.add_paragraph(style=style), block.line, bold_names=block.kind == "lead")
    elif isinstance(block, Bullets):
        for item in block.items:
            _write(document.add_paragraph(style="List Number" if block.numbered else "List Bullet"), item)
    elif isinstance(block, Figure):
        _picture(document, block)
    else:
        _table(document, block)


def _write(paragraph: Para, line: Line, size: float | None = None, *, bold_names: bool = False) -> None:
    for words in line:
        if words.href:
            _link(paragraph, words, size)
        elif words.text:
            run = paragraph.add_run(words.text)
            if size is not None:
                run.font.size = Pt(size)
            run.bold = True if words.strong or (words.key and bold_names) else None
            if words.key:
                run.font.color.rgb = _rgb(ARCHITECTURES[words.key].light_text)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())


def _link(paragraph: Para, words: Words, size: float | None) -> None:
    """A link that Word follows; it looks like the text around it, underlined."""
    target = paragraph.part.relate_to(words.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _element("w:hyperlink", **{"r:id": target, "w:history": "1"})
    run = paragraph.add_run(words.text)
    run.underline = True
    if size is not None:
        run.font.size = Pt(size)
    link.append(run._r)
    paragraph._p.append(link)


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name) if ":" in name else name, value)
    return element


def _rule(paragraph: Para) -> None:
    """A hairline above a paragraph."""
    borders = _element("w:pBdr")
    borders.append(_border("top", NEUTRALS["line"][0], space="6"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph.paragraph_format.space_before = Pt(14)


def _border(side: str, colour: str, size: str = "4", space: str = "0") -> Any:
    attributes = {"w:val": "single", "w:sz": size, "w:space": space, "w:color": colour.removeprefix("#").upper()}
    return _element(f"w:{side}", **attributes)


def _picture(document: Doc, figure: Figure) -> None:
    png = render.png(figure.picture, figure.imprint, scale=2, width=PICTURE_PX)
    paragraph = document.add_paragraph()
    whole, margin = PICTURE_PX, PICTURE_MARGIN_PX
    drawn = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(TEXT_WIDTH * whole / (whole - 2 * margin)))
    drawn.width = Cm(TEXT_WIDTH)  # its height stays, and both margins are cut off
    cut = str(round(100_000 * margin / whole))
    blip = drawn._inline.graphic.graphicData.pic.blipFill
    blip.insert(1, _element("a:srcRect", l=cut, r=cut))
    for side in "TBLR":
        drawn._inline.set(f"dist{side}", "0")
    properties = drawn._inline.docPr
    properties.set("descr", figure.alt)
    properties.set("title", shortened(figure.finding, MOST_IN_A_PROPERTY))


# Tables


def _table(document: Doc, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.columns))
    table.autofit = False
    margins = _element("w:tblCellMar")
    margins.extend([_width("left", 0), _width("right", GAP if len(block.columns) < MANY else NARROW_GAP)])
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    whole = sum(column.width for column in block.columns)
    widths = [Cm(TEXT_WIDTH * column.width / whole) for column in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = Row(tuple((Words(column.head),) for column in block.columns), quiet=True)
    for number, row in enumerate((head, *block.rows)):
        made = table.add_row()
        properties = made._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if number == 0:
            properties.append(_element("w:tblHeader"))
        last = number == len(block.rows)
        for cell, width in zip(made.cells, widths, strict=True):
            cell.width = width
            if not last:
                _ruled(cell)
            cell.paragraphs[0].paragraph_format.keep_with_next = not last and (number == 0 or block.kind != "small")
        _cells(made.cells, row, block)
    after = document.add_paragraph(style="Note")
    after.paragraph_format.space_after, after.paragraph_format.line_spacing = Pt(0), Pt(6)


def _cells(cells: Sequence[_Cell], row: Row, block: Table) -> None:
    size = _SIZES[block.kind] - max(0, len(block.columns) - MANY) * 0.5
    for cell, line, column in zip(cells, row.cells, block.columns, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1 if size < 9 else 2)
        if column.right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _write(paragraph, line, size, bold_names=True)
        for run in paragraph.runs:
            if row.quiet and run.font.color.rgb is None:
                run.font.color.rgb = _rgb(NEUTRALS["second"][0])
    margins = _element("w:tcMar")
    margins.append(_width("right", 0))
    cells[-1]._tc.get_or_add_tcPr().append(margins)


def _width(side: str, twips: int) -> Any:
    return _element(f"w:{side}", **{"w:w": str(twips), "w:type": "dxa"})


def _ruled(cell: _Cell) -> None:
    """A hairline below a cell."""
    borders = _element("w:tcBorders")
    borders.append(_border("bottom", NEUTRALS["line"][0]))
    cell._tc.get_or_add_tcPr().append(borders)
