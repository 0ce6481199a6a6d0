"""Who works when in this process: one page at a time, and long work one piece at a time.

Python runs one thread at a time. Thirty pages side by side are each thirty times as slow, and what they draw is thrown
away when their visitors have moved on meanwhile; one after another they are answered in turn. And each further piece
of long work would take its share from every lever that is moved. Who comes second waits for his turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Made = TypeVar("Made")

PAGES = 1
"""Runs of pages at the same time: two take turns within milliseconds, and both are the slower for it."""
PATIENCE = 20.0
"""Seconds that a page waits for its turn; files wait longer, since nothing is shown meanwhile that could grow old."""
FILE_PATIENCE = 120.0
_LOOK = 0.1  # seconds between two looks whether whoever waits has moved on

clock = time.monotonic
_one = threading.Lock()
_places = threading.BoundedSemaphore(PAGES)
_here = threading.local()


class Busy(Exception):
    """Others have kept this process busy for too long."""


@contextmanager
def page() -> Iterator[None]:
    """Draw a page in the block, when one of the places is free, or after PATIENCE without: no page is ever shut out.

    Whoever has moved on while it waited ends at its first element, as every run does that was given up.
    """
    _take_place()
    try:
        yield
    finally:
        _leave_place()


def _take_place() -> None:
    _here.place = _places.acquire(timeout=PATIENCE)


def _leave_place() -> bool:
    """Whether there was one to leave: dialogs are drawn without, and so are files."""
    had: bool = getattr(_here, "place", False)
    _here.place = False
    if had:
        _places.release()
    return had


@contextmanager
def turn(waiting: Callable[[], object] = lambda: None, patience: float | None = None) -> Iterator[None]:
    """Do long work in the block, alone in this process; Busy when the turn does not come within `patience` [s].

    `waiting` is called now and then until it comes and may raise to give up. A page leaves its place to others
    meanwhile; it goes on without one when the work fails or is broken off, since little is left to be drawn then.
    """
    until = clock() + (PATIENCE if patience is None else patience)
    had_place = _leave_place()
    while not _one.acquire(timeout=_LOOK):
        if clock() >= until:
            raise Busy
        waiting()
    try:
        yield
    finally:
        _one.release()
    if had_place:
        _take_place()


def in_turn(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """A function that makes a file, made to wait for its turn first. Busy."""

    @wraps(make)
    def made(*asked: Asked.args, **named: Asked.kwargs) -> Made:
        with turn(patience=FILE_PATIENCE):
            return make(*asked, **named)

    return made
