"""The Method page shows the chapters of report.method, worked out by the code as it is now."""

from __future__ import annotations

import re
from functools import wraps
from html import unescape

import numpy as np

from costmodel import components, published
from costmodel.scenario import FIELDS
from costmodel.terms import FORMULAS
from report.method import chapters, headline
from report.method.everything import KINDS

METHOD = "pages/method.py"


def body(screen) -> str:
    """The article as HTML, its contents included."""
    return "\n".join(each for each in screen.bodies if "<style>" not in each)


def read(screen) -> str:
    """The article as it reads."""
    return unescape(re.sub(r"<[^>]+>", "", body(screen)))


def test_the_page_opens_with_its_sentence_and_every_chapter(opened):
    screen = opened(METHOD)
    screen.check()
    titles = re.findall(r'<h2 id="([\w-]+)">(.*?)</h2>', body(screen))

    assert screen.headline == headline()
    assert titles == [(each.id, each.title) for each in chapters(screen.run, ())]


def test_the_contents_lead_to_places_that_are_there(opened):
    found = body(opened(METHOD))
    places = re.findall(r'href="#([\w-]+)"', found)

    assert len(places) == len(chapters(opened(METHOD).run, ()))
    assert all(f'id="{place}"' in found for place in places)


def test_every_field_every_quantity_and_every_bill_is_on_the_page(opened):
    found = body(opened(METHOD))

    assert [path for path in FIELDS if f"<code>{path}</code>" not in found] == []
    assert [name for name in FORMULAS if f'id="{name}"' not in found] == []
    assert [kind.id for kind in KINDS if f'id="bill-{kind.id.replace("_", "-")}"' not in found] == []


def test_another_function_shows_another_number(opened, monkeypatch):
    assert "With queries 1,000, cached 20%: 800 queries." in read(opened(METHOD))

    own = wraps(components.live_queries)(lambda queries, cached: np.asarray(4711.0))
    monkeypatch.setattr(components, "live_queries", own)

    assert "With queries 1,000, cached 20%: 4,711 queries." in read(opened(METHOD))


def test_assumptions_show_the_value_on_screen_and_where_it_comes_from(opened, link_to):
    screen = opened(METHOD, link_to({"corpus.documents": 123.0}))
    row = body(screen).split("<code>corpus.documents</code>")[1].split('<div class="row">')[0]
    guessed = body(screen).split("<code>corpus.changed_share_per_update</code>")[1].split('<div class="row">')[0]

    assert "<b>123 documents</b>" in row
    assert "Your own figure." in row
    assert "A guess: a tenth of the price pages" in guessed


def test_a_lever_is_followed(opened):
    screen = opened(METHOD)
    screen.pull("workload.queries_per_month", 50_000)
    screen.check()

    assert "<b>50,000 queries/month</b>" in body(screen)


def test_every_published_example_can_be_opened(opened):
    found = body(opened(METHOD))
    ways_in = re.findall(r'<a class="open" href="\./\?s=([^"]+)">Open in the app</a>', found)

    assert len(ways_in) == len(published.load_examples())
    for word in ways_in[:3]:
        screen = opened(word=word)
        screen.check()

        assert screen.notice == ""
        assert screen.scenario.preset is None


def test_a_name_of_a_scenario_cannot_write_html(opened, link_to):
    screen = opened(METHOD, link_to({"name": "<script>alert(1)</script>"}))
    screen.check()

    assert "<script>" not in body(screen)
