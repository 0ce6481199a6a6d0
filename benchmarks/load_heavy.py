"""What heavy work of others adds to the wait for a lever, and how much of it runs at the same time."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.measuring import Result
from benchmarks.protocol import Gone, Session, clock
from benchmarks.servers import OURS, served
from costmodel import link
from costmodel.changes import resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from report import uncertainty_text

LEVER = "lever workload.queries_per_month"
OTHER = "workload.output_tokens"
DRAWS = 65_536
DELAY = 0.300
"""Seconds that heavy work of others adds to the wait for a lever at most."""
EVERY = 0.5
AT_ONCE = 3
"""Visitors who ask for the same kind of heavy work at the same moment."""

PAUSE = 1.0
"""Seconds that such a visitor looks at the answer."""

Work = Callable[[], Awaitable[str]]
Begin = Callable[[AsyncExitStack, str, str], Awaitable[Work]]
"""Comes to the page with a link's word; what it returns asks for the work once more and says what came of it."""


@dataclass(frozen=True)
class Waits:
    """Seconds until a lever's answers, while nothing else and while heavy work ran; and what came of that work."""

    alone: list[float]
    beside: list[float]
    outcomes: list[str]

    @property
    def added(self) -> float:
        """The longest wait beside heavy work over the median one without [s]."""
        return max(self.beside) - statistics.median(self.alone)


async def heavy(seconds: float) -> list[Result]:
    """The wait that each kind of heavy work adds, asked for by several visitors at once and again and again."""
    found = []
    with tempfile.TemporaryDirectory() as folder, served(OURS, Path(folder, "log.txt")) as server:
        for name, begin in KINDS.items():
            waits = await beside(server.url, begin, seconds)
            outcomes = ", ".join(f"{waits.outcomes.count(each)} x {each}" for each in sorted(set(waits.outcomes)))
            print(
                f"   heavy: {name}: alone {statistics.median(waits.alone) * 1e3:.0f} ms, beside at most "
                f"{max(waits.beside) * 1e3:.0f} ms, median {statistics.median(waits.beside) * 1e3:.0f} ms; {outcomes}",
                flush=True,
            )
            said = f"Longest wait added to a lever by {AT_ONCE} visitors' {name}, ms"
            found.append(Result(said, waits.added * 1e3, DELAY * 1e3, note=outcomes))
    return found


async def beside(url: str, begin: Begin, seconds: float) -> Waits:
    """Move a lever alone for a while, then while others have work done again and again until it has been as long.

    The others have opened their pages before: opening one is no work of that kind.
    """
    mover = Session(url)
    await mover.open()
    alone = await _moves(mover, clock() + seconds)
    word = link.encoded(resolved(PRESETS[DEFAULT_PRESET].scenario, date.today()), {"draws": str(DRAWS)})
    async with AsyncExitStack() as stack:
        others = [await begin(stack, url, word) for _ in range(AT_ONCE)]
        outcomes, end = list[str](), clock() + seconds

        async def again_and_again(work: Work) -> None:
            while not outcomes or clock() < end:
                outcomes.append(await work())
                await asyncio.sleep(PAUSE)

        working = asyncio.gather(*(again_and_again(work) for work in others))
        waits = list[float]()
        while not working.done():  # work that takes longer than the measurement is measured to its end
            waits += await _moves(mover, clock() + EVERY)
        await working
    await mover.close()
    return Waits(alone, waits, outcomes)


async def _moves(visitor: Session, end: float) -> list[float]:
    id_ = visitor.lever(LEVER)
    stops, waits = visitor.data(id_)["stops"], []
    at = stops.index(visitor.data(id_)["value"])
    while clock() < end:
        start = clock()
        answer = await visitor.move(id_, stops[at + 1 + len(waits) % 9], seconds=30.0)
        if answer is None:
            raise Gone(f"{visitor.url}: no answer to a lever within 30 s")
        waits.append(answer.finished)
        await asyncio.sleep(max(0.0, start + EVERY - clock()))
    return waits


async def draws(stack: AsyncExitStack, url: str, word: str) -> Work:
    """Draws on the Uncertainty page, each time about another volume."""
    visitor = await _come(stack, f"{url}/uncertainty?s={word}")
    return lambda: _asked(visitor, "run new draws")


async def odds(stack: AsyncExitStack, url: str, word: str) -> Work:
    """Probabilities on the map of the Crossovers page, each time about another volume."""
    shown = link.encoded(link.decoded(word)[0], {"map": "chance", "across": "corpus.updates_per_month", "up": OTHER})
    visitor = await _come(stack, f"{url}/crossovers?s={shown}")
    return lambda: _asked(visitor, "odds run")


async def files(stack: AsyncExitStack, url: str, word: str) -> Work:
    """The memo, the workbook and the page of the Report page."""
    visitor = await _come(stack, f"{url}/report?s={word}")

    async def taken() -> str:
        for key in ("take docx", "take xlsx", "take html"):
            await visitor.download(key, 120.0)
        return "three files"

    return taken


async def addresses(stack: AsyncExitStack, url: str, word: str) -> Work:
    """Pictures with draws and memos at their plain addresses, each time of another scenario."""
    scenario = link.decoded(word)[0]

    async def fetched() -> str:
        named = scenario.model_copy(update={"name": f"{scenario.name} {clock()}"})
        fresh = link.encoded(named, {"draws": str(DRAWS)})
        answers = [
            await asyncio.to_thread(_fetched, f"{url}/{file}?s={fresh}") for file in ("chart/fan.png", "report.docx")
        ]
        return " and ".join(answers)

    return fetched


async def _come(stack: AsyncExitStack, address: str) -> Session:
    visitor = Session(address, keep=True)
    stack.push_async_callback(visitor.close)
    await visitor.open(120.0)
    return visitor


async def _asked(visitor: Session, button: str) -> str:
    """Move a lever, and press the button for new work if that has not begun by itself."""
    id_ = visitor.lever(LEVER)
    data = visitor.data(id_)
    value = data["stops"][(data["stops"].index(data["value"]) + 1) % len(data["stops"])]
    answer = await visitor.move(id_, value, seconds=120.0)
    if answer is None:
        return "no answer"
    run = answer.run
    if visitor.offers(button):
        await visitor.press(button)
        run = await visitor.finished(120.0)
    if visitor.problems:
        return visitor.problems[0]
    return "sent away" if any(uncertainty_text.BUSY in str(message) for message in run.kept) else "drawn"


def _fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=120.0) as answer:
            answer.read()
            return str(answer.status)
    except urllib.error.HTTPError as error:
        return str(error.code)


KINDS: dict[str, Begin] = {
    f"{DRAWS:,} draws": draws,
    "probability maps": odds,
    "exports on the Report page": files,
    "pictures and memos at plain addresses": addresses,
}
