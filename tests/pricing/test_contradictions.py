"""Two rows of one plan that cannot both be right are refused, with both values and both places."""

from __future__ import annotations

from datetime import date

import pytest

from pricing import importing
from pricing.book import Price, PriceBook, PriceEdit
from pricing.contradictions import Contradiction
from pricing.health import check, read
from pricing.price_files import parse_price_csv

HEADER = "provider,item,meter,unit,price_usd,minimum_usd,gb_per_node,effective_from,effective_to"
NODES_4, STORAGE_8 = "acme,vs,nodes,hour,1,,4,,", "acme,vs,storage,GB-month,1,,8,,"
TWO_FACTS = (
    "acme/vs: gb_per_node is 4 in price file a.csv line 2 (nodes) and 8 in price file a.csv line 3 (storage); "
    "a plan has one, so correct one of them or leave it blank"
)


def rows(*lines: str, name: str = "a.csv"):
    return parse_price_csv("\n".join((HEADER, *lines)), name)


def test_two_values_of_a_fact_are_refused_with_both_lines():
    with pytest.raises(Contradiction) as refused:
        PriceBook().with_rows(rows(NODES_4, STORAGE_8))
    assert str(refused.value) == TWO_FACTS

    with pytest.raises(Contradiction):
        PriceBook(rows(NODES_4, STORAGE_8))


def test_one_value_on_two_rows_is_none_too_many():
    book = PriceBook(rows(NODES_4, STORAGE_8.replace(",8,", ",4,")))

    assert book.plan("acme/vs").fact("gb_per_node") == 4


def test_a_file_may_correct_a_fact_of_the_book():
    book = PriceBook(rows(NODES_4)).with_rows(rows(STORAGE_8, name="b.csv"))

    assert {row.gb_per_node for row in book.plan("acme/vs").rows} == {8}


def test_a_cap_is_that_of_its_row():
    caps = [
        Price(provider="acme", item="vs", meter=meter, unit="unit", price_usd=1, cap_quantity=cap)
        for meter, cap in (("reads", 5.0), ("writes", 7.0))
    ]

    assert [row.cap_quantity for row in PriceBook(caps).rows] == [5, 7]


def test_two_monthly_minimums_are_refused_with_both_lines():
    lines = ("acme,vs,storage,GB-month,0.3,10,,,", "acme,vs,flat,month,0.3,20,,,")
    with pytest.raises(Contradiction) as refused:
        PriceBook().with_rows(rows(*lines))

    assert str(refused.value) == (
        "acme/vs: minimum_usd is 20 in price file a.csv line 3 (flat) and 10 in price file a.csv line 2 (storage); "
        "a plan has one, so correct one of them or leave it blank"
    )


def test_a_minimum_of_a_file_contradicts_that_of_the_book():
    book = PriceBook(rows("acme,vs,storage,GB-month,0.3,10,,,"))
    with pytest.raises(Contradiction):
        book.with_rows(rows("acme,vs,reads,unit,0.3,20,,,", name="b.csv"))

    same = book.with_rows(rows("acme,vs,storage,GB-month,0.3,20,,,", name="b.csv"))
    assert same.plan("acme/vs").minimum_usd([date(2026, 11, 1)]) == [20]


@pytest.mark.parametrize(("until", "fits"), [("2026-12-31", True), ("2027-01-01", False), ("", False)])
def test_minimums_that_follow_each_other_do_not_contradict(until, fits):
    lines = (f"acme,vs,storage,GB-month,0.3,10,,,{until}", "acme,vs,flat,month,0.3,20,,2027-01-01,")
    if fits:
        assert len(PriceBook().with_rows(rows(*lines)).rows) == 2
    else:
        with pytest.raises(Contradiction):
            PriceBook().with_rows(rows(*lines))


def test_the_minimum_of_a_price_may_change_with_its_dates():
    lines = ("acme,vs,storage,GB-month,0.3,10,,,", "acme,vs,storage,GB-month,0.3,20,,2027-01-01,")
    plan = PriceBook().with_rows(rows(*lines)).plan("acme/vs")

    assert list(plan.minimum_usd([date(2026, 12, 1), date(2027, 1, 1)])) == [10, 20]


def test_of_two_typed_in_facts_the_later_one_holds():
    edits = [
        PriceEdit(provider="acme", item="vs", meter=meter, unit=unit, price_usd=1, gb_per_node=gb)
        for meter, unit, gb in (("nodes", "hour", 4.0), ("storage", "GB-month", 8.0))
    ]

    assert PriceBook().with_edits(edits).plan("acme/vs").fact("gb_per_node") == 8


def test_an_import_shows_the_contradiction_at_its_line():
    content = "\n".join((HEADER, NODES_4, STORAGE_8)).encode()
    (refused,) = importing.preview(content, "a.csv", PriceBook()).refused

    assert (refused.line, refused.column, refused.value) == (3, "gb_per_node", "8.0")
    assert refused.reason == TWO_FACTS


def test_the_check_names_a_contradiction(tmp_path):
    content = "\n".join((HEADER, NODES_4, STORAGE_8)).encode()
    book, found = read(folder=tmp_path, files=[("a.csv", content)])

    assert [(each.kind, each.words) for each in found if each.kind != "source"] == [("fact", TWO_FACTS)]
    assert book.plan("acme/vs") is None


def test_the_check_names_two_minimums_of_a_book():
    lines = ("acme,vs,storage,GB-month,0.3,10,,,", "acme,vs,flat,month,0.3,20,,,")
    problems = check(PriceBook(rows(*lines)), (), date(2026, 11, 21)).problems

    assert [each.kind for each in problems if "minimum_usd is 20" in each.words] == ["fact"]
