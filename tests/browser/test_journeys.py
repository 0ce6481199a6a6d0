"""Whole journeys: look, change, follow a link, come back, send it on, take the numbers away."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from costmodel import link
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report import text
from report.palette import ARCHITECTURES

VOLUME = "workload.queries_per_month"


def lever(page, label):
    return page.get_by_role("slider", name=label, exact=True)


def pull(page, settled, label, key):
    """Move a lever by a key and wait until the address carries the move."""
    before = page.evaluate("location.search")
    lever(page, label).press(key)
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)


def switch(page, word):
    return page.get_by_role("radio", name=word, exact=True)


def group(page, title):
    """An expander of the sidebar."""
    summary = page.locator("summary", has_text=title)
    return page.locator("[data-testid=stSidebar] [data-testid=stExpander]").filter(has=summary)


def number(page, title, label):
    """A number input in a group."""
    return group(page, title).locator("[data-testid=stNumberInput]").filter(has_text=label).locator("input")


def follow(page, name):
    page.locator(".st-key-navigation").get_by_role("link", name=name).click()


def test_the_first_visit_answers_with_a_verdict_three_cards_and_two_charts(
    server, page, settled, answer, expected, scenario_with
):
    page.goto(server)
    settled(page)
    charts = page.locator("[data-testid=stVegaLiteChart]")

    assert answer(page) == expected(scenario_with({}))
    assert page.title() == "Overview · Crossover"
    assert charts.count() == 2
    for chart in charts.all():
        drawing = chart.locator("svg, canvas").first
        assert drawing.bounding_box()["height"] > 100
    assert page.locator("[data-testid=stException], [data-testid=stAlert], .st-key-notice").count() == 0


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_the_csv_adds_up_to_the_cards(server, page, settled, tmp_path, answer, scenario_with, word_of, currency):
    values = {VOLUME: 450_000.0, "finance.currency": currency, "finance.usd_per_currency_unit": 1.25}
    scenario = scenario_with({**values, "name": 'Ours, "best"; =1+1'})
    page.goto(f"{server}/?s={word_of(scenario)}")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    file = tmp_path / "summary.csv"
    download.value.save_as(file)
    sums = pd.read_csv(file, comment="#").groupby("architecture")["cost_usd"].sum().to_dict()
    money = text.money_of(run_scenario(scenario, load_book()))

    assert download.value.suggested_filename == "crossover-ours-best-1-1-summary.csv"
    assert {ARCHITECTURES[key].name: money(usd) for key, usd in sums.items()} == answer(page).cards


def test_a_scenario_survives_page_links_back_forward_and_reload(server, page, settled, answer):
    page.goto(server)
    settled(page)
    pull(page, settled, "Queries per month", "End")
    pull(page, settled, "Horizon", "Home")
    moved, link = answer(page), page.url.partition("?")[2]

    def overview():
        expect(page.locator("article.card")).to_have_count(3)
        settled(page)
        page.wait_for_function("link => location.search === '?' + link", arg=link)
        return answer(page)

    def prices():
        page.wait_for_url("**/prices*")
        settled(page)
        page.wait_for_function("link => location.search === '?' + link", arg=link)
        return lever(page, "Queries per month").get_attribute("aria-valuetext").split()[0]

    seen = []
    follow(page, "Prices")
    seen.append(prices())
    page.go_back()
    seen.append(overview())
    page.go_forward()
    seen.append(prices())
    page.reload()
    seen.append(prices())
    follow(page, "Overview")
    seen.append(overview())
    page.reload()
    seen.append(overview())

    assert link.startswith("s=")
    assert seen == ["10M", moved, "10M", "10M", moved, moved]


def test_tab_and_width_stay_while_levers_move_and_pages_change(server, page, settled):
    def stands(title):
        expect(page).to_have_title(f"{title} \N{MIDDLE DOT} Crossover")
        assert page.locator(".stMainBlockContainer").bounding_box()["width"] > 1000

    page.goto(server)
    settled(page)
    for _ in range(4):
        pull(page, settled, "Queries per month", "ArrowRight")
    stands("Overview")

    follow(page, "Prices")
    page.wait_for_url("**/prices*")
    settled(page)
    stands("Prices")

    page.go_back()
    expect(page.locator("article.card")).to_have_count(3)
    settled(page)
    pull(page, settled, "Queries per month", "ArrowRight")
    stands("Overview")

    page.reload()
    settled(page)
    stands("Overview")


def test_only_page_links_leave_an_entry_in_the_history(server, page, settled):
    page.goto(server)
    settled(page)
    entries = [page.evaluate("history.length")]
    for key in ("Home", "End", "ArrowLeft"):
        pull(page, settled, "Queries per month", key)
    switch(page, "Monthly").click()
    settled(page)
    entries.append(page.evaluate("history.length"))
    follow(page, "Prices")
    page.wait_for_url("**/prices*")
    settled(page)
    pull(page, settled, "Horizon", "Home")
    entries.append(page.evaluate("history.length"))

    assert entries == [entries[0], entries[0], entries[0] + 1]


def test_back_after_more_changes_keeps_the_changes(server, page, settled, answer):
    page.goto(server)
    settled(page)
    follow(page, "Prices")
    page.wait_for_url("**/prices*")
    settled(page)
    pull(page, settled, "Queries per month", "End")
    link = page.url.partition("?")[2]
    page.go_back()
    expect(page.locator("article.card")).to_have_count(3)
    settled(page)
    page.wait_for_function("link => location.search === '?' + link", arg=link)

    assert lever(page, "Queries per month").get_attribute("aria-valuetext").startswith("10M")


def test_a_link_to_the_prices_opens_cold_and_leads_to_the_same_totals(server, page, stranger, settled, answer):
    page.goto(server)
    settled(page)
    pull(page, settled, "Queries per month", "End")
    sent = answer(page)
    stranger.goto(page.url.replace(f"{server}/", f"{server}/prices"))
    settled(stranger)
    rows = stranger.locator(".st-key-hero h1").inner_text()
    follow(stranger, "Overview")
    expect(stranger.locator("article.card")).to_have_count(3)
    settled(stranger)

    assert rows.endswith("prices decide this answer")
    assert answer(stranger) == sent
    expect(stranger).to_have_url(page.url)


def test_both_switches_survive_a_reload_and_travel_with_the_link(
    server, page, stranger, settled, answer, expected, scenario_with
):
    page.goto(server)
    for name in ("Present value", "Monthly"):
        before = settled(page).url
        switch(page, name).click()
        expect(page).not_to_have_url(before)
    settled(page)
    page.reload()
    settled(page)
    stranger.goto(page.url)
    settled(stranger)

    cards = expected(scenario_with({}), present=True).cards

    for window in (page, stranger):
        expect(switch(window, "Present value")).to_be_checked()
        expect(switch(window, "Monthly")).to_be_checked()
        expect(window.locator(".st-key-eyebrow").first).to_contain_text("present value USD")
        assert answer(window).cards == cards


def test_the_preset_picker_loads_a_preset_and_reset_stays_with_it(server, page, settled, answer):
    page.goto(server)
    settled(page)
    page.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name=PRESETS["email-drafts"].name).click()
    expect(page.locator(".st-key-eyebrow")).to_contain_text(PRESETS["email-drafts"].name)
    settled(page)
    picked, address = answer(page), page.url
    pull(page, settled, "Horizon", "End")
    changed = answer(page)
    page.get_by_role("button", name="Reset", exact=True).click()
    settled(page)

    assert changed != picked
    assert answer(page) == picked
    expect(page).to_have_url(address)
    expect(page.get_by_role("button", name="Reset", exact=True)).to_be_disabled()


def test_copy_link_copies_the_address(server, page, settled):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server)
    settled(page)
    pull(page, settled, "Queries per month", "End")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()

    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "?s=" in page.url


@pytest.mark.parametrize("path", ["/", "/prices"])
def test_a_damaged_link_is_said_and_the_page_works_on(server, page, settled, path):
    page.goto(f"{server}{path}?s=1.00000000.zAAAA")
    settled(page)
    notice = page.locator(".st-key-notice")
    expect(notice).to_contain_text("the link is damaged")
    expect(notice.get_by_role("alert")).to_be_attached()
    pull(page, settled, "Queries per month", "End")

    expect(notice).to_have_count(0)
    expect(page).not_to_have_url(re.compile("AAAA"))


def test_a_group_stays_open_while_its_numbers_change(server, page, settled, answer, expected, scenario_with):
    page.goto(server)
    settled(page)
    group(page, "Workload").locator("summary").click()
    settled(page)
    for label, value in (("Tokens per answer", "300"), ("Tokens per query", "90")):
        field = number(page, "Workload", label)
        field.fill(value)
        field.press("Tab")
        settled(page)

    expect(number(page, "Workload", "Tokens per query")).to_be_visible()
    assert answer(page) == expected(scenario_with({"workload.output_tokens": 300.0, "workload.query_tokens": 90.0}))


def test_a_field_that_may_be_empty_can_be_emptied(server, page, settled, scenario_with, word_of):
    page.goto(f"{server}/?s={word_of(scenario_with({'hybrid.top_k': 3}))}")
    settled(page)
    group(page, "Hybrid").locator("summary").click()
    settled(page)
    field = number(page, "Hybrid", "Chunks in the prompt")
    expect(field).to_have_value("3")
    field.fill("")
    field.press("Tab")
    settled(page)

    expect(number(page, "Hybrid", "Chunks in the prompt")).to_have_value("")
    expect(page).not_to_have_url(re.compile(re.escape(word_of(scenario_with({"hybrid.top_k": 3})))))
    assert link.decoded(page.url.rpartition("?s=")[2])[0] == scenario_with({})


def test_a_keyboard_alone_moves_a_lever_and_the_verdict_follows(server, page, settled, answer, expected, scenario_with):
    page.goto(server)
    before = answer(settled(page))
    moved = lever(page, "Queries per month")
    for _ in range(20):
        page.keyboard.press("Tab")
        if moved.evaluate("lever => lever.getRootNode().activeElement === lever"):
            break
    page.keyboard.press("End")
    expect(page.locator(".st-key-hero h1")).not_to_have_text(before.headline)
    settled(page)

    assert answer(page) == expected(scenario_with({VOLUME: 10_000_000.0}))
    assert moved.evaluate("lever => lever.getRootNode().activeElement === lever")


@pytest.mark.console_noise("Streamlit says that there is no such page, and asks below its address first")
def test_an_unknown_page_is_said_and_the_overview_stands_behind_it(
    server, page, settled, answer, expected, scenario_with
):
    page.goto(f"{server}/no-such-page")
    settled(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Page not found")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)

    assert answer(settled(page)) == expected(scenario_with({}))


@pytest.mark.parametrize("path", ["/", "/breakdown", "/method"])
def test_a_scenario_that_misses_a_price_is_shown_with_what_is_known(
    server, page, settled, scenario_with, word_of, path
):
    page.goto(f"{server}{path}?s={word_of(scenario_with({'rag.model': None}))}")
    settled(page)

    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    expect(page.locator(".st-key-hero h1")).not_to_be_empty()


def test_the_months_open_as_a_table(server, page, settled):
    page.goto(server)
    settled(page)
    page.get_by_role("button", name="Export", exact=True).first.click()
    page.get_by_role("button", name="Show as table", exact=True).click()
    settled(page)

    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible()
