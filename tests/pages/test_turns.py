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


def test_month_volume_updates_and_cadence_stand_side_by_side(opened):
    lines = facts(opened())

    assert [line.split(" | ")[0] for line in lines] == [
        "Lever",
        "Month",
        "Queries per month",
        "Content updates per month",
        "Retrain every",
    ]


def test_the_volume_at_which_it_turns_is_the_crossover_of_the_model(opened):
    screen = opened()
    pair = crossovers(screen.run.scenario, load_book(), "workload.queries_per_month").pairs[0]
    line = facts(screen)[2]

    assert f"RAG below {count(pair.roots[0].value)}, fine-tuning from there" in line


def test_the_line_over_updates_names_the_guess_on_which_it_hangs(opened, link_to):
    needed = opened().run.scenario.fine_tuning.updates_per_retrain
    own = facts(opened("app.py", link_to({"fine_tuning.updates_per_retrain": 7.0})))[3]

    assert f"(if {needed:g} updates force a retrain, a guess)" in facts(opened())[3]
    assert own.endswith("(if 7 updates force a retrain)")


def test_a_forecast_leaves_no_volume_to_turn(opened, link_to):
    lines = facts(opened("app.py", link_to({"workload.queries_by_month": [50_000.0]})))

    assert not any(line.startswith("Queries") for line in lines)


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
