"""Prices in a real browser: typed over, taken back, carried to another window, kept when the link is too short."""

import re

import pytest
from playwright.sync_api import expect

from costmodel.results import run_scenario
from pricing.catalog import load_book
from report import prices_text

INPUT = "gpt-6.1-sol, input"
HEAD_PX = ROW_PX = 35
USD_PX, REVERT_PX = 270 + 40, 270 + 80 + 92 + 80 + 62 + 34
"""Middles of the two columns, from the left edge of the table."""


def row_number(scenario, words):
    rows = run_scenario(scenario, load_book()).rows_in_use
    return [prices_text.price_words(row) for row in rows].index(words)


def press_cell(page, row, x):
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + HEAD_PX + ROW_PX * row + ROW_PX / 2)


def type_over(page, settled, row, words):
    """Open a price of the table, type another one over it, and wait for what it does."""
    address = page.evaluate("() => location.search")
    press_cell(page, row, 60)  # a click on the cell that is chosen already would open it, and Enter close it
    press_cell(page, row, USD_PX)
    page.keyboard.press("Enter")
    field = page.locator("#portal input")
    expect(field).to_be_visible()
    field.fill(words)
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.search !== before", arg=address)
    settled(page)


def follow(page, name):
    page.locator(".st-key-navigation").get_by_role("link", name=name).click()


def verdict(page, settled, answer):
    follow(page, "Overview")
    expect(page.locator("article.card")).to_have_count(3)
    return answer(settled(page))


def prices(page, settled):
    follow(page, "Prices")
    page.wait_for_url("**/prices*")
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible()
    settled(page)


def import_file(page, settled, name, content):
    page.get_by_role("button", name="Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(files=[{"name": name, "mimeType": "text/csv", "buffer": content}])
    button = page.get_by_role("button", name=re.compile("^Apply "))
    expect(button).to_be_visible()
    settled(page)
    button.click()
    expect(button).to_have_count(0)
    settled(page)


def test_a_price_typed_over_moves_the_verdict_and_revert_brings_it_back(
    server, page, settled, answer, expected, scenario_with
):
    page.goto(server)
    before = answer(settled(page))
    prices(page, settled)
    row = row_number(scenario_with({}), INPUT)
    type_over(page, settled, row, "1.5")
    expect(page.locator("h1")).to_contain_text("one of them is yours")
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}

    moved = verdict(page, settled, answer)
    assert moved == expected(scenario_with({"price_edits": [edit]}))
    assert moved.headline != before.headline

    prices(page, settled)
    press_cell(page, row, REVERT_PX)
    expect(page.locator("h1")).not_to_contain_text("yours")
    settled(page)
    assert verdict(page, settled, answer) == before


def test_undo_and_redo_by_button(server, page, settled, answer, scenario_with):
    page.goto(f"{server}/prices")
    settled(page)
    type_over(page, settled, row_number(scenario_with({}), INPUT), "1.5")
    edited = verdict(page, settled, answer)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("button", name="Redo", exact=True)).to_be_enabled()
    undone = answer(settled(page))
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(page.get_by_role("button", name="Redo", exact=True)).to_be_disabled()

    assert undone != edited
    assert answer(settled(page)) == edited


def test_one_drag_of_a_lever_is_one_step(server, page, settled, answer):
    page.goto(server)
    before = answer(settled(page))
    thumb = page.get_by_role("slider", name="Queries per month", exact=True)
    box = thumb.bounding_box()
    middle = box["y"] + box["height"] / 2
    start = box["x"] + box["width"] * (int(thumb.input_value()) / int(thumb.get_attribute("max")))
    page.mouse.move(start, middle)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(start + 6 * step, middle)
    page.mouse.up()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_enabled()
    settled(page)
    assert answer(page) != before

    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    assert answer(settled(page)) == before


def test_several_prices_typed_over_are_all_kept(server, page, settled, scenario_with):
    page.goto(f"{server}/prices")
    settled(page)
    row = row_number(scenario_with({}), INPUT)
    for number, usd in ((row, "1.5"), (row + 1, "9"), (row, "1.25")):
        type_over(page, settled, number, usd)

    expect(page.locator("h1")).to_contain_text("two of them are yours")
    page.reload()
    settled(page)
    expect(page.locator("h1")).to_contain_text("two of them are yours")


def test_exported_edits_give_the_same_totals_in_another_window(
    server, page, stranger, settled, answer, scenario_with, tmp_path
):
    page.goto(f"{server}/prices")
    settled(page)
    type_over(page, settled, row_number(scenario_with({}), INPUT), "1.37")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Your price edits").click()
    file = tmp_path / "edits.csv"
    download.value.save_as(file)
    page.keyboard.press("Escape")

    stranger.goto(f"{server}/prices")
    settled(stranger)
    import_file(stranger, settled, "edits.csv", file.read_bytes())

    assert verdict(stranger, settled, answer) == verdict(page, settled, answer)


def many_edits():
    lines = ["provider,item,meter,unit,price_usd,reason"]
    for number, ref in enumerate(load_book().refs("input")[:500]):
        rows = [row for row in load_book().plan(ref).rows if row.meter == "input" and not row.tier_from]
        if rows and rows[0].price_usd and '"' not in ref and "," not in ref:
            provider, _, item = ref.partition("/")
            usd = rows[-1].price_usd * 1.1 if ref != "openai/gpt-6.1-sol" else 1.5
            lines.append(f"{provider},{item},input,{rows[-1].unit},{usd!r},quote {number * 7919 % 104729:x}")
    return "\n".join(lines).encode()


def test_what_does_not_fit_into_the_link_survives_a_reload_here_and_is_missed_elsewhere(
    server, page, stranger, settled
):
    page.goto(f"{server}/prices")
    settled(page)
    import_file(page, settled, "many.csv", many_edits())
    note = page.locator(".st-key-note_apart")
    expect(note).to_contain_text("the link alone is incomplete")
    kept = "() => localStorage.getItem('crossover.edits.' + new URLSearchParams(location.search).get('k')) !== null"
    page.wait_for_function(kept)
    pills = page.locator(".st-key-prices_bar button", has_text="Edited")
    edited, link = pills.text_content(), page.url
    page.reload()
    settled(page)
    expect(pills).to_have_text(edited)
    expect(note).to_contain_text("the link alone is incomplete")

    stranger.goto(link)
    settled(stranger)
    expect(stranger.locator(".st-key-note_apart")).to_contain_text("This link alone is incomplete")
    expect(stranger.locator(".st-key-prices_bar button", has_text="Edited")).to_have_text("Edited · 0")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_of_the_page_is_wider_than_a_phone(server, phone, settled, theme):
    phone.emulate_media(color_scheme=theme)
    phone.goto(f"{server}/prices")
    settled(phone)
    for name in ("Add a price", "Import"):
        phone.get_by_role("button", name=name, exact=True).click()
        settled(phone)
        wide = phone.evaluate(
            "() => { const e = document.querySelector('[data-testid=stMain]'); return e.scrollWidth - e.clientWidth; }"
        )
        assert wide == 0
