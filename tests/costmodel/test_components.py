"""One worked number, or a pair around a limit, for each quantity of the model."""

from __future__ import annotations

import numpy as np
import pytest

from costmodel import components as c

MONTHS = np.arange(5.0)


# Queries


def test_queries_grow_from_month_2_and_the_build_has_none():
    queries = c.user_queries(1_000, 0.10, None, None, MONTHS)

    assert queries == pytest.approx([0, 1_000, 1_000 * 1.1, 1_000 * 1.1**2, 1_000 * 1.1**3])


def test_growth_stops_at_the_cap():
    queries = c.user_queries(1_000, 0.10, None, 1_150, MONTHS)

    assert queries == pytest.approx([0, 1_000, 1_100, 1_150, 1_150])


def test_a_forecast_replaces_volume_and_growth_and_its_last_value_goes_on():
    queries = c.user_queries(9_999, 0.5, (10, 20), None, MONTHS)

    assert queries.tolist() == [0, 10, 20, 20, 20]


def test_a_forecast_is_capped_too():
    queries = c.user_queries(0, 0, (10, 20, 30), 25, MONTHS)

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


def test_the_whole_corpus_is_embedded_at_the_build_then_what_is_new_and_what_changed():
    documents = np.array([1_000.0, 1_100.0, 1_210.0])

    embedded = c.documents_to_embed(documents, 4, 0.05)

    # 100 new + 4 x 5 % of 1,100; 110 new + 4 x 5 % of 1,210
    assert embedded == pytest.approx([1_000, 100 + 0.2 * 1_100, 110 + 0.2 * 1_210])


def test_more_than_one_corpus_may_change_in_a_month():
    embedded = c.documents_to_embed(np.array([100.0, 100.0]), 30, 0.5)

    assert embedded[1] == 30 * 0.5 * 100


def test_a_shrinking_corpus_has_no_new_documents():
    embedded = c.documents_to_embed(np.array([100.0, 80.0]), 0, 0.5)

    assert embedded.tolist() == [100, 0]


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
    assert c.index_nodes(np.array(gigabytes), None, 2) == nodes


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
