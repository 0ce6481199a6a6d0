"""Every chart by name: it shows what its page shows, holds the numbers of the answer, and says why it cannot be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costmodel.changes import ScenarioError, changed, resolved
from costmodel.crossover import crossovers
from costmodel.difference import difference
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from costmodel.uncertainty import uncertainty
from costmodel.winner_map import winner_map
from pricing.catalog import load_book
from report import breakdown_text, text
from report.gallery import NAMES, ChartProblem, Picture, Wanted, costs, drivers, picture, risks
from report.palette import ARCHITECTURES

DAY = date(2026, 11, 21)
FEW = 256
QUICK = tuple(name for name in NAMES if name != "odds_map")


def run_of(preset: str = "pricing-brand-voice", **changes: object) -> Run:
    book = load_book()
    settings = {path.replace("__", "."): value for path, value in changes.items()}
    scenario = resolved(PRESETS[preset].scenario, DAY)
    return run_scenario(changed(scenario, settings, book) if settings else scenario, book)


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of()


@pytest.fixture(scope="module")
def wanted() -> Wanted:
    return Wanted(draws=FEW, other=run_of("support-bot"))


def total(picture: Picture, key: str) -> float:
    """The number in the last row of an architecture's column."""
    (column,) = [name for name in picture.data.table if name.startswith(f"{ARCHITECTURES[key].name} [")]
    return float(picture.data.table[column].iloc[-1])


# All of them


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("preset", ["pricing-brand-voice", "legal-assistant"])
def test_every_chart_has_a_panel_a_finding_a_caption_and_a_table(name, preset, wanted):
    found = picture(name, run_of(preset), wanted)

    assert found.name == name
    assert found.panels
    assert all(panel.alt for panel in found.panels)
    assert found.finding
    assert "{" not in found.finding + found.caption
    assert len(found.data.table)
    assert len(found.heads) in (0, len(found.panels))


@pytest.mark.parametrize("name", QUICK)
def test_the_same_question_gives_the_same_chart(name, run, wanted):
    first, again = (picture(name, run, wanted) for _ in range(2))

    assert [panel.datasets for panel in first.panels] == [panel.datasets for panel in again.panels]
    assert (first.finding, first.caption) == (again.finding, again.caption)


@pytest.mark.parametrize("name", QUICK)
def test_present_value_says_so(name, run):
    wanted = Wanted(present=True, draws=FEW, other=run_of("support-bot"))
    found = picture(name, run, wanted)

    assert found.present
    if name not in ("map", "break_even"):  # these two show who, not how much
        assert "present value" in found.caption


def test_an_unknown_name_is_refused_with_the_known_ones(run):
    with pytest.raises(ChartProblem, match=r"'pie' is no chart; use one of cumulative, .*, compare"):
        picture("pie", run)


# Their numbers


@pytest.mark.parametrize("present", [False, True])
def test_lines_and_bars_add_up_to_the_totals_of_the_answer(run, present):
    cumulative = picture("cumulative", run, Wanted(present=present))
    monthly = picture("monthly", run, Wanted(present=present))
    bars = picture("components", run, Wanted(present=present)).data.table
    money = next(name for name in bars if name.startswith("Cost ["))
    for key, answer in run.answers.items():
        whole = answer.present_value_usd if present else answer.tco_usd

        assert total(cumulative, key) == pytest.approx(whole)
        column = next(name for name in monthly.data.table if name.startswith(f"{ARCHITECTURES[key].name} ["))
        assert monthly.data.table[column].sum() == pytest.approx(whole)
        assert bars[bars["Architecture"] == ARCHITECTURES[key].name][money].sum() == pytest.approx(whole)


def test_months_add_up_to_the_total_without_the_build(run):
    table = picture("months", run).data.table
    together = next(name for name in table if name.startswith("Together"))
    for key, answer in run.answers.items():
        rows = table[table["Architecture"] == ARCHITECTURES[key].name]

        assert rows[together].sum() == pytest.approx(answer.monthly_usd[1:].sum())


def test_the_waterfall_leads_from_the_runner_up_to_the_cheapest(run):
    found = picture("waterfall", run)
    ranked = sorted(run.eligible, key=lambda key: run.answers[key].tco_usd)
    last = found.data.table.iloc[-1]

    assert found.data.title == f"From {ARCHITECTURES[ranked[1]].name} to {ARCHITECTURES[ranked[0]].name}"
    assert last.iloc[3] == pytest.approx(run.answers[ranked[0]].tco_usd - run.answers[ranked[1]].tco_usd)


def test_a_waterfall_between_wanted_architectures(run):
    found = picture("waterfall", run, Wanted(first="hybrid", second="rag"))
    every = picture("waterfall", run, Wanted(first="hybrid", second="rag", every=True))
    lines = difference(run.answers["hybrid"], run.answers["rag"])

    assert found.data.title == "From Hybrid to RAG"
    assert found.finding == text.plain(
        breakdown_text.waterfall_finding(
            (run.answers["hybrid"].tco_usd, run.answers["rag"].tco_usd), text.money_of(run)
        )
    )
    assert len(every.data.table) > len(found.data.table)
    assert costs.waterfall_of(run, ("hybrid", "rag"), lines, present=False).finding == found.finding


def test_the_driver_chart_is_drawn_over_the_range_asked_for(run):
    found = picture("crossover", run, Wanted(driver="workload.queries_per_month", low=1_000, high=50_000))
    along = found.data.table.iloc[:, 0]

    assert (along.min(), along.max()) == (1_000, 50_000)


def test_half_a_range_is_completed_as_on_the_page(run):
    whole = picture("crossover", run).data.table.iloc[:, 0]
    found = picture("crossover", run, Wanted(high=50_000)).data.table.iloc[:, 0]

    assert (found.min(), found.max()) == (whole.min(), 50_000)


def test_the_crossing_in_the_title_is_that_of_the_command_line(run):
    found = picture("crossover", run)
    roots = crossovers(run.scenario, run.book, "workload.queries_per_month").roots

    assert len(roots) >= 1
    assert "168K queries a month" in found.finding


@pytest.mark.parametrize(("scale", "log"), [("log", True), ("linear", False), ("", True)])
def test_axes_are_logarithmic_when_asked_for_or_over_a_wide_range(run, scale, log):
    assert ("both axes logarithmic" in picture("crossover", run, Wanted(scale=scale)).caption) is log


def test_the_map_is_the_one_of_its_axes(run):
    x, y = (drivers.axis_of(run, path, 8) for path in ("people.hours_per_week", "corpus.documents"))
    found = drivers.map_of(run, winner_map(run.scenario, run.book, x, y, run.eligible), present=False)

    assert list(found.data.table)[:2] == [found.panels[0].datasets["titles"]["x"][0].as_py(), "Documents"]
    assert len(found.data.table) == 64


def test_a_map_over_one_wanted_number_takes_another_one_for_the_other_axis(run):
    found = picture("map", run, Wanted(across="corpus.updates_per_month"))
    first, second = list(found.data.table)[:2]

    assert first != second
    assert "updates" in first


def test_the_odds_map_says_how_many_draws_of_which_ranges(run):
    found = picture("odds_map", run, Wanted(draws=8))

    assert "in 8 draws a cell" in found.caption
    assert "Suggested ranges" in found.note


def test_draws_of_a_page_give_the_same_pictures_as_the_names(run):
    found = uncertainty(risks.with_ranges(run), run.book, FEW, 7).without_shares()
    for name, made in (
        ("fan", risks.fan_of),
        ("probability", risks.probability_of),
        ("break_even", risks.break_even_of),
    ):
        named, given = picture(name, run, Wanted(draws=FEW, seed=7)), made(run, found)

        assert [each.datasets for each in named.panels] == [each.datasets for each in given.panels]
        assert f"{FEW} draws" in named.note
        assert "seed 7" in named.note


def test_a_fan_has_a_panel_for_each_architecture_with_its_name_over_it(run):
    found = picture("fan", run, Wanted(draws=FEW))

    assert [head.name for head in found.heads] == [ARCHITECTURES[key].name for key in run.answers]


def test_the_last_month_of_the_odds_is_the_share_of_draws_won(run):
    found = uncertainty(risks.with_ranges(run), run.book, FEW, 1)
    shown = picture("probability", run, Wanted(draws=FEW)).data.table
    for key, share in found.probability_cheapest.items():
        assert shown[f"{ARCHITECTURES[key].name} [%]"].iloc[-1] == pytest.approx(100 * share)


def test_the_tornado_measures_the_difference_of_the_two_leading_ones_or_what_is_wanted(run):
    ranked = [ARCHITECTURES[key].name for key in sorted(run.eligible, key=lambda key: run.answers[key].tco_usd)]

    assert picture("tornado", run).data.title == f"Swings of {ranked[0]} less {ranked[1]}"
    assert picture("tornado", run, Wanted(of="hybrid", less="rag")).data.title == "Swings of Hybrid less RAG"
    assert picture("tornado", run, Wanted(of="hybrid", less="none")).data.title == "Swings of Hybrid"


def test_both_sides_of_a_comparison_end_at_their_own_totals(run, wanted):
    table = picture("compare", run, wanted).data.table
    other = wanted.other
    assert other is not None
    for letter, side in (("A", run), ("B", other)):
        column = next(name for name in table if name.startswith("RAG ") and f" {letter} " in f"{name} ")

        assert table[column].dropna().iloc[-1] == pytest.approx(side.answers["rag"].tco_usd)


def test_the_bill_of_one_architecture_leads_from_this_scenario_to_the_other(run, wanted):
    found = picture("difference", run, Wanted(first="hybrid", other=wanted.other))

    assert found.finding.startswith("Hybrid costs")
    assert found.data.title == "From Hybrid in A to Hybrid in B"


def test_amounts_are_in_the_money_on_screen(run):
    euro = run_of(finance__currency="EUR", finance__usd_per_currency_unit=1.25)
    for name in ("cumulative", "crossover", "fan", "tornado"):
        assert "EUR" in picture(name, euro, Wanted(draws=FEW)).caption
    assert total(picture("cumulative", euro), "rag") == pytest.approx(run.answers["rag"].tco_usd / 1.25)


def test_a_name_that_looks_like_a_mark_stays_a_name(run):
    named = run_of(name="{rag} {hybrid}")
    found = picture("compare", run, Wanted(other=named))

    assert "“{rag} {hybrid}”" in found.caption


# Why not


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        (
            "waterfall",
            Wanted(first="prompting"),
            "first: 'prompting' has no known total here; .* rag, fine_tuning, hyb",
        ),
        ("waterfall", Wanted(first="rag", second="rag"), "not from rag to itself"),
        ("tornado", Wanted(of="gold"), "of: 'gold' has no known total"),
        ("tornado", Wanted(of="rag", less="rag"), "less itself is nothing"),
        ("map", Wanted(across="x.y"), "across: 'x.y' moves no total of this scenario; numbers that do are .* more"),
        ("map", Wanted(across="corpus.documents", up="corpus.documents"), "two different numbers; corpus.documents"),
        ("odds_map", Wanted(draws=10_000), "draws: 10,000 at each cell of the map; use 1 to 8,192"),
        ("crossover", Wanted(scale="cubic"), "'cubic' is no kind of axis; use log or linear"),
        ("compare", Wanted(), "name the other one"),
        ("difference", Wanted(), "name the other one"),
    ],
)
def test_what_cannot_be_drawn_says_why(run, name, wanted, words):
    with pytest.raises(ChartProblem, match=words):
        picture(name, run, wanted)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(driver="nope.x"), "nope.x: is not a number of the scenario"),
        (Wanted(driver="price:nope/x:input"), "no such price"),
        (Wanted(low=5, high=4), "from 5 to 4 holds nothing"),
    ],
)
def test_a_driver_that_is_none_is_refused_as_everywhere(run, wanted, words):
    with pytest.raises(ScenarioError, match=words):
        picture("crossover", run, wanted)


def test_one_architecture_alone_has_no_waterfall_and_no_odds():
    alone = run_of(finance__compared=["rag"])
    for name in ("waterfall", "probability", "break_even"):
        with pytest.raises(ChartProblem):
            picture(name, alone, Wanted(draws=FEW))

    assert picture("cumulative", alone).panels
    assert picture("tornado", alone).data.title == "Swings of RAG"


def test_nothing_is_drawn_where_no_total_is_known():
    unknown = run_of(fine_tuning__model=None, fine_tuning__hosting="serverless", finance__compared=["fine_tuning"])
    for name in ("cumulative", "monthly", "components", "months", "waterfall", "tornado", "map", "fan"):
        with pytest.raises(
            (ChartProblem, ScenarioError), match=r"price|[nN]o architecture|Only Fine-tuning is compared"
        ):
            picture(name, unknown)


def test_a_fan_never_holds_an_amount_that_is_none(run):
    for panel in picture("fan", run, Wanted(draws=FEW)).panels:
        assert np.isfinite(panel.datasets["band"].to_pandas()[["low", "high"]].to_numpy()).all()
