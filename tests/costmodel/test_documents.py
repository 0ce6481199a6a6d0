"""Files are read for their text; what cannot be read is refused in words, whatever it does to its reader."""

from __future__ import annotations

import pytest

from costmodel import documents, extract
from costmodel.documents import MAX_FILE_MB, MAX_FILES, MAX_TOTAL_MB, admitted, beginning, read
from costmodel.extract import Note, Refused
from tests.costmodel import made_files as made
from tests.costmodel.made_files import RETURNS, paragraphs, word

MB = 1_000_000
DAMAGED = "is damaged, or too large to be read; open it where it was written and save it again"


def text(name: str, content: bytes) -> str:
    """All text of a file."""
    return "".join(piece[0] for piece in read(name, content) if not isinstance(piece, Note))


def notes(name: str, content: bytes) -> list[str]:
    return [piece for piece in read(name, content) if isinstance(piece, Note)]


def why(name: str, content: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(Refused) as refused:
        list(read(name, content))
    return str(refused.value)


# What is read


@pytest.mark.parametrize("ending", ["txt", "md", "csv", "json", "TXT"])
def test_plain_text_counts_as_it_stands(ending):
    assert text(f"a.{ending}", b'{"a": [1, 2]}\n# b, "c"\n') == '{"a": [1, 2]}\n# b, "c"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_people_save(encoding):
    assert text("a.txt", "Größe – 5 €".encode(encoding)) == "Größe – 5 €"


def test_a_pdf_is_read_page_by_page():
    pieces = list(read("returns.pdf", RETURNS.read_bytes()))

    assert [round(done, 2) for _, done in pieces] == [0.17, 0.33, 0.5, 0.67, 0.83, 1.0]
    assert pieces[0][0].startswith("Returns handbook")
    assert "tracking number" in pieces[-1][0]


def test_a_pdf_that_only_forbids_changes_is_read():
    assert "Returns handbook" in text("a.pdf", made.locked_pdf(user_password=""))


def test_pages_without_text_are_told():
    assert notes("a.pdf", made.blank_pdf(2, after=RETURNS)) == ["2 of 8 pages hold no text"]
    assert notes("a.pdf", RETURNS.read_bytes()) == []


def test_a_word_file_gives_its_paragraphs_and_tables_in_order_and_each_cell_once():
    def write(document):
        document.add_heading("Returns")
        document.add_paragraph("Send it\tback")
        table = document.add_table(2, 2)
        for place, words in (((0, 0), "wide"), ((1, 0), "left"), ((1, 1), "right")):
            table.cell(*place).text = words
        table.cell(0, 0).merge(table.cell(0, 1))

    assert text("a.docx", word(write)).split() == ["Returns", "Send", "it", "back", "wide", "left", "right"]
    assert "Send it\tback\n" in text("a.docx", word(write))


def test_what_was_inserted_as_a_tracked_change_counts_and_what_was_deleted_does_not():
    def tracked(part):
        return part.replace(
            b"<w:p><w:r><w:t>x</w:t></w:r></w:p>",
            b"<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>",
        )

    assert text("a.docx", made.with_text(paragraphs("x"), tracked)).split() == ["new"]


def test_a_long_word_file_is_read_in_pieces():
    content = paragraphs(*(f"Paragraph {number}" for number in range(450)))

    assert text("a.docx", content) == "\n".join(f"Paragraph {number}" for number in range(450))
    assert [round(done, 2) for _, done in read("a.docx", content)] == [0.44, 0.89, 1.0]


def test_a_web_page_counts_by_what_is_seen():
    page = (
        b"<html><head><title>Help</title><style>p { color: red }</style></head><body><h1>Re<b>turns</b></h1>"
        b"<script>var secret = 1</script><!-- hidden --><p>Send   it\n back &amp; wait</p><ul><li>one<li>two</ul>"
        b"<pre>a\n  b</pre></body></html>"
    )

    assert text("a.html", page) == "Help\nReturns\nSend it back & wait\none\ntwo\na\n  b\n"


def test_a_web_page_says_its_own_encoding():
    page = "<meta charset='iso-8859-1'><p>café</p>"

    assert text("a.htm", page.encode("iso-8859-1")).strip() == "café"
    assert text("a.htm", page.encode("utf-8")).strip() == "café"
    assert text("a.htm", page.encode("utf-16")).strip() == "café"


def test_a_web_page_in_several_pieces_is_the_same_text():
    page = b"<p>" + b"word <b>bold</b>  " * 20_000 + b"</p>"

    assert text("a.html", page).split() == ["word", "bold"] * 20_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"some words " * 50),
        ("a.pdf", RETURNS.read_bytes()),
        ("a.docx", paragraphs("some words " * 50)),
        ("a.html", b"<p>some words"),
    ],
)
def test_the_beginning_of_a_file_is_that_of_its_text(name, content):
    assert beginning(name, content, 9) == text(name, content)[:9]


# What is refused


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t", "holds no text"),
        ("a.docx", word(), "holds no text"),
        ("a.html", b"<script>x</script>", "holds no text"),
        ("a.exe", b"MZ", "is a .exe file; what can be read: txt, md, csv, json, html, htm, pdf, docx"),
        ("README", b"x", "has no ending; what can be read: txt, md, csv, json, html, htm, pdf, docx"),
        ("a.txt", RETURNS.read_bytes(), "is a PDF, whatever its name says; give it its own ending"),
        ("a.csv", word(), "is a Word or another packed file, whatever its name says; give it its own ending"),
        ("a.txt", bytes(range(256)) * 9, "is not text, whatever its name says"),
        ("a.html", b"<p>\0\1\2", "is not text, whatever its name says"),
        ("a.pdf", b"plain words", "is not a PDF, whatever its name says; save it as a PDF again"),
        ("a.docx", b"junk", "is not a Word document (.docx), whatever its name says; save it as one again"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "is an old or a locked Word file; save it as .docx without a password",
        ),
        ("a.pdf", made.locked_pdf("secret"), "is locked with a password; save a copy without one"),
        (
            "a.pdf",
            made.blank_pdf(1),
            "holds no text; if it is a scan, run a text recognition (OCR) over it first",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(name, content, reason):
    assert why(name, content) == reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40),
        ("a.pdf", RETURNS.read_bytes()[:9_000]),
        ("a.docx", paragraphs("x")[:9_000]),
        ("a.docx", b"PK\x03\x04 and nothing of a package"),
        ("a.docx", made.deeply_nested_word()),
        ("a.docx", made.entity_bomb()),
        ("a.pdf", made.huge_page_pdf()),
    ],
)
def test_a_file_that_breaks_its_reader_is_damaged_and_nothing_worse(name, content):
    assert why(name, content) == DAMAGED


def test_forms_within_forms_do_not_multiply():
    assert "holds no text" in why("a.pdf", made.nested_pdf())


def test_a_packed_bomb_is_refused_by_the_size_that_it_would_have():
    assert why("a.docx", made.with_part(paragraphs("x"), "word/media/image1.png", 250 * MB)) == (
        "unpacks to 251 MB; the limit is 200 MB, so split it"
    )
    assert why("a.docx", made.with_part(paragraphs("x"), "word/extra.xml", 45 * MB)) == (
        "unpacks to 46 MB; the limit is 40 MB, so split it"
    )


def test_a_pdf_may_have_as_many_pages_as_the_limit_says_and_no_more():
    limit = extract.MAX_PAGES

    assert "holds no text" in why("a.pdf", made.blank_pdf(limit))
    assert why("a.pdf", made.blank_pdf(limit + 1)) == "has 1,001 pages; the limit is 1,000, so split it"


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(documents, "MAX_SECONDS", 1)
    endless = b"<!--" * 3_000_000  # this parser begins again at each of them

    assert why("a.html", endless) == "could not be read within 1 seconds, which is the limit; split or simplify it"


def test_a_document_may_hold_as_much_text_as_the_limit_says_and_no_more(monkeypatch):
    monkeypatch.setattr(documents, "MAX_CHARACTERS", 2_000_000)

    assert len(text("a.txt", b"x" * 2_000_000)) == 2_000_000
    assert why("a.txt", b"x" * 2_000_001) == (
        "holds more text than 2 million characters, which is the limit for one document; split it"
    )


def test_a_reader_that_nobody_listens_to_any_more_is_ended(monkeypatch):
    started = []
    start = documents.subprocess.Popen
    monkeypatch.setattr(
        documents.subprocess, "Popen", lambda *args, **facts: started.append(start(*args, **facts)) or started[-1]
    )
    pieces = read("returns.pdf", RETURNS.read_bytes())
    next(pieces)
    pieces.close()

    assert [process.poll() is not None for process in started] == [True]


# Several files


def test_a_file_may_be_as_large_as_the_limit_says_and_no_larger():
    most = MAX_FILE_MB * MB

    assert admitted([most]) == [""]
    assert admitted([most + 50_000]) == ["holds 20.1 MB; the limit is 20 MB for one file, so split it"]


def test_what_is_too_much_together_is_refused_and_the_others_are_not():
    third = MAX_TOTAL_MB * MB // 3
    found = admitted([third, third, third, 500_000, 0])

    assert found[:3] == ["", "", ""]
    assert found[3] == "would make it 60.5 MB together; the limit is 60 MB for all files, so take some away"
    assert found[4] == ""


def test_there_may_be_as_many_files_as_the_limit_says_and_no_more():
    found = admitted([1] * (MAX_FILES + 1))

    assert set(found[:MAX_FILES]) == {""}
    assert found[MAX_FILES] == "is file number 201; the limit is 200 files, so take some away"
