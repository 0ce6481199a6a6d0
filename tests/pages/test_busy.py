"""A page on a server that is busy with somebody else's work: it waits, says so, and holds nobody up."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
import streamlit as st

from pages.ui import heavy, layout, price_import
from report import converter
from report.converter import PictureProblem
from report.uncertainty_text import BUSY
from tests.pages.prices_screen import upload

REPORT = "pages/report.py"
PAGES = [file for _, pages in layout.NAVIGATION for _, file in pages]


@pytest.fixture
def places(monkeypatch):
    """The places for pages, all free."""
    found = threading.BoundedSemaphore(heavy.PAGES)
    monkeypatch.setattr(heavy, "_places", found)
    return found


@contextmanager
def somebody_else_at_work():
    there, end = threading.Event(), threading.Event()

    def work():
        with heavy.turn():
            there.set()
            assert end.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    assert there.wait(10)
    try:
        yield
    finally:
        end.set()
        thread.join(10)


def all_free(places):
    return places._value == heavy.PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_was_drawn_has_left_its_place(opened, places, page):
    screen = opened(page)

    screen.check()
    assert all_free(places)


def test_a_page_that_begins_itself_again_has_left_its_place(opened, places, link_to):
    screen = opened("pages/crossovers.py", link_to({}, {"map": "chance"}))
    next(each for each in screen.at.button if each.key == "odds run").click().run()

    screen.check()
    assert "kept odds" in screen.at.session_state
    assert all_free(places)


def test_a_report_that_has_to_wait_too_long_says_so_and_shows_the_memo_when_it_can(opened, places, monkeypatch):
    monkeypatch.setattr(heavy, "PATIENCE", 0.0)
    with somebody_else_at_work():
        screen = opened(REPORT)
        screen.check()
        said = screen.words
    screen.rerun()

    assert BUSY in said
    assert BUSY not in screen.words
    assert [each.proto for each in screen.at.get("bidi_component") if each.proto.component_name == "crossover_paper"]
    assert all_free(places)


def test_a_memo_whose_pictures_cannot_be_drawn_says_why_and_leaves_the_page_whole(opened, places, monkeypatch):
    def broken(*_):
        raise PictureProblem("The picture was not drawn within 30 s; ask for a smaller one.")

    with monkeypatch.context() as for_now:
        for_now.setattr(converter, "svg", broken)
        screen = opened(REPORT)
        screen.check()
        said = screen.words
    screen.rerun()

    assert "The picture was not drawn within 30 s" in said
    assert "The picture was not drawn" not in screen.words
    assert all_free(places)


@pytest.mark.parametrize(
    ("page", "chart", "names"),
    [
        (REPORT, "", {"Memo as a Word document", "Memo as a web page", "Excel workbook", "Full ledger"}),
        ("app.py", "lines", {"PNG", "PNG 2×", "SVG", "HTML", "Vega-Lite"}),
    ],
)
def test_files_wait_for_their_turn_however_many_ask_for_them(opened, monkeypatch, page, chart, names):
    offered, as_before = {}, st.download_button

    def noted(label, *, data, **options):
        offered[label] = data
        return as_before(label, data=data, **options)

    monkeypatch.setattr(st, "download_button", noted)
    monkeypatch.setattr(heavy, "FILE_PATIENCE", 0.0)
    screen = opened(page)
    screen.open_export(chart)
    with somebody_else_at_work():
        for name in names:
            with pytest.raises(heavy.Busy):
                offered[name]()

    assert all(offered[name]() for name in names)


def test_a_long_text_that_has_to_wait_too_long_is_not_counted_yet(opened, places, monkeypatch):
    monkeypatch.setattr(heavy, "FILE_PATIENCE", 0.0)
    screen = opened("pages/token_lab.py")
    pasted = next(each for each in screen.at.text_area if each.label == "Or paste text")
    with somebody_else_at_work():
        pasted.set_value("refund " * 10).run()
        short = screen.words
        pasted.set_value("refund " * 30_000).run()
        screen.check()
        long = screen.words
    screen.rerun()

    assert BUSY not in short
    assert "Not counted" in long
    assert BUSY in long
    assert BUSY not in screen.words
    assert all_free(places)


def test_a_large_price_file_that_has_to_wait_too_long_is_read_when_it_can(opened, places, monkeypatch):
    monkeypatch.setattr(heavy, "FILE_PATIENCE", 0.0)
    lines = ["provider,item,meter,unit,price_usd", "openai,gpt-6.1-sol,input,1M tokens,1.9"]
    content = "\n".join([*lines, "," * 4 + " " * price_import.HEAVY]).encode()
    screen = opened("pages/prices.py")
    with somebody_else_at_work():
        upload(screen, "mine.csv", content)
        screen.check()
        said = screen.words
    screen.rerun()

    assert BUSY in said
    assert BUSY not in screen.words
    assert "mine.csv" in screen.words
    assert all_free(places)
