"""The levers without a browser: their tracks and lines, what is typed into them, and fields that became levers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from costmodel.fields import value_at
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS
from costmodel.tracks import tracks_of
from pages.ui import tracks
from pages.ui.levers import CADENCE, GROWTH, HORIZON, LEVERS, UPDATES, VOLUME
from pages.ui.view import pinnable
from pricing.catalog import load_book
from report.palette import ARCHITECTURES, neutral_css
from tests.pages.test_turns import facts

UPKEEP, TOP_K = "rag.maintenance_hours_per_month", "rag.top_k"


def component(screen: Any, path: str) -> Any:
    return next(each.proto for each in screen.at.get("bidi_component") if each.proto.id.endswith(f"-lever {path}"))


def shown(screen: Any, path: str) -> dict[str, Any]:
    """What a lever was told to show."""
    return json.loads(component(screen, path).json)


def levers(screen: Any) -> list[str]:
    parts = [each.proto for each in screen.at.get("bidi_component")]
    return [part.id.split("-lever ")[-1] for part in parts if part.component_name == "crossover_lever"]


def send(screen: Any, path: str, **values: Any) -> None:
    """What the browser sends from a lever."""
    states = screen.at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=component(screen, path).id, json_value=json.dumps(values)))
    screen._keep_open()
    screen.at._run(states)


def write(screen: Any, path: str, text: str, number: int = 1) -> None:
    send(screen, path, typed={"text": text, "number": number})


def colour_at(lever: dict[str, Any], share: float) -> str:
    return next(colour for start, end, colour in lever["track"] if start <= share <= end)


# Tracks and lines


def test_every_lever_has_a_track_and_a_line(opened):
    screen = opened()

    for each in LEVERS:
        lever = shown(screen, each.path)
        assert lever["track"], each.path
        assert lever["captions"][0], each.path


def test_the_line_below_a_lever_says_what_the_table_says(opened):
    screen = opened()
    said = {line.split(" | ")[0]: line.split(" | ")[2] for line in facts(screen)}

    for each in LEVERS:
        if each.path != HORIZON:
            assert said[each.label].startswith(shown(screen, each.path)["captions"][0])


def test_a_track_has_the_colour_of_the_cheapest_where_the_thumb_stands(opened):
    screen = opened()
    best = screen.run.cheapest

    for each in LEVERS:
        lever = shown(screen, each.path)
        thumb = lever["stops"].index(lever["value"]) / (len(lever["stops"]) - 1)
        assert colour_at(lever, thumb) == ARCHITECTURES[best].css


def test_a_track_is_grey_where_the_verdict_is_too_close_to_call(opened):
    screen = opened()
    screen.pull(VOLUME, 170_000)
    lever = shown(screen, VOLUME)

    assert "too close to call" in screen.headline
    assert colour_at(lever, lever["stops"].index(170_000) / (len(lever["stops"]) - 1)) == neutral_css("line")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_tracks_of_a_preset_agree_with_its_verdict(opened, preset):
    screen = opened()
    screen.put("selectbox", "preset", preset)
    screen.check()
    run = screen.run

    for each in LEVERS:
        lever = shown(screen, each.path)
        if len(run.eligible) < 2:
            assert (lever["track"], lever["captions"][0][:5]) == ([], "Only ")
            continue
        thumb = lever["stops"].index(lever["value"]) / (len(lever["stops"]) - 1)
        wanted = neutral_css("line") if "too close" in screen.headline else ARCHITECTURES[run.cheapest].css
        assert colour_at(lever, thumb) == wanted


def test_pulling_a_lever_asks_nothing_anew_about_itself(opened, monkeypatch):
    asked: list[set[str]] = []

    def spied(run, spans, present=False):
        asked.append(set(spans))
        return tracks_of(run, spans, present)

    monkeypatch.setattr(tracks, "tracks_of", spied)
    screen = opened()
    screen.pull(VOLUME, 50_000)

    assert asked == [{VOLUME, GROWTH, UPDATES, CADENCE}, {GROWTH, UPDATES, CADENCE}]


def test_what_changes_no_answer_asks_nothing_anew(opened, monkeypatch):
    screen = opened()
    monkeypatch.setattr(tracks, "tracks_of", None)
    screen.turn("lines", "monthly")

    screen.check()


def test_one_architecture_alone_has_a_plain_track(opened, link_to):
    screen = opened("app.py", link_to({"finance.compared": ["rag"]}))

    assert {(str(shown(screen, each.path)["track"]), *shown(screen, each.path)["captions"]) for each in LEVERS} == {
        ("[]", "Only RAG is in the running")
    }


def test_a_forecast_puts_volume_and_growth_out_of_use(opened, link_to):
    screen = opened("app.py", link_to({"workload.queries_by_month": [50_000.0]}))

    assert [bool(shown(screen, each.path)["disabled"]) for each in LEVERS] == [True, True, False, False, False]
    assert shown(screen, VOLUME)["disabled"] == "replaced by the forecast by month"
    assert shown(screen, VOLUME)["track"] == []


def test_the_second_lines_say_what_the_values_mean(opened):
    screen = opened()

    assert shown(screen, GROWTH)["note"] == "315K queries in month 24"
    assert shown(screen, UPDATES)["note"] == "if 24 updates force a retrain, a guess"
    assert shown(screen, CADENCE)["note"] == "updates alone force one every 6 months"
    assert [shown(screen, path)["note"] for path in (VOLUME, HORIZON)] == [None, None]


def test_never_is_the_last_stop_of_the_cadence(opened):
    screen = opened()
    screen.pull(CADENCE, 0)

    assert screen.scenario.fine_tuning.retrain_every_months == 0
    assert (shown(screen, CADENCE)["labels"][-1], shown(screen, CADENCE)["text"]) == ("never", "never")


# What is typed


def test_a_number_that_is_typed_applies(opened):
    screen = opened()
    write(screen, VOLUME, "168,250")

    assert screen.scenario.workload.queries_per_month == 168_250
    assert (shown(screen, VOLUME)["exact"], shown(screen, VOLUME)["text"]) == ("168,250", "168K")
    assert 168_250 in shown(screen, VOLUME)["stops"]


def test_a_number_beyond_the_lever_but_within_the_field_widens_the_lever(opened):
    screen = opened()
    write(screen, VOLUME, "25M")
    write(screen, HORIZON, "48 months")

    assert screen.scenario.finance.horizon_months == 48
    assert (shown(screen, VOLUME)["stops"][-1], shown(screen, HORIZON)["stops"][-1]) == (25e6, 48)


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (VOLUME, "lots", "“lots” is no number; 180K is"),
        (VOLUME, "2B", "Takes 0 to 1B"),
        (HORIZON, "12.5", "Takes whole numbers: 12 or 13"),
    ],
)
def test_what_is_refused_leaves_the_last_good_number_and_says_why(opened, path, text, said):
    screen = opened()
    before = screen.scenario
    write(screen, path, text)

    assert screen.scenario == before
    assert shown(screen, path)["error"] == said
    screen.pull(VOLUME, 50_000)
    assert shown(screen, path)["error"] == ""


def test_one_typed_number_is_one_step_back(opened):
    screen = opened()
    before = screen.scenario
    write(screen, GROWTH, "7%")
    after = screen.scenario.workload.monthly_growth_share
    screen.at.button(key="undo").click()
    screen.rerun()

    assert after == 0.07
    assert screen.scenario == before


# Fields that became levers


@pytest.fixture
def pinned(opened, link_to):
    return opened("app.py", link_to({}, {"pins": f"{UPKEEP},{TOP_K}"}))


def test_a_pinned_field_is_a_lever_below_the_five(pinned):
    assert levers(pinned) == [*(each.path for each in LEVERS), UPKEEP, TOP_K]
    assert (shown(pinned, UPKEEP)["label"], shown(pinned, UPKEEP)["removable"]) == ("RAG: upkeep", True)


def test_a_pinned_lever_reaches_from_a_tenth_to_ten_times_its_preset(pinned):
    stops = shown(pinned, UPKEEP)["stops"]

    assert (stops[0], stops[-1]) == pytest.approx((1.2, 120))
    assert stops[1] / stops[0] == pytest.approx(stops[-1] / stops[-2], rel=0.1)
    assert set(shown(pinned, TOP_K)["stops"]) == set(range(51))


def test_a_pinned_lever_moves_its_field_and_not_its_range(pinned):
    stops = shown(pinned, UPKEEP)["stops"]
    pinned.pull(UPKEEP, 60)
    pinned.pull(TOP_K, 7)

    assert (pinned.scenario.rag.maintenance_hours_per_month, pinned.scenario.rag.top_k) == (60, 7)
    assert shown(pinned, UPKEEP)["stops"] == stops


def test_a_pinned_lever_has_a_track_and_a_row_of_the_table(pinned):
    row = next(line for line in facts(pinned) if line.startswith("RAG: upkeep"))

    assert shown(pinned, UPKEEP)["track"]
    assert row.split(" | ")[2].startswith(shown(pinned, UPKEEP)["captions"][0])


def test_the_track_of_a_pinned_lever_is_what_runs_of_their_own_say(pinned):
    lever = shown(pinned, TOP_K)
    for value in (1, 5, 30):
        run = run_scenario(
            pinned.scenario.model_copy(update={"rag": pinned.scenario.rag.model_copy(update={"top_k": value})}),
            load_book(),
        )
        least, second, *_ = sorted(run.answers[key].tco_usd for key in run.eligible)
        close = second - least <= run.scenario.finance.too_close_share * second
        share = lever["stops"].index(value) / (len(lever["stops"]) - 1)
        assert colour_at(lever, share) == (neutral_css("line") if close else ARCHITECTURES[run.cheapest].css)


def test_a_lever_is_taken_away_again(pinned):
    send(pinned, UPKEEP, removed=True)
    pinned.rerun()

    assert levers(pinned) == [*(each.path for each in LEVERS), TOP_K]


PINNABLE = sorted(path for path in FIELDS if pinnable(path))


@pytest.mark.parametrize("first", range(0, len(PINNABLE), 3))
def test_any_field_that_holds_a_number_can_be_a_lever(opened, link_to, first):
    paths = PINNABLE[first : first + 3]
    screen = opened("app.py", link_to({}, {"pins": ",".join(paths)}))
    screen.check()
    held = [path for path in paths if value_at(screen.scenario, path) is not None]

    assert levers(screen)[5:] == held
    for path in held:
        lever = shown(screen, path)
        assert lever["captions"][0]
        assert 2 <= len(lever["stops"]) <= 400
        assert lever["value"] in lever["stops"]
