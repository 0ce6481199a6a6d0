"""The scenarios to start from: each figure sourced or named a guess, each one computed without gaps."""

from __future__ import annotations

import re
from datetime import date

import pytest

from costmodel.changes import changed, check_references, differing, resolved
from costmodel.fields import value_at
from costmodel.presets import DEFAULT_PRESET, PRESETS, Preset
from costmodel.provenance import LEVERS, Provenance
from costmodel.results import Run, run_scenario
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario
from pricing.catalog import load_book

DAY = date(2026, 11, 1)
PUBLISHED_BILLS = ("published-low", "published-high")
OWN_WORKLOAD = tuple(key for key in PRESETS if key not in PUBLISHED_BILLS)
ANSWERING = tuple(key for key in OWN_WORKLOAD if PRESETS[key].scenario.hybrid.kind != "routed")


def run_of(preset: str, **values: float) -> Run:
    scenario = resolved(PRESETS[preset].scenario, DAY)
    return run_scenario(changed(scenario, {path.replace("__", "."): v for path, v in values.items()}), load_book())


def texts(preset: Preset) -> list[str]:
    """Every sentence of a preset that a reader sees."""
    notes = [extra.note for extra in preset.scenario.extra_costs]
    return [preset.name, preset.reason, preset.advice, *notes, *(source.text for source in preset.sources.values())]


def test_the_default_comes_first():
    assert DEFAULT_PRESET == next(iter(PRESETS)) == "pricing-brand-voice"


def test_the_worked_scenarios_of_the_sources_are_there_in_their_order():
    assert list(PRESETS) == [
        DEFAULT_PRESET,
        "support-bot",
        "brand-voice",
        "code-assistant",
        "email-drafts",
        "legal-research",
        "ticket-classifier",
        "routed-support",
        "published-low",
        "published-high",
        "legal-assistant",
    ]


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_names_itself_its_reason_and_its_source_s_advice(key):
    preset = PRESETS[key]

    assert (preset.id, preset.scenario.preset) == (key, key)
    assert all((preset.name, preset.reason, preset.advice))


def test_no_two_presets_have_the_same_name():
    assert len({preset.name for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("key", PRESETS)
def test_what_the_source_advises_is_compared(key):
    preset = PRESETS[key]

    assert preset.advises
    assert set(preset.advises) <= set(ARCHITECTURES)
    assert set(preset.advises) <= set(preset.scenario.finance.compared)


@pytest.mark.parametrize("key", PRESETS)
def test_every_value_of_a_preset_has_a_source_or_is_named_a_guess(key):
    preset = PRESETS[key]

    assert set(differing(preset.scenario, Scenario())) <= set(preset.sources)
    assert all(source.text for source in preset.sources.values())


@pytest.mark.parametrize("key", PRESETS)
def test_every_source_belongs_to_a_field(key):
    assert set(PRESETS[key].sources) <= {*FIELDS, "extra_costs"}


@pytest.mark.parametrize("key", PRESETS)
def test_a_source_is_cited_by_author_and_title_never_by_a_file(key):
    pattern = re.compile(
        r"\bseeds?\b|(?<![\d,.])00[0-9]\b|\.(txt|csv|md|json)\b|\b[0-9a-f]{12,}\b|(?<!\w)/\w+/|https?:", re.IGNORECASE
    )

    assert [text for text in texts(PRESETS[key]) if pattern.search(text)] == []


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_leaves_the_build_month_to_the_day(key):
    assert PRESETS[key].scenario.finance.start_month is None


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_leaves_what_a_planner_must_decide_open(key):
    scenario = PRESETS[key].scenario

    assert (scenario.requirements, scenario.price_edits, scenario.uncertainty) == (None, (), {})
    assert scenario.guardrail is None
    assert scenario.workload.prompt_cache_hit_share == scenario.workload.batch_share == 0


@pytest.mark.parametrize("key", PRESETS)
def test_the_book_has_every_plan_of_a_preset(key):
    check_references(PRESETS[key].scenario, load_book())


@pytest.mark.parametrize("key", PRESETS)
def test_no_model_of_a_preset_is_known_to_retire(key):
    book, scenario = load_book(), PRESETS[key].scenario
    paths = ("rag.model", "rag.embedding_model", "fine_tuning.model", "hybrid.router_model", "prompting.model")
    plans = [book.plan(ref) for path in paths if (ref := value_at(scenario, path))]

    assert [row.ref for plan in plans if plan for row in plan.rows if row.retires_on] == []


@pytest.mark.parametrize("key", PRESETS)
def test_the_named_reranker_has_a_dated_price_of_good_confidence(key):
    reranker = PRESETS[key].scenario.rag.reranker
    plan = load_book().plan(reranker) if reranker else None

    assert plan is None or all(row.as_of and row.confidence in ("medium", "high") for row in plan.rows)


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_is_computed_without_a_missing_price(key):
    run = run_of(key)

    assert run.excluded == {}
    assert run.cheapest is not None


@pytest.mark.parametrize("key", PRESETS)
def test_no_price_of_a_preset_lacks_its_source(key):
    assert [row.price_id for row in run_of(key).rows_in_use if not row.source] == []


@pytest.mark.parametrize("key", OWN_WORKLOAD)
def test_updates_that_force_a_retrain_are_twice_those_between_two_calendar_ones_and_a_guess(key):
    scenario = PRESETS[key].scenario
    updates, cadence = scenario.corpus.updates_per_month, scenario.fine_tuning.retrain_every_months

    assert scenario.fine_tuning.updates_per_retrain == 2 * updates * cadence
    assert updates == 0 or PRESETS[key].sources["fine_tuning.updates_per_retrain"].guess


@pytest.mark.parametrize("key", OWN_WORKLOAD)
def test_an_example_holds_what_the_tuned_model_reads_and_writes(key):
    scenario = PRESETS[key].scenario
    work, tuning = scenario.workload, scenario.fine_tuning
    answer = work.output_tokens if tuning.output_tokens is None else tuning.output_tokens

    read = tuning.system_prompt_tokens + work.history_tokens + work.query_tokens
    assert tuning.tokens_per_example == read + answer


def test_a_router_reads_and_writes_what_its_examples_hold():
    hybrid, tuning = PRESETS["routed-support"].scenario.hybrid, PRESETS["routed-support"].scenario.fine_tuning

    assert (hybrid.router_prompt_tokens, hybrid.router_output_tokens) == (
        tuning.system_prompt_tokens,
        tuning.output_tokens,
    )
    assert (hybrid.router_training_examples, hybrid.router_model) == (tuning.training_examples, tuning.model)


@pytest.mark.parametrize("key", [key for key in OWN_WORKLOAD if key not in ("code-assistant", "ticket-classifier")])
def test_prompting_shows_four_pairs_of_question_and_answer(key):
    scenario = PRESETS[key].scenario
    pair = scenario.workload.query_tokens + scenario.workload.output_tokens

    assert scenario.prompting.few_shot_tokens == 4 * pair


def test_prompting_shows_two_tickets_of_each_of_12_categories():
    scenario = PRESETS["ticket-classifier"].scenario
    pair = scenario.workload.query_tokens + scenario.workload.output_tokens

    assert scenario.prompting.few_shot_tokens == 2 * 12 * pair
    assert scenario.corpus.tokens_per_document == pair


@pytest.mark.parametrize("key", ANSWERING)
def test_history_is_half_of_an_exchange_where_there_is_a_conversation(key):
    # 2.0 turns on average: (2.0 - 1) / 2 earlier exchanges; rounded
    work = PRESETS[key].scenario.workload
    exchange = work.query_tokens + work.output_tokens

    assert work.history_tokens == 0 or work.history_tokens == pytest.approx(exchange / 2, abs=5)


@pytest.mark.parametrize("key", OWN_WORKLOAD)
def test_upkeep_and_evaluation_are_the_same_on_every_side(key):
    scenario = PRESETS[key].scenario
    sides = (scenario.rag, scenario.fine_tuning, scenario.prompting)

    assert len({side.maintenance_hours_per_month for side in sides}) == 1
    assert len({side.evaluation_usd_per_release for side in sides}) == 1
    assert len({side.observability_usd_per_month for side in (*sides, scenario.hybrid)}) == 1


@pytest.mark.parametrize("key", OWN_WORKLOAD)
def test_the_base_model_of_prompting_is_rag_s(key):
    assert PRESETS[key].scenario.prompting.model == PRESETS[key].scenario.rag.model


@pytest.mark.parametrize("key", OWN_WORKLOAD)
def test_the_kind_of_hybrid_is_named_with_its_source(key):
    assert not PRESETS[key].sources["hybrid.kind"].guess


@pytest.mark.parametrize("key", PRESETS)
def test_what_a_planner_sets_is_never_called_a_guess(key):
    known = Provenance(run_of(key))

    assert [path for path in LEVERS if known.is_guess(path)] == []


def test_the_default_preset_is_contested():
    run = run_of(DEFAULT_PRESET)

    assert len(run.leaders()) > 1
    assert any({crossing.a, crossing.b} == {"rag", "fine_tuning"} for crossing in run.crossings)


@pytest.mark.parametrize(
    ("key", "rag", "fine_tuning", "saved"),
    [
        ("published-low", 15_000 + 12 * 50, 30_000 + 12 * 200 + 4 * 500, 0.5465),
        ("published-high", 40_000 + 12 * 500, 80_000 + 12 * 1_000 + 4 * 2_000, 0.5400),
    ],
)
def test_the_published_ends_say_what_their_source_says(key, rag, fine_tuning, saved):
    run = run_of(key)
    totals = {key: answer.tco_usd for key, answer in run.answers.items()}

    assert totals == {"rag": rag, "fine_tuning": fine_tuning}
    assert round(1 - totals["rag"] / totals["fine_tuning"], 4) == saved
    assert 0.40 <= saved <= 0.60
    assert PRESETS[key].advises == (run.cheapest,)
    assert f"{100 * saved:g} %" in PRESETS[key].advice


@pytest.mark.parametrize("key", PUBLISHED_BILLS)
def test_a_published_bill_without_queries_has_no_cost_per_query(key):
    assert [answer.cost_per_query_usd for answer in run_of(key).answers.values()] == [None, None]


def test_a_guess_that_the_user_replaces_is_the_user_s_own():
    path = "fine_tuning.updates_per_retrain"
    before, after = (
        Provenance(run_of(DEFAULT_PRESET)),
        Provenance(run_of(DEFAULT_PRESET, fine_tuning__updates_per_retrain=5)),
    )

    assert (before.is_guess(path), after.is_guess(path), after.is_own(path)) == (True, False, True)


@pytest.mark.parametrize("key", PRESETS)
def test_shares_of_guesses_and_own_figures_are_parts_of_a_whole(key):
    run = run_of(key)
    known = Provenance(run)

    assert all(0 <= known.guess_share(a) + known.own_share(a) <= 1 + 1e-9 for a in run.answers)


@pytest.mark.parametrize("key", PRESETS)
def test_the_largest_guesses_are_guesses_of_the_preset_or_weak_prices(key):
    run = run_of(key)
    known = Provenance(run)
    weak = {row.price_id for row in run.rows_in_use if row.confidence == "low"}

    assert all(known.is_guess(path) or path in weak for path in known.largest_guesses(50))


@pytest.mark.parametrize("key", PRESETS)
def test_a_guess_has_an_effect(key):
    run = run_of(key)
    known = Provenance(run)

    assert all(value_at(run.scenario, path) for path in known.largest_guesses(50) if path in FIELDS)
