"""Slider to pixels: how long a real browser takes from a key press on a lever to the changed page, against a bare page.

Painted: counted from the key's own time stamp, a frame has been handed to the screen in which the headline and every
chart of the page say what the new value comes to. Where neither has anything new to say, as on a page without charts
whose headline rounds to the same words, it is the frame with the last thing of the run, which is the link in the
address bar. Pages take turns, one key press each, so that they share whatever else the machine does.
"""

from __future__ import annotations

import argparse
import itertools
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import servers, tracks_share
from benchmarks.bare import capture
from benchmarks.measuring import Result, table
from pages.ui.layout import NAVIGATION
from report.compare_text import PIN
from scripts.browser import find
from scripts.serving import ARGS, settled

LABEL, OVERVIEW = "Queries per month", "app.py"
OTHERS = (*(page for _, group in NAVIGATION for page in group if page[1] != OVERVIEW), ("Token lab", "token_lab.py"))
"""Name and file of every other page with levers."""
ROUNDS, OTHER_ROUNDS, WARM_UP = 30, 10, 4
DRAG_SECONDS, DRAGS, MOVES_PER_SECOND = 3.0, 3, 60
THUMB_PX = 18
"""Width of the lever's thumb: its middle keeps half of it from both ends of the rail."""
OVERVIEW_MEDIAN, OVERVIEW_P95, OTHER, BARE_MEDIAN, DRAG = 1.25, 1.5, 2.0, 2.0, 0.7
"""What is aimed at: times the bare page thrice, times that without charts, and verdicts per verdict of a bare page."""

WATCH = """() => {
    const headline = () => document.querySelector("h1")?.textContent;
    const pen = CanvasRenderingContext2D.prototype, clear = pen.clearRect;
    const drawn = new Set(), charts = new Map(), channel = new MessageChannel();
    const seen = { headline: false, redrawn: [], painted: null, ended: null };
    const address = location.search;
    let words = headline(), pressed = null, watching = true;
    const observe = () => {
        for (const chart of document.querySelectorAll('[data-testid="stVegaLiteChart"]')) {
            if (charts.has(chart)) continue;
            const observer = new MutationObserver(() => drawn.add(chart));
            observer.observe(chart, { subtree: true, childList: true, attributes: true, characterData: true });
            charts.set(chart, observer);
        }
    };
    pen.clearRect = function (...box) {  // a canvas tells no observer that it is drawn anew
        const chart = this.canvas.closest?.('[data-testid="stVegaLiteChart"]');
        if (chart) drawn.add(chart);
        return clear.apply(this, box);
    };
    channel.port1.onmessage = ({ data }) => { seen[data] = performance.now() - pressed; };
    const look = () => {
        observe();
        if (headline() !== words || drawn.size > 0) {
            if (headline() !== words) seen.headline = true;
            words = headline();
            seen.redrawn = [...new Set([...seen.redrawn, ...drawn])];
            drawn.clear();
            channel.port2.postMessage("painted");
        }
        if (seen.ended === null && location.search !== address) channel.port2.postMessage("ended");
        if (watching) requestAnimationFrame(look);
    };
    observe();
    addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { capture: true, once: true });
    requestAnimationFrame(look);
    window.crossoverWatch = {
        ended: () => seen.ended !== null,
        stop: () => {
            watching = false;
            pen.clearRect = clear;
            for (const observer of charts.values()) observer.disconnect();
            return { ...seen, charts: charts.size, redrawn: seen.redrawn.length };
        },
    };
}"""
"""Look at each frame, before it is drawn, what has come; a message is delivered after that frame."""

COUNT = """() => {
    const headline = () => document.querySelector("h1")?.textContent;
    const count = window.crossoverCount = { verdicts: 0, on: true };
    let last = headline();
    const look = () => {
        if (headline() !== last) { last = headline(); count.verdicts += 1; }
        if (count.on) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""

SHOWN = """() => [...document.querySelectorAll('h1, [data-testid="stVegaLiteChart"] svg text')]
    .map((words) => words.textContent)"""


class CannotMeasure(RuntimeError):
    """What was seen is not what is to be measured."""


@dataclass(frozen=True)
class Seen:
    """What a key press brought: times in milliseconds after it, and what was new."""

    headline: bool
    redrawn: int
    charts: int
    painted: float | None
    ended: float

    @property
    def taken(self) -> float:
        """Until the headline and the charts were painted; without them until the end of the run [ms]."""
        return self.ended if self.painted is None else self.painted


@dataclass
class Times:
    """Milliseconds from key press to painted, one for each press."""

    taken: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one [ms]."""
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        """95 of 100 are faster [ms]."""
        if len(self.taken) < 2:
            return self.taken[0]
        return statistics.quantiles(self.taken, n=20, method="inclusive")[-1]

    def __str__(self) -> str:
        return f"{self.median:.0f} ms (p95 {self.p95:.0f})"


class Watched:
    """A page whose lever walks over the positions of a capture.

    `charts`: how many have to be drawn anew, after each press that changes the headline; None: as many as there are.
    """

    def __init__(self, page: Page, captured: capture.Capture, charts: int | None = None) -> None:
        self.page, self.captured, self.charts = page, captured, charts
        self.times = Times()
        self.at, self.step = captured.middle, 1
        self.lever = page.get_by_role("slider", name=LABEL, exact=True)

    @property
    def headline(self) -> str:
        """What the page says."""
        return self.page.locator("h1").inner_text()

    @property
    def shown(self) -> list[str]:
        """The headline and every word in the charts."""
        found: list[str] = self.page.evaluate(SHOWN)
        return found

    def says_what_it_stands_at(self) -> bool:
        """Whether the thumb is where it was let go, and the headline is the one of that stop."""
        position = int(self.lever.input_value()) - self.captured.first
        return position == self.at and self.headline == spoken(self.captured.headlines[position])

    def press(self) -> Seen:
        """One key press on the lever, and what came of it until the page was at rest."""
        self.at, self.step = walked(self.at, self.step, len(self.captured.headlines))
        self.lever.focus()
        self.page.evaluate(WATCH)
        self.page.keyboard.press("ArrowRight" if self.step > 0 else "ArrowLeft")
        self.page.wait_for_function("() => crossoverWatch.ended()", timeout=30_000)
        settled(self.page)
        return Seen(**self.page.evaluate("crossoverWatch.stop()"))

    def timed(self) -> None:
        """One timed press; where charts are asked for, the first one that changes the headline. CannotMeasure."""
        seen = self.press()
        while self.charts is not None and not seen.headline:
            seen = self.press()
        if self.charts is not None and (seen.redrawn, seen.charts) != (self.charts, self.charts):
            raise CannotMeasure(f"{seen.redrawn} of {seen.charts} charts were drawn anew, not {self.charts}")
        self.times.taken.append(seen.taken)

    def drag(self, seconds: float = DRAG_SECONDS) -> int:
        """Drag the lever to and fro over the capture for a while; returns how many new verdicts could be read."""
        thumb = self._rail()
        self.page.mouse.move(*thumb(self.at))
        self.page.evaluate(COUNT)
        self.page.mouse.down()
        start = time.perf_counter()
        for move in itertools.count(1):
            if (now := time.perf_counter() - start) >= seconds:
                break
            time.sleep(max(0.0, move / MOVES_PER_SECOND - now))
            self.at, self.step = walked(self.at, self.step, len(self.captured.headlines))
            self.page.mouse.move(*thumb(self.at))
        verdicts = int(self.page.evaluate("crossoverCount.verdicts"))
        self.page.mouse.up()
        settled(self.page)
        self.page.evaluate("() => { crossoverCount.on = false }")
        return verdicts

    def _rail(self) -> Callable[[int], tuple[float, float]]:
        """Where on the screen the thumb stands at a position of the capture."""
        box = self.lever.bounding_box()
        if box is None:
            raise CannotMeasure("the lever is not on the page")
        left, width, middle = box["x"] + THUMB_PX / 2, box["width"] - THUMB_PX, box["y"] + box["height"] / 2
        return lambda position: (left + width * (self.captured.first + position) / (self.captured.stops - 1), middle)


def spoken(markdown: str) -> str:
    """A headline without its marks: :blue[RAG] costs \\$2 is RAG costs $2."""
    return re.sub(r"\\(.)", r"\1", re.sub(r":\w+\[(.*?)\]", r"\1", markdown))


def walked(at: int, step: int, positions: int) -> tuple[int, int]:
    """The next of so many positions, and the direction of the walk, which turns at both ends."""
    step = step if 0 <= at + step < positions else -step
    return at + step, step


@dataclass(frozen=True)
class Pages:
    """A browser, the two servers, and what the lever's positions look like."""

    browser: Browser
    ours: str
    bare: str
    captured: capture.Capture

    @contextmanager
    def opened(self, url: str, charts: int | None = None, warm_up: int = WARM_UP) -> Iterator[Watched]:
        """A page in a window of its own, warm: a few keys have been pressed on it."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(url)
        found = Watched(settled(page), self.captured, charts)
        pin = page.get_by_role("button", name=PIN, exact=True)
        if pin.count():  # with nothing to compare with, that page has nothing to draw
            pin.click()
            settled(page)
        for _ in range(warm_up):
            found.press()
        yield found
        context.close()


@contextmanager
def pages(browser: Browser, positions: int = capture.POSITIONS) -> Iterator[Pages]:
    """Both servers, for as long as the block runs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        captured = capture.Capture.read(capture.capture(folder / "captured.json", positions))
        environment = {capture.VARIABLE: str(folder / "captured.json")}
        ours = stack.enter_context(servers.served(servers.OURS, folder / "ours.txt"))
        bare = stack.enter_context(servers.served(servers.BARE, folder / "bare.txt", environment=environment))
        yield Pages(browser, ours.url, bare.url, captured)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a screen, for as long as the block runs. CannotMeasure."""
    path = find()
    if path is None:
        raise CannotMeasure("no Chromium or Chrome found; python scripts/browser.py sets one up")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGS)
        yield browser
        browser.close()


def overview(with_: Pages, rounds: int = ROUNDS, warm_up: int = WARM_UP) -> list[Result]:
    """Key presses on the Overview, on the bare page and on the bare page without charts, by turns. CannotMeasure."""
    with (
        with_.opened(with_.ours, with_.captured.charts, warm_up) as ours,
        with_.opened(with_.bare, with_.captured.charts, warm_up) as bare,
        with_.opened(f"{with_.bare}/?charts=no", 0, warm_up) as without,
    ):
        for _ in range(rounds):
            for each in (ours, bare, without):
                each.timed()
            if ours.shown != bare.shown or ours.headline != without.headline:
                raise CannotMeasure(f"the pages say different things: {ours.shown}, {bare.shown}, {without.headline}")
    a, b, c = ours.times, bare.times, without.times
    note = f"{a} over {b}; without charts {c}"
    return [
        Result(
            "Key press to painted: Overview over bare page, median", a.median / b.median, OVERVIEW_MEDIAN, note=note
        ),
        Result("Key press to painted: Overview over bare page, p95", a.p95 / b.p95, OVERVIEW_P95, note=note),
        Result("That bare page over one without charts, median", b.median / c.median, BARE_MEDIAN, note=note),
    ]


def others(
    with_: Pages, rounds: int = OTHER_ROUNDS, named: Sequence[tuple[str, str]] = OTHERS, warm_up: int = WARM_UP
) -> list[Result]:
    """Key presses on each other page and on the bare page, by turns."""
    found = []
    with with_.opened(with_.bare, with_.captured.charts, warm_up) as bare:
        for name, file in named:
            bare.times = Times()
            with with_.opened(f"{with_.ours}/{Path(file).stem}", warm_up=warm_up) as page:
                for _ in range(rounds):
                    page.timed()
                    bare.timed()
            value = page.times.median / bare.times.median
            note = f"{page.times} over {bare.times}"
            found.append(Result(f"Key press to painted: {name} over bare page, median", value, OTHER, note=note))
    return found


def drags(with_: Pages, times: int = DRAGS, seconds: float = DRAG_SECONDS, warm_up: int = WARM_UP) -> list[Result]:
    """Drags on the Overview and on the bare page, by turns."""
    ours_seen, bare_seen, ends = [], [], []
    with with_.opened(with_.ours, warm_up=warm_up) as ours, with_.opened(with_.bare, warm_up=warm_up) as bare:
        for _ in range(times):
            ours_seen.append(ours.drag(seconds))
            bare_seen.append(bare.drag(seconds))
            ends += [ours.says_what_it_stands_at(), bare.says_what_it_stands_at()]
    note = f"{ours_seen} over {bare_seen} in {seconds:g} s each"
    return [
        Result(
            "New verdicts during a drag: Overview over bare page", sum(ours_seen) / sum(bare_seen), DRAG, False, note
        ),
        Result("Drags that end on the last value, share", sum(ends) / len(ends), 1.0, False),
    ]


def results() -> list[Result]:
    """Everything that a browser shows, and what the coloured tracks take of a rerun."""
    with chromium() as browser, pages(browser) as opened:
        found = [*overview(opened), *others(opened), *drags(opened)]
    return [*found, *tracks_share.results()]


def main(arguments: list[str] | None = None) -> None:
    """Measure what is named, or all of it, and print it as a table."""
    parts: dict[str, Any] = {"overview": overview, "pages": others, "drag": drags}
    parser = argparse.ArgumentParser(prog="benchmarks.latency", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", nargs="?", choices=[*parts, "tracks", "all"], default="all")
    part = parser.parse_args(arguments).part
    if part == "all":
        found = results()
    elif part == "tracks":
        found = tracks_share.results()
    else:
        with chromium() as browser, pages(browser) as opened:
            found = parts[part](opened)
    print(table(found))


if __name__ == "__main__":
    main()
