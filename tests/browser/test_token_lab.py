"""The token lab in a browser: a real PDF comes in, its numbers go into the scenario, its text goes nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from costmodel import link, sample
from costmodel.documents import read
from costmodel.tokens import count_tokens
from report import tokens_text as words
from scripts.serving import listening, served, written
from tests.browser.test_layout import CONTRASTS, TOO_SMALL, sideways
from tests.costmodel.made_files import RETURNS, paragraphs

MARK = "Zyxwvut"
SENTENCE = "A refund goes to the card that paid and takes three working days. "


def lab(page, settled, server, word=""):
    page.goto(f"{server}/token_lab{f'?s={word}' if word else ''}")
    return settled(page)


def drop(page, settled, *files):
    """Drop files: paths, or (name, content)."""
    contents = {file.name: file.read_bytes() for file in files if isinstance(file, Path)}
    contents |= {file[0]: file[1] for file in files if not isinstance(file, Path)}
    given = [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in contents.items()]
    page.locator(".st-key-token_lab input[type=file]").set_input_files(given)
    expect(page.locator(".figures")).to_be_visible(timeout=30_000)
    settled(page)


def write(page, settled, label, text):
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Control+Enter")
    settled(page)


def scenario(page):
    """The scenario of the address."""
    return link.decoded(page.evaluate("new URLSearchParams(location.search).get('s')"))[0]


def test_a_real_pdf_is_measured_and_its_numbers_go_into_the_scenario(server, page, settled, scenario_with, word_of):
    length = sum(count_tokens(piece[0]) for piece in read("returns.pdf", RETURNS.read_bytes()))
    lab(page, settled, server, word_of(scenario_with({"corpus.documents": 120.0})))
    expect(page.locator(".st-key-hero h1")).to_have_text(words.EMPTY_HEADLINE)
    drop(page, settled, RETURNS)
    expect(page.locator(".st-key-hero h1")).to_contain_text(
        f"Your document holds {length:,} tokens; 120 documents like it would be {words.tokens(120 * length)} tokens"
    )
    before = page.evaluate("location.search")
    page.get_by_role("button", name="Use these numbers").click()
    page.wait_for_function("before => location.search !== before", arg=before)
    settled(page)
    expect(page.get_by_role("button", name="In use", exact=True)).to_be_disabled()

    assert page.title() == "Token lab · Crossover"
    assert scenario(page).corpus.tokens_per_document == length
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_function("before => location.search === before", arg=before)
    page.locator(".st-key-navigation").get_by_role("link", name="Overview").click()
    page.wait_for_url(re.compile(r"/\?s="))
    settled(page)

    assert scenario(page).corpus.documents == 120
    assert scenario(page).corpus.tokens_per_document == scenario_with({}).corpus.tokens_per_document


def test_the_corpus_inputs_lead_to_the_lab_with_the_scenario(server, page, settled, scenario_with, word_of):
    page.goto(f"{server}/?s={word_of(scenario_with({'corpus.documents': 120.0}))}")
    settled(page)
    page.locator("[data-testid=stSidebar] summary", has_text="Corpus").click()
    page.get_by_role("link", name=re.compile("own text")).click()
    page.wait_for_url("**/token_lab?s=*")
    settled(page)

    expect(page.locator(".st-key-hero h1")).to_have_text(words.EMPTY_HEADLINE)
    assert scenario(page).corpus.documents == 120


def test_several_files_are_counted_and_what_is_not_is_named(server, page, settled):
    lab(page, settled, server)
    several = [(f"{number}.md", (SENTENCE * number).encode()) for number in (10, 40, 90)]
    drop(page, settled, *several, ("empty.txt", b""), ("broken.pdf", b"%PDF-1.4 junk"))
    lengths = sample.spread([count_tokens(SENTENCE * number) for number in (10, 40, 90)])

    expect(page.locator(".st-key-hero h1")).to_contain_text(f"Your 3 documents hold {lengths.median:,.0f} tokens each")
    expect(page.locator(".st-key-notice_token_lab")).to_contain_text("empty.txt is empty.")
    expect(page.locator(".st-key-notice_token_lab")).to_contain_text("broken.pdf is damaged")


def test_a_file_beyond_the_limit_is_refused_by_name(server, page, settled, tmp_path):
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 22_000_000)
    lab(page, settled, server)
    page.locator(".st-key-token_lab input[type=file]").set_input_files(large)

    expect(page.locator(".st-key-token_lab [data-testid=stFileUploader]")).to_contain_text("large.txt")
    expect(page.locator(".st-key-token_lab [data-testid=stFileUploader]")).to_contain_text(
        re.compile("20(.0)?MB or smaller")
    )
    expect(page.locator(".figures")).to_have_count(0)


def test_twenty_megabytes_are_counted_behind_a_progress_bar(server, page, settled, tmp_path):
    large = tmp_path / "large.txt"
    text = (SENTENCE * 303_030).encode()[:20_000_000]
    large.write_bytes(text)
    lab(page, settled, server)
    page.locator(".st-key-token_lab input[type=file]").set_input_files(large)
    expect(page.locator(".st-key-token_lab").get_by_role("progressbar")).to_be_visible(timeout=60_000)
    expect(page.locator(".st-key-hero h1")).to_contain_text("Your document holds ", timeout=60_000)

    expect(page.locator(".figures")).to_contain_text(re.compile("Characters *20M"))


def test_a_lever_that_moves_keeps_the_text_and_moves_nothing(server, page, settled):
    lab(page, settled, server)
    drop(page, settled, RETURNS, ("a.txt", (SENTENCE * 90).encode()))
    parts = (".st-key-hero h1", ".figures", ".st-key-token_lab_take", ".borders")
    places = []
    for key in ("ArrowRight", "End", "Home"):
        before = page.evaluate("location.search")
        page.get_by_role("slider", name="Queries per month").press(key)
        page.wait_for_function("before => location.search !== before", arg=before)
        settled(page)
        places.append([round(page.locator(part).first.bounding_box()["y"]) for part in parts])

    assert places[1:] == places[:1] * 2


def test_the_text_is_in_no_address_no_storage_no_link_and_no_log(browser, settled, tmp_path):
    log, asked = tmp_path / "log.txt", []
    secret = f"{MARK} refunds a parcel. " * 200
    hostile = ("c.pdf", b"%PDF- " + secret.encode())
    with served(log) as url, browser.new_context() as context:
        page = listening(context).new_page()
        page.on("request", lambda request: asked.append(request.url))
        lab(page, settled, url)
        drop(page, settled, ("a.txt", secret.encode()), ("b.docx", paragraphs(secret)), hostile)
        write(page, settled, "Or paste text", secret)
        write(page, settled, "Sample questions", f"Where is {MARK}?")
        page.get_by_role("button", name="Use these numbers").click()
        expect(page.get_by_role("button", name="In use", exact=True)).to_be_visible()
        settled(page)
        seen = page.locator(".borders").inner_text()
        stores = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
        asked.append(page.url)
        restored = scenario(page).model_dump_json()
    said = written(log)

    assert MARK in seen  # it is there to be found
    assert [each for each in asked if MARK in each] == []
    assert MARK not in stores + restored + said
    assert "Traceback" not in said


def test_what_two_chunks_share_is_marked_by_more_than_colour(server, page, settled):
    lab(page, settled, server)
    drop(page, settled, RETURNS)
    shared = page.locator(".borders .both").first

    expect(shared).to_contain_text("In both: 50 tokens")
    expect(shared).to_have_css("outline-style", "dashed")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_with_documents_fits_every_width_and_can_be_read(server, page, settled, theme):
    page.emulate_media(color_scheme=theme)
    lab(page, settled, server)
    drop(page, settled, RETURNS, ("a.txt", (SENTENCE * 90).encode()), ("b.txt", SENTENCE.encode()), ("c.txt", b""))
    seen = page.evaluate(CONTRASTS)
    faint = [f"{said}: {contrast:.1f}" for said, contrast in seen if contrast < 4.5 and said != "add"]  # a drawn plus
    too_wide = {}
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        too_wide[width] = sideways(page)

    assert too_wide == {1440: 0, 1024: 0, 390: 0}
    assert faint == []


def test_a_finger_can_hit_every_button(server, phone, settled):
    lab(phone, settled, server)
    drop(phone, settled, RETURNS, ("a.txt", (SENTENCE * 90).encode()))

    assert phone.evaluate(TOO_SMALL) == []
