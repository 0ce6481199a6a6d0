"""Imports: one broken file per mistake, what a file would do, and that only what is sound and confirmed is applied."""

from __future__ import annotations

import csv
import io
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.book import Price, PriceBook, PriceEdit, PriceError
from pricing.catalog import load_book
from pricing.exporting import EDIT_COLUMNS, as_dict, edits_csv, guarded, row_of, rows_csv, unguarded
from pricing.importing import MAX_DATES, ImportNotReady, apply, combined, preview
from pricing.price_files import COLUMNS
from pricing.row_reader import parse, read_prices

HEADER = "provider,item,meter,unit,price_usd"
GOOD = "acme,base,input,1M tokens,2.0"
SOURCE = {"source": "https://acme.example/prices", "confidence": "high", "as_of": "2026-11-01"}


def row(meter="input", unit="1M tokens", price_usd=2.0, item="base", **more):
    return Price(provider="acme", item=item, meter=meter, unit=unit, price_usd=price_usd, **SOURCE, **more)


BOOK = PriceBook(
    [
        row(),
        row("output", price_usd=8.0),
        row("input", price_usd=1.0, item="promo", effective_to=date(2026, 12, 31)),
        row("input", price_usd=3.0, item="promo", effective_from=date(2027, 1, 1)),
        row("storage", "GB-month", 0.33, "store", minimum_usd=50.0, included_quantity=10.0),
        row("writes", "1M units", 4.0, "store", units_per_vector=2.0),
        row("hosting", "hour", 4.0, "tuned"),
        row("gpu", "GPU-hour", 3.0, "gpu"),
        row("page", "1k pages", 1.5, "parser"),
    ]
)


def content(*lines):
    return ("\n".join(lines) + "\n").encode()


def seen(*lines, book=BOOK, header=HEADER, **more):
    return preview(content(header, *lines), "quote.csv", book, **more)


# What a file would do


def test_a_price_that_the_book_does_not_have_is_added():
    found = seen("acme,new,input,1M tokens,2.0")

    assert [each.price_id for each in found.added] == ["acme/new:input"]
    assert (found.changed, found.unchanged, found.refused, found.suspicious) == ((), (), (), ())


def test_a_price_that_moves_is_told_with_old_new_and_ratio():
    (change,) = seen("acme,base,input,1M tokens,3.0").changed

    assert (change.old.price_usd, change.new.price_usd, change.ratio, change.replaced) == (2.0, 3.0, 1.5, 0)
    assert [each.column for each in change.moved] == ["price_usd"]


def test_the_ratio_compares_what_a_base_quantity_costs():
    (change,) = seen("acme,base,input,1k tokens,0.004").changed

    assert change.ratio == pytest.approx(2)


@pytest.mark.parametrize("line", [GOOD, "acme,base,input,1k tokens,0.002", "acme,base,input,token,0.000002"])
def test_a_row_that_says_what_the_book_says_is_unchanged_and_no_edit(line):
    found = seen(line)

    assert [each.price_id for each in found.unchanged] == ["acme/base:input"]
    assert (found.changed, apply(found)) == ((), ())


def test_a_newer_date_or_source_alone_does_not_change_a_price():
    listed = PriceBook(row.model_copy(update={"origin": "table acme.csv"}) for row in BOOK.rows)
    found = seen(f"{GOOD},2026-11-20,https://acme.example/new,medium", header=EVIDENCE, book=listed)

    assert len(found.unchanged) == 1
    assert found.edits == ()


TYPED_IN = {"provider": "acme", "item": "base", "meter": "input", "unit": "1M tokens", "price_usd": 1.8}
EVIDENCE = f"{HEADER},as_of,source,confidence"


def test_a_source_for_a_typed_in_price_changes_it():
    edit = PriceEdit(**TYPED_IN, reason="by phone")
    found = seen(
        "acme,base,input,1M tokens,1.8,2026-11-20,https://acme.example/new,medium",
        header=EVIDENCE,
        book=BOOK.with_edits([edit]),
    )

    assert [(each.column, each.old, each.new) for each in found.changed[0].moved] == [
        ("source", "", "https://acme.example/new"),
        ("as_of", None, "2026-11-20"),
        ("confidence", "low", "medium"),
    ]
    (again,) = apply(found)
    assert (again.source, again.as_of, again.confidence) == ("https://acme.example/new", "2026-11-20", "medium")


def test_a_row_that_says_nothing_of_its_source_leaves_that_of_a_typed_in_price():
    edit = PriceEdit(**TYPED_IN, source="https://acme.example", as_of="2026-11", confidence="high")
    found = seen("acme,base,input,1M tokens,1.8", book=BOOK.with_edits([edit]))

    assert (len(found.unchanged), found.edits) == (1, ())


def test_the_whole_book_imported_into_itself_changes_nothing():
    capped = {row.ref for row in load_book().rows if row.cap_quantity}
    rows = [row for row in load_book().rows if row.ref not in capped]
    found = preview(rows_csv(rows).encode(), "book.csv", load_book())

    assert len(found.unchanged) == len(rows)
    assert (found.added, found.changed, found.refused, found.edits) == ((), (), (), ())


def test_a_row_without_date_says_that_the_dated_ones_fall_away():
    (change,) = seen("acme,promo,input,1M tokens,2.0").changed

    assert (change.old.price_usd, change.replaced) == (1.0, 1)


def test_with_a_day_it_is_compared_with_the_price_of_that_day():
    (change,) = seen("acme,promo,input,1M tokens,6.0", on=date(2027, 2, 1)).changed

    assert (change.old.price_usd, change.ratio) == (3.0, 2.0)


def test_a_dated_row_is_compared_with_the_price_in_force_on_its_first_day():
    (change,) = seen("acme,promo,input,1M tokens,6.0,2027-06-01", header=f"{HEADER},effective_from").changed

    assert (change.old.price_usd, change.ratio) == (3.0, 2.0)


def test_a_minimum_a_quota_and_a_fact_are_changes_too():
    found = seen(
        "acme,store,storage,GB-month,0.33,60,10,",
        "acme,store,writes,1M units,4,,,5",
        header=f"{HEADER},minimum_usd,included_quantity,units_per_vector",
    )

    moved = {each.column: (each.old, each.new) for change in found.changed for each in change.moved}
    assert moved == {"minimum_usd": (50.0, 60.0), "units_per_vector": (2.0, 5.0)}


def test_lines_are_those_of_the_file():
    found = seen("", GOOD.replace("2.0", "3"), "", "acme,new,input,1M tokens,x")

    assert (found.changed[0].new.line, found.refused[0].line) == (3, 5)


# Refused rows


@pytest.mark.parametrize(
    ("line", "column", "value", "words"),
    [
        ("acme,base,tokens,1M tokens,2", "meter", "tokens", "'tokens' is not a meter; use one of input"),
        ("acme,base,input,USD,2", "unit", "USD", "'USD' is not a unit of input; use one of token, 1k tokens, 1M"),
        ("acme,base,input,1M tokens,-2", "price_usd", "-2", "-2 is out of limits; use 0 to 1,000,000,000 USD"),
        ("acme,base,input,1M tokens,two", "price_usd", "two", "'two' is not a number; write digits"),
        ("acme,base,input,1M tokens,$2", "price_usd", "$2", "'$2' is not a number"),
        ("acme,base,input,1M tokens,nan", "price_usd", "nan", "'nan' is not a number"),
        ("acme,base,input,1M tokens,1e400", "price_usd", "1e400", "inf is out of limits; use 0 to 1,000,000,000 USD"),
        ('acme,base,input,1M tokens,"0,15"', "price_usd", "0,15", "'0,15' has a decimal comma; write 0.15"),
        ('acme,base,input,1M tokens,"2,5"', "price_usd", "2,5", "'2,5' has a decimal comma; write 2.5"),
        ('acme,base,input,1M tokens,"1,200"', "price_usd", "1,200", "can be read two ways; write 1.200 or 1200"),
        ("acme,base,input,1M tokens,0,15", "", "", "6 values for 5 columns; put a value that holds a comma"),
        ("acme,base,input,1M tokens,0,15", "", "", "a decimal comma splits a number too: write 0.15"),
        ("acme,base,input,1M tokens", "", "", "4 values for 5 columns"),
        ("acme,base,input,1M tokens,0", "price_usd", "0", "0 needs the word 'free' in note"),
        ("acme,base,input,1M tokens,", "price_usd", "", "blank; every price needs one"),
        (",base,input,1M tokens,2", "provider", "", "blank; every price needs one"),
        ("ac/me,base,input,1M tokens,2", "provider", "ac/me", "holds a '/'"),
        ('acme,"ba\nse",input,1M tokens,2', "item", "ba\nse", "cannot be printed"),
        ("acme,ba\0se,input,1M tokens,2", "item", "ba\0se", "cannot be printed"),
        ("acme,store,writes,GB,2", "unit", "GB", "one meter of a plan has one kind of unit"),
    ],
)
def test_a_broken_row_is_refused_with_line_column_value_and_way_out(line, column, value, words):
    # a second date of the same meter holds the kind of unit fast
    book = BOOK.with_rows([row("writes", "1M units", 5.0, "store", effective_from=date(2027, 1, 1))])
    header = f"{HEADER}" if "store,writes" not in line else f"{HEADER},effective_from"
    line = line if "store,writes" not in line else f"{line},2027-06-01"

    found = preview(
        content(header, "acme,new,input,1M tokens,1" + "," * header.count("effective"), line), "q.csv", book
    )

    (refused,) = found.refused
    assert (refused.line, refused.column, refused.value) == (3, column, value)
    assert words in refused.reason
    assert str(refused).startswith("line 3")
    assert len(found.added) == 1


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("effective_from", "2026-02-30", "'2026-02-30' is not a day of the calendar"),
        ("effective_from", "1/2/2027", "'1/2/2027' is not a day; write it as YYYY-MM-DD"),
        ("effective_to", "2027-06-30", "a price that is typed in cannot end; add the row that follows"),
        ("as_of", "November", "'November' is not a day or month"),
        ("source,confidence", "http://a.example,certain", "'certain' is not a confidence; use high, medium, low"),
        ("confidence", "certain", "'certain' is not a confidence; use high, medium, low"),
        ("bills_tokens", "true", "'true' is not yes or no"),
        ("tier_from", "-1", "-1 is out of limits; use 0 to 1,000,000,000,000,000"),
        ("minimum_usd", "5", "input has no minimum"),
        ("units_per_search", "0", "0 is out of limits; use a number above 0, at most 1,000,000,000,000,000"),
        ("price_id", "acme/base:output", "does not agree with the row, which is 'acme/base:input'"),
        ("successor", "nothing", "not a price reference; write provider/item"),
        ("reason", "x" * 501, "longer than 500 characters"),
    ],
)
def test_a_broken_optional_value_is_refused_at_its_column(column, cell, words):
    (refused,) = seen(f"{GOOD},{cell}", header=f"{HEADER},{column}").refused

    assert (refused.line, refused.column, refused.value) == (2, column.split(",")[-1], cell.split(",")[-1])
    assert words in refused.reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "quote.csv: the file is empty; its first line names the columns provider, item"),
        (b"\n\n", "the file is empty"),
        (HEADER.encode(), "no price below the line that names the columns"),
        (content("provider,item,meter,unit", "acme,base,input,token"), "line 1: the column price_usd is missing"),
        (content(f"{HEADER},colour", f"{GOOD},red"), "line 1: 'colour' is not a column; the columns are price_id"),
        (content(f"{HEADER},item", f"{GOOD},x"), "line 1: the column item stands there twice"),
        (content(f"{HEADER},reason,reason", f"{GOOD},x,y"), "line 1: the column reason stands there twice"),
        (content(HEADER, GOOD).replace(b",", b";"), "line 1: the columns are not separated by commas"),
        (
            content("sep=;", HEADER, GOOD),
            "line 1: 'sep=;' is a hint for spreadsheets and no list of columns; delete that",
        ),
        (
            content("SEP=,", HEADER, GOOD),
            "line 1: 'SEP=,' is a hint for spreadsheets and no list of columns; delete that",
        ),
        (content(HEADER.upper(), GOOD), "line 1: 'PROVIDER' is not a column; write it in lower case: provider"),
        (content(f"{HEADER},Price Usd", f"{GOOD},1"), "line 1: 'Price Usd' is not a column; did you mean price_usd?"),
        (content(HEADER, 'acme,"base,input,1M tokens,2'), "line 2: not readable as CSV"),
        (content(HEADER, 'acme,"ba"se,input,1M tokens,2'), "line 2: not readable as CSV"),
        (content(HEADER, GOOD).decode().encode("utf-16"), "is not UTF-8; save the file with the encoding UTF-8"),
        (content(HEADER, GOOD.replace("base", "bäse")).decode().encode("latin-1"), "is not UTF-8; save the file"),
        (content(HEADER, *[GOOD] * 20_001), "more than 20,000 prices, the limit of a price file"),
        (b"x" * 10_000_001, "larger than 10 MB, the limit of a price file"),
        (content(HEADER, f"acme,{'x' * 200_000},input,token,2"), "line 2: a value of more than 131,072 characters, or"),
    ],
    ids=range(19),
)
def test_a_file_that_cannot_be_read_at_all_is_refused_as_a_whole(data, words):
    with pytest.raises(PriceError, match=r"^quote\.csv") as refused:
        preview(data, "quote.csv", BOOK)

    assert words in str(refused.value)


def test_a_row_given_twice_is_refused_once_and_names_the_other_line():
    (refused,) = seen(GOOD, "acme,new,input,1M tokens,2", GOOD).refused

    assert refused.duplicate
    assert str(refused).startswith("line 4: acme/base:input stands on line 2 already")


def test_every_mistake_is_told_and_the_sound_rows_stay():
    lines = [f"acme,m{n},input,1M tokens,{'x' if n % 7 == 0 else n}" for n in range(100)]

    found = seen(*lines)

    assert [each.line for each in found.refused] == [2 + n for n in range(0, 100, 7)]
    assert len(found.added) == 85


def test_twenty_thousand_mistakes_are_answered():
    found = seen(*[f"acme,m{n},input,1M tokens,x" for n in range(20_000)])

    assert len(found.refused) == 20_000


def test_a_plan_full_of_rows_that_do_not_go_together_is_answered():
    days = [f"2{n // 336 % 1000:03d}-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(400)]
    lines = [f"acme,store,writes,{'GB' if n % 2 else '1M units'},2,{day}" for n, day in enumerate(days)]

    found = seen(*lines, header=f"{HEADER},effective_from")

    assert len(found.refused) > 200
    assert any("more than 200 dates" in each.reason for each in found.refused)
    assert any("rows that do not go together" in each.reason for each in found.refused)
    assert len(found.refused) + len(found.changed) + len(found.unchanged) == 400
    assert len(found.changed) <= MAX_DATES


# Spreadsheets


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + content(HEADER, GOOD.replace("2.0", "3")),
        content(HEADER, GOOD.replace("2.0", "3")).replace(b"\n", b"\r\n"),
        content(HEADER, "", GOOD.replace("2.0", "3"), ",,,,"),
        content(HEADER.replace(",", " , "), GOOD.replace("2.0", " 3 ")),
        content(",".join(f'"{cell}"' for cell in HEADER.split(",")), GOOD.replace("2.0", '"3"')),
        content(HEADER, GOOD.replace("2.0", "3")).rstrip(b"\n"),
    ],
    ids=["byte-order mark", "CRLF", "blank lines", "blanks", "quotes", "no last line break"],
)
def test_what_spreadsheets_do_to_a_file_does_not_matter(data):
    found = preview(data, "quote.csv", BOOK)

    assert [change.new.price_usd for change in found.changed] == [3.0]
    assert found.refused == ()


def test_a_quoted_line_break_belongs_to_its_note_and_counts_as_a_line():
    found = seen(f'{GOOD},"one\ntwo"', "acme,new,input,1M tokens,x,", header=f"{HEADER},note")

    assert found.unchanged[0].note == "one\ntwo"
    assert found.refused[0].line == 4


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)", "'=1", "''=1", "'", "' =1", " =1", "a=1", "1-2", "", "\t=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_exported_cell_starts_a_formula_and_it_reads_back_as_it_was(text):
    cell = guarded(text)

    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert unguarded(cell) == text


@given(st.text(max_size=20))
def test_guarding_is_undone_for_any_text(text):
    assert unguarded(guarded(text)) == text


def test_a_file_of_formulas_is_data_and_leaves_as_data():
    found = seen('=cmd,@x,input,1M tokens,2,"=HYPERLINK(""http://x"")"', header=f"{HEADER},note")
    edits = apply(found)

    text = edits_csv(edits, BOOK)
    (again,) = preview(text.encode(), "again.csv", BOOK).edits
    assert again.ref == "=cmd/@x"
    assert not [cell for line in csv.reader(io.StringIO(text)) for cell in line if cell.startswith(("=", "@", "+"))]


# More than tenfold


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("acme,base,input,1M tokens,0.002", "one part in 1,000: is the price per 1k tokens and not per 1M tokens?"),
        ("acme,base,input,1k tokens,2", "1,000 times: is the price per 1M tokens and not per 1k tokens?"),
        ("acme,base,input,token,2", "1,000,000 times: is the price per 1M tokens and not per token?"),
        ("acme,base,input,1M tokens,0.0000021", "is the price per token and not per 1M tokens?"),
        ("acme,base,input,1M tokens,250", "125 times: is the price in cents and not in USD?"),
        ("acme,parser,page,1k pages,0.0015", "one part in 1,000: is the price per page and not per 1k pages?"),
        ("acme,tuned,hosting,hour,2920", "730 times: is the price per month and not per hour?"),
        ("acme,gpu,gpu,GPU-hour,72", "24 times: is the price per day and not per GPU-hour?"),
        ("acme,store,storage,GB-month,0.00045", "one part in 733: is the price per GB-hour and not per GB-month?"),
        ("acme,store,writes,GB,2", "sold per GB and no longer per 1M units: is that so?"),
    ],
)
def test_a_large_move_names_the_likely_slip(line, words):
    (doubt,) = seen(line).suspicious

    assert (doubt.line, doubt.column) == (2, "price_usd")
    assert words in doubt.words


def test_a_large_move_that_no_unit_explains_asks_for_the_decimal_point():
    (doubt,) = seen("acme,tuned,hosting,hour,60000000").suspicious

    assert "is the decimal point in its place, and is it per hour?" in doubt.words


@pytest.mark.parametrize(("price", "asked"), [(20, 0), (20.1, 1), (0.2, 0), (0.199, 1), (2, 0)])
def test_exactly_tenfold_is_not_asked_about(price, asked):
    assert len(seen(f"acme,base,input,1M tokens,{price}").suspicious) == asked


@pytest.mark.parametrize(("was", "now"), [(0.0, 2.0), (2.0, 0.0)])
def test_from_or_to_free_is_asked_about(was, now):
    note = "free" if was == 0 else ""
    book = PriceBook([row(price_usd=was, note=note)])

    (doubt,) = seen(f"acme,base,input,1M tokens,{now},free", book=book, header=f"{HEADER},note").suspicious

    assert "free" in doubt.words


def test_a_minimum_that_moves_more_than_tenfold_is_asked_about():
    found = seen("acme,store,storage,GB-month,0.33,5000", header=f"{HEADER},minimum_usd")

    assert [(each.column, each.old, each.new) for each in found.suspicious] == [("minimum_usd", 50.0, 5000.0)]


# Applying

THREE = (GOOD.replace("2.0", "3"), "acme,base,output,1M tokens,0.008", "acme,new,input,1M tokens,x")


def test_nothing_is_applied_while_a_row_is_refused_or_a_large_move_not_confirmed():
    found = seen(*THREE)

    with pytest.raises(ImportNotReady) as refused:
        apply(found)
    said = str(refused.value)
    assert said.startswith("quote.csv: nothing is applied: 1 row is refused (line 4, price_usd: 'x' is not a number")
    assert "1 change of more than 10 times to confirm (line 3, acme/base:output: one part in 1,000" in said


@pytest.mark.parametrize(
    ("decision", "applied"),
    [
        ({"exclude_refused": True}, False),
        ({"confirmed": True}, False),
        ({"exclude_refused": True, "confirmed": True}, True),
        ({"exclude_refused": True, "confirmed": {3}}, True),
        ({"exclude_refused": True, "confirmed": {2, 4}}, False),
        ({"exclude_refused": True, "confirmed": False}, False),
    ],
)
def test_the_user_decides_about_each(decision, applied):
    found = seen(*THREE)

    if applied:
        assert [(edit.price_id, edit.price_usd) for edit in apply(found, **decision)] == [
            ("acme/base:input", 3.0),
            ("acme/base:output", 0.008),
        ]
    else:
        with pytest.raises(ImportNotReady):
            apply(found, **decision)


def test_an_edit_says_where_it_comes_from():
    header = f"{HEADER},source,as_of"
    (edit,) = apply(seen("acme,base,input,1M tokens,3,offer of 2026-11-03,2026-11-03", header=header))

    assert edit.reason == "imported from quote.csv"
    assert (edit.source, edit.as_of, edit.confidence) == ("offer of 2026-11-03", "2026-11-03", "low")


def test_a_reason_of_the_file_is_kept():
    (edit,) = apply(seen("acme,base,input,1M tokens,3,our contract", header=f"{HEADER},reason"))

    assert edit.reason == "our contract"


@pytest.mark.parametrize("note", ["free", "free tier", "Free of charge"])
def test_a_free_price_stays_free_and_says_so(note):
    header = f"{HEADER},note"
    (edit,) = apply(seen(f"acme,base,input,1M tokens,0,{note}", header=header), confirmed=True)

    assert edit.price_usd == 0
    assert "free" in edit.reason


def test_a_blank_minimum_takes_the_minimum_away():
    (edit,) = apply(seen("acme,store,storage,GB-month,0.33,", header=f"{HEADER},minimum_usd"))

    assert edit.minimum_usd == 0
    assert BOOK.with_edits([edit]).plan("acme/store").minimum_usd([date(2026, 11, 1)])[0] == 0


def test_what_the_file_does_not_say_of_a_price_stays():
    edits = apply(seen("acme,store,storage,GB-month,0.5"))
    store = BOOK.with_edits(edits).plan("acme/store")

    assert store.minimum_usd([date(2026, 11, 1)])[0] == 50
    assert store.prices("storage", [date(2026, 11, 1)]).included[0] == 10


def test_a_promotion_that_ends_goes_back_to_the_book_s_price():
    header = f"{HEADER},effective_from,effective_to"
    edits = apply(seen("acme,base,input,1M tokens,1,2026-12-01,2027-01-31", header=header))

    months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    prices = BOOK.with_edits(edits).plan("acme/base").prices("input", months)
    np.testing.assert_allclose(prices.usd[0] * 1e6, [2, 1, 1, 2])


def test_edits_on_top_of_edits_replace_those_of_their_price():
    def edit(price_usd, day=None, **more):
        name = {"provider": "acme", "item": "base", "meter": "input", "unit": "1M tokens"}
        return PriceEdit(**name, price_usd=price_usd, effective_from=day, **more)

    dated = edit(5, date(2027, 1, 1), successor="acme/next")
    (other,) = apply(seen("acme,base,output,1M tokens,9"))

    assert combined([edit(3), dated], [edit(4, date(2027, 1, 1))]) == (
        edit(3),
        edit(4, date(2027, 1, 1), successor="acme/next"),
    )
    assert combined([edit(3), dated], [edit(4)]) == (edit(4, successor="acme/next"),)
    assert combined([edit(3)], [other]) == (edit(3), other)


# Round trips


def billed(book, months):
    """What every price of a book is by month, with minimums, quotas and facts."""
    found = {}
    for ref in book.refs():
        plan = book.plan(ref)
        for meter in plan.meters:
            prices = plan.prices(meter, months)
            for tier, usd in zip(prices.tier_from, prices.usd, strict=True):
                found[ref, meter, tier] = (usd, prices.included, prices.minimum_usd)
        found[ref, "minimum"] = (plan.minimum_usd(months),)
    return found


def assert_bills_alike(one, other):
    months = [date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1) for n in range(15)]
    first, second = billed(one, months), billed(other, months)
    assert first.keys() == second.keys()
    for key, values in first.items():
        for a, b in zip(values, second[key], strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, err_msg=str(key))


DAYS = st.sampled_from([date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 15), date(2027, 6, 1)])
ENDS = st.sampled_from([date(2027, 1, 31), date(2027, 4, 30), date(2027, 8, 31)])
USD = st.floats(0.01, 100, allow_nan=False).map(lambda usd: float(f"{usd:.4g}"))


EVIDENCES = st.sampled_from(
    [SOURCE, {"source": "", "as_of": None}, {"source": "offer of 2026", "as_of": "2026-10", "confidence": "medium"}]
)


@st.composite
def rows(draw):
    """A few rows of known and new plans, dated or not, ending or not."""
    item, meter, units = draw(
        st.sampled_from(
            [
                ("base", "input", ("1M tokens", "1k tokens")),
                ("promo", "input", ("1M tokens", "token")),
                ("store", "storage", ("GB-month", "GiB-month")),
                ("new", "output", ("1M tokens",)),
            ]
        )
    )
    start = draw(st.none() | DAYS)
    end = draw(st.none() | ENDS)
    more = {"effective_from": start, "effective_to": end if end and (not start or start < end) else None}
    if item == "store" and not more["effective_to"] and draw(st.booleans()):
        more |= {"minimum_usd": draw(st.none() | USD), "included_quantity": draw(st.none() | USD)}
    given_row = row(meter, draw(st.sampled_from(units)), draw(USD), item, **more)
    return Price.model_validate({**given_row.model_dump(), **draw(EVIDENCES)})


def told(book, given):
    """The preview of a file with these rows."""
    return preview(rows_csv(given).encode(), "quote.csv", book)


def edits_of(book, given):
    return apply(told(book, given), exclude_refused=True, confirmed=True)


@given(st.lists(rows(), min_size=1, max_size=5, unique_by=lambda each: each.key))
@settings(max_examples=150)
def test_edits_bill_what_the_rows_of_the_file_bill(given_rows):
    found = told(BOOK, given_rows)
    refused = {each.line for each in found.refused}
    sound = [
        each for line, each in enumerate(parse(rows_csv(given_rows).encode(), "q.csv").rows, 2) if line not in refused
    ]

    assert_bills_alike(BOOK.with_edits(found.edits), BOOK.with_rows(sound))


@given(
    st.lists(rows(), min_size=1, max_size=3, unique_by=lambda each: each.key),
    st.lists(rows(), min_size=1, max_size=3, unique_by=lambda each: each.key),
)
@settings(max_examples=150)
def test_a_second_import_on_top_bills_what_one_after_the_other_bills(one, other):
    first = edits_of(BOOK, one)
    shown = BOOK.with_edits(first)
    second = edits_of(shown, other)

    assert_bills_alike(BOOK.with_edits(combined(first, second)), shown.with_edits(second))


@given(st.lists(rows(), min_size=1, max_size=5, unique_by=lambda each: each.key))
@settings(max_examples=150)
def test_exported_edits_read_back_as_edits_that_bill_the_same(given_rows):
    edits = edits_of(BOOK, given_rows)
    again = preview(edits_csv(edits, BOOK).encode(), "edits.csv", BOOK) if edits else None

    if again is not None:
        assert again.refused == ()
        assert_bills_alike(BOOK.with_edits(again.edits), BOOK.with_edits(edits))
        assert edits_csv(again.edits, BOOK) == edits_csv([each for each in edits if each.key in keys(again)], BOOK)
        told_ = {each.key: (each.reason, each.source, each.as_of, each.confidence) for each in edits}
        assert {each.key: (each.reason, each.source, each.as_of, each.confidence) for each in again.edits}.items() <= (
            told_.items()
        )


def keys(found):
    return {each.key for each in found.edits}


SCENARIO = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 1))
USED = run_scenario(SCENARIO, load_book()).rows_in_use


@given(st.dictionaries(st.sampled_from([row.price_id for row in USED]), USD, min_size=1, max_size=4))
@settings(max_examples=15)
def test_export_and_import_of_edits_give_identical_totals(prices):
    edited = changed(SCENARIO, {f"price:{price_id}": usd for price_id, usd in prices.items()}, load_book())
    exported = edits_csv(edited.price_edits, load_book()).encode()
    found = apply(preview(exported, "edits.csv", load_book()), confirmed=True)

    again = changed(SCENARIO, {"price_edits": [edit.model_dump() for edit in found]})
    totals = [run_scenario(each, load_book()).answers for each in (edited, again)]
    assert {key: each.tco_usd for key, each in totals[0].items()} == {
        key: each.tco_usd for key, each in totals[1].items()
    }
    assert {each.reason for each in found} <= {"set as a driver"}


@pytest.mark.parametrize("reason", ["", "our contract"])
def test_an_export_of_earlier_versions_that_put_the_reason_into_the_source_comes_without_source(reason):
    source = f"edited: {reason}" if reason else "edited"
    (edit,) = apply(seen(f"acme,base,input,1M tokens,3,{source},{reason}", header=f"{HEADER},source,reason"))

    assert (edit.reason, edit.source) == (reason, "")


def test_exported_edits_have_every_column_and_the_reason():
    edit = PriceEdit(provider="acme", item="store", meter="storage", unit="GB-month", price_usd=0.2, reason="offer")
    (line,) = csv.DictReader(io.StringIO(edits_csv([edit], BOOK)))

    assert tuple(line) == EDIT_COLUMNS == (*COLUMNS, "reason")
    assert (line["minimum_usd"], line["included_quantity"], line["reason"]) == ("50", "10", "offer")
    assert (line["price_id"], line["confidence"]) == ("acme/store:storage", "low")


def test_exported_edits_are_a_price_file_of_the_command_line(tmp_path):
    edit = PriceEdit(provider="acme", item="base", meter="input", unit="1M tokens", price_usd=1.8, reason="contract")
    path = tmp_path / "edits.csv"
    path.write_text(edits_csv([edit], BOOK), encoding="utf-8")

    assert_bills_alike(BOOK.with_rows(read_prices(path)), BOOK.with_edits([edit]))


def test_a_price_file_with_mistakes_tells_the_first_and_counts_the_others(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(content(HEADER, GOOD, *[f"acme,m{n},input,1M tokens,x" for n in range(3)]))

    with pytest.raises(PriceError, match=r"mine.csv line 3, price_usd: 'x' .*\(and 2 more rows with a mistake\)"):
        read_prices(path)


def test_every_row_of_the_book_reads_back_from_json():
    for each in load_book().rows:
        again = row_of(as_dict(each), "x")
        assert again.model_dump(exclude={"origin", "line"}) == each.model_dump(exclude={"origin", "line"})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "is not a price row"),
        ({}, "provider: is missing; every price needs one"),
        ({"colour": "red"}, "'colour' is not a column"),
        ({"origin": "genai-prices 0.2.3"}, "'origin' is not a column"),
        ({**as_dict(row()), "price_usd": -1}, "price_usd: -1 is out of limits; use 0 to 1,000,000,000 USD"),
        ({**as_dict(row()), "price_usd": True}, "price_usd: True is not a number; use 0 to 1,000,000,000 USD"),
        ({**as_dict(row()), "price_usd": "2"}, "price_usd: '2' is not a number; use 0 to 1,000,000,000 USD"),
        ({**as_dict(row()), "price_id": "acme/base:output"}, "does not agree"),
        ({**as_dict(row()), "effective_from": 5}, "effective_from: 5 is not a day; write it as YYYY-MM-DD"),
        ({**as_dict(row()), "provider": {}}, "provider: {} is not a text"),
    ],
)
def test_a_json_row_that_cannot_be_is_refused_with_its_column(data, words):
    with pytest.raises(PriceError) as refused:
        row_of(data, "x")

    assert words in str(refused.value)


def test_a_price_that_was_checked_after_today_is_refused():
    file = content(f"{HEADER},as_of", f"{GOOD},2026-11-22", "acme,other,input,1M tokens,2,2026-11-21")
    late = preview(file, "quote.csv", BOOK, today=date(2026, 11, 21))

    assert [(each.line, each.column, each.value) for each in late.refused] == [(2, "as_of", "2026-11-22")]
    assert "2026-11-22 is after today, 2026-11-21" in late.refused[0].reason
    assert preview(file, "quote.csv", BOOK).refused == ()


def test_an_imported_price_keeps_its_source_date_and_confidence():
    file = content(f"{HEADER},as_of,source,confidence", f"{GOOD},2026-11-15,our contract 2026-11-15,high")
    (edit,) = apply(preview(file, "mine.csv", BOOK), confirmed=True)

    assert (edit.as_of, edit.source, edit.confidence) == ("2026-11-15", "our contract 2026-11-15", "high")
