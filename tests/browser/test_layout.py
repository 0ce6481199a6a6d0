"""How the pages stand on a screen: wide, narrow, on a phone, in light and in dark."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from pages.ui.layout import NAVIGATION
from scripts.screenshots import address, files

PAGES = tuple(map(address, files()))
DARK_RAG, LIGHT_RAG = "rgb(127, 178, 245)", "rgb(27, 95, 180)"

# Every text that can be seen, with its contrast to what lies behind it; open shadow roots included.
CONTRASTS = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const parsed = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const up = (element) => element.parentElement ?? element.getRootNode().host ?? null;
    const behind = (element) => {
        const layers = [];
        for (let each = element; each; each = up(each)) {
            const colour = parsed(getComputedStyle(each).backgroundColor);
            if (colour[3] > 0) layers.push(colour);
            if (colour[3] === 1) break;
        }
        return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
    };
    const found = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) look(element.shadowRoot);
            const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
            const words = texts.map((node) => node.data).join(" ").trim();
            if (!words || element.closest("style, script, title, svg defs, :disabled, [aria-disabled=true]")) continue;
            if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            const box = element.getBoundingClientRect();
            if (box.width < 2 || box.height < 2) continue;
            const style = getComputedStyle(element);
            const drawn = element.closest("svg");
            if (drawn && (style.opacity === "0" || style.stroke !== "none")) continue; // not shown, or a halo
            if (element.closest(".st-key-chart_bars")) continue; // its words stand on bars, not on an element
            const back = behind(element);
            const colour = parsed(drawn ? style.fill : style.color);
            const [a, b] = [luminance(over(colour, back)), luminance(back)].sort((x, y) => y - x);
            found.push([words.slice(0, 60), (a + 0.05) / (b + 0.05)]);
        }
    };
    look(document.body);
    return found;
}"""

# Left aside: Streamlit's main menu, help marks and table tools, and the arrow inside a box that is a button itself.
TOO_SMALL = """() => {
    const aside = '[data-testid="stMainMenu"], [data-testid="stMainMenuButton"], [data-testid="stElementToolbar"], '
        + '[data-testid="stTooltipIcon"], [data-testid="stTooltipHoverTarget"], .stSelectbox';
    const found = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) look(element.shadowRoot);
            if (!element.matches("button, summary, a[href], input[type=range], [role=button], [role=radio]")) continue;
            if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            if (element.closest(aside) || element.getAttribute("aria-label")?.startsWith("Help")) continue;
            const box = element.getBoundingClientRect();
            if (box.width === 0 || box.right <= 0 || box.left >= innerWidth) continue;
            if (Math.round(box.height) >= 40 && Math.round(box.width) >= 24) continue;
            const name = element.getAttribute("aria-label") || element.textContent.trim() || element.outerHTML;
            found.push(`${name.slice(0, 80)}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
        }
    };
    look(document.body);
    return found;
}"""


def sideways(page):
    """By how many pixels the page is wider than its window, and main column and open sidebar than theirs."""
    return page.evaluate(
        """() => Math.max(...["html", '[data-testid="stMain"]', '[data-testid="stSidebarContent"]']
            .map((name) => document.querySelector(name))
            .filter((element) => element && element.getBoundingClientRect().right > 0)
            .map((element) => element.scrollWidth - element.clientWidth))"""
    )


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_and_its_head_names_it(server, page, settled, path):
    page.goto(f"{server}{path}")
    settled(page)
    too_wide = {}
    for width in (1440, 1024, 800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        too_wide[width] = sideways(page)

    assert too_wide == {1440: 0, 1024: 0, 800: 0, 390: 0}
    name = page.locator(".st-key-menu").get_by_role("button").inner_text().split("\n")
    assert page.title().removesuffix(" · Crossover") in name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_verdict_cards_and_the_top_of_the_first_chart_are_seen_without_scrolling(server, page, settled, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(server)
    settled(page)
    headline = page.locator(".st-key-hero h1").bounding_box()
    cards = page.locator(".cards").bounding_box()
    chart = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()

    assert headline["y"] > 0
    assert headline["y"] + headline["height"] <= cards["y"]
    assert cards["y"] + cards["height"] < chart["y"]
    assert chart["y"] + 60 < 900


# Where the parts of the Overview begin, however far the page is scrolled.
PLACES = """() => {
    const parts = [".st-key-hero h1", ".cards", "[class*=st-key-chart_lines]", ".finding_turns", "table.facts",
        ".st-key-chart_bars", ".finding_miles"];
    const scrolled = document.querySelector("[data-testid=stMain]").scrollTop;
    return parts.map((part) => document.querySelector(part).getBoundingClientRect().y + scrolled);
}"""


@pytest.mark.parametrize("width", [1440, 1024])
def test_nothing_moves_when_a_lever_changes_the_numbers(server, page, settled, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server)
    settled(page)
    before, moved = page.evaluate(PLACES), []
    for lever in ("Queries per month", "Content updates per month", "Horizon"):
        for key in ("Home", "End"):
            page.get_by_role("slider", name=lever, exact=True).press(key)
            settled(page)
            far = max(abs(now - then) for now, then in zip(page.evaluate(PLACES), before, strict=True))
            if far > 2:  # what rounding makes of the heights of lines
                moved.append(f"{lever}, {key}: by {far:.0f} px")

    assert moved == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_moves_when_copy_link_comes_last(server, page, settled, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server)
    settled(page)
    drawn = page.evaluate(PLACES)
    page.evaluate("() => document.querySelector('.st-key-crossover_copy_link').replaceChildren()")

    assert page.evaluate(PLACES) == drawn


@pytest.mark.parametrize("path", PAGES)
def test_every_text_can_be_read_on_what_lies_behind_it(server, page, settled, path):
    page.goto(f"{server}{path}")
    faint = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        settled(page)
        seen = page.evaluate(CONTRASTS)
        assert len(seen) > 30
        faint[theme] = [f"{words}: {contrast:.1f}" for words, contrast in seen if contrast < 4.5]

    assert faint == {"light": [], "dark": []}


def test_the_dark_theme_changes_names_lines_and_levers(server, page, settled):
    colours = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.goto(server)
        settled(page)
        card = page.locator("article.card :is(h2, h3)").first.evaluate("element => getComputedStyle(element).color")
        chart = page.locator("[data-testid=stVegaLiteChart]").first
        label = chart.locator("svg text", has_text=re.compile(r"^RAG \$")).last.get_attribute("fill")
        lever = page.locator(".lever .value").first.evaluate("element => getComputedStyle(element).color")
        colours[theme] = (card, label, lever)

    assert colours["light"][:2] == (LIGHT_RAG, "#1b5fb4")
    assert colours["dark"][:2] == (DARK_RAG, "#7fb2f5")
    assert colours["light"][2] != colours["dark"][2]


def test_the_theme_follows_the_system_while_the_page_is_open(server, page, settled):
    page.goto(server)
    settled(page)
    page.emulate_media(color_scheme="dark")
    label = (
        page.locator("[data-testid=stVegaLiteChart]").first.locator("svg text", has_text=re.compile(r"^RAG \$")).last
    )

    expect(page.locator("article.card :is(h2, h3)").first).to_have_css("color", DARK_RAG)
    expect(label).to_have_attribute("fill", "#7fb2f5")


WRITTEN_ABOVE = """group => getComputedStyle(group, "::before").content.replaceAll('"', "")"""


def test_the_page_links_stand_in_their_groups_in_one_row(server, page, settled):
    page.goto(server)
    settled(page)
    row = page.locator(".st-key-navigation")
    links = [(link.evaluate(WRITTEN_ABOVE), link.inner_text().strip()) for link in row.locator("> div").all()]
    tops = {round(link.bounding_box()["y"]) for link in row.get_by_role("link").all()}

    assert [above for above, _ in links if above != "none"] == [group for group, _ in NAVIGATION]
    assert [label for _, label in links] == [label for _, pages in NAVIGATION for label, _ in pages]
    assert [label for above, label in links if above != "none"] == [pages[0][0] for _, pages in NAVIGATION]
    assert len(tops) == 1
    expect(page.locator(".st-key-menu")).to_be_hidden()


@pytest.mark.parametrize("width", [1024, 1200])
def test_where_one_row_is_too_short_the_page_links_break_between_groups(server, page, settled, width):
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(server)
    settled(page)
    boxes = [link.bounding_box() for link in page.locator(".st-key-navigation").get_by_role("link").all()]
    first = sum(len(pages) for _, pages in NAVIGATION[:2])

    assert len({round(box["y"]) for box in boxes[:first]}) == len({round(box["y"]) for box in boxes[first:]}) == 1
    assert boxes[first]["y"] > boxes[0]["y"] + boxes[0]["height"]
    assert boxes[first]["x"] == boxes[0]["x"]


def test_the_first_stop_of_the_tab_key_leads_past_the_sidebar(server, page, settled):
    page.goto(server)
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator(".st-key-navigation").get_by_role("link", name="Overview")).to_be_focused()


# What has the focus, and its place with a little around it.
FOCUS = """() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const { x, y, width, height } = element.getBoundingClientRect();
    const left = Math.max(0, x - 8), top = Math.max(0, y - 8);
    return {
        name: element.getAttribute("aria-label") || element.textContent.trim().slice(0, 40),
        end: element === document.body,
        clip: { x: left, y: top, width: Math.min(width, 400) + 16, height: Math.min(height, 200) + 16 },
    };
}"""
LEAVE = """() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    window.crossoverLeft = element;
    element.blur();
}"""
RETURN = "() => window.crossoverLeft.focus({ preventScroll: true })"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whatever_has_the_focus_can_be_seen_to_have_it(server, page, settled, theme):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 1440, "height": 2600})
    page.goto(server)
    settled(page)
    alike, names = [], []
    for _ in range(99):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["end"]:
            break
        names.append(stop["name"])
        with_focus = page.screenshot(clip=stop["clip"], caret="hide")
        page.evaluate(LEAVE)
        if page.screenshot(clip=stop["clip"], caret="hide") == with_focus:
            alike.append(stop["name"])
        page.evaluate(RETURN)

    assert {"Queries per month", "Copy link", "Overview"} <= set(names)
    assert alike == []


def test_a_phone_gets_to_the_prices_by_the_menu_button(server, phone, settled):
    phone.goto(server)
    settled(phone)
    expect(phone.locator(".st-key-navigation")).to_be_hidden()
    phone.locator(".st-key-menu").get_by_role("button").tap()
    first = phone.locator(".st-key-menu_groups > div").first
    expect(first).to_be_visible()
    assert first.evaluate(WRITTEN_ABOVE) == NAVIGATION[0][0]
    links = [link.bounding_box() for link in phone.locator(".st-key-menu_groups a").all()]
    assert all(above["y"] + above["height"] <= below["y"] for above, below in pairwise(links))
    phone.locator("[class*=st-key-menu_group]").get_by_role("link", name="Prices").tap()
    phone.wait_for_url("**/prices?s=*")
    settled(phone)

    expect(phone.locator(".st-key-hero h1")).to_contain_text("decide this answer")
    expect(phone.locator(".st-key-menu").get_by_role("button")).to_contain_text("Prices")


def test_the_drawer_closes_again(server, phone, settled):
    phone.goto(server)
    settled(phone)
    lever = phone.get_by_role("slider", name="Queries per month")
    phone.get_by_role("button", name="Change the numbers").tap()
    expect(lever).to_be_in_viewport()
    phone.locator("[data-testid=stSidebarCollapseButton] button").tap()

    expect(lever).not_to_be_in_viewport()
    expect(phone.locator(".st-key-hero h1")).to_be_in_viewport()


def test_what_is_scrolled_on_a_phone_goes_under_the_logo_and_not_through_it(server, phone, settled):
    phone.goto(server)
    settled(phone)

    expect(phone.locator("header[data-testid=stHeader]")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_cards_stand_two_by_two_on_a_phone(server, phone, settled):
    phone.goto(server)
    settled(phone)
    first, second, third = [card.bounding_box() for card in phone.locator("article.card").all()]

    assert first["y"] == second["y"] < third["y"]
    assert first["x"] == third["x"] < second["x"]
    assert second["x"] + second["width"] <= 390


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_opens_the_drawer_with_the_levers_and_a_finger_can_hit_every_button(server, phone, settled, path):
    phone.goto(f"{server}{path}")
    settled(phone)
    lever = phone.get_by_role("slider", name="Queries per month")
    expect(lever).not_to_be_in_viewport()
    on_page = phone.evaluate(TOO_SMALL)
    phone.get_by_role("button", name="Change the numbers").tap()
    expect(lever).to_be_in_viewport()
    settled(phone)
    in_drawer = phone.evaluate(TOO_SMALL)

    assert on_page == []
    assert in_drawer == []


def test_line_labels_are_short_on_a_phone_and_carry_the_totals_on_a_wide_screen(server, page, settled):
    page.goto(server)
    settled(page)
    words = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg text", has_text=re.compile("^RAG"))
    wide = words.last.text_content()
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)

    assert re.fullmatch(r"RAG \$\d+K", wide)
    expect(words.last).to_have_text("RAG")
