"""One worked number, or a pair around a limit, for each quantity of the model."""

from __future__ import annotations

import numpy as np
import pytest

from costmodel import components as c

MONTHS = np.arange(5.0)


# Queries


def test_queries_grow_from_month_2_and_the_build_has_none():
    queries = c.user_queries(1_000, 0.10, 1, np.inf, MONTHS)

    assert queries == pytest.approx([0, 1_000, 1_000 * 1.1, 1_000 * 1.1**2, 1_000 * 1.1**3])


def test_growth_stops_at_the_cap():
    queries = c.user_queries(1_000, 0.10, 1, 1_150, MONTHS)

    assert queries == pytest.approx([0, 1_000, 1_100, 1_150, 1_150])


def test_a_season_multiplies_each_month_before_the_cap():
    queries = c.user_queries(1_000, 0.0, np.array([1, 0.5, 2, 1, 1]), 1_500, MONTHS)

    assert queries.tolist() == [0, 500, 1_500, 1_000, 1_000]


def test_a_forecast_is_capped_too_and_the_build_has_none():
    queries = c.forecast_queries(np.array([10, 10, 20, 30, 30]), 25, MONTHS)

    assert queries.tolist() == [0, 10, 20, 25, 25]


def test_answers_from_the_cache_do_not_reach_the_system():
    live = c.live_queries(np.array([0.0, 1_000.0]), 0.2)

    assert live == pytest.approx([0, 1_000 * (1 - 0.2)])


def test_model_calls_are_live_queries_with_retries_and_several_calls_each():
    calls = c.model_calls(np.array([800.0]), 0.05, 3)

    assert calls == pytest.approx([800 * 1.05 * 3])


# Corpus


@pytest.mark.parametrize(("document", "length"), [(300, 300), (512, 512), (513, 512)])
def test_a_chunk_is_no_longer_than_its_document(document, length):
    assert c.chunk_length(document, 512) == length


def test_chunks_are_not_rounded():
    # 1,000 tokens in steps of 500 - 100
    assert c.chunks_per_document(1_000, 500, 100) == 1_000 / 400


@pytest.mark.parametrize(("document", "chunks"), [(499, 1), (500, 1), (501, 501 / 400)])
def test_a_document_no_longer_than_a_chunk_is_one_chunk(document, chunks):
    assert c.chunks_per_document(document, 500, 100) == chunks


def test_an_empty_document_that_is_not_cut_does_not_divide_by_nothing():
    assert c.chunks_per_document(0, 0, 0) == 1


def test_documents_grow_and_what_a_month_adds_is_new():
    documents = c.grown_documents(1_000, 0.1, np.arange(3.0))
    new = c.new_documents(1_000, 0.1, np.arange(3.0))

    assert documents == pytest.approx([1_000, 1_100, 1_210])
    assert new == pytest.approx([0, 100, 110])


def test_a_shrinking_corpus_has_no_new_documents():
    assert c.new_documents(100, -0.2, np.arange(3.0)).tolist() == [0, 0, 0]


# Index


def test_a_million_vectors_of_1536_floats_are_6_144_gb():
    assert c.index_gigabytes(np.array(1e6), 1_536, 4, 0, 1) == pytest.approx(1e6 * 1_536 * 4 / 1e9)


def test_overhead_and_copies_multiply_the_index():
    assert c.index_gigabytes(np.array(1e6), 1_536, 4, 0.5, 2) == pytest.approx(6.144 * 1.5 * 2)


@pytest.mark.parametrize(("gigabytes", "nodes"), [(0, 0), (0.001, 3), (10, 3), (10.1, 6)])
def test_each_copy_has_whole_nodes_and_an_empty_index_none(gigabytes, nodes):
    assert c.index_nodes(np.array(gigabytes), 10, 3) == nodes


@pytest.mark.parametrize(("gigabytes", "nodes"), [(0, 0), (99, 2)])
def test_without_a_node_size_each_copy_is_one_node(gigabytes, nodes):
    assert c.index_nodes(np.array(gigabytes), np.inf, 2) == nodes


# Training and hosting


def test_a_run_reads_the_set_once_an_epoch():
    # E18: 100,000 tokens x 3 epochs
    assert c.training_tokens(100, 1_000, 3) == 100_000 * 3


def running(tokens_per_second: float, *, least: int = 1, spare: int = 0, peak: float = 2) -> float:
    """Replicas for 2.628e9 tokens in 730 hours (1,000 tokens a second), twice that at the peak, at 80 %."""
    return float(c.replicas(np.array(2.628e9), 730, peak, tokens_per_second, 0.8, least, spare))


def test_replicas_carry_the_peak_at_the_target_utilisation():
    # ceil(2,000 / (600 x 0.8)) = ceil(4.17)
    assert running(600) == 5


@pytest.mark.parametrize(("tokens_per_second", "needed"), [(625, 4), (624, 5)])
def test_a_full_fleet_needs_no_more_and_a_slightly_slower_one_does(tokens_per_second, needed):
    # 2,000 / (625 x 0.8) = 4 exactly
    assert running(tokens_per_second) == needed


def test_spare_replicas_come_on_top_of_demand():
    assert running(600, spare=2) == 5 + 2


def test_the_least_number_holds_when_demand_needs_fewer():
    assert running(600, least=8, spare=1) == 8 + 1


def test_without_a_throughput_the_least_and_the_spare_ones_run():
    assert running(0, least=3, spare=1) == 3 + 1


def test_no_demand_and_no_least_is_no_replica():
    assert float(c.replicas(np.array(0.0), 730, 1, 600, 1, 0, 0)) == 0


def test_gpu_hours_are_tokens_over_speed():
    # 1.5e9 tokens at 7.5e6 an hour
    assert c.training_hours(1.5e9, 7.5e6) == 200


# Rerank and guardrail


@pytest.mark.parametrize(("candidates", "searches"), [(0, 0), (100, 1), (101, 2), (100 + 1e-8, 1)])
def test_a_search_holds_a_hundred_documents(candidates, searches):
    assert c.rerank_searches(candidates, 100) == searches


@pytest.mark.parametrize(("prompt", "units"), [(2_400, 12), (2_401, 13)])
def test_a_guardrail_bills_whole_units_of_prompt_and_answer(prompt, units):
    # (2,400 + 600) / 250 = 12 exactly
    assert c.guardrail_units(prompt, 600, 250) == units


# Consequences


def test_answers_from_weights_go_stale_with_the_age_of_the_training():
    # 4 updates of 10 % in 1.5 months: 60 % of the knowledge is old, and a fifth of what is old is answered wrongly
    outdated = c.outdated_share(4, 0.1, 1.5)

    assert outdated == pytest.approx(0.6)
    assert c.correct_share(0.9, 1, 0.2, outdated) == pytest.approx(0.9 * (1 - 0.2 * 0.6))


def test_no_more_than_all_knowledge_is_old():
    assert c.outdated_share(30, 0.5, 12) == 1


def test_wrong_answers_are_what_is_not_right():
    assert c.wrong_answers(100_000, 0.95) == pytest.approx(5_000)
