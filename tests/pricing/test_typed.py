"""Numbers as people type them: read as they stand, or refused with the way out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.typed import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        (" 2.50\N{FIGURE SPACE}", 2.5),
        ("1200", 1200.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1E-7", 1e-7),
        ("-1", -1.0),
    ],
)
def test_a_number_with_a_decimal_point_is_read(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,5", "'1,5' has a decimal comma; write 1.5"),
        ("0,35", "'0,35' has a decimal comma; write 0.35"),
        (",5", "',5' has a decimal comma; write 0.5"),
        ("0,125", "'0,125' has a decimal comma; write 0.125"),
        ("1,2345", "'1,2345' has a decimal comma; write 1.2345"),
        ("-1,5", "'-1,5' has a decimal comma; write -1.5"),
        ("1,200", "'1,200' can be read two ways; write 1.200 or 1200"),
        ("12,200", "'12,200' can be read two ways; write 12.200 or 12200"),
        ("1,200,000", "'1,200,000' has thousands separators; write 1200000"),
        ("1,200.50", "'1,200.50' has thousands separators; write 1200.50"),
        ("1.200,50", "'1.200,50' has thousands separators; write 1200.50"),
        ("1 200", "'1 200' has thousands separators; write 1200"),
        ("1'200", "has thousands separators; write 1200"),
        ("1_200", "'1_200' has thousands separators; write 1200"),
        ("", "'' is not a number; write digits and a decimal point only, e.g. 1200 or 0.15"),
        ("=1+1", "'=1+1' is not a number; write digits"),
        ("$2", "'$2' is not a number; write digits"),
        ("2 USD", "'2 USD' is not a number; write digits"),
        ("nan", "'nan' is not a number; write digits"),
        ("inf", "'inf' is not a number; write digits"),
        ("0x10", "'0x10' is not a number; write digits"),
        ("1" * 50 + "x", f"'{'1' * 37}...' is not a number; write digits"),
    ],
)
def test_anything_else_is_refused_with_the_way_out(text, words):
    with pytest.raises(ValueError, match="write") as refused:
        number(text)

    assert words in str(refused.value)


@given(st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_what_is_written_with_a_point_comes_back(value):
    assert number(repr(value)) == value


@given(st.text(alphabet="0123456789,.' _+-eE", max_size=12))
def test_no_text_with_a_comma_is_ever_a_number(text):
    if "," in text:
        with pytest.raises(ValueError, match="write"):
            number(text)
