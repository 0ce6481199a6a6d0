"""What the Breakdown page says, number by number."""

from __future__ import annotations

import pytest

from report import breakdown_text as words
from report.numbers import Money
from report.text import Verdict, plain
from report.waterfall import Step

MONEY = Money()
SAVED = [("Model tokens", 51_000.0), ("Content updates", 9_000.0), ("Reranking", 3_000.0)]
MORE = [("Build labour", 16_000.0), ("Labels and training", 10_000.0)]


def said(saved=SAVED, more=MORE, totals=(109_000.0, 72_000.0), **options) -> Verdict:
    found = words.verdict("rag", "fine_tuning", totals, saved, more, MONEY, **options)
    return Verdict(plain(found.headline), plain(found.lead))


def test_the_headline_adds_up_and_names_what_leads_either_side():
    assert said().headline == (
        "Fine-tuning costs $37K less than RAG: −$63K led by model tokens, but +$26K led by build labour"
    )


def test_the_lead_names_the_largest_lines_of_either_side():
    assert said().lead == (
        "Of the $63K saved, $51K is model tokens; "
        "of the $26K given back, $16K is build labour and $10K labels and training."
    )


def test_a_side_of_one_line_is_named_once():
    assert said(more=MORE[:1]).headline.endswith("but +$16K for build labour")
    assert "given back" not in said(more=MORE[:1]).lead


def test_where_nothing_costs_more_nothing_is_given_back():
    found = said(more=[])

    assert found.headline == "Fine-tuning costs $37K less than RAG, above all for model tokens"
    assert found.lead == "Of the $63K saved, $51K is model tokens; no line costs more."


def test_too_close_to_call_says_so_and_the_lead_says_why():
    found = said(totals=(73_000.0, 72_000.0), close=True)

    assert found.headline == "RAG and fine-tuning are too close to call: $1.0K apart"
    assert found.lead == (
        "Fine-tuning saves $63K, led by model tokens ($51K), and gives back $26K, led by build labour ($16K)."
    )


def test_present_value_is_named():
    assert said(worth=" in present value").headline.startswith(
        "Fine-tuning costs $37K less than RAG in present value: "
    )


def test_two_equal_bills():
    assert said([], [], (5.0, 5.0)).headline == "RAG and fine-tuning cost the same on every line"


def test_acronyms_stay_inside_a_sentence():
    assert "led by RAG upkeep" in said([("RAG upkeep", 9.0), ("Guardrail", 1.0)]).headline


def test_the_sides_of_a_waterfall():
    steps = [Step("Guardrail", 5, 9), Step("Model tokens", 9, 0), Step("Parsing", 2, 1), Step("Router", 0, 20)]

    assert words.sides(steps) == ([("Model tokens", 9), ("Parsing", 1)], [("Router", 20), ("Guardrail", 4)])


def test_one_architecture_alone():
    found = words.alone("rag", 100_000, [("Upkeep", 30_000.0), ("Model tokens", 60_000.0)], "24 months", MONEY)

    assert plain(found.headline) == "Over 24 months RAG costs $100K, 60% of it for model tokens"
    assert found.lead == "The largest lines are model tokens ($60K) and upkeep ($30K)."


@pytest.mark.parametrize(("total", "lines"), [(0.0, []), (-50.0, [("Licence", -50.0)])])
def test_one_architecture_that_costs_nothing_or_less_has_no_share(total, lines):
    assert plain(words.alone("rag", total, lines, "1 month", MONEY).headline).startswith("Over 1 month RAG costs ")
    assert "%" not in words.alone("rag", total, lines, "1 month", MONEY).headline


def test_titles_of_the_waterfall():
    assert words.waterfall_finding((109_000, 100_000), MONEY) == "From $109K to $100K, line by line"
    assert plain(words.bar_colours("rag", "hybrid")) == "Blue: RAG spends more; violet: hybrid."
    assert plain(words.bar_colours("rag", "hybrid", ["rag"])) == "Gray: RAG spends more; violet: hybrid."
    assert plain(words.bar_colours("rag", "hybrid", ["rag", "hybrid"])) == "Pale gray: RAG spends more; gray: hybrid."


def test_why_there_is_no_waterfall():
    assert words.no_pair(["RAG"]) == "Only RAG is compared, so there is nothing to set it against."
    assert words.no_pair(["RAG", "Hybrid"]) == "A waterfall needs two totals that are known; a price is missing."
    assert plain(words.not_known("rag", "no model is chosen")) == "RAG is not offered: no model is chosen."


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([], "Where the money goes"),
        ([("rag", "Base-model tokens", 0.48)], "48% of the RAG bill goes to base-model tokens"),
        (
            [("rag", "Base-model tokens", 0.48), ("hybrid", "Build labour", 0.2)],
            "48% of the RAG bill goes to base-model tokens and 20% of the hybrid bill to build labour",
        ),
        (
            [("rag", "Build labour", 0.96), ("fine_tuning", "Build labour", 0.87)],
            "96% of the RAG bill and 87% of the fine-tuning bill go to build labour",
        ),
        (
            [("rag", "Wrong answers", 0.5), ("hybrid", "Wrong answers", 0.4)],
            "50% of the RAG bill and 40% of the hybrid bill go to wrong answers",
        ),
    ],
)
def test_the_largest_line_of_each_bill(shares, sentence):
    assert plain(words.bill_shares(shares)) == sentence


JUMPS = {"rag": [], "fine_tuning": [3, 6, 9, 12], "hybrid": [3, 6, 9, 12]}
MONTHLY = {"rag": [10.0] * 11 + [20.0], "fine_tuning": [10.0] * 12, "hybrid": [10.0] * 12}


@pytest.mark.parametrize(
    ("jumps", "options", "sentence"),
    [
        (JUMPS, {}, "Retraining makes fine-tuning and hybrid bills jump every 3 months"),
        (JUMPS, {"retraining": False}, "Events make fine-tuning and hybrid bills jump every 3 months"),
        ({**JUMPS, "hybrid": []}, {}, "Retraining makes fine-tuning bills jump every 3 months"),
        ({**dict.fromkeys(JUMPS, ()), "rag": [7]}, {}, "Retraining makes RAG bills jump in month 7"),
        ({**dict.fromkeys(JUMPS, ()), "rag": [2, 7]}, {}, "Retraining makes RAG bills jump in 2 of 12 months"),
        (dict.fromkeys(JUMPS, ()), {}, "RAG rises from $10.00 in month 1 to $20.00 in month 12"),
        (dict.fromkeys(JUMPS, range(1, 13)), {}, "RAG rises from $10.00 in month 1 to $20.00 in month 12"),
    ],
)
def test_what_the_months_show(jumps, options, sentence):
    assert plain(words.months_title(jumps, MONTHLY, MONEY, 12, **options)) == sentence


def test_level_months():
    assert words.months_title({"rag": []}, {"rag": [10.0, 10.1]}, MONEY, 2) == "Every month costs about the same"


def test_tints_name_only_the_families_that_are_there():
    assert words.family_tints([["tokens", "people"], ["tokens", "consequence"]]) == (
        "Dark to light: people, tokens. Outlined: consequences."
    )
    assert words.family_tints([["tokens"]]) == ""


def test_how_far_a_change_moved_each_total():
    assert plain(words.moves_finding([("rag", 12_000.0), ("fine_tuning", -300.0), ("hybrid", 0.0)], MONEY)) == (
        "RAG +$12K, fine-tuning −$300 and hybrid level"
    )
    assert plain(words.moves_finding([("rag", None), ("hybrid", 0.0)], MONEY)) == "This moved no total"
    assert words.moves_finding([("rag", None)], MONEY) == "No total is known, so none can be compared"


def test_what_was_changed_in_words():
    differing = {
        "workload.queries_per_month": (100_000.0, 2_500_000.0),
        "workload.monthly_growth_share": (0.02, 0.035),
        "fine_tuning.retrain_every_months": (3.0, 6.0),
        "rag.reranker": ("cohere/rerank", None),
        "finance.consequences_in_tco": (False, True),
        "extra_costs": ((), ({},)),
    }
    changes = words.changes(differing)

    assert changes == [
        ("Queries per month", "100,000", "2.5M"),
        ("Growth per month", "2%", "3.5%"),
        ("Fine-tuning retrain every", "3", "6 months"),
        ("RAG reranker", "cohere/rerank", "none"),
        ("Consequences in the total", "no", "yes"),
        ("Extra costs", "0 items", "1 item"),
    ]
    assert words.changes_caption("the preset", changes[:2]) == (
        "Since the preset: Queries per month 100,000 → 2.5M, Growth per month 2% → 3.5%"
    )
    assert words.changes_caption("the preset", changes[:4]).endswith("RAG reranker cohere/rerank → none")
    assert words.changes_caption("the preset", changes).endswith("Fine-tuning retrain every 3 → 6 months, 3 more below")
    assert words.rest_of_changes(changes[:4]) == ""
    assert words.rest_of_changes(changes) == (
        "Also changed: RAG reranker cohere/rerank → none, Consequences in the total no → yes, "
        "Extra costs 0 items → 1 item."
    )


@pytest.mark.parametrize(
    ("path", "values", "said"),
    [
        ("finance.horizon_months", (24, 12), ("24", "12 months")),
        ("fine_tuning.retrain_every_months", (3.0, 1.0), ("3", "1 month")),
        ("rag.maintenance_hours_per_month", (3.0, 1.0), ("3", "1 hour per month")),
        ("people.engineer_usd_per_week", (3_000.0, 4_000.0), ("3,000", "4,000 USD per week")),
        ("finance.budget_usd", (5_000.0, None), ("5,000 USD", "none")),
        ("corpus.documents", (5.0, 6.0), ("5", "6")),
    ],
)
def test_a_changed_number_has_a_unit_unless_its_field_says_it(path, values, said):
    assert words.changes({path: values})[0][1:] == said


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [(15, "The RAG bill has 15 lines, each with its formula"), (1, "The RAG bill has 1 line, with its formula")],
)
def test_the_title_of_the_ledger(lines, sentence):
    assert plain(words.ledger_finding("rag", lines)) == sentence


def test_text_alternatives():
    steps = [Step("Model tokens", 900, 100), Step("Build labour", 0, 50)]

    assert words.alt_waterfall("RAG", "Hybrid", (1000, 250), steps, MONEY) == (
        "From RAG at $1.0K to Hybrid at $250: Model tokens −$800; Build labour +$50.00."
    )
    assert words.alt_waterfall("RAG", "Hybrid", (5, 5), [], MONEY).endswith(": no line differs.")
    assert words.alt_months("RAG", [10.0, 30.0, 20.0], MONEY) == (
        "RAG: $10.00 in month 1, $20.00 in month 3, most in month 2 with $30.00."
    )
    assert words.panel_head(13_000, 4_000, MONEY) == "$13K to build, then $4.0K a month"
