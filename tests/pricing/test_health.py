"""The check of a price book: each thing that makes it fail, and what is only counted and named."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from costmodel.defaults import defaults, references
from costmodel.presets import PRESETS
from pricing import health
from pricing.book import Price, PriceBook, PriceError
from pricing.catalog import TABLES, load_book
from pricing.health import Default, Problem, age_days, check, is_sourced, read

TODAY = date(2026, 11, 21)
HEADER = "provider,item,meter,unit,price_usd"
SOURCE = {"source": "https://acme.example/prices", "confidence": "high", "as_of": "2026-11-01"}


def row(price_usd=2.0, item="base", **more):
    given = {**SOURCE, **more}
    return Price(provider="acme", item=item, meter="input", unit="1M tokens", price_usd=price_usd, **given)


def default(ref="acme/base", until=date(2028, 11, 1), retires=True, **more):
    return Default(ref, "preset one, rag.model", retires, until, frozenset({f"{ref}:input"}), **more)


def problems(*rows, defaults=()):
    return [(each.kind, each.price_id, each.words) for each in check(PriceBook(rows), defaults, TODAY).problems]


def test_the_shipped_book_is_sound():
    found = check(load_book(), defaults(load_book(), TODAY), TODAY)

    assert found.problems == ()
    assert (found.rows, found.plans) == (len(load_book().rows), len(load_book().refs()))


@pytest.mark.parametrize("row", load_book().rows[::17], ids=lambda row: row.price_id)
def test_a_row_of_the_book_is_sourced_or_of_low_confidence(row):
    assert is_sourced(row) or row.confidence == "low"


# Sources


@pytest.mark.parametrize(
    ("source", "as_of", "sourced"),
    [
        ("https://acme.example/prices", None, True),
        ("http://acme.example", None, True),
        ("see https://acme.example/prices (copy)", None, True),
        ("Acme price list of 2026-10-01", None, True),
        ("Acme price list, October 2026", None, True),
        ("Acme price list", "2026-10", True),
        ("Acme price list", None, False),
        ("a colleague", None, False),
        ("a colleague", "2026-10", False),
        ("My colleague told me, 2026-10-02", None, False),
        ("public GitHub file", "2026-10", False),
        ("our contract", "2026-10", True),
        ("PyPI litellm 1.109.1 package data", "2026-10", True),
        ("https://", None, False),
        ("2026-10-01", "2026-10", False),
        ("?", "2026-10", False),
        ("", "2026-10", False),
    ],
)
def test_a_source_is_a_url_or_a_named_dated_document(source, as_of, sourced):
    assert is_sourced(row(source=source, as_of=as_of)) == sourced


@pytest.mark.parametrize(("confidence", "fails"), [("high", True), ("medium", True), ("low", False)])
def test_a_row_without_a_source_must_be_of_low_confidence(confidence, fails):
    found = problems(row(source="hearsay", as_of=None, confidence=confidence))

    assert [kind for kind, _, _ in found] == (["source"] if fails else [])


def test_no_default_rests_on_a_price_of_low_confidence():
    ((kind, price_id, words),) = problems(row(confidence="low"), defaults=[default()])

    assert (kind, price_id) == ("source", "acme/base:input")
    assert words.startswith("preset one, rag.model rests on it, and its confidence is low")


def test_a_weak_price_that_the_default_does_not_use_is_no_problem():
    weak = row(tier_from=1000.0, confidence="low")

    assert problems(row(), weak, defaults=[default()]) == []


# Retirement

LAST = date(2028, 11, 30)
OPEN = {"confidence": "high"}


@pytest.mark.parametrize(
    ("retires", "successor", "fails"),
    [
        (date(2028, 11, 30), None, True),
        (date(2028, 12, 1), None, False),
        (date(2020, 1, 1), None, True),
        (date(2028, 11, 30), "acme/next", False),
        (None, None, False),
    ],
)
def test_a_default_may_not_retire_inside_its_horizon_without_a_successor(retires, successor, fails):
    found = problems(row(retires_on=retires, successor=successor), row(item="next"), defaults=[default()])

    assert [kind for kind, _, _ in found] == (["retires"] if fails else [])


def test_a_successor_that_retires_too_needs_its_own():
    rows = [
        row(retires_on=date(2027, 1, 1), successor="acme/next"),
        row(item="next", retires_on=date(2027, 6, 1)),
    ]

    ((kind, price_id, words),) = problems(*rows, defaults=[default()])
    assert (kind, price_id) == ("retires", "acme/next:input")
    assert words == ("it retires on 2027-06-01, names no successor and is needed until 2028-11: preset one, rag.model")


def test_a_retirement_of_a_price_file_is_blamed_on_its_line_and_told_once():
    book = PriceBook([row(tier_from=272_000.0), row()])
    ours = row(price_usd=3.0, retires_on=date(2027, 3, 1), origin="price file mine.csv", line=2)
    users = [dataclasses.replace(default(), used_by=f"preset {name}, rag.model") for name in "abcde"]

    (problem,) = check(book.with_rows([ours]), users, TODAY).problems
    assert (problem.place, problem.price_id) == ("price file mine.csv line 2", "acme/base:input")
    assert problem.words.endswith("preset a, rag.model, preset b, rag.model, preset c, rag.model and 2 more")


@pytest.mark.parametrize(
    ("successors", "circle"),
    [
        ({"base": "base"}, "acme/base -> acme/base"),
        ({"base": "next", "next": "base"}, "acme/base -> acme/next -> acme/base"),
        ({"base": "a", "a": "b", "b": "a"}, "acme/a -> acme/b -> acme/a"),
    ],
)
def test_successors_that_lead_back_to_a_model_are_named_once(successors, circle):
    rows = [
        row(item=item, retires_on=date(2027, 1, 1), successor=f"acme/{after}") for item, after in successors.items()
    ]

    ((kind, price_id, words),) = problems(*rows, defaults=[default()])
    assert (kind, price_id) == ("id", f"{circle.partition(' ')[0]}:input")
    assert words == f"its successors lead back to it ({circle}); name one that goes on, or none"


def test_successors_that_go_on_are_no_circle():
    rows = [row(item=item, successor=f"acme/{after}") for item, after in (("base", "next"), ("old", "next"))]

    assert problems(*rows, row(item="next")) == []


def test_what_does_not_retire_is_not_asked():
    assert problems(row(retires_on=date(2027, 1, 1)), defaults=[default(retires=False)]) == []


def test_a_model_that_no_default_names_may_retire():
    assert problems(row(retires_on=date(2027, 1, 1))) == []


# Ids


def test_a_successor_without_prices_is_an_unknown_id():
    ((kind, _, words),) = problems(row(retires_on=date(2027, 1, 1), successor="acme/bsae"))

    assert kind == "id"
    assert words == "its successor 'acme/bsae' has no price; near it: acme/base"


def test_a_default_that_the_book_does_not_have_is_an_unknown_id():
    ((kind, _, words),) = problems(row(), defaults=[default("acme/other")])

    assert (kind, words) == ("id", "'acme/other' is not in the book")


def test_every_plan_that_a_preset_names_is_checked():
    named = {
        (f"preset {preset.id}, {path}", ref)
        for preset in PRESETS.values()
        for path, ref in references(preset.scenario).items()
    }

    found = defaults(load_book(), TODAY)
    assert {(each.used_by, each.ref) for each in found} == named
    assert all(each.until == date(2028, 11, 1) for each in found if "pricing-brand-voice" in each.used_by)
    assert {each.retires for each in found if each.used_by.endswith(("rag.model", "rag.embedding_model"))} == {True}
    assert {each.retires for each in found if each.used_by.endswith(("rag.reranker", "vector_store"))} == {False}


# Files and tables that may be broken


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("acme,a,lunch,token,1", "meter", "'lunch' is not a meter"),
        ("acme,a,input,bushel,1", "unit", "'bushel' is not a unit of input"),
        ("acme,a,input,token,-1", "negative", "-1 is out of limits; use 0 to 1,000,000,000 USD"),
        ("acme,a,input,token,0", "free", "needs the word 'free'"),
        ("acme,a,input,token,x", "row", "is not a number"),
        ("acme,base,input,token,1\nacme,base,input,token,2", "duplicate", "stands on line 2 already"),
    ],
)
def test_a_broken_row_of_a_file_is_a_problem_and_not_the_end(line, kind, words):
    book, found = read(files=[("ours.csv", f"{HEADER}\n{line}\nacme,good,input,token,1\n".encode())])

    (problem,) = found
    assert problem.kind == kind
    assert problem.place.startswith("ours.csv line ")
    assert words in problem.words
    assert book.plan("acme/good") is not None


def test_an_id_that_contradicts_its_row_is_a_problem():
    content = f"{HEADER},price_id\nacme,a,input,token,1,acme/b:input\n".encode()

    _, (problem,) = read(files=[("ours.csv", content)])
    assert (problem.kind, problem.place) == ("id", "ours.csv line 2, price_id")


def test_the_same_price_in_two_files_is_a_duplicate():
    content = f"{HEADER}\nacme,a,input,token,1\n".encode()

    _, (problem,) = read(files=[("one.csv", content), ("two.csv", content)])
    assert (problem.kind, problem.place) == ("duplicate", "price file two.csv line 2")
    assert "price file one.csv line 2" in problem.words


def test_a_row_in_another_kind_of_unit_is_a_problem():
    content = f"{HEADER},effective_from\npinecone,serverless standard aws us-east-1,writes,GB,1,2027-01-01\n".encode()

    _, (problem,) = read(files=[("ours.csv", content)])
    assert problem.kind == "unit"
    assert "one meter of a plan has one kind of unit" in problem.words


def test_a_file_that_cannot_be_read_at_all_is_refused():
    with pytest.raises(PriceError, match=r"ours\.csv: the file is empty"):
        read(files=[("ours.csv", b"")])


def test_broken_tables_are_told_row_by_row(tmp_path):
    (tmp_path / "one.csv").write_text(f"{HEADER}\nacme,a,input,token,1\nacme,b,lunch,token,1\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text(f"{HEADER}\nacme,a,input,token,2\nacme,c,input,token,1\n", encoding="utf-8")

    book, found = read(tmp_path)
    assert [(each.kind, each.place) for each in found] == [
        ("meter", "one.csv line 3, meter"),
        ("duplicate", "table two.csv line 2"),
    ]
    assert book.plan("acme/a").rows[0].price_usd == 1
    assert book.plan("acme/c") is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "provider,item,retires_on,successor,as_of,source\nacme,gone,2027-01-01,,2026-11,https://a.example\n",
            "no price of acme/gone",
        ),
        ("provider,item\nacme,gone\n", "the column as_of, retires_on, source, successor is missing"),
        (
            "provider,item,retires_on,successor,as_of,source\nacme,gone,soon,,2026-11,https://a.example\n",
            "'soon' is not a day",
        ),
        ('provider,item,retires_on,successor,as_of,source\nacme,"gone,2027', "retirements.csv: "),
    ],
)
def test_a_broken_table_of_retirements_is_a_problem(tmp_path, content, words):
    (tmp_path / "lifecycle").mkdir()
    (tmp_path / "lifecycle" / "retirements.csv").write_text(content, encoding="utf-8")

    _, (problem,) = read(tmp_path)
    assert problem.place == "retirements.csv"
    assert words in problem.words


def test_the_tables_of_the_product_give_the_shipped_book():
    book, found = read()

    assert found == ()
    assert book == load_book()
    assert read(TABLES)[0] == book


# Age


@pytest.mark.parametrize(
    ("as_of", "age"), [("2026-11-21", 0), ("2026-11-01", 20), ("2026-11", 20), ("2025-11-21", 365), (None, None)]
)
def test_the_age_of_a_month_counts_from_its_first_day(as_of, age):
    assert age_days(row(as_of=as_of), TODAY) == age


def test_ages_are_counted_in_classes_and_the_undated_apart():
    days = ["2026-12-01", "2026-10-22", "2026-10-21", "2026-08-23", "2026-08-22", "2025-11-21", "2025-11-20", None]
    rows = [row(item=f"m{n}", as_of=each, confidence="medium") for n, each in enumerate(days)]

    found = check(PriceBook(rows), (), TODAY)
    assert [(each.words, each.rows) for each in found.ages] == [
        ("after that day", 1),
        ("up to 30 days", 1),
        ("31 to 90 days", 2),
        ("91 to 180 days", 1),
        ("181 to 365 days", 1),
        ("more than 365 days", 1),
    ]
    assert [each.price_id for each in found.undated] == ["acme/m7:input"]
    assert found.sound


@pytest.mark.parametrize(("limit", "old"), [(19, 1), (20, 0)])
def test_beyond_the_limit_a_price_is_named_but_no_problem(limit, old):
    found = check(PriceBook([row()]), (), TODAY, limit)

    assert (len(found.old), found.problems) == (old, ())


def test_rows_of_a_release_are_not_counted_as_checked():
    found = check(load_book(), (), TODAY)

    released = [each for each in load_book().rows if each.origin.startswith("genai-prices")]
    assert [(day, rows) for _, day, rows in found.releases] == [("2026-11-09", len(released))]
    assert sum(each.rows for each in found.ages) + len(found.undated) == len(load_book().rows) - len(released)


def test_the_check_as_plain_values_has_everything():
    problem = Problem("unit", "acme/a:input", "x.csv line 2", "words")
    undated = row(item="un", as_of=None, confidence="low", source="a colleague")
    found = check(PriceBook([row(), row(item="old", as_of="2020-01"), undated]), (), TODAY, 90, [problem])

    plain = found.as_dict()
    assert (plain["sound"], plain["rows"], plain["plans"]) == (False, 3, 3)
    assert plain["problems"] == [
        {"kind": "unit", "price_id": "acme/a:input", "place": "x.csv line 2", "words": "words"}
    ]
    assert plain["unsourced"] == ["acme/un:input"]
    assert (plain["undated"], plain["old"]) == (["acme/un:input"], [{"price_id": "acme/old:input", "as_of": "2020-01"}])
    assert health.MAX_AGE_DAYS == plain["max_age_days"] == 90
