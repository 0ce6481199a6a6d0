"""Price files: one broken file per mistake, asserting the words of the message."""

from datetime import date

import pytest

from pricing.book import DuplicatePrice, PriceError
from pricing.catalog import (
    MAX_ROWS,
    load_book,
    parse_price_bytes,
    parse_price_csv,
    price_csv,
    read_price_file,
)

HEADER = "provider,item,meter,unit,price_usd"
GOOD = "acme,base,input,1M tokens,2.0"


def parse(*lines):
    return parse_price_csv("\n".join(lines) + "\n", "prices.csv")


def test_a_file_with_the_required_columns_is_enough():
    (row,) = parse(HEADER, GOOD)

    assert (row.ref, row.meter, row.usd_per_base) == ("acme/base", "input", pytest.approx(2.0 / 1e6))
    assert (row.origin, row.place, row.group) == (
        "price file prices.csv",
        "price file prices.csv line 2",
        "llm",
    )


def test_every_column_of_the_vocabulary_is_read():
    (row,) = parse(
        "price_id,group,provider,item,meter,unit,price_usd,tier_from,minimum_usd,included_quantity,effective_from,"
        "effective_to,as_of,source,confidence,note,documents_per_search,tokens_per_unit,units_per_search,"
        "units_per_vector,gb_per_node,cap_quantity,bills_tokens,retires_on,successor",
        "acme/s:storage@100,vector_store,acme,s,storage,GB-month,0.2,100,50,10,2026-01-01,2027-12-31,2026-11,"
        'https://acme.example,high,"a note, quoted",100,250,1,2,16,5,no,2028-01-01,acme/t',
    )

    assert (row.tier_from, row.minimum_usd, row.included_quantity) == (100, 50, 10)
    assert (row.effective_from, row.effective_to, row.as_of) == (
        date(2026, 1, 1),
        date(2027, 12, 31),
        "2026-11",
    )
    assert (row.note, row.bills_tokens, row.retires_on) == ("a note, quoted", False, date(2028, 1, 1))
    assert (row.gb_per_node, row.cap_quantity, row.successor) == (16, 5, "acme/t")


def test_a_byte_order_mark_and_blank_lines_do_not_matter():
    data = ("\ufeff" + HEADER + "\r\n\r\n" + GOOD + "\r\n").encode()
    (row,) = parse_price_bytes(data, "prices.csv")

    assert row.line == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "acme,base,tokens,1M tokens,2",
            r"prices.csv line 2, meter: 'tokens' is not a meter; use one of input",
        ),
        (
            "acme,base,input,USD/token,2",
            r"prices.csv line 2, unit: 'USD/token' is not a unit of input; use one of token, 1k tokens, 1M",
        ),
        ("acme,base,input,1M tokens,-2", r"line 2, price_usd: -2 is out of limits; use 0 to 1,000,000,000 USD"),
        ("acme,base,input,1M tokens,two", r"line 2, price_usd: 'two' is not a number; write digits"),
        ("acme,base,input,1M tokens,$2", r"line 2, price_usd: '\$2' is not a number"),
        ("acme,base,input,1M tokens,nan", r"line 2, price_usd: 'nan' is not a number"),
        ("acme,base,input,1M tokens,inf", r"line 2, price_usd: 'inf' is not a number"),
        ("acme,base,input,1M tokens,1e400", r"line 2, price_usd: inf is out of limits; use 0 to 1,000,000,000 USD"),
        (
            "acme,base,input,1M tokens,2e9",
            r"line 2, price_usd: 2000000000 is out of limits; use 0 to 1,000,000,000 USD",
        ),
        ('acme,base,input,1M tokens,"1,200"', r"line 2, price_usd: '1,200' can be read two ways; write 1.200 or 1200"),
        ("acme,base,input,1M tokens,1_200", r"line 2, price_usd: '1_200' has thousands separators; write 1200"),
        ("acme,base,input,1M tokens,$2", r"line 2, price_usd: '\$2' is not a number; write digits and a decimal point"),
        ("acme,base,input,1M tokens,0", r"line 2, price_usd: 0 needs the word 'free' in note"),
        ("acme,base,input,1M tokens,", r"line 2, price_usd: blank"),
        (",base,input,1M tokens,2", r"line 2, provider: blank"),
        ("acme,base,input,1M tokens,2,3", r"line 2: 6 values for 5 columns"),
        ("acme,base,input,1M tokens", r"line 2: 4 values for 5 columns"),
        ('acme,"base,input,1M tokens,2', r"line 2: not readable as CSV"),
        ('acme,"ba"se,input,1M tokens,2', r"line 2: not readable as CSV .* double quotes"),
    ],
)
def test_a_broken_row_is_refused_with_file_line_column_and_way_out(line, words):
    with pytest.raises(PriceError, match=words):
        parse(HEADER, line)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (
            "effective_from",
            "2026-02-30",
            r"line 2, effective_from: '2026-02-30' is not a day of the calendar",
        ),
        (
            "effective_to",
            "31.12.2026",
            r"line 2, effective_to: '31.12.2026' is not a day; write it as YYYY-MM-DD",
        ),
        ("as_of", "November", r"line 2, as_of: 'November' is not a day or month"),
        ("confidence", "certain", r"line 2, confidence: 'certain' is not a confidence; use high, medium, low"),
        ("bills_tokens", "true", r"line 2, bills_tokens: 'true' is not yes or no"),
        ("tier_from", "-1", r"line 2, tier_from: -1 is out of limits; use 0 to 1,000,000,000,000,000"),
        ("minimum_usd", "5", r"line 2, minimum_usd: input has no minimum"),
        ("units_per_search", "0", r"line 2, units_per_search: 0 is out of limits; use a number above 0"),
        (
            "price_id",
            "acme/base:output",
            r"line 2, price_id: 'acme/base:output' does not agree .*'acme/base:input'",
        ),
        ("price_id", "acme/base", r"line 2, price_id: 'acme/base' is not a price id"),
    ],
)
def test_a_broken_optional_value_is_refused_the_same_way(column, cell, words):
    with pytest.raises(PriceError, match=words):
        parse(f"{HEADER},source,{column}", f"{GOOD},https://acme.example,{cell}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty; its first line names the columns provider, item"),
        ("\n\n", "the file is empty"),
        (HEADER, "no price below the line that names the columns"),
        ("provider,item,meter,unit\nacme,base,input,1M tokens", "line 1: the column price_usd is missing"),
        (f"{HEADER},colour\n{GOOD},red", "line 1: 'colour' is not a column; the columns are price_id, group"),
        (f"{HEADER},item\n{GOOD},x", "line 1: the column item stands there twice"),
        (HEADER.replace(",", ";") + "\n" + GOOD, "line 1: the columns are not separated by commas"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(text, words):
    with pytest.raises(PriceError, match=words):
        parse_price_csv(text, "prices.csv")


def test_a_row_given_twice_is_refused_with_both_lines():
    with pytest.raises(DuplicatePrice, match=r"line 4: acme/base:input stands on line 2 already"):
        parse(HEADER, GOOD, "acme,other,input,1M tokens,2", GOOD)


def test_the_first_mistake_is_told_and_the_others_are_counted():
    with pytest.raises(PriceError, match=r"line 3, price_usd: 'x' .*\(and 2 more rows with a mistake\)"):
        parse(HEADER, GOOD, *[f"acme,m{n},input,1M tokens,x" for n in range(3)])


def test_text_in_another_encoding_is_refused_with_the_byte_and_the_one_to_save_as():
    data = (HEADER + "\n" + GOOD.replace("base", "bäse")).encode("latin-1")

    with pytest.raises(PriceError, match=rf"byte {len(HEADER) + 1 + 6} \(0xe4\) is not UTF-8; save .* UTF-8"):
        parse_price_bytes(data, "prices.csv")


def test_the_row_limit_is_a_limit_not_a_wall_before_it():
    lines = [f"acme,m{n},input,1M tokens,2" for n in range(MAX_ROWS + 1)]

    assert len(parse(HEADER, *lines[:-1])) == MAX_ROWS
    with pytest.raises(PriceError, match="more than 20,000 prices"):
        parse(HEADER, *lines)


def test_two_hundred_thousand_rows_are_refused_with_the_limit():
    with pytest.raises(PriceError, match=r"more than 20,000 prices|larger than 10 MB"):
        parse_price_bytes((HEADER + "\n" + (GOOD + "\n") * 200_000).encode(), "prices.csv")


def test_a_file_larger_than_ten_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * 10_000_001)

    with pytest.raises(PriceError, match=r"big.csv: larger than 10 MB"):
        read_price_file(path)


def test_a_price_file_is_read_from_disk_under_its_own_name(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")

    assert read_price_file(path)[0].origin == "price file mine.csv"


def test_a_book_written_as_a_price_file_reads_back_as_the_same_prices():
    rows = load_book().rows
    again = parse_price_csv(price_csv(rows), "book.csv")

    assert len(again) == len(rows)
    for one, other in zip(rows, again, strict=True):
        assert other.model_dump(exclude={"origin", "line"}) == one.model_dump(exclude={"origin", "line"})


def test_a_blank_minimum_in_a_file_that_has_the_column_means_none():
    (without_column,) = parse(HEADER, "acme,s,storage,GB-month,2")
    (with_column,) = parse(f"{HEADER},minimum_usd", "acme,s,storage,GB-month,2,")

    assert "minimum_usd" not in without_column.model_fields_set
    assert "minimum_usd" in with_column.model_fields_set
