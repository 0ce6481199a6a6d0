"""Saving and opening a scenario: its name, the file, what is asked before a file opens, and what is refused."""

from __future__ import annotations

import json

import pytest

from costmodel import files
from costmodel.made_with import made_with
from costmodel.results import run_scenario
from pages.ui import open_file
from pricing.catalog import load_book
from pricing.price import Price
from scripts.opened_totals import scenario_files

VOLUME = "workload.queries_per_month"
EDIT = {
    "provider": "openai",
    "item": "gpt-6.1-sol",
    "meter": "input",
    "unit": "1M tokens",
    "price_usd": 1.5,
    "reason": "our contract",
}
NAMES = {
    "script": "<script>alert(1)</script>",
    "right to left": "\u202eשלום\u202e",
    "emoji": "🚀🧑\u200d🚀",
    "markdown": "**b** [l](javascript:alert(1)) $x$ :red[q]",
    "long": "x" * 10_000,
}


def choose(screen, content, name="plan.json"):
    """Open a file with the menu's uploader."""
    screen.open_menu()
    text = content if isinstance(content, bytes) else content.encode()
    uploader = next(each for each in screen.at.file_uploader if each.label == "Open a file")
    uploader.upload(name, text, "application/json")
    screen.rerun()
    screen.check()


def click(screen, key):
    screen.at.button(key=key).click()
    screen.rerun()
    screen.check()


def rename(screen, name):
    screen.open_menu()
    screen.put("text_input", "scenario name", name)
    screen.check()


def totals(screen):
    return dict(made_with(screen.run).totals_usd)


def under_older_prices(scenario, usd=3.0):
    """A file of the scenario, made when one price was another one."""
    (row,) = (
        each for each in load_book().plan("openai/gpt-6.1-sol").rows if each.meter == "input" and not each.tier_from
    )
    return files.written(scenario, load_book().with_rows([row.model_copy(update={"price_usd": usd})]))


# The name


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_is_kept_and_travels_with_link_and_file(opened, name):
    screen = opened()
    rename(screen, name)
    assert screen.scenario.name == name.strip()

    word = screen.address.removeprefix("s=")
    assert opened("app.py", word).scenario == screen.scenario
    other = opened()
    choose(other, files.written(screen.scenario, load_book()))
    assert other.scenario == screen.scenario


def test_an_emptied_name_is_the_preset_s_again_and_renaming_can_be_undone(opened, preset):
    screen = opened()
    rename(screen, "Ours")
    rename(screen, "  ")
    assert screen.scenario.name == preset.name

    rename(screen, "Ours")
    click(screen, "undo")
    assert screen.scenario.name == preset.name


# Opening


@pytest.mark.parametrize("page", ["app.py", "pages/breakdown.py", "pages/prices.py", "pages/method.py"])
def test_a_saved_file_opens_at_once_on_every_page_and_is_one_step(opened, link_to, page):
    saved = opened("app.py", link_to({"price_edits": [EDIT], VOLUME: 123_456.0, "name": "Ours"}))
    screen = opened(page)
    before = screen.scenario
    choose(screen, files.written(saved.scenario, load_book()))

    assert screen.scenario == saved.scenario
    assert totals(screen) == totals(saved)
    assert "Ours" in screen.eyebrow
    click(screen, "undo")
    assert screen.scenario == before
    assert screen.at.button(key="undo").disabled


def test_a_file_that_names_a_few_fields_only_opens_at_once(opened):
    screen = opened()
    choose(screen, '{"preset": "support-bot", "workload": {"query_tokens": 99}}')

    assert (screen.scenario.preset, screen.scenario.workload.query_tokens) == ("support-bot", 99)


def test_a_file_made_under_other_prices_shows_both_totals_and_waits(opened, preset):
    screen = opened()
    text = under_older_prices(preset)
    then = json.loads(text)["made_with"]["totals_usd"]["rag"]
    choose(screen, text)

    assert screen.scenario == preset
    assert "Since it was saved, prices have changed." in screen.words
    assert f"RAG | ${then:,.2f} | ${totals(screen)['rag']:,.2f} |" in screen.words
    assert "With its own prices it gives the totals of then, to the cent." in screen.words


@pytest.mark.parametrize(("button", "usd"), [("open today menu", ()), ("open then menu", (3.0,))])
def test_such_a_file_opens_on_today_s_prices_or_on_its_own(opened, preset, button, usd):
    screen = opened()
    text = under_older_prices(preset)
    choose(screen, text)
    click(screen, button)

    expected = json.loads(text)["made_with"]["totals_usd"] if usd else made_with(run_scenario(preset, load_book()))
    assert tuple(edit.price_usd for edit in screen.scenario.price_edits) == usd
    assert totals(screen) == (expected if usd else expected.totals_usd)
    assert "open today menu" not in [each.key for each in screen.at.button]


def test_a_file_whose_model_is_not_in_today_s_book_opens_on_its_own_prices_only(opened, preset):
    row = Price(
        group="llm", provider="acme", item="base", meter="input", unit="1M tokens", price_usd=2.0, confidence="high"
    )
    output = row.model_copy(update={"meter": "output", "price_usd": 8.0})
    book = load_book().with_rows([row, output])
    scenario = preset.model_copy(update={"rag": preset.rag.model_copy(update={"model": "acme/base"})})
    screen = opened()
    choose(screen, files.written(scenario, book))
    assert "prices are not in today's book" in screen.words
    assert "open today menu" not in [each.key for each in screen.at.button]

    click(screen, "open then menu")
    assert totals(screen) == made_with(run_scenario(scenario, book)).totals_usd


def test_a_file_whose_totals_did_not_move_opens_at_once_though_the_book_is_another(opened, preset):
    content = json.loads(files.written(preset, load_book()))
    content["made_with"]["price_book"] = "genai-prices-0.2.2+older"
    content["name"] = "Ours"
    screen = opened()
    choose(screen, json.dumps(content))

    assert screen.scenario.name == "Ours"


@pytest.mark.parametrize("name", [name for name in scenario_files() if name != "1.1.0-older-book.json"])
def test_files_of_every_version_are_opened(opened, name):
    screen = opened()
    choose(screen, scenario_files()[name], name)
    ways = [each.key for each in screen.at.button if each.key in ("open today menu", "open then menu")]
    if ways:
        click(screen, ways[0])

    assert screen.notice == ""
    assert screen.scenario.name == files.read(scenario_files()[name], name).name


# Refusing


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"name": }', "plan.json line 1, column 10: "),
        (b"\xff\xfe", "plan.json: byte 0 is not UTF-8; save the file as UTF-8"),
        (b"[]", "plan.json: holds a list; a scenario file is one object"),
        (b'{"format_version": 99}', "plan.json, format_version: 99 is not known"),
        (b'{"workload": {"query_tokens": -1}}', "plan.json, workload.query_tokens: "),
        (b'{"rag": {"model": "nobody/nothing"}}', "nobody/nothing"),
        (b'{"prices": [{}]}', "plan.json, prices.0: "),
        (b'{"name": "<script>"' + b" " * 2_000_000 + b"}", "plan.json: larger than 2 MB"),
    ],
    ids=["no JSON", "no UTF-8", "list", "version", "limits", "unknown model", "prices", "too large"],
)
def test_a_refused_file_says_where_and_why_and_the_scenario_stays(opened, link_to, content, words):
    screen = opened("app.py", link_to({VOLUME: 123_456.0}))
    before, address = screen.scenario, screen.address
    choose(screen, content)

    assert words in screen.notice.replace("\N{WORD JOINER}", "")
    assert "The last good scenario is kept." in screen.words
    assert (screen.scenario, screen.address) == (before, address)


def test_the_name_of_a_refused_file_is_plain_text(opened):
    screen = opened()
    choose(screen, b"{", "**<script>**.json")

    assert "\\*\\*\\<script\\>\\*\\*" in screen.at.markdown[0].value


# Too large for a link


def test_a_scenario_too_large_for_a_link_says_so_and_offers_the_file_instead_of_a_link(opened):
    screen = opened()
    choose(screen, json.dumps({"name": "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(10_000))}))

    assert screen.address == ""
    assert "too large for a link (8,000 characters)" in screen.words
    parts = [each.proto.component_name for each in screen.at.get("bidi_component")]
    assert "crossover_copy_link" not in parts
    assert [each.key for each in screen.at.get("download_button")].count("save large") == 1


def test_a_scenario_that_fits_has_its_link_and_no_word_on_its_size(opened):
    screen = opened()

    assert "too large" not in screen.words
    assert "crossover_copy_link" in [each.proto.component_name for each in screen.at.get("bidi_component")]


# What cannot be run


def break_it(screen):
    """Put a scenario on screen that no form, link or file lets through."""
    rag = screen.scenario.rag.model_copy(update={"model": "nobody/nothing"})
    screen.at.session_state["scenario"] = screen.scenario.model_copy(update={"rag": rag})
    screen.rerun()
    screen.check()


def test_a_scenario_that_cannot_be_run_gives_way_to_the_last_good_one_and_it_is_said(opened, link_to):
    screen = opened("app.py", link_to({VOLUME: 123_456.0}))
    good = screen.scenario
    screen.pull(VOLUME, 50_000)
    break_it(screen)

    assert "nobody/nothing" in screen.notice
    assert "The last good scenario is kept." in screen.words
    assert screen.scenario == good


def test_without_a_last_good_one_it_gives_way_to_the_default_preset(opened, preset):
    screen = opened()
    break_it(screen)

    assert "nobody/nothing" in screen.notice
    assert f"You see the preset “{preset.name}” instead." in screen.words
    assert screen.scenario == preset


def test_the_limit_that_is_said_is_the_limit_of_a_file():
    assert open_file.MAX_MB * 1e6 == files.MAX_BYTES
