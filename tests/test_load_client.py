"""The visitor without a browser, against the real server; and how a crowd's waits are counted."""

from __future__ import annotations

import asyncio
import math
from datetime import date

import pytest

from benchmarks.bare.capture import LEVER
from benchmarks.crowd import Crowd, Drive
from benchmarks.load import Counts, Ladder
from benchmarks.protocol import Gone, Session
from benchmarks.servers import OURS, served
from costmodel import link
from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pages.ui.frame import coloured
from pages.ui.layout import plain_dollars
from pricing.catalog import load_book
from report import text

VOLUME = "workload.queries_per_month"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    log = tmp_path_factory.mktemp("load") / "log.txt"
    with served(OURS, log) as server:
        yield server.url
    assert "Traceback" not in log.read_text(encoding="utf-8")


def scenario(queries):
    return changed(resolved(PRESETS[DEFAULT_PRESET].scenario, date.today()), {VOLUME: queries})


def headline(of):
    return plain_dollars(coloured(text.verdict(run_scenario(of, load_book())).headline))


async def moved(visitor, value):
    answer = await visitor.move(visitor.lever(LEVER), value, seconds=30.0)
    assert answer is not None
    return answer


def test_a_moved_lever_is_answered_with_the_headline_of_the_model(url):
    async def visit():
        visitor = Session(url)
        first = await visitor.open()
        answer = await moved(visitor, 50_000)
        await visitor.close()
        return first.headline, answer, visitor.problems

    first, answer, problems = asyncio.run(visit())

    assert first == headline(scenario(200_000))
    assert answer.run.headline == headline(scenario(50_000))
    assert 0 < answer.headline <= answer.finished
    assert problems == []


def test_a_link_opens_its_scenario_and_what_is_moved_there_is_in_the_next_link(url):
    async def visit():
        visitor = Session(f"{url}/?s={link.encoded(scenario(90_000))}")
        first = await visitor.open()
        await moved(visitor, 50_000)
        address = visitor.data(visitor.lever("crossover_address"))["query"]
        await visitor.close()
        again = Session(f"{url}/?{address}")
        second = await again.open()
        await again.close()
        return first.headline, second.headline

    assert asyncio.run(visit()) == (headline(scenario(90_000)), headline(scenario(50_000)))


def test_a_lever_is_moved_on_another_page_and_stays_there(url):
    async def visit():
        visitor = Session(f"{url}/decide")
        first = await visitor.open()
        second = await moved(visitor, 2_000_000)
        await visitor.close()
        return first.headline, second.run.headline, visitor.problems

    first, second, problems = asyncio.run(visit())

    assert "fits" in first
    assert "fits" in second
    assert problems == []


def test_visitors_who_move_at_the_same_moment_each_get_their_own_answer(url):
    values = [20_000.0, 50_000.0, 100_000.0, 400_000.0, 1_000_000.0]

    async def visit():
        visitors = [Session(url) for _ in values]
        for visitor in visitors:
            await visitor.open()
        found = []
        for turned in (values, values[::-1]):
            pairs = zip(visitors, turned, strict=True)
            found.append(await asyncio.gather(*(moved(visitor, value) for visitor, value in pairs)))
        for visitor in visitors:
            await visitor.close()
        return [[answer.run.headline for answer in answers] for answers in found]

    own = [headline(scenario(value)) for value in values]
    assert asyncio.run(visit()) == [own, own[::-1]]


def test_a_flood_of_values_is_answered_with_the_last_one(url):
    values = [*range(10_000, 410_000, 10_000), 50_000]

    async def visit():
        visitor = Session(url)
        await visitor.open()
        id_, before = visitor.lever(LEVER), visitor.complete + visitor.cut_short
        for value in values[:-1]:
            visitor.states.setdefault(id_, {})["value"] = value
            await visitor.rerun()
        answer = await moved(visitor, values[-1])
        runs = visitor.complete + visitor.cut_short - before
        await visitor.close()
        return answer.run.headline, runs, visitor.problems

    said, runs, problems = asyncio.run(visit())

    assert said == headline(scenario(50_000))
    assert 1 <= runs <= len(values) / 2
    assert problems == []


def test_a_file_is_made_for_who_asks_for_it(url):
    async def visit():
        visitor = Session(f"{url}/report")
        await visitor.open()
        address = await visitor.download("take csv")
        await visitor.close()
        return address

    assert asyncio.run(visit()).startswith("/media/")


def test_a_connection_to_nobody_is_said_to_be_gone():
    with pytest.raises(Gone, match=r"ws://127\.0\.0\.1:9/"):
        asyncio.run(Session("http://127.0.0.1:9").open(seconds=5))


def test_a_crowd_moves_once_in_each_beat_and_is_answered(url):
    async def visit():
        crowd = Crowd(url, LEVER, [100_000, 150_000, 200_000])
        await crowd.become(2)
        seen = await crowd.drive(2.0, 0.5)
        await crowd.leave()
        return seen, crowd.opened

    seen, opened = asyncio.run(visit())

    assert (seen.sessions, opened) == (2, 2)
    assert len(seen.finished) == len(seen.headline) >= 2
    assert (seen.unanswered, seen.gone, seen.problems) == (0, 0, [])


@pytest.mark.parametrize(("unanswered", "p95"), [(0, 0.19), (1, 0.20), (2, math.inf)])
def test_a_move_without_an_answer_counts_as_one_that_took_for_ever(unanswered, p95):
    seen = Drive(1, 1.0, finished=[number / 100 for number in range(1, 21 - unanswered + (unanswered == 1))])
    seen.unanswered = unanswered

    assert seen.p95 == p95


def test_nobody_moved_is_no_answer_at_all():
    assert Drive(0, 1.0).p50 == math.inf


class Pretended:
    """A crowd whose answers take 100 ms up to so many sessions, and a second beyond."""

    def __init__(self, holds):
        self.holds, self.visitors, self.asked = holds, [], []

    async def become(self, sessions):
        self.visitors = [None] * sessions

    async def drive(self, seconds, every):
        self.asked.append(len(self.visitors))
        return Drive(len(self.visitors), seconds, finished=[0.1 if len(self.visitors) <= self.holds else 1.0] * 20)


@pytest.mark.parametrize("holds", [1, 4, 7, 60])
def test_a_ladder_finds_what_is_held_to_within_a_rung(holds):
    worked = iter(range(10_000))
    crowd = Pretended(holds)
    ladder = Ladder("pretended", lambda: next(worked) * 0.5, crowd, Counts())  # 25 ms for each of 20 answers

    async def climb():
        await ladder.begin()
        while not ladder.done:
            await ladder.climb(1.0)

    asyncio.run(climb())

    assert holds / 1.15 - 1 <= ladder.held <= holds


def test_a_server_that_does_not_even_hold_one_session_holds_none():
    worked = iter(range(10_000))
    ladder = Ladder("pretended", lambda: next(worked) * 0.5, Pretended(0), Counts())

    async def climb():
        await ladder.begin()
        while not ladder.done:
            await ladder.climb(1.0)

    asyncio.run(climb())

    assert ladder.held == 0


def test_counts_say_everything_that_was_done_in_a_line():
    counts = Counts(sessions=3)
    counts.add(Drive(3, 1.0, finished=[0.1, 0.2], unanswered=1, gone=1, problems=["boom"]))

    assert counts.words() == (
        "3 sessions, 3 moves of a lever, 1 without an answer in time, 1 connections lost, 1 errors on a page\n  boom"
    )
