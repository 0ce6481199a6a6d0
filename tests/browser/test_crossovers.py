"""The Crossovers page in a browser: a driver, its crossing, a flip, other axes, draws, the link, a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_layout import TOO_SMALL, sideways

DRIVER = ".finding_driver h2"


def choose(page, settled, name):
    """Turn one of the page's segmented controls."""
    page.get_by_role("radio", name=name, exact=True).click()
    settled(page)


def pressed(page, settled, button):
    """Press a button and wait until the address carries what it did."""
    before = page.evaluate("location.search")
    button.click()
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)


def choose_any(page, settled, words):
    """Find a driver by a part of its words."""
    choose(page, settled, "More…")
    box = page.get_by_role("combobox", name="Any number or price")
    box.fill(words)
    before = page.evaluate("location.search")
    box.press("Enter")
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)


def below_the_headline(page, *parts):
    """How far the parts stand below the headline, however far the page is scrolled."""
    top = page.locator(".st-key-hero h1").bounding_box()["y"]
    return [round(page.locator(part).first.bounding_box()["y"] - top) for part in parts]


def test_a_driver_is_chosen_its_crossing_is_set_and_the_verdict_is_a_tie(server, page, stranger, settled):
    page.goto(f"{server}/crossovers")
    settled(page)
    expect(page.locator(".st-key-hero h1")).to_have_text("RAG is cheaper below 168K queries a month, fine-tuning above")

    choose_any(page, settled, "cost of a label")
    expect(page.locator(DRIVER)).to_have_text(
        "The lines cross once, with fine-tuning cost of a label at $5.45 per example"
    )
    pressed(page, settled, page.get_by_role("button", name="Set to $5.45"))
    expect(page.locator(".st-key-hero")).to_contain_text("where it is too close to call (0%)")
    expect(page.locator(".st-key-chart_driver")).to_contain_text("You: $5.45")
    address, finding = page.url, page.locator(DRIVER).text_content()

    page.locator(".st-key-navigation").get_by_role("link", name="Overview").click()
    page.wait_for_url(lambda url: "/crossovers" not in url)
    settled(page)
    expect(page.locator(".st-key-hero h1")).to_contain_text("are too close to call (0%)")

    stranger.goto(address)
    settled(stranger)
    assert stranger.locator(DRIVER).text_content() == finding
    expect(stranger.get_by_role("radio", name="More…", exact=True)).to_be_checked()
    assert stranger.locator(".st-key-chart_driver [data-testid=stVegaLiteChart] svg").is_visible()


def test_a_flip_is_tried_and_undone(server, page, settled):
    page.goto(f"{server}/crossovers")
    settled(page)
    title = page.locator(".st-key-hero h1")
    before = title.text_content()
    row = page.locator(".st-key-flip_2")
    expect(row).to_contain_text("Input price of gpt-6.1-sol")

    pressed(page, settled, row.get_by_role("button", name="Try"))
    expect(page.locator(".finding_flips h2")).to_have_text("Anything flips it")
    expect(title).not_to_have_text(before)

    pressed(page, settled, page.get_by_role("button", name="Undo").first)
    expect(title).to_have_text(before)


def test_a_lever_that_is_dragged_moves_no_part_of_the_page(server, page, settled):
    page.goto(f"{server}/crossovers")
    settled(page)
    parts = (".st-key-chart_map", ".st-key-flip_0", ".st-key-section_driver", ".st-key-chart_driver")
    before = below_the_headline(page, *parts)
    slider = page.get_by_role("slider", name="Queries per month", exact=True)
    for key in ("PageUp", "PageUp", "PageDown", "PageDown", "PageDown", "PageDown"):
        slider.press(key)
        settled(page)

        assert below_the_headline(page, *parts) == before


def test_the_map_takes_other_axes_and_the_address_keeps_them(server, page, stranger, settled):
    page.goto(f"{server}/crossovers")
    settled(page)
    page.get_by_role("button", name="Axes").click()
    box = page.get_by_role("combobox", name="Up")
    expect(box).to_have_value("Corpus: content updates per month")
    box.fill("RAG: upkeep")
    before = page.evaluate("location.search")
    box.press("Enter")
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)
    said = page.locator(".finding_map h2").text_content()
    assert said == "More traffic and more RAG upkeep favour fine-tuning"

    stranger.goto(page.url)
    settled(stranger)
    expect(stranger.locator(".finding_map h2")).to_have_text(said)


def test_drawing_shows_how_far_it_is_can_be_cancelled_and_ends_in_a_map(server, page, settled):
    page.goto(f"{server}/crossovers")
    settled(page)
    choose(page, settled, "Chance")
    run = page.get_by_role("button", name="Run 512 draws a cell")
    caption = page.locator(".finding_map")
    run.click()
    expect(page.locator(".st-key-odds")).to_contain_text("of 30 rows drawn")
    page.get_by_role("button", name="Cancel").dispatch_event("click")
    expect(run).to_be_visible()
    settled(page)
    expect(caption).to_contain_text("Cheapest over 24 months")

    run.click()
    expect(caption).to_contain_text("Most often cheapest in 512 draws a cell", timeout=60_000)
    settled(page)
    expect(run).to_have_count(0)


def test_on_a_phone_everything_fits_and_can_be_hit(server, phone, settled):
    phone.goto(f"{server}/crossovers")
    settled(phone)

    assert sideways(phone) == 0
    assert phone.evaluate(TOO_SMALL) == []
    chart = phone.locator(".st-key-chart_map canvas").bounding_box()
    assert chart["x"] >= 0
    assert chart["x"] + chart["width"] <= 390
    choices = phone.locator(".st-key-driver_bar [data-variant='segmented_control']")
    assert choices.count() == 5
    for number in range(5):
        box = choices.nth(number).bounding_box()
        assert box["x"] + box["width"] <= 390

    choose(phone, settled, "Retraining")
    expect(phone.locator(DRIVER)).to_contain_text("in a jump")
    assert sideways(phone) == 0
