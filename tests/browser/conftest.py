"""A real server and a real browser. A test asks for `server` (its address) and `page` or `phone`:

def test_the_overview_names_a_winner(server, page, settled):
    page.goto(server)
    settled(page)
    ...

Afterwards a page fails its test if it asked another machine for anything, if a script on it raised, or if it
wrote an error to the console. `@pytest.mark.console_noise("why")` lifts the last of the three.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from costmodel import link
from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book
from report import text
from report.palette import ARCHITECTURES
from scripts.browser import NOTE, find
from scripts.serving import ARGS, HOST, listening, served, settled, written

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PICTURES = ROOT / "test-results"

# Console errors that Streamlit causes and nobody can see. Extend with a reason each.
HARMLESS: tuple[re.Pattern[str], ...] = (
    # Opened at /prices or the like, Streamlit's client looks for its server below that address first, then at the root.
    re.compile(
        r"^Failed to load resource: the server responded with a status of 404 \(Not Found\) "
        r"\(http://127\.0\.0\.1:\d+/(\w+)/_stcore/(health|host-config)\)$"
    ),
)


@pytest.fixture(name="settled", scope="session")
def settled_fixture() -> Callable[..., Page]:
    return settled


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests and run them last: where Playwright has started, asyncio.run is refused."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Leave the outcome on the test, so that its page knows whether to keep a picture."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the dashboard, served for this test run alone; its log must stay free of tracebacks."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with served(log) as url:
        yield url
    if "Traceback" in written(log):
        pytest.fail(f"the server's log has a traceback:\n{written(log)}", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium or Chrome without a screen, as found by scripts/browser.py."""
    noted = NOTE.read_text(encoding="utf-8").strip() if NOTE.exists() else ""
    path = noted if noted and Path(noted).exists() else find()
    if path is None:
        pytest.fail("no Chromium or Chrome found; scripts/browser.py sets one up", pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh window of 1440 x 900, with nothing remembered."""
    with watched(browser, request, viewport={"width": 1440, "height": 900}) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh telephone of 390 x 844 with a finger instead of a mouse."""
    size = {"width": 390, "height": 844}
    with watched(browser, request, viewport=size, has_touch=True, is_mobile=True) as opened:
        yield opened


@pytest.fixture
def stranger(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The window of somebody else, to whom a link was sent."""
    with watched(browser, request, viewport={"width": 1440, "height": 900}) as opened:
        yield opened


@dataclass(frozen=True)
class Answer:
    """What the Overview says: its headline, the total on each card, and the labels at the ends of the lines."""

    headline: str
    cards: dict[str, str]
    ends: tuple[str, ...]


READ_OFF = """() => {
    const all = (root, selector) => [...root.querySelectorAll(selector)].map((element) => element.textContent);
    const names = all(document, "article.card :is(h2, h3)"), totals = all(document, "article.card .total");
    const chart = document.querySelector("[data-testid=stVegaLiteChart]");
    const words = chart ? all(chart, "svg text").filter((word) => names.some((name) => word.startsWith(name))) : [];
    const headline = document.querySelector(".st-key-hero h1")?.textContent.trim() ?? "";
    return { headline, cards: names.map((name, number) => [name, totals[number]]), ends: [...new Set(words)].sort() };
}"""


def read_off(page: Page) -> Answer:
    """The answer on the Overview at this moment."""
    seen = page.evaluate(READ_OFF)
    return Answer(seen["headline"], dict(seen["cards"]), tuple(seen["ends"]))


@pytest.fixture(scope="session")
def answer() -> Callable[[Page], Answer]:
    """Reads the answer off the Overview."""
    return read_off


@pytest.fixture(scope="session")
def arriving() -> Callable[..., Answer]:
    """What the Overview says once values that are still on their way have arrived: `wanted`, or what it stays at."""

    def wait(page: Page, wanted: Answer, timeout_ms: float = 10_000) -> Answer:
        arrived = f"wanted => JSON.stringify(({READ_OFF})()) === wanted"
        content = {"headline": wanted.headline, "cards": list(wanted.cards.items()), "ends": sorted(wanted.ends)}
        with suppress(PlaywrightTimeout):
            words = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            page.wait_for_function(arrived, arg=words, timeout=timeout_ms)
        return read_off(settled(page, max(timeout_ms, 30_000)))

    return wait


@pytest.fixture(scope="session")
def expected() -> Callable[..., Answer]:
    """The answer that the cost model gives for a scenario, in the words of the Overview."""

    def worked_out(scenario: Scenario, present: bool = False) -> Answer:
        run = run_scenario(scenario, load_book())
        money = text.money_of(run)
        totals = {ARCHITECTURES[key].name: money(usd) for key, usd in text.totals(run, present).items()}
        ends = tuple(sorted(f"{name} {total}" for name, total in totals.items()))
        return Answer(text.plain(text.verdict(run, present).headline), totals, ends)

    return worked_out


@pytest.fixture(scope="session")
def scenario_with() -> Callable[..., Scenario]:
    """The default preset with other values."""

    def made(values: Mapping[str, Any]) -> Scenario:
        return changed(resolved(PRESETS[DEFAULT_PRESET].scenario, date.today()), values)

    return made


@pytest.fixture(scope="session")
def word_of() -> Callable[..., str]:
    """The word of a link."""
    return link.encoded


@contextmanager
def watched(browser: Browser, request: pytest.FixtureRequest, **options: Any) -> Iterator[Page]:
    """A page in a context of its own, and afterwards the complaints about it."""
    outside: list[str] = []
    raised: list[str] = []
    console: list[str] = []

    def note_address(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname != HOST:
            outside.append(url)

    def note_message(message: ConsoleMessage) -> None:
        said = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not any(known.search(said) for known in HARMLESS):
            console.append(said)

    context = listening(browser.new_context(**options))
    context.on("request", lambda asked: note_address(asked.url))
    context.on("weberror", lambda error: raised.append(str(error.error)))
    context.on("console", note_message)
    context.on("page", lambda opened: opened.on("websocket", lambda ws: note_address(ws.url)))
    page = context.new_page()
    try:
        yield page
    finally:
        if request.node.stash.get(FAILED, False) and not page.is_closed():
            PICTURES.mkdir(exist_ok=True)
            name = re.sub(r"[^\w.-]+", "_", request.node.name)
            page.screenshot(path=PICTURES / f"{name}.png")
        context.close()

    complaints = [f"asked another machine: {url}" for url in outside]
    complaints += [f"a script raised: {error}" for error in raised]
    if request.node.get_closest_marker("console_noise") is None:
        complaints += [f"error in the console: {text}" for text in console]
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)
