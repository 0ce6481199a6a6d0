"""What axe-core finds on every page and in the states that a reader gets into; open shadow roots are looked into.

The sidebar is the same on every page, so its groups are opened on one.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scripts.opened_totals import KEPT
from scripts.screenshots import address, files

GRAVE = {"serious", "critical"}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
EVERYTHING = {"resultTypes": ["violations"]}
OPEN_GROUPS = """() => document.querySelectorAll('[data-testid=stSidebar] details:not([open]) > summary')
    .forEach((summary) => summary.click())"""

# What Streamlit's own widgets do: (rule, part of the element's HTML), why it stays, and where it is reported.
STREAMLITS_OWN: tuple[tuple[str, str, str], ...] = ()


def faults(page, options=EVERYTHING):
    """Serious and critical faults: rule, element, and what is wrong with it."""
    found = []
    for violation in Axe().run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            known = any(violation["id"] == rule and part in node["html"] for rule, part, _ in STREAMLITS_OWN)
            if violation["impact"] in GRAVE and not known:
                found.append(f"{violation['id']}: {node['html'][:200]} at {node['target']}: {node['failureSummary']}")
    return found


def in_both_themes(page, settled):
    """Faults in light, and those of colour in dark; nothing else depends on the theme."""
    page.emulate_media(color_scheme="light")
    settled(page)
    found = faults(page)
    page.emulate_media(color_scheme="dark")
    settled(page)
    return found + faults(page, CONTRAST)


@pytest.mark.console_noise("opened cold, Streamlit's client first looks for its server below the page's address")
@pytest.mark.parametrize("name", ["cumulative", "fan", "cards"])
def test_a_frame_has_no_grave_fault(server, page, settled, scenario_with, word_of, name):
    page.goto(f"{server}/embed?s={word_of(scenario_with({}))}&chart={name}&embed=true")
    settled(page)

    assert in_both_themes(page, settled) == []


@pytest.mark.console_noise("opened cold, Streamlit's client first looks for its server below the page's address")
@pytest.mark.parametrize("path", [address(file) for file in files()])
def test_no_page_has_a_grave_fault_wide_or_narrow_in_light_or_dark(server, page, settled, path):
    page.goto(f"{server}{path}")
    settled(page)
    wide = in_both_themes(page, settled)
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    narrow = faults(page)  # dark, as it was left: what is there in light too, in the other colours

    assert (wide, narrow) == ([], [])


@pytest.mark.parametrize("width", [1440, 390])
def test_the_sidebar_with_every_group_open_has_no_grave_fault(server, page, settled, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server)
    settled(page)
    if width == 390:
        page.get_by_role("button", name="Change the numbers").click()
        expect(page.get_by_role("slider", name="Queries per month")).to_be_in_viewport()
    page.evaluate(OPEN_GROUPS)
    settled(page)

    assert in_both_themes(page, settled) == []


def file_menu(page, settled):
    page.locator(".st-key-file_menu button").click()
    older = KEPT / "1.1.0-older-book.json"
    page.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(older)
    expect(page.get_by_role("button", name="Open with its own prices")).to_be_visible()
    settled(page)


def refused(page, settled):
    page.locator(".st-key-file_menu button").click()
    broken = {"name": "plan.json", "mimeType": "application/json", "buffer": b"{"}
    page.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(broken)
    expect(page.locator(".st-key-notice")).to_be_visible()
    settled(page)


def tables(page, settled):
    page.get_by_role("button", name="Export", exact=True).first.click()
    page.get_by_role("button", name="Show as table", exact=True).click()
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible()
    settled(page)


def export_menu(page, settled):
    page.get_by_role("button", name="Export", exact=True).first.click()
    expect(page.locator("[class*=st-key-export_inside]")).to_be_visible()
    settled(page)


def embed_dialog(page, settled):
    export_menu(page, settled)
    page.get_by_role("button", name="Embed", exact=True).click()
    expect(page.get_by_role("dialog").get_by_test_id("stCode").first).to_be_visible()
    settled(page)


def page_menu(page, settled):
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".st-key-menu").get_by_role("button").click()
    expect(page.locator("[class*=st-key-menu_group]").first).to_be_visible()
    settled(page)


@pytest.mark.parametrize("into", [file_menu, refused, tables, export_menu, embed_dialog, page_menu])
def test_a_state_of_the_overview_has_no_grave_fault(server, page, settled, into):
    page.goto(server)
    settled(page)
    into(page, settled)

    assert in_both_themes(page, settled) == []


@pytest.mark.console_noise("opened cold, Streamlit's client first looks for its server below the page's address")
def test_the_prices_with_their_panels_open_have_no_grave_fault(server, page, settled):
    page.goto(f"{server}/prices")
    settled(page)
    for name in ("Add a price", "Import"):
        page.get_by_role("button", name=name, exact=True).click()
        settled(page)

        assert in_both_themes(page, settled) == []
