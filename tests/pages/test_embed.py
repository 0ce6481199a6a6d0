"""The page for a frame: one chart of a link and nothing else, and what it says when there is none."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costmodel import link
from costmodel.changes import changed
from costmodel.other import Other, packed
from report import embed, gallery, text

PAGE = str(Path(__file__).resolve().parents[2] / "pages/embed.py")


def framed(**given: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in given.items():
        at.query_params[name] = value
    return at.run()


def words(at: AppTest) -> str:
    return " ".join(each.value for each in [*at.header, *at.markdown])


@pytest.mark.parametrize("name", [each for each in gallery.NAMES if each not in ("compare", "difference", "odds_map")])
def test_every_chart_stands_alone(preset, name):
    at = framed(chart=name, s=link.encoded(preset))

    assert [each.message for each in at.exception] == []
    assert len(at.header) == 1
    assert len(at.get("vega_lite_chart")) >= 1
    assert len(at.sidebar) == 0
    assert len(at.button) == len(at.get("page_link")) == len(at.get("popover")) == 0


@pytest.mark.parametrize("name", ["compare", "difference"])
def test_a_comparison_stands_alone_too(preset, name):
    other = Other(changed(preset, {"workload.queries_per_month": 20_000.0, "name": "The other"}))
    at = framed(chart=name, s=link.encoded(preset, None, None, packed(other, preset)))

    assert len(at.get("vega_lite_chart")) == 1
    assert "The other" in words(at)


def test_the_foot_names_the_scenario_and_leads_back_to_it(preset):
    word = link.encoded(changed(preset, {"name": "Ours [x](javascript:alert(1)) <b>"}))
    at = framed(chart="cumulative", s=word)
    foot = at.markdown[-1].value

    assert foot.endswith(f"[{embed.OPEN}](/?s={word})")
    assert "Ours \\[x\\]" in foot


def test_the_verdict_says_what_the_overview_says(opened, preset):
    at = framed(chart="verdict", s=link.encoded(preset))

    assert at.header[0].value.replace(":orange[", "").replace(":blue[", "").replace("]", "").replace("\\$", "$") == (
        text.plain(text.verdict(opened().run).headline)
    )


def test_the_totals_are_the_cards_of_the_overview(opened, preset):
    at = framed(chart="cards", s=link.encoded(preset))
    cards = next(each.proto.body for each in at.get("html") if 'class="cards"' in each.proto.body)

    assert cards in opened().bodies


def test_a_switch_of_the_link_turns_the_chart(link_to):
    at = framed(chart="cumulative", s=link_to({}, {"value": "present"}))

    assert "present value" in words(at)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"chart": "nothing"}, "use one of cumulative"),
        ({"chart": "<script>"}, "use one of cumulative"),
        ({}, "add chart="),
        ({"chart": "cumulative", "s": "hello"}, "format"),
        ({"chart": "cumulative", "s": "1." + "a" * 9_000}, "8,000"),
        ({"chart": "cumulative", "k": "0123456789abcdef0123"}, "kept in the browser"),
        ({"chart": "compare"}, "Compare page"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(given, said):
    at = framed(**given)

    assert [each.message for each in at.exception] == []
    assert len(at.markdown) == 1
    assert said in at.markdown[0].value.replace("\\", "").replace("\N{WORD JOINER}", "")
    assert len(at.get("vega_lite_chart")) == 0
