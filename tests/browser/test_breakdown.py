"""The Breakdown page in a browser: another pair, another amount, a lever, a phone, the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_layout import CONTRASTS, TOO_SMALL, sideways

DARK_RAG, LIGHT_RAG = "#7fb2f5", "#1b5fb4"
HEADER, ROW = 35, 32  # heights in the table of the ledger
FIRST_MONTH = 168 + 78 + 62 + 31  # the middle of month 1 from the table's left edge


def open_breakdown(server, page, settled):
    """From the Overview by the link in the head, or by the menu on a phone."""
    page.goto(server)
    settled(page)
    menu = page.locator(".st-key-menu").get_by_role("button")
    if menu.is_visible():
        menu.click()
        page.locator("[class*=st-key-menu_group]").get_by_role("link", name="Breakdown").click()
    else:
        page.locator(".st-key-navigation").get_by_role("link", name="Breakdown").click()
    page.wait_for_url("**/breakdown?s=*")
    expect(page.locator(".why .amount")).to_be_visible()
    return settled(page)


def labels(page):
    """What the waterfall names, from top to bottom."""
    found = page.locator(".st-key-chart_waterfall svg text").all_text_contents()
    return list(dict.fromkeys(word for word in found if word and not re.match(r"^[+−]?[$]", word)))


def below_the_headline(page, *parts):
    """How far the parts stand below the headline, however far the page is scrolled."""
    top = page.locator(".st-key-hero h1").bounding_box()["y"]
    return [round(page.locator(part).first.bounding_box()["y"] - top) for part in parts]


def pick(page, settled, name, option):
    """Choose an option of a select box."""
    page.locator(f".st-key-{name} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def test_the_way_from_the_difference_to_the_formula_of_an_amount(server, page, settled):
    open_breakdown(server, page, settled)
    start, *_, end = labels(page)

    expect(page.locator(".st-key-hero h1")).to_contain_text(f"{end} costs ")
    expect(page.locator(".st-key-hero h1")).to_contain_text(f"less than {start}")
    pick(page, settled, "waterfall-to", "Hybrid")
    assert labels(page)[-1] == "Hybrid"
    page.get_by_role("radio", name="RAG", exact=True).click()
    settled(page)
    pick(page, settled, "ledger-line", "Base-model tokens")
    why, fields = page.locator(".st-key-ledger_why .why"), page.locator(".why.fields")
    expect(why.locator(".what")).to_contain_text("Base-model tokens month 1, ")
    expect(why.locator(".formula").first).to_contain_text(re.compile(r"[\d,]+ calls × [\d,]+ tokens × \$[\d.]+ / 1M"))
    expect(why).to_contain_text("The price")
    expect(fields).to_contain_text("Queries per month")


def test_a_click_on_an_amount_explains_it(server, page, settled):
    open_breakdown(server, page, settled)
    before = page.locator(".why .what").inner_text()
    canvas = page.locator(".st-key-ledger_table canvas").first
    canvas.scroll_into_view_if_needed()
    settled(page)
    # the last row but the total is observability, which is charged in every month
    rows = round((canvas.bounding_box()["height"] - HEADER) / ROW)
    canvas.click(position={"x": FIRST_MONTH + 62, "y": HEADER + (rows - 2) * ROW + ROW / 2}, force=True)
    expect(page.locator(".why .what")).to_contain_text("Observability month 2, ")
    settled(page)

    assert before != page.locator(".why .what").inner_text()
    expect(page.locator(".st-key-ledger-line input")).to_have_value("Observability")
    expect(page.locator(".why .formula")).to_contain_text("$133")


def test_a_lever_says_which_lines_it_moved_and_nothing_jumps(server, page, settled):
    open_breakdown(server, page, settled)
    parts = (".st-key-chart_waterfall", ".st-key-section_change", "table.money", ".st-key-section_months")
    places = [below_the_headline(page, *parts)]
    lever = page.get_by_role("slider", name="Queries per month", exact=True)
    for key in ("ArrowRight", "ArrowRight"):
        lever.press(key)
        settled(page)
        places.append(below_the_headline(page, *parts))
    page.locator("summary", has_text="Which lines moved").click()
    moved = page.locator("table.signed")
    expect(moved).to_be_visible()

    assert places[1:] == places[:1] * 2
    expect(page.locator(".finding_change")).to_contain_text("Since the last change: Queries per month 200,000 →")
    expect(moved.locator("tbody th").first).to_have_text("Base-model tokens")
    sums = moved.evaluate(
        """table => {
            const read = cell => Number(cell.innerText.replace(/,/g, "").replace("−", "-").replace("–", "0"));
            const body = [...table.tBodies[0].rows], foot = table.tFoot.rows[0];
            return [...foot.cells].slice(1).map((cell, column) =>
                [body.reduce((sum, row) => sum + read(row.cells[column + 1]), 0), read(cell)]);
        }"""
    )
    assert sums
    assert all(added == shown for added, shown in sums)


def test_the_lines_that_moved_are_as_high_for_any_lever(server, page, settled):
    open_breakdown(server, page, settled)
    page.get_by_role("slider", name="Queries per month", exact=True).press("ArrowRight")
    settled(page)
    page.locator("summary", has_text="Which lines moved").click()
    expect(page.locator("table.signed")).to_be_visible()
    settled(page)
    places = []
    for lever in ("Queries per month", "Content updates per month", "Horizon"):
        page.get_by_role("slider", name=lever, exact=True).press("PageUp")
        settled(page)
        places += below_the_headline(
            page, ".st-key-section_money", ".st-key-money table.money, table.money:not(.signed)"
        )

    assert places == places[:2] * 3


def test_a_chart_is_words_and_a_table_for_those_who_cannot_see_it(server, page, settled):
    warnings = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    open_breakdown(server, page, settled)
    chart = page.locator(".st-key-chart_waterfall")
    view = chart.locator("[role=graphics-document]")

    expect(view).to_have_attribute("aria-label", re.compile("^Waterfall: .* In words just before it"))
    words = page.locator(".st-key-section_waterfall .unseen")
    assert words.inner_text().startswith("From RAG at $")
    assert view.locator("[role=graphics-symbol]").count() == 0
    assert [each for each in warnings if "extent" in each] == []


def test_a_chart_s_numbers_open_as_a_table_with_a_file(server, page, settled):
    open_breakdown(server, page, settled)
    page.locator(".st-key-section_waterfall").get_by_role("button", name="Export", exact=True).click()
    page.get_by_role("button", name="Show as table", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("From RAG to Fine-tuning")
    expect(dialog.locator("[data-testid=stDataFrame] canvas").first).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="CSV", exact=True).click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    head, *rows = [line for line in lines if not line.startswith("# ")]

    assert head == '"Line","RAG [USD]","Fine-tuning [USD]","Difference [USD]"'
    assert rows[-1].startswith('"Total",')


def test_switching_keeps_every_section_in_its_place(server, page, settled):
    open_breakdown(server, page, settled)
    tops = []
    for option in ("Since the preset", "Since the last change"):
        page.get_by_role("radio", name=option, exact=True).click()
        settled(page)
        tops += below_the_headline(page, "table.money")
    for end in ("RAG", "Fine-tuning"):
        page.get_by_role("radio", name=end, exact=True).click()
        settled(page)
        tops += below_the_headline(page, "table.money")

    assert len(set(tops)) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_out_at_the_side_and_every_text_can_be_read(server, page, settled, theme):
    page.emulate_media(color_scheme=theme)
    open_breakdown(server, page, settled)
    page.get_by_role("slider", name="Queries per month", exact=True).press("PageUp")
    page.locator("summary", has_text="Which lines moved").click()
    expect(page.locator("table.signed")).to_be_visible()
    settled(page)
    faint = [f"{words}: {contrast:.1f}" for words, contrast in page.evaluate(CONTRASTS) if contrast < 4.5]
    too_wide = {}
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        too_wide[width] = sideways(page)

    assert faint == []
    assert too_wide == {1440: 0, 1024: 0, 390: 0}


def test_the_waterfall_follows_the_theme(server, page, settled):
    open_breakdown(server, page, settled)
    label = page.locator(".st-key-chart_waterfall svg text", has_text=re.compile("^RAG$")).last

    expect(label).to_have_attribute("fill", LIGHT_RAG)
    page.emulate_media(color_scheme="dark")
    expect(label).to_have_attribute("fill", DARK_RAG)


def test_on_a_phone_the_table_stands_above_its_explanation_and_fingers_hit_everything(server, phone, settled):
    open_breakdown(server, phone, settled)
    grid = phone.locator(".st-key-ledger_table").bounding_box()
    why = phone.locator(".st-key-ledger_why .why").bounding_box()
    fields = phone.locator(".why.fields").bounding_box()

    assert grid["y"] + grid["height"] <= why["y"] < fields["y"]
    assert why["x"] + why["width"] <= 390
    assert phone.evaluate(TOO_SMALL) == []
    assert sideways(phone) == 0
