"""The Overview in all its states: switches, missing prices, too little quality, one architecture, charts."""

import pytest

from pages.ui import chart, layout, levers, tracks
from report import text
from report.palette import ARCHITECTURES

ALL = ("rag", "fine_tuning", "hybrid")
EDIT = {"provider": "acme", "item": "model", "meter": "input", "unit": "1M tokens", "price_usd": 1.0, "reason": "quote"}
NO_OUTPUT_PRICE = {"price_edits": [EDIT], "rag.model": "acme/model"}


def test_present_value_changes_headline_cards_lines_and_bars(opened):
    screen = opened()
    nominal = screen.headline
    screen.turn("value", "present")
    screen.check()
    run = screen.run
    money = text.money_of(run)
    totals = {ARCHITECTURES[key].name: money(answer.present_value_usd) for key, answer in run.answers.items()}

    assert screen.headline != nominal
    assert "in present value" in screen.headline
    assert "present value USD" in screen.eyebrow
    assert {name: card.total for name, card in screen.cards.items()} == totals
    labels = sorted(f"{name} {total}" for name, total in totals.items())
    aside = f"Prompting {money(run.prompting.present_value_usd)}"
    assert sorted(screen.chart_table(0, "ends")["label"]) == sorted([*labels, aside])
    assert sorted(screen.chart_table(1, "totals")["label"]) == labels


def test_the_monthly_switch_draws_the_cost_of_each_month(opened):
    screen = opened()
    screen.turn("lines", "monthly")
    screen.check()
    curves = screen.chart_table(0, "curves")
    drawn = curves[curves["ink"] == "rag"].sort_values("month")["usd"]

    # without the build, which would dwarf the months
    assert list(drawn) == pytest.approx(list(screen.run.answers["rag"].monthly_usd[1:]))
    assert "Cost of each month" in screen.words


def test_both_switches_turn_back(opened):
    screen = opened()
    before = (screen.headline, screen.address)
    for name, position in (("value", "present"), ("lines", "monthly"), ("value", "nominal"), ("lines", "cumulative")):
        screen.turn(name, position)

    assert (screen.headline, screen.address) == before


@pytest.mark.parametrize("page", ["app.py", "pages/prices.py"])
def test_a_missing_price_breaks_no_page(opened, link_to, page):
    screen = opened(page, link_to(NO_OUTPUT_PRICE))
    screen.check()

    assert screen.notice == ""
    assert screen.scenario.rag.model == "acme/model"


@pytest.mark.parametrize("value", ["nominal", "present"])
def test_an_architecture_with_a_missing_price_is_not_known_and_never_cheapest(opened, link_to, value):
    screen = opened("app.py", link_to(NO_OUTPUT_PRICE))
    if value == "present":
        screen.turn("value", value)
    card = screen.cards["RAG"]

    assert (card.total, card.excluded) == ("not known", True)
    assert "acme/model:output" in card.below
    assert "RAG" not in screen.headline
    assert "RAG is left out: the price acme/model:output is missing." in screen.lead
    assert [each.below for each in screen.cards.values()].count("cheapest") == 1


def test_an_architecture_with_a_missing_price_is_in_no_chart_and_a_word_in_the_table(opened, link_to):
    screen = opened("app.py", link_to(NO_OUTPUT_PRICE))

    assert set(screen.chart_table(0, "curves")["ink"]) == {"fine_tuning", "hybrid", "prompting"}
    assert len(screen.chart_table(1, "totals")) == 2
    assert any("<td>not known</td>" in body for body in screen.bodies)
    assert not any("nan" in body for body in screen.bodies if "<style>" not in body)


def test_without_any_price_nothing_is_drawn_and_nothing_is_called_cheapest(opened, link_to):
    screen = opened("app.py", link_to({**NO_OUTPUT_PRICE, "finance.compared": ["rag"]}))
    screen.open_groups()
    screen.check()

    assert "no architecture can be called cheapest" in screen.headline
    assert screen.cards["RAG"].total == "not known"
    assert "cheapest" not in {each.below for each in screen.cards.values()}
    assert screen.chart_specs == []


def test_too_little_quality_greys_a_card_and_names_the_reason(opened, link_to):
    screen = opened("app.py", link_to({"fine_tuning.correct_share": 0.7, "quality.minimum_correct_share": 0.8}))
    card = screen.cards["Fine-tuning"]

    assert card.excluded
    assert card.below == "70% correct answers, 80% required"
    assert card.total == text.money_of(screen.run)(screen.run.answers["fine_tuning"].tco_usd)
    assert "fine-tuning" not in screen.headline
    assert "Fine-tuning is left out: 70% correct answers, 80% required." in screen.lead
    assert "fine_tuning" not in set(screen.chart_table(0, "curves")["ink"])
    assert any(label.endswith(", left out") for label in screen.chart_table(1, "totals")["label"])


def test_when_none_is_left_every_card_says_why(opened, link_to):
    values = {f"{key}.correct_share": 0.5 for key in ALL}
    screen = opened("app.py", link_to({**values, "quality.minimum_correct_share": 0.9}))
    screen.open_data("lines")
    screen.check()

    assert screen.headline == "Over 24 months no architecture can be called cheapest"
    assert {each.below for each in screen.cards.values()} == {"50% correct answers, 90% required"}
    assert all(each.excluded for each in screen.cards.values())


@pytest.mark.parametrize("key", ALL)
def test_a_single_architecture_is_priced_without_a_comparison(opened, link_to, key):
    screen = opened("app.py", link_to({"finance.compared": [key]}))
    screen.open_data("lines")
    screen.check()
    total = text.money_of(screen.run)(screen.run.answers[key].tco_usd)

    assert screen.headline == f"Over 24 months {ARCHITECTURES[key].in_sentence} costs {total}"
    assert list(screen.cards) == [ARCHITECTURES[key].name]


def test_no_queries_at_all_leave_no_cost_per_query(opened, link_to):
    screen = opened("app.py", link_to({"workload.queries_per_month": 0.0}))
    screen.open_groups()
    screen.check()

    assert {each.rows["Per query"] for each in screen.cards.values()} == {"no queries"}


def test_a_scenario_that_costs_nothing_is_shown_without_an_exception(opened, link_to):
    off = {"finance.already_built": list(ALL), "people.engineer_usd_per_week": 0.0, "workload.queries_per_month": 0.0}
    screen = opened("app.py", link_to(off))
    screen.open_data("lines")
    screen.check()

    assert len(screen.cards) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"workload.queries_per_month": 1e9, "workload.monthly_growth_share": 1.0, "finance.horizon_months": 120},
        {"finance.horizon_months": 1},
        {"finance.discount_rate_annual": 10.0},
        {"finance.budget_usd": 120_000.0},
        {"finance.currency": "JPY", "finance.usd_per_currency_unit": 0.0065},
        {"finance.price_drift_annual.llm": -0.99},
        {"fine_tuning.min_replicas": 10_000},
    ],
)
def test_the_ends_of_the_limits_are_shown_on_both_pages(opened, link_to, values):
    screen = opened("app.py", link_to(values))
    screen.open_data("lines")
    screen.check()
    screen.turn("value", "present")
    screen.turn("lines", "monthly")
    screen.check()
    screen.go_to("pages/prices.py")
    screen.check()

    assert screen.notice == ""
    assert "nan" not in screen.headline


@pytest.mark.parametrize("chart", ["lines", "bars"])
def test_every_chart_opens_as_a_table_and_does_nothing_before(opened, chart):
    screen = opened()
    before = len(screen.at.dataframe)
    screen.open_data(chart)
    screen.check()

    assert (before, len(screen.at.dataframe)) == (0, 1)


def test_the_table_of_the_lines_follows_their_switches(opened, link_to):
    screen = opened("app.py", link_to({}, {"value": "present", "lines": "monthly"}))
    screen.open_data("lines")
    shown = screen.at.dataframe[0].value

    assert list(shown["RAG [USD, present value]"]) == pytest.approx(
        list(screen.run.answers["rag"].monthly_present_value_usd)
    )


def test_the_budget_is_a_line_with_a_name_and_a_sentence(opened, link_to):
    screen = opened("app.py", link_to({"finance.budget_usd": 80_000.0}))

    assert list(screen.chart_table(0, "budget")["label"]) == ["Budget $80K"]
    assert "passes the budget of $80K in month 8" in screen.words
    assert any('class="unseen"' in body and "the budget of $80K" in body for body in screen.bodies)
    screen.turn("value", "present")
    assert "the budget of $80K in present value" in screen.words


def test_what_would_change_the_answer_stands_under_the_headline(opened):
    screen = opened()

    assert "RAG led until month 19 and would be cheapest below 168K queries per month." in screen.lead
    assert "This assumes equal quality" in screen.lead


def test_every_number_of_a_card_is_exact_on_hover(opened):
    screen = opened()
    body = next(body for body in screen.bodies if 'class="cards"' in body)
    money = text.money_of(screen.run)

    for answer in screen.run.answers.values():
        assert f'<p class="total" title="{money.exact(answer.tco_usd)}">{money(answer.tco_usd)}</p>' in body


def test_the_title_of_single_months_is_their_finding(opened, link_to):
    screen = opened("app.py", link_to({}, {"lines": "monthly"}))

    assert "Fine-tuning costs $2.6K a month on average, RAG $4.0K" in screen.words


@pytest.mark.parametrize("lines", ["cumulative", "monthly"])
def test_two_scenarios_differ_in_the_data_of_the_charts_and_never_in_their_specs(opened, link_to, lines):
    view = {"lines": lines} if lines == "monthly" else None
    first = opened("app.py", link_to({}, view))
    other = {"workload.queries_per_month": 900_000.0, "finance.horizon_months": 36, "finance.currency": "EUR"}
    second = opened("app.py", link_to({**other, "finance.budget_usd": 90_000.0, "name": "Another"}, view))

    assert first.chart_specs == second.chart_specs
    assert not first.chart_table(0, "curves").equals(second.chart_table(0, "curves"))


def test_an_excluded_architecture_leaves_the_specs_of_the_charts_alone(opened, link_to):
    usual = opened()
    excluded = opened("app.py", link_to({"rag.correct_share": 0.7, "quality.minimum_correct_share": 0.8}))

    assert usual.chart_specs == excluded.chart_specs


def test_a_model_that_retires_inside_the_horizon_is_said_on_the_page(opened, link_to):
    screen = opened("app.py", link_to({"rag.model": "openai/gpt-4.1"}))
    screen.check()

    assert "14 Jan 2027" in screen.words


def test_an_edited_price_is_said_on_the_page(opened, link_to):
    edit = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.0}
    screen = opened("app.py", link_to({"price_edits": [{**edit, "reason": "our contract"}]}))
    screen.check()

    assert "edited" in screen.words.lower()


def test_once_it_is_there_the_page_changes_its_headline_and_charts_first_then_the_levers_then_the_rest(
    opened, monkeypatch
):
    order = []

    def noted(module, name):
        original = getattr(module, name)

        def call(*given, **named):
            order.append(name)
            return original(*given, **named)

        monkeypatch.setattr(module, name, call)

    drawn = ((layout, "answer"), (chart, "show"), (levers, "draw"), (layout, "lead_to"), (layout, "quiet_line"))
    for module, name in drawn:
        noted(module, name)
    screen = opened()
    assert order == ["quiet_line", "answer", "show", "show", "draw", "lead_to"]

    order.clear()
    screen.pull("workload.queries_per_month", 50_000)
    assert order == ["answer", "show", "show", "draw", "lead_to", "quiet_line"]


def test_what_the_levers_show_is_what_the_sentences_were_made_of(opened, monkeypatch):
    screen, found = opened(), []
    original = tracks.tracks_of
    monkeypatch.setattr(tracks, "tracks_of", lambda *given: found.append(given) or original(*given))
    screen.pull("workload.queries_per_month", 50_000)

    assert len(found) == 1
