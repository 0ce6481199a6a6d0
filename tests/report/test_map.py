"""The winner map on the screen: stretches, ticks, words."""

from __future__ import annotations

import altair as alt
import numpy as np
import pytest

from costmodel.odds_map import OddsMap
from costmodel.winner_map import Axis, WinnerMap
from report import map_text
from report.driver_words import often
from report.map_chart import STRENGTHS, Words, map_data, map_spec, odds_chart, winner_chart, with_here
from report.sentence import plain
from report.ticks import axis_ticks

VOLUME, UPDATES = "workload.queries_per_month", "corpus.updates_per_month"
WHO = ("rag", "fine_tuning")


def typed_in(rag, tuned, here=(0.0, 0.0)) -> WinnerMap:
    rows, columns = np.shape(rag)
    x = Axis(VOLUME, tuple(float(each) for each in range(columns)), False)
    y = Axis(UPDATES, tuple(float(each) for each in range(rows)), False)
    usd = {"rag": np.array(rag, dtype=float), "fine_tuning": np.array(tuned, dtype=float)}
    return WinnerMap(x, y, ("rag", "fine_tuning"), here, usd, 0.05)


def drawn(found: WinnerMap):
    def in_words(value: float) -> str:
        return f"{value:g}"

    words = Words("Queries", in_words), Words("Updates", in_words)
    chart = winner_chart(found, x=words[0], y=words[1], money="${:,.2f}".format, alt=map_text.alt(found))
    return {name: each.to_pylist() for name, each in chart.datasets.items()}


GROWS = [[100, 200, 300, 400]] * 4
LEVEL = [[250] * 4] * 4


def test_the_map_is_valid_vega_lite():
    rows = {name: [{"column": 1}] for name in drawn(typed_in(GROWS, LEVEL))}

    alt.Chart.from_dict({**map_spec(), "datasets": rows}, validate=True)


def test_neighbours_that_look_the_same_are_one_stretch():
    cells = drawn(typed_in(GROWS, LEVEL))["cells"]
    first = [cell for cell in cells if cell["y"] == 0]

    # Leads: 150/250 = 60% and 50/250 = 20% for RAG, 50/300 = 17% and 150/400 = 37.5% for fine-tuning.
    assert [(cell["ink"], cell["strength"]) for cell in first] == [
        ("rag", STRENGTHS[3]),
        ("rag", STRENGTHS[2]),
        ("fine_tuning", STRENGTHS[2]),
    ]
    assert [(cell["x"], cell["x2"]) for cell in first] == [
        pytest.approx((0, 1 / 6)),
        pytest.approx((1 / 6, 1 / 2)),
        pytest.approx((1 / 2, 1)),
    ]


def test_stretches_cover_the_map_without_overlap():
    cells = drawn(typed_in(GROWS, [[120, 199, 301, 250]] * 4))["cells"]

    assert sum((cell["x2"] - cell["x"]) * (cell["y2"] - cell["y"]) for cell in cells) == pytest.approx(1)


def test_a_tie_is_one_grey_whoever_leads_by_a_hair():
    cells = drawn(typed_in([[100, 101]] * 2, [[101, 100]] * 2))["cells"]

    assert {(cell["ink"], cell["strength"], cell["x"], cell["x2"]) for cell in cells} == {("tie", 1.0, 0.0, 1.0)}


def test_your_scenario_is_marked_only_where_it_lies_on_the_map():
    assert [(each["x"], each["y"]) for each in drawn(typed_in(GROWS, LEVEL, (3, 1.5)))["here"]] == [(1.0, 0.5)]
    assert drawn(typed_in(GROWS, LEVEL, (4, 1)))["here"] == []


def test_the_tooltip_says_all_totals_and_the_lead():
    (cell,) = [each for each in drawn(typed_in(GROWS, LEVEL))["hover"] if each["title"] == "3, 0"]

    assert (cell["rag"], cell["fine_tuning"], cell["hybrid"]) == ("$400.00", "$250.00", None)
    assert cell["gap"] == "Fine-tuning, $150.00 less than RAG"


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (10_000, 1_000_000, [1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6]),
        (1_000, 3_000_000, [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6][::2]),
        (0.5, 30, [0.5, 1, 2, 5, 10, 20]),
        (1, 1e12, [1, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12]),
    ],
)
def test_ticks_of_a_logarithmic_axis_are_round_and_at_most_seven(low, high, ticks):
    assert axis_ticks(Axis(VOLUME, (low, high), True)) == pytest.approx(ticks)


def test_the_finding_says_whom_more_of_each_driver_favours():
    # RAG costs more with volume, fine-tuning with updates.
    tuned = [[50 + 100 * row] * 4 for row in range(4)]
    found = typed_in(GROWS, tuned)

    assert plain(map_text.finding(found)) == "More traffic favours fine-tuning, more change favours RAG"


def test_one_driver_that_decides_nothing_is_not_mentioned():
    assert plain(map_text.finding(typed_in(GROWS, LEVEL))) == "More traffic favours fine-tuning"


def test_both_drivers_for_the_same_one_are_one_clause():
    rag = [[100 + 100 * column + 100 * row for column in range(4)] for row in range(4)]
    found = typed_in(rag, [[310] * 4] * 4)

    assert plain(map_text.finding(found)) == "More traffic and more change favour fine-tuning"


def test_a_map_without_a_turn_says_so():
    assert plain(map_text.finding(typed_in(GROWS, [[500] * 4] * 4))) == "RAG is cheapest everywhere on this map"


def test_the_alternative_text_says_how_much_is_whose():
    found = typed_in(GROWS, LEVEL)

    assert map_text.alt(found) == (
        "Cheapest: RAG on 50% and Fine-tuning on 50% of the map; 0% of it is too close to call."
    )
    assert map_text.caption(found, "24 months") == (
        "Cheapest over 24 months. Grey: within 5%. Deeper colour: by more than 15% and 40%."
    )


def odds(rag) -> OddsMap:
    """A map of typed-in probabilities of RAG, fine-tuning having the rest."""
    shares = np.array(rag, dtype=float)
    found = typed_in(shares, shares)
    return OddsMap(found.x, found.y, WHO, (0.0, 0.0), {"rag": shares, "fine_tuning": 1 - shares}, 512, 1)


def test_a_map_of_probabilities_is_the_same_chart_with_chances():
    found = odds([[0.95, 0.8, 0.6, 0.1]] * 2)
    words = Words("Queries", "{:g}".format), Words("Updates", "{:g}".format)
    chart = odds_chart(found, x=words[0], y=words[1], alt=map_text.odds_alt(found))
    tables = {name: each.to_pylist() for name, each in chart.datasets.items()}
    first = [(cell["ink"], cell["strength"]) for cell in tables["cells"] if cell["y"] == 0]

    assert chart.spec is map_spec()
    assert first == [
        ("rag", STRENGTHS[3]),
        ("rag", STRENGTHS[2]),
        ("rag", STRENGTHS[1]),
        ("fine_tuning", STRENGTHS[3]),
    ]
    # Level at 0.5, which lies a fifth of the way from 0.6 to 0.1.
    assert {round(row["x"] * 3, 6) for row in tables["border"]} == {2.2}
    (cell,) = [each for each in tables["hover"] if each["title"] == "1, 0"]
    assert (cell["rag"], cell["fine_tuning"], cell["gap"]) == ("80%", "20%", "RAG, in 80% of the draws")


def test_a_map_of_probabilities_is_said_in_words():
    found = odds([[0.95, 0.8, 0.6, 0.1]] * 2)

    assert map_text.odds_caption(found) == (
        "Most often cheapest in 512 draws a cell. Colour from 50%, deeper from 70% and 90% of them; grey: less."
    )
    assert map_text.odds_alt(found) == (
        "Most often cheapest: RAG on 75% and Fine-tuning on 25% of the map; on 50% of it in at least 90% of the draws."
    )
    assert plain(map_text.finding(found)) == "More traffic favours fine-tuning"


@pytest.mark.parametrize(
    ("own", "ranges", "words"),
    [
        (True, 1, "Your ranges of 1 number."),
        (True, 3, "Your ranges of 3 numbers."),
        (False, 18, "Suggested ranges of 18 numbers, as you set none: "),
    ],
)
def test_it_is_said_whose_ranges_are_drawn(own, ranges, words):
    assert map_text.ranges_words(own, ranges).startswith(words)


def test_moving_the_scenario_moves_only_its_mark():
    found = typed_in(GROWS, LEVEL, (0, 0))
    words = Words("Queries", "{:g}".format), Words("Updates", "{:g}".format)
    chart = winner_chart(found, x=words[0], y=words[1], money="${:,.2f}".format, alt="")
    moved = with_here(chart, found, (1.5, 3))

    assert moved.datasets["here"].to_pylist()[0] | {"label": ""} == {"x": 0.5, "y": 1.0, "left": False, "label": ""}
    assert {name for name in chart.datasets if moved.datasets[name] is not chart.datasets[name]} == {"here"}
    assert with_here(chart, found, (9, 9)).datasets["here"].num_rows == 0


def test_a_phone_gets_short_words_and_every_other_tick():
    found = typed_in(GROWS, LEVEL)
    x = Words("Queries", "{:g}".format)
    y = Words("Updates", lambda value: f"every {value:g} months", lambda value: f"{value:g} mo")
    chart = winner_chart(found, x=x, y=y, money="${:,.2f}".format, alt="")

    assert [tick["wide"] for tick in chart.datasets["x_ticks"].to_pylist()][:4] == [True, False, True, False]
    assert chart.datasets["y_ticks"].to_pylist()[0] == {"at": 0.0, "label": "every 0 months", "short": "0 mo"}


def test_updates_are_marked_where_people_have_a_word_for_them():
    ticks = axis_ticks(Axis(UPDATES, (0.5, 30.0), True))

    assert [often(each) for each in ticks] == [
        "every 2 months",
        "monthly",
        "2 a month",
        "weekly",
        "8 a month",
        "16 a month",
        "daily",
    ]
    assert axis_ticks(Axis(UPDATES, (0.0, 30.0), False)) == [0, 5, 10, 15, 20, 25, 30]


def test_the_data_of_a_map_are_its_cells():
    found = typed_in([[100, 300]] * 2, [[200, 200]] * 2)
    words = Words("Queries", str), Words("Updates", str)
    table = map_data(found, words[0], words[1], cells=found.usd, unit="USD").table

    assert table.to_numpy().tolist() == [
        [0.0, 0.0, "RAG", 100.0, 200.0],
        [1.0, 0.0, "Fine-tuning", 300.0, 200.0],
        [0.0, 1.0, "RAG", 100.0, 200.0],
        [1.0, 1.0, "Fine-tuning", 300.0, 200.0],
    ]
