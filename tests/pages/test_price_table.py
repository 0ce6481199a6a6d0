"""Which prices the table lists: filters, search, groups, pages, and what is to be checked."""

from __future__ import annotations

import json
from datetime import date

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.pages.prices_screen import EDIT, INPUT, OUTPUT, PAGE, choose_filter, table


def test_the_filters_count_and_show_their_rows(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [EDIT]}))
    run = screen.run
    pills = next(each for each in screen.at.get("button_group") if each.key == "prices filter")
    assert [option.content for option in pills.proto.options][:2] == [f"In use · {len(run.rows_in_use)}", "Edited · 1"]
    assert pills.proto.options[3].content == f"All · {len(run.book.rows):,}"

    choose_filter(screen, "Edited")
    assert list(table(screen)["Price"]) == [INPUT]
    assert list(table(screen)["Was"]) == ["2.00"]

    choose_filter(screen, "All")
    assert len(table(screen)) == 50


def test_the_search_wants_every_word(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    screen.at.text_input(key="prices search").set_value("OPENAI gpt-6.1-sol output")
    screen.rerun()

    assert OUTPUT in set(table(screen)["Price"])
    assert all("gpt-6.1-sol" in price and "output" in price for price in table(screen)["Price"])


def test_a_group_shows_its_rows_only(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    screen.at.selectbox(key="prices group").set_value("parsing")
    screen.rerun()
    screen.check()

    parsed = [row for row in screen.run.book.rows if row.group == "parsing"]
    assert len(table(screen)) == min(50, len(parsed))


def test_the_second_page_shows_the_next_rows(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    first = set(table(screen).index)
    pages = next(each for each in screen.at.get("pagination") if each.proto.id)
    states = screen.at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=pages.proto.id, int_value=2))
    screen.at._run(states)
    screen.check()

    assert len(table(screen)) == 50
    assert not first & set(table(screen).index)


def test_a_filter_without_rows_says_so(opened):
    screen = opened(PAGE)
    choose_filter(screen, "Edited")

    assert "You have not changed any price." in screen.words


def test_what_is_older_than_the_limit_is_to_be_checked(opened):
    screen = opened(PAGE)
    ages = [
        (date.today() - date.fromisoformat(row.as_of if len(row.as_of) == 10 else f"{row.as_of}-01")).days
        for row in screen.run.rows_in_use
    ]
    limit = sorted(ages)[len(ages) // 2]
    screen.put("number_input", "age limit", limit)
    choose_filter(screen, "To check")
    old = [age for age in ages if age > limit]

    assert len(table(screen)) == len(old)
    assert all("check again" in list(status) for status in table(screen)["Status"])
    assert f"checked more than {limit} days ago" in screen.lead
    assert opened(PAGE, screen.address.removeprefix("s=")).lead == screen.lead


@pytest.mark.parametrize("days", [-4, 0, 3651])
def test_an_age_limit_that_is_none_is_refused_in_words(opened, days):
    screen = opened(PAGE)
    screen.put("number_input", "age limit", days)

    assert f"Check again after: {days:,} is out of limits; use 1 to 3,650 days" in screen.notice
    assert "The limit of 90 days is kept." in screen.notice
    assert screen.at.number_input[-1].value == 90


@pytest.mark.parametrize("days", [1, 3650])
def test_an_age_limit_within_the_limits_holds(opened, days):
    screen = opened(PAGE)
    screen.put("number_input", "age limit", days)

    assert screen.notice == ""
    assert f"{days:,} day{'' if days == 1 else 's'}" in screen.lead


def test_units_to_choose_from_are_those_of_the_meters_on_screen(opened):
    screen = opened(PAGE)
    choose_filter(screen, "All")
    screen.at.selectbox(key="prices group").set_value("gpu")
    screen.rerun()
    columns = json.loads(screen.at.dataframe[0].proto.columns)

    assert columns["per"]["type_config"]["options"] == ["GPU-hour"]


def test_prices_stand_with_their_points_below_each_other_and_sort_as_numbers(opened):
    screen = opened(PAGE)
    usd = list(table(screen)["USD"])

    assert len({len(text) for text in usd}) == len({text.index(".") for text in usd}) == 1
    in_order = sorted(text.replace("\N{FIGURE SPACE}", " ") for text in usd)
    assert [float(text) for text in in_order] == sorted(row.price_usd for row in screen.run.rows_in_use)
