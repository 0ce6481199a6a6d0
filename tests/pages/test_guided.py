"""The guided start: three questions that set up a scenario in one step, an offer and no gate."""

from costmodel.presets import PRESETS
from pages.ui import guided
from report import start_text


def test_opening_the_app_answers_before_it_asks(opened):
    screen = opened()
    screen.check()

    assert screen.headline.startswith("Over 24 months")
    assert screen.at.button(key="guide").label == start_text.OFFER
    assert not _asked(screen)


def test_three_answers_set_up_a_scenario_in_one_step(opened):
    screen = opened()
    before = screen.scenario
    _answer(screen, preset="support-bot", queries=40_000.0, updates=1.0)
    screen.check()
    answered = screen.scenario
    _click(screen, "undo")

    assert answered.preset == "support-bot"
    assert answered.workload.queries_per_month == 40_000
    assert answered.corpus.updates_per_month == 1
    assert screen.scenario == before


def test_the_questions_end_on_the_overview(opened):
    screen = opened("pages/prices.py")
    _answer(screen, preset="support-bot", queries=40_000.0, updates=1.0)
    screen.check()

    assert screen.headline.startswith("Over 24 months")
    assert not _asked(screen)


def test_answers_that_a_preset_gives_itself_change_nothing_in_it(opened):
    screen = opened()
    _click(screen, "guide")
    screen.at.radio(key="guide what").set_value("email-drafts")
    screen.rerun()
    for key in ("guide next", "guide next", "guide finish"):
        _click(screen, key)

    assert screen.scenario.name == PRESETS["email-drafts"].name
    assert screen.at.button(key="reset").disabled


def test_one_can_go_back_and_keeps_the_answers(opened):
    screen = opened()
    _click(screen, "guide")
    _click(screen, "guide next")
    screen.put("number_input", "guide month", 70_000.0)
    _click(screen, "guide back")
    first = screen.at.radio(key="guide what").value
    _click(screen, "guide next")

    assert first == "pricing-brand-voice"
    assert screen.widget("number_input", "guide month").value == 70_000
    assert screen.scenario.workload.queries_per_month == 200_000


def test_another_preset_brings_its_own_volume_and_updates(opened):
    screen = opened()
    _click(screen, "guide")
    screen.at.radio(key="guide what").set_value("code-assistant")
    screen.rerun()
    _click(screen, "guide next")
    queries = screen.widget("number_input", "guide month").value
    _click(screen, "guide next")

    assert queries == PRESETS["code-assistant"].scenario.workload.queries_per_month
    assert screen.at.radio(key="guide how often").value == 21


def test_only_what_is_asked_something_is_offered():
    assert "published-low" not in guided.OFFERED
    assert set(guided.OFFERED) < set(PRESETS)
    assert all(PRESETS[name].scenario.corpus.updates_per_month in start_text.UPDATES for name in guided.OFFERED)


def test_the_scenario_says_in_plain_words_what_it_is_for(opened):
    screen = opened()
    first = [body for body in screen.bodies if start_text.PRESET_WORDS["pricing-brand-voice"].split("'")[0] in body]
    screen.put("selectbox", "preset", "email-drafts")

    assert first
    assert any(start_text.PRESET_WORDS["email-drafts"] in body for body in screen.bodies)


def _answer(screen, preset: str, queries: float, updates: float) -> None:
    _click(screen, "guide")
    screen.at.radio(key="guide what").set_value(preset)
    screen.rerun()
    _click(screen, "guide next")
    screen.put("number_input", "guide month", queries)
    _click(screen, "guide next")
    screen.at.radio(key="guide how often").set_value(updates)
    screen.rerun()
    _click(screen, "guide finish")


def _asked(screen) -> bool:
    return any(each.key == "guide what" for each in screen.at.radio)


def _click(screen, key: str) -> None:
    screen.at.button(key=key).click()
    screen.rerun()
