"""How many visitors one server holds, and what happens beyond: `python -m benchmarks.load` (all of it), or by name.

    capacity   sessions held at p95 < 500 ms, ours on one scenario, ours each on its own, and the bare page's, in turns
    overload   twice as many, then everybody leaves: how long the server goes on working for nobody
    memory     what one more session takes
    heavy      what draws, maps and files of others add to the wait for a lever (`benchmarks.load_heavy`)
    soak       half of what is held for --minutes 10: memory and answers over time; not part of "all of it"

Every visitor moves the lever Queries per month once a second over a websocket, as the page's own lever does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import load_heavy
from benchmarks.bare import capture
from benchmarks.crowd import EVERY, Crowd, Drive
from benchmarks.measuring import Result, table
from benchmarks.plain import default_scenario
from benchmarks.protocol import clock
from benchmarks.servers import BARE, OURS, Server, served
from costmodel import link

SLOW, SHARE = 0.500, 0.6
"""Seconds that 95 in 100 answers stay below, and the share of the bare page's sessions that ours holds."""
KEPT_UP = 0.5
"""Share of its answers a second that a server still gives when twice as many ask as it holds."""
IDLE = 2.0
"""Seconds after which a server that everybody has left does nothing more."""
PER_SESSION, FLAT = 1.0, 1.05
"""MiB that one more session takes at most; memory at the end of a soak over that after its first fifth."""
WARM_UP, SECONDS, STEP, MOST = 2.0, 10.0, 1.15, 400
FEW, MANY = 5, 55
POSITIONS = 24
GROWTH = "workload.monthly_growth_share"
CHURN = 30.0
"""Seconds of a soak after which a tenth of the visitors leaves and others come."""


@dataclass
class Counts:
    """Everything that was done to the servers, for a table of reliability."""

    sessions: int = 0
    moves: int = 0
    unanswered: int = 0
    gone: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, seen: Drive) -> None:
        """Count a drive."""
        self.moves += len(seen.finished) + seen.unanswered
        self.unanswered += seen.unanswered
        self.gone += seen.gone
        self.problems += seen.problems

    def words(self) -> str:
        """All of it in a line."""
        said = f"{self.sessions} sessions, {self.moves} moves of a lever, {self.unanswered} without an answer in time, "
        said += f"{self.gone} connections lost, {len(self.problems)} errors on a page"
        return said + "".join(f"\n  {each}" for each in sorted(set(self.problems)))


@dataclass(frozen=True)
class Rung:
    """So many sessions, what they saw, and how much of a core the server took for each answer [s]."""

    sessions: int
    seen: Drive
    work: float

    @property
    def holds(self) -> bool:
        """Whether 95 in 100 moves were answered in time."""
        return self.seen.p95 < SLOW

    def words(self) -> str:
        """The rung in a line."""
        seen = self.seen
        said = f"{self.sessions:4} sessions: p50 {seen.p50 * 1e3:5.0f} ms, p95 {seen.p95 * 1e3:5.0f} ms, headline p95 "
        said += f"{seen.percentile(0.95, seen.headline) * 1e3:5.0f} ms, {len(seen.finished)} answers, "
        said += f"{seen.unanswered} late, {seen.passed_over} passed over, {self.work * 1e3:.0f} ms of a core each"
        return said + (f"; THE CLIENT WAS {seen.late * 1e3:.0f} ms LATE" if seen.late > 0.1 else "")


class Ladder:
    """Rung by rung upwards, until one does not hold twice in a row; downwards first when the lowest does not."""

    def __init__(self, name: str, worked: Callable[[], float], crowd: Crowd, counts: Counts) -> None:
        self.name, self.worked, self.crowd, self.counts = name, worked, crowd, counts
        self.held, self.done = 0, False
        self._next, self._failed = 0, 0

    async def begin(self) -> None:
        """Find out where to begin: at half of what its own work alone would let it hold."""
        await self.crowd.become(2)
        rung = await self._driven(WARM_UP * 2, 0.5)
        self._next = max(1, round(0.4 / max(rung.work, 1e-3)))

    async def climb(self, seconds: float) -> None:
        """One rung."""
        await self.crowd.become(self._next)
        await self._driven(WARM_UP, EVERY)
        rung = await self._driven(seconds, EVERY)
        print(f"{self.name:>8}: {rung.words()}", flush=True)
        if rung.holds:
            self.held, self._failed = self._next, 0
            self._next = max(self._next + 1, math.ceil(self._next * STEP))
            self.done = self._next > MOST
            return
        self._failed += 1
        if self.held == 0 and self._next > 1:
            self._next = max(1, min(self._next - 1, round(self._next * 0.7)))
        else:
            self.done = self._failed >= 2

    async def _driven(self, seconds: float, every: float) -> Rung:
        before = self.worked()
        seen = await self.crowd.drive(seconds, every)
        self.counts.add(seen)
        work = (self.worked() - before) / max(len(seen.finished), 1)
        return Rung(len(self.crowd.visitors), seen, work)


@contextmanager
def stage(*scripts: str) -> Iterator[tuple[list[Server], list[float]]]:
    """The servers of some scripts, and the positions of the lever that the bare page knows."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        recording = capture.capture(Path(folder, "capture.json"), POSITIONS)
        values = [each["value"] for each in json.loads(recording.read_text(encoding="utf-8"))["positions"]]
        environment = {capture.VARIABLE: str(recording)}
        servers = [
            stack.enter_context(served(script, Path(folder, f"{number}.log"), environment=environment))
            for number, script in enumerate(scripts)
        ]
        yield servers, values


def own(number: int) -> str:
    """The query string of a scenario that no other visitor has."""
    return f"?s={link.encoded(default_scenario(**{GROWTH: 0.02 + 1e-5 * (number + 1)}))}"


async def capacity(counts: Counts, seconds: float) -> list[Result]:
    """Sessions held by ours and by the bare page, rung by rung in turns; then ours is driven beyond.

    Ours twice: all visitors on the page as it opens, which work out the same, and each on a scenario of its own.
    """
    with stage(OURS, BARE) as ((ours, bare), values):
        alike, apart = Crowd(ours.url, capture.LEVER, values), Crowd(ours.url, capture.LEVER, values, query=own)
        plain = Crowd(bare.url, capture.LEVER, values)
        sides = (("ours", ours, alike), ("own", ours, apart), ("bare", bare, plain))
        ladders = [Ladder(name, server.worked, crowd, counts) for name, server, crowd in sides]
        for ladder in ladders:
            await ladder.begin()
        while not all(ladder.done for ladder in ladders):
            for ladder in ladders:
                if not ladder.done:
                    await ladder.climb(seconds)
        held = {ladder.name: ladder.held for ladder in ladders}
        await plain.leave()
        await apart.leave()
        counts.sessions += sum(crowd.opened for _, _, crowd in sides)
        shares = [
            Result(
                f"Sessions held at p95 < 500 ms, {said}, over the bare page",
                held[name] / max(held["bare"], 1),
                SHARE,
                False,
                f"{held[name]} sessions over {held['bare']}",
            )
            for name, said in (("ours", "all on one scenario"), ("own", "each on its own"))
        ]
        return [*shares, *await overload(counts, ours, alike, max(2 * held["ours"], 4))]


async def overload(counts: Counts, server: Server, crowd: Crowd, sessions: int) -> list[Result]:
    """Beyond the ceiling: as the levers do it, then without patience; then everybody is gone at once."""
    await crowd.become(sessions)
    seen = await crowd.drive(SECONDS)
    counts.add(seen)
    print(f"overload: {Rung(sessions, seen, 0.0).words()}, {seen.cut_short} cut short", flush=True)
    sent = await crowd.push(SECONDS, 0.1)
    before = sum(visitor.complete for visitor in crowd.visitors)
    await asyncio.to_thread(server.idle_after)
    over = (sum(visitor.complete for visitor in crowd.visitors) - before) / sessions
    print(f"overload: {sent} values pushed in {SECONDS:g} s; {over:.1f} runs per session ended after that", flush=True)
    driving = asyncio.create_task(crowd.drive(3600.0))
    await asyncio.sleep(SECONDS / 2)
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    await crowd.leave()
    idle = await asyncio.to_thread(server.idle_after)
    crowded = f"{sessions} sessions"
    rate = len(seen.finished) / SECONDS / max(sessions / 2, 1)
    return [
        Result("Answers a second beyond the ceiling, over those at it", rate, KEPT_UP, False, crowded),
        Result("Runs of a session that end after the last of a flood of values", over, 1.0, note=crowded),
        Result("Seconds until the server is idle, when twice as many as it holds have left", idle, IDLE, note=crowded),
    ]


async def memory(counts: Counts) -> list[Result]:
    """What one more session takes, when each has moved the lever five times."""
    with stage(OURS) as ((server,), values):
        crowd = Crowd(server.url, capture.LEVER, values)
        held = {}
        for sessions in (FEW, MANY):
            await crowd.become(sessions)
            every = max(EVERY, sessions * 0.25)  # memory, not speed
            counts.add(await crowd.drive(5 * every, every))
            held[sessions] = server.memory()
            print(f"  memory: {sessions} sessions, {held[sessions]:.0f} MiB", flush=True)
        each = (held[MANY] - held[FEW]) / (MANY - FEW)
        counts.sessions += crowd.opened
        await crowd.leave()
    return [Result("Memory of one more session, MiB", each, PER_SESSION, note=f"{MANY} sessions over {FEW}")]


async def soak(counts: Counts, minutes: float, sessions: int) -> list[Result]:
    """So many visitors for so long, a tenth of them replaced twice a minute: memory and waits over time."""
    with stage(OURS) as ((server,), values):
        crowd = Crowd(server.url, capture.LEVER, values)
        await crowd.become(sessions)
        start, memories, waits = clock(), list[float](), list[float]()
        lost = 0
        while (passed := clock() - start) < minutes * 60.0:
            seen = await crowd.drive(min(CHURN, minutes * 60.0 - passed))
            counts.add(seen)
            waits += seen.finished
            lost += seen.unanswered
            memories.append(server.memory())
            said = f"p95 {seen.p95 * 1e3:.0f} ms, {len(seen.finished)} answers, {seen.unanswered} late"
            print(f"    soak: {(clock() - start) / 60:4.1f} min: {memories[-1]:.0f} MiB, {said}", flush=True)
            await crowd.replace(max(1, sessions // 10))
        counts.sessions += crowd.opened
        await crowd.leave()
    growth = memories[-1] / memories[len(memories) // 5]
    measured = f"{sessions} sessions, {minutes:g} min"
    share = sum(wait < SLOW for wait in waits) / max(len(waits) + lost, 1)
    return [
        Result("Memory at the end of a soak, over that after its first fifth", growth, FLAT, note=measured),
        Result("Answers of a soak within 500 ms", share, 0.95, False, measured),
    ]


PARTS = ("capacity", "memory", "heavy", "soak")


async def measured(parts: Sequence[str], seconds: float, minutes: float, sessions: int) -> tuple[list[Result], Counts]:
    """The figures of some parts, and the counts of everything that was done."""
    counts, found = Counts(), list[Result]()
    for part in parts:
        match part:
            case "capacity":
                found += await capacity(counts, seconds)
            case "memory":
                found += await memory(counts)
            case "heavy":
                found += await load_heavy.heavy(seconds)
            case "soak":
                found += await soak(counts, minutes, sessions)
    return found, counts


def results() -> list[Result]:
    """The figures of everything but the soak."""
    found, counts = asyncio.run(measured(PARTS[:-1], SECONDS, 0.0, 0))
    print(counts.words())
    return found


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all but soak when none")
    reader.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    reader.add_argument("--minutes", type=float, default=10.0, help="of the soak")
    reader.add_argument("--sessions", type=int, default=5, help="of the soak")
    given = reader.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        reader.error(f"{', '.join(sorted(unknown))}: use {', '.join(PARTS)}")
    found, counts = asyncio.run(measured(given.parts or PARTS[:-1], given.seconds, given.minutes, given.sessions))
    print(table(found))
    print(counts.words())
    return 0 if all(each.ok for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
