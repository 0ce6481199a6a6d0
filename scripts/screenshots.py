"""Write a picture of every page at two widths, and of the Overview in the dark, to docs/screenshots/.

python -m scripts.screenshots

It serves the dashboard itself while it runs. Names are `<page>-<width>-<theme>.png`; pictures whose page is gone are
removed, so that the folder shows what there is.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pages.ui.layout import NAVIGATION
from scripts.browser import find
from scripts.serving import ARGS, ROOT, served, settled

FOLDER = ROOT / "docs/screenshots"
HELPERS = ("pages/token_lab.py",)
"""Pages that no page link of the head leads to."""
WIDTHS = (1440, 390)
MOST_PX = 2400
"""Height at which a long page is cut."""
COLOURS = 192
DRAWN = """() => {
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    const parts = [...document.querySelectorAll('.st-key-report_preview *')];
    const sheets = parts.map((part) => part.shadowRoot?.querySelector('iframe')).filter(Boolean);
    return document.querySelector('.st-key-hero h1')
        && sheets.every((sheet) => sheet.contentDocument?.body?.children.length)
        && charts.every((chart) => chart.querySelector('svg, canvas')?.getBoundingClientRect().height > 40);
}"""
HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"


@dataclass(frozen=True)
class Shot:
    """A page in one width and theme."""

    file: str
    width: int
    theme: str

    @property
    def name(self) -> str:
        """Name of the picture."""
        page = "overview" if self.file == "app.py" else Path(self.file).stem.replace("_", "-")
        return f"{page}-{self.width}-{self.theme}.png"


def files() -> list[str]:
    """Every page, in the order of the page links."""
    linked = [file for _, pages in NAVIGATION for _, file in pages]
    return [*linked, *(each for each in HELPERS if (ROOT / each).exists())]


def address(file: str) -> str:
    """Address of a page below the server's."""
    return "/" if file == "app.py" else f"/{Path(file).stem}"


def shots() -> Iterator[Shot]:
    """Every picture."""
    for file in files():
        for width in WIDTHS:
            yield Shot(file, width, "light")
            if file == "app.py":
                yield Shot(file, width, "dark")


def take(browser: Browser, url: str, shot: Shot) -> bytes:
    """The page as a PNG, as tall as it is up to MOST_PX."""
    theme = "dark" if shot.theme == "dark" else "light"
    page = browser.new_page(viewport={"width": shot.width, "height": 900}, color_scheme=theme)
    try:
        page.goto(f"{url}{address(shot.file)}")
        settled(page, 60_000)
        page.wait_for_function(DRAWN, timeout=60_000)
        page.set_viewport_size({"width": shot.width, "height": max(900, min(page.evaluate(HEIGHT), MOST_PX))})
        page.evaluate("() => document.fonts.ready")
        page.wait_for_function(DRAWN)
        return page.screenshot(animations="disabled", caret="hide")
    finally:
        page.close()


def smaller(png: bytes) -> bytes:
    """The same picture with few colours: flat areas and text need no more."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Write all pictures; 1 when there is no browser."""
    path = find()
    if path is None:
        print("no Chromium or Chrome found; scripts/browser.py sets one up", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = list(shots())
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "log.txt") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGS)
        for shot in wanted:
            content = smaller(take(browser, url, shot))
            (FOLDER / shot.name).write_bytes(content)
            print(f"{shot.name} {len(content) / 1000:.0f} kB")
        browser.close()
    for old in FOLDER.glob("*.png"):
        if old.name not in {shot.name for shot in wanted}:
            old.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
