"""Many visitors at once, each of whom moves a lever once a second, and how long they wait for their answers."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.protocol import PATIENCE, Answer, Gone, Session, clock

EVERY = 1.0
"""Seconds between two moves of one visitor."""
OPENING = 4
"""Visitors who come in at the same moment."""


@dataclass
class Drive:
    """What a crowd saw while it moved its levers for a while; times in seconds.

    `finished` and `headline` count from the moment in which the finger moved, so that waiting for one's own last answer
    is waiting too. `unanswered`: moves without an answer within the patience of a lever; `passed_over`: values that a
    newer one replaced before they left; `cut_short`: runs that the server gave up; `late`: how late the crowd's own
    clock was at worst.
    """

    sessions: int
    seconds: float
    finished: list[float] = field(default_factory=list)
    headline: list[float] = field(default_factory=list)
    unanswered: int = 0
    passed_over: int = 0
    cut_short: int = 0
    gone: int = 0
    late: float = 0.0
    problems: list[str] = field(default_factory=list)

    def percentile(self, share: float, times: Sequence[float] | None = None) -> float:
        """The time that `share` of all moves stayed within; one without an answer took for ever."""
        found = sorted(self.finished if times is None else times)
        found += [math.inf] * (self.unanswered + self.gone)
        return found[min(len(found) - 1, math.ceil(share * len(found)) - 1)] if found else math.inf

    @property
    def p50(self) -> float:
        """Median time from a move to the end of the run that answers it [s]."""
        return self.percentile(0.50)

    @property
    def p95(self) -> float:
        """The same that 95 in 100 stay within [s]."""
        return self.percentile(0.95)


class Crowd:
    """Visitors of the page at `url`, who move the lever of `key` to and fro over `values`.

    `query`: the query string of each visitor, by its number; without, all are on the same page.
    """

    def __init__(
        self,
        url: str,
        key: str,
        values: Sequence[float],
        cookies: Mapping[str, str] | None = None,
        seed: int = 1,
        query: Callable[[int], str] = lambda number: "",
    ) -> None:
        self.url, self.key, self.values, self.cookies, self.query = url, key, list(values), cookies, query
        self.visitors: list[Session] = []
        self.opened = 0
        self._random = random.Random(seed)
        self._paths: dict[Session, itertools.cycle[float]] = {}

    async def become(self, sessions: int) -> None:
        """Let visitors come in, or leave, until there are so many. Gone."""
        for visitor in self.visitors[sessions:]:
            await visitor.close()
        del self.visitors[sessions:]
        gate = asyncio.Semaphore(OPENING)

        async def come(number: int) -> None:
            visitor = Session(f"{self.url}{self.query(number)}", cookies=self.cookies)
            async with gate:
                await visitor.open(seconds=60.0)
                self.visitors.append(visitor)
                self.opened += 1

        await asyncio.gather(*(come(self.opened + more) for more in range(sessions - len(self.visitors))))
        there_and_back = [*self.values, *self.values[-2:0:-1]]
        paths = {}
        for visitor in self.visitors:
            start = self._random.randrange(len(there_and_back))
            fresh = itertools.cycle([*there_and_back[start:], *there_and_back[:start]])
            paths[visitor] = self._paths.get(visitor, fresh)
        self._paths = paths

    async def replace(self, sessions: int) -> None:
        """So many leave, the longest there first, and as many others come. Gone."""
        whole, gone = len(self.visitors), self.visitors[:sessions]
        del self.visitors[:sessions]
        await asyncio.gather(*(visitor.close() for visitor in gone))
        await self.become(whole)

    async def leave(self) -> None:
        """All of them close their tabs."""
        await asyncio.gather(*(visitor.close() for visitor in self.visitors))
        self.visitors.clear()
        self._paths.clear()

    async def push(self, seconds: float, every: float) -> int:
        """Everybody sends a value each `every` seconds and waits for no answer; returns how many were sent. Gone."""

        async def pushes(visitor: Session) -> int:
            id_, sent, end = visitor.lever(self.key), 0, clock() + seconds
            while clock() < end:
                visitor.states.setdefault(id_, {})["value"] = next(self._paths[visitor])
                await visitor.rerun()
                sent += 1
                await asyncio.sleep(every)
            return sent

        return sum(await asyncio.gather(*(pushes(visitor) for visitor in self.visitors)))

    async def drive(self, seconds: float, every: float = EVERY) -> Drive:
        """Everybody moves the lever each `every` seconds, each from a moment of his own."""
        seen = Drive(len(self.visitors), seconds)
        cut_before = sum(visitor.cut_short for visitor in self.visitors)
        end = clock() + seconds
        watch = asyncio.create_task(_watch(seen))
        try:
            await asyncio.gather(*(self._moves(visitor, end, every, seen) for visitor in self.visitors))
        finally:
            watch.cancel()
        seen.cut_short = sum(visitor.cut_short for visitor in self.visitors) - cut_before
        for visitor in self.visitors:
            seen.problems += visitor.problems
            visitor.problems.clear()
        return seen

    async def _moves(self, visitor: Session, end: float, every: float, seen: Drive) -> None:
        id_, path = visitor.lever(self.key), self._paths[visitor]
        moved = clock() + self._random.random() * every
        while moved < end:
            await asyncio.sleep(max(0.0, moved - clock()))
            sent = clock()
            try:
                answer = await visitor.move(id_, next(path), PATIENCE)
            except Gone:
                seen.gone += 1
                return
            _note(seen, answer, sent - moved)
            # The finger has gone on: what waits now is where it is at this moment.
            behind = max(0, math.floor((clock() - moved) / every) - 1)
            seen.passed_over += behind
            moved += (behind + 1) * every


def _note(seen: Drive, answer: Answer | None, waited: float) -> None:
    if answer is None:
        seen.unanswered += 1
    else:
        seen.finished.append(waited + answer.finished)
        seen.headline.append(waited + answer.headline)


async def _watch(seen: Drive) -> None:
    """How late the crowd itself is: when it cannot keep up, its figures are not the server's."""
    while True:
        due = clock() + 0.05
        await asyncio.sleep(0.05)
        seen.late = max(seen.late, clock() - due)
