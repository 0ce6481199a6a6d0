"""The words around a field: unit, mark, help with its source, reset, and the step of its buttons."""

import pytest

from costmodel.fields import value_at
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import FIELDS, Scenario
from report import entry_text, field_text, start_text

SHOWN = [facts for path, facts in FIELDS.items() if not path.startswith("requirements.")]


def test_a_changed_field_says_its_unit_and_what_it_was():
    facts = FIELDS["workload.history_tokens"]

    assert field_text.mark(facts, 140.0, 300.0, DEFAULT_PRESET) == "tokens · was 140"
    assert field_text.mark(facts, 140.0, 140.0, DEFAULT_PRESET) == "tokens"


def test_a_presets_guess_says_so_until_it_is_replaced():
    facts = FIELDS["corpus.documents"]

    assert field_text.mark(facts, 200.0, 200.0, DEFAULT_PRESET) == "a guess"
    assert field_text.mark(facts, 200.0, 300.0, DEFAULT_PRESET) == "was 200"


def test_a_share_is_read_in_percent():
    facts = FIELDS["workload.retry_share"]

    assert field_text.mark(facts, 0.02, 0.125, DEFAULT_PRESET) == "percent · was 2%"
    assert field_text.value(facts, 0.125) == "12.5%"
    assert field_text.value(FIELDS["workload.monthly_growth_share"], -0.03) == "−3%"


@pytest.mark.parametrize(
    ("path", "held", "said"),
    [
        ("corpus.documents", 1_250_000.0, "1,250,000"),
        ("rag.top_k", 5, "5"),
        ("hybrid.top_k", None, "as RAG"),
        ("finance.budget_usd", None, "no budget"),
        ("corpus.parser", None, "none"),
        ("rag.model", "openai/gpt-6.1-sol", "openai/gpt-6.1-sol"),
        ("fine_tuning.hosting", "self_hosted", "Self-hosted GPUs"),
        ("finance.consequences_in_tco", True, "on"),
        ("finance.compared", ("rag", "hybrid"), "RAG and Hybrid"),
        ("rag.switched_off", (), "none"),
        ("workload.queries_by_month", (1.0, 2.0), "2 numbers"),
    ],
)
def test_a_value_is_said_as_its_field_shows_it(path, held, said):
    assert field_text.value(FIELDS[path], held) == said


def test_a_resolved_build_month_is_no_change_of_the_users():
    assert not field_text.is_changed(FIELDS["finance.start_month"], None, "2026-11")
    assert field_text.is_changed(FIELDS["finance.start_month"], "2026-11", "2026-12")


@pytest.mark.parametrize("preset_id", PRESETS)
def test_every_field_of_every_preset_says_where_its_start_comes_from(preset_id):
    for facts in SHOWN:
        if facts.path == "finance.discount_share":
            continue
        words = field_text.help_words(facts, preset_id, value_at(PRESETS[preset_id].scenario, facts.path))

        assert "Source of " in words or " is a guess: " in words or words.endswith("no source says more.")
        assert ".." not in words.replace("...", "")


def test_a_field_without_a_preset_names_the_source_of_its_declaration():
    words = field_text.help_words(FIELDS["people.hours_per_week"], None, 40.0)

    assert words == "Turns a week's cost into an hour's. Source of 40: convention: a 40-hour week."


@pytest.mark.parametrize(
    ("path", "base", "step"),
    [
        ("corpus.documents", 100.0, 10),
        ("corpus.documents", 300.0, 20),
        ("corpus.documents", 800.0, 50),
        ("workload.query_tokens", 70.0, 5),
        ("workload.query_tokens", 0.0, 10),
        ("rag.top_k", 5, 1),
        ("workload.retry_share", 0.02, 1),
        ("people.contingency_share", 0.005, 0.1),
        ("rag.correct_share", 1.0, 5),
        ("rag.preparation_hours", 1.0, 0.5),
        ("fine_tuning.usd_per_example", 3.0, 0.2),
        ("corpus.updates_per_month", 4.0, 1),
        ("finance.budget_usd", None, 100),
    ],
)
def test_a_step_is_a_round_tenth_or_so(path, base, step):
    assert field_text.step(FIELDS[path], base) == step


@pytest.mark.parametrize("preset_id", PRESETS)
def test_every_step_is_positive_and_at_most_the_value_or_a_first_step(preset_id):
    for facts in SHOWN:
        if facts.numeric:
            base = value_at(PRESETS[preset_id].scenario, facts.path)
            scale = 100 if field_text.is_percent(facts) else 1

            assert 0 < field_text.step(facts, base) <= max((base or 0) * scale, 1000)


def test_every_preset_has_words_for_somebody_who_does_not_know_it():
    assert set(start_text.PRESET_WORDS) == set(PRESETS)
    assert all(len(words) <= 75 and words.endswith(".") for words in start_text.PRESET_WORDS.values())


def test_what_stands_already_is_said():
    assert start_text.already(()) == "Every build is charged."
    assert start_text.already(("rag",)) == "The build of RAG is paid for and not charged, nor its half of the hybrid."
    assert start_text.already(("prompting",)) == "The build of prompting is paid for and not charged."


def test_tuning_that_comes_later_is_said_with_its_month():
    assert start_text.later(0, 24, True) == "The hybrid is tuned from the build on."
    assert start_text.later(6, 24, True) == "The hybrid is plain RAG until its tuning is built in month 6."
    assert start_text.later(25, 24, True) == "The hybrid stays plain RAG: month 25 is beyond the horizon."
    assert start_text.later(6, 24, False) == "The hybrid is not compared."


def test_a_stated_conversion_can_be_redone_with_a_calculator():
    assert entry_text.from_day(5_000, 152_200) == "5,000 × 30.44 days a month = 152,200 queries a month"
    assert entry_text.from_users(25_000, 4, 2, 200_000) == "25,000 × 4 × 2 = 200,000 queries a month"
    assert entry_text.from_words(500, 665) == "500 × 1.33 tokens a word = 665 tokens"
    assert entry_text.from_pages(3, 500, 1_995) == "3 × 500 words × 1.33 tokens a word = 1,995 tokens"


def test_a_scenario_from_nothing_is_ones_own():
    assert start_text.preset_words(Scenario().preset) == "Your own scenario, from nothing."
