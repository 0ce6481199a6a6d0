"""Numbers pasted from a sheet: what is taken, what is refused by name, and the words below them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import pasted
from report.pasted import NotNumbers, numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", ()),
        (" \n\t", ()),
        ("150000\n160000\n170000\n", (150_000, 160_000, 170_000)),
        ("150000\t160000\t170000", (150_000, 160_000, 170_000)),
        ("150000 160000 170000", (150_000, 160_000, 170_000)),
        ("150000;160000;170000", (150_000, 160_000, 170_000)),
        ("150000\r\n160000\r\n", (150_000, 160_000)),
        ("150,000\n1,160,000.5", (150_000, 1_160_000.5)),
        ("150 000\n160 000", (150_000, 160_000)),
        ("150\u202f000\t160\u00a0000", (150_000, 160_000)),
        ("150'000\n160’000", (150_000, 160_000)),
        ("1.5e5\n.5\n2.", (150_000, 0.5, 2)),
        ("0.9 1 1.1", (0.9, 1, 1.1)),
    ],
)
def test_a_column_or_a_row_is_read_with_its_thousands_separators(text, numbers):
    assert numbers_in(text, 120) == numbers


def test_blanks_in_one_line_part_numbers():
    assert numbers_in("100 200 300", 120) == (100, 200, 300)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Queries\n150000\n160000", "“Queries” in place 1 is not a number; leave the header out"),
        ("150000\nmany\n160000", "“many” in place 2 is not a number; paste the numbers alone"),
        ("1,5\n1,6", "“1,5” in place 1 is not a number; write decimals with a point"),
        ("1000,2000,3000", "“1000,2000,3000” in place 1 is not a number; write decimals with a point"),
        ("1.000.000\n2", "“1.000.000” in place 1 is not a number; write decimals with a point"),
        ("nan\n1", "“nan” in place 1"),
        ("inf", "“inf” in place 1"),
        ("0x10", "“0x10” in place 1"),
        ("5%", "“5%” in place 1"),
    ],
)
def test_what_is_no_number_is_refused_by_name_with_its_place_and_the_way_out(text, said):
    with pytest.raises(NotNumbers) as refused:
        numbers_in(text, 120)

    assert said in str(refused.value)


def test_more_numbers_than_months_are_refused_with_both_counts():
    assert len(numbers_in("1\n" * 120, 120)) == 120
    with pytest.raises(NotNumbers, match="121 numbers were pasted, 120 are the limit"):
        numbers_in("1\n" * 121, 120)


@given(st.lists(st.floats(0, 1e12), max_size=40))
def test_a_column_is_read_back_as_it_was_written(numbers):
    assert numbers_in(pasted.column(numbers), 120) == pytest.approx(tuple(numbers), rel=1e-11)


@given(st.text(max_size=60))
def test_any_text_is_numbers_or_a_refusal(text):
    said = "not a number or the limit"
    try:
        numbers_in(text, 120)
    except NotNumbers as refused:
        said = str(refused)

    assert "not a number" in said or "the limit" in said


def test_a_forecast_says_how_far_it_reaches_and_its_ends():
    assert pasted.forecast([150_000.0] * 23 + [260_000.0], 24) == "24 of 24 months: 150K first, 260K last."
    assert pasted.forecast(None, 24) == "None: volume, growth and season count."


def test_a_short_forecast_says_that_its_last_value_goes_on():
    said = pasted.forecast([150_000.0, 160_000.0, 180_000.0], 24)

    assert said == "3 of 24 months: 150K first, 180K in month 3 and in all that follow."
    assert pasted.forecast([150_000.0], 24) == "1 of 24 months: 150K, which goes on to month 24."


def test_a_long_forecast_ends_with_the_horizon():
    said = pasted.forecast([100_000.0] * 12 + [120_000.0] * 6, 12)

    assert said == "12 of 12 months: 100K first, 100K last. 6 more lie beyond the horizon."


def test_a_season_names_its_highest_and_its_lowest_month():
    factors = [1, 1, 1, 1, 1, 1, 1, 0.7, 1, 1, 1.3, 1]

    assert pasted.season(factors) == "12 of 12 factors: highest 1.3 in November, lowest 0.7 in August."
    assert pasted.season(None) == "None: every month is an average one."
    assert pasted.season([1.0] * 12) == "12 of 12 factors, all 1."


def test_a_season_that_does_not_average_one_says_what_that_makes_of_the_year():
    factors = [1.0] * 6 + [1.2] * 6  # their mean is 1.1

    assert pasted.season(factors).endswith("They average 1.1, so a year holds 10% more than twelve average months.")
