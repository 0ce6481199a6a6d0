"""Take a scenario away as a file and bring it in again: named, saved, opened, refused, and without a link."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from costmodel import files
from costmodel.presets import PRESETS
from pricing.catalog import load_book
from scripts.opened_totals import KEPT
from scripts.serving import settled

VOLUME = "workload.queries_per_month"
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
HOSTILE = "<script>alert(1)</script> 🚀 שלום \u202edesrever"


def menu(page):
    """The open file menu."""
    inside = page.locator("[data-testid=stPopoverBody]")
    if not inside.is_visible():
        page.locator(".st-key-file_menu").get_by_role("button").click()
        expect(inside.get_by_role("button", name="Save as file")).to_be_visible()
        settled(page)
    return inside


def saved(page, to):
    """The bytes of the file that the menu saves, and its name."""
    with page.expect_download() as download:
        menu(page).get_by_role("button", name="Save as file").click()
    download.value.save_as(to)
    page.keyboard.press("Escape")
    return to.read_bytes(), download.value.suggested_filename


def choose(page, name, content):
    menu(page).locator("input[type=file]").set_input_files(
        files=[{"name": name, "mimeType": "application/json", "buffer": content}]
    )


def test_a_named_and_saved_scenario_opens_on_a_phone_with_the_same_answer(
    server, page, phone, answer, scenario_with, word_of, tmp_path
):
    page.goto(f"{server}/?s={word_of(scenario_with({VOLUME: 450_000.0, 'price_edits': [EDIT]}))}")
    settled(page)
    name = menu(page).get_by_role("textbox", name="Name")
    name.fill("Ours, for Q4")
    name.press("Enter")
    expect(page.locator(".st-key-eyebrow").first).to_contain_text("Ours, for Q4")
    settled(page)
    page.reload()
    settled(page)
    content, file_name = saved(page, tmp_path / "ours.json")

    phone.goto(server)
    before = answer(settled(phone))
    choose(phone, file_name, content)
    expect(phone.locator(".st-key-eyebrow").first).to_contain_text("Ours, for Q4")
    settled(phone)
    assert file_name == "crossover-ours-for-q4.json"
    assert files.read(content.decode(), file_name).price_edits[0].price_usd == 1.5
    assert answer(phone).cards == answer(page).cards != before.cards
    expect(phone.locator("[data-testid=stPopoverBody]")).to_have_count(0)


def test_a_file_made_under_older_prices_shows_both_totals_and_opens_with_those_of_then(server, page, answer, expected):
    content = (KEPT / "1.1.0-older-book.json").read_bytes()
    then = json.loads(content)["made_with"]["totals_usd"]
    on_its_own = files.on_own_prices(files.opened(content.decode(), "older.json"), load_book())
    page.goto(server)
    before = answer(settled(page))
    choose(page, "older.json", content)
    rows = menu(page).locator("tbody tr")
    expect(rows).to_have_count(3)
    settled(page)
    cells = [row.locator("td").all_text_contents() for row in rows.all()]
    assert cells[0][:2] == ["RAG", f"${then['rag']:,.2f}"]
    assert cells[1][2] == "the same"
    assert answer(page) == before

    page.get_by_role("button", name="Open with its own prices").click()
    expect(page.locator(".st-key-eyebrow").first).to_contain_text("Made under older prices")
    settled(page)
    assert answer(page) == expected(on_its_own)


def test_a_broken_file_is_refused_with_its_place_and_nothing_is_applied(server, page, answer):
    page.goto(server)
    before, address = answer(settled(page)), page.url
    choose(page, "plan.json", b'{"workload": {"query_tokens": -1}}')
    notice = page.locator(".st-key-notice")
    expect(notice).to_contain_text("plan.json, workload.query_tokens: -1")
    expect(notice).to_contain_text("0 to 1,000,000 tokens")
    settled(page)

    assert answer(page) == before
    assert page.url == address


def test_a_hostile_name_does_nothing_anywhere(server, page, tmp_path):
    page.goto(server)
    settled(page)
    name = menu(page).get_by_role("textbox", name="Name")
    name.fill(HOSTILE)
    name.press("Enter")
    expect(page.locator(".st-key-eyebrow").first).to_contain_text("<script>alert(1)</script> 🚀")
    settled(page)
    content, file_name = saved(page, tmp_path / "hostile.json")
    page.reload()
    settled(page)

    assert json.loads(content)["name"] == HOSTILE
    assert file_name == "crossover-script-alert-1-script-desrever.json"
    expect(menu(page).get_by_role("textbox", name="Name")).to_have_value(HOSTILE)


def test_what_no_link_can_hold_is_offered_as_a_file(server, page, stranger, tmp_path):
    page.goto(server)
    settled(page)
    words = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(9_000))
    choose(page, "large.json", json.dumps({"preset": "email-drafts", "name": words}).encode())
    note = page.locator(".st-key-too_large")
    expect(note).to_contain_text("too large for a link (8,000 characters)")
    settled(page)
    expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
    assert "s=" not in page.url
    with page.expect_download() as download:
        note.get_by_role("button", name="Save as file").click()
    file = tmp_path / "large.json"
    download.value.save_as(file)

    stranger.goto(server)
    settled(stranger)
    choose(stranger, "large.json", file.read_bytes())
    expect(stranger.locator(".st-key-too_large")).to_be_visible()
    settled(stranger)
    expect(stranger.get_by_role("combobox", name="Scenario")).to_have_value(PRESETS["email-drafts"].name)
