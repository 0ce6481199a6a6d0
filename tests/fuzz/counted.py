"""Many cases of one target, each judged and timed: how many were accepted and refused, the slowest, and what failed.

A target is a strategy and a judge. The judge answers ACCEPTED when the invariants hold, REFUSED when the input was
refused with a message and nothing changed; whatever it raises is a failure.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

ACCEPTED, REFUSED = "accepted", "refused"
HANG_SECONDS = 30
"""A case that takes so long, waiting included, is given up; what is timed besides is processor time."""
TRIES = 3
"""A case counts as slow when it is slow so many times in a row."""
CHUNK = 250
SHRINK_SECONDS = 15
SHOWN = 1_500
ROOT = Path(__file__).resolve().parent.parent.parent


class Broken(AssertionError):
    """A promise that does not hold for a case; the words up to the first colon say which."""


class Hang(BaseException):
    """A case that is given up; no handler of the product may swallow it."""


@dataclass(frozen=True)
class Target:
    """What is fuzzed: its name, its cases, the judge, and how long one case may take [s].

    `share`: how much of the common time it gets, beside the others.
    """

    name: str
    cases: st.SearchStrategy[Any]
    judge: Callable[[Any], str]
    limit_seconds: float = 2.0
    share: float = 1.0


@dataclass
class Failure:
    """One kind of failure: where it came up, what it says, how often, and the smallest case that was found."""

    kind: str
    said: str
    case: str
    count: int = 1


@dataclass
class Count:
    """What came of the cases of one target."""

    target: str
    limit_ms: float = 2_000
    cases: int = 0
    accepted: int = 0
    refused: int = 0
    seconds: float = 0
    slowest_ms: float = 0
    slowest_case: str = ""
    failures: list[Failure] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def counted(
    target: Target, first_seed: int, *, seconds: float | None = None, cases: int | None = None, timed: bool = True
) -> Count:
    """Judge cases of a target for so long, or so many; the same seed gives the same cases in the same order.

    Unless they are `timed`, a slow case is no failure.
    """
    fuzz = _Fuzz(target, None if seconds is None else time.monotonic() + seconds, cases, timed)
    began = time.monotonic()
    chunk = 0
    while not fuzz.done:
        fuzz.chunk(first_seed * 1_000_003 + chunk)
        chunk += 1
    fuzz.count.seconds = time.monotonic() - began
    return fuzz.count


class _Fuzz:
    def __init__(self, target: Target, deadline: float | None, most: int | None, timed: bool) -> None:
        self.target, self._deadline, self._most, self._is_timed = target, deadline, most, timed
        self.count = Count(target.name, target.limit_seconds * 1_000)
        self._known: dict[str, Failure] = {}
        self._fresh: str | None = None
        self._shrink_until = 0.0

    @property
    def done(self) -> bool:
        late = self._deadline is not None and time.monotonic() >= self._deadline
        return late or (self._most is not None and self.count.cases >= self._most)

    def chunk(self, number: int) -> None:
        """Some cases; the first failure of a kind that is not known yet ends them and is made as small as can be."""
        many = CHUNK if self._most is None else max(min(CHUNK, self._most - self.count.cases), 1)

        @seed(number)
        @settings(
            max_examples=many,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
        )
        @given(self.target.cases)
        def judged(case: Any) -> None:
            if time.monotonic() < self._shrink_until if self._fresh is not None else not self.done:
                self._judged(case)

        self._fresh = None
        with _Outcome() as end:
            judged()
        if end.error is not None and self._fresh is None:  # not the judge's: the fuzzing itself is at fault
            raise end.error

    def _judged(self, case: Any) -> None:
        shrinking = self._fresh is not None
        began = _clock()
        with _Outcome() as end, given_up_after(HANG_SECONDS):
            verdict = self.target.judge(case)
        took = _clock() - began
        self.count.cases += not shrinking
        if end.error is not None:
            self._failed(kind_of(end.error), end.error, case, shrinking)
        elif not shrinking:
            self.count.accepted += verdict == ACCEPTED
            self.count.refused += verdict == REFUSED
            if self._is_timed:
                self._timed(case, took)

    def _failed(self, kind: str, error: Exception, case: Any, shrinking: bool) -> None:
        said = "".join(traceback.format_exception_only(error)).strip()[:SHOWN]
        if kind in self._known and kind != self._fresh:
            self._known[kind].count += not shrinking
            return
        if kind not in self._known:
            self._known[kind] = Failure(kind, said, shown(case))
            self.count.failures.append(self._known[kind])
            self._fresh, self._shrink_until = kind, time.monotonic() + SHRINK_SECONDS
        elif len(shown(case)) <= len(self._known[kind].case):
            self._known[kind].said, self._known[kind].case = said, shown(case)
        raise error

    def _timed(self, case: Any, took: float) -> None:
        limit = self.target.limit_seconds
        for _ in range(TRIES - 1):
            if took <= limit:
                break
            began = _clock()
            self.target.judge(case)
            took = min(took, _clock() - began)
        if took * 1_000 > self.count.slowest_ms:
            self.count.slowest_ms, self.count.slowest_case = round(took * 1_000, 1), shown(case)
        if took <= limit:
            return
        kind = f"slower than {limit:g} s"
        if kind in self._known:
            self._known[kind].count += 1
            return
        self._known[kind] = Failure(kind, f"{took:.1f} s at best of {TRIES}", shown(case))
        self.count.failures.append(self._known[kind])


def _clock() -> float:
    """Processor time of this process and of those that it has ended [s]: what others do on the machine is not in it."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


class _Outcome:
    """Holds the exception that ends a block, whichever it is: what a judge may raise is not known beforehand."""

    error: Exception | None = None

    def __enter__(self) -> _Outcome:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.error = error if isinstance(error, Exception) else None
        return self.error is not None


def shown(case: Any) -> str:
    """A case as it can be pasted into Python, cut when it is long."""
    words = repr(case)
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 200]} ... {words[-190:]}"


def kind_of(error: BaseException) -> str:
    """What tells one failure from another: the broken promise, or the exception and the line of ours that it left."""
    if isinstance(error, Broken):
        return str(error).partition(":")[0]
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    product = [frame for frame in ours if "/tests/fuzz/" not in frame.filename]
    last = (product or ours or frames)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"


def _is_ours(file: str) -> bool:
    path = Path(file)
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts


@contextmanager
def given_up_after(seconds: int) -> Iterator[None]:
    """Raise Broken in a block that does not end."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except Hang as error:
        last = [each for each in traceback.extract_tb(error.__traceback__) if _is_ours(each.filename)][-1]
        raise Broken(f"a hang of {seconds} s in {Path(last.filename).name}, {last.name}") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
