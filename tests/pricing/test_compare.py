"""Two books side by side: what came, what went, what moved."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest

from pricing.book import Price
from pricing.catalog import book_id, load_book, tables_with_release
from pricing.compare import diff

SOURCE = {"source": "https://acme.example/prices", "confidence": "high", "as_of": "2026-11-01"}
JAN = date(2027, 1, 1)


def row(price_usd=2.0, item="base", unit="1M tokens", meter="input", **more):
    return Price(provider="acme", item=item, meter=meter, unit=unit, price_usd=price_usd, **{**SOURCE, **more})


def test_a_book_does_not_differ_from_itself():
    found = diff(load_book().rows, load_book().rows)

    assert found.nothing
    assert found.same == len(load_book().rows)


def test_rows_come_and_go():
    found = diff([row(), row(item="old")], [row(), row(item="new")])

    assert [each.row.ref for each in found.added] == ["acme/new"]
    assert [each.ref for each in found.removed] == ["acme/old"]
    assert (found.changed, found.moved, found.same) == ((), (), 1)


def test_a_changed_price_has_its_ratio_and_what_else_moved():
    (change,) = diff([row()], [row(3.0, as_of="2026-11-20")]).changed

    assert (change.old.price_usd, change.new.price_usd, change.ratio) == (2.0, 3.0, 1.5)
    assert [(each.column, each.old, each.new) for each in change.moved] == [("as_of", "2026-11-01", "2026-11-20")]


def test_the_same_price_in_another_unit_is_no_change_of_price():
    found = diff([row()], [row(0.002, unit="1k tokens")])

    assert found.changed == ()
    assert [(each.column, each.old, each.new) for each in found.moved] == [("unit", "1M tokens", "1k tokens")]


def test_another_kind_of_unit_has_no_ratio():
    (change,) = diff([row(4.0, meter="writes", unit="1M units")], [row(4.0, meter="writes", unit="GB")]).changed

    assert change.ratio is None


@pytest.mark.parametrize(("was", "now", "ratio"), [(0.0, 2.0, math.inf), (2.0, 0.0, 0.0)])
def test_free_before_or_after(was, now, ratio):
    (change,) = diff([row(was, note="free")], [row(now, note="free")]).changed

    assert change.ratio == ratio


def test_a_scheduled_price_is_added_with_the_one_it_follows():
    (added,) = diff([row()], [row(), row(3.0, effective_from=JAN)]).added

    assert (added.before.price_usd, added.ratio) == (2.0, 1.5)


def test_equal_moves_of_many_rows_are_one_move():
    names = [f"m{n}" for n in range(5)]
    a = [row(item=name) for name in names]
    b = [row(item=name, as_of="2026-12", confidence="high" if name != "m0" else "medium") for name in names]

    found = diff(a, b)
    assert [(each.column, each.old, each.new, len(each.price_ids)) for each in found.moved] == [
        ("as_of", "2026-11-01", "2026-12", 5),
        ("confidence", "high", "medium", 1),
    ]
    assert found.same == 0


@pytest.mark.parametrize(
    "more",
    [
        {"minimum_usd": 5.0},
        {"included_quantity": 5.0},
        {"effective_to": JAN},
        {"source": "https://other.example"},
        {"note": "x"},
        {"units_per_vector": 2.0},
        {"retires_on": JAN},
        {"group": "other"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_move_of_any_column_is_seen(more):
    (moved,) = diff([row(meter="writes", unit="GB")], [row(meter="writes", unit="GB", **more)]).moved

    assert moved.column == next(iter(more))


def test_where_a_row_was_read_is_no_difference():
    assert diff([row(origin="table a.csv", line=2)], [row(origin="price file b.csv", line=9)]).nothing


def test_within_some_plans_others_are_left_out():
    found = diff([row(), row(item="old")], [row(3.0), row(item="new")], within={"acme/base"})

    assert (len(found.changed), found.added, found.removed) == (1, (), ())


def test_as_plain_values_it_is_json():
    a = [row(0.0, note="free"), row(item="old"), row(item="same", as_of=None)]
    b = [row(3.0), row(2.0, effective_from=JAN), row(item="same"), row(item="new", retires_on=JAN)]

    plain = json.loads(json.dumps(diff(a, b).as_dict(), allow_nan=False))
    assert [each["price_id"] for each in plain["added"]] == ["acme/base:input", "acme/new:input"]
    assert plain["added"][0]["before_usd"] == 0
    assert [each["price_id"] for each in plain["removed"]] == ["acme/old:input"]
    assert (plain["changed"][0]["old_usd"], plain["changed"][0]["new_usd"], plain["changed"][0]["ratio"]) == (
        0,
        3,
        None,
    )
    assert plain["moved"] == [
        {"column": "as_of", "old": None, "new": "2026-11-01", "rows": 1, "price_ids": ["acme/same:input"]}
    ]


def test_the_tables_of_the_product_are_the_shipped_book():
    assert diff(tables_with_release(), load_book().rows).nothing


def test_the_id_of_a_book_names_the_release_and_moves_with_any_row():
    shipped = book_id()

    assert shipped == book_id(load_book())
    assert shipped == f"genai-prices-0.2.3+{load_book().id}"
    assert book_id(load_book().with_rows([row()])) != shipped
