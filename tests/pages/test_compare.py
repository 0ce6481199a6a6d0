"""The Compare page: choosing B in four ways, what it says, swapping, its way through link and reload, and refusals."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from costmodel import files, link
from costmodel.changes import changed, resolved
from costmodel.comparison import comparison
from costmodel.made_with import made_with
from costmodel.other import Other, packed
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pages.ui import edits_apart
from pricing.catalog import load_book
from report import compare_text as words
from report.sentence import plain
from tests.pages.conftest import ROOT, Screen
from tests.pages.test_links import HOSTILE, made

COMPARE = "pages/compare.py"
VOLUME = "workload.queries_per_month"
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}


def click(screen, key):
    screen.at.button(key=key).click()
    screen.rerun()
    screen.check()


def pin(screen):
    click(screen, "pin page" if other_of(screen) is None else "pin menu")


def other_of(screen):
    return screen.at.session_state["other"]


def pull(screen, value, path=VOLUME):
    screen.pull(path, value)
    screen.check()


def choose_preset(screen, name, place="page"):
    screen.put("selectbox", f"other preset {place}", name)
    screen.check()


def paste(screen, text, place="page"):
    screen.put("text_input", f"other link {place}", text)
    screen.check()


def choose_file(screen, content, name="plan.json"):
    text = content if isinstance(content, bytes) else content.encode()
    uploader = next(each for each in screen.at.file_uploader if each.label == words.FILE)
    uploader.upload(name, text, "application/json")
    screen.rerun()
    screen.check()


def differing(screen):
    """Rows of the assumptions that differ: name, value in A, value in B."""
    bodies = [body for body in screen.bodies if 'class="assumptions"' in body]
    tables = [ElementTree.fromstring(body) for body in bodies]
    return [tuple(cell.text or "" for cell in row) for table in tables for row in table.iterfind("tbody/tr")]


def totals(screen):
    """Rows of the table of totals."""
    body = next(body for body in screen.bodies if 'class="small"' in body and "B less A" in body)
    return [[cell.text or "" for cell in row] for row in ElementTree.fromstring(body).iterfind("tbody/tr")]


def expected(screen):
    """The comparison that the page has to show."""
    return comparison(screen.run, other_of(screen).scenario, load_book())


def cold(opened, screen):
    """Somebody else's screen, opened with the address of this one."""
    word = screen.address.removeprefix("s=").split("&")[0]
    found = opened(COMPARE, word)
    found.check()
    return found


def under_older_prices(scenario, usd=3.0):
    """A file of the scenario, made when one price was another one."""
    (row,) = (
        each for each in load_book().plan("openai/gpt-6.1-sol").rows if each.meter == "input" and not each.tier_from
    )
    return files.written(scenario, load_book().with_rows([row.model_copy(update={"price_usd": usd})]))


# No B yet


def test_without_a_b_the_page_offers_the_four_ways_and_nothing_else(opened):
    screen = opened(COMPARE)
    screen.check()

    assert screen.headline == "Set this scenario beside another one"
    assert [each.label for each in screen.at.button if each.key == "pin page"] == ["Pin this"]
    assert [each.label for each in screen.at.selectbox if "other preset" in (each.key or "")] == ["A preset"]
    assert "A scenario file" in [each.label for each in screen.at.file_uploader]
    assert "A link" in [each.label for each in screen.at.text_input]
    assert screen.chart_specs == []


# Choosing


def test_a_pinned_copy_stays_while_the_lever_moves_and_the_page_says_the_difference(opened, preset):
    screen = opened(COMPARE)
    pin(screen)
    assert screen.headline == "Pinned copy and this scenario are the same"

    pull(screen, 90_000)
    pull(screen, 50_000)
    found = expected(screen)
    assert other_of(screen).scenario == preset
    assert screen.headline == plain(words.verdict(found, words.Sides("Pinned copy", "the pinned copy")).headline)
    assert "the winner changes from RAG to fine-tuning" in screen.headline
    assert differing(screen) == [("Queries per month", "50,000", "200,000")]
    assert totals(screen) == words.totals_rows(found)[0]


def test_a_preset_is_chosen_by_its_name_and_built_when_this_scenario_is(opened, link_to):
    screen = opened(COMPARE, link_to({"finance.start_month": "2027-02"}))
    choose_preset(screen, "support-bot")
    other = other_of(screen)

    assert other.scenario == resolved(PRESETS["support-bot"].scenario, date(2027, 2, 1))
    assert other.kind == "preset"
    assert screen.headline.startswith("“Support bot over help docs” costs ")
    assert "The build is in" not in screen.words


def test_a_file_is_chosen_at_once(opened, preset):
    screen = opened(COMPARE)
    choose_file(screen, files.written(changed(preset, {VOLUME: 77_000.0, "name": "Ours"}), load_book()))

    assert other_of(screen).scenario.workload.queries_per_month == 77_000
    assert screen.scenario == preset
    assert "“Ours”" in screen.headline


@pytest.mark.parametrize(("way", "usd"), [("today", ()), ("then", (3.0,))])
def test_a_file_of_older_prices_is_compared_with_today_s_or_with_its_own(opened, preset, way, usd):
    screen = opened(COMPARE)
    text = under_older_prices(preset)
    choose_file(screen, text)
    assert other_of(screen) is None
    assert "Since it was saved, prices have changed." in screen.words

    click(screen, f"open {way} compare_page")
    then = json.loads(text)["made_with"]["totals_usd"]
    assert tuple(edit.price_usd for edit in other_of(screen).scenario.price_edits) == usd
    if way == "then":
        assert dict(made_with(run_scenario(other_of(screen).scenario, load_book())).totals_usd) == then
        assert [row[0] for row in differing(screen)] == ["Price of openai/gpt-6.1-sol:input"]
    else:
        assert differing(screen) == []
        assert f"RAG then ${then['rag']:,.2f}, now" in screen.words
        assert f"RAG then ${then['rag']:,.2f}, now" in cold(opened, screen).words


@pytest.mark.parametrize("shape", ["{word}", "s={word}", "http://127.0.0.1:8501/compare?s={word}", "  ?s={word}\n"])
def test_a_pasted_link_is_chosen_however_it_was_copied(opened, link_to, shape):
    screen = opened(COMPARE)
    paste(screen, shape.format(word=link_to({VOLUME: 77_000.0})))

    assert screen.notice == ""
    assert other_of(screen).scenario.workload.queries_per_month == 77_000
    assert screen.headline.startswith("The linked scenario costs ")


def test_another_b_takes_its_place_and_removing_it_leaves_the_four_ways(opened):
    screen = opened(COMPARE)
    pin(screen)
    choose_preset(screen, "code-assistant", "menu")
    assert other_of(screen).scenario.preset == "code-assistant"

    click(screen, "remove other")
    assert other_of(screen) is None
    assert screen.headline == "Set this scenario beside another one"
    assert cold(opened, screen).headline == "Set this scenario beside another one"


# Swapping


def test_swap_is_one_step_and_undo_brings_both_back(opened, preset):
    screen = opened(COMPARE)
    pin(screen)
    pull(screen, 90_000)
    moved = screen.scenario
    click(screen, "swap")
    assert (screen.scenario, other_of(screen).scenario) == (preset, moved)

    click(screen, "undo")
    assert (screen.scenario, other_of(screen).scenario) == (moved, preset)
    click(screen, "redo")
    assert (screen.scenario, other_of(screen).scenario) == (preset, moved)
    click(screen, "undo")
    click(screen, "undo")
    assert (screen.scenario, other_of(screen).scenario) == (preset, preset)


def test_the_difference_has_the_other_sign_after_a_swap(opened):
    screen = opened(COMPARE)
    choose_preset(screen, "support-bot")
    before = {row[0]: row[1:] for row in totals(screen)}
    click(screen, "swap")
    after = {row[0]: row[1:] for row in totals(screen)}

    assert [(b, a) for a, b, *_ in before.values()] == [(a, b) for a, b, *_ in after.values()]
    assert all(one[2][0] != two[2][0] for one, two in zip(before.values(), after.values(), strict=True))


def test_undoing_a_lever_leaves_b_alone(opened):
    screen = opened(COMPARE)
    pin(screen)
    pinned = other_of(screen)
    pull(screen, 90_000)
    click(screen, "undo")

    assert other_of(screen) is pinned


# Undoing a choice


def steps(screen):
    """What Undo and Redo say that they move; nothing where they are idle."""
    buttons = {each.key: each for each in screen.at.button}
    return [
        "" if buttons[key].disabled else buttons[key].help.split(": ")[1].split(" (")[0] for key in ("undo", "redo")
    ]


def test_removing_b_is_one_step_that_can_be_undone_and_done_again(opened):
    screen = opened(COMPARE)
    choose_preset(screen, "support-bot")
    chosen = other_of(screen)
    click(screen, "remove other")
    assert steps(screen) == ["what this scenario is compared with", ""]

    click(screen, "undo")
    assert other_of(screen) == chosen
    assert "Support bot" in screen.headline
    assert steps(screen) == ["what this scenario is compared with"] * 2
    click(screen, "redo")
    assert other_of(screen) is None
    assert screen.headline == "Set this scenario beside another one"


def test_each_choice_of_b_is_a_step_of_its_own(opened, preset):
    screen = opened(COMPARE)
    pin(screen)
    pull(screen, 90_000)
    choose_preset(screen, "code-assistant", "menu")
    seen = [other_of(screen)]
    for _ in range(3):
        click(screen, "undo")
        seen.append(other_of(screen))

    assert [each and each.kind for each in seen] == ["preset", "pin", "pin", None]
    assert screen.scenario == preset
    assert steps(screen) == ["", "what this scenario is compared with"]
    for _ in range(3):
        click(screen, "redo")
    assert (other_of(screen), screen.scenario.workload.queries_per_month) == (seen[0], 90_000)


def test_choosing_what_is_b_already_is_no_step(opened):
    screen = opened(COMPARE)
    pin(screen)
    pin(screen)
    click(screen, "undo")

    assert other_of(screen) is None
    assert steps(screen)[0] == ""


def test_a_b_that_comes_back_by_undo_travels_in_the_link_again(opened):
    screen = opened(COMPARE)
    choose_preset(screen, "support-bot")
    before = screen.address
    click(screen, "remove other")
    assert screen.address != before

    click(screen, "undo")
    assert screen.address == before


def test_choosing_b_is_no_change_of_the_scenario(opened, preset):
    screen = opened(COMPARE)
    pull(screen, 90_000)
    pin(screen)
    screen.go_to("pages/breakdown.py")
    screen.turn("since", "change")
    screen.check()

    assert "Since the last change: Queries per month 200,000 \N{RIGHTWARDS ARROW} 90,000" in screen.words
    screen.go_to(COMPARE)
    pull(screen, 90_001)
    click(screen, "undo")
    assert (screen.scenario.workload.queries_per_month, other_of(screen).kind) == (90_000, "pin")


# The link


def test_b_survives_pages_and_travels_in_the_link(opened):
    screen = opened(COMPARE)
    pin(screen)
    pull(screen, 90_000)
    screen.go_to("app.py")
    pull(screen, 80_000)
    screen.go_to(COMPARE)
    screen.check()
    seen = (screen.headline, totals(screen), differing(screen))
    other = cold(opened, screen)

    assert (other.headline, totals(other), differing(other)) == seen
    assert (other.scenario, other_of(other)) == (screen.scenario, other_of(screen))
    assert other.address == screen.address


def test_a_b_that_no_link_can_hold_is_said_and_offered_as_a_file(opened, preset):
    screen = opened(COMPARE)
    name = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(9_000))
    choose_file(screen, files.written(changed(preset, {"name": name}), load_book()))

    assert screen.address.startswith("s=")
    assert "The link leaves out B, the scenario to compare with: no link has room for both (8,000" in screen.words
    assert [each.key for each in screen.at.get("download_button")].count("save other") == 1
    assert cold(opened, screen).headline == "Set this scenario beside another one"


def test_that_the_link_leaves_b_out_is_said_wherever_it_can_be_copied(opened, preset):
    screen = opened(COMPARE)
    name = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(9_000))
    choose_file(screen, files.written(changed(preset, {"name": name}), load_book()))
    for page in ("app.py", "pages/crossovers.py", "pages/breakdown.py"):
        screen.go_to(page)
        screen.check()

        assert screen.words.count("The link leaves out B") == 1
        assert [each.key for each in screen.at.get("download_button")].count("save other") == 1

    screen.go_to(COMPARE)
    click(screen, "remove other")
    assert "The link leaves out B" not in screen.words
    pin(screen)
    assert "The link leaves out B" not in screen.words


def test_a_link_without_room_leaves_b_out_before_the_typed_in_prices(opened, preset):
    def edits(number):
        return [{**EDIT, "item": f"model-{index:04d}", "price_usd": 0.37 * index + 0.01} for index in range(number)]

    screen = opened(COMPARE, link.encoded(changed(preset, {"price_edits": edits(300)})))
    fresh = [{**each, "provider": "acme"} for each in edits(900)]
    choose_file(screen, files.written(changed(preset, {"price_edits": fresh})))

    assert "&k=" not in screen.address
    assert "The link leaves out B" in screen.words
    assert cold(opened, screen).scenario == screen.scenario


@pytest.fixture
def apart(preset):
    """A link whose typed-in prices are in the browser, with a B that rests on them: query, B, and what is stored."""
    first = changed(preset, {"price_edits": [EDIT]})
    other = Other(changed(first, {VOLUME: 77_000.0}))
    key, text = edits_apart.packed(first)
    word = link.encoded(changed(first, {"price_edits": []}), None, None, packed(other, first))
    return {"s": word, "k": key}, other, text


def opened_with(query):
    """A screen on the Compare page with more than a word in its address."""
    screen = Screen.__new__(Screen)
    screen.at, screen._groups = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), set()
    for name, value in query.items():
        screen.at.query_params[name] = value
    screen.at.run()
    screen.go_to(COMPARE)
    screen.check()
    return screen


def answered(screen, key, text):
    """What the browser sends when it was asked for stored prices."""
    stored = next(each.proto for each in screen.at.get("bidi_component") if each.proto.id.endswith("crossover_stored"))
    states = screen.at._tree.get_widget_states()
    found = {"found": {"key": key, "text": text}}
    states.widgets.append(WidgetState(id=stored.id, json_value=json.dumps(found)))
    screen.at._run(states)
    screen.check()


def test_a_b_that_rests_on_prices_in_the_browser_comes_with_them(apart):
    query, other, text = apart
    screen = opened_with(query)
    assert other_of(screen) is None
    assert screen.address == f"s={query['s']}&k={query['k']}"

    answered(screen, query["k"], text)
    assert other_of(screen) == other
    assert differing(screen) == [("Queries per month", "200,000", "77,000")]


@pytest.mark.parametrize("text", [None, "", "AAAA", 7])
def test_it_is_given_up_and_said_when_they_are_not_there(apart, text):
    query, _, _ = apart
    screen = opened_with(query)
    answered(screen, query["k"], text)

    assert other_of(screen) is None
    assert screen.notice != ""
    assert screen.headline == "Set this scenario beside another one"


# Refusing


def good(screen):
    """A screen that compares with something good."""
    choose_preset(screen, "support-bot")
    return other_of(screen)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "the link has the format 'hello'"),
        ("http://example.org/", "the link has the format 'http://example'"),
        ("<script>alert(1)</script>", "the link has the format"),
        ("?s=" + "1." + "a" * 8_001, "8,000 are the limit"),
        (made({"p": "no-such", "d": {}}), "preset 'no-such' is not known here"),
        (made({"p": None, "d": {"rag.model": "nobody/nothing"}}), "'nobody/nothing' is not in the price book"),
        (made({"p": None, "d": {"workload.query_tokens": -1}}), "workload.query_tokens: -1 is out of limits"),
        (made(b"[" + b" " * 5_000_000 + b"]"), "the link is damaged"),
        (f"?s={made({'p': None, 'd': {}})}&k={'0' * 20}", "leaves its typed-in prices in the browser that made it"),
    ],
)
def test_a_broken_link_is_refused_and_the_last_good_b_stays(opened, text, said):
    screen = opened(COMPARE)
    paste(screen, text)
    assert other_of(screen) is None
    assert "Nothing is compared yet." in screen.words

    kept = good(screen)
    assert screen.notice == ""
    address = screen.address
    paste(screen, text, "menu")
    assert said in screen.notice.replace("\N{WORD JOINER}", "")
    assert "The last good B stays." in screen.words
    assert (other_of(screen), screen.address) == (kept, address)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "plan.json line 1"),
        (b"\xff\xfe", "plan.json: byte 0 is not UTF-8"),
        (b'{"workload": {"query_tokens": -1}}', "plan.json, workload.query_tokens: -1"),
        (b'{"rag": {"model": "nobody/nothing"}}', "nobody/nothing"),
        (b'{"prices": [{}]}', "plan.json, prices.0: "),
    ],
)
def test_a_broken_file_is_refused_with_its_place_and_nothing_is_compared(opened, content, said):
    screen = opened(COMPARE)
    choose_file(screen, content)

    assert said in screen.notice.replace("\N{WORD JOINER}", "")
    assert "Nothing is compared yet." in screen.words
    assert other_of(screen) is None


@pytest.mark.parametrize(
    "content",
    [
        [],
        7,
        {"d": []},
        {"f": "a", "p": None, "d": {"workload.query_tokens": -1}},
        {"f": "a", "p": "<script>", "d": {}},
        {"f": "a", "p": None, "d": {"rag.model": "nobody/nothing"}},
        {"f": "a", "p": None, "d": {"price_edits": [[0, 9]]}},
    ],
)
@pytest.mark.parametrize("page", ["app.py", COMPARE])
def test_a_link_with_a_broken_b_opens_its_scenario_and_says_why_nothing_is_compared(opened, preset, content, page):
    word = made({"p": preset.preset, "d": {VOLUME: 123_456.0}, "b": content})
    screen = opened(page, word)
    screen.check()

    assert screen.scenario.workload.queries_per_month == 123_456
    assert "the scenario to compare with" in screen.notice
    assert "Nothing is compared yet." in screen.words
    assert other_of(screen) is None


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_b_is_plain_text(opened, preset, name):
    other = Other(changed(preset, {"name": f"{name} {{rag}}", VOLUME: 90_000.0}), "link")
    screen = opened(COMPARE, link.encoded(preset, None, None, packed(other, preset)))
    screen.check()
    first = screen.at.title[0].value

    assert screen.notice == ""
    assert ":blue[{RAG" not in first
    assert not any("<script>" in body or "<img src=x" in body for body in screen.bodies)
    assert "**bold**" not in first.replace("\\*", "")


# What is not alike


def test_unlike_scenarios_are_compared_with_a_word_on_what_is_not_alike(opened, preset):
    values = {
        "finance.horizon_months": 120,
        "finance.currency": "EUR",
        "finance.usd_per_currency_unit": 1.1,
        "finance.start_month": "2027-03",
        "finance.compared": ["rag", "prompting"],
        "finance.discount_rate_annual": 0.2,
        "extra_costs": [
            {"architecture": ["rag"], "component": "audit", "phase": "event", "months": [3, 3], "usd": 50.0, "note": ""}
        ],
    }
    other = Other(changed(preset, values), "file")
    screen = opened(COMPARE, link.encoded(preset, {"value": "present"}, None, packed(other, preset)))
    screen.check()

    for said in (
        "the file 120 months",
        "the file is set in EUR",
        "in Mar 2027 there",
        "are discounted by",
        "Prompting is compared only there",
    ):
        assert said in screen.words
    assert [row[0] for row in totals(screen)] == ["RAG", "Fine-tuning", "Hybrid", "Prompting"]
    assert screen.chart_table(0, "frame")["end"][0] == 120
    assert ("Extra cost: audit", "none", "50 USD once, RAG, month 3") in differing(screen)


def test_two_scenarios_without_a_common_architecture_say_so_instead_of_a_waterfall(opened, preset):
    one = changed(preset, {"finance.compared": ["rag"]})
    other = Other(changed(preset, {"finance.compared": ["hybrid"]}))
    screen = opened(COMPARE, link.encoded(one, None, None, packed(other, one)))
    screen.check()

    assert "No architecture is compared on both sides" in screen.words
    assert len(screen.chart_specs) == 1


def test_the_waterfall_follows_the_chosen_architecture_and_its_choice_is_in_the_link(opened):
    screen = opened(COMPARE)
    choose_preset(screen, "support-bot")
    screen.at.selectbox(key="bill of").set_value("hybrid")
    screen.rerun()
    screen.check()
    bars = screen.chart_table(1, "bars")

    assert list(bars[bars["total"]]["name"]) == ["Hybrid in A", "Hybrid in B"]
    assert cold(opened, screen).at.selectbox(key="bill of").value == "hybrid"
    assert "Hybrid costs" in screen.words


def test_many_assumptions_stand_behind_the_first_twelve(opened):
    screen = opened(COMPARE)
    choose_preset(screen, "published-low")

    assert len(differing(screen)) == expected(screen).differs.count > 60
    assert any("more assumptions differ" in each.label for each in screen.at.expander)


@pytest.mark.parametrize("chart", ["curves", "assumptions", "bill"])
def test_what_is_shown_is_there_as_a_table(opened, chart):
    screen = opened(COMPARE)
    choose_preset(screen, "support-bot")
    screen.open_data(chart)
    screen.check()

    assert len(screen.at.dataframe[0].value) > 2
