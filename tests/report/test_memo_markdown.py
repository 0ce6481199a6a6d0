"""The memo as Markdown: its tables read back, and names that are nothing but names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import text
from report.memo import markdown, memo
from report.memo.as_markdown import block, escaped
from report.memo.model import Bullets, Column, Paragraph, Row, Table, Words, linked, one_line, plain, said
from tests.report.memo_made import HOSTILE, LONG, SERVER, imprint_of, shown

PLAIN = imprint_of()
MEMO = markdown(memo(PLAIN))


def cells(line: str) -> list[str]:
    """The cells of a row of a table, as a reader sees them."""
    inner = re.split(r"(?<!\\)\|", line.strip())[1:-1]
    return [unescaped(cell.strip().replace("**", "")) for cell in inner]


def unescaped(written: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)


def tables(written: str) -> list[list[dict[str, str]]]:
    """Every table as rows of head -> cell."""
    found = []
    for part in re.findall(r"(?:^\|.*\|\n)+", written, re.MULTILINE):
        head, rule, *rows = part.strip().split("\n")
        assert set(rule) <= set("|-: ")
        found.append([dict(zip(cells(head), cells(row), strict=True)) for row in rows])
    return found


def test_the_first_table_holds_the_totals_of_the_screen():
    money, rows = text.money_of(PLAIN.run), tables(MEMO)[0]
    totals = {row[""]: row["Total"] for row in rows}

    assert totals == {"RAG": "$109K", "Fine-tuning": "$100K", "Hybrid": "$156K"}
    assert totals["RAG"] == money(PLAIN.run.answers["rag"].tco_usd)


def test_numbers_stand_to_the_right_and_names_to_the_left():
    rule = next(line for line in MEMO.split("\n") if line.startswith("| ---"))

    assert rule == "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"


def test_the_file_has_one_headline_and_a_heading_for_each_part():
    headings = [line for line in MEMO.split("\n") if line.startswith("#")]

    assert headings[0] == "# Over 24 months fine-tuning costs $100K, 8% less than RAG"
    assert [heading.startswith("## ") for heading in headings[1:]] == [True] * 7


def test_the_picture_is_linked_where_the_server_is_known_and_its_finding_said_anyway():
    without = markdown(memo(imprint_of(base_url="")))

    assert f"]({SERVER}/chart/cumulative.png?" in MEMO
    assert "![" not in without
    assert "**Fine-tuning costs $24K more to build and earns it back in month 19**" in without


def test_links_lead_to_the_web_only():
    targets = re.findall(r"\]\(([^)]*)\)", MEMO)

    assert targets
    assert all(target.startswith(("https://", "http://")) for target in targets)


def test_the_file_ends_with_a_new_line_and_is_the_same_each_time():
    assert MEMO.endswith(".\n")
    assert markdown(memo(imprint_of())) == MEMO


# Names that try to be more


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_a_hostile_name_adds_no_structure(name):
    written = markdown(memo(imprint_of({"name": name}), contents=["assumptions"]))
    first, *rest = written.split("\n")

    assert unescaped(first.removeprefix("**")).startswith(shown(name)[:59])
    assert not re.search(r"(?<!\\)[<>`]|(?<!\\)\](?=\()(?!\(https://)", written)
    assert not any(line.startswith(("# ", "1.", "- ", "|")) for line in [first, *rest] if "ssumption" not in line)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("# x", r"\# x"),
        ("- x", r"\- x"),
        ("+ x", r"\+ x"),
        ("1. x", r"1\. x"),
        ("12) x", r"12\) x"),
        ("=====", r"\====="),
        ("> x", r"\> x"),
        ("    code", "code"),
        ("12 x", "12 x"),
        ("a # b", r"a \# b"),
    ],
)
def test_nothing_at_the_start_of_a_line_becomes_a_block(written, expected):
    assert block(Paragraph(plain(written))) == expected
    assert block(Bullets((plain(written),))) == f"- {expected}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$100K, then $109K", "$100K, then $109K"),
        ("$x$", r"\$x\$"),
        ("a|b", r"a\|b"),
        ("[a](b)", r"\[a\](b)"),
        ("a\\|b", r"a\\\|b"),
        ("R&D &lt;", r"R\&D \&lt;"),
    ],
)
def test_signs_of_markdown_are_escaped_and_amounts_stay(written, expected):
    assert escaped(written) == expected


@given(st.text(max_size=40))
def test_a_cell_reads_back_as_it_was_written(written):
    table = Table((Column("a"), Column("b")), (Row((plain(written), plain("end"))),))
    row = block(table).split("\n")[2]

    assert re.split(r"(?<!\\)(?:\\\\)*\|", row)[-2].strip() == "end"
    assert unescaped(row[2:-8]) == one_line(written)


def test_strong_words_are_strong_together():
    assert block(Paragraph(said("{Rag} costs less.", strong=True))) == "**RAG costs less.**"


def test_an_address_in_a_source_cannot_end_its_link():
    shown_ = block(Paragraph(linked("see https://a.example/x_(y)?q=1|2 and more")))

    assert shown_.startswith("see [a.example/x\\_](https://a.example/x_)(y)")
    assert block(Paragraph((Words("x", href="https://a.example/(y)|<z>"),))) == (
        "[x](https://a.example/%28y%29%7C%3Cz%3E)"
    )
