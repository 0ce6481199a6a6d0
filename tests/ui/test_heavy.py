"""Who works when: one page at a time, and long work one piece at a time in a process."""

from __future__ import annotations

import ast
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from pages.ui import heavy

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


class MovedOn(Exception):
    pass


def in_another_thread(work):
    found = []

    def run():
        try:
            found.append(work())
        except (heavy.Busy, MovedOn) as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


# Long work


def test_a_second_piece_of_work_begins_only_when_the_first_has_ended():
    order, inside, waiting = [], threading.Event(), threading.Event()

    def first():
        with heavy.turn():
            order.append("first begins")
            inside.set()
            assert waiting.wait(10)
            order.append("first ends")

    def second():
        assert inside.wait(10)
        with heavy.turn(waiting.set):
            order.append("second begins")

    threads = [in_another_thread(first)[0], in_another_thread(second)[0]]
    for thread in threads:
        thread.join(10)

    assert order == ["first begins", "first ends", "second begins"]


def test_who_waits_too_long_is_told_that_the_server_is_busy():
    def late():
        with heavy.turn(patience=0.0):
            pytest.fail("nobody else may be in here")

    with heavy.turn():
        thread, found = in_another_thread(late)
        thread.join(10)

    assert [type(each) for each in found] == [heavy.Busy]


def test_who_has_moved_on_gives_its_place_up():
    def give_up():
        raise MovedOn

    def waits():
        with heavy.turn(give_up):
            pytest.fail("nobody else may be in here")

    with heavy.turn():
        thread, found = in_another_thread(waits)
        thread.join(10)
    with heavy.turn(patience=0.0):
        pass

    assert [type(each) for each in found] == [MovedOn]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_work_that_fails_or_is_broken_off_leaves_the_turn_to_others(error):
    with pytest.raises(error), heavy.turn():
        raise error
    with heavy.turn(patience=0.0):
        pass


def test_a_file_is_made_in_turn_from_what_it_was_asked_for():
    made = heavy.in_turn(lambda name, *, dark: (name, dark, heavy._one.locked()))

    assert made("map", dark=True) == ("map", True, True)
    assert not heavy._one.locked()


# Pages


class Watched(threading.BoundedSemaphore):
    """Places that say when somebody has to wait for one."""

    def __init__(self, places):
        super().__init__(places)
        self.waited_for = threading.Event()

    def acquire(self, blocking=True, timeout=None):
        if super().acquire(blocking=False):
            return True
        self.waited_for.set()
        return super().acquire(blocking, timeout)

    @property
    def free(self):
        return self._value


@pytest.fixture
def places(monkeypatch):
    found = Watched(heavy.PAGES)
    monkeypatch.setattr(heavy, "_places", found)
    return found


@contextmanager
def drawing(inside=lambda: None):
    """A page of somebody else, in the middle of being drawn."""
    there, end = threading.Event(), threading.Event()

    def draw():
        with heavy.page():
            inside()
            there.set()
            assert end.wait(10)

    thread, _ = in_another_thread(draw)
    assert there.wait(10)
    try:
        yield
    finally:
        end.set()
        thread.join(10)


def test_a_page_beyond_the_places_waits_until_one_is_free(places):
    order = []

    def late():
        with heavy.page():
            order.append("the late one")

    with ExitStack() as first:
        for _ in range(heavy.PAGES):
            first.enter_context(drawing())
        thread, _ = in_another_thread(late)
        assert places.waited_for.wait(10)
        order.append("the first ones end")
    thread.join(10)

    assert order == ["the first ones end", "the late one"]
    assert places.free == heavy.PAGES


def test_a_page_that_has_waited_long_enough_is_drawn_without_a_place(places, monkeypatch):
    monkeypatch.setattr(heavy, "PATIENCE", 0.0)
    drawn = []
    with ExitStack() as others:
        for _ in range(heavy.PAGES):
            others.enter_context(drawing())
        with heavy.page():
            drawn.append(places.free)

    assert drawn == [0]
    assert places.free == heavy.PAGES


@pytest.mark.parametrize("error", [ValueError(), StopException(), RerunException(RerunData()), KeyboardInterrupt()])
def test_a_page_that_fails_or_is_given_up_leaves_its_place(places, error):
    with pytest.raises(type(error)), heavy.page():
        raise error

    assert places.free == heavy.PAGES


def test_a_page_leaves_its_place_while_it_has_long_work_done_and_takes_one_again(places):
    free = []
    with heavy.page():
        free.append(places.free)
        with heavy.turn():
            free.append(places.free)
        free.append(places.free)

    assert free == [heavy.PAGES - 1, heavy.PAGES, heavy.PAGES - 1]
    assert places.free == heavy.PAGES


def test_pages_that_wait_for_their_turn_hold_nobody_up(places):
    waiting = threading.Barrier(heavy.PAGES + 2, timeout=10)

    def long_one():
        once = iter([waiting.wait])
        with heavy.page(), heavy.turn(lambda: next(once, lambda: None)()):
            pass

    with heavy.turn():
        threads = [in_another_thread(long_one)[0] for _ in range(heavy.PAGES + 1)]
        waiting.wait()
        with heavy.page():
            free = places.free
    for thread in threads:
        thread.join(10)

    assert free == heavy.PAGES - 1
    assert places.free == heavy.PAGES


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_page_whose_long_work_fails_goes_on_and_gives_back_no_place_twice(places, error):
    with heavy.page():
        with pytest.raises(error), heavy.turn():
            raise error
        free = places.free

    assert free == places.free == heavy.PAGES


def test_a_page_that_is_sent_away_from_long_work_goes_on(places):
    drawn, taken, end = [], threading.Event(), threading.Event()

    def other():
        with heavy.turn():
            taken.set()
            assert end.wait(10)

    thread, _ = in_another_thread(other)
    assert taken.wait(10)
    with heavy.page():
        with pytest.raises(heavy.Busy), heavy.turn(patience=0.0):
            pytest.fail("nobody else may be in here")
        drawn.append("the rest")
    end.set()
    thread.join(10)

    assert drawn == ["the rest"]
    assert places.free == heavy.PAGES


def test_a_dialog_or_a_file_needs_no_place(places):
    with ExitStack() as others:
        for _ in range(heavy.PAGES):
            others.enter_context(drawing())
        assert heavy.in_turn(lambda: "file")() == "file"

    assert places.free == heavy.PAGES


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_every_page_is_drawn_in_its_place_from_its_first_line_to_its_last(file):
    _, *rest = ast.parse(file.read_text(encoding="utf-8")).body
    work = [ast.unparse(each).splitlines()[0] for each in rest if not isinstance(each, ast.ImportFrom)]

    assert work == ["with heavy.page():"]
