"""The sidebar: levers, groups of fields, preset picker, Reset, extra costs, discounts."""

import re

import pytest

from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import FIELDS
from report import text
from report.palette import ARCHITECTURES

PAGES = ("app.py", "pages/prices.py")
GROUPS = ("Workload", "Corpus", "RAG", "Fine-tuning", "Hybrid", "Quality", "People and money", "Extra costs")
LEVERS = {
    "workload.queries_per_month": 50_000,
    "workload.monthly_growth_share": 0.05,
    "corpus.updates_per_month": 20,
    "fine_tuning.retrain_every_months": 1,
    "finance.horizon_months": 36,
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_fields_opens_without_an_exception(opened, page, group):
    screen = opened(page)
    before = _widgets(screen)
    screen.open_groups(group)
    screen.check()

    assert _widgets(screen) > before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("preset_id", PRESETS)
def test_all_groups_open_at_once_for_every_preset(opened, page, preset_id):
    screen = opened(page)
    screen.put("selectbox", "preset", preset_id)
    screen.open_groups()
    screen.check()

    assert screen.scenario.preset == preset_id


def test_every_field_that_can_be_computed_has_one_widget(opened):
    screen = opened()
    screen.open_groups()
    kinds = ("number_input", "selectbox", "multiselect", "checkbox", "text_input", "text_area")
    keys = [each.key for kind in kinds for each in getattr(screen.at, kind) if each.key.startswith("field ")]
    fields = sorted(key.split()[1] for key in keys)
    computed = {path for path in FIELDS if path not in (*LEVERS, "hybrid.kind")}
    elsewhere = {path for path in computed if path.startswith("requirements.")}

    assert fields == sorted(computed - elsewhere - {"finance.discount_share"})


@pytest.mark.parametrize("path", LEVERS)
def test_a_lever_changes_scenario_headline_and_cards(opened, path):
    screen = opened()
    before = (screen.headline, screen.cards)
    screen.pull(path, LEVERS[path])
    screen.check()
    group, name = path.split(".")

    assert getattr(getattr(screen.scenario, group), name) == LEVERS[path]
    assert (screen.headline, screen.cards) != before
    assert _totals(screen) == _run_totals(screen)


@pytest.mark.parametrize("value", [-1, 1e12, None, "many", True, [1]])
def test_a_lever_value_that_no_lever_has_changes_nothing(opened, value):
    screen = opened()
    before = (screen.scenario, screen.headline)
    screen.pull("workload.queries_per_month", value)
    screen.check()

    assert (screen.scenario, screen.headline) == before


def test_a_lever_moved_on_the_prices_page_counts_on_the_overview_too(opened):
    screen = opened("pages/prices.py")
    screen.pull("workload.queries_per_month", 50_000)
    screen.go_to("app.py")

    assert screen.scenario.workload.queries_per_month == 50_000
    assert _totals(screen) == _run_totals(screen)


def test_a_number_changes_the_verdict(opened):
    screen = opened()
    screen.open_groups("Workload")
    before = screen.headline
    screen.put("number_input", "field workload.output_tokens", 2000.0)
    screen.check()

    assert screen.scenario.workload.output_tokens == 2000
    assert screen.headline != before
    assert _totals(screen) == _run_totals(screen)


def test_a_percentage_is_entered_as_people_write_it(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("number_input", "field workload.retry_share", 7.0)

    assert screen.scenario.workload.retry_share == 0.07


def test_a_choice_changes_the_scenario(opened):
    screen = opened()
    screen.open_groups("Fine-tuning")
    screen.put("selectbox", "field fine_tuning.hosting", "serverless")
    screen.check()

    assert screen.scenario.fine_tuning.hosting == "serverless"


def test_a_field_that_may_be_empty_can_be_emptied_again(opened):
    screen = opened()
    screen.open_groups("Hybrid")
    screen.put("number_input", "field hybrid.top_k", 3)
    filled = screen.scenario.hybrid.top_k
    screen.put("number_input", "field hybrid.top_k", None)
    screen.check()

    assert filled == 3
    assert screen.scenario.hybrid.top_k is None
    assert screen.notice == ""


def test_a_field_that_needs_a_value_does_not_lose_it_when_emptied(opened):
    screen = opened()
    screen.open_groups("Workload")
    before = screen.scenario.workload.query_tokens
    screen.put("number_input", "field workload.query_tokens", None)
    screen.check()

    assert screen.scenario.workload.query_tokens == before
    assert screen.widget("number_input", "field workload.query_tokens").value == before


@pytest.mark.parametrize("value", [-5.0, 1e12, float("inf"), float("nan")])
def test_a_number_out_of_limits_never_reaches_the_scenario(opened, value):
    screen = opened()
    screen.open_groups("Workload")
    before = (screen.scenario, screen.headline)
    screen.put("number_input", "field workload.query_tokens", value)
    screen.check()

    assert (screen.scenario, screen.headline) == before
    assert screen.widget("number_input", "field workload.query_tokens").value == before[0].workload.query_tokens


def test_a_number_that_does_not_fit_another_one_is_refused_and_the_last_good_scenario_stays(opened):
    screen = opened()
    screen.open_groups("Corpus")
    before = (screen.scenario, screen.headline, screen.cards)
    screen.put("number_input", "field corpus.chunk_overlap_tokens", 600.0)
    screen.check()

    said = "Chunk overlap (corpus.chunk_overlap_tokens): 600 must be less than corpus.chunk_tokens (512)"
    assert said in screen.notice
    assert "The last good scenario is kept." in screen.notice
    assert (screen.scenario, screen.headline, screen.cards) == before
    assert screen.widget("number_input", "field corpus.chunk_overlap_tokens").value == 50


def test_the_notice_goes_away_with_the_next_change(opened):
    screen = opened()
    screen.open_groups("Corpus")
    screen.put("number_input", "field corpus.chunk_overlap_tokens", 600.0)
    refused = screen.notice
    screen.put("number_input", "field corpus.chunk_overlap_tokens", 60.0)

    assert refused != ""
    assert screen.notice == ""
    assert screen.scenario.corpus.chunk_overlap_tokens == 60


def test_a_group_stays_open_when_a_number_in_it_changes(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("number_input", "field workload.query_tokens", 90.0)

    assert any(each.key.startswith("field workload.output_tokens ") for each in screen.at.number_input)


def test_a_forecast_is_pasted_and_taken_out_again(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("text_area", "field workload.queries_by_month", "1000\n2000\t3000")
    pasted = screen.scenario.workload.queries_by_month
    screen.put("text_area", "field workload.queries_by_month", "")
    screen.check()

    assert pasted == (1000, 2000, 3000)
    assert screen.scenario.workload.queries_by_month is None


def test_a_forecast_with_a_word_in_it_is_refused_by_name(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("text_area", "field workload.queries_by_month", "1000 many 3000")
    screen.check()

    assert "many" in screen.notice
    assert screen.scenario.workload.queries_by_month is None


def test_the_default_preset_is_the_one_that_the_picker_shows(opened):
    screen = opened()

    assert screen.widget("selectbox", "preset").value == DEFAULT_PRESET


def test_the_preset_picker_loads_every_preset(opened):
    screen = opened()
    seen = {}
    for preset_id in reversed(PRESETS):
        screen.put("selectbox", "preset", preset_id)
        screen.check()
        seen[preset_id] = (screen.scenario.name, _totals(screen) == _run_totals(screen))

    assert seen == {preset_id: (preset.name, True) for preset_id, preset in PRESETS.items()}


def test_reset_brings_the_preset_back(opened, preset):
    screen = opened()
    before = (screen.headline, screen.cards)
    screen.pull("workload.queries_per_month", 50_000)
    screen.at.button(key="reset").click()
    screen.rerun()
    screen.check()

    assert screen.scenario == preset
    assert (screen.headline, screen.cards) == before
    assert screen.at.button(key="reset").disabled


def test_reset_stays_with_the_preset_that_was_picked(opened):
    screen = opened()
    screen.put("selectbox", "preset", "support-bot")
    screen.pull("workload.queries_per_month", 50_000)
    screen.at.button(key="reset").click()
    screen.rerun()

    assert screen.scenario.preset == "support-bot"
    assert screen.scenario.workload.queries_per_month == 100_000


def test_the_sidebar_counts_what_differs_from_the_preset(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("number_input", "field workload.output_tokens", 300.0)
    screen.pull("workload.queries_per_month", 50_000)
    beside = re.findall(r'st-key-group-(\S+)::after \{ content: "(.*?)"', " ".join(screen.bodies))

    assert beside == [("Workload", "1 changed")]
    assert any(each.value.startswith("2 of ") for each in screen.at.caption)


def test_an_extra_cost_is_added_and_removed(opened):
    screen = opened()
    before = screen.run.answers["rag"].tco_usd
    screen.open_groups("Extra costs")
    _type_extra_cost(screen, amount=100.0)
    added = screen.scenario.extra_costs
    total = screen.run.answers["rag"].tco_usd
    shown = _totals(screen) == _run_totals(screen)
    next(each for each in screen.at.button if each.label == "Remove").click()
    screen.rerun()
    screen.check()

    assert [(cost.architecture, cost.usd_per_month, cost.months) for cost in added] == [(("rag",), 100.0, (1, 24))]
    assert total == pytest.approx(before + 24 * 100)
    assert shown
    assert screen.scenario.extra_costs == ()
    assert screen.run.answers["rag"].tco_usd == before


def test_an_extra_cost_that_nobody_pays_is_refused(opened):
    screen = opened()
    screen.open_groups("Extra costs")
    _type_extra_cost(screen, who=[])
    screen.check()

    assert screen.notice != ""
    assert screen.scenario.extra_costs == ()


def test_a_credit_lowers_the_total(opened):
    screen = opened()
    before = screen.run.answers["rag"].tco_usd
    screen.open_groups("Extra costs")
    _type_extra_cost(screen, amount=-50.0)
    screen.check()

    assert screen.run.answers["rag"].tco_usd == pytest.approx(before - 24 * 50)
    assert _totals(screen) == _run_totals(screen)


def test_an_extra_cost_with_a_hostile_name_is_shown_as_it_is(opened, link_to):
    name = "<img src=x onerror=alert(1)> **bold** $x$"
    cost = {"architecture": ["rag"], "component": name, "phase": "recurring", "months": [1, 24], "usd_per_month": 9.0}
    screen = opened("app.py", link_to({"extra_costs": [cost]}))
    screen.open_groups("Extra costs")
    screen.check()
    shown = [each.value for each in screen.at.text]

    assert screen.scenario.extra_costs[0].component == name
    assert any(each.startswith(name) for each in shown)


def test_a_negotiated_discount_makes_that_provider_cheaper(opened):
    screen = opened()
    before = screen.run.answers["rag"].tco_usd
    screen.open_groups("People and money")
    screen.put("number_input", "discount openai", 50.0)
    screen.check()

    assert screen.scenario.finance.discount_share == {"openai": 0.5}
    assert screen.run.answers["rag"].tco_usd < before
    assert _totals(screen) == _run_totals(screen)


def test_a_discount_of_more_than_everything_never_reaches_the_scenario(opened):
    screen = opened()
    screen.open_groups("People and money")
    screen.put("number_input", "discount openai", 250.0)
    screen.check()

    assert screen.scenario.finance.discount_share == {}


def test_another_currency_is_shown_everywhere(opened):
    screen = opened()
    screen.open_groups("People and money")
    screen.put("number_input", "field finance.usd_per_currency_unit", 1.25)
    screen.put("text_input", "field finance.currency", "EUR")
    screen.check()
    cards = screen.cards
    usd = screen.run.answers["rag"].tco_usd

    assert "€" in screen.headline
    assert "$" not in screen.headline
    assert cards["RAG"].total == f"€{usd / 1.25 / 1000:.0f}K"
    assert "EUR" in screen.eyebrow


def test_a_currency_that_is_none_is_refused(opened):
    screen = opened()
    screen.open_groups("People and money")
    screen.put("text_input", "field finance.currency", "euro<b>")
    screen.check()

    assert "finance.currency" in screen.notice
    assert screen.scenario.finance.currency == "USD"


def test_a_start_month_that_is_none_is_refused_and_a_real_one_is_taken(opened):
    screen = opened()
    screen.open_groups("People and money")
    screen.put("text_input", "field finance.start_month", "2027-13")
    refused = screen.notice
    screen.put("text_input", "field finance.start_month", "2027-02")
    screen.check()

    assert "YYYY-MM" in refused
    assert screen.notice == ""
    assert screen.scenario.finance.start_month == "2027-02"


def test_an_emptied_start_month_means_the_current_month(opened, preset):
    screen = opened()
    screen.open_groups("People and money")
    screen.put("text_input", "field finance.start_month", "")
    screen.check()

    assert screen.notice == ""
    assert screen.scenario.finance.start_month == preset.finance.start_month


@pytest.mark.parametrize("months", [12, 36])
def test_the_shortest_and_the_longest_horizon_are_drawn_to_their_last_month(opened, months):
    screen = opened()
    screen.pull("finance.horizon_months", months)
    screen.check()

    assert screen.headline.startswith(f"Over {months} months")
    assert f"{months} months" in screen.eyebrow
    assert screen.chart_table(0, "frame")["end"][0] == months
    assert _totals(screen) == _run_totals(screen)


def _widgets(screen) -> int:
    kinds = ("number_input", "selectbox", "multiselect", "checkbox", "text_input", "text_area")
    return sum(len(getattr(screen.at, kind)) for kind in kinds)


def _totals(screen) -> dict[str, str]:
    return {name: card.total for name, card in screen.cards.items()}


def _run_totals(screen) -> dict[str, str]:
    run = screen.run
    return {ARCHITECTURES[key].name: text.money_of(run)(answer.tco_usd) for key, answer in run.answers.items()}


def _type_extra_cost(screen, who=("rag",), component="observability", amount=100.0) -> None:
    screen.widget("multiselect", "who").set_value(list(who))
    screen.widget("selectbox", "component").set_value(component)
    screen.widget("number_input", "amount").set_value(amount)
    next(each for each in screen.at.button if each.label == "Add this cost").click()
    screen.rerun()


@pytest.mark.parametrize("kind", ["routed", "split"])
def test_the_kind_of_hybrid_is_a_lever(opened, kind):
    screen = opened()
    before = screen.cards["Hybrid"]
    screen.put("button_group", "lever hybrid.kind", kind)
    screen.check()

    assert screen.scenario.hybrid.kind == kind
    assert screen.cards["Hybrid"] != before
