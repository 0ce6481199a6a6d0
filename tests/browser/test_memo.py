"""The memo in a real browser: it fits its place on a screen, fetches nothing, and prints on two pages."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from report.memo import html, memo
from tests.report.memo_made import HOSTILE, imprint_of

MANY = {
    "finance.consequences_in_tco": True,
    "finance.budget_usd": 90_000,
    "finance.compared": ["rag", "fine_tuning", "hybrid", "prompting"],
    "finance.delay_usd_per_week": 1_000,
    "quality.usd_per_wrong_answer": 0.5,
    "rag.correct_share": 0.95,
    "fine_tuning.correct_share": 0.9,
}
"""What makes a memo longer: four architectures, more rows on their cards, seven changed assumptions."""
CASES = {
    "the default preset": ("pricing-brand-voice", {}),
    "prompting among them": ("ticket-classifier", {}),
    "no list prices": ("published-high", {}),
    "much changed": ("pricing-brand-voice", MANY),
}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def shown(page, found):
    page.set_content(html(memo(found)))
    return page


@pytest.mark.parametrize(("preset", "values"), CASES.values(), ids=CASES)
def test_it_prints_on_two_pages_at_most(page, preset, values):
    shown(page, imprint_of(values, preset))
    for paper in ("A4", "Letter"):
        pages = PdfReader(io.BytesIO(page.pdf(format=paper, print_background=True))).pages
        printed = " ".join(" ".join(each.extract_text() for each in pages).split())

        assert len(pages) <= 2, paper
        assert "Totals over" in printed
        assert "Crossover model" in printed


@pytest.mark.parametrize("width", [390, 800])
def test_it_fits_its_place_and_shows_its_chart(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    shown(page, imprint_of(MANY))
    drawn = page.locator("figure img").evaluate("image => [image.complete, image.naturalWidth, image.clientWidth]")

    assert page.evaluate(WIDER) == 0
    assert page.locator("h1").inner_text().replace("\n", " ").startswith("Over 24 months prompting costs")
    assert drawn[0]
    assert drawn[1] >= 480
    assert drawn[2] > width * 0.8


def test_a_telephone_gets_the_narrow_chart(page):
    page.set_viewport_size({"width": 390, "height": 900})
    shown(page, imprint_of())
    narrow = page.locator("figure img").evaluate("image => image.naturalWidth")
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_function("before => document.querySelector('figure img').naturalWidth > before", arg=narrow)

    assert narrow == 480


def test_it_stays_light_in_the_dark(page):
    page.emulate_media(color_scheme="dark")
    shown(page, imprint_of())

    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", [HOSTILE["markup"], HOSTILE["bidirectional"], HOSTILE["quotes"]])
def test_a_hostile_name_does_nothing(page, name):
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    shown(page, imprint_of({"name": name}))

    assert page.locator("script").count() == 0
    assert page.locator("bdi").first.inner_text().startswith(name[:3])
    assert dialogs == []
