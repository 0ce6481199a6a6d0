"""The Report page: what goes into the memo, that the memo follows, and files of every scenario."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from costmodel import link
from costmodel.changes import changed
from costmodel.results import run_scenario
from costmodel.uncertainty import uncertainty
from pages.ui import here, layout, report, uncertainty_run, view
from pages.ui.report import Asked
from pages.ui.uncertainty_run import Drawn
from pricing.catalog import load_book
from report import exports, memo, text
from report import uncertainty_text as odds
from report.imprint import imprint
from report.sentence import money_of, plain
from tests.pages.prices_screen import click
from tests.pages.test_price_links import many_edits

REPORT = "pages/report.py"
VOLUME = "workload.queries_per_month"
FEW = {"draws": "512"}
NO_OUTPUT_PRICE = {
    "price_edits": [
        {"provider": "acme", "item": "model", "meter": "input", "unit": "1M tokens", "price_usd": 1.0},
    ],
    "rag.model": "acme/model",
}
SCENARIOS = {
    "as it is": {},
    "a missing price": NO_OUTPUT_PRICE,
    "nothing but a missing price": {**NO_OUTPUT_PRICE, "finance.compared": ["rag"]},
    "one month": {"finance.horizon_months": 1},
    "another currency": {"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.25},
    "one left out": {"fine_tuning.correct_share": 0.7, "quality.minimum_correct_share": 0.8},
    "a long name": {"name": "=1+1 <script>alert(1)</script> " * 320},
}


@pytest.fixture
def clock(monkeypatch):
    """Draws take no time."""
    monkeypatch.setattr(uncertainty_run, "clock", lambda: 0.0)
    monkeypatch.setattr(uncertainty_run, "worked", lambda: 0.0)


def sheet(screen):
    """What the page hands the sheet of paper."""
    parts = [each.proto for each in screen.at.get("bidi_component")]
    return json.loads(next(part.json for part in parts if part.component_name == "crossover_paper"))


def rest(screen):
    """What the browser sends when the page has been at rest for a moment."""
    parts = [each.proto for each in screen.at.get("bidi_component")]
    paper = next(part for part in parts if part.component_name == "crossover_paper")
    states = screen.at._tree.get_widget_states()
    wanted = {"wanted": {"number": json.loads(paper.json)["number"], "time": 1}}
    states.widgets.append(WidgetState(id=paper.id, json_value=json.dumps(wanted)))
    screen._keep_open()
    screen.at._run(states)
    screen.check()


def seen(screen):
    """The memo as it reads, and its sections."""
    html = sheet(screen)["html"]
    found = re.findall(r'<section class="(\w+)">', html)
    body = html.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split()), found


def tick(screen, key, inside):
    screen.widget("checkbox", f"part {key}").set_value(inside)
    screen.rerun()
    screen.check()


def files(screen):
    return {each.key: each for each in screen.at.get("download_button") if each.key.startswith("take ")}


# What goes in


def test_at_first_everything_goes_in_and_the_memo_says_what_the_overview_says(opened):
    screen = opened(REPORT)
    words, sections = seen(screen)

    assert screen.headline == opened().headline
    assert screen.headline in words
    assert sections == list(memo.SECTIONS)
    assert "All nine parts go in" in screen.words
    assert sheet(screen)["old"] is False


def test_a_part_that_is_left_out_leaves_the_memo_and_comes_back(opened):
    screen = opened(REPORT)
    tick(screen, "risks", False)
    rest(screen)
    assert seen(screen)[1] == [key for key in memo.SECTIONS if key != "risks"]
    assert "Eight of nine parts go in" in screen.words

    tick(screen, "risks", True)
    rest(screen)
    assert seen(screen)[1] == list(memo.SECTIONS)
    assert screen.address == opened(REPORT).address


def test_the_link_brings_the_choice_to_somebody_else(opened):
    screen = opened(REPORT)
    for key in ("chart", "sources", "draws"):
        tick(screen, key, False)
    again = opened(REPORT, screen.address.removeprefix("s="))

    assert seen(again)[1] == [key for key in memo.SECTIONS if key not in ("chart", "sources")]
    assert again.widget("checkbox", "part draws").value is False
    assert again.address == screen.address


def test_without_any_part_the_memo_is_its_first_line_and_its_source(opened):
    screen = opened(REPORT, link.encoded(opened().scenario, {"without": ",".join(view.LISTS["without"])}))
    screen.check()
    words, sections = seen(screen)

    assert sections == []
    assert "No part goes in" in screen.words
    assert screen.scenario.name in words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("risks,chart", "chart,risks"),
        ("chart,nonsense", "chart"),
        ("nonsense", None),
        ("", None),
        ("chart,chart", "chart"),
    ],
)
def test_a_link_leaves_out_only_parts_that_there_are(words, kept):
    assert view.restored({"without": words}).get("without") == kept


# The preview


def test_the_memo_stays_the_old_one_until_the_page_is_at_rest_and_then_follows(opened):
    screen = opened(REPORT)
    before = screen.headline
    screen.pull(VOLUME, 600_000)
    assert sheet(screen)["old"] is True
    assert before in seen(screen)[0]

    rest(screen)
    assert sheet(screen)["old"] is False
    assert screen.headline != before
    assert screen.headline in seen(screen)[0]


def test_a_sheet_that_asks_for_an_earlier_memo_gets_the_one_that_there_is(opened):
    screen = opened(REPORT)
    screen.pull(VOLUME, 600_000)
    rest(screen)
    kept = sheet(screen)
    screen.pull(VOLUME, 700_000)

    assert sheet(screen)["html"] == kept["html"]
    assert sheet(screen)["old"] is True


def test_present_value_turns_the_memo_too(opened):
    screen = opened(REPORT)
    screen.turn("value", "present")
    rest(screen)

    assert "in present value" in screen.headline
    assert screen.headline in seen(screen)[0]
    assert "Present value USD, as it prints" in screen.words


@pytest.mark.parametrize("values", SCENARIOS.values(), ids=SCENARIOS)
def test_every_scenario_has_its_memo(opened, link_to, values):
    screen = opened(REPORT, link_to(values))
    screen.check()
    words = seen(screen)[0]

    assert screen.notice == ""
    assert text.plain(text.verdict(screen.run).headline) in words
    assert "nan" not in words.lower().split()
    assert "<script" not in sheet(screen)["html"]


# Draws


def test_nothing_is_drawn_before_it_is_asked_for_and_then_the_memo_says_the_odds(opened, link_to, clock):
    screen = opened(REPORT, link_to({}, FEW))
    assert (
        screen.at.session_state["kept uncertainty"] is None if "kept uncertainty" in screen.at.session_state else True
    )
    assert "Not drawn yet." in screen.words
    assert [each.label for each in screen.at.button if each.key == "run report draws"] == ["Run 512 draws"]

    click(screen, "run report draws")
    rest(screen)
    drawn = screen.at.session_state["kept uncertainty"][0]
    assert drawn.asked.draws == 512
    assert "512 draws, seed 1." in screen.words
    assert plain(odds.verdict(drawn.found, screen.run, money_of(screen.run)).headline) in seen(screen)[0]


def test_draws_that_are_left_out_are_not_in_the_memo(opened, link_to, clock):
    screen = opened(REPORT, link_to({}, FEW))
    click(screen, "run report draws")
    tick(screen, "draws", False)
    rest(screen)

    assert "512 draws" not in seen(screen)[0]
    assert "512 draws, seed 1." in screen.words


def test_draws_of_the_uncertainty_page_are_taken_over_while_they_are_about_these_numbers(opened, link_to, clock):
    screen = opened("pages/uncertainty.py", link_to({}, FEW))
    screen.go_to(REPORT)
    assert "512 draws, seed 1." in screen.words
    assert "512 draws" in seen(screen)[0]

    screen.pull(VOLUME, 600_000)
    rest(screen)
    assert "Not drawn yet." in screen.words
    assert "512 draws" not in seen(screen)[0]


def test_draws_in_nominal_money_are_not_said_in_present_value(opened, link_to, clock):
    screen = opened(REPORT, link_to({}, FEW))
    click(screen, "run report draws")
    screen.turn("value", "present")
    rest(screen)

    assert "Not drawn yet." in screen.words
    assert "512 draws" not in seen(screen)[0]


@pytest.mark.parametrize("values", [SCENARIOS["nothing but a missing price"], SCENARIOS["one month"]])
def test_draws_of_a_bare_scenario_break_nothing(opened, link_to, clock, values):
    screen = opened(REPORT, link_to(values, FEW))
    click(screen, "run report draws")
    rest(screen)

    assert screen.headline in seen(screen)[0]


# The files


def test_every_kind_of_file_is_offered_with_what_it_holds(opened):
    screen = opened(REPORT)
    said = " ".join(screen.bodies)

    assert set(files(screen)) == {*(f"take {kind}" for kind in exports.KINDS), "take scenario"}
    for kind in exports.KINDS.values():
        assert kind.holds in unescape(said)


def test_the_table_to_paste_names_every_architecture_with_its_total(opened):
    screen = opened(REPORT)
    click(screen, "table to paste")
    (code,) = [each.value for each in screen.at.code]
    money = money_of(screen.run)

    for name, answer in zip(("RAG", "Fine-tuning", "Hybrid"), screen.run.answers.values(), strict=True):
        assert re.search(rf"\| \**{name}\**[^\n]*{re.escape(money(answer.tco_usd))}", code.replace("\\", ""))


@pytest.mark.parametrize("values", SCENARIOS.values(), ids=SCENARIOS)
@pytest.mark.parametrize("kind", exports.KINDS)
def test_each_file_is_made_of_any_scenario_without_the_session(preset, kind, values):
    run = run_scenario(changed(preset, values), load_book())
    made = report._maker(kind, Asked(imprint(run, date(2026, 11, 21), present=False, query=""), memo.ALL, None))()

    assert len(made) > 100


def test_a_memo_to_download_rests_on_the_parts_and_the_draws_on_screen(preset):
    run = run_scenario(preset, load_book())
    found = uncertainty(uncertain(run), load_book(), 256, 1)
    drawn = Drawn(uncertainty_run.Asked(preset, 256, 1, False), found, run, 0.1)
    asked = Asked(imprint(run, date(2026, 11, 21), present=False), ("verdict", "sureness"), drawn)
    written = report._maker("md", asked)().decode()

    assert "256 draws" in written
    assert "Not included" not in written


def uncertain(run):
    return uncertainty_run._with_ranges(run)


# Links


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("http://127.0.0.1:8501/", "http://127.0.0.1:8501"),
        ("http://127.0.0.1:8501/report", "http://127.0.0.1:8501"),
        ("https://plan.example/tools/token_lab/", "https://plan.example/tools"),
        ("https://plan.example/reports", "https://plan.example/reports"),
        ("", ""),
    ],
)
def test_links_lead_to_the_server_and_not_to_the_page(url, base):
    assert here.without_page(url) == base


def test_prices_that_do_not_fit_into_the_link_leave_the_files_without_one(opened, preset):
    screen = opened(REPORT)
    screen.at.session_state["scenario"] = many_edits(preset)
    screen.rerun()
    screen.check()
    rest(screen)

    assert "&k=" in screen.address
    assert "no file carries a link" in screen.words
    assert "?s=" not in sheet(screen)["html"]
    assert "take scenario" in files(screen)


@pytest.mark.parametrize("page", [file for _, pages in layout.NAVIGATION for _, file in pages])
def test_every_page_but_the_report_leads_to_it_quietly(opened, page):
    screen = opened(page)
    quiet = [each.proto for each in screen.at.get("page_link") if each.proto.label == "Report" and each.proto.icon]

    assert [link_.page for link_ in quiet] == ([] if page == REPORT else ["report"])
    if quiet:
        assert quiet[0].query_string == screen.address
