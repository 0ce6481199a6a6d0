"""A chart in a frame of another page: nothing else on it, no scrolling, and only where the server allows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from costmodel.results import run_scenario
from pages.ui.served import FRAME_ANCESTORS_VARIABLE
from pricing.catalog import load_book
from report import embed, gallery
from scripts.serving import served
from tests.browser.sites import another_site

# Element -> whether it takes more room than there is.
OVERFLOWS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")].map(
    (each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1)"""


@pytest.fixture
def word(scenario_with, word_of) -> str:
    """The word of a link to the default preset."""
    return word_of(scenario_with({}))


@pytest.mark.parametrize("name", ["cumulative", "months", "map", "tornado", "fan", "break_even", "verdict", "cards"])
def test_a_frame_of_the_suggested_size_holds_it_all_and_nothing_else(server, page, settled, scenario_with, word, name):
    height = embed.part_height(name, 3)
    if name in gallery.NAMES:
        drawn = gallery.picture(name, run_scenario(scenario_with({}), load_book()))
        height = embed.frame_height([panel.height for panel in drawn.panels], heads=bool(drawn.heads))
    page.set_viewport_size({"width": embed.FRAME_WIDTH, "height": height})
    page.goto(embed.frame_address(server, f"s={word}", name))
    settled(page)
    foot = page.locator(".st-key-embed_foot")
    expect(foot.get_by_role("link", name=embed.OPEN)).to_have_attribute("href", f"{server}/?s={word}")

    assert page.evaluate(OVERFLOWS) == [False, False]
    expect(foot).to_be_in_viewport(ratio=1)
    for other in ("stSidebar", "stPageLink", "stToolbar", "stStatusWidget"):
        expect(page.get_by_test_id(other).locator("visible=true")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("name", ["cumulative", "fan", "cards"])
def test_it_fits_narrow_and_wide_frames(server, page, settled, word, name, width):
    page.set_viewport_size({"width": width, "height": 1400})
    page.goto(embed.frame_address(server, f"s={word}", name))
    settled(page)

    assert page.evaluate(OVERFLOWS) == [False, False]


@pytest.mark.parametrize(
    ("dark", "scheme", "paper"),
    [
        (True, "light", "rgb(16, 19, 24)"),
        (False, "dark", "rgb(255, 255, 255)"),
        (None, "dark", "rgb(16, 19, 24)"),
        (None, "light", "rgb(255, 255, 255)"),
    ],
)
def test_it_is_light_or_dark_as_the_address_says_else_as_its_viewer(server, page, settled, word, dark, scheme, paper):
    page.emulate_media(color_scheme=scheme)
    page.goto(embed.frame_address(server, f"s={word}", "cumulative", dark=dark))
    settled(page)

    expect(page.locator(".stApp")).to_have_css("background-color", paper)


@pytest.mark.console_noise("the browser says that the frame was refused")
def test_another_site_may_not_frame_it_unless_the_server_allows_that(server, page, word):
    snippet = embed.frame_snippet(embed.frame_address(server, f"s={word}", "cumulative"), "A chart", 540)
    with another_site(lambda: f"<!doctype html><title>Elsewhere</title>{snippet}") as site:
        page.goto(site)
        page.wait_for_load_state("networkidle")

        assert page.frame_locator("iframe").locator(".st-key-embed").count() == 0


def test_a_site_that_the_server_names_frames_it(page, word, monkeypatch, tmp_path):
    address = ""

    def html() -> str:
        return f"<!doctype html><title>Wiki</title>{embed.frame_snippet(address, 'A chart', 540)}"

    with another_site(html) as site:
        monkeypatch.setenv(FRAME_ANCESTORS_VARIABLE, f"'self' {site}")
        with served(tmp_path / "log.txt") as server:
            address = embed.frame_address(server, f"s={word}", "cumulative")
            page.goto(site)
            frame = page.frame_locator("iframe")
            expect(frame.get_by_role("link", name=embed.OPEN)).to_be_visible()
            expect(frame.get_by_test_id("stVegaLiteChart").locator("svg")).to_be_visible()
            with page.expect_popup() as popup:
                frame.get_by_role("link", name=embed.OPEN).click()
            opened = popup.value.url
            popup.value.close()
            page.goto("about:blank")  # before the server goes, of which the page would complain

    assert opened.startswith(f"{server}/?s=")


def test_a_broken_address_says_what_to_do(server, page):
    page.goto(f"{server}/embed?chart=nothing&embed=true")
    said = page.locator(".st-key-note_embed_refused")

    expect(said).to_contain_text("use one of cumulative")
    expect(page.get_by_test_id("stException")).to_have_count(0)
