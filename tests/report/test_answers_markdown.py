"""The table to paste: verdict, a row for each architecture, and where it comes from."""

from __future__ import annotations

import re

import pytest

from report import text
from report.answers_markdown import table
from tests.report.memo_made import HOSTILE, LONG, SERVER, imprint_of
from tests.report.test_memo_markdown import tables, unescaped

PLAIN = imprint_of()
TABLE = table(PLAIN)


def test_it_is_a_verdict_a_table_and_a_source():
    verdict, rows, source = TABLE.rstrip("\n").split("\n\n")

    assert verdict == "**Over 24 months fine-tuning costs $100K, 8% less than RAG.**"
    assert rows.startswith("|  | Total | Difference | Build |")
    assert source.endswith(f"· [Open this scenario]({SERVER}/?{PLAIN.query})")
    assert PLAIN.source_line in unescaped(source)


@pytest.mark.parametrize("present", [False, True])
def test_its_totals_are_those_of_the_screen(present):
    (rows,) = tables(table(imprint_of(present=present)))
    money, sums = text.money_of(PLAIN.run), text.totals(PLAIN.run, present)

    assert [row["Total"] for row in rows] == [money(usd) for usd in sums.values()]
    assert [row["Difference"] for row in rows].count("cheapest") == 1
    assert {"Build", "Per month at the end", "Per query"} <= set(rows[0])


@pytest.mark.parametrize("base_url", ["", "javascript:alert(1)//"])
def test_without_a_server_of_the_web_there_is_no_link(base_url):
    assert "](" not in table(imprint_of(base_url=base_url))


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_a_hostile_name_adds_no_structure(name):
    written = table(imprint_of({"name": name}, base_url=""))

    assert len(written.rstrip("\n").split("\n\n")) == 3
    assert len(tables(written)) == 1
    assert not re.search(r"(?<!\\)[<>`\[\]]", written)
    assert not written.rstrip("\n").rsplit("\n\n", 1)[1].startswith(("#", "-", "1."))
