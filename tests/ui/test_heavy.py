"""Long work: one piece at a time in a process."""

from __future__ import annotations

import threading

import pytest

from pages.ui import heavy


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
