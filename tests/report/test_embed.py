"""Addresses and frames of charts, and what is said beside them."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from report import embed

QUERY = "s=1.00000000.zabc_-"
VARIABLE = "CROSSOVER_FRAME_ANCESTORS"


class Attributes(HTMLParser):
    """The attributes of the one element in a snippet."""

    def __init__(self, snippet: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.found: dict[str, str | None] = {}
        self.feed(snippet)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.found |= dict(attrs)


@pytest.mark.parametrize("base", ["https://c.example", "https://c.example/", "https://c.example/tools/crossover"])
def test_an_address_begins_with_that_of_the_server(base):
    assert embed.chart_address(base, QUERY, "fan", "svg") == f"{base.rstrip('/')}/chart/fan.svg?{QUERY}"
    assert embed.frame_address(base, QUERY, "fan").startswith(f"{base.rstrip('/')}/embed?{QUERY}&")


def test_a_picture_s_address_says_only_what_is_not_usual():
    address = embed.chart_address("https://c.example", QUERY, "fan", "png", dark=True, scale=2, width=800)

    assert parse_qs(urlsplit(address).query) == {
        "s": ["1.00000000.zabc_-"],
        "theme": ["dark"],
        "scale": ["2"],
        "width": ["800"],
    }


@pytest.mark.parametrize(("dark", "options"), [(None, None), (True, ["dark_theme"]), (False, ["light_theme"])])
def test_a_frame_is_light_dark_or_as_its_viewer_has_it(dark, options):
    given = parse_qs(urlsplit(embed.frame_address("", QUERY, "map", dark=dark)).query)

    assert given["chart"] == ["map"]
    assert given["embed"] == ["true"]
    assert given.get("embed_options") == options


@pytest.mark.parametrize("title", ['"><script>alert(1)</script>', "' onload='x", "a\n\nb", "<b>&amp;", "نص 🙂"])
def test_a_title_stays_inside_its_attribute(title):
    address = embed.frame_address("https://c.example", QUERY, "map")
    seen = Attributes(embed.frame_snippet(address, title, 500))

    assert seen.tags == ["iframe"]
    assert seen.found["src"] == address
    assert seen.found["title"] == " ".join(title.split())
    assert set(seen.found) == {"src", "title", "width", "height", "style", "loading"}


def test_three_panels_stand_abreast_and_four_in_two_rows():
    words = embed.FRAME_WORDS

    assert embed.frame_height([340]) == words + 340
    assert embed.frame_height([200, 230, 210], heads=True) == words + 230 + embed.PANEL_HEAD
    assert embed.frame_height([200] * 4, heads=True) == words + 2 * (200 + embed.PANEL_HEAD) + embed.FRAME_GAP


@pytest.mark.parametrize(("query", "said"), [(QUERY, ""), ("", embed.NO_LINK), (f"{QUERY}&k=0f", embed.KEPT_ELSEWHERE)])
def test_only_a_whole_link_can_be_framed(query, said):
    assert embed.refusal(query) == said


@pytest.mark.parametrize("base", ["http://localhost:8501", "http://127.0.0.1:8501", "http://[::1]:8501"])
def test_an_address_of_this_computer_is_called_so(base):
    assert "this computer alone" in embed.reach(base)


def test_an_address_that_others_reach_is_named_and_not_called_so():
    assert "https://c.example" in embed.reach("https://c.example")
    assert "alone" not in embed.reach("https://c.example")


@pytest.mark.parametrize("ancestors", ["'self'", "'none'"])
def test_a_server_that_lets_nobody_frame_it_says_how_to_allow_it(ancestors):
    assert f"{VARIABLE}=https://" in embed.framing(ancestors, VARIABLE)


@pytest.mark.parametrize(
    ("ancestors", "words"),
    [
        ("'self' https://a.example https://b.example", "https://a.example and https://b.example"),
        ("*", "Any page"),
        (None, "server.py"),
    ],
)
def test_a_server_that_lets_others_frame_it_says_whom(ancestors, words):
    assert words in embed.framing(ancestors, VARIABLE)


def test_a_name_that_is_no_chart_is_cut_and_answered_with_those_that_are():
    said = embed.unknown("x" * 500, ("cumulative", "map"))

    assert len(said) < 150
    assert "cumulative, map" in said
    assert "chart=" in embed.unknown("", ("cumulative", "map"))
