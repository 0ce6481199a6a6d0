"""What every export says about itself: the same scenario opens from its link, and nothing reads a clock."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel import MODEL_VERSION
from costmodel.changes import changed, resolved
from costmodel.link import MAX_CHARACTERS, decoded, made_with
from costmodel.made_with import book_of
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report.imprint import MOST_ADDRESS_CHARACTERS, AddressProblem, base_address, imprint

DAY = date(2026, 11, 14)
BASE = resolved(PRESETS[DEFAULT_PRESET].scenario, DAY)


def run_of(values: dict[str, Any] | None = None) -> Run:
    """The preset of the first visit with some values changed."""
    return run_scenario(changed(BASE, values or {}, load_book()), load_book())


PLAIN = run_of()


# The link


def word_of(link: str) -> str:
    """What a link carries."""
    return link.partition("?s=")[2]


def test_the_link_restores_the_scenario_and_says_what_it_was_made_with():
    run = run_of({"workload.query_tokens": 99, "name": "Überblick; 🚀"})

    link = imprint(run, DAY).link
    assert link.startswith("?s=")
    assert decoded(word_of(link))[0] == run.scenario
    made = made_with(word_of(link))
    assert made is not None
    assert (made.price_book, made.model_version) == (book_of(run), MODEL_VERSION)


@pytest.mark.parametrize("base", ["https://example.org", "https://example.org/", "http://10.0.0.5:8501/planning"])
def test_a_link_begins_with_the_address_of_the_server_when_that_is_known(base):
    link = imprint(PLAIN, DAY, base_url=base).link

    assert link.startswith(f"{base.rstrip('/')}/?s=1.")


def test_the_query_of_the_screen_goes_before_one_of_our_own():
    assert imprint(PLAIN, DAY, query="s=1.0.jx", base_url="https://example.org").link == "https://example.org/?s=1.0.jx"


def scenario_with_a_name_of(length: int) -> Run:
    """A scenario whose name cannot be packed well."""
    letters = random.Random(1).choices([chr(code) for code in range(0x4E00, 0x9FFF)], k=length)
    return run_of({"name": "".join(letters)})


def test_a_scenario_too_large_for_a_link_has_none_and_says_so():
    large = imprint(scenario_with_a_name_of(9_000), DAY, base_url="https://example.org")

    assert (large.query, large.link) == ("", "")
    assert large.link_note.startswith("none; the scenario is too large for a link")


def test_a_link_just_small_enough_leaves_out_what_it_was_made_with_first():
    with_stamp = [len(imprint(scenario_with_a_name_of(count), DAY).query) for count in (10, 2_500)]

    assert with_stamp[0] < with_stamp[1] <= MAX_CHARACTERS + len("s=")
    lengths = (imprint(scenario_with_a_name_of(count), DAY) for count in range(2_400, 3_400, 20))
    without = [each for each in lengths if each.query and made_with(word_of(each.link)) is None]
    assert without
    assert decoded(word_of(without[0].link))[0] == without[0].run.scenario


def test_a_link_that_leaves_typed_in_prices_in_the_browser_says_so():
    assert "only the browser that made it has them" in imprint(PLAIN, DAY, query="s=1.0.jx&k=0123abcd").link_note
    assert imprint(PLAIN, DAY).link_note == ""


# What it says


def test_the_source_line_names_scenario_horizon_money_prices_model_book_and_day():
    line = imprint(PLAIN, DAY).source_line

    assert line.split(" · ") == [
        "Sales chat: prices in brand voice",
        "24 months",
        "nominal USD",
        "prices of 11 Aug 2026 to 9 Nov 2026",
        f"Crossover model {MODEL_VERSION}, book {book_of(PLAIN)}, 14 Nov 2026",
    ]


def test_present_value_and_currency_stand_in_the_source_line():
    run = run_of({"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.1})

    assert " · present value EUR · " in imprint(run, DAY, present=True).source_line


@pytest.mark.parametrize("name", ["x" * 10_000, "two\nlines\r\nand\u2028more", "a\tb"])
def test_the_source_line_stays_one_short_line_whatever_the_name(name):
    line = imprint(run_of({"name": name}), DAY).source_line

    assert len(line.splitlines()) == 1
    assert len(line.split(" · ")[0]) <= 60


def test_the_conventions_name_the_discount_rate_and_the_hours_of_the_scenario():
    words = dict(
        imprint(run_of({"finance.discount_rate_annual": 0.12, "people.hours_per_week": 35.0}), DAY).conventions
    )

    assert words["present value"].startswith("discounted at 0.12 a year to month 0")
    assert words["hours"] == "730 hours a month - 35 hours a week"
    assert list(words) == ["time", "money", "present value", "hours", "sizes"]


def test_two_imprints_of_the_same_day_are_the_same_and_another_day_differs():
    one, same = (imprint(run_of(), DAY) for _ in range(2))

    assert (one.link, one.source_line, one.price_book) == (same.link, same.source_line, same.price_book)
    assert replace(one, today=date(2026, 11, 15)).source_line != one.source_line


# The address of a server


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org"),
        ("HTTPS://example.org/Tools/", "https://example.org/Tools"),
        ("http://localhost:8501", "http://localhost:8501"),
        ("http://[::1]:8501/a-b_c.d~e%20f", "http://[::1]:8501/a-b_c.d~e%20f"),
        ("https://example.org:65535", "https://example.org:65535"),
        ("https://" + "a" * 1_992, "https://" + "a" * 1_992),
    ],
)
def test_an_address_of_a_server_is_taken_without_the_slash_at_its_end(written, address):
    assert base_address(written) == address


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("example.org", "does not begin with http:// or https://"),
        ("ftp://example.org", "does not begin with http:// or https://"),
        ("javascript:alert(1)//", "does not begin with http:// or https://"),
        ("javascript://%0aalert(1)", "does not begin with http:// or https://"),
        ("https://", "is no server"),
        ("https:///path", "is no server"),
        ("https://example.org?a=1", "has a '?'"),
        ("https://example.org/#top", "has a '#'"),
        ("https://me:secret@example.org", "name or password"),
        ("me:secret@example.org/?a#b", "name or password"),
        ("https://example.org:0", "is no server"),
        ("https://example.org:65536", "is no server"),
        ("https://example.org:http", "is no server"),
        ("https://exa mple.org", "is no server"),
        ("https://example.org\n", "is no server"),
        ("https://example.org/\n", "holds signs other than"),
        ('https://example.org/"><script>', "holds signs other than"),
        ("https://example.org/a)b", "holds signs other than"),
        ("https://example.org/a,b", "holds signs other than"),
        ("https://example.org/\u202egpj", "holds signs other than"),
        ("https://" + "a" * 1_993, "2,001 characters; 2,000 are the limit"),
    ],
)
def test_what_no_link_can_begin_with_is_refused_and_why(written, words):
    with pytest.raises(AddressProblem, match=words.replace("?", r"\?")) as refused:
        base_address(written)
    assert "secret" not in str(refused.value)


@given(st.text(max_size=40) | st.text(max_size=40).map(lambda rest: f"https://{rest}"))
def test_an_address_that_is_taken_is_plain_and_taken_again_as_it_is(written):
    try:
        address = base_address(written)
    except AddressProblem:
        return
    assert base_address(address) == address
    assert address.isascii()
    assert len(address) <= MOST_ADDRESS_CHARACTERS
    assert not set(address) & set(" \"'<>()?#,;\\`|\n\r\t")
