"""The levers under a real finger: the page follows, and what it says at the end is the last value."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from pages.ui.lever import log_stops
from pages.ui.levers import LEVERS
from report.palette import ARCHITECTURES, NEUTRALS

VOLUME = "workload.queries_per_month"
VOLUME_STOPS = log_stops(1_000, 10_000_000, 75)


def lever(page, path):
    """The slider of one lever."""
    label = next(each.label for each in LEVERS if each.path == path)
    return page.get_by_role("slider", name=label, exact=True)


def at(page, share):
    """The point of the volume lever's rail at a share of its length."""
    box = lever(page, VOLUME).bounding_box()
    return box["x"] + 9 + (box["width"] - 18) * share, box["y"] + box["height"] / 2


def volume(page):
    """The volume that the lever stands at."""
    return VOLUME_STOPS[int(lever(page, VOLUME).input_value())]


def test_forty_fast_key_presses_end_at_the_value_forty_stops_further(
    server, page, settled, arriving, expected, scenario_with
):
    page.goto(server)
    settled(page)
    history = page.evaluate("history.length")
    lever(page, VOLUME).focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    value = VOLUME_STOPS[VOLUME_STOPS.index(200_000) + 40]
    wanted = expected(scenario_with({VOLUME: value}))

    assert arriving(page, wanted) == wanted
    assert lever(page, VOLUME).get_attribute("aria-valuetext").startswith(f"{value / 1000:.0f}K ")
    assert page.evaluate("history.length") == history


def test_keys_up_and_down_come_back_to_the_value_they_left(server, page, settled, answer, arriving):
    page.goto(server)
    settled(page)
    before, address = answer(page), page.url
    lever(page, VOLUME).focus()
    for key in ["ArrowRight"] * 15 + ["ArrowLeft"] * 15:
        page.keyboard.press(key)
    after = arriving(page, before)

    assert after == before
    expect(page).to_have_url(address)


@pytest.mark.parametrize(("key", "value", "words"), [("Home", 1_000.0, "1K"), ("End", 10_000_000.0, "10M")])
def test_home_and_end_go_to_the_ends_of_the_lever(
    server, page, settled, arriving, expected, scenario_with, key, value, words
):
    page.goto(server)
    settled(page)
    lever(page, VOLUME).press(key)
    wanted = expected(scenario_with({VOLUME: value}))

    assert arriving(page, wanted) == wanted
    assert lever(page, VOLUME).get_attribute("aria-valuetext").startswith(f"{words} queries per month")


def test_the_headline_follows_a_drag_before_the_button_is_released(
    server, page, settled, arriving, expected, scenario_with
):
    page.goto(server)
    settled(page)
    headline = page.locator(".st-key-hero h1")
    before = headline.inner_text()
    start = int(lever(page, VOLUME).input_value()) / (len(VOLUME_STOPS) - 1)
    page.mouse.move(*at(page, start))
    page.mouse.down()
    page.mouse.move(*at(page, 0.75), steps=8)
    expect(headline).not_to_have_text(before)
    during = headline.inner_text()
    page.mouse.move(*at(page, 0.9), steps=8)
    expect(headline).not_to_have_text(during)
    page.mouse.up()
    value = volume(page)
    wanted = expected(scenario_with({VOLUME: value}))

    assert arriving(page, wanted) == wanted
    assert volume(page) == value > 1_000_000


def test_a_drag_to_and_fro_ends_where_the_button_was_released(server, page, settled, arriving, expected, scenario_with):
    page.goto(server)
    settled(page)
    start = int(lever(page, VOLUME).input_value()) / (len(VOLUME_STOPS) - 1)
    page.mouse.move(*at(page, start))
    page.mouse.down()
    for share in (0.95, 0.05, 0.6, 0.2):
        page.mouse.move(*at(page, share), steps=6)
    page.mouse.up()
    value = volume(page)
    wanted = expected(scenario_with({VOLUME: value}))

    assert arriving(page, wanted) == wanted
    assert 2_000 < volume(page) == value < 20_000


def test_every_lever_moves_its_own_number(server, page, settled, arriving, expected, scenario_with):
    page.goto(server)
    settled(page)
    for path in [each.path for each in LEVERS]:
        lever(page, path).press("ArrowRight")
        settled(page)
    values = {
        VOLUME: VOLUME_STOPS[VOLUME_STOPS.index(200_000) + 1],
        "workload.monthly_growth_share": 0.025,
        "corpus.updates_per_month": 5,
        "fine_tuning.retrain_every_months": 4,
        "finance.horizon_months": 25,
    }
    wanted = expected(scenario_with(values))

    assert arriving(page, wanted) == wanted


def test_a_moved_lever_says_what_it_was_and_reset_puts_it_back(server, page, settled, answer):
    page.goto(server)
    settled(page)
    before, address = answer(page), page.url
    lever(page, VOLUME).press("End")
    settled(page)
    was = page.get_by_text("was 200K", exact=True)
    expect(was).to_have_count(1)
    page.get_by_role("button", name="Reset", exact=True).click()
    settled(page)

    expect(was).to_have_count(0)
    assert int(lever(page, VOLUME).input_value()) == VOLUME_STOPS.index(200_000)
    assert answer(page) == before
    expect(page).to_have_url(address)


def test_after_reset_the_same_value_can_be_chosen_again(server, page, settled, arriving, expected, scenario_with):
    page.goto(server)
    settled(page)
    lever(page, VOLUME).press("End")
    settled(page)
    page.get_by_role("button", name="Reset", exact=True).click()
    settled(page)
    lever(page, VOLUME).press("End")
    wanted = expected(scenario_with({VOLUME: 10_000_000.0}))

    assert arriving(page, wanted) == wanted


def test_a_finger_moves_a_lever_on_a_phone(server, phone, settled, expected, scenario_with):
    phone.goto(server)
    settled(phone)
    phone.get_by_role("button", name="Change the numbers").tap()
    expect(lever(phone, VOLUME)).to_be_in_viewport()
    settled(phone)
    headline = phone.locator(".st-key-hero h1")
    before = headline.text_content()
    touch = phone.context.new_cdp_session(phone)

    def finger(kind, *share):
        points = [dict(zip("xy", at(phone, each), strict=True)) for each in share]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", int(lever(phone, VOLUME).input_value()) / (len(VOLUME_STOPS) - 1))
    for step in range(60, 91, 2):
        finger("touchMove", step / 100)
    expect(headline).not_to_have_text(before)
    finger("touchEnd")
    value = volume(phone)
    total = expected(scenario_with({VOLUME: value})).cards["RAG"]

    expect(phone.locator("article.card .total").first).to_have_text(total)
    assert volume(phone) == value > 1_000_000


def test_a_lever_tells_a_screen_reader_its_name_its_value_and_what_it_means(server, page, settled):
    page.goto(server)
    settled(page)

    for each in LEVERS:
        spoken = lever(page, each.path).get_attribute("aria-valuetext")
        assert re.search(r"\d|never", spoken), each.label


# Every lever by mouse

PULLS = {
    "workload.queries_per_month": 0.2,
    "workload.monthly_growth_share": 0.02,
    "corpus.updates_per_month": 0.95,
    "fine_tuning.retrain_every_months": 0.04,
    "finance.horizon_months": 0.02,
}
"""Where each lever is pulled to [share of its length]: somewhere else, so that the headline has to change."""


def rail(page, path, share):
    """A point of a lever's rail."""
    box = lever(page, path).bounding_box()
    return box["x"] + 9 + (box["width"] - 18) * share, box["y"] + box["height"] / 2


def stands(page, path):
    """Where the thumb of a lever stands [share of its length]."""
    slider = lever(page, path)
    return int(slider.input_value()) / int(slider.get_attribute("max"))


@pytest.mark.parametrize("path", PULLS)
def test_the_verdict_follows_the_mouse_on_every_lever_before_it_is_released(server, page, settled, path):
    page.goto(server)
    settled(page)
    headline = page.locator(".st-key-hero h1")
    before = headline.inner_text()
    page.mouse.move(*rail(page, path, stands(page, path)))
    page.mouse.down()
    page.mouse.move(*rail(page, path, PULLS[path]), steps=6)
    expect(headline).not_to_have_text(before)
    page.mouse.up()
    settled(page)

    assert stands(page, path) == pytest.approx(PULLS[path], abs=0.06)
    expect(headline).not_to_have_text(before)


# Tracks


def in_hex(colour):
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def drawn(page, path):
    """The colours of a lever's track from left to right, as they are drawn."""
    shadow = lever(page, path).locator("xpath=../div[@class='track']")
    colours = re.findall(r"rgba?\([^)]*\)", shadow.evaluate("element => getComputedStyle(element).backgroundImage"))
    return [in_hex(colour) for colour in dict.fromkeys(colours)]


def pixel(page, path, share):
    """The colour of one point of a lever's track, off the thumb and its preset's mark."""
    x, y = rail(page, path, share)
    picture = page.screenshot(clip={"x": round(x), "y": round(y), "width": 1, "height": 1})
    return "#{:02x}{:02x}{:02x}".format(*Image.open(BytesIO(picture)).convert("RGB").getpixel((0, 0)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_track_has_the_winner_s_colour_on_both_sides_of_a_crossing(server, page, settled, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(server)
    settled(page)
    caption = lever(page, VOLUME).get_attribute("aria-valuetext")
    rag, tuned = (getattr(ARCHITECTURES[key], scheme) for key in ("rag", "fine_tuning"))

    assert "RAG below 168K, fine-tuning from there" in caption
    assert (pixel(page, VOLUME, 0.3), pixel(page, VOLUME, 0.9)) == (rag, tuned)
    assert drawn(page, VOLUME) == [rag, neutral(scheme), tuned]


def neutral(scheme):
    return NEUTRALS["line"][scheme == "dark"]


def test_the_line_below_moves_with_another_lever(server, page, settled):
    page.goto(server)
    settled(page)
    before = lever(page, VOLUME).get_attribute("aria-valuetext")
    lever(page, "finance.horizon_months").press("End")
    settled(page)

    assert lever(page, VOLUME).get_attribute("aria-valuetext") != before


def test_no_lever_changes_its_height_whatever_it_says(server, page, settled):
    page.goto(server)
    settled(page)

    def heights():
        return [lever(page, each.path).evaluate("e => e.closest('.lever').offsetHeight") for each in LEVERS]

    before = heights()
    for path, key in (
        (VOLUME, "Home"),
        ("fine_tuning.retrain_every_months", "End"),
        ("corpus.updates_per_month", "Home"),
    ):
        lever(page, path).press(key)
        settled(page)
        assert heights() == before
    exact_field(page, VOLUME).fill("nonsense")
    exact_field(page, VOLUME).press("Enter")
    settled(page)

    assert heights() == before


# The number beside a lever


def exact_field(page, path):
    label = next(each.label for each in LEVERS if each.path == path)
    return page.get_by_role("textbox", name=f"{label}, typed in", exact=True)


def test_an_exact_number_is_typed_beside_a_lever(server, page, settled, arriving, expected, scenario_with):
    page.goto(server)
    settled(page)
    exact_field(page, VOLUME).click()
    expect(exact_field(page, VOLUME)).to_have_value("200,000")
    page.keyboard.type("1.2M")
    page.keyboard.press("Enter")
    wanted = expected(scenario_with({VOLUME: 1_200_000.0}))

    assert arriving(page, wanted) == wanted
    expect(exact_field(page, VOLUME)).to_have_value("1.2M")


def test_escape_puts_the_number_back(server, page, settled, answer):
    page.goto(server)
    settled(page)
    before, address = answer(page), page.url
    exact_field(page, VOLUME).click()
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    settled(page)

    expect(exact_field(page, VOLUME)).to_have_value("200K")
    expect(page).to_have_url(address)
    assert answer(page) == before


def test_a_refused_number_says_why_and_changes_nothing(server, page, settled, answer):
    page.goto(server)
    settled(page)
    before, address = answer(page), page.url
    exact_field(page, VOLUME).fill("2B")
    exact_field(page, VOLUME).press("Enter")
    said = page.get_by_role("alert").filter(has_text="Takes 0 to 1B")
    expect(said).to_be_visible()
    settled(page)

    assert answer(page) == before
    expect(page).to_have_url(address)
    expect(exact_field(page, VOLUME)).to_have_value("200K")


def test_after_a_typed_number_the_lever_can_be_pulled_back(server, page, settled, arriving, expected, scenario_with):
    page.goto(server)
    settled(page)
    lever(page, VOLUME).press("End")
    settled(page)
    exact_field(page, VOLUME).fill("300k")
    exact_field(page, VOLUME).press("Enter")
    settled(page)
    lever(page, VOLUME).press("End")
    wanted = expected(scenario_with({VOLUME: 10_000_000.0}))

    assert arriving(page, wanted) == wanted


def test_lever_field_and_button_have_room_for_a_finger(server, phone, settled, word_of, scenario_with):
    word = word_of(scenario_with({}), {"pins": "rag.top_k"})
    phone.goto(f"{server}/?s={word}")
    settled(phone)
    phone.get_by_role("button", name="Change the numbers").tap()
    slider = lever(phone, VOLUME)
    expect(slider).to_be_in_viewport()
    settled(phone)
    remove = phone.get_by_role("button", name="Remove the lever RAG: chunks in the prompt")
    boxes = [slider.bounding_box(), exact_field(phone, VOLUME).bounding_box(), remove.bounding_box()]

    # Boxes lie on fractions of pixels.
    assert all(round(box["height"]) >= 40 and round(box["width"]) >= 40 for box in boxes), boxes
    assert slider.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"


# Fields that became levers


def test_a_pinned_lever_is_pulled_and_taken_away(server, page, settled, word_of, scenario_with):
    word = word_of(scenario_with({}), {"pins": "rag.top_k"})
    page.goto(f"{server}/?s={word}")
    settled(page)
    headline = page.locator(".st-key-hero h1")
    before = headline.inner_text()
    pinned = page.get_by_role("slider", name="RAG: chunks in the prompt", exact=True)
    pinned.press("End")
    expect(headline).not_to_have_text(before)
    settled(page)
    page.get_by_role("button", name="Remove the lever RAG: chunks in the prompt").click()
    settled(page)

    expect(pinned).to_have_count(0)
