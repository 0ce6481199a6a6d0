"""Long work, one piece at a time in this process, so that the levers of everybody else keep moving.

Python runs one thread at a time: each further piece of long work would take its share from every lever that is moved
meanwhile. Who comes second waits for his turn.
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

PATIENCE = 20.0
"""Seconds that a page waits for its turn; files wait longer, since nothing is shown meanwhile that could grow old."""
FILE_PATIENCE = 120.0
_LOOK = 0.1  # seconds between two looks whether whoever waits has moved on

clock = time.monotonic
_one = threading.Lock()


class Busy(Exception):
    """Others have kept this process busy for too long."""


@contextmanager
def turn(waiting: Callable[[], object] = lambda: None, patience: float | None = None) -> Iterator[None]:
    """Do long work in the block, alone in this process; Busy when the turn does not come within `patience` [s].

    `waiting` is called now and then until it comes and may raise to give up.
    """
    until = clock() + (PATIENCE if patience is None else patience)
    while not _one.acquire(timeout=_LOOK):
        if clock() >= until:
            raise Busy
        waiting()
    try:
        yield
    finally:
        _one.release()


def in_turn(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """A function that makes a file, made to wait for its turn first. Busy."""

    @wraps(make)
    def made(*asked: Asked.args, **named: Asked.kwargs) -> Made:
        with turn(patience=FILE_PATIENCE):
            return make(*asked, **named)

    return made
