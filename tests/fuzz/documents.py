"""Files dropped into the token lab: bytes, parts and texts changed, and what is packed to do harm."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from costmodel import documents
from costmodel.extract import Note, Refused
from costmodel.tokens import ENCODINGS, Tally, counter
from tests.costmodel import made_files as made
from tests.fuzz.counted import ACCEPTED, REFUSED, Broken, Target
from tests.fuzz.mutations import Draw, broken_bytes, one_of, words
from tests.fuzz.promises import in_plain_words

SIGNS = ("a", " ", "\n", "1", "'", "\U0001f680", "\u0e01", "/", "\u00a0", "e\u0301", "!?", "\t ", "\ufffd", "\u4e00")
MOST_CHARACTERS = 1_000_000
"""Of a page that is made longer: a file takes as long as it is large, and the token lab shows how far it is."""
PAGE = "<html><body><p>One <b>two</b></p><pre>a  b</pre><script>x</script><textarea>t</textarea></body></html>"


class Dropped(NamedTuple):
    """A file as somebody drops it."""

    name: str
    content: bytes


@cache
def _pdfs() -> tuple[bytes, ...]:
    drawing = made.stream(b"/Filter/FlateDecode", zlib.compress(b"BT /F 9 Tf (Returns are free.) Tj ET"))
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    plain = made.pdf_of(*made.PAGE[:2], made.PAGE[2].replace(b"/XObject", b"/Font"), drawing, font)
    return plain, made.RETURNS.read_bytes(), made.locked_pdf(""), made.locked_pdf("secret"), made.nested_pdf(4)


@cache
def _words() -> tuple[bytes, ...]:
    return made.paragraphs("One", "two three"), made.paragraphs(*(f"Paragraph {number}" for number in range(450)))


texts = st.one_of(
    words,
    st.text(max_size=60),
    st.tuples(one_of(*SIGNS), st.integers(1, 70_000)).map(lambda part: part[0] * part[1]),
    st.lists(one_of(*SIGNS, "the ", "fox", ","), max_size=200).map("".join),
)


@st.composite
def _text_file(draw: Draw) -> Dropped:
    name = f"a.{draw(one_of('txt', 'md', 'csv', 'json', 'html', 'htm'))}"
    content = draw(texts).encode(draw(one_of("utf-8", "utf-16", "cp1252", "utf-32", "utf-8-sig")), "replace")
    if draw(st.integers(0, 3)) == 0:
        content = draw(st.one_of(broken_bytes(content), st.binary(max_size=200)))
    return Dropped(name, content)


@st.composite
def _html(draw: Draw) -> Dropped:
    tags = one_of(
        "<p>", "</p>", "<b", ">", "<!--", "-->", "<script>", "</script>", "<pre>", "&amp;", "&#0;", "&#xD800;"
    )
    more = one_of(
        "<![CDATA[", "]]>", "<?xml encoding='utf-7'?>", "<meta charset=x>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;"
    )
    inside = "".join(draw(st.lists(st.one_of(tags, more, texts), max_size=12)))
    many = min(draw(one_of(1, 1, 1, 2, 300)), MOST_CHARACTERS // (len(inside) + 1) + 1)
    text = draw(one_of(PAGE.replace("One", inside * many), inside * many))
    return Dropped("a.html", text.encode(draw(one_of("utf-8", "utf-16", "cp1252")), "replace"))


@st.composite
def _pdf(draw: Draw) -> Dropped:
    content = draw(one_of(*_pdfs()))
    keys = one_of(b"/Length", b"/Kids", b"/Count", b"/Filter", b"/FlateDecode", b"/Root", b"/Type", b"/Pages", b"/Font")
    if draw(st.booleans()):
        content = content.replace(
            draw(keys), draw(st.one_of(keys, one_of(b"/X", b"", b"[[", b"<<", b"(", b"9 0 R", b"-1"))), 1
        )
    if draw(st.integers(0, 3)):
        content = draw(broken_bytes(content))
    return Dropped("a.pdf", content)


@st.composite
def _docx(draw: Draw) -> Dropped:
    content = draw(one_of(*_words()))
    pieces = one_of(
        b"<w:p>", b"</w:p>", b"<w:t>", b"</w:body>", b"&a;", b"<!DOCTYPE a>", b"\xff", b"", b"<w:r/>", b"<w:tbl>"
    )
    match draw(st.integers(0, 4)):
        case 0:
            content = draw(broken_bytes(content))
        case 1:
            old, new = draw(pieces), draw(pieces)
            content = made.with_text(content, lambda part: part.replace(old or b"<w:body>", new, 1))
        case 2:
            old = draw(one_of(*zipfile.ZipFile(io.BytesIO(content)).namelist()))
            content = _without(content, old)
        case 3:
            name, size = draw(one_of("word/document.xml", "x.xml", "../x", "a" * 300)), draw(one_of(0, 9, 10**6))
            with warnings.catch_warnings(action="ignore"):  # two parts of one name
                content = made.with_part(content, name, size)
    return Dropped("a.docx", content)


def _without(content: bytes, name: str) -> bytes:
    old, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for each in old.infolist():
            if each.filename != name:
                package.writestr(each.filename, old.read(each))
    return file.getvalue()


_names = one_of(
    "a.TXT", "a.exe", "a", ".txt", "a.pdf.txt", "\u202e.txt", "a." + "x" * 300, "", "a.docm", "a.pdf", "a.docx"
)
cases = st.one_of(
    *[_text_file()] * 6,
    _html(),
    _pdf(),
    _docx(),
    st.builds(
        Dropped, _names, st.one_of(st.binary(max_size=60), texts.map(lambda text: text.encode("utf-8", "replace")))
    ),
)


def judge(case: Dropped) -> str:
    """Count a file as the token lab does; the count is that of its text, or the refusal says why there is none."""
    tally, found = Tally(), list[str]()
    try:
        for piece in documents.read(case.name, case.content):
            if isinstance(piece, Note):
                in_plain_words([piece])
                continue
            text, done = piece
            if not 0 <= done <= 1:
                raise Broken(f"a share of the work that is none: {done}")
            tally.add(text)
            found.append(text)
    except Refused as error:
        in_plain_words([str(error)])
        return REFUSED
    whole, counts = "".join(found), tally.counts
    if counts.characters != len(whole) or counts.words != len(whole.split()):
        raise Broken(f"words or characters that are not those of the text: {counts} for {whole!r:.100}")
    if len(whole) < 60_000:
        for encoding in ENCODINGS:
            here = counter(encoding)
            if len(found) == 1 and here.count(whole) != counts.tokens[encoding]:
                raise Broken(f"tokens that are not those of the text: {counts} for {whole!r:.100}")
            said = "".join(here.parts(whole[:500]))
            if said != whole[:500].encode("utf-16", "surrogatepass").decode("utf-16", "replace"):
                raise Broken(f"parts that are not the text: {whole[:500]!r}")
    if documents.kind_of(case.name) == "text" and documents.beginning(case.name, case.content, 100) != whole[:100]:
        raise Broken("a beginning that is not that of the text")
    return ACCEPTED


TARGET = Target("token-lab file", cases, judge)
