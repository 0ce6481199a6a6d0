"""Prices in a real browser: typed over, taken back, carried to another window, kept when the link is too short."""

import hashlib
import re

import pytest
from playwright.sync_api import TimeoutError, expect

from costmodel.results import run_scenario
from pages.ui.price_table import NARROW, TWO_LINES, WIDTHS
from pricing.catalog import load_book
from report import prices_text

INPUT = "gpt-6.1-sol, input"
HEAD_PX = ROW_PX = 35


def middle_of(column, widths):
    """Middle of a column [px] from the left edge of the table."""
    names = list(widths)
    return sum(widths[name] for name in names[: names.index(column)]) + widths[column] / 2


USD_PX, REVERT_PX = middle_of("USD", WIDTHS["bare"]), middle_of("Undo", WIDTHS["edited"])


def row_number(scenario, words):
    rows = run_scenario(scenario, load_book()).rows_in_use
    return [prices_text.price_words(row) for row in rows].index(words)


def press_cell(page, row, x):
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + HEAD_PX + ROW_PX * row + ROW_PX / 2)


def type_into(page, row, words):
    """Open a price of the table and type over what stands there.

    A table that is drawn anew between the click and the key forgets which cell was chosen: then once more.
    """
    field = page.locator("#portal").locator("input, textarea")
    for _ in range(3):
        press_cell(page, row, 60)  # a click on the cell that is chosen already would open it, and Enter close it
        press_cell(page, row, USD_PX)
        page.keyboard.press("Enter")
        try:
            field.wait_for(timeout=3_000)
            break
        except TimeoutError:
            continue
    expect(field).to_be_visible()
    field.fill(words)
    page.keyboard.press("Enter")


def type_over(page, settled, row, words):
    """Type another price over one of the table, and wait for what it does."""
    address = page.evaluate("() => location.search")
    type_into(page, row, words)
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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,5", "gpt-6.1-sol, input: '1,5' has a decimal comma; write 1.5"),
        ("1,200", "gpt-6.1-sol, input: '1,200' can be read two ways; write 1.200 or 1200"),
        (
            "=1+1",
            "gpt-6.1-sol, input: '=1+1' is not a number; write digits and a decimal point only, e.g. 1200 or 0.15",
        ),
    ],
)
def test_what_is_no_number_with_a_decimal_point_is_refused_as_it_was_typed(
    server, page, settled, scenario_with, typed, said
):
    page.goto(f"{server}/prices")
    settled(page)
    type_into(page, row_number(scenario_with({}), INPUT), typed)

    expect(page.get_by_text(f"Not applied: {said}")).to_be_visible()
    settled(page)
    expect(page.locator("h1")).to_have_text("11 prices decide this answer")


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


def one_changed_and_150_added():
    lines = ["provider,item,meter,unit,price_usd,reason", "openai,gpt-6.1-sol,input,1M tokens,1.5,our contract"]
    lines += [
        f"acme,model {number:03},input,1M tokens,{number + 1},{hashlib.sha256(b'%d' % number).hexdigest()}"
        for number in range(150)
    ]
    return "\n".join(lines).encode()


def edits_are_kept(page, settled, key):
    """Whether the edits are there, and still there after a round trip to the server."""
    expect(page.locator("h1")).to_contain_text("one of them is yours")
    settled(page)
    page.locator(".st-key-prices_bar button", has_text="Edited").click()
    expect(page.get_by_text(re.compile("^151 prices"))).to_be_visible()
    settled(page)
    expect(page.locator("h1")).to_contain_text("one of them is yours")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    return f"k={key}" in page.url.partition("?")[2].split("&")


def test_edits_beyond_the_link_are_kept_over_reloads_and_in_new_tabs(server, page, settled):
    page.goto(f"{server}/prices")
    settled(page)
    import_file(page, settled, "long.csv", one_changed_and_150_added())
    expect(page.locator(".st-key-note_apart")).to_contain_text("a reload brings them back")
    key = "() => new URLSearchParams(location.search).get('k')"
    page.wait_for_function(f"() => localStorage.getItem('crossover.edits.' + ({key})()) !== null")
    kept, link = page.evaluate(key), page.url

    for _ in range(4):
        page.reload()
        assert edits_are_kept(page, settled, kept)
    for _ in range(4):
        tab = page.context.new_page()
        tab.goto(link)
        assert edits_are_kept(tab, settled, kept)
        tab.close()


TELEPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def test_a_telephone_shows_price_amount_and_unit_without_a_swipe(server, phone, settled, scenario_with):
    phone.set_extra_http_headers({"User-Agent": TELEPHONE})
    phone.goto(f"{server}/prices")
    settled(phone)
    table = phone.locator("[data-testid=stDataFrame] canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    unit = NARROW + 80 + 92
    assert unit <= box["width"]

    middle = HEAD_PX + TWO_LINES * (row_number(scenario_with({}), INPUT) + 0.5)
    for x in (60, unit - 46):
        phone.mouse.click(box["x"] + x, box["y"] + middle)
    phone.keyboard.press("Enter")
    expect(phone.locator("#portal")).to_contain_text("1M tokens")


def test_a_telephone_shows_revert_beside_a_price_of_ones_own(server, phone, settled, scenario_with, word_of):
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    scenario = scenario_with({"price_edits": [edit]})
    phone.set_extra_http_headers({"User-Agent": TELEPHONE})
    phone.goto(f"{server}/prices?s={word_of(scenario)}")
    settled(phone)
    expect(phone.locator("h1")).to_contain_text("one of them is yours")
    widths = WIDTHS["edited phone"]
    table = phone.locator("[data-testid=stDataFrame] canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert middle_of("per", widths) + widths["per"] / 2 <= box["width"]

    middle = HEAD_PX + TWO_LINES * (row_number(scenario, INPUT) + 0.5)
    phone.mouse.click(box["x"] + middle_of("Undo", widths), box["y"] + middle)
    expect(phone.locator("h1")).not_to_contain_text("yours")


def test_date_source_and_confidence_are_seen_in_a_wide_window(server, page, settled):
    page.goto(f"{server}/prices")
    settled(page)
    width = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()["width"]

    assert sum(WIDTHS["bare"].values()) <= width
    assert middle_of("Source", WIDTHS["edited"]) <= width


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
