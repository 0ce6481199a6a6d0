"""A chart that somebody saved as a page or as Vega-Lite, opened in a real browser without any network."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Page, Route, expect

from costmodel.changes import changed, resolved
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report import letters, render
from report.gallery import NAMES, Picture, Wanted, picture
from report.imprint import Imprint, imprint
from report.palette import NEUTRALS
from scripts.serving import HOST

DAY = date(2026, 11, 21)
PLACE = f"http://{HOST}:9/saved.html"
HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'> ${window.broken=3} {rag}"
CLOSE = 3.0
"""How far two drawings of the same picture may lie apart on average after a slight blur [of 255]."""


def run_of(name: str) -> Run:
    book = load_book()
    return run_scenario(changed(resolved(PRESETS["pricing-brand-voice"].scenario, DAY), {"name": name}, book), book)


def drawn(name: str, scenario: str = "Sales chat") -> tuple[Picture, Imprint]:
    run = run_of(scenario)
    wanted = Wanted(draws=8 if name == "odds_map" else 256, other=run_of(f"{scenario} of last year"))
    return picture(name, run, wanted), imprint(run, DAY, base_url="https://crossover.example")


@pytest.fixture
def opened() -> Callable[[Page, str], Page]:
    """Opens the text of a page, with everything else out of reach."""

    def open_(page: Page, content: str) -> Page:
        def answer(route: Route) -> None:
            if route.request.url == PLACE:
                route.fulfill(body=content, content_type="text/html; charset=utf-8")
            else:
                route.abort()

        page.route("**/*", answer)
        page.goto(PLACE)
        return page

    return open_


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_draws_itself_without_a_network_and_without_an_error(page, opened, name):
    found, stamp = drawn(name)
    opened(page, render.html(found, stamp))

    expect(page.locator("[data-chart] svg, [data-chart] canvas")).to_have_count(len(found.panels))
    expect(page.locator("h1")).to_have_text(found.finding)
    expect(page.locator("footer")).to_contain_text("Sales chat")
    assert page.evaluate("[...document.fonts].every((face) => face.status === 'loaded')")


def test_the_pointer_brings_up_the_numbers_of_a_month(page, opened):
    opened(page, render.html(*drawn("cumulative")))
    chart = page.locator("[data-chart] svg")
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    expect(page.locator("#vg-tooltip-element")).to_contain_text("Fine-tuning")


def test_a_name_that_is_a_script_runs_nowhere_and_is_there_to_read(page, opened):
    opened(page, render.html(*drawn("compare", HOSTILE)))
    expect(page.locator("[data-chart] svg")).to_be_visible()

    assert page.evaluate("window.broken") is None
    assert page.locator("img").count() == 0
    expect(page.locator("footer")).to_contain_text("</script><script>window.broken")


def test_an_svg_inside_a_page_runs_nothing_either(page, opened):
    opened(page, f"<!doctype html><title>x</title>{render.svg(*drawn('compare', HOSTILE))}")

    expect(page.locator("svg")).to_be_visible()
    assert page.evaluate("window.broken") is None


def test_a_dark_page_is_dark_and_a_narrow_one_does_not_scroll_sideways(phone, opened):
    opened(phone, render.html(*drawn("fan"), dark=True))
    expect(phone.locator("[data-chart] svg").first).to_be_visible()

    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    red, green, blue = bytes.fromhex(NEUTRALS["paper"][1][1:])
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("name", ["cumulative", "components", "waterfall", "map", "tornado", "fan", "compare"])
def test_a_browser_draws_the_vega_lite_document_as_the_picture_is(page, opened, name):
    found, stamp = drawn(name)
    spec = json.dumps(json.loads(render.vega(found, stamp))).replace("<", "\\u003c")
    opened(
        page,
        f"<!doctype html><title>x</title><style>{letters.faces()} body {{ margin: 0 }}</style><div id=place></div>"
        f"<script>{render.engine()}; Promise.all([...document.fonts].map((face) => face.load())).then(() =>"
        f"drawChart('#place', {spec}, {{ actions: false, renderer: 'canvas', scaleFactor: 1 }}))</script>",
    )
    expect(page.locator("#place canvas")).to_be_visible()
    shown = Image.open(io.BytesIO(page.locator("#place canvas").screenshot())).convert("RGB")
    made = Image.open(io.BytesIO(render.png(found, stamp, scale=1))).convert("RGB")
    apart = ImageChops.difference(*(each.filter(ImageFilter.BoxBlur(2)) for each in (shown, made)))

    assert shown.size == made.size
    assert max(ImageStat.Stat(apart).mean) < CLOSE
