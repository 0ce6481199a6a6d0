"""The sidebar in a real browser: the guided start, undo by keyboard, marks and menus that move nothing, a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

OFFER = "Start with three questions"


def test_three_questions_end_at_an_answer(server, page, settled):
    page.goto(f"{server}/prices")
    settled(page)
    page.get_by_role("button", name=OFFER).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What are you building?")).to_be_visible()
    dialog.locator("label", has_text="Support bot over help docs").click()
    dialog.get_by_role("button", name="Next").click()
    dialog.get_by_text("Day", exact=True).click()
    box = dialog.get_by_role("spinbutton", name="Queries a day")
    box.fill("1000")
    box.press("Enter")
    expect(dialog).to_contain_text("1,000 × 30.44 days a month = 30,440 queries a month")
    dialog.get_by_role("button", name="Next").click()
    dialog.locator("label", has_text="Once a month").click()
    dialog.get_by_role("button", name="Show the answer").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".st-key-hero h1")).to_contain_text("Over 24 months")
    settled(page)

    assert page.url.startswith(f"{server}/?s=")
    expect(page.locator(".st-key-eyebrow")).to_contain_text("Support bot over help docs")


def test_the_questions_can_be_left_by_escape(server, page, settled):
    page.goto(server)
    settled(page)
    before = page.url
    page.get_by_role("button", name=OFFER).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)

    assert page.url == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_question_has_a_grave_fault(server, page, settled, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(server)
    settled(page)
    page.get_by_role("button", name=OFFER).click()
    dialog = page.get_by_role("dialog")
    found = []
    for number in (1, 2, 3):
        expect(dialog).to_contain_text(f"Question {number} of 3")
        settled(page)
        violations = Axe().run(page, context='[role="dialog"]').response["violations"]
        found += [
            f"{number} {each['id']}: {node['html'][:150]} {node['failureSummary']}"
            for each in violations
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
        if number < 3:
            dialog.get_by_role("button", name="Next").click()

    assert found == []


def test_on_a_phone_the_questions_close_the_drawer(server, phone, settled):
    phone.goto(server)
    settled(phone)
    phone.get_by_role("button", name="Change the numbers").tap()
    phone.get_by_role("button", name=OFFER).tap()
    dialog = phone.get_by_role("dialog")
    for name in ("Next", "Next", "Show the answer"):
        dialog.get_by_role("button", name=name).tap()
    expect(dialog).to_have_count(0)
    expect(phone.get_by_test_id("stExpandSidebarButton")).to_be_visible()

    expect(phone.locator(".st-key-hero h1")).to_be_in_viewport()


def test_undo_and_redo_by_keyboard_where_no_text_is_typed(server, page, settled):
    page.goto(server)
    settled(page)
    before = page.url
    lever = page.get_by_role("slider", name="Queries per month")
    lever.focus()
    page.keyboard.press("End")
    settled(page)
    moved = page.url
    page.keyboard.press("Control+z")
    expect(page).to_have_url(before)
    settled(page)
    page.keyboard.press("Control+Shift+z")

    expect(page).to_have_url(moved)


def test_in_a_number_box_the_keys_belong_to_the_text(server, page, settled):
    page.goto(server)
    settled(page)
    field = _opened(page, settled, "Workload", "Tokens per query")
    field.fill("90")
    field.press("Enter")
    expect(page.locator(".st-key-row_workload-query_tokens")).to_contain_text("was 70")
    settled(page)
    changed = page.evaluate("location.href")
    field.press("Control+z")
    settled(page)

    assert page.evaluate("location.href") == changed


def test_a_mark_moves_nothing_and_the_menu_puts_the_field_back(server, page, settled):
    page.goto(server)
    settled(page)
    field = _opened(page, settled, "Workload", "Tokens per query")
    below = page.get_by_role("spinbutton", name="Tokens per answer")
    before = _gap(field, below)
    field.fill("90")
    field.press("Enter")
    settled(page)
    row = page.locator(".st-key-row_workload-query_tokens")
    expect(row).to_contain_text("was 70")
    assert _gap(field, below) == before

    page.get_by_role("button", name="Tokens per query: reset, lever").click()
    page.get_by_role("menuitem", name="Reset to 70").click()
    expect(field).to_have_value("70")
    settled(page)

    expect(row).not_to_contain_text("was 70")
    assert _gap(field, below) == before


def test_a_box_that_needs_a_number_says_so_and_keeps_the_last_one(server, page, settled, answer):
    page.goto(server)
    settled(page)
    before = answer(page)
    field = _opened(page, settled, "Workload", "Tokens per query")
    field.fill("")
    field.press("Tab")
    expect(page.locator(".st-key-row_workload-query_tokens")).to_contain_text("required")
    settled(page)

    assert answer(page) == before


def test_fast_clicks_on_a_step_button_all_arrive(server, page, settled):
    page.goto(server)
    settled(page)
    field = _opened(page, settled, "Workload", "Tokens per query")
    up = page.locator(".st-key-row_workload-query_tokens").get_by_role("button", name="Increment", include_hidden=True)
    for _ in range(8):
        up.click()
    settled(page)

    expect(field).to_have_value(str(70 + 8 * 5))
    expect(page.locator(".st-key-row_workload-query_tokens")).to_contain_text("was 70")


@pytest.mark.parametrize("group", ["Workload", "Corpus", "Fine-tuning", "People and money"])
def test_on_a_phone_everything_in_a_group_can_be_hit(server, phone, settled, group):
    phone.goto(server)
    settled(phone)
    phone.get_by_role("button", name="Change the numbers").tap()
    _group(phone, group).locator("summary").tap()
    settled(phone)
    boxes = [each.bounding_box() for each in _group(phone, group).locator(".stMenuButton button").all()]

    assert boxes
    assert all(box["width"] >= 40 and box["height"] >= 40 for box in boxes)
    assert all(box["x"] + box["width"] <= 300 for box in boxes)


def test_a_forecast_is_pasted_from_a_sheet(server, page, settled):
    page.goto(server)
    settled(page)
    _group(page, "Workload").locator("summary").click()
    area = page.get_by_role("textbox", name="Forecast by month")
    area.fill("150,000\n160,000\n180,000")
    area.press("Control+Enter")
    expect(_group(page, "Workload")).to_contain_text("3 of 24 months: 150K first, 180K in month 3")
    page.get_by_role("button", name="Back to the lever").click()

    expect(area).to_have_value("")


def _gap(above, below):
    """How far one box lies below another; a sidebar that is scrolled in between does not count."""
    return below.bounding_box()["y"] - above.bounding_box()["y"]


def _group(page, name):
    return page.locator(".stSidebar details").filter(has=page.locator("summary", has_text=re.compile(f"^.*{name}$")))


def _opened(page, settled, group, label):
    _group(page, group).locator("summary").click()
    settled(page)
    return page.get_by_role("spinbutton", name=label)
