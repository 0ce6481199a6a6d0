"""What is made to do harm is refused in words: packed bombs, entities, endless tables, huge files, runaway texts.

Damaged, nested and unknown content has its tests beside each reader; `make fuzz` makes up more of it.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from datetime import date

import pytest

from commands import shared
from costmodel import documents, files
from costmodel.changes import ScenarioError
from costmodel.documents import Refused, read
from costmodel.extract import Note
from costmodel.scenario import FIELDS
from pages.ui import open_file
from pages.ui.price_rows import found_in
from pricing import importing
from pricing.catalog import load_book, read_price_file
from pricing.price import PriceError
from pricing.price_files import MAX_BYTES, parse_price_bytes
from report.lever_text import NotTaken, number_typed
from report.pasted import LONGEST_TEXT, NotNumbers, numbers_in
from tests.costmodel import made_files as made
from tests.fuzz.counted import given_up_after

HEADER = "provider,item,meter,unit,price_usd"
DAMAGED = "is damaged, or too large to be read; open it where it was written and save it again"
TODAY = date(2026, 11, 14)
MB = 1_000_000


def why(name: str, content: bytes) -> str:
    """Why the token lab refuses a file."""
    with pytest.raises(Refused) as refused:
        list(read(name, content))
    return str(refused.value)


def text(name: str, content: bytes) -> str:
    return "".join(piece[0] for piece in read(name, content) if not isinstance(piece, Note))


# Packed bombs


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A Word file of 230 KB whose text unpacks to 200 MB."""
    return made.with_text(made.paragraphs("Boom"), lambda part: part.replace(b"Boom", b"Boom" * (50 * MB)))


def test_a_packed_bomb_is_refused_by_the_size_that_it_says(bomb):
    assert len(bomb) < MB
    assert why("plan.docx", bomb) == "unpacks to 201 MB; the limit is 200 MB, so split it"


def test_a_packed_bomb_that_says_it_is_small_is_not_unpacked(bomb):
    assert why("plan.docx", understated(bomb, "word/document.xml", 2_000)) == DAMAGED


def understated(package: bytes, name: str, size: int) -> bytes:
    """A package whose list of parts gives another size for one of them."""
    changed, at = bytearray(package), package.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", package, at + 28)[0]
        if package[at + 46 : at + 46 + length] == name.encode():
            struct.pack_into("<I", changed, at + 24, size)
        at = package.find(b"PK\x01\x02", at + 4)
    with zipfile.ZipFile(io.BytesIO(changed)) as said:
        assert said.getinfo(name).file_size == size
    return bytes(changed)


@pytest.mark.parametrize("name", ["plan.json", "prices.csv"])
def test_a_package_where_text_is_expected_is_no_text_and_stays_packed(bomb, name):
    with pytest.raises((ScenarioError, PriceError), match=f"{name}.*UTF-8"):
        open_file.candidate(bomb, name) if name.endswith("json") else parse_price_bytes(bomb, name)


# Entities


def test_entities_that_multiply_are_not_read():
    assert why("plan.docx", made.entity_bomb()) == DAMAGED


def test_a_web_page_has_no_entities_of_its_own():
    levels = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    found = text("page.html", f'<!DOCTYPE b [<!ENTITY a0 "ha ">{levels}]><p>Boom &a9;</p>'.encode())

    assert "Boom &a9;" in found
    assert len(found) < 100


def test_an_entity_that_names_a_file_of_the_server_brings_nothing_of_it(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the words of the file", encoding="utf-8")
    head = f'?><!DOCTYPE b [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    armed = made.with_text(
        made.paragraphs("Boom"), lambda part: part.replace(b"?>", head, 1).replace(b"Boom", b"Boom &x;")
    )

    assert text("plan.docx", armed).strip() == "Boom"


# Ten million rows


ROWS = 10_000_000


@pytest.mark.parametrize("row", [b"acme,base,input,1M tokens,1\n", b"\n"], ids=["prices", "blank"])
def test_a_price_file_of_ten_million_rows_is_refused_by_its_size(row):
    content = (HEADER + "\n").encode() + row * (ROWS if len(row) > 1 else MAX_BYTES)

    with pytest.raises(PriceError, match=r"^prices.csv: larger than 10 MB, the limit of a price file; split it$"):
        importing.preview(content, "prices.csv", load_book(), today=TODAY)


@pytest.mark.parametrize(
    ("row", "many", "words"),
    [
        ("\n", 9_999_000, "more than 1,000,000 lines, the limit of a price file; take blank ones out"),
        ("a,b,input,token,1\n", 500_000, "more than 20,000 prices, the limit of a price file; split it"),
        (",\n", 3_000_000, "more than 1,000,000 lines, the limit of a price file; take blank ones out"),
    ],
)
def test_as_many_rows_as_a_price_file_may_hold_bytes_are_refused_by_their_number(row, many, words):
    content = (HEADER + "\n" + row * many).encode()
    assert len(content) <= MAX_BYTES

    with pytest.raises(PriceError, match=words):
        parse_price_bytes(content, "prices.csv")


def test_ten_million_rows_on_the_disk_are_refused_unread(tmp_path):
    file = tmp_path / "rows.csv"
    with file.open("wb") as rows:
        rows.truncate(28 * ROWS)

    with pytest.raises(PriceError, match=r"rows.csv: larger than 10 MB"):
        read_price_file(file)


def test_ten_million_rows_as_a_document_are_refused_by_their_size():
    assert why("rows.csv", b"1,2\n" * ROWS) == "holds 40.0 MB; the limit is 20 MB for one file, so split it"


def test_ten_million_pasted_numbers_are_refused_unread():
    with pytest.raises(NotNumbers, match="20,000,000 characters were pasted; 120 numbers are the limit"):
        numbers_in("1\n" * ROWS, 120)


# A hundred megabytes


def test_a_pdf_of_a_hundred_megabytes_is_refused_by_its_size():
    assert why("plan.pdf", b"%PDF-1.7\n" + b"0" * (100 * MB - 9)) == (
        "holds 100.0 MB; the limit is 20 MB for one file, so split it"
    )
    assert documents.admitted([100 * MB])[0] == "holds 100.0 MB; the limit is 20 MB for one file, so split it"


def test_a_pdf_that_unpacks_to_more_than_a_hundred_megabytes_is_refused():
    content = made.huge_page_pdf()
    assert len(content) < MB

    assert why("plan.pdf", content) == DAMAGED


def test_a_scenario_file_of_a_hundred_megabytes_is_refused_unread(tmp_path):
    file = tmp_path / "plan.json"
    with file.open("wb") as content:
        content.truncate(100 * MB)

    with pytest.raises(ScenarioError, match=r"plan.json: larger than 2 MB, the limit of a scenario file"):
        shared.scenario_file(str(file))
    with pytest.raises(ScenarioError, match=r"plan.json: larger than 2 MB, the limit of a scenario file"):
        files.opened(" " * (100 * MB), "plan.json")


# Texts made for a search that goes astray: a reader that tries one split after the other needs minutes for each

DIGITS = "1" * 100_000
RUNAWAY = {
    "digits and a sign": f"{DIGITS}€",
    "digits and a letter": f"{DIGITS}x",
    "digits and a point": f"{DIGITS}.{DIGITS}.",
    "groups": "1" + ",111" * 30_000 + "x",
    "blanks": f"1{' ' * 100_000}x",
    "letters": f"1 {'a ' * 50_000}€",
    "signs": f"{'-' * 100_000}1",
    "dollars": f"{'$' * 100_000}x",
}


@pytest.fixture(params=RUNAWAY.values(), ids=RUNAWAY)
def runaway(request):
    return request.param


def test_a_runaway_text_in_the_field_of_a_lever_is_refused(runaway):
    with given_up_after(30), pytest.raises(NotTaken):
        number_typed(runaway, FIELDS["workload.queries_per_month"])


def test_a_runaway_text_among_pasted_numbers_is_refused(runaway):
    with given_up_after(30):
        for part in (runaway, f"{runaway[: LONGEST_TEXT - 1]}x"):
            with pytest.raises(NotNumbers):
                numbers_in(part, 120)


def test_a_runaway_text_in_a_price_file_is_refused_with_its_place(runaway):
    content = f'{HEADER}\nacme,base,input,1M tokens,"{runaway}"\n'.encode()

    with given_up_after(30), pytest.raises(PriceError, match=r"^prices.csv line 2"):
        parse_price_bytes(content, "prices.csv")


@pytest.mark.parametrize("path", ["finance.start_month", "finance.currency", "rag.model"])
def test_a_runaway_text_in_a_scenario_file_is_refused_with_its_place(runaway, path):
    group, name = path.split(".")

    with given_up_after(30), pytest.raises(ScenarioError, match=path):
        open_file.candidate(json.dumps({group: {name: f"a/{runaway}/"}}).encode(), "plan.json")


@pytest.mark.parametrize("search", ["(a+)+$", "((((", "[", "\\", ".*", "(?P<x>"])
def test_a_search_for_prices_is_for_the_words_themselves(search):
    assert found_in(load_book().rows, None, search) == [
        row for row in load_book().rows if search in f"{row.price_id} {row.unit} {row.source}"
    ]
