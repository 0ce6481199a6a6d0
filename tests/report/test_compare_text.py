"""Sentences over two scenarios: what the other costs more or less, whether the winner changes, what is not alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from costmodel.changes import changed, resolved
from costmodel.comparison import Comparison, comparison
from costmodel.other import Other
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.catalog import load_book
from report import compare_text as words
from report.numbers import Money
from report.sentence import plain
from report.waterfall import Step, steps_of

FIRST = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))
VOLUME = "workload.queries_per_month"
PIN = words.Sides("Pinned copy", "the pinned copy")
MONEY = Money()


def beside(values: dict[str, Any], first: Scenario = FIRST, present: bool = False) -> Comparison:
    return comparison(run_scenario(first, load_book()), changed(first, values), load_book(), present=present)


def headline(found: Comparison, names: words.Sides = PIN) -> str:
    return plain(words.verdict(found, names).headline)


def lead(found: Comparison) -> str:
    key = words.subject(found)
    return plain(words.verdict(found, PIN, steps_of(found.moved(key)) if key else ()).lead)


def unlike(found: Comparison) -> list[str]:
    return [plain(each) for each in words.unlike(found, PIN)]


# What the other scenario is called


def test_the_other_scenario_goes_by_its_name_where_it_has_one_of_its_own():
    other = Other(changed(FIRST, {"name": "Ours"}), "file")

    assert words.sides(other, FIRST, str.upper) == words.Sides("“OURS”", "“OURS”")


@pytest.mark.parametrize(
    ("kind", "starts", "inside"),
    [
        ("pin", "Pinned copy", "the pinned copy"),
        ("preset", "The preset", "the preset"),
        ("file", "The file", "the file"),
        ("link", "The linked scenario", "the linked scenario"),
    ],
)
def test_with_one_name_for_both_it_goes_by_where_it_came_from(kind, starts, inside):
    assert words.sides(Other(FIRST, kind), FIRST) == words.Sides(starts, inside)


def test_a_name_of_10_000_letters_is_cut():
    other = Other(changed(FIRST, {"name": "x" * 10_000}))

    assert len(words.sides(other, FIRST).inside) == 42


# The headline


def test_the_headline_says_what_the_winner_there_costs_less_and_that_the_winner_changes():
    found = beside({VOLUME: 90_000.0})
    less = found.totals_a["rag"] - found.totals_b["rag"]

    assert headline(found) == (
        f"Pinned copy costs {MONEY(less)} less with RAG than this scenario; the winner changes from fine-tuning to RAG"
    )


def test_the_same_winner_is_said_to_be_cheapest_in_both():
    found = beside({"workload.output_tokens": 400.0})
    more = found.totals_b["fine_tuning"] - found.totals_a["fine_tuning"]

    assert headline(found) == (
        f"Pinned copy costs {MONEY(more)} more with fine-tuning than this scenario; fine-tuning is cheapest in both"
    )


def test_a_change_that_moves_no_total_is_said_to_cost_the_same():
    found = beside({"finance.too_close_share": 0.01})

    assert headline(found) == (
        "Pinned copy costs the same with fine-tuning as this scenario; fine-tuning is cheapest in both"
    )
    assert lead(found).endswith("1 assumption differs.")


def test_a_winner_that_costs_the_same_gives_way_to_the_one_that_moves():
    found = beside({"rag.maintenance_hours_per_month": FIRST.rag.maintenance_hours_per_month + 20})
    more = found.totals_b["rag"] - found.totals_a["rag"]

    assert headline(found) == (
        f"Pinned copy costs {MONEY(more)} more with RAG than this scenario; fine-tuning is cheapest in both"
    )
    assert lead(found).startswith(f"Fine-tuning costs {MONEY(found.totals_b['fine_tuning'])} in both.")


def test_a_copy_that_was_pinned_a_moment_ago_is_the_same():
    found = beside({"name": "Ours"})

    assert headline(found) == "Pinned copy and this scenario are the same"
    assert lead(found).startswith("Move a lever")


def test_with_two_horizons_the_headline_says_over_which_months():
    found = beside({"finance.horizon_months": 36, VOLUME: 90_000.0})

    assert headline(found).startswith("Over the first 24 months the pinned copy costs ")
    assert headline(beside({"finance.horizon_months": 1})).startswith("Over the first month the pinned copy costs ")


def test_present_values_are_called_so():
    assert " less in present value with RAG " in headline(beside({VOLUME: 90_000.0}, present=True))


def test_a_winner_that_this_scenario_does_not_compare_is_set_against_the_cheapest_here():
    found = beside({"finance.compared": ["rag", "prompting"]})
    less = found.totals_a["fine_tuning"] - found.totals_b["prompting"]

    assert headline(found) == (
        f"Pinned copy costs {MONEY(less)} less at its cheapest than this scenario; "
        "the winner changes from fine-tuning to prompting"
    )


def test_without_any_known_total_nothing_is_subtracted():
    found = beside({"finance.compared": ["rag"], VOLUME: 1.0})
    unknown = Comparison(found.a, found.b, found.other)
    unknown.__dict__["totals_b"] = {"rag": None}

    assert headline(unknown) == (
        "Pinned copy and this scenario have no total in common; "
        "here fine-tuning is cheapest, there no architecture can be called cheapest"
    )


CLEAR, OTHER, CLOSE, NOBODY = (
    words.Outcome("rag", False),
    words.Outcome("hybrid", False),
    words.Outcome("rag", True),
    words.Outcome(None, False),
)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (CLEAR, CLEAR, "RAG is cheapest in both"),
        (CLEAR, OTHER, "the winner changes from RAG to hybrid"),
        (CLOSE, CLOSE, "both are too close to call"),
        (CLOSE, OTHER, "here it is too close to call, there hybrid is cheapest"),
        (OTHER, CLOSE, "here hybrid is cheapest, there it is too close to call"),
        (NOBODY, NOBODY, "no architecture can be called cheapest in either"),
        (NOBODY, CLEAR, "there RAG is cheapest, here no architecture can be called cheapest"),
        (CLOSE, NOBODY, "here it is too close to call, there no architecture can be called cheapest"),
    ],
)
def test_each_change_of_the_winner_has_its_words(a, b, said):
    assert plain(words.change_of_winner(a, b)) == said


def test_a_lead_within_the_limit_is_too_close_to_call():
    found = beside({"finance.too_close_share": 0.5})

    assert words.outcome(found, found.a) == words.Outcome("fine_tuning", False)
    assert words.outcome(found, found.b) == words.Outcome("fine_tuning", True)


# The line below


def test_the_lead_sets_the_two_cheapest_against_each_other_and_names_the_largest_line():
    found = beside({VOLUME: 90_000.0})
    a, b = found.totals_a["fine_tuning"], found.totals_b["rag"]
    most = max(steps_of(found.moved("rag")), key=lambda step: abs(step.delta_usd))

    assert most.label == "Model tokens"
    assert lead(found) == (
        f"At its cheapest this scenario costs {MONEY(a)}, with fine-tuning; "
        f"the pinned copy {MONEY(b)}, with RAG: {MONEY(a - b)} less. "
        f"What moves most in the RAG bill: model tokens, {MONEY.difference(most.delta_usd)}. 1 assumption differs."
    )


def test_a_single_line_that_moves_is_called_the_only_one():
    said = words.verdict(beside({VOLUME: 90_000.0}), PIN, [Step("Reranking", 5.0, 12.0)])

    assert "The only line that moves in the RAG bill: reranking, +$7.00." in plain(said.lead)


def test_two_assumptions_differ_and_one_differs():
    assert words.counted(beside({VOLUME: 1.0})) == "1 assumption differs."
    assert words.counted(beside({VOLUME: 1.0, "rag.top_k": 9.0})) == "2 assumptions differ."


# What is not alike


def test_alike_scenarios_have_nothing_to_be_warned_of():
    assert unlike(beside({VOLUME: 90_000.0, "rag.top_k": 9.0})) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"finance.horizon_months": 36},
            "This scenario covers 24 months, the pinned copy 36 months: totals, differences and lines count the first "
            "24 months of both; the curves and the two verdicts cover all.",
        ),
        ({"finance.currency": "EUR"}, "All amounts are in USD; the pinned copy is set in EUR."),
        (
            {"finance.start_month": "2027-03"},
            "The build is in Nov 2026 here and in Mar 2027 there: month stands against month, "
            "and each side pays the prices of its own calendar.",
        ),
        ({"finance.consequences_in_tco": True}, "Wrong answers and delay count in the totals only there."),
        ({"finance.already_built": ["rag"]}, "RAG is built already only there."),
        ({"hybrid.kind": "routed"}, "Hybrid means grounded here and routed there."),
        ({"finance.compared": ["rag"]}, "Fine-tuning and hybrid are compared only here."),
    ],
)
def test_whatever_makes_amounts_unlike_is_said(values, said):
    assert unlike(beside(values)) == [said]


def test_the_rate_of_one_currency_is_said_where_it_differs():
    euro = changed(FIRST, {"finance.currency": "EUR", "finance.usd_per_currency_unit": 1.1})
    other_rate = beside({"finance.usd_per_currency_unit": 1.25}, euro)
    dollars = beside({"finance.currency": "USD", "finance.usd_per_currency_unit": 1.0}, euro)

    assert unlike(other_rate) == ["All amounts take one EUR for 1.1 USD; the pinned copy takes it for 1.25 USD."]
    assert unlike(dollars) == ["All amounts are in EUR at 1.1 USD; the pinned copy is set in USD."]


def test_another_discount_rate_is_said_where_it_counts():
    rates = {"finance.discount_rate_annual": 0.2}
    start = changed(FIRST, {"finance.discount_rate_annual": 0.1})

    assert unlike(beside(rates, start)) == []
    assert unlike(beside(rates, start, present=True)) == [
        "Present values are discounted by 10% a year here and by 20% there."
    ]


# Totals and titles


def test_the_table_has_both_totals_the_difference_and_the_change():
    found = beside({VOLUME: 90_000.0})
    a, b = found.totals_a["rag"], found.totals_b["rag"]
    shown, exact = words.totals_rows(found)

    assert words.totals_head(found) == ["A", "B", "B less A", "Change"]
    assert shown[0] == ["RAG", MONEY(a), MONEY(b), MONEY(b - a), f"−{(a - b) / a * 100:.0f}%"]
    assert exact[0][:3] == [MONEY.exact(a), MONEY.exact(b), MONEY.exact(b - a)]


def test_what_is_compared_on_one_side_only_has_no_difference_in_the_table():
    rows = {row[0]: row[1:] for row in words.totals_rows(beside({"finance.compared": ["rag", "prompting"]}))[0]}

    assert rows["RAG"][2:] == ["the same", ""]
    assert rows["Hybrid"][1:] == ["not compared", "", ""]
    assert rows["Prompting"][0] == "not compared"


def test_who_is_left_out_is_named_with_the_side():
    found = beside({"quality.minimum_correct_share": 0.9, "rag.correct_share": 0.8})
    names = [row[0] for row in words.totals_rows(found)[0]]

    assert "RAG, left out in B" in names


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Every total is the same"),
        ({"finance.compared": ["rag"]}, "RAG costs the same"),
    ],
)
def test_equal_totals_are_called_the_same(values, said):
    assert plain(words.totals_finding(beside(values))) == said


def test_the_largest_difference_names_the_table_and_the_bill_its_waterfall():
    found = beside({VOLUME: 90_000.0})
    less = found.totals_a["rag"] - found.totals_b["rag"]

    assert plain(words.totals_finding(found)) == f"RAG differs most, by −{MONEY(less)}"
    assert plain(words.bill_finding(found, "rag")) == f"RAG costs {MONEY(less)} less in B, line by line"
    assert plain(words.bill_finding(beside({}), "rag")) == "RAG costs the same on both sides"


def test_the_chart_says_who_leads_from_when_on_either_side():
    found = beside({VOLUME: 90_000.0})

    assert plain(words.chart_finding(found)) == "Here fine-tuning leads from month 19, there RAG leads from the start"
    assert plain(words.chart_finding(beside({}))) == "Fine-tuning leads from month 19 in both"


def test_captions_say_which_is_which_and_in_which_money():
    found = beside({"finance.horizon_months": 36}, present=True)

    assert words.chart_caption(found, PIN) == (
        "Cumulative cost in USD, present value. A, solid: this scenario; B, dotted: the pinned copy."
    )
    assert words.totals_caption(found, PIN).startswith("Cost of the first 24 months, USD, present value.")
    assert words.bill_caption(beside({}), PIN).startswith("24-month cost, USD, nominal, from A to B.")


def test_the_text_alternative_has_every_last_total():
    found = beside({"finance.compared": ["rag"], "finance.horizon_months": 36})
    a = {key: MONEY(answer.tco_usd) for key, answer in found.a.answers.items()}

    assert words.alt_curves(found) == (
        f"Cumulative cost. A by month 24: RAG {a['rag']}, Fine-tuning {a['fine_tuning']} and Hybrid {a['hybrid']}. "
        f"B by month 36: RAG {MONEY(found.b.answers['rag'].tco_usd)}."
    )


def test_without_a_common_bill_the_reason_is_said():
    found = beside({})
    apart = replace(found, b=beside({"finance.compared": ["prompting"]}).b)

    assert words.no_bill(found).startswith("No architecture has a total that is known on both sides")
    assert words.no_bill(apart).startswith("No architecture is compared on both sides")
