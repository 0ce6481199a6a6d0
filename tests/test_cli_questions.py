"""`cli.py map`, `sensitivity`, `uncertainty`: the same answers as the model's, in three formats, same bytes again."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

import cli

SET = ["--date", "2026-11-21"]
LABEL = 'uncertainty={"fine_tuning.usd_per_example":{"low":0.5,"likely":1,"high":40}}'
RANGES = 'uncertainty={"workload.queries_per_month": {"low": 50000, "likely": 200000, "high": 600000}}'

EMPTY = 'uncertainty={"finance.budget_usd": {"low": 1, "likely": 2, "high": 3}}'


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """Runs a command and gives its status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main([*arguments, *SET])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_the_map_is_the_run_at_each_of_its_cells(said):
    _, out, _ = said("map", "--cells", "5")
    found = json.loads(out)
    x, y = found["x"]["values"][3], found["y"]["values"][1]
    settings = [f"workload.queries_per_month={x!r}", f"corpus.updates_per_month={y!r}"]
    _, run, _ = said("run", *(part for setting in settings for part in ("--set", setting)))
    alone = json.loads(run)

    assert found["cheapest"][1][3] == alone["cheapest"]
    for key, each in found["tco_usd"].items():
        assert each[1][3] == pytest.approx(alone["architectures"][key]["tco_usd"], rel=1e-12)


def test_the_map_as_csv_has_a_row_for_each_cell_and_as_table_a_letter(said):
    _, out, _ = said("map", "--cells", "6", "--y", "rag.top_k", "--y-low", "1", "--y-high", "4", "--format", "csv")
    cells = pd.read_csv(io.StringIO(out))
    assert cells.shape[0] == 6 * 4
    assert sorted(cells["rag.top_k"].unique()) == [1, 2, 3, 4]

    _, table, _ = said("map", "--cells", "6", "--format", "table")
    assert "R RAG, F fine-tuning and H hybrid; . too close to call (5%)" in table


def test_the_map_of_odds_says_how_often_each_is_cheapest_at_every_cell(said):
    asked = ("map", "--cells", "2", "--draws", "60", "--seed", "3", "--set", LABEL)
    status, out, noted = said(*asked)
    found = json.loads(out)
    odds = found["probability_cheapest"]
    corner = ["workload.queries_per_month=1000", "corpus.updates_per_month=0.5"]
    settings = [part for setting in (*corner, LABEL) for part in ("--set", setting)]
    _, alone, _ = said("uncertainty", "--draws", "64", "--seed", "3", *settings)

    assert status == 0
    assert "64 draws, the next power of two after 60" in noted
    assert (found["draws"], found["seed"]) == (64, 3)
    assert [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*odds.values(), strict=True)] == [
        [pytest.approx(1.0)] * 2
    ] * 2
    assert odds["rag"][0][0] == pytest.approx(json.loads(alone)["probability_cheapest"]["rag"])
    assert found["likeliest"] == [["rag", "fine_tuning"]] * 2

    _, csv, _ = said(*asked, "--format", "csv")
    cells = pd.read_csv(io.StringIO(csv))
    assert cells["rag_probability_cheapest"].tolist() == [each for row in odds["rag"] for each in row]
    _, table, _ = said(*asked, "--format", "table")
    assert "R RAG, F fine-tuning and H hybrid; . nobody in 50% of 64 draws" in table


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["map", "--draws", "0"], "draws: 0; give 1 to 1,048,576"),
        (
            ["map", "--draws", "65536"],
            "30 x 30 cells x 65,536 draws are 58,982,400 scenarios; ask for 33,554,432 at most",
        ),
        (["map", "--x", "rag.model"], "rag.model: a map takes a number of the scenario"),
        (["map", "--cells", "0"], "0 cells along an axis; give 2 to 200"),
        (["map", "--cells", "1"], "1 cells along an axis; give 2 to 200"),
        (["map", "--y", "workload.queries_per_month"], "on both axes; choose two drivers"),
        (["map", "--x-low", "9", "--x-high", "3"], "the range 9 to 3 holds nothing"),
        (["uncertainty", "--draws", "0"], "draws: 0; give 1 to 1,048,576"),
        (["sensitivity", "--of", "prompting"], "prompting: not compared"),
        (["sensitivity", "--seek", "rag.top_k", "--of", "prompting"], "prompting: cannot be called cheapest"),
        (["sensitivity", "--seek", "rag.nonsense"], "rag.nonsense"),
        (["uncertainty", "--set", EMPTY], "uncertainty.finance.budget_usd: the field 'Budget' is empty"),
        (["sensitivity", "--set", EMPTY], "give finance.budget_usd a value, or take its range out"),
    ],
)
def test_bad_input_is_one_line_with_the_way_out(said, arguments, words):
    status, out, err = said(*arguments)

    assert (status, out) == (2, "")
    assert words in err.splitlines()[-1]


def test_without_ranges_the_ones_to_begin_with_are_used_and_said(said):
    _, out, err = said("sensitivity")
    found = json.loads(out)

    assert f"{len(found['tornado'])} to begin with are used" in err
    widths = [abs(each["at_high_usd"] - each["at_low_usd"]) for each in found["tornado"]]
    assert widths == sorted(widths, reverse=True)
    assert found["flips"][0]["driver"] == "workload.queries_per_month"


def test_swings_of_a_difference_and_flips_stand_in_one_csv(said):
    _, out, err = said("sensitivity", "--set", RANGES, "--of", "rag", "--less", "fine_tuning", "--format", "csv")
    rows = pd.read_csv(io.StringIO(out)).set_index("driver")

    assert err == ""
    assert rows.loc["workload.queries_per_month", ["low", "high"]].tolist() == [50_000, 600_000]
    assert rows["flips_at"].notna().sum() > 10


def test_seeking_says_where_one_wins(said):
    _, out, _ = said("sensitivity", "--seek", "fine_tuning.usd_per_example", "--of", "fine_tuning", "--month", "18")
    found = json.loads(out)
    ((low, high),) = found["cheapest_from_to"]
    assert (low, found["now"]) == (found["low"], 3)
    assert found["nearest"] == high < 3

    _, words, _ = said("sensitivity", "--seek", "fine_tuning.usd_per_example", "--of", "hybrid", "--format", "table")
    assert "Hybrid is cheapest by month 24 at no value" in words


def test_the_same_seed_gives_the_same_bytes(said):
    _, first, _ = said("uncertainty", "--set", RANGES, "--draws", "256", "--seed", "0")
    _, again, _ = said("uncertainty", "--set", RANGES, "--draws", "256", "--seed", "0")
    _, other, _ = said("uncertainty", "--set", RANGES, "--draws", "256", "--seed", "1")

    assert first == again != other
    found = json.loads(first)
    named = {"p10", "p50", "p90", "probability_cheapest", "expected_regret_usd", "evpi_usd", "evppi_usd"}
    assert named <= set(found)
    assert len(found["p50"]["rag"]) == 25
    assert "date" not in first.lower()


def test_draws_that_are_no_power_of_two_are_rounded_up_and_said(said):
    _, out, err = said("uncertainty", "--set", RANGES, "--draws", "100")

    assert json.loads(out)["draws"] == 128
    assert "128 draws, the next power of two after 100" in err


def test_the_fan_as_csv_and_in_words(said):
    _, out, _ = said("uncertainty", "--set", RANGES, "--draws", "64", "--format", "csv")
    rows = pd.read_csv(io.StringIO(out))
    assert list(rows.columns) == ["architecture", "month", "p10_usd", "p50_usd", "p90_usd", "probability_cheapest"]
    assert len(rows) == 3 * 25
    assert (rows["p10_usd"] <= rows["p50_usd"]).all()

    _, words, _ = said("uncertainty", "--set", RANGES, "--draws", "64", "--format", "table")
    assert words.startswith("64 draws of 1 numbers, seed 1, nominal, 24 months")


def test_in_present_value_every_answer_says_so_and_nominal_ones_do_not(said):
    rate = ["--set", "finance.discount_rate_annual=0.3", "--set", RANGES]
    for command in (["sensitivity"], ["sensitivity", "--seek", "rag.top_k", "--of", "rag"], ["map", "--cells", "4"]):
        nominal, present = (json.loads(said(*command, *rate, *more)[1]) for more in ((), ("--present",)))

        assert ("value" in nominal, present["value"]) == (False, "present")
    _, table, _ = said("sensitivity", *rate, "--present", "--format", "table")
    assert table.startswith("Fine-tuning total in present value, with one number")
    _, table, _ = said("map", "--cells", "4", *rate, "--present", "--format", "table")
    assert table.splitlines()[0].endswith(", in present value")
    _, table, _ = said("sensitivity", "--seek", "rag.top_k", "--of", "rag", *rate, "--present", "--format", "table")
    assert table.startswith("RAG is cheapest by month 24 in present value with")


def test_swings_and_the_map_in_present_value_are_the_present_values_of_runs(said):
    rate = ["--set", "finance.discount_rate_annual=0.3"]
    _, out, _ = said("sensitivity", "--of", "rag", *rate, "--set", RANGES, "--present")
    (swing,) = [each for each in json.loads(out)["tornado"] if each["driver"] == "workload.queries_per_month"]
    _, run, _ = said("run", *rate, "--set", "workload.queries_per_month=50000")

    assert swing["at_low_usd"] == pytest.approx(json.loads(run)["architectures"]["rag"]["present_value_usd"], rel=1e-12)
