"""Files as people drop them, the broken and the hostile ones too, made on the spot."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
from pypdf import PdfWriter

RETURNS = Path(__file__).resolve().parent.parent / "fixtures" / "token_lab" / "returns.pdf"
"""Six pages about returning goods, printed by a browser."""


# PDF


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def locked_pdf(user_password: str, owner_password: str = "owner") -> bytes:
    writer = PdfWriter(clone_from=RETURNS)
    writer.encrypt(user_password, owner_password, algorithm="RC4-128")
    return written(writer)


def blank_pdf(pages: int, after: Path | None = None) -> bytes:
    writer = PdfWriter(clone_from=after) if after else PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return written(writer)


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end


def stream(facts: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (facts, len(data), data)


PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
)


def huge_page_pdf(unpacked: int = 140_000_000) -> bytes:
    """A page of a few KB that unpacks to so many bytes of drawing."""
    packed = zlib.compress(b"(a) Tj " * (unpacked // 7), 9)
    return pdf_of(*PAGE, stream(b"/Filter/FlateDecode", packed))


def nested_pdf(depth: int = 12) -> bytes:
    """A page that draws a form ten times, which draws a form ten times, and so on."""
    fact = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    forms = [stream(b"%s/Resources<</XObject<</F %d 0 R>>>>" % (fact, 6 + at), b"/F Do " * 10) for at in range(depth)]
    return pdf_of(*PAGE, stream(b"", b"/F Do"), *forms, stream(fact, b"BT (x) Tj ET"))


# Word


def word(write: Callable[[docx.document.Document], object] = lambda document: None) -> bytes:
    document = docx.Document()
    write(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def paragraphs(*texts: str) -> bytes:
    return word(lambda document: [document.add_paragraph(text) for text in texts])


def with_part(content: bytes, name: str, size: int) -> bytes:
    """A Word file with one more part of so many zeros."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, b"\0" * size)
    return file.getvalue()


def with_text(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A Word file whose main part is changed."""
    old, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for each in old.infolist():
            part = old.read(each)
            package.writestr(each.filename, change(part) if each.filename == "word/document.xml" else part)
    return file.getvalue()


def entity_bomb() -> bytes:
    """A Word file with an entity of ten entities of ten entities, ten levels deep."""
    levels = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))

    def armed(part: bytes) -> bytes:
        head, rest = part.decode().split("?>", 1)
        return f'{head}?><!DOCTYPE b [<!ENTITY a0 "ha ">{levels}]>{rest.replace("Boom", "&a9;")}'.encode()

    return with_text(paragraphs("Boom"), armed)


def deeply_nested_word(depth: int = 100_000) -> bytes:
    return with_text(paragraphs("x"), lambda part: part.replace(b"<w:body>", b"<w:body>" + b"<w:p>" * depth))
