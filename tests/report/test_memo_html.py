"""The memo as a page: read back with an XML parser; nothing in it runs, and nothing is fetched."""

from __future__ import annotations

import base64
import re

import pytest
from lxml import etree

from report import card_text, text
from report.memo import html, memo
from report.palette import ARCHITECTURES
from tests.report.memo_made import HOSTILE, LONG, SERVER, imprint_of, shown

PLAIN = imprint_of()
PAGE = html(memo(PLAIN))
WITHOUT_CHART = ["verdict", "totals", "assumptions"]


def tree(page: str) -> etree._Element:
    """The page, which is well-formed XML too."""
    return etree.fromstring(page.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_cards_show_what_the_screen_shows():
    sums = text.totals(PLAIN.run)
    (table,) = tree(PAGE).findall(".//table[@class='totals']")
    names = [words(head) for head in table.findall("thead//th")]
    rows = {words(row.find("th")): [words(cell) for cell in row.findall("td")] for row in table.findall("tbody/tr")}
    cards = [card_text.card(PLAIN.run, key, sums) for key in PLAIN.run.answers]

    assert names == [ARCHITECTURES[card.architecture].name for card in cards]
    assert rows["Total"] == [card.total.value for card in cards]
    assert rows["Difference"] == [card.badge for card in cards]
    assert rows["Build"] == [card.facts[0].value for card in cards]


def test_the_total_says_its_cents_to_who_points_at_it():
    exact = [cell.get("title") for cell in tree(PAGE).findall(".//table[@class='totals']/tbody/tr[1]/td")]
    money = text.money_of(PLAIN.run)

    assert exact == [money.exact(answer.tco_usd) for answer in PLAIN.run.answers.values()]


def test_the_page_has_a_language_a_title_and_one_headline():
    page = tree(PAGE)

    assert page.get("lang") == "en"
    assert page.findtext("head/title") == (
        "Sales chat: prices in brand voice: Over 24 months fine-tuning costs $100K, 8% less than RAG"
    )
    assert [words(each) for each in page.iter("h1")] == ["Over 24 months fine-tuning costs $100K, 8% less than RAG"]


def test_architectures_stand_in_their_colour():
    named = {(each.get("class"), words(each)) for each in tree(PAGE).iter("span")}

    assert ("name rag", "RAG") in named
    assert ("name fine_tuning", "fine-tuning") in named
    assert f".rag {{ --rule: {ARCHITECTURES['rag'].light};" in PAGE


def test_the_chart_is_inside_the_page_and_has_words():
    (image,) = tree(PAGE).iter("img")
    kind, _, content = image.get("src").partition(",")
    drawing = etree.fromstring(base64.b64decode(content))

    assert kind == "data:image/svg+xml;base64"
    assert etree.QName(drawing).localname == "svg"
    assert "Fine-tuning overtakes RAG in month 19" in image.get("alt")
    assert "#ffffff" in etree.tostring(drawing).decode()


def test_nothing_runs_and_nothing_is_fetched():
    page = tree(PAGE)
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")

    assert policy.startswith("default-src 'none'; img-src data:;")
    assert not [each.tag for each in page.iter() if each.tag in ("script", "link", "iframe", "object", "form")]
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]
    assert "url(" not in PAGE
    assert "@import" not in PAGE


def test_links_lead_to_the_web_only_and_open_apart():
    links = list(tree(PAGE).iter("a"))

    assert links
    assert all(each.get("href").startswith(("https://", "http://")) for each in links)
    assert all(each.get("rel") == "noopener noreferrer" for each in links)
    assert f"{SERVER}/?{PLAIN.query}" in [each.get("href") for each in links]


def test_the_same_memo_is_the_same_page():
    assert html(memo(imprint_of())) == PAGE


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_a_hostile_name_shows_as_typed_and_adds_no_element(name):
    page = tree(html(memo(imprint_of({"name": name}), contents=WITHOUT_CHART)))
    plain = tree(html(memo(imprint_of({"name": "plain"}), contents=WITHOUT_CHART)))
    in_full = 2 if len(name) > 60 else 0  # its paragraph and the words in it
    line = re.sub(r"\s+", " ", words(page.find(".//p[@class='eyebrow']")))

    assert line.startswith(shown(name)[:59])
    assert len(list(page.iter())) <= len(list(plain.iter())) + in_full
    assert page.find(".//p[@class='eyebrow']/bdi") is not None


def test_a_hostile_price_source_becomes_no_link():
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    edit |= {"source": 'javascript:alert(1) "><a href=javascript:alert(2)>x</a> https://ok.example/a"onclick=b'}
    page = tree(html(memo(imprint_of({"price_edits": [edit]}), contents=["sources"])))

    assert "https://ok.example/a" in [each.get("href") for each in page.iter("a")]
    assert not any("javascript" in each.get("href") for each in page.iter("a"))


def test_no_address_of_a_server_but_one_of_the_web_is_a_link():
    page = tree(html(memo(imprint_of(base_url="javascript:alert(1)//"), contents=["verdict"])))

    assert list(page.iter("a")) == []
