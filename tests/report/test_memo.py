"""What the memo says: the answer of the screen, section by section, and nothing that the screen does not know."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.presets import DEFAULT_PRESET, PRESETS
from report import card_text, text
from report.gallery import Wanted, picture
from report.imprint import imprint
from report.memo import ALL, SECTIONS, ContentsProblem, memo
from report.memo.model import Figure, Table, Words, one_line, text_of
from report.palette import ARCHITECTURES
from tests.report.made_draws import drawn
from tests.report.memo_made import DAY, HOSTILE, LONG, SERVER, everything, imprint_of, lines_of, said, section, shown
from tests.report.test_text_anywhere import runs

PLAIN = imprint_of()
MEMO = memo(PLAIN)


def totals_table(made):
    return next(block for block in section(made, "totals") if isinstance(block, Table))


# What goes in


def test_all_sections_go_in_unless_some_are_chosen():
    assert [each.key for each in MEMO.sections] == list(ALL)


def test_the_chosen_sections_go_in_once_and_in_the_order_in_which_they_are_named():
    made = memo(PLAIN, contents=("sources", "verdict", "sources"))

    assert [each.key for each in made.sections] == ["sources", "verdict"]


def test_a_section_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(ContentsProblem, match=r"'apendix' is no section of a memo; use some of verdict, chart"):
        memo(PLAIN, contents=["apendix"])


def test_without_any_section_the_eyebrow_and_the_foot_remain():
    made = memo(PLAIN, contents=())

    assert made.sections == ()
    assert "Sales chat" in everything(made)
    assert PLAIN.price_book in everything(made)


def test_every_section_has_a_name_to_choose_it_by():
    assert all(SECTIONS[key] for key in ALL)


# The answer


@pytest.mark.parametrize("present", [None, False, True])
def test_the_verdict_is_that_of_the_screen(present):
    made = memo(imprint_of(present=present))
    verdict = text.verdict(PLAIN.run, bool(present))

    assert said(made, "verdict") == [text.plain(verdict.headline), text.plain(verdict.lead)]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("present", [False, True])
def test_each_row_of_the_totals_says_what_the_card_says(preset, present):
    found = imprint_of(preset=preset, present=present)
    run, table = found.run, totals_table(memo(found, contents=["totals"]))
    heads = [column.head for column in table.columns]
    sums = text.totals(run, present)
    cards = [card_text.card(run, key, sums) for key in run.answers]
    rows = [dict(zip(heads, map(text_of, row.cells), strict=True)) for row in table.rows]
    expected = [
        {"": ARCHITECTURES[card.architecture].name, "Total": card.total.value, "Difference": card.badge}
        | {fact.name: fact.value for fact in card.facts}
        for card in cards
    ]

    assert rows == expected


def test_an_architecture_without_a_price_is_not_known_and_the_memo_says_why():
    found = imprint_of({"rag.model": None})
    made = memo(found)

    assert "RAG | not known | left out" in "\n".join(said(made, "totals"))
    assert any("RAG is left out" in line for line in said(made, "totals"))


def test_a_memo_of_nothing_known_has_no_chart_and_no_flips():
    out = dict.fromkeys(["rag.model", "fine_tuning.model"])
    made = memo(imprint_of(out | {"prompting.model": None}))

    assert section(made, "chart") == []
    assert section(made, "sureness") == []
    assert "no architecture can be called cheapest" in said(made, "verdict")[0]


def test_the_chart_is_the_cumulative_one_in_the_money_on_screen():
    (figure,) = section(memo(imprint_of(present=True)), "chart")

    assert isinstance(figure, Figure)
    assert figure.picture.name == "cumulative"
    assert "present value" in figure.picture.caption


def test_charts_that_are_handed_over_replace_it():
    pictures = [picture(name, PLAIN.run, Wanted()) for name in ("components", "monthly")]
    made = memo(PLAIN, pictures)

    assert [figure.picture.name for figure in section(made, "chart")] == ["components", "monthly"]


def test_a_chart_links_to_its_picture_only_where_the_server_is_known():
    (known,) = section(MEMO, "chart")
    (unknown,) = section(memo(imprint_of(base_url="")), "chart")

    assert known.link.startswith(f"{SERVER}/chart/cumulative.png?{PLAIN.query}")
    assert unknown.link == ""


def test_a_chart_whose_prices_only_one_browser_has_links_nowhere():
    (figure,) = section(memo(imprint(PLAIN.run, DAY, query=f"{PLAIN.query}&k=abc", base_url=SERVER)), "chart")

    assert figure.link == ""


# Crossings and what would flip it


def test_every_crossing_stands_with_its_month_of_the_calendar():
    assert said(MEMO, "crossings") == ["Where the lines cross", "Fine-tuning overtakes RAG in month 19, Jun 2028."]


def test_where_nothing_crosses_the_memo_says_so():
    made = memo(imprint_of(preset="support-bot"))

    assert said(made, "crossings")[1] == "No lines cross within 24 months. RAG leads from the start."


def test_the_nearest_flips_stand_with_their_distance():
    lines = said(MEMO, "sureness")

    assert lines[0] == "What would flip it"
    assert lines[1] == "Queries per month | 200K → 168K | −16% | RAG"
    assert len(lines) == 6


def test_where_nothing_flips_it_the_memo_says_so():
    assert said(memo(imprint_of(preset="routed-support")), "sureness") == [
        "Nothing alone flips it",
        "No single number makes another one cheapest within its range.",
    ]


def test_draws_stand_in_the_memo_when_they_were_run():
    odds = drawn({"rag": [3.0, 1.0, 1.0, 1.0], "fine_tuning": [2.0, 2.0, 2.0, 2.0]})
    made = memo(PLAIN, uncertainty=odds)

    assert any(line.startswith("RAG is cheapest in 8 of 10 futures.") for line in said(made, "sureness"))
    assert any(line.startswith("4 draws from suggested ranges") for line in said(made, "sureness"))
    assert "futures" not in everything(MEMO)


def test_draws_in_other_money_than_the_memo_stay_out():
    odds = drawn({"rag": [3.0, 1.0], "fine_tuning": [2.0, 2.0]}, present=True)

    assert "futures" not in everything(memo(PLAIN, uncertainty=odds))


# Assumptions


def test_an_untouched_preset_differs_in_nothing():
    assert said(MEMO, "assumptions") == [
        "Assumptions",
        "Queries per month 200K · Growth per month 2.0% · Content updates per month 4 · Retrain every 3 months · "
        "Horizon 24 months · Build in Nov 2026. Every assumption is that of the preset “Sales chat: prices in brand "
        "voice”.",
    ]


def test_what_differs_stands_with_its_value_here_and_in_the_preset():
    made = memo(imprint_of({"workload.queries_per_month": 250_000, "rag.top_k": 9}))

    assert said(made, "assumptions")[2:] == [
        "Queries per month | 250,000 | 200,000",
        "RAG chunks in the prompt | 9 | 5",
    ]
    assert "2 assumptions differ from the preset" in said(made, "assumptions")[1]


def test_reasons_of_prices_and_notes_of_costs_stand_below():
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    cost = {"architecture": "rag", "component": "licence", "phase": "recurring", "months": [1, 24], "usd_per_month": 10}
    values = {"price_edits": [edit | {"reason": "our contract"}], "extra_costs": [cost | {"note": "offer of May"}]}
    lines = said(memo(imprint_of(values)), "assumptions")

    assert "Price of openai/gpt-6.1-sol:input | 1.5 USD per 1M tokens | 2 USD per 1M tokens" in lines
    assert "openai/gpt-6.1-sol:input: our contract" in lines
    assert "licence: offer of May" in lines


def test_a_long_name_is_cut_in_titles_and_stands_once_in_full():
    made = memo(imprint_of({"name": LONG}))

    assert len(made.title) < 200
    assert len(text_of(made.eyebrow)) < 200
    assert everything(made).count(LONG.strip()) == 1


# Risks, exclusions, sources, foot


def test_risks_name_every_warning_the_guesses_and_old_prices():
    lines = said(MEMO, "risks")

    assert all(any(warning in line for line in lines) for warning in PLAIN.run.warnings)
    assert any(line.startswith("Rests on guesses: RAG 40%, fine-tuning 55%") for line in lines)
    assert any("Four were last checked more than 90 days ago" in line for line in lines)
    assert "Plain prompting would cost $70K, if it is good enough." in lines


def test_risks_name_undated_prices_and_those_of_low_confidence():
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    lines = said(memo(imprint_of({"price_edits": [edit]})), "risks")

    assert any("Undated: gpt-6.1-sol, input. Of low confidence: gpt-6.1-sol, input." in line for line in lines)


def test_risks_say_what_the_requirements_rule_out():
    lines = said(memo(imprint_of({"requirements.citations": True})), "risks")

    assert any("Citations: fine-tuning alone is unlikely to work." in line for line in lines)


def test_what_is_not_included_stands_in_the_memo():
    assert said(MEMO, "excluded")[1] == (
        "Taxes, capitalisation, data egress, terminal value, sunk cost, wrong answers and delay (beside the bill)."
    )


def test_every_price_in_use_has_a_row_and_every_source_a_number():
    prices, sources = section(MEMO, "sources")[1:3]
    rows = [line.split(" | ") for line in lines_of(prices)]
    numbered = lines_of(sources)

    assert len(rows) == len(PLAIN.run.rows_in_use)
    assert ["gpt-6.1-sol, input", "2.00", "1M tokens", "release of 9 Nov 2026", "3"] in rows
    assert {int(row[-1]) for row in rows} == set(range(1, len(numbered) + 1))
    assert numbered[2] == "developers.openai.com/api/docs/pricing (genai-prices 0.2.3)"


def test_a_scenario_without_list_prices_says_so():
    lines = said(memo(imprint_of(preset="published-low")), "sources")

    assert lines[1].startswith("No list price is in use. Every cost of this scenario was typed in.")


def test_a_typed_in_price_is_called_so():
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
    sourced = edit | {"source": "Offer 4711 of 3 May 2026", "as_of": "2026-05-03", "confidence": "high"}

    assert "typed in" in said(memo(imprint_of({"price_edits": [edit]})), "sources")
    assert "typed in: Offer 4711 of 3 May 2026" in said(memo(imprint_of({"price_edits": [sourced]})), "sources")


def test_the_foot_names_link_model_book_day_and_conventions():
    link, made, conventions = MEMO.foot

    assert link[0] == Words("Open this scenario", href=f"{SERVER}/?{PLAIN.query}")
    assert text_of(made) == f"Crossover model {PLAIN.model_version}, price book {PLAIN.price_book}, 14 Nov 2026."
    assert text_of(conventions).startswith("Month 0 is the build; months 1 to H are operation;")


def test_without_a_server_the_link_is_said_and_leads_nowhere():
    made = memo(imprint_of(base_url=""))

    assert text_of(made.foot[0]).endswith(f": ?{PLAIN.query}")
    assert not any(words.href for words in made.foot[0])


def test_a_scenario_that_is_too_large_for_a_link_says_what_to_take_along():
    made = memo(imprint(PLAIN.run, DAY, query="", base_url=SERVER))

    assert text_of(made.foot[0]).startswith("Open this scenario: none; the scenario is too large for a link")


def test_a_memo_in_present_value_says_its_rate():
    made = memo(imprint_of({"finance.discount_rate_annual": 0.1}, present=True))

    assert "Totals are present value, discounted at 10% a year to month 0" in text_of(made.foot[-1])
    assert "in present value" in said(made, "verdict")[0]


# Words


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_stays_readable_and_on_one_line(name):
    made = memo(imprint_of({"name": name}), contents=())

    assert text_of(made.eyebrow).startswith(f"{shown(name)[:59]}")


@given(st.text())
def test_words_never_hold_a_break_or_a_character_that_xml_forbids(written):
    kept = one_line(written)

    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]", kept)
    assert one_line(kept) == kept


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "https://a b", "//host", "ftp://x"])
def test_only_web_addresses_become_links(address):
    assert Words("x", href=address).href == ""


@settings(max_examples=20)
@given(runs(), st.booleans())
def test_no_memo_has_a_hole_or_a_number_of_a_machine(run, present):
    made = memo(imprint(run, DAY, present=present, query="s=1"))

    assert not re.search(r"\bnan\b|\binf\b|None|\d\.\d{7,}|[{}]", everything(made))


def test_the_default_preset_is_the_one_that_the_tests_speak_of():
    assert PLAIN.run.scenario.preset == DEFAULT_PRESET == "pricing-brand-voice"
