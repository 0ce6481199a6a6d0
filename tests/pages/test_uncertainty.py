"""The Uncertainty page: it says results, ranges live in the scenario, and old draws stay and say that they are old."""

from __future__ import annotations

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from costmodel import link
from costmodel.changes import changed
from costmodel.ranges import about, suggested
from costmodel.uncertainty import uncertainty
from pages.ui import chart as charts
from pages.ui import frame, heavy, uncertainty_run
from pricing.catalog import load_book
from report import ranges_text
from report import uncertainty_text as words
from report.numbers import Money
from report.sentence import plain
from tests.pages.prices_screen import click, send, table

UNCERTAINTY, OVERVIEW = "pages/uncertainty.py", "app.py"
VOLUME, GROWTH, TOP_K, LABELS = (
    "workload.queries_per_month",
    "workload.monthly_growth_share",
    "rag.top_k",
    "fine_tuning.usd_per_example",
)
OUTPUT = "price:openai/gpt-6.1-sol:output"
RANGES = {
    VOLUME: {"low": 100_000.0, "likely": 200_000.0, "high": 300_000.0},
    LABELS: {"low": 1.0, "likely": 3.0, "high": 5.0},
}
FEW = {"draws": "512"}


class Clock:
    """Time that stands still, or jumps by `step` seconds at each look."""

    def __init__(self) -> None:
        self.now, self.step = 0.0, 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Draws take no time unless a test says otherwise."""
    each = Clock()
    monkeypatch.setattr(uncertainty_run, "clock", each)
    monkeypatch.setattr(uncertainty_run, "worked", each)
    return each


@pytest.fixture
def uncertain(opened, link_to):
    """Opens the page with two ranges of one's own and few draws."""
    return lambda values=None, view=None: opened(
        UNCERTAINTY, link_to({"uncertainty": RANGES, **(values or {})}, view or FEW)
    )


def result(screen, draws=512, seed=1, present=False):
    """What the page has to show."""
    return uncertainty(screen.run.scenario, load_book(), draws, seed, present=present)


def said(screen, beginning):
    """The line that begins so; "" when none does."""
    return next((plain(each.value) for each in screen.at.markdown if each.value.startswith(beginning)), "")


def exports_shut(screen):
    """Whether charts can be taken along, of each."""
    popovers = [each.proto.popover for each in screen.at.get("popover")]
    return {each.disabled for each in popovers if each.label == "Export"}


def buttons(screen):
    return {each.key: each for each in screen.at.button}


def remove(screen, row):
    """Press the button in a row of the table."""
    states = screen.at._tree.get_widget_states()
    state = WidgetState(id=screen.at.dataframe[0].proto.button_click_widgets["Remove"])
    state.string_trigger_value.data = json.dumps({"row": row, "label": "Remove"})
    states.widgets.append(state)
    screen.at._run(states)
    screen.check()


def start_from(screen, preset):
    screen.put("menu_button", "ranges from", preset)
    screen.check()


def read(frame_row):
    return tuple(frame_row[["Low", "Likely", "High", "Distribution"]])


# What is shown


def test_the_hero_and_the_titles_say_results(uncertain):
    screen = uncertain()
    screen.check()
    found, money = result(screen), Money()
    said_ = words.verdict(found, screen.run, money)

    assert screen.headline == plain(said_.headline)
    assert screen.lead.replace("\N{WORD JOINER}", "") == plain(said_.lead)
    assert plain(words.fans_finding(found, money)) in screen.words
    assert plain(words.odds_finding(found)) in screen.words
    assert plain(words.break_even_finding(words.leading_pair(found))) in screen.words
    assert "512 draws from your ranges of 2 numbers; seed 1." in screen.words


def test_every_fan_is_the_quantiles_of_the_draws(uncertain):
    screen = uncertain()
    found = result(screen)
    for chart, key in enumerate(found.fan_usd):
        band, median = screen.chart_table(chart, "band"), screen.chart_table(chart, "lines")
        own = median[median["main"]]["usd"]

        assert list(band["low"]) == pytest.approx(found.fan_usd[key][0].tolist())
        assert list(own) == pytest.approx(found.fan_usd[key][1].tolist())
        assert list(band["high"]) == pytest.approx(found.fan_usd[key][2].tolist())
        assert (band["low"] <= own.to_numpy()).all()
        assert (own.to_numpy() <= band["high"]).all()


def test_worth_and_regret_are_results_and_never_negative(uncertain):
    screen = uncertain()
    found, money = result(screen), Money()
    body = next(each for each in screen.bodies if 'class="worth"' in each)

    assert found.evpi_usd >= 0
    assert all(usd >= 0 for usd in found.evppi_usd.values())
    for _, usd in words.worthy(found):
        assert f">{money(usd)}</td>".replace("$", "$") in body
    table_ = next(each for each in screen.bodies if "<table" in each and "Regret" in each)
    for key, cells in words.regret_rows(found, money).items():
        assert key in ("rag", "fine_tuning", "hybrid")
        assert all(f">{cell}</td>" in table_ for cell in cells)


def test_present_value_is_followed(uncertain):
    screen = uncertain({"finance.discount_rate_annual": 0.3})
    before = screen.chart_table(0, "band")
    screen.turn("value", "present")
    screen.check()

    assert screen.headline == plain(words.headline(result(screen, present=True)))
    assert screen.chart_table(0, "band")["high"].iloc[-1] < before["high"].iloc[-1]
    assert "present value" in screen.words


def test_no_spread_is_certainty(opened, link_to):
    flat = {VOLUME: {"low": 200_000.0, "likely": 200_000.0, "high": 200_000.0}}
    screen = opened(UNCERTAINTY, link_to({"uncertainty": flat}, FEW))
    screen.check()
    band = screen.chart_table(0, "band")

    assert screen.headline == "Fine-tuning is cheapest in every future drawn"
    assert list(band["low"]) == pytest.approx(list(band["high"]))
    assert band["high"].iloc[-1] == pytest.approx(screen.run.answers["rag"].tco_usd)
    assert "Nothing is worth finding out first" in screen.words


def test_one_architecture_alone_has_a_fan_and_no_odds(uncertain):
    screen = uncertain({"finance.compared": ["rag"]})
    screen.check()

    assert screen.headline == "RAG is the only one in the running"
    assert len(screen.chart_specs) == 1


def test_convergence_is_shown_at_request(uncertain):
    screen = uncertain()
    assert not any("half below" in each for each in screen.bodies)

    screen.at.session_state["convergence"] = True
    screen.rerun()
    screen.check()

    assert any("half below" in each and ">256</th>" in each for each in screen.bodies)


def test_a_chart_opens_as_a_table(uncertain):
    screen = uncertain()
    for chart in ("fans", "odds", "break-even"):
        screen.open_data(chart)
        screen.check()


# Ranges


def test_without_ranges_the_suggested_ones_are_shown_and_can_be_adopted(opened, preset, link_to):
    screen = opened(UNCERTAINTY, link_to({}, FEW))
    screen.check()
    known = suggested(screen.run)

    assert f"512 draws from suggested ranges of {len(known)} numbers" in screen.words
    assert "You set no range" in screen.words
    assert screen.scenario.uncertainty == {}

    headline = screen.headline
    click(screen, "adopt ranges")

    assert screen.scenario.uncertainty == {path: each.spread for path, each in known.items()}
    assert screen.headline == headline
    assert f"512 draws from your ranges of {len(known)} numbers" in screen.words

    click(screen, "undo")
    assert screen.scenario.uncertainty == {}


def test_a_cell_that_is_typed_over_is_in_the_scenario_in_the_link_and_in_the_draws(uncertain, opened):
    screen = uncertain()
    send(screen, {"0": {"High": 800_000, "Distribution": "Triangular"}})

    assert screen.scenario.uncertainty[VOLUME].high == 800_000
    assert screen.scenario.uncertainty[VOLUME].distribution == "triangular"
    assert screen.headline == plain(words.headline(result(screen)))
    assert opened(UNCERTAINTY, screen.address.removeprefix("s=")).headline == screen.headline
    restored, view = link.decoded(screen.address.removeprefix("s="))
    assert restored.uncertainty == screen.scenario.uncertainty
    assert view == FEW

    click(screen, "undo")
    assert screen.scenario.uncertainty[VOLUME].high == 300_000


def test_percent_is_typed_in_percent(uncertain):
    screen = uncertain({"uncertainty": {GROWTH: {"low": 0.01, "likely": 0.02, "high": 0.03}}})
    assert read(table(screen).iloc[0]) == (1, 2, 3, "PERT")

    send(screen, {"0": {"High": 4.5}})

    assert screen.scenario.uncertainty[GROWTH].high == 0.045


@pytest.mark.parametrize(
    ("cells", "said_"),
    [
        ({"Low": 250_000}, "must not fall"),
        ({"Low": None}, "empty is not a number"),
        ({"High": "many"}, "many is not a number"),
        ({"High": 1e12}, "leaves its limits"),
        ({"Low": 0, "Distribution": "Lognormal"}, "a lognormal range begins above 0"),
        ({"Assumption": "Mine"}, None),
        ({"Nonsense": 1}, "a cell that it does not have"),
    ],
)
def test_what_is_no_range_is_refused_and_nothing_changes(uncertain, cells, said_):
    screen = uncertain()
    before, headline = screen.scenario, screen.headline
    send(screen, {"0": cells})

    assert screen.scenario == before
    assert screen.headline == headline
    assert (said_ or "") in screen.notice
    assert read(table(screen).iloc[0]) == (100_000, 200_000, 300_000, "PERT")


def test_one_bad_cell_keeps_a_good_one_out_too(uncertain):
    screen = uncertain()
    send(screen, {"0": {"High": 400_000}, "1": {"High": -1}})

    assert screen.scenario.uncertainty[VOLUME].high == 300_000
    assert "must not fall" in screen.notice


def test_a_row_is_taken_out(uncertain):
    screen = uncertain()
    remove(screen, 1)

    assert list(screen.scenario.uncertainty) == [VOLUME]
    assert len(table(screen)) == 1


@pytest.mark.parametrize("path", [TOP_K, OUTPUT, GROWTH])
def test_any_number_and_any_price_can_be_added(uncertain, path):
    screen = uncertain()
    screen.put("selectbox", "range add", path)
    screen.check()
    known = suggested(screen.run).get(path)
    expected = known.spread if known else about(screen.scenario, path, 0.5, ranges_text.now(screen.run, path))

    assert screen.scenario.uncertainty[path] == expected
    assert len(table(screen)) == 3
    assert screen.headline == plain(words.headline(result(screen)))


@pytest.mark.parametrize(("preset_", "low"), [("half", 100_000), ("narrow", 160_000)])
def test_ranges_can_start_from_a_share_to_both_sides(uncertain, preset_, low):
    screen = uncertain({"uncertainty": {VOLUME: {"low": 1.0, "likely": 2.0, "high": 3.0}}})
    start_from(screen, preset_)

    assert screen.scenario.uncertainty == {VOLUME: about(screen.scenario, VOLUME, 1 - low / 200_000)}


def test_the_list_leaves_empty_fields_out_and_says_why(uncertain):
    screen = uncertain()
    box = screen.widget("selectbox", "range add")

    assert "finance.budget_usd" not in box.options
    assert box.help == ranges_text.not_addable(screen.run)
    assert "a range needs a value to be about" in box.help


def test_a_range_of_a_field_that_was_emptied_is_refused_until_it_has_a_value_or_its_line_is_taken_out(uncertain):
    budget = "finance.budget_usd"
    ranges = {**RANGES, budget: {"low": 50_000.0, "likely": 90_000.0, "high": 120_000.0}}
    screen = uncertain({"uncertainty": ranges})
    screen.check()
    assert f"uncertainty.{budget}: the field 'Budget' is empty" in screen.notice
    assert f"give {budget} a value, or take its range out" in screen.notice
    assert ranges_text.EMPTY in list(table(screen)["Source"])

    remove(screen, list(screen.scenario.uncertainty).index(budget))
    assert screen.notice == ""
    assert screen.headline == plain(words.headline(result(screen)))

    filled = uncertain({"uncertainty": ranges, budget: 90_000.0})
    assert filled.notice == ""
    assert filled.headline == plain(words.headline(result(filled)))


def test_ranges_can_start_from_what_is_published_or_from_none(uncertain):
    screen = uncertain()
    start_from(screen, "suggested")
    assert screen.scenario.uncertainty == {path: each.spread for path, each in suggested(screen.run).items()}

    start_from(screen, "none")
    assert screen.scenario.uncertainty == {}
    assert "You set no range" in screen.words


def test_a_lever_that_leaves_its_range_behind_is_told_and_the_range_moved(uncertain):
    screen = uncertain()
    screen.pull(VOLUME, 400_000)
    screen.check()
    assert any("stays about the likely value" in each.value for each in screen.at.caption)

    click(screen, "move ranges")

    assert screen.scenario.uncertainty[VOLUME].likely == 400_000
    assert screen.scenario.uncertainty[VOLUME].low == 200_000
    assert not any("stays about the likely value" in each.value for each in screen.at.caption)


def test_rank_correlations_are_shown_and_kept_as_long_as_both_have_a_range(uncertain):
    screen = uncertain({"rank_correlations": [[VOLUME, LABELS, 0.5]]})
    screen.check()
    assert "queries per month with fine-tuning cost of a label: +0.5" in screen.words

    send(screen, {"0": {"High": 400_000}})
    assert screen.scenario.rank_correlations == ((VOLUME, LABELS, 0.5),)

    remove(screen, 1)
    assert screen.scenario.rank_correlations == ()


def test_ranges_that_cannot_be_drawn_are_refused_with_the_way_out_and_the_last_draws_stay(uncertain):
    screen = uncertain()
    headline = screen.headline
    screen.at.session_state["scenario"] = changed(
        screen.scenario,
        {"uncertainty": {**RANGES, "corpus.chunk_overlap_tokens": {"low": 0.0, "likely": 10.0, "high": 5_000.0}}},
    )
    screen.rerun()
    screen.check()

    assert screen.headline == headline
    assert "narrow the ranges so that a chunk is always longer than its overlap" in screen.notice

    screen.at.session_state["refused"] = ("broken.json is not JSON", "The last good scenario is kept.")
    screen.rerun()
    screen.check()
    assert "broken.json is not JSON" in screen.words
    assert "narrow the ranges" in screen.words


# Running


def test_quick_draws_follow_every_change(uncertain):
    screen = uncertain()
    screen.pull("finance.horizon_months", 12)
    screen.check()

    assert screen.headline == plain(words.headline(result(screen)))
    assert words.OLD not in screen.words


def test_slow_draws_stay_and_say_that_they_are_old_until_the_button_is_pressed(uncertain, clock):
    clock.step = 5.0
    screen = uncertain()
    headline, band = screen.headline, screen.chart_table(0, "band")
    screen.pull("finance.horizon_months", 12)
    screen.check()

    assert words.OLD in screen.words
    assert screen.headline == headline
    assert screen.chart_table(0, "band").equals(band)
    assert exports_shut(screen) == {True}

    click(screen, "run new draws")

    assert words.OLD not in screen.words
    assert exports_shut(screen) == {False}
    assert screen.headline == plain(words.headline(result(screen)))
    assert len(screen.chart_table(0, "band")) == 13


@pytest.fixture
def order(monkeypatch):
    """What a run of the page does, one after the other."""
    done = []

    def noted(name, call):
        def noting(*given, **named):
            done.append(name)
            return call(*given, **named)

        return noting

    monkeypatch.setattr(frame, "sidebar", noted("levers", frame.sidebar))
    monkeypatch.setattr(uncertainty_run, "uncertainty", noted("draws", uncertainty_run.uncertainty))
    monkeypatch.setattr(charts, "show", noted("chart", charts.show))
    return done


def test_the_charts_of_quick_draws_come_before_the_levers(uncertain, order):
    screen = uncertain()
    order.clear()
    screen.pull("finance.horizon_months", 12)
    screen.check()

    assert order == ["draws", *["chart"] * 5, "levers"]


def test_the_levers_are_there_before_draws_that_may_take_long(uncertain, order, clock):
    clock.step = 5.0
    screen = uncertain()
    assert order[-7:] == ["levers", "draws", *["chart"] * 5]

    screen.pull("finance.horizon_months", 12)
    order.clear()
    click(screen, "run new draws")
    assert order[:2] == ["levers", "draws"]


def test_draws_that_turn_out_to_take_long_bring_the_levers_and_a_way_out(uncertain, order, clock):
    screen = uncertain()
    order.clear()
    clock.step = 5.0
    screen.pull("finance.horizon_months", 12)
    screen.check()

    assert order == ["draws", "levers", *["chart"] * 5]
    assert screen.headline == plain(words.headline(result(screen)))


def test_what_somebody_has_drawn_is_there_for_the_next_visitor(uncertain, order, clock):
    first = uncertain()
    order.clear()
    clock.step = 5.0
    second = uncertain()
    second.check()

    assert "draws" not in order
    assert second.headline == first.headline
    other = uncertain({"name": "Mine"})
    assert "draws" in order
    assert other.headline == first.headline


def test_the_suggested_ranges_make_the_scenario_that_typing_them_in_would_make(opened, preset):
    run = opened(UNCERTAINTY).run
    ranges = {path: each.spread.model_dump() for path, each in suggested(run).items()}

    assert uncertainty_run._with_ranges(run) == changed(run.scenario, {"uncertainty": ranges})


def test_draws_of_a_moment_ago_come_back_without_new_ones(uncertain, clock):
    clock.step = 5.0
    screen = uncertain()
    headline = screen.headline
    send(screen, {"0": {"High": 900_000}})
    click(screen, "run new draws")
    click(screen, "undo")

    assert words.OLD not in screen.words
    assert screen.headline == headline


def test_draws_survive_a_visit_to_another_page(uncertain, clock):
    clock.step = 5.0
    screen = uncertain()
    headline = screen.headline
    screen.go_to(OVERVIEW)
    screen.go_to(UNCERTAINTY)
    screen.check()

    assert screen.headline == headline
    assert words.OLD not in screen.words


def test_a_press_holds_for_one_run_only(uncertain, clock):
    clock.step = 5.0
    screen = uncertain()
    screen.at.session_state["kept uncertainty pressed"] = True
    screen.rerun()
    screen.pull("finance.horizon_months", 12)

    assert words.OLD in screen.words


def test_what_is_cancelled_keeps_the_old_result_and_is_not_begun_again(uncertain, clock):
    screen = uncertain()
    headline = screen.headline
    screen.put("selectbox", "draws", 1_024)
    wanted = uncertainty_run.Asked(screen.scenario, 2_048, 1, False)
    screen.at.session_state["kept uncertainty cancelled"] = wanted
    screen.put("selectbox", "draws", 2_048)
    screen.check()

    assert words.CANCELLED in screen.words
    assert screen.headline == headline or screen.headline == plain(words.headline(result(screen, 1_024)))
    assert "1,024 draws" not in said(screen, "2,048")

    click(screen, "run new draws")
    assert "2,048 draws from your ranges" in screen.words


def test_while_the_server_has_other_long_work_many_draws_wait_and_then_are_told_to_come_back(uncertain, monkeypatch):
    screen = uncertain(view={"draws": "16384"})
    monkeypatch.setattr(heavy, "PATIENCE", 0.0)
    with heavy.turn():
        send(screen, {"0": {"High": 900_000}})
        assert words.BUSY in screen.words
    click(screen, "run new draws")

    assert words.BUSY not in screen.words


def test_draws_and_seed_are_chosen_and_travel_in_the_link(uncertain, opened):
    screen = uncertain()
    screen.put("selectbox", "draws", 1_024)
    screen.put("number_input", "seed", 7)
    screen.check()

    assert "1,024 draws from your ranges of 2 numbers; seed 7." in screen.words
    assert screen.headline == plain(words.headline(result(screen, 1_024, 7)))
    again = opened(UNCERTAINTY, screen.address.removeprefix("s="))
    assert "1,024 draws from your ranges of 2 numbers; seed 7." in again.words
    assert again.headline == screen.headline


def test_a_button_that_would_change_nothing_is_idle(uncertain):
    screen = uncertain()

    assert buttons(screen)["run draws"].disabled
