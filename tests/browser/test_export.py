"""The Export button of a chart: the files that it saves hold what is on screen, in its colours."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from costmodel import link
from costmodel.changes import changed
from costmodel.other import Other, packed
from pages.ui.linked import linked, wanted
from report import gallery
from tests.browser.sites import another_site

PAGES = [
    ("", "lines", "cumulative"),
    ("breakdown", "waterfall", "waterfall"),
    ("crossovers", "map", "map"),
    ("sensitivity", "tornado", "tornado"),
    ("uncertainty", "fans", "fan"),
    ("compare", "curves", "compare"),
]


@pytest.fixture
def word(scenario_with) -> str:
    """The word of a link to the default preset, beside another one."""
    scenario = scenario_with({})
    other = Other(changed(scenario, {"workload.queries_per_month": 20_000.0, "name": "The other"}))
    return link.encoded(scenario, None, None, packed(other, scenario))


def open_export(page: Page, settled, section: str) -> None:
    page.locator(f".st-key-section_{section}").get_by_role("button", name="Export", exact=True).click()
    settled(page)


def saved(page: Page, label: str) -> bytes:
    with page.expect_download() as download:
        page.locator("[class*=st-key-export_inside]").get_by_role("button", name=label, exact=True).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize(("place", "section", "name"), PAGES)
def test_the_files_of_a_chart_hold_what_is_on_screen(server, page, settled, word, place, section, name):
    page.goto(f"{server}/{place}?s={word}")
    settled(page)
    open_export(page, settled, section)
    finding = page.locator(f".finding_{section} h2").inner_text()
    png = Image.open(io.BytesIO(saved(page, "PNG")))
    sharp = Image.open(io.BytesIO(saved(page, "PNG 2×")))
    drawing = " ".join("".join(each.itertext()) for each in ElementTree.fromstring(saved(page, "SVG")).iter())
    numbers = pd.read_csv(io.StringIO(saved(page, "CSV").decode("utf-8-sig")), comment="#")
    shown = linked(word, date.today())
    expected = gallery.picture(name, shown.run, wanted(name, shown))

    assert (png.format, sharp.width) == ("PNG", 2 * png.width)
    assert png.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert all(word in drawing for word in finding.replace("\N{WORD JOINER}", "").split())
    assert shown.run.scenario.name.split()[0] in drawing
    for column in expected.data.table.select_dtypes("number"):
        assert list(numbers[column]) == pytest.approx(list(expected.data.table[column]), nan_ok=True)


def test_on_a_dark_page_files_are_dark_unless_light_is_chosen(server, page, settled):
    page.emulate_media(color_scheme="dark")
    page.goto(server)
    settled(page)
    open_export(page, settled, "lines")
    dark = Image.open(io.BytesIO(saved(page, "PNG"))).convert("RGB").getpixel((2, 2))
    page.get_by_role("radio", name="Light", exact=True).click()
    settled(page)
    light = Image.open(io.BytesIO(saved(page, "PNG"))).convert("RGB").getpixel((2, 2))

    assert (dark, light) == ((16, 19, 24), (255, 255, 255))


def test_a_saved_page_draws_itself_and_asks_nobody(server, page, stranger, settled):
    page.goto(server)
    settled(page)
    open_export(page, settled, "lines")
    file = saved(page, "HTML").decode()
    with another_site(lambda: file) as site:
        stranger.goto(site)

        expect(stranger.locator("svg, canvas").first).to_be_visible()


def test_the_dialog_gives_a_frame_of_the_chart_the_verdict_or_the_totals(server, page, settled):
    page.goto(server)
    settled(page)
    open_export(page, settled, "lines")
    page.get_by_role("button", name="Embed", exact=True).click()
    settled(page)
    dialog = page.get_by_role("dialog")
    snippet = dialog.get_by_test_id("stCode").first

    expect(snippet).to_contain_text("chart=cumulative")
    expect(dialog).to_contain_text(f"{server}, which is this computer alone")
    for choice, part in (("The verdict", "chart=verdict"), ("The totals", "chart=cards")):
        dialog.get_by_role("radio", name=choice, exact=True).click()
        expect(snippet).to_contain_text(part)


def test_the_address_of_the_picture_answers(server, page, settled):
    page.goto(server)
    settled(page)
    open_export(page, settled, "bars")
    page.get_by_role("button", name="Embed", exact=True).click()
    settled(page)
    address = page.get_by_role("dialog").get_by_test_id("stCode").nth(1).inner_text().strip()
    answer = page.request.get(address)

    assert answer.status == 200
    assert ElementTree.fromstring(answer.body()).tag == "{http://www.w3.org/2000/svg}svg"
