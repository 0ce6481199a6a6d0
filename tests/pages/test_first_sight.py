"""What each page says at the first visit, and that its numbers are those of the cost model."""

import re

import pytest

from costmodel.presets import DEFAULT_PRESET, PRESETS
from report import text
from report.palette import ARCHITECTURES

PAGES = ("app.py", "pages/prices.py")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_an_exception_or_a_notice(opened, page):
    screen = opened(page)
    screen.check()

    assert screen.notice == ""


def test_the_first_visit_shows_the_default_preset(opened):
    screen = opened()

    assert screen.scenario.preset == DEFAULT_PRESET
    assert plain_name(screen.eyebrow).startswith(PRESETS[DEFAULT_PRESET].name)


def test_the_headline_names_the_cheapest_total_its_lead_and_the_runner_up(opened):
    screen = opened()
    run = screen.run
    money = text.money_of(run)
    sums = sorted((answer.tco_usd, key) for key, answer in run.answers.items())
    (least, best), (next_, second) = sums[:2]

    assert screen.headline == (
        f"Over {run.horizon} months {ARCHITECTURES[best].in_sentence} costs {money(least)}, "
        f"{(next_ - least) / next_:.0%} less than {ARCHITECTURES[second].in_sentence}"
    )


def test_every_card_shows_the_numbers_of_the_run(opened):
    screen = opened()
    run = screen.run
    money = text.money_of(run)
    asked = run.queries[: run.horizon + 1].sum()
    expected = {
        ARCHITECTURES[key].name: (
            money(answer.tco_usd),
            {
                "Build": money(answer.phase_usd("one_time")),
                "Per month at the end": money(answer.run_rate_usd),
                "Per query": money(answer.tco_usd / asked),
                "Launch in": f"{run.scenario.architecture(key).build_calendar_weeks:g} weeks",
            },
        )
        for key, answer in run.answers.items()
    }

    assert {name: (card.total, card.rows) for name, card in screen.cards.items()} == expected


def test_one_card_says_cheapest_and_the_others_their_distance_to_it(opened):
    screen = opened()
    run = screen.run
    money = text.money_of(run)
    least = min(answer.tco_usd for answer in run.answers.values())
    expected = {
        ARCHITECTURES[key].name: "cheapest" if answer.tco_usd == least else f"+{money(answer.tco_usd - least)}"
        for key, answer in run.answers.items()
    }

    assert {name: card.below for name, card in screen.cards.items()} == expected


def test_the_line_ends_and_the_bars_carry_the_totals_of_the_cards(opened):
    screen = opened()
    totals = sorted(f"{name} {card.total}" for name, card in screen.cards.items())

    aside = f"Prompting {text.money_of(screen.run)(screen.run.prompting.tco_usd)}"
    assert sorted(screen.chart_table(0, "ends")["label"]) == sorted([*totals, aside])
    assert sorted(screen.chart_table(1, "totals")["label"]) == totals


def test_the_lines_end_at_the_totals_and_the_bars_add_up_to_them(opened):
    screen = opened()
    run = screen.run
    curves = screen.chart_table(0, "curves")
    last = curves[curves["month"] == run.horizon].set_index("ink")["usd"].to_dict()
    segments = screen.chart_table(1, "segments")
    bars = (segments["end"] - segments["start"]).groupby(segments["name"]).sum().to_dict()

    assert last.pop("prompting") == pytest.approx(run.prompting.tco_usd)
    assert last == pytest.approx({key: answer.tco_usd for key, answer in run.answers.items()})
    assert bars == pytest.approx({ARCHITECTURES[key].name: each.tco_usd for key, each in run.answers.items()})


def test_the_milestones_are_the_totals_of_the_run(opened):
    screen = opened()
    run = screen.run
    money = text.money_of(run)
    body = next(body for body in screen.bodies if '<table class="small">' in body)
    totals = [run.total_usd(key, months) for key in run.answers for months in (12, 24, 36)]

    assert re.findall(r'<td title="(.*?)">(.*?)</td>', body) == [(money.exact(usd), money(usd)) for usd in totals]


def test_the_numbers_month_by_month_are_those_of_the_lines(opened):
    screen = opened()
    screen.open_data("lines")
    screen.check()
    table = screen.at.dataframe[0].value
    run = screen.run

    assert list(table["Month"]) == list(range(run.horizon + 1))
    for key, answer in run.answers.items():
        assert list(table[f"{ARCHITECTURES[key].name} [USD]"]) == pytest.approx(list(answer.cumulative_usd))


def test_headings_go_down_one_level_at_a_time(opened):
    screen = opened()
    levels = [int(tag[1]) for body in screen.bodies for tag in re.findall(r"<(h[1-6])", body)]

    assert set(levels) == {2}  # right below the headline


def test_no_header_of_a_table_is_empty(opened):
    screen = opened()

    assert not any(re.search(r"<th[^>]*></th>", body) for body in screen.bodies)


def plain_name(markdown: str) -> str:
    return markdown.replace("\\", "").replace("\N{WORD JOINER}", "")
