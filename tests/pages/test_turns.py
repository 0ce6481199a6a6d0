"""Where the answer turns, the kinds of hybrid, consequences and the self-check, on the Overview."""

from __future__ import annotations

import re

import pytest

from costmodel.crossover import crossovers
from costmodel.selfcheck import Check
from pages.ui import frame
from pricing.catalog import load_book
from report.numbers import count


def facts(screen) -> list[str]:
    """Lines of the table on where the answer turns, without tags."""
    table = next(each.proto.body for each in screen.at.get("html") if 'class="facts"' in each.proto.body)
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    return [" | ".join(re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?>.*?</t[hd]>", row)) for row in rows]


def test_the_month_and_the_levers_stand_side_by_side(opened):
    lines = facts(opened())

    assert [line.split(" | ")[0] for line in lines] == [
        "Lever",
        "Month",
        "Queries per month",
        "Growth per month",
        "Content updates per month",
        "Retrain every",
    ]


def test_the_volume_at_which_it_turns_is_the_crossover_of_the_model(opened):
    screen = opened()
    pair = crossovers(screen.run.scenario, load_book(), "workload.queries_per_month").pairs[0]
    line = facts(screen)[2]

    assert f"RAG below {count(pair.roots[0].value)}, fine-tuning from there" in line


def test_a_line_names_where_it_is_too_close_to_call(opened, link_to):
    # 5 %: 168K lies within 150K to 187K; without a band only the crossing is left
    assert facts(opened())[2].endswith("; too close to call from 150K to 187K")
    assert facts(opened("app.py", link_to({"finance.too_close_share": 0.0})))[2].endswith("fine-tuning from there")


def test_the_months_that_are_too_close_to_call_are_named(opened):
    assert facts(opened())[1].endswith("; too close to call in months 17 to 21")


def test_the_line_over_updates_names_the_guess_on_which_it_hangs(opened, link_to):
    needed = opened().run.scenario.fine_tuning.updates_per_retrain
    own = facts(opened("app.py", link_to({"fine_tuning.updates_per_retrain": 7.0})))[4]

    assert f"(if {needed:g} updates force a retrain, a guess)" in facts(opened())[4]
    assert own.endswith("(if 7 updates force a retrain)")


def test_a_forecast_leaves_no_volume_and_no_growth_to_turn(opened, link_to):
    lines = facts(opened("app.py", link_to({"workload.queries_by_month": [50_000.0]})))

    assert not any(line.startswith(("Queries", "Growth")) for line in lines)


def test_a_volume_of_nothing_is_looked_at_too(opened, link_to):
    line = facts(opened("app.py", link_to({"workload.queries_per_month": 0.0})))[2]

    assert line.split(" | ")[1] == "0"
    assert "RAG below" in line


def test_a_value_beyond_the_range_widens_it(opened, link_to):
    alone = {"finance.compared": ["rag", "hybrid"], "finance.too_close_share": 0.0}
    line = facts(opened("app.py", link_to({"corpus.updates_per_month": 45.0, **alone})))[4]

    assert line.startswith("Content updates per month | 45 | RAG cheapest all along, 0 to 45")


def test_in_present_value_the_table_is_in_present_value(opened):
    screen = opened()
    nominal = facts(screen)[2]
    screen.turn("value", "present")

    assert "in present value" in screen.words
    assert facts(screen)[2] != nominal


def test_pulling_the_volume_moves_no_crossover_in_volume(opened):
    screen = opened()
    before = facts(screen)[2].split(" | ")
    screen.pull("workload.queries_per_month", 50_000)
    after = facts(screen)[2].split(" | ")

    assert (before[1], after[1]) == ("200K", "50K")
    assert before[2] == after[2]


def test_wrong_answers_stand_beside_the_bill_until_they_count(opened, link_to):
    values = {"quality.usd_per_wrong_answer": 0.1, "rag.correct_share": 0.9}
    aside = opened("app.py", link_to(values)).cards["RAG"]
    counted = opened("app.py", link_to({**values, "finance.consequences_in_tco": True})).cards["RAG"]

    assert "Beside the bill" in aside.rows
    assert "Per correct answer" in aside.rows
    assert "Wrong and late" in counted.rows
    assert counted.total != aside.total


def test_the_self_check_is_one_quiet_line(opened):
    screen = opened()

    assert re.search(r"Self-check: everything that must hold does\.", screen.words)


def test_the_self_check_turns_loud_when_it_fails(opened, monkeypatch):
    broken = (Check("Cost lines add up to every total, to the cent", False, "rag"),)
    monkeypatch.setattr(frame, "checks", lambda run, shown: broken)
    said = opened().words

    assert "The self-check failed: do not rely on these numbers." in said
    assert "Cost lines add up to every total, to the cent (rag)." in said


@pytest.mark.parametrize("preset", ["routed-support", "ticket-classifier", "published-low", "legal-assistant"])
def test_every_preset_says_what_its_source_advises(opened, preset):
    screen = opened()
    screen.put("selectbox", "preset", preset)
    screen.check()

    assert "The preset's source advises" in screen.words
