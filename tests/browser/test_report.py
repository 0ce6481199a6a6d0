"""The report as a reader takes it away: chosen, looked at, downloaded, and opened with other programs."""

from __future__ import annotations

import json
import re

import docx
import openpyxl
import pandas as pd
import pytest
from lxml import html
from playwright.sync_api import expect

from costmodel import files
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report import exports, text
from report.numbers import Money
from report.palette import ARCHITECTURES
from report.report_text import SCENARIO_FILE, TABLE

VOLUME = "workload.queries_per_month"
VALUES = {
    VOLUME: 450_000.0,
    "finance.currency": "EUR",
    "finance.usd_per_currency_unit": 1.25,
    "name": 'Ours, "best"; =1+1 <b>bold</b>',
}
NAMES = {key: ARCHITECTURES[key].name for key in ("rag", "fine_tuning", "hybrid")}


def sheet(page):
    """The memo on the page."""
    return page.frame_locator("iframe[title='The memo as it will print']")


def arrived(page):
    """Wait until the memo on the sheet is that of the numbers on screen."""
    expect(page.locator("iframe[title='The memo as it will print']")).to_have_attribute("aria-busy", "false")


def part(page, name):
    return page.get_by_role("checkbox", name=name, exact=True)


def tick(page, settled, name):
    """Put a part in or leave it out."""
    before = page.evaluate("location.search")
    page.locator(".st-key-parts label", has_text=re.compile(f"^{name}$")).click()
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)
    arrived(page)


def taken(page, name, folder):
    """The path of a file that the page gives, under the name that it has."""
    with page.expect_download() as download:
        page.locator(".st-key-report_files").get_by_role("button", name=name, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


# Totals as another program reads them, by the name of the architecture


def by_month(path, money):
    sums = pd.read_csv(path, comment="#").groupby("architecture")["cost_usd"].sum()
    return {NAMES[key]: money(usd) for key, usd in sums.items()}


def workbook(path, money):
    rows = list(openpyxl.load_workbook(path, data_only=True)["Summary"].iter_rows(values_only=True))
    names = next(row for row in rows if "RAG" in row)
    totals = next(row for row in rows if str(row[0]).startswith("Total over"))
    shown = Money(money.currency)  # the sheets are in the scenario's currency
    return {name: shown(amount) for name, amount in zip(names[1:4], totals[1:4], strict=True)}


def document(path, money):
    table = docx.Document(path).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    return _totals(rows)


def web_page(path, money):
    table = html.parse(path).find(".//table")
    return _totals([[cell.text_content().strip() for cell in row] for row in table.iter("tr")])


def markdown(path, money):
    lines = path.read_text("utf-8").splitlines()
    table = [line.replace("*", "").strip("| ").split(" | ") for line in lines if line.startswith("| **")]
    return {row[0]: row[1] for row in table if row[0] in NAMES.values()}


def results(path, money):
    return {
        NAMES[key]: money(usd) for key, usd in json.loads(path.read_text("utf-8"))["made_with"]["totals_usd"].items()
    }


def _totals(rows):
    """Totals of a table whose rows or columns are the architectures."""
    (head, *body) = rows
    if {*NAMES.values()} <= {*head}:
        totals = next(row for row in body if row[0] == "Total")
        return {name: total for name, total in zip(head, totals, strict=True) if name}
    place = head.index("Total")
    return {row[0]: row[place] for row in body}


READERS = {
    "docx": document,
    "html": web_page,
    "md": markdown,
    "xlsx": workbook,
    "csv": by_month,
    "ledger": by_month,
    "json": results,
}


def test_every_file_says_the_totals_of_the_cards(server, page, settled, answer, scenario_with, word_of, tmp_path):
    scenario = scenario_with(VALUES)
    page.goto(f"{server}/?s={word_of(scenario)}")
    cards = answer(settled(page)).cards
    page.locator(".st-key-eyebrow").get_by_role("link", name="Report").click()
    page.wait_for_url("**/report?s=*")
    settled(page)
    arrived(page)
    money = text.money_of(run_scenario(scenario, load_book()))
    said = {}
    for name, reader in READERS.items():
        path = taken(page, exports.KINDS[name].label, tmp_path)
        assert path.name == f"crossover-ours-best-1-1-b-bold-b-{path.name.split('-')[-1]}"
        said[name] = reader(path, money)

    assert said == dict.fromkeys(exports.KINDS, cards)
    own = taken(page, SCENARIO_FILE, tmp_path)
    again = files.opened(own.read_text("utf-8"), own.name)
    assert again.scenario == scenario


def test_what_is_left_out_is_neither_on_the_sheet_nor_in_the_file_nor_for_who_gets_the_link(
    server, page, stranger, settled, tmp_path
):
    page.goto(f"{server}/report")
    settled(page)
    expect(sheet(page).get_by_role("heading", name="Risks")).to_be_visible()
    tick(page, settled, "Risks")

    expect(sheet(page).get_by_role("heading", name="Risks")).to_have_count(0)
    memo = taken(page, exports.KINDS["html"].label, tmp_path).read_text("utf-8")
    assert "<h2>Risks</h2>" not in memo
    assert "<h2>Not included</h2>" in memo
    stranger.goto(page.url)
    settled(stranger)
    expect(part(stranger, "Risks")).not_to_be_checked()
    expect(sheet(stranger).get_by_role("heading", name="Risks")).to_have_count(0)


def test_the_memo_follows_a_lever_and_nothing_moves(server, page, settled):
    page.goto(f"{server}/report")
    settled(page)
    arrived(page)
    places = "() => ['.st-key-report_contents', '.st-key-report_files', '.st-key-section_preview'].map((part) => "
    places += "document.querySelector(part).getBoundingClientRect().y)"
    before, was = page.evaluate(places), sheet(page).locator("h1").inner_text()
    page.get_by_role("slider", name="Queries per month", exact=True).press("End")
    expect(sheet(page).locator("h1")).not_to_have_text(was)
    settled(page)
    arrived(page)

    assert sheet(page).locator("h1").inner_text() == page.locator(".st-key-hero h1").inner_text()
    assert page.evaluate(places) == pytest.approx(before, abs=2)


def test_a_script_in_a_name_stays_a_word_on_the_sheet(server, page, settled, scenario_with, word_of):
    name = "<script>document.title = 'gone'</script><img src=x onerror=\"document.title = 'gone'\">"
    page.goto(f"{server}/report?s={word_of(scenario_with({'name': name}))}")
    settled(page)
    arrived(page)

    expect(sheet(page).locator("body")).to_contain_text("<script>document.title")
    assert sheet(page).locator("script, [onerror]").count() == 0
    assert page.title() == "Report · Crossover"


def test_on_a_phone_the_sheet_is_as_wide_as_the_screen_and_its_words_can_be_read(server, phone, settled):
    phone.goto(f"{server}/report")
    settled(phone)
    arrived(phone)
    box = phone.locator("iframe[title='The memo as it will print']").bounding_box()
    wide = sheet(phone).locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
    small = (
        sheet(phone)
        .locator("p, li, td")
        .evaluate_all("all => Math.min(...all.map((each) => parseFloat(getComputedStyle(each).fontSize)))")
    )

    assert (box["x"], box["x"] + box["width"]) == pytest.approx((16, 374), abs=2)
    assert wide <= 0
    assert small >= 11


def test_the_table_to_paste_is_copied_with_one_press(server, page, settled):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/report")
    settled(page)
    page.get_by_role("button", name=TABLE, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("code")).to_contain_text("| Total |")
    dialog.locator("[data-testid=stCode]").hover()
    dialog.get_by_role("button", name="Copy to clipboard").click()
    pasted = page.evaluate("() => navigator.clipboard.readText()")

    assert pasted.startswith("**Over 24 months fine-tuning costs")
    assert "| --- |" in pasted
